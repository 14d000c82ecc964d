//! The chapter "indexing functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;
use arrayspace::{Axis, Element, Nested};
use common::*;
use proptest::prelude::*;

fn take<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    let at = xp.asarray([2_u8, 0, 0], ())?;
    assert_eq!(xp.take(&x, &at, 1)?.to_vec::<i32>()?, [3, 1, 1, 6, 4, 4]);
    let last = xp.asarray([-1_i16], ())?;
    assert_eq!(Nd::of(&xp.take(&x, &last, 0)?), Nd { shape: vec![1, 3], data: vec![4, 5, 6] });
    assert_eq!(xp.take(xp.flip(&x, ())?, &at, -1)?.to_vec::<i32>()?, [4, 6, 6, 1, 3, 3]);
    let line = xp.asarray([true, false], ())?;
    assert_eq!(xp.take(&line, &last, ())?.to_vec::<bool>()?, [false]);
    let none = xp.asarray(Vec::<i64>::new(), ())?;
    assert_eq!(xp.take(&x, &none, 1)?.shape(), [2, 0]);
    assert_eq!(xp.take(&none, &none, ())?.shape(), [0]);

    assert_text(xp.take(&x, &at, ()), &["take: ", "axis is missing", "[2, 3]"]);
    assert_text(xp.take(&x, &at, Axis::None), &["take: ", "axis is missing"]);
    assert_text(xp.take(xp.asarray(1, ())?, &at, ()), &["take: ", "axis is missing", "[]"]);
    assert_text(xp.take(xp.asarray(1, ())?, &at, 0), &["take: ", "0-d"]);
    assert_text(xp.take(&x, &at, 2), &["take: ", "axis 2", "-2 to 1"]);
    assert_text(xp.take(&x, &line, 0), &["take: ", "indices", "bool", "integer"]);
    assert_text(xp.take(&x, &x, 0), &["take: ", "indices has shape [2, 3]", "one dimension"]);
    assert_text(xp.take(&x, &at, 0), &["take: ", "index 2", "axis 0", "length 2"]);
    let before = xp.asarray([-4], ())?;
    assert_text(xp.take(&x, &before, 1), &["take: ", "index -4", "axis 1", "length 3"]);
    assert_text(xp.take(&none, &before, ()), &["take: ", "axis 0", "length 0"]);
    let empty = xp.reshape(&none, (3, 0), ())?;
    assert_text(xp.take(&empty, &before, 0), &["take: ", "index -4", "length 3"]);
    assert_eq!(xp.take(&empty, &last, 0)?.shape(), [1, 0]);
    Ok(())
}

fn take_along_axis<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    let at = xp.asarray([[2, -3], [1, 1]], ())?;
    assert_eq!(xp.take_along_axis(&x, &at, ())?.to_vec::<i32>()?, [3, 1, 5, 5]);
    let row = xp.asarray([[0_u64, 2]], ())?;
    assert_eq!(xp.take_along_axis(&x, &row, 1)?.to_vec::<i32>()?, [1, 3, 4, 6], "broadcast");
    let column = xp.asarray([[7], [8]], ())?;
    let down = xp.asarray([[0, 1, 1], [-1, 0, 0]], ())?;
    assert_eq!(xp.take_along_axis(&column, &down, -2)?.to_vec::<i32>()?, [7, 8, 8, 8, 7, 7]);
    let none = xp.reshape(xp.asarray(Vec::<i64>::new(), ())?, (2, 0), ())?;
    assert_eq!(xp.take_along_axis(&x, &none, 1)?.shape(), [2, 0]);

    assert_text(xp.take_along_axis(&x, &at, 2), &["take_along_axis: ", "axis 2"]);
    assert_text(xp.take_along_axis(&x, &at, Axis::None), &["take_along_axis: ", "None"]);
    let flat = xp.asarray([0], ())?;
    assert_text(xp.take_along_axis(&x, &flat, 1), &["take_along_axis: ", "[1]", "[2, 3]"]);
    let real = xp.asarray([[0.0], [1.0]], ())?;
    assert_text(xp.take_along_axis(&x, &real, 1), &["take_along_axis: ", "float64"]);
    assert_text(xp.take_along_axis(&x, &at, 0), &["take_along_axis: ", "[1, 3]", "[1, 2]"]);
    let beyond = xp.asarray([[0], [3]], ())?;
    assert_text(xp.take_along_axis(&x, &beyond, 1), &["take_along_axis: ", "index 3", "length 3"]);
    assert_text(xp.take_along_axis(&none, &beyond, 1), &["take_along_axis: ", "length 0"]);
    Ok(())
}

fn against_model<B: Namespace, T: Element + Nested>(
    xp: &B,
    x: &Nd<T>,
    places: &[i64],
    seed: usize,
) -> Result<()> {
    let (axis, written) = some_axis(x.shape.len(), seed, seed.is_multiple_of(2));
    let extent = x.shape[axis] as i64;
    if extent == 0 {
        return Ok(());
    }
    let places: Vec<i64> = places.iter().map(|p| p.rem_euclid(2 * extent) - extent).collect();
    let wrap = |p: i64| p.rem_euclid(extent) as usize;
    let expected =
        x.map_lines(axis, places.len(), |line| places.iter().map(|&p| line[wrap(p)]).collect());
    // indices of their own for every second line
    let mut shape = x.shape.clone();
    shape[axis] = places.len();
    let own = Nd::from_fn(&shape, |index| {
        let line: usize =
            index.iter().enumerate().filter(|(k, _)| *k != axis).map(|(_, i)| i).sum();
        if line.is_multiple_of(2) { places[index[axis]] } else { -1 }
    });
    let along = Nd::from_fn(&shape, |index| {
        let mut at = index.to_vec();
        at[axis] = wrap(own.at(index));
        x.at(&at)
    });
    let flat = xp.asarray(places.clone(), ())?;
    for a in views(xp, &x.array(xp))? {
        for i in views(xp, &flat)? {
            assert_eq!(Nd::of(&xp.take(&a, &i, written)?), expected);
        }
        for i in views(xp, &own.array(xp))? {
            assert_eq!(Nd::of(&xp.take_along_axis(&a, &i, written)?), along);
        }
    }
    Ok(())
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => take(xp)?);
    on_each_backend!(xp => take_along_axis(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn elements_at_indices(
        shape in prop::collection::vec(0..5_usize, 1..4),
        places in prop::collection::vec(-99..99_i64, 0..6),
        seed in 0..40_usize,
    ) {
        let x = Nd::from_fn(&shape, |i| i.iter().fold(0_i64, |n, &k| n * 7 + k as i64));
        on_each_backend!(xp => against_model(xp, &x, &places, seed).unwrap());
        on_each_backend!(xp => against_model(xp, &x.map(|v| v as u8), &places, seed).unwrap());
        on_each_backend!(xp => against_model(xp, &x.map(|v| v as f64), &places, seed).unwrap());
    }
}
