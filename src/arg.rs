//! What functions take: arrays, borrowed or owned, and scalars.

use std::ops::{Deref, Range};

use arrayspace_core::{Backend, Scalar};
use half::{bf16, f16};
use num_complex::Complex;
use smallvec::SmallVec;

use crate::Array;

/// An array argument: `&x`, or `x` itself, whose memory the result may then reuse.
#[derive(Debug)]
pub struct Arg<'a, B: Backend>(pub(crate) Held<'a, B>);

/// How an argument is held.
#[derive(Debug)]
pub(crate) enum Held<'a, B: Backend> {
    Borrowed(&'a Array<B>),
    Owned(Array<B>),
    /// The left side of an in-place operator: read, then replaced by the result.
    Replaced(&'a mut Array<B>),
}

impl<B: Backend> Deref for Arg<'_, B> {
    type Target = Array<B>;

    fn deref(&self) -> &Array<B> {
        match &self.0 {
            Held::Borrowed(x) => x,
            Held::Owned(x) => x,
            Held::Replaced(x) => x,
        }
    }
}

impl<B: Backend> Arg<'_, B> {
    /// The array itself; a borrowed one is cloned (which is cheap).
    pub fn into_array(self) -> Array<B> {
        match self.0 {
            Held::Owned(x) => x,
            other => Arg(other).clone_array(),
        }
    }

    fn clone_array(&self) -> Array<B> {
        Array::clone(self)
    }
}

/// So that a slice of references, `&[&x, &y]`, is a list of arrays.
impl<'a, B: Backend> From<&&'a Array<B>> for Arg<'a, B> {
    fn from(x: &&'a Array<B>) -> Self {
        Arg::from(*x)
    }
}

impl<'a, B: Backend> From<&'a Array<B>> for Arg<'a, B> {
    fn from(x: &'a Array<B>) -> Self {
        Arg(Held::Borrowed(x))
    }
}

impl<B: Backend> From<Array<B>> for Arg<'_, B> {
    fn from(x: Array<B>) -> Self {
        Arg(Held::Owned(x))
    }
}

/// An operand of a function that takes arrays and scalars.
#[derive(Debug)]
pub enum Operand<'a, B: Backend> {
    /// An array.
    Array(Arg<'a, B>),
    /// A scalar, which takes its dtype from the other operand.
    Scalar(Scalar),
}

impl<'a, B: Backend> From<&'a Array<B>> for Operand<'a, B> {
    fn from(x: &'a Array<B>) -> Self {
        Operand::Array(x.into())
    }
}

impl<B: Backend> From<Array<B>> for Operand<'_, B> {
    fn from(x: Array<B>) -> Self {
        Operand::Array(x.into())
    }
}

impl<'a, B: Backend> From<Arg<'a, B>> for Operand<'a, B> {
    fn from(x: Arg<'a, B>) -> Self {
        Operand::Array(x)
    }
}

/// An operand that may be left out: what becomes an [`Operand`], or `()` or `None`.
#[derive(Debug)]
pub struct MaybeOperand<'a, B: Backend>(pub(crate) Option<Operand<'a, B>>);

impl<B: Backend> From<()> for MaybeOperand<'_, B> {
    fn from((): ()) -> Self {
        MaybeOperand(None)
    }
}

impl<'a, B: Backend> From<Option<Operand<'a, B>>> for MaybeOperand<'a, B> {
    fn from(x: Option<Operand<'a, B>>) -> Self {
        MaybeOperand(x)
    }
}

/// A scalar that may be left out: any Rust number, or `()` or `None`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MaybeScalar(pub(crate) Option<Scalar>);

impl From<()> for MaybeScalar {
    fn from((): ()) -> Self {
        MaybeScalar(None)
    }
}

impl From<Option<Scalar>> for MaybeScalar {
    fn from(x: Option<Scalar>) -> Self {
        MaybeScalar(x)
    }
}

/// Where `arange` begins: any Rust number, or a range, which says where it stops as well.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Start {
    pub(crate) start: Scalar,
    pub(crate) stop: Option<Scalar>,
}

/// Several arrays as one argument, as `concat` takes them: a tuple of up to eight, an array, a slice, a
/// vector, or an iterator of the standard library, of arrays borrowed or owned.
///
/// Sealed: it is implemented for these types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of arrays of this backend",
    label = "several arrays are expected here",
    note = "write a tuple `(&a, &b)`, an array `[&a, &b]`, a slice, a vector or an iterator"
)]
pub trait ArrayList<'a, B: Backend>: sealed::List<'a, B> {}

/// The arrays of a list; a few need no memory of their own.
pub(crate) type Args<'a, B> = SmallVec<[Arg<'a, B>; 2]>;

pub(crate) mod sealed {
    use super::{Args, Backend};

    pub trait List<'a, B: Backend> {
        fn arrays(self) -> Args<'a, B>;
    }
}

macro_rules! array_lists {
    ($([$($g:tt)*] $t:ty $(, [$($w:tt)*])?;)*) => { $(
        impl<'a, $($g)*> sealed::List<'a, B> for $t $(where $($w)*)? {
            fn arrays(self) -> Args<'a, B> {
                self.into_iter().map(Into::into).collect()
            }
        }
        impl<'a, $($g)*> ArrayList<'a, B> for $t $(where $($w)*)? {}
    )* };
}
array_lists! {
    [B: Backend, T: Into<Arg<'a, B>>, const N: usize] [T; N];
    [B: Backend, T: Into<Arg<'a, B>>] Vec<T>;
    ['l, B: Backend, T, const N: usize] &'l [T; N], [&'l T: Into<Arg<'a, B>>];
    ['l, B: Backend, T] &'l [T], [&'l T: Into<Arg<'a, B>>];
    ['l, B: Backend, T] &'l Vec<T>, [&'l T: Into<Arg<'a, B>>];
    ['l, B: Backend, T] std::slice::Iter<'l, T>, [&'l T: Into<Arg<'a, B>>];
    [B: Backend, T: Into<Arg<'a, B>>] std::vec::IntoIter<T>;
    [B: Backend, T: Into<Arg<'a, B>>, const N: usize] std::array::IntoIter<T, N>;
    [B: Backend, I, F] std::iter::Map<I, F>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I, F] std::iter::Filter<I, F>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I, F] std::iter::FilterMap<I, F>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I, O, F] std::iter::FlatMap<I, O, F>, [O: IntoIterator, Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I, J] std::iter::Chain<I, J>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I] std::iter::Cloned<I>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I] std::iter::Rev<I>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I] std::iter::Skip<I>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I] std::iter::StepBy<I>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, I] std::iter::Take<I>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
    [B: Backend, T] std::iter::Once<T>, [Self: Iterator<Item: Into<Arg<'a, B>>>];
}

macro_rules! array_tuples {
    ($($($t:ident)*;)*) => { $(
        #[allow(non_snake_case)] // values named as their types
        impl<'a, B: Backend, $($t: Into<Arg<'a, B>>),*> sealed::List<'a, B> for ($($t,)*) {
            fn arrays(self) -> Args<'a, B> {
                let ($($t,)*) = self;
                [$($t.into()),*].into_iter().collect()
            }
        }
        impl<'a, B: Backend, $($t: Into<Arg<'a, B>>),*> ArrayList<'a, B> for ($($t,)*) {}
    )* };
}
array_tuples! {
    T1;
    T1 T2;
    T1 T2 T3;
    T1 T2 T3 T4;
    T1 T2 T3 T4 T5;
    T1 T2 T3 T4 T5 T6;
    T1 T2 T3 T4 T5 T6 T7;
    T1 T2 T3 T4 T5 T6 T7 T8;
}

macro_rules! maybe_arrays {
    ($($t:ty),*) => { $(
        impl<'a, B: Backend> From<$t> for MaybeOperand<'a, B> {
            fn from(x: $t) -> Self {
                MaybeOperand(Some(x.into()))
            }
        }
    )* };
}
maybe_arrays!(&'a Array<B>, Array<B>, Arg<'a, B>, Operand<'a, B>);

macro_rules! scalar_operands {
    ($($t:ty)*) => { $(
        impl<B: Backend> From<$t> for Operand<'_, B> {
            fn from(x: $t) -> Self {
                Operand::Scalar(x.into())
            }
        }
        impl<B: Backend> From<$t> for MaybeOperand<'_, B> {
            fn from(x: $t) -> Self {
                MaybeOperand(Some(x.into()))
            }
        }
        impl From<$t> for MaybeScalar {
            fn from(x: $t) -> Self {
                MaybeScalar(Some(x.into()))
            }
        }
        impl From<$t> for Start {
            fn from(x: $t) -> Self {
                Start { start: x.into(), stop: None }
            }
        }
        impl From<Range<$t>> for Start {
            fn from(x: Range<$t>) -> Self {
                Start { start: x.start.into(), stop: Some(x.end.into()) }
            }
        }
    )* };
}
scalar_operands! {
    bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize i128 f16 bf16 f32 f64 Complex<f32> Complex<f64> Scalar
}
