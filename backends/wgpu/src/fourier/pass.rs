//! Passes over memory: in each, workgroups transform some lines, or parts of lines.

use std::sync::Arc;

use arrayspace_core::{DType, Result};
use smallvec::{SmallVec, smallvec};

use super::plan::{Factor, Plan, cells};
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::math;
use crate::reg::{Reg, constant, constant_words, push_constant};
use crate::source::{GROUP, Source};
use crate::values::size_of;
use crate::walk::Walk;

/// What the numbers of a line are.
pub(super) enum Load<'a> {
    /// Numbers of the length of the transform, line after line.
    Work {
        buffer: &'a Buffer,
        /// Whether their parts are exchanged.
        exchanged: bool,
    },
    /// Those of an operand.
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
    /// Where the lines begin.
    pub(super) lines: Walk,
    /// From element to element of a line.
    pub(super) stride: isize,
    /// How many elements are there; zeros follow.
    pub(super) used: usize,
    /// The length of a line, where zeros for a convolution do not count.
    pub(super) total: usize,
    /// Whether they are the first half of a line, the other being their conjugates.
    pub(super) half: bool,
    /// Whether parts are exchanged.
    pub(super) exchanged: bool,
    /// Whether lines lie closer to each other than the elements of one.
    pub(super) across: bool,
    /// The number of the first line.
    pub(super) first: usize,
}

/// Where the values go.
pub(super) enum Store<'a> {
    /// Line after line.
    Work(&'a Buffer),
    /// The same, each value multiplied by that of a filter.
    Filtered(&'a Buffer, &'a Buffer),
    /// To their places in the result.
    Result(Target<'a>),
}

/// The lines of the result.
pub(super) struct Target<'a> {
    pub(super) buffer: &'a Buffer,
    pub(super) dtype: DType,
    /// From element to element, and the number of lines that begin beside each other.
    pub(super) stride: usize,
    /// How many values of a line are wanted.
    pub(super) gives: usize,
    pub(super) scale: f64,
    /// Whether parts are exchanged at the end.
    pub(super) exchanged: bool,
    /// Whether the first of them, and whether the last one, are real: the rest of rounding in their
    /// imaginary parts is left out.
    pub(super) real: [bool; 2],
    /// Whether they are those of a convolution.
    pub(super) convolved: bool,
    /// The number of the first line.
    pub(super) first: usize,
}

/// Bits of the word of flags.
mod flag {
    pub(super) const EXCHANGED: u32 = 1;
    pub(super) const HALF: u32 = 2;
    pub(super) const CHIRP: u32 = 4;
    pub(super) const ROWS_FIRST: u32 = 8;
    pub(super) const OUT_EXCHANGED: u32 = 16;
    pub(super) const OUT_CHIRP: u32 = 32;
    pub(super) const OUT_ROWS_FIRST: u32 = 64;
    pub(super) const OUT_FIRST_REAL: u32 = 128;
    pub(super) const OUT_LAST_REAL: u32 = 256;
}

/// Words of the parameters before the radices.
const RADICES: usize = 22;
/// Room for the radices.
const MOST_RADICES: usize = 10;

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
    let reg = plan.reg;
    let count = plan.len / factor.size;
    let rows = size_of(&[lines, count])?;
    let per_group = cells(reg) / factor.size;
    let groups = rows.div_ceil(per_group);
    let mut key: Key = Kernel::Fourier.into();
    key.push(reg as u32);
    let mut flags = 0;
    let mut set = |flag: u32, on: bool| flags |= if on { flag } else { 0 };
    let (input, from) = match load {
        Load::Work { buffer, exchanged } => {
            set(flag::EXCHANGED, *exchanged);
            set(flag::ROWS_FIRST, count > 1);
            key.push(u32::MAX);
            (*buffer, [0; 4])
        }
        Load::Array(array) => {
            set(flag::EXCHANGED, array.exchanged);
            set(flag::HALF, array.half);
            set(flag::CHIRP, plan.chirp.is_some());
            set(flag::ROWS_FIRST, count > 1 || array.across);
            key.push(array.dtype as u32);
            array.lines.key(&mut key);
            (array.buffer, [array.used, array.stride as usize, array.total, array.first])
        }
    };
    let (output, to, scale) = match store {
        Store::Work(buffer) => {
            set(flag::OUT_ROWS_FIRST, factor.done > 1);
            key.push(u32::MAX);
            (*buffer, [0; 3], 1.0)
        }
        Store::Filtered(buffer, _) => {
            set(flag::OUT_ROWS_FIRST, factor.done > 1);
            key.push(u32::MAX - 1);
            (*buffer, [0; 3], 1.0)
        }
        Store::Result(target) => {
            set(flag::OUT_EXCHANGED, target.exchanged);
            set(flag::OUT_CHIRP, target.convolved);
            set(flag::OUT_ROWS_FIRST, factor.done > 1 || target.stride > 1);
            set(flag::OUT_FIRST_REAL, target.real[0]);
            set(flag::OUT_LAST_REAL, target.real[1]);
            key.push(target.dtype as u32);
            (target.buffer, [target.gives, target.stride, target.first], target.scale)
        }
    };
    let chirp = plan.chirp.as_ref().map_or(0, |chirp| chirp.at);
    let mut meta: Meta = smallvec![0];
    meta.extend(
        [
            rows,
            plan.len,
            factor.size,
            factor.done,
            count,
            per_group,
            groups,
            flags as usize,
            factor.roots,
            plan.far,
            plan.shift as usize,
            // a root of this factor and those before it is a power of one of the whole length
            plan.len / (factor.done * factor.size),
            chirp,
        ]
        .into_iter()
        .chain(from)
        .chain(to)
        .map(|word| word as u32),
    );
    meta.push(factor.radices.len() as u32);
    debug_assert_eq!(meta.len(), RADICES);
    meta.extend(factor.radices.iter().copied());
    meta.resize(RADICES + MOST_RADICES, 1);
    let part = reg.part();
    push_constant(&mut meta, scale.into(), part.dtype(), part);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![output, input, &plan.table];
    if let Load::Array(array) = load {
        array.lines.meta(&mut meta);
    }
    if let Store::Filtered(_, filter) = store {
        buffers.push(filter);
    }
    gpu.run(Submission { key, buffers, meta, groups }, || text(gpu, plan, load, store))
}

/// The text of a kernel.
fn text(gpu: &Gpu, plan: &Plan, load: &Load<'_>, store: &Store<'_>) -> String {
    let reg = plan.reg;
    let (complex, part) = (reg.wgsl(), reg.part());
    let real = part.wgsl();
    let mut text = Source::new(gpu);
    match store {
        Store::Result(target) => {
            let of = Reg::of(target.dtype, gpu);
            text.cells("out", of.wgsl(), of.cell_size(), target.buffer);
        }
        Store::Work(buffer) | Store::Filtered(buffer, _) => {
            text.cells("out", complex, reg.cell_size(), buffer);
        }
    }
    match load {
        Load::Work { buffer, .. } => text.cells("in", complex, reg.cell_size(), buffer),
        Load::Array(array) => text.elements("in", array.dtype, array.buffer),
    }
    text.cells("table", complex, reg.cell_size(), &plan.table);
    if let Store::Filtered(_, filter) = store {
        text.cells("filter", complex, reg.cell_size(), filter);
    }
    let cells = cells(reg);
    text.add(&format!(
        "const GROUP: u32 = {GROUP}u;\nvar<workgroup> cells: array<{complex}, {}>;",
        2 * cells
    ));
    let template = include_str!("lines.wgsl").replace("TABLE", "m[9]");
    text.add(&math::instance(&template, reg));
    // a power of the root of the whole length
    text.add(&format!(
        "fn far_root(k: u32) -> {complex} {{\n  \
         let near = table_get(m[10] + (k & ((1u << m[11]) - 1u)));\n  \
         return times(near, table_get(m[10] + (1u << m[11]) + (k >> m[11])));\n}}"
    ));
    let has = |bit: u32| format!("(m[8] & {bit}u) != 0u");
    let exchange = has(flag::EXCHANGED);
    match load {
        Load::Work { .. } => text.add(&format!(
            "fn load(line: u32, at: u32) -> {complex} {{\n  let v = in_get(line * m[2] + at);\n  \
             return select(v, v.yx, {exchange});\n}}"
        )),
        Load::Array(array) => {
            let places = array.lines.text(RADICES + MOST_RADICES + constant_words(part));
            text.add(&format!("fn line_at(i: u32) -> u32 {{\n{places}  return p0;\n}}"));
            let value = if array.dtype.is_complex() {
                "in_at(place)".to_owned()
            } else {
                format!("{complex}(in_at(place), {real}(0.0))")
            };
            // of the first and of the middle element of a half the imaginary parts are ignored
            text.add(&format!(
                "fn element(line: u32, at: u32) -> {complex} {{\n  \
                 if (at >= m[14]) {{ return {complex}(); }}\n  \
                 let place = line_at(line + m[17]) + at * m[15];\n  return {value};\n}}\n\
                 fn load(line: u32, at: u32) -> {complex} {{\n  \
                 if (at >= m[16]) {{ return {complex}(); }}\n  \
                 let mirrored = {half} && at > m[16] / 2u;\n  \
                 var v = element(line, select(at, m[16] - at, mirrored));\n  \
                 if ({half} && (at == 0u || at == m[16] - at)) {{ v.y = {real}(0.0); }}\n  \
                 if (mirrored) {{ v.y = -v.y; }}\n  \
                 v = select(v, v.yx, {exchange});\n  \
                 if ({chirp}) {{ v = times(v, table_get(m[13] + at)); }}\n  return v;\n}}",
                half = has(flag::HALF),
                chirp = has(flag::CHIRP),
            ));
        }
    }
    match store {
        Store::Work(_) => text.add(&format!(
            "fn store(line: u32, at: u32, v: {complex}) {{ out_set(line * m[2] + at, v); }}"
        )),
        Store::Filtered(..) => text.add(&format!(
            "fn store(line: u32, at: u32, v: {complex}) {{\n  \
             out_set(line * m[2] + at, times(v, filter_get(at)));\n}}"
        )),
        Store::Result(target) => {
            let value = if target.dtype.is_complex() { "w" } else { "w.x" };
            text.add(&format!(
                "fn store(line: u32, at: u32, v: {complex}) {{\n  \
                 if (at >= m[18]) {{ return; }}\n  var w = v;\n  \
                 if ({chirp}) {{ w = times(w.yx, table_get(m[13] + at)); }}\n  \
                 w = select(w, w.yx, {exchange});\n  \
                 if ({first} && at == 0u || {last} && at == m[18] - 1u) {{ w.y = {real}(0.0); }}\n  \
                 let number = line + m[20];\n  \
                 let place = (number / m[19] * m[18] + at) * m[19] + number % m[19];\n  \
                 out_set(place, {value} * {scale});\n}}",
                chirp = has(flag::OUT_CHIRP),
                exchange = has(flag::OUT_EXCHANGED),
                first = has(flag::OUT_FIRST_REAL),
                last = has(flag::OUT_LAST_REAL),
                scale = constant(part, RADICES + MOST_RADICES),
            ));
        }
    }
    let mut stages = String::new();
    for radix in [2, 3, 4, 5] {
        stages.push_str(&format!(
            "      case {radix}u: {{ stage_{radix}(lane, rows, size, done, before, after); }}\n"
        ));
    }
    text.main(&format!(
        "  let first = group * m[6];\n  \
         let rows = select(0u, min(m[6], m[1] - first), group < m[7]);\n  \
         let size = m[3];\n  \
         for (var e = lane; e < rows * size; e += GROUP) {{\n    \
         let across = {rows_first};\n    \
         let row = select(e / size, e % rows, across);\n    \
         let r = select(e % size, e / rows, across);\n    \
         let line = (first + row) / m[5];\n    let j = (first + row) % m[5];\n    \
         var v = load(line, j + r * m[5]);\n    \
         if (m[4] > 1u) {{ v = times(v, far_root((j % m[4]) * r * m[12])); }}\n    \
         cells[row * size + r] = v;\n  }}\n  \
         workgroupBarrier();\n  \
         var done = 1u;\n  var before = 0u;\n  var after = {cells}u;\n  \
         for (var s = 0u; s < m[21]; s++) {{\n    let radix = m[{RADICES}u + s];\n    \
         switch radix {{\n{stages}      \
         default: {{ stage_any(lane, rows, size, done, before, after, radix); }}\n    }}\n    \
         workgroupBarrier();\n    \
         done *= radix;\n    after = before;\n    before = {cells}u - before;\n  }}\n  \
         for (var e = lane; e < rows * size; e += GROUP) {{\n    \
         let across = {out_rows_first};\n    \
         let row = select(e / size, e % rows, across);\n    \
         let r = select(e % size, e / rows, across);\n    \
         let line = (first + row) / m[5];\n    let j = (first + row) % m[5];\n    \
         let at = (j / m[4]) * m[4] * size + j % m[4] + r * m[4];\n    \
         store(line, at, cells[before + row * size + r]);\n  }}\n",
        rows_first = has(flag::ROWS_FIRST),
        out_rows_first = has(flag::OUT_ROWS_FIRST),
    ))
}
