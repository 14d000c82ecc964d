//! The numbers of a function with small tables: one, for loops that the compiler vectorises, or registers of
//! AVX-512, or AVX2 with `f32`, for which it is written out, since these units look up a whole register in a
//! table of sixteen that is in registers. The compiler knows no such loop: it would gather from memory.

#[cfg(target_arch = "x86_64")]
mod registers;

use std::ops::{Add, Mul, Sub};

use super::fused;
use super::scale::{ROUND_F32, ROUND_F64, scale_f32, scale_f64};
#[cfg(target_arch = "x86_64")]
pub(super) use registers::{Doubles, Registers, ShortSingles, Singles, Twice};

/// A table of sixteen numbers.
pub(super) type Table<T> = [T; 16];

/// A number of type `T`, or as many as a type holds.
pub(super) trait Numbers<T>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// A place in a table for each number, in the low four bits of a whole number.
    type Places: Copy;

    /// A constant beside numbers.
    fn constant(self, x: T) -> Self;

    /// As [`super::fused`].
    fn fused<const FMA: bool>(self, b: Self, c: Self) -> Self;

    /// Cut to the range from `-bound` to `bound`.
    fn clamp(self, bound: T) -> Self;

    /// For positive normal numbers 2^k m with m between a number below 1 and twice that: k, m, and in which
    /// sixteenth of the bits between the two m lies.
    fn reduce(self, least: T) -> (Self, Self, Self::Places);

    /// For the sum of 1.5 * 2^48 (with `f32`, 1.5 * 2^19) and a multiple of 1/16: its place in the whole.
    fn sixteenth(self) -> Self::Places;

    /// What is in a table at places.
    fn look_up(self, table: &Table<T>, at: Self::Places) -> Self;

    /// `self * 2^floor(n)` for a multiple n of 1/16, within ±2000 (with `f32`, ±250), with overflow and gradual
    /// underflow; `shifted` is that sum.
    fn scale(self, n: Self, shifted: Self) -> Self;
}

/// The value of a polynomial, as [`super::polynomial`], with half the steps that wait for one another (Knuth,
/// TAOCP 2, 4.6.4).
#[inline(always)]
pub(super) fn polynomial_by_pairs<const FMA: bool, T: Copy, X: Numbers<T>, const N: usize>(
    x: X,
    of: &[T; N],
) -> X {
    // the coefficients of odd and even powers, in x²
    let (square, mut sums) = (x * x, [x.constant(of[0]), x.constant(of[1])]);
    let odd = N % 2;
    for i in (2..N - odd).step_by(2) {
        sums[0] = sums[0].fused::<FMA>(square, x.constant(of[i]));
        sums[1] = sums[1].fused::<FMA>(square, x.constant(of[i + 1]));
    }
    let sum = sums[0].fused::<FMA>(x, sums[1]);
    if odd == 1 { sum.fused::<FMA>(x, x.constant(of[N - 1])) } else { sum }
}

impl Numbers<f64> for f64 {
    type Places = u64;

    #[inline(always)]
    fn constant(self, x: f64) -> f64 {
        x
    }

    #[inline(always)]
    fn fused<const FMA: bool>(self, b: f64, c: f64) -> f64 {
        fused::<FMA, f64>(self, b, c)
    }

    #[inline(always)]
    fn clamp(self, bound: f64) -> f64 {
        let x = if self > bound { bound } else { self };
        if x < -bound { -bound } else { x }
    }

    #[inline(always)]
    fn reduce(self, least: f64) -> (f64, f64, u64) {
        // the exponent is counted from the least m, made positive, and carried in the low bits of 2^52, as a
        // conversion is no instruction of every unit
        const BIAS: u64 = 1024;
        const CARRIER: f64 = 4_503_599_627_370_496.0;
        let bits = self.to_bits().wrapping_sub(least.to_bits()).wrapping_add(BIAS << 52);
        let k = f64::from_bits(CARRIER.to_bits() | bits >> 52) - (CARRIER + BIAS as f64);
        let m = f64::from_bits((bits & ((1 << 52) - 1)).wrapping_add(least.to_bits()));
        (k, m, bits >> 48)
    }

    #[inline(always)]
    fn sixteenth(self) -> u64 {
        self.to_bits()
    }

    #[inline(always)]
    fn look_up(self, table: &Table<f64>, at: u64) -> f64 {
        table[(at & 15) as usize]
    }

    #[inline(always)]
    fn scale(self, _: f64, shifted: f64) -> f64 {
        // a number above zero, since a shift that keeps the sign is no instruction either
        const BIAS: u64 = 2048;
        let zero = (ROUND_F64 / 16.0).to_bits() - 16 * BIAS;
        let n = shifted.to_bits().wrapping_sub(zero) >> 4;
        scale_f64(self, f64::from_bits((ROUND_F64.to_bits() - BIAS).wrapping_add(n)))
    }
}

impl Numbers<f32> for f32 {
    type Places = u32;

    #[inline(always)]
    fn constant(self, x: f32) -> f32 {
        x
    }

    #[inline(always)]
    fn fused<const FMA: bool>(self, b: f32, c: f32) -> f32 {
        fused::<FMA, f32>(self, b, c)
    }

    #[inline(always)]
    fn clamp(self, bound: f32) -> f32 {
        let x = if self > bound { bound } else { self };
        if x < -bound { -bound } else { x }
    }

    #[inline(always)]
    fn reduce(self, least: f32) -> (f32, f32, u32) {
        let bits = self.to_bits().wrapping_sub(least.to_bits());
        let m = f32::from_bits((bits & ((1 << 23) - 1)).wrapping_add(least.to_bits()));
        ((bits as i32 >> 23) as f32, m, bits >> 19)
    }

    #[inline(always)]
    fn sixteenth(self) -> u32 {
        self.to_bits()
    }

    #[inline(always)]
    fn look_up(self, table: &Table<f32>, at: u32) -> f32 {
        table[(at & 15) as usize]
    }

    #[inline(always)]
    fn scale(self, _: f32, shifted: f32) -> f32 {
        const BIAS: u32 = 256;
        let zero = (ROUND_F32 / 16.0).to_bits() - 16 * BIAS;
        let n = shifted.to_bits().wrapping_sub(zero) >> 4;
        scale_f32(self, f32::from_bits((ROUND_F32.to_bits() - BIAS).wrapping_add(n)))
    }
}
