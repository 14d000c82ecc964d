//! Positions of the largest and the smallest value.
//!
//! The extreme value of a block is found first, by the vector loop of the fold; its place is looked for
//! only where it beats those before. Along an axis that is not the innermost one, rows are compared with
//! the best row so far.

use std::mem::MaybeUninit;

use arrayspace_core::{ArgFoldOp, DType, Error, Result, View, check, element_count};
use smallvec::SmallVec;

use crate::arith::{Load, with_ordered};
use crate::elements::{self, Disjoint, Elements, Loader, for_tasks};
use crate::exec::BLOCK;
use crate::fold::lanes::Combine;
use crate::fold::{Largest, Smallest};
use crate::simd::{Level, dispatch};
use crate::{Buffer, Cpu};

/// Values of one line that a task looks at, where a line has more.
const RUN: usize = 2 * BLOCK;
/// Columns that are walked together.
const WIDTH: usize = 512;
/// Nanoseconds to look at a value.
const NANOS: f64 = 0.1;

/// The first position of the extreme value, along an axis or in row-major order.
pub(crate) fn arg_fold(
    op: ArgFoldOp,
    source: View<'_, Cpu>,
    axis: Option<usize>,
) -> Result<Buffer> {
    check::arg_fold(op, source.dtype, source.layout.shape(), axis)?;
    macro_rules! run {
        ($how:ty) => {
            with_ordered!(
                source.dtype,
                (T, W) => run::<T, W, $how>(source, axis),
                Err(check::unknown("cpu", op.name()))
            )
        };
    }
    match op {
        ArgFoldOp::Maximum => run!(Largest),
        ArgFoldOp::Minimum => run!(Smallest),
        _ => Err(check::unknown("cpu", op.name())),
    }
}

/// Which of two values is searched for.
pub(crate) trait Extreme<T>: Combine<T> {
    /// Whether `a` is beyond `best`: a first NaN is beyond all numbers, a second is not beyond it.
    fn beats(a: T, best: T) -> bool;
}

/// Values, some of which may be NaN.
pub(crate) trait Value: Copy + Default + PartialOrd + Send + Sync + 'static {}
impl<T: Copy + Default + PartialOrd + Send + Sync + 'static> Value for T {}

/// Whether a value is NaN.
#[inline(always)]
#[allow(clippy::eq_op)] // NaN alone differs from itself
fn is_nan<T: Value>(x: T) -> bool {
    x != x
}

impl<T: Value> Extreme<T> for Largest
where
    Largest: Combine<T>,
{
    #[inline(always)]
    fn beats(a: T, best: T) -> bool {
        (a > best) | (is_nan(a) & !is_nan(best))
    }
}

impl<T: Value> Extreme<T> for Smallest
where
    Smallest: Combine<T>,
{
    #[inline(always)]
    fn beats(a: T, best: T) -> bool {
        (a < best) | (is_nan(a) & !is_nan(best))
    }
}

/// The extreme values of lines of `n` values, at most a block each.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn lines_body<T: Value, C: Combine<T>>(x: &[T], n: usize, out: &mut [T]) {
    for (x, o) in x.chunks_exact(n).zip(out) {
        *o = C::block(x);
    }
}

/// Compares a row with the best before it.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn row_body<T: Value, C: Extreme<T>>(x: &[T], i: i64, best: &mut [T], places: &mut [i64]) {
    for ((&x, b), p) in x.iter().zip(best).zip(places) {
        let beats = C::beats(x, *b);
        *b = if beats { x } else { *b };
        *p = if beats { i } else { *p };
    }
}

dispatch! {
    fn lines<T, C>[T: Value, C: Combine<T>,](x: &[T], n: usize, out: &mut [T]) = lines_body;
    fn place<T>[T: Value,](x: &[T], extreme: T, out: &mut usize) = place_body;
    fn row<T, C>[T: Value, C: Extreme<T>,](
        x: &[T], i: i64, best: &mut [T], places: &mut [i64]
    ) = row_body;
}

/// Values that are compared at a time in the search for a place.
const STRIDE: usize = 64;

/// The first place of the extreme value of some values.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn place_body<T: Value>(x: &[T], extreme: T, out: &mut usize) {
    *out = if is_nan(extreme) {
        x.iter().position(|&v| is_nan(v)).unwrap_or(0)
    } else {
        let (chunks, rest) = x.as_chunks::<STRIDE>();
        let found = |chunk: &[T; STRIDE]| chunk.iter().fold(false, |any, &v| any | (v == extreme));
        let chunk = chunks.iter().position(found);
        let (start, chunk) =
            chunk.map_or((x.len() - rest.len(), rest), |c| (c * STRIDE, &chunks[c]));
        start + chunk.iter().position(|&v| v == extreme).unwrap_or(0)
    };
}

fn run<T: Load<W>, W: Value, C: Extreme<W>>(
    source: View<'_, Cpu>,
    axis: Option<usize>,
) -> Result<Buffer> {
    let shape = source.layout.shape();
    let elements = Elements::<T>::new(source)?;
    let count = |dims: &[usize]| element_count(dims).ok_or_else(|| Error::out_of_memory(None));
    let (outer, n, inner) = match axis {
        None => (1, elements.len(), 1),
        Some(axis) => (count(&shape[..axis])?, shape[axis], count(&shape[axis + 1..])?),
    };
    let results = outer.checked_mul(inner).ok_or_else(|| Error::out_of_memory(None))?;
    // SAFETY: one position is written for each result.
    unsafe {
        elements::output::<i64>(DType::Int64, results, |out| match (results, inner) {
            (0, _) => Ok(()),
            (_, 1) => along::<T, W, C>(&elements, n, out),
            _ => across::<T, W, C>(&elements, n, inner, out),
        })
    }
}

/// Lines of `n` consecutive values.
fn along<T: Load<W>, W: Value, C: Extreme<W>>(
    elements: &Elements<'_, T>,
    n: usize,
    out: &mut [MaybeUninit<i64>],
) -> Result<()> {
    let kernel = lines::<W, C>(Level::best());
    let place = |x: &[W], extreme: W| {
        let mut at = 0;
        // SAFETY: the processor has the level.
        unsafe { place::<W>(Level::best())(x, extreme, &mut at) };
        at
    };
    let results = out.len();
    if let ([out], true) = (&mut *out, n <= BLOCK) {
        // few values are not worth a task
        let mut loader = Loader::<T, W>::new();
        let x = loader.values(elements, 0..n);
        let mut extreme = [W::default()];
        // SAFETY: the processor has the level.
        unsafe { kernel(x, n, &mut extreme) };
        out.write(place(x, extreme[0]) as i64);
        return Ok(());
    }
    let out = Disjoint::new(out);
    let memory = || Ok(Loader::<T, W>::new());
    if n <= BLOCK {
        let together = (BLOCK / n).min(results);
        return for_tasks(
            results.div_ceil(together),
            NANOS * (together * n) as f64,
            || Ok((memory()?, SmallVec::<[W; 4]>::from_elem(W::default(), together))),
            |(loader, extremes), task| {
                let first = task * together;
                let count = together.min(results - first);
                let range = first * n..(first + count) * n;
                let x = loader.values(elements, range);
                // SAFETY: the processor has the level.
                unsafe { kernel(x, n, &mut extremes[..count]) };
                // SAFETY: these results are this task's.
                let out = unsafe { out.part(first..first + count) };
                for ((o, x), &extreme) in out.iter_mut().zip(x.chunks_exact(n)).zip(&*extremes) {
                    o.write(place(x, extreme) as i64);
                }
                Ok(())
            },
        );
    }
    let parts = n.div_ceil(RUN);
    let tasks = results.checked_mul(parts).ok_or_else(|| Error::out_of_memory(None))?;
    let mut found = elements::scratch::<(W, usize)>(tasks)?;
    let shared = Disjoint::new(&mut found);
    for_tasks(tasks, NANOS * n.min(RUN) as f64, memory, |loader, task| {
        let (line, part) = (task / parts, task % parts);
        let end = n.min((part + 1) * RUN);
        let block = |start: usize| {
            let at = line * n + start;
            at..at + BLOCK.min(end - start)
        };
        // the best block first, then the place in it
        let mut best: Option<(W, usize)> = None;
        for start in (part * RUN..end).step_by(BLOCK) {
            let x = loader.values(elements, block(start));
            let mut extreme = [W::default()];
            // SAFETY: the processor has the level.
            unsafe { kernel(x, x.len(), &mut extreme) };
            if best.is_none_or(|(b, _)| C::beats(extreme[0], b)) {
                best = Some((extreme[0], start));
            }
            if is_nan(extreme[0]) {
                break;
            }
        }
        let best = best.map(|(extreme, start)| {
            let x = loader.values(elements, block(start));
            (extreme, start + place(x, extreme))
        });
        if let Some(best) = best {
            // SAFETY: this place is this task's.
            let found = unsafe { shared.part(task..task + 1) };
            found[0] = best;
        }
        Ok(())
    })?;
    // SAFETY: the tasks are done.
    let out = unsafe { out.part(0..results) };
    for (o, found) in out.iter_mut().zip(found.chunks_exact(parts)) {
        let mut best = found[0];
        for &next in &found[1..] {
            if C::beats(next.0, best.0) {
                best = next;
            }
        }
        o.write(best.1 as i64);
    }
    Ok(())
}

/// Lines of `n` values that are `inner` apart.
fn across<T: Load<W>, W: Value, C: Extreme<W>>(
    elements: &Elements<'_, T>,
    n: usize,
    inner: usize,
    out: &mut [MaybeUninit<i64>],
) -> Result<()> {
    let kernel = row::<W, C>(Level::best());
    let outer = out.len() / inner;
    let out = Disjoint::new(out);
    let width = WIDTH.min(inner);
    let strips = inner.div_ceil(width);
    for_tasks(
        outer * strips,
        3.0 * NANOS * (n * width) as f64,
        || {
            let best = vec![W::default(); width];
            Ok((Loader::<T, W>::new(), best, vec![0i64; width]))
        },
        |(loader, best, places), task| {
            let (o, column) = (task / strips, task % strips * width);
            let width = width.min(inner - column);
            let (best, places) = (&mut best[..width], &mut places[..width]);
            places.fill(0);
            for i in 0..n {
                let at = (o * n + i) * inner + column;
                let x = loader.values(elements, at..at + width);
                if i == 0 {
                    best.copy_from_slice(x);
                } else {
                    // SAFETY: the processor has the level.
                    unsafe { kernel(x, i as i64, best, places) };
                }
            }
            let first = o * inner + column;
            // SAFETY: these results are this task's.
            let out = unsafe { out.part(first..first + width) };
            for (o, &p) in out.iter_mut().zip(&*places) {
                o.write(p);
            }
            Ok(())
        },
    )
}

#[cfg(test)]
mod tests {
    use arrayspace_core::{Element, Scalar};
    use half::{bf16, f16};

    use super::*;
    use crate::testing::{KINDS, Rng, on_threads, stored, values};

    const OPS: [ArgFoldOp; 2] = [ArgFoldOp::Maximum, ArgFoldOp::Minimum];

    /// The definition.
    fn naive(op: ArgFoldOp, x: impl Iterator<Item = f64>) -> i64 {
        let mut best = (0, f64::NAN);
        for (i, v) in x.enumerate() {
            let beyond = if op == ArgFoldOp::Maximum { v > best.1 } else { v < best.1 };
            if i == 0 || (!best.1.is_nan() && (beyond || v.is_nan())) {
                best = (i as i64, v);
            }
        }
        best.0
    }

    fn check<T: Element>(make: impl Fn(&mut Rng) -> T) {
        let as_f64 = |v: T| v.to_scalar().to_float();
        let shapes = [[1, 1, 1], [3, 7, 5], [2, 130, 1], [1, 5, 600], [3, 4097, 1], [300, 3, 1]];
        for (seed, [outer, n, inner]) in shapes.into_iter().enumerate() {
            let mut rng = Rng::new(seed);
            let x: Vec<T> = (0..outer * n * inner).map(|_| make(&mut rng)).collect();
            for kind in 0..KINDS {
                let source = stored(&x, &[outer, n, inner], kind);
                for op in OPS {
                    let whole = values::<i64>(&arg_fold(op, source.view(), None).unwrap());
                    assert_eq!(whole, [naive(op, x.iter().map(|&v| as_f64(v)))]);
                    let got = values::<i64>(&arg_fold(op, source.view(), Some(1)).unwrap());
                    let expected: Vec<i64> = (0..outer * inner)
                        .map(|r| {
                            let (o, c) = (r / inner, r % inner);
                            naive(op, (0..n).map(|i| as_f64(x[(o * n + i) * inner + c])))
                        })
                        .collect();
                    assert_eq!(got, expected, "{} {outer} {n} {inner} {kind}", T::DTYPE);
                }
            }
        }
    }

    #[test]
    fn the_first_extreme_wins() {
        fn int<T: Element>() {
            check::<T>(|rng| T::from_scalar(Scalar::Int(rng.next().into())));
            check::<T>(|rng| T::from_scalar(Scalar::Int(rng.below(3) as i128 - 1)));
        }
        fn float<T: Element>() {
            check::<T>(|rng| T::from_scalar(Scalar::Float(rng.below(2000) as f64 - 1000.0)));
            let few = [0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY];
            check::<T>(|rng| T::from_scalar(Scalar::Float(few[rng.below(6)])));
            check::<T>(|rng| {
                T::from_scalar(Scalar::Float(if rng.below(50) == 0 { f64::NAN } else { 1.0 }))
            });
        }
        int::<i8>();
        int::<i16>();
        int::<i32>();
        int::<u8>();
        int::<u16>();
        int::<u32>();
        check::<i64>(|rng| rng.below(5) as i64 - 2);
        check::<u64>(|rng| rng.below(5) as u64);
        float::<f32>();
        float::<f64>();
        float::<f16>();
        float::<bf16>();
    }

    #[test]
    fn large_integers_are_not_rounded() {
        let x = stored(&[i64::MAX - 1, i64::MAX, i64::MIN + 1, i64::MIN], &[4], 0);
        let got = OPS.map(|op| values::<i64>(&arg_fold(op, x.view(), None).unwrap()));
        assert_eq!(got, [[1], [3]]);
    }

    #[test]
    fn threads_find_the_same_place() {
        let mut x: Vec<f32> = {
            let mut rng = Rng::new(8);
            (0..1_200_000).map(|_| rng.below(1000) as f32).collect()
        };
        for nan in [None, Some(900_001)] {
            if let Some(nan) = nan {
                (x[nan], x[1_100_000]) = (f32::NAN, f32::NAN);
            }
            for op in OPS {
                let expected = naive(op, x.iter().map(|&v| v.into()));
                let source = stored(&x, &[x.len()], 0);
                let got = on_threads(|| values::<i64>(&arg_fold(op, source.view(), None).unwrap()));
                assert_eq!(got, [expected]);
            }
        }
    }

    #[test]
    fn no_values_complex_values_and_a_missing_axis_are_errors() {
        let x = stored::<f32>(&[], &[2, 0], 0);
        assert!(arg_fold(ArgFoldOp::Maximum, x.view(), None).is_err());
        assert!(arg_fold(ArgFoldOp::Maximum, x.view(), Some(1)).is_err());
        let none = arg_fold(ArgFoldOp::Maximum, x.view(), Some(0)).unwrap();
        assert_eq!(none.len_bytes(), 0);
        assert!(arg_fold(ArgFoldOp::Maximum, x.view(), Some(2)).is_err());
        let x = stored(&[num_complex::Complex::new(1.0f32, 0.0)], &[1], 0);
        assert!(arg_fold(ArgFoldOp::Maximum, x.view(), None).is_err());
    }
}
