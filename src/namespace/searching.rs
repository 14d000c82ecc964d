//! The chapter "searching functions".

use arrayspace_core::{ArgFoldOp, Backend, DType, Error, FoldOp, OpClass, Program, Result, Scalar};

use super::common::{common_device, compact, flat, gather, index_dtype, no_elements};
use super::reduce::{Extra, Geometry, fold_array};
use crate::arg::{Arg, Operand};
use crate::array::Array;
use crate::axes::Axes;
use crate::category::Category;
use crate::compute::{self, Computation, cast, check_supported};
use crate::limits::check_data_dependent;
use crate::options::{Reduction, SearchSorted};

/// `argmax` and `argmin`.
pub(crate) fn arg_extreme<B: Backend>(
    op: ArgFoldOp,
    x: &Array<B>,
    options: &Reduction,
) -> Result<Array<B>> {
    Category::Real.check("x", x.dtype)?;
    if let Axes::List(list) = &options.axis
        && list.len() != 1
    {
        return Err(Error::axis(format_args!(
            "the axes {:?} were given, but one axis is expected, or none for the whole array; \
             give one of them",
            &list[..]
        )));
    }
    check_supported(&x.backend, x.device, OpClass::Fold, x.dtype)?;
    let dtype = index_dtype(x)?;
    let plain = !options.keepdims && options.dtype.is_none() && options.correction.is_none();
    if options.axis == Axes::All && plain && x.size() > 0 {
        let buffer = B::arg_fold(&x.backend, op, x.view(), None)?;
        return Array::from_buffer(&x.backend, buffer, &[], dtype, x.device);
    }
    let geometry = Geometry::new(x.shape(), options, Extra::Nothing)?;
    geometry.check_some(x.shape())?;
    if geometry.shape.contains(&0) {
        return no_elements(x, &geometry.shape, dtype);
    }
    let axis = match options.axis {
        Axes::All => None,
        Axes::List(_) => geometry.axes.first().copied(),
    };
    let buffer = B::arg_fold(&x.backend, op, x.view(), axis)?;
    Array::from_buffer(&x.backend, buffer, &geometry.shape, dtype, x.device)
}

/// `count_nonzero`: the sum of the truth values.
pub(crate) fn count_nonzero<B: Backend>(x: &Array<B>, options: &Reduction) -> Result<Array<B>> {
    let geometry = Geometry::new(x.shape(), options, Extra::Nothing)?;
    let dtype = index_dtype(x)?;
    fold_array(FoldOp::Sum, x, &geometry, |c, slot| {
        let truth = c.program.cast(slot, DType::Bool)?;
        c.program.cast(truth, dtype)
    })
}

/// `nonzero`: for each axis, the coordinates of the elements that are not zero.
pub(crate) fn nonzero<B: Backend>(x: Arg<'_, B>) -> Result<Vec<Array<B>>> {
    if x.ndim() == 0 {
        return Err(Error::shape(format_args!(
            "a 0-d array was given, but at least one dimension is expected; give it one with \
             expand_dims"
        )));
    }
    check_data_dependent(&x.backend, x.device)?;
    let dtype = index_dtype(&x)?;
    let mask = cast(x, DType::Bool)?;
    (0..mask.ndim())
        .map(|axis| {
            let mut program = Program::new();
            let coordinate = program.coordinate(axis)?;
            program.cast(coordinate, dtype)?;
            compact(&program, &[], &mask)
        })
        .collect()
}

/// `searchsorted`.
pub(crate) fn searchsorted<'a, B: Backend>(
    x1: Arg<'a, B>,
    x2: Operand<'a, B>,
    options: &SearchSorted<'a, B>,
) -> Result<Array<B>> {
    Category::Real.check("x1", x1.dtype())?;
    if x1.ndim() != 1 {
        return Err(Error::shape(format_args!(
            "x1 has shape {:?}, but one dimension is expected; flatten it with reshape(x1, -1), and sort it",
            x1.shape()
        )));
    }
    if let Operand::Array(x2) = &x2 {
        Category::Real.check("x2", x2.dtype())?;
        common_device(&x1, x2)?;
    }
    if let Some(sorter) = options.sorter {
        Category::Integer.check("sorter", sorter.dtype)?;
        if sorter.shape() != x1.shape() {
            return Err(Error::shape(format_args!(
                "sorter has shape {:?}, but that of x1, {:?}, is expected",
                sorter.shape(),
                x1.shape()
            )));
        }
    }
    let dtype = match &x2 {
        Operand::Array(x2) => compute::promote(x1.dtype(), x2.dtype())?,
        Operand::Scalar(x2) => x2.result_dtype(x1.dtype())?,
    };
    check_supported(&x1.backend, x1.device(), OpClass::Order, dtype)?;
    let x1 = match options.sorter {
        Some(sorter) => gather(&x1, sorter, 0, x1.shape())?,
        None => x1.into_array(),
    };
    let x1 = cast(x1, dtype)?;
    let queries = match x2 {
        Operand::Array(x2) => cast(x2, dtype)?,
        Operand::Scalar(value) => scalar_beside(&x1, value)?,
    };
    positions(&x1, &queries, options.side)
}

/// A scalar as a 0-d array of the dtype and on the device of an array.
pub(crate) fn scalar_beside<B: Backend>(x: &Array<B>, value: Scalar) -> Result<Array<B>> {
    compute::filled(&x.backend, value, &[], x.dtype, x.device)
}

/// For each of `queries`, where it belongs in `sorted`, which has one dimension and the same dtype.
pub(crate) fn positions<B: Backend>(
    sorted: &Array<B>,
    queries: &Array<B>,
    side: arrayspace_core::Side,
) -> Result<Array<B>> {
    let dtype = index_dtype(sorted)?;
    if queries.size() == 0 {
        return no_elements(sorted, queries.shape(), dtype);
    }
    let buffer = B::search(&sorted.backend, sorted.view(), queries.view(), side)?;
    Array::from_buffer(&sorted.backend, buffer, queries.shape(), dtype, sorted.device)
}

/// `where_`.
pub(crate) fn select<'a, B: Backend>(
    condition: Arg<'a, B>,
    x1: Operand<'a, B>,
    x2: Operand<'a, B>,
) -> Result<Array<B>> {
    Category::Bool.check("condition", condition.dtype())?;
    let dtype = compute::common_dtype(&x1, &x2)?;
    let mut c = Computation::new();
    let condition = c.array(condition)?;
    let a = c.operand(x1, dtype)?;
    let b = c.operand(x2, dtype)?;
    c.program.select(condition, a, b)?;
    c.run()
}

/// The elements of an array in ascending order, along one axis.
pub(crate) fn ascending<B: Backend>(x: &Array<B>) -> Result<Array<B>> {
    super::sorting::sort(&flat(x)?, &crate::options::Sort::new())
}
