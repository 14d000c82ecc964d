//! From arrays to values of Rust, and from device to device.

use std::borrow::Cow;

use arrayspace_core::{
    Backend, DType, Device, Element, Error, HostMemory, OpClass, Result, Scalar, with_element,
};
use num_complex::Complex;

use super::Array;
use crate::array_like::vec_for;
use crate::compute::{capabilities, check_supported};
use crate::named::Named;

impl<B: Backend> Array<B> {
    /// The elements in row-major order. `T` is the type of the dtype: `f32` for float32.
    ///
    /// # Errors
    /// [`Error::DType`] for another dtype, [`Error::OutOfMemory`] if the vector does not fit (a
    /// broadcast view may have more elements than memory has).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(x.to_vec::<i32>()?, [1, 2, 3, 4]);
    /// assert!(x.to_vec::<f64>().unwrap_err().to_string().contains("astype"));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        self.elements().named("to_vec")
    }

    /// The one element of an array of size 1, of any number of dimensions.
    ///
    /// `T` is the type of the dtype, or one that holds every value of the dtype: `f64` for float16, float32,
    /// the integers of 8, 16 and 32 bits and bool (`true` is 1), `i64` for int8 to int64 and uint8 to uint32,
    /// a complex type for real dtypes. Nothing is ever rounded or cut: [`to_f64`](Array::to_f64),
    /// [`to_i64`](Array::to_i64) and the like convert any value.
    ///
    /// # Errors
    /// [`Error::DType`] if `T` does not hold every value of the dtype, [`Error::Shape`] if there are more
    /// elements, or none.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.5_f32]], ())?;
    /// assert_eq!(x.item::<f32>()?, 2.5);
    /// assert_eq!(x.item::<f64>()?, 2.5);
    /// assert!(xp.asarray(2.5_f64, ())?.item::<f32>().is_err());
    /// assert!(xp.asarray(2_i64, ())?.item::<f64>().is_err()); // 2^53 + 1 would be rounded
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    #[inline]
    pub fn item<T: Element>(&self) -> Result<T> {
        if self.dtype == T::DTYPE && self.layout.size() == 1 {
            return self.first();
        }
        self.widened().named("item")
    }

    /// The one element of an array of size 1, whatever its dtype.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are more elements, or none.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.asarray([7_u8], ())?.item_scalar()?, Scalar::Int(7));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn item_scalar(&self) -> Result<Scalar> {
        self.one().named("item_scalar")
    }

    /// The one element of an array of size 1 as an `f64`, whatever its real dtype; `true` is 1. Integers
    /// beyond 2^53 are rounded to the nearest, as by `as f64`.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are more elements, or none, [`Error::DType`] for a complex dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (a, b) = (xp.asarray([1.0_f32, 2.0], ())?, xp.asarray([1.0_f32, 2.5], ())?);
    /// assert_eq!(xp.max(xp.abs(a - b)?, ())?.to_f64()?, 0.5);
    /// assert_eq!(xp.asarray([[-3_i8]], ())?.to_f64()?, -3.0);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_f64(&self) -> Result<f64> {
        self.one().and_then(|v| self.real_value(v, "f64")).named("to_f64")
    }

    /// The integer part of the one element of an array of size 1, whatever its real dtype; `true` is 1.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are more elements, or none, [`Error::Value`] for a value out of range,
    /// infinite or NaN, [`Error::DType`] for a complex dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.sum(&xp.asarray([1_u8, 2], ())?, ())?.to_i64()?, 3);
    /// assert_eq!(xp.asarray(-2.9, ())?.to_i64()?, -2);
    /// assert!(xp.asarray(u64::MAX, ())?.to_i64().is_err());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_i64(&self) -> Result<i64> {
        let value = self.one().and_then(|v| self.integer(v, "i64"));
        value
            .and_then(|v| v.try_into().map_err(|_| out_of_range(v, "i64", i64::MIN, i64::MAX)))
            .named("to_i64")
    }

    /// The one element of an integer array of size 1 as a `usize`: an index, a length, a count.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are more elements, or none, [`Error::DType`] for a dtype that is no integer,
    /// [`Error::Value`] for a negative value, or one that is too large.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let samples = ["a", "b", "c"];
    /// let best = xp.argmax(&xp.asarray([0.1, 0.7, 0.2], ())?, ())?;
    /// assert_eq!(samples[best.to_usize()?], "b");
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_usize(&self) -> Result<usize> {
        let value = self.one().and_then(|v| self.index(v, "usize"));
        value
            .and_then(|v| v.try_into().map_err(|_| out_of_range(v, "usize", 0, usize::MAX)))
            .named("to_usize")
    }

    /// Whether the one element of an array of size 1 is not zero; NaN is not.
    ///
    /// # Errors
    /// [`Error::Shape`] if there are more elements, or none: `all` and `any` of the namespace reduce them.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, 2.0], ())?;
    /// assert!(xp.all(xp.greater(&x, 0.5)?, ())?.to_bool()?);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_bool(&self) -> Result<bool> {
        Ok(self.one().named("to_bool")?.is_nonzero())
    }

    /// The elements where they are, without a copy: `None` unless the array is contiguous, in memory
    /// that the host can read, and `T` is the type of the dtype.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1_u8, 2], [3, 4]], ())?;
    /// assert_eq!(x.as_slice::<u8>(), Some(&[1, 2, 3, 4][..]));
    /// assert_eq!(x.T()?.as_slice::<u8>(), None);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        if self.dtype != T::DTYPE {
            return None;
        }
        match self.contiguous_bytes()? {
            // no bytes lie nowhere, and so not where elements may
            [] => Some(&[]),
            bytes => T::from_bytes(bytes),
        }
    }

    /// The array on another device of its backend; the array itself if it is there.
    ///
    /// The standard's `stream` is left out: work is ordered as it was asked for.
    ///
    /// # Errors
    /// [`Error::Device`] if the backend has no such device, [`Error::Unsupported`] if the device does
    /// not store the dtype.
    #[track_caller]
    pub fn to_device(&self, device: Device) -> Result<Array<B>> {
        self.converted(self.dtype, device, false).named("to_device")
    }

    /// The elements converted, as `astype` says.
    pub(crate) fn cast(&self, dtype: DType) -> Result<Array<B>> {
        crate::compute::cast(self, dtype)
    }

    /// The array in this dtype on this device; with `copy` always in memory of its own.
    pub(crate) fn converted(&self, dtype: DType, device: Device, copy: bool) -> Result<Array<B>> {
        let target = capabilities(&self.backend, device)?;
        check_supported(&self.backend, device, OpClass::Storage, dtype)?;
        if device == self.device {
            return if dtype == self.dtype && copy {
                self.contiguous_copy()
            } else {
                self.cast(dtype)
            };
        }
        // converted where both dtypes are known, preferably before the way
        let here = capabilities(&self.backend, self.device)?;
        if here.dtypes(OpClass::Map).contains(dtype) || !target.dtypes(OpClass::Map).contains(dtype)
        {
            self.cast(dtype)?.transferred(device)
        } else {
            self.transferred(device)?.cast(dtype)
        }
    }

    fn transferred(&self, device: Device) -> Result<Array<B>> {
        check_supported(&self.backend, device, OpClass::Storage, self.dtype)?;
        let buffer = B::transfer(&self.backend, self.view(), device)?;
        Array::from_buffer(&self.backend, buffer, self.shape(), self.dtype, device)
    }

    /// The bytes of the elements where they are, if they are contiguous and the host can read them.
    fn contiguous_bytes(&self) -> Option<&[u8]> {
        if !self.is_contiguous() {
            return None;
        }
        let width = self.dtype.item_size();
        let bytes = B::host_bytes(&self.backend, &self.buffer)?;
        if self.size() == 0 {
            return Some(&[]);
        }
        let first = self.layout.offset() * width;
        bytes.get(first..first + self.size() * width)
    }

    /// The bytes of the elements in row-major order, on the host.
    pub(crate) fn host_bytes(&self) -> Result<Cow<'_, [u8]>> {
        if let Some(bytes) = self.contiguous_bytes() {
            return Ok(Cow::Borrowed(bytes));
        }
        let len = self
            .size()
            .checked_mul(self.dtype.item_size())
            .ok_or_else(|| Error::out_of_memory(None))?;
        let mut out = vec_for(len)?;
        out.resize(len, 0);
        B::download(&self.backend, self.view(), &mut out)?;
        Ok(Cow::Owned(out))
    }

    /// A copy of the elements in memory of the host, in row-major order.
    pub(crate) fn host_copy(&self) -> Result<HostMemory> {
        with_element!(self.dtype, T => Ok(HostMemory::from_vec(self.to_vec::<T>()?)))
    }

    fn elements<T: Element>(&self) -> Result<Vec<T>> {
        if self.dtype != T::DTYPE {
            return Err(Error::dtype(format_args!(
                "the array has dtype {}, but elements of type {} ({}) were asked for; ask \
                 for those of its dtype, or convert the array with astype(x, DType::{:?})",
                self.dtype,
                std::any::type_name::<T>(),
                T::DTYPE,
                T::DTYPE
            )));
        }
        let mut out = vec_for(self.size())?;
        if let Some(slice) = self.as_slice() {
            out.extend_from_slice(slice);
        } else {
            out.resize(self.size(), T::default());
            T::fill_bytes(&mut out, |bytes| B::download(&self.backend, self.view(), bytes))?;
        }
        Ok(out)
    }

    /// The element at index 0 of every axis, of which there is one. `T` is the type of the dtype.
    #[inline]
    fn first<T: Element>(&self) -> Result<T> {
        let start = self.layout.offset() * size_of::<T>();
        if let Some(bytes) = B::host_bytes(&self.backend, &self.buffer)
            && let Some(bytes) = bytes.get(start..start + size_of::<T>())
            && let Some(&[value]) = T::from_bytes(bytes)
        {
            return Ok(value);
        }
        let mut out = [T::default()];
        T::fill_bytes(&mut out, |bytes| B::download(&self.backend, self.view(), bytes))?;
        Ok(out[0])
    }

    /// The one element, as a value of a type that holds every value of the dtype.
    fn widened<T: Element>(&self) -> Result<T> {
        let value = self.one()?;
        if !holds(T::DTYPE, self.dtype) {
            let remedy = match self.dtype.is_complex() && !T::DTYPE.is_complex() {
                true => "use item_scalar, or take real(x), imag(x) or abs(x) first".to_owned(),
                false => format!(
                    "use {}, or convert the array with astype(x, DType::{:?})",
                    if self.dtype.is_complex() { "item_scalar" } else { "to_f64 or to_i64" },
                    T::DTYPE
                ),
            };
            return Err(Error::dtype(format_args!(
                "the array has dtype {}, but an element of type {} ({}) was asked for, which \
                 does not hold every value of it; ask for one of its dtype, {remedy}",
                self.dtype,
                std::any::type_name::<T>(),
                T::DTYPE,
            )));
        }
        Ok(T::from_scalar(value))
    }

    /// The one element.
    fn one(&self) -> Result<Scalar> {
        if self.size() != 1 {
            return Err(Error::shape(format_args!(
                "an array of one element is expected, but the shape {:?} has {}; index one \
                 with get, or take all with to_vec",
                self.shape(),
                self.size()
            )));
        }
        with_element!(self.dtype, T => Ok(self.first::<T>()?.to_scalar()))
    }

    /// The element of a 0-d array, for a conversion to a Rust value.
    fn sole(&self, to: &str) -> Result<Scalar> {
        if self.ndim() != 0 {
            let remedy = match to {
                _ if self.size() == 1 => "use item, or reshape(x, ())",
                "bool" => "reduce it with all or any first",
                _ => "take one element with get, all with to_vec, or reduce it first, as with sum",
            };
            return Err(Error::shape(format_args!(
                "an array of 0 dimensions is expected for a conversion to {to}, but the shape is {:?}; {remedy}",
                self.shape()
            )));
        }
        self.item_scalar()
    }

    /// `__float__` of an element.
    fn real_value(&self, value: Scalar, to: &str) -> Result<f64> {
        match value {
            Scalar::Complex(_) => {
                Err(self.no_conversion(to, "take real(x), imag(x) or abs(x) first"))
            }
            value => Ok(value.to_float()),
        }
    }

    /// `__int__` of an element.
    fn integer(&self, value: Scalar, to: &str) -> Result<i128> {
        match value {
            Scalar::Bool(v) => Ok(v.into()),
            Scalar::Int(v) => Ok(v),
            // i128 begins at -2^127 and ends before 2^127; a cast beyond it would saturate
            Scalar::Float(v) if (-2f64.powi(127)..2f64.powi(127)).contains(&v) => Ok(v as i128),
            Scalar::Float(v) if v.is_finite() => Err(Error::value(format_args!(
                "the {} value {v} is out of the range of {to}",
                self.dtype
            ))),
            Scalar::Float(v) => Err(Error::value(format_args!(
                "the {} value {v} has no integer part, so it cannot be converted to {to}",
                self.dtype
            ))),
            Scalar::Complex(_) => {
                Err(self.no_conversion(to, "take real(x), imag(x) or abs(x) first"))
            }
        }
    }

    /// `__index__` of an element.
    fn index(&self, value: Scalar, to: &str) -> Result<i128> {
        if self.dtype.is_integer() {
            return self.integer(value, to);
        }
        Err(self.no_conversion(to, "an index has an integer dtype; convert with astype, or to i64"))
    }

    #[cold]
    fn no_conversion(&self, to: &str, remedy: &str) -> Error {
        Error::dtype(format_args!(
            "an array of dtype {} is not converted to {to}; {remedy}",
            self.dtype
        ))
    }
}

/// Whether every value of one dtype is a value of another: of a number the same number, of `true` 1.
fn holds(to: DType, from: DType) -> bool {
    /// Binary digits of the integers that a dtype holds without a gap.
    fn digits(dtype: DType) -> usize {
        match dtype {
            DType::Float16 => 11,
            DType::BFloat16 => 8,
            DType::Float32 | DType::Complex64 => 24,
            DType::Float64 | DType::Complex128 => 53,
            DType::Bool => 1,
            integer => 8 * integer.item_size() - usize::from(integer.is_signed_integer()),
        }
    }
    // what is promoted is not changed; beyond that the standard promotes no kind to another
    from.can_cast(to)
        || from == DType::Bool
        || from.is_integer() && to.is_floating() && digits(from) <= digits(to)
}

#[cold]
fn out_of_range<T: std::fmt::Display>(value: i128, to: &str, min: T, max: T) -> Error {
    Error::value(format_args!("the value {value} is out of the range of {to} ({min} to {max})"))
}

/// `TryFrom` of an array, borrowed or owned.
macro_rules! try_from {
    ($($(#[$doc:meta])* [$($g:tt)*] $t:ty: $x:ident => $convert:expr;)*) => { $(
        $(#[$doc])*
        impl<B: Backend, $($g)*> TryFrom<&Array<B>> for $t {
            type Error = Error;

            #[track_caller]
            fn try_from($x: &Array<B>) -> Result<Self> {
                let convert = || $convert;
                convert().named("try_from")
            }
        }

        $(#[$doc])*
        impl<B: Backend, $($g)*> TryFrom<Array<B>> for $t {
            type Error = Error;

            #[track_caller]
            fn try_from(x: Array<B>) -> Result<Self> {
                Self::try_from(&x)
            }
        }
    )* };
}

try_from! {
    /// The elements in row-major order, as [`Array::to_vec`].
    [T: Element] Vec<T>: x => x.to_vec();

    /// The truth of a 0-d array (`__bool__`): whether the element is not zero; NaN is true.
    [] bool: x => Ok(x.sole("bool")?.is_nonzero());

    /// The element of a real-valued or bool 0-d array (`__float__`).
    [] f64: x => x.real_value(x.sole("f64")?, "f64");

    /// The element of a 0-d array of a dtype all of whose values are values of `f32` (float32, float16, small
    /// integers); [`Array::item`] says which.
    [] f32: x => x.sole("f32").and_then(|_| x.widened().map_err(|e: Error| e.in_function("f32::try_from")));

    /// The element of a 0-d array (`__complex__`); NaN becomes NaN + NaN j.
    [] Complex<f64>: x => Ok(match x.sole("Complex<f64>")? {
        Scalar::Float(v) if v.is_nan() => Complex::new(v, v),
        value => value.to_complex(),
    });
}

macro_rules! try_from_integers {
    ($($t:ident $to:ident $doc:literal;)*) => { try_from! { $(
        #[doc = $doc]
        ///
        /// Errors: [`Error::Shape`] unless the array is 0-d, [`Error::DType`] for a dtype that is not
        /// converted, [`Error::Value`] for a value out of range, infinite or NaN.
        [] $t: x => {
            let value = x.$to(x.sole(stringify!($t))?, stringify!($t))?;
            value.try_into().map_err(|_| out_of_range(value, stringify!($t), $t::MIN, $t::MAX))
        };
    )* } };
}
try_from_integers! {
    i8 integer "The integer part of the element of a 0-d array (`__int__`).";
    i16 integer "The integer part of the element of a 0-d array (`__int__`).";
    i32 integer "The integer part of the element of a 0-d array (`__int__`).";
    i64 integer "The integer part of the element of a 0-d array (`__int__`).";
    i128 integer "The integer part of the element of a 0-d array (`__int__`).";
    u8 integer "The integer part of the element of a 0-d array (`__int__`).";
    u16 integer "The integer part of the element of a 0-d array (`__int__`).";
    u32 integer "The integer part of the element of a 0-d array (`__int__`).";
    u64 integer "The integer part of the element of a 0-d array (`__int__`).";
    isize index "The element of a 0-d integer array (`__index__`).";
    usize index "The element of a 0-d integer array (`__index__`).";
}
