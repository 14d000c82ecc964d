//! Memory for work in progress.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use arrayspace_core::{DType, Error, Result};
use num_complex::Complex;

use super::Buffer;

/// A type of which any bits are a value, without padding.
///
/// # Safety
/// It is so.
pub(crate) unsafe trait Plain: Copy + Send + Sync + 'static {}

macro_rules! plain {
    ($($t:ty)*) => { $(
        // SAFETY: numbers, and arrays of them.
        unsafe impl Plain for $t {}
    )* };
}
plain!(u8 u16 u32 u64 u128 i64 [u32; 2] [u64; 2] f32 f64);

// SAFETY: two of them, without padding (`repr(C)`).
unsafe impl<T: Plain> Plain for Complex<T> {}

/// Memory for work in progress: a slice of values that are not specified, aligned as buffers are.
pub(crate) struct Scratch<T> {
    buffer: Buffer,
    len: usize,
    values: PhantomData<T>,
}

impl<T: Plain> Scratch<T> {
    /// Room for `len` values.
    pub(crate) fn new(len: usize) -> Result<Scratch<T>> {
        let bytes = len.checked_mul(size_of::<T>()).ok_or_else(|| Error::out_of_memory(None))?;
        let buffer = Buffer::initialised(DType::UInt8, bytes)?;
        Ok(Scratch { buffer, len, values: PhantomData })
    }
}

impl<T: Plain> Deref for Scratch<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the buffer is initialised, has room for `len` values, and is aligned for any; values
        // of `T` may have any bits.
        unsafe { std::slice::from_raw_parts(self.buffer.as_ptr().cast(), self.len) }
    }
}

impl<T: Plain> DerefMut for Scratch<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for `deref`; nobody else has a handle to the buffer.
        unsafe { std::slice::from_raw_parts_mut(self.buffer.address().as_ptr().cast(), self.len) }
    }
}
