//! Figures of NumPy, from `tests/data/make_linalg.py`.

use arrayspace::options::{MatrixNorm, MatrixOrd, VectorNorm};
use arrayspace::prelude::*;
use serde_json::Value;

use crate::{C, number, of, on_each_backend, values};

fn numbers(list: &Value) -> Vec<C> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|x| match x.as_array() {
            Some(pair) => C::new(pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap()),
            None => x.as_f64().unwrap().into(),
        })
        .collect()
}

fn order(name: &str) -> f64 {
    name.parse().unwrap()
}

fn figures<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let cases: Value = serde_json::from_str(include_str!("../data/linalg.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let shape: Vec<usize> = case["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap() as usize)
            .collect();
        let dtype = if case["complex"] == true { DType::Complex128 } else { DType::Float64 };
        let x = of(xp, dtype, &shape, &numbers(&case["x"]));
        // whatever is computed from the inverse is as uncertain as the condition says
        let s = numbers(&case["svdvals"]);
        let condition = s[0].re / s.last().unwrap().re.max(s[0].re * 1e-15);
        let check = |result: Result<Array<N>>, key: &str, factor: f64| {
            let expected = numbers(&case[key]);
            let size = expected.iter().fold(0f64, |m, x| m.max(x.norm()));
            let got = values(&result.unwrap());
            assert_eq!(got.len(), expected.len(), "{name}: {key}");
            for (got, want) in got.iter().zip(&expected) {
                let error = (got - want).norm();
                assert!(error <= 1e-14 * factor * size.max(1e-300), "{name}: {key}: {got} {want}");
            }
        };
        check(linalg.svdvals(&x), "svdvals", 2.0);
        check(linalg.trace(&x, ()), "trace", 10.0);
        check(linalg.pinv(&x, ()), "pinv", if condition > 1e14 { 10.0 } else { condition });
        let rank = number(&linalg.matrix_rank(&x, ()).unwrap());
        assert_eq!(rank, case["matrix_rank"].as_f64().unwrap(), "{name}");
        for (ord, expected) in case["matrix_norm"].as_object().unwrap() {
            let ord = match &ord[..] {
                "fro" => MatrixOrd::Fro,
                "nuc" => MatrixOrd::Nuc,
                number => order(number).into(),
            };
            let got = number(&linalg.matrix_norm(&x, MatrixNorm::new().ord(ord)).unwrap());
            let expected = expected.as_f64().unwrap();
            assert!((got - expected).abs() <= 2e-14 * s[0].re, "{name} {ord:?}: {got} {expected}");
        }
        for (ord, expected) in case["vector_norm"].as_object().unwrap() {
            let options = VectorNorm::new().ord(order(ord));
            let got = number(&linalg.vector_norm(&x + 8.0, options).unwrap());
            let expected = expected.as_f64().unwrap();
            assert!((got - expected).abs() <= 2e-14 * expected, "{name} {ord}: {got} {expected}");
        }
        if shape[0] != shape[1] {
            continue;
        }
        let n = shape[0];
        let det = s.iter().fold(1.0, |p, s| p * s.re);
        let got = values(&linalg.det(&x).unwrap())[0];
        assert!(
            (got - numbers(&case["det"])[0]).norm() <= 1e-14 * condition * det.max(1e-12),
            "{name}"
        );
        check(linalg.matrix_power(&x, 5), "power 5", 100.0);
        let mut eigenvalues = values(&linalg.eigvals(&x).unwrap());
        for want in numbers(&case["eigvals"]) {
            // each has one of its own; a defective one is uncertain to the root of the precision
            let bound = if name == "rank 1" || name == "magic" { 1e-6 } else { 1e-12 };
            let distance = |x: &C| (x - want).norm();
            let nearest = (0..eigenvalues.len())
                .min_by(|&i, &j| distance(&eigenvalues[i]).total_cmp(&distance(&eigenvalues[j])))
                .unwrap();
            let got = eigenvalues.remove(nearest);
            assert!((got - want).norm() <= bound * s[0].re, "{name}: {got} {want}");
        }
        if case.get("inv").is_some() {
            check(linalg.inv(&x), "inv", condition);
            check(linalg.matrix_power(&x, -2), "power -2", 4.0 * condition);
            let b = of(xp, dtype, &[n, 2], &numbers(&case["b"]));
            check(linalg.solve(&x, &b), "solve", condition);
            let (sign, log) = linalg.slogdet(&x).unwrap().into();
            let expected = case["slogdet"].as_array().unwrap();
            let sign_expected = numbers(&Value::Array(vec![expected[0].clone()]))[0];
            assert!((values(&sign)[0] - sign_expected).norm() < 1e-14 * condition, "{name}");
            let log_expected = expected[1].as_f64().unwrap();
            assert!((number(&log) - log_expected).abs() < 1e-14 * condition.max(10.0), "{name}");
        }
        if case.get("eigvalsh").is_some() {
            check(linalg.eigvalsh(&x), "eigvalsh", 2.0);
        }
        if case.get("cholesky").is_some() {
            check(linalg.cholesky(&x, ()), "cholesky", condition);
        }
    }
}

on_each_backend!(figures);
