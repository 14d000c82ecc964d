//! The elements of a view in row-major order, a contiguous block at a time; and the memory that results
//! are written to.
//!
//! Kernels are written for contiguous blocks. [`Elements`] gives the block itself where the view has it
//! in memory, and gathers it into a scratch block where it has not. All unsafe access of folds, scans
//! and products to buffers is in this file.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::Mutex;

use arrayspace_core::{DType, Element, Error, Result, View};

use crate::arith::Load;
use crate::exec::split;
use crate::rows::Rows;
use crate::{Buffer, Cpu};

/// Work that is worth cutting in pieces for other threads, in nanoseconds of one thread.
const PARALLEL_NANOS: f64 = 20_000.0;

/// The elements of a view, numbered in row-major order.
///
/// `T` is any element type of the dtype's size but `bool` (a bool is read as `u8`, an integer of one
/// sign may be read as the other).
pub(crate) struct Elements<'a, T> {
    /// The first element of the buffer.
    base: *const T,
    rows: Rows,
    len: usize,
    memory: PhantomData<&'a [T]>,
}

// SAFETY: an `Elements` reads memory that is borrowed for `'a`, as a shared slice does.
unsafe impl<T: Sync> Send for Elements<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Elements<'_, T> {}

/// The first element of the buffer of a view, and the range of its elements that the view reaches over.
#[inline]
fn base<T: Element>(view: View<'_, Cpu>) -> Result<(*const T, Range<usize>)> {
    const { assert!(!matches!(T::DTYPE, DType::Bool)) };
    assert_eq!(size_of::<T>(), view.dtype.item_size());
    let span = crate::span(view)?;
    let base = view.buffer.as_ptr().cast::<T>();
    assert!(base.is_aligned());
    Ok((base, span))
}

impl<'a, T: Element> Elements<'a, T> {
    /// The elements of `view`.
    ///
    /// # Errors
    /// If the view reaches beyond its buffer, or the memory is not aligned for its dtype.
    pub(crate) fn new(view: View<'a, Cpu>) -> Result<Self> {
        let (base, _) = base::<T>(view)?;
        let rows = Rows::new(view.layout);
        Ok(Elements { base, rows, len: view.layout.size(), memory: PhantomData })
    }

    /// The memory from the first to the last element of `view`, gaps included, and where in it the
    /// element of index 0 is.
    ///
    /// # Errors
    /// As [`Elements::new`].
    pub(crate) fn span(view: View<'a, Cpu>) -> Result<(&'a [T], usize)> {
        let (base, span) = base::<T>(view)?;
        if span.is_empty() {
            return Ok((&[], 0));
        }
        // SAFETY: `base` has checked that the span is within the buffer, which is borrowed for `'a` and
        // aligned; every bit pattern is a value of `T`.
        let memory = unsafe { std::slice::from_raw_parts(base.add(span.start), span.len()) };
        Ok((memory, view.layout.offset() - span.start))
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The elements in `range` where they are, if they lie next to each other.
    pub(crate) fn slice(&self, range: Range<usize>) -> Option<&'a [T]> {
        assert!(range.start <= range.end && range.end <= self.len);
        if range.is_empty() {
            return Some(&[]);
        }
        let first = self.rows.piece(range.start, range.len())?;
        // SAFETY: the range is within the view, which is within the buffer (checked in `new`), and lies
        // in one piece. The buffer is borrowed for `'a`; every bit pattern is a value of `T`.
        Some(unsafe { std::slice::from_raw_parts(self.base.offset(first), range.len()) })
    }

    /// The elements in `range`, gathered into `scratch` unless they lie next to each other.
    pub(crate) fn block<'s>(&self, range: Range<usize>, scratch: &'s mut [T]) -> &'s [T]
    where
        'a: 's,
    {
        if let Some(slice) = self.slice(range.clone()) {
            return slice;
        }
        let scratch = &mut scratch[..range.len()];
        self.read(range.start, scratch);
        scratch
    }

    /// Copies the elements from number `start` on into `out`.
    pub(crate) fn read(&self, start: usize, out: &mut [T]) {
        assert!(start <= self.len && out.len() <= self.len - start);
        let (len, mut done) = (out.len(), 0);
        self.rows.each(start, len, |first, step, count| {
            // SAFETY: a piece of the view, which is within the buffer (checked in `new`).
            unsafe { gather(self.base.offset(first), step, &mut out[done..done + count]) };
            done += count;
        });
    }
}

/// Memory for elements as values, which is there when they cannot be read where they lie.
pub(crate) struct Loader<T, W> {
    gathered: Vec<T>,
    loaded: Vec<W>,
}

impl<T: Load<W>, W: Copy + Default> Loader<T, W> {
    pub(crate) fn new() -> Self {
        Loader { gathered: Vec::new(), loaded: Vec::new() }
    }

    /// The elements in `range`, as values.
    pub(crate) fn values<'s>(
        &'s mut self,
        elements: &Elements<'s, T>,
        range: Range<usize>,
    ) -> &'s [W] {
        let len = range.len();
        let x = match elements.slice(range.clone()) {
            Some(x) => x,
            None => {
                self.gathered.resize(len.max(self.gathered.len()), T::default());
                elements.read(range.start, &mut self.gathered[..len]);
                &self.gathered[..len]
            }
        };
        if let Some(x) = T::same(x) {
            return x;
        }
        self.loaded.resize(len.max(self.loaded.len()), W::default());
        T::load(x, &mut self.loaded)
    }
}

/// Copies `out.len()` elements, `step` apart, from `from` on.
///
/// # Safety
/// They are readable values of `T`.
unsafe fn gather<T: Copy>(from: *const T, step: isize, out: &mut [T]) {
    // SAFETY: the caller's promise.
    unsafe {
        match step {
            1 => std::ptr::copy_nonoverlapping(from, out.as_mut_ptr(), out.len()),
            0 => out.fill(from.read()),
            _ => {
                for (i, o) in out.iter_mut().enumerate() {
                    *o = from.offset(i as isize * step).read();
                }
            }
        }
    }
}

/// The elements that these bytes are; `T` is as in [`Elements`].
///
/// # Panics
/// If the bytes are not aligned, or not whole elements.
pub(crate) fn of_bytes<T: Element>(bytes: &[u8]) -> &[T] {
    const { assert!(!matches!(T::DTYPE, DType::Bool)) };
    // SAFETY: every bit pattern is a value of `T`.
    let (before, elements, after) = unsafe { bytes.align_to::<T>() };
    assert!(before.is_empty() && after.is_empty());
    elements
}

/// The same for writing.
///
/// # Panics
/// As [`of_bytes`].
pub(crate) fn of_bytes_mut<T: Element>(bytes: &mut [u8]) -> &mut [T] {
    const { assert!(!matches!(T::DTYPE, DType::Bool)) };
    // SAFETY: every bit pattern is a value of `T`, and every value is bytes.
    let (before, elements, after) = unsafe { bytes.align_to_mut::<T>() };
    assert!(before.is_empty() && after.is_empty());
    elements
}

/// `len` default values.
///
/// # Errors
/// If there is not enough memory.
pub(crate) fn scratch<T: Clone + Default>(len: usize) -> Result<Vec<T>> {
    let mut out = Vec::new();
    out.try_reserve_exact(len)
        .map_err(|_| Error::out_of_memory(len.checked_mul(size_of::<T>())))?;
    out.resize(len, T::default());
    Ok(out)
}

/// A buffer of `len` elements of `dtype` that `fill` writes; `T` is as in [`Elements`].
///
/// # Errors
/// If there is not enough memory, or `fill` fails.
///
/// # Safety
/// If `fill` succeeds, it has initialised every element.
pub(crate) unsafe fn output<T: Element>(
    dtype: DType,
    len: usize,
    fill: impl FnOnce(&mut [MaybeUninit<T>]) -> Result<()>,
) -> Result<Buffer> {
    assert_eq!(size_of::<T>(), dtype.item_size());
    let (buffer, start) = Buffer::for_output(dtype, len)?;
    // SAFETY: the block has room for `len` elements, is aligned to 64 bytes, and nobody else has it.
    fill(unsafe { std::slice::from_raw_parts_mut(start.cast(), len) })?;
    Ok(buffer)
}

/// A slice of which several threads write different parts.
pub(crate) struct Disjoint<'a, T> {
    start: *mut T,
    len: usize,
    memory: PhantomData<&'a mut [T]>,
}

// SAFETY: it stands for a mutable slice, and `part` says that parts are disjoint.
unsafe impl<T: Send> Sync for Disjoint<'_, T> {}

impl<'a, T> Disjoint<'a, T> {
    /// Parts of `slice`.
    pub(crate) fn new(slice: &'a mut [T]) -> Self {
        Disjoint { start: slice.as_mut_ptr(), len: slice.len(), memory: PhantomData }
    }

    /// One part.
    ///
    /// # Safety
    /// No two parts that live at one time overlap.
    #[allow(clippy::mut_from_ref)] // the parts are disjoint
    pub(crate) unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        assert!(range.start <= range.end && range.end <= self.len);
        // SAFETY: within the slice, and no other part overlaps it.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }

    /// The address of the first element of a range.
    pub(crate) fn address(&self, range: Range<usize>) -> *mut T {
        assert!(range.start <= range.end && range.end <= self.len);
        self.start.wrapping_add(range.start)
    }
}

/// Among how many threads work of so many nanoseconds should be shared.
pub(crate) fn threads_for(nanos: f64) -> usize {
    #[cfg(test)]
    let nanos = nanos * f64::from(crate::testing::Ways::taken().slowness);
    if nanos < PARALLEL_NANOS { 1 } else { crate::threads() }
}

/// Runs `task` for each number below `tasks`, each taking so many nanoseconds, on several threads if
/// that is worth it. `state` makes what a thread works with.
///
/// # Errors
/// An error of `state` or of a task.
pub(crate) fn for_tasks<S>(
    tasks: usize,
    nanos: f64,
    state: impl Fn() -> Result<S> + Sync,
    task: impl Fn(&mut S, usize) -> Result<()> + Sync,
) -> Result<()> {
    if tasks == 1 {
        return task(&mut state()?, 0); // nothing is shared, and so nothing is locked
    }
    let failed = Mutex::new(None);
    split(tasks, nanos as f32, 1, |mut range| {
        let mut run = || {
            let mut state = state()?;
            range.try_for_each(|t| task(&mut state, t))
        };
        if let (Err(error), Ok(mut failed)) = (run(), failed.lock()) {
            *failed = Some(error);
        }
    });
    failed.into_inner().ok().flatten().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use arrayspace_core::Layout;

    use super::*;
    use crate::testing::{Rng, cases, positions, values, view};

    #[test]
    fn blocks_of_views_are_the_elements_in_order() {
        for seed in 0..cases(100) {
            let mut rng = Rng::new(seed);
            let shape = rng.shape(4, 5);
            let (layout, len) = rng.layout(&shape, true);
            let buffer = rng.buffer(DType::Int32, len);
            let memory = values::<i32>(&buffer);
            let expected: Vec<i32> = positions(&layout).into_iter().map(|i| memory[i]).collect();
            let elements = Elements::<i32>::new(view(&buffer, DType::Int32, &layout)).unwrap();
            let mut scratch = vec![0; expected.len()];
            elements.read(0, &mut scratch);
            assert_eq!(scratch, expected, "{layout:?}");
            for _ in 0..20 {
                let start = rng.below(expected.len() + 1);
                let end = start + rng.below(expected.len() - start + 1);
                assert_eq!(elements.block(start..end, &mut scratch), &expected[start..end]);
            }
            let (span, first) =
                Elements::<i32>::span(view(&buffer, DType::Int32, &layout)).unwrap();
            assert_eq!(expected.first(), span.get(first).filter(|_| layout.size() > 0));
        }
    }

    #[test]
    fn a_view_beyond_its_buffer_is_an_error() {
        let buffer = Buffer::copy_of(&[0; 12], DType::Int32).unwrap();
        let layout = Layout::contiguous(&[4]).unwrap();
        assert!(Elements::<i32>::new(view(&buffer, DType::Int32, &layout)).is_err());
    }
}
