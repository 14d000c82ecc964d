//! The values where a mask is true: running counts of the mask say where each goes.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::packed;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::scan::scanned;
use crate::source::{GROUP, Source};
use crate::values::Values;

/// The values of a program where a mask is true, in row-major order, and how many they are. The host waits
/// for that number.
pub(crate) fn compact(
    gpu: &Arc<Gpu>,
    program: &Program,
    inputs: &[View<'_, Wgpu>],
    mask: View<'_, Wgpu>,
) -> Result<(Buffer, usize)> {
    let shape = mask.layout.shape();
    let values = Values::new(program, inputs, shape, None)?;
    let mut ones = Program::new();
    let x = ones.input(DType::Bool)?;
    ones.cast(x, DType::UInt32)?;
    let flags = Values::new(&ones, &[mask], shape, None)?;
    let n = flags.count;
    if n == 0 {
        return Ok((gpu.allocate(program.output(), 0)?, 0));
    }
    let places = scanned(gpu, BinaryOp::Add, &flags, 1, n, false)?;
    let mut word = [0; 4];
    gpu.download(&places, (n - 1) * 4, &mut word)?;
    let kept = u32::from_ne_bytes(word) as usize;
    let reg = values.reg(gpu);
    let cells = gpu.allocate(reg.dtype(), kept)?;
    if kept == 0 {
        return Ok((gpu.allocate(program.output(), 0)?, 0));
    }
    let mut key: Key = Kernel::Compact.into();
    values.key(&mut key);
    let mut meta: Meta = smallvec![0, n as u32];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&cells, &places];
    buffers.extend(values.buffers());
    gpu.run(Submission { key, buffers, meta, groups: n.div_ceil(GROUP) }, || {
        let mut text = Source::new(gpu);
        text.cells("out", reg.cell(), reg.cell_size(), &cells);
        text.cells("place", "u32", 4, &places);
        values.source(&mut text, 2);
        let value = if reg.cell() == reg.wgsl() { "value(i)" } else { "select(0u, 1u, value(i))" };
        // an element is kept where the count goes up
        text.main(&format!(
            "  let i = id;\n  if (i >= m[1]) {{ return; }}\n  let count = place_get(i);\n  \
             var before = 0u;\n  if (i > 0u) {{ before = place_get(i - 1u); }}\n  \
             if (count != before) {{ out_set(before, {value}); }}\n"
        ))
    })?;
    Ok((packed(gpu, cells, program.output(), kept)?, kept))
}
