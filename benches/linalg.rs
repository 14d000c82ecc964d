//! Linear algebra here and by `faer` called directly, in one run: `cargo bench --bench linalg`.
//!
//! Both sides are timed alternately, and the best time of each counts. Ours starts from a row-major array
//! and ends with row-major results, checks the elements for NaN, and scales where it must; `faer` starts
//! from and ends with matrices of its own.

use std::hint::black_box;

use arrayspace::prelude::*;
use faer::{Mat, Side};

#[path = "common/timing.rs"]
mod timing;
use timing::{report, times};

fn main() -> Result<()> {
    let xp = Cpu::new();
    let linalg = xp.linalg();
    let noise = |shape: &[usize]| -> Result<Array<Cpu>> {
        let n: usize = shape.iter().product();
        let line = xp.arange(n, None, None, DType::Float64)?;
        let line = xp.remainder(xp.sin(line * 12.9898)? * 43758.5453, 1.0)?;
        xp.reshape(line - 0.5, shape, ())
    };
    let matrix = |x: &Array<Cpu>| -> Result<Mat<f64>> {
        let (m, n) = (x.shape()[0], x.shape()[1]);
        let data = x.to_vec::<f64>()?;
        Ok(Mat::from_fn(m, n, |i, j| data[i * n + j]))
    };
    println!("{:<36}{:>13}{:>13}{:>8}", "", "arrayspace", "faer", "ratio");
    for n in [100, 500, 1000] {
        let a = noise(&[n, n])? + xp.eye(n, None, ())?;
        let b = noise(&[n, 1])?;
        let definite = a.matmul(a.mT()?)?;
        let (fa, fb, fd) = (matrix(&a)?, matrix(&b)?, matrix(&definite)?);
        let run = |name: &str, ours: &dyn Fn() -> Result<()>, peer: &dyn Fn()| {
            let both = times(|| ours().unwrap_or_else(|e| panic!("{e}")), peer, 3.0);
            report(&format!("{name} {n}"), both);
        };
        use faer::linalg::solvers::Solve;
        run("solve", &|| linalg.solve(&a, &b).map(|x| drop(black_box(x))), &|| {
            drop(black_box(fa.partial_piv_lu().solve(&fb)))
        });
        run("inv", &|| linalg.inv(&a).map(|x| drop(black_box(x))), &|| {
            use faer::linalg::solvers::DenseSolveCore;
            drop(black_box(fa.partial_piv_lu().inverse()))
        });
        run("cholesky", &|| linalg.cholesky(&definite, ()).map(|x| drop(black_box(x))), &|| {
            drop(black_box(fd.llt(Side::Lower)))
        });
        run("qr", &|| linalg.qr(&a, ()).map(|x| drop(black_box(x))), &|| {
            let qr = fa.qr();
            drop(black_box((qr.compute_thin_Q(), qr.thin_R().to_owned())))
        });
        if n <= 500 {
            run("eigh", &|| linalg.eigh(&definite).map(|x| drop(black_box(x))), &|| {
                drop(black_box(fd.self_adjoint_eigen(Side::Lower)))
            });
            run("svd", &|| linalg.svd(&a, ()).map(|x| drop(black_box(x))), &|| {
                drop(black_box(fa.svd()))
            });
            run("svdvals", &|| linalg.svdvals(&a).map(|x| drop(black_box(x))), &|| {
                drop(black_box(fa.singular_values()))
            });
        }
        if n <= 100 {
            run("eig", &|| linalg.eig(&a).map(|x| drop(black_box(x))), &|| {
                drop(black_box(fa.eigen()))
            });
        }
    }
    let stack = noise(&[10_000, 4, 4])? + xp.eye(4, None, ())?;
    let sides = noise(&[10_000, 4, 1])?;
    let all: Vec<f64> = stack.to_vec()?;
    let small: Vec<Mat<f64>> =
        all.chunks(16).map(|data| Mat::from_fn(4, 4, |i, j| data[i * 4 + j])).collect();
    let column: Vec<Mat<f64>> =
        sides.to_vec::<f64>()?.chunks(4).map(|data| Mat::from_fn(4, 1, |i, _| data[i])).collect();
    let ours = || drop(black_box(linalg.inv(&stack).unwrap_or_else(|e| panic!("{e}"))));
    let peer = || {
        use faer::linalg::solvers::DenseSolveCore;
        small.iter().for_each(|a| drop(black_box(a.partial_piv_lu().inverse())));
    };
    report("inv of 10000, 4x4", times(ours, peer, 3.0));
    let ours = || drop(black_box(linalg.solve(&stack, &sides).unwrap_or_else(|e| panic!("{e}"))));
    let peer = || {
        use faer::linalg::solvers::Solve;
        small.iter().zip(&column).for_each(|(a, b)| drop(black_box(a.partial_piv_lu().solve(b))));
    };
    report("solve of 10000, 4x4", times(ours, peer, 3.0));
    let tall = noise(&[100_000, 100])?;
    let ft = matrix(&tall)?;
    let ours = || drop(black_box(linalg.svd(&tall, false).unwrap_or_else(|e| panic!("{e}"))));
    let peer = || drop(black_box(ft.thin_svd()));
    report("thin svd of 100000x100", times(ours, peer, 3.0));
    Ok(())
}
