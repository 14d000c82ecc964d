//! The standard's extensions: Fourier transforms and linear algebra.

mod fft;

pub use fft::Fft;

use arrayspace_core::{Backend, Result};

use crate::array::Array;

/// Lets the CPU backend do what the array's own backend leaves out, and brings the result back.
#[cfg(feature = "cpu")]
fn through_host<B: Backend>(
    x: &Array<B>,
    run: impl FnOnce(&Array<crate::Cpu>) -> Result<Array<crate::Cpu>>,
) -> Result<Array<B>> {
    use crate::namespace::Namespace;
    let out = run(&crate::Cpu::new().asarray(x, ())?)?;
    x.backend.asarray(&out, x.device())
}

/// Without the CPU backend there is nobody to do it.
#[cfg(not(feature = "cpu"))]
#[cold]
fn without_host<B: Backend>(x: &Array<B>, what: &str) -> arrayspace_core::Error {
    arrayspace_core::Error::unsupported(format_args!(
        "the backend {} has no {what}; enable the cargo feature `cpu`, which does it through host memory",
        x.backend.backend_name()
    ))
}
