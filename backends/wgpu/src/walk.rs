//! Where operands are read and written, element by element.
//!
//! An operand lies either at `offset + i` for the element number `i`, or at one place, or at a place that
//! follows from the coordinates of the element. The text of a kernel depends on which of these it is;
//! shapes, strides and offsets are parameters, so that few kernels serve all arrays. A coordinate is an
//! operand too: one that is not read, whose place is the value.

use std::fmt::Write as _;

use arrayspace_core::{Dims, Layout};
use smallvec::SmallVec;

use crate::gpu::{Key, Meta};

/// Up to so many dimensions are written out; for more there is a loop.
const UNROLLED: usize = 2;

/// Elements of a shape in row-major order, and where operands have them.
pub(crate) struct Walk {
    /// The collapsed shape, in which operands that are [`Place::Strided`] have their strides.
    shape: Dims,
    operands: SmallVec<[Operand; 4]>,
    /// Whether the text is to be one for all shapes and strides.
    general: bool,
}

/// Offset and strides of an operand, first in the shape as given, then in the collapsed one.
pub(crate) struct Operand {
    offset: usize,
    strides: SmallVec<[isize; 6]>,
    place: Place,
}

impl Operand {
    /// The operand of a layout.
    pub(crate) fn of(layout: &Layout) -> Operand {
        Operand {
            offset: layout.offset(),
            strides: layout.strides().iter().copied().collect(),
            place: Place::One,
        }
    }

    /// The operand whose place is the coordinate along an axis.
    pub(crate) fn coordinate(axis: usize, ndim: usize) -> Operand {
        let strides = (0..ndim).map(|k| isize::from(k == axis)).collect();
        Operand { offset: 0, strides, place: Place::One }
    }
}

/// Where an operand is for element `i`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At `offset + i`.
    Same,
    /// At `offset`.
    One,
    /// At `offset` and what the coordinates in the collapsed shape add to it.
    Strided,
}

impl Walk {
    /// A walk over a shape, which all operands have. Elements are numbered in row-major order of the axes
    /// in the order `axes`, if it is given.
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

    /// The same, with one text for all shapes and strides: for kernels that take long to compile.
    pub(crate) fn general(shape: &[usize], operands: impl IntoIterator<Item = Operand>) -> Walk {
        let mut walk = Walk::new(shape, None, operands);
        for operand in &mut walk.operands {
            operand.place = Place::Strided;
            operand.strides.resize(walk.shape.len(), 0);
        }
        Walk { general: true, ..walk }
    }

    /// Where operand `k` lies in row-major order without gaps, if it does.
    pub(crate) fn contiguous_from(&self, k: usize) -> Option<usize> {
        let operand = &self.operands[k];
        let single = self.shape.is_empty() && operand.place == Place::One;
        (operand.place == Place::Same || single).then_some(operand.offset)
    }

    /// Appends what the text depends on.
    pub(crate) fn key(&self, key: &mut Key) {
        let strided = self.operands.iter().any(|o| o.place == Place::Strided);
        let ndim = if self.general { UNROLLED + 1 } else { self.shape.len().min(UNROLLED + 1) };
        key.push(if strided { ndim } else { 0 } as u32);
        key.extend(self.operands.iter().map(|o| o.place as u32));
    }

    /// Appends the parameters. [`Walk::text`] is told where they begin.
    pub(crate) fn meta(&self, meta: &mut Meta) {
        meta.extend(self.operands.iter().map(|o| o.offset as u32));
        meta.push(self.shape.len() as u32);
        // dimension by dimension from the last: its length, then the strides
        for k in (0..self.shape.len()).rev() {
            meta.push(self.shape[k] as u32);
            let strided = self.operands.iter().filter(|o| o.place == Place::Strided);
            meta.extend(strided.map(|o| o.strides[k] as u32));
        }
    }

    /// Statements that compute the places `p0`, `p1`, ... of the operands for element `i`; the
    /// parameters begin at word `at`.
    pub(crate) fn text(&self, at: usize) -> String {
        let mut text = String::new();
        let strided: SmallVec<[usize; 4]> = (0..self.operands.len())
            .filter(|&k| self.operands[k].place == Place::Strided)
            .collect();
        for (k, operand) in self.operands.iter().enumerate() {
            let offset = format!("m[{}u]", at + k);
            let _ = match operand.place {
                Place::Same => writeln!(text, "  let p{k} = {offset} + i;"),
                Place::One => writeln!(text, "  let p{k} = {offset};"),
                Place::Strided => writeln!(text, "  var p{k} = {offset};"),
            };
        }
        if strided.is_empty() {
            return text;
        }
        let dims = at + self.operands.len();
        let step = 1 + strided.len();
        if self.general || self.shape.len() > UNROLLED {
            let _ = writeln!(
                text,
                "  var rest = i;\n  var d = {}u;\n  for (var k = 0u; k < m[{dims}u]; k++) {{\n    \
                 let q = rest / m[d];\n    let c = rest - q * m[d];\n    rest = q;",
                dims + 1
            );
            for (n, k) in strided.iter().enumerate() {
                let _ = writeln!(text, "    p{k} += c * m[d + {}u];", n + 1);
            }
            let _ = writeln!(text, "    d += {step}u;\n  }}");
            return text;
        }
        let mut rest = "i".to_owned();
        for d in 0..self.shape.len() {
            let here = dims + 1 + d * step;
            let coordinate = if d + 1 < self.shape.len() {
                let _ = writeln!(
                    text,
                    "  let q{d} = {rest} / m[{here}u];\n  let c{d} = {rest} - q{d} * m[{here}u];"
                );
                rest = format!("q{d}");
                format!("c{d}")
            } else {
                rest.clone()
            };
            for (n, k) in strided.iter().enumerate() {
                let _ = writeln!(text, "  p{k} += {coordinate} * m[{}u];", here + 1 + n);
            }
        }
        text
    }
}

/// Joins neighbouring dimensions that every operand walks alike, and says where each operand is.
fn collapse(shape: &[usize], operands: &mut [Operand]) -> Dims {
    let mut dims = Dims::new();
    // of each joined dimension the last axis, whose strides are the joined one's
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
        operand.place = if operand.strides.iter().all(|&s| s == 0) {
            Place::One
        } else if contiguous {
            Place::Same
        } else {
            Place::Strided
        };
    }
    dims
}
