//! Numbers of twice the precision of `f64`, as unevaluated sums of two.
//!
//! The classical error-free transformations (Dekker 1971; Knuth, TAOCP 2, 4.2.2; Shewchuk 1997), written
//! without fused multiply-add, so that every instruction set computes the same bits. The operations on
//! sums are the "sloppy" ones: a few units of 2^-104 relative to the operands, which is far more than
//! the functions built on them need.

/// The sum `hi + lo`, where `lo` is at most half a unit in the last place of `hi`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `a + b` without an error.
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let from_b = hi - a;
    let from_a = hi - from_b;
    Double { hi, lo: (a - from_a) + (b - from_b) }
}

/// `a + b` without an error, where `a` is 0 or not the smaller in magnitude.
#[inline(always)]
pub(crate) fn quick_two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double { hi, lo: b - (hi - a) }
}

/// `a` in two parts of at most 26 bits. Overflows above 2^996.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2^27 + 1
    let hi = c - (c - a);
    (hi, a - hi)
}

/// `a * b` without an error, unless it lies below 2^-969 or a factor above 2^996.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> Double {
    let hi = a * b;
    let (ah, al) = split(a);
    let (bh, bl) = split(b);
    Double { hi, lo: ((ah * bh - hi) + ah * bl + al * bh) + al * bl }
}

impl Double {
    /// The value of one number.
    #[inline(always)]
    pub(crate) fn new(hi: f64) -> Double {
        Double { hi, lo: 0.0 }
    }

    /// The sum.
    #[inline(always)]
    pub(crate) fn add(self, other: Double) -> Double {
        let s = two_sum(self.hi, other.hi);
        quick_two_sum(s.hi, s.lo + (self.lo + other.lo))
    }

    /// The sum with one number.
    #[inline(always)]
    pub(crate) fn add_one(self, other: f64) -> Double {
        let s = two_sum(self.hi, other);
        quick_two_sum(s.hi, s.lo + self.lo)
    }

    /// The product.
    #[inline(always)]
    pub(crate) fn mul(self, other: Double) -> Double {
        let p = two_product(self.hi, other.hi);
        quick_two_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    /// The product with a power of two.
    #[inline(always)]
    pub(crate) fn scale(self, power: f64) -> Double {
        Double { hi: self.hi * power, lo: self.lo * power }
    }

    /// The quotient.
    #[inline(always)]
    pub(crate) fn div(self, other: Double) -> Double {
        let q = self.hi / other.hi;
        let p = two_product(q, other.hi);
        let rest = ((self.hi - p.hi) - p.lo) + (self.lo - q * other.lo);
        quick_two_sum(q, rest / other.hi)
    }

    /// The square root of a positive number.
    #[inline(always)]
    pub(crate) fn sqrt(self) -> Double {
        let root = self.hi.sqrt();
        let p = two_product(root, root);
        quick_two_sum(root, ((self.hi - p.hi) - p.lo + self.lo) / (2.0 * root))
    }

    /// `0 - self`.
    #[inline(always)]
    pub(crate) fn neg(self) -> Double {
        Double { hi: -self.hi, lo: -self.lo }
    }

    /// The nearest `f64`.
    #[inline(always)]
    pub(crate) fn round(self) -> f64 {
        self.hi + self.lo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations_lose_nothing() {
        // checked in integers: all values are integers below 2^120
        let wide = |d: Double| d.hi as i128 + d.lo as i128;
        let values = [1.0, 3.0, 1e15 + 7.0, 9007199254740991.0, -4503599627370497.0, 123456789.0];
        for a in values {
            for b in values {
                assert_eq!(wide(two_product(a, b)), a as i128 * b as i128);
                assert_eq!(wide(two_sum(a, b)), a as i128 + b as i128);
                let sum = Double::new(a).add(Double::new(b));
                assert_eq!(wide(sum), a as i128 + b as i128);
                let product = Double::new(a).mul(Double::new(b));
                assert_eq!(wide(product), a as i128 * b as i128);
            }
        }
    }

    #[test]
    fn quotients_and_roots_have_a_hundred_bits() {
        let third = Double::new(1.0).div(Double::new(3.0));
        let back = third.mul(Double::new(3.0)).add_one(-1.0);
        assert!(back.round().abs() < 2f64.powi(-100), "{back:?}");
        for x in [2.0, 3.0, 1e-30, 7e40] {
            let root = Double::new(x).sqrt();
            let back = root.mul(root).add_one(-x);
            assert!(back.round().abs() <= x * 2f64.powi(-100), "{x}: {back:?}");
        }
    }
}
