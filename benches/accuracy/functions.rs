//! The functions that are measured.

use arrayspace::prelude::*;

use super::reference::{self, Exact, circular, exponential};
use super::sample::Domain;

/// A function: ours, the platform's and the exact one. Those of one argument ignore the second.
pub(crate) struct Function {
    /// What it is called in the standard, and by NumPy.
    pub(crate) name: &'static str,
    /// How many arguments it has.
    pub(crate) arity: usize,
    /// Through the public API.
    pub(crate) ours: fn(&Array<Cpu>, &Array<Cpu>) -> Result<Array<Cpu>>,
    /// Rust's, where there is one: the platform's mathematical library or made of it.
    pub(crate) platform: Option<Platform>,
    /// To a hundred bits.
    pub(crate) exact: fn(f64, f64) -> Exact,
    /// Arguments that deserve more than chance.
    pub(crate) domain: Domain,
}

/// A function of Rust's standard library in both precisions.
#[derive(Clone, Copy)]
pub(crate) struct Platform {
    pub(crate) single: fn(f32, f32) -> f32,
    pub(crate) double: fn(f64, f64) -> f64,
}

macro_rules! functions {
    ($($name:ident($($arg:ident),+) = $platform:tt, $exact:path, $domain:ident;)*) => {
        /// All that there are.
        pub(crate) const FUNCTIONS: &[Function] = &[$(functions!(@ $name($($arg),+) $platform $exact, $domain)),*];
    };
    (@ $name:ident(x) $platform:tt $exact:path, $domain:ident) => {
        Function {
            name: stringify!($name),
            arity: 1,
            ours: |x, _| Cpu::new().$name(x),
            platform: functions!(platform $platform),
            exact: |x, _| $exact(x),
            domain: Domain::$domain,
        }
    };
    (@ $name:ident(x, y) $platform:tt $exact:path, $domain:ident) => {
        Function {
            name: stringify!($name),
            arity: 2,
            ours: |x, y| Cpu::new().$name(x, y),
            platform: functions!(platform2 $platform),
            exact: $exact,
            domain: Domain::$domain,
        }
    };
    (platform $method:ident) => {
        Some(Platform { single: |x, _| x.$method(), double: |x, _| x.$method() })
    };
    (platform2 none) => { None };
    (platform2 $method:ident) => { Some(Platform { single: f32::$method, double: f64::$method }) };
}

functions! {
    exp(x) = exp, exponential::exp, Exponent;
    expm1(x) = exp_m1, exponential::expm1, Exponent;
    log(x) = ln, exponential::log, NearOne;
    log2(x) = log2, exponential::log2, NearOne;
    log10(x) = log10, exponential::log10, NearOne;
    log1p(x) = ln_1p, exponential::log1p, AboveMinusOne;
    sin(x) = sin, circular::sin, Angle;
    cos(x) = cos, circular::cos, Angle;
    tan(x) = tan, circular::tan, Angle;
    asin(x) = asin, circular::asin, Within1;
    acos(x) = acos, circular::acos, Within1;
    atan(x) = atan, circular::atan, Moderate;
    atan2(x, y) = atan2, circular::atan2, Moderate;
    sinh(x) = sinh, exponential::sinh, Exponent;
    cosh(x) = cosh, exponential::cosh, Exponent;
    tanh(x) = tanh, exponential::tanh, Moderate;
    asinh(x) = asinh, exponential::asinh, Moderate;
    acosh(x) = acosh, exponential::acosh, NearOne;
    atanh(x) = atanh, exponential::atanh, Within1;
    pow(x, y) = powf, exponential::pow, Power;
    hypot(x, y) = hypot, reference::hypot, Moderate;
    logaddexp(x, y) = none, exponential::logaddexp, Exponents;
}
