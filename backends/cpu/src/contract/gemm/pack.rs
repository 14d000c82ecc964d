//! Copies of operands in the order in which tiles read them.
//!
//! What is read together lies together: there is one stream instead of many, and distances that are a
//! power of two do not make rows compete for places in the caches.

use std::ops::Range;

use super::kernel::tile_rows;
use crate::contract::Matrix;
use crate::simd::{Level, dispatch};

/// Elements of a square that is copied at a time, by exchanges within registers.
const SIDE: usize = 4;

/// The first `rows × steps` elements of `a` in tiles of at most `most` rows; `parts` real rows of a tile
/// make a row.
pub(super) fn left<T: Copy>(
    a: Matrix<'_, T>,
    (rows, steps): (usize, usize),
    (most, parts): (usize, usize),
    out: &mut [T],
) {
    let mut row = 0;
    while row < rows {
        let height = tile_rows((rows - row) * parts, most) / parts;
        let out = &mut out[row * steps..(row + height) * steps];
        interleave(a.from(row, 0).transposed(), steps, height, out);
        row += height;
    }
}

/// The first `steps × cols` elements of `b` in panels of at most `most` columns.
pub(super) fn right<T: Copy>(
    b: Matrix<'_, T>,
    (steps, cols): (usize, usize),
    most: usize,
    out: &mut [T],
) {
    for col in (0..cols).step_by(most) {
        let width = most.min(cols - col);
        let out = &mut out[col * steps..(col + width) * steps];
        interleave(b.from(0, col), steps, width, out);
    }
}

/// Copies rows of `width` elements one after the other.
fn interleave<T: Copy>(from: Matrix<'_, T>, rows: usize, width: usize, out: &mut [T]) {
    if from.cols == 1 {
        // SAFETY: the processor has the level.
        unsafe { join::<T>(Level::best())(from, rows, width, out) };
    } else if from.rows == 1 {
        // SAFETY: as above.
        unsafe { transpose::<T>(Level::best())(from, rows, width, out) };
    } else {
        for (i, out) in out.chunks_exact_mut(width).take(rows).enumerate() {
            from.from(i, 0).copy_row(out);
        }
    }
}

/// The same where the rows lie in one piece each. They are short: copied by loops over a constant length,
/// as calls would take longer than the copying.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn join_body<T: Copy>(from: Matrix<'_, T>, rows: usize, width: usize, out: &mut [T]) {
    match width {
        8 => join_pieces::<T, 8>(from, rows, out),
        16 => join_pieces::<T, 16>(from, rows, out),
        32 => join_pieces::<T, 32>(from, rows, out),
        _ => {
            for (i, out) in out.chunks_exact_mut(width).take(rows).enumerate() {
                out.copy_from_slice(from.from(i, 0).piece(width));
            }
        }
    }
}

#[inline(always)]
fn join_pieces<T: Copy, const WIDTH: usize>(from: Matrix<'_, T>, rows: usize, out: &mut [T]) {
    for (i, out) in out.as_chunks_mut::<WIDTH>().0.iter_mut().take(rows).enumerate() {
        if let Some(row) = from.from(i, 0).piece(WIDTH).first_chunk::<WIDTH>() {
            *out = *row;
        }
    }
}

/// The same where the columns lie in one piece each.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn transpose_body<T: Copy>(from: Matrix<'_, T>, rows: usize, width: usize, out: &mut [T]) {
    let (across, down) = (width - width % SIDE, rows - rows % SIDE);
    for j in (0..across).step_by(SIDE) {
        let columns: [&[T]; SIDE] = std::array::from_fn(|c| from.from(0, j + c).piece(rows));
        for i in (0..down).step_by(SIDE) {
            let square: [&[T]; SIDE] = std::array::from_fn(|c| &columns[c][i..i + SIDE]);
            for r in 0..SIDE {
                let row: [T; SIDE] = std::array::from_fn(|c| square[c][r]);
                out[(i + r) * width + j..][..SIDE].copy_from_slice(&row);
            }
        }
    }
    let mut rest = |rows: Range<usize>, columns: Range<usize>| {
        for j in columns {
            let column = from.from(rows.start, j).piece(rows.len());
            for (i, &x) in rows.clone().zip(column) {
                out[i * width + j] = x;
            }
        }
    };
    if down < rows {
        rest(down..rows, 0..across);
    }
    if across < width {
        rest(0..rows, across..width);
    }
}

dispatch! {
    fn join<T>[T: Copy,](from: Matrix<'_, T>, rows: usize, width: usize, out: &mut [T]) = join_body;
    fn transpose<T>[T: Copy,](from: Matrix<'_, T>, rows: usize, width: usize, out: &mut [T])
        = transpose_body;
}
