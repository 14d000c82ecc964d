//! Integers in floating-point lanes, and powers of two.
//!
//! A conversion of `f64` to integers of 64 bits is no instruction before AVX-512. Instead, an integer n
//! is handed about as the sum `1.5 * 2^52 + n`, which an addition makes (rounding to the nearest integer
//! on the way), and whose low bits are those of n.

/// 1.5 * 2^52: added to a number below 2^51 in magnitude, it rounds that to an integer.
pub(crate) const ROUND_F64: f64 = 6_755_399_441_055_744.0;

/// 1.5 * 2^23, as [`ROUND_F64`] for numbers below 2^22.
pub(crate) const ROUND_F32: f32 = 12_582_912.0;

/// `x * 2^n`, where `shifted` is `ROUND_F64 + n`, and `x` and the result are normal numbers.
#[inline(always)]
pub(crate) fn shift_f64(x: f64, shifted: f64) -> f64 {
    f64::from_bits(x.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// As [`shift_f64`], with `ROUND_F32`.
#[inline(always)]
pub(crate) fn shift_f32(x: f32, shifted: f32) -> f32 {
    f32::from_bits(x.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// `x * 2^n`, where `shifted` is `ROUND_F64 + n`, for n within ±2044: with overflow, gradual underflow, NaN.
#[inline(always)]
pub(crate) fn scale_f64(x: f64, shifted: f64) -> f64 {
    // both halves above zero, since a shift that keeps the sign is no instruction either
    let n = shifted.to_bits().wrapping_sub(ROUND_F64.to_bits()).wrapping_add(2 * 1023) & 0xfff;
    let half = n >> 1;
    x * f64::from_bits(half << 52) * f64::from_bits((n - half) << 52)
}

/// As [`scale_f64`], with `ROUND_F32`, for n within ±252.
#[inline(always)]
pub(crate) fn scale_f32(x: f32, shifted: f32) -> f32 {
    let n = shifted.to_bits().wrapping_sub(ROUND_F32.to_bits()).wrapping_add(2 * 127) & 0x1ff;
    let half = n >> 1;
    x * f32::from_bits(half << 23) * f32::from_bits((n - half) << 23)
}
