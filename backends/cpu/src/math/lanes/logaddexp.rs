//! ln(exp(a) + exp(b)), as the greater and ln(1 + exp(d)), d what the other is less.
//!
//! Where the greater lies between -ln 2 and 0, the terms may cancel. All is computed to some 58 bits after
//! the point, with what each step loses: the error is below a unit in the last place of any result above
//! 1/16, and of smaller ones where nothing cancels.

use super::exponential::{Exp, Exponential, reduce};
use super::logarithm::{Logarithm, parts};
use super::{Lanes, Lanes2, Pair, fused, quick_two_sum, two_sum};

/// The logarithm of a sum of exponentials.
pub(crate) struct Logaddexp;

const LN_2: Pair<f64> = <f64 as Logarithm>::LN_2;

/// The greater and the other, in this order.
#[inline(always)]
fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a > b { (a, b) } else { (b, a) }
}

/// The result, with an error below 2^-57 of the terms.
#[inline(always)]
fn sum<const FMA: bool>(a: f64, b: f64) -> f64 {
    let (most, least) = ordered(a, b);
    let distance = two_sum(least, -most);
    // exp(d) = 2^n (1 + r + ...), the sum of two numbers
    let (shifted, r, lost) = reduce::<FMA, f64>(distance.hi);
    let lost = lost + distance.lo;
    let lost = fused::<FMA, _>(lost, r, lost);
    let rest = fused::<FMA, _>(r * r, f64::expm1_series::<FMA>(r), lost);
    let e = quick_two_sum(1.0, r);
    let power = 1f64.shift(shifted);
    let (e, e_lo) = (power * e.hi, power * (e.lo + rest));
    let e = quick_two_sum(e, e_lo);
    // ln(1 + exp(d))
    let one_more = quick_two_sum(1.0, e.hi);
    let (k, m, inverse) = one_more.hi.reduce();
    let (hi, lo) = parts::<FMA, f64>(m, (one_more.lo + e.lo) * inverse);
    let first = two_sum(k * LN_2.hi, hi);
    let whole = two_sum(most, first.hi);
    whole.hi + (whole.lo + (first.lo + fused::<FMA, _>(k, LN_2.lo, lo)))
}

/// Whether neither a NaN nor an infinity nor a great distance is in the way.
#[inline(always)]
fn regular(a: f64, b: f64) -> bool {
    let (most, least) = ordered(a, b);
    least - most >= -f64::EASY
}

/// The result for what is not regular.
#[inline(always)]
fn special<const FMA: bool>(a: f64, b: f64) -> f64 {
    let (most, least) = ordered(a, b);
    let e = <Exp as Lanes<f64>>::slow::<FMA>(least - most);
    // the sign of zero stays; equal infinities have no distance
    if (e == 0.0) | (most == least) { most } else { most + e }
}

impl Lanes2<f64> for Logaddexp {
    #[inline(always)]
    fn fast<const FMA: bool>(a: f64, b: f64) -> f64 {
        sum::<FMA>(a, b)
    }

    #[inline(always)]
    fn easy(a: f64, b: f64) -> bool {
        regular(a, b)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(a: f64, b: f64) -> f64 {
        special::<FMA>(a, b)
    }
}

impl Lanes2<f32> for Logaddexp {
    #[inline(always)]
    fn fast<const FMA: bool>(a: f32, b: f32) -> f32 {
        sum::<FMA>(a.into(), b.into()) as f32
    }

    #[inline(always)]
    fn easy(a: f32, b: f32) -> bool {
        regular(a.into(), b.into())
    }

    #[inline(always)]
    fn slow<const FMA: bool>(a: f32, b: f32) -> f32 {
        special::<FMA>(a.into(), b.into()) as f32
    }
}
