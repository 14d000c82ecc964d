//! Folds along an axis that is not the innermost one in memory: rows are combined with rows.
//!
//! Every column is folded in the order of [`lanes`](super::lanes): eight rows that are 64 apart make a
//! lane of a group, read in eight streams, and rows of lanes are the leaves of the trees.

use num_complex::Complex;

use super::lanes::{Combine, GROUP, LANES, Plus, STEPS};
use super::ops::{Chan, Deviations, Fold, Logical, Moments, PIVOT_LANES, Real, Simple, pivot};
use crate::exec::BLOCK;
use crate::simd::{Level, dispatch};

/// Columns that are folded together, and elements of rows of few columns that are read together.
pub(super) const WIDTH: usize = 1024;

/// Columns that are folded together at least, where there are as many.
pub(super) const NARROW: usize = 128;

/// Combines pieces of rows, of which all but the last have the length of `out`.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn lane_body<T: Copy, C: Combine<T>>(pieces: &[&[T]], out: &mut [T]) {
    let n = out.len();
    if let &[a, b, c, d, e, f, g, h] = pieces
        && h.len() == n
    {
        let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
        let (e, f, g, h) = (&e[..n], &f[..n], &g[..n], &h[..n]);
        for j in 0..n {
            let four = C::combine(C::combine(C::combine(a[j], b[j]), c[j]), d[j]);
            let six = C::combine(C::combine(four, e[j]), f[j]);
            out[j] = C::combine(C::combine(six, g[j]), h[j]);
        }
        return;
    }
    let Some((first, rest)) = pieces.split_first() else { return };
    out.copy_from_slice(first);
    for piece in rest {
        for (o, &p) in out.iter_mut().zip(*piece) {
            *o = C::combine(*o, p);
        }
    }
}

/// Combines each element of a row with that of the next.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn join_body<T: Copy, C: Combine<T>>(row: &mut [T], next: &[T]) {
    for (a, &b) in row.iter_mut().zip(next) {
        *a = C::combine(*a, b);
    }
}

/// Adds pieces of rows as float64.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn sums_body<T: Real>(pieces: &[&[T]], out: &mut [f64]) {
    out.fill(-0.0);
    for piece in pieces {
        for (o, &x) in out.iter_mut().zip(*piece) {
            *o += x.into();
        }
    }
}

/// Adds the distances of pieces of rows from the columns' pivots, which are repeated as often as there are rows in
/// a piece, and their squares.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn apart_body<T: Real>(pieces: &[&[T]], pivots: &[f64], out: &mut [Complex<f64>]) {
    out.fill(Complex::new(-0.0, -0.0));
    for piece in pieces {
        for ((o, &x), &pivot) in out.iter_mut().zip(*piece).zip(pivots) {
            let apart = x.into() - pivot;
            o.re += apart;
            o.im += apart * apart;
        }
    }
}

dispatch! {
    fn lane<T, C>[T: Copy, C: Combine<T>,](pieces: &[&[T]], out: &mut [T]) = lane_body;
    fn join<T, C>[T: Copy, C: Combine<T>,](row: &mut [T], next: &[T]) = join_body;
    fn sums<T>[T: Real,](pieces: &[&[T]], out: &mut [f64]) = sums_body;
    fn apart<T>[T: Real,](pieces: &[&[T]], pivots: &[f64], out: &mut [Complex<f64>]) = apart_body;
}

/// The binary tree of [`lanes::Tree`](super::lanes::Tree), over rows.
pub(super) struct RowTree<T> {
    /// Rows of `width`: the finished branches.
    rows: Vec<T>,
    width: usize,
    /// The length of the last branch: all but the last row have the whole width.
    last: usize,
    branches: usize,
    count: usize,
}

impl<T: Copy + Default> RowTree<T> {
    /// A tree without rows.
    pub(super) fn new() -> Self {
        RowTree { rows: Vec::new(), width: 0, last: 0, branches: 0, count: 0 }
    }

    /// Begins anew with rows of this width.
    fn begin(&mut self, width: usize) {
        (self.width, self.last, self.branches, self.count) = (width, width, 0, 0);
    }

    /// Where the next row goes.
    fn next(&mut self) -> &mut [T] {
        let start = self.branches * self.width;
        if self.rows.len() < start + self.width {
            self.rows.resize(start + self.width, T::default());
        }
        &mut self.rows[start..start + self.width]
    }

    /// Takes as the last row the beginning of what was written to `next`.
    fn push_last<C: Combine<T>>(&mut self, len: usize) {
        self.last = len;
        self.push::<C>();
    }

    /// Takes the row that was written to `next`.
    fn push<C: Combine<T>>(&mut self) {
        self.count += 1;
        self.branches += 1;
        for _ in 0..self.count.trailing_zeros() {
            self.join::<C>();
        }
    }

    fn join<C: Combine<T>>(&mut self) {
        if self.branches < 2 {
            return;
        }
        let (left, right) = self.rows.split_at_mut((self.branches - 1) * self.width);
        let left = &mut left[(self.branches - 2) * self.width..];
        // SAFETY: the processor has the level.
        unsafe { join::<T, C>(Level::best())(left, &right[..self.last]) };
        self.last = self.width;
        self.branches -= 1;
    }

    /// All rows in one.
    fn finish<C: Combine<T>>(&mut self) -> &[T] {
        while self.branches > 1 {
            self.join::<C>();
        }
        &self.rows[..self.last]
    }
}

/// Where rows come from.
pub(super) trait Rows<T> {
    /// Whether a row begins where the one before ends, so that a piece may have several.
    fn adjoining(&self) -> bool;

    /// For each of `counts`, as many rows in one piece: the first from `row` on, the next from
    /// `row + 64` on, and so on.
    fn pieces(&mut self, row: usize, counts: &[usize]) -> [&[T]; STEPS];
}

/// Folds columns.
pub(super) trait Columns: Fold {
    /// Memory for it.
    type Memory: Send;

    /// The columns that are folded together.
    const WIDTH: usize;

    /// No memory yet.
    fn memory() -> Self::Memory;

    /// Folds `rows` rows (at least one) of `width` columns.
    fn columns<'m>(
        memory: &'m mut Self::Memory,
        source: &mut impl Rows<Self::In>,
        rows: usize,
        width: usize,
    ) -> &'m [Self::State];
}

/// How many rows make a piece worth reading: a power of two, so that it divides the number of lanes.
fn together<T>(source: &impl Rows<T>, width: usize) -> usize {
    if source.adjoining() { 1 << (WIDTH / width).clamp(1, LANES).ilog2() } else { 1 }
}

/// How many rows there are in each piece of `together` lanes from `lane` on, in a group of `rows` rows; and
/// how many pieces.
fn piece_counts(rows: usize, lane: usize, together: usize) -> ([usize; STEPS], usize) {
    let mut counts = [0; STEPS];
    let mut steps = 0;
    for (s, count) in counts.iter_mut().enumerate() {
        let start = s * LANES + lane;
        if start < rows {
            *count = together.min((rows - start).min(LANES - lane));
            steps += 1;
        }
    }
    (counts, steps)
}

/// The first `most` lanes of one group of rows, in order: `lane` makes as many of them at a time as are in a piece.
fn each_lanes<T: Copy, S: Copy + Default, C: Combine<S>>(
    source: &mut impl Rows<T>,
    (first, rows, width): (usize, usize, usize),
    most: usize,
    (tree, block): &mut Lanes<S>,
    lane: impl Fn(&[&[T]], &mut [S]),
) {
    let together = together(source, width).min(most);
    tree.begin(width);
    for l in (0..rows.min(most)).step_by(together) {
        let (counts, steps) = piece_counts(rows, l, together);
        let pieces = source.pieces(first + l, &counts[..steps]);
        if together == 1 {
            lane(&pieces[..steps], tree.next());
            tree.push::<C>();
            continue;
        }
        block.resize(counts[0] * width, S::default());
        lane(&pieces[..steps], block);
        for row in block.chunks_exact(width) {
            tree.next().copy_from_slice(row);
            tree.push::<C>();
        }
    }
}

/// What [`each_lanes`] works in: the tree over lanes, and lanes that are made at a time.
type Lanes<S> = (RowTree<S>, Vec<S>);

/// What folds work in whose state is a value: the tree over lanes and blocks, and that over the groups of
/// lanes.
type Trees<T> = (RowTree<T>, RowTree<T>);

/// A fold whose state is a value.
fn simple<'m, T: Copy + Default, C: Combine<T>>(
    (tree, groups): &'m mut Trees<T>,
    source: &mut impl Rows<T>,
    rows: usize,
    width: usize,
) -> &'m [T] {
    let kernel = lane::<T, C>(Level::best());
    let together = together(source, width);
    tree.begin(width);
    for first in (0..rows).step_by(BLOCK) {
        let rows = BLOCK.min(rows - first);
        // a lane in all groups of the block, then the next one
        for l in (0..rows.min(LANES)).step_by(together) {
            groups.begin(together.min(LANES.min(rows) - l) * width);
            for group in (0..rows).step_by(GROUP) {
                let (counts, steps) = piece_counts(rows - group, l, together);
                if steps == 0 {
                    break;
                }
                let pieces = source.pieces(first + group + l, &counts[..steps]);
                let len = counts[0] * width;
                // SAFETY: the processor has the level.
                unsafe { kernel(&pieces[..steps], &mut groups.next()[..len]) };
                groups.push_last::<C>(len);
            }
            for row in groups.finish::<C>().chunks_exact(width) {
                tree.next().copy_from_slice(row);
                tree.push::<C>();
            }
        }
    }
    tree.finish::<C>()
}

impl<T: Copy + Default + Send + Sync + 'static, C: Combine<T>> Columns for Simple<T, C> {
    type Memory = Trees<T>;
    const WIDTH: usize = WIDTH;

    fn memory() -> Self::Memory {
        (RowTree::new(), RowTree::new())
    }

    fn columns<'m>(
        memory: &'m mut Self::Memory,
        source: &mut impl Rows<T>,
        rows: usize,
        width: usize,
    ) -> &'m [T] {
        simple::<T, C>(memory, source, rows, width)
    }
}

impl<C: super::ops::Decided> Columns for Logical<C> {
    type Memory = Trees<u8>;
    const WIDTH: usize = WIDTH;

    fn memory() -> Self::Memory {
        (RowTree::new(), RowTree::new())
    }

    fn columns<'m>(
        memory: &'m mut Self::Memory,
        source: &mut impl Rows<u8>,
        rows: usize,
        width: usize,
    ) -> &'m [u8] {
        simple::<u8, C>(memory, source, rows, width)
    }
}

/// What [`Deviations`] works in.
pub(super) struct DeviationsMemory {
    sums: Lanes<f64>,
    apart: Lanes<Complex<f64>>,
    moments: RowTree<Moments>,
    /// The pivots of a group's columns, repeated for as many rows as are in a piece.
    pivots: Vec<f64>,
}

impl<T: Real> Columns for Deviations<T> {
    type Memory = DeviationsMemory;
    /// A group of so many columns stays in the second-level cache between its two passes.
    const WIDTH: usize = 128;

    fn memory() -> DeviationsMemory {
        DeviationsMemory {
            sums: (RowTree::new(), Vec::new()),
            apart: (RowTree::new(), Vec::new()),
            moments: RowTree::new(),
            pivots: Vec::new(),
        }
    }

    fn columns<'m>(
        memory: &'m mut DeviationsMemory,
        source: &mut impl Rows<T>,
        rows: usize,
        width: usize,
    ) -> &'m [Moments] {
        let (of_sums, of_apart) = (sums::<T>(Level::best()), apart::<T>(Level::best()));
        let DeviationsMemory { sums, apart, moments, pivots } = memory;
        moments.begin(width);
        let together = together(source, width);
        for first in (0..rows).step_by(GROUP) {
            let count = GROUP.min(rows - first);
            let part = (first, count, width);
            let (lanes, summed) = match count {
                GROUP => (PIVOT_LANES, STEPS * PIVOT_LANES),
                _ => (LANES, count),
            };
            each_lanes::<T, f64, Plus>(source, part, lanes, sums, |pieces, out| {
                // SAFETY: the processor has the level.
                unsafe { of_sums(pieces, out) }
            });
            let total = sums.0.finish::<Plus>();
            pivots.clear();
            let row = source.pieces(first, &[1])[0];
            let pivot = |(&sum, &first): (&f64, &T)| pivot(sum, summed as f64, first.into());
            pivots.extend(total.iter().zip(row).map(pivot));
            for _ in 1..together {
                pivots.extend_from_within(..width);
            }
            each_lanes::<T, Complex<f64>, Plus>(source, part, LANES, apart, |pieces, out| {
                // SAFETY: the processor has the level.
                unsafe { of_apart(pieces, pivots, out) }
            });
            let total = apart.0.finish::<Plus>();
            for ((state, &pivot), &sums) in moments.next().iter_mut().zip(&*pivots).zip(total) {
                *state = Moments::new(count as f64, pivot, sums);
            }
            moments.push::<Chan>();
        }
        moments.finish::<Chan>()
    }
}
