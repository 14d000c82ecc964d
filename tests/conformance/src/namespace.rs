//! The modules of a backend: the namespace and its extensions.

use std::ffi::CString;

use arrayspace::constants;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCFunction, PyDict, PyModule, PyTuple};

use crate::api::{Arguments, TABLE};
use crate::asarray::restored;
use crate::backend::Exposed;
use crate::dtype;
use crate::functions::lookup;
use crate::results::IntoPython;

/// A function of Python, which others can wrap, look into and pickle: its parameters are bound by Python,
/// and then given to `call` in one tuple.
fn define<'py>(
    py: Python<'py>,
    (module, name): (&str, &str),
    (signature, arguments): (&str, &[&str]),
    documentation: &str,
    call: impl for<'a> Fn(&Bound<'a, PyTuple>) -> PyResult<Py<PyAny>> + Send + Sync + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    let call = PyCFunction::new_closure(
        py,
        None,
        None,
        move |args: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| call(args),
    )?;
    let short = name.rsplit('.').next().unwrap_or(name);
    let arguments = arguments.join(", ");
    let text = format!(
        "def define(_call):\n def {short}({signature}):\n  return _call({arguments})\n return {short}"
    );
    let globals = PyDict::new(py);
    globals.set_item("__name__", module)?;
    py.run(&CString::new(text)?, Some(&globals), None)?;
    let define = globals.as_any().get_item("define")?;
    globals.del_item("define")?;
    let function = define.call1((call,))?;
    function.setattr("__qualname__", name)?;
    function.setattr("__doc__", documentation)?;
    Ok(function)
}

/// Puts the functions of the table that are in one of these chapters into an object of a module.
fn fill<B: Exposed>(
    object: &Bound<'_, PyAny>,
    module: &str,
    prefix: &str,
    chapter: impl Fn(&str) -> bool,
) -> PyResult<()> {
    for f in TABLE.functions.iter().filter(|f| chapter(&f.category)) {
        let call = lookup::<B>(f).ok_or_else(|| {
            let text = format!("{}, a function of the standard, has no call", f.name);
            PyImportError::new_err(text)
        })?;
        let name = format!("{prefix}{}", f.name);
        let function = define(
            object.py(),
            (module, &name),
            (&f.signature(), &f.names()),
            f.documentation(),
            move |args| Ok(call(B::instance(), &Arguments::new(f, args))?.unbind()),
        )?;
        object.setattr(f.name.as_str(), function)?;
    }
    Ok(())
}

/// The object that `__array_namespace_info__` returns: the functions that this function has as attributes
/// (so that they have a name to be pickled by).
pub(crate) fn info<B: Exposed>(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let module = B::module().get(py).expect("the module is made before its functions are called");
    let functions = module.bind(py).getattr(INFO)?.getattr("__dict__")?;
    py.import("types")?.getattr("SimpleNamespace")?.call((), Some(functions.cast()?))
}

const INFO: &str = "__array_namespace_info__";

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
    fill::<B>(&namespace, B::MODULE, "", |chapter| {
        !extensions.contains(&chapter) && !["array_method", "inspection.info"].contains(&chapter)
    })?;
    let prefix = format!("{INFO}.");
    fill::<B>(&namespace.getattr(INFO)?, B::MODULE, &prefix, |c| c == "inspection.info")?;
    for extension in extensions {
        let name = format!("{}.{extension}", B::MODULE);
        let below = module(py, &name)?;
        fill::<B>(&below, &name, "", |chapter| chapter == extension)?;
        namespace.add(extension, below)?;
    }
    let restore = define(
        py,
        (B::MODULE, "_restore"),
        ("dtype, shape, data", &["dtype", "shape", "data"]),
        "An array that was pickled.",
        |args| {
            let (dtype, shape, data): (String, Vec<i64>, Bound<'_, PyBytes>) = args.extract()?;
            let x = restored(B::instance(), &dtype, shape, data.as_bytes())?;
            Ok(B::wrap(args.py(), x)?.unbind())
        },
    )?;
    namespace.add("_restore", restore)?;
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
