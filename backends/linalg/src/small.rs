//! Systems of a few equations, in memory of the stack.
//!
//! Gaussian elimination with partial pivoting (Golub and Van Loan, "Matrix Computations", 3.4), on a
//! row-major copy.

use faer::{MatMut, MatRef};

use crate::field::{Failure, Number};

/// The most equations that are solved here.
pub(crate) const SMALL: usize = 16;

/// L (below the diagonal, which is 1) and U of a matrix whose rows were exchanged.
pub(crate) struct Lu<T> {
    n: usize,
    rows: [[T; SMALL]; SMALL],
    /// Row `k` of the product was row `order[k]` of the matrix.
    order: [usize; SMALL],
    /// Whether the number of exchanges is odd.
    odd: bool,
}

impl<T: Number> Lu<T> {
    /// Factors a square matrix of at most [`SMALL`] rows.
    pub(crate) fn new(a: MatRef<'_, T>) -> Lu<T> {
        let n = a.nrows();
        let mut lu = Lu {
            n,
            rows: [[T::ZERO; SMALL]; SMALL],
            order: std::array::from_fn(|k| k),
            odd: false,
        };
        for i in 0..n {
            for j in 0..n {
                lu.rows[i][j] = a[(i, j)];
            }
        }
        for k in 0..n {
            let mut pivot = k;
            for i in k + 1..n {
                if lu.rows[i][k].modulus() > lu.rows[pivot][k].modulus() {
                    pivot = i;
                }
            }
            if pivot != k {
                lu.rows.swap(pivot, k);
                lu.order.swap(pivot, k);
                lu.odd = !lu.odd;
            }
            let row = lu.rows[k];
            if row[k] == T::ZERO {
                continue;
            }
            for below in &mut lu.rows[k + 1..n] {
                let factor = below[k] / row[k];
                below[k] = factor;
                for j in k + 1..n {
                    below[j] = below[j] - factor * row[j];
                }
            }
        }
        lu
    }

    /// The diagonal of U, and whether the sign of its product is to be turned.
    pub(crate) fn diagonal(&self) -> (impl Iterator<Item = T> + '_, bool) {
        ((0..self.n).map(|k| self.rows[k][k]), self.odd)
    }

    /// Solves for each column of `b`.
    pub(crate) fn solve(&self, b: MatRef<'_, T>, mut x: MatMut<'_, T>) -> Result<(), Failure> {
        let n = self.n;
        if (0..n).any(|k| self.rows[k][k] == T::ZERO) {
            return Err(Failure::Singular);
        }
        for column in 0..b.ncols() {
            let mut v = [T::ZERO; SMALL];
            for i in 0..n {
                let mut sum = b[(self.order[i], column)];
                for (l, &x) in self.rows[i][..i].iter().zip(&v) {
                    sum = sum - *l * x;
                }
                v[i] = sum;
            }
            for i in (0..n).rev() {
                let mut sum = v[i];
                for (u, &x) in self.rows[i][i + 1..n].iter().zip(&v[i + 1..n]) {
                    sum = sum - *u * x;
                }
                v[i] = sum / self.rows[i][i];
            }
            for i in 0..n {
                x[(i, column)] = v[i];
            }
        }
        Ok(())
    }
}
