//! Products of integers, by kernels that vectorise over the columns.
//!
//! Every element is a sum of sums: the products of 256 consecutive steps of `k` are added in order to
//! one sum, and those sums in order to the result. Four steps of four rows at a time are added to a
//! strip of sums that stays in the cache, so that every value that is loaded is used four times (after
//! Goto and van de Geijn, "Anatomy of high-performance matrix multiplication").

use arrayspace_core::Result;

use super::gemm::Gemm;
use super::{Matrix, Product, Tile};
use crate::arith::Ring;
use crate::elements;
use crate::simd::{Level, dispatch};

/// Steps of `k` that are added to one sum.
const STEPS: usize = 256;
/// Rows and steps of a kernel's call.
const QUAD: usize = 4;
/// Columns of a strip of sums.
const STRIP: usize = 256;
/// Rows from which on it pays to put the right operand's strip together.
const PACK_FROM: usize = 16;

/// Memory that a task works in, got when it is first needed.
pub(super) struct Scratch<T> {
    /// Strips of sums for `QUAD` rows.
    sums: Vec<T>,
    /// A strip of the right operand, row by row.
    right: Vec<T>,
}

impl<T: Ring> Scratch<T> {
    /// None yet.
    pub(super) fn new() -> Self {
        Scratch { sums: Vec::new(), right: Vec::new() }
    }
}

/// The sums of one row.
type Row<'a, T> = &'a mut [T];

/// Adds four steps of four rows: `a[step][row]` times `b`, which has steps `stride` apart.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn quad_body<T: Ring>(
    a: &[[T; QUAD]; QUAD],
    b: &[T],
    stride: usize,
    s0: Row<'_, T>,
    s1: Row<'_, T>,
    s2: Row<'_, T>,
    s3: Row<'_, T>,
) {
    let n = s0.len();
    let (s1, s2, s3) = (&mut s1[..n], &mut s2[..n], &mut s3[..n]);
    let (b0, b1) = (&b[..n], &b[stride..][..n]);
    let (b2, b3) = (&b[2 * stride..][..n], &b[3 * stride..][..n]);
    let add = |s: T, row: usize, b: [T; QUAD]| {
        let two = s.plus(a[0][row].times(b[0])).plus(a[1][row].times(b[1]));
        two.plus(a[2][row].times(b[2])).plus(a[3][row].times(b[3]))
    };
    for j in 0..n {
        let b = [b0[j], b1[j], b2[j], b3[j]];
        s0[j] = add(s0[j], 0, b);
        s1[j] = add(s1[j], 1, b);
        s2[j] = add(s2[j], 2, b);
        s3[j] = add(s3[j], 3, b);
    }
}

/// Adds steps of one row: `a[step]` times `b`, which has steps `stride` apart.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn single_body<T: Ring>(a: &[T], b: &[T], stride: usize, sums: Row<'_, T>) {
    let n = sums.len();
    let (quads, rest) = a.as_chunks::<QUAD>();
    for (q, a) in quads.iter().enumerate() {
        let b = &b[q * QUAD * stride..];
        let (b0, b1) = (&b[..n], &b[stride..][..n]);
        let (b2, b3) = (&b[2 * stride..][..n], &b[3 * stride..][..n]);
        for j in 0..n {
            let two = sums[j].plus(a[0].times(b0[j])).plus(a[1].times(b1[j]));
            sums[j] = two.plus(a[2].times(b2[j])).plus(a[3].times(b3[j]));
        }
    }
    for (q, &a) in rest.iter().enumerate() {
        let b = &b[(quads.len() * QUAD + q) * stride..][..n];
        for (s, &b) in sums.iter_mut().zip(b) {
            *s = s.plus(a.times(b));
        }
    }
}

dispatch! {
    fn quad<T>[T: Ring,](
        a: &[[T; QUAD]; QUAD], b: &[T], stride: usize,
        s0: Row<'_, T>, s1: Row<'_, T>, s2: Row<'_, T>, s3: Row<'_, T>
    ) = quad_body;
    fn single<T>[T: Ring,](a: &[T], b: &[T], stride: usize, sums: Row<'_, T>) = single_body;
}

/// Multiplies the rows of `a` by the columns of `b` for a tile of the product; `k` is not 0.
pub(super) fn multiply<T: Gemm>(
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    tile: Tile,
    product: &Product<'_, T>,
    scratch: &mut Scratch<T>,
) -> Result<()> {
    let (quad, single) = (quad::<T>(Level::best()), single::<T>(Level::best()));
    let in_place = b.cols == 1 && b.rows >= 0 && tile.rows < PACK_FROM;
    let Scratch { sums, right } = scratch;
    if sums.len() < QUAD * tile.cols.min(STRIP) {
        *sums = elements::scratch(QUAD * tile.cols.min(STRIP))?;
    }
    let mut row_of_a = [T::ZERO; STEPS];
    for col in (0..tile.cols).step_by(STRIP) {
        let cols = STRIP.min(tile.cols - col);
        for step in (0..k).step_by(STEPS) {
            let steps = STEPS.min(k - step);
            let b = b.from(step, col);
            let (right, stride) = if in_place {
                let start = b.offset as usize;
                let len = (steps - 1) * b.rows as usize + cols;
                (&b.memory[start..start + len], b.rows as usize)
            } else {
                if right.len() < STEPS.min(k) * STRIP.min(tile.cols) {
                    *right = elements::scratch(STEPS.min(k) * STRIP.min(tile.cols))?;
                }
                pack(b, steps, cols, right);
                (&right[..steps * cols], cols)
            };
            let add = |row: usize, sums: &[T]| {
                // SAFETY: the row is this tile's.
                let out = unsafe { product.row(tile.place + row, tile.col + col, cols) };
                for (o, &s) in out.iter_mut().zip(sums) {
                    // SAFETY: the first steps have written it.
                    let before = if step == 0 { T::ZERO } else { unsafe { o.assume_init() } };
                    o.write(before.plus(s));
                }
            };
            let whole = tile.rows - tile.rows % QUAD;
            for row in (0..whole).step_by(QUAD) {
                sums.fill(T::ZERO);
                let a = a.from(row, step);
                let (s0, rest) = sums.split_at_mut(cols);
                let (s1, rest) = rest.split_at_mut(cols);
                let (s2, s3) = rest.split_at_mut(cols);
                let s3 = &mut s3[..cols];
                let quads = steps - steps % QUAD;
                for p in (0..quads).step_by(QUAD) {
                    let factors: [[T; QUAD]; QUAD] =
                        std::array::from_fn(|q| std::array::from_fn(|i| a.from(i, p + q).first()));
                    // SAFETY: the processor has the level.
                    unsafe { quad(&factors, &right[p * stride..], stride, s0, s1, s2, s3) };
                }
                if quads < steps {
                    for (i, s) in [s0, s1, s2, s3].into_iter().enumerate() {
                        let factors = a.from(i, quads).row(steps - quads, &mut row_of_a);
                        // SAFETY: the processor has the level.
                        unsafe { single(factors, &right[quads * stride..], stride, s) };
                    }
                }
                for (i, s) in sums.chunks_exact(cols).take(QUAD).enumerate() {
                    add(row + i, s);
                }
            }
            for row in whole..tile.rows {
                let sums = &mut sums[..cols];
                sums.fill(T::ZERO);
                let factors = a.from(row, step).row(steps, &mut row_of_a);
                // SAFETY: the processor has the level.
                unsafe { single(factors, right, stride, sums) };
                add(row, sums);
            }
        }
    }
    Ok(())
}

/// Copies rows of a strip one after the other.
fn pack<T: Ring>(b: Matrix<'_, T>, steps: usize, cols: usize, out: &mut [T]) {
    if b.rows == 1 && b.cols != 1 {
        return b.copy_transposed(steps, cols, out);
    }
    for (step, row) in out.chunks_exact_mut(cols).take(steps).enumerate() {
        b.from(step, 0).copy_row(row);
    }
}
