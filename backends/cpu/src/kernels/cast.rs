//! Conversions between dtypes.
//!
//! One function for each legal pair; what each does to special values is the contract's
//! ([`StepOp::Cast`](arrayspace_core::StepOp::Cast)).

use arrayspace_core::DType;
use half::{bf16, f16};
use num_complex::Complex;

use super::half::{
    bf16_to_f32, f16_to_f32, f32_to_bf16, f32_to_f16, f64_to_f32_odd, i64_to_f64_odd,
    u64_to_f64_odd,
};
use super::{Bool, UnaryFn, loops, stored};
use crate::simd::Level;

/// The conversion of a value to `T`.
pub(crate) trait To<T> {
    /// The value as a `T`.
    fn to(self) -> T;
}

/// The conversion as an operation.
struct Cast<T>(T);

impl<S: Copy + To<T>, T: Copy> loops::Map1<S> for Cast<T> {
    type Out = T;
    #[inline(always)]
    fn apply(x: S) -> T {
        x.to()
    }
}

macro_rules! to {
    ($($from:ty => $($to:ty)+, |$x:ident| $value:expr;)*) => { $($(
        impl To<$to> for $from {
            #[inline(always)]
            fn to(self) -> $to {
                let $x = self;
                $value
            }
        }
    )+)* };
}

/// An integer to every other dtype.
macro_rules! from_integer {
    ($($t:ty)*) => { $(
        to! {
            $t => i8 i16 i32 i64 u8 u16 u32 u64 f32 f64, |x| x as _;
            $t => Bool, |x| Bool::from(x != 0);
            $t => Complex<f32>, |x| Complex::new(x as f32, 0.0);
            $t => Complex<f64>, |x| Complex::new(x as f64, 0.0);
        }
    )* };
}
from_integer!(i8 i16 i32 i64 u8 u16 u32 u64);

to! {
    // exact in float64, or made so that the second rounding does no harm
    i8 => f16, |x| f32_to_f16(f32::from(x));
    u8 => f16, |x| f32_to_f16(f32::from(x));
    i16 => f16, |x| f32_to_f16(f32::from(x));
    u16 => f16, |x| f32_to_f16(f32::from(x));
    i32 => f16, |x| f32_to_f16(f64_to_f32_odd(f64::from(x)));
    u32 => f16, |x| f32_to_f16(f64_to_f32_odd(f64::from(x)));
    i64 => f16, |x| f32_to_f16(f64_to_f32_odd(i64_to_f64_odd(x)));
    u64 => f16, |x| f32_to_f16(f64_to_f32_odd(u64_to_f64_odd(x)));
    i8 => bf16, |x| f32_to_bf16(f32::from(x));
    u8 => bf16, |x| f32_to_bf16(f32::from(x));
    i16 => bf16, |x| f32_to_bf16(f32::from(x));
    u16 => bf16, |x| f32_to_bf16(f32::from(x));
    i32 => bf16, |x| f32_to_bf16(f64_to_f32_odd(f64::from(x)));
    u32 => bf16, |x| f32_to_bf16(f64_to_f32_odd(f64::from(x)));
    i64 => bf16, |x| f32_to_bf16(f64_to_f32_odd(i64_to_f64_odd(x)));
    u64 => bf16, |x| f32_to_bf16(f64_to_f32_odd(u64_to_f64_odd(x)));

    Bool => Bool, |x| x;
    Bool => i8 i16 i32 i64 u8 u16 u32 u64, |x| x.bit() as _;
    Bool => f32 f64, |x| x.bit().into();
    Bool => f16, |x| f32_to_f16(f32::from(x.bit()));
    Bool => bf16, |x| f32_to_bf16(f32::from(x.bit()));
    Bool => Complex<f32>, |x| Complex::new(f32::from(x.bit()), 0.0);
    Bool => Complex<f64>, |x| Complex::new(f64::from(x.bit()), 0.0);

    f32 => f32, |x| x;
    f32 => f64, |x| f64::from(x);
    f32 => f16, |x| f32_to_f16(x);
    f32 => bf16, |x| f32_to_bf16(x);
    f32 => Bool, |x| Bool::from(x != 0.0);
    f32 => Complex<f32>, |x| Complex::new(x, 0.0);
    f32 => Complex<f64>, |x| Complex::new(f64::from(x), 0.0);
    f32 => i32 i64 u32 u64, |x| x as _;

    f64 => f64, |x| x;
    f64 => f32, |x| x as f32;
    f64 => f16, |x| f32_to_f16(f64_to_f32_odd(x));
    f64 => bf16, |x| f32_to_bf16(f64_to_f32_odd(x));
    f64 => Bool, |x| Bool::from(x != 0.0);
    f64 => Complex<f32>, |x| Complex::new(x as f32, 0.0);
    f64 => Complex<f64>, |x| Complex::new(x, 0.0);
    f64 => i64 u64, |x| x as _;

    Complex<f32> => Complex<f32>, |x| x;
    Complex<f32> => Complex<f64>, |x| Complex::new(f64::from(x.re), f64::from(x.im));
    Complex<f32> => Bool, |x| Bool::from((x.re != 0.0) | (x.im != 0.0));
    Complex<f64> => Complex<f64>, |x| x;
    Complex<f64> => Complex<f32>, |x| Complex::new(x.re as f32, x.im as f32);
    Complex<f64> => Bool, |x| Bool::from((x.re != 0.0) | (x.im != 0.0));
}

/// A float to an integer that is narrower than the vector conversion there is: saturated first, as the
/// compiler vectorises no saturating conversion of these.
macro_rules! float_to_narrow {
    ($($f:ty => $($t:ty)*, by $wide:ty;)*) => { $($(
        impl To<$t> for $f {
            #[inline(always)]
            fn to(self) -> $t {
                // NaN passes neither comparison
                let x = if self == self { self } else { 0.0 };
                let x = if x < <$t>::MIN as $f { <$t>::MIN as $f } else { x };
                let x = if x > <$t>::MAX as $f { <$t>::MAX as $f } else { x };
                // SAFETY: a number within the range of `$t`, which `$wide` has.
                let x: $wide = unsafe { x.to_int_unchecked() };
                x as $t
            }
        }
    )*)* };
}
float_to_narrow! {
    f32 => i8 i16 u8 u16, by i32;
    f64 => i8 i16 u8 u16 i32, by i32;
    f64 => u32, by i64;
}

/// A half to anything else by way of float32, which holds it exactly.
macro_rules! from_half {
    ($($h:ty, $widen:ident => $($t:ty)*;)*) => { $($(
        impl To<$t> for $h {
            #[inline(always)]
            fn to(self) -> $t {
                $widen(self).to()
            }
        }
    )*)* };
}
from_half! {
    f16, f16_to_f32 => Bool i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64 Complex<f32> Complex<f64>;
    bf16, bf16_to_f32 => Bool i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64 Complex<f32> Complex<f64>;
}

/// The kernel that converts `from` to `to`; `None` from complex to real.
pub(crate) fn cast(from: DType, to: DType, level: Level) -> Option<UnaryFn> {
    /// The targets of one dtype.
    macro_rules! row {
        ($from:ident: $($to:ident)*) => {
            match to {
                $(DType::$to => loops::unary::<stored!($from), Cast<stored!($to)>>(level),)*
                #[allow(unreachable_patterns)]
                _ => return None,
            }
        };
    }
    /// The targets of each real dtype: every dtype.
    macro_rules! real {
        ($($from:ident)*) => {
            match from {
                DType::Complex64 => row!(Complex64: Bool Complex64 Complex128),
                DType::Complex128 => row!(Complex128: Bool Complex64 Complex128),
                $(DType::$from => row!($from:
                    Bool Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float16 BFloat16 Float32
                    Float64 Complex64 Complex128),)*
            }
        };
    }
    Some(real!(Bool Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float16 BFloat16 Float32
        Float64))
}
