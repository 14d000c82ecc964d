//! Fourier transforms along one axis.
//!
//! A transform works on lines: all elements along the axis at one place of the others. `plan` says how
//! lines of a length are done, `pass` does it, `lines.wgsl` is what happens in a workgroup. The first pass
//! reads the operand where it lies, cut or continued with zeros; the last one writes the result.
//!
//! Real lines are complex ones for the device: transforms of half the length, and what makes one of the
//! wanted length of them, would read and write as much memory.

mod pass;
mod plan;

use std::sync::Arc;

use arrayspace_core::{FourierOp, Layout, Result, View, check};
use smallvec::SmallVec;

use self::pass::{Array, Load, Store, Target, transform};
pub(crate) use self::plan::Plans;
use crate::Wgpu;
use crate::gpu::{Buffer, Gpu};
use crate::reg::Reg;
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// Numbers between two passes that are there at a time, unless a single line has more.
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
    let alone = plan.factors.len() == 1 && plan.chirp.is_none();
    let chunk = if alone { lines } else { (CHUNK / plan.len).clamp(1, lines) };
    for first in (0..lines).step_by(chunk) {
        let lines_read = Array {
            buffer: source.buffer,
            dtype: source.dtype,
            lines: Walk::general(&shape, [Operand::of(&starts)]),
            stride,
            used: layout.shape()[axis].min(reads),
            total: n,
            half: op == FourierOp::RealInverse,
            exchanged: inverse,
            across: closest.is_some_and(|closest| closest < stride.unsigned_abs()),
            first,
        };
        let load = Load::Array(&lines_read);
        let store = Store::Result(Target {
            buffer: &out,
            dtype,
            stride: layout.shape()[axis + 1..].iter().product(),
            gives,
            scale,
            exchanged: inverse,
            real: [forward_real, forward_real && n.is_multiple_of(2)],
            convolved: plan.chirp.is_some(),
            first,
        });
        let count = chunk.min(lines - first);
        let Some(chirp) = &plan.chirp else {
            transform(gpu, &plan, &load, &store, count)?;
            continue;
        };
        // the product of the transforms, and back
        let product = gpu.allocate(reg.dtype(), size_of(&[count, plan.len])?)?;
        transform(gpu, &plan, &load, &Store::Filtered(&product, &chirp.filter), count)?;
        let load = Load::Work { buffer: &product, exchanged: true };
        transform(gpu, &plan, &load, &store, count)?;
    }
    Ok(out)
}
