//! Elimination for matrices whose rows and columns differ so much in size that what is formed on the way may
//! leave the range of double precision, though the result does not.
//!
//! A matrix that loses nothing when its rows and columns are divided by their sizes, powers of two, is so divided
//! and eliminated as any other, unless a pivot is lost on the way. For what is left, numbers have an exponent of their own, and nothing can
//! leave their range; that takes some twenty times as long.

use faer::{Mat, MatMut, MatRef, Par};
use rayon::prelude::*;

use crate::field::Failure;
use crate::number::{Number, exponent_of, is_exact};
use crate::small::SMALL;

/// A number `value · 2^exponent`: 0, or with a modulus from 1 to 2 of `value`, as [`Number::modulus`] has it.
#[derive(Clone, Copy)]
struct Wide<T> {
    value: T,
    exponent: i32,
}

/// `2^exponent`, in range.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

impl<T: Number> Wide<T> {
    const ZERO: Wide<T> = Wide { value: T::ZERO, exponent: 0 };

    fn new(x: T) -> Wide<T> {
        // subnormal numbers have no reciprocal scale in range: in two steps
        let e = exponent_of(x.modulus());
        Wide { value: x.scaled(-e), exponent: if x == T::ZERO { 0 } else { e } }
    }

    /// The number with a value of moderate size.
    fn of(value: T, exponent: i32) -> Wide<T> {
        if value == T::ZERO {
            return Wide::ZERO;
        }
        let e = exponent_of(value.modulus());
        Wide { value: value.times(power_of_two(-e)), exponent: exponent + e }
    }

    fn over(self, by: Wide<T>) -> Wide<T> {
        Wide::of(self.value.over(by.value), self.exponent - by.exponent)
    }

    /// `self - a · b`.
    fn minus(self, a: Wide<T>, b: Wide<T>) -> Wide<T> {
        /// Further apart than this the smaller number is less than half a unit of the larger one.
        const FAR: i32 = 120;
        let (product, exponent) = (a.value * b.value, a.exponent + b.exponent);
        if product == T::ZERO {
            return self;
        }
        if self.value == T::ZERO {
            return Wide::of(-product, exponent);
        }
        let above = self.exponent - exponent;
        if above >= 0 {
            if above > FAR {
                return self;
            }
            Wide::of(self.value - product.times(power_of_two(-above)), self.exponent)
        } else if above < -FAR {
            Wide::of(-product, exponent)
        } else {
            Wide::of(self.value.times(power_of_two(above)) - product, exponent)
        }
    }

    /// The number itself, rounded once where it is subnormal; 0 or an infinity beyond the range.
    fn number(self) -> T {
        self.value.scaled(self.exponent.clamp(-3000, 3000))
    }
}

/// The exponents of two by which rows and columns are multiplied so that the largest elements of each are about
/// 1; none for those of zeros.
fn equilibrate<T: Number>(a: MatRef<'_, T>) -> (Vec<i32>, Vec<i32>) {
    let (m, n) = a.shape();
    let exponents = Mat::from_fn(m, n, |i, j| {
        let size = a[(i, j)].modulus();
        (size != <T::Part as Number>::ZERO).then(|| exponent_of(size))
    });
    let (mut rows, mut columns) = (vec![0; m], vec![0; n]);
    for _ in 0..2 {
        for i in 0..m {
            let largest = (0..n).filter_map(|j| Some(exponents[(i, j)]? + columns[j])).max();
            rows[i] = -largest.unwrap_or(0);
        }
        for j in 0..n {
            let largest = (0..m).filter_map(|i| Some(exponents[(i, j)]? + rows[i])).max();
            columns[j] = -largest.unwrap_or(0);
        }
    }
    (rows, columns)
}

/// A matrix whose rows and columns were multiplied by the powers of two of these exponents.
struct Equilibrated<'a, T> {
    matrix: Mat<T>,
    rows: &'a [i32],
    columns: &'a [i32],
}

impl<'a, T: Number> Equilibrated<'a, T> {
    /// `None` if an element is subnormal then, or lost.
    fn new(a: MatRef<'_, T>, rows: &'a [i32], columns: &'a [i32]) -> Option<Self> {
        let (m, n) = a.shape();
        let matrix = Mat::from_fn(m, n, |i, j| a[(i, j)].scaled(rows[i] + columns[j]));
        is_exact(matrix.as_ref(), a).then_some(Equilibrated { matrix, rows, columns })
    }
}

/// L and U of a matrix whose rows were exchanged, row by row in one matrix.
struct Lu<T> {
    n: usize,
    all: Vec<Wide<T>>,
    /// Row `k` of the product was row `order[k]` of the matrix.
    order: Vec<usize>,
    odd: bool,
}

impl<T: Number> Lu<T> {
    /// Factors a matrix. Pivots are chosen as if rows had been multiplied by the powers of two of these exponents.
    fn new(a: MatRef<'_, T>, rows: &[i32], parallel: bool) -> Lu<T> {
        let n = a.nrows();
        let mut all = Vec::with_capacity(n * n);
        for i in 0..n {
            all.extend((0..n).map(|j| Wide::new(a[(i, j)])));
        }
        let mut lu = Lu { n, all, order: (0..n).collect(), odd: false };
        for k in 0..n {
            let size = |i: usize| {
                let x = lu.all[i * n + k];
                (x.value != T::ZERO).then(|| (x.exponent + rows[lu.order[i]], x.value.modulus()))
            };
            // the first of the largest
            let pivot = (k..n).fold(k, |best, i| if size(i) > size(best) { i } else { best });
            if pivot != k {
                let (above, below) = lu.all.split_at_mut(pivot * n);
                above[k * n..][..n].swap_with_slice(&mut below[..n]);
                lu.order.swap(pivot, k);
                lu.odd = !lu.odd;
            }
            let (above, below) = lu.all.split_at_mut((k + 1) * n);
            let row = &above[k * n..];
            if row[k].value == T::ZERO {
                continue;
            }
            let eliminate = |below: &mut [Wide<T>]| {
                if below[k].value == T::ZERO {
                    return;
                }
                let factor = below[k].over(row[k]);
                below[k] = factor;
                for (x, &above) in below[k + 1..].iter_mut().zip(&row[k + 1..]) {
                    *x = x.minus(factor, above);
                }
            };
            if parallel && n - k > 64 {
                below.par_chunks_mut(n).for_each(eliminate);
            } else {
                below.chunks_mut(n).for_each(eliminate);
            }
        }
        lu
    }

    /// The solution for one right side.
    fn solve(&self, b: impl Fn(usize) -> T) -> Vec<Wide<T>> {
        let n = self.n;
        let mut x: Vec<Wide<T>> = self.order.iter().map(|&i| Wide::new(b(i))).collect();
        for i in 0..n {
            let row = &self.all[i * n..][..n];
            x[i] = row[..i].iter().zip(&x).fold(x[i], |sum, (&l, &x)| sum.minus(l, x));
        }
        for i in (0..n).rev() {
            let row = &self.all[i * n..][..n];
            let known = row[i + 1..].iter().zip(&x[i + 1..]);
            x[i] = known.fold(x[i], |sum, (&u, &x)| sum.minus(u, x)).over(row[i]);
        }
        x
    }
}

/// X with `A X = B`; the inverse of A where `b` is `None`.
pub(crate) fn solve<T: Number>(
    a: MatRef<'_, T>,
    b: Option<MatRef<'_, T>>,
    mut x: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, k) = x.as_ref().shape();
    let (rows, columns) = equilibrate(a);
    if n > SMALL
        && let Some(even) = Equilibrated::new(a, &rows, &columns)
        && even.solve(b, x.as_mut(), parallel)
    {
        return Ok(());
    }
    let lu = Lu::new(a, &rows, parallel);
    if (0..n).any(|k| lu.all[k * n + k].value == T::ZERO) {
        return Err(Failure::Singular);
    }
    let one = |i, j| if i == j { T::ONE } else { T::ZERO };
    let column = |j: usize| lu.solve(|i| b.map_or_else(|| one(i, j), |b| b[(i, j)]));
    let found: Vec<_> = if parallel {
        (0..k).into_par_iter().map(column).collect()
    } else {
        (0..k).map(column).collect()
    };
    for (j, column) in found.iter().enumerate() {
        for (i, value) in column.iter().enumerate() {
            x[(i, j)] = value.number();
        }
    }
    Ok(())
}

impl<T: Number> Equilibrated<'_, T> {
    /// Solves with `R A C` in place of A, as `X = C (R A C)⁻¹ R B`, and says whether that went well.
    fn solve(&self, b: Option<MatRef<'_, T>>, mut x: MatMut<'_, T>, parallel: bool) -> bool {
        let (n, k) = x.as_ref().shape();
        // the columns of R B are made moderate as well
        let sides = b.map(|b| {
            let largest: Vec<i32> = (0..k)
                .map(|j| {
                    let some = (0..n).filter(|&i| b[(i, j)] != T::ZERO);
                    let exponents = some.map(|i| exponent_of(b[(i, j)].modulus()) + self.rows[i]);
                    exponents.max().unwrap_or(0)
                })
                .collect();
            (Mat::from_fn(n, k, |i, j| b[(i, j)].scaled(self.rows[i] - largest[j])), largest)
        });
        let right = sides.as_ref().map(|(scaled, _)| scaled.as_ref());
        if right.zip(b).is_some_and(|(right, b)| !is_exact(right, b)) {
            return false;
        }
        let done = crate::solve::plain(self.matrix.as_ref(), right, x.as_mut(), parallel);
        if !matches!(done, Some(Ok(()))) || !x.as_ref().is_all_finite() {
            return false;
        }
        for j in 0..k {
            let of_side = sides.as_ref().map_or_else(|| self.rows[j], |(_, largest)| largest[j]);
            for i in 0..n {
                x[(i, j)] = x[(i, j)].scaled(self.columns[i] + of_side);
            }
        }
        true
    }
}

/// The diagonal of U as numbers of moderate size, whether the sign of its product is to be turned, and the
/// exponent of two that belongs to the product.
pub(crate) fn pivots<T: Number>(a: MatRef<'_, T>, par: Par) -> (Vec<T>, bool, i64) {
    let n = a.nrows();
    let (rows, columns) = equilibrate(a);
    if n > SMALL
        && let Some(even) = Equilibrated::new(a, &rows, &columns)
        && let Some((pivots, odd)) = crate::solve::pivots(even.matrix.as_ref(), par)
        && !pivots.contains(&T::ZERO)
    {
        let exponents = rows.iter().chain(&columns);
        return (pivots, odd, -exponents.map(|&e| i64::from(e)).sum::<i64>());
    }
    let lu = Lu::new(a, &rows, !matches!(par, Par::Seq));
    let diagonal = || (0..n).map(|k| lu.all[k * n + k]);
    let exponent = diagonal().map(|pivot| i64::from(pivot.exponent)).sum();
    (diagonal().map(|pivot| pivot.value).collect(), lu.odd, exponent)
}
