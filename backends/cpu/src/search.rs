//! Where values belong in a sorted array: binary search by the keys that sorting goes by.

use arrayspace_core::{DType, Error, Layout, Result, Side, View};
use rayon::prelude::*;

use crate::memory::SharedPtr;
use crate::order::keys::{Kind, with_kind};
use crate::rows::Rows;
use crate::{Buffer, Cpu};

/// Queries that are answered at a time, by one thread.
const BLOCK: usize = 4096;

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
    if blocks < 4 || rayon::current_num_threads() == 1 {
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
    let from = table.from.get().cast_const().cast::<K::Bits>();
    let queries = queries.get().cast_const().cast::<K::Bits>();
    for i in 0..count {
        // SAFETY: the caller's; places looked at are below `table.len`.
        unsafe {
            let query = K::key::<false>(queries.offset(first + i as isize * step).read());
            let before = |k: usize| {
                let at = table.offset + k as isize * table.step;
                let key = K::key::<false>(from.offset(at).read());
                if table.right { key <= query } else { key < query }
            };
            // the answer is in low..=low + size; a step without a branch on the data
            let (mut low, mut size) = (0, table.len);
            while size > 1 {
                let half = size / 2;
                low = if before(low + half) { low + half } else { low };
                size -= half;
            }
            let place = low + usize::from(size == 1 && before(low));
            out.add(i).write(place as i64);
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
