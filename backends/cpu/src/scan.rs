//! Running sums and products.
//!
//! A running product is formed in order, value by value. A running sum is formed so within pieces of
//! 1024 values, to each of which the sum of those before is added: errors grow with the number of pieces
//! and not with that of values, sums of values that are not negative never decrease, and pieces can be
//! walked side by side, on several threads, though each step of one waits for the step before.
//! (Products cannot: that of a piece may leave the range of numbers where the running one does not.)
//!
//! Where the axis is the innermost one, four lines or four pieces of a line are walked at a time; else a row
//! of lines is.

use std::mem::MaybeUninit;

use arrayspace_core::{Error, Result, ScanOp, View, element_count};
use smallvec::SmallVec;

use crate::arith::{Load, Ring, with_numeric};
use crate::elements::{self, Disjoint, Elements, for_tasks};
use crate::exec::BLOCK;
use crate::fold::lanes::{Combine, Plus, Times};
use crate::simd::{Level, dispatch};
use crate::{Buffer, Cpu};

/// Lines that are walked at a time.
const LINES: usize = 4;
/// Values of a piece.
const PIECE: usize = BLOCK / LINES;
/// Pieces of a line that are a task.
const PIECES: usize = 4 * LINES;
/// Lines from which on each is walked from its start to its end, four at a time.
const MANY_LINES: usize = 4 * LINES;
/// Columns that are walked together.
const WIDTH: usize = 1024;
/// Nanoseconds that a step takes.
const NANOS: f64 = 0.3;

/// How running results are formed.
trait Run<T>: Combine<T> {
    /// Whether each piece by itself, and then added to what is before it.
    const BY_PIECES: bool;
}

impl<T: Ring> Run<T> for Plus {
    const BY_PIECES: bool = true;
}

impl<T: Ring> Run<T> for Times {
    const BY_PIECES: bool = false;
}

/// Running sums or products along an axis.
pub(crate) fn scan(
    op: ScanOp,
    source: View<'_, Cpu>,
    axis: usize,
    initial: bool,
) -> Result<Buffer> {
    if axis >= source.layout.ndim() {
        return Err(Error::axis(format_args!(
            "axis {axis} of a scan is out of range for an array of {} dimensions",
            source.layout.ndim()
        )));
    }
    macro_rules! run {
        ($how:ty, $first:ident) => {
            with_numeric!(
source.dtype, u8,
                (T, W) => run::<T, W, $how>(source, axis, initial.then_some(W::$first)),
                Err(Error::dtype(format_args!(
                    "the scan {op:?} takes values of a numeric dtype, not bool; convert them first"
                )))
            )
        };
    }
    match op {
        ScanOp::Sum => run!(Plus, ZERO),
        ScanOp::Product => run!(Times, ONE),
    }
}

/// Walks four lines, from `carry` on.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn lines_body<T: Copy, C: Combine<T>>(
    x: &[&[T]; LINES],
    carry: &[Option<T>; LINES],
    out: &mut [T],
) {
    let n = out.len() / LINES;
    let [x0, x1, x2, x3] = x.map(|x| &x[..n]);
    let (o0, out) = out.split_at_mut(n);
    let (o1, out) = out.split_at_mut(n);
    let (o2, o3) = out.split_at_mut(n);
    let o3 = &mut o3[..n];
    if n == 0 {
        return;
    }
    let mut s = [
        first::<T, C>(carry[0], x0[0]),
        first::<T, C>(carry[1], x1[0]),
        first::<T, C>(carry[2], x2[0]),
        first::<T, C>(carry[3], x3[0]),
    ];
    (o0[0], o1[0], o2[0], o3[0]) = (s[0], s[1], s[2], s[3]);
    for i in 1..n {
        s[0] = C::combine(s[0], x0[i]);
        s[1] = C::combine(s[1], x1[i]);
        s[2] = C::combine(s[2], x2[i]);
        s[3] = C::combine(s[3], x3[i]);
        (o0[i], o1[i], o2[i], o3[i]) = (s[0], s[1], s[2], s[3]);
    }
}

/// A value, after what is before it.
#[inline(always)]
fn first<T: Copy, C: Combine<T>>(before: Option<T>, x: T) -> T {
    before.map_or(x, |before| C::combine(before, x))
}

/// Walks one line, from `carry` on.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn line_body<T: Copy, C: Combine<T>>(x: &[T], carry: Option<T>, out: &mut [T]) {
    let (Some((&x, rest)), Some((o, out))) = (x.split_first(), out.split_first_mut()) else {
        return;
    };
    let mut s = first::<T, C>(carry, x);
    *o = s;
    for (&x, o) in rest.iter().zip(out) {
        s = C::combine(s, x);
        *o = s;
    }
}

/// Adds what is before a piece to its values.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn lift_body<T: Copy, C: Combine<T>>(before: T, x: &mut [T]) {
    for x in x {
        *x = C::combine(before, *x);
    }
}

/// The same for a row.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn lift_row_body<T: Copy, C: Combine<T>>(before: &[T], x: &[T], out: &mut [T]) {
    for ((&before, &x), o) in before.iter().zip(x).zip(out) {
        *o = C::combine(before, x);
    }
}

/// Adds a row to the rows before it.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn row_body<T: Copy, C: Combine<T>>(x: &[T], carry: &mut [T]) {
    for (c, &x) in carry.iter_mut().zip(x) {
        *c = C::combine(*c, x);
    }
}

dispatch! {
    fn lines<T, C>[T: Copy, C: Combine<T>,](
        x: &[&[T]; LINES], carry: &[Option<T>; LINES], out: &mut [T]
    ) = lines_body;
    fn line<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: Option<T>, out: &mut [T]) = line_body;
    fn row<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: &mut [T]) = row_body;
    fn lift<T, C>[T: Copy, C: Combine<T>,](before: T, x: &mut [T]) = lift_body;
    fn lift_row<T, C>[T: Copy, C: Combine<T>,](before: &[T], x: &[T], out: &mut [T]) = lift_row_body;
}

/// The result's elements, of which tasks write different parts.
struct Target<'a, T>(Disjoint<'a, MaybeUninit<T>>);

impl<T> Target<'_, T> {
    /// Writes values from position `at` on.
    ///
    /// # Safety
    /// No other task writes there.
    unsafe fn write<W: Copy>(&self, at: usize, values: &[W])
    where
        T: Load<W>,
    {
        // SAFETY: the caller's promise.
        let out = unsafe { self.0.part(at..at + values.len()) };
        for (o, &v) in out.iter_mut().zip(values) {
            o.write(T::store(v));
        }
    }
}

fn run<T: Load<W>, W: Ring, C: Run<W>>(
    source: View<'_, Cpu>,
    axis: usize,
    initial: Option<W>,
) -> Result<Buffer> {
    let shape = source.layout.shape();
    let mut scanned: SmallVec<[usize; 6]> = shape.into();
    scanned[axis] = shape[axis]
        .checked_add(usize::from(initial.is_some()))
        .ok_or_else(|| Error::out_of_memory(None))?;
    let len = element_count(&scanned).ok_or_else(|| Error::out_of_memory(None))?;
    let elements = Elements::<T>::new(source)?;
    if len == 0 {
        return Buffer::initialised(source.dtype, 0);
    }
    // not 0, and their product is at most `len`
    let outer: usize = shape[..axis].iter().product();
    let inner: usize = shape[axis + 1..].iter().product();
    let walk = Walk { elements: &elements, outer, inner, n: shape[axis], initial };
    // SAFETY: every line is walked, and each of its elements written.
    unsafe {
        elements::output::<T>(source.dtype, len, |out| {
            let target = Target(Disjoint::new(out));
            if inner > 1 {
                walk.rows::<C>(&target)
            } else if C::BY_PIECES && outer < MANY_LINES && shape[axis] > PIECE {
                walk.pieces::<C>(&target)
            } else {
                walk.lines::<C>(&target)
            }
        })
    }
}

/// What is walked: `outer` times `n` rows of `inner` elements.
struct Walk<'a, T, W> {
    elements: &'a Elements<'a, T>,
    outer: usize,
    inner: usize,
    n: usize,
    initial: Option<W>,
}

/// What a task that walks lines works with.
struct Desk<T, W> {
    /// The most values that are walked in one line.
    most: usize,
    gathered: Vec<T>,
    loaded: Vec<W>,
    done: Vec<W>,
}

impl<T: Load<W>, W: Ring> Desk<T, W> {
    /// For so many lines of so many values.
    fn new(lines: usize, n: usize) -> Result<Self> {
        let most = PIECE.min(n);
        let room = || elements::scratch(LINES.min(lines) * most);
        let gathered = elements::scratch(LINES.min(lines) * most)?;
        Ok(Desk { most, gathered, loaded: room()?, done: room()? })
    }

    /// Walks `len` values, at most a piece, from each of at most four places on, after what is `before`
    /// them; the results, place after place.
    fn walk<C: Run<W>>(
        &mut self,
        elements: &Elements<'_, T>,
        (places, len): (&[usize], usize),
        before: &[Option<W>; LINES],
    ) -> &[W] {
        let level = Level::best();
        let done = &mut self.done[..places.len() * len];
        let mut pieces: [&[W]; LINES] = [&[]; LINES];
        let mut rest = self.loaded.as_mut_slice();
        let gathered = self.gathered.chunks_exact_mut(self.most.max(1));
        for ((piece, gathered), &at) in pieces.iter_mut().zip(gathered).zip(places) {
            let (now, later) = rest.split_at_mut(len);
            *piece = T::load(elements.block(at..at + len, gathered), now);
            rest = later;
        }
        let carry = if C::BY_PIECES { [None; LINES] } else { *before };
        if places.len() == LINES {
            // SAFETY: the processor has the level.
            unsafe { lines::<W, C>(level)(&pieces, &carry, done) };
        } else {
            for ((x, carry), out) in pieces.iter().zip(carry).zip(done.chunks_exact_mut(len)) {
                // SAFETY: the processor has the level.
                unsafe { line::<W, C>(level)(x, carry, out) };
            }
        }
        if C::BY_PIECES {
            for (x, before) in done.chunks_exact_mut(len).zip(before) {
                if let Some(before) = *before {
                    // SAFETY: the processor has the level.
                    unsafe { lift::<W, C>(level)(before, x) };
                }
            }
        }
        done
    }
}

impl<T: Load<W>, W: Ring> Walk<'_, T, W> {
    /// Lines, four at a time.
    fn lines<C: Run<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, n, initial, .. } = self;
        let longer = n + usize::from(initial.is_some());
        for_tasks(
            outer.div_ceil(LINES),
            NANOS * (n * LINES.min(outer)) as f64,
            || Desk::<T, W>::new(outer, n),
            |desk, task| {
                let first = task * LINES;
                let lines = first..outer.min(first + LINES);
                let mut before = [initial; LINES];
                if let Some(initial) = initial {
                    for l in lines.clone() {
                        // SAFETY: the line is this task's.
                        unsafe { target.write(l * longer, &[initial]) };
                    }
                }
                for start in (0..n).step_by(PIECE) {
                    let len = PIECE.min(n - start);
                    let places: SmallVec<[_; LINES]> =
                        lines.clone().map(|l| l * n + start).collect();
                    let done = desk.walk::<C>(elements, (&places, len), &before);
                    for ((l, done), before) in
                        lines.clone().zip(done.chunks_exact(len)).zip(&mut before)
                    {
                        *before = done.last().copied();
                        // SAFETY: the line is this task's.
                        unsafe { target.write((l + 1) * longer - n + start, done) };
                    }
                }
                Ok(())
            },
        )
    }

    /// Few and long lines: what is before each piece first, and then pieces side by side.
    fn pieces<C: Run<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, n, initial, .. } = self;
        let longer = n + usize::from(initial.is_some());
        let count = n.div_ceil(PIECE);
        let tasks = count.div_ceil(PIECES);
        // Gives the values of the pieces of a task to `put`, with the number of the line and of the piece.
        let each = |desk: &mut Desk<T, W>,
                    task: usize,
                    before: &dyn Fn(usize, usize) -> Option<W>,
                    put: &mut dyn FnMut(usize, usize, &[W])| {
            let (l, first) = (task / tasks, task % tasks * PIECES);
            let mut piece = first;
            while piece < count.min(first + PIECES) {
                let len = PIECE.min(n - piece * PIECE);
                // the last piece of a line may be shorter than the others
                let together = if (piece + LINES) * PIECE <= n { LINES } else { 1 };
                let places: [usize; LINES] = std::array::from_fn(|i| l * n + (piece + i) * PIECE);
                let before = std::array::from_fn(|i| before(l, piece + i));
                let done = desk.walk::<C>(elements, (&places[..together], len), &before);
                for (i, done) in done.chunks_exact(len).enumerate() {
                    put(l, piece + i, done);
                }
                piece += together;
            }
        };
        let nanos = NANOS * (PIECES * PIECE) as f64;
        let desk = || Desk::<T, W>::new(LINES, PIECE);
        let mut sums = elements::scratch::<W>(outer * count)?;
        let parts = Disjoint::new(&mut sums);
        for_tasks(outer * tasks, nanos, desk, |desk, task| {
            each(desk, task, &|_, _| None, &mut |l, piece, done| {
                let at = l * count + piece;
                // SAFETY: the piece is this task's.
                let sum = unsafe { parts.part(at..at + 1) };
                sum[0] = done[done.len() - 1];
            });
            Ok(())
        })?;
        for sums in sums.chunks_exact_mut(count) {
            let mut before = initial;
            for sum in sums {
                *sum = first::<W, C>(before, *sum);
                before = Some(*sum);
            }
        }
        let before = |l: usize, piece: usize| match piece {
            0 => initial,
            _ => sums.get(l * count + piece - 1).copied(),
        };
        for_tasks(outer * tasks, nanos, desk, |desk, task| {
            if let (Some(initial), 0) = (initial, task % tasks) {
                // SAFETY: the first piece of the line is this task's.
                unsafe { target.write(task / tasks * longer, &[initial]) };
            }
            each(desk, task, &before, &mut |l, piece, done| {
                // SAFETY: the piece is this task's.
                unsafe { target.write((l + 1) * longer - n + piece * PIECE, done) };
            });
            Ok(())
        })
    }

    /// Rows of lines.
    fn rows<C: Run<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, inner, n, initial } = self;
        let level = Level::best();
        let longer = n + usize::from(initial.is_some());
        let width = WIDTH.min(inner);
        let strips = inner.div_ceil(width);
        for_tasks(
            outer * strips,
            0.2 * (n * width) as f64,
            || {
                let room = || elements::scratch::<W>(width);
                Ok((elements::scratch::<T>(width)?, room()?, room()?, room()?, room()?))
            },
            |(gathered, loaded, carry, before, sums), task| {
                let (o, column) = (task / strips, task % strips * width);
                let width = width.min(inner - column);
                let (carry, before) = (&mut carry[..width], &mut before[..width]);
                let sums = &mut sums[..width];
                let place = |i: usize| (o * longer + i) * inner + column;
                if let Some(initial) = initial {
                    sums.fill(initial);
                    carry.fill(initial);
                    // SAFETY: the columns are this task's.
                    unsafe { target.write(place(0), sums) };
                }
                // whether the last results are `sums`, else they are `carry`
                let mut is_lifted = C::BY_PIECES && initial.is_some();
                for i in 0..n {
                    let at = (o * n + i) * inner + column;
                    let x = T::load(elements.block(at..at + width, gathered), loaded);
                    if i == 0 && initial.is_none() || C::BY_PIECES && i % PIECE == 0 {
                        before.copy_from_slice(if is_lifted { sums } else { carry });
                        is_lifted |= i > 0;
                        carry.copy_from_slice(x);
                    } else {
                        // SAFETY: the processor has the level.
                        unsafe { row::<W, C>(level)(x, carry) };
                    }
                    if is_lifted {
                        // SAFETY: the processor has the level.
                        unsafe { lift_row::<W, C>(level)(before, carry, sums) };
                    }
                    // SAFETY: the columns are this task's.
                    unsafe {
                        target.write(place(longer - n + i), if is_lifted { sums } else { carry })
                    };
                }
                Ok(())
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use arrayspace_core::{Element, Scalar};
    use half::{bf16, f16};
    use num_complex::Complex;

    use super::*;
    use crate::testing::{KINDS, Rng, on_threads, stored, values};

    /// Values of which every running sum and product is exact or wraps; products of many would leave the
    /// range of numbers.
    fn numbers<T: Element>(len: usize, op: ScanOp) -> Vec<T> {
        let mut rng = Rng::new(len);
        (0..len)
            .map(|_| match (op, T::DTYPE) {
                (_, d) if d.is_integer() => T::from_scalar(Scalar::Int(rng.below(100) as i128)),
                (ScanOp::Sum, _) => T::from_scalar(Scalar::Int(rng.below(5) as i128 - 2)),
                (ScanOp::Product, _) => {
                    let kinds = if len < 10_000 { 4 } else { 2 };
                    T::from_scalar(Scalar::Float([1.0, -1.0, 2.0, 0.5][rng.below(kinds)]))
                }
            })
            .collect()
    }

    /// The definition; integers modulo 2⁶⁴.
    fn naive<T: Element>(
        op: ScanOp,
        x: &[T],
        [outer, n, inner]: [usize; 3],
        initial: bool,
    ) -> Vec<T> {
        let m = n + usize::from(initial);
        let mut out = vec![T::default(); outer * m * inner];
        for o in 0..outer {
            for c in 0..inner {
                let one = op == ScanOp::Product;
                let (mut int, mut float) = (i64::from(one), f64::from(u8::from(one)));
                let mut put = |i: usize, int: i64, float: f64| {
                    out[(o * m + i) * inner + c] = if T::DTYPE.is_integer() {
                        T::from_scalar(Scalar::Int(int.into()))
                    } else {
                        T::from_scalar(Scalar::Float(float))
                    }
                };
                if initial {
                    put(0, int, float);
                }
                for i in 0..n {
                    let v = x[(o * n + i) * inner + c].to_scalar();
                    if one {
                        int = int.wrapping_mul(v.to_int() as i64);
                        float *= v.to_complex().re;
                    } else {
                        int = int.wrapping_add(v.to_int() as i64);
                        float += v.to_complex().re;
                    }
                    put(i + m - n, int, float);
                }
            }
        }
        out
    }

    fn check<T: Element>() {
        let shapes = [
            [1, 7, 1],
            [3, 5, 4],
            [9, 40, 1],
            [2, 3, 1100],
            [5, 1100, 1],
            [1, 40_000, 1],
            [20, 2100, 1],
            [2, 2100, 3],
            [1, 0, 3],
            [0, 3, 3],
            [2, 0, 1],
        ];
        for shape in shapes {
            let size = shape.iter().product();
            for op in [ScanOp::Sum, ScanOp::Product] {
                let x = numbers::<T>(size, op);
                for initial in [false, true] {
                    let expected = naive(op, &x, shape, initial);
                    for kind in 0..KINDS {
                        let source = stored(&x, &shape, kind);
                        let got = scan(op, source.view(), 1, initial).unwrap();
                        let got = values::<T>(&got);
                        assert!(got == expected, "{} {shape:?} {op:?} {kind}", T::DTYPE);
                    }
                }
            }
        }
    }

    #[test]
    fn scans_follow_the_definition() {
        check::<i8>();
        check::<i16>();
        check::<i32>();
        check::<i64>();
        check::<u8>();
        check::<u16>();
        check::<u32>();
        check::<u64>();
        check::<f32>();
        check::<f64>();
        check::<f16>();
        check::<bf16>();
        check::<Complex<f32>>();
        check::<Complex<f64>>();
    }

    #[test]
    fn half_precision_is_summed_in_float32() {
        let x = stored(&[f16::ONE; 3000], &[3000], 0);
        let got = values::<f16>(&scan(ScanOp::Sum, x.view(), 0, false).unwrap());
        assert_eq!(got[2999], f16::from_f32(3000.0)); // in float16, 2048 + 1 is 2048
        assert_eq!(got[2048], f16::from_f32(2049.0));
    }

    #[test]
    fn sums_of_pieces_neither_decrease_nor_drift() {
        let n = 1_000_000;
        let x = vec![0.1f32; n];
        for shape in [[1, n, 1], [2, n / 2, 1], [20, n / 20, 1], [1, n / 2, 2]] {
            let source = stored(&x, &shape, 0);
            let got = values::<f32>(&scan(ScanOp::Sum, source.view(), 1, false).unwrap());
            let [_, n, inner] = shape;
            for l in 0..inner {
                let line: Vec<f32> = got.iter().skip(l).step_by(inner).take(n).copied().collect();
                assert!(line.is_sorted());
                let exact = f64::from(0.1f32) * n as f64;
                // value by value, the sum of a million is off by 1 %
                assert!((f64::from(line[n - 1]) / exact - 1.0).abs() < 1e-4, "{shape:?}");
            }
        }
    }

    #[test]
    fn products_may_leave_the_range_between_two_of_them() {
        // the second half by itself would be infinite
        let x: Vec<f32> = (0..4000).map(|i| if i < 2000 { 0.97 } else { 1.06 }).collect();
        let source = stored(&x, &[4000], 0);
        let got = values::<f32>(&scan(ScanOp::Product, source.view(), 0, false).unwrap());
        assert!(got.iter().all(|v| v.is_finite()) && got[1999] > 0.0 && got[3999] > 1e20);
    }

    #[test]
    fn threads_do_not_change_bits() {
        let x: Vec<f32> = {
            let mut rng = Rng::new(5);
            (0..300_000).map(|_| rng.below(1 << 20) as f32 / 3.0 - 1e5).collect()
        };
        for shape in [[300, 1000, 1], [1, 100, 3000], [1, 300_000, 1], [3, 100_000, 1]] {
            let source = stored(&x, &shape, 0);
            on_threads(|| {
                let out = scan(ScanOp::Sum, source.view(), 1, true).unwrap();
                values::<f32>(&out).iter().map(|v| v.to_bits()).collect::<Vec<_>>()
            });
        }
    }

    #[test]
    fn bool_and_a_missing_axis_are_errors() {
        let x = stored(&[true; 3], &[3], 0);
        assert!(matches!(scan(ScanOp::Sum, x.view(), 0, false), Err(Error::DType(_))));
        let x = stored(&[1.0f32; 3], &[3], 0);
        assert!(matches!(scan(ScanOp::Sum, x.view(), 1, false), Err(Error::Axis(_))));
    }
}
