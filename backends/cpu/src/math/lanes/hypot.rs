//! The magnitude of a point.

use std::hint::select_unpredictable as select;

use super::{Lanes2, fused, quick_two_sum, two_product};

/// `√(x² + y²)`, without overflow or underflow on the way.
pub(crate) struct Hypot;

/// 2^-400 and 2^400: squares between theirs are exact as sums of two.
const LEAST: f64 = f64::from_bits((1023 - 400) << 52);
const MOST: f64 = f64::from_bits((1023 + 400) << 52);

impl Lanes2<f64> for Hypot {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f64, y: f64) -> f64 {
        let (x, y) = (x.abs(), y.abs());
        let swapped = y > x;
        let (most, least) = (select(swapped, y, x), select(swapped, x, y));
        // what does not count beside the other must not underflow
        let least = select(least < LEAST * LEAST.sqrt(), 0.0, least);
        let (a, b) = (two_product::<FMA, _>(most, most), two_product::<FMA, _>(least, least));
        let sum = quick_two_sum(a.hi, b.hi);
        let low = sum.lo + (a.lo + b.lo);
        // one step of Newton's method for the square root
        let root = sum.hi.sqrt();
        let rest = fused::<FMA, _>(-root, root, sum.hi) + low;
        root + rest * (0.5 / root)
    }

    #[inline(always)]
    fn easy(x: f64, y: f64) -> bool {
        let (x, y) = (x.abs(), y.abs());
        let most = select(y > x, y, x);
        (most >= LEAST) & (x <= MOST) & (y <= MOST)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: f64, y: f64) -> f64 {
        slow::<FMA>(x, y)
    }
}

/// For all that is not moderate.
#[cold]
fn slow<const FMA: bool>(x: f64, y: f64) -> f64 {
    const UP: f64 = f64::from_bits((1023 + 600) << 52);
    const DOWN: f64 = f64::from_bits((1023 - 600) << 52);
    let (x, y) = (x.abs(), y.abs());
    if x.is_infinite() || y.is_infinite() {
        f64::INFINITY
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == 0.0 || y == 0.0 {
        x + y
    } else if x.max(y) > 1.0 {
        Hypot::fast::<FMA>(x * DOWN, y * DOWN) * UP
    } else {
        Hypot::fast::<FMA>(x * UP, y * UP) * DOWN
    }
}

impl Lanes2<f32> for Hypot {
    #[inline(always)]
    fn fast<const FMA: bool>(x: f32, y: f32) -> f32 {
        let (a, b) = (f64::from(x), f64::from(y));
        // the squares are exact
        let root = (a * a + b * b).sqrt() as f32;
        let infinite = (x.abs() == f32::INFINITY) | (y.abs() == f32::INFINITY);
        select(infinite, f32::INFINITY, root)
    }
}
