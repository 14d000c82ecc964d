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

/// The floor of the quotient, taken before the quotient is rounded or after: the standard can be read
/// either way, and prefers `floor(divide(x1, x2))`. Where the floor is no number of the format, it is
/// rounded down or to the nearest.
fn floor_divide<T: Real>(a: f64, b: f64) -> Vec<f64> {
    let rounded = T::of(a / b).value().floor();
    let mut out = vec![rounded];
    if rounded.abs() < 2f64.powi(60) {
        let exact = exact_floor(a, b);
        let near = T::of(exact as f64).value();
        out.push(near);
        if near as i128 > exact {
            out.push(below::<T>(near));
        }
    } else {
        out.push(below::<T>(rounded));
    }
    out
}

/// The next number towards -∞ from a number of magnitude 1 or more, or from an infinity of that sign.
fn below<T: Real>(v: f64) -> f64 {
    if v.is_infinite() {
        return if v < 0.0 { v } else { T::FORMAT.largest() };
    }
    let ulp = T::FORMAT.ulp(v);
    // below a power of 2 numbers are closer
    let power = v > 0.0 && v.to_bits() << 12 == 0;
    v - if power { ulp / 2.0 } else { ulp }
}

/// The floor of the quotient of two finite numbers, which is less than 2^61.
fn exact_floor(a: f64, b: f64) -> i128 {
    let ((a, i), (b, k)) = (decomposed(a), decomposed(b));
    // beyond a shift of 70 bits the divisor exceeds any numerator, and i128 as well
    let (a, b) = if i >= k { (a << (i - k), b) } else { (a, b << (k - i).min(70)) };
    a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0)
}

/// An integer and an exponent of 2 of which `v` is the product.
fn decomposed(v: f64) -> (i128, i32) {
    let bits = v.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = i128::from(bits & ((1 << 52) - 1));
    let magnitude = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    (if v < 0.0 { -magnitude } else { magnitude }, exponent.max(1) - 1075)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors() {
        for (a, b, floor) in [
            (7.0, 2.0, 3),
            (-7.0, 2.0, -4),
            (7.0, -2.0, -4),
            (-7.0, -2.0, 3),
            (6.0, -2.0, -3),
            (1.0, 0.1, 9),
            (5e-324, -1e308, -1),
            (-5e-324, -1e308, 0),
            (9007199254740992.0, -1.5, -6004799503160662),
        ] {
            assert_eq!(exact_floor(a, b), floor, "{a} {b}");
        }
        assert_eq!(floor_divide::<f64>(1.0, 0.1), [10.0, 9.0]);
        assert_eq!(below::<f32>(16777216.0), 16777215.0);
        assert_eq!(below::<f32>(-16777216.0), -16777218.0);
        assert_eq!(below::<f64>(3.0), f64::from_bits(3f64.to_bits() - 1));
        assert_eq!(remainder(-1.0, 3.0), 2.0);
    }
}
