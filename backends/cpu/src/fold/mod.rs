//! Folds.
//!
//! The axes are walked in an order of which the fold decides three parts: outer kept axes, folded axes,
//! inner kept axes. Where the axis that is innermost in memory is folded, there are no inner kept axes,
//! and every result is folded from a run of consecutive values; else rows are combined with rows
//! ([`columns`]). Both combine in the order of [`lanes`], which depends on the logical order of the values
//! alone, so the result has the same bits for either, for any layout and any number of threads. The
//! logical order is kept among the folded axes unless the fold is one whose order does not matter.

mod columns;
pub(crate) mod lanes;
mod ops;

#[cfg(test)]
mod tests;

use std::mem::MaybeUninit;

use arrayspace_core::{
    DType, Dims, Element, Error, FoldOp, Layout, Part, Program, Result, StepOp, View, check,
};
use smallvec::SmallVec;

use crate::arith::{Load, with_numeric, with_ordered};
use crate::elements::{self, Disjoint, Elements, for_tasks};
use crate::exec::{BLOCK, Evaluator, Reader};
use crate::simd::{Level, dispatch};
use crate::{Buffer, Cpu, copy, exec};
use columns::{Columns, Rows};
use lanes::{LANES, Plus, STEPS, Times, Tree};
use ops::{Deviations, Fold, Logical, Simple};
pub(crate) use ops::{Largest, Smallest};

/// Values of one result that a task folds, where a result has more: a power of two of blocks.
const RUN: usize = 2 * BLOCK;

/// Values of several results that are worth a task, where rows are combined with rows.
const ROWS: usize = 32 * BLOCK;

/// Bytes of a row that are read together at least, where there are enough for all threads: processors read
/// ahead within a page.
const PAGE: usize = 4096;

/// Nanoseconds to fold one value, beyond evaluating it.
const NANOS: f64 = 0.05;

/// Combines the values of a program over axes.
pub(crate) fn fold(
    op: FoldOp,
    program: &Program,
    inputs: &[View<'_, Cpu>],
    shape: &[usize],
    axes: &[usize],
) -> Result<Buffer> {
    let dtype = program.output();
    check::reduction(op, dtype, shape, axes)?;
    if let Some(view) = line(program, inputs, shape, axes) {
        return by_dtype(op, dtype, Values::Line(view));
    }
    // few values are computed first, in less time than it takes to get ready to fold them as they come
    if program.steps().len() > 1
        && let Some(buffer) = exec::map_few(program, inputs, shape)
    {
        let mut program = Program::new();
        program.input(dtype)?;
        let layout = Layout::contiguous(shape)?;
        let view = View { buffer: &buffer, dtype, layout: &layout };
        return fold(op, &program, &[view], shape, axes);
    }
    let plan = match Plan::of_line(inputs, shape, axes) {
        Some(plan) => plan,
        None => Plan::new(is_free(op, dtype), inputs, shape, axes),
    };
    let values = Evaluator::new(program, inputs, shape, &plan.order)?;
    if plan.results() > 0 && plan.folded == 0 {
        return empty(op, dtype, plan.results());
    }
    let scattered =
        || if values.whole().is_some() { None } else { together(program, inputs, &plan) };
    let buffer = match scattered() {
        Some((copy, layout)) => {
            let view = View { buffer: &copy, dtype, layout: &layout };
            let order: SmallVec<[usize; 8]> = (0..layout.ndim()).collect();
            let values = Evaluator::new(program, &[view], layout.shape(), &order)?;
            by_dtype(op, dtype, Values::Walked(&values, &plan))?
        }
        None => by_dtype(op, dtype, Values::Walked(&values, &plan))?,
    };
    plan.in_order(buffer, dtype)
}

/// What is folded.
#[derive(Clone, Copy)]
enum Values<'v, 'a> {
    /// 1 to [`BLOCK`] elements that lie in order, to one result.
    Line(View<'a, Cpu>),
    /// The values of a program, as a plan says.
    Walked(&'v Evaluator<'a>, &'v Plan),
}

/// The operand, if it is all that is folded, to one result, and a block at most: then there is nothing to plan.
fn line<'a>(
    program: &Program,
    inputs: &[View<'a, Cpu>],
    shape: &[usize],
    axes: &[usize],
) -> Option<View<'a, Cpu>> {
    let ([step], &[view]) = (program.steps(), inputs) else { return None };
    let size = view.layout.size();
    let fits = step.op == StepOp::Input(0)
        && step.dtype == view.dtype
        && axes.len() == shape.len()
        && view.layout.has_shape(shape)
        && (1..=BLOCK).contains(&size)
        && view.layout.is_contiguous();
    fits.then_some(view)
}

/// Bytes from which on it pays to put values together that are far apart. (Few in tests.)
const SCATTERED_FROM: usize = if cfg!(test) { 8 << 10 } else { 512 << 10 };

/// A copy of the operand as it is walked, if it is all that is folded, and the order of the fold is such
/// that every value is on another cache line than the one before: a copy in tiles is faster than that.
fn together(program: &Program, inputs: &[View<'_, Cpu>], plan: &Plan) -> Option<(Buffer, Layout)> {
    let ([step], &[view]) = (program.steps(), inputs) else { return None };
    if step.op != StepOp::Input(0) {
        return None;
    }
    let walked = view.layout.permute(&plan.order);
    let size = view.dtype.item_size();
    let axes = || walked.shape().iter().zip(walked.strides()).filter(|(dim, _)| **dim > 1);
    let step = axes().next_back()?.1.unsigned_abs().saturating_mul(size);
    let nearer = axes().any(|(_, stride)| stride.unsigned_abs().saturating_mul(size) < step);
    let repeated = axes().any(|(_, &stride)| stride == 0);
    let bytes = walked.size().saturating_mul(size);
    if step < 64 || !nearer || repeated || bytes < SCATTERED_FROM {
        return None;
    }
    let target = Layout::contiguous(walked.shape()).ok()?;
    let part = Part { source: View { layout: &walked, ..view }, target: target.clone() };
    // where there is no memory for a copy, the fold can do without
    Some((copy::assemble(&[part], view.dtype, walked.size()).ok()?, target))
}

/// Whether the order of the values does not change the result.
fn is_free(op: FoldOp, dtype: DType) -> bool {
    match op {
        FoldOp::Sum | FoldOp::Product => dtype.is_integer(),
        FoldOp::Maximum | FoldOp::Minimum | FoldOp::All | FoldOp::Any => true,
        _ => false,
    }
}

/// The results of a fold over no values.
fn empty(op: FoldOp, dtype: DType, results: usize) -> Result<Buffer> {
    let value = op.identity()?;
    fn filled<T: Element>(dtype: DType, len: usize, value: T) -> Result<Buffer> {
        // SAFETY: every element is written.
        unsafe {
            elements::output(dtype, len, |out| {
                out.fill(MaybeUninit::new(value));
                Ok(())
            })
        }
    }
    with_numeric!(
        dtype, u8,
        (T, W) => filled(dtype, results, <T as Load<W>>::store(W::from_scalar(value))),
        filled(dtype, results, u8::from(value.is_nonzero()))
    )
}

/// In which order the axes are walked.
struct Plan {
    /// Outer kept axes, folded axes, inner kept axes.
    order: SmallVec<[usize; 8]>,
    /// The elements of the three parts.
    outer: usize,
    folded: usize,
    inner: usize,
    /// The kept axes' lengths, as they are walked, and where each belongs in the result.
    kept: Dims,
    places: SmallVec<[usize; 8]>,
}

impl Plan {
    /// The plan for all values of one operand that lie in order: there is nothing to decide.
    fn of_line(inputs: &[View<'_, Cpu>], shape: &[usize], axes: &[usize]) -> Option<Plan> {
        let [view] = inputs else { return None };
        (axes.len() == shape.len() && view.layout.is_contiguous()).then(|| Plan {
            order: axes.into(),
            outer: 1,
            folded: count(axes, shape),
            inner: 1,
            kept: Dims::new(),
            places: SmallVec::new(),
        })
    }

    fn new(free: bool, inputs: &[View<'_, Cpu>], shape: &[usize], axes: &[usize]) -> Plan {
        // how far apart neighbours along an axis are in memory, in all operands together
        let apart = |axis: usize| -> usize {
            let of = |v: &View<'_, Cpu>| {
                let stride = v.layout.strides().get(axis).map_or(0, |s| s.unsigned_abs());
                stride.saturating_mul(v.dtype.item_size())
            };
            inputs.iter().map(of).fold(0, usize::saturating_add)
        };
        let by_memory = |axes: &mut SmallVec<[usize; 8]>| {
            if !inputs.is_empty() {
                axes.sort_by_key(|&a| std::cmp::Reverse(apart(a)));
            }
        };
        let logical: SmallVec<[usize; 8]> =
            (0..shape.len()).filter(|a| axes.binary_search(a).is_err()).collect();
        let mut kept = logical.clone();
        by_memory(&mut kept);
        let mut folded: SmallVec<[usize; 8]> = axes.into();
        if free {
            by_memory(&mut folded);
        }
        // kept axes that are within all folded ones
        let nearest = folded.iter().filter(|&&a| shape[a] > 1).map(|&a| apart(a)).min();
        let within = |&&a: &&usize| match nearest {
            None => false,
            Some(nearest) if inputs.is_empty() => nearest == 0 && folded.iter().all(|&f| f < a),
            Some(nearest) => apart(a) < nearest,
        };
        let inner = kept.iter().rev().take_while(|a| shape[**a] == 1 || within(a)).count();
        let (out, inn) = kept.split_at(kept.len() - inner);
        let places = kept.iter().map(|a| logical.binary_search(a).unwrap_or(0)).collect();
        Plan {
            order: out.iter().chain(&folded).chain(inn).copied().collect(),
            outer: count(out, shape),
            folded: count(&folded, shape),
            inner: count(inn, shape),
            kept: kept.iter().map(|&a| shape[a]).collect(),
            places,
        }
    }

    /// How many results there are.
    fn results(&self) -> usize {
        self.outer.saturating_mul(self.inner)
    }

    /// The results in the logical order of the kept axes.
    fn in_order(&self, buffer: Buffer, dtype: DType) -> Result<Buffer> {
        if self.places.is_sorted() || self.results() <= 1 {
            return Ok(buffer);
        }
        let mut axes: SmallVec<[usize; 8]> = SmallVec::from_elem(0, self.places.len());
        for (walked, &place) in self.places.iter().enumerate() {
            axes[place] = walked;
        }
        let layout = Layout::contiguous(&self.kept)?.permute(&axes);
        let source = View { buffer: &buffer, dtype, layout: &layout };
        let target = Layout::contiguous(layout.shape())?;
        copy::assemble(&[Part { source, target }], dtype, self.results())
    }
}

/// The number of elements of these axes; 0 if it is too large to count, which the evaluator reports.
fn count(axes: &[usize], shape: &[usize]) -> usize {
    let dims: Dims = axes.iter().map(|&a| shape[a]).collect();
    arrayspace_core::element_count(&dims).unwrap_or(0)
}

/// The fold for an operation and a dtype.
fn by_dtype(op: FoldOp, dtype: DType, values: Values<'_, '_>) -> Result<Buffer> {
    macro_rules! ring {
        ($how:ty) => {
            with_numeric!(
                dtype, u8,
                (T, W) => run::<T, Simple<W, $how>>(dtype, values),
                Err(check::unknown("cpu", op.name()))
            )
        };
    }
    macro_rules! extreme {
        ($how:ty) => {
            if dtype == DType::Bool {
                run::<u8, Logical<$how>>(dtype, values)
            } else {
                with_ordered!(
                    dtype,
                    (T, W) => run::<T, Simple<W, $how>>(dtype, values),
                    Err(check::unknown("cpu", op.name()))
                )
            }
        };
    }
    match op {
        FoldOp::Sum => ring!(Plus),
        FoldOp::Product => ring!(Times),
        FoldOp::Maximum | FoldOp::Any => extreme!(Largest),
        FoldOp::Minimum | FoldOp::All => extreme!(Smallest),
        FoldOp::SquaredDeviations => match dtype {
            DType::Float16 => run::<half::f16, Deviations<f32>>(dtype, values),
            DType::BFloat16 => run::<half::bf16, Deviations<f32>>(dtype, values),
            DType::Float32 => run::<f32, Deviations<f32>>(dtype, values),
            DType::Float64 => run::<f64, Deviations<f64>>(dtype, values),
            _ => Err(check::unknown("cpu", op.name())),
        },
        _ => Err(check::unknown("cpu", op.name())),
    }
}

/// Folds parts of `n` values each.
///
/// # Safety
/// None beyond those of [`dispatch!`].
#[inline(always)]
unsafe fn blocks_body<F: Fold>(x: &[F::In], n: usize, out: &mut [F::State]) {
    for (x, out) in x.chunks_exact(n).zip(out) {
        *out = F::block(x);
    }
}

dispatch! {
    fn blocks<F>[F: Fold,](x: &[F::In], n: usize, out: &mut [F::State]) = blocks_body;
}

/// Values of the program, numbered as they are walked.
struct Source<'e, 'a, T, W> {
    /// All of them, if they are in memory.
    whole: Option<&'a [T]>,
    reader: Reader<'e, 'a>,
    /// A block for values that are converted.
    block: Vec<W>,
    /// Pieces of rows that must be kept while others are read.
    pieces: Vec<W>,
    /// The first value, and the values between two rows, of the columns that are folded.
    first: usize,
    row: usize,
    width: usize,
}

impl<'e, 'a, T: Load<W>, W: Copy + Default> Source<'e, 'a, T, W> {
    fn new(values: &'e Evaluator<'a>) -> Self {
        let whole = values.whole().map(elements::of_bytes);
        Source {
            whole,
            reader: values.reader(),
            block: Vec::new(),
            pieces: Vec::new(),
            first: 0,
            row: 0,
            width: 0,
        }
    }

    /// Whether values are read where they lie.
    fn is_direct(&self) -> bool {
        self.whole.and_then(T::same).is_some()
    }

    /// At most [`BLOCK`] values, or any number where they lie.
    fn read(&mut self, start: usize, len: usize) -> &[W] {
        let values = match self.whole {
            Some(whole) => &whole[start..start + len],
            None => elements::of_bytes::<T>(self.reader.values(start, len)),
        };
        if let Some(values) = T::same(values) {
            return values;
        }
        self.block.resize(len.max(self.block.len()), W::default());
        T::load(values, &mut self.block)
    }
}

impl<T: Load<W>, W: Copy + Default> Rows<W> for Source<'_, '_, T, W> {
    fn adjoining(&self) -> bool {
        self.row == self.width
    }

    fn pieces(&mut self, row: usize, counts: &[usize]) -> [&[W]; STEPS] {
        let mut pieces: [&[W]; STEPS] = [&[]; STEPS];
        let (first, apart, width) = (self.first + row * self.row, LANES * self.row, self.width);
        if let Some(whole) = self.whole.and_then(T::same) {
            for (s, (piece, count)) in pieces.iter_mut().zip(counts).enumerate() {
                let start = first + s * apart;
                *piece = &whole[start..start + count * width];
            }
            return pieces;
        }
        let mut kept = std::mem::take(&mut self.pieces);
        kept.resize(counts.iter().sum::<usize>() * width, W::default());
        let mut rest = kept.as_mut_slice();
        for (s, count) in counts.iter().enumerate() {
            let (to, later) = rest.split_at_mut(count * width);
            to.copy_from_slice(self.read(first + s * apart, count * width));
            rest = later;
        }
        self.pieces = kept;
        let mut rest = self.pieces.as_slice();
        for (piece, count) in pieces.iter_mut().zip(counts) {
            (*piece, rest) = rest.split_at(count * width);
        }
        pieces
    }
}

/// Runs a fold; the results are in the order in which they are walked.
fn run<T: Load<F::In>, F: Columns>(dtype: DType, values: Values<'_, '_>) -> Result<Buffer> {
    let (values, plan) = match values {
        Values::Line(view) => return run_line::<T, F>(view),
        Values::Walked(values, plan) => (values, plan),
    };
    let results = plan.results();
    if results == 0 {
        return Buffer::initialised(dtype, 0);
    }
    // SAFETY: all results are written, by one of the two.
    unsafe {
        elements::output::<T>(dtype, results, |out| {
            if plan.inner == 1 {
                runs::<T, F>(values, plan.folded, out)
            } else {
                rows::<T, F>(values, plan, out)
            }
        })
    }
}

/// One result from at most [`BLOCK`] elements that lie in order.
fn run_line<T: Load<F::In>, F: Columns>(view: View<'_, Cpu>) -> Result<Buffer> {
    let (memory, first) = Elements::<T>::span(view)?;
    let x = &memory[first..];
    let mut block = Vec::new();
    let x = match T::same(x) {
        Some(x) => x,
        None => {
            block.resize(x.len(), F::In::default());
            T::load(x, &mut block)
        }
    };
    let mut state = [F::State::default()];
    // SAFETY: the processor has the level.
    unsafe { blocks::<F>(Level::best())(x, x.len(), &mut state) };
    // SAFETY: the result is written.
    unsafe {
        elements::output::<T>(view.dtype, 1, |out| {
            out[0].write(T::store(F::finish(state[0])));
            Ok(())
        })
    }
}

/// Blocks of which the kernel is called for at once.
const TOGETHER: usize = 8;

/// Each result from `n` consecutive values.
fn runs<T: Load<F::In>, F: Columns>(
    values: &Evaluator<'_>,
    n: usize,
    out: &mut [MaybeUninit<T>],
) -> Result<()> {
    let kernel = blocks::<F>(Level::best());
    let nanos = f64::from(values.cost()) + NANOS;
    let results = out.len();
    let out = Disjoint::new(out);
    if n <= BLOCK {
        // as many results at a time as make a block
        let together = (BLOCK / n).min(results);
        return for_tasks(
            results.div_ceil(together),
            nanos * (n * together) as f64,
            || Ok((Source::<T, F::In>::new(values), vec![F::State::default(); together])),
            |(source, states), task| {
                let first = task * together;
                let count = together.min(results - first);
                let states = &mut states[..count];
                // SAFETY: the processor has the level.
                unsafe { kernel(source.read(first * n, count * n), n, states) };
                // SAFETY: these results are this task's.
                let out = unsafe { out.part(first..first + count) };
                for (out, &state) in out.iter_mut().zip(&*states) {
                    out.write(T::store(F::finish(state)));
                }
                Ok(())
            },
        );
    }
    let parts = n.div_ceil(RUN);
    let tasks = results.checked_mul(parts).ok_or_else(|| Error::out_of_memory(None))?;
    let mut states = elements::scratch::<F::State>(tasks)?;
    let shared = Disjoint::new(&mut states);
    for_tasks(
        tasks,
        nanos * n.min(RUN) as f64,
        || Ok(Source::<T, F::In>::new(values)),
        |source, task| {
            let (result, part) = (task / parts, task % parts);
            let (start, end) = (part * RUN, n.min((part + 1) * RUN));
            let mut tree = Tree::new();
            let mut at = start;
            while at < end {
                let left = end - at;
                let (count, len) = match left / BLOCK {
                    0 => (1, left),
                    // values that are read where they lie come as many at a time
                    blocks if source.is_direct() => (blocks.min(TOGETHER), BLOCK),
                    _ => (1, BLOCK),
                };
                let mut states = [F::State::default(); TOGETHER];
                let states = &mut states[..count];
                // SAFETY: the processor has the level.
                unsafe { kernel(source.read(result * n + at, count * len), len, states) };
                states.iter().for_each(|&state| tree.push::<F::Join>(state));
                if states.iter().any(|&state| F::settled(state)) {
                    break;
                }
                at += count * len;
            }
            // SAFETY: this state is this task's.
            let state = unsafe { shared.part(task..task + 1) };
            state[0] = tree.finish::<F::Join>().unwrap_or_default();
            Ok(())
        },
    )?;
    // SAFETY: the tasks are done, and nobody else has the results.
    let out = unsafe { out.part(0..results) };
    for (out, states) in out.iter_mut().zip(states.chunks_exact_mut(parts)) {
        let state = lanes::neighbours::<F::State, F::Join>(states);
        out.write(T::store(F::finish(state)));
    }
    Ok(())
}

/// Each result from values that are `plan.inner` apart.
fn rows<T: Load<F::In>, F: Columns>(
    values: &Evaluator<'_>,
    plan: &Plan,
    out: &mut [MaybeUninit<T>],
) -> Result<()> {
    let (n, inner) = (plan.folded, plan.inner);
    let nanos = f64::from(values.cost()) + NANOS;
    let results = out.len();
    // strips of about one width, narrower ones if there would be few tasks, and a power of two of blocks of
    // rows that make a task worth its while
    let others = plan.outer.saturating_mul(n.div_ceil(BLOCK));
    let threads = crate::threads();
    let of_pages = inner.saturating_mul(size_of::<T>()).div_ceil(PAGE);
    let most = inner.div_ceil(columns::NARROW).min(of_pages.max(threads));
    let wanted = (4 * threads).div_ceil(others).min(most);
    let width = inner.div_ceil(inner.div_ceil(F::WIDTH).max(wanted));
    let width = if inner > width { width.next_multiple_of(16) } else { width };
    let strips = inner.div_ceil(width);
    let rows = (ROWS / width).next_power_of_two().max(BLOCK);
    let parts = n.div_ceil(rows);
    let tasks = plan.outer * strips * parts;
    let mut states = elements::scratch::<F::State>(if parts > 1 { parts * results } else { 0 })?;
    let shared = Disjoint::new(&mut states);
    let out = Disjoint::new(out);
    for_tasks(
        tasks,
        nanos * (n.min(rows) * width) as f64,
        || Ok((Source::<T, F::In>::new(values), F::memory())),
        |(source, memory), task| {
            let (place, part) = (task / parts, task % parts);
            let (outer, strip) = (place / strips, place % strips);
            let (column, start) = (strip * width, part * rows);
            let width = width.min(inner - column);
            source.first = (outer * n + start) * inner + column;
            (source.row, source.width) = (inner, width);
            let done = F::columns(memory, source, rows.min(n - start), width);
            let first = outer * inner + column;
            if parts == 1 {
                // SAFETY: these results are this task's.
                let out = unsafe { out.part(first..first + width) };
                for (out, &state) in out.iter_mut().zip(done) {
                    out.write(T::store(F::finish(state)));
                }
            } else {
                // SAFETY: these states are this task's.
                let states =
                    unsafe { shared.part(part * results + first..part * results + first + width) };
                states.copy_from_slice(done);
            }
            Ok(())
        },
    )?;
    if parts == 1 {
        return Ok(());
    }
    // SAFETY: the tasks are done, and nobody else has the results.
    let out = unsafe { out.part(0..results) };
    let mut column = elements::scratch::<F::State>(parts)?;
    for (k, out) in out.iter_mut().enumerate() {
        for (state, row) in column.iter_mut().zip(states.chunks_exact(results)) {
            *state = row[k];
        }
        out.write(T::store(F::finish(lanes::neighbours::<F::State, F::Join>(&mut column))));
    }
    Ok(())
}
