//! Exponential, logarithm, square root and power of complex numbers.
//!
//! Squared magnitudes are taken in [`Double`] arithmetic: that settles the cancellation of
//! `ln|z|` near `|z| = 1` (Hull, Fairgrieve, Tang 1994) and the accuracy of the square root in one.

use num_complex::Complex;

use super::super::double::{Double, two_product};
use super::super::elementary::{self, LOG2_E, LOG10_E};
use super::super::real::Real;
use super::{Wide, divide, is_finite, is_inf, multiply, sum_of_products, wide};

const NAN: Wide = Complex::new(f64::NAN, f64::NAN);

/// The exponential.
#[inline]
pub(crate) fn exp<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, exp_wide)
}

pub(super) fn exp_wide(z: Wide) -> Wide {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        Complex::new(a.exp(), b)
    } else if !b.is_finite() && a == f64::NEG_INFINITY {
        Complex::new(0.0, 0f64.copysign(b))
    } else if !b.is_finite() && a == f64::INFINITY {
        Complex::new(a, f64::NAN)
    } else if a.abs() < 700.0 || !a.is_finite() || !b.is_finite() {
        let ((sin, cos), e) = (b.sin_cos(), a.exp());
        Complex::new(e * cos, e * sin)
    } else {
        exp_scaled(Double::new(a), Double::new(b), 0)
    }
}

/// `exp(x + j y) * 2^k`, where the exponential may overflow and the result not.
pub(super) fn exp_scaled(x: Double, y: Double, k: i32) -> Wide {
    // from here on all is 0 or infinite
    let x = if x.hi.abs() > 3000.0 { Double::new(3000f64.copysign(x.hi)) } else { x };
    let (e, power) = elementary::exp(x);
    let ((sin, cos), e) = (y.hi.sin_cos(), e.round());
    let (sin, cos) = (sin + y.lo * cos, cos - y.lo * sin);
    Complex::new(elementary::scale(e * cos, power + k), elementary::scale(e * sin, power + k))
}

/// The exponential less one.
#[inline]
pub(crate) fn expm1<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, expm1_wide)
}

fn expm1_wide(z: Wide) -> Wide {
    let (a, b) = (z.re, z.im);
    if b == 0.0 {
        // +0 for both zeros
        return Complex::new(a.exp_m1() + 0.0, b);
    }
    if !(a.abs() < elementary::FACTOR && b.is_finite()) {
        let e = exp_wide(z);
        return Complex::new(e.re - 1.0, e.im);
    }
    let m = elementary::expm1(Double::new(a));
    let e = m.add_one(1.0);
    let cos = b.cos();
    let re = if b.abs() < 4.5 || cos > 0.5 {
        // exp(a) cos(b) - 1 = m - (1 + m) v, where m = exp(a) - 1 and v = 1 - cos(b)
        m.add(e.mul(versine(b)).neg())
    } else {
        e.mul(Double::new(cos)).add_one(-1.0)
    };
    Complex::new(re.round(), e.round() * b.sin())
}

/// -1/3!, 1/5!, ...: enough for arguments up to 1/4.
const SINE: [f64; 8] = {
    let mut c = [0.0; 8];
    let (mut i, mut factorial) = (0, -1.0);
    while i < 8 {
        factorial *= -((2 * i + 2) as f64) * (2 * i + 3) as f64;
        c[i] = -1.0 / factorial;
        i += 1;
    }
    c
};

/// `1 - cos(x) = 2 sin²(x / 2)`, to about 58 bits of itself over the first period, to 52 elsewhere.
fn versine(x: f64) -> Double {
    let half = 0.5 * x;
    // sin(3x) = (3 - 4 sin²(x)) sin(x), as often as takes the angle to the reach of the series
    let triplings = match half.abs() {
        h if h < 0.25 => 0,
        h if h < 0.75 => 1,
        h if h < 2.25 => 2,
        _ => {
            let sine = Double::new(half.sin());
            return sine.mul(sine).scale(2.0);
        }
    };
    let mut angle = Double::new(half);
    for _ in 0..triplings {
        angle = angle.div(Double::new(3.0));
    }
    let square = angle.hi * angle.hi;
    let mut sine = angle.add_one(angle.hi * square * elementary::polynomial(square, &SINE));
    for _ in 0..triplings {
        sine = sine.mul(sine.mul(sine).scale(-4.0).add_one(3.0));
    }
    sine.mul(sine).scale(2.0)
}

/// The natural logarithm.
#[inline]
pub(crate) fn log<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| log_to_base(z, Double::new(1.0), T::SINGLE))
}

/// The binary logarithm.
#[inline]
pub(crate) fn log2<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| log_to_base(z, LOG2_E, T::SINGLE))
}

/// The decimal logarithm.
#[inline]
pub(crate) fn log10<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| log_to_base(z, LOG10_E, T::SINGLE))
}

/// The natural logarithm times `factor`. If `single`, the parts of `z` are `f32`.
#[inline(always)]
fn log_to_base(z: Wide, factor: Double, single: bool) -> Wide {
    let re = if single {
        log_magnitude_of_single(z) * factor.hi
    } else {
        match log_magnitude(z) {
            Ok(log) => log.mul(factor).round(),
            Err(special) => special,
        }
    };
    Complex::new(re, z.im.atan2(z.re) * factor.hi)
}

/// `ln|z|` where the squares of the parts are exact.
fn log_magnitude_of_single(z: Wide) -> f64 {
    let (a, b) = (z.re.abs(), z.im.abs());
    let (most, least) = if a > b { (a, b) } else { (b, a) };
    let norm = most * most + least * least;
    if is_inf(z) {
        f64::INFINITY
    } else if norm > 0.5 && norm < 2.0 {
        0.5 * ((most * most - 1.0) + least * least).ln_1p()
    } else {
        0.5 * norm.ln()
    }
}

/// `ln|z|`, or as an error the infinity or NaN that it is.
pub(super) fn log_magnitude(z: Wide) -> Result<Double, f64> {
    let (a, b) = (z.re.abs(), z.im.abs());
    let (most, least) = if a > b { (a, b) } else { (b, a) };
    if is_inf(z) {
        return Err(f64::INFINITY);
    } else if a.is_nan() || b.is_nan() {
        return Err(f64::NAN);
    } else if most == 0.0 {
        return Err(f64::NEG_INFINITY);
    }
    let norm = |a, b| two_product(a, a).add(two_product(b, b));
    if !(1e-130..=1e150).contains(&most) {
        let k = if most > 1.0 { -600 } else { 600 };
        let log = elementary::log(norm(elementary::scale(most, k), elementary::scale(least, k)));
        return Ok(log.scale(0.5).add(LN_2.mul(Double::new(-f64::from(k)))));
    }
    let norm = norm(most, least);
    let log = if norm.hi > 0.5 && norm.hi < 2.0 {
        // the square of the larger part less one is exact
        let less_one = two_product(most, most).add_one(-1.0).add(two_product(least, least));
        elementary::log1p(less_one)
    } else {
        elementary::log(norm)
    };
    Ok(log.scale(0.5))
}

/// ln 2.
pub(super) const LN_2: Double =
    Double { hi: std::f64::consts::LN_2, lo: f64::from_bits(0x3C7A_BC9E_3B39_803F) };

/// The natural logarithm of one more.
#[inline]
pub(crate) fn log1p<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, log1p_wide)
}

fn log1p_wide(z: Wide) -> Wide {
    let (a, b) = (z.re, z.im);
    if a == 0.0 && b == 0.0 {
        return z;
    }
    let moved = Complex::new(1.0 + a, b);
    if !(a.abs() < 1e30 && b.abs() < 1e30) {
        return log_to_base(moved, Double::new(1.0), false);
    }
    // |1 + z|² - 1 = 2a + a² + b²
    let u = Double::new(2.0 * a).add(two_product(a, a)).add(two_product(b, b));
    if u.hi < -0.75 {
        // here 1 + a is exact
        return log_to_base(moved, Double::new(1.0), false);
    }
    Complex::new(elementary::log1p(u).scale(0.5).round(), b.atan2(moved.re))
}

/// The principal square root.
#[inline]
pub(crate) fn sqrt<T: Real>(z: Complex<T>) -> Complex<T> {
    wide(z, |z| sqrt_wide(z, T::SINGLE))
}

/// The root. If `single`, digits are wanted for `f32` only, and the parts are far from the ends of the
/// range of `f64`.
#[inline(always)]
pub(super) fn sqrt_wide(z: Wide, single: bool) -> Wide {
    let (a, b) = (z.re, z.im);
    if a == 0.0 && b == 0.0 {
        return Complex::new(0.0, b);
    }
    if b.is_infinite() {
        return Complex::new(f64::INFINITY, b);
    }
    if a.is_infinite() {
        // the other part is 0 with the sign of b, or NaN as b is
        let zero = if b.is_nan() { b } else { 0.0 };
        return if a > 0.0 {
            Complex::new(a, zero.copysign(b))
        } else {
            Complex::new(zero.abs(), f64::INFINITY.copysign(b))
        };
    }
    if a.is_nan() || b.is_nan() {
        return NAN;
    }
    let (t, other) = if single {
        let t = (0.5 * ((a * a + b * b).sqrt() + a.abs())).sqrt();
        (t, 0.5 * b.abs() / t)
    } else {
        root_parts(a.abs(), b.abs())
    };
    if a >= 0.0 { Complex::new(t, other.copysign(b)) } else { Complex::new(other, t.copysign(b)) }
}

/// The larger part of the root of `x + j y`, and the smaller one. For numbers that are not negative.
fn root_parts(x: f64, y: f64) -> (f64, f64) {
    let most = if x > y { x } else { y };
    let k = match most {
        _ if most > 1e150 => -300,
        _ if most < 1e-130 => 300,
        _ => 0,
    };
    let (scaled_x, scaled_y) = (elementary::scale(x, 2 * k), elementary::scale(y, 2 * k));
    // t = √((|z| + |a|) / 2), and the other part is |b| / 2t
    let magnitude = two_product(scaled_x, scaled_x).add(two_product(scaled_y, scaled_y)).sqrt();
    let t = magnitude.add_one(scaled_x).scale(0.5).sqrt();
    // scaled down, a small `y` would lose its digits
    let (y, back) = if k < 0 { (y, k) } else { (scaled_y, -k) };
    let other = Double::new(y).div(t.scale(2.0)).round();
    (elementary::scale(t.round(), -k), elementary::scale(other, back))
}

/// Up to this integer exponent powers are products.
const MOST_FACTORS: f64 = 32.0;

/// `z` to the power `w`: `exp(w log(z))`, but with `z ** 0 = 1` always, 0 to a power with a positive
/// real part 0, and small integer powers as products, exact where the products are.
#[inline]
pub(crate) fn pow<T: Real>(z: Complex<T>, w: Complex<T>) -> Complex<T> {
    let w = super::widen(w);
    wide(z, |z| pow_wide(z, w))
}

fn pow_wide(z: Wide, w: Wide) -> Wide {
    if w.re == 0.0 && w.im == 0.0 {
        return Complex::new(1.0, 0.0);
    }
    if z.re == 0.0 && z.im == 0.0 {
        return if w.im.is_nan() {
            NAN
        } else if w.re > 0.0 {
            Complex::new(0.0, 0.0)
        } else if w.re < 0.0 {
            Complex::new(f64::INFINITY, f64::NAN)
        } else {
            NAN
        };
    }
    if is_finite(z) && is_finite(w) {
        if w.im == 0.0 && w.re.abs() <= MOST_FACTORS && w.re.fract() == 0.0 {
            let power = product_of_equals(z, w.re.abs() as u32);
            // unless it left the range on the way
            if is_finite(power) && power.re.abs() + power.im.abs() > 1e-290 {
                return if w.re > 0.0 { power } else { divide(Complex::new(1.0, 0.0), power) };
            }
        }
        if w.re.abs() < 1e200
            && w.im.abs() < 1e200
            && let Ok(log) = log_magnitude(z)
        {
            let angle = Double::new(z.im.atan2(z.re));
            let (c, d) = (Double::new(w.re), Double::new(w.im));
            let x = c.mul(log).add(d.mul(angle).neg());
            let y = c.mul(angle).add(d.mul(log));
            return exp_scaled(x, y, 0);
        }
    }
    exp_wide(multiply(w, log_to_base(z, Double::new(1.0), false)))
}

/// Up to so many factors are multiplied as plain numbers.
const PLAIN_FACTORS: u32 = 8;

/// `z` to the power `n`, which is not 0. Each square doubles what its root was rounded by, so that many factors
/// are multiplied in [`Double`] arithmetic.
fn product_of_equals(z: Wide, n: u32) -> Wide {
    if n <= PLAIN_FACTORS {
        return power_by(z, n, plain_product);
    }
    let product = |[a, b]: [Double; 2], [c, d]: [Double; 2]| {
        [a.mul(c).add(b.mul(d).neg()), a.mul(d).add(b.mul(c))]
    };
    let [re, im] = power_by([Double::new(z.re), Double::new(z.im)], n, product);
    let power = Complex::new(re.round(), im.round());
    // the signs of zeros are those of the plain products, which have a little more of the range, too
    let is_plain = power.re == 0.0 || power.im == 0.0 || !is_finite(power);
    if is_plain { power_by(z, n, plain_product) } else { power }
}

/// The product, each part rounded about once.
#[inline(always)]
fn plain_product(x: Wide, y: Wide) -> Wide {
    Complex::new(sum_of_products(x.re, y.re, -x.im, y.im), sum_of_products(x.re, y.im, x.im, y.re))
}

/// The product of `n` factors, at least one.
#[inline(always)]
fn power_by<T: Copy>(mut base: T, mut n: u32, product: impl Fn(T, T) -> T) -> T {
    let mut power = None;
    loop {
        if n & 1 == 1 {
            power = Some(power.map_or(base, |p| product(p, base)));
        }
        n >>= 1;
        if n == 0 {
            return power.unwrap_or(base);
        }
        base = product(base, base);
    }
}
