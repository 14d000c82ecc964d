//! The chapter "utility functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::Axes;
use arrayspace::options::{Diff, axis};
use arrayspace::prelude::*;
use common::*;
use num_complex::Complex;
use proptest::prelude::*;

fn truth<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 0], [2, 3], [0, 0]], ())?;
    let all = xp.all(&x, ())?;
    assert_eq!((all.dtype(), all.shape(), all.item::<bool>()?), (DType::Bool, &[][..], false));
    assert!(xp.any(&x, ())?.item::<bool>()?);
    assert_eq!(xp.all(&x, 1)?.to_vec::<bool>()?, [false, true, false]);
    assert_eq!(xp.any(&x, axis(-1).keepdims(true))?.shape(), [3, 1]);
    assert_eq!(
        xp.any(&x, Axes::from([0_i64; 0]))?.to_vec::<bool>()?,
        [true, false, true, true, false, false]
    );
    let special = xp.asarray([f64::NAN, f64::INFINITY, f64::NEG_INFINITY], ())?;
    assert!(xp.all(&special, ())?.item::<bool>()?, "NaN and infinities are true");
    assert!(!xp.any(xp.asarray([0.0, -0.0], ())?, ())?.item::<bool>()?);
    assert!(xp.all(xp.asarray([0.5_f32, 0.1], ())?, ())?.item::<bool>()?, "not truncated");
    assert!(xp.all(xp.asarray([Complex::new(0.0, 1.0)], ())?, ())?.item::<bool>()?);
    assert!(xp.all(xp.asarray([u64::MAX, 256], ())?, ())?.item::<bool>()?);
    let none = xp.zeros([0, 2], DType::Int8)?;
    assert_eq!(xp.all(&none, 0)?.to_vec::<bool>()?, [true, true]);
    assert_eq!(xp.any(&none, 0)?.to_vec::<bool>()?, [false, false]);
    assert_eq!(xp.any(&none, 1)?.shape(), [0]);
    assert_text(xp.all(&x, 2), &["all: ", "axis 2"]);
    assert_text(xp.any(&x, [0, 0]), &["any: ", "repeated"]);
    assert_text(xp.all(&x, axis(0).dtype(DType::Bool)), &["all: ", "dtype"]);
    assert_text(xp.any(&x, axis(0).correction(1)), &["any: ", "correction"]);
    Ok(())
}

fn differences<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 4, 9], [2, 2, 0]], ())?;
    assert_eq!(xp.diff(&x, ())?.to_vec::<i32>()?, [3, 5, 0, -2]);
    assert_eq!(xp.diff(&x, Diff::new().axis(0))?.to_vec::<i32>()?, [1, -2, -9]);
    assert_eq!(xp.diff(&x, Diff::new().n(2))?.to_vec::<i32>()?, [2, -2]);
    assert_eq!(xp.diff(&x, Diff::new().n(0))?.to_vec::<i32>()?, [1, 4, 9, 2, 2, 0]);
    for n in [3, 4, i64::MAX] {
        assert_eq!(xp.diff(&x, Diff::new().n(n))?.shape(), [2, 0]);
    }
    assert_eq!(xp.diff(xp.zeros([0], ())?, ())?.shape(), [0]);
    let unsigned = xp.asarray([3_u8, 1], ())?;
    assert_eq!(xp.diff(&unsigned, ())?.to_vec::<u8>()?, [254], "wraps");
    let (before, after) = (xp.asarray([[0], [0]], ())?, xp.asarray([[10, 20], [10, 20]], ())?);
    let options = Diff::new().prepend(&before).append(&after);
    let out = xp.diff(&x, options)?;
    assert_eq!(
        Nd::of(&out),
        Nd { shape: vec![2, 5], data: vec![1, 3, 5, 1, 10, 2, 0, -2, 10, 10] }
    );
    assert_eq!(xp.diff(&x, Diff::new().n(0).prepend(&before))?.shape(), [2, 4]);
    let wider = xp.asarray([-1_i8], ())?;
    let mixed = xp.diff(&unsigned, Diff::new().append(&wider))?;
    assert_eq!(mixed.to_vec::<i16>()?, [-2, -2], "promoted");
    let z = xp.asarray([Complex::new(1.0, 1.0), Complex::new(3.0, 0.0)], ())?;
    assert_eq!(xp.diff(&z, ())?.item::<Complex<f64>>()?, Complex::new(2.0, -1.0));

    assert_text(xp.diff(&x, Diff::new().axis(2)), &["diff: ", "axis 2"]);
    assert_text(xp.diff(&x, Diff::new().n(-1)), &["diff: ", "n is -1"]);
    assert_text(xp.diff(xp.asarray(1, ())?, ()), &["diff: ", "0-d"]);
    assert_text(xp.diff(xp.asarray([true], ())?, ()), &["diff: ", "bool"]);
    let flat = xp.asarray([1], ())?;
    assert_text(xp.diff(&x, Diff::new().prepend(&flat)), &["diff: ", "prepend", "[1]", "[2, 3]"]);
    let tall = xp.asarray([[1], [2], [3]], ())?;
    assert_text(xp.diff(&x, Diff::new().append(&tall)), &["diff: ", "append", "[3, 1]", "axis 1"]);
    let real = xp.asarray([[1.0], [2.0]], ())?;
    assert_text(xp.diff(&x, Diff::new().append(&real)), &["int32", "float64"]);
    let bools = xp.asarray([[true], [true]], ())?;
    assert_text(xp.diff(&x, Diff::new().append(&bools)), &["diff: ", "append", "bool"]);
    Ok(())
}

fn truth_model<B: Namespace>(xp: &B, x: &Nd<f64>, choice: u8, signs: u8) -> Result<()> {
    let (axes, written) = some_axes(x.shape.len(), choice, signs);
    let keepdims = signs >> 7 == 1;
    let groups = x.groups(&axes, keepdims);
    let options = axis(written).keepdims(keepdims);
    for a in views(xp, &x.array(xp))? {
        let all = groups.map(|g| g.iter().all(|&v| v != 0.0));
        assert_eq!(Nd::of(&xp.all(&a, options.clone())?), all);
        let any = groups.map(|g| g.iter().any(|&v| v != 0.0));
        assert_eq!(Nd::of(&xp.any(&a, options.clone())?), any);
        let bools = xp.not_equal(&a, 0)?;
        assert_eq!(Nd::of(&xp.all(&bools, options.clone())?), all);
    }
    Ok(())
}

fn difference_model<B: Namespace>(xp: &B, x: &Nd<i8>, seed: usize, n: usize) -> Result<()> {
    let (axis, written) = some_axis(x.shape.len(), seed, seed.is_multiple_of(2));
    let len = x.shape[axis];
    let expected = x.map_lines(axis, len.saturating_sub(n), |line| {
        let mut line = line.to_vec();
        for _ in 0..n {
            line = line.windows(2).map(|w| w[1].wrapping_sub(w[0])).collect();
        }
        line
    });
    for a in views(xp, &x.array(xp))? {
        let options = Diff::new().axis(written).n(n as i64);
        assert_eq!(Nd::of(&xp.diff(&a, options)?), expected);
    }
    Ok(())
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => truth(xp)?);
    on_each_backend!(xp => differences(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn over_any_axes(x in arrays(floats(), 3, 5), choice: u8, signs: u8) {
        on_each_backend!(xp => truth_model(xp, &x, choice, signs).unwrap());
    }

    #[test]
    fn neighbours(
        shape in prop::collection::vec(0..6_usize, 1..4),
        picks in prop::collection::vec(any::<i8>(), 125),
        seed in 0..40_usize,
        n in 0..5_usize,
    ) {
        let mut next = picks.into_iter();
        let x = Nd::from_fn(&shape, |_| next.next().unwrap());
        on_each_backend!(xp => difference_model(xp, &x, seed, n).unwrap());
    }
}
