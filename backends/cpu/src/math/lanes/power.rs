//! Powers: x^y = exp(y ln x).
//!
//! The error of the logarithm counts up to 745 times with `f64`, and 104 times with `f32`, so that it has some
//! twelve bits more than a result, as a sum of two. x = 2^k m, where m lies in one of sixteen cells, and
//! r = c m - 1 for a c of few bits that is near 1 / m: exact, as the product is not rounded. Then ln x is
//! k ln 2 - ln c + ln(1 + r), of which the first terms are exact sums; c is 1 around 1, so that small logarithms
//! have no greater relative error. The exponential is 2^(n/16) exp(r), by a table again.
//!
//! (Tang, "Table-driven implementation of the logarithm function", 1990, and "... of the exponential function",
//! 1989; that r is exact is from Nagy's `pow` in Arm's optimized routines. The polynomials are minimax ones, Remez.)

mod tables;

use std::mem::MaybeUninit;

use self::tables::Power;
use super::Lanes2;
use super::numbers::Numbers;
#[cfg(target_arch = "x86_64")]
use super::numbers::{Registers, Twice};

/// A power.
pub(crate) struct Pow;

/// (x / 2^lift)^y, for a positive normal x and |y| up to [`Power::EASY_EXPONENT`].
#[inline(always)]
fn power<const FMA: bool, T: Power, X: Numbers<T>>(x: X, lift: T, y: X) -> X {
    let constant = |c: T| x.constant(c);
    // k ln 2 - ln c + r without an error, in two parts, and what the constants lack
    let (k, m, cell) = x.reduce(T::LEAST_FACTOR);
    let k = k - constant(lift);
    let r = m.fused::<FMA>(x.look_up(&T::INVERSE, cell), constant(T::MINUS.1));
    let first = k.fused::<FMA>(constant(T::LN_2_SHORT.0), x.look_up(&T::LOG, cell));
    let sum = first + r;
    let sum_lo = (first - sum) + r;
    let rest = k.fused::<FMA>(constant(T::LN_2_SHORT.1), x.look_up(&T::LOG_REST, cell));
    // - r²/2, the same
    let half = r * constant(T::MINUS.0);
    let square = r * half;
    let square_lo = half.fused::<FMA>(r, constant(T::ZERO) - square);
    let whole = sum + square;
    let whole_lo = (sum - whole) + square;
    // + r³/3 ...
    let lo = ((rest + sum_lo) + square_lo) + whole_lo;
    let lo = T::plus_cube::<FMA, X>(lo, r, square, square_lo);
    let log = whole + lo;
    let log_lo = (whole - log) + lo;

    // y ln x; beyond the range, results do not change any more
    let e = y * log;
    let e_lo = y.fused::<FMA>(log_lo, y.fused::<FMA>(log, constant(T::ZERO) - e));
    let (e, e_lo) = (e.clamp(T::RANGE), e_lo.clamp(T::ONE));
    let shifted = e.fused::<FMA>(constant(T::LOG2_E.hi), constant(T::ROUND_16));
    let n = shifted - constant(T::ROUND_16);
    let r = n.fused::<FMA>(constant(-T::LN_2.hi), e);
    let r = r + n.fused::<FMA>(constant(-T::LN_2.lo), e_lo);
    let at = shifted.sixteenth();
    let root = x.look_up(&T::ROOT, at);
    let less_one = r + x.look_up(&T::ROOT_REST, at);
    let less_one = (r * r).fused::<FMA>(T::exp_series::<FMA, X>(r), less_one);
    root.fused::<FMA>(less_one, root).scale(n, shifted)
}

/// Writes powers in registers of this kind, as many at a time as are filled.
///
/// # Safety
/// The processor has the registers, and one is filled by sixteen numbers.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn in_registers<T: Power, X: Registers<T>, const N: usize>(
    x: &[T; N],
    y: &[T; N],
    to: &mut [MaybeUninit<T>; N],
) {
    // SAFETY: the caller's promise.
    unsafe {
        if N.is_multiple_of(4 * X::COUNT) {
            in_groups::<T, Twice<Twice<X>>, N>(x, y, to);
        } else if N.is_multiple_of(2 * X::COUNT) {
            in_groups::<T, Twice<X>, N>(x, y, to);
        } else {
            in_groups::<T, X, N>(x, y, to);
        }
    }
}

/// Writes powers in these registers.
///
/// # Safety
/// The processor has the registers, which whole numbers of fill the arrays.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn in_groups<T: Power, X: Registers<T>, const N: usize>(
    x: &[T; N],
    y: &[T; N],
    to: &mut [MaybeUninit<T>; N],
) {
    for i in (0..N).step_by(X::COUNT) {
        // SAFETY: there are as many from here on; the caller's promise.
        unsafe {
            let (x, y) = (X::load(x.as_ptr().add(i)), X::load(y.as_ptr().add(i)));
            power::<true, T, X>(x, T::ZERO, y).store(to.as_mut_ptr().add(i).cast());
        }
    }
}

/// The special cases around the power of a positive normal number.
#[inline(always)]
fn special<const FMA: bool, T: Power>(x: T, y: T) -> T {
    let (a, b) = (x.abs(), y.abs());
    let (normal, lift) = if a < T::LEAST { (a * T::LIFT.0, T::LIFT.1) } else { (a, T::ZERO) };
    let normal = if (a > T::ZERO) & (a <= T::MAX) { normal } else { T::ONE };
    let exponent = if y > T::EASY_EXPONENT { T::EASY_EXPONENT } else { y };
    let exponent = if y < -T::EASY_EXPONENT { -T::EASY_EXPONENT } else { exponent };
    let power = power::<FMA, T, T>(normal, lift, exponent);

    let of_infinity = if y > T::ZERO { T::INFINITY } else { T::ZERO };
    let of_zero = if y > T::ZERO { T::ZERO } else { T::INFINITY };
    let power = if a == T::INFINITY { of_infinity } else { power };
    let power = if a == T::ZERO { of_zero } else { power };

    // whether y is an integer, and an odd one: the sum has its integer part in its low bits
    let sum = b + T::INTEGERS;
    let integer = (sum - T::INTEGERS == b) | (b >= T::INTEGERS);
    let odd = (if b < T::INTEGERS { sum } else { b }).odd();
    let odd = odd & integer & (b < T::TWO * T::INTEGERS);
    let power = if odd { power.copysign(x) } else { power };
    let power = if (x < T::ZERO) & (a <= T::MAX) & !integer { T::NAN } else { power };

    let nan = !((a <= T::INFINITY) & (b <= T::INFINITY));
    let power = if nan { T::NAN } else { power };
    if (x == T::ONE) | (y == T::ZERO) { T::ONE } else { power }
}

impl<T: Power> Lanes2<T> for Pow {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T, y: T) -> T {
        power::<FMA, T, T>(x, T::ZERO, y)
    }

    #[inline(always)]
    fn easy(x: T, y: T) -> bool {
        (x >= T::LEAST) & (x <= T::MAX) & (y.abs() <= T::EASY_EXPONENT)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T, y: T) -> T {
        special::<FMA, T>(x, y)
    }

    #[inline(always)]
    unsafe fn written_out<const LEVEL: u8, const N: usize>(
        x: &[T; N],
        y: &[T; N],
        to: &mut [MaybeUninit<T>; N],
    ) -> bool {
        // SAFETY: the caller's promise.
        unsafe { T::written_out::<LEVEL, N>(x, y, to) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pair, two_product};
    use super::*;

    /// The ends of the cells, as m, and c.
    fn cells<T: Power>(end: impl Fn(u32) -> T) -> Vec<(T, T)> {
        let ends = (0..16).map(|i| (end(i), end(i + 1)));
        ends.zip(T::INVERSE).flat_map(|((from, to), c)| [(from, c), (to, c)]).collect()
    }

    #[test]
    fn reduction_loses_nothing() {
        let end = |i| f64::from_bits(f64::LEAST_FACTOR.to_bits() + (u64::from(i) << 48));
        for (m, c) in cells(end) {
            for m in [m.next_down(), m.next_up()] {
                let (product, r) = (two_product::<false, _>(m, c), m.mul_add(c, -1.0));
                assert_eq!((product.hi - 1.0) - r, -product.lo, "{m} {c}");
                assert!(r.abs() < 0.042);
            }
        }
        let end = |i| f32::from_bits(f32::LEAST_FACTOR.to_bits() + (i << 19));
        for (m, c) in cells(end) {
            for m in [m.next_down(), m.next_up()] {
                let exact = f64::from(m) * f64::from(c) - 1.0;
                assert_eq!(f64::from(m.mul_add(c, -1.0)), exact, "{m} {c}");
            }
        }
    }

    #[test]
    fn tables_are_what_they_say() {
        for i in 0..16 {
            let log = f64::LOG[i] + f64::LOG_REST[i];
            assert!((log + f64::INVERSE[i].ln()).abs() < 1e-16, "{i}");
            assert_eq!((f64::LOG[i] * 2f64.powi(42)).fract(), 0.0);
            let singles = f64::from(f32::LOG[i]) + f64::from(f32::LOG_REST[i]);
            assert!((singles - log).abs() < 1e-12, "{i}");
            assert_eq!((f32::LOG[i] * 2f32.powi(17)).fract(), 0.0);
            assert_eq!(f64::from(f32::INVERSE[i]), f64::INVERSE[i]);
            let root = f64::ROOT[i];
            let power = (0..4).fold(Pair { hi: root, lo: root * f64::ROOT_REST[i] }, |p, _| {
                let square = two_product::<false, _>(p.hi, p.hi);
                Pair { hi: square.hi, lo: square.lo + 2.0 * p.hi * p.lo }
            });
            assert_eq!(power.hi + power.lo, 2f64.powi(i as i32));
            let single = f64::from(f32::ROOT[i]) * (1.0 + f64::from(f32::ROOT_REST[i]));
            assert!((single - root).abs() < 1e-14, "{i}");
        }
        let ln_2 = f64::LN_2_SHORT.0 + f64::LN_2_SHORT.1;
        assert!((ln_2 - std::f64::consts::LN_2).abs() < 1.2e-16);
        let ln_2 = f64::from(f32::LN_2_SHORT.0) + f64::from(f32::LN_2_SHORT.1);
        assert!((ln_2 - std::f64::consts::LN_2).abs() < 1e-12);
    }
}
