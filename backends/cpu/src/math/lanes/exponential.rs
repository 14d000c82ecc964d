//! Exponentials.
//!
//! With n the integer nearest to x / ln 2, exp(x) = 2^n exp(r), where r = x - n ln 2 lies within ±0.35: ln 2
//! is taken in two parts, so that the difference loses nothing. exp(r) is 1 + r + r² q(r), q a minimax
//! polynomial (Remez, relative error). The scaling adds n to the exponent of a normal result; for the
//! others it is two multiplications.
//!
//! exp(x) - 1 is the sum of 2^n - 1 and 2^n (exp(r) - 1), where the first term and that of r are exact, and
//! what r has lost is part of the sum.

use super::scale::{ROUND_F32, ROUND_F64, scale_f32, scale_f64, shift_f32, shift_f64};
use super::{Lanes, Pair, Real, fused, polynomial, quick_two_sum, two_sum};

/// The exponential.
pub(crate) struct Exp;

/// ln 2 to 33 bits, of which multiples by integers of 20 bits are exact, and the rest.
pub(super) const LN_2_F64: (f64, f64) = (0.693_147_180_485_539_1, 7.440_617_110_012_397e-11);

/// (exp(r) - 1 - r) / r² within 2^-56 of exp(r) / r², for r within ±ln 2 / 2.
pub(super) const EXP_F64: [f64; 10] = [
    2.500000833243082e-08,
    2.7630248485211643e-07,
    2.7557586548670366e-06,
    2.480149309891094e-05,
    0.00019841269506377436,
    0.0013888888943629745,
    0.008333333333494555,
    0.04166666666653016,
    0.16666666666666413,
    0.5000000000000011,
];

/// As [`LN_2_F64`], to 9 bits; 13 bits beside it.
const LN_2_F32: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// As [`EXP_F64`] within 2^-27.
const EXP_F32: [f32; 5] = [0.001_381_425, 0.008_368_798_2, 0.041_668_4, 0.166_665_2, 0.499_999_94];

/// exp(r) and the sum whose low bits are n.
#[inline(always)]
fn parts_f64<const FMA: bool>(x: f64) -> (f64, f64) {
    let shifted = fused::<FMA, _>(x, std::f64::consts::LOG2_E, ROUND_F64);
    let n = shifted - ROUND_F64;
    let r = fused::<FMA, _>(n, -LN_2_F64.0, x);
    let r = fused::<FMA, _>(n, -LN_2_F64.1, r);
    let q = polynomial::<FMA, _, _>(r, &EXP_F64);
    (fused::<FMA, _>(fused::<FMA, _>(q, r, 1.0), r, 1.0), shifted)
}

/// As [`parts_f64`].
#[inline(always)]
fn parts_f32<const FMA: bool>(x: f32) -> (f32, f32) {
    let shifted = fused::<FMA, _>(x, std::f32::consts::LOG2_E, ROUND_F32);
    let n = shifted - ROUND_F32;
    let r = fused::<FMA, _>(n, -LN_2_F32.0, x);
    let r = fused::<FMA, _>(n, -LN_2_F32.1, r);
    let q = polynomial::<FMA, _, _>(r, &EXP_F32);
    (fused::<FMA, _>(fused::<FMA, _>(q, r, 1.0), r, 1.0), shifted)
}

impl Lanes<f64> for Exp {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        let (e, n) = parts_f64::<FMA>(x);
        shift_f64(e, n)
    }

    #[inline(always)]
    fn easy(x: f64) -> bool {
        x.abs() <= 708.0
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64) -> f64 {
        // beyond, results do not change any more; NaN stays
        let x = if x < -746.0 { -746.0 } else { x };
        let x = if x > 710.0 { 710.0 } else { x };
        let (e, n) = parts_f64::<FMA>(x);
        scale_f64(e, n)
    }
}

impl Lanes<f32> for Exp {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        let (e, n) = parts_f32::<FMA>(x);
        shift_f32(e, n)
    }

    #[inline(always)]
    fn easy(x: f32) -> bool {
        x.abs() <= 87.0
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f32) -> f32 {
        let x = if x < -104.0 { -104.0 } else { x };
        let x = if x > 89.0 { 89.0 } else { x };
        let (e, n) = parts_f32::<FMA>(x);
        scale_f32(e, n)
    }
}

/// The exponential less one.
pub(crate) struct Expm1;

/// What exponentials need of a type, where they are written for both.
pub(super) trait Exponential: Real {
    /// Added, it rounds to an integer.
    const ROUND: Self;
    /// 1 / ln 2.
    const LOG2_E: Self;
    /// ln 2 in two parts.
    const LN_2: (Self, Self);
    /// Up to here in magnitude exp(x) and exp(-x) are normal numbers, and within the range of [`fused`].
    const EASY: Self;
    /// From here on exp(x) / 2 is infinite.
    const INFINITE: Self;

    /// (exp(r) - 1 - r) / r².
    fn expm1_series<const FMA: bool>(r: Self) -> Self;

    /// `self * 2^n`, where `shifted` is `ROUND + n`, for normal numbers.
    fn shift(self, shifted: Self) -> Self;

    /// As [`Exponential::shift`] with overflow and gradual underflow.
    fn scale(self, shifted: Self) -> Self;
}

impl Exponential for f64 {
    const ROUND: f64 = ROUND_F64;
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    const LN_2: (f64, f64) = LN_2_F64;
    const EASY: f64 = 680.0;
    const INFINITE: f64 = 711.0;

    #[inline(always)]
    fn expm1_series<const FMA: bool>(r: f64) -> f64 {
        // within 2^-60 of exp(r) - 1
        const Q: [f64; 11] = [
            2.0924489644631126e-09,
            2.51090902961062e-08,
            2.7557242604614163e-07,
            2.755724406255087e-06,
            2.48015873607411e-05,
            0.00019841269886265275,
            0.0013888888888866746,
            0.008333333333321579,
            0.0416666666666667,
            0.16666666666666677,
            0.5,
        ];
        polynomial::<FMA, _, _>(r, &Q)
    }

    #[inline(always)]
    fn shift(self, shifted: f64) -> f64 {
        shift_f64(self, shifted)
    }

    #[inline(always)]
    fn scale(self, shifted: f64) -> f64 {
        scale_f64(self, shifted)
    }
}

impl Exponential for f32 {
    const ROUND: f32 = ROUND_F32;
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    const LN_2: (f32, f32) = LN_2_F32;
    const EASY: f32 = 86.0;
    const INFINITE: f32 = 90.0;

    #[inline(always)]
    fn expm1_series<const FMA: bool>(r: f32) -> f32 {
        // within 2^-28
        const Q: [f32; 6] =
            [0.000_199_142_6, 0.001_394_105_1, 0.008_333_273, 0.041_666_355, 0.166_666_67, 0.5];
        polynomial::<FMA, _, _>(r, &Q)
    }

    #[inline(always)]
    fn shift(self, shifted: f32) -> f32 {
        shift_f32(self, shifted)
    }

    #[inline(always)]
    fn scale(self, shifted: f32) -> f32 {
        scale_f32(self, shifted)
    }
}

/// n as `ROUND + n`, r, and what r has lost.
#[inline(always)]
pub(super) fn reduce<const FMA: bool, T: Exponential>(x: T) -> (T, T, T) {
    let shifted = fused::<FMA, T>(x, T::LOG2_E, T::ROUND);
    let n = shifted - T::ROUND;
    let first = fused::<FMA, T>(n, -T::LN_2.0, x);
    let r = fused::<FMA, T>(n, -T::LN_2.1, first);
    (shifted, r, fused::<FMA, T>(n, -T::LN_2.1, first - r))
}

/// exp(x) - 1 as a sum of two, for easy arguments.
#[inline(always)]
pub(super) fn expm1<const FMA: bool, T: Exponential>(x: T) -> Pair<T> {
    let (shifted, r, lost) = reduce::<FMA, T>(x);
    let power = T::ONE.shift(shifted);
    let whole = two_sum(power, -T::ONE);
    let sum = quick_two_sum(whole.hi, power * r);
    let lost = fused::<FMA, T>(lost, r, lost);
    let rest = fused::<FMA, T>(r * r, T::expm1_series::<FMA>(r), lost);
    Pair { hi: sum.hi, lo: fused::<FMA, T>(power, rest, sum.lo + whole.lo) }
}

/// exp(x) times a factor of at most 1, infinity included, for what is not below 1.
#[inline(always)]
pub(super) fn exp_large<const FMA: bool, T: Exponential>(x: T, factor: T) -> T {
    let x = if x > T::INFINITE { T::INFINITE } else { x }; // NaN stays
    let (shifted, r, lost) = reduce::<FMA, T>(x);
    let lost = fused::<FMA, T>(lost, r, lost);
    let rest = fused::<FMA, T>(r * r, T::expm1_series::<FMA>(r), lost);
    let sum = quick_two_sum(T::ONE, r);
    (factor * (sum.hi + (sum.lo + rest))).scale(shifted)
}

impl<T: Exponential> Lanes<T> for Expm1 {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let sum = expm1::<FMA, T>(x);
        // for the sign of zero
        (sum.hi + sum.lo).copysign(x)
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        x.abs() <= T::EASY
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        let x_or_one = if x < T::ONE { T::ONE } else { x };
        let e = exp_large::<FMA, T>(x_or_one, T::ONE);
        if x < T::ONE { -T::ONE } else { e }
    }
}
