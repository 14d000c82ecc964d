//! The chapter "sorting functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use std::cmp::Ordering;

use arrayspace::options::Sort;
use arrayspace::prelude::*;
use arrayspace::{Element, Nested};
use common::*;
use num_complex::Complex;
use proptest::prelude::*;

fn by_parameter<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[3_i8, 1, 2], [-1, 5, -1]], ())?;
    assert_eq!(xp.sort(&x, ())?.to_vec::<i8>()?, [1, 2, 3, -1, -1, 5]);
    assert_eq!(xp.sort(&x, 0)?.to_vec::<i8>()?, [-1, 1, -1, 3, 5, 2]);
    assert_eq!(
        xp.sort(&x, Sort::new().axis(-2).descending(true))?.to_vec::<i8>()?,
        [3, 5, 2, -1, 1, -1]
    );
    assert_eq!(xp.sort(&x, Sort::new().stable(false))?.to_vec::<i8>()?, [1, 2, 3, -1, -1, 5]);
    let order = xp.argsort(&x, ())?;
    assert_eq!((order.dtype(), order.shape()), (DType::Int64, &[2, 3][..]));
    assert_eq!(order.to_vec::<i64>()?, [1, 2, 0, 0, 2, 1]);
    assert_eq!(xp.argsort(&x, 0)?.to_vec::<i64>()?, [1, 0, 1, 0, 1, 0]);
    // stable in both directions: not the reverse of the ascending order
    let equal = xp.asarray([0, 1, 0], ())?;
    let descending = Sort::new().descending(true);
    assert_eq!(xp.argsort(&equal, descending)?.to_vec::<i64>()?, [1, 0, 2]);
    // integers that a float does not hold
    let wide = xp.asarray([i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1], ())?;
    assert_eq!(xp.argsort(&wide, ())?.to_vec::<i64>()?, [2, 3, 1, 0]);
    let unsigned = xp.asarray([u64::MAX, u64::MAX - 1, 0], ())?;
    assert_eq!(xp.sort(&unsigned, ())?.to_vec::<u64>()?, [0, u64::MAX - 1, u64::MAX]);
    let truth = xp.asarray([true, false, true], ())?;
    assert_eq!(xp.sort(&truth, ())?.to_vec::<bool>()?, [false, true, true]);
    let c = |re, im| Complex::new(re, im);
    let nan = f64::NAN;
    let z = xp.asarray([c(nan, 0.0), c(1.0, 2.0), c(0.0, nan), c(1.0, -2.0), c(-1.0, 9.0)], ())?;
    assert_eq!(xp.argsort(&z, ())?.to_vec::<i64>()?[..3], [4, 3, 1]);

    let none = xp.reshape(xp.asarray(Vec::<f32>::new(), ())?, (0, 3), ())?;
    assert_eq!(xp.sort(&none, ())?.shape(), [0, 3]);
    assert_eq!(xp.argsort(&none, 0)?.shape(), [0, 3]);
    assert_text(xp.sort(&x, 2), &["sort: ", "axis 2", "-2 to 1"]);
    assert_text(xp.argsort(&x, -3), &["argsort: ", "axis -3"]);
    assert_text(xp.sort(xp.asarray(1, ())?, ()), &["sort: ", "0-d"]);
    assert_text(xp.argsort(xp.asarray(1, ())?, ()), &["argsort: ", "0-d"]);
    Ok(())
}

/// Elements with the order that sorting uses.
trait Ordered: Element + Nested {
    fn unordered(self) -> bool;
    fn compare(self, other: Self) -> Ordering;
    /// The bits, to compare NaNs and signed zeros as well.
    fn raw(slice: &[Self]) -> Vec<u8> {
        Self::as_bytes(slice).to_vec()
    }
}

impl Ordered for i32 {
    fn unordered(self) -> bool {
        false
    }
    fn compare(self, other: Self) -> Ordering {
        self.cmp(&other)
    }
}

impl Ordered for f64 {
    fn unordered(self) -> bool {
        self.is_nan()
    }
    fn compare(self, other: Self) -> Ordering {
        self.partial_cmp(&other).unwrap()
    }
}

/// The stable order of a line, NaN last, by insertion.
fn order<T: Ordered>(line: &[T], descending: bool) -> Vec<i64> {
    let before = |a: T, b: T| match (a.unordered(), b.unordered()) {
        (false, true) => true,
        (true, _) => false,
        _ if descending => a.compare(b) == Ordering::Greater,
        _ => a.compare(b) == Ordering::Less,
    };
    let mut out: Vec<i64> = Vec::new();
    for k in 0..line.len() {
        let mut place = out.len();
        while place > 0 && before(line[k], line[out[place - 1] as usize]) {
            place -= 1;
        }
        out.insert(place, k as i64);
    }
    out
}

fn against_model<B: Namespace, T: Ordered>(
    xp: &B,
    x: &Nd<T>,
    seed: usize,
    descending: bool,
) -> Result<()> {
    let (axis, written) = some_axis(x.shape.len(), seed, seed.is_multiple_of(2));
    let len = x.shape[axis];
    let indices = x.map_lines(axis, len, |line| order(line, descending));
    let values = x.map_lines(axis, len, |line| {
        order(line, descending).into_iter().map(|k| line[k as usize]).collect()
    });
    let options = Sort::new().axis(written).descending(descending);
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&xp.argsort(&a, options.clone())?), indices);
        let sorted = Nd::of(&xp.sort(&a, options.clone())?);
        assert_eq!(sorted.shape, values.shape);
        assert_eq!(T::raw(&sorted.data), T::raw(&values.data));
    }
    Ok(())
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => by_parameter(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn stable_with_nan_last(
        shape in prop::collection::vec(0..5_usize, 1..4),
        long in 0..300_usize,
        picks in prop::collection::vec(floats(), 300),
        seed in 0..40_usize,
        descending: bool,
    ) {
        let mut next = picks.iter().cycle().copied();
        let x = Nd::from_fn(&shape, |_| next.next().unwrap());
        on_each_backend!(xp => against_model(xp, &x, seed, descending).unwrap());
        let line = Nd { shape: vec![long], data: picks[..long].to_vec() };
        on_each_backend!(xp => against_model(xp, &line, 0, descending).unwrap());
        let ints = line.map(|v| v as i32);
        on_each_backend!(xp => against_model(xp, &ints, 0, descending).unwrap());
    }
}
