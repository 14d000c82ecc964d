//! The operations of the standard's two extensions, linear algebra and Fourier transforms.

use crate::{Backend, DType, Error, Result, View};

/// A decomposition of each of a stack of matrices, or a solution of linear systems.
///
/// Operands have shape `[..., m, n]` and one dtype of float32, float64, complex64 and complex128. Every
/// result is a row-major buffer in the shape given here; leading axes are the operand's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum FactorOp {
    /// `[n, n]`, of which the lower triangle is read -> L, lower triangular with zeros above.
    Cholesky,
    /// `[n, n]` -> eigenvalues `[n]` and eigenvectors `[n, n]` (columns of norm 1), both complex.
    Eig,
    /// `[n, n]` -> eigenvalues `[n]`, complex.
    Eigvals,
    /// Hermitian `[n, n]`, of which the lower triangle is read -> eigenvalues `[n]`, real, ascending,
    /// and orthonormal eigenvectors `[n, n]`.
    Eigh,
    /// The same without the vectors.
    Eigvalsh,
    /// `[m, n]` -> Q `[m, k]` and R `[k, n]`, upper triangular with zeros below, k = min(m, n).
    Qr,
    /// `[m, n]` -> Q `[m, m]` and R `[m, n]`.
    QrComplete,
    /// `[m, n]` -> U `[m, k]`, singular values `[k]` (real, descending), Vh `[k, n]`, k = min(m, n).
    Svd,
    /// `[m, n]` -> U `[m, m]`, singular values `[k]`, Vh `[n, n]`.
    SvdFull,
    /// `[m, n]` -> singular values `[k]` and Vh `[k, n]`.
    SvdRight,
    /// `[m, n]` -> singular values `[k]`.
    Svdvals,
    /// `[n, n]` and right sides `[n, k]` -> solutions `[n, k]`. Leading axes are the same.
    Solve,
    /// `[n, n]` -> inverse `[n, n]`.
    Inv,
    /// `[n, n]` -> determinant `[]`.
    Det,
    /// `[n, n]` -> sign `[]` (of the operand's dtype, modulus 1 or 0) and the logarithm of the
    /// determinant's modulus `[]` (real).
    Slogdet,
}

impl FactorOp {
    /// Whether the (first) operand's matrices are to be square.
    pub fn is_square(self) -> bool {
        use FactorOp::*;
        !matches!(self, Qr | QrComplete | Svd | SvdFull | SvdRight | Svdvals)
    }

    /// The matrices and, of [`FactorOp::Solve`], the right sides, if they are operands that it takes.
    ///
    /// # Errors
    /// [`Error::Shape`] for another number of operands, and for shapes that do not belong together,
    /// [`Error::DType`] for dtypes without decompositions, and for two that differ.
    pub fn operands<'a, B: Backend>(
        self,
        operands: &[View<'a, B>],
    ) -> Result<(View<'a, B>, Option<View<'a, B>>)> {
        let shapes: Vec<&[usize]> = operands.iter().map(|view| view.layout.shape()).collect();
        let wrong = |expected: &str| {
            Err(Error::shape(format_args!(
                "{self:?} of operands of shapes {shapes:?}; {expected} was expected"
            )))
        };
        let (a, sides) = match (self, operands) {
            (FactorOp::Solve, &[a, b]) => (a, Some(b)),
            (FactorOp::Solve, _) => return wrong("two operands"),
            (_, &[a]) => (a, None),
            _ => return wrong("one operand"),
        };
        let [leading @ .., m, n] = a.layout.shape() else {
            return wrong("a stack of matrices");
        };
        if m != n && self.is_square() {
            return wrong("a stack of square matrices");
        }
        if !matches!(
            a.dtype,
            DType::Float32 | DType::Float64 | DType::Complex64 | DType::Complex128
        ) {
            return Err(Error::dtype(format_args!(
                "there are no decompositions of {} matrices; convert them with astype(x, \
                 DType::Float64)",
                a.dtype
            )));
        }
        if let Some(b) = sides {
            let fits = matches!(b.layout.shape(), [l @ .., rows, _] if l == leading && rows == n);
            if !fits {
                return wrong("[..., n, n] and [..., n, k] with the same leading axes");
            }
            if b.dtype != a.dtype {
                return Err(Error::dtype(format_args!(
                    "{self:?} takes operands of one dtype, not {} and {}",
                    a.dtype, b.dtype
                )));
            }
        }
        Ok((a, sides))
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

/// A discrete Fourier transform along one axis: `X[k] = scale · Σ x[t] exp(∓2πi·k·t/n)`, with the upper
/// sign for a forward transform.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum FourierOp {
    /// Complex to complex, forward: `n` values from `n`.
    Forward,
    /// Complex to complex, inverse (the sign alone; the caller states the scale).
    Inverse,
    /// Real to complex, forward: the first `n/2 + 1` values of the transform of `n` real ones.
    RealForward,
    /// Complex to real, inverse: `n` real values from the first `n/2 + 1` of a Hermitian spectrum. The
    /// imaginary parts of the first and, for even `n`, the last of them are ignored.
    RealInverse,
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
