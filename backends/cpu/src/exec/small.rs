//! The shortest way: few elements, and operands that are contiguous.
//!
//! What is left of a call when all else is left out: the program is recognised, its operands are found to lie
//! within their buffers in the order of the result, and one kernel is called. The time is that of these checks, so
//! each is made once, and nothing is put into a form for which the kernel would not ask. Programs of several
//! operations are left to [`steps`].

use std::mem::MaybeUninit;

use arrayspace_core::{BinaryOp, DType, Input, Program, Scalar, Step, StepOp, element_count};

use super::direct::is_aligned;
use super::operand::{fill, stored};
use super::steps;
use crate::kernels::{self, BinaryFn, UnaryFn};
use crate::simd::Level;
use crate::{Buffer, Cpu};

/// The most elements.
pub(super) const SMALL: usize = 1024;

/// How many times a constant is repeated for a kernel of two arrays.
const REPEATED: usize = 128;

/// Runs a program of few steps. `None` for any other program, for operands that it is not for, none of which
/// has been checked, and without memory for the result: what is an error is found by who takes any program.
/// (A buffer or none is one word, which is returned in a register; an error beside it would go through memory,
/// and be waited for.)
#[inline]
pub(super) fn map(
    level: Level,
    program: &Program,
    inputs: &[Input<'_, Cpu>],
    shape: &[usize],
) -> Option<Buffer> {
    let n = element_count(shape).filter(|n| (1..=SMALL).contains(n))?;
    let (&Step { op, dtype }, operands) = program.steps().split_last()?;
    if inputs.len() != program.inputs() {
        return None;
    }
    let place = |step: &Step| match step.op {
        StepOp::Input(k) => place(inputs.get(usize::from(k))?, step.dtype, shape, n),
        _ => None,
    };
    let is_input = |step: &Step| matches!(step.op, StepOp::Input(_));
    match (op, operands) {
        (StepOp::Binary(op, a, b), [first, second]) if (a.index(), b.index()) == (0, 1) => {
            let one = match (first.op, second.op) {
                (StepOp::Input(_), StepOp::Input(_)) => {
                    let kernel = kernels::binary(op, first.dtype, level)?;
                    return binary(kernel, [place(first)?, place(second)?], dtype, n);
                }
                (StepOp::Constant(c), StepOp::Input(_)) => {
                    One { constant: c, is_first: true, x: place(second)? }
                }
                (StepOp::Input(_), StepOp::Constant(c)) => {
                    One { constant: c, is_first: false, x: place(first)? }
                }
                _ => return steps::map(level, program, inputs, shape, n),
            };
            let value = program.constants().get(usize::from(one.constant))?;
            with_one(level, op, one, value, [first.dtype, dtype], n)
        }
        (StepOp::Unary(op, x), [of]) if x.index() == 0 && is_input(of) => {
            unary(kernels::unary(op, of.dtype, level)?, place(of)?, dtype, n)
        }
        (StepOp::Cast(x), [of]) if x.index() == 0 && is_input(of) => {
            unary(kernels::cast(of.dtype, dtype, level)?, place(of)?, dtype, n)
        }
        (StepOp::Select(c, a, b), [first, second, third])
            if (c.index(), a.index(), b.index()) == (0, 1, 2) && operands.iter().all(is_input) =>
        {
            let (c, a, b) = (place(first)?, place(second)?, place(third)?);
            let kernel = kernels::select(dtype.item_size(), level);
            // SAFETY: `n` elements of each operand, aligned, and room for as many, apart from them. The
            // kernel is of a level that the processor has.
            output(dtype, n, |out| unsafe { kernel(c, a, b, out, n) })
        }
        (StepOp::Constant(c), []) => {
            let value = program.constants().get(usize::from(c))?;
            // SAFETY: room for `n` elements, aligned; the processor has the level.
            output(dtype, n, |out| unsafe { fill(value, dtype, level, out, n) })
        }
        _ => steps::map(level, program, inputs, shape, n),
    }
}

/// The result that `write` writes. `None` if there is no memory for it.
#[inline]
pub(super) fn output(dtype: DType, n: usize, write: impl FnOnce(*mut u8)) -> Option<Buffer> {
    // one of the operands that is dying would have memory for it, but a small block is had in less time
    // than it takes to find out
    let (buffer, out) = Buffer::for_output(dtype, n).ok()?;
    write(out);
    Some(buffer)
}

/// A kernel of one operand, of which there are `n` elements.
#[inline]
fn unary(kernel: UnaryFn, x: *const u8, dtype: DType, n: usize) -> Option<Buffer> {
    // SAFETY: `n` elements of the operand, aligned, and room for as many, apart from them. The kernel is of a
    // level that the processor has.
    output(dtype, n, |out| unsafe { kernel(x, out, n) })
}

/// A kernel of two operands, of each of which there are `n` elements.
#[inline]
fn binary(kernel: BinaryFn, [a, b]: [*const u8; 2], dtype: DType, n: usize) -> Option<Buffer> {
    // SAFETY: as in `unary`.
    output(dtype, n, |out| unsafe { kernel(a, b, out, n) })
}

/// An operand that is an array, here, and one that is a constant.
struct One {
    constant: u8,
    is_first: bool,
    x: *const u8,
}

/// An operation on an array and a value, both of the first dtype; the result has the second.
fn with_one(
    level: Level,
    op: BinaryOp,
    one: One,
    value: &Scalar,
    [of, dtype]: [DType; 2],
    n: usize,
) -> Option<Buffer> {
    let value = stored(value, of);
    let value = value.as_ptr().cast::<u8>();
    if let Some(kernel) = kernels::apart(op, of, one.ordered(1, 0), level) {
        return binary(kernel, one.ordered(one.x, value), dtype, n);
    }
    let kernel = kernels::binary(op, of, level)?;
    let (from, to) = (of.item_size(), dtype.item_size());
    let mut room = MaybeUninit::<[[u64; 2]; REPEATED]>::uninit();
    let room = room.as_mut_ptr().cast::<u8>();
    let piece = n.min(REPEATED);
    // SAFETY: one element, and room for as many as a piece has, none larger than 16 bytes.
    unsafe { kernels::copy(from, level)(value, 0, room, 1, piece) };
    output(dtype, n, |out| {
        for start in (0..n).step_by(piece) {
            let x = one.x.wrapping_add(start * from);
            let [a, b] = one.ordered(x, room.cast_const());
            // SAFETY: as in `unary`: so many elements of the array from there on, and of the room, which is
            // aligned to 8 bytes, as much as any element.
            unsafe { kernel(a, b, out.wrapping_add(start * to), piece.min(n - start)) };
        }
    })
}

impl One {
    /// What is for the array and what is for the constant, as the operation takes them.
    #[inline]
    fn ordered<T>(&self, array: T, constant: T) -> [T; 2] {
        if self.is_first { [constant, array] } else { [array, constant] }
    }
}

/// Where the elements of an operand begin, if it has `dtype` and its elements, which are those of `shape`, `n` of
/// them, lie side by side within the buffer.
#[inline]
pub(super) fn place(
    input: &Input<'_, Cpu>,
    dtype: DType,
    shape: &[usize],
    n: usize,
) -> Option<*const u8> {
    let (buffer, layout) = (input.buffer.get(), input.layout);
    let (first, size) = (layout.offset(), dtype.item_size());
    let end = first.checked_add(n)?.checked_mul(size)?;
    let at = buffer.as_ptr().wrapping_add(first * size);
    let fits = input.dtype == dtype
        && end <= buffer.len_bytes()
        && layout.is_contiguous()
        && layout.has_shape(shape)
        && is_aligned(at, dtype);
    fits.then_some(at)
}
