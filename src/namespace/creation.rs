//! The functions that make arrays. All but `asarray` and `empty` are programs over coordinates: a
//! device fills its own memory.

use arrayspace_core::{
    Backend, BinaryOp, DType, Device, Dims, Error, Layout, OpClass, Program, Result, Scalar, Slot,
};
use num_complex::Complex;

use super::data_types::finfo;
use crate::arg::{Arg, MaybeScalar, Start};
use crate::array::Array;
use crate::array_like::default_dtype;
use crate::category::Category;
use crate::compute::{Computation, capabilities, check_supported, filled};
use crate::options::{Creation, Eye, Indexing, Linspace};
use crate::shape_arg::{Count, MaybeCount, Shape};

/// Where a new array goes.
fn device_of<B: Backend>(xp: &B, device: Option<Device>) -> Result<Device> {
    let device = device.unwrap_or_else(|| B::primary_device(xp));
    capabilities(xp, device)?;
    Ok(device)
}

/// The dtype asked for, or the default real floating-point one.
fn floating_dtype<B: Backend>(xp: &B, dtype: Option<DType>, device: Device) -> Result<DType> {
    match dtype {
        Some(dtype) => Ok(dtype),
        None => Ok(capabilities(xp, device)?.defaults.real_floating),
    }
}

/// `zeros` and `ones`: of the default floating-point dtype where none is given.
pub(crate) fn uniform<B: Backend>(
    xp: &B,
    shape: &Shape,
    one: bool,
    options: &Creation,
) -> Result<Array<B>> {
    let mut room = Dims::new();
    let shape = shape.dims(&mut room)?;
    let device = device_of(xp, options.device)?;
    let dtype = floating_dtype(xp, options.dtype, device)?;
    filled(xp, Scalar::Bool(one), shape, dtype, device)
}

/// `full`: of the default dtype of the value's kind where none is given.
pub(crate) fn full<B: Backend>(
    xp: &B,
    shape: &Shape,
    value: Scalar,
    options: &Creation,
) -> Result<Array<B>> {
    let mut room = Dims::new();
    let shape = shape.dims(&mut room)?;
    let device = device_of(xp, options.device)?;
    let dtype = match options.dtype {
        Some(dtype) => dtype,
        None => default_dtype(xp, value, device)?,
    };
    filled(xp, value, shape, dtype, device)
}

/// `full_like`, in the dtype and on the device of `x` where none is given.
pub(crate) fn full_like<B: Backend>(
    x: &Array<B>,
    value: Scalar,
    options: &Creation,
) -> Result<Array<B>> {
    let device = device_of(&x.backend, options.device.or(Some(x.device())))?;
    filled(&x.backend, value, x.shape(), options.dtype.unwrap_or(x.dtype()), device)
}

/// `empty`.
pub(crate) fn empty<B: Backend>(xp: &B, shape: &Shape, options: &Creation) -> Result<Array<B>> {
    let device = device_of(xp, options.device)?;
    let dtype = floating_dtype(xp, options.dtype, device)?;
    unfilled(xp, shape.dims(&mut Dims::new())?, dtype, device)
}

/// `empty_like`.
pub(crate) fn empty_like<B: Backend>(x: &Array<B>, options: &Creation) -> Result<Array<B>> {
    let device = device_of(&x.backend, options.device.or(Some(x.device())))?;
    unfilled(&x.backend, x.shape(), options.dtype.unwrap_or(x.dtype()), device)
}

fn unfilled<B: Backend>(xp: &B, shape: &[usize], dtype: DType, device: Device) -> Result<Array<B>> {
    check_supported(xp, device, OpClass::Storage, dtype)?;
    let layout = Layout::contiguous(shape)?;
    let buffer = B::allocate(xp, dtype, layout.size(), device)?;
    Array::from_buffer(xp, buffer, shape, dtype, device)
}

/// `eye`: where column - row = k.
pub(crate) fn eye<B: Backend>(
    xp: &B,
    n_rows: Count,
    n_cols: MaybeCount,
    options: &Eye,
) -> Result<Array<B>> {
    let rows = n_rows.get("n_rows")?;
    let columns = n_cols.0.unwrap_or(n_rows).get("n_cols")?;
    let device = device_of(xp, options.device)?;
    let dtype = floating_dtype(xp, options.dtype, device)?;
    let shape = [rows, columns];
    Layout::contiguous(&shape)?;
    let mut c = Computation::<B>::new();
    let p = &mut c.program;
    let diagonal = diagonal(p, 2)?;
    let k = p.constant(options.k, DType::Int64)?;
    let on = p.binary(BinaryOp::Equal, diagonal, k)?;
    p.cast(on, dtype)?;
    c.run_over(xp, &shape, device)
}

/// Which half of a matrix `tril` and `triu` keep.
#[derive(Clone, Copy)]
pub(crate) enum Half {
    Lower,
    Upper,
}

/// `tril` and `triu`.
pub(crate) fn triangle<B: Backend>(x: Arg<'_, B>, half: Half, k: i64) -> Result<Array<B>> {
    let ndim = x.ndim();
    if ndim < 2 {
        return Err(Error::shape(format_args!(
            "an array of at least 2 dimensions is expected, but the shape of x is {:?}",
            x.shape()
        )));
    }
    let mut c = Computation::new();
    let dtype = x.dtype();
    let value = c.array(x)?;
    let p = &mut c.program;
    let diagonal = diagonal(p, ndim)?;
    let k = p.constant(k, DType::Int64)?;
    let op = match half {
        Half::Lower => BinaryOp::LessEqual,
        Half::Upper => BinaryOp::GreaterEqual,
    };
    let keep = p.binary(op, diagonal, k)?;
    let zero = p.constant(false, dtype)?;
    p.select(keep, value, zero)?;
    c.run()
}

/// The number of the diagonal: column - row.
fn diagonal(p: &mut Program, ndim: usize) -> Result<Slot> {
    let row = p.coordinate(ndim - 2)?;
    let column = p.coordinate(ndim - 1)?;
    p.binary(BinaryOp::Subtract, column, row)
}

/// `arange`.
pub(crate) fn arange<B: Backend>(
    xp: &B,
    Start { start, stop: end }: Start,
    stop: MaybeScalar,
    step: MaybeScalar,
    options: &Creation,
) -> Result<Array<B>> {
    let (start, stop) = match (end, stop.0) {
        (Some(stop), None) | (None, Some(stop)) => (start, stop),
        (None, None) => (Scalar::Int(0), start),
        (Some(end), Some(stop)) => {
            return Err(Error::value(format_args!(
                "stop is {stop}, but the range {start}..{end} was given, which says where to stop; leave stop \
                 out, as ()"
            )));
        }
    };
    let step = step.0.unwrap_or(Scalar::Int(1));
    for (name, value) in [("start", start), ("stop", stop), ("step", step)] {
        if !matches!(value, Scalar::Int(_) | Scalar::Float(_)) {
            return Err(Error::value(format_args!(
                "{name} is the {} {value}, but an int or a float is expected",
                value.kind_name()
            )));
        }
    }
    let device = device_of(xp, options.device)?;
    if let Some(dtype) = options.dtype {
        Category::Numeric.check("the result", dtype)?;
    }
    if let (Scalar::Int(start), Scalar::Int(stop), Scalar::Int(step)) = (start, stop, step) {
        let dtype = match options.dtype {
            Some(dtype) => dtype,
            None => capabilities(xp, device)?.defaults.integral,
        };
        let len = integer_length(start, stop, step)?;
        // the last of at least one element lies between start and stop: exact, whatever wraps
        let last = start.wrapping_add((len as i128 - 1).wrapping_mul(step));
        let fits = |dtype| {
            let (min, max) = Scalar::int_range(dtype);
            len == 0 || [start, last].iter().all(|v| (min..=max).contains(v))
        };
        if dtype.is_integer() || fits(DType::Int64) {
            if !fits(dtype) && dtype.is_integer() {
                return Err(Error::value(format_args!(
                    "the values from {start} to {last} are out of the range of {dtype}; use a wider \
                     dtype"
                )));
            }
            if dtype.is_floating() && len > 0 {
                within(start as f64, dtype, "start")?;
                within(last as f64, dtype, "the last value")?;
            }
            let via = if dtype.is_integer() { dtype } else { DType::Int64 };
            return integer_range(xp, start, step, len, via, dtype, device);
        }
    }
    let dtype = floating_dtype(xp, options.dtype, device)?;
    if dtype.is_integer() {
        return Err(Error::value(format_args!(
            "start, stop and step are {start}, {stop} and {step}, but with dtype {dtype} integers are \
             expected; pass integers, or use a floating-point dtype"
        )));
    }
    let [start, stop, step] = [start, stop, step].map(Scalar::to_float);
    let len = float_length(start, stop, step)?;
    if len > 0 {
        within(start, dtype, "start")?;
        within(start + (len - 1) as f64 * step, dtype, "the last value")?;
    }
    let mut c = Computation::<B>::new();
    let working = working_dtype(xp, dtype, device)?;
    let p = &mut c.program;
    let i = p.coordinate(0)?;
    let value = along(p, i, BinaryOp::Add, start.into(), step.into(), working)?;
    finish(c, value, xp, len, dtype, device)
}

/// How many integers there are from `start` to `stop` (exclusive) by `step`.
fn integer_length(start: i128, stop: i128, step: i128) -> Result<usize> {
    if step == 0 {
        return Err(zero_step());
    }
    if (step > 0) == (start >= stop) {
        return Ok(0);
    }
    let span = start.abs_diff(stop);
    let len = span.div_ceil(step.unsigned_abs());
    usize::try_from(len).map_err(|_| Error::out_of_memory(None))
}

/// How many numbers there are from `start` to `stop` (exclusive) by `step`.
fn float_length(start: f64, stop: f64, step: f64) -> Result<usize> {
    for (name, value) in [("start", start), ("stop", stop), ("step", step)] {
        finite(value, name)?;
    }
    if step == 0.0 {
        return Err(zero_step());
    }
    let span = stop - start;
    if !span.is_finite() {
        return Err(Error::value(format_args!(
            "the distance from {start:?} to {stop:?} is out of the range of float64; use bounds that \
             are closer"
        )));
    }
    let len = (span / step).ceil().max(0.0);
    if len >= isize::MAX as f64 {
        return Err(Error::out_of_memory(None));
    }
    Ok(len as usize)
}

#[cold]
fn zero_step() -> Error {
    Error::value(format_args!("step is 0, but a number other than 0 is expected"))
}

/// An error for an infinite value or NaN.
fn finite(value: f64, name: &'static str) -> Result<()> {
    if value.is_finite() {
        return Ok(());
    }
    Err(Error::value(format_args!("{name} is {value}, but a finite number is expected")))
}

/// An error for a value that rounds to an infinity of the floating-point dtype.
fn within(value: f64, dtype: DType, name: &'static str) -> Result<()> {
    let max = finfo(dtype)?.max;
    if value.abs() <= max {
        return Ok(());
    }
    Err(Error::value(format_args!(
        "{name} is {value:?}, which is out of the range of {dtype} ({:?} to {max:?}); use a wider dtype",
        -max
    )))
}

/// The widest real dtype that the device computes with, in which values are computed before they are
/// rounded to `dtype`; complex for a complex dtype.
fn working_dtype<B: Backend>(xp: &B, dtype: DType, device: Device) -> Result<DType> {
    let there = capabilities(xp, device)?.dtypes(OpClass::Map);
    let wide = if there.contains(DType::Float64) { DType::Float64 } else { DType::Float32 };
    Ok(match dtype.is_complex() {
        true if there.contains(DType::Complex128) => DType::Complex128,
        true => DType::Complex64,
        false => wide,
    })
}

/// `start + i * step` for integers, exact: modulo the width of `via`, in whose range the result is.
fn integer_range<B: Backend>(
    xp: &B,
    start: i128,
    step: i128,
    len: usize,
    via: DType,
    dtype: DType,
    device: Device,
) -> Result<Array<B>> {
    let (min, max) = Scalar::int_range(via);
    let modulus = max - min + 1;
    let wrap = |v: i128| Scalar::Int((v - min).rem_euclid(modulus) + min);
    // a step that leads out of the range at once, or a start that nothing begins with
    let (start, step) = match len {
        0 => (0, 0),
        1 => (start, 0),
        _ => (start, step),
    };
    let mut c = Computation::<B>::new();
    let p = &mut c.program;
    let i = p.coordinate(0)?;
    let value = along(p, i, BinaryOp::Add, wrap(start), wrap(step), via)?;
    finish(c, value, xp, len, dtype, device)
}

/// `from op i * step`, in `dtype`.
fn along(
    p: &mut Program,
    i: Slot,
    op: BinaryOp,
    from: Scalar,
    step: Scalar,
    dtype: DType,
) -> Result<Slot> {
    let i = p.cast(i, dtype)?;
    let step = p.constant(step, dtype)?;
    let offset = p.binary(BinaryOp::Multiply, i, step)?;
    let from = p.constant(from, dtype)?;
    p.binary(op, from, offset)
}

/// Converts the value to `dtype` and runs the program over one axis.
fn finish<B: Backend>(
    mut c: Computation<'_, B>,
    value: Slot,
    xp: &B,
    len: usize,
    dtype: DType,
    device: Device,
) -> Result<Array<B>> {
    Layout::contiguous(&[len])?;
    c.program.cast(value, dtype)?;
    c.run_over(xp, &[len], device)
}

/// `linspace`.
///
/// The first half is counted from `start`, the second from `stop`: both ends are exact, and where the
/// difference of the ends overflows nothing else does.
pub(crate) fn linspace<B: Backend>(
    xp: &B,
    start: Scalar,
    stop: Scalar,
    num: Count,
    options: &Linspace,
) -> Result<Array<B>> {
    let len = num.get("num")?;
    let device = device_of(xp, options.device)?;
    let mut complex = false;
    for (name, value) in [("start", start), ("stop", stop)] {
        match value {
            Scalar::Bool(_) => {
                return Err(Error::value(format_args!(
                    "{name} is the bool {value}, but a number is expected"
                )));
            }
            Scalar::Complex(_) => complex = true,
            Scalar::Int(_) | Scalar::Float(_) => {}
        }
        let z = value.to_complex();
        finite(z.re, name)?;
        finite(z.im, name)?;
    }
    let defaults = capabilities(xp, device)?.defaults;
    let dtype = match options.dtype {
        Some(dtype) => dtype,
        None if complex => defaults.complex_floating,
        None => defaults.real_floating,
    };
    if !dtype.is_floating() {
        return Err(Error::dtype(format_args!(
            "dtype is {dtype}, but a floating-point dtype is expected; for integers use arange, or \
             convert the result with round and astype"
        )));
    }
    start.checked_for(dtype)?;
    stop.checked_for(dtype)?;
    let (a, b) = (start.to_complex(), stop.to_complex());
    for (name, z) in [("start", a), ("stop", b)] {
        within(z.re, dtype, name)?;
        within(z.im, dtype, name)?;
    }
    let intervals = if options.endpoint { len.saturating_sub(1) } else { len };
    let n = intervals.max(1) as f64;
    let step = |a: f64, b: f64| {
        let difference = b - a;
        if difference.is_finite() { difference / n } else { b / n - a / n }
    };
    let step = Complex::new(step(a.re, b.re), step(a.im, b.im));
    let working = working_dtype(xp, dtype, device)?;
    let scalar = |z: Complex<f64>| if dtype.is_complex() { z.into() } else { Scalar::Float(z.re) };

    let mut c = Computation::<B>::new();
    let p = &mut c.program;
    let i = p.coordinate(0)?;
    let up = along(p, i, BinaryOp::Add, scalar(a), scalar(step), working)?;
    let count = p.constant(intervals, DType::Int64)?;
    let left = p.binary(BinaryOp::Subtract, count, i)?;
    let down = along(p, left, BinaryOp::Subtract, scalar(b), scalar(step), working)?;
    let first_half = p.binary(BinaryOp::LessEqual, i, left)?;
    let value = p.select(first_half, up, down)?;
    finish(c, value, xp, len, dtype, device)
}

/// `meshgrid`: each vector along its axis, repeated along the others without a copy.
pub(crate) fn meshgrid<B: Backend>(
    arrays: &[Arg<'_, B>],
    indexing: Indexing,
) -> Result<Vec<Array<B>>> {
    let mut shape = Dims::new();
    for (k, x) in arrays.iter().enumerate() {
        let &[len] = x.shape() else {
            return Err(Error::shape(format_args!(
                "array {k} has shape {:?}, but an array of 1 dimension is expected",
                x.shape()
            )));
        };
        shape.push(len);
        if x.dtype() != arrays[0].dtype() {
            return Err(Error::dtype(format_args!(
                "array 0 has dtype {} and array {k} {}, but one dtype is expected; convert with \
                 astype",
                arrays[0].dtype(),
                x.dtype()
            )));
        }
    }
    let axis_of = |k: usize| match (indexing, k) {
        (Indexing::XY, 0) if arrays.len() > 1 => 1,
        (Indexing::XY, 1) => 0,
        _ => k,
    };
    if arrays.len() > 1 && indexing == Indexing::XY {
        shape.swap(0, 1);
    }
    Layout::contiguous(&shape)?;
    arrays
        .iter()
        .enumerate()
        .map(|(k, x)| {
            let axis = axis_of(k);
            let mut layout = x.layout.clone();
            for _ in axis + 1..shape.len() {
                layout = layout.insert_axis(layout.ndim());
            }
            match layout.broadcast_to(&shape) {
                Some(layout) => Ok(x.with_layout(layout)),
                None => Err(Error::shape(format_args!(
                    "array {k} of shape {:?} does not fit the grid {shape:?}",
                    x.shape()
                ))),
            }
        })
        .collect()
}
