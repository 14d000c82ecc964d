//! The array.

mod convert;
mod display;
mod iter;
mod later;
mod methods;
mod operators;
mod parts;
mod windows;

use arrayspace_core::{Backend, DType, Device, Error, Layout, Part, Result, View};

pub use iter::Iter;
pub use parts::ArrayParts;

/// An n-dimensional array of one dtype on one device of the backend `B`.
///
/// Dtype, shape and device are values of run time, as in the standard; the only generic is the backend.
/// A clone is cheap and shares memory, as views do; yet an array is a value: writing to one never
/// changes another, because shared memory is copied before it is written.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let x = Cpu::new().zeros([2, 3], DType::Float32)?;
/// assert_eq!((x.shape(), x.ndim(), x.size()), (&[2, 3][..], 2, 6));
/// assert_eq!((x.dtype(), x.device()), (DType::Float32, Device::CPU));
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
///
/// # Operators
///
/// `+ - * / % & | ^ << >>`, unary `-` and `!` (bitwise_invert), and the compound assignments work
/// elementwise, on arrays borrowed or owned and on scalars on either side: of every Rust number type on
/// the right, `bool`, `i64`, `f64`, `Complex<f64>` and [`Scalar`](crate::Scalar) on the left (so that
/// literals need no suffix; of a `u8` for one, write `Scalar::from(n) - &x`). They panic where the
/// function of the same meaning returns an error. Python's `**`, `//` and `@` are the methods `pow`,
/// `floor_divide` and `matmul`, which return errors.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// # use arrayspace::prelude::*;
/// # let xp = Cpu::new();
/// let x = xp.asarray([1.0, 2.0, 3.0], ())?;
/// let mut y = 2.0 * &x - 1;
/// y += &x;
/// assert_eq!(y.to_vec::<f64>()?, [2.0, 5.0, 8.0]);
/// assert_eq!(x.pow(2)?.to_vec::<f64>()?, [1.0, 4.0, 9.0]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
///
/// There is no `==` and no `<`: in Rust they give one `bool`, while the standard's compare elementwise.
/// That is what [`equal`](crate::Namespace::equal), [`less`](crate::Namespace::less) and the like do;
/// whether all elements are equal says `all` of the result.
pub struct Array<B: Backend> {
    pub(crate) backend: B,
    pub(crate) buffer: B::Buffer,
    pub(crate) layout: Layout,
    pub(crate) dtype: DType,
    pub(crate) device: Device,
}

impl<B: Backend> Clone for Array<B> {
    fn clone(&self) -> Self {
        self.with_layout(self.layout.clone())
    }
}

impl<B: Backend> Array<B> {
    /// The namespace that the array belongs to, as `__array_namespace__`: `let xp = x.namespace();`. It is a
    /// handle, cheap to copy, and borrows nothing from the array.
    pub fn namespace(&self) -> B {
        self.backend.clone()
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Where the array is.
    pub fn device(&self) -> Device {
        self.device
    }

    /// The length of each dimension.
    pub fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.layout.size()
    }

    /// For each dimension, how many elements of memory lie between neighbours along it. Views have
    /// strides of their own: negative ones when flipped, 0 when broadcast.
    pub fn strides(&self) -> &[isize] {
        self.layout.strides()
    }

    /// Whether the elements lie in memory in row-major order without gaps.
    pub fn is_contiguous(&self) -> bool {
        self.layout.is_contiguous()
    }

    /// The transpose of a matrix, without a copy.
    ///
    /// # Errors
    /// [`Error::Shape`] unless the array has two dimensions (permute others with `permute_dims`).
    #[allow(non_snake_case)] // the standard's name
    #[track_caller]
    pub fn T(&self) -> Result<Array<B>> {
        if self.ndim() != 2 {
            return Err(Error::shape(format_args!(
                "an array of 2 dimensions is expected, but its shape is {:?}; use mT for a stack of \
                 matrices, or permute_dims",
                self.shape()
            ))
            .in_function("T"));
        }
        self.mT()
    }

    /// The transpose of a matrix or of each of a stack of matrices, without a copy.
    ///
    /// # Errors
    /// [`Error::Shape`] for less than two dimensions.
    #[allow(non_snake_case)] // the standard's name
    #[track_caller]
    pub fn mT(&self) -> Result<Array<B>> {
        let n = self.ndim();
        if n < 2 {
            return Err(Error::shape(format_args!(
                "an array of at least 2 dimensions is expected, but its shape is {:?}; make a matrix of \
                 it with reshape or NewAxis",
                self.shape()
            ))
            .in_function("mT"));
        }
        let mut axes: arrayspace_core::Dims = (0..n).collect();
        axes.swap(n - 2, n - 1);
        Ok(self.with_layout(self.layout.permute(&axes)))
    }

    /// An array over a buffer that a backend has made: row-major, from its start.
    pub(crate) fn from_buffer(
        backend: &B,
        buffer: B::Buffer,
        shape: &[usize],
        dtype: DType,
        device: Device,
    ) -> Result<Array<B>> {
        let layout = Layout::contiguous(shape)?;
        Ok(Array { backend: backend.clone(), buffer, layout, dtype, device })
    }

    /// Other elements of the same memory.
    #[inline(always)] // so that the layout is written once, in its place
    pub(crate) fn with_layout(&self, layout: Layout) -> Array<B> {
        Array {
            backend: self.backend.clone(),
            buffer: self.buffer.clone(),
            layout,
            dtype: self.dtype,
            device: self.device,
        }
    }

    /// What the backend is given.
    pub(crate) fn view(&self) -> View<'_, B> {
        View { buffer: &self.buffer, dtype: self.dtype, layout: &self.layout }
    }

    /// A copy in memory of its own, row-major.
    pub(crate) fn contiguous_copy(&self) -> Result<Array<B>> {
        let target = Layout::contiguous(self.shape())?;
        let buffer = B::assemble(
            &self.backend,
            &[Part { source: self.view(), target }],
            self.dtype,
            self.size(),
            self.device,
        )?;
        Array::from_buffer(&self.backend, buffer, self.shape(), self.dtype, self.device)
    }
}
