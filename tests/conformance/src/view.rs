//! Memory that arrays of Python share: writes to a view are writes to what it is a view of.
//!
//! The library's arrays are values. In Python a view writes through, so an array of Python is not an array
//! of the library's: it is a [`View`], some elements of a [`Cell`], the block of memory that it has in
//! common with the arrays that it is a view of and with those that are views of it. To compute, an array of
//! the library's is made of it, which takes no copy. To write, the cell lends its memory, of which nobody
//! else has a handle, to such an array.
//!
//! A cell has memory of its own from the start: results that the library gives in memory that it shares
//! (it copies when somebody writes) are copied when they come, unless they are views in Python.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrayspace::core::{HostMemory, Layout};
use arrayspace::dlpack::ManagedTensor;
use arrayspace::options::{AsArray, ToDLPack};
use arrayspace::{Array, ArrayParts, DType, Device, Index, IndexItem, Operand, Result};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::backend::Exposed;
use crate::errors::exception;

/// A block of memory.
struct Cell<B: Exposed>(Mutex<Memory<B>>);

struct Memory<B: Exposed> {
    /// The only handle, but for those of calls that are under way; `None` while it is lent.
    buffer: Option<B::Buffer>,
    /// The same memory, if other libraries see it, or have seen it.
    outside: Option<Outside>,
}

/// Memory of the host that others see: they are where we are, and neither side may move.
struct Outside {
    /// Held here, by the buffer of the cell, and by everybody else who sees the memory.
    memory: Arc<HostMemory>,
    /// Whether it is theirs.
    foreign: bool,
}

impl Outside {
    /// The memory for one more of those who see it.
    fn share(&self) -> HostMemory {
        let memory = &self.memory;
        // SAFETY: the bytes are valid as long as the block in the `Arc`, and may be written if it says so.
        // Others who write do so between two calls: whoever calls holds Python's lock until the end of
        // the call, and within a call one buffer alone is written, from memory that does not overlap it
        // (`View::apart`).
        unsafe {
            let owner = Box::new(Arc::clone(memory));
            HostMemory::new(memory.as_ptr(), memory.len(), memory.is_writable(), owner)
        }
    }

    /// Whether anybody else sees it now.
    fn is_seen(&self) -> bool {
        self.foreign || Arc::strong_count(&self.memory) > 2
    }
}

/// Some elements of a block of memory: what an array of Python is.
pub(crate) struct View<B: Exposed> {
    cell: Arc<Cell<B>>,
    layout: Layout,
    dtype: DType,
    device: Device,
}

impl<B: Exposed> Clone for View<B> {
    fn clone(&self) -> Self {
        self.with(self.layout.clone(), self.dtype)
    }
}

/// A copy of an array in memory of its own, row-major.
pub(crate) fn copied<B: Exposed>(x: &Array<B>) -> PyResult<Array<B>> {
    B::instance().asarray(x, AsArray::new().copy(true)).map_err(exception)
}

/// The array in memory that nobody else has, and in which all elements have places of their own; copied if
/// it has to be.
fn own<B: Exposed>(x: Array<B>) -> PyResult<Array<B>> {
    let mut parts = x.into_parts();
    let ArrayParts { backend, buffer, layout, .. } = &mut parts;
    let own = layout.size() == 0 || layout.is_injective() && B::exclusive(backend, buffer);
    let x = Array::from_parts(parts).map_err(exception)?;
    if own { Ok(x) } else { copied(&x) }
}

impl<B: Exposed> View<B> {
    /// An array that is no view of another one in Python: a result, in memory of its own.
    pub(crate) fn new(x: Array<B>) -> PyResult<View<B>> {
        Ok(View::of(own(x)?.into_parts(), None))
    }

    /// An array of memory that another library sees as well, and may write if it is not `read_only`.
    pub(crate) fn adopted(x: Array<B>, read_only: bool) -> PyResult<View<B>> {
        let mut parts = x.into_parts();
        if parts.layout.size() == 0 || B::exclusive(&parts.backend, &mut parts.buffer) {
            // it had to be copied on the way
            return View::new(Array::from_parts(parts).map_err(exception)?);
        }
        match B::expose(&parts.backend, parts.buffer) {
            Ok(memory) => {
                let (ptr, len) = (memory.as_ptr(), memory.len());
                // SAFETY: the memory is alive as long as its owner. The library takes all adopted memory
                // for read-only; the producer says that it is not, or is believed if it says that it is.
                let memory = unsafe { HostMemory::new(ptr, len, !read_only, Box::new(memory)) };
                let outside = Outside { memory: Arc::new(memory), foreign: true };
                parts.buffer = B::adopt(&parts.backend, outside.share(), parts.dtype, parts.device)
                    .map_err(exception)?;
                Ok(View::of(parts, Some(outside)))
            }
            Err(buffer) => {
                parts.buffer = buffer;
                View::new(Array::from_parts(parts).map_err(exception)?)
            }
        }
    }

    fn of(parts: ArrayParts<B>, outside: Option<Outside>) -> View<B> {
        let ArrayParts { backend: _, buffer, layout, dtype, device } = parts;
        let memory = Memory { buffer: Some(buffer), outside };
        View { cell: Arc::new(Cell(Mutex::new(memory))), layout, dtype, device }
    }

    /// Other elements of the same memory.
    fn with(&self, layout: Layout, dtype: DType) -> View<B> {
        View { cell: Arc::clone(&self.cell), layout, dtype, device: self.device }
    }

    /// What the library made of this array for a function that gives a view in Python: one of this
    /// memory, unless the library had to move the elements.
    pub(crate) fn derive(&self, x: Array<B>) -> PyResult<View<B>> {
        let mut parts = x.into_parts();
        if parts.layout.size() > 0 && B::exclusive(&parts.backend, &mut parts.buffer) {
            return View::new(Array::from_parts(parts).map_err(exception)?);
        }
        Ok(self.with(parts.layout, parts.dtype))
    }

    fn memory(&self) -> MutexGuard<'_, Memory<B>> {
        self.cell.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The elements as an array of the library's, without a copy.
    pub(crate) fn array(&self) -> Array<B> {
        self.put_together(self.memory().buffer().clone())
    }

    fn put_together(&self, buffer: B::Buffer) -> Array<B> {
        Array::from_parts(ArrayParts {
            backend: B::instance().clone(),
            buffer,
            layout: self.layout.clone(),
            dtype: self.dtype,
            device: self.device,
        })
        .expect("the elements of a view lie in its memory")
    }

    pub(crate) fn dtype(&self) -> DType {
        self.dtype
    }

    pub(crate) fn device(&self) -> Device {
        self.device
    }

    pub(crate) fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// Whether both are the same elements of the same memory.
    pub(crate) fn is_same(&self, other: &View<B>) -> bool {
        self.is_of_same_memory(other) && self.layout == other.layout && self.dtype == other.dtype
    }

    /// Whether both are views of one block of memory.
    pub(crate) fn is_of_same_memory(&self, other: &View<B>) -> bool {
        Arc::ptr_eq(&self.cell, &other.cell)
    }

    /// Whether a write to one may be a write to the other: their memory is the same, or both see memory
    /// that other libraries lent or see.
    fn overlaps(&self, other: &View<B>) -> bool {
        if self.is_of_same_memory(other) {
            return true;
        }
        let range = |view: &View<B>| {
            let memory = view.memory();
            let outside = &memory.outside.as_ref()?.memory;
            let first = outside.as_ptr().addr();
            Some((first, first + outside.len()))
        };
        match (range(self), range(other)) {
            (Some((a, b)), Some((c, d))) => a < d && c < b,
            _ => false,
        }
    }

    /// The elements of another array, in memory that a write to this one leaves alone.
    pub(crate) fn apart(&self, other: &View<B>) -> PyResult<Array<B>> {
        if self.overlaps(other) { copied(&other.array()) } else { Ok(other.array()) }
    }

    // ---- writing ---------------------------------------------------------------------------------------

    fn check_writable(&self) -> PyResult<()> {
        let why = if !self.layout.is_injective() {
            "elements of it share their place in memory, as broadcast_to makes them"
        } else if (self.memory().outside.as_ref()).is_some_and(|o| !o.memory.is_writable()) {
            "its memory was lent by another library, which does not allow it"
        } else {
            return Ok(());
        };
        Err(PyValueError::new_err(format!(
            "the array cannot be written: {why}; write to a copy, asarray(x, copy=True)"
        )))
    }

    /// An operator in place: `f` gives an array another value, of the same shape and dtype.
    pub(crate) fn assign(&self, f: impl FnOnce(&mut Array<B>) -> Result<()>) -> PyResult<()> {
        self.check_writable()?;
        if self.is_whole() { self.lend(f) } else { self.replace(f) }
    }

    /// `x[key] = value`. Neither may be made of memory that overlaps that of the array.
    pub(crate) fn set(&self, key: Index<'_, B>, value: Operand<'_, B>) -> PyResult<()> {
        self.check_writable()?;
        let is_mask = |item: &IndexItem<'_, B>| match item {
            IndexItem::Array(x) => x.dtype() == DType::Bool,
            _ => false,
        };
        // of a mask the library chooses between old and new elements, and may do so in other memory
        if key.items().iter().any(is_mask) && !self.is_whole() {
            self.replace(|x| x.set(key, value))
        } else {
            self.lend(|x| x.set(key, value))
        }
    }

    /// Writes what `f` makes of the elements, in memory of its own, to their places.
    fn replace(&self, f: impl FnOnce(&mut Array<B>) -> Result<()>) -> PyResult<()> {
        let mut x = self.array();
        f(&mut x).map_err(exception)?;
        if self.layout.size() == 0 {
            return Ok(());
        }
        let x = own(x)?;
        self.lend(|target| target.set((), x))
    }

    /// Whether these are all elements of the memory, in its order, and nobody sees where they are: then
    /// they may move.
    fn is_whole(&self) -> bool {
        let memory = self.memory();
        self.layout.offset() == 0
            && self.layout.is_contiguous()
            && self.layout.size() == B::buffer_len(B::instance(), memory.buffer(), self.dtype)
            && !memory.outside.as_ref().is_some_and(Outside::is_seen)
    }

    /// Lends the memory to an array for `f` to change. Unless the array is the [whole](View::is_whole) of
    /// the memory, `f` writes the elements where they are.
    fn lend(&self, f: impl FnOnce(&mut Array<B>) -> Result<()>) -> PyResult<()> {
        let (xp, whole) = (B::instance(), self.is_whole());
        let mut memory = self.memory();
        let mut buffer = memory.take();
        if !whole && !B::exclusive(xp, &mut buffer) {
            memory.buffer = Some(buffer);
            return Err(PyRuntimeError::new_err(
                "the array cannot be written while a call that is under way reads it",
            ));
        }
        let mut x = self.put_together(buffer);
        let result = f(&mut x).map_err(exception);
        let buffer = x.into_parts().buffer;
        if whole {
            // an operator may have moved the elements
            let place = B::host_bytes(xp, &buffer).map(<[u8]>::as_ptr);
            let outside = memory.outside.take();
            memory.outside = outside.filter(|o| place == Some(o.memory.as_ptr().cast_const()));
        }
        memory.buffer = Some(buffer);
        result
    }

    // ---- other libraries -------------------------------------------------------------------------------

    /// The array for another library, which may write it if we may, and both see it.
    pub(crate) fn export(&self, options: ToDLPack, copy: bool) -> PyResult<ManagedTensor> {
        let shared =
            if copy || self.layout.size() == 0 { None } else { self.memory().shared(self)? };
        let x = match shared {
            Some(memory) => {
                let adopted = B::adopt(B::instance(), memory, self.dtype, self.device);
                self.put_together(adopted.map_err(exception)?)
            }
            None => self.array(),
        };
        x.into_dlpack(options).map_err(exception)
    }
}

impl<B: Exposed> Memory<B> {
    fn buffer(&self) -> &B::Buffer {
        self.buffer.as_ref().expect("the memory is lent within a call alone")
    }

    /// The handle, to write to the memory. It comes back in any case.
    fn take(&mut self) -> B::Buffer {
        self.buffer.take().expect("the memory is lent within a call alone")
    }

    /// The memory for another library; `None` if the host does not see it, or it is being read.
    fn shared(&mut self, view: &View<B>) -> PyResult<Option<HostMemory>> {
        let xp = B::instance();
        if self.outside.is_none() && self.buffer.as_mut().is_some_and(|b| B::exclusive(xp, b)) {
            match B::expose(xp, self.take()) {
                Ok(memory) => {
                    let outside = Outside { memory: Arc::new(memory), foreign: false };
                    let adopted = B::adopt(xp, outside.share(), view.dtype, view.device);
                    self.buffer = Some(adopted.map_err(exception)?);
                    self.outside = Some(outside);
                }
                Err(buffer) => self.buffer = Some(buffer),
            }
        }
        Ok(self.outside.as_ref().map(Outside::share))
    }
}
