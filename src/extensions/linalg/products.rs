//! Products, diagonals and powers.

use arrayspace_core::{Backend, BinaryOp, DType, Error, FactorOp, FoldOp, Layout, Result};

use super::factor::{factor_one, matrix_shape, square_shape};
use crate::array::Array;
use crate::axes::Axis;
use crate::category::Category;
use crate::compute::{self, Computation, promote};
use crate::namespace::common::common_device;
use crate::namespace::{Namespace, statistical};
use crate::options::{Eye, Reduction, Trace};

/// `cross`.
pub(super) fn cross<B: Backend>(x1: &Array<B>, x2: &Array<B>, axis: Axis) -> Result<Array<B>> {
    let axis = axis.number(-1)?;
    Category::Numeric.check("x1", x1.dtype)?;
    Category::Numeric.check("x2", x2.dtype)?;
    common_device(x1, x2)?;
    let least = x1.ndim().min(x2.ndim());
    if axis >= 0 || axis < -(least as i64) {
        return Err(Error::axis(format_args!(
            "the axis {axis} was given, but one from -{least} to -1 is expected, as axes are counted from \
             the last for both arrays (of shapes {:?} and {:?})",
            x1.shape(),
            x2.shape()
        )));
    }
    let from_end = axis.unsigned_abs() as usize;
    for (parameter, x) in [("x1", x1), ("x2", x2)] {
        let length = x.shape()[x.ndim() - from_end];
        if length != 3 {
            return Err(Error::shape(format_args!(
                "{parameter} has shape {:?}, with length {length} along axis {axis}, but vectors of 3 \
                 elements are expected",
                x.shape()
            )));
        }
    }
    let dtype = promote(x1.dtype, x2.dtype)?;
    let part = |x: &Array<B>, k: usize| x.with_layout(x.layout.index(x.ndim() - from_end, k));
    let mut parts = Vec::with_capacity(3);
    for k in 0..3 {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        let mut c = Computation::new();
        let mut read = |x: Array<B>| {
            let slot = c.array(x)?;
            c.program.cast(slot, dtype)
        };
        let factors =
            [read(part(x1, i))?, read(part(x2, j))?, read(part(x1, j))?, read(part(x2, i))?];
        let first = c.program.binary(BinaryOp::Multiply, factors[0], factors[1])?;
        let second = c.program.binary(BinaryOp::Multiply, factors[2], factors[3])?;
        c.program.binary(BinaryOp::Subtract, first, second)?;
        parts.push(c.run()?);
    }
    x1.backend.stack(parts.iter(), axis)
}

/// `outer`.
pub(super) fn outer<B: Backend>(x1: &Array<B>, x2: &Array<B>) -> Result<Array<B>> {
    for (parameter, x) in [("x1", x1), ("x2", x2)] {
        if x.ndim() != 1 {
            return Err(Error::shape(format_args!(
                "{parameter} has shape {:?}, but one dimension is expected; flatten it with reshape(x, \
                 -1), or use tensordot(x1, x2, 0)",
                x.shape()
            )));
        }
    }
    let column = x1.with_layout(x1.layout.insert_axis(1));
    compute::binary("outer", BinaryOp::Multiply, Category::Numeric, (&column).into(), x2.into())
}

/// `diagonal`: a view, in which a step goes down a row and right a column.
pub(super) fn diagonal<B: Backend>(x: &Array<B>, offset: i64) -> Result<Array<B>> {
    let [m, n] = matrix_shape("x", x)?;
    let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let (row, column) = if offset < 0 { (distance, 0) } else { (0, distance) };
    let length = m.saturating_sub(row).min(n.saturating_sub(column));
    let (rows, columns) = (x.ndim() - 2, x.ndim() - 1);
    if length == 0 {
        let mut shape = x.shape()[..rows].to_vec();
        shape.push(0);
        return Ok(x.with_layout(Layout::contiguous(&shape)?));
    }
    let part = x.layout.slice(rows, row, 1, length).slice(columns, column, 1, length);
    let mut strides = part.strides()[..rows].to_vec();
    // of a single element the stride says nothing; two that exist have a sum in range
    strides.push(part.strides()[rows].wrapping_add(part.strides()[columns]));
    let shape = &part.shape()[..columns];
    Ok(x.with_layout(Layout::new(shape, &strides, part.offset())?))
}

/// `trace`.
pub(super) fn trace<B: Backend>(x: &Array<B>, options: &Trace) -> Result<Array<B>> {
    Category::Numeric.check("x", x.dtype)?;
    let sum = Reduction { dtype: options.dtype, ..Reduction::new().axis(-1) };
    statistical::total(FoldOp::Sum, &diagonal(x, options.offset)?, &sum)
}

/// `matrix_power`: by squares of squares.
pub(super) fn matrix_power<B: Backend>(x: &Array<B>, n: i64) -> Result<Array<B>> {
    Category::Floating.check("x", x.dtype)?;
    let size = square_shape("x", x)?;
    if n == 0 {
        let one = x.backend.eye(size, None, Eye::new().dtype(x.dtype).device(x.device))?;
        let layout = compute::fit(&one.layout, x.shape())?;
        return Ok(one.with_layout(layout));
    }
    let mut square = if n < 0 { factor_one(FactorOp::Inv, x)? } else { x.clone() };
    let mut power: Option<Array<B>> = None;
    let mut rest = n.unsigned_abs();
    loop {
        if rest & 1 == 1 {
            power = Some(match power {
                None => square.clone(),
                Some(power) => x.backend.matmul(&power, &square)?,
            });
        }
        rest >>= 1;
        match power {
            Some(power) if rest == 0 => return Ok(power),
            _ => square = x.backend.matmul(&square, &square)?,
        }
    }
}

/// The default integer dtype where `x` is.
pub(super) fn default_integer<B: Backend>(x: &Array<B>) -> Result<DType> {
    Ok(compute::capabilities(&x.backend, x.device)?.defaults.integral)
}
