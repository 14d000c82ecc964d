//! The decompositions, one method each.

use std::fmt;

use faer::{MatMut, MatRef};
use num_complex::Complex;

use crate::{eigen, orthogonal, small, solve};

/// Why there is no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The matrix is singular to working precision: a pivot is 0.
    Singular,
    /// The matrix is not positive definite: the pivot of this row is not positive.
    NotPositiveDefinite(usize),
    /// An iteration did not converge.
    NoConvergence,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Singular => f.write_str("the matrix is singular: a pivot is 0"),
            Failure::NotPositiveDefinite(row) => {
                write!(f, "the matrix is not positive definite: pivot {row} is not positive")
            }
            Failure::NoConvergence => f.write_str("the iteration did not converge"),
        }
    }
}

impl std::error::Error for Failure {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for num_complex::Complex<f32> {}
    impl Sealed for num_complex::Complex<f64> {}
}

/// A number whose matrices are decomposed: `f32`, `f64`, `Complex<f32>`, `Complex<f64>`.
///
/// Matrices hold finite values. `parallel` lets a method use all threads of the current rayon pool;
/// without it a caller does many matrices at once. Shapes are those of the results described; a method
/// panics on others.
pub trait Field: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The real number of the precision.
    type Real: Copy + Send + Sync + 'static;
    /// The complex number of the precision.
    type Complex: Copy + Send + Sync + 'static;

    /// L with `A = L Lᴴ`, of which the lower triangle of `a` is read; zeros above the diagonal.
    fn cholesky(a: MatRef<'_, Self>, l: MatMut<'_, Self>, parallel: bool) -> Result<(), Failure>;

    /// Eigenvalues, and eigenvectors of norm 1 as columns, of a square matrix.
    fn eig(
        a: MatRef<'_, Self>,
        values: &mut [Self::Complex],
        vectors: Option<MatMut<'_, Self::Complex>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// Eigenvalues, ascending, and orthonormal eigenvectors of a Hermitian matrix, of which the lower
    /// triangle is read.
    fn eigh(
        a: MatRef<'_, Self>,
        values: &mut [Self::Real],
        vectors: Option<MatMut<'_, Self>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// Q of `min(m, n)` or `m` columns and R of as many rows.
    fn qr(a: MatRef<'_, Self>, q: MatMut<'_, Self>, r: MatMut<'_, Self>, parallel: bool);

    /// U, singular values (descending) and Vᴴ; thin or full by the shapes of `u` and `vh`.
    fn svd(
        a: MatRef<'_, Self>,
        u: Option<MatMut<'_, Self>>,
        values: &mut [Self::Real],
        vh: Option<MatMut<'_, Self>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// X with `A X = B`; the inverse of A where `b` is `None`.
    fn solve(
        a: MatRef<'_, Self>,
        b: Option<MatRef<'_, Self>>,
        x: MatMut<'_, Self>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// Solves a stack of systems of `n` equations with `k` right sides, which lie one after another in
    /// row-major order; inverts the matrices where `b` is `None` (then `k` is `n`). Fast for small ones.
    ///
    /// # Errors
    /// The index of the first matrix that fails, and why.
    fn solve_stack(
        n: usize,
        k: usize,
        a: &[Self],
        b: Option<&[Self]>,
        x: &mut [Self],
    ) -> Result<(), (usize, Failure)>;

    /// The determinant.
    fn det(a: MatRef<'_, Self>, parallel: bool) -> Self;

    /// The sign of the determinant (modulus 1, or 0) and the logarithm of its modulus.
    fn slogdet(a: MatRef<'_, Self>, parallel: bool) -> (Self, Self::Real);
}

macro_rules! field {
    ($part:ty, $t:ty) => {
        impl Field for $t {
            type Real = $part;
            type Complex = Complex<$part>;

            fn eig(
                a: MatRef<'_, $t>,
                values: &mut [Complex<$part>],
                vectors: Option<MatMut<'_, Complex<$part>>>,
                parallel: bool,
            ) -> Result<(), Failure> {
                eigen::eig(a, values, vectors, parallel)
            }

            fn cholesky(
                a: MatRef<'_, $t>,
                l: MatMut<'_, $t>,
                parallel: bool,
            ) -> Result<(), Failure> {
                orthogonal::cholesky(a, l, parallel)
            }

            fn eigh(
                a: MatRef<'_, $t>,
                values: &mut [$part],
                vectors: Option<MatMut<'_, $t>>,
                parallel: bool,
            ) -> Result<(), Failure> {
                eigen::eigh(a, values, vectors, parallel)
            }

            fn qr(a: MatRef<'_, $t>, q: MatMut<'_, $t>, r: MatMut<'_, $t>, parallel: bool) {
                orthogonal::qr(a, q, r, parallel)
            }

            fn svd(
                a: MatRef<'_, $t>,
                u: Option<MatMut<'_, $t>>,
                values: &mut [$part],
                vh: Option<MatMut<'_, $t>>,
                parallel: bool,
            ) -> Result<(), Failure> {
                orthogonal::svd(a, u, values, vh, parallel)
            }

            fn solve(
                a: MatRef<'_, $t>,
                b: Option<MatRef<'_, $t>>,
                x: MatMut<'_, $t>,
                parallel: bool,
            ) -> Result<(), Failure> {
                solve::solve(a, b, x, parallel)
            }

            fn solve_stack(
                n: usize,
                k: usize,
                a: &[$t],
                b: Option<&[$t]>,
                x: &mut [$t],
            ) -> Result<(), (usize, Failure)> {
                small::solve_stack(n, k, a, b, x)
            }

            fn det(a: MatRef<'_, $t>, parallel: bool) -> $t {
                solve::det(a, parallel)
            }

            fn slogdet(a: MatRef<'_, $t>, parallel: bool) -> ($t, $part) {
                solve::slogdet(a, parallel)
            }
        }
    };
}
field!(f32, f32);
field!(f64, f64);
field!(f32, Complex<f32>);
field!(f64, Complex<f64>);
