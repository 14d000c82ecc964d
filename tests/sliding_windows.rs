//! Sliding windows: examples, errors, writing, and random ones against a model.

#![cfg(feature = "cpu")]

#[path = "common/each.rs"]
mod each;
use arrayspace::Axis;
use arrayspace::prelude::*;
use proptest::prelude::*;

fn numbers<N: Namespace>(xp: &N, shape: &[usize]) -> Array<N> {
    let count = shape.iter().product::<usize>() as i64;
    xp.reshape(xp.arange(0, count, 1, DType::Int64).unwrap(), shape, ()).unwrap()
}

fn examples<N: Namespace>(xp: &N) {
    let x = numbers(xp, &[7]);
    let values = |w, s| x.sliding_windows(w, s, ()).unwrap().to_vec::<i64>().unwrap();
    assert_eq!(values(3, 2), [0, 1, 2, 2, 3, 4, 4, 5, 6]);
    assert_eq!(values(3, 3), [0, 1, 2, 3, 4, 5]);
    assert_eq!(values(2, 4), [0, 1, 4, 5]);
    assert_eq!(values(1, 1), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(values(7, 1), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(values(7, i64::MAX), [0, 1, 2, 3, 4, 5, 6]);
    let windows = x.sliding_windows(3, 2, ()).unwrap();
    assert_eq!((windows.shape(), windows.strides()), (&[3, 3][..], &[2, 1][..]));

    let x = numbers(xp, &[3, 4]);
    let rows = x.sliding_windows(2, 1, 0).unwrap();
    assert_eq!(rows.shape(), [2, 4, 2]);
    assert_eq!(rows.get((1, 2)).unwrap().to_vec::<i64>().unwrap(), [6, 10]);
    assert_eq!(
        x.sliding_windows(2, 1, -2).unwrap().to_vec::<i64>().unwrap(),
        rows.to_vec::<i64>().unwrap()
    );
    let twice = x.sliding_windows(2, 1, 0).unwrap().sliding_windows(2, 2, 1).unwrap();
    assert_eq!(twice.shape(), [2, 2, 2, 2]);
    assert_eq!(twice.get((1, 1)).unwrap().to_vec::<i64>().unwrap(), [6, 7, 10, 11]);

    let none = xp.zeros([0, 5], ()).unwrap().sliding_windows(2, 1, 1).unwrap();
    assert_eq!(none.shape(), [0, 4, 2]);
}

fn errors<N: Namespace>(xp: &N) {
    let x = numbers(xp, &[2, 5]);
    let fails = |window: i64, step: i64, axis: Axis, text: &str| {
        let error = x.sliding_windows(window, step, axis).unwrap_err().to_string();
        assert!(error.starts_with("sliding_windows: ") && error.contains(text), "{error}");
    };
    fails(0, 1, ().into(), "window is 0, but 1 or more");
    fails(-3, 1, ().into(), "window is -3");
    fails(2, 0, ().into(), "step is 0, but 1 or more");
    fails(2, -1, ().into(), "step is -1");
    fails(6, 1, ().into(), "6 elements is longer than axis 1 of the shape [2, 5]");
    fails(3, 1, 0.into(), "longer than axis 0");
    fails(i64::MAX, 1, ().into(), "longer");
    fails(2, 1, 2.into(), "axis 2 is out of range");
    fails(2, 1, Axis::None, "one axis is expected");
    let scalar = xp.ones((), ()).unwrap();
    assert!(matches!(scalar.sliding_windows(1, 1, ()), Err(Error::Axis(_))));
    let empty = xp.ones(0, ()).unwrap();
    assert!(matches!(empty.sliding_windows(1, 1, ()), Err(Error::Value(_))));
    let deep = xp.ones(vec![1usize; 64], ()).unwrap();
    assert!(matches!(deep.sliding_windows(1, 1, ()), Err(Error::Shape(_))));
    let long = xp.broadcast_to(&scalar, 1i64 << 40).unwrap();
    assert!(matches!(long.sliding_windows(1i64 << 39, 1, ()), Err(Error::OutOfMemory(_))));
    let one = long.sliding_windows(1i64 << 40, 1, ()).unwrap();
    assert_eq!(one.shape(), [1, 1 << 40]);
}

/// Windows share memory, but a write to one is a write to it alone.
fn written<N: Namespace>(xp: &N) {
    let make = |keep: bool| {
        let x = numbers(xp, &[5]);
        let windows = x.sliding_windows(3, 1, ()).unwrap();
        (keep.then_some(x), windows)
    };
    // with and without another handle to the memory
    for keep in [true, false] {
        let (x, mut windows) = make(keep);
        windows.set((1, 0), 9).unwrap();
        assert_eq!(windows.to_vec::<i64>().unwrap(), [0, 1, 2, 9, 2, 3, 2, 3, 4]);
        let (y, mut windows) = make(keep);
        windows.set((.., 1), xp.asarray([7i64, 8, 9], ()).unwrap()).unwrap();
        assert_eq!(windows.to_vec::<i64>().unwrap(), [0, 7, 2, 1, 8, 3, 2, 9, 4]);
        let (z, mut windows) = make(keep);
        windows += 1;
        assert_eq!(windows.to_vec::<i64>().unwrap(), [1, 2, 3, 2, 3, 4, 3, 4, 5]);
        let (w, mut windows) = make(keep);
        let mask = xp.greater(&windows, 1).unwrap();
        windows.set(&mask, -1).unwrap();
        assert_eq!(windows.to_vec::<i64>().unwrap(), [0, 1, -1, 1, -1, -1, -1, -1, -1]);
        let (v, mut windows) = make(keep);
        let rows = xp.asarray([2i64, 0], ()).unwrap();
        windows.set(&rows, 5).unwrap();
        assert_eq!(windows.to_vec::<i64>().unwrap(), [5, 5, 5, 1, 2, 3, 5, 5, 5]);
        let sum = make(keep).1 + &windows;
        assert_eq!(sum.to_vec::<i64>().unwrap(), [5, 6, 7, 2, 4, 6, 7, 8, 9]);
        for x in [x, y, z, w, v].into_iter().flatten() {
            assert_eq!(x.to_vec::<i64>().unwrap(), [0, 1, 2, 3, 4]);
        }
    }
    // windows that do not overlap are written where they are; the array is copied before
    let x = numbers(xp, &[4]);
    let mut pairs = x.sliding_windows(2, 2, ()).unwrap();
    pairs.set(0, 9).unwrap();
    assert_eq!(pairs.to_vec::<i64>().unwrap(), [9, 9, 2, 3]);
    assert_eq!(x.to_vec::<i64>().unwrap(), [0, 1, 2, 3]);
}

fn as_the_model<N: Namespace>(xp: &N) {
    proptest!(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() }, |(
        shape in proptest::collection::vec(0..7usize, 1..4),
        axis in any::<proptest::sample::Index>(),
        (window, step) in (1..8usize, 1..9usize),
        (reversed, transposed) in (any::<bool>(), any::<bool>()),
        at in any::<proptest::sample::Index>(),
    )| {
        let mut x = numbers(xp, &shape);
        if reversed {
            x = xp.flip(&x, ()).unwrap();
        }
        if transposed {
            x = xp.permute_dims(&x, (0..shape.len()).rev().collect::<Vec<_>>()).unwrap();
        }
        let (shape, axis) = (x.shape().to_vec(), axis.index(shape.len()));
        let result = x.sliding_windows(window, step, axis);
        if window > shape[axis] {
            prop_assert!(matches!(result, Err(Error::Value(_))));
            return Ok(());
        }
        let mut windows = result.unwrap();
        // the model: window k is a slice, its axis moved to the end
        let count = (shape[axis] - window) / step + 1;
        let slices: Vec<Array<N>> = (0..count)
            .map(|k| {
                let indices = xp.arange(k * step, k * step + window, 1, DType::Int64).unwrap();
                xp.moveaxis(xp.take(&x, &indices, axis).unwrap(), axis, -1).unwrap()
            })
            .collect();
        let model = xp.stack(&slices, axis).unwrap();
        prop_assert_eq!(windows.shape(), model.shape());
        let mut values = model.to_vec::<i64>().unwrap();
        prop_assert_eq!(windows.to_vec::<i64>().unwrap(), &values[..]);
        // a write to one element
        if !values.is_empty() {
            let before = x.to_vec::<i64>().unwrap();
            let at = at.index(values.len());
            let mut rest = at;
            let mut index: Vec<i64> = model.shape().iter().rev().map(|&d| {
                let k = rest % d;
                rest /= d;
                k as i64
            }).collect();
            index.reverse();
            let index = arrayspace::Index::from_items(index.into_iter().map(arrayspace::IndexItem::Int));
            windows.set(index, -5).unwrap();
            values[at] = -5;
            prop_assert_eq!(windows.to_vec::<i64>().unwrap(), values);
            prop_assert_eq!(x.to_vec::<i64>().unwrap(), before);
        }
    });
}

each::on_each_backend!(examples errors written as_the_model);
