//! The chapter "statistical functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::options::{Cumulative, Reduction, axis};
use arrayspace::prelude::*;
use arrayspace::{Axes, Axis};
use common::*;
use half::{bf16, f16};
use num_complex::Complex;
use proptest::prelude::*;

fn totals<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    let sum = xp.sum(&x, ())?;
    assert_eq!((sum.dtype(), sum.shape(), sum.item::<i64>()?), (DType::Int64, &[][..], 21));
    assert_eq!(xp.sum(&x, 0)?.to_vec::<i64>()?, [5, 7, 9]);
    assert_eq!(xp.sum(&x, [0, -1])?.to_vec::<i64>()?, [21]);
    assert_eq!(xp.sum(&x, Axes::from([0_i64; 0]))?.to_vec::<i64>()?, [1, 2, 3, 4, 5, 6]);
    assert_eq!(xp.sum(&x, axis(1).keepdims(true))?.shape(), [2, 1]);
    assert_eq!(xp.sum(&x, Reduction::new().keepdims(true))?.shape(), [1, 1]);
    assert_eq!(xp.prod(&x, 1)?.to_vec::<i64>()?, [6, 120]);
    let wide = xp.asarray([200_u8, 100], ())?;
    assert_eq!(xp.sum(&wide, ())?.item::<u64>()?, 300);
    let dtype = |dtype| Reduction::new().dtype(dtype);
    assert_eq!(xp.sum(&wide, dtype(DType::UInt8))?.item::<u8>()?, 44, "wraps");
    assert_eq!(xp.prod(&wide, dtype(DType::Float32))?.item::<f32>()?, 20_000.0);
    let fractions = xp.asarray([0.5, 0.5], ())?;
    let cast_first = xp.sum(&fractions, dtype(DType::Int8))?;
    assert_eq!(cast_first.item::<i8>()?, 0, "converted before they are added");
    let z = xp.asarray([Complex::new(1.0_f32, 2.0), Complex::new(0.0, 1.0)], ())?;
    assert_eq!(xp.sum(&z, ())?.item::<Complex<f32>>()?, Complex::new(1.0, 3.0));
    assert_eq!(xp.prod(&z, ())?.item::<Complex<f32>>()?, Complex::new(-2.0, 1.0));
    let wrapping = xp.asarray([i64::MAX, 2], ())?;
    assert_eq!(xp.sum(&wrapping, ())?.item::<i64>()?, i64::MIN + 1);
    assert_eq!(xp.prod(&wrapping, ())?.item::<i64>()?, -2);
    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 2), ())?;
    assert_eq!(xp.sum(&none, 0)?.to_vec::<f32>()?, [0.0, 0.0]);
    assert_eq!(xp.prod(&none, ())?.item::<f32>()?, 1.0);
    assert_eq!(xp.sum(&none, 1)?.shape(), [0]);
    let endless = xp.broadcast_to(&none, (1_i64 << 62, 0, 2))?;
    assert_eq!(xp.sum(&endless, 0)?.shape(), [0, 2]);
    assert_text(xp.sum(&endless, 1).and_then(|y| xp.sum(&y, 0)), &["out of memory"]);

    assert_text(xp.sum(&x, 2), &["sum: ", "axis 2", "-2 to 1"]);
    assert_text(xp.prod(&x, [0, -2]), &["prod: ", "repeated"]);
    assert_text(xp.sum(xp.asarray([true], ())?, ()), &["sum: ", "bool", "astype"]);
    assert_text(xp.sum(&x, dtype(DType::Bool)), &["sum: ", "bool", "numeric"]);
    assert_text(xp.sum(&z, dtype(DType::Float32)), &["sum: ", "complex64", "float32", "real(x)"]);
    assert_text(xp.sum(&x, axis(0).correction(1)), &["sum: ", "correction", "dtype"]);
    assert_text(xp.sum(xp.asarray(1, ())?, 0), &["sum: ", "0-d"]);
    Ok(())
}

fn sum_dtypes<B: Namespace>(xp: &B) -> Result<()> {
    use DType::*;
    for dtype in DType::ALL.into_iter().filter(|d| d.is_numeric()) {
        let expected = match dtype {
            Int8 | Int16 | Int32 => Int64,
            UInt8 | UInt16 | UInt32 => UInt64,
            other => other,
        };
        let x = xp.ones([2], dtype)?;
        assert_eq!(xp.sum(&x, ())?.dtype(), expected);
        assert_eq!(xp.prod(&x, ())?.dtype(), expected);
        assert_eq!(xp.cumulative_sum(&x, ())?.dtype(), expected);
        assert_eq!(xp.cumulative_prod(&x, ())?.dtype(), expected);
        for asked in DType::ALL.into_iter().filter(|d| d.is_numeric()) {
            let options = Reduction::new().dtype(asked);
            let sum = xp.sum(&x, options);
            if dtype.is_complex() && !asked.is_complex() {
                assert_text(sum, &["sum: ", dtype.name(), asked.name()]);
            } else {
                assert_eq!(sum?.dtype(), asked, "{dtype}");
            }
        }
    }
    Ok(())
}

// A half-precision accumulator would stop growing at 2048 (float16) or 256 (bfloat16).
fn half_precision<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.ones([3000], DType::Float16)?;
    assert_eq!(xp.sum(&x, ())?.item::<f16>()?, f16::from_f32(3000.0));
    let x = xp.ones([10_000, 2], DType::BFloat16)?;
    assert_eq!(xp.mean(&x, 0)?.to_vec::<bf16>()?, [bf16::ONE; 2]);
    let x = xp.asarray(vec![f16::from_f32(60_000.0); 100], ())?;
    assert_eq!(xp.mean(&x, ())?.item::<f16>()?, f16::from_f32(60_000.0), "no overflow between");
    assert_eq!(xp.var(&x, ())?.item::<f16>()?, f16::ZERO);
    Ok(())
}

fn extremes<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[3_i8, -4], [-5, 2]], ())?;
    assert_eq!((xp.max(&x, ())?.dtype(), xp.max(&x, ())?.item::<i8>()?), (DType::Int8, 3));
    assert_eq!(xp.min(&x, 0)?.to_vec::<i8>()?, [-5, -4]);
    assert_eq!(xp.max(&x, axis(1).keepdims(true))?.shape(), [2, 1]);
    let f = xp.asarray([[1.0, f64::NAN], [2.0, f64::INFINITY]], ())?;
    assert!(xp.max(&f, ())?.item::<f64>()?.is_nan() && xp.min(&f, ())?.item::<f64>()?.is_nan());
    assert_eq!(xp.max(&f, 1)?.to_vec::<f64>()?[1], f64::INFINITY);
    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 3), ())?;
    assert_eq!(xp.max(&none, 1)?.shape(), [0]);
    assert_text(xp.max(&none, 0), &["max: ", "[0, 3]", "[0]", "no elements"]);
    assert_text(xp.min(&none, ()), &["min: ", "no elements"]);
    assert_text(xp.max(&x, axis(0).dtype(DType::Int8)), &["max: ", "dtype", "axis and keepdims"]);
    assert_text(xp.min(&x, axis(0).correction(1)), &["min: ", "correction"]);
    assert_text(xp.max(xp.asarray([true], ())?, ()), &["max: ", "bool", "real"]);
    assert_text(xp.min(xp.ones([1], DType::Complex64)?, ()), &["min: ", "complex64", "abs(x)"]);
    assert_text(xp.min(&x, -3), &["min: ", "axis -3"]);
    Ok(())
}

fn moments<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1.0, 5.0], [4.0, 2.0]], ())?;
    assert_eq!(xp.mean(&x, ())?.item::<f64>()?, 3.0);
    assert_eq!(xp.mean(&x, axis(0).keepdims(true))?.to_vec::<f64>()?, [2.5, 3.5]);
    assert_eq!(xp.var(&x, ())?.item::<f64>()?, 2.5);
    assert_eq!(xp.var(&x, axis(1).correction(1))?.to_vec::<f64>()?, [8.0, 2.0]);
    assert_eq!(xp.var(&x, axis(1).correction(0.5))?.to_vec::<f64>()?[1], 2.0 / 1.5);
    assert_eq!(xp.var(&x, axis(1).correction(-2))?.to_vec::<f64>()?, [2.0, 0.5]);
    assert_eq!(xp.std(&x, axis(1).keepdims(true))?.to_vec::<f64>()?, [2.0, 1.0]);
    assert_eq!(xp.mean(xp.ones([2], DType::Float32)?, ())?.dtype(), DType::Float32);
    assert_eq!(xp.std(xp.ones([2], DType::Float32)?, ())?.dtype(), DType::Float32);
    assert_eq!(xp.var(&x, Axes::from([0_i64; 0]))?.to_vec::<f64>()?, [0.0; 4]);

    let is_nan =
        |x: Array<B>| -> Result<bool> { Ok(x.to_vec::<f64>()?.iter().all(|v| v.is_nan())) };
    let all = Reduction::new;
    assert!(is_nan(xp.var(&x, all().correction(4))?)? && is_nan(xp.std(&x, all().correction(5))?)?);
    assert!(is_nan(xp.var(&x, all().correction(f64::INFINITY))?)?);
    let none = xp.reshape(xp.asarray(Vec::<f64>::new(), ())?, (0, 2), ())?;
    assert!(
        is_nan(xp.mean(&none, 0)?)? && is_nan(xp.var(&none, 0)?)? && is_nan(xp.std(&none, ())?)?
    );
    assert_eq!((xp.mean(&none, 1)?.shape(), xp.var(&none, 1)?.shape()), (&[0][..], &[0][..]));
    let nan = xp.asarray([1.0, f64::NAN], ())?;
    assert!(
        is_nan(xp.mean(&nan, ())?)? && is_nan(xp.var(&nan, ())?)? && is_nan(xp.std(&nan, ())?)?
    );

    // the parts of a complex mean do not mix
    let z = xp.asarray([Complex::new(f64::NAN, 1.0), Complex::new(2.0, 3.0)], ())?;
    let mean = xp.mean(&z, ())?.item::<Complex<f64>>()?;
    assert!(mean.re.is_nan() && mean.im == 2.0, "{mean}");
    let z = xp.asarray([Complex::new(1.0_f32, f32::INFINITY), Complex::new(2.0, 3.0)], ())?;
    let mean = xp.mean(&z, ())?.item::<Complex<f32>>()?;
    assert_eq!(mean, Complex::new(1.5, f32::INFINITY));
    let empty = xp.mean(xp.zeros([0], DType::Complex128)?, ())?.item::<Complex<f64>>()?;
    assert!(empty.re.is_nan() && empty.im.is_nan());

    assert_text(xp.mean(xp.asarray([1], ())?, ()), &["mean: ", "int32", "astype"]);
    assert_text(xp.var(xp.asarray([1], ())?, ()), &["var: ", "int32", "astype"]);
    assert_text(xp.std(&z, ()), &["std: ", "complex64", "abs(x)"]);
    assert_text(xp.var(&x, all().correction(f64::NAN)), &["var: ", "correction is NaN"]);
    assert_text(xp.mean(&x, all().correction(1)), &["mean: ", "correction"]);
    assert_text(xp.std(&x, all().dtype(DType::Float32)), &["std: ", "dtype", "correction"]);
    assert_text(xp.mean(&x, [0, 0]), &["mean: ", "repeated"]);
    assert_text(xp.var(&x, 2), &["var: ", "axis 2"]);
    Ok(())
}

fn running<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1_i8, 2, 3], [4, 5, 6]], ())?;
    let sums = xp.cumulative_sum(&x, 1)?;
    assert_eq!((sums.dtype(), sums.to_vec::<i64>()?), (DType::Int64, vec![1, 3, 6, 4, 9, 15]));
    assert_eq!(xp.cumulative_prod(&x, -2)?.to_vec::<i64>()?, [1, 2, 3, 4, 10, 18]);
    let line = xp.asarray([2.0, 3.0], ())?;
    assert_eq!(xp.cumulative_prod(&line, ())?.to_vec::<f64>()?, [2.0, 6.0]);
    assert_eq!(xp.cumulative_sum(&line, Cumulative::new().axis(Axis::None))?.shape(), [2]);
    let initial = Cumulative::new().include_initial(true);
    assert_eq!(xp.cumulative_sum(&line, initial.clone())?.to_vec::<f64>()?, [0.0, 2.0, 5.0]);
    assert_eq!(xp.cumulative_prod(&line, initial.clone())?.to_vec::<f64>()?, [1.0, 2.0, 6.0]);
    let down = xp.cumulative_sum(&x, initial.clone().axis(0))?;
    assert_eq!(Nd::of(&down), Nd { shape: vec![3, 3], data: vec![0_i64, 0, 0, 1, 2, 3, 5, 7, 9] });
    let narrow = Cumulative::new().axis(1).dtype(DType::UInt8);
    assert_eq!(xp.cumulative_sum(&x, narrow)?.to_vec::<u8>()?, [1, 3, 6, 4, 9, 15]);
    let none = xp.asarray(Vec::<f32>::new(), ())?;
    assert_eq!(xp.cumulative_sum(&none, ())?.shape(), [0]);
    assert_eq!(xp.cumulative_prod(&none, initial.clone())?.to_vec::<f32>()?, [1.0]);
    let flat = xp.reshape(&none, (0, 2), ())?;
    assert_eq!(xp.cumulative_sum(&flat, initial.clone().axis(1))?.shape(), [0, 3]);
    assert_eq!(xp.cumulative_sum(&flat, initial.axis(0))?.to_vec::<f32>()?, [0.0, 0.0]);
    let special = xp.asarray([f64::INFINITY, 1.0, f64::NEG_INFINITY, 1.0], ())?;
    let sums = xp.cumulative_sum(&special, ())?.to_vec::<f64>()?;
    assert!(sums[1] == f64::INFINITY && sums[2].is_nan() && sums[3].is_nan());

    assert_text(xp.cumulative_sum(&x, ()), &["cumulative_sum: ", "axis is missing", "[2, 3]"]);
    let options = Cumulative::new().axis(Axis::None);
    assert_text(xp.cumulative_prod(&x, options), &["cumulative_prod: ", "axis is missing"]);
    assert_text(xp.cumulative_sum(&x, 2), &["cumulative_sum: ", "axis 2"]);
    assert_text(xp.cumulative_sum(xp.asarray(1, ())?, ()), &["cumulative_sum: ", "0-d"]);
    assert_text(xp.cumulative_prod(xp.asarray([true], ())?, ()), &["cumulative_prod: ", "bool"]);
    let options = Cumulative::new().dtype(DType::Bool);
    assert_text(xp.cumulative_prod(&line, options), &["cumulative_prod: ", "bool", "numeric"]);
    Ok(())
}

fn integers_model<B: Namespace>(xp: &B, x: &Nd<i32>, choice: u8, signs: u8) -> Result<()> {
    let (axes, written) = some_axes(x.shape.len(), choice, signs);
    let keepdims = signs >> 7 == 1;
    let options = axis(written).keepdims(keepdims);
    let groups = x.groups(&axes, keepdims);
    let sums = groups.map(|g| g.iter().map(|&v| i64::from(v)).sum::<i64>());
    let products = groups.map(|g| g.iter().fold(1_i64, |p, &v| p.wrapping_mul(v.into())));
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&xp.sum(&a, options.clone())?), sums);
        assert_eq!(Nd::of(&xp.prod(&a, options.clone())?), products);
        let some = groups.data.iter().all(|g| !g.is_empty());
        match (xp.max(&a, options.clone()), xp.min(&a, options.clone())) {
            (Ok(largest), Ok(smallest)) => {
                assert!(some);
                assert_eq!(Nd::of(&largest), groups.map(|g| *g.iter().max().unwrap()));
                assert_eq!(Nd::of(&smallest), groups.map(|g| *g.iter().min().unwrap()));
            }
            (largest, smallest) => {
                assert!(!some && largest.is_err() && smallest.is_err());
            }
        }
    }
    Ok(())
}

/// Equal, both NaN, or as close as the order of summation allows.
#[track_caller]
fn assert_close(found: &Nd<f64>, expected: &Nd<f64>) {
    assert_eq!(found.shape, expected.shape);
    for (&a, &b) in found.data.iter().zip(&expected.data) {
        let close = a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-12 * b.abs().max(1.0);
        assert!(close, "{found:?} {expected:?}");
    }
}

fn floats_model<B: Namespace>(
    xp: &B,
    x: &Nd<f64>,
    choice: u8,
    signs: u8,
    correction: f64,
) -> Result<()> {
    let (axes, written) = some_axes(x.shape.len(), choice, signs);
    let keepdims = signs >> 7 == 1;
    let options = axis(written).keepdims(keepdims);
    let groups = x.groups(&axes, keepdims);
    let mean = |g: &[f64]| g.iter().sum::<f64>() / g.len() as f64;
    let variance = |g: &[f64]| {
        let m = mean(g);
        let divisor = g.len() as f64 - correction;
        let sum: f64 = g.iter().map(|v| (v - m) * (v - m)).sum();
        if divisor > 0.0 { sum / divisor } else { f64::NAN }
    };
    let mut seen: Option<Vec<Vec<u64>>> = None;
    for a in views(xp, &x.array(xp))? {
        let corrected = options.clone().correction(correction);
        let results = [
            (xp.sum(&a, options.clone())?, groups.map(|g| g.iter().sum())),
            (xp.prod(&a, options.clone())?, groups.map(|g| g.iter().product())),
            (xp.mean(&a, options.clone())?, groups.map(|g| mean(&g))),
            (xp.var(&a, corrected.clone())?, groups.map(|g| variance(&g))),
            (xp.std(&a, corrected)?, groups.map(|g| variance(&g).sqrt())),
        ];
        for (found, expected) in &results {
            assert_close(&Nd::of(found), expected);
        }
        // the same bits wherever the values lie
        let found = results.iter().map(|(found, _)| Ok(bits(&found.to_vec()?)));
        let found = found.collect::<Result<Vec<_>>>()?;
        assert_eq!(*seen.get_or_insert_with(|| found.clone()), found);
    }
    Ok(())
}

fn running_model<B: Namespace>(xp: &B, x: &Nd<i32>, seed: usize, initial: bool) -> Result<()> {
    let (axis, written) = some_axis(x.shape.len(), seed, seed.is_multiple_of(2));
    let len = x.shape[axis] + usize::from(initial);
    let scan = |line: &[i32], first: i64, f: fn(i64, i64) -> i64| -> Vec<i64> {
        let mut out: Vec<i64> = if initial { vec![first] } else { vec![] };
        let mut total = first;
        for &v in line {
            total = f(total, v.into());
            out.push(total);
        }
        out
    };
    let sums = x.map_lines(axis, len, |line| scan(line, 0, i64::wrapping_add));
    let products = x.map_lines(axis, len, |line| scan(line, 1, i64::wrapping_mul));
    let options = Cumulative::new().axis(written).include_initial(initial);
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&xp.cumulative_sum(&a, options.clone())?), sums);
        assert_eq!(Nd::of(&xp.cumulative_prod(&a, options.clone())?), products);
    }
    Ok(())
}

// Long enough for several blocks and threads.
fn long_arrays<B: Namespace>(xp: &B) -> Result<()> {
    let n = 300_000_usize;
    let data: Vec<f32> = (0..n).map(|k| 1.0 + (k % 1000) as f32 * 1e-3).collect();
    let exact: f64 = data.iter().map(|&v| f64::from(v)).sum();
    let mean = exact / n as f64;
    let variance = data.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n as f64;
    let x = xp.asarray(data, ())?;
    for shape in [[n, 1], [1, n], [1000, 300], [300, 1000]] {
        let x = xp.reshape(&x, shape, ())?;
        for view in views(xp, &x)? {
            let sum = xp.sum(&view, ())?.item::<f32>()?;
            assert_eq!(sum.to_bits(), xp.sum(&x, ())?.item::<f32>()?.to_bits());
            assert!((f64::from(sum) / exact - 1.0).abs() < 1e-6, "{sum} {exact}");
            let found = xp.var(&view, ())?.item::<f32>()?;
            assert!((f64::from(found) / variance - 1.0).abs() < 1e-5, "{found} {variance}");
            for k in [0, 1] {
                let whole = xp.sum(&xp.sum(&view, k)?, ())?.item::<f32>()?;
                assert!((f64::from(whole) / exact - 1.0).abs() < 1e-5, "{whole} {exact}");
            }
        }
    }
    // deviations from a large mean
    let offset = xp.add(xp.astype(&x, DType::Float64, ())?, 1e9)?;
    let found = xp.var(&offset, ())?.item::<f64>()?;
    assert!((found / variance - 1.0).abs() < 1e-6, "{found} {variance}");
    Ok(())
}

/// `std` scales with its operand, and `var` with the square, as long as the result is in range.
fn spread_over_the_range<B: Namespace>(xp: &B) -> Result<()> {
    let base = [1.0, 1.25, -3.5, 7.0, 0.75, 2.0, 6.5];
    let power = |k: i32| f64::powi(2.0, k / 2) * f64::powi(2.0, k - k / 2);
    let number = |x: Array<B>| xp.astype(x, DType::Float64, ())?.item::<f64>();
    for (dtype, low, high) in
        [(DType::BFloat16, -126, 128), (DType::Float32, -126, 128), (DType::Float64, -1022, 1024)]
    {
        for count in [2, 7, 70, 700] {
            let array = |k: i32| {
                let list: Vec<f64> = (0..count).map(|i| base[i % 7] * power(k)).collect();
                xp.astype(xp.asarray(list, ())?, dtype, ())
            };
            let (std, var) = (number(xp.std(array(0)?, ())?)?, number(xp.var(array(0)?, ())?)?);
            assert!((std * std / var - 1.0).abs() < 0.02);
            for k in
                [low + 4, low / 2 - 9, low / 2 + 5, -30, 30, high / 2 - 4, high / 2 + 9, high - 4]
            {
                let found = number(xp.std(array(k)?, ())?)?;
                assert_eq!(found, std * power(k), "std of {count} {dtype} times 2^{k}");
                if 2 * k > low && 2 * k + 5 < high {
                    let found = number(xp.var(array(k)?, axis(0))?)?;
                    assert_eq!(
                        found,
                        var * power(k) * power(k),
                        "var of {count} {dtype} times 2^{k}"
                    );
                }
            }
        }
        // rows do not depend on each other; equal elements have none
        let most = if dtype == DType::Float64 { f64::MAX / 4.0 } else { f64::from(f32::MAX) / 4.0 };
        let rows = [[1.0, 3.0], [most, most], [most, -most], [0.0, 0.0], [f64::NAN, most]];
        let x = xp.astype(xp.asarray(rows, ())?, dtype, ())?;
        let found = xp.astype(xp.std(&x, 1)?, DType::Float64, ())?.to_vec::<f64>()?;
        let top = number(xp.max(x.get(2)?, ())?)?;
        assert_eq!(found[..4], [1.0, 0.0, top, 0.0], "{dtype}");
        assert!(found[4].is_nan());
        let kept = xp.std(&x, axis(-1).keepdims(true).correction(-1))?;
        assert_eq!(kept.shape(), [5, 1]);
        let infinite = xp.astype(xp.asarray([f64::INFINITY, 1.0], ())?, dtype, ())?;
        assert!(number(xp.std(infinite, ())?)?.is_nan());
    }
    Ok(())
}

fn examples<B: Namespace>(xp: &B) -> Result<()> {
    spread_over_the_range(xp)?;
    totals(xp)?;
    sum_dtypes(xp)?;
    half_precision(xp)?;
    extremes(xp)?;
    moments(xp)?;
    running(xp)?;
    long_arrays(xp)
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => examples(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn over_any_axes(
        ints in arrays(-9..9_i32, 4, 5),
        special in arrays(floats(), 3, 5),
        plain in arrays(-1e3..1e3_f64, 3, 6),
        choice: u8,
        signs: u8,
        correction in prop_oneof![Just(0.0), Just(1.0), 0.0..6.0],
    ) {
        on_each_backend!(xp => {
            integers_model(xp, &ints, choice, signs).unwrap();
            floats_model(xp, &special, choice, signs, correction).unwrap();
            floats_model(xp, &plain, choice, signs, correction).unwrap();
        });
    }

    #[test]
    fn along_an_axis(
        shape in prop::collection::vec(0..6_usize, 1..4),
        picks in prop::collection::vec(-9..9_i32, 125),
        seed in 0..40_usize,
        initial: bool,
    ) {
        let mut next = picks.into_iter();
        let x = Nd::from_fn(&shape, |_| next.next().unwrap());
        on_each_backend!(xp => running_model(xp, &x, seed, initial).unwrap());
    }
}
