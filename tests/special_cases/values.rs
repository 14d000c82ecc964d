//! The values that conditions are tried with: for each format the ordinary ones, those at the ends of
//! its range, and those around the points where functions change their ways.

use arrayspace::{DType, Element};
use half::{bf16, f16};
use num_complex::Complex;

/// A binary floating-point format.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Format {
    /// Bits of the significand, the hidden one included.
    pub(crate) precision: i32,
    /// The exponent of the smallest normal number.
    pub(crate) lowest: i32,
}

/// binary64.
#[cfg(test)]
pub(crate) const F64: Format = f64::FORMAT;

impl Format {
    /// The distance from `v` to the next number away from zero.
    pub(crate) fn ulp(self, v: f64) -> f64 {
        let exponent = (v.to_bits() >> 52 & 0x7ff) as i32 - 1023;
        // in two steps: 2^-1074 is no result of powi
        2f64.powi(exponent.max(self.lowest)) * 2f64.powi(1 - self.precision)
    }

    fn smallest(self) -> f64 {
        // in two steps: 2^-1074 is no result of powi
        2f64.powi(self.lowest) * 2f64.powi(1 - self.precision)
    }

    pub(crate) fn largest(self) -> f64 {
        2f64.powi(1 - self.lowest) * (2.0 - 2f64.powi(1 - self.precision))
    }
}

/// A real floating-point element.
pub(crate) trait Real: Element {
    const FORMAT: Format;

    /// The value nearest to `v`. The sign of a NaN is kept.
    fn of(v: f64) -> Self;

    /// The value. The sign of a NaN is kept.
    fn value(self) -> f64;
}

/// The NaN with this sign bit.
fn nan(negative: bool) -> f64 {
    f64::from_bits(0x7ff8_0000_0000_0000 | u64::from(negative) << 63)
}

macro_rules! real {
    ($($t:ident, $bits:ident, $precision:literal, $lowest:literal, $nan:literal, $round:expr;)*) => { $(
        impl Real for $t {
            const FORMAT: Format = Format { precision: $precision, lowest: $lowest };

            fn of(v: f64) -> Self {
                if v.is_nan() {
                    let sign = $bits::from(v.is_sign_negative()) << ($bits::BITS - 1);
                    return <$t>::from_bits($nan | sign);
                }
                let round: fn(f64) -> $t = $round;
                round(v)
            }

            fn value(self) -> f64 {
                if self.is_nan() { nan(self.is_sign_negative()) } else { self.into() }
            }
        }
    )* };
}
real! {
    f16, u16, 11, -14, 0x7e00, f16::from_f64;
    bf16, u16, 8, -126, 0x7fc0, bf16::from_f64;
    f32, u32, 24, -126, 0x7fc0_0000, |v| v as f32;
    f64, u64, 53, -1022, 0x7ff8_0000_0000_0000, |v| v;
}

/// A floating-point element: one or two real components.
pub(crate) trait Item: Element + arrayspace::Nested {
    type Part: Real;
    /// The number of components.
    const PARTS: usize;

    fn of(parts: &[f64]) -> Self;
    fn parts(self) -> [f64; 2];
}

macro_rules! items {
    ($($t:ty)*; $($part:ty)*) => {
        $(
            impl Item for $t {
                type Part = $t;
                const PARTS: usize = 1;
                fn of(parts: &[f64]) -> Self {
                    <$t as Real>::of(parts[0])
                }
                fn parts(self) -> [f64; 2] {
                    [self.value(), 0.0]
                }
            }
        )*
        $(
            impl Item for Complex<$part> {
                type Part = $part;
                const PARTS: usize = 2;
                fn of(parts: &[f64]) -> Self {
                    Complex::new(<$part as Real>::of(parts[0]), <$part as Real>::of(parts[1]))
                }
                fn parts(self) -> [f64; 2] {
                    [self.re.value(), self.im.value()]
                }
            }
        )*
    };
}
items!(f16 bf16 f32 f64; f32 f64);

/// How many values to try.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Size {
    /// For each of one or two components.
    Full,
    /// For each of three or four components.
    Small,
}

/// Values of a format: NaN, infinities and zeros of both signs and numbers of both signs.
pub(crate) fn pool<T: Real>(size: Size) -> Vec<f64> {
    let f = T::FORMAT;
    let epsilon = 2f64.powi(1 - f.precision);
    // where integers stop having neighbours at a distance of 1, and of one half
    let integers = 2f64.powi(f.precision);
    let magnitudes: &[f64] = match size {
        Size::Small => &[0.5, 1.0, 3.0, f.smallest(), f.largest()],
        Size::Full => &[
            // the ends of the range, normal and subnormal
            f.smallest(),
            3.0 * f.smallest(),
            2f64.powi(f.lowest) - f.smallest(),
            2f64.powi(f.lowest),
            f.largest(),
            f.largest() / 2.0,
            f.largest().sqrt() * 1.5,
            // around 1
            epsilon,
            1.0 - epsilon / 2.0,
            1.0,
            1.0 + epsilon,
            // ordinary, with ties to even and to odd
            0.1,
            0.25,
            0.5,
            0.75,
            1.5,
            2.0,
            2.5,
            3.0,
            std::f64::consts::PI,
            3.5,
            4.0,
            7.0,
            10.0,
            // where exp and its kin leave the range of one format or another
            11.5,
            20.0,
            89.5,
            100.5,
            711.0,
            // the last odd integers, the first without odd neighbours, the last tie
            integers - 1.0,
            integers,
            integers + 2.0,
            integers / 2.0 - 0.5,
        ],
    };
    let mut out = vec![];
    let specials = [nan(false), f64::INFINITY, 0.0];
    for &magnitude in specials.iter().chain(magnitudes) {
        for v in [magnitude, -magnitude] {
            let v = T::of(v).value();
            if !out.iter().any(|&seen: &f64| seen.to_bits() == v.to_bits()) {
                out.push(v);
            }
        }
    }
    out
}

/// Ordinary operands, between which special ones are put.
pub(crate) const ORDINARY: [f64; 5] = [0.625, 0.375, 0.875, 0.5, 0.75];

/// The components of the elements of an array, whatever its dtype: a bool is 0 or 1.
pub(crate) fn components<B: arrayspace::Backend>(
    x: &arrayspace::Array<B>,
) -> arrayspace::Result<Vec<[f64; 2]>> {
    fn read<B: arrayspace::Backend, T: Item>(
        x: &arrayspace::Array<B>,
    ) -> arrayspace::Result<Vec<[f64; 2]>> {
        Ok(x.to_vec::<T>()?.into_iter().map(Item::parts).collect())
    }
    match x.dtype() {
        DType::Bool => {
            Ok(x.to_vec::<bool>()?.into_iter().map(|b| [f64::from(u8::from(b)), 0.0]).collect())
        }
        DType::Float16 => read::<B, f16>(x),
        DType::BFloat16 => read::<B, bf16>(x),
        DType::Float32 => read::<B, f32>(x),
        DType::Float64 => read::<B, f64>(x),
        DType::Complex64 => read::<B, Complex<f32>>(x),
        DType::Complex128 => read::<B, Complex<f64>>(x),
        other => Err(arrayspace::Error::dtype(format_args!("unexpected result of dtype {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Real>() {
        let all = pool::<T>(Size::Full);
        assert!(all.len() > 60, "{}", all.len());
        for v in &all {
            assert_eq!(T::of(*v).value().to_bits(), v.to_bits());
        }
        let f = T::FORMAT;
        assert!(T::of(f.largest()).value().is_finite());
        assert!(T::of(f.largest() + f.ulp(f.largest()) / 2.0).value() > f.largest());
        assert_eq!(T::of(f.smallest()).value(), f.smallest());
        assert!(f.smallest() > 0.0);
        assert_eq!(T::of(f.smallest() / 2.0).value(), 0.0);
        for v in ORDINARY {
            assert_eq!(T::of(v).value(), v);
        }
    }

    #[test]
    fn pools() {
        check::<f16>();
        check::<bf16>();
        check::<f32>();
        check::<f64>();
        assert_eq!(f32::FORMAT.ulp(1.0), f64::from(f32::EPSILON));
    }
}
