//! Where buffers come from.
//!
//! A [`Buffer`] is a reference-counted block: our own memory, aligned to 64 bytes, or memory adopted
//! from somebody else.

use std::alloc;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Arc;

use arrayspace_core::{DType, Error, HostMemory, Result};

/// Our blocks are aligned to a cache line, which is also the widest vector.
const ALIGNMENT: usize = 64;

/// A block of memory: a handle that is cheap to clone.
#[derive(Clone)]
pub struct Buffer(Arc<Block>);

struct Block {
    ptr: NonNull<u8>,
    len: usize,
    origin: Origin,
}

enum Origin {
    /// From the allocator, with this layout; nothing was allocated for a size of 0.
    Own(alloc::Layout),
    /// Kept alive by its owner.
    Adopted(HostMemory),
}

// SAFETY: a block owns its memory; it is written through `&mut` alone (see `bytes_mut`).
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Drop for Block {
    fn drop(&mut self) {
        if let Origin::Own(layout) = &self.origin
            && layout.size() != 0
        {
            // SAFETY: allocated in `Buffer::with` by this layout, and freed once, here.
            unsafe { alloc::dealloc(self.ptr.as_ptr(), *layout) }
        }
    }
}

impl Buffer {
    fn own(dtype: DType, len: usize, zeroed: bool) -> Result<Buffer> {
        let bytes = len
            .checked_mul(dtype.item_size())
            .filter(|&b| b <= isize::MAX as usize - ALIGNMENT)
            .ok_or_else(|| Error::out_of_memory(None))?;
        let layout = alloc::Layout::from_size_align(bytes, ALIGNMENT)
            .map_err(|_| Error::out_of_memory(Some(bytes)))?;
        let ptr = if bytes == 0 {
            NonNull::<[u64; 8]>::dangling().cast()
        } else {
            // SAFETY: the size is not 0.
            let ptr =
                unsafe { if zeroed { alloc::alloc_zeroed(layout) } else { alloc::alloc(layout) } };
            NonNull::new(ptr).ok_or_else(|| Error::out_of_memory(Some(bytes)))?
        };
        Ok(Buffer(Arc::new(Block { ptr, len: bytes, origin: Origin::Own(layout) })))
    }

    /// A buffer of `len` elements with unspecified values.
    pub(crate) fn initialised(dtype: DType, len: usize) -> Result<Buffer> {
        Buffer::own(dtype, len, true)
    }

    /// A buffer of `len` elements and the address to write them to, before anybody reads them.
    ///
    /// The memory may be uninitialised: the caller writes every byte before the buffer leaves the crate.
    pub(crate) fn for_output(dtype: DType, len: usize) -> Result<(Buffer, *mut u8)> {
        let buffer = Buffer::own(dtype, len, false)?;
        let ptr = buffer.0.ptr.as_ptr();
        Ok((buffer, ptr))
    }

    /// A copy of `bytes`.
    pub(crate) fn copy_of(bytes: &[u8], dtype: DType) -> Result<Buffer> {
        let (buffer, out) = Buffer::for_output(dtype, bytes.len() / dtype.item_size())?;
        let len = buffer.len_bytes();
        // SAFETY: `out` has room for `len` bytes, which is at most `bytes.len()`.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), out, len) };
        if dtype == DType::Bool {
            // SAFETY: just written, and nobody else has the buffer.
            unsafe { std::slice::from_raw_parts_mut(out, len) }
                .iter_mut()
                .for_each(|b| *b = u8::from(*b != 0));
        }
        Ok(buffer)
    }

    /// The memory itself, or a copy where it is not aligned or holds bytes that are no bool.
    pub(crate) fn adopt(memory: HostMemory, dtype: DType) -> Result<Buffer> {
        let fits = memory.as_ptr().addr().is_multiple_of(dtype.alignment())
            && (dtype != DType::Bool || memory.bytes().iter().all(|&b| b < 2));
        let Some(ptr) = NonNull::new(memory.as_ptr()).filter(|_| fits && !memory.is_empty()) else {
            return Buffer::copy_of(memory.bytes(), dtype);
        };
        let len = memory.len();
        Ok(Buffer(Arc::new(Block { ptr, len, origin: Origin::Adopted(memory) })))
    }

    /// Bytes of the block.
    pub(crate) fn len_bytes(&self) -> usize {
        self.0.len
    }

    /// The address of the first byte, for reading.
    pub(crate) fn as_ptr(&self) -> *const u8 {
        self.0.ptr.as_ptr()
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: a buffer that left the crate's functions is initialised, and written through
        // `bytes_mut` alone, which nobody can call while this borrow lives.
        unsafe { std::slice::from_raw_parts(self.as_ptr(), self.0.len) }
    }

    /// The bytes, for writing, if nobody else has a handle and the memory may be written.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        let block = Arc::get_mut(&mut self.0)?;
        if let Origin::Adopted(memory) = &block.origin
            && !memory.is_writable()
        {
            return None;
        }
        // SAFETY: this is the only handle, and it is borrowed mutably.
        Some(unsafe { std::slice::from_raw_parts_mut(block.ptr.as_ptr(), block.len) })
    }
}

/// An address that several threads use, each for places of its own.
#[derive(Clone, Copy)]
pub(crate) struct SharedPtr(pub(crate) *mut u8);

// SAFETY: an address alone; whoever uses it says why that is sound.
unsafe impl Send for SharedPtr {}
// SAFETY: as above.
unsafe impl Sync for SharedPtr {}

impl SharedPtr {
    /// The address. (A method, so that closures capture the whole.)
    pub(crate) fn get(self) -> *mut u8 {
        self.0
    }
}

/// A type of which any bits are a value, without padding.
///
/// # Safety
/// It is so.
pub(crate) unsafe trait Plain: Copy + Send + Sync + 'static {}

macro_rules! plain {
    ($($t:ty)*) => { $(
        // SAFETY: integers, and arrays of them.
        unsafe impl Plain for $t {}
    )* };
}
plain!(u8 u16 u32 u64 u128 i64 [u32; 2] [u64; 2]);

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
        unsafe { std::slice::from_raw_parts_mut(self.buffer.0.ptr.as_ptr().cast(), self.len) }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes at {:p})", self.0.len, self.0.ptr)
    }
}
