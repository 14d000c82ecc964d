//! Running sums and products: a line is scanned in parts, one to a workgroup, after what the parts before it
//! come to, which is a scan of the parts' totals.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, Layout, Program, Result, ScanOp, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::{self, Part, unpermuted};
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::source::{GROUP, Source};
use crate::values::{Values, checked, size_of};

/// Elements that one invocation scans on its own.
const RUN: usize = 4;
/// Elements of a part.
const PART: usize = GROUP * RUN;

/// Running sums or products along an axis.
pub(crate) fn scan(
    gpu: &Arc<Gpu>,
    op: ScanOp,
    source: View<'_, Wgpu>,
    axis: usize,
    initial: bool,
) -> Result<Buffer> {
    let op = match op {
        ScanOp::Sum => BinaryOp::Add,
        ScanOp::Product => BinaryOp::Multiply,
        _ => return Err(check::unknown("wgpu", op.name())),
    };
    let source = checked(source)?;
    let shape = source.layout.shape();
    let axes: SmallVec<[usize; 6]> =
        (0..shape.len()).filter(|&a| a != axis).chain([axis]).collect();
    let mut moved: SmallVec<[usize; 6]> = axes.iter().map(|&a| shape[a]).collect();
    let mut program = Program::new();
    program.input(source.dtype)?;
    let values = Values::new(&program, &[source], shape, Some(&axes))?;
    let lines = moved[..moved.len() - 1].iter().product();
    let cells = scanned(gpu, op, &values, lines, shape[axis], initial)?;
    if let Some(last) = moved.last_mut() {
        *last += usize::from(initial);
    }
    let mut back: SmallVec<[usize; 6]> = smallvec![0; axes.len()];
    for (k, &a) in axes.iter().enumerate() {
        back[a] = k;
    }
    let layout = Layout::contiguous(&moved)?.permute(&back);
    let reg = values.reg(gpu);
    if layout.is_contiguous() && reg.dtype() == source.dtype {
        return Ok(cells);
    }
    unpermuted(gpu, &cells, source.dtype, &layout)
}

/// The scan of each of `lines` lines of `len` values, in cells of their type.
pub(crate) fn scanned(
    gpu: &Arc<Gpu>,
    op: BinaryOp,
    values: &Values<'_>,
    lines: usize,
    len: usize,
    initial: bool,
) -> Result<Buffer> {
    let reg = values.reg(gpu);
    let parts = len.div_ceil(PART).max(1);
    let out = gpu.allocate(reg.dtype(), size_of(&[lines, len + usize::from(initial)])?)?;
    if lines == 0 {
        return Ok(out);
    }
    let before = if parts > 1 {
        let (totals, parts) = fold::parts(gpu, op, values, lines, len, Part::Group(PART))?;
        let layout = Layout::contiguous(&[lines, parts])?;
        let mut same = Program::new();
        same.input(reg.dtype())?;
        let view = View { buffer: &totals, dtype: reg.dtype(), layout: &layout };
        let values = Values::new(&same, &[view], &[lines, parts], None)?;
        scanned(gpu, op, &values, lines, parts, false)?
    } else {
        // never read: there is nothing before the one part
        gpu.allocate(reg.dtype(), 1)?
    };
    let mut key: Key = Kernel::ScanApply.into();
    key.extend([op as u32, initial.into()]);
    values.key(&mut key);
    let mut meta: Meta = smallvec![0, lines as u32, len as u32, parts as u32];
    values.meta(gpu, &mut meta);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, &before];
    buffers.extend(values.buffers());
    let groups = size_of(&[lines, parts])?;
    gpu.run(Submission { key, buffers, meta, groups }, || {
        let mut text = Source::new(gpu);
        let cell = reg.wgsl();
        text.cells("out", cell, reg.cell_size(), &out);
        text.cells("before", cell, reg.cell_size(), &before);
        values.source(&mut text, 4);
        text.add(&format!("var<workgroup> sums: array<{cell}, {GROUP}>;"));
        let add = format!("{}_{}", op.name(), reg.suffix());
        let (width, shift) = if initial { ("(m[2] + 1u)", "1u") } else { ("m[2]", "0u") };
        let identity = reg.of_word(match op {
            BinaryOp::Multiply => "1u",
            _ => "0u",
        });
        let first = if initial {
            format!("  if (there && lane == 0u && part == 0u) {{ out_set(line * {width}, {identity}); }}\n")
        } else {
            String::new()
        };
        text.main(&format!(
            "  let there = group < m[1] * m[3];\n  let line = group / m[3];\n  let part = group % m[3];\n\
             {first}  \
             let first = part * {PART}u + lane * {RUN}u;\n  \
             let end = select(0u, min(m[2], first + {RUN}u), there);\n  \
             let mine = first < end;\n  \
             var run: array<{cell}, {RUN}>;\n  \
             if (mine) {{\n    \
             run[0] = value(line * m[2] + first);\n    \
             for (var k = 1u; k < {RUN}u; k++) {{\n      \
             if (first + k < end) {{ run[k] = {add}(run[k - 1u], value(line * m[2] + first + k)); }} \
             else {{ run[k] = run[k - 1u]; }}\n    }}\n    \
             sums[lane] = run[{RUN}u - 1u];\n  }}\n  \
             for (var step = 1u; step < {GROUP}u; step *= 2u) {{\n    \
             workgroupBarrier();\n    var sum: {cell};\n    \
             if (mine && lane >= step) {{ sum = {add}(sums[lane - step], sums[lane]); }}\n    \
             workgroupBarrier();\n    \
             if (mine && lane >= step) {{ sums[lane] = sum; }}\n  }}\n  \
             workgroupBarrier();\n  \
             if (mine) {{\n    \
             for (var k = 0u; first + k < end; k++) {{\n      \
             var sum = run[k];\n      \
             if (lane > 0u) {{ sum = {add}(sums[lane - 1u], sum); }}\n      \
             if (part > 0u) {{ sum = {add}(before_get(line * m[3] + part - 1u), sum); }}\n      \
             out_set(line * {width} + first + k + {shift}, sum);\n    }}\n  }}\n"
        ))
    })?;
    Ok(out)
}
