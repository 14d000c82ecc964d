//! Hyperbolic functions.
//!
//! With |x| = n ln 2 + r as for the exponential, exp(±|x|) = 2^±n (C(r) ± S(r)), the hyperbolic cosine and
//! sine of r, so that sinh|x| = A C + B S and cosh x = B C + A S with A, B = 2^(n-1) ∓ 2^(-n-1), which are
//! exact or nearly so: no division, and no cancellation. The polynomials are minimax ones (Remez).
//!
//! tanh|x| = -E / (E + 2) with E = exp(-2|x|) - 1, the division with its remainder.

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
    /// From here on tanh is 1.
    const TANH_ONE: Self;

    /// (C(r) - 1) / r² and (S(r) - r) / r³, of z = r².
    fn series<const FMA: bool>(z: Self) -> (Self, Self);
}

impl Hyperbolic for f64 {
    const TANH_ONE: f64 = 20.0;

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
    const TANH_ONE: f32 = 10.0;

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

impl<T: Hyperbolic> Lanes<T> for Tanh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let a = x.abs();
        let a = if a > T::TANH_ONE { T::TANH_ONE } else { a }; // NaN stays
        let e = expm1::<FMA, T>(-T::TWO * a);
        let e = quick_two_sum(e.hi, e.lo);
        let sum = quick_two_sum(T::TWO, e.hi);
        let inverse = T::ONE / sum.hi;
        let quotient = e.hi * inverse;
        let rest = fused::<FMA, T>(
            -quotient,
            sum.lo + e.lo,
            fused::<FMA, T>(-quotient, sum.hi, e.hi) + e.lo,
        );
        fused::<FMA, T>(rest, inverse, quotient).copysign(x)
    }
}
