//! What a backend must have to become a namespace of Python.

use arrayspace::{Array, Namespace};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyModule;

use crate::view::View;

/// A backend with a class of arrays and a module.
pub(crate) trait Exposed: Namespace + Send + Sync + 'static {
    /// The name of the module, `arrayspace.cpu` for one.
    const MODULE: &'static str;

    /// The one handle to the backend.
    fn instance() -> &'static Self;

    /// Where the module is kept.
    fn module() -> &'static PyOnceLock<Py<PyModule>>;

    /// The class of arrays.
    fn class(py: Python<'_>) -> Bound<'_, PyAny>;

    /// An array as an object.
    fn object(py: Python<'_>, x: View<Self>) -> PyResult<Bound<'_, PyAny>>;

    /// The array that an object is, if it is one of this backend.
    fn view<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a View<Self>>;

    /// A result that is no view of another array, as an object.
    fn wrap(py: Python<'_>, x: Array<Self>) -> PyResult<Bound<'_, PyAny>> {
        Self::object(py, View::new(x)?)
    }

    /// The array of an object, if it is one of this backend, to compute with.
    fn unwrap(object: &Bound<'_, PyAny>) -> Option<Array<Self>> {
        Self::view(object).map(View::array)
    }
}
