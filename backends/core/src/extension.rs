//! The operations of the standard's two extensions, linear algebra and Fourier transforms.

use smallvec::{SmallVec, smallvec};

use crate::ops::operations;
use crate::{DType, Dims};

operations! {
    /// A decomposition of each of a stack of matrices, or a solution of linear systems.
    ///
    /// Operands have shape `[..., m, n]` and one of the dtypes float32, float64, complex64 and complex128.
    /// Every result is a row-major buffer of the shape given here; leading axes are the operand's.
    /// [`FactorOp::results`] gives dtypes and shapes.
    pub enum FactorOp {
        /// `[n, n]`, of which the lower triangle is read -> L, lower triangular with zeros above.
        Cholesky = "cholesky",
        /// `[n, n]` -> eigenvalues `[n]` and eigenvectors `[n, n]` (columns of norm 1), both complex.
        Eig = "eig",
        /// `[n, n]` -> eigenvalues `[n]`, complex.
        Eigvals = "eigvals",
        /// Hermitian `[n, n]`, of which the lower triangle is read -> eigenvalues `[n]`, real, ascending,
        /// and orthonormal eigenvectors `[n, n]`.
        Eigh = "eigh",
        /// Hermitian `[n, n]`, as for `Eigh` -> eigenvalues `[n]`, real, ascending.
        Eigvalsh = "eigvalsh",
        /// `[m, n]` -> Q `[m, k]` and R `[k, n]`, upper triangular with zeros below, k = min(m, n).
        Qr = "qr",
        /// `[m, n]` -> Q `[m, m]` and R `[m, n]`.
        QrComplete = "qr_complete",
        /// `[m, n]` -> U `[m, k]`, singular values `[k]` (real, descending), Vh `[k, n]`, k = min(m, n).
        Svd = "svd",
        /// `[m, n]` -> U `[m, m]`, singular values `[k]`, Vh `[n, n]`.
        SvdFull = "svd_full",
        /// `[m, n]` -> singular values `[k]` and Vh `[k, n]`.
        SvdRight = "svd_right",
        /// `[m, n]` -> singular values `[k]`.
        Svdvals = "svdvals",
        /// `[n, n]` and right sides `[n, k]` -> solutions `[n, k]`. Leading axes are the same.
        Solve = "solve",
        /// `[n, n]` -> inverse `[n, n]`.
        Inv = "inv",
        /// `[n, n]` -> determinant `[]`.
        Det = "det",
        /// `[n, n]` -> sign `[]` (of the operand's dtype, modulus 1 or 0) and the logarithm of the
        /// determinant's modulus `[]` (real).
        Slogdet = "slogdet",
    }
}

impl FactorOp {
    /// Whether the (first) operand's matrices are to be square.
    pub fn is_square(self) -> bool {
        use FactorOp::*;
        !matches!(self, Qr | QrComplete | Svd | SvdFull | SvdRight | Svdvals)
    }

    /// The results for matrices of `m` by `n` elements of `dtype`, and `columns` right sides for each:
    /// dtypes, and shapes without the leading axes.
    ///
    /// ```
    /// use arrayspace_core::{DType, FactorOp};
    /// let results = FactorOp::Svd.results(DType::Complex64, [3, 2], 0);
    /// let shapes: Vec<_> = results.iter().map(|(dtype, shape)| (*dtype, shape.as_slice())).collect();
    /// assert_eq!(
    ///     shapes,
    ///     [(DType::Complex64, &[3, 2][..]), (DType::Float32, &[2]), (DType::Complex64, &[2, 2])]
    /// );
    /// ```
    pub fn results(
        self,
        dtype: DType,
        [m, n]: [usize; 2],
        columns: usize,
    ) -> SmallVec<[(DType, Dims); 3]> {
        self.outputs(dtype).iter().copied().zip(self.shapes([m, n], columns)).collect()
    }

    /// The shapes of the results for matrices of `m` by `n` elements, and `columns` right sides for each,
    /// without the leading axes.
    fn shapes(self, [m, n]: [usize; 2], columns: usize) -> SmallVec<[Dims; 3]> {
        use FactorOp::*;
        let k = m.min(n);
        match self {
            Cholesky | Inv => smallvec![smallvec![n, n]],
            Eig | Eigh => smallvec![smallvec![n], smallvec![n, n]],
            Eigvals | Eigvalsh => smallvec![smallvec![n]],
            Qr => smallvec![smallvec![m, k], smallvec![k, n]],
            QrComplete => smallvec![smallvec![m, m], smallvec![m, n]],
            Svd => smallvec![smallvec![m, k], smallvec![k], smallvec![k, n]],
            SvdFull => smallvec![smallvec![m, m], smallvec![k], smallvec![n, n]],
            SvdRight => smallvec![smallvec![k], smallvec![k, n]],
            Svdvals => smallvec![smallvec![k]],
            Solve => smallvec![smallvec![n, columns]],
            Det => smallvec![smallvec![]],
            Slogdet => smallvec![smallvec![], smallvec![]],
        }
    }

    /// The dtypes of the results for operands of `dtype`.
    pub fn outputs(self, dtype: DType) -> &'static [DType] {
        use DType::{Complex64, Complex128, Float32, Float64};
        use FactorOp::*;
        /// The row of the table for a dtype, its real and its complex counterpart.
        macro_rules! row {
            ($own:ident, $real:ident, $complex:ident) => {
                match self {
                    Cholesky | Solve | Inv | Det => &[$own],
                    Qr | QrComplete => &[$own, $own],
                    Eig => &[$complex, $complex],
                    Eigvals => &[$complex],
                    Eigh => &[$real, $own],
                    Eigvalsh | Svdvals => &[$real],
                    Svd | SvdFull => &[$own, $real, $own],
                    SvdRight => &[$real, $own],
                    Slogdet => &[$own, $real],
                }
            };
        }
        match dtype {
            Float32 => row!(Float32, Float32, Complex64),
            Complex64 => row!(Complex64, Float32, Complex64),
            Complex128 => row!(Complex128, Float64, Complex128),
            _ => row!(Float64, Float64, Complex128),
        }
    }
}

operations! {
    /// A discrete Fourier transform along one axis: `X[k] = scale · Σ x[t] exp(∓2πi·k·t/n)`, with the
    /// upper sign for a forward transform.
    pub enum FourierOp {
        /// Complex to complex, forward: `n` values from `n`.
        Forward = "fft",
        /// Complex to complex, inverse (the sign alone; the caller states the scale).
        Inverse = "ifft",
        /// Real to complex, forward: the first `n/2 + 1` values of the transform of `n` real ones.
        RealForward = "rfft",
        /// Complex to real, inverse: `n` real values from the first `n/2 + 1` of a Hermitian spectrum.
        /// The imaginary parts of the first and, for even `n`, the last of them are ignored.
        RealInverse = "irfft",
    }
}

impl FourierOp {
    /// The dtype of the result, or `None` if the operation does not take `dtype`.
    pub fn output(self, dtype: DType) -> Option<DType> {
        match self {
            FourierOp::Forward | FourierOp::Inverse => dtype.is_complex().then_some(dtype),
            FourierOp::RealForward => {
                if matches!(dtype, DType::Float32 | DType::Float64) {
                    dtype.complex_of()
                } else {
                    None
                }
            }
            FourierOp::RealInverse => dtype.is_complex().then(|| dtype.real_component()),
        }
    }

    /// How many values along the axis the operation reads, and how many it gives, for length `n`.
    pub fn lengths(self, n: usize) -> (usize, usize) {
        match self {
            FourierOp::Forward | FourierOp::Inverse => (n, n),
            FourierOp::RealForward => (n, n / 2 + 1),
            FourierOp::RealInverse => (n / 2 + 1, n),
        }
    }
}
