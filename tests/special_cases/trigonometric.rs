//! Special cases: trigonometric and hyperbolic functions and their inverses.
//!
//! For complex operands the standard defines `asin`, `atan`, `cos`, `sin` and `tan` by their hyperbolic
//! counterparts (see `as_if.rs`), so they have no complex cases of their own.

use crate::notation::{also, case};
use crate::table::{BINARY, CONJUGATE, EVEN, Function, ODD, UNARY};

/// The functions of this file.
pub(crate) const FUNCTIONS: &[Function] =
    &[ACOS, ACOSH, ASIN, ASINH, ATAN, ATAN2, ATANH, COS, COSH, SIN, SINH, TAN, TANH];

const ACOS: Function = Function {
    name: "acos",
    real: &[case("NaN", "NaN"), case("> 1", "NaN"), case("< -1", "NaN"), case("= 1", "+0")],
    complex: &[
        case("±0, +0", "π/2, -0"),
        case("±0, NaN", "π/2, NaN"),
        case("finite, +inf", "π/2, -inf"),
        case("≠ 0 and finite, NaN", "NaN, NaN"),
        case("-inf, > 0 and finite", "π, -inf"),
        case("+inf, > 0 and finite", "+0, -inf"),
        case("-inf, +inf", "3π/4, -inf"),
        case("+inf, +inf", "π/4, -inf"),
        case("±inf, NaN", "NaN, ±inf"),
        case("NaN, finite", "NaN, NaN"),
        case("NaN, +inf", "NaN, -inf"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const ACOSH: Function = Function {
    name: "acosh",
    real: &[case("NaN", "NaN"), case("< 1", "NaN"), case("= 1", "+0"), case("+inf", "+inf")],
    complex: &[
        case("±0, +0", "+0, π/2"),
        case("finite, +inf", "+inf, π/2"),
        case("≠ 0 and finite, NaN", "NaN, NaN"),
        case("+0, NaN", "NaN, ±π/2"),
        case("-inf, > 0 and finite", "+inf, π"),
        case("+inf, > 0 and finite", "+inf, +0"),
        case("-inf, +inf", "+inf, 3π/4"),
        case("+inf, +inf", "+inf, π/4"),
        case("±inf, NaN", "+inf, NaN"),
        case("NaN, finite", "NaN, NaN"),
        case("NaN, +inf", "+inf, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const ASIN: Function = Function {
    name: "asin",
    real: &[
        case("NaN", "NaN"),
        case("> 1", "NaN"),
        case("< -1", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const ASINH: Function = Function {
    name: "asinh",
    real: &[
        case("NaN", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
    ],
    complex: &[
        case("+0, +0", "+0, +0"),
        case("> 0 and finite, +inf", "+inf, π/2"),
        case("finite, NaN", "NaN, NaN"),
        case("+inf, > 0 and finite", "+inf, +0"),
        case("+inf, +inf", "+inf, π/4"),
        case("NaN, +0", "NaN, +0"),
        case("NaN, ≠ 0 and finite", "NaN, NaN"),
        case("NaN, +inf", "±inf, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    // the oddness is stated for complex operands
    symmetries: &[CONJUGATE, ODD],
    ..UNARY
};

const ATAN: Function = Function {
    name: "atan",
    real: &[
        case("NaN", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "π/2"),
        case("-inf", "-π/2"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const ATAN2: Function = Function {
    name: "atan2",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("> 0, +0", "π/2"),
        case("> 0, -0", "π/2"),
        case("+0, > 0", "+0"),
        case("+0, +0", "+0"),
        case("+0, -0", "π"),
        case("+0, < 0", "π"),
        case("-0, > 0", "-0"),
        case("-0, +0", "-0"),
        case("-0, -0", "-π"),
        case("-0, < 0", "-π"),
        case("< 0, +0", "-π/2"),
        case("< 0, -0", "-π/2"),
        case("> 0 and finite, +inf", "+0"),
        case("> 0 and finite, -inf", "π"),
        case("< 0 and finite, +inf", "-0"),
        case("< 0 and finite, -inf", "-π"),
        case("+inf, finite", "π/2"),
        case("-inf, finite", "-π/2"),
        case("+inf, +inf", "π/4"),
        case("+inf, -inf", "3π/4"),
        case("-inf, +inf", "-π/4"),
        case("-inf, -inf", "-3π/4"),
    ],
    ..BINARY
};

const ATANH: Function = Function {
    name: "atanh",
    real: &[
        case("NaN", "NaN"),
        case("< -1", "NaN"),
        case("> 1", "NaN"),
        case("= -1", "-inf"),
        case("= 1", "+inf"),
        case("+0", "+0"),
        case("-0", "-0"),
    ],
    complex: &[
        case("+0, +0", "+0, +0"),
        case("+0, NaN", "+0, NaN"),
        case("= 1, +0", "+inf, +0"),
        case("> 0 and finite, +inf", "+0, π/2"),
        case("≠ 0 and finite, NaN", "NaN, NaN"),
        case("+inf, > 0 and finite", "+0, π/2"),
        case("+inf, +inf", "+0, π/2"),
        case("+inf, NaN", "+0, NaN"),
        case("NaN, finite", "NaN, NaN"),
        case("NaN, +inf", "±0, π/2"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE, ODD],
    ..UNARY
};

const COS: Function = Function {
    name: "cos",
    real: &[
        case("NaN", "NaN"),
        case("+0", "1"),
        case("-0", "1"),
        case("+inf", "NaN"),
        case("-inf", "NaN"),
    ],
    ..UNARY
};

const COSH: Function = Function {
    name: "cosh",
    real: &[
        case("NaN", "NaN"),
        case("+0", "1"),
        case("-0", "1"),
        case("+inf", "+inf"),
        case("-inf", "+inf"),
    ],
    complex: &[
        case("+0, +0", "1, +0"),
        case("+0, +inf", "NaN, ±0"),
        case("+0, NaN", "NaN, ±0"),
        case("≠ 0 and finite, +inf", "NaN, NaN"),
        case("≠ 0 and finite, NaN", "NaN, NaN"),
        case("+inf, +0", "+inf, +0"),
        case("+inf, ≠ 0 and finite", "inf·cos b, inf·sin b"),
        case("+inf, +inf", "±inf, NaN"),
        case("+inf, NaN", "+inf, NaN"),
        case("NaN, ±0", "NaN, ±0"),
        case("NaN, ≠ 0 and finite", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[EVEN, CONJUGATE],
    ..UNARY
};

const SIN: Function = Function {
    name: "sin",
    real: &[case("NaN", "NaN"), case("+0", "+0"), case("-0", "-0"), case("±inf", "NaN")],
    ..UNARY
};

const SINH: Function = Function {
    name: "sinh",
    real: &[
        case("NaN", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
    ],
    complex: &[
        case("+0, +0", "+0, +0"),
        case("+0, +inf", "±0, NaN"),
        case("+0, NaN", "±0, NaN"),
        case("> 0 and finite, +inf", "NaN, NaN"),
        case("> 0 and finite, NaN", "NaN, NaN"),
        case("+inf, +0", "+inf, +0"),
        case("+inf, > 0 and finite", "inf·cos b, inf·sin b"),
        case("+inf, +inf", "±inf, NaN"),
        case("+inf, NaN", "±inf, NaN"),
        case("NaN, +0", "NaN, +0"),
        case("NaN, ≠ 0 and finite", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[ODD, CONJUGATE],
    ..UNARY
};

const TAN: Function = Function {
    name: "tan",
    real: &[case("NaN", "NaN"), case("+0", "+0"), case("-0", "-0"), case("±inf", "NaN")],
    ..UNARY
};

/// For an imaginary operand that is infinite or NaN the standard lets the real part of the result be
/// NaN, as older revisions of C had it.
const TANH: Function = Function {
    name: "tanh",
    real: &[
        case("NaN", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "1"),
        case("-inf", "-1"),
    ],
    complex: &[
        case("+0, +0", "+0, +0"),
        case("≠ 0 and finite, +inf", "NaN, NaN"),
        case("+0, +inf", "+0 or NaN, NaN"),
        case("≠ 0 and finite, NaN", "NaN, NaN"),
        case("+0, NaN", "+0 or NaN, NaN"),
        case("+inf, > 0 and finite", "1, ±0"),
        case("+inf, +inf", "1, ±0"),
        case("+inf, NaN", "1, ±0"),
        case("NaN, +0", "NaN, +0"),
        case("NaN, ≠ 0", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[ODD, CONJUGATE],
    ..UNARY
};
