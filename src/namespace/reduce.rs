//! Reductions: one way from a function's options to a fold, for the chapters statistics, searching and
//! utilities.

use arrayspace_core::{
    Backend, DType, Dims, Error, FoldOp, OpClass, Result, Slot, check, element_count,
};

use super::common::no_elements;
use crate::array::Array;
use crate::compute::{self, Computation, check_supported};
use crate::options::Reduction;

/// The parameter that a reducing function has beside `axis` and `keepdims`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extra {
    Nothing,
    DType,
    Correction,
}

/// Which axes of an array disappear, and what shape is left.
#[derive(Debug)]
pub(crate) struct Geometry {
    /// The axes reduced, sorted.
    pub(crate) axes: Dims,
    /// The shape of the result.
    pub(crate) shape: Dims,
    /// How many elements are combined into each one of the result.
    pub(crate) count: usize,
}

impl Geometry {
    /// What the options mean for an array of `shape`.
    ///
    /// # Errors
    /// [`Error::Value`] for an option that the function does not have, [`Error::Axis`] for an axis out
    /// of range or repeated.
    pub(crate) fn new(shape: &[usize], options: &Reduction, extra: Extra) -> Result<Geometry> {
        let given = [
            ("dtype", options.dtype.is_some(), Extra::DType),
            ("correction", options.correction.is_some(), Extra::Correction),
        ];
        if let Some((parameter, ..)) = given.iter().find(|(_, given, of)| *given && *of != extra) {
            let has = match extra {
                Extra::Nothing => "axis and keepdims alone",
                Extra::DType => "axis, dtype and keepdims",
                Extra::Correction => "axis, correction and keepdims",
            };
            return Err(Error::value(format_args!(
                "the parameter {parameter} was given, which this function does not have; it takes {has}"
            )));
        }
        let axes = options.axis.sorted(shape.len())?;
        // saturates for arrays without elements alone, where lengths may multiply to anything
        let count = axes.iter().fold(1, |n: usize, &axis| n.saturating_mul(shape[axis]));
        let shape: Dims = (0..shape.len())
            .filter(|k| options.keepdims || !axes.contains(k))
            .map(|k| if axes.contains(&k) { 1 } else { shape[k] })
            .collect();
        element_count(&shape).ok_or_else(|| Error::out_of_memory(None))?;
        Ok(Geometry { axes, shape, count })
    }

    /// An error if a result would have to be the extreme of no elements at all.
    pub(crate) fn check_some(&self, shape: &[usize]) -> Result<()> {
        if self.count == 0 && !self.shape.contains(&0) {
            return Err(Error::value(format_args!(
                "no elements were given, but at least one is expected: the shape {shape:?} has length 0 \
                 along the axes {:?} that are reduced; check the size first",
                &self.axes[..]
            )));
        }
        Ok(())
    }
}

/// The values of a computation over `shape`, combined.
pub(crate) fn fold<B: Backend>(
    op: FoldOp,
    computation: &Computation<'_, B>,
    like: &Array<B>,
    shape: &[usize],
    geometry: &Geometry,
) -> Result<Array<B>> {
    let dtype = computation.program.output();
    check::steps(&like.backend, like.device, &computation.program)?;
    check_supported(&like.backend, like.device, OpClass::Fold, dtype)?;
    if geometry.shape.contains(&0) {
        return no_elements(like, &geometry.shape, dtype);
    }
    let buffer = computation.with_views(like, shape, |program, views| {
        B::fold(&like.backend, op, program, views, shape, &geometry.axes, like.device)
    })?;
    Array::from_buffer(&like.backend, buffer, &geometry.shape, dtype, like.device)
}

/// The elements of one array, changed by `prologue`, combined.
pub(crate) fn fold_array<B: Backend>(
    op: FoldOp,
    x: &Array<B>,
    geometry: &Geometry,
    prologue: impl FnOnce(&mut Computation<'_, B>, Slot) -> Result<Slot>,
) -> Result<Array<B>> {
    let mut c = Computation::new();
    let slot = c.array(x)?;
    prologue(&mut c, slot)?;
    fold(op, &c, x, x.shape(), geometry)
}

/// The dtype of a sum or product: the one asked for, else the array's, small integers widened to the
/// default integer dtype and small unsigned ones to the unsigned dtype of that width.
pub(crate) fn sum_dtype<B: Backend>(x: &Array<B>, asked: Option<DType>) -> Result<DType> {
    if let Some(dtype) = asked {
        if dtype == DType::Bool {
            return Err(Error::dtype(format_args!(
                "dtype is bool, but a numeric dtype is expected; leave it out, or give DType::Int64"
            )));
        }
        return Ok(dtype);
    }
    let default = compute::capabilities(&x.backend, x.device)?.defaults.integral;
    let wide = match (x.dtype, default) {
        (d, _) if d.is_signed_integer() => default,
        (d, DType::Int32) if d.is_unsigned_integer() => DType::UInt32,
        (d, _) if d.is_unsigned_integer() => DType::UInt64,
        (d, _) => d,
    };
    Ok(if wide.item_size() > x.dtype.item_size() { wide } else { x.dtype })
}

/// The dtype to accumulate in: float32 for half precision, whose sums would soon be inexact, and
/// the dtype itself for the others.
pub(crate) fn accumulator(dtype: DType) -> DType {
    if dtype.is_half() { DType::Float32 } else { dtype }
}
