//! Folds along an axis that is not the innermost one in memory: rows are combined with rows.
//!
//! Every column is folded in the order of [`lanes`](super::lanes): eight rows that are 64 apart make a
//! lane, read in eight streams that walk along memory, and rows of lanes are the leaves of the tree.

use super::lanes::{Combine, GROUP, LANES, Plus, STEPS};
use super::ops::{Chan, Deviations, Fold, Logical, Moments, Real, Simple};
use crate::simd::{Level, dispatch};

/// Columns that are folded together, and elements of rows of few columns that are read together.
pub(super) const WIDTH: usize = 1024;

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

/// Replaces rows of values by their squared distances from the columns' means.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn squares_body<T: Real>(rows: &mut [T], means: &[T]) {
    for row in rows.chunks_exact_mut(means.len()) {
        for (x, &mean) in row.iter_mut().zip(means) {
            let apart = *x - mean;
            *x = apart * apart;
        }
    }
}

dispatch! {
    fn lane<T, C>[T: Copy, C: Combine<T>,](pieces: &[&[T]], out: &mut [T]) = lane_body;
    fn join<T, C>[T: Copy, C: Combine<T>,](row: &mut [T], next: &[T]) = join_body;
    fn squares<T>[T: Real,](rows: &mut [T], means: &[T]) = squares_body;
}

/// The binary tree of [`lanes::Tree`](super::lanes::Tree), over rows.
pub(super) struct RowTree<T> {
    /// Rows of `width`: the finished branches.
    rows: Vec<T>,
    width: usize,
    branches: usize,
    count: usize,
}

impl<T: Copy + Default> RowTree<T> {
    /// A tree without rows.
    pub(super) fn new() -> Self {
        RowTree { rows: Vec::new(), width: 0, branches: 0, count: 0 }
    }

    /// Begins anew with rows of this width.
    fn begin(&mut self, width: usize) {
        (self.width, self.branches, self.count) = (width, 0, 0);
    }

    /// Where the next row goes.
    fn next(&mut self) -> &mut [T] {
        let start = self.branches * self.width;
        if self.rows.len() < start + self.width {
            self.rows.resize(start + self.width, T::default());
        }
        &mut self.rows[start..start + self.width]
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
        unsafe { join::<T, C>(Level::best())(left, &right[..self.width]) };
        self.branches -= 1;
    }

    /// All rows in one.
    fn finish<C: Combine<T>>(&mut self) -> &[T] {
        while self.branches > 1 {
            self.join::<C>();
        }
        &self.rows[..self.width]
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

/// The lanes of one group of rows, in order: as many at a time as make a piece worth reading.
fn each_lanes<T: Copy + Default, C: Combine<T>>(
    source: &mut impl Rows<T>,
    first: usize,
    rows: usize,
    width: usize,
    tree: &mut RowTree<T>,
    block: &mut Vec<T>,
) {
    let kernel = lane::<T, C>(Level::best());
    let together = together(source, width);
    for l in (0..rows.min(LANES)).step_by(together) {
        let mut counts = [0; STEPS];
        let mut steps = 0;
        for (s, count) in counts.iter_mut().enumerate() {
            let start = s * LANES + l;
            if start < rows {
                *count = together.min((rows - start).min(LANES - l));
                steps += 1;
            }
        }
        let pieces = source.pieces(first + l, &counts[..steps]);
        if together == 1 {
            // SAFETY: the processor has the level.
            unsafe { kernel(&pieces[..steps], tree.next()) };
            tree.push::<C>();
            continue;
        }
        block.resize(counts[0] * width, T::default());
        // SAFETY: the processor has the level.
        unsafe { kernel(&pieces[..steps], block) };
        for row in block.chunks_exact(width) {
            tree.next().copy_from_slice(row);
            tree.push::<C>();
        }
    }
}

/// A fold whose state is a value: one tree over all lanes.
fn simple<'m, T: Copy + Default, C: Combine<T>>(
    (tree, block): &'m mut (RowTree<T>, Vec<T>),
    source: &mut impl Rows<T>,
    rows: usize,
    width: usize,
) -> &'m [T] {
    tree.begin(width);
    for first in (0..rows).step_by(GROUP) {
        each_lanes::<T, C>(source, first, GROUP.min(rows - first), width, tree, block);
    }
    tree.finish::<C>()
}

impl<T: Copy + Default + Send + Sync + 'static, C: Combine<T>> Columns for Simple<T, C> {
    type Memory = (RowTree<T>, Vec<T>);
    const WIDTH: usize = WIDTH;

    fn memory() -> Self::Memory {
        (RowTree::new(), Vec::new())
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
    type Memory = (RowTree<u8>, Vec<u8>);
    const WIDTH: usize = WIDTH;

    fn memory() -> Self::Memory {
        (RowTree::new(), Vec::new())
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
    sums: (RowTree<f64>, Vec<f64>),
    moments: RowTree<Moments>,
    /// A group of rows, then their squared deviations.
    group: Vec<f64>,
    means: Vec<f64>,
}

/// Rows that lie one after the other.
struct Dense<'a>(&'a [f64], usize);

impl Rows<f64> for Dense<'_> {
    fn adjoining(&self) -> bool {
        true
    }

    fn pieces(&mut self, row: usize, counts: &[usize]) -> [&[f64]; STEPS] {
        let mut pieces: [&[f64]; STEPS] = [&[]; STEPS];
        for (s, (piece, count)) in pieces.iter_mut().zip(counts).enumerate() {
            let start = (row + s * LANES) * self.1;
            *piece = &self.0[start..start + count * self.1];
        }
        pieces
    }
}

impl<T: Real> Columns for Deviations<T> {
    type Memory = DeviationsMemory;
    /// A group of so many columns of float64 stays in the second-level cache.
    const WIDTH: usize = 64;

    fn memory() -> DeviationsMemory {
        DeviationsMemory {
            sums: (RowTree::new(), Vec::new()),
            moments: RowTree::new(),
            group: Vec::new(),
            means: Vec::new(),
        }
    }

    fn columns<'m>(
        memory: &'m mut DeviationsMemory,
        source: &mut impl Rows<T>,
        rows: usize,
        width: usize,
    ) -> &'m [Moments] {
        let DeviationsMemory { sums, moments, group, means } = memory;
        moments.begin(width);
        let together = together(source, width);
        for first in (0..rows).step_by(GROUP) {
            let count = GROUP.min(rows - first);
            group.resize(GROUP * width, 0.0);
            for row in (0..count).step_by(together) {
                let taken = together.min(count - row);
                let piece = source.pieces(first + row, &[taken])[0];
                let to = &mut group[row * width..(row + taken) * width];
                to.iter_mut().zip(piece).for_each(|(to, &x)| *to = x.into());
            }
            let group = &mut group[..count * width];
            let total = simple::<f64, Plus>(sums, &mut Dense(group, width), count, width);
            means.clear();
            means.extend(total.iter().map(|sum| sum / count as f64));
            // SAFETY: the processor has the level.
            unsafe { squares::<f64>(Level::best())(group, means) };
            let total = simple::<f64, Plus>(sums, &mut Dense(group, width), count, width);
            for ((state, &mean), &squares) in moments.next().iter_mut().zip(&*means).zip(total) {
                *state = Moments { count: count as f64, mean, squares };
            }
            moments.push::<Chan>();
        }
        moments.finish::<Chan>()
    }
}
