//! Fourier transforms along one axis.
//!
//! A line is the elements along the axis at one index of the other axes. `plan` factors the length
//! of the lines, `pass` transforms by one factor, and `lines.wgsl` does so in the memory of a
//! workgroup. The first pass reads the operand where it is, truncated or padded with zeros, and the
//! last one writes the result.
//!
//! Real lines are transformed as complex ones. Transforms of half the length, with a pass that
//! combines their results, would read and write as much memory.

mod pass;
mod plan;

use std::sync::Arc;

use arrayspace_core::{FourierOp, Layout, Result, View, check};
use smallvec::SmallVec;

use self::pass::{Array, ArrayNumbers, Load, Store, Target, TargetValues, transform};
use self::plan::Plan;
pub(crate) use self::plan::Plans;
use crate::Wgpu;
use crate::gpu::{Buffer, Gpu};
use crate::reg::Reg;
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// The most numbers in memory between two passes, unless a single line has more.
const CHUNK: usize = 1 << 24;

/// Transforms every line along `axis`.
pub(crate) fn fourier(
    plans: &Plans,
    gpu: &Arc<Gpu>,
    op: FourierOp,
    source: View<'_, Wgpu>,
    axis: usize,
    n: usize,
    scale: f64,
) -> Result<Buffer> {
    let source = checked(source)?;
    let layout = source.layout;
    let (dtype, mut shape) = check::fourier(op, source.dtype, layout.shape(), axis, n)?;
    let (reads, gives) = op.lengths(n);
    if shape.contains(&0) {
        return gpu.allocate(dtype, 0);
    }
    let out = gpu.allocate(dtype, size_of(&shape)?)?;
    size_of(&[n])?;
    shape.remove(axis);
    let lines: usize = shape.iter().product();
    let mut strides: SmallVec<[isize; 6]> = layout.strides().into();
    let stride = strides.remove(axis);
    let closest = strides.iter().zip(&shape).filter(|&(&s, &len)| s != 0 && len > 1);
    let closest = closest.map(|(s, _)| s.unsigned_abs()).min();
    let starts = Layout::new(&shape, &strides, layout.offset())?;
    let reg = match source.dtype.real_component() {
        arrayspace_core::DType::Float32 => Reg::C64,
        _ => Reg::C128,
    };
    let plan = plans.plan(gpu, reg, n)?;
    // an inverse is a forward transform of numbers with their parts exchanged
    let inverse = matches!(op, FourierOp::Inverse | FourierOp::RealInverse);
    let forward_real = op == FourierOp::RealForward;
    let mut array = Array {
        buffer: source.buffer,
        dtype: source.dtype,
        lines: Walk::general(&shape, [Operand::of(&starts)]),
        across: closest.is_some_and(|closest| closest < stride.unsigned_abs()),
        exchanged: inverse,
        numbers: ArrayNumbers {
            used: layout.shape()[axis].min(reads),
            stride,
            total: n,
            first: 0,
            half: op == FourierOp::RealInverse,
            convolved: plan.chirp.is_some(),
        },
    };
    let mut target = Target {
        buffer: &out,
        dtype,
        scale,
        values: TargetValues {
            gives,
            out_stride: layout.shape()[axis + 1..].iter().product(),
            out_first: 0,
            out_exchanged: inverse,
            out_convolved: plan.chirp.is_some(),
            first_real: forward_real,
            last_real: forward_real && n.is_multiple_of(2),
        },
    };
    let alone = plan.factors.len() == 1 && plan.chirp.is_none();
    let chunk = if alone { lines } else { (CHUNK / plan.len).clamp(1, lines) };
    for first in (0..lines).step_by(chunk) {
        array.numbers.first = first;
        target.values.out_first = first;
        transform_lines(gpu, &plan, &array, &target, chunk.min(lines - first))?;
    }
    Ok(out)
}

/// Transforms some lines of an operand.
fn transform_lines(
    gpu: &Arc<Gpu>,
    plan: &Plan,
    array: &Array<'_>,
    target: &Target<'_>,
    count: usize,
) -> Result<()> {
    let (load, store) = (Load::Array(array), Store::Result(target));
    let Some(chirp) = &plan.chirp else {
        return transform(gpu, plan, &load, &store, count);
    };
    // the product of the transforms, and its inverse transform
    let product = gpu.allocate(plan.reg.dtype(), size_of(&[count, plan.len])?)?;
    transform(gpu, plan, &load, &Store::Filtered(&product, &chirp.filter), count)?;
    let load = Load::Work { buffer: &product, exchanged: true };
    transform(gpu, plan, &load, &store, count)
}
