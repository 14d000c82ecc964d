//! The wine data, and samples in groups.

use arrayspace::prelude::*;
use arrayspace::{NewAxis, s};

use super::backend::real;

/// Which sample is in which of `k` groups: ones and zeros of shape `[samples, k]`.
pub(crate) fn membership<N: Namespace>(
    labels: &Array<N>,
    k: usize,
    dtype: DType,
) -> Result<Array<N>> {
    let xp = labels.namespace();
    let groups = xp.arange(k, None, 1, labels.dtype())?;
    let member = xp.equal(labels.get(s![.., NewAxis])?, groups)?;
    xp.astype(&member, dtype, ())
}

/// The measurements (of the default real dtype, `[178, 13]`) and the cultivars (int64, `[178]`, from 0).
pub(crate) fn wine<N: Namespace>(xp: &N) -> Result<(Array<N>, Array<N>)> {
    let values: Vec<f64> = include_str!("../data/wine.csv")
        .lines()
        .skip(1)
        .flat_map(|line| line.split(','))
        .map(|field| field.parse().expect("the bundled file holds numbers"))
        .collect();
    let table = xp.reshape(&xp.asarray(values, real(xp)?)?, (-1, 14), ())?;
    let cultivars = xp.astype(&table.get((.., -1))?, DType::Int64, ())?;
    Ok((table.get(s![.., ..-1])?, cultivars))
}
