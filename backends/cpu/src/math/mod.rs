//! Arithmetic: what one element becomes, special cases of the standard included.
//!
//! [`lanes`] has the elementary functions of real numbers, written for loops over many.
//! [`real`], [`complex`] and [`int`] have a function for each operation of the contract, generic over
//! the types of the kind; the cheap ones are free of branches and calls, so that a loop over them is
//! vectorised. [`double`] and [`elementary`] are the extended precision that the others work in where
//! double precision would lose digits.

pub(crate) mod complex;
mod double;
mod elementary;
pub(crate) mod int;
pub(crate) mod lanes;
pub(crate) mod real;
