//! The chapter "statistical functions".

use arrayspace_core::{Backend, BinaryOp, DType, Error, FoldOp, OpClass, Result, ScanOp, UnaryOp};

use super::range;
use super::reduce::{self, Extra, Geometry, accumulator, fold_array, sum_dtype};
use crate::arg::Arg;
use crate::array::Array;
use crate::axes::Axis;
use crate::category::Category;
use crate::compute::{self, Computation, cast, check_supported};
use crate::options::{Cumulative, Reduction};

/// `sum` and `prod`.
pub(crate) fn total<B: Backend>(op: FoldOp, x: &Array<B>, options: &Reduction) -> Result<Array<B>> {
    Category::Numeric.check_or("x", x.dtype, |_| match op {
        FoldOp::Sum => "count the true elements with count_nonzero",
        _ => "use all",
    })?;
    let geometry = Geometry::new(x.shape(), options, Extra::DType)?;
    let dtype = sum_dtype(x, options.dtype)?;
    let result = fold_array(op, x, &geometry, |c, slot| {
        let value = c.program.cast(slot, dtype)?;
        c.program.cast(value, accumulator(dtype))
    })?;
    cast(result, dtype)
}

/// `max` and `min`.
pub(crate) fn extreme<B: Backend>(
    op: FoldOp,
    x: &Array<B>,
    options: &Reduction,
) -> Result<Array<B>> {
    Category::Real.check_or("x", x.dtype, |dtype| match (op, dtype) {
        (FoldOp::Maximum, DType::Bool) => "use any",
        (FoldOp::Minimum, DType::Bool) => "use all",
        _ => "",
    })?;
    let geometry = Geometry::new(x.shape(), options, Extra::Nothing)?;
    geometry.check_some(x.shape())?;
    fold_array(op, x, &geometry, |_, slot| Ok(slot))
}

/// `mean`: the sum, divided.
pub(crate) fn mean<B: Backend>(x: &Array<B>, options: &Reduction) -> Result<Array<B>> {
    Category::Floating.check_or("x", x.dtype, |dtype| match dtype {
        DType::Bool => "count the true elements with count_nonzero",
        _ => "",
    })?;
    let geometry = Geometry::new(x.shape(), options, Extra::Nothing)?;
    let sum = fold_array(FoldOp::Sum, x, &geometry, |c, slot| {
        c.program.cast(slot, accumulator(x.dtype))
    })?;
    // The parts of a complex number are divided as the real numbers that they are: a complex division
    // would mix them, and carry a NaN from one into the other.
    let real = sum.dtype.real_component();
    let count = sum.size() * (sum.dtype.item_size() / real.item_size());
    let sum = Array::from_buffer(&x.backend, sum.buffer, &[count], real, x.device)?;
    let mut c = Computation::new();
    let slot = c.array(sum)?;
    let divisor = c.program.constant(geometry.count as f64, real)?;
    let mean = c.program.binary(BinaryOp::Divide, slot, divisor)?;
    c.program.cast(mean, x.dtype.real_component())?;
    let mean = c.run()?;
    Array::from_buffer(&x.backend, mean.buffer, &geometry.shape, x.dtype, x.device)
}

/// `var`, and `std`, which is its root.
pub(crate) fn variance<B: Backend>(
    x: &Array<B>,
    options: &Reduction,
    root: bool,
) -> Result<Array<B>> {
    Category::RealFloating.check("x", x.dtype)?;
    let geometry = Geometry::new(x.shape(), options, Extra::Correction)?;
    let correction = options.correction.unwrap_or(0.0);
    if correction.is_nan() {
        return Err(Error::value(format_args!(
            "correction is NaN, but a number is expected; give 0 for a population, 1 for a sample"
        )));
    }
    let divisor = geometry.count as f64 - correction;
    if divisor <= 0.0 {
        check_supported(&x.backend, x.device, OpClass::Fold, x.dtype)?;
        return compute::filled(&x.backend, f64::NAN.into(), &geometry.shape, x.dtype, x.device);
    }
    let wide = accumulator(x.dtype);
    let mut plain = None;
    if range::is_readable(x) || geometry.count == 0 {
        let deviations = fold_array(FoldOp::SquaredDeviations, x, &geometry, |c, slot| {
            c.program.cast(slot, wide)
        })?;
        let bounds = range::Bounds::new(wide, &geometry);
        if geometry.count == 0 || range::are_sound(&deviations, bounds, false) {
            return spread(&deviations, None, divisor, root, x.dtype);
        }
        plain = Some(deviations);
    }
    let largest = range::extreme(FoldOp::Maximum, x, &geometry, range::size)?;
    if let Some(plain) = &plain
        && range::are_moderate(&largest)
    {
        return spread(plain, None, divisor, root, x.dtype); // of equal elements, or NaN
    }
    let mut c = Computation::new();
    let (element, size) = (c.array(x)?, c.array(&largest)?);
    let element = c.program.cast(element, wide)?;
    let by = range::scale(&mut c, size, false)?;
    c.program.binary(BinaryOp::Multiply, element, by)?;
    let deviations = reduce::fold(FoldOp::SquaredDeviations, &c, x, x.shape(), &geometry)?;
    let largest = range::reduced(&largest, &geometry);
    spread(&deviations, Some(&largest), divisor, root, x.dtype)
}

/// The variance, or its root, from squared deviations, of elements that were scaled by their sizes if these
/// are given.
fn spread<B: Backend>(
    deviations: &Array<B>,
    sizes: Option<&Array<B>>,
    divisor: f64,
    root: bool,
    dtype: DType,
) -> Result<Array<B>> {
    let mut c = Computation::new();
    let slot = c.array(deviations)?;
    let divisor = c.program.constant(divisor, deviations.dtype)?;
    let mut result = c.program.binary(BinaryOp::Divide, slot, divisor)?;
    if root {
        result = c.program.unary(UnaryOp::Sqrt, result)?;
    }
    if let Some(sizes) = sizes {
        let size = c.array(sizes)?;
        let back = range::scale(&mut c, size, true)?;
        result = c.program.binary(BinaryOp::Multiply, result, back)?;
        if !root {
            result = c.program.binary(BinaryOp::Multiply, result, back)?;
        }
    }
    c.program.cast(result, dtype)?;
    c.run()
}

/// `cumulative_sum` and `cumulative_prod`.
pub(crate) fn cumulative<B: Backend>(
    op: ScanOp,
    x: Arg<'_, B>,
    options: &Cumulative,
) -> Result<Array<B>> {
    Category::Numeric.check("x", x.dtype())?;
    if x.ndim() == 0 {
        return Err(Error::axis(format_args!(
            "a 0-d array was given, which has no axis to accumulate along; give it one with \
             expand_dims"
        )));
    }
    if x.ndim() > 1 && !matches!(options.axis, Axis::At(_)) {
        return Err(Error::axis(format_args!(
            "the axis is missing, which an array of {} dimensions (shape {:?}) needs; give one, or \
             flatten the array with reshape(x, -1)",
            x.ndim(),
            x.shape()
        )));
    }
    let axis = options.axis.or(Some(0)).unwrap_or(0);
    let axis = crate::axes::normalize(axis, x.ndim())?;
    let dtype = sum_dtype(&x, options.dtype)?;
    check_supported(&x.backend, x.device(), OpClass::Fold, dtype)?;
    let mut shape = arrayspace_core::Dims::from_slice(x.shape());
    shape[axis] = (shape[axis].checked_add(options.include_initial.into()))
        .ok_or_else(|| Error::out_of_memory(None))?;
    arrayspace_core::element_count(&shape).ok_or_else(|| Error::out_of_memory(None))?;
    let x = cast(x, dtype)?;
    let buffer = B::scan(&x.backend, op, x.view(), axis, options.include_initial)?;
    Array::from_buffer(&x.backend, buffer, &shape, dtype, x.device)
}
