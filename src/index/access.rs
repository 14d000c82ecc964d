//! `get` and `set`.
//!
//! A write changes memory that belongs to this array alone, in place; memory that is shared is copied
//! first, so that no other array sees the write.

use arrayspace_core::{Backend, DType, Error, Layout, Part, Program, Result, View};
use smallvec::SmallVec;

use super::Index;
use super::select::{Checked, Selection, one_axis};
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
        (index.place(self).and_then(|()| get(self, &index))).named("get")
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
        (index.place(self).and_then(|()| set(self, &index, value.into()))).named("set")
    }
}

fn get<B: Backend>(x: &Array<B>, index: &Index<'_, B>) -> Result<Array<B>> {
    if let Some(layout) = one_axis(&x.layout, index) {
        return Ok(x.with_layout(layout?));
    }
    let index = Checked::new(x, index)?;
    if let Some(mask) = index.sole_mask(x.shape())
        && mask.ndim() == x.ndim()
    {
        let mut program = Program::new();
        program.input(x.dtype)?;
        let (buffer, count) = x.backend.compact(&program, &[x.view()], mask.view())?;
        return Array::from_buffer(&x.backend, buffer, &[count], x.dtype, x.device);
    }
    let selection = Selection::new(x, &x.layout, &index)?;
    if selection.is_view() {
        return Ok(x.with_layout(selection.layout));
    }
    let buffer = x.backend.gather(selection.view(x), &selection.terms())?;
    Array::from_buffer(&x.backend, buffer, selection.shape(), x.dtype, x.device)
}

fn set<B: Backend>(x: &mut Array<B>, index: &Index<'_, B>, value: Operand<'_, B>) -> Result<()> {
    check_value(x, &value)?;
    let index = Checked::new(x, index)?;
    if let Some(mask) = index.sole_mask(x.shape())
        && is_single(&value)
    {
        return choose(x, mask, value);
    }
    let in_place = is_injective(&x.layout) && x.backend.exclusive(&mut x.buffer);
    let layout = if in_place { x.layout.clone() } else { Layout::contiguous(x.shape())? };
    let selection = Selection::new(x, &layout, &index)?;
    let value = fit(x, value, selection.shape())?;
    if selection.layout.size() == 0 {
        return Ok(());
    }
    if in_place {
        return write(x, &selection, value.view());
    }
    if selection.is_view() && selection.layout.size() == x.size() {
        // Every element is replaced: there is nothing to copy.
        let part = Part { source: value.view(), target: selection.layout };
        let buffer = x.backend.assemble(&[part], x.dtype, x.size(), x.device)?;
        *x = Array::from_buffer(&x.backend, buffer, x.shape(), x.dtype, x.device)?;
        return Ok(());
    }
    let mut copy = x.contiguous_copy()?;
    write(&mut copy, &selection, value.view())?;
    *x = copy;
    Ok(())
}

/// Writes to the memory of `x`, which is exclusive. The backend checks indices before it writes.
fn write<B: Backend>(x: &mut Array<B>, selection: &Selection<B>, value: View<'_, B>) -> Result<()> {
    if selection.is_view() {
        x.backend.write(&mut x.buffer, &selection.layout, value)
    } else {
        x.backend.scatter(&mut x.buffer, &selection.layout, &selection.terms(), value)
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

/// A value in the dtype of `x`, with the shape of the selection.
fn fit<B: Backend>(x: &Array<B>, value: Operand<'_, B>, shape: &[usize]) -> Result<Array<B>> {
    let value = match value {
        Operand::Scalar(value) => {
            let value = compute::filled(&x.backend, value, &[], x.dtype, x.device)?;
            let layout = broadcast(&value.layout, shape)?;
            return Ok(value.with_layout(layout));
        }
        Operand::Array(value) => value,
    };
    let layout = broadcast(&value.layout, shape)?;
    if value.dtype == x.dtype {
        return Ok(value.with_layout(layout));
    }
    let cast = value.cast(x.dtype)?;
    let layout = broadcast(&cast.layout, shape)?;
    Ok(cast.with_layout(layout))
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

/// Whether all elements have places of their own, so that a write to one is a write to it alone; true
/// of all but broadcast and overlapping views.
fn is_injective(layout: &Layout) -> bool {
    if layout.size() == 0 {
        return true;
    }
    let mut axes: SmallVec<[(usize, usize); 6]> = (layout.strides().iter().zip(layout.shape()))
        .filter(|&(_, &len)| len > 1)
        .map(|(&stride, &len)| (stride.unsigned_abs(), len))
        .collect();
    axes.sort_unstable();
    let mut reach = 0; // of the axes with smaller strides
    axes.into_iter().all(|(stride, len)| {
        let apart = stride > reach;
        reach += stride * (len - 1);
        apart
    })
}
