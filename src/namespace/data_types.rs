//! The functions about dtypes.

use arrayspace_core::{Backend, DType, Error, OpClass, Result, Scalar};

use crate::arg::Arg;
use crate::array::Array;
use crate::category::Category;
use crate::compute::{capabilities, cast, check_supported, promote_all, same_device};
use crate::dtype_arg::{DTypeOf, Promoted, PromotedList};
use crate::options::AsType;

/// Machine limits of a floating-point dtype, as [`finfo`](crate::Namespace::finfo) gives them. Those of
/// a complex dtype are its component's.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct FInfo {
    /// Bits of a real number.
    pub bits: u32,
    /// The distance from 1 to the next larger number.
    pub eps: f64,
    /// The largest finite number.
    pub max: f64,
    /// The smallest finite number: `-max`.
    pub min: f64,
    /// The smallest positive number of full precision.
    pub smallest_normal: f64,
    /// The real dtype.
    pub dtype: DType,
}

/// The range of an integer dtype, as [`iinfo`](crate::Namespace::iinfo) gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct IInfo {
    /// Bits of a number.
    pub bits: u32,
    /// The largest number.
    pub max: i128,
    /// The smallest number.
    pub min: i128,
    /// The dtype.
    pub dtype: DType,
}

/// The limits of a floating-point dtype.
pub(crate) fn finfo(dtype: DType) -> Result<FInfo> {
    Category::Floating.check("type", dtype)?;
    let dtype = dtype.real_component();
    // bits, digits of the significand (the hidden one included), the exponent of the largest power of 2
    let (bits, digits, top) = match dtype {
        DType::Float16 => (16, 11, 15),
        DType::BFloat16 => (16, 8, 127),
        DType::Float32 => (32, 24, 127),
        _ => (64, 53, 1023),
    };
    let eps = 2f64.powi(1 - digits);
    let max = (2.0 - eps) * 2f64.powi(top);
    let smallest_normal = 2f64.powi(1 - top);
    Ok(FInfo { bits, eps, max, min: -max, smallest_normal, dtype })
}

/// The range of an integer dtype.
pub(crate) fn iinfo(dtype: DType) -> Result<IInfo> {
    Category::Integer.check("type", dtype)?;
    let (min, max) = Scalar::int_range(dtype);
    Ok(IInfo { bits: 8 * dtype.item_size() as u32, max, min, dtype })
}

/// The elements converted to `dtype`, on the device that the options say.
pub(crate) fn astype<B: Backend>(x: Arg<'_, B>, dtype: DType, options: AsType) -> Result<Array<B>> {
    let device = options.device.unwrap_or(x.device());
    if device != x.device() || dtype == x.dtype() {
        return x.converted(dtype, device, options.copy);
    }
    check_supported(&x.backend, device, OpClass::Storage, dtype)?;
    cast(x, dtype)
}

/// Whether every conversion is a promotion, on the device of the array if there is one.
pub(crate) fn can_cast<B: Backend>(xp: &B, from: DTypeOf, to: DType) -> Result<bool> {
    let there = match from.device {
        None => true,
        Some(device) => capabilities(xp, device)?.dtypes(OpClass::Storage).contains(to),
    };
    Ok(there && from.dtype.can_cast(to))
}

/// The dtype that these arrays, dtypes and scalars combine to, in whatever order they are given.
pub(crate) fn result_type<B: Backend>(xp: &B, list: &PromotedList) -> Result<DType> {
    let mut dtypes: Vec<DTypeOf> = Vec::new();
    let mut scalars: Vec<Scalar> = Vec::new();
    for item in &list.0 {
        match item {
            Promoted::DType(d) => dtypes.push(*d),
            Promoted::Scalar(s) => scalars.push(*s),
        }
    }
    let Some(dtype) = promote_all(dtypes.iter().map(|d| d.dtype).collect())? else {
        return Err(Error::value(format_args!(
            "at least one array or dtype is expected among the {} arguments, since a scalar has no \
             dtype of its own",
            list.0.len()
        )));
    };
    let dtype = scalars.iter().try_fold(dtype, |dtype, s| s.result_dtype(dtype))?;
    if let Some(device) = same_device(dtypes.iter().filter_map(|d| d.device))? {
        check_supported(xp, device, OpClass::Storage, dtype)?;
    }
    Ok(dtype)
}
