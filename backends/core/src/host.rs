//! Memory of the host that somebody else allocated.

use std::any::Any;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// A block of host memory with its owner: what [`Backend::adopt`](crate::Backend::adopt) takes.
///
/// A `Vec` becomes one without a copy. Dropping the block drops the owner, and with it the memory.
pub struct HostMemory {
    ptr: *mut u8,
    len: usize,
    writable: bool,
    owner: Box<dyn Any + Send + Sync>,
}

// SAFETY: the pointer is to memory that `owner` (Send + Sync) keeps alive and that nobody else writes
// (the contract of `new`); access goes through `&self` for reading and `&mut self` for writing.
unsafe impl Send for HostMemory {}
// SAFETY: as above.
unsafe impl Sync for HostMemory {}
// What a panic leaves half done shows in values. The memory's are numbers, of which any are some; the owner's are out
// of reach: it is dropped, and nothing else.
impl UnwindSafe for HostMemory {}
impl RefUnwindSafe for HostMemory {}

impl HostMemory {
    /// Takes over `len` bytes at `ptr`, kept alive by `owner`.
    ///
    /// # Safety
    /// As long as `owner` lives, the bytes are initialised, valid for reads and, if `writable`, for
    /// writes, and nobody else writes them.
    pub unsafe fn new(
        ptr: *mut u8,
        len: usize,
        writable: bool,
        owner: Box<dyn Any + Send + Sync>,
    ) -> HostMemory {
        HostMemory { ptr, len, writable, owner }
    }

    /// The memory of a vector, taken over without a copy.
    pub fn from_vec<T: crate::Element>(mut vec: Vec<T>) -> HostMemory {
        let (ptr, len) = (vec.as_mut_ptr().cast::<u8>(), size_of_val(vec.as_slice()));
        // SAFETY: the vector owns its heap block, which does not move when the vector does; elements
        // are initialised and have no padding; nobody else has a reference.
        unsafe { HostMemory::new(ptr, len, true, Box::new(vec)) }
    }

    /// The address of the first byte.
    pub fn as_ptr(&self) -> *mut u8 {
        self.ptr
    }

    /// Bytes of the block.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the block has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the memory may be written.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the contract of `new`.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

impl fmt::Debug for HostMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostMemory")
            .field("len", &self.len)
            .field("writable", &self.writable)
            .field("owner", &(*self.owner).type_id())
            .finish_non_exhaustive()
    }
}
