//! The elementary functions in the lanes of vector units.
//!
//! A function is a type with the trait [`Lanes`] (one argument) or [`Lanes2`] for `f32` and for `f64`. Its
//! body computes one element without branches or calls: comparisons that select, integer operations on the
//! bits of lanes of the same width. The loops of `kernels/lanes.rs` are compiled for every vector unit and
//! vectorised by the compiler. To add one: write the type in the file of its family, name it as the
//! operation, re-export it here, and enter `vector lanes: () => same;` in the table of kernels.
//!
//! - **The error is below one unit in the last place**, of every argument, and special cases are the
//!   standard's. Functions of `f32` that are not worth a form of their own are computed in `f64`
//!   and rounded once.
//! - **Results have the same bits on every unit.** Fused operations go through [`fused`], which takes
//!   from the level of the loop (`const FMA`) whether there is an instruction, and otherwise computes the
//!   same by other means, slowly. What is not fused is not contracted.
//! - **Rare arguments**: [`Lanes::easy`] says for which arguments `fast` holds. A block in which one is not
//!   easy is gone through again with `slow` for those that are not, so that the result of an element
//!   does not depend on its neighbours. A `slow` that is short and without branches is vectorised too.
//! - **Small tables** are looked up in registers where a function is written out for a unit
//!   ([`Lanes2::written_out`], over [`numbers`]), elsewhere in memory; with the same bits.
//! - What only pads a block is 1: it is easy, and its result ignored.

use std::mem::MaybeUninit;

mod arcs;
mod circular;
mod exponential;
mod fused;
mod hyperbolic;
mod hypot;
mod inverse;
mod logaddexp;
mod logarithm;
mod numbers;
mod power;
pub(crate) mod scale;
#[cfg(test)]
mod tests;
mod turns;

pub(crate) use arcs::{Acos, Asin, Atan, Atan2};
pub(crate) use circular::{Cos, Sin, Tan};
pub(crate) use exponential::{Exp, Expm1};
pub(crate) use fused::Real;
pub(crate) use hyperbolic::{Cosh, Sinh, Tanh};
pub(crate) use hypot::Hypot;
pub(crate) use inverse::{Acosh, Asinh, Atanh};
pub(crate) use logaddexp::Logaddexp;
pub(crate) use logarithm::{Log, Log1p, Log2, Log10};
pub(crate) use power::Pow;

/// A function of one argument.
pub(crate) trait Lanes<T: Real> {
    /// The result, if the argument is easy: without branches and calls.
    fn fast<const FMA: bool>(x: T) -> T;

    /// Whether `fast` holds; without branches and calls.
    #[inline(always)]
    fn easy(_: T) -> bool {
        true
    }

    /// The result for an argument that is not easy.
    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        Self::fast::<FMA>(x)
    }
}

/// A function of two arguments, as [`Lanes`].
pub(crate) trait Lanes2<T: Real> {
    /// The result, if the arguments are easy: without branches and calls.
    fn fast<const FMA: bool>(a: T, b: T) -> T;

    /// Whether `fast` holds; without branches and calls.
    #[inline(always)]
    fn easy(_: T, _: T) -> bool {
        true
    }

    /// The result for arguments that are not easy.
    #[inline(always)]
    fn slow<const FMA: bool>(a: T, b: T) -> T {
        Self::fast::<FMA>(a, b)
    }

    /// Writes the results of `fast` for a block of a multiple of sixteen elements, where that is written out
    /// for a [`Level`](crate::simd::Level); whether it is.
    ///
    /// # Safety
    /// The processor has the level.
    #[inline(always)]
    unsafe fn written_out<const LEVEL: u8, const N: usize>(
        _: &[T; N],
        _: &[T; N],
        _: &mut [MaybeUninit<T>; N],
    ) -> bool {
        false
    }
}

/// `a * b + c`, rounded once.
///
/// With `f64`, for results that are the same on every level: `a`, `b` and `a * b` must be below 2^996 in
/// magnitude and `c` finite (what is not easy, or selected away, may be otherwise: it gives NaN at worst),
/// and where the last bit of the result hangs on the low half of `a * b`, that must be above 2^-1022.
#[inline(always)]
pub(crate) fn fused<const FMA: bool, T: Real>(a: T, b: T, c: T) -> T {
    if FMA { a.mul_add(b, c) } else { a.emulated_mul_add(b, c) }
}

/// The value of a polynomial by Horner's rule, the coefficient of the highest power first.
#[inline(always)]
pub(crate) fn polynomial<const FMA: bool, T: Real, const N: usize>(x: T, of: &[T; N]) -> T {
    let mut sum = of[0];
    for &coefficient in &of[1..] {
        sum = fused::<FMA, T>(sum, x, coefficient);
    }
    sum
}

/// A sum of two numbers, of which `lo` is the error of `hi`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<T> {
    pub(crate) hi: T,
    pub(crate) lo: T,
}

/// `a + b` without an error (Knuth, TAOCP 2, 4.2.2).
#[inline(always)]
pub(crate) fn two_sum<T: Real>(a: T, b: T) -> Pair<T> {
    let hi = a + b;
    let from_b = hi - a;
    let from_a = hi - from_b;
    Pair { hi, lo: (a - from_a) + (b - from_b) }
}

/// `a + b` without an error, where `a` is 0 or not the smaller in magnitude (Dekker 1971).
#[inline(always)]
pub(crate) fn quick_two_sum<T: Real>(a: T, b: T) -> Pair<T> {
    let hi = a + b;
    Pair { hi, lo: b - (hi - a) }
}

/// `a * b` without an error, in the ranges of [`fused`].
#[inline(always)]
pub(crate) fn two_product<const FMA: bool, T: Real>(a: T, b: T) -> Pair<T> {
    let hi = a * b;
    Pair { hi, lo: fused::<FMA, T>(a, b, -hi) }
}
