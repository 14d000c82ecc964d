//! What the tests share: a naive array to compare with, views of the same values with other strides, and
//! strategies.
#![allow(dead_code)] // each test uses a part of it

pub(crate) mod each;

/// Runs an expression with a name for each of the backends in turn.
#[allow(unused_macros)] // as above
macro_rules! on_each_backend {
    ($xp:ident => $run:expr) => {{
        {
            let $xp = &arrayspace::Cpu::new();
            $run
        }
        #[cfg(feature = "wgpu")]
        if let Some($xp) = &crate::common::each::gpu::gpu() {
            $run
        }
    }};
}

pub(crate) mod elsewhere;
pub(crate) mod values;

use arrayspace::prelude::*;
use arrayspace::{Axes, Element, Nested};
use proptest::prelude::*;

/// The text of the error, which must be one, contains these parts.
#[track_caller]
pub(crate) fn assert_text<T: std::fmt::Debug>(result: Result<T>, parts: &[&str]) {
    let text = result.expect_err("an error is expected").to_string();
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in {text:?}");
    }
}

/// An array as a child would write it: a shape, and the elements in row-major order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Nd<T> {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<T>,
}

/// All indices of a shape, in row-major order.
pub(crate) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut out = vec![vec![]];
    for &len in shape {
        out = out
            .iter()
            .flat_map(|index| {
                (0..len).map(|i| {
                    let mut index = index.clone();
                    index.push(i);
                    index
                })
            })
            .collect();
    }
    out
}

impl<T: Clone> Nd<T> {
    /// The array whose element at each index is `f(index)`.
    pub(crate) fn from_fn(shape: &[usize], f: impl FnMut(&[usize]) -> T) -> Nd<T> {
        let mut f = f;
        Nd { shape: shape.to_vec(), data: indices(shape).iter().map(|i| f(i)).collect() }
    }

    /// The element at an index.
    pub(crate) fn at(&self, index: &[usize]) -> T {
        assert_eq!(index.len(), self.shape.len());
        let place = index.iter().zip(&self.shape).fold(0, |place, (&i, &len)| {
            assert!(i < len, "{index:?} in {:?}", self.shape);
            place * len + i
        });
        self.data[place].clone()
    }

    /// The elements changed.
    pub(crate) fn map<U>(&self, f: impl FnMut(T) -> U) -> Nd<U> {
        Nd { shape: self.shape.clone(), data: self.data.iter().cloned().map(f).collect() }
    }

    /// The lines along an axis: where each begins, and its elements.
    pub(crate) fn lines(&self, axis: usize) -> Vec<(Vec<usize>, Vec<T>)> {
        let mut starts = self.shape.clone();
        starts[axis] = 1;
        let line = |start: &Vec<usize>| {
            let mut index = start.clone();
            (0..self.shape[axis])
                .map(|i| {
                    index[axis] = i;
                    self.at(&index)
                })
                .collect()
        };
        indices(&starts).iter().map(|start| (start.clone(), line(start))).collect()
    }

    /// Each line along an axis replaced by another one, all of one length.
    pub(crate) fn map_lines<U: Clone>(
        &self,
        axis: usize,
        len: usize,
        f: impl Fn(&[T]) -> Vec<U>,
    ) -> Nd<U> {
        let mut shape = self.shape.clone();
        shape[axis] = len;
        let lines: Vec<_> = self.lines(axis).iter().map(|(s, l)| (s.clone(), f(l))).collect();
        Nd::from_fn(&shape, |index| {
            let mut start = index.to_vec();
            start[axis] = 0;
            let (_, line) = lines.iter().find(|(s, _)| *s == start).unwrap();
            line[index[axis]].clone()
        })
    }

    /// The groups of elements that a reduction combines, in the shape of its result.
    pub(crate) fn groups(&self, axes: &[usize], keepdims: bool) -> Nd<Vec<T>> {
        let kept: Vec<usize> = (0..self.shape.len()).filter(|k| !axes.contains(k)).collect();
        let shape: Vec<usize> = (0..self.shape.len())
            .filter(|k| keepdims || kept.contains(k))
            .map(|k| if kept.contains(&k) { self.shape[k] } else { 1 })
            .collect();
        let all = indices(&self.shape);
        Nd::from_fn(&shape, |index| {
            let belongs = |i: &&Vec<usize>| {
                kept.iter().enumerate().all(|(n, &k)| i[k] == index[if keepdims { k } else { n }])
            };
            all.iter().filter(belongs).map(|i| self.at(i)).collect()
        })
    }
}

impl<T: Element + Nested> Nd<T> {
    /// The same as an array of the backend.
    pub(crate) fn array<B: Namespace>(&self, xp: &B) -> Array<B> {
        let flat = xp.asarray(self.data.clone(), ()).unwrap();
        xp.reshape(&flat, &self.shape[..], ()).unwrap()
    }

    /// An array of the backend as this.
    #[track_caller]
    pub(crate) fn of<B: Namespace>(x: &Array<B>) -> Nd<T> {
        Nd { shape: x.shape().to_vec(), data: x.to_vec().unwrap() }
    }
}

/// The same values in other places of memory: as they are, with axes in another order, in reverse,
/// with gaps, at an offset.
pub(crate) fn views<B: Namespace>(xp: &B, x: &Array<B>) -> Result<Vec<Array<B>>> {
    let mut out = vec![x.clone()];
    let backwards: Vec<i64> = (0..x.ndim() as i64).rev().collect();
    let permuted = xp.permute_dims(x, &backwards[..])?;
    let copy = xp.reshape(&permuted, permuted.shape(), true)?;
    out.push(xp.permute_dims(&copy, &backwards[..])?);
    let flipped = xp.flip(x, ())?;
    let copy = xp.reshape(&flipped, flipped.shape(), true)?;
    out.push(xp.flip(&copy, ())?);
    if x.ndim() > 0 {
        let gaps = xp.reshape(xp.stack([x, &flipped], -1)?, (-1, 2), true);
        if let Ok(gaps) = gaps {
            let first = xp.unstack(&gaps, 1)?.remove(0);
            out.push(xp.reshape(&first, x.shape(), ())?);
        }
    }
    for view in &out {
        assert_eq!(view.shape(), x.shape());
    }
    Ok(out)
}

/// Shapes of up to `ndim` axes of up to `len`.
pub(crate) fn shapes(ndim: usize, len: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..=len, 0..=ndim)
}

/// Arrays of these elements, of up to `ndim` axes of up to `len`.
pub(crate) fn arrays<T: Clone + std::fmt::Debug>(
    element: impl Strategy<Value = T> + Clone,
    ndim: usize,
    len: usize,
) -> impl Strategy<Value = Nd<T>> {
    shapes(ndim, len).prop_flat_map(move |shape| of_shape(element.clone(), shape))
}

/// Arrays of these elements, of a shape.
pub(crate) fn of_shape<T: Clone + std::fmt::Debug>(
    element: impl Strategy<Value = T>,
    shape: Vec<usize>,
) -> impl Strategy<Value = Nd<T>> {
    let size = shape.iter().product::<usize>();
    prop::collection::vec(element, size).prop_map(move |data| Nd { shape: shape.clone(), data })
}

/// Some of the axes of `0..ndim`, chosen by the bits of `choice`, and the same as an argument, written
/// as negative ones where the bits of `signs` say so.
pub(crate) fn some_axes(ndim: usize, choice: u8, signs: u8) -> (Vec<usize>, Axes) {
    let axes: Vec<usize> = (0..ndim).filter(|k| choice >> k & 1 == 1).collect();
    let written: Vec<i64> = (axes.iter())
        .map(|&k| k as i64 - if signs >> k & 1 == 1 { ndim as i64 } else { 0 })
        .collect();
    (axes, Axes::from(written))
}

/// An axis of `0..ndim` from any number, and the same written as a negative one or not.
pub(crate) fn some_axis(ndim: usize, choice: usize, negative: bool) -> (usize, i64) {
    let axis = choice % ndim;
    (axis, axis as i64 - if negative { ndim as i64 } else { 0 })
}

/// Floats with the special ones among them, few enough to repeat.
pub(crate) fn floats() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        8 => (-4..=4i8).prop_map(f64::from),
        1 => Just(-0.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
    ]
}

/// Bits, so that NaNs and signed zeros are compared as well. One NaN is as good as another: which one
/// an operation on two of them gives, the processor and the compiler decide.
pub(crate) fn bits(x: &[f64]) -> Vec<u64> {
    x.iter().map(|v| if v.is_nan() { f64::NAN.to_bits() } else { v.to_bits() }).collect()
}
