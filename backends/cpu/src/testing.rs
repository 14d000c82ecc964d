//! What the tests of several files need: a source of random numbers, and random layouts.

use arrayspace_core::{DType, Element, Layout, View};

use crate::{Buffer, Cpu};

/// How many cases to try: fewer under an interpreter.
pub(crate) fn cases(n: usize) -> usize {
    if cfg!(miri) { n.div_ceil(40) } else { n }
}

/// A small generator (Marsaglia's xorshift64*): the same numbers on every run.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: usize) -> Rng {
        Rng((seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 3
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A shape of up to `ndim` axes, each shorter than `len`.
    pub(crate) fn shape(&mut self, ndim: usize, len: usize) -> Vec<usize> {
        (0..self.below(ndim + 1)).map(|_| self.below(len)).collect()
    }

    /// A layout of this shape with axes in any order, steps and reversed axes; with `repeats`, some
    /// axes have stride 0. The second value is the length of a buffer that has room for it.
    pub(crate) fn layout(&mut self, shape: &[usize], repeats: bool) -> (Layout, usize) {
        let mut order: Vec<usize> = (0..shape.len()).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, self.below(k + 1));
        }
        let mut strides = vec![0isize; shape.len()];
        let mut offset = self.below(3);
        let mut extent = 1usize;
        for axis in order {
            if repeats && self.below(5) == 0 {
                continue;
            }
            let stride = (extent * [1, 1, 1, 2, 3][self.below(5)]) as isize;
            let len = shape[axis].max(1);
            extent = stride as usize * len;
            strides[axis] = stride;
            if self.below(3) == 0 {
                strides[axis] = -stride;
                offset += stride as usize * (len - 1);
            }
        }
        let layout = Layout::new(shape, &strides, offset).unwrap();
        let len = layout.span().unwrap().end + self.below(3);
        (layout, len)
    }

    /// A buffer of `len` elements with random bytes (0 or 1 for bool).
    pub(crate) fn buffer(&mut self, dtype: DType, len: usize) -> Buffer {
        let bytes: Vec<u8> = (0..len * dtype.item_size()).map(|_| self.next() as u8).collect();
        match dtype {
            DType::Bool => {
                Buffer::copy_of(&bytes.iter().map(|b| b & 1).collect::<Vec<_>>(), dtype).unwrap()
            }
            _ => Buffer::copy_of(&bytes, dtype).unwrap(),
        }
    }
}

/// The positions of a layout's elements, in row-major order: the definition, literally.
pub(crate) fn positions(layout: &Layout) -> Vec<usize> {
    let mut out = Vec::new();
    for linear in 0..layout.size() {
        let (mut rest, mut at) = (linear, layout.offset() as isize);
        for (&len, &stride) in layout.shape().iter().zip(layout.strides()).rev() {
            at += (rest % len) as isize * stride;
            rest /= len;
        }
        out.push(at as usize);
    }
    out
}

/// A buffer of these elements.
pub(crate) fn buffer_of<T: Element>(values: &[T]) -> Buffer {
    Buffer::copy_of(T::as_bytes(values), T::DTYPE).unwrap()
}

/// A buffer's elements.
pub(crate) fn values<T: Element>(buffer: &Buffer) -> Vec<T> {
    let mut out = vec![T::default(); buffer.len_bytes() / size_of::<T>()];
    T::fill_bytes(&mut out, |bytes| {
        bytes.copy_from_slice(buffer.bytes());
        Ok::<(), ()>(())
    })
    .unwrap();
    out
}

/// A view.
pub(crate) fn view<'a>(buffer: &'a Buffer, dtype: DType, layout: &'a Layout) -> View<'a, Cpu> {
    View { buffer, dtype, layout }
}
