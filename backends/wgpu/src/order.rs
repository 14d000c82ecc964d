//! Sorting: keys and positions are sorted in the blocks of a workgroup, then merged.
//!
//! In every round two neighbouring runs become one: an element's place is its own in its run, and the number
//! of those in the other run that come before it, which a binary search finds. Elements of the earlier run
//! come before equal ones of the later, so the sort is stable.

use std::sync::Arc;

use arrayspace_core::{DType, IndexTerm, Layout, Program, Result, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gather::gather_known;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::keys;
use crate::map;
use crate::reg::Reg;
use crate::source::{GROUP, Source};
use crate::values::{Values, checked, size_of};

/// The elements in order along an axis.
pub(crate) fn order(
    gpu: &Arc<Gpu>,
    source: View<'_, Wgpu>,
    axis: usize,
    descending: bool,
) -> Result<Buffer> {
    let source = checked(source)?;
    let (positions, places) = sorted(gpu, source, axis, descending)?;
    let shape = source.layout.shape();
    // the axis is walked by the positions alone
    let rest = source
        .layout
        .slice(axis, 0, 1, shape[axis].min(1))
        .broadcast_to(shape)
        .unwrap_or_else(|| source.layout.clone());
    let term = IndexTerm {
        indices: View { buffer: &positions, dtype: DType::UInt32, layout: &places },
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
    let (positions, places) = sorted(gpu, source, axis, descending)?;
    to_indices(gpu, &positions, &places)
}

/// Positions at the places of a layout, as indices in row-major order.
pub(crate) fn to_indices(gpu: &Arc<Gpu>, positions: &Buffer, places: &Layout) -> Result<Buffer> {
    let mut p = Program::new();
    let x = p.input(DType::UInt32)?;
    p.cast(x, gpu.capabilities().defaults.indexing)?;
    let view = View { buffer: positions, dtype: DType::UInt32, layout: places };
    let values = Values::new(&p, &[view], places.shape(), None)?;
    let out = gpu.allocate(p.output(), values.count)?;
    map::store(gpu, &values, &out)?;
    Ok(out)
}

/// The positions along the axis in order, line by line, and their layout in the shape of the source.
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
    let places = Layout::contiguous(&moved)?.permute(&back);
    let mut program = Program::new();
    program.input(source.dtype)?;
    let values = Values::new(&program, &[source], shape, Some(&axes))?;
    let (count, len) = (values.count, shape[axis]);
    if count == 0 {
        return Ok((gpu.allocate(DType::UInt32, 0)?, places));
    }
    let reg = values.reg(gpu);
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
    let [_, positions] = from;
    Ok((positions, places))
}

/// Sorts each block of a line in a workgroup: the keys, and the positions in the line.
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
    let mut meta: Meta = smallvec![0, groups as u32, len as u32, blocks as u32];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![out_keys, out_at];
    buffers.extend(values.buffers());
    gpu.run(Submission { key, buffers, meta, groups }, || {
        let mut text = Source::new(gpu);
        let reg = values.reg(gpu);
        let cell = keys::key_type(reg);
        text.cells("keys", cell, keys::key_dtype(reg).item_size(), out_keys);
        text.cells("at", "u32", 4, out_at);
        values.source(&mut text, 4);
        text.add(&keys::functions(reg, descending));
        text.add(&format!(
            "var<workgroup> block: array<{cell}, {GROUP}>;\nvar<workgroup> origin: array<u32, {GROUP}>;"
        ));
        text.main(&format!(
            "  let there = group < m[1];\n  let line = group / m[3];\n  \
             let first = (group % m[3]) * {GROUP}u;\n  \
             let count = select(0u, min({GROUP}u, m[2] - first), there);\n  \
             let mine = lane < count;\n  \
             var own: {cell};\n  var home = first + lane;\n  \
             if (mine) {{ own = key_of(value(line * m[2] + home)); block[lane] = own; origin[lane] = home; }}\n  \
             for (var width = 1u; width < {GROUP}u; width *= 2u) {{\n    \
             workgroupBarrier();\n    \
             var place = lane;\n    \
             if (mine) {{\n      \
             own = block[lane];\n      home = origin[lane];\n      \
             let start = lane & ~(2u * width - 1u);\n      \
             let later = (lane & width) != 0u;\n      \
             let other = select(start + width, start, later);\n      \
             var low = min(other, count);\n      \
             var high = min(other + width, count);\n      \
             let begin = low;\n      \
             while (low < high) {{\n        \
             let middle = (low + high) / 2u;\n        \
             let before = select(comes_before(block[middle], own), \
             !comes_before(own, block[middle]), later);\n        \
             if (before) {{ low = middle + 1u; }} else {{ high = middle; }}\n      }}\n      \
             place = select(lane, lane - width, later) + (low - begin);\n    }}\n    \
             workgroupBarrier();\n    \
             if (mine) {{ block[place] = own; origin[place] = home; }}\n  }}\n  \
             workgroupBarrier();\n  \
             if (mine) {{\n    let to = line * m[2] + first + lane;\n    \
             keys_set(to, block[lane]);\n    at_set(to, origin[lane]);\n  }}\n"
        ))
    })
}

/// Merges runs of `width` elements of each line, two by two.
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
    let meta: Meta = smallvec![0, count as u32, len as u32, width as u32];
    let buffers = smallvec![&from[0], &from[1], &to[0], &to[1]];
    gpu.run(Submission { key, buffers, meta, groups: count.div_ceil(GROUP) }, || {
        let mut text = Source::new(gpu);
        let (cell, size) = (keys::key_type(reg), keys::key_dtype(reg).item_size());
        text.cells("keys", cell, size, &from[0]);
        text.cells("at", "u32", 4, &from[1]);
        text.cells("out_keys", cell, size, &to[0]);
        text.cells("out_at", "u32", 4, &to[1]);
        text.add(&keys::functions(reg, false));
        text.main(
            "  if (id >= m[1]) { return; }\n  let width = m[3];\n  \
             let begin = (id / m[2]) * m[2];\n  let j = id - begin;\n  \
             let own = keys_get(id);\n  \
             let start = (j / (2u * width)) * (2u * width);\n  \
             let later = j - start >= width;\n  \
             let other = select(start + width, start, later);\n  \
             var low = min(other, m[2]);\n  \
             var high = min(other + width, m[2]);\n  \
             let first = low;\n  \
             while (low < high) {\n    let middle = low + (high - low) / 2u;\n    \
             let key = keys_get(begin + middle);\n    \
             let before = select(comes_before(key, own), !comes_before(own, key), later);\n    \
             if (before) { low = middle + 1u; } else { high = middle; }\n  }\n  \
             let place = begin + select(j, j - width, later) + (low - first);\n  \
             out_keys_set(place, own);\n  out_at_set(place, at_get(id));\n",
        )
    })
}
