//! Values of a program for those who do not store them: folds, compaction.

use std::marker::PhantomData;

use arrayspace_core::{DType, Dims, Error, Program, Result, View};

use super::code::{Code, check};
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
    /// `None` if there are no elements.
    code: Option<(Code, Blocks)>,
    size: usize,
    dtype: DType,
    inputs: PhantomData<View<'a, Cpu>>,
}

/// One thread's use of an [`Evaluator`].
pub(crate) struct Reader<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    /// `None` if there are no elements.
    scratch: Option<Scratch>,
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
        let code = if size == 0 {
            None
        } else {
            let code = Code::new(program, inputs, shape, order, Level::best())?;
            let blocks = Blocks::of(&code, size.min(BLOCK));
            Some((code, blocks))
        };
        Ok(Evaluator { code, size, dtype: program.output(), inputs: PhantomData })
    }

    /// The dtype of the values.
    pub(crate) fn dtype(&self) -> DType {
        self.dtype
    }

    /// An estimate of the time per element, in ns.
    pub(crate) fn cost(&self) -> f32 {
        self.code.as_ref().map_or(0.0, |(code, _)| code.cost)
    }

    /// All values, if they lie in memory as they are: row-major in the permuted shape, aligned to the
    /// size of an element (at most 8).
    pub(crate) fn whole(&self) -> Option<&'a [u8]> {
        let (code, _) = self.code.as_ref()?;
        let at = if code.instructions.is_empty() { code.operands[0].whole() } else { None }?;
        // SAFETY: all elements of an input, which is borrowed for `'a`.
        Some(unsafe { std::slice::from_raw_parts(at, self.size * self.dtype.item_size()) })
    }

    /// What a thread needs to read values.
    pub(crate) fn reader(&self) -> Reader<'_, 'a> {
        let bytes = BLOCK.min(self.size) * self.dtype.item_size();
        Reader {
            evaluator: self,
            scratch: self.code.as_ref().map(|(code, blocks)| Scratch::new(code, *blocks)),
            out: Vec::with_capacity(bytes.div_ceil(size_of::<u128>())),
        }
    }
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
        let Evaluator { code, size, dtype, .. } = self.evaluator;
        assert!(len <= BLOCK && start <= *size && len <= size - start);
        let bytes = len * dtype.item_size();
        let out = self.out.as_mut_ptr().cast::<u8>();
        let (Some((code, blocks)), Some(scratch)) = (code, &mut self.scratch) else {
            return &[];
        };
        let mut at = out.cast_const();
        if code.instructions.is_empty()
            && len > 0
            && let Some(direct) = code.operands[0].direct(start, len)
        {
            at = direct;
        } else {
            // SAFETY: the inputs are alive and borrowed; the elements were just checked; there is room
            // for `BLOCK` of them, or all, in memory of our own.
            unsafe { code.run(scratch, *blocks, start, len, out, dtype.item_size()) };
        }
        // SAFETY: just written, or elements of an input; both stay borrowed.
        unsafe { std::slice::from_raw_parts(at, bytes) }
    }
}
