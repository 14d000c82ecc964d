//! Examples of every function and parameter.

use arrayspace::options::{
    Cholesky, Cross, Diagonal, MatrixNorm, MatrixOrd, QrMode, Svd, Tolerance, Trace, VectorNorm,
};
use arrayspace::prelude::*;

use crate::{
    C, DTYPES, adjoint, assert_values, close, epsilon, identity, of, on_each_backend, product,
    read, values, wide,
};

const I: C = C::new(0.0, 1.0);

fn c(re: f64) -> C {
    re.into()
}

fn list(values: &[f64]) -> Vec<C> {
    values.iter().map(|&x| x.into()).collect()
}

/// `[[4, 2], [2, 5]]`
fn definite<N: Namespace>(xp: &N, dtype: DType) -> Array<N> {
    of(xp, dtype, &[2, 2], &list(&[4.0, 2.0, 2.0, 5.0]))
}

fn systems<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let x = definite(xp, dtype);
        assert_values(&linalg.det(&x).unwrap(), dtype, &[], &[16.0]);
        let inverse = [0.3125, -0.125, -0.125, 0.25];
        assert_values(&linalg.inv(&x).unwrap(), dtype, &[2, 2], &inverse);
        let stack = xp.broadcast_to(&x, [3, 1, 2, 2]).unwrap();
        assert_values(&linalg.inv(&stack).unwrap(), dtype, &[3, 1, 2, 2], &inverse.repeat(3));
        let (sign, log) = linalg.slogdet(&stack).unwrap().into();
        assert_values(&sign, dtype, &[3, 1], &[1.0; 3]);
        assert_values(&log, dtype_real(dtype), &[3, 1], &[16f64.ln(); 3]);

        // a right side, many, a stack of them, a stack of matrices
        let b = of(xp, dtype, &[2], &list(&[8.0, 12.0]));
        assert_values(&linalg.solve(&x, &b).unwrap(), dtype, &[2], &[1.0, 2.0]);
        assert_values(&linalg.solve(&stack, &b).unwrap(), dtype, &[3, 1, 2], &[1.0, 2.0].repeat(3));
        let b = of(xp, dtype, &[2, 3], &list(&[8.0, 4.0, 0.0, 12.0, 2.0, 0.0]));
        let solution = [1.0, 1.0, 0.0, 2.0, 0.0, 0.0];
        assert_values(&linalg.solve(&x, &b).unwrap(), dtype, &[2, 3], &solution);
        let sides = xp.broadcast_to(&b, [2, 2, 3]).unwrap();
        let got = linalg.solve(&x, &sides).unwrap();
        assert_values(&got, dtype, &[2, 2, 3], &solution.repeat(2));
        let got = linalg.solve(&stack, &sides).unwrap();
        assert_values(&got, dtype, &[3, 2, 2, 3], &solution.repeat(6));
    }
    // promotion
    let b = of(xp, DType::Complex64, &[2], &[8.0 * I, 12.0 * I]);
    let got = linalg.solve(definite(xp, DType::Float64), &b).unwrap();
    assert_eq!(got.dtype(), DType::Complex128);
    assert!((values(&got)[1] - 2.0 * I).norm() < 1e-15);
    // an exchange of rows is needed, and the sign turns
    let x = xp.asarray([[0.0, 2.0], [3.0, 0.0]], ()).unwrap();
    assert_values(&linalg.inv(&x).unwrap(), DType::Float64, &[2, 2], &[0.0, 1.0 / 3.0, 0.5, 0.0]);
    assert_values(&linalg.det(&x).unwrap(), DType::Float64, &[], &[-6.0]);
    let zero = xp.zeros([2, 2], DType::Complex128).unwrap();
    let (sign, log) = linalg.slogdet(&zero).unwrap().into();
    assert_eq!((values(&sign)[0], read::<f64, N>(&log)[0]), (c(0.0), f64::NEG_INFINITY));
    assert_eq!(values(&linalg.det(&zero).unwrap()), [c(0.0)]);
    // out of the range of det, not of slogdet
    let huge = xp.multiply(xp.eye(3, None, ()).unwrap(), 1e200).unwrap();
    assert_eq!(values(&linalg.det(&huge).unwrap()), [c(f64::INFINITY)]);
    let log = linalg.slogdet(&huge).unwrap().logabsdet;
    assert_values(&log, DType::Float64, &[], &[600.0 * 10f64.ln()]);
    let both = xp.asarray([[1e200, 0.0], [0.0, 1e-200]], ()).unwrap();
    assert_values(&linalg.det(&both).unwrap(), DType::Float64, &[], &[1.0]);
}

fn dtype_real(dtype: DType) -> DType {
    if epsilon(dtype) > 1e-10 { DType::Float32 } else { DType::Float64 }
}

fn triangles<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let x = definite(xp, dtype);
        let lower = linalg.cholesky(&x, ()).unwrap();
        assert_values(&lower, dtype, &[2, 2], &[2.0, 0.0, 1.0, 2.0]);
        let upper = linalg.cholesky(&x, Cholesky::new().upper(true)).unwrap();
        assert_values(&upper, dtype, &[2, 2], &[2.0, 1.0, 0.0, 2.0]);
        // what is above the diagonal is not read
        let half = of(xp, dtype, &[2, 2], &list(&[4.0, 9.0, 2.0, 5.0]));
        assert_eq!(values(&linalg.cholesky(&half, ()).unwrap()), values(&lower));
        let w = linalg.eigvalsh(&half).unwrap();
        let root = 17f64.sqrt() / 2.0;
        assert_values(&w, dtype_real(dtype), &[2], &[4.5 - root, 4.5 + root]);
        let (w, v) = linalg.eigh(&half).unwrap().into();
        assert_values(&w, dtype_real(dtype), &[2], &[4.5 - root, 4.5 + root]);
        assert_eq!(v.dtype(), dtype);
        close(&product(&[&x, &v]), &(wide(&v) * wide(&w)), 30.0 * epsilon(dtype), "eigh");
    }
    let x = of(xp, DType::Complex128, &[2, 2], &[c(2.0), -I, I, c(2.0)]);
    let upper = linalg.cholesky(&x, true).unwrap();
    close(&product(&[&adjoint(&upper), &upper]), &x, 1e-15, "UᴴU");
    assert_eq!(values(&upper)[2], c(0.0));
    assert_values(&linalg.eigvalsh(&x).unwrap(), DType::Float64, &[2], &[1.0, 3.0]);
    // an imaginary part on the diagonal of a Hermitian matrix is not read
    let dirty = of(xp, DType::Complex128, &[2, 2], &[C::new(2.0, 7.0), -I, I, C::new(2.0, -3.0)]);
    assert_values(&linalg.eigvalsh(&dirty).unwrap(), DType::Float64, &[2], &[1.0, 3.0]);
    close(&linalg.cholesky(&dirty, true).unwrap(), &upper, 0.0, "a dirty diagonal");
}

fn eigenvalues<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let complex =
            if dtype_real(dtype) == DType::Float32 { DType::Complex64 } else { DType::Complex128 };
        let x = of(xp, dtype, &[2, 2], &list(&[0.0, -4.0, 1.0, 0.0]));
        let (w, v) = linalg.eig(&x).unwrap().into();
        assert_eq!(
            (w.dtype(), v.dtype(), w.shape(), v.shape()),
            (complex, complex, &[2][..], &[2, 2][..])
        );
        let mut imaginary: Vec<f64> = values(&w).iter().map(|x| x.im).collect();
        imaginary.sort_by(f64::total_cmp);
        let eps = 10.0 * epsilon(dtype);
        assert!((imaginary[0] + 2.0).abs() < eps && (imaginary[1] - 2.0).abs() < eps);
        close(&product(&[&x, &v]), &(wide(&v) * wide(&w)), 2.0 * eps, "eig");
        let alone = linalg.eigvals(&x).unwrap();
        assert_eq!((alone.dtype(), alone.shape()), (complex, &[2][..]));
        assert!(values(&alone).iter().all(|x| (x.norm() - 2.0).abs() < eps && x.re.abs() < eps));
    }
}

fn orthogonal<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let x = of(xp, dtype, &[3, 2], &list(&[3.0, 1.0, 4.0, 2.0, 0.0, 2.0]));
        let eps = 50.0 * epsilon(dtype);
        for (mode, k) in [(QrMode::Reduced, 2), (QrMode::Complete, 3)] {
            let (q, r) = linalg.qr(&x, mode).unwrap().into();
            assert_eq!((q.shape(), r.shape()), (&[3, k][..], &[k, 2][..]));
            assert_eq!((q.dtype(), r.dtype()), (dtype, dtype));
            close(&product(&[&q, &r]), &x, eps, "QR");
            close(&product(&[&adjoint(&q), &q]), &identity(xp, k), eps, "QᴴQ");
            close(&xp.tril(&r, -1).unwrap(), &xp.zeros([k, 2], dtype).unwrap(), 0.0, "R");
        }
        let wide_matrix = x.mT().unwrap();
        assert_eq!(linalg.qr(&wide_matrix, ()).unwrap().r.shape(), [2, 3]);

        let x = of(xp, dtype, &[3, 2], &list(&[0.0, 2.0, 1.0, 0.0, 0.0, 0.0]));
        let found = linalg.svd(&x, ()).unwrap();
        let shapes = [found.u.shape(), found.s.shape(), found.vh.shape()];
        assert_eq!(shapes, [&[3, 3][..], &[2], &[2, 2]]);
        assert_values(&found.s, dtype_real(dtype), &[2], &[2.0, 1.0]);
        let (u, s, vh) = linalg.svd(&x, Svd::new().full_matrices(false)).unwrap().into();
        assert_eq!((u.shape(), vh.shape()), (&[3, 2][..], &[2, 2][..]));
        close(&product(&[&(wide(&u) * wide(&s)), &vh]), &x, eps, "USVh");
        let thin = linalg.svd(x.mT().unwrap(), false).unwrap();
        assert_eq!((thin.u.shape(), thin.vh.shape()), (&[2, 2][..], &[2, 3][..]));
        assert_values(&linalg.svdvals(&x).unwrap(), dtype_real(dtype), &[2], &[2.0, 1.0]);
    }
}

fn ranks<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let x = of(xp, dtype, &[2, 2, 2], &list(&[1.0, 2.0, 2.0, 4.0, 3.0, 0.0, 0.0, 0.3]));
        let rank = linalg.matrix_rank(&x, ()).unwrap();
        assert_values(&rank, DType::Int64, &[2], &[1.0, 2.0]);
        let of_tolerance = |rtol| values(&linalg.matrix_rank(&x, rtol).unwrap());
        assert_eq!(of_tolerance(0.05), [c(1.0), c(2.0)]);
        assert_eq!(of_tolerance(0.2), [c(1.0), c(1.0)]);
        assert_eq!(of_tolerance(1.0), [c(0.0), c(0.0)]);
        let each = xp.asarray([2.0, 0.05], DType::Float32).unwrap();
        let rank = linalg.matrix_rank(&x, Tolerance::new().rtol(&each)).unwrap();
        assert_eq!(values(&rank), [c(0.0), c(2.0)]);
        let all = xp.asarray(0.5, ()).unwrap();
        assert_eq!(values(&linalg.matrix_rank(&x, &all).unwrap()), [c(1.0), c(1.0)]);

        let inverse = linalg.pinv(&x, ()).unwrap();
        let first = [1.0, 2.0, 2.0, 4.0].map(|x| x / 25.0);
        let expected = [&first[..], &[1.0 / 3.0, 0.0, 0.0, 1.0 / 0.3]].concat();
        assert_values(&inverse, dtype, &[2, 2, 2], &expected);
        let cut = linalg.pinv(&x, 0.2).unwrap();
        let expected = [&first[..], &[1.0 / 3.0, 0.0, 0.0, 0.0]].concat();
        assert_values(&cut, dtype, &[2, 2, 2], &expected);
        let row = of(xp, dtype, &[1, 2], &list(&[0.0, 4.0]));
        assert_values(&linalg.pinv(&row, ()).unwrap(), dtype, &[2, 1], &[0.0, 0.25]);
    }
    let x = of(xp, DType::Complex128, &[2, 1], &[I, c(1.0)]);
    let inverse = values(&linalg.pinv(&x, ()).unwrap());
    assert!((inverse[0] + 0.5 * I).norm() < 1e-15 && (inverse[1] - 0.5).norm() < 1e-15);
    // zero, and smaller than what has a reciprocal
    let zero = xp.zeros([2, 3], ()).unwrap();
    assert_values(&linalg.pinv(&zero, ()).unwrap(), DType::Float64, &[3, 2], &[0.0; 6]);
    assert_eq!(values(&linalg.matrix_rank(&zero, ()).unwrap()), [c(0.0)]);
    let tiny = xp.asarray([[1e-310, 0.0], [0.0, 0.0]], ()).unwrap();
    assert_eq!(
        values(&linalg.pinv(&tiny, ()).unwrap()),
        [c(f64::INFINITY), c(0.0), c(0.0), c(0.0)]
    );
}

fn powers<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let x = of(xp, dtype, &[2, 2], &list(&[1.0, 1.0, 0.0, 1.0]));
        for n in [0, 1, 2, 3, 7, 8, 100] {
            let power = linalg.matrix_power(&x, n).unwrap();
            assert_values(&power, dtype, &[2, 2], &[1.0, n as f64, 0.0, 1.0]);
            let power = linalg.matrix_power(&x, -n).unwrap();
            assert_values(&power, dtype, &[2, 2], &[1.0, -n as f64, 0.0, 1.0]);
        }
        let stack = xp.broadcast_to(&x, [2, 2, 2]).unwrap();
        let unit = linalg.matrix_power(&stack, 0).unwrap();
        assert_values(&unit, dtype, &[2, 2, 2], &[1.0, 0.0, 0.0, 1.0].repeat(2));
        assert_eq!(linalg.matrix_power(&stack, 3).unwrap().shape(), [2, 2, 2]);
    }
    let unit = xp.eye(2, None, ()).unwrap();
    for n in [i64::MIN, i64::MAX] {
        close(&linalg.matrix_power(&unit, n).unwrap(), &unit, 0.0, "1^n");
    }
    let half = xp.ones([2, 2], DType::Float16).unwrap();
    let square = linalg.matrix_power(&half, 2).unwrap();
    assert_eq!((square.dtype(), values(&square)), (DType::Float16, list(&[2.0; 4])));
}

fn diagonals<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let x = xp.reshape(xp.arange(12, None, None, ()).unwrap(), [3, 4], ()).unwrap();
    let at = |offset: i64| values(&linalg.diagonal(&x, Diagonal::new().offset(offset)).unwrap());
    assert_eq!(at(0), list(&[0.0, 5.0, 10.0]));
    assert_eq!(at(1), list(&[1.0, 6.0, 11.0]));
    assert_eq!(at(2), list(&[2.0, 7.0]));
    assert_eq!(at(3), list(&[3.0]));
    assert_eq!(at(-1), list(&[4.0, 9.0]));
    assert_eq!(at(-2), list(&[8.0]));
    for offset in [4, -3, 100, -100, i64::MAX, i64::MIN] {
        assert!(at(offset).is_empty());
        let sum = linalg.trace(&x, Trace::new().offset(offset)).unwrap();
        assert_values(&sum, DType::Int64, &[], &[0.0]);
    }
    let stack = xp.stack([&x, &x], 0).unwrap();
    let turned = xp.flip(&stack, ()).unwrap();
    let found = linalg.diagonal(&turned, -1).unwrap();
    assert_values(&found, DType::Int64, &[2, 2], &[7.0, 2.0, 7.0, 2.0]);
    let found = linalg.trace(&turned, 1).unwrap();
    assert_values(&found, DType::Int64, &[2], &[15.0, 15.0]);
    let truth = xp.ones([2, 2], DType::Bool).unwrap();
    assert_eq!(read::<bool, N>(&linalg.diagonal(&truth, ()).unwrap()), [true, true]);
    for (given, widened) in [
        (DType::Int8, DType::Int64),
        (DType::UInt16, DType::UInt64),
        (DType::Float32, DType::Float32),
        (DType::Complex64, DType::Complex64),
    ] {
        let ones = xp.ones([3, 3], given).unwrap();
        assert_values(&linalg.trace(&ones, ()).unwrap(), widened, &[], &[3.0]);
    }
    let many = xp.full([2, 2], 100, DType::Int8).unwrap();
    let sum = linalg.trace(&many, Trace::new().dtype(DType::Int8)).unwrap();
    assert_eq!(read::<i8, N>(&sum), [-56]);
    let sum = linalg.trace(&many, DType::Float32).unwrap();
    assert_values(&sum, DType::Float32, &[], &[200.0]);
}

fn products<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ()).unwrap();
    let y = xp.asarray([7, 8, 10], ()).unwrap();
    let crossed = [-4.0, 11.0, -6.0, 2.0, 2.0, -3.0];
    assert_values(&linalg.cross(&x, &y, ()).unwrap(), DType::Int32, &[2, 3], &crossed);
    let back = linalg.cross(&y, &x, -1).unwrap();
    assert_values(&back, DType::Int32, &[2, 3], &crossed.map(|x| -x));
    // along another axis, counted from the end of both
    let (xt, yt) = (x.mT().unwrap(), xp.expand_dims(&y, -1).unwrap());
    let turned = linalg.cross(&xt, &yt, Cross::new().axis(-2)).unwrap();
    assert_values(&turned, DType::Int32, &[3, 2], &[-4.0, 2.0, 11.0, 2.0, -6.0, -3.0]);
    let more = xp.broadcast_to(&xt, [4, 3, 2]).unwrap();
    assert_eq!(linalg.cross(&yt, &more, -2).unwrap().shape(), [4, 3, 2]);
    let z = of(xp, DType::Complex64, &[3], &[I, c(0.0), c(0.0)]);
    let e = xp.asarray([0.0, 1.0, 0.0], ()).unwrap();
    let found = linalg.cross(&z, &e, ()).unwrap();
    assert_eq!((found.dtype(), values(&found)), (DType::Complex128, vec![c(0.0), c(0.0), I]));
    let bytes = xp.asarray([[200u8, 0, 0], [0, 2, 0]], ()).unwrap();
    let rows = xp.unstack(&bytes, 0).unwrap();
    assert_eq!(read::<u8, N>(&linalg.cross(&rows[0], &rows[1], ()).unwrap()), [0, 0, 144]);

    let two = xp.asarray([1, 2], DType::Int8).unwrap();
    let found = linalg.outer(&two, &y).unwrap();
    assert_values(&found, DType::Int32, &[2, 3], &[7.0, 8.0, 10.0, 14.0, 16.0, 20.0]);
    assert_eq!(values(&linalg.outer(&z, &z).unwrap())[0], c(-1.0));
    let none = xp.zeros(0, DType::Int32).unwrap();
    assert_eq!(linalg.outer(&none, &y).unwrap().shape(), [0, 3]);

    // the aliases
    close(&linalg.matmul(&x, &y).unwrap(), &xp.matmul(&x, &y).unwrap(), 0.0, "matmul");
    close(&linalg.vecdot(&x, &y, ()).unwrap(), &xp.vecdot(&x, &y, ()).unwrap(), 0.0, "vecdot");
    let (a, b) = (linalg.tensordot(&x, &xt, 1).unwrap(), xp.tensordot(&x, &xt, 1).unwrap());
    close(&a, &b, 0.0, "tensordot");
    close(&linalg.matrix_transpose(&x).unwrap(), &xt, 0.0, "matrix_transpose");
}

fn norms<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let real = dtype_real(dtype);
        let x = of(xp, dtype, &[2, 3], &list(&[3.0, 0.0, -4.0, 0.0, 1.0, 2.0]));
        let at = |options: VectorNorm| linalg.vector_norm(&x, options).unwrap();
        let v = VectorNorm::new;
        assert_values(&at(v()), real, &[], &[30f64.sqrt()]);
        assert_values(&at(v().axis(1)), real, &[2], &[5.0, 5f64.sqrt()]);
        assert_values(&at(v().axis(-2).keepdims(true)), real, &[1, 3], &[3.0, 1.0, 20f64.sqrt()]);
        assert_values(&at(v().axis([0, 1]).keepdims(true)), real, &[1, 1], &[30f64.sqrt()]);
        assert_values(&at(v().axis(1).ord(1)), real, &[2], &[7.0, 3.0]);
        assert_values(&at(v().axis(1).ord(0)), real, &[2], &[2.0, 2.0]);
        assert_values(&at(v().axis(1).ord(f64::INFINITY)), real, &[2], &[4.0, 2.0]);
        assert_values(&at(v().axis(1).ord(f64::NEG_INFINITY)), real, &[2], &[0.0, 0.0]);
        assert_values(&at(v().axis(0).ord(3)), real, &[3], &[3.0, 1.0, 72f64.cbrt()]);
        // a zero makes the sum of reciprocals infinite
        assert_values(&at(v().axis(0).ord(-1)), real, &[3], &[0.0, 0.0, 4.0 / 3.0]);
        assert_values(&at(v().axis(0).ord(-2)), real, &[3], &[0.0, 0.0, 3.2f64.sqrt()]);
        let expected = [3.0, 1.0, 6.0 + 32f64.sqrt()];
        assert_values(&at(v().axis(0).ord(0.5)), real, &[3], &expected);

        let at = |ord: MatrixOrd| linalg.matrix_norm(&x, MatrixNorm::new().ord(ord)).unwrap();
        // of x xᴴ = [[25, -8], [-8, 5]] the eigenvalues are 15 ± √(15² - 61)
        let root = 164f64.sqrt();
        let (s0, s1) = ((15.0 + root).sqrt(), (15.0 - root).sqrt());
        assert_values(&at(MatrixOrd::Fro), real, &[], &[30f64.sqrt()]);
        assert_values(&at(1.into()), real, &[], &[6.0]);
        assert_values(&at((-1).into()), real, &[], &[1.0]);
        assert_values(&at(f64::INFINITY.into()), real, &[], &[7.0]);
        assert_values(&at(f64::NEG_INFINITY.into()), real, &[], &[3.0]);
        assert_values(&at(2.into()), real, &[], &[s0]);
        assert_values(&at((-2.0).into()), real, &[], &[s1]);
        assert_values(&at(MatrixOrd::Nuc), real, &[], &[s0 + s1]);
        let stack = xp.broadcast_to(&x, [2, 2, 3]).unwrap();
        for ord in [MatrixOrd::Fro, 1.into(), 2.into(), MatrixOrd::Nuc, f64::INFINITY.into()] {
            let options = MatrixNorm::new().ord(ord);
            let kept = linalg.matrix_norm(&stack, options.clone().keepdims(true)).unwrap();
            let dropped = linalg.matrix_norm(&stack, options).unwrap();
            assert_eq!((kept.shape(), dropped.shape()), (&[2, 1, 1][..], &[2][..]));
            assert_eq!(values(&kept), values(&dropped));
        }
    }
    let z = of(xp, DType::Complex64, &[1, 2], &[C::new(3.0, 4.0), C::new(0.0, 12.0)]);
    assert_values(&linalg.vector_norm(&z, ()).unwrap(), DType::Float32, &[], &[13.0]);
    assert_values(&linalg.matrix_norm(&z, ()).unwrap(), DType::Float32, &[], &[13.0]);
    assert_values(
        &linalg.vector_norm(&z, VectorNorm::new().ord(1)).unwrap(),
        DType::Float32,
        &[],
        &[17.0],
    );
    for dtype in [DType::Float16, DType::BFloat16] {
        // the sum of squares is beyond the range of float16
        let x = xp.full(1024, 16.0, dtype).unwrap();
        let norm = linalg.vector_norm(&x, ()).unwrap();
        assert_eq!((norm.dtype(), values(&norm)), (dtype, vec![c(512.0)]));
        let x = xp.reshape(&x, [32, 32], ()).unwrap();
        for (ord, expected) in [(MatrixOrd::Fro, 512.0), (1.into(), 512.0)] {
            let norm = linalg.matrix_norm(&x, MatrixNorm::new().ord(ord)).unwrap();
            assert_eq!((norm.dtype(), values(&norm)), (dtype, vec![c(expected)]));
        }
    }
    let nan = xp.asarray([[1.0, f64::NAN]], ()).unwrap();
    assert!(values(&linalg.vector_norm(&nan, ()).unwrap())[0].re.is_nan());
    assert!(values(&linalg.matrix_norm(&nan, ()).unwrap())[0].re.is_nan());
}

fn nothing<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in DTYPES {
        let real = dtype_real(dtype);
        let zeros = |shape: &[usize]| xp.zeros(shape, dtype).unwrap();
        // matrices without rows, and stacks without matrices
        for stack in [&[][..], &[2], &[0], &[2, 0, 3]] {
            let with = |tail: &[usize]| [stack, tail].concat();
            let none = zeros(&with(&[0, 0]));
            let count: usize = stack.iter().product();
            assert_values(&linalg.det(&none).unwrap(), dtype, stack, &vec![1.0; count]);
            let (sign, log) = linalg.slogdet(&none).unwrap().into();
            assert_values(&sign, dtype, stack, &vec![1.0; count]);
            assert_values(&log, real, stack, &vec![0.0; count]);
            for n in [0, 3] {
                if n > 0 && count > 0 {
                    continue;
                }
                let x = zeros(&with(&[n, n]));
                let square = with(&[n, n]);
                assert_eq!(linalg.inv(&x).unwrap().shape(), square);
                assert_eq!(linalg.cholesky(&x, ()).unwrap().shape(), square);
                assert_eq!(linalg.cholesky(&x, true).unwrap().shape(), square);
                assert_eq!(linalg.eig(&x).unwrap().eigenvectors.shape(), square);
                assert_eq!(linalg.eigh(&x).unwrap().eigenvectors.shape(), square);
                assert_eq!(linalg.eigvals(&x).unwrap().shape(), with(&[n]));
                assert_eq!(linalg.eigvalsh(&x).unwrap().shape(), with(&[n]));
                assert_eq!(linalg.solve(&x, zeros(&with(&[n, 2]))).unwrap().shape(), with(&[n, 2]));
                assert_eq!(linalg.solve(&x, zeros(&[n])).unwrap().shape(), with(&[n]));
                assert_eq!(linalg.matrix_power(&x, -2).unwrap().shape(), square);
                assert_eq!(linalg.matrix_power(&x, 0).unwrap().shape(), square);
            }
            for (m, n) in [(0, 3), (3, 0), (0, 0)] {
                let x = zeros(&with(&[m, n]));
                let (q, r) = linalg.qr(&x, QrMode::Complete).unwrap().into();
                assert_eq!((q.shape(), r.shape()), (&with(&[m, m])[..], &with(&[m, n])[..]));
                close(
                    &product(&[&adjoint(&q), &q]),
                    &xp.broadcast_to(identity(xp, m), q.shape()).unwrap(),
                    0.0,
                    "Q",
                );
                let (q, r) = linalg.qr(&x, ()).unwrap().into();
                assert_eq!((q.shape(), r.shape()), (&with(&[m, 0])[..], &with(&[0, n])[..]));
                let (u, s, vh) = linalg.svd(&x, ()).unwrap().into();
                assert_eq!(s.shape(), with(&[0]));
                for unit in [u, vh] {
                    let n = unit.shape()[unit.ndim() - 1];
                    let one = xp.broadcast_to(identity(xp, n), unit.shape()).unwrap();
                    close(&unit, &one, 0.0, "U or Vh of nothing");
                }
                assert_eq!(linalg.svd(&x, false).unwrap().u.shape(), with(&[m, 0]));
                assert_eq!(linalg.svdvals(&x).unwrap().shape(), with(&[0]));
                let right = linalg.svd_right(&x).unwrap();
                assert_eq!(
                    (right.s.shape(), right.vh.shape()),
                    (&with(&[0])[..], &with(&[0, n])[..])
                );
                assert_eq!(linalg.pinv(&x, ()).unwrap().shape(), with(&[n, m]));
                let rank = linalg.matrix_rank(&x, ()).unwrap();
                assert_values(&rank, DType::Int64, stack, &vec![0.0; count]);
                for ord in
                    [MatrixOrd::Fro, MatrixOrd::Nuc, 1.into(), 2.into(), f64::INFINITY.into()]
                {
                    let norm = linalg.matrix_norm(&x, MatrixNorm::new().ord(ord)).unwrap();
                    assert_values(&norm, real, stack, &vec![0.0; count]);
                }
            }
        }
        let none = zeros(&[0]);
        for (ord, expected) in [
            (2.0, 0.0),
            (1.0, 0.0),
            (0.0, 0.0),
            (3.0, 0.0),
            (f64::INFINITY, 0.0),
            (f64::NEG_INFINITY, f64::INFINITY),
            (-1.0, f64::INFINITY),
            (-2.0, f64::INFINITY),
        ] {
            let norm = linalg.vector_norm(&none, VectorNorm::new().ord(ord)).unwrap();
            assert_eq!((norm.dtype(), values(&norm)), (real, vec![c(expected)]), "{ord}");
        }
    }
}

on_each_backend! {
    systems triangles eigenvalues orthogonal ranks powers diagonals products norms nothing
}
