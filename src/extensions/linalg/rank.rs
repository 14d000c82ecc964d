//! What depends on which singular values count as zero.

use arrayspace_core::{Backend, BinaryOp, DType, Error, FactorOp, FoldOp, Result, Slot, UnaryOp};

use super::factor::{exactly, factor, matrix_shape, stack_shape};
use super::products::default_integer;
use crate::array::Array;
use crate::axes::Axes;
use crate::category::Category;
use crate::compute::{self, Computation, broadcast, promote};
use crate::namespace::Namespace;
use crate::namespace::common::common_device;
use crate::namespace::reduce::{self, Extra, Geometry};
use crate::options::{Reduction, Rtol, Tolerance};

/// A relative tolerance that has been checked.
enum Checked<'a, B: Backend> {
    Scalar(f64),
    /// With two axes of length 1 at the end, which broadcast over a matrix.
    Array(Array<B>, std::marker::PhantomData<&'a ()>),
}

impl<'a, B: Backend> Checked<'a, B> {
    fn new(x: &Array<B>, options: &Tolerance<'a, B>) -> Result<Self> {
        super::factor::check_dtype("x", x.dtype)?;
        let [m, n] = matrix_shape("x", x)?;
        match options.rtol {
            None => {
                let eps = match x.dtype.real_component() {
                    DType::Float32 => f32::EPSILON.into(),
                    _ => f64::EPSILON,
                };
                Ok(Checked::Scalar(m.max(n) as f64 * eps))
            }
            Some(Rtol::Scalar(rtol)) if rtol >= 0.0 => Ok(Checked::Scalar(rtol)),
            Some(Rtol::Scalar(rtol)) => Err(Error::value(format_args!(
                "rtol is {rtol}, but a number that is not negative is expected; leave it out for the \
                 default"
            ))),
            Some(Rtol::Array(rtol)) => {
                Category::RealFloating.check("rtol", rtol.dtype)?;
                common_device(x, rtol)?;
                let stack = stack_shape(x);
                let shape = broadcast([stack, rtol.shape()].into_iter())?;
                if shape[..] != *stack {
                    return Err(Error::broadcast(format_args!(
                        "rtol has shape {:?}, which does not broadcast to {stack:?}, the shape of the \
                         stack of matrices",
                        rtol.shape()
                    )));
                }
                let n = rtol.ndim();
                let layout = rtol.layout.insert_axis(n).insert_axis(n);
                Ok(Checked::Array(rtol.with_layout(layout), std::marker::PhantomData))
            }
        }
    }

    /// The step that says whether a singular value `s` counts, where `largest` is the largest one.
    fn counts<'c>(&self, c: &mut Computation<'c, B>, s: Slot, largest: Slot) -> Result<Slot> {
        let own = c.program.dtype(s)?;
        let (s, limit) = match self {
            Checked::Scalar(rtol) => {
                let rtol = c.program.constant(*rtol, own)?;
                (s, c.program.binary(BinaryOp::Multiply, largest, rtol)?)
            }
            Checked::Array(rtol, _) => {
                let dtype = promote(own, rtol.dtype)?;
                let slot = c.array(rtol.clone())?;
                let rtol = c.program.cast(slot, dtype)?;
                let largest = c.program.cast(largest, dtype)?;
                let s = c.program.cast(s, dtype)?;
                (s, c.program.binary(BinaryOp::Multiply, largest, rtol)?)
            }
        };
        c.program.binary(BinaryOp::Greater, s, limit)
    }
}

/// The largest singular values, where `s` has one axis of them at `axis` (they are in descending order).
fn largest<B: Backend>(s: &Array<B>, axis: usize) -> Array<B> {
    s.with_layout(s.layout.slice(axis, 0, 1, 1))
}

/// Matrices that have been decomposed, or a [`FAR`]th of some of them.
struct Decomposed<B: Backend> {
    found: Vec<Array<B>>,
    /// If there are such, whether a matrix is none of them, in a shape that broadcasts to that of the matrices.
    near: Option<Array<B>>,
}

/// Decomposes matrices, or a [`FAR`]th of those that would have a singular value beyond the range. `at` is the place
/// of the singular values among the results.
fn in_range<B: Backend>(op: FactorOp, x: &Array<B>, at: usize) -> Result<Decomposed<B>> {
    let found = factor(op, x)?;
    let Some(s) = found.get(at).filter(|s| s.size() > 0) else {
        return Ok(Decomposed { found, near: None });
    };
    let over = Reduction::new().axis(Axes::from(-1)).keepdims(true);
    let each = Geometry::new(s.shape(), &over, Extra::Nothing)?;
    let near =
        reduce::fold_array(FoldOp::All, s, &each, |c, s| c.program.unary(UnaryOp::IsFinite, s))?;
    if x.backend.all(&near, ())?.item::<bool>()? {
        return Ok(Decomposed { found, near: None });
    }
    let near = near.with_layout(near.layout.insert_axis(near.ndim()));
    Ok(Decomposed { found: factor(op, &a_part(x, &near)?)?, near: Some(near) })
}

/// A [`FAR`]th where `near` is false.
fn a_part<B: Backend>(x: &Array<B>, near: &Array<B>) -> Result<Array<B>> {
    let mut c = Computation::new();
    let (element, near) = (c.array(x)?, c.array(near)?);
    let factor = c.program.constant(1.0 / FAR, x.dtype)?;
    let part = c.program.binary(BinaryOp::Multiply, element, factor)?;
    c.program.select(near, element, part)?;
    c.run()
}

/// A power of two larger than any ratio of a singular value to the elements.
const FAR: f64 = (1u64 << 40) as f64;

/// `matrix_rank`.
pub(super) fn matrix_rank<B: Backend>(
    x: &Array<B>,
    options: &Tolerance<'_, B>,
) -> Result<Array<B>> {
    let rtol = Checked::new(x, options)?;
    let integer = default_integer(x)?;
    let Decomposed { found, .. } = in_range(FactorOp::Svdvals, x, 0)?;
    let [s] = exactly(found)?;
    let stack = stack_shape(x);
    if s.shape()[stack.len()] == 0 {
        return compute::filled(&x.backend, 0.into(), stack, integer, x.device);
    }
    // values along the last axis but one, so that a tolerance broadcasts over both
    let s = s.with_layout(s.layout.insert_axis(s.ndim()));
    let mut c = Computation::new();
    let (value, first) = (c.array(&s)?, c.array(largest(&s, stack.len()))?);
    let counts = rtol.counts(&mut c, value, first)?;
    c.program.cast(counts, integer)?;
    let over = Reduction::new().axis(Axes::from([-2, -1]));
    let geometry = Geometry::new(s.shape(), &over, Extra::Nothing)?;
    reduce::fold(FoldOp::Sum, &c, &s, s.shape(), &geometry)
}

/// `pinv`: `V S⁺ Uᴴ`, from the thin SVD.
pub(super) fn pinv<B: Backend>(x: &Array<B>, options: &Tolerance<'_, B>) -> Result<Array<B>> {
    let rtol = Checked::new(x, options)?;
    let Decomposed { found, near } = in_range(FactorOp::Svd, x, 1)?;
    let [u, s, vh] = exactly(found)?;
    let stack = stack_shape(x).len();
    if s.shape()[stack] == 0 {
        let mut shape = stack_shape(x).to_vec();
        let [m, n] = matrix_shape("x", x)?;
        shape.extend([n, m]);
        return compute::filled(&x.backend, 0.into(), &shape, x.dtype, x.device);
    }
    // V with columns divided by their singular values, which are taken relative to the largest, so that
    // nothing leaves the range on the way
    let v = vh.mT()?;
    let row = s.with_layout(s.layout.insert_axis(stack));
    let mut c = Computation::new();
    let mut element = c.array(&v)?;
    let (value, first) = (c.array(&row)?, c.array(largest(&row, stack + 1))?);
    if x.dtype.is_complex() {
        element = c.program.unary(UnaryOp::Conj, element)?;
    }
    let counts = rtol.counts(&mut c, value, first)?;
    let zero = c.program.constant(0, c.program.dtype(value)?)?;
    let ratio = c.program.binary(BinaryOp::Divide, first, value)?;
    let ratio = c.program.select(counts, ratio, zero)?;
    let ratio = c.program.cast(ratio, x.dtype)?;
    c.program.binary(BinaryOp::Multiply, element, ratio)?;
    let left = c.run()?;
    let uh = u.mT()?;
    let uh = if x.dtype.is_complex() { x.backend.conj(uh)? } else { uh };
    let product = x.backend.matmul(&left, &uh)?;
    let mut c = Computation::new();
    let last = row.with_layout(largest(&row, stack + 1).layout);
    let (element, first) = (c.array(product)?, c.array(last)?);
    let zero = c.program.constant(0, c.program.dtype(first)?)?;
    let one = c.program.constant(1, c.program.dtype(first)?)?;
    let none = c.program.binary(BinaryOp::Equal, first, zero)?;
    let divisor = c.program.select(none, one, first)?;
    let divisor = c.program.cast(divisor, x.dtype)?;
    c.program.binary(BinaryOp::Divide, element, divisor)?;
    let inverse = c.run()?;
    match near {
        Some(near) => a_part(&inverse, &near),
        None => Ok(inverse),
    }
}
