//! Integers as arguments: of every type, alone and in lists.
//!
//! Shapes, axes, shifts and counts all convert from what is here, so that whatever one of them takes, the
//! others take as well.

use smallvec::SmallVec;

/// A Rust integer as an argument: of any type from `i8` and `u8` to `i64`, `u64`, `isize` and `usize`.
///
/// Sealed: it is implemented for these types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no integer",
    label = "an integer is expected here",
    note = "integers of the types i8 to i64, u8 to u64, isize and usize are taken",
    note = "several options of a function are set one after the other: `axis(0).dtype(DType::Float64)`"
)]
pub trait AnyInteger: Copy + sealed::Signed {}

/// Integers as one argument: an integer, or an array, a slice, a vector or a tuple of them; in a tuple the types
/// may differ, so that `(n, -1)` works for a `usize` n.
///
/// Sealed: it is implemented for these types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of integers",
    label = "an integer, or an array, a slice, a vector or a tuple of integers is expected here",
    note = "a tuple may have up to six integers; `()` and `None` are taken where the function has a default"
)]
pub trait IntegerList: sealed::List {}

/// Up to six integers, as most lists are, need no memory of their own.
pub(crate) type Integers = SmallVec<[i64; 6]>;

pub(crate) mod sealed {
    use super::Integers;

    /// An integer as an i64; one beyond its range is beyond any memory and any number of axes, and stays so.
    pub trait Signed {
        fn signed(self) -> i64;
    }

    pub trait List {
        /// Whether it is an integer by itself.
        const IS_ONE: bool = false;
        fn integers(self) -> Integers;
    }
}

use sealed::{List, Signed};

/// An argument that is one integer, of any type; negative ones are for the function to judge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Integer(pub(crate) i64);

impl<I: AnyInteger> From<I> for Integer {
    fn from(value: I) -> Self {
        Integer(value.signed())
    }
}

impl From<Integer> for i64 {
    fn from(value: Integer) -> Self {
        value.0
    }
}

impl From<Integer> for Option<i64> {
    fn from(value: Integer) -> Self {
        Some(value.0)
    }
}

/// These integers. A few, as nearly all lists have, are written where they belong without asking each time
/// whether there is room, and from registers: what is written by words and moved by pairs of them is waited for.
#[inline(always)]
fn few(mut list: impl ExactSizeIterator<Item = i64>) -> Integers {
    let n = list.len();
    if n > 6 {
        return list.collect();
    }
    let mut next = || list.next().unwrap_or_default();
    SmallVec::from_buf_and_len([next(), next(), next(), next(), next(), next()], n)
}

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl Signed for $t {
            #[inline]
            fn signed(self) -> i64 {
                self.try_into().unwrap_or(i64::MAX)
            }
        }
        impl AnyInteger for $t {}
        impl List for $t {
            const IS_ONE: bool = true;
            #[inline]
            fn integers(self) -> Integers {
                SmallVec::from_slice(&[self.signed()])
            }
        }
        impl IntegerList for $t {}
    )* };
}
integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

macro_rules! slices {
    ($([$($g:tt)*] $t:ty;)*) => { $(
        impl<$($g)*> List for $t {
            #[inline]
            fn integers(self) -> Integers {
                few(self.iter().map(|i| i.signed()))
            }
        }
        impl<$($g)*> IntegerList for $t {}
    )* };
}
slices! {
    [I: AnyInteger, const N: usize] [I; N];
    [I: AnyInteger, const N: usize] &[I; N];
    [I: AnyInteger] &[I];
    [I: AnyInteger] Vec<I>;
    [I: AnyInteger] &Vec<I>;
}

macro_rules! tuples {
    ($($($t:ident)*;)*) => { $(
        #[allow(non_snake_case)] // values named as their types
        impl<$($t: AnyInteger),*> List for ($($t,)*) {
            #[inline]
            fn integers(self) -> Integers {
                let ($($t,)*) = self;
                SmallVec::from_slice(&[$($t.signed()),*])
            }
        }
        impl<$($t: AnyInteger),*> IntegerList for ($($t,)*) {}
    )* };
}
tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}
