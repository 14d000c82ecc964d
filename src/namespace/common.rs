//! What several chapters need: conversions, flat views, gathers and compactions with their checks.

use arrayspace_core::{
    Backend, DType, Device, Error, IndexTerm, Layout, OpClass, Program, Result, View, check,
};

use crate::array::Array;
use crate::compute::{self, check_supported};
use crate::limits::in_parts;

/// The dtype of indices on the device of `x`.
pub(crate) fn index_dtype<B: Backend>(x: &Array<B>) -> Result<DType> {
    Ok(compute::capabilities(&x.backend, x.device)?.defaults.indexing)
}

/// An array of `shape`, which has no elements, where `like` is.
pub(crate) fn no_elements<B: Backend>(
    like: &Array<B>,
    shape: &[usize],
    dtype: DType,
) -> Result<Array<B>> {
    let buffer = B::allocate(&like.backend, dtype, 0, like.device)?;
    Array::from_buffer(&like.backend, buffer, shape, dtype, like.device)
}

/// The elements in row-major order along one axis: a view where strides can say so, else a copy.
pub(crate) fn flat<B: Backend>(x: &Array<B>) -> Result<Array<B>> {
    in_shape(x, &[x.size()])
}

/// The elements in row-major order in another shape of as many: a view where strides can say so, else
/// a copy.
pub(crate) fn in_shape<B: Backend>(x: &Array<B>, shape: &[usize]) -> Result<Array<B>> {
    if let Some(layout) = x.layout.reshape(shape) {
        return Ok(x.with_layout(layout));
    }
    let copy = x.contiguous_copy()?;
    Ok(copy.with_layout(Layout::contiguous(shape)?))
}

/// Each element once: of an axis along which the same ones are repeated, one of them. For what is true of an array if
/// it is of its elements, whatever their number.
pub(crate) fn distinct<B: Backend>(x: &Array<B>) -> Array<B> {
    let mut layout = x.layout.clone();
    for (axis, &stride) in x.strides().iter().enumerate() {
        if stride == 0 && x.shape()[axis] > 1 {
            layout = layout.slice(axis, 0, 1, 1);
        }
    }
    x.with_layout(layout)
}

/// The common device of two arrays.
pub(crate) fn common_device<B: Backend>(x1: &Array<B>, x2: &Array<B>) -> Result<Device> {
    Ok(compute::same_device([x1.device, x2.device].into_iter())?.unwrap_or(x1.device))
}

/// An integer scalar as a 1-d array of one element.
pub(crate) fn one_index<B: Backend>(like: &Array<B>, value: usize) -> Result<Array<B>> {
    let dtype = index_dtype(like)?;
    compute::filled(&like.backend, value.into(), &[1], dtype, like.device)
}

/// The elements of `x` at `indices` along `axis`. The other axes of both broadcast to those of `shape`,
/// the shape of the result.
///
/// # Errors
/// [`Error::Index`] for an index out of bounds.
pub(crate) fn gather<B: Backend>(
    x: &Array<B>,
    indices: &Array<B>,
    axis: usize,
    shape: &[usize],
) -> Result<Array<B>> {
    common_device(x, indices)?;
    check_supported(&x.backend, x.device, OpClass::Storage, x.dtype)?;
    let nothing = Layout::contiguous(shape)?.size() == 0;
    let extent = x.shape()[axis];
    if extent == 0 && indices.size() > 0 {
        return Err(Error::index(format_args!(
            "an index is out of bounds for axis {axis}, which has length 0; {} indices were given",
            indices.size()
        )));
    }
    if nothing {
        check_bounds(indices, axis, extent)?;
        return no_elements(x, shape, x.dtype);
    }
    let source = compute::fit(&x.layout.slice(axis, 0, 1, 1), shape)?;
    let places = compute::fit(&indices.layout, shape)?;
    let term = IndexTerm {
        indices: View { buffer: &indices.buffer, dtype: indices.dtype, layout: &places },
        extent,
        stride: x.strides()[axis],
        axis,
    };
    let source = View { buffer: &x.buffer, dtype: x.dtype, layout: &source };
    let buffer = B::gather(&x.backend, source, &[term])?;
    Array::from_buffer(&x.backend, buffer, shape, x.dtype, x.device)
}

/// An error if an index is out of bounds, where a gather would not look at it.
fn check_bounds<B: Backend>(indices: &Array<B>, axis: usize, extent: usize) -> Result<()> {
    if indices.size() == 0 {
        return Ok(());
    }
    let indices = &distinct(indices);
    // a gather that reads one element (of the indices themselves) again and again
    let one = Layout::new(indices.shape(), &vec![0; indices.ndim()], indices.layout.offset())?;
    let term = IndexTerm { indices: indices.view(), extent, stride: 0, axis };
    let source = View { buffer: &indices.buffer, dtype: indices.dtype, layout: &one };
    B::gather(&indices.backend, source, &[term])?;
    Ok(())
}

/// The values of a program over `inputs` where `mask` is true, along one axis. The inputs have the
/// mask's shape.
pub(crate) fn compact<B: Backend>(
    program: &Program,
    inputs: &[&Array<B>],
    mask: &Array<B>,
) -> Result<Array<B>> {
    check::steps(&mask.backend, mask.device, program)?;
    let views: Vec<View<'_, B>> = inputs.iter().map(|x| x.view()).collect();
    let (backend, device) = (&mask.backend, mask.device);
    let (buffer, len) =
        in_parts(backend, program, &views, mask.shape(), device, |program, views| {
            B::compact(backend, program, views, mask.view())
        })?;
    Array::from_buffer(&mask.backend, buffer, &[len], program.output(), mask.device)
}
