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

use arrayspace_core::{Element, Error, Result, ScanOp, View, check, element_count};
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

    /// Whether no result after this one can be combined so.
    fn is_over(before: T) -> bool;
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

    fn is_over(_: T) -> bool {
        false
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

    fn is_over(before: T) -> bool {
        before.is_final()
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
    /// Whether no product with it is ordinary.
    fn is_final(self) -> bool;
}

macro_rules! magnitude {
    ($($t:ty: $has:expr, |$bounds:ident, $x:ident| $widened:expr, $ordinary:expr, $over:expr;)*) => { $(
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
            fn is_final(self) -> bool {
                let $x = self;
                $over
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
    u8: true, |bounds, _x| bounds, true, false;
    u16: true, |bounds, _x| bounds, true, false;
    u32: true, |bounds, _x| bounds, true, false;
    u64: true, |bounds, _x| bounds, true, false;
    f32: true, |bounds, x| widened!(bounds, x), x.is_normal(), x == 0.0 || !x.is_finite();
    f64: true, |bounds, x| widened!(bounds, x), x.is_normal(), x == 0.0 || !x.is_finite();
    Complex<f32>: false, |bounds, _x| bounds, false, false;
    Complex<f64>: false, |bounds, _x| bounds, false, false;
}

/// Running sums or products along an axis.
pub(crate) fn scan(
    op: ScanOp,
    source: View<'_, Cpu>,
    axis: usize,
    initial: bool,
) -> Result<Buffer> {
    check::scan(op, source.dtype, source.layout.shape(), axis)?;
    macro_rules! run {
        ($how:ty, $first:ident) => {
            with_numeric!(
                source.dtype, u8,
                (T, W) => run::<T, W, $how>(source, axis, initial.then_some(W::$first)),
                Err(check::unknown("cpu", op.name()))
            )
        };
    }
    match op {
        ScanOp::Sum => run!(Plus, ZERO),
        ScanOp::Product => run!(Times, ONE),
        _ => Err(check::unknown("cpu", op.name())),
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

/// Whether results are stored as they are.
fn is_same<T: Element, W: Element>() -> bool {
    TypeId::of::<T>() == TypeId::of::<W>()
}

/// The result's elements, of which tasks write different parts.
struct Target<'a, T> {
    out: Disjoint<'a, MaybeUninit<T>>,
    /// Whether they are written past the caches.
    streamed: bool,
}

impl<T: Element> Target<'_, T> {
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
        if self.streamed && is_same::<T, W>() {
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

    /// Combines what is `before` a piece of results with each of them.
    ///
    /// # Safety
    /// The types are the same, the results have been written, and no other task has to do with them.
    unsafe fn lift<W: Element, C: Run<W>>(&self, at: usize, len: usize, before: W) {
        // SAFETY: the caller's promise; the processor has the level.
        unsafe {
            let out = self.out.part(at..at + len).as_mut_ptr().cast::<W>();
            lift::<W, C>(Level::best())(before, std::slice::from_raw_parts_mut(out, len));
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
    /// them first, and then they themselves, side by side. Results that are stored in the caches as they are
    /// are those of the first walk.
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
                // of those that are walked alone: after the last piece there may be no other
                let before =
                    std::array::from_fn(
                        |i| if i < side_by_side { before(number + i) } else { None },
                    );
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
        let is_kept = is_same::<T, W>() && !target.streamed;
        for block in (0..outer * tasks).step_by(together) {
            let here = together.min(outer * tasks - block);
            walked.fill(None);
            let goes_on = block / tasks == (block + here - 1) / tasks && block % tasks > 0;
            if !goes_on || !carry.is_some_and(C::is_over) {
                let parts = Disjoint::new(&mut walked);
                for_tasks(here, nanos, desk, |desk, k| {
                    each(desk, (block, k), &|_| None, &mut |number, (l, piece), done| {
                        if is_kept {
                            // SAFETY: the piece is this task's.
                            unsafe { target.write(target_place(l, piece), done) };
                        }
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
            if is_kept {
                for_tasks(
                    here,
                    nanos / 4.0,
                    || Ok(()),
                    |(), k| {
                        let (l, first) = ((block + k) / tasks, (block + k) % tasks * PIECES);
                        for piece in first..count.min(first + PIECES) {
                            if let Some(before) = before(k * PIECES + piece - first) {
                                let at = target_place(l, piece);
                                // SAFETY: the piece is this task's, and has been written.
                                unsafe { target.lift::<W, C>(at, len(piece), before) };
                            }
                        }
                        Ok(())
                    },
                )?;
                continue;
            }
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
mod tests;
