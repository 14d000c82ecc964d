//! Arithmetic of real floating-point numbers.
//!
//! What is a few instructions without a branch, to be vectorised, and division with a remainder. The
//! elementary functions are in [`lanes`](super::lanes); √(x² + y²) is here too, for complex numbers.

use num_traits::Float;

use super::double::two_product;
use super::elementary;

/// The floating-point types that arithmetic is done in.
pub(crate) trait Real: Float + 'static {
    /// Whether this is `f32`.
    const SINGLE: bool;

    /// The value of another type of the trait, rounded.
    fn from_f64(x: f64) -> Self;

    /// The value.
    fn into_f64(self) -> f64;

    /// To the nearest integer, ties to even.
    fn round_even(self) -> Self;

    /// The bits that are set in both, or (`any`) in one of the two.
    fn merge_bits(self, other: Self, any: bool) -> Self;

    /// The next number above.
    fn above(self) -> Self;

    /// The next number below.
    fn below(self) -> Self;

    /// The one of two functions of two arguments that is for the type.
    fn choose2(
        self,
        other: Self,
        single: impl Fn(f32, f32) -> f32,
        double: impl Fn(f64, f64) -> f64,
    ) -> Self;
}

impl Real for f32 {
    const SINGLE: bool = true;
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn into_f64(self) -> f64 {
        self.into()
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        self.round_ties_even()
    }
    #[inline(always)]
    fn merge_bits(self, other: Self, any: bool) -> Self {
        let (a, b) = (self.to_bits(), other.to_bits());
        f32::from_bits(if any { a | b } else { a & b })
    }
    #[inline(always)]
    fn above(self) -> Self {
        self.next_up()
    }
    #[inline(always)]
    fn below(self) -> Self {
        self.next_down()
    }
    #[inline(always)]
    fn choose2(
        self,
        other: Self,
        single: impl Fn(f32, f32) -> f32,
        _: impl Fn(f64, f64) -> f64,
    ) -> Self {
        single(self, other)
    }
}

impl Real for f64 {
    const SINGLE: bool = false;
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn into_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        self.round_ties_even()
    }
    #[inline(always)]
    fn merge_bits(self, other: Self, any: bool) -> Self {
        let (a, b) = (self.to_bits(), other.to_bits());
        f64::from_bits(if any { a | b } else { a & b })
    }
    #[inline(always)]
    fn above(self) -> Self {
        self.next_up()
    }
    #[inline(always)]
    fn below(self) -> Self {
        self.next_down()
    }
    #[inline(always)]
    fn choose2(
        self,
        other: Self,
        _: impl Fn(f32, f32) -> f32,
        double: impl Fn(f64, f64) -> f64,
    ) -> Self {
        double(self, other)
    }
}

/// The magnitude.
#[inline(always)]
pub(crate) fn abs<T: Real>(x: T) -> T {
    x.abs()
}

/// The smallest integer not below.
#[inline(always)]
pub(crate) fn ceil<T: Real>(x: T) -> T {
    x.ceil()
}

/// The greatest integer not above.
#[inline(always)]
pub(crate) fn floor<T: Real>(x: T) -> T {
    x.floor()
}

/// `0 - x`, the sign of zero and NaN turned as well.
#[inline(always)]
pub(crate) fn negative<T: Real>(x: T) -> T {
    -x
}

/// `1 / x`.
#[inline(always)]
pub(crate) fn reciprocal<T: Real>(x: T) -> T {
    T::one() / x
}

/// The nearest integer, ties to even.
#[inline(always)]
pub(crate) fn round<T: Real>(x: T) -> T {
    x.round_even()
}

/// -1, +0 or 1; NaN for NaN.
#[inline(always)]
pub(crate) fn sign<T: Real>(x: T) -> T {
    let of_positive = if x > T::zero() { T::one() } else { T::zero() };
    let of_number = if x < T::zero() { -T::one() } else { of_positive };
    if x.is_nan() { x } else { of_number }
}

/// `x * x`.
#[inline(always)]
pub(crate) fn square<T: Real>(x: T) -> T {
    x * x
}

/// The square root.
#[inline(always)]
pub(crate) fn sqrt<T: Real>(x: T) -> T {
    x.sqrt()
}

/// The integer next towards zero.
#[inline(always)]
pub(crate) fn trunc<T: Real>(x: T) -> T {
    x.trunc()
}

/// Whether neither infinite nor NaN.
#[inline(always)]
pub(crate) fn is_finite<T: Real>(x: T) -> bool {
    x.abs() < T::infinity()
}

/// Whether infinite.
#[inline(always)]
pub(crate) fn is_inf<T: Real>(x: T) -> bool {
    x.abs() == T::infinity()
}

/// Whether NaN.
#[inline(always)]
pub(crate) fn is_nan<T: Real>(x: T) -> bool {
    x.is_nan()
}

/// Whether the sign bit is set.
#[inline(always)]
pub(crate) fn signbit<T: Real>(x: T) -> bool {
    x.is_sign_negative()
}

/// The magnitude of `x` with the sign of `y`, NaN included.
#[inline(always)]
pub(crate) fn copysign<T: Real>(x: T, y: T) -> T {
    x.copysign(y)
}

/// The quotient rounded towards negative infinity: the greatest number of the type that is an integer not
/// above the exact quotient, or infinite where that is out of range. A quotient with an infinite or zero operand
/// is the quotient itself.
#[inline]
pub(crate) fn floor_divide<T: Real>(x: T, y: T) -> T {
    x.choose2(y, floor_divide_f32, floor_divide_f64)
}

#[inline]
fn floor_divide_f32(x: f32, y: f32) -> f32 {
    // A quotient of two `f32` is too far from any other `f32` for its rounding in `f64` to reach one, and below
    // 2^28 from any other integer.
    let floor = (f64::from(x) / f64::from(y)).floor();
    rounded_down(floor as f32, floor)
}

/// The number next below `nearest`, if that is a number above `exact`, of which it is the nearest.
#[inline(always)]
fn rounded_down(nearest: f32, exact: f64) -> f32 {
    if f64::from(nearest) > exact && nearest.is_finite() { nearest.next_down() } else { nearest }
}

#[inline]
fn floor_divide_f64(x: f64, y: f64) -> f64 {
    let quotient = x / y;
    let floor = quotient.floor();
    if floor != quotient || !quotient.is_finite() || y.is_infinite() {
        return floor;
    }
    // the quotient may have been rounded to this integer from either side
    let rest = rest_of(x, y, floor);
    if rest == 0.0 || (rest > 0.0) == (y > 0.0) {
        return floor;
    }
    // from 2^53 on a difference of 1 is lost, or too large
    if floor.abs() < INTEGERS { floor - 1.0 } else { floor.next_down() }
}

/// `x - quotient * y`, or a part of it that has its sign, where the quotient is an integer, and that of the
/// operands when it is rounded to nearest. Then the rest is a multiple of the last digits of both, with no more
/// digits than one number: it is computed exactly.
#[inline(always)]
fn rest_of(x: f64, y: f64, quotient: f64) -> f64 {
    const LARGE: f64 = f64::from_bits((1023 + 900) << 52);
    const DOWN: f64 = f64::from_bits((1023 - 200) << 52);
    if quotient == 0.0 {
        return x;
    }
    // so far down that the product is computed without overflow, and no digit is lost: the quotient is 1 or more
    let (x, y, quotient) = match x.abs() > LARGE || quotient.abs() > LARGE {
        true if quotient.abs() > y.abs() => (x * DOWN, y, quotient * DOWN),
        true => (x * DOWN, y * DOWN, quotient),
        false => (x, y, quotient),
    };
    let product = two_product(quotient, y);
    (x - product.hi) - product.lo
}

/// All numbers from here on are integers.
const INTEGERS: f64 = 9_007_199_254_740_992.0;

/// `√(x² + y²)`, without overflow or underflow on the way.
#[inline(always)]
pub(crate) fn hypot<T: Real>(x: T, y: T) -> T {
    x.choose2(y, hypot_f32, elementary::hypot)
}

#[inline(always)]
fn hypot_f32(x: f32, y: f32) -> f32 {
    let (a, b) = (f64::from(x), f64::from(y));
    // the squares are exact
    let root = (a * a + b * b).sqrt() as f32;
    if is_inf(x) || is_inf(y) { f32::INFINITY } else { root }
}

/// The larger; NaN if one is, +0 of two zeros.
#[inline(always)]
pub(crate) fn maximum<T: Real>(x: T, y: T) -> T {
    let of_numbers = if x > y { x } else { y };
    let of_all = if x.is_nan() { x } else { of_numbers };
    if x == y { x.merge_bits(y, false) } else { of_all }
}

/// The smaller; NaN if one is, -0 of two zeros.
#[inline(always)]
pub(crate) fn minimum<T: Real>(x: T, y: T) -> T {
    let of_numbers = if x < y { x } else { y };
    let of_all = if x.is_nan() { x } else { of_numbers };
    if x == y { x.merge_bits(y, true) } else { of_all }
}

/// The number next to `x` in the direction of `y`.
#[inline]
pub(crate) fn nextafter<T: Real>(x: T, y: T) -> T {
    if x == y {
        y
    } else if x < y {
        x.above()
    } else if x > y {
        x.below()
    } else {
        x + y
    }
}

/// What a floor division leaves, with the sign of the divisor, as Python's `%`.
#[inline]
pub(crate) fn remainder<T: Real>(x: T, y: T) -> T {
    let rest = x % y;
    if rest == T::zero() {
        rest.copysign(y)
    } else if (rest < T::zero()) != (y < T::zero()) {
        // a NaN stays one
        rest + y
    } else {
        rest
    }
}

#[cfg(test)]
#[rustfmt::skip] // a row a line
mod rows;
#[cfg(test)]
pub(in crate::math) mod tests;
