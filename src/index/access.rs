//! `get` and `set`.
//!
//! A write changes memory that belongs to this array alone, in place; memory that is shared is copied
//! first, so that no other array sees the write.

use std::sync::atomic::{AtomicU64, Ordering};

use arrayspace_core::{
    Backend, DType, Error, IndexTerm, Layout, Part, Program, Result, Scalar, ScatterOp, View,
};

use super::select::{Checked, Selection, few_axes};
use super::{Index, IndexItem};
use crate::arg::{Arg, Held, Operand};
use crate::array::Array;
use crate::compute::{self, Computation};
use crate::named::Named;

impl<B: Backend> Array<B> {
    /// The elements that an index means: the standard's `x[index]`. What an index may be, and what it
    /// means, says [`Index`].
    ///
    /// Integers, ranges, `Ellipsis` and `NewAxis` give a view of the same memory, without a copy. The
    /// shape of the result depends on values for boolean masks alone.
    ///
    /// # Errors
    /// [`Error::Index`] for an index out of bounds, more items than axes, two ellipses, a step of 0, a
    /// mask that does not have the shape of the axes that it covers, or an array that is neither of
    /// integers nor of bool; [`Error::Broadcast`] for index arrays that do not broadcast together;
    /// [`Error::Device`] for one on another device.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    /// let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// assert_eq!(x.get(-1)?.to_vec::<i32>()?, [4, 5, 6]);
    /// assert_eq!(x.get((.., 0))?.to_vec::<i32>()?, [1, 4]);
    /// assert_eq!(x.get(s![.., ..; -2])?.to_vec::<i32>()?, [3, 1, 6, 4]);
    /// let (i, j) = (xp.asarray([0, 1], ())?, xp.asarray([2, -1], ())?);
    /// assert_eq!(x.get((&i, &j))?.to_vec::<i32>()?, [3, 6]);
    /// assert!(matches!(x.get(2), Err(Error::Index(_))));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn get<'a>(&self, index: impl Into<Index<'a, B>>) -> Result<Array<B>> {
        let mut index = index.into();
        get(self, &mut index).named("get")
    }

    /// Writes `value` to the elements that an index means: the standard's `x[index] = value`. What an
    /// index may be, and what it means, says [`Index`].
    ///
    /// `value` is a scalar, or an array that broadcasts to the shape of `x.get(index)`; leading axes of
    /// length 1 that are too many do no harm. It takes the dtype of the array, and must be one that
    /// promotes to it. Where integer arrays name an element repeatedly, the last value wins.
    ///
    /// No other array changes: memory that is shared with clones or views is copied first. For that
    /// reason `value` may be made of the array itself, and is what it was before the call. On an error
    /// the array is left as it was.
    ///
    /// # Time
    /// A write takes as long as it takes to write `value`, unless a clone or a view of the array is alive: then
    /// the **whole array** is copied first, since whoever has the view may still look at it. So let views go
    /// before writing: `x.set(i, x.get(i)? + 1)?` is done in place, while `let row = x.get(i)?;` before
    /// `x.set(i, &row + 1)?` makes the write copy `x` (once: it then has memory of its own, until the next view).
    /// A view that is passed as `value` itself, `x.set(0, x.get(1)?)?`, does no harm.
    /// [`bytes_copied_by_set`](crate::bytes_copied_by_set) says whether a program does it.
    ///
    /// # Errors
    /// Those of [`get`](Array::get); [`Error::Broadcast`] for a value of a shape that does not fit,
    /// [`Error::Promotion`] for one of a dtype or kind that does not promote to the array's,
    /// [`Error::Value`] for a scalar out of the range of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    /// let xp = Cpu::new();
    /// let mut x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// let before = x.clone();
    /// x.set((0, ..2), 0)?;
    /// x.set((.., -1), &xp.asarray([7, 8], ())?)?;
    /// assert_eq!(x.to_vec::<i32>()?, [0, 0, 7, 4, 5, 8]);
    /// assert_eq!(before.to_vec::<i32>()?, [1, 2, 3, 4, 5, 6]);
    /// let reversed = x.get(s![..; -1])?;
    /// x.set((), reversed)?;
    /// assert_eq!(x.to_vec::<i32>()?, [4, 5, 8, 0, 0, 7]);
    /// assert!(x.set(0, 0.5).is_err()); // a float is no value of an integer array
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn set<'a, 'v>(
        &mut self,
        index: impl Into<Index<'a, B>>,
        value: impl Into<Operand<'v, B>>,
    ) -> Result<()> {
        let mut index = index.into();
        set(self, &mut index, value.into()).named("set")
    }
}

fn get<B: Backend>(x: &Array<B>, index: &mut Index<'_, B>) -> Result<Array<B>> {
    if let Some(layout) = few_axes(&x.layout, index) {
        return Ok(x.with_layout(layout));
    }
    index.place(x)?;
    if let [IndexItem::Array(indices)] = index.items()
        && let Some(result) = pick(x, indices)
    {
        return result;
    }
    let index = Checked::new(x, index)?;
    if let Some(mask) = index.sole_mask(x.shape())
        && mask.ndim() == x.ndim()
    {
        let mut program = Program::new();
        program.input(x.dtype)?;
        let (buffer, count) = B::compact(&x.backend, &program, &[x.view()], mask.view())?;
        return Array::from_buffer(&x.backend, buffer, &[count], x.dtype, x.device);
    }
    let selection = Selection::new(x, &x.layout, &index)?;
    if selection.is_view() {
        return Ok(x.with_layout(selection.layout));
    }
    let buffer = B::gather(&x.backend, selection.view(x), &selection.terms())?;
    Array::from_buffer(&x.backend, buffer, selection.shape(), x.dtype, x.device)
}

/// The elements of an array of one dimension at the indices of an array of integers; `None` for other arrays, and
/// where there is nothing to pick.
pub(crate) fn pick<B: Backend>(x: &Array<B>, indices: &Array<B>) -> Option<Result<Array<B>>> {
    let (&[extent], &[stride]) = (x.shape(), x.strides()) else { return None };
    let dims = indices.shape();
    if !indices.dtype.is_integer()
        || indices.device != x.device
        || x.size() == 0
        || indices.size() == 0
    {
        return None;
    }
    // of the first element, over and over
    let layout = match dims {
        &[count] => x.layout.slice_few(0, 0, 0, count)?,
        _ => Layout::new(dims, [0; 4].get(..dims.len())?, x.layout.offset()).ok()?,
    };
    let source = View { buffer: &x.buffer, dtype: x.dtype, layout: &layout };
    let term = IndexTerm { indices: indices.view(), extent, stride, axis: 0 };
    let buffer = match B::gather(&x.backend, source, &[term]) {
        Ok(buffer) => buffer,
        Err(e) => return Some(Err(e)),
    };
    Some(Array::from_buffer(&x.backend, buffer, dims, x.dtype, x.device))
}

/// The bytes that writes have copied.
static COPIED: AtomicU64 = AtomicU64::new(0);

/// How many bytes [`Array::set`] has copied so far because a clone or a view shared the memory that it was to
/// write: of all arrays of the process, on any backend.
///
/// A write to an array that nobody shares is done in place, and copies nothing. If a loop of writes takes much
/// longer than it should, this says whether that is why. Writes that replace all elements, and those of one
/// value where a mask is true, go over the whole array in any case, and do not count.
///
/// ```standalone_crate
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::{bytes_copied_by_set, prelude::*};
/// let mut x = Cpu::new().zeros([1000, 8], ())?;
/// x.set(3, x.get(3)? + 1.0)?; // the view of the row is gone before the write
/// assert_eq!(bytes_copied_by_set(), 0);
/// let row = x.get(3)?;
/// x.set(3, &row + 1.0)?; // `row` must stay what it is
/// assert_eq!(bytes_copied_by_set(), 64_000);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
pub fn bytes_copied_by_set() -> u64 {
    COPIED.load(Ordering::Relaxed)
}

fn set<B: Backend>(
    x: &mut Array<B>,
    index: &mut Index<'_, B>,
    mut value: Operand<'_, B>,
) -> Result<()> {
    check_value(x, &value)?;
    if let Some(layout) = few_axes(&x.layout, index)
        && is_writable(x)
    {
        return match value {
            Operand::Scalar(_) if layout.size() == 0 => Ok(()),
            Operand::Scalar(value) => {
                B::fill(&x.backend, &mut x.buffer, &layout, x.dtype, value, x.device)
            }
            value => write(x, &Selection::of_layout(layout), value),
        };
    }
    index.place(x)?;
    let index = Checked::new(x, index)?;
    detach(x, &mut value)?;
    if let Some(mask) = index.sole_mask(x.shape())
        && is_single(&value)
    {
        return choose(x, mask, value);
    }
    if is_writable(x) {
        let selection = Selection::new(x, &x.layout, &index)?;
        return write(x, &selection, value);
    }
    let selection = Selection::new(x, &Layout::contiguous(x.shape())?, &index)?;
    let value = fit(x, value, &selection)?;
    if selection.layout.size() == 0 {
        return Ok(());
    }
    if selection.is_view() && selection.layout.size() == x.size() {
        // Every element is replaced: there is nothing to copy.
        let (dtype, device) = (x.dtype, x.device);
        *x = match value {
            Fitted::Scalar(value) => compute::filled(&x.backend, value, x.shape(), dtype, device)?,
            Fitted::Array(value) => {
                let part = Part { source: value.view(), target: selection.layout };
                let buffer = B::assemble(&x.backend, &[part], dtype, x.size(), device)?;
                Array::from_buffer(&x.backend, buffer, x.shape(), dtype, device)?
            }
        };
        return Ok(());
    }
    let mut copy = x.contiguous_copy()?;
    COPIED.fetch_add((x.size() * x.dtype.item_size()) as u64, Ordering::Relaxed);
    write_fitted(&mut copy, &selection, value)?;
    *x = copy;
    Ok(())
}

/// Whether writes to elements of `x` change these elements alone.
#[inline]
fn is_writable<B: Backend>(x: &mut Array<B>) -> bool {
    x.layout.is_injective() && B::exclusive(&x.backend, &mut x.buffer)
}

/// Gives a value that is passed by value, and may be a view of `x`, memory of its own: nobody sees the view again,
/// and as long as it shares the memory, a write would copy all of it.
fn detach<B: Backend>(x: &mut Array<B>, value: &mut Operand<'_, B>) -> Result<()> {
    if let Operand::Array(Arg(Held::Owned(value))) = value
        && value.size() <= x.size() / 2
        && B::buffer_len(&value.backend, &value.buffer, value.dtype) > value.size()
        && !B::exclusive(&x.backend, &mut x.buffer)
    {
        *value = value.contiguous_copy()?;
    }
    Ok(())
}

/// Writes to the memory of `x`, which is exclusive.
fn write<B: Backend>(
    x: &mut Array<B>,
    selection: &Selection<B>,
    value: Operand<'_, B>,
) -> Result<()> {
    let value = fit(x, value, selection)?;
    if selection.layout.size() == 0 { Ok(()) } else { write_fitted(x, selection, value) }
}

/// The same with a value that fits. The backend checks indices before it writes.
fn write_fitted<B: Backend>(
    x: &mut Array<B>,
    selection: &Selection<B>,
    value: Fitted<B>,
) -> Result<()> {
    let layout = &selection.layout;
    match value {
        Fitted::Scalar(value) => {
            B::fill(&x.backend, &mut x.buffer, layout, x.dtype, value, x.device)
        }
        Fitted::Array(value) if selection.is_view() => {
            B::write(&x.backend, &mut x.buffer, layout, value.view())
        }
        Fitted::Array(value) => {
            let replace = ScatterOp::Replace;
            let terms = selection.terms();
            B::scatter(&x.backend, replace, &mut x.buffer, layout, &terms, value.view())
        }
    }
}

/// An error unless a value of this dtype or kind can be written to `x`.
fn check_value<B: Backend>(x: &Array<B>, value: &Operand<'_, B>) -> Result<()> {
    match value {
        Operand::Array(value) => {
            compute::same_device([x.device, value.device].into_iter())?;
            if !value.dtype.can_cast(x.dtype) {
                return Err(Error::promotion(format_args!(
                    "a value of dtype {} cannot be written to an array of dtype {}, to which it does \
                     not promote; convert it with astype(value, {})",
                    value.dtype,
                    x.dtype,
                    dtype_path(x.dtype)
                )));
            }
        }
        Operand::Scalar(value) => {
            let result = value.result_dtype(x.dtype)?;
            if result != x.dtype {
                return Err(Error::promotion(format_args!(
                    "the {} scalar {value} cannot be written to an array of dtype {}; convert the \
                     array with astype(x, {})",
                    value.kind_name(),
                    x.dtype,
                    dtype_path(result)
                )));
            }
            value.checked_for(x.dtype)?;
        }
    }
    Ok(())
}

/// How a program names a dtype.
fn dtype_path(dtype: DType) -> String {
    format!("DType::{dtype:?}")
}

/// Whether a value is one element, which fits every shape.
fn is_single<B: Backend>(value: &Operand<'_, B>) -> bool {
    match value {
        Operand::Array(value) => value.ndim() == 0,
        Operand::Scalar(_) => true,
    }
}

/// Writes one value where a mask over leading axes is true: an elementwise choice, in place if the
/// memory is exclusive.
fn choose<B: Backend>(x: &mut Array<B>, mask: &Array<B>, value: Operand<'_, B>) -> Result<()> {
    let dtype = x.dtype;
    let rows = (mask.ndim()..x.ndim()).fold(mask.layout.clone(), |m, axis| m.insert_axis(axis));
    let mut c = Computation::new();
    let mask = c.array(mask.with_layout(rows))?;
    let value = c.operand(value, dtype)?;
    let old = c.array(Arg(Held::Replaced(&mut *x)))?;
    c.program.select(mask, value, old)?;
    let result = c.run()?;
    *x = result;
    Ok(())
}

/// A value that can be written to the elements of a selection.
enum Fitted<B: Backend> {
    /// One for all of them, which are a view.
    Scalar(Scalar),
    /// One for each: of the dtype, in the shape of the selection.
    Array(Array<B>),
}

/// A value as it is written to a selection of elements of `x`.
fn fit<B: Backend>(
    x: &Array<B>,
    value: Operand<'_, B>,
    selection: &Selection<B>,
) -> Result<Fitted<B>> {
    let shape = selection.shape();
    let value = match value {
        Operand::Scalar(value) if selection.is_view() => return Ok(Fitted::Scalar(value)),
        Operand::Scalar(value) => compute::filled(&x.backend, value, &[], x.dtype, x.device)?,
        Operand::Array(value) => {
            let layout = broadcast(&value.layout, shape)?;
            if value.dtype == x.dtype {
                return Ok(Fitted::Array(value.with_layout(layout)));
            }
            value.cast(x.dtype)?
        }
    };
    let layout = broadcast(&value.layout, shape)?;
    Ok(Fitted::Array(value.with_layout(layout)))
}

/// The layout of a value broadcast to the shape of a selection; leading axes of length 1 that it has
/// beyond it are dropped.
fn broadcast(value: &Layout, shape: &[usize]) -> Result<Layout> {
    let mut layout = value.clone();
    while layout.ndim() > shape.len() && layout.shape()[0] == 1 {
        layout = layout.remove_axis(0);
    }
    layout.broadcast_to(shape).ok_or_else(|| {
        Error::broadcast(format_args!(
            "a value of shape {:?} does not broadcast to the shape {shape:?} of what the index selects",
            value.shape()
        ))
    })
}
