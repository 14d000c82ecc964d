//! An elementwise program in a kernel: `value(i)` is the value of element `i`.
//!
//! The text of a kernel depends on the program and on the addressing of its operands. Constants are
//! parameters, as shapes and strides are.

use std::fmt::Write as _;

use arrayspace_core::{
    BinaryOp, DType, Error, Program, Result, Step, StepOp, UnaryOp, View, check, element_count,
};
use smallvec::SmallVec;

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, MAX_ELEMENTS, too_large};
use crate::math;
use crate::parameters::{List, Parameters};
use crate::reg::{Reg, constant, list_constant, narrowed};
use crate::source::Source;
use crate::walk::{Operand, Walk};

/// A program over its operands, ready for a kernel.
pub(crate) struct Values<'a> {
    gpu: &'a Gpu,
    program: &'a Program,
    /// The views that are read: the first operands of the walk.
    inputs: SmallVec<[View<'a, Wgpu>; 4]>,
    /// The axes of the coordinates: the operands of the walk after the inputs.
    coordinates: SmallVec<[u8; 2]>,
    walk: Walk,
    /// The number of elements.
    pub(crate) count: usize,
}

/// The view, if it is within its buffer and this backend can count its elements.
pub(crate) fn checked<'a>(view: View<'a, Wgpu>) -> Result<View<'a, Wgpu>> {
    let len = view.buffer.len_bytes() / view.dtype.item_size();
    check::span(view.layout, len)?;
    size_of(view.layout.shape()).map(|_| view)
}

/// The number of elements of a shape, if this backend can count them.
pub(crate) fn size_of(shape: &[usize]) -> Result<usize> {
    let size = element_count(shape).ok_or_else(|| Error::out_of_memory(None))?;
    if size > MAX_ELEMENTS { Err(too_large(size)) } else { Ok(size) }
}

impl<'a> Values<'a> {
    /// A program over views of this shape. Elements are numbered in row-major order, of the axes in
    /// the order `axes` if it is given.
    pub(crate) fn new(
        gpu: &'a Gpu,
        program: &'a Program,
        inputs: &[View<'a, Wgpu>],
        shape: &[usize],
        axes: Option<&[usize]>,
    ) -> Result<Values<'a>> {
        check::program(program, inputs, shape)?;
        inputs.iter().try_for_each(|&view| checked(view).map(drop))?;
        program.steps().iter().try_for_each(|step| known(step.op))?;
        let count = size_of(shape)?;
        let mut coordinates: SmallVec<[u8; 2]> = SmallVec::new();
        for step in program.steps() {
            if let StepOp::Coordinate(axis) = step.op
                && !coordinates.contains(&axis)
            {
                coordinates.push(axis);
            }
        }
        let operands = (inputs.iter().map(|view| Operand::of(view.layout)))
            .chain(coordinates.iter().map(|&a| Operand::coordinate(a.into(), shape.len())));
        let walk = Walk::new(shape, axes, operands);
        Ok(Values { gpu, program, inputs: inputs.into(), coordinates, walk, count })
    }

    /// The type of the values.
    pub(crate) fn reg(&self) -> Reg {
        Reg::of(self.program.output(), self.gpu)
    }

    /// The dtype of the values.
    pub(crate) fn dtype(&self) -> DType {
        self.program.output()
    }

    /// The buffers, in the order in which [`Values::source`] declares them.
    pub(crate) fn buffers(&self) -> impl Iterator<Item = &Buffer> {
        self.inputs.iter().map(|view| view.buffer)
    }

    /// Appends everything that the text depends on.
    pub(crate) fn key(&self, key: &mut Key) {
        key.push(self.program.steps().len() as u32);
        for step in self.program.steps() {
            let (op, operands) = words(step);
            key.push(u32::from(op) | (step.dtype as u32) << 16);
            key.push(operands);
        }
        self.walk.key(key);
    }

    /// Declares the buffers and `fn value(i: u32)`.
    pub(crate) fn source(&self, source: &mut Source<'_>) {
        let gpu = self.gpu;
        for (k, view) in self.inputs.iter().enumerate() {
            source.elements(&format!("in{k}"), view.dtype, view.buffer);
        }
        if needs_nextafter_half(self.program) {
            source.add(NEXTAFTER_HALF);
        }
        let mut body = self.walk.text();
        for (number, step) in self.program.steps().iter().enumerate() {
            let reg = Reg::of(step.dtype, gpu);
            let value = match step.op {
                StepOp::Input(k) => format!("in{k}_at(pos{k})"),
                StepOp::Constant(_) => constant(reg, &format!("constant{number}")),
                StepOp::Coordinate(axis) => {
                    let k = self.coordinates.iter().position(|&a| a == axis).unwrap_or(0);
                    reg.of_word(&format!("pos{}", self.inputs.len() + k))
                }
                StepOp::Unary(op, x) => {
                    let from = self.program.steps()[x.index()].dtype;
                    unary(op, from, step.dtype, Reg::of(from, gpu), x.index())
                }
                StepOp::Binary(op, a, b) => {
                    let from = self.program.steps()[a.index()].dtype;
                    binary(op, from, step.dtype, Reg::of(from, gpu), [a.index(), b.index()])
                }
                StepOp::Select(c, a, b) => {
                    format!("select(v{}, v{}, v{})", b.index(), a.index(), c.index())
                }
                StepOp::Cast(x) => {
                    let from = self.program.steps()[x.index()].dtype;
                    let value = format!("v{}", x.index());
                    cast(step.dtype, Reg::of(from, gpu), reg, &value)
                }
                // `new` has refused it
                _ => String::new(),
            };
            let _ = writeln!(body, "  let v{number} = {value};");
        }
        let last = self.program.steps().len() - 1;
        let reg = self.reg().wgsl();
        source.add(&format!("fn value(i: u32) -> {reg} {{\n{body}  return v{last};\n}}"));
    }
}

/// An error for a step that this backend does not know.
fn known(op: StepOp) -> Result<()> {
    use StepOp::*;
    match op {
        Unary(op, _) if !math::knows(op.name()) => Err(check::unknown("wgpu", op.name())),
        Binary(op, ..) if !math::knows(op.name()) => Err(check::unknown("wgpu", op.name())),
        Input(_) | Constant(_) | Coordinate(_) | Unary(..) | Binary(..) | Select(..) | Cast(_) => {
            Ok(())
        }
        _ => Err(check::unknown("wgpu", "a step of a program")),
    }
}

impl Parameters for Values<'_> {
    fn list(&self, list: &mut dyn List) {
        for (number, step) in self.program.steps().iter().enumerate() {
            if let StepOp::Constant(k) = step.op {
                let value = self.program.constants()[usize::from(k)];
                let name = format_args!("constant{number}");
                list_constant(list, name, value, step.dtype, Reg::of(step.dtype, self.gpu));
            }
        }
        self.walk.list(list);
    }
}

/// A step as numbers: the operation, and the indices of the steps that it reads.
fn words(step: &Step) -> (u16, u32) {
    let at = |s: arrayspace_core::Slot| s.index() as u32;
    match step.op {
        StepOp::Input(k) => (0, k.into()),
        StepOp::Constant(k) => (1, k.into()),
        StepOp::Coordinate(k) => (2, k.into()),
        StepOp::Cast(x) => (3, at(x)),
        StepOp::Select(c, a, b) => (4, at(c) | at(a) << 8 | at(b) << 16),
        StepOp::Unary(op, x) => (0x100 | op as u16, at(x)),
        StepOp::Binary(op, a, b) => (0x200 | op as u16, at(a) | at(b) << 8),
        // `new` has refused it
        _ => (5, 0),
    }
}

/// The function of the library for an operation on values of dtype `from`, applied to step `x`.
fn unary(op: UnaryOp, from: DType, to: DType, reg: Reg, x: usize) -> String {
    if reg == Reg::Bool {
        return format!("!v{x}"); // the one operation on bools
    }
    let value = format!("{}_{}(v{x})", op.name(), reg.suffix());
    if to == from { narrowed(to, value) } else { value }
}

/// The function of the library for an operation on values of dtype `from`, applied to two steps.
pub(crate) fn binary(op: BinaryOp, from: DType, to: DType, reg: Reg, [a, b]: [usize; 2]) -> String {
    use BinaryOp::*;
    if reg == Reg::Bool {
        return match op {
            BitwiseAnd => format!("(v{a} && v{b})"),
            BitwiseOr => format!("(v{a} || v{b})"),
            Equal => format!("(v{a} == v{b})"),
            Greater => format!("(v{a} && !v{b})"),
            GreaterEqual => format!("(v{a} || !v{b})"),
            Less => format!("(!v{a} && v{b})"),
            LessEqual => format!("(!v{a} || v{b})"),
            // the two of them are one for bools
            _ => format!("(v{a} != v{b})"),
        };
    }
    if op == Nextafter && from.is_half() {
        let (to_bits, of_bits) = match from {
            DType::Float16 => ("f16_from_f32", "f32_from_f16"),
            _ => ("bf16_from_f32", "f32_from_bf16"),
        };
        return format!("{of_bits}(nextafter_half(v{a}, v{b}, {to_bits}(v{a}), {to_bits}(v{b})))");
    }
    let value = format!("{}_{}(v{a}, v{b})", op.name(), reg.suffix());
    match to {
        // rounded down, too
        DType::Float16 if op == FloorDivide => format!("f16_not_above({value})"),
        DType::BFloat16 if op == FloorDivide => format!("bf16_not_above({value})"),
        _ if to == from => narrowed(to, value),
        _ => value,
    }
}

/// The expression that converts a value to a dtype.
fn cast(to: DType, source: Reg, target: Reg, x: &str) -> String {
    if to == DType::Bool {
        return match source {
            Reg::Bool => x.to_owned(),
            Reg::C64 | Reg::C128 => {
                let part = source.part().suffix();
                format!("!(is_zero_{part}({x}.x) && is_zero_{part}({x}.y))")
            }
            Reg::F32 | Reg::F64 => format!("!is_zero_{}({x})", source.suffix()),
            Reg::I64Words | Reg::U64Words => format!("!is_zero_words({x})"),
            _ => format!("({x} != {}(0))", source.wgsl()),
        };
    }
    if target.is_complex() {
        let part = target.part();
        let dtype = part.dtype();
        if source.is_complex() {
            if source == target {
                return x.to_owned();
            }
            let [re, im] =
                ["x", "y"].map(|p| cast(dtype, source.part(), part, &format!("{x}.{p}")));
            return format!("{}({re}, {im})", target.wgsl());
        }
        let re = cast(dtype, source, part, x);
        // opaque, since a driver that ignores signs of zeros may compute -y as 0 - y
        let zero = format!("opaque_{}({}(0.0))", part.suffix(), part.wgsl());
        return format!("{}({re}, {zero})", target.wgsl());
    }
    if source == Reg::Bool {
        return target.of_word(&format!("select(0u, 1u, {x})"));
    }
    // a value of half precision is a float32 in a shader
    let name = |to: &str| format!("{to}_from_{}({x})", source.suffix());
    match to {
        DType::Float16 if matches!(source, Reg::F32 | Reg::F64) => {
            format!("f32_from_f16({})", name("f16"))
        }
        // an integer that float32 cannot represent is out of the range of float16
        DType::Float16 => format!("f32_from_f16(f16_from_f32({}))", name("f32")),
        DType::BFloat16 => format!("f32_from_bf16({})", name("bf16")),
        DType::Int8 => name("i8"),
        DType::Int16 => name("i16"),
        DType::UInt8 => name("u8"),
        DType::UInt16 => name("u16"),
        _ if source == target => x.to_owned(),
        _ => name(target.suffix()),
    }
}

/// The neighbour of a value of half precision, from the values and their bits.
pub(crate) const NEXTAFTER_HALF: &str = "\
fn nextafter_half(x: f32, y: f32, xb: u32, yb: u32) -> u32 {
  if (isnan_f32(x)) { return xb; }
  if (isnan_f32(y)) { return yb; }
  if (x == y) { return yb; }
  if ((xb & 0x7fffu) == 0u) { return (yb & 0x8000u) | 1u; }
  return select(xb - 1u, xb + 1u, (x < y) == (xb < 0x8000u));
}";

/// Whether a step of the program needs [`NEXTAFTER_HALF`].
pub(crate) fn needs_nextafter_half(program: &Program) -> bool {
    program
        .steps()
        .iter()
        .any(|s| matches!(s.op, StepOp::Binary(BinaryOp::Nextafter, ..)) && s.dtype.is_half())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of the library, and of WGSL itself, that the text of an expression may call.
    fn calls(text: &str) -> Vec<&str> {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.split('(').filter_map(|head| head.rsplit(|c| !name(c)).next()).collect()
    }

    fn assert_there(text: &str) {
        for call in calls(text).into_iter().filter(|c| c.contains('_') && *c != NEXTAFTER) {
            assert!(math::has(call), "the library has no function {call}, which {text} calls");
        }
    }

    const NEXTAFTER: &str = "nextafter_half";

    #[test]
    fn every_operation_has_its_functions() {
        let mut count = 0;
        for from in DType::ALL {
            for has_int64 in [true, false] {
                // float64 comes with int64 alone
                let there =
                    |d: DType| has_int64 || !matches!(d, DType::Float64 | DType::Complex128);
                let reg = Reg::with(from, has_int64);
                for op in UnaryOp::ALL {
                    if let Some(to) = op.output(from) {
                        assert!(math::knows(op.name()));
                        assert_there(&unary(op, from, to, reg, 0));
                        count += 1;
                    }
                }
                for op in BinaryOp::ALL {
                    if let Some(to) = op.output(from) {
                        assert!(math::knows(op.name()));
                        assert_there(&binary(op, from, to, reg, [0, 1]));
                        count += 1;
                    }
                }
                for to in DType::ALL {
                    let imaginary_lost = from.is_complex() && !to.is_complex() && to != DType::Bool;
                    if imaginary_lost || !there(from) || !there(to) {
                        continue;
                    }
                    assert_there(&cast(to, reg, Reg::with(to, has_int64), "v0"));
                }
            }
        }
        assert!(count > 900, "{count}");
        assert!(!math::knows("frobnicate") && !math::has("add_f16"));
    }
}
