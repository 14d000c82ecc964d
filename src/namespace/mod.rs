//! The standard's functions.

mod common;
mod indexing;
mod linear_algebra;
mod manipulation;
mod reduce;
mod searching;
mod sets;
mod sorting;
mod statistical;
mod utility;

use arrayspace_core::{ArgFoldOp, Backend, BinaryOp, FoldOp, Result, ScanOp, UnaryOp};

use crate::arg::{Arg, Operand};
use crate::array::Array;
use crate::array_like::ArrayLike;
use crate::axes::{Axes, Axis, ContractedAxes, Shift};
use crate::category::Category;
use crate::compute;
use crate::options::{AsArray, Cumulative, Diff, IsIn, Reduction, Reshape, SearchSorted, Sort};
use crate::shape_arg::Shape;

pub use sets::{UniqueAllResult, UniqueCountsResult, UniqueInverseResult};

/// The functions of the standard, on every backend.
pub trait Namespace: Backend {
    // ---- creation --------------------------------------------------------------------------------

    /// An array from an array of any backend, or from Rust data: scalars, nested arrays, slices and
    /// vectors (see [`Nested`](crate::Nested)), a [`Scalar`](crate::Scalar).
    ///
    /// The dtype is the element type's (`i32` gives int32, `usize` uint64, `f64` float64), and the
    /// default dtype of its kind for a [`Scalar`](crate::Scalar); `options` may ask for another, to which
    /// the elements are converted as `astype` does. An owned vector is taken over without a copy, and an
    /// array of this backend shares its memory, unless `copy` is true.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for ragged data;
    /// [`Error::Value`](crate::Error::Value) if `copy` is false and a copy is needed;
    /// [`Error::DType`](crate::Error::DType) for complex elements and a real dtype;
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
    fn asarray(
        &self,
        obj: impl ArrayLike<Self>,
        options: impl Into<AsArray>,
    ) -> Result<Array<Self>> {
        obj.to_array(self, options.into()).map_err(|e| e.in_function("asarray"))
    }

    // ---- data types ------------------------------------------------------------------------------

    // ---- elementwise -----------------------------------------------------------------------------

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
    fn add<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        compute::binary("add", BinaryOp::Add, Category::Numeric, x1.into(), x2.into())
    }

    /// The sine of each element, in radians.
    fn sin<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        compute::unary("sin", UnaryOp::Sin, Category::Floating, x.into())
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
    fn take<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        indices: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        indexing::take(&x.into(), &indices.into(), axis.into()).map_err(|e| e.in_function("take"))
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
    fn take_along_axis<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        indices: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        indexing::take_along_axis(&x.into(), &indices.into(), axis.into())
            .map_err(|e| e.in_function("take_along_axis"))
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
    fn matmul<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
    ) -> Result<Array<Self>> {
        linear_algebra::matmul(x1.into(), x2.into()).map_err(|e| e.in_function("matmul"))
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
    fn matrix_transpose<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        linear_algebra::matrix_transpose(&x.into()).map_err(|e| e.in_function("matrix_transpose"))
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
    fn tensordot<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
        axes: impl Into<ContractedAxes>,
    ) -> Result<Array<Self>> {
        linear_algebra::tensordot(x1.into(), x2.into(), &axes.into())
            .map_err(|e| e.in_function("tensordot"))
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
    fn vecdot<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        linear_algebra::vecdot(&x1.into(), &x2.into(), axis.into())
            .map_err(|e| e.in_function("vecdot"))
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
    fn broadcast_arrays<'a>(
        &self,
        arrays: impl IntoIterator<Item: Into<Arg<'a, Self>>>,
    ) -> Result<Vec<Array<Self>>> {
        let arrays: Vec<Arg<'_, Self>> = arrays.into_iter().map(Into::into).collect();
        manipulation::broadcast_arrays(&arrays).map_err(|e| e.in_function("broadcast_arrays"))
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
    fn broadcast_shapes(&self, shapes: impl IntoIterator<Item: Into<Shape>>) -> Result<Vec<usize>> {
        manipulation::broadcast_shapes(shapes.into_iter().map(Into::into))
            .map_err(|e| e.in_function("broadcast_shapes"))
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
    fn broadcast_to<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shape: impl Into<Shape>,
    ) -> Result<Array<Self>> {
        manipulation::broadcast_to(&x.into(), &shape.into())
            .map_err(|e| e.in_function("broadcast_to"))
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
    fn concat<'a>(
        &self,
        arrays: impl IntoIterator<Item: Into<Arg<'a, Self>>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        let arrays = arrays.into_iter().map(Into::into).collect();
        manipulation::concat(arrays, axis.into()).map_err(|e| e.in_function("concat"))
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
    fn expand_dims<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::expand_dims(&x.into(), &axis.into()).map_err(|e| e.in_function("expand_dims"))
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
    fn flip<'a>(&self, x: impl Into<Arg<'a, Self>>, axis: impl Into<Axes>) -> Result<Array<Self>> {
        manipulation::flip(&x.into(), &axis.into()).map_err(|e| e.in_function("flip"))
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
    fn moveaxis<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        source: impl Into<Axes>,
        destination: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::moveaxis(&x.into(), &source.into(), &destination.into())
            .map_err(|e| e.in_function("moveaxis"))
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
    fn permute_dims<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axes: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::permute_dims(&x.into(), &axes.into())
            .map_err(|e| e.in_function("permute_dims"))
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
    fn repeat<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        repeats: impl Into<Operand<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        manipulation::repeat(&x.into(), repeats.into(), axis.into())
            .map_err(|e| e.in_function("repeat"))
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
    fn reshape<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shape: impl Into<Shape>,
        options: impl Into<Reshape>,
    ) -> Result<Array<Self>> {
        manipulation::reshape(&x.into(), &shape.into(), options.into().copy)
            .map_err(|e| e.in_function("reshape"))
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
    fn roll<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        shift: impl Into<Shift>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::roll(&x.into(), &shift.into(), &axis.into())
            .map_err(|e| e.in_function("roll"))
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
    fn squeeze<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axes>,
    ) -> Result<Array<Self>> {
        manipulation::squeeze(&x.into(), &axis.into()).map_err(|e| e.in_function("squeeze"))
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
    fn stack<'a>(
        &self,
        arrays: impl IntoIterator<Item: Into<Arg<'a, Self>>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<Self>> {
        let arrays = arrays.into_iter().map(Into::into).collect();
        manipulation::stack(arrays, axis.into()).map_err(|e| e.in_function("stack"))
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
    fn tile<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        repetitions: impl Into<Shape>,
    ) -> Result<Array<Self>> {
        manipulation::tile(&x.into(), &repetitions.into()).map_err(|e| e.in_function("tile"))
    }

    /// The array taken apart along an axis: views without it.
    ///
    /// `axis`: 0 where left out.
    ///
    /// # Errors
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range.
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
    fn unstack<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        axis: impl Into<Axis>,
    ) -> Result<Vec<Array<Self>>> {
        manipulation::unstack(&x.into(), axis.into()).map_err(|e| e.in_function("unstack"))
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
    fn argmax<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::arg_extreme(ArgFoldOp::Maximum, &x.into(), &options.into())
            .map_err(|e| e.in_function("argmax"))
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
    fn argmin<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::arg_extreme(ArgFoldOp::Minimum, &x.into(), &options.into())
            .map_err(|e| e.in_function("argmin"))
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
    fn count_nonzero<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        searching::count_nonzero(&x.into(), &options.into())
            .map_err(|e| e.in_function("count_nonzero"))
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
    fn nonzero<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Vec<Array<Self>>> {
        searching::nonzero(x.into()).map_err(|e| e.in_function("nonzero"))
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
    fn searchsorted<'a>(
        &self,
        x1: impl Into<Arg<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
        options: impl Into<SearchSorted<'a, Self>>,
    ) -> Result<Array<Self>> {
        searching::searchsorted(x1.into(), x2.into(), &options.into())
            .map_err(|e| e.in_function("searchsorted"))
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
    fn where_<'a>(
        &self,
        condition: impl Into<Arg<'a, Self>>,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
    ) -> Result<Array<Self>> {
        searching::select(condition.into(), x1.into(), x2.into())
            .map_err(|e| e.in_function("where"))
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
    fn isin<'a>(
        &self,
        x1: impl Into<Operand<'a, Self>>,
        x2: impl Into<Operand<'a, Self>>,
        options: impl Into<IsIn>,
    ) -> Result<Array<Self>> {
        sets::isin(x1.into(), x2.into(), options.into().invert).map_err(|e| e.in_function("isin"))
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
    fn unique_all<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueAllResult<Self>> {
        sets::unique_all(&x.into()).map_err(|e| e.in_function("unique_all"))
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
    fn unique_counts<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueCountsResult<Self>> {
        sets::unique_counts(&x.into()).map_err(|e| e.in_function("unique_counts"))
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
    fn unique_inverse<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<UniqueInverseResult<Self>> {
        sets::unique_inverse(&x.into()).map_err(|e| e.in_function("unique_inverse"))
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
    fn unique_values<'a>(&self, x: impl Into<Arg<'a, Self>>) -> Result<Array<Self>> {
        sets::unique_values(&x.into()).map_err(|e| e.in_function("unique_values"))
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
    fn argsort<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Sort>,
    ) -> Result<Array<Self>> {
        sorting::argsort(&x.into(), &options.into()).map_err(|e| e.in_function("argsort"))
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
    fn sort<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Sort>,
    ) -> Result<Array<Self>> {
        sorting::sort(&x.into(), &options.into()).map_err(|e| e.in_function("sort"))
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
    fn cumulative_prod<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Cumulative>,
    ) -> Result<Array<Self>> {
        statistical::cumulative(ScanOp::Product, x.into(), &options.into())
            .map_err(|e| e.in_function("cumulative_prod"))
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
    fn cumulative_sum<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Cumulative>,
    ) -> Result<Array<Self>> {
        statistical::cumulative(ScanOp::Sum, x.into(), &options.into())
            .map_err(|e| e.in_function("cumulative_sum"))
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
    fn max<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::extreme(FoldOp::Maximum, &x.into(), &options.into())
            .map_err(|e| e.in_function("max"))
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
    fn mean<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::mean(&x.into(), &options.into()).map_err(|e| e.in_function("mean"))
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
    fn min<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::extreme(FoldOp::Minimum, &x.into(), &options.into())
            .map_err(|e| e.in_function("min"))
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
    fn prod<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::total(FoldOp::Product, &x.into(), &options.into())
            .map_err(|e| e.in_function("prod"))
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
    fn std<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::variance(&x.into(), &options.into(), true).map_err(|e| e.in_function("std"))
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
    fn sum<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::total(FoldOp::Sum, &x.into(), &options.into())
            .map_err(|e| e.in_function("sum"))
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
    fn var<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        statistical::variance(&x.into(), &options.into(), false).map_err(|e| e.in_function("var"))
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
    fn all<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        utility::truth(FoldOp::All, &x.into(), &options.into()).map_err(|e| e.in_function("all"))
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
    fn any<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Reduction>,
    ) -> Result<Array<Self>> {
        utility::truth(FoldOp::Any, &x.into(), &options.into()).map_err(|e| e.in_function("any"))
    }

    /// The differences of neighbours along an axis, `x[i + 1] - x[i]`, taken `n` times.
    ///
    /// `x`: an array of a numeric dtype; integers wrap. Options: `axis` (-1 where left out), `n` (1
    /// where left out; 0 takes none), `prepend` and `append` (arrays put before and after `x`, of
    /// its shape but along `axis`, promoted with it). Along `axis` the result is `n` shorter, down
    /// to 0.
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
    fn diff<'a>(
        &self,
        x: impl Into<Arg<'a, Self>>,
        options: impl Into<Diff<'a, Self>>,
    ) -> Result<Array<Self>> {
        utility::diff(x.into(), &options.into()).map_err(|e| e.in_function("diff"))
    }

    // ---- inspection ------------------------------------------------------------------------------
}

impl<B: Backend> Namespace for B {}
