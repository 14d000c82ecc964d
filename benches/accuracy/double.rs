//! Numbers of some 106 bits, as unevaluated sums of two `f64`.
//!
//! The operations are those whose relative error is bounded whatever the signs (Joldes, Muller and
//! Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic", 2017):
//! a few units of 2^-106.

/// The sum `hi + lo`, where `lo` is at most half a unit in the last place of `hi`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `a + b` without an error.
pub(crate) fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let from_b = hi - a;
    Double { hi, lo: (a - (hi - from_b)) + (b - from_b) }
}

/// `a + b` without an error, where `a` is 0 or not the smaller in magnitude.
pub(crate) fn quick_two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double { hi, lo: b - (hi - a) }
}

/// `a * b` without an error, unless that lies below 2^-969.
pub(crate) fn two_product(a: f64, b: f64) -> Double {
    let hi = a * b;
    Double { hi, lo: a.mul_add(b, -hi) }
}

impl Double {
    pub(crate) const ONE: Double = Double { hi: 1.0, lo: 0.0 };

    pub(crate) const fn new(hi: f64) -> Double {
        Double { hi, lo: 0.0 }
    }

    pub(crate) const fn from_bits(hi: u64, lo: u64) -> Double {
        Double { hi: f64::from_bits(hi), lo: f64::from_bits(lo) }
    }

    pub(crate) fn add(self, other: Double) -> Double {
        let high = two_sum(self.hi, other.hi);
        let low = two_sum(self.lo, other.lo);
        let sum = quick_two_sum(high.hi, high.lo + low.hi);
        quick_two_sum(sum.hi, low.lo + sum.lo)
    }

    pub(crate) fn sub(self, other: Double) -> Double {
        self.add(other.neg())
    }

    pub(crate) fn neg(self) -> Double {
        Double { hi: -self.hi, lo: -self.lo }
    }

    pub(crate) fn mul(self, other: Double) -> Double {
        let p = two_product(self.hi, other.hi);
        quick_two_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    /// The product with a power of two.
    pub(crate) fn scale(self, power: f64) -> Double {
        Double { hi: self.hi * power, lo: self.lo * power }
    }

    pub(crate) fn div(self, other: Double) -> Double {
        let q = self.hi / other.hi;
        let rest = self.sub(other.mul_one(q));
        let second = rest.hi / other.hi;
        let rest = rest.sub(other.mul_one(second));
        quick_two_sum(q, second).add(Double::new(rest.hi / other.hi))
    }

    fn mul_one(self, other: f64) -> Double {
        let p = two_product(self.hi, other);
        quick_two_sum(p.hi, self.lo.mul_add(other, p.lo))
    }

    /// The square root of a number that is not negative.
    pub(crate) fn sqrt(self) -> Double {
        if self.hi <= 0.0 {
            return Double::new(0.0);
        }
        let root = self.hi.sqrt();
        let rest = self.sub(two_product(root, root));
        quick_two_sum(root, rest.hi / (2.0 * root))
    }
}

/// `c[0] + c[1] x + ...`, all but the first `exact` terms in single `f64`.
pub(crate) fn series(x: Double, c: &[Double], exact: usize) -> Double {
    let (first, rest) = c.split_at(exact);
    let tail = rest.iter().rev().fold(0.0, |sum: f64, c| sum.mul_add(x.hi, c.hi));
    first.iter().rev().fold(Double::new(tail), |sum, &c| sum.mul(x).add(c))
}

/// The power of two, for -1022 <= k <= 1023.
pub(crate) fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((k + 1023) as u64) << 52)
}

/// `x * 2^k`, rounded if it is subnormal and infinite if it is too large.
pub(crate) fn scale(x: f64, k: i32) -> f64 {
    let k = k.clamp(-2400, 2400);
    let third = k / 3;
    x * power_of_two(third) * power_of_two(third) * power_of_two(k - 2 * third)
}

/// `m` and `k` such that `x = m * 2^k` and `1 <= m < 2` in magnitude. For finite numbers that are not 0.
pub(crate) fn normalised(x: f64) -> (f64, i32) {
    let (x, less) = if x.abs() < f64::MIN_POSITIVE { (x * power_of_two(64), 64) } else { (x, 0) };
    let k = ((x.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    // in two steps, since the power itself may be out of range
    (x * power_of_two(-k / 2) * power_of_two(-k - -k / 2), k - less)
}
