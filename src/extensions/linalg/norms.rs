//! Norms of vectors and matrices.

use arrayspace_core::{Backend, BinaryOp, DType, Error, FactorOp, FoldOp, Result, Slot, UnaryOp};

use super::factor::{factor_one, matrix_shape};
use crate::array::Array;
use crate::axes::Axes;
use crate::category::Category;
use crate::compute::{self, Computation, cast};
use crate::namespace::reduce::{Extra, Geometry, accumulator, fold_array};
use crate::options::{MatrixNorm, MatrixOrd, Reduction, VectorNorm};

/// The modulus of an element, in the dtype that is summed in.
fn modulus<B: Backend>(c: &mut Computation<'_, B>, x: Slot) -> Result<Slot> {
    let wide = c.program.cast(x, accumulator(c.program.dtype(x)?))?;
    c.program.unary(UnaryOp::Abs, wide)
}

/// The square of the modulus of an element, without a root.
fn squared<B: Backend>(c: &mut Computation<'_, B>, x: Slot) -> Result<Slot> {
    let dtype = c.program.dtype(x)?;
    let p = &mut c.program;
    if dtype.is_complex() {
        let (re, im) = (p.unary(UnaryOp::Real, x)?, p.unary(UnaryOp::Imag, x)?);
        let (re, im) = (p.unary(UnaryOp::Square, re)?, p.unary(UnaryOp::Square, im)?);
        return p.binary(BinaryOp::Add, re, im);
    }
    let wide = p.cast(x, accumulator(dtype))?;
    p.unary(UnaryOp::Square, wide)
}

/// Each element changed by one more step or two.
fn map<B: Backend>(
    x: Array<B>,
    dtype: DType,
    change: impl FnOnce(&mut Computation<'_, B>, Slot) -> Result<Slot>,
) -> Result<Array<B>> {
    let mut c = Computation::new();
    let slot = c.array(x)?;
    let value = change(&mut c, slot)?;
    c.program.cast(value, dtype)?;
    c.run()
}

/// `vector_norm`.
pub(super) fn vector_norm<B: Backend>(x: &Array<B>, options: &VectorNorm) -> Result<Array<B>> {
    Category::Floating.check("x", x.dtype)?;
    let reduction = Reduction::new().axis(options.axis.clone()).keepdims(options.keepdims);
    let geometry = Geometry::new(x.shape(), &reduction, Extra::Nothing)?;
    let ord = options.ord;
    let dtype = x.dtype.real_component();
    if ord.is_nan() {
        return Err(Error::value(format_args!(
            "ord is NaN, but a number or an infinity is expected; give 2 for the Euclidean norm"
        )));
    }
    if ord == 2.0 {
        let sum = fold_array(FoldOp::Sum, x, &geometry, |c, x| squared(c, x))?;
        return map(sum, dtype, |c, sum| c.program.unary(UnaryOp::Sqrt, sum));
    }
    if ord.is_infinite() {
        let op = if ord > 0.0 { FoldOp::Maximum } else { FoldOp::Minimum };
        if geometry.count == 0 {
            // the limit of the other orders: the largest of no moduli is 0, the smallest infinity
            let value = if ord > 0.0 { 0.0 } else { f64::INFINITY };
            return compute::filled(&x.backend, value.into(), &geometry.shape, dtype, x.device);
        }
        let found = fold_array(op, x, &geometry, |c, x| modulus(c, x))?;
        return cast(found, dtype);
    }
    let sum = fold_array(FoldOp::Sum, x, &geometry, |c, x| {
        if ord == 0.0 {
            let zero = c.program.constant(0, c.program.dtype(x)?)?;
            let some = c.program.binary(BinaryOp::NotEqual, x, zero)?;
            return c.program.cast(some, accumulator(dtype));
        }
        let size = modulus(c, x)?;
        raised(c, size, ord)
    })?;
    map(sum, dtype, |c, sum| if ord == 0.0 { Ok(sum) } else { raised(c, sum, 1.0 / ord) })
}

/// A power, by the step that is exact where there is one.
fn raised<B: Backend>(c: &mut Computation<'_, B>, x: Slot, power: f64) -> Result<Slot> {
    if power == 1.0 {
        return Ok(x);
    }
    if power == -1.0 {
        return c.program.unary(UnaryOp::Reciprocal, x);
    }
    let dtype = c.program.dtype(x)?;
    let power = c.program.constant(power, dtype)?;
    c.program.binary(BinaryOp::Pow, x, power)
}

/// `matrix_norm`.
pub(super) fn matrix_norm<B: Backend>(x: &Array<B>, options: &MatrixNorm) -> Result<Array<B>> {
    Category::Floating.check("x", x.dtype)?;
    let [m, n] = matrix_shape("x", x)?;
    let dtype = x.dtype.real_component();
    let over = |x: &Array<B>, axes: Axes| {
        Geometry::new(x.shape(), &Reduction::new().axis(axes).keepdims(true), Extra::Nothing)
    };
    // every way leaves the last two axes, with length 1
    let norm = match options.ord {
        MatrixOrd::Fro => {
            let geometry = over(x, Axes::from([-2, -1]))?;
            let sum = fold_array(FoldOp::Sum, x, &geometry, |c, x| squared(c, x))?;
            map(sum, dtype, |c, sum| c.program.unary(UnaryOp::Sqrt, sum))?
        }
        MatrixOrd::Number(ord) if ord == 1.0 || ord == -1.0 || ord.is_infinite() => {
            let (along, across, lines) = if ord.is_infinite() { (-1, -2, m) } else { (-2, -1, n) };
            if lines == 0 {
                return of_nothing(x, options, ord);
            }
            let sums =
                fold_array(FoldOp::Sum, x, &over(x, Axes::from(along))?, |c, x| modulus(c, x))?;
            let op = if ord > 0.0 { FoldOp::Maximum } else { FoldOp::Minimum };
            let extreme = fold_array(op, &sums, &over(&sums, Axes::from(across))?, |_, x| Ok(x))?;
            cast(extreme, dtype)?
        }
        MatrixOrd::Number(ord) if ord != 2.0 && ord != -2.0 => {
            return Err(Error::value(format_args!(
                "ord is {ord}, but 1, -1, 2, -2, an infinity, MatrixOrd::Fro or MatrixOrd::Nuc is \
                 expected"
            )));
        }
        MatrixOrd::Nuc | MatrixOrd::Number(_) => {
            let s = factor_one(FactorOp::Svdvals, x)?;
            let op = match options.ord {
                MatrixOrd::Number(ord) if m.min(n) == 0 => return of_nothing(x, options, ord),
                MatrixOrd::Number(ord) if ord > 0.0 => FoldOp::Maximum,
                MatrixOrd::Number(_) => FoldOp::Minimum,
                _ => FoldOp::Sum,
            };
            let found = fold_array(op, &s, &over(&s, Axes::from(-1))?, |_, s| Ok(s))?;
            found.with_layout(found.layout.insert_axis(found.ndim()))
        }
    };
    finish(norm, options)
}

/// The norm without the axes of the matrix, unless they are to stay.
fn finish<B: Backend>(norm: Array<B>, options: &MatrixNorm) -> Result<Array<B>> {
    if options.keepdims {
        return Ok(norm);
    }
    let n = norm.ndim();
    Ok(norm.with_layout(norm.layout.remove_axis(n - 1).remove_axis(n - 2)))
}

/// The norm of matrices without elements in which an extreme is looked for: 0, unless it is a smallest
/// one.
fn of_nothing<B: Backend>(x: &Array<B>, options: &MatrixNorm, ord: f64) -> Result<Array<B>> {
    if ord < 0.0 {
        return Err(Error::value(format_args!(
            "there is no smallest value for ord {ord} in matrices without elements (shape {:?}); check \
             the size first",
            x.shape()
        )));
    }
    let mut shape = super::factor::stack_shape(x).to_vec();
    shape.extend([1, 1]);
    let dtype = x.dtype.real_component();
    finish(compute::filled(&x.backend, 0.into(), &shape, dtype, x.device)?, options)
}
