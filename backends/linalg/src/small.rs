//! Systems of a few equations, in memory of the stack.
//!
//! Gaussian elimination with partial pivoting (Golub and Van Loan, "Matrix Computations", 3.4), on a
//! row-major copy.

use faer::{MatMut, MatRef};

use crate::field::Failure;
use crate::number::Number;

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
                let factor = below[k].over(row[k]);
                below[k] = factor;
                for j in k + 1..n {
                    below[j] -= factor * row[j];
                }
            }
        }
        lu
    }

    /// The diagonal of U, and whether the sign of its product is to be turned.
    pub(crate) fn pivots(&self) -> (Vec<T>, bool) {
        ((0..self.n).map(|k| self.rows[k][k]).collect(), self.odd)
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
                    sum -= *l * x;
                }
                v[i] = sum;
            }
            for i in (0..n).rev() {
                let mut sum = v[i];
                for (u, &x) in self.rows[i][i + 1..n].iter().zip(&v[i + 1..n]) {
                    sum -= *u * x;
                }
                v[i] = sum.over(self.rows[i][i]);
            }
            for i in 0..n {
                x[(i, column)] = v[i];
            }
        }
        Ok(())
    }
}

/// Solves a stack of systems of `n` equations with `k` right sides, all contiguous and row-major; inverts
/// the matrices where `b` is `None` (and `k` is `n`).
///
/// # Errors
/// The index of a matrix that fails, and why.
pub(crate) fn solve_stack<T: Number>(
    n: usize,
    k: usize,
    a: &[T],
    b: Option<&[T]>,
    x: &mut [T],
) -> Result<(), (usize, Failure)> {
    if n == 0 || k == 0 {
        return Ok(());
    }
    match (n, k, b) {
        (1, 1, _) => fixed::<T, 1, 1>(a, b, x),
        (2, 1, _) => fixed::<T, 2, 1>(a, b, x),
        (3, 1, _) => fixed::<T, 3, 1>(a, b, x),
        (4, 1, _) => fixed::<T, 4, 1>(a, b, x),
        (2, 2, _) => fixed::<T, 2, 2>(a, b, x),
        (3, 3, _) => fixed::<T, 3, 3>(a, b, x),
        (4, 4, _) => fixed::<T, 4, 4>(a, b, x),
        _ => {
            for (i, (a, x)) in a.chunks_exact(n * n).zip(x.chunks_exact_mut(n * k)).enumerate() {
                let b = b.map(|b| &b[i * n * k..][..n * k]);
                one(n, k, a, b, x).map_err(|failure| (i, failure))?;
            }
            Ok(())
        }
    }
}

/// One system, of any size and magnitude.
fn one<T: Number>(
    n: usize,
    k: usize,
    a: &[T],
    b: Option<&[T]>,
    x: &mut [T],
) -> Result<(), Failure> {
    crate::solve::solve(
        MatRef::from_row_major_slice(a, n, n),
        b.map(|b| MatRef::from_row_major_slice(b, n, k)),
        MatMut::from_row_major_slice_mut(x, n, k),
        false,
    )
}

/// Systems of sizes that the compiler knows, so that everything happens in registers.
fn fixed<T: Number, const N: usize, const K: usize>(
    a: &[T],
    b: Option<&[T]>,
    x: &mut [T],
) -> Result<(), (usize, Failure)> {
    let matrices = a.as_chunks::<N>().0.as_chunks::<N>().0;
    let solutions = x.as_chunks_mut::<K>().0.as_chunks_mut::<N>().0;
    let mut identity = [[T::ZERO; K]; N];
    for (k, row) in identity.iter_mut().enumerate().take(K) {
        row[k] = T::ONE;
    }
    let sides = b.map(|b| b.as_chunks::<K>().0.as_chunks::<N>().0);
    for (i, (a, x)) in matrices.iter().zip(solutions).enumerate() {
        let b = sides.map_or(&identity, |sides| &sides[i]);
        match eliminate(*a, *b) {
            Some(solution) => *x = solution,
            None => {
                let b = sides.map(|sides| sides[i].as_flattened());
                one(N, K, a.as_flattened(), b, x.as_flattened_mut())
                    .map_err(|failure| (i, failure))?;
            }
        }
    }
    Ok(())
}

/// Gaussian elimination with partial pivoting; `None` for a matrix that is singular or not of moderate
/// size.
#[inline(always)]
fn eliminate<T: Number, const N: usize, const K: usize>(
    mut a: [[T; N]; N],
    mut b: [[T; K]; N],
) -> Option<[[T; K]; N]> {
    let mut largest = <T::Part as Number>::ZERO;
    for x in a.as_flattened() {
        let size = x.modulus();
        largest = if size > largest { size } else { largest };
    }
    let (low, high) = T::MODERATE;
    if !(largest > low && largest < high) {
        return None;
    }
    for k in 0..N {
        let mut best = a[k][k].modulus();
        let mut row = k;
        for (i, candidate) in a.iter().enumerate().skip(k + 1) {
            let size = candidate[k].modulus();
            row = if size > best { i } else { row };
            best = if size > best { size } else { best };
        }
        if best == <T::Part as Number>::ZERO {
            return None;
        }
        a.swap(k, row);
        b.swap(k, row);
        let (pivot_row, pivot_side) = (a[k], b[k]);
        for i in k + 1..N {
            let factor = a[i][k].over(pivot_row[k]);
            for j in k + 1..N {
                a[i][j] -= factor * pivot_row[j];
            }
            for j in 0..K {
                b[i][j] -= factor * pivot_side[j];
            }
        }
    }
    for k in (0..N).rev() {
        let solved = b[k].map(|x| x.over(a[k][k]));
        b[k] = solved;
        for i in 0..k {
            for j in 0..K {
                b[i][j] -= a[i][k] * solved[j];
            }
        }
    }
    Some(b)
}
