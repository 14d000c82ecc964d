//! Products of matrices. Each workgroup computes a tile of the result from tiles of both factors,
//! and each invocation keeps some elements of it in registers. A product with a vector is a
//! reduction of products.

use std::ops::Range;
use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, FoldOp, Layout, Program, Result, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::{fold, packed};
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::map;
use crate::parameters::parameters;
use crate::reg::Reg;
use crate::source::Source;
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// Rows and columns of a tile of the result.
pub(crate) const TILE: usize = 64;
/// The most products that one command adds up for an element. Mesa's software driver silently ends
/// the loops of an invocation after 65535 turns, and other drivers stop a command that takes too
/// long.
const SLICE: usize = 1 << 15;

parameters! {
    /// The parameters of [`tiled`].
    pub(crate) struct Product {
        /// The number of products.
        batches: usize,
        /// The size of each result.
        rows: usize,
        columns: usize,
        /// The number of products that an element sums up.
        inner: usize,
        /// The tiles of a result, in a column and in a row.
        down: usize,
        across: usize,
        /// The strides of the factors, from row to row and from column to column.
        a_row: isize,
        a_column: isize,
        b_row: isize,
        b_column: isize,
    }
}

parameters! {
    /// Further parameters of [`multiply`].
    struct Slice {
        /// Whether the products are added to those of earlier commands.
        added: bool,
    }
}

/// Products of matrices `[..., m, k]` with `[..., k, n]`.
pub(crate) fn contract(
    gpu: &Arc<Gpu>,
    left: View<'_, Wgpu>,
    right: View<'_, Wgpu>,
) -> Result<Buffer> {
    let (left, right) = (checked(left)?, checked(right)?);
    let [rows, inner, columns] = check::contract(left, right)?;
    let (a, dtype) = (left.layout.shape(), left.dtype);
    let ndim = a.len();
    let lead = &a[..ndim - 2];
    let mut shape: SmallVec<[usize; 6]> = lead.into();
    shape.extend([rows, columns]);
    let count = size_of(&shape)?;
    if count == 0 || inner == 0 {
        let mut p = Program::new();
        p.constant(0, dtype)?;
        return map::map(gpu, &p, &mut [], &shape);
    }
    if rows == 1 || columns == 1 {
        return folded(gpu, left, right, &shape, inner);
    }
    let cells = gpu.allocate(Reg::of(dtype, gpu).dtype(), count)?;
    for start in (0..inner).step_by(SLICE) {
        multiply(gpu, &cells, left, right, start..inner.min(start + SLICE))?;
    }
    packed(gpu, cells, dtype, count)
}

/// Multiplies the columns `inner` of the left matrices by these rows of the right ones. All but the first
/// products are added to the cells.
fn multiply(
    gpu: &Arc<Gpu>,
    cells: &Buffer,
    left: View<'_, Wgpu>,
    right: View<'_, Wgpu>,
    inner: Range<usize>,
) -> Result<()> {
    let dtype = left.dtype;
    let reg = Reg::of(dtype, gpu);
    let leading = left.layout.ndim() - 2;
    let lead = &left.layout.shape()[..leading];
    let batches = size_of(lead)?;
    let (rows, columns) = (left.layout.shape()[leading], right.layout.shape()[leading + 1]);
    let strides = |l: &Layout| (l.strides()[leading], l.strides()[leading + 1]);
    let ((a_row, a_column), (b_row, b_column)) = (strides(left.layout), strides(right.layout));
    let (across, down) = (columns.div_ceil(TILE), rows.div_ceil(TILE));
    let starts = |layout: &Layout, stride: isize| {
        let offset = layout.offset().wrapping_add_signed(inner.start as isize * stride);
        Layout::new(lead, &layout.strides()[..leading], offset).map(|l| Operand::of(&l))
    };
    let operands = [starts(left.layout, a_column)?, starts(right.layout, b_row)?];
    let walk = Walk::new(lead, None, operands);
    let mut key: Key = Kernel::Contract.into();
    key.push(dtype as u32);
    walk.key(&mut key);
    let product = Product {
        batches,
        rows,
        columns,
        inner: inner.len(),
        down,
        across,
        a_row,
        a_column,
        b_row,
        b_column,
    };
    let launch = Launch {
        key,
        buffers: smallvec![cells, left.buffer, right.buffer],
        parameters: &[&product, &Slice { added: inner.start > 0 }, &walk],
        groups: size_of(&[batches, down, across])?,
    };
    launch.run(gpu, |mut text| {
        text.values("out", reg, cells);
        text.elements("a", dtype, left.buffer);
        text.elements("b", dtype, right.buffer);
        let add = format!("add_{}", reg.suffix());
        let words = [("Cell", reg.wgsl()), ("add", &*add)];
        text.template(include_str!("contract_put.wgsl"), &words);
        tiled(text, reg, &walk)
    })
}

/// The kernel of a product in tiles. The text declares `a_at(i)`, `b_at(i)`, which are elements of
/// the factors, `put(batch, row, column, value)`, and `wanted(first_row, first_column)`, which is
/// whether a tile is computed. The operands of the walk are the positions where the factors of a
/// batch begin.
pub(crate) fn tiled(mut text: Source<'_>, reg: Reg, walk: &Walk) -> String {
    // the tiles of both factors fit in 16 KiB
    let depth = if reg.cell_size() == 16 { 8 } else { 16 };
    let suffix = reg.suffix();
    text.add(&format!("const TILE: u32 = {TILE}u;\nconst DEPTH: u32 = {depth}u;"));
    text.add(&walk.function());
    let words = [
        ("Cell", reg.wgsl()),
        ("add", &*format!("add_{suffix}")),
        ("multiply", &*format!("multiply_{suffix}")),
    ];
    text.template(include_str!("contract.wgsl"), &words);
    text.main("contract(group, lane);")
}

/// The product as a reduction over the inner axis, whose program multiplies the factors.
fn folded(
    gpu: &Arc<Gpu>,
    left: View<'_, Wgpu>,
    right: View<'_, Wgpu>,
    shape: &[usize],
    inner: usize,
) -> Result<Buffer> {
    let dtype = left.dtype;
    let ndim = shape.len();
    let mut whole: SmallVec<[usize; 6]> = shape.into();
    whole.push(inner);
    let spread = |layout: &Layout, rows: bool| {
        let s = layout.strides();
        let mut strides: SmallVec<[isize; 6]> = s[..ndim - 2].into();
        if rows {
            strides.extend([s[ndim - 2], 0, s[ndim - 1]]);
        } else {
            strides.extend([0, s[ndim - 1], s[ndim - 2]]);
        }
        Layout::new(&whole, &strides, layout.offset())
    };
    let (a, b) = (spread(left.layout, true)?, spread(right.layout, false)?);
    let mut p = Program::new();
    let (x, y) = (p.input(dtype)?, p.input(dtype)?);
    // products of half precision are not rounded
    let wide = if dtype.is_half() { DType::Float32 } else { dtype };
    let (x, y) = (p.cast(x, wide)?, p.cast(y, wide)?);
    p.binary(BinaryOp::Multiply, x, y)?;
    let views = [
        View { buffer: left.buffer, dtype, layout: &a },
        View { buffer: right.buffer, dtype, layout: &b },
    ];
    let out = fold(gpu, FoldOp::Sum, &p, &views, &whole, &[ndim])?;
    if wide == dtype { Ok(out) } else { packed(gpu, out, dtype, size_of(shape)?) }
}
