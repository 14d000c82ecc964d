//! The chapter "set functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::options::IsIn;
use arrayspace::prelude::*;
use arrayspace::{Element, Nested};
use common::*;
use half::{bf16, f16};
use num_complex::Complex;
use proptest::prelude::*;

fn membership<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 2], [3, 2]], ())?;
    let set = xp.asarray([[2], [7]], ())?;
    let out = xp.isin(&x, &set, ())?;
    assert_eq!(Nd::of(&out), Nd { shape: vec![2, 2], data: vec![false, true, false, true] });
    let inverted = xp.isin(&x, &set, IsIn::new().invert(true))?;
    assert_eq!(inverted.to_vec::<bool>()?, [true, false, true, false]);
    assert_eq!(xp.isin(&x, 3, ())?.to_vec::<bool>()?, [false, false, true, false]);
    let scalar = xp.isin(7, &set, ())?;
    assert_eq!((scalar.shape(), scalar.item::<bool>()?), (&[][..], true));
    assert!(xp.isin(8, &set, true)?.item::<bool>()?);
    let none = xp.asarray(Vec::<i32>::new(), ())?;
    assert_eq!(xp.isin(&x, &none, ())?.to_vec::<bool>()?, [false; 4]);
    assert_eq!(xp.isin(&x, &none, true)?.to_vec::<bool>()?, [true; 4]);
    assert_eq!(xp.isin(&none, &x, ())?.shape(), [0]);
    let mixed = xp.isin(xp.asarray([-1_i8], ())?, xp.asarray([255_u8], ())?, ())?;
    assert_eq!(mixed.to_vec::<bool>()?, [false], "promoted, not wrapped");
    let exact = xp.asarray([i64::MAX, i64::MAX - 1], ())?;
    assert_eq!(xp.isin(&exact, i64::MAX, ())?.to_vec::<bool>()?, [true, false]);
    let f = xp.asarray([0.0, -0.0, f64::NAN], ())?;
    let g = xp.asarray([f64::NAN, -0.0], ())?;
    assert_eq!(xp.isin(&f, &g, ())?.to_vec::<bool>()?, [true, true, false]);
    assert_eq!(xp.isin(&f, 0, ())?.to_vec::<bool>()?, [true, true, false]);
    let z = xp.asarray([Complex::new(1.0, 2.0), Complex::new(f64::NAN, 2.0)], ())?;
    assert_eq!(xp.isin(&z, &z, ())?.to_vec::<bool>()?, [true, false]);
    let truth = xp.asarray([true, true], ())?;
    assert_eq!(xp.isin(&truth, false, ())?.to_vec::<bool>()?, [false, false]);

    assert_text(xp.isin(1, 2, ()), &["isin: ", "two scalars", "asarray"]);
    assert_text(xp.isin(&x, &f, ()), &["isin: ", "int32", "float64", "astype"]);
    assert_text(xp.isin(&x, 0.5, ()), &["isin: ", "float", "int32"]);
    assert_text(xp.isin(xp.asarray([1_u8], ())?, -1, ()), &["isin: ", "-1", "uint8"]);
    Ok(())
}

fn unique<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[3, 1], [3, 2]], ())?;
    let u = xp.unique_all(&x)?;
    assert_eq!((u.values.dtype(), u.values.to_vec::<i32>()?), (DType::Int32, vec![1, 2, 3]));
    assert_eq!((u.indices.dtype(), u.indices.to_vec::<i64>()?), (DType::Int64, vec![1, 3, 0]));
    assert_eq!(Nd::of(&u.inverse_indices), Nd { shape: vec![2, 2], data: vec![2_i64, 0, 2, 1] });
    assert_eq!((u.counts.dtype(), u.counts.to_vec::<i64>()?), (DType::Int64, vec![1, 1, 2]));

    // NaNs are distinct, zeros are one, and the one that comes first
    let nan = f64::NAN;
    let f = xp.asarray([nan, -0.0, 0.0, nan, 1.0, -0.0], ())?;
    let u = xp.unique_all(&f)?;
    assert_eq!(bits(&u.values.to_vec()?), bits(&[-0.0, 1.0, nan, nan]));
    assert_eq!(u.indices.to_vec::<i64>()?, [1, 4, 0, 3]);
    assert_eq!(u.inverse_indices.to_vec::<i64>()?, [2, 0, 0, 3, 1, 0]);
    assert_eq!(u.counts.to_vec::<i64>()?, [3, 1, 1, 1]);
    assert_eq!(xp.unique_values(&f)?.to_vec::<f64>()?[..2], [0.0, 1.0]);
    assert_eq!(xp.unique_counts(&f)?.counts.to_vec::<i64>()?, [3, 1, 1, 1]);

    let c = |re: f64, im: f64| Complex::new(re, im);
    let z = [c(0.0, 5.0), c(-0.0, 3.0), c(nan, 1.0), c(0.0, 3.0), c(nan, 1.0), c(-0.0, 5.0)];
    let u = xp.unique_all(xp.asarray(z, ())?)?;
    assert_eq!(u.values.to_vec::<Complex<f64>>()?[..2], [c(0.0, 3.0), c(0.0, 5.0)]);
    assert_eq!(u.indices.to_vec::<i64>()?, [1, 0, 2, 4]);
    assert_eq!(u.inverse_indices.to_vec::<i64>()?, [1, 0, 2, 0, 3, 1]);
    assert_eq!(u.counts.to_vec::<i64>()?, [2, 2, 1, 1]);

    let scalar = xp.unique_all(xp.asarray(7_u8, ())?)?;
    assert_eq!((scalar.values.shape(), scalar.inverse_indices.shape()), (&[1][..], &[][..]));
    assert_eq!(scalar.counts.to_vec::<i64>()?, [1]);
    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 3), ())?;
    let u = xp.unique_all(&none)?;
    assert_eq!((u.values.shape(), u.values.dtype()), (&[0][..], DType::Float32));
    assert_eq!((u.indices.shape(), u.counts.shape()), (&[0][..], &[0][..]));
    assert_eq!(u.inverse_indices.shape(), [0, 3]);
    assert_eq!(xp.unique_values(&none)?.shape(), [0]);
    assert_eq!(xp.unique_inverse(&none)?.inverse_indices.shape(), [0, 3]);
    Ok(())
}

/// The unique elements by looking at every pair, in the order of first occurrence.
fn naive<T: PartialEq + Copy>(data: &[T]) -> (Vec<usize>, Vec<usize>) {
    let mut firsts: Vec<usize> = Vec::new();
    let mut groups = Vec::new();
    for (k, v) in data.iter().enumerate() {
        let group = firsts.iter().position(|&first| data[first] == *v).unwrap_or_else(|| {
            firsts.push(k);
            firsts.len() - 1
        });
        groups.push(group);
    }
    (firsts, groups)
}

fn against_model<B: Namespace, T: Element + Nested>(xp: &B, x: &Nd<T>) -> Result<()> {
    let (firsts, groups) = naive(&x.data);
    for a in views(xp, &x.array(xp))? {
        let u = xp.unique_all(&a)?;
        let found = u.indices.to_vec::<i64>()?;
        assert_eq!(found.len(), firsts.len());
        // where each of the groups, numbered by first occurrence, is among the values
        let places: Vec<usize> = (firsts.iter())
            .map(|&first| found.iter().position(|&i| i as usize == first).unwrap())
            .collect();
        let inverse: Vec<i64> = groups.iter().map(|&g| places[g] as i64).collect();
        let values: Vec<T> = found.iter().map(|&i| x.data[i as usize]).collect();
        let mut counts = vec![0_i64; firsts.len()];
        groups.iter().for_each(|&g| counts[places[g]] += 1);
        let same = |v: Array<B>| -> Result<()> {
            assert_eq!(T::as_bytes(&v.to_vec::<T>()?), T::as_bytes(&values));
            Ok(())
        };
        same(u.values)?;
        assert_eq!(Nd::of(&u.inverse_indices), Nd { shape: x.shape.clone(), data: inverse });
        assert_eq!(u.counts.to_vec::<i64>()?, counts);
        same(xp.unique_values(&a)?)?;
        let c = xp.unique_counts(&a)?;
        same(c.values)?;
        assert_eq!(c.counts.to_vec::<i64>()?, counts);
        let i = xp.unique_inverse(&a)?;
        same(i.values)?;
        assert_eq!(Nd::of(&i.inverse_indices), Nd::<i64>::of(&u.inverse_indices));
        let half = x.data[..x.data.len() / 2].to_vec();
        let among = x.map(|v| half.contains(&v));
        let half = xp.asarray(half, ())?;
        assert_eq!(Nd::of(&xp.isin(&a, &half, ())?), among);
        assert_eq!(Nd::of(&xp.isin(&a, &half, true)?), among.map(|b| !b));
    }
    Ok(())
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => membership(xp)?);
    on_each_backend!(xp => unique(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_pair(x in arrays(floats(), 3, 6)) {
        on_each_backend!(xp => {
            against_model(xp, &x).unwrap();
            against_model(xp, &x.map(|v| v > 0.0)).unwrap();
            against_model(xp, &x.map(|v| v as i8)).unwrap();
            against_model(xp, &x.map(|v| v as i64)).unwrap();
            against_model(xp, &x.map(|v| v as u16)).unwrap();
            against_model(xp, &x.map(|v| v as u32)).unwrap();
            against_model(xp, &x.map(f16::from_f64)).unwrap();
            against_model(xp, &x.map(bf16::from_f64)).unwrap();
            against_model(xp, &x.map(|v| v as f32)).unwrap();
            against_model(xp, &x.map(|v| Complex::new((v / 2.0).trunc(), v))).unwrap();
            against_model(xp, &x.map(|v| Complex::new(v as f32, -v as f32))).unwrap();
        });
    }
}
