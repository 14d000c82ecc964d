//! QR, singular values, and Cholesky.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::{cholesky, svd};
use faer::{Auto, Mat, MatMut, MatRef, Spec};
use rayon::prelude::*;

use crate::field::Failure;
use crate::householder::Reflectors;
use crate::number::{Number, Scaled, parallelism, rescale};
use crate::tall::{Tall, is_tall};

pub(crate) fn cholesky<T: Number>(
    a: MatRef<'_, T>,
    mut out: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    let scaled = Scaled::new(a);
    let mut l = Mat::<T>::zeros(n, n);
    copy_lower(l.as_mut(), scaled.get());
    for k in 0..n {
        l[(k, k)] = l[(k, k)].real();
    }
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
    out.fill(T::ZERO);
    copy_lower(out.as_mut(), l.as_ref());
    rescale(out, scaled.exponent / 2);
    Ok(())
}

/// Copies the lower triangle between matrices of other strides, a piece at a time that fits into the cache.
fn copy_lower<T: Number>(to: MatMut<'_, T>, from: MatRef<'_, T>) {
    const PIECE: usize = 32;
    let rows = |i: usize, mut to: MatMut<'_, T>| {
        let (start, count) = (i * PIECE, to.nrows());
        for j in (0..start).step_by(PIECE) {
            let from = from.submatrix(start, j, count, PIECE);
            to.as_mut().submatrix_mut(0, j, count, PIECE).copy_from(from);
        }
        let from = from.submatrix(start, start, count, count);
        to.submatrix_mut(0, start, count, count).copy_from_triangular_lower(from);
    };
    let n = from.nrows();
    if n >= 8 * PIECE {
        to.par_row_chunks_mut(PIECE).enumerate().for_each(|(i, to)| rows(i, to));
    } else {
        let (mut rest, mut i) = (to, 0);
        while rest.nrows() > 0 {
            let (piece, tail) = { rest }.split_at_row_mut(PIECE.min(n - i * PIECE));
            rows(i, piece);
            (rest, i) = (tail, i + 1);
        }
    }
}

pub(crate) fn qr<T: Number>(
    a: MatRef<'_, T>,
    mut q: MatMut<'_, T>,
    mut r: MatMut<'_, T>,
    parallel: bool,
) {
    let (m, n) = a.shape();
    let par = parallelism(parallel);
    let scaled = Scaled::new(a);
    if parallel && is_tall(m, n) && q.ncols() == n {
        let tall = Tall::new(scaled.get(), true);
        tall.write_r(r.as_mut());
        tall.apply(Mat::<T>::identity(n, n).as_ref(), q.as_mut());
    } else {
        let reflectors = Reflectors::new(scaled.get(), par);
        reflectors.write_r(r.as_mut());
        let mut full = Mat::<T>::identity(m, q.ncols());
        reflectors.apply(full.as_mut(), par);
        q.copy_from(&full);
    }
    real_diagonal(q, r.as_mut());
    rescale(r, scaled.exponent);
}

/// Turns columns of Q and rows of R so that the diagonal of R is real.
fn real_diagonal<T: Number>(mut q: MatMut<'_, T>, mut r: MatMut<'_, T>) {
    for k in 0..r.nrows().min(r.ncols()) {
        let pivot = r[(k, k)].wide();
        if pivot.im == 0.0 {
            continue;
        }
        let phase = T::narrow(pivot / pivot.norm());
        for j in k + 1..r.ncols() {
            r[(k, j)] = phase.conjugate() * r[(k, j)];
        }
        r[(k, k)] = T::narrow(pivot.norm().into());
        for i in 0..q.nrows() {
            q[(i, k)] *= phase;
        }
    }
}

/// Without `u`, a tall matrix is read in blocks, and nothing of its size is stored.
pub(crate) fn svd<T: Number>(
    a: MatRef<'_, T>,
    u: Option<MatMut<'_, T>>,
    values: &mut [T::Part],
    vh: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let scaled = Scaled::new(a);
    let (a, (m, n)) = (scaled.get(), a.shape());
    let thin = u.as_ref().is_none_or(|u| u.ncols() == n);
    let mut right = vh.as_ref().map(|vh| Mat::<T>::zeros(n, vh.nrows()));
    if parallel && thin && is_tall(m, n) {
        let tall = Tall::new(a, u.is_some());
        let mut r = Mat::<T>::zeros(n, n);
        tall.write_r(r.as_mut());
        let mut small = u.as_ref().map(|_| Mat::<T>::zeros(n, n));
        square_svd(r.as_ref(), small.as_mut(), values, right.as_mut(), parallel)?;
        if let (Some(u), Some(small)) = (u, small) {
            tall.apply(small.as_ref(), u);
        }
    } else {
        let mut left = u.as_ref().map(|u| Mat::<T>::zeros(m, u.ncols()));
        if m >= n {
            plain_svd(a, left.as_mut(), values, right.as_mut(), parallel)?;
        } else {
            let adjoint = a.adjoint().to_owned();
            plain_svd(adjoint.as_ref(), right.as_mut(), values, left.as_mut(), parallel)?;
        }
        if let (Some(mut u), Some(left)) = (u, left) {
            u.copy_from(&left);
        }
    }
    if let (Some(mut vh), Some(right)) = (vh, right) {
        vh.copy_from(right.adjoint());
    }
    for value in values {
        *value = value.scaled(scaled.exponent);
    }
    Ok(())
}

/// Of a matrix with at least as many rows as columns, U and V (not Vᴴ).
fn plain_svd<T: Number>(
    a: MatRef<'_, T>,
    mut u: Option<&mut Mat<T>>,
    values: &mut [T::Part],
    v: Option<&mut Mat<T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let ((m, n), par) = (a.shape(), parallelism(parallel));
    if 6 * m <= 11 * n {
        return square_svd(a, u, values, v, parallel);
    }
    // QR first (Chan, "An improved algorithm for computing the singular value decomposition", 1982)
    let reflectors = Reflectors::new(a, par);
    let mut r = Mat::zeros(n, n);
    reflectors.write_r(r.as_mut());
    let mut small = u.as_ref().map(|_| Mat::<T>::zeros(n, n));
    square_svd(r.as_ref(), small.as_mut(), values, v, parallel)?;
    if let (Some(u), Some(small)) = (&mut u, small) {
        u.as_mut().submatrix_mut(0, 0, n, n).copy_from(&small);
        for k in n..u.ncols() {
            u[(k, k)] = T::ONE;
        }
        reflectors.apply(u.as_mut(), par);
    }
    Ok(())
}

/// The same by `faer`, without its QR.
fn square_svd<T: Number>(
    a: MatRef<'_, T>,
    u: Option<&mut Mat<T>>,
    values: &mut [T::Part],
    v: Option<&mut Mat<T>>,
    parallel: bool,
) -> Result<(), Failure> {
    use svd::ComputeSvdVectors::{Full, No, Thin};
    let ((m, n), par) = (a.shape(), parallelism(parallel));
    let mut s = Diag::<T>::zeros(n);
    let want = |columns: Option<usize>| match columns {
        None => No,
        Some(columns) if columns == n => Thin,
        Some(_) => Full,
    };
    let params = svd::SvdParams { qr_ratio_threshold: f64::INFINITY, ..Auto::<T>::auto() };
    let params = Spec::new(params);
    let columns = |x: &Option<&mut Mat<T>>| want(x.as_ref().map(|x| x.ncols()));
    let scratch = svd::svd_scratch::<T>(m, n, columns(&u), columns(&v), par, params);
    svd::svd(
        a,
        s.as_mut(),
        u.map(|u| u.as_mut()),
        v.map(|v| v.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        params,
    )
    .map_err(|_| Failure::NoConvergence)?;
    for (value, s) in values.iter_mut().zip(s.column_vector().iter()) {
        *value = s.part();
    }
    Ok(())
}
