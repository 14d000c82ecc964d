//! The chapter "linear algebra functions": products.

use arrayspace_core::{
    Backend, BinaryOp, Dims, Error, FoldOp, OpClass, Result, UnaryOp, element_count,
};

use super::common::{common_device, in_shape, no_elements};
use super::reduce::{self, Extra, Geometry, accumulator};
use crate::arg::Arg;
use crate::array::Array;
use crate::axes::{Axes, Axis, ContractedAxes, normalize};
use crate::category::Category;
use crate::compute::{self, Computation, broadcast, cast, check_supported};
use crate::options::Reduction;

/// Two arrays converted to their common dtype, a numeric one.
fn promoted<'a, B: Backend>(x1: Arg<'a, B>, x2: Arg<'a, B>) -> Result<(Array<B>, Array<B>)> {
    let dtype = check_operands(&x1, &x2)?;
    check_supported(&x1.backend, x1.device, OpClass::Contract, dtype)?;
    Ok((cast(x1, dtype)?, cast(x2, dtype)?))
}

/// The common dtype of two arrays that a product takes.
fn check_operands<B: Backend>(x1: &Array<B>, x2: &Array<B>) -> Result<arrayspace_core::DType> {
    Category::Numeric.check("x1", x1.dtype)?;
    Category::Numeric.check("x2", x2.dtype)?;
    common_device(x1, x2)?;
    compute::promote(x1.dtype, x2.dtype)
}

/// Products of stacks of matrices that fit, as an array of `shape`.
fn contract<B: Backend>(x1: &Array<B>, x2: &Array<B>, shape: &[usize]) -> Result<Array<B>> {
    match element_count(shape) {
        None => return Err(Error::out_of_memory(None)),
        Some(0) => return no_elements(x1, shape, x1.dtype),
        Some(_) => {}
    }
    let buffer = B::contract(&x1.backend, x1.view(), x2.view())?;
    Array::from_buffer(&x1.backend, buffer, shape, x1.dtype, x1.device)
}

/// The shape of the product of two matrices that fit, of one dtype and on one device: what is left of the checks of
/// [`matmul`] when all else is left out, for small matrices. `None` for any other arrays.
fn of_matrices<B: Backend>(x1: &Array<B>, x2: &Array<B>) -> Option<[usize; 2]> {
    let (&[m, k], &[inner, n]) = (x1.shape(), x2.shape()) else { return None };
    let fit = k == inner
        && x1.dtype == x2.dtype
        && x1.device == x2.device
        && Category::Numeric.contains(x1.dtype)
        && check_supported(&x1.backend, x1.device, OpClass::Contract, x1.dtype).is_ok();
    fit.then_some([m, n])
}

/// `matmul`.
pub(crate) fn matmul<B: Backend>(x1: Arg<'_, B>, x2: Arg<'_, B>) -> Result<Array<B>> {
    if let Some(shape) = of_matrices(&x1, &x2) {
        return contract(&x1, &x2, &shape);
    }
    let (shape1, shape2) = (Dims::from_slice(x1.shape()), Dims::from_slice(x2.shape()));
    let (n1, n2) = (shape1.len(), shape2.len());
    for (parameter, ndim) in [("x1", n1), ("x2", n2)] {
        if ndim == 0 {
            return Err(Error::shape(format_args!(
                "{parameter} is a 0-d array, but at least one dimension is expected; use multiply for \
                 a scalar"
            )));
        }
    }
    let rows = n2.saturating_sub(2);
    let inner = (shape1[n1 - 1], shape2[if n2 == 1 { 0 } else { rows }]);
    if inner.0 != inner.1 {
        return Err(Error::shape(format_args!(
            "the shapes {:?} and {:?} do not fit: the last axis of x1 has length {}, {} of x2 has \
             length {}, and equal ones are expected",
            &shape1[..],
            &shape2[..],
            inner.0,
            if n2 == 1 { "the axis" } else { "the last but one" },
            inner.1
        )));
    }
    let stack = broadcast([&shape1[..n1.saturating_sub(2)], &shape2[..rows]].into_iter())?;
    let (x1, x2) = promoted(x1, x2)?;
    // a vector is a matrix of one row on the left, of one column on the right
    let left = if n1 == 1 { x1.layout.insert_axis(0) } else { x1.layout.clone() };
    let right = if n2 == 1 { x2.layout.insert_axis(1) } else { x2.layout.clone() };
    let spread = |layout: &arrayspace_core::Layout| {
        let mut shape = stack.clone();
        shape.extend_from_slice(&layout.shape()[layout.ndim() - 2..]);
        compute::fit(layout, &shape)
    };
    let (left, right) = (spread(&left)?, spread(&right)?);
    let mut shape = stack.clone();
    if n1 > 1 {
        shape.push(shape1[n1 - 2]);
    }
    if n2 > 1 {
        shape.push(shape2[n2 - 1]);
    }
    contract(&x1.with_layout(left), &x2.with_layout(right), &shape)
}

/// `matrix_transpose`.
pub(crate) fn matrix_transpose<B: Backend>(x: &Array<B>) -> Result<Array<B>> {
    let n = x.ndim();
    if n < 2 {
        return Err(Error::shape(format_args!(
            "x has shape {:?}, but at least two dimensions are expected",
            x.shape()
        )));
    }
    let mut axes: Dims = (0..n).collect();
    axes.swap(n - 2, n - 1);
    Ok(x.with_layout(x.layout.permute(&axes)))
}

/// The axes of both arrays that `tensordot` contracts, in pairs.
fn contracted(shape1: &[usize], shape2: &[usize], axes: &ContractedAxes) -> Result<(Dims, Dims)> {
    let (n1, n2) = (shape1.len(), shape2.len());
    let (axes1, axes2): (Dims, Dims) = match axes {
        &ContractedAxes::Count(given) => {
            let count = usize::try_from(given).ok().filter(|&c| c <= n1 && c <= n2);
            let Some(count) = count else {
                return Err(Error::axis(format_args!(
                    "axes is {given}, but a number from 0 to {} is expected for the shapes {shape1:?} \
                     and {shape2:?}",
                    n1.min(n2)
                )));
            };
            ((n1 - count..n1).collect(), (0..count).collect())
        }
        ContractedAxes::Pairs(axes1, axes2) => {
            let (axes1, axes2) = (axes1.in_order(n1)?, axes2.in_order(n2)?);
            if axes1.len() != axes2.len() {
                return Err(Error::axis(format_args!(
                    "axes names {} axes of x1 and {} of x2, but as many are expected",
                    axes1.len(),
                    axes2.len()
                )));
            }
            (axes1, axes2)
        }
    };
    for (&a, &b) in axes1.iter().zip(&axes2) {
        if shape1[a] != shape2[b] {
            return Err(Error::shape(format_args!(
                "the shapes {shape1:?} and {shape2:?} do not fit: axis {a} of x1 has length {}, axis \
                 {b} of x2 has length {}, and contracted axes of equal length are expected",
                shape1[a], shape2[b]
            )));
        }
    }
    Ok((axes1, axes2))
}

/// `tensordot`: a product of two matrices, one axis the contracted ones, the other the rest.
pub(crate) fn tensordot<B: Backend>(
    x1: Arg<'_, B>,
    x2: Arg<'_, B>,
    axes: &ContractedAxes,
) -> Result<Array<B>> {
    let (axes1, axes2) = contracted(x1.shape(), x2.shape(), axes)?;
    let rest = |n: usize, axes: &Dims| -> Dims { (0..n).filter(|k| !axes.contains(k)).collect() };
    let (rest1, rest2) = (rest(x1.ndim(), &axes1), rest(x2.ndim(), &axes2));
    let lengths =
        |x: &Array<B>, axes: &Dims| -> Dims { axes.iter().map(|&k| x.shape()[k]).collect() };
    let (rows, columns) = (lengths(&x1, &rest1), lengths(&x2, &rest2));
    let inner = lengths(&x1, &axes1);
    let shape: Dims = rows.iter().chain(&columns).copied().collect();
    arrayspace_core::Layout::contiguous(&shape)?;
    let (x1, x2) = promoted(x1, x2)?;
    if shape.contains(&0) {
        return no_elements(&x1, &shape, x1.dtype);
    }
    let count = |lengths: &Dims| lengths.iter().product::<usize>();
    let order = |first: &Dims, last: &Dims| -> Dims { first.iter().chain(last).copied().collect() };
    let left = x1.with_layout(x1.layout.permute(&order(&rest1, &axes1)));
    let right = x2.with_layout(x2.layout.permute(&order(&axes2, &rest2)));
    let k = if inner.contains(&0) { 0 } else { count(&inner) };
    let left = in_shape(&left, &[count(&rows), k])?;
    let right = in_shape(&right, &[k, count(&columns)])?;
    contract(&left, &right, &shape)
}

/// `vecdot`: a fold of the products, which are written nowhere.
pub(crate) fn vecdot<B: Backend>(x1: &Array<B>, x2: &Array<B>, axis: Axis) -> Result<Array<B>> {
    for (parameter, x) in [("x1", x1), ("x2", x2)] {
        if x.ndim() == 0 {
            return Err(Error::shape(format_args!(
                "{parameter} is a 0-d array, but at least one dimension is expected; use multiply for \
                 a scalar"
            )));
        }
    }
    let from_end = axis.or(Some(-1)).unwrap_or(0);
    let least = x1.ndim().min(x2.ndim());
    if from_end >= 0 || from_end < -(least as i64) {
        return Err(Error::axis(format_args!(
            "the axis {} was given, but one from -{least} to -1 is expected, as axes are counted from \
             the last for both arrays (of shapes {:?} and {:?})",
            if axis == Axis::None { "None".to_string() } else { from_end.to_string() },
            x1.shape(),
            x2.shape()
        )));
    }
    let length = |x: &Array<B>| Ok(x.shape()[normalize(from_end, x.ndim())?]);
    let lengths: (usize, usize) = (length(x1)?, length(x2)?);
    if lengths.0 != lengths.1 {
        return Err(Error::shape(format_args!(
            "the shapes {:?} and {:?} do not fit: along axis {from_end} the lengths {} and {} differ, \
             and the contracted axis is not broadcast",
            x1.shape(),
            x2.shape(),
            lengths.0,
            lengths.1
        )));
    }
    let shape = broadcast([x1.shape(), x2.shape()].into_iter())?;
    let dtype = check_operands(x1, x2)?;
    let options = Reduction::new().axis(Axes::from(from_end));
    let geometry = Geometry::new(&shape, &options, Extra::Nothing)?;
    let mut c = Computation::new();
    let (a, b) = (c.array(x1)?, c.array(x2)?);
    let mut a = c.program.cast(a, accumulator(dtype))?;
    let b = c.program.cast(b, accumulator(dtype))?;
    if dtype.is_complex() {
        a = c.program.unary(UnaryOp::Conj, a)?;
    }
    c.program.binary(BinaryOp::Multiply, a, b)?;
    let result = reduce::fold(FoldOp::Sum, &c, x1, &shape, &geometry)?;
    cast(result, dtype)
}
