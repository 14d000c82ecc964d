//! How far results are from the exact ones, counted in units in the last place.
//!
//! [`functions`] is the list, [`sample`] chooses arguments, [`reference`] knows the exact results of
//! `f64`, [`ulp`] counts, and [`measure`] does all that for many arguments on all cores.
//! [`complex`] takes arguments and exact results from a table; [`statistics`] knows variances of whole numbers.

pub(crate) mod complex;
pub(crate) mod double;
pub(crate) mod functions;
pub(crate) mod measure;
pub(crate) mod numpy;
pub(crate) mod reference;
pub(crate) mod sample;
pub(crate) mod statistics;
pub(crate) mod ulp;
