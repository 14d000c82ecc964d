//! Where values belong in a sorted array: binary search by the keys that sorting goes by, of several
//! values side by side (as in Khuong and Morin, "Array Layouts for Comparison-Based Searching", 2017).

use std::hint::select_unpredictable;

use arrayspace_core::{DType, Error, Layout, Result, Side, View};
use rayon::prelude::*;

use crate::memory::SharedPtr;
use crate::order::keys::{Kind, with_kind};
use crate::rows::Rows;
use crate::{Buffer, Cpu};

/// Queries that are answered at a time, by one thread.
const BLOCK: usize = 4096;

/// Queries that are searched side by side.
const LANES: usize = 8;

/// For each query, where it belongs in the ascending `sorted`.
pub(crate) fn search(sorted: View<'_, Cpu>, queries: View<'_, Cpu>, side: Side) -> Result<Buffer> {
    if sorted.layout.ndim() != 1 {
        return Err(Error::shape(format_args!(
            "the sorted array has shape {:?}; it must have one dimension",
            sorted.layout.shape()
        )));
    }
    if sorted.dtype != queries.dtype {
        return Err(Error::dtype(format_args!(
            "values of dtype {} cannot be looked for in an array of dtype {}; convert them first",
            queries.dtype, sorted.dtype
        )));
    }
    let target = Layout::contiguous(queries.layout.shape())?;
    let (buffer, out) = Buffer::for_output(DType::Int64, target.size())?;
    let search = with_kind!(sorted.dtype, K => block::<K> as Search);
    let rows = Rows::new(queries.layout);
    let (from, values) = (
        SharedPtr(sorted.buffer.as_ptr().cast_mut()),
        SharedPtr(queries.buffer.as_ptr().cast_mut()),
    );
    let out = SharedPtr(out);
    let table = Table {
        from,
        offset: sorted.layout.offset() as isize,
        len: sorted.layout.size(),
        step: sorted.layout.strides()[0],
        right: side == Side::Right,
    };
    let work = |b: usize| {
        let start = b * BLOCK;
        let len = BLOCK.min(target.size() - start);
        // SAFETY: both views have been checked, alignment included; the block has its own part of the
        // output.
        unsafe {
            let mut out = out.get().cast::<i64>().add(start);
            rows.each(start, len, |first, step, count| {
                search(&table, values, (first, step, count), out);
                out = out.add(count);
            });
        }
    };
    let blocks = target.size().div_ceil(BLOCK);
    if blocks < 4 || crate::threads() == 1 {
        (0..blocks).for_each(work);
    } else {
        (0..blocks).into_par_iter().for_each(work);
    }
    Ok(buffer)
}

type Search = unsafe fn(&Table, SharedPtr, (isize, isize, usize), *mut i64);

/// The sorted array.
struct Table {
    from: SharedPtr,
    offset: isize,
    len: usize,
    step: isize,
    right: bool,
}

/// Answers the queries of one row, `(first, step, count)`.
///
/// # Safety
/// The table's and the row's positions are valid for reads of aligned elements, `out` for writes of
/// `count` int64.
unsafe fn block<K: Kind>(
    table: &Table,
    queries: SharedPtr,
    (first, step, count): (isize, isize, usize),
    out: *mut i64,
) {
    let queries = queries.get().cast_const().cast::<K::Bits>();
    let mut i = 0;
    while i < count {
        let lanes = if count - i < LANES { 1 } else { LANES };
        // SAFETY: the caller's; i + lanes <= count.
        unsafe {
            let key =
                |k: usize| K::key::<false>(queries.offset(first + (i + k) as isize * step).read());
            if lanes == 1 {
                let [place] = table.places::<K, 1>([key(0)]);
                out.add(i).write(place as i64);
            } else {
                let places = table.places::<K, LANES>(std::array::from_fn(key));
                for (k, place) in places.into_iter().enumerate() {
                    out.add(i + k).write(place as i64);
                }
            }
        }
        i += lanes;
    }
}

impl Table {
    /// Where these keys belong. All searches take the same steps, and no branch depends on the data, so
    /// that the memory accesses of all are under way at the same time.
    ///
    /// # Safety
    /// The table's positions are valid for reads of aligned elements.
    #[inline(always)]
    unsafe fn places<K: Kind, const L: usize>(&self, keys: [K::Key; L]) -> [usize; L] {
        let from = self.from.get().cast_const().cast::<K::Bits>();
        let before = |place: usize, key: K::Key| {
            // SAFETY: the caller's; places that are looked at are below `len`.
            let bits = unsafe { from.offset(self.offset + place as isize * self.step).read() };
            let other = K::key::<false>(bits);
            if self.right { other <= key } else { other < key }
        };
        // each answer is in low..=low + size
        let (mut low, mut size) = ([0; L], self.len);
        while size > 1 {
            let half = size / 2;
            for (low, &key) in low.iter_mut().zip(&keys) {
                *low = select_unpredictable(before(*low + half, key), *low + half, *low);
            }
            size -= half;
        }
        if size == 1 {
            for (low, &key) in low.iter_mut().zip(&keys) {
                *low += usize::from(before(*low, key));
            }
        }
        low
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
        values(&Cpu.search(view(&s, T::DTYPE, &ls), view(&q, T::DTYPE, &lq), side).unwrap())
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
            let n = rng.below(40);
            let source = rng.buffer(dtype, n);
            let line = Layout::contiguous(&[n]).unwrap();
            let sorted = Cpu.order(view(&source, dtype, &line), 0, false).unwrap();
            // the same, backwards with gaps
            let gaps = match n {
                0 => line.clone(),
                _ => Layout::new(&[n], &[-2], 2 * n - 1).unwrap(),
            };
            let mut strided = rng.buffer(dtype, 2 * n);
            Cpu.write(&mut strided, &gaps, view(&sorted, dtype, &line)).unwrap();
            let shape = rng.shape(3, 6);
            let (layout, len) = rng.layout(&shape, true);
            let queries = rng.buffer(dtype, len);
            let side = if seed % 2 == 0 { Side::Left } else { Side::Right };
            let queried = view(&queries, dtype, &layout);
            for of in [view(&sorted, dtype, &line), view(&strided, dtype, &gaps)] {
                let out: Vec<i64> = values(&Cpu.search(of, queried, side).unwrap());
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
            let expected = sorted
                .iter()
                .filter(|&&k| k < query || (side == Side::Right && k == query))
                .count();
            assert_eq!(place, expected as i64);
        }
    }
}
