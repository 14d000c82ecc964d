//! The standard's functions.

use arrayspace_core::{Backend, BinaryOp, Result, UnaryOp};

use crate::arg::{Arg, Operand};
use crate::array::Array;
use crate::array_like::ArrayLike;
use crate::category::Category;
use crate::compute;
use crate::options::AsArray;

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

    // ---- linear algebra --------------------------------------------------------------------------

    // ---- manipulation ----------------------------------------------------------------------------

    // ---- searching -------------------------------------------------------------------------------

    // ---- sets ------------------------------------------------------------------------------------

    // ---- sorting ---------------------------------------------------------------------------------

    // ---- statistics ------------------------------------------------------------------------------

    // ---- utilities -------------------------------------------------------------------------------

    // ---- inspection ------------------------------------------------------------------------------
}

impl<B: Backend> Namespace for B {}
