//! Linear discriminant analysis: which cultivar a wine is of, from 13 measurements.
//!
//! The method is written over `Namespace`, so it runs on any backend. It is that of scikit-learn's
//! `LinearDiscriminantAnalysis(solver="svd")`, and gives its figures (Hastie, Tibshirani and Friedman,
//! "The Elements of Statistical Learning", 4.3).
//!
//! ```text
//! cargo run --release --example lda                                          # the wines
//! cargo run --release --example lda -- --samples 400000 --features 300       # two classes, timed
//! cargo run --release --features wgpu --example lda -- --backend wgpu        # on a GPU
//! ```

use std::time::{Duration, Instant};

use arrayspace::prelude::*;
use arrayspace::{NewAxis, s};
use rayon::prelude::*;

#[path = "common/backend.rs"]
pub(crate) mod backend;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/wine.rs"]
pub(crate) mod wine;
use wine::{membership, wine};

/// Singular values up to this, of standardised samples, count as 0.
const TOLERANCE: f64 = 1e-4;

/// A linear classifier: a sample `x` is of the class for which `coefficients @ x + intercept` is largest.
pub struct Discriminant<N: Namespace> {
    /// Of shape `[classes, features]`.
    pub coefficients: Array<N>,
    /// Of shape `[classes]`.
    pub intercept: Array<N>,
    /// How much of the variance between the classes lies along each discriminant, of 1 in all.
    pub explained_variance_ratio: Array<N>,
}

impl<N: Namespace> Discriminant<N> {
    /// Finds what tells the classes apart, from samples of shape `[samples, features]` and their classes:
    /// integers of shape `[samples]` from 0 up to, not including, `classes`, each of which occurs.
    /// `progress` is told what is done next.
    pub fn fit(
        x: &Array<N>,
        labels: &Array<N>,
        classes: usize,
        progress: impl Fn(&str),
    ) -> Result<Discriminant<N>> {
        let xp = x.namespace();
        let samples = x.shape()[0] as f64;

        progress("means of the classes");
        let member = membership(labels, classes, x.dtype())?;
        let counts = xp.sum(&member, 0)?;
        let means = xp.matmul(member.mT()?, x)? / counts.get(s![.., NewAxis])?;
        let priors = counts / samples;
        let mean = xp.matmul(&priors, &means)?;

        progress("standardising within the classes");
        let within = x - xp.take(&means, labels, 0)?;
        let spread = xp.std(&within, 0)?;
        let spread = xp.where_(xp.equal(&spread, 0)?, 1, &spread)?;
        let within = within / (&spread * samples.sqrt());

        // directions in which the samples, standardised, have variance 1 within the classes
        progress("singular values of the samples");
        let found = xp.linalg().svd_right(within)?;
        let rank = above(&found.s, TOLERANCE)?;
        let sphering = found.vh.get(..rank)? / &spread;
        let sphering = (sphering / found.s.get((..rank, NewAxis))?).mT()?;

        progress("singular values of the means");
        let weights = xp.sqrt(&priors * (samples / (classes as f64 - 1.0).max(1.0)))?;
        let between = (&means - &mean) * weights.get(s![.., NewAxis])?;
        let found = xp.linalg().svd_right(between.matmul(&sphering)?)?;
        let variance = xp.square(&found.s)?;
        let explained = (&variance / xp.sum(&variance, ())?).get(..classes - 1)?;
        let rank = above(&(&found.s / found.s.get(0)?), TOLERANCE)?;
        let scalings = sphering.matmul(found.vh.get(..rank)?.mT()?)?;

        let centres = (&means - &mean).matmul(&scalings)?;
        let coefficients = centres.matmul(scalings.mT()?)?;
        let intercept = xp.log(&priors)?
            - 0.5 * xp.sum(xp.square(&centres)?, 1)?
            - coefficients.matmul(&mean)?;
        Ok(Discriminant { coefficients, intercept, explained_variance_ratio: explained })
    }

    /// The class of each sample of `x`, of shape `[samples, features]`.
    pub fn predict(&self, x: &Array<N>) -> Result<Array<N>> {
        let xp = x.namespace();
        xp.argmax(x.matmul(self.coefficients.mT()?)? + &self.intercept, 1)
    }
}

/// How many values are above a limit.
fn above<N: Namespace>(values: &Array<N>, limit: f64) -> Result<i64> {
    let xp = values.namespace();
    xp.count_nonzero(xp.greater(values, limit)?, ())?.item::<i64>()
}

/// The share of samples whose class is found.
pub fn accuracy<N: Namespace>(found: &Array<N>, labels: &Array<N>) -> Result<f64> {
    let xp = found.namespace();
    let right = xp.astype(xp.equal(found, labels)?, backend::real(&xp)?, ())?;
    f64::try_from(&xp.mean(right, ())?)
}

/// The accuracies in cross-validation: every `folds`-th sample is left out, and found by what was
/// learnt from the others.
pub fn cross_validate<N: Namespace>(
    x: &Array<N>,
    labels: &Array<N>,
    classes: usize,
    folds: usize,
) -> Result<Vec<f64>> {
    let xp = x.namespace();
    let fold = xp.remainder(xp.arange(x.shape()[0], None, 1, DType::Int64)?, folds)?;
    (0..folds)
        .map(|k| {
            let (test, train) = (xp.equal(&fold, k)?, xp.not_equal(&fold, k)?);
            let (x_train, labels_train) = (x.get(&train)?, labels.get(&train)?);
            let model = Discriminant::fit(&x_train, &labels_train, classes, |_| ())?;
            accuracy(&model.predict(&x.get(&test)?)?, &labels.get(&test)?)
        })
        .collect()
}

/// Two classes, of which the second is shifted by 0.1 in each of the features; else standard normal.
/// Samples (of the default real dtype, `[samples, features]`) and classes (int64, `[samples]`), the same on every call.
pub fn two_classes<N: Namespace>(
    xp: &N,
    samples: usize,
    features: usize,
) -> Result<(Array<N>, Array<N>)> {
    let size = samples.checked_mul(features).and_then(|size| size.checked_next_multiple_of(2));
    let size = size.ok_or_else(|| Error::out_of_memory(None))?;
    let mut values: Vec<f64> = vec![];
    let reserved = values.try_reserve_exact(size);
    reserved.map_err(|_| Error::out_of_memory(size.checked_mul(size_of::<f64>())))?;
    values.par_extend((0..size / 2).into_par_iter().map(noise::normal_pair).flatten_iter());
    values.truncate(samples * features);
    let noise = xp.reshape(xp.asarray(values, backend::real(xp)?)?, [samples, features], ())?;
    let labels = xp.remainder(xp.arange(samples, None, 1, DType::Int64)?, 2)?;
    let shift = xp.astype(labels.get(s![.., NewAxis])?, noise.dtype(), ())? * 0.1;
    Ok((noise + shift, labels))
}

/// Learns from the wines and prints what came out.
fn run_wine<N: Namespace>(xp: &N) -> Result<()> {
    let (x, cultivars) = wine(xp)?;
    let model = Discriminant::fit(&x, &cultivars, 3, |_| ())?;
    println!(
        "discriminant analysis of {} wines, {} measurements each, on {}",
        x.shape()[0],
        x.shape()[1],
        x.device()
    );
    let ratio = backend::numbers(&model.explained_variance_ratio)?;
    println!("variance along the discriminants: {:.4} and {:.4}", ratio[0], ratio[1]);
    println!("intercepts: {:.4?}", backend::numbers(&model.intercept)?);
    println!("accuracy on the same wines: {:.4}", accuracy(&model.predict(&x)?, &cultivars)?);
    let folds = cross_validate(&x, &cultivars, 3, 5)?;
    let mean = folds.iter().sum::<f64>() / folds.len() as f64;
    println!("in 5-fold cross-validation: {mean:.4} {folds:.4?}");
    Ok(())
}

/// Fits and predicts two classes, and prints how long it took.
fn run_two_classes<N: Namespace>(xp: &N, samples: usize, features: usize) -> Result<()> {
    println!("making {samples} samples of {features} features");
    let (x, labels) = two_classes(xp, samples, features)?;
    let (mut fit, mut predict) = (Duration::MAX, Duration::MAX);
    // once more: the first time includes memory and threads that are there afterwards
    for round in 1..=3 {
        let begin = Instant::now();
        let progress = |step: &str| {
            eprintln!("round {round}: {step} ({:.2} s)", begin.elapsed().as_secs_f64());
        };
        let model = Discriminant::fit(&x, &labels, 2, progress)?;
        fit = fit.min(begin.elapsed());
        let begin = Instant::now();
        let found = model.predict(&x)?;
        predict = predict.min(begin.elapsed());
        if round == 3 {
            println!("accuracy on the same samples: {:.4}", accuracy(&found, &labels)?);
        }
    }
    println!("fit {:.3} s, predict {:.3} s (best of 3)", fit.as_secs_f64(), predict.as_secs_f64());
    Ok(())
}

const USAGE: &str = "usage: lda [--samples N [--features N]] [--backend cpu|wgpu]
  --samples   how many samples of two synthetic classes, at least 4 (default: the wines)
  --features  features of each, at least 1 (default: 300)
  --backend   what it runs on (default: cpu)";

/// The samples and features that the command line asks for; `None` for the wines.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<(usize, usize)>, String> {
    let (mut samples, mut features) = (None, None);
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} lacks a value\n{USAGE}"))?;
        let number = |least: usize| {
            let number = value.parse().ok().filter(|&n: &usize| n >= least);
            number.ok_or_else(|| format!("{name} {value} is not a number from {least} on\n{USAGE}"))
        };
        match name.as_str() {
            "--samples" => samples = Some(number(4)?),
            "--features" => features = Some(number(1)?),
            _ => return Err(format!("{name} is no argument\n{USAGE}")),
        }
    }
    match (samples, features) {
        (None, Some(_)) => Err(format!("--features without --samples\n{USAGE}")),
        (samples, features) => Ok(samples.map(|samples| (samples, features.unwrap_or(300)))),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given: Vec<String> = std::env::args().skip(1).collect();
    let backend = backend::chosen(&mut given)?;
    match arguments(given.into_iter()) {
        Ok(None) => backend::on!(backend, xp => run_wine(xp)?),
        Ok(Some((samples, features))) => {
            backend::on!(backend, xp => run_two_classes(xp, samples, features)?);
        }
        Err(text) => {
            eprintln!("{text}");
            std::process::exit(2);
        }
    }
    Ok(())
}
