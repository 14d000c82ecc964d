//! What an index is: items of a public enum, and everything that converts into them.
//!
//! [`select`] says which elements an index means, [`access`] reads and writes them.

mod access;
mod select;

use std::ops::{
    Bound, Deref, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

use arrayspace_core::{Backend, Error, Result, Scalar};
use smallvec::SmallVec;

pub use access::bytes_copied_by_set;
pub(crate) use access::pick;

use crate::arg::{Arg, Held};
use crate::array::Array;
use crate::array_like::ArrayLike;
use crate::compute;
use crate::integers::AnyInteger;
use crate::options::AsArray;

/// `...` of an index: full slices of all axes that the other items leave over.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let x = Cpu::new().zeros([2, 3, 4], ())?;
/// assert_eq!(x.get((Ellipsis, 0))?.shape(), [2, 3]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ellipsis;

/// A new axis of length 1 in the result: `None` in the standard, which also names it
/// [`newaxis`](crate::constants::newaxis).
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let x = Cpu::new().zeros([3], ())?;
/// assert_eq!(x.get((.., NewAxis))?.shape(), [3, 1]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct NewAxis;

/// Some elements of an axis: Python's `start:stop:step`.
///
/// Negative bounds count from the end, bounds beyond either end are clamped to it. Where a bound is
/// missing, the slice begins or ends at the end of the axis that the sign of the step says. A Rust range
/// is a slice of step 1; [`step`](Slice::step), or `s![range; step]`, gives another one. (Clippy takes
/// `1..-1` for a mistake, but not in `s![1..-1]`.)
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::{Slice, prelude::*};
/// let x = Cpu::new().asarray([0, 1, 2, 3, 4, 5], ())?;
/// assert_eq!(x.get(1..-1)?.to_vec::<i32>()?, [1, 2, 3, 4]);
/// assert_eq!(x.get(2..=-1)?.to_vec::<i32>()?, [2, 3, 4, 5]);
/// assert_eq!(x.get(Slice::from(..).step(-2))?.to_vec::<i32>()?, [5, 3, 1]);
/// assert_eq!(x.get(Slice::new(None, Some(2), Some(-1)))?.to_vec::<i32>()?, [5, 4, 3]);
/// assert_eq!(x.get(4..100)?.to_vec::<i32>()?, [4, 5]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Slice {
    /// The first index.
    pub start: Option<i64>,
    /// The index before which the slice ends, or with which it ends.
    pub stop: Bound<i64>,
    /// The distance between indices, not 0.
    pub step: i64,
}

impl Slice {
    /// Python's `slice(start, stop, step)`.
    pub fn new(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Slice {
        Slice {
            start,
            stop: stop.map_or(Bound::Unbounded, Bound::Excluded),
            step: step.unwrap_or(1),
        }
    }

    /// The slice with another step. An inclusive stop stays inclusive.
    pub fn step(self, step: i64) -> Slice {
        Slice { step, ..self }
    }
}

/// One item of an index.
#[derive(Debug)]
#[non_exhaustive]
pub enum IndexItem<'a, B: Backend> {
    /// One element of an axis, which disappears. Negative ones count from the end.
    Int(i64),
    /// Some elements of an axis.
    Slice(Slice),
    /// Indices along one axis, as an array of them is.
    List(Vec<i64>),
    /// Full slices of the axes that are left over.
    Ellipsis,
    /// A new axis of length 1.
    NewAxis,
    /// An array: of integers, which are indices along one axis, or a boolean mask over as many axes
    /// as it has dimensions.
    Array(IndexArray<'a, B>),
}

/// An array of an index, borrowed or owned; it dereferences to the array.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::{Index, IndexItem, prelude::*};
/// let places = Cpu::new().asarray([2, 0], ())?;
/// let index = Index::from(&places);
/// assert!(matches!(index.items(), [IndexItem::Array(x)] if x.dtype() == DType::Int32));
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Debug)]
pub struct IndexArray<'a, B: Backend>(Kept<'a, B>);

/// How an array of an index is kept: in few bytes, since every call makes items.
#[derive(Debug)]
enum Kept<'a, B: Backend> {
    Borrowed(&'a Array<B>),
    Owned(Box<Array<B>>),
}

impl<B: Backend> Deref for IndexArray<'_, B> {
    type Target = Array<B>;

    fn deref(&self) -> &Array<B> {
        match &self.0 {
            Kept::Borrowed(x) => x,
            Kept::Owned(x) => x,
        }
    }
}

impl<'a, B: Backend> From<&'a Array<B>> for IndexArray<'a, B> {
    #[inline]
    fn from(x: &'a Array<B>) -> Self {
        IndexArray(Kept::Borrowed(x))
    }
}

impl<B: Backend> From<Array<B>> for IndexArray<'_, B> {
    fn from(x: Array<B>) -> Self {
        IndexArray(Kept::Owned(Box::new(x)))
    }
}

impl<'a, B: Backend> From<Arg<'a, B>> for IndexArray<'a, B> {
    fn from(x: Arg<'a, B>) -> Self {
        match x.0 {
            Held::Borrowed(x) => x.into(),
            Held::Replaced(x) => (&*x).into(),
            Held::Owned(x) => x.into(),
        }
    }
}

impl<B: Backend> IndexItem<'_, B> {
    /// The same item, borrowed.
    fn reborrow(&self) -> IndexItem<'_, B> {
        match self {
            IndexItem::Int(i) => IndexItem::Int(*i),
            IndexItem::Slice(slice) => IndexItem::Slice(*slice),
            IndexItem::List(list) => IndexItem::List(list.clone()),
            IndexItem::Ellipsis => IndexItem::Ellipsis,
            IndexItem::NewAxis => IndexItem::NewAxis,
            IndexItem::Array(x) => IndexItem::Array((&**x).into()),
        }
    }
}

/// What [`Array::get`] and [`Array::set`] take: one item or a tuple of items, `()` for none.
///
/// An item is an integer, a range, [`Ellipsis`], [`NewAxis`], an array of integers or bool, borrowed
/// or owned, or a list of integers in an array, a slice or a vector of Rust, which stands for an array of them.
/// (So `x.get((0, 1))` is one element of a matrix, and `x.get([0, 1])` its first two rows.) [`s!`](crate::s) makes an index of any number of items and knows steps. Axes for which there
/// is no item are taken whole.
///
/// - An **integer** selects one element of an axis, which disappears; negative ones count from the end.
/// - A **range** selects elements of an axis ([`Slice`]); `..` is all of one axis.
/// - [`Ellipsis`] stands for as many `..` as there are axes left over; there may be one.
/// - [`NewAxis`] puts an axis of length 1 into the result.
/// - **Integer arrays** are broadcast against each other; for each element of the broadcast shape the
///   result has what their elements select together. Integers beside them count as 0-d arrays. The
///   broadcast shape takes the place of the indexed axes if those items are neighbours in the index,
///   and comes first otherwise (as in NumPy).
/// - A **boolean mask** covers as many axes as it has dimensions, and has their lengths (or 0). It
///   selects where it is true, in row-major order, along one axis of the result that replaces them; a
///   0-d one covers none. Beside other arrays it counts as the integer arrays `nonzero(mask)`.
///
/// Integers, ranges, `Ellipsis` and `NewAxis` alone make a view, without a copy.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
/// assert_eq!(x.get((0, -1))?.item::<i32>()?, 3);
/// assert_eq!(x.get((.., 1..))?.to_vec::<i32>()?, [2, 3, 5, 6]);
/// assert_eq!(x.get(s![.., ..; -1])?.to_vec::<i32>()?, [3, 2, 1, 6, 5, 4]);
/// assert_eq!(x.get((Ellipsis, NewAxis, 0))?.shape(), [2, 1]);
/// let i = xp.asarray([2, 0], ())?;
/// assert_eq!(x.get((1, &i))?.to_vec::<i32>()?, [6, 4]);
/// assert_eq!(x.get((.., [2, 0]))?.to_vec::<i32>()?, [3, 1, 6, 4]);
/// let even = xp.asarray([[false, true, false], [true, false, true]], ())?;
/// assert_eq!(x.get(&even)?.to_vec::<i32>()?, [2, 4, 6]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Debug)]
pub struct Index<'a, B: Backend>(SmallVec<[IndexItem<'a, B>; 4]>);

impl<'a, B: Backend> Index<'a, B> {
    /// An index of these items, as a tuple of them is.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::{Index, IndexItem, prelude::*};
    /// let x = Cpu::new().zeros([2, 3], ())?;
    /// let first = (0..x.ndim()).map(|_| IndexItem::Int(0));
    /// assert_eq!(x.get(Index::from_items(first))?.ndim(), 0);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    pub fn from_items(items: impl IntoIterator<Item = IndexItem<'a, B>>) -> Index<'a, B> {
        Index(items.into_iter().collect())
    }

    /// Puts an array in the place of each list, on the device of `x`.
    ///
    /// # Errors
    /// [`Error::Index`] for an integer beyond the device's dtype of indices, which is out of bounds of any axis.
    fn place(&mut self, x: &Array<B>) -> Result<()> {
        for item in &mut self.0 {
            if let IndexItem::List(list) = item {
                let dtype = compute::capabilities(&x.backend, x.device)?.defaults.indexing;
                let (least, most) = Scalar::int_range(dtype);
                if let Some(&i) =
                    list.iter().find(|&&i| i128::from(i) < least || i128::from(i) > most)
                {
                    return Err(Error::index(format_args!(
                        "index {i} is out of bounds: indices on the device {} have dtype {dtype} ({least} to {most}); \
                         give one within the axis",
                        x.device
                    )));
                }
                let options = AsArray::new().dtype(dtype).device(x.device);
                let indices = std::mem::take(list).to_array(&x.backend, options)?;
                *item = IndexItem::Array(indices.into());
            }
        }
        Ok(())
    }

    /// The items, in order.
    pub fn items(&self) -> &[IndexItem<'a, B>] {
        &self.0
    }
}

impl<I: AnyInteger, B: Backend> From<I> for IndexItem<'_, B> {
    #[inline]
    fn from(index: I) -> Self {
        IndexItem::Int(index.signed())
    }
}

macro_rules! lists {
    ($([$($g:tt)*] $t:ty;)*) => { $(
        impl<$($g)*, B: Backend> From<$t> for IndexItem<'_, B> {
            fn from(indices: $t) -> Self {
                IndexItem::List(indices.iter().map(|i| i.signed()).collect())
            }
        }
    )* };
}
lists! {
    [I: AnyInteger, const N: usize] [I; N];
    [I: AnyInteger, const N: usize] &[I; N];
    [I: AnyInteger] &[I];
    [I: AnyInteger] Vec<I>;
    [I: AnyInteger] &Vec<I>;
}

impl<I: AnyInteger> From<Range<I>> for Slice {
    #[inline]
    fn from(range: Range<I>) -> Self {
        slice(Some(range.start), Bound::Excluded(range.end))
    }
}

impl<I: AnyInteger> From<RangeInclusive<I>> for Slice {
    #[inline]
    fn from(range: RangeInclusive<I>) -> Self {
        let (start, end) = range.into_inner();
        slice(Some(start), Bound::Included(end))
    }
}

impl<I: AnyInteger> From<RangeFrom<I>> for Slice {
    #[inline]
    fn from(range: RangeFrom<I>) -> Self {
        slice(Some(range.start), Bound::Unbounded)
    }
}

impl<I: AnyInteger> From<RangeTo<I>> for Slice {
    #[inline]
    fn from(range: RangeTo<I>) -> Self {
        slice(None, Bound::Excluded(range.end))
    }
}

impl<I: AnyInteger> From<RangeToInclusive<I>> for Slice {
    #[inline]
    fn from(range: RangeToInclusive<I>) -> Self {
        slice(None, Bound::Included(range.end))
    }
}

#[inline]
fn slice<I: AnyInteger>(start: Option<I>, stop: Bound<I>) -> Slice {
    Slice { start: start.map(I::signed), stop: stop.map(I::signed), step: 1 }
}

impl From<RangeFull> for Slice {
    fn from(_: RangeFull) -> Self {
        Slice::new(None, None, None)
    }
}

macro_rules! from_ranges {
    ($($range:ident)*) => { $(
        impl<B: Backend, T> From<$range<T>> for IndexItem<'_, B>
        where
            Slice: From<$range<T>>,
        {
            #[inline]
            fn from(range: $range<T>) -> Self {
                IndexItem::Slice(range.into())
            }
        }
    )* };
}
from_ranges!(Range RangeInclusive RangeFrom RangeTo RangeToInclusive);

impl<B: Backend> From<RangeFull> for IndexItem<'_, B> {
    fn from(range: RangeFull) -> Self {
        IndexItem::Slice(range.into())
    }
}

impl<B: Backend> From<Slice> for IndexItem<'_, B> {
    fn from(slice: Slice) -> Self {
        IndexItem::Slice(slice)
    }
}

impl<B: Backend> From<Ellipsis> for IndexItem<'_, B> {
    fn from(_: Ellipsis) -> Self {
        IndexItem::Ellipsis
    }
}

impl<B: Backend> From<NewAxis> for IndexItem<'_, B> {
    fn from(_: NewAxis) -> Self {
        IndexItem::NewAxis
    }
}

impl<'a, B: Backend> From<&'a Array<B>> for IndexItem<'a, B> {
    #[inline]
    fn from(x: &'a Array<B>) -> Self {
        IndexItem::Array(x.into())
    }
}

impl<B: Backend> From<Array<B>> for IndexItem<'_, B> {
    fn from(x: Array<B>) -> Self {
        IndexItem::Array(x.into())
    }
}

impl<'a, B: Backend> From<Arg<'a, B>> for IndexItem<'a, B> {
    fn from(x: Arg<'a, B>) -> Self {
        IndexItem::Array(x.into())
    }
}

/// One item.
impl<'a, B: Backend, T: Into<IndexItem<'a, B>>> From<T> for Index<'a, B> {
    #[inline(always)] // so that the item is written where it stays
    fn from(item: T) -> Self {
        let mut items = SmallVec::new();
        items.push(item.into());
        Index(items)
    }
}

/// No items: the whole array, as with an empty tuple in Python.
impl<B: Backend> From<()> for Index<'_, B> {
    fn from((): ()) -> Self {
        Index(SmallVec::new())
    }
}

impl<'a, B: Backend> From<Vec<IndexItem<'a, B>>> for Index<'a, B> {
    fn from(items: Vec<IndexItem<'a, B>>) -> Self {
        Index(items.into())
    }
}

impl<'a, B: Backend> From<&'a [IndexItem<'_, B>]> for Index<'a, B> {
    fn from(items: &'a [IndexItem<'_, B>]) -> Self {
        Index(items.iter().map(IndexItem::reborrow).collect())
    }
}

/// The same index, to be used more than once.
impl<'a, B: Backend> From<&'a Index<'_, B>> for Index<'a, B> {
    fn from(index: &'a Index<'_, B>) -> Self {
        index.items().into()
    }
}

macro_rules! from_tuples {
    ($($($t:ident)*;)*) => { $(
        #[allow(non_snake_case)] // items, whatever they are called
        impl<'a, B: Backend, $($t: Into<IndexItem<'a, B>>),*> From<($($t,)*)> for Index<'a, B> {
            #[inline(always)] // so that the items are written where they stay
            fn from(($($t,)*): ($($t,)*)) -> Self {
                let mut items = SmallVec::new();
                $( items.push($t.into()); )*
                Index(items)
            }
        }
    )* };
}
from_tuples! {
    T1;
    T1 T2;
    T1 T2 T3;
    T1 T2 T3 T4;
    T1 T2 T3 T4 T5;
    T1 T2 T3 T4 T5 T6;
    T1 T2 T3 T4 T5 T6 T7;
    T1 T2 T3 T4 T5 T6 T7 T8;
}

/// An [`Index`](crate::Index) of comma-separated items, each an expression that converts into an
/// [`IndexItem`](crate::IndexItem), or `range; step`.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let x = Cpu::new().zeros([10, 4, 5], ())?;
/// assert_eq!(x.get(s![1..8; 2, .., -1])?.shape(), [4, 4]);
/// assert_eq!(x.get(s![..; -1, NewAxis, Ellipsis, 2])?.shape(), [10, 1, 4]);
/// assert_eq!(x.get(s![])?.shape(), [10, 4, 5]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[macro_export]
macro_rules! s {
    (@item $item:expr) => {
        $crate::IndexItem::from(
            #[allow(clippy::reversed_empty_ranges)] // here the end may count from the end
            $item,
        )
    };
    (@item $item:expr; $step:expr) => {
        $crate::IndexItem::Slice(
            $crate::Slice::from(
                #[allow(clippy::reversed_empty_ranges)]
                $item,
            )
            .step($step),
        )
    };
    ($($item:expr $(; $step:expr)?),* $(,)?) => {
        $crate::Index::from_items([$($crate::s!(@item $item $(; $step)?)),*])
    };
}
