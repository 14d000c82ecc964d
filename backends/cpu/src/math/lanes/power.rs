//! Powers: x^y = 2^(y log2 x).
//!
//! With `f64`, the error of the logarithm counts up to 1075 times, so that it has some 65 bits, as a sum
//! of two: x = 2^k (1 + f), s = f / (2 + f) with the remainder of the division, and the first two terms of
//! the odd series in s with constants of two parts. The exponential of base 2 takes its argument in two
//! parts as well. (As in Muller et al., "Elementary Functions", ch. 5 and 7, and in fdlibm's `e_pow`; the
//! polynomials are minimax ones, Remez.)
//!
//! With `f32`, all is `f64` without more ado.

use super::logarithm::Logarithm;
use super::scale::{ROUND_F64, scale_f64, shift_f64};
use super::{Lanes2, Pair, fused, polynomial, polynomial_by_pairs, quick_two_sum, two_product};

/// A power.
pub(crate) struct Pow;

/// Terms of the series of log2((1 + s) / (1 - s)) from s⁵ on, within 2^-65 of the whole.
const LOG2_F64: [f64; 8] = [
    0.1729669199031862,
    0.16843178845585108,
    0.19240240163817712,
    0.2219522387442647,
    0.2623081991897116,
    0.3205988979076898,
    0.41219858311137114,
    0.5770780163555851,
];

/// 2 / ln 2 and 2 / (3 ln 2), the terms before.
const LOG2_FIRST: [Pair<f64>; 2] = [
    Pair { hi: 2.8853900817779268, lo: 4.071_054_748_186_207e-17 },
    Pair { hi: 0.9617966939259756, lo: 5.057_761_664_812_591e-17 },
];

/// (2^r - 1 - r ln 2) / r², within 2^-57 of 2^r.
const EXP2_F64: [f64; 10] = [
    4.4363107803109937e-10,
    7.073586300386537e-09,
    1.0178184643854713e-07,
    1.3215436571655389e-06,
    1.525273354681405e-05,
    0.00015403530454134335,
    0.0013333558146686238,
    0.009618129107596938,
    0.05550410866482074,
    0.24022650695910122,
];

/// The whole series of the logarithm within 2^-37.
const LOG2_F32: [f64; 5] = [
    0.34074255651971025,
    0.41167200164114615,
    0.5770835978731821,
    0.9617966732675363,
    2.885390081790153,
];

/// 2^r within 2^-29.
const EXP2_F32: [f64; 7] = [
    0.00015345806047519674,
    0.0013399958986481505,
    0.009618489163183709,
    0.05550328707236968,
    0.24022646887207058,
    0.6931472057705126,
    1.0000000005547143,
];

/// log2(x / 2^lift) of a positive normal number.
#[inline(always)]
fn log2<const FMA: bool>(x: f64, lift: f64) -> Pair<f64> {
    let (k, m, _) = x.reduce();
    let f = m - 1.0;
    let below = quick_two_sum(2.0, f);
    let inverse = 1.0 / below.hi;
    let s = f * inverse;
    let rest = fused::<FMA, _>(-s, below.lo, fused::<FMA, _>(-s, below.hi, f));
    let s_lo = rest * inverse;
    let z = two_product::<FMA, _>(s, s);
    let z_lo = fused::<FMA, _>(s + s, s_lo, z.lo);
    // second + z (...)
    let [first, second] = LOG2_FIRST;
    let sum = quick_two_sum(second.hi, z.hi * polynomial_by_pairs::<FMA, _, _>(z.hi, &LOG2_F64));
    let sum_lo = sum.lo + second.lo;
    // first + z (...)
    let product = two_product::<FMA, _>(z.hi, sum.hi);
    let lost = fused::<FMA, _>(z_lo, sum.hi, fused::<FMA, _>(z.hi, sum_lo, product.lo));
    let sum = quick_two_sum(first.hi, product.hi);
    let sum_lo = sum.lo + (first.lo + lost);
    // s (...) + k
    let product = two_product::<FMA, _>(s, sum.hi);
    let lost = fused::<FMA, _>(s_lo, sum.hi, fused::<FMA, _>(s, sum_lo, product.lo));
    let whole = quick_two_sum(k - lift, product.hi);
    Pair { hi: whole.hi, lo: whole.lo + lost }
}

/// (x / 2^lift)^y, for a positive normal x and |y| up to [`EASY_EXPONENT`].
#[inline(always)]
fn power<const FMA: bool>(x: f64, lift: f64, y: f64) -> f64 {
    let log = log2::<FMA>(x, lift);
    let product = two_product::<FMA, _>(y, log.hi);
    let e = product.hi;
    let rest = fused::<FMA, _>(y, log.lo, product.lo);
    // beyond, results do not change any more
    let rest = if e.abs() < 1100.0 { rest } else { 0.0 };
    let e = if e > 1100.0 { 1100.0 } else { e };
    let e = if e < -1100.0 { -1100.0 } else { e };
    let shifted = e + ROUND_F64;
    let r = quick_two_sum(e - (shifted - ROUND_F64), rest);
    // 1 + r ln 2 + r² (...)
    let ln_2 = <f64 as Logarithm>::LN_2;
    let product = two_product::<FMA, _>(r.hi, ln_2.hi);
    let lost = fused::<FMA, _>(r.lo, ln_2.hi, fused::<FMA, _>(r.hi, ln_2.lo, product.lo));
    let rest =
        fused::<FMA, _>(r.hi * r.hi, polynomial_by_pairs::<FMA, _, _>(r.hi, &EXP2_F64), lost);
    let sum = quick_two_sum(1.0, product.hi);
    scale_f64(sum.hi + (sum.lo + rest), shifted)
}

/// x^y to 29 bits, for a positive normal x.
#[inline(always)]
fn power_f32<const FMA: bool>(x: f64, y: f64) -> f64 {
    let (k, m, _) = x.reduce();
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let log = fused::<FMA, _>(s, polynomial::<FMA, _, _>(s * s, &LOG2_F32), k);
    let e = y * log;
    // beyond the range of f32
    let e = if e > 300.0 { 300.0 } else { e };
    let e = if e < -300.0 { -300.0 } else { e };
    let shifted = e + ROUND_F64;
    let r = e - (shifted - ROUND_F64);
    shift_f64(polynomial::<FMA, _, _>(r, &EXP2_F32), shifted)
}

/// Up to this exponent products are exact; beyond it results do not change any more.
const EASY_EXPONENT: f64 = 1e21;

/// The special cases around the power of a positive normal number, `regular(x, lift, y)`.
#[inline(always)]
fn special(x: f64, y: f64, regular: impl Fn(f64, f64, f64) -> f64) -> f64 {
    const INTEGERS: f64 = 4_503_599_627_370_496.0; // from 2^52 on all numbers are integers
    let (a, b) = (x.abs(), y.abs());
    let normal = if a < f64::MIN_POSITIVE { a * 18_014_398_509_481_984.0 } else { a };
    let lift = if a < f64::MIN_POSITIVE { 54.0 } else { 0.0 };
    let normal = if (a > 0.0) & (a <= f64::MAX) { normal } else { 1.0 };
    let exponent = if y > EASY_EXPONENT { EASY_EXPONENT } else { y };
    let exponent = if y < -EASY_EXPONENT { -EASY_EXPONENT } else { exponent };
    let power = regular(normal, lift, exponent);

    let of_infinity = if y > 0.0 { f64::INFINITY } else { 0.0 };
    let of_zero = if y > 0.0 { 0.0 } else { f64::INFINITY };
    let power = if a == f64::INFINITY { of_infinity } else { power };
    let power = if a == 0.0 { of_zero } else { power };

    // whether y is an integer, and an odd one: the sum has its integer part in its low bits
    let sum = b + INTEGERS;
    let integer = (sum - INTEGERS == b) | (b >= INTEGERS);
    let odd = (if b < INTEGERS { sum } else { b }).to_bits() & 1 == 1;
    let odd = odd & integer & (b < 2.0 * INTEGERS);
    let power = if odd { power.copysign(x) } else { power };
    let power = if (x < 0.0) & (a <= f64::MAX) & !integer { f64::NAN } else { power };

    let power = if (x.is_nan()) | (y.is_nan()) { f64::NAN } else { power };
    if (x == 1.0) | (y == 0.0) { 1.0 } else { power }
}

impl Lanes2<f64> for Pow {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64, y: f64) -> f64 {
        power::<FMA>(x, 0.0, y)
    }

    #[inline(always)]
    fn easy(x: f64, y: f64) -> bool {
        (f64::MIN_POSITIVE..=f64::MAX).contains(&x) & (y.abs() <= EASY_EXPONENT)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64, y: f64) -> f64 {
        special(x, y, power::<FMA>)
    }
}

impl Lanes2<f32> for Pow {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32, y: f32) -> f32 {
        power_f32::<FMA>(x.into(), y.into()) as f32
    }

    #[inline(always)]
    fn easy(x: f32, y: f32) -> bool {
        (x > 0.0) & (x <= f32::MAX) & (y.abs() <= f32::MAX)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f32, y: f32) -> f32 {
        special(x.into(), y.into(), |x, _, y| power_f32::<FMA>(x, y)) as f32
    }
}
