//! QR of tall matrices, in row blocks.
//!
//! Each block of rows is factored by itself, in the cache; the triangles that come out, stacked, are a
//! matrix again, many times shorter, and factored the same way. Q is never formed: it is applied, block
//! by block, to what it is wanted for. Blocks depend on the shape alone, so the result does not depend
//! on the number of threads.

use faer::{Mat, MatMut, MatRef, Par};
use rayon::prelude::*;

use crate::householder::Reflectors;
use crate::number::Number;

/// Whether a matrix is worth the blocks.
pub(crate) fn is_tall(m: usize, n: usize) -> bool {
    n > 0 && m / 8 >= n && m / 2 >= block_rows(n)
}

/// Rows of a block of `n` columns.
fn block_rows(n: usize) -> usize {
    (4 * n).max(2048)
}

/// A tall matrix, factored.
pub(crate) struct Tall<T> {
    rows: usize,
    columns: usize,
    /// One for each block of rows, in order; none if only R was wanted.
    leaves: Vec<Reflectors<T>>,
    top: Top<T>,
}

/// The factorisation of the leaves' triangles.
enum Top<T> {
    Plain(Reflectors<T>),
    Tall(Box<Tall<T>>),
}

impl<T: Number> Tall<T> {
    /// Factors a tall matrix; without `keep`, for [`write_r`](Tall::write_r) alone.
    pub(crate) fn new(a: MatRef<'_, T>, keep: bool) -> Tall<T> {
        let (m, n) = a.shape();
        let blocks = blocks(m, n);
        let mut stacked = Mat::<T>::zeros(blocks.len() * n, n);
        // the triangles' rows, as disjoint parts for the threads
        let mut parts = Vec::with_capacity(blocks.len());
        let mut rest = stacked.as_mut();
        for _ in 0..blocks.len() {
            let (part, tail) = rest.split_at_row_mut(n);
            parts.push(part);
            rest = tail;
        }
        let leaves: Vec<Option<Reflectors<T>>> = blocks
            .into_par_iter()
            .zip(parts)
            .map(|((start, len), r)| {
                let leaf = Reflectors::new(a.subrows(start, len), Par::Seq);
                leaf.write_r(r);
                keep.then_some(leaf)
            })
            .collect();
        let top = if is_tall(stacked.nrows(), n) {
            Top::Tall(Box::new(Tall::new(stacked.as_ref(), keep)))
        } else {
            // small, and by one thread, for faer's bits depend on how many there are
            Top::Plain(Reflectors::new(stacked.as_ref(), Par::Seq))
        };
        Tall { rows: m, columns: n, leaves: leaves.into_iter().flatten().collect(), top }
    }

    /// The square R.
    pub(crate) fn write_r(&self, r: MatMut<'_, T>) {
        match &self.top {
            Top::Plain(top) => top.write_r(r),
            Top::Tall(top) => top.write_r(r),
        }
    }

    /// The first columns of Q times the square matrix `x`, into `out`.
    pub(crate) fn apply(&self, x: MatRef<'_, T>, out: MatMut<'_, T>) {
        let (n, k) = (self.columns, x.ncols());
        let blocks = blocks(self.rows, n);
        let mut stacked = Mat::<T>::zeros(blocks.len() * n, k);
        match &self.top {
            Top::Plain(top) => {
                stacked.as_mut().subrows_mut(0, n).copy_from(x);
                top.apply(stacked.as_mut(), Par::Seq);
            }
            Top::Tall(top) => top.apply(x, stacked.as_mut()),
        }
        let mut parts = Vec::with_capacity(blocks.len());
        let mut rest = out;
        for &(_, len) in &blocks {
            let (part, tail) = rest.split_at_row_mut(len);
            parts.push(part);
            rest = tail;
        }
        let stacked = stacked.as_ref();
        parts.into_par_iter().zip(&self.leaves).enumerate().for_each(|(i, (mut part, leaf))| {
            let mut work = Mat::<T>::zeros(part.nrows(), k);
            work.as_mut().subrows_mut(0, n).copy_from(stacked.subrows(i * n, n));
            leaf.apply(work.as_mut(), Par::Seq);
            part.copy_from(&work);
        });
    }
}

/// Start and length of each block of rows: all of one length but the last, which is at least as long.
fn blocks(m: usize, n: usize) -> Vec<(usize, usize)> {
    let rows = block_rows(n);
    let count = (m / rows).max(1);
    (0..count).map(|i| (i * rows, if i + 1 == count { m - i * rows } else { rows })).collect()
}
