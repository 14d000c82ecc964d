//! Programs cut in two, for backends that take programs of a limited length.

use smallvec::{SmallVec, smallvec};

use crate::{Error, Program, Result, Slot, Step, StepOp};

/// A program cut in two: `first` is run, and its value is an operand of `rest`.
///
/// See [`Program::cut`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cut {
    /// The program to be run first.
    pub first: Program,
    /// The operands of the whole program that `first` reads, in its order.
    pub first_operands: SmallVec<[usize; 4]>,
    /// The program to be run afterwards. Its result is that of the whole program.
    pub rest: Program,
    /// The operands that `rest` reads: those of the whole program, and `None` for the value of `first`.
    pub rest_operands: SmallVec<[Option<usize>; 4]>,
}

impl StepOp {
    /// The steps whose values the step takes.
    pub fn operands(self) -> SmallVec<[Slot; 3]> {
        match self {
            StepOp::Input(_) | StepOp::Constant(_) | StepOp::Coordinate(_) => smallvec![],
            StepOp::Unary(_, x) | StepOp::Cast(x) => smallvec![x],
            StepOp::Binary(_, a, b) => smallvec![a, b],
            StepOp::Select(c, a, b) => smallvec![c, a, b],
        }
    }
}

impl Program {
    /// Cuts a program of more operands or steps than `max_operands` (at least 3) and `max_steps` (at
    /// least 4) in two, of which the first has no more. `None` if the program itself has no more.
    ///
    /// The rest may have more, and is then cut again: it has fewer operations than the whole.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for limits that are too low for the program.
    pub fn cut(&self, max_operands: usize, max_steps: usize) -> Result<Option<Cut>> {
        let fits = |p: &Program| p.inputs() <= max_operands && p.steps().len() <= max_steps;
        if fits(self) {
            return Ok(None);
        }
        let last = self.steps().len().saturating_sub(1);
        let mut best: Option<(usize, Program, _)> = None;
        for at in 0..last {
            if self.steps()[at].op.operands().is_empty() {
                continue;
            }
            let (first, operands) = self.extract(at, None)?;
            let longer =
                best.as_ref().is_none_or(|(_, b, _)| first.steps().len() > b.steps().len());
            if fits(&first) && longer {
                best = Some((at, first, operands));
            }
        }
        let Some((at, first, operands)) = best else {
            return Err(Error::unsupported(format_args!(
                "a program of {} operands and {} steps cannot be cut into parts of {max_operands} operands \
                 and {max_steps} steps",
                self.inputs(),
                self.steps().len()
            )));
        };
        let (rest, rest_operands) = self.extract(last, Some(at))?;
        let first_operands = operands.into_iter().flatten().collect();
        Ok(Some(Cut { first, first_operands, rest, rest_operands }))
    }

    /// The program whose result is the value of step `result`, with the value of step `leaf` as an
    /// operand, and the operands that it reads (`None` for the leaf).
    fn extract(
        &self,
        result: usize,
        leaf: Option<usize>,
    ) -> Result<(Program, SmallVec<[Option<usize>; 4]>)> {
        let mut needed: SmallVec<[bool; 16]> = smallvec![false; result + 1];
        needed[result] = true;
        for at in (0..=result).rev().filter(|&at| Some(at) != leaf) {
            if needed[at] {
                self.steps()[at].op.operands().iter().for_each(|slot| needed[slot.index()] = true);
            }
        }
        let mut program = Program::new();
        let mut operands = SmallVec::new();
        let mut slots: SmallVec<[Option<Slot>; 16]> = smallvec![None; result + 1];
        for at in (0..=result).filter(|&at| needed[at]) {
            let Step { op, dtype } = self.steps()[at];
            // operands come before the step that takes them
            let slot = |x: Slot| slots[x.index()].ok_or_else(|| out_of_order(at));
            slots[at] = Some(match op {
                _ if Some(at) == leaf => {
                    operands.push(None);
                    program.input(dtype)?
                }
                StepOp::Input(k) => {
                    operands.push(Some(k.into()));
                    program.input(dtype)?
                }
                StepOp::Constant(k) => program.constant(self.constants()[usize::from(k)], dtype)?,
                StepOp::Coordinate(axis) => program.coordinate(axis.into())?,
                StepOp::Unary(op, x) => program.unary(op, slot(x)?)?,
                StepOp::Binary(op, a, b) => program.binary(op, slot(a)?, slot(b)?)?,
                StepOp::Select(c, a, b) => program.select(slot(c)?, slot(a)?, slot(b)?)?,
                StepOp::Cast(x) => program.cast(slot(x)?, dtype)?,
            });
        }
        Ok((program, operands))
    }
}

#[cold]
fn out_of_order(step: usize) -> Error {
    Error::value(format_args!("step {step} of a program takes the value of a later step"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BinaryOp, DType};

    /// The value of a program of sums and differences of int64 operands.
    fn run(program: &Program, operands: &[i64]) -> i64 {
        let mut values = Vec::new();
        for step in program.steps() {
            let value = |slot: Slot| values[slot.index()];
            let next = match step.op {
                StepOp::Input(k) => operands[usize::from(k)],
                StepOp::Constant(k) => program.constants()[usize::from(k)].to_int() as i64,
                StepOp::Binary(BinaryOp::Add, a, b) => value(a) + value(b),
                StepOp::Binary(_, a, b) => value(a) - 3 * value(b),
                other => panic!("{other:?}"),
            };
            values.push(next);
        }
        *values.last().unwrap()
    }

    fn operations(program: &Program) -> usize {
        program.steps().iter().filter(|step| !step.op.operands().is_empty()).count()
    }

    #[test]
    fn parts_give_the_value_of_the_whole() {
        for (count, limits) in [(2, [3, 4]), (9, [3, 4]), (30, [5, 9]), (60, [4, 250])] {
            let mut program = Program::new();
            let mut slots = vec![program.constant(7, DType::Int64).unwrap()];
            for k in 0..count {
                slots.push(program.input(DType::Int64).unwrap());
                let op = if k % 3 == 0 { BinaryOp::Subtract } else { BinaryOp::Add };
                let other = slots[(k * 7 + 3) % slots.len()];
                slots.push(program.binary(op, *slots.last().unwrap(), other).unwrap());
            }
            let mut sum = *slots.last().unwrap();
            for &slot in &slots {
                sum = program.binary(BinaryOp::Add, sum, slot).unwrap();
            }
            let mut operands: Vec<i64> = (0..program.inputs() as i64).map(|k| k * k - 5).collect();
            let expected = run(&program, &operands);
            let mut parts = 1;
            while let Some(cut) = program.cut(limits[0], limits[1]).unwrap() {
                assert!(cut.first.inputs() <= limits[0] && cut.first.steps().len() <= limits[1]);
                assert!(operations(&cut.rest) < operations(&program));
                let given: Vec<i64> = cut.first_operands.iter().map(|&k| operands[k]).collect();
                let value = run(&cut.first, &given);
                let next = |k: &Option<usize>| k.map_or(value, |k| operands[k]);
                operands = cut.rest_operands.iter().map(next).collect();
                program = cut.rest;
                parts += 1;
            }
            assert!(parts > 1 || count == 2, "{parts}");
            assert_eq!(run(&program, &operands), expected);
        }
    }

    #[test]
    fn limits_that_are_too_low() {
        let mut program = Program::new();
        let [a, b] = [(); 2].map(|()| program.input(DType::Int64).unwrap());
        program.binary(BinaryOp::Add, a, b).unwrap();
        assert!(program.cut(3, 4).unwrap().is_none());
        assert!(matches!(program.cut(1, 4), Err(Error::Unsupported(_))));
    }
}
