//! From arrays to decompositions: what is checked, who does it, what shapes come out.

use arrayspace_core::{
    Backend, BinaryOp, DType, Dims, Error, FactorOp, FoldOp, Layout, Result, UnaryOp,
};

use crate::array::Array;
use crate::axes::Axes;
use crate::compute::{broadcast, cast, fit, promote};
use crate::namespace::common::{common_device, distinct, no_elements};
use crate::namespace::range;
use crate::namespace::reduce::{Extra, Geometry, fold_array};
use crate::options::Reduction;

/// An error unless there are decompositions of the dtype.
pub(super) fn check_dtype(parameter: &str, dtype: DType) -> Result<()> {
    if dtype.is_floating() && !dtype.is_half() {
        return Ok(());
    }
    Err(Error::dtype(format_args!(
        "{parameter} has dtype {dtype}, but float32, float64, complex64 or complex128 is expected; \
         convert with astype(x, {})",
        if dtype.is_half() { "DType::Float32" } else { "DType::Float64" }
    )))
}

/// The last two lengths of an array of matrices.
pub(super) fn matrix_shape<B: Backend>(parameter: &str, x: &Array<B>) -> Result<[usize; 2]> {
    match *x.shape() {
        [.., m, n] => Ok([m, n]),
        _ => Err(Error::shape(format_args!(
            "{parameter} has shape {:?}, but at least two dimensions are expected, of which the last \
             two are those of the matrices",
            x.shape()
        ))),
    }
}

/// The number of rows of square matrices.
pub(super) fn square_shape<B: Backend>(parameter: &str, x: &Array<B>) -> Result<usize> {
    let [m, n] = matrix_shape(parameter, x)?;
    if m == n {
        return Ok(n);
    }
    Err(Error::shape(format_args!(
        "{parameter} has shape {:?}, so that its matrices are {m} by {n}, but square ones are expected",
        x.shape()
    )))
}

/// The lengths of all axes but those of the matrices.
pub(super) fn stack_shape<B: Backend>(x: &Array<B>) -> &[usize] {
    &x.shape()[..x.ndim().saturating_sub(2)]
}

/// An error if an element is NaN or infinite.
fn check_finite<B: Backend>(parameter: &str, x: &Array<B>) -> Result<()> {
    if x.size() == 0 {
        return Ok(());
    }
    // there may be more repeated matrices than there is memory for results
    let x = &distinct(x);
    let geometry = Geometry::new(x.shape(), &Reduction::new().axis(Axes::All), Extra::Nothing)?;
    let finite =
        fold_array(FoldOp::All, x, &geometry, |c, slot| c.program.unary(UnaryOp::IsFinite, slot))?;
    if finite.item::<bool>()? {
        return Ok(());
    }
    Err(Error::value(format_args!(
        "{parameter} has an element that is NaN or infinite, and the result would be meaningless; find \
         them with isfinite, and replace or leave them out"
    )))
}

/// Which parts of a matrix are to be of moderate size, for a device to work on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    Columns,
    RowsAndColumns,
}

/// Whether a device can decompose these matrices without products that leave the range: the elements, or at
/// least the largest one of each line, are 0 or of moderate size. An error for NaN and infinities.
///
/// A backend whose memory the host can read does the others as well.
fn check_range<B: Backend>(parameter: &str, x: &Array<B>, lines: Lines) -> Result<bool> {
    if range::is_readable(x) || x.size() == 0 {
        return check_finite(parameter, x).map(|()| true);
    }
    if all_moderate(x)? {
        return Ok(true);
    }
    check_finite(parameter, x)?;
    let axes = if lines == Lines::Columns { &[-2][..] } else { &[-2, -1] };
    for &axis in axes {
        let over = Reduction::new().axis(axis);
        let geometry = Geometry::new(x.shape(), &over, Extra::Nothing)?;
        if !all_moderate(&fold_array(FoldOp::Maximum, x, &geometry, range::size)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether all elements are 0 or of moderate size: products of three of them are in range.
fn all_moderate<B: Backend>(x: &Array<B>) -> Result<bool> {
    let geometry = Geometry::new(x.shape(), &Reduction::new().axis(Axes::All), Extra::Nothing)?;
    let all = fold_array(FoldOp::All, x, &geometry, |c, x| {
        let size = range::size(c, x)?;
        let p = &mut c.program;
        let dtype = p.dtype(size)?;
        let high = if dtype == DType::Float32 { 1e12 } else { 1e99 };
        let limits = [0.0, 1.0 / high, high].map(|limit| p.constant(limit, dtype));
        let [zero, low, high] = limits;
        let none = p.binary(BinaryOp::Equal, size, zero?)?;
        let above = p.binary(BinaryOp::Greater, size, low?)?;
        let below = p.binary(BinaryOp::Less, size, high?)?;
        let between = p.binary(BinaryOp::BitwiseAnd, above, below)?;
        p.binary(BinaryOp::BitwiseOr, none, between)
    })?;
    all.item::<bool>()
}

/// Decomposes the matrices of `x`. Square ones are checked to be so.
pub(super) fn factor<B: Backend>(op: FactorOp, x: &Array<B>) -> Result<Vec<Array<B>>> {
    check_dtype("x", x.dtype)?;
    if op.is_square() {
        square_shape("x", x)?;
    } else {
        matrix_shape("x", x)?;
    }
    let lines = match op {
        FactorOp::Qr | FactorOp::QrComplete => Lines::Columns,
        _ => Lines::RowsAndColumns,
    };
    let here = check_range("x", x, lines)?;
    run(op, &[x], here)
}

/// The first of the results of [`factor`].
pub(super) fn factor_one<B: Backend>(op: FactorOp, x: &Array<B>) -> Result<Array<B>> {
    let [out] = exactly(factor(op, x)?)?;
    Ok(out)
}

/// So many results.
pub(super) fn exactly<B: Backend, const N: usize>(list: Vec<Array<B>>) -> Result<[Array<B>; N]> {
    list.try_into().map_err(|list: Vec<Array<B>>| {
        Error::unsupported(format_args!(
            "the backend gave {} results where {N} were asked for",
            list.len()
        ))
    })
}

/// `solve`.
pub(super) fn solve<B: Backend>(x1: &Array<B>, x2: &Array<B>) -> Result<Array<B>> {
    check_dtype("x1", x1.dtype)?;
    check_dtype("x2", x2.dtype)?;
    let dtype = promote(x1.dtype, x2.dtype)?;
    let n = square_shape("x1", x1)?;
    // one axis alone is one right side, for every matrix
    let vector = x2.ndim() == 1;
    let column = if vector { x2.with_layout(x2.layout.insert_axis(1)) } else { x2.clone() };
    let [rows, columns] = matrix_shape("x2", &column).map_err(|_| {
        Error::shape(format_args!(
            "x2 has shape {:?}, but one dimension (a right side) or more (matrices of right sides) are \
             expected",
            x2.shape()
        ))
    })?;
    if rows != n {
        return Err(Error::shape(format_args!(
            "the shapes {:?} and {:?} do not fit: the systems have {n} equations, but the right sides \
             have {rows} elements{}",
            x1.shape(),
            x2.shape(),
            if x2.ndim() > 1 {
                " along the last axis but one; a stack of vectors needs an axis of length 1 at the end \
                 (expand_dims)"
            } else {
                ""
            }
        )));
    }
    common_device(x1, x2)?;
    let stack = broadcast([stack_shape(x1), stack_shape(&column)].into_iter())?;
    let with_stack = |tail: &[usize]| -> Dims {
        let mut shape = stack.clone();
        shape.extend_from_slice(tail);
        shape
    };
    let (shape_a, shape_b) = (with_stack(&[n, n]), with_stack(&[n, columns]));
    Layout::contiguous(&shape_a)?;
    Layout::contiguous(&shape_b)?;
    let matrices = check_range("x1", x1, Lines::RowsAndColumns)?;
    let sides = check_range("x2", &column, Lines::Columns)?;
    let (a, b) = (cast(x1, dtype)?, cast(&column, dtype)?);
    let a = a.with_layout(fit(&a.layout, &shape_a)?);
    let b = b.with_layout(fit(&b.layout, &shape_b)?);
    let [x] = exactly(run(FactorOp::Solve, &[&a, &b], matrices && sides)?)?;
    Ok(if vector { x.with_layout(x.layout.remove_axis(x.ndim() - 1)) } else { x })
}

/// Has the backend decompose operands that have been checked, or the CPU through host memory: with `here` that is
/// left to the backend.
fn run<B: Backend>(op: FactorOp, operands: &[&Array<B>], here: bool) -> Result<Vec<Array<B>>> {
    let x = operands[0];
    let columns = match operands {
        [_, sides, ..] => matrix_shape("x2", sides)?[1],
        _ => 0,
    };
    let mut results = op.results(x.dtype, matrix_shape("x", x)?, columns);
    for (_, shape) in &mut results {
        shape.insert_from_slice(0, stack_shape(x));
        // what is beyond all memory is found before anything is made for it
        Layout::contiguous(shape)?;
    }
    if results.iter().all(|(_, shape)| shape.contains(&0)) {
        return results.iter().map(|(dtype, shape)| no_elements(x, shape, *dtype)).collect();
    }
    let views: Vec<_> = operands.iter().map(|x| x.view()).collect();
    let here = here || cfg!(not(feature = "cpu"));
    if let Some(buffers) = here.then(|| B::factor(&x.backend, op, &views)).flatten() {
        return buffers?
            .into_iter()
            .zip(&results)
            .map(|(buffer, (dtype, shape))| {
                Array::from_buffer(&x.backend, buffer, shape, *dtype, x.device)
            })
            .collect();
    }
    #[cfg(feature = "cpu")]
    {
        let host: Vec<_> =
            operands.iter().map(|x| super::super::to_host(x)).collect::<Result<_>>()?;
        let found = run(op, &host.iter().collect::<Vec<_>>(), true)?;
        found.iter().map(|y| super::super::from_host(x, y)).collect()
    }
    #[cfg(not(feature = "cpu"))]
    Err(super::super::without_host(x, "decompositions of matrices"))
}
