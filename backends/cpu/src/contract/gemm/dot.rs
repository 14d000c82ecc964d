//! Products of rows and a vector.
//!
//! A row of at most [`MOST`] numbers is multiplied in two registers of sums, which are added pairwise at the
//! end; several rows at a time, so that what is read of the vector is used for all.

use super::registers::{Real, Register};
use crate::simd::Level;

/// The most numbers of a row.
pub(in crate::contract) const MOST: usize = 4096;

/// Rows that are multiplied together.
const ROWS: usize = 4;

/// Registers of sums of a row.
pub(super) const SUMS: usize = 2;

/// The most lanes of a register.
pub(super) const LANES: usize = 16;

/// `ROWS` rows by a vector.
///
/// # Safety
/// There are `len` numbers in each row and in the vector; the unit of `V` is there.
#[inline(always)]
unsafe fn dots<R: Real, V: Register<R>, const ROWS: usize>(
    len: usize,
    a: *const R,
    row: isize,
    x: *const R,
    out: &mut [R],
) {
    // SAFETY: the caller's promise; the last load has a mask.
    unsafe {
        let mut sums = [[V::zero(); SUMS]; ROWS];
        let mut done = 0;
        while done + SUMS * V::LANES <= len {
            for s in 0..SUMS {
                let at = done + s * V::LANES;
                let right = V::load(x.add(at));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let left = V::load(a.offset(r as isize * row).add(at));
                    sums[s] = sums[s].plus_product(left, right);
                }
            }
            done += SUMS * V::LANES;
        }
        for s in 0..SUMS {
            let at = done + s * V::LANES;
            if at < len {
                let mask = V::mask((len - at).min(V::LANES));
                let right = V::load_some(x.add(at), mask);
                for (r, sums) in sums.iter_mut().enumerate() {
                    let left = V::load_some(a.offset(r as isize * row).add(at), mask);
                    sums[s] = sums[s].plus_product(left, right);
                }
            }
        }
        let all = V::mask(V::LANES);
        for (out, sums) in out.iter_mut().zip(sums) {
            let mut lanes = [R::default(); LANES];
            sums[0].plus(sums[1]).store_some(lanes.as_mut_ptr(), all);
            let mut count = V::LANES;
            while count > 1 {
                count /= 2;
                for l in 0..count {
                    lanes[l] = lanes[l] + lanes[l + count];
                }
            }
            *out = lanes[0];
        }
    }
}

/// All rows.
///
/// # Safety
/// As for [`multiply`], and the unit of `V` is there.
#[inline(always)]
unsafe fn rows<R: Real, V: Register<R>>(a: *const R, row: isize, x: &[R], out: &mut [R]) {
    let (whole, rest) = out.as_chunks_mut::<ROWS>();
    let first_of_rest = a.wrapping_offset((whole.len() * ROWS) as isize * row);
    for (i, out) in whole.iter_mut().enumerate() {
        let a = a.wrapping_offset((i * ROWS) as isize * row);
        // SAFETY: the caller's promise.
        unsafe { dots::<R, V, ROWS>(x.len(), a, row, x.as_ptr(), out) };
    }
    for (i, out) in rest.chunks_exact_mut(1).enumerate() {
        let a = first_of_rest.wrapping_offset(i as isize * row);
        // SAFETY: as above.
        unsafe { dots::<R, V, 1>(x.len(), a, row, x.as_ptr(), out) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(
    enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt"
)]
unsafe fn avx512<R: Real>(a: *const R, row: isize, x: &[R], out: &mut [R]) {
    // SAFETY: the caller's promise; the unit is there, or this could not be called.
    unsafe { rows::<R, R::Avx512>(a, row, x, out) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn avx2<R: Real>(a: *const R, row: isize, x: &[R], out: &mut [R]) {
    // SAFETY: as above.
    unsafe { rows::<R, R::Avx2>(a, row, x, out) }
}

/// The products of rows, `row` apart, and a vector.
///
/// # Safety
/// For each number in `out` there is a row as long as `x`, and the processor has the level.
pub(in crate::contract) unsafe fn multiply<R: Real>(
    level: Level,
    a: *const R,
    row: isize,
    x: &[R],
    out: &mut [R],
) {
    // SAFETY: the caller's promise.
    unsafe {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512(a, row, x, out),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2(a, row, x, out),
            _ => rows::<R, R::Baseline>(a, row, x, out),
        }
    }
}
