//! The Rust types that are elements of arrays.

use half::{bf16, f16};
use num_complex::Complex;

use crate::{DType, Scalar};

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that is the element of a [`DType`].
///
/// Sealed: the fifteen implementations correspond to the fifteen dtypes. In memory each looks as the
/// dtype says, so a slice of elements and its bytes are the same thing.
///
/// ```
/// use arrayspace_core::{DType, Element};
/// assert_eq!(<f32 as Element>::DTYPE, DType::Float32);
/// assert_eq!(f32::as_bytes(&[1.0]), 1.0f32.to_ne_bytes());
/// ```
#[diagnostic::on_unimplemented(
    message = "arrays have no elements of type `{Self}`",
    label = "not the type of an element",
    note = "they are bool, i8 to i64, u8 to u64, f16, bf16, f32, f64, Complex<f32> and Complex<f64> (int64 for \
            `usize`); where nothing says which is meant, the call does: `x.item::<f64>()`"
)]
pub trait Element:
    sealed::Sealed + Copy + Default + PartialEq + Send + Sync + std::fmt::Debug + 'static
{
    /// The dtype of arrays of this type.
    const DTYPE: DType;

    /// The value as a [`Scalar`].
    fn to_scalar(self) -> Scalar;

    /// The value nearest to `scalar`, as a cast of the scalar's own dtype would give it.
    fn from_scalar(scalar: Scalar) -> Self;

    /// The bytes of a slice.
    fn as_bytes(slice: &[Self]) -> &[u8];

    /// Bytes as elements, where they are: `None` if they are not aligned, not a whole number of
    /// elements, or (for bool) hold a byte that is neither 0 nor 1.
    fn from_bytes(bytes: &[u8]) -> Option<&[Self]>;

    /// Fills `slice` with what `read` writes into its bytes.
    ///
    /// Bytes that are no value of the type (2 for a bool) become one (`true`).
    fn fill_bytes<E>(
        slice: &mut [Self],
        read: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<(), E>;
}

/// Runs an expression with a name for the Rust type of a dtype's elements: from a dtype, which is a value of
/// run time, to code over an [`Element`].
///
/// ```
/// use arrayspace_core::{DType, Element, with_element};
/// let sizes = DType::ALL.map(|dtype| with_element!(dtype, T => size_of::<T>()));
/// assert_eq!(sizes, DType::ALL.map(DType::item_size));
/// ```
#[macro_export]
macro_rules! with_element {
    ($dtype:expr, $T:ident => $run:expr) => {
        $crate::with_element!(@ $dtype, $T => $run;
            Bool bool, Int8 i8, Int16 i16, Int32 i32, Int64 i64, UInt8 u8, UInt16 u16, UInt32 u32,
            UInt64 u64, Float16 $crate::elements::f16, BFloat16 $crate::elements::bf16, Float32 f32,
            Float64 f64, Complex64 $crate::elements::Complex<f32>,
            Complex128 $crate::elements::Complex<f64>)
    };
    (@ $dtype:expr, $T:ident => $run:expr; $($d:ident $t:ty),*) => {
        match $dtype {
            $($crate::DType::$d => {
                type $T = $t;
                $run
            })*
        }
    };
}

macro_rules! plain {
    ($($t:ty => $d:ident, $v:ident, $to:expr, $from:expr;)*) => { $(
        impl sealed::Sealed for $t {}
        impl Element for $t {
            const DTYPE: DType = DType::$d;
            #[inline]
            fn to_scalar(self) -> Scalar {
                let $v = self;
                $to
            }
            #[inline]
            fn from_scalar($v: Scalar) -> Self {
                $from
            }
            #[inline]
            fn as_bytes(slice: &[Self]) -> &[u8] {
                bytemuck::cast_slice(slice)
            }
            #[inline]
            fn from_bytes(bytes: &[u8]) -> Option<&[Self]> {
                bytemuck::try_cast_slice(bytes).ok()
            }
            fn fill_bytes<E>(
                slice: &mut [Self],
                read: impl FnOnce(&mut [u8]) -> Result<(), E>,
            ) -> Result<(), E> {
                read(bytemuck::cast_slice_mut(slice))
            }
        }
    )* };
}

plain! {
    i8 => Int8, v, Scalar::Int(v.into()), v.to_int() as i8;
    i16 => Int16, v, Scalar::Int(v.into()), v.to_int() as i16;
    i32 => Int32, v, Scalar::Int(v.into()), v.to_int() as i32;
    i64 => Int64, v, Scalar::Int(v.into()), v.to_int() as i64;
    u8 => UInt8, v, Scalar::Int(v.into()), v.to_int() as u8;
    u16 => UInt16, v, Scalar::Int(v.into()), v.to_int() as u16;
    u32 => UInt32, v, Scalar::Int(v.into()), v.to_int() as u32;
    u64 => UInt64, v, Scalar::Int(v.into()), v.to_int() as u64;
    f16 => Float16, v, Scalar::Float(v.into()), f16::from_f64(v.to_float());
    bf16 => BFloat16, v, Scalar::Float(v.into()), bf16::from_f64(v.to_float());
    f32 => Float32, v, Scalar::Float(v.into()), match v {
        // directly: through f64 it would be rounded twice
        Scalar::Int(i) => i as f32,
        other => other.to_float() as f32,
    };
    f64 => Float64, v, Scalar::Float(v), v.to_float();
    Complex<f32> => Complex64, v, Scalar::Complex(Complex::new(v.re.into(), v.im.into())), {
        let c = v.to_complex();
        Complex::new(
            match v { Scalar::Int(i) => i as f32, _ => c.re as f32 },
            c.im as f32,
        )
    };
    Complex<f64> => Complex128, v, Scalar::Complex(v), v.to_complex();
}

impl sealed::Sealed for bool {}
impl Element for bool {
    const DTYPE: DType = DType::Bool;
    #[inline]
    fn to_scalar(self) -> Scalar {
        Scalar::Bool(self)
    }
    #[inline]
    fn from_scalar(scalar: Scalar) -> Self {
        scalar.is_nonzero()
    }
    #[inline]
    fn as_bytes(slice: &[Self]) -> &[u8] {
        bytemuck::cast_slice(slice)
    }
    #[inline]
    fn from_bytes(bytes: &[u8]) -> Option<&[Self]> {
        bytemuck::checked::try_cast_slice(bytes).ok()
    }
    fn fill_bytes<E>(
        slice: &mut [Self],
        read: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        /// Bytes that are bools again when they are let go of, whatever was written, and if it panicked.
        struct Bytes<'a>(&'a mut [u8]);
        impl Drop for Bytes<'_> {
            fn drop(&mut self) {
                self.0.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
            }
        }
        // SAFETY: bools are bytes of 0 and 1. They are borrowed mutably for as long as they may be others,
        // and the end of that borrow makes them 0 and 1 (nobody can leak it: it stays in this function).
        let bytes =
            unsafe { std::slice::from_raw_parts_mut(slice.as_mut_ptr().cast(), slice.len()) };
        let bytes = Bytes(bytes);
        read(&mut *bytes.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_bools_become_true() {
        let mut values = [false, true, false, false];
        let read = |bytes: &mut [u8]| {
            assert_eq!(bytes, [0, 1, 0, 0]);
            bytes.copy_from_slice(&[2, 0, 1, 255]);
            Ok::<_, ()>(())
        };
        bool::fill_bytes(&mut values, read).unwrap();
        assert_eq!(values, [true, false, true, true]);
        assert_eq!(bool::as_bytes(&values), [1, 0, 1, 1]);
        bool::fill_bytes::<()>(&mut [], |_| Ok(())).unwrap();
    }

    #[test]
    fn bools_stay_bools_where_reading_fails_or_panics() {
        let mut values = [false; 3];
        let failed = bool::fill_bytes(&mut values, |bytes| {
            bytes[1] = 7;
            Err("torn")
        });
        assert_eq!((failed, bool::as_bytes(&values)), (Err("torn"), &[0, 1, 0][..]));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            bool::fill_bytes::<()>(&mut values, |bytes| {
                bytes[0] = 9;
                panic!("on purpose")
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(bool::as_bytes(&values), [1, 1, 0]);
    }
}
