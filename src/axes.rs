//! Axis arguments, and what they mean for an array of some number of dimensions.

use arrayspace_core::{Dims, Error, Result};

use crate::integers::{AnyInteger, IntegerList, Integers};

/// An optional axis: an integer (negative ones count from the end), `()` for the function's default, or
/// `None` for no axis; or `axis(...)` of one of these.
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

/// A set of axes: an integer, or several in an array, a slice, a vector or a tuple ([`IntegerList`]); `()` or
/// `None` for all; or `axis(...)` of one of these.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Axes {
    /// Every axis (the standard's `axis=None`).
    #[default]
    All,
    /// These.
    List(Integers),
}

/// How far `roll` moves elements: an integer for every axis, or a list with one for each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shift {
    /// This far along each axis.
    Every(i64),
    /// As far as this along the axis in the same place of the list of axes.
    Each(Integers),
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

impl From<()> for ContractedAxes {
    fn from((): ()) -> Self {
        ContractedAxes::Count(2)
    }
}

impl<I: AnyInteger> From<I> for Axis {
    fn from(axis: I) -> Self {
        Axis::At(axis.signed())
    }
}

impl<L: IntegerList> From<L> for Axes {
    fn from(axes: L) -> Self {
        Axes::List(axes.integers())
    }
}

impl<L: IntegerList> From<L> for Shift {
    fn from(shifts: L) -> Self {
        let one = L::IS_ONE;
        match &shifts.integers()[..] {
            &[shift] if one => Shift::Every(shift),
            shifts => Shift::Each(shifts.into()),
        }
    }
}

impl<I: AnyInteger> From<I> for ContractedAxes {
    fn from(count: I) -> Self {
        ContractedAxes::Count(count.signed())
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
        normalize(self.number(default)?, ndim)
    }

    /// The axis as it was given, for functions that work along exactly one.
    ///
    /// # Errors
    /// [`Error::Axis`] for `None`.
    pub(crate) fn number(self, default: i64) -> Result<i64> {
        self.or(Some(default)).ok_or_else(|| {
            Error::axis(format_args!(
                "the axis None was given, but one axis is expected; give its number, or leave it out \
                 for {default}"
            ))
        })
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
