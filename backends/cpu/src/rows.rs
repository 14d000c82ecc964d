//! A layout's elements in row-major order, as a few evenly spaced rows.

use arrayspace_core::Layout;
use smallvec::SmallVec;

/// The positions of a layout's elements, axes merged where one loop can walk them.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// Outer axes: length and stride.
    outer: SmallVec<[(usize, isize); 6]>,
    /// The innermost axis.
    len: usize,
    step: isize,
    offset: isize,
}

impl Rows {
    /// The rows of a layout. All its positions are within a buffer.
    pub(crate) fn new(layout: &Layout) -> Rows {
        let mut axes: SmallVec<[(usize, isize); 6]> = SmallVec::new();
        for (&len, &stride) in layout.shape().iter().zip(layout.strides()) {
            if len == 1 {
                continue;
            }
            match axes.last_mut() {
                Some(outer) if stride.checked_mul(len as isize) == Some(outer.1) => {
                    *outer = (outer.0.saturating_mul(len), stride);
                }
                _ => axes.push((len, stride)),
            }
        }
        let (len, step) = axes.pop().unwrap_or((1, 0));
        Rows { outer: axes, len, step, offset: layout.offset() as isize }
    }

    /// The position of element `start`, if the elements `start..start + len` lie next to each other in
    /// one row. The layout has that many, and `len` is not 0.
    pub(crate) fn piece(&self, start: usize, len: usize) -> Option<isize> {
        let (mut row, column) = (start / self.len, start % self.len);
        if (self.step != 1 && len != 1) || len > self.len - column {
            return None;
        }
        let mut at = self.offset + column as isize * self.step;
        for &(n, stride) in self.outer.iter().rev() {
            at += (row % n) as isize * stride;
            row /= n;
        }
        Some(at)
    }

    /// Calls `f` with the first position, the step and the length of each piece of a row, for the
    /// elements `start..start + len`. The layout has that many.
    pub(crate) fn each(&self, start: usize, len: usize, mut f: impl FnMut(isize, isize, usize)) {
        if len == 0 {
            return;
        }
        let (mut row, mut column) = (start / self.len, start % self.len);
        let mut at = self.offset;
        let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, self.outer.len());
        for (i, &(n, stride)) in index.iter_mut().zip(&self.outer).rev() {
            *i = row % n;
            row /= n;
            at += *i as isize * stride;
        }
        let mut rest = len;
        loop {
            let count = rest.min(self.len - column);
            f(at + column as isize * self.step, self.step, count);
            rest -= count;
            if rest == 0 {
                return;
            }
            column = 0;
            for (i, &(n, stride)) in index.iter_mut().zip(&self.outer).rev() {
                *i += 1;
                at += stride;
                if *i < n {
                    break;
                }
                at -= n as isize * stride;
                *i = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, cases, positions};

    #[test]
    fn rows_cover_the_elements_in_order() {
        for seed in 0..cases(400) {
            let mut rng = Rng::new(seed);
            let shape = rng.shape(5, 5);
            let (layout, _) = rng.layout(&shape, true);
            let expected = positions(&layout);
            let start = rng.below(expected.len() + 1);
            let len = rng.below(expected.len() - start + 1);
            let mut out = Vec::new();
            Rows::new(&layout).each(start, len, |first, step, count| {
                out.extend((0..count as isize).map(|i| (first + i * step) as usize));
            });
            assert_eq!(out, expected[start..start + len], "{layout:?} {start} {len}");
        }
    }
    #[test]
    fn a_piece_lies_where_its_elements_lie() {
        let mut found = [0; 2];
        for seed in 0..cases(2000) {
            let mut rng = Rng::new(seed);
            let shape = rng.shape(4, 6);
            let (layout, _) = rng.layout(&shape, true);
            let expected = positions(&layout);
            if expected.is_empty() {
                continue;
            }
            let start = rng.below(expected.len());
            let len = 1 + rng.below((expected.len() - start).min(4));
            let wanted = &expected[start..start + len];
            let piece = Rows::new(&layout).piece(start, len);
            match piece {
                Some(at) => {
                    let elements: Vec<usize> = (at as usize..at as usize + len).collect();
                    assert_eq!(elements, wanted, "{layout:?} {start} {len}");
                }
                // within a row of the last axis nothing is left out
                None => {
                    let column = start % shape.last().copied().unwrap_or(1);
                    let within = shape.last().is_some_and(|&n| column + len <= n);
                    let adjoining = wanted.windows(2).all(|w| w[1] == w[0] + 1);
                    assert!(!(within && adjoining && len > 1), "{layout:?} {start} {len}");
                }
            }
            found[usize::from(piece.is_some())] += 1;
        }
        assert!(cfg!(miri) || found.iter().all(|&n| n > 100), "{found:?}");
    }
}
