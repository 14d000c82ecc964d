//! The loops: one for each number of operands, over contiguous memory.
//!
//! Operands and result of a loop never overlap, which lets the compiler vectorise each without checks.

use std::mem::MaybeUninit;
use std::slice::{from_raw_parts, from_raw_parts_mut};

use super::{BinaryFn, UnaryFn};
use crate::simd::{Level, dispatch};

/// An operation on one value.
pub(crate) trait Map1<T: Copy> {
    /// The type of the result.
    type Out: Copy;
    /// The result.
    fn apply(x: T) -> Self::Out;
}

/// An operation on two values.
pub(crate) trait Map2<T: Copy> {
    /// The type of the result.
    type Out: Copy;
    /// How many values of type `T` an element consists of.
    const WIDTH: usize = 1;
    /// The result.
    fn apply(a: T, b: T) -> Self::Out;
}

/// Bits that a select moves.
pub(crate) trait Bits: Copy {
    /// `a` if the condition is true, else `b`, without a branch: a conditional load would not be vectorised.
    fn blend(c: bool, a: Self, b: Self) -> Self;
}

macro_rules! bits {
    ($($t:ident)*) => { $(
        impl Bits for $t {
            #[inline(always)]
            fn blend(c: bool, a: $t, b: $t) -> $t {
                let mask = $t::from(c).wrapping_neg();
                a & mask | b & !mask
            }
        }
    )* };
}
bits!(u8 u16 u32 u64);

impl Bits for [u64; 2] {
    #[inline(always)]
    fn blend(c: bool, a: Self, b: Self) -> Self {
        [u64::blend(c, a[0], b[0]), u64::blend(c, a[1], b[1])]
    }
}

/// An operation that acts on the parts of a complex number each for itself.
pub(crate) struct Parts<F>(F);

impl<T: Copy, F: Map2<T>> Map2<T> for Parts<F> {
    type Out = F::Out;
    const WIDTH: usize = 2;
    #[inline(always)]
    fn apply(a: T, b: T) -> F::Out {
        F::apply(a, b)
    }
}

/// # Safety
/// `x` has `n` elements, `y` room for as many; both are aligned, and they do not overlap.
#[inline(always)]
unsafe fn unary_loop<T: Copy, F: Map1<T>>(x: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (x, y) = unsafe {
        (from_raw_parts(x.cast::<T>(), n), from_raw_parts_mut(y.cast::<MaybeUninit<F::Out>>(), n))
    };
    for (y, &x) in y.iter_mut().zip(x) {
        y.write(F::apply(x));
    }
}

/// # Safety
/// `a` and `b` have `n` elements, `y` room for as many; all are aligned, and `y` overlaps neither.
#[inline(always)]
unsafe fn binary_loop<T: Copy, F: Map2<T>>(a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    let n = n * F::WIDTH;
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (a, b, y) = unsafe {
        (
            from_raw_parts(a.cast::<T>(), n),
            from_raw_parts(b.cast::<T>(), n),
            from_raw_parts_mut(y.cast::<MaybeUninit<F::Out>>(), n),
        )
    };
    for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
        y.write(F::apply(a, b));
    }
}

/// How many elements an element of each of two operands is from the next.
pub(crate) trait Steps {
    /// Of the first operand; 0 if it is one value for all.
    const A: usize;
    /// Of the second.
    const B: usize;
}

/// Every second element of both: the compiler reads them by vectors and shuffles.
pub(crate) struct EverySecond;

/// Elements and one value.
pub(crate) struct WithOne;

/// One value and elements.
pub(crate) struct OfOne;

impl Steps for EverySecond {
    const A: usize = 2;
    const B: usize = 2;
}

impl Steps for WithOne {
    const A: usize = 1;
    const B: usize = 0;
}

impl Steps for OfOne {
    const A: usize = 0;
    const B: usize = 1;
}

/// # Safety
/// `a` and `b` have elements as far as `n` steps of them reach, one at least, `y` room for `n`; all are aligned, and
/// `y` overlaps neither.
#[inline(always)]
unsafe fn apart_loop<T: Copy, F: Map2<T>, S: Steps>(
    a: *const u8,
    b: *const u8,
    y: *mut u8,
    n: usize,
) {
    let (a, b) = (a.cast::<T>(), b.cast::<T>());
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (first, y) = unsafe { ((*a, *b), from_raw_parts_mut(y.cast::<MaybeUninit<F::Out>>(), n)) };
    for (i, y) in y.iter_mut().enumerate() {
        // SAFETY: elements that `i` steps reach.
        let (a, b) = unsafe {
            (
                if S::A == 0 { first.0 } else { *a.add(S::A * i) },
                if S::B == 0 { first.1 } else { *b.add(S::B * i) },
            )
        };
        y.write(F::apply(a, b));
    }
}

/// # Safety
/// `c` has `n` bytes, `a` and `b` have `n` elements, `y` room for as many; all are aligned, and `y`
/// overlaps none of them.
#[inline(always)]
unsafe fn select_loop<T: Bits>(c: *const u8, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (c, a, b, y) = unsafe {
        (
            from_raw_parts(c, n),
            from_raw_parts(a.cast::<T>(), n),
            from_raw_parts(b.cast::<T>(), n),
            from_raw_parts_mut(y.cast::<MaybeUninit<T>>(), n),
        )
    };
    for (((y, &c), &a), &b) in y.iter_mut().zip(c).zip(a).zip(b) {
        y.write(T::blend(c != 0, a, b));
    }
}

dispatch! {
    /// The loop of an operation on one value: from `x` to `y`, `n` elements.
    fn unary<T, F>[T: Copy, F: Map1<T>,](x: *const u8, y: *mut u8, n: usize) = unary_loop;
    /// The loop of an operation on two values: from `a` and `b` to `y`, `n` elements.
    fn binary<T, F>[T: Copy, F: Map2<T>,](a: *const u8, b: *const u8, y: *mut u8, n: usize)
        = binary_loop;
    /// The loop of an operation on two operands whose elements are not side by side, to `y`, `n` elements.
    fn apart<T, F, S>[T: Copy, F: Map2<T>, S: Steps,](
        a: *const u8, b: *const u8, y: *mut u8, n: usize
    ) = apart_loop;
    /// The loop that takes from `a` where the byte of `c` is not 0, else from `b`.
    fn select<T>[T: Bits,](c: *const u8, a: *const u8, b: *const u8, y: *mut u8, n: usize)
        = select_loop;
}

/// The loop of an operation on one value, the same one for each level.
pub(crate) fn scalar_unary<T: Copy, F: Map1<T>>(_: Level) -> UnaryFn {
    unary_loop::<T, F>
}

/// The loop of an operation on two values, the same one for each level.
pub(crate) fn scalar_binary<T: Copy, F: Map2<T>>(_: Level) -> BinaryFn {
    binary_loop::<T, F>
}
