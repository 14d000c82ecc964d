//! Errors of the library as exceptions.

use arrayspace::Error;
use pyo3::exceptions::{
    PyBufferError, PyIndexError, PyMemoryError, PyNotImplementedError, PyRuntimeError, PyTypeError,
    PyValueError,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// The exception for an axis: the standard asks some functions for an `IndexError`, and clients
/// expect a `ValueError`; it is both, as NumPy's is.
fn axis_error(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.get_or_try_init(py, || -> PyResult<_> {
        let bases = (py.get_type::<PyValueError>(), py.get_type::<PyIndexError>());
        let class = py.get_type::<PyType>().call1(("AxisError", bases, PyDict::new(py)))?;
        Ok(class.cast_into::<PyType>()?.unbind())
    })?;
    Ok(class.bind(py))
}

/// The exception for an error.
pub(crate) fn exception(error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::DType(_) | Error::Promotion(_) => PyTypeError::new_err(text),
        Error::Axis(_) => Python::attach(|py| match axis_error(py) {
            Ok(class) => PyErr::from_type(class.clone(), text),
            Err(e) => e,
        }),
        Error::Index(_) => PyIndexError::new_err(text),
        Error::Unsupported(_) => PyNotImplementedError::new_err(text),
        Error::OutOfMemory(_) => PyMemoryError::new_err(text),
        Error::DLPack(_) => PyBufferError::new_err(text),
        Error::NoConvergence(_) | Error::DeviceLost(_) => PyRuntimeError::new_err(text),
        // a broadcast, a shape, a value, a device, a singular matrix
        _ => PyValueError::new_err(text),
    }
}
