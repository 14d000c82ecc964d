//! Kernels that bring elements together: by the size of an element, not by its dtype.

use crate::simd::{Level, dispatch};

/// Copies elements: from `x`, `step` bytes apart, to every `out_step`-th place of `y`, `n` times.
pub(crate) type CopyFn =
    unsafe fn(x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize);

/// The copy for any steps, with the instructions that the caller has.
///
/// # Safety
/// There are `n` elements at `x`, `step` bytes apart, and room for as many at `y`, `out_step` elements
/// apart, which is aligned and overlaps none of the former. `x` need not be aligned.
#[inline(always)]
pub(super) unsafe fn copy_loop<T: Copy>(
    x: *const u8,
    step: isize,
    y: *mut u8,
    out_step: usize,
    n: usize,
) {
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
            // steps that the compiler knows become loads of vectors and shuffles
            let size = size_of::<T>() as isize;
            if step == size {
                std::ptr::copy_nonoverlapping(x, y.cast::<u8>(), n * size_of::<T>());
            } else if step == -size {
                for i in 0..n {
                    y.add(i).write(x.cast::<T>().sub(i).read_unaligned());
                }
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
    #[cfg(target_arch = "x86_64")]
    if let Some(copy) = super::pairs::copy(size, level) {
        return copy;
    }
    match size {
        1 => copy_of::<u8>(level),
        2 => copy_of::<u16>(level),
        4 => copy_of::<u32>(level),
        8 => copy_of::<u64>(level),
        _ => copy_of::<[u64; 2]>(level),
    }
}

/// Copies bytes past the caches, for memory that is not read again soon: a line that is written as a whole
/// need not be read before, and drives nothing else out.
///
/// # Safety
/// There are `bytes` at `from`, and room for as many at `to`, apart from them. Before another thread reads
/// them, this one calls [`streamed`].
#[inline]
pub(crate) unsafe fn stream(from: *const u8, to: *mut u8, bytes: usize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: the caller's promise; the stores are aligned, and SSE2 is there on every x86-64.
    unsafe {
        use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
        let head = to.align_offset(64).min(bytes);
        std::ptr::copy_nonoverlapping(from, to, head);
        let whole = (bytes - head) / 64 * 64;
        let (x, y) = (from.add(head).cast::<__m128i>(), to.add(head).cast::<__m128i>());
        for i in (0..whole / 16).step_by(4) {
            for k in i..i + 4 {
                _mm_stream_si128(y.add(k), _mm_loadu_si128(x.add(k)));
            }
        }
        let done = head + whole;
        std::ptr::copy_nonoverlapping(from.add(done), to.add(done), bytes - done);
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    // SAFETY: the caller's promise.
    unsafe {
        std::ptr::copy_nonoverlapping(from, to, bytes);
    }
}

/// Makes what was streamed visible to other threads, as ordinary stores are.
#[inline]
pub(crate) fn streamed() {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: SSE2 is there on every x86-64; a fence touches no memory.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

/// Successive numbers in place of copied elements.
pub(crate) fn count(level: Level) -> CopyFn {
    count_of::<i64>(level)
}
