//! Dtypes and devices as objects.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// A dtype: an object with a name, equal to itself alone.
#[pyclass(module = "arrayspace", frozen, eq, hash)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DType(pub(crate) arrayspace::DType);

impl DType {
    /// The one object for a dtype.
    pub(crate) fn object(py: Python<'_>, dtype: arrayspace::DType) -> PyResult<Bound<'_, DType>> {
        static OBJECTS: [PyOnceLock<Py<DType>>; arrayspace::DType::ALL.len()] =
            [const { PyOnceLock::new() }; arrayspace::DType::ALL.len()];
        let place = arrayspace::DType::ALL.iter().position(|&d| d == dtype);
        match place.and_then(|place| OBJECTS.get(place)) {
            Some(object) => {
                let object = object.get_or_try_init(py, || Py::new(py, DType(dtype)))?;
                Ok(object.bind(py).clone())
            }
            None => Bound::new(py, DType(dtype)),
        }
    }
}

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

    /// The function that makes the object of a name again, for pickle and copy.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (&'static str,))> {
        Ok((py.import("arrayspace._core")?.getattr("dtype")?, (self.0.name(),)))
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

    /// The function that makes the object of a name again, for pickle and copy.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.import("arrayspace._core")?.getattr("device")?, (self.0.to_string(),)))
    }
}

/// The dtype of a name.
#[pyfunction]
pub(crate) fn dtype<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, DType>> {
    match arrayspace::DType::from_name(name) {
        Some(dtype) => DType::object(py, dtype),
        None => Err(PyTypeError::new_err(format!("there is no dtype '{name}'"))),
    }
}

/// The device of a name, `cpu:0` for one.
#[pyfunction]
pub(crate) fn device(name: &str) -> PyResult<Device> {
    let kinds = [arrayspace::DeviceKind::Cpu, arrayspace::DeviceKind::Gpu];
    let (_, index) = name.split_once(':').unwrap_or((name, "0"));
    let index = index.parse().ok();
    let devices = kinds.iter().filter_map(|&kind| Some(arrayspace::Device::new(kind, index?)));
    devices.map(Device).find(|device| device.0.to_string() == name).ok_or_else(|| {
        PyValueError::new_err(format!("there is no device '{name}', as 'cpu:0' is one"))
    })
}
