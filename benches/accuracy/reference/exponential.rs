//! The exponential, the logarithm and what is composed of them.

use super::{Exact, INVERSE_FACTORIALS, Is, Near, SMALL, odd_beginning};
use crate::accuracy::double::{
    Double, normalised, power_of_two, quick_two_sum, series, two_product, two_sum,
};

/// ln 2, in three parts.
const LN_2: [f64; 3] = [
    f64::from_bits(0x3FE6_2E42_FEFA_39EF),
    f64::from_bits(0x3C7A_BC9E_3B39_803F),
    f64::from_bits(0x3907_B57A_079A_1934),
];
const LN_2_DOUBLE: Double = Double { hi: LN_2[0], lo: LN_2[1] };
/// 1 / ln 2.
const LOG2_E: Double = Double::from_bits(0x3FF7_1547_652B_82FE, 0x3C77_77D0_FFDA_0D24);
/// 1 / ln 10.
const LOG10_E: Double = Double::from_bits(0x3FDB_CB7B_1526_E50E, 0x3C69_5355_BAAA_FAD3);

/// Beyond this the exponential is infinite, or 0.
const FAR: f64 = 1e4;

/// `exp(x) - 1` for `|x| <= ln(2) / 2`, to 100 bits of itself.
fn expm1_small(x: Double) -> Double {
    x.mul(series(x, &INVERSE_FACTORIALS[1..24], 13))
}

/// `exp(x) - 1` as `2^k (1 + m) - 1`: `m` and `k`. For `|x| < 1e5`.
fn reduced(x: Double) -> (Double, i32) {
    let k = (x.hi * LOG2_E.hi).round_ties_even();
    let r =
        (x.sub(two_product(k, LN_2[0])).sub(two_product(k, LN_2[1]))).sub(Double::new(k * LN_2[2]));
    (expm1_small(r), k as i32)
}

/// `exp(x)` as a number near 1 and a power of two. For `|x| < 1e5`.
fn exp_of(x: Double) -> (Double, i32) {
    let (m, k) = reduced(x);
    (m.add(Double::ONE), k)
}

/// `exp(x) - 1`. For `|x| < 700`.
fn expm1_of(x: Double) -> Double {
    let (m, k) = reduced(x);
    if k == 0 {
        return m;
    }
    let power = power_of_two(k);
    m.scale(power).add(two_sum(power, -1.0))
}

/// `ln(x)` to 100 bits of itself, of a normal positive number.
fn log_of(x: Double) -> Double {
    let (mut m, mut k) = normalised(x.hi);
    if m > std::f64::consts::SQRT_2 {
        (m, k) = (0.5 * m, k + 1);
    }
    let lo = x.lo * power_of_two(-k / 2) * power_of_two(-k - -k / 2);
    let m = Double { hi: m, lo };
    let guess = m.hi.ln();
    // m exp(-guess) - 1, where the leading digits cancel without an error
    let less = expm1_small(Double::new(-guess));
    let rest = m.sub(Double::ONE).add(m.mul(less));
    let log = Double::new(guess).add(near_zero(rest));
    let k = f64::from(k);
    log.add(Double::new(k * LN_2[2])).add(two_product(k, LN_2[1])).add(two_product(k, LN_2[0]))
}

/// `ln(1 + x)` for tiny `x`: what a step of Newton's method adds.
fn near_zero(x: Double) -> Double {
    x.sub(Double::new(0.5 * x.hi * x.hi))
}

/// `ln(1 + x)` to 100 bits of itself, for `x > -1`.
fn log1p_of(x: Double) -> Double {
    if x.hi.abs() > 0.25 {
        return log_of(x.add(Double::ONE));
    }
    let guess = x.hi.ln_1p();
    let less = expm1_small(Double::new(-guess));
    let rest = x.add(less).add(x.mul(less));
    Double::new(guess).add(near_zero(rest))
}

pub(crate) fn exp(x: f64) -> Exact {
    if x == 0.0 || x.is_nan() || x.abs() > FAR {
        return Is(x.exp());
    }
    let (e, k) = exp_of(Double::new(x));
    Near(e, k)
}

pub(crate) fn expm1(x: f64) -> Exact {
    if x == 0.0 || x.is_nan() || x > FAR || x == f64::NEG_INFINITY {
        Is(x.exp_m1())
    } else if x.abs() < SMALL {
        let (m, k) = normalised(x);
        Near(Double { hi: m, lo: 0.5 * m * x }, k)
    } else if x < -700.0 {
        Near(Double { hi: -1.0, lo: f64::MIN_POSITIVE }, 0)
    } else if x > 100.0 {
        let (e, k) = exp_of(Double::new(x));
        Near(e.sub(Double::new(power_of_two(-k.min(1000)))), k)
    } else {
        Near(expm1_of(Double::new(x)), 0)
    }
}

/// `ln(x)` of any positive number.
fn log_of_any(x: f64) -> Double {
    if x >= f64::MIN_POSITIVE {
        return log_of(Double::new(x));
    }
    log_of(Double::new(x * power_of_two(64))).sub(LN_2_DOUBLE.scale(64.0))
}

/// What a logarithm has no digits for.
fn log_special(x: f64) -> Option<Exact> {
    (x <= 0.0 || x == 1.0 || x == f64::INFINITY || x.is_nan()).then(|| Is(x.ln()))
}

pub(crate) fn log(x: f64) -> Exact {
    log_special(x).unwrap_or_else(|| Near(log_of_any(x), 0))
}

pub(crate) fn log2(x: f64) -> Exact {
    log_special(x).unwrap_or_else(|| Near(log_of_any(x).mul(LOG2_E), 0))
}

pub(crate) fn log10(x: f64) -> Exact {
    log_special(x).unwrap_or_else(|| Near(log_of_any(x).mul(LOG10_E), 0))
}

pub(crate) fn log1p(x: f64) -> Exact {
    if x <= -1.0 || x == 0.0 || x == f64::INFINITY || x.is_nan() {
        Is(x.ln_1p())
    } else if x.abs() < SMALL {
        let (m, k) = normalised(x);
        Near(Double { hi: m, lo: -0.5 * m * x }, k)
    } else {
        Near(log1p_of(Double::new(x)), 0)
    }
}

/// From here on `exp(-x)` does not count beside `exp(x)`.
const ALONE: f64 = 40.0;

pub(crate) fn sinh(x: f64) -> Exact {
    let a = x.abs();
    if a == 0.0 || a > FAR || a.is_nan() {
        Is(x.sinh())
    } else if a < SMALL {
        odd_beginning(x, 1.0 / 6.0)
    } else if a < ALONE {
        let m = expm1_of(Double::new(a));
        let sum = m.add(m.div(m.add(Double::ONE)));
        Near(sum, -1).negative_if(x < 0.0)
    } else {
        let (e, k) = exp_of(Double::new(a));
        Near(e, k - 1).negative_if(x < 0.0)
    }
}

pub(crate) fn cosh(x: f64) -> Exact {
    let a = x.abs();
    if a == 0.0 || a > FAR || a.is_nan() {
        Is(x.cosh())
    } else if a < ALONE {
        let e = expm1_of(Double::new(a)).add(Double::ONE);
        Near(e.add(Double::ONE.div(e)), -1)
    } else {
        let (e, k) = exp_of(Double::new(a));
        Near(e, k - 1)
    }
}

pub(crate) fn tanh(x: f64) -> Exact {
    let a = x.abs();
    if a == 0.0 || a == f64::INFINITY || a.is_nan() {
        Is(x.tanh())
    } else if a < SMALL {
        odd_beginning(x, -1.0 / 3.0)
    } else if a < ALONE {
        let m = expm1_of(Double::new(2.0 * a));
        Near(m.div(m.add(Double::new(2.0))), 0).negative_if(x < 0.0)
    } else {
        Near(Double { hi: 1.0, lo: -power_of_two(-115) }, 0).negative_if(x < 0.0)
    }
}

/// From here on the square of a number swallows 1.
const LARGE: f64 = 1e18;

pub(crate) fn asinh(x: f64) -> Exact {
    let a = x.abs();
    let magnitude = if a == 0.0 || a == f64::INFINITY || a.is_nan() {
        return Is(x);
    } else if a < SMALL {
        return odd_beginning(x, -1.0 / 6.0);
    } else if a < LARGE {
        // ln(1 + a + a² / (1 + √(a² + 1)))
        let square = two_product(a, a);
        let root = square.add(Double::ONE).sqrt();
        log1p_of(square.div(root.add(Double::ONE)).add(Double::new(a)))
    } else {
        log_of(Double::new(a)).add(LN_2_DOUBLE)
    };
    Near(magnitude, 0).negative_if(x < 0.0)
}

pub(crate) fn acosh(x: f64) -> Exact {
    if x.is_nan() || x < 1.0 {
        Is(f64::NAN)
    } else if x == 1.0 {
        Is(0.0)
    } else if x == f64::INFINITY {
        Is(x)
    } else if x < LARGE {
        // with u = x - 1: ln(1 + u + √(u (u + 2)))
        let u = two_sum(x, -1.0);
        Near(log1p_of(u.mul(u.add(Double::new(2.0))).sqrt().add(u)), 0)
    } else {
        Near(log_of(Double::new(x)).add(LN_2_DOUBLE), 0)
    }
}

pub(crate) fn atanh(x: f64) -> Exact {
    let a = x.abs();
    if a.is_nan() || a > 1.0 {
        Is(f64::NAN)
    } else if a == 0.0 {
        Is(x)
    } else if a == 1.0 {
        Is(f64::INFINITY.copysign(x))
    } else if a < SMALL {
        odd_beginning(x, 1.0 / 3.0)
    } else {
        let quotient = Double::new(2.0 * a).div(two_sum(1.0, -a));
        Near(log1p_of(quotient), -1).negative_if(x < 0.0)
    }
}

pub(crate) fn pow(x: f64, y: f64) -> Exact {
    let platform = x.powf(y);
    let whole = y.trunc() == y;
    if x == 0.0 || y == 0.0 || x == 1.0 || !x.is_finite() || !y.is_finite() || x < 0.0 && !whole {
        return Is(platform);
    }
    if x == -1.0 || (x.abs().ln() * y).abs() > FAR {
        return Is(platform);
    }
    let odd = whole && y.abs() < 9_007_199_254_740_992.0 && y % 2.0 != 0.0;
    let (e, k) = exp_of(log_of_any(x.abs()).mul(Double::new(y)));
    Near(e, k).negative_if(x < 0.0 && odd)
}

/// `ln(exp(x) + exp(y))`; to fewer bits where the logarithm is about `-max(x, y)`.
pub(crate) fn logaddexp(x: f64, y: f64) -> Exact {
    if x.is_nan() || y.is_nan() {
        return Is(f64::NAN);
    }
    let (most, least) = if x > y { (x, y) } else { (y, x) };
    if most.is_infinite() || least == f64::NEG_INFINITY {
        return Is(most);
    }
    let distance = two_sum(least, -most);
    if distance.hi < -FAR {
        let (m, k) = if most == 0.0 { return Is(0.0) } else { normalised(most) };
        return Near(Double::new(m), k);
    }
    let (e, k) = exp_of(distance);
    if k > -150 {
        return Near(log1p_of(e.scale(power_of_two(k))).add(Double::new(most)), 0);
    }
    // ln(1 + t) is t
    if most == 0.0 {
        return Near(e, k);
    }
    let (m, j) = normalised(most);
    if j - k > 200 {
        return Near(quick_two_sum(m, power_of_two(-200)), j);
    }
    Near(Double::new(m).scale(power_of_two(j - k)).add(e), k)
}
