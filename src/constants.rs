//! The constants of the standard.

/// Euler's number.
pub const E: f64 = std::f64::consts::E;
/// Positive infinity.
pub const INF: f64 = f64::INFINITY;
/// Not a number.
pub const NAN: f64 = f64::NAN;
/// The ratio of a circle's circumference to its diameter.
pub const PI: f64 = std::f64::consts::PI;
/// A new axis in an index: another name of [`NewAxis`](crate::NewAxis).
#[allow(non_upper_case_globals)] // the standard's name
pub const newaxis: crate::NewAxis = crate::NewAxis;
