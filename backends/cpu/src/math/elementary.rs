//! Exponential and logarithm to about 58 bits, and the real functions that need them.
//!
//! The platform's `exp`, `log`, `sin`, ... err by little more than half a unit in the last place, but
//! the functions composed of them (`sinh`, `tanh`, `asinh`, `log10`, ...) by two and more. Here they are
//! composed in [`Double`] arithmetic instead, of two series whose leading terms are exact (the
//! reductions are those of fdlibm; Tang 1989, 1990): the error before the final rounding is a few
//! hundredths of a unit. No call, no table, no fused multiply-add: the same bits everywhere.

use super::double::{Double, quick_two_sum, two_product, two_sum};

/// ln 2 in three parts; the first two have 42 bits, so that their products with an exponent are exact.
const LN_2: [f64; 3] = [
    f64::from_bits(0x3FE6_2E42_FEFA_3800),
    f64::from_bits(0x3D2E_F357_93C7_6000),
    f64::from_bits(0x3A8C_C01F_97B5_7A08),
];

/// 1 / ln 10.
pub(crate) const LOG10_E: Double =
    Double { hi: f64::from_bits(0x3FDB_CB7B_1526_E50E), lo: f64::from_bits(0x3C69_5355_BAAA_FAD3) };

/// 1 / ln 2.
pub(crate) const LOG2_E: Double =
    Double { hi: f64::from_bits(0x3FF7_1547_652B_82FE), lo: f64::from_bits(0x3C77_77D0_FFDA_0D24) };

/// 2^k for -1022 <= k <= 1023.
#[inline(always)]
fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((k + 1023) as u64) << 52)
}

/// `x * 2^k`, exact unless the result is subnormal or overflows.
#[inline]
pub(crate) fn scale(x: f64, k: i32) -> f64 {
    let k = k.clamp(-3000, 3000);
    let third = k / 3;
    x * power_of_two(third) * power_of_two(third) * power_of_two(k - 2 * third)
}

/// `m` and `k` such that `x = m * 2^k` and `1 <= m < 2` in magnitude; zeros as they are. For finite numbers.
#[inline]
pub(crate) fn decomposed(x: f64) -> (f64, i32) {
    if x == 0.0 {
        return (x, 0);
    }
    let (x, less) = if x.abs() < f64::MIN_POSITIVE { (scale(x, 64), 64) } else { (x, 0) };
    let k = ((x.to_bits() >> 52) & 0x7FF) as i32 - 1023;
    (scale(x, -k), k - less)
}

/// The polynomial with the coefficients `c`, lowest first.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    c.iter().rev().fold(0.0, |sum, &c| sum * x + c)
}

/// 1/3!, 1/4!, ...: enough for arguments up to ln(2) / 2.
const INVERSE_FACTORIALS: [f64; 12] = {
    let mut c = [0.0; 12];
    let (mut i, mut factorial) = (0, 2.0);
    while i < 12 {
        factorial *= (i + 3) as f64;
        c[i] = 1.0 / factorial;
        i += 1;
    }
    c
};

/// `k` and `exp(r) - 1` such that `x = k ln 2 + r`, `|r| <= ln(2) / 2`. For `|x| < 2^20`.
#[inline(always)]
fn exp_reduced(x: Double) -> (i32, Double) {
    // adding 1.5 * 2^52 leaves the nearest integer in the low bits
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let shifted = x.hi * LOG2_E.hi + ROUND;
    let k = shifted - ROUND;
    let r = two_sum(x.hi - k * LN_2[0], -(k * LN_2[1]));
    let r = quick_two_sum(r.hi, r.lo + (x.lo - k * LN_2[2]));
    // r + r²/2 to all digits, and the rest, a hundredth of it, in one
    let square = two_product(r.hi, r.hi);
    let half_square = Double { hi: 0.5 * square.hi, lo: 0.5 * square.lo + r.hi * r.lo };
    let rest = square.hi * r.hi * polynomial(r.hi, &INVERSE_FACTORIALS);
    let sum = r.add(half_square).add_one(rest);
    (shifted.to_bits() as i32, sum)
}

/// `exp(x)` as a number near 1 and a power of two. For `|x| < 2^20`.
#[inline(always)]
pub(crate) fn exp(x: Double) -> (Double, i32) {
    let (k, m) = exp_reduced(x);
    let sum = quick_two_sum(1.0, m.hi);
    (quick_two_sum(sum.hi, sum.lo + m.lo), k)
}

/// Up to this argument the exponential may be a factor of a product in [`Double`] arithmetic.
pub(crate) const FACTOR: f64 = 690.0;

/// `exp(x) - 1`, to as many bits of itself. For `|x| <= 700`.
#[inline(always)]
pub(crate) fn expm1(x: Double) -> Double {
    let (k, m) = exp_reduced(x);
    // 2^k (1 + m) - 1 = (2^k - 1) + 2^k m; for k = 0 the very m
    let power = power_of_two(k);
    let one_less = two_sum(power, -1.0);
    m.scale(power).add(one_less)
}

/// 1/3, 1/5, ...: enough for arguments up to 3 - 2√2.
const INVERSE_ODDS: [f64; 13] = {
    let mut c = [0.0; 13];
    let mut i = 0;
    while i < 13 {
        c[i] = 1.0 / (2 * i + 3) as f64;
        i += 1;
    }
    c
};

/// The inverse hyperbolic tangent for arguments up to 3 - 2√2 = 0.17.
#[inline(always)]
fn atanh_series(s: Double) -> Double {
    let square = s.hi * s.hi;
    s.add_one(s.hi * square * polynomial(square, &INVERSE_ODDS))
}

/// `k` and `m` such that `x = m * 2^k`, `1/√2 <= m < √2`. For normal positive numbers.
#[inline(always)]
fn normalised(x: f64) -> (i32, f64) {
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    let bits = x.to_bits() + (ONE - SQRT_HALF);
    let k = (bits >> 52) as i32 - 1023;
    (k, f64::from_bits((bits & (u64::MAX >> 12)) + SQRT_HALF))
}

/// `ln(m) + k ln 2`, where `less_one` is `m - 1` and `m` lies between 1/√2 and √2.
#[inline(always)]
fn log_reduced(less_one: Double, k: i32) -> Double {
    // ln(m) = 2 atanh((m - 1) / (m + 1))
    let log = atanh_series(less_one.div(less_one.add_one(2.0))).scale(2.0);
    let k = f64::from(k);
    let tail = quick_two_sum(k * LN_2[1], k * LN_2[2]);
    Double::new(k * LN_2[0]).add(tail).add(log)
}

/// `ln(x)`, to as many bits of itself. For normal positive numbers.
#[inline(always)]
pub(crate) fn log(x: Double) -> Double {
    let (k, m) = normalised(x.hi);
    let lo = if k == 0 { x.lo } else { scale(x.lo, -k) };
    log_reduced(two_sum(m - 1.0, lo), k)
}

/// `ln(1 + x)`, to as many bits of itself. For `-1 < x < 2^1000`.
#[inline(always)]
pub(crate) fn log1p(x: Double) -> Double {
    let sum = x.add_one(1.0);
    let (k, _) = normalised(sum.hi);
    if k == 0 { log_reduced(x, 0) } else { log(sum) }
}

/// The argument from which `exp(-x)` no longer counts beside `exp(x)`.
const ALONE: f64 = 22.0;

/// Below this the cube of an argument does not count beside it.
const SMALL: f64 = 1e-9;

/// The hyperbolic sine.
#[inline]
pub(crate) fn sinh(x: f64) -> f64 {
    let a = x.abs();
    let magnitude = if a < SMALL || a.is_nan() {
        return x;
    } else if a < ALONE {
        let m = expm1(Double::new(a));
        m.add(m.div(m.add_one(1.0))).scale(0.5).round()
    } else {
        half_exp(a)
    };
    magnitude.copysign(x)
}

/// The hyperbolic cosine.
#[inline]
pub(crate) fn cosh(x: f64) -> f64 {
    let a = x.abs();
    if a.is_nan() {
        x
    } else if a < ALONE {
        let (e, k) = exp(Double::new(a));
        let e = e.scale(power_of_two(k));
        e.add(Double::new(1.0).div(e)).scale(0.5).round()
    } else {
        half_exp(a)
    }
}

/// The hyperbolic sine and cosine of a magnitude up to [`FACTOR`].
#[inline]
pub(crate) fn sinh_cosh(x: f64) -> (f64, f64) {
    let m = expm1(Double::new(x.abs()));
    let e = m.add_one(1.0);
    let inverse = Double::new(1.0).div(e);
    let sinh = if x.abs() < SMALL { x } else { m.add(m.mul(inverse)).scale(0.5).round() };
    (sinh.copysign(x), e.add(inverse).scale(0.5).round())
}

/// `exp(x) / 2`, infinite only where that is. For positive numbers.
#[inline]
fn half_exp(x: f64) -> f64 {
    let (e, k) = exp(Double::new(x.min(2000.0)));
    scale(e.round(), k - 1)
}

/// The hyperbolic tangent.
#[inline]
pub(crate) fn tanh(x: f64) -> f64 {
    let a = x.abs();
    let magnitude = if a < SMALL || a.is_nan() {
        return x;
    } else if a < ALONE {
        let m = expm1(Double::new(2.0 * a));
        m.div(m.add_one(2.0)).round()
    } else {
        1.0
    };
    magnitude.copysign(x)
}

/// The inverse hyperbolic sine.
#[inline]
pub(crate) fn asinh(x: f64) -> f64 {
    let a = x.abs();
    // not finite, or x³/6 does not count
    if a < SMALL || !a.is_finite() {
        return x;
    }
    let log = if a < 1e9 {
        // ln(a + √(a² + 1)) = ln(1 + a + a² / (1 + √(a² + 1)))
        let square = two_product(a, a);
        let root = square.add_one(1.0).sqrt();
        log1p(square.div(root.add_one(1.0)).add_one(a))
    } else {
        // ln(2a + 1/2a), whose second term does not count
        log(Double::new(0.5 * a)).add(LN_4)
    };
    log.round().copysign(x)
}

/// 2 ln 2.
const LN_4: Double = Double { hi: 2.0 * std::f64::consts::LN_2, lo: 2.0 * LN_2_LOW };

/// What ln 2 is more than the nearest `f64`.
const LN_2_LOW: f64 = f64::from_bits(0x3C7A_BC9E_3B39_803F);

/// `√(x² + y²)`, without overflow or underflow on the way.
#[inline(always)]
pub(crate) fn hypot(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let most = if x > y { x } else { y };
    // squares must neither overflow nor lose their low part
    let (up, down) = if most > 1e150 {
        (power_of_two(-600), power_of_two(600))
    } else if most < 1e-130 {
        (power_of_two(600), power_of_two(-600))
    } else {
        (1.0, 1.0)
    };
    let (a, b) = (x * up, y * up);
    let root = two_product(a, a).add(two_product(b, b)).sqrt().round() * down;
    if x == f64::INFINITY || y == f64::INFINITY {
        f64::INFINITY
    } else if x + y == 0.0 {
        0.0
    } else {
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Powers are made of it, with exponents that magnify what is wrong.
    #[test]
    fn the_exponential_has_sixty_bits() {
        for i in 0..5000 {
            let x = f64::from(i) * 0.0173 - 40.0;
            let ((a, j), (b, k)) = (exp(Double::new(x)), exp(Double::new(-x)));
            let off = a.mul(b).scale(power_of_two(j + k)).add_one(-1.0).round();
            assert!(off.abs() < 5e-18, "exp({x}) exp(-{x}) is 1 and {off:e}");
        }
    }
}
