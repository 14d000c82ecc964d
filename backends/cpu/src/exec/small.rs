//! The short way for small arrays: one operation, its operands contiguous or one value.
//!
//! A call of some elements takes as long as what leads to it. A program of one step over operands that are
//! read where they lie needs neither compiled code nor blocks: one call of a kernel does it.

use std::mem::MaybeUninit;

use arrayspace_core::{Program, Result, Slot, StepOp, View};

use crate::kernels;
use crate::simd::Level;
use crate::{Buffer, Cpu};

/// The most bytes of a small operand or result.
pub(super) const SMALL: usize = 2048;

/// Room for an operand.
#[repr(align(64))]
struct Room(MaybeUninit<[u8; SMALL]>);

/// Runs a program for `n` elements, if it is simple enough. Program, inputs and shape have been checked,
/// and the result is small.
pub(super) fn map(
    level: Level,
    program: &Program,
    inputs: &[View<'_, Cpu>],
    n: usize,
) -> Result<Option<Buffer>> {
    let Some(last) = program.steps().last() else { return Ok(None) };
    let mut room = [const { Room(MaybeUninit::uninit()) }; 2];
    let [first, second] = &mut room;
    match last.op {
        StepOp::Unary(op, x) => {
            let dtype = program.dtype(x);
            let Some(kernel) = kernels::unary(op, dtype, level) else { return Ok(None) };
            let Some(x) = operand(program, inputs, x, n, first, level) else { return Ok(None) };
            let (buffer, out) = Buffer::for_output(last.dtype, n)?;
            // SAFETY: `n` elements of an operand, and room for as many in a new buffer.
            unsafe { kernel(x, out, n) };
            Ok(Some(buffer))
        }
        StepOp::Binary(op, a, b) => {
            let dtype = program.dtype(a);
            let Some(kernel) = kernels::binary(op, dtype, level) else { return Ok(None) };
            let Some(a) = operand(program, inputs, a, n, first, level) else { return Ok(None) };
            let Some(b) = operand(program, inputs, b, n, second, level) else { return Ok(None) };
            let (buffer, out) = Buffer::for_output(last.dtype, n)?;
            // SAFETY: `n` elements of each operand, and room for as many in a new buffer.
            unsafe { kernel(a, b, out, n) };
            Ok(Some(buffer))
        }
        _ => Ok(None),
    }
}

/// The address of the `n` elements of an operand: where they lie, or in `room`, if they are one value. `None`
/// if they are neither.
#[inline]
fn operand(
    program: &Program,
    inputs: &[View<'_, Cpu>],
    slot: Slot,
    n: usize,
    room: &mut Room,
    level: Level,
) -> Option<*const u8> {
    let step = program.steps()[slot.index()];
    let size = step.dtype.item_size();
    let constant;
    let value = match step.op {
        StepOp::Input(k) => {
            let View { buffer, layout, .. } = inputs[usize::from(k)];
            let first = buffer.as_ptr().wrapping_add(layout.offset() * size);
            if layout.is_contiguous() && first.addr().is_multiple_of(size.min(8)) {
                return Some(first);
            }
            let mut axes = layout.shape().iter().zip(layout.strides());
            axes.all(|(&len, &stride)| stride == 0 || len == 1).then_some(first)?
        }
        StepOp::Constant(k) => {
            constant = super::operand::stored(program.constants()[usize::from(k)], step.dtype);
            constant.as_ptr().cast()
        }
        _ => return None,
    };
    if n * size > SMALL {
        return None;
    }
    let to = room.0.as_mut_ptr().cast::<u8>();
    // SAFETY: one element at `value`, which is a constant or an element of a checked view, and room for `n`.
    unsafe { kernels::copy(size, level)(value, 0, to, 1, n) };
    Some(to)
}
