//! Shape arguments.

use arrayspace_core::{Dims, Error, Result, element_count};
use smallvec::SmallVec;

use crate::axes::{Axes, Shift};
use crate::options::Reduction;

/// A shape as an argument: an integer, an array, a slice, a vector or a tuple of integers, `()` for a
/// 0-d array. In a tuple the types may differ, so that `(n, -1)` works for a `usize` n.
///
/// Lengths are signed, so that a computed negative one is an error with a message instead of a wrap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shape(pub(crate) SmallVec<[i64; 6]>);

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

/// A [`Count`] that may be left out: any integer, or `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MaybeCount(pub(crate) Option<Count>);

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

/// These lengths. A few, as nearly all shapes have, are written where they belong without asking each time
/// whether there is room, and from registers: what is written by words and moved by pairs of them is waited for.
#[inline(always)]
fn few<T: Copy + Default>(mut lengths: impl ExactSizeIterator<Item = T>) -> SmallVec<[T; 6]> {
    let n = lengths.len();
    if n > 6 {
        return lengths.collect();
    }
    let mut next = || lengths.next().unwrap_or_default();
    SmallVec::from_buf_and_len([next(), next(), next(), next(), next(), next()], n)
}

/// An integer as an i64; one beyond its range is beyond any memory and any number of axes, and stays so.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no integer of a shape, of axes or of shifts",
    label = "not a tuple of integers",
    note = "the integers are of the types i32, i64, isize and usize",
    note = "several options of a function are set one after the other: `axis(0).dtype(DType::Float64)`"
)]
pub(crate) trait Signed {
    fn signed(self) -> i64;
}

macro_rules! from_ints {
    ($($t:ty)*) => { $(
        impl Signed for $t {
            fn signed(self) -> i64 {
                self.try_into().unwrap_or(i64::MAX)
            }
        }
        impl From<$t> for Count {
            fn from(count: $t) -> Self {
                Count(count.signed())
            }
        }
        impl From<$t> for MaybeCount {
            fn from(count: $t) -> Self {
                MaybeCount(Some(count.into()))
            }
        }
        impl From<$t> for Shape {
            fn from(length: $t) -> Self {
                Shape(SmallVec::from_slice(&[length.signed()]))
            }
        }
        impl<const N: usize> From<[$t; N]> for Shape {
            fn from(lengths: [$t; N]) -> Self {
                Shape::from(&lengths[..])
            }
        }
        impl<const N: usize> From<&[$t; N]> for Shape {
            fn from(lengths: &[$t; N]) -> Self {
                Shape::from(&lengths[..])
            }
        }
        impl From<&[$t]> for Shape {
            fn from(lengths: &[$t]) -> Self {
                Shape(few(lengths.iter().map(|&d| d.signed())))
            }
        }
        impl From<Vec<$t>> for Shape {
            fn from(lengths: Vec<$t>) -> Self {
                Shape::from(&lengths[..])
            }
        }
        impl From<&Vec<$t>> for Shape {
            fn from(lengths: &Vec<$t>) -> Self {
                Shape::from(&lengths[..])
            }
        }
    )* };
}
from_ints!(i32 i64 isize usize);

/// Tuples of integers, whose types may differ, for shapes and whatever else is a list of integers.
macro_rules! from_tuples {
    ($($($t:ident)*;)*) => { $(
        from_tuples!(@ $($t)*; Shape, |integers| Shape(integers));
        from_tuples!(@ $($t)*; Axes, |integers| Axes::List(integers));
        from_tuples!(@ $($t)*; Shift, |integers| Shift::Each(integers));
        from_tuples!(@ $($t)*; Reduction, |integers| Reduction::new().axis(Axes::List(integers)));
    )* };
    (@ $($t:ident)*; $to:ident, |$integers:ident| $made:expr) => {
        #[allow(private_bounds, non_snake_case)] // integers, whatever they are called
        impl<$($t: Signed),*> From<($($t,)*)> for $to {
            fn from(($($t,)*): ($($t,)*)) -> Self {
                let $integers = SmallVec::from_slice(&[$($t.signed()),*]);
                $made
            }
        }
    };
}
from_tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}
