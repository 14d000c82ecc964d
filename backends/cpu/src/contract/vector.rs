//! A matrix by a vector: one dot product for each row.
//!
//! The products are summed in the order of [`lanes`](crate::fold::lanes), as a fold sums them.

use arrayspace_core::Result;

use super::{Matrix, Product, Tile};
use crate::arith::Ring;
use crate::elements;
use crate::exec::BLOCK;
use crate::fold::lanes::{self, GROUP, Plus, Tree, Values};
use crate::simd::{Level, dispatch};

/// Rows that are gathered together where a row does not lie in one piece.
const ROWS: usize = 16;

/// The products of two vectors of one length.
#[derive(Clone, Copy)]
struct Products<'a, T>(&'a [T], &'a [T]);

impl<T: Ring> Values<T> for Products<'_, T> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len().min(self.1.len())
    }

    #[inline(always)]
    fn at(self, index: usize) -> T {
        self.0[index].times(self.1[index])
    }

    #[inline(always)]
    fn part(self, start: usize, end: usize) -> Self {
        Products(&self.0[start..end], &self.1[start..end])
    }
}

/// The sum of the products of two blocks.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn dot_body<T: Ring>(a: &[T], b: &[T], out: &mut T) {
    *out = lanes::block::<T, Plus>(Products(a, &b[..a.len()]));
}

dispatch! {
    fn dot<T>[T: Ring,](a: &[T], b: &[T], out: &mut T) = dot_body;
}

/// Multiplies the rows of a tile by the first column of `b`; `k` is not 0.
pub(super) fn multiply<T: Ring>(
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    tile: Tile,
    product: &Product<'_, T>,
) -> Result<()> {
    let kernel = dot::<T>(Level::best());
    let column = b.transposed();
    let mut gathered = if column.cols == 1 { Vec::new() } else { elements::scratch(k)? };
    let vector = column.row(k, &mut gathered);
    let sum_of = |a: &[T], b: &[T]| {
        let mut sum = T::ZERO;
        // SAFETY: the processor has the level.
        unsafe { kernel(a, b, &mut sum) };
        sum
    };
    let write = |row: usize, sum: T| {
        // SAFETY: the row is this tile's.
        let out = unsafe { product.row(tile.place + row, 0, 1) };
        out[0].write(sum);
    };
    if a.cols == 1 || k == 1 {
        for i in 0..tile.rows {
            let row = a.from(i, 0).piece(k);
            let sum = if k <= BLOCK {
                sum_of(row, vector)
            } else {
                let mut tree = Tree::new();
                for (a, b) in row.chunks(BLOCK).zip(vector.chunks(BLOCK)) {
                    tree.push::<Plus>(sum_of(a, b));
                }
                tree.finish::<Plus>().unwrap_or(T::ZERO)
            };
            write(i, sum);
        }
        return Ok(());
    }
    let mut block = vec![T::ZERO; ROWS * GROUP.min(k)];
    for first in (0..tile.rows).step_by(ROWS) {
        let rows = ROWS.min(tile.rows - first);
        let mut trees: [Tree<T>; ROWS] = std::array::from_fn(|_| Tree::new());
        for (p, vector) in vector.chunks(GROUP).enumerate() {
            let piece = a.from(first, p * GROUP);
            gather(piece, rows, vector.len(), &mut block);
            for (row, tree) in block.chunks_exact(vector.len()).zip(&mut trees[..rows]) {
                tree.push::<Plus>(sum_of(row, vector));
            }
        }
        for (i, tree) in trees[..rows].iter_mut().enumerate() {
            write(first + i, tree.finish::<Plus>().unwrap_or(T::ZERO));
        }
    }
    Ok(())
}

/// Copies up to `ROWS` rows of `len` elements, one after the other.
fn gather<T: Ring>(a: Matrix<'_, T>, rows: usize, len: usize, out: &mut [T]) {
    if a.rows == 1 {
        return a.copy_transposed(rows, len, out);
    }
    for (i, row) in out.chunks_exact_mut(len).take(rows).enumerate() {
        a.from(i, 0).copy_row(row);
    }
}
