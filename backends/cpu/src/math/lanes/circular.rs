//! Sine, cosine and tangent.
//!
//! Of `f64`, the argument less the nearest multiple of π/2, as a sum of two numbers, goes into the series
//! of one of the two. Of `f32`, the argument less the nearest multiple of π goes in `f64` into one; that of the
//! cosine has the zeros at ±π/2 as a factor. Coefficients are minimax (Remez, relative error).

use std::hint::select_unpredictable as select;

use super::scale::ROUND_F64;
use super::turns::{NEAR, Reduced, pair, reduce, reduce_any};
use super::{Lanes, Pair, fused, polynomial, quick_two_sum};

/// The sine.
pub(crate) struct Sin;

/// The cosine.
pub(crate) struct Cos;

/// The tangent.
pub(crate) struct Tan;

/// (sin(r) / r - 1) / r² in powers of r², within 2^-57 of sin(r), for r within ±π/4.
const SIN: [f64; 6] = [
    1.5896150804878443e-10,
    -2.505074643379645e-08,
    2.7557313613165844e-06,
    -0.00019841269829566665,
    0.00833333333332209,
    -0.1666666666666663,
];

/// (cos(r) - 1 + r²/2) / r⁴ in powers of r², within 2^-64 of cos(r), for r within ±π/4.
const COS: [f64; 6] = [
    -1.1358481369437115e-11,
    2.0875699801098967e-09,
    -2.7557314171825015e-07,
    2.4801587288826513e-05,
    -0.0013888888888873017,
    0.041666666666666595,
];

/// One of the two series: to choose coefficients costs less than to compute both.
#[inline(always)]
fn series<const FMA: bool>(z: f64, cosine: bool) -> f64 {
    let mut of = SIN;
    for (of, cos) in of.iter_mut().zip(COS) {
        *of = select(cosine, cos, *of);
    }
    polynomial::<FMA, _, _>(z, &of)
}

/// The sine of r, or its cosine.
///
/// The one is r + (lo cos(r) + r³ ...), the other 1 - z/2 + (... - lo r + z² ...), where z = r², with what the
/// rounding of z/2 and of the first difference loses.
#[inline(always)]
fn sine_or_cosine<const FMA: bool>(r: Pair<f64>, cosine: bool) -> f64 {
    let Pair { hi: r, lo } = r;
    let z = r * r;
    let most = fused::<FMA, _>(-0.5, z, 1.0);
    let lost = fused::<FMA, _>(-0.5, z, 1.0 - most) - 0.5 * fused::<FMA, _>(r, r, -z);
    let tail = select(cosine, lost, 0.0);
    let tail = fused::<FMA, _>(select(cosine, -r, most), lo, tail);
    let power = z * select(cosine, z, r);
    let tail = fused::<FMA, _>(series::<FMA>(z, cosine), power, tail);
    select(cosine, most, r) + tail
}

/// The number, its sign changed if bit 1 of n is set, and if the sign of the other is.
#[inline(always)]
fn turned(x: f64, n: u64, other: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ ((n << 62 ^ other) & 1 << 63))
}

/// The sine of a reduced magnitude, with the sign of the other.
#[inline(always)]
fn sin_reduced<const FMA: bool>(x: Reduced, other: f64) -> f64 {
    let sine = sine_or_cosine::<FMA>(x.rest, x.turns & 1 != 0);
    turned(sine, x.turns, other.to_bits())
}

/// The cosine of a reduced magnitude.
#[inline(always)]
fn cos_reduced<const FMA: bool>(x: Reduced) -> f64 {
    let cosine = sine_or_cosine::<FMA>(x.rest, x.turns & 1 == 0);
    turned(cosine, x.turns.wrapping_add(1), 0)
}

/// The sine of any number.
pub(super) fn sin_f64<const FMA: bool>(x: f64) -> f64 {
    sin_reduced::<FMA>(reduce_any::<FMA>(x.abs()), x)
}

/// The cosine of any number.
pub(super) fn cos_f64<const FMA: bool>(x: f64) -> f64 {
    cos_reduced::<FMA>(reduce_any::<FMA>(x.abs()))
}

impl Lanes<f64> for Sin {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        // the sign of a zero would be lost
        sin_reduced::<FMA>(reduce::<FMA>(x.abs()), x)
    }

    #[inline(always)]
    fn easy(x: f64) -> bool {
        x.abs() <= NEAR
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64) -> f64 {
        sin_f64::<FMA>(x)
    }
}

impl Lanes<f64> for Cos {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        cos_reduced::<FMA>(reduce::<FMA>(x.abs()))
    }

    #[inline(always)]
    fn easy(x: f64) -> bool {
        x.abs() <= NEAR
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64) -> f64 {
        cos_f64::<FMA>(x)
    }
}

/// The tangent of a reduced magnitude, with the sign of the other.
///
/// Both series, as sums of two, and their quotient, whose error is what the product leaves of the dividend.
#[inline(always)]
fn tan_reduced<const FMA: bool>(x: Reduced, other: f64) -> f64 {
    let Pair { hi: r, lo } = x.rest;
    let z = r * r;
    let most = fused::<FMA, _>(-0.5, z, 1.0);
    let tail = fused::<FMA, _>(polynomial::<FMA, _, _>(z, &SIN), z * r, lo * most);
    let sin = quick_two_sum(r, tail);
    let lost = fused::<FMA, _>(-0.5, z, 1.0 - most) - 0.5 * fused::<FMA, _>(r, r, -z);
    let tail = fused::<FMA, _>(-r, lo, lost);
    let tail = fused::<FMA, _>(polynomial::<FMA, _, _>(z, &COS), z * z, tail);
    let cos = quick_two_sum(most, tail);
    // or less the inverse
    let inverse = x.turns & 1 != 0;
    let (above, below) = (pair(inverse, cos, sin), pair(inverse, sin, cos));
    let one_by = 1.0 / below.hi;
    let quotient = above.hi * one_by;
    let rest = fused::<FMA, _>(-quotient, below.hi, above.hi);
    let rest = rest + fused::<FMA, _>(-quotient, below.lo, above.lo);
    turned(fused::<FMA, _>(rest, one_by, quotient), x.turns << 1, other.to_bits())
}

/// The tangent of any number.
fn tan_f64<const FMA: bool>(x: f64) -> f64 {
    tan_reduced::<FMA>(reduce_any::<FMA>(x.abs()), x)
}

impl Lanes<f64> for Tan {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        tan_reduced::<FMA>(reduce::<FMA>(x.abs()), x)
    }

    #[inline(always)]
    fn easy(x: f64) -> bool {
        x.abs() <= NEAR
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64) -> f64 {
        tan_f64::<FMA>(x)
    }
}

/// π in two parts.
const PI: Pair<f64> = Pair { hi: std::f64::consts::PI, lo: f64::from_bits(0x3CA1_A626_3314_5C07) };

/// sin(r) / r in powers of r², within 2^-27 of itself, for r within ±π/2.
const SIN_F32: [f64; 5] = [
    2.601828036486816e-06,
    -0.00019807385285421585,
    0.008333024678000399,
    -0.1666665666391995,
    0.9999999946726029,
];

/// cos(r) / w in powers of w = π²/4 - r², within 2^-29 of itself, for r within ±π/2.
const COS_F32: [f64; 5] = [
    2.579141055424123e-07,
    2.1561290029550675e-05,
    0.0011602934128644496,
    0.032251527900965145,
    0.3183098864844114,
];

/// π²/4.
const SQUARE: f64 = 2.4674011002723395;

/// Up to this magnitude the nearest multiple of π is found.
const NEAR_F32: f32 = 1_099_511_627_776.0; // 2^40

/// The number less the nearest multiple n of π, and a sum whose last bit is that of n.
#[inline(always)]
fn half_turns<const FMA: bool>(x: f64) -> (f64, f64) {
    let shifted = fused::<FMA, _>(x, std::f64::consts::FRAC_1_PI, ROUND_F64);
    let n = shifted - ROUND_F64;
    let r = fused::<FMA, _>(n, -PI.hi, x);
    (fused::<FMA, _>(n, -PI.lo, r), shifted)
}

/// The number as `f32`, its sign changed if the last bit of the other is set.
#[inline(always)]
fn half_turned(x: f64, shifted: f64) -> f32 {
    f64::from_bits(x.to_bits() ^ shifted.to_bits() << 63) as f32
}

impl Lanes<f32> for Sin {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let (r, shifted) = half_turns::<FMA>(x.into());
        half_turned(r * polynomial::<FMA, _, _>(r * r, &SIN_F32), shifted)
    }

    #[inline(always)]
    fn easy(x: f32) -> bool {
        x.abs() <= NEAR_F32
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f32) -> f32 {
        sin_f64::<FMA>(x.into()) as f32
    }
}

impl Lanes<f32> for Cos {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let (r, shifted) = half_turns::<FMA>(x.into());
        let w = fused::<FMA, _>(-r, r, SQUARE);
        half_turned(w * polynomial::<FMA, _, _>(w, &COS_F32), shifted)
    }

    #[inline(always)]
    fn easy(x: f32) -> bool {
        x.abs() <= NEAR_F32
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f32) -> f32 {
        cos_f64::<FMA>(x.into()) as f32
    }
}

/// sin(r) / r in powers of r², within 2^-28 of itself, for r within ±π/4.
const TAN_SIN_F32: [f64; 4] =
    [-0.00019501656488780315, 0.008332015163396453, -0.16666650200001118, 0.9999999967554103];

/// cos(r) in powers of r², within 2^-34 of itself, for r within ±π/4.
const TAN_COS_F32: [f64; 5] = [
    2.4372467611727907e-05,
    -0.0013886526806892278,
    0.04166661315360847,
    -0.499999995706985,
    0.9999999999437961,
];

impl Lanes<f32> for Tan {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let x = f64::from(x);
        let shifted = fused::<FMA, _>(x, std::f64::consts::FRAC_2_PI, ROUND_F64);
        let n = shifted - ROUND_F64;
        let r = fused::<FMA, _>(n, -0.5 * PI.hi, x);
        let r = fused::<FMA, _>(n, -0.5 * PI.lo, r);
        let z = r * r;
        let sin = r * polynomial::<FMA, _, _>(z, &TAN_SIN_F32);
        let cos = polynomial::<FMA, _, _>(z, &TAN_COS_F32);
        let inverse = shifted.to_bits() & 1 != 0;
        let tan = select(inverse, cos, sin) / select(inverse, sin, cos);
        half_turned(tan, shifted)
    }

    #[inline(always)]
    fn easy(x: f32) -> bool {
        x.abs() <= NEAR_F32
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f32) -> f32 {
        tan_f64::<FMA>(x.into()) as f32
    }
}
