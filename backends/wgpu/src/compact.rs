//! The values where a mask is true. The running counts of the mask are the positions of these
//! values.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::packed;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::parameters::parameters;
use crate::reg::Reg;
use crate::scan::scanned;
use crate::source::GROUP;
use crate::values::Values;

/// The values of a program where a mask is true, in row-major order, and their number, which the
/// host waits for.
pub(crate) fn compact(
    gpu: &Arc<Gpu>,
    program: &Program,
    inputs: &[View<'_, Wgpu>],
    mask: View<'_, Wgpu>,
) -> Result<(Buffer, usize)> {
    let shape = mask.layout.shape();
    let values = Values::new(gpu, program, inputs, shape, None)?;
    let mut ones = Program::new();
    let x = ones.input(DType::Bool)?;
    ones.cast(x, DType::UInt32)?;
    let flags = Values::new(gpu, &ones, &[mask], shape, None)?;
    let n = flags.count;
    if n == 0 {
        return Ok((gpu.allocate(program.output(), 0)?, 0));
    }
    let counts = scanned(gpu, BinaryOp::Add, &flags, 1, n, false)?;
    let mut word = [0; 4];
    gpu.download(&counts, (n - 1) * 4, &mut word)?;
    let kept = u32::from_ne_bytes(word) as usize;
    if kept == 0 {
        return Ok((gpu.allocate(program.output(), 0)?, 0));
    }
    let cells = kept_values(gpu, &values, &counts, kept)?;
    Ok((packed(gpu, cells, program.output(), kept)?, kept))
}

parameters! {
    /// The parameters of [`kept_values`].
    struct Compact {
        count: usize,
    }
}

/// The values at which the running counts of the mask increase, in cells of their type.
pub(crate) fn kept_values(
    gpu: &Arc<Gpu>,
    values: &Values<'_>,
    counts: &Buffer,
    kept: usize,
) -> Result<Buffer> {
    let reg = values.reg();
    let cells = gpu.allocate(reg.dtype(), kept)?;
    let mut key: Key = Kernel::Compact.into();
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&cells, counts];
    buffers.extend(values.buffers());
    let launch = Launch {
        key,
        buffers,
        parameters: &[&Compact { count: values.count }, values],
        groups: values.count.div_ceil(GROUP),
    };
    launch.run(gpu, |mut text| {
        text.values("out", reg, &cells);
        text.words("counts", counts);
        values.source(&mut text);
        let value = if reg == Reg::Bool { "select(0u, 1u, value(i))" } else { "value(i)" };
        text.add(&format!("fn cell(i: u32) -> {} {{ return {value}; }}", reg.cell()));
        text.template(include_str!("compact.wgsl"), &[]);
        text.main("compact(id);")
    })?;
    Ok(cells)
}
