//! Keyword arguments as the library's options.

use arrayspace::options::*;
use arrayspace::{Axes, Axis, DType, Device};
use pyo3::prelude::*;

use crate::api::Arguments;
use crate::backend::Exposed;
use crate::convert::Clamped;

/// Options read from the keyword arguments of a call. What was left out, or given as `None`, is the
/// library's default.
pub(crate) trait FromArguments<B: Exposed>: Sized {
    fn from_arguments(args: &Arguments<'_>) -> PyResult<Self>;
}

macro_rules! options {
    ($($name:ident { $($field:ident: $t:ty),* })*) => { $(
        impl<B: Exposed> FromArguments<B> for $name {
            fn from_arguments(args: &Arguments<'_>) -> PyResult<Self> {
                let mut options = $name::new();
                $(
                    if let Some(value) = args.optional::<B, $t>(stringify!($field))? {
                        options = options.$field(value);
                    }
                )*
                Ok(options)
            }
        }
    )* };
}

options! {
    Creation { dtype: DType, device: Device }
    AsType { copy: bool, device: Device }
    Eye { k: Clamped, dtype: DType, device: Device }
    Linspace { dtype: DType, device: Device, endpoint: bool }
    Triangle { k: Clamped }
    Reduction { axis: Axes, keepdims: bool, dtype: DType, correction: f64 }
    Cumulative { axis: Axis, dtype: DType, include_initial: bool }
    Sort { axis: i64, descending: bool, stable: bool }
    Reshape { copy: bool }
    IsIn { invert: bool }
    Transform { n: i64, axis: i64, norm: Norm }
    TransformN { s: Vec<i64>, axes: Axes, norm: Norm }
    FftFreq { d: f64, dtype: DType, device: Device }
    FftShift { axes: Axes }
    Cholesky { upper: bool }
    Cross { axis: i64 }
    Diagonal { offset: Clamped }
    Trace { offset: Clamped, dtype: DType }
    Svd { full_matrices: bool }
    VectorNorm { axis: Axes, keepdims: bool, ord: f64 }
    MatrixNorm { keepdims: bool, ord: MatrixOrd }
}
