//! The public API of `arrayspace` as a Python module, for the tests in this folder.
//!
//! Nothing is computed here: arguments and errors are converted, and functions called. The functions of
//! the namespaces, with their names and signatures, are those of the standard's table
//! (`tests/data/api_2025_12.json`), each looked up among the calls in `functions`.
//!
//! A namespace of Python is made for each backend that implements `backend::Exposed`.

mod api;
mod array;
mod asarray;
mod backend;
mod convert;
mod dlpack;
mod dtype;
mod errors;
mod functions;
mod index;
mod namespace;
mod options;
mod results;
mod view;

use pyo3::prelude::*;

/// `arrayspace._core`: registers the module of each backend, so that it can be imported. Where there is no
/// graphics device, the reason is there instead, `missing_wgpu`.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    results::register(module)?;
    module.add_class::<dtype::DType>()?;
    module.add_class::<dtype::Device>()?;
    module.add_function(wrap_pyfunction!(dtype::dtype, module)?)?;
    module.add_function(wrap_pyfunction!(dtype::device, module)?)?;
    #[cfg(feature = "wgpu")]
    match arrayspace::Wgpu::new() {
        Ok(_) => namespace::register::<arrayspace::Wgpu>(module)?,
        Err(e) => module.add("missing_wgpu", e.to_string())?,
    }
    namespace::register::<arrayspace::Cpu>(module)
}
