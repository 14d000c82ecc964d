//! The contract between `arrayspace` and its backends.
//!
//! A backend stores arrays and computes on them. This crate defines its methods, the trait [`Backend`],
//! and the types that they take: [`DType`]s, [`Layout`]s, elementwise [`Program`]s, operations as enums,
//! [`Error`]s. Promotion and broadcasting are done once, above the trait: a backend receives operands
//! that fit. Backends check that they do with the functions of [`check`], so that a mistake is the same
//! error on all of them.
//!
//! `docs/architecture.md` of the repository describes how to write a backend. The crate
//! `arrayspace-backend-tests` proves that one is complete.
//!
//! # Words
//!
//! The contract's methods are named after what they do to memory:
//!
//! | method | elsewhere |
//! |---|---|
//! | [`map`](Backend::map) | an elementwise kernel |
//! | [`fold`](Backend::fold) | a reduction |
//! | [`arg_fold`](Backend::arg_fold) | argmax, argmin |
//! | [`scan`](Backend::scan) | a prefix sum or product |
//! | [`contract`](Backend::contract) | a batched matrix product |
//! | [`order`](Backend::order), [`order_indices`](Backend::order_indices) | sort, argsort |
//! | [`search`](Backend::search) | searchsorted |
//! | [`compact`](Backend::compact) | a masked select |
//! | [`assemble`](Backend::assemble) | a copy of parts: concatenate, stack, tile |
//! | [`gather`](Backend::gather), [`scatter`](Backend::scatter) | take, put |
//!
//! # Versions
//!
//! These rules keep a backend compiling when the contract grows.
//!
//! - The enums of operations ([`UnaryOp`], [`BinaryOp`], [`StepOp`], [`FoldOp`], [`ArgFoldOp`],
//!   [`ScanOp`], [`ScatterOp`], [`FactorOp`], [`FourierOp`]) and [`Error`], [`OpClass`], [`DeviceKind`],
//!   [`Capabilities`] are `#[non_exhaustive]`. A new operation, error or capability raises the minor
//!   version of this crate (of `0.x`: the patch version).
//! - A backend returns [`Error::Unsupported`] for an operation that it does not know: [`check::unknown`]
//!   is that error.
//! - A new method of [`Backend`] has a default, which uses other methods, and raises the same number.
//! - [`DType`], [`DTypeKind`], [`Side`] and [`Access`] are exhaustive: a new dtype changes every kernel
//!   table, and raises the major version (of `0.x`: the minor version), as every other change of a
//!   signature does.
//! - The crates of this repository have one version number and are released together. `arrayspace` and
//!   this crate are for everybody, and so are the constructors and methods of `arrayspace-cpu` and
//!   `arrayspace-wgpu`. `arrayspace-fft` and `arrayspace-linalg` are internal: they may change with every
//!   release.
//! - No type of `faer`, `rustfft`, `rayon` or `wgpu` is part of a public signature of a crate that is for
//!   everybody. Types of `num-complex`, `half` and `smallvec` are, and a new major version of one of them
//!   raises ours.

mod backend;
mod capabilities;
pub mod check;
mod cut;
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

pub use backend::{Access, Backend, IndexTerm, Input, Part, Receiver, View};
pub use capabilities::{Capabilities, DTypeSet, DefaultDTypes, Extensions, OpClass};
pub use cut::Cut;
pub use device::{Device, DeviceKind};
pub use dtype::{DType, DTypeKind};
pub use element::Element;
pub use error::{Error, Message, Result};
pub use extension::{FactorOp, FourierOp};
pub use host::HostMemory;
pub use layout::{
    Dims, Layout, MAX_NDIM, Strides, collapse, element_count, is_injective, unravel_index,
};
pub use ops::{ArgFoldOp, BinaryOp, FoldOp, ScanOp, ScatterOp, Side, UnaryOp};
pub use program::{Program, Slot, Step, StepOp};
pub use scalar::Scalar;

/// The types of elements that other crates define, for [`with_element!`].
#[doc(hidden)]
pub mod elements {
    pub use half::{bf16, f16};
    pub use num_complex::Complex;
}
