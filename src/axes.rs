//! Axis arguments, and what they mean for an array of some number of dimensions.

use arrayspace_core::{Dims, Error, Result};
use smallvec::SmallVec;

use crate::shape_arg::Signed;

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

/// A set of axes: `()` or `None` for all, an integer, or several in an array, a slice, a vector or a tuple.
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

/// How far `roll` moves elements: an integer for every axis, or one for each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shift {
    /// This far along each axis.
    Every(i64),
    /// As far as this along the axis in the same place of the list of axes.
    Each(SmallVec<[i64; 6]>),
}

/// The axes that `tensordot` contracts: `()` for the default 2, a number `n` for the last `n` of the
/// first array with the first `n` of the second, or a pair of lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ContractedAxes {
    /// The last of the first array with the first of the second.
    Count(i64),
    /// Each of the first list (of the first array) with the one in the same place of the second.
    Pairs(Axes, Axes),
}

impl From<()> for ContractedAxes {
    fn from((): ()) -> Self {
        ContractedAxes::Count(2)
    }
}

impl<A: Into<Axes>, B: Into<Axes>> From<(A, B)> for ContractedAxes {
    fn from((x1, x2): (A, B)) -> Self {
        ContractedAxes::Pairs(x1.into(), x2.into())
    }
}

// `Option` of one type alone, so that a bare `None` needs no annotation.

impl From<Option<i64>> for Axis {
    fn from(axis: Option<i64>) -> Self {
        axis.map_or(Axis::None, Axis::from)
    }
}

impl From<Option<i64>> for Axes {
    fn from(axis: Option<i64>) -> Self {
        axis.map_or(Axes::All, Axes::from)
    }
}

macro_rules! from_ints {
    ($($t:ty)*) => { $(
        impl From<$t> for Axis {
            fn from(axis: $t) -> Self {
                Axis::At(axis.signed())
            }
        }
        impl From<$t> for Axes {
            fn from(axis: $t) -> Self {
                Axes::List(SmallVec::from_slice(&[axis.signed()]))
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
                Axes::List(axes.iter().map(|&a| a.signed()).collect())
            }
        }
        impl From<Vec<$t>> for Axes {
            fn from(axes: Vec<$t>) -> Self {
                Axes::from(&axes[..])
            }
        }
        impl From<$t> for Shift {
            fn from(shift: $t) -> Self {
                Shift::Every(shift.signed())
            }
        }
        impl<const N: usize> From<[$t; N]> for Shift {
            fn from(shifts: [$t; N]) -> Self {
                Shift::from(&shifts[..])
            }
        }
        impl<const N: usize> From<&[$t; N]> for Shift {
            fn from(shifts: &[$t; N]) -> Self {
                Shift::from(&shifts[..])
            }
        }
        impl From<&[$t]> for Shift {
            fn from(shifts: &[$t]) -> Self {
                Shift::Each(shifts.iter().map(|&s| s.signed()).collect())
            }
        }
        impl From<Vec<$t>> for Shift {
            fn from(shifts: Vec<$t>) -> Self {
                Shift::from(&shifts[..])
            }
        }
        impl From<$t> for ContractedAxes {
            fn from(count: $t) -> Self {
                ContractedAxes::Count(count.signed())
            }
        }
    )* };
}
from_ints!(i32 i64 isize usize);

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

    /// The axis of `0..ndim` that is meant, for functions that work along exactly one.
    ///
    /// # Errors
    /// [`Error::Axis`] for `None` or one out of range.
    pub(crate) fn one_of(self, ndim: usize, default: i64) -> Result<usize> {
        let axis = self.or(Some(default)).ok_or_else(|| {
            Error::axis(format_args!(
                "the axis None was given, but one axis is expected; give its number, or leave it out \
                 for {default}"
            ))
        })?;
        normalize(axis, ndim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_none_needs_no_annotation() {
        assert_eq!((Axis::from(None), Axis::from(Some(2))), (Axis::None, Axis::At(2)));
        assert_eq!((Axes::from(None), Axes::from(Some(-1))), (Axes::All, Axes::from(-1)));
    }
}
