//! The example `lda` gives the figures of scikit-learn, as `tests/data/make_lda.py` wrote them.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;
use serde_json::Value;

#[allow(dead_code, unreachable_pub)] // its `main` and what only that uses
#[path = "../examples/lda.rs"]
mod lda;

use lda::Discriminant;

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// The samples and classes of a case of the file.
fn samples<N: Namespace>(xp: &N, name: &str) -> Result<(Array<N>, Array<N>, usize)> {
    let (mut x, y) = lda::wine::wine(xp)?;
    match name {
        "two classes" => {
            let mask = xp.less(&y, 2)?;
            return Ok((x.get(&mask)?, y.get(&mask)?, 2));
        }
        "constant" => x.set((.., 3), 7.0)?,
        "dependent" => x.set((.., 5), 2.0 * x.get((.., 6))? - x.get((.., 7))?)?,
        _ => {}
    }
    Ok((x, y, 3))
}

/// Compares with the figures of a case, to the precision of what they are made of.
fn close<N: Namespace>(got: &Array<N>, want: &[f64], what: &str) {
    let tolerance = if got.dtype() == DType::Float64 { 1e-8 } else { 1e-3 };
    let got = lda::backend::numbers(got).unwrap();
    assert_eq!(got.len(), want.len(), "{what}");
    let largest = want.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= tolerance * largest, "{what}: {got} {want}");
    }
}

fn figures<N: Namespace>(xp: &N) -> Result<()> {
    let file: Value = serde_json::from_str(include_str!("data/lda.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let (x, y, classes) = samples(xp, name)?;
        let model = Discriminant::fit(&x, &y, classes, |_| ())?;
        let (mut coefficients, mut intercept) =
            (model.coefficients.clone(), model.intercept.clone());
        if classes == 2 {
            // of two classes scikit-learn keeps the difference
            coefficients = coefficients.get(1)? - coefficients.get(0)?;
            intercept = xp.expand_dims(intercept.get(1)? - intercept.get(0)?, 0)?;
        }
        let want: Vec<f64> =
            case["coefficients"].as_array().unwrap().iter().flat_map(numbers).collect();
        close(&coefficients, &want, name);
        close(&intercept, &numbers(&case["intercept"]), name);
        let ratio = numbers(&case["explained_variance_ratio"]);
        close(&model.explained_variance_ratio, &ratio, name);
        let found = model.predict(&x)?;
        let want: Vec<i64> = numbers(&case["predicted"]).into_iter().map(|k| k as i64).collect();
        assert_eq!(found.to_vec::<i64>()?, want, "{name}");
        let right = want.iter().zip(y.to_vec::<i64>()?).filter(|(a, b)| **a == *b).count();
        let share = right as f64 / want.len() as f64;
        assert!((lda::accuracy(&found, &y)? - share).abs() < 1e-7, "{name}");
        for (got, want) in
            lda::cross_validate(&x, &y, classes, 5)?.iter().zip(numbers(&case["folds"]))
        {
            assert!((got - want).abs() < 1e-7, "{name}: {got} {want}");
        }
        // and in single precision, roughly
        let single = xp.astype(&x, DType::Float32, ())?;
        let model = Discriminant::fit(&single, &y, classes, |_| ())?;
        assert_eq!(model.coefficients.dtype(), DType::Float32);
        assert!(lda::accuracy(&model.predict(&single)?, &y)? > 0.97, "{name}");
    }
    Ok(())
}

#[test]
fn same_figures_as_scikit_learn() {
    on_each_backend!(xp => figures(xp).unwrap());
}

/// Enough samples that the matrix is factored in blocks.
#[test]
fn two_classes() {
    let xp = Cpu::new();
    let (x, y) = lda::two_classes(&xp, 20_001, 30).unwrap();
    assert_eq!((x.shape(), y.shape()), (&[20_001, 30][..], &[20_001][..]));
    let model = Discriminant::fit(&x, &y, 2, |_| ()).unwrap();
    let found = lda::accuracy(&model.predict(&x).unwrap(), &y).unwrap();
    // the classes are 0.1 * sqrt(30) apart: half of that is what a sample may stray
    assert!((0.59..0.63).contains(&found), "{found}");
}
