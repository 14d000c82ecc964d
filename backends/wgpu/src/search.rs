//! Where values belong among sorted ones: a binary search in every invocation.

use std::sync::Arc;

use arrayspace_core::{Program, Result, Side, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::keys;
use crate::reg::Reg;
use crate::source::{GROUP, Source};
use crate::values::{Values, checked};

/// For each of `queries`, where it belongs in the ascending `sorted`.
pub(crate) fn search(
    gpu: &Arc<Gpu>,
    sorted: View<'_, Wgpu>,
    queries: View<'_, Wgpu>,
    side: Side,
) -> Result<Buffer> {
    let sorted = checked(sorted)?;
    let mut program = Program::new();
    program.input(queries.dtype)?;
    let values = Values::new(&program, &[queries], queries.layout.shape(), None)?;
    let index = gpu.capabilities().defaults.indexing;
    let out = gpu.allocate(index, values.count)?;
    let len = sorted.layout.size();
    let mut key: Key = Kernel::Search.into();
    key.push(side as u32);
    values.key(&mut key);
    let mut meta: Meta = smallvec![
        0,
        values.count as u32,
        len as u32,
        sorted.layout.offset() as u32,
        sorted.layout.strides()[0] as u32
    ];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, sorted.buffer];
    buffers.extend(values.buffers());
    gpu.run(Submission { key, buffers, meta, groups: values.count.div_ceil(GROUP) }, || {
        let mut text = Source::new(gpu);
        let cell = Reg::of(index, gpu);
        text.cells("out", cell.wgsl(), cell.cell_size(), &out);
        text.elements("sorted", sorted.dtype, sorted.buffer);
        values.source(&mut text, 5);
        text.add(&keys::functions(values.reg(gpu), false));
        let before = match side {
            Side::Left => "comes_before(other, own)",
            Side::Right => "!comes_before(own, other)",
        };
        text.main(&format!(
            "  if (id >= m[1]) {{ return; }}\n  let own = key_of(value(id));\n  \
             var low = 0u;\n  var high = m[2];\n  \
             while (low < high) {{\n    let middle = low + (high - low) / 2u;\n    \
             let other = key_of(sorted_at(m[3] + middle * m[4]));\n    \
             if ({before}) {{ low = middle + 1u; }} else {{ high = middle; }}\n  }}\n  \
             out_set(id, {});\n",
            cell.of_word("low")
        ))
    })?;
    Ok(out)
}
