//! The decompositions, one method each.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::{cholesky, evd, lu, svd};
use faer::traits::ComplexField;
use faer::{Mat, MatMut, MatRef, Par};
use num_complex::Complex;

use crate::small::{Lu, SMALL};
use crate::tall::{Reflectors, Tall, is_tall};

/// Why there is no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The matrix is singular to working precision: a pivot is 0.
    Singular,
    /// The matrix is not positive definite: the pivot of this row is not positive.
    NotPositiveDefinite(usize),
    /// An iteration did not converge.
    NoConvergence,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Singular => f.write_str("the matrix is singular: a pivot is 0"),
            Failure::NotPositiveDefinite(row) => {
                write!(f, "the matrix is not positive definite: pivot {row} is not positive")
            }
            Failure::NoConvergence => f.write_str("the iteration did not converge"),
        }
    }
}

impl std::error::Error for Failure {}

/// What the algorithms here need of a number, beyond what `faer` has. Sizes are f64 for every type.
pub(crate) trait Number:
    ComplexField
    + Copy
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    type Part: Number<Part = Self::Part>;
    const ZERO: Self;
    const ONE: Self;
    /// Elements between these keep their squares, and sums of many, in range.
    const MODERATE: (f64, f64);
    /// The larger of the parts' moduli: what matters for pivots and ranges.
    fn modulus(self) -> f64;
    fn norm(self) -> f64;
    fn times(self, factor: f64) -> Self;
    /// `self · 2^exponent`, in steps, since the power itself may be out of range.
    fn scaled(self, exponent: i32) -> Self;
    fn part(self) -> Self::Part;
    fn from_f64(value: f64) -> Self::Part;
}

/// `x · 2^exponent`.
fn ldexp(mut x: f64, mut exponent: i32) -> f64 {
    while exponent != 0 && x != 0.0 && x.is_finite() {
        let step = exponent.clamp(-1000, 1000);
        x *= f64::powi(2.0, step);
        exponent -= step;
    }
    x
}

macro_rules! number {
    ($t:ty, $low:expr, $high:expr) => {
        impl Number for $t {
            type Part = $t;
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const MODERATE: (f64, f64) = ($low, $high);
            fn modulus(self) -> f64 {
                self.abs().into()
            }
            fn norm(self) -> f64 {
                self.abs().into()
            }
            fn times(self, factor: f64) -> $t {
                (f64::from(self) * factor) as $t
            }
            fn scaled(self, exponent: i32) -> $t {
                ldexp(self.into(), exponent) as $t
            }
            fn part(self) -> $t {
                self
            }
            fn from_f64(value: f64) -> $t {
                value as $t
            }
        }
        impl Number for Complex<$t> {
            type Part = $t;
            const ZERO: Self = Complex::new(0.0, 0.0);
            const ONE: Self = Complex::new(1.0, 0.0);
            const MODERATE: (f64, f64) = ($low, $high);
            fn modulus(self) -> f64 {
                self.re.abs().max(self.im.abs()).into()
            }
            fn norm(self) -> f64 {
                f64::from(self.re).hypot(self.im.into())
            }
            fn times(self, factor: f64) -> Self {
                Complex::new(self.re.times(factor), self.im.times(factor))
            }
            fn scaled(self, exponent: i32) -> Self {
                Complex::new(self.re.scaled(exponent), self.im.scaled(exponent))
            }
            fn part(self) -> $t {
                self.re
            }
            fn from_f64(value: f64) -> $t {
                value as $t
            }
        }
    };
}
number!(f32, 1e-12, 1e12);
number!(f64, 1e-130, 1e130);

/// The exponent of two of a number that is not 0.
fn exponent_of(x: f64) -> i32 {
    if x == 0.0 { 0 } else { x.log2().floor() as i32 }
}

/// A matrix with elements of moderate size, and the exponent of two that it was divided by.
struct Scaled<'a, T: Number> {
    view: MatRef<'a, T>,
    own: Option<Mat<T>>,
    exponent: i32,
}

impl<'a, T: Number> Scaled<'a, T> {
    /// The matrix itself where squares of its elements stay in range, else a scaled copy.
    fn new(a: MatRef<'a, T>) -> Scaled<'a, T> {
        let mut largest = 0f64;
        for j in 0..a.ncols() {
            for i in 0..a.nrows() {
                largest = largest.max(a[(i, j)].modulus());
            }
        }
        let (low, high) = T::MODERATE;
        // even, so that a square root of it is exact
        let exponent =
            if largest > low && largest < high { 0 } else { exponent_of(largest) / 2 * 2 };
        let own = (exponent != 0)
            .then(|| Mat::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)].scaled(-exponent)));
        Scaled { view: a, own, exponent }
    }

    fn get(&self) -> MatRef<'_, T> {
        self.own.as_ref().map_or(self.view, |own| own.as_ref())
    }

    /// Multiplies results by `2^exponent`.
    fn restore(&self, mut x: MatMut<'_, T>, exponent: i32) {
        if exponent != 0 {
            for j in 0..x.ncols() {
                for i in 0..x.nrows() {
                    x[(i, j)] = x[(i, j)].scaled(exponent);
                }
            }
        }
    }
}

fn parallelism(parallel: bool) -> Par {
    if parallel { Par::rayon(0) } else { Par::Seq }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for num_complex::Complex<f32> {}
    impl Sealed for num_complex::Complex<f64> {}
}

/// A number whose matrices are decomposed: `f32`, `f64`, `Complex<f32>`, `Complex<f64>`.
///
/// Matrices hold finite values. `parallel` lets a method use all threads of the current rayon pool;
/// without it a caller does many matrices at once. Shapes are those of the results described; a method
/// panics on others.
pub trait Field: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The real number of the precision.
    type Real: Copy + Send + Sync + 'static;
    /// The complex number of the precision.
    type Complex: Copy + Send + Sync + 'static;

    /// L with `A = L Lᴴ`, of which the lower triangle of `a` is read; zeros above the diagonal.
    fn cholesky(a: MatRef<'_, Self>, l: MatMut<'_, Self>, parallel: bool) -> Result<(), Failure>;

    /// Eigenvalues, and eigenvectors of norm 1 as columns, of a square matrix.
    fn eig(
        a: MatRef<'_, Self>,
        values: &mut [Self::Complex],
        vectors: Option<MatMut<'_, Self::Complex>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// Eigenvalues, ascending, and orthonormal eigenvectors of a Hermitian matrix, of which the lower
    /// triangle is read.
    fn eigh(
        a: MatRef<'_, Self>,
        values: &mut [Self::Real],
        vectors: Option<MatMut<'_, Self>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// Q of `min(m, n)` or `m` columns and R of as many rows.
    fn qr(a: MatRef<'_, Self>, q: MatMut<'_, Self>, r: MatMut<'_, Self>, parallel: bool);

    /// U, singular values (descending) and Vᴴ; thin or full by the shapes of `u` and `vh`.
    fn svd(
        a: MatRef<'_, Self>,
        u: Option<MatMut<'_, Self>>,
        values: &mut [Self::Real],
        vh: Option<MatMut<'_, Self>>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// X with `A X = B`; the inverse of A where `b` is `None`.
    fn solve(
        a: MatRef<'_, Self>,
        b: Option<MatRef<'_, Self>>,
        x: MatMut<'_, Self>,
        parallel: bool,
    ) -> Result<(), Failure>;

    /// The determinant.
    fn det(a: MatRef<'_, Self>, parallel: bool) -> Self;

    /// The sign of the determinant (modulus 1, or 0) and the logarithm of its modulus.
    fn slogdet(a: MatRef<'_, Self>, parallel: bool) -> (Self, Self::Real);
}

fn cholesky<T: Number>(
    a: MatRef<'_, T>,
    mut out: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    let scaled = Scaled::new(a);
    let mut l = Mat::<T>::zeros(n, n);
    l.copy_from_triangular_lower(scaled.get());
    let scratch = cholesky::llt::factor::cholesky_in_place_scratch::<T>(n, par, Default::default());
    cholesky::llt::factor::cholesky_in_place(
        l.as_mut(),
        Default::default(),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .map_err(|e| match e {
        cholesky::llt::factor::LltError::NonPositivePivot { index } => {
            Failure::NotPositiveDefinite(index)
        }
    })?;
    for j in 0..n {
        for i in 0..n {
            out[(i, j)] = if i < j { T::ZERO } else { l[(i, j)] };
        }
    }
    scaled.restore(out, scaled.exponent / 2);
    Ok(())
}

/// The eigenvectors of a matrix of at most one row.
fn identity<T: Number>(vectors: Option<MatMut<'_, T>>) {
    if let Some(mut vectors) = vectors
        && vectors.nrows() == 1
    {
        vectors[(0, 0)] = T::ONE;
    }
}

fn eigh<T: Number>(
    a: MatRef<'_, T>,
    values: &mut [T::Part],
    vectors: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    if n <= 1 {
        if n == 1 {
            values[0] = a[(0, 0)].part();
        }
        identity(vectors);
        return Ok(());
    }
    let scaled = Scaled::new(a);
    let wanted = if vectors.is_some() {
        evd::ComputeEigenvectors::Yes
    } else {
        evd::ComputeEigenvectors::No
    };
    let mut s = Diag::<T>::zeros(n);
    let mut u = vectors.as_ref().map(|_| Mat::<T>::zeros(n, n));
    let scratch = evd::self_adjoint_evd_scratch::<T>(n, wanted, par, Default::default());
    evd::self_adjoint_evd(
        scaled.get(),
        s.as_mut(),
        u.as_mut().map(|u| u.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .map_err(|_| Failure::NoConvergence)?;
    for (value, s) in values.iter_mut().zip(s.column_vector().iter()) {
        *value = s.part().scaled(scaled.exponent);
    }
    if let (Some(mut vectors), Some(u)) = (vectors, u) {
        vectors.copy_from(&u);
    }
    Ok(())
}

fn qr<T: Number>(a: MatRef<'_, T>, mut q: MatMut<'_, T>, mut r: MatMut<'_, T>, parallel: bool) {
    let (m, n) = a.shape();
    let par = parallelism(parallel);
    let scaled = Scaled::new(a);
    if parallel && is_tall(m, n) && q.ncols() == n {
        let tall = Tall::new(scaled.get(), true);
        tall.write_r(r.as_mut());
        tall.apply(Mat::<T>::identity(n, n).as_ref(), q);
    } else {
        let reflectors = Reflectors::new(scaled.get(), par);
        reflectors.write_r(r.as_mut());
        let mut full = Mat::<T>::identity(m, q.ncols());
        reflectors.apply(full.as_mut(), par);
        q.copy_from(&full);
    }
    scaled.restore(r, scaled.exponent);
}

fn svd<T: Number>(
    a: MatRef<'_, T>,
    u: Option<MatMut<'_, T>>,
    values: &mut [T::Part],
    vh: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let scaled = Scaled::new(a);
    let (m, n) = a.shape();
    let thin = u.as_ref().is_none_or(|u| u.ncols() == n);
    if parallel && thin && is_tall(m, n) {
        let tall = Tall::new(scaled.get(), u.is_some());
        let mut r = Mat::<T>::zeros(n, n);
        tall.write_r(r.as_mut());
        let mut small = u.as_ref().map(|_| Mat::<T>::zeros(n, n));
        plain_svd(r.as_ref(), small.as_mut().map(|u| u.as_mut()), values, vh, parallel)?;
        if let (Some(u), Some(small)) = (u, small) {
            tall.apply(small.as_ref(), u);
        }
    } else {
        plain_svd(scaled.get(), u, values, vh, parallel)?;
    }
    for value in values {
        *value = value.scaled(scaled.exponent);
    }
    Ok(())
}

fn plain_svd<T: Number>(
    a: MatRef<'_, T>,
    u: Option<MatMut<'_, T>>,
    values: &mut [T::Part],
    vh: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    use svd::ComputeSvdVectors::{Full, No, Thin};
    let ((m, n), par) = (a.shape(), parallelism(parallel));
    let size = m.min(n);
    let mut s = Diag::<T>::zeros(size);
    let mut left = u.as_ref().map(|u| Mat::<T>::zeros(m, u.ncols()));
    let mut right = vh.as_ref().map(|vh| Mat::<T>::zeros(n, vh.nrows()));
    let want = |columns: Option<usize>| match columns {
        None => No,
        Some(columns) if columns == size => Thin,
        Some(_) => Full,
    };
    let scratch = svd::svd_scratch::<T>(
        m,
        n,
        want(left.as_ref().map(|u| u.ncols())),
        want(right.as_ref().map(|v| v.ncols())),
        par,
        Default::default(),
    );
    svd::svd(
        a,
        s.as_mut(),
        left.as_mut().map(|u| u.as_mut()),
        right.as_mut().map(|v| v.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    )
    .map_err(|_| Failure::NoConvergence)?;
    for (value, s) in values.iter_mut().zip(s.column_vector().iter()) {
        *value = s.part();
    }
    if let (Some(mut u), Some(left)) = (u, left) {
        u.copy_from(&left);
    }
    if let (Some(mut vh), Some(right)) = (vh, right) {
        vh.copy_from(right.adjoint());
    }
    Ok(())
}

/// LU with partial pivoting, by size.
enum Factored<T> {
    Small(Lu<T>),
    Large { lu: Mat<T>, forward: Vec<usize>, backward: Vec<usize> },
}

fn factored<T: Number>(a: MatRef<'_, T>, par: Par) -> Factored<T> {
    let n = a.nrows();
    if n <= SMALL {
        return Factored::Small(Lu::new(a));
    }
    let mut lu = a.to_owned();
    let (mut forward, mut backward) = (vec![0usize; n], vec![0usize; n]);
    let scratch = lu::partial_pivoting::factor::lu_in_place_scratch::<usize, T>(
        n,
        n,
        par,
        Default::default(),
    );
    lu::partial_pivoting::factor::lu_in_place(
        lu.as_mut(),
        &mut forward,
        &mut backward,
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    );
    Factored::Large { lu, forward, backward }
}

fn solve<T: Number>(
    a: MatRef<'_, T>,
    b: Option<MatRef<'_, T>>,
    mut x: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    let scaled = Scaled::new(a);
    match factored(scaled.get(), par) {
        Factored::Small(lu) => match b {
            Some(b) => lu.solve(b, x.as_mut())?,
            None => {
                let identity: [[T; SMALL]; SMALL] = std::array::from_fn(|i| {
                    std::array::from_fn(|j| if i == j { T::ONE } else { T::ZERO })
                });
                let rows = MatRef::from_row_major_slice(identity.as_flattened(), SMALL, SMALL);
                lu.solve(rows.submatrix(0, 0, n, n), x.as_mut())?;
            }
        },
        Factored::Large { lu, forward, backward } => {
            if (0..n).any(|k| lu[(k, k)] == T::ZERO) {
                return Err(Failure::Singular);
            }
            let mut work = match b {
                Some(b) => b.to_owned(),
                None => Mat::identity(n, n),
            };
            let order = faer::perm::PermRef::new_checked(&forward, &backward, n);
            let scratch = lu::partial_pivoting::solve::solve_in_place_scratch::<usize, T>(
                n,
                work.ncols(),
                par,
            );
            lu::partial_pivoting::solve::solve_in_place(
                lu.as_ref(),
                lu.as_ref(),
                order,
                work.as_mut(),
                par,
                MemStack::new(&mut MemBuffer::new(scratch)),
            );
            x.copy_from(&work);
        }
    }
    scaled.restore(x, -scaled.exponent);
    Ok(())
}

/// The diagonal of U, and whether the sign of its product is to be turned.
fn pivots<T: Number>(a: MatRef<'_, T>, par: Par) -> (Vec<T>, bool) {
    match factored(a, par) {
        Factored::Small(lu) => {
            let (diagonal, odd) = lu.diagonal();
            (diagonal.collect(), odd)
        }
        Factored::Large { lu, forward, .. } => {
            let n = forward.len();
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
            ((0..n).map(|k| lu[(k, k)]).collect(), (n - cycles) % 2 == 1)
        }
    }
}

fn det<T: Number>(a: MatRef<'_, T>, parallel: bool) -> T {
    let scaled = Scaled::new(a);
    let (pivots, odd) = pivots(scaled.get(), parallelism(parallel));
    // the product as mantissa and exponent: factors may leave the range where the product does not
    let mut product = if odd { -T::ONE } else { T::ONE };
    let mut exponent = i64::from(scaled.exponent) * pivots.len() as i64;
    for pivot in pivots {
        if pivot == T::ZERO {
            return T::ZERO;
        }
        let e = exponent_of(pivot.modulus());
        product = product * pivot.scaled(-e);
        let rest = exponent_of(product.modulus());
        product = product.scaled(-rest);
        exponent += i64::from(e) + i64::from(rest);
    }
    // beyond this every type is at infinity or zero
    product.scaled(exponent.clamp(-4000, 4000) as i32)
}

fn slogdet<T: Number>(a: MatRef<'_, T>, parallel: bool) -> (T, T::Part) {
    let scaled = Scaled::new(a);
    let (pivots, odd) = pivots(scaled.get(), parallelism(parallel));
    let (mut sign, mut sum) = (if odd { -T::ONE } else { T::ONE }, 0f64);
    for pivot in pivots {
        if pivot == T::ZERO {
            return (T::ZERO, T::from_f64(f64::NEG_INFINITY));
        }
        // the direction without forming a square that leaves the range
        let e = exponent_of(pivot.modulus());
        let moderate = pivot.scaled(-e);
        let norm = moderate.norm();
        sign = sign * moderate.times(1.0 / norm);
        sum += norm.ln() + f64::from(e + scaled.exponent) * std::f64::consts::LN_2;
    }
    (sign, T::from_f64(sum))
}

/// Eigenvalues and vectors of a general matrix, through the form of them that the type has.
macro_rules! eig {
    (real $t:ty) => {
        fn eig(
            a: MatRef<'_, $t>,
            values: &mut [Complex<$t>],
            vectors: Option<MatMut<'_, Complex<$t>>>,
            parallel: bool,
        ) -> Result<(), Failure> {
            let (n, par) = (a.nrows(), parallelism(parallel));
            if n <= 1 {
                if n == 1 {
                    values[0] = a[(0, 0)].into();
                }
                identity(vectors);
                return Ok(());
            }
            let scaled = Scaled::new(a);
            let (mut re, mut im) = (Diag::<$t>::zeros(n), Diag::<$t>::zeros(n));
            let mut u = vectors.as_ref().map(|_| Mat::<$t>::zeros(n, n));
            let scratch = eig_scratch::<$t>(n, u.is_some(), par);
            evd::evd_real(
                scaled.get(),
                re.as_mut(),
                im.as_mut(),
                None,
                u.as_mut().map(|u| u.as_mut()),
                par,
                MemStack::new(&mut MemBuffer::new(scratch)),
                Default::default(),
            )
            .map_err(|_| Failure::NoConvergence)?;
            for (k, value) in values.iter_mut().enumerate() {
                let (re, im) = (re.column_vector()[k], im.column_vector()[k]);
                *value = Complex::new(re, im).scaled(scaled.exponent);
            }
            if let (Some(mut vectors), Some(u)) = (vectors, u) {
                // a conjugate pair of values has its vectors' real and imaginary parts as columns
                let mut k = 0;
                while k < n {
                    let pair = im.column_vector()[k] != 0.0 && k + 1 < n;
                    for i in 0..n {
                        let re = u[(i, k)];
                        if pair {
                            let im = u[(i, k + 1)];
                            vectors[(i, k)] = Complex::new(re, im);
                            vectors[(i, k + 1)] = Complex::new(re, -im);
                        } else {
                            vectors[(i, k)] = Complex::new(re, 0.0);
                        }
                    }
                    k += if pair { 2 } else { 1 };
                }
                normalise(vectors);
            }
            Ok(())
        }
    };
    (complex $t:ty) => {
        fn eig(
            a: MatRef<'_, Complex<$t>>,
            values: &mut [Complex<$t>],
            vectors: Option<MatMut<'_, Complex<$t>>>,
            parallel: bool,
        ) -> Result<(), Failure> {
            let (n, par) = (a.nrows(), parallelism(parallel));
            if n <= 1 {
                if n == 1 {
                    values[0] = a[(0, 0)];
                }
                identity(vectors);
                return Ok(());
            }
            let scaled = Scaled::new(a);
            let mut s = Diag::<Complex<$t>>::zeros(n);
            let mut u = vectors.as_ref().map(|_| Mat::<Complex<$t>>::zeros(n, n));
            let scratch = eig_scratch::<Complex<$t>>(n, u.is_some(), par);
            evd::evd_cplx(
                scaled.get(),
                s.as_mut(),
                None,
                u.as_mut().map(|u| u.as_mut()),
                par,
                MemStack::new(&mut MemBuffer::new(scratch)),
                Default::default(),
            )
            .map_err(|_| Failure::NoConvergence)?;
            for (value, s) in values.iter_mut().zip(s.column_vector().iter()) {
                *value = s.scaled(scaled.exponent);
            }
            if let (Some(mut vectors), Some(u)) = (vectors, u) {
                vectors.copy_from(&u);
                normalise(vectors);
            }
            Ok(())
        }
    };
}

fn eig_scratch<T: ComplexField>(n: usize, vectors: bool, par: Par) -> faer::dyn_stack::StackReq {
    let right = if vectors { evd::ComputeEigenvectors::Yes } else { evd::ComputeEigenvectors::No };
    evd::evd_scratch::<T>(n, evd::ComputeEigenvectors::No, right, par, Default::default())
}

/// Divides each column by its norm.
fn normalise<T: Number>(mut x: MatMut<'_, T>) {
    for j in 0..x.ncols() {
        let mut largest = 0f64;
        for i in 0..x.nrows() {
            largest = largest.max(x[(i, j)].modulus());
        }
        let e = exponent_of(largest);
        let mut sum = 0f64;
        for i in 0..x.nrows() {
            sum += x[(i, j)].scaled(-e).norm().powi(2);
        }
        if sum > 0.0 {
            let factor = 1.0 / sum.sqrt();
            for i in 0..x.nrows() {
                x[(i, j)] = x[(i, j)].scaled(-e).times(factor);
            }
        }
    }
}

macro_rules! field {
    ($form:ident $part:ty, $t:ty) => {
        impl Field for $t {
            type Real = $part;
            type Complex = Complex<$part>;

            eig!($form $part);

            fn cholesky(
                a: MatRef<'_, $t>,
                l: MatMut<'_, $t>,
                parallel: bool,
            ) -> Result<(), Failure> {
                cholesky(a, l, parallel)
            }

            fn eigh(
                a: MatRef<'_, $t>,
                values: &mut [$part],
                vectors: Option<MatMut<'_, $t>>,
                parallel: bool,
            ) -> Result<(), Failure> {
                eigh(a, values, vectors, parallel)
            }

            fn qr(a: MatRef<'_, $t>, q: MatMut<'_, $t>, r: MatMut<'_, $t>, parallel: bool) {
                qr(a, q, r, parallel)
            }

            fn svd(
                a: MatRef<'_, $t>,
                u: Option<MatMut<'_, $t>>,
                values: &mut [$part],
                vh: Option<MatMut<'_, $t>>,
                parallel: bool,
            ) -> Result<(), Failure> {
                svd(a, u, values, vh, parallel)
            }

            fn solve(
                a: MatRef<'_, $t>,
                b: Option<MatRef<'_, $t>>,
                x: MatMut<'_, $t>,
                parallel: bool,
            ) -> Result<(), Failure> {
                solve(a, b, x, parallel)
            }

            fn det(a: MatRef<'_, $t>, parallel: bool) -> $t {
                det(a, parallel)
            }

            fn slogdet(a: MatRef<'_, $t>, parallel: bool) -> ($t, $part) {
                slogdet(a, parallel)
            }
        }
    };
}
field!(real f32, f32);
field!(real f64, f64);
field!(complex f32, Complex<f32>);
field!(complex f64, Complex<f64>);
