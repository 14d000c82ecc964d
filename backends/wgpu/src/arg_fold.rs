//! Positions of extremes: invocations find candidates, of which the workgroup keeps one; what the workgroups
//! of one line keep are the candidates of the next round.

use std::sync::Arc;

use arrayspace_core::{ArgFoldOp, DType, Layout, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::keys;
use crate::order::to_indices;
use crate::source::{GROUP, Source};
use crate::values::{Values, size_of};

/// Elements that one workgroup looks at.
const PART: usize = GROUP * 16;

/// The position of an extreme value along an axis, or in the whole array.
pub(crate) fn arg_fold(
    gpu: &Arc<Gpu>,
    op: ArgFoldOp,
    source: View<'_, Wgpu>,
    axis: Option<usize>,
) -> Result<Buffer> {
    let shape = source.layout.shape();
    let (order, each): (SmallVec<[usize; 6]>, usize) = match axis {
        Some(axis) => {
            ((0..shape.len()).filter(|&a| a != axis).chain([axis]).collect(), shape[axis])
        }
        None => ((0..shape.len()).collect(), size_of(shape)?),
    };
    let mut program = Program::new();
    program.input(source.dtype)?;
    let values = Values::new(&program, &[source], shape, Some(&order))?;
    if values.count == 0 {
        return gpu.allocate(gpu.capabilities().defaults.indexing, 0);
    }
    let results = values.count / each;
    let mut candidates: Option<Buffer> = None;
    let mut left = each;
    loop {
        let (next, parts) = round(gpu, op, &values, candidates.as_ref(), results, each, left)?;
        if parts <= 1 {
            return to_indices(gpu, &next, &Layout::contiguous(&[results])?);
        }
        (candidates, left) = (Some(next), parts);
    }
}

/// One candidate for each part of each line, from `left` of them, or from all elements.
fn round(
    gpu: &Arc<Gpu>,
    op: ArgFoldOp,
    values: &Values<'_>,
    candidates: Option<&Buffer>,
    results: usize,
    each: usize,
    left: usize,
) -> Result<(Buffer, usize)> {
    let parts = left.div_ceil(PART);
    let out = gpu.allocate(DType::UInt32, size_of(&[results, parts])?)?;
    let mut key: Key = Kernel::ArgFold.into();
    key.push(op as u32 | u32::from(candidates.is_some()) << 1);
    values.key(&mut key);
    let mut meta: Meta = smallvec![0, results as u32, each as u32, left as u32, parts as u32];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out];
    buffers.extend(candidates);
    buffers.extend(values.buffers());
    gpu.run(Submission { key, buffers, meta, groups: results * parts }, || {
        let mut text = Source::new(gpu);
        text.cells("out", "u32", 4, &out);
        if let Some(candidates) = candidates {
            text.cells("candidate", "u32", 4, candidates);
        }
        values.source(&mut text, 5);
        let reg = values.reg(gpu);
        let key = keys::key_type(reg);
        // the last in the order of the keys is looked for, so a NaN wins either way
        text.add(&keys::functions(reg, op == ArgFoldOp::Minimum));
        let position = if candidates.is_some() { "candidate_get(result * m[3] + k)" } else { "k" };
        text.add(&format!(
            "var<workgroup> best_keys: array<{key}, {GROUP}>;\n\
             var<workgroup> best_at: array<u32, {GROUP}>;\n\
             fn beats(a: {key}, i: u32, b: {key}, j: u32) -> bool {{\n  \
             return comes_before(b, a) || !comes_before(a, b) && i < j;\n}}\n\
             fn position(result: u32, k: u32) -> u32 {{ return {position}; }}"
        ));
        text.main(&format!(
            "  let there = group < m[1] * m[4];\n  let result = group / m[4];\n  \
             let first = (group % m[4]) * {PART}u;\n  \
             let end = select(0u, min(m[3], first + {PART}u), there);\n  \
             if (first + lane < end) {{\n    \
             var at = position(result, first + lane);\n    \
             var best = key_of(value(result * m[2] + at));\n    \
             for (var k = first + lane + {GROUP}u; k < end; k += {GROUP}u) {{\n      \
             let other_at = position(result, k);\n      \
             let other = key_of(value(result * m[2] + other_at));\n      \
             if (beats(other, other_at, best, at)) {{ best = other; at = other_at; }}\n    }}\n    \
             best_keys[lane] = best;\n    best_at[lane] = at;\n  }}\n  \
             for (var half = {}u; half > 0u; half >>= 1u) {{\n    workgroupBarrier();\n    \
             if (lane < half && first + lane + half < end && \
             beats(best_keys[lane + half], best_at[lane + half], best_keys[lane], best_at[lane])) {{\n      \
             best_keys[lane] = best_keys[lane + half];\n      \
             best_at[lane] = best_at[lane + half];\n    }}\n  }}\n  \
             if (lane == 0u && there) {{ out_set(group, best_at[0]); }}\n",
            GROUP / 2
        ))
    })?;
    Ok((out, parts))
}
