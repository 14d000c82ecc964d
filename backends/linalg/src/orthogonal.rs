//! QR, singular values, and Cholesky.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::{cholesky, svd};
use faer::{Auto, Mat, MatMut, MatRef, Spec};
use rayon::prelude::*;

use crate::field::Failure;
use crate::householder::Reflectors;
use crate::number::{
    Number, Scaled, column_exponents, divided, doubled, exponent_of, multiply, narrowed,
    parallelism,
};
use crate::tall::{Tall, is_tall};

pub(crate) fn cholesky<T: Number>(
    a: MatRef<'_, T>,
    mut out: MatMut<'_, T>,
    parallel: bool,
) -> Result<(), Failure> {
    let (n, par) = (a.nrows(), parallelism(parallel));
    let mut l = Mat::<T>::zeros(n, n);
    copy_lower(l.as_mut(), a);
    for k in 0..n {
        l[(k, k)] = l[(k, k)].real();
    }
    // no element of L exceeds the root of its row's diagonal element, so nothing leaves the range; rows near
    // the ends of it are scaled, which is exact as long as the matrix is positive definite
    let exponents: Vec<i32> = (0..n).map(|k| row_exponent::<T>(l[(k, k)])).collect();
    let scale = |l: MatMut<'_, T>, sign: i32, both: bool| {
        let mut l = l;
        if exponents.iter().all(|&e| e == 0) {
            return;
        }
        for j in 0..n {
            for i in j..n {
                let exponent = exponents[i] + if both { exponents[j] } else { 0 };
                l[(i, j)] = l[(i, j)].scaled(sign * exponent);
            }
        }
    };
    scale(l.as_mut(), -1, true);
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
    scale(l.as_mut(), 1, false);
    out.fill(T::ZERO);
    copy_lower(out, l.as_ref());
    Ok(())
}

/// The exponent of two that a row and a column are divided by for the sake of their diagonal element.
fn row_exponent<T: Number>(diagonal: T) -> i32 {
    let (small, large) = if T::IS_SINGLE { (-60, 120) } else { (-900, 1000) };
    match exponent_of(diagonal.modulus()) {
        e if e < small => e.div_euclid(2),
        e if e > large => 8,
        _ => 0,
    }
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
    // Q does not depend on how long columns are
    let exponents = column_exponents(a);
    let own = exponents.as_ref().map(|exponents| divided(a, exponents));
    let a = own.as_ref().map_or(a, |own| own.as_ref());
    if parallel && is_tall(m, n) && q.ncols() == n {
        let tall = Tall::new(a, true);
        tall.write_r(r.as_mut());
        tall.apply(Mat::<T>::identity(n, n).as_ref(), q.as_mut());
    } else {
        let reflectors = Reflectors::new(a, par);
        reflectors.write_r(r.as_mut());
        let mut full = Mat::<T>::identity(m, q.ncols());
        reflectors.apply(full.as_mut(), par);
        q.copy_from(&full);
    }
    real_diagonal(q, r.as_mut());
    if let Some(exponents) = exponents {
        multiply(r, &exponents);
    }
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
    if T::IS_SINGLE && scaled.exponent != 0 {
        return svd_in_double(a, u, values, vh, parallel);
    }
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

/// The same in double precision, in which squares of all elements are in range.
fn svd_in_double<T: Number>(
    a: MatRef<'_, T>,
    u: Option<MatMut<'_, T>>,
    values: &mut [T::Part],
    vh: Option<MatMut<'_, T>>,
    parallel: bool,
) -> Result<(), Failure> {
    let like = |x: &MatMut<'_, T>| Mat::<T::Double>::zeros(x.nrows(), x.ncols());
    let (mut left, mut right) = (u.as_ref().map(like), vh.as_ref().map(like));
    let mut wide = vec![<<T::Double as Number>::Part as Number>::ZERO; values.len()];
    let (left_out, right_out) =
        (left.as_mut().map(|x| x.as_mut()), right.as_mut().map(|x| x.as_mut()));
    svd(doubled(a).as_ref(), left_out, &mut wide, right_out, parallel)?;
    for (to, from) in [(u, left), (vh, right)] {
        if let (Some(to), Some(from)) = (to, from) {
            narrowed(from.as_ref(), to);
        }
    }
    for (value, wide) in values.iter_mut().zip(wide) {
        *value = T::Part::narrow(wide.wide());
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
