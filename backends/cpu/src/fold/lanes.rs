//! The order in which values are combined.
//!
//! Floating-point sums depend on their order, so it is fixed, as a function of the values' positions
//! alone: not of strides, threads or instructions. A sequence is cut into blocks of 4096, and a block into
//! groups of 512. Value `i` belongs to lane `i % 64`. In a group, the (at most eight) values of a lane are
//! combined in order. The groups of a lane, in order, are the leaves of a binary tree: neighbours are
//! combined, then neighbours of those; a missing right neighbour is left out. The lanes of a block are the
//! leaves of a second tree, and the blocks those of a third. So a rounding error passes through at most
//! 7 + 3 + 6 + log2(blocks) additions: pairwise summation (Higham, "Accuracy and Stability of Numerical
//! Algorithms", section 4.2) with a blocked base case.
//!
//! Consecutive values are in consecutive lanes, so a few vectors hold the lanes of a group, and but for the
//! last 64 values of a block, vectors are combined with vectors. Where whole rows are combined instead, eight
//! rows that are 64 apart make a lane of a group, and the result has the same bits.

use std::hint::black_box;

use smallvec::SmallVec;

use crate::arith::Ring;
use crate::exec::BLOCK;

/// Lanes of a group.
pub(crate) const LANES: usize = 64;

/// Values of a lane.
pub(crate) const STEPS: usize = 8;

/// Values that are too few to be worth vectors.
const FEW: usize = 16;

/// Values of a group.
pub(crate) const GROUP: usize = LANES * STEPS;

/// A way to combine two values.
pub(crate) trait Combine<T>: Send + Sync + 'static {
    /// `a`, which comes first, with `b`.
    fn combine(a: T, b: T) -> T;

    /// One block of 1 to 4096 values.
    #[inline(always)]
    fn block(x: &[T]) -> T
    where
        Self: Sized,
        T: Copy,
    {
        block::<T, Self>(x)
    }
}

/// The sum.
pub(crate) struct Plus;

/// The product.
pub(crate) struct Times;

impl<T: Ring> Combine<T> for Plus {
    #[inline(always)]
    fn combine(a: T, b: T) -> T {
        a.plus(b)
    }
}

impl<T: Ring> Combine<T> for Times {
    #[inline(always)]
    fn combine(a: T, b: T) -> T {
        a.times(b)
    }
}

/// Values in order: a slice, or what is computed from one.
pub(crate) trait Values<T>: Copy {
    /// How many there are.
    fn count(self) -> usize;
    /// One of them.
    fn at(self, index: usize) -> T;
    /// Those from `start` to `end`.
    fn part(self, start: usize, end: usize) -> Self;
}

impl<T: Copy> Values<T> for &[T] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(self, index: usize) -> T {
        self[index]
    }

    #[inline(always)]
    fn part(self, start: usize, end: usize) -> Self {
        &self[start..end]
    }
}

/// The values of all lanes, where vectors of them are aligned.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Row<T>([T; LANES]);

/// The lanes of a group of 512 values, which are read in the order in which they are in memory.
#[inline(always)]
fn whole<T: Copy, C: Combine<T>>(x: impl Values<T>) -> Row<T> {
    let mut row = Row([x.at(0); LANES]);
    for (l, a) in row.0.iter_mut().enumerate() {
        *a = x.at(l);
    }
    // steps that the compiler can count would be taken lane by lane, which no prefetcher follows
    for step in 1..black_box(STEPS) {
        let x = x.part(step * LANES, (step + 1) * LANES);
        for (l, a) in row.0.iter_mut().enumerate() {
            *a = C::combine(*a, x.at(l));
        }
    }
    row
}

/// The lanes of four groups of 512 values.
#[inline(always)]
fn four<T: Copy, C: Combine<T>>(x: impl Values<T>) -> Row<T> {
    let mut row = whole::<T, C>(x.part(0, GROUP));
    row = joined::<T, C>(row, whole::<T, C>(x.part(GROUP, 2 * GROUP)));
    let mut right = whole::<T, C>(x.part(2 * GROUP, 3 * GROUP));
    right = joined::<T, C>(right, whole::<T, C>(x.part(3 * GROUP, 4 * GROUP)));
    joined::<T, C>(row, right)
}

/// The lanes of a group of 1 to 512 values; how many there are.
#[inline(always)]
fn lanes<T: Copy, C: Combine<T>>(x: impl Values<T>, out: &mut [T; LANES]) -> usize {
    let count = x.count();
    if count == GROUP {
        *out = whole::<T, C>(x).0;
        return LANES;
    }
    let first = count.min(LANES);
    for (l, o) in out[..first].iter_mut().enumerate() {
        *o = x.at(l);
    }
    let mut start = LANES;
    while start < count {
        let row = x.part(start, count.min(start + LANES));
        for (l, o) in out[..row.count()].iter_mut().enumerate() {
            *o = C::combine(*o, row.at(l));
        }
        start += LANES;
    }
    first
}

/// One group of 1 to 512 values.
#[inline(always)]
pub(super) fn group<T: Copy, C: Combine<T>>(x: impl Values<T>) -> T {
    let mut leaves = [x.at(0); LANES];
    let len = lanes::<T, C>(x, &mut leaves);
    neighbours::<T, C>(&mut leaves[..len])
}

/// The tree over 1 to `N` values.
#[inline(always)]
fn few<const N: usize, T: Copy, C: Combine<T>>(x: impl Values<T>) -> T {
    let mut leaves = [x.at(0); N];
    let mut count = x.count();
    for (i, leaf) in leaves[..count].iter_mut().enumerate() {
        *leaf = x.at(i);
    }
    while count > 1 {
        for i in 0..count / 2 {
            leaves[i] = C::combine(leaves[2 * i], leaves[2 * i + 1]);
        }
        if count % 2 == 1 {
            leaves[count / 2] = leaves[count - 1];
        }
        count = count.div_ceil(2);
    }
    leaves[0]
}

/// One block of 1 to 4096 values.
#[inline(always)]
pub(crate) fn block<T: Copy, C: Combine<T>>(x: impl Values<T>) -> T {
    let count = x.count();
    let first = x.at(0);
    // one value a lane: nothing but the tree
    if count <= FEW {
        return few::<FEW, T, C>(x);
    }
    if count <= LANES {
        return few::<LANES, T, C>(x);
    }
    if count == BLOCK {
        let left = four::<T, C>(x.part(0, BLOCK / 2));
        return across::<T, C>(joined::<T, C>(left, four::<T, C>(x.part(BLOCK / 2, BLOCK))));
    }
    // the lanes of one, two and four groups that are still to be combined with groups to their right
    let mut branches = [Row([first; LANES]); (BLOCK / GROUP).ilog2() as usize];
    let mut row = Row([first; LANES]);
    let (mut start, mut done) = (0, 0);
    while start + GROUP < count {
        row = whole::<T, C>(x.part(start, start + GROUP));
        done += 1usize;
        let size = done.trailing_zeros() as usize;
        for &branch in &branches[..size] {
            row = joined::<T, C>(branch, row);
        }
        branches[size] = row;
        start += GROUP;
    }
    // the last group ends all trees; it may lack lanes
    let mut last = lanes::<T, C>(x.part(start, count), &mut row.0);
    for (size, &branch) in branches.iter().enumerate() {
        if done >> size & 1 == 1 {
            for (l, (b, a)) in row.0.iter_mut().zip(branch.0).enumerate() {
                *b = if l < last { C::combine(a, *b) } else { a };
            }
            last = LANES;
        }
    }
    neighbours::<T, C>(&mut row.0[..last])
}

/// Lanes combined with those to their right.
#[inline(always)]
fn joined<T: Copy, C: Combine<T>>(left: Row<T>, mut right: Row<T>) -> Row<T> {
    for (b, a) in right.0.iter_mut().zip(left.0) {
        *b = C::combine(a, *b);
    }
    right
}

/// The tree over all lanes, whose number the compiler knows.
#[inline(always)]
fn across<T: Copy, C: Combine<T>>(row: Row<T>) -> T {
    #[inline(always)]
    fn half<const N: usize, const HALF: usize, T: Copy, C: Combine<T>>(x: [T; N]) -> [T; HALF] {
        let mut out = [x[0]; HALF];
        for (i, out) in out.iter_mut().enumerate() {
            *out = C::combine(x[2 * i], x[2 * i + 1]);
        }
        out
    }
    let row: [T; 32] = half::<LANES, 32, T, C>(row.0);
    let row: [T; 16] = half::<32, 16, T, C>(row);
    let row: [T; 8] = half::<16, 8, T, C>(row);
    let row: [T; 4] = half::<8, 4, T, C>(row);
    let row: [T; 2] = half::<4, 2, T, C>(row);
    C::combine(row[0], row[1])
}

/// Combines neighbours until one is left.
#[inline(always)]
pub(crate) fn neighbours<T: Copy, C: Combine<T>>(leaves: &mut [T]) -> T {
    let mut count = leaves.len();
    let mut half = [leaves[0]; 64];
    while count > 1 {
        // by way of a second array, so that no pair is overwritten before it is read
        let pairs = count / 2;
        let mut done = 0;
        while done < pairs {
            let now = half.len().min(pairs - done);
            let (from, to) = (&leaves[2 * done..2 * (done + now)], &mut half[..now]);
            for (to, from) in to.iter_mut().zip(from.as_chunks::<2>().0) {
                *to = C::combine(from[0], from[1]);
            }
            leaves[done..done + now].copy_from_slice(to);
            done += now;
        }
        if count % 2 == 1 {
            leaves[pairs] = leaves[count - 1];
        }
        count = count.div_ceil(2);
    }
    leaves[0]
}

/// The binary tree over parts that come one after the other: each is combined with the finished branch
/// of the same size to its left, as a carry runs through a binary counter.
///
/// Parts are aligned branches of the whole tree: blocks of 4096 values, or runs of `2^k` of them.
pub(crate) struct Tree<T> {
    branches: SmallVec<[T; 16]>,
    count: usize,
}

impl<T: Copy> Tree<T> {
    /// A tree without parts.
    pub(crate) fn new() -> Self {
        Tree { branches: SmallVec::new(), count: 0 }
    }

    /// The next part.
    pub(crate) fn push<C: Combine<T>>(&mut self, part: T) {
        self.count += 1;
        let mut part = part;
        for _ in 0..self.count.trailing_zeros() {
            if let Some(left) = self.branches.pop() {
                part = C::combine(left, part);
            }
        }
        self.branches.push(part);
    }

    /// All parts in one, or `None` if there were none.
    pub(crate) fn finish<C: Combine<T>>(&mut self) -> Option<T> {
        self.count = 0;
        let mut all = self.branches.pop()?;
        while let Some(left) = self.branches.pop() {
            all = C::combine(left, all);
        }
        Some(all)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The definition, in the words of the module.
    pub(crate) fn defined<T: Copy, C: Combine<T>>(x: &[T]) -> T {
        fn tree<T: Copy, C: Combine<T>>(mut leaves: Vec<T>) -> T {
            while leaves.len() > 1 {
                let pair = |p: &[T]| if p.len() == 2 { C::combine(p[0], p[1]) } else { p[0] };
                leaves = leaves.chunks(2).map(pair).collect();
            }
            leaves[0]
        }
        let of_block = |block: &[T]| {
            let of_lane = |lane: usize| {
                let of_group = |group: &[T]| {
                    group.iter().copied().skip(lane).step_by(LANES).reduce(C::combine)
                };
                tree::<T, C>(block.chunks(GROUP).filter_map(of_group).collect())
            };
            tree::<T, C>((0..LANES.min(block.len())).map(of_lane).collect())
        };
        tree::<T, C>(x.chunks(BLOCK).map(of_block).collect())
    }

    #[test]
    fn blocks_and_trees_follow_the_definition() {
        let x: Vec<f32> = (0..30_000).map(|i| ((i * 7919) % 1009) as f32 * 0.37 - 150.0).collect();
        let lengths = (1..140).chain([511, 512, 513, 1024, 2047, 2048, 2049, 4095, 4096]);
        for len in lengths.chain([4097, 5000, 8192, 9000, 12_289, 30_000]) {
            let mut tree = Tree::new();
            x[..len].chunks(BLOCK).for_each(|b| tree.push::<Plus>(block::<f32, Plus>(b)));
            let sum = tree.finish::<Plus>().unwrap();
            assert_eq!(sum.to_bits(), defined::<f32, Plus>(&x[..len]).to_bits(), "{len}");
        }
    }
}
