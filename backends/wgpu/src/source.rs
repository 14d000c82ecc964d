//! The text of a kernel.
//!
//! Binding 0 holds the parameters (see [`crate::parameters`]), the others the buffers. A buffer
//! that is wider than a binding may be is bound through several windows; kernels read and write it
//! by functions that choose the right one. `GROUP` is the size of a workgroup.

use std::fmt::Write as _;

use arrayspace_core::DType;

use crate::gpu::{Buffer, Gpu};
use crate::math;
use crate::parameters::{Parameters, declaration};
use crate::reg::{Reg, decoded, encoded, per_word, raw_cell};
use crate::template::{self, Words};

/// Invocations of a workgroup.
pub(crate) const GROUP: usize = 256;

/// The text of a kernel while it is written.
pub(crate) struct Source<'a> {
    gpu: &'a Gpu,
    text: String,
    bindings: u32,
}

impl<'a> Source<'a> {
    pub(crate) fn new(gpu: &'a Gpu, parameters: &[&dyn Parameters]) -> Source<'a> {
        let mut text = declaration(parameters);
        let _ = writeln!(text, "var<private> ZERO: u32;\nconst GROUP: u32 = {GROUP}u;");
        Source { gpu, text, bindings: 1 }
    }

    /// The device that the kernel is for.
    pub(crate) fn gpu(&self) -> &'a Gpu {
        self.gpu
    }

    /// Appends text at module scope.
    pub(crate) fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Appends the text of a `.wgsl` file at module scope, with some identifiers replaced.
    pub(crate) fn template(&mut self, text: &str, words: Words<'_>) {
        let code: Vec<&str> = template::code(text).collect();
        self.add(&template::filled(&code.join("\n"), words));
    }

    /// Declares the windows of the next buffer, `NAME_0` and so on, with these cells, and returns
    /// their number.
    fn windows(&mut self, name: &str, cell: &str, buffer: &Buffer) -> u32 {
        let count = self.gpu.windows(buffer.len_bytes() as u64);
        for k in 0..count {
            let binding = self.bindings;
            let _ = writeln!(
                self.text,
                "@group(0) @binding({binding}) var<storage, read_write> {name}_{k}: array<{cell}>;"
            );
            self.bindings += 1;
        }
        count
    }

    /// A statement for each window of a buffer, of which the one for the window with cell `i` is
    /// run.
    fn choice(&self, count: u32, size: usize, statement: impl Fn(u32, String) -> String) -> String {
        let width = self.gpu.window() / size as u64;
        let mut text = String::new();
        for k in 0..count {
            let start = u64::from(k) * width;
            let inner = statement(k, if k == 0 { "i".into() } else { format!("i - {start}u") });
            if k + 1 < count {
                let _ = writeln!(text, "  if (i < {}u) {{ {inner} }}", start + width);
            } else {
                let _ = writeln!(text, "  {inner}");
            }
        }
        text
    }

    /// Declares the next buffer, with cells of `size` bytes: `NAME_get(i)` and `NAME_set(i, v)`.
    pub(crate) fn cells(&mut self, name: &str, cell: &str, size: usize, buffer: &Buffer) {
        let count = self.windows(name, cell, buffer);
        let get = self.choice(count, size, |k, i| format!("return {name}_{k}[{i}];"));
        let set = self.choice(count, size, |k, i| format!("{name}_{k}[{i}] = v; return;"));
        let _ = writeln!(self.text, "fn {name}_get(i: u32) -> {cell} {{\n{get}}}");
        let _ = writeln!(self.text, "fn {name}_set(i: u32, v: {cell}) {{\n{set}}}");
    }

    /// Declares the next buffer, with a cell for each value of a type.
    pub(crate) fn values(&mut self, name: &str, reg: Reg, buffer: &Buffer) {
        self.cells(name, reg.cell(), reg.cell_size(), buffer);
    }

    /// Declares the next buffer, with words.
    pub(crate) fn words(&mut self, name: &str, buffer: &Buffer) {
        self.values(name, Reg::U32, buffer);
    }

    /// Declares the next buffer, with words that several invocations change: `NAME_or(i, v)`,
    /// `NAME_and(i, v)`, `NAME_max(i, v)`, and `NAME_load(i)`.
    pub(crate) fn atomics(&mut self, name: &str, buffer: &Buffer) {
        let count = self.windows(name, "atomic<u32>", buffer);
        for (method, function) in [("or", "atomicOr"), ("and", "atomicAnd"), ("max", "atomicMax")] {
            let call =
                self.choice(count, 4, |k, i| format!("{function}(&{name}_{k}[{i}], v); return;"));
            let _ = writeln!(self.text, "fn {name}_{method}(i: u32, v: u32) {{\n{call}}}");
        }
        let load = self.choice(count, 4, |k, i| format!("return atomicLoad(&{name}_{k}[{i}]);"));
        let _ = writeln!(self.text, "fn {name}_load(i: u32) -> u32 {{\n{load}}}");
    }

    /// Declares the next buffer, with elements of a dtype: `NAME_at(i)` is the value of an element.
    pub(crate) fn elements(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let reg = Reg::of(dtype, self.gpu);
        let value = if per_word(dtype) == 1 {
            self.cells(name, reg.wgsl(), dtype.item_size(), buffer);
            format!("{name}_get(i)")
        } else {
            self.words(name, buffer);
            self.add(&packed_bits(name, dtype));
            decoded(dtype, &format!("{name}_bits(i)"))
        };
        self.add(&format!("fn {name}_at(i: u32) -> {} {{ return {value}; }}", reg.wgsl()));
    }

    /// Declares the next buffer, with elements that are moved whatever their values: `NAME_bits(i)`
    /// is an element, in the low end of a word if it is shorter.
    pub(crate) fn raw(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let cell = raw_cell(dtype.item_size());
        self.cells(name, cell, dtype.item_size().max(4), buffer);
        if per_word(dtype) == 1 {
            self.add(&format!("fn {name}_bits(i: u32) -> {cell} {{ return {name}_get(i); }}"));
        } else {
            self.add(&packed_bits(name, dtype));
        }
    }

    /// Declares the next buffer, with elements that are written one by one whatever their values:
    /// `NAME_store(i, bits)`. Those of less than a word may share it with others.
    pub(crate) fn stored(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let cell = raw_cell(dtype.item_size());
        let store = if per_word(dtype) == 1 {
            self.cells(name, cell, dtype.item_size(), buffer);
            format!("  {name}_set(i, bits);\n")
        } else {
            self.atomics(name, buffer);
            let (shift, mask, width, all) = packing(dtype);
            format!(
                "  let shift = (i & {mask}u) * {width}u;\n  \
                 {name}_and(i >> {shift}u, ~({all:#x}u << shift));\n  \
                 {name}_or(i >> {shift}u, bits << shift);\n"
            )
        };
        self.add(&format!("fn {name}_store(i: u32, bits: {cell}) {{\n{store}}}"));
    }

    /// Declares the next buffer, with elements that are read and written one by one: `NAME_at(i)`,
    /// `NAME_put(i, value)`. Those of less than a word may share it with others.
    pub(crate) fn updated(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let cell = Reg::of(dtype, self.gpu).wgsl();
        let (at, put) = if per_word(dtype) == 1 {
            self.cells(name, cell, dtype.item_size(), buffer);
            (format!("{name}_get(i)"), format!("{name}_set(i, value)"))
        } else {
            self.stored(name, dtype, buffer);
            let (shift, mask, width, all) = packing(dtype);
            let word = format!("{name}_load(i >> {shift}u)");
            let bits = format!("(({word} >> ((i & {mask}u) * {width}u)) & {all:#x}u)");
            (decoded(dtype, &bits), format!("{name}_store(i, {})", encoded(dtype, "value")))
        };
        self.add(&format!(
            "fn {name}_at(i: u32) -> {cell} {{ return {at}; }}\n\
             fn {name}_put(i: u32, value: {cell}) {{ {put}; }}"
        ));
    }

    /// Declares `PER_WORD` and `packed_word(index)`, which packs `p.count` elements of less than a
    /// word from `element(i)`.
    pub(crate) fn packing(&mut self, dtype: DType) {
        self.add(&format!("const PER_WORD: u32 = {}u;", per_word(dtype)));
        self.template(include_str!("packing.wgsl"), &[]);
    }

    /// The text with its entry point, whose body may use `group`, the index of the workgroup,
    /// `lane`, the index of the invocation in it (WGSL's `local_invocation_index`), and `id`, the
    /// index of the invocation among all of them.
    pub(crate) fn main(mut self, body: &str) -> String {
        let _ = writeln!(
            self.text,
            "@compute @workgroup_size(GROUP)\n\
             fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(num_workgroups) total: vec3<u32>, \
             @builtin(local_invocation_index) lane: u32) {{\n  \
             ZERO = p.zero;\n  \
             let group = workgroup.x + workgroup.y * total.x;\n  \
             let id = group * GROUP + lane;\n  {body}\n}}"
        );
        let library = math::needed_by(&self.text);
        self.text.push_str(&library);
        self.text
    }
}

/// `NAME_bits(i)` for elements of less than a word.
fn packed_bits(name: &str, dtype: DType) -> String {
    let (shift, mask, width, all) = packing(dtype);
    format!(
        "fn {name}_bits(i: u32) -> u32 {{\n  \
         return ({name}_get(i >> {shift}u) >> ((i & {mask}u) * {width}u)) & {all:#x}u;\n}}"
    )
}

/// For elements of less than a word: the shift from an index to that of its word, the mask of its
/// index in the word, and the width and mask of an element.
fn packing(dtype: DType) -> (u32, u32, u32, u32) {
    if per_word(dtype) == 4 { (2, 3, 8, 0xff) } else { (1, 1, 16, 0xffff) }
}
