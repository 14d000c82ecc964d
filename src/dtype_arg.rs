//! Arguments of the functions about dtypes: dtypes, arrays that stand for theirs, scalars, kinds.

use arrayspace_core::{Backend, DType, DTypeKind, Device, Scalar};

use crate::Array;

/// A dtype, given as itself or by an array that has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DTypeOf {
    pub(crate) dtype: DType,
    /// Of an array: what the device lacks is no way to convert.
    pub(crate) device: Option<Device>,
}

impl From<DType> for DTypeOf {
    fn from(dtype: DType) -> Self {
        DTypeOf { dtype, device: None }
    }
}

impl<B: Backend> From<&Array<B>> for DTypeOf {
    fn from(x: &Array<B>) -> Self {
        DTypeOf { dtype: x.dtype(), device: Some(x.device()) }
    }
}

/// What takes part in a promotion: a dtype, an array, or a scalar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Promoted {
    /// A dtype, or that of an array.
    DType(DTypeOf),
    /// A scalar, which has a kind but no dtype.
    Scalar(Scalar),
}

impl From<DType> for Promoted {
    fn from(dtype: DType) -> Self {
        Promoted::DType(dtype.into())
    }
}

impl<B: Backend> From<&Array<B>> for Promoted {
    fn from(x: &Array<B>) -> Self {
        Promoted::DType(x.into())
    }
}

/// Several arrays, dtypes and scalars, as [`result_type`](crate::Namespace::result_type) takes them: a
/// tuple (up to six), an array, a slice or a vector.
#[derive(Clone, PartialEq, Debug)]
pub struct PromotedList(pub(crate) Vec<Promoted>);

impl PromotedList {
    /// The items.
    pub fn items(&self) -> &[Promoted] {
        &self.0
    }
}

/// One of the things that [`isdtype`](crate::Namespace::isdtype) compares a dtype with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// All dtypes of a kind.
    Of(DTypeKind),
    /// This dtype.
    DType(DType),
}

impl Kind {
    fn contains(self, dtype: DType) -> bool {
        match self {
            Kind::Of(kind) => kind.contains(dtype),
            Kind::DType(d) => d == dtype,
        }
    }
}

impl From<DTypeKind> for Kind {
    fn from(kind: DTypeKind) -> Self {
        Kind::Of(kind)
    }
}

impl From<DType> for Kind {
    fn from(dtype: DType) -> Self {
        Kind::DType(dtype)
    }
}

/// A union of kinds and dtypes: one, or several in a tuple (up to six), an array, a slice or a vector;
/// `None` for all dtypes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kinds(Option<Vec<Kind>>);

impl Kinds {
    /// Whether `dtype` belongs to one of them.
    pub fn contains(&self, dtype: DType) -> bool {
        self.0.as_ref().is_none_or(|kinds| kinds.iter().any(|k| k.contains(dtype)))
    }
}

impl From<DTypeKind> for Kinds {
    fn from(kind: DTypeKind) -> Self {
        Kinds::from([kind])
    }
}

impl From<DType> for Kinds {
    fn from(dtype: DType) -> Self {
        Kinds::from([dtype])
    }
}

impl From<Option<Kinds>> for Kinds {
    fn from(kinds: Option<Kinds>) -> Self {
        kinds.unwrap_or(Kinds(None))
    }
}

macro_rules! scalars {
    ($($t:ty)*) => { $(
        impl From<$t> for Promoted {
            fn from(x: $t) -> Self {
                Promoted::Scalar(x.into())
            }
        }
    )* };
}
scalars! {
    bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize i128 f32 f64
    num_complex::Complex<f32> num_complex::Complex<f64> Scalar
}

/// Lists from arrays, slices, vectors and tuples of what becomes an item.
macro_rules! lists {
    ($($list:ident $item:ident $wrap:expr;)*) => { $(
        impl<T: Into<$item>, const N: usize> From<[T; N]> for $list {
            fn from(items: [T; N]) -> Self {
                $wrap(items.into_iter().map(Into::into).collect())
            }
        }
        impl<T: Into<$item> + Copy> From<&[T]> for $list {
            fn from(items: &[T]) -> Self {
                $wrap(items.iter().map(|&item| item.into()).collect())
            }
        }
        impl<T: Into<$item>> From<Vec<T>> for $list {
            fn from(items: Vec<T>) -> Self {
                $wrap(items.into_iter().map(Into::into).collect())
            }
        }
        tuples! { $list $item $wrap; T1; T1 T2; T1 T2 T3; T1 T2 T3 T4; T1 T2 T3 T4 T5; T1 T2 T3 T4 T5 T6 }
    )* };
}

macro_rules! tuples {
    ($list:ident $item:ident $wrap:expr; $($($t:ident)*);*) => { $(
        #[allow(non_snake_case)] // values named as their types
        impl<$($t: Into<$item>),*> From<($($t,)*)> for $list {
            fn from(($($t,)*): ($($t,)*)) -> Self {
                $wrap(vec![$($t.into()),*])
            }
        }
    )* };
}

lists! {
    PromotedList Promoted PromotedList;
    Kinds Kind (|kinds| Kinds(Some(kinds)));
}
