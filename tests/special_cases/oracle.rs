//! What an arithmetic operation gives when it is computed exactly and rounded once.
//!
//! The formats narrower than binary64 are computed in binary64 and rounded again; with 53 bits against
//! at most 24 the second rounding changes nothing for `+ - * / sqrt` (Figueroa, "When is double rounding
//! innocuous?", 1995).

use crate::values::Real;

/// The results that are allowed; none if the operation is not known here.
pub(crate) fn nearest<T: Real>(name: &str, x: &[f64]) -> Vec<f64> {
    let exact = match *x {
        [x] => match name {
            "ceil" => x.ceil(),
            "floor" => x.floor(),
            "reciprocal" => 1.0 / x,
            "round" => x.round_ties_even(),
            "sqrt" => x.sqrt(),
            "square" => x * x,
            "trunc" => x.trunc(),
            _ => return vec![],
        },
        [a, b] => match name {
            "add" => a + b,
            "divide" => a / b,
            "floor_divide" => return floor_divide::<T>(a, b),
            "multiply" => a * b,
            "remainder" => remainder(a, b),
            "subtract" => a - b,
            _ => return vec![],
        },
        _ => return vec![],
    };
    vec![T::of(exact).value()]
}

/// Python's `%`: the remainder with the sign of the divisor.
fn remainder(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r == 0.0 {
        0f64.copysign(b)
    } else if (r < 0.0) != (b < 0.0) {
        r + b
    } else {
        r
    }
}

/// The floor of the quotient, before it is rounded and after; the standard can be read either way. A
/// quotient so large that every number is an integer may be the next lower one as well.
fn floor_divide<T: Real>(a: f64, b: f64) -> Vec<f64> {
    let rounded = T::of(a / b).value().floor();
    // a - r is a multiple of b
    let exact = T::of(((a - remainder(a, b)) / b).round()).value();
    let mut out = vec![rounded];
    // a quotient that vanishes, or an operand that vanishes beside the other, says nothing about the floor
    if exact != 0.0 && exact.is_finite() {
        out.push(exact);
    }
    if a / b < 0.0 && rounded == 0.0 {
        out.push(-1.0);
    }
    if rounded.is_finite() && rounded.abs() >= 2f64.powi(T::FORMAT.precision) {
        out.push(rounded - T::FORMAT.ulp(rounded));
    }
    if rounded.is_infinite() {
        // rounded towards -∞, a positive quotient beyond the range is the largest number
        out.push(
            T::of(
                f64::MAX.min(
                    2f64.powi(1 - T::FORMAT.lowest) * (2.0 - 2f64.powi(1 - T::FORMAT.precision)),
                ),
            )
            .value()
            .copysign(rounded),
        );
    }
    out
}
