//! Systems of a few equations, in memory of the stack.
//!
//! Gaussian elimination with partial pivoting (Golub and Van Loan, "Matrix Computations", 3.4), on a
//! row-major copy.

#![allow(clippy::needless_range_loop)] // the indices are rows, columns and lanes

use faer::{MatMut, MatRef};

use crate::field::Failure;
use crate::number::{Number, is_moderate};

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

    /// An element of L or of U.
    pub(crate) fn get(&self, i: usize, j: usize) -> T {
        self.rows[i][j]
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

/// Systems that are solved side by side, in the lanes of vectors.
const LANES: usize = 8;

/// Systems of sizes that the compiler knows, so that everything happens in registers.
fn fixed<T: Number, const N: usize, const K: usize>(
    a: &[T],
    b: Option<&[T]>,
    x: &mut [T],
) -> Result<(), (usize, Failure)> {
    let matrices = a.as_chunks::<N>().0.as_chunks::<N>().0;
    let solutions = x.as_chunks_mut::<K>().0.as_chunks_mut::<N>().0;
    let identity =
        std::array::from_fn(|i| std::array::from_fn(|k| if i == k { T::ONE } else { T::ZERO }));
    let sides = b.map(|b| b.as_chunks::<K>().0.as_chunks::<N>().0);
    let side = |i: usize| sides.map_or(&identity, |sides| &sides[i]);
    for (block, solutions) in solutions.chunks_mut(LANES).enumerate() {
        let first = block * LANES;
        // missing ones are the last one again, so that a system is solved alike wherever it is
        let lane = |l: usize| first + l.min(solutions.len() - 1);
        let (a, b) = (gather(|l| &matrices[lane(l)]), gather(|l| side(lane(l))));
        let (found, good) = eliminate(a, b);
        for (l, x) in solutions.iter_mut().enumerate() {
            if good[l] {
                for i in 0..N {
                    for k in 0..K {
                        x[i][k] = found[i][k][l];
                    }
                }
            } else {
                let b = sides.map(|sides| sides[first + l].as_flattened());
                one(N, K, matrices[first + l].as_flattened(), b, x.as_flattened_mut())
                    .map_err(|failure| (first + l, failure))?;
            }
        }
    }
    Ok(())
}

/// Element by element, the values of each of the lanes.
#[inline(always)]
fn gather<'a, T: Number + 'a, const N: usize, const K: usize>(
    lane: impl Fn(usize) -> &'a [[T; K]; N],
) -> [[[T; LANES]; K]; N] {
    let mut all = [[[T::ZERO; LANES]; K]; N];
    for l in 0..LANES {
        let one = lane(l);
        for i in 0..N {
            for k in 0..K {
                all[i][k][l] = one[i][k];
            }
        }
    }
    all
}

/// Gaussian elimination with partial pivoting, and for which lanes it went well: not those with a
/// matrix that is singular or may be taken for it, or with elements or right sides that are not of moderate size.
#[inline(always)]
fn eliminate<T: Number, const N: usize, const K: usize>(
    mut a: [[[T; LANES]; N]; N],
    mut b: [[[T; LANES]; K]; N],
) -> ([[[T; LANES]; K]; N], [bool; LANES]) {
    let zero = <T::Part as Number>::ZERO;
    let (low, high) = T::MODERATE;
    let (mut largest, mut least) = ([zero; LANES], [high; LANES]);
    for x in a.as_flattened() {
        for l in 0..LANES {
            let size = x[l].modulus();
            largest[l] = if size > largest[l] { size } else { largest[l] };
            let size = if size > zero { size } else { high };
            least[l] = if size < least[l] { size } else { least[l] };
        }
    }
    let mut good: [bool; LANES] = std::array::from_fn(|l| largest[l] < high && least[l] > low);
    for j in 0..K {
        let mut largest = [zero; LANES];
        for row in &b {
            for l in 0..LANES {
                let size = row[j][l].modulus();
                largest[l] = if size > largest[l] { size } else { largest[l] };
            }
        }
        for l in 0..LANES {
            good[l] &= is_moderate::<T>(largest[l]);
        }
    }
    for k in 0..N {
        for i in k + 1..N {
            let (above, below) = a.split_at_mut(i);
            let (above, below) = (&mut above[k], &mut below[0]);
            let (size, other) = (above[k].map(T::modulus), below[k].map(T::modulus));
            for j in k..N {
                exchange(&mut above[j], &mut below[j], &size, &other);
            }
            let (above, below) = b.split_at_mut(i);
            for j in 0..K {
                exchange(&mut above[k][j], &mut below[0][j], &size, &other);
            }
        }
        let (pivot_row, pivot_side) = (a[k], b[k]);
        for l in 0..LANES {
            good[l] &= pivot_row[k][l].modulus() >= T::TINY;
        }
        for i in k + 1..N {
            let factor: [T; LANES] = std::array::from_fn(|l| a[i][k][l].over(pivot_row[k][l]));
            for j in k + 1..N {
                subtract(&mut a[i][j], &factor, &pivot_row[j]);
            }
            for j in 0..K {
                subtract(&mut b[i][j], &factor, &pivot_side[j]);
            }
        }
    }
    for k in (0..N).rev() {
        for j in 0..K {
            let solved: [T; LANES] = std::array::from_fn(|l| b[k][j][l].over(a[k][k][l]));
            b[k][j] = solved;
            for i in 0..k {
                subtract(&mut b[i][j], &a[i][k], &solved);
            }
        }
    }
    (b, good)
}

/// Exchanges `x` and `y` in the lanes where `other` is larger than `size`.
#[inline(always)]
fn exchange<T: Number>(
    x: &mut [T; LANES],
    y: &mut [T; LANES],
    size: &[T::Part; LANES],
    other: &[T::Part; LANES],
) {
    for l in 0..LANES {
        let swap = other[l] > size[l];
        let (first, second) = (x[l], y[l]);
        x[l] = if swap { second } else { first };
        y[l] = if swap { first } else { second };
    }
}

/// `x -= a · b`.
#[inline(always)]
fn subtract<T: Number>(x: &mut [T; LANES], a: &[T; LANES], b: &[T; LANES]) {
    for l in 0..LANES {
        x[l] -= a[l] * b[l];
    }
}
