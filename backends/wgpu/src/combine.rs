//! Scatter with an operation: elements of the target are combined with those written to them.
//!
//! Positions are sorted, stably, so that the elements for one position lie together in their order.
//! One invocation combines the elements for a position one after another. So the result does not
//! depend on the order in which invocations run.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, IndexTerm, Layout, Result, View};
use smallvec::smallvec;

use crate::Wgpu;
use crate::gather::{Positions, apart, locate};
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::order::sorted;
use crate::parameters::parameters;
use crate::reg::Reg;
use crate::source::GROUP;
use crate::values::{binary, checked};
use crate::walk::{Operand, Walk};

/// The most elements that one command combines. A single invocation may have to combine them all, and
/// Mesa's software driver ends the loops of an invocation silently after 65535 iterations.
const SLICE: usize = 1 << 15;

parameters! {
    struct Slice {
        /// The first of the sorted elements, and their number.
        first: usize,
        len: usize,
    }
}

/// Combines the elements of `target` at the positions that indices give with those of `source`.
pub(crate) fn scatter(
    op: BinaryOp,
    target: &Buffer,
    layout: &Layout,
    terms: &[IndexTerm<'_, Wgpu>],
    source: View<'_, Wgpu>,
) -> Result<()> {
    let gpu = &Arc::clone(target.gpu());
    let source = checked(source)?;
    let positions = Positions::new(target, source.dtype, layout, terms, &[])?;
    let count = positions.count;
    if count == 0 {
        return Ok(());
    }
    let mut copy = None;
    let source = apart(source, target, &mut copy)?;
    let found = find(gpu, &positions)?;
    let line = Layout::contiguous(&[count])?;
    let view = View { buffer: &found, dtype: DType::UInt32, layout: &line };
    let (order, _) = sorted(gpu, view, 0, false)?;
    for first in (0..count).step_by(SLICE) {
        let slice = Slice { first, len: SLICE.min(count - first) };
        combine(gpu, op, target, [&found, &order], source, slice)?;
    }
    Ok(())
}

/// The position of each element. Waits for whether all indices are in bounds.
fn find(gpu: &Arc<Gpu>, positions: &Positions<'_>) -> Result<Buffer> {
    let out = gpu.allocate(DType::UInt32, positions.count)?;
    locate(gpu, Kernel::ScatterPositions, positions, 0, &out, |text| {
        text.words("out", &out);
        text.add("fn found(i: u32, at: u32) { out_set(i, at); }");
    })?;
    Ok(out)
}

/// Combines a slice of the elements in the order of their positions.
fn combine(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    target: &Buffer,
    [found, order]: [&Buffer; 2],
    source: View<'_, Wgpu>,
    slice: Slice,
) -> Result<()> {
    let dtype = source.dtype;
    let reg = Reg::of(dtype, gpu);
    let walk = Walk::new(source.layout.shape(), None, [Operand::of(source.layout)]);
    let mut key: Key = Kernel::ScatterCombine.into();
    key.extend([op as u32, dtype as u32]);
    walk.key(&mut key);
    let buffers = smallvec![target, found, order, source.buffer];
    let groups = slice.len.div_ceil(GROUP);
    Launch { key, buffers, parameters: &[&slice, &walk], groups }.run(gpu, |mut text| {
        text.updated("out", dtype, target);
        text.words("found", found);
        text.words("order", order);
        text.elements("in", dtype, source.buffer);
        text.add(&walk.function());
        text.add(&format!(
            "fn combined(v0: {0}, v1: {0}) -> {0} {{ return {1}; }}",
            reg.wgsl(),
            binary(op, dtype, dtype, reg, [0, 1])
        ));
        text.template(include_str!("scatter_combine.wgsl"), &[]);
        text.main("scatter_combine(id);")
    })
}
