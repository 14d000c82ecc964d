//! Floor division and remainder of floats of all magnitudes, against integers.

use std::cmp::Ordering;

use super::*;
use crate::testing::{Rng, cases};

/// A number as an integer times a power of two.
fn decomposed(x: f64) -> (i128, i32) {
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, (bits << 12 >> 12) as i128);
    let integer = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    (if x < 0.0 { -integer } else { integer }, exponent.max(1) - 1075)
}

/// Compares integers of less than 120 bits, times powers of two.
fn compare((a, i): (i128, i32), (b, j): (i128, i32)) -> Ordering {
    if a.signum() != b.signum() || a == 0 {
        return a.signum().cmp(&b.signum());
    }
    let places = |x: i128, power: i32| 128 - x.unsigned_abs().leading_zeros() as i32 + power;
    let by_size = places(a, i).cmp(&places(b, j));
    let magnitudes = by_size.then_with(|| {
        // the longer one is not moved by more than the other has digits less
        let (least, a, b) = (i.min(j), a.unsigned_abs(), b.unsigned_abs());
        (a << (i - least)).cmp(&(b << (j - least)))
    });
    if a < 0 { magnitudes.reverse() } else { magnitudes }
}

/// Compares `q * y` with `x`.
fn product_and(x: f64, q: f64, y: f64) -> Ordering {
    let ((q, i), (y, j)) = (decomposed(q), decomposed(y));
    compare((q * y, i + j), decomposed(x))
}

/// A format: its name, and the next number above one.
trait Format: Element {
    fn above(self) -> Self;
    /// All bits at random.
    fn any(rng: &mut Rng) -> Self;
    fn wide(self) -> f64 {
        self.to_scalar().to_float()
    }
}

macro_rules! formats {
    ($($t:ty, $bits:ty, $above:expr;)*) => { $(
        impl Format for $t {
            fn above(self) -> Self {
                $above(self)
            }
            fn any(rng: &mut Rng) -> Self {
                <$t>::from_bits((rng.next() << 5 ^ rng.next()) as $bits)
            }
        }
    )* };
}
formats! {
    f64, u64, f64::next_up;
    f32, u32, f32::next_up;
    f16, u16, |x: f16| f16::from_bits(next::<0x7c00>(x.to_bits()));
    bf16, u16, |x: bf16| bf16::from_bits(next::<0x7f80>(x.to_bits()));
}

fn next<const INFINITY: u16>(x: u16) -> u16 {
    super::super::half::next_after::<INFINITY>(x, INFINITY)
}

fn check<T: Format>() {
    let mut rng = Rng::new(T::DTYPE as usize);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    while a.len() < cases(60_000) {
        let (x, mut y) = (T::any(&mut rng), T::any(&mut rng));
        // a quotient of so many bits at random
        if a.len() % 2 == 0 {
            let quotient = 2f64.powf(rng.below(7000) as f64 / 100.0);
            y = T::from_scalar((x.wide() / quotient).into());
        }
        // whole quotients, and what is next to one
        if a.len() % 5 == 0 {
            y = T::from_scalar((rng.below(1000) as f64 + 1.0).into());
        }
        if x.wide().is_finite() && y.wide().is_finite() && y.wide() != 0.0 {
            a.push(x);
            b.push(y);
        }
    }
    for &level in Level::available() {
        let quotients = quotients_of(level, BinaryOp::FloorDivide, &a, &b);
        let rests = quotients_of(level, BinaryOp::Remainder, &a, &b);
        for (k, (&x, &y)) in a.iter().zip(&b).enumerate() {
            let (q, rest) = (quotients[k], rests[k].wide());
            let (q, above, x, y) =
                (q.wide(), q.above().wide().max(q.wide() + 1.0), x.wide(), y.wide());
            let what = || format!("{} {x:e} // {y:e} = {q:e}, {rest:e}, {level:?}", T::DTYPE);
            if q.is_infinite() {
                // out of range
                assert!(
                    (x / y).is_infinite() || T::from_scalar((x / y).into()).wide() == q,
                    "{}",
                    what()
                );
            } else {
                // the quotient is not above the exact one, and no greater integer of the format is not
                let towards = if y > 0.0 { Ordering::Less } else { Ordering::Greater };
                let below = product_and(x, q, y);
                assert!(q.fract() == 0.0 && (below == towards || below.is_eq()), "{}", what());
                if above.is_finite() {
                    assert_eq!(product_and(x, above, y), towards.reverse(), "{}", what());
                }
            }
            // what `%` gives is exact; added to the divisor it is rounded
            let mut exact = x % y;
            if exact != 0.0 && (exact < 0.0) != (y < 0.0) {
                exact += y;
            }
            let nearest = T::from_scalar(exact.into()).wide();
            assert!(
                rest == nearest
                    || T::DTYPE.is_half()
                        && (rest - exact).abs() <= (nearest - exact).abs() * 1.001,
                "{}",
                what()
            );
        }
    }
}

/// The results of a kernel, or of that for float32 where half precision has none.
fn quotients_of<T: Format>(level: Level, op: BinaryOp, a: &[T], b: &[T]) -> Vec<T> {
    if binary(op, T::DTYPE, level).is_some() {
        return run2(level, op, a, b);
    }
    let (a, b) = (convert::<T, f32>(level, a), convert::<T, f32>(level, b));
    convert(level, &run2::<f32, f32>(level, op, &a, &b))
}

#[test]
fn floor_division_and_remainder_are_exact() {
    check::<f64>();
    check::<f32>();
    check::<f16>();
    check::<bf16>();
    let run =
        |x: f64, y: f64| run2::<f64, f64>(Level::best(), BinaryOp::FloorDivide, &[x], &[y])[0];
    assert_eq!(run(-4.984295537158518e18, -324.1821850878958), 15374982853567728.0);
}
