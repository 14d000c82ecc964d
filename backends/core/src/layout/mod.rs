//! Layouts: where in a buffer the elements of an array are.

use std::fmt;

mod algebra;

pub use algebra::{collapse, is_injective, unravel_index};

use smallvec::{SmallVec, smallvec};

use crate::{Error, Result};

/// The most dimensions an array may have.
pub const MAX_NDIM: usize = 64;

/// A shape, without an allocation up to six dimensions.
pub type Dims = SmallVec<[usize; 6]>;

/// Strides in elements, without an allocation up to six dimensions.
pub type Strides = SmallVec<[isize; 6]>;

/// The number of elements of a shape, or `None` if it, or a length, exceeds `isize::MAX`.
///
/// ```
/// use arrayspace_core::element_count;
/// assert_eq!(element_count(&[2, 3]), Some(6));
/// assert_eq!(element_count(&[]), Some(1));
/// assert_eq!(element_count(&[1 << 40, 1 << 40]), None);
/// assert_eq!(element_count(&[1 << 40, 1 << 40, 0]), Some(0));
/// assert_eq!(element_count(&[1 << 63, 0]), None);
/// ```
#[inline]
pub fn element_count(shape: &[usize]) -> Option<usize> {
    let (mut count, mut fits, mut is_empty) = (1usize, true, false);
    for &dim in shape {
        let (product, overflows) = count.overflowing_mul(dim);
        (count, fits, is_empty) = (product, fits & !overflows, is_empty | (dim == 0));
    }
    // however many lines there are, there is none along an axis of length 0
    match is_empty {
        true => are_lengths(shape).then_some(0),
        false => (fits && count <= isize::MAX as usize).then_some(count),
    }
}

/// Whether these can be lengths of axes of an array without elements: none is so long that it could not be counted in
/// steps forwards and backwards.
#[cold]
fn are_lengths(shape: &[usize]) -> bool {
    shape.iter().all(|&dim| dim <= isize::MAX as usize)
}

/// A shape, signed strides and an offset, all in elements: the element at index `i` is at
/// `offset + Σ i[k]·strides[k]` of the buffer.
///
/// ```
/// use arrayspace_core::Layout;
/// let l = Layout::contiguous(&[2, 3]).unwrap();
/// assert_eq!(l.strides(), [3, 1]);
/// let t = l.permute(&[1, 0]);
/// assert_eq!((t.shape(), t.strides()), (&[3, 2][..], &[1, 3][..]));
/// assert!(l.is_contiguous() && !t.is_contiguous());
/// ```
#[derive(Clone)]
pub struct Layout {
    axes: Axes,
    offset: usize,
}

/// Up to this many axes lie in the layout itself. Every operation copies layouts: of a few axes that is a
/// few moves, without a call or an allocation.
const FEW: usize = 4;

/// Lengths and strides.
#[derive(Clone)]
enum Axes {
    /// The first `ndim` of each. Beyond them lengths are 1, so that all can be gone through, whatever `ndim` is.
    Few { ndim: usize, shape: [usize; FEW], strides: [isize; FEW] },
    /// The same number of each.
    Many { shape: Box<[usize]>, strides: Box<[isize]> },
}

impl Axes {
    /// `ndim` axes of length 1 and stride 0.
    #[inline]
    fn new(ndim: usize) -> Axes {
        if ndim <= FEW {
            Axes::Few { ndim, shape: [1; FEW], strides: [0; FEW] }
        } else {
            Axes::Many { shape: vec![1; ndim].into(), strides: vec![0; ndim].into() }
        }
    }

    /// A few axes of elements in row-major order. `None` for too many elements.
    ///
    /// No place in memory depends on the number of axes: what is computed stays in registers until it is written where
    /// the layout is wanted. (Words that are read in pairs soon after each was written are waited for.)
    #[inline(always)]
    fn contiguous_few(lengths: &[usize]) -> Option<Axes> {
        let shape = match *lengths {
            [] => [1; FEW],
            [a] => [a, 1, 1, 1],
            [a, b] => [a, b, 1, 1],
            [a, b, c] => [a, b, c, 1],
            [a, b, c, d, ..] => [a, b, c, d],
        };
        let [a, b, c, d] = shape.map(|dim| dim.max(1));
        // wraps for zero-size arrays alone, where no stride is ever used
        let (cd, bcd) = (c.wrapping_mul(d), b.wrapping_mul(c).wrapping_mul(d));
        let strides = [bcd as isize, cd as isize, d as isize, 1];
        let count = a.checked_mul(b).and_then(|n| n.checked_mul(c)).and_then(|n| n.checked_mul(d));
        let fits = count.is_some_and(|n| n <= isize::MAX as usize);
        if !fits && (!shape.contains(&0) || !are_lengths(&shape)) {
            return None;
        }
        Some(Axes::Few { ndim: lengths.len(), shape, strides })
    }

    /// Axes of which `axis` says length and stride, for each number that one of a few axes may have: length 1 beyond
    /// the last.
    #[inline(always)] // see `contiguous_few`
    fn few(ndim: usize, axis: impl Fn(usize) -> (usize, isize)) -> Axes {
        let [a, b, c, d] = [axis(0), axis(1), axis(2), axis(3)];
        Axes::Few { ndim, shape: [a.0, b.0, c.0, d.0], strides: [a.1, b.1, c.1, d.1] }
    }

    /// Lengths and strides, for writing.
    #[inline]
    fn parts(&mut self) -> (&mut [usize], &mut [isize]) {
        match self {
            Axes::Few { ndim, shape, strides } => {
                let n = (*ndim).min(FEW);
                (&mut shape[..n], &mut strides[..n])
            }
            Axes::Many { shape, strides } => (shape, strides),
        }
    }
}

/// Whether elements with these strides lie in row-major order without gaps.
#[inline(always)] // a loop over a few axes becomes none
fn is_contiguous(shape: &[usize], strides: &[isize]) -> bool {
    let (mut step, mut is_contiguous, mut is_empty) = (1isize, true, false);
    for (&dim, &stride) in shape.iter().zip(strides).rev() {
        is_contiguous &= dim == 1 || stride == step;
        is_empty |= dim == 0;
        step = step.wrapping_mul(dim as isize);
    }
    is_contiguous || is_empty
}

/// The strides of any number of axes of elements in row-major order.
#[cold]
fn contiguous_strides(shape: &[usize]) -> Result<Box<[isize]>> {
    if shape.len() > MAX_NDIM {
        return Err(Error::shape(format_args!(
            "a shape of {} dimensions was given, but an array has at most {MAX_NDIM}",
            shape.len()
        )));
    }
    element_count(shape).ok_or_else(|| Error::out_of_memory(None))?;
    let mut strides = vec![0; shape.len()];
    let mut step = 1usize;
    for (stride, &dim) in strides.iter_mut().zip(shape).rev() {
        *stride = step as isize;
        // wraps for zero-size arrays alone, where no stride is ever used
        step = step.wrapping_mul(dim.max(1));
    }
    Ok(strides.into())
}

impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.offset == other.offset
            && self.shape() == other.shape()
            && self.strides() == other.strides()
    }
}

impl Eq for Layout {}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout")
            .field("shape", &self.shape())
            .field("strides", &self.strides())
            .field("offset", &self.offset)
            .finish()
    }
}

impl Layout {
    /// Row-major elements from the start of a buffer.
    ///
    /// # Errors
    /// [`Error::Shape`] for more than [`MAX_NDIM`] dimensions, [`Error::OutOfMemory`] for more than
    /// `isize::MAX` elements, or a length of more.
    #[inline(always)] // see `Axes::contiguous_few`
    pub fn contiguous(shape: &[usize]) -> Result<Layout> {
        Layout::contiguous_at(shape, 0)
    }

    /// Row-major elements from an offset on. That offset and elements together stay below `isize::MAX` is for the
    /// caller to know.
    ///
    /// # Errors
    /// Those of [`Layout::contiguous`].
    #[inline(always)]
    pub fn contiguous_at(shape: &[usize], offset: usize) -> Result<Layout> {
        let axes = match shape.len() <= FEW {
            true => Axes::contiguous_few(shape).ok_or_else(|| Error::out_of_memory(None))?,
            false => {
                let strides = contiguous_strides(shape)?;
                Axes::Many { shape: shape.into(), strides }
            }
        };
        Ok(Layout { axes, offset })
    }

    /// A layout of these parts.
    ///
    /// # Errors
    /// [`Error::Shape`] if the lengths differ, there are too many dimensions, or an element would lie
    /// before the start of the buffer or beyond `isize::MAX`.
    pub fn new(shape: &[usize], strides: &[isize], offset: usize) -> Result<Layout> {
        let ndim = shape.len();
        if ndim == strides.len() && ndim <= MAX_NDIM {
            let axes = shape.iter().zip(strides).map(|(&dim, &stride)| (dim, stride));
            let layout = Layout::of(ndim, axes, offset);
            if layout.span().is_some() {
                return Ok(layout);
            }
        }
        Err(Error::shape(format_args!(
            "shape {shape:?} with strides {strides:?} and offset {offset} is no layout"
        )))
    }

    /// A layout of `ndim` axes, each a length and a stride.
    #[inline]
    fn of(ndim: usize, axes: impl Iterator<Item = (usize, isize)>, offset: usize) -> Layout {
        let mut out = Axes::new(ndim);
        let (lengths, strides) = out.parts();
        for ((length, stride), axis) in lengths.iter_mut().zip(strides).zip(axes) {
            (*length, *stride) = axis;
        }
        Layout { axes: out, offset }
    }

    /// The lengths and strides of the axes.
    #[inline]
    fn axes(&self) -> impl DoubleEndedIterator<Item = (usize, isize)> + ExactSizeIterator {
        self.shape().iter().copied().zip(self.strides().iter().copied())
    }

    /// The shape.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        match &self.axes {
            Axes::Few { ndim, shape, .. } => &shape[..(*ndim).min(FEW)],
            Axes::Many { shape, .. } => shape,
        }
    }

    /// The strides, in elements.
    #[inline]
    pub fn strides(&self) -> &[isize] {
        match &self.axes {
            Axes::Few { ndim, strides, .. } => &strides[..(*ndim).min(FEW)],
            Axes::Many { strides, .. } => strides,
        }
    }

    /// Where the element of index 0 is.
    #[inline]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The number of dimensions.
    #[inline]
    pub fn ndim(&self) -> usize {
        match &self.axes {
            Axes::Few { ndim, .. } => *ndim,
            Axes::Many { shape, .. } => shape.len(),
        }
    }

    /// The number of elements.
    #[inline]
    pub fn size(&self) -> usize {
        // a length of 0 may stand beside some whose product overflows, but then the wrapped product is 0, too
        match &self.axes {
            Axes::Few { shape, .. } => shape.iter().fold(1, |n, &dim| n.wrapping_mul(dim)),
            Axes::Many { shape, .. } => shape.iter().fold(1, |n, &dim| n.wrapping_mul(dim)),
        }
    }

    /// The range of positions that the elements occupy, as `first..end`: empty for no elements, `None`
    /// if a position is negative or beyond `isize::MAX`.
    pub fn span(&self) -> Option<std::ops::Range<usize>> {
        let size = match &self.axes {
            Axes::Few { shape, .. } => element_count(shape)?,
            Axes::Many { shape, .. } => element_count(shape)?,
        };
        if size == 0 {
            return Some(self.offset..self.offset);
        }
        if self.is_contiguous() {
            let end = self.offset.checked_add(size)?;
            return (end <= isize::MAX as usize).then_some(self.offset..end);
        }
        // what overflows is out of range itself
        let offset = isize::try_from(self.offset).ok()?;
        let (mut low, mut high) = (offset, offset);
        for (dim, stride) in self.axes() {
            let reach = (dim as isize - 1).checked_mul(stride)?;
            let end = if reach < 0 { &mut low } else { &mut high };
            *end = end.checked_add(reach)?;
        }
        (low >= 0 && high < isize::MAX).then(|| low as usize..high as usize + 1)
    }

    /// Whether the elements lie in row-major order without gaps (at any offset).
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        match &self.axes {
            Axes::Few { shape, strides, .. } => is_contiguous(shape, strides),
            Axes::Many { shape, strides } => is_contiguous(shape, strides),
        }
    }

    /// Whether this is the shape.
    #[inline]
    pub fn has_shape(&self, shape: &[usize]) -> bool {
        // most are too short for a call
        match (self.shape(), shape) {
            ([a], [b]) => a == b,
            ([a, c], [b, d]) => a == b && c == d,
            (own, shape) => own == shape,
        }
    }

    /// The same elements, axes in another order: axis `k` of the result is axis `axes[k]`.
    ///
    /// `axes` is a permutation; anything else gives a layout of other elements, or panics.
    pub fn permute(&self, axes: &[usize]) -> Layout {
        let (shape, strides) = (self.shape(), self.strides());
        let permuted = axes.iter().map(|&a| (shape[a], strides[a]));
        Layout::of(axes.len(), permuted, self.offset)
    }

    /// Every `step`-th element along an axis: `len` of them, from index `start`.
    ///
    /// The caller has checked that the indices are in bounds; `start` is ignored if there are no
    /// elements.
    pub fn slice(&self, axis: usize, start: usize, step: isize, len: usize) -> Layout {
        self.slice_few(axis, start, step, len).unwrap_or_else(|| {
            let axes = self.axes().enumerate().map(|(k, (dim, stride))| match k == axis {
                true => (len, stride.wrapping_mul(step)),
                false => (dim, stride),
            });
            let start = if len > 0 { start } else { 0 };
            Layout::of(self.ndim(), axes, self.place(axis, start))
        })
    }

    /// [`Layout::slice`] of at most four axes, `None` of more: for calls that are short, as its result stays in
    /// registers until it is written in its place.
    #[inline(always)]
    pub fn slice_few(&self, axis: usize, start: usize, step: isize, len: usize) -> Option<Layout> {
        let Axes::Few { ndim, shape, strides } = &self.axes else { return None };
        let axes = Axes::few(*ndim, |k| match k == axis {
            true => (len, strides[k].wrapping_mul(step)),
            false => (shape[k], strides[k]),
        });
        let start = if len > 0 { start } else { 0 };
        Some(Layout { axes, offset: self.place(axis, start) })
    }

    /// The elements at one index of an axis, which disappears. The index is in bounds.
    pub fn index(&self, axis: usize, index: usize) -> Layout {
        self.index_few(axis, index).unwrap_or_else(|| {
            let axes = self.axes().take(axis).chain(self.axes().skip(axis + 1));
            Layout::of(self.ndim() - 1, axes, self.place(axis, index))
        })
    }

    /// [`Layout::index`] of at most four axes, `None` of more: for calls that are short, as its result stays in
    /// registers until it is written in its place.
    #[inline(always)]
    pub fn index_few(&self, axis: usize, index: usize) -> Option<Layout> {
        let Axes::Few { ndim, shape, strides } = &self.axes else { return None };
        let axes = Axes::few(ndim.checked_sub(1)?, |k| {
            let from = if k < axis { k } else { k + 1 };
            if from < FEW { (shape[from], strides[from]) } else { (1, 0) }
        });
        Some(Layout { axes, offset: self.place(axis, index) })
    }

    /// Where the first element at an index of an axis is. Without elements, strides may be anything.
    #[inline(always)]
    fn place(&self, axis: usize, index: usize) -> usize {
        let is_empty = match &self.axes {
            Axes::Few { shape, .. } => shape.contains(&0),
            Axes::Many { shape, .. } => shape.contains(&0),
        };
        if is_empty {
            return self.offset;
        }
        (self.offset as isize + index as isize * self.strides()[axis]) as usize
    }

    /// A new axis of length 1 before axis `axis` (`axis <= ndim`).
    pub fn insert_axis(&self, axis: usize) -> Layout {
        let before = self.axes().take(axis);
        let axes = before.chain([(1, 0)]).chain(self.axes().skip(axis));
        Layout::of(self.ndim() + 1, axes, self.offset)
    }

    /// The layout without axis `axis`, at index 0 of it.
    pub fn remove_axis(&self, axis: usize) -> Layout {
        self.index(axis, 0)
    }

    /// The same buffer seen in `shape`: axes of length 1 and new leading axes are repeated with
    /// stride 0. `None` if `shape` does not fit.
    pub fn broadcast_to(&self, shape: &[usize]) -> Option<Layout> {
        let new = shape.len().checked_sub(self.ndim())?;
        let mut axes = Axes::new(shape.len());
        let (lengths, strides) = axes.parts();
        lengths.copy_from_slice(shape);
        for ((to, &length), (dim, stride)) in
            strides[new..].iter_mut().zip(&shape[new..]).zip(self.axes())
        {
            if dim == length {
                *to = stride;
            } else if dim != 1 {
                return None;
            }
        }
        Some(Layout { axes, offset: self.offset })
    }

    /// The same elements in the same order in another shape, if strides can say so without moving
    /// memory. `shape` has as many elements.
    #[inline]
    pub fn reshape(&self, shape: &[usize]) -> Option<Layout> {
        if self.is_contiguous() {
            return Layout::contiguous_at(shape, self.offset).ok();
        }
        self.reshape_strided(shape)
    }

    /// [`Layout::reshape`] of elements that are not contiguous.
    fn reshape_strided(&self, shape: &[usize]) -> Option<Layout> {
        // Old axes of length 1 say nothing. The rest is walked in groups of old and new axes with the
        // same number of elements; within a group the old axes must be evenly spaced.
        let old: SmallVec<[(usize, isize); 6]> = self.axes().filter(|&(dim, _)| dim != 1).collect();
        let mut strides: Strides = smallvec![0; shape.len()];
        let (mut o, mut n) = (0, 0);
        while n < shape.len() {
            if shape[n] == 1 {
                n += 1;
                continue;
            }
            let (first_old, first_new) = (o, n);
            let (mut old_count, mut new_count) = (old.get(o)?.0, shape[n]);
            (o, n) = (o + 1, n + 1);
            while old_count != new_count {
                if old_count < new_count {
                    let (dim, stride) = *old.get(o)?;
                    if old[o - 1].1 != stride * dim as isize {
                        return None;
                    }
                    old_count *= dim;
                    o += 1;
                } else {
                    new_count *= *shape.get(n)?;
                    n += 1;
                }
            }
            // old axes of the group beyond those already compared
            if old[first_old..o].windows(2).any(|w| w[0].1 != w[1].1 * w[1].0 as isize) {
                return None;
            }
            let mut step = old[o - 1].1;
            for k in (first_new..n).rev() {
                strides[k] = step;
                step *= shape[k] as isize;
            }
        }
        let axes = shape.iter().copied().zip(strides);
        (o == old.len()).then(|| Layout::of(shape.len(), axes, self.offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reshape_of_views() {
        let l = Layout::contiguous(&[4, 6]).unwrap();
        assert_eq!(l.reshape(&[2, 2, 3, 2]).unwrap().strides(), [12, 6, 2, 1]);
        assert_eq!(l.reshape(&[24]).unwrap().strides(), [1]);
        let t = l.permute(&[1, 0]);
        assert!(t.reshape(&[24]).is_none());
        assert_eq!(t.reshape(&[2, 3, 4]).unwrap().strides(), [3, 1, 6]);
        assert_eq!(t.reshape(&[3, 2, 1, 4]).unwrap().strides()[..2], [2, 1]);
        let reversed = l.slice(0, 3, -1, 4);
        assert!(reversed.reshape(&[24]).is_none());
        assert_eq!(reversed.reshape(&[2, 2, 6]).unwrap().strides(), [-12, -6, 1]);
        assert_eq!(Layout::contiguous(&[]).unwrap().reshape(&[1, 1]).unwrap().shape(), [1, 1]);
        assert_eq!(Layout::contiguous(&[0, 3]).unwrap().reshape(&[5, 0]).unwrap().shape(), [5, 0]);
    }

    #[test]
    fn shapes_are_compared_whole() {
        let shapes: [&[usize]; 8] =
            [&[], &[2], &[3], &[2, 3], &[3, 2], &[2, 1, 3], &[2, 1, 4], &[2, 1, 3, 1, 1]];
        for (a, shape) in shapes.iter().enumerate() {
            let l = Layout::contiguous(shape).unwrap();
            for (b, other) in shapes.iter().enumerate() {
                assert_eq!(l.has_shape(other), a == b, "{shape:?} {other:?}");
            }
        }
    }

    #[test]
    fn contiguous_layouts_of_any_number_of_axes() {
        for ndim in 0..10 {
            let shape: Vec<usize> = (0..ndim).map(|k| k % 3 + 2).collect();
            let l = Layout::contiguous(&shape).unwrap();
            let strides = (0..ndim).map(|k| shape[k + 1..].iter().product::<usize>() as isize);
            assert_eq!((l.shape(), l.strides()), (&shape[..], &strides.collect::<Vec<_>>()[..]));
            assert!(l.is_contiguous());
        }
        let (half, most) = (1 << 32, isize::MAX as usize);
        for (shape, fits) in [
            (&[half, half][..], false),
            (&[half, half, 0], true),
            (&[0, half, half], true),
            (&[most], true),
            (&[most + 1], false),
            (&[1, most, 1, 1, 1], true),
            (&[2, most, 1, 1, 1], false),
            (&[half, half, 0, 1, 1], true),
            (&[most, 0], true),
            (&[most + 1, 0], false),
            (&[0, usize::MAX, 1, 1, 1], false),
            (&[0, most, most, 1, 1], true),
        ] {
            assert_eq!(Layout::contiguous(shape).is_ok(), fits, "{shape:?}");
        }
    }

    #[test]
    fn contiguity_is_that_of_the_present_axes() {
        let l = Layout::contiguous(&[3, 4]).unwrap();
        assert!(l.slice(0, 1, 1, 2).is_contiguous() && l.index(0, 2).is_contiguous());
        assert!(!l.slice(1, 0, 1, 3).is_contiguous() && !l.index(1, 0).is_contiguous());
        assert!(l.slice(1, 0, 1, 3).index(0, 1).is_contiguous());
        assert!(l.permute(&[1, 0]).slice(1, 1, 1, 1).slice(0, 0, 1, 1).is_contiguous());
        assert!(l.insert_axis(1).is_contiguous());
        assert!(!l.broadcast_to(&[2, 3, 4]).unwrap().is_contiguous());
        // an axis without elements hides what the others are
        let t = Layout::contiguous(&[5, 4, 3]).unwrap().permute(&[0, 2, 1]).slice(0, 0, 1, 0);
        assert!(t.is_contiguous() && !t.remove_axis(0).is_contiguous());
    }

    #[test]
    fn views_of_many_axes_are_those_of_a_few() {
        // axes of length 1 in front change nothing but the number
        let few = Layout::contiguous(&[3, 4]).unwrap().permute(&[1, 0]);
        let many = few.broadcast_to(&[1, 1, 1, 4, 3]).unwrap();
        for (a, b) in [
            (few.index(0, 2), many.index(3, 2)),
            (few.index(1, 1), many.index(4, 1)),
            (few.remove_axis(0), many.remove_axis(3)),
            (few.slice(0, 3, -2, 2), many.slice(3, 3, -2, 2)),
            (few.slice(1, 9, 1, 0), many.slice(4, 9, 1, 0)),
        ] {
            let n = b.ndim() - a.ndim();
            assert_eq!((a.shape(), a.offset()), (&b.shape()[n..], b.offset()));
            assert_eq!(a.strides(), &b.strides()[n..]);
        }
        assert!(few.slice_few(0, 0, 1, 4).is_some() && many.slice_few(3, 0, 1, 4).is_none());
        assert!(few.index_few(0, 0).is_some() && many.index_few(3, 0).is_none());
        let none = Layout::contiguous(&[2, 0]).unwrap();
        assert_eq!((none.index(0, 1).offset(), none.slice(0, 1, 1, 1).offset()), (0, 0));
    }

    #[test]
    fn spans() {
        let l = Layout::contiguous(&[4, 6]).unwrap();
        assert_eq!(l.span(), Some(0..24));
        assert_eq!(l.slice(0, 3, -1, 4).span(), Some(0..24));
        assert_eq!(l.slice(1, 1, 2, 2).span(), Some(1..22));
        assert!(Layout::new(&[2], &[-1], 0).is_err());
        assert!(Layout::new(&[2, 2], &[isize::MAX, isize::MAX], 0).is_err());
    }
}
