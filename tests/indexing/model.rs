//! What an index means, said without strides: for each element of the selection the number of the
//! element that it is, in row-major order.

/// An item of an index.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Int(i64),
    Slice(Option<i64>, Option<i64>, i64),
    Ellipsis,
    NewAxis,
    Ints(Vec<usize>, Vec<i64>),
    Mask(Vec<usize>, Vec<bool>),
}

/// A shape, and the numbers of the elements.
pub(crate) type Places = (Vec<usize>, Vec<usize>);

/// All indices of a shape, in row-major order.
pub(crate) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |all, &len| {
        all.iter().flat_map(|head| (0..len).map(move |i| [&head[..], &[i]].concat())).collect()
    })
}

/// The number of the element at an index.
pub(crate) fn number(shape: &[usize], index: &[usize]) -> usize {
    shape.iter().zip(index).fold(0, |n, (len, i)| n * len + i)
}

/// The shape that two shapes broadcast to.
pub(crate) fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let n = a.len().max(b.len());
    let at = |s: &[usize], k: usize| if k + s.len() < n { 1 } else { s[k + s.len() - n] };
    (0..n)
        .map(|k| match (at(a, k), at(b, k)) {
            (x, y) if x == y => Some(x),
            (1, y) => Some(y),
            (x, 1) => Some(x),
            _ => None,
        })
        .collect()
}

/// The number of the element of an array of `shape` that is at `index` of a broadcast one.
pub(crate) fn broadcast_number(shape: &[usize], index: &[usize]) -> usize {
    let index = &index[index.len() - shape.len()..];
    let index: Vec<usize> = index.iter().zip(shape).map(|(&i, &d)| i.min(d - 1)).collect();
    number(shape, &index)
}

/// Python's rules of a slice, one index after another.
fn slice(start: Option<i64>, stop: Option<i64>, step: i64, len: usize) -> Vec<usize> {
    let n = len as i64;
    let bound = |b: i64| (if b < 0 { b + n } else { b }).clamp(-1, n);
    let start = start.map_or(if step > 0 { 0 } else { n - 1 }, bound);
    let stop = stop.map_or(if step > 0 { n } else { -1 }, bound);
    let mut out = vec![];
    // within the bounds of the axis a step beyond them ends the slice
    let mut i = if step > 0 { start.max(0) } else { start.min(n - 1) };
    while if step > 0 { i < stop } else { i > stop } {
        out.push(i as usize);
        i = i.saturating_add(step);
    }
    out
}

/// What becomes of an axis of the array.
enum Axis {
    /// These elements, along an axis of the selection.
    Kept(Vec<usize>),
    /// Those that an array names: its shape, its indices, and the number of its item.
    Named(Vec<usize>, Vec<usize>, usize),
    /// Not an axis of the array, but a new one.
    New,
}

/// What `items` select from an array of `shape`; `None` if that is an error.
pub(crate) fn select(shape: &[usize], items: &[Item]) -> Option<Places> {
    let used = |item: &Item| match item {
        Item::Int(_) | Item::Slice(..) | Item::Ints(..) => 1,
        Item::Mask(s, _) => s.len(),
        Item::Ellipsis | Item::NewAxis => 0,
    };
    let rest = shape.len().checked_sub(items.iter().map(used).sum())?;
    let mut items = items.to_vec();
    match items.iter().filter(|i| matches!(i, Item::Ellipsis)).count() {
        0 => items.push(Item::Ellipsis),
        1 => {}
        _ => return None,
    }
    let arrays = items.iter().any(|i| matches!(i, Item::Ints(..) | Item::Mask(..)));
    let mut axes = vec![];
    let mut source_shape = vec![];
    let mut at = 0;
    for (k, item) in items.iter().enumerate() {
        let len = shape.get(at).copied().unwrap_or(0);
        let place = |i: i64| {
            let n = len as i64;
            (-n <= i && i < n).then(|| (if i < 0 { i + n } else { i }) as usize)
        };
        match item {
            Item::Int(i) => axes.push(Axis::Named(vec![], vec![place(*i)?], k)),
            Item::Slice(_, _, 0) => return None,
            Item::Slice(a, b, c) => axes.push(Axis::Kept(slice(*a, *b, *c, len))),
            Item::Ellipsis => {
                axes.extend((at..at + rest).map(|a| Axis::Kept((0..shape[a]).collect())));
            }
            Item::NewAxis => axes.push(Axis::New),
            Item::Ints(s, values) => {
                let values = values.iter().map(|&i| place(i)).collect::<Option<_>>()?;
                axes.push(Axis::Named(s.clone(), values, k));
            }
            Item::Mask(s, values) => {
                let covered = &shape[at..at + s.len()];
                if s.iter().zip(covered).any(|(&m, &d)| m != d && m != 0) {
                    return None;
                }
                let chosen: Vec<Vec<usize>> =
                    indices(s).into_iter().zip(values).filter(|p| *p.1).map(|p| p.0).collect();
                for a in 0..s.len() {
                    let along = chosen.iter().map(|i| i[a]).collect();
                    axes.push(Axis::Named(vec![chosen.len()], along, k));
                }
                if s.is_empty() {
                    // as if the array had one more axis here, of length 1
                    source_shape.push(1);
                    axes.push(Axis::Named(vec![chosen.len()], vec![0; chosen.len()], k));
                }
            }
        }
        let next = at + if matches!(item, Item::Ellipsis) { rest } else { used(item) };
        source_shape.extend_from_slice(&shape[at..next]);
        at = next;
    }
    let mut common = vec![];
    let mut named = vec![];
    for axis in &axes {
        if let Axis::Named(s, _, item) = axis {
            common = broadcast(&common, s)?;
            named.push(*item);
        }
    }
    let adjacent = named.windows(2).all(|w| w[1] <= w[0] + 1);
    // the axes before which the common ones go
    let before = if !arrays || !adjacent {
        0
    } else {
        axes.iter().take_while(|a| !matches!(a, Axis::Named(..))).count()
    };
    let mut outer = vec![];
    for (k, axis) in axes.iter().enumerate() {
        if k == before {
            outer.extend_from_slice(&common);
        }
        match axis {
            Axis::Kept(of) => outer.push(of.len()),
            Axis::New => outer.push(1),
            Axis::Named(..) => {}
        }
    }
    if axes.len() <= before {
        outer.extend_from_slice(&common);
    }
    let mut places = vec![];
    for index in indices(&outer) {
        let (of_arrays, of_slices) = (
            &index[before..before + common.len()],
            [&index[..before], &index[before + common.len()..]].concat(),
        );
        let mut of_slices = of_slices.into_iter();
        let mut source = vec![];
        for axis in &axes {
            match axis {
                Axis::Kept(of) => source.push(of[of_slices.next().unwrap()]),
                Axis::New => assert_eq!(of_slices.next(), Some(0)),
                Axis::Named(s, values, _) => source.push(values[broadcast_number(s, of_arrays)]),
            }
        }
        places.push(number(&source_shape, &source));
    }
    Some((outer, places))
}
