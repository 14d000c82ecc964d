//! The contract between `arrayspace` and its backends.
//!
//! A backend stores arrays and computes on them. This crate says what it is asked for, and in which
//! words: [`DType`]s, [`Layout`]s, elementwise [`Program`]s, operations as enums, [`Error`]s, and the
//! trait [`Backend`] itself. Promotion, broadcasting and the checks of shapes, axes and dtypes are done
//! once, above the trait: a backend receives operands that fit.
//!
//! `docs/architecture.md` of the repository describes how to write a backend.

mod backend;
mod capabilities;
mod device;
mod dtype;
mod element;
mod error;
mod extension;
mod host;
mod layout;
mod ops;
mod program;
mod scalar;

pub use backend::{Access, Backend, IndexTerm, Input, Part, View};
pub use capabilities::{Capabilities, DTypeSet, DefaultDTypes, OpClass};
pub use device::{Device, DeviceKind};
pub use dtype::{DType, DTypeKind};
pub use element::Element;
pub use error::{Error, Message, Result};
pub use extension::{FactorOp, FourierOp};
pub use host::HostMemory;
pub use layout::{Dims, Layout, MAX_NDIM, Strides, element_count};
pub use ops::{ArgFoldOp, BinaryOp, FoldOp, ScanOp, Side, UnaryOp};
pub use program::{Program, Slot, Step, StepOp};
pub use scalar::Scalar;

/// The types of elements that other crates define, for [`with_element!`].
#[doc(hidden)]
pub mod elements {
    pub use half::{bf16, f16};
    pub use num_complex::Complex;
}
