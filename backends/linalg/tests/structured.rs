//! Matrices that are hard on algorithms: every decomposition gives a right result, or says why not.

mod support;

use arrayspace_linalg::Failure;
use num_complex::Complex;
use support::*;

/// Matrices by name, of elements about 1.
fn kinds(n: usize) -> Vec<(&'static str, Matrix<Wide>)> {
    let mut noise = Noise(n as u64 + 1);
    let of = |f: &mut dyn FnMut(usize, usize) -> f64| Matrix::new(n, n, |i, j| f(i, j).into());
    let one = |c: bool| f64::from(u8::from(c));
    let random = of(&mut |_, _| noise.next());
    let complex = Matrix::new(n, n, |_, _| Wide::new(noise.next(), noise.next()));
    let (u, v): (Vec<f64>, Vec<f64>) = (0..n).map(|_| (noise.next(), noise.next())).unzip();
    vec![
        ("zero", of(&mut |_, _| 0.0)),
        ("identity", of(&mut |i, j| one(i == j))),
        ("minus identity", of(&mut |i, j| -one(i == j))),
        ("ones", of(&mut |_, _| 1.0)),
        ("one element", of(&mut |i, j| one(i == 0 && j + 1 == n))),
        ("rank 1", of(&mut |i, j| u[i] * v[j])),
        ("nilpotent", of(&mut |i, j| one(i + 1 == j))),
        ("nilpotent, lower", of(&mut |i, j| one(i == j + 1))),
        ("Jordan", of(&mut |i, j| one(i + 1 == j) + one(i == j))),
        ("Jordan, small", of(&mut |i, j| one(i + 1 == j) * 1e-3 + 0.5 * one(i == j))),
        ("cyclic", of(&mut |i, j| one((i + 1) % n == j))),
        ("exchange", of(&mut |i, j| one(i + j + 1 == n))),
        ("Hilbert", of(&mut |i, j| 1.0 / (i + j + 1) as f64)),
        ("Vandermonde", of(&mut |i, j| ((i + 1) as f64 / n as f64).powi(j as i32))),
        ("Kahan", of(&mut |i, j| 0.6f64.powi(i as i32) * (one(i == j) - 0.8 * one(i < j)))),
        ("graded", of(&mut |i, j| 0.1f64.powi(((i + j) % 30) as i32))),
        ("steep", of(&mut |i, j| one(i == j) * 10f64.powi(-((i % 30) as i32)) + one(i < j) * 1e-9)),
        ("upper", of(&mut |i, j| if i <= j { random.at(i, j).re } else { 0.0 })),
        ("lower", of(&mut |i, j| if i >= j { random.at(i, j).re } else { 0.0 })),
        ("two equal rows", of(&mut |i, j| random.at(i.min(n.max(2) - 2), j).re)),
        ("a zero column", of(&mut |i, j| random.at(i, j).re * one(j != n / 2))),
        ("repeated values", of(&mut |i, j| one(i == j) * (i % 2 + 1) as f64)),
        ("skew", of(&mut |i, j| random.at(i, j).re - random.at(j, i).re)),
        ("companion", of(&mut |i, j| one(i == j + 1) - one(i == 0) * (1.0 + (j % 3) as f64) / 3.0)),
        (
            "Wilkinson",
            of(&mut |i, j| one(i.abs_diff(j) == 1) + one(i == j) * i.abs_diff(n / 2) as f64),
        ),
        ("Frank", of(&mut |i, j| one(i <= j + 1) * (n - i.max(j)) as f64 / n as f64)),
        ("growth", of(&mut |i, j| one(i == j || j + 1 == n) - one(i > j && j + 1 < n))),
        ("random", random.clone()),
        ("complex", complex),
    ]
}

/// `2^exponent · x`, where the result is in range.
fn shift(x: f64, exponent: i32) -> f64 {
    x * f64::powi(2.0, exponent / 2) * f64::powi(2.0, exponent - exponent / 2)
}

fn shifted(a: &Matrix<Wide>, exponent: i32) -> Matrix<Wide> {
    Matrix::new(a.m, a.n, |i, j| {
        let x = a.at(i, j);
        Wide::new(shift(x.re, exponent), shift(x.im, exponent))
    })
}

/// Every decomposition of `2^exponent · a`, checked after dividing by that power.
fn check<T: Sample>(name: &str, a: &Matrix<Wide>, exponent: i32) {
    let what = |of: &str| format!("{of} of {name}, 2^{exponent}, {}", std::any::type_name::<T>());
    let zero = T::narrow(Wide::default());
    let (m, n) = (a.m, a.n);
    let k = m.min(n);
    let given: Matrix<T> = Matrix::new(m, n, |i, j| T::narrow(shifted(a, exponent).at(i, j)));
    // what rounding to the type, and to its subnormal numbers, has left of it
    let aw = shifted(&wide(&given), -exponent);
    let size = m.max(n).max(4) as f64;
    let norm = aw.data.iter().map(|x| x.norm_sqr()).sum::<f64>().sqrt();
    let floor = shift(T::LEAST, -exponent) * size * size;
    let bound = 10.0 * size * T::EPS;
    let error = bound * norm + floor;

    for (columns, rows) in [(k, k), (m, m)] {
        let mut q = Matrix::new(m, columns, |_, _| zero);
        let mut r = Matrix::new(rows, n, |_, _| zero);
        T::qr(given.view(), q.view_mut(), r.view_mut(), false);
        let (qw, rw) = (wide(&q), shifted(&wide(&r), -exponent));
        close(&mul(&qw, &rw), &aw, error, &what("QR"));
        close(&mul(&adjoint(&qw), &qw), &identity(columns), bound, &what("QᴴQ"));
        for i in 0..rows {
            assert!((0..i.min(n)).all(|j| rw.at(i, j) == Wide::default()));
            assert!(i >= n || rw.at(i, i).im == 0.0, "{}", what("the diagonal of R"));
        }
    }

    for (columns, rows) in [(k, k), (m, n)] {
        let mut u = Matrix::new(m, columns, |_, _| zero);
        let mut vh = Matrix::new(rows, n, |_, _| zero);
        let mut s = vec![T::real(0.0); k];
        T::svd(given.view(), Some(u.view_mut()), &mut s, Some(vh.view_mut()), false).unwrap();
        let s: Vec<f64> = s.into_iter().map(|s| shift(s.into(), -exponent)).collect();
        assert!(s.windows(2).all(|w| w[0] >= w[1]) && s.iter().all(|&s| s >= 0.0));
        let (uw, vw) = (wide(&u), wide(&vh));
        let us = Matrix::new(m, k, |i, j| uw.at(i, j) * s[j]);
        let thin = Matrix::new(k, n, |i, j| vw.at(i, j));
        close(&mul(&us, &thin), &aw, error, &what("U S Vh"));
        close(&mul(&adjoint(&uw), &uw), &identity(columns), bound, &what("UᴴU"));
        close(&mul(&vw, &adjoint(&vw)), &identity(rows), bound, &what("Vh V"));
        let mut alone = vec![T::real(0.0); k];
        T::svd(given.view(), None, &mut alone, None, false).unwrap();
        for (a, b) in alone.into_iter().zip(s) {
            assert!((shift(a.into(), -exponent) - b).abs() <= error, "{}", what("singular values"));
        }
    }
    if m != n {
        return;
    }

    let mut values = vec![T::complex(); n];
    let mut vectors = Matrix::new(n, n, |_, _| T::complex());
    T::eig(given.view(), &mut values, Some(vectors.view_mut()), false).unwrap();
    let vw = Matrix::new(n, n, |i, j| vectors.at(i, j).wide());
    let values: Vec<Wide> = values
        .iter()
        .map(|v| Wide::new(shift(v.wide().re, -exponent), shift(v.wide().im, -exponent)))
        .collect();
    let right = Matrix::new(n, n, |i, j| vw.at(i, j) * values[j]);
    close(&mul(&aw, &vw), &right, error * 4.0, &what("A v = λ v"));
    for j in 0..n {
        let length: f64 = (0..n).map(|i| vw.at(i, j).norm_sqr()).sum();
        assert!((length - 1.0).abs() < bound, "{}: {length}", what("the length of v"));
    }
    let mut alone = vec![T::complex(); n];
    T::eig(given.view(), &mut alone, None, false).unwrap();
    let back = |x: Wide| Wide::new(shift(x.re, -exponent), shift(x.im, -exponent));
    let sum: Wide = alone.iter().map(|v| back(v.wide())).sum();
    let trace: Wide = (0..n).map(|i| aw.at(i, i)).sum();
    assert!((sum - trace).norm() <= error * size, "{}", what("the sum of eigenvalues"));

    // of the Hermitian matrix with this lower triangle
    let hermitian = Matrix::new(n, n, |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less => aw.at(j, i).conj(),
        std::cmp::Ordering::Equal => aw.at(i, i).re.into(),
        std::cmp::Ordering::Greater => aw.at(i, j),
    });
    let mut values = vec![T::real(0.0); n];
    let mut vectors = Matrix::new(n, n, |_, _| zero);
    T::eigh(given.view(), &mut values, Some(vectors.view_mut()), false).unwrap();
    let values: Vec<f64> = values.into_iter().map(|v| shift(v.into(), -exponent)).collect();
    assert!(values.windows(2).all(|w| w[0] <= w[1]), "{}", what("the order of eigh"));
    let vw = wide(&vectors);
    let right = Matrix::new(n, n, |i, j| vw.at(i, j) * values[j]);
    close(&mul(&hermitian, &vw), &right, error * 2.0, &what("H v = λ v"));
    close(&mul(&adjoint(&vw), &vw), &identity(n), bound, &what("VᴴV"));

    let mut l = Matrix::new(n, n, |_, _| zero);
    match T::cholesky(given.view(), l.view_mut(), false) {
        Ok(()) => {
            let lw = shifted(&wide(&l), -exponent / 2);
            let product = shifted(&mul(&lw, &adjoint(&lw)), -(exponent - exponent / 2 * 2));
            close(&product, &hermitian, error, &what("L Lᴴ"));
        }
        // a matrix that is clearly definite has its factor
        Err(_) => assert!(values.first().is_none_or(|&v| v <= error), "{}", what("Cholesky")),
    }

    let b = Matrix::new(n, 2, |i, j| T::narrow(Wide::new((i + j) as f64 / size, 0.0)));
    for right in [Some(&b), None] {
        let bw = right.map_or(identity(n), wide);
        let mut x = Matrix::new(n, bw.n, |_, _| zero);
        match T::solve(given.view(), right.map(|b| b.view()), x.view_mut(), false) {
            Ok(()) => {
                let xw = shifted(&wide(&x), exponent);
                if xw.data.iter().all(|x| x.re.is_finite() && x.im.is_finite()) {
                    let lost = shift(T::LEAST, exponent) * norm * size;
                    let growth = if name == "growth" { f64::powi(2.0, n as i32) } else { 1.0 };
                    let error = bound * growth * (largest(&xw) * norm + 1.0) + lost;
                    close(&mul(&aw, &xw), &bw, error, &what("A x = b"));
                }
            }
            Err(failure) => assert_eq!(failure, Failure::Singular),
        }
        // a stack of three of them gives the same three times, up to rounding, and fails where one does
        let times = |x: &Matrix<T>| [&x.data[..]; 3].concat();
        let mut many = times(&x);
        let sides = right.map(times);
        let stack = T::solve_stack(n, bw.n, &times(&given), sides.as_deref(), &mut many);
        match stack {
            Ok(()) if largest(&wide(&x)).is_finite() => {
                for part in many.chunks(n * bw.n) {
                    let part = Matrix { m: n, n: bw.n, data: part.to_vec() };
                    let xw = shifted(&wide(&part), exponent);
                    let lost = shift(T::LEAST, exponent) * norm * size;
                    let growth = if name == "growth" { f64::powi(2.0, n as i32) } else { 1.0 };
                    let error = bound * growth * (largest(&xw) * norm + 1.0) + lost;
                    close(&mul(&aw, &xw), &bw, error, &what("A x = b in a stack"));
                }
            }
            Ok(()) => {}
            Err(failure) => assert_eq!(failure, (0, Failure::Singular)),
        }
    }
    let (sign, log) = T::slogdet(given.view(), false);
    let (sign, log): (Wide, f64) = (sign.wide(), log.into());
    let det = T::det(given.view(), false).wide();
    if sign == Wide::default() {
        assert!(log == f64::NEG_INFINITY && det == Wide::default(), "{}", what("det"));
    } else {
        assert!((sign.norm() - 1.0).abs() < bound && log.is_finite(), "{}", what("the sign"));
        if log.abs() < 80.0 {
            let error = bound * (1.0 + log.abs()) * log.exp();
            assert!((det - sign * log.exp()).norm() < error, "{}", what("det by its logarithm"));
        }
    }
}

fn everything<T: Sample>(exponents: [i32; 4]) {
    let mut failed = vec![];
    let mut check = |name: &str, a: &Matrix<Wide>, exponent: i32| {
        if std::panic::catch_unwind(|| check::<T>(name, a, exponent)).is_err() {
            failed.push(format!("{name} {}x{} 2^{exponent}", a.m, a.n));
        }
    };
    for n in [1, 2, 3, 4, 5, 7, 12, 16, 17, 24, 33, 50] {
        for (name, a) in kinds(n) {
            if !T::COMPLEX && name == "complex" {
                continue;
            }
            check(name, &a, 0);
            if n < 20 {
                for exponent in exponents {
                    check(name, &a, exponent);
                }
            }
            if n == 12 {
                for (m, n) in [(12, 5), (5, 12), (12, 1), (1, 12)] {
                    let part = Matrix::new(m, n, |i, j| a.at(i, j));
                    check(name, &part, 0);
                    check(name, &part, exponents[3]);
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn float32() {
    everything::<f32>([123, 60, -110, -143]);
}

#[test]
fn float64() {
    everything::<f64>([1019, 500, -960, -1068]);
}

#[test]
fn complex64() {
    everything::<Complex<f32>>([122, 60, -110, -143]);
}

#[test]
fn complex128() {
    everything::<Complex<f64>>([1018, 500, -960, -1068]);
}
