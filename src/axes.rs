//! Axis arguments, and what they mean for an array of some number of dimensions.

use arrayspace_core::{Dims, Error, Result};
use smallvec::SmallVec;

/// An optional axis: `()` for the function's default, `None` for no axis, or an integer (negative ones
/// count from the end).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Axis {
    /// What the standard's signature has as its default.
    #[default]
    Default,
    /// Python's `axis=None`.
    None,
    /// This one.
    At(i64),
}

/// A set of axes: `()` or `None` for all, an integer, or several.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Axes {
    /// Every axis (the standard's `axis=None`).
    #[default]
    All,
    /// These.
    List(SmallVec<[i64; 6]>),
}

impl From<()> for Axis {
    fn from((): ()) -> Self {
        Axis::Default
    }
}

impl From<()> for Axes {
    fn from((): ()) -> Self {
        Axes::All
    }
}

macro_rules! from_ints {
    ($($t:ty)*) => { $(
        impl From<$t> for Axis {
            fn from(axis: $t) -> Self {
                Axis::At(axis as i64)
            }
        }
        impl From<Option<$t>> for Axis {
            fn from(axis: Option<$t>) -> Self {
                axis.map_or(Axis::None, Axis::from)
            }
        }
        impl From<$t> for Axes {
            fn from(axis: $t) -> Self {
                Axes::List(SmallVec::from_slice(&[axis as i64]))
            }
        }
        impl From<Option<$t>> for Axes {
            fn from(axis: Option<$t>) -> Self {
                axis.map_or(Axes::All, Axes::from)
            }
        }
        impl<const N: usize> From<[$t; N]> for Axes {
            fn from(axes: [$t; N]) -> Self {
                Axes::from(&axes[..])
            }
        }
        impl<const N: usize> From<&[$t; N]> for Axes {
            fn from(axes: &[$t; N]) -> Self {
                Axes::from(&axes[..])
            }
        }
        impl From<&[$t]> for Axes {
            fn from(axes: &[$t]) -> Self {
                Axes::List(axes.iter().map(|&a| a as i64).collect())
            }
        }
        impl From<Vec<$t>> for Axes {
            fn from(axes: Vec<$t>) -> Self {
                Axes::from(&axes[..])
            }
        }
    )* };
}
from_ints!(i32 i64 isize usize);

impl From<Axis> for Axes {
    fn from(axis: Axis) -> Self {
        match axis {
            Axis::At(axis) => Axes::from(axis),
            Axis::Default | Axis::None => Axes::All,
        }
    }
}

/// The axis of `0..ndim` that `axis` means.
pub(crate) fn normalize(axis: i64, ndim: usize) -> Result<usize> {
    let n = ndim as i64;
    if axis < -n || axis >= n {
        return Err(if ndim == 0 {
            Error::axis(format_args!("axis {axis} was given, but a 0-d array has no axes"))
        } else {
            Error::axis(format_args!(
                "axis {axis} is out of range for {ndim} dimensions; valid are {} to {}",
                -n,
                n - 1
            ))
        });
    }
    Ok(if axis < 0 { axis + n } else { axis } as usize)
}

impl Axes {
    /// The axes of `0..ndim` that are meant, in the order given.
    ///
    /// # Errors
    /// [`Error::Axis`] for one out of range or repeated.
    pub(crate) fn in_order(&self, ndim: usize) -> Result<Dims> {
        let Axes::List(list) = self else {
            return Ok((0..ndim).collect());
        };
        let mut out = Dims::new();
        for &axis in list {
            let axis_ = normalize(axis, ndim)?;
            if out.contains(&axis_) {
                return Err(Error::axis(format_args!(
                    "axis {axis} is repeated in {:?}; give each axis once",
                    &list[..]
                )));
            }
            out.push(axis_);
        }
        Ok(out)
    }

    /// The axes of `0..ndim` that are meant, sorted.
    ///
    /// # Errors
    /// [`Error::Axis`] for one out of range or repeated.
    pub(crate) fn sorted(&self, ndim: usize) -> Result<Dims> {
        let mut out = self.in_order(ndim)?;
        out.sort_unstable();
        Ok(out)
    }
}

impl Axis {
    /// The axis meant, or `None` for no axis, with the function's default where `()` was given.
    pub(crate) fn or(self, default: Option<i64>) -> Option<i64> {
        match self {
            Axis::Default => default,
            Axis::None => None,
            Axis::At(axis) => Some(axis),
        }
    }
}
