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
mod integers;
mod limits;
mod named;
mod namespace;
pub mod options;
mod shape_arg;

pub use arg::{Arg, ArrayList, MaybeOperand, MaybeScalar, Operand, Start};
pub use array::{Array, ArrayParts, Iter};
pub use array_like::{ArrayLike, Measure, Nested};
pub use arrayspace_core as core;
pub use arrayspace_core::{
    Backend, DType, DTypeKind, Device, DeviceKind, Element, Error, Extensions, Result, Scalar,
    with_element,
};
#[cfg(feature = "cpu")]
pub use arrayspace_cpu::Cpu;
#[cfg(feature = "wgpu")]
pub use arrayspace_wgpu::{self as wgpu, Wgpu};
pub use axes::{Axes, Axis, ContractedAxes, Shift};
pub use dtype_arg::{DTypeOf, Kind, Kinds, Promoted, PromotedList};
pub use half::{bf16, f16};
pub use index::{Ellipsis, Index, IndexArray, IndexItem, NewAxis, Slice, bytes_copied_by_set};
pub use integers::{AnyInteger, Integer, IntegerList};
pub use namespace::{
    FInfo, IInfo, Info, Namespace, NamespaceCapabilities, UniqueAllResult, UniqueCountsResult,
    UniqueInverseResult,
};
pub use num_complex::Complex;
pub use shape_arg::{Count, MaybeCount, Shape};

/// What a program that uses `arrayspace` imports.
///
/// Code that is generic over [`Namespace`] needs nothing else, `Backend` neither: that is for those who write
/// one.
///
/// ```
/// use arrayspace::prelude::*;
///
/// struct Layer<N: Namespace> {
///     weights: Array<N>,
///     bias: Array<N>,
/// }
///
/// impl<N: Namespace> Layer<N> {
///     /// A layer whose weights are orthonormal.
///     fn orthonormal(of: &Array<N>) -> Result<Self> {
///         let xp = of.namespace();
///         let QRResult { q, r: _ } = xp.linalg().qr(of, ())?;
///         let bias = xp.zeros(q.shape()[1], DType::Float64)?;
///         Ok(Layer { weights: q, bias })
///     }
///
///     fn apply(&self, x: &Array<N>) -> Result<Array<N>> {
///         Ok(x.matmul(&self.weights)? + &self.bias)
///     }
/// }
/// ```
pub mod prelude {
    #[cfg(feature = "cpu")]
    pub use crate::Cpu;
    #[cfg(feature = "wgpu")]
    pub use crate::Wgpu;
    pub use crate::extensions::{
        EigResult, EighResult, QRResult, SVDResult, SVDRightResult, SlogdetResult,
    };
    pub use crate::options::{axis, length};
    pub use crate::{Array, DType, Device, Ellipsis, Error, Namespace, NewAxis, Result, Scalar, s};
    pub use crate::{UniqueAllResult, UniqueCountsResult, UniqueInverseResult};
}

#[cfg(all(doctest, feature = "cpu"))]
#[doc = include_str!("../README.md")]
struct Readme;
