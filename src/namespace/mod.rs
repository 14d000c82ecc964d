//! The standard's functions.

use arrayspace_core::{Backend, BinaryOp, Result, UnaryOp};

use crate::arg::{Arg, Operand};
use crate::array::Array;
use crate::category::Category;
use crate::compute;

/// The functions of the standard, on every backend.
pub trait Namespace: Backend {
    // ---- creation --------------------------------------------------------------------------------

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
