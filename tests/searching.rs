//! The chapter "searching functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::Axes;
use arrayspace::options::{Reduction, SearchSorted, Side, Sort, axis};
use arrayspace::prelude::*;
use common::*;
use num_complex::Complex;
use proptest::prelude::*;

fn extremes<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[3, 9, 2], [9, 0, 0]], ())?;
    let largest = xp.argmax(&x, ())?;
    assert_eq!((largest.dtype(), largest.shape()), (DType::Int64, &[][..]));
    assert_eq!(largest.item::<i64>()?, 1, "the first of equal ones");
    assert_eq!(xp.argmin(&x, ())?.item::<i64>()?, 4);
    assert_eq!(xp.argmax(&x, -1)?.to_vec::<i64>()?, [1, 0]);
    assert_eq!(xp.argmin(&x, 0)?.to_vec::<i64>()?, [0, 1, 1]);
    assert_eq!(xp.argmin(&x, axis(1).keepdims(true))?.shape(), [2, 1]);
    assert_eq!(xp.argmax(&x, Reduction::new().keepdims(true))?.shape(), [1, 1]);
    assert_eq!(xp.argmax(xp.asarray(7.5, ())?, ())?.item::<i64>()?, 0);
    let nan = xp.asarray([1.0, f64::NAN, f64::INFINITY, f64::NAN], ())?;
    assert_eq!(xp.argmax(&nan, ())?.item::<i64>()?, 1);
    assert_eq!(xp.argmin(&nan, ())?.item::<i64>()?, 1);

    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 3), ())?;
    assert_eq!(xp.argmax(&none, 1)?.shape(), [0]);
    assert_eq!(xp.argmax(&none, axis(1).keepdims(true))?.shape(), [0, 1]);
    assert_text(xp.argmax(&none, 0), &["argmax: ", "no elements", "[0, 3]", "[0]"]);
    assert_text(xp.argmin(&none, ()), &["argmin: ", "no elements"]);
    assert_text(xp.argmax(&x, [0, 1]), &["argmax: ", "[0, 1]", "one axis"]);
    assert_text(xp.argmax(&x, 2), &["argmax: ", "axis 2"]);
    assert_text(xp.argmin(&x, axis(0).dtype(DType::Int8)), &["argmin: ", "dtype", "keepdims"]);
    assert_text(xp.argmin(&x, axis(0).correction(1)), &["argmin: ", "correction"]);
    assert_text(xp.argmax(xp.asarray([true], ())?, ()), &["argmax: ", "bool", "real"]);
    let z = xp.asarray([Complex::new(1.0, 0.0)], ())?;
    assert_text(xp.argmax(&z, ()), &["argmax: ", "complex128", "abs(x)"]);
    Ok(())
}

fn zeros<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[0.0, f64::NAN, -0.0], [1.0, 0.0, -2.0]], ())?;
    let count = xp.count_nonzero(&x, ())?;
    assert_eq!((count.dtype(), count.item::<i64>()?), (DType::Int64, 3));
    assert_eq!(xp.count_nonzero(&x, 0)?.to_vec::<i64>()?, [1, 1, 1]);
    assert_eq!(xp.count_nonzero(&x, axis([0, 1]).keepdims(true))?.shape(), [1, 1]);
    assert_eq!(xp.count_nonzero(&x, Axes::from([0_i64; 0]))?.to_vec::<i64>()?, [0, 1, 0, 1, 0, 1]);
    let z = xp.asarray([Complex::new(0.0, 1.0), Complex::new(0.0, -0.0)], ())?;
    assert_eq!(xp.count_nonzero(&z, ())?.item::<i64>()?, 1);
    assert_eq!(xp.count_nonzero(xp.asarray([true, false, true], ())?, ())?.item::<i64>()?, 2);
    assert_text(xp.count_nonzero(&x, axis(0).dtype(DType::Int8)), &["count_nonzero: ", "dtype"]);
    assert_text(xp.count_nonzero(&x, [1, 1]), &["count_nonzero: ", "repeated"]);

    let at = xp.nonzero(&x)?;
    assert_eq!(at.len(), 2);
    assert_eq!((at[0].dtype(), at[0].to_vec::<i64>()?), (DType::Int64, vec![0, 1, 1]));
    assert_eq!(at[1].to_vec::<i64>()?, [1, 0, 2]);
    assert_eq!(xp.nonzero(&z)?[0].to_vec::<i64>()?, [0]);
    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 3), ())?;
    assert_eq!(xp.nonzero(&none)?.iter().map(|a| a.shape()[0]).collect::<Vec<_>>(), [0, 0]);
    assert_text(xp.nonzero(xp.asarray(1, ())?), &["nonzero: ", "0-d", "expand_dims"]);
    Ok(())
}

fn sorted_places<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([1.0, 2.0, 2.0, 5.0], ())?;
    let values = xp.asarray([[0.0, 2.0], [5.0, 9.0]], ())?;
    let left = xp.searchsorted(&x, &values, ())?;
    assert_eq!((left.dtype(), left.shape()), (DType::Int64, &[2, 2][..]));
    assert_eq!(left.to_vec::<i64>()?, [0, 1, 3, 4]);
    assert_eq!(xp.searchsorted(&x, &values, Side::Right)?.to_vec::<i64>()?, [0, 3, 4, 4]);
    let scalar = xp.searchsorted(&x, 2, SearchSorted::new().side(Side::Right))?;
    assert_eq!((scalar.shape(), scalar.item::<i64>()?), (&[][..], 3));
    let mixed = xp.asarray([5.0, 2.0, 1.0, 2.0], ())?;
    let sorter = xp.asarray([2_u8, 1, 3, 0], ())?;
    let options = SearchSorted::new().sorter(&sorter);
    assert_eq!(xp.searchsorted(&mixed, &values, options)?.to_vec::<i64>()?, [0, 1, 3, 4]);
    // promoted, and exact
    let ints = xp.asarray([1_u8, 200], ())?;
    assert_eq!(xp.searchsorted(&ints, xp.asarray(-5_i8, ())?, ())?.item::<i64>()?, 0);
    let wide = xp.asarray([i64::MAX - 1, i64::MAX], ())?;
    assert_eq!(xp.searchsorted(&wide, i64::MAX, ())?.item::<i64>()?, 1);
    let none = xp.asarray(Vec::<f64>::new(), ())?;
    assert_eq!(xp.searchsorted(&none, &values, ())?.to_vec::<i64>()?, [0; 4]);
    assert_eq!(xp.searchsorted(&x, &none, ())?.shape(), [0]);
    let nan = xp.asarray([1.0, f64::NAN, f64::NAN], ())?;
    assert_eq!(xp.searchsorted(&nan, f64::NAN, ())?.item::<i64>()?, 1);
    assert_eq!(xp.searchsorted(&nan, f64::INFINITY, Side::Right)?.item::<i64>()?, 1);

    assert_text(xp.searchsorted(&values, 1.0, ()), &["searchsorted: ", "x1", "[2, 2]"]);
    let truth = xp.asarray([true], ())?;
    assert_text(xp.searchsorted(&truth, true, ()), &["searchsorted: ", "x1", "bool"]);
    assert_text(xp.searchsorted(&x, &truth, ()), &["searchsorted: ", "x2", "bool"]);
    assert_text(xp.searchsorted(&ints, 1.5, ()), &["searchsorted: ", "float", "uint8", "astype"]);
    assert_text(xp.searchsorted(&ints, 300, ()), &["searchsorted: ", "300", "uint8"]);
    assert_text(xp.searchsorted(&ints, &x, ()), &["searchsorted: ", "uint8", "float64"]);
    let options = SearchSorted::new().sorter(&x);
    assert_text(xp.searchsorted(&x, 1.0, options), &["searchsorted: ", "sorter", "float64"]);
    let options = SearchSorted::new().sorter(&ints);
    assert_text(xp.searchsorted(&x, 1.0, options), &["searchsorted: ", "sorter", "[2]", "[4]"]);
    let beyond = xp.asarray([0, 1, 2, 4], ())?;
    let options = SearchSorted::new().sorter(&beyond);
    assert_text(xp.searchsorted(&x, 1.0, options), &["searchsorted: ", "index 4", "length 4"]);
    Ok(())
}

fn choices<B: Namespace>(xp: &B) -> Result<()> {
    let condition = xp.asarray([[true], [false]], ())?;
    let (a, b) = (xp.asarray([1_i8, 2], ())?, xp.asarray([10_u8, 20], ())?);
    let out = xp.where_(&condition, &a, &b)?;
    assert_eq!((out.dtype(), out.shape()), (DType::Int16, &[2, 2][..]));
    assert_eq!(out.to_vec::<i16>()?, [1, 2, 10, 20]);
    assert_eq!(xp.where_(&condition, &a, 7)?.to_vec::<i8>()?, [1, 2, 7, 7]);
    assert_eq!(xp.where_(&condition, -7, &a)?.to_vec::<i8>()?, [-7, -7, 1, 2]);
    let f = xp.asarray([0.5_f32], ())?;
    let z = xp.where_(&condition, Complex::new(0.0, 1.0), &f)?;
    assert_eq!(z.to_vec::<Complex<f32>>()?, [Complex::new(0.0, 1.0), Complex::new(0.5, 0.0)]);
    assert_eq!(xp.where_(xp.asarray(true, ())?, &a, &a)?.to_vec::<i8>()?, [1, 2]);

    assert_text(xp.where_(&a, &a, &b), &["where: ", "condition", "int8", "bool"]);
    assert_text(xp.where_(&condition, 1, 2), &["where: ", "two scalars", "asarray"]);
    assert_text(xp.where_(&condition, &a, 1.5), &["where: ", "float", "int8"]);
    assert_text(xp.where_(&condition, &a, 128), &["where: ", "128", "int8"]);
    assert_text(xp.where_(&condition, &a, &f), &["where: ", "int8", "float32"]);
    let three = xp.asarray([1_i8, 2, 3], ())?;
    assert_text(xp.where_(&condition, &a, &three), &["where: ", "[3]", "broadcast"]);
    Ok(())
}

fn against_model<B: Namespace>(xp: &B, x: &Nd<f64>, choice: u8, signs: u8) -> Result<()> {
    let (axes, written) = some_axes(x.shape.len(), choice, signs);
    let keepdims = signs >> 7 == 1;
    let truth = |v: &f64| *v != 0.0;
    let counts = x.groups(&axes, keepdims).map(|g| g.iter().filter(|v| truth(v)).count() as i64);
    let at: Vec<Vec<usize>> = indices(&x.shape).into_iter().filter(|i| truth(&x.at(i))).collect();
    for a in views(xp, &x.array(xp))? {
        let options = axis(written.clone()).keepdims(keepdims);
        assert_eq!(Nd::of(&xp.count_nonzero(&a, options)?), counts);
        if a.ndim() == 0 {
            continue;
        }
        for (k, found) in xp.nonzero(&a)?.iter().enumerate() {
            let expected: Vec<i64> = at.iter().map(|i| i[k] as i64).collect();
            assert_eq!(found.to_vec::<i64>()?, expected);
        }
    }
    // the first NaN, else the first of the largest
    let first = |line: &[f64], better: fn(f64, f64) -> bool| -> i64 {
        let mut best = 0;
        for (k, &v) in line.iter().enumerate() {
            if !line[best].is_nan() && (v.is_nan() || better(v, line[best])) {
                best = k;
            }
        }
        best as i64
    };
    for k in 0..x.shape.len() {
        if x.shape[k] == 0 {
            continue;
        }
        let groups = x.groups(&[k], keepdims);
        let largest = groups.map(|g| first(&g, |a, b| a > b));
        let smallest = groups.map(|g| first(&g, |a, b| a < b));
        for a in views(xp, &x.array(xp))? {
            let options = axis(k).keepdims(keepdims);
            assert_eq!(Nd::of(&xp.argmax(&a, options.clone())?), largest);
            assert_eq!(Nd::of(&xp.argmin(&a, options)?), smallest);
            if a.size() > 0 {
                assert_eq!(xp.argmax(&a, ())?.item::<i64>()?, first(&x.data, |a, b| a > b));
                assert_eq!(xp.argmin(&a, ())?.item::<i64>()?, first(&x.data, |a, b| a < b));
            }
        }
    }
    Ok(())
}

fn search_model<B: Namespace>(xp: &B, data: &[f64], queries: &Nd<f64>) -> Result<()> {
    let x = xp.asarray(data.to_vec(), ())?;
    let order = xp.argsort(&x, ())?;
    let sorted: Vec<f64> = xp.sort(&x, Sort::new())?.to_vec()?;
    let less = |a: f64, b: f64| a < b || !a.is_nan() && b.is_nan();
    for side in [Side::Left, Side::Right] {
        let expected = queries.map(|q| {
            let before = |&&v: &&f64| match side {
                Side::Left => less(v, q),
                Side::Right => !less(q, v),
            };
            sorted.iter().filter(before).count() as i64
        });
        for q in views(xp, &queries.array(xp))? {
            let options = SearchSorted::new().side(side).sorter(&order);
            assert_eq!(Nd::of(&xp.searchsorted(&x, &q, options)?), expected);
            let direct = xp.searchsorted(xp.asarray(sorted.clone(), ())?, &q, side)?;
            assert_eq!(Nd::of(&direct), expected);
        }
    }
    Ok(())
}

fn where_model<B: Namespace>(xp: &B, x: &Nd<f64>) -> Result<()> {
    let condition = x.map(|v| v < 1.0);
    let other = x.map(|v| v * 2.0);
    let pairs: Vec<f64> =
        (x.data.iter().zip(&other.data)).map(|(&a, &b)| if a < 1.0 { a } else { b }).collect();
    let constants: Vec<f64> = x.data.iter().map(|&a| if a < 1.0 { a } else { 0.5 }).collect();
    let (c, b) = (condition.array(xp), other.array(xp));
    for a in views(xp, &x.array(xp))? {
        assert_eq!(bits(&xp.where_(&c, &a, &b)?.to_vec()?), bits(&pairs));
        assert_eq!(bits(&xp.where_(&c, &a, 0.5)?.to_vec()?), bits(&constants));
    }
    Ok(())
}

fn examples<B: Namespace>(xp: &B) -> Result<()> {
    extremes(xp)?;
    zeros(xp)?;
    sorted_places(xp)?;
    choices(xp)
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => examples(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn positions(x in arrays(floats(), 3, 5), choice: u8, signs: u8) {
        on_each_backend!(xp => against_model(xp, &x, choice, signs).unwrap());
        on_each_backend!(xp => where_model(xp, &x).unwrap());
    }

    #[test]
    fn places_in_order(
        data in prop::collection::vec(floats(), 0..70),
        queries in arrays(floats(), 3, 4),
    ) {
        on_each_backend!(xp => search_model(xp, &data, &queries).unwrap());
    }
}
