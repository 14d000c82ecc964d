//! Elements at computed places: gather and its reverse, scatter.
//!
//! Both go block by block: positions are summed from the layout and from each term in turn, with every
//! index checked on the way, then the elements are moved. Trailing axes along which no index varies are
//! moved as one run. All that the dtypes of indices and the sizes of items need as code of their own is
//! one small loop each. For few elements, each at a place of its own, these loops are nearly all that is done.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use arrayspace_core::{DType, Error, IndexTerm, Layout, Result, ScatterOp, View, check};
use rayon::prelude::*;
use smallvec::SmallVec;

use crate::arith::{Load, with_numeric, with_ordered};
use crate::fold::lanes::{Combine, Plus};
use crate::fold::{Largest, Smallest};
use crate::memory::SharedPtr;
use crate::rows::Rows;
use crate::{Buffer, Cpu, aligned, checked, copy};

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
    aligned(source)?;
    if let Some(at) = few(source.layout, terms, room, &mut Positions::room()) {
        let (buffer, out) = Buffer::for_output(source.dtype, at.len())?;
        // SAFETY: the positions are of elements of the source, and the output has room for as many.
        unsafe { take_runs(out, source.buffer.as_ptr(), at, item, item) };
        return Ok(buffer);
    }
    check::gather(&Cpu, source, terms)?;
    let target = Layout::contiguous(source.layout.shape())?;
    let places = Places::new(source.layout, &target, terms, item, Moved::Runs)?;
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

/// Combines the elements of `target` at `layout(i) + Σ index_t(i) · stride_t` with those of `source`.
pub(crate) fn scatter(
    op: ScatterOp,
    target: &mut Buffer,
    layout: &Layout,
    terms: &[IndexTerm<'_, Cpu>],
    source: View<'_, Cpu>,
) -> Result<()> {
    aligned(source)?;
    aligned(View { buffer: target, dtype: source.dtype, layout })?;
    check::scatter(&Cpu, op, target, layout, terms, source)?;
    let item = source.dtype.item_size();
    let put = put_of(op, source.dtype).ok_or_else(|| check::unknown("cpu", op.name()))?;
    let room = target.len_bytes() / item;
    if let Some(at) = few(layout, terms, room, &mut Positions::room())
        && let Some(row) = Row::of(source.layout)
    {
        let to = target.bytes_mut().ok_or_else(check::not_exclusive)?.as_mut_ptr();
        let from = source.buffer.as_ptr().wrapping_add(row.first * item);
        // SAFETY: the positions are of elements of the target, which is borrowed mutably; the source has been
        // checked, and is another buffer.
        unsafe { put(to, at, from, row.step * item as isize) };
        return Ok(());
    }
    let moved = if op == ScatterOp::Replace { Moved::Runs } else { Moved::Elements };
    let places = Places::new(layout, source.layout, terms, item, moved)?;
    let to = target.bytes_mut().ok_or_else(check::not_exclusive)?.as_mut_ptr();
    let from = source.buffer.as_ptr();
    if places.count > places.block {
        // those of a single block are checked when they are computed
        places.blocks(|start, len| {
            places.positions(start, Positions::room().first(len)).map(|_| ()).ok_or(())
        })?;
    }
    // One after another, since positions may repeat.
    let elements = Rows::new(&leading(source.layout, places.axes));
    for start in (0..places.count).step_by(places.block) {
        let mut room = Positions::room();
        let at = room.first(places.block.min(places.count - start));
        let at = places.positions(start, at).ok_or_else(|| places.out_of_bounds())?;
        let mut k = 0;
        elements.each(start, at.len(), |first, step, count| {
            let bytes = item as isize;
            if places.run == 1 {
                // SAFETY: as below.
                unsafe { put(to, &at[k..k + count], from.offset(first * bytes), step * bytes) };
                k += count;
                return;
            }
            for i in 0..count as isize {
                let (element, p) = ((first + i * step) * bytes, at[k]);
                k += 1;
                // SAFETY: the source has been checked, and so have the indices; the target is borrowed
                // mutably, and so is no source.
                unsafe {
                    let from = from.offset(element);
                    let to_item = to.wrapping_offset(p * bytes);
                    match places.run_bytes {
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
        && check::reach(layout, terms).is_some_and(|end| end <= room);
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

/// Combines elements at these positions with those of a row, one after another. Arguments are the first
/// element of the target, positions in elements, the first element of the row, and its stride in bytes.
///
/// # Safety
/// All positions are of elements of the target, which may be written; as many elements of the row may be
/// read, and are no part of the target. Both sides are aligned for the dtype.
type PutFn = unsafe fn(*mut u8, &[isize], *const u8, isize);

/// The function for an operation and a dtype; `None` for an operation that does not take it.
fn put_of(op: ScatterOp, dtype: DType) -> Option<PutFn> {
    macro_rules! extreme {
        ($how:ty) => {
            with_ordered!(dtype, (T, W) => combine::<T, W, $how>, return None)
        };
    }
    Some(match op {
        ScatterOp::Replace => match dtype.item_size() {
            1 => put::<1>,
            2 => put::<2>,
            4 => put::<4>,
            8 => put::<8>,
            _ => put::<16>,
        },
        ScatterOp::Sum => with_numeric!(dtype, u8, (T, W) => combine::<T, W, Plus>, return None),
        ScatterOp::Minimum => extreme!(Smallest),
        ScatterOp::Maximum => extreme!(Largest),
        _ => return None,
    })
}

/// A [`PutFn`] that replaces elements of `N` bytes.
///
/// # Safety
/// See there.
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

/// A [`PutFn`] that combines elements of type `T`.
///
/// # Safety
/// See there.
unsafe fn combine<T: Load<W>, W: Copy + Default, C: Combine<W>>(
    to: *mut u8,
    at: &[isize],
    from: *const u8,
    step: isize,
) {
    let to = to.cast::<T>();
    for (k, &p) in at.iter().enumerate() {
        // SAFETY: the caller's; both sides have been checked to be aligned.
        unsafe {
            let (own, other) = (to.offset(p), from.offset(k as isize * step).cast::<T>());
            own.write(T::store(C::combine(load(own.read()), load(other.read()))));
        }
    }
}

/// An element as a value to compute with.
#[inline(always)]
fn load<T: Load<W>, W: Copy + Default>(x: T) -> W {
    T::load(&[x], &mut [W::default()])[0]
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

/// Whether elements are moved one by one, or those along trailing axes without indices as one run.
#[derive(Clone, Copy, PartialEq)]
enum Moved {
    Elements,
    Runs,
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
    /// Takes a call apart that has been checked.
    fn new(
        layout: &Layout,
        plain: &Layout,
        terms: &[IndexTerm<'a, Cpu>],
        item: usize,
        moved: Moved,
    ) -> Result<Places<'a>> {
        let shape = layout.shape();
        let mut adds: SmallVec<[AddFn; 4]> = SmallVec::new();
        for term in terms {
            aligned(term.indices)?;
            adds.extend(adding(term.indices.dtype));
        }
        let varies =
            |&k: &usize| shape[k] != 1 && terms.iter().any(|t| t.indices.layout.strides()[k] != 0);
        let mut axes = (0..shape.len()).rev().find(varies).map_or(0, |k| k + 1);
        let (mut indexed, mut other) = (trailing(layout, axes), trailing(plain, axes));
        let mut contiguous = indexed.is_contiguous() && other.is_contiguous();
        if moved == Moved::Elements || !contiguous && indexed.size() < STRIDED_RUN {
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
        check::index(self.value(at), self.axis, self.extent)
    }
}

#[cfg(test)]
mod tests;
