//! Copies between two axes of which one is fast on either side: transposes.

use std::mem::MaybeUninit;

use super::{Axis, row};
use crate::kernels;
use crate::simd::Level;

/// Bytes of a source row that are read at a time: a cache line.
const LINE: usize = 64;

/// Bytes of the scratch block.
const SCRATCH: usize = 16 << 10;

/// Copies `a.len` × `b.len` items of `N` bytes: `a` is fast in the target, `b` in the source.
///
/// Tiles of a line's worth of `b` and a long stretch of `a` are packed into scratch as the target wants
/// them, then written row by row.
///
/// # Safety
/// Every place of the two axes is valid for reads from `from` and for writes from `to`; the two sides do
/// not overlap.
pub(super) unsafe fn copy<const N: usize>(to: *mut u8, from: *const u8, a: Axis, b: Axis) {
    let height = LINE / N;
    let width = SCRATCH / LINE;
    let mut scratch = MaybeUninit::<[u8; SCRATCH]>::uninit();
    let scratch = scratch.as_mut_ptr().cast::<u8>();
    let row_bytes = width * N;
    // the first tile ends where a line of the source does, so that the others begin with one
    let misfit = from.addr() % LINE;
    let first = match misfit.is_multiple_of(N) && b.from == N as isize {
        true => (LINE - misfit) / N,
        false => height,
    };
    for j in (0..a.len).step_by(width) {
        let w = width.min(a.len - j);
        let (mut i, mut h) = (0, first.min(b.len));
        while i < b.len {
            // SAFETY: i + h <= b.len and j + w <= a.len; scratch has `height` rows of `width` items.
            unsafe {
                let (i, j) = (i as isize, j as isize);
                let tile = from.offset(i * b.from + j * a.from);
                pack::<N>(scratch, row_bytes, tile, (w, a.from), (h, b.from));
                for k in 0..h {
                    let at = to.offset((i + k as isize) * b.to + j * a.to);
                    let packed = scratch.add(k * row_bytes);
                    if a.to == N as isize {
                        std::ptr::copy_nonoverlapping(packed, at, w * N);
                    } else {
                        row::<N>(at, packed, w, a.to, N as isize);
                    }
                }
            }
            i += h;
            h = height.min(b.len - i);
        }
    }
}

/// Writes `w` source rows of `h` items into columns of scratch.
///
/// # Safety
/// The rows are valid for reads; scratch has room for `h` rows of `row_bytes`, at least `w` items each.
unsafe fn pack<const N: usize>(
    scratch: *mut u8,
    row_bytes: usize,
    from: *const u8,
    (w, row_step): (usize, isize),
    (h, step): (usize, isize),
) {
    if step == N as isize {
        let kernel = kernels::transpose(N, Level::best());
        // SAFETY: the caller's promise.
        return unsafe { kernel(from, row_step, scratch, row_bytes / N, w, h) };
    }
    for j in 0..w {
        for k in 0..h {
            // SAFETY: row `j` is below `w`, item `k` below `h`.
            unsafe {
                let at = from.offset(j as isize * row_step + k as isize * step);
                let value = at.cast::<[u8; N]>().read();
                scratch.add(k * row_bytes + j * N).cast::<[u8; N]>().write(value);
            }
        }
    }
}
