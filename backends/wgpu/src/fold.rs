//! Reductions: values are combined in the invocations of a workgroup, then in a tree among them; what the
//! workgroups of one result give is folded again, until there is one.
//!
//! The order depends on the shape alone, so results are the same every time. Values of less than 32 bits
//! are combined in 32, which rounds half precision once.

use std::sync::Arc;

use arrayspace_core::{
    BinaryOp, DType, Error, FoldOp, Layout, Program, Result, Slot, StepOp, UnaryOp, View, check,
};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::map;
use crate::reg::{Reg, lanes};
use crate::source::{GROUP, Source};
use crate::values::{Values, size_of};

/// Values that one workgroup combines.
const GROUP_VALUES: usize = GROUP * 16;
/// Values that one invocation combines on its own, where results lie side by side.
const RUN_VALUES: usize = 256;
/// Up to so many values of a result are combined by one invocation in any case.
const SHORT: usize = 32;

/// The type in which values of a type are combined: bools are words, 0 and 1.
fn accumulator(reg: Reg) -> Reg {
    if reg == Reg::Bool { Reg::U32 } else { reg }
}

/// The operation that combines two values.
fn combination(op: FoldOp) -> Result<BinaryOp> {
    Ok(match op {
        FoldOp::Sum => BinaryOp::Add,
        FoldOp::Product => BinaryOp::Multiply,
        FoldOp::Maximum | FoldOp::Any => BinaryOp::Maximum,
        FoldOp::Minimum | FoldOp::All => BinaryOp::Minimum,
        _ => return Err(check::unknown("wgpu", op.name())),
    })
}

/// Combines the values of a program over axes of `shape`.
pub(crate) fn fold(
    gpu: &Arc<Gpu>,
    op: FoldOp,
    program: &Program,
    inputs: &[View<'_, Wgpu>],
    shape: &[usize],
    axes: &[usize],
) -> Result<Buffer> {
    let dtype = program.output();
    if op == FoldOp::SquaredDeviations {
        return squared_deviations(gpu, program, inputs, shape, axes);
    }
    let kept = (0..shape.len()).filter(|a| !axes.contains(a));
    let order: SmallVec<[usize; 6]> = kept.clone().chain(axes.iter().copied()).collect();
    let values = Values::new(program, inputs, shape, Some(&order))?;
    let results: usize = kept.map(|a| shape[a]).product();
    let each: usize = axes.iter().map(|&a| shape[a]).product();
    if each == 0 {
        return of_nothing(gpu, op, dtype, results);
    }
    let side_by_side = inputs.first().is_some_and(|v| {
        let smallest = |wanted: bool| {
            (0..shape.len())
                .filter(|a| axes.contains(a) == wanted && shape[*a] > 1)
                .map(|a| v.layout.strides()[a].unsigned_abs())
                .filter(|&s| s > 0)
                .min()
        };
        match (smallest(false), smallest(true)) {
            (Some(kept), Some(folded)) => kept < folded,
            _ => false,
        }
    });
    let cells = folded(gpu, combination(op)?, values, results, each, side_by_side)?;
    packed(gpu, cells, dtype, results)
}

/// What values are when they are folded over nothing.
fn of_nothing(gpu: &Arc<Gpu>, op: FoldOp, dtype: DType, results: usize) -> Result<Buffer> {
    if results == 0 {
        return gpu.allocate(dtype, 0);
    }
    let mut p = Program::new();
    p.constant(op.identity()?, dtype)?;
    map::map(gpu, &p, &mut [], &[results])
}

/// Folds `each` values to each of `results` cells of the accumulator's type.
pub(crate) fn folded(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: Values<'_>,
    results: usize,
    each: usize,
    side_by_side: bool,
) -> Result<Buffer> {
    let reg = accumulator(values.reg(gpu));
    if results == 0 {
        return gpu.allocate(reg.dtype(), 0);
    }
    let (mut cells, mut left) = pass(gpu, op, &values, results, each, side_by_side)?;
    let mut again = Program::new();
    again.input(reg.dtype())?;
    while left > 1 {
        let layout = Layout::contiguous(&[results, left])?;
        let view = View { buffer: &cells, dtype: reg.dtype(), layout: &layout };
        let next = {
            let values = Values::new(&again, &[view], &[results, left], None)?;
            pass(gpu, op, &values, results, left, false)?
        };
        (cells, left) = next;
    }
    Ok(cells)
}

/// Folds the values of each result to fewer: their cells, and how many they are for a result.
fn pass(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: &Values<'_>,
    results: usize,
    each: usize,
    side_by_side: bool,
) -> Result<(Buffer, usize)> {
    let part = if each <= SHORT || side_by_side && results >= GROUP {
        Part::Run(RUN_VALUES)
    } else {
        Part::Group(GROUP_VALUES)
    };
    parts(gpu, op, values, results, each, part)
}

/// Who combines a part of a result's values, and how many they are.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// One invocation, one after the other.
    Run(usize),
    /// A workgroup: each invocation some, then a tree among them.
    Group(usize),
}

/// Folds each part of the values of each result: a cell for each, result by result, and how many parts a
/// result has.
pub(crate) fn parts(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: &Values<'_>,
    results: usize,
    each: usize,
    part: Part,
) -> Result<(Buffer, usize)> {
    let reg = accumulator(values.reg(gpu));
    let (runs, part) = match part {
        Part::Run(part) => (true, part),
        Part::Group(part) => (false, part),
    };
    let parts = each.div_ceil(part);
    let out = gpu.allocate(reg.dtype(), size_of(&[results, parts])?)?;
    let mut key: Key = if runs { Kernel::FoldRuns } else { Kernel::FoldGroups }.into();
    key.extend([op as u32, part as u32]);
    values.key(&mut key);
    let mut meta: Meta = smallvec![0, results as u32, each as u32, parts as u32];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out];
    buffers.extend(values.buffers());
    let groups = if runs { (results * parts).div_ceil(GROUP) } else { results * parts };
    gpu.run(Submission { key, buffers, meta, groups }, || {
        let mut text = Source::new(gpu);
        let cell = reg.wgsl();
        text.cells("out", cell, reg.cell_size(), &out);
        values.source(&mut text, 4);
        let value = if values.reg(gpu) == Reg::Bool { "select(0u, 1u, value(i))" } else { "value(i)" };
        text.add(&format!("fn load(i: u32) -> {cell} {{ return {value}; }}"));
        let combine = format!("{}_{}", op.name(), reg.suffix());
        if runs {
            return text.main(&format!(
                "  if (id >= m[1] * m[3]) {{ return; }}\n  \
                 let result = id % m[1];\n  let part = id / m[1];\n  \
                 let first = part * {part}u;\n  let end = min(m[2], first + {part}u);\n  \
                 var sum = load(result * m[2] + first);\n  \
                 for (var k = first + 1u; k < end; k++) {{ sum = {combine}(sum, load(result * m[2] + k)); }}\n  \
                 out_set(result * m[3] + part, sum);\n"
            ));
        }
        text.add(&format!("var<workgroup> sums: array<{cell}, {GROUP}>;"));
        text.main(&format!(
            "  let result = group / m[3];\n  let first = (group % m[3]) * {part}u;\n  \
             let there = group < m[1] * m[3];\n  \
             let end = select(0u, min(m[2], first + {part}u), there);\n  \
             if (first + lane < end) {{\n    \
             var sum = load(result * m[2] + first + lane);\n    \
             for (var k = first + lane + {GROUP}u; k < end; k += {GROUP}u) {{\n      \
             sum = {combine}(sum, load(result * m[2] + k));\n    }}\n    \
             sums[lane] = sum;\n  }}\n  \
             for (var half = {}u; half > 0u; half >>= 1u) {{\n    \
             workgroupBarrier();\n    \
             if (lane < half && first + lane + half < end) {{\n      \
             sums[lane] = {combine}(sums[lane], sums[lane + half]);\n    }}\n  }}\n  \
             if (lane == 0u && there) {{ out_set(group, sums[0]); }}\n",
            GROUP / 2
        ))
    })?;
    Ok((out, parts))
}

/// Cells, each with one value of a dtype, as a buffer of the dtype.
pub(crate) fn packed(gpu: &Arc<Gpu>, cells: Buffer, dtype: DType, count: usize) -> Result<Buffer> {
    if lanes(dtype) == 1 {
        return Ok(cells);
    }
    let layout = Layout::contiguous(&[count])?;
    unpermuted(gpu, &cells, dtype, &layout)
}

/// Cells at the places of a layout, as a buffer of the dtype in row-major order.
pub(crate) fn unpermuted(
    gpu: &Arc<Gpu>,
    cells: &Buffer,
    dtype: DType,
    layout: &Layout,
) -> Result<Buffer> {
    let mut p = Program::new();
    let from = Reg::of(dtype, gpu).dtype();
    let x = p.input(from)?;
    p.cast(x, dtype)?;
    let view = View { buffer: cells, dtype: from, layout };
    let values = Values::new(&p, &[view], layout.shape(), None)?;
    let out = gpu.allocate(dtype, values.count)?;
    map::store(gpu, &values, &out)?;
    Ok(out)
}

/// The sum of squared deviations from the mean: the mean first, then the sum.
fn squared_deviations(
    gpu: &Arc<Gpu>,
    program: &Program,
    inputs: &[View<'_, Wgpu>],
    shape: &[usize],
    axes: &[usize],
) -> Result<Buffer> {
    let dtype = program.output();
    let wide = if dtype.is_half() { DType::Float32 } else { dtype };
    let results = (0..shape.len()).filter(|a| !axes.contains(a)).map(|a| shape[a]).product();
    let each: usize = axes.iter().map(|&a| shape[a]).product();
    if each == 0 {
        return of_nothing(gpu, FoldOp::SquaredDeviations, dtype, results);
    }
    let (mut p, value) = replayed(program)?;
    p.cast(value, wide)?;
    let sums = fold(gpu, FoldOp::Sum, &p, inputs, shape, axes)?;
    // stride 0 where the sums have no axis
    let kept: Vec<usize> =
        (0..shape.len()).filter(|a| !axes.contains(a)).map(|a| shape[a]).collect();
    let mut layout = Layout::contiguous(&kept)?;
    for &axis in axes {
        layout = layout.insert_axis(axis);
    }
    let layout = layout.broadcast_to(shape).ok_or_else(|| Error::out_of_memory(None))?;
    let (mut p, value) = replayed(program)?;
    let value = p.cast(value, wide)?;
    let sum = p.input(wide)?;
    let n = p.constant(each, wide)?;
    let mean = p.binary(BinaryOp::Divide, sum, n)?;
    let deviation = p.binary(BinaryOp::Subtract, value, mean)?;
    p.unary(UnaryOp::Square, deviation)?;
    let mut inputs: SmallVec<[View<'_, Wgpu>; 4]> = inputs.into();
    inputs.push(View { buffer: &sums, dtype: wide, layout: &layout });
    let out = fold(gpu, FoldOp::Sum, &p, &inputs, shape, axes)?;
    if wide == dtype {
        Ok(out)
    } else {
        unpermuted(gpu, &out, dtype, &Layout::contiguous(&[results])?)
    }
}

/// A program with the same steps, to be continued, and its result so far.
pub(crate) fn replayed(program: &Program) -> Result<(Program, Slot)> {
    let mut p = Program::new();
    let mut slots: SmallVec<[Slot; 16]> = SmallVec::new();
    for step in program.steps() {
        let slot = match step.op {
            StepOp::Input(_) => p.input(step.dtype)?,
            StepOp::Constant(k) => p.constant(program.constants()[usize::from(k)], step.dtype)?,
            StepOp::Coordinate(axis) => p.coordinate(axis.into())?,
            StepOp::Unary(op, x) => p.unary(op, slots[x.index()])?,
            StepOp::Binary(op, a, b) => p.binary(op, slots[a.index()], slots[b.index()])?,
            StepOp::Select(c, a, b) => {
                p.select(slots[c.index()], slots[a.index()], slots[b.index()])?
            }
            StepOp::Cast(x) => p.cast(slots[x.index()], step.dtype)?,
            _ => return Err(check::unknown("wgpu", "a step of a program")),
        };
        slots.push(slot);
    }
    let last = slots.last().copied().ok_or_else(|| {
        Error::value(format_args!(
            "a program without steps has no result; give it at least one step"
        ))
    })?;
    Ok((p, last))
}
