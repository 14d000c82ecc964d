//! Copies between two axes of which one is fast on either side: transposes.

use std::mem::MaybeUninit;

use super::{Axis, row};

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
    let mut i = 0;
    while i < b.len {
        let mut h = height.min(b.len - i);
        if i == 0 && b.from == N as isize {
            // begin the next tile at the start of a line
            let misfit = from.addr() % LINE;
            if misfit.is_multiple_of(N) {
                h = h.min((LINE - misfit) / N);
            }
        }
        let mut j = 0;
        while j < a.len {
            let w = width.min(a.len - j);
            // SAFETY: i < b.len and j < a.len; scratch has `height` rows of `width` items.
            unsafe {
                let (ii, jj) = (i as isize, j as isize);
                let tile = from.offset(ii * b.from + jj * a.from);
                pack::<N>(scratch, row_bytes, tile, (w, a.from), (h, b.from));
                for k in 0..h {
                    let at = to.offset((i + k) as isize * b.to + jj * a.to);
                    let packed = scratch.add(k * row_bytes);
                    if a.to == N as isize {
                        std::ptr::copy_nonoverlapping(packed, at, w * N);
                    } else {
                        row::<N>(at, packed, w, a.to, N as isize);
                    }
                }
            }
            j += w;
        }
        i += h;
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
    let mut j = 0;
    if step == N as isize && h == LINE / N {
        // Four whole lines at a time: loads and stores of known distances, which become vector
        // shuffles.
        while j + 4 <= w {
            for k in (0..h).step_by(4) {
                // SAFETY: rows j to j + 3 are below `w`, items k to k + 3 below `h`.
                unsafe {
                    let line = |l: usize| {
                        let at = from.offset((j + l) as isize * row_step).add(k * N);
                        at.cast::<[[u8; N]; 4]>().read()
                    };
                    let lines = [line(0), line(1), line(2), line(3)];
                    for l in 0..4 {
                        let at = scratch.add((k + l) * row_bytes + j * N);
                        at.cast::<[[u8; N]; 4]>().write(lines.map(|line| line[l]));
                    }
                }
            }
            j += 4;
        }
    }
    for j in j..w {
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
