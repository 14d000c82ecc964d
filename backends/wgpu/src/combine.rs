//! Scatter with an operation: elements of the target are combined with those written to them.
//!
//! Positions are sorted, stably, so that the elements of one position lie together in their order. One
//! invocation combines the elements of a position one after another: the result does not depend on the
//! order in which invocations run.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, IndexTerm, Layout, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::copy::store_lane;
use crate::gather::{Places, target_copy};
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::order::sorted;
use crate::reg::{Reg, decoded, encoded, lanes};
use crate::source::{GROUP, Source};
use crate::values::binary;
use crate::walk::{Operand, Walk};

/// Elements that one command combines. A single invocation may have to combine them all, and Mesa's
/// software driver ends its loops, without a word, after 65535 turns.
const SLICE: usize = 1 << 15;

/// Combines elements of `target` at computed positions with those of `source`.
pub(crate) fn scatter(
    op: BinaryOp,
    target: &Buffer,
    layout: &Layout,
    terms: &[IndexTerm<'_, Wgpu>],
    source: View<'_, Wgpu>,
) -> Result<()> {
    let gpu = &Arc::clone(target.gpu());
    let places = Places::new(target, source.dtype, layout, terms, &[])?;
    let count = places.count;
    if count == 0 {
        return Ok(());
    }
    let apart;
    let source = if source.buffer.is_same(target) {
        apart = target_copy(gpu, source.buffer)?;
        View { buffer: &apart, ..source }
    } else {
        source
    };
    let positions = gpu.allocate(DType::UInt32, count)?;
    let flag = gpu.allocate(DType::UInt32, 1)?;
    gpu.clear(&flag);
    let mut key: Key = Kernel::ScatterPositions.into();
    places.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&positions, &flag];
    buffers.extend(terms.iter().map(|term| term.indices.buffer));
    let groups = count.div_ceil(GROUP);
    gpu.run(Submission { key, buffers, meta: places.meta(), groups }, || {
        let mut text = Source::new(gpu);
        text.cells("out", "u32", 4, &positions);
        text.atomics("flag", &flag);
        places.declare(&mut text);
        let body = places.text(gpu, 0);
        text.main(&format!(
            "  let i = id;\n  if (i >= m[1]) {{ return; }}\n{body}  \
             if (fine) {{ out_set(i, at); }} else {{ flag_max(0u, m[1] - i); }}\n"
        ))
    })?;
    places.verdict(gpu, &flag)?;
    let line = Layout::contiguous(&[count])?;
    let view = View { buffer: &positions, dtype: DType::UInt32, layout: &line };
    let (order, _) = sorted(gpu, view, 0, false)?;
    for first in (0..count).step_by(SLICE) {
        let slice = [first, SLICE.min(count - first)];
        combine(gpu, op, target, [&positions, &order], source, slice)?;
    }
    Ok(())
}

/// Combines the elements number `first` to `first + len` in the order of their positions.
fn combine(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    target: &Buffer,
    [positions, order]: [&Buffer; 2],
    source: View<'_, Wgpu>,
    [first, len]: [usize; 2],
) -> Result<()> {
    let dtype = source.dtype;
    let reg = Reg::of(dtype, gpu);
    let walk = Walk::new(source.layout.shape(), None, [Operand::of(source.layout)]);
    let mut key: Key = Kernel::ScatterCombine.into();
    key.extend([op as u32, dtype as u32]);
    walk.key(&mut key);
    let mut meta: Meta = smallvec![0, first as u32, len as u32];
    walk.meta(&mut meta);
    let buffers = smallvec![target, positions, order, source.buffer];
    gpu.run(Submission { key, buffers, meta, groups: len.div_ceil(GROUP) }, || {
        let mut text = Source::new(gpu);
        // the element at a position, and how it is stored: of a word that others write as well, or alone
        let (own, store) = if lanes(dtype) == 1 {
            text.cells("out", reg.wgsl(), reg.cell_size(), target);
            ("out_get(at)".to_owned(), "  out_set(at, v0);\n".to_owned())
        } else {
            text.atomics("out", target);
            let (shift, mask, bits, all) =
                if lanes(dtype) == 4 { (2, 3, 8, 0xff) } else { (1, 1, 16, 0xffff) };
            let own =
                format!("((out_load(at >> {shift}u) >> ((at & {mask}u) * {bits}u)) & {all:#x}u)");
            (decoded(dtype, &own), store_lane(dtype, "at", &encoded(dtype, "v0")))
        };
        text.cells("position", "u32", 4, positions);
        text.cells("order", "u32", 4, order);
        text.elements("in", dtype, source.buffer);
        let cell = reg.wgsl();
        text.add(&format!(
            "fn element(i: u32) -> {cell} {{\n{}  return in_at(p0);\n}}",
            walk.text(3)
        ));
        let combined = binary(op, dtype, dtype, reg, [0, 1]);
        text.main(&format!(
            "  if (id >= m[2]) {{ return; }}\n  let end = m[1] + m[2];\n  var k = m[1] + id;\n  \
             let at = position_get(order_get(k));\n  \
             if (id > 0u && position_get(order_get(k - 1u)) == at) {{ return; }}\n  \
             var v0 = {own};\n  \
             for (; k < end; k++) {{\n    let i = order_get(k);\n    \
             if (position_get(i) != at) {{ break; }}\n    \
             let v1 = element(i);\n    v0 = {combined};\n  }}\n{store}"
        ))
    })
}
