//! What a backend must have to become a namespace of Python.

use arrayspace::{Array, Namespace};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyModule;

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
    fn wrap(py: Python<'_>, x: Array<Self>) -> PyResult<Bound<'_, PyAny>>;

    /// The array of an object, if it is one of this backend.
    fn unwrap(object: &Bound<'_, PyAny>) -> Option<Array<Self>>;
}
