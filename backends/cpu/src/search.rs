//! Where values belong in a sorted array, by the keys that sorting goes by.
//!
//! Above the array lies a sample of it, every sixteenth key or so, small enough for the second-level
//! cache; above that every sixteenth key of the sample, and so on: a search tree without pointers, whose
//! nodes are searched by comparing with all sixteen keys and counting (as in Rao and Ross, "Cache
//! Conscious Indexing for Decision-Support in Main Memory", 1999). Several values go down side by side,
//! and no branch depends on the data, so that their memory accesses are under way at the same time
//! (Khuong and Morin, "Array Layouts for Comparison-Based Searching", 2017).

use std::hint::{black_box, select_unpredictable};
use std::ops::Range;

use arrayspace_core::{DType, Layout, Result, Side, View, check};

use crate::elements::Disjoint;
use crate::memory::{Scratch, SharedPtr};
use crate::order::keys::{Key, Kind, with_kind};
use crate::rows::Rows;
use crate::simd::{Level, dispatch, prefetch};
use crate::{Buffer, Cpu, exec};

/// Keys that are compared with at once.
const NODE: usize = 16;

/// The most keys of the largest sample. (Few in tests, so that small tables have more.)
const SAMPLE: usize = if cfg!(test) { 1 << 6 } else { 1 << 16 };

/// Queries that are searched side by side.
const LANES: usize = 16;

/// Nanoseconds to search for a query, and to fetch a key of the largest sample.
const QUERY_NANOS: f32 = 15.0;
const KEY_NANOS: f32 = 3.0;

/// For each query, where it belongs in the ascending `sorted`.
pub(crate) fn search(sorted: View<'_, Cpu>, queries: View<'_, Cpu>, side: Side) -> Result<Buffer> {
    check::search(sorted, queries)?;
    with_kind!(sorted.dtype, K => answer::<K>(sorted, queries, side == Side::Right))
}

/// [`search`] for views of one dtype that have been checked.
fn answer<K: Kind>(sorted: View<'_, Cpu>, queries: View<'_, Cpu>, right: bool) -> Result<Buffer> {
    let target = Layout::contiguous(queries.layout.shape())?;
    let (buffer, out) = Buffer::for_output(DType::Int64, target.size())?;
    let table = Table {
        from: sorted.buffer.as_ptr().cast::<K::Bits>().wrapping_add(sorted.layout.offset()),
        step: sorted.layout.strides()[0],
        len: sorted.layout.size(),
    };
    // SAFETY: the view has been checked, alignment included.
    let tree = unsafe { Tree::<K>::new(table, target.size(), right)? };
    let rows = Rows::new(queries.layout);
    let (from, out) = (SharedPtr(queries.buffer.as_ptr().cast_mut()), SharedPtr(out));
    let find = if tree.table.step == 1 { find::<K>(Level::best()) } else { find_each::<K, false> };
    exec::split(target.size(), QUERY_NANOS, LANES, |range| {
        // SAFETY: both views have been checked, alignment included; the range has its own part of the
        // output, and the processor the level.
        unsafe {
            let from = from.get().cast_const().cast::<K::Bits>();
            let mut out = out.get().cast::<i64>().add(range.start);
            rows.each(range.start, range.len(), |first, step, count| {
                find(&tree, (from.offset(first), step, count), out);
                out = out.add(count);
            });
        }
    });
    Ok(buffer)
}

/// The sorted array: where its first element is, the step to the next, and how many it has.
pub(crate) struct Table<T> {
    from: *const T,
    step: isize,
    len: usize,
}

// SAFETY: it stands for a borrowed view, which is only read.
unsafe impl<T> Sync for Table<T> {}

/// The sorted array and its samples.
pub(crate) struct Tree<K: Kind> {
    table: Table<K::Bits>,
    /// The largest sample has the last key of each so many.
    stride: usize,
    keys: Scratch<K::Key>,
    /// Where each sample is among the keys, the largest first.
    samples: Vec<Range<usize>>,
    /// Whether a query belongs after the elements that equal it.
    right: bool,
}

impl<K: Kind> Tree<K> {
    /// The tree for so many queries.
    ///
    /// # Safety
    /// The table's elements are valid for reads, and aligned, as long as the tree is used.
    unsafe fn new(table: Table<K::Bits>, queries: usize, right: bool) -> Result<Self> {
        let mut stride = NODE;
        while table.len / stride > SAMPLE {
            stride *= 2;
        }
        let mut samples = Vec::new();
        let (mut len, mut end) = (table.len / stride, 0);
        // several queries pay for a key of the sample
        while len >= NODE && len / 4 <= queries {
            samples.push(end..end + len);
            end += len;
            len /= NODE;
        }
        let mut keys = Scratch::<K::Key>::new(end)?;
        if let Some(largest) = samples.first() {
            let elements = Elements::<K, false>(&table);
            let part = Disjoint::new(&mut keys[largest.clone()]);
            exec::split(largest.len(), KEY_NANOS, 1, |range| {
                // SAFETY: the ranges that work is split into are apart; `(i + 1) * stride <= table.len`.
                unsafe {
                    for (key, i) in part.part(range.clone()).iter_mut().zip(range) {
                        *key = elements.key((i + 1) * stride - 1);
                    }
                }
            });
        }
        for pair in samples.windows(2) {
            let (lower, upper) = keys[pair[0].start..pair[1].end].split_at_mut(pair[0].len());
            for (key, node) in upper.iter_mut().zip(lower.chunks_exact(NODE)) {
                *key = node[NODE - 1];
            }
        }
        Ok(Tree { table, stride, keys, samples, right })
    }

    /// Where these keys belong; `LINE` if the table's elements lie next to each other.
    ///
    /// # Safety
    /// The table's elements are valid for reads, and aligned.
    #[inline(always)]
    unsafe fn places<const LINE: bool, const L: usize>(&self, keys: [K::Key; L]) -> [usize; L] {
        let (table, len) = (Elements::<K, LINE>(&self.table), self.table.len);
        let mut ends = keys;
        for end in &mut ends {
            *end = end.back(K::Key::from(self.right));
        }
        let mut lanes = Lanes { ends, lows: [0; L] };
        // SAFETY: the caller's; the samples have these lengths, of which each is at least a node's.
        unsafe {
            if len < NODE {
                lanes.count(&table, len);
            } else {
                let mut size = self.samples.last().map_or(len, Range::len);
                for sample in self.samples.iter().rev() {
                    lanes.narrow(&&self.keys[sample.clone()], size, sample.len());
                    // what a key of this sample stands for
                    size = if sample.start == 0 { self.stride } else { NODE };
                    for low in &mut lanes.lows {
                        *low *= size;
                    }
                }
                lanes.narrow(&table, size, len);
            }
        }
        for (low, (end, key)) in lanes.lows.iter_mut().zip(lanes.ends.iter().zip(&keys)) {
            // after the greatest key there is comes the end
            if end < key {
                *low = len;
            }
        }
        lanes.lows
    }
}

/// Ascending keys.
trait Keys<Key> {
    /// A key.
    ///
    /// # Safety
    /// There is one of this number.
    unsafe fn key(&self, place: usize) -> Key;

    /// Asks for what a key is made of.
    fn prefetch(&self, place: usize);
}

impl<Key: Copy> Keys<Key> for &[Key] {
    #[inline(always)]
    unsafe fn key(&self, place: usize) -> Key {
        debug_assert!(place < self.len());
        // SAFETY: the caller's.
        unsafe { *self.get_unchecked(place) }
    }

    #[inline(always)]
    fn prefetch(&self, place: usize) {
        prefetch(self.as_ptr().wrapping_add(place));
    }
}

/// The keys of a table whose elements are valid for reads, and aligned; `LINE` if they lie next to each
/// other.
struct Elements<'a, K: Kind, const LINE: bool>(&'a Table<K::Bits>);

impl<K: Kind, const LINE: bool> Keys<K::Key> for Elements<'_, K, LINE> {
    #[inline(always)]
    unsafe fn key(&self, place: usize) -> K::Key {
        debug_assert!(place < self.0.len);
        let step = if LINE { 1 } else { self.0.step };
        // SAFETY: the caller's.
        K::key::<false>(unsafe { self.0.from.offset(place as isize * step).read() })
    }

    #[inline(always)]
    fn prefetch(&self, place: usize) {
        prefetch(self.0.from.wrapping_offset(place as isize * self.0.step));
    }
}

/// Queries that are searched side by side.
struct Lanes<Key, const L: usize> {
    /// The least keys that are not before each.
    ends: [Key; L],
    /// How many keys are before each, as far as is known.
    lows: [usize; L],
}

impl<Key: Copy + Ord, const L: usize> Lanes<Key, L> {
    /// Finds how many of `len` keys, at least [`NODE`], are before each query: between `low` and `low +
    /// size`, or as many as there are if that is beyond the end.
    ///
    /// # Safety
    /// There are so many keys, and at least `size`.
    #[inline(always)]
    unsafe fn narrow(&mut self, keys: &impl Keys<Key>, mut size: usize, len: usize) {
        if size > NODE {
            for low in &mut self.lows {
                *low = (*low).min(len - size);
            }
        }
        while size > NODE {
            let half = size / 2;
            for lane in 0..L {
                let low = self.lows[lane];
                // SAFETY: `low + size` is not beyond the end.
                let after = unsafe { keys.key(low + half) } < self.ends[lane];
                self.lows[lane] = select_unpredictable(after, low + half, low);
            }
            size -= half;
        }
        for low in &mut self.lows {
            *low = (*low).min(len - NODE);
            keys.prefetch(*low);
            keys.prefetch(*low + NODE - 1);
        }
        // SAFETY: as many as a node has are not beyond the end.
        unsafe { self.count(keys, NODE) };
    }

    /// Finds how many keys are before each query: between `low` and `low + size`, at most [`NODE`] more.
    ///
    /// # Safety
    /// There are so many keys from each `low` on.
    #[inline(always)]
    unsafe fn count(&mut self, keys: &impl Keys<Key>, size: usize) {
        for lane in 0..L {
            // Hidden, or the compiler would take the keys of several lanes at a time, which do not lie
            // next to each other, instead of those of a node.
            let start = black_box(self.lows[lane]);
            let mut before = 0u16;
            for i in 0..size {
                // SAFETY: the caller's.
                before |= u16::from(unsafe { keys.key(start + i) } < self.ends[lane]) << i;
            }
            self.lows[lane] = start + before.count_ones() as usize;
        }
    }
}

dispatch! {
    /// Writes where the queries of a row, `(first, step, count)`, belong in a table whose elements lie
    /// next to each other.
    fn find<K>[K: Kind,](
        tree: &Tree<K>, row: (*const K::Bits, isize, usize), out: *mut i64
    ) = find_in_line;
}

/// # Safety
/// As [`find_each`].
#[inline(always)]
unsafe fn find_in_line<K: Kind>(
    tree: &Tree<K>,
    row: (*const K::Bits, isize, usize),
    out: *mut i64,
) {
    // SAFETY: the caller's.
    unsafe { find_each::<K, true>(tree, row, out) };
}

/// Writes where the queries of a row, `(first, step, count)`, belong.
///
/// # Safety
/// The table's elements and the row are valid for reads, and aligned; `out` is valid for writes of
/// `count` int64.
#[inline(always)]
unsafe fn find_each<K: Kind, const LINE: bool>(
    tree: &Tree<K>,
    (first, step, count): (*const K::Bits, isize, usize),
    out: *mut i64,
) {
    let mut done = 0;
    while done < count {
        // SAFETY: the caller's; there are as many queries left as are searched.
        unsafe {
            let key = |k: usize| K::key::<false>(first.offset((done + k) as isize * step).read());
            let out = out.add(done);
            if count - done < LANES {
                let [place] = tree.places::<LINE, 1>([key(0)]);
                out.write(place as i64);
                done += 1;
            } else {
                let places = tree.places::<LINE, LANES>(std::array::from_fn(key));
                out.cast::<[i64; LANES]>().write(places.map(|place| place as i64));
                done += LANES;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, buffer_of, cases, positions, values, view};
    use arrayspace_core::{Backend, Element};

    fn places<T: Element>(sorted: &[T], queries: &[T], side: Side) -> Vec<i64> {
        let (s, q) = (buffer_of(sorted), buffer_of(queries));
        let (ls, lq) = (
            Layout::contiguous(&[sorted.len()]).unwrap(),
            Layout::contiguous(&[queries.len()]).unwrap(),
        );
        values(&Cpu::search(&Cpu, view(&s, T::DTYPE, &ls), view(&q, T::DTYPE, &lq), side).unwrap())
    }

    #[test]
    fn sides_zeros_and_nans() {
        let nan = f64::NAN;
        let sorted = [-1.0, -0.0, 0.0, 2.0, nan];
        let queries = [0.0, -0.0, nan, -2.0, 3.0, f64::INFINITY, -nan];
        assert_eq!(places(&sorted, &queries, Side::Left), [1, 1, 4, 0, 4, 4, 4]);
        assert_eq!(places(&sorted, &queries, Side::Right), [3, 3, 5, 0, 4, 4, 5]);
        assert_eq!(places(&[], &queries, Side::Right), [0; 7]);
        assert_eq!(places(&[false, true, true], &[true, false], Side::Left), [1, 0]);
        assert_eq!(places(&[i64::MIN, 0, i64::MAX], &[i64::MIN, i64::MAX], Side::Right), [1, 3]);
        assert_eq!(places(&[1u64, u64::MAX], &[u64::MAX, 0], Side::Left), [1, 0]);
    }

    #[test]
    fn every_dtype_and_layout_as_by_hand() {
        for seed in 0..cases(600) {
            let mut rng = Rng::new(seed);
            let dtype = DType::ALL[seed % 15];
            // large enough for samples, of which the largest has every sixteenth key, or fewer
            let large = if cfg!(miri) { 1100 } else { 5000 };
            let n = rng.below(if seed % 4 == 0 { large } else { 40 });
            let source = rng.buffer(dtype, n);
            let line = Layout::contiguous(&[n]).unwrap();
            let sorted = Cpu::order(&Cpu, view(&source, dtype, &line), 0, false).unwrap();
            // the same, backwards with gaps
            let gaps = match n {
                0 => line.clone(),
                _ => Layout::new(&[n], &[-2], 2 * n - 1).unwrap(),
            };
            let mut strided = rng.buffer(dtype, 2 * n);
            Cpu::write(&Cpu, &mut strided, &gaps, view(&sorted, dtype, &line)).unwrap();
            let shape = rng.shape(3, 6);
            let (layout, len) = rng.layout(&shape, true);
            let queries = rng.buffer(dtype, len);
            let side = if seed % 2 == 0 { Side::Left } else { Side::Right };
            let queried = view(&queries, dtype, &layout);
            for of in [view(&sorted, dtype, &line), view(&strided, dtype, &gaps)] {
                let out: Vec<i64> = values(&Cpu::search(&Cpu, of, queried, side).unwrap());
                with_kind!(dtype, K => check::<K>(&sorted, &queries, &layout, side, &out));
            }
        }
    }

    fn check<K: Kind>(sorted: &Buffer, queries: &Buffer, layout: &Layout, side: Side, out: &[i64]) {
        let keys = |buffer: &Buffer| -> Vec<K::Key> {
            let from = buffer.as_ptr().cast::<K::Bits>();
            (0..buffer.len_bytes() / size_of::<K::Bits>())
                // SAFETY: within the buffer, aligned.
                .map(|i| K::key::<false>(unsafe { from.add(i).read() }))
                .collect()
        };
        let (sorted, queries) = (keys(sorted), keys(queries));
        for (&place, at) in out.iter().zip(positions(layout)) {
            let query = queries[at];
            let before = |&k: &K::Key| k < query || (side == Side::Right && k == query);
            assert!(sorted.is_sorted());
            let expected = sorted.partition_point(before);
            assert_eq!(place, expected as i64);
        }
    }
}
