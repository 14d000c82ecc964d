//! Fused multiply-add, also where no instruction computes it.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Pair, two_sum};

/// A floating-point type of lanes.
pub(crate) trait Real:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// 2.
    const TWO: Self;
    /// 1/2.
    const HALF: Self;
    /// Infinity.
    const INFINITY: Self;
    /// A NaN.
    const NAN: Self;
    /// The greatest number.
    const MAX: Self;

    /// The magnitude.
    fn abs(self) -> Self;

    /// The magnitude with the sign of another.
    fn copysign(self, of: Self) -> Self;

    /// The square root.
    fn sqrt(self) -> Self;

    /// `self * b + c`, rounded once, by an instruction of the vector unit.
    fn mul_add(self, b: Self, c: Self) -> Self;

    /// The same from operations that round twice, in the ranges that [`super::fused`] states.
    fn emulated_mul_add(self, b: Self, c: Self) -> Self;
}

impl Real for f32 {
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
    const TWO: f32 = 2.0;
    const HALF: f32 = 0.5;
    const INFINITY: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    const MAX: f32 = f32::MAX;

    #[inline(always)]
    fn abs(self) -> f32 {
        f32::abs(self)
    }

    #[inline(always)]
    fn copysign(self, of: f32) -> f32 {
        f32::copysign(self, of)
    }

    #[inline(always)]
    fn sqrt(self) -> f32 {
        f32::sqrt(self)
    }

    #[inline(always)]
    fn mul_add(self, b: f32, c: f32) -> f32 {
        f32::mul_add(self, b, c)
    }

    #[inline(always)]
    fn emulated_mul_add(self, b: f32, c: f32) -> f32 {
        // the product is exact, and what is rounded to odd may be rounded again
        let sum = two_sum(f64::from(self) * f64::from(b), f64::from(c));
        to_odd(sum) as f32
    }
}

impl Real for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    const TWO: f64 = 2.0;
    const HALF: f64 = 0.5;
    const INFINITY: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    const MAX: f64 = f64::MAX;

    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }

    #[inline(always)]
    fn copysign(self, of: f64) -> f64 {
        f64::copysign(self, of)
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn mul_add(self, b: f64, c: f64) -> f64 {
        f64::mul_add(self, b, c)
    }

    /// Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using
    /// rounding to odd" (2008).
    #[inline(always)]
    fn emulated_mul_add(self, b: f64, c: f64) -> f64 {
        let product = two_product(self, b);
        let low = two_sum(c, product.lo);
        let high = two_sum(product.hi, low.hi);
        let sum = high.hi + to_odd(two_sum(low.lo, high.lo));
        // zero is exact, but for its sign
        if sum == 0.0 { self * b + c } else { sum }
    }
}

/// `a * b` without an error and without fused operations (Dekker 1971; Veltkamp's splitting).
#[inline(always)]
fn two_product(a: f64, b: f64) -> Pair<f64> {
    let hi = a * b;
    let (ah, al) = split(a);
    let (bh, bl) = split(b);
    Pair { hi, lo: ((ah * bh - hi) + ah * bl + al * bh) + al * bl }
}

/// `a` in two parts of at most 26 bits.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2^27 + 1
    let hi = c - (c - a);
    (hi, a - hi)
}

/// An exact sum rounded to odd: of the two numbers next to what is not a number, the one with an odd
/// last bit.
#[inline(always)]
fn to_odd(sum: Pair<f64>) -> f64 {
    let (bits, rest) = (sum.hi.to_bits(), sum.lo.to_bits());
    // no for NaN, which stands beside infinity
    let inexact = u64::from(sum.lo.abs() > 0.0);
    // towards zero, then the bit that says that something is lost
    let cut = bits.wrapping_sub((bits ^ rest) >> 63 & inexact);
    f64::from_bits(cut | inexact)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all shapes: random bits, few bits, neighbours of powers of two.
    fn numbers(exponents: u64, bias: u64) -> Vec<f64> {
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state >> 11
        };
        let mut all = vec![0.0, -0.0, 1.0, -1.0];
        for i in 0..if cfg!(miri) { 20 } else { 400 } {
            let fraction = match i % 4 {
                0 => random() & ((1 << 52) - 1),
                1 => (random() & 0xff) << 44,
                2 => (1 << 52) - 1 - (random() & 3),
                _ => random() & 3,
            };
            let exponent = bias + random() % exponents;
            all.push(f64::from_bits((random() & 1) << 63 | exponent << 52 | fraction));
        }
        all
    }

    #[test]
    fn doubles_as_by_the_instruction() {
        let numbers = numbers(120, 1023 - 60);
        for (i, &a) in numbers.iter().enumerate() {
            for (j, &b) in numbers.iter().enumerate() {
                // terms that cancel, that end in a tie, and others
                let others = [numbers[(7 * i + 3 * j) % numbers.len()], a, b, 1.0];
                let near = [-(a * b), (-(a * b)).next_up(), 0.5 * a * b];
                for c in others.into_iter().chain(near) {
                    let (got, expected) = (a.emulated_mul_add(b, c), f64::mul_add(a, b, c));
                    assert_eq!(got.to_bits(), expected.to_bits(), "{a:e} * {b:e} + {c:e}");
                }
            }
        }
    }

    #[test]
    fn singles_as_by_the_instruction() {
        let numbers: Vec<f32> = numbers(270, 1023 - 140).into_iter().map(|x| x as f32).collect();
        for (i, &a) in numbers.iter().enumerate() {
            for (j, &b) in numbers.iter().enumerate() {
                let others = [numbers[(7 * i + 3 * j) % numbers.len()], a, f32::INFINITY];
                for c in others.into_iter().chain([-(a * b), (a * b).next_up()]) {
                    let (got, expected) = (a.emulated_mul_add(b, c), f32::mul_add(a, b, c));
                    assert!(
                        got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan(),
                        "{a:e} * {b:e} + {c:e} = {expected:e}, not {got:e}"
                    );
                }
            }
        }
    }
}
