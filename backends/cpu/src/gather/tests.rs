use arrayspace_core::{Backend, DType, Element, Error, IndexTerm, Layout, ScatterOp};

use super::*;
use crate::testing::{Rng, buffer_of, cases, positions, values, view};

const INDEX_DTYPES: [DType; 8] = [
    DType::Int8,
    DType::Int16,
    DType::Int32,
    DType::Int64,
    DType::UInt8,
    DType::UInt16,
    DType::UInt32,
    DType::UInt64,
];

/// A buffer of `len` random valid indices, and what they are.
fn indices(rng: &mut Rng, dtype: DType, len: usize, extent: usize) -> (Buffer, Vec<i64>) {
    let signed = dtype.is_signed_integer();
    let all: Vec<i64> = (0..len)
        .map(|_| {
            let i = rng.below(extent) as i64;
            if signed && rng.below(2) == 0 { i - extent as i64 } else { i }
        })
        .collect();
    let bytes: Vec<u8> =
        all.iter().flat_map(|i| i.to_le_bytes()[..dtype.item_size()].to_vec()).collect();
    (Buffer::copy_of(&bytes, dtype).unwrap(), all)
}

/// A random call: a buffer's layout with some axes taken out, and terms for those.
struct Call {
    layout: Layout,
    len: usize,
    terms: Vec<(Buffer, DType, Layout, usize, isize, usize)>,
    /// The places, one by one.
    places: Vec<usize>,
}

fn call(rng: &mut Rng, shape: &[usize], free: usize) -> Call {
    // the array that is indexed: axes that the result keeps, then those that are indexed
    let mut whole = shape.to_vec();
    let kept: Vec<bool> = shape.iter().map(|_| rng.below(2) == 0).collect();
    for (dim, &k) in whole.iter_mut().zip(&kept) {
        if !k {
            *dim = 1;
        }
    }
    whole.extend((0..free).map(|_| 1 + rng.below(6)));
    let (base, len) = rng.layout(&whole, false);
    let n = shape.len();
    let strides: Vec<isize> = (0..n).map(|k| if kept[k] { base.strides()[k] } else { 0 }).collect();
    // every place is in the buffer although the layout alone may begin beyond a reversed axis
    let layout = Layout::new(shape, &strides, base.offset()).unwrap();
    let mut places: Vec<isize> = positions(&layout).iter().map(|&p| p as isize).collect();
    let mut terms = Vec::new();
    for (axis, (&extent, &stride)) in whole.iter().zip(base.strides()).enumerate().skip(n) {
        let dtype = INDEX_DTYPES[rng.below(8)];
        let (index_layout, index_len) = rng.layout(shape, true);
        let (buffer, all) = indices(rng, dtype, index_len, extent);
        for (place, at) in places.iter_mut().zip(positions(&index_layout)) {
            *place += all[at].rem_euclid(extent as i64) as isize * stride;
        }
        terms.push((buffer, dtype, index_layout, extent, stride, axis));
    }
    Call { layout, len, terms, places: places.iter().map(|&p| p as usize).collect() }
}

impl Call {
    fn terms(&self) -> Vec<IndexTerm<'_, Cpu>> {
        self.terms
            .iter()
            .map(|(buffer, dtype, layout, extent, stride, axis)| IndexTerm {
                indices: view(buffer, *dtype, layout),
                extent: *extent,
                stride: *stride,
                axis: *axis,
            })
            .collect()
    }
}

const SIZES: [DType; 5] =
    [DType::UInt8, DType::Int16, DType::Float32, DType::Complex64, DType::Complex128];

#[test]
fn gather_and_scatter_as_by_hand() {
    for seed in 0..cases(800) {
        let mut rng = Rng::new(seed);
        let dtype = SIZES[seed % 5];
        let item = dtype.item_size();
        let shape = match seed % 10 {
            // more than one block, and runs that are copies of their own
            0 if !cfg!(miri) => vec![rng.below(3000)],
            1 if !cfg!(miri) => vec![rng.below(4), 1 + rng.below(9), 10, 12],
            _ => rng.shape(4, 6),
        };
        let free = rng.below(3);
        let call = call(&mut rng, &shape, free);
        let buffer = rng.buffer(dtype, call.len);
        let out = Cpu::gather(&Cpu, view(&buffer, dtype, &call.layout), &call.terms()).unwrap();
        let expected: Vec<u8> =
            call.places.iter().flat_map(|p| buffer.bytes()[p * item..][..item].to_vec()).collect();
        assert!(out.bytes() == expected, "gather {:?}", call.layout);

        let (source_layout, source_len) = rng.layout(&shape, true);
        let source = rng.buffer(dtype, source_len);
        let mut expected = buffer.bytes().to_vec();
        for (to, from) in call.places.iter().zip(positions(&source_layout)) {
            expected[to * item..][..item].copy_from_slice(&source.bytes()[from * item..][..item]);
        }
        let mut target = buffer;
        let from = view(&source, dtype, &source_layout);
        Cpu::scatter(&Cpu, ScatterOp::Replace, &mut target, &call.layout, &call.terms(), from)
            .unwrap();
        assert!(target.bytes() == expected, "scatter {:?} {source_layout:?}", call.layout);
    }
}

/// The short way takes few elements that are chosen one by one by indices side by side: all around that condition,
/// it and the general way do the same.
#[test]
fn few_elements_as_by_hand() {
    let lengths: &[usize] =
        if cfg!(miri) { &[1, 2, 9] } else { &[1, 2, 8, 9, BLOCK - 1, BLOCK, BLOCK + 1] };
    for (seed, &n) in lengths.iter().cycle().take(16 * lengths.len()).enumerate() {
        let mut rng = Rng::new(seed);
        let (dtype, index_dtype) = (SIZES[seed % 5], INDEX_DTYPES[seed / lengths.len() % 8]);
        let item = dtype.item_size();
        let shape = if seed % 3 == 0 && n % 2 == 0 { vec![2, n / 2] } else { vec![n] };
        // one axis or two, backwards or with gaps
        let extents = [7, 5].map(|e| e + rng.below(2));
        let (base, len) = rng.layout(&extents, false);
        let mut places = vec![base.offset() as isize; n];
        let mut held = Vec::new();
        for (axis, &extent) in extents.iter().enumerate().take(1 + seed % 2) {
            let (buffer, all) = indices(&mut rng, index_dtype, n + 3, extent);
            for (place, at) in places.iter_mut().zip(&all[3..]) {
                *place += at.rem_euclid(extent as i64) as isize * base.strides()[axis];
            }
            held.push((buffer, axis));
        }
        let still = Layout::new(&shape, &vec![0; shape.len()], base.offset()).unwrap();
        let side_by_side = Layout::contiguous_at(&shape, 3).unwrap();
        let terms: Vec<IndexTerm<'_, Cpu>> = held
            .iter()
            .map(|(buffer, axis)| IndexTerm {
                indices: view(buffer, index_dtype, &side_by_side),
                extent: extents[*axis],
                stride: base.strides()[*axis],
                axis: *axis,
            })
            .collect();
        let is_few = few(&still, &terms, len, &mut Positions::room()).is_some();
        assert_eq!(is_few, n <= BLOCK);
        let mut target = rng.buffer(dtype, len);
        let out = Cpu::gather(&Cpu, view(&target, dtype, &still), &terms).unwrap();
        let expected: Vec<u8> = places
            .iter()
            .flat_map(|&p| target.bytes()[p as usize * item..][..item].to_vec())
            .collect();
        assert!(out.bytes() == expected, "gather {n} {dtype}");

        for row in [Layout::contiguous_at(&shape, 2), Layout::new(&shape, &vec![0; shape.len()], 1)]
        {
            let row = row.unwrap();
            let source = rng.buffer(dtype, n + 2);
            let mut expected = target.bytes().to_vec();
            for (&to, from) in places.iter().zip(positions(&row)) {
                expected[to as usize * item..][..item]
                    .copy_from_slice(&source.bytes()[from * item..][..item]);
            }
            Cpu::scatter(
                &Cpu,
                ScatterOp::Replace,
                &mut target,
                &still,
                &terms,
                view(&source, dtype, &row),
            )
            .unwrap();
            assert!(target.bytes() == expected, "scatter {n} {dtype}");
        }
    }
}

/// `x[i]` for a vector.
fn take<T: Element>(x: &[f64], index: &[T]) -> Result<Vec<f64>> {
    let (x, i) = (buffer_of(x), buffer_of(index));
    let n = x.len_bytes() / 8;
    let base = Layout::new(&[index.len()], &[0], 0)?;
    let l = Layout::contiguous(&[index.len()])?;
    let term = IndexTerm { indices: view(&i, T::DTYPE, &l), extent: n, stride: 1, axis: 1 };
    Ok(values(&Cpu::gather(&Cpu, view(&x, DType::Float64, &base), &[term])?))
}

#[test]
fn indices_at_the_bounds() {
    let x = [0.0, 1.0, 2.0, 3.0, 4.0];
    assert_eq!(take(&x, &[-5i8, 4, -1]).unwrap(), [0.0, 4.0, 4.0]);
    assert_eq!(take(&x, &[4u64, 0]).unwrap(), [4.0, 0.0]);
    let text = |e: Result<Vec<f64>>| match e.unwrap_err() {
        error @ Error::Index(_) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        text(take(&x, &[0i32, 7, 9])),
        "index 7 is out of bounds for axis 1 of length 5; valid are -5 to 4"
    );
    assert!(text(take(&x, &[-6i16])).starts_with("index -6 "));
    assert!(text(take(&x, &[5u8])).starts_with("index 5 "));
    assert!(text(take(&x, &[u64::MAX])).starts_with("index 18446744073709551615 "));
    assert!(text(take(&x, &[i64::MIN])).starts_with("index -9223372036854775808 "));
    assert!(text(take(&[], &[0i64])).contains("length 0"));
    assert_eq!(take::<i64>(&[], &[]).unwrap(), []);
}

#[test]
#[cfg(not(miri))] // large
fn the_first_bad_index_is_named() {
    let mut index: Vec<i64> = (0..100_000).map(|i| i % 5).collect();
    index[40_000] = 11;
    index[90_000] = 12;
    let error = take(&[0.0; 5], &index).unwrap_err();
    assert!(matches!(error, Error::Index(_)) && error.text().starts_with("index 11 "), "{error}");
    index[40_000] = 0;
    index[90_000] = 0;
    assert_eq!(take(&[0.0, 1.0, 2.0, 3.0, 4.0], &index).unwrap()[99_999], 4.0);
}

#[test]
fn a_failed_scatter_writes_nothing() {
    let mut target = buffer_of(&[0i32; 4]);
    let source = buffer_of(&[1i32, 2, 3]);
    let index = buffer_of(&[0i64, 1, 4]);
    let (base, l) = (Layout::new(&[3], &[0], 0).unwrap(), Layout::contiguous(&[3]).unwrap());
    let term =
        || IndexTerm { indices: view(&index, DType::Int64, &l), extent: 4, stride: 1, axis: 0 };
    let from = view(&source, DType::Int32, &l);
    assert!(matches!(
        Cpu::scatter(&Cpu, ScatterOp::Replace, &mut target, &base, &[term()], from),
        Err(Error::Index(_))
    ));
    assert_eq!(values::<i32>(&target), [0; 4]);
    let other = target.clone();
    let longer = IndexTerm { extent: 5, ..term() };
    assert!(matches!(
        Cpu::scatter(&Cpu, ScatterOp::Replace, &mut target, &base, &[longer], from),
        Err(Error::Shape(_))
    ));
    assert!(matches!(
        Cpu::scatter(&Cpu, ScatterOp::Replace, &mut target, &base, &[term()], from),
        Err(Error::Value(_))
    ));
    drop(other);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let x = buffer_of(&[0i32; 4]);
    let (one, two) = (Layout::new(&[3], &[0], 0).unwrap(), Layout::contiguous(&[2]).unwrap());
    let from = view(&x, DType::Int32, &one);
    let gather = |dtype, layout, extent, stride| {
        let indices = view(&x, dtype, layout);
        Cpu::gather(&Cpu, from, &[IndexTerm { indices, extent, stride, axis: 0 }])
    };
    assert!(gather(DType::Int32, &one, 4, 1).is_ok());
    assert!(matches!(gather(DType::Int32, &two, 4, 1), Err(Error::Shape(_))));
    assert!(matches!(gather(DType::Float32, &one, 4, 1), Err(Error::DType(_))));
    assert!(matches!(gather(DType::Int32, &one, 4, -1), Err(Error::Shape(_))));
    assert!(matches!(gather(DType::Int32, &one, 5, 1), Err(Error::Shape(_))));
    assert!(matches!(gather(DType::Int32, &one, usize::MAX, isize::MAX), Err(Error::Shape(_))));
    let beyond = Layout::contiguous(&[5]).unwrap();
    assert!(matches!(gather(DType::Int32, &beyond, 4, 1), Err(Error::Shape(_))));
}
