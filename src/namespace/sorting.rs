//! The chapter "sorting functions".

use arrayspace_core::{Backend, OpClass, Result};

use super::common::index_dtype;
use crate::array::Array;
use crate::compute::check_supported;
use crate::options::Sort;

/// `sort`.
pub(crate) fn sort<B: Backend>(x: &Array<B>, options: &Sort) -> Result<Array<B>> {
    let axis = options.axis.one_of(x.ndim(), -1)?;
    check_supported(&x.backend, x.device, OpClass::Order, x.dtype)?;
    let buffer = B::order(&x.backend, x.view(), axis, options.descending)?;
    Array::from_buffer(&x.backend, buffer, x.shape(), x.dtype, x.device)
}

/// `argsort`.
pub(crate) fn argsort<B: Backend>(x: &Array<B>, options: &Sort) -> Result<Array<B>> {
    let axis = options.axis.one_of(x.ndim(), -1)?;
    check_supported(&x.backend, x.device, OpClass::Order, x.dtype)?;
    let buffer = B::order_indices(&x.backend, x.view(), axis, options.descending)?;
    Array::from_buffer(&x.backend, buffer, x.shape(), index_dtype(x)?, x.device)
}
