//! The text of a kernel.
//!
//! Binding 0, `m`, holds the parameters as words, the first of which is 0 and known to be so to nobody but
//! us. A buffer that is wider than a binding may be is seen through several, its windows; kernels read
//! and write it by functions that choose the right one.

use std::fmt::Write as _;

use arrayspace_core::DType;

use crate::gpu::{Buffer, Gpu};
use crate::math;
use crate::reg::{Reg, decoded, lanes};

/// Invocations of a workgroup.
pub(crate) const GROUP: usize = 256;

/// The text of a kernel while it is written.
pub(crate) struct Source<'a> {
    gpu: &'a Gpu,
    text: String,
    bindings: u32,
}

impl<'a> Source<'a> {
    pub(crate) fn new(gpu: &'a Gpu) -> Source<'a> {
        let text = "@group(0) @binding(0) var<storage, read> m: array<u32>;\n\
                    var<private> ZERO: u32;\n";
        Source { gpu, text: text.to_owned(), bindings: 1 }
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

    /// Declares the windows of the next buffer, `NAME_0` and so on, with these cells; how many there are.
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

    /// A statement for each window of a buffer, the one that holds cell `i` to be run.
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

    /// Declares the next buffer, of cells of `size` bytes: `NAME_get(i)` and `NAME_set(i, v)`.
    pub(crate) fn cells(&mut self, name: &str, cell: &str, size: usize, buffer: &Buffer) {
        let count = self.windows(name, cell, buffer);
        let get = self.choice(count, size, |k, i| format!("return {name}_{k}[{i}];"));
        let set = self.choice(count, size, |k, i| format!("{name}_{k}[{i}] = v; return;"));
        let _ = writeln!(self.text, "fn {name}_get(i: u32) -> {cell} {{\n{get}}}");
        let _ = writeln!(self.text, "fn {name}_set(i: u32, v: {cell}) {{\n{set}}}");
    }

    /// Declares the next buffer as words to be combined with others: `NAME_or(i, v)`, `NAME_and(i, v)`,
    /// `NAME_max(i, v)`, and `NAME_load(i)`.
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

    /// Declares the next buffer, of elements of a dtype: `NAME_at(i)` is the value of an element.
    pub(crate) fn elements(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let reg = Reg::of(dtype, self.gpu);
        if lanes(dtype) == 1 {
            self.cells(name, reg.wgsl(), dtype.item_size(), buffer);
            self.add(&format!(
                "fn {name}_at(i: u32) -> {} {{ return {name}_get(i); }}",
                reg.wgsl()
            ));
        } else {
            self.cells(name, "u32", 4, buffer);
            let value = decoded(dtype, &format!("{name}_bits(i)"));
            self.add(&lane_bits(name, dtype));
            self.add(&format!("fn {name}_at(i: u32) -> {} {{ return {value}; }}", reg.wgsl()));
        }
    }

    /// Declares the next buffer, of elements to be moved and not looked at: `NAME_bits(i)` is an element,
    /// in the low end of a word if it is shorter.
    pub(crate) fn raw(&mut self, name: &str, dtype: DType, buffer: &Buffer) {
        let cell = crate::reg::raw_cell(dtype.item_size());
        self.cells(name, cell, dtype.item_size().max(4), buffer);
        if lanes(dtype) == 1 {
            self.add(&format!("fn {name}_bits(i: u32) -> {cell} {{ return {name}_get(i); }}"));
        } else {
            self.add(&lane_bits(name, dtype));
        }
    }

    /// The entry point. `group` is the number of the workgroup, `lane` that of the invocation in it, `id`
    /// of the invocation in all.
    pub(crate) fn main(mut self, body: &str) -> String {
        let _ = write!(
            self.text,
            "@compute @workgroup_size({GROUP})\n\
             fn main(@builtin(workgroup_id) which: vec3<u32>, @builtin(num_workgroups) total: vec3<u32>, \
             @builtin(local_invocation_index) lane: u32) {{\n  \
             ZERO = m[0];\n  \
             let group = which.x + which.y * total.x;\n  \
             let id = group * {GROUP}u + lane;\n{body}}}\n"
        );
        let library = math::needed_by(&self.text);
        self.text.push_str(&library);
        self.text
    }
}

/// `NAME_bits(i)` for elements of less than a word.
fn lane_bits(name: &str, dtype: DType) -> String {
    let (shift, mask, bits, all) =
        if lanes(dtype) == 4 { (2, 3, 8, 0xff) } else { (1, 1, 16, 0xffff) };
    format!(
        "fn {name}_bits(i: u32) -> u32 {{ return ({name}_get(i >> {shift}u) >> ((i & {mask}u) * {bits}u)) \
         & {all:#x}u; }}"
    )
}
