//! What the tests of decompositions share: matrices, products in double precision, noise.

#![allow(dead_code)] // each test program uses some

use arrayspace_linalg::{Field, MatMut, MatRef};
use num_complex::Complex;

/// A number of the tests: to and from complex double precision, in which residuals are formed.
pub(crate) trait Sample:
    Field<Real: Into<f64>, Complex: Widen> + PartialEq + std::fmt::Debug
{
    const EPS: f64;
    /// The smallest subnormal number.
    const LEAST: f64;
    const COMPLEX: bool;
    fn wide(self) -> Complex<f64>;
    fn narrow(x: Complex<f64>) -> Self;
    fn real(x: f64) -> Self::Real;
    fn complex() -> Self::Complex;
}

pub(crate) trait Widen: Copy {
    fn wide(self) -> Complex<f64>;
}

macro_rules! sample {
    ($t:ty, $eps:expr, $least:expr) => {
        impl Widen for Complex<$t> {
            fn wide(self) -> Complex<f64> {
                Complex::new(self.re.into(), self.im.into())
            }
        }
        impl Sample for $t {
            const EPS: f64 = $eps;
            const LEAST: f64 = $least;
            const COMPLEX: bool = false;
            fn wide(self) -> Complex<f64> {
                Complex::new(self.into(), 0.0)
            }
            fn narrow(x: Complex<f64>) -> Self {
                x.re as $t
            }
            fn real(x: f64) -> $t {
                x as $t
            }
            fn complex() -> Complex<$t> {
                Complex::default()
            }
        }
        impl Sample for Complex<$t> {
            const EPS: f64 = $eps;
            const LEAST: f64 = $least;
            const COMPLEX: bool = true;
            fn wide(self) -> Complex<f64> {
                Complex::new(self.re.into(), self.im.into())
            }
            fn narrow(x: Complex<f64>) -> Self {
                Complex::new(x.re as $t, x.im as $t)
            }
            fn real(x: f64) -> $t {
                x as $t
            }
            fn complex() -> Complex<$t> {
                Complex::default()
            }
        }
    };
}
sample!(f32, f32::EPSILON as f64, 1.5e-45);
sample!(f64, f64::EPSILON, 5e-324);

pub(crate) type Wide = Complex<f64>;

/// A row-major matrix.
#[derive(Clone, Debug)]
pub(crate) struct Matrix<T> {
    pub(crate) m: usize,
    pub(crate) n: usize,
    pub(crate) data: Vec<T>,
}

impl<T: Copy> Matrix<T> {
    pub(crate) fn new(m: usize, n: usize, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let data = (0..m * n).map(|k| f(k / n.max(1), k % n.max(1))).collect();
        Matrix { m, n, data }
    }
    pub(crate) fn at(&self, i: usize, j: usize) -> T {
        self.data[i * self.n + j]
    }
    pub(crate) fn view(&self) -> MatRef<'_, T> {
        MatRef::from_row_major_slice(&self.data, self.m, self.n)
    }
    pub(crate) fn view_mut(&mut self) -> MatMut<'_, T> {
        MatMut::from_row_major_slice_mut(&mut self.data, self.m, self.n)
    }
}

pub(crate) fn wide<T: Sample>(a: &Matrix<T>) -> Matrix<Wide> {
    Matrix::new(a.m, a.n, |i, j| a.at(i, j).wide())
}

pub(crate) fn mul(a: &Matrix<Wide>, b: &Matrix<Wide>) -> Matrix<Wide> {
    assert_eq!(a.n, b.m);
    let mut out = Matrix::new(a.m, b.n, |_, _| Wide::default());
    for i in 0..a.m {
        for k in 0..a.n {
            for j in 0..b.n {
                out.data[i * b.n + j] += a.at(i, k) * b.at(k, j);
            }
        }
    }
    out
}

pub(crate) fn adjoint(a: &Matrix<Wide>) -> Matrix<Wide> {
    Matrix::new(a.n, a.m, |i, j| a.at(j, i).conj())
}

pub(crate) fn diagonal(values: &[f64]) -> Matrix<Wide> {
    Matrix::new(
        values.len(),
        values.len(),
        |i, j| {
            if i == j { values[i].into() } else { Wide::default() }
        },
    )
}

pub(crate) fn identity(n: usize) -> Matrix<Wide> {
    diagonal(&vec![1.0; n])
}

pub(crate) fn largest(a: &Matrix<Wide>) -> f64 {
    a.data.iter().fold(0.0, |m, x| m.max(x.norm()))
}

#[track_caller]
pub(crate) fn close(a: &Matrix<Wide>, b: &Matrix<Wide>, bound: f64, what: &str) {
    assert_eq!((a.m, a.n), (b.m, b.n), "{what}");
    let error = a.data.iter().zip(&b.data).fold(0f64, |e, (a, b)| e.max((a - b).norm()));
    assert!(error <= bound, "{what} of {}x{}: {error:e} > {bound:e}", a.m, a.n);
}

pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 30) - 1.0
    }
    pub(crate) fn matrix<T: Sample>(&mut self, m: usize, n: usize, size: f64) -> Matrix<T> {
        Matrix::new(m, n, |_, _| {
            let re = self.next();
            let im = if T::COMPLEX { self.next() } else { 0.0 };
            T::narrow(Wide::new(re, im) * size)
        })
    }
}
