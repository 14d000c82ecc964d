//! The wgpu backend for the tests.
//!
//! Without a driver a test says so in one line, and passes; with `ARRAYSPACE_REQUIRE_WGPU=1` it fails.

use std::sync::OnceLock;

use arrayspace::Wgpu;

/// The backend, if there is a device.
pub(crate) fn gpu() -> Option<Wgpu> {
    static GPU: OnceLock<Option<Wgpu>> = OnceLock::new();
    let find = || match Wgpu::new() {
        Ok(gpu) => Some(gpu),
        Err(e) if std::env::var("ARRAYSPACE_REQUIRE_WGPU").is_ok_and(|v| v == "1") => {
            panic!("ARRAYSPACE_REQUIRE_WGPU=1, but {e}")
        }
        Err(e) => {
            eprintln!("skipped on wgpu: {e}");
            None
        }
    };
    GPU.get_or_init(find).clone()
}
