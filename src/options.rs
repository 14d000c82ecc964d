//! Keyword arguments: one type for each family of functions, with a setter for each of the standard's
//! parameters.
//!
//! Functions take them as `impl Into<...>`, so the common call stays short: `()` for the defaults, a
//! dtype for a creation, an axis for a reduction.
//!
//! ```
//! # #[cfg(feature = "cpu")] {
//! use arrayspace::options::{Creation, axis};
//! use arrayspace::prelude::*;
//! let cpu = Cpu::new();
//! let x = cpu.ones([3, 4], Creation::new().dtype(DType::Int8).device(Device::CPU))?;
//! assert_eq!(cpu.sum(&x, ())?.shape(), []);
//! assert_eq!(cpu.sum(&x, 0)?.shape(), [4]);
//! assert_eq!(cpu.sum(&x, axis(-1).keepdims(true).dtype(DType::Int64))?.shape(), [3, 1]);
//! # }
//! # Ok::<(), arrayspace::Error>(())
//! ```

pub use arrayspace_core::Side;
use arrayspace_core::{Backend, DType, Device};

use crate::Array;
use crate::axes::{Axes, Axis};
use crate::dlpack::{DLDevice, VERSION};

/// Declares an options type: fields with their defaults, and a setter for each.
macro_rules! options {
    (
        $(#[$doc:meta])*
        $name:ident $([$($g:tt)*] [$($p:tt)*])? { $( $(#[$fdoc:meta])* $field:ident: $t:ty = $default:expr, $arg:ty; )* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name $(<$($g)*>)? { $( pub(crate) $field: $t, )* }

        impl $(<$($g)*>)? Default for $name $(<$($p)*>)? {
            fn default() -> Self {
                $name { $( $field: $default, )* }
            }
        }

        impl $(<$($g)*>)? $name $(<$($p)*>)? {
            /// The standard's defaults.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$fdoc])*
                pub fn $field(mut self, $field: impl Into<$arg>) -> Self {
                    self.$field = $field.into().into();
                    self
                }
            )*
        }

        impl $(<$($g)*>)? From<()> for $name $(<$($p)*>)? {
            fn from((): ()) -> Self {
                Self::default()
            }
        }
    };
}

/// `$name` from what sets one of its fields.
macro_rules! from_field {
    ($($name:ident $field:ident: $($t:ty),*;)*) => { $( $(
        impl From<$t> for $name {
            fn from(value: $t) -> Self {
                Self::new().$field(value)
            }
        }
    )* )* };
}

options! {
    /// Of functions that make an array: dtype and device.
    Creation {
        /// The dtype of the result; inferred where not given.
        dtype: Option<DType> = None, Option<DType>;
        /// Where the result is; the default device (or that of the argument) where not given.
        device: Option<Device> = None, Option<Device>;
    }
}

options! {
    /// Of `asarray`: dtype, device, copy.
    AsArray {
        /// The dtype of the result; inferred where not given.
        dtype: Option<DType> = None, Option<DType>;
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
        /// `true`: always copy; `false`: never (an error where it is needed); `None`: where needed.
        copy: Option<bool> = None, Option<bool>;
    }
}

options! {
    /// Of `from_dlpack`: device and copy.
    FromDLPack {
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
        /// `true`: always copy; `false`: never (an error where it is needed); `None`: where needed.
        copy: Option<bool> = None, Option<bool>;
    }
}

options! {
    /// Of `to_dlpack`, which is the standard's `__dlpack__`.
    ToDLPack {
        /// A stream on which the consumer works. There are none, so nothing but `None` is taken.
        stream: Option<i64> = None, Option<i64>;
        /// The highest version of DLPack that the consumer knows, major and minor; `None` for one of
        /// before 1.0. (Where it is not given it is the version of this crate, since the consumer of a
        /// [`ManagedTensor`](crate::dlpack::ManagedTensor) sees which one it is.)
        max_version: Option<(u32, u32)> = Some((VERSION.major, VERSION.minor)), Option<(u32, u32)>;
        /// Where the consumer wants the tensor: where the array is, or on the host.
        dl_device: Option<DLDevice> = None, Option<DLDevice>;
        /// `true`: always copy; `false`: never (an error where it is needed); `None`: where needed.
        copy: Option<bool> = None, Option<bool>;
    }
}

options! {
    /// Of `astype`: copy and device.
    AsType {
        /// Whether to copy even if nothing changes. Arrays are values, so this decides about memory
        /// alone.
        copy: bool = true, bool;
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
    }
}

options! {
    /// Of `eye`: diagonal, dtype, device.
    Eye {
        /// The diagonal of the ones: positive above, negative below the main one.
        k: i64 = 0, i64;
        /// The dtype of the result.
        dtype: Option<DType> = None, Option<DType>;
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
    }
}

options! {
    /// Of `linspace`: endpoint, dtype, device.
    Linspace {
        /// The dtype of the result, a floating-point one.
        dtype: Option<DType> = None, Option<DType>;
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
        /// Whether the last value is `stop`.
        endpoint: bool = true, bool;
    }
}

options! {
    /// Of `tril` and `triu`: the diagonal.
    Triangle {
        /// The diagonal: positive above, negative below the main one.
        k: i64 = 0, i64;
    }
}

options! {
    /// Of reductions: axes, keepdims, and, for the functions that have them, dtype and correction.
    Reduction {
        /// The axes to reduce over; all where not given.
        axis: Axes = Axes::All, Axes;
        /// Whether the reduced axes stay, with length 1.
        keepdims: bool = false, bool;
        /// The dtype to compute in and of the result (`sum`, `prod`).
        dtype: Option<DType> = None, Option<DType>;
        /// What is subtracted from the number of elements in the divisor (`var`, `std`).
        #[doc(alias = "ddof")]
        correction: Option<f64> = None, f64;
    }
}

options! {
    /// Of `cumulative_sum` and `cumulative_prod`.
    Cumulative {
        /// The axis; may be left out for one dimension alone.
        axis: Axis = Axis::Default, Axis;
        /// The dtype to compute in and of the result.
        dtype: Option<DType> = None, Option<DType>;
        /// Whether the result begins with the identity (0 or 1), one longer along the axis.
        include_initial: bool = false, bool;
    }
}

options! {
    /// Of `sort` and `argsort`.
    Sort {
        /// The axis to sort along.
        axis: i64 = -1, i64;
        /// Whether the largest comes first.
        descending: bool = false, bool;
        /// Whether equal elements keep their order. Sorting is always stable here.
        stable: bool = true, bool;
    }
}

options! {
    /// Of `reshape`.
    Reshape {
        /// `true`: always copy; `false`: never (an error where it is needed); `None`: where needed.
        copy: Option<bool> = None, Option<bool>;
    }
}

options! {
    /// Of `isin`.
    IsIn {
        /// Whether to tell which are not in.
        invert: bool = false, bool;
    }
}

options! {
    /// Of `searchsorted`.
    SearchSorted['a, B: Backend]['a, B] {
        /// On which side of equal values.
        side: Side = Side::Left, Side;
        /// Indices that sort the array in ascending order, if it is not sorted.
        sorter: Option<&'a Array<B>> = None, &'a Array<B>;
    }
}

options! {
    /// Of `diff`.
    Diff['a, B: Backend]['a, B] {
        /// The axis.
        axis: i64 = -1, i64;
        /// How often to take differences.
        n: i64 = 1, i64;
        /// What to put before the array.
        prepend: Option<&'a Array<B>> = None, &'a Array<B>;
        /// What to put after the array.
        append: Option<&'a Array<B>> = None, &'a Array<B>;
    }
}

options! {
    /// Of the Fourier transforms along one axis.
    Transform {
        /// The length of the transform; that of the axis where not given (for transforms to real
        /// values `2(m - 1)`).
        n: Option<i64> = None, i64;
        /// The axis.
        axis: i64 = -1, i64;
        /// Where the factor `1/n` goes.
        norm: Norm = Norm::Backward, Norm;
    }
}

options! {
    /// Of the Fourier transforms along several axes.
    TransformN {
        /// The length along each of the axes, which must be given, too; -1 for that of the array.
        s: Option<Vec<i64>> = None, Vec<i64>;
        /// The axes; all where not given.
        axes: Option<Axes> = None, Axes;
        /// Where the factor `1/n` goes.
        norm: Norm = Norm::Backward, Norm;
    }
}

options! {
    /// Of `fftfreq` and `rfftfreq`.
    FftFreq {
        /// The distance between samples.
        d: f64 = 1.0, f64;
        /// The dtype of the result, a real floating-point one.
        dtype: Option<DType> = None, Option<DType>;
        /// Where the result is.
        device: Option<Device> = None, Option<Device>;
    }
}

options! {
    /// Of `fftshift` and `ifftshift`.
    FftShift {
        /// The axes; all where not given.
        axes: Axes = Axes::All, Axes;
    }
}

options! {
    /// Of `cholesky`.
    Cholesky {
        /// Whether the factor is the upper triangular one, `U` in `UᴴU`.
        upper: bool = false, bool;
    }
}

options! {
    /// Of `cross`.
    Cross {
        /// The axis of the vectors, counted from the last: it is negative.
        axis: i64 = -1, i64;
    }
}

options! {
    /// Of `diagonal`.
    Diagonal {
        /// Which diagonal: positive above, negative below the main one.
        offset: i64 = 0, i64;
    }
}

options! {
    /// Of `trace`.
    Trace {
        /// Which diagonal: positive above, negative below the main one.
        offset: i64 = 0, i64;
        /// The dtype to compute in and of the result.
        dtype: Option<DType> = None, Option<DType>;
    }
}

options! {
    /// Of `svd`.
    Svd {
        /// Whether U and Vh are square; else they have as many columns and rows as there are singular
        /// values.
        full_matrices: bool = true, bool;
    }
}

options! {
    /// Of `vector_norm`.
    VectorNorm {
        /// The axes of the vectors; all where not given.
        axis: Axes = Axes::All, Axes;
        /// Whether the reduced axes stay, with length 1.
        keepdims: bool = false, bool;
        /// The order: 2 (Euclidean), 1, an infinity, 0 (how many are not 0), or any other number.
        ord: f64 = 2.0, f64;
    }
}

options! {
    /// Of `matrix_norm`.
    MatrixNorm {
        /// Whether the axes of the matrices stay, with length 1.
        keepdims: bool = false, bool;
        /// The order.
        ord: MatrixOrd = MatrixOrd::Fro, MatrixOrd;
    }
}

options! {
    /// Of `matrix_rank` and `pinv`.
    Tolerance['a, B: Backend]['a, B] {
        /// Singular values up to this share of the largest one count as 0; `max(M, N) * eps` where not
        /// given.
        rtol: Option<Rtol<'a, B>> = None, Rtol<'a, B>;
    }
}

/// A relative tolerance: a number, or an array with one for each of a stack of matrices.
#[derive(Debug)]
pub enum Rtol<'a, B: Backend> {
    /// The same for every matrix.
    Scalar(f64),
    /// Of a real floating-point dtype, broadcast to the stack.
    Array(&'a Array<B>),
}

impl<B: Backend> Clone for Rtol<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B: Backend> Copy for Rtol<'_, B> {}

impl<B: Backend> From<f64> for Rtol<'_, B> {
    fn from(rtol: f64) -> Self {
        Rtol::Scalar(rtol)
    }
}

impl<'a, B: Backend> From<&'a Array<B>> for Rtol<'a, B> {
    fn from(rtol: &'a Array<B>) -> Self {
        Rtol::Array(rtol)
    }
}

impl<B: Backend> From<f64> for Tolerance<'_, B> {
    fn from(rtol: f64) -> Self {
        Self::new().rtol(rtol)
    }
}

impl<'a, B: Backend> From<&'a Array<B>> for Tolerance<'a, B> {
    fn from(rtol: &'a Array<B>) -> Self {
        Self::new().rtol(rtol)
    }
}

/// The order of a matrix norm.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum MatrixOrd {
    /// Frobenius: the root of the sum of squares.
    #[default]
    Fro,
    /// Nuclear: the sum of the singular values.
    Nuc,
    /// 1 and -1: the largest and smallest sum of a column's moduli; the infinities: of a row's; 2 and
    /// -2: the largest and smallest singular value.
    Number(f64),
}

impl From<f64> for MatrixOrd {
    fn from(ord: f64) -> Self {
        MatrixOrd::Number(ord)
    }
}

impl From<i32> for MatrixOrd {
    fn from(ord: i32) -> Self {
        MatrixOrd::Number(ord.into())
    }
}

/// How much of a QR decomposition is computed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum QrMode {
    /// As many columns of Q and rows of R as the smaller length of the matrix.
    #[default]
    Reduced,
    /// A square Q.
    Complete,
}

impl From<()> for QrMode {
    fn from((): ()) -> Self {
        QrMode::default()
    }
}

/// Where the factor `1/n` of a Fourier transform and its inverse goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Norm {
    /// Into the inverse transform.
    #[default]
    Backward,
    /// Half of it (`1/√n`) into either.
    Ortho,
    /// Into the forward transform.
    Forward,
}

from_field! {
    Transform n: i64;
    Transform norm: Norm;
    TransformN norm: Norm;
    TransformN axes: Axes;
    FftFreq d: f64;
    FftShift axes: Axes, i32, i64;
    Cholesky upper: bool;
    Cross axis: i32, i64;
    Diagonal offset: i32, i64;
    Trace offset: i32, i64;
    Trace dtype: DType, Option<DType>;
    Svd full_matrices: bool;
    VectorNorm axis: Axes;
    MatrixNorm ord: MatrixOrd;
    Creation dtype: DType, Option<DType>;
    Creation device: Device;
    AsArray dtype: DType, Option<DType>;
    AsArray device: Device;
    AsArray copy: bool;
    FromDLPack device: Device;
    FromDLPack copy: bool;
    ToDLPack dl_device: DLDevice;
    ToDLPack copy: bool;
    AsType copy: bool;
    AsType device: Device;
    Eye dtype: DType, Option<DType>;
    Linspace dtype: DType, Option<DType>;
    Reduction axis: Axes, i32, i64, Vec<i32>, Vec<i64>, Vec<isize>, Vec<usize>;
    Cumulative axis: i32, i64;
    Sort axis: i32, i64;
    Triangle k: i32, i64;
    Reshape copy: bool;
    IsIn invert: bool;
}

macro_rules! from_axes {
    ($($t:ty)*) => { $(
        impl<const N: usize> From<[$t; N]> for Reduction {
            fn from(axes: [$t; N]) -> Self {
                Self::new().axis(axes)
            }
        }
        impl From<&[$t]> for Reduction {
            fn from(axes: &[$t]) -> Self {
                Self::new().axis(axes)
            }
        }
    )* };
}
from_axes!(i32 i64 isize usize);

// `Option` of one type alone, so that a bare `None` needs no annotation.
impl From<Option<i64>> for Reduction {
    fn from(axis: Option<i64>) -> Self {
        Self::new().axis(axis)
    }
}

impl From<isize> for Reduction {
    fn from(axis: isize) -> Self {
        Self::new().axis(axis)
    }
}

impl From<usize> for Reduction {
    fn from(axis: usize) -> Self {
        Self::new().axis(axis)
    }
}

impl<B: Backend> From<Side> for SearchSorted<'_, B> {
    fn from(side: Side) -> Self {
        Self::new().side(side)
    }
}

/// Options of a reduction over these axes: `axis(-1).keepdims(true)`.
pub fn axis(axis: impl Into<Axes>) -> Reduction {
    Reduction::new().axis(axis)
}

/// How `meshgrid` orders the axes of its outputs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Indexing {
    /// Cartesian: the first argument varies along the second axis.
    #[default]
    XY,
    /// Matrix: argument `k` varies along axis `k`.
    IJ,
}

impl From<()> for Indexing {
    fn from((): ()) -> Self {
        Indexing::default()
    }
}
