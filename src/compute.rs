//! From arguments to a program that a backend runs: promotion, broadcasting, the choice of operands
//! whose memory may be reused. Done here once, for every elementwise function.

pub(crate) use arrayspace_core::check::{device as capabilities, supported as check_supported};
use arrayspace_core::{
    Access, Backend, BinaryOp, DType, Device, Dims, Error, Input, Layout, Program, Result, Scalar,
    Slot, UnaryOp, View, check,
};
use smallvec::SmallVec;

use crate::arg::{Arg, Held, Operand};
use crate::array::Array;
use crate::category::Category;
use crate::limits::{exceeds, in_parts};
use crate::named::Named;

/// The dtype of two arrays combined.
///
/// # Errors
/// [`Error::Promotion`] where the standard defines none.
pub(crate) fn promote(a: DType, b: DType) -> Result<DType> {
    a.promote(b).ok_or_else(|| no_common_dtype(a, b))
}

/// The error of two dtypes that do not promote, with the conversion that keeps the values.
#[cold]
fn no_common_dtype(a: DType, b: DType) -> Error {
    let remedy = if a == DType::Bool || b == DType::Bool {
        let other = if a == DType::Bool { b } else { a };
        format!(
            "convert the bool array with astype(x, DType::{other:?}), or make bools of the other with a \
             comparison, as not_equal(x, 0)"
        )
    } else if a.is_floating() && b.is_floating() {
        "convert both with astype(x, DType::Float32), which has all values of either".to_owned()
    } else if a.is_floating() || b.is_floating() {
        let (floating, integer) = if a.is_floating() { (a, b) } else { (b, a) };
        // how many bits a value may have, and how many are kept
        let needed = 8 * integer.item_size() as u32 - u32::from(integer.is_signed_integer());
        let real = floating.real_component();
        let kept = significant_bits(real);
        if needed <= kept {
            format!("convert the {integer} array with astype(x, DType::{real:?})")
        } else if real == DType::Float64 {
            format!(
                "convert the {integer} array with astype(x, DType::Float64), exact for integers up to 2^{kept}"
            )
        } else {
            let wider = if needed <= significant_bits(DType::Float32) {
                "DType::Float32"
            } else {
                "DType::Float64"
            };
            format!(
                "convert the {integer} array with astype(x, DType::{real:?}), exact for integers up to \
                 2^{kept}, or with {wider}"
            )
        }
    } else {
        let signed = if a == DType::UInt64 { b } else { a };
        format!(
            "no integer dtype has all values of either; convert both with astype(x, DType::Float64), exact \
             for integers up to 2^53, or, if no value of the uint64 array is above 2^63 - 1 (check it with \
             max), that array with astype(x, DType::Int64), or, if the {signed} array has no negative \
             value, that one with astype(x, DType::UInt64)"
        )
    };
    Error::promotion(format_args!(
        "the dtypes {a} and {b} have no common dtype (the standard leaves their promotion undefined); \
         {remedy}"
    ))
}

/// Up to how many bits an integer keeps in a real floating-point dtype.
fn significant_bits(dtype: DType) -> u32 {
    match dtype {
        DType::Float16 => 11,
        DType::BFloat16 => 8,
        DType::Float32 => f32::MANTISSA_DIGITS,
        _ => f64::MANTISSA_DIGITS,
    }
}

/// The dtype of several arrays combined, in whatever order they are given; `None` for none.
///
/// # Errors
/// [`Error::Promotion`] where the standard defines none.
pub(crate) fn promote_all(mut dtypes: Vec<DType>) -> Result<Option<DType>> {
    // Promotion is associative where it is defined. From the last of the dtypes down it meets an
    // undefined pair (float16 with bfloat16) only where no wider dtype takes both.
    dtypes.sort_unstable_by_key(|&d| std::cmp::Reverse(d));
    let mut dtypes = dtypes.into_iter();
    let Some(first) = dtypes.next() else { return Ok(None) };
    dtypes.try_fold(first, promote).map(Some)
}

/// The shape that these shapes broadcast to.
///
/// # Errors
/// [`Error::Broadcast`] with the shapes and the lengths that clash.
pub(crate) fn broadcast<'s>(shapes: impl Iterator<Item = &'s [usize]> + Clone) -> Result<Dims> {
    let ndim = shapes.clone().map(<[usize]>::len).max().unwrap_or(0);
    let mut out = Dims::from_elem(1, ndim);
    for shape in shapes.clone() {
        let new = ndim - shape.len();
        for (k, &dim) in shape.iter().enumerate() {
            let seen = out[new + k];
            if dim != 1 && seen != 1 && dim != seen {
                let all: Vec<&[usize]> = shapes.collect();
                return Err(Error::broadcast(format_args!(
                    "the shapes {all:?} do not broadcast together: along axis {} (of the broadcast \
                     shape) the lengths {seen} and {dim} differ and neither is 1",
                    new + k
                )));
            }
            if dim != 1 {
                out[new + k] = dim;
            }
        }
    }
    arrayspace_core::element_count(&out).ok_or_else(|| Error::out_of_memory(None))?;
    Ok(out)
}

/// The shape that the operands of an elementwise function broadcast to.
///
/// # Errors
/// That of [`broadcast`], with the axes to be inserted if that would help.
fn common_shape<'s>(shapes: impl Iterator<Item = &'s [usize]> + Clone) -> Result<Dims> {
    broadcast(shapes.clone()).map_err(|e| match &shapes.collect::<SmallVec<[_; 3]>>()[..] {
        [a, b] => with_axes_to_insert(e, a, b),
        _ => e,
    })
}

/// The error of two shapes that do not broadcast, which names the axes that make the one of fewer
/// dimensions fit.
#[cold]
fn with_axes_to_insert(error: Error, a: &[usize], b: &[usize]) -> Error {
    let (short, long, which) = if a.len() < b.len() { (a, b, "first") } else { (b, a, "second") };
    // As they are, the last axes are aligned; tried first is that the first are.
    for new in (1..=long.len() - short.len()).rev() {
        for at in (1..=short.len()).rev() {
            let mut shape = Dims::from_slice(&short[..at]);
            shape.extend(std::iter::repeat_n(1, new));
            shape.extend_from_slice(&short[at..]);
            if broadcast([&shape[..], long].into_iter()).is_ok() {
                let items = [vec![".."; at], vec!["NewAxis"; new]].concat().join(", ");
                return error.or(format_args!(
                    "get(({items})) gives the {which} the shape {shape:?}, which fits"
                ));
            }
        }
    }
    error
}

/// All on one device, or an error that names two.
pub(crate) fn same_device(mut devices: impl Iterator<Item = Device>) -> Result<Option<Device>> {
    let Some(first) = devices.next() else { return Ok(None) };
    match devices.find(|&d| d != first) {
        None => Ok(Some(first)),
        Some(other) => Err(Error::device(format_args!(
            "the arrays are on different devices, {first} and {other}; move one with to_device"
        ))),
    }
}

/// An elementwise computation being put together: a program and the arrays that it reads.
pub(crate) struct Computation<'a, B: Backend> {
    pub(crate) program: Program,
    args: SmallVec<[Arg<'a, B>; 3]>,
}

impl<'a, B: Backend> Computation<'a, B> {
    pub(crate) fn new() -> Self {
        Computation { program: Program::new(), args: SmallVec::new() }
    }

    /// The elements of an array.
    pub(crate) fn array(&mut self, x: impl Into<Arg<'a, B>>) -> Result<Slot> {
        let x = x.into();
        let slot = self.program.input(x.dtype())?;
        self.args.push(x);
        Ok(slot)
    }

    /// An array or a scalar, converted to `dtype`.
    pub(crate) fn operand(&mut self, x: Operand<'a, B>, dtype: DType) -> Result<Slot> {
        match x {
            Operand::Array(x) => {
                let slot = self.array(x)?;
                self.program.cast(slot, dtype)
            }
            Operand::Scalar(value) => self.program.constant(value, dtype),
        }
    }

    /// Runs the program over the broadcast shape of its arrays. It reads at least one.
    pub(crate) fn run(mut self) -> Result<Array<B>> {
        let device = same_device(self.args.iter().map(|x| x.device()))?;
        let (Some(device), Some(first)) = (device, self.args.first()) else {
            return Err(Error::value(format_args!(
                "at least one operand must be an array; make one with asarray"
            )));
        };
        let backend = first.backend.clone();
        let mut inputs = SmallVec::<[Input<'_, B>; 3]>::new();
        inputs.extend(self.args.iter_mut().map(|x| parts(x).input));
        execute(&backend, &self.program, &mut inputs, device)
    }

    /// Runs the program over `shape`, to which its arrays broadcast.
    pub(crate) fn run_over(
        mut self,
        backend: &B,
        shape: &[usize],
        device: Device,
    ) -> Result<Array<B>> {
        let mut inputs = SmallVec::<[Input<'_, B>; 3]>::new();
        inputs.extend(self.args.iter_mut().map(|x| parts(x).input));
        execute_over(backend, &self.program, &mut inputs, shape, device)
    }

    /// The program and the views of its operands in `shape`, for a fold on the device of `like`. Of a
    /// program that is too long for the device, only the last part is handed on.
    pub(crate) fn with_views<R>(
        &self,
        like: &Array<B>,
        shape: &[usize],
        run: impl FnOnce(&Program, &[View<'_, B>]) -> Result<R>,
    ) -> Result<R> {
        if let [x] = &self.args[..]
            && x.layout.has_shape(shape)
        {
            let (view, device) = (x.view(), like.device);
            return in_parts(&like.backend, &self.program, &[view], shape, device, run);
        }
        let mut layouts: SmallVec<[Layout; 3]> = SmallVec::new();
        for x in &self.args {
            layouts.push(fit(&x.layout, shape)?);
        }
        let views: SmallVec<[View<'_, B>; 3]> = (self.args.iter().zip(&layouts))
            .map(|(x, layout)| View { buffer: &x.buffer, dtype: x.dtype(), layout })
            .collect();
        in_parts(&like.backend, &self.program, &views, shape, like.device, run)
    }
}

/// An argument, taken apart.
struct Parts<'x, B: Backend> {
    input: Input<'x, B>,
    backend: &'x B,
    device: Device,
}

/// The parts of an argument: as an operand, one that is owned, or is replaced by the result, is dying.
#[inline]
fn parts<'x, B: Backend>(x: &'x mut Arg<'_, B>) -> Parts<'x, B> {
    match &mut x.0 {
        Held::Borrowed(Array { backend, buffer, layout, dtype, device }) => Parts {
            input: Input { buffer: Access::Shared(buffer), dtype: *dtype, layout },
            backend,
            device: *device,
        },
        Held::Owned(Array { backend, buffer, layout, dtype, device })
        | Held::Replaced(Array { backend, buffer, layout, dtype, device }) => Parts {
            input: Input { buffer: Access::Dying(buffer), dtype: *dtype, layout },
            backend,
            device: *device,
        },
    }
}

/// Runs a program over the shape that its operands, of which there is at least one, broadcast to.
#[inline]
fn execute<B: Backend>(
    backend: &B,
    program: &Program,
    inputs: &mut [Input<'_, B>],
    device: Device,
) -> Result<Array<B>> {
    let first = inputs[0].layout.shape();
    if inputs[1..].iter().all(|x| x.layout.has_shape(first)) {
        return evaluate(backend, program, inputs, first, device);
    }
    let shape = common_shape(inputs.iter().map(|x| x.layout.shape()))?;
    execute_over(backend, program, inputs, &shape, device)
}

/// [`execute`] for two arrays.
#[inline]
fn execute_two<B: Backend>(
    program: &Program,
    a: Parts<'_, B>,
    b: Parts<'_, B>,
) -> Result<Array<B>> {
    if a.device != b.device {
        same_device([a.device, b.device].into_iter())?;
    }
    execute(a.backend, program, &mut [a.input, b.input], a.device)
}

/// [`execute`] for one array.
#[inline]
fn execute_one<B: Backend>(program: &Program, x: Parts<'_, B>) -> Result<Array<B>> {
    execute(x.backend, program, &mut [x.input], x.device)
}

/// Runs a program over a shape to which its operands broadcast.
fn execute_over<B: Backend>(
    backend: &B,
    program: &Program,
    inputs: &mut [Input<'_, B>],
    shape: &[usize],
    device: Device,
) -> Result<Array<B>> {
    let mut layouts: SmallVec<[Layout; 3]> = SmallVec::new();
    for x in &*inputs {
        layouts.push(fit(x.layout, shape)?);
    }
    let mut fitted: SmallVec<[Input<'_, B>; 3]> = inputs
        .iter_mut()
        .zip(&layouts)
        .map(|(x, layout)| {
            let buffer = match &mut x.buffer {
                Access::Shared(buffer) => Access::Shared(*buffer),
                Access::Dying(buffer) => Access::Dying(&mut **buffer),
            };
            Input { buffer, dtype: x.dtype, layout }
        })
        .collect();
    evaluate(backend, program, &mut fitted, shape, device)
}

/// Runs a program over the shape that its operands have.
fn evaluate<B: Backend>(
    backend: &B,
    program: &Program,
    inputs: &mut [Input<'_, B>],
    shape: &[usize],
    device: Device,
) -> Result<Array<B>> {
    if exceeds(program, &check::steps(backend, device, program)?) {
        return evaluate_in_parts(backend, program, inputs, shape, device);
    }
    let buffer = B::map(backend, program, inputs, shape, device)?;
    Array::from_buffer(backend, buffer, shape, program.output(), device)
}

/// [`evaluate`] for a program that is too long for the device.
#[cold]
fn evaluate_in_parts<B: Backend>(
    backend: &B,
    program: &Program,
    inputs: &[Input<'_, B>],
    shape: &[usize],
    device: Device,
) -> Result<Array<B>> {
    let views: Vec<View<'_, B>> = inputs.iter().map(Input::view).collect();
    let buffer = in_parts(backend, program, &views, shape, device, |program, views| {
        let mut inputs: Vec<Input<'_, B>> = views.iter().copied().map(Input::from).collect();
        B::map(backend, program, &mut inputs, shape, device)
    })?;
    Array::from_buffer(backend, buffer, shape, program.output(), device)
}

/// The array converted to `dtype`; the array itself where it has it already.
pub(crate) fn cast<'a, B: Backend>(x: impl Into<Arg<'a, B>>, dtype: DType) -> Result<Array<B>> {
    let mut x = x.into();
    if x.dtype == dtype {
        return Ok(x.into_array());
    }
    execute_one(&Program::of_cast(x.dtype, dtype)?, parts(&mut x))
}

/// A layout broadcast to a shape.
pub(crate) fn fit(layout: &Layout, shape: &[usize]) -> Result<Layout> {
    layout.broadcast_to(shape).ok_or_else(|| {
        Error::broadcast(format_args!(
            "the shape {:?} does not broadcast to {shape:?}",
            layout.shape()
        ))
    })
}

/// The dtype in which two operands meet.
#[inline]
pub(crate) fn common_dtype<B: Backend>(x1: &Operand<'_, B>, x2: &Operand<'_, B>) -> Result<DType> {
    match (x1, x2) {
        (Operand::Array(a), Operand::Array(b)) => promote(a.dtype(), b.dtype()),
        (Operand::Array(a), Operand::Scalar(s)) | (Operand::Scalar(s), Operand::Array(a)) => {
            s.result_dtype(a.dtype())
        }
        (Operand::Scalar(a), Operand::Scalar(b)) => Err(two_scalars(*a, *b)),
    }
}

#[cold]
fn two_scalars(a: Scalar, b: Scalar) -> Error {
    Error::value(format_args!(
        "two scalars ({a} and {b}) were given; at least one operand must be an array, so make one with \
         asarray"
    ))
}

/// Checks the dtypes of two operands against what the function takes.
fn check_category<B: Backend>(
    op: BinaryOp,
    category: Category,
    x1: &Operand<'_, B>,
    x2: &Operand<'_, B>,
) -> Result<()> {
    for (parameter, x, other) in [("x1", x1, x2), ("x2", x2, x1)] {
        if let Operand::Array(x) = x
            && !category.contains(x.dtype())
        {
            let other = match other {
                Operand::Array(other) => other.dtype(),
                Operand::Scalar(_) => x.dtype(),
            };
            return Err(refused(op, category, parameter, x.dtype(), other));
        }
    }
    Ok(())
}

/// The error of a dtype that a step does not take. The remedy is the conversion to the dtype of the other operand
/// if that is taken, else the function that does what may have been meant.
#[cold]
fn refused(op: BinaryOp, category: Category, parameter: &str, dtype: DType, other: DType) -> Error {
    if category.contains(other) && !dtype.is_complex() {
        return Error::dtype(format_args!(
            "{parameter} has dtype {dtype}, but {} is expected; convert it to that of the other operand, with \
             astype({parameter}, DType::{other:?})",
            category.expected()
        ));
    }
    let instead = match (op, dtype) {
        (BinaryOp::Add | BinaryOp::Maximum, DType::Bool) => "use logical_or",
        (BinaryOp::Multiply | BinaryOp::Minimum, DType::Bool) => "use logical_and",
        (BinaryOp::Subtract, DType::Bool) => "use logical_xor",
        (BinaryOp::Divide, _) if dtype.is_integer() => "divide integers with floor_divide",
        _ => "",
    };
    category.refused(parameter, dtype, instead)
}

/// The error of two operands, which names what is wrong with their shapes, too.
#[cold]
fn and_shapes<B: Backend>(error: Error, x1: &Operand<'_, B>, x2: &Operand<'_, B>) -> Error {
    if let (Operand::Array(a), Operand::Array(b)) = (x1, x2)
        && let Err(other) = common_shape([a.shape(), b.shape()].into_iter())
    {
        return error.besides(&other);
    }
    error
}

/// A function of two operands that is one step.
#[track_caller]
pub(crate) fn binary<'a, B: Backend>(
    name: &'static str,
    op: BinaryOp,
    category: Category,
    mut x1: Operand<'a, B>,
    mut x2: Operand<'a, B>,
) -> Result<Array<B>> {
    binary_of(op, category, &mut x1, &mut x2).named(name)
}

/// [`binary`] of operands that are left as they are if it fails, and are used up otherwise.
pub(crate) fn binary_of<'a, B: Backend>(
    op: BinaryOp,
    category: Category,
    x1: &mut Operand<'a, B>,
    x2: &mut Operand<'a, B>,
) -> Result<Array<B>> {
    if let (Operand::Array(a), Operand::Array(b)) = (&mut *x1, &mut *x2) {
        let (a, b) = (parts(a), parts(b));
        let dtype = a.input.dtype;
        if dtype == b.input.dtype {
            // nothing to promote
            if !category.contains(dtype) {
                return Err(refused(op, category, "x1", dtype, dtype));
            }
            return execute_two(&Program::of_binary(op, dtype)?, a, b);
        }
    }
    check_category(op, category, x1, x2)?;
    let dtype = match common_dtype(x1, x2) {
        Ok(dtype) => dtype,
        Err(e) => return Err(and_shapes(e, x1, x2)),
    };
    category.check("the common dtype of the operands", dtype)?;
    let program = match (&*x1, &*x2) {
        (Operand::Array(x), Operand::Scalar(value)) if x.dtype == dtype => {
            Program::of_binary_with(op, dtype, *value, false)?
        }
        (Operand::Scalar(value), Operand::Array(x)) if x.dtype == dtype => {
            Program::of_binary_with(op, dtype, *value, true)?
        }
        _ => {
            let mut program = Program::new();
            let mut slot = |x: &Operand<'_, B>| match x {
                Operand::Array(x) => {
                    let slot = program.input(x.dtype)?;
                    program.cast(slot, dtype)
                }
                Operand::Scalar(value) => program.constant(*value, dtype),
            };
            let (a, b) = (slot(x1)?, slot(x2)?);
            program.binary(op, a, b)?;
            program
        }
    };
    match (x1, x2) {
        (Operand::Array(a), Operand::Array(b)) => execute_two(&program, parts(a), parts(b)),
        (Operand::Array(x), _) | (_, Operand::Array(x)) => execute_one(&program, parts(x)),
        (Operand::Scalar(a), Operand::Scalar(b)) => Err(two_scalars(*a, *b)),
    }
}

/// The in-place form: `x1` becomes the result, whose shape and dtype must be its own. On an error it is
/// left as it was.
#[track_caller]
pub(crate) fn binary_assign<'a, B: Backend>(
    name: &'static str,
    op: BinaryOp,
    category: Category,
    x1: &'a mut Array<B>,
    x2: Operand<'a, B>,
) -> Result<()> {
    let run = || {
        let left = Operand::Array(Arg::from(&*x1));
        check_category(op, category, &left, &x2)?;
        let dtype = common_dtype(&left, &x2).and_then(|dtype| in_place_dtype(x1.dtype(), dtype));
        let shape = match &x2 {
            Operand::Array(x2) => in_place_shape(x1.shape(), x2.shape()),
            Operand::Scalar(_) => Ok(()),
        };
        let dtype = match (dtype, shape) {
            (Ok(dtype), Ok(())) => dtype,
            (Err(error), Err(other)) => return Err(error.besides(&other)),
            (Err(error), Ok(())) | (Ok(_), Err(error)) => return Err(error),
        };
        let mut c = Computation::new();
        let a = c.array(Arg(Held::Replaced(&mut *x1)))?;
        let b = c.operand(x2, dtype)?;
        c.program.binary(op, a, b)?;
        let result = c.run()?;
        *x1 = result;
        Ok(())
    };
    run().named(name)
}

/// An error unless the dtype of a result is that of the array that takes it in place.
fn in_place_dtype(here: DType, result: DType) -> Result<DType> {
    if result == here {
        return Ok(result);
    }
    Err(Error::dtype(format_args!(
        "the result has dtype {result}, which the array of dtype {here} cannot take in place; assign the \
         result to a new array, or convert the operand with astype(x2, DType::{here:?})"
    )))
}

/// An error unless an operand broadcasts to the shape of the array that takes the result in place.
fn in_place_shape(here: &[usize], operand: &[usize]) -> Result<()> {
    if operand == here || common_shape([here, operand].into_iter())?[..] == *here {
        return Ok(());
    }
    Err(Error::broadcast(format_args!(
        "the operand of shape {operand:?} does not broadcast to the shape {here:?} of the array that is \
         changed in place; assign the result to a new array"
    )))
}

/// A function of one array that is one step. Dtypes that the category takes but the step does not (the
/// `ceil` of an integer) are returned as they are.
#[track_caller]
pub(crate) fn unary<'a, B: Backend>(
    name: &'static str,
    op: UnaryOp,
    category: Category,
    mut x: Arg<'a, B>,
) -> Result<Array<B>> {
    if op.output(x.dtype).is_none() && category.contains(x.dtype) {
        return Ok(x.into_array());
    }
    let mut run = || {
        let x = parts(&mut x);
        category.check_or("x", x.input.dtype, |dtype| match (op, dtype) {
            (UnaryOp::Negative, DType::Bool) => "use logical_not",
            (UnaryOp::BitwiseInvert, _) => "use logical_not",
            _ => "",
        })?;
        execute_one(&Program::of_unary(op, x.input.dtype)?, x)
    };
    run().named(name)
}

/// An array of `shape` filled with a scalar that its dtype holds.
pub(crate) fn filled<B: Backend>(
    backend: &B,
    value: Scalar,
    shape: &[usize],
    dtype: DType,
    device: Device,
) -> Result<Array<B>> {
    let mut c = Computation::<B>::new();
    c.program.constant(value, dtype)?;
    c.run_over(backend, shape, device)
}
