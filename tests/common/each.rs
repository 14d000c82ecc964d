//! Modules of tests, one for each backend, from functions that are generic over it.

#[cfg(feature = "wgpu")]
#[path = "gpu.rs"]
pub(crate) mod gpu;

/// Runs tests, functions generic over the backend, on each backend.
#[allow(unused_macros)] // as below
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
                    if let Some(xp) = crate::each::gpu::gpu() {
                        super::$test(&xp)
                    }
                }
            )*
        }
    };
}
#[allow(unused_imports)] // not every test has such modules
pub(crate) use on_each_backend;
