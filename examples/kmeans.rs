//! k-means clustering of the wine data: 178 wines, 13 measurements, 3 cultivars.
//!
//! The algorithm (Lloyd's) is written over `Namespace`, so it runs on any backend. The figures are those
//! of scikit-learn's `KMeans(3, init=Z[[0, 59, 118]], n_init=1, tol=0)` on the standardised data.
//!
//! ```text
//! cargo run --release --example kmeans [-- --clusters K]
//! cargo run --release --features wgpu --example kmeans -- --backend wgpu    # on a GPU
//! ```

use arrayspace::prelude::*;
use arrayspace::{NewAxis, s};

#[path = "common/backend.rs"]
pub(crate) mod backend;
#[path = "common/wine.rs"]
pub(crate) mod wine;
use wine::{membership, wine};

/// A clustering.
pub struct KMeans<N: Namespace> {
    /// The centres, of shape `[k, features]`.
    pub centers: Array<N>,
    /// The cluster of each sample.
    pub labels: Array<N>,
    /// The sum of squared distances of the samples to their centres.
    pub inertia: f64,
    /// How often the samples were assigned to centres.
    pub iterations: usize,
}

/// Each column of `x` shifted and scaled to mean 0 and standard deviation 1.
pub fn standardise<N: Namespace>(x: &Array<N>) -> Result<Array<N>> {
    let xp = x.namespace();
    Ok((x - xp.mean(x, 0)?) / xp.std(x, 0)?)
}

/// Squared distances of the samples `x` to the centres, of shape `[samples, k]`.
fn squared_distances<N: Namespace>(x: &Array<N>, centers: &Array<N>) -> Result<Array<N>> {
    let xp = x.namespace();
    let difference = x.get(s![.., NewAxis])? - centers;
    xp.sum(&xp.square(difference)?, -1)
}

/// Lloyd's algorithm: assigns each sample of `x` to its nearest centre and moves the centres to the
/// means of their samples, until no sample changes its cluster. A centre without samples stays.
pub fn fit<N: Namespace>(x: &Array<N>, mut centers: Array<N>) -> Result<KMeans<N>> {
    let xp = x.namespace();
    let k = centers.shape()[0];
    let mut labels: Option<Array<N>> = None;
    for iterations in 1.. {
        let distances = squared_distances(x, &centers)?;
        let nearest = xp.argmin(&distances, 1)?;
        let settled = match &labels {
            Some(labels) => xp.all(&xp.equal(labels, &nearest)?, ())?.item::<bool>()?,
            None => false,
        };
        if settled {
            let inertia = f64::try_from(&xp.sum(&xp.min(&distances, 1)?, ())?)?;
            return Ok(KMeans { centers, labels: nearest, inertia, iterations });
        }
        let member = membership(&nearest, k, x.dtype())?;
        let counts = xp.sum(&member, axis(0).keepdims(true))?.mT()?;
        let sums = xp.matmul(&member.mT()?, x)?;
        centers = xp.where_(&xp.greater(&counts, 0)?, sums / &counts, &centers)?;
        labels = Some(nearest);
    }
    unreachable!("the loop ends when no sample changes its cluster")
}

/// How many samples of each true group (rows) are in each cluster (columns).
pub fn confusion<N: Namespace>(groups: &Array<N>, labels: &Array<N>, k: usize) -> Result<Array<N>> {
    let xp = groups.namespace();
    let n = xp.max(groups, ())?.item::<i64>()? as usize + 1;
    let rows = membership(groups, n, DType::Int64)?;
    xp.matmul(&rows.mT()?, &membership(labels, k, DType::Int64)?)
}

/// Clusters the wines into `k` groups and prints what came out.
fn run<N: Namespace>(xp: &N, k: usize) -> Result<()> {
    let (x, cultivars) = wine(xp)?;
    let z = standardise(&x)?;
    // k samples, evenly spaced in the file, are the first centres
    let first = xp.arange(0, x.shape()[0], 1, ())?.get(s![..; (x.shape()[0] / k) as i64])?;
    let centers = xp.take(&z, &first.get(..k)?, 0)?;
    let result = fit(&z, centers)?;

    println!(
        "k-means of {} wines, {} measurements each, on {}",
        x.shape()[0],
        x.shape()[1],
        x.device()
    );
    println!(
        "{k} clusters after {} iterations, inertia {:.4}\n",
        result.iterations, result.inertia
    );
    println!(
        "{:<12}{}",
        "",
        (0..k).map(|c| format!("{:>10}", format!("cluster {c}"))).collect::<String>()
    );
    for (cultivar, row) in confusion(&cultivars, &result.labels, k)?.iter().enumerate() {
        let counts = row.to_vec::<i64>()?;
        println!(
            "cultivar {cultivar:<3}{}",
            counts.iter().map(|n| format!("{n:>10}")).collect::<String>()
        );
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = "usage: kmeans [--clusters K] [--backend cpu|wgpu], with K from 1 to 178";
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let backend = backend::chosen(&mut arguments)?;
    let k = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => 3,
        ["--clusters", k] => k.parse().ok().filter(|k| (1..=178).contains(k)).ok_or(usage)?,
        _ => return Err(usage.into()),
    };
    backend::on!(backend, xp => run(xp, k)?);
    Ok(())
}
