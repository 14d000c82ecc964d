//! Numbers at the ends of the range, and matrices that are hard on algorithms: a right result or an error,
//! never a panic.

use arrayspace::options::QrMode;
use arrayspace::prelude::*;

use crate::{
    C, DTYPES, adjoint, close, epsilon, identity, largest, norm, number, of, on_each_backend,
    product, values, wide,
};

/// Square matrices with elements of about 1.
fn kinds(n: usize) -> Vec<(&'static str, Vec<C>)> {
    let of = |f: &dyn Fn(usize, usize) -> f64| -> Vec<C> {
        (0..n * n).map(|k| C::new(f(k / n, k % n), 0.0)).collect()
    };
    let one = |c: bool| f64::from(u8::from(c));
    let noise = |i: usize, j: usize| ((i * 37 + j * 101 + 17) % 89) as f64 / 44.0 - 1.0;
    vec![
        ("zero", of(&|_, _| 0.0)),
        ("identity", of(&|i, j| one(i == j))),
        ("ones", of(&|_, _| 1.0)),
        ("repeated", of(&|i, j| one(i == j) * (1 + i % 2) as f64)),
        ("Jordan", of(&|i, j| one(i == j) + one(i + 1 == j))),
        ("nilpotent", of(&|i, j| one(i + 1 == j))),
        ("cyclic", of(&|i, j| one((i + 1) % n == j))),
        ("Hilbert", of(&|i, j| 1.0 / (i + j + 1) as f64)),
        ("triangular", of(&|i, j| one(i <= j) * noise(i, j))),
        ("rank 1", of(&|i, j| noise(i, 3) * noise(5, j))),
        ("orthogonal", of(&|i, j| one(i == j) - 2.0 / n as f64)),
        ("graded", of(&|i, j| 0.1f64.powi((i + j) as i32))),
        ("noise", of(&noise)),
        ("complex", (0..n * n).map(|k| C::new(noise(k / n, k % n), noise(k % n, k))).collect()),
    ]
}

/// Decomposes `scale` times a matrix, and looks at the results divided by `scale`, a power of two.
fn check<N: Namespace>(xp: &N, name: &str, dtype: DType, n: usize, data: &[C], scale: f64) {
    let linalg = xp.linalg();
    let what = |of: &str| format!("{of} of {name} {n}, {dtype}, times {scale:e}");
    let scaled = |x: &Array<N>, by: f64| {
        // in two steps, for the reciprocal of a subnormal number is out of range
        let root = by.abs().log2() / 2.0;
        let (first, second) = (root.floor(), by.abs().log2() - root.floor());
        (wide(x) * first.exp2()) * second.exp2()
    };
    let unit = of(xp, DType::Complex128, &[n, n], data);
    let x = if scale == 1.0 { unit.clone() } else { scaled(&unit, scale) };
    let x = if dtype.is_complex() { x } else { xp.real(x).unwrap() };
    let x = xp.astype(x, dtype, ()).unwrap();
    if !xp.all(xp.isfinite(&x).unwrap(), ()).unwrap().item::<bool>().unwrap() {
        return; // the dtype does not hold this matrix times the scale
    }
    let back = |x: &Array<N>| scaled(x, 1.0 / scale);
    let a = back(&x);
    let size = n as f64;
    // subnormal numbers have an error of their own
    let least = if epsilon(dtype) > 1e-10 { 1.5e-45 } else { 5e-324 };
    let eps = 20.0 * size * epsilon(dtype);
    let bound = eps * norm(&a) + size * size * (least / scale);

    for mode in [QrMode::Reduced, QrMode::Complete] {
        let (q, r) = linalg.qr(&x, mode).unwrap().into();
        close(&product(&[&q, &back(&r)]), &a, bound, &what("QR"));
        close(&product(&[&adjoint(&q), &q]), &identity(xp, n), eps, &what("QᴴQ"));
    }
    let (u, s, vh) = linalg.svd(&x, ()).unwrap().into();
    close(&product(&[&(wide(&u) * back(&s)), &vh]), &a, bound, &what("U S Vh"));
    close(&product(&[&adjoint(&u), &u]), &identity(xp, n), eps, &what("UᴴU"));
    close(&product(&[&vh, &adjoint(&vh)]), &identity(xp, n), eps, &what("Vh V"));
    let order = values(&s);
    assert!(order.windows(2).all(|w| w[0].re >= w[1].re) && order.iter().all(|s| s.re >= 0.0));
    close(&back(&linalg.svdvals(&x).unwrap()), &back(&s), bound, &what("svdvals"));
    let rank = number(&linalg.matrix_rank(&x, ()).unwrap());
    assert!((0.0..=size).contains(&rank));

    let (w, v) = linalg.eig(&x).unwrap().into();
    close(&product(&[&a, &v]), &(wide(&v) * back(&w)), 4.0 * bound, &what("eig"));
    let lengths = xp.linalg().vector_norm(&v, arrayspace::options::VectorNorm::new().axis(0));
    close(&lengths.unwrap(), &xp.ones(n, ()).unwrap(), eps, &what("lengths"));
    let sum = xp.sum(back(&linalg.eigvals(&x).unwrap()), ()).unwrap();
    close(&sum, &linalg.trace(&a, ()).unwrap(), size * bound, &what("trace"));

    // the Hermitian matrix of the same lower triangle
    let below = xp.tril(&a, -1).unwrap();
    let real = xp.real(linalg.diagonal(&a, ()).unwrap()).unwrap();
    let h = &below + adjoint(&below) + identity(xp, n) * wide(&real);
    let (w, v) = linalg.eigh(&x).unwrap().into();
    close(&product(&[&h, &v]), &(wide(&v) * back(&w)), 4.0 * bound, &what("eigh"));
    close(&product(&[&adjoint(&v), &v]), &identity(xp, n), eps, &what("VᴴV"));
    close(&back(&linalg.eigvalsh(&x).unwrap()), &back(&w), 2.0 * bound, &what("eigvalsh"));
    if let Ok(l) = linalg.cholesky(&x, ()) {
        let l = scaled(&l, 1.0 / scale.sqrt());
        close(&product(&[&l, &adjoint(&l)]), &h, bound, &what("cholesky"));
    } else {
        assert!(values(&w)[0].re <= bound * scale.max(1.0), "{}", what("cholesky"));
    }

    if let Ok(inverse) = linalg.inv(&x) {
        let inverse = scaled(&inverse, scale);
        let size_of_inverse = largest(&inverse);
        if size_of_inverse.is_finite() {
            let bound = (eps + least * scale) * size * (1.0 + size_of_inverse * norm(&a));
            close(&product(&[&a, &inverse]), &identity(xp, n), bound, &what("inv"));
        }
    }
    let inverse = linalg.pinv(&x, ()).unwrap();
    assert_eq!(inverse.shape(), [n, n]);
    let (sign, log) = linalg.slogdet(&x).unwrap().into();
    let (sign, log) = (values(&sign)[0], number(&log));
    let det = values(&linalg.det(&x).unwrap())[0];
    if sign == C::new(0.0, 0.0) {
        assert!(det == sign && log == f64::NEG_INFINITY);
    } else {
        assert!((sign.norm() - 1.0).abs() < eps && log.is_finite(), "{}", what("slogdet"));
    }
}

fn magnitudes<N: Namespace>(xp: &N) {
    for dtype in DTYPES {
        let exponents = if epsilon(dtype) > 1e-10 {
            [0, 120, 64, -64, -120, -140]
        } else {
            [0, 1016, 512, -512, -980, -1060]
        };
        for n in [1, 2, 4, 7, 18] {
            for (name, data) in kinds(n) {
                for exponent in exponents {
                    if exponent == 0 || n < 18 {
                        check(xp, name, dtype, n, &data, f64::powi(2.0, exponent));
                    }
                }
            }
        }
    }
}

/// Sums of squares beyond the range are no concern of the norms of one order; but nothing panics.
fn ends_of_the_range<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let (most, least) =
            if epsilon(dtype) > 1e-10 { (f32::MAX.into(), 1e-45) } else { (f64::MAX, 5e-324) };
        for value in [most, -most, least, -least, 0.0, -0.0] {
            for n in [1, 2, 3, 4, 9, 20] {
                let filled = xp.full([n, n], value, dtype).unwrap();
                let apart = xp.multiply(&filled, xp.eye(n, None, dtype).unwrap()).unwrap();
                for x in [filled, apart] {
                    let s = linalg.svdvals(&x).unwrap();
                    assert!(values(&s).iter().all(|s| s.re >= 0.0));
                    let (q, _) = linalg.qr(&x, ()).unwrap().into();
                    let one = product(&[&adjoint(&q), &q]);
                    close(&one, &identity(xp, n), 1e-5, "QᴴQ");
                    assert!(linalg.eig(&x).is_ok() && linalg.eigh(&x).is_ok());
                    assert!(linalg.eigvals(&x).is_ok() && linalg.eigvalsh(&x).is_ok());
                    for result in [linalg.cholesky(&x, ()), linalg.inv(&x)] {
                        assert!(matches!(result, Ok(_) | Err(Error::Singular(_))));
                    }
                    assert!(linalg.det(&x).is_ok() && linalg.slogdet(&x).is_ok());
                    assert!(linalg.pinv(&x, ()).is_ok() && linalg.matrix_rank(&x, ()).is_ok());
                    assert!(linalg.matrix_norm(&x, ()).is_ok());
                    assert!(linalg.matrix_power(&x, 3).is_ok());
                }
            }
        }
    }
}

/// A tall matrix is factored in blocks of rows; a large one by several threads.
fn large<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for (m, n) in [(9000, 5), (5, 9000), (150, 150)] {
        let size = m * n;
        let line = xp.arange(size, None, None, DType::Float64).unwrap();
        let line = xp.square(line).unwrap() * 1.618; // else the rows depend on two of them
        let x = xp.reshape(xp.sin(line).unwrap(), [m, n], ()).unwrap();
        let bound = 1e-13 * norm(&x);
        let k = m.min(n);
        let (q, r) = linalg.qr(&x, ()).unwrap().into();
        close(&xp.matmul(&q, &r).unwrap(), &x, bound, "QR");
        close(&product(&[&adjoint(&q), &q]), &identity(xp, k), 1e-12, "QᴴQ");
        let (u, s, vh) = linalg.svd(&x, false).unwrap().into();
        close(&xp.matmul(u * &s, &vh).unwrap(), &x, bound, "U S Vh");
        close(&linalg.svdvals(&x).unwrap(), &s, bound, "svdvals");
        let right = linalg.svd_right(&x).unwrap();
        close(&right.s, &s, bound, "S alone");
        close(&xp.abs(&right.vh).unwrap(), &xp.abs(&vh).unwrap(), 1e-10, "Vh alone");
        let inverse = linalg.pinv(&x, ()).unwrap();
        let middle = if m > n { inverse.matmul(&x) } else { x.matmul(&inverse) };
        close(&middle.unwrap(), &identity(xp, k), 1e-10, "pinv");
    }
}

/// Columns that depend on others but for a rest far below them keep that rest.
fn nearly_dependent<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for (m, n) in [(200, 5), (9000, 5), (5, 9000), (300, 40), (2500, 300)] {
        for frequency in [12.9898, 0.5] {
            // two waves span all columns, up to the rounding of the sine's argument
            let line = xp.arange(m * n, None, None, DType::Float64).unwrap() * frequency;
            let x = xp.reshape(xp.sin(line).unwrap(), [m, n], ()).unwrap();
            let bound = 4e-15 * norm(&x);
            let (q, r) = linalg.qr(&x, ()).unwrap().into();
            close(&xp.matmul(&q, &r).unwrap(), &x, bound, "QR");
            close(&product(&[&adjoint(&q), &q]), &identity(xp, m.min(n)), 1e-13, "QᴴQ");
            let (u, s, vh) = linalg.svd(&x, false).unwrap().into();
            close(&xp.matmul(u * &s, &vh).unwrap(), &x, bound, "U S Vh");
            close(&linalg.svd_right(&x).unwrap().s, &s, bound, "S alone");
        }
    }
}

on_each_backend!(magnitudes ends_of_the_range large nearly_dependent);
