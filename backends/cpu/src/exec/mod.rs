//! Runs elementwise programs.
//!
//! A program becomes [`code`]: kernels and the places that they read and write. It [`run`]s over blocks of
//! some thousand elements in row-major order, so that values between stay in the first-level cache (as in
//! numexpr). Kernels exist for contiguous memory alone; an [`operand`] that is none is copied to scratch,
//! a block at a time, in loops over its own collapsed dimensions. [`evaluator`] gives values of a program
//! to those who do not store them, and [`tasks`] shares work among threads: elements are independent of
//! each other, so results depend neither on the blocks nor on the threads.

mod code;
mod cost;
mod direct;
mod evaluator;
mod operand;
mod run;
mod small;
mod steps;
mod tasks;

#[cfg(test)]
mod tests;

use arrayspace_core::{Access, Input, Layout, Program, Result, StepOp, View, element_count};
use smallvec::SmallVec;

use crate::simd::Level;
use crate::{Buffer, Cpu, copy};
use code::{Code, check};
pub(crate) use evaluator::{BLOCK, Evaluator, Reader};
use operand::Operand;
pub(crate) use operand::stored;
use run::{Blocks, Scratch};
pub(crate) use tasks::split;

/// From this number of bytes on, operands and result together, a result is written past the caches: they
/// could not hold it until it is read again.
pub(crate) const STREAMED: usize = 32 << 20;

/// Whether that many bytes are `n` elements of each of these sizes.
pub(crate) fn is_streamed(sizes: impl Iterator<Item = usize>, n: usize) -> bool {
    #[cfg(test)]
    let from = crate::testing::Ways::taken().streamed;
    #[cfg(not(test))]
    let from = STREAMED;
    sizes.sum::<usize>().saturating_mul(n) >= from
}

/// Tasks of threads begin at multiples of this number of elements: no two write to one cache line.
const GRAIN: usize = 4096;

/// Runs a program for each element of `shape`.
pub(crate) fn map(
    program: &Program,
    inputs: &mut [Input<'_, Cpu>],
    shape: &[usize],
) -> Result<Buffer> {
    map_at(Level::best(), program, inputs, shape)
}

/// [`map`] with the kernels of a level that the processor has.
#[inline]
fn map_at(
    level: Level,
    program: &Program,
    inputs: &mut [Input<'_, Cpu>],
    shape: &[usize],
) -> Result<Buffer> {
    match small::map(level, program, inputs, shape) {
        Some(buffer) => Ok(buffer),
        None => map_any(level, program, inputs, shape),
    }
}

/// [`map`] of operands that others keep, if their elements are few and lie in order; else `None`, and then
/// nothing has been checked.
pub(crate) fn map_few(
    program: &Program,
    views: &[View<'_, Cpu>],
    shape: &[usize],
) -> Option<Buffer> {
    if element_count(shape)? > small::SMALL {
        return None;
    }
    let inputs: SmallVec<[Input<'_, Cpu>; 4]> = views.iter().copied().map(Input::from).collect();
    small::map(Level::best(), program, &inputs, shape)
}

/// [`map_at`] of any program and operands.
#[inline(never)] // what it needs room for, small arrays do without
fn map_any(
    level: Level,
    program: &Program,
    inputs: &mut [Input<'_, Cpu>],
    shape: &[usize],
) -> Result<Buffer> {
    let views: SmallVec<[View<'_, Cpu>; 4]> = inputs.iter().map(Input::view).collect();
    let n = check(program, &views, shape)?;
    drop(views);
    let dtype = program.output();
    if n == 0 {
        return Buffer::initialised(dtype, 0);
    }
    if let Some(buffer) = direct::map(level, program, inputs, shape, n)? {
        return Ok(buffer);
    }
    let size = dtype.item_size();
    let copied = match program.steps().last().map(|step| step.op) {
        Some(StepOp::Input(k)) => Some(usize::from(k)),
        _ => None,
    };
    if let Some(k) = copied {
        if let Some(buffer) = reused(&mut inputs[k], n, size) {
            return Ok(buffer.0);
        }
        let view = inputs[k].view();
        let target = Layout::contiguous(shape)?;
        let (buffer, out) = Buffer::for_output(dtype, n)?;
        // SAFETY: the view has been checked, and the new buffer has room for its elements.
        unsafe { copy::strided(out, &target, view.buffer.as_ptr(), view.layout, size) };
        return Ok(buffer);
    }
    let views: SmallVec<[View<'_, Cpu>; 4]> = inputs.iter().map(Input::view).collect();
    let order: SmallVec<[usize; 8]> = (0..shape.len()).collect();
    let mut code = Code::new(program, &views, shape, &order, level)?;
    drop(views);
    let reusable = inputs.iter_mut().enumerate().find_map(|(k, input)| {
        let operand = code.operand_of(k)?;
        reused(input, n, size).map(|found| (operand, found))
    });
    let tiles = code.operands.iter().find_map(|o| o.tiles(n));
    let (buffer, out) = match reusable {
        Some((operand, (buffer, out))) => {
            code.reuse(operand, out);
            (buffer, out)
        }
        None => {
            let result = Buffer::for_output(dtype, n)?;
            // a value that is repeated takes next to no memory; nor does this estimate matter much
            let operands = code.operands.iter().filter(|o| !o.is_single()).map(Operand::size);
            // by tiles, rows are written in parts, whose ends share cache lines
            code.streams = tiles.is_none() && is_streamed(operands.chain([size]), n);
            result
        }
    };
    let out = Out(out);
    let blocks = Blocks::of(&code, n);
    // SAFETY, below: the inputs are borrowed, and the layouts have been checked. The buffer has room for
    // `n` elements, and each is computed by one task. It is new, or an operand's whose elements are those
    // of the result: then the last instruction does not read it where it is (`Code::reuse`).
    match tiles {
        Some(tiles) => {
            let groups = tiles.groups(n);
            split(groups, n as f32 / groups as f32 * code.cost, 1, |range| {
                let (mut scratch, out) = (Scratch::for_tiles(&code, blocks, tiles, n), &out);
                for group in range {
                    // SAFETY: see above; the scratch was made for these tiles.
                    tiles.walk(group, |tile| unsafe { code.tile(&mut scratch, tile, out.0, size) });
                }
            });
        }
        None => split(n, code.cost, GRAIN, |range| {
            let (mut scratch, out) = (Scratch::new(&code, blocks), &out);
            let (start, len) = (range.start, range.len());
            // SAFETY: see above.
            unsafe { code.run(&mut scratch, blocks, start, len, out.0.add(start * size), size) };
        }),
    }
    Ok(buffer)
}

/// The address of a result, each task writing to another part of it.
struct Out(*mut u8);

// SAFETY: see `map_any`, where it is used.
unsafe impl Sync for Out {}

/// The memory of a dying operand and a handle to it, if the result, `n` elements of `size` bytes, can have
/// it: nobody else has a handle, and its elements lie where those of the result will.
fn reused(input: &mut Input<'_, Cpu>, n: usize, size: usize) -> Option<(Buffer, *mut u8)> {
    let Access::Dying(buffer) = &mut input.buffer else { return None };
    let fits = input.dtype.item_size() == size
        && input.layout.offset() == 0
        && input.layout.is_contiguous()
        && buffer.len_bytes() == n * size;
    let at = if fits { buffer.bytes_mut()?.as_mut_ptr() } else { return None };
    at.addr().is_multiple_of(size.min(8)).then(|| (buffer.clone(), at))
}

/// Expands an expression for the Rust type of a dtype: `for_dtype!(dtype, T => f::<T>())`.
macro_rules! for_dtype {
    ($dtype:expr, $T:ident => $body:expr) => {{
        use arrayspace_core::DType;
        macro_rules! arm {
            ($type:ty) => {{
                type $T = $type;
                $body
            }};
        }
        match $dtype {
            DType::Bool => arm!(bool),
            DType::Int8 => arm!(i8),
            DType::Int16 => arm!(i16),
            DType::Int32 => arm!(i32),
            DType::Int64 => arm!(i64),
            DType::UInt8 => arm!(u8),
            DType::UInt16 => arm!(u16),
            DType::UInt32 => arm!(u32),
            DType::UInt64 => arm!(u64),
            DType::Float16 => arm!(half::f16),
            DType::BFloat16 => arm!(half::bf16),
            DType::Float32 => arm!(f32),
            DType::Float64 => arm!(f64),
            DType::Complex64 => arm!(num_complex::Complex<f32>),
            DType::Complex128 => arm!(num_complex::Complex<f64>),
        }
    }};
}
use for_dtype;
