//! Residuals of every decomposition, for each type, size, memory order and magnitude.

use arrayspace_linalg::{Failure, Field, MatRef};
use num_complex::Complex;

mod support;

use support::*;

/// All decompositions of a random matrix whose elements are about `size`.
fn check<T: Sample>(m: usize, n: usize, size: f64, parallel: bool) {
    let mut noise = Noise((m * 1000 + n) as u64);
    let a: Matrix<T> = noise.matrix(m, n, size);
    let aw = wide(&a);
    let k = m.min(n);
    let bound = 20.0 * (m.max(n).max(4) as f64) * T::EPS;
    let norm = largest(&aw);

    for (columns, rows) in [(k, k), (m, m)] {
        let mut q = Matrix::new(m, columns, |_, _| T::narrow(Wide::default()));
        let mut r = Matrix::new(rows, n, |_, _| T::narrow(Wide::default()));
        T::qr(a.view(), q.view_mut(), r.view_mut(), parallel);
        let (qw, rw) = (wide(&q), wide(&r));
        close(&mul(&qw, &rw), &aw, bound * norm, "QR");
        close(&mul(&adjoint(&qw), &qw), &identity(columns), bound, "QᴴQ");
        assert!((0..rows).all(|i| (0..i.min(n)).all(|j| rw.at(i, j) == Wide::default())));
        if m > 400 {
            break;
        }
    }

    let mut alone = vec![T::real(0.0); k];
    T::svd(a.view(), None, &mut alone, None, parallel).unwrap();
    for full in [false, true] {
        if full && m > 400 {
            continue;
        }
        let mut u = Matrix::new(m, if full { m } else { k }, |_, _| T::narrow(Wide::default()));
        let mut vh = Matrix::new(if full { n } else { k }, n, |_, _| T::narrow(Wide::default()));
        let mut s = vec![T::real(0.0); k];
        T::svd(a.view(), Some(u.view_mut()), &mut s, Some(vh.view_mut()), parallel).unwrap();
        let s: Vec<f64> = s.into_iter().map(Into::into).collect();
        assert!(s.windows(2).all(|w| w[0] >= w[1]) && s.iter().all(|&s| s >= 0.0));
        for (s, &alone) in s.iter().zip(&alone) {
            assert!((s - alone.into()).abs() <= bound * norm * 4.0);
        }
        let (uw, vw) = (wide(&u), wide(&vh));
        let us = Matrix::new(m, k, |i, j| uw.at(i, j) * s[j]);
        let thin = Matrix::new(k, n, |i, j| vw.at(i, j));
        close(&mul(&us, &thin), &aw, bound * norm, "U S Vh");
        close(&mul(&adjoint(&uw), &uw), &identity(uw.n), bound, "UᴴU");
        close(&mul(&vw, &adjoint(&vw)), &identity(vw.m), bound, "VhV");
    }
    if m == n {
        square(&a, &mut noise, size, parallel, bound);
    }
}

fn square<T: Sample>(a: &Matrix<T>, noise: &mut Noise, size: f64, parallel: bool, bound: f64) {
    let n = a.n;
    let aw = wide(a);
    let norm = largest(&aw);
    let zero = T::narrow(Wide::default());

    // a well-conditioned system: the diagonal dominates
    let heavy = Matrix::new(n, n, |i, j| {
        let shift = if i == j { size * n as f64 } else { 0.0 };
        T::narrow(a.at(i, j).wide() + shift)
    });
    let hw = wide(&heavy);
    let b: Matrix<T> = noise.matrix(n, 3, 1.0);
    let mut x = Matrix::new(n, 3, |_, _| zero);
    T::solve(heavy.view(), Some(b.view()), x.view_mut(), parallel).unwrap();
    close(&mul(&hw, &wide(&x)), &wide(&b), bound, "A X");
    let mut inverse = Matrix::new(n, n, |_, _| zero);
    T::solve(heavy.view(), None, inverse.view_mut(), parallel).unwrap();
    close(&mul(&hw, &wide(&inverse)), &identity(n), bound, "A A⁻¹");

    // Hermitian and positive definite, of which only the lower triangle is right
    let unit = Matrix::new(n, n, |i, j| hw.at(i, j) / size);
    let product = mul(&unit, &adjoint(&unit));
    let scale = size / largest(&product);
    let definite: Matrix<T> = Matrix::new(n, n, |i, j| {
        T::narrow(if i < j { Wide::new(7.0 * size, 0.0) } else { product.at(i, j) * scale })
    });
    let dw = wide(&definite);
    let hermitian = Matrix::new(n, n, |i, j| if i < j { dw.at(j, i).conj() } else { dw.at(i, j) });
    let mut l = Matrix::new(n, n, |_, _| zero);
    T::cholesky(definite.view(), l.view_mut(), parallel).unwrap();
    let lw = wide(&l);
    close(&mul(&lw, &adjoint(&lw)), &hermitian, bound * largest(&hermitian), "L Lᴴ");
    assert!((0..n).all(|i| (i + 1..n).all(|j| lw.at(i, j) == Wide::default())));

    let mut values = vec![T::real(0.0); n];
    let mut vectors = Matrix::new(n, n, |_, _| zero);
    T::eigh(definite.view(), &mut values, Some(vectors.view_mut()), parallel).unwrap();
    let w: Vec<f64> = values.iter().map(|&v| v.into()).collect();
    assert!(w.windows(2).all(|w| w[0] <= w[1]));
    let vw = wide(&vectors);
    let left = mul(&hermitian, &vw);
    close(&left, &mul(&vw, &diagonal(&w)), bound * largest(&hermitian) * 4.0, "A V = V Λ");
    close(&mul(&adjoint(&vw), &vw), &identity(n), bound, "VᴴV");
    let mut alone = vec![T::real(0.0); n];
    T::eigh(definite.view(), &mut alone, None, parallel).unwrap();
    for (a, b) in alone.into_iter().zip(&w) {
        assert!((a.into() - b).abs() <= bound * largest(&hermitian) * 4.0);
    }

    let mut values = vec![T::complex(); n];
    let mut vectors = Matrix::new(n, n, |_, _| T::complex());
    T::eig(a.view(), &mut values, Some(vectors.view_mut()), parallel).unwrap();
    let vw = Matrix::new(n, n, |i, j| vectors.at(i, j).wide());
    let scaled = Matrix::new(n, n, |i, j| vw.at(i, j) * values[j].wide());
    close(&mul(&aw, &vw), &scaled, bound * norm * 4.0, "A v = λ v");
    for j in 0..n {
        let norm: f64 = (0..n).map(|i| vw.at(i, j).norm_sqr()).sum();
        assert!((norm - 1.0).abs() < bound);
    }
    let trace: Wide = (0..n).map(|i| aw.at(i, i)).sum();
    let mut alone = vec![T::complex(); n];
    T::eig(a.view(), &mut alone, None, parallel).unwrap();
    let sum: Wide = alone.iter().map(|v| v.wide()).sum();
    assert!((sum - trace).norm() <= bound * norm * n as f64);

    let (sign, log) = T::slogdet(heavy.view(), parallel);
    assert!((sign.wide().norm() - 1.0).abs() < bound);
    let log: f64 = log.into();
    let by_pivots = T::det(heavy.view(), parallel).wide();
    let direct = sign.wide() * log.exp();
    if by_pivots.norm().is_finite() && by_pivots.norm() > 0.0 && direct.norm() < 1e30 {
        assert!((by_pivots - direct).norm() <= bound * 100.0 * direct.norm());
    }
}

fn everything<T: Sample>(huge: f64) {
    for n in [1, 2, 3, 4, 5, 8, 16, 17, 33] {
        check::<T>(n, n, 1.0, false);
    }
    check::<T>(60, 60, 1.0, true);
    for (m, n) in [(5, 3), (3, 5), (1, 4), (4, 1), (40, 17), (17, 40), (0, 3), (3, 0), (0, 0)] {
        check::<T>(m, n, 1.0, false);
    }
    check::<T>(4500, 6, 1.0, true);
    check::<T>(4500, 6, 1.0, false);
    for size in [huge, 1.0 / huge] {
        for n in [3, 20] {
            check::<T>(n, n, size, false);
        }
        check::<T>(7, 4, size, false);
    }
}

#[test]
fn float32() {
    everything::<f32>(1e30);
}

#[test]
fn float64() {
    everything::<f64>(1e290);
}

#[test]
fn complex64() {
    everything::<Complex<f32>>(1e30);
}

#[test]
fn complex128() {
    everything::<Complex<f64>>(1e290);
}

#[test]
fn tall_matrices_do_not_depend_on_threads() {
    let a: Matrix<f64> = Noise(1).matrix(30_000, 20, 1.0);
    let factor = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut q = Matrix::new(a.m, a.n, |_, _| 0.0);
        let mut r = Matrix::new(a.n, a.n, |_, _| 0.0);
        pool.install(|| f64::qr(a.view(), q.view_mut(), r.view_mut(), true));
        (q.data, r.data)
    };
    let one = factor(1);
    assert!(one == factor(2) && one == factor(3));
}

#[test]
fn failures() {
    let singular = Matrix::new(3, 3, |_, _| 0.0);
    let mut x = singular.clone();
    assert_eq!(f64::solve(singular.view(), None, x.view_mut(), false), Err(Failure::Singular));
    let large = Matrix::new(40, 40, |i, _| if i == 7 { 0.0 } else { 1.0 });
    let mut x = large.clone();
    assert_eq!(f64::solve(large.view(), None, x.view_mut(), false), Err(Failure::Singular));
    assert_eq!(f64::det(large.view(), false), 0.0);
    assert_eq!(f64::slogdet(large.view(), false), (0.0, f64::NEG_INFINITY));
    let indefinite = Matrix::new(2, 2, |i, j| if i == j { 1.0 } else { 2.0 });
    let mut l = indefinite.clone();
    assert_eq!(
        f64::cholesky(indefinite.view(), l.view_mut(), false),
        Err(Failure::NotPositiveDefinite(1))
    );
    assert_eq!(f64::det(MatRef::from_row_major_slice(&[], 0, 0), false), 1.0);
}
