//! Gather and scatter: elements at positions that indices give.
//!
//! Kernels check the indices where they use them. A kernel that finds one out of bounds raises a
//! flag, a word that the host waits for. Its value is the number of elements from the first such
//! element on, that one included.

use std::fmt::Write as _;
use std::sync::Arc;

use arrayspace_core::{DType, IndexTerm, Layout, Result, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::parameters::{List, Parameters};
use crate::reg::{Reg, per_word, raw_cell};
use crate::source::{GROUP, Source};
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// The positions of a layout, each with multiples of strides added that indices give.
pub(crate) struct Positions<'a> {
    pub(crate) terms: &'a [IndexTerm<'a, Wgpu>],
    walk: Walk,
    pub(crate) count: usize,
}

impl<'a> Positions<'a> {
    /// The operands of the walk are the layout, `others`, and the indices of the terms.
    pub(crate) fn new(
        buffer: &Buffer,
        dtype: DType,
        layout: &Layout,
        terms: &'a [IndexTerm<'a, Wgpu>],
        others: &[&Layout],
    ) -> Result<Positions<'a>> {
        let count = size_of(layout.shape())?;
        checked(View { buffer, dtype, layout })?;
        terms.iter().try_for_each(|term| checked(term.indices).map(drop))?;
        let operands = std::iter::once(layout)
            .chain(others.iter().copied())
            .chain(terms.iter().map(|t| t.indices.layout))
            .map(Operand::of);
        let walk = Walk::new(layout.shape(), None, operands);
        Ok(Positions { terms, walk, count })
    }

    pub(crate) fn key(&self, key: &mut Key) {
        self.walk.key(key);
        key.extend(self.terms.iter().map(|t| t.indices.dtype as u32));
    }

    /// Declares the buffers of indices, `positions(i)`, and `indexed(positions)`, which is the
    /// position with the multiples added, or `NOWHERE` if an index is out of bounds. The walk has
    /// `others` operands between the layout and the indices.
    pub(crate) fn declare(&self, text: &mut Source<'_>, others: usize) {
        let mut sum = String::new();
        for (k, term) in self.terms.iter().enumerate() {
            let dtype = term.indices.dtype;
            text.elements(&format!("ix{k}"), dtype, term.indices.buffer);
            let (suffix, operand) = (Reg::of(dtype, text.gpu()).suffix(), 1 + others + k);
            let _ = writeln!(
                sum,
                "  let u{k} = position_{suffix}(ix{k}_at(pos[{operand}]), p.extent{k});\n  \
                 if (u{k} == NOWHERE) {{ return NOWHERE; }}\n  at += u{k} * p.step{k};"
            );
        }
        text.add(&self.walk.function());
        let count = 1 + others + self.terms.len();
        text.add(&format!(
            "fn indexed(pos: array<u32, {count}>) -> u32 {{\n  var at = pos[0];\n{sum}  return at;\n}}"
        ));
    }

    /// Waits for the flag. If an index was out of bounds, the error names it.
    pub(crate) fn verdict(&self, gpu: &Gpu, flag: &Buffer) -> Result<()> {
        let mut word = [0; 4];
        gpu.download(flag, 0, &mut word)?;
        match u32::from_ne_bytes(word) as usize {
            0 => Ok(()),
            left => self.out_of_bounds(self.count - left),
        }
    }

    /// The error for element `i`, one of whose indices is out of bounds.
    fn out_of_bounds(&self, i: usize) -> Result<()> {
        for term in self.terms {
            let at = term.indices.layout.index_of(i);
            let dtype = term.indices.dtype;
            let mut bytes = [0; 8];
            let size = dtype.item_size();
            let gpu = term.indices.buffer.gpu();
            gpu.download(term.indices.buffer, at * size, &mut bytes[..size])?;
            let shift = 64 - 8 * size as u32;
            let bits = u64::from_le_bytes(bytes);
            let value = if dtype.is_signed_integer() {
                i128::from((bits << shift) as i64 >> shift)
            } else {
                bits.into()
            };
            let extent = term.extent as i128;
            if value < -extent || value >= extent {
                return Err(check::index(value, term.axis, term.extent));
            }
        }
        Ok(())
    }
}

/// `count`, `extentK` and `stepK` of each term, and the parameters of the walk.
impl Parameters for Positions<'_> {
    fn list(&self, list: &mut dyn List) {
        list.word(format_args!("count"), self.count as u32);
        for (k, term) in self.terms.iter().enumerate() {
            list.word(format_args!("extent{k}"), term.extent as u32);
            list.word(format_args!("step{k}"), term.stride as u32);
        }
        self.walk.list(list);
    }
}

/// The elements at the positions that indices give.
pub(crate) fn gather(source: View<'_, Wgpu>, terms: &[IndexTerm<'_, Wgpu>]) -> Result<Buffer> {
    let (out, positions, flag) = gather_unchecked(source, terms)?;
    if positions.count > 0 && !terms.is_empty() {
        positions.verdict(source.buffer.gpu(), &flag)?;
    }
    Ok(out)
}

/// The same as [`gather`] for indices that are known to be in bounds, without waiting.
pub(crate) fn gather_known(
    source: View<'_, Wgpu>,
    terms: &[IndexTerm<'_, Wgpu>],
) -> Result<Buffer> {
    Ok(gather_unchecked(source, terms)?.0)
}

fn gather_unchecked<'a>(
    source: View<'a, Wgpu>,
    terms: &'a [IndexTerm<'a, Wgpu>],
) -> Result<(Buffer, Positions<'a>, Buffer)> {
    let gpu = source.buffer.gpu();
    let dtype = source.dtype;
    let positions = Positions::new(source.buffer, dtype, source.layout, terms, &[])?;
    let out = gpu.allocate(dtype, positions.count)?;
    let flag = gpu.allocate(DType::UInt32, 1)?;
    if positions.count == 0 {
        return Ok((out, positions, flag));
    }
    gpu.clear(&flag);
    let per_word = per_word(dtype);
    let mut key: Key = Kernel::Gather.into();
    key.push(dtype.item_size() as u32);
    positions.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, &flag, source.buffer];
    buffers.extend(terms.iter().map(|t| t.indices.buffer));
    let launch = Launch {
        key,
        buffers,
        parameters: &[&positions],
        groups: positions.count.div_ceil(per_word).div_ceil(GROUP),
    };
    launch.run(gpu, |mut text| {
        if per_word == 1 {
            text.raw("out", dtype, &out)
        } else {
            text.words("out", &out)
        }
        text.atomics("flag", &flag);
        text.raw("in", dtype, source.buffer);
        positions.declare(&mut text, 0);
        text.template(include_str!("gather.wgsl"), &[("Cell", raw_cell(dtype.item_size()))]);
        if per_word == 1 {
            text.main("if (id < p.count) { out_set(id, element(id)); }")
        } else {
            text.packing(dtype);
            text.main("if (id * PER_WORD < p.count) { out_set(id, packed_word(id)); }")
        }
    })?;
    Ok((out, positions, flag))
}

/// Writes elements to the positions that indices give.
///
/// First every element claims its position with its number, and the largest number stays. Then the
/// elements whose claims have stayed are written. So the last of several elements for a position
/// wins, whatever the order in which invocations run.
pub(crate) fn scatter(
    target: &Buffer,
    layout: &Layout,
    terms: &[IndexTerm<'_, Wgpu>],
    source: View<'_, Wgpu>,
) -> Result<()> {
    let gpu = Arc::clone(target.gpu());
    let gpu = &gpu;
    let source = checked(source)?;
    let dtype = source.dtype;
    let positions = Positions::new(target, dtype, layout, terms, &[source.layout])?;
    if positions.count == 0 {
        return Ok(());
    }
    let mut copy = None;
    let source = apart(source, target, &mut copy)?;
    let claims = gpu.allocate(DType::UInt32, target.len_bytes() / dtype.item_size())?;
    gpu.clear(&claims);
    claim(gpu, &positions, &claims)?;
    write_claimed(gpu, &positions, &claims, target, source)
}

/// Claims the positions, and waits for whether all indices are in bounds.
fn claim(gpu: &Arc<Gpu>, positions: &Positions<'_>, claims: &Buffer) -> Result<()> {
    locate(gpu, Kernel::ScatterClaim, positions, 1, claims, |text| {
        text.atomics("claims", claims);
        text.add("fn found(i: u32, at: u32) { claims_max(at, i + 1u); }");
    })
}

/// Calls `found(i, at)` for each element `i` and its position, and waits for whether all indices are in
/// bounds. `declare` declares the function and the buffer `out`, into which it writes. The walk has
/// `others` operands between the layout and the indices.
pub(crate) fn locate(
    gpu: &Arc<Gpu>,
    kernel: Kernel,
    positions: &Positions<'_>,
    others: usize,
    out: &Buffer,
    declare: impl FnOnce(&mut Source<'_>),
) -> Result<()> {
    let flag = gpu.allocate(DType::UInt32, 1)?;
    gpu.clear(&flag);
    let mut key: Key = kernel.into();
    positions.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![out, &flag];
    buffers.extend(positions.terms.iter().map(|t| t.indices.buffer));
    let groups = positions.count.div_ceil(GROUP);
    Launch { key, buffers, parameters: &[positions], groups }.run(gpu, |mut text| {
        declare(&mut text);
        text.atomics("flag", &flag);
        positions.declare(&mut text, others);
        text.template(include_str!("scatter_positions.wgsl"), &[]);
        text.main("scatter_positions(id);")
    })?;
    positions.verdict(gpu, &flag)
}

/// Writes the elements whose claims have stayed.
fn write_claimed(
    gpu: &Arc<Gpu>,
    positions: &Positions<'_>,
    claims: &Buffer,
    target: &Buffer,
    source: View<'_, Wgpu>,
) -> Result<()> {
    let dtype = source.dtype;
    let mut key: Key = Kernel::ScatterWrite.into();
    key.push(dtype.item_size() as u32);
    positions.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![target, claims, source.buffer];
    buffers.extend(positions.terms.iter().map(|t| t.indices.buffer));
    let groups = positions.count.div_ceil(GROUP);
    Launch { key, buffers, parameters: &[positions], groups }.run(gpu, |mut text| {
        text.stored("out", dtype, target);
        text.words("claims", claims);
        text.raw("in", dtype, source.buffer);
        positions.declare(&mut text, 1);
        text.template(include_str!("scatter_write.wgsl"), &[]);
        text.main("scatter_write(id);")
    })
}

/// The source, or the same view of a `copy` of its buffer if that is the target, whose elements change
/// while it is read.
pub(crate) fn apart<'a>(
    source: View<'a, Wgpu>,
    target: &Buffer,
    copy: &'a mut Option<Buffer>,
) -> Result<View<'a, Wgpu>> {
    let (buffer, len) = (source.buffer, source.buffer.len_bytes());
    if !buffer.is_same(target) {
        return Ok(source);
    }
    let gpu = buffer.gpu();
    let copy = copy.insert(gpu.allocate(DType::UInt8, len)?);
    gpu.copy(buffer, 0, copy, 0, len.next_multiple_of(4) as u64);
    Ok(View { buffer: copy, ..source })
}
