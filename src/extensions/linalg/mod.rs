//! Linear algebra: the namespace `linalg` of the standard.
//!
//! Decompositions are the backend's ([`Backend::factor`]), or the CPU's through host memory where it has
//! none ([`factor`]); norms, powers, the rank and the pseudo-inverse are made of them and of folds.

mod factor;
mod norms;
mod products;
mod rank;
mod results;

use arrayspace_core::{Backend, FactorOp, Result};

use crate::arg::Arg;
use crate::array::Array;
use crate::axes::{Axis, ContractedAxes};
use crate::integers::Integer;
use crate::limits::{Extension, check_extension};
use crate::named::Named;
use crate::namespace::Namespace;
use crate::options::{
    Cholesky, Cross, Diagonal, MatrixNorm, QrMode, Svd, Tolerance, Trace, VectorNorm,
};

pub use results::{EigResult, EighResult, QRResult, SVDResult, SVDRightResult, SlogdetResult};

/// The functions of the extension `linalg`, as [`Namespace::linalg`] gives them.
///
/// Matrices are the last two axes; the axes before them make a stack, of any shape, and each of its
/// matrices is worked on by itself. Decompositions take float32, float64, complex64 and complex128, and
/// elements that are finite: NaN or an infinity is an error, as is a matrix for which there is no result.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let a = xp.asarray([[2.0, 1.0], [1.0, 3.0]], ())?;
/// let x = xp.linalg().solve(&a, &xp.asarray([3.0, 5.0], ())?)?;
/// let residual = xp.max(&xp.abs(a.matmul(&x)? - xp.asarray([3.0, 5.0], ())?)?, ())?;
/// assert!(residual.item::<f64>()? < 1e-15);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Linalg<B: Backend>(pub(crate) B);

impl<B: Backend> Linalg<B> {
    /// An error unless the backend has the extension.
    fn there(&self) -> Result<()> {
        check_extension(&self.0, B::primary_device(&self.0), Extension::Linalg)
    }

    /// The Cholesky factor of Hermitian positive definite matrices: L, lower triangular, with `x = L Lᴴ`, or
    /// U, upper triangular, with `x = Uᴴ U`.
    ///
    /// The lower triangle of `x` is read, and of its diagonal the real part; what is above is taken for its
    /// conjugate. Options: `upper`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::Singular`](crate::Error::Singular) for a matrix that is not positive definite.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[4.0, 2.0], [2.0, 5.0]], ())?;
    /// assert_eq!(xp.linalg().cholesky(&x, ())?.to_vec::<f64>()?, [2.0, 0.0, 1.0, 2.0]);
    /// assert_eq!(xp.linalg().cholesky(&x, true)?.to_vec::<f64>()?, [2.0, 1.0, 0.0, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn cholesky<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Cholesky>,
    ) -> Result<Array<B>> {
        self.there().named("cholesky")?;
        let run = || {
            let lower = factor::factor_one(FactorOp::Cholesky, &x.into())?;
            if !options.into().upper {
                return Ok(lower);
            }
            let upper = lower.mT()?;
            if upper.dtype.is_complex() { self.0.conj(upper) } else { Ok(upper) }
        };
        run().named("cholesky")
    }

    /// The cross product of vectors of 3 elements.
    ///
    /// The other axes broadcast; that of the vectors does not. Options: `axis`, counted from the last (-1
    /// where left out), so that it is negative.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool, [`Error::Promotion`](crate::Error::Promotion),
    /// [`Error::Axis`](crate::Error::Axis) for an axis that is not negative or out of range,
    /// [`Error::Shape`](crate::Error::Shape) for vectors of any other length,
    /// [`Error::Broadcast`](crate::Error::Broadcast), [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (x, y) = (xp.asarray([1, 0, 0], ())?, xp.asarray([[0, 1, 0], [0, 0, 2]], ())?);
    /// assert_eq!(xp.linalg().cross(&x, &y, ())?.to_vec::<i32>()?, [0, 0, 1, 0, -2, 0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn cross<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
        options: impl Into<Cross>,
    ) -> Result<Array<B>> {
        self.there().named("cross")?;
        products::cross(&x1.into(), &x2.into(), options.into().axis).named("cross")
    }

    /// The determinant of square matrices; 1 for one without elements.
    ///
    /// It is formed without leaving the range of the dtype on the way.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[4.0, 2.0], [2.0, 5.0]], ())?;
    /// assert_eq!(xp.linalg().det(&x)?.item::<f64>()?, 16.0);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn det<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("det")?;
        factor::factor_one(FactorOp::Det, &x.into()).named("det")
    }

    /// A diagonal of matrices of any dtype, as a view without a copy.
    ///
    /// Options: `offset`. A diagonal beyond the matrix has no elements.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    /// assert_eq!(xp.linalg().diagonal(&x, ())?.to_vec::<i32>()?, [1, 5]);
    /// assert_eq!(xp.linalg().diagonal(&x, 1)?.to_vec::<i32>()?, [2, 6]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn diagonal<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Diagonal>,
    ) -> Result<Array<B>> {
        self.there().named("diagonal")?;
        products::diagonal(&x.into(), options.into().offset).named("diagonal")
    }

    /// Eigenvalues and eigenvectors of square matrices: `x v = λ v`. Both are complex, of the precision of
    /// `x`, in no particular order.
    ///
    /// Matrices without a basis of eigenvectors give columns that are dependent, up to rounding.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[0.0, -1.0], [1.0, 0.0]], ())?;
    /// let (values, vectors) = xp.linalg().eig(&x)?.into();
    /// let x = xp.astype(&x, DType::Complex128, ())?;
    /// let residual = x.matmul(&vectors)? - &vectors * &values;
    /// assert!(xp.linalg().matrix_norm(&residual, ())?.item::<f64>()? < 1e-14);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn eig<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<EigResult<B>> {
        self.there().named("eig")?;
        let run = || {
            let list = factor::factor(FactorOp::Eig, &x.into())?;
            let [eigenvalues, eigenvectors] = factor::exactly(list)?;
            Ok(EigResult { eigenvalues, eigenvectors })
        };
        run().named("eig")
    }

    /// Eigenvalues, in ascending order, and orthonormal eigenvectors of Hermitian matrices:
    /// `x = V diag(λ) Vᴴ`.
    ///
    /// The lower triangle of `x` is read, and of its diagonal the real part; what is above is taken for its
    /// conjugate.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.0, 1.0], [1.0, 2.0]], ())?;
    /// let found = xp.linalg().eigh(&x)?;
    /// let error = found.eigenvalues - xp.asarray([1.0, 3.0], ())?;
    /// assert!(xp.linalg().vector_norm(&error, ())?.item::<f64>()? < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn eigh<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<EighResult<B>> {
        self.there().named("eigh")?;
        let run = || {
            let list = factor::factor(FactorOp::Eigh, &x.into())?;
            let [eigenvalues, eigenvectors] = factor::exactly(list)?;
            Ok(EighResult { eigenvalues, eigenvectors })
        };
        run().named("eigh")
    }

    /// The eigenvalues of square matrices, complex, in no particular order.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[0.0, -4.0], [1.0, 0.0]], ())?;
    /// let values = xp.linalg().eigvals(&x)?;
    /// assert_eq!(values.dtype(), DType::Complex128);
    /// assert!((xp.max(&xp.imag(&values)?, ())?.item::<f64>()? - 2.0).abs() < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn eigvals<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("eigvals")?;
        factor::factor_one(FactorOp::Eigvals, &x.into()).named("eigvals")
    }

    /// The eigenvalues of Hermitian matrices, in ascending order.
    ///
    /// What is read of `x` is what [`eigh`](Linalg::eigh) reads.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.0, 0.0], [0.0, 1.0]], ())?;
    /// assert_eq!(xp.linalg().eigvalsh(&x)?.to_vec::<f64>()?, [1.0, 2.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn eigvalsh<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("eigvalsh")?;
        factor::factor_one(FactorOp::Eigvalsh, &x.into()).named("eigvalsh")
    }

    /// The inverse of square matrices.
    ///
    /// To solve a system, [`solve`](Linalg::solve) is faster and more accurate.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::Singular`](crate::Error::Singular) for a matrix without an inverse.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.0, 0.0], [0.0, 4.0]], ())?;
    /// assert_eq!(xp.linalg().inv(&x)?.to_vec::<f64>()?, [0.5, 0.0, 0.0, 0.25]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn inv<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("inv")?;
        factor::factor_one(FactorOp::Inv, &x.into()).named("inv")
    }

    /// The same as [`Namespace::matmul`].
    ///
    /// # Errors
    /// Those of that function.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.linalg().matmul(&x, &x)?.to_vec::<i32>()?, [7, 10, 15, 22]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn matmul<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
    ) -> Result<Array<B>> {
        self.there().named("matmul")?;
        self.0.matmul(x1, x2)
    }

    /// The norm of matrices, in the real dtype of the precision of `x`.
    ///
    /// Options: `keepdims`, and `ord`: a [`MatrixOrd`](crate::options::MatrixOrd), or the number 1, -1, 2, -2 or
    /// an infinity; the Frobenius norm where left out. Of matrices without elements it is 0.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless `x` is floating-point (and not of half precision for 2, -2
    /// and the nuclear norm), [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for any other order, for a smallest value of none, and for NaN or
    /// an infinity where singular values are needed.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::{MatrixNorm, MatrixOrd};
    /// let x = xp.asarray([[3.0, 0.0], [-4.0, 0.0]], ())?;
    /// assert_eq!(xp.linalg().matrix_norm(&x, ())?.item::<f64>()?, 5.0);
    /// assert_eq!(xp.linalg().matrix_norm(&x, MatrixNorm::new().ord(1))?.item::<f64>()?, 7.0);
    /// let nuclear = MatrixNorm::new().ord(MatrixOrd::Nuc).keepdims(true);
    /// assert_eq!(xp.linalg().matrix_norm(&x, nuclear)?.shape(), [1, 1]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn matrix_norm<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<MatrixNorm>,
    ) -> Result<Array<B>> {
        self.there().named("matrix_norm")?;
        norms::matrix_norm(&x.into(), &options.into()).named("matrix_norm")
    }

    /// Square matrices multiplied by themselves: `n` of them; for a negative `n` the inverses; the identity for
    /// 0.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless `x` is floating-point,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square, and for a negative `n` those of
    /// [`inv`](Linalg::inv).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1.0, 1.0], [0.0, 1.0]], ())?;
    /// assert_eq!(xp.linalg().matrix_power(&x, 10)?.to_vec::<f64>()?, [1.0, 10.0, 0.0, 1.0]);
    /// assert_eq!(xp.linalg().matrix_power(&x, -1)?.to_vec::<f64>()?, [1.0, -1.0, 0.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn matrix_power<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        n: impl Into<Integer>,
    ) -> Result<Array<B>> {
        self.there().named("matrix_power")?;
        products::matrix_power(&x.into(), n.into().0).named("matrix_power")
    }

    /// The rank of matrices: how many singular values exceed `rtol` times the largest one. In the default
    /// integer dtype.
    ///
    /// Options: `rtol`, a number or an array that broadcasts to the stack; `max(M, N) * eps` where left out.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity and for a
    /// negative number or NaN as `rtol`, [`Error::Broadcast`](crate::Error::Broadcast) for an array of
    /// tolerances that does not fit, [`Error::NoConvergence`](crate::Error::NoConvergence).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1.0, 2.0], [2.0, 4.0]], ())?;
    /// assert_eq!(xp.linalg().matrix_rank(&x, ())?.item::<i64>()?, 1);
    /// assert_eq!(xp.linalg().matrix_rank(&xp.eye(3, None, ())?, 1e-9)?.item::<i64>()?, 3);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn matrix_rank<'a, 'b>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Tolerance<'b, B>>,
    ) -> Result<Array<B>> {
        self.there().named("matrix_rank")?;
        rank::matrix_rank(&x.into(), &options.into()).named("matrix_rank")
    }

    /// The same as [`Namespace::matrix_transpose`].
    ///
    /// # Errors
    /// Those of that function.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.linalg().matrix_transpose(&x)?.to_vec::<i32>()?, [1, 3, 2, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn matrix_transpose<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("matrix_transpose")?;
        self.0.matrix_transpose(x)
    }

    /// The products of each element of one vector with each of another.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) unless both have one dimension,
    /// [`Error::DType`](crate::Error::DType) for bool, [`Error::Promotion`](crate::Error::Promotion),
    /// [`Error::Device`](crate::Error::Device).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let (x, y) = (xp.asarray([1, 2], ())?, xp.asarray([3, 4, 5], ())?);
    /// assert_eq!(xp.linalg().outer(&x, &y)?.to_vec::<i32>()?, [3, 4, 5, 6, 8, 10]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn outer<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
    ) -> Result<Array<B>> {
        self.there().named("outer")?;
        products::outer(&x1.into(), &x2.into()).named("outer")
    }

    /// The Moore-Penrose inverse of matrices, by their singular values; those up to `rtol` times the largest
    /// one count as 0.
    ///
    /// Options are those of [`matrix_rank`](Linalg::matrix_rank), and so are the errors.
    ///
    /// # Errors
    /// Those of `matrix_rank`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[2.0], [0.0]], ())?;
    /// assert_eq!(xp.linalg().pinv(&x, ())?.to_vec::<f64>()?, [0.5, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn pinv<'a, 'b>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Tolerance<'b, B>>,
    ) -> Result<Array<B>> {
        self.there().named("pinv")?;
        rank::pinv(&x.into(), &options.into()).named("pinv")
    }

    /// The QR decomposition of matrices: `x = Q R`, Q with orthonormal columns, R upper triangular with a
    /// real diagonal.
    ///
    /// `mode`: a [`QrMode`]; for matrices M by N and K the smaller of both, Q is M by K and R K by N (reduced,
    /// where left out), or M by M and M by N (complete).
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[3.0, 1.0], [4.0, 2.0], [0.0, 2.0]], ())?;
    /// let QRResult { q, r } = xp.linalg().qr(&x, ())?; // or `let (q, r) = xp.linalg().qr(&x, ())?.into()`
    /// assert_eq!((q.shape(), r.shape()), (&[3, 2][..], &[2, 2][..]));
    /// let residual = q.matmul(&r)? - &x;
    /// assert!(xp.linalg().matrix_norm(&residual, ())?.item::<f64>()? < 1e-14);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn qr<'a>(&self, x: impl Into<Arg<'a, B>>, mode: impl Into<QrMode>) -> Result<QRResult<B>> {
        self.there().named("qr")?;
        let run = || {
            let op = match mode.into() {
                QrMode::Reduced => FactorOp::Qr,
                QrMode::Complete => FactorOp::QrComplete,
            };
            let [q, r] = factor::exactly(factor::factor(op, &x.into())?)?;
            Ok(QRResult { q, r })
        };
        run().named("qr")
    }

    /// The sign of the determinant of square matrices (for complex ones a number of modulus 1), and the
    /// logarithm of its modulus, which is in range where the determinant is not.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) unless the matrices are square,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[0.0, 2.0], [2.0, 0.0]], ())?;
    /// let (sign, logabsdet) = xp.linalg().slogdet(&x)?.into();
    /// assert_eq!(sign.item::<f64>()?, -1.0);
    /// assert!((logabsdet.item::<f64>()? - 4f64.ln()).abs() < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn slogdet<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<SlogdetResult<B>> {
        self.there().named("slogdet")?;
        let run = || {
            let list = factor::factor(FactorOp::Slogdet, &x.into())?;
            let [sign, logabsdet] = factor::exactly(list)?;
            Ok(SlogdetResult { sign, logabsdet })
        };
        run().named("slogdet")
    }

    /// The solutions of systems of linear equations: X with `x1 X = x2`.
    ///
    /// `x1`: square matrices. `x2`: with one dimension a right side for every matrix; with more, matrices
    /// whose columns are right sides. The axes before them broadcast. A stack of vectors needs an axis of
    /// length 1 at its end.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtypes are two of the four,
    /// [`Error::Shape`](crate::Error::Shape) for matrices that are not square or right sides of another length,
    /// [`Error::Broadcast`](crate::Error::Broadcast), [`Error::Device`](crate::Error::Device),
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::Singular`](crate::Error::Singular) for a matrix without an inverse.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x1 = xp.asarray([[2.0, 0.0], [0.0, 4.0]], ())?;
    /// assert_eq!(xp.linalg().solve(&x1, &xp.asarray([2.0, 2.0], ())?)?.to_vec::<f64>()?, [1.0, 0.5]);
    /// assert_eq!(xp.linalg().solve(&x1, &xp.ones([5, 2, 3], ())?)?.shape(), [5, 2, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn solve<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
    ) -> Result<Array<B>> {
        self.there().named("solve")?;
        factor::solve(&x1.into(), &x2.into()).named("solve")
    }

    /// The singular value decomposition of matrices: `x = U diag(S) Vh`, S real and in descending order.
    ///
    /// Options: `full_matrices` (true where left out): for matrices M by N and K the smaller of both, U is M by
    /// M and Vh N by N; else M by K and K by N, as which `U * S @ Vh` is `x`.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::Svd;
    /// let x = xp.asarray([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]], ())?;
    /// let found = xp.linalg().svd(&x, Svd::new().full_matrices(false))?;
    /// assert_eq!(found.u.shape(), [3, 2]);
    /// let residual = (found.u * &found.s).matmul(&found.vh)? - &x;
    /// assert!(xp.linalg().matrix_norm(&residual, ())?.item::<f64>()? < 1e-14);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn svd<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Svd>,
    ) -> Result<SVDResult<B>> {
        self.there().named("svd")?;
        let run = || {
            let op = if options.into().full_matrices { FactorOp::SvdFull } else { FactorOp::Svd };
            let [u, s, vh] = factor::exactly(factor::factor(op, &x.into())?)?;
            Ok(SVDResult { u, s, vh })
        };
        run().named("svd")
    }

    /// The singular values of matrices, and the right singular vectors without the left ones: S and Vh of
    /// `x = U diag(S) Vh`, for matrices M by N and K the smaller of both of shape K and K by N.
    ///
    /// An addition to the standard, for tall matrices (samples by features): their U is as large as
    /// they are, and often not needed. Principal components and discriminants are in Vh. On the CPU a
    /// tall matrix is read once, in blocks, and nothing of its size is allocated.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]], ())?;
    /// let found = xp.linalg().svd_right(&x)?;
    /// assert_eq!(found.s.to_vec::<f64>()?, [2.0, 1.0]);
    /// let along = xp.abs(found.vh)?; // signs are free
    /// assert_eq!(along.to_vec::<f64>()?, [0.0, 1.0, 1.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn svd_right<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<SVDRightResult<B>> {
        self.there().named("svd_right")?;
        let run = || {
            let [s, vh] = factor::exactly(factor::factor(FactorOp::SvdRight, &x.into())?)?;
            Ok(SVDRightResult { s, vh })
        };
        run().named("svd_right")
    }

    /// The singular values of matrices, in descending order.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless the dtype is one of the four,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions,
    /// [`Error::Value`](crate::Error::Value) for NaN or an infinity,
    /// [`Error::NoConvergence`](crate::Error::NoConvergence) if the iteration fails.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[0.0, 2.0], [1.0, 0.0]], ())?;
    /// assert_eq!(xp.linalg().svdvals(&x)?.to_vec::<f64>()?, [2.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn svdvals<'a>(&self, x: impl Into<Arg<'a, B>>) -> Result<Array<B>> {
        self.there().named("svdvals")?;
        factor::factor_one(FactorOp::Svdvals, &x.into()).named("svdvals")
    }

    /// The same as [`Namespace::tensordot`].
    ///
    /// # Errors
    /// Those of that function.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.linalg().tensordot(&x, &x, 1)?.to_vec::<i32>()?, [7, 10, 15, 22]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn tensordot<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
        axes: impl Into<ContractedAxes>,
    ) -> Result<Array<B>> {
        self.there().named("tensordot")?;
        self.0.tensordot(x1, x2, axes)
    }

    /// The sum along a diagonal of matrices; 0 for one without elements.
    ///
    /// Options: `offset`, and `dtype`, to which the elements are converted first; where left out, small
    /// integers are widened as in [`sum`](Namespace::sum).
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) for bool or a conversion from complex to real,
    /// [`Error::Shape`](crate::Error::Shape) for less than two dimensions.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.linalg().trace(&x, ())?.item::<i64>()?, 5);
    /// assert_eq!(xp.linalg().trace(&x, 1)?.item::<i64>()?, 2);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn trace<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Trace>,
    ) -> Result<Array<B>> {
        self.there().named("trace")?;
        products::trace(&x.into(), &options.into()).named("trace")
    }

    /// The same as [`Namespace::vecdot`].
    ///
    /// # Errors
    /// Those of that function.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([[1, 2], [3, 4]], ())?;
    /// assert_eq!(xp.linalg().vecdot(&x, &x, ())?.to_vec::<i32>()?, [5, 25]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn vecdot<'a>(
        &self,
        x1: impl Into<Arg<'a, B>>,
        x2: impl Into<Arg<'a, B>>,
        axis: impl Into<Axis>,
    ) -> Result<Array<B>> {
        self.there().named("vecdot")?;
        self.0.vecdot(x1, x2, axis)
    }

    /// The norm of vectors, which lie along one axis or several, in the real dtype of the precision of `x`.
    ///
    /// Options: `axis` (all where left out), `keepdims`, and `ord`, any number `p`: `(Σ |x|^p)^(1/p)`; 2 where
    /// left out; the largest and smallest modulus for the infinities; how many elements are not 0 for 0.
    ///
    /// # Errors
    /// [`Error::DType`](crate::Error::DType) unless `x` is floating-point,
    /// [`Error::Axis`](crate::Error::Axis) for an axis out of range or repeated,
    /// [`Error::Value`](crate::Error::Value) for NaN as `ord`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// use arrayspace::options::VectorNorm;
    /// let x = xp.asarray([[3.0, -4.0], [0.0, 1.0]], ())?;
    /// assert_eq!(xp.linalg().vector_norm(&x, VectorNorm::new().axis(1))?.to_vec::<f64>()?, [5.0, 1.0]);
    /// let largest = VectorNorm::new().ord(f64::INFINITY);
    /// assert_eq!(xp.linalg().vector_norm(&x, largest)?.item::<f64>()?, 4.0);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn vector_norm<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<VectorNorm>,
    ) -> Result<Array<B>> {
        self.there().named("vector_norm")?;
        norms::vector_norm(&x.into(), &options.into()).named("vector_norm")
    }
}
