//! What a table says of one function.

use crate::notation::{Case, Symmetry};

/// The special cases of an elementwise function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    /// The standard's name.
    pub(crate) name: &'static str,
    /// The number of operands.
    pub(crate) operands: usize,
    /// Cases for real operands.
    pub(crate) real: &'static [Case],
    /// Cases for complex operands, one condition for each part of each.
    pub(crate) complex: &'static [Case],
    /// Whether each part of a complex result is the function of the same parts of the operands, so that
    /// the cases for real operands hold for it.
    pub(crate) by_parts: bool,
    /// Whether the function takes complex operands at all.
    pub(crate) takes_complex: bool,
    /// What holds whatever the operands.
    pub(crate) symmetries: &'static [Symmetry],
    /// Whether the sign of a NaN in the result means something.
    pub(crate) signed_nan: bool,
}

/// A function of one real or complex operand without cases.
pub(crate) const UNARY: Function = Function {
    name: "",
    operands: 1,
    real: &[],
    complex: &[],
    by_parts: false,
    takes_complex: true,
    symmetries: &[],
    signed_nan: false,
};

/// A function of two real operands without cases.
pub(crate) const BINARY: Function = Function { operands: 2, takes_complex: false, ..UNARY };

/// f(conj(x)) = conj(f(x)).
pub(crate) const CONJUGATE: Symmetry = Symmetry {
    name: "f(conj(x)) = conj(f(x))",
    operands: [false, true, false, true],
    result: [false, true],
    swap: false,
};

/// f(-x) = -f(x).
pub(crate) const ODD: Symmetry =
    Symmetry { name: "f(-x) = -f(x)", operands: [true; 4], result: [true; 2], swap: false };

/// f(-x) = f(x).
pub(crate) const EVEN: Symmetry =
    Symmetry { name: "f(-x) = f(x)", operands: [true; 4], result: [false; 2], swap: false };

/// The table: every elementwise function for which the standard lists special cases, and those that it
/// defines by reference to one that has.
pub(crate) fn all() -> Vec<Function> {
    [
        crate::arithmetic::FUNCTIONS,
        crate::trigonometric::FUNCTIONS,
        crate::exponential::FUNCTIONS,
        crate::rounding::FUNCTIONS,
    ]
    .concat()
}
