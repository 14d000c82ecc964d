//! Kernels for contiguous blocks.
//!
//! A kernel is a loop over contiguous operands of one dtype, compiled for each vector unit and chosen as a
//! function pointer: [`unary`], [`binary`], [`select`] and [`cast`] are the tables (operation × dtype).
//! There are none for half precision, which is computed in float32 ([`half`]), and none for strided or
//! broadcast operands, which [`copy`] brings together first (but [`apart`], for the most common ones). That
//! keeps their number small.

mod binary;
mod cast;
mod copy;
mod divide;
mod half;
mod lanes;
mod loops;
#[cfg(target_arch = "x86_64")]
mod pairs;
mod table;
#[cfg(test)]
mod tests;
mod transpose;
mod unary;

pub(crate) use binary::apart;
pub(crate) use cast::cast;
pub(crate) use copy::{CopyFn, copy, count, stream, streamed};
pub(crate) use transpose::{TransposeFn, transpose};
pub(crate) use unary::unary;

use arrayspace_core::{BinaryOp, DType};

use crate::simd::Level;

/// From `x` to `y`, `n` elements.
///
/// # Safety
/// Operands have `n` elements and the result has room for as many; all are aligned to the dtypes, and
/// the result overlaps no operand. The processor has the level that the kernel was chosen for.
pub(crate) type UnaryFn = unsafe fn(x: *const u8, y: *mut u8, n: usize);

/// From `a` and `b` to `y`, `n` elements. The conditions are those of [`UnaryFn`].
pub(crate) type BinaryFn = unsafe fn(a: *const u8, b: *const u8, y: *mut u8, n: usize);

/// From `a` where `c` (bool) is true, else from `b`, to `y`. The conditions are those of [`UnaryFn`].
pub(crate) type SelectFn =
    unsafe fn(c: *const u8, a: *const u8, b: *const u8, y: *mut u8, n: usize);

/// A bool in memory: one byte, of which nobody has checked that it is 0 or 1.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Bool(u8);

impl Bool {
    /// 0 or 1.
    #[inline(always)]
    fn bit(self) -> u8 {
        u8::from(self.0 != 0)
    }
}

impl From<bool> for Bool {
    #[inline(always)]
    fn from(value: bool) -> Bool {
        Bool(value.into())
    }
}

/// The Rust type of a dtype in memory.
macro_rules! stored {
    (Bool) => { $crate::kernels::Bool };
    (Int8) => { i8 };
    (Int16) => { i16 };
    (Int32) => { i32 };
    (Int64) => { i64 };
    (UInt8) => { u8 };
    (UInt16) => { u16 };
    (UInt32) => { u32 };
    (UInt64) => { u64 };
    (Float16) => { ::half::f16 };
    (BFloat16) => { ::half::bf16 };
    (Float32) => { f32 };
    (Float64) => { f64 };
    (Complex64) => { ::num_complex::Complex<f32> };
    (Complex128) => { ::num_complex::Complex<f64> };
}
use stored;

/// The kernel of an operation on two values, if there is one for values of the dtype in memory.
#[inline]
pub(crate) fn binary(op: BinaryOp, dtype: DType, level: Level) -> Option<BinaryFn> {
    divide::division(op, dtype, level).or_else(|| binary::binary(op, dtype, level))
}

/// The kernel that selects between elements of `size` bytes: 1, 2, 4, 8 or 16.
pub(crate) fn select(size: usize, level: Level) -> SelectFn {
    match size {
        1 => loops::select::<u8>(level),
        2 => loops::select::<u16>(level),
        4 => loops::select::<u32>(level),
        8 => loops::select::<u64>(level),
        _ => loops::select::<[u64; 2]>(level),
    }
}
