//! Strided copies: everything that moves elements from one layout to another.
//!
//! [`strided`] is the one mechanism. It lays the axes of source and target out as one loop nest, drops
//! and merges what it can, orders what is left by the target's strides (so that memory is written front
//! to back), splits the nest among threads, and ends in one of four inner loops: runs that are
//! contiguous on both sides (`memcpy`), rows of single items, rows of a short axis turned inside out,
//! and tiles where the source's fast axis is not the target's. The collapse is that of NumPy's `nditer`;
//! tiles go through a small scratch block, so that a line of the source is read once and a row of the
//! target written in one piece whatever the strides do to the caches' sets (the packing of Goto and van
//! de Geijn, "Anatomy of High-Performance Matrix Multiplication", applied to a transpose).
//!
//! Values do not matter here: items are 1, 2, 4, 8 or 16 bytes.

mod tiles;

use std::cmp::Reverse;

use arrayspace_core::{
    DType, Element, Layout, Part, Result, Scalar, Strides, View, check, is_injective,
};
use smallvec::SmallVec;

use crate::exec::stored;
use crate::{Buffer, Cpu, aligned};

/// Nests of fewer bytes are copied by one thread: handing work to another costs some 20 µs, in which
/// that many bytes are copied. (Few in tests, so that small arrays are copied by several.)
const PARALLEL_BYTES: usize = if cfg!(test) { 1 << 14 } else { 1 << 20 };

/// Pieces that one thread copies at a time.
const PIECE_BYTES: usize = if cfg!(test) { 1 << 12 } else { 1 << 18 };

/// Copies the elements, in row-major order, into `out`.
pub(crate) fn download(source: View<'_, Cpu>, out: &mut [u8]) -> Result<()> {
    aligned(source)?;
    check::download(&Cpu, source, out.len())?;
    let item = source.dtype.item_size();
    let target = Layout::contiguous(source.layout.shape())?;
    // SAFETY: the source has been checked; the target's elements fill `out`, which is borrowed mutably
    // and so no part of the source.
    unsafe {
        strided(out.as_mut_ptr(), &target, source.buffer.as_ptr(), source.layout, item);
    }
    Ok(())
}

/// A new buffer of `len` elements from parts that cover it.
pub(crate) fn assemble(parts: &[Part<'_, Cpu>], dtype: DType, len: usize) -> Result<Buffer> {
    check::assemble(&Cpu, parts, dtype, len)?;
    parts.iter().try_for_each(|part| aligned(part.source))?;
    // Parts that overlap would leave a hole elsewhere, which must not be uninitialised memory.
    let (buffer, out) = if covers(parts) {
        Buffer::for_output(dtype, len)?
    } else {
        let mut buffer = Buffer::initialised(dtype, len)?;
        let out = buffer.bytes_mut().ok_or_else(check::not_exclusive)?.as_mut_ptr();
        (buffer, out)
    };
    for part in parts {
        let (source, item) = (part.source, dtype.item_size());
        // SAFETY: source and target have been checked, and the target is a new buffer, which shares
        // no memory with a source.
        unsafe { strided(out, &part.target, source.buffer.as_ptr(), source.layout, item) };
    }
    Ok(buffer)
}

/// Copies the elements of `source` to the places `layout` of `target`.
pub(crate) fn write(target: &mut Buffer, layout: &Layout, source: View<'_, Cpu>) -> Result<()> {
    let item = source.dtype.item_size();
    aligned(source)?;
    check::write(&Cpu, target, layout, source)?;
    let bytes = target.bytes_mut().ok_or_else(check::not_exclusive)?;
    // SAFETY: source and target have been checked; the target is borrowed mutably, and the source is
    // another buffer, since nobody else has a handle to this one.
    unsafe { strided(bytes.as_mut_ptr(), layout, source.buffer.as_ptr(), source.layout, item) };
    Ok(())
}

/// Writes one value to the places `layout` of `target`, whose elements have `dtype`.
pub(crate) fn fill(
    target: &mut Buffer,
    layout: &Layout,
    dtype: DType,
    value: Scalar,
) -> Result<()> {
    let value = stored(&value.checked_for(dtype)?, dtype);
    let item = dtype.item_size();
    let one = &u64::as_bytes(&value)[..item];
    let bytes = target.bytes_mut().ok_or_else(check::not_exclusive)?;
    if layout.ndim() == 0 {
        let start = layout.offset().saturating_mul(item);
        if let Some(place) = bytes.get_mut(start..start.saturating_add(item)) {
            place.copy_from_slice(one);
            return Ok(());
        }
    }
    check::span(layout, bytes.len() / item)?;
    let everywhere = Layout::new(layout.shape(), &Strides::from_elem(0, layout.ndim()), 0)?;
    // SAFETY: the target has been checked; it is borrowed mutably, and the value is elsewhere.
    unsafe { strided(bytes.as_mut_ptr(), layout, one.as_ptr(), &everywhere, item) };
    Ok(())
}

/// Whether the parts certainly have no element in common; as many elements as the buffer then cover it.
fn covers(parts: &[Part<'_, Cpu>]) -> bool {
    let mut spans: SmallVec<[(usize, usize); 8]> = SmallVec::new();
    for part in parts {
        match part.target.span() {
            Some(span) if part.target.is_injective() => {
                if !span.is_empty() {
                    spans.push((span.start, span.end));
                }
            }
            _ => return false,
        }
    }
    spans.sort_unstable();
    spans.windows(2).all(|w| w[0].1 <= w[1].0)
}

/// One axis of a nest: its length, and the bytes from one index to the next on either side.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    len: usize,
    to: isize,
    from: isize,
}

/// A copy as nested loops, outermost first, over items of `item` bytes. No axis has length 0 or 1.
#[derive(Clone, Debug)]
struct Nest {
    to: *mut u8,
    from: *const u8,
    item: usize,
    axes: SmallVec<[Axis; 6]>,
}

// SAFETY: a nest is a promise of its maker that the places it names may be read and written for as long
// as it is used (see `strided`), by any thread.
unsafe impl Send for Nest {}

/// Copies the elements `source` from `from` to the places `target` from `to`.
///
/// Where places of the target repeat, the last one in row-major order wins.
///
/// # Safety
/// The layouts have the same shape; every position of theirs, times `item`, is valid for reads from
/// `from` and for writes from `to`; the two do not overlap, and nobody else uses the target meanwhile.
/// `item` is 1, 2, 4, 8 or 16.
pub(crate) unsafe fn strided(
    to: *mut u8,
    target: &Layout,
    from: *const u8,
    source: &Layout,
    item: usize,
) {
    if target.size() == 0 {
        return;
    }
    let bytes = item as isize;
    let mut axes: SmallVec<[Axis; 6]> = target
        .shape()
        .iter()
        .zip(target.strides().iter().zip(source.strides()))
        .filter(|(len, _)| **len != 1)
        .map(|(&len, (&to, &from))| Axis { len, to: to * bytes, from: from * bytes })
        .collect();
    // SAFETY: index 0 of both is a position of theirs.
    let mut nest = unsafe {
        Nest {
            to: to.add(target.offset() * item),
            from: from.add(source.offset() * item),
            item,
            axes: SmallVec::new(),
        }
    };
    let distinct = is_injective(axes.iter().map(|a| (a.len, a.to)), item);
    if distinct {
        for axis in axes.iter_mut().filter(|a| a.to < 0) {
            let last = axis.len as isize - 1;
            // SAFETY: the last index of an axis is a position, too.
            unsafe {
                nest.to = nest.to.offset(last * axis.to);
                nest.from = nest.from.offset(last * axis.from);
            }
            (axis.to, axis.from) = (-axis.to, -axis.from);
        }
        axes.sort_by_key(|a| Reverse(a.to));
    }
    nest.axes = merged(&axes);
    // SAFETY: the nest names the positions of the layouts, which the caller vouches for.
    unsafe {
        if distinct {
            nest.run();
        } else {
            nest.in_order();
        }
    }
}

/// The axes, those joined that one loop can walk.
fn merged(axes: &[Axis]) -> SmallVec<[Axis; 6]> {
    let mut out: SmallVec<[Axis; 6]> = SmallVec::new();
    for &axis in axes {
        let len = axis.len as isize;
        match out.last_mut() {
            Some(outer)
                if axis.to.checked_mul(len) == Some(outer.to)
                    && axis.from.checked_mul(len) == Some(outer.from) =>
            {
                *outer = Axis { len: outer.len * axis.len, ..axis };
            }
            _ => out.push(axis),
        }
    }
    out
}

impl Nest {
    fn bytes(&self) -> usize {
        self.axes.iter().fold(self.item, |n, a| n.saturating_mul(a.len))
    }

    /// Copies, on several threads if it is worth it. The target's places are distinct.
    ///
    /// # Safety
    /// As for [`strided`].
    unsafe fn run(self) {
        // SAFETY: as the caller's.
        unsafe {
            if self.bytes() >= PARALLEL_BYTES && crate::threads() > 1 {
                self.split();
            } else {
                self.piece();
            }
        }
    }

    /// # Safety
    /// As for [`strided`].
    unsafe fn split(mut self) {
        if self.bytes() < 2 * PIECE_BYTES || self.axes.is_empty() {
            // SAFETY: as the caller's.
            return unsafe { self.piece() };
        }
        let outer = self.axes[0];
        let mut half = outer.len / 2;
        if half > 64 {
            half -= half % 64; // whole lines of a tile
        }
        let mut rest = self.clone();
        self.axes[0].len = half;
        rest.axes[0].len = outer.len - half;
        // SAFETY: index `half` of the axis is a position.
        unsafe {
            rest.to = rest.to.offset(half as isize * outer.to);
            rest.from = rest.from.offset(half as isize * outer.from);
        }
        for part in [&mut self, &mut rest] {
            if part.axes[0].len == 1 {
                part.axes.remove(0);
            }
        }
        // SAFETY: as the caller's; the halves have no place of the target in common.
        rayon::join(|| unsafe { self.split() }, || unsafe { rest.split() });
    }

    /// Copies by one thread, in the order that suits.
    ///
    /// # Safety
    /// As for [`strided`].
    unsafe fn piece(mut self) {
        let item = self.item as isize;
        if let Some(&run) = self.axes.last()
            && (run.to, run.from) == (item, item)
        {
            self.axes.pop();
            self.item *= run.len;
        }
        // SAFETY: as the caller's; `item` bytes at each place are contiguous on both sides.
        unsafe {
            match self.item {
                1 => self.items::<1>(),
                2 => self.items::<2>(),
                4 => self.items::<4>(),
                8 => self.items::<8>(),
                16 => self.items::<16>(),
                run => each(&self.axes, self.to, self.from, |to, from| {
                    // SAFETY: a place of the nest.
                    std::ptr::copy_nonoverlapping(from, to, run);
                }),
            }
        }
    }

    /// # Safety
    /// As for [`strided`]; the items are of `N` bytes.
    unsafe fn items<const N: usize>(mut self) {
        let Some(a) = self.axes.pop() else {
            // SAFETY: the one place of the nest.
            return unsafe { row::<N>(self.to, self.from, 1, 0, 0) };
        };
        let flatter = (0..self.axes.len())
            .filter(|&k| self.axes[k].from != 0)
            .min_by_key(|&k| self.axes[k].from.unsigned_abs())
            .filter(|&k| self.axes[k].from.unsigned_abs() < a.from.unsigned_abs() && a.len >= 8);
        let next = self.axes.last().copied().filter(|b| a.len < 16 && b.len > a.len);
        // SAFETY: the pointers that the walk hands out are places of the nest, and so are those that
        // the rows and tiles step to from there, over the axes that were taken out of it.
        unsafe {
            if let Some(k) = flatter {
                let b = self.axes.remove(k);
                each(&self.axes, self.to, self.from, |to, from| tiles::copy::<N>(to, from, a, b));
            } else if let Some(b) = next {
                self.axes.pop();
                each(&self.axes, self.to, self.from, |to, from| short::<N>(to, from, a, b));
            } else {
                each(&self.axes, self.to, self.from, |to, from| {
                    row::<N>(to, from, a.len, a.to, a.from);
                });
            }
        }
    }

    /// Copies one item after another in row-major order.
    ///
    /// # Safety
    /// As for [`strided`].
    unsafe fn in_order(&self) {
        let item = self.item;
        // SAFETY: the places of the nest.
        unsafe {
            each(&self.axes, self.to, self.from, |to, from| {
                std::ptr::copy_nonoverlapping(from, to, item);
            });
        }
    }
}

/// Calls `f` with the places of each index, in row-major order.
///
/// # Safety
/// All places are within the objects that the pointers point to.
unsafe fn each(axes: &[Axis], to: *mut u8, from: *const u8, mut f: impl FnMut(*mut u8, *const u8)) {
    let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, axes.len());
    let (mut to, mut from) = (to, from);
    'walk: loop {
        f(to, from);
        for (i, axis) in index.iter_mut().zip(axes).rev() {
            *i += 1;
            // SAFETY: to the next index of the axis, or back to its first.
            unsafe {
                if *i < axis.len {
                    (to, from) = (to.offset(axis.to), from.offset(axis.from));
                    continue 'walk;
                }
                let back = axis.len as isize - 1;
                (to, from) = (to.offset(-back * axis.to), from.offset(-back * axis.from));
            }
            *i = 0;
        }
        return;
    }
}

/// Copies two axes, the inner one (`a`) so short that its loop would cost more than its items: the next
/// one is walked in the inner loop, as far as the target stays in the first cache.
///
/// # Safety
/// Every place of the two axes is valid for reads and writes; the two sides do not overlap.
unsafe fn short<const N: usize>(to: *mut u8, from: *const u8, a: Axis, b: Axis) {
    let block = ((16 << 10) / b.to.unsigned_abs().max(1)).max(16);
    for start in (0..b.len).step_by(block) {
        let len = block.min(b.len - start);
        let start = start as isize;
        for i in 0..a.len as isize {
            // SAFETY: start + len <= b.len, i < a.len.
            unsafe {
                let to = to.offset(start * b.to + i * a.to);
                let from = from.offset(start * b.from + i * a.from);
                row::<N>(to, from, len, b.to, b.from);
            }
        }
    }
}

/// Copies `len` items, `to_step` and `from_step` bytes apart.
///
/// # Safety
/// Every item is valid for reads and writes; the two sides do not overlap.
#[inline]
unsafe fn row<const N: usize>(
    to: *mut u8,
    from: *const u8,
    len: usize,
    to_step: isize,
    from_step: isize,
) {
    let n = N as isize;
    // Arrays of bytes have alignment 1 and still move as one word. Each branch is the same loop with
    // steps that the compiler knows.
    let (t, s) = (to.cast::<[u8; N]>(), from.cast::<[u8; N]>());
    // SAFETY: the caller's.
    unsafe {
        if to_step == n {
            if from_step == 0 {
                let value = s.read();
                for i in 0..len {
                    t.add(i).write(value);
                }
            } else if from_step == -n {
                for i in 0..len {
                    t.add(i).write(s.sub(i).read());
                }
            } else {
                for i in 0..len {
                    let at = from.offset(i as isize * from_step);
                    t.add(i).write(at.cast::<[u8; N]>().read());
                }
            }
        } else if from_step == n {
            for i in 0..len {
                let at = to.offset(i as isize * to_step);
                at.cast::<[u8; N]>().write(s.add(i).read());
            }
        } else {
            for i in 0..len as isize {
                let value = from.offset(i * from_step).cast::<[u8; N]>().read();
                to.offset(i * to_step).cast::<[u8; N]>().write(value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
