//! Products of a matrix and a vector, where the columns of the matrix lie in one piece each.
//!
//! Columns are multiplied by a number each and added to sums of all rows, so that memory is read along
//! itself. The sums are those that the kernel of [rows](super::dot) has in the lanes of its registers: of
//! columns as far apart as there are lanes. They are added in the same tree, to the same bits.

use super::dot::{LANES, MOST, SUMS};
use super::registers::{Real, Register};
use crate::simd::Level;

/// Bytes of the sums of one lane for all rows: they stay in the first-level cache, and columns are read in
/// pieces of as many bytes.
const BYTES: usize = 4096;

/// The most rows that are multiplied together, in real numbers.
pub(in crate::contract) const fn most_rows<R>() -> usize {
    BYTES / size_of::<R>()
}

/// The room that the sums of so many columns need, in real numbers: for each level of the tree, a branch.
pub(in crate::contract) fn room<R>(columns: usize, parts: usize) -> usize {
    let leaves = (columns * parts).div_ceil(MOST) * SUMS * LANES;
    (leaves.ilog2() as usize + 2) * most_rows::<R>()
}

/// Which parts of the numbers in a column are multiplied.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Taken {
    /// All, of real numbers.
    All,
    /// The real parts, by both parts of the factor.
    Real,
    /// The imaginary parts, by both parts of the factor times i.
    Imaginary,
}

impl Taken {
    const fn of(parts: usize, lane: usize) -> Taken {
        match (parts, lane % 2) {
            (1, _) => Taken::All,
            (_, 0) => Taken::Real,
            _ => Taken::Imaginary,
        }
    }
}

/// Adds the products of a register of each column to one of sums.
///
/// # Safety
/// The lanes of the mask are readable in all columns, all lanes are in the sums; the unit of `V` is there.
#[inline(always)]
unsafe fn add_register<R: Real, V: Register<R>, const TAKEN: u8, const N: usize>(
    sums: *mut R,
    columns: &[*const R; N],
    factors: &[V; N],
    at: usize,
    mask: Option<V::Mask>,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sum = V::load(sums.add(at));
        for (column, &factor) in columns.iter().zip(factors) {
            let from = column.add(at);
            let mut column = match mask {
                Some(mask) => V::load_some(from, mask),
                None => V::load(from),
            };
            if TAKEN == Taken::Real as u8 {
                column = column.real_parts();
            } else if TAKEN == Taken::Imaginary as u8 {
                column = column.imaginary_parts();
            }
            sum = sum.plus_product(column, factor);
        }
        sum.store_some(sums.add(at), V::mask(V::LANES));
    }
}

/// Adds the products of `N` columns, `step` apart, and as many numbers, `x_step` apart, to the sums of `rows`
/// real rows.
///
/// # Safety
/// The columns and numbers are readable, whole registers of sums are there, and so is the unit of `V`.
#[inline(always)]
unsafe fn add<R: Real, V: Register<R>, const TAKEN: u8, const N: usize>(
    sums: *mut R,
    rows: usize,
    (first, step): (*const R, isize),
    (x, x_step): (*const R, usize),
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut columns = [first; N];
        let mut factors = [V::zero(); N];
        for n in 0..N {
            columns[n] = first.offset(n as isize * step);
            let x = x.add(n * x_step);
            factors[n] = if TAKEN == Taken::All as u8 {
                V::splat(x.read())
            } else {
                let (re, im) = (x.read(), x.add(1).read());
                let pair = if TAKEN == Taken::Real as u8 { [re, im] } else { [-im, re] };
                let mut lanes = [re; LANES];
                for (l, lane) in lanes.iter_mut().enumerate() {
                    *lane = pair[l % 2];
                }
                V::load(lanes.as_ptr())
            };
        }
        let whole = rows - rows % V::LANES;
        let mut at = 0;
        while at < whole {
            add_register::<R, V, TAKEN, N>(sums, &columns, &factors, at, None);
            at += V::LANES;
        }
        if whole < rows {
            let mask = Some(V::mask(rows - whole));
            add_register::<R, V, TAKEN, N>(sums, &columns, &factors, at, mask);
        }
    }
}

/// Adds `count` columns in turn, up to eight of them at a time.
///
/// # Safety
/// As for [`add`].
#[inline(always)]
unsafe fn add_all<R: Real, V: Register<R>, const TAKEN: u8>(
    sums: *mut R,
    rows: usize,
    (mut first, step): (*const R, isize),
    (mut x, x_step): (*const R, usize),
    mut count: usize,
) {
    macro_rules! of {
        ($n:literal) => {
            while count >= $n {
                // SAFETY: the caller's promise.
                unsafe { add::<R, V, TAKEN, $n>(sums, rows, (first, step), (x, x_step)) };
                first = first.wrapping_offset($n * step);
                x = x.wrapping_add($n * x_step);
                count -= $n;
            }
        };
    }
    of!(8);
    of!(4);
    of!(1);
}

/// Adds zero, by which sums of -0 become +0.
///
/// # Safety
/// There are whole registers of sums; the unit of `V` is there.
#[inline(always)]
unsafe fn add_zero<R: Real, V: Register<R>>(sums: *mut R, rows: usize) {
    for at in (0..rows).step_by(V::LANES) {
        // SAFETY: the caller's promise.
        unsafe {
            let sum = V::load(sums.add(at)).plus(V::zero());
            sum.store_some(sums.add(at), V::mask(V::LANES));
        }
    }
}

/// Adds the last branch of a tree to the one before.
///
/// # Safety
/// There are whole registers of both; the unit of `V` is there.
#[inline(always)]
unsafe fn merge<R: Real, V: Register<R>>(branches: *mut R, last: usize, rows: usize) {
    let right = branches.wrapping_add(last * most_rows::<R>());
    let left = right.wrapping_sub(most_rows::<R>());
    for at in (0..rows).step_by(V::LANES) {
        // SAFETY: the caller's promise.
        unsafe {
            let sum = V::load(left.add(at)).plus(V::load(right.add(at)));
            sum.store_some(left.add(at), V::mask(V::LANES));
        }
    }
}

/// The products of columns, `step` apart, and a vector: `rows` real numbers at the begin of `branches`.
///
/// # Safety
/// As for [`multiply`], and the unit of `V` is there.
#[inline(always)]
unsafe fn columns<R: Real, V: Register<R>, const PARTS: usize>(
    (first, step): (*const R, isize),
    (x, count): (*const R, usize),
    rows: usize,
    branches: *mut R,
) {
    let lanes = SUMS * V::LANES;
    let bits = usize::BITS - lanes.trailing_zeros();
    // the tree is a binary counter, of the leaves that are whole and of the branches that they are in
    let (mut leaves, mut top) = (0usize, 0);
    for piece in (0..count).step_by(MOST / PARTS) {
        let end = count.min(piece + MOST / PARTS);
        for leaf in 0..lanes {
            // in the order of which neighbours are added first
            let lane = if bits < usize::BITS { leaf.reverse_bits() >> bits } else { 0 };
            let sums = branches.wrapping_add(top * most_rows::<R>());
            let begin = piece + lane / PARTS;
            let apart = lanes / PARTS;
            let here = end.saturating_sub(begin).div_ceil(apart);
            let from = (first.wrapping_offset(begin as isize * step), apart as isize * step);
            let by = (x.wrapping_add(begin * PARTS), apart * PARTS);
            // SAFETY: the caller's promise: there are as many columns and numbers, and there is room.
            unsafe {
                std::ptr::write_bytes(sums, 0, rows.next_multiple_of(V::LANES));
                match Taken::of(PARTS, lane) {
                    Taken::All => add_all::<R, V, { Taken::All as u8 }>(sums, rows, from, by, here),
                    Taken::Real => {
                        add_all::<R, V, { Taken::Real as u8 }>(sums, rows, from, by, here);
                    }
                    Taken::Imaginary => {
                        add_all::<R, V, { Taken::Imaginary as u8 }>(sums, rows, from, by, here);
                    }
                }
            }
            // where the last register of a row is not full, the other kernel adds products of nothing
            let rest = (end - piece) * PARTS % lanes;
            if lane >= rest && lane / V::LANES * V::LANES < rest {
                // SAFETY: whole registers of sums are there.
                unsafe { add_zero::<R, V>(sums, rows) };
            }
            leaves += 1;
            for _ in 0..leaves.trailing_zeros() {
                // SAFETY: both are branches.
                unsafe { merge::<R, V>(branches, top, rows) };
                top -= 1;
            }
            top += 1;
        }
    }
    for last in (1..top).rev() {
        // SAFETY: as above.
        unsafe { merge::<R, V>(branches, last, rows) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt"
)]
unsafe fn avx512<R: Real, const PARTS: usize>(
    from: (*const R, isize),
    by: (*const R, usize),
    rows: usize,
    branches: *mut R,
) {
    // SAFETY: the caller's promise; the unit is there, or this could not be called.
    unsafe { columns::<R, R::Avx512, PARTS>(from, by, rows, branches) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn avx2<R: Real, const PARTS: usize>(
    from: (*const R, isize),
    by: (*const R, usize),
    rows: usize,
    branches: *mut R,
) {
    // SAFETY: as above.
    unsafe { columns::<R, R::Avx2, PARTS>(from, by, rows, branches) }
}

/// The products of columns (the first, and how far apart they are) and a vector (the first number, and how
/// many): `rows` real numbers at the begin of `branches`. Numbers have so many `PARTS`; distances are in real
/// numbers.
///
/// # Safety
/// There are as many columns as numbers, of `rows` real numbers each, at most [`most_rows`]; `branches` has
/// [`room`]; the processor has the level.
pub(in crate::contract) unsafe fn multiply<R: Real, const PARTS: usize>(
    level: Level,
    from: (*const R, isize),
    by: (*const R, usize),
    rows: usize,
    branches: *mut R,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512::<R, PARTS>(from, by, rows, branches),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2::<R, PARTS>(from, by, rows, branches),
            _ => columns::<R, R::Baseline, PARTS>(from, by, rows, branches),
        }
    }
}
