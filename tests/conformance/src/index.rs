//! Keys of `x[key]`.

use arrayspace::{Ellipsis, Index, IndexItem, NewAxis, Slice};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyEllipsis, PyInt, PySlice, PyTuple};

use crate::asarray::{Wanted, from_object};
use crate::backend::Exposed;
use crate::convert::clamped;
use crate::view::View;

/// A key, and what `x[key]` is.
pub(crate) struct Key<B: Exposed> {
    pub(crate) index: Index<'static, B>,
    pub(crate) gives: Gives,
}

/// As in NumPy: a write to a view is one to the array, an element and what arrays select are copies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    View,
    /// If the array has as many dimensions as this.
    Element(usize),
    Copy,
}

fn slice(x: &Bound<'_, PySlice>) -> PyResult<Slice> {
    let bound = |name: &str| -> PyResult<Option<i64>> {
        let bound = x.getattr(name)?;
        (!bound.is_none()).then(|| clamped(&bound).map(i64::from)).transpose()
    };
    Ok(Slice::new(bound("start")?, bound("stop")?, bound("step")?))
}

/// An item of a key. Arrays come in memory that a write to `target` leaves alone.
fn item<B: Exposed>(
    x: &Bound<'_, PyAny>,
    target: Option<&View<B>>,
) -> PyResult<IndexItem<'static, B>> {
    let array = |array: &View<B>| match target {
        Some(target) => target.apart(array),
        None => Ok(array.array()),
    };
    if let Some(x) = B::view(x) {
        return Ok(array(x)?.into());
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
    Ok(array(&from_object(B::instance(), x, Wanted::default())?)?.into())
}

/// A key: one item, or a tuple of them; for writing, with the array that is written.
pub(crate) fn key<B: Exposed>(
    key: &Bound<'_, PyAny>,
    target: Option<&View<B>>,
) -> PyResult<Key<B>> {
    let index: Index<'_, B> = match key.cast::<PyTuple>() {
        Ok(items) => {
            let items = items.iter().map(|x| item(&x, target)).collect::<PyResult<Vec<_>>>()?;
            Index::from_items(items)
        }
        Err(_) => item(key, target)?.into(),
    };
    let items = index.items();
    let gives = if items.iter().any(|item| matches!(item, IndexItem::Array(_))) {
        Gives::Copy
    } else if items.iter().all(|item| matches!(item, IndexItem::Int(_))) {
        Gives::Element(items.len())
    } else {
        Gives::View
    };
    Ok(Key { index, gives })
}
