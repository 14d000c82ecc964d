//! The checks of the contract's methods: one error and one text for each mistake, on every backend.
//!
//! The layer above passes operands that fit. A backend may be called by others as well, and must be
//! memory-safe whatever it is given: it calls the function of its method's name first. That checks the
//! operands against each other, and every view against its buffer; where its documentation says "but for
//! the view", the backend calls [`view`] as well. Memory, the devices of operands and the limits of its
//! hardware are the backend's own to check.
//!
//! ```
//! use arrayspace_core::{DType, Error, ScanOp, check};
//! let error = check::scan(ScanOp::Sum, DType::Bool, &[2, 3], 1).unwrap_err();
//! assert!(matches!(error, Error::DType(_)));
//! let error = check::scan(ScanOp::Sum, DType::Int8, &[2, 3], 2).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "axis 2 of cumulative_sum is out of range for an array of 2 dimensions"
//! );
//! ```

use std::ops::Range;

use crate::{
    ArgFoldOp, Backend, Capabilities, DType, Device, Dims, Error, FactorOp, FoldOp, FourierOp,
    IndexTerm, Layout, OpClass, Part, Program, Result, Scalar, ScanOp, ScatterOp, StepOp, View,
    element_count, unravel_index,
};

// ---- devices and dtypes ----------------------------------------------------------------------------

/// The capabilities of a device.
///
/// # Errors
/// [`Error::Device`] if the backend has no such device.
pub fn device<B: Backend>(this: &B, device: Device) -> Result<Capabilities> {
    B::capabilities(this, device).ok_or_else(|| no_device(this, device))
}

/// The error for a device that the backend does not have.
#[cold]
pub fn no_device<B: Backend>(this: &B, device: Device) -> Error {
    Error::device(format_args!(
        "the backend {} has no device {device}; it has {} (an array goes to another backend by the \
         asarray of that one)",
        B::backend_name(this),
        B::all_devices(this).iter().map(Device::to_string).collect::<Vec<_>>().join(", ")
    ))
}

/// Checks that a device does the operations of `class` on a dtype.
///
/// # Errors
/// [`Error::Device`] if the backend has no such device, [`Error::Unsupported`] if it does not.
pub fn supported<B: Backend>(this: &B, on: Device, class: OpClass, dtype: DType) -> Result<()> {
    let dtypes = device(this, on)?.dtypes(class);
    if dtypes.contains(dtype) {
        return Ok(());
    }
    let names: Vec<&str> = dtypes.iter().map(DType::name).collect();
    Err(Error::unsupported(format_args!(
        "the device {on} of the backend {} does not compute with {dtype}; it takes {}",
        B::backend_name(this),
        names.join(", ")
    )))
}

/// Checks that a device computes with the dtypes of all steps of a program, and gives its capabilities.
///
/// # Errors
/// Those of [`supported`].
pub fn steps<B: Backend>(this: &B, on: Device, program: &Program) -> Result<Capabilities> {
    let there = device(this, on)?;
    let dtypes = there.dtypes(OpClass::Map);
    if let Some(step) = program.steps().iter().find(|step| !dtypes.contains(step.dtype)) {
        supported(this, on, OpClass::Map, step.dtype)?;
    }
    Ok(there)
}

/// The error for an operation that the backend does not know, as one that a later version of the
/// contract adds.
#[cold]
pub fn unknown(backend: &str, operation: &str) -> Error {
    Error::unsupported(format_args!(
        "the backend {backend} does not implement {operation}; use another backend, or a version of this \
         one that does"
    ))
}

// ---- memory ----------------------------------------------------------------------------------------

/// The elements of a buffer of `len` that a layout reaches over.
///
/// # Errors
/// [`Error::Shape`] if it reaches beyond the buffer.
#[inline]
pub fn span(layout: &Layout, len: usize) -> Result<Range<usize>> {
    match layout.span() {
        Some(span) if span.is_empty() || span.end <= len => Ok(span),
        _ => Err(beyond(layout, len)),
    }
}

#[cold]
fn beyond(layout: &Layout, len: usize) -> Error {
    Error::shape(format_args!(
        "a view of shape {:?}, strides {:?} and offset {} exceeds its buffer of {len} elements",
        layout.shape(),
        layout.strides(),
        layout.offset()
    ))
}

/// The elements of its buffer that a view reaches over.
///
/// # Errors
/// [`Error::Shape`] if it reaches beyond the buffer.
#[inline]
pub fn view<B: Backend>(this: &B, view: View<'_, B>) -> Result<Range<usize>> {
    span(view.layout, B::buffer_len(this, view.buffer, view.dtype))
}

/// The number of elements in bytes that are to be uploaded or adopted.
///
/// # Errors
/// [`Error::Value`] if they are not a whole number of elements.
pub fn bytes(len: usize, dtype: DType) -> Result<usize> {
    let item = dtype.item_size();
    if len.is_multiple_of(item) {
        return Ok(len / item);
    }
    Err(Error::value(format_args!(
        "{len} bytes are not a whole number of elements of dtype {dtype}, which have {item} each"
    )))
}

/// Checks [`Backend::download`] into `out` bytes.
///
/// # Errors
/// [`Error::Shape`] if the view exceeds its buffer, or its elements do not fill `out` exactly.
pub fn download<B: Backend>(this: &B, source: View<'_, B>, out: usize) -> Result<()> {
    view(this, source)?;
    if source.layout.size().checked_mul(source.dtype.item_size()) == Some(out) {
        return Ok(());
    }
    Err(Error::shape(format_args!(
        "an array of shape {:?} and dtype {} does not fill {out} bytes exactly; pass a slice of as many \
         elements as the array has",
        source.layout.shape(),
        source.dtype
    )))
}

/// The error for a target that is not [exclusive](Backend::exclusive).
#[cold]
pub fn not_exclusive() -> Error {
    Error::value(format_args!(
        "the memory to be written is shared with another array or read-only; copy it first"
    ))
}

/// An error unless a target is [exclusive](Backend::exclusive).
fn exclusive<B: Backend>(this: &B, target: &mut B::Buffer) -> Result<()> {
    if B::exclusive(this, target) { Ok(()) } else { Err(not_exclusive()) }
}

// ---- moving elements -------------------------------------------------------------------------------

/// Checks that the elements of one layout can be copied to those of another.
///
/// # Errors
/// [`Error::Shape`] if the shapes differ.
#[inline]
pub fn same_shape(source: &Layout, target: &Layout) -> Result<()> {
    if target.has_shape(source.shape()) {
        return Ok(());
    }
    Err(Error::shape(format_args!(
        "elements of shape {:?} cannot be written to positions of shape {:?}; broadcast them first",
        source.shape(),
        target.shape()
    )))
}

/// Checks [`Backend::assemble`].
///
/// # Errors
/// [`Error::DType`] for a part of another dtype, [`Error::Shape`] for a part whose two shapes differ or
/// that exceeds a buffer, and if the parts have not `len` elements together.
pub fn assemble<B: Backend>(
    this: &B,
    parts: &[Part<'_, B>],
    dtype: DType,
    len: usize,
) -> Result<()> {
    let mut total = 0usize;
    for part in parts {
        let source = part.source;
        if source.dtype != dtype {
            return Err(Error::dtype(format_args!(
                "a part of dtype {} was given for an array of dtype {dtype}; convert it first",
                source.dtype
            )));
        }
        view(this, source)?;
        same_shape(source.layout, &part.target)?;
        span(&part.target, len)?;
        total = total.saturating_add(source.layout.size());
    }
    if total == len {
        return Ok(());
    }
    Err(Error::shape(format_args!(
        "the parts of an array of {len} elements have {total} elements together; they must cover it \
         exactly"
    )))
}

/// Checks [`Backend::write`].
///
/// # Errors
/// [`Error::Shape`] if the shapes differ or a view exceeds its buffer, [`Error::Value`] if the target is
/// not exclusive.
pub fn write<B: Backend>(
    this: &B,
    target: &mut B::Buffer,
    layout: &Layout,
    source: View<'_, B>,
) -> Result<()> {
    view(this, source)?;
    same_shape(source.layout, layout)?;
    span(layout, B::buffer_len(this, target, source.dtype))?;
    exclusive(this, target)
}

/// Checks [`Backend::fill`], and gives the value as one of `dtype`.
///
/// # Errors
/// [`Error::Value`] if the dtype does not hold the value or the target is not exclusive,
/// [`Error::Shape`] if the layout exceeds the buffer.
pub fn fill<B: Backend>(
    this: &B,
    target: &mut B::Buffer,
    layout: &Layout,
    dtype: DType,
    value: Scalar,
) -> Result<Scalar> {
    let value = value.checked_for(dtype)?;
    span(layout, B::buffer_len(this, target, dtype))?;
    exclusive(this, target)?;
    Ok(value)
}

/// Checks [`Backend::gather`], but for the values of indices: see [`index`].
///
/// # Errors
/// Those of [`terms`], and [`Error::Shape`] if the source's view exceeds its buffer.
pub fn gather<B: Backend>(
    this: &B,
    source: View<'_, B>,
    indices: &[IndexTerm<'_, B>],
) -> Result<()> {
    terms(this, source.layout, indices, B::buffer_len(this, source.buffer, source.dtype))
}

/// Checks [`Backend::scatter`], but for the values of indices: see [`index`].
///
/// # Errors
/// Those of [`terms`] and of [`write()`], and [`Error::DType`] if `op` does not take the dtype.
pub fn scatter<B: Backend>(
    this: &B,
    op: ScatterOp,
    target: &mut B::Buffer,
    layout: &Layout,
    indices: &[IndexTerm<'_, B>],
    source: View<'_, B>,
) -> Result<()> {
    view(this, source)?;
    same_shape(source.layout, layout)?;
    if !op.takes(source.dtype) {
        return Err(not_taken("scatter", op.name(), source.dtype));
    }
    terms(this, layout, indices, B::buffer_len(this, target, source.dtype))?;
    exclusive(this, target)
}

/// Checks the terms of a gather or scatter: of elements at `layout` of a buffer of `len` elements, and
/// all that valid indices lead to.
///
/// # Errors
/// [`Error::Shape`] for indices of another shape than the layout, views that exceed their buffers, and
/// extents that lead beyond the buffer; [`Error::DType`] for indices that are not integers.
#[inline]
pub fn terms<B: Backend>(
    this: &B,
    layout: &Layout,
    terms: &[IndexTerm<'_, B>],
    len: usize,
) -> Result<()> {
    for term in terms {
        let indices = term.indices;
        if !indices.dtype.is_integer() {
            return Err(Error::dtype(format_args!(
                "the indices of axis {} have dtype {}; they must have an integer dtype",
                term.axis, indices.dtype
            )));
        }
        if !indices.layout.has_shape(layout.shape()) {
            return Err(Error::shape(format_args!(
                "the indices of axis {} have shape {:?}, but the elements have shape {:?}; broadcast them \
                 first",
                term.axis,
                indices.layout.shape(),
                layout.shape()
            )));
        }
        view(this, indices)?;
    }
    if layout.size() == 0 || reach(layout, terms).is_some_and(|last| last <= len) {
        return Ok(());
    }
    Err(Error::shape(format_args!(
        "positions of shape {:?}, strides {:?} and offset {}, with axes of (length, stride) {:?} that are \
         indexed, exceed a buffer of {len} elements",
        layout.shape(),
        layout.strides(),
        layout.offset(),
        terms.iter().map(|t| (t.extent, t.stride)).collect::<Vec<_>>()
    )))
}

/// The end of the positions of a gather or scatter that valid indices lead to; 0 if no index is valid,
/// `None` if a position is negative or too large.
#[inline]
pub fn reach<B: Backend>(layout: &Layout, terms: &[IndexTerm<'_, B>]) -> Option<usize> {
    if terms.iter().any(|t| t.extent == 0) {
        return Some(0);
    }
    let span = layout.span()?;
    let (mut low, mut high) = (span.start as i128, span.end as i128);
    for term in terms {
        let reach = (term.extent as i128 - 1).checked_mul(term.stride as i128)?;
        let bound = if reach < 0 { &mut low } else { &mut high };
        *bound = bound.checked_add(reach)?;
    }
    if low < 0 { None } else { usize::try_from(high).ok() }
}

/// The error for an index that is out of bounds of an axis.
#[cold]
pub fn index(value: i128, axis: usize, extent: usize) -> Error {
    if extent == 0 {
        return Error::index(format_args!(
            "index {value} is out of bounds for axis {axis} of length 0, which has no valid index"
        ));
    }
    Error::index(format_args!(
        "index {value} is out of bounds for axis {axis} of length {extent}; valid are {} to {}",
        -(extent as i128),
        extent - 1
    ))
}

/// Checks [`Backend::compact`].
///
/// # Errors
/// [`Error::DType`] for a mask that is not of bools, and those of [`map`].
pub fn compact<B: Backend>(
    this: &B,
    program: &Program,
    inputs: &[View<'_, B>],
    mask: View<'_, B>,
) -> Result<()> {
    if mask.dtype != DType::Bool {
        return Err(Error::dtype(format_args!(
            "a mask has dtype bool, not {}; compare with something first",
            mask.dtype
        )));
    }
    view(this, mask)?;
    map(this, program, inputs, mask.layout.shape())
}

// ---- computing -------------------------------------------------------------------------------------

/// Checks [`Backend::map`], but for the device.
///
/// # Errors
/// Those of [`program`], and [`Error::Shape`] for a view that exceeds its buffer.
pub fn map<B: Backend>(
    this: &B,
    program: &Program,
    inputs: &[View<'_, B>],
    shape: &[usize],
) -> Result<()> {
    self::program(program, inputs, shape)?;
    inputs.iter().try_for_each(|&input| view(this, input).map(drop))
}

/// Checks that a program can run over a shape with these operands.
///
/// # Errors
/// [`Error::Value`] for a program without steps or with another number of operands;
/// [`Error::DType`] and [`Error::Shape`] for an operand of another dtype or shape; [`Error::Axis`] for
/// the coordinate along an axis that the shape does not have; [`Error::OutOfMemory`] for a shape of too
/// many elements.
pub fn program<B: Backend>(
    program: &Program,
    operands: &[View<'_, B>],
    shape: &[usize],
) -> Result<()> {
    program.result()?;
    if operands.len() != program.inputs() {
        return Err(Error::value(format_args!(
            "a program that reads {} operands was given {}",
            program.inputs(),
            operands.len()
        )));
    }
    for step in program.steps() {
        match step.op {
            StepOp::Input(k) if operands[usize::from(k)].dtype != step.dtype => {
                return Err(Error::dtype(format_args!(
                    "operand {k} of a program is of dtype {}, but was given as {}; convert it first",
                    step.dtype,
                    operands[usize::from(k)].dtype
                )));
            }
            StepOp::Coordinate(axis) if usize::from(axis) >= shape.len() => {
                return Err(Error::axis(format_args!(
                    "a program asks for the coordinate along axis {axis} of a shape of {} dimensions",
                    shape.len()
                )));
            }
            _ => {}
        }
    }
    if let Some(k) = operands.iter().position(|view| !view.layout.has_shape(shape)) {
        return Err(Error::shape(format_args!(
            "operand {k} of a program over shape {shape:?} has shape {:?}; broadcast it first",
            operands[k].layout.shape()
        )));
    }
    Layout::contiguous(shape).map(drop)
}

/// Checks [`Backend::fold`], but for the device.
///
/// # Errors
/// Those of [`reduction`] and of [`map`].
pub fn fold<B: Backend>(
    this: &B,
    op: FoldOp,
    program: &Program,
    inputs: &[View<'_, B>],
    shape: &[usize],
    axes: &[usize],
) -> Result<()> {
    reduction(op, program.output(), shape, axes)?;
    map(this, program, inputs, shape)
}

/// Checks operation, dtype and axes of a fold.
///
/// # Errors
/// [`Error::DType`] if the fold does not take the dtype, [`Error::Axis`] for axes that are out of range,
/// repeated or not sorted, [`Error::Value`] for an extreme of no values.
#[inline]
pub fn reduction(op: FoldOp, dtype: DType, shape: &[usize], axes: &[usize]) -> Result<()> {
    if !op.takes(dtype) {
        return Err(not_taken("fold", op.name(), dtype));
    }
    if axes.windows(2).any(|w| w[0] >= w[1]) || axes.last().is_some_and(|&a| a >= shape.len()) {
        return Err(Error::axis(format_args!(
            "the axes {axes:?} of a fold over shape {shape:?} are out of range, repeated or not sorted"
        )));
    }
    let has_results = || (0..shape.len()).all(|a| shape[a] != 0 || axes.contains(&a));
    if axes.iter().any(|&a| shape[a] == 0) && has_results() {
        op.identity()?;
    }
    Ok(())
}

#[cold]
fn not_taken(kind: &str, name: &str, dtype: DType) -> Error {
    Error::dtype(format_args!("the {kind} {name} does not take values of dtype {dtype}"))
}

/// Checks [`Backend::arg_fold`], but for the view.
///
/// # Errors
/// [`Error::DType`] for a dtype that is not real, [`Error::Axis`] for an axis out of range,
/// [`Error::Value`] for a position among no values.
#[inline]
pub fn arg_fold(op: ArgFoldOp, dtype: DType, shape: &[usize], axis: Option<usize>) -> Result<()> {
    if !dtype.is_real() {
        return Err(Error::dtype(format_args!(
            "{} takes values of a real dtype, not {dtype}; convert them first (complex ones with abs, \
             real or imag)",
            op.name()
        )));
    }
    if let Some(axis) = axis.filter(|&a| a >= shape.len()) {
        return Err(out_of_range(axis, op.name(), shape.len()));
    }
    let mut kept = shape.iter().enumerate().filter(|&(a, _)| axis.is_some_and(|axis| a != axis));
    let has_results = kept.all(|(_, &len)| len != 0);
    if shape.contains(&0) && has_results {
        return Err(Error::value(format_args!(
            "the {} of no values has no position; shape {shape:?} has no elements along the axis",
            op.name()
        )));
    }
    Ok(())
}

#[cold]
fn out_of_range(axis: usize, name: &str, ndim: usize) -> Error {
    Error::axis(format_args!(
        "axis {axis} of {name} is out of range for an array of {ndim} dimensions"
    ))
}

/// Checks [`Backend::scan`], but for the view.
///
/// # Errors
/// [`Error::Axis`] for an axis out of range, [`Error::DType`] for bools.
pub fn scan(op: ScanOp, dtype: DType, shape: &[usize], axis: usize) -> Result<()> {
    if axis >= shape.len() {
        return Err(out_of_range(axis, op.name(), shape.len()));
    }
    if dtype.is_numeric() { Ok(()) } else { Err(not_taken("scan", op.name(), dtype)) }
}

/// Checks [`Backend::contract`], but for the views, and gives `[m, k, n]`.
///
/// # Errors
/// [`Error::Shape`] for shapes that do not belong together, [`Error::DType`] for two dtypes or bools.
#[inline]
pub fn contract<B: Backend>(left: View<'_, B>, right: View<'_, B>) -> Result<[usize; 3]> {
    let (a, b) = (left.layout.shape(), right.layout.shape());
    let ([lead_a @ .., m, k], [lead_b @ .., rows, n]) = (a, b) else {
        return Err(not_multiplied(a, b));
    };
    if lead_a != lead_b || k != rows {
        return Err(not_multiplied(a, b));
    }
    if left.dtype != right.dtype {
        return Err(Error::dtype(format_args!(
            "a matrix product takes operands of one dtype, not {} and {}",
            left.dtype, right.dtype
        )));
    }
    if !left.dtype.is_numeric() {
        return Err(Error::dtype(format_args!(
            "a matrix product takes numeric operands, not bool; convert them with astype first"
        )));
    }
    Ok([*m, *k, *n])
}

#[cold]
fn not_multiplied(a: &[usize], b: &[usize]) -> Error {
    Error::shape(format_args!(
        "matrices of shapes {a:?} and {b:?} cannot be multiplied; [..., m, k] and [..., k, n] with the same \
         leading axes were expected"
    ))
}

/// Checks [`Backend::order`] and [`Backend::order_indices`], but for the view, and gives the length of
/// the axis.
///
/// # Errors
/// [`Error::Axis`] for an axis out of range.
#[inline]
pub fn order(shape: &[usize], axis: usize) -> Result<usize> {
    shape.get(axis).copied().ok_or_else(|| out_of_range(axis, "a sort", shape.len()))
}

/// Checks [`Backend::search`], but for the views.
///
/// # Errors
/// [`Error::Shape`] for a sorted array of not one dimension, [`Error::DType`] for two dtypes.
pub fn search<B: Backend>(sorted: View<'_, B>, queries: View<'_, B>) -> Result<()> {
    if sorted.layout.ndim() != 1 {
        return Err(Error::shape(format_args!(
            "the sorted array has shape {:?}; it must have one dimension",
            sorted.layout.shape()
        )));
    }
    if sorted.dtype != queries.dtype {
        return Err(Error::dtype(format_args!(
            "values of dtype {} cannot be searched for in an array of dtype {}; convert them first",
            queries.dtype, sorted.dtype
        )));
    }
    Ok(())
}

// ---- the extensions --------------------------------------------------------------------------------

/// Checks [`Backend::factor`], but for the views, and gives the matrices and, for [`FactorOp::Solve`],
/// the right sides.
///
/// # Errors
/// [`Error::Shape`] for another number of operands, and for shapes that do not belong together,
/// [`Error::DType`] for dtypes without decompositions, and for two that differ.
pub fn factor<'a, B: Backend>(
    op: FactorOp,
    operands: &[View<'a, B>],
) -> Result<(View<'a, B>, Option<View<'a, B>>)> {
    let shapes: Vec<&[usize]> = operands.iter().map(|view| view.layout.shape()).collect();
    let wrong = |expected: &str| {
        Err(Error::shape(format_args!(
            "{} of operands of shapes {shapes:?}; {expected} was expected",
            op.name()
        )))
    };
    let (a, sides) = match (op, operands) {
        (FactorOp::Solve, &[a, b]) => (a, Some(b)),
        (FactorOp::Solve, _) => return wrong("two operands"),
        (_, &[a]) => (a, None),
        _ => return wrong("one operand"),
    };
    let [leading @ .., m, n] = a.layout.shape() else {
        return wrong("a stack of matrices");
    };
    if m != n && op.is_square() {
        return wrong("a stack of square matrices");
    }
    if !matches!(a.dtype, DType::Float32 | DType::Float64 | DType::Complex64 | DType::Complex128) {
        return Err(Error::dtype(format_args!(
            "there are no decompositions of {} matrices; convert them with astype(x, DType::Float64)",
            a.dtype
        )));
    }
    if let Some(b) = sides {
        let fits = matches!(b.layout.shape(), [l @ .., rows, _] if l == leading && rows == n);
        if !fits {
            return wrong("[..., n, n] and [..., n, k] with the same leading axes");
        }
        if b.dtype != a.dtype {
            return Err(Error::dtype(format_args!(
                "{} takes operands of one dtype, not {} and {}",
                op.name(),
                a.dtype,
                b.dtype
            )));
        }
    }
    Ok((a, sides))
}

/// The name of matrix number `n` of a stack, for the text of an error.
fn which(n: usize, stack: &[usize]) -> String {
    match stack {
        [] => "the matrix".to_owned(),
        _ => format!("the matrix at {:?} of the stack", unravel_index(n, stack)),
    }
}

/// The error for matrix number `n` of a stack, which has no inverse.
#[cold]
pub fn singular(n: usize, stack: &[usize]) -> Error {
    Error::singular(format_args!(
        "{} is singular, so that it has no inverse and its systems no single solution; pinv gives the \
         solution of least squares",
        which(n, stack)
    ))
}

/// The error for matrix number `n` of a stack, which has no Cholesky decomposition.
#[cold]
pub fn not_positive_definite(n: usize, stack: &[usize], pivot: usize) -> Error {
    Error::singular(format_args!(
        "{} is not positive definite: pivot {pivot} is not positive; check that it is Hermitian, or use \
         eigh, which takes any Hermitian matrix",
        which(n, stack)
    ))
}

/// The error for matrix number `n` of a stack, whose iteration did not converge.
#[cold]
pub fn no_convergence(n: usize, stack: &[usize]) -> Error {
    Error::no_convergence(format_args!(
        "the iteration did not converge for {}; scale it, or convert it to a dtype of higher precision",
        which(n, stack)
    ))
}

/// Checks [`Backend::fourier`], but for the view, and gives dtype and shape of the result.
///
/// # Errors
/// [`Error::DType`] if the transform does not take the dtype, [`Error::Axis`] for an axis out of range,
/// [`Error::Value`] for a length of 0, [`Error::OutOfMemory`] for a result of too many elements.
pub fn fourier(
    op: FourierOp,
    dtype: DType,
    shape: &[usize],
    axis: usize,
    n: usize,
) -> Result<(DType, Dims)> {
    let output = op.output(dtype).ok_or_else(|| not_taken("transform", op.name(), dtype))?;
    if axis >= shape.len() {
        return Err(out_of_range(axis, op.name(), shape.len()));
    }
    if n == 0 {
        return Err(Error::value(format_args!(
            "{} of length 0 was asked for; the length is at least 1",
            op.name()
        )));
    }
    let mut shape = Dims::from_slice(shape);
    shape[axis] = op.lengths(n).1;
    element_count(&shape).ok_or_else(|| Error::out_of_memory(None))?;
    Ok((output, shape))
}
