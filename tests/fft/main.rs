//! The extension `fft`: examples, errors, and properties against the definition.

#![cfg(feature = "cpu")]

mod errors;
mod examples;
#[cfg(feature = "wgpu")]
#[path = "../common/gpu.rs"]
mod gpu;
mod model;
mod random;

/// Runs tests, functions generic over the backend, on each backend.
macro_rules! on_each_backend {
    ($($test:ident)*) => {
        mod cpu {
            $(
                #[test]
                fn $test() {
                    super::$test(&arrayspace::Cpu::new())
                }
            )*
        }
        #[cfg(feature = "wgpu")]
        mod wgpu {
            $(
                #[test]
                fn $test() {
                    if let Some(xp) = crate::gpu::gpu() {
                        super::$test(&xp)
                    }
                }
            )*
        }
    };
}
pub(crate) use on_each_backend;
