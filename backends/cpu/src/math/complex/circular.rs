//! The circular and hyperbolic functions of complex numbers, and their inverses.
//!
//! The hyperbolic ones are computed and the circular ones follow by exchanging the parts. Formulas of
//! Kahan, "Branch cuts for complex elementary functions" (1987): they combine square roots of `1 - z`
//! and `1 + z` so that no sum cancels and the signs of zeros choose the side of a cut.

use num_complex::Complex;

use super::super::double::{Double, two_product};
use super::super::elementary;
use super::super::real::Real;
use super::exponential::{LN_2, exp_scaled, log_magnitude, sqrt_wide};
use super::{Wide, exchanged, is_finite, is_inf, wide};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The argument from which `exp(-x)` no longer counts beside `exp(x)`.
const ALONE: f64 = 22.0;

/// The hyperbolic sine and cosine; if `single`, with digits for `f32` to spare.
#[inline(always)]
fn sinh_cosh(x: f64, single: bool) -> (f64, f64) {
    if single {
        (x.sinh(), x.cosh())
    } else if x.abs() < elementary::FACTOR {
        elementary::sinh_cosh(x)
    } else {
        (elementary::sinh(x), elementary::cosh(x))
    }
}

/// The hyperbolic sine.
#[inline]
pub(crate) fn sinh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| sinh_wide(z, T::SINGLE))
}

/// The sine.
#[inline]
pub(crate) fn sin<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| exchanged(sinh_wide(exchanged(z), T::SINGLE)))
}

#[inline(always)]
fn sinh_wide(z: Wide, single: bool) -> Wide {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        Complex::new(elementary::sinh(a), b)
    } else if a == 0.0 {
        Complex::new(a, b.sin())
    } else if a.is_infinite() && !b.is_finite() {
        Complex::new(a, NAN)
    } else if a.abs() < 700.0 || !is_finite(z) {
        let ((sin, cos), (sinh, cosh)) = (b.sin_cos(), sinh_cosh(a, single));
        Complex::new(sinh * cos, cosh * sin)
    } else {
        let e = exp_scaled(Double::new(a.abs()), Double::new(b), -1);
        Complex::new(e.re * 1f64.copysign(a), e.im)
    }
}

/// The hyperbolic cosine.
#[inline]
pub(crate) fn cosh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| cosh_wide(z, T::SINGLE))
}

/// The cosine.
#[inline]
pub(crate) fn cos<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| cosh_wide(Complex::new(-z.im, z.re), T::SINGLE))
}

#[inline(always)]
fn cosh_wide(z: Wide, single: bool) -> Wide {
    let (a, b) = (z.re, z.im);
    if a == 0.0 || b == 0.0 {
        // the imaginary part is 0 with the product of the signs, unless it is hidden by a NaN
        let re = if a == 0.0 { b.cos() } else { elementary::cosh(a) };
        Complex::new(re, 0f64.copysign(a) * 1f64.copysign(b))
    } else if a.is_infinite() && !b.is_finite() {
        Complex::new(INF, NAN)
    } else if a.abs() < 700.0 || !is_finite(z) {
        let ((sin, cos), (sinh, cosh)) = (b.sin_cos(), sinh_cosh(a, single));
        Complex::new(cosh * cos, sinh * sin)
    } else {
        let e = exp_scaled(Double::new(a.abs()), Double::new(b), -1);
        Complex::new(e.re, e.im * 1f64.copysign(a))
    }
}

/// The hyperbolic tangent.
#[inline]
pub(crate) fn tanh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| tanh_wide(z, T::SINGLE))
}

/// The tangent.
#[inline]
pub(crate) fn tan<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| exchanged(tanh_wide(exchanged(z), T::SINGLE)))
}

#[inline(always)]
fn tanh_wide(z: Wide, single: bool) -> Wide {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        return Complex::new(elementary::tanh(a), b);
    }
    if a == 0.0 {
        return Complex::new(a, b.tan());
    }
    if a.is_infinite() {
        return Complex::new(1f64.copysign(a), 0f64.copysign(b));
    }
    if !is_finite(z) {
        return Complex::new(NAN, NAN);
    }
    if a.abs() >= ALONE {
        // sin(b) cos(b) / cosh²(a)
        let (sin, cos) = b.sin_cos();
        return Complex::new(1f64.copysign(a), 4.0 * sin * cos * (-2.0 * a.abs()).exp());
    }
    let t = b.tan();
    let beta = 1.0 + t * t;
    let (s, rho) = sinh_cosh(a, single);
    let denominator = 1.0 + beta * s * s;
    Complex::new(beta * rho * s / denominator, t / denominator)
}

/// From this magnitude on 1 does not count beside the square.
const HUGE: f64 = 1e100;

/// The roots of `1 - z` and `1 + z`.
#[inline(always)]
fn roots(z: Wide, single: bool) -> (Wide, Wide) {
    let (x, y) = (z.re, z.im);
    (sqrt_wide(Complex::new(1.0 - x, -y), single), sqrt_wide(Complex::new(1.0 + x, y), single))
}

/// The real inverse hyperbolic sine; if `single`, with digits for `f32` to spare.
#[inline(always)]
fn real_asinh(x: f64, single: bool) -> f64 {
    if single { x.asinh() } else { elementary::asinh(x) }
}

/// `ln(2 |z|)`.
fn log_twice(z: Wide) -> f64 {
    match log_magnitude(z) {
        Ok(log) => log.add(LN_2).round(),
        Err(special) => special,
    }
}

/// The inverse hyperbolic sine.
#[inline]
pub(crate) fn asinh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| exchanged(asin_wide(exchanged(z), T::SINGLE)))
}

/// The inverse sine.
#[inline]
pub(crate) fn asin<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| asin_wide(z, T::SINGLE))
}

#[inline(always)]
fn asin_wide(z: Wide, single: bool) -> Wide {
    let (x, y) = (z.re, z.im);
    if x.is_nan() || y.is_nan() {
        return match (x, y) {
            // one part may be told without the other
            _ if x == 0.0 => Complex::new(x, NAN),
            _ if is_inf(z) => Complex::new(NAN, INF.copysign(if y.is_nan() { 1.0 } else { y })),
            _ => Complex::new(NAN, NAN),
        };
    }
    if x.abs() > HUGE || y.abs() > HUGE {
        return Complex::new(x.atan2(y.abs()), log_twice(z).copysign(y));
    }
    let (s1, s2) = roots(z, single);
    let re = x.atan2(s1.re * s2.re - s1.im * s2.im);
    Complex::new(re, real_asinh(s1.re * s2.im - s1.im * s2.re, single))
}

/// The inverse cosine.
#[inline]
pub(crate) fn acos<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| acos_wide(z, T::SINGLE))
}

#[inline(always)]
fn acos_wide(z: Wide, single: bool) -> Wide {
    let (x, y) = (z.re, z.im);
    if x.is_nan() || y.is_nan() {
        return match (x, y) {
            _ if x == 0.0 => Complex::new(std::f64::consts::FRAC_PI_2, NAN),
            _ if is_inf(z) => Complex::new(NAN, (-INF).copysign(-y)),
            _ => Complex::new(NAN, NAN),
        };
    }
    if x.abs() > HUGE || y.abs() > HUGE {
        return Complex::new(y.abs().atan2(x), -log_twice(z).copysign(y));
    }
    let (s1, s2) = roots(z, single);
    let re = 2.0 * s1.re.atan2(s2.re);
    Complex::new(re, real_asinh(s2.re * s1.im - s2.im * s1.re, single))
}

/// The inverse hyperbolic cosine.
#[inline]
pub(crate) fn acosh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| {
        // acos(z) turned by a right angle, to the right half-plane
        let turned = acos_wide(z, T::SINGLE);
        let im = if z.im.is_nan() { turned.re } else { turned.re.copysign(z.im) };
        Complex::new(turned.im.abs(), im)
    })
}

/// The inverse hyperbolic tangent.
#[inline]
pub(crate) fn atanh<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, atanh_wide)
}

/// The inverse tangent.
#[inline]
pub(crate) fn atan<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| exchanged(atanh_wide(exchanged(z))))
}

fn atanh_wide(z: Wide) -> Wide {
    let (a, b) = (z.re, z.im);
    let quarter = std::f64::consts::FRAC_PI_2.copysign(b);
    if a.is_nan() || b.is_nan() {
        return match (a, b) {
            _ if b.is_infinite() => Complex::new(0f64.copysign(a), quarter),
            _ if a == 0.0 || a.is_infinite() => Complex::new(0f64.copysign(a), NAN),
            _ => Complex::new(NAN, NAN),
        };
    }
    let (x, y) = (a.abs(), b.abs());
    if x > HUGE || y > HUGE {
        // re(1 / z) = (x / |z|) / |z|, where |z| may overflow
        let magnitude = elementary::hypot(0.5 * x, 0.5 * y);
        let re = if is_inf(z) { 0.0 } else { 0.25 * x / magnitude / magnitude };
        return Complex::new(re.copysign(a), quarter);
    }
    let im = if y == 0.0 && x <= 1.0 {
        b
    } else {
        // 1 - x² - y², which may cancel
        let (most, least) = if x > y { (x, y) } else { (y, x) };
        let norm = two_product(most, most).add_one(-1.0).add(two_product(least, least));
        0.5 * (2.0 * b).atan2(-norm.round())
    };
    let re = if x == 1.0 && y < 1e-140 {
        // ln(2 / y) / 2, or infinite
        0.5 * (std::f64::consts::LN_2 - y.ln())
    } else {
        let rest = 1.0 - x;
        0.25 * (4.0 * x / (rest * rest + y * y)).ln_1p()
    };
    Complex::new(re.copysign(a), im)
}
