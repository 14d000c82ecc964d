//! Elementwise programs. An invocation computes one word of packed elements, or several words a
//! workgroup's size apart.

use std::sync::Arc;

use arrayspace_core::{Access, DType, Input, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::parameters::parameters;
use crate::reg::{encoded, per_word};
use crate::source::GROUP;
use crate::values::Values;

/// Elements that one invocation computes where each takes a word or more.
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
    let values = Values::new(gpu, program, &views, shape, None)?;
    let len = values.count;
    let out = match reused {
        Some(buffer) if buffer.len_bytes() == len * program.output().item_size() => buffer,
        _ => gpu.allocate(program.output(), len)?,
    };
    store(gpu, &values, &out)?;
    Ok(out)
}

/// The memory of a dying operand, if no other handle to it exists and its elements lie where those
/// of a result of this dtype will.
fn reused(input: &mut Input<'_, Wgpu>, dtype: DType) -> Option<Buffer> {
    let Access::Dying(buffer) = &mut input.buffer else { return None };
    let fits = input.dtype.item_size() == dtype.item_size()
        && input.layout.offset() == 0
        && input.layout.is_contiguous();
    (fits && buffer.is_exclusive()).then(|| buffer.clone())
}

parameters! {
    /// The parameters of [`store`].
    struct Elements {
        count: usize,
    }
}

/// Writes the values into a buffer, in order.
pub(crate) fn store(gpu: &Arc<Gpu>, values: &Values<'_>, out: &Buffer) -> Result<()> {
    let dtype = values.dtype();
    let packed = per_word(dtype) > 1;
    let words = values.count.div_ceil(per_word(dtype));
    let mut key: Key = Kernel::Map.into();
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![out];
    buffers.extend(values.buffers());
    let launch = Launch {
        key,
        buffers,
        parameters: &[&Elements { count: values.count }, values],
        groups: words.div_ceil(if packed { GROUP } else { GROUP * WORDS }),
    };
    launch.run(gpu, |mut text| {
        if packed {
            text.words("out", out);
            values.source(&mut text);
            let bits = encoded(dtype, "v");
            text.add(&format!(
                "fn element(i: u32) -> u32 {{\n  let v = value(i);\n  return {bits};\n}}"
            ));
            text.packing(dtype);
            text.main("if (id * PER_WORD < p.count) { out_set(id, packed_word(id)); }")
        } else {
            text.values("out", values.reg(), out);
            values.source(&mut text);
            text.template(include_str!("map.wgsl"), &[("WORDS", &format!("{WORDS}u"))]);
            text.main("map_words(group, lane);")
        }
    })
}
