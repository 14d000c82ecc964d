//! Keys of `x[key]`.

use arrayspace::{Ellipsis, Index, IndexItem, NewAxis, Slice};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyEllipsis, PyInt, PySlice, PyTuple};

use crate::asarray::{Wanted, from_object};
use crate::backend::Exposed;
use crate::convert::clamped;

fn slice(x: &Bound<'_, PySlice>) -> PyResult<Slice> {
    let bound = |name: &str| -> PyResult<Option<i64>> {
        let bound = x.getattr(name)?;
        (!bound.is_none()).then(|| clamped(&bound).map(i64::from)).transpose()
    };
    Ok(Slice::new(bound("start")?, bound("stop")?, bound("step")?))
}

fn item<B: Exposed>(x: &Bound<'_, PyAny>) -> PyResult<IndexItem<'static, B>> {
    if let Some(array) = B::unwrap(x) {
        return Ok(array.into());
    }
    if x.is_instance_of::<PyInt>() && !x.is_instance_of::<PyBool>() {
        return Ok(IndexItem::Int(clamped(x)?.0));
    }
    if let Ok(x) = x.cast::<PySlice>() {
        return Ok(slice(x)?.into());
    }
    if x.is_none() {
        return Ok(NewAxis.into());
    }
    if x.is_instance_of::<PyEllipsis>() {
        return Ok(Ellipsis.into());
    }
    Ok(from_object(B::instance(), x, Wanted::default())?.into())
}

/// A key: one item, or a tuple of them.
pub(crate) fn index<B: Exposed>(key: &Bound<'_, PyAny>) -> PyResult<Index<'static, B>> {
    match key.cast::<PyTuple>() {
        Ok(items) => {
            let items = items.iter().map(|x| item(&x)).collect::<PyResult<Vec<_>>>()?;
            Ok(Index::from_items(items))
        }
        Err(_) => Ok(item(key)?.into()),
    }
}
