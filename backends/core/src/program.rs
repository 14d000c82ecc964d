//! Elementwise work as a program.

use smallvec::SmallVec;

use crate::{BinaryOp, DType, Error, MAX_NDIM, Result, Scalar, UnaryOp};

/// The place of a step's value in a [`Program`], which alone can use it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Slot(u8);

impl Slot {
    /// The number of the step.
    pub fn index(self) -> usize {
        self.0.into()
    }
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum StepOp {
    /// The element of operand `k`.
    Input(u8),
    /// The constant number `k` (see [`Program::constants`]).
    Constant(u8),
    /// The coordinate along an axis of the shape that the program runs over (int64).
    Coordinate(u8),
    /// An operation on one value.
    Unary(UnaryOp, Slot),
    /// An operation on two values of one dtype.
    Binary(BinaryOp, Slot, Slot),
    /// The second value where the first (a bool) is true, else the third.
    Select(Slot, Slot, Slot),
    /// The value converted to the step's dtype.
    ///
    /// Every pair of dtypes is allowed, but for complex to real. Floats are rounded to nearest even,
    /// integers wrap, a float is truncated to an integer and saturates at its range (NaN gives 0),
    /// to bool everything but zero is true.
    Cast(Slot),
}

/// One step: an operation and the dtype of its value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Step {
    /// What is done.
    pub op: StepOp,
    /// The dtype of the value.
    pub dtype: DType,
}

/// An elementwise computation: steps in order, each on the values of earlier ones; the last is the
/// result. Built without an allocation up to 8 steps.
///
/// `(x - 1)²`, for float32 operands:
///
/// ```
/// use arrayspace_core::{BinaryOp, DType, Program, UnaryOp};
/// let mut p = Program::new();
/// let x = p.input(DType::Float32)?;
/// let one = p.constant(1, DType::Float32)?;
/// let d = p.binary(BinaryOp::Subtract, x, one)?;
/// p.unary(UnaryOp::Square, d)?;
/// assert_eq!((p.inputs(), p.output()), (1, DType::Float32));
/// # Ok::<(), arrayspace_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Program {
    steps: SmallVec<[Step; 8]>,
    constants: SmallVec<[Scalar; 2]>,
    inputs: u8,
}

/// The steps of an operation on two operands. All are written once, where they stay: one that is changed after
/// the others were written is awaited by whatever copies them.
#[inline(always)]
fn two_operands(
    op: BinaryOp,
    (dtype, output): (DType, DType),
    [first, second]: [StepOp; 2],
) -> SmallVec<[Step; 8]> {
    let last = Step { op: StepOp::Binary(op, Slot(0), Slot(1)), dtype: output };
    let mut steps = [last; 8];
    steps[0] = Step { op: first, dtype };
    steps[1] = Step { op: second, dtype };
    SmallVec::from_buf_and_len(steps, 3)
}

impl Program {
    /// The operation on one operand of `dtype`.
    ///
    /// # Errors
    /// [`Error::DType`] if the operation does not take the dtype.
    #[inline]
    pub fn of_unary(op: UnaryOp, dtype: DType) -> Result<Program> {
        let output = op.output(dtype).ok_or_else(|| not_taken(op.name(), dtype))?;
        Ok(Program::of_one_operand(StepOp::Unary(op, Slot(0)), [dtype, output]))
    }

    /// The conversion of one operand from a dtype to another one.
    ///
    /// # Errors
    /// Those of [`Program::cast`].
    #[inline]
    pub fn of_cast(from: DType, to: DType) -> Result<Program> {
        check_cast(from, to)?;
        Ok(Program::of_one_operand(StepOp::Cast(Slot(0)), [from, to]))
    }

    #[inline(always)]
    fn of_one_operand(op: StepOp, [dtype, output]: [DType; 2]) -> Program {
        let mut steps = [Step { op: StepOp::Input(0), dtype }; 8];
        steps[1] = Step { op, dtype: output };
        let steps = SmallVec::from_buf_and_len(steps, 2);
        Program { steps, constants: SmallVec::new(), inputs: 1 }
    }

    /// The operation on two operands of `dtype`.
    ///
    /// # Errors
    /// [`Error::DType`] if the operation does not take the dtype.
    #[inline]
    pub fn of_binary(op: BinaryOp, dtype: DType) -> Result<Program> {
        let output = op.output(dtype).ok_or_else(|| not_taken(op.name(), dtype))?;
        let operands = [StepOp::Input(0), StepOp::Input(1)];
        let steps = two_operands(op, (dtype, output), operands);
        Ok(Program { steps, constants: SmallVec::new(), inputs: 2 })
    }

    /// The operation on one operand of `dtype` and a constant, which comes first if `constant_first`.
    ///
    /// # Errors
    /// [`Error::DType`] if the operation does not take the dtype, [`Error::Value`] if the dtype does not
    /// hold the constant.
    #[inline(always)] // it is large: built where it stays, it is not moved
    pub fn of_binary_with(
        op: BinaryOp,
        dtype: DType,
        constant: Scalar,
        constant_first: bool,
    ) -> Result<Program> {
        let constant = constant.checked_for(dtype)?;
        let output = op.output(dtype).ok_or_else(|| not_taken(op.name(), dtype))?;
        let operands = match constant_first {
            true => [StepOp::Constant(0), StepOp::Input(0)],
            false => [StepOp::Input(0), StepOp::Constant(0)],
        };
        let constants = SmallVec::from_buf_and_len([constant; 2], 1);
        let steps = two_operands(op, (dtype, output), operands);
        Ok(Program { steps, constants, inputs: 1 })
    }

    /// The most steps of a program.
    pub const MAX_STEPS: usize = 250;

    /// A program without steps.
    pub fn new() -> Program {
        Program::default()
    }

    /// The steps, in order.
    #[inline]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The constants that [`StepOp::Constant`] names.
    pub fn constants(&self) -> &[Scalar] {
        &self.constants
    }

    /// How many operands the program reads.
    pub fn inputs(&self) -> usize {
        self.inputs.into()
    }

    /// The dtype of the result; bool for a program without steps.
    #[inline]
    pub fn output(&self) -> DType {
        self.steps.last().map_or(DType::Bool, |s| s.dtype)
    }

    /// The slot of the last step, whose value is the result.
    ///
    /// # Errors
    /// [`Error::Value`] for a program without steps.
    pub fn result(&self) -> Result<Slot> {
        match self.steps.len() {
            0 => Err(Error::value(format_args!(
                "a program without steps has no result; give it at least one step"
            ))),
            steps => Ok(Slot(steps as u8 - 1)),
        }
    }

    /// The dtype of a step's value.
    ///
    /// # Errors
    /// [`Error::Value`] for a slot of another program that this one does not have.
    #[inline]
    pub fn dtype(&self, slot: Slot) -> Result<DType> {
        match self.steps.get(slot.index()) {
            Some(step) => Ok(step.dtype),
            None => Err(self.foreign(slot)),
        }
    }

    #[cold]
    fn foreign(&self, slot: Slot) -> Error {
        Error::value(format_args!(
            "slot {} is of another program, as this one has {} steps; use the slots that its own functions \
             returned",
            slot.index(),
            self.steps.len()
        ))
    }

    fn push(&mut self, op: StepOp, dtype: DType) -> Result<Slot> {
        if self.steps.len() >= Program::MAX_STEPS {
            return Err(Error::value(format_args!(
                "a program has at most {} steps; store what the first ones give, and go on in a second program",
                Program::MAX_STEPS
            )));
        }
        self.steps.push(Step { op, dtype });
        Ok(Slot(self.steps.len() as u8 - 1))
    }

    /// Reads the next operand.
    ///
    /// # Errors
    /// [`Error::Value`] for more than [`MAX_STEPS`](Program::MAX_STEPS) steps, here and in the functions below.
    pub fn input(&mut self, dtype: DType) -> Result<Slot> {
        let slot = self.push(StepOp::Input(self.inputs), dtype)?;
        self.inputs += 1;
        Ok(slot)
    }

    /// A constant of `dtype`.
    ///
    /// # Errors
    /// [`Error::Value`] if `dtype` does not hold the value.
    pub fn constant(&mut self, value: impl Into<Scalar>, dtype: DType) -> Result<Slot> {
        let value = value.into().checked_for(dtype)?;
        // there are fewer than steps
        let slot = self.push(StepOp::Constant(self.constants.len() as u8), dtype)?;
        self.constants.push(value);
        Ok(slot)
    }

    /// The coordinate along an axis, an int64.
    ///
    /// # Errors
    /// [`Error::Axis`] for an axis that no shape has.
    pub fn coordinate(&mut self, axis: usize) -> Result<Slot> {
        if axis >= MAX_NDIM {
            return Err(Error::axis(format_args!(
                "a program asks for the coordinate along axis {axis}, but a shape has at most {MAX_NDIM} axes"
            )));
        }
        self.push(StepOp::Coordinate(axis as u8), DType::Int64)
    }

    /// An operation on one value.
    ///
    /// # Errors
    /// [`Error::DType`] if the operation does not take the value's dtype.
    pub fn unary(&mut self, op: UnaryOp, x: Slot) -> Result<Slot> {
        let dtype = self.dtype(x)?;
        let output = op.output(dtype).ok_or_else(|| not_taken(op.name(), dtype))?;
        self.push(StepOp::Unary(op, x), output)
    }

    /// An operation on two values of one dtype.
    ///
    /// # Errors
    /// [`Error::DType`] if the dtypes differ or the operation does not take them.
    pub fn binary(&mut self, op: BinaryOp, x1: Slot, x2: Slot) -> Result<Slot> {
        let dtype = self.same(x1, x2)?;
        let output = op.output(dtype).ok_or_else(|| not_taken(op.name(), dtype))?;
        self.push(StepOp::Binary(op, x1, x2), output)
    }

    /// `x1` where `condition` is true, else `x2`.
    ///
    /// # Errors
    /// [`Error::DType`] if the condition is no bool or the dtypes of the values differ.
    pub fn select(&mut self, condition: Slot, x1: Slot, x2: Slot) -> Result<Slot> {
        let given = self.dtype(condition)?;
        if given != DType::Bool {
            return Err(not_taken("select", given));
        }
        let dtype = self.same(x1, x2)?;
        self.push(StepOp::Select(condition, x1, x2), dtype)
    }

    /// The value converted to `dtype`; the value itself where it has it already.
    ///
    /// # Errors
    /// [`Error::DType`] for a complex value and a dtype that is neither complex nor bool.
    pub fn cast(&mut self, x: Slot, dtype: DType) -> Result<Slot> {
        let from = self.dtype(x)?;
        if from == dtype {
            return Ok(x);
        }
        check_cast(from, dtype)?;
        self.push(StepOp::Cast(x), dtype)
    }

    /// The dtype of two values.
    fn same(&self, x1: Slot, x2: Slot) -> Result<DType> {
        let (a, b) = (self.dtype(x1)?, self.dtype(x2)?);
        if a == b {
            return Ok(a);
        }
        Err(Error::dtype(format_args!(
            "a step of a program takes values of one dtype, not {a} and {b}"
        )))
    }
}

/// An error unless a dtype can be converted to the other one.
#[inline]
fn check_cast(from: DType, to: DType) -> Result<()> {
    match from.is_complex() && !to.is_complex() && to != DType::Bool {
        true => Err(imaginary_part_lost(from, to)),
        false => Ok(()),
    }
}

#[cold]
fn imaginary_part_lost(from: DType, to: DType) -> Error {
    Error::dtype(format_args!(
        "a {from} array cannot be converted to {to}, which would drop the imaginary part; take real(x), \
         imag(x) or abs(x) first"
    ))
}

#[cold]
fn not_taken(op: &str, dtype: DType) -> Error {
    Error::dtype(format_args!("the operation {op} does not take values of dtype {dtype}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.expect_err("an error is expected").to_string()
    }

    #[test]
    fn a_program_is_full_at_some_length() {
        let mut programs = vec![];
        let mut inputs = Program::new();
        for _ in 0..Program::MAX_STEPS {
            inputs.input(DType::Int8).unwrap();
        }
        assert_eq!(inputs.inputs(), Program::MAX_STEPS);
        programs.push(inputs);
        let mut constants = Program::new();
        for k in 0..Program::MAX_STEPS {
            constants.constant(k, DType::Int64).unwrap();
        }
        assert_eq!(constants.constants().last(), Some(&Scalar::from(Program::MAX_STEPS - 1)));
        programs.push(constants);
        let mut sums = Program::new();
        let x = sums.input(DType::Int64).unwrap();
        let mut sum = x;
        while sums.steps().len() < Program::MAX_STEPS {
            sum = sums.binary(BinaryOp::Add, sum, x).unwrap();
        }
        assert_eq!(sum.index(), Program::MAX_STEPS - 1);
        programs.push(sums);
        for full in programs {
            let last = Slot(Program::MAX_STEPS as u8 - 1);
            let dtype = full.dtype(last).unwrap();
            let mut p = full.clone();
            for error in [
                text(p.input(dtype)),
                text(p.constant(1, dtype)),
                text(p.coordinate(0)),
                text(p.unary(UnaryOp::Square, last)),
                text(p.binary(BinaryOp::Add, last, last)),
                text(p.cast(last, DType::Float64)),
            ] {
                assert!(error.contains("at most 250 steps"), "{error}");
            }
            assert_eq!(p.cast(last, dtype).unwrap(), last);
            assert_eq!(p, full); // an error changes nothing
        }
    }

    #[test]
    fn slots_of_another_program() {
        let mut other = Program::new();
        let slots: Vec<Slot> = (0..3).map(|_| other.input(DType::Bool).unwrap()).collect();
        let mut p = Program::new();
        let own = p.input(DType::Bool).unwrap();
        for foreign in [slots[1], slots[2]] {
            for error in [
                text(p.dtype(foreign)),
                text(p.unary(UnaryOp::BitwiseInvert, foreign)),
                text(p.binary(BinaryOp::BitwiseAnd, foreign, own)),
                text(p.binary(BinaryOp::BitwiseAnd, own, foreign)),
                text(p.select(foreign, own, own)),
                text(p.select(own, foreign, own)),
                text(p.select(own, own, foreign)),
                text(p.cast(foreign, DType::Int8)),
            ] {
                assert!(error.contains("of another program"), "{error}");
            }
        }
        assert_eq!(p.steps().len(), 1);
    }

    #[test]
    fn coordinates_are_along_axes_that_a_shape_may_have() {
        let mut p = Program::new();
        p.coordinate(MAX_NDIM - 1).unwrap();
        for axis in [MAX_NDIM, 255, 256, 1 << 32, usize::MAX] {
            assert!(text(p.coordinate(axis)).contains(&format!("axis {axis}")), "{axis}");
        }
        assert_eq!(p.steps().len(), 1);
    }
}
