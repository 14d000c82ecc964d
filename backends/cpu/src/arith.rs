//! The arithmetic that folds, scans and products are made of.
//!
//! Integers are taken as unsigned numbers of their size: sums and products modulo a power of two have
//! the same bits for either sign. Half-precision values are computed with in float32.

use arrayspace_core::Element;
use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use num_complex::Complex;

/// Numbers with wrapping (or rounded) sums and products.
pub(crate) trait Ring: Element {
    /// The sum of nothing.
    const ZERO: Self;
    /// The product of nothing.
    const ONE: Self;
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The product.
    fn times(self, other: Self) -> Self;
}

macro_rules! ring {
    ($($t:ty: $zero:expr, $one:expr, |$a:ident, $b:ident| $plus:expr, $times:expr;)*) => { $(
        impl Ring for $t {
            const ZERO: Self = $zero;
            const ONE: Self = $one;
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $plus
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $times
            }
        }
    )* };
}

/// The textbook product: no rescue of infinities that meet a zero part.
macro_rules! complex_product {
    ($a:ident, $b:ident) => {
        Complex::new($a.re * $b.re - $a.im * $b.im, $a.re * $b.im + $a.im * $b.re)
    };
}

ring! {
    u8: 0, 1, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    u16: 0, 1, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    u32: 0, 1, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    u64: 0, 1, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    f32: 0.0, 1.0, |a, b| a + b, a * b;
    f64: 0.0, 1.0, |a, b| a + b, a * b;
    Complex<f32>: Complex::new(0.0, 0.0), Complex::new(1.0, 0.0),
        |a, b| Complex::new(a.re + b.re, a.im + b.im), complex_product!(a, b);
    Complex<f64>: Complex::new(0.0, 0.0), Complex::new(1.0, 0.0),
        |a, b| Complex::new(a.re + b.re, a.im + b.im), complex_product!(a, b);
}

/// Elements as values that are computed with.
pub(crate) trait Load<W>: Element {
    /// The values: where they are, or converted (exactly) in `scratch`.
    fn load<'s>(values: &'s [Self], scratch: &'s mut [W]) -> &'s [W];

    /// The values where they are, if they need no conversion.
    fn same(values: &[Self]) -> Option<&[W]>;

    /// The element nearest to a result; an integer's low bits.
    fn store(value: W) -> Self;
}

macro_rules! same {
    ($($t:ty)*) => { $(
        impl Load<$t> for $t {
            #[inline(always)]
            fn load<'s>(values: &'s [$t], _: &'s mut [$t]) -> &'s [$t] {
                values
            }
            #[inline(always)]
            fn same(values: &[$t]) -> Option<&[$t]> {
                Some(values)
            }
            #[inline(always)]
            fn store(value: $t) -> $t {
                value
            }
        }
    )* };
}
same!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Complex<f32> Complex<f64>);

macro_rules! converted {
    ($($t:ty => $w:ty: |$from:ident, $to:ident| $load:expr, |$value:ident| $store:expr;)*) => { $(
        impl Load<$w> for $t {
            fn load<'s>($from: &'s [$t], scratch: &'s mut [$w]) -> &'s [$w] {
                let $to = &mut scratch[..$from.len()];
                $load;
                $to
            }
            fn same(_: &[$t]) -> Option<&[$w]> {
                None
            }
            #[inline(always)]
            fn store($value: $w) -> $t {
                $store
            }
        }
    )* };
}
converted! {
    f16 => f32: |from, to| from.convert_to_f32_slice(to), |value| f16::from_f32(value);
    bf16 => f32: |from, to| from.convert_to_f32_slice(to), |value| bf16::from_f32(value);
    u8 => u16: |from, to| to.iter_mut().zip(from).for_each(|(t, &f)| *t = f.into()),
        |value| value as u8;
}

/// Runs an expression with `$t` the element type that stands for a numeric dtype, and `$w` the type that
/// is computed with (`$byte` for 8-bit integers); `$none` for bool.
macro_rules! with_numeric {
    ($dtype:expr, $byte:ty, ($t:ident, $w:ident) => $body:expr, $none:expr) => {{
        use arrayspace_core::DType::*;
        macro_rules! arm {
            ($element:ty, $wide:ty) => {{
                type $t = $element;
                type $w = $wide;
                $body
            }};
        }
        match $dtype {
            Bool => $none,
            Int8 | UInt8 => arm!(u8, $byte),
            Int16 | UInt16 => arm!(u16, u16),
            Int32 | UInt32 => arm!(u32, u32),
            Int64 | UInt64 => arm!(u64, u64),
            Float16 => arm!(half::f16, f32),
            BFloat16 => arm!(half::bf16, f32),
            Float32 => arm!(f32, f32),
            Float64 => arm!(f64, f64),
            Complex64 => arm!(num_complex::Complex<f32>, num_complex::Complex<f32>),
            Complex128 => arm!(num_complex::Complex<f64>, num_complex::Complex<f64>),
        }
    }};
}
pub(crate) use with_numeric;

/// The same for a dtype whose values have an order, where signs matter; `$none` for the complex ones.
/// A bool is an `u8`.
macro_rules! with_ordered {
    ($dtype:expr, ($t:ident, $w:ident) => $body:expr, $none:expr) => {{
        use arrayspace_core::DType::*;
        macro_rules! arm {
            ($element:ty, $wide:ty) => {{
                type $t = $element;
                type $w = $wide;
                $body
            }};
        }
        match $dtype {
            Bool | UInt8 => arm!(u8, u8),
            Int8 => arm!(i8, i8),
            Int16 => arm!(i16, i16),
            Int32 => arm!(i32, i32),
            Int64 => arm!(i64, i64),
            UInt16 => arm!(u16, u16),
            UInt32 => arm!(u32, u32),
            UInt64 => arm!(u64, u64),
            Float16 => arm!(half::f16, f32),
            BFloat16 => arm!(half::bf16, f32),
            Float32 => arm!(f32, f32),
            Float64 => arm!(f64, f64),
            Complex64 | Complex128 => $none,
        }
    }};
}
pub(crate) use with_ordered;
