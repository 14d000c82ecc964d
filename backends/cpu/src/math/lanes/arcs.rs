//! The inverses of the circular functions.
//!
//! Of `f64`, the leading terms are sums of two numbers: the argument of the series with what its rounding
//! loses, and the multiple of π/4 that is added. Of `f32`, all is computed in `f64`. Coefficients are
//! minimax (Remez, relative error).

use std::f64::consts::{FRAC_PI_2, PI};
use std::hint::select_unpredictable as select;

use super::turns::pair;
use super::{Lanes, Lanes2, Pair, fused, polynomial, quick_two_sum};

/// The inverse cosine.
pub(crate) struct Acos;

/// The inverse sine.
pub(crate) struct Asin;

/// The inverse tangent.
pub(crate) struct Atan;

/// The angle of a point.
pub(crate) struct Atan2;

/// What π is more than the nearest number.
const PI_LOW: f64 = f64::from_bits(0x3CA1_A626_3314_5C07);

/// The magnitude with the sign of the other.
#[inline(always)]
fn signed(magnitude: f64, other: f64) -> f64 {
    f64::from_bits(magnitude.to_bits() | other.to_bits() & 1 << 63)
}

/// (atan(t) / t - 1) / t² in powers of t², within 2^-59 of atan(t), for t within ±tan(π/8).
const ATAN: [f64; 11] = [
    -0.017905017058374585,
    0.038062120125401784,
    -0.050391896793004355,
    0.05847859115498137,
    -0.0666309918332274,
    0.07692059715759803,
    -0.09090897725166583,
    0.11111110782152431,
    -0.1428571428016652,
    0.19999999999953247,
    -0.333333333333332,
];

/// The tangent of π/8, where the series of one part of the octant meets that of the other.
const MIDDLE: f64 = std::f64::consts::SQRT_2 - 1.0;

/// The angle of (x, y), given the magnitudes, between 2^-400 and 2^400 (or one of them 0), and whether x is
/// negative.
///
/// With t the smaller coordinate by the larger, from [`MIDDLE`] on turned by -π/4, it is q π/4 ± atan(t).
#[inline(always)]
fn angle<const FMA: bool>(y: f64, x: f64, negative: bool) -> f64 {
    let swapped = y > x;
    let (least, most) = (select(swapped, x, y), select(swapped, y, x));
    let turned = least > MIDDLE * most;
    let difference = quick_two_sum(-most, least);
    let sum = quick_two_sum(most, least);
    let above = pair(turned, difference, Pair { hi: least, lo: 0.0 });
    let below = pair(turned, sum, Pair { hi: most, lo: 0.0 });
    // the quotient, and what it lacks
    let one_by = 1.0 / below.hi;
    let t = above.hi * one_by;
    let rest = fused::<FMA, _>(-t, below.hi, above.hi) + fused::<FMA, _>(-t, below.lo, above.lo);
    let low = rest * one_by;
    let z = t * t;
    let tail = fused::<FMA, _>(-z, low, low);
    let tail = fused::<FMA, _>(polynomial::<FMA, _, _>(z, &ATAN), z * t, tail);
    // in which eighth of a turn, and which way from there
    let q = select(turned, 1.0, 0.0);
    let q = select(swapped, 2.0 - q, q);
    let q = select(negative, 4.0 - q, q);
    let sign = select(swapped != negative, -1.0, 1.0);
    let start = q * (0.25 * PI);
    let start_low = fused::<FMA, _>(q, 0.25 * PI, -start) + q * (0.25 * PI_LOW);
    let sum = quick_two_sum(start, sign * t);
    sum.hi + (sum.lo + fused::<FMA, _>(sign, tail, start_low))
}

impl Lanes<f64> for Atan {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        // beyond, the result does not change
        const LARGE: f64 = 1e30;
        let magnitude = select(x.abs() > LARGE, LARGE, x.abs());
        signed(angle::<FMA>(magnitude, 1.0, false), x)
    }
}

impl Lanes2<f64> for Atan2 {
    #[inline(always)]
    fn fast<const FMA: bool>(y: f64, x: f64) -> f64 {
        signed(angle::<FMA>(y.abs(), x.abs(), x.is_sign_negative()), y)
    }

    #[inline(always)]
    fn easy(y: f64, x: f64) -> bool {
        const LEAST: f64 = f64::from_bits((1023 - 400) << 52);
        const MOST: f64 = f64::from_bits((1023 + 400) << 52);
        let (y, x) = (y.abs(), x.abs());
        let swapped = y > x;
        let (least, most) = (select(swapped, x, y), select(swapped, y, x));
        (y <= MOST) & (x <= MOST) & (most >= LEAST) & ((least >= LEAST) | (least == 0.0))
    }

    #[inline(always)]
    fn slow<const FMA: bool>(y: f64, x: f64) -> f64 {
        atan2_slow::<FMA>(y, x)
    }
}

/// The angle of any point.
#[cold]
fn atan2_slow<const FMA: bool>(y: f64, x: f64) -> f64 {
    const UP: f64 = f64::from_bits((1023 + 600) << 52);
    const DOWN: f64 = f64::from_bits((1023 - 600) << 52);
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    let (mut b, mut a) = (y.abs(), x.abs());
    if b.is_infinite() || a.is_infinite() {
        // those that are not count for nothing
        b = if b.is_infinite() { 1.0 } else { 0.0 };
        a = if a.is_infinite() { 1.0 } else { 0.0 };
    } else if a == 0.0 && b == 0.0 {
        a = 1.0;
    } else if b < a * 1e-20 && x > 0.0 {
        // the quotient's cube does not count
        return y / x;
    } else if b.max(a) > 1.0 {
        (b, a) = (b * DOWN, a * DOWN);
    } else {
        (b, a) = (b * UP, a * UP);
    }
    // what is still small beside the other is none
    let least = 1e-30 * b.max(a);
    (b, a) = (if b < least { 0.0 } else { b }, if a < least { 0.0 } else { a });
    signed(angle::<FMA>(b, a, x.is_sign_negative()), y)
}

/// (asin(s) / s - 1) / s² in powers of s², within 2^-59 of asin(s), for s within ±1/2.
const ASIN: [f64; 13] = [
    0.03262866130238794,
    -0.020999125672065175,
    0.021707494847974868,
    0.003706387238128394,
    0.010780259228163483,
    0.011398910869175369,
    0.013980820750782181,
    0.01735161199241015,
    0.022372214989125106,
    0.030381942707718615,
    0.04464285717461354,
    0.07499999999970798,
    0.1666666666666676,
];

/// s and what it lacks, where `asin(|x|)` is asin(s) or (if so) π/2 - 2 asin(s), and the rest of the series.
#[inline(always)]
fn arc<const FMA: bool>(magnitude: f64) -> (bool, f64, f64) {
    let large = magnitude > 0.5;
    let z = select(large, 0.5 * (1.0 - magnitude), magnitude * magnitude);
    let root = z.sqrt();
    let s = select(large, root, magnitude);
    // an approximation of the inverse suffices, and the smallest number serves for that of 0
    let one_by = f64::from(0.5 / (root as f32 + f32::MIN_POSITIVE));
    let rest = fused::<FMA, _>(-root, root, z) * one_by;
    let low = select(large, rest, 0.0);
    (large, s, fused::<FMA, _>(polynomial::<FMA, _, _>(z, &ASIN), z * s, low))
}

impl Lanes<f64> for Asin {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        let (large, s, tail) = arc::<FMA>(x.abs());
        let factor = select(large, -2.0, 1.0);
        let start = select(large, FRAC_PI_2, 0.0);
        let start_low = select(large, 0.5 * PI_LOW, 0.0);
        let sum = quick_two_sum(start, factor * s);
        signed(sum.hi + (sum.lo + fused::<FMA, _>(factor, tail, start_low)), x)
    }
}

impl Lanes<f64> for Acos {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        let (large, s, tail) = arc::<FMA>(x.abs());
        let negative = x < 0.0;
        // 2 asin(s), π - 2 asin(s), or π/2 ∓ asin(s)
        let factor = select(large, 2.0, -1.0);
        let factor = select(negative, -factor, factor);
        let most = select(negative, 1.0, 0.0);
        let halves = select(large, 2.0 * most, 1.0);
        let sum = quick_two_sum(halves * FRAC_PI_2, factor * s);
        sum.hi + (sum.lo + fused::<FMA, _>(factor, tail, halves * (0.5 * PI_LOW)))
    }
}

/// atan(t) / t in powers of t², within 2^-28 of itself, for t within ±1.
const ATAN_F32: [f64; 10] = [
    -0.0017539257872078867,
    0.010726923672015937,
    -0.030804557370338444,
    0.057552060175973765,
    -0.0837731288657719,
    0.10942029750991807,
    -0.1426193292723804,
    0.19998266025774838,
    -0.3333328364140438,
    0.9999999976306749,
];

/// The angle of (x, y), given the magnitudes as numbers of `f32`, and whether x is negative.
#[inline(always)]
fn angle_f32<const FMA: bool>(y: f64, x: f64, negative: bool) -> f64 {
    let swapped = y > x;
    let t = select(swapped, x, y) / select(swapped, y, x);
    let angle = t * polynomial::<FMA, _, _>(t * t, &ATAN_F32);
    let angle = select(swapped, FRAC_PI_2 - angle, angle);
    select(negative, PI - angle, angle)
}

impl Lanes<f32> for Atan {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let x = f64::from(x);
        signed(angle_f32::<FMA>(x.abs(), 1.0, false), x) as f32
    }
}

impl Lanes2<f32> for Atan2 {
    #[inline(always)]
    fn fast<const FMA: bool>(y: f32, x: f32) -> f32 {
        // quotients of 0 and of infinity as of numbers beyond all others
        const LEAST: f64 = f64::from_bits((1023 - 400) << 52);
        const MOST: f64 = f64::from_bits((1023 + 400) << 52);
        let (y, x) = (f64::from(y), f64::from(x));
        let (b, a) = (y.abs(), x.abs());
        let b = select(b > MOST, MOST, b);
        let a = select(a > MOST, MOST, a);
        let a = select(a < LEAST, LEAST, a);
        signed(angle_f32::<FMA>(b, a, x.is_sign_negative()), y) as f32
    }
}

/// asin(s) / s in powers of s², within 2^-27 of itself, for s within ±1/2.
const ASIN_F32: [f64; 6] = [
    0.04263564206718599,
    0.023858169377143607,
    0.04555018536851659,
    0.07494434758747899,
    0.16666790109707375,
    0.9999999955843888,
];

/// As [`arc`]: asin(s).
#[inline(always)]
fn arc_f32<const FMA: bool>(magnitude: f64) -> (bool, f64) {
    let large = magnitude > 0.5;
    let z = select(large, 0.5 * (1.0 - magnitude), magnitude * magnitude);
    let s = select(large, z.sqrt(), magnitude);
    (large, s * polynomial::<FMA, _, _>(z, &ASIN_F32))
}

impl Lanes<f32> for Asin {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let x = f64::from(x);
        let (large, arc) = arc_f32::<FMA>(x.abs());
        signed(select(large, fused::<FMA, _>(-2.0, arc, FRAC_PI_2), arc), x) as f32
    }
}

impl Lanes<f32> for Acos {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let x = f64::from(x);
        let (large, arc) = arc_f32::<FMA>(x.abs());
        let magnitude = select(large, 2.0 * arc, FRAC_PI_2 - arc);
        select(x < 0.0, PI - magnitude, magnitude) as f32
    }
}
