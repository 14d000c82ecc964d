//! Copies of elements from one layout to another, bit for bit.

use std::sync::Arc;

use arrayspace_core::{DType, Layout, Part, Result, View, check};
use smallvec::smallvec;

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::parameters::parameters;
use crate::reg::per_word;
use crate::source::GROUP;
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// A new buffer of `len` elements, assembled from parts that cover it.
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

/// Copies the elements of `source` into `target`, to the positions of `layout`.
pub(crate) fn write(target: &Buffer, layout: &Layout, source: View<'_, Wgpu>) -> Result<()> {
    let source = checked(source)?;
    check_target(target, layout, source)?;
    let gpu = Arc::clone(target.gpu());
    if target.is_same(source.buffer) {
        // the reads and writes of one command are unordered
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

parameters! {
    /// The parameters of [`move_elements`].
    struct Move {
        count: usize,
    }
}

/// Copies elements between different buffers, whose views have been checked.
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
    let per_word = per_word(dtype);
    // whole words of the target, where nothing but padding follows the last element
    let words = walk.contiguous_from(0).filter(|&at| {
        let end = at + count;
        let ends = end.is_multiple_of(per_word) || end * size == target.len_bytes();
        at.is_multiple_of(per_word) && ends
    });
    if let (Some(at), Some(from)) = (words, walk.contiguous_from(1))
        && from.is_multiple_of(per_word)
        && Arc::ptr_eq(source.buffer.gpu(), gpu)
    {
        let bytes = (count * size).next_multiple_of(4);
        gpu.copy(source.buffer, (from * size) as u64, target, (at * size) as u64, bytes as u64);
        return Ok(());
    }
    let packed = words.is_some() && per_word > 1;
    let mut key: Key = Kernel::Write.into();
    key.extend([size as u32, packed.into()]);
    walk.key(&mut key);
    let items = if packed { count.div_ceil(per_word) } else { count };
    let launch = Launch {
        key,
        buffers: smallvec![target, source.buffer],
        parameters: &[&Move { count }, &walk],
        groups: items.div_ceil(GROUP),
    };
    launch.run(gpu, |mut text| {
        if packed {
            text.words("out", target);
        } else {
            text.stored("out", dtype, target);
        }
        text.raw("in", dtype, source.buffer);
        text.add(&walk.function());
        if packed {
            text.add("fn element(i: u32) -> u32 { return in_bits(positions(i)[1]); }");
            text.packing(dtype);
            text.main(
                "if (id * PER_WORD < p.count) { out_set(p.offset0 / PER_WORD + id, packed_word(id)); }",
            )
        } else {
            text.add(
                "fn move_element(i: u32) {\n  let pos = positions(i);\n  \
                 out_store(pos[0], in_bits(pos[1]));\n}",
            );
            text.main("if (id < p.count) { move_element(id); }")
        }
    })
}

/// Reads the elements in row-major order, and waits for them.
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
