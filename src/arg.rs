//! What functions take: arrays, borrowed or owned, and scalars.

use std::ops::Deref;

use arrayspace_core::{Backend, Scalar};
use half::{bf16, f16};
use num_complex::Complex;

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

/// An operand that may be left out: what becomes an [`Operand`], or `None`.
#[derive(Debug)]
pub struct MaybeOperand<'a, B: Backend>(pub(crate) Option<Operand<'a, B>>);

impl<'a, B: Backend> From<Option<Operand<'a, B>>> for MaybeOperand<'a, B> {
    fn from(x: Option<Operand<'a, B>>) -> Self {
        MaybeOperand(x)
    }
}

/// A scalar that may be left out: any Rust number, or `None`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MaybeScalar(pub(crate) Option<Scalar>);

impl From<Option<Scalar>> for MaybeScalar {
    fn from(x: Option<Scalar>) -> Self {
        MaybeScalar(x)
    }
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
    )* };
}
scalar_operands! {
    bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize i128 f16 bf16 f32 f64 Complex<f32> Complex<f64> Scalar
}
