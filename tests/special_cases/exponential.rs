//! Special cases: exponentials, logarithms, powers.

use crate::notation::{also, case};
use crate::table::{BINARY, CONJUGATE, Function, UNARY};

/// The functions of this file.
pub(crate) const FUNCTIONS: &[Function] =
    &[EXP, EXPM1, LOG, LOG1P, LOG2, LOG10, LOGADDEXP, POW, SQRT];

const EXP: Function = Function {
    name: "exp",
    real: &[
        case("NaN", "NaN"),
        case("+0", "1"),
        case("-0", "1"),
        case("+inf", "+inf"),
        case("-inf", "+0"),
    ],
    complex: &[
        case("±0, +0", "1, +0"),
        case("finite, +inf", "NaN, NaN"),
        case("finite, NaN", "NaN, NaN"),
        case("+inf, +0", "+inf, +0"),
        case("-inf, finite", "0·cos b, 0·sin b"),
        case("+inf, ≠ 0 and finite", "inf·cos b, inf·sin b"),
        case("-inf, +inf", "±0, ±0"),
        case("+inf, +inf", "±inf, NaN"),
        case("-inf, NaN", "±0, ±0"),
        case("+inf, NaN", "±inf, NaN"),
        case("NaN, +0", "NaN, +0"),
        case("NaN, ≠ 0", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const EXPM1: Function = Function {
    name: "expm1",
    real: &[
        case("NaN", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "+inf"),
        case("-inf", "-1"),
    ],
    complex: &[
        // "0" without a sign: for -0 both C's exp(x) - 1 and the limit of the real function are right
        case("±0, +0", "±0, +0"),
        case("finite, +inf", "NaN, NaN"),
        case("finite, NaN", "NaN, NaN"),
        case("+inf, +0", "+inf, +0"),
        case("-inf, finite", "-1, 0·sin b"),
        case("+inf, ≠ 0 and finite", "inf·cos b, inf·sin b"),
        case("-inf, +inf", "-1, ±0"),
        case("+inf, +inf", "±inf, NaN"),
        case("-inf, NaN", "-1, ±0"),
        case("+inf, NaN", "±inf, NaN"),
        case("NaN, +0", "NaN, +0"),
        case("NaN, ≠ 0", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const LOG: Function = Function {
    name: "log",
    real: &[
        case("NaN", "NaN"),
        case("< 0", "NaN"),
        case("±0", "-inf"),
        case("= 1", "+0"),
        case("+inf", "+inf"),
    ],
    complex: &[
        case("-0, +0", "-inf, π"),
        case("+0, +0", "-inf, +0"),
        case("finite, +inf", "+inf, π/2"),
        case("finite, NaN", "NaN, NaN"),
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

const LOG1P: Function = Function {
    name: "log1p",
    real: &[
        case("NaN", "NaN"),
        case("< -1", "NaN"),
        case("= -1", "-inf"),
        case("-0", "-0"),
        case("+0", "+0"),
        case("+inf", "+inf"),
    ],
    complex: &[
        case("= -1, +0", "-inf, +0"),
        case("finite, +inf", "+inf, π/2"),
        case("finite, NaN", "NaN, NaN"),
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

const LOG2: Function = Function {
    name: "log2",
    real: &[
        case("NaN", "NaN"),
        case("< 0", "NaN"),
        case("±0", "-inf"),
        case("= 1", "+0"),
        case("+inf", "+inf"),
        also("= 2", "1"),
        also("= 0.5", "-1"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const LOG10: Function = Function {
    name: "log10",
    real: &[
        case("NaN", "NaN"),
        case("< 0", "NaN"),
        case("±0", "-inf"),
        case("= 1", "+0"),
        case("+inf", "+inf"),
        also("= 10", "1"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};

const LOGADDEXP: Function = Function {
    name: "logaddexp",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("+inf, not NaN", "+inf"),
        case("not NaN, +inf", "+inf"),
    ],
    ..BINARY
};

/// What 1 to the power of NaN is, the standard leaves open.
const POW: Function = Function {
    name: "pow",
    real: &[
        case("≠ 1, NaN", "NaN"),
        case("any, +0", "1"),
        case("any, -0", "1"),
        case("NaN, ≠ 0", "NaN"),
        case("|x| > 1, +inf", "+inf"),
        case("|x| > 1, -inf", "+0"),
        case("|x| = 1, +inf", "1"),
        case("|x| = 1, -inf", "1"),
        case("= 1, not NaN", "1"),
        case("|x| < 1, +inf", "+0"),
        case("|x| < 1, -inf", "+inf"),
        case("+inf, > 0", "+inf"),
        case("+inf, < 0", "+0"),
        case("-inf, > 0 and odd", "-inf"),
        case("-inf, > 0 and not odd", "+inf"),
        case("-inf, < 0 and odd", "-0"),
        case("-inf, < 0 and not odd", "+0"),
        case("+0, > 0", "+0"),
        case("+0, < 0", "+inf"),
        case("-0, > 0 and odd", "-0"),
        case("-0, > 0 and not odd", "+0"),
        case("-0, < 0 and odd", "-inf"),
        case("-0, < 0 and not odd", "+inf"),
        case("< 0 and finite, finite and not integer", "NaN"),
    ],
    takes_complex: true,
    ..BINARY
};

const SQRT: Function = Function {
    name: "sqrt",
    real: &[
        case("NaN", "NaN"),
        case("< 0", "NaN"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("+inf", "+inf"),
        also("> 0", "nearest"),
    ],
    complex: &[
        case("±0, +0", "+0, +0"),
        case("any, +inf", "+inf, +inf"),
        case("finite, NaN", "NaN, NaN"),
        case("-inf, > 0 and finite", "+0, +inf"),
        case("+inf, > 0 and finite", "+inf, +0"),
        case("-inf, NaN", "NaN, ±inf"),
        case("+inf, NaN", "+inf, NaN"),
        // the second case goes before this one
        case("NaN, not ±inf", "NaN, NaN"),
        case("NaN, NaN", "NaN, NaN"),
    ],
    symmetries: &[CONJUGATE],
    ..UNARY
};
