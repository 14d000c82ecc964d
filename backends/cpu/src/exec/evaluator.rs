//! Values of a program for those who do not store them: folds, compaction.

use std::marker::PhantomData;

use arrayspace_core::{DType, Dims, Error, Program, Result, Step, StepOp, View};

use super::code::{Code, check};
use super::cost;
use super::run::{Blocks, Scratch};
use crate::Cpu;
use crate::simd::Level;

/// The most values that an [`Evaluator`] gives at once.
pub(crate) const BLOCK: usize = 4096;

/// Evaluates a program over parts of a shape into contiguous memory.
///
/// The evaluator walks a shape with permuted axes; its elements are numbered from 0 in row-major order of
/// the permuted shape. It is shared by all threads; each has a [`Reader`] of its own.
pub(crate) struct Evaluator<'a> {
    values: Values<'a>,
    size: usize,
    dtype: DType,
}

/// Where the values come from.
enum Values<'a> {
    /// They lie in memory, row-major in the permuted shape.
    Whole(&'a [u8]),
    /// They are computed from operands that live so long.
    Code(Box<(Code, Blocks)>, PhantomData<View<'a, Cpu>>),
}

/// One thread's use of an [`Evaluator`].
pub(crate) struct Reader<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    /// `None` until it is needed: not where all values are those of an operand.
    scratch: Option<Box<Scratch>>,
    out: Vec<u128>,
}

impl<'a> Evaluator<'a> {
    /// Checks program, inputs and shape, and makes ready. `order` is a permutation of the axes of `shape`:
    /// axis `k` of the permuted shape is axis `order[k]`. Coordinates mean the original axes.
    pub(crate) fn new(
        program: &Program,
        inputs: &[View<'a, Cpu>],
        shape: &[usize],
        order: &[usize],
    ) -> Result<Evaluator<'a>> {
        let size = check(program, inputs, shape)?;
        let mut seen: Dims = order.into();
        seen.sort_unstable();
        if !seen.iter().copied().eq(0..shape.len()) {
            return Err(Error::axis(format_args!(
                "{order:?} is no order of the axes of a shape of {} dimensions",
                shape.len()
            )));
        }
        let dtype = program.output();
        let values = if size == 0 {
            Values::Whole(&[])
        } else if let Some(bytes) = whole(program, inputs, order, size) {
            Values::Whole(bytes)
        } else {
            let code = Code::new(program, inputs, shape, order, Level::best())?;
            let blocks = Blocks::of(&code, size.min(BLOCK));
            Values::Code(Box::new((code, blocks)), PhantomData)
        };
        Ok(Evaluator { values, size, dtype })
    }

    /// An estimate of the time per element, in ns.
    pub(crate) fn cost(&self) -> f32 {
        match &self.values {
            Values::Whole(_) => cost::CHEAP * self.dtype.item_size() as f32,
            Values::Code(code, _) => code.0.cost,
        }
    }

    /// All values, if they lie in memory as they are: row-major in the permuted shape, aligned to the
    /// size of an element (at most 8).
    pub(crate) fn whole(&self) -> Option<&'a [u8]> {
        match &self.values {
            Values::Whole(bytes) => Some(bytes),
            Values::Code(..) => None,
        }
    }

    /// What a thread needs to read values.
    pub(crate) fn reader(&self) -> Reader<'_, 'a> {
        Reader { evaluator: self, scratch: None, out: Vec::new() }
    }
}

/// All values of a program, if it is one operand, whose elements lie in order as the shape is walked.
fn whole<'a>(
    program: &Program,
    inputs: &[View<'a, Cpu>],
    order: &[usize],
    size: usize,
) -> Option<&'a [u8]> {
    let ([Step { op: StepOp::Input(0), dtype }], [view]) = (program.steps(), inputs) else {
        return None;
    };
    let walked = view.layout.permute(order);
    let first = walked.offset() * dtype.item_size();
    let bytes = view.buffer.bytes().get(first..first + size * dtype.item_size())?;
    let aligned = bytes.as_ptr().addr().is_multiple_of(dtype.item_size().min(8));
    (walked.is_contiguous() && aligned).then_some(bytes)
}

impl Reader<'_, '_> {
    /// The bytes of values `start..start + len` in row-major order of the permuted shape, which may span
    /// many rows; `len` is at most [`BLOCK`].
    ///
    /// They are aligned to the size of an element (at most 8), and lie in the reader, or in an operand's
    /// memory where the program is that operand. A bool there may be any byte; what is not 0 is true.
    ///
    /// # Panics
    /// If the elements are not elements of the shape, or too many.
    pub(crate) fn values(&mut self, start: usize, len: usize) -> &[u8] {
        let Evaluator { values, size, dtype } = self.evaluator;
        assert!(len <= BLOCK && start <= *size && len <= size - start);
        let bytes = len * dtype.item_size();
        let (code, blocks) = match values {
            Values::Whole(all) => return &all[start * dtype.item_size()..][..bytes],
            Values::Code(code, _) => &**code,
        };
        let at;
        if code.instructions.is_empty()
            && len > 0
            && let Some(direct) = code.operands[0].direct(start, len)
        {
            at = direct;
        } else {
            let scratch =
                (self.scratch).get_or_insert_with(|| Box::new(Scratch::new(code, *blocks)));
            let room = BLOCK.min(*size) * dtype.item_size();
            self.out.reserve_exact(room.div_ceil(size_of::<u128>()));
            let out = self.out.as_mut_ptr().cast::<u8>();
            at = out.cast_const();
            // SAFETY: the inputs are alive and borrowed; the elements were just checked; there is room
            // for `BLOCK` of them, or all, in memory of our own.
            unsafe { code.run(scratch, *blocks, start, len, out, dtype.item_size()) };
        }
        // SAFETY: just written, or elements of an input; both stay borrowed.
        unsafe { std::slice::from_raw_parts(at, bytes) }
    }
}
