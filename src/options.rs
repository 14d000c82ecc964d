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
use crate::integers::{AnyInteger, Integer};
use crate::shape_arg::Shape;

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
        k: i64 = 0, Integer;
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
        k: i64 = 0, Integer;
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
        /// The axis to sort along; the last where not given.
        axis: Axis = Axis::Default, Axis;
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
        /// The axis; the last where not given.
        axis: Axis = Axis::Default, Axis;
        /// How often to take differences.
        n: i64 = 1, Integer;
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
        n: Option<i64> = None, Integer;
        /// The axis; the last where not given.
        axis: Axis = Axis::Default, Axis;
        /// Where the factor `1/n` goes.
        norm: Norm = Norm::Backward, Norm;
    }
}

options! {
    /// Of the Fourier transforms along several axes.
    TransformN {
        /// The length along each of the axes, which must be given, too; -1 for that of the array.
        s: Option<Shape> = None, Shape;
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
        /// The axis of the vectors, counted from the last: it is negative; -1 where not given.
        axis: Axis = Axis::Default, Axis;
    }
}

options! {
    /// Of `diagonal`.
    Diagonal {
        /// Which diagonal: positive above, negative below the main one.
        offset: i64 = 0, Integer;
    }
}

options! {
    /// Of `trace`.
    Trace {
        /// Which diagonal: positive above, negative below the main one.
        offset: i64 = 0, Integer;
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

impl<I: AnyInteger> From<I> for MatrixOrd {
    fn from(ord: I) -> Self {
        MatrixOrd::Number(ord.signed() as f64)
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

// What stands for options whole: `()` for the defaults, and the value of the parameter that is given most.
// A bare integer is an axis, or the diagonal of a function that has one. (The standard has `n` before `axis` in
// Fourier transforms: there one must say which is meant, by `length` and `axis`.)

macro_rules! from_unit {
    ($($name:ident $([$($g:tt)*] [$($p:tt)*])?;)*) => { $(
        impl $(<$($g)*>)? From<()> for $name $(<$($p)*>)? {
            fn from((): ()) -> Self {
                Self::default()
            }
        }
    )* };
}
from_unit! {
    Creation; AsArray; FromDLPack; ToDLPack; AsType; Eye; Linspace; Triangle; Reshape; IsIn;
    SearchSorted['a, B: Backend]['a, B];
    Transform; FftFreq; Cholesky; Diagonal; Trace; Svd; MatrixNorm;
    Tolerance['a, B: Backend]['a, B];
}

from_field! {
    Transform norm: Norm;
    TransformN norm: Norm;
    FftFreq d: f64;
    Cholesky upper: bool;
    Trace dtype: DType, Option<DType>;
    Svd full_matrices: bool;
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
    Reshape copy: bool;
    IsIn invert: bool;
}

/// `$name` from whatever becomes the type of one of its fields.
macro_rules! from_all {
    ($($name:ident $([$($g:tt)*] [$($p:tt)*])? $field:ident: $bound:path;)*) => { $(
        impl<$($($g)*,)? T: $bound> From<T> for $name $(<$($p)*>)? {
            fn from(value: T) -> Self {
                Self::new().$field(value)
            }
        }
    )* };
}
from_all! {
    Reduction axis: Into<Axes>;
    VectorNorm axis: Into<Axes>;
    TransformN axes: Into<Axes>;
    FftShift axes: Into<Axes>;
    Cumulative axis: Into<Axis>;
    Sort axis: Into<Axis>;
    Cross axis: Into<Axis>;
    Diff['a, B: Backend]['a, B] axis: Into<Axis>;
    Triangle k: AnyInteger;
    Diagonal offset: AnyInteger;
    Trace offset: AnyInteger;
    MatrixNorm ord: Into<MatrixOrd>;
}

impl<B: Backend> From<Side> for SearchSorted<'_, B> {
    fn from(side: Side) -> Self {
        Self::new().side(side)
    }
}

/// An axis, or several, said to be that: what [`axis`] returns. It stands for the axes of every function, and
/// for the options of every function that has axes; its methods are the setters that go with an axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AxisArg<A>(A);

/// An axis, or several, as an argument or as options: `sum(&x, axis(-1).keepdims(true))`, `fft(&x, axis(0))`.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// # use arrayspace::prelude::*;
/// # let xp = Cpu::new();
/// let x = xp.asarray([[3, 1], [2, 4]], ())?;
/// assert_eq!(xp.sum(&x, axis(-1).keepdims(true))?.shape(), [2, 1]);
/// assert_eq!(xp.sort(&x, axis(0).descending(true))?.to_vec::<i32>()?, [3, 4, 2, 1]);
/// assert_eq!(xp.concat((&x, &x), axis(1))?.shape(), [2, 4]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
pub fn axis<A>(axis: A) -> AxisArg<A> {
    AxisArg(axis)
}

/// The length of a Fourier transform, which the standard calls `n`, as its options: `rfft(&x, length(256))`.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let x = xp.ones((2, 5), ())?;
/// assert_eq!(xp.fft().rfft(&x, length(8))?.shape(), [2, 5]);
/// assert_eq!(xp.fft().rfft(&x, axis(0).length(8))?.shape(), [5, 5]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
pub fn length(n: impl Into<Integer>) -> Transform {
    Transform::new().n(n)
}

impl<A: Into<Axis>> From<AxisArg<A>> for Axis {
    fn from(axis: AxisArg<A>) -> Self {
        axis.0.into()
    }
}

impl<A: Into<Axes>> From<AxisArg<A>> for Axes {
    fn from(axes: AxisArg<A>) -> Self {
        axes.0.into()
    }
}

impl<A: Into<Axis>> From<AxisArg<A>> for Transform {
    fn from(axis: AxisArg<A>) -> Self {
        Transform::new().axis(axis)
    }
}

/// The setters that go with axes.
macro_rules! with_axes {
    ($($(#[$doc:meta])* $setter:ident: $arg:ty => $options:ident;)*) => {
        impl<A: Into<Axes>> AxisArg<A> { $(
            $(#[$doc])*
            pub fn $setter(self, $setter: impl Into<$arg>) -> $options {
                $options::new().axis(self.0).$setter($setter)
            }
        )* }
    };
}
with_axes! {
    /// Of a reduction over these axes: whether they stay, with length 1.
    keepdims: bool => Reduction;
    /// Of a reduction over these axes: the dtype to compute in and of the result.
    dtype: Option<DType> => Reduction;
    /// Of `var` and `std` over these axes: what is subtracted from the number of elements.
    #[doc(alias = "ddof")]
    correction: f64 => Reduction;
    /// Of `vector_norm` over these axes: the order.
    ord: f64 => VectorNorm;
}

/// The setters that go with one axis.
macro_rules! with_axis {
    ($($(#[$doc:meta])* $setter:ident, $parameter:ident: $arg:ty => $options:ident;)*) => {
        impl<A: Into<Axis>> AxisArg<A> { $(
            $(#[$doc])*
            pub fn $setter(self, $setter: impl Into<$arg>) -> $options {
                $options::new().axis(self.0).$parameter($setter)
            }
        )* }
    };
}
with_axis! {
    /// Of a sort along this axis: whether the largest comes first.
    descending, descending: bool => Sort;
    /// Of a sort along this axis: whether equal elements keep their order, as they always do.
    stable, stable: bool => Sort;
    /// Of a running sum or product along this axis: whether it begins with the identity.
    include_initial, include_initial: bool => Cumulative;
    /// Of a Fourier transform along this axis: its length, the standard's `n`.
    length, n: Integer => Transform;
    /// Of a Fourier transform along this axis: where the factor `1/n` goes.
    norm, norm: Norm => Transform;
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
