//! Arithmetic of integers: what wraps, what a zero divisor gives, and shifts of any count.
//!
//! What the standard leaves open is fixed by the contract (`arrayspace_core::BinaryOp`); nothing here
//! panics, in a build with overflow checks either.

use num_traits::{PrimInt, WrappingAdd, WrappingMul, WrappingNeg, WrappingSub};

/// The integer types that are elements of arrays.
pub(crate) trait Int:
    PrimInt + WrappingAdd + WrappingMul + WrappingNeg + WrappingSub + 'static
{
    /// Whether `self` is a count of bits that a shift can take: neither negative nor the width or more.
    fn is_shift(self) -> bool;

    /// `self << count`, the count taken modulo the width.
    fn masked_shl(self, count: Self) -> Self;

    /// `self >> count`, the count taken modulo the width.
    fn masked_shr(self, count: Self) -> Self;
}

macro_rules! int {
    ($($t:ty, $unsigned:ty;)*) => { $(
        impl Int for $t {
            #[inline(always)]
            fn is_shift(self) -> bool {
                // a negative count becomes a large one
                (self as $unsigned) < <$t>::BITS as $unsigned
            }
            #[inline(always)]
            fn masked_shl(self, count: Self) -> Self {
                self.wrapping_shl(count as u32)
            }
            #[inline(always)]
            fn masked_shr(self, count: Self) -> Self {
                self.wrapping_shr(count as u32)
            }
        }
    )* };
}

int! {
    i8, u8;
    i16, u16;
    i32, u32;
    i64, u64;
    u8, u8;
    u16, u16;
    u32, u32;
    u64, u64;
}

/// The magnitude; that of the smallest signed integer wraps to itself.
#[inline(always)]
pub(crate) fn abs<T: Int>(x: T) -> T {
    if x < T::zero() { x.wrapping_neg() } else { x }
}

/// -1, 0 or 1.
#[inline(always)]
pub(crate) fn sign<T: Int>(x: T) -> T {
    if x > T::zero() {
        T::one()
    } else if x < T::zero() {
        T::zero().wrapping_sub(&T::one())
    } else {
        T::zero()
    }
}

/// `0 - x`, wrapping.
#[inline(always)]
pub(crate) fn negative<T: Int>(x: T) -> T {
    x.wrapping_neg()
}

/// `x * x`, wrapping.
#[inline(always)]
pub(crate) fn square<T: Int>(x: T) -> T {
    x.wrapping_mul(&x)
}

/// Whether a division by `x` has to be taken apart: it would trap for 0, and for -1 with the smallest
/// dividend.
#[inline(always)]
fn divides_specially<T: Int>(x: T) -> bool {
    x == T::zero() || is_minus_one(x)
}

#[inline(always)]
fn is_minus_one<T: Int>(x: T) -> bool {
    T::min_value() < T::zero() && x == !T::zero()
}

/// The quotient rounded towards negative infinity; 0 for a division by 0, and `MIN // -1` wraps.
#[inline(always)]
pub(crate) fn floor_divide<T: Int>(x: T, y: T) -> T {
    if divides_specially(y) {
        return if y == T::zero() { y } else { x.wrapping_neg() };
    }
    let q = x / y;
    let r = x % y;
    if r != T::zero() && (r < T::zero()) != (y < T::zero()) { q.wrapping_sub(&T::one()) } else { q }
}

/// What [`floor_divide`] leaves, with the sign of the divisor; 0 for a division by 0.
#[inline(always)]
pub(crate) fn remainder<T: Int>(x: T, y: T) -> T {
    if divides_specially(y) {
        return T::zero();
    }
    let r = x % y;
    if r != T::zero() && (r < T::zero()) != (y < T::zero()) { r.wrapping_add(&y) } else { r }
}

/// `x` to the power `y`, wrapping; for a negative exponent the truncated power, 0 for the base 0.
#[inline]
pub(crate) fn pow<T: Int>(x: T, y: T) -> T {
    let odd = y & T::one() != T::zero();
    if y < T::zero() {
        return match x {
            _ if x == T::one() => x,
            _ if is_minus_one(x) => {
                if odd {
                    x
                } else {
                    T::one()
                }
            }
            _ => T::zero(),
        };
    }
    let (mut power, mut base, mut left) = (T::one(), x, y);
    while left != T::zero() {
        if left & T::one() != T::zero() {
            power = power.wrapping_mul(&base);
        }
        base = base.wrapping_mul(&base);
        left = left.masked_shr(T::one());
    }
    power
}

/// `x << count`; 0 for a count that is negative, or the width or more.
#[inline(always)]
pub(crate) fn left_shift<T: Int>(x: T, count: T) -> T {
    let shifted = x.masked_shl(count);
    if count.is_shift() { shifted } else { T::zero() }
}

/// `x >> count`, the sign moving in; the sign alone (0 or -1) for a count that is negative, or the
/// width or more.
#[inline(always)]
pub(crate) fn right_shift<T: Int>(x: T, count: T) -> T {
    let shifted = x.masked_shr(count);
    let sign = if x < T::zero() { !T::zero() } else { T::zero() };
    if count.is_shift() { shifted } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_pair<T: Int + TryFrom<i16>>(mut check: impl FnMut(T, T)) {
        for a in -128i16..256 {
            for b in -128i16..256 {
                if let (Ok(x), Ok(y)) = (T::try_from(a), T::try_from(b)) {
                    check(x, y);
                }
            }
        }
    }

    fn extremes<T: Int>() -> Vec<T> {
        let (one, two) = (T::one(), T::one() + T::one());
        let mut all = vec![T::zero(), one, two, two + one, T::max_value(), T::max_value() - one];
        all.extend([T::min_value(), T::min_value() + one, !T::zero(), T::max_value() / two]);
        all.extend((1..7).map(|n| T::max_value() / T::from(17 * n).unwrap()));
        all
    }

    /// The low bits of a wide integer, as wrapping arithmetic keeps them.
    trait Wrap: Int {
        fn wrap(wide: i128) -> Self;
        fn wide(self) -> i128;
    }

    macro_rules! wrap {
        ($($t:ty)*) => { $(
            impl Wrap for $t {
                fn wrap(wide: i128) -> Self { wide as $t }
                fn wide(self) -> i128 { self.into() }
            }
        )* };
    }
    wrap!(i8 i16 i32 i64 u8 u16 u32 u64);

    fn floor_div(a: i128, b: i128) -> i128 {
        if b == 0 { 0 } else { a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0) }
    }

    fn check_binary<T: Wrap>(x: T, y: T) {
        let (a, b) = (x.wide(), y.wide());
        let quotient = floor_div(a, b);
        assert_eq!(floor_divide(x, y).wide(), T::wrap(quotient).wide(), "{a} // {b}");
        let rest = if b == 0 { 0 } else { a - quotient * b };
        assert_eq!(remainder(x, y).wide(), rest, "{a} % {b}");
        assert!(rest == 0 || (rest < 0) == (b < 0), "{a} % {b}");
        let bits = i128::from(T::zero().count_zeros());
        let fits = (0..bits).contains(&b);
        let left = if fits { T::wrap(a << b) } else { T::zero() };
        assert_eq!(left_shift(x, y).wide(), left.wide(), "{a} << {b}");
        let right = if fits { a >> b } else { a >> 127 };
        assert_eq!(right_shift(x, y).wide(), right, "{a} >> {b}");
        if (0..=300).contains(&b) {
            let power = (0..b).fold(T::one(), |p, _| T::wrap(p.wide().wrapping_mul(a)));
            assert_eq!(pow(x, y).wide(), power.wide(), "{a} ** {b}");
        } else if b < 0 {
            let power = match a {
                1 => 1,
                -1 if b % 2 == 0 => 1,
                -1 => -1,
                _ => 0,
            };
            assert_eq!(pow(x, y).wide(), power, "{a} ** {b}");
        }
    }

    fn check_unary<T: Wrap>(x: T) {
        let a = x.wide();
        assert_eq!(abs(x).wide(), T::wrap(a.abs()).wide(), "abs {a}");
        assert_eq!(negative(x).wide(), T::wrap(-a).wide(), "-{a}");
        assert_eq!(sign(x).wide(), a.signum(), "sign {a}");
        assert_eq!(square(x).wide(), T::wrap(a.wrapping_mul(a)).wide(), "{a}²");
    }

    #[test]
    fn all_pairs_of_bytes() {
        every_pair::<i8>(check_binary);
        every_pair::<u8>(check_binary);
        every_pair::<i8>(|x, _| check_unary(x));
        every_pair::<u8>(|x, _| check_unary(x));
    }

    #[test]
    fn extremes_of_all_widths() {
        fn run<T: Wrap>() {
            for x in extremes::<T>() {
                check_unary(x);
                for y in extremes::<T>() {
                    check_binary(x, y);
                }
            }
        }
        run::<i8>();
        run::<i16>();
        run::<i32>();
        run::<i64>();
        run::<u8>();
        run::<u16>();
        run::<u32>();
        run::<u64>();
    }

    #[test]
    fn what_the_contract_fixes() {
        assert_eq!(floor_divide(i64::MIN, -1), i64::MIN);
        assert_eq!(remainder(i32::MIN, -1), 0);
        assert_eq!((floor_divide(7u8, 0), remainder(-7i16, 0)), (0, 0));
        assert_eq!((floor_divide(-7, 2), remainder(-7, 2), remainder(7, -2)), (-4, 1, -1));
        assert_eq!((left_shift(1i32, 32), left_shift(1i64, -1), right_shift(-1i8, 8)), (0, 0, -1));
        assert_eq!(
            (right_shift(-5i64, -3), right_shift(5i64, 64), right_shift(9u8, 200)),
            (-1, 0, 0)
        );
        assert_eq!((pow(0i32, -1), pow(-1i8, -3), pow(2i16, -1), pow(0u8, 0)), (0, -1, 0, 1));
        // the order of 3 modulo 2^64 divides 2^64, so this power is its inverse
        assert_eq!(pow(3u64, u64::MAX).wrapping_mul(3), 1);
    }
}
