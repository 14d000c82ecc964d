//! Elements at computed places: gather and scatter.
//!
//! Indices are checked where they are used. A kernel that meets one that is out of bounds says so in a word,
//! the flag, which the host waits for: it holds how many elements come after the first that is affected,
//! that one included.

use std::fmt::Write as _;
use std::sync::Arc;

use arrayspace_core::{DType, IndexTerm, Layout, Result, View, check};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::copy::store_lane;
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::reg::{Reg, lanes};
use crate::source::{GROUP, Source};
use crate::values::{checked, size_of};
use crate::walk::{Operand, Walk};

/// Where elements are taken from or go to: a layout, and what indices add to its places.
pub(crate) struct Places<'a> {
    terms: &'a [IndexTerm<'a, Wgpu>],
    walk: Walk,
    pub(crate) count: usize,
}

impl<'a> Places<'a> {
    /// The layout comes first among the operands of the walk, then `others`, then the terms.
    pub(crate) fn new(
        buffer: &Buffer,
        dtype: DType,
        layout: &Layout,
        terms: &'a [IndexTerm<'a, Wgpu>],
        others: &[&Layout],
    ) -> Result<Places<'a>> {
        let count = size_of(layout.shape())?;
        checked(View { buffer, dtype, layout })?;
        terms.iter().try_for_each(|term| checked(term.indices).map(drop))?;
        let operands = std::iter::once(layout)
            .chain(others.iter().copied())
            .chain(terms.iter().map(|t| t.indices.layout))
            .map(Operand::of);
        let walk = Walk::new(layout.shape(), None, operands);
        Ok(Places { terms, walk, count })
    }

    pub(crate) fn key(&self, key: &mut Key) {
        self.walk.key(key);
        key.extend(self.terms.iter().map(|t| t.indices.dtype as u32));
    }

    /// The parameters: zero, the number of elements, the extents and strides of the terms, the walk's.
    pub(crate) fn meta(&self) -> Meta {
        let mut meta: Meta = smallvec![0, self.count as u32];
        for term in self.terms {
            meta.extend([term.extent as u32, term.stride as u32]);
        }
        self.walk.meta(&mut meta);
        meta
    }

    /// Declares the buffers of indices.
    pub(crate) fn declare(&self, text: &mut Source<'_>) {
        for (k, term) in self.terms.iter().enumerate() {
            text.elements(&format!("ix{k}"), term.indices.dtype, term.indices.buffer);
        }
    }

    /// Statements that compute the places for element `i`, and `at`, that of the layout with what the
    /// indices add; `fine` says whether all were in bounds. `others` operands come before the terms.
    pub(crate) fn text(&self, gpu: &Gpu, others: usize) -> String {
        let mut text = self.walk.text(2 + 2 * self.terms.len());
        text.push_str("  var at = p0;\n  var fine = true;\n");
        for (k, term) in self.terms.iter().enumerate() {
            let (extent, stride) = (format!("m[{}u]", 2 + 2 * k), format!("m[{}u]", 3 + 2 * k));
            let reg = Reg::of(term.indices.dtype, gpu);
            let _ = writeln!(
                text,
                "  let u{k} = place_{}(ix{k}_at(p{}), {extent});\n  fine = fine && u{k} != NOWHERE;",
                reg.suffix(),
                1 + others + k
            );
            let _ = writeln!(text, "  at += u{k} * {stride};");
        }
        text
    }

    /// Waits for the flag, and says which index was out of bounds if one was.
    pub(crate) fn verdict(&self, gpu: &Gpu, flag: &Buffer) -> Result<()> {
        let mut word = [0; 4];
        gpu.download(flag, 0, &mut word)?;
        match u32::from_ne_bytes(word) as usize {
            0 => Ok(()),
            left => self.out_of_bounds(self.count - left),
        }
    }

    /// The error for the element number `i`, one of whose indices is out of bounds.
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

/// Elements at computed places.
pub(crate) fn gather(source: View<'_, Wgpu>, terms: &[IndexTerm<'_, Wgpu>]) -> Result<Buffer> {
    let (out, places, flag) = gather_unchecked(source, terms)?;
    if places.count > 0 && !terms.is_empty() {
        places.verdict(source.buffer.gpu(), &flag)?;
    }
    Ok(out)
}

/// Elements at places that are known to be there: nothing is waited for.
pub(crate) fn gather_known(
    source: View<'_, Wgpu>,
    terms: &[IndexTerm<'_, Wgpu>],
) -> Result<Buffer> {
    Ok(gather_unchecked(source, terms)?.0)
}

fn gather_unchecked<'a>(
    source: View<'a, Wgpu>,
    terms: &'a [IndexTerm<'a, Wgpu>],
) -> Result<(Buffer, Places<'a>, Buffer)> {
    let gpu = source.buffer.gpu();
    let dtype = source.dtype;
    let places = Places::new(source.buffer, dtype, source.layout, terms, &[])?;
    let out = gpu.allocate(dtype, places.count)?;
    let flag = gpu.allocate(DType::UInt32, 1)?;
    if places.count == 0 {
        return Ok((out, places, flag));
    }
    gpu.clear(&flag);
    let lanes = lanes(dtype);
    let mut key: Key = Kernel::Gather.into();
    key.push(dtype.item_size() as u32);
    places.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, &flag, source.buffer];
    buffers.extend(terms.iter().map(|t| t.indices.buffer));
    let groups = places.count.div_ceil(lanes).div_ceil(GROUP);
    gpu.run(Submission { key, buffers, meta: places.meta(), groups }, || {
        let mut text = Source::new(gpu);
        if lanes == 1 { text.raw("out", dtype, &out) } else { text.cells("out", "u32", 4, &out) }
        text.atomics("flag", &flag);
        text.raw("in", dtype, source.buffer);
        places.declare(&mut text);
        let cell = crate::reg::raw_cell(dtype.item_size());
        text.add(&format!(
            "fn element(i: u32) -> {cell} {{\n{}  if (!fine) {{ flag_max(0u, m[1] - i); return {cell}(); }}\n  \
             return in_bits(at);\n}}",
            places.text(gpu, 0)
        ));
        if lanes == 1 {
            text.main("  if (id < m[1]) { out_set(id, element(id)); }\n")
        } else {
            text.main(&format!(
                "  let first = id * {lanes}u;\n  if (first >= m[1]) {{ return; }}\n  \
                 let count = min({lanes}u, m[1] - first);\n  var word = 0u;\n  \
                 for (var k = 0u; k < count; k++) {{\n    \
                 word |= element(first + k) << (k * {}u);\n  }}\n  out_set(id, word);\n",
                32 / lanes
            ))
        }
    })?;
    Ok((out, places, flag))
}

/// Writes elements to computed places: the reverse of [`gather`].
///
/// First every element claims its place with its number, of which the largest stays; then those whose
/// claims stood are written. So the last one wins, in whatever order the kernel runs.
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
    let places = Places::new(target, dtype, layout, terms, &[source.layout])?;
    if places.count == 0 {
        return Ok(());
    }
    let apart;
    let source = if source.buffer.is_same(target) {
        apart = target_copy(gpu, source.buffer)?;
        View { buffer: &apart, ..source }
    } else {
        source
    };
    let flag = gpu.allocate(DType::UInt32, 1)?;
    gpu.clear(&flag);
    let claims = gpu.allocate(DType::UInt32, target.len_bytes() / dtype.item_size())?;
    gpu.clear(&claims);
    let indices = || terms.iter().map(|t| t.indices.buffer);

    let mut key: Key = Kernel::ScatterClaim.into();
    places.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&claims, &flag];
    buffers.extend(indices());
    let groups = places.count.div_ceil(GROUP);
    gpu.run(Submission { key, buffers, meta: places.meta(), groups }, || {
        let mut text = Source::new(gpu);
        text.atomics("claim", &claims);
        text.atomics("flag", &flag);
        places.declare(&mut text);
        let body = places.text(gpu, 1);
        text.main(&format!(
            "  let i = id;\n  if (i >= m[1]) {{ return; }}\n{body}  \
             if (fine) {{ claim_max(at, i + 1u); }} else {{ flag_max(0u, m[1] - i); }}\n"
        ))
    })?;
    places.verdict(gpu, &flag)?;

    let mut key: Key = Kernel::ScatterWrite.into();
    key.push(dtype.item_size() as u32);
    places.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![target, &claims, source.buffer];
    buffers.extend(indices());
    gpu.run(Submission { key, buffers, meta: places.meta(), groups }, || {
        let mut text = Source::new(gpu);
        if lanes(dtype) == 1 {
            text.raw("out", dtype, target)
        } else {
            text.atomics("out", target)
        }
        text.cells("claim", "u32", 4, &claims);
        text.raw("in", dtype, source.buffer);
        places.declare(&mut text);
        let body = places.text(gpu, 1);
        let store = if lanes(dtype) == 1 {
            "  out_set(at, in_bits(p1));\n".to_owned()
        } else {
            store_lane(dtype, "at", "in_bits(p1)")
        };
        text.main(&format!(
            "  let i = id;\n  if (i >= m[1]) {{ return; }}\n{body}  \
             if (!fine || claim_get(at) != i + 1u) {{ return; }}\n{store}"
        ))
    })
}

/// A copy of a whole buffer.
pub(crate) fn target_copy(gpu: &Arc<Gpu>, buffer: &Buffer) -> Result<Buffer> {
    let copy = gpu.allocate(DType::UInt8, buffer.len_bytes())?;
    gpu.copy(buffer, 0, &copy, 0, buffer.len_bytes().next_multiple_of(4) as u64);
    Ok(copy)
}
