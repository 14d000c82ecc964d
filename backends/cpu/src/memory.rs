//! Where buffers come from.
//!
//! A [`Buffer`] is a reference-counted block: our own memory, aligned to 64 bytes, or memory adopted
//! from somebody else. Our own is from the allocator, from a [`pool`] if it is large, and from a thread's
//! [`cache`] if it is small.

mod cache;
mod pool;
mod scratch;
mod system;

use std::alloc;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

use arrayspace_core::{DType, Error, HostMemory, Layout, Result, check};
use pool::POOL;

pub(crate) use pool::{PlanMemory, addresses, room};
pub(crate) use scratch::{Plain, Scratch};

use crate::copy;

/// Our blocks are aligned to a cache line, which is also the widest vector.
const ALIGNMENT: usize = 64;

/// A block of memory: a handle that is cheap to clone.
///
/// Nobody has a weak handle.
#[derive(Clone)]
pub struct Buffer(ManuallyDrop<Arc<Block>>);

struct Block {
    ptr: NonNull<u8>,
    /// Changed alone while there is one handle.
    len: AtomicUsize,
    origin: Origin,
}

enum Origin {
    /// From the allocator, with this layout.
    Own(alloc::Layout),
    /// From the allocator, of this class of the cache, initialised.
    Small(usize),
    /// From the pool, with this size.
    Pooled(usize),
    /// Kept alive by its owner.
    Adopted(HostMemory),
}

// SAFETY: a block owns its memory; it is written through `&mut` alone (see `bytes_mut`).
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Drop for Block {
    fn drop(&mut self) {
        match self.origin {
            Origin::Own(layout) => {
                // SAFETY: allocated in `Buffer::own` by this layout, and freed once, here.
                unsafe { alloc::dealloc(self.ptr.as_ptr(), layout) }
            }
            Origin::Small(class) => {
                if let Ok(layout) = small(class) {
                    // SAFETY: allocated in `Buffer::small` by this layout, and freed once, here.
                    unsafe { alloc::dealloc(self.ptr.as_ptr(), layout) }
                }
            }
            Origin::Pooled(size) => {
                // SAFETY: taken in `Buffer::own` with this size, and given back once, here.
                unsafe { POOL.give(self.ptr, size) }
            }
            Origin::Adopted(_) => {}
        }
    }
}

/// The layout of a small block.
fn small(class: usize) -> Result<alloc::Layout, alloc::LayoutError> {
    alloc::Layout::from_size_align(cache::size(class), ALIGNMENT)
}

impl Drop for Buffer {
    #[inline]
    fn drop(&mut self) {
        let sole = self.is_sole();
        // SAFETY: this is the end of the handle.
        let block = unsafe { ManuallyDrop::take(&mut self.0) };
        match block.origin {
            Origin::Small(class) if sole => cache::keep(block, class),
            _ => drop(block),
        }
    }
}

/// What the bytes of a new block are.
#[derive(Clone, Copy, PartialEq)]
enum Contents {
    /// Nothing yet: they may be uninitialised.
    None,
    /// Initialised.
    Any,
    /// All 0.
    Zero,
}

impl Buffer {
    #[inline]
    fn own(dtype: DType, len: usize, contents: Contents) -> Result<Buffer> {
        let bytes = len
            .checked_mul(dtype.item_size())
            .filter(|&b| b <= isize::MAX as usize - ALIGNMENT)
            .ok_or_else(|| Error::out_of_memory(None))?;
        if let Some(class) = cache::class(bytes) {
            return Buffer::small(class, bytes, contents);
        }
        let failed = || Error::out_of_memory(Some(bytes));
        if bytes > system::available() {
            return Err(failed());
        }
        let (ptr, origin) = if bytes >= pool::SMALLEST {
            let size = pool::class(bytes).ok_or_else(failed)?;
            let (ptr, fresh) = POOL.take(size).ok_or_else(failed)?;
            if contents == Contents::Zero && !fresh {
                // SAFETY: the block has that many bytes, and nobody else has it.
                unsafe { ptr.as_ptr().write_bytes(0, bytes) };
            }
            (ptr, Origin::Pooled(size))
        } else {
            let layout = alloc::Layout::from_size_align(bytes, ALIGNMENT).map_err(|_| failed())?;
            let ptr = match contents {
                // SAFETY: (here and below) the size is not 0.
                Contents::None => unsafe { alloc::alloc(layout) },
                // SAFETY: as above.
                _ => unsafe { alloc::alloc_zeroed(layout) },
            };
            (NonNull::new(ptr).ok_or_else(failed)?, Origin::Own(layout))
        };
        Ok(Buffer::new(ptr, bytes, origin))
    }

    fn new(ptr: NonNull<u8>, len: usize, origin: Origin) -> Buffer {
        Buffer(ManuallyDrop::new(Arc::new(Block { ptr, len: len.into(), origin })))
    }

    /// A block of a class of the cache for so many bytes.
    #[inline]
    fn small(class: usize, bytes: usize, contents: Contents) -> Result<Buffer> {
        if let Some(block) = cache::take(class) {
            block.len.store(bytes, Ordering::Relaxed);
            if contents == Contents::Zero {
                // SAFETY: the block has that many bytes, and nobody else has it.
                unsafe { block.ptr.as_ptr().write_bytes(0, bytes) };
            }
            return Ok(Buffer(ManuallyDrop::new(block)));
        }
        let failed = || Error::out_of_memory(Some(bytes));
        let layout = small(class).map_err(|_| failed())?;
        // SAFETY: the size is not 0.
        let ptr = NonNull::new(unsafe { alloc::alloc_zeroed(layout) }).ok_or_else(failed)?;
        Ok(Buffer::new(ptr, bytes, Origin::Small(class)))
    }

    /// Whether there is no other handle.
    #[inline]
    fn is_sole(&self) -> bool {
        // No other handle can come to be: there is none to clone. What others did with theirs has
        // happened before they were dropped.
        let sole = Arc::strong_count(&self.0) == 1;
        if sole {
            fence(Ordering::Acquire);
        }
        sole
    }

    /// A buffer of `len` elements with unspecified values.
    pub(crate) fn initialised(dtype: DType, len: usize) -> Result<Buffer> {
        // what a recycled block holds are values of any dtype but one
        let contents = if dtype == DType::Bool { Contents::Zero } else { Contents::Any };
        Buffer::own(dtype, len, contents)
    }

    /// A buffer of `len` elements and the address to write them to, before anybody reads them.
    ///
    /// The memory may be uninitialised: the caller writes every byte before the buffer leaves the crate.
    pub(crate) fn for_output(dtype: DType, len: usize) -> Result<(Buffer, *mut u8)> {
        let buffer = Buffer::own(dtype, len, Contents::None)?;
        let ptr = buffer.0.ptr.as_ptr();
        Ok((buffer, ptr))
    }

    /// A copy of `bytes`.
    pub(crate) fn copy_of(bytes: &[u8], dtype: DType) -> Result<Buffer> {
        let len = bytes.len();
        let (buffer, out) = Buffer::for_output(dtype, check::bytes(len, dtype)?)?;
        let line = Layout::contiguous(&[len])?;
        // SAFETY: both have `len` bytes, and one of them is new.
        unsafe { copy::strided(out, &line, bytes.as_ptr(), &line, 1) };
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
        Ok(Buffer::new(ptr, len, Origin::Adopted(memory)))
    }

    /// The memory with this handle as its owner, writable if there is no other handle.
    pub(crate) fn into_host_memory(mut self) -> HostMemory {
        let writable = self.bytes_mut().is_some();
        let (ptr, len) = (self.0.ptr.as_ptr(), self.len_bytes());
        // SAFETY: the handle keeps the block alive, and is out of reach. If it is the only one, nobody
        // else can write the block; if there are others, none of them is the only one.
        unsafe { HostMemory::new(ptr, len, writable, Box::new(self)) }
    }

    /// The address of the first byte.
    fn address(&self) -> NonNull<u8> {
        self.0.ptr
    }

    /// Bytes of the block.
    #[inline]
    pub(crate) fn len_bytes(&self) -> usize {
        self.0.len.load(Ordering::Relaxed)
    }

    /// The address of the first byte, for reading.
    pub(crate) fn as_ptr(&self) -> *const u8 {
        self.0.ptr.as_ptr()
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: a buffer that left the crate's functions is initialised, and written through
        // `bytes_mut` alone, which nobody can call while this borrow lives.
        unsafe { std::slice::from_raw_parts(self.as_ptr(), self.len_bytes()) }
    }

    /// The bytes, for writing, if nobody else has a handle and the memory may be written.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        if !self.is_sole() {
            return None;
        }
        if let Origin::Adopted(memory) = &self.0.origin
            && !memory.is_writable()
        {
            return None;
        }
        // SAFETY: this is the only handle, and it is borrowed mutably.
        Some(unsafe { std::slice::from_raw_parts_mut(self.0.ptr.as_ptr(), self.len_bytes()) })
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

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes at {:p})", self.len_bytes(), self.0.ptr)
    }
}

#[cfg(test)]
mod tests;
