//! Products of floating-point matrices.
//!
//! The loops are those of Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
//! 2008), as arranged by Van Zee and van de Geijn ("BLIS: a framework for rapidly instantiating BLAS
//! functionality", 2015): a block of B that stays in the last-level cache, a block of A in the second
//! one, and for each [tile](kernel) of C, a panel of B in the first one. Blocks are [copied](pack) to the order
//! in which they are read, where that pays; small ones are read where they are.
//!
//! An element is a sum of sums: the products of 256 consecutive steps are added in order to one sum, and
//! those sums in order to the result. That depends neither on tiles nor on blocks. No product is left
//! out, be it with zero (`0·inf` is NaN). Products are not rounded before they are added where the vector
//! unit has an instruction for it.
//!
//! A matrix by a vector is bound by memory, and has kernels of its own, which read it along its [rows](dot) or its
//! [columns].

mod columns;
mod dot;
mod kernel;
mod pack;
mod registers;
#[cfg(test)]
mod tests;

use arrayspace_core::Result;
use num_complex::Complex;

use super::{Matrix, Product, Tile};
use crate::arith::Ring;
use crate::memory::{Plain, Scratch};
use crate::simd::Level;
pub(super) use columns::{most_rows, room as branches};
pub(super) use dot::MOST;
use kernel::{Block, Left, Right};

/// Steps that are added to one sum.
const STEPS: usize = 256;

/// Bytes of a block of A, about half of a second-level cache; of B, a part of a last-level one.
const LEFT_BYTES: usize = 512 << 10;
const RIGHT_BYTES: usize = 4 << 20;

/// Bytes of a block up to which it is read where it is.
const LEFT_IN_PLACE: usize = 512 << 10;
const RIGHT_IN_PLACE: usize = 256 << 10;

/// The same if rows are so far apart that they compete for the same places in the first-level cache.
const DISTANT: usize = 4096;
const DISTANT_IN_PLACE: usize = 32 << 10;

/// Tiles along a side from which on it pays to copy the operand that is read anew for each.
const PACK_FROM: usize = 4;

/// Numbers, and whether this module multiplies them.
pub(crate) trait Gemm: Ring + Plain {
    /// Whether it does.
    const HAS_GEMM: bool;
    /// Nanoseconds of one multiplication, for the choice between one thread and several.
    const NANOS: f64;
    /// The real type, and how many of it make a number.
    type Part: Plain + Default;
    /// See there.
    const PARTS: usize;

    /// The kernel of a level.
    ///
    /// # Safety
    /// The elements of A and B are readable, those of C writable, and the processor has the level.
    unsafe fn kernel(level: Level, block: &Block<Self::Part>);
    /// The most rows and columns of a tile, in numbers of this type.
    fn tile(level: Level) -> (usize, usize);
    /// The kernel for rows, `row` apart, and a vector, all in real numbers.
    ///
    /// # Safety
    /// For each number in `out` there is a row as long as `x`, and the processor has the level.
    unsafe fn dots(
        level: Level,
        a: *const Self::Part,
        row: isize,
        x: &[Self::Part],
        out: &mut [Self::Part],
    );
    /// The kernel for columns, `step` real numbers apart, and a vector: the products are at the begin of `branches`.
    ///
    /// # Safety
    /// There is a column for each number, of `rows` numbers, of whose parts there are at most
    /// [`most_rows`]; there are as many `branches` as [`branches`] says; the processor has the level.
    unsafe fn columns(
        level: Level,
        from: (*const Self::Part, isize),
        x: &[Self],
        rows: usize,
        branches: &mut [Self::Part],
    );
    /// The real numbers by which the real and the imaginary part of a product with this number are sums of
    /// products with the parts of the other factor; the second is without meaning for real numbers.
    fn factors(self) -> [[Self::Part; 2]; 2];
    /// A number of its parts; the second is left out for real numbers.
    fn of_parts(parts: [Self::Part; 2]) -> Self;
}

macro_rules! no_gemm {
    ($($t:ty)*) => { $(
        impl Gemm for $t {
            const HAS_GEMM: bool = false;
            const NANOS: f64 = 0.03;
            type Part = $t;
            const PARTS: usize = 1;

            unsafe fn kernel(_: Level, _: &Block<$t>) {}
            fn tile(_: Level) -> (usize, usize) {
                (1, 1)
            }
            unsafe fn dots(_: Level, _: *const $t, _: isize, _: &[$t], _: &mut [$t]) {}
            unsafe fn columns(_: Level, _: (*const $t, isize), _: &[$t], _: usize, _: &mut [$t]) {}
            fn factors(self) -> [[$t; 2]; 2] {
                [[self; 2]; 2]
            }
            fn of_parts([re, _]: [$t; 2]) -> $t {
                re
            }
        }
    )* };
}
no_gemm!(u16 u32 u64);

macro_rules! gemm {
    ($($t:ty: $part:ty, $parts:literal, $nanos:expr, |$x:ident| $factors:expr, |$re:ident, $im:ident| $whole:expr;)*) => { $(
        impl Gemm for $t {
            const HAS_GEMM: bool = true;
            const NANOS: f64 = $nanos;
            type Part = $part;
            const PARTS: usize = $parts;

            #[inline]
            unsafe fn kernel(level: Level, block: &Block<$part>) {
                // SAFETY: the caller's promise.
                unsafe { kernel::multiply::<$part, $parts>(level, block) }
            }
            #[inline]
            fn tile(level: Level) -> (usize, usize) {
                let sizes = kernel::sizes::<$part>(level);
                (sizes.rows / $parts, sizes.cols / $parts)
            }
            #[inline]
            unsafe fn dots(
                level: Level,
                a: *const $part,
                row: isize,
                x: &[$part],
                out: &mut [$part],
            ) {
                // SAFETY: the caller's promise.
                unsafe { dot::multiply::<$part>(level, a, row, x, out) }
            }
            #[inline]
            unsafe fn columns(
                level: Level,
                from: (*const $part, isize),
                x: &[$t],
                rows: usize,
                branches: &mut [$part],
            ) {
                let by = (x.as_ptr().cast(), x.len());
                let branches = branches.as_mut_ptr();
                // SAFETY: the caller's promise.
                unsafe {
                    columns::multiply::<$part, $parts>(level, from, by, rows * $parts, branches);
                }
            }
            #[inline]
            fn factors(self) -> [[$part; 2]; 2] {
                let $x = self;
                $factors
            }
            #[inline]
            fn of_parts([$re, $im]: [$part; 2]) -> $t {
                let _ = $im;
                $whole
            }
        }
    )* };
}
gemm! {
    f32: f32, 1, 0.015, |x| [[x; 2]; 2], |re, im| re;
    f64: f64, 1, 0.03, |x| [[x; 2]; 2], |re, im| re;
    Complex<f32>: f32, 2, 0.06, |x| [[x.re, -x.im], [x.im, x.re]], |re, im| Complex::new(re, im);
    Complex<f64>: f64, 2, 0.12, |x| [[x.re, -x.im], [x.im, x.re]], |re, im| Complex::new(re, im);
}

/// Memory that a task copies operands to, got when it is first needed.
pub(super) struct Packs<T> {
    left: Option<Scratch<T>>,
    right: Option<Scratch<T>>,
}

impl<T: Plain> Packs<T> {
    /// None yet.
    pub(super) fn new() -> Self {
        Packs { left: None, right: None }
    }
}

/// Bytes of a block, whose rows are so far apart, up to which it is read where it is.
fn in_place_bytes(row: isize, item: usize, most: usize) -> usize {
    let bytes = row.unsigned_abs() * item;
    if bytes > 0 && bytes.is_multiple_of(DISTANT) { DISTANT_IN_PLACE } else { most }
}

/// Room for so many numbers.
fn room<T: Plain>(memory: &mut Option<Scratch<T>>, len: usize) -> Result<&mut [T]> {
    if memory.as_ref().is_none_or(|memory| memory.len() < len) {
        *memory = Some(Scratch::new(len)?);
    }
    Ok(memory.as_mut().map_or(&mut [], |memory| &mut memory[..len]))
}

/// The same for matrices that are evenly spaced.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    /// How many there are; at least one.
    pub(super) matrices: usize,
    /// The distances of those of A and of B.
    pub(super) next: [isize; 2],
}

/// Multiplies the rows of `a` by the columns of `b` for a tile of the product, and so for all of a stack,
/// whose products are one after the other; `k` is not 0, and the processor has the level.
pub(super) fn multiply<T: Gemm>(
    level: Level,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    (tile, stack): (Tile, Stack),
    product: &Product<'_, T>,
    packs: &mut Packs<T>,
) -> Result<()> {
    let Tile { rows, cols, .. } = tile;
    let last = stack.matrices - 1;
    for (number, next) in [(0, stack.next), (last, stack.next)] {
        a.skip(number as isize * next[0]).check(rows, k);
        b.skip(number as isize * next[1]).check(k, cols);
    }
    // SAFETY (of the parts of `product`): the tile is this task's in all matrices.
    let c = product.tile(tile, stack.matrices);

    let (tile_rows, tile_cols) = T::tile(level);
    let item = size_of::<T>();
    let steps = STEPS.min(k);
    let (left_bytes, right_bytes) = (rows * steps * item, steps * cols * item);
    let pack_right = b.cols != 1
        || (rows >= PACK_FROM * tile_rows
            && right_bytes > in_place_bytes(b.rows, item, RIGHT_IN_PLACE));
    let pack_left = cols >= PACK_FROM * tile_cols
        && left_bytes > in_place_bytes(a.rows.abs().max(a.cols.abs()), item, LEFT_IN_PLACE);
    if stack.matrices > 1 && (pack_left || pack_right || k > STEPS) {
        for number in 0..stack.matrices {
            let (a, b) =
                (a.skip(number as isize * stack.next[0]), b.skip(number as isize * stack.next[1]));
            let tile = Tile { place: tile.place + number * product.rows, ..tile };
            let alone = Stack { matrices: 1, next: [0; 2] };
            multiply(level, a, b, k, (tile, alone), product, packs)?;
        }
        return Ok(());
    }

    // distances in real numbers
    let parts = T::PARTS as isize;
    let c_row = product.columns as isize * parts;
    let next = [
        stack.next[0] * parts,
        stack.next[1] * parts,
        (product.rows * product.columns) as isize * parts,
    ];
    let at = |matrix: Matrix<'_, T>| {
        // within the memory, as was checked
        matrix.memory.as_ptr().wrapping_offset(matrix.offset).cast::<T::Part>()
    };
    let (most_rows, most_cols) = (
        if pack_left { LEFT_BYTES / (STEPS * item) / tile_rows * tile_rows } else { rows },
        if pack_right { RIGHT_BYTES / (STEPS * item) / tile_cols * tile_cols } else { cols },
    );
    for col in (0..cols).step_by(most_cols) {
        let cols = most_cols.min(cols - col);
        for step in (0..k).step_by(STEPS) {
            let steps = STEPS.min(k - step);
            let from = b.from(step, col);
            let right = if pack_right {
                let to = room(&mut packs.right, steps * cols)?;
                pack::right(from, (steps, cols), tile_cols, to);
                Right::Packed(to.as_ptr().cast())
            } else {
                Right::Strided { first: at(from), step: from.rows * parts }
            };
            for row in (0..rows).step_by(most_rows) {
                let rows = most_rows.min(rows - row);
                let from = a.from(row, step);
                let left = if pack_left {
                    let to = room(&mut packs.left, rows * steps)?;
                    pack::left(from, (rows, steps), (tile_rows * T::PARTS, T::PARTS), to);
                    Left::Packed(to.as_ptr().cast())
                } else {
                    Left::Strided {
                        first: at(from),
                        row: from.rows * parts,
                        step: from.cols * parts,
                    }
                };
                let block = Block {
                    rows,
                    cols: cols * T::PARTS,
                    steps,
                    a: left,
                    b: right,
                    c: c.wrapping_add(row * product.columns + col).cast(),
                    c_row,
                    add: step > 0,
                    matrices: stack.matrices,
                    next,
                };
                // SAFETY: the corners of both operands are within their memory (checked above), hence
                // all elements are, and packed ones have been written; those of the tile are nobody
                // else's.
                unsafe { T::kernel(level, &block) };
            }
        }
    }
    Ok(())
}
