//! Elementwise functions that are more, or less, than one step of a program.

use arrayspace_core::{Backend, BinaryOp, Error, Result, Scalar, UnaryOp};

use crate::arg::{Arg, MaybeOperand, Operand};
use crate::array::Array;
use crate::category::Category;
use crate::compute::{self, Computation};
use crate::named::Named;

/// A test of floating-point values, with one answer for all integers.
#[track_caller]
pub(crate) fn test<B: Backend>(
    name: &'static str,
    op: UnaryOp,
    of_integers: bool,
    x: Arg<'_, B>,
) -> Result<Array<B>> {
    let run = || {
        Category::Numeric.check("x", x.dtype())?;
        if x.dtype().is_floating() {
            let mut c = Computation::new();
            let slot = c.array(x)?;
            c.program.unary(op, slot)?;
            return c.run();
        }
        let value = Scalar::Bool(of_integers);
        compute::filled(&x.backend, value, x.shape(), arrayspace_core::DType::Bool, x.device())
    };
    run().named(name)
}

/// The array itself, if its dtype belongs.
#[track_caller]
pub(crate) fn unchanged<B: Backend>(
    name: &'static str,
    category: Category,
    x: Arg<'_, B>,
) -> Result<Array<B>> {
    category.check("x", x.dtype()).named(name)?;
    Ok(x.into_array())
}

/// `nextafter`: one step, but without promotion, which would move the first operand's neighbours.
#[track_caller]
pub(crate) fn nextafter<'a, B: Backend>(
    x1: Operand<'a, B>,
    x2: Operand<'a, B>,
) -> Result<Array<B>> {
    if let (Operand::Array(a), Operand::Array(b)) = (&x1, &x2)
        && a.dtype() != b.dtype()
    {
        return Err(Error::dtype(format_args!(
            "x1 has dtype {} and x2 {}, but one dtype is expected, since it decides which \
             value is the next; convert one with astype",
            a.dtype(),
            b.dtype()
        ))
        .in_function("nextafter"));
    }
    compute::binary("nextafter", BinaryOp::Nextafter, Category::RealFloating, x1, x2)
}

/// `clip`, as `maximum(minimum(x, max), min)` in the dtype of `x`.
#[track_caller]
pub(crate) fn clip<'a, B: Backend>(
    x: Arg<'a, B>,
    min: MaybeOperand<'a, B>,
    max: MaybeOperand<'a, B>,
) -> Result<Array<B>> {
    let run = || {
        let dtype = x.dtype();
        Category::Real.check("x", dtype)?;
        for (name, bound) in [("min", &min.0), ("max", &max.0)] {
            let meet = match bound {
                None => continue,
                Some(Operand::Array(b)) => compute::promote(dtype, b.dtype())?,
                Some(Operand::Scalar(s)) => s.result_dtype(dtype)?,
            };
            if meet != dtype {
                return Err(Error::promotion(format_args!(
                    "{name} would widen the dtype of x, {dtype}, to {meet}, but the result has the \
                     dtype of x; convert x with astype(x, DType::{meet:?}), or {name} to {dtype}"
                )));
            }
        }
        if min.0.is_none() && max.0.is_none() {
            return Ok(x.into_array());
        }
        let mut c = Computation::new();
        let mut slot = c.array(x)?;
        for (op, bound) in [(BinaryOp::Minimum, max.0), (BinaryOp::Maximum, min.0)] {
            if let Some(bound) = bound {
                let bound = c.operand(bound, dtype)?;
                slot = c.program.binary(op, slot, bound)?;
            }
        }
        c.run()
    };
    run().named("clip")
}
