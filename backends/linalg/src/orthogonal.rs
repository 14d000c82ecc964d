//! QR, singular values, and Cholesky.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::{cholesky, svd};
use faer::{Mat, MatMut, MatRef};

use crate::field::Failure;
use crate::number::{Number, Scaled, parallelism, rescale};
use crate::tall::{Reflectors, Tall, is_tall};

pub(crate) fn cholesky<T: Number>(
    a: MatRef<'_, T>,
    mut out: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    let scaled = Scaled::new(a);
    let mut l = Mat::<T>::zeros(n, n);
    l.copy_from_triangular_lower(scaled.get());
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
    for j in 0..n {
        for i in 0..n {
            out[(i, j)] = if i < j { T::ZERO } else { l[(i, j)] };
        }
    }
    rescale(out, scaled.exponent / 2);
    Ok(())
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

pub(crate) fn svd<T: Number>(
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
