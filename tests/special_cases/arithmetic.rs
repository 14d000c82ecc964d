//! Special cases: arithmetic, comparisons, and what looks at signs and classes.

use crate::notation::{Symmetry, also, case};
use crate::table::{BINARY, Function, UNARY};

/// The functions of this file.
pub(crate) const FUNCTIONS: &[Function] = &[
    ABS,
    ADD,
    CLIP,
    CONJ,
    COPYSIGN,
    DIVIDE,
    EQUAL,
    FLOOR_DIVIDE,
    HYPOT,
    IMAG,
    ISFINITE,
    ISINF,
    ISNAN,
    MAXIMUM,
    MINIMUM,
    MULTIPLY,
    NEGATIVE,
    NEXTAFTER,
    NOT_EQUAL,
    POSITIVE,
    REAL,
    RECIPROCAL,
    REMAINDER,
    SIGN,
    SIGNBIT,
    SQUARE,
    SUBTRACT,
];

const ABS: Function = Function {
    name: "abs",
    real: &[case("NaN", "NaN"), case("-0", "+0"), case("-inf", "+inf"), also("any", "|x1|")],
    complex: &[
        case("±inf, any", "+inf"),
        case("any, ±inf", "+inf"),
        case("±0, any", "|b|"),
        case("any, ±0", "|a|"),
        case("NaN, finite", "NaN"),
        case("finite, NaN", "NaN"),
        case("NaN, NaN", "NaN"),
    ],
    ..UNARY
};

const ADD: Function = Function {
    name: "add",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("+inf, -inf", "NaN"),
        case("-inf, +inf", "NaN"),
        case("+inf, +inf", "+inf"),
        case("-inf, -inf", "-inf"),
        case("+inf, finite", "+inf"),
        case("-inf, finite", "-inf"),
        case("finite, +inf", "+inf"),
        case("finite, -inf", "-inf"),
        case("-0, -0", "-0"),
        case("-0, +0", "+0"),
        case("+0, -0", "+0"),
        case("+0, +0", "+0"),
        case("±0, ≠ 0 and finite", "x2"),
        case("≠ 0 and finite, ±0", "x1"),
        case("≠ 0 and finite, = -x1", "+0"),
        also("any, any", "nearest"),
    ],
    // the second of the standard's two examples begins with "Similarly"
    complex: &[case("-0, any, -0, any", "-0, any"), also("any, +0, any, -0", "any, +0")],
    by_parts: true,
    takes_complex: true,
    ..BINARY
};

const CLIP: Function = Function {
    name: "clip",
    operands: 3,
    real: &[
        case("NaN, any, any", "NaN"),
        case("any, NaN, any", "NaN"),
        case("any, any, NaN", "NaN"),
        also("< -1, = -1, = 3", "-1"),
        also("> 3, = -1, = 3", "3"),
        also("> -1 and < 3, = -1, = 3", "x1"),
        also("finite, -inf, +inf", "x1"),
    ],
    takes_complex: false,
    ..UNARY
};

const CONJ: Function = Function { name: "conj", complex: &[also("any, any", "a, -b")], ..UNARY };

const COPYSIGN: Function = Function {
    name: "copysign",
    real: &[
        case("not NaN, < 0", "-|x1|"),
        case("not NaN, -0", "-|x1|"),
        case("not NaN, +0", "|x1|"),
        case("not NaN, > 0", "|x1|"),
        case("not NaN, -NaN", "-|x1|"),
        case("not NaN, +NaN", "|x1|"),
        case("NaN, < 0", "-NaN"),
        case("NaN, -0", "-NaN"),
        case("NaN, +0", "+NaN"),
        case("NaN, > 0", "+NaN"),
        case("NaN, -NaN", "-NaN"),
        case("NaN, +NaN", "+NaN"),
    ],
    signed_nan: true,
    ..BINARY
};

const DIVIDE: Function = Function {
    name: "divide",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("±inf, ±inf", "NaN"),
        case("±0, ±0", "NaN"),
        case("+0, > 0", "+0"),
        case("-0, > 0", "-0"),
        case("+0, < 0", "-0"),
        case("-0, < 0", "+0"),
        case("> 0, +0", "+inf"),
        case("> 0, -0", "-inf"),
        case("< 0, +0", "-inf"),
        case("< 0, -0", "+inf"),
        case("+inf, > 0 and finite", "+inf"),
        case("+inf, < 0 and finite", "-inf"),
        case("-inf, > 0 and finite", "-inf"),
        case("-inf, < 0 and finite", "+inf"),
        case("> 0 and finite, +inf", "+0"),
        case("> 0 and finite, -inf", "-0"),
        case("< 0 and finite, +inf", "-0"),
        case("< 0 and finite, -inf", "+0"),
        case("≠ 0 and finite, ≠ 0 and finite and sign of x1", "positive"),
        case("≠ 0 and finite, ≠ 0 and finite and sign against x1", "negative"),
        also("any, any", "nearest"),
    ],
    complex: &[case("NaN, NaN, NaN, NaN", "NaN, NaN")],
    takes_complex: true,
    ..BINARY
};

const EQUAL: Function = Function {
    name: "equal",
    real: &[
        case("NaN, any", "false"),
        also("any, NaN", "false"),
        case("+inf, +inf", "true"),
        case("-inf, -inf", "true"),
        case("-0, ±0", "true"),
        case("+0, ±0", "true"),
        case("finite, finite and = x1", "true"),
        also("any, ≠ x1", "false"),
    ],
    complex: &[
        case("NaN, any, any, any", "false"),
        also("any, NaN, any, any", "false"),
        also("any, any, NaN, any", "false"),
        also("any, any, any, NaN", "false"),
        also("any, any, = a, = b", "true"),
        also("any, any, ≠ a, any", "false"),
        also("any, any, any, ≠ b", "false"),
    ],
    takes_complex: true,
    ..BINARY
};

/// Where an operand is infinite the standard prefers the floor of the quotient, and allows what Python
/// does.
const FLOOR_DIVIDE: Function = Function {
    name: "floor_divide",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("±inf, ±inf", "NaN"),
        case("±0, ±0", "NaN"),
        case("+0, > 0", "+0"),
        case("-0, > 0", "-0"),
        case("+0, < 0", "-0"),
        case("-0, < 0", "+0"),
        case("> 0, +0", "+inf"),
        case("> 0, -0", "-inf"),
        case("< 0, +0", "-inf"),
        case("< 0, -0", "+inf"),
        case("+inf, > 0 and finite", "+inf or NaN"),
        case("+inf, < 0 and finite", "-inf or NaN"),
        case("-inf, > 0 and finite", "-inf or NaN"),
        case("-inf, < 0 and finite", "+inf or NaN"),
        case("> 0 and finite, +inf", "+0"),
        case("> 0 and finite, -inf", "-0 or -1"),
        case("< 0 and finite, +inf", "-0 or -1"),
        case("< 0 and finite, -inf", "+0"),
        case("≠ 0 and finite, ≠ 0 and finite and sign of x1", "positive"),
        case("≠ 0 and finite, ≠ 0 and finite and sign against x1", "negative"),
        also("≠ 0 and finite, ≠ 0 and finite", "nearest"),
    ],
    ..BINARY
};

const HYPOT: Function = Function {
    name: "hypot",
    real: &[
        case("±inf, any", "+inf"),
        case("any, ±inf", "+inf"),
        case("±0, any", "|x2|"),
        case("any, ±0", "|x1|"),
        case("finite or NaN, NaN", "NaN"),
        case("NaN, finite or NaN", "NaN"),
    ],
    symmetries: &[
        Symmetry { name: "hypot(x1, x2) = hypot(x2, x1)", swap: true, ..Symmetry::NONE },
        Symmetry {
            name: "hypot(-x1, x2) = hypot(x1, x2)",
            operands: [true, false, false, false],
            ..Symmetry::NONE
        },
        Symmetry {
            name: "hypot(x1, -x2) = hypot(x1, x2)",
            operands: [false, true, false, false],
            ..Symmetry::NONE
        },
    ],
    ..BINARY
};

const IMAG: Function =
    Function { name: "imag", complex: &[also("any, any", "b")], signed_nan: true, ..UNARY };

const ISFINITE: Function = Function {
    name: "isfinite",
    real: &[case("±inf", "false"), case("NaN", "false"), case("finite", "true")],
    complex: &[
        case("NaN, any", "false"),
        also("any, NaN", "false"),
        case("±inf, any", "false"),
        case("any, ±inf", "false"),
        case("finite, finite", "true"),
    ],
    ..UNARY
};

const ISINF: Function = Function {
    name: "isinf",
    real: &[case("±inf", "true"), also("finite or NaN", "false")],
    complex: &[
        case("±inf, any", "true"),
        case("finite or NaN, ±inf", "true"),
        also("finite or NaN, finite or NaN", "false"),
    ],
    ..UNARY
};

const ISNAN: Function = Function {
    name: "isnan",
    real: &[case("NaN", "true"), also("not NaN", "false")],
    complex: &[
        case("NaN, any", "true"),
        also("any, NaN", "true"),
        also("not NaN, not NaN", "false"),
    ],
    ..UNARY
};

/// Which zero is larger is left open.
const MAXIMUM: Function = Function {
    name: "maximum",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        also("±0, ±0", "±0"),
        also("any, < x1", "x1"),
        also("any, > x1", "x2"),
    ],
    ..BINARY
};

const MINIMUM: Function = Function {
    name: "minimum",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        also("±0, ±0", "±0"),
        also("any, < x1", "x2"),
        also("any, > x1", "x1"),
    ],
    ..BINARY
};

const MULTIPLY: Function = Function {
    name: "multiply",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("±inf, ±0", "NaN"),
        case("±0, ±inf", "NaN"),
        case("any, sign of x1", "positive or NaN"),
        case("any, sign against x1", "negative or NaN"),
        case("±inf, ±inf", "inf·x1·x2"),
        case("±inf, ≠ 0 and finite", "inf·x1·x2"),
        case("≠ 0 and finite, ±inf", "inf·x1·x2"),
        also("any, any", "nearest"),
    ],
    complex: &[case("NaN, NaN, NaN, NaN", "NaN, NaN")],
    takes_complex: true,
    ..BINARY
};

const NEGATIVE: Function = Function {
    name: "negative",
    real: &[also("any", "-x1")],
    complex: &[also("any, any", "-a, -b")],
    ..UNARY
};

const NEXTAFTER: Function = Function {
    name: "nextafter",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("-0, +0", "+0"),
        case("+0, -0", "-0"),
        also("≠ 0, = x1", "x2"),
    ],
    ..BINARY
};

const NOT_EQUAL: Function = Function {
    name: "not_equal",
    real: &[
        case("NaN, any", "true"),
        also("any, NaN", "true"),
        case("+inf, -inf", "true"),
        case("-inf, +inf", "true"),
        case("finite, finite and ≠ x1", "true"),
        also("any, = x1", "false"),
    ],
    complex: &[
        case("NaN, any, any, any", "true"),
        also("any, NaN, any, any", "true"),
        also("any, any, NaN, any", "true"),
        also("any, any, any, NaN", "true"),
        also("any, any, ≠ a, any", "true"),
        also("any, any, any, ≠ b", "true"),
        also("any, any, = a, = b", "false"),
    ],
    takes_complex: true,
    ..BINARY
};

const POSITIVE: Function = Function {
    name: "positive",
    real: &[also("any", "x1")],
    complex: &[also("any, any", "a, b")],
    ..UNARY
};

const REAL: Function =
    Function { name: "real", complex: &[also("any, any", "a")], signed_nan: true, ..UNARY };

/// Defined as 1 / x.
const RECIPROCAL: Function = Function {
    name: "reciprocal",
    real: &[
        also("NaN", "NaN"),
        also("+0", "+inf"),
        also("-0", "-inf"),
        also("+inf", "+0"),
        also("-inf", "-0"),
        also("any", "nearest"),
    ],
    complex: &[],
    ..UNARY
};

const REMAINDER: Function = Function {
    name: "remainder",
    real: &[
        case("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        case("±inf, ±inf", "NaN"),
        case("±0, ±0", "NaN"),
        case("+0, > 0", "+0"),
        case("-0, > 0", "+0"),
        case("+0, < 0", "-0"),
        case("-0, < 0", "-0"),
        case("> 0, +0", "NaN"),
        case("> 0, -0", "NaN"),
        case("< 0, +0", "NaN"),
        case("< 0, -0", "NaN"),
        case("+inf, > 0 and finite", "NaN"),
        case("+inf, < 0 and finite", "NaN"),
        case("-inf, > 0 and finite", "NaN"),
        case("-inf, < 0 and finite", "NaN"),
        case("> 0 and finite, +inf", "x1"),
        case("> 0 and finite, -inf", "x2"),
        case("< 0 and finite, +inf", "x2"),
        case("< 0 and finite, -inf", "x1"),
        also("≠ 0 and finite, ≠ 0 and finite", "nearest"),
    ],
    ..BINARY
};

const SIGN: Function = Function {
    name: "sign",
    real: &[case("< 0", "-1"), case("±0", "+0"), case("> 0", "1"), case("NaN", "NaN")],
    complex: &[
        case("±0, ±0", "+0, +0"),
        case("NaN, any", "NaN, NaN"),
        also("any, NaN", "NaN, NaN"),
        // x / |x| with a real divisor
        also("> 0 and finite, ±0", "1, ±0"),
        also("< 0 and finite, ±0", "-1, ±0"),
        also("±0, > 0 and finite", "±0, 1"),
        also("±0, < 0 and finite", "±0, -1"),
    ],
    ..UNARY
};

const SIGNBIT: Function = Function {
    name: "signbit",
    real: &[
        case("+0", "false"),
        case("-0", "true"),
        case("+inf", "false"),
        case("-inf", "true"),
        case("> 0 and finite", "false"),
        case("< 0 and finite", "true"),
        case("+NaN", "false"),
        case("-NaN", "true"),
    ],
    takes_complex: false,
    ..UNARY
};

/// Defined as x * x.
const SQUARE: Function = Function {
    name: "square",
    real: &[also("NaN", "NaN"), also("±0", "+0"), also("±inf", "+inf"), also("any", "nearest")],
    complex: &[],
    ..UNARY
};

/// Defined as x1 + (-x2).
const SUBTRACT: Function = Function {
    name: "subtract",
    real: &[
        also("NaN, any", "NaN"),
        also("any, NaN", "NaN"),
        also("±inf, finite", "x1"),
        also("+inf, +inf", "NaN"),
        also("-inf, -inf", "NaN"),
        also("-0, +0", "-0"),
        also("-0, -0", "+0"),
        also("+0, ±0", "+0"),
        also("finite and ≠ 0, = x1", "+0"),
        also("any, any", "nearest"),
    ],
    by_parts: true,
    takes_complex: true,
    ..BINARY
};
