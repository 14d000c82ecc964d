//! The short way: one operation, its operands contiguous in rows, or one value for each row.
//!
//! A call of some elements takes as long as what leads to it. A program of one step over operands that are
//! read where they lie needs neither compiled code nor blocks: kernels are called row by row, and what is
//! contiguous as a whole is one row. One value is repeated in a piece of memory; and where the
//! result goes into the memory of an operand, that one is read from a copy, a piece at a time.

use std::mem::MaybeUninit;

use arrayspace_core::{DType, Input, Layout, Program, Result, Slot, StepOp};
use smallvec::SmallVec;

use super::code::{Kernel, dtype_of};
use super::small::SMALL;
use super::{GRAIN, Out, cost, is_streamed, reused, split};
use crate::kernels::{self, CopyFn};
use crate::simd::Level;
use crate::{Buffer, Cpu};

/// The bytes of a piece.
const PIECE: usize = 8192;

/// Rows shorter than this are left to a walk that brings them together, but for small arrays.
const SHORT: usize = 32;

/// The strides of two operands of which every second element is taken.
const APART: [isize; 3] = [2, 2, 0];

/// Memory for a piece of an operand.
#[repr(align(64))]
struct Room(MaybeUninit<[u8; PIECE]>);

/// Where the elements of an operand are.
#[derive(Clone, Copy)]
enum Source {
    /// From here on.
    Place(*const u8),
    /// The same, but the result overwrites them.
    Overwritten(*const u8),
    /// One value for a row, here for the first.
    Value(*const u8),
    /// One value.
    Constant([u64; 2]),
}

/// An operand of the operation.
#[derive(Clone, Copy)]
struct Operand {
    source: Source,
    /// Bytes of an element.
    size: usize,
    /// Bytes from an element to the next in a row.
    step: usize,
    copy: CopyFn,
}

/// The rows: their length, the lengths of the axes outside of them, and for each of these axes how many bytes
/// lie between neighbours, in each operand.
struct Rows {
    length: usize,
    outer: SmallVec<[(usize, [isize; 3]); 3]>,
}

/// An operation and its operands.
struct Call {
    kernel: Kernel,
    operands: [Operand; 3],
    count: usize,
    rows: Rows,
    /// The most elements that the kernel may be given at once.
    most: usize,
    /// Whether the result is written past the caches.
    streams: bool,
    /// Whether the kernel takes one value where an operand is one.
    ones: bool,
}

// SAFETY: the operands are only read, by `run`, whose caller vouches for them.
unsafe impl Sync for Call {}

/// The kernel of a program's last step, an operation on two operands that are so many elements apart, if there is one.
#[inline]
fn apart(program: &Program, steps: [usize; 2], level: Level) -> Option<Kernel> {
    match program.steps().last()?.op {
        StepOp::Binary(op, a, _) => {
            kernels::apart(op, dtype_of(program, a), steps, level).map(Kernel::Binary)
        }
        _ => None,
    }
}

/// Runs a program for the `n` elements of a shape, of which there is at least one, if it is simple enough.
/// Program, inputs and shape have been checked.
pub(super) fn map(
    level: Level,
    program: &Program,
    inputs: &mut [Input<'_, Cpu>],
    shape: &[usize],
    n: usize,
) -> Result<Option<Buffer>> {
    let last = program.steps().last();
    let Some((kernel, slots)) = last.and_then(|last| Kernel::of(program, last, level)) else {
        return Ok(None);
    };
    let dtype = program.output();
    let count = kernel.operands();
    let slots = &slots[..count];
    let layouts = slots.iter().map(|slot| match program.steps()[slot.index()].op {
        StepOp::Input(k) => Some(inputs[usize::from(k)].layout),
        _ => None,
    });
    let Some((rows, inner)) = Rows::of(shape, n, layouts, program, slots) else { return Ok(None) };
    let copy = kernels::copy(1, level);
    let unknown = Operand { source: Source::Constant([0; 2]), size: 1, step: 1, copy };
    let (most, streams, ones) = (usize::MAX, false, false);
    let mut call = Call { kernel, operands: [unknown; 3], count, rows, most, streams, ones };
    let mut ns = program.steps().last().map_or(0.0, |step| cost::step(step.op, dtype));
    for (k, (to, &slot)) in call.operands[..count].iter_mut().zip(slots).enumerate() {
        let Some(operand) = operand(program, inputs, slot, inner[k], level) else {
            return Ok(None);
        };
        *to = operand;
        ns += match operand.source {
            Source::Constant(_) | Source::Value(_) => 0.0,
            _ => cost::CHEAP * operand.step as f32,
        };
    }
    let [a, b, _] = &call.operands;
    match apart(program, [a.step / a.size, b.step / b.size], level) {
        Some(kernel) if [a, b].iter().all(|operand| operand.is_aligned_value()) => {
            (call.kernel, call.ones) = (kernel, true);
        }
        _ if inner == APART => return Ok(None),
        _ => {}
    }
    let size = dtype.item_size();
    ns += cost::CHEAP * size as f32;
    let (buffer, out) = match reusable(program, inputs, slots, n, size) {
        None => {
            let result = Buffer::for_output(dtype, n)?;
            let operands = call.operands[..count].iter().map(Operand::bytes_each);
            call.streams = is_streamed(operands.chain([size]), n);
            result
        }
        Some((buffer, out)) => {
            for operand in &mut call.operands[..count] {
                if let Source::Place(at) = operand.source
                    && at == out.cast_const()
                {
                    operand.source = Source::Overwritten(at);
                }
            }
            (buffer, out)
        }
    };
    for operand in &call.operands[..count] {
        let is_read = match operand.source {
            Source::Place(_) => true,
            Source::Overwritten(_) => false,
            Source::Value(_) | Source::Constant(_) => call.ones,
        };
        if !is_read {
            call.most = call.most.min(PIECE / operand.size);
        }
    }
    if call.streams {
        call.most = call.most.min(PIECE / size);
    }
    let out = Out(out);
    split(n, ns, GRAIN, |range| {
        let out = &out;
        // SAFETY: operands of `n` elements, which are borrowed and have been checked, and room for as
        // many: in a new buffer, or that of an operand which is marked as overwritten. Each element is
        // computed by one task.
        unsafe { call.run(range.start, range.len(), out.0, size) }
    });
    Ok(Some(buffer))
}

/// The memory of an operand that is dying, for the result.
fn reusable(
    program: &Program,
    inputs: &mut [Input<'_, Cpu>],
    slots: &[Slot],
    n: usize,
    size: usize,
) -> Option<(Buffer, *mut u8)> {
    slots.iter().find_map(|slot| match program.steps()[slot.index()].op {
        StepOp::Input(k) => reused(&mut inputs[usize::from(k)], n, size),
        _ => None,
    })
}

/// Where an operand comes from, whose elements lie side by side in a row (`inner` is 1), two apart (2), or are one (0).
/// `None` where a kernel cannot read them.
fn operand(
    program: &Program,
    inputs: &[Input<'_, Cpu>],
    slot: Slot,
    inner: isize,
    level: Level,
) -> Option<Operand> {
    let step = program.steps()[slot.index()];
    let size = step.dtype.item_size();
    let source = match step.op {
        StepOp::Input(k) => {
            let input = &inputs[usize::from(k)];
            let first = input.buffer.get().as_ptr().wrapping_add(input.layout.offset() * size);
            if inner == 0 {
                Source::Value(first)
            } else {
                is_aligned(first, step.dtype).then_some(Source::Place(first))?
            }
        }
        StepOp::Constant(k) => Source::Constant(super::operand::stored(
            &program.constants()[usize::from(k)],
            step.dtype,
        )),
        _ => return None,
    };
    let step = match source {
        Source::Constant(_) => 0,
        _ => size * inner.unsigned_abs(),
    };
    Some(Operand { source, size, step, copy: kernels::copy(size, level) })
}

/// Whether a kernel may read elements of the dtype there.
#[inline]
pub(super) fn is_aligned(at: *const u8, dtype: DType) -> bool {
    at.addr().is_multiple_of(dtype.alignment())
}

impl Rows {
    /// The rows of a shape of `n` elements over operands with these layouts (`None` for a constant), as
    /// long as they can be, and the stride of each operand within them: 0 or 1, or [`APART`]. `None` if an operand has
    /// another one, or the rows are so short that calls of kernels would cost more than copies.
    fn of<'a>(
        shape: &[usize],
        n: usize,
        layouts: impl Iterator<Item = Option<&'a Layout>> + Clone,
        program: &Program,
        slots: &[Slot],
    ) -> Option<(Rows, [isize; 3])> {
        if layouts.clone().flatten().all(Layout::is_contiguous) {
            return Some((Rows { length: n, outer: SmallVec::new() }, [1; 3]));
        }
        let mut sizes = [0; 3];
        for (size, slot) in sizes.iter_mut().zip(slots) {
            *size = dtype_of(program, *slot).item_size() as isize;
        }
        // the axes of more than one element, from the innermost one on, joined where all operands allow it
        let mut axes: SmallVec<[(usize, [isize; 3]); 3]> = SmallVec::new();
        for axis in (0..shape.len()).rev().filter(|&axis| shape[axis] != 1) {
            let mut strides = [0; 3];
            for (stride, layout) in strides.iter_mut().zip(layouts.clone()) {
                *stride = layout.map_or(0, |layout| layout.strides()[axis]);
            }
            match axes.last_mut() {
                Some((length, inner))
                    if strides.iter().zip(&*inner).all(|(outer, inner)| {
                        inner.checked_mul(*length as isize) == Some(*outer)
                    }) =>
                {
                    *length *= shape[axis];
                }
                _ => axes.push((shape[axis], strides)),
            }
        }
        let (length, inner) = if axes.is_empty() { (1, [1; 3]) } else { axes.remove(0) };
        let short = length < SHORT && (n > SMALL || length < 4);
        let are_read = inner == APART || inner.iter().all(|&stride| matches!(stride, 0 | 1));
        if !are_read || short && !axes.is_empty() {
            return None;
        }
        axes.reverse();
        for (_, strides) in &mut axes {
            for (stride, size) in strides.iter_mut().zip(sizes) {
                *stride = stride.wrapping_mul(size);
            }
        }
        Some((Rows { length, outer: axes }, inner))
    }

    /// How many bytes before a row lie, in operand `k`.
    fn offset(&self, row: usize, k: usize) -> isize {
        if let [(_, strides)] = self.outer.as_slice() {
            return row as isize * strides[k];
        }
        let mut rest = row;
        self.outer.iter().rev().fold(0, |offset, (length, strides)| {
            let index = rest % length;
            rest /= length;
            offset + index as isize * strides[k]
        })
    }
}

impl Operand {
    /// Whether a kernel may read it where it is, if it is one value.
    fn is_aligned_value(&self) -> bool {
        match self.source {
            Source::Value(at) => at.addr().is_multiple_of(self.size.min(8)),
            _ => true,
        }
    }

    /// How many bytes of memory it takes for an element, roughly.
    fn bytes_each(&self) -> usize {
        match self.source {
            Source::Place(_) | Source::Overwritten(_) => self.step,
            Source::Value(_) | Source::Constant(_) => 0,
        }
    }
}

impl Call {
    /// Computes elements `start..start + len`.
    ///
    /// # Safety
    /// The operands have these elements, the result room for them, of `size` bytes each; it overlaps no
    /// operand but one that is marked as overwritten, whose elements lie where those of the result will.
    /// The kernels are of a level that the processor has.
    unsafe fn run(&self, start: usize, len: usize, out: *mut u8, size: usize) {
        let mut rooms = [const { Room(MaybeUninit::uninit()) }; 3];
        let mut result = Room(MaybeUninit::uninit());
        // for each room, of which value it is full, and how much of it
        let mut filled = [(std::ptr::null::<u8>(), 0); 3];
        let operands = &self.operands[..self.count];
        let mut from = [std::ptr::null::<u8>(); 3];
        let (mut row, mut column) = match self.rows.outer.is_empty() {
            true => (0, start),
            false => (start / self.rows.length, start % self.rows.length),
        };
        let mut done = 0;
        while done < len {
            let n = self.most.min(len - done).min(self.rows.length - column);
            for (k, operand) in operands.iter().enumerate() {
                let room = rooms[k].0.as_mut_ptr().cast::<u8>();
                let of_row = |first: *const u8| first.wrapping_offset(self.rows.offset(row, k));
                let value = match &operand.source {
                    Source::Place(first) => {
                        from[k] = of_row(*first).wrapping_add(column * operand.step);
                        continue;
                    }
                    Source::Overwritten(first) => {
                        let piece = of_row(*first).wrapping_add(column * operand.size);
                        from[k] = room;
                        // SAFETY: `n` elements of the operand, and room for as many.
                        unsafe { std::ptr::copy_nonoverlapping(piece, room, n * operand.size) };
                        continue;
                    }
                    Source::Value(first) => of_row(*first),
                    Source::Constant(value) => value.as_ptr().cast(),
                };
                if self.ones {
                    from[k] = value;
                    continue;
                }
                from[k] = room;
                if filled[k].0 != value || filled[k].1 < n {
                    filled[k] = (value, n);
                    // SAFETY: one element, and room for as many as a piece has.
                    unsafe { (operand.copy)(value, 0, room, 1, n) };
                }
            }
            let place = out.wrapping_add((start + done) * size);
            let to = if self.streams { result.0.as_mut_ptr().cast() } else { place };
            // SAFETY: `n` elements of each operand, and room for as many, apart from them; a piece has
            // room for those that are streamed.
            unsafe {
                self.kernel.call(from, to, n);
                if self.streams {
                    kernels::stream(to, place, n * size);
                }
            }
            done += n;
            column += n;
            if column == self.rows.length {
                (row, column) = (row + 1, 0);
            }
        }
        if self.streams {
            kernels::streamed();
        }
    }
}
