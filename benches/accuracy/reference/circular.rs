//! Sine, cosine, tangent and their inverses.

use std::sync::LazyLock;

use super::{Exact, INVERSE_FACTORIALS, Is, Near, SMALL, odd_beginning};
use crate::accuracy::double::{Double, normalised, power_of_two, series, two_sum};

/// π / 2.
const HALF_PI: Double = Double::from_bits(0x3FF9_21FB_5444_2D18, 0x3C91_A626_3314_5C07);

/// The bits of 2/π after the point, highest first.
const TWO_OVER_PI: [u64; 22] = [
    0xA2F9_836E_4E44_1529,
    0xFC27_57D1_F534_DDC0,
    0xDB62_9599_3C43_9041,
    0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0,
    0x0649_2EEA_09D1_921C,
    0xFE1D_EB1C_B129_A73E,
    0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41,
    0x3991_D639_8353_39F4,
    0x9C84_5F8B_BDF9_283B,
    0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F,
    0x6D36_7ECF_27CB_09B7,
    0x4F46_3F66_9E5F_EA2D,
    0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA,
    0x6BFB_5FB1_1F8D_5D08,
    0x5603_3046_FC7B_6BAB,
    0xF0CF_BC20_9AF4_361D,
    0xA9E3_9161_5EE6_1B08,
    0x6599_855F_14A0_6840,
];

/// `x - q π/2` between -π/4 and π/4, and the last two bits of `q`. For `x >= 0.5`.
///
/// The product with 2/π is formed in integers, of those bits that count (Payne and Hanek 1983).
fn reduced(x: f64) -> (Double, u64) {
    let bits = x.to_bits();
    let m = (bits & (u64::MAX >> 12)) | (1 << 52);
    let e = (bits >> 52) as i32 - 1075; // x = m 2^e
    // what stands before this word gives multiples of 4
    let first = if e > 2 { (e - 2) / 64 } else { 0 };
    // 320 bits after the point and 64 before it, lowest first
    let mut product = [0u64; 6];
    let mut carry = 0u128;
    for (place, word) in product.iter_mut().take(5).enumerate() {
        carry += u128::from(m) * u128::from(TWO_OVER_PI[first as usize + 4 - place]);
        *word = carry as u64;
        carry >>= 64;
    }
    product[5] = carry as u64;
    let mut shift = e - 64 * first;
    while shift >= 64 {
        product.rotate_right(1);
        product[0] = 0;
        shift -= 64;
    }
    if shift > 0 {
        for i in (1..6).rev() {
            product[i] = (product[i] << shift) | (product[i - 1] >> (64 - shift));
        }
        product[0] <<= shift;
    } else if shift < 0 {
        for i in 0..5 {
            product[i] = (product[i] >> -shift) | (product[i + 1] << (64 + shift));
        }
        product[5] >>= -shift;
    }
    let [fraction @ .., quadrant] = product;
    let mut fraction: [u64; 5] = fraction;
    let negative = fraction[4] >> 63 == 1;
    if negative {
        // 1 less the fraction
        let mut carry = true;
        for word in &mut fraction {
            (*word, carry) = (!*word).overflowing_add(u64::from(carry));
        }
    }
    // to a floating-point number, part by part
    let sum = (0..5).rev().fold(Double::new(0.0), |sum, i| {
        let unit = power_of_two(64 * (i as i32 - 5));
        let half = |bits: u64| Double::new(bits as f64 * unit);
        sum.add(half(fraction[i] & !0xffff_ffff)).add(half(fraction[i] & 0xffff_ffff))
    });
    let r = sum.mul(HALF_PI);
    if negative { (r.neg(), (quadrant + 1) & 3) } else { (r, quadrant & 3) }
}

/// 1/1!, 1/3!, ...
static ODD: LazyLock<[Double; 15]> =
    LazyLock::new(|| std::array::from_fn(|i| INVERSE_FACTORIALS[2 * i + 1]));
/// 1/0!, 1/2!, ...
static EVEN: LazyLock<[Double; 15]> =
    LazyLock::new(|| std::array::from_fn(|i| INVERSE_FACTORIALS[2 * i]));

/// Sine and cosine of an argument up to π/4, to 100 bits of themselves.
fn sin_cos_small(x: Double) -> (Double, Double) {
    let z = x.mul(x).neg();
    (x.mul(series(z, &*ODD, 9)), series(z, &*EVEN, 10))
}

/// Sine and cosine.
fn sin_cos(x: f64) -> (Double, Double) {
    let a = x.abs();
    let (r, q) = if a < 0.785 { (Double::new(a), 0) } else { reduced(a) };
    let (s, c) = sin_cos_small(r);
    let (s, c) = match q {
        0 => (s, c),
        1 => (c, s.neg()),
        2 => (s.neg(), c.neg()),
        _ => (c.neg(), s),
    };
    (if x < 0.0 { s.neg() } else { s }, c)
}

pub(crate) fn sin(x: f64) -> Exact {
    if x == 0.0 || !x.is_finite() {
        Is(x.sin())
    } else if x.abs() < SMALL {
        odd_beginning(x, -1.0 / 6.0)
    } else {
        Near(sin_cos(x).0, 0)
    }
}

pub(crate) fn cos(x: f64) -> Exact {
    if x == 0.0 || !x.is_finite() {
        Is(x.cos())
    } else if x.abs() < SMALL {
        Near(Double { hi: 1.0, lo: -power_of_two(-122) }, 0)
    } else {
        Near(sin_cos(x).1, 0)
    }
}

pub(crate) fn tan(x: f64) -> Exact {
    if x == 0.0 || !x.is_finite() {
        Is(x.tan())
    } else if x.abs() < SMALL {
        odd_beginning(x, 1.0 / 3.0)
    } else {
        let (s, c) = sin_cos(x);
        Near(s.div(c), 0)
    }
}

/// The angle of a point whose coordinates are neither 0 nor far apart (less than 2^200).
fn angle(y: Double, x: Double) -> Double {
    let guess = y.hi.atan2(x.hi);
    let (s, c) = sin_cos(guess);
    let across = y.mul(c).sub(x.mul(s));
    let along = x.mul(c).add(y.mul(s));
    Double::new(guess).add(across.div(along))
}

pub(crate) fn atan(x: f64) -> Exact {
    atan2(x, 1.0)
}

pub(crate) fn atan2(y: f64, x: f64) -> Exact {
    if x == 0.0 || y == 0.0 || !x.is_finite() || !y.is_finite() {
        // a multiple of π/4: the platform's, with the digits that it lacks
        let platform = y.atan2(x);
        if platform == 0.0 || platform.is_nan() {
            return Is(platform);
        }
        let quarters = (platform.abs() / std::f64::consts::FRAC_PI_4).round_ties_even();
        let exact = HALF_PI.mul(Double::new(0.5 * quarters));
        return Near(exact, 0).negative_if(platform < 0.0);
    }
    let ((b, j), (a, k)) = (normalised(y), normalised(x));
    let apart = j - k;
    if apart < -120 {
        if x > 0.0 {
            // the cube of the quotient is nothing
            return Near(Double::new(b).div(Double::new(a)), apart);
        }
        return Near(HALF_PI.scale(2.0), 0).negative_if(y < 0.0);
    }
    if apart > 120 {
        return Near(HALF_PI, 0).negative_if(y < 0.0);
    }
    Near(angle(Double::new(b).scale(power_of_two(apart)), Double::new(a)), 0)
}

/// √(1 - x²).
fn other_side(x: f64) -> Double {
    two_sum(1.0, -x).mul(two_sum(1.0, x)).sqrt()
}

pub(crate) fn asin(x: f64) -> Exact {
    if x.is_nan() || x.abs() > 1.0 {
        Is(f64::NAN)
    } else if x == 0.0 {
        Is(x)
    } else if x.abs() < SMALL {
        odd_beginning(x, 1.0 / 6.0)
    } else if x.abs() == 1.0 {
        Near(HALF_PI, 0).negative_if(x < 0.0)
    } else {
        Near(angle(Double::new(x), other_side(x)), 0)
    }
}

pub(crate) fn acos(x: f64) -> Exact {
    if x.is_nan() || x.abs() > 1.0 {
        Is(f64::NAN)
    } else if x == 1.0 {
        Is(0.0)
    } else if x == -1.0 {
        Near(HALF_PI.scale(2.0), 0)
    } else if x.abs() < SMALL {
        Near(HALF_PI.sub(Double::new(x)), 0)
    } else {
        Near(angle(other_side(x), Double::new(x)), 0)
    }
}
