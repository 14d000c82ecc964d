//! Eigenvalues and eigenvectors.
//!
//! What `faer` finds for a general matrix is checked at a cost of O(n²) (traces; the residual in one
//! direction, after Freivalds), for it does not say whether it converged, and its back substitution may
//! leave the range. What fails the check is done again by [`schur`].

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::evd::{self, ComputeEigenvectors};
use faer::traits::{ComplexField, RealField};
use faer::{Mat, MatMut, MatRef, Par};
use num_complex::Complex;

use crate::field::Failure;
use crate::number::{Number, Scaled, doubled, exponent_of, narrowed, parallelism};
use crate::schur;

/// Eigenvalues, and eigenvectors as columns.
pub(crate) struct Spectrum<C> {
    pub(crate) values: Vec<C>,
    pub(crate) vectors: Option<Mat<C>>,
}

fn wanted(vectors: bool) -> ComputeEigenvectors {
    if vectors { ComputeEigenvectors::Yes } else { ComputeEigenvectors::No }
}

/// Writes the eigenvectors of a matrix of at most one row.
fn one_vector<T: Number>(vectors: Option<MatMut<'_, T>>) {
    if let Some(mut vectors) = vectors
        && vectors.nrows() == 1
    {
        vectors[(0, 0)] = T::ONE;
    }
}

/// Eigenvalues and vectors of a Hermitian matrix.
pub(crate) fn eigh<T: Number>(
    a: MatRef<'_, T>,
    values: &mut [T::Part],
    vectors: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    if n <= 1 {
        values.iter_mut().for_each(|value| *value = a[(0, 0)].part());
        one_vector(vectors);
        return Ok(());
    }
    // an imaginary part on the diagonal is not there, but faer reads it
    let clean = (0..n).any(|k| a[(k, k)] != a[(k, k)].real()).then(|| {
        let mut clean = a.to_owned();
        for k in 0..n {
            clean[(k, k)] = clean[(k, k)].real();
        }
        clean
    });
    let a = clean.as_ref().map_or(a, |clean| clean.as_ref());
    let scaled = Scaled::lower(a);
    if T::IS_SINGLE && scaled.exponent != 0 {
        // squares of all elements are in range there
        let mut wide = vec![<<T::Double as Number>::Part as Number>::ZERO; n];
        let mut found = vectors.as_ref().map(|_| Mat::zeros(n, n));
        eigh(doubled(a).as_ref(), &mut wide, found.as_mut().map(|x| x.as_mut()), parallel)?;
        for (value, wide) in values.iter_mut().zip(wide) {
            *value = T::Part::narrow(wide.wide());
        }
        if let (Some(vectors), Some(found)) = (vectors, found) {
            narrowed(found.as_ref(), vectors);
        }
        return Ok(());
    }
    let mut s = Diag::<T>::zeros(n);
    let mut u = vectors.as_ref().map(|_| Mat::<T>::zeros(n, n));
    let scratch =
        evd::self_adjoint_evd_scratch::<T>(n, wanted(u.is_some()), par, Default::default());
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

/// Eigenvalues and vectors of a general matrix.
pub(crate) fn eig<T: Number>(
    a: MatRef<'_, T>,
    values: &mut [T::Whole],
    vectors: Option<MatMut<'_, T::Whole>>,
    parallel: bool,
) -> Result<(), Failure> {
    if a.nrows() <= 1 {
        values.iter_mut().for_each(|value| *value = a[(0, 0)].whole());
        one_vector(vectors);
        return Ok(());
    }
    let scaled = Scaled::new(a);
    if T::IS_SINGLE && scaled.exponent != 0 {
        // as for Hermitian ones
        let n = a.nrows();
        let mut wide = vec![<<T::Double as Number>::Whole as Number>::ZERO; n];
        let mut found = vectors.as_ref().map(|_| Mat::zeros(n, n));
        eig(doubled(a).as_ref(), &mut wide, found.as_mut().map(|x| x.as_mut()), parallel)?;
        for (value, wide) in values.iter_mut().zip(wide) {
            *value = T::Whole::narrow(wide.wide());
        }
        if let (Some(vectors), Some(found)) = (vectors, found) {
            narrowed(found.as_ref(), vectors);
        }
        return Ok(());
    }
    let mut found = T::spectrum(scaled.get(), vectors.is_some(), parallelism(parallel));
    if let Some(Spectrum { vectors: Some(vectors), .. }) = &mut found {
        normalise(vectors.as_mut());
    }
    let found = match found.filter(|found| holds(scaled.get(), found)) {
        Some(found) => found,
        None => schur::spectrum(scaled.get(), vectors.is_some())?,
    };
    for (value, found) in values.iter_mut().zip(found.values) {
        *value = found.scaled(scaled.exponent);
    }
    if let (Some(mut vectors), Some(found)) = (vectors, found.vectors) {
        vectors.copy_from(&found);
    }
    Ok(())
}

fn scratch<T: ComplexField>(n: usize, vectors: bool, par: Par) -> StackReq {
    evd::evd_scratch::<T>(n, ComputeEigenvectors::No, wanted(vectors), par, Default::default())
}

/// For a matrix of real numbers, of which `join` makes complex ones.
pub(crate) fn real<T: RealField + Copy, C: Number>(
    a: MatRef<'_, T>,
    vectors: bool,
    par: Par,
    join: impl Fn(T, T) -> C,
) -> Option<Spectrum<C>> {
    let n = a.nrows();
    let zero = faer::traits::math_utils::zero::<T>();
    let (mut re, mut im) = (Diag::<T>::zeros(n), Diag::<T>::zeros(n));
    let mut u = vectors.then(|| Mat::<T>::zeros(n, n));
    evd::evd_real(
        a,
        re.as_mut(),
        im.as_mut(),
        None,
        u.as_mut().map(|u| u.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch::<T>(n, vectors, par))),
        Default::default(),
    )
    .ok()?;
    let (re, im) = (re.column_vector(), im.column_vector());
    let values = (0..n).map(|k| join(re[k], im[k])).collect();
    let vectors = u.map(|u| {
        // a conjugate pair of values has its vectors' real and imaginary parts as columns
        let mut vectors = Mat::zeros(n, n);
        let mut k = 0;
        while k < n {
            let pair = im[k] != zero && k + 1 < n;
            for i in 0..n {
                let re = u[(i, k)];
                if pair {
                    let im = u[(i, k + 1)];
                    vectors[(i, k)] = join(re, im);
                    vectors[(i, k + 1)] = join(re, zero - im);
                } else {
                    vectors[(i, k)] = join(re, zero);
                }
            }
            k += if pair { 2 } else { 1 };
        }
        vectors
    });
    Some(Spectrum { values, vectors })
}

/// For a matrix of complex numbers.
pub(crate) fn complex<T: RealField + Copy>(
    a: MatRef<'_, Complex<T>>,
    vectors: bool,
    par: Par,
) -> Option<Spectrum<Complex<T>>>
where
    Complex<T>: Number,
{
    let n = a.nrows();
    let mut s = Diag::<Complex<T>>::zeros(n);
    let mut u = vectors.then(|| Mat::<Complex<T>>::zeros(n, n));
    evd::evd_cplx(
        a,
        s.as_mut(),
        None,
        u.as_mut().map(|u| u.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch::<Complex<T>>(n, vectors, par))),
        Default::default(),
    )
    .ok()?;
    Some(Spectrum { values: s.column_vector().iter().copied().collect(), vectors: u })
}

/// Divides each column by its norm.
pub(crate) fn normalise<T: Number>(mut x: MatMut<'_, T>) {
    for j in 0..x.ncols() {
        let mut largest = 0f64;
        for i in 0..x.nrows() {
            largest = largest.max(x[(i, j)].modulus().into());
        }
        let e = exponent_of(largest);
        let mut sum = 0f64;
        for i in 0..x.nrows() {
            sum += x[(i, j)].scaled(-e).wide().norm_sqr();
        }
        if sum > 0.0 {
            let factor = 1.0 / sum.sqrt();
            for i in 0..x.nrows() {
                x[(i, j)] = x[(i, j)].scaled(-e).times(factor);
            }
        }
    }
}

/// Whether these can be the eigenvalues and vectors of `a`, up to rounding.
fn holds<T: Number>(a: MatRef<'_, T>, found: &Spectrum<T::Whole>) -> bool {
    let n = a.nrows();
    let tolerance = 50.0 * n as f64 * T::EPSILON;
    let mut squares = 0f64;
    let (mut trace, mut trace_of_square) = (Complex::default(), Complex::<f64>::default());
    // a direction that no structure of a matrix is orthogonal to
    let weight = |i: usize| ((i as f64 * 0.618_033_988_749_894_9).fract() - 0.5) * 2.0 + 1e-3;
    let mut left = vec![Complex::<f64>::default(); n];
    for (j, left) in left.iter_mut().enumerate() {
        for i in 0..n {
            let x = a[(i, j)].wide();
            squares += x.norm_sqr();
            trace_of_square += x * a[(j, i)].wide();
            *left += x * weight(i);
        }
        trace += a[(j, j)].wide();
    }
    let norm = squares.sqrt();
    let (mut sum, mut sum_of_squares) = (Complex::default(), Complex::default());
    for value in &found.values {
        let value = value.wide();
        sum += value;
        sum_of_squares += value * value;
    }
    // written so that NaN fails
    let close = |x: Complex<f64>, y: Complex<f64>, scale: f64| (x - y).norm() <= tolerance * scale;
    if !close(sum, trace, norm) || !close(sum_of_squares, trace_of_square, norm * norm) {
        return false;
    }
    let Some(vectors) = &found.vectors else { return true };
    found.values.iter().enumerate().all(|(j, value)| {
        let mut length = 0f64;
        let (mut product, mut own) = (Complex::<f64>::default(), Complex::<f64>::default());
        for i in 0..n {
            let x = vectors[(i, j)].wide();
            length += x.norm_sqr();
            product += left[i] * x;
            own += x * weight(i);
        }
        (length - 1.0).abs() <= tolerance
            && close(product, own * value.wide(), norm * (n as f64).sqrt())
    })
}
