//! Matrix products.
//!
//! Which kernel multiplies depends on the dtype, the shape of one matrix, and whether there are several, and in
//! every kernel the order of additions depends on `k` alone: results have the same bits for any layout and any
//! number of threads, and for any batch but of single rows, which are multiplied as the rows of a matrix are. They
//! are not the same for every vector unit: one that multiplies and adds in one instruction rounds once.
//!
//! * a matrix by a vector, or a vector by a matrix ([`vector`]): dot products, summed in lanes;
//! * floating-point matrices ([`gemm`]): tiles in registers;
//! * everything else ([`panel`]): kernels that vectorise over the columns.
//!
//! The narrowest types have no vector arithmetic of their own: 8-bit integers are multiplied as 16-bit
//! ones, whose low bits are the result, and half-precision floats as float32, rounded once.

mod gemm;
mod panel;
mod vector;

use std::mem::MaybeUninit;

use arrayspace_core::{DType, Error, Layout, Result, Strides, View, check};
use smallvec::SmallVec;

use crate::arith::{Load, with_numeric};
use crate::elements::{self, Disjoint, Elements, for_tasks, threads_for};
use crate::exec::BLOCK;
use crate::simd::Level;
use crate::{Buffer, Cpu};
use gemm::Gemm;

/// Products of the matrices in the last two axes.
pub(crate) fn contract(left: View<'_, Cpu>, right: View<'_, Cpu>) -> Result<Buffer> {
    check::contract(left, right)?;
    with_numeric!(
        left.dtype, u16,
        (T, W) => typed::<T, W>(left, right),
        Err(check::unknown("cpu", "products of bools"))
    )
}

/// An operand: matrices in a piece of memory.
struct Operand<'a, T> {
    memory: &'a [T],
    /// Where element (0, 0) of the first matrix is.
    offset: usize,
    batch: Strides,
    rows: isize,
    cols: isize,
}

impl<'a, T> Operand<'a, T> {
    fn new(memory: &'a [T], offset: usize, strides: &[isize]) -> Self {
        let (batch, matrix) = strides.split_at(strides.len() - 2);
        Operand { memory, offset, batch: batch.into(), rows: matrix[0], cols: matrix[1] }
    }

    /// The transposed matrices.
    fn transposed(self) -> Self {
        Operand { rows: self.cols, cols: self.rows, ..self }
    }

    /// The matrix at an index of the leading axes.
    fn matrix(&self, index: &[usize]) -> Matrix<'a, T> {
        let step: isize = index.iter().zip(&self.batch).map(|(&i, &s)| i as isize * s).sum();
        Matrix {
            memory: self.memory,
            offset: self.offset as isize + step,
            rows: self.rows,
            cols: self.cols,
        }
    }
}

/// One matrix: an element is at `offset + i·rows + j·cols`.
#[derive(Clone, Copy)]
struct Matrix<'a, T> {
    memory: &'a [T],
    offset: isize,
    rows: isize,
    cols: isize,
}

impl<'a, T: Copy> Matrix<'a, T> {
    /// The matrix whose first element is at `offset`, with the last two of these strides.
    fn new(memory: &'a [T], offset: usize, strides: &[isize]) -> Self {
        let axis = strides.len() - 2;
        let (rows, cols) = (strides[axis], strides[axis + 1]);
        Matrix { memory, offset: offset as isize, rows, cols }
    }

    /// The matrix from element (i, j) on.
    #[inline(always)]
    fn from(self, i: usize, j: usize) -> Self {
        let offset = self.offset + i as isize * self.rows + j as isize * self.cols;
        Matrix { offset, ..self }
    }

    fn transposed(self) -> Self {
        Matrix { rows: self.cols, cols: self.rows, ..self }
    }

    /// The matrix that is so far away.
    fn skip(self, distance: isize) -> Self {
        Matrix { offset: self.offset + distance, ..self }
    }

    /// The first element.
    #[inline(always)]
    fn first(self) -> T {
        self.memory[self.offset as usize]
    }

    /// The first elements of the first row, of which there is one or which lies in one piece.
    #[inline(always)]
    fn piece(self, len: usize) -> &'a [T] {
        let start = self.offset as usize;
        &self.memory[start..start + len]
    }

    /// The first elements of the first row.
    fn row<'s>(self, len: usize, scratch: &'s mut [T]) -> &'s [T]
    where
        'a: 's,
    {
        if self.cols == 1 {
            return self.piece(len);
        }
        let scratch = &mut scratch[..len];
        self.copy_row(scratch);
        scratch
    }

    /// Checks that the first `rows × cols` elements (neither is 0) are within the memory.
    fn check(self, rows: usize, cols: usize) {
        let (i, j) = ((rows - 1) as isize * self.rows, (cols - 1) as isize * self.cols);
        let (low, high) = (self.offset + i.min(0) + j.min(0), self.offset + i.max(0) + j.max(0));
        assert!(low >= 0 && (high as usize) < self.memory.len());
    }

    /// Copies rows of `cols` elements one after the other, from columns that lie in one piece each:
    /// in tiles, so that both sides walk along cache lines.
    fn copy_transposed(self, rows: usize, cols: usize, out: &mut [T]) {
        const SIDE: usize = 16;
        for i in (0..rows).step_by(SIDE) {
            let height = SIDE.min(rows - i);
            for j in (0..cols).step_by(SIDE) {
                let width = SIDE.min(cols - j);
                let mut columns: [&[T]; SIDE] = [&[]; SIDE];
                for (c, column) in columns[..width].iter_mut().enumerate() {
                    *column = self.from(i, j + c).piece(height);
                }
                for r in 0..height {
                    let start = (i + r) * cols + j;
                    for (o, column) in out[start..start + width].iter_mut().zip(&columns) {
                        *o = column[r];
                    }
                }
            }
        }
    }

    /// Copies the first elements of the first row.
    fn copy_row(self, out: &mut [T]) {
        if self.cols == 1 {
            return out.copy_from_slice(self.piece(out.len()));
        }
        let mut at = self.offset;
        for o in out {
            *o = self.memory[at as usize];
            at += self.cols;
        }
    }
}

/// The result's matrices: row-major, one after the other, written in disjoint parts.
struct Product<'a, T> {
    memory: Disjoint<'a, MaybeUninit<T>>,
    rows: usize,
    columns: usize,
}

impl<T> Product<'_, T> {
    /// Columns `from..from + len` of a row, counted through all matrices.
    ///
    /// # Safety
    /// No two parts that live at one time overlap.
    #[allow(clippy::mut_from_ref)] // the parts are disjoint
    unsafe fn row(&self, row: usize, from: usize, len: usize) -> &mut [MaybeUninit<T>] {
        let start = row * self.columns + from;
        // SAFETY: the caller's promise.
        unsafe { self.memory.part(start..start + len) }
    }

    /// The first element of a tile, of whose rows `columns` lie from one to the next, and which is there
    /// in so many matrices from its own on.
    fn tile(&self, tile: Tile, matrices: usize) -> *mut T {
        let first = tile.place * self.columns + tile.col;
        let rows = (matrices - 1) * self.rows + tile.rows;
        let last = first + (rows - 1) * self.columns + tile.cols;
        self.memory.address(first..last).cast()
    }
}

/// A rectangle of one product.
#[derive(Clone, Copy)]
struct Tile {
    /// How many rows.
    rows: usize,
    /// The first column, and how many.
    col: usize,
    cols: usize,
    /// The number of the first row in all matrices of the result.
    place: usize,
}

/// The kernels.
#[derive(Clone, Copy, PartialEq)]
enum Kernel {
    Vector,
    Gemm,
    Panel,
}

impl Kernel {
    /// The one for matrices of `m × k` and `k × n`, of which the first has its elements `strides` apart, alone or
    /// `stacked`; and whether it multiplies the transposed matrices in exchange, whose product has the same
    /// elements.
    fn of<T: Gemm>(m: usize, n: usize, strides: [isize; 2], stacked: bool) -> (Kernel, bool) {
        match (m, n) {
            // integers have one sum, in whatever order; along columns another kernel adds them
            (2.., 1) if !T::HAS_GEMM && strides[0] == 1 && strides[1] != 1 => (Kernel::Panel, true),
            (_, 1) => (Kernel::Vector, false),
            // (many rows by one matrix are a matrix)
            (1, _) if T::HAS_GEMM && !stacked => (Kernel::Vector, true),
            _ if T::HAS_GEMM => (Kernel::Gemm, false),
            _ => (Kernel::Panel, false),
        }
    }
}

/// Memory that a task works in.
struct Scratch<T: Gemm> {
    packs: gemm::Packs<T>,
    vector: vector::Scratch<T>,
    panel: panel::Scratch<T>,
}

impl<T: Gemm> Scratch<T> {
    /// None yet.
    fn new() -> Self {
        let (packs, vector) = (gemm::Packs::new(), vector::Scratch::new());
        Scratch { packs, vector, panel: panel::Scratch::new() }
    }
}

impl Kernel {
    /// Multiplies for a tile of the product, and where the kernel can for a whole stack; how many matrices it
    /// were. `k` is not 0, and the processor has the level.
    #[inline(always)] // so that what it is given stays where it is
    fn multiply<T: Gemm>(
        self,
        level: Level,
        (a, b, k): (Matrix<'_, T>, Matrix<'_, T>, usize),
        (tile, stack): (Tile, gemm::Stack),
        product: &Product<'_, T>,
        scratch: &mut Scratch<T>,
    ) -> Result<usize> {
        match self {
            Kernel::Gemm => {
                gemm::multiply(level, a, b, k, (tile, stack), product, &mut scratch.packs)?;
                return Ok(stack.matrices);
            }
            Kernel::Vector => vector::multiply(level, a, b, k, tile, product, &mut scratch.vector)?,
            Kernel::Panel => panel::multiply(a, b, k, tile, product, &mut scratch.panel)?,
        }
        Ok(1)
    }
}

/// Nanoseconds to begin a matrix of a stack.
const MATRIX_NANOS: f64 = 8.0;

/// Nanoseconds to read a byte of a matrix.
const BYTE_NANOS: f64 = 0.02;

/// Bytes of a matrix that stay in a cache of the second level while it is multiplied by many vectors.
const TILE_BYTES: usize = 256 << 10;

/// Vectors from which on it pays to copy the rows of such a matrix to one piece each.
const ORDER_FROM: usize = 32;

/// Nanoseconds of a matrix by kernel and sizes. That of a vector is spent on waiting for memory.
fn nanos_of<T: Gemm>(kernel: Kernel, [m, k, n]: [usize; 3]) -> f64 {
    let each = if kernel == Kernel::Vector { size_of::<T>() as f64 * BYTE_NANOS } else { T::NANOS };
    MATRIX_NANOS + m as f64 * n as f64 * k as f64 * each
}

fn typed<T: Load<W>, W: Gemm>(left: View<'_, Cpu>, right: View<'_, Cpu>) -> Result<Buffer> {
    if T::same(&[]).is_some() {
        let (a, a_offset) = Elements::<W>::span(left)?;
        let (b, b_offset) = Elements::<W>::span(right)?;
        if let (&[m, k], &[_, n]) = (left.layout.shape(), right.layout.shape())
            && m > 0
            && k > 0
            && n > 0
        {
            let a = Matrix::new(a, a_offset, left.layout.strides());
            let b = Matrix::new(b, b_offset, right.layout.strides());
            let (kernel, turned) = Kernel::of::<W>(m, n, [a.rows, a.cols], false);
            if threads_for(nanos_of::<W>(kernel, [m, k, n])) == 1 {
                let (a, b, m, n) =
                    if turned { (b.transposed(), a.transposed(), n, m) } else { (a, b, m, n) };
                return alone(kernel, a, b, [m, k, n], left.dtype);
            }
        }
        let a = Operand::new(a, a_offset, left.layout.strides());
        let b = Operand::new(b, b_offset, right.layout.strides());
        return multiply(a, left.layout, b, right.layout, |len, fill| {
            // SAFETY: all elements are written if there is no error.
            unsafe { elements::output::<W>(left.dtype, len, fill) }
        });
    }
    let (a, a_strides) = widened::<T, W>(left)?;
    let (b, b_strides) = widened::<T, W>(right)?;
    let a = Operand::new(&a, 0, &a_strides);
    let b = Operand::new(&b, 0, &b_strides);
    multiply(a, left.layout, b, right.layout, |len, fill| {
        let mut wide = Vec::new();
        let bytes = len.checked_mul(size_of::<W>());
        wide.try_reserve_exact(len).map_err(|_| Error::out_of_memory(bytes))?;
        fill(&mut wide.spare_capacity_mut()[..len])?;
        // SAFETY: all elements are written if there is no error.
        unsafe { wide.set_len(len) };
        // SAFETY: both have `len` elements, and each is written.
        unsafe {
            elements::output::<T>(left.dtype, len, |out| {
                for (o, &w) in out.iter_mut().zip(&wide) {
                    o.write(T::store(w));
                }
                Ok(())
            })
        }
    })
}

/// One product, none of whose sizes is 0, that is not worth sharing among threads.
fn alone<T: Gemm>(
    kernel: Kernel,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    [m, k, n]: [usize; 3],
    dtype: DType,
) -> Result<Buffer> {
    let len = m.checked_mul(n).ok_or_else(|| Error::out_of_memory(None))?;
    // SAFETY: all elements are written if there is no error.
    unsafe {
        elements::output::<T>(dtype, len, |out| {
            let product = Product { memory: Disjoint::new(out), rows: m, columns: n };
            let tile = Tile { rows: m, col: 0, cols: n, place: 0 };
            let stack = gemm::Stack { matrices: 1, next: [0; 2] };
            let scratch = &mut Scratch::new();
            kernel.multiply(Level::best(), (a, b, k), (tile, stack), &product, scratch)?;
            Ok(())
        })
    }
}

/// An operand in the type it is computed with: its elements, repeated ones once, and their strides.
fn widened<T: Load<W>, W: Gemm>(view: View<'_, Cpu>) -> Result<(Vec<W>, Strides)> {
    let mut layout = view.layout.clone();
    for axis in 0..layout.ndim() {
        if layout.strides()[axis] == 0 && layout.shape()[axis] > 1 {
            layout = layout.slice(axis, 0, 1, 1);
        }
    }
    let elements = Elements::<T>::new(View { layout: &layout, ..view })?;
    let mut wide = elements::scratch::<W>(elements.len())?;
    let mut block = [T::default(); BLOCK];
    for (i, to) in wide.chunks_mut(BLOCK).enumerate() {
        let start = i * BLOCK;
        T::load(elements.block(start..start + to.len(), &mut block), to);
    }
    let mut strides: Strides = Layout::contiguous(layout.shape())?.strides().into();
    for (stride, &dim) in strides.iter_mut().zip(layout.shape()) {
        if dim == 1 {
            *stride = 0;
        }
    }
    Ok((wide, strides))
}

/// Multiplies; `build` makes a buffer of so many elements that a function writes.
fn multiply<T: Gemm>(
    a: Operand<'_, T>,
    left: &Layout,
    b: Operand<'_, T>,
    right: &Layout,
    build: impl FnOnce(usize, &mut dyn FnMut(&mut [MaybeUninit<T>]) -> Result<()>) -> Result<Buffer>,
) -> Result<Buffer> {
    let (batch, matrix) = left.shape().split_at(left.ndim() - 2);
    let (m, k) = (matrix[0], matrix[1]);
    let n = right.shape()[right.ndim() - 1];
    let mut shape: SmallVec<[usize; 6]> = batch.into();
    shape.extend([m, n]);
    let len = arrayspace_core::element_count(&shape).ok_or_else(|| Error::out_of_memory(None))?;
    let stacked = batch.iter().any(|&dim| dim > 1);
    let (kernel, turned) = Kernel::of::<T>(m, n, [a.rows, a.cols], stacked);
    let (mut a, mut b, mut m, n) =
        if turned { (b.transposed(), a.transposed(), n, m) } else { (a, b, m, n) };

    // many matrices by one are one taller matrix
    let mut batch: SmallVec<[usize; 6]> = batch.into();
    let shared = batch.iter().zip(&b.batch).all(|(&dim, &stride)| dim == 1 || stride == 0);
    if shared && !batch.is_empty() && len > 0 {
        let mut strides = a.batch.clone();
        strides.extend([a.rows, a.cols]);
        let tall = batch.iter().product::<usize>() * m;
        let stack: SmallVec<[usize; 6]> = batch.iter().copied().chain([m, k]).collect();
        let merged = Layout::new(&stack, &strides, a.offset)
            .ok()
            .and_then(|layout| layout.reshape(&[tall, k]).filter(|_| k > 0));
        if let Some(merged) = merged {
            a = Operand::new(a.memory, a.offset, merged.strides());
            b = Operand::new(b.memory, b.offset, &[b.rows, b.cols]);
            (m, batch) = (tall, SmallVec::new());
        }
    }

    build(len, &mut |out| {
        if len == 0 || k == 0 {
            out.fill(MaybeUninit::new(T::ZERO));
            return Ok(());
        }
        let product = Product { memory: Disjoint::new(out), rows: m, columns: n };
        let level = Level::best();
        let matrices: usize = batch.iter().product();
        let nanos = matrices as f64 * nanos_of::<T>(kernel, [m, k, n]);
        let pieces = threads_for(nanos);
        // one matrix by many vectors: some rows by all vectors, so that they are read, and put in order if
        // need be, once
        let rows_of_all = (TILE_BYTES / size_of::<T>() / k).max(1).next_multiple_of(8);
        let all = kernel == Kernel::Vector
            && matrices > 1
            && rows_of_all < m
            && (a.cols == 1 || matrices >= ORDER_FROM)
            && batch.iter().zip(&a.batch).all(|(&dim, &stride)| dim == 1 || stride == 0);
        // whole matrices if there are many, else rows or columns of each
        let split = if matrices >= 4 * pieces { 1 } else { pieces };
        let (row_tile, col_tile) = if all {
            (rows_of_all, n)
        } else if m >= n || m >= 64 * split {
            (m.div_ceil(split).next_multiple_of(8).min(m), n)
        } else {
            (m, n.div_ceil(split).next_multiple_of(64).min(n))
        };
        let (row_tiles, col_tiles) = (m.div_ceil(row_tile), n.div_ceil(col_tile));
        // a task is a run of matrices, or one tile
        let run = if all {
            matrices
        } else if split == 1 {
            matrices.div_ceil(4 * pieces)
        } else {
            1
        };
        let tiles = row_tiles * col_tiles;
        let tasks = matrices.div_ceil(run) * tiles;
        for_tasks(
            tasks,
            nanos / tasks as f64,
            || Ok((Scratch::new(), Vec::new())),
            |(scratch, rows), task| {
                let (first, tile) = (task / tiles * run, task % tiles);
                let (row, col) = (tile / col_tiles * row_tile, tile % col_tiles * col_tile);
                let end = (first + run).min(matrices);
                let rows = match a.matrix(&[]).from(row, 0) {
                    of_all if all => Some(vector::in_rows(of_all, row_tile.min(m - row), k, rows)?),
                    _ => None,
                };
                let mut number = first;
                while number < end {
                    let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, batch.len());
                    let mut rest = number;
                    for (i, &dim) in index.iter_mut().zip(&batch).rev() {
                        *i = rest % dim;
                        rest /= dim;
                    }
                    let tile = Tile {
                        rows: row_tile.min(m - row),
                        col,
                        cols: col_tile.min(n - col),
                        place: number * m + row,
                    };
                    // those along the last axis are evenly spaced
                    let evenly = match (batch.last(), index.last()) {
                        (Some(&dim), Some(&i)) if tiles == 1 => (dim - i).min(end - number),
                        _ => 1,
                    };
                    let next = [&a, &b].map(|of| of.batch.last().map_or(0, |&stride| stride));
                    let stack = gemm::Stack { matrices: evenly, next };
                    let a = rows.unwrap_or_else(|| a.matrix(&index).from(row, 0));
                    let b = b.matrix(&index).from(0, col);
                    // tiles are disjoint
                    number +=
                        kernel.multiply(level, (a, b, k), (tile, stack), &product, scratch)?;
                }
                Ok(())
            },
        )
    })
}

#[cfg(test)]
mod tests;
