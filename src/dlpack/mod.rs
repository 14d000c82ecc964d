//! DLPack: arrays in and out of other libraries, without a copy.
//!
//! [`Array::to_dlpack`] gives the memory of an array out as a [`ManagedTensor`], and
//! [`from_dlpack`](crate::Namespace::from_dlpack) makes an array of one. Within Rust that is all, and safe. What other
//! libraries exchange are pointers: [`ManagedTensor::into_raw`] and the `unsafe`
//! [`ManagedTensor::from_raw`]. `abi` is the interface in memory, as `dlpack.h` declares it; its types
//! are re-exported here.
//!
//! # Who may write
//!
//! Arrays are values, so memory that several hold is written by none of them:
//!
//! - What [`Array::to_dlpack`] shares is flagged as read-only. The array that stays copies the memory
//!   before it writes, so the consumer never sees a change. [`Array::into_dlpack`] gives the array away:
//!   if nobody else holds its memory, the consumer may write it.
//! - Memory that comes in is shared with its producer. It is read where it is, and copied by the first
//!   write, unless the producer flagged it as a copy made for the consumer.

mod abi;
mod export;
mod import;
mod tensor;

pub use abi::{
    DLDataType, DLDataTypeCode, DLDevice, DLDeviceType, DLManagedTensor, DLManagedTensorVersioned,
    DLPackVersion, DLTensor, FLAG_IS_COPIED, FLAG_IS_SUBBYTE_TYPE_PADDED, FLAG_READ_ONLY, VERSION,
};
use arrayspace_core::{DType, Error, Result};
pub use import::DLPackSource;
pub use tensor::{ManagedTensor, RawTensor};

#[cfg(doc)]
use crate::Array;

/// The code and bits of a dtype.
fn data_type(dtype: DType) -> DLDataType {
    let code = match dtype {
        DType::Bool => DLDataTypeCode::BOOL,
        DType::BFloat16 => DLDataTypeCode::BFLOAT,
        _ if dtype.is_signed_integer() => DLDataTypeCode::INT,
        _ if dtype.is_unsigned_integer() => DLDataTypeCode::UINT,
        _ if dtype.is_complex() => DLDataTypeCode::COMPLEX,
        _ => DLDataTypeCode::FLOAT,
    };
    DLDataType { code, bits: 8 * dtype.item_size() as u8, lanes: 1 }
}

/// The dtype of a code and bits.
///
/// # Errors
/// [`Error::DLPack`] for an unknown code and for vectors, [`Error::Unsupported`] for a type that arrays do
/// not have.
fn dtype_of(given: DLDataType) -> Result<DType> {
    if given.code.name().is_none() {
        return Err(Error::dlpack(format_args!(
            "the elements have the {:?} for their type, which DLPack {}.{} does not have",
            given.code, VERSION.major, VERSION.minor
        )));
    }
    if given.lanes != 1 {
        return Err(Error::dlpack(format_args!(
            "the elements are vectors of {} numbers ({:?}), but only single numbers can be taken; export \
             them with one more dimension",
            given.lanes, given.code
        )));
    }
    DType::ALL.into_iter().find(|&d| data_type(d) == given).ok_or_else(|| {
        Error::unsupported(format_args!(
            "the elements are of {:?} with {} bits, which no dtype has; convert them first to one of {}",
            given.code,
            given.bits,
            DType::ALL.map(DType::name).join(", ")
        ))
    })
}
