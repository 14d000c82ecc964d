//! Sums of squares and powers that leave the range of the dtype where the result does not.
//!
//! A sum is formed plainly, and looked at where the host can read it. Where it has left the range, or may have
//! lost what is below it, it is formed once more, of elements divided by something of the size of the largest.
//! Of memory that the host cannot read the second way is taken at once: to look would be to wait.

use arrayspace_core::{Backend, BinaryOp, DType, FoldOp, Result, Slot, UnaryOp};

use super::reduce::{Geometry, accumulator, fold_array};
use crate::array::Array;
use crate::compute::Computation;

/// The binary logarithm of the factor from one power of [`scale`] to the next, for sums in a dtype.
fn step(dtype: DType) -> i32 {
    if dtype == DType::Float32 { 56 } else { 400 }
}

/// From where on a finite sum of numbers that are not negative has lost nothing that matters.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    least: f64,
}

impl Bounds {
    /// Those of a sum of squares, or of other powers: in range, and nothing was lost below it.
    pub(crate) fn new(dtype: DType, geometry: &Geometry) -> Bounds {
        let each = match dtype {
            DType::Float32 => f64::from(f32::MIN_POSITIVE) / f64::from(f32::EPSILON),
            _ => f64::MIN_POSITIVE / f64::EPSILON,
        };
        Bounds { least: each * geometry.count as f64 }
    }
}

/// Whether the host can read the elements where they are.
pub(crate) fn is_readable<B: Backend>(x: &Array<B>) -> bool {
    B::host_bytes(&x.backend, &x.buffer).is_some()
}

/// Whether something holds for every one of these numbers of float32 or float64, which the host can read.
fn every<B: Backend>(x: &Array<B>, holds: impl Fn(f64) -> bool) -> bool {
    match (x.as_slice::<f64>(), x.as_slice::<f32>()) {
        (Some(list), _) => list.iter().all(|&x| holds(x)),
        (_, Some(list)) => list.iter().all(|&x| holds(x.into())),
        _ => false,
    }
}

/// Whether these sums, which the host can read, are within bounds; `or_nan` says whether NaN is taken for that.
pub(crate) fn are_sound<B: Backend>(sums: &Array<B>, bounds: Bounds, or_nan: bool) -> bool {
    every(sums, |x| (x >= bounds.least && x < f64::INFINITY) || (or_nan && x.is_nan()))
}

/// The step that says whether a sum is within bounds.
pub(crate) fn sound<B: Backend>(
    c: &mut Computation<'_, B>,
    sum: Slot,
    bounds: Bounds,
) -> Result<Slot> {
    let p = &mut c.program;
    let dtype = p.dtype(sum)?;
    let least = p.constant(bounds.least, dtype)?;
    let below = p.constant(f64::INFINITY, dtype)?;
    let enough = p.binary(BinaryOp::GreaterEqual, sum, least)?;
    let in_range = p.binary(BinaryOp::Less, sum, below)?;
    p.binary(BinaryOp::BitwiseAnd, enough, in_range)
}

/// Whether [`scale`] is 1, or of no use, for all of these sizes, which the host can read.
pub(crate) fn are_moderate<B: Backend>(sizes: &Array<B>) -> bool {
    let limit = f64::powi(2.0, step(sizes.dtype) / 2);
    every(sizes, |x| (x >= 1.0 / limit && x < limit) || x == 0.0 || !x.is_finite())
}

/// The larger of the moduli of an element's parts, in the dtype that is summed in.
pub(crate) fn size<B: Backend>(c: &mut Computation<'_, B>, x: Slot) -> Result<Slot> {
    let p = &mut c.program;
    if p.dtype(x)?.is_complex() {
        let (re, im) = (p.unary(UnaryOp::Real, x)?, p.unary(UnaryOp::Imag, x)?);
        let (re, im) = (p.unary(UnaryOp::Abs, re)?, p.unary(UnaryOp::Abs, im)?);
        return p.binary(BinaryOp::Maximum, re, im);
    }
    let wide = p.cast(x, accumulator(p.dtype(x)?))?;
    p.unary(UnaryOp::Abs, wide)
}

/// An extreme of what `value` makes of the elements that are reduced, of which there is at least one, in a
/// shape that broadcasts to that of `x`.
pub(crate) fn extreme<B: Backend>(
    op: FoldOp,
    x: &Array<B>,
    geometry: &Geometry,
    value: impl FnOnce(&mut Computation<'_, B>, Slot) -> Result<Slot>,
) -> Result<Array<B>> {
    let found = fold_array(op, x, geometry, value)?;
    if found.ndim() == x.ndim() {
        return Ok(found);
    }
    let axes = geometry.axes.iter();
    let layout = axes.fold(found.layout.clone(), |layout, &axis| layout.insert_axis(axis));
    Ok(found.with_layout(layout))
}

/// An array of [`extreme`] without the axes that are reduced, or with them if they are kept.
pub(crate) fn reduced<B: Backend>(x: &Array<B>, geometry: &Geometry) -> Array<B> {
    if x.ndim() == geometry.shape.len() {
        return x.clone();
    }
    let axes = geometry.axes.iter().rev();
    let layout = axes.fold(x.layout.clone(), |layout, &axis| layout.remove_axis(axis));
    x.with_layout(layout)
}

/// A power of two whose product with numbers up to `size` is moderate, so that sums of their squares are in
/// range; 1 where they are. With `back` its reciprocal.
pub(crate) fn scale<B: Backend>(
    c: &mut Computation<'_, B>,
    size: Slot,
    back: bool,
) -> Result<Slot> {
    let p = &mut c.program;
    let dtype = p.dtype(size)?;
    let step = step(dtype);
    let mut found = p.constant(1, dtype)?;
    // the outermost last: it is true along with the one before
    for (beyond, limit, factor) in [
        (BinaryOp::GreaterEqual, step / 2, -step),
        (BinaryOp::GreaterEqual, 3 * step / 2, -2 * step),
        (BinaryOp::Less, -step / 2, step),
        (BinaryOp::Less, -3 * step / 2, 2 * step),
    ] {
        let limit = p.constant(f64::powi(2.0, limit), dtype)?;
        let factor = p.constant(f64::powi(2.0, if back { -factor } else { factor }), dtype)?;
        let there = p.binary(beyond, size, limit)?;
        found = p.select(there, factor, found)?;
    }
    Ok(found)
}
