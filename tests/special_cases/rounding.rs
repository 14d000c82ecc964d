//! Special cases: rounding.

use crate::notation::{also, case};
use crate::table::{Function, UNARY};

/// The functions of this file.
pub(crate) const FUNCTIONS: &[Function] = &[CEIL, FLOOR, ROUND, TRUNC];

const CEIL: Function = Function {
    name: "ceil",
    real: &[
        case("integer", "x1"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("NaN", "NaN"),
        also("finite and not integer", "nearest"),
    ],
    takes_complex: false,
    ..UNARY
};

const FLOOR: Function = Function {
    name: "floor",
    real: &[
        case("integer", "x1"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("NaN", "NaN"),
        also("finite and not integer", "nearest"),
    ],
    takes_complex: false,
    ..UNARY
};

/// The last bullet is about values midway between two integers; the even one is meant.
const ROUND: Function = Function {
    name: "round",
    real: &[
        case("integer", "x1"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("NaN", "NaN"),
        case("halfway", "nearest"),
        also("finite and not integer", "nearest"),
    ],
    by_parts: true,
    ..UNARY
};

const TRUNC: Function = Function {
    name: "trunc",
    real: &[
        case("integer", "x1"),
        case("+inf", "+inf"),
        case("-inf", "-inf"),
        case("+0", "+0"),
        case("-0", "-0"),
        case("NaN", "NaN"),
        also("finite and not integer", "nearest"),
    ],
    takes_complex: false,
    ..UNARY
};
