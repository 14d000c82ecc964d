//! Variances and standard deviations of whole numbers times a power of two, beside an offset: their exact values
//! are had from integers.

use arrayspace::prelude::*;

use super::double::Double;

/// How many values.
const LENGTHS: [usize; 12] =
    [2, 10, 100, 511, 512, 513, 4096, 4097, 10_000, 65_537, 100_003, 1_000_003];

/// What is beside the values.
const OFFSETS: [f64; 5] = [0.0, 1.0, 1e4, 1e8, 1e12];

/// Random numbers, the same each time (Marsaglia's xorshift64*).
fn random(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40
}

/// A quotient of integers to a hundred bits.
fn quotient(a: i128, b: i128) -> Double {
    let number = |x: i128| {
        let hi = x as f64;
        Double { hi, lo: (x - hi as i128) as f64 }
    };
    number(a).div(number(b))
}

/// The largest errors of `var` and `std` in units in the last place, for each dtype and offset.
pub(crate) fn measure() -> Result<Vec<(&'static str, f64, [f64; 2])>> {
    let mut out = Vec::new();
    for (name, dtype, digits) in [("float32", DType::Float32, 24), ("float64", DType::Float64, 53)]
    {
        for offset in OFFSETS {
            let exponent = if offset == 0.0 { 0 } else { f64::log2(offset) as i32 + 1 };
            // the values have at most so many bits below the offset's first
            let step = f64::exp2(f64::from((exponent - digits + 1).max(-24)));
            let offset = (offset / step).round() * step;
            let mut most = [0.0f64; 2];
            for n in LENGTHS {
                let errors = errors(n, offset, step, dtype, digits)?;
                most = [most[0].max(errors[0]), most[1].max(errors[1])];
            }
            out.push((name, offset, most));
        }
    }
    Ok(out)
}

fn errors(n: usize, offset: f64, step: f64, dtype: DType, digits: i32) -> Result<[f64; 2]> {
    let xp = Cpu::new();
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ n as u64;
    // so many that with the offset they have all digits at most
    let most = if offset == 0.0 { 1 << 24 } else { ((offset / step) as u64).clamp(2, 1 << 24) };
    let whole: Vec<i128> = (0..n).map(|_| i128::from(random(&mut state) % most)).collect();
    let x: Vec<f64> = whole.iter().map(|&j| offset + j as f64 * step).collect();
    let x = xp.astype(&xp.asarray(x, ())?, dtype, ())?;
    let (sum, squares) = whole.iter().fold((0, 0), |(s, q), j| (s + j, q + j * j));
    let n = n as i128;
    let variance = quotient(n * squares - sum * sum, n * n).scale(step * step);
    let float = |x: Array<Cpu>| xp.astype(&x, DType::Float64, ())?.item::<f64>();
    let got = [float(xp.var(&x, ())?)?, float(xp.std(&x, ())?)?];
    let mut errors = [0.0; 2];
    for ((error, got), exact) in errors.iter_mut().zip(got).zip([variance, variance.sqrt()]) {
        if exact.hi != 0.0 {
            let unit = f64::exp2(exact.hi.log2().floor() - f64::from(digits - 1));
            *error = ((got - exact.hi) - exact.lo).abs() / unit;
        }
    }
    Ok(errors)
}
