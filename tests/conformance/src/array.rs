//! The class of arrays: attributes, methods and operators.

use arrayspace::{Array, Complex, Cpu, Namespace, Operand, Result, Scalar};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCapsule, PyComplex, PyDict, PyFloat, PyList, PyModule, PyTuple};

use crate::asarray::{Wanted, from_object};
use crate::backend::Exposed;
use crate::convert::{FromPython, operand};
use crate::dlpack;
use crate::dtype::{DType, Device};
use crate::errors::exception;
use crate::index::index;

/// The revisions of the standard for which the namespace may be asked: the last one has all that the
/// ones before it have.
const VERSIONS: [&str; 5] = ["2021.12", "2022.12", "2023.12", "2024.12", "2025.12"];

/// An operator of an array and another operand; `NotImplemented` for what is none, upon which Python
/// asks the other object.
fn binary<'py, B: Exposed>(
    x: Array<B>,
    other: &Bound<'py, PyAny>,
    call: impl FnOnce(Array<B>, Operand<'_, B>) -> Result<Array<B>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = other.py();
    match operand(other)? {
        Some(other) => B::wrap(py, call(x, other).map_err(exception)?),
        None => Ok(py.NotImplemented().into_bound(py)),
    }
}

/// A matrix product, which takes arrays alone.
fn product<'py, B: Exposed>(
    x: Array<B>,
    other: &Bound<'py, PyAny>,
    call: impl FnOnce(Array<B>, Array<B>) -> Result<Array<B>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = other.py();
    match B::unwrap(other) {
        Some(other) => B::wrap(py, call(x, other).map_err(exception)?),
        None => Ok(py.NotImplemented().into_bound(py)),
    }
}

/// The element of a 0-d array as a number of Python.
fn number<'py, B: Exposed>(x: &Array<B>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    match x.item_scalar().map_err(exception)? {
        Scalar::Bool(v) => v.into_bound_py_any(py),
        Scalar::Int(v) => v.into_bound_py_any(py),
        Scalar::Float(v) => v.into_bound_py_any(py),
        Scalar::Complex(v) => Ok(PyComplex::from_doubles(py, v.re, v.im).into_any()),
    }
}

/// `int(x)`; Python itself converts a float, so that infinities and NaN raise what it raises for them.
fn integer<'py, B: Exposed>(x: &Array<B>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    if x.dtype().is_real_floating() {
        let value = f64::try_from(x).map_err(exception)?;
        return PyFloat::new(py, value).call_method0("__int__");
    }
    i128::try_from(x).map_err(exception)?.into_bound_py_any(py)
}

/// `x.__index__()`.
fn subscript<B: Exposed>(x: &Array<B>) -> Result<i128> {
    match isize::try_from(x) {
        // uint64 goes farther
        Err(arrayspace::Error::Value(_)) => usize::try_from(x).map(|v| v as i128),
        other => other.map(|v| v as i128),
    }
}

macro_rules! array_class {
    ($class:ident: $backend:ty, $name:literal, $instance:expr) => {
        array_class! { @methods $class: $backend, $name, $instance;
            unary {
                __neg__ negative, __pos__ positive, __abs__ abs, __invert__ bitwise_invert
            }
            binary {
                __add__ __radd__ __iadd__ add add_assign,
                __sub__ __rsub__ __isub__ subtract subtract_assign,
                __mul__ __rmul__ __imul__ multiply multiply_assign,
                __truediv__ __rtruediv__ __itruediv__ divide divide_assign,
                __floordiv__ __rfloordiv__ __ifloordiv__ floor_divide floor_divide_assign,
                __mod__ __rmod__ __imod__ remainder remainder_assign,
                __and__ __rand__ __iand__ bitwise_and bitwise_and_assign,
                __or__ __ror__ __ior__ bitwise_or bitwise_or_assign,
                __xor__ __rxor__ __ixor__ bitwise_xor bitwise_xor_assign,
                __lshift__ __rlshift__ __ilshift__ bitwise_left_shift bitwise_left_shift_assign,
                __rshift__ __rrshift__ __irshift__ bitwise_right_shift bitwise_right_shift_assign
            }
            comparison {
                __eq__ equal, __ne__ not_equal, __lt__ less, __le__ less_equal, __gt__ greater,
                __ge__ greater_equal
            }
        }
    };
    (@methods $class:ident: $backend:ty, $name:literal, $instance:expr;
        unary { $($neg:ident $negative:ident),* }
        binary { $($add:ident $radd:ident $iadd:ident $function:ident $assign:ident),* }
        comparison { $($eq:ident $equal:ident),* }
    ) => {
        /// An array of this backend. A method takes a clone, which shares the memory, and lets the
        /// object go: an operand may be the array itself.
        #[pyclass(name = "Array", module = $name)]
        pub(crate) struct $class(Array<$backend>);

        impl Exposed for $backend {
            const MODULE: &'static str = $name;

            fn instance() -> &'static Self {
                static INSTANCE: std::sync::LazyLock<$backend> = std::sync::LazyLock::new(|| $instance);
                &INSTANCE
            }

            fn module() -> &'static PyOnceLock<Py<PyModule>> {
                static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
                &MODULE
            }

            fn class(py: Python<'_>) -> Bound<'_, PyAny> {
                py.get_type::<$class>().into_any()
            }

            fn wrap(py: Python<'_>, x: Array<Self>) -> PyResult<Bound<'_, PyAny>> {
                Ok(Bound::new(py, $class(x))?.into_any())
            }

            fn unwrap(object: &Bound<'_, PyAny>) -> Option<Array<Self>> {
                let object = object.cast::<$class>().ok()?;
                Some(object.borrow().0.clone())
            }
        }

        #[pymethods]
        impl $class {
            $(
                fn $neg<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    let x = <$backend>::instance().$negative(&self.0).map_err(exception)?;
                    Exposed::wrap(py, x)
                }
            )*

            $(
                fn $add<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.clone(), other, |x, other| xp.$function(x, other))
                }

                fn $radd<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.clone(), other, |x, other| xp.$function(other, x))
                }

                fn $iadd(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
                    let other = <Operand<'_, $backend> as FromPython<$backend>>::from_python(other)?;
                    slf.try_borrow_mut()?.0.$assign(other).map_err(exception)
                }
            )*

            $(
                fn $eq<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.clone(), other, |x, other| xp.$equal(x, other))
                }
            )*

            fn __pow__<'py>(
                &self,
                other: &Bound<'py, PyAny>,
                _modulo: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                binary(self.0.clone(), other, |x, other| x.pow(other))
            }

            fn __rpow__<'py>(
                &self,
                other: &Bound<'py, PyAny>,
                _modulo: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let xp = <$backend>::instance();
                binary(self.0.clone(), other, |x, other| xp.pow(other, x))
            }

            fn __ipow__(
                slf: &Bound<'_, Self>,
                other: &Bound<'_, PyAny>,
                _modulo: Option<&Bound<'_, PyAny>>,
            ) -> PyResult<()> {
                let other = <Operand<'_, $backend> as FromPython<$backend>>::from_python(other)?;
                slf.try_borrow_mut()?.0.pow_assign(other).map_err(exception)
            }

            fn __matmul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                product(self.0.clone(), other, |x, other| x.matmul(&other))
            }

            fn __rmatmul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                product(self.0.clone(), other, |x, other| other.matmul(&x))
            }

            fn __imatmul__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
                let other = <Array<$backend> as FromPython<$backend>>::from_python(other)?;
                slf.try_borrow_mut()?.0.matmul_assign(other).map_err(exception)
            }

            #[getter]
            fn dtype(&self) -> DType {
                DType(self.0.dtype())
            }

            #[getter]
            fn device(&self) -> Device {
                Device(self.0.device())
            }

            #[getter]
            fn ndim(&self) -> usize {
                self.0.ndim()
            }

            #[getter]
            fn size(&self) -> usize {
                self.0.size()
            }

            #[getter]
            fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
                PyTuple::new(py, self.0.shape())
            }

            #[getter]
            #[allow(non_snake_case)] // the standard's name
            fn T<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Exposed::wrap(py, self.0.T().map_err(exception)?)
            }

            #[getter]
            #[allow(non_snake_case)] // the standard's name
            fn mT<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Exposed::wrap(py, self.0.mT().map_err(exception)?)
            }

            #[pyo3(signature = (*, api_version = None))]
            fn __array_namespace__(
                &self,
                py: Python<'_>,
                api_version: Option<&str>,
            ) -> PyResult<Py<PyAny>> {
                if let Some(version) = api_version.filter(|v| !VERSIONS.contains(v)) {
                    return Err(PyValueError::new_err(format!(
                        "there is no namespace for version {version}, but for {VERSIONS:?}"
                    )));
                }
                let module = <$backend>::module().get(py);
                Ok(module.expect("the module is made before any array").clone_ref(py).into_any())
            }

            #[pyo3(signature = (device, /, *, stream = None))]
            fn to_device<'py>(
                &self,
                device: &Bound<'py, PyAny>,
                stream: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                if stream.is_some() {
                    return Err(PyValueError::new_err("streams are not supported; leave stream out"));
                }
                let to = <arrayspace::Device as FromPython<$backend>>::from_python(device)?;
                Exposed::wrap(device.py(), self.0.to_device(to).map_err(exception)?)
            }

            #[pyo3(signature = (dtype = None, copy = None))]
            fn __array__<'py>(
                slf: &Bound<'py, Self>,
                py: Python<'py>,
                dtype: Option<&Bound<'py, PyAny>>,
                copy: Option<bool>,
            ) -> PyResult<Bound<'py, PyAny>> {
                // the memory itself, read-only, where the host sees it; NumPy converts and copies as it
                // is asked to
                let numpy = py.import("numpy")?;
                let host = PyDict::new(py);
                host.set_item("device", "cpu")?;
                let x = numpy.call_method("from_dlpack", (slf,), Some(&host))?;
                let keywords = PyDict::new(py);
                keywords.set_item("dtype", dtype)?;
                keywords.set_item("copy", copy)?;
                numpy.call_method("asarray", (x,), Some(&keywords))
            }

            #[pyo3(signature = (*, stream = None, max_version = None, dl_device = None, copy = None))]
            fn __dlpack__<'py>(
                &self,
                py: Python<'py>,
                stream: Option<i64>,
                max_version: Option<(u32, u32)>,
                dl_device: Option<(Bound<'py, PyAny>, i32)>,
                copy: Option<bool>,
            ) -> PyResult<Bound<'py, PyCapsule>> {
                dlpack::export(py, &self.0, stream, max_version, dl_device, copy)
            }

            fn __dlpack_device__(&self) -> (i32, i32) {
                let device = self.0.dlpack_device();
                (device.device_type.0, device.device_id)
            }

            fn __bool__(&self) -> PyResult<bool> {
                bool::try_from(&self.0).map_err(exception)
            }

            fn __int__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                integer(&self.0, py)
            }

            fn __index__(&self) -> PyResult<i128> {
                subscript(&self.0).map_err(exception)
            }

            fn __float__(&self) -> PyResult<f64> {
                f64::try_from(&self.0).map_err(exception)
            }

            fn __complex__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let value = Complex::<f64>::try_from(&self.0).map_err(exception)?;
                Ok(PyComplex::from_doubles(py, value.re, value.im).into_any())
            }

            fn __len__(&self) -> PyResult<usize> {
                let first = self.0.shape().first().copied();
                first.ok_or_else(|| PyTypeError::new_err("len() of a 0-d array"))
            }

            fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.__len__()?;
                let items = self.0.iter().map(|x| Exposed::wrap(py, x));
                let items = items.collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, items)?.call_method0("__iter__")
            }

            fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                let x = self.0.get(index::<$backend>(key)?).map_err(exception)?;
                Exposed::wrap(key.py(), x)
            }

            fn __setitem__(
                slf: &Bound<'_, Self>,
                key: &Bound<'_, PyAny>,
                value: &Bound<'_, PyAny>,
            ) -> PyResult<()> {
                let key = index::<$backend>(key)?;
                let value = match operand::<$backend>(value)? {
                    Some(value) => value,
                    None => from_object(<$backend>::instance(), value, Wanted::default())?.into(),
                };
                slf.try_borrow_mut()?.0.set(key, value).map_err(exception)
            }

            fn __repr__(&self) -> String {
                format!("{:?}", self.0)
            }

            fn __str__(&self) -> String {
                self.0.to_string()
            }

            fn __format__<'py>(
                &self,
                py: Python<'py>,
                format: &Bound<'py, PyAny>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let value = if self.0.ndim() == 0 {
                    number(&self.0, py)?
                } else {
                    self.__str__().into_bound_py_any(py)?
                };
                value.call_method1("__format__", (format,))
            }
        }
    };
}

array_class!(CpuArray: Cpu, "arrayspace.cpu", Cpu::new());
#[cfg(feature = "wgpu")]
array_class!(
    WgpuArray: arrayspace::Wgpu,
    "arrayspace.wgpu",
    arrayspace::Wgpu::new().expect("the module is made where there is a device")
);
