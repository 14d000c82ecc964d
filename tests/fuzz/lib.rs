//! The fuzz targets: functions that take any bytes, and panic where something is wrong.

mod bytes;
mod dlpack;
mod index;
mod programs;
mod values;

#[path = "../common/calls.rs"]
mod calls;
#[path = "../indexing/check.rs"]
mod check;
#[path = "../common/elsewhere.rs"]
mod elsewhere;
#[path = "../dlpack/foreign.rs"]
#[allow(dead_code)] // made for tests that look at more of it
mod foreign;
#[path = "../indexing/model.rs"]
mod model;

pub use dlpack::dlpack;
pub use index::index;
pub use programs::programs;
