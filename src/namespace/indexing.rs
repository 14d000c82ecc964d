//! The chapter "indexing functions".

use arrayspace_core::{Backend, Dims, Error, Result};

use super::common::gather;
use crate::array::Array;
use crate::axes::{Axis, normalize};
use crate::category::Category;
use crate::compute::broadcast;
use crate::index::pick;

/// `take`.
pub(crate) fn take<B: Backend>(x: &Array<B>, indices: &Array<B>, axis: Axis) -> Result<Array<B>> {
    Category::Integer.check("indices", indices.dtype)?;
    if indices.ndim() != 1 {
        return Err(Error::shape(format_args!(
            "indices has shape {:?}, but one dimension is expected; flatten it with \
             reshape(indices, -1)",
            indices.shape()
        )));
    }
    let axis = match axis.or(None) {
        Some(axis) => normalize(axis, x.ndim())?,
        None if x.ndim() == 1 => 0,
        None => {
            return Err(Error::axis(format_args!(
                "the axis is missing, which may be left out for one dimension alone; x has shape {:?}",
                x.shape()
            )));
        }
    };
    if let Some(result) = pick(x, indices) {
        return result;
    }
    let mut shape = Dims::from_slice(x.shape());
    shape[axis] = indices.size();
    // one index for each position along the axis, the same wherever else
    let mut column = Dims::from_elem(1, x.ndim());
    column[axis] = indices.size();
    let indices = super::common::in_shape(indices, &column)?;
    gather(x, &indices, axis, &shape)
}

/// `take_along_axis`.
pub(crate) fn take_along_axis<B: Backend>(
    x: &Array<B>,
    indices: &Array<B>,
    axis: Axis,
) -> Result<Array<B>> {
    Category::Integer.check("indices", indices.dtype)?;
    if indices.ndim() != x.ndim() {
        return Err(Error::shape(format_args!(
            "indices has shape {:?} and x has shape {:?}, but the same number of dimensions is \
             expected; add some with expand_dims",
            indices.shape(),
            x.shape()
        )));
    }
    let axis = axis.one_of(x.ndim(), -1)?;
    // the axis itself takes no part in the broadcast
    let mut line = Dims::from_slice(x.shape());
    line[axis] = 1;
    let mut places = Dims::from_slice(indices.shape());
    places[axis] = 1;
    let mut shape = broadcast([&line[..], &places[..]].into_iter())?;
    shape[axis] = indices.shape()[axis];
    gather(x, indices, axis, &shape)
}
