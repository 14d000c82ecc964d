//! Which elements an index means: a layout, and for arrays in the index the terms of a gather or a
//! scatter.
//!
//! The semantics are the standard's where it has some, and NumPy's for what it leaves open (slices
//! beside integer arrays, masks beside other items).

use std::ops::Bound;

use arrayspace_core::{
    Backend, BinaryOp, DType, Dims, Error, IndexTerm, Layout, MAX_NDIM, Program, Result, Strides,
    View, element_count,
};
use smallvec::SmallVec;

use super::{Index, IndexItem, Slice};
use crate::array::Array;
use crate::compute;
use crate::limits::{check_boolean_indexing, in_parts};

/// The elements that an index means. At index `i` of the selection that is the element at
/// `layout(i) + Σ indices_t(i) · stride_t` of the indexed array's memory.
pub(crate) struct Selection<B: Backend> {
    /// The layout, with the shape of the selection and stride 0 along the axes of the terms.
    pub(crate) layout: Layout,
    terms: Vec<Term<B>>,
}

/// Indices along one axis, or along the axes of a mask together.
struct Term<B: Backend> {
    /// The indices, in the shape of the selection.
    indices: Array<B>,
    extent: usize,
    stride: isize,
    axis: usize,
}

/// An array of an index, and the first of the axes that it indexes.
struct Indexed<'a, B: Backend> {
    array: &'a Array<B>,
    axis: usize,
}

/// An index whose items have been counted and whose arrays are known to be fit for one.
#[derive(Debug)]
pub(crate) struct Checked<'a, B: Backend> {
    items: &'a [IndexItem<'a, B>],
    /// The number of axes that an ellipsis stands for.
    left_over: usize,
}

impl<'a, B: Backend> Checked<'a, B> {
    /// Checks an index against the array that it is meant for: the number of its items, the dtypes and
    /// devices of its arrays, the shapes of its masks.
    pub(crate) fn new(x: &Array<B>, index: &'a Index<'_, B>) -> Result<Checked<'a, B>> {
        let items = index.items();
        let (mut used, mut ellipses, mut kept) = (0, 0, 0);
        for item in items {
            match item {
                IndexItem::Int(_) | IndexItem::List(_) => used += 1,
                IndexItem::Slice(_) => {
                    used += 1;
                    kept += 1;
                }
                IndexItem::Ellipsis => ellipses += 1,
                IndexItem::NewAxis => kept += 1,
                IndexItem::Array(a) => {
                    used += match a.dtype() {
                        DType::Bool => {
                            check_boolean_indexing(&x.backend, x.device)?;
                            a.ndim()
                        }
                        d if d.is_integer() => 1,
                        d => {
                            return Err(Error::index(format_args!(
                                "an array of dtype {d} was given as an index; indices are integers or \
                                 bool, so convert with astype(index, DType::Int64)"
                            )));
                        }
                    };
                    compute::same_device([x.device(), a.device()].into_iter())?;
                }
            }
        }
        if ellipses > 1 {
            return Err(Error::index(format_args!(
                "{ellipses} ellipses were given; an index has at most one, so write the others as `..`"
            )));
        }
        let Some(left_over) = x.ndim().checked_sub(used) else {
            return Err(Error::index(format_args!(
                "too many indices: {used} for an array of {} dimensions, whose shape is {:?}; leave {} out, or \
                 add axes with NewAxis",
                x.ndim(),
                x.shape(),
                used - x.ndim()
            )));
        };
        check_ndim(kept + left_over)?;
        Ok(Checked { items, left_over })
    }

    /// The mask, if the index is one that selects among leading axes of exactly its shape.
    pub(crate) fn sole_mask(&self, shape: &[usize]) -> Option<&'a Array<B>> {
        match self.items {
            [IndexItem::Array(a)] if a.dtype() == DType::Bool && shape.starts_with(a.shape()) => {
                Some(a)
            }
            _ => None,
        }
    }
}

/// An error unless an array may have so many dimensions.
fn check_ndim(ndim: usize) -> Result<()> {
    if ndim > MAX_NDIM {
        return Err(Error::index(format_args!(
            "the index selects an array of {ndim} dimensions, but an array has at most {MAX_NDIM}"
        )));
    }
    Ok(())
}

/// The place of an integer index in an axis of `len` elements, if it is in bounds.
#[inline]
fn within(index: i64, len: usize) -> Option<usize> {
    let steps = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 { len.checked_sub(steps) } else { Some(steps).filter(|&place| place < len) }
}

/// The place of an integer index in an axis of `len` elements.
#[inline]
fn element(index: i64, len: usize, axis: usize) -> Result<usize> {
    within(index, len).ok_or_else(|| out_of_bounds(index, len, axis))
}

#[cold]
fn out_of_bounds(index: i64, len: usize, axis: usize) -> Error {
    if len == 0 {
        return Error::index(format_args!(
            "index {index} is out of bounds for axis {axis}, which has no elements"
        ));
    }
    Error::index(format_args!(
        "index {index} is out of bounds for axis {axis} of length {len}; valid are -{len} to {}",
        len - 1
    ))
}

impl Slice {
    /// The first index in an axis of `len` elements, the step, and the number of elements: Python's
    /// `slice.indices`.
    fn within(self, len: usize, axis: usize) -> Result<(usize, isize, usize)> {
        let Slice { start, stop, step } = self;
        if step == 0 {
            return Err(Error::index(format_args!(
                "the slice for axis {axis} has the step 0; a step is positive or negative"
            )));
        }
        let n = i64::try_from(len).unwrap_or(i64::MAX);
        // Where a slice may begin and end: 0..=n forwards, -1..n backwards.
        let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
        let place = |bound: i64, beyond: i64| {
            let counted = if bound < 0 { bound + n } else { bound };
            counted.saturating_add(beyond).clamp(low, high)
        };
        let (first, last) = if step > 0 { (low, high) } else { (high, low) };
        let start = start.map_or(first, |bound| place(bound, 0));
        let stop = match stop {
            Bound::Unbounded => last,
            Bound::Excluded(bound) => place(bound, 0),
            Bound::Included(bound) => place(bound, step.signum()),
        };
        let distance = if step > 0 { stop - start } else { start - stop };
        if distance <= 0 {
            return Ok((0, 1, 0));
        }
        let count = (distance as u64 - 1) / step.unsigned_abs() + 1;
        // With one element the step is of no use, and might not fit an isize.
        let step = if count > 1 { step as isize } else { 1 };
        Ok((start as usize, step, count as usize))
    }
}

/// Where in the selection the axes of the index arrays go.
#[derive(Clone, Copy)]
enum Place {
    /// There is none yet.
    Nowhere,
    /// Before this axis; the item of this number was the last one that belongs there.
    Before { axis: usize, item: usize },
    /// Items of other kinds were in between.
    First,
}

impl Place {
    /// An integer or an array is item number `item`, and `axis` axes came before.
    fn join(&mut self, item: usize, axis: usize) {
        *self = match *self {
            Place::Nowhere => Place::Before { axis, item },
            Place::Before { axis, item: last } if last + 1 == item => Place::Before { axis, item },
            Place::Before { .. } | Place::First => Place::First,
        }
    }
}

/// The way along the items of an index and the axes that they are for. Axes without an item stay as they are.
struct Walk<'a> {
    layout: &'a Layout,
    /// The layout with the items so far.
    out: Layout,
    /// The axis that the next item is for, and where it is in `out`.
    axis: usize,
    at: usize,
}

impl<'a> Walk<'a> {
    #[inline]
    fn new(layout: &'a Layout) -> Walk<'a> {
        Walk { layout, out: layout.clone(), axis: 0, at: 0 }
    }

    /// Takes an integer, a slice or a new axis; there is an axis for it.
    #[inline]
    fn take<B: Backend>(&mut self, item: &IndexItem<'_, B>) -> Result<()> {
        let len = || self.layout.shape()[self.axis];
        match item {
            IndexItem::Int(i) => {
                self.out = self.out.index(self.at, element(*i, len(), self.axis)?);
                self.axis += 1;
            }
            IndexItem::Slice(slice) => {
                let (start, step, count) = slice.within(len(), self.axis)?;
                self.out = self.out.slice(self.at, start, step, count);
                self.pass(1);
            }
            IndexItem::NewAxis => {
                self.out = self.out.insert_axis(self.at);
                self.at += 1;
            }
            // (a list is an array by now)
            IndexItem::Ellipsis | IndexItem::Array(_) | IndexItem::List(_) => {}
        }
        Ok(())
    }

    /// Leaves axes as they are.
    #[inline]
    fn pass(&mut self, axes: usize) {
        self.axis += axes;
        self.at += axes;
    }

    /// Takes away axes, for which there is an array.
    fn remove(&mut self, axes: usize) {
        for _ in 0..axes {
            self.out = self.out.remove_axis(self.at);
        }
        self.axis += axes;
    }
}

/// The layout that an index of integers and slices means, for the first few axes of an array of a few; `None`
/// for any other index, and for one that is out of bounds (which [`Selection::new`] finds out).
#[inline]
pub(crate) fn few_axes<B: Backend>(layout: &Layout, index: &Index<'_, B>) -> Option<Layout> {
    let (items, shape) = (index.items(), layout.shape());
    if let [item] = items {
        // what is computed stays in registers until it is written in its place
        let &len = shape.first()?;
        return match item {
            IndexItem::Int(i) => layout.index_few(0, within(*i, len)?),
            IndexItem::Slice(slice) => {
                let (start, step, count) = slice.within(len, 0).ok()?;
                layout.slice_few(0, start, step, count)
            }
            _ => None,
        };
    }
    if let Some(place) = one_element(layout, items) {
        return Layout::contiguous_at(&[], place).ok();
    }
    if items.len() > shape.len() || !items.iter().all(is_few) {
        return None;
    }
    let mut out = layout.clone();
    let mut at = 0; // where the axis is in `out`
    for (item, &len) in items.iter().zip(shape) {
        match item {
            IndexItem::Int(i) => out = out.index_few(at, within(*i, len)?)?,
            IndexItem::Slice(slice) => {
                let (start, step, count) = slice.within(len, at).ok()?;
                out = out.slice_few(at, start, step, count)?;
                at += 1;
            }
            _ => return None,
        }
    }
    Some(out)
}

fn is_few<B: Backend>(item: &IndexItem<'_, B>) -> bool {
    matches!(item, IndexItem::Int(_) | IndexItem::Slice(_))
}

/// Where the element is that an integer for each axis means.
#[inline]
fn one_element<B: Backend>(layout: &Layout, items: &[IndexItem<'_, B>]) -> Option<usize> {
    let (shape, strides) = (layout.shape(), layout.strides());
    if items.len() != shape.len() {
        return None;
    }
    let mut place = layout.offset() as isize;
    for ((item, &len), &stride) in items.iter().zip(shape).zip(strides) {
        let IndexItem::Int(i) = item else { return None };
        // wraps for an array without elements alone, of which an index will be out of bounds
        place = place.wrapping_add((within(*i, len)? as isize).wrapping_mul(stride));
    }
    Some(place as usize)
}

impl<B: Backend> Selection<B> {
    /// What `index` means in `x`, were its elements at `layout` (of the shape of `x`).
    ///
    /// # Errors
    /// [`Error::Index`] for an integer out of bounds, a step of 0 or a mask of another shape,
    /// [`Error::Broadcast`] for arrays that do not broadcast together.
    pub(crate) fn new(
        x: &Array<B>,
        layout: &Layout,
        index: &Checked<'_, B>,
    ) -> Result<Selection<B>> {
        let (shape, strides) = (layout.shape(), layout.strides());
        // without an element, strides and offsets mean nothing, and what an index adds to them might leave
        // their range
        let inhabited = layout.size() > 0;
        let still;
        let mut walk = if inhabited {
            Walk::new(layout)
        } else {
            still = Layout::new(shape, &Strides::from_elem(0, shape.len()), 0)?;
            Walk::new(&still)
        };
        let mut arrays: SmallVec<[Indexed<'_, B>; 2]> = SmallVec::new();
        let mut place = Place::Nowhere;
        for (number, item) in index.items.iter().enumerate() {
            if let IndexItem::Int(_) | IndexItem::Array(_) = item {
                place.join(number, walk.at);
            }
            match item {
                IndexItem::Ellipsis => walk.pass(index.left_over),
                IndexItem::Array(array) => {
                    let axis = walk.axis;
                    arrays.push(Indexed { array, axis });
                    let covered = if array.dtype() == DType::Bool {
                        check_mask(array, &shape[axis..], axis)?;
                        array.ndim()
                    } else {
                        1
                    };
                    walk.remove(covered);
                }
                _ => walk.take(item)?,
            }
        }
        let out = walk.out;
        if arrays.is_empty() {
            return Ok(Selection::of_layout(out));
        }
        let place = match place {
            Place::Before { axis, .. } => axis,
            Place::Nowhere | Place::First => 0,
        };
        let integers = arrays.iter().filter(|a| a.array.dtype() != DType::Bool);
        compute::broadcast(integers.map(|a| a.array.shape()))?; // before masks are searched
        let mut offset = out.offset() as isize;
        let mut terms = Vec::new();
        for Indexed { array, axis } in arrays {
            terms.push(if array.dtype() == DType::Bool {
                let covered = axis..axis + array.ndim();
                let strides = strides[covered].iter().map(|&s| if inhabited { s } else { 0 });
                let (term, shift) = positions(x, array, &strides.collect::<Strides>(), axis)?;
                offset -= shift;
                term
            } else {
                let indices = array.clone();
                Term { indices, extent: shape[axis], stride: strides[axis], axis }
            });
        }

        let common = compute::broadcast(terms.iter().map(|t| t.indices.shape()))?;
        let (mut dims, mut strides) = (Dims::from(out.shape()), Strides::from(out.strides()));
        dims.insert_many(place, common.iter().copied());
        strides.insert_many(place, common.iter().map(|_| 0));
        check_ndim(dims.len())?;
        let count = element_count(&dims).ok_or_else(|| Error::out_of_memory(None))?;
        if count == 0 || !inhabited {
            strides.fill(0);
        }
        let layout = Layout::new(&dims, &strides, offset as usize)?;
        if layout.size() == 0 || !inhabited {
            // There is no element to read, but an index that is out of bounds is an error still.
            terms.iter().try_for_each(|term| check_bounds(x, term))?;
        }
        for term in &mut terms {
            let spread = spread(&term.indices.layout, &common, place, layout.shape())?;
            term.indices.layout = spread;
        }
        Ok(Selection { layout, terms })
    }

    /// The elements that a layout says.
    #[inline]
    pub(crate) fn of_layout(layout: Layout) -> Selection<B> {
        Selection { layout, terms: Vec::new() }
    }

    /// The shape of what is selected.
    pub(crate) fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// Whether the layout says it all: there are no index arrays.
    pub(crate) fn is_view(&self) -> bool {
        self.terms.is_empty()
    }

    /// The elements, as an operand in the memory of `x`.
    pub(crate) fn view<'a>(&'a self, x: &'a Array<B>) -> View<'a, B> {
        View { buffer: &x.buffer, dtype: x.dtype, layout: &self.layout }
    }

    /// What a gather or a scatter takes.
    pub(crate) fn terms(&self) -> SmallVec<[IndexTerm<'_, B>; 2]> {
        let terms = self.terms.iter().map(|t| IndexTerm {
            indices: t.indices.view(),
            extent: t.extent,
            stride: t.stride,
            axis: t.axis,
        });
        terms.collect()
    }
}

/// An error unless each axis of a mask has the length of the axis that it covers, or 0.
fn check_mask<B: Backend>(mask: &Array<B>, shape: &[usize], axis: usize) -> Result<()> {
    let covered = &shape[..mask.ndim()];
    if mask.shape().iter().zip(covered).any(|(&m, &d)| m != d && m != 0) {
        return Err(Error::index(format_args!(
            "a boolean mask of shape {:?} was given for axes of the lengths {covered:?} (from axis \
             {axis}); a mask has the shape of the axes that it covers",
            mask.shape()
        )));
    }
    Ok(())
}

/// An error if one of the indices is out of bounds.
///
/// The backend's gather finds out, by the way of reading an element (of the indices themselves).
fn check_bounds<B: Backend>(x: &Array<B>, term: &Term<B>) -> Result<()> {
    let (indices, layout) = (&term.indices, &term.indices.layout);
    if layout.size() == 0 {
        return Ok(());
    }
    let strides = Strides::from_elem(0, layout.ndim());
    let first = Layout::new(layout.shape(), &strides, layout.offset())?;
    let check =
        IndexTerm { indices: indices.view(), extent: term.extent, stride: 0, axis: term.axis };
    B::gather(&x.backend, View { layout: &first, ..indices.view() }, &[check])?;
    Ok(())
}

/// The layout of an index array in the shape of the selection: broadcast to `common`, whose axes come
/// before axis `place` of the others, along which it is repeated.
fn spread(layout: &Layout, common: &[usize], place: usize, dims: &[usize]) -> Result<Layout> {
    let layout = layout.broadcast_to(common).ok_or_else(|| {
        Error::broadcast(format_args!(
            "the index array of shape {:?} does not broadcast to {common:?}",
            layout.shape()
        ))
    })?;
    let mut strides = Strides::from_elem(0, dims.len());
    strides[place..place + common.len()].copy_from_slice(layout.strides());
    Layout::new(dims, &strides, layout.offset())
}

/// Where a mask is true, as distances in memory from the element of `x` with the smallest address: one
/// term for all axes that the mask covers, whose strides in `x` are given. Second, how far from there
/// (in elements) the element at index 0 of these axes is.
fn positions<B: Backend>(
    x: &Array<B>,
    mask: &Array<B>,
    strides: &[isize],
    axis: usize,
) -> Result<(Term<B>, isize)> {
    let index_dtype = compute::capabilities(&x.backend, x.device)?.defaults.indexing;
    let mut program = Program::new();
    let (mut sum, mut reach, mut shift) = (None, 0isize, 0isize);
    if mask.size() > 0 {
        for (k, (&len, &stride)) in mask.shape().iter().zip(strides).enumerate() {
            if len == 1 || stride == 0 {
                continue;
            }
            let span = (len as isize - 1) * stride;
            reach += span.abs();
            shift -= span.min(0);
            let coordinate = program.coordinate(k)?;
            let factor = program.constant(stride as i64, DType::Int64)?;
            let distance = program.binary(BinaryOp::Multiply, coordinate, factor)?;
            sum = Some(match sum {
                None => distance,
                Some(sum) => program.binary(BinaryOp::Add, sum, distance)?,
            });
        }
    }
    let start = program.constant(shift as i64, DType::Int64)?;
    let distance = match sum {
        None => start,
        Some(sum) => program.binary(BinaryOp::Add, sum, start)?,
    };
    program.cast(distance, index_dtype)?;
    let (backend, shape) = (&x.backend, mask.shape());
    let (buffer, count) = in_parts(backend, &program, &[], shape, x.device, |program, views| {
        B::compact(backend, program, views, mask.view())
    })?;
    let indices = Array::from_buffer(&x.backend, buffer, &[count], index_dtype, x.device)?;
    Ok((Term { indices, extent: reach as usize + 1, stride: 1, axis }, shift))
}
