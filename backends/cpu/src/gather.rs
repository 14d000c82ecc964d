//! Elements at computed places: gather and its reverse, scatter.
//!
//! Both go block by block: positions are summed from the layout and from each term in turn, with every
//! index checked on the way, then the elements are moved. Trailing axes along which no index varies are
//! moved as one run. All that the dtypes of indices and the sizes of items need as code of their own is
//! one small loop each. For few elements, each at a place of its own, these loops are nearly all that is done.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use arrayspace_core::{DType, Error, IndexTerm, Layout, Result, View};
use rayon::prelude::*;
use smallvec::SmallVec;

use crate::memory::SharedPtr;
use crate::rows::Rows;
use crate::{Buffer, Cpu, checked, copy};

/// The most positions that are computed before their elements are moved: they stay in the first cache.
const BLOCK: usize = 1024;

/// The most bytes of a block, so that few long runs make several blocks, too.
const BLOCK_BYTES: usize = 1 << 16;

/// Fewer blocks than this are worked on by one thread. (Few in tests.)
const PARALLEL_BLOCKS: usize = if cfg!(test) { 4 } else { 16 };

/// Runs with gaps are moved as a strided copy each if they have as many elements as this, for which it
/// is worth setting one up; shorter ones element by element.
const STRIDED_RUN: usize = 64;

/// The elements of `source` at `layout(i) + Σ index_t(i) · stride_t`.
pub(crate) fn gather(source: View<'_, Cpu>, terms: &[IndexTerm<'_, Cpu>]) -> Result<Buffer> {
    let item = source.dtype.item_size();
    let room = source.buffer.len_bytes() / item;
    if let Some(at) = few(source.layout, terms, room, &mut Positions::room()) {
        let (buffer, out) = Buffer::for_output(source.dtype, at.len())?;
        // SAFETY: the positions are of elements of the source, and the output has room for as many.
        unsafe { take_runs(out, source.buffer.as_ptr(), at, item, item) };
        return Ok(buffer);
    }
    let target = Layout::contiguous(source.layout.shape())?;
    let places = Places::new(source.layout, &target, terms, room, item)?;
    let (buffer, out) = Buffer::for_output(source.dtype, target.size())?;
    let to = SharedPtr(out);
    let from = SharedPtr(source.buffer.as_ptr().cast_mut());
    places.blocks(|start, len| {
        let mut room = Positions::room();
        let at = places.positions(start, room.first(len)).ok_or(())?;
        // SAFETY: the indices of the block are in bounds, so that every position is one of the source;
        // the block's runs have their place in the output, where no other block writes.
        unsafe {
            let to = to.get().add(start * places.run * item);
            match places.run_bytes {
                Some(bytes) => take_runs(to, from.get(), at, item, bytes),
                None => {
                    for (k, &p) in at.iter().enumerate() {
                        let to = to.add(k * places.run * item);
                        let from = places.origin(from.get(), p, item);
                        copy::strided(to, &places.plain, from, &places.indexed, item);
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(buffer)
}

/// Writes the elements of `source` to `layout(i) + Σ index_t(i) · stride_t` of `target`.
pub(crate) fn scatter(
    target: &mut Buffer,
    layout: &Layout,
    terms: &[IndexTerm<'_, Cpu>],
    source: View<'_, Cpu>,
) -> Result<()> {
    if layout.shape() != source.layout.shape() {
        return Err(Error::shape(format_args!(
            "elements of shape {:?} cannot be written to places of shape {:?}; the shapes must be equal",
            source.layout.shape(),
            layout.shape()
        )));
    }
    let item = source.dtype.item_size();
    let room = target.len_bytes() / item;
    if let Some(at) = few(layout, terms, room, &mut Positions::room())
        && let Some(row) = Row::of(source.layout)
    {
        let to = target.bytes_mut().ok_or_else(copy::not_exclusive)?.as_mut_ptr();
        // SAFETY: the positions are of elements of the target, which is borrowed mutably; the source has been
        // checked, and is another buffer.
        unsafe { put_row(to, at, source.buffer.as_ptr(), row, item) };
        return Ok(());
    }
    let places = Places::new(layout, source.layout, terms, room, item)?;
    let to = target.bytes_mut().ok_or_else(copy::not_exclusive)?.as_mut_ptr();
    let from = source.buffer.as_ptr();
    if places.count > places.block {
        // those of a single block are checked when they are computed
        places.blocks(|start, len| {
            places.positions(start, Positions::room().first(len)).map(|_| ()).ok_or(())
        })?;
    }
    // One after another: where places repeat, the last one wins.
    let elements = Rows::new(&leading(source.layout, places.axes));
    for start in (0..places.count).step_by(places.block) {
        let mut room = Positions::room();
        let at = room.first(places.block.min(places.count - start));
        let at = places.positions(start, at).ok_or_else(|| places.out_of_bounds())?;
        let mut k = 0;
        elements.each(start, at.len(), |first, step, count| {
            for i in 0..count as isize {
                let (element, p) = ((first + i * step) * item as isize, at[k]);
                k += 1;
                // SAFETY: the source has been checked, and so have the indices; the target is borrowed
                // mutably, and so is no source.
                unsafe {
                    let from = from.offset(element);
                    let to_item = to.wrapping_offset(p * item as isize);
                    match places.run_bytes {
                        Some(1) => take::<1>(to_item, from, &[0], 1),
                        Some(2) => take::<2>(to_item, from, &[0], 2),
                        Some(4) => take::<4>(to_item, from, &[0], 4),
                        Some(8) => take::<8>(to_item, from, &[0], 8),
                        Some(bytes) => std::ptr::copy_nonoverlapping(from, to_item, bytes),
                        None => {
                            let to = places.origin(to, p, item);
                            let from = from.wrapping_sub(places.plain.offset() * item);
                            copy::strided(to, &places.indexed, from, &places.plain, item);
                        }
                    }
                }
            }
        });
    }
    Ok(())
}

/// The positions of few elements, of which indices that lie side by side choose each by itself. `None` for any other
/// call, and for an index that is out of bounds.
#[inline]
fn few<'p>(
    layout: &Layout,
    terms: &[IndexTerm<'_, Cpu>],
    room: usize,
    at: &'p mut Positions,
) -> Option<&'p [isize]> {
    let n = layout.size();
    let fits = (1..=BLOCK).contains(&n)
        && layout.strides().iter().all(|&stride| stride == 0)
        && terms.iter().all(|t| t.indices.layout.has_shape(layout.shape()))
        && terms.iter().all(|t| t.indices.layout.is_contiguous())
        && within(layout, terms, room);
    if !fits {
        return None;
    }
    let at = at.first(n);
    at.fill(MaybeUninit::new(layout.offset() as isize));
    // SAFETY: all have been written.
    let at = unsafe { at.assume_init_mut() };
    for term in terms {
        let IndexTerm { indices, extent, stride, .. } = *term;
        let first = checked(indices).ok()?.layout.offset();
        let add = adding(indices.dtype)?;
        let from = indices.buffer.as_ptr().wrapping_add(first * indices.dtype.item_size());
        // SAFETY: as many indices of the dtype, within their buffer, aligned.
        if !unsafe { add(from, 1, extent, stride, at) } {
            return None;
        }
    }
    Some(at)
}

/// Where elements lie that are evenly spaced.
struct Row {
    first: usize,
    step: isize,
}

impl Row {
    /// The row of a layout that is one.
    fn of(layout: &Layout) -> Option<Row> {
        let step = if layout.is_contiguous() {
            1
        } else if layout.strides().iter().all(|&stride| stride == 0) {
            0
        } else {
            return None;
        };
        Some(Row { first: layout.offset(), step })
    }
}

/// Copies the items of a row to these positions, one after another.
///
/// # Safety
/// Positions, times `item`, are valid for writes of an item from `to`, those of the row for reads from `from`. The
/// two do not overlap. An item has 1, 2, 4, 8 or 16 bytes.
unsafe fn put_row(to: *mut u8, at: &[isize], from: *const u8, row: Row, item: usize) {
    let from = from.wrapping_add(row.first * item);
    let step = row.step * item as isize;
    // SAFETY: the caller's.
    unsafe {
        match item {
            1 => put::<1>(to, at, from, step),
            2 => put::<2>(to, at, from, step),
            4 => put::<4>(to, at, from, step),
            8 => put::<8>(to, at, from, step),
            _ => put::<16>(to, at, from, step),
        }
    }
}

/// # Safety
/// That of [`put_row`], for items of `N` bytes, of which those to be read are `step` bytes apart.
unsafe fn put<const N: usize>(to: *mut u8, at: &[isize], from: *const u8, step: isize) {
    let to = to.cast::<[u8; N]>();
    for (k, &p) in at.iter().enumerate() {
        // SAFETY: the caller's.
        unsafe {
            let value = from.offset(k as isize * step).cast::<[u8; N]>().read();
            to.offset(p).write(value);
        }
    }
}

/// Copies the runs of `bytes` bytes at these positions, one after another.
///
/// # Safety
/// Positions, times `item`, are valid for reads of a run from `from`; `to` has room for all.
#[inline]
unsafe fn take_runs(to: *mut u8, from: *const u8, at: &[isize], item: usize, bytes: usize) {
    // SAFETY: the caller's.
    unsafe {
        match bytes {
            1 => take::<1>(to, from, at, item),
            2 => take::<2>(to, from, at, item),
            4 => take::<4>(to, from, at, item),
            8 => take::<8>(to, from, at, item),
            16 => take::<16>(to, from, at, item),
            _ => {
                for (k, &p) in at.iter().enumerate() {
                    let from = from.offset(p * item as isize);
                    std::ptr::copy_nonoverlapping(from, to.add(k * bytes), bytes);
                }
            }
        }
    }
}

/// Copies the items at these positions, one after another.
///
/// # Safety
/// Positions, times `item`, are valid for reads of `N` bytes from `from`; `to` has room for all.
#[inline]
unsafe fn take<const N: usize>(to: *mut u8, from: *const u8, at: &[isize], item: usize) {
    let to = to.cast::<[u8; N]>();
    for (k, &p) in at.iter().enumerate() {
        // SAFETY: the caller's.
        unsafe { to.add(k).write(from.offset(p * item as isize).cast::<[u8; N]>().read()) };
    }
}

/// The layout of the first `n` axes, at index 0 of the others.
fn leading(layout: &Layout, n: usize) -> Layout {
    (n..layout.ndim()).fold(layout.clone(), |l, _| l.remove_axis(n))
}

/// The layout of the axes from `n`, at index 0 of those before.
fn trailing(layout: &Layout, n: usize) -> Layout {
    (0..n).fold(layout.clone(), |l, _| l.remove_axis(0))
}

/// Room for the positions of a block. (Not cleared: for a few, that would take longer than the rest.)
struct Positions([MaybeUninit<isize>; BLOCK]);

impl Positions {
    fn room() -> Positions {
        Positions([const { MaybeUninit::uninit() }; BLOCK])
    }

    fn first(&mut self, len: usize) -> &mut [MaybeUninit<isize>] {
        &mut self.0[..len]
    }
}

/// The places of a gather or scatter: those of `count` runs of `run` elements.
struct Places<'a> {
    /// The leading axes, along which places are computed, on the indexed side without the terms.
    base: Rows,
    terms: SmallVec<[Term<'a>; 4]>,
    /// How many leading axes.
    axes: usize,
    /// How many runs there are, and how many make a block.
    count: usize,
    block: usize,
    /// Elements of a run.
    run: usize,
    /// Bytes of a run, if it is contiguous on both sides.
    run_bytes: Option<usize>,
    /// A run on the indexed side and on the other, at the offset of its first element.
    indexed: Layout,
    plain: Layout,
}

/// Indices that have been checked to lie in their buffer.
struct Term<'a> {
    indices: SharedPtr,
    dtype: DType,
    add: AddFn,
    rows: Rows,
    extent: usize,
    stride: isize,
    axis: usize,
    buffer: PhantomData<&'a Buffer>,
}

impl<'a> Places<'a> {
    /// Takes a call apart. Every place that indices in bounds lead to is within `room` elements.
    fn new(
        layout: &Layout,
        plain: &Layout,
        terms: &[IndexTerm<'a, Cpu>],
        room: usize,
        item: usize,
    ) -> Result<Places<'a>> {
        let shape = layout.shape();
        let mut adds: SmallVec<[AddFn; 4]> = SmallVec::new();
        for term in terms {
            let indices = checked(term.indices)?;
            if !indices.layout.has_shape(shape) {
                return Err(Error::shape(format_args!(
                    "the indices of axis {} have shape {:?}, but the result has shape {shape:?}; \
                     broadcast them first",
                    term.axis,
                    indices.layout.shape()
                )));
            }
            adds.push(adding(indices.dtype).ok_or_else(|| {
                Error::dtype(format_args!(
                    "the indices of axis {} have dtype {}; they must have an integer dtype",
                    term.axis, indices.dtype
                ))
            })?);
        }
        if layout.size() != 0 && !within(layout, terms, room) {
            return Err(Error::shape(format_args!(
                "places of shape {shape:?}, strides {:?} and offset {}, with axes of (length, stride) \
                 {:?} that are indexed, exceed a buffer of {room} elements",
                layout.strides(),
                layout.offset(),
                terms.iter().map(|t| (t.extent, t.stride)).collect::<Vec<_>>()
            )));
        }
        let varies =
            |&k: &usize| shape[k] != 1 && terms.iter().any(|t| t.indices.layout.strides()[k] != 0);
        let mut axes = (0..shape.len()).rev().find(varies).map_or(0, |k| k + 1);
        let (mut indexed, mut other) = (trailing(layout, axes), trailing(plain, axes));
        let mut contiguous = indexed.is_contiguous() && other.is_contiguous();
        if !contiguous && indexed.size() < STRIDED_RUN {
            axes = shape.len();
            (indexed, other) = (trailing(layout, axes), trailing(plain, axes));
            contiguous = true;
        }
        let (plain, run, outer) = (other, indexed.size(), leading(layout, axes));
        let terms = terms.iter().zip(adds).map(|(term, add)| Term {
            indices: SharedPtr(term.indices.buffer.as_ptr().cast_mut()),
            dtype: term.indices.dtype,
            add,
            rows: Rows::new(&leading(term.indices.layout, axes)),
            extent: term.extent,
            stride: term.stride,
            axis: term.axis,
            buffer: PhantomData,
        });
        Ok(Places {
            base: Rows::new(&outer),
            terms: terms.collect(),
            axes,
            count: if run == 0 { 0 } else { outer.size() },
            block: (BLOCK_BYTES / (run * item).max(1)).clamp(1, BLOCK),
            run,
            run_bytes: contiguous.then_some(run * item),
            indexed,
            plain,
        })
    }

    /// Calls `f` with start and length of each block of runs, on several threads if it is worth it. If
    /// it fails for one, the error is that of the first index out of bounds.
    fn blocks(&self, f: impl Fn(usize, usize) -> Result<(), ()> + Sync) -> Result<()> {
        let blocks = self.count.div_ceil(self.block);
        let work = |b: usize| {
            let start = b * self.block;
            f(start, self.block.min(self.count - start))
        };
        let done = if blocks < PARALLEL_BLOCKS || crate::threads() == 1 {
            (0..blocks).try_for_each(work)
        } else {
            (0..blocks).into_par_iter().with_min_len(PARALLEL_BLOCKS / 2).try_for_each(work)
        };
        done.map_err(|()| self.out_of_bounds())
    }

    /// The positions of runs on the indexed side, in elements; `None` if an index is out of bounds.
    fn positions<'p>(&self, start: usize, at: &'p mut [MaybeUninit<isize>]) -> Option<&'p [isize]> {
        let mut k = 0;
        self.base.each(start, at.len(), |first, step, count| {
            for (i, p) in at[k..k + count].iter_mut().enumerate() {
                p.write(first + i as isize * step);
            }
            k += count;
        });
        assert_eq!(k, at.len());
        // SAFETY: all have been written.
        let at = unsafe { at.assume_init_mut() };
        let in_bounds = self.terms.iter().all(|term| term.add(start, at));
        in_bounds.then_some(at)
    }

    /// Where index 0 of the run layout lies for a run at position `p`, so that its offset leads there.
    fn origin(&self, from: *mut u8, p: isize, item: usize) -> *mut u8 {
        from.wrapping_offset((p - self.indexed.offset() as isize) * item as isize)
    }

    /// The error of the first index that is out of bounds.
    #[cold]
    fn out_of_bounds(&self) -> Error {
        for start in (0..self.count).step_by(self.block) {
            let len = self.block.min(self.count - start);
            if self.positions(start, Positions::room().first(len)).is_some() {
                continue;
            }
            for at in start..start + len {
                if let Some(term) = self.terms.iter().find(|t| !t.fits(at)) {
                    return term.error(at);
                }
            }
        }
        Error::index(format_args!("an index was out of bounds, but changed since"))
    }
}

/// Whether all places that indices in bounds lead to are within `room` elements.
fn within(layout: &Layout, terms: &[IndexTerm<'_, Cpu>], room: usize) -> bool {
    if terms.iter().any(|t| t.extent == 0) {
        return true; // no index is in bounds
    }
    let Some(span) = layout.span() else { return false };
    let (mut low, mut high) = (span.start as i128, span.end as i128);
    for term in terms {
        let Some(reach) = (term.extent as i128 - 1).checked_mul(term.stride as i128) else {
            return false;
        };
        let bound = if reach < 0 { &mut low } else { &mut high };
        let Some(sum) = bound.checked_add(reach) else { return false };
        *bound = sum;
    }
    low >= 0 && high <= room as i128
}

/// An integer that is used as an index.
trait Index: Copy {
    /// The value; the largest int64 for any beyond, which is never in bounds.
    fn wide(self) -> i64;
}

macro_rules! index {
    ($($t:ty)*) => { $(
        impl Index for $t {
            #[inline]
            fn wide(self) -> i64 {
                self.into()
            }
        }
    )* };
}
index!(i8 i16 i32 i64 u8 u16 u32);

impl Index for u64 {
    #[inline]
    fn wide(self) -> i64 {
        self.min(i64::MAX as u64) as i64
    }
}

/// Adds what indices contribute to positions; false if one is out of bounds.
type AddFn = unsafe fn(*const u8, isize, usize, isize, &mut [isize]) -> bool;

/// The [`add`] of a dtype, if it is one of integers.
fn adding(dtype: DType) -> Option<AddFn> {
    Some(match dtype {
        DType::Int8 => add::<i8>,
        DType::Int16 => add::<i16>,
        DType::Int32 => add::<i32>,
        DType::Int64 => add::<i64>,
        DType::UInt8 => add::<u8>,
        DType::UInt16 => add::<u16>,
        DType::UInt32 => add::<u32>,
        DType::UInt64 => add::<u64>,
        _ => return None,
    })
}

/// Adds to each position an index, `step` after the one before, into an axis of this extent and stride.
///
/// # Safety
/// As many indices can be read, aligned, from `indices` on.
unsafe fn add<I: Index>(
    indices: *const u8,
    step: isize,
    extent: usize,
    stride: isize,
    at: &mut [isize],
) -> bool {
    let extent = extent.min(i64::MAX as usize) as i64;
    let indices = indices.cast::<I>();
    let mut bad = false;
    for (i, p) in at.iter_mut().enumerate() {
        // SAFETY: the caller's.
        let index = unsafe { indices.offset(i as isize * step).read() }.wide();
        let place = if index < 0 { index + extent } else { index };
        bad |= !(0..extent).contains(&place);
        // wraps for what is out of bounds alone
        *p = p.wrapping_add((place as isize).wrapping_mul(stride));
    }
    !bad
}

impl Term<'_> {
    /// Adds what the term contributes to each position; false if an index is out of bounds.
    fn add(&self, start: usize, at: &mut [isize]) -> bool {
        let (mut k, mut fits) = (0, true);
        self.rows.each(start, at.len(), |first, step, count| {
            let from = self.indices.get().cast_const();
            let from = from.wrapping_offset(first * self.dtype.item_size() as isize);
            // SAFETY: positions of the indices' layout, which lies in its buffer, aligned for the dtype (see
            // `checked`).
            fits &=
                unsafe { (self.add)(from, step, self.extent, self.stride, &mut at[k..k + count]) };
            k += count;
        });
        fits
    }

    /// One index.
    fn value(&self, at: usize) -> i128 {
        let mut value = 0;
        self.rows.each(at, 1, |first, _, _| {
            let indices = self.indices.get().cast_const();
            // SAFETY: as in `add`.
            value = unsafe {
                match self.dtype {
                    DType::Int8 => indices.cast::<i8>().offset(first).read().into(),
                    DType::Int16 => indices.cast::<i16>().offset(first).read().into(),
                    DType::Int32 => indices.cast::<i32>().offset(first).read().into(),
                    DType::UInt8 => indices.offset(first).read().into(),
                    DType::UInt16 => indices.cast::<u16>().offset(first).read().into(),
                    DType::UInt32 => indices.cast::<u32>().offset(first).read().into(),
                    DType::UInt64 => indices.cast::<u64>().offset(first).read().into(),
                    _ => indices.cast::<i64>().offset(first).read().into(),
                }
            };
        });
        value
    }

    /// Whether one index is in bounds.
    fn fits(&self, at: usize) -> bool {
        let extent = self.extent as i128;
        (-extent..extent).contains(&self.value(at))
    }

    fn error(&self, at: usize) -> Error {
        let (value, axis, extent) = (self.value(at), self.axis, self.extent as i128);
        if extent == 0 {
            return Error::index(format_args!(
                "index {value} is out of bounds for axis {axis} of length 0, which has no valid index"
            ));
        }
        Error::index(format_args!(
            "index {value} is out of bounds for axis {axis} of length {extent}; valid are {} to {}",
            -extent,
            extent - 1
        ))
    }
}

#[cfg(test)]
mod tests;
