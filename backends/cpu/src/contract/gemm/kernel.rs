//! Products of blocks: tiles of sums that are kept in registers.
//!
//! A tile is some rows by one or two registers of columns. In every step, a row of B is read and a
//! column of A, whose numbers are each multiplied with the whole row: 24 products for 14 values that are
//! read. All sizes of tiles add in one order, so it does not matter which tile an element is in.
//!
//! A complex product takes the same steps: a row of A counts as two, one of real and one of imaginary
//! parts, each multiplied with rows of interleaved complex numbers. The second sums are multiplied by i
//! when they are added to the first.

use super::registers::{Real, Register};
use crate::simd::{Level, prefetch};

/// One or more products of one shape, of at most [`STEPS`](super::STEPS) steps. Numbers are real: a
/// complex one counts as two, and distances are in real numbers.
#[derive(Clone, Copy)]
pub(in crate::contract) struct Block<R> {
    /// Rows of A and C, columns of B and C, columns of A.
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) steps: usize,
    pub(super) a: Left<R>,
    pub(super) b: Right<R>,
    /// The first element of C and the distance of its rows.
    pub(super) c: *mut R,
    pub(super) c_row: isize,
    /// Whether the product is added to what is there.
    pub(super) add: bool,
    /// How many products, and how far apart their matrices are.
    pub(super) matrices: usize,
    pub(super) next: [isize; 3],
}

/// The left operand.
#[derive(Clone, Copy)]
pub(in crate::contract) enum Left<R> {
    /// Where it is: element `(i, p)` is at `i·row + p·step`.
    Strided { first: *const R, row: isize, step: isize },
    /// Tiles one after the other, each step by step.
    Packed(*const R),
}

/// The right operand, whose rows are contiguous.
#[derive(Clone, Copy)]
pub(in crate::contract) enum Right<R> {
    /// Where it is, rows so far apart.
    Strided { first: *const R, step: isize },
    /// Panels as wide as a tile, one after the other, each row by row.
    Packed(*const R),
}

/// The sizes of tiles for a vector unit.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    /// The most rows, a complex row counting as two.
    pub(super) rows: usize,
    /// The most columns, in real numbers.
    pub(super) cols: usize,
}

/// Rows of a tile for each register type: as many sums as there are registers, less what is multiplied.
const fn most_rows(level: Level) -> usize {
    match level {
        Level::Avx512 => 12,
        _ => 6,
    }
}

/// Registers of columns of a tile.
const VECTORS: usize = 2;

/// The sizes of tiles at a level.
pub(super) fn sizes<R: Real>(level: Level) -> Sizes {
    let lanes = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => <R::Avx512 as Register<R>>::LANES,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => <R::Avx2 as Register<R>>::LANES,
        _ => <R::Baseline as Register<R>>::LANES,
    };
    Sizes { rows: most_rows(level), cols: VECTORS * lanes }
}

/// The rows of the next tile, of `left` ones; the last two are of about one size.
#[inline(always)]
pub(super) fn tile_rows(left: usize, most: usize) -> usize {
    if left == most || left >= most + most / 2 {
        most
    } else if left > most {
        most / 3 * 2
    } else {
        [8, 4, 2, 1].into_iter().find(|&rows| rows <= left).unwrap_or(1)
    }
}

/// Where the operands of a tile are.
struct Tile<R> {
    a: *const R,
    a_row: isize,
    a_step: isize,
    b: *const R,
    b_step: isize,
    c: *mut R,
    c_row: isize,
}

/// Steps between a row of C that is asked for and the next. All at once would fill the processor's list of
/// lines to come, and A would wait behind them.
const ASK: usize = 16;

/// One tile of `ROWS` rows (`PARTS` of which are one row of A and C).
///
/// # Safety
/// The operands are readable, and C writable; the unit of `V` is there.
#[inline(always)]
unsafe fn tile<
    R: Real,
    V: Register<R>,
    const ROWS: usize,
    const VECTORS: usize,
    const PARTS: usize,
>(
    steps: usize,
    at: Tile<R>,
    last: V::Mask,
    add: bool,
) {
    // SAFETY: the caller's promise; rows and columns are those of the tile.
    unsafe {
        let Tile { mut a, a_row, a_step, mut b, b_step, c, c_row } = at;
        let mut sums = [[V::zero(); VECTORS]; ROWS];
        let (mut done, mut row) = (0, 0);
        while done < steps {
            if row < ROWS / PARTS {
                for v in 0..VECTORS {
                    prefetch(c.wrapping_offset(row as isize * c_row).wrapping_add(v * V::LANES));
                }
                row += 1;
            }
            let next = (steps - done).min(ASK);
            for _ in 0..next {
                let mut right = [V::zero(); VECTORS];
                for (v, right) in right.iter_mut().enumerate() {
                    let from = b.add(v * V::LANES);
                    *right = if v + 1 < VECTORS { V::load(from) } else { V::load_some(from, last) };
                }
                for (r, sums) in sums.iter_mut().enumerate() {
                    let left =
                        V::splat(a.offset((r / PARTS) as isize * a_row).add(r % PARTS).read());
                    for (sum, &right) in sums.iter_mut().zip(&right) {
                        *sum = sum.plus_product(left, right);
                    }
                }
                a = a.wrapping_offset(a_step);
                b = b.wrapping_offset(b_step);
            }
            done += next;
        }
        let every = V::mask(V::LANES);
        for (row, sums) in sums.chunks_exact(PARTS).enumerate() {
            for (v, &real) in sums[0].iter().enumerate() {
                let to = c.offset(row as isize * c_row).add(v * V::LANES);
                let mask = if v + 1 < VECTORS { every } else { last };
                let mut sum = real;
                if PARTS == 2 {
                    sum = sum.plus(sums[1][v].times_i());
                }
                if add {
                    sum = V::load_some(to, mask).plus(sum);
                }
                sum.store_some(to, mask);
            }
        }
    }
}

/// All tiles of all products.
///
/// # Safety
/// The operands are readable, and C writable; the unit of `V` is there.
#[inline(always)]
unsafe fn block<R: Real, V: Register<R>, const MOST: usize, const PARTS: usize>(block: &Block<R>) {
    // SAFETY: the caller's promise; tiles are parts of the block.
    unsafe {
        let &Block { rows, cols, steps, a, b, c, c_row, add, .. } = block;
        let rows = rows * PARTS;
        for matrix in 0..block.matrices as isize {
            let [a_next, b_next, c_next] = block.next.map(|next| next * matrix);
            let mut col = 0;
            while col < cols {
                let width = (cols - col).min(VECTORS * V::LANES);
                let wide = width > V::LANES;
                let last = V::mask(if wide { width - V::LANES } else { width });
                let (b, b_step) = match b {
                    Right::Strided { first, step } => (first.offset(b_next).add(col), step),
                    Right::Packed(first) => (first.add(col * steps), width as isize),
                };
                let mut row = 0;
                while row < rows {
                    let height = tile_rows(rows - row, MOST);
                    let (a, a_row, a_step) = match a {
                        Left::Strided { first, row: apart, step } => {
                            (first.offset(a_next + (row / PARTS) as isize * apart), apart, step)
                        }
                        Left::Packed(first) => {
                            (first.add(row * steps), PARTS as isize, height as isize)
                        }
                    };
                    let c = c.offset(c_next + (row / PARTS) as isize * c_row).add(col);
                    let at = Tile { a, a_row, a_step, b, b_step, c, c_row };
                    macro_rules! of {
                        ($rows:literal) => {
                            if wide {
                                tile::<R, V, $rows, VECTORS, PARTS>(steps, at, last, add)
                            } else {
                                tile::<R, V, $rows, 1, PARTS>(steps, at, last, add)
                            }
                        };
                    }
                    match height {
                        12 if MOST == 12 => of!(12),
                        8 if MOST == 12 => of!(8),
                        6 if MOST == 6 => of!(6),
                        4 => of!(4),
                        2 => of!(2),
                        _ if PARTS == 1 => of!(1),
                        _ => {}
                    }
                    row += height;
                }
                col += width;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt"
)]
unsafe fn avx512<R: Real, const PARTS: usize>(of: &Block<R>) {
    // SAFETY: the caller's promise; the unit is there, or this could not be called.
    unsafe { block::<R, R::Avx512, { most_rows(Level::Avx512) }, PARTS>(of) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn avx2<R: Real, const PARTS: usize>(of: &Block<R>) {
    // SAFETY: as above.
    unsafe { block::<R, R::Avx2, { most_rows(Level::Avx2) }, PARTS>(of) }
}

/// Multiplies; `PARTS` is 2 for complex numbers, else 1.
///
/// # Safety
/// The elements of A and B are readable, those of C writable, and the processor has the level.
pub(super) unsafe fn multiply<R: Real, const PARTS: usize>(level: Level, of: &Block<R>) {
    // SAFETY: the caller's promise.
    unsafe {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512::<R, PARTS>(of),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2::<R, PARTS>(of),
            _ => block::<R, R::Baseline, { most_rows(Level::Baseline) }, PARTS>(of),
        }
    }
}
