//! Arithmetic of complex numbers.
//!
//! The special cases are the standard's, which are mostly those of C99's annex G. Everything but the
//! cheapest is computed in `f64` and rounded for `Complex<f32>`: two digits out of three are then to
//! spare, and nothing overflows on the way. [`exponential`] has the exponential and the logarithm and
//! what is made of them, [`circular`] the circular and hyperbolic functions and their inverses.

use num_complex::Complex;

use super::double::{Double, two_product};
use super::elementary;
use super::real::{self, Real};

mod circular;
mod exponential;

pub(crate) use circular::{acos, acosh, asin, asinh, atan, atanh, cos, cosh, sin, sinh, tan, tanh};
pub(crate) use exponential::{exp, expm1, log, log1p, log2, log10, pow, sqrt};

/// A complex number of the precision that functions are computed in.
type Wide = Complex<f64>;

/// A function of `Complex<f64>` as one of `Complex<T>`, rounded.
#[inline(always)]
fn wide<T: Real>(z: Complex<T>, f: impl Fn(Wide) -> Wide) -> Complex<T> {
    narrow(f(widen(z)))
}

#[inline(always)]
fn widen<T: Real>(z: Complex<T>) -> Wide {
    Complex::new(z.re.into_f64(), z.im.into_f64())
}

#[inline(always)]
fn narrow<T: Real>(z: Wide) -> Complex<T> {
    Complex::new(T::from_f64(z.re), T::from_f64(z.im))
}

/// Both parts exchanged: `j * conj(z)`. By way of it the circular functions are the hyperbolic ones.
#[inline(always)]
fn exchanged(z: Wide) -> Wide {
    Complex::new(z.im, z.re)
}

/// The exponent of the larger part, at most ±1022: a power of two that `z` may be divided by.
#[inline(always)]
fn exponent(z: Wide) -> i32 {
    let most = real::maximum(z.re.abs(), z.im.abs());
    (((most.to_bits() >> 52) & 0x7FF) as i32 - 1023).clamp(-1022, 1022)
}

/// The exponent where squares would overflow or lose digits, 0 elsewhere.
#[inline(always)]
fn far_exponent(z: Wide) -> i32 {
    let k = exponent(z);
    if k.abs() < 480 { 0 } else { k }
}

/// `z * 2^k`.
#[inline(always)]
fn scaled(z: Wide, k: i32) -> Wide {
    Complex::new(elementary::scale(z.re, k), elementary::scale(z.im, k))
}

/// `a * b + c * d`, rounded about once.
#[inline(always)]
fn sum_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let sum = two_product(a, b).add(two_product(c, d)).round();
    // of zeros, infinities and NaN the plain sum is the right one
    if sum.is_finite() && sum != 0.0 { sum } else { a * b + c * d }
}

/// The magnitude.
#[inline(always)]
pub(crate) fn abs<T: Real>(z: Complex<T>) -> T {
    real::hypot(z.re, z.im)
}

/// The conjugate.
#[inline(always)]
pub(crate) fn conj<T: Real>(z: Complex<T>) -> Complex<T> {
    Complex::new(z.re, -z.im)
}

/// `0 - z`, the signs of zeros turned as well.
#[inline(always)]
pub(crate) fn negative<T: Real>(z: Complex<T>) -> Complex<T> {
    Complex::new(-z.re, -z.im)
}

/// The real part.
#[inline(always)]
pub(crate) fn real<T: Real>(z: Complex<T>) -> T {
    z.re
}

/// The imaginary part.
#[inline(always)]
pub(crate) fn imag<T: Real>(z: Complex<T>) -> T {
    z.im
}

/// Both parts to the nearest integer, ties to even.
#[inline(always)]
pub(crate) fn round<T: Real>(z: Complex<T>) -> Complex<T> {
    Complex::new(real::round(z.re), real::round(z.im))
}

/// Whether both parts are finite.
#[inline(always)]
pub(crate) fn is_finite<T: Real>(z: Complex<T>) -> bool {
    real::is_finite(z.re) & real::is_finite(z.im)
}

/// Whether a part is infinite, the other one NaN or not.
#[inline(always)]
pub(crate) fn is_inf<T: Real>(z: Complex<T>) -> bool {
    real::is_inf(z.re) | real::is_inf(z.im)
}

/// Whether a part is NaN.
#[inline(always)]
pub(crate) fn is_nan<T: Real>(z: Complex<T>) -> bool {
    real::is_nan(z.re) | real::is_nan(z.im)
}

/// `z / abs(z)`; 0 for 0, NaN in both parts for a NaN in one.
#[inline]
pub(crate) fn sign<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| {
        if z.re == 0.0 && z.im == 0.0 {
            return Complex::new(0.0, 0.0);
        }
        if is_nan(z) {
            return Complex::new(f64::NAN, f64::NAN);
        }
        // the magnitude itself may overflow, or be subnormal
        let z = scaled(z, -exponent(z));
        let magnitude = abs(z);
        Complex::new(z.re / magnitude, z.im / magnitude)
    })
}

/// `z * z`.
#[inline(always)]
pub(crate) fn square<T: Real>(z: Complex<T>) -> Complex<T> {
    // the real part without cancellation; the sum with +0 gives it the sign that a² - b² has
    let re = (z.re - z.im) * (z.re + z.im) + T::zero();
    let half = z.re * z.im;
    Complex::new(re, half + half)
}

/// The product, by the textbook's formula.
#[inline(always)]
pub(crate) fn multiply<T: Real>(x: Complex<T>, y: Complex<T>) -> Complex<T> {
    Complex::new(x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re)
}

/// `1 / z`.
#[inline]
pub(crate) fn reciprocal<T: Real>(z: Complex<T>) -> Complex<T> {
    divide(Complex::new(T::one(), T::zero()), z)
}

/// The quotient, without overflow on the way and with about one rounding of each sum. What underflows
/// on the way is less than 2^-100 of its part of the quotient, unless that underflows itself.
///
/// Where the textbook's formula gives NaN in both parts, but an operand is infinite or the divisor 0,
/// infinities and zeros are recovered as in C99's annex G.
#[inline]
pub(crate) fn divide<T: Real>(x: Complex<T>, y: Complex<T>) -> Complex<T> {
    let (x, y) = (widen(x), widen(y));
    let quotient = if T::SINGLE {
        // the products are exact, and their sums far from the ends of the range
        let norm = y.re * y.re + y.im * y.im;
        let (re, im) = (x.re * y.re + x.im * y.im, x.im * y.re - x.re * y.im);
        Complex::new(re / norm, im / norm)
    } else if is_near(x) & is_near(y) {
        plain_quotient(x, y)
    } else if is_finite(x) && is_finite(y) && !(y.re == 0.0 && y.im == 0.0) {
        far_quotient(x, y)
    } else {
        let (up, down) = (far_exponent(x), far_exponent(y));
        scaled(plain_quotient(scaled(x, -up), scaled(y, -down)), up - down)
    };
    let recovered = if quotient.re.is_nan() && quotient.im.is_nan() {
        recovered_quotient(x, y)
    } else {
        quotient
    };
    narrow(recovered)
}

/// The quotient of numbers whose squares neither overflow nor lose digits.
#[inline(always)]
fn plain_quotient(x: Wide, y: Wide) -> Wide {
    let norm = sum_of_products(y.re, y.re, y.im, y.im);
    let re = sum_of_products(x.re, y.re, x.im, y.im);
    let im = sum_of_products(x.im, y.re, -x.re, y.im);
    Complex::new(re / norm, im / norm)
}

/// Whether each part is 0 or so far from the ends of the range that products of two, and what they are rounded by,
/// are within it.
#[inline(always)]
fn is_near(z: Wide) -> bool {
    const LEAST: f64 = f64::from_bits((1023 - 480) << 52);
    const MOST: f64 = f64::from_bits((1023 + 480) << 52);
    let near = |x: f64| (x == 0.0) | ((x.abs() >= LEAST) & (x.abs() <= MOST));
    near(z.re) & near(z.im)
}

/// The quotient of any finite numbers, the second not 0: the parts have exponents of their own, so that none is lost
/// beside a greater one.
#[cold]
fn far_quotient(x: Wide, y: Wide) -> Wide {
    let (norm, down) = far_sum_of_products(y.re, y.re, y.im, y.im);
    let part = |(sum, up): (f64, i32)| elementary::scale(sum / norm, up - down);
    let re = part(far_sum_of_products(x.re, y.re, x.im, y.im));
    let im = part(far_sum_of_products(x.im, y.re, -x.re, y.im));
    Complex::new(re, im)
}

/// `a * b + c * d` as a number and a power of two, for finite numbers.
fn far_sum_of_products(a: f64, b: f64, c: f64, d: f64) -> (f64, i32) {
    let product = |x: f64, y: f64| {
        let ((x, i), (y, j)) = (elementary::decomposed(x), elementary::decomposed(y));
        (two_product(x, y), i + j)
    };
    let ((p, i), (q, j)) = (product(a, b), product(c, d));
    match (p.hi == 0.0, q.hi == 0.0) {
        // the sign of the sum of zeros
        (true, true) => (p.hi + q.hi, 0),
        (true, false) => (q.hi, j),
        (false, true) => (p.hi, i),
        (false, false) => {
            let most = i.max(j);
            // what is 2^-200 of the other does not count
            let moved = |p: Double, i: i32| p.scale(elementary::scale(1.0, (i - most).max(-200)));
            (moved(p, i).add(moved(q, j)).round(), most)
        }
    }
}

/// The quotient where the formula gives nothing but NaN (C99, G.5.1).
#[cold]
fn recovered_quotient(x: Wide, y: Wide) -> Wide {
    // 1 or 0 with its sign, for what is infinite or not
    let boxed = |z: Wide| {
        let part = |x: f64| if x.is_infinite() { 1f64 } else { 0.0 }.copysign(x);
        Complex::new(part(z.re), part(z.im))
    };
    let turned = |x: Wide, y: Wide, factor: f64| {
        Complex::new(factor * (x.re * y.re + x.im * y.im), factor * (x.im * y.re - x.re * y.im))
    };
    if y.re == 0.0 && y.im == 0.0 && !(x.re.is_nan() && x.im.is_nan()) {
        let infinity = f64::INFINITY.copysign(y.re);
        Complex::new(infinity * x.re, infinity * x.im)
    } else if is_inf(x) && is_finite(y) {
        turned(boxed(x), y, f64::INFINITY)
    } else if is_inf(y) && is_finite(x) {
        turned(x, boxed(y), 0.0)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    }
}

#[cfg(test)]
#[rustfmt::skip] // a row a line
mod rows;
#[cfg(test)]
mod tests;
