//! What has no result: an error that says why, found before work starts.

use arrayspace::options::{MatrixNorm, MatrixOrd, Tolerance, Trace, VectorNorm};
use arrayspace::prelude::*;

use crate::on_each_backend;

/// The variant of the error and parts of its text.
macro_rules! fails {
    ($result:expr, $variant:ident, $($part:expr),+) => {{
        let error = $result.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::$variant(_)), "{error:?}");
        $(assert!(error.to_string().contains($part), "{error} lacks {:?}", $part);)+
    }};
}

/// The name and the error of each function that decomposes one array of square matrices, or of any.
fn each<N: Namespace>(x: &Array<N>, square: bool) -> Vec<(&'static str, Error)> {
    let linalg = x.namespace().linalg();
    let mut all = vec![
        ("qr", linalg.qr(x, ()).map(|_| ())),
        ("svd", linalg.svd(x, ()).map(|_| ())),
        ("svd_right", linalg.svd_right(x).map(|_| ())),
        ("svdvals", linalg.svdvals(x).map(|_| ())),
        ("matrix_rank", linalg.matrix_rank(x, ()).map(|_| ())),
        ("pinv", linalg.pinv(x, ()).map(|_| ())),
    ];
    if square {
        all.extend([
            ("cholesky", linalg.cholesky(x, ()).map(|_| ())),
            ("det", linalg.det(x).map(|_| ())),
            ("slogdet", linalg.slogdet(x).map(|_| ())),
            ("eig", linalg.eig(x).map(|_| ())),
            ("eigvals", linalg.eigvals(x).map(|_| ())),
            ("eigh", linalg.eigh(x).map(|_| ())),
            ("eigvalsh", linalg.eigvalsh(x).map(|_| ())),
            ("inv", linalg.inv(x).map(|_| ())),
            ("matrix_power", linalg.matrix_power(x, -1).map(|_| ())),
        ]);
    }
    all.into_iter().map(|(name, result)| (name, result.expect_err(name))).collect()
}

#[track_caller]
fn texts(list: Vec<(&'static str, Error)>, parts: &[&str]) {
    for (name, error) in list {
        let text = error.to_string();
        assert!(text.starts_with(&format!("{name}: ")), "{text}");
        for part in parts {
            assert!(text.contains(part), "{text} lacks {part:?}");
        }
    }
}

fn dtypes<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for dtype in [DType::Int32, DType::UInt8, DType::Bool] {
        let x = xp.ones([2, 2], dtype).unwrap();
        let list: Vec<_> = each(&x, true);
        assert!(list.iter().all(|(_, e)| matches!(e, Error::DType(_))));
        texts(list, &[dtype.name(), "is expected", "astype(x, DType::Float64)"]);
        let good = xp.ones([2, 2], ()).unwrap();
        fails!(linalg.solve(&x, &good), DType, "solve: x1", dtype.name(), "astype");
        fails!(linalg.solve(&good, &x), DType, "solve: x2", dtype.name(), "astype");
        fails!(linalg.vector_norm(&x, ()), DType, "vector_norm: ", "floating");
        fails!(linalg.matrix_norm(&x, ()), DType, "matrix_norm: ", "floating");
        fails!(linalg.matrix_power(&x, 2), DType, "matrix_power: ", "floating");
    }
    for dtype in [DType::Float16, DType::BFloat16] {
        let x = xp.eye(2, None, dtype).unwrap();
        texts(each(&x, true), &[dtype.name(), "astype(x, DType::Float32)"]);
        let nuclear = MatrixNorm::new().ord(MatrixOrd::Nuc);
        fails!(linalg.matrix_norm(&x, nuclear), DType, "matrix_norm: ", "DType::Float32");
    }
    let (truth, line) = (xp.ones([3, 3], DType::Bool).unwrap(), xp.ones(3, DType::Bool).unwrap());
    fails!(linalg.trace(&truth, ()), DType, "trace: ", "bool");
    fails!(linalg.cross(&truth, &truth, ()), DType, "cross: ", "bool");
    fails!(linalg.outer(&line, &line), DType, "outer: ", "bool");
    let (int, float) = (xp.ones(3, DType::Int64).unwrap(), xp.ones(3, ()).unwrap());
    fails!(linalg.cross(&int, &float, ()), Promotion, "cross: ", "astype");
    fails!(linalg.outer(&int, &float), Promotion, "outer: ", "astype");
    let complex = xp.ones([2, 2], DType::Complex128).unwrap();
    fails!(linalg.trace(&complex, Trace::new().dtype(DType::Float64)), DType, "real(x)");
    let rtol = xp.ones((), DType::Int64).unwrap();
    fails!(linalg.matrix_rank(&complex, &rtol), DType, "matrix_rank: rtol", "int64");
}

fn shapes<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for shape in [&[][..], &[3]] {
        let x = xp.ones(shape, ()).unwrap();
        let list = each(&x, true);
        assert!(list.iter().all(|(_, e)| matches!(e, Error::Shape(_))));
        texts(list, &[&format!("{shape:?}"), "two dimensions"]);
        fails!(linalg.matrix_norm(&x, ()), Shape, "matrix_norm: ", "two dimensions");
        fails!(linalg.diagonal(&x, ()), Shape, "diagonal: ", "two dimensions");
        fails!(linalg.trace(&x, ()), Shape, "trace: ", "two dimensions");
        fails!(linalg.matrix_power(&x, 2), Shape, "matrix_power: ", "two dimensions");
    }
    let x = xp.ones([4, 2, 3], ()).unwrap();
    for (name, error) in [
        ("cholesky", linalg.cholesky(&x, ()).map(|_| ())),
        ("det", linalg.det(&x).map(|_| ())),
        ("slogdet", linalg.slogdet(&x).map(|_| ())),
        ("eig", linalg.eig(&x).map(|_| ())),
        ("eigvals", linalg.eigvals(&x).map(|_| ())),
        ("eigh", linalg.eigh(&x).map(|_| ())),
        ("eigvalsh", linalg.eigvalsh(&x).map(|_| ())),
        ("inv", linalg.inv(&x).map(|_| ())),
        ("matrix_power", linalg.matrix_power(&x, 0).map(|_| ())),
        ("solve", linalg.solve(&x, xp.ones(2, ()).unwrap()).map(|_| ())),
    ] {
        fails!(error, Shape, &format!("{name}: "), "[4, 2, 3]", "2 by 3", "square");
    }

    let eye = xp.eye(2, None, ()).unwrap();
    let ones = |shape: &[usize]| xp.ones(shape, ()).unwrap();
    fails!(linalg.solve(&eye, ones(&[])), Shape, "solve: x2", "[]", "one dimension");
    fails!(linalg.solve(&eye, ones(&[3])), Shape, "solve: ", "2 equations", "3 elements");
    fails!(linalg.solve(&eye, ones(&[5, 3])), Shape, "solve: ", "5 elements", "expand_dims");
    let stack = xp.broadcast_to(&eye, [3, 2, 2]).unwrap();
    fails!(linalg.solve(&stack, ones(&[4, 2, 1])), Broadcast, "solve: ", "[3]", "[4]");

    fails!(linalg.cross(ones(&[2]), ones(&[3]), ()), Shape, "cross: x1", "length 2", "3 elements");
    fails!(linalg.cross(ones(&[3]), ones(&[3, 1]), ()), Shape, "cross: x2", "length 1");
    fails!(linalg.cross(ones(&[2, 3]), ones(&[4, 3]), ()), Broadcast, "cross: ");
    for axis in [0, 1, -2, i64::MIN, i64::MAX] {
        let given = format!("axis {axis} ");
        fails!(
            linalg.cross(ones(&[3]), ones(&[2, 3]), axis),
            Axis,
            "cross: ",
            &given,
            "from -1 to -1"
        );
    }
    fails!(linalg.cross(ones(&[]), ones(&[3]), ()), Axis, "cross: ");
    fails!(linalg.outer(ones(&[2, 1]), ones(&[3])), Shape, "outer: x1", "[2, 1]", "tensordot");
    fails!(linalg.outer(ones(&[2]), ones(&[])), Shape, "outer: x2", "[]");
    let rtol = ones(&[3]);
    let (x, stack) = (ones(&[2, 2]), ones(&[2, 2, 2]));
    fails!(linalg.matrix_rank(&x, &rtol), Broadcast, "matrix_rank: rtol", "[3]", "[]");
    fails!(linalg.pinv(&stack, &rtol), Broadcast, "pinv: ", "[3]");
    fails!(linalg.vector_norm(&x, VectorNorm::new().axis(2)), Axis, "vector_norm: ", "axis 2");
    fails!(linalg.vector_norm(&x, VectorNorm::new().axis([0, -2])), Axis, "repeated");
}

fn arguments<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let x = xp.eye(2, None, ()).unwrap();
    for ord in [0.0, 3.0, 0.5, f64::NAN] {
        let options = MatrixNorm::new().ord(ord);
        fails!(linalg.matrix_norm(&x, options), Value, "matrix_norm: ord is ", "MatrixOrd::Nuc");
    }
    fails!(linalg.vector_norm(&x, VectorNorm::new().ord(f64::NAN)), Value, "vector_norm: ", "NaN");
    for rtol in [-0.5, f64::NAN] {
        let options = || Tolerance::new().rtol(rtol);
        fails!(linalg.matrix_rank(&x, options()), Value, "matrix_rank: rtol", "not negative");
        fails!(linalg.pinv(&x, options()), Value, "pinv: rtol", "not negative");
    }
    let none = xp.zeros([0, 2], ()).unwrap();
    for ord in [-2.0, f64::NEG_INFINITY] {
        fails!(linalg.matrix_norm(&none, MatrixNorm::new().ord(ord)), Value, "no smallest");
    }
    let none = xp.zeros([2, 0], ()).unwrap();
    fails!(linalg.matrix_norm(&none, MatrixNorm::new().ord(-1)), Value, "no smallest");
}

fn not_finite<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for place in [0, 1, 2, 3] {
            let mut data = vec![2.0, 1.0, 1.0, 2.0];
            data[place] = bad;
            let real = xp.reshape(xp.asarray(data, ()).unwrap(), [2, 2], ()).unwrap();
            let imaginary = xp.multiply(&real, arrayspace::Complex::new(0.0, 1.0)).unwrap();
            let good = xp.eye(2, None, ()).unwrap();
            for x in [xp.astype(&real, DType::Float32, ()).unwrap(), real, imaginary] {
                let list = each(&x, true);
                assert!(list.iter().all(|(_, e)| matches!(e, Error::Value(_))));
                texts(list, &["NaN or infinite", "isfinite"]);
                fails!(linalg.solve(&x, &good), Value, "solve: x1", "NaN or infinite");
                fails!(linalg.solve(&good, &x), Value, "solve: x2", "NaN or infinite");
                let two = MatrixNorm::new().ord(2);
                fails!(linalg.matrix_norm(&x, two), Value, "matrix_norm: ", "NaN or infinite");
            }
        }
    }
}

fn no_result<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for n in [1, 2, 3, 4, 5, 20] {
        for dtype in crate::DTYPES {
            let zero = xp.zeros([n, n], dtype).unwrap();
            let eye = xp.eye(n, None, dtype).unwrap();
            let b = xp.ones(n, dtype).unwrap();
            fails!(linalg.inv(&zero), Singular, "inv: the matrix is singular", "pinv");
            fails!(linalg.solve(&zero, &b), Singular, "solve: the matrix is singular", "pinv");
            fails!(linalg.matrix_power(&zero, -3), Singular, "matrix_power: ");
            let minus = xp.negative(&eye).unwrap();
            fails!(linalg.cholesky(&minus, ()), Singular, "not positive definite", "pivot 0");
            // which one of the stack
            let stack = xp.stack([&eye, &eye, &zero, &zero], 0).unwrap();
            fails!(linalg.inv(&stack), Singular, "at [2] of the stack");
            let stack = xp.reshape(&stack, [2, 2, n, n], ()).unwrap();
            fails!(linalg.inv(&stack), Singular, "at [1, 0] of the stack");
            fails!(linalg.solve(&stack, &b), Singular, "at [1, 0] of the stack");
            fails!(linalg.cholesky(&stack, true), Singular, "cholesky: ", "at [1, 0] of the stack");
        }
    }
    // beyond all memory
    let tall = xp.ones([2_000_000, 1], DType::Float32).unwrap();
    fails!(linalg.qr(&tall, arrayspace::options::QrMode::Complete), OutOfMemory, "out of memory");
    fails!(linalg.svd(&tall, ()), OutOfMemory, "svd: out of memory");
}

on_each_backend!(dtypes shapes arguments not_finite no_result);
