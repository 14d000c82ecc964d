//! Logarithms.
//!
//! x = 2^k (1 + f) with 1 + f between √½ and √2. With s = f / (2 + f), ln(1 + f) is the odd series
//! 2 s + 2/3 s³ + ..., which is f - f²/2 + s (f²/2 + R(s²)) as in fdlibm (Ng 1993): the first two terms
//! are nearly exact, and what is rounded, small. R is a minimax polynomial (Remez).
//!
//! The logarithms to bases 2 and 10 multiply by a constant, which would double the error: they take the
//! first terms and the constant as sums of two.

use super::{Lanes, Pair, Real, fused, polynomial, quick_two_sum, two_sum};

/// The natural logarithm.
pub(crate) struct Log;

/// The logarithm of one more.
pub(crate) struct Log1p;

/// The logarithm to base 2.
pub(crate) struct Log2;

/// The logarithm to base 10.
pub(crate) struct Log10;

/// What the logarithms need of a type.
pub(super) trait Logarithm: Real {
    /// The least normal number.
    const LEAST: Self;
    /// A power of two that makes subnormal numbers normal, and its exponent.
    const LIFT: (Self, Self);
    /// Below this, x²/2 does not count beside x.
    const TINY: Self;
    /// From here on 1 does not count beside x.
    const LARGE: Self;
    /// ln 2.
    const LN_2: Pair<Self>;
    /// 1 / ln 2.
    const LOG2_E: Pair<Self>;
    /// 1 / ln 10.
    const LOG10_E: Pair<Self>;
    /// log10(2), of which multiples by an exponent are exact in the first part.
    const LOG10_2: Pair<Self>;

    /// The exponent k, the factor 1 + f, and 2^-k, of a positive normal number.
    fn reduce(self) -> (Self, Self, Self);

    /// R(z) / z.
    fn series<const FMA: bool>(z: Self) -> Self;
}

impl Logarithm for f64 {
    const LEAST: f64 = f64::MIN_POSITIVE;
    const LIFT: (f64, f64) = (18_014_398_509_481_984.0, 54.0);
    const TINY: f64 = 5e-17;
    const LARGE: f64 = 1e20;
    const LN_2: Pair<f64> = Pair { hi: std::f64::consts::LN_2, lo: 2.319_046_813_846_299_6e-17 };
    const LOG2_E: Pair<f64> =
        Pair { hi: std::f64::consts::LOG2_E, lo: 2.035_527_374_093_103_3e-17 };
    const LOG10_E: Pair<f64> =
        Pair { hi: std::f64::consts::LOG10_E, lo: 1.098_319_650_216_765e-17 };
    const LOG10_2: Pair<f64> = Pair { hi: 0.301_029_995_663_839_14, lo: 1.420_502_322_726_61e-13 };

    #[inline(always)]
    fn reduce(self) -> (f64, f64, f64) {
        const HALF_ROOT: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
        const BIAS: u64 = 1024;
        // the exponent counted from √½, and made positive
        let bits = self.to_bits().wrapping_sub(HALF_ROOT).wrapping_add(BIAS << 52);
        let k = bits >> 52;
        let factor = (bits & ((1 << 52) - 1)).wrapping_add(HALF_ROOT);
        // in the low bits of 2^52, as a conversion is no instruction of every unit
        const CARRIER: f64 = 4_503_599_627_370_496.0;
        let exponent = f64::from_bits(CARRIER.to_bits() | k) - (CARRIER + BIAS as f64);
        let inverse = f64::from_bits((1023 + BIAS).wrapping_sub(k) << 52);
        (exponent, f64::from_bits(factor), inverse)
    }

    #[inline(always)]
    fn series<const FMA: bool>(z: f64) -> f64 {
        // within 2^-57
        const R: [f64; 7] = [
            0.1479626516469374,
            0.15314020708444642,
            0.1818356542430405,
            0.22222198553419195,
            0.2857142874256639,
            0.3999999999941394,
            0.6666666666666734,
        ];
        polynomial::<FMA, _, _>(z, &R)
    }
}

impl Logarithm for f32 {
    const LEAST: f32 = f32::MIN_POSITIVE;
    const LIFT: (f32, f32) = (33_554_432.0, 25.0);
    const TINY: f32 = 2e-8;
    const LARGE: f32 = 1e20;
    const LN_2: Pair<f32> = Pair { hi: std::f32::consts::LN_2, lo: -1.904_654_2e-9 };
    const LOG2_E: Pair<f32> = Pair { hi: std::f32::consts::LOG2_E, lo: 1.925_963e-8 };
    const LOG10_E: Pair<f32> = Pair { hi: std::f32::consts::LOG10_E, lo: -1.010_305e-8 };
    const LOG10_2: Pair<f32> = Pair { hi: 0.301_025_4, lo: 4.605_039e-6 };

    #[inline(always)]
    fn reduce(self) -> (f32, f32, f32) {
        const HALF_ROOT: u32 = std::f32::consts::FRAC_1_SQRT_2.to_bits();
        let bits = self.to_bits().wrapping_sub(HALF_ROOT);
        let k = bits as i32 >> 23;
        let factor = (bits & ((1 << 23) - 1)).wrapping_add(HALF_ROOT);
        let inverse = f32::from_bits(127u32.wrapping_sub(k as u32) << 23);
        (k as f32, f32::from_bits(factor), inverse)
    }

    #[inline(always)]
    fn series<const FMA: bool>(z: f32) -> f32 {
        // within 2^-29
        const R: [f32; 3] = [0.298_720_03, 0.399_775_33, 0.666_667_76];
        polynomial::<FMA, _, _>(z, &R)
    }
}

/// s and h + R, where ln(1 + f) = f - h + s (h + R), for h = f²/2.
#[inline(always)]
fn series<const FMA: bool, T: Logarithm>(f: T, h: T) -> (T, T) {
    let s = f / (T::TWO + f);
    let z = s * s;
    (s, fused::<FMA, T>(z, T::series::<FMA>(z), h))
}

/// ln(2^k (1 + f)) + rest.
#[inline(always)]
fn natural<const FMA: bool, T: Logarithm>(k: T, f: T, rest: T) -> T {
    let h = T::HALF * f * f;
    let (s, sum) = series::<FMA, T>(f, h);
    let small = fused::<FMA, T>(s, sum, fused::<FMA, T>(k, T::LN_2.lo, rest));
    fused::<FMA, T>(k, T::LN_2.hi, f - (h - small))
}

/// ln(2^k (m + lo)), where lo is at most the error of m.
#[inline(always)]
pub(super) fn of_sum<const FMA: bool, T: Logarithm>(k: T, m: T, lo: T) -> T {
    let f = quick_two_sum(m - T::ONE, lo);
    // what f has lost, by the derivative 1 / (1 + f)
    let rest = fused::<FMA, T>(-f.lo, f.hi, f.lo);
    natural::<FMA, T>(k, f.hi, rest)
}

/// ln(m + lo) within 2^-58 of 1, as a number and what it lacks; `lo` is at most the error of m.
#[inline(always)]
pub(super) fn parts<const FMA: bool, T: Logarithm>(m: T, lo: T) -> (T, T) {
    let f = quick_two_sum(m - T::ONE, lo);
    let half = T::HALF * f.hi;
    let h = half * f.hi;
    let (s, sum) = series::<FMA, T>(f.hi, h);
    // 1 / (1 + f) is 1 - 2 s + 2 s² and less than 2 s³
    let derivative = fused::<FMA, T>(T::TWO * s, s - T::ONE, T::ONE);
    let rest = fused::<FMA, T>(f.lo, derivative, -fused::<FMA, T>(half, f.hi, -h));
    let first = quick_two_sum(f.hi, -h);
    (first.hi, fused::<FMA, T>(s, sum, first.lo + rest))
}

/// ln(1 + f) by a constant.
#[inline(always)]
fn product<const FMA: bool, T: Logarithm>(f: T, by: Pair<T>) -> Pair<T> {
    let half = T::HALF * f;
    let h = half * f;
    let (s, sum) = series::<FMA, T>(f, h);
    let first = quick_two_sum(f, -h);
    let lo = fused::<FMA, T>(s, sum, first.lo - fused::<FMA, T>(half, f, -h));
    let hi = first.hi * by.hi;
    let rest = fused::<FMA, T>(first.hi, by.lo, fused::<FMA, T>(first.hi, by.hi, -hi));
    Pair { hi, lo: fused::<FMA, T>(lo, by.hi, rest) }
}

/// Whether a logarithm is regular.
#[inline(always)]
fn easy<T: Logarithm>(x: T) -> bool {
    (x >= T::LEAST) & (x <= T::MAX)
}

/// A logarithm of any number, from that of a normal number and a power of two.
#[inline(always)]
fn of_any<T: Logarithm>(x: T, normal: impl Fn(T, T) -> T) -> T {
    let (x, lift) = if x < T::LEAST { (x * T::LIFT.0, T::LIFT.1) } else { (x, T::ZERO) };
    let log = normal(x, lift);
    let log = if x <= T::MAX { log } else { x }; // infinity, NaN
    let log = if x < T::ZERO { T::NAN } else { log };
    if x == T::ZERO { -T::INFINITY } else { log }
}

/// ln(x / 2^lift).
#[inline(always)]
fn log<const FMA: bool, T: Logarithm>(x: T, lift: T) -> T {
    let (k, m, _) = x.reduce();
    natural::<FMA, T>(k - lift, m - T::ONE, T::ZERO)
}

/// log2(x / 2^lift).
#[inline(always)]
fn log2<const FMA: bool, T: Logarithm>(x: T, lift: T) -> T {
    let (k, m, _) = x.reduce();
    let log = product::<FMA, T>(m - T::ONE, T::LOG2_E);
    let sum = quick_two_sum(k - lift, log.hi);
    sum.hi + (sum.lo + log.lo)
}

/// log10(x / 2^lift).
#[inline(always)]
fn log10<const FMA: bool, T: Logarithm>(x: T, lift: T) -> T {
    let (k, m, _) = x.reduce();
    let k = k - lift;
    let log = product::<FMA, T>(m - T::ONE, T::LOG10_E);
    let sum = two_sum(k * T::LOG10_2.hi, log.hi);
    sum.hi + (sum.lo + fused::<FMA, T>(k, T::LOG10_2.lo, log.lo))
}

/// The three that differ in the body alone.
macro_rules! logarithms {
    ($($name:ident $f:ident)*) => { $(
        impl<T: Logarithm> Lanes<T> for $name {
            #[inline(always)]
            fn fast<const FMA: bool>(x: T) -> T {
                $f::<FMA, T>(x, T::ZERO)
            }

            #[inline(always)]
            fn easy(x: T) -> bool {
                easy(x)
            }

            #[inline(always)]
            fn slow<const FMA: bool>(x: T) -> T {
                of_any(x, |x, lift| $f::<FMA, T>(x, lift))
            }
        }
    )* };
}
logarithms!(Log log Log2 log2 Log10 log10);

impl<T: Logarithm> Lanes<T> for Log1p {
    #[inline(always)]
    fn fast<const FMA: bool>(x: T) -> T {
        // 1 + x and what it loses, as parts of the power of two
        let sum = two_sum(T::ONE, x);
        let (k, m, inverse) = sum.hi.reduce();
        let log = of_sum::<FMA, T>(k, m, sum.lo * inverse);
        if x.abs() < T::TINY { x } else { log }
    }

    #[inline(always)]
    fn easy(x: T) -> bool {
        (x > -T::ONE) & (x < T::LARGE)
    }

    #[inline(always)]
    fn slow<const FMA: bool>(x: T) -> T {
        // -1 and what is beyond, large ones, infinity, NaN
        of_any(x + T::ONE, |x, lift| log::<FMA, T>(x, lift))
    }
}
