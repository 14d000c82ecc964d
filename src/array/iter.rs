//! Iteration over the first axis.

use std::iter::FusedIterator;
use std::ops::Range;

use arrayspace_core::Backend;

use crate::Array;

/// The elements or subarrays along the first axis of an array: what [`Array::iter`] gives.
#[derive(Clone, Debug)]
pub struct Iter<B: Backend> {
    array: Array<B>,
    places: Range<usize>,
}

impl<B: Backend> Array<B> {
    /// Views of `x[0]`, `x[1]`, ... along the first axis, as `for row in &x` gives them.
    ///
    /// The standard leaves open what iterating over a 0-d array means: here it yields the array itself,
    /// once.
    ///
    /// A row is a value of its own: `for mut row in &x { row += 1 }` changes each `row`, and `x` not at all.
    /// Whoever means to change `x` goes over the indices, and lets each row go before it is written (see
    /// [`set`](Array::set)); best of all is one operation on the whole array.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    /// let x = Cpu::new().asarray([[1, 2], [3, 4]], ())?;
    /// for row in &x {
    ///     assert_eq!(row.shape(), [2]);
    /// }
    /// let last = x.iter().next_back().unwrap();
    /// assert_eq!(last.to_vec::<i32>()?, [3, 4]);
    /// assert_eq!(x.iter().len(), 2);
    ///
    /// let mut y = x.clone();
    /// for i in 0..y.shape()[0] {
    ///     y.set(i, y.get(i)? * 10)?; // the same as `y *= 10`
    /// }
    /// assert_eq!(y.to_vec::<i32>()?, [10, 20, 30, 40]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    pub fn iter(&self) -> Iter<B> {
        let count = self.shape().first().copied().unwrap_or(1);
        Iter { array: self.clone(), places: 0..count }
    }
}

impl<B: Backend> Iter<B> {
    fn at(&self, place: usize) -> Array<B> {
        let layout = &self.array.layout;
        if layout.ndim() == 0 {
            return self.array.clone();
        }
        // An array without elements has rows without elements, at any place.
        let place = if layout.size() == 0 { 0 } else { place };
        self.array.with_layout(layout.index(0, place))
    }
}

impl<B: Backend> Iterator for Iter<B> {
    type Item = Array<B>;

    fn next(&mut self) -> Option<Array<B>> {
        self.places.next().map(|place| self.at(place))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<Array<B>> {
        self.places.nth(n).map(|place| self.at(place))
    }
}

impl<B: Backend> DoubleEndedIterator for Iter<B> {
    fn next_back(&mut self) -> Option<Array<B>> {
        self.places.next_back().map(|place| self.at(place))
    }

    fn nth_back(&mut self, n: usize) -> Option<Array<B>> {
        self.places.nth_back(n).map(|place| self.at(place))
    }
}

impl<B: Backend> ExactSizeIterator for Iter<B> {}

impl<B: Backend> FusedIterator for Iter<B> {}

impl<B: Backend> IntoIterator for &Array<B> {
    type Item = Array<B>;
    type IntoIter = Iter<B>;

    fn into_iter(self) -> Iter<B> {
        self.iter()
    }
}
