//! Moving elements from one layout to another: their bits, unseen.

use std::sync::Arc;

use arrayspace_core::{DType, Layout, Part, Result, View, check};
use smallvec::smallvec;

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::reg::lanes;
use crate::source::{GROUP, Source};
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// A new buffer of `len` elements, put together from parts that cover it.
pub(crate) fn assemble(
    gpu: &Arc<Gpu>,
    parts: &[Part<'_, Wgpu>],
    dtype: DType,
    len: usize,
) -> Result<Buffer> {
    let out = gpu.allocate(dtype, len)?;
    for part in parts {
        let source = checked(part.source)?;
        check_target(&out, &part.target, source)?;
        move_elements(gpu, &out, &part.target, source)?;
    }
    Ok(out)
}

/// Copies the elements of `source` to the places `layout` of `target`.
pub(crate) fn write(target: &Buffer, layout: &Layout, source: View<'_, Wgpu>) -> Result<()> {
    let source = checked(source)?;
    check_target(target, layout, source)?;
    let gpu = Arc::clone(target.gpu());
    if target.is_same(source.buffer) {
        // reading and writing one memory in one command has no order
        let apart = contiguous(&gpu, source)?;
        let straight = Layout::contiguous(source.layout.shape())?;
        let source = View { buffer: &apart, dtype: source.dtype, layout: &straight };
        return move_elements(&gpu, target, layout, source);
    }
    move_elements(&gpu, target, layout, source)
}

/// A new buffer with the elements in row-major order.
pub(crate) fn contiguous(gpu: &Arc<Gpu>, source: View<'_, Wgpu>) -> Result<Buffer> {
    let target = Layout::contiguous(source.layout.shape())?;
    assemble(gpu, &[Part { source, target }], source.dtype, source.layout.size())
}

/// An error unless the elements of `source` have positions in the target.
fn check_target(target: &Buffer, layout: &Layout, source: View<'_, Wgpu>) -> Result<()> {
    checked(View { buffer: target, layout, ..source })?;
    check::same_shape(source.layout, layout)
}

/// Copies elements. The buffers are not the same, and the views have been checked.
fn move_elements(
    gpu: &Arc<Gpu>,
    target: &Buffer,
    layout: &Layout,
    source: View<'_, Wgpu>,
) -> Result<()> {
    let count = size_of(layout.shape())?;
    if count == 0 {
        return Ok(());
    }
    let dtype = source.dtype;
    let size = dtype.item_size();
    let operands = [Operand::of(layout), Operand::of(source.layout)];
    let walk = Walk::new(layout.shape(), None, operands);
    let lanes = lanes(dtype);
    let first = walk.contiguous_from(0);
    // whole words of the target, but for what lies beyond its last element
    let words = first.filter(|&at| {
        let end = at + count;
        at.is_multiple_of(lanes) && (end.is_multiple_of(lanes) || end * size == target.len_bytes())
    });
    let mut key: Key = Kernel::Write.into();
    key.push(size as u32);
    let mut meta: Meta = smallvec![0, count as u32];
    if let (Some(at), Some(from)) = (words, walk.contiguous_from(1))
        && from.is_multiple_of(lanes)
        && Arc::ptr_eq(source.buffer.gpu(), gpu)
    {
        let bytes = (count * size).next_multiple_of(4);
        gpu.copy(source.buffer, (from * size) as u64, target, (at * size) as u64, bytes as u64);
        return Ok(());
    }
    walk.key(&mut key);
    walk.meta(&mut meta);
    let buffers = smallvec![target, source.buffer];
    let (kind, items) = match words {
        _ if lanes == 1 => (0, count),
        Some(_) => (1, count.div_ceil(lanes)),
        None => (2, count),
    };
    key.push(kind);
    let command = Submission { key, buffers, meta, groups: items.div_ceil(GROUP) };
    gpu.run(command, || {
        let mut text = Source::new(gpu);
        match kind {
            0 => text.raw("out", dtype, target),
            1 => text.cells("out", "u32", 4, target),
            _ => text.atomics("out", target),
        }
        text.raw("in", dtype, source.buffer);
        let places = walk.text(2);
        match kind {
            0 => text.main(&format!(
                "  let i = id;\n  if (i >= m[1]) {{ return; }}\n{places}  out_set(p0, in_bits(p1));\n"
            )),
            1 => {
                let bits = 32 / lanes;
                text.add(&format!("fn element(i: u32) -> u32 {{\n{places}  return in_bits(p1);\n}}"));
                // the first place of the target is a parameter of the walk
                text.main(&format!(
                    "  let first = id * {lanes}u;\n  if (first >= m[1]) {{ return; }}\n  \
                     let count = min({lanes}u, m[1] - first);\n  var word = 0u;\n  \
                     for (var k = 0u; k < count; k++) {{\n    \
                     word |= element(first + k) << (k * {bits}u);\n  }}\n  \
                     out_set(m[2] / {lanes}u + id, word);\n"
                ))
            }
            _ => text.main(&format!(
                "  let i = id;\n  if (i >= m[1]) {{ return; }}\n{places}{}",
                store_lane(dtype, "p0", "in_bits(p1)")
            )),
        }
    })
}

/// Statements that write an element of less than a word into a buffer of words to be combined, `out`.
pub(crate) fn store_lane(dtype: DType, place: &str, bits: &str) -> String {
    let (shift, mask, width, all) =
        if lanes(dtype) == 4 { (2, 3, 8, 0xff) } else { (1, 1, 16, 0xffff) };
    format!(
        "  let lane_of = (({place}) & {mask}u) * {width}u;\n  \
         out_and(({place}) >> {shift}u, ~({all:#x}u << lane_of));\n  \
         out_or(({place}) >> {shift}u, ({bits}) << lane_of);\n"
    )
}

/// Waits for the elements, in row-major order.
pub(crate) fn download(source: View<'_, Wgpu>, out: &mut [u8]) -> Result<()> {
    let (buffer, at, _) = together(source)?;
    if out.is_empty() { Ok(()) } else { source.buffer.gpu().download(&buffer, at, out) }
}

/// A buffer in which the elements lie in row-major order, the byte of the first, and how many bytes they
/// take.
pub(crate) fn together(source: View<'_, Wgpu>) -> Result<(Buffer, usize, usize)> {
    let source = checked(source)?;
    let (size, layout) = (source.dtype.item_size(), source.layout);
    let len = layout.size() * size;
    if layout.is_contiguous() {
        return Ok((source.buffer.clone(), layout.offset() * size, len));
    }
    Ok((contiguous(source.buffer.gpu(), source)?, 0, len))
}
