//! The chapter "manipulation functions".
//!
//! What strides can say is a view. Everything else is put together by the backend in one pass over
//! memory (`assemble`), from views: a repeated element is an axis of stride 0, a rolled array two parts
//! for each axis.

use arrayspace_core::{
    Backend, DType, Dims, Element, Error, HostMemory, Layout, MAX_NDIM, OpClass, Part, Result,
    Scalar, View, with_element,
};
use smallvec::SmallVec;

use super::common::{flat, gather, in_shape, index_dtype, no_elements};
use crate::arg::{Arg, Args, Operand};
use crate::array::Array;
use crate::array_like::vec_for;
use crate::axes::{Axes, Axis, Shift, normalize};
use crate::category::Category;
use crate::compute::{self, broadcast, cast, check_supported, same_device};
use crate::limits::check_data_dependent;
use crate::shape_arg::{Shape, negative};

// ---- broadcasting ------------------------------------------------------------------------------------

/// `broadcast_arrays`.
pub(crate) fn broadcast_arrays<B: Backend>(arrays: &[Arg<'_, B>]) -> Result<Vec<Array<B>>> {
    let shape = broadcast(arrays.iter().map(|x| x.shape()))?;
    arrays.iter().map(|x| Ok(x.with_layout(compute::fit(&x.layout, &shape)?))).collect()
}

/// `broadcast_shapes`.
pub(crate) fn broadcast_shapes(shapes: impl Iterator<Item = Shape>) -> Result<Vec<usize>> {
    let mut rooms = Vec::new();
    for shape in shapes {
        let mut room = Dims::new();
        shape.dims(&mut room)?;
        rooms.push(room);
    }
    Ok(broadcast(rooms.iter().map(|shape| &shape[..]))?.to_vec())
}

/// `broadcast_to`.
pub(crate) fn broadcast_to<B: Backend>(x: &Array<B>, shape: &Shape) -> Result<Array<B>> {
    let mut room = Dims::new();
    let shape = shape.dims(&mut room)?;
    Ok(x.with_layout(compute::fit(&x.layout, shape)?))
}

// ---- joining -----------------------------------------------------------------------------------------

/// The common dtype of arrays to join.
///
/// # Errors
/// [`Error::Value`] for no arrays, [`Error::Device`] and [`Error::Promotion`] for ones that do not go
/// together.
fn check_joinable<B: Backend>(arrays: &[Arg<'_, B>]) -> Result<DType> {
    let dtype = compute::promote_all(arrays.iter().map(|x| x.dtype()).collect())?;
    let device = same_device(arrays.iter().map(|x| x.device()))?;
    let (Some(dtype), Some(_)) = (dtype, device) else {
        return Err(Error::value(format_args!(
            "no arrays were given, but at least one is expected; the dtype and the shape of the result \
             come from them"
        )));
    };
    Ok(dtype)
}

/// A piece of a new array: where it is, and where it goes.
struct Piece<'a, B: Backend> {
    of: &'a Array<B>,
    source: Layout,
    target: Layout,
}

/// A new array of the dtype and on the device of `like`, from pieces that cover it.
fn assemble<B: Backend>(
    like: &Array<B>,
    shape: &[usize],
    pieces: &[Piece<'_, B>],
) -> Result<Array<B>> {
    check_supported(&like.backend, like.device, OpClass::Storage, like.dtype)?;
    let len = Layout::contiguous(shape)?.size();
    if len == 0 {
        return no_elements(like, shape, like.dtype);
    }
    let parts: Vec<Part<'_, B>> = pieces
        .iter()
        .filter(|piece| piece.target.size() > 0)
        .map(|piece| Part {
            source: View { buffer: &piece.of.buffer, dtype: like.dtype, layout: &piece.source },
            target: piece.target.clone(),
        })
        .collect();
    let buffer = B::assemble(&like.backend, &parts, like.dtype, len, like.device)?;
    Array::from_buffer(&like.backend, buffer, shape, like.dtype, like.device)
}

/// A new array with the elements of one, in the order of `layout`, in `shape` of as many.
fn copied<B: Backend>(x: &Array<B>, layout: Layout, shape: &[usize]) -> Result<Array<B>> {
    let target = Layout::contiguous(layout.shape())?;
    assemble(x, shape, &[Piece { of: x, source: layout, target }])
}

/// Lengths added up.
fn total(mut lengths: impl Iterator<Item = usize>) -> Result<usize> {
    lengths.try_fold(0usize, usize::checked_add).ok_or_else(|| Error::out_of_memory(None))
}

/// Lengths multiplied.
fn times(length: usize, by: usize) -> Result<usize> {
    length.checked_mul(by).ok_or_else(|| Error::out_of_memory(None))
}

/// `concat`.
pub(crate) fn concat<B: Backend>(arrays: Args<'_, B>, axis: Axis) -> Result<Array<B>> {
    let dtype = check_joinable(&arrays)?;
    let first = arrays[0].shape();
    let axis = match axis.or(Some(0)) {
        Some(axis) => Some(normalize(axis, first.len())?),
        None => None,
    };
    let mut shape = Dims::from_slice(first);
    if let Some(axis) = axis {
        for (k, x) in arrays.iter().enumerate() {
            let differs = |a: usize| a != axis && x.shape()[a] != first[a];
            if x.ndim() != first.len() || (0..first.len()).any(differs) {
                return Err(Error::shape(format_args!(
                    "array 0 has shape {first:?} and array {k} has shape {:?}, but equal shapes are \
                     expected, except along axis {axis}, which is joined",
                    x.shape()
                )));
            }
        }
        shape[axis] = total(arrays.iter().map(|x| x.shape()[axis]))?;
    } else {
        shape = Dims::from_slice(&[total(arrays.iter().map(|x| x.size()))?]);
    }
    let whole = Layout::contiguous(&shape)?;
    let arrays = arrays.into_iter().map(|x| cast(x, dtype)).collect::<Result<Vec<_>>>()?;
    let mut start = 0;
    let mut pieces = Vec::with_capacity(arrays.len());
    for x in &arrays {
        let (target, len) = match axis {
            Some(axis) => (whole.slice(axis, start, 1, x.shape()[axis]), x.shape()[axis]),
            // the place of a flattened array is one run of memory, which has the array's shape as well
            None => {
                let run = Layout::contiguous(x.shape())?;
                (Layout::new(run.shape(), run.strides(), start)?, x.size())
            }
        };
        pieces.push(Piece { of: x, source: x.layout.clone(), target });
        start += len;
    }
    assemble(&arrays[0], &shape, &pieces)
}

/// `stack`.
pub(crate) fn stack<B: Backend>(arrays: Args<'_, B>, axis: Axis) -> Result<Array<B>> {
    let dtype = check_joinable(&arrays)?;
    let first = arrays[0].shape();
    let axis = axis.one_of(first.len() + 1, 0)?;
    if let Some((k, x)) = arrays.iter().enumerate().find(|(_, x)| x.shape() != first) {
        return Err(Error::shape(format_args!(
            "array 0 has shape {first:?} and array {k} has shape {:?}, but equal shapes are expected; \
             concat joins along an axis that they have",
            x.shape()
        )));
    }
    let mut shape = Dims::from_slice(first);
    shape.insert(axis, arrays.len());
    let whole = Layout::contiguous(&shape)?;
    let arrays = arrays.into_iter().map(|x| cast(x, dtype)).collect::<Result<Vec<_>>>()?;
    let pieces: Vec<_> = (arrays.iter().enumerate())
        .map(|(k, x)| Piece { of: x, source: x.layout.clone(), target: whole.index(axis, k) })
        .collect();
    assemble(&arrays[0], &shape, &pieces)
}

/// `unstack`.
pub(crate) fn unstack<B: Backend>(x: &Array<B>, axis: Axis) -> Result<Vec<Array<B>>> {
    let axis = axis.one_of(x.ndim(), 0)?;
    // there may be more arrays than memory for them, as without elements lengths may be anything
    let mut out = vec_for(x.shape()[axis])?;
    out.extend((0..x.shape()[axis]).map(|k| x.with_layout(x.layout.index(axis, k))));
    Ok(out)
}

// ---- axes --------------------------------------------------------------------------------------------

/// The axes of a parameter that the standard requires.
fn required<'a>(axes: &'a Axes, parameter: &str) -> Result<&'a [i64]> {
    match axes {
        Axes::List(list) => Ok(list),
        Axes::All => Err(Error::axis(format_args!(
            "{parameter} is missing; give an integer or a list of integers"
        ))),
    }
}

/// `expand_dims`.
pub(crate) fn expand_dims<B: Backend>(x: &Array<B>, axis: &Axes) -> Result<Array<B>> {
    let ndim = x.ndim() + required(axis, "axis")?.len();
    if ndim > MAX_NDIM {
        return Err(Error::shape(format_args!(
            "the result would have {ndim} dimensions, but an array has at most {MAX_NDIM}"
        )));
    }
    let mut layout = x.layout.clone();
    for axis in axis.sorted(ndim)? {
        layout = layout.insert_axis(axis);
    }
    Ok(x.with_layout(layout))
}

/// `squeeze`.
pub(crate) fn squeeze<B: Backend>(x: &Array<B>, axis: &Axes) -> Result<Array<B>> {
    required(axis, "axis")?;
    let axes = axis.sorted(x.ndim())?;
    if let Some(&axis) = axes.iter().find(|&&axis| x.shape()[axis] != 1) {
        return Err(Error::shape(format_args!(
            "axis {axis} of the shape {:?} has length {}, but one of length 1 is expected",
            x.shape(),
            x.shape()[axis]
        )));
    }
    let mut layout = x.layout.clone();
    for &axis in axes.iter().rev() {
        layout = layout.remove_axis(axis);
    }
    Ok(x.with_layout(layout))
}

/// `permute_dims`.
pub(crate) fn permute_dims<B: Backend>(x: &Array<B>, axes: &Axes) -> Result<Array<B>> {
    let given = match axes {
        Axes::List(list) => list.len(),
        Axes::All => 0,
    };
    if given != x.ndim() {
        return Err(Error::axis(format_args!(
            "{given} axes were given, but a permutation of the {} axes of the shape {:?} is expected",
            x.ndim(),
            x.shape()
        )));
    }
    Ok(x.with_layout(x.layout.permute(&axes.in_order(x.ndim())?)))
}

/// `moveaxis`.
pub(crate) fn moveaxis<B: Backend>(
    x: &Array<B>,
    source: &Axes,
    destination: &Axes,
) -> Result<Array<B>> {
    let counts = (required(source, "source")?.len(), required(destination, "destination")?.len());
    if counts.0 != counts.1 {
        return Err(Error::axis(format_args!(
            "source has {} axes and destination has {}, but as many are expected",
            counts.0, counts.1
        )));
    }
    let source = source.in_order(x.ndim())?;
    let destination = destination.in_order(x.ndim())?;
    // the axes that stay, in their order, fill the places that are not destinations
    let mut rest = (0..x.ndim()).filter(|axis| !source.contains(axis));
    let order: Dims = (0..x.ndim())
        .filter_map(|place| match destination.iter().position(|&d| d == place) {
            Some(k) => Some(source[k]),
            None => rest.next(),
        })
        .collect();
    Ok(x.with_layout(x.layout.permute(&order)))
}

// ---- order and shape ---------------------------------------------------------------------------------

/// `flip`.
pub(crate) fn flip<B: Backend>(x: &Array<B>, axis: &Axes) -> Result<Array<B>> {
    let mut layout = x.layout.clone();
    for axis in axis.sorted(x.ndim())? {
        let len = x.shape()[axis];
        layout = layout.slice(axis, len.saturating_sub(1), -1, len);
    }
    Ok(x.with_layout(layout))
}

/// The shape that is meant for an array of `size` elements, with a -1 replaced by what is left, in `room`.
fn resolve<'r>(shape: &Shape, size: usize, room: &'r mut Dims) -> Result<&'r [usize]> {
    let given = &shape.0[..];
    if let Some(place) = given.iter().position(|&d| d == -1) {
        return infer(given, place, size, room);
    }
    let count = shape.write(room)?;
    if count != size {
        return Err(Error::shape(format_args!(
            "an array of {size} elements cannot take the shape {given:?}, which has {count} elements; give lengths \
             whose product is {size}, one of them as -1 if it is to be inferred"
        )));
    }
    Ok(room)
}

/// [`resolve`] of a shape with a -1 at `place`.
fn infer<'r>(given: &[i64], place: usize, size: usize, room: &'r mut Dims) -> Result<&'r [usize]> {
    let unknown = given.iter().filter(|&&d| d == -1).count();
    if unknown > 1 {
        return Err(Error::shape(format_args!(
            "the shape {given:?} has {unknown} lengths of -1, but one at most can be inferred; \
             give the others"
        )));
    }
    if given.iter().any(|&d| d < -1) {
        return Err(negative(given));
    }
    let known = Shape(given.iter().map(|&d| if d == -1 { 1 } else { d }).collect());
    let count = known.write(room)?;
    if count == 0 {
        return Err(Error::shape(format_args!(
            "the length -1 of the shape {given:?} cannot be inferred, as the other lengths multiply to 0; \
             give it as a number"
        )));
    }
    if !size.is_multiple_of(count) {
        return Err(Error::shape(format_args!(
            "an array of {size} elements cannot take the shape {given:?}: the known lengths multiply to \
             {count}, which does not divide {size}; give lengths that do"
        )));
    }
    room[place] = size / count;
    Ok(room)
}

/// `reshape`.
pub(crate) fn reshape<B: Backend>(
    x: &Array<B>,
    shape: &Shape,
    copy: Option<bool>,
) -> Result<Array<B>> {
    let mut room = Dims::new();
    let shape = resolve(shape, x.size(), &mut room)?;
    if copy != Some(true) && x.layout.is_contiguous() {
        return Ok(x.with_layout(Layout::contiguous_at(shape, x.layout.offset())?));
    }
    match (copy, x.layout.reshape(shape)) {
        (Some(true), _) => copied(x, x.layout.clone(), shape),
        (_, Some(layout)) => Ok(x.with_layout(layout)),
        (None, None) => copied(x, x.layout.clone(), shape),
        (Some(false), None) => Err(Error::value(format_args!(
            "the shape {shape:?} of an array of shape {:?} and strides {:?} needs a copy, which \
             copy=false forbids; leave copy out",
            x.shape(),
            x.strides()
        ))),
    }
}

/// How many axes are rolled in one pass: 2 parts for each axis, so 64 at most.
const ROLLED_AT_ONCE: usize = 6;

/// `roll`.
pub(crate) fn roll<B: Backend>(x: &Array<B>, shift: &Shift, axis: &Axes) -> Result<Array<B>> {
    let Axes::List(list) = axis else {
        let Shift::Every(shift) = shift else {
            return Err(Error::value(format_args!(
                "several shifts were given without axes; give as many axes, or one shift"
            )));
        };
        let rolled = roll_axes(&flat(x)?, &[(0, *shift)])?;
        return in_shape(&rolled, x.shape());
    };
    let axes = axis.in_order(x.ndim())?;
    let moves: SmallVec<[(usize, i64); 6]> = match shift {
        Shift::Every(shift) => axes.iter().map(|&axis| (axis, *shift)).collect(),
        Shift::Each(shifts) if shifts.len() == axes.len() => {
            axes.iter().copied().zip(shifts.iter().copied()).collect()
        }
        Shift::Each(shifts) => {
            return Err(Error::value(format_args!(
                "{} shifts {:?} and {} axes {:?} were given, but one shift for each axis is expected",
                shifts.len(),
                &shifts[..],
                list.len(),
                &list[..]
            )));
        }
    };
    roll_axes(x, &moves)
}

/// The array rolled along each of these axes by as much.
fn roll_axes<B: Backend>(x: &Array<B>, moves: &[(usize, i64)]) -> Result<Array<B>> {
    // shifts modulo the length, as many places to the right; what does not move is left out
    let moves: SmallVec<[(usize, usize); 6]> = moves
        .iter()
        .filter(|_| x.size() > 0)
        .map(|&(axis, shift)| (axis, shift.rem_euclid(x.shape()[axis] as i64) as usize))
        .filter(|&(_, shift)| shift != 0)
        .collect();
    let mut out = x.clone();
    for moves in moves.chunks(ROLLED_AT_ONCE) {
        let mut parts = vec![(out.layout.clone(), Layout::contiguous(out.shape())?)];
        for &(axis, shift) in moves {
            let len = out.shape()[axis];
            let halves = |(source, target): &(Layout, Layout)| {
                let part =
                    |from, to, n| (source.slice(axis, from, 1, n), target.slice(axis, to, 1, n));
                [part(0, shift, len - shift), part(len - shift, 0, shift)]
            };
            parts = parts.iter().flat_map(halves).collect();
        }
        let pieces: Vec<_> =
            parts.into_iter().map(|(source, target)| Piece { of: &out, source, target }).collect();
        let rolled = assemble(&out, out.shape(), &pieces)?;
        drop(pieces);
        out = rolled;
    }
    Ok(out)
}

// ---- repetition --------------------------------------------------------------------------------------

/// `tile`.
pub(crate) fn tile<B: Backend>(x: &Array<B>, repetitions: &Shape) -> Result<Array<B>> {
    let given = &repetitions.0[..];
    if let Some(count) = given.iter().find(|&&r| r < 0) {
        return Err(Error::value(format_args!(
            "the repetitions {given:?} contain {count}, but counts of 0 or more are expected"
        )));
    }
    let ndim = x.ndim().max(given.len());
    let mut old = Dims::from_elem(1, ndim - x.ndim());
    old.extend_from_slice(x.shape());
    let mut counts = Dims::from_elem(1, ndim - given.len());
    counts.extend(given.iter().map(|&r| r as usize));
    replicate(x, counts.iter().zip(&old).map(|(&count, &len)| [count, len, 1]))
}

/// An array, each axis given as how often it is repeated, its length, and how often each element
/// along it is repeated. Axes of length 1 may be given that the array does not have.
fn replicate<B: Backend>(
    x: &Array<B>,
    axes: impl Iterator<Item = [usize; 3]> + Clone,
) -> Result<Array<B>> {
    let shape = (axes.clone())
        .map(|[copies, len, each]| times(times(copies, len)?, each))
        .collect::<Result<Dims>>()?;
    if Layout::contiguous(&shape)?.size() == 0 {
        return no_elements(x, &shape, x.dtype);
    }
    // What is repeated is an axis of stride 0. Lengths of 1 are left out: those that remain double the
    // size at least, so there are never too many of them.
    let split: Dims = axes.clone().flatten().filter(|&n| n != 1).collect();
    let source: Dims = axes
        .flat_map(|[copies, len, each]| [(copies, 1), (len, len), (each, 1)])
        .filter(|&(n, _)| n != 1)
        .map(|(_, len)| len)
        .collect();
    let single = in_shape(x, &source)?;
    if single.size() == shape.iter().product() {
        return in_shape(x, &shape);
    }
    copied(&single, compute::fit(&single.layout, &split)?, &shape)
}

/// `repeat`.
pub(crate) fn repeat<'a, B: Backend>(
    x: &Array<B>,
    repeats: Operand<'a, B>,
    axis: Axis,
) -> Result<Array<B>> {
    let axis = match axis.or(None) {
        Some(axis) => Some(normalize(axis, x.ndim())?),
        None => None,
    };
    let line = match axis {
        Some(axis) => x.shape()[axis],
        None => x.size(),
    };
    let (one, each);
    let counts = match &repeats {
        Operand::Scalar(Scalar::Int(value)) => {
            one = [count(*value)?];
            &one[..]
        }
        Operand::Scalar(other) => {
            return Err(Error::value(format_args!(
                "repeats is the {} {other}, but an integer or an array of integers is expected",
                other.kind_name()
            )));
        }
        Operand::Array(repeats) => {
            Category::Integer.check("repeats", repeats.dtype())?;
            let fits = repeats.ndim() == 1 && (repeats.size() == 1 || repeats.size() == line);
            if !fits {
                return Err(Error::shape(format_args!(
                    "repeats has shape {:?}, but [1] or [{line}] is expected, a count for each element",
                    repeats.shape()
                )));
            }
            check_data_dependent(&x.backend, x.device)?;
            each = counts_of(repeats)?;
            &each[..]
        }
    };
    let (x, axis) = match axis {
        Some(axis) => (x.clone(), axis),
        None => (flat(x)?, 0),
    };
    match *counts {
        [count] => replicate(
            &x,
            x.shape()
                .iter()
                .enumerate()
                .map(|(k, &len)| [1, len, if k == axis { count } else { 1 }]),
        ),
        _ => repeat_each(&x, counts, axis),
    }
}

/// Each element along an axis as often as its own count says: a gather.
fn repeat_each<B: Backend>(x: &Array<B>, counts: &[usize], axis: usize) -> Result<Array<B>> {
    let len = total(counts.iter().copied())?;
    let mut shape = Dims::from_slice(x.shape());
    shape[axis] = len;
    if Layout::contiguous(&shape)?.size() == 0 {
        return no_elements(x, &shape, x.dtype);
    }
    let dtype = index_dtype(x)?;
    let places = counts.iter().enumerate().flat_map(|(k, &n)| std::iter::repeat_n(k, n));
    let memory = match dtype {
        DType::Int32 => {
            let mut indices = vec_for::<i32>(len)?;
            indices.extend(places.map(|k| k as i32));
            HostMemory::from_vec(indices)
        }
        _ => {
            let mut indices = vec_for::<i64>(len)?;
            indices.extend(places.map(|k| k as i64));
            HostMemory::from_vec(indices)
        }
    };
    let mut column = Dims::from_elem(1, x.ndim());
    column[axis] = len;
    let buffer = B::adopt(&x.backend, memory, dtype, x.device)?;
    let indices = Array::from_buffer(&x.backend, buffer, &column, dtype, x.device)?;
    gather(x, &indices, axis, &shape)
}

/// A count of repetitions.
fn count(value: i128) -> Result<usize> {
    if value < 0 {
        return Err(Error::value(format_args!(
            "repeats contains {value}, but counts of 0 or more are expected"
        )));
    }
    usize::try_from(value).map_err(|_| Error::out_of_memory(None))
}

/// The elements of an integer array as counts.
fn counts_of<B: Backend>(x: &Array<B>) -> Result<Vec<usize>> {
    let mut counts = vec_for(x.size())?;
    with_element!(x.dtype, T => {
        for v in x.to_vec::<T>()? {
            counts.push(count(v.to_scalar().to_int())?);
        }
    });
    Ok(counts)
}
