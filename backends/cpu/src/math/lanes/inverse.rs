//! Inverse hyperbolic functions, as logarithms of sums of two numbers.
//!
//! asinh a = ln(a + √(a² + 1)), acosh x = ln(x + √(x² - 1)), 2 atanh a = ln((1 + a) / (1 - a)): the
//! arguments are computed to twice the precision, so that what a logarithm near 1 needs is there, down to
//! where the function is its argument. (The roots and the quotient by one step of Newton's from the rounded
//! ones.) ln(2 a) stands for the first two where the other term does not count.

use super::logarithm::{Logarithm, of_sum};
use super::{Lanes, Pair, Real, fused, quick_two_sum, two_product, two_sum};

/// The inverse hyperbolic sine.
pub(crate) struct Asinh;

/// The inverse hyperbolic cosine.
pub(crate) struct Acosh;

/// The inverse hyperbolic tangent.
pub(crate) struct Atanh;

/// What the inverse functions need of a type.
pub(super) trait Inverse: Logarithm {
    /// Below this, x³/3 does not count beside x.
    const SMALL: Self;
    /// From here on, 1 does not count beside x².
    const HUGE: Self;
}

impl Inverse for f64 {
    const SMALL: f64 = 3e-9;
    const HUGE: f64 = 1e9;
}

impl Inverse for f32 {
    const SMALL: f32 = 1e-4;
    const HUGE: f32 = 1e5;
}

/// The root of a sum of two numbers that is not negative.
#[inline(always)]
fn root<const FMA: bool, T: Real>(x: Pair<T>) -> Pair<T> {
    let hi = x.hi.sqrt();
    let rest = fused::<FMA, T>(-hi, hi, x.hi) + x.lo;
    let lo = rest * (T::HALF / hi);
    Pair { hi, lo: if hi > T::ZERO { lo } else { T::ZERO } }
}

/// ln of a sum of two numbers, or ln(2 `large`) if that is so large that it is the same.
#[inline(always)]
fn ln<const FMA: bool, T: Inverse>(x: Pair<T>, large: T) -> T {
    let is_large = large > T::HUGE;
    let (k, m, inverse) = (if is_large { large } else { x.hi }).reduce();
    let k = if is_large { k + T::ONE } else { k };
    let lo = if is_large { T::ZERO } else { x.lo * inverse };
    of_sum::<FMA, T>(k, m, lo)
}

impl<T: Inverse> Lanes<T> for Asinh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let a = x.abs();
        // what is large would overflow
        let b = if a > T::HUGE { T::ONE } else { a };
        let square = two_product::<FMA, T>(b, b);
        let sum = two_sum(square.hi, T::ONE);
        let root = root::<FMA, T>(Pair { hi: sum.hi, lo: sum.lo + square.lo });
        let sum = quick_two_sum(root.hi, b);
        let log = ln::<FMA, T>(Pair { hi: sum.hi, lo: sum.lo + root.lo }, a);
        if a < T::SMALL { x } else { log.copysign(x) }
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        x.abs() <= T::MAX
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        // infinity, NaN
        x
    }
}

impl<T: Inverse> Lanes<T> for Acosh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let b = if x > T::HUGE { T::ONE } else { x };
        let square = two_product::<FMA, T>(b, b);
        let sum = two_sum(square.hi, -T::ONE);
        let root = root::<FMA, T>(quick_two_sum(sum.hi, sum.lo + square.lo));
        let sum = quick_two_sum(b, root.hi);
        ln::<FMA, T>(Pair { hi: sum.hi, lo: sum.lo + root.lo }, x)
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        (x >= T::ONE) & (x <= T::MAX)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        // infinity, NaN, and what is below 1
        if x < T::ONE { T::NAN } else { x }
    }
}

impl<T: Inverse> Lanes<T> for Atanh {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        let a = x.abs();
        let (above, below) = (quick_two_sum(T::ONE, a), quick_two_sum(T::ONE, -a));
        let inverse = T::ONE / below.hi;
        let quotient = above.hi * inverse;
        let rest = fused::<FMA, T>(-quotient, below.hi, above.hi);
        let rest = rest + fused::<FMA, T>(-quotient, below.lo, above.lo);
        let sum = quick_two_sum(quotient, rest * inverse);
        let log = T::HALF * ln::<FMA, T>(sum, T::ONE);
        if a < T::SMALL { x } else { log.copysign(x) }
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        x.abs() < T::ONE
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        // NaN, too, is not 1
        if x.abs() == T::ONE { T::INFINITY.copysign(x) } else { T::NAN }
    }
}
