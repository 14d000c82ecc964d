//! Sliding windows: an addition to the standard.
//!
//! As NumPy's `sliding_window_view` and PyTorch's `unfold`, as a view with overlapping strides.

use arrayspace_core::{Backend, Error, Layout, MAX_NDIM, Result, element_count};

use super::Array;
use crate::axes::Axis;
use crate::named::Named;
use crate::shape_arg::Count;

impl<B: Backend> Array<B> {
    /// All windows of `window` elements along an axis, one every `step` elements, as a view without a
    /// copy. Axis `axis` (the last where `()` is given) becomes the number of windows, which is
    /// `(length - window) / step + 1`, and a new last axis holds the elements of each. Elements behind
    /// the last whole window are left out.
    ///
    /// **This is not in the standard**, which has no strided views. It is here because blockwise work on
    /// signals and series (spectra, moving statistics, convolutions) otherwise needs a copy of each
    /// window, which in memory-bound programs is most of their time. In code that has to run on other
    /// implementations of the standard, `take` with the indices
    /// `arange(count)[:, newaxis] * step + arange(window)` gives the same elements.
    ///
    /// Windows overlap in memory but, as every array, are a value: writing to one (with
    /// [`set`](Array::set) or an operator in place) changes neither the array that it was made of nor the
    /// same element in another window, because the windows are copied first. A result of the size of all
    /// windows is larger than the array by `window / step`: on long arrays work in blocks of windows.
    ///
    /// # Errors
    /// [`Error::Value`] for a `window` or `step` of 0 or less, or a window longer than the axis;
    /// [`Error::Axis`] for an axis out of range; [`Error::Shape`] if the array has as many dimensions as
    /// there can be.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    /// let xp = Cpu::new();
    /// let x = xp.arange(0, 8, 1, ())?;
    /// let windows = x.sliding_windows(4, 2, ())?;
    /// assert_eq!(windows.shape(), [3, 4]);
    /// assert_eq!(windows.to_vec::<i64>()?, [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7]);
    /// // a moving average
    /// let y = xp.asarray([1.0, 2.0, 6.0, 4.0], ())?;
    /// assert_eq!(xp.mean(&y.sliding_windows(2, 1, ())?, -1)?.to_vec::<f64>()?, [1.5, 4.0, 5.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn sliding_windows(
        &self,
        window: impl Into<Count>,
        step: impl Into<Count>,
        axis: impl Into<Axis>,
    ) -> Result<Array<B>> {
        windows(self, window.into(), step.into(), axis.into()).named("sliding_windows")
    }
}

fn windows<B: Backend>(x: &Array<B>, window: Count, step: Count, axis: Axis) -> Result<Array<B>> {
    let axis = axis.one_of(x.ndim(), -1)?;
    let (window, step) = (window.get("window")?, step.get("step")?);
    for (parameter, value) in [("window", window), ("step", step)] {
        if value == 0 {
            return Err(Error::value(format_args!("{parameter} is 0, but 1 or more is expected")));
        }
    }
    let length = x.shape()[axis];
    let Some(spare) = length.checked_sub(window) else {
        return Err(Error::value(format_args!(
            "a window of {window} elements is longer than axis {axis} of the shape {:?}; use one of at \
             most {length}",
            x.shape()
        )));
    };
    if x.ndim() == MAX_NDIM {
        return Err(Error::shape(format_args!(
            "the windows need an axis of their own, but the array has {MAX_NDIM} dimensions, the most \
             there can be; squeeze or reshape it first"
        )));
    }
    let count = spare / step + 1;
    let (mut shape, mut strides) = (x.shape().to_vec(), x.strides().to_vec());
    shape[axis] = count;
    shape.push(window);
    strides.push(strides[axis]);
    // A step that is taken lies within the axis. (Without elements strides may be anything.)
    if count > 1 {
        strides[axis] = strides[axis].wrapping_mul(step as isize);
    }
    element_count(&shape).ok_or_else(|| Error::out_of_memory(None))?;
    Ok(x.with_layout(Layout::new(&shape, &strides, x.layout.offset())?))
}
