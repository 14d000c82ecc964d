//! Hyperbolic functions.
//!
//! With |x| = n ln 2 + r as for the exponential, exp(±|x|) = 2^±n (C(r) ± S(r)), the hyperbolic cosine and
//! sine of r, so that sinh|x| = A C + B S and cosh x = B C + A S with A, B = 2^(n-1) ∓ 2^(-n-1), which are
//! exact or nearly so: no division, and no cancellation. The polynomials are minimax ones (Remez).
//!
//! tanh|x| = -E / (E + 2) with E = exp(-2|x|) - 1, the division with its remainder; with `f32` in a shorter
//! way, by a polynomial up to 1, and from there as 1 - 2 / (exp(2|x|) + 1), where the quotient is so small
//! that its error hardly counts.

use super::exponential::{Exponential, exp_large, expm1, reduce};
use super::{Lanes, Pair, fused, polynomial, quick_two_sum, two_product};

/// The hyperbolic sine.
pub(crate) struct Sinh;

/// The hyperbolic cosine.
pub(crate) struct Cosh;

/// The hyperbolic tangent.
pub(crate) struct Tanh;

/// What the hyperbolic functions need of a type.
pub(super) trait Hyperbolic: Exponential {
    /// (C(r) - 1) / r² and (S(r) - r) / r³, of z = r².
    fn series<const FMA: bool>(z: Self) -> (Self, Self);
}

impl Hyperbolic for f64 {
    #[inline(always)]
    fn series<const FMA: bool>(z: f64) -> (f64, f64) {
        // within 2^-56 and 2^-60
        const C: [f64; 5] = [
            2.763140883434503e-07,
            2.4801489567260146e-05,
            0.0013888888947400767,
            0.0416666666665138,
            0.5000000000000013,
        ];
        const S: [f64; 5] = [
            2.5109090893016393e-08,
            2.7557244060559973e-06,
            0.00019841269886267546,
            0.008333333333321577,
            0.16666666666666677,
        ];
        (polynomial::<FMA, _, _>(z, &C), polynomial::<FMA, _, _>(z, &S))
    }
}

impl Hyperbolic for f32 {
    #[inline(always)]
    fn series<const FMA: bool>(z: f32) -> (f32, f32) {
        // within 2^-29 and 2^-30
        const C: [f32; 3] = [0.001_394_627_6, 0.041_666_266, 0.5];
        const S: [f32; 3] = [0.000_199_050_12, 0.008_333_289, 0.166_666_67];
        (polynomial::<FMA, _, _>(z, &C), polynomial::<FMA, _, _>(z, &S))
    }
}

/// `first C(r) + second S(r)`, for A and B or B and A.
#[inline(always)]
fn combine<const FMA: bool, T: Hyperbolic>(first: Pair<T>, second: T, r: T, lost: T) -> T {
    let z = r * r;
    let (c, s) = T::series::<FMA>(z);
    let product = two_product::<FMA, T>(second, r);
    let sum = quick_two_sum(first.hi, product.hi);
    // what is left of S, and the rounding of the product
    let odd = fused::<FMA, T>(z * r, s, lost);
    let odd = fused::<FMA, T>(second, odd, product.lo);
    let even = fused::<FMA, T>(z, c, r * lost);
    sum.hi + (fused::<FMA, T>(first.hi, even, first.lo + sum.lo) + odd)
}

/// 2^(n-1) and 2^(-n-1), for n given as `ROUND + n`.
#[inline(always)]
fn powers<T: Exponential>(shifted: T) -> (T, T) {
    (T::HALF.shift(shifted), T::HALF.shift(T::ROUND - (shifted - T::ROUND)))
}

impl<T: Hyperbolic> Lanes<T> for Sinh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let (shifted, r, lost) = reduce::<FMA, T>(x.abs());
        let (up, down) = powers(shifted);
        combine::<FMA, T>(quick_two_sum(up, -down), up + down, r, lost).copysign(x)
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        x.abs() <= T::EASY
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        exp_large::<FMA, T>(x.abs(), T::HALF).copysign(x)
    }
}

impl<T: Hyperbolic> Lanes<T> for Cosh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let (shifted, r, lost) = reduce::<FMA, T>(x.abs());
        let (up, down) = powers(shifted);
        combine::<FMA, T>(quick_two_sum(up, down), up - down, r, lost)
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        x.abs() <= T::EASY
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        exp_large::<FMA, T>(x.abs(), T::HALF)
    }
}

impl Lanes<f64> for Tanh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64) -> f64 {
        let a = x.abs();
        let a = if a > 20.0 { 20.0 } else { a }; // where it is 1; NaN stays
        let e = expm1::<FMA, _>(-2.0 * a);
        let e = quick_two_sum(e.hi, e.lo);
        let sum = quick_two_sum(2.0, e.hi);
        let inverse = 1.0 / sum.hi;
        let quotient = e.hi * inverse;
        let rest = fused::<FMA, _>(-quotient, sum.hi, e.hi) + e.lo;
        let rest = fused::<FMA, _>(-quotient, sum.lo + e.lo, rest);
        fused::<FMA, _>(rest, inverse, quotient).copysign(x)
    }
}

impl Lanes<f32> for Tanh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32) -> f32 {
        // (tanh(x) / x - 1) / x², within 2^-27 of x / tanh(x) up to 1
        const SMALL: [f32; 7] = [
            -0.000_358_453_54,
            0.002_301_369_8,
            -0.007_946_113,
            0.021_486_662,
            -0.053_879_805,
            0.133_323_45,
            -0.333_332_96,
        ];
        // (exp(2 r) - 1 - 2 r) / r², within 2^-27
        const LARGE: [f32; 5] = [0.089_284_025, 0.267_806_53, 0.666_659_24, 1.333_321_5, 2.0];
        // ln 2 / 2 to 12 bits, and the rest
        const STEP: (f32, f32) = (0.346_435_55, 0.000_138_043_41);
        let z = x * x;
        let small = fused::<FMA, _>(x * z, polynomial::<FMA, _, _>(z, &SMALL), x);
        // |x| = n ln 2 / 2 + r, and 1 - 2 / (2^n exp(2 r) + 1)
        let a = x.abs();
        let a = if a > 10.0 { 10.0 } else { a }; // where it is 1; NaN stays
        let shifted = fused::<FMA, _>(a, 2.0 * std::f32::consts::LOG2_E, f32::ROUND);
        let n = shifted - f32::ROUND;
        let r = fused::<FMA, _>(n, -STEP.1, fused::<FMA, _>(n, -STEP.0, a));
        let m = r * fused::<FMA, _>(r, polynomial::<FMA, _, _>(r, &LARGE), 2.0);
        let power = 1f32.shift(shifted);
        let inverse = 1.0 / fused::<FMA, _>(power, m, power + 1.0);
        let large = fused::<FMA, _>(-2.0, inverse, 1.0);
        (if a < 1.0 { small } else { large }).copysign(x)
    }
}
