//! The work by other libraries of Rust: ndarray (plain, and in parallel where it has that), candle, gemm, and
//! the standard library's sorts.

use std::hint::black_box;

use candle_core::{D, Device, Tensor};
use ndarray::{Array1, Array2, Axis, Zip};
use num_complex::Complex;
use rayon::prelude::*;

use crate::Side;
use crate::ours::numbers;
use crate::workloads::{Workload, is_square};

/// What the sides are called.
pub const NAMES: [&str; 5] = ["ndarray", "ndarray in parallel", "candle", "gemm", "std"];

type Call = Box<dyn FnMut()>;

/// The sides that can do a piece of work.
pub fn prepare(w: &Workload) -> Vec<Side> {
    let mut sides = vec![];
    let mut add = |name: &str, call: Option<Call>| sides.extend(call.map(|c| Side::new(name, c)));
    macro_rules! of {
        ($t:ty) => {{
            add("ndarray", in_ndarray::<$t>(w));
            add("ndarray in parallel", in_parallel::<$t>(w));
        }};
    }
    match w.dtype {
        "float32" => of!(f32),
        "float64" => of!(f64),
        _ => {}
    }
    add("ndarray", integers(w));
    add("candle", in_candle(w));
    add("gemm", in_gemm(w));
    add("std", in_std(w));
    sides
}

macro_rules! call {
    ($run:expr) => {
        Some(Box::new(move || {
            let _ = black_box($run);
        }) as Call)
    };
}

/// What ndarray needs of an element.
trait Float:
    num_traits::Float
    + ndarray::LinalgScalar
    + ndarray::ScalarOperand
    + num_traits::FromPrimitive
    + std::ops::AddAssign
    + std::ops::MulAssign
    + Send
    + Sync
{
    fn from_f64(value: f64) -> Self;
    fn narrow(self) -> f32;
}

impl Float for f32 {
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
    fn narrow(self) -> f32 {
        self
    }
}

impl Float for f64 {
    fn from_f64(value: f64) -> f64 {
        value
    }
    fn narrow(self) -> f32 {
        self as f32
    }
}

fn line<T: Float>(w: &Workload, n: usize, seed: u64) -> Array1<T> {
    numbers(n, w.dtype, seed).into_iter().map(<T as Float>::from_f64).collect()
}

fn square<T: Float>(w: &Workload, seed: u64) -> Array2<T> {
    let n = w.size;
    line(w, n * n, seed).into_shape_with_order((n, n)).expect("as many elements")
}

fn in_ndarray<T: Float + 'static>(w: &Workload) -> Option<Call> {
    if is_square(w.name) {
        let (x, y) = (square::<T>(w, 1), square::<T>(w, 2));
        let largest = |x: &T, y: &T| if *x > *y || x.is_nan() { *x } else { *y };
        return match w.name {
            "add_transposed" => call!(&x + &y.t()),
            "sum_axis0" => call!(x.sum_axis(Axis(0))),
            "sum_axis1" => call!(x.sum_axis(Axis(1))),
            "max_axis0" => call!(x.fold_axis(Axis(0), T::neg_infinity(), largest)),
            "max_axis1" => call!(x.fold_axis(Axis(1), T::neg_infinity(), largest)),
            "matmul" => call!(x.dot(&y)),
            "matvec" => call!(x.dot(&y.row(0))),
            "copy_transposed" => call!(x.t().as_standard_layout().into_owned()),
            _ => None,
        };
    }
    if w.name == "matmul_batched" {
        return None;
    }
    let n = w.size;
    if w.name == "add_strided" {
        let (x, y) = (line::<T>(w, 2 * n, 1), line::<T>(w, 2 * n, 2));
        return call!(&x.slice(ndarray::s![..;2]) + &y.slice(ndarray::s![..;2]));
    }
    let (x, y) = (line::<T>(w, n, 1), line::<T>(w, n, 2));
    let one = T::one();
    let half = n / 2;
    match w.name {
        "add" => call!(&x + &y),
        "multiply" => call!(&x * &y),
        "divide" => call!(&x / &y),
        "scalar" => call!(&x * <T as Float>::from_f64(2.5)),
        "less" => call!(Zip::from(&x).and(&y).map_collect(|a, b| a < b)),
        "where" => {
            let mask = x.mapv(|v| v < one);
            call!(Zip::from(&mask).and(&x).and(&y).map_collect(|&m, &a, &b| if m { a } else { b }))
        }
        "cast" => call!(x.mapv(Float::narrow)),
        "broadcast" => {
            let row = x.slice(ndarray::s![..1000]).to_owned();
            let x = x.into_shape_with_order((n / 1000, 1000)).expect("whole rows");
            call!(&x + &row)
        }
        "index" => call!(x.slice(ndarray::s![3]).to_owned()),
        "get_element" => {
            let x = x.into_shape_with_order((2, 4)).expect("8 elements");
            call!(x[[black_box(1), 2]])
        }
        "set_element" => {
            let mut x = x.into_shape_with_order((2, 4)).expect("8 elements");
            call!(x[[black_box(1), 2]] = <T as Float>::from_f64(2.5))
        }
        "reshape" => call!(x.view().into_shape_with_order((2, 4)).map(|v| v.dim())),
        "exp" => call!(x.mapv(num_traits::Float::exp)),
        "log" => call!(x.mapv(num_traits::Float::ln)),
        "sin" => call!(x.mapv(num_traits::Float::sin)),
        "cos" => call!(x.mapv(num_traits::Float::cos)),
        "tanh" => call!(x.mapv(num_traits::Float::tanh)),
        "pow" => call!(Zip::from(&x).and(&y).map_collect(|&a, &b| a.powf(b))),
        "sum" => call!(x.sum()),
        "mean" => call!(x.mean()),
        "max" => call!(x.fold(T::neg_infinity(), |a, &b| if a > b || a.is_nan() { a } else { b })),
        "argmax" => call!(x.iter().enumerate().fold((0, T::neg_infinity()), |best, (i, &v)| {
            if v > best.1 { (i, v) } else { best }
        })),
        "var" => call!(x.var(T::zero())),
        "std" => call!(x.std(T::zero())),
        "cumulative_sum" => call!({
            let mut out = x.clone();
            out.accumulate_axis_inplace(Axis(0), |&before, v| *v += before);
            out
        }),
        "cumulative_prod" => {
            let x = x.mapv(|v| (v - one) * <T as Float>::from_f64(1e-4) + one);
            call!({
                let mut out = x.clone();
                out.accumulate_axis_inplace(Axis(0), |&before, v| *v *= before);
                out
            })
        }
        "zscore" => call!((&x - x.mean().unwrap_or(one)) / x.std(T::zero())),
        "mask" => {
            let mask = y.mapv(|v| v < one);
            call!(x.iter().zip(&mask).filter(|(_, m)| **m).map(|(v, _)| *v).collect::<Array1<T>>())
        }
        "concat" => {
            let part = y.slice(ndarray::s![..half]).to_owned();
            call!(ndarray::concatenate(Axis(0), &[part.view(), part.view()]))
        }
        "stack" => {
            let part = y.slice(ndarray::s![..half]).to_owned();
            call!(ndarray::stack(Axis(0), &[part.view(), part.view()]))
        }
        "take" => {
            let mut places: Vec<usize> = (0..n).collect();
            places.sort_by(|&a, &b| y[a].partial_cmp(&y[b]).expect("numbers"));
            call!(x.select(Axis(0), &places))
        }
        "flip" => call!(x.slice(ndarray::s![..;-1]).as_standard_layout().into_owned()),
        _ => None,
    }
}

/// What ndarray does on all threads, where it is asked to.
fn in_parallel<T: Float + 'static>(w: &Workload) -> Option<Call> {
    if w.size < 100_000 || is_square(w.name) {
        return None;
    }
    let n = w.size;
    let (x, y) = (line::<T>(w, n, 1), line::<T>(w, n, 2));
    macro_rules! map {
        ($f:expr) => {
            call!(Zip::from(&x).par_map_collect($f))
        };
        (two $f:expr) => {
            call!(Zip::from(&x).and(&y).par_map_collect($f))
        };
    }
    match w.name {
        "add" => map!(two | &a, &b | a + b),
        "multiply" => map!(two | &a, &b | a * b),
        "divide" => map!(two | &a, &b | a / b),
        "scalar" => map!(|&a| a * <T as Float>::from_f64(2.5)),
        "less" => map!(two | a, b | a < b),
        "cast" => map!(|&a| a.narrow()),
        "exp" => map!(|a| a.exp()),
        "log" => map!(|a| a.ln()),
        "sin" => map!(|a| a.sin()),
        "cos" => map!(|a| a.cos()),
        "tanh" => map!(|a| a.tanh()),
        "pow" => map!(two | a, &b | a.powf(b)),
        "sum" => call!(x.par_iter().copied().reduce(T::zero, |a, b| a + b)),
        _ => None,
    }
}

fn integers(w: &Workload) -> Option<Call> {
    macro_rules! of {
        ($t:ty) => {{
            let make = |seed| -> Array1<$t> {
                numbers(w.size, w.dtype, seed).into_iter().map(|v| v as $t).collect()
            };
            if is_square(w.name) || w.name == "matmul_batched" {
                return None;
            }
            let (x, y) = (make(1), make(2).mapv(|v| if v == 0 { 1 } else { v }));
            match w.name {
                "add" => call!(&x + &y),
                // rounded down, as the others have it
                "floor_divide" => call!(Zip::from(&x).and(&y).map_collect(|&a, &b| {
                    let (q, r) = (a / b, a % b);
                    if r != 0 && (r < 0) != (b < 0) { q - 1 } else { q }
                })),
                "remainder" => call!(Zip::from(&x).and(&y).map_collect(|&a, &b| {
                    let r = a % b;
                    if r != 0 && (r < 0) != (b < 0) { r + b } else { r }
                })),
                _ => None,
            }
        }};
    }
    match w.dtype {
        "int32" => of!(i32),
        "int64" => of!(i64),
        _ => None,
    }
}

fn in_candle(w: &Workload) -> Option<Call> {
    let device = Device::Cpu;
    let dtype = match w.dtype {
        "float32" => candle_core::DType::F32,
        "float64" => candle_core::DType::F64,
        _ => return None,
    };
    let make = |n: usize, seed| {
        Tensor::from_vec(numbers(n, w.dtype, seed), n, &device).and_then(|x| x.to_dtype(dtype))
    };
    let work = || -> candle_core::Result<Option<Call>> {
        let n = w.size;
        if w.name == "matmul_batched" {
            let (a, b) =
                (make(n * 16, 1)?.reshape((n, 4, 4))?, make(n * 16, 2)?.reshape((n, 4, 4))?);
            return Ok(call!(a.matmul(&b).unwrap()));
        }
        if w.name == "add_strided" {
            return Ok(None);
        }
        let count = if is_square(w.name) { n * n } else { n };
        let (mut x, mut y) = (make(count, 1)?, make(count, 2)?);
        if is_square(w.name) {
            (x, y) = (x.reshape((n, n))?, y.reshape((n, n))?);
        }
        Ok(match w.name {
            "add" => call!((&x + &y).unwrap()),
            "multiply" => call!((&x * &y).unwrap()),
            "divide" => call!((&x / &y).unwrap()),
            "scalar" => call!((&x * 2.5).unwrap()),
            "less" => call!(x.lt(&y).unwrap()),
            "cast" => call!(x.to_dtype(candle_core::DType::F32).unwrap()),
            "broadcast" => {
                let line = x.narrow(0, 0, 1000)?;
                let x = x.reshape((n / 1000, 1000))?;
                call!(x.broadcast_add(&line).unwrap())
            }
            "index" => call!(x.get(3).unwrap()),
            "reshape" => call!(x.reshape((2, 4)).unwrap()),
            "add_transposed" => call!((&x + &y.t().unwrap()).unwrap()),
            "exp" => call!(x.exp().unwrap()),
            "log" => call!(x.log().unwrap()),
            "sin" => call!(x.sin().unwrap()),
            "cos" => call!(x.cos().unwrap()),
            "tanh" => call!(x.tanh().unwrap()),
            "pow" => call!(x.pow(&y).unwrap()),
            "sum" => call!(x.sum_all().unwrap()),
            "mean" => call!(x.mean_all().unwrap()),
            "max" => call!(x.max(D::Minus1).unwrap()),
            "argmax" => call!(x.argmax(D::Minus1).unwrap()),
            "sum_axis0" => call!(x.sum(0).unwrap()),
            "sum_axis1" => call!(x.sum(1).unwrap()),
            "max_axis0" => call!(x.max(0).unwrap()),
            "max_axis1" => call!(x.max(1).unwrap()),
            "matmul" => call!(x.matmul(&y).unwrap()),
            "copy_transposed" => call!(x.t().unwrap().contiguous().unwrap()),
            "concat" => {
                let part = y.narrow(0, 0, n / 2)?;
                call!(Tensor::cat(&[&part, &part], 0).unwrap())
            }
            _ => None,
        })
    };
    work().ok().flatten()
}

fn in_gemm(w: &Workload) -> Option<Call> {
    if w.name != "matmul" {
        return None;
    }
    let n = w.size;
    macro_rules! product {
        ($t:ty, $of:expr) => {{
            let of: fn(f64) -> $t = $of;
            let make =
                |seed| -> Vec<$t> { numbers(n * n, w.dtype, seed).into_iter().map(of).collect() };
            let (a, b) = (make(1), make(2));
            call!({
                let mut out = vec![of(0.0); n * n];
                let threads =
                    if n < 64 { gemm::Parallelism::None } else { gemm::Parallelism::Rayon(0) };
                let step = n as isize;
                // SAFETY: three matrices of n rows of n elements, one after the other in memory.
                unsafe {
                    gemm::gemm(
                        n,
                        n,
                        n,
                        out.as_mut_ptr(),
                        1,
                        step,
                        false,
                        a.as_ptr(),
                        1,
                        step,
                        b.as_ptr(),
                        1,
                        step,
                        of(0.0),
                        of(1.0),
                        false,
                        false,
                        false,
                        threads,
                    );
                }
                out
            })
        }};
    }
    match w.dtype {
        "float32" => product!(f32, |v| v as f32),
        "float64" => product!(f64, |v| v),
        "complex64" => product!(Complex<f32>, |v| Complex::new(v as f32, v as f32)),
        _ => None,
    }
}

/// What the standard library and rayon sort.
fn in_std(w: &Workload) -> Option<Call> {
    macro_rules! of {
        ($t:ty, $order:expr) => {{
            let order: fn(&$t, &$t) -> std::cmp::Ordering = $order;
            let x: Vec<$t> = numbers(w.size, w.dtype, 1).into_iter().map(|v| v as $t).collect();
            match w.name {
                "sort" => call!({
                    let mut out = x.clone();
                    out.par_sort_unstable_by(order);
                    out
                }),
                "argsort" => call!({
                    let mut places: Vec<i64> = (0..x.len() as i64).collect();
                    places.par_sort_by(|&a, &b| order(&x[a as usize], &x[b as usize]));
                    places
                }),
                "unique" => call!({
                    let mut out = x.clone();
                    out.par_sort_unstable_by(order);
                    out.dedup();
                    out
                }),
                "searchsorted" => {
                    let mut sorted: Vec<$t> =
                        numbers(w.size, w.dtype, 2).into_iter().map(|v| v as $t).collect();
                    sorted.sort_unstable_by(order);
                    call!(
                        x.par_iter()
                            .map(|q| sorted.partition_point(|v| v < q) as i64)
                            .collect::<Vec<_>>()
                    )
                }
                _ => None,
            }
        }};
    }
    match w.dtype {
        "float32" => of!(f32, f32::total_cmp),
        "float64" => of!(f64, f64::total_cmp),
        "int64" => of!(i64, i64::cmp),
        _ => None,
    }
}
