//! Quotients and remainders of integers.
//!
//! Processors divide integers one at a time, and floating-point numbers by vectors. For a dividend below
//! 2^53 the floor of the quotient in `f64` is that of the exact one: a quotient that is no integer is at least
//! `1 / divisor` away from one, and rounded by less. Between integers and `f64` the bits of `x + 1.5 · 2^52`
//! lead, which every vector unit has the instructions for. What exceeds 2^51 is divided one at a time.

use std::mem::MaybeUninit;
use std::slice::{from_raw_parts, from_raw_parts_mut};

use arrayspace_core::{BinaryOp, DType};

use super::BinaryFn;
use crate::math::int::{self, Int};
use crate::simd::{Level, dispatch};

/// An integer up to 2^51 added to it lies in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// The largest magnitude that is divided in `f64`.
const LARGEST: u64 = 1 << 51;

/// Elements of a block, of which those that are too large are done over.
const BLOCK: usize = 64;

/// An integer type, on its way to `f64` and back.
pub(crate) trait Dividend: Int {
    /// The value, exactly, if it [`fits`](Dividend::fits).
    fn wide(self) -> f64;

    /// Whether the magnitude is not above [`LARGEST`].
    fn fits(self) -> bool;

    /// The low bits of an integer of a magnitude up to [`LARGEST`].
    fn narrow(x: f64) -> Self;
}

macro_rules! dividends {
    ($($t:ty, $fits:expr;)*) => { $(
        impl Dividend for $t {
            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from_bits((self as i64 as u64).wrapping_add(SHIFT.to_bits())) - SHIFT
            }
            #[inline(always)]
            fn fits(self) -> bool {
                $fits(self)
            }
            #[inline(always)]
            fn narrow(x: f64) -> $t {
                (x + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as $t
            }
        }
    )* };
}
dividends! {
    i8, |_| true;
    i16, |_| true;
    i32, |_| true;
    i64, |x: i64| x.unsigned_abs() <= LARGEST;
    u8, |_| true;
    u16, |_| true;
    u32, |_| true;
    u64, |x| x <= LARGEST;
}

/// The quotient and the divisor of two that fit; 0 for a division by 0.
#[inline(always)]
fn floor<T: Dividend>(a: T, b: T) -> f64 {
    let (a, b) = (a.wide(), b.wide());
    let quotient = a / b;
    let nearest = (quotient + SHIFT) - SHIFT;
    let floor = if nearest > quotient { nearest - 1.0 } else { nearest };
    if b == 0.0 { 0.0 } else { floor }
}

/// A division: the quotient, or the remainder.
#[inline(always)]
fn divide<T: Dividend, const REMAINDER: bool>(a: T, b: T) -> T {
    let quotient = floor(a, b);
    if !REMAINDER {
        return T::narrow(quotient);
    }
    // the product is below 2^52: exact
    let rest = a.wide() - quotient * b.wide();
    T::narrow(if b == T::zero() { 0.0 } else { rest })
}

/// The same for any numbers.
#[inline(always)]
fn divide_slowly<T: Dividend, const REMAINDER: bool>(a: T, b: T) -> T {
    if REMAINDER { int::remainder(a, b) } else { int::floor_divide(a, b) }
}

/// # Safety
/// `a` and `b` have `n` elements, `y` room for as many; all are aligned, and `y` overlaps neither.
#[inline(always)]
unsafe fn divide_loop<T: Dividend, const REMAINDER: bool>(
    a: *const u8,
    b: *const u8,
    y: *mut u8,
    n: usize,
) {
    // SAFETY: the caller's promise; the result may be uninitialised, and is only written.
    let (a, b, y) = unsafe {
        (
            from_raw_parts(a.cast::<T>(), n),
            from_raw_parts(b.cast::<T>(), n),
            from_raw_parts_mut(y.cast::<MaybeUninit<T>>(), n),
        )
    };
    let blocks = a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(y.chunks_mut(BLOCK));
    for ((a, b), y) in blocks {
        let mut all_fit = true;
        for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
            y.write(divide::<T, REMAINDER>(a, b));
            all_fit &= a.fits() & b.fits();
        }
        if all_fit {
            continue;
        }
        for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
            if !(a.fits() & b.fits()) {
                y.write(divide_slowly::<T, REMAINDER>(a, b));
            }
        }
    }
}

/// # Safety
/// That of [`divide_loop`].
#[inline(always)]
unsafe fn quotients_loop<T: Dividend>(a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's.
    unsafe { divide_loop::<T, false>(a, b, y, n) }
}

/// # Safety
/// That of [`divide_loop`].
#[inline(always)]
unsafe fn remainders_loop<T: Dividend>(a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's.
    unsafe { divide_loop::<T, true>(a, b, y, n) }
}

dispatch! {
    /// The loop of quotients, rounded towards negative infinity.
    fn quotients<T>[T: Dividend,](a: *const u8, b: *const u8, y: *mut u8, n: usize) = quotients_loop;
    /// The loop of what they leave.
    fn remainders<T>[T: Dividend,](a: *const u8, b: *const u8, y: *mut u8, n: usize) = remainders_loop;
}

/// The kernel of a division of integers, if it is one: 0 for a division by 0, and `MIN // -1` wraps.
pub(super) fn division(op: BinaryOp, dtype: DType, level: Level) -> Option<BinaryFn> {
    let of = match op {
        BinaryOp::FloorDivide => [
            quotients::<i8>,
            quotients::<i16>,
            quotients::<i32>,
            quotients::<i64>,
            quotients::<u8>,
            quotients::<u16>,
            quotients::<u32>,
            quotients::<u64>,
        ],
        BinaryOp::Remainder => [
            remainders::<i8>,
            remainders::<i16>,
            remainders::<i32>,
            remainders::<i64>,
            remainders::<u8>,
            remainders::<u16>,
            remainders::<u32>,
            remainders::<u64>,
        ],
        _ => return None,
    };
    let number = (dtype as usize).checked_sub(DType::Int8 as usize)?;
    of.get(number).map(|kernel| kernel(level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, cases};

    fn check<T: Dividend + PartialEq + std::fmt::Debug>(dtype: DType, of: impl Fn(u64) -> T) {
        let mut rng = Rng::new(dtype as usize);
        for round in 0..cases(60) {
            let n = rng.below(200);
            // of any number of bits, so that small ones, and ones that do not fit, are among them
            let mut draw = |_| {
                let shift = if round % 3 == 0 { 14 + rng.below(50) } else { rng.below(64) };
                let x = rng.next() >> shift;
                of(if rng.below(2) == 0 { x } else { x.wrapping_neg() })
            };
            let a: Vec<T> = (0..n).map(&mut draw).collect();
            let b: Vec<T> = (0..n).map(&mut draw).collect();
            for &level in Level::available() {
                for op in [BinaryOp::FloorDivide, BinaryOp::Remainder] {
                    let mut y: Vec<T> = a.clone();
                    let kernel = division(op, dtype, level).unwrap();
                    // SAFETY: as many elements of each; the result is apart.
                    unsafe {
                        kernel(a.as_ptr().cast(), b.as_ptr().cast(), y.as_mut_ptr().cast(), n)
                    };
                    for i in 0..n {
                        let want = match op {
                            BinaryOp::FloorDivide => int::floor_divide(a[i], b[i]),
                            _ => int::remainder(a[i], b[i]),
                        };
                        assert_eq!(y[i], want, "{op:?} of {:?} and {:?}, {level:?}", a[i], b[i]);
                    }
                }
            }
        }
    }

    #[test]
    fn as_one_by_one() {
        check(DType::Int8, |x| x as i8);
        check(DType::Int16, |x| x as i16);
        check(DType::Int32, |x| x as i32);
        check(DType::Int64, |x| x as i64);
        check(DType::UInt8, |x| x as u8);
        check(DType::UInt16, |x| x as u16);
        check(DType::UInt32, |x| x as u32);
        check(DType::UInt64, |x| x);
    }

    #[test]
    fn bounds() {
        const L: i64 = LARGEST as i64;
        let numbers = [0, 1, -1, 2, -3, L, -L, L + 1, -L - 1, L - 1, i64::MAX, i64::MIN];
        for a in numbers {
            for b in numbers {
                for op in [BinaryOp::FloorDivide, BinaryOp::Remainder] {
                    let mut y = [0i64; 1];
                    let kernel = division(op, DType::Int64, Level::best()).unwrap();
                    // SAFETY: one element of each.
                    unsafe {
                        kernel([a].as_ptr().cast(), [b].as_ptr().cast(), y.as_mut_ptr().cast(), 1)
                    };
                    let want = match op {
                        BinaryOp::FloorDivide => int::floor_divide(a, b),
                        _ => int::remainder(a, b),
                    };
                    assert_eq!(y[0], want, "{op:?} of {a} and {b}");
                }
            }
        }
        let (a, b) = ([i32::MIN, i32::MIN, 7, -7], [-1, 0, 0, 2]);
        let mut y = [0i32; 4];
        for &level in Level::available() {
            let kernel = quotients::<i32>(level);
            // SAFETY: four elements of each.
            unsafe { kernel(a.as_ptr().cast(), b.as_ptr().cast(), y.as_mut_ptr().cast(), 4) };
            assert_eq!(y, [i32::MIN, 0, 0, -4]);
        }
    }
}
