//! The standard's special cases of the complex functions, case by case in its order, their symmetries
//! and their accuracy.

use std::f64::consts::PI;
use std::fmt::Debug;

use super::super::real::tests::Kind::{self, *};
use super::super::real::tests::{operands, ulps};
use super::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// What a case expects of a part.
#[derive(Clone, Copy, Debug)]
enum Want {
    /// These bits (any NaN for NaN).
    Bits(f64),
    /// An approximation of this.
    Near(f64),
    /// An approximation of this or of its negative.
    EitherSign(f64),
    /// The part of this multiple of `cos(b) + j sin(b)`.
    Cis(f64),
    /// The same less 1.
    CisLess1(f64),
}
use Want::*;

fn same<T: Real>(x: T, y: T) -> bool {
    let (x, y) = (x.into_f64(), y.into_f64());
    x.is_nan() && y.is_nan() || x.to_bits() == y.to_bits()
}

fn same_both<T: Real>(x: Complex<T>, y: Complex<T>) -> bool {
    same(x.re, y.re) && same(x.im, y.im)
}

fn meets<T: Real>(got: T, want: Want, cis: f64) -> bool {
    let near = |v: f64| {
        let v = T::from_f64(v);
        same(got, v) || v.is_finite() && (got - v).abs() <= v.abs() * T::epsilon()
    };
    match want {
        Bits(v) => same(got, T::from_f64(v)),
        Near(v) => near(v),
        EitherSign(v) => near(v) || near(-v),
        Cis(factor) => same(got, T::from_f64(factor * cis)),
        CisLess1(factor) => same(got, T::from_f64(factor * cis - 1.0)),
    }
}

type Unary<T> = (&'static str, fn(Complex<T>) -> Complex<T>, &'static [(Kind, Kind, Want, Want)]);

fn table<T: Real>() -> Vec<Unary<T>> {
    vec![
        (
            "acos",
            acos,
            &[
                (Zero, Exactly(0.0), Near(PI / 2.0), Bits(-0.0)),
                (Zero, Exactly(NAN), Near(PI / 2.0), Bits(NAN)),
                (Finite, Exactly(INF), Near(PI / 2.0), Bits(-INF)),
                (Nonzero, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(-INF), Positive, Near(PI), Bits(-INF)),
                (Exactly(INF), Positive, Bits(0.0), Bits(-INF)),
                (Exactly(-INF), Exactly(INF), Near(3.0 * PI / 4.0), Bits(-INF)),
                (Exactly(INF), Exactly(INF), Near(PI / 4.0), Bits(-INF)),
                (Infinite, Exactly(NAN), Bits(NAN), EitherSign(INF)),
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), Bits(NAN), Bits(-INF)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "acosh",
            acosh,
            &[
                (Zero, Exactly(0.0), Bits(0.0), Near(PI / 2.0)),
                (Finite, Exactly(INF), Bits(INF), Near(PI / 2.0)),
                (Nonzero, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(0.0), Exactly(NAN), Bits(NAN), EitherSign(PI / 2.0)),
                (Exactly(-INF), Positive, Bits(INF), Near(PI)),
                (Exactly(INF), Positive, Bits(INF), Bits(0.0)),
                (Exactly(-INF), Exactly(INF), Bits(INF), Near(3.0 * PI / 4.0)),
                (Exactly(INF), Exactly(INF), Bits(INF), Near(PI / 4.0)),
                (Infinite, Exactly(NAN), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "asinh",
            asinh,
            &[
                (Exactly(0.0), Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Positive, Exactly(INF), Bits(INF), Near(PI / 2.0)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Positive, Bits(INF), Bits(0.0)),
                (Exactly(INF), Exactly(INF), Bits(INF), Near(PI / 4.0)),
                (Exactly(NAN), Exactly(0.0), Bits(NAN), Bits(0.0)),
                (Exactly(NAN), Nonzero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), EitherSign(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "atanh",
            atanh,
            &[
                (Exactly(0.0), Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Exactly(0.0), Exactly(NAN), Bits(0.0), Bits(NAN)),
                (Exactly(1.0), Exactly(0.0), Bits(INF), Bits(0.0)),
                (Positive, Exactly(INF), Bits(0.0), Near(PI / 2.0)),
                (Nonzero, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Positive, Bits(0.0), Near(PI / 2.0)),
                (Exactly(INF), Exactly(INF), Bits(0.0), Near(PI / 2.0)),
                (Exactly(INF), Exactly(NAN), Bits(0.0), Bits(NAN)),
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), EitherSign(0.0), Near(PI / 2.0)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "cosh",
            cosh,
            &[
                (Exactly(0.0), Exactly(0.0), Bits(1.0), Bits(0.0)),
                (Exactly(0.0), Exactly(INF), Bits(NAN), EitherSign(0.0)),
                (Exactly(0.0), Exactly(NAN), Bits(NAN), EitherSign(0.0)),
                (Nonzero, Exactly(INF), Bits(NAN), Bits(NAN)),
                (Nonzero, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Exactly(0.0), Bits(INF), Bits(0.0)),
                (Exactly(INF), Nonzero, Cis(INF), Cis(INF)),
                (Exactly(INF), Exactly(INF), EitherSign(INF), Bits(NAN)),
                (Exactly(INF), Exactly(NAN), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Zero, Bits(NAN), EitherSign(0.0)),
                (Exactly(NAN), Nonzero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "exp",
            exp,
            &[
                (Zero, Exactly(0.0), Bits(1.0), Bits(0.0)),
                (Finite, Exactly(INF), Bits(NAN), Bits(NAN)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Exactly(0.0), Bits(INF), Bits(0.0)),
                (Exactly(-INF), Finite, Cis(0.0), Cis(0.0)),
                (Exactly(INF), Nonzero, Cis(INF), Cis(INF)),
                (Exactly(-INF), Exactly(INF), EitherSign(0.0), EitherSign(0.0)),
                (Exactly(INF), Exactly(INF), EitherSign(INF), Bits(NAN)),
                (Exactly(-INF), Exactly(NAN), EitherSign(0.0), EitherSign(0.0)),
                (Exactly(INF), Exactly(NAN), EitherSign(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(0.0), Bits(NAN), Bits(0.0)),
                (Exactly(NAN), NotZero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "expm1",
            expm1,
            &[
                (Zero, Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Finite, Exactly(INF), Bits(NAN), Bits(NAN)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Exactly(0.0), Bits(INF), Bits(0.0)),
                (Exactly(-INF), Finite, CisLess1(0.0), Cis(0.0)),
                (Exactly(INF), Nonzero, CisLess1(INF), Cis(INF)),
                (Exactly(-INF), Exactly(INF), Bits(-1.0), EitherSign(0.0)),
                (Exactly(INF), Exactly(INF), EitherSign(INF), Bits(NAN)),
                (Exactly(-INF), Exactly(NAN), Bits(-1.0), EitherSign(0.0)),
                (Exactly(INF), Exactly(NAN), EitherSign(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(0.0), Bits(NAN), Bits(0.0)),
                (Exactly(NAN), NotZero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "log",
            log,
            &[
                (Exactly(-0.0), Exactly(0.0), Bits(-INF), Near(PI)),
                (Exactly(0.0), Exactly(0.0), Bits(-INF), Bits(0.0)),
                (Finite, Exactly(INF), Bits(INF), Near(PI / 2.0)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(-INF), Positive, Bits(INF), Near(PI)),
                (Exactly(INF), Positive, Bits(INF), Bits(0.0)),
                (Exactly(-INF), Exactly(INF), Bits(INF), Near(3.0 * PI / 4.0)),
                (Exactly(INF), Exactly(INF), Bits(INF), Near(PI / 4.0)),
                (Infinite, Exactly(NAN), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "log1p",
            log1p,
            &[
                (Exactly(-1.0), Exactly(0.0), Bits(-INF), Bits(0.0)),
                (Finite, Exactly(INF), Bits(INF), Near(PI / 2.0)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(-INF), Positive, Bits(INF), Near(PI)),
                (Exactly(INF), Positive, Bits(INF), Bits(0.0)),
                (Exactly(-INF), Exactly(INF), Bits(INF), Near(3.0 * PI / 4.0)),
                (Exactly(INF), Exactly(INF), Bits(INF), Near(PI / 4.0)),
                (Infinite, Exactly(NAN), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(INF), Bits(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "sinh",
            sinh,
            &[
                (Exactly(0.0), Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Exactly(0.0), Exactly(INF), EitherSign(0.0), Bits(NAN)),
                (Exactly(0.0), Exactly(NAN), EitherSign(0.0), Bits(NAN)),
                (Positive, Exactly(INF), Bits(NAN), Bits(NAN)),
                (Positive, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(INF), Exactly(0.0), Bits(INF), Bits(0.0)),
                (Exactly(INF), Positive, Cis(INF), Cis(INF)),
                (Exactly(INF), Exactly(INF), EitherSign(INF), Bits(NAN)),
                (Exactly(INF), Exactly(NAN), EitherSign(INF), Bits(NAN)),
                (Exactly(NAN), Exactly(0.0), Bits(NAN), Bits(0.0)),
                (Exactly(NAN), Nonzero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "sqrt",
            sqrt,
            &[
                (Zero, Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Any, Exactly(INF), Bits(INF), Bits(INF)),
                (Finite, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(-INF), Positive, Bits(0.0), Bits(INF)),
                (Exactly(INF), Positive, Bits(INF), Bits(0.0)),
                (Exactly(-INF), Exactly(NAN), Bits(NAN), EitherSign(INF)),
                (Exactly(INF), Exactly(NAN), Bits(INF), Bits(NAN)),
                // not for an infinite imaginary part, of which the second case speaks
                (Exactly(NAN), Finite, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
        (
            "tanh",
            tanh,
            &[
                (Exactly(0.0), Exactly(0.0), Bits(0.0), Bits(0.0)),
                (Nonzero, Exactly(INF), Bits(NAN), Bits(NAN)),
                (Exactly(0.0), Exactly(INF), Bits(0.0), Bits(NAN)),
                (Nonzero, Exactly(NAN), Bits(NAN), Bits(NAN)),
                (Exactly(0.0), Exactly(NAN), Bits(0.0), Bits(NAN)),
                (Exactly(INF), Positive, Bits(1.0), Bits(0.0)),
                (Exactly(INF), Exactly(INF), Bits(1.0), EitherSign(0.0)),
                (Exactly(INF), Exactly(NAN), Bits(1.0), EitherSign(0.0)),
                (Exactly(NAN), Exactly(0.0), Bits(NAN), Bits(0.0)),
                (Exactly(NAN), NotZero, Bits(NAN), Bits(NAN)),
                (Exactly(NAN), Exactly(NAN), Bits(NAN), Bits(NAN)),
            ],
        ),
    ]
}

fn all_operands<T: Real>() -> Vec<Complex<T>> {
    let parts = operands::<T>();
    parts.iter().flat_map(|&a| parts.iter().map(move |&b| Complex::new(a, b))).collect()
}

#[test]
fn special_cases() {
    fn run<T: Real + Debug>() {
        for (name, f, cases) in table::<T>() {
            for (i, &(re, im, want_re, want_im)) in cases.iter().enumerate() {
                let mut tried = 0;
                for z in all_operands::<T>() {
                    if re.holds(z.re) && im.holds(z.im) {
                        tried += 1;
                        let (got, (sin, cos)) = (f(z), z.im.into_f64().sin_cos());
                        assert!(
                            meets(got.re, want_re, cos) && meets(got.im, want_im, sin),
                            "{name}({z:?}) = {got:?}, not {want_re:?}, {want_im:?} (case {i})"
                        );
                    }
                }
                assert!(tried > 0, "{name}: nothing tried for case {i}");
            }
        }
    }
    run::<f32>();
    run::<f64>();
}

/// The functions that the standard defines by turning others, on every operand.
#[test]
fn turned_functions() {
    type Turned<T> = (&'static str, fn(Complex<T>) -> Complex<T>, fn(Complex<T>) -> Complex<T>);
    fn run<T: Real + Debug>() {
        // f(z) = -j g(j z)
        let turned: [Turned<T>; 5] = [
            ("asin", asin, asinh),
            ("atan", atan, atanh),
            ("sin", sin, sinh),
            ("tan", tan, tanh),
            ("cos", cos, |z| {
                let w = cosh(z);
                Complex::new(-w.im, w.re)
            }),
        ];
        for (name, f, g) in turned {
            for z in all_operands::<T>() {
                let w = g(Complex::new(-z.im, z.re));
                let (got, want) = (f(z), Complex::new(w.im, -w.re));
                // the sign of an infinity beside a NaN is free
                let free = got.re.is_nan() && got.im.is_infinite() && want.im.is_infinite();
                let ok = same_both(got, want) || free && want.re.is_nan();
                assert!(ok, "{name}({z:?}) = {got:?}, not {want:?}");
            }
        }
        for z in all_operands::<T>() {
            assert!(same_both(reciprocal(z), divide(Complex::new(T::one(), T::zero()), z)));
        }
    }
    run::<f32>();
    run::<f64>();
}

/// `f(conj(z)) = conj(f(z))`, and what is odd or even.
#[test]
fn symmetries() {
    type Function<T> = (&'static str, fn(Complex<T>) -> Complex<T>);
    fn run<T: Real + Debug>() {
        let conjugating: [Function<T>; 22] = [
            ("acos", acos),
            ("acosh", acosh),
            ("asin", asin),
            ("asinh", asinh),
            ("atan", atan),
            ("atanh", atanh),
            ("cos", cos),
            ("cosh", cosh),
            ("exp", exp),
            ("expm1", expm1),
            ("log", log),
            ("log1p", log1p),
            ("log2", log2),
            ("log10", log10),
            ("sign", sign),
            ("sin", sin),
            ("sinh", sinh),
            ("sqrt", sqrt),
            ("square", square),
            ("tan", tan),
            ("tanh", tanh),
            ("round", round),
        ];
        for (name, f) in conjugating {
            for z in all_operands::<T>() {
                // the sign of NaN is none
                if z.im.is_nan() || name == "sign" && z.re == T::zero() && z.im == T::zero() {
                    continue;
                }
                let (got, want) = (f(conj(z)), conj(f(z)));
                assert!(same_both(got, want), "{name}({:?}) = {got:?}, not {want:?}", conj(z));
            }
        }
        let odd: [Function<T>; 6] = [
            ("asin", asin),
            ("asinh", asinh),
            ("atanh", atanh),
            ("sinh", sinh),
            ("tanh", tanh),
            ("tan", tan),
        ];
        for z in all_operands::<T>() {
            for (name, f) in odd {
                if !is_nan(z) {
                    let (got, want) = (f(negative(z)), negative(f(z)));
                    assert!(same_both(got, want), "{name}(-{z:?}) = {got:?}, not {want:?}");
                }
            }
            if !is_nan(z) {
                assert!(same_both(cosh(negative(z)), cosh(z)), "{z:?}");
            }
        }
    }
    run::<f32>();
    run::<f64>();
}

#[test]
fn magnitudes_signs_and_predicates() {
    fn run<T: Real + Debug>() {
        for z in all_operands::<T>() {
            let (a, b) = (z.re, z.im);
            let infinite = a.is_infinite() || b.is_infinite();
            let nan = a.is_nan() || b.is_nan();
            assert_eq!(is_inf(z), infinite, "{z:?}");
            assert_eq!(is_nan(z), nan, "{z:?}");
            assert_eq!(is_finite(z), !infinite && !nan, "{z:?}");
            let magnitude = abs(z);
            if infinite {
                assert!(same(magnitude, T::infinity()), "{z:?}");
            } else if nan {
                assert!(magnitude.is_nan(), "{z:?}");
            } else if a == T::zero() {
                assert!(same(magnitude, b.abs()), "{z:?}");
            } else if b == T::zero() {
                assert!(same(magnitude, a.abs()), "{z:?}");
            }
            let unit = sign(z);
            if nan {
                assert!(unit.re.is_nan() && unit.im.is_nan(), "{z:?}");
            } else if a == T::zero() && b == T::zero() {
                assert!(same_both(unit, Complex::new(T::zero(), T::zero())), "{z:?}");
            } else if infinite {
                // part by part, as the quotient by an infinite real number
                assert!(same(unit.re, a / T::infinity()), "{z:?}: {unit:?}");
                assert!(same(unit.im, b / T::infinity()), "{z:?}: {unit:?}");
            } else {
                assert!((abs(unit) - T::one()).abs() <= T::epsilon(), "{z:?}: {unit:?}");
            }
            assert!(same(real(z), a) && same(imag(z), b));
            let n = negative(z);
            assert!(n.re.is_sign_negative() != a.is_sign_negative());
            assert!(n.im.is_sign_negative() != b.is_sign_negative());
            let rounded = round(z);
            assert!(same(rounded.re, real::round(a)) && same(rounded.im, real::round(b)));
        }
    }
    run::<f32>();
    run::<f64>();
}

#[test]
fn products_and_quotients() {
    let c = |re: f64, im: f64| Complex::new(re, im);
    for x in all_operands::<f64>() {
        let (a, b) = (square(x), multiply(x, x));
        if is_finite(a) && is_finite(b) {
            let error = (a.re - b.re).abs() / (abs(b) + f64::MIN_POSITIVE);
            assert!(error < 1e-15, "{x}² = {a}, not {b}");
            assert_eq!(a.im, b.im);
            if b.re == 0.0 && a.re == 0.0 {
                assert!(same(a.re, b.re), "{x}");
            }
        }
    }
    let nan = c(NAN, NAN);
    assert!(same_both(multiply(nan, nan), nan) && same_both(divide(nan, nan), nan));
    assert_eq!(divide(c(1.0, 2.0), c(1.0, 2.0)), c(1.0, 0.0));
    assert_eq!(divide(c(-5.0, 10.0), c(3.0, 4.0)), c(1.0, 2.0));
    // an infinite quotient, an infinite operand, an infinite divisor
    assert_eq!(divide(c(1.0, 1.0), c(0.0, 0.0)), c(INF, INF));
    assert_eq!(divide(c(1.0, -1.0), c(-0.0, 0.0)), c(-INF, INF));
    assert!(is_inf(divide(c(INF, NAN), c(1.0, 1.0))));
    assert_eq!(divide(c(1.0, 1.0), c(INF, INF)), c(0.0, 0.0));
    assert!(same_both(divide(c(0.0, 0.0), c(0.0, 0.0)), nan));
    let f = |re: f32, im: f32| Complex::new(re, im);
    assert_eq!(divide(f(3e38, 3e38), f(3e38, 3e38)), f(1.0, 0.0));
    assert_eq!(divide(f(1e-45, 1e-45), f(1e-45, 0.0)), f(1.0, 1.0));
    assert!(is_inf(reciprocal(f(0.0, 0.0))));
    assert_eq!(reciprocal(f(0.0, -2.0)), f(0.0, 0.5));
}

#[test]
fn a_small_part_is_not_lost_beside_a_great_one() {
    let c = |re: f64, im: f64| Complex::new(re, im);
    // with powers of two, whose quotients are exact
    let p = |k: i32| 2f64.powi(k);
    assert_eq!(sqrt(c(-p(600), -p(-400))), c(p(-701), -p(300)));
    assert_eq!(sqrt(c(p(1000), p(-500))), c(p(500), p(-1001)));
    assert_eq!(sqrt(c(p(-1000), p(-1020))).re, sqrt(c(p(-1000), 0.0)).re * (1.0 + p(-43)));
    let near = |got: f64, want: f64| (got / want - 1.0).abs() < 1e-15;
    let root = sqrt(c(-1e155, -1e-150));
    assert!(
        near(root.re, 1.5811388300841896e-228) && near(root.im, -3.1622776601683794e77),
        "{root}"
    );
    for k in [-900, -600, -200, 0, 200, 600, 900] {
        for far in [0, -100, -700] {
            // by a real number, which leaves both parts as they are
            let (re, im) = (p(k), -p((k + far).max(-1000)));
            for by in [p(-60), p(60), p(-490), p(490)] {
                assert_eq!(divide(c(re, im), c(by, 0.0)), c(re / by, im / by), "{k} {far} {by:e}");
                assert_eq!(
                    divide(c(re, im), c(0.0, -by)),
                    c(-im / by, re / by),
                    "{k} {far} {by:e}"
                );
            }
        }
    }
    // 1 / (a + b j) is nearly 1 / a - b / a² j
    assert_eq!(divide(c(p(1000), 0.0), c(p(600), p(-450))), c(p(400), -p(-650)));
    assert_eq!(reciprocal(c(p(-500), p(-1000))), c(p(500), -1.0));
    // what underflows keeps its sign
    let small = divide(c(1.0, p(-1000)), c(p(1000), 0.0));
    assert!(same_both(small, c(p(-1000), 0.0)), "{small}");
}

#[test]
fn powers() {
    let c = |re: f64, im: f64| Complex::new(re, im);
    for z in all_operands::<f64>() {
        assert!(same_both(pow(z, c(0.0, -0.0)), c(1.0, 0.0)), "{z} ** 0");
        if is_finite(z) && z != c(0.0, 0.0) && abs(z) < 1e300 && abs(z) > 1e-280 {
            assert_eq!(pow(z, c(1.0, 0.0)), z, "{z} ** 1");
        }
        let zero = pow(c(-0.0, 0.0), z);
        match z.re {
            _ if z.im.is_nan() || z.re.is_nan() => assert!(is_nan(zero) || z == c(0.0, 0.0)),
            a if a > 0.0 => assert_eq!(zero, c(0.0, 0.0), "0 ** {z}"),
            a if a < 0.0 => assert!(zero.re == INF && zero.im.is_nan(), "0 ** {z}"),
            _ if z.im != 0.0 => assert!(is_nan(zero), "0 ** {z}"),
            _ => assert_eq!(zero, c(1.0, 0.0)),
        }
        // as exp(w log(z)) where a part is not finite
        let w = c(0.5, -2.0);
        if !is_finite(z) {
            assert!(same_both(pow(z, w), exp(multiply(w, log(z)))), "{z} ** {w}");
            if z.re != 0.0 {
                assert!(same_both(pow(w, z), exp(multiply(z, log(w)))), "{w} ** {z}");
            }
        }
    }
    assert_eq!(pow(c(1.0, 2.0), c(2.0, 0.0)), c(-3.0, 4.0));
    assert_eq!(pow(c(0.0, 1.0), c(-2.0, 0.0)), c(-1.0, 0.0));
    assert_eq!(pow(Complex::new(2f32, 1.0), Complex::new(4.0, 0.0)), Complex::new(-7.0, 24.0));
    assert_eq!(pow(c(1.0, 1.0), c(32.0, 0.0)), c(65536.0, 0.0));
    assert_eq!(pow(c(2.0, -1.0), c(12.0, 0.0)), c(11753.0, 10296.0));
    assert_eq!(pow(c(3.0, -0.0), c(9.0, 0.0)).im.to_bits(), (-0f64).to_bits());
    // near the end of the range
    let high = pow(c(2f64.powi(60), 2f64.powi(60)), c(16.0, 0.0));
    assert_eq!(high, c(2f64.powi(968), 0.0));
    assert!(is_inf(pow(c(1e300, 1e300), c(3.0, 0.0))));
    assert_eq!(pow(c(1e300, 1e300), c(-3.0, 0.0)), c(0.0, 0.0));
    assert!(!is_nan(pow(c(1e300, 1e-300), c(1e300, 0.0))));
}

type Limit = (&'static str, fn(Wide) -> Wide, &'static [[u64; 4]], f64);

fn limits() -> Vec<Limit> {
    use super::rows::*;
    // the units in the last place that a part may be off
    vec![
        ("acos", acos, ACOS, 4.0),
        ("acosh", acosh, ACOSH, 4.0),
        ("asin", asin, ASIN, 4.0),
        ("asinh", asinh, ASINH, 4.0),
        ("atan", atan, ATAN, 4.0),
        ("atanh", atanh, ATANH, 4.0),
        ("cos", cos, COS, 4.0),
        ("cosh", cosh, COSH, 4.0),
        ("exp", exp, EXP, 4.0),
        ("expm1", expm1, EXPM1, 4.0),
        ("log", log, LOG, 1.0),
        ("log1p", log1p, LOG1P, 1.0),
        ("log2", log2, LOG2, 2.0),
        ("log10", log10, LOG10, 2.0),
        ("sin", sin, SIN, 4.0),
        ("sinh", sinh, SINH, 4.0),
        ("sqrt", sqrt, SQRT, 0.0),
        ("tan", tan, TAN, 4.0),
        ("tanh", tanh, TANH, 4.0),
    ]
}

#[test]
fn accuracy_of_doubles() {
    let mut misses = vec![];
    for (name, f, rows, limit) in limits() {
        for row in rows {
            let [a, b, re, im] = row.map(f64::from_bits);
            let got = f(Complex::new(a, b));
            let error = ulps(got.re, re).max(ulps(got.im, im));
            if error.is_nan() || error > limit {
                misses
                    .push(format!("{name}({a:e}, {b:e}) = {got:e}, not {re:e} {im:e}: {error:.1}"));
            }
        }
    }
    for row in super::rows::DIVIDE {
        let [a, b, c, d, re, im] = row.map(f64::from_bits);
        let got = divide(Complex::new(a, b), Complex::new(c, d));
        let error = ulps(got.re, re).max(ulps(got.im, im));
        if error.is_nan() || error > 2.0 {
            misses.push(format!(
                "({a:e}, {b:e}) / ({c:e}, {d:e}) = {got:e}, not {re:e} {im:e}: {error:.1}"
            ));
        }
    }
    for row in super::rows::POW {
        let [a, b, c, d, re, im] = row.map(f64::from_bits);
        let got = pow(Complex::new(a, b), Complex::new(c, d));
        // in units of the magnitude: the angle of the base counts as often as the exponent says
        let limit = 4.0 + 4.0 * c.hypot(d);
        let error = (got.re - re).hypot(got.im - im) / (re.hypot(im) * f64::EPSILON);
        // the magnitude does not depend on the angle, unless the exponent is complex
        let stretch = (got.re.hypot(got.im) / re.hypot(im) - 1.0).abs() / f64::EPSILON;
        if !(error <= limit && stretch <= 8.0 + 4.0 * d.abs()) {
            misses.push(format!(
                "({a:e}, {b:e}) ** ({c:e}, {d:e}) = {got:e}, not {re:e} {im:e}: {error:.1}, {stretch:.1}"
            ));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// Single precision is double precision rounded.
#[test]
fn accuracy_of_singles() {
    type Pair = (&'static str, fn(Complex<f32>) -> Complex<f32>, fn(Wide) -> Wide);
    let functions: [Pair; 14] = [
        ("asinh", asinh, asinh),
        ("cosh", cosh, cosh),
        ("log10", log10, log10),
        ("sin", sin, sin),
        ("acosh", acosh, acosh),
        ("asin", asin, asin),
        ("atan", atan, atan),
        ("expm1", expm1, expm1),
        ("log", log, log),
        ("log1p", log1p, log1p),
        ("reciprocal", reciprocal, reciprocal),
        ("sign", sign, sign),
        ("sqrt", sqrt, sqrt),
        ("tanh", tanh, tanh),
    ];
    for (name, single, double) in functions {
        for z in all_operands::<f32>() {
            let (got, want) = (single(z), double(widen(z)));
            for (got, want) in [(got.re, want.re), (got.im, want.im)] {
                let near =
                    ulps(got.into(), (want as f32).into()) * f64::EPSILON / f64::from(f32::EPSILON);
                assert!(
                    near <= 1.0 || got.is_nan() && want.is_nan(),
                    "{name}({z}) = {got:e}, not {want:e}"
                );
            }
        }
    }
}
