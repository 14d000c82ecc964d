//! The work by arrayspace, as a user writes it.

use std::hint::black_box;

use arrayspace::options::AsArray;
use arrayspace::prelude::*;

use crate::workloads::{Workload, is_square};

/// The same kind of numbers that every library gets: positive and less than 2, or small integers of either
/// sign.
pub fn numbers(n: usize, dtype: &str, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..n)
        .map(|_| {
            // SplitMix64 (Steele, Lea and Flood, 2014)
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let unit = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
            match dtype {
                "bool" => f64::from(u8::from(unit < 0.5)),
                _ if dtype.starts_with("int") => (unit * 199.0).floor() - 99.0,
                _ => unit + 0.5,
            }
        })
        .collect()
}

/// Gives memory that is kept for later arrays back to the system.
pub fn trim() {
    Cpu::release_pool();
}

fn array(w: &Workload, n: usize, seed: u64) -> Result<Array<Cpu>> {
    let xp = Cpu::new();
    let dtype = DType::from_name(w.dtype).expect("a dtype of the standard");
    let x = xp.asarray(numbers(n, w.dtype, seed), ())?;
    if dtype == DType::Complex64 {
        let x = xp.astype(&x, DType::Float32, ())?;
        let turned = xp.astype(xp.flip(&x, ())?, dtype, ())? * arrayspace::Complex::new(0.0, 1.0);
        return xp.add(&x, turned);
    }
    xp.astype(x, dtype, ())
}

/// A call that does the work once; nothing for work of an unknown name.
pub fn prepare(w: &Workload) -> Option<Box<dyn FnMut()>> {
    made(w).unwrap_or_else(|e| panic!("{}: {e}", w.id()))
}

fn made(w: &Workload) -> Result<Option<Box<dyn FnMut()>>> {
    let xp = Cpu::new();
    let (name, size) = (w.name, w.size);
    let n = if is_square(name) { size * size } else { size };
    macro_rules! call {
        ($run:expr) => {
            Ok(Some(Box::new(move || {
                black_box($run.unwrap_or_else(|e| panic!("{e}")));
            })))
        };
    }
    if name == "matmul_batched" {
        let a = xp.reshape(array(w, size * 16, 1)?, [size, 4, 4], ())?;
        let b = xp.reshape(array(w, size * 16, 2)?, [size, 4, 4], ())?;
        return call!(xp.matmul(&a, &b));
    }
    if name == "add_strided" {
        let (a, b) = (array(w, 2 * size, 1)?, array(w, 2 * size, 2)?);
        let (a, b) = (a.get(s![..; 2])?, b.get(s![..; 2])?);
        return call!(xp.add(&a, &b));
    }
    let (mut x, mut y) = (array(w, n, 1)?, array(w, n, 2)?);
    if is_square(name) {
        x = xp.reshape(x, [size, size], ())?;
        y = xp.reshape(y, [size, size], ())?;
    }
    if x.dtype().is_integer() {
        y = xp.where_(xp.equal(&y, 0)?, 1, &y)?;
    }
    let half = (n / 2) as i64;
    match name {
        "add" => call!(xp.add(&x, &y)),
        "multiply" => call!(xp.multiply(&x, &y)),
        "divide" => call!(xp.divide(&x, &y)),
        "scalar" => call!(xp.multiply(&x, 2.5)),
        "less" => call!(xp.less(&x, &y)),
        "where" => {
            let mask = xp.less(&x, 1.0)?;
            call!(xp.where_(&mask, &x, &y))
        }
        "cast" => call!(xp.astype(&x, DType::Float32, ())),
        "broadcast" => {
            let line = x.get(..1000)?;
            let x = xp.reshape(&x, (-1, 1000), ())?;
            call!(xp.add(&x, &line))
        }
        "index" => call!(x.get(3)),
        "get_element" => {
            let x = xp.reshape(x, (2, 4), ())?;
            call!(x.get((1, 2)).and_then(|x| x.item::<f64>()))
        }
        "set_element" => {
            let mut x = xp.reshape(x, (2, 4), ())?;
            call!(x.set((1, 2), 2.5))
        }
        "reshape" => call!(xp.reshape(&x, (2, 4), ())),
        "floor_divide" => call!(xp.floor_divide(&x, &y)),
        "remainder" => call!(xp.remainder(&x, &y)),
        "add_transposed" => {
            let y = y.T()?;
            call!(xp.add(&x, &y))
        }
        "exp" => call!(xp.exp(&x)),
        "log" => call!(xp.log(&x)),
        "sin" => call!(xp.sin(&x)),
        "cos" => call!(xp.cos(&x)),
        "tanh" => call!(xp.tanh(&x)),
        "pow" => call!(xp.pow(&x, &y)),
        "sum" => call!(xp.sum(&x, ())),
        "mean" => call!(xp.mean(&x, ())),
        "max" => call!(xp.max(&x, ())),
        "argmax" => call!(xp.argmax(&x, ())),
        "any" => {
            let x = xp.zeros(n, DType::Bool)?;
            call!(xp.any(&x, ()))
        }
        "all" => {
            let x = xp.ones(n, DType::Bool)?;
            call!(xp.all(&x, ()))
        }
        "sum_axis0" => call!(xp.sum(&x, 0)),
        "sum_axis1" => call!(xp.sum(&x, 1)),
        "max_axis0" => call!(xp.max(&x, 0)),
        "max_axis1" => call!(xp.max(&x, 1)),
        "var" => call!(xp.var(&x, ())),
        "std" => call!(xp.std(&x, ())),
        "cumulative_sum" => call!(xp.cumulative_sum(&x, ())),
        "cumulative_prod" => {
            // running products stay normal numbers
            let x = (x - 1.0) * 1e-4 + 1.0;
            call!(xp.cumulative_prod(&x, ()))
        }
        "zscore" => call!(xp.mean(&x, ()).and_then(|mean| Ok((&x - mean) / xp.std(&x, ())?))),
        "matmul" => call!(xp.matmul(&x, &y)),
        "matvec" => {
            let y = y.get(0)?;
            call!(xp.matmul(&x, &y))
        }
        "sort" => call!(xp.sort(&x, ())),
        "argsort" => call!(xp.argsort(&x, ())),
        "unique" => call!(xp.unique_values(&x)),
        "searchsorted" => {
            let sorted = xp.sort(&y, ())?;
            call!(xp.searchsorted(&sorted, &x, ()))
        }
        "nonzero" => call!(xp.nonzero(&x)),
        "mask" => {
            let mask = xp.less(&y, 1.0)?;
            call!(x.get(&mask))
        }
        "copy_transposed" => {
            let x = x.T()?;
            call!(xp.asarray(&x, AsArray::new().copy(true)))
        }
        "concat" => {
            let y = y.get(..half)?;
            call!(xp.concat(&[&y, &y], ()))
        }
        "stack" => {
            let y = y.get(..half)?;
            call!(xp.stack(&[&y, &y], 0))
        }
        "take" => {
            let places = xp.argsort(&y, ())?;
            call!(xp.take(&x, &places, 0))
        }
        "repeat" => {
            let x = x.get(..half)?;
            call!(xp.repeat(&x, 2, ()))
        }
        "roll" => call!(xp.roll(&x, 12345, ())),
        "flip" => call!(xp.flip(&x, ()).and_then(|x| xp.asarray(x, AsArray::new().copy(true)))),
        "tile" => {
            let x = x.get(..half)?;
            call!(xp.tile(&x, 2))
        }
        _ => Ok(None),
    }
}
