//! Kernels that bring elements together: by the size of an element, not by its dtype.

use crate::simd::{Level, dispatch};

/// Copies elements: from `x`, `step` bytes apart, to every `out_step`-th place of `y`, `n` times.
pub(crate) type CopyFn =
    unsafe fn(x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize);

/// # Safety
/// There are `n` elements at `x`, `step` bytes apart, and room for as many at `y`, `out_step` elements
/// apart, which is aligned and overlaps none of the former. `x` need not be aligned.
#[inline(always)]
unsafe fn copy_loop<T: Copy>(x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize) {
    let y = y.cast::<T>();
    if n == 0 {
        return;
    }
    // SAFETY: the caller's promise: every access is of element `i < n` of either.
    unsafe {
        if step == 0 {
            let value = x.cast::<T>().read_unaligned();
            if out_step == 1 {
                for i in 0..n {
                    y.add(i).write(value);
                }
            } else {
                for i in 0..n {
                    y.add(i * out_step).write(value);
                }
            }
        } else if out_step == 1 {
            if step == size_of::<T>() as isize {
                std::ptr::copy_nonoverlapping(x, y.cast::<u8>(), n * size_of::<T>());
            } else {
                for i in 0..n {
                    y.add(i).write(x.offset(i as isize * step).cast::<T>().read_unaligned());
                }
            }
        } else {
            for i in 0..n {
                let value = x.offset(i as isize * step).cast::<T>().read_unaligned();
                y.add(i * out_step).write(value);
            }
        }
    }
}

/// # Safety
/// There is room for `n` int64 at `y`, `out_step` apart.
#[inline(always)]
unsafe fn count_loop<T: From<i64>>(
    x: *const u8,
    step: isize,
    y: *mut u8,
    out_step: usize,
    n: usize,
) {
    let (y, first) = (y.cast::<T>(), x.addr() as i64);
    for i in 0..n {
        // SAFETY: the caller's promise.
        unsafe { y.add(i * out_step).write(T::from(first + i as i64 * step as i64)) };
    }
}

dispatch! {
    /// The copy of elements of the size and alignment of `T`.
    fn copy_of<T>[T: Copy,](x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize)
        = copy_loop;
    /// The numbers `x`, `x + step`, ... as int64; `x` is a number in the form of an address.
    fn count_of<T>[T: From<i64>,](x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize)
        = count_loop;
}

/// The copy of elements of `size` bytes: 1, 2, 4, 8 or 16.
pub(crate) fn copy(size: usize, level: Level) -> CopyFn {
    match size {
        1 => copy_of::<u8>(level),
        2 => copy_of::<u16>(level),
        4 => copy_of::<u32>(level),
        8 => copy_of::<u64>(level),
        _ => copy_of::<[u64; 2]>(level),
    }
}

/// Successive numbers in place of copied elements.
pub(crate) fn count(level: Level) -> CopyFn {
    count_of::<i64>(level)
}
