//! A matrix by a vector: one dot product for each row.
//!
//! A row is cut into pieces of 4096 real numbers, whose sums are added pairwise. The products of a piece are
//! summed by [kernels of floating-point numbers](super::gemm), in as many lanes as two registers of the
//! vector unit have, or, if they are integers, in the order of [`lanes`](crate::fold::lanes). There are kernels
//! for rows and for columns that lie in one piece each, which give the same bits; other matrices are
//! gathered, some rows at a time.

use std::mem::MaybeUninit;

use arrayspace_core::Result;

use super::gemm::{self, Gemm};
use super::{Matrix, Product, Tile};
use crate::arith::Ring;
use crate::elements;
use crate::fold::lanes::{self, Plus, Tree, Values};
use crate::simd::{Level, dispatch};

/// Rows that are multiplied by one piece of the vector.
const ROWS: usize = 16;

/// Elements of a matrix that are faster gathered than multiplied by columns.
const FEW: usize = 256;

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

/// Memory that a task works in, got when it is first needed.
pub(super) struct Scratch<T: Gemm> {
    /// The vector, if its elements are not next to each other.
    vector: Vec<T>,
    /// A piece of some rows.
    block: Vec<T>,
    /// A piece of the vector in real numbers, if it is complex: by what the parts of rows are multiplied for the
    /// parts of the product.
    factors: [Vec<T::Part>; 2],
    /// Sums of columns.
    branches: Vec<T::Part>,
}

impl<T: Gemm> Scratch<T> {
    /// None yet.
    pub(super) fn new() -> Self {
        Scratch {
            vector: Vec::new(),
            block: Vec::new(),
            factors: [Vec::new(), Vec::new()],
            branches: Vec::new(),
        }
    }
}

/// The first `len` values of a scratch memory, which grows if it is too small.
fn room<T: Copy + Default>(memory: &mut Vec<T>, len: usize) -> Result<&mut [T]> {
    if memory.len() < len {
        *memory = elements::scratch(len)?;
    }
    Ok(&mut memory[..len])
}

/// Multiplies the rows of a tile by the first column of `b`; `k` is not 0, and the processor has the level.
pub(super) fn multiply<T: Gemm>(
    level: Level,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    tile: Tile,
    product: &Product<'_, T>,
    scratch: &mut Scratch<T>,
) -> Result<()> {
    a.check(tile.rows, k);
    let Scratch { vector, block, factors, branches } = scratch;
    let column = b.transposed();
    let vector: &[T] = if column.cols == 1 {
        column.piece(k)
    } else {
        let vector = room(vector, k)?;
        column.copy_row(vector);
        vector
    };
    // SAFETY: the rows are this tile's, and have one column.
    let out = unsafe { product.row(tile.place, 0, tile.rows) };
    if T::HAS_GEMM && a.rows == 1 && a.cols != 1 && tile.rows * k > FEW {
        let branches = room(branches, gemm::branches::<T::Part>(k, T::PARTS))?;
        by_columns(level, a, vector, out, branches);
        return Ok(());
    }
    let most = gemm::MOST / T::PARTS;
    let in_place = a.cols == 1 || k == 1;
    let one_piece = k <= most;
    let mut trees: [Tree<T>; ROWS] = std::array::from_fn(|_| Tree::new());
    for (i, out) in out.chunks_mut(ROWS).enumerate() {
        let mut sums = [T::ZERO; ROWS];
        let sums = &mut sums[..out.len()];
        for (p, vector) in vector.chunks(most).enumerate() {
            let mut piece = a.from(i * ROWS, p * most);
            if !in_place {
                let block = room(block, ROWS * most.min(k))?;
                gather(piece, sums.len(), vector.len(), block);
                piece = Matrix { memory: block, offset: 0, rows: vector.len() as isize, cols: 1 };
            }
            if T::HAS_GEMM {
                by_rows(level, piece, vector, i == 0 || !one_piece, factors, sums);
            } else {
                for (i, sum) in sums.iter_mut().enumerate() {
                    let row = piece.from(i, 0).piece(vector.len());
                    // SAFETY: the processor has the level.
                    unsafe { dot::<T>(level)(row, vector, sum) };
                }
            }
            if !one_piece {
                for (tree, &sum) in trees.iter_mut().zip(&*sums) {
                    tree.push::<Plus>(sum);
                }
            }
        }
        for ((out, &sum), tree) in out.iter_mut().zip(&*sums).zip(&mut trees) {
            out.write(if one_piece { sum } else { tree.finish::<Plus>().unwrap_or(T::ZERO) });
        }
    }
    Ok(())
}

/// The products of rows, whose elements lie next to each other, as many as there are sums. The factors are
/// those of the last call unless they are `new`.
fn by_rows<T: Gemm>(
    level: Level,
    a: Matrix<'_, T>,
    vector: &[T],
    new: bool,
    factors: &mut [Vec<T::Part>; 2],
    sums: &mut [T],
) {
    a.check(sums.len(), vector.len());
    let first = a.memory.as_ptr().wrapping_offset(a.offset).cast::<T::Part>();
    let row = a.rows * T::PARTS as isize;
    let mut parts = [[T::Part::default(); ROWS]; 2];
    for (part, (out, factors)) in parts.iter_mut().zip(factors).take(T::PARTS).enumerate() {
        let factors = if T::PARTS == 1 {
            // SAFETY: a real number is its part.
            unsafe { std::slice::from_raw_parts(vector.as_ptr().cast(), vector.len()) }
        } else {
            if new {
                factors.clear();
                factors.extend(vector.iter().flat_map(|x| x.factors()[part]));
            }
            &factors[..]
        };
        // SAFETY: the corners of the rows are within the memory (just checked), hence they are; a
        // number is an array of its parts.
        unsafe { T::dots(level, first, row, factors, &mut out[..sums.len()]) };
    }
    for (i, sum) in sums.iter_mut().enumerate() {
        *sum = T::of_parts([parts[0][i], parts[1][i]]);
    }
}

/// The products of all rows, where columns lie in one piece each; their corners have been checked.
fn by_columns<T: Gemm>(
    level: Level,
    a: Matrix<'_, T>,
    vector: &[T],
    out: &mut [MaybeUninit<T>],
    branches: &mut [T::Part],
) {
    let rows = gemm::most_rows::<T::Part>() / T::PARTS;
    for (i, out) in out.chunks_mut(rows).enumerate() {
        let offset = a.offset + (i * rows) as isize;
        let first = a.memory.as_ptr().wrapping_offset(offset).cast::<T::Part>();
        let step = a.cols * T::PARTS as isize;
        // SAFETY: the corners of the rows are within the memory (checked), hence they are; there is room for
        // the sums of so many columns and rows; a number is an array of its parts.
        unsafe { T::columns(level, (first, step), vector, out.len(), branches) };
        for (out, sum) in out.iter_mut().zip(branches.chunks_exact(T::PARTS)) {
            out.write(T::of_parts([sum[0], sum[T::PARTS - 1]]));
        }
    }
}

/// The rows of a matrix, each in one piece: where they are, or copied to `memory`.
pub(super) fn in_rows<'m, T: Gemm>(
    a: Matrix<'m, T>,
    rows: usize,
    k: usize,
    memory: &'m mut Vec<T>,
) -> Result<Matrix<'m, T>> {
    if a.cols == 1 {
        return Ok(a);
    }
    a.check(rows, k);
    let memory = room(memory, rows * k)?;
    gather(a, rows, k, memory);
    Ok(Matrix { memory, offset: 0, rows: k as isize, cols: 1 })
}

/// Copies rows of `len` elements, one after the other.
fn gather<T: Ring>(a: Matrix<'_, T>, rows: usize, len: usize, out: &mut [T]) {
    if a.rows == 1 {
        return a.copy_transposed(rows, len, out);
    }
    for (i, row) in out.chunks_exact_mut(len).take(rows).enumerate() {
        a.from(i, 0).copy_row(row);
    }
}
