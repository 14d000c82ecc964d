//! Programs made ready to run: kernels chosen, values assigned to places.
//!
//! Steps become instructions: a kernel with the places that it reads and writes. Half-precision values
//! are converted to float32 before an operation and back after it, which rounds each result correctly
//! (float32 has more than twice their digits, so that the second rounding does no harm). Values that are
//! not read any more leave their place to later ones, so that a long program needs few blocks of scratch.

use arrayspace_core::{DType, Error, Program, Result, Slot, Step, StepOp, View, check};
use smallvec::{SmallVec, smallvec};

use super::cost;
use super::operand::Operand;
use crate::kernels::{self, BinaryFn, SelectFn, UnaryFn};
use crate::simd::Level;
use crate::{Cpu, aligned};

/// The number of a value while a program is compiled, then of its place.
type Place = u16;

/// A loop over a block.
#[derive(Clone, Copy)]
pub(super) enum Kernel {
    Unary(UnaryFn),
    Binary(BinaryFn),
    Select(SelectFn),
}

impl Kernel {
    /// The kernel of a step, and the steps whose values it takes; `None` for an operand, and where no kernel
    /// takes their dtype.
    #[inline]
    pub(super) fn of(program: &Program, step: &Step, level: Level) -> Option<(Kernel, [Slot; 3])> {
        let slots = slots(step.op)?;
        Some((Kernel::taking(dtype_of(program, slots[0]), step, level)?, slots))
    }

    /// The kernel of a step for values of a dtype, if there is one.
    #[inline]
    fn taking(dtype: DType, step: &Step, level: Level) -> Option<Kernel> {
        match step.op {
            StepOp::Unary(op, _) => kernels::unary(op, dtype, level).map(Kernel::Unary),
            StepOp::Binary(op, ..) => kernels::binary(op, dtype, level).map(Kernel::Binary),
            StepOp::Select(..) => {
                Some(Kernel::Select(kernels::select(step.dtype.item_size(), level)))
            }
            StepOp::Cast(_) => kernels::cast(dtype, step.dtype, level).map(Kernel::Unary),
            _ => None,
        }
    }

    /// How many operands it has.
    pub(super) fn operands(&self) -> usize {
        match self {
            Kernel::Unary(_) => 1,
            Kernel::Binary(_) => 2,
            Kernel::Select(_) => 3,
        }
    }

    /// Computes `n` values from those at the first places, as many as it has operands.
    ///
    /// # Safety
    /// There are `n` values at each of these places, aligned, of the dtype that the kernel takes there, and
    /// room for as many results at `to`, apart from them. The processor has the level of the kernel.
    #[inline]
    pub(super) unsafe fn call(self, [a, b, c]: [*const u8; 3], to: *mut u8, n: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Kernel::Unary(f) => f(a, to, n),
                Kernel::Binary(f) => f(a, b, to, n),
                Kernel::Select(f) => f(a, b, c, to, n),
            }
        }
    }
}

/// The dtype of a value that a step of the program takes.
#[inline]
pub(super) fn dtype_of(program: &Program, slot: Slot) -> DType {
    program.steps()[slot.index()].dtype
}

/// The steps whose values a step takes, the last repeated; `None` if it takes none.
#[inline]
fn slots(op: StepOp) -> Option<[Slot; 3]> {
    match op {
        StepOp::Unary(_, x) | StepOp::Cast(x) => Some([x; 3]),
        StepOp::Binary(_, a, b) => Some([a, b, b]),
        StepOp::Select(c, a, b) => Some([c, a, b]),
        _ => None,
    }
}

/// A kernel, the places that it reads (as many as it has operands), and the one that it writes.
#[derive(Clone, Copy)]
pub(super) struct Instruction {
    pub(super) kernel: Kernel,
    pub(super) reads: [Place; 3],
    pub(super) writes: Place,
}

impl Instruction {
    fn reads(&self) -> &[Place] {
        &self.reads[..self.kernel.operands()]
    }
}

/// A program over a shape, ready to run.
///
/// Places are numbered: first the operands, then the blocks of scratch, the last is the result.
pub(super) struct Code {
    pub(super) operands: SmallVec<[Operand; 4]>,
    /// For each input of the program, its operand.
    inputs: SmallVec<[Option<Place>; 4]>,
    /// None if the result is operand 0.
    pub(super) instructions: SmallVec<[Instruction; 4]>,
    /// Blocks of scratch for values between.
    pub(super) blocks: usize,
    /// Bytes of the widest value.
    pub(super) widest: usize,
    /// The level of the kernels.
    pub(super) level: Level,
    /// Whether the result is written past the caches.
    pub(super) streams: bool,
    /// An estimate of the time per element, in ns.
    pub(super) cost: f32,
}

impl Code {
    /// Compiles a program over `shape`, walked with its axes in `order`. Program, inputs and shape have
    /// been checked ([`check`]), and there is at least one element.
    pub(super) fn new(
        program: &Program,
        inputs: &[View<'_, Cpu>],
        shape: &[usize],
        order: &[usize],
        level: Level,
    ) -> Result<Code> {
        let mut builder = Builder::new(program, inputs.len(), level);
        for (k, step) in program.steps().iter().enumerate() {
            if !builder.needed[k] {
                continue;
            }
            builder.code.cost += cost::step(step.op, step.dtype);
            let value = match step.op {
                StepOp::Input(i) => {
                    let View { buffer, dtype, layout } = inputs[usize::from(i)];
                    let ptr = buffer.as_ptr();
                    let place = builder.operand(Operand::view(ptr, dtype, layout, order, level));
                    builder.code.inputs[usize::from(i)] =
                        builder.values[usize::from(place)].operand;
                    place
                }
                StepOp::Constant(i) => {
                    let value = program.constants()[usize::from(i)];
                    builder.operand(Operand::constant(value, step.dtype, level))
                }
                StepOp::Coordinate(axis) => {
                    builder.operand(Operand::coordinate(axis.into(), shape, order, level))
                }
                StepOp::Unary(..) | StepOp::Binary(..) | StepOp::Select(..) | StepOp::Cast(_) => {
                    builder.apply(step)?
                }
                _ => return Err(unsupported(step, step.dtype)),
            };
            builder.stored[k] = value;
        }
        Ok(builder.finish())
    }

    /// The operand that input `k` of the program became, if it is read.
    pub(super) fn operand_of(&self, k: usize) -> Option<usize> {
        self.inputs[k].map(usize::from)
    }

    /// Makes ready for a result in the memory of an operand, whose elements lie at `first` in the order
    /// of the result's. The last instruction, which writes it, reads the operand from a copy.
    pub(super) fn reuse(&mut self, operand: usize, first: *const u8) {
        let read = |i: &Instruction| i.reads().contains(&(operand as Place));
        let last = self.instructions.last().is_some_and(read);
        self.operands[operand].move_to(first, !last);
    }
}

/// A value of the program while it is compiled.
#[derive(Clone, Copy)]
struct Value {
    /// The operand that it is, if it is one.
    operand: Option<Place>,
    /// The number of the last instruction that reads it.
    last_read: usize,
    /// Where it lies (in the end).
    place: Place,
}

struct Builder<'a> {
    program: &'a Program,
    level: Level,
    /// For each step, whether the result depends on it.
    needed: SmallVec<[bool; 16]>,
    /// For each step, its value in the form of its dtype.
    stored: SmallVec<[Place; 16]>,
    /// For each step of half precision, its value as float32, if one was made.
    widened: SmallVec<[Option<Place>; 16]>,
    values: SmallVec<[Value; 16]>,
    code: Code,
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, inputs: usize, level: Level) -> Builder<'a> {
        let steps = program.steps();
        Builder {
            program,
            level,
            needed: needed(steps),
            stored: smallvec![0; steps.len()],
            widened: smallvec![None; steps.len()],
            values: SmallVec::new(),
            code: Code {
                operands: SmallVec::new(),
                inputs: smallvec![None; inputs],
                instructions: SmallVec::new(),
                blocks: 0,
                widest: 1,
                level,
                streams: false,
                cost: 0.0,
            },
        }
    }

    fn value(&mut self, operand: Option<Place>, size: usize) -> Place {
        self.code.widest = self.code.widest.max(size);
        self.values.push(Value { operand, last_read: 0, place: 0 });
        self.values.len() as Place - 1
    }

    fn operand(&mut self, operand: Operand) -> Place {
        self.code.cost += cost::operand(&operand);
        let size = operand.size();
        self.code.operands.push(operand);
        self.value(Some(self.code.operands.len() as Place - 1), size)
    }

    fn emit(&mut self, kernel: Kernel, from: &[Place], dtype: DType) -> Place {
        let mut reads = [0; 3];
        reads[..from.len()].copy_from_slice(from);
        for &value in from {
            self.values[usize::from(value)].last_read = self.code.instructions.len();
        }
        let writes = self.value(None, dtype.item_size());
        self.code.instructions.push(Instruction { kernel, reads, writes });
        self.code.cost += cost::CHEAP * dtype.item_size() as f32;
        writes
    }

    fn cast(&mut self, value: Place, from: DType, to: DType) -> Place {
        match kernels::cast(from, to, self.level) {
            Some(kernel) => self.emit(Kernel::Unary(kernel), &[value], to),
            None => value, // no such pair is asked for: half precision to float32 and back exist
        }
    }

    /// A step that takes values of others: by a kernel for their dtype, or for float32 in an operation on half
    /// precision.
    fn apply(&mut self, step: &Step) -> Result<Place> {
        let slots = slots(step.op).ok_or_else(|| unsupported(step, step.dtype))?;
        let dtype = dtype_of(self.program, slots[0]);
        let mut reads = slots.map(|slot| self.stored[slot.index()]);
        if let Some(kernel) = Kernel::taking(dtype, step, self.level) {
            return Ok(self.emit(kernel, &reads[..kernel.operands()], step.dtype));
        }
        let is_cast = matches!(step.op, StepOp::Cast(_));
        let wide = Some(DType::Float32).filter(|_| dtype.is_half() && !is_cast);
        let kernel = wide.and_then(|wide| Kernel::taking(wide, step, self.level));
        let kernel = kernel.ok_or_else(|| unsupported(step, dtype))?;
        let reads = &mut reads[..kernel.operands()];
        for (read, slot) in reads.iter_mut().zip(slots) {
            *read = match self.widened[slot.index()] {
                Some(wide) => wide,
                None => self.cast(*read, dtype, DType::Float32),
            };
            self.widened[slot.index()] = Some(*read);
        }
        if step.dtype.is_half() {
            let wide = self.emit(kernel, reads, DType::Float32);
            Ok(self.cast(wide, DType::Float32, step.dtype))
        } else {
            Ok(self.emit(kernel, reads, step.dtype))
        }
    }

    /// Assigns places.
    fn finish(mut self) -> Code {
        let code = &mut self.code;
        let first_block = code.operands.len() as Place;
        let (mut blocks, mut free) = (0, SmallVec::<[Place; 8]>::new());
        let last = code.instructions.len().saturating_sub(1);
        for (number, instruction) in code.instructions.iter_mut().enumerate() {
            // A place is found for the result before those of the operands become free: a kernel never
            // writes what it reads.
            if number != last {
                let place = free.pop().unwrap_or_else(|| {
                    blocks += 1;
                    first_block + blocks - 1
                });
                self.values[usize::from(instruction.writes)].place = place;
                instruction.writes = place;
            }
            for k in 0..instruction.reads().len() {
                let value = self.values[usize::from(instruction.reads[k])];
                let place = value.operand.unwrap_or(value.place);
                let again = instruction.reads[..k].contains(&place);
                instruction.reads[k] = place;
                if value.operand.is_none() && value.last_read == number && !again {
                    free.push(place);
                }
            }
        }
        if let Some(last) = code.instructions.last_mut() {
            last.writes = first_block + blocks;
        }
        code.blocks = blocks.into();
        self.code
    }
}

/// Which steps the last one depends on.
fn needed(steps: &[Step]) -> SmallVec<[bool; 16]> {
    let mut needed: SmallVec<[bool; 16]> = smallvec![false; steps.len()];
    if let Some(last) = needed.last_mut() {
        *last = true;
    }
    for (k, step) in steps.iter().enumerate().rev() {
        if !needed[k] {
            continue;
        }
        for slot in slots(step.op).into_iter().flatten() {
            needed[slot.index()] = true;
        }
    }
    needed
}

/// Checks that a program can run over a shape with these inputs; the number of elements.
pub(super) fn check(program: &Program, inputs: &[View<'_, Cpu>], shape: &[usize]) -> Result<usize> {
    check::map(&Cpu, program, inputs, shape)?;
    inputs.iter().try_for_each(|&view| aligned(view))?;
    arrayspace_core::element_count(shape).ok_or_else(|| Error::out_of_memory(None))
}

#[cold]
fn unsupported(step: &Step, dtype: DType) -> Error {
    Error::unsupported(format_args!(
        "the CPU backend has no kernel for the step {:?} of values of dtype {dtype}",
        step.op
    ))
}
