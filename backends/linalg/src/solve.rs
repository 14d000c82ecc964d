//! Linear systems, inverses and determinants.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::lu::partial_pivoting;
use faer::perm::PermRef;
use faer::{Mat, MatMut, MatRef, Par};
use num_complex::Complex;

use crate::field::Failure;
use crate::graded;
use crate::number::{
    Number, are_moderate, column_exponents, column_sizes, divided, doubled, exponent_of, is_exact,
    is_moderate, least_normal, multiply, narrowed, parallelism,
};
use crate::small::{Lu, SMALL};

/// LU with partial pivoting of a matrix that is not small.
struct Large<T> {
    lu: Mat<T>,
    forward: Vec<usize>,
    backward: Vec<usize>,
}

impl<T: Number> Large<T> {
    fn new(a: MatRef<'_, T>, par: Par) -> Large<T> {
        let n = a.nrows();
        let mut lu = a.to_owned();
        let (mut forward, mut backward) = (vec![0usize; n], vec![0usize; n]);
        let scratch = partial_pivoting::factor::lu_in_place_scratch::<usize, T>(
            n,
            n,
            par,
            Default::default(),
        );
        partial_pivoting::factor::lu_in_place(
            lu.as_mut(),
            &mut forward,
            &mut backward,
            par,
            MemStack::new(&mut MemBuffer::new(scratch)),
            Default::default(),
        );
        Large { lu, forward, backward }
    }

    fn solve(&self, x: MatMut<'_, T>, par: Par) {
        let (n, k) = x.as_ref().shape();
        let scratch = partial_pivoting::solve::solve_in_place_scratch::<usize, T>(n, k, par);
        partial_pivoting::solve::solve_in_place(
            self.lu.as_ref(),
            self.lu.as_ref(),
            PermRef::new_checked(&self.forward, &self.backward, n),
            x,
            par,
            MemStack::new(&mut MemBuffer::new(scratch)),
        );
    }

    fn inverse(&self, x: MatMut<'_, T>, par: Par) {
        let n = self.lu.nrows();
        let scratch = partial_pivoting::inverse::inverse_scratch::<usize, T>(n, par);
        partial_pivoting::inverse::inverse(
            x,
            self.lu.as_ref(),
            self.lu.as_ref(),
            PermRef::new_checked(&self.forward, &self.backward, n),
            par,
            MemStack::new(&mut MemBuffer::new(scratch)),
        );
    }
}

/// Whether elimination can leave the range of the type, by what is known before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    /// All elements are 0 or of moderate size: only products of several of them can.
    Within,
    /// The largest elements of all rows and columns are: what is lost is far below them, but for tiny pivots.
    Nearly,
    Beyond,
}

impl Range {
    fn of<T: Number>(a: MatRef<'_, T>) -> Range {
        let lines = |a| column_sizes(a).into_iter().all(is_moderate::<T>);
        if are_moderate(a) {
            Range::Within
        } else if lines(a) && lines(a.transpose()) {
            Range::Nearly
        } else {
            Range::Beyond
        }
    }
}

/// X with `A X = B`; the inverse of A where `b` is `None`.
pub(crate) fn solve<T: Number>(
    a: MatRef<'_, T>,
    b: Option<MatRef<'_, T>>,
    mut x: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    if a.nrows() == 0 || x.ncols() == 0 {
        return Ok(());
    }
    let range = Range::of(a);
    let exponents = b.and_then(column_exponents);
    let scaled = b.zip(exponents.as_ref()).map(|(b, exponents)| divided(b, exponents));
    let scaled = scaled.as_ref().map(|scaled| scaled.as_ref());
    let exact = scaled.zip(b).is_none_or(|(scaled, b)| is_exact(scaled, b));
    if range != Range::Beyond && exact {
        let done = plain(a, scaled.or(b), x.as_mut(), parallel);
        if let Some(done) = done
            && (range == Range::Within || (done.is_ok() && x.as_ref().is_all_finite()))
        {
            if let Some(exponents) = exponents {
                multiply(x, &exponents);
            }
            return done;
        }
    }
    if T::IS_SINGLE {
        // which has room for all of it
        let mut wide = Mat::zeros(x.nrows(), x.ncols());
        let b = b.map(doubled);
        let b = b.as_ref().map(|b| b.as_ref());
        solve(doubled(a).as_ref(), b, wide.as_mut(), parallel)?;
        narrowed(wide.as_ref(), x);
        return Ok(());
    }
    graded::solve(a, b, x, parallel)
}

/// Whether a pivot is tiny or 0 as a product on the way may have left the range: what is known of L and U, in one
/// matrix.
fn is_lost<T: Number>(n: usize, lu: impl Fn(usize, usize) -> T) -> bool {
    let zero = <T::Part as Number>::ZERO;
    let size = |i: usize, j: usize| lu(i, j).modulus();
    if (0..n).all(|k| size(k, k) >= T::TINY) {
        return false;
    }
    // the products that were formed are of elements of L and of U
    let [mut lower, mut upper] = [f64::INFINITY; 2];
    for i in 0..n {
        for j in (0..n).filter(|&j| size(i, j) != zero) {
            let least = if j < i { &mut lower } else { &mut upper };
            *least = least.min(size(i, j).into());
        }
    }
    lower * upper < least_normal::<T>()
}

/// The same for a matrix of at least one row, with which elimination stays in range; `None` if it did not.
pub(crate) fn plain<T: Number>(
    a: MatRef<'_, T>,
    b: Option<MatRef<'_, T>>,
    mut x: MatMut<'_, T>,
    parallel: bool,
) -> Option<Result<(), Failure>> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    if n <= SMALL {
        let lu = Lu::new(a);
        if is_lost(n, |i, j| lu.get(i, j)) {
            return None;
        }
        return Some(match b {
            Some(b) => lu.solve(b, x),
            None => lu.solve(Mat::<T>::identity(n, n).as_ref(), x),
        });
    }
    let lu = Large::new(a, par);
    if is_lost(n, |i, j| lu.lu[(i, j)]) {
        return None;
    }
    if (0..n).any(|k| lu.lu[(k, k)] == T::ZERO) {
        return Some(Err(Failure::Singular));
    }
    let mut work = match b {
        Some(b) => b.to_owned(),
        None => Mat::zeros(n, n),
    };
    match b {
        Some(_) => lu.solve(work.as_mut(), par),
        None => lu.inverse(work.as_mut(), par),
    }
    x.copy_from(&work);
    Some(Ok(()))
}

/// The diagonal of U, and whether the sign of its product is to be turned; `None` if elimination left the range.
pub(crate) fn pivots<T: Number>(a: MatRef<'_, T>, par: Par) -> Option<(Vec<T>, bool)> {
    let n = a.nrows();
    if n <= SMALL {
        let lu = Lu::new(a);
        return (!is_lost(n, |i, j| lu.get(i, j))).then(|| lu.pivots());
    }
    let Large { lu, forward, .. } = Large::new(a, par);
    if is_lost(n, |i, j| lu[(i, j)]) {
        return None;
    }
    // a permutation of c cycles has n - c exchanges
    let (mut seen, mut cycles) = (vec![false; n], 0);
    for start in 0..n {
        if !seen[start] {
            cycles += 1;
            let mut k = start;
            while !std::mem::replace(&mut seen[k], true) {
                k = forward[k];
            }
        }
    }
    Some(((0..n).map(|k| lu[(k, k)]).collect(), (n - cycles) % 2 == 1))
}

/// The diagonal of U in double precision, whether the sign of its product is to be turned, and an exponent of
/// two that the product is to be multiplied by.
fn wide_pivots<T: Number>(a: MatRef<'_, T>, par: Par) -> (Vec<Complex<f64>>, bool, i64) {
    if T::IS_SINGLE {
        return wide_pivots(doubled(a).as_ref(), par);
    }
    let wide = |pivots: Vec<T>| pivots.into_iter().map(Number::wide).collect();
    let range = Range::of(a);
    if range != Range::Beyond
        && let Some((pivots, odd)) = pivots(a, par)
        && (range == Range::Within || !pivots.contains(&T::ZERO))
    {
        return (wide(pivots), odd, 0);
    }
    let (pivots, odd, exponent) = graded::pivots(a, par);
    (wide(pivots), odd, exponent)
}

/// The determinant.
pub(crate) fn det<T: Number>(a: MatRef<'_, T>, parallel: bool) -> T {
    let (pivots, odd, mut exponent) = wide_pivots(a, parallelism(parallel));
    // the product as mantissa and exponent: factors may leave the range where the product does not
    let mut product = Complex::new(if odd { -1.0 } else { 1.0 }, 0.0);
    for pivot in pivots {
        if pivot == Complex::ZERO {
            return T::ZERO;
        }
        let e = exponent_of(pivot.modulus());
        product *= pivot.scaled(-e);
        let rest = exponent_of(product.modulus());
        product = product.scaled(-rest);
        exponent += i64::from(e) + i64::from(rest);
    }
    // beyond this every type is at infinity or zero
    T::narrow(product.scaled(exponent.clamp(-4000, 4000) as i32))
}

/// The sign of the determinant and the logarithm of its modulus.
pub(crate) fn slogdet<T: Number>(a: MatRef<'_, T>, parallel: bool) -> (T, T::Part) {
    let (pivots, odd, mut exponent) = wide_pivots(a, parallelism(parallel));
    let mut sign = Complex::<f64>::new(if odd { -1.0 } else { 1.0 }, 0.0);
    let mut sum = 0f64;
    for pivot in pivots {
        if pivot == Complex::ZERO {
            return (T::ZERO, T::Part::narrow(f64::NEG_INFINITY.into()));
        }
        // the direction without forming a square that leaves the range
        let e = exponent_of(pivot.modulus());
        let moderate = pivot.scaled(-e);
        let norm = moderate.norm();
        sign *= moderate / norm;
        sum += norm.ln();
        exponent += i64::from(e);
    }
    let log = sum + exponent as f64 * std::f64::consts::LN_2;
    (T::narrow(sign / sign.norm()), T::Part::narrow(log.into()))
}
