//! Indices of extreme values. A workgroup finds the best of some elements of a line; the best
//! elements that the workgroups of a line have found are the candidates of the next round.

use std::sync::Arc;

use arrayspace_core::{ArgFoldOp, DType, Layout, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::keys;
use crate::order::to_indices;
use crate::parameters::parameters;
use crate::source::GROUP;
use crate::values::{Values, size_of};

/// Candidates that one workgroup compares.
const PART: usize = GROUP * 16;

/// The index of an extreme value along an axis, or in the whole array.
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
    let values = Values::new(gpu, &program, &[source], shape, Some(&order))?;
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

parameters! {
    /// The parameters of [`round`].
    struct ArgFold {
        results: usize,
        /// Elements of each result.
        each: usize,
        /// Candidates of each result.
        left: usize,
        /// Parts of the candidates of each result.
        parts: usize,
    }
}

/// The best of each part of the candidates of each result, and the number of parts. There are
/// `left` candidates for a result; without a buffer of candidates they are all of its elements.
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
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out];
    buffers.extend(candidates);
    buffers.extend(values.buffers());
    let launch = Launch {
        key,
        buffers,
        parameters: &[&ArgFold { results, each, left, parts }, values],
        groups: results * parts,
    };
    launch.run(gpu, |mut text| {
        text.words("out", &out);
        if let Some(candidates) = candidates {
            text.words("candidates", candidates);
        }
        values.source(&mut text);
        // the last in the order of the keys wins, so a NaN wins in either order
        text.add(&keys::functions(values.reg(), op == ArgFoldOp::Minimum));
        let index = if candidates.is_some() { "candidates_get(result * p.left + k)" } else { "k" };
        text.add(&format!("fn candidate(result: u32, k: u32) -> u32 {{ return {index}; }}"));
        text.add(&format!("const PART: u32 = {PART}u;"));
        text.template(include_str!("arg_fold.wgsl"), &[("Key", keys::key_type(values.reg()))]);
        text.main("arg_fold(group, lane);")
    })?;
    Ok((out, parts))
}
