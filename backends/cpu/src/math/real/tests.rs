//! The standard's special cases of the real functions, case by case in its order, and their accuracy.

use std::f64::consts::PI;
use std::fmt::Debug;

use super::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Kinds of operands, as the standard's text names them.
#[derive(Clone, Copy)]
pub(in crate::math) enum Kind {
    Exactly(f64),
    Zero,
    Infinite,
    /// A positive finite number.
    Positive,
    /// A negative finite number.
    Negative,
    /// Positive or negative, finite and not zero.
    Nonzero,
    Finite,
    /// Greater than 0, infinity included.
    Above0,
    /// Less than 0, infinity included.
    Below0,
    Above1,
    /// Between -1 and 1.
    Within1,
    /// Beyond 1 in magnitude.
    Beyond1,
    OddAbove0,
    OddBelow0,
    NotOddAbove0,
    NotOddBelow0,
    Fraction,
    NotNan,
    NotZero,
    Any,
}
use Kind::*;

/// All operands that are tried, exact in both precisions but for the extremes.
pub(in crate::math) fn operands<T: Real>() -> Vec<T> {
    let least = T::zero().above();
    let mut all = vec![T::zero(), T::one(), T::one().above(), T::one().below(), T::infinity()];
    all.extend([least, T::min_positive_value(), T::max_value(), T::epsilon()]);
    all.extend([0.25, 0.5, 1.5, 2.0, 2.5, 3.0, 7.0, 30.75, 1e6, 16777217.0].map(T::from_f64));
    all.extend(all.clone().into_iter().map(|x| -x));
    all.extend([T::nan(), -T::nan()]);
    all
}

impl Kind {
    pub(in crate::math) fn holds<T: Real>(self, t: T) -> bool {
        let x = t.into_f64();
        let odd = x % 2.0 == 1.0 || x % 2.0 == -1.0;
        match self {
            Exactly(v) => x.is_nan() && v.is_nan() || x.to_bits() == v.to_bits(),
            Zero => x == 0.0,
            Infinite => x.is_infinite(),
            Positive => x > 0.0 && x < INF,
            Negative => x < 0.0 && x > -INF,
            Nonzero => x != 0.0 && x.is_finite(),
            Finite => x.is_finite(),
            Above0 => x > 0.0,
            Below0 => x < 0.0,
            Above1 => x > 1.0,
            Within1 => x.abs() < 1.0,
            Beyond1 => x.abs() > 1.0,
            OddAbove0 => x > 0.0 && odd,
            OddBelow0 => x < 0.0 && odd,
            NotOddAbove0 => x > 0.0 && !odd,
            NotOddBelow0 => x < 0.0 && !odd,
            Fraction => x.is_finite() && x.fract() != 0.0,
            NotNan => !x.is_nan(),
            NotZero => x != 0.0,
            Any => true,
        }
    }
}

/// What a case expects.
#[derive(Clone, Copy)]
enum Want {
    /// These bits (any NaN for NaN).
    Bits(f64),
    /// An approximation of this.
    Near(f64),
    /// The first operand, its magnitude, its negative magnitude.
    First,
    FirstAbs,
    FirstAbsNegative,
    Second,
    SecondAbs,
    SignBit(bool),
}
use Want::*;

fn check<T: Real + Debug>(name: &str, case: usize, x: T, y: T, got: T, want: Want) {
    let same = |want: T| {
        let (got, want) = (got.into_f64(), want.into_f64());
        got.is_nan() && want.is_nan() || got.to_bits() == want.to_bits()
    };
    let ok = match want {
        Bits(v) => same(T::from_f64(v)),
        Near(v) => (got - T::from_f64(v)).abs() <= T::from_f64(v).abs() * T::epsilon(),
        First => same(x),
        FirstAbs => same(x.abs()),
        FirstAbsNegative => same(-x.abs()),
        Second => same(y),
        SecondAbs => same(y.abs()),
        SignBit(negative) => !got.is_nan() && got.is_sign_negative() == negative,
    };
    assert!(ok, "{name}({x:?}, {y:?}) = {got:?}, by case {case}");
}

type Unary<T> = (&'static str, fn(T) -> T, &'static [(Kind, Want)]);
type Binary<T> = (&'static str, fn(T, T) -> T, &'static [(Kind, Kind, Want)]);

/// Runs a table on every operand of the kinds it names.
fn run_unary<T: Real + Debug>(table: &[Unary<T>]) {
    for (name, f, cases) in table {
        for (i, &(kind, want)) in cases.iter().enumerate() {
            let mut tried = 0;
            let exact = if let Exactly(v) = kind { Some(T::from_f64(v)) } else { None };
            for x in operands::<T>().into_iter().chain(exact).filter(|&x| kind.holds(x)) {
                check(name, i, x, x, f(x), want);
                tried += 1;
            }
            assert!(tried > 0, "{name}: nothing tried for case {i}");
        }
    }
}

fn run_binary<T: Real + Debug>(table: &[Binary<T>]) {
    for (name, f, cases) in table {
        for (i, &(first, second, want)) in cases.iter().enumerate() {
            let mut tried = 0;
            for x in operands::<T>().into_iter().filter(|&x| first.holds(x)) {
                for y in operands::<T>().into_iter().filter(|&y| second.holds(y)) {
                    check(name, i, x, y, f(x, y), want);
                    tried += 1;
                }
            }
            assert!(tried > 0, "{name}: nothing tried for case {i}");
        }
    }
}

const ODD_FUNCTION: &[(Kind, Want)] = &[
    (Exactly(NAN), Bits(NAN)),
    (Exactly(0.0), Bits(0.0)),
    (Exactly(-0.0), Bits(-0.0)),
    (Exactly(INF), Bits(INF)),
    (Exactly(-INF), Bits(-INF)),
];

const CIRCULAR: &[(Kind, Want)] = &[
    (Exactly(NAN), Bits(NAN)),
    (Exactly(0.0), Bits(0.0)),
    (Exactly(-0.0), Bits(-0.0)),
    (Infinite, Bits(NAN)),
];

const LOGARITHM: &[(Kind, Want)] = &[
    (Exactly(NAN), Bits(NAN)),
    (Below0, Bits(NAN)),
    (Zero, Bits(-INF)),
    (Exactly(1.0), Bits(0.0)),
    (Exactly(INF), Bits(INF)),
];

const ROUNDING: &[(Kind, Want)] = &[
    (OddAbove0, First),
    (OddBelow0, First),
    (Exactly(2.0), First),
    (Exactly(INF), Bits(INF)),
    (Exactly(-INF), Bits(-INF)),
    (Exactly(0.0), Bits(0.0)),
    (Exactly(-0.0), Bits(-0.0)),
    (Exactly(NAN), Bits(NAN)),
];

fn unary_table<T: Real>() -> Vec<Unary<T>> {
    vec![
        (
            "abs",
            abs,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(-0.0), Bits(0.0)),
                (Exactly(-INF), Bits(INF)),
                (Any, FirstAbs),
            ],
        ),
        (
            "acos",
            acos,
            &[(Exactly(NAN), Bits(NAN)), (Beyond1, Bits(NAN)), (Exactly(1.0), Bits(0.0))],
        ),
        (
            "acosh",
            acosh,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Below0, Bits(NAN)),
                (Within1, Bits(NAN)),
                (Exactly(1.0), Bits(0.0)),
                (Exactly(INF), Bits(INF)),
            ],
        ),
        (
            "asin",
            asin,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Beyond1, Bits(NAN)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
            ],
        ),
        ("asinh", asinh, ODD_FUNCTION),
        (
            "atan",
            atan,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
                (Exactly(INF), Near(PI / 2.0)),
                (Exactly(-INF), Near(-PI / 2.0)),
            ],
        ),
        (
            "atanh",
            atanh,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Beyond1, Bits(NAN)),
                (Exactly(-1.0), Bits(-INF)),
                (Exactly(1.0), Bits(INF)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
            ],
        ),
        ("ceil", ceil, ROUNDING),
        ("ceil", ceil, &[(Exactly(-0.25), Bits(-0.0)), (Exactly(0.25), Bits(1.0))]),
        ("cos", cos, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(1.0)), (Infinite, Bits(NAN))]),
        ("cosh", cosh, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(1.0)), (Infinite, Bits(INF))]),
        (
            "exp",
            exp,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Zero, Bits(1.0)),
                (Exactly(INF), Bits(INF)),
                (Exactly(-INF), Bits(0.0)),
            ],
        ),
        (
            "expm1",
            expm1,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
                (Exactly(INF), Bits(INF)),
                (Exactly(-INF), Bits(-1.0)),
            ],
        ),
        ("floor", floor, ROUNDING),
        ("floor", floor, &[(Exactly(-0.25), Bits(-1.0)), (Exactly(0.25), Bits(0.0))]),
        ("log", log, LOGARITHM),
        (
            "log1p",
            log1p,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(-1.5), Bits(NAN)),
                (Exactly(-INF), Bits(NAN)),
                (Exactly(-1.0), Bits(-INF)),
                (Exactly(-0.0), Bits(-0.0)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(INF), Bits(INF)),
            ],
        ),
        ("log2", log2, LOGARITHM),
        ("log10", log10, LOGARITHM),
        ("log10", log10, &[(Exactly(1e6), Bits(6.0)), (Exactly(1000.0), Bits(3.0))]),
        ("negative", negative, &[(Exactly(0.0), Bits(-0.0)), (Exactly(-0.0), Bits(0.0))]),
        (
            "reciprocal",
            reciprocal,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(0.0), Bits(INF)),
                (Exactly(-0.0), Bits(-INF)),
                (Exactly(INF), Bits(0.0)),
                (Exactly(-INF), Bits(-0.0)),
            ],
        ),
        ("round", round, ROUNDING),
        (
            "round",
            round,
            &[
                (Exactly(0.5), Bits(0.0)),
                (Exactly(-0.5), Bits(-0.0)),
                (Exactly(1.5), Bits(2.0)),
                (Exactly(2.5), Bits(2.0)),
                (Exactly(-2.5), Bits(-2.0)),
                (Exactly(-0.25), Bits(-0.0)),
            ],
        ),
        (
            "sign",
            sign,
            &[
                (Below0, Bits(-1.0)),
                (Zero, Bits(0.0)),
                (Above0, Bits(1.0)),
                (Exactly(NAN), Bits(NAN)),
            ],
        ),
        ("sin", sin, CIRCULAR),
        ("sinh", sinh, ODD_FUNCTION),
        (
            "sqrt",
            sqrt,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Below0, Bits(NAN)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
                (Exactly(INF), Bits(INF)),
            ],
        ),
        ("square", square, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(0.0)), (Infinite, Bits(INF))]),
        ("tan", tan, CIRCULAR),
        (
            "tanh",
            tanh,
            &[
                (Exactly(NAN), Bits(NAN)),
                (Exactly(0.0), Bits(0.0)),
                (Exactly(-0.0), Bits(-0.0)),
                (Exactly(INF), Bits(1.0)),
                (Exactly(-INF), Bits(-1.0)),
            ],
        ),
        ("trunc", trunc, ROUNDING),
        ("trunc", trunc, &[(Exactly(-0.25), Bits(-0.0)), (Exactly(30.75), Bits(30.0))]),
    ]
}

const POWERS: &[(Kind, Kind, Want)] = &[
    // the base 1 apart
    (Zero, Exactly(NAN), Bits(NAN)),
    (Beyond1, Exactly(NAN), Bits(NAN)),
    (Within1, Exactly(NAN), Bits(NAN)),
    (Exactly(-1.0), Exactly(NAN), Bits(NAN)),
    (Any, Exactly(0.0), Bits(1.0)),
    (Any, Exactly(-0.0), Bits(1.0)),
    (Exactly(NAN), Above0, Bits(NAN)),
    (Exactly(NAN), Below0, Bits(NAN)),
    (Exactly(NAN), Exactly(NAN), Bits(NAN)),
    (Beyond1, Exactly(INF), Bits(INF)),
    (Beyond1, Exactly(-INF), Bits(0.0)),
    (Exactly(1.0), Infinite, Bits(1.0)),
    (Exactly(-1.0), Infinite, Bits(1.0)),
    (Exactly(1.0), NotNan, Bits(1.0)),
    (Within1, Exactly(INF), Bits(0.0)),
    (Within1, Exactly(-INF), Bits(INF)),
    (Exactly(INF), Above0, Bits(INF)),
    (Exactly(INF), Below0, Bits(0.0)),
    (Exactly(-INF), OddAbove0, Bits(-INF)),
    (Exactly(-INF), NotOddAbove0, Bits(INF)),
    (Exactly(-INF), OddBelow0, Bits(-0.0)),
    (Exactly(-INF), NotOddBelow0, Bits(0.0)),
    (Exactly(0.0), Above0, Bits(0.0)),
    (Exactly(0.0), Below0, Bits(INF)),
    (Exactly(-0.0), OddAbove0, Bits(-0.0)),
    (Exactly(-0.0), NotOddAbove0, Bits(0.0)),
    (Exactly(-0.0), OddBelow0, Bits(-INF)),
    (Exactly(-0.0), NotOddBelow0, Bits(INF)),
    (Negative, Fraction, Bits(NAN)),
];

const QUOTIENTS: &[(Kind, Kind, Want)] = &[
    (Exactly(NAN), Any, Bits(NAN)),
    (Any, Exactly(NAN), Bits(NAN)),
    (Infinite, Infinite, Bits(NAN)),
    (Zero, Zero, Bits(NAN)),
    (Exactly(0.0), Above0, Bits(0.0)),
    (Exactly(-0.0), Above0, Bits(-0.0)),
    (Exactly(0.0), Below0, Bits(-0.0)),
    (Exactly(-0.0), Below0, Bits(0.0)),
    (Above0, Exactly(0.0), Bits(INF)),
    (Above0, Exactly(-0.0), Bits(-INF)),
    (Below0, Exactly(0.0), Bits(-INF)),
    (Below0, Exactly(-0.0), Bits(INF)),
    (Exactly(INF), Positive, Bits(INF)),
    (Exactly(INF), Negative, Bits(-INF)),
    (Exactly(-INF), Positive, Bits(-INF)),
    (Exactly(-INF), Negative, Bits(INF)),
    (Positive, Exactly(INF), Bits(0.0)),
    (Positive, Exactly(-INF), Bits(-0.0)),
    (Negative, Exactly(INF), Bits(-0.0)),
    (Negative, Exactly(-INF), Bits(0.0)),
    (Positive, Positive, SignBit(false)),
    (Negative, Negative, SignBit(false)),
    (Positive, Negative, SignBit(true)),
    (Negative, Positive, SignBit(true)),
];

const REMAINDERS: &[(Kind, Kind, Want)] = &[
    (Exactly(NAN), Any, Bits(NAN)),
    (Any, Exactly(NAN), Bits(NAN)),
    (Infinite, Infinite, Bits(NAN)),
    (Zero, Zero, Bits(NAN)),
    (Zero, Above0, Bits(0.0)),
    (Zero, Below0, Bits(-0.0)),
    (Above0, Zero, Bits(NAN)),
    (Below0, Zero, Bits(NAN)),
    (Exactly(INF), Nonzero, Bits(NAN)),
    (Exactly(-INF), Nonzero, Bits(NAN)),
    (Positive, Exactly(INF), First),
    (Positive, Exactly(-INF), Second),
    (Negative, Exactly(INF), Second),
    (Negative, Exactly(-INF), First),
    (Finite, Positive, SignBit(false)),
    (Finite, Negative, SignBit(true)),
];

const ANGLES: &[(Kind, Kind, Want)] = &[
    (Exactly(NAN), Any, Bits(NAN)),
    (Any, Exactly(NAN), Bits(NAN)),
    (Above0, Zero, Near(PI / 2.0)),
    (Exactly(0.0), Above0, Bits(0.0)),
    (Exactly(0.0), Exactly(0.0), Bits(0.0)),
    (Exactly(0.0), Exactly(-0.0), Near(PI)),
    (Exactly(0.0), Below0, Near(PI)),
    (Exactly(-0.0), Above0, Bits(-0.0)),
    (Exactly(-0.0), Exactly(0.0), Bits(-0.0)),
    (Exactly(-0.0), Exactly(-0.0), Near(-PI)),
    (Exactly(-0.0), Below0, Near(-PI)),
    (Below0, Zero, Near(-PI / 2.0)),
    (Positive, Exactly(INF), Bits(0.0)),
    (Positive, Exactly(-INF), Near(PI)),
    (Negative, Exactly(INF), Bits(-0.0)),
    (Negative, Exactly(-INF), Near(-PI)),
    (Exactly(INF), Finite, Near(PI / 2.0)),
    (Exactly(-INF), Finite, Near(-PI / 2.0)),
    (Exactly(INF), Exactly(INF), Near(PI / 4.0)),
    (Exactly(INF), Exactly(-INF), Near(3.0 * PI / 4.0)),
    (Exactly(-INF), Exactly(INF), Near(-PI / 4.0)),
    (Exactly(-INF), Exactly(-INF), Near(-3.0 * PI / 4.0)),
];

const HYPOTENUSES: &[(Kind, Kind, Want)] = &[
    (Infinite, Any, Bits(INF)),
    (Any, Infinite, Bits(INF)),
    (Zero, Any, SecondAbs),
    (Any, Zero, FirstAbs),
    (Finite, Exactly(NAN), Bits(NAN)),
    (Exactly(NAN), Finite, Bits(NAN)),
    (Exactly(NAN), Exactly(NAN), Bits(NAN)),
];

const LOGADDEXPS: &[(Kind, Kind, Want)] = &[
    (Exactly(NAN), Any, Bits(NAN)),
    (Any, Exactly(NAN), Bits(NAN)),
    (Exactly(INF), NotNan, Bits(INF)),
    (NotNan, Exactly(INF), Bits(INF)),
    // log(0 + exp(x))
    (Exactly(-INF), NotNan, Second),
    (NotNan, Exactly(-INF), First),
];

const NAN_PROPAGATES: &[(Kind, Kind, Want)] =
    &[(Exactly(NAN), Any, Bits(NAN)), (Any, Exactly(NAN), Bits(NAN))];

fn binary_table<T: Real>() -> Vec<Binary<T>> {
    vec![
        ("atan2", atan2, ANGLES),
        (
            "copysign",
            copysign,
            &[
                (Any, Below0, FirstAbsNegative),
                (Any, Exactly(-0.0), FirstAbsNegative),
                (Any, Exactly(0.0), FirstAbs),
                (Any, Above0, FirstAbs),
            ],
        ),
        ("divide", |x, y| x / y, QUOTIENTS),
        ("floor_divide", floor_divide, QUOTIENTS),
        ("hypot", hypot, HYPOTENUSES),
        ("logaddexp", logaddexp, LOGADDEXPS),
        ("maximum", maximum, NAN_PROPAGATES),
        (
            "maximum",
            maximum,
            &[
                (Above1, Within1, First),
                (Below0, Above0, Second),
                (Exactly(-0.0), Exactly(0.0), Bits(0.0)),
                (Exactly(0.0), Exactly(-0.0), Bits(0.0)),
            ],
        ),
        ("minimum", minimum, NAN_PROPAGATES),
        (
            "minimum",
            minimum,
            &[
                (Above1, Within1, Second),
                (Below0, Above0, First),
                (Exactly(-0.0), Exactly(0.0), Bits(-0.0)),
                (Exactly(0.0), Exactly(-0.0), Bits(-0.0)),
            ],
        ),
        ("nextafter", nextafter, NAN_PROPAGATES),
        (
            "nextafter",
            nextafter,
            &[(Exactly(-0.0), Exactly(0.0), Bits(0.0)), (Exactly(0.0), Exactly(-0.0), Bits(-0.0))],
        ),
        ("pow", pow, POWERS),
        ("remainder", remainder, REMAINDERS),
    ]
}

#[test]
fn special_cases() {
    run_unary(&unary_table::<f32>());
    run_unary(&unary_table::<f64>());
    run_binary(&binary_table::<f32>());
    run_binary(&binary_table::<f64>());
}

#[test]
fn predicates() {
    fn run<T: Real + Debug>() {
        for x in operands::<T>() {
            let wide = x.into_f64();
            assert_eq!(is_finite(x), wide.is_finite(), "{x:?}");
            assert_eq!(is_inf(x), wide == INF || wide == -INF, "{x:?}");
            assert_eq!(is_nan(x), wide.is_nan(), "{x:?}");
            assert_eq!(signbit(x), wide.to_bits() >> 63 == 1, "{x:?}");
            assert_eq!(signbit(negative(x)), !signbit(x), "{x:?}");
            for y in operands::<T>() {
                // NaN as well
                let copied = copysign(x, y);
                assert_eq!(signbit(copied), signbit(y), "{x:?} {y:?}");
                assert_eq!(is_nan(copied), is_nan(x), "{x:?} {y:?}");
            }
        }
    }
    run::<f32>();
    run::<f64>();
}

#[test]
fn symmetries() {
    fn run<T: Real + Debug>() {
        let same = |a: T, b: T| a == b || a.is_nan() && b.is_nan();
        for x in operands::<T>() {
            assert!(same(sinh(-x), -sinh(x)) && same(tanh(-x), -tanh(x)), "{x:?}");
            assert!(same(cosh(-x), cosh(x)) && same(asinh(-x), -asinh(x)), "{x:?}");
            for y in operands::<T>() {
                assert!(same(hypot(x, y), hypot(y, x)), "{x:?} {y:?}");
                assert!(same(hypot(x, -y), hypot(-x, y)), "{x:?} {y:?}");
                assert!(same(hypot(x, -y), hypot(x, y)), "{x:?} {y:?}");
                assert!(same(maximum(x, y), maximum(y, x)), "{x:?} {y:?}");
                assert!(same(minimum(x, y), minimum(y, x)), "{x:?} {y:?}");
                assert!(same(logaddexp(x, y), logaddexp(y, x)), "{x:?} {y:?}");
            }
        }
    }
    run::<f32>();
    run::<f64>();
}

#[test]
fn neighbours() {
    assert_eq!(nextafter(1f32, INF as f32).to_bits(), 1f32.to_bits() + 1);
    assert_eq!(nextafter(1f64, -2.0).to_bits(), 1f64.to_bits() - 1);
    assert_eq!(nextafter(0.0, 1.0), f64::from_bits(1));
    assert_eq!(nextafter(-0.0, -1.0), -f64::from_bits(1));
    assert_eq!(nextafter(f64::MAX, INF), INF);
    assert_eq!(nextafter(-INF, 0.0), f64::MIN);
    assert_eq!(nextafter(3f32, 3.0), 3.0);
}

/// Quotients and remainders whose exact values are known, Python's `//` and `%` among them.
#[test]
fn floor_division_is_exact() {
    // the quotients were computed with fractions
    let cases: [(f64, f64, f64, f64); 16] = [
        (1.0, 0.1, 9.0, 0.09999999999999995),
        (-1.0, 0.1, -10.0, 5.551115123125783e-17),
        (7.0, -2.0, -4.0, -1.0),
        (-7.0, 2.0, -4.0, 1.0),
        (6.0, 2.0, 3.0, 0.0),
        (-6.0, 2.0, -3.0, -0.0),
        (-5.5, -0.1, 54.0, -0.0999999999999997),
        (0.3, 0.1, 2.0, 0.09999999999999998),
        (5e-324, 1e+300, 0.0, 5e-324),
        (-5e-324, 1e+300, -1.0, 1e+300),
        (4503599627370498.0, 0.5, 9007199254740996.0, 0.0),
        (9007199254740991.0, 1.0000000000000002, 9007199254740989.0, 6.661338147750939e-16),
        (9007199254740990.0, 1.0000000000000002, 9007199254740988.0, 8.881784197001252e-16),
        (-9007199254740991.0, 1.0000000000000002, -9007199254740990.0, 0.9999999999999996),
        (9007199254740991.0, -1.0000000000000002, -9007199254740990.0, -0.9999999999999996),
        (123456789.0, 1e-07, 1234567890000000.0, 5.5866528101631554e-09),
    ];
    for (x, y, quotient, rest) in cases {
        assert_eq!(floor_divide(x, y), quotient, "{x} // {y}");
        assert_eq!(remainder(x, y), rest, "{x} % {y}");
    }
    // all quotients of small numbers, in integers
    for a in -600i32..600 {
        for b in (-40i32..40).filter(|&b| b != 0) {
            let want = (a.div_euclid(b) - i32::from(b < 0 && a.rem_euclid(b) != 0)) as f32;
            let (x, y) = (a as f32 / 1024.0, b as f32 / 1024.0);
            assert_eq!(floor_divide(x, y), want, "{x} // {y}");
            assert_eq!(floor_divide(f64::from(x), f64::from(y)), want.into(), "{x} // {y}");
            assert_eq!(remainder(x, y), (a as f32 - want * b as f32) / 1024.0, "{x} % {y}");
        }
    }
    assert_eq!(remainder(1e300, 3.0), 1e300 % 3.0);
    assert_eq!(floor_divide(3e38f32, 1e-38), f32::INFINITY);
    assert_eq!(floor_divide(16777215f32, 1.0 + f32::EPSILON), 16777213.0);
}

/// The distance of `got` from the correctly rounded `want` in units in the last place.
pub(in crate::math) fn ulps(got: f64, want: f64) -> f64 {
    if got == want {
        return 0.0;
    }
    (got - want).abs() / (want.abs().next_up() - want.abs())
}

type Rows1 = (&'static str, fn(f64) -> f64, &'static [(u64, u64)]);
type Rows2 = (&'static str, fn(f64, f64) -> f64, &'static [(u64, u64, u64)], f64);

#[test]
fn accuracy_of_doubles() {
    use super::rows::*;
    // own compositions never leave the nearest number but in near ties, the platform's by one unit
    let unary: &[Rows1] = &[
        ("acos", acos, ACOS),
        ("acosh", acosh, ACOSH),
        ("asin", asin, ASIN),
        ("asinh", asinh, ASINH),
        ("atan", atan, ATAN),
        ("atanh", atanh, ATANH),
        ("cos", cos, COS),
        ("cosh", cosh, COSH),
        ("exp", exp, EXP),
        ("expm1", expm1, EXPM1),
        ("log", log, LOG),
        ("log1p", log1p, LOG1P),
        ("log2", log2, LOG2),
        ("log10", log10, LOG10),
        ("sin", sin, SIN),
        ("sinh", sinh, SINH),
        ("tan", tan, TAN),
        ("tanh", tanh, TANH),
    ];
    let composed = ["acosh", "asinh", "atanh", "cosh", "log10", "sinh", "tanh"];
    for (name, f, rows) in unary {
        let limit = if composed.contains(name) { 0.0 } else { 1.0 };
        for &(x, want) in *rows {
            let (x, want) = (f64::from_bits(x), f64::from_bits(want));
            let (got, error) = (f(x), ulps(f(x), want));
            assert!(error <= limit, "{name}({x:e}) = {got:e}, not {want:e}");
        }
    }
    let binary: &[Rows2] = &[
        ("atan2", atan2, ATAN2, 1.0),
        ("hypot", hypot, HYPOT, 0.0),
        ("logaddexp", logaddexp, LOGADDEXP, 0.0),
        ("pow", pow, POW, 1.0),
    ];
    for (name, f, rows, limit) in binary {
        for &(x, y, want) in *rows {
            let (x, y, want) = (f64::from_bits(x), f64::from_bits(y), f64::from_bits(want));
            let (got, error) = (f(x, y), ulps(f(x, y), want));
            assert!(error <= *limit, "{name}({x:e}, {y:e}) = {got:e}, not {want:e}");
        }
    }
}

/// Where the terms of `logaddexp` cancel, what is left is exact to 2^-58 of them.
#[test]
fn logaddexp_near_zero() {
    let got = logaddexp(-1.0, -0.4586751453870819);
    assert!((got - 1.1465763589783119e-17).abs() < 2f64.powi(-58), "{got:e}");
}

/// Every 65584th `f32` against the `f64` function.
#[test]
fn accuracy_of_singles() {
    type Pair = (&'static str, fn(f32) -> f32, fn(f64) -> f64);
    let functions: &[Pair] = &[
        ("acos", acos, acos),
        ("acosh", acosh, acosh),
        ("asin", asin, asin),
        ("asinh", asinh, asinh),
        ("atan", atan, atan),
        ("atanh", atanh, atanh),
        ("cos", cos, cos),
        ("cosh", cosh, cosh),
        ("exp", exp, exp),
        ("expm1", expm1, expm1),
        ("log", log, log),
        ("log1p", log1p, log1p),
        ("log2", log2, log2),
        ("log10", log10, log10),
        ("sin", sin, sin),
        ("sinh", sinh, sinh),
        ("sqrt", sqrt, sqrt),
        ("tan", tan, tan),
        ("tanh", tanh, tanh),
    ];
    for (name, single, double) in functions {
        for bits in (0..=u32::MAX).step_by(4099 * 16) {
            let x = f32::from_bits(bits);
            let (got, want) = (single(x), double(x.into()));
            let nearest = want as f32;
            if !nearest.is_finite() || !got.is_finite() {
                assert!(
                    got == nearest || got.is_nan() && nearest.is_nan(),
                    "{name}({x:e}) = {got:e}"
                );
                continue;
            }
            let unit = f64::from(nearest.abs().next_up()) - f64::from(nearest.abs());
            let error = (f64::from(got) - want).abs() / unit;
            assert!(error <= 0.9, "{name}({x:e}) = {got:e}, not {want:e}: {error} units");
        }
    }
}
