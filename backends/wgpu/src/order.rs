//! Sorting. Keys and indices are sorted in blocks by workgroups, then merged.
//!
//! Each round merges neighbouring runs in pairs. The position of an element is its index in its own
//! run plus the number of elements in the other run that come before it, which a binary search
//! finds. Elements of the earlier run come before equal ones of the later run, so the sort is
//! stable.

use std::sync::Arc;

use arrayspace_core::{DType, IndexTerm, Layout, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gather::gather_known;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::keys;
use crate::map;
use crate::parameters::{Parameters, parameters};
use crate::reg::Reg;
use crate::source::GROUP;
use crate::values::{Values, checked, size_of};

/// The elements in order along an axis.
pub(crate) fn order(
    gpu: &Arc<Gpu>,
    source: View<'_, Wgpu>,
    axis: usize,
    descending: bool,
) -> Result<Buffer> {
    let source = checked(source)?;
    let (indices, layout) = sorted(gpu, source, axis, descending)?;
    let shape = source.layout.shape();
    // the indices alone move along the axis
    let rest = source
        .layout
        .slice(axis, 0, 1, shape[axis].min(1))
        .broadcast_to(shape)
        .unwrap_or_else(|| source.layout.clone());
    let term = IndexTerm {
        indices: View { buffer: &indices, dtype: DType::UInt32, layout: &layout },
        extent: shape[axis],
        stride: source.layout.strides()[axis],
        axis,
    };
    gather_known(View { layout: &rest, ..source }, &[term])
}

/// The indices that put the elements in order.
pub(crate) fn order_indices(
    gpu: &Arc<Gpu>,
    source: View<'_, Wgpu>,
    axis: usize,
    descending: bool,
) -> Result<Buffer> {
    let source = checked(source)?;
    let (indices, layout) = sorted(gpu, source, axis, descending)?;
    to_indices(gpu, &indices, &layout)
}

/// A buffer of the index dtype in row-major order, from 32-bit indices with a layout.
pub(crate) fn to_indices(gpu: &Arc<Gpu>, indices: &Buffer, layout: &Layout) -> Result<Buffer> {
    let mut p = Program::new();
    let x = p.input(DType::UInt32)?;
    p.cast(x, gpu.capabilities().defaults.indexing)?;
    let view = View { buffer: indices, dtype: DType::UInt32, layout };
    let values = Values::new(gpu, &p, &[view], layout.shape(), None)?;
    let out = gpu.allocate(p.output(), values.count)?;
    map::store(gpu, &values, &out)?;
    Ok(out)
}

/// The indices that sort the source along an axis, line by line, and their layout in its shape.
pub(crate) fn sorted(
    gpu: &Arc<Gpu>,
    source: View<'_, Wgpu>,
    axis: usize,
    descending: bool,
) -> Result<(Buffer, Layout)> {
    let shape = source.layout.shape();
    let axes: SmallVec<[usize; 6]> =
        (0..shape.len()).filter(|&a| a != axis).chain([axis]).collect();
    let moved: SmallVec<[usize; 6]> = axes.iter().map(|&a| shape[a]).collect();
    let mut back: SmallVec<[usize; 6]> = smallvec![0; axes.len()];
    for (k, &a) in axes.iter().enumerate() {
        back[a] = k;
    }
    let layout = Layout::contiguous(&moved)?.permute(&back);
    let mut program = Program::new();
    program.input(source.dtype)?;
    let values = Values::new(gpu, &program, &[source], shape, Some(&axes))?;
    let (count, len) = (values.count, shape[axis]);
    if count == 0 {
        return Ok((gpu.allocate(DType::UInt32, 0)?, layout));
    }
    let reg = values.reg();
    let room = || -> Result<[Buffer; 2]> {
        Ok([gpu.allocate(keys::key_dtype(reg), count)?, gpu.allocate(DType::UInt32, count)?])
    };
    let mut from = room()?;
    sort_blocks(gpu, &values, descending, len, &from)?;
    let mut width = GROUP;
    if width < len {
        let mut to = room()?;
        while width < len {
            merge(gpu, reg, count, len, width, &from, &to)?;
            std::mem::swap(&mut from, &mut to);
            width *= 2;
        }
    }
    let [_, indices] = from;
    Ok((indices, layout))
}

parameters! {
    /// The parameters of [`sort_blocks`].
    struct SortBlocks {
        groups: usize,
        /// The length of a line.
        len: usize,
        /// Blocks of each line.
        blocks: usize,
    }
}

/// Sorts the blocks of each line: their keys, and their indices in the line.
fn sort_blocks(
    gpu: &Arc<Gpu>,
    values: &Values<'_>,
    descending: bool,
    len: usize,
    [out_keys, out_at]: &[Buffer; 2],
) -> Result<()> {
    let blocks = len.div_ceil(GROUP);
    let groups = size_of(&[values.count / len, blocks])?;
    let mut key: Key = Kernel::SortBlocks.into();
    key.push(descending.into());
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![out_keys, out_at];
    buffers.extend(values.buffers());
    let parameters: &[&dyn Parameters] = &[&SortBlocks { groups, len, blocks }, values];
    Launch { key, buffers, parameters, groups }.run(gpu, |mut text| {
        let reg = values.reg();
        let cell = keys::key_type(reg);
        text.cells("keys", cell, keys::key_dtype(reg).item_size(), out_keys);
        text.words("at", out_at);
        values.source(&mut text);
        text.add(&keys::functions(reg, descending));
        text.template(include_str!("sort_blocks.wgsl"), &[("Key", cell)]);
        text.main("sort_block(group, lane);")
    })
}

parameters! {
    /// The parameters of [`merge`].
    struct SortMerge {
        count: usize,
        /// The length of a line.
        len: usize,
        /// The length of a run.
        width: usize,
    }
}

/// Merges runs of `width` elements of each line in pairs.
fn merge(
    gpu: &Arc<Gpu>,
    reg: Reg,
    count: usize,
    len: usize,
    width: usize,
    from: &[Buffer; 2],
    to: &[Buffer; 2],
) -> Result<()> {
    let mut key: Key = Kernel::SortMerge.into();
    key.push(reg as u32);
    let buffers = smallvec![&from[0], &from[1], &to[0], &to[1]];
    let parameters: &[&dyn Parameters] = &[&SortMerge { count, len, width }];
    let groups = count.div_ceil(GROUP);
    Launch { key, buffers, parameters, groups }.run(gpu, |mut text| {
        let (cell, size) = (keys::key_type(reg), keys::key_dtype(reg).item_size());
        text.cells("keys", cell, size, &from[0]);
        text.words("at", &from[1]);
        text.cells("out_keys", cell, size, &to[0]);
        text.words("out_at", &to[1]);
        text.add(&keys::functions(reg, false));
        text.template(include_str!("sort_merge.wgsl"), &[]);
        text.main("sort_merge(id);")
    })
}
