//! Variances and standard deviations of whole numbers times a power of two, beside an offset, and norms of such
//! numbers: their exact values are had from integers.

use arrayspace::options::VectorNorm;
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

/// An integer to a hundred bits.
fn number(x: i128) -> Double {
    let hi = x as f64;
    Double { hi, lo: (x - hi as i128) as f64 }
}

/// The distance of `got` from the exact value, not 0, in units in the last place of a format of so many digits.
fn units(got: f64, exact: Double, digits: i32) -> f64 {
    let unit = f64::exp2(exact.hi.log2().floor() - f64::from(digits - 1));
    ((got - exact.hi) - exact.lo).abs() / unit
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
    let variance = number(n * squares - sum * sum).div(number(n * n)).scale(step * step);
    let float = |x: Array<Cpu>| xp.astype(&x, DType::Float64, ())?.item::<f64>();
    let got = [float(xp.var(&x, ())?)?, float(xp.std(&x, ())?)?];
    let mut errors = [0.0; 2];
    for ((error, got), exact) in errors.iter_mut().zip(got).zip([variance, variance.sqrt()]) {
        if exact.hi != 0.0 {
            *error = units(got, exact, digits);
        }
    }
    Ok(errors)
}

/// The cube root, by a step of Newton's method.
fn cube_root(x: Double) -> Double {
    let root = Double::new(x.hi.cbrt());
    let square = root.mul(root);
    let excess = square.mul(root).sub(x);
    root.sub(excess.div(square.add(square).add(square)))
}

/// The largest errors of `vector_norm` of order 1, 2 and 3 in units in the last place, for each dtype and power of
/// two that the values are multiplied by.
pub(crate) fn norms() -> Result<Vec<(&'static str, i32, [f64; 3])>> {
    let mut out = Vec::new();
    let (single, double) = ([0, 80, -110], [0, 960, -1000]);
    for (name, dtype, digits, powers) in
        [("float32", DType::Float32, 24, single), ("float64", DType::Float64, 53, double)]
    {
        for power in powers {
            let mut most = [0.0f64; 3];
            for n in LENGTHS {
                let errors = errors_of_norms(n, power, dtype, digits)?;
                most = std::array::from_fn(|k| most[k].max(errors[k]));
            }
            out.push((name, power, most));
        }
    }
    Ok(out)
}

fn errors_of_norms(n: usize, power: i32, dtype: DType, digits: i32) -> Result<[f64; 3]> {
    let (xp, scale) = (Cpu::new(), f64::exp2(f64::from(power)));
    let mut state = 0x2545_f491_4f6c_dd1d ^ n as u64;
    let whole: Vec<i128> = (0..n).map(|_| i128::from(random(&mut state)) - (1 << 23)).collect();
    let x: Vec<f64> = whole.iter().map(|&j| j as f64 * scale).collect();
    let x = xp.astype(&xp.asarray(x, ())?, dtype, ())?;
    let sum = |order: u32| number(whole.iter().map(|j| j.abs().pow(order)).sum());
    let mut errors = [0.0; 3];
    for (error, (order, exact)) in
        errors.iter_mut().zip([(1.0, sum(1)), (2.0, sum(2).sqrt()), (3.0, cube_root(sum(3)))])
    {
        let norm = xp.linalg().vector_norm(&x, VectorNorm::new().ord(order))?;
        *error = units(norm.to_f64()? / scale, exact, digits);
    }
    Ok(errors)
}
