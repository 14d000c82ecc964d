//! Shape arguments.

use arrayspace_core::{Dims, Error, Result, element_count};

use crate::integers::{AnyInteger, IntegerList, Integers};

/// A shape as an argument: an integer, an array, a slice, a vector or a tuple of integers
/// ([`IntegerList`]), `()` for a 0-d array. In a tuple the types may differ, so that `(n, -1)` works for a
/// `usize` n.
///
/// Lengths are signed, so that a computed negative one is an error with a message instead of a wrap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shape(pub(crate) Integers);

impl Shape {
    /// The lengths, in `room`. (Returned by value, they would be moved by pairs of words soon after each word was
    /// written, and be waited for.)
    ///
    /// # Errors
    /// [`Error::Shape`] for a negative length or too many dimensions, [`Error::OutOfMemory`] if the
    /// number of elements overflows.
    pub(crate) fn dims<'r>(&self, room: &'r mut Dims) -> Result<&'r [usize]> {
        self.write(room)?;
        Ok(room)
    }

    /// Writes the [lengths](Shape::dims); how many elements there are.
    pub(crate) fn write(&self, room: &mut Dims) -> Result<usize> {
        if self.0.iter().any(|&d| d < 0) {
            return Err(negative(&self.0));
        }
        if self.0.len() > arrayspace_core::MAX_NDIM {
            return Err(Error::shape(format_args!(
                "a shape of {} dimensions was given, but an array has at most {}",
                self.0.len(),
                arrayspace_core::MAX_NDIM
            )));
        }
        room.clear();
        room.extend(self.0.iter().map(|&d| d as usize));
        element_count(room).ok_or_else(|| Error::out_of_memory(None))
    }
}

/// The error of a shape with a negative length; -1 is one unless others are lower.
#[cold]
pub(crate) fn negative(shape: &[i64]) -> Error {
    let least = shape.iter().min().unwrap_or(&0);
    Error::shape(format_args!(
        "the shape {shape:?} has the negative length {least}; lengths are 0 or more"
    ))
}

/// A number of elements as an argument: any integer. Signed, so that a computed negative one is an
/// error with a message instead of a wrap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Count(i64);

impl Count {
    /// The number.
    ///
    /// # Errors
    /// [`Error::Value`] for a negative one, by the name of the parameter.
    pub(crate) fn get(self, parameter: &str) -> Result<usize> {
        self.0.try_into().map_err(|_| {
            Error::value(format_args!("{parameter} is {}, but 0 or more is expected", self.0))
        })
    }
}

/// A [`Count`] that may be left out: any integer, or `()` or `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MaybeCount(pub(crate) Option<Count>);

impl<I: AnyInteger> From<I> for Count {
    fn from(count: I) -> Self {
        Count(count.signed())
    }
}

impl<I: AnyInteger> From<I> for MaybeCount {
    fn from(count: I) -> Self {
        MaybeCount(Some(count.into()))
    }
}

impl From<()> for MaybeCount {
    fn from((): ()) -> Self {
        MaybeCount(None)
    }
}

impl From<Option<Count>> for MaybeCount {
    fn from(count: Option<Count>) -> Self {
        MaybeCount(count)
    }
}

impl From<()> for Shape {
    fn from((): ()) -> Self {
        Shape::default()
    }
}

impl<L: IntegerList> From<L> for Shape {
    #[inline]
    fn from(lengths: L) -> Self {
        Shape(lengths.integers())
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Self {
        shape.clone()
    }
}
