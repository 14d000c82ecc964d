//! Half precision: conversions without branches, so that they vectorise, and neighbours.
//!
//! float16 to and from float32 as by Giesen ("Half to float done quick", "float_to_half_fast3_rtne"). A
//! wider value goes through float32 by rounding to odd (Boldo and Melquiond, "When double rounding is
//! odd"), so that it is rounded to nearest even once.

use half::{bf16, f16};

use crate::math::real;

/// Exact.
#[inline(always)]
pub(crate) fn f16_to_f32(x: f16) -> f32 {
    let bits = u32::from(x.to_bits());
    let sign = (bits & 0x8000) << 16;
    // exponent and fraction in their places, and the exponent's bias mended by a multiplication, which
    // normalises subnormal numbers too
    let magnitude = f32::from_bits((bits & 0x7fff) << 13) * f32::from_bits((254 - 15) << 23);
    let special = if bits & 0x7c00 == 0x7c00 { 0x7f80_0000 } else { 0 };
    f32::from_bits(magnitude.to_bits() | special | sign)
}

/// To nearest even.
#[inline(always)]
pub(crate) fn f32_to_f16(x: f32) -> f16 {
    let sign = x.to_bits() >> 16 & 0x8000;
    let bits = x.to_bits() & 0x7fff_ffff;
    // below the normal numbers: adding 0.5 rounds at the place of the last bit of a subnormal number
    let magic = 0.5f32;
    let subnormal = (f32::from_bits(bits) + magic).to_bits().wrapping_sub(magic.to_bits());
    let odd = bits >> 13 & 1;
    let normal = bits.wrapping_sub((127 - 15) << 23).wrapping_add(0xfff + odd) >> 13;
    let nan = 0x7e00 | (bits >> 13 & 0x3ff);
    let special = if bits > 0x7f80_0000 { nan } else { 0x7c00 };
    let finite = if bits < (127 - 14) << 23 { subnormal } else { normal };
    let magnitude = if bits >= (127 + 16) << 23 { special } else { finite };
    f16::from_bits((magnitude | sign) as u16)
}

/// Exact.
#[inline(always)]
pub(crate) fn bf16_to_f32(x: bf16) -> f32 {
    f32::from_bits(u32::from(x.to_bits()) << 16)
}

/// To nearest even.
#[inline(always)]
pub(crate) fn f32_to_bf16(x: f32) -> bf16 {
    let bits = x.to_bits();
    let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
    let nan = bits >> 16 | 0x40;
    bf16::from_bits(if bits & 0x7fff_ffff > 0x7f80_0000 { nan } else { rounded } as u16)
}

/// To odd: the exact value, or of its two neighbours the one with an odd last bit. Rounded again, to
/// a format of at least two bits less, it gives what the exact value gives.
#[inline(always)]
pub(crate) fn f64_to_f32_odd(x: f64) -> f32 {
    let nearest = x as f32;
    let back = f64::from(nearest);
    let bits = nearest.to_bits();
    let even = bits & 1 == 0;
    // the other neighbour: of greater magnitude if the value was rounded towards zero
    let step = if back.abs() < x.abs() { 1 } else { u32::MAX };
    let inexact = (back < x) | (back > x);
    f32::from_bits(if inexact & even { bits.wrapping_add(step) } else { bits })
}

/// A float64 that rounds to a half-precision format as the integer does.
#[inline(always)]
pub(crate) fn u64_to_f64_odd(x: u64) -> f64 {
    // eleven bits do not fit: they are said by the last one that does
    let lost = x & 0x7ff;
    let jammed = (x & !0x7ff) | u64::from(lost != 0) << 11;
    (if x < 1 << 53 { x } else { jammed }) as f64
}

/// As [`u64_to_f64_odd`].
#[inline(always)]
pub(crate) fn i64_to_f64_odd(x: i64) -> f64 {
    let magnitude = u64_to_f64_odd(x.unsigned_abs());
    if x < 0 { -magnitude } else { magnitude }
}

/// The next number after `a` in the direction of `b`, for a half-precision format whose infinity has the
/// bits `INFINITY`.
#[inline(always)]
pub(crate) fn next_after<const INFINITY: u16>(a: u16, b: u16) -> u16 {
    let magnitude = |x: u16| x & 0x7fff;
    // ascending with the number
    let ordered = |x: u16| if x & 0x8000 == 0 { i32::from(x) } else { -i32::from(magnitude(x)) };
    let (from, to) = (ordered(a), ordered(b));
    let next = from + (to - from).signum();
    let bits = if next < 0 { 0x8000 | next.unsigned_abs() as u16 } else { next as u16 };
    // a step to zero from below keeps the sign
    let bits = if next == 0 && from < 0 { 0x8000 } else { bits };
    let nan = INFINITY | INFINITY >> 1;
    if magnitude(a) > INFINITY || magnitude(b) > INFINITY {
        nan
    } else if from == to {
        b
    } else {
        bits
    }
}

/// The greatest float16 that is an integer not above the quotient.
#[inline(always)]
pub(super) fn floor_divide_f16(a: f16, b: f16) -> f16 {
    let floor = real::floor_divide(f16_to_f32(a), f16_to_f32(b));
    let nearest = f32_to_f16(floor);
    let above = f16_to_f32(nearest) > floor && !nearest.is_infinite();
    if above { f16::from_bits(below::<0x7c00>(nearest.to_bits())) } else { nearest }
}

/// The greatest bfloat16 that is an integer not above the quotient.
#[inline(always)]
pub(super) fn floor_divide_bf16(a: bf16, b: bf16) -> bf16 {
    let floor = real::floor_divide(bf16_to_f32(a), bf16_to_f32(b));
    let nearest = f32_to_bf16(floor);
    let above = bf16_to_f32(nearest) > floor && !nearest.is_infinite();
    if above { bf16::from_bits(below::<0x7f80>(nearest.to_bits())) } else { nearest }
}

/// The number next below, for a format whose infinity has the bits `INFINITY`.
#[inline(always)]
fn below<const INFINITY: u16>(x: u16) -> u16 {
    next_after::<INFINITY>(x, 0x8000 | INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_to_floats_and_back() {
        for bits in 0..=u16::MAX {
            let (h, b) = (f16::from_bits(bits), bf16::from_bits(bits));
            assert_eq!(f16_to_f32(h).is_nan(), h.is_nan(), "{bits:x}");
            assert_eq!(bf16_to_f32(b).is_nan(), b.is_nan(), "{bits:x}");
            if h.is_nan() {
                assert!(f32_to_f16(f16_to_f32(h)).is_nan());
            } else {
                assert_eq!(f16_to_f32(h).to_bits(), h.to_f32_const().to_bits());
                assert_eq!(f32_to_f16(f16_to_f32(h)).to_bits(), bits);
            }
            if b.is_nan() {
                assert!(f32_to_bf16(bf16_to_f32(b)).is_nan());
            } else {
                assert_eq!(f32_to_bf16(bf16_to_f32(b)).to_bits(), bits);
            }
        }
    }

    #[test]
    fn wide_floats_are_rounded_once() {
        // around every middle of two float16, where the last bit of a float64 decides
        let step = if cfg!(miri) { 997 } else { 1 };
        let value = |bits: u16| f16::from_bits(bits).to_f64();
        for bits in (0..0x7bff).step_by(step) {
            let (low, high) = (value(bits), value(bits + 1));
            let middle = (low + high) / 2.0;
            let even = bits + bits % 2;
            for (x, expected) in [
                (low, bits),
                (low.next_up(), bits),
                (middle.next_down(), bits),
                (middle, even),
                (middle.next_up(), bits + 1),
                (high.next_down(), bits + 1),
            ] {
                assert_eq!(f32_to_f16(f64_to_f32_odd(x)).to_bits(), expected, "{x:e}");
                assert_eq!(f32_to_f16(f64_to_f32_odd(-x)).to_bits(), expected | 0x8000, "-{x:e}");
            }
        }
        let value = |bits: u16| bf16::from_bits(bits).to_f64();
        for bits in (0..0x7f7f).step_by(step) {
            let middle = (value(bits) + value(bits + 1)) / 2.0;
            let rounded = |x: f64| f32_to_bf16(f64_to_f32_odd(x)).to_bits();
            assert_eq!(rounded(middle.next_down()), bits);
            assert_eq!(rounded(middle), bits + bits % 2);
            assert_eq!(rounded(middle.next_up()), bits + 1);
        }
    }

    #[test]
    fn wide_integers_are_rounded_once() {
        // just above a tie of bfloat16, by less than a float64 can say
        let tie = (1u64 << 62) + (1 << 54);
        assert_eq!(f32_to_bf16(f64_to_f32_odd(u64_to_f64_odd(tie))).to_f64(), (1u64 << 62) as f64);
        let above = f32_to_bf16(f64_to_f32_odd(u64_to_f64_odd(tie + 1)));
        assert_eq!(above.to_f64(), ((1u64 << 62) + (1 << 55)) as f64);
        let below = f32_to_bf16(f64_to_f32_odd(i64_to_f64_odd(-(tie as i64) - 1)));
        assert_eq!(below.to_f64(), -(((1u64 << 62) + (1 << 55)) as f64));
        assert_eq!(i64_to_f64_odd(i64::MIN), i64::MIN as f64);
        assert_eq!(u64_to_f64_odd(12345), 12345.0);
    }

    #[test]
    fn neighbours() {
        let next = |a: f32, b: f32| {
            let (a, b) = (f16::from_f32(a).to_bits(), f16::from_f32(b).to_bits());
            f16::from_bits(next_after::<0x7c00>(a, b)).to_f32()
        };
        assert_eq!(next(1.0, 2.0), 1.0 + 2f32.powi(-10));
        assert_eq!(next(1.0, 0.0), 1.0 - 2f32.powi(-11));
        assert_eq!(next(0.0, 1.0), 2f32.powi(-24));
        assert_eq!(next(0.0, -1.0), -2f32.powi(-24));
        assert_eq!(next(65504.0, f32::INFINITY), f32::INFINITY);
        assert!(next(-2f32.powi(-24), 1.0).is_sign_negative());
        assert!(next(0.0, -0.0).is_sign_negative());
        assert!(next(f32::NAN, 1.0).is_nan() && next(1.0, f32::NAN).is_nan());
        assert_eq!(next_after::<0x7f80>(0x7f80, 0), 0x7f7f);
    }
}
