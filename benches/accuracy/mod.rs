//! How far results are from the exact ones, counted in units in the last place.
//!
//! [`functions`] is the list, [`sample`] chooses arguments, [`reference`] knows the exact results of
//! `f64`, [`ulp`] counts, and [`measure`] does all that for many arguments on all cores.

pub(crate) mod double;
pub(crate) mod functions;
pub(crate) mod measure;
pub(crate) mod numpy;
pub(crate) mod reference;
pub(crate) mod sample;
pub(crate) mod ulp;
