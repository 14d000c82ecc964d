//! The standard's extensions: Fourier transforms and linear algebra.

mod fft;
mod linalg;

pub use fft::Fft;
pub use linalg::{
    EigResult, EighResult, Linalg, QRResult, SVDResult, SVDRightResult, SlogdetResult,
};

use arrayspace_core::Backend;
#[cfg(feature = "cpu")]
use arrayspace_core::Result;

use crate::array::Array;

/// The array in host memory, for the CPU backend to do what the array's own backend leaves out.
#[cfg(feature = "cpu")]
fn to_host<B: Backend>(x: &Array<B>) -> Result<Array<crate::Cpu>> {
    use crate::namespace::Namespace;
    crate::Cpu::new().asarray(x, ())
}

/// A result in host memory, brought to where `like` is.
#[cfg(feature = "cpu")]
fn from_host<B: Backend>(like: &Array<B>, out: &Array<crate::Cpu>) -> Result<Array<B>> {
    use crate::namespace::Namespace;
    like.backend.asarray(out, like.device())
}

/// Without the CPU backend there is nobody to do it.
#[cfg(not(feature = "cpu"))]
#[cold]
fn without_host<B: Backend>(x: &Array<B>, what: &str) -> arrayspace_core::Error {
    arrayspace_core::Error::unsupported(format_args!(
        "the backend {} has no {what}; enable the cargo feature `cpu`, which does it through host memory",
        B::backend_name(&x.backend)
    ))
}
