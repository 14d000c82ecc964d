//! Products of matrices: tiles of the result, each by a workgroup that holds tiles of both factors, each
//! invocation with a small block of it in registers. A matrix with a vector is a fold of products.

use std::sync::Arc;

use arrayspace_core::{BinaryOp, DType, FoldOp, Layout, Program, Result, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::fold::{fold, packed};
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::map;
use crate::reg::Reg;
use crate::source::{GROUP, Source};
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// Rows and columns of a tile of the result.
pub(crate) const TILE: usize = 64;
/// The length of what one command sums over, at most: Mesa's software driver ends the loops of an invocation,
/// without a word, after 65535 turns, and others stop a command that takes too long.
const SLICE: usize = 1 << 15;
/// Rows and columns of an invocation's block of it: 16 by 16 invocations.
const BLOCK: usize = 4;

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
    let reg = Reg::of(dtype, gpu);
    let cells = gpu.allocate(reg.dtype(), count)?;
    let strides =
        [left.layout, right.layout].map(|l| [l.strides()[ndim - 2], l.strides()[ndim - 1]]);
    let (across, down) = (columns.div_ceil(TILE), rows.div_ceil(TILE));
    let batches: usize = lead.iter().product();
    let groups = size_of(&[batches, down, across])?;
    for start in (0..inner).step_by(SLICE) {
        let lead_of = |layout: &Layout, stride: isize| {
            let offset = layout.offset().wrapping_add_signed(start as isize * stride);
            Layout::new(lead, &layout.strides()[..ndim - 2], offset).map(|l| Operand::of(&l))
        };
        let operands =
            [lead_of(left.layout, strides[0][1])?, lead_of(right.layout, strides[1][0])?];
        let walk = Walk::new(lead, None, operands);
        let mut key: Key = Kernel::Contract.into();
        key.push(dtype as u32);
        walk.key(&mut key);
        let sizes = [batches, rows, columns, SLICE.min(inner - start), down, across];
        let mut meta: Meta = smallvec![0];
        meta.extend(sizes.map(|size| size as u32));
        meta.extend(strides.as_flattened().iter().map(|&s| s as u32));
        meta.push((start > 0).into());
        walk.meta(&mut meta);
        let buffers = smallvec![&cells, left.buffer, right.buffer];
        gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(gpu);
            text.cells("out", reg.wgsl(), reg.cell_size(), &cells);
            text.elements("a", dtype, left.buffer);
            text.elements("b", dtype, right.buffer);
            text.add(&format!(
                "fn put(batch: u32, row: u32, column: u32, v: {}) {{\n  \
                 let at = (batch * m[2] + row) * m[3] + column;\n  \
                 if (m[11] == 1u) {{ out_set(at, add_{}(out_get(at), v)); }} else {{ out_set(at, v); }}\n}}",
                reg.wgsl(),
                reg.suffix(),
            ));
            tiled(text, reg, &walk.text(12), "true")
        })?;
    }
    packed(gpu, cells, dtype, count)
}

/// The tiled kernel, over `a_at(place)`, `b_at(place)` and `put(batch, row, column, value)`.
///
/// The parameters are the number of matrices, rows, columns, the length of what is summed over, how many
/// tiles lie below and beside each other, and the strides of both factors. `places` computes where the
/// matrices number `i` begin, `p0` and `p1`; `wanted` says whether the tile at `first_row` and
/// `first_column` is wanted.
pub(crate) fn tiled(mut text: Source<'_>, reg: Reg, places: &str, wanted: &str) -> String {
    let cell = reg.wgsl();
    // both tiles of factors fit in 16 KiB
    let depth = if reg.cell_size() == 16 { 8 } else { 16 };
    let each = TILE * depth / GROUP;
    let suffix = reg.suffix();
    text.add(&format!(
        "var<workgroup> tile_a: array<{cell}, {0}>;\nvar<workgroup> tile_b: array<{cell}, {0}>;",
        TILE * depth
    ));
    let mut sums = String::new();
    let mut steps = String::new();
    let mut stores = String::new();
    for r in 0..BLOCK {
        for c in 0..BLOCK {
            sums.push_str(&format!("  var s{r}{c} = {cell}();\n"));
            steps.push_str(&format!(
                "      s{r}{c} = add_{suffix}(s{r}{c}, multiply_{suffix}(a{r}, b{c}));\n"
            ));
            stores.push_str(&format!(
                "  if (there && row + {r}u * 16u < m[2] && column + {c}u * 16u < m[3]) {{\n    \
                 put(batch, row + {r}u * 16u, column + {c}u * 16u, s{r}{c});\n  }}\n"
            ));
        }
    }
    let mut loads = String::new();
    for r in 0..BLOCK {
        loads.push_str(&format!("      let a{r} = tile_a[k * {TILE}u + y + {r}u * 16u];\n"));
        loads.push_str(&format!("      let b{r} = tile_b[k * {TILE}u + x + {r}u * 16u];\n"));
    }
    text.main(&format!(
        "  let i = group / (m[5] * m[6]);\n  let batch = i;\n{places}  \
         let tile = group % (m[5] * m[6]);\n  \
         let first_row = (tile / m[6]) * {TILE}u;\n  let first_column = (tile % m[6]) * {TILE}u;\n  \
         let there = batch < m[1] && {wanted};\n  let inner = select(0u, m[4], there);\n  \
         let x = lane % 16u;\n  let y = lane / 16u;\n  \
         let row = first_row + y;\n  let column = first_column + x;\n{sums}  \
         for (var done = 0u; done < inner; done += {depth}u) {{\n    \
         for (var n = 0u; n < {each}u; n++) {{\n      \
         let e = n * {GROUP}u + lane;\n      \
         var va = {cell}();\n      var vb = {cell}();\n      \
         let ka = e % {depth}u;\n      let ra = e / {depth}u;\n      \
         if (there && first_row + ra < m[2] && done + ka < m[4]) {{\n        \
         va = a_at(p0 + (first_row + ra) * m[7] + (done + ka) * m[8]);\n      }}\n      \
         let cb = e % {TILE}u;\n      let kb = e / {TILE}u;\n      \
         if (there && first_column + cb < m[3] && done + kb < m[4]) {{\n        \
         vb = b_at(p1 + (done + kb) * m[9] + (first_column + cb) * m[10]);\n      }}\n      \
         tile_a[ka * {TILE}u + ra] = va;\n      tile_b[kb * {TILE}u + cb] = vb;\n    }}\n    \
         workgroupBarrier();\n    \
         let end = min({depth}u, m[4] - done);\n    \
         for (var k = 0u; k < end; k++) {{\n{loads}{steps}    }}\n    \
         workgroupBarrier();\n  }}\n{stores}"
    ))
}

/// The product as a fold over the inner axis, of values that are multiplied on the way.
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
