//! Reductions. The invocations of a workgroup each combine some values, then combine theirs in a
//! tree. The partial results of several workgroups are reduced again, until one is left.
//!
//! The order depends on the shape alone, so a reduction gives the same bits every time. Values of
//! less than 32 bits are combined in 32, which rounds half precision once.

use std::sync::Arc;

use arrayspace_core::{
    BinaryOp, DType, Error, FoldOp, Layout, Program, Result, UnaryOp, View, check,
};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::map;
use crate::parameters::parameters;
use crate::reg::{Reg, per_word};
use crate::source::GROUP;
use crate::values::{Values, size_of};

/// Values that one workgroup combines.
const GROUP_VALUES: usize = GROUP * 16;
/// Values that one invocation combines, where the values of different results are neighbours.
const RUN_VALUES: usize = 256;
/// The most values of a result that one invocation combines in any case.
const SHORT: usize = 32;

/// The type in which values of a type are combined: bools are the words 0 and 1.
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

/// Reduces the values of a program over axes of `shape`.
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
    let values = Values::new(gpu, program, inputs, shape, Some(&order))?;
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

/// The results of a reduction over no values.
fn of_nothing(gpu: &Arc<Gpu>, op: FoldOp, dtype: DType, results: usize) -> Result<Buffer> {
    if results == 0 {
        return gpu.allocate(dtype, 0);
    }
    let mut p = Program::new();
    p.constant(op.identity()?, dtype)?;
    map::map(gpu, &p, &mut [], &[results])
}

/// Reduces `each` values to each of `results` cells of the accumulator's type.
pub(crate) fn folded(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: Values<'_>,
    results: usize,
    each: usize,
    side_by_side: bool,
) -> Result<Buffer> {
    let reg = accumulator(values.reg());
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
            let values = Values::new(gpu, &again, &[view], &[results, left], None)?;
            pass(gpu, op, &values, results, left, false)?
        };
        (cells, left) = next;
    }
    Ok(cells)
}

/// Reduces the values of each result to fewer: the cells with these, and their number for each
/// result.
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

/// The part of the values of a result that is combined at once, with its number of values.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// By one invocation, in order.
    Run(usize),
    /// By a workgroup, in a tree.
    Group(usize),
}

parameters! {
    /// The parameters of [`parts`].
    struct Fold {
        results: usize,
        /// Values of each result.
        each: usize,
        /// Parts of each result.
        parts: usize,
    }
}

/// Reduces each part of the values of each result: a cell for each part, result by result, and the
/// number of parts of a result.
pub(crate) fn parts(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: &Values<'_>,
    results: usize,
    each: usize,
    part: Part,
) -> Result<(Buffer, usize)> {
    let reg = accumulator(values.reg());
    let (runs, part) = match part {
        Part::Run(part) => (true, part),
        Part::Group(part) => (false, part),
    };
    let parts = each.div_ceil(part);
    let out = gpu.allocate(reg.dtype(), size_of(&[results, parts])?)?;
    let mut key: Key = if runs { Kernel::FoldRuns } else { Kernel::FoldGroups }.into();
    key.extend([op as u32, part as u32]);
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out];
    buffers.extend(values.buffers());
    let launch = Launch {
        key,
        buffers,
        parameters: &[&Fold { results, each, parts }, values],
        groups: if runs { (results * parts).div_ceil(GROUP) } else { results * parts },
    };
    launch.run(gpu, |mut text| {
        let cell = reg.wgsl();
        text.values("out", reg, &out);
        values.source(&mut text);
        let value = if values.reg() == Reg::Bool { "select(0u, 1u, value(i))" } else { "value(i)" };
        text.add(&format!("fn load(i: u32) -> {cell} {{ return {value}; }}"));
        text.add(&format!("const PART: u32 = {part}u;"));
        let combine = format!("{}_{}", op.name(), reg.suffix());
        let words = [("Cell", cell), ("combine", &*combine)];
        if runs {
            text.template(include_str!("fold_runs.wgsl"), &words);
            text.main("fold_runs(id);")
        } else {
            text.template(include_str!("fold_groups.wgsl"), &words);
            text.main("fold_groups(group, lane);")
        }
    })?;
    Ok((out, parts))
}

/// A buffer of a dtype, from cells with one value each.
pub(crate) fn packed(gpu: &Arc<Gpu>, cells: Buffer, dtype: DType, count: usize) -> Result<Buffer> {
    if per_word(dtype) == 1 {
        return Ok(cells);
    }
    let layout = Layout::contiguous(&[count])?;
    unpermuted(gpu, &cells, dtype, &layout)
}

/// A buffer of a dtype in row-major order, from cells with one value each at the positions of a
/// layout.
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
    let values = Values::new(gpu, &p, &[view], layout.shape(), None)?;
    let out = gpu.allocate(dtype, values.count)?;
    map::store(gpu, &values, &out)?;
    Ok(out)
}

/// The sum of squared deviations from the mean: a reduction for the mean, and another for the sum.
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
    let (mut p, value) = (program.clone(), program.result()?);
    p.cast(value, wide)?;
    let sums = fold(gpu, FoldOp::Sum, &p, inputs, shape, axes)?;
    // stride 0 along the axes that the sums lack
    let kept: Vec<usize> =
        (0..shape.len()).filter(|a| !axes.contains(a)).map(|a| shape[a]).collect();
    let mut layout = Layout::contiguous(&kept)?;
    for &axis in axes {
        layout = layout.insert_axis(axis);
    }
    let layout = layout.broadcast_to(shape).ok_or_else(|| Error::out_of_memory(None))?;
    let (mut p, value) = (program.clone(), program.result()?);
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
