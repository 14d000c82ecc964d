//! A matrix by a vector: one dot product for each row.
//!
//! A row is cut into pieces of 4096 real numbers, whose sums are added pairwise. The products of a piece are
//! summed by [kernels of floating-point numbers](super::gemm), in as many lanes as two registers of the
//! vector unit have, or, if they are integers, in the order of [`lanes`](crate::fold::lanes).

use arrayspace_core::Result;

use super::gemm::{self, Gemm};
use super::{Matrix, Product, Tile};
use crate::arith::Ring;
use crate::elements;
use crate::fold::lanes::{self, Plus, Tree, Values};
use crate::simd::{Level, dispatch};

/// Rows that are multiplied by one piece of the vector.
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

/// Multiplies the rows of a tile by the first column of `b`; `k` is not 0, and the processor has the level.
pub(super) fn multiply<T: Gemm>(
    level: Level,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    tile: Tile,
    product: &Product<'_, T>,
) -> Result<()> {
    a.check(tile.rows, k);
    let column = b.transposed();
    let mut gathered = if column.cols == 1 { Vec::new() } else { elements::scratch(k)? };
    let vector = column.row(k, &mut gathered);
    let most = gemm::MOST / T::PARTS;
    let in_place = a.cols == 1 || k == 1;
    let mut block = vec![T::ZERO; if in_place { 0 } else { ROWS * most.min(k) }];
    let mut factors = Factors::new(if T::HAS_GEMM { most.min(k) } else { 0 });
    let one_piece = k <= most;
    if one_piece {
        factors.set(vector);
    }
    let mut trees: [Tree<T>; ROWS] = std::array::from_fn(|_| Tree::new());
    for first in (0..tile.rows).step_by(ROWS) {
        let rows = ROWS.min(tile.rows - first);
        let mut sums = [T::ZERO; ROWS];
        for (p, vector) in vector.chunks(most).enumerate() {
            let mut piece = a.from(first, p * most);
            if !in_place {
                gather(piece, rows, vector.len(), &mut block);
                piece = Matrix { memory: &block, offset: 0, rows: vector.len() as isize, cols: 1 };
            }
            if T::HAS_GEMM {
                if !one_piece {
                    factors.set(vector);
                }
                factors.multiply(level, piece, &mut sums[..rows]);
            } else {
                for (i, sum) in sums[..rows].iter_mut().enumerate() {
                    let row = piece.from(i, 0).piece(vector.len());
                    // SAFETY: the processor has the level.
                    unsafe { dot::<T>(level)(row, vector, sum) };
                }
            }
            if !one_piece {
                for (tree, &sum) in trees.iter_mut().zip(&sums[..rows]) {
                    tree.push::<Plus>(sum);
                }
            }
        }
        // SAFETY: the rows are this tile's, and have one column.
        let out = unsafe { product.row(tile.place + first, 0, rows) };
        for ((out, sum), tree) in out.iter_mut().zip(sums).zip(&mut trees) {
            out.write(if one_piece { sum } else { tree.finish::<Plus>().unwrap_or(T::ZERO) });
        }
    }
    Ok(())
}

/// A piece of the vector in real numbers: by what the parts of rows are multiplied for the parts of the
/// product.
struct Factors<T: Gemm>([Vec<T::Part>; 2]);

impl<T: Gemm> Factors<T> {
    /// Room for so many numbers.
    fn new(len: usize) -> Self {
        Factors([Vec::with_capacity(len * T::PARTS), Vec::with_capacity(len * (T::PARTS - 1) * 2)])
    }

    fn set(&mut self, vector: &[T]) {
        for (part, factors) in self.0[..T::PARTS].iter_mut().enumerate() {
            factors.clear();
            factors
                .extend(vector.iter().flat_map(|x| x.factors()[part].into_iter().take(T::PARTS)));
        }
    }

    /// The products of rows, whose elements lie next to each other, as many as there are sums.
    fn multiply(&self, level: Level, a: Matrix<'_, T>, sums: &mut [T]) {
        a.check(sums.len(), self.0[0].len() / T::PARTS);
        let first = a.memory.as_ptr().wrapping_offset(a.offset).cast::<T::Part>();
        let mut parts = [[T::Part::default(); ROWS]; 2];
        for (out, factors) in parts.iter_mut().zip(&self.0).take(T::PARTS) {
            // SAFETY: the corners of the rows are within the memory (just checked), hence they are; a
            // number is an array of its parts.
            unsafe {
                let row = a.rows * T::PARTS as isize;
                T::dots(level, first, row, factors, &mut out[..sums.len()]);
            }
        }
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = T::of_parts([parts[0][i], parts[1][i]]);
        }
    }
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
