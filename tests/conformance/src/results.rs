//! Results of Rust as objects of Python.

use arrayspace::core::DefaultDTypes;
use arrayspace::extensions::{EigResult, EighResult, QRResult, SVDResult, SlogdetResult};
use arrayspace::{
    Array, DType, Device, FInfo, IInfo, NamespaceCapabilities, UniqueAllResult, UniqueCountsResult,
    UniqueInverseResult,
};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::backend::Exposed;
use crate::dtype;
use crate::errors::exception;
use crate::view::View;

/// A result of a function of the backend `B`.
pub(crate) trait IntoPython<B: Exposed> {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;
}

/// Errors become exceptions.
impl<B: Exposed, T: IntoPython<B>> IntoPython<B> for arrayspace::Result<T> {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.map_err(exception)?.into_python(py)
    }
}

impl<B: Exposed> IntoPython<B> for Array<B> {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        B::wrap(py, self)
    }
}

impl<B: Exposed> IntoPython<B> for View<B> {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        B::object(py, self)
    }
}

impl<B: Exposed> IntoPython<B> for DType {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(dtype::DType::object(py, self)?.into_any())
    }
}

impl<B: Exposed> IntoPython<B> for Device {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        dtype::Device(self).into_bound_py_any(py)
    }
}

macro_rules! plain {
    ($($t:ty)*) => { $(
        impl<B: Exposed> IntoPython<B> for $t {
            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                self.into_bound_py_any(py)
            }
        }
    )* };
}
plain!(bool u32 f64 i128 usize);

/// Lists become tuples.
macro_rules! tuples {
    ($($t:ty),*) => { $(
        impl<B: Exposed> IntoPython<B> for Vec<$t> {
            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                let items: Vec<_> = self
                    .into_iter()
                    .map(|x| IntoPython::<B>::into_python(x, py))
                    .collect::<PyResult<_>>()?;
                Ok(PyTuple::new(py, items)?.into_any())
            }
        }
    )* };
}
tuples!(Array<B>, View<B>, Device, usize);

/// A result of a function that gives views in Python.
pub(crate) trait Derived<B: Exposed> {
    /// The result for the argument `x`, as an object.
    fn derived<'py>(self, x: &View<B>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

impl<B: Exposed> Derived<B> for arrayspace::Result<Array<B>> {
    fn derived<'py>(self, x: &View<B>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        x.derive(self.map_err(exception)?)?.into_python(py)
    }
}

impl<B: Exposed> Derived<B> for arrayspace::Result<Vec<Array<B>>> {
    fn derived<'py>(self, x: &View<B>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let views = self.map_err(exception)?.into_iter().map(|result| x.derive(result));
        views.collect::<PyResult<Vec<_>>>()?.into_python(py)
    }
}

/// Structures become named tuples, whose classes are in `arrayspace._core` so that they can be pickled.
macro_rules! named_tuples {
    ($($t:ty: $class:literal { $($field:ident $name:literal),* })*) => {
        /// Makes the classes.
        pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
            let py = module.py();
            let make = py.import("collections")?.getattr("namedtuple")?;
            let keywords = PyDict::new(py);
            keywords.set_item("module", "arrayspace._core")?;
            $(
                let class = make.call(($class, [$($name),*]), Some(&keywords))?;
                module.add($class, class)?;
            )*
            Ok(())
        }

        $(
            impl<B: Exposed> IntoPython<B> for $t {
                fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                    let class = CLASS.get_or_try_init(py, || -> PyResult<_> {
                        Ok(py.import("arrayspace._core")?.getattr($class)?.unbind())
                    })?;
                    let fields = [$(IntoPython::<B>::into_python(self.$field, py)?),*];
                    class.bind(py).call1(PyTuple::new(py, fields)?)
                }
            }
        )*
    };
}
named_tuples! {
    FInfo: "finfo_object" {
        bits "bits", eps "eps", max "max", min "min", smallest_normal "smallest_normal", dtype "dtype"
    }
    IInfo: "iinfo_object" { bits "bits", max "max", min "min", dtype "dtype" }
    UniqueAllResult<B>: "UniqueAllResult" {
        values "values", indices "indices", inverse_indices "inverse_indices", counts "counts"
    }
    UniqueCountsResult<B>: "UniqueCountsResult" { values "values", counts "counts" }
    UniqueInverseResult<B>: "UniqueInverseResult" {
        values "values", inverse_indices "inverse_indices"
    }
    EigResult<B>: "EigResult" { eigenvalues "eigenvalues", eigenvectors "eigenvectors" }
    EighResult<B>: "EighResult" { eigenvalues "eigenvalues", eigenvectors "eigenvectors" }
    QRResult<B>: "QRResult" { q "Q", r "R" }
    SlogdetResult<B>: "SlogdetResult" { sign "sign", logabsdet "logabsdet" }
    SVDResult<B>: "SVDResult" { u "U", s "S", vh "Vh" }
}

/// Dictionaries of values under the standard's keys.
macro_rules! dictionaries {
    ($($t:ty { $($field:ident $key:literal),* })*) => { $(
        impl<B: Exposed> IntoPython<B> for $t {
            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                let out = PyDict::new(py);
                $(out.set_item($key, IntoPython::<B>::into_python(self.$field, py)?)?;)*
                Ok(out.into_any())
            }
        }
    )* };
}
dictionaries! {
    NamespaceCapabilities {
        boolean_indexing "boolean indexing",
        data_dependent_shapes "data-dependent shapes",
        max_dimensions "max dimensions"
    }
    DefaultDTypes {
        real_floating "real floating",
        complex_floating "complex floating",
        integral "integral",
        indexing "indexing"
    }
}

/// Dtypes by their names.
impl<B: Exposed> IntoPython<B> for Vec<DType> {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let out = PyDict::new(py);
        for dtype in self {
            out.set_item(dtype.name(), IntoPython::<B>::into_python(dtype, py)?)?;
        }
        Ok(out.into_any())
    }
}
