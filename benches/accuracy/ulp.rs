//! Errors in units in the last place.
//!
//! The unit is the distance between the numbers next to the exact result once that is rounded: that of the
//! last binade where it overflows, and the smallest subnormal number where it is less than the smallest
//! normal one. An infinity that is a rounded number counts as the power of two after the greatest number.

use super::double::{power_of_two, scale};
use super::reference::Exact;

/// How far off a result is.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub(crate) enum Off {
    /// By so many units in the last place.
    By(f64),
    /// A special value that is another, or a zero of the wrong sign.
    Wrong,
}
use Off::{By, Wrong};

/// Whether both are NaN, or the same to the bit.
fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a.to_bits() == b.to_bits()
}

/// The error of an `f32` where the `f64` is as good as exact.
#[inline]
pub(crate) fn single(got: f32, exact: f64) -> Off {
    const OVERFLOW: f64 = 340_282_366_920_938_463_463_374_607_431_768_211_456.0; // 2^128
    let special = exact == 0.0 || !exact.is_finite();
    let got = f64::from(got);
    if special || got.is_nan() {
        return if same(got, exact) { By(0.0) } else { Wrong };
    }
    if got == 0.0 && got.is_sign_negative() != (exact < 0.0) {
        return Wrong;
    }
    let rounded = exact as f32;
    let (got, rounded) = match (got.is_infinite(), rounded.is_infinite()) {
        (true, true) if (got < 0.0) == (rounded < 0.0) => return By(0.0),
        (true, _) => (OVERFLOW.copysign(got), rounded),
        (false, true) => (got, f32::MAX),
        _ => (got, rounded),
    };
    // a normal number's unit is 2^(e - 23), where the biased exponent is e + 127
    let biased = ((rounded.to_bits() >> 23) & 0xff).max(1);
    let inverse_unit = f64::from_bits(u64::from(1023 + 150 - biased) << 52);
    By((got - exact).abs() * inverse_unit)
}

/// The error of an `f64`.
#[inline]
pub(crate) fn double(got: f64, exact: Exact) -> Off {
    let (exact, k) = match exact {
        Exact::Is(x) => return if same(got, x) { By(0.0) } else { Wrong },
        // so that what comes after the greatest number is a number here
        Exact::Near(exact, k) if exact.hi.abs() > 1e300 => {
            (exact.scale(power_of_two(-600)), k + 600)
        }
        Exact::Near(exact, k) => (exact, k),
    };
    if got.is_nan() || got == 0.0 && got.is_sign_negative() != (exact.hi < 0.0) {
        return Wrong;
    }
    let exponent = ((exact.hi.to_bits() >> 52) & 0x7ff) as i32 - 1023 + k;
    let got = if got.is_infinite() {
        if exponent >= 1024 && (got < 0.0) == (exact.hi < 0.0) {
            return By(0.0);
        }
        // 2^1024 2^-k
        scale(1.0, 1024 - k).copysign(got)
    } else {
        scale(got, -k)
    };
    let unit = exponent.clamp(-1022, 1023) - 52;
    By(scale(((got - exact.hi) - exact.lo).abs(), k - unit))
}
