//! What an index does, compared with the model: for random indices.

use arrayspace::prelude::*;
use arrayspace::{Index, IndexItem, Slice};

use super::model::{Item, broadcast, broadcast_number, indices, number, select};

/// Numbers from which an item is made, whatever the axis it meets.
pub(crate) type Raw = (u8, i64, i64, i64, u64);

/// An index of an axis, seldom one out of bounds.
fn within(value: i64, len: usize, bits: u64) -> i64 {
    let n = len as i64;
    if n == 0 || bits.is_multiple_of(64) { value } else { value.rem_euclid(2 * n) - n }
}

/// An index for arrays of `shape`, mostly a valid one.
fn build(shape: &[usize], raws: &[Raw]) -> Vec<Item> {
    let mut at = 0;
    let mut items = vec![];
    let mut ellipsis = false;
    for &(kind, a, b, c, bits) in raws {
        let rest = &shape[at.min(shape.len())..];
        let bound = |v: i64| (v > -7).then_some(v);
        let item = match kind {
            0..=3 => Item::Int(within(a, rest.first().copied().unwrap_or(1), bits)),
            4..=9 => Item::Slice(bound(a), bound(b), if c == 0 && bits % 8 > 0 { 1 } else { c }),
            10 if !ellipsis || bits % 16 == 0 => {
                ellipsis = true;
                Item::Ellipsis
            }
            10 | 11 => Item::NewAxis,
            12..=16 => {
                let shapes: [&[usize]; 8] =
                    [&[], &[1], &[2], &[3], &[2, 1], &[1, 3], &[2, 3], &[0]];
                let shape = shapes[(bits >> 32) as usize % 8].to_vec();
                let count = shape.iter().product();
                let len = rest.first().copied().unwrap_or(1);
                let value = |k: usize| {
                    within(
                        a.wrapping_add(b.wrapping_mul(k as i64)),
                        len,
                        bits.rotate_left(k as u32),
                    )
                };
                Item::Ints(shape, (0..count).map(value).collect())
            }
            _ => {
                let mut shape = rest[..(bits >> 32) as usize % (rest.len() + 1)].to_vec();
                if let Some(first) = shape.first_mut() {
                    match bits >> 40 & 31 {
                        0 => *first = 0,
                        1 => *first += 1,
                        _ => {}
                    }
                }
                let count = shape.iter().product();
                Item::Mask(shape, (0..count).map(|k| bits >> (k % 31) & 1 == 1).collect())
            }
        };
        let used = match &item {
            Item::Int(_) | Item::Slice(..) | Item::Ints(..) => 1,
            Item::Mask(s, _) => s.len(),
            _ => 0,
        };
        // Now and then there is an item too many.
        if at + used <= shape.len() || bits % 32 == 0 {
            at += used;
            items.push(item);
        }
    }
    items
}

/// The index as the library takes it.
fn index<'a, N: Namespace>(xp: &N, items: &[Item]) -> Index<'a, N> {
    Index::from_items(items.iter().map(|item| match item {
        Item::Int(i) => IndexItem::Int(*i),
        Item::Slice(a, b, c) => Slice::new(*a, *b, Some(*c)).into(),
        Item::Ellipsis => Ellipsis.into(),
        Item::NewAxis => NewAxis.into(),
        Item::Ints(s, v) => array(xp, v.clone(), s).into(),
        Item::Mask(s, v) => array(xp, v.clone(), s).into(),
    }))
}

fn array<N: Namespace, T>(xp: &N, values: Vec<T>, shape: &[usize]) -> Array<N>
where
    Vec<T>: arrayspace::ArrayLike<N>,
{
    xp.reshape(xp.asarray(values, ()).unwrap(), shape, ()).unwrap()
}

/// An array of these values: in row-major order, reversed in memory, or with its axes reversed.
fn laid_out<N: Namespace>(xp: &N, values: &[i64], shape: &[usize], how: u8) -> Array<N> {
    let reversed = s_all_reversed(shape.len());
    match how {
        0 => array(xp, values.to_vec(), shape),
        1 => array(xp, values.iter().rev().copied().collect(), shape).get(&reversed).unwrap(),
        _ => {
            let turned: Vec<usize> = shape.iter().rev().copied().collect();
            let mut memory = vec![0; values.len()];
            for (value, index) in values.iter().zip(indices(shape)) {
                let index: Vec<usize> = index.into_iter().rev().collect();
                memory[number(&turned, &index)] = *value;
            }
            let axes: Vec<i64> = (0..shape.len() as i64).rev().collect();
            xp.permute_dims(array(xp, memory, &turned), axes).unwrap()
        }
    }
}

fn s_all_reversed<'a, N: Namespace>(ndim: usize) -> Index<'a, N> {
    Index::from_items((0..ndim).map(|_| Slice::from(..).step(-1).into()))
}

/// The elements that an index made of `raws` selects from an array of `shape`.
pub(crate) fn get_as_the_model<N: Namespace>(xp: &N, shape: &[usize], raws: &[Raw], how: u8) {
    let items = build(shape, raws);
    let count = shape.iter().product::<usize>();
    let values: Vec<i64> = (0..count as i64).collect();
    let x = laid_out(xp, &values, shape, how);
    assert_eq!(x.to_vec::<i64>().unwrap(), values);
    match (select(shape, &items), x.get(index(xp, &items))) {
        (Some((outer, places)), Ok(y)) => {
            assert_eq!(y.shape(), outer, "{items:?}");
            let places: Vec<i64> = places.into_iter().map(|p| p as i64).collect();
            assert_eq!(y.to_vec::<i64>().unwrap(), places, "{items:?}");
        }
        (None, Err(e)) => assert!(matches!(e, Error::Index(_) | Error::Broadcast(_)), "{e}"),
        (model, got) => panic!("{items:?} of {shape:?}: {model:?} {got:?}"),
    }
}

/// Of what shape a value is that is written: its kind, which axes have length 1, whether it clashes.
pub(crate) type Value = (u8, u8, u8);

/// What writing to the elements that an index selects changes, and that nothing else does.
pub(crate) fn set_as_the_model<N: Namespace>(
    xp: &N,
    shape: &[usize],
    raws: &[Raw],
    how: u8,
    shared: bool,
    (kind, ones, clash): Value,
) {
    let items = build(shape, raws);
    let count = shape.iter().product::<usize>();
    let values: Vec<i64> = (0..count as i64).collect();
    let mut x = laid_out(xp, &values, shape, how);
    let witness = shared.then(|| (x.clone(), x.get(s_all_reversed(shape.len())).unwrap()));

    let selected = select(shape, &items);
    let outer = selected.as_ref().map_or(vec![], |s| s.0.clone());
    // a value that broadcasts to the selection, or one that clashes with it
    let mut value_shape: Vec<usize> = (outer.iter().enumerate())
        .map(|(k, &d)| if ones >> (k % 8) & 1 == 1 { 1 } else { d })
        .collect();
    match kind {
        1 => drop(value_shape.drain(..(ones as usize % (outer.len() + 1)))),
        2 => value_shape.insert(0, 1),
        3 => value_shape.clear(),
        _ => {}
    }
    if let (0, Some(last)) = (clash, value_shape.last_mut()) {
        *last += 1;
    }
    let single = kind == 3 && ones % 2 == 0;
    let source: Vec<i64> = if single {
        vec![-7]
    } else {
        (0..value_shape.iter().product::<usize>() as i64).map(|v| -1 - v).collect()
    };
    let extra = value_shape.len().saturating_sub(outer.len());
    let fitting = &value_shape[extra..];
    let fits = value_shape[..extra].iter().all(|&d| d == 1)
        && broadcast(fitting, &outer).as_ref() == Some(&outer);

    let result = if single {
        x.set(index(xp, &items), -7)
    } else {
        x.set(index(xp, &items), array(xp, source.clone(), &value_shape))
    };
    let mut expected = values.clone();
    match (&selected, result) {
        (Some((_, places)), Ok(())) if fits => {
            for (place, at) in places.iter().zip(indices(&outer)) {
                expected[*place] = source[broadcast_number(fitting, &at)];
            }
        }
        (None, Err(_)) => {}
        (Some(_), Err(e)) if !fits => assert!(matches!(e, Error::Broadcast(_)), "{e}"),
        (_, result) => panic!("{items:?} of {shape:?} = {value_shape:?}: {result:?}"),
    }
    assert_eq!(x.shape(), shape);
    assert_eq!(x.to_vec::<i64>().unwrap(), expected, "{items:?} = {value_shape:?}");
    if let Some((clone, view)) = witness {
        assert_eq!(clone.to_vec::<i64>().unwrap(), values);
        assert!(view.to_vec::<i64>().unwrap().iter().eq(values.iter().rev()));
    }
}
