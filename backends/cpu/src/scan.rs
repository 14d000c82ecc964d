//! Running sums and products.
//!
//! A line is combined in order, value by value: what NumPy computes. Where the axis is the innermost one,
//! four lines are walked at a time, since each step of a line waits for the one before; else a row of
//! lines is.

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
/// Values of each of them that are walked at a time.
const PIECE: usize = BLOCK / LINES;
/// Columns that are walked together.
const WIDTH: usize = 1024;

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
    carry: &mut [Option<T>; LINES],
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
    let first = |carry: Option<T>, x: T| carry.map_or(x, |c| C::combine(c, x));
    let mut s = [
        first(carry[0], x0[0]),
        first(carry[1], x1[0]),
        first(carry[2], x2[0]),
        first(carry[3], x3[0]),
    ];
    (o0[0], o1[0], o2[0], o3[0]) = (s[0], s[1], s[2], s[3]);
    for i in 1..n {
        s[0] = C::combine(s[0], x0[i]);
        s[1] = C::combine(s[1], x1[i]);
        s[2] = C::combine(s[2], x2[i]);
        s[3] = C::combine(s[3], x3[i]);
        (o0[i], o1[i], o2[i], o3[i]) = (s[0], s[1], s[2], s[3]);
    }
    *carry = s.map(Some);
}

/// Walks one line, from `carry` on.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn line_body<T: Copy, C: Combine<T>>(x: &[T], carry: &mut Option<T>, out: &mut [T]) {
    for (&x, o) in x.iter().zip(out) {
        *o = carry.map_or(x, |c| C::combine(c, x));
        *carry = Some(*o);
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
        x: &[&[T]; LINES], carry: &mut [Option<T>; LINES], out: &mut [T]
    ) = lines_body;
    fn line<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: &mut Option<T>, out: &mut [T]) = line_body;
    fn row<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: &mut [T]) = row_body;
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

fn run<T: Load<W>, W: Ring, C: Combine<W>>(
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
            if inner == 1 { walk.lines::<C>(&target) } else { walk.rows::<C>(&target) }
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

impl<T: Load<W>, W: Ring> Walk<'_, T, W> {
    fn lines<C: Combine<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, n, initial, .. } = self;
        let (four, one) = (lines::<W, C>(Level::best()), line::<W, C>(Level::best()));
        let before = usize::from(initial.is_some());
        for_tasks(
            outer.div_ceil(LINES),
            (n * LINES.min(outer)) as f64,
            || Ok(([[T::default(); PIECE]; LINES], vec![W::ZERO; BLOCK], vec![W::ZERO; BLOCK])),
            |(gathered, loaded, done), task| {
                let first = task * LINES;
                let count = LINES.min(outer - first);
                let mut carry = [initial; LINES];
                if let Some(initial) = initial {
                    for l in first..first + count {
                        // SAFETY: the line is this task's.
                        unsafe { target.write(l * (n + 1), &[initial]) };
                    }
                }
                for start in (0..n).step_by(PIECE) {
                    let len = PIECE.min(n - start);
                    let done = &mut done[..LINES * len];
                    let mut pieces: [&[W]; LINES] = [&[]; LINES];
                    let mut rest = loaded.as_mut_slice();
                    let lines = pieces.iter_mut().zip(gathered.iter_mut()).take(count);
                    for (l, (piece, gathered)) in lines.enumerate() {
                        let at = (first + l) * n + start;
                        let (now, later) = rest.split_at_mut(len);
                        *piece = T::load(elements.block(at..at + len, gathered), now);
                        rest = later;
                    }
                    if count == LINES {
                        // SAFETY: the processor has the level.
                        unsafe { four(&pieces, &mut carry, done) };
                    } else {
                        for ((x, carry), out) in
                            pieces[..count].iter().zip(&mut carry).zip(done.chunks_exact_mut(len))
                        {
                            // SAFETY: the processor has the level.
                            unsafe { one(x, carry, out) };
                        }
                    }
                    for (l, done) in done.chunks_exact(len).take(count).enumerate() {
                        let at = (first + l) * (n + before) + before + start;
                        // SAFETY: the line is this task's.
                        unsafe { target.write(at, done) };
                    }
                }
                Ok(())
            },
        )
    }

    fn rows<C: Combine<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, inner, n, initial } = self;
        let kernel = row::<W, C>(Level::best());
        let before = usize::from(initial.is_some());
        let width = WIDTH.min(inner);
        let strips = inner.div_ceil(width);
        for_tasks(
            outer * strips,
            0.2 * (n * width) as f64,
            || Ok((vec![T::default(); width], vec![W::ZERO; width], vec![W::ZERO; width])),
            |(gathered, loaded, carry), task| {
                let (o, column) = (task / strips, task % strips * width);
                let width = width.min(inner - column);
                let carry = &mut carry[..width];
                let place = |i: usize| (o * (n + before) + i) * inner + column;
                if let Some(initial) = initial {
                    carry.fill(initial);
                    // SAFETY: the columns are this task's.
                    unsafe { target.write(place(0), carry) };
                }
                for i in 0..n {
                    let at = (o * n + i) * inner + column;
                    let x = T::load(elements.block(at..at + width, gathered), loaded);
                    if i == 0 && initial.is_none() {
                        carry.copy_from_slice(x);
                    } else {
                        // SAFETY: the processor has the level.
                        unsafe { kernel(x, carry) };
                    }
                    // SAFETY: the columns are this task's.
                    unsafe { target.write(place(i + before), carry) };
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

    /// Values of which every running sum and product is exact or wraps.
    fn numbers<T: Element>(len: usize, op: ScanOp) -> Vec<T> {
        let mut rng = Rng::new(len);
        (0..len)
            .map(|_| match (op, T::DTYPE) {
                (_, d) if d.is_integer() => T::from_scalar(Scalar::Int(rng.below(100) as i128)),
                (ScanOp::Sum, _) => T::from_scalar(Scalar::Int(rng.below(5) as i128 - 2)),
                (ScanOp::Product, _) => {
                    T::from_scalar(Scalar::Float([1.0, -1.0, 2.0, 0.5][rng.below(4)]))
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
                        assert_eq!(values::<T>(&got), expected, "{} {shape:?} {op:?}", T::DTYPE);
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
    fn threads_do_not_change_bits() {
        let x: Vec<f32> = {
            let mut rng = Rng::new(5);
            (0..300_000).map(|_| rng.below(1 << 20) as f32 / 3.0 - 1e5).collect()
        };
        for shape in [[300, 1000, 1], [1, 100, 3000]] {
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
