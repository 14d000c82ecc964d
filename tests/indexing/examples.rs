//! Examples of every kind of index, of errors, of copy on write, and of iteration.

use arrayspace::constants::newaxis;
use arrayspace::prelude::*;
use arrayspace::{Index, IndexItem, Slice};

use crate::on_each_backend;

/// `0..24` in the shape (2, 3, 4).
fn cube<N: Namespace>(xp: &N) -> Array<N> {
    xp.reshape(xp.asarray((0..24).collect::<Vec<i64>>(), ()).unwrap(), [2, 3, 4], ()).unwrap()
}

fn line<N: Namespace>(xp: &N, len: i64) -> Array<N> {
    xp.asarray((0..len).collect::<Vec<i64>>(), ()).unwrap()
}

fn ints<N: Namespace>(x: &Array<N>) -> Vec<i64> {
    x.to_vec().unwrap()
}

/// Where the elements are like that.
fn mask<N: Namespace>(xp: &N, x: &Array<N>, like: impl Fn(i64) -> bool) -> Array<N> {
    let values: Vec<bool> = ints(x).into_iter().map(like).collect();
    xp.reshape(xp.asarray(values, ()).unwrap(), x.shape(), ()).unwrap()
}

fn slices<N: Namespace>(xp: &N) {
    let x = line(xp, 6);
    let get = |index: Index<'_, N>| ints(&x.get(index).unwrap());
    assert_eq!(get((..).into()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(get((2..4).into()), [2, 3]);
    assert_eq!(get((2_usize..).into()), [2, 3, 4, 5]);
    assert_eq!(get((..-2).into()), [0, 1, 2, 3]);
    assert_eq!(get((1..=3).into()), [1, 2, 3]);
    assert_eq!(get((..=-2).into()), [0, 1, 2, 3, 4]);
    assert_eq!(get(s![4..=-1]), [4, 5]);
    assert_eq!(get(s![4..2]), [0; 0]);
    assert_eq!(get((-100..100).into()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(get((7..9).into()), [0; 0]);
    assert_eq!(get(s![..; 2]), [0, 2, 4]);
    assert_eq!(get(s![..; -1]), [5, 4, 3, 2, 1, 0]);
    assert_eq!(get(s![4..1; -2]), [4, 2]);
    assert_eq!(get(s![4..=2; -2]), [4, 2]);
    assert_eq!(get(s![4..=0; -2]), [4, 2, 0]);
    assert_eq!(get(s![-2..; -3]), [4, 1]);
    assert_eq!(get(s![..3; -1]), [5, 4]);
    assert_eq!(get(s![..; i64::MAX]), [0]);
    assert_eq!(get(s![..; i64::MIN]), [5]);
    assert_eq!(get(s![i64::MIN..i64::MAX; i64::MAX]), [0]);
    assert_eq!(get(s![i64::MAX..=i64::MIN; i64::MIN]), [5]);
    assert_eq!(get(s![..=i64::MAX]), [0, 1, 2, 3, 4, 5]);
    assert_eq!(get(Slice::new(Some(5), None, Some(-2)).into()), [5, 3, 1]);
    assert_eq!(get((0..usize::MAX).into()), [0, 1, 2, 3, 4, 5]);
}

fn tuples<N: Namespace>(xp: &N) {
    let x = cube(xp);
    assert_eq!(x.get(()).unwrap().shape(), [2, 3, 4]);
    assert_eq!(ints(&x.get(1).unwrap()), (12..24).collect::<Vec<i64>>());
    assert_eq!(x.get((1, 2, 3)).unwrap().shape(), [0; 0]);
    assert_eq!(x.get((1_usize, -1, 3_i64)).unwrap().item::<i64>().unwrap(), 23);
    assert_eq!(x.get((.., 1)).unwrap().shape(), [2, 4]);
    assert_eq!(ints(&x.get((Ellipsis, 0)).unwrap()), [0, 4, 8, 12, 16, 20]);
    assert_eq!(x.get((0, Ellipsis, 1..3)).unwrap().shape(), [3, 2]);
    assert_eq!(x.get((1, 2, Ellipsis, 3)).unwrap().item::<i64>().unwrap(), 23);
    assert_eq!(x.get((NewAxis, .., newaxis, 0)).unwrap().shape(), [1, 2, 1, 4]);
    assert_eq!(x.get((.., Ellipsis, NewAxis)).unwrap().shape(), [2, 3, 4, 1]);
    assert_eq!(x.get(s![.., ..; 2, 1..; -1,]).unwrap().shape(), [2, 2, 2]);
    assert_eq!(x.get(s![.., ..; 2, 2..; -1]).unwrap().shape(), [2, 2, 3]);
    let items: Vec<IndexItem<'_, N>> = vec![0.into(), Ellipsis.into()];
    assert_eq!(x.get(&items[..]).unwrap().shape(), [3, 4]);
    assert_eq!(x.get(items).unwrap().shape(), [3, 4]);
    // an index can be used more than once
    let (i, mut y) = (s![0, .., 1], x.clone());
    assert_eq!(ints(&x.get(&i).unwrap()), [1, 5, 9]);
    y.set(&i, 0).unwrap();
    assert_eq!(ints(&y.get(&i).unwrap()), [0, 0, 0]);
    let scalar = xp.asarray(5, ()).unwrap();
    assert_eq!(scalar.get(()).unwrap().item::<i32>().unwrap(), 5);
    assert_eq!(scalar.get(Ellipsis).unwrap().shape(), [0; 0]);
    assert_eq!(scalar.get(NewAxis).unwrap().shape(), [1]);
}

fn integer_arrays<N: Namespace>(xp: &N) {
    let x = cube(xp);
    let i = xp.asarray([1_i64, 0], ()).unwrap();
    let j = xp.asarray([[2_u8], [0], [1]], ()).unwrap();
    assert_eq!(ints(&x.get((&i, &i, &i)).unwrap()), [17, 0]);
    let y = x.get((&i, &j)).unwrap();
    assert_eq!(y.shape(), [3, 2, 4]);
    assert_eq!(ints(&y.get((.., .., 0)).unwrap()), [20, 8, 12, 0, 16, 4]);
    // as in NumPy: neighbours stay where they are, others come first
    assert_eq!(x.get((.., &i, &i)).unwrap().shape(), [2, 2]);
    assert_eq!(x.get((.., &i)).unwrap().shape(), [2, 2, 4]);
    assert_eq!(x.get((.., &j)).unwrap().shape(), [2, 3, 1, 4]);
    assert_eq!(x.get((&i, .., &j)).unwrap().shape(), [3, 2, 3]);
    assert_eq!(x.get((0, .., &j)).unwrap().shape(), [3, 1, 3]);
    assert_eq!(x.get((.., 0, &j)).unwrap().shape(), [2, 3, 1]);
    assert_eq!(x.get((.., &i, Ellipsis, &i)).unwrap().shape(), [2, 2]);
    assert_eq!(x.get((NewAxis, .., &j)).unwrap().shape(), [1, 2, 3, 1, 4]);
    assert_eq!(x.get((.., &j, NewAxis, &i)).unwrap().shape(), [3, 2, 2, 1]);
    // a 0-d array counts as an integer
    let k = xp.asarray(-1_i8, ()).unwrap();
    assert_eq!(ints(&x.get((&k, 0)).unwrap()), [12, 13, 14, 15]);
    assert_eq!(x.get((&k, .., &k)).unwrap().shape(), [3]);
    // no indices
    let none = xp.asarray(Vec::<i64>::new(), ()).unwrap();
    assert_eq!(x.get(&none).unwrap().shape(), [0, 3, 4]);
    assert_eq!(x.get((&none, &k)).unwrap().shape(), [0, 4]);
}

fn masks<N: Namespace>(xp: &N) {
    let x = cube(xp);
    let rows = xp.asarray([false, true], ()).unwrap();
    assert_eq!(ints(&x.get(&rows).unwrap()), (12..24).collect::<Vec<i64>>());
    let some = xp.asarray([[false, true, false], [true, false, true]], ()).unwrap();
    let y = x.get(&some).unwrap();
    assert_eq!(y.shape(), [3, 4]);
    assert_eq!(ints(&y.get((.., 0)).unwrap()), [4, 12, 20]);
    let all = mask(xp, &x, |v| v > 20);
    assert_eq!(ints(&x.get(&all).unwrap()), [21, 22, 23]);
    let t = xp.permute_dims(&x, [2, 0, 1]).unwrap();
    assert_eq!(ints(&t.get(mask(xp, &t, |v| v > 20)).unwrap()), [21, 22, 23]);
    // beside other items
    assert_eq!(
        ints(&x.get((0, .., xp.asarray([true, false, false, true], ()).unwrap())).unwrap()),
        [0, 4, 8, 3, 7, 11]
    );
    assert_eq!(ints(&x.get((&some, 1)).unwrap()), [5, 13, 21]);
    // of no dimensions
    let (yes, no) = (xp.asarray(true, ()).unwrap(), xp.asarray(false, ()).unwrap());
    assert_eq!(x.get(&yes).unwrap().shape(), [1, 2, 3, 4]);
    assert_eq!(x.get(&no).unwrap().shape(), [0, 2, 3, 4]);
    let scalar = xp.asarray(5_i64, ()).unwrap();
    assert_eq!(ints(&scalar.get(&yes).unwrap()), [5]);
    assert_eq!(scalar.get(&no).unwrap().shape(), [0]);
    // of length 0, which the standard allows for an axis of any length
    let none = xp.asarray(Vec::<bool>::new(), ()).unwrap();
    assert_eq!(x.get(&none).unwrap().shape(), [0, 3, 4]);
}

/// Whether this is the error of an index, and its text has all of these.
fn says<N: Namespace>(result: Result<Array<N>>, words: &[&str]) {
    let e = result.unwrap_err();
    assert!(matches!(e, Error::Index(_)), "{e:?}");
    let text = e.to_string();
    assert!(text.starts_with("get: ") && words.iter().all(|w| text.contains(w)), "{text}");
}

fn errors<N: Namespace>(xp: &N) {
    let x = cube(xp);
    says(x.get(2), &["index 2", "axis 0", "length 2", "-2 to 1"]);
    says(x.get((0, -4)), &["index -4", "axis 1", "length 3"]);
    says(x.get(usize::MAX), &["axis 0", "length 2"]);
    says(x.get((0, 0, 0, 0)), &["4 for an array of 3 dimensions", "[2, 3, 4]"]);
    says(x.get((Ellipsis, 0, Ellipsis)), &["2 ellipses"]);
    says(x.get(s![..; 0]), &["step 0", "axis 0"]);
    says(x.get(xp.asarray([0.0], ()).unwrap()), &["float64", "astype"]);
    says(x.get(xp.asarray([true, false, true], ()).unwrap()), &["[3]", "[2]"]);
    says(x.get((.., xp.asarray([[true; 3]; 3], ()).unwrap())), &["[3, 3]", "[3, 4]"]);
    says(x.get((.., .., xp.asarray([[true; 3]; 3], ()).unwrap())), &["too many"]);
    says(x.get(xp.asarray([0, 1, 2], ()).unwrap()), &["2", "axis 0"]);
    says(x.get((.., xp.asarray([0, -4], ()).unwrap())), &["-4", "axis 1"]);
    says(x.get((0, 0, 0..0, xp.asarray(0, ()).unwrap())), &["too many"]);
    // out of bounds though nothing is selected
    says(x.get((xp.asarray([5], ()).unwrap(), 1..1)), &["5", "axis 0", "2"]);
    says(x.get((xp.asarray(Vec::<i32>::new(), ()).unwrap(), xp.asarray([7], ()).unwrap())), &["7"]);
    let empty = x.get((0..0, ..)).unwrap();
    says(empty.get(0), &["index 0", "no elements"]);
    says(empty.get(xp.asarray([0], ()).unwrap()), &["axis 0"]);
    // the strides of no elements lead nowhere
    let reversed = empty.get(s![.., ..; -1, ..; -1]).unwrap();
    says(reversed.get((xp.asarray(0, ()).unwrap(), -1, 2)), &["axis 0"]);
    let clash = x.get((xp.asarray([0, 1], ()).unwrap(), xp.asarray([0, 1, 2], ()).unwrap()));
    assert!(matches!(clash, Err(Error::Broadcast(_))));
    let many: Vec<IndexItem<'_, N>> = (0..70).map(|_| NewAxis.into()).collect();
    says(x.get(many), &["73 dimensions"]);
}

fn set_copies_what_is_shared<N: Namespace>(xp: &N) {
    let mut x = cube(xp);
    let (clone, view) = (x.clone(), x.get((.., 1)).unwrap());
    let before = ints(&view);
    x.set((.., 1), -1).unwrap();
    assert_eq!(ints(&view), before);
    assert_eq!(ints(&clone), (0..24).collect::<Vec<i64>>());
    assert_eq!(ints(&x.get((.., 1)).unwrap()), [-1; 8]);
    // a view is written without its source
    let mut view = clone.get(s![.., ..; -1, 0]).unwrap();
    view.set((0, 0), 100).unwrap();
    assert_eq!(ints(&view), [100, 4, 0, 20, 16, 12]);
    assert_eq!(ints(&clone), (0..24).collect::<Vec<i64>>());
    // the elements of a broadcast array share memory, but are elements of their own
    let mut rows = xp.broadcast_to(line(xp, 3), [2, 3]).unwrap();
    rows.set((0, 1), 9).unwrap();
    assert_eq!(ints(&rows), [0, 9, 2, 0, 1, 2]);
    let corner = xp.asarray([[true, false, false], [false, false, true]], ()).unwrap();
    for value in [xp.asarray(7_i64, ()).unwrap(), xp.asarray([7_i64], ()).unwrap()] {
        let mut rows = xp.broadcast_to(line(xp, 3), [2, 3]).unwrap();
        rows.set(&corner, &value).unwrap();
        assert_eq!(ints(&rows), [7, 1, 2, 0, 1, 7]);
        let mut rows = xp.broadcast_to(line(xp, 3), [2, 3]).unwrap();
        rows.set((&xp.asarray([1], ()).unwrap(), 0), value).unwrap();
        assert_eq!(ints(&rows), [0, 1, 2, 7, 1, 2]);
    }
    // memory of its own is written where it is
    let mut own = line(xp, 4);
    own.set(0, 5).unwrap();
    own.set(s![..; -2], 6).unwrap();
    assert_eq!(ints(&own), [5, 6, 2, 6]);
}

fn the_value_is_read_first<N: Namespace>(xp: &N) {
    let mut x = line(xp, 5);
    let value = x.clone();
    x.set(s![..; -1], &value).unwrap();
    assert_eq!(ints(&x), [4, 3, 2, 1, 0]);
    let value = x.get(..-1).unwrap();
    x.set(1.., value).unwrap();
    assert_eq!(ints(&x), [4, 4, 3, 2, 1]);
    let index = x.clone();
    x.set(&index, index.get(0).unwrap()).unwrap();
    assert_eq!(ints(&x), [4, 4, 4, 4, 4]);
    let mut y = line(xp, 3);
    let index = y.clone();
    y.set(&index, xp.asarray([2_i64, 0, 1], ()).unwrap()).unwrap();
    assert_eq!(ints(&y), [2, 0, 1]);
}

fn set_arrays<N: Namespace>(xp: &N) {
    let mut x = line(xp, 5);
    x.set(xp.asarray([1, 3, 1], ()).unwrap(), xp.asarray([7_i64, 8, 9], ()).unwrap()).unwrap();
    assert_eq!(ints(&x), [0, 9, 2, 8, 4]); // the last one wins
    x.set(mask(xp, &x, |v| v > 7), 0).unwrap();
    assert_eq!(ints(&x), [0, 0, 2, 0, 4]);
    x.set(mask(xp, &x, |v| v == 0), xp.asarray([1_i8, 2, 3], ()).unwrap()).unwrap();
    assert_eq!(ints(&x), [1, 2, 2, 3, 4]);
    x.set(xp.asarray(true, ()).unwrap(), 6).unwrap();
    assert_eq!(ints(&x), [6; 5]);
    x.set(xp.asarray(false, ()).unwrap(), 7).unwrap();
    assert_eq!(ints(&x), [6; 5]);
    let mut x = cube(xp);
    x.set(xp.asarray([false, true], ()).unwrap(), 0).unwrap();
    assert_eq!(ints(&x)[10..14], [10, 11, 0, 0]);
    let rows = xp.asarray([[true, false, false], [false, false, true]], ()).unwrap();
    x.set(&rows, xp.asarray([1_i64, 2, 3, 4], ()).unwrap()).unwrap();
    assert_eq!(ints(&x.get(&rows).unwrap()), [1, 2, 3, 4, 1, 2, 3, 4]);
}

fn set_converts_by_promotion_alone<N: Namespace>(xp: &N) {
    let mut x = xp.asarray([1.0_f64, 2.0], ()).unwrap();
    x.set(0, xp.asarray(0.5_f32, ()).unwrap()).unwrap();
    x.set(1, 3).unwrap();
    assert_eq!(x.to_vec::<f64>().unwrap(), [0.5, 3.0]);
    let mut narrow = xp.asarray([1.0_f32, 2.0], ()).unwrap();
    let e = narrow.set(0, x.get(0).unwrap()).unwrap_err();
    assert!(matches!(e, Error::Promotion(_)), "{e}");
    assert!(e.to_string().contains("float64") && e.to_string().contains("DType::Float32"), "{e}");
    let mut bytes = xp.asarray([1_u8, 2], ()).unwrap();
    assert!(matches!(bytes.set(0, 256), Err(Error::Value(_))));
    assert!(matches!(bytes.set(0, -1), Err(Error::Value(_))));
    assert!(matches!(bytes.set(0, 0.5), Err(Error::Promotion(_))));
    assert!(matches!(bytes.set(0, true), Err(Error::Promotion(_))));
    assert!(matches!(bytes.set(0, xp.asarray(1_i8, ()).unwrap()), Err(Error::Promotion(_))));
    let i = num_complex::Complex::new(0.0, 1.0);
    assert!(matches!(narrow.set(0, i), Err(Error::Promotion(_))));
    assert_eq!(bytes.to_vec::<u8>().unwrap(), [1, 2]);
    assert_eq!(narrow.to_vec::<f32>().unwrap(), [1.0, 2.0]);
}

fn a_failed_set_changes_nothing<N: Namespace>(xp: &N) {
    for shared in [false, true] {
        let mut x = cube(xp);
        let witness = shared.then(|| x.clone());
        let indices = xp.asarray([0, 1, 2], ()).unwrap();
        assert!(matches!(x.set(&indices, 0), Err(Error::Index(_))));
        assert!(matches!(x.set((.., .., 9), 0), Err(Error::Index(_))));
        let value = xp.asarray([1_i64, 2, 3], ()).unwrap();
        for result in [x.set((), &value), x.set(indices.get(..2).unwrap(), &value)] {
            let e = result.unwrap_err();
            assert!(matches!(e, Error::Broadcast(_)), "{e}");
            assert!(e.to_string().contains("[3]") && e.to_string().starts_with("set: "), "{e}");
        }
        assert_eq!(ints(&x), (0..24).collect::<Vec<i64>>());
        drop(witness);
    }
}

fn iteration<N: Namespace>(xp: &N) {
    let x = cube(xp).get((0, ..)).unwrap();
    let mut seen = vec![];
    for row in &x {
        assert_eq!(row.shape(), [4]);
        seen.extend(ints(&row));
    }
    assert_eq!(seen, (0..12).collect::<Vec<i64>>());
    assert_eq!(x.iter().len(), 3);
    let back: Vec<i64> = x.iter().rev().map(|row| ints(&row)[0]).collect();
    assert_eq!(back, [8, 4, 0]);
    assert_eq!(ints(&x.iter().nth(1).unwrap()), [4, 5, 6, 7]);
    let elements: Vec<i64> = line(xp, 3).iter().map(|e| e.item().unwrap()).collect();
    assert_eq!(elements, [0, 1, 2]);
    let flipped = x.get(s![..; -1]).unwrap();
    assert_eq!(ints(&flipped.iter().next().unwrap()), [8, 9, 10, 11]);
    let scalar = xp.asarray(5_i64, ()).unwrap();
    assert_eq!(scalar.iter().map(|e| e.item::<i64>().unwrap()).collect::<Vec<_>>(), [5]);
    let empty = x.get((.., 0..0)).unwrap();
    assert_eq!(empty.iter().map(|row| row.shape().to_vec()).collect::<Vec<_>>(), [[0], [0], [0]]);
    assert_eq!(x.get(0..0).unwrap().iter().count(), 0);
}

on_each_backend! {
    slices
    tuples
    integer_arrays
    masks
    errors
    set_copies_what_is_shared
    the_value_is_read_first
    set_arrays
    set_converts_by_promotion_alone
    a_failed_set_changes_nothing
    iteration
}
