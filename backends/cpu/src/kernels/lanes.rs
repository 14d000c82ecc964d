//! The loops of [`Lanes`] and [`Lanes2`]: over blocks of a fixed number of elements, so that no element is
//! left to instructions for single ones.

use std::mem::MaybeUninit;
use std::slice::{from_raw_parts, from_raw_parts_mut};

use crate::math::lanes::{Lanes, Lanes2, Real};
use crate::simd::dispatch;

/// Elements of a block, of which those that are not easy are done over.
const BLOCK: usize = 64;

/// Elements of a block at the end: a power of two that the widest unit fills, twice with `f64`.
const SHORT: usize = 16;

/// The results for `N` elements, a multiple of [`SHORT`].
#[inline(always)]
fn block<T: Real, F: Lanes<T>, const FMA: bool, const N: usize>(
    x: &[T; N],
    y: &mut [MaybeUninit<T>; N],
) {
    for (y, &x) in y.iter_mut().zip(x) {
        y.write(F::fast::<FMA>(x));
    }
    let mut easy = true;
    for &x in x {
        easy &= F::easy(x);
    }
    if !easy {
        for (y, &x) in y.iter_mut().zip(x) {
            if !F::easy(x) {
                y.write(F::slow::<FMA>(x));
            }
        }
    }
}

/// As [`block`].
///
/// # Safety
/// The processor has the level.
#[inline(always)]
unsafe fn block2<T: Real, F: Lanes2<T>, const FMA: bool, const LEVEL: u8, const N: usize>(
    a: &[T; N],
    b: &[T; N],
    y: &mut [MaybeUninit<T>; N],
) {
    // SAFETY: the caller's promise.
    if !unsafe { F::written_out::<LEVEL, N>(a, b, y) } {
        for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
            y.write(F::fast::<FMA>(a, b));
        }
    }
    let mut easy = true;
    for (&a, &b) in a.iter().zip(b) {
        easy &= F::easy(a, b);
    }
    if !easy {
        for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
            if !F::easy(a, b) {
                y.write(F::slow::<FMA>(a, b));
            }
        }
    }
}

/// Fewer elements than a short block, filled up with ones.
#[inline(always)]
fn padded<T: Real>(x: &[T]) -> [T; SHORT] {
    let mut all = [T::ONE; SHORT];
    all[..x.len()].copy_from_slice(x);
    all
}

/// # Safety
/// `x` has `n` elements, `y` room for as many; both are aligned, and they do not overlap. The
/// processor has the level.
#[inline(always)]
unsafe fn unary_loop<T: Real, F: Lanes<T>, const FMA: bool, const LEVEL: u8>(
    x: *const u8,
    y: *mut u8,
    n: usize,
) {
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (x, y) = unsafe {
        (from_raw_parts(x.cast::<T>(), n), from_raw_parts_mut(y.cast::<MaybeUninit<T>>(), n))
    };
    let (blocks, _) = x.as_chunks::<BLOCK>();
    let (results, _) = y.as_chunks_mut::<BLOCK>();
    for (x, y) in blocks.iter().zip(results) {
        block::<T, F, FMA, BLOCK>(x, y);
    }
    let rest = n - n % BLOCK;
    if rest == n {
        return;
    }
    // what is left in short blocks, of which the last may begin before, or in one that is filled up
    let few = n < SHORT;
    let filled = if few { padded(x) } else { [T::ONE; SHORT] };
    let mut of_filled = [MaybeUninit::uninit(); SHORT];
    let (from, to) = if few { (&filled[..], &mut of_filled[..]) } else { (x, &mut *y) };
    for start in (rest..from.len()).step_by(SHORT) {
        let start = start.min(from.len() - SHORT);
        if let (Some(&x), Some(y)) = (from[start..].first_chunk(), to[start..].first_chunk_mut()) {
            // copies, which the compiler sees do not overlap
            let mut results = [MaybeUninit::uninit(); SHORT];
            block::<T, F, FMA, SHORT>(&x, &mut results);
            *y = results;
        }
    }
    if few {
        y.copy_from_slice(&of_filled[..n]);
    }
}

/// # Safety
/// `a` and `b` have `n` elements, `y` room for as many; all are aligned, and `y` overlaps neither. The
/// processor has the level.
#[inline(always)]
unsafe fn binary_loop<T: Real, F: Lanes2<T>, const FMA: bool, const LEVEL: u8>(
    a: *const u8,
    b: *const u8,
    y: *mut u8,
    n: usize,
) {
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (a, b, y) = unsafe {
        (
            from_raw_parts(a.cast::<T>(), n),
            from_raw_parts(b.cast::<T>(), n),
            from_raw_parts_mut(y.cast::<MaybeUninit<T>>(), n),
        )
    };
    let (blocks_a, _) = a.as_chunks::<BLOCK>();
    let (blocks_b, _) = b.as_chunks::<BLOCK>();
    let (results, _) = y.as_chunks_mut::<BLOCK>();
    for ((a, b), y) in blocks_a.iter().zip(blocks_b).zip(results) {
        // SAFETY: the caller's promise.
        unsafe { block2::<T, F, FMA, LEVEL, BLOCK>(a, b, y) };
    }
    let rest = n - n % BLOCK;
    if rest == n {
        return;
    }
    // as above
    let few = n < SHORT;
    let filled = if few { (padded(a), padded(b)) } else { ([T::ONE; SHORT], [T::ONE; SHORT]) };
    let mut of_filled = [MaybeUninit::uninit(); SHORT];
    let (a, b, to) =
        if few { (&filled.0[..], &filled.1[..], &mut of_filled[..]) } else { (a, b, &mut *y) };
    for start in (rest..to.len()).step_by(SHORT) {
        let start = start.min(to.len() - SHORT);
        if let (Some(&a), Some(&b), Some(y)) =
            (a[start..].first_chunk(), b[start..].first_chunk(), to[start..].first_chunk_mut())
        {
            let mut results = [MaybeUninit::uninit(); SHORT];
            // SAFETY: the caller's promise.
            unsafe { block2::<T, F, FMA, LEVEL, SHORT>(&a, &b, &mut results) };
            *y = results;
        }
    }
    if few {
        y.copy_from_slice(&of_filled[..n]);
    }
}

dispatch! {
    /// The loop of a function of one argument: from `x` to `y`, `n` elements.
    fn unary<T, F>[T: Real, F: Lanes<T>,](x: *const u8, y: *mut u8, n: usize)
        = unary_loop with FMA;
    /// The loop of a function of two arguments: from `a` and `b` to `y`, `n` elements.
    fn binary<T, F>[T: Real, F: Lanes2<T>,](a: *const u8, b: *const u8, y: *mut u8, n: usize)
        = binary_loop with FMA;
}
