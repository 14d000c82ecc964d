//! The Python Array API standard (v2025.12) as a Rust library.
//!
//! Write a numeric algorithm once, over [`Namespace`]; the user of it chooses the backend it runs on.
//!
//! ```
//! use arrayspace::prelude::*;
//!
//! /// Standard scores of `x`, on whichever backend `x` lives.
//! fn z_score<N: Namespace>(x: &Array<N>) -> Result<Array<N>> {
//!     let xp = x.namespace();
//!     Ok((x - xp.mean(x, ())?) / xp.std(x, ())?)
//! }
//!
//! # #[cfg(feature = "cpu")]
//! # fn main() -> Result<()> {
//! let cpu = Cpu::new();
//! let z = z_score(&cpu.asarray([1.0, 2.0, 3.0], ())?)?;
//! assert_eq!(z.to_vec::<f64>()?[1], 0.0);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "cpu"))]
//! # fn main() {}
//! ```
//!
//! Names are the standard's, function by function and parameter by parameter. Functions return
//! [`Result`]; operators panic where the function of the same meaning would return an error. Keyword
//! arguments are [`options`]. Arrays are values: writing to one never changes another.

mod arg;
mod array;
mod array_like;
mod axes;
mod category;
mod compute;
pub mod constants;
pub mod dlpack;
mod dtype_arg;
pub mod extensions;
mod index;
mod namespace;
pub mod options;
mod shape_arg;

pub use arg::{Arg, MaybeOperand, MaybeScalar, Operand};
pub use array::{Array, ArrayParts, Iter};
pub use array_like::{ArrayLike, Measure, Nested};
pub use arrayspace_core as core;
pub use arrayspace_core::{
    Backend, DType, DTypeKind, Device, DeviceKind, Element, Error, Result, Scalar, with_element,
};
#[cfg(feature = "cpu")]
pub use arrayspace_cpu::Cpu;
#[cfg(feature = "wgpu")]
pub use arrayspace_wgpu::{self as wgpu, Wgpu};
pub use axes::{Axes, Axis, ContractedAxes, Shift};
pub use dtype_arg::{DTypeOf, Kind, Kinds, Promoted, PromotedList};
pub use half::{bf16, f16};
pub use index::{Ellipsis, Index, IndexItem, NewAxis, Slice};
pub use namespace::{
    FInfo, IInfo, Info, Namespace, NamespaceCapabilities, UniqueAllResult, UniqueCountsResult,
    UniqueInverseResult,
};
pub use num_complex::Complex;
pub use shape_arg::{Count, MaybeCount, Shape};

/// What a program that uses `arrayspace` imports.
pub mod prelude {
    #[cfg(feature = "cpu")]
    pub use crate::Cpu;
    #[cfg(feature = "wgpu")]
    pub use crate::Wgpu;
    pub use crate::options::axis;
    pub use crate::{Array, DType, Device, Ellipsis, Error, Namespace, NewAxis, Result, Scalar, s};
}

#[cfg(all(doctest, feature = "cpu"))]
#[doc = include_str!("../README.md")]
struct Readme;
