//! The extension `linalg`: examples, errors, figures of NumPy, hard input, and properties.

#![cfg(feature = "cpu")]

#[path = "../common/mod.rs"]
mod common;
mod errors;
mod examples;
mod extremes;
mod figures;
mod graded;
mod norms;
mod random;

pub(crate) use common::each;

use arrayspace::options::{MatrixNorm, VectorNorm};
use arrayspace::prelude::*;
use arrayspace::{Complex, Element};

/// Runs tests, functions generic over the backend, on each backend and on one that has no decompositions
/// of its own.
macro_rules! on_each_backend {
    ($($test:ident)*) => {
        crate::each::on_each_backend! { $($test)* }
        mod elsewhere {
            $(
                #[test]
                fn $test() {
                    super::$test(&crate::common::elsewhere::Elsewhere)
                }
            )*
        }
    };
}
pub(crate) use on_each_backend;

pub(crate) type C = Complex<f64>;

pub(crate) const DTYPES: [DType; 4] =
    [DType::Float32, DType::Float64, DType::Complex64, DType::Complex128];

pub(crate) fn epsilon(dtype: DType) -> f64 {
    match dtype {
        DType::Float32 | DType::Complex64 => f32::EPSILON.into(),
        _ => f64::EPSILON,
    }
}

/// An array of a dtype from complex numbers, of which a real dtype takes the real parts.
pub(crate) fn of<N: Namespace>(xp: &N, dtype: DType, shape: &[usize], values: &[C]) -> Array<N> {
    let x = xp.reshape(xp.asarray(values.to_vec(), ()).unwrap(), shape, ()).unwrap();
    let x = if dtype.is_complex() { x } else { xp.real(x).unwrap() };
    xp.astype(x, dtype, ()).unwrap()
}

/// The same values in complex double precision.
pub(crate) fn wide<N: Namespace>(x: &Array<N>) -> Array<N> {
    x.namespace().astype(x, DType::Complex128, ()).unwrap()
}

/// The elements as complex numbers.
pub(crate) fn values<N: Namespace>(x: &Array<N>) -> Vec<C> {
    wide(x).to_vec().unwrap()
}

/// A real array of one element, or an integer one, as a number.
pub(crate) fn number<N: Namespace>(x: &Array<N>) -> f64 {
    x.namespace().astype(x, DType::Float64, ()).unwrap().item().unwrap()
}

/// The conjugate transpose.
pub(crate) fn adjoint<N: Namespace>(x: &Array<N>) -> Array<N> {
    x.namespace().conj(x.mT().unwrap()).unwrap()
}

/// The largest modulus of an element; NaN if one is; 0 for none.
pub(crate) fn largest<N: Namespace>(x: &Array<N>) -> f64 {
    let options = VectorNorm::new().ord(f64::INFINITY);
    number(&x.namespace().linalg().vector_norm(wide(x), options).unwrap())
}

/// The largest Frobenius norm of the matrices of a stack.
pub(crate) fn norm<N: Namespace>(x: &Array<N>) -> f64 {
    let norms = x.namespace().linalg().matrix_norm(wide(x), MatrixNorm::new()).unwrap();
    largest(&norms)
}

/// The identity, to be broadcast over a stack.
pub(crate) fn identity<N: Namespace>(xp: &N, n: usize) -> Array<N> {
    xp.eye(n, None, DType::Complex128).unwrap()
}

/// The products of stacks of matrices.
pub(crate) fn product<N: Namespace>(list: &[&Array<N>]) -> Array<N> {
    let xp = list[0].namespace();
    list[1..].iter().fold(wide(list[0]), |x, y| xp.matmul(&x, wide(y)).unwrap())
}

/// An error of the test unless two arrays agree within `bound`.
#[track_caller]
pub(crate) fn close<N: Namespace>(x: &Array<N>, y: &Array<N>, bound: f64, what: &str) {
    let difference = x.namespace().subtract(wide(x), wide(y)).unwrap();
    let error = largest(&difference);
    assert!(error <= bound, "{what}: {error:e} > {bound:e}\n{x}\n{y}");
}

/// An error of the test unless the array has this dtype, shape and values, up to rounding.
#[track_caller]
pub(crate) fn assert_values<N: Namespace>(
    x: &Array<N>,
    dtype: DType,
    shape: &[usize],
    expected: &[f64],
) {
    assert_eq!((x.dtype(), x.shape()), (dtype, shape));
    let scale = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    for (got, want) in values(x).iter().zip(expected) {
        assert!((got - want).norm() <= 20.0 * epsilon(dtype) * scale, "{got} is not {want}\n{x}");
    }
}

/// The elements of a type.
pub(crate) fn read<T: Element, N: Namespace>(x: &Array<N>) -> Vec<T> {
    x.to_vec().unwrap()
}
