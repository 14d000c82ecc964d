//! Dtypes and devices as objects.

use pyo3::prelude::*;

/// A dtype: an object with a name, equal to itself alone.
#[pyclass(module = "arrayspace", frozen, eq, hash)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DType(pub(crate) arrayspace::DType);

#[pymethods]
impl DType {
    fn __repr__(&self) -> String {
        format!("arrayspace.{}", self.0)
    }

    fn __str__(&self) -> &'static str {
        self.0.name()
    }

    #[getter]
    fn name(&self) -> &'static str {
        self.0.name()
    }

    /// NumPy's dtype of the same name.
    #[getter]
    fn __numpy_dtype__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("numpy")?.call_method1("dtype", (self.0.name(),))
    }
}

/// A device.
#[pyclass(module = "arrayspace", frozen, eq, hash)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Device(pub(crate) arrayspace::Device);

#[pymethods]
impl Device {
    fn __repr__(&self) -> String {
        format!("Device('{}')", self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }
}
