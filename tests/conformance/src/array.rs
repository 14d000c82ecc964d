//! The class of arrays: attributes, methods and operators.

use arrayspace::{Array, Complex, Cpu, Namespace, Operand, Result, Scalar};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyCapsule, PyComplex, PyDict, PyFloat, PyModule, PyTuple};

use crate::asarray::{Wanted, from_object, pickled};
use crate::backend::Exposed;
use crate::convert::{FromPython, operand, scalar};
use crate::dlpack;
use crate::dtype::{DType, Device};
use crate::errors::exception;
use crate::index::{Gives, key};
use crate::view::{View, copied};

/// The revisions of the standard for which the namespace may be asked: the last one has all that the
/// ones before it have.
const VERSIONS: [&str; 5] = ["2021.12", "2022.12", "2023.12", "2024.12", "2025.12"];

/// The answer of an operator to an operand that is none: `NotImplemented`, upon which Python asks the other
/// object. An array of NumPy's would convert ours and give one of its own, or Python would say of `==` that
/// both are other objects; so that is an error. (Where it is on the left NumPy asks us first, for
/// `__array_priority__` is higher here.)
fn refused<'py>(other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if other.hasattr("__array_interface__")? {
        let class = other.get_type().fully_qualified_name()?;
        return Err(PyTypeError::new_err(format!(
            "an array does not combine with an object of type {class}; convert that with asarray"
        )));
    }
    Ok(other.py().NotImplemented().into_bound(other.py()))
}

/// An operator of an array and another operand.
fn binary<'py, B: Exposed>(
    x: Array<B>,
    other: &Bound<'py, PyAny>,
    call: impl FnOnce(Array<B>, Operand<'_, B>) -> Result<Array<B>>,
) -> PyResult<Bound<'py, PyAny>> {
    match operand(other)? {
        Some(operand) => B::wrap(other.py(), call(x, operand).map_err(exception)?),
        None => refused(other),
    }
}

/// `x[key]`: a view of the array, or a copy, as in NumPy.
fn item<'py, B: Exposed>(x: &View<B>, at: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let (py, at) = (at.py(), key::<B>(at, None)?);
    let result = x.array().get(at.index).map_err(exception)?;
    let result = match at.gives {
        Gives::Copy => View::new(result),
        Gives::Element(ndim) if ndim == x.shape().len() => View::new(result),
        Gives::Element(_) | Gives::View => x.derive(result),
    };
    B::object(py, result?)
}

/// `x[key] = value`.
fn set_item<B: Exposed>(
    x: &View<B>,
    at: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let at = key::<B>(at, Some(x))?;
    let value = match B::view(value) {
        Some(value) => {
            // `x[key] += y` writes to a view, and then that view to its own place
            if at.gives == Gives::View
                && value.is_of_same_memory(x)
                && x.derive(x.array().get(&at.index).map_err(exception)?)?.is_same(value)
            {
                return Ok(());
            }
            x.apart(value)?.into()
        }
        None => match scalar::<B>(value)? {
            Some(value) => Operand::Scalar(value),
            None => x.apart(&from_object(B::instance(), value, Wanted::default())?)?.into(),
        },
    };
    x.set(at.index, value)
}

/// A matrix product, which takes arrays alone.
fn product<'py, B: Exposed>(
    x: Array<B>,
    other: &Bound<'py, PyAny>,
    call: impl FnOnce(Array<B>, Array<B>) -> Result<Array<B>>,
) -> PyResult<Bound<'py, PyAny>> {
    match B::unwrap(other) {
        Some(operand) => B::wrap(other.py(), call(x, operand).map_err(exception)?),
        None => refused(other),
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
    ($class:ident $rows:ident: $backend:ty, $name:literal, $instance:expr) => {
        array_class! { @methods $class $rows: $backend, $name, $instance;
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
    (@methods $class:ident $rows:ident: $backend:ty, $name:literal, $instance:expr;
        unary { $($neg:ident $negative:ident),* }
        binary { $($add:ident $radd:ident $iadd:ident $function:ident $assign:ident),* }
        comparison { $($eq:ident $equal:ident),* }
    ) => {
        /// An array: elements of one dtype on one device, in memory that it may share with other arrays.
        ///
        /// A view (`x[0, :]`, `x.T`, what `reshape` gives without a copy, and the like) is of the memory
        /// of the array that it was made of: a write to either is one to both.
        #[pyclass(name = "Array", module = $name, frozen, weakref)]
        pub(crate) struct $class(View<$backend>);

        /// The rows of an array, or the elements of a line, one after the other.
        #[pyclass(name = "Rows", module = $name)]
        pub(crate) struct $rows {
            array: View<$backend>,
            next: i64,
        }

        #[pymethods]
        impl $rows {
            fn __iter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
                if self.__length_hint__() == 0 {
                    return Ok(None);
                }
                let place = self.next;
                self.next += 1;
                item(&self.array, &place.into_bound_py_any(py)?).map(Some)
            }

            fn __length_hint__(&self) -> usize {
                let rows = self.array.shape().first().copied().unwrap_or(0);
                rows.saturating_sub(self.next as usize)
            }
        }

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

            fn object(py: Python<'_>, x: View<Self>) -> PyResult<Bound<'_, PyAny>> {
                Ok(Bound::new(py, $class(x))?.into_any())
            }

            fn view<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a View<Self>> {
                Some(&object.cast::<$class>().ok()?.get().0)
            }
        }

        #[pymethods]
        impl $class {
            $(
                fn $neg<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    let x = <$backend>::instance().$negative(self.0.array()).map_err(exception)?;
                    Exposed::wrap(py, x)
                }
            )*

            $(
                fn $add<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.array(), other, |x, other| xp.$function(x, other))
                }

                fn $radd<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.array(), other, |x, other| xp.$function(other, x))
                }

                fn $iadd(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
                    let other = <Operand<'_, $backend> as FromPython<$backend>>::from_python(other)?;
                    slf.get().0.assign(|x| x.$assign(other))
                }
            )*

            $(
                fn $eq<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    let xp = <$backend>::instance();
                    binary(self.0.array(), other, |x, other| xp.$equal(x, other))
                }
            )*

            fn __pow__<'py>(
                &self,
                other: &Bound<'py, PyAny>,
                _modulo: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                binary(self.0.array(), other, |x, other| x.pow(other))
            }

            fn __rpow__<'py>(
                &self,
                other: &Bound<'py, PyAny>,
                _modulo: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let xp = <$backend>::instance();
                binary(self.0.array(), other, |x, other| xp.pow(other, x))
            }

            fn __ipow__(
                slf: &Bound<'_, Self>,
                other: &Bound<'_, PyAny>,
                _modulo: Option<&Bound<'_, PyAny>>,
            ) -> PyResult<()> {
                let other = <Operand<'_, $backend> as FromPython<$backend>>::from_python(other)?;
                slf.get().0.assign(|x| x.pow_assign(other))
            }

            fn __matmul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                product(self.0.array(), other, |x, other| x.matmul(&other))
            }

            fn __rmatmul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                product(self.0.array(), other, |x, other| other.matmul(&x))
            }

            fn __imatmul__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
                let other = <Array<$backend> as FromPython<$backend>>::from_python(other)?;
                slf.get().0.assign(|x| x.matmul_assign(other))
            }

            #[getter]
            fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, DType>> {
                DType::object(py, self.0.dtype())
            }

            #[getter]
            fn device(&self) -> Device {
                Device(self.0.device())
            }

            #[getter]
            fn ndim(&self) -> usize {
                self.0.shape().len()
            }

            #[getter]
            fn size(&self) -> usize {
                self.0.shape().iter().product()
            }

            #[getter]
            fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
                PyTuple::new(py, self.0.shape())
            }

            #[getter]
            #[allow(non_snake_case)] // the standard's name
            fn T<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Exposed::object(py, self.0.derive(self.0.array().T().map_err(exception)?)?)
            }

            #[getter]
            #[allow(non_snake_case)] // the standard's name
            fn mT<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Exposed::object(py, self.0.derive(self.0.array().mT().map_err(exception)?)?)
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
                slf: &Bound<'py, Self>,
                device: &Bound<'py, PyAny>,
                stream: Option<&Bound<'py, PyAny>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                if stream.is_some() {
                    return Err(PyValueError::new_err("streams are not supported; leave stream out"));
                }
                let to = <arrayspace::Device as FromPython<$backend>>::from_python(device)?;
                let x = &slf.get().0;
                if to == x.device() {
                    return Ok(slf.clone().into_any());
                }
                Exposed::wrap(device.py(), x.array().to_device(to).map_err(exception)?)
            }

            #[pyo3(signature = (dtype = None, copy = None))]
            fn __array__<'py>(
                slf: &Bound<'py, Self>,
                py: Python<'py>,
                dtype: Option<&Bound<'py, PyAny>>,
                copy: Option<bool>,
            ) -> PyResult<Bound<'py, PyAny>> {
                // the memory itself, which both may write, where the host sees it; NumPy converts and
                // copies as it is asked to
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
                let device = self.0.array().dlpack_device();
                (device.device_type.0, device.device_id)
            }

            fn __bool__(&self) -> PyResult<bool> {
                bool::try_from(&self.0.array()).map_err(exception)
            }

            fn __int__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                integer(&self.0.array(), py)
            }

            fn __index__(&self) -> PyResult<i128> {
                subscript(&self.0.array()).map_err(exception)
            }

            fn __float__(&self) -> PyResult<f64> {
                f64::try_from(&self.0.array()).map_err(exception)
            }

            fn __complex__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let value = Complex::<f64>::try_from(&self.0.array()).map_err(exception)?;
                Ok(PyComplex::from_doubles(py, value.re, value.im).into_any())
            }

            fn __len__(&self) -> PyResult<usize> {
                let first = self.0.shape().first().copied();
                first.ok_or_else(|| PyTypeError::new_err("len() of a 0-d array"))
            }

            fn __iter__(&self) -> PyResult<$rows> {
                self.__len__()?;
                Ok($rows { array: self.0.clone(), next: 0 })
            }

            fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                item(&self.0, key)
            }

            fn __setitem__(&self, key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
                set_item(&self.0, key, value)
            }

            fn __copy__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Exposed::wrap(py, copied(&self.0.array())?)
            }

            fn __deepcopy__<'py>(
                &self,
                py: Python<'py>,
                _memo: &Bound<'py, PyAny>,
            ) -> PyResult<Bound<'py, PyAny>> {
                self.__copy__(py)
            }

            /// The function that makes the array again, for pickle: of the dtype, the shape and the bytes.
            fn __reduce__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<(Bound<'py, PyAny>, (&'static str, Bound<'py, PyTuple>, Bound<'py, PyBytes>))>
            {
                let module = <$backend>::module().get(py).expect("the module is made before any array");
                let shape = PyTuple::new(py, self.0.shape())?;
                let bytes = pickled(py, &self.0.array())?;
                Ok((module.bind(py).getattr("_restore")?, (self.0.dtype().name(), shape, bytes)))
            }

            /// Higher than that of NumPy's arrays, so that they leave operators to the array.
            #[classattr]
            #[allow(non_upper_case_globals)] // NumPy's name
            const __array_priority__: f64 = 1000.0;

            fn __repr__(&self) -> String {
                format!("{:?}", self.0.array())
            }

            fn __str__(&self) -> String {
                self.0.array().to_string()
            }

            fn __format__<'py>(
                &self,
                py: Python<'py>,
                format: &Bound<'py, PyAny>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let value = if self.0.shape().is_empty() {
                    number(&self.0.array(), py)?
                } else {
                    self.__str__().into_bound_py_any(py)?
                };
                value.call_method1("__format__", (format,))
            }
        }
    };
}

array_class!(CpuArray CpuRows: Cpu, "arrayspace.cpu", Cpu::new());
#[cfg(feature = "wgpu")]
array_class!(
    WgpuArray WgpuRows: arrayspace::Wgpu,
    "arrayspace.wgpu",
    arrayspace::Wgpu::new().expect("the module is made where there is a device")
);
