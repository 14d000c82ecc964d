//! Random arguments of every magnitude: the same bits on every level (which [`map`] asserts), and near what
//! the platform computes.

use arrayspace_core::{BinaryOp, UnaryOp};

use super::super::real::tests::{map, map2};

/// Random bits.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        // xorshift (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

const COUNT: usize = if cfg!(miri) { 100 } else { 6000 };

/// Numbers of all exponents, and as many of ordinary size.
fn doubles(seed: u64) -> Vec<f64> {
    let mut next = random(seed);
    let mut all: Vec<f64> = (0..COUNT).map(|_| f64::from_bits(next())).collect();
    all.extend((0..COUNT).map(|_| ((next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0) * 8.0));
    all
}

fn singles(seed: u64) -> Vec<f32> {
    let mut next = random(seed);
    let mut all: Vec<f32> = (0..COUNT).map(|_| f32::from_bits((next() >> 20) as u32)).collect();
    all.extend(doubles(seed).into_iter().skip(COUNT).map(|x| x as f32));
    all
}

/// Whether a result is within `units` in the last place of another, or special as that.
fn near(got: f64, expected: f64, units: f64) -> bool {
    let unit = (expected.abs().next_up() - expected.abs()).max(f64::from_bits(1));
    got.to_bits() == expected.to_bits()
        || got.is_nan() && expected.is_nan()
        || (got - expected).abs() <= units * unit
        // at the border of overflow
        || got.abs() >= f64::MAX && expected.abs() >= f64::MAX
}

type Function1 = (UnaryOp, fn(f64) -> f64);
type Function2 = (BinaryOp, fn(f64, f64) -> f64);

#[test]
fn functions_of_one_argument() {
    use UnaryOp::*;
    let functions: &[Function1] = &[
        (Acosh, f64::acosh),
        (Asinh, f64::asinh),
        (Atanh, |x| x.abs().atanh().copysign(x)),
        (Cosh, f64::cosh),
        (Exp, f64::exp),
        (Expm1, f64::exp_m1),
        (Log, f64::ln),
        (Log10, f64::log10),
        (Log1p, f64::ln_1p),
        (Log2, f64::log2),
        (Sinh, f64::sinh),
        (Tanh, f64::tanh),
    ];
    let (doubles, singles) = (doubles(1), singles(2));
    for &(op, f) in functions {
        // the inverse functions of Rust's library are compositions that err by more near zero, and overflow
        let loose = matches!(op, Acosh | Asinh | Atanh);
        for (&x, got) in doubles.iter().zip(map(op, &doubles)) {
            let expected = f(x);
            let far = loose
                && ((got - expected).abs() <= 1e-15 * expected.abs().max(1.0)
                    || x.abs() > f64::MAX / 4.0);
            assert!(far || near(got, expected, 3.0), "{op:?}({x:e}) = {got:e}, not {expected:e}");
        }
        for (&x, got) in singles.iter().zip(map(op, &singles)) {
            let expected = f(x.into());
            let unit = f64::from((expected as f32).abs().next_up() - (expected as f32).abs());
            let close = (f64::from(got) - expected).abs() < unit;
            let same = got.to_bits() == (expected as f32).to_bits();
            assert!(close || same || got.is_nan() && expected.is_nan(), "{op:?}({x:e}) = {got:e}");
        }
    }
}

#[test]
fn functions_of_two_arguments() {
    let logaddexp = |a: f64, b: f64| {
        let (most, least) = (a.max(b), a.min(b));
        if a == b && a.is_infinite() || a.is_nan() || b.is_nan() {
            a + b
        } else {
            most + (least - most).exp().ln_1p()
        }
    };
    let functions: &[Function2] = &[(BinaryOp::Pow, f64::powf), (BinaryOp::Logaddexp, logaddexp)];
    for &(op, f) in functions {
        let (a, mut b) = (doubles(3), doubles(4));
        b.rotate_left(COUNT / 2);
        for (i, got) in map2(op, &a, &b).into_iter().enumerate() {
            let (a, b, expected) = (a[i], b[i], f(a[i], b[i]));
            let far = op == BinaryOp::Logaddexp && (got - expected).abs() <= 1e-15;
            assert!(
                far || near(got, expected, 3.0),
                "{op:?}({a:e}, {b:e}) = {got:e}, not {expected:e}"
            );
        }
        let (a, mut b) = (singles(5), singles(6));
        b.rotate_left(COUNT / 2);
        for (i, got) in map2(op, &a, &b).into_iter().enumerate() {
            let (a, b, expected) = (a[i], b[i], f(a[i].into(), b[i].into()));
            let unit = f64::from((expected as f32).abs().next_up() - (expected as f32).abs());
            let close = (f64::from(got) - expected).abs() < unit;
            let same = got.to_bits() == (expected as f32).to_bits();
            assert!(
                close || same || got.is_nan() && expected.is_nan(),
                "{op:?}({a:e}, {b:e}) = {got:e}, not {expected:e}"
            );
        }
    }
}

/// Where the result is a number, the error is not even what is rounded.
#[test]
fn exact_results() {
    let exponents: Vec<f64> = (-1074..1024).map(f64::from).collect();
    let powers = map2(BinaryOp::Pow, &vec![2.0; exponents.len()], &exponents);
    for (&k, &power) in exponents.iter().zip(&powers) {
        let places = (k as i32 + 1074) as u64;
        let bits = if k < -1022.0 { 1 << places } else { (places - 51) << 52 };
        assert_eq!(power, f64::from_bits(bits), "2^{k}");
    }
    assert_eq!(map(UnaryOp::Log2, &powers), exponents);
    let (mut bases, mut exponents, mut expected) = (vec![], vec![], vec![]);
    for base in 2..40u64 {
        for exponent in 0..53 {
            if let Some(power) = base.checked_pow(exponent).filter(|&p| p < 1 << 53) {
                bases.extend([base as f64, -(base as f64)]);
                exponents.extend([f64::from(exponent); 2]);
                let sign = if exponent % 2 == 0 { 1.0 } else { -1.0 };
                expected.extend([power as f64, sign * power as f64]);
            }
        }
    }
    assert_eq!(map2(BinaryOp::Pow, &bases, &exponents), expected);
    let tens: Vec<f64> = (0..23).map(|k| 10f64.powi(k)).collect();
    let logs: Vec<f64> = (0..23).map(f64::from).collect();
    assert_eq!(map(UnaryOp::Log10, &tens), logs);
}
