//! Elements, rows and few elements take short ways through the library. Each must do what the general way does (a
//! trailing `Ellipsis` leads to it), and what the numbers of the selected elements say: for every dtype, layouts of
//! all kinds, indices in and out of bounds, memory that is shared.

use arrayspace::core::OpClass;
use arrayspace::prelude::*;
use arrayspace::{Element, Index, IndexItem, Slice, bytes_copied_by_set, with_element};

use crate::on_each_backend;

/// The dtypes that the backend stores.
fn dtypes<N: Namespace>(xp: &N) -> Vec<DType> {
    let all = N::capabilities(xp, N::primary_device(xp)).unwrap().dtypes(OpClass::Storage);
    all.iter().collect()
}

/// The value that stands for a number, one of a few that every dtype holds.
fn value(k: i64, dtype: DType) -> Scalar {
    match dtype {
        DType::Bool => Scalar::Bool(k % 3 == 0),
        d if d.is_unsigned_integer() => Scalar::Int((k % 101).unsigned_abs().into()),
        d if d.is_integer() => Scalar::Int((k % 101).into()),
        d => {
            with_element!(d, T => T::from_scalar(Scalar::Float((k % 101) as f64 / 2.0)).to_scalar())
        }
    }
}

fn array<N: Namespace>(xp: &N, dtype: DType, shape: &[usize], values: &[Scalar]) -> Array<N> {
    let flat = with_element!(dtype, T => {
        xp.asarray(values.iter().map(|&v| T::from_scalar(v)).collect::<Vec<T>>(), ())
    });
    xp.reshape(flat.unwrap(), shape, ()).unwrap()
}

fn scalars<N: Namespace>(x: &Array<N>) -> Vec<Scalar> {
    with_element!(x.dtype(), T => {
        x.to_vec::<T>().unwrap().into_iter().map(Element::to_scalar).collect()
    })
}

/// Arrays of a shape with the given values, in memory of all kinds; the last one is broadcast along its first axis,
/// and has values of its own.
fn layouts<N: Namespace>(xp: &N, dtype: DType, shape: &[usize]) -> Vec<Array<N>> {
    let count: usize = shape.iter().product();
    let values: Vec<Scalar> = (0..count as i64).map(|k| value(7 * k + 1, dtype)).collect();
    let plain = array(xp, dtype, shape, &values);
    let mut out = vec![plain.clone()];
    let Some(&len) = shape.first() else { return out };
    // within a larger array, every second one, backwards
    let mut larger = shape.to_vec();
    larger[0] = 2 * len + 3;
    let middle = Slice::new(Some(2), Some(2 + 2 * len as i64), Some(2));
    let mut roomy = xp.zeros(&larger[..], dtype).unwrap();
    roomy.set(s![middle, Ellipsis], &plain).unwrap();
    out.push(roomy.get(s![middle, Ellipsis]).unwrap());
    let back = xp.reshape(xp.flip(&plain, ()).unwrap(), shape, true).unwrap();
    out.push(xp.flip(&back, ()).unwrap());
    // axes in another order
    let axes: Vec<i64> = (0..shape.len() as i64).rev().collect();
    let turned = xp.permute_dims(&plain, &axes[..]).unwrap();
    let turned = xp.reshape(&turned, turned.shape(), true).unwrap();
    out.push(xp.permute_dims(&turned, &axes[..]).unwrap());
    for x in &out {
        assert_eq!(scalars(x), values);
    }
    if len > 0 {
        out.push(xp.broadcast_to(plain.get((0..1, Ellipsis)).unwrap(), shape).unwrap());
    }
    out
}

/// An item of an index that can be made as often as it is needed.
#[derive(Clone, Debug)]
enum Item {
    Int(i64),
    Slice(Slice),
    Ints(DType, Vec<i64>),
    Mask(Vec<usize>, Vec<bool>),
}

/// The index, and the same with an ellipsis behind it.
fn both<'a, N: Namespace>(xp: &N, items: &[Item]) -> [Index<'a, N>; 2] {
    let made = || {
        items.iter().map(|item| match item {
            Item::Int(i) => IndexItem::Int(*i),
            Item::Slice(slice) => IndexItem::Slice(*slice),
            Item::Ints(dtype, values) => {
                let values: Vec<Scalar> = values.iter().map(|&v| v.into()).collect();
                array(xp, *dtype, &[values.len()], &values).into()
            }
            Item::Mask(shape, values) => {
                xp.reshape(xp.asarray(values.clone(), ()).unwrap(), &shape[..], ()).unwrap().into()
            }
        })
    };
    [Index::from_items(made()), Index::from_items(made().chain([IndexItem::Ellipsis]))]
}

/// Indices for arrays of a shape, some of them out of bounds.
fn indices(shape: &[usize], dtype: DType) -> Vec<Vec<Item>> {
    let int = |axis: usize, k: i64| {
        let n = shape[axis].max(1) as i64;
        Item::Int([0, n - 1, -1, -n, n / 2][(k + axis as i64) as usize % 5])
    };
    let slices = [
        Slice::new(None, None, None),
        Slice::new(Some(1), None, None),
        Slice::new(None, Some(-1), Some(2)),
        Slice::new(None, None, Some(-1)),
        Slice::new(Some(2), Some(1), None),
    ];
    let ndim = shape.len();
    let mut out = vec![vec![]];
    for k in 0..5 {
        for count in 1..=ndim {
            out.push((0..count).map(|axis| int(axis, k)).collect());
            // integers and slices in turn
            for first in 0..2 {
                out.push(
                    (0..count)
                        .map(|axis| match (axis + first) % 2 {
                            0 => int(axis, k),
                            _ => Item::Slice(slices[(axis + k as usize) % 5]),
                        })
                        .collect(),
                );
            }
        }
    }
    for axis in 0..ndim {
        let n = shape[axis] as i64;
        for wrong in [n, -n - 1, i64::MAX, i64::MIN] {
            let mut items: Vec<Item> = (0..ndim).map(|axis| int(axis, 0)).collect();
            items[axis] = Item::Int(wrong);
            out.push(items[..=axis].to_vec());
            out.push(items);
        }
    }
    out.push(vec![Item::Slice(slices[0]); ndim + 1]);
    out.push(vec![Item::Int(0); ndim + 1]);
    out.push(vec![Item::Slice(Slice::new(None, None, Some(0)))]);
    let of = [DType::Int64, DType::Int8, DType::UInt8, DType::Int32, DType::UInt64];
    let index_dtype = of[DType::ALL.iter().position(|&d| d == dtype).unwrap() % 5];
    if let Some(&len) = shape.first() {
        let n = len as i64;
        let unsigned = index_dtype.is_unsigned_integer();
        let some = |k: i64| if unsigned || k % 2 == 0 { k % n.max(1) } else { k % n.max(1) - n };
        let valid = if n == 0 { vec![] } else { (0..5).map(some).collect() };
        out.push(vec![Item::Ints(index_dtype, valid.clone())]);
        out.push(vec![Item::Ints(index_dtype, vec![])]);
        out.push(vec![Item::Ints(index_dtype, vec![0, n])]);
        if !unsigned {
            out.push(vec![Item::Ints(index_dtype, vec![0, -n - 1])]);
        }
        if ndim > 1 {
            out.push(vec![Item::Slice(slices[3]), Item::Ints(index_dtype, vec![0])]);
            out.push(vec![Item::Ints(index_dtype, valid), Item::Int(0)]);
        }
        for covered in [1, ndim] {
            let shape = shape[..covered].to_vec();
            let count: usize = shape.iter().product();
            for every in [1, 2, 3, usize::MAX] {
                let bits = (1..=count).map(|k| k % every == 0).collect();
                out.push(vec![Item::Mask(shape.clone(), bits)]);
            }
        }
    }
    out
}

/// The shapes of up to four axes.
const SHAPES: [&[usize]; 11] = [
    &[],
    &[1],
    &[8],
    &[0],
    &[3, 4],
    &[1, 5],
    &[3, 0],
    &[2, 3, 4],
    &[1, 1, 3],
    &[2, 3, 2, 2],
    &[2, 1, 2, 1, 2],
];

fn get_as_the_general_way<N: Namespace>(xp: &N) {
    for dtype in dtypes(xp) {
        for shape in SHAPES {
            let numbers: Vec<Scalar> =
                (0..shape.iter().product::<usize>() as i64).map(Scalar::from).collect();
            let numbers = array(xp, DType::Int64, shape, &numbers);
            for x in layouts(xp, dtype, shape) {
                let all = scalars(&x);
                for items in indices(shape, dtype) {
                    let [short, general] = both(xp, &items);
                    let (got, expected) = (x.get(&short), x.get(&general));
                    let (got, expected) = match (got, expected) {
                        (Ok(got), Ok(expected)) => (got, expected),
                        (got, expected) => {
                            let texts = [got, expected].map(|r| r.unwrap_err().to_string());
                            assert_eq!(texts[0], texts[1], "{items:?} of {shape:?}");
                            continue;
                        }
                    };
                    assert_eq!(got.shape(), expected.shape(), "{items:?} of {shape:?}");
                    assert_eq!(got.dtype(), dtype);
                    assert_eq!(scalars(&got), scalars(&expected), "{items:?} of {shape:?}");
                    let places = numbers.get(&general).unwrap().to_vec::<i64>().unwrap();
                    let chosen: Vec<Scalar> = places.iter().map(|&k| all[k as usize]).collect();
                    assert_eq!(scalars(&got), chosen, "{items:?} of {shape:?}");
                    if got.size() == 1 {
                        assert_eq!(got.item_scalar().unwrap(), chosen[0]);
                        with_element!(dtype, T => {
                            assert_eq!(got.item::<T>().unwrap().to_scalar(), chosen[0]);
                        });
                    }
                }
            }
        }
    }
}

/// What writing `written`, of a shape that fits, to the places does.
fn expected(
    before: &[Scalar],
    places: &[i64],
    selected: &[usize],
    written: (&[Scalar], &[usize]),
) -> Vec<Scalar> {
    let mut out = before.to_vec();
    let (values, shape) = written;
    for (n, &place) in places.iter().enumerate() {
        // the number of the value for element `n` of the selection
        let (mut rest, mut number, mut step) = (n, 0, 1);
        for axis in (0..selected.len()).rev() {
            let i = rest % selected[axis];
            rest /= selected[axis];
            if let Some(k) = (axis + shape.len()).checked_sub(selected.len()) {
                number += if shape[k] == 1 { 0 } else { i * step };
                step *= shape[k];
            }
        }
        out[place as usize] = values[number];
    }
    out
}

fn set_as_the_numbers_say<N: Namespace>(xp: &N) {
    for dtype in dtypes(xp) {
        for (kind, shape) in SHAPES.into_iter().enumerate() {
            let numbers: Vec<Scalar> =
                (0..shape.iter().product::<usize>() as i64).map(Scalar::from).collect();
            let numbers = array(xp, DType::Int64, shape, &numbers);
            for (n, items) in indices(shape, dtype).into_iter().enumerate() {
                let [short, general] = both(xp, &items);
                // one layout for each index: all layouts meet all kinds of indices
                let all = layouts(xp, dtype, shape);
                let original = &all[(n + kind) % all.len()];
                let before = scalars(original);
                let Ok(places) = numbers.get(&general) else {
                    let mut x = original.clone();
                    let texts = [x.set(&short, value(1, dtype)), x.set(&general, value(1, dtype))]
                        .map(|r| r.unwrap_err().to_string());
                    assert_eq!(texts[0], texts[1], "{items:?} of {shape:?}");
                    assert_eq!(scalars(&x), before);
                    continue;
                };
                let (selected, places) = (places.shape().to_vec(), places.to_vec::<i64>().unwrap());
                let mut value_shapes = vec![vec![], selected.clone()];
                if let [_, rest @ ..] = &selected[..] {
                    value_shapes.extend([rest.to_vec(), [&[1], rest].concat()]);
                }
                for (m, value_shape) in value_shapes.iter().enumerate() {
                    let count: usize = value_shape.iter().product();
                    let values: Vec<Scalar> =
                        (0..count as i64).map(|k| value(5 * k + 3, dtype)).collect();
                    let wanted = expected(&before, &places, &selected, (&values, value_shape));
                    let source = array(xp, dtype, value_shape, &values);
                    for (way, index) in [&short, &general].into_iter().enumerate() {
                        // alone, or as one that a clone and a view share
                        let mut alone = original.clone();
                        if (n + m) % 2 == 0 {
                            alone = xp.reshape(original, shape, true).unwrap();
                        }
                        let mut shared = alone.clone();
                        let view = shared.get(Ellipsis).unwrap();
                        let what = format!("{items:?} of {shape:?} = {value_shape:?}, {way}");
                        alone.set(index, &source).unwrap();
                        shared.set(index, &source).unwrap();
                        assert_eq!(scalars(&alone), wanted, "{what}");
                        assert_eq!(scalars(&shared), wanted, "{what}");
                        assert_eq!(scalars(&view), before, "{what}");
                        assert_eq!(scalars(original), before, "{what}");
                        if m == 0 {
                            let mut x = view;
                            x.set(index, values[0]).unwrap();
                            assert_eq!(scalars(&x), wanted, "{what}");
                            x.set(index, values[0]).unwrap(); // now alone
                            assert_eq!(scalars(&x), wanted, "{what}");
                        }
                    }
                }
            }
        }
    }
}

/// Values of Rust, written element by element and read back.
fn one_element_at_a_time<N: Namespace>(xp: &N) {
    for dtype in dtypes(xp) {
        let mut x = xp.zeros((3, 4), dtype).unwrap();
        let mut all = vec![];
        for i in 0..3 {
            for j in 0..4_usize {
                let v = value(i * 4 + j as i64 + 2, dtype);
                x.set((i, j), v).unwrap();
                all.push(v);
                assert_eq!(x.get((i - 3, j)).unwrap().item_scalar().unwrap(), v);
            }
        }
        assert_eq!(scalars(&x), all);
    }
    let mut x = xp.zeros((3, 4), DType::Int8).unwrap();
    let e = x.set((1, 2), 200).unwrap_err();
    assert!(matches!(e, Error::Value(_)) && e.to_string().starts_with("set: "), "{e}");
    let e = x.set((1, 2), 0.5).unwrap_err();
    assert!(matches!(e, Error::Promotion(_)), "{e}");
    assert_eq!(x.to_vec::<i8>().unwrap(), [0; 12]);
}

/// Bools of any index are read as what they are.
fn an_index_with_an_axis_of_the_greatest_length<N: Namespace>(xp: &N) {
    let n = i64::MAX as usize;
    let x = xp.broadcast_to(xp.asarray(7_i64, ()).unwrap(), n).unwrap();
    for i in [0, -1, i64::MAX - 1, -i64::MAX] {
        assert_eq!(x.get(i).unwrap().item::<i64>().unwrap(), 7);
    }
    for i in [i64::MAX, i64::MIN] {
        assert!(matches!(x.get(i), Err(Error::Index(_))));
    }
    let none = xp.zeros((0, usize::MAX), DType::Int64);
    for none in none.iter() {
        assert_eq!(none.get((0..0, -1)).unwrap().shape(), [0]);
        assert!(matches!(none.get((-1, -1)), Err(Error::Index(_))));
        assert!(matches!(none.get((0, i64::MIN)), Err(Error::Index(_))));
    }
}

on_each_backend! {
    get_as_the_general_way
    set_as_the_numbers_say
    one_element_at_a_time
    an_index_with_an_axis_of_the_greatest_length
}

/// What writes copy is counted, and nothing is copied where nobody could see the difference. (On one backend, in one
/// test: the counter is the process's.)
#[test]
fn views_that_are_gone_are_not_copied_for() -> Result<()> {
    let xp = Cpu::new();
    let n = 1000;
    let fresh = || xp.reshape(xp.arange(0, 8 * n, 1, ())?, (n, 8), ());
    let bytes = 8 * 8 * n as u64;
    // other tests of this binary write as well: far less than this array at a time
    let copies = |write: &mut dyn FnMut() -> Result<()>| -> Result<u64> {
        let before = bytes_copied_by_set();
        write()?;
        Ok((bytes_copied_by_set() - before) / bytes)
    };
    let mut x = fresh()?;
    assert_eq!(copies(&mut || x.set(3, x.get(3)? + 1))?, 0);
    assert_eq!(copies(&mut || x.set(0, x.get(1)?))?, 0);
    assert_eq!(copies(&mut || x.set((2, 3), x.get((4, 5))?))?, 0);
    assert_eq!(copies(&mut || x.set((.., 0), x.get((.., 1))?))?, 0);
    let i = xp.asarray([5_i64, 6], ())?;
    assert_eq!(copies(&mut || x.set(&i, x.get(7..9)?))?, 0);
    assert_eq!(x.get((0, 1))?.item::<i64>()?, 9);
    assert_eq!(x.get((2, 3))?.item::<i64>()?, 37);
    assert_eq!(x.get((6, 7))?.item::<i64>()?, 71);
    let row = x.get(3)?;
    assert_eq!(copies(&mut || x.set(3, &row + 1))?, 1);
    assert_eq!(copies(&mut || x.set(3, &row + 1))?, 0);
    let kept = x.clone();
    assert_eq!(copies(&mut || x.set(.., 0))?, 0); // nothing of it is left
    assert_eq!(kept.get((5, 0))?.item::<i64>()?, 57);
    Ok(())
}
