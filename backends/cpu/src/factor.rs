//! Decompositions of stacks of matrices, by `arrayspace-linalg`.
//!
//! Many matrices are shared among the threads, each done by one of them; a few large ones are done one
//! after the other, each by all threads. Which it is depends on the shape alone, so the result does not
//! depend on the number of threads. Small systems are solved many at a time, without a call for each.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use arrayspace_core::{DType, Element, Error, FactorOp, Result, View, element_count};
use arrayspace_linalg::{Failure, Field, MatMut, MatRef, Task, product_bytes};
use smallvec::SmallVec;

use crate::elements::{Disjoint, Elements, for_tasks, of_bytes_mut, scratch, threads_for};
use crate::memory::{addresses, room};
use crate::process::in_pool;
use crate::{Buffer, Cpu, threads};

/// Nanoseconds that a matrix takes, above which it is worth all threads.
const LARGE: f64 = 300_000.0;

/// Up to so many large matrices are each done by all threads.
const FEW: usize = 8;

/// Products that a thread may be in at a time: while it waits for others within one, it may begin another.
const NESTED: usize = 3;

/// Equations up to which systems are solved many at a time.
const SMALL: usize = 16;

/// Elements of matrices of which systems are solved in one call.
const BLOCK: usize = 2048;

/// Decomposes each matrix of a stack.
pub(crate) fn factor(op: FactorOp, operands: &[View<'_, Cpu>]) -> Result<Vec<Buffer>> {
    let (first, sides) = op.operands(operands)?;
    match first.dtype {
        DType::Float32 => run::<f32>(op, first, sides),
        DType::Float64 => run::<f64>(op, first, sides),
        DType::Complex64 => run::<num_complex::Complex<f32>>(op, first, sides),
        // nothing else has passed
        _ => run::<num_complex::Complex<f64>>(op, first, sides),
    }
}

/// Matrices in memory.
struct Stack<'a, T> {
    memory: &'a [T],
    /// Where element (0, 0) of the first one is.
    offset: usize,
    /// Length and stride of the leading axes.
    batch: SmallVec<[(usize, isize); 4]>,
    rows: (usize, isize),
    cols: (usize, isize),
}

impl<'a, T: Element> Stack<'a, T> {
    fn new(view: View<'a, Cpu>) -> Result<Self> {
        let (memory, offset) = Elements::<T>::span(view)?;
        let mut batch: SmallVec<_> = view
            .layout
            .shape()
            .iter()
            .copied()
            .zip(view.layout.strides().iter().copied())
            .collect();
        let (Some(cols), Some(rows)) = (batch.pop(), batch.pop()) else {
            return Err(Error::shape(format_args!("a stack of matrices was expected")));
        };
        Ok(Stack { memory, offset, batch, rows, cols })
    }

    /// The number of matrices; `None` for more than can be counted, of which there may be if they have no elements.
    fn len(&self) -> Option<usize> {
        element_count(&self.batch.iter().map(|&(len, _)| len).collect::<SmallVec<[usize; 4]>>())
    }

    /// Matrix number `index`, counted in row-major order.
    fn matrix(&self, index: usize) -> MatRef<'a, T> {
        let (mut rest, mut at) = (index, self.offset as isize);
        for &(len, stride) in self.batch.iter().rev() {
            at += (rest % len) as isize * stride;
            rest /= len;
        }
        assert_eq!(rest, 0, "a matrix beyond the stack");
        let ((m, row), (n, col)) = (self.rows, self.cols);
        if m == 0 || n == 0 {
            return MatRef::from_row_major_slice(&[], m, n);
        }
        // SAFETY: the elements of the view are within `memory` (`span` has checked it), and this is an
        // index of the view.
        unsafe { MatRef::from_raw_parts(self.memory.as_ptr().offset(at), m, n, row, col) }
    }
}

/// A new result: a buffer, with `each` elements for each of `count` matrices.
fn result<T: Element>(count: usize, each: [usize; 2]) -> Result<Buffer> {
    let len = each[0]
        .checked_mul(each[1])
        .and_then(|each| each.checked_mul(count))
        .ok_or_else(|| Error::out_of_memory(None))?;
    Buffer::initialised(T::DTYPE, len)
}

/// The elements of a new result.
fn elements<T: Element>(buffer: &mut Buffer) -> Disjoint<'_, T> {
    let bytes = buffer.bytes_mut().unwrap_or(&mut []);
    Disjoint::new(of_bytes_mut(bytes))
}

/// Matrices of a result, `m` by `n`.
struct Pieces<'a, T> {
    all: Disjoint<'a, T>,
    m: usize,
    n: usize,
}

impl<'a, T: Element> Pieces<'a, T> {
    fn new(buffer: &'a mut Buffer, [m, n]: [usize; 2]) -> Self {
        Pieces { all: elements(buffer), m, n }
    }

    /// The elements for matrix number `index`.
    ///
    /// # Safety
    /// Nobody else uses those of the same number.
    #[allow(clippy::mut_from_ref)] // they are disjoint
    unsafe fn slice(&self, index: usize) -> &mut [T] {
        let each = self.m * self.n;
        // SAFETY: different numbers have different ranges; the caller answers for the same one.
        unsafe { self.all.part(index * each..(index + 1) * each) }
    }

    /// The same as a matrix.
    ///
    /// # Safety
    /// As of [`Pieces::slice`].
    unsafe fn matrix(&self, index: usize) -> MatMut<'_, T> {
        // SAFETY: the caller's promise.
        MatMut::from_row_major_slice_mut(unsafe { self.slice(index) }, self.m, self.n)
    }
}

/// The failure of the first matrix that failed.
#[derive(Default)]
struct First(Mutex<Option<(usize, Failure)>>);

impl First {
    fn note(&self, index: usize, failure: Failure) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if first.is_none_or(|(seen, _)| index < seen) {
            *first = Some((index, failure));
        }
    }

    /// The error that names the matrix by its index in the stack.
    fn into_result(self, batch: &[(usize, isize)]) -> Result<()> {
        let Some((mut rest, failure)) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
        else {
            return Ok(());
        };
        let mut index: Vec<usize> = vec![];
        for &(len, _) in batch.iter().rev() {
            index.insert(0, rest % len);
            rest /= len;
        }
        let which = if index.is_empty() {
            "the matrix".to_string()
        } else {
            format!("the matrix at {index:?} of the stack")
        };
        Err(match failure {
            Failure::Singular => Error::singular(format_args!(
                "{which} is singular, so that it has no inverse and its systems no single solution; \
                 pinv gives the solution of least squares"
            )),
            Failure::NotPositiveDefinite(row) => Error::singular(format_args!(
                "{which} is not positive definite: pivot {row} is not positive; check that it is \
                 Hermitian, or use eigh, which takes any Hermitian matrix"
            )),
            _ => Error::no_convergence(format_args!(
                "the iteration did not converge for {which}; scale it, or convert it to a dtype of \
                 higher precision"
            )),
        })
    }
}

/// Nanoseconds that one matrix takes, roughly.
fn nanos(op: FactorOp, m: usize, n: usize, k: usize) -> f64 {
    let (m, n, k) = (m as f64, n as f64, k as f64);
    let (size, cube) = (m.min(n), m * n * m.min(n));
    // floating-point operations, of which a core does a few each nanosecond
    let work = match op {
        FactorOp::Cholesky | FactorOp::Det | FactorOp::Slogdet => cube,
        FactorOp::Solve => cube + m * n * k,
        FactorOp::Inv => 2.0 * cube,
        FactorOp::Qr => 4.0 * cube,
        FactorOp::QrComplete => 4.0 * m * m * size,
        FactorOp::Svdvals | FactorOp::Eigvalsh => 8.0 * cube,
        FactorOp::Svd | FactorOp::SvdRight | FactorOp::Eigh => 20.0 * cube,
        FactorOp::SvdFull => 20.0 * m.max(n).powi(2) * size,
        _ => 40.0 * cube,
    };
    30.0 + work / 4.0
}

/// Matrices to be decomposed.
struct Work<'a> {
    count: usize,
    /// Nanoseconds that each takes.
    nanos: f64,
    /// Length and stride of the leading axes.
    batch: &'a [(usize, isize)],
    /// The most that each takes in memory that cannot be refused; 0 where there is none.
    bytes: usize,
}

impl Work<'_> {
    /// Whether they are done one after the other, each by all threads.
    fn one_by_one(&self) -> bool {
        self.nanos > LARGE && self.count <= FEW
    }

    /// An error if there is no room for those that are done at a time, and for the products that all threads may
    /// be in.
    fn check_room(&self) -> Result<()> {
        if self.bytes == 0 || self.count == 0 {
            return Ok(());
        }
        let (matrices, products) = match self.one_by_one() {
            true => (1, NESTED.saturating_mul(threads())),
            false => {
                let threads = threads_for(self.nanos * self.count as f64).min(self.count);
                (threads, threads)
            }
        };
        let bytes = self.bytes.saturating_mul(matrices);
        room(bytes)?;
        addresses(bytes.saturating_add(product_bytes().saturating_mul(products)))
    }
}

/// What `arrayspace-linalg` is asked for, if it is asked for what allocates.
fn task(op: FactorOp, m: usize, n: usize, columns: usize) -> Option<Task> {
    let k = m.min(n);
    Some(match op {
        FactorOp::Cholesky => Task::Cholesky,
        FactorOp::Eig | FactorOp::Eigvals => Task::Eig,
        FactorOp::Eigh | FactorOp::Eigvalsh => Task::Eigh,
        FactorOp::Qr => Task::Qr(k),
        FactorOp::QrComplete => Task::Qr(m),
        FactorOp::Svd => Task::Svd(k, k),
        FactorOp::SvdFull => Task::Svd(m, n),
        FactorOp::SvdRight => Task::Svd(0, k),
        FactorOp::Svdvals => Task::Svd(0, 0),
        // small systems are solved in memory that can be refused
        FactorOp::Solve | FactorOp::Inv if n > SMALL => Task::Solve(columns),
        FactorOp::Det | FactorOp::Slogdet if n > SMALL => Task::Det,
        _ => return None,
    })
}

/// Does one matrix after the other, or several at a time. `one` is given the number of a matrix and
/// whether to use all threads for it.
fn each(work: &Work<'_>, one: impl Fn(usize, bool) -> Result<(), Failure> + Sync) -> Result<()> {
    let first = First::default();
    let note = |i: usize, parallel: bool| {
        if let Err(failure) = one(i, parallel) {
            first.note(i, failure);
        }
    };
    // the results have their memory by now
    work.check_room()?;
    if work.one_by_one() {
        // inside the pool, which is then entered once
        in_pool(|| (0..work.count).for_each(|i| note(i, true)));
    } else {
        for_tasks(
            work.count,
            work.nanos,
            || Ok(()),
            |(), i| {
                note(i, false);
                Ok(())
            },
        )?;
    }
    first.into_result(work.batch)
}

/// Whether a matrix, `m` by `n`, has results that have elements.
fn has_results(op: FactorOp, m: usize, n: usize, columns: usize) -> bool {
    match op {
        FactorOp::Det | FactorOp::Slogdet => true,
        FactorOp::QrComplete => m > 0,
        FactorOp::SvdFull => m > 0 || n > 0,
        FactorOp::Solve => n > 0 && columns > 0,
        _ => m > 0 && n > 0,
    }
}

fn run<T>(op: FactorOp, a: View<'_, Cpu>, b: Option<View<'_, Cpu>>) -> Result<Vec<Buffer>>
where
    T: Element + Field,
    T::Real: Element,
    T::Complex: Element,
{
    let stack = Stack::<T>::new(a)?;
    let (m, n) = (stack.rows.0, stack.cols.0);
    let k = m.min(n);
    let columns = b.map_or(n, |b| b.layout.shape()[b.layout.ndim() - 1]);
    // where a matrix has no results there is nothing to do, however many there are
    let count = match has_results(op, m, n, columns) {
        true => stack.len().ok_or_else(|| Error::out_of_memory(None))?,
        false => 0,
    };
    let nanos = nanos(op, m, n, columns);
    let bytes = task(op, m, n, columns).map_or(0, |task| task.most_bytes::<T>(m, n));
    let work = Work { count, nanos, batch: &stack.batch, bytes };
    let matrix = |i: usize| stack.matrix(i);
    match op {
        FactorOp::Cholesky => {
            let mut l = result::<T>(count, [n, n])?;
            let out = Pieces::<T>::new(&mut l, [n, n]);
            each(&work, |i, parallel| {
                // SAFETY: (here and below) `each` gives every number to one call alone.
                T::cholesky(matrix(i), unsafe { out.matrix(i) }, parallel)
            })?;
            Ok(vec![l])
        }
        FactorOp::Eig => {
            let (mut w, mut v) =
                (result::<T::Complex>(count, [n, 1])?, result::<T::Complex>(count, [n, n])?);
            let values = Pieces::<T::Complex>::new(&mut w, [n, 1]);
            let vectors = Pieces::<T::Complex>::new(&mut v, [n, n]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (values, vectors) = unsafe { (values.slice(i), vectors.matrix(i)) };
                T::eig(matrix(i), values, Some(vectors), parallel)
            })?;
            Ok(vec![w, v])
        }
        FactorOp::Eigvals => {
            let mut w = result::<T::Complex>(count, [n, 1])?;
            let values = Pieces::<T::Complex>::new(&mut w, [n, 1]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                T::eig(matrix(i), unsafe { values.slice(i) }, None, parallel)
            })?;
            Ok(vec![w])
        }
        FactorOp::Eigh => {
            let (mut w, mut v) = (result::<T::Real>(count, [n, 1])?, result::<T>(count, [n, n])?);
            let values = Pieces::<T::Real>::new(&mut w, [n, 1]);
            let vectors = Pieces::<T>::new(&mut v, [n, n]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (values, vectors) = unsafe { (values.slice(i), vectors.matrix(i)) };
                T::eigh(matrix(i), values, Some(vectors), parallel)
            })?;
            Ok(vec![w, v])
        }
        FactorOp::Eigvalsh => {
            let mut w = result::<T::Real>(count, [n, 1])?;
            let values = Pieces::<T::Real>::new(&mut w, [n, 1]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                T::eigh(matrix(i), unsafe { values.slice(i) }, None, parallel)
            })?;
            Ok(vec![w])
        }
        FactorOp::Qr | FactorOp::QrComplete => {
            let inner = if op == FactorOp::Qr { k } else { m };
            let (mut q, mut r) = (result::<T>(count, [m, inner])?, result::<T>(count, [inner, n])?);
            let left = Pieces::<T>::new(&mut q, [m, inner]);
            let right = Pieces::<T>::new(&mut r, [inner, n]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (left, right) = unsafe { (left.matrix(i), right.matrix(i)) };
                T::qr(matrix(i), left, right, parallel);
                Ok(())
            })?;
            Ok(vec![q, r])
        }
        FactorOp::Svd | FactorOp::SvdFull => {
            let (rows, cols) = if op == FactorOp::Svd { (k, k) } else { (m, n) };
            let (mut u, mut s, mut vh) = (
                result::<T>(count, [m, rows])?,
                result::<T::Real>(count, [k, 1])?,
                result::<T>(count, [cols, n])?,
            );
            let left = Pieces::<T>::new(&mut u, [m, rows]);
            let values = Pieces::<T::Real>::new(&mut s, [k, 1]);
            let right = Pieces::<T>::new(&mut vh, [cols, n]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (left, values, right) =
                    unsafe { (left.matrix(i), values.slice(i), right.matrix(i)) };
                T::svd(matrix(i), Some(left), values, Some(right), parallel)
            })?;
            Ok(vec![u, s, vh])
        }
        FactorOp::SvdRight => {
            let (mut s, mut vh) = (result::<T::Real>(count, [k, 1])?, result::<T>(count, [k, n])?);
            let values = Pieces::<T::Real>::new(&mut s, [k, 1]);
            let right = Pieces::<T>::new(&mut vh, [k, n]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (values, right) = unsafe { (values.slice(i), right.matrix(i)) };
                T::svd(matrix(i), None, values, Some(right), parallel)
            })?;
            Ok(vec![s, vh])
        }
        FactorOp::Svdvals => {
            let mut s = result::<T::Real>(count, [k, 1])?;
            let values = Pieces::<T::Real>::new(&mut s, [k, 1]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                T::svd(matrix(i), None, unsafe { values.slice(i) }, None, parallel)
            })?;
            Ok(vec![s])
        }
        FactorOp::Solve | FactorOp::Inv => {
            let mut x = result::<T>(count, [n, columns])?;
            if n <= SMALL {
                small_systems(&stack, count, nanos, a, b, columns, &mut x)?;
                return Ok(vec![x]);
            }
            let sides = b.map(Stack::<T>::new).transpose()?;
            let out = Pieces::<T>::new(&mut x, [n, columns]);
            each(&work, |i, parallel| {
                let side = sides.as_ref().map(|sides| sides.matrix(i));
                // SAFETY: as above.
                T::solve(matrix(i), side, unsafe { out.matrix(i) }, parallel)
            })?;
            Ok(vec![x])
        }
        FactorOp::Det => {
            let mut d = result::<T>(count, [1, 1])?;
            let out = Pieces::<T>::new(&mut d, [1, 1]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let out = unsafe { out.slice(i) };
                out[0] = T::det(matrix(i), parallel);
                Ok(())
            })?;
            Ok(vec![d])
        }
        FactorOp::Slogdet => {
            let (mut s, mut l) = (result::<T>(count, [1, 1])?, result::<T::Real>(count, [1, 1])?);
            let sign = Pieces::<T>::new(&mut s, [1, 1]);
            let log = Pieces::<T::Real>::new(&mut l, [1, 1]);
            each(&work, |i, parallel| {
                // SAFETY: as above.
                let (sign, log) = unsafe { (sign.slice(i), log.slice(i)) };
                (sign[0], log[0]) = T::slogdet(matrix(i), parallel);
                Ok(())
            })?;
            Ok(vec![s, l])
        }
        other => Err(Error::unsupported(format_args!("the CPU backend does not do {other:?}"))),
    }
}

/// Solves systems of a few equations each, or inverts the matrices, a block of them at a time.
fn small_systems<T: Element + Field>(
    stack: &Stack<'_, T>,
    count: usize,
    nanos: f64,
    a: View<'_, Cpu>,
    b: Option<View<'_, Cpu>>,
    k: usize,
    x: &mut Buffer,
) -> Result<()> {
    let n = stack.cols.0;
    let (each_a, each_x) = (n * n, n * k);
    if each_x == 0 || count == 0 {
        return Ok(());
    }
    let (matrices, out) = (Elements::<T>::new(a)?, elements::<T>(x));
    let sides = b.map(Elements::<T>::new).transpose()?;
    let block = (BLOCK / each_a.max(each_x)).max(1);
    let places = |range: &Range<usize>, each: usize| range.start * each..range.end * each;
    let first = First::default();
    for_tasks(
        count.div_ceil(block),
        nanos * block as f64,
        || {
            Ok((
                scratch::<T>(block * each_a)?,
                scratch::<T>(if b.is_some() { block * each_x } else { 0 })?,
            ))
        },
        |(left, right), task| {
            let range = task * block..((task + 1) * block).min(count);
            let left = matrices.block(places(&range, each_a), left);
            let right = sides.as_ref().map(|sides| sides.block(places(&range, each_x), right));
            // SAFETY: tasks have ranges of their own.
            let out = unsafe { out.part(places(&range, each_x)) };
            if let Err((i, failure)) = T::solve_stack(n, k, left, right, out) {
                first.note(range.start + i, failure);
            }
            Ok(())
        },
    )?;
    first.into_result(&stack.batch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrayspace_core::{Backend, Device, Layout};

    fn upload(data: &[f64]) -> Buffer {
        Cpu::upload(&Cpu, f64::as_bytes(data), DType::Float64, Device::CPU).unwrap()
    }

    fn read(buffer: &Buffer) -> Vec<f64> {
        f64::from_bytes(buffer.bytes()).unwrap().to_vec()
    }

    /// Strided, repeated and reversed matrices are read where they are; the first failure is named.
    #[test]
    fn strides_and_failures() {
        let buffer = upload(&[4.0, 2.0, 2.0, 5.0, 0.0, 0.0, 0.0, 0.0]);
        let shape = [3, 2, 2];
        for strides in [[0, 2, 1], [0, 1, 2], [0, 2, 1]] {
            let layout = Layout::new(&shape, &strides, 0).unwrap();
            let view = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
            let l = &factor(FactorOp::Cholesky, &[view]).unwrap()[0];
            assert_eq!(read(l), [2.0, 0.0, 1.0, 2.0].repeat(3));
            let inverse = &factor(FactorOp::Inv, &[view]).unwrap()[0];
            for (got, want) in read(inverse).iter().zip([5.0, -2.0, -2.0, 4.0].repeat(3)) {
                assert!((got - want / 16.0).abs() < 1e-15);
            }
        }
        // backwards: [[5, 2], [2, 4]]
        let layout = Layout::new(&[2, 2], &[-2, -1], 3).unwrap();
        let view = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
        assert!((read(&factor(FactorOp::Det, &[view]).unwrap()[0])[0] - 16.0).abs() < 1e-14);
        let layout = Layout::contiguous(&[1, 2, 2, 2]).unwrap();
        let view = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
        for op in [FactorOp::Inv, FactorOp::Cholesky] {
            let error = factor(op, &[view]).unwrap_err();
            assert!(matches!(&error, Error::Singular(text) if text.contains("[0, 1]")), "{error}");
        }
    }

    #[test]
    fn what_does_not_fit() {
        let buffer = upload(&[1.0; 6]);
        let layout = Layout::contiguous(&[2, 3]).unwrap();
        let view = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
        for op in [FactorOp::Inv, FactorOp::Eig, FactorOp::Det] {
            assert!(matches!(factor(op, &[view]), Err(Error::Shape(_))));
        }
        assert!(matches!(factor(FactorOp::Svd, &[view, view]), Err(Error::Shape(_))));
        assert!(matches!(factor(FactorOp::Solve, &[view]), Err(Error::Shape(_))));
        assert!(matches!(factor(FactorOp::Solve, &[view, view]), Err(Error::Shape(_))));
        let view = View { dtype: DType::Int64, ..view };
        assert!(matches!(factor(FactorOp::Svd, &[view]), Err(Error::DType(_))));
        let line = Layout::contiguous(&[6]).unwrap();
        let view = View { dtype: DType::Float64, layout: &line, ..view };
        assert!(matches!(factor(FactorOp::Svd, &[view]), Err(Error::Shape(_))));
        let beyond = Layout::contiguous(&[7, 1]).unwrap();
        let view = View { layout: &beyond, ..view };
        assert!(matches!(factor(FactorOp::Svd, &[view]), Err(Error::Shape(_))));
    }
}
