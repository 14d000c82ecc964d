//! What the tests of several files need: a source of random numbers, and random layouts.

use std::cell::Cell;
use std::sync::LazyLock;

use arrayspace_core::{DType, Element, Layout, View};

use crate::exec::STREAMED;
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

/// Values somewhere in memory.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) buffer: Buffer,
    pub(crate) layout: Layout,
    pub(crate) dtype: DType,
}

impl Stored {
    /// The values as an operand.
    pub(crate) fn view(&self) -> View<'_, Cpu> {
        view(&self.buffer, self.dtype, &self.layout)
    }
}

/// The ways [`stored`] knows.
pub(crate) const KINDS: usize = 5;

/// The values in row-major order, kept contiguously (0), with the axes reversed (1), backwards with
/// gaps (2), with gaps in the last axis (3), with the last two axes exchanged (4).
pub(crate) fn stored<T: Element>(values: &[T], shape: &[usize], kind: usize) -> Stored {
    let ndim = shape.len();
    let mut axes: Vec<usize> = (0..ndim).collect();
    match kind {
        1 => axes.reverse(),
        4 if ndim > 1 => axes.swap(ndim - 1, ndim - 2),
        _ => {}
    }
    let step = |axis: usize| match kind {
        2 => -2,
        3 if axis + 1 == ndim => 3,
        _ => 1isize,
    };
    let memory: Vec<usize> =
        axes.iter().map(|&a| shape[a] * step(a).unsigned_abs() + usize::from(kind == 2)).collect();
    let mut layout = Layout::contiguous(&memory).unwrap();
    let mut inverse = vec![0; ndim];
    for (k, &axis) in axes.iter().enumerate() {
        let start = if step(axis) < 0 { memory[k] - 1 } else { 0 };
        layout = layout.slice(k, start, step(axis), shape[axis]);
        inverse[axis] = k;
    }
    let layout = layout.permute(&inverse);
    let mut cells = vec![T::default(); memory.iter().product()];
    for (at, &value) in positions(&layout).into_iter().zip(values) {
        cells[at] = value;
    }
    Stored { buffer: buffer_of(&cells), layout, dtype: T::DTYPE }
}

/// Pools of one, two and three threads.
fn pools() -> &'static [rayon::ThreadPool; 3] {
    static POOLS: LazyLock<[rayon::ThreadPool; 3]> = LazyLock::new(|| {
        [1, 2, 3].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap())
    });
    &POOLS
}

/// What `f` gives on one, two and three threads, which must be the same.
pub(crate) fn on_threads<R: PartialEq + std::fmt::Debug + Send>(f: impl Fn() -> R + Sync) -> R {
    let mut results = pools().iter().map(|pool| pool.install(&f));
    let first = results.next().unwrap();
    results.for_each(|r| assert_eq!(r, first));
    first
}

/// What decides which way an array takes, for small ones to take the ways of large ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways {
    /// Bytes from which on results are written past the caches.
    pub(crate) streamed: usize,
    /// Work is shared among threads as if it took so many times as long.
    pub(crate) slowness: f32,
}

thread_local! {
    static WAYS: Cell<Ways> = const { Cell::new(Ways { streamed: STREAMED, slowness: 1.0 }) };
}

impl Ways {
    /// Those that calls of this thread take.
    pub(crate) fn taken() -> Ways {
        WAYS.get()
    }
}

/// Runs `f` on one, two and three threads, with results past the caches and not, and with work shared among the
/// threads whatever it is.
pub(crate) fn on_all_ways(f: impl Fn(Ways) + Sync) {
    // the interpreter does not follow rayon's threads
    if cfg!(miri) {
        return f(Ways::taken());
    }
    for pool in pools() {
        for streamed in [STREAMED, 0] {
            for slowness in [1.0, 1e4].into_iter().skip(usize::from(streamed == 0)) {
                pool.install(|| {
                    let before = WAYS.replace(Ways { streamed, slowness });
                    f(Ways::taken());
                    WAYS.set(before);
                });
            }
        }
    }
}
