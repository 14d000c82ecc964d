//! Running sums and products. A workgroup scans a part of a line, and adds the total of the parts
//! before it, which comes from a scan of the totals of the parts.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, Layout, Program, Result, ScanOp, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::{self, Part, unpermuted};
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::parameters::parameters;
use crate::source::GROUP;
use crate::values::{Values, checked, size_of};

/// Elements that one invocation scans.
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
    let values = Values::new(gpu, &program, &[source], shape, Some(&axes))?;
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
    let reg = values.reg();
    if layout.is_contiguous() && reg.dtype() == source.dtype {
        return Ok(cells);
    }
    unpermuted(gpu, &cells, source.dtype, &layout)
}

parameters! {
    /// The parameters of [`scanned`].
    struct Scan {
        lines: usize,
        len: usize,
        /// Parts of each line.
        parts: usize,
        /// Whether each line of the result starts with the identity.
        initial: bool,
    }
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
    let reg = values.reg();
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
        let values = Values::new(gpu, &same, &[view], &[lines, parts], None)?;
        scanned(gpu, op, &values, lines, parts, false)?
    } else {
        // never read, since there are no parts before the only one
        gpu.allocate(reg.dtype(), 1)?
    };
    let mut key: Key = Kernel::ScanApply.into();
    key.push(op as u32);
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, &before];
    buffers.extend(values.buffers());
    let launch = Launch {
        key,
        buffers,
        parameters: &[&Scan { lines, len, parts, initial }, values],
        groups: size_of(&[lines, parts])?,
    };
    launch.run(gpu, |mut text| {
        text.values("out", reg, &out);
        text.values("before", reg, &before);
        values.source(&mut text);
        text.add(&format!("const PART: u32 = {PART}u;\nconst RUN: u32 = {RUN}u;"));
        let (function, identity) = match op {
            BinaryOp::Multiply => ("multiply", "1u"),
            _ => ("add", "0u"),
        };
        let words = [
            ("Cell", reg.wgsl()),
            ("combine", &*format!("{function}_{}", reg.suffix())),
            ("IDENTITY", &*reg.of_word(identity)),
        ];
        text.template(include_str!("scan.wgsl"), &words);
        text.main("scan(group, lane);")
    })?;
    Ok(out)
}
