//! Norms of vectors and matrices.

use arrayspace_core::{
    Backend, BinaryOp, DType, Error, FactorOp, FoldOp, Program, Result, Slot, UnaryOp,
};

use super::factor::{factor_one, matrix_shape};
use crate::array::Array;
use crate::axes::Axes;
use crate::category::Category;
use crate::compute::{self, Computation, cast};
use crate::namespace::range;
use crate::namespace::reduce::{self, Extra, Geometry, accumulator, fold_array};
use crate::options::{MatrixNorm, MatrixOrd, Reduction, VectorNorm};

/// The modulus of an element, in the dtype that is summed in.
fn modulus<B: Backend>(c: &mut Computation<'_, B>, x: Slot) -> Result<Slot> {
    let wide = c.program.cast(x, accumulator(c.program.dtype(x)?))?;
    c.program.unary(UnaryOp::Abs, wide)
}

/// The square of a real number, times `by` if that is given.
fn square(p: &mut Program, x: Slot, by: Option<Slot>) -> Result<Slot> {
    let x = by.map_or(Ok(x), |by| p.binary(BinaryOp::Multiply, x, by))?;
    p.unary(UnaryOp::Square, x)
}

/// The square of the modulus of an element, times `by` if that is given, without a root.
fn squared<B: Backend>(c: &mut Computation<'_, B>, x: Slot, by: Option<Slot>) -> Result<Slot> {
    let p = &mut c.program;
    if p.dtype(x)?.is_complex() {
        let (re, im) = (p.unary(UnaryOp::Real, x)?, p.unary(UnaryOp::Imag, x)?);
        let (re, im) = (square(p, re, by)?, square(p, im, by)?);
        return p.binary(BinaryOp::Add, re, im);
    }
    let wide = p.cast(x, accumulator(p.dtype(x)?))?;
    square(p, wide, by)
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
        return euclidean(x, &geometry);
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
    if ord == 0.0 {
        let sum = fold_array(FoldOp::Sum, x, &geometry, |c, x| {
            let zero = c.program.constant(0, c.program.dtype(x)?)?;
            let some = c.program.binary(BinaryOp::NotEqual, x, zero)?;
            c.program.cast(some, accumulator(dtype))
        })?;
        return cast(sum, dtype);
    }
    of_order(x, &geometry, ord)
}

/// The root of the sum of squares.
fn euclidean<B: Backend>(x: &Array<B>, geometry: &Geometry) -> Result<Array<B>> {
    let dtype = x.dtype.real_component();
    if range::is_readable(x) || geometry.count == 0 {
        let sum = fold_array(FoldOp::Sum, x, geometry, |c, x| squared(c, x, None))?;
        let bounds = range::Bounds::new(sum.dtype, geometry);
        if geometry.count == 0 || range::are_sound(&sum, bounds, true) {
            return map(sum, dtype, |c, sum| c.program.unary(UnaryOp::Sqrt, sum));
        }
    }
    let largest = range::extreme(FoldOp::Maximum, x, geometry, range::size)?;
    let mut c = Computation::new();
    let (element, size) = (c.array(x)?, c.array(&largest)?);
    let by = range::scale(&mut c, size, false)?;
    squared(&mut c, element, Some(by))?;
    let sum = reduce::fold(FoldOp::Sum, &c, x, x.shape(), geometry)?;
    let mut c = Computation::new();
    let (sum, size) = (c.array(sum)?, c.array(range::reduced(&largest, geometry))?);
    let root = c.program.unary(UnaryOp::Sqrt, sum)?;
    let back = range::scale(&mut c, size, true)?;
    let norm = c.program.binary(BinaryOp::Multiply, root, back)?;
    c.program.cast(norm, dtype)?;
    c.run()
}

/// The norm of another finite order, but not 0.
fn of_order<B: Backend>(x: &Array<B>, geometry: &Geometry, ord: f64) -> Result<Array<B>> {
    let dtype = x.dtype.real_component();
    let summed = accumulator(dtype);
    // the order that the powers have, of which the root is then taken
    let ord = match summed {
        // at least in range, so that it is neither 0 nor infinite
        DType::Float32 => {
            let (least, most) = (f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX));
            f64::from(ord.abs().clamp(least, most).copysign(ord) as f32)
        }
        _ => ord,
    };
    let bounds = range::Bounds::new(summed, geometry);
    // the sum is the norm, or there is nothing to sum
    let always = geometry.count == 0 || ord == 1.0;
    let mut plain = None;
    if always || range::is_readable(x) {
        let sum = fold_array(FoldOp::Sum, x, geometry, |c, x| {
            let size = modulus(c, x)?;
            raised(c, size, ord)
        })?;
        if always || range::are_sound(&sum, bounds, true) {
            return map(sum, dtype, |c, sum| rooted(c, sum, ord));
        }
        plain = Some(sum);
    }
    // the term that no other one exceeds: with it taken for 1, the others may be lost below the range
    let op = if ord > 0.0 { FoldOp::Maximum } else { FoldOp::Minimum };
    let first = range::extreme(op, x, geometry, modulus)?;
    let mut c = Computation::new();
    let (element, unit) = (c.array(x)?, c.array(&first)?);
    let size = modulus(&mut c, element)?;
    let ratio = c.program.binary(BinaryOp::Divide, size, unit)?;
    raised(&mut c, ratio, ord)?;
    let sum = reduce::fold(FoldOp::Sum, &c, x, x.shape(), geometry)?;

    let mut c = Computation::new();
    let (sum, unit) = (c.array(sum)?, c.array(range::reduced(&first, geometry))?);
    let root = rooted(&mut c, sum, ord)?;
    let norm = c.program.binary(BinaryOp::Multiply, root, unit)?;
    // nothing is a multiple of 0 or an infinity: the norm is that number
    let zero = c.program.constant(0, c.program.dtype(unit)?)?;
    let none = c.program.binary(BinaryOp::Multiply, unit, zero)?;
    let finite = c.program.binary(BinaryOp::Equal, none, zero)?;
    let some = c.program.binary(BinaryOp::NotEqual, unit, zero)?;
    let usable = c.program.binary(BinaryOp::BitwiseAnd, finite, some)?;
    let mut norm = c.program.select(usable, norm, unit)?;
    if let Some(plain) = plain {
        // a norm does not depend on others beside it
        let plain = c.array(plain)?;
        let sound = range::sound(&mut c, plain, bounds)?;
        let root = rooted(&mut c, plain, ord)?;
        norm = c.program.select(sound, root, norm)?;
    }
    c.program.cast(norm, dtype)?;
    c.run()
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

/// The root of this order of a sum of powers. What `1 / ord` loses when it is rounded is multiplied by the logarithm
/// of the sum, so it is made good: `x^(q + r)` is `x^q exp(r ln x)`.
fn rooted<B: Backend>(c: &mut Computation<'_, B>, x: Slot, ord: f64) -> Result<Slot> {
    let dtype = c.program.dtype(x)?;
    let power = if dtype == DType::Float32 { f64::from((1.0 / ord) as f32) } else { 1.0 / ord };
    let lost = power.mul_add(-ord, 1.0) / ord;
    let found = raised(c, x, power)?;
    // of an order that is nearly 0, the root of all but 1 is out of range
    let matters = lost != 0.0 && lost.abs() < 0.5;
    if !matters {
        return Ok(found);
    }
    let p = &mut c.program;
    // of 0 and infinity, too, a finite factor
    let (least, most) = match dtype {
        DType::Float32 => (f32::MIN_POSITIVE.into(), f32::MAX.into()),
        _ => (f64::MIN_POSITIVE, f64::MAX),
    };
    let (least, most) = (p.constant(least, dtype)?, p.constant(most, dtype)?);
    let lost = p.constant(lost, dtype)?;
    let inner = p.binary(BinaryOp::Maximum, x, least)?;
    let inner = p.binary(BinaryOp::Minimum, inner, most)?;
    let log = p.unary(UnaryOp::Log, inner)?;
    let more = p.binary(BinaryOp::Multiply, log, lost)?;
    let factor = p.unary(UnaryOp::Exp, more)?;
    p.binary(BinaryOp::Multiply, found, factor)
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
            euclidean(x, &geometry)?
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
