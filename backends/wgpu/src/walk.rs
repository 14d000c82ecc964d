//! The positions of operands in their buffers, element by element.
//!
//! For element `i`, an operand is read or written at `offset + i`, at `offset` alone, or at a
//! position that follows from the coordinates of the element. The text of a kernel depends on which
//! of these it is; shapes, strides and offsets are parameters, so that few kernels serve all
//! arrays. A coordinate is an operand too, whose position is its value and which is not read.

use std::fmt::Write as _;

use arrayspace_core::{Dims, Layout};
use smallvec::SmallVec;

use crate::gpu::Key;
use crate::parameters::{List, Parameters};

/// The most dimensions for which the positions are computed without a loop.
const UNROLLED: usize = 2;

/// The elements of a shape in row-major order, and the addressing of operands.
pub(crate) struct Walk {
    /// The collapsed shape, to which the strides of [`Addressing::Strided`] operands belong.
    shape: Dims,
    operands: SmallVec<[Operand; 4]>,
    /// Whether one text serves all shapes and strides.
    general: bool,
}

/// Offset and strides of an operand: the strides of the given shape at first, then of the collapsed
/// one.
pub(crate) struct Operand {
    offset: usize,
    strides: SmallVec<[isize; 6]>,
    addressing: Addressing,
}

impl Operand {
    /// The operand with a layout.
    pub(crate) fn of(layout: &Layout) -> Operand {
        Operand {
            offset: layout.offset(),
            strides: layout.strides().iter().copied().collect(),
            addressing: Addressing::Single,
        }
    }

    /// The operand whose position is the coordinate along an axis.
    pub(crate) fn coordinate(axis: usize, ndim: usize) -> Operand {
        let strides = (0..ndim).map(|k| isize::from(k == axis)).collect();
        Operand { offset: 0, strides, addressing: Addressing::Single }
    }
}

/// How the position of an operand follows from element `i`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Addressing {
    /// `offset + i`.
    Contiguous,
    /// `offset`.
    Single,
    /// `offset` plus the products of the coordinates in the collapsed shape with the strides.
    Strided,
}

/// How the coordinates are computed from `i`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Not at all: no operand is strided.
    None,
    /// By statements for each dimension.
    Unrolled,
    /// In a loop over the dimensions.
    Loop,
}

impl Walk {
    /// A walk over a shape that all operands have. Elements are numbered in row-major order, of the
    /// axes in the order `axes` if it is given.
    pub(crate) fn new(
        shape: &[usize],
        axes: Option<&[usize]>,
        operands: impl IntoIterator<Item = Operand>,
    ) -> Walk {
        let mut operands: SmallVec<[Operand; 4]> = operands.into_iter().collect();
        let mut dims = Dims::from_slice(shape);
        if let Some(axes) = axes {
            dims = axes.iter().map(|&a| shape[a]).collect();
            for operand in &mut operands {
                operand.strides = axes.iter().map(|&a| operand.strides[a]).collect();
            }
        }
        let shape = if dims.contains(&0) { Dims::new() } else { collapse(&dims, &mut operands) };
        Walk { shape, operands, general: false }
    }

    /// A walk with one text for all shapes and strides, for kernels that take long to compile.
    pub(crate) fn general(shape: &[usize], operands: impl IntoIterator<Item = Operand>) -> Walk {
        let mut walk = Walk::new(shape, None, operands);
        for operand in &mut walk.operands {
            operand.addressing = Addressing::Strided;
            operand.strides.resize(walk.shape.len(), 0);
        }
        Walk { general: true, ..walk }
    }

    /// The offset of operand `k` if it is contiguous in row-major order.
    pub(crate) fn contiguous_from(&self, k: usize) -> Option<usize> {
        let operand = &self.operands[k];
        let single = self.shape.is_empty() && operand.addressing == Addressing::Single;
        (operand.addressing == Addressing::Contiguous || single).then_some(operand.offset)
    }

    /// Appends everything that the text depends on.
    pub(crate) fn key(&self, key: &mut Key) {
        let ndim = match self.form() {
            Form::None => 0,
            Form::Unrolled => self.shape.len(),
            Form::Loop => UNROLLED + 1,
        };
        key.push(ndim as u32);
        key.extend(self.operands.iter().map(|o| o.addressing as u32));
    }

    fn form(&self) -> Form {
        if !self.operands.iter().any(|o| o.addressing == Addressing::Strided) {
            Form::None
        } else if self.general || self.shape.len() > UNROLLED {
            Form::Loop
        } else {
            Form::Unrolled
        }
    }

    /// The strided operands, each with its index.
    fn strided(&self) -> impl Iterator<Item = (usize, &Operand)> {
        self.operands.iter().enumerate().filter(|(_, o)| o.addressing == Addressing::Strided)
    }

    /// Statements that compute the positions `pos0`, `pos1`, ... of the operands for element `i`.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (k, operand) in self.operands.iter().enumerate() {
            let _ = match operand.addressing {
                Addressing::Contiguous => writeln!(text, "  let pos{k} = p.offset{k} + i;"),
                Addressing::Single => writeln!(text, "  let pos{k} = p.offset{k};"),
                Addressing::Strided => writeln!(text, "  var pos{k} = p.offset{k};"),
            };
        }
        match self.form() {
            Form::None => {}
            Form::Unrolled => self.unrolled(&mut text),
            Form::Loop => self.looped(&mut text),
        }
        text
    }

    /// The function `positions(i)`, an array with the position of each operand for element `i`.
    pub(crate) fn function(&self) -> String {
        let count = self.operands.len();
        let positions: Vec<String> = (0..count).map(|k| format!("pos{k}")).collect();
        format!(
            "fn positions(i: u32) -> array<u32, {count}> {{\n{}  return array<u32, {count}>({});\n}}",
            self.text(),
            positions.join(", ")
        )
    }

    /// Adds to the positions, dimension by dimension from the innermost, which has number 0.
    fn unrolled(&self, text: &mut String) {
        let mut rest = "i".to_owned();
        for d in 0..self.shape.len() {
            let mut coordinate = rest.clone();
            if d + 1 < self.shape.len() {
                let _ = writeln!(
                    text,
                    "  let q{d} = {rest} / p.length{d};\n  let c{d} = {rest} - q{d} * p.length{d};"
                );
                rest = format!("q{d}");
                coordinate = format!("c{d}");
            }
            for (k, _) in self.strided() {
                let _ = writeln!(text, "  pos{k} += {coordinate} * p.stride{d}_{k};");
            }
        }
    }

    /// Adds to the positions in a loop over `p.walk`.
    fn looped(&self, text: &mut String) {
        text.push_str(
            "  var rest = i;\n  var d = 1u;\n  for (var k = 0u; k < p.walk[0]; k++) {\n    \
             let q = rest / p.walk[d];\n    let c = rest - q * p.walk[d];\n    rest = q;\n",
        );
        for (n, (k, _)) in self.strided().enumerate() {
            let _ = writeln!(text, "    pos{k} += c * p.walk[d + {}u];", n + 1);
        }
        let _ = writeln!(text, "    d += {}u;\n  }}", 1 + self.strided().count());
    }
}

/// `offsetK` for each operand. Then `lengthD` of each dimension but the outermost, and `strideD_K`
/// of each dimension and strided operand; or, for the loop, `walk`: the number of dimensions, then
/// for each the length and the strides. Dimensions are numbered from the innermost.
impl Parameters for Walk {
    fn list(&self, list: &mut dyn List) {
        for (k, operand) in self.operands.iter().enumerate() {
            list.word(format_args!("offset{k}"), operand.offset as u32);
        }
        let inward = self.shape.iter().enumerate().rev();
        match self.form() {
            Form::None => {}
            Form::Unrolled => {
                for (d, (axis, &length)) in inward.enumerate() {
                    if axis > 0 {
                        list.word(format_args!("length{d}"), length as u32);
                    }
                    for (k, operand) in self.strided() {
                        list.word(format_args!("stride{d}_{k}"), operand.strides[axis] as u32);
                    }
                }
            }
            Form::Loop => {
                let mut walk: SmallVec<[u32; 32]> =
                    SmallVec::from_slice(&[self.shape.len() as u32]);
                for (axis, &length) in inward {
                    walk.push(length as u32);
                    walk.extend(self.strided().map(|(_, o)| o.strides[axis] as u32));
                }
                list.rest("walk", &walk);
            }
        }
    }
}

/// Joins neighbouring dimensions whose strides allow it for every operand, and sets the addressing.
fn collapse(shape: &[usize], operands: &mut [Operand]) -> Dims {
    let mut dims = Dims::new();
    // the last axis of each joined dimension, whose strides are those of the joined dimension
    let mut last: SmallVec<[usize; 6]> = SmallVec::new();
    for (axis, &len) in shape.iter().enumerate() {
        if len == 1 {
            continue;
        }
        let joins = |o: &Operand, before: usize| {
            o.strides[before] == o.strides[axis].wrapping_mul(len as isize)
        };
        match (last.last_mut(), dims.last_mut()) {
            (Some(before), Some(dim)) if operands.iter().all(|o| joins(o, *before)) => {
                *before = axis;
                *dim *= len;
            }
            _ => {
                last.push(axis);
                dims.push(len);
            }
        }
    }
    for operand in operands {
        operand.strides = last.iter().map(|&axis| operand.strides[axis]).collect();
        let mut step = 1isize;
        let contiguous = dims.iter().zip(&operand.strides).rev().all(|(&len, &stride)| {
            let fits = stride == step;
            step *= len as isize;
            fits
        });
        operand.addressing = if operand.strides.iter().all(|&s| s == 0) {
            Addressing::Single
        } else if contiguous {
            Addressing::Contiguous
        } else {
            Addressing::Strided
        };
    }
    dims
}
