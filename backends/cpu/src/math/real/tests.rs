//! The standard's special cases of the real functions, case by case in its order, and their accuracy.

use std::f64::consts::PI;
use std::fmt::Debug;

use arrayspace_core::{BinaryOp, DType, UnaryOp};

use super::*;
use crate::kernels;
use crate::simd::Level;

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
    let same = |want: T| same(got, want);
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

type Unary = (UnaryOp, &'static [(Kind, Want)]);
type Binary = (BinaryOp, &'static [(Kind, Kind, Want)]);

const fn dtype<T: Real>() -> DType {
    if T::SINGLE { DType::Float32 } else { DType::Float64 }
}

fn same<T: Real>(a: T, b: T) -> bool {
    let (a, b) = (a.into_f64(), b.into_f64());
    a.is_nan() && b.is_nan() || a.to_bits() == b.to_bits()
}

/// What the kernels give: of every level, wherever an element stands.
pub(in crate::math) fn map<T: Real + Debug>(op: UnaryOp, x: &[T]) -> Vec<T> {
    let run = |level, x: &[T]| {
        let mut y = vec![T::zero(); x.len()];
        let kernel = kernels::unary(op, dtype::<T>(), level).unwrap();
        // SAFETY: vectors of the dtype, of one length; the processor has the level.
        unsafe { kernel(x.as_ptr().cast(), y.as_mut_ptr().cast(), x.len()) };
        y
    };
    let all = run(Level::Baseline, x);
    for &level in Level::available() {
        for skip in [0, 1, 7, x.len() / 2, x.len() - x.len().min(3)] {
            let skip = skip.min(x.len());
            for (i, got) in run(level, &x[skip..]).into_iter().enumerate() {
                let (x, expected) = (x[skip + i], all[skip + i]);
                assert!(same(got, expected), "{op:?} {level:?} {x:?}: {got:?} {expected:?}");
            }
        }
    }
    all
}

/// As [`map`].
pub(in crate::math) fn map2<T: Real + Debug>(op: BinaryOp, a: &[T], b: &[T]) -> Vec<T> {
    let run = |level, a: &[T], b: &[T]| {
        let mut y = vec![T::zero(); a.len()];
        let kernel = kernels::binary(op, dtype::<T>(), level).unwrap();
        // SAFETY: vectors of the dtype, of one length; the processor has the level.
        unsafe {
            kernel(a.as_ptr().cast(), b.as_ptr().cast(), y.as_mut_ptr().cast(), a.len());
        }
        y
    };
    let all = run(Level::Baseline, a, b);
    for &level in Level::available() {
        for skip in [0, 1, 7, a.len() / 2, a.len() - a.len().min(3)] {
            let skip = skip.min(a.len());
            for (i, got) in run(level, &a[skip..], &b[skip..]).into_iter().enumerate() {
                let (a, b, expected) = (a[skip + i], b[skip + i], all[skip + i]);
                assert!(same(got, expected), "{op:?} {level:?} {a:?} {b:?}: {got:?} {expected:?}");
            }
        }
    }
    all
}

/// Every pair of operands.
fn pairs<T: Real>() -> (Vec<T>, Vec<T>) {
    let all = operands::<T>();
    let first = all.iter().flat_map(|&x| vec![x; all.len()]).collect();
    (first, all.repeat(all.len()))
}

/// Runs a table on every operand of the kinds it names.
fn run_unary<T: Real + Debug>() {
    for &(op, cases) in UNARY {
        let exact = cases.iter().filter_map(|&(kind, _)| match kind {
            Exactly(v) => Some(T::from_f64(v)),
            _ => None,
        });
        // more than a block of any kernel
        let x = operands::<T>().into_iter().chain(exact).collect::<Vec<_>>().repeat(4);
        let y = map(op, &x);
        for (i, &(kind, want)) in cases.iter().enumerate() {
            let mut tried = 0;
            for (&x, &y) in x.iter().zip(&y).filter(|&(&x, _)| kind.holds(x)) {
                check(&format!("{op:?}"), i, x, x, y, want);
                tried += 1;
            }
            assert!(tried > 0, "{op:?}: nothing tried for case {i}");
        }
    }
}

fn run_binary<T: Real + Debug>() {
    let (x, y) = pairs::<T>();
    for &(op, cases) in BINARY {
        let z = map2(op, &x, &y);
        for (i, &(first, second, want)) in cases.iter().enumerate() {
            let mut tried = 0;
            for ((&x, &y), &z) in x.iter().zip(&y).zip(&z) {
                if first.holds(x) && second.holds(y) {
                    check(&format!("{op:?}"), i, x, y, z, want);
                    tried += 1;
                }
            }
            assert!(tried > 0, "{op:?}: nothing tried for case {i}");
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

const UNARY: &[Unary] = &[
    (
        UnaryOp::Abs,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Exactly(-0.0), Bits(0.0)),
            (Exactly(-INF), Bits(INF)),
            (Any, FirstAbs),
        ],
    ),
    (UnaryOp::Acos, &[(Exactly(NAN), Bits(NAN)), (Beyond1, Bits(NAN)), (Exactly(1.0), Bits(0.0))]),
    (
        UnaryOp::Acosh,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Below0, Bits(NAN)),
            (Within1, Bits(NAN)),
            (Exactly(1.0), Bits(0.0)),
            (Exactly(INF), Bits(INF)),
        ],
    ),
    (
        UnaryOp::Asin,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Beyond1, Bits(NAN)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
        ],
    ),
    (UnaryOp::Asinh, ODD_FUNCTION),
    (
        UnaryOp::Atan,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
            (Exactly(INF), Near(PI / 2.0)),
            (Exactly(-INF), Near(-PI / 2.0)),
        ],
    ),
    (
        UnaryOp::Atanh,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Beyond1, Bits(NAN)),
            (Exactly(-1.0), Bits(-INF)),
            (Exactly(1.0), Bits(INF)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
        ],
    ),
    (UnaryOp::Ceil, ROUNDING),
    (UnaryOp::Ceil, &[(Exactly(-0.25), Bits(-0.0)), (Exactly(0.25), Bits(1.0))]),
    (UnaryOp::Cos, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(1.0)), (Infinite, Bits(NAN))]),
    (UnaryOp::Cosh, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(1.0)), (Infinite, Bits(INF))]),
    (
        UnaryOp::Exp,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Zero, Bits(1.0)),
            (Exactly(INF), Bits(INF)),
            (Exactly(-INF), Bits(0.0)),
        ],
    ),
    (
        UnaryOp::Expm1,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
            (Exactly(INF), Bits(INF)),
            (Exactly(-INF), Bits(-1.0)),
        ],
    ),
    (UnaryOp::Floor, ROUNDING),
    (UnaryOp::Floor, &[(Exactly(-0.25), Bits(-1.0)), (Exactly(0.25), Bits(0.0))]),
    (UnaryOp::Log, LOGARITHM),
    (
        UnaryOp::Log1p,
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
    (UnaryOp::Log2, LOGARITHM),
    (UnaryOp::Log10, LOGARITHM),
    (UnaryOp::Log10, &[(Exactly(1e6), Bits(6.0)), (Exactly(1000.0), Bits(3.0))]),
    (UnaryOp::Negative, &[(Exactly(0.0), Bits(-0.0)), (Exactly(-0.0), Bits(0.0))]),
    (
        UnaryOp::Reciprocal,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Exactly(0.0), Bits(INF)),
            (Exactly(-0.0), Bits(-INF)),
            (Exactly(INF), Bits(0.0)),
            (Exactly(-INF), Bits(-0.0)),
        ],
    ),
    (UnaryOp::Round, ROUNDING),
    (
        UnaryOp::Round,
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
        UnaryOp::Sign,
        &[(Below0, Bits(-1.0)), (Zero, Bits(0.0)), (Above0, Bits(1.0)), (Exactly(NAN), Bits(NAN))],
    ),
    (UnaryOp::Sin, CIRCULAR),
    (UnaryOp::Sinh, ODD_FUNCTION),
    (
        UnaryOp::Sqrt,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Below0, Bits(NAN)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
            (Exactly(INF), Bits(INF)),
        ],
    ),
    (UnaryOp::Square, &[(Exactly(NAN), Bits(NAN)), (Zero, Bits(0.0)), (Infinite, Bits(INF))]),
    (UnaryOp::Tan, CIRCULAR),
    (
        UnaryOp::Tanh,
        &[
            (Exactly(NAN), Bits(NAN)),
            (Exactly(0.0), Bits(0.0)),
            (Exactly(-0.0), Bits(-0.0)),
            (Exactly(INF), Bits(1.0)),
            (Exactly(-INF), Bits(-1.0)),
        ],
    ),
    (UnaryOp::Trunc, ROUNDING),
    (UnaryOp::Trunc, &[(Exactly(-0.25), Bits(-0.0)), (Exactly(30.75), Bits(30.0))]),
];

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

const BINARY: &[Binary] = &[
    (BinaryOp::Atan2, ANGLES),
    (
        BinaryOp::Copysign,
        &[
            (Any, Below0, FirstAbsNegative),
            (Any, Exactly(-0.0), FirstAbsNegative),
            (Any, Exactly(0.0), FirstAbs),
            (Any, Above0, FirstAbs),
        ],
    ),
    (BinaryOp::Divide, QUOTIENTS),
    (BinaryOp::FloorDivide, QUOTIENTS),
    (BinaryOp::Hypot, HYPOTENUSES),
    (BinaryOp::Logaddexp, LOGADDEXPS),
    (BinaryOp::Maximum, NAN_PROPAGATES),
    (
        BinaryOp::Maximum,
        &[
            (Above1, Within1, First),
            (Below0, Above0, Second),
            (Exactly(-0.0), Exactly(0.0), Bits(0.0)),
            (Exactly(0.0), Exactly(-0.0), Bits(0.0)),
        ],
    ),
    (BinaryOp::Minimum, NAN_PROPAGATES),
    (
        BinaryOp::Minimum,
        &[
            (Above1, Within1, Second),
            (Below0, Above0, First),
            (Exactly(-0.0), Exactly(0.0), Bits(-0.0)),
            (Exactly(0.0), Exactly(-0.0), Bits(-0.0)),
        ],
    ),
    (BinaryOp::Nextafter, NAN_PROPAGATES),
    (
        BinaryOp::Nextafter,
        &[(Exactly(-0.0), Exactly(0.0), Bits(0.0)), (Exactly(0.0), Exactly(-0.0), Bits(-0.0))],
    ),
    (BinaryOp::Pow, POWERS),
    (BinaryOp::Remainder, REMAINDERS),
];

#[test]
fn special_cases() {
    run_unary::<f32>();
    run_unary::<f64>();
    run_binary::<f32>();
    run_binary::<f64>();
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
        use UnaryOp::*;
        let negative = |x: &[T]| x.iter().map(|&x| -x).collect::<Vec<T>>();
        let all_same = |a: &[T], b: &[T]| a.iter().zip(b).all(|(&a, &b)| same(a, b));
        let x = operands::<T>();
        for op in [Asin, Asinh, Atan, Atanh, Sin, Sinh, Tan, Tanh] {
            assert!(all_same(&map(op, &negative(&x)), &negative(&map(op, &x))), "{op:?}");
        }
        for op in [Cos, Cosh] {
            assert!(all_same(&map(op, &negative(&x)), &map(op, &x)), "{op:?}");
        }
        use BinaryOp::*;
        let (x, y) = pairs::<T>();
        for op in [Hypot, Maximum, Minimum, Logaddexp] {
            assert!(all_same(&map2(op, &x, &y), &map2(op, &y, &x)), "{op:?}");
        }
        assert!(all_same(&map2(Hypot, &x, &y), &map2(Hypot, &x, &negative(&y))));
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

type Rows1 = (UnaryOp, &'static [(u64, u64)]);
type Rows2 = (BinaryOp, &'static [(u64, u64, u64)]);

#[test]
fn accuracy_of_doubles() {
    use super::rows::*;
    // the nearest number or one beside it
    let unary: &[Rows1] = &[
        (UnaryOp::Acos, ACOS),
        (UnaryOp::Acosh, ACOSH),
        (UnaryOp::Asin, ASIN),
        (UnaryOp::Asinh, ASINH),
        (UnaryOp::Atan, ATAN),
        (UnaryOp::Atanh, ATANH),
        (UnaryOp::Cos, COS),
        (UnaryOp::Cosh, COSH),
        (UnaryOp::Exp, EXP),
        (UnaryOp::Expm1, EXPM1),
        (UnaryOp::Log, LOG),
        (UnaryOp::Log1p, LOG1P),
        (UnaryOp::Log2, LOG2),
        (UnaryOp::Log10, LOG10),
        (UnaryOp::Sin, SIN),
        (UnaryOp::Sinh, SINH),
        (UnaryOp::Tan, TAN),
        (UnaryOp::Tanh, TANH),
    ];
    for &(op, rows) in unary {
        let x: Vec<f64> = rows.iter().map(|row| f64::from_bits(row.0)).collect();
        for (got, &(x, want)) in map(op, &x).into_iter().zip(rows) {
            let (x, want) = (f64::from_bits(x), f64::from_bits(want));
            assert!(ulps(got, want) <= 1.0, "{op:?}({x:e}) = {got:e}, not {want:e}");
        }
    }
    let binary: &[Rows2] = &[
        (BinaryOp::Atan2, ATAN2),
        (BinaryOp::Hypot, HYPOT),
        (BinaryOp::Logaddexp, LOGADDEXP),
        (BinaryOp::Pow, POW),
    ];
    for &(op, rows) in binary {
        let x: Vec<f64> = rows.iter().map(|row| f64::from_bits(row.0)).collect();
        let y: Vec<f64> = rows.iter().map(|row| f64::from_bits(row.1)).collect();
        for (got, &(x, y, want)) in map2(op, &x, &y).into_iter().zip(rows) {
            let (x, y, want) = (f64::from_bits(x), f64::from_bits(y), f64::from_bits(want));
            assert!(ulps(got, want) <= 1.0, "{op:?}({x:e}, {y:e}) = {got:e}, not {want:e}");
        }
    }
}

/// Where the terms of `logaddexp` cancel, what is left is exact to 2^-56 of them.
#[test]
fn logaddexp_near_zero() {
    let got = map2(BinaryOp::Logaddexp, &[-1.0], &[-0.4586751453870819])[0];
    assert!((got - 1.1465763589783119e-17).abs() < 2f64.powi(-56), "{got:e}");
}

/// Every 65584th `f32` against the `f64` function of the platform.
#[test]
fn accuracy_of_singles() {
    use UnaryOp::*;
    type Pair = (UnaryOp, fn(f64) -> f64);
    let functions: &[Pair] = &[
        (Acos, f64::acos),
        (Acosh, f64::acosh),
        (Asin, f64::asin),
        (Asinh, f64::asinh),
        (Atan, f64::atan),
        (Atanh, f64::atanh),
        (Cos, f64::cos),
        (Cosh, f64::cosh),
        (Exp, f64::exp),
        (Expm1, f64::exp_m1),
        (Log, f64::ln),
        (Log1p, f64::ln_1p),
        (Log2, f64::log2),
        (Log10, f64::log10),
        (Sin, f64::sin),
        (Sinh, f64::sinh),
        (Sqrt, f64::sqrt),
        (Tan, f64::tan),
        (Tanh, f64::tanh),
    ];
    let x: Vec<f32> = (0..=u32::MAX).step_by(4099 * 16).map(f32::from_bits).collect();
    for &(op, double) in functions {
        for (&x, got) in x.iter().zip(map(op, &x)) {
            let want = double(x.into());
            let nearest = want as f32;
            if !nearest.is_finite() || !got.is_finite() {
                assert!(
                    got == nearest || got.is_nan() && nearest.is_nan(),
                    "{op:?}({x:e}) = {got:e}"
                );
                continue;
            }
            let unit = f64::from(nearest.abs().next_up()) - f64::from(nearest.abs());
            let error = (f64::from(got) - want).abs() / unit;
            assert!(error <= 0.99, "{op:?}({x:e}) = {got:e}, not {want:e}: {error} units");
        }
    }
}
