//! Running sums and products.
//!
//! A running sum is formed in order within pieces of 1024 values, to each of which the sum of those before
//! is added: errors grow with the number of pieces and not with that of values, sums of values that are not
//! negative never decrease, and pieces can be walked side by side, on several threads, though each step of
//! one waits for the step before.
//!
//! A running product is formed in order, too, value by value: that of a piece by itself may leave the range of
//! numbers where the running one does not. In a few long lines of real numbers pieces are walked as those
//! of sums are, and those whose results stay well within the range are kept; the others are walked again.
//!
//! Where the axis is the innermost one, four lines or four pieces of a line are walked at a time; else a row
//! of lines is.

use std::any::TypeId;
use std::mem::MaybeUninit;

use arrayspace_core::{Element, Error, Result, ScanOp, View, element_count};
use num_complex::Complex;
use smallvec::SmallVec;

use crate::arith::{Load, Ring, with_numeric};
use crate::elements::{self, Disjoint, Elements, Loader, for_tasks, threads_for};
use crate::exec::{BLOCK, is_streamed};
use crate::fold::lanes::{Combine, Plus, Times};
use crate::simd::{Level, dispatch};
use crate::{Buffer, Cpu, kernels};

/// Lines that are walked at a time.
const LINES: usize = 4;
/// Values of a piece.
const PIECE: usize = BLOCK / LINES;
/// Pieces of a line that are a task.
const PIECES: usize = 4 * LINES;
/// Tasks for each thread that are done together, so that what they read is still in the caches when it is read
/// again.
const TOGETHER: usize = 2;
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
    /// The same for a few long lines, where the results of a piece [allow](Run::holds) it.
    const LONG_BY_PIECES: bool;

    /// Between what the results of a piece lie.
    fn bounds(level: Level, results: &[T]) -> [T; 2];

    /// Whether results within these bounds can be combined with what is before them.
    fn holds(before: T, bounds: [T; 2]) -> bool;
}

impl<T: Ring> Run<T> for Plus {
    const BY_PIECES: bool = true;
    const LONG_BY_PIECES: bool = true;

    fn bounds(_: Level, _: &[T]) -> [T; 2] {
        [T::ZERO; 2]
    }

    fn holds(_: T, _: [T; 2]) -> bool {
        true
    }
}

impl<T: Magnitude> Run<T> for Times {
    const BY_PIECES: bool = false;
    const LONG_BY_PIECES: bool = T::HAS_BOUNDS;

    fn bounds(level: Level, results: &[T]) -> [T; 2] {
        let mut bounds = [T::ONE; 2];
        // SAFETY: the processor has the level.
        unsafe { magnitudes::<T>(level)(results, &mut bounds) };
        bounds
    }

    fn holds(before: T, bounds: [T; 2]) -> bool {
        bounds.into_iter().all(|bound| before.times(bound).is_ordinary())
    }
}

/// Numbers of which the products may leave the range.
pub(crate) trait Magnitude: Ring {
    /// Whether the products with the least and with the greatest of some numbers tell of those with all of them.
    const HAS_BOUNDS: bool;
    /// The least and the greatest magnitude, after another number.
    fn widened(bounds: [Self; 2], x: Self) -> [Self; 2];
    /// Whether it is as exact as numbers of its type can be.
    fn is_ordinary(self) -> bool;
}

macro_rules! magnitude {
    ($($t:ty: $has:expr, |$bounds:ident, $x:ident| $widened:expr, $ordinary:expr;)*) => { $(
        impl Magnitude for $t {
            const HAS_BOUNDS: bool = $has;
            #[inline(always)]
            fn widened($bounds: [Self; 2], $x: Self) -> [Self; 2] {
                $widened
            }
            #[inline(always)]
            fn is_ordinary(self) -> bool {
                let $x = self;
                $ordinary
            }
        }
    )* };
}

/// Of floats. (What is no number spreads to all results after it by itself.)
macro_rules! widened {
    ($bounds:ident, $x:ident) => {{
        let ([least, greatest], x) = ($bounds, $x.abs());
        [if x < least { x } else { least }, if x > greatest { x } else { greatest }]
    }};
}

magnitude! {
    // modulo 2ⁿ, every order gives the same
    u8: true, |bounds, _x| bounds, true;
    u16: true, |bounds, _x| bounds, true;
    u32: true, |bounds, _x| bounds, true;
    u64: true, |bounds, _x| bounds, true;
    f32: true, |bounds, x| widened!(bounds, x), x.is_normal();
    f64: true, |bounds, x| widened!(bounds, x), x.is_normal();
    Complex<f32>: false, |bounds, _x| bounds, false;
    Complex<f64>: false, |bounds, _x| bounds, false;
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

/// The least and the greatest magnitude, those in `bounds` among them.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn magnitudes_body<T: Magnitude>(x: &[T], bounds: &mut [T; 2]) {
    const LANES: usize = 16;
    let mut lanes = [*bounds; LANES];
    let mut chunks = x.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = T::widened(*lane, x);
        }
    }
    for &x in lanes.as_flattened().iter().chain(chunks.remainder()) {
        *bounds = T::widened(*bounds, x);
    }
}

dispatch! {
    fn magnitudes<T>[T: Magnitude,](x: &[T], bounds: &mut [T; 2]) = magnitudes_body;
    fn lines<T, C>[T: Copy, C: Combine<T>,](
        x: &[&[T]; LINES], carry: &[Option<T>; LINES], out: &mut [T]
    ) = lines_body;
    fn line<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: Option<T>, out: &mut [T]) = line_body;
    fn row<T, C>[T: Copy, C: Combine<T>,](x: &[T], carry: &mut [T]) = row_body;
    fn lift<T, C>[T: Copy, C: Combine<T>,](before: T, x: &mut [T]) = lift_body;
    fn lift_row<T, C>[T: Copy, C: Combine<T>,](before: &[T], x: &[T], out: &mut [T]) = lift_row_body;
}

/// The result's elements, of which tasks write different parts.
struct Target<'a, T> {
    out: Disjoint<'a, MaybeUninit<T>>,
    /// Whether they are written past the caches.
    streamed: bool,
}

impl<T> Target<'_, T> {
    /// Writes values from position `at` on.
    ///
    /// # Safety
    /// No other task writes there, and the task calls [`written`](Target::written) in the end.
    unsafe fn write<W: Element>(&self, at: usize, values: &[W])
    where
        T: Load<W>,
    {
        // SAFETY: the caller's promise.
        let out = unsafe { self.out.part(at..at + values.len()) };
        if self.streamed && TypeId::of::<T>() == TypeId::of::<W>() {
            // SAFETY: the types are the same, and so are the numbers of values; the memory is different.
            unsafe {
                kernels::stream(
                    values.as_ptr().cast(),
                    out.as_mut_ptr().cast(),
                    size_of_val(values),
                )
            };
            return;
        }
        for (o, &v) in out.iter_mut().zip(values) {
            o.write(T::store(v));
        }
    }

    /// Ends the writing of a task.
    fn written(&self) {
        if self.streamed {
            kernels::streamed();
        }
    }
}

fn run<T: Load<W>, W: Magnitude, C: Run<W>>(
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
            let streamed = is_streamed([size_of::<T>(); 2].into_iter(), len);
            let target = Target { out: Disjoint::new(out), streamed };
            if inner > 1 {
                walk.rows::<C>(&target)
            } else if C::LONG_BY_PIECES && outer < MANY_LINES && shape[axis] > PIECE {
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

/// A piece that was walked by itself.
#[derive(Clone, Copy)]
struct Piece<W> {
    bounds: [W; 2],
    last: W,
    before: Option<W>,
}

/// Takes results: of a piece by its number, of a line and a piece of it.
type Put<'p, W> = dyn FnMut(usize, (usize, usize), &[W]) + 'p;

/// What a task that walks lines works with.
struct Desk<T, W> {
    loaders: [Loader<T, W>; LINES],
    done: Vec<W>,
}

impl<T: Load<W>, W: Magnitude> Desk<T, W> {
    /// For so many lines of so many values.
    fn new(lines: usize, n: usize) -> Result<Self> {
        let done = elements::scratch(LINES.min(lines) * PIECE.min(n))?;
        Ok(Desk { loaders: std::array::from_fn(|_| Loader::new()), done })
    }

    /// Walks `len` values, at most a piece, from each of at most four places on, after what is `before`
    /// them, or by themselves and then combined with it; the results, place after place.
    fn walk<C: Run<W>>(
        &mut self,
        elements: &Elements<'_, T>,
        (places, len): (&[usize], usize),
        before: &[Option<W>; LINES],
        by_themselves: bool,
    ) -> &[W] {
        let level = Level::best();
        let done = &mut self.done[..places.len() * len];
        let mut pieces: [&[W]; LINES] = [&[]; LINES];
        for ((piece, loader), &at) in pieces.iter_mut().zip(&mut self.loaders).zip(places) {
            *piece = loader.values(elements, at..at + len);
        }
        let carry = if by_themselves { [None; LINES] } else { *before };
        if places.len() == LINES {
            // SAFETY: the processor has the level.
            unsafe { lines::<W, C>(level)(&pieces, &carry, done) };
        } else {
            for ((x, carry), out) in pieces.iter().zip(carry).zip(done.chunks_exact_mut(len)) {
                // SAFETY: the processor has the level.
                unsafe { line::<W, C>(level)(x, carry, out) };
            }
        }
        if by_themselves {
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

impl<T: Load<W>, W: Magnitude> Walk<'_, T, W> {
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
                    let done = desk.walk::<C>(elements, (&places, len), &before, C::BY_PIECES);
                    for ((l, done), before) in
                        lines.clone().zip(done.chunks_exact(len)).zip(&mut before)
                    {
                        *before = done.last().copied();
                        // SAFETY: the line is this task's.
                        unsafe { target.write((l + 1) * longer - n + start, done) };
                    }
                }
                target.written();
                Ok(())
            },
        )
    }

    /// Few and long lines: for some pieces at a time, which stay in the caches, what is before each of
    /// them first, and then they themselves, side by side.
    fn pieces<C: Run<W>>(&self, target: &Target<'_, T>) -> Result<()> {
        let &Walk { elements, outer, n, initial, .. } = self;
        let (level, longer) = (Level::best(), n + usize::from(initial.is_some()));
        let count = n.div_ceil(PIECE);
        let tasks = count.div_ceil(PIECES);
        let nanos = NANOS * (PIECES * PIECE) as f64;
        let together = TOGETHER * threads_for(nanos * (outer * tasks) as f64);
        let len = |piece: usize| PIECE.min(n - piece * PIECE);
        let place = |l: usize, piece: usize| l * n + piece * PIECE;
        let target_place = |l: usize, piece: usize| (l + 1) * longer - n + piece * PIECE;
        // Gives the results of the pieces of a task to `put`, with the line, the piece, and its number among
        // those that are walked together.
        let each = |desk: &mut Desk<T, W>,
                    (block, k): (usize, usize),
                    before: &dyn Fn(usize) -> Option<W>,
                    put: &mut Put<'_, W>| {
            let (l, first) = ((block + k) / tasks, (block + k) % tasks * PIECES);
            let mut piece = first;
            while piece < count.min(first + PIECES) {
                // the last piece of a line may be shorter than the others
                let side_by_side = if (piece + LINES) * PIECE <= n { LINES } else { 1 };
                let places: [usize; LINES] = std::array::from_fn(|i| place(l, piece + i));
                let number = k * PIECES + piece - first;
                let before = std::array::from_fn(|i| before(number + i));
                let places = (&places[..side_by_side], len(piece));
                let done = desk.walk::<C>(elements, places, &before, true);
                for (i, done) in done.chunks_exact(len(piece)).enumerate() {
                    put(number + i, (l, piece + i), done);
                }
                piece += side_by_side;
            }
        };
        let desk = || Desk::<T, W>::new(LINES, PIECE);
        let mut walked = elements::scratch::<Option<Piece<W>>>(together * PIECES)?;
        let mut in_order = desk()?;
        let mut carry = initial;
        for block in (0..outer * tasks).step_by(together) {
            let here = together.min(outer * tasks - block);
            walked.fill(None);
            let goes_on = block / tasks == (block + here - 1) / tasks && block % tasks > 0;
            if !goes_on || carry.is_none_or(|carry| C::holds(carry, C::bounds(level, &[]))) {
                let parts = Disjoint::new(&mut walked);
                for_tasks(here, nanos, desk, |desk, k| {
                    each(desk, (block, k), &|_| None, &mut |number, _, done| {
                        // SAFETY: the piece is this task's.
                        let piece = unsafe { parts.part(number..number + 1) };
                        let (bounds, last) = (C::bounds(level, done), done[done.len() - 1]);
                        piece[0] = Some(Piece { bounds, last, before: None });
                    });
                    Ok(())
                })?;
            }
            // what is before each, and those that cannot be walked by themselves
            for (number, walked) in walked[..here * PIECES].iter_mut().enumerate() {
                let (l, task) =
                    ((block + number / PIECES) / tasks, (block + number / PIECES) % tasks);
                let piece = task * PIECES + number % PIECES;
                if piece >= count {
                    continue;
                }
                if piece == 0 {
                    carry = initial;
                    if let Some(initial) = initial {
                        // SAFETY: no other task is at work.
                        unsafe { target.write(l * longer, &[initial]) };
                    }
                }
                *walked = walked.filter(|w| carry.is_none_or(|carry| C::holds(carry, w.bounds)));
                let last = match walked {
                    Some(walked) => {
                        walked.before = carry;
                        first::<W, C>(carry, walked.last)
                    }
                    None => {
                        let (places, before) = ([place(l, piece)], [carry; LINES]);
                        let places = (&places[..], len(piece));
                        let done = in_order.walk::<C>(elements, places, &before, false);
                        // SAFETY: as above.
                        unsafe { target.write(target_place(l, piece), done) };
                        done[done.len() - 1]
                    }
                };
                carry = Some(last);
            }
            if walked.iter().all(Option::is_none) {
                continue;
            }
            let before = |number: usize| walked[number].and_then(|walked| walked.before);
            for_tasks(here, nanos, desk, |desk, k| {
                each(desk, (block, k), &before, &mut |number, (l, piece), done| {
                    if walked[number].is_some() {
                        // SAFETY: the piece is this task's.
                        unsafe { target.write(target_place(l, piece), done) };
                    }
                });
                target.written();
                Ok(())
            })?;
        }
        target.written();
        Ok(())
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
                Ok((Loader::<T, W>::new(), room()?, room()?, room()?))
            },
            |(loader, carry, before, sums), task| {
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
                    let x = loader.values(elements, at..at + width);
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
                target.written();
                Ok(())
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use arrayspace_core::Scalar;
    use half::{bf16, f16};

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
    fn products_of_long_lines_are_those_in_order() {
        // powers of two: exact, until they leave the range of numbers
        let n = 40_000;
        let drift = |from: usize, to: usize, factor: f32| {
            (0..n).map(move |i| if (from..to).contains(&i) { factor } else { [2.0, 0.5][i % 2] })
        };
        let mut inputs: Vec<Vec<f32>> = vec![
            drift(0, 0, 1.0).collect(),
            drift(5000, 5100, 2.0).collect(),     // stays finite
            drift(5000, 5140, 0.5).collect(),     // becomes subnormal
            drift(5000, 5200, 2.0).collect(),     // infinite, from there on
            drift(20_000, 20_200, 0.5).collect(), // 0, from there on
            (0..n).map(|i| if i / 1024 % 2 == 0 { 1.0625 } else { 1.0 / 1.0625 }).collect(),
        ];
        for special in [0.0, f32::INFINITY, f32::NAN] {
            let mut x = inputs[0].clone();
            x[17_001] = special;
            x[30_000] = 0.0; // infinity times this is no number
            inputs.push(x);
        }
        for (k, x) in inputs.iter().enumerate() {
            for initial in [false, true] {
                let got = scan(ScanOp::Product, stored(x, &[n], 0).view(), 0, initial).unwrap();
                let got = values::<f32>(&got);
                let mut product = 1.0f32;
                for (i, (&x, &got)) in x.iter().zip(&got[usize::from(initial)..]).enumerate() {
                    product *= x;
                    let is_same = got == product || got.is_nan() && product.is_nan();
                    // no power of two: rounded in another order
                    let is_near = k == 5 && (got / product - 1.0).abs() < 1e-3;
                    assert!(is_same || is_near, "{k} {initial} {i}: {got} {product}");
                }
            }
        }
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
            let near: Vec<f32> = x.iter().map(|x| 1.0 + x / 1e9).collect();
            let source = stored(&near, &shape, 0);
            on_threads(|| {
                let out = scan(ScanOp::Product, source.view(), 1, false).unwrap();
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
