//! What functions that return several arrays return: the standard's named tuples. Their fields are named, and
//! `let QRResult { q, r } = ...` takes them apart, or as a tuple `let (q, r) = ....into()`.

use arrayspace_core::Backend;

use crate::array::Array;

/// What [`eig`](crate::extensions::Linalg::eig) returns.
#[derive(Clone, Debug)]
pub struct EigResult<B: Backend> {
    /// The eigenvalues, complex.
    pub eigenvalues: Array<B>,
    /// The eigenvectors, complex, as columns of norm 1.
    pub eigenvectors: Array<B>,
}

impl<B: Backend> From<EigResult<B>> for (Array<B>, Array<B>) {
    fn from(result: EigResult<B>) -> Self {
        (result.eigenvalues, result.eigenvectors)
    }
}

/// What [`eigh`](crate::extensions::Linalg::eigh) returns.
#[derive(Clone, Debug)]
pub struct EighResult<B: Backend> {
    /// The eigenvalues, real, in ascending order.
    pub eigenvalues: Array<B>,
    /// The eigenvectors, as orthonormal columns.
    pub eigenvectors: Array<B>,
}

impl<B: Backend> From<EighResult<B>> for (Array<B>, Array<B>) {
    fn from(result: EighResult<B>) -> Self {
        (result.eigenvalues, result.eigenvectors)
    }
}

/// What [`qr`](crate::extensions::Linalg::qr) returns.
#[derive(Clone, Debug)]
pub struct QRResult<B: Backend> {
    /// Orthonormal columns.
    pub q: Array<B>,
    /// Upper triangular, with a real diagonal.
    pub r: Array<B>,
}

impl<B: Backend> From<QRResult<B>> for (Array<B>, Array<B>) {
    fn from(result: QRResult<B>) -> Self {
        (result.q, result.r)
    }
}

/// What [`slogdet`](crate::extensions::Linalg::slogdet) returns.
#[derive(Clone, Debug)]
pub struct SlogdetResult<B: Backend> {
    /// The determinant divided by its modulus; 0 for a determinant of 0.
    pub sign: Array<B>,
    /// The natural logarithm of its modulus; minus infinity for a determinant of 0.
    pub logabsdet: Array<B>,
}

impl<B: Backend> From<SlogdetResult<B>> for (Array<B>, Array<B>) {
    fn from(result: SlogdetResult<B>) -> Self {
        (result.sign, result.logabsdet)
    }
}

/// What [`svd`](crate::extensions::Linalg::svd) returns.
#[derive(Clone, Debug)]
pub struct SVDResult<B: Backend> {
    /// The left singular vectors, as orthonormal columns.
    pub u: Array<B>,
    /// The singular values, real, in descending order.
    pub s: Array<B>,
    /// The right singular vectors, conjugated, as orthonormal rows.
    pub vh: Array<B>,
}

impl<B: Backend> From<SVDResult<B>> for (Array<B>, Array<B>, Array<B>) {
    fn from(result: SVDResult<B>) -> Self {
        (result.u, result.s, result.vh)
    }
}

/// What [`svd_right`](crate::extensions::Linalg::svd_right) returns.
#[derive(Clone, Debug)]
pub struct SVDRightResult<B: Backend> {
    /// The singular values, real, in descending order.
    pub s: Array<B>,
    /// The right singular vectors, conjugated, as orthonormal rows.
    pub vh: Array<B>,
}

impl<B: Backend> From<SVDRightResult<B>> for (Array<B>, Array<B>) {
    fn from(result: SVDRightResult<B>) -> Self {
        (result.s, result.vh)
    }
}
