//! The standard's functions.

pub(crate) mod common;
mod creation;
mod data_types;
mod elementwise;
mod indexing;
mod inspection;
mod linear_algebra;
mod manipulation;
pub(crate) mod range;
pub(crate) mod reduce;
mod searching;
mod sets;
mod sorting;
pub(crate) mod statistical;
mod utility;

use arrayspace_core::{
    ArgFoldOp, Backend, BinaryOp, DType, FoldOp, Result, Scalar, ScanOp, UnaryOp,
};

use crate::arg::{Arg, ArrayList, MaybeOperand, MaybeScalar, Operand, Start};
use crate::array::Array;
use crate::array_like::ArrayLike;
use crate::axes::{Axes, Axis, ContractedAxes, Shift};
use crate::category::Category;
use crate::compute;
use crate::dlpack::DLPackSource;
use crate::dtype_arg::{DTypeOf, Kinds, PromotedList};
use crate::extensions::{Fft, Linalg};
use crate::named::Named;
use crate::options::{
    AsArray, AsType, Creation, Cumulative, Diff, Eye, FromDLPack, Indexing, IsIn, Linspace,
    Reduction, Reshape, SearchSorted, Sort, Triangle,
};
use crate::shape_arg::{Count, MaybeCount, Shape};

pub use data_types::{FInfo, IInfo};
pub use inspection::{Info, NamespaceCapabilities};
pub use sets::{UniqueAllResult, UniqueCountsResult, UniqueInverseResult};

/// The functions of the standard, on every backend.
pub trait Namespace: Backend {
    // ---- creation --------------------------------------------------------------------------------

    /// Evenly spaced values from `start` to `stop`, which is left out: `start + i * step`.
    ///
    /// With `stop` as `()` or `None` the values run from 0 to `start`; with `step` as `()` or `None` the step
    /// is 1. `start` may be a range, which says both ends; `stop` is then left out.
    /// There are `ceil((stop - start) / step)` of them, none if `step` leads away from `stop`; for
    /// integers this is exact. The dtype is the default integer one if all arguments are integers,
    /// else the default real floating-point one; `options` may ask for another.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a step of 0, an infinite bound or NaN, a `stop` beside a range,
    /// a float where the dtype is an integer one, values out of the range of the dtype;
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for too many;
    /// [`Error::DType`](crate::Error::DType) for bool; [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.arange(5, (), (), ())?.to_vec::<i64>()?, [0, 1, 2, 3, 4]);
    /// assert_eq!(xp.arange(2..5, (), (), ())?.to_vec::<i64>()?, [2, 3, 4]);
    /// assert_eq!(xp.arange(1, 2, 0.25, ())?.to_vec::<f64>()?, [1.0, 1.25, 1.5, 1.75]);
    /// assert_eq!(xp.arange(5, 0, -2, DType::Int8)?.to_vec::<i8>()?, [5, 3, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn arange(
        &self,
        start: impl Into<Start>,
        stop: impl Into<MaybeScalar>,
        step: impl Into<MaybeScalar>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::arange(self, start.into(), stop.into(), step.into(), &options.into())
            .named("arange")
    }

    /// An array from an array of any backend, or from Rust data: scalars, nested arrays, slices and
    /// vectors (see [`Nested`](crate::Nested)), a [`Scalar`](crate::Scalar).
    ///
    /// The dtype is the element type's (`i32` gives int32, `usize` int64, `f64` float64), and the
    /// default dtype of its kind for a [`Scalar`](crate::Scalar); `options` may ask for another, to which
    /// the elements are converted as `astype` does. An owned vector is taken over without a copy, and an
    /// array of this backend shares its memory, unless `copy` is true.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for ragged data;
    /// [`Error::Value`](crate::Error::Value) if `copy` is false and a copy is needed, and for a `usize`
    /// beyond int64; [`Error::DType`](crate::Error::DType) for complex elements and a real dtype;
    /// [`Error::Unsupported`](crate::Error::Unsupported) if the device lacks a dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// assert_eq!((x.shape(), x.dtype()), (&[2, 3][..], DType::Int32));
    /// assert_eq!(xp.asarray(vec![0.5, 1.5], DType::Float32)?.to_vec::<f32>()?, [0.5, 1.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn asarray(
        &self,
        obj: impl ArrayLike<Self>,
        options: impl Into<AsArray>,
    ) -> Result<Array<Self>> {
        obj.to_array(self, options.into()).named("asarray")
    }

    /// An array whose elements are unspecified (but initialised: reading them is safe). They may be old data: what
    /// this process has computed before, in memory that has been freed since. Fill the array before it goes to
    /// somebody who must not see that.
    ///
    /// The dtype is the default real floating-point one where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a negative length or more than 64 dimensions,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more elements than fit in memory;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.empty([2, 3], DType::Int8)?.shape(), [2, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn empty(&self, shape: impl Into<Shape>, options: impl Into<Creation>) -> Result<Array<Self>> {
        creation::empty(self, &shape.into(), &options.into()).named("empty")
    }

    /// An array of the shape of `x` whose elements are unspecified (but initialised). They may be old data of this
    /// process, as those of [`empty`](Namespace::empty).
    ///
    /// Dtype and device are those of `x` where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory); [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones([2, 3], DType::Int8)?;
    /// assert_eq!(xp.empty_like(&x, ())?.dtype(), DType::Int8);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn empty_like<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::empty_like(&x.into(), &options.into()).named("empty_like")
    }

    /// A matrix of `n_rows` by `n_cols` (`None`: as many as rows) with ones on a diagonal and zeros
    /// elsewhere.
    ///
    /// `k` in `options` says which: 0 is the main diagonal, positive ones lie above, negative ones
    /// below; any value will do. The dtype is the default real floating-point one where `options` ask
    /// for no other.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a negative number,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more elements than fit in memory;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Eye;
    /// assert_eq!(xp.eye(2, None, ())?.to_vec::<f64>()?, [1.0, 0.0, 0.0, 1.0]);
    /// let upper = xp.eye(2, 3, Eye::new().k(1).dtype(DType::Int32))?;
    /// assert_eq!(upper.to_vec::<i32>()?, [0, 1, 0, 0, 0, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn eye(
        &self,
        n_rows: impl Into<Count>,
        n_cols: impl Into<MaybeCount>,
        options: impl Into<Eye>,
    ) -> Result<Array<Self>> {
        creation::eye(self, n_rows.into(), n_cols.into(), &options.into()).named("eye")
    }

    /// An array over the memory of another library's, or of another backend's: `x` is a
    /// [`ManagedTensor`](crate::dlpack::ManagedTensor), or an array of any backend.
    ///
    /// The result is where `x` is, or on `device`. (A backend without a device on the host puts it on its
    /// default device.) On the host nothing is copied, whatever the strides, and the memory is kept
    /// alive; with `copy` true it always is, and it is where another device is asked for, where the
    /// memory is not aligned to the size of a number, and where bytes of bool are neither 0 nor 1. What
    /// is shared is not written: the first write to the array copies it.
    ///
    /// # Errors
    /// [`Error::DLPack`](crate::Error::DLPack) for a tensor that breaks the rules of DLPack or is on a
    /// device whose memory the host cannot read, and if `copy` is false and a copy is needed;
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a type of elements that arrays, or the
    /// device, do not have; [`Error::Device`](crate::Error::Device) for a device that there is not;
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory). The tensor is freed then, too.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let tensor = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?.mT()?.to_dlpack(())?;
    /// let mut x = xp.from_dlpack(tensor, ())?;
    /// assert_eq!(x.to_vec::<i32>()?, [1, 4, 2, 5, 3, 6]);
    /// x += 1;
    /// assert_eq!(x.to_vec::<i32>()?, [2, 5, 3, 6, 4, 7]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[allow(clippy::wrong_self_convention)] // the standard's name
    #[track_caller]
    fn from_dlpack(
        &self,
        x: impl DLPackSource<Self>,
        options: impl Into<FromDLPack>,
    ) -> Result<Array<Self>> {
        x.into_array(self, options.into()).named("from_dlpack")
    }

    /// An array of which every element is `fill_value`.
    ///
    /// The dtype is bool, or the default one of the kind of `fill_value` (integer, real, complex),
    /// where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a negative length or more than 64 dimensions,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more elements than fit in memory;
    /// [`Error::Value`](crate::Error::Value) for a value that the dtype cannot hold;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.full(2, 7, ())?.to_vec::<i64>()?, [7, 7]);
    /// assert!(xp.full(2, 300, DType::Int8).is_err());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn full(
        &self,
        shape: impl Into<Shape>,
        fill_value: impl Into<Scalar>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::full(self, &shape.into(), fill_value.into(), &options.into()).named("full")
    }

    /// An array of the shape of `x` of which every element is `fill_value`.
    ///
    /// Dtype and device are those of `x` where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a value that the dtype cannot hold;
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory); [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.zeros(2, DType::Int8)?;
    /// assert_eq!(xp.full_like(&x, 7, ())?.to_vec::<i8>()?, [7, 7]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn full_like<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        fill_value: impl Into<Scalar>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::full_like(&x.into(), fill_value.into(), &options.into()).named("full_like")
    }

    /// `num` evenly spaced numbers from `start` to `stop`, both exact.
    ///
    /// With `endpoint(false)` in `options`, `stop` is left out: the first `num` of `num + 1` numbers.
    /// The dtype is the default complex one if `start` or `stop` is complex, else the default real
    /// floating-point one; `options` may ask for another.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a negative `num`, a bound that is infinite, NaN, a
    /// bool, or out of the range of the dtype; [`Error::DType`](crate::Error::DType) unless the dtype
    /// is floating-point; [`Error::OutOfMemory`](crate::Error::OutOfMemory) for too many;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.linspace(0, 1, 5, ())?.to_vec::<f64>()?, [0.0, 0.25, 0.5, 0.75, 1.0]);
    /// let open = xp.linspace(0, 1, 4, arrayspace::options::Linspace::new().endpoint(false))?;
    /// assert_eq!(open.to_vec::<f64>()?, [0.0, 0.25, 0.5, 0.75]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn linspace(
        &self,
        start: impl Into<Scalar>,
        stop: impl Into<Scalar>,
        num: impl Into<Count>,
        options: impl Into<Linspace>,
    ) -> Result<Array<Self>> {
        creation::linspace(self, start.into(), stop.into(), num.into(), &options.into())
            .named("linspace")
    }

    /// The coordinates of the points of a grid, from one vector of coordinates for each axis.
    ///
    /// `arrays`: any number of 1-d arrays of one dtype. The results have an axis for each; array `k`
    /// varies along axis `k`, but with the default `indexing`,
    /// [`Indexing::XY`](crate::options::Indexing), the first two axes are swapped. The results are
    /// views: no element is copied.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for an array that is not 1-d or for more than 64,
    /// [`Error::DType`](crate::Error::DType) for different dtypes,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) if the number of points overflows.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (x, y) = (xp.asarray([1, 2, 3], ())?, xp.asarray([10, 20], ())?);
    /// let grid = xp.meshgrid([&x, &y], ())?;
    /// assert_eq!(grid[0].to_vec::<i32>()?, [1, 2, 3, 1, 2, 3]);
    /// assert_eq!(grid[1].to_vec::<i32>()?, [10, 10, 10, 20, 20, 20]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn meshgrid<'a>(
        &self,
        arrays: impl ArrayList<'a, Self>,
        indexing: impl Into<Indexing>,
    ) -> Result<Vec<Array<Self>>> {
        creation::meshgrid(&arrays.arrays(), indexing.into()).named("meshgrid")
    }

    /// An array of ones.
    ///
    /// The dtype is the default real floating-point one where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a negative length or more than 64 dimensions,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more elements than fit in memory;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.ones([1, 2], DType::Int32)?.to_vec::<i32>()?, [1, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn ones(&self, shape: impl Into<Shape>, options: impl Into<Creation>) -> Result<Array<Self>> {
        creation::uniform(self, &shape.into(), true, &options.into()).named("ones")
    }

    /// An array of ones of the shape of `x`.
    ///
    /// Dtype and device are those of `x` where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory); [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([2, 3], ())?;
    /// assert_eq!(xp.ones_like(&x, ())?.to_vec::<i32>()?, [1, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn ones_like<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::full_like(&x.into(), Scalar::Bool(true), &options.into()).named("ones_like")
    }

    /// The lower triangle of a matrix or of each of a stack of matrices: the elements above diagonal
    /// `k` become zero.
    ///
    /// `x`: an array of two or more dimensions and any dtype. `k` in `options` is 0 for the main
    /// diagonal, positive above it, negative below it; any value will do.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.tril(&x, ())?.to_vec::<i32>()?, [1, 0, 3, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn tril<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Triangle>,
    ) -> Result<Array<Self>> {
        creation::triangle(x.into(), creation::Half::Lower, options.into().k).named("tril")
    }

    /// The upper triangle of a matrix or of each of a stack of matrices: the elements below diagonal
    /// `k` become zero.
    ///
    /// `x`: an array of two or more dimensions and any dtype. `k` in `options` is 0 for the main
    /// diagonal, positive above it, negative below it; any value will do.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.triu(&x, ())?.to_vec::<i32>()?, [1, 2, 0, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn triu<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Triangle>,
    ) -> Result<Array<Self>> {
        creation::triangle(x.into(), creation::Half::Upper, options.into().k).named("triu")
    }

    /// An array of zeros.
    ///
    /// The dtype is the default real floating-point one where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a negative length or more than 64 dimensions,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more elements than fit in memory;
    /// [`Error::Device`](crate::Error::Device) or [`Error::Unsupported`](crate::Error::Unsupported)
    /// for a device, or a dtype on it, that there is not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.zeros([1, 2], DType::Int32)?.to_vec::<i32>()?, [0, 0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn zeros(&self, shape: impl Into<Shape>, options: impl Into<Creation>) -> Result<Array<Self>> {
        creation::uniform(self, &shape.into(), false, &options.into()).named("zeros")
    }

    /// An array of zeros of the shape of `x`.
    ///
    /// Dtype and device are those of `x` where `options` ask for no other.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory); [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([2, 3], ())?;
    /// assert_eq!(xp.zeros_like(&x, ())?.to_vec::<i32>()?, [0, 0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn zeros_like<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Creation>,
    ) -> Result<Array<Self>> {
        creation::full_like(&x.into(), Scalar::Bool(false), &options.into()).named("zeros_like")
    }

    // ---- data types ------------------------------------------------------------------------------

    /// The elements of `x` converted to `dtype`, whether or not that is a promotion.
    ///
    /// Floats are truncated to integers and saturate at the range of the dtype (NaN gives 0); integers
    /// wrap; everything but zero is true; true is 1. If nothing changes, `copy(false)` in `options`
    /// returns an array that shares the memory of `x`; `device` moves the result.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for a complex array and a real dtype (take `real`, `imag`
    /// or `abs` first); [`Error::Device`](crate::Error::Device) or
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a device, or a dtype on it, that there is
    /// not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-1.5, 300.0], ())?;
    /// assert_eq!(xp.astype(&x, DType::Int8, ())?.to_vec::<i8>()?, [-1, 127]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn astype<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        dtype: DType,
        options: impl Into<AsType>,
    ) -> Result<Array<Self>> {
        data_types::astype(x.into(), dtype, options.into()).named("astype")
    }

    /// Whether every conversion from `from_` to `to` is a promotion.
    ///
    /// `from_`: a dtype, or an array; for an array its device must have the dtype `to` as well.
    ///
    /// # Errors
    /// [`Error::Device`](crate::Error::Device) for an array on a device that this backend has not.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert!(xp.can_cast(DType::Int8, DType::Int16)?);
    /// assert!(!xp.can_cast(&xp.ones(3, ())?, DType::Float32)?);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn can_cast(&self, from_: impl Into<DTypeOf>, to: DType) -> Result<bool> {
        data_types::can_cast(self, from_.into(), to).named("can_cast")
    }

    /// The machine limits of a floating-point dtype, given as itself or by an array; those of a
    /// complex one are its component's.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.finfo(DType::Float32)?.eps, f32::EPSILON.into());
    /// assert_eq!(xp.finfo(DType::Complex128)?.dtype, DType::Float64);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn finfo(&self, r#type: impl Into<DTypeOf>) -> Result<FInfo> {
        data_types::finfo(r#type.into().dtype).named("finfo")
    }

    /// The range of an integer dtype, given as itself or by an array.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.iinfo(DType::Int8)?.min, -128);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn iinfo(&self, r#type: impl Into<DTypeOf>) -> Result<IInfo> {
        data_types::iinfo(r#type.into().dtype).named("iinfo")
    }

    /// Whether `dtype` is one of these dtypes, or of one of these kinds.
    ///
    /// `kind`: a dtype, a [`DTypeKind`](crate::DTypeKind), or several of them in a tuple, an array or
    /// a vector. Real floating-point are float16 and bfloat16 too.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::{DTypeKind, prelude::*};
    /// # let xp = Cpu::new();
    /// assert!(xp.isdtype(DType::Int8, DTypeKind::SignedInteger));
    /// assert!(!xp.isdtype(DType::Int8, (DType::Int16, DTypeKind::RealFloating)));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    fn isdtype(&self, dtype: DType, kind: impl Into<Kinds>) -> bool {
        kind.into().contains(dtype)
    }

    /// The dtype that arrays, dtypes and scalars combine to, in whatever order.
    ///
    /// `arrays_and_dtypes`: a tuple, an array, a slice or a vector of them, with at least one array or
    /// dtype.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) where the standard defines no promotion,
    /// [`Error::Value`](crate::Error::Value) without an array or dtype,
    /// [`Error::Device`](crate::Error::Device) for arrays on different devices,
    /// [`Error::Unsupported`](crate::Error::Unsupported) if their device lacks the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones(3, DType::Float32)?;
    /// assert_eq!(xp.result_type((DType::Int8, DType::UInt8))?, DType::Int16);
    /// assert_eq!(xp.result_type((1, &x, 2.5))?, DType::Float32);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn result_type(&self, arrays_and_dtypes: impl Into<PromotedList>) -> Result<DType> {
        data_types::result_type(self, &arrays_and_dtypes.into()).named("result_type")
    }

    // ---- elementwise -----------------------------------------------------------------------------

    /// The absolute value of each element.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype; for a complex one the
    /// real dtype of the same precision. Of the least value of a signed integer it is that value
    /// itself. The magnitude of a complex number neither overflows nor underflows on the way; an
    /// infinite part makes it infinite, even beside NaN.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-3, 4], ())?;
    /// assert_eq!(xp.abs(&x)?.to_vec::<i32>()?, [3, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn abs<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("abs", UnaryOp::Abs, Category::Numeric, x.into())
    }

    /// The inverse cosine of each element, in radians, from 0 to π.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Outside of -1 to
    /// 1 it is NaN for real dtypes. Complex: branch cuts along the real axis outside of -1 to 1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0], ())?;
    /// assert_eq!(xp.acos(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn acos<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("acos", UnaryOp::Acos, Category::Floating, x.into())
    }

    /// The inverse hyperbolic cosine of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Below 1 it is NaN
    /// for real dtypes. Complex: a branch cut along the real axis below 1; the real part is not
    /// negative.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0], ())?;
    /// assert_eq!(xp.acosh(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn acosh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("acosh", UnaryOp::Acosh, Category::Floating, x.into())
    }

    /// The sum of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars of numeric dtypes that broadcast together; the result has their
    /// promoted dtype. Integers wrap on overflow. NaN with anything is NaN, and so is ∞ + -∞; -0 + -0
    /// is -0, any other sum of zeros +0.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Broadcast`](crate::Error::Broadcast),
    /// [`Error::DType`](crate::Error::DType) for bool,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, 2.0], ())?;
    /// assert_eq!(xp.add(&x, 1)?.to_vec::<f64>()?, [2.0, 3.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn add<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("add", BinaryOp::Add, Category::Numeric, x1.into(), x2.into())
    }

    /// The inverse sine of each element, in radians, from -π/2 to π/2.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Outside of -1 to
    /// 1 it is NaN for real dtypes. Complex: branch cuts along the real axis outside of -1 to 1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.asin(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn asin<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("asin", UnaryOp::Asin, Category::Floating, x.into())
    }

    /// The inverse hyperbolic sine of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Complex: branch
    /// cuts along the imaginary axis beyond ±1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.asinh(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn asinh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("asinh", UnaryOp::Asinh, Category::Floating, x.into())
    }

    /// The inverse tangent of each element, in radians, from -π/2 to π/2.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±∞ it is ±π/2.
    /// Complex: branch cuts along the imaginary axis beyond ±1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([f64::INFINITY], ())?;
    /// assert_eq!(xp.atan(&x)?.to_vec::<f64>()?, [std::f64::consts::FRAC_PI_2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn atan<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("atan", UnaryOp::Atan, Category::Floating, x.into())
    }

    /// The angle of the point (`x2`, `x1`) seen from the origin, in radians, from -π to π: the
    /// inverse tangent of `x1 / x2` in the quadrant that the signs say, those of zeros included.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real floating-point dtypes that
    /// broadcast together. The result has their promoted dtype. NaN with anything is NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, 1.0], ())?;
    /// assert_eq!(xp.atan2(&x, 0.0)?.to_vec::<f64>()?, [0.0, std::f64::consts::FRAC_PI_2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn atan2<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("atan2", BinaryOp::Atan2, Category::RealFloating, x1.into(), x2.into())
    }

    /// The inverse hyperbolic tangent of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±1 it is ±∞,
    /// outside of them NaN for real dtypes. Complex: branch cuts along the real axis outside of -1 to
    /// 1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, 1.0], ())?;
    /// assert_eq!(xp.atanh(&x)?.to_vec::<f64>()?, [0.0, f64::INFINITY]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn atanh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("atanh", UnaryOp::Atanh, Category::Floating, x.into())
    }

    /// The bits that are set in both of each pair of elements; for bool the logical and.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of integer or bool dtypes that broadcast
    /// together. The result has their promoted dtype.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0b1100, 0b1010], ())?;
    /// assert_eq!(xp.bitwise_and(&x, 0b0110)?.to_vec::<i32>()?, [0b0100, 0b0010]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_and<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "bitwise_and",
            BinaryOp::BitwiseAnd,
            Category::IntegerOrBool,
            x1.into(),
            x2.into(),
        )
    }

    /// The bits of each element of `x1`, moved left by the number in `x2`.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of integer dtypes that broadcast
    /// together. The result has their promoted dtype. Bits moved out are lost. A shift by the width
    /// of the dtype or more gives 0, a negative one as well.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 3], ())?;
    /// assert_eq!(xp.bitwise_left_shift(&x, 2)?.to_vec::<i32>()?, [4, 12]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_left_shift<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "bitwise_left_shift",
            BinaryOp::BitwiseLeftShift,
            Category::Integer,
            x1.into(),
            x2.into(),
        )
    }

    /// Every bit of each element inverted; for bool the logical not.
    ///
    /// `x`: an array of an integer or bool dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0_u8, 0b1111_0000], ())?;
    /// assert_eq!(xp.bitwise_invert(&x)?.to_vec::<u8>()?, [255, 0b0000_1111]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_invert<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("bitwise_invert", UnaryOp::BitwiseInvert, Category::IntegerOrBool, x.into())
    }

    /// The bits that are set in either of each pair of elements; for bool the logical or.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of integer or bool dtypes that broadcast
    /// together. The result has their promoted dtype.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0b1100, 0b1010], ())?;
    /// assert_eq!(xp.bitwise_or(&x, 0b0110)?.to_vec::<i32>()?, [0b1110, 0b1110]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_or<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "bitwise_or",
            BinaryOp::BitwiseOr,
            Category::IntegerOrBool,
            x1.into(),
            x2.into(),
        )
    }

    /// The bits of each element of `x1`, moved right by the number in `x2`; the sign stays.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of integer dtypes that broadcast
    /// together. The result has their promoted dtype. A shift by the width of the dtype or more, or a
    /// negative one, gives 0 (-1 for a negative element).
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-8, 9], ())?;
    /// assert_eq!(xp.bitwise_right_shift(&x, 2)?.to_vec::<i32>()?, [-2, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_right_shift<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "bitwise_right_shift",
            BinaryOp::BitwiseRightShift,
            Category::Integer,
            x1.into(),
            x2.into(),
        )
    }

    /// The bits that are set in one, not both, of each pair of elements; for bool the exclusive or.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of integer or bool dtypes that broadcast
    /// together. The result has their promoted dtype.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0b1100, 0b1010], ())?;
    /// assert_eq!(xp.bitwise_xor(&x, 0b0110)?.to_vec::<i32>()?, [0b1010, 0b1100]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn bitwise_xor<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "bitwise_xor",
            BinaryOp::BitwiseXor,
            Category::IntegerOrBool,
            x1.into(),
            x2.into(),
        )
    }

    /// Each element rounded up to an integer value.
    ///
    /// `x`: an array of a real-valued dtype. The result has its shape and dtype. Integers stay as
    /// they are.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-1.5, 1.5], ())?;
    /// assert_eq!(xp.ceil(&x)?.to_vec::<f64>()?, [-1.0, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn ceil<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("ceil", UnaryOp::Ceil, Category::Real, x.into())
    }

    /// Each element of `x`, but at least `min` and at most `max`.
    ///
    /// `x`: an array of a real-valued dtype, which the result has. `min`, `max`: arrays or scalars that
    /// combine with `x` without widening its dtype and broadcast together with it, or `None` for no bound.
    /// NaN in any of the three is NaN. Where `min` is larger than `max`, the result is `min`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype of `x`,
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast) for
    /// bounds that do not combine, [`Error::Value`](crate::Error::Value) for an integer scalar out of the
    /// range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-5, 3, 12], ())?;
    /// assert_eq!(xp.clip(&x, 0, 10)?.to_vec::<i32>()?, [0, 3, 10]);
    /// assert_eq!(xp.clip(&x, None, 10)?.to_vec::<i32>()?, [-5, 3, 10]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn clip<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        min: impl Into<MaybeOperand<'a, Self>>,
        max: impl Into<MaybeOperand<'a, Self>>,
    ) -> Result<Array<Self>> {
        elementwise::clip(x.into(), min.into(), max.into())
    }

    /// The complex conjugate of each element.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Real elements are their
    /// own.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([2.5], ())?;
    /// assert_eq!(xp.conj(&x)?.to_vec::<f64>()?, [2.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn conj<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("conj", UnaryOp::Conj, Category::Numeric, x.into())
    }

    /// The magnitude of each element of `x1` with the sign of that of `x2`.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real floating-point dtypes that
    /// broadcast together. The result has their promoted dtype. Signs of zeros and NaNs count.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, -2.0], ())?;
    /// assert_eq!(xp.copysign(&x, -0.0)?.to_vec::<f64>()?, [-1.0, -2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn copysign<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "copysign",
            BinaryOp::Copysign,
            Category::RealFloating,
            x1.into(),
            x2.into(),
        )
    }

    /// The cosine of each element, in radians.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±∞ it is NaN.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.cos(&x)?.to_vec::<f64>()?, [1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn cos<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("cos", UnaryOp::Cos, Category::Floating, x.into())
    }

    /// The hyperbolic cosine of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.cosh(&x)?.to_vec::<f64>()?, [1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn cosh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("cosh", UnaryOp::Cosh, Category::Floating, x.into())
    }

    /// The quotient of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of floating-point dtypes that broadcast
    /// together. The result has their promoted dtype. A division by zero gives ±∞, or NaN for 0 / 0.
    /// Integers are not converted: `astype` to a floating-point dtype first, or use
    /// [`floor_divide`](Namespace::floor_divide).
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([3.0, 1.0], ())?;
    /// assert_eq!(xp.divide(&x, 2)?.to_vec::<f64>()?, [1.5, 0.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn divide<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("divide", BinaryOp::Divide, Category::Floating, x1.into(), x2.into())
    }

    /// Whether the elements of each pair are equal.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of any dtype that broadcast together.
    /// The result is bool. NaN equals nothing, -0 equals +0; complex numbers are equal if both parts
    /// are.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::Value`](crate::Error::Value) for an integer scalar
    /// out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.equal(&x, 2)?.to_vec::<bool>()?, [false, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn equal<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("equal", BinaryOp::Equal, Category::Any, x1.into(), x2.into())
    }

    /// Euler's number to the power of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, f64::NEG_INFINITY], ())?;
    /// assert_eq!(xp.exp(&x)?.to_vec::<f64>()?, [1.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn exp<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("exp", UnaryOp::Exp, Category::Floating, x.into())
    }

    /// `exp(x) - 1`, accurate near 0 too.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, 1e-20], ())?;
    /// assert_eq!(xp.expm1(&x)?.to_vec::<f64>()?, [0.0, 1e-20]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn expm1<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("expm1", UnaryOp::Expm1, Category::Floating, x.into())
    }

    /// Each element rounded down to an integer value.
    ///
    /// `x`: an array of a real-valued dtype. The result has its shape and dtype. Integers stay as
    /// they are.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-1.5, 1.5], ())?;
    /// assert_eq!(xp.floor(&x)?.to_vec::<f64>()?, [-2.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn floor<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("floor", UnaryOp::Floor, Category::Real, x.into())
    }

    /// The quotient of each pair of elements, rounded down.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result has their promoted dtype. An integer divided by 0 gives 0. The floor is that of
    /// the exact quotient. Where a floating-point dtype has not that integer, the result is the next one below
    /// that it has. Floating-point special cases are those of the quotient.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([7, -7], ())?;
    /// assert_eq!(xp.floor_divide(&x, 2)?.to_vec::<i32>()?, [3, -4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn floor_divide<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("floor_divide", BinaryOp::FloorDivide, Category::Real, x1.into(), x2.into())
    }

    /// Whether `x1 > x2`, for each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result is bool. False beside NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.greater(&x, 2)?.to_vec::<bool>()?, [false, false, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn greater<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("greater", BinaryOp::Greater, Category::Real, x1.into(), x2.into())
    }

    /// Whether `x1 >= x2`, for each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result is bool. False beside NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.greater_equal(&x, 2)?.to_vec::<bool>()?, [false, true, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn greater_equal<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "greater_equal",
            BinaryOp::GreaterEqual,
            Category::Real,
            x1.into(),
            x2.into(),
        )
    }

    /// The length of the hypotenuse, `sqrt(x1² + x2²)`, of each pair of elements, without overflow on
    /// the way.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real floating-point dtypes that
    /// broadcast together. The result has their promoted dtype. Infinite if either is, even beside
    /// NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x1 = xp.asarray([3.0, 5.0], ())?;
    /// let x2 = xp.asarray([4.0, 12.0], ())?;
    /// assert_eq!(xp.hypot(&x1, &x2)?.to_vec::<f64>()?, [5.0, 13.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn hypot<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("hypot", BinaryOp::Hypot, Category::RealFloating, x1.into(), x2.into())
    }

    /// The imaginary part of each element.
    ///
    /// `x`: an array of a complex floating-point dtype. The result has its shape and the real dtype
    /// of the same precision.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::{Complex, prelude::*};
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([Complex::new(1.0, -2.0)], ())?;
    /// assert_eq!(xp.imag(&x)?.to_vec::<f64>()?, [-2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn imag<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("imag", UnaryOp::Imag, Category::ComplexFloating, x.into())
    }

    /// Whether each element is a finite number: neither infinite nor NaN (in no part, if complex).
    ///
    /// `x`: an array of a numeric dtype. The result is bool.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, f64::INFINITY, f64::NAN], ())?;
    /// assert_eq!(xp.isfinite(&x)?.to_vec::<bool>()?, [true, false, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn isfinite<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        elementwise::test("isfinite", UnaryOp::IsFinite, true, x.into())
    }

    /// Whether each element is infinite (in either part, if complex).
    ///
    /// `x`: an array of a numeric dtype. The result is bool.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, f64::INFINITY, f64::NAN], ())?;
    /// assert_eq!(xp.isinf(&x)?.to_vec::<bool>()?, [false, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn isinf<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        elementwise::test("isinf", UnaryOp::IsInf, false, x.into())
    }

    /// Whether each element is NaN (in either part, if complex).
    ///
    /// `x`: an array of a numeric dtype. The result is bool.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, f64::INFINITY, f64::NAN], ())?;
    /// assert_eq!(xp.isnan(&x)?.to_vec::<bool>()?, [false, false, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn isnan<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        elementwise::test("isnan", UnaryOp::IsNan, false, x.into())
    }

    /// Whether `x1 < x2`, for each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result is bool. False beside NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.less(&x, 2)?.to_vec::<bool>()?, [true, false, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn less<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("less", BinaryOp::Less, Category::Real, x1.into(), x2.into())
    }

    /// Whether `x1 <= x2`, for each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result is bool. False beside NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.less_equal(&x, 2)?.to_vec::<bool>()?, [true, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn less_equal<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("less_equal", BinaryOp::LessEqual, Category::Real, x1.into(), x2.into())
    }

    /// The natural logarithm of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of 0 it is -∞, of
    /// a negative real number NaN. Complex: a branch cut along the negative real axis; the imaginary
    /// part is from -π to π.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, 0.0], ())?;
    /// assert_eq!(xp.log(&x)?.to_vec::<f64>()?, [0.0, f64::NEG_INFINITY]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn log<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("log", UnaryOp::Log, Category::Floating, x.into())
    }

    /// `log(1 + x)`, accurate near 0 too.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of -1 it is -∞,
    /// below it NaN for real dtypes.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, 1e-20], ())?;
    /// assert_eq!(xp.log1p(&x)?.to_vec::<f64>()?, [0.0, 1e-20]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn log1p<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("log1p", UnaryOp::Log1p, Category::Floating, x.into())
    }

    /// The logarithm to base 2 of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Special cases are
    /// those of [`log`](Namespace::log).
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([8.0, 0.5], ())?;
    /// assert_eq!(xp.log2(&x)?.to_vec::<f64>()?, [3.0, -1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn log2<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("log2", UnaryOp::Log2, Category::Floating, x.into())
    }

    /// The logarithm to base 10 of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Special cases are
    /// those of [`log`](Namespace::log).
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1000.0, 0.1], ())?;
    /// assert_eq!(xp.log10(&x)?.to_vec::<f64>()?, [3.0, -1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn log10<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("log10", UnaryOp::Log10, Category::Floating, x.into())
    }

    /// `log(exp(x1) + exp(x2))` of each pair of elements, without overflow on the way.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real floating-point dtypes that
    /// broadcast together. The result has their promoted dtype. NaN with anything is NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x1 = xp.asarray([1000.0, f64::NEG_INFINITY], ())?;
    /// let x2 = xp.asarray([f64::NEG_INFINITY, 0.0], ())?;
    /// assert_eq!(xp.logaddexp(&x1, &x2)?.to_vec::<f64>()?, [1000.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn logaddexp<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary(
            "logaddexp",
            BinaryOp::Logaddexp,
            Category::RealFloating,
            x1.into(),
            x2.into(),
        )
    }

    /// Whether both of each pair of elements are true.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of bool dtypes that broadcast together.
    /// The result is bool.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([true, false], ())?;
    /// assert_eq!(xp.logical_and(&x, true)?.to_vec::<bool>()?, [true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn logical_and<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("logical_and", BinaryOp::BitwiseAnd, Category::Bool, x1.into(), x2.into())
    }

    /// Whether each element is false.
    ///
    /// `x`: an array of a bool dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([true, false], ())?;
    /// assert_eq!(xp.logical_not(&x)?.to_vec::<bool>()?, [false, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn logical_not<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("logical_not", UnaryOp::BitwiseInvert, Category::Bool, x.into())
    }

    /// Whether one at least of each pair of elements is true.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of bool dtypes that broadcast together.
    /// The result is bool.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([true, false], ())?;
    /// assert_eq!(xp.logical_or(&x, false)?.to_vec::<bool>()?, [true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn logical_or<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("logical_or", BinaryOp::BitwiseOr, Category::Bool, x1.into(), x2.into())
    }

    /// Whether one, not both, of each pair of elements is true.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of bool dtypes that broadcast together.
    /// The result is bool.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([true, false], ())?;
    /// assert_eq!(xp.logical_xor(&x, true)?.to_vec::<bool>()?, [false, true]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn logical_xor<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("logical_xor", BinaryOp::BitwiseXor, Category::Bool, x1.into(), x2.into())
    }

    /// The larger of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result has their promoted dtype. NaN with anything is NaN; of two zeros +0 is
    /// the larger.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 5], ())?;
    /// assert_eq!(xp.maximum(&x, 3)?.to_vec::<i32>()?, [3, 5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn maximum<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("maximum", BinaryOp::Maximum, Category::Real, x1.into(), x2.into())
    }

    /// The smaller of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result has their promoted dtype. NaN with anything is NaN; of two zeros -0 is
    /// the smaller.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 5], ())?;
    /// assert_eq!(xp.minimum(&x, 3)?.to_vec::<i32>()?, [1, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn minimum<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("minimum", BinaryOp::Minimum, Category::Real, x1.into(), x2.into())
    }

    /// The product of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of numeric dtypes that broadcast
    /// together. The result has their promoted dtype. Integers wrap on overflow. 0 times ∞ is NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.multiply(&x, -3)?.to_vec::<i32>()?, [-3, -6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn multiply<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("multiply", BinaryOp::Multiply, Category::Numeric, x1.into(), x2.into())
    }

    /// Each element with the other sign.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Integers wrap: of the
    /// least value of a signed one it is that value itself, and an unsigned one is subtracted from 2
    /// to the power of its width.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.5, -2.0], ())?;
    /// assert_eq!(xp.negative(&x)?.to_vec::<f64>()?, [-1.5, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn negative<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("negative", UnaryOp::Negative, Category::Numeric, x.into())
    }

    /// The next value that the dtype has after each element of `x1`, towards that of `x2`; `x2` if
    /// they are equal.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real floating-point dtypes that
    /// broadcast together. The result has the dtype of both, which is the same. NaN with anything is
    /// NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0], ())?;
    /// assert_eq!(xp.nextafter(&x, 2.0)?.to_vec::<f64>()?, [1.0 + f64::EPSILON]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn nextafter<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        elementwise::nextafter(x1.into(), x2.into())
    }

    /// Whether the elements of each pair differ.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of any dtype that broadcast together.
    /// The result is bool. NaN differs from everything, -0 not from +0; complex numbers differ if a
    /// part does.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::Value`](crate::Error::Value) for an integer scalar
    /// out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.not_equal(&x, 2)?.to_vec::<bool>()?, [true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn not_equal<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("not_equal", BinaryOp::NotEqual, Category::Any, x1.into(), x2.into())
    }

    /// The elements as they are.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Memory is shared, as a
    /// clone shares it.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.5, -2.0], ())?;
    /// assert_eq!(xp.positive(&x)?.to_vec::<f64>()?, [1.5, -2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn positive<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        elementwise::unchanged("positive", Category::Numeric, x.into())
    }

    /// Each element of `x1` to the power of that of `x2`.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of numeric dtypes that broadcast
    /// together. The result has their promoted dtype. Integers wrap on overflow; a negative integer
    /// exponent gives the truncated power: 0 but for the bases 1 and -1. Anything to the power of 0
    /// is 1, even NaN; a negative real number to one that is no integer is NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x1 = xp.asarray([2.0, 9.0], ())?;
    /// let x2 = xp.asarray([10.0, 0.5], ())?;
    /// assert_eq!(xp.pow(&x1, &x2)?.to_vec::<f64>()?, [1024.0, 3.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn pow<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("pow", BinaryOp::Pow, Category::Numeric, x1.into(), x2.into())
    }

    /// The real part of each element.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape; its dtype is the real one of the
    /// same precision. Real elements are returned as they are.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::{Complex, prelude::*};
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([Complex::new(1.0, -2.0)], ())?;
    /// assert_eq!(xp.real(&x)?.to_vec::<f64>()?, [1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn real<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("real", UnaryOp::Real, Category::Numeric, x.into())
    }

    /// `1 / x` of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([4.0, -0.0], ())?;
    /// assert_eq!(xp.reciprocal(&x)?.to_vec::<f64>()?, [0.25, f64::NEG_INFINITY]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn reciprocal<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("reciprocal", UnaryOp::Reciprocal, Category::Floating, x.into())
    }

    /// The remainder of the division of each pair of elements; it has the sign of `x2`, as Python's
    /// `%`.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of real-valued dtypes that broadcast
    /// together. The result has their promoted dtype. An integer divided by 0 leaves 0.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([7, -7], ())?;
    /// assert_eq!(xp.remainder(&x, 3)?.to_vec::<i32>()?, [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn remainder<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("remainder", BinaryOp::Remainder, Category::Real, x1.into(), x2.into())
    }

    /// Each element rounded to the nearest integer value, halves to the even one; both parts of a
    /// complex one.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Integers stay as they
    /// are.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.5, 1.5, -1.2], ())?;
    /// assert_eq!(xp.round(&x)?.to_vec::<f64>()?, [0.0, 2.0, -1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn round<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("round", UnaryOp::Round, Category::Numeric, x.into())
    }

    /// The sign of each element: -1, 0 or 1; `x / abs(x)` for a complex one that is not 0.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Of NaN it is NaN.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-2.5, 0.0, 9.0], ())?;
    /// assert_eq!(xp.sign(&x)?.to_vec::<f64>()?, [-1.0, 0.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sign<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("sign", UnaryOp::Sign, Category::Numeric, x.into())
    }

    /// Whether the sign bit of each element is set: of negative numbers, of -0, and of NaN with a
    /// sign.
    ///
    /// `x`: an array of a real floating-point dtype. The result is bool.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-2.5, -0.0, 0.0], ())?;
    /// assert_eq!(xp.signbit(&x)?.to_vec::<bool>()?, [true, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn signbit<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("signbit", UnaryOp::Signbit, Category::RealFloating, x.into())
    }

    /// The sine of each element, in radians.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±∞ it is NaN.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.sin(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sin<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("sin", UnaryOp::Sin, Category::Floating, x.into())
    }

    /// The hyperbolic sine of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.sinh(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sinh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("sinh", UnaryOp::Sinh, Category::Floating, x.into())
    }

    /// Each element times itself.
    ///
    /// `x`: an array of a numeric dtype. The result has its shape and dtype. Integers wrap on
    /// overflow.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([3, -4], ())?;
    /// assert_eq!(xp.square(&x)?.to_vec::<i32>()?, [9, 16]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn square<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("square", UnaryOp::Square, Category::Numeric, x.into())
    }

    /// The square root of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of a negative
    /// real number it is NaN, of -0 it is -0. Complex: a branch cut along the negative real axis; the
    /// real part is not negative.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([4.0, 2.25], ())?;
    /// assert_eq!(xp.sqrt(&x)?.to_vec::<f64>()?, [2.0, 1.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sqrt<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("sqrt", UnaryOp::Sqrt, Category::Floating, x.into())
    }

    /// The difference of each pair of elements.
    ///
    /// `x1`, `x2`: arrays or scalars (one at least an array) of numeric dtypes that broadcast
    /// together. The result has their promoted dtype. Integers wrap on overflow. ∞ - ∞ is NaN.
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion) or [`Error::Broadcast`](crate::Error::Broadcast)
    /// for operands that do not combine, [`Error::DType`](crate::Error::DType) for other dtypes,
    /// [`Error::Value`](crate::Error::Value) for an integer scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.subtract(&x, 3)?.to_vec::<i32>()?, [-2, -1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn subtract<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("subtract", BinaryOp::Subtract, Category::Numeric, x1.into(), x2.into())
    }

    /// The tangent of each element, in radians.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±∞ it is NaN.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0], ())?;
    /// assert_eq!(xp.tan(&x)?.to_vec::<f64>()?, [0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn tan<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("tan", UnaryOp::Tan, Category::Floating, x.into())
    }

    /// The hyperbolic tangent of each element.
    ///
    /// `x`: an array of a floating-point dtype. The result has its shape and dtype. Of ±∞ it is ±1.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([0.0, f64::INFINITY], ())?;
    /// assert_eq!(xp.tanh(&x)?.to_vec::<f64>()?, [0.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn tanh<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("tanh", UnaryOp::Tanh, Category::Floating, x.into())
    }

    /// Each element rounded towards zero to an integer value.
    ///
    /// `x`: an array of a real-valued dtype. The result has its shape and dtype. Integers stay as
    /// they are.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-1.5, 1.5], ())?;
    /// assert_eq!(xp.trunc(&x)?.to_vec::<f64>()?, [-1.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn trunc<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("trunc", UnaryOp::Trunc, Category::Real, x.into())
    }

    // ---- indexing --------------------------------------------------------------------------------

    /// The elements at `indices` along an axis.
    ///
    /// `x`: an array of any dtype. `indices`: a 1-d array of an integer dtype; negative ones count
    /// from the end. `axis`: may be left out (`()`) if `x` has one dimension. The result has the
    /// dtype and shape of `x`, but along `axis` the length of `indices`.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or missing,
    /// [`Error::DType`](crate::Error::DType) for indices that are no integers,
    /// [`Error::Shape`](crate::Error::Shape) for indices of another number of dimensions,
    /// [`Error::Index`](crate::Error::Index) for one out of bounds.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// let indices = xp.asarray([2, -2], ())?;
    /// assert_eq!(xp.take(&x, &indices, 1)?.to_vec::<i32>()?, [3, 2, 6, 5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn take<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        indices: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        indexing::take(&x.into(), &indices.into(), axis.into()).named("take")
    }

    /// The elements at `indices` along an axis, with indices of their own for each line along it:
    /// what `argsort` and `argmax` with `keepdims` return, applied.
    ///
    /// `x`: an array of any dtype. `indices`: an array of an integer dtype with as many dimensions;
    /// negative ones count from the end. `axis`: -1 where left out. The shapes broadcast together,
    /// but for `axis`, where the result has the length of `indices`.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range,
    /// [`Error::DType`](crate::Error::DType) for indices that are no integers,
    /// [`Error::Shape`](crate::Error::Shape) for indices of another number of dimensions,
    /// [`Error::Broadcast`](crate::Error::Broadcast) for lengths that do not fit,
    /// [`Error::Index`](crate::Error::Index) for an index out of bounds.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[3, 1, 2], [4, 6, 5]], ())?;
    /// let order = xp.argsort(&x, ())?;
    /// assert_eq!(xp.take_along_axis(&x, &order, ())?.to_vec::<i32>()?, [1, 2, 3, 4, 5, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn take_along_axis<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        indices: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        indexing::take_along_axis(&x.into(), &indices.into(), axis.into()).named("take_along_axis")
    }

    // ---- linear algebra --------------------------------------------------------------------------

    /// The matrix product.
    ///
    /// `x1`, `x2`: arrays of numeric dtypes, promoted. Matrices `[..., M, K]` and `[..., K, N]`
    /// give `[..., M, N]`, the leading axes broadcast. A vector on the left is a matrix of one row,
    /// one on the right a matrix of one column, and that axis is not in the result; two vectors
    /// give a 0-d array. Nothing is conjugated. `K = 0` gives zeros, integers wrap.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a 0-d array or inner lengths that differ,
    /// [`Error::Broadcast`](crate::Error::Broadcast) for leading axes that do not fit,
    /// [`Error::DType`](crate::Error::DType) for bool,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let a = xp.asarray([[1.0, 2.0], [3.0, 4.0]], ())?;
    /// let v = xp.asarray([1.0, 10.0], ())?;
    /// assert_eq!(xp.matmul(&a, &v)?.to_vec::<f64>()?, [21.0, 43.0]);
    /// assert_eq!(xp.matmul(&v, &v)?.shape(), []);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn matmul<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
    ) -> Result<Array<Self>> {
        linear_algebra::matmul(x1.into(), x2.into()).named("matmul")
    }

    /// The transpose of a matrix or of each of a stack of matrices: a view.
    ///
    /// `x`: an array of any dtype, of shape `[..., M, N]`. The result has the shape `[..., N, M]`.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// assert_eq!(xp.matrix_transpose(&x)?.to_vec::<i32>()?, [1, 4, 2, 5, 3, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn matrix_transpose<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        linear_algebra::matrix_transpose(&x.into()).named("matrix_transpose")
    }

    /// The tensor contraction: sums of products over pairs of axes.
    ///
    /// `x1`, `x2`: arrays of numeric dtypes, promoted. `axes`: a number `n` for the last `n` axes
    /// of `x1` with the first `n` of `x2`, in order (0 gives the outer product; 2 where left out),
    /// or a pair of lists of as many axes, `([1, 0], [0, 1])`. Axes that are contracted have equal
    /// lengths and are not broadcast. The result has the other axes of `x1`, then those of `x2`.
    /// Nothing is conjugated.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for a number of axes that one array does not have, axes
    /// out of range or repeated, or lists of different lengths,
    /// [`Error::Shape`](crate::Error::Shape) for lengths that differ,
    /// [`Error::DType`](crate::Error::DType) for bool,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let a = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.tensordot(&a, &a, ())?.to_vec::<i32>()?, [30]);
    /// assert_eq!(xp.tensordot(&a, &a, 1)?.to_vec::<i32>()?, [7, 10, 15, 22]);
    /// assert_eq!(xp.tensordot(&a, &a, ([0], [0]))?.to_vec::<i32>()?, [10, 14, 14, 20]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn tensordot<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
        axes: impl Into<ContractedAxes>,
    ) -> Result<Array<Self>> {
        linear_algebra::tensordot(x1.into(), x2.into(), &axes.into()).named("tensordot")
    }

    /// The dot product of vectors: `Σ conj(x1_i) x2_i`.
    ///
    /// `x1`, `x2`: arrays of numeric dtypes, promoted. `axis`: a negative one, counted from the
    /// last in both arrays; -1 where left out. Along it the lengths are equal; the other axes
    /// broadcast, and are the result's. The products are not written to memory.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a 0-d array or lengths that differ,
    /// [`Error::Axis`](crate::Error::Axis) for an axis that is not from `-N` to -1 (`N` the smaller
    /// number of dimensions), [`Error::Broadcast`](crate::Error::Broadcast) for other axes that do
    /// not fit, [`Error::DType`](crate::Error::DType) for bool,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let a = xp.asarray([[1.0, 2.0], [3.0, 4.0]], ())?;
    /// let v = xp.asarray([1.0, 10.0], ())?;
    /// assert_eq!(xp.vecdot(&a, &v, ())?.to_vec::<f64>()?, [21.0, 43.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn vecdot<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        linear_algebra::vecdot(&x1.into(), &x2.into(), axis.into()).named("vecdot")
    }

    // ---- manipulation ----------------------------------------------------------------------------

    /// The arrays broadcast against one another: views of one shape, each with its own dtype.
    ///
    /// # Errors
    /// [`Error::Broadcast`](crate::Error::Broadcast) for shapes that do not fit.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (a, b) = (xp.asarray([1, 2], ())?, xp.asarray([[0.5], [1.5]], ())?);
    /// let out = xp.broadcast_arrays([&a, &b])?;
    /// assert_eq!(out[0].to_vec::<i32>()?, [1, 2, 1, 2]);
    /// assert_eq!(out[1].to_vec::<f64>()?, [0.5, 0.5, 1.5, 1.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn broadcast_arrays<'a>(&self, arrays: impl ArrayList<'a, Self>) -> Result<Vec<Array<Self>>> {
        manipulation::broadcast_arrays(&arrays.arrays()).named("broadcast_arrays")
    }

    /// The shape that these shapes broadcast to; that of a 0-d array for none.
    ///
    /// # Errors
    /// [`Error::Broadcast`](crate::Error::Broadcast) for shapes that do not fit,
    /// [`Error::Shape`](crate::Error::Shape) for a negative length.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.broadcast_shapes([[3, 1], [1, 4]])?, [3, 4]);
    /// assert!(xp.broadcast_shapes([[3], [4]]).is_err());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn broadcast_shapes(&self, shapes: impl IntoIterator<Item: Into<Shape>>) -> Result<Vec<usize>> {
        manipulation::broadcast_shapes(shapes.into_iter().map(Into::into)).named("broadcast_shapes")
    }

    /// The array broadcast to a shape: a view, in which axes of length 1 and new leading axes are
    /// repeated.
    ///
    /// `x`: an array of any dtype, which the result has.
    ///
    /// # Errors
    /// [`Error::Broadcast`](crate::Error::Broadcast) for a shape that the array does not broadcast
    /// to, [`Error::Shape`](crate::Error::Shape) for a negative length.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.broadcast_to(&x, (3, 2))?.to_vec::<i32>()?, [1, 2, 1, 2, 1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn broadcast_to<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shape: impl Into<Shape>,
    ) -> Result<Array<Self>> {
        manipulation::broadcast_to(&x.into(), &shape.into()).named("broadcast_to")
    }

    /// Arrays joined along an axis that they have.
    ///
    /// `arrays`: at least one, of equal shapes but for `axis`; the result has their promoted dtype.
    /// `axis`: 0 where left out; `None` joins the flattened arrays.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for no arrays, [`Error::Axis`](crate::Error::Axis) for
    /// an axis out of range, [`Error::Shape`](crate::Error::Shape) for shapes that differ,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device),
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (a, b) = (xp.asarray([[1, 2]], ())?, xp.asarray([[3, 4], [5, 6]], ())?);
    /// assert_eq!(xp.concat([&a, &b], ())?.shape(), [3, 2]);
    /// assert_eq!(xp.concat([&a, &b], arrayspace::Axis::None)?.to_vec::<i32>()?, [1, 2, 3, 4, 5, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn concat<'a>(
        &self,
        arrays: impl ArrayList<'a, Self>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        manipulation::concat(arrays.arrays(), axis.into()).named("concat")
    }

    /// The array with new axes of length 1: a view.
    ///
    /// `axis`: an integer or several: the places of the new axes in the result.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for a place out of range or repeated,
    /// [`Error::Shape`](crate::Error::Shape) for more dimensions than an array may have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.expand_dims(&x, 0)?.shape(), [1, 2]);
    /// assert_eq!(xp.expand_dims(&x, [0, -1])?.shape(), [1, 2, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn expand_dims<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::expand_dims(&x.into(), &axis.into()).named("expand_dims")
    }

    /// The array with its elements in reverse order along axes: a view.
    ///
    /// `axis`: an integer or several; all where left out.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.flip(&x, ())?.to_vec::<i32>()?, [4, 3, 2, 1]);
    /// assert_eq!(xp.flip(&x, 0)?.to_vec::<i32>()?, [3, 4, 1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn flip<'a>(&self, x: impl Into<Arg<'a, Self>>, axis: impl Into<Axes>) -> Result<Array<Self>> {
        manipulation::flip(&x.into(), &axis.into()).named("flip")
    }

    /// The array with some axes in other places, the rest in their order: a view.
    ///
    /// `source`: an integer or several. `destination`: as many, the places in the result.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated, or different
    /// numbers of axes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.zeros([2, 3, 4], ())?;
    /// assert_eq!(xp.moveaxis(&x, 0, -1)?.shape(), [3, 4, 2]);
    /// assert_eq!(xp.moveaxis(&x, [0, 1], [1, 2])?.shape(), [4, 2, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn moveaxis<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        source: impl Into<Axes>,
        destination: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::moveaxis(&x.into(), &source.into(), &destination.into()).named("moveaxis")
    }

    /// The array with its axes in another order: a view, whose axis `k` is axis `axes[k]` of `x`.
    ///
    /// `axes`: a permutation of all axes, negative ones counted from the last.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for anything that is not a permutation.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.zeros([2, 3, 4], ())?;
    /// assert_eq!(xp.permute_dims(&x, [2, 0, 1])?.shape(), [4, 2, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn permute_dims<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axes: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::permute_dims(&x.into(), &axes.into()).named("permute_dims")
    }

    /// Each element repeated.
    ///
    /// `repeats`: an integer, or a 1-d array of an integer dtype with a count for each element
    /// along the axis (or one for all); an array makes the shape of the result depend on values,
    /// which costs a device a synchronisation. `axis`: where left out, the flattened array is
    /// repeated.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a negative count or a scalar that is no integer,
    /// [`Error::DType`](crate::Error::DType) for an array that is not of integers,
    /// [`Error::Shape`](crate::Error::Shape) for one of another length,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.repeat(&x, 2, ())?.to_vec::<i32>()?, [1, 1, 2, 2, 3, 3, 4, 4]);
    /// let counts = xp.asarray([0, 2], ())?;
    /// assert_eq!(xp.repeat(&x, &counts, 0)?.to_vec::<i32>()?, [3, 4, 3, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn repeat<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        repeats: impl Into<Operand<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        manipulation::repeat(&x.into(), repeats.into(), axis.into()).named("repeat")
    }

    /// The elements in row-major order in another shape.
    ///
    /// `shape`: of as many elements; one length may be -1, which is inferred. `copy`: `true` always
    /// copies, `false` never (an error where strides cannot say the shape), left out only where it
    /// is needed.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a shape of another number of elements, a negative
    /// length other than -1, or a -1 that cannot be inferred, [`Error::Value`](crate::Error::Value)
    /// for a copy that is needed and forbidden.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3, 4, 5, 6], ())?;
    /// assert_eq!(xp.reshape(&x, (2, -1), ())?.shape(), [2, 3]);
    /// assert!(xp.reshape(&x, (4, -1), ()).is_err());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn reshape<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shape: impl Into<Shape>,
        options: impl Into<Reshape>,
    ) -> Result<Array<Self>> {
        manipulation::reshape(&x.into(), &shape.into(), options.into().copy).named("reshape")
    }

    /// The elements moved along axes, those beyond the end coming in again at the other.
    ///
    /// `shift`: how far, toward larger indices if positive: an integer for all axes, or one for
    /// each. `axis`: an integer or several; where left out, the flattened array is rolled and takes
    /// its shape again.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for shifts that are not as many as axes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// assert_eq!(xp.roll(&x, 1, ())?.to_vec::<i32>()?, [6, 1, 2, 3, 4, 5]);
    /// assert_eq!(xp.roll(&x, [1, -1], [0, 1])?.to_vec::<i32>()?, [5, 6, 4, 2, 3, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn roll<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shift: impl Into<Shift>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::roll(&x.into(), &shift.into(), &axis.into()).named("roll")
    }

    /// The array without these axes, which have length 1: a view.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Shape`](crate::Error::Shape) for one of another length.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.zeros([1, 3, 1], ())?;
    /// assert_eq!(xp.squeeze(&x, 0)?.shape(), [3, 1]);
    /// assert_eq!(xp.squeeze(&x, [0, 2])?.shape(), [3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn squeeze<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::squeeze(&x.into(), &axis.into()).named("squeeze")
    }

    /// Arrays joined along a new axis.
    ///
    /// `arrays`: at least one, of equal shapes; the result has their promoted dtype. `axis`: the
    /// place of the new axis in the result; 0 where left out.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for no arrays, [`Error::Axis`](crate::Error::Axis) for
    /// a place out of range, [`Error::Shape`](crate::Error::Shape) for shapes that differ,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device),
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (a, b) = (xp.asarray([1, 2], ())?, xp.asarray([3, 4], ())?);
    /// assert_eq!(xp.stack([&a, &b], ())?.to_vec::<i32>()?, [1, 2, 3, 4]);
    /// assert_eq!(xp.stack([&a, &b], -1)?.to_vec::<i32>()?, [1, 3, 2, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn stack<'a>(
        &self,
        arrays: impl ArrayList<'a, Self>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        manipulation::stack(arrays.arrays(), axis.into()).named("stack")
    }

    /// The array repeated as a whole.
    ///
    /// `repetitions`: how often along each axis, 0 or more. The shorter of shape and repetitions is
    /// filled up with ones in front.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value) for a negative count,
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2], ())?;
    /// assert_eq!(xp.tile(&x, 2)?.to_vec::<i32>()?, [1, 2, 1, 2]);
    /// assert_eq!(xp.tile(&x, [3, 1])?.shape(), [3, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn tile<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        repetitions: impl Into<Shape>,
    ) -> Result<Array<Self>> {
        manipulation::tile(&x.into(), &repetitions.into()).named("tile")
    }

    /// The array taken apart along an axis: views without it.
    ///
    /// `axis`: 0 where left out.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range;
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more views than fit in memory.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// let columns = xp.unstack(&x, 1)?;
    /// assert_eq!(columns[1].to_vec::<i32>()?, [2, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn unstack<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Vec<Array<Self>>> {
        manipulation::unstack(&x.into(), axis.into()).named("unstack")
    }

    // ---- searching -------------------------------------------------------------------------------

    /// The index of the largest element, the first of equal ones; of the first NaN, if there is
    /// one.
    ///
    /// `x`: an array of a real dtype. Options: `axis` (one; where left out, the index is into the
    /// flattened array) and `keepdims`. The result has the default index dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool and complex,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or several,
    /// [`Error::Value`](crate::Error::Value) for no elements to choose from, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5, 2], [9, 0, 9]], ())?;
    /// assert_eq!(xp.argmax(&x, ())?.to_vec::<i64>()?, [3]);
    /// assert_eq!(xp.argmax(&x, 1)?.to_vec::<i64>()?, [1, 0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn argmax<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::arg_extreme(ArgFoldOp::Maximum, &x.into(), &options.into()).named("argmax")
    }

    /// The index of the smallest element, the first of equal ones; of the first NaN, if there is
    /// one.
    ///
    /// `x`: an array of a real dtype. Options: `axis` (one; where left out, the index is into the
    /// flattened array) and `keepdims`. The result has the default index dtype.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool and complex,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or several,
    /// [`Error::Value`](crate::Error::Value) for no elements to choose from, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5, 2], [9, 0, 9]], ())?;
    /// assert_eq!(xp.argmin(&x, ())?.to_vec::<i64>()?, [4]);
    /// assert_eq!(xp.argmin(&x, 1)?.to_vec::<i64>()?, [0, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn argmin<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::arg_extreme(ArgFoldOp::Minimum, &x.into(), &options.into()).named("argmin")
    }

    /// The number of elements that are not zero.
    ///
    /// `x`: an array of any dtype; a complex element is not zero if one of its parts is not, NaN is
    /// not. Options: `axis` (all where left out) and `keepdims`. The result has the default index
    /// dtype.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 0], [3, 4]], ())?;
    /// assert_eq!(xp.count_nonzero(&x, 0)?.to_vec::<i64>()?, [2, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn count_nonzero<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::count_nonzero(&x.into(), &options.into()).named("count_nonzero")
    }

    /// The indices of the elements that are not zero, in row-major order: for each dimension an
    /// array of the indices along it. Their length depends on the values.
    ///
    /// `x`: an array of any dtype, of at least one dimension; a complex element is not zero if one
    /// of its parts is not. The results have the default index dtype.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a 0-d array.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 0], [3, 4]], ())?;
    /// let at = xp.nonzero(&x)?;
    /// assert_eq!(at[0].to_vec::<i64>()?, [0, 1, 1]);
    /// assert_eq!(at[1].to_vec::<i64>()?, [0, 0, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn nonzero<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Vec<Array<Self>>> {
        searching::nonzero(x.into()).named("nonzero")
    }

    /// Where in a sorted array elements belong.
    ///
    /// `x1`: a 1-d array of a real dtype, ascending. `x2`: an array of any shape, or a scalar; the
    /// two are promoted. Options: `side` (`Left`, the default, before equal elements; `Right`,
    /// after them) and `sorter` (indices that sort `x1`, if it is not sorted). NaN belongs after
    /// all numbers, where `sort` puts it. The result has the shape of `x2` and the default index
    /// dtype.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for an `x1` of another number of dimensions or a
    /// sorter of another shape, [`Error::DType`](crate::Error::DType) for bool and complex, or a
    /// sorter that is not of integers, [`Error::Promotion`](crate::Error::Promotion),
    /// [`Error::Index`](crate::Error::Index) for a sorter out of bounds.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Side;
    /// let x = xp.asarray([1.0, 2.0, 2.0, 3.0], ())?;
    /// assert_eq!(xp.searchsorted(&x, 2.0, ())?.to_vec::<i64>()?, [1]);
    /// let values = xp.asarray([2.0, 9.0], ())?;
    /// assert_eq!(xp.searchsorted(&x, &values, Side::Right)?.to_vec::<i64>()?, [3, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn searchsorted<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
        options: impl Into<SearchSorted<'a, Self>>,
    ) -> Result<Array<Self>> {
        searching::searchsorted(x1.into(), x2.into(), &options.into()).named("searchsorted")
    }

    /// Elements of `x1` where `condition` is true, of `x2` elsewhere (`where` is reserved in Rust).
    ///
    /// `condition`: an array of bool. `x1`, `x2`: arrays or scalars, at least one an array,
    /// promoted. All broadcast together.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for a condition that is not bool,
    /// [`Error::Value`](crate::Error::Value) for two scalars or one out of the range of the dtype,
    /// [`Error::Promotion`](crate::Error::Promotion),
    /// [`Error::Broadcast`](crate::Error::Broadcast), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, -2, 3], ())?;
    /// let negative = xp.asarray([false, true, false], ())?;
    /// assert_eq!(xp.where_(&negative, 0, &x)?.to_vec::<i32>()?, [1, 0, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn where_<'a>(
        &self,
        condition: impl Into<Arg<'a, Self>>,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        searching::select(condition.into(), x1.into(), x2.into()).named("where")
    }

    // ---- sets ------------------------------------------------------------------------------------

    /// For each element of `x1`, whether it is in `x2`.
    ///
    /// `x1`, `x2`: arrays or scalars, at least one an array, of any dtype, promoted. Option:
    /// `invert`, to tell which are not in. The result has the shape of `x1`. Elements are compared
    /// as by `equal`, so NaN is in nothing. O((n + m) log m).
    ///
    /// # Errors
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Value`](crate::Error::Value) for two
    /// scalars or one out of the range of the dtype, [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1, 2, 3, 2], ())?;
    /// let set = xp.asarray([2, 7], ())?;
    /// assert_eq!(xp.isin(&x, &set, ())?.to_vec::<bool>()?, [false, true, false, true]);
    /// assert_eq!(xp.isin(&x, 2, true)?.to_vec::<bool>()?, [true, false, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn isin<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
        options: impl Into<IsIn>,
    ) -> Result<Array<Self>> {
        sets::isin(x1.into(), x2.into(), options.into().invert).named("isin")
    }

    /// The unique elements in ascending order, where each occurs first, how they make up the array,
    /// and how often each occurs.
    ///
    /// `x`: an array of any dtype and shape, flattened. Elements are the same if they are equal:
    /// each NaN (and each complex number with a NaN part) is distinct, -0 and +0 are one. How many
    /// there are depends on the values. O(n log n).
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a dtype that the device does not sort.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([3, 1, 3], ())?;
    /// let u = xp.unique_all(&x)?;
    /// assert_eq!(u.values.to_vec::<i32>()?, [1, 3]);
    /// assert_eq!(u.indices.to_vec::<i64>()?, [1, 0]);
    /// assert_eq!(u.inverse_indices.to_vec::<i64>()?, [1, 0, 1]);
    /// assert_eq!(u.counts.to_vec::<i64>()?, [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn unique_all<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueAllResult<Self>> {
        sets::unique_all(&x.into()).named("unique_all")
    }

    /// The unique elements in ascending order, and how often each occurs.
    ///
    /// `x`: an array of any dtype and shape, flattened. Elements are the same if they are equal:
    /// each NaN (and each complex number with a NaN part) is distinct, -0 and +0 are one. How many
    /// there are depends on the values. O(n log n).
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a dtype that the device does not sort.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let u = xp.unique_counts(&xp.asarray([3, 1, 3], ())?)?;
    /// assert_eq!(u.values.to_vec::<i32>()?, [1, 3]);
    /// assert_eq!(u.counts.to_vec::<i64>()?, [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn unique_counts<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueCountsResult<Self>> {
        sets::unique_counts(&x.into()).named("unique_counts")
    }

    /// The unique elements in ascending order, and for each element of the array the index of its
    /// value.
    ///
    /// `x`: an array of any dtype and shape, flattened. Elements are the same if they are equal:
    /// each NaN (and each complex number with a NaN part) is distinct, -0 and +0 are one. How many
    /// there are depends on the values. O(n log n).
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a dtype that the device does not sort.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[3, 1], [3, 3]], ())?;
    /// let u = xp.unique_inverse(&x)?;
    /// assert_eq!(u.values.to_vec::<i32>()?, [1, 3]);
    /// assert_eq!(u.inverse_indices.to_vec::<i64>()?, [1, 0, 1, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn unique_inverse<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueInverseResult<Self>> {
        sets::unique_inverse(&x.into()).named("unique_inverse")
    }

    /// The unique elements in ascending order.
    ///
    /// `x`: an array of any dtype and shape, flattened. Elements are the same if they are equal:
    /// each NaN (and each complex number with a NaN part) is distinct, -0 and +0 are one. How many
    /// there are depends on the values. O(n log n).
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a dtype that the device does not sort.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([3, 1, 3], ())?;
    /// assert_eq!(xp.unique_values(&x)?.to_vec::<i32>()?, [1, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn unique_values<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        sets::unique_values(&x.into()).named("unique_values")
    }

    // ---- sorting ---------------------------------------------------------------------------------

    /// The indices that put the elements in order along an axis.
    ///
    /// `x`: an array of any dtype. Options: `axis` (-1 where left out), `descending`, and `stable`
    /// (equal elements always keep their order, in both directions). NaN comes last, ascending and
    /// descending; complex numbers are ordered by real, then imaginary part; -0 and +0 are equal.
    /// The result has the shape of `x` and the default index dtype.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range, which for a 0-d array every
    /// axis is.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([2, 3, 1, 3], ())?;
    /// assert_eq!(xp.argsort(&x, ())?.to_vec::<i64>()?, [2, 0, 1, 3]);
    /// use arrayspace::options::Sort;
    /// let descending = Sort::new().descending(true);
    /// assert_eq!(xp.argsort(&x, descending)?.to_vec::<i64>()?, [1, 3, 0, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn argsort<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Sort>,
    ) -> Result<Array<Self>> {
        sorting::argsort(&x.into(), &options.into()).named("argsort")
    }

    /// The elements in order along an axis.
    ///
    /// `x`: an array of any dtype. Options: `axis` (-1 where left out), `descending`, and `stable`
    /// (equal elements always keep their order, in both directions). NaN comes last, ascending and
    /// descending; complex numbers are ordered by real, then imaginary part; -0 and +0 are equal.
    /// The result has the shape and dtype of `x`.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range, which for a 0-d array every
    /// axis is.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2, 1], [1, 3]], ())?;
    /// assert_eq!(xp.sort(&x, ())?.to_vec::<i32>()?, [1, 2, 1, 3]);
    /// assert_eq!(xp.sort(&x, 0)?.to_vec::<i32>()?, [1, 1, 2, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sort<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Sort>,
    ) -> Result<Array<Self>> {
        sorting::sort(&x.into(), &options.into()).named("sort")
    }

    // ---- statistics ------------------------------------------------------------------------------

    /// The product of the elements up to each one along an axis.
    ///
    /// `x`: an array of a numeric dtype. Options: `axis` (may be left out for one dimension),
    /// `dtype`, and `include_initial`, to begin with 1, one longer. In the dtype of `x`, but small
    /// signed integers are widened to the default integer dtype and small unsigned ones to the
    /// unsigned dtype of that width; `dtype` asks for another, to which elements are converted
    /// first.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool or a conversion from complex to real,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or missing, and for a 0-d
    /// array.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Cumulative;
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.cumulative_prod(&x, ())?.to_vec::<i64>()?, [1, 2, 6]);
    /// let from_start = Cumulative::new().include_initial(true);
    /// assert_eq!(xp.cumulative_prod(&x, from_start)?.to_vec::<i64>()?, [1, 1, 2, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn cumulative_prod<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Cumulative>,
    ) -> Result<Array<Self>> {
        statistical::cumulative(ScanOp::Product, x.into(), &options.into()).named("cumulative_prod")
    }

    /// The sum of the elements up to each one along an axis.
    ///
    /// `x`: an array of a numeric dtype. Options: `axis` (may be left out for one dimension),
    /// `dtype`, and `include_initial`, to begin with 0, one longer. In the dtype of `x`, but small
    /// signed integers are widened to the default integer dtype and small unsigned ones to the
    /// unsigned dtype of that width; `dtype` asks for another, to which elements are converted
    /// first.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool or a conversion from complex to real,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or missing, and for a 0-d
    /// array.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Cumulative;
    /// let x = xp.asarray([1, 2, 3], ())?;
    /// assert_eq!(xp.cumulative_sum(&x, ())?.to_vec::<i64>()?, [1, 3, 6]);
    /// let from_start = Cumulative::new().include_initial(true);
    /// assert_eq!(xp.cumulative_sum(&x, from_start)?.to_vec::<i64>()?, [0, 1, 3, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn cumulative_sum<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Cumulative>,
    ) -> Result<Array<Self>> {
        statistical::cumulative(ScanOp::Sum, x.into(), &options.into()).named("cumulative_sum")
    }

    /// The largest element over axes; NaN if one is NaN.
    ///
    /// `x`: an array of a real dtype, which the result has. Options: `axis` (all where left out)
    /// and `keepdims`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool and complex,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for the largest of no elements, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5], [4, 2]], ())?;
    /// assert_eq!(xp.max(&x, 1)?.to_vec::<i32>()?, [5, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn max<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::extreme(FoldOp::Maximum, &x.into(), &options.into()).named("max")
    }

    /// The mean of the elements over axes; NaN for none.
    ///
    /// `x`: an array of a floating-point dtype, which the result has; NaN in a part of a complex
    /// element makes that part NaN. Options: `axis` (all where left out) and `keepdims`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for integers and bool,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1.0, 5.0], [4.0, 2.0]], ())?;
    /// assert_eq!(xp.mean(&x, ())?.to_vec::<f64>()?, [3.0]);
    /// assert_eq!(xp.mean(&x, 0)?.to_vec::<f64>()?, [2.5, 3.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn mean<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::mean(&x.into(), &options.into()).named("mean")
    }

    /// The smallest element over axes; NaN if one is NaN.
    ///
    /// `x`: an array of a real dtype, which the result has. Options: `axis` (all where left out)
    /// and `keepdims`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool and complex,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for the smallest of no elements, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5], [4, 2]], ())?;
    /// assert_eq!(xp.min(&x, 1)?.to_vec::<i32>()?, [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn min<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::extreme(FoldOp::Minimum, &x.into(), &options.into()).named("min")
    }

    /// The product of the elements over axes; 1 for none.
    ///
    /// `x`: an array of a numeric dtype. Options: `axis` (all where left out), `dtype` and
    /// `keepdims`. In the dtype of `x`, but small signed integers are widened to the default
    /// integer dtype and small unsigned ones to the unsigned dtype of that width; `dtype` asks for
    /// another, to which elements are converted first. Integers wrap.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool or a conversion from complex to real,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5], [4, 2]], ())?;
    /// assert_eq!(xp.prod(&x, 1)?.to_vec::<i64>()?, [5, 8]);
    /// assert_eq!(xp.prod(&x, axis(0).dtype(DType::Float64).keepdims(true))?.shape(), [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn prod<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::total(FoldOp::Product, &x.into(), &options.into()).named("prod")
    }

    /// The standard deviation over axes: of N elements, the root of the squared deviations from the
    /// mean, summed and divided by `N - correction`; NaN if that is 0 or less, or if one element is
    /// NaN.
    ///
    /// `x`: an array of a real floating-point dtype, which the result has. Options: `axis` (all
    /// where left out), `correction` (0, a population, where left out; 1 for a sample) and
    /// `keepdims`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for a correction that is NaN, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1.0, 5.0], [4.0, 2.0]], ())?;
    /// assert_eq!(xp.std(&x, 1)?.to_vec::<f64>()?, [2.0, 1.0]);
    /// assert_eq!(xp.var(&x, axis(1).correction(1))?.to_vec::<f64>()?, [8.0, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn std<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::variance(&x.into(), &options.into(), true).named("std")
    }

    /// The sum of the elements over axes; 0 for none.
    ///
    /// `x`: an array of a numeric dtype. Options: `axis` (all where left out), `dtype` and
    /// `keepdims`. In the dtype of `x`, but small signed integers are widened to the default
    /// integer dtype and small unsigned ones to the unsigned dtype of that width; `dtype` asks for
    /// another, to which elements are converted first. Integers wrap.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool or a conversion from complex to real,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 5], [4, 2]], ())?;
    /// assert_eq!(xp.sum(&x, 1)?.to_vec::<i64>()?, [6, 6]);
    /// assert_eq!(xp.sum(&x, axis(0).dtype(DType::Float64).keepdims(true))?.shape(), [1, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn sum<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::total(FoldOp::Sum, &x.into(), &options.into()).named("sum")
    }

    /// The variance over axes: of N elements the squared deviations from the mean, summed and
    /// divided by `N - correction`; NaN if that is 0 or less, or if one element is NaN.
    ///
    /// `x`: an array of a real floating-point dtype, which the result has. Options: `axis` (all
    /// where left out), `correction` (0, a population, where left out; 1 for a sample) and
    /// `keepdims`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for any other dtype,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for a correction that is NaN, or an option that the
    /// function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1.0, 5.0], [4.0, 2.0]], ())?;
    /// assert_eq!(xp.var(&x, 1)?.to_vec::<f64>()?, [4.0, 1.0]);
    /// assert_eq!(xp.var(&x, axis(1).correction(1))?.to_vec::<f64>()?, [8.0, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn var<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::variance(&x.into(), &options.into(), false).named("var")
    }

    // ---- utilities -------------------------------------------------------------------------------

    /// Whether all elements over axes are true; true for none.
    ///
    /// `x`: an array of any dtype; everything but 0 is true, NaN as well. Options: `axis` (all
    /// where left out) and `keepdims`. The result is bool.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 0], [2, 3], [0, 0]], ())?;
    /// assert_eq!(xp.all(&x, 1)?.to_vec::<bool>()?, [false, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn all<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        utility::truth(FoldOp::All, &x.into(), &options.into()).named("all")
    }

    /// Whether some elements over axes are true; false for none.
    ///
    /// `x`: an array of any dtype; everything but 0 is true, NaN as well. Options: `axis` (all
    /// where left out) and `keepdims`. The result is bool.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for an option that the function does not have.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 0], [2, 3], [0, 0]], ())?;
    /// assert_eq!(xp.any(&x, 1)?.to_vec::<bool>()?, [true, true, false]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn any<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        utility::truth(FoldOp::Any, &x.into(), &options.into()).named("any")
    }

    /// The differences of neighbours along an axis, `x[i + 1] - x[i]`, taken `n` times.
    ///
    /// `x`: an array of a numeric dtype; integers wrap. Options: `axis` (-1 where left out), `n` (1
    /// where left out; 0 takes none; by name alone, for a bare integer is the axis), `prepend` and
    /// `append` (arrays put before and after `x`, of its shape but along `axis`, promoted with it).
    /// Along `axis` the result is `n` shorter, down to 0.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool, [`Error::Axis`](crate::Error::Axis) for an
    /// axis out of range, [`Error::Value`](crate::Error::Value) for a negative `n`,
    /// [`Error::Shape`](crate::Error::Shape) for arrays to prepend or append that do not fit,
    /// [`Error::Promotion`](crate::Error::Promotion), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Diff;
    /// let x = xp.asarray([1, 4, 9, 16], ())?;
    /// assert_eq!(xp.diff(&x, ())?.to_vec::<i32>()?, [3, 5, 7]);
    /// assert_eq!(xp.diff(&x, Diff::new().n(2))?.to_vec::<i32>()?, [2, 2]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    fn diff<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Diff<'a, Self>>,
    ) -> Result<Array<Self>> {
        utility::diff(x.into(), &options.into()).named("diff")
    }

    // ---- inspection ------------------------------------------------------------------------------

    /// What there is: devices, dtypes, default dtypes, capabilities.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let info = xp.__array_namespace_info__();
    /// assert_eq!(info.default_device(), Device::CPU);
    /// assert_eq!(info.default_dtypes(None)?.integral, DType::Int64);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    fn __array_namespace_info__(&self) -> Info<Self> {
        Info(self.clone())
    }

    // ---- extensions ------------------------------------------------------------------------------

    /// The extension `fft`: Fourier transforms.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.fft().rfftfreq(4, ())?.to_vec::<f64>()?, [0.0, 0.25, 0.5]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    fn fft(&self) -> Fft<Self> {
        Fft(self.clone())
    }

    /// The extension `linalg`: linear algebra.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.0, 0.0], [0.0, 4.0]], ())?;
    /// assert_eq!(xp.linalg().inv(&x)?.to_vec::<f64>()?, [0.5, 0.0, 0.0, 0.25]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    fn linalg(&self) -> Linalg<Self> {
        Linalg(self.clone())
    }
}

impl<B: Backend> Namespace for B {}
