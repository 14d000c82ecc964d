//! Arrays taken apart and put together, for layers that keep memory and layouts by themselves.

use arrayspace_core::{Backend, DType, Device, Error, Layout, OpClass, Result};

use super::Array;
use crate::compute;
use crate::named::Named;

/// What an array consists of: some elements of a backend's memory.
///
/// For code between arrays and backends: a binding for a language in which views write to the array that
/// they were made of, a kernel of one's own over the memory of an array.
#[derive(Clone, Debug)]
pub struct ArrayParts<B: Backend> {
    /// The backend.
    pub backend: B,
    /// The memory. A clone of the handle shares it.
    pub buffer: B::Buffer,
    /// Which elements of the memory, and in which shape.
    pub layout: Layout,
    /// The type of the elements.
    pub dtype: DType,
    /// Where the memory is.
    pub device: Device,
}

impl<B: Backend> Array<B> {
    /// The parts of the array, without a copy. If nobody else holds its memory, the buffer is
    /// [exclusive](Backend::exclusive).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    /// let mut parts = Cpu::new().asarray([[1, 2], [3, 4]], ())?.into_parts();
    /// parts.layout = parts.layout.slice(1, 1, -1, 2); // the columns in reverse order
    /// assert_eq!(Array::from_parts(parts)?.to_vec::<i32>()?, [2, 1, 4, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    pub fn into_parts(self) -> ArrayParts<B> {
        let Array { backend, buffer, layout, dtype, device } = self;
        ArrayParts { backend, buffer, layout, dtype, device }
    }

    /// An array of these parts, without a copy. The dtype is the one that the buffer was made with, or,
    /// of complex numbers, that of their parts.
    ///
    /// # Errors
    /// [`Error::Value`] if the layout has elements beyond the end of the buffer, [`Error::Device`] if the backend
    /// has no such device, [`Error::Unsupported`] if the device has no memory of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// let mut parts = Cpu::new().zeros(3, ())?.into_parts();
    /// parts.layout = arrayspace::core::Layout::contiguous(&[4])?;
    /// assert!(matches!(Array::from_parts(parts), Err(Error::Value(_))));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn from_parts(parts: ArrayParts<B>) -> Result<Array<B>> {
        let ArrayParts { backend, buffer, layout, dtype, device } = parts;
        compute::check_supported(&backend, device, OpClass::Storage, dtype).named("from_parts")?;
        let room = B::buffer_len(&backend, &buffer, dtype);
        if layout.size() > 0 && layout.span().is_none_or(|span| span.end > room) {
            let error = Error::value(format_args!(
                "the layout of shape {:?}, strides {:?} and offset {} goes beyond the {room} elements of dtype \
                 {dtype} that the buffer has; give one within it",
                layout.shape(),
                layout.strides(),
                layout.offset()
            ));
            return Err(error.in_function("from_parts"));
        }
        Ok(Array { backend, buffer, layout, dtype, device })
    }
}
