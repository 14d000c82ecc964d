//! The modules of a backend: the namespace and its extensions.

use std::ffi::CString;

use arrayspace::constants;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyModule, PyTuple};

use crate::api::{Function, TABLE};
use crate::backend::Exposed;
use crate::dtype;
use crate::functions::lookup;
use crate::results::IntoPython;

/// A text that lives as long as the module, which is never unloaded.
fn forever(text: CString) -> &'static std::ffi::CStr {
    Box::leak(text.into_boxed_c_str())
}

/// A function of the table as one of Python, with its signature.
fn function<'py, B: Exposed>(
    py: Python<'py>,
    function: &'static Function,
) -> PyResult<Bound<'py, PyCFunction>> {
    let call = lookup::<B>(function).ok_or_else(|| {
        PyImportError::new_err(format!(
            "{}, a function of the standard, has no call",
            function.name
        ))
    })?;
    let name = CString::new(function.name.as_str())?;
    PyCFunction::new_closure(
        py,
        Some(forever(name)),
        Some(forever(function.docstring())),
        move |args: &Bound<'_, PyTuple>, keywords: Option<&Bound<'_, PyDict>>| {
            let args = function.bind(args, keywords)?;
            Ok::<_, PyErr>(call(B::instance(), &args)?.unbind())
        },
    )
}

/// Puts the functions of the table that are in one of these chapters into an object.
fn fill<B: Exposed>(object: &Bound<'_, PyAny>, chapter: impl Fn(&str) -> bool) -> PyResult<()> {
    for f in TABLE.functions.iter().filter(|f| chapter(&f.category)) {
        object.setattr(f.name.as_str(), function::<B>(object.py(), f)?)?;
    }
    Ok(())
}

/// The object that `__array_namespace_info__` returns.
pub(crate) fn info<B: Exposed>(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let info = py.import("types")?.getattr("SimpleNamespace")?.call0()?;
    fill::<B>(&info, |chapter| chapter == "inspection.info")?;
    Ok(info)
}

/// A module, registered under its full name so that it can be imported.
fn module<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyModule>> {
    let module = PyModule::new(py, name)?;
    // to the import system, a package: it has modules below it
    module.setattr("__path__", PyTuple::empty(py))?;
    py.import("sys")?.getattr("modules")?.set_item(name, &module)?;
    Ok(module)
}

/// Makes the modules of a backend, and puts the namespace into `parent`.
pub(crate) fn register<B: Exposed>(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = parent.py();
    let namespace = module(py, B::MODULE)?;
    let extensions = ["linalg", "fft"];
    fill::<B>(&namespace, |chapter| {
        !extensions.contains(&chapter) && !["array_method", "inspection.info"].contains(&chapter)
    })?;
    for extension in extensions {
        let below = module(py, &format!("{}.{extension}", B::MODULE))?;
        fill::<B>(&below, |chapter| chapter == extension)?;
        namespace.add(extension, below)?;
    }
    for dtype in arrayspace::DType::ALL {
        namespace.add(dtype.name(), IntoPython::<B>::into_python(dtype, py)?)?;
    }
    namespace.add("e", constants::E)?;
    namespace.add("inf", constants::INF)?;
    namespace.add("nan", constants::NAN)?;
    namespace.add("pi", constants::PI)?;
    namespace.add("newaxis", py.None())?;
    namespace.add("__array_api_version__", TABLE.version.as_str())?;
    namespace.add("Array", B::class(py))?;
    namespace.add("DType", py.get_type::<dtype::DType>())?;
    namespace.add("Device", py.get_type::<dtype::Device>())?;
    B::module().get_or_init(py, || namespace.clone().unbind());
    let name = B::MODULE.rsplit('.').next().unwrap_or(B::MODULE);
    parent.add(name, namespace)
}
