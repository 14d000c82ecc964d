//! The example `kmeans` gives the figures of scikit-learn 1.9.1.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;

#[allow(dead_code, unreachable_pub)] // its `main`, and what only that uses
#[path = "../examples/kmeans.rs"]
mod kmeans;

fn figures<N: Namespace>(xp: &N) -> Result<()> {
    let (x, cultivars) = kmeans::wine::wine(xp)?;
    let z = kmeans::standardise(&x)?;
    let tolerance = if z.dtype() == DType::Float64 { 1e-9 } else { 1e-5 };
    for (first, inertia, iterations, table) in [
        ([0i64, 59, 118], 1277.9284888446423, 9, [59, 0, 0, 3, 65, 3, 0, 0, 48]),
        ([0, 59, 130], 1277.9284888446423, 7, [59, 0, 0, 3, 65, 3, 0, 0, 48]),
        ([0, 89, 177], 1279.731123104636, 5, [59, 0, 0, 5, 63, 3, 0, 0, 48]),
    ] {
        let centers = xp.take(&z, &xp.asarray(first, ())?, 0)?;
        let result = kmeans::fit(&z, centers)?;
        assert!((result.inertia - inertia).abs() < tolerance * inertia, "{}", result.inertia);
        assert_eq!(result.iterations, iterations);
        let confusion = kmeans::confusion(&cultivars, &result.labels, 3)?;
        assert_eq!(confusion.to_vec::<i64>()?, table);
    }
    Ok(())
}

#[test]
fn same_figures_as_scikit_learn() {
    on_each_backend!(xp => figures(xp).unwrap());
}
