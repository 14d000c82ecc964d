//! The short way of several operations on few elements.
//!
//! What [`small`](super::small) is for one operation. Kernels are called step by step, a piece of the elements
//! at a time; the values between lie in rooms on the stack, one for each step, so that nothing has to be
//! found out about who reads them, and there is nothing to compile.

use std::mem::MaybeUninit;

use arrayspace_core::{Input, Program, Slot, StepOp, element_count};

use super::code::Kernel;
use super::operand::fill;
use super::small::{output, place};
use crate::simd::Level;
use crate::{Buffer, Cpu};

/// The most steps.
pub(super) const STEPS: usize = 16;

/// Bytes for values between.
const ROOMS: usize = 16 << 10;

/// Where the values of steps lie.
#[repr(align(64))]
struct Rooms {
    _bytes: [MaybeUninit<u8>; ROOMS],
}

/// What a step does.
#[derive(Clone, Copy)]
enum Work {
    /// Nothing: its values are those of an operand, from here on.
    Operand(*const u8),
    /// Nothing more: its room is filled with a value.
    Constant,
    /// Counts along an axis of this length, of which each element has so many within.
    Coordinate { len: usize, inner: usize },
    /// Calls a kernel on the values of these steps.
    Kernel(Kernel, [usize; 3]),
}

/// Runs a program of a few steps over `n` elements, at least one, of contiguous operands, constants and
/// coordinates. `None` for any other program or operands, none of which has been checked but their number,
/// and without memory for the result.
#[inline(never)] // the rooms are for those who need them
pub(super) fn map(
    level: Level,
    program: &Program,
    inputs: &[Input<'_, Cpu>],
    shape: &[usize],
    n: usize,
) -> Option<Buffer> {
    let steps = program.steps();
    if steps.len() > STEPS {
        return None;
    }
    let last = steps.len().checked_sub(1)?;
    let widest = steps.iter().map(|step| step.dtype.item_size()).max()?;
    let size = ROOMS / steps.len().next_power_of_two();
    let piece = (size / widest).min(n);
    let mut rooms = MaybeUninit::<Rooms>::uninit();
    let rooms = rooms.as_mut_ptr().cast::<u8>();
    let room = |k: usize| rooms.wrapping_add(k * size);
    let mut works = [Work::Constant; STEPS];
    for (k, (step, work)) in steps.iter().zip(&mut works).enumerate() {
        *work = match step.op {
            // a copy is made by others
            StepOp::Input(_) | StepOp::Constant(_) if k == last => return None,
            StepOp::Input(i) => {
                let input = inputs.get(usize::from(i))?;
                Work::Operand(place(input, step.dtype, shape, n)?)
            }
            StepOp::Constant(i) => {
                let value = program.constants().get(usize::from(i))?;
                // SAFETY: a room for a piece, aligned; the processor has the level.
                unsafe { fill(value, step.dtype, level, room(k), piece) };
                Work::Constant
            }
            StepOp::Coordinate(axis) => {
                let (len, within) = shape.get(usize::from(axis)..)?.split_first()?;
                Work::Coordinate { len: *len, inner: element_count(within)? }
            }
            _ => {
                let (kernel, slots) = Kernel::of(program, step, level)?;
                Work::Kernel(kernel, slots.map(Slot::index))
            }
        };
    }
    let dtype = steps[last].dtype;
    output(dtype, n, |out| {
        for start in (0..n).step_by(piece) {
            let count = piece.min(n - start);
            let mut places = [std::ptr::null::<u8>(); STEPS];
            for (k, (step, &work)) in steps.iter().zip(&works).enumerate() {
                let from_start = start * step.dtype.item_size();
                let to = if k == last { out.wrapping_add(from_start) } else { room(k) };
                places[k] = match work {
                    Work::Operand(first) => first.wrapping_add(from_start),
                    Work::Constant => to.cast_const(),
                    Work::Coordinate { len, inner } => {
                        for i in 0..count {
                            let number = start + i;
                            let coordinate = if len == n { number } else { number / inner % len };
                            // SAFETY: room for a piece of int64, aligned to 8 bytes.
                            unsafe { to.cast::<i64>().add(i).write(coordinate as i64) };
                        }
                        to.cast_const()
                    }
                    Work::Kernel(kernel, reads) => {
                        // SAFETY: each place has `count` values of the dtype that its step has, aligned;
                        // there is room for as many of this step's, apart from them. The kernel is of a
                        // level that the processor has.
                        unsafe { kernel.call(reads.map(|read| places[read]), to, count) };
                        to.cast_const()
                    }
                };
            }
        }
    })
}
