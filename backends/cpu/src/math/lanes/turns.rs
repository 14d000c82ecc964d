//! Arguments of the circular functions less multiples of π/2.

use std::hint::select_unpredictable as select;

use super::scale::ROUND_F64;
use super::{Pair, fused, quick_two_sum, two_product, two_sum};

/// π/2 in three parts.
const HALF_PI: [f64; 3] = [
    f64::from_bits(0x3FF9_21FB_5444_2D18),
    f64::from_bits(0x3C91_A626_3314_5C07),
    f64::from_bits(0xB91F_1976_B7ED_8FBC),
];

/// Up to this magnitude [`reduce`] is right.
pub(super) const NEAR: f64 = 274_877_906_944.0; // 2^38

/// An argument as `r + n π/2`, |r| <= π/4 or little more.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    /// r, as a sum of two.
    pub(super) rest: Pair<f64>,
    /// In the last bits, n.
    pub(super) turns: u64,
}

/// For magnitudes up to [`NEAR`], by Cody and Waite's method (1980): the multiple is subtracted in parts.
///
/// The first difference is exact. What follows is rounded where 2^-53 of it is below 2^-120, while no
/// argument comes closer to a multiple than 2^-61 (Muller, "Elementary Functions", 11.3).
#[inline(always)]
pub(super) fn reduce<const FMA: bool>(x: f64) -> Reduced {
    let shifted = fused::<FMA, _>(x, std::f64::consts::FRAC_2_PI, ROUND_F64);
    let n = shifted - ROUND_F64;
    let first = fused::<FMA, _>(n, -HALF_PI[0], x);
    let second = two_product::<FMA, _>(n, -HALF_PI[1]);
    let sum = two_sum(first, second.hi);
    let lo = fused::<FMA, _>(n, -HALF_PI[2], sum.lo + second.lo);
    Reduced { rest: Pair { hi: sum.hi, lo }, turns: shifted.to_bits() }
}

/// The one sum or the other.
#[inline(always)]
pub(super) fn pair(condition: bool, yes: Pair<f64>, no: Pair<f64>) -> Pair<f64> {
    Pair { hi: select(condition, yes.hi, no.hi), lo: select(condition, yes.lo, no.lo) }
}

/// 64 zeros and the bits of 2/π, highest first.
const TWO_OVER_PI: [u64; 21] = [
    0x0000_0000_0000_0000,
    0xA2F9_836E_4E44_1529,
    0xFC27_57D1_F534_DDC0,
    0xDB62_9599_3C43_9041,
    0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0,
    0x0649_2EEA_09D1_921C,
    0xFE1D_EB1C_B129_A73E,
    0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41,
    0x3991_D639_8353_39F4,
    0x9C84_5F8B_BDF9_283B,
    0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F,
    0x6D36_7ECF_27CB_09B7,
    0x4F46_3F66_9E5F_EA2D,
    0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA,
    0x6BFB_5FB1_1F8D_5D08,
    0x5603_3046_FC7B_6BAB,
    0xF0CF_BC20_9AF4_361D,
];

/// For positive finite numbers from 1 on, by the method of Payne and Hanek (1983): of the product with 2/π, as an
/// integer, no more is formed than two bits before the point and 190 after it. The error is below 2^-137.
fn reduce_far<const FMA: bool>(x: f64) -> Reduced {
    let bits = x.to_bits();
    let m = (bits & ((1 << 52) - 1)) | (1 << 52);
    // x = m 2^e, and bits of 2/π before this place give multiples of 4
    let place = ((bits >> 52) & 0x7ff) as usize + 64 - 1075 - 2;
    let (word, shift) = (place / 64, place % 64);
    let window = |i: usize| {
        let both = u128::from(TWO_OVER_PI[word + i]) << 64 | u128::from(TWO_OVER_PI[word + i + 1]);
        (both << shift >> 64) as u64
    };
    // the product modulo 2^192, in words from the highest
    let low = u128::from(m) * u128::from(window(2));
    let middle = u128::from(m) * u128::from(window(1)) + (low >> 64);
    let high = m.wrapping_mul(window(0)).wrapping_add((middle >> 64) as u64);
    let (middle, low) = (middle as u64, low as u64);
    // behind the point, as a number between -1/2 and 1/2
    let fraction = [high << 2 | middle >> 62, middle << 2 | low >> 62, low << 2];
    let negative = fraction[0] >> 63 == 1;
    let turns = (high >> 62) + u64::from(negative);
    let flip = if negative { u64::MAX } else { 0 };
    // the last bit is far below those that count: no carry
    let [a, b, c] = fraction.map(|word| word ^ flip);
    // without the zeros in front, of which there are fewer than 64
    let zeros = a.leading_zeros() as usize % 64;
    let window = |a: u64, b: u64| ((u128::from(a) << 64 | u128::from(b)) << zeros >> 64) as u64;
    let (a, b) = (window(a, b), window(b, c));
    let unit = f64::from_bits((1023 - 53 - zeros as u64) << 52);
    let hi = (a >> 11) as f64 * unit;
    let lo = (a << 53 >> 11 | b >> 22) as f64 * unit * (1.0 / 9_007_199_254_740_992.0);
    // times π/2
    let product = two_product::<FMA, _>(hi, HALF_PI[0]);
    let lo = fused::<FMA, _>(lo, HALF_PI[0], fused::<FMA, _>(hi, HALF_PI[1], product.lo));
    let rest = quick_two_sum(product.hi, lo);
    let sign = if negative { -1.0 } else { 1.0 };
    Reduced { rest: Pair { hi: sign * rest.hi, lo: sign * rest.lo }, turns }
}

/// For every number; NaN for what is not finite.
pub(super) fn reduce_any<const FMA: bool>(x: f64) -> Reduced {
    if x.abs() <= NEAR {
        reduce::<FMA>(x)
    } else if x.is_finite() {
        reduce_far::<FMA>(x)
    } else {
        Reduced { rest: Pair { hi: f64::NAN, lo: 0.0 }, turns: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways lead to the same angle, to more bits than a result has.
    #[test]
    fn near_and_far_are_alike() {
        let mut x = 1.0;
        while x < NEAR {
            let (near, far) = (reduce::<true>(x), reduce_far::<true>(x));
            assert_eq!(near.turns & 3, far.turns & 3, "{x:e}");
            let off = (near.rest.hi - far.rest.hi) + (near.rest.lo - far.rest.lo);
            assert!(off.abs() < 1e-30 + 1e-28 * near.rest.hi.abs(), "{x:e}: {off:e}");
            x *= 1.000_37;
        }
    }

    /// The number of all that comes closest to a multiple of π/2 (Muller, "Elementary Functions", 11.3).
    #[test]
    fn the_worst_case_keeps_its_bits() {
        let x = 6_381_956_970_095_103.0 * 2f64.powi(797);
        let Reduced { rest, turns } = reduce_any::<true>(x);
        assert_eq!((turns & 3, rest.hi.abs()), (1, 4.687_165_924_254_628e-19));
        assert!(rest.lo.abs() < rest.hi.abs() * f64::EPSILON);
    }

    #[test]
    fn what_is_not_finite_has_no_angle() {
        for x in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(reduce_any::<true>(x).rest.hi.is_nan());
        }
    }
}
