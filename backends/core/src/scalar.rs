//! Scalars: single values of a kind, not yet of a dtype.

use std::fmt;

use half::{bf16, f16};
use num_complex::Complex;

use crate::{DType, Error, Result};

/// A single value: what Python writes as a `bool`, an `int`, a `float` or a `complex`.
///
/// A scalar has a kind but no dtype: beside an array it takes the array's (see
/// [`Scalar::result_dtype`]). `Int` is wide enough for every integer dtype.
///
/// ```
/// use arrayspace_core::{DType, Scalar};
/// assert_eq!(Scalar::from(2).result_dtype(DType::Float32), Ok(DType::Float32));
/// assert!(Scalar::from(2.5).result_dtype(DType::Int8).is_err()); // would lose the fraction
/// assert!(Scalar::from(300).checked_for(DType::Int8).is_err()); // out of range
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A real number.
    Float(f64),
    /// A complex number.
    Complex(Complex<f64>),
}

impl Scalar {
    /// `"bool"`, `"int"`, `"float"` or `"complex"`.
    pub fn kind_name(self) -> &'static str {
        match self {
            Scalar::Bool(_) => "bool",
            Scalar::Int(_) => "int",
            Scalar::Float(_) => "float",
            Scalar::Complex(_) => "complex",
        }
    }

    /// The dtype that results from combining an array of `dtype` with this scalar.
    ///
    /// The standard's rules for mixing arrays with Python scalars: a scalar never widens a dtype of
    /// its own kind or a higher one; a complex scalar makes a real floating-point array complex in the
    /// same precision; everything else (a float with an integer array, a bool with a number) is
    /// undefined there and [`Error::Promotion`] here.
    #[inline]
    pub fn result_dtype(&self, dtype: DType) -> Result<DType> {
        let result = match self {
            Scalar::Bool(_) => (dtype == DType::Bool).then_some(dtype),
            Scalar::Int(_) => dtype.is_numeric().then_some(dtype),
            Scalar::Float(_) => dtype.is_floating().then_some(dtype),
            Scalar::Complex(_) => dtype.complex_of(),
        };
        result.ok_or_else(|| self.does_not_combine(dtype))
    }

    #[cold]
    fn does_not_combine(&self, dtype: DType) -> Error {
        let remedy = match self {
            Scalar::Bool(_) => "pass a number, or use an array of dtype bool",
            Scalar::Int(_) => "pass a bool, or convert the array with astype(x, DType::Int64)",
            Scalar::Float(_) => "convert the array with astype(x, DType::Float64), or pass an int",
            Scalar::Complex(_) => "convert the array with astype(x, DType::Complex128)",
        };
        Error::promotion(format_args!(
            "the {} scalar {self} does not combine with an array of dtype {dtype} (the standard leaves it \
             undefined); {remedy}",
            self.kind_name()
        ))
    }

    /// The scalar, if `dtype` can hold it: an integer must be within the range of an integer dtype,
    /// and its kind must not be higher than the dtype's.
    #[inline]
    pub fn checked_for(self, dtype: DType) -> Result<Scalar> {
        self.check_for(dtype)?;
        Ok(self)
    }

    /// [`Scalar::checked_for`], by reference: what is not moved through a call is not awaited.
    fn check_for(&self, dtype: DType) -> Result<()> {
        match *self {
            Scalar::Int(v) if dtype.is_integer() => {
                let (min, max) = Scalar::int_range(dtype);
                if v < min || v > max {
                    return Err(Error::value(format_args!(
                        "the integer {v} is out of the range of {dtype} ({min} to {max}); pass a \
                         value in range, or use a wider dtype"
                    )));
                }
                Ok(())
            }
            Scalar::Float(_) | Scalar::Complex(_) if dtype.is_integer() || dtype == DType::Bool => {
                Err(Error::value(format_args!(
                    "the {} {self} is no value of dtype {dtype}; pass {}, or use a floating-point dtype",
                    self.kind_name(),
                    if dtype == DType::Bool { "a bool" } else { "an integer" },
                )))
            }
            Scalar::Complex(_) if !dtype.is_complex() => Err(Error::value(format_args!(
                "the complex {self} is no value of dtype {dtype}; pass a real number, or use \
                 DType::Complex128"
            ))),
            _ => Ok(()),
        }
    }

    /// The smallest and the largest value of an integer dtype.
    ///
    /// For any other dtype, the range of int64.
    pub fn int_range(dtype: DType) -> (i128, i128) {
        match dtype {
            DType::Int8 => (i8::MIN.into(), i8::MAX.into()),
            DType::Int16 => (i16::MIN.into(), i16::MAX.into()),
            DType::Int32 => (i32::MIN.into(), i32::MAX.into()),
            DType::UInt8 => (0, u8::MAX.into()),
            DType::UInt16 => (0, u16::MAX.into()),
            DType::UInt32 => (0, u32::MAX.into()),
            DType::UInt64 => (0, u64::MAX.into()),
            _ => (i64::MIN.into(), i64::MAX.into()),
        }
    }

    /// The value as an integer: truncated, saturated at the range of i128, NaN as 0; the real part of
    /// a complex number.
    pub fn to_int(self) -> i128 {
        match self {
            Scalar::Bool(b) => b.into(),
            Scalar::Int(v) => v,
            Scalar::Float(v) => v as i128,
            Scalar::Complex(v) => v.re as i128,
        }
    }

    /// The value as a float: rounded to nearest; the real part of a complex number.
    pub fn to_float(self) -> f64 {
        match self {
            Scalar::Bool(b) => f64::from(u8::from(b)),
            Scalar::Int(v) => v as f64,
            Scalar::Float(v) => v,
            Scalar::Complex(v) => v.re,
        }
    }

    /// The value as a complex number.
    pub fn to_complex(self) -> Complex<f64> {
        match self {
            Scalar::Complex(v) => v,
            other => Complex::new(other.to_float(), 0.0),
        }
    }

    /// Whether the value is not zero (NaN is not).
    pub fn is_nonzero(self) -> bool {
        match self {
            Scalar::Bool(b) => b,
            Scalar::Int(v) => v != 0,
            Scalar::Float(v) => v != 0.0,
            Scalar::Complex(v) => v.re != 0.0 || v.im != 0.0,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(v) => v.fmt(f),
            Scalar::Int(v) => v.fmt(f),
            Scalar::Float(v) => fmt::Debug::fmt(v, f),
            Scalar::Complex(v) => write!(f, "{:?}{:+?}i", v.re, v.im),
        }
    }
}

macro_rules! from_int {
    ($($t:ty)*) => { $(
        impl From<$t> for Scalar {
            fn from(value: $t) -> Self {
                Scalar::Int(value as i128)
            }
        }
    )* };
}
from_int!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize i128);

macro_rules! from_float {
    ($($t:ty)*) => { $(
        impl From<$t> for Scalar {
            fn from(value: $t) -> Self {
                Scalar::Float(value.into())
            }
        }
    )* };
}
from_float!(f16 bf16 f32 f64);

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Scalar::Bool(value)
    }
}

impl From<Complex<f64>> for Scalar {
    fn from(value: Complex<f64>) -> Self {
        Scalar::Complex(value)
    }
}

impl From<Complex<f32>> for Scalar {
    fn from(value: Complex<f32>) -> Self {
        Scalar::Complex(Complex::new(value.re.into(), value.im.into()))
    }
}
