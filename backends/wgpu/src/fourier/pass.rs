//! Passes over memory, in which workgroups transform lines or parts of lines.

use std::sync::Arc;

use arrayspace_core::{DType, Result, Scalar};
use smallvec::{SmallVec, smallvec};

use super::plan::{Factor, Plan, STAGES, cells};
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::math;
use crate::parameters::{List, Parameters, parameters};
use crate::reg::{Reg, constant, list_constant};
use crate::source::Source;
use crate::values::size_of;
use crate::walk::Walk;

/// The numbers that are transformed.
pub(super) enum Load<'a> {
    /// Lines of the length of the transform, one after the other.
    Work {
        buffer: &'a Buffer,
        /// Whether the parts of each number are exchanged.
        exchanged: bool,
    },
    /// Lines of an operand.
    Array(&'a Array<'a>),
}

impl<'a> Load<'a> {
    /// Numbers as they are.
    pub(super) fn work(buffer: &'a Buffer) -> Load<'a> {
        Load::Work { buffer, exchanged: false }
    }
}

/// Lines of an operand.
pub(super) struct Array<'a> {
    pub(super) buffer: &'a Buffer,
    pub(super) dtype: DType,
    /// The positions where the lines begin.
    pub(super) lines: Walk,
    /// Whether lines are closer to each other than the elements of a line.
    pub(super) across: bool,
    /// Whether the parts of each number are exchanged.
    pub(super) exchanged: bool,
    pub(super) numbers: ArrayNumbers,
}

parameters! {
    /// The numbers that are read from an operand.
    pub(super) struct ArrayNumbers {
        /// The number of elements of a line that are read. Zeros follow.
        used: usize,
        /// The stride of the elements of a line.
        stride: isize,
        /// The length of a line, without the zeros for a convolution.
        total: usize,
        /// The index of the first line.
        first: usize,
        /// Whether the elements are the first half of a line, whose other half is their conjugates.
        half: bool,
        /// Whether the transform is part of a convolution.
        convolved: bool,
    }
}

/// The destination of the transformed numbers.
pub(super) enum Store<'a> {
    /// Lines of the length of the transform, one after the other.
    Work(&'a Buffer),
    /// The same as `Work`, each value multiplied by that of a filter, the second buffer.
    Filtered(&'a Buffer, &'a Buffer),
    /// Lines of the result.
    Result(&'a Target<'a>),
}

/// Lines of the result.
pub(super) struct Target<'a> {
    pub(super) buffer: &'a Buffer,
    pub(super) dtype: DType,
    pub(super) scale: f64,
    pub(super) values: TargetValues,
}

parameters! {
    /// The values that are written into the result.
    pub(super) struct TargetValues {
        /// The number of values of a line that are written.
        gives: usize,
        /// The stride of the values of a line, and the number of lines that begin next to each
        /// other.
        out_stride: usize,
        /// The index of the first line.
        out_first: usize,
        /// Whether the parts of each value are exchanged at the end.
        out_exchanged: bool,
        /// Whether the values are those of a convolution.
        out_convolved: bool,
        /// Whether the first value is real, so that the rounding error of its imaginary part is
        /// dropped.
        first_real: bool,
        /// Whether the last value is real.
        last_real: bool,
    }
}

/// The factor of the values of a result, of a real type.
struct Scale(f64, Reg);

impl Parameters for Scale {
    fn list(&self, list: &mut dyn List) {
        let Scale(value, part) = *self;
        list_constant(list, format_args!("scale"), Scalar::from(value), part.dtype(), part);
    }
}

parameters! {
    /// The parameters of every pass.
    struct Pass {
        /// The number of rows that are transformed, in all lines.
        rows: usize,
        /// The length of a line.
        len: usize,
        /// The length of a row, which is the factor.
        size: usize,
        /// The product of the factors before this one.
        done: usize,
        /// The number of rows of a line, and the distance of the numbers of a row.
        count: usize,
        /// The number of rows of a workgroup.
        per_group: usize,
        groups: usize,
        /// Where the roots of the factor, and those of the whole length, begin in the table.
        roots: usize,
        far: usize,
        /// The binary logarithm of the number of consecutive roots of the whole length.
        shift: u32,
        /// The power of the root of the whole length that is a root of this factor and those before
        /// it.
        power: usize,
        /// Where the chirp begins in the table.
        chirp: usize,
        /// Whether the parts of each number are exchanged at the beginning.
        exchanged: bool,
        /// Whether neighbouring invocations read neighbouring rows.
        rows_first: bool,
        /// Whether neighbouring invocations write neighbouring rows.
        out_rows_first: bool,
        /// The number of stages.
        stages: usize,
    }
}

impl Parameters for Factor {
    fn list(&self, list: &mut dyn List) {
        let mut radices = [1; STAGES];
        radices[..self.radices.len()].copy_from_slice(&self.radices);
        list.array("radices", &radices);
    }
}

/// Transforms lines by the passes of a plan.
pub(super) fn transform(
    gpu: &Arc<Gpu>,
    plan: &Plan,
    load: &Load<'_>,
    store: &Store<'_>,
    lines: usize,
) -> Result<()> {
    let last = plan.factors.len() - 1;
    let mut between: Option<Buffer> = None;
    for (k, factor) in plan.factors.iter().enumerate() {
        let next = if k == last {
            None
        } else {
            Some(gpu.allocate(plan.reg.dtype(), size_of(&[lines, plan.len])?)?)
        };
        let here = between.as_ref().map(Load::work);
        let there = next.as_ref().map(Store::Work);
        let (load, store) = (here.as_ref().unwrap_or(load), there.as_ref().unwrap_or(store));
        pass(gpu, plan, factor, load, store, lines)?;
        between = next;
    }
    Ok(())
}

fn pass(
    gpu: &Arc<Gpu>,
    plan: &Plan,
    factor: &Factor,
    load: &Load<'_>,
    store: &Store<'_>,
    lines: usize,
) -> Result<()> {
    let count = plan.len / factor.size;
    let rows = size_of(&[lines, count])?;
    let per_group = cells(plan.reg) / factor.size;
    let groups = rows.div_ceil(per_group);
    let mut pass = Pass {
        rows,
        len: plan.len,
        size: factor.size,
        done: factor.done,
        count,
        per_group,
        groups,
        roots: factor.roots,
        far: plan.far,
        shift: plan.shift,
        power: plan.len / (factor.done * factor.size),
        chirp: plan.chirp.as_ref().map_or(0, |chirp| chirp.at),
        exchanged: false,
        rows_first: count > 1,
        out_rows_first: factor.done > 1,
        stages: factor.radices.len(),
    };
    let mut key: Key = Kernel::Fourier.into();
    key.push(plan.reg as u32);
    let input = match load {
        Load::Work { buffer, exchanged } => {
            pass.exchanged = *exchanged;
            key.push(u32::MAX);
            *buffer
        }
        Load::Array(array) => {
            pass.exchanged = array.exchanged;
            pass.rows_first |= array.across;
            key.push(array.dtype as u32);
            array.lines.key(&mut key);
            array.buffer
        }
    };
    let mut scale = Scale(1.0, plan.reg.part());
    let output = match store {
        Store::Work(buffer) => {
            key.push(u32::MAX);
            *buffer
        }
        Store::Filtered(buffer, _) => {
            key.push(u32::MAX - 1);
            *buffer
        }
        Store::Result(target) => {
            pass.out_rows_first |= target.values.out_stride > 1;
            scale.0 = target.scale;
            key.push(target.dtype as u32);
            target.buffer
        }
    };
    let mut parameters: SmallVec<[&dyn Parameters; 6]> = SmallVec::new();
    parameters.extend([&pass as &dyn Parameters, factor]);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![output, input, &plan.table];
    match store {
        Store::Work(_) => {}
        Store::Filtered(_, filter) => buffers.push(filter),
        Store::Result(target) => parameters.extend([&target.values as &dyn Parameters, &scale]),
    }
    if let Load::Array(array) = load {
        parameters.extend([&array.numbers as &dyn Parameters, &array.lines]);
    }
    let launch = Launch { key, buffers, parameters: &parameters, groups };
    launch.run(gpu, |text| kernel(text, plan, load, store))
}

/// The text of the kernel of a pass.
fn kernel(mut text: Source<'_>, plan: &Plan, load: &Load<'_>, store: &Store<'_>) -> String {
    let reg = plan.reg;
    match store {
        Store::Result(target) => {
            text.values("out", Reg::of(target.dtype, text.gpu()), target.buffer);
        }
        Store::Work(buffer) | Store::Filtered(buffer, _) => text.values("out", reg, buffer),
    }
    match load {
        Load::Work { buffer, .. } => text.values("in", reg, buffer),
        Load::Array(array) => text.elements("in", array.dtype, array.buffer),
    }
    text.values("table", reg, &plan.table);
    if let Store::Filtered(_, filter) = store {
        text.values("filter", reg, filter);
    }
    text.add(&format!("const CELLS: u32 = {}u;", cells(reg)));
    text.template(include_str!("lines.wgsl"), math::words(reg));
    add_load(&mut text, reg, load);
    add_store(&mut text, reg, store);
    text.template(include_str!("pass.wgsl"), math::words(reg));
    text.main("transform(group, lane);")
}

/// Declares `load(line, at)`.
fn add_load(text: &mut Source<'_>, reg: Reg, load: &Load<'_>) {
    let complex = reg.wgsl();
    match load {
        Load::Work { .. } => text.add(&format!(
            "fn load(line: u32, at: u32) -> {complex} {{\n  let v = in_get(line * p.len + at);\n  \
             return select(v, v.yx, p.exchanged == 1u);\n}}"
        )),
        Load::Array(array) => {
            let of = Reg::of(array.dtype, text.gpu());
            let zero = format!("{}(0.0)", reg.part().wgsl());
            let number =
                if of.is_complex() { "v".to_owned() } else { format!("{complex}(v, {zero})") };
            text.add(&array.lines.function());
            text.add(&format!("fn number(v: {}) -> {complex} {{ return {number}; }}", of.wgsl()));
            text.template(include_str!("load.wgsl"), math::words(reg));
        }
    }
}

/// Declares `store(line, at, v)`.
fn add_store(text: &mut Source<'_>, reg: Reg, store: &Store<'_>) {
    let complex = reg.wgsl();
    match store {
        Store::Work(_) => text.add(&format!(
            "fn store(line: u32, at: u32, v: {complex}) {{ out_set(line * p.len + at, v); }}"
        )),
        Store::Filtered(..) => text.add(&format!(
            "fn store(line: u32, at: u32, v: {complex}) {{\n  \
             out_set(line * p.len + at, times(v, filter_get(at)));\n}}"
        )),
        Store::Result(target) => {
            let scale = constant(reg.part(), "scale");
            let result = if target.dtype.is_complex() { "w" } else { "w.x" };
            let words = [math::words(reg), &[("RESULT", result), ("SCALE", &scale)]].concat();
            text.template(include_str!("store.wgsl"), &words);
        }
    }
}
