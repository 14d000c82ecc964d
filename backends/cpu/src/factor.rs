//! Decompositions of stacks of matrices, by `arrayspace-linalg`.
//!
//! Many matrices are shared among the threads, each done by one of them; a few large ones are done one
//! after the other, each by all threads. Which it is depends on the shape alone, so the result does not
//! depend on the number of threads. Small systems are solved many at a time, without a call for each.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use arrayspace_core::{DType, Dims, Element, Error, FactorOp, Result, View, check, element_count};
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
    let (first, sides) = check::factor(op, operands)?;
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
            return Err(check::unknown("cpu", "decompositions of fewer dimensions than two"));
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

/// A new result: a buffer, with elements of `shape` for each of `count` matrices.
fn result(dtype: DType, count: usize, shape: &[usize]) -> Result<Buffer> {
    let len = element_count(shape).and_then(|each| each.checked_mul(count));
    Buffer::initialised(dtype, len.ok_or_else(|| Error::out_of_memory(None))?)
}

/// The elements of a new result.
fn elements<T: Element>(buffer: &mut Buffer) -> Disjoint<'_, T> {
    let bytes = buffer.bytes_mut().unwrap_or(&mut []);
    Disjoint::new(of_bytes_mut(bytes))
}

/// The results of all matrices.
struct Results<'a> {
    /// Bytes, bytes for each matrix, and the shape for each matrix.
    all: SmallVec<[(Disjoint<'a, u8>, usize, Dims); 3]>,
}

impl<'a> Results<'a> {
    fn new(buffers: &'a mut [Buffer], results: &[(DType, Dims)]) -> Self {
        let of = |(buffer, (dtype, shape)): (&'a mut Buffer, &(DType, Dims))| {
            let each = shape.iter().product::<usize>() * dtype.item_size();
            (elements(buffer), each, shape.clone())
        };
        Results { all: buffers.iter_mut().zip(results).map(of).collect() }
    }

    /// The results of matrix number `index`, to be taken in the order of the operation.
    ///
    /// # Safety
    /// Nobody else uses those of the same number.
    unsafe fn of(&self, index: usize) -> Own<'_> {
        let mut own = SmallVec::new();
        for (all, each, shape) in &self.all {
            // SAFETY: different numbers have different ranges; the caller answers for the same one.
            let bytes = unsafe { all.part(index * each..(index + 1) * each) };
            own.push((bytes, shape.as_slice()));
        }
        Own(own.into_iter())
    }
}

/// The results of one matrix, first to last.
struct Own<'a>(smallvec::IntoIter<[(&'a mut [u8], &'a [usize]); 3]>);

impl<'a> Own<'a> {
    /// The next result, as elements.
    fn slice<T: Element>(&mut self) -> &'a mut [T] {
        self.0.next().map_or(&mut [], |(bytes, _)| of_bytes_mut(bytes))
    }

    /// The next result, as a matrix.
    fn matrix<T: Element>(&mut self) -> MatMut<'a, T> {
        match self.0.next() {
            Some((bytes, &[m, n])) => MatMut::from_row_major_slice_mut(of_bytes_mut(bytes), m, n),
            _ => MatMut::from_row_major_slice_mut(&mut [], 0, 0),
        }
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
        let Some((n, failure)) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner) else {
            return Ok(());
        };
        let stack: Dims = batch.iter().map(|&(len, _)| len).collect();
        Err(match failure {
            Failure::Singular => check::singular(n, &stack),
            Failure::NotPositiveDefinite(pivot) => check::not_positive_definite(n, &stack, pivot),
            _ => check::no_convergence(n, &stack),
        })
    }
}

/// Nanoseconds that one matrix takes, roughly; `None` for an operation that this backend does not know.
fn nanos(op: FactorOp, m: usize, n: usize, k: usize) -> Option<f64> {
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
        FactorOp::Eig | FactorOp::Eigvals => 40.0 * cube,
        _ => return None,
    };
    Some(30.0 + work / 4.0)
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

fn run<T>(op: FactorOp, a: View<'_, Cpu>, b: Option<View<'_, Cpu>>) -> Result<Vec<Buffer>>
where
    T: Element + Field,
    T::Real: Element,
    T::Complex: Element,
{
    let stack = Stack::<T>::new(a)?;
    let (m, n) = (stack.rows.0, stack.cols.0);
    let columns = b.map_or(n, |b| b.layout.shape()[b.layout.ndim() - 1]);
    let results = op.results(T::DTYPE, [m, n], columns);
    // where a matrix has no results there is nothing to do, however many there are
    let count = if results.iter().all(|(_, shape)| shape.contains(&0)) {
        0
    } else {
        stack.len().ok_or_else(|| Error::out_of_memory(None))?
    };
    let mut buffers = results
        .iter()
        .map(|(dtype, shape)| result(*dtype, count, shape))
        .collect::<Result<Vec<Buffer>>>()?;
    let nanos = nanos(op, m, n, columns).ok_or_else(|| check::unknown("cpu", op.name()))?;
    if matches!(op, FactorOp::Solve | FactorOp::Inv) && n <= SMALL {
        small_systems(&stack, count, nanos, a, b, columns, &mut buffers[0])?;
        return Ok(buffers);
    }
    let bytes = task(op, m, n, columns).map_or(0, |task| task.most_bytes::<T>(m, n));
    let work = Work { count, nanos, batch: &stack.batch, bytes };
    let sides = b.map(Stack::<T>::new).transpose()?;
    let out = Results::new(&mut buffers, &results);
    each(&work, |i, parallel| {
        let a = stack.matrix(i);
        // SAFETY: `each` gives every number to one call alone.
        let mut out = unsafe { out.of(i) };
        match op {
            FactorOp::Cholesky => T::cholesky(a, out.matrix(), parallel)?,
            FactorOp::Eig => T::eig(a, out.slice(), Some(out.matrix()), parallel)?,
            FactorOp::Eigvals => T::eig(a, out.slice(), None, parallel)?,
            FactorOp::Eigh => T::eigh(a, out.slice(), Some(out.matrix()), parallel)?,
            FactorOp::Eigvalsh => T::eigh(a, out.slice(), None, parallel)?,
            FactorOp::Qr | FactorOp::QrComplete => T::qr(a, out.matrix(), out.matrix(), parallel),
            FactorOp::Svd | FactorOp::SvdFull => {
                let u = out.matrix();
                T::svd(a, Some(u), out.slice(), Some(out.matrix()), parallel)?;
            }
            FactorOp::SvdRight => T::svd(a, None, out.slice(), Some(out.matrix()), parallel)?,
            FactorOp::Svdvals => T::svd(a, None, out.slice(), None, parallel)?,
            FactorOp::Solve | FactorOp::Inv => {
                let side = sides.as_ref().map(|sides| sides.matrix(i));
                T::solve(a, side, out.matrix(), parallel)?;
            }
            FactorOp::Det => out.slice()[0] = T::det(a, parallel),
            FactorOp::Slogdet => {
                let (sign, log) = (out.slice(), out.slice());
                (sign[0], log[0]) = T::slogdet(a, parallel);
            }
            // `nanos` has refused it
            _ => {}
        }
        Ok(())
    })?;
    drop(out);
    Ok(buffers)
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
            assert!(
                matches!(&error, Error::Singular(_)) && error.text().contains("[0, 1]"),
                "{error}"
            );
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
