//! The functions of `f64` to some 100 bits: what results are compared with.
//!
//! Exponential, sine and cosine are their series, after an exact reduction of the argument; what is the
//! inverse of one of them is an approximation by the platform's function and one step of Newton's method.
//! [`exponential`] and [`circular`] have the one and the other; here is what the two share.

pub(crate) mod circular;
pub(crate) mod exponential;

use std::sync::LazyLock;

use super::double::{Double, normalised, power_of_two};

/// An exact result, or nearly so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exact {
    /// This very number: an infinity, NaN, a zero or what needs no rounding.
    Is(f64),
    /// The number times the power of two.
    Near(Double, i32),
}
pub(crate) use Exact::{Is, Near};

impl Exact {
    /// The negative if so.
    pub(crate) fn negative_if(self, negative: bool) -> Exact {
        match self {
            Is(x) if negative => Is(-x),
            Near(x, k) if negative => Near(x.neg(), k),
            other => other,
        }
    }
}

/// 1 / n!.
pub(crate) static INVERSE_FACTORIALS: LazyLock<[Double; 32]> = LazyLock::new(|| {
    let mut all = [Double::ONE; 32];
    for n in 1..all.len() {
        all[n] = all[n - 1].div(Double::new(n as f64));
    }
    all
});

/// Below this the argument and one term of the series are all there is.
pub(crate) const SMALL: f64 = 1.0 / (1u64 << 60) as f64;

/// `x + c x^n` for small `x`, scaled so that nothing is subnormal.
pub(crate) fn odd_beginning(x: f64, cubic: f64) -> Exact {
    let (m, k) = normalised(x);
    // the cube is a hundredth of a unit in the last place at most, and 0 is as good for less
    Near(Double { hi: m, lo: cubic * m * (x * x) }, k)
}

/// The magnitude of the point `(x, y)`.
pub(crate) fn hypot(x: f64, y: f64) -> Exact {
    if x.is_infinite() || y.is_infinite() {
        return Is(f64::INFINITY);
    }
    if x.is_nan() || y.is_nan() {
        return Is(f64::NAN);
    }
    let (x, y) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    if y == 0.0 {
        return Is(x);
    }
    let ((a, j), (b, k)) = (normalised(x), normalised(y));
    if j - k > 300 {
        // the other counts for less than 2^-600
        return Near(Double { hi: a, lo: power_of_two(-600) }, j);
    }
    let b = Double::new(b * power_of_two(k - j));
    let a = Double::new(a);
    Near(a.mul(a).add(b.mul(b)).sqrt(), j)
}
