//! Elementwise programs: one invocation computes a word of the result, or several words that lie a
//! workgroup's width apart.

use std::sync::Arc;

use arrayspace_core::{Access, DType, Input, Program, Result, View};
use smallvec::SmallVec;

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::reg::{encoded, lanes};
use crate::source::{GROUP, Source};
use crate::values::Values;

/// Words of the result that one invocation computes.
const WORDS: usize = 4;

/// Runs a program for each element of `shape`.
pub(crate) fn map(
    gpu: &Arc<Gpu>,
    program: &Program,
    inputs: &mut [Input<'_, Wgpu>],
    shape: &[usize],
) -> Result<Buffer> {
    let reused = inputs.iter_mut().find_map(|input| reused(input, program.output()));
    let views: SmallVec<[View<'_, Wgpu>; 4]> = inputs.iter().map(Input::view).collect();
    let values = Values::new(program, &views, shape, None)?;
    let len = values.count;
    let out = match reused {
        Some(buffer) if buffer.len_bytes() == len * program.output().item_size() => buffer,
        _ => gpu.allocate(program.output(), len)?,
    };
    store(gpu, &values, &out)?;
    Ok(out)
}

/// A handle to the memory of a dying operand that nobody else has one to, if its elements lie where those of
/// a result of this dtype will.
fn reused(input: &mut Input<'_, Wgpu>, dtype: DType) -> Option<Buffer> {
    let Access::Dying(buffer) = &mut input.buffer else { return None };
    let fits = input.dtype.item_size() == dtype.item_size()
        && input.layout.offset() == 0
        && input.layout.is_contiguous();
    (fits && buffer.is_exclusive()).then(|| buffer.clone())
}

/// Writes the values into a buffer, in order.
pub(crate) fn store(gpu: &Arc<Gpu>, values: &Values<'_>, out: &Buffer) -> Result<()> {
    let dtype = values.dtype();
    let lanes = lanes(dtype);
    let words = values.count.div_ceil(lanes);
    let per_group = if lanes == 1 { GROUP * WORDS } else { GROUP };
    let mut key: Key = Kernel::Map.into();
    values.key(&mut key);
    let mut meta: Meta = [0, values.count as u32].into_iter().collect();
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = SmallVec::new();
    buffers.push(out);
    buffers.extend(values.buffers());
    let command = Submission { key, buffers, meta, groups: words.div_ceil(per_group) };
    gpu.run(command, || {
        let mut source = Source::new(gpu);
        if lanes == 1 {
            let reg = values.reg(gpu);
            source.cells("out", reg.wgsl(), dtype.item_size(), out);
        } else {
            source.cells("out", "u32", 4, out);
        }
        values.source(&mut source, 2);
        if lanes == 1 {
            source.main(&format!(
                "  for (var k = 0u; k < {WORDS}u; k++) {{\n    \
                 let i = (group * {WORDS}u + k) * {GROUP}u + lane;\n    \
                 if (i < m[1]) {{ out_set(i, value(i)); }}\n  }}\n"
            ))
        } else {
            let bits = 32 / lanes;
            source.main(&format!(
                "  let first = id * {lanes}u;\n  if (first >= m[1]) {{ return; }}\n  \
                 let count = min({lanes}u, m[1] - first);\n  var word = 0u;\n  \
                 for (var k = 0u; k < count; k++) {{\n    \
                 let v = value(first + k);\n    word |= {} << (k * {bits}u);\n  }}\n  \
                 out_set(id, word);\n",
                encoded(dtype, "v")
            ))
        }
    })
}
