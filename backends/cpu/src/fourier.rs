//! Fourier transforms along one axis.
//!
//! A transform works on lines: all elements along the axis at one place of the others. Lines go in
//! blocks of some hundred kilobytes through scratch memory: a strided copy brings them in (cut, or
//! continued with zeros), each is transformed where it lies, and a strided copy takes them out. Where the
//! axis is the last one neither copy is needed. Blocks are distributed over the threads.

use arrayspace_core::{DType, Error, FourierOp, Layout, Result, View, check, element_count};
use arrayspace_fft::{NoRoom, Plan, Real};
use num_complex::Complex;
use rayon::prelude::*;

use crate::copy::strided;
use crate::memory::{Plain, PlanMemory, Scratch};
use crate::{Buffer, Cpu};

/// Bytes of scratch memory that a block of lines takes: within the second-level cache.
const BLOCK_BYTES: usize = 1 << 17;

/// Work, in elements, under which a second thread does not pay.
const PARALLEL: usize = 1 << 15;

/// Transforms every line along `axis`.
pub(crate) fn fourier(
    op: FourierOp,
    source: View<'_, Cpu>,
    axis: usize,
    n: usize,
    scale: f64,
) -> Result<Buffer> {
    let (dtype, _) = check::fourier(op, source.dtype, source.layout.shape(), axis, n)?;
    let job = Job::new(op, source, axis, n, dtype)?;
    match source.dtype {
        DType::Float32 | DType::Complex64 => job.run::<f32>(op, n, scale as f32),
        _ => job.run::<f64>(op, n, scale),
    }
}

/// Source and result as lines: layouts whose last axis is the transformed one.
struct Job<'a> {
    source: View<'a, Cpu>,
    from: Layout,
    to: Layout,
    dtype: DType,
    /// Elements that a line has for the transform; what the source lacks is 0.
    reads: usize,
}

impl<'a> Job<'a> {
    fn new(
        op: FourierOp,
        source: View<'a, Cpu>,
        axis: usize,
        n: usize,
        dtype: DType,
    ) -> Result<Job<'a>> {
        let (reads, gives) = op.lengths(n);
        let mut shape = source.layout.shape().to_vec();
        let used = shape[axis].min(reads);
        shape[axis] = gives;
        let order: Vec<usize> =
            (0..shape.len()).filter(|&k| k != axis).chain(std::iter::once(axis)).collect();
        let from = source.layout.slice(axis, 0, 1, used).permute(&order);
        let to = Layout::contiguous(&shape)?.permute(&order);
        // one axis of lines where both sides allow it, else as many as there are
        let joined = element_count(&from.shape()[..order.len() - 1])
            .and_then(|lines| from.reshape(&[lines, used]).zip(to.reshape(&[lines, gives])));
        let (from, to) = match joined {
            Some(joined) if used > 0 => joined,
            _ if order.len() == 1 => (from.insert_axis(0), to.insert_axis(0)),
            _ => (from, to),
        };
        Ok(Job { source, from, to, dtype, reads })
    }

    fn run<T: Precision>(&self, op: FourierOp, n: usize, scale: T) -> Result<Buffer> {
        // before a plan is made, which for an absurd length would exhaust memory
        let (buffer, out) = Buffer::for_output(self.dtype, self.to.size())?;
        if self.to.size() == 0 {
            return Ok(buffer);
        }
        let (target, memory) = (Target(out), &PlanMemory);
        let failed = |NoRoom(bytes): NoRoom| no_room(n, bytes);
        match op {
            FourierOp::RealForward => {
                let plan = T::real_forward(n, memory).map_err(failed)?;
                self.lines::<T, T, Complex<T>>(&*plan, scale, &target)?;
            }
            FourierOp::RealInverse => {
                let plan = T::real_inverse(n, memory).map_err(failed)?;
                self.lines::<T, Complex<T>, T>(&*plan, scale, &target)?;
            }
            _ => {
                let plan = T::complex(n, op == FourierOp::Inverse, memory).map_err(failed)?;
                self.lines::<T, Complex<T>, Complex<T>>(&*plan, scale, &target)?;
            }
        }
        Ok(buffer)
    }

    /// Transforms all lines with a plan.
    fn lines<T: Precision, I: Item<T>, O: Item<T>>(
        &self,
        plan: &dyn Plan<T, I, O>,
        scale: T,
        target: &Target,
    ) -> Result<()> {
        let inner = self.from.ndim() - 2;
        let (rows, used) = (self.from.shape()[inner], self.from.shape()[inner + 1]);
        let gives = self.to.shape()[inner + 1];
        let outer = &self.to.shape()[..inner];
        let height =
            (BLOCK_BYTES / (self.reads.max(gives) * size_of::<Complex<T>>())).clamp(1, 256);
        let height = height.min(rows.max(1));
        let blocks = rows.div_ceil(height.max(1));
        let jobs = outer.iter().product::<usize>() * blocks;

        // the lines from `start` on, of the outer index that `job` says
        let block = |layout: &Layout, job: usize| {
            let (mut index, start) = (job / blocks, job % blocks * height);
            let mut layout = layout.clone();
            for axis in (0..inner).rev() {
                layout = layout.index(axis, index % outer[axis]);
                index /= outer[axis];
            }
            layout.slice(0, start, 1, height.min(rows - start))
        };
        let memory = || Memory::<T, I, O>::new(plan.work_len());
        let work = |memory: &mut Memory<T, I, O>, job: usize| -> Result<()> {
            let (from, to) = (block(&self.from, job), block(&self.to, job));
            let count = from.shape()[0];
            let direct_in = used == self.reads && from.is_contiguous();
            let direct_out = to.is_contiguous();
            let Memory { input, output, work } = memory;
            // SAFETY: the layout is contiguous and lies within the result, whose blocks are disjoint;
            // what is written is written before it is read (`transform` writes all of it).
            let place = direct_out.then(|| unsafe {
                let first = target.get().cast::<O>().add(to.offset());
                std::slice::from_raw_parts_mut(first, count * gives)
            });
            let direct_out = place.is_some();
            let output = match place {
                Some(place) => place,
                None => sized(output, count * gives)?,
            };
            // SAFETY: the source has been checked; a contiguous block of it may be read as a slice,
            // since its dtype is that of `I`.
            let seen = direct_in.then(|| unsafe {
                let first = self.source.buffer.as_ptr().cast::<I>().add(from.offset());
                std::slice::from_raw_parts(first, count * used)
            });
            let lines = match seen {
                Some(seen) => seen,
                None => {
                    let lines = sized(input, count * self.reads)?;
                    let places = Layout::new(&[count, used], &[self.reads as isize, 1], 0);
                    if let (Ok(places), true) = (places, used > 0) {
                        // SAFETY: the places are rows of `lines`; the source has been checked.
                        unsafe {
                            let to = lines.as_mut_ptr().cast();
                            let source = self.source.buffer.as_ptr();
                            strided(to, &places, source, &from, size_of::<I>());
                        }
                    }
                    if used < self.reads {
                        for line in lines.chunks_exact_mut(self.reads) {
                            line[used..].fill(I::zero());
                        }
                    }
                    lines
                }
            };
            plan.transform(lines, output, work);
            if scale != T::one() {
                output.iter_mut().for_each(|x| *x = x.times(scale));
            }
            if !direct_out && let Ok(seen) = Layout::contiguous(&[count, gives]) {
                // SAFETY: the places lie within the result, and blocks are disjoint.
                unsafe {
                    let from = output.as_ptr().cast();
                    strided(target.get(), &to, from, &seen, size_of::<O>());
                }
            }
            Ok(())
        };
        if jobs > 1 && self.to.size() >= PARALLEL && crate::threads() > 1 {
            (0..jobs).into_par_iter().try_for_each_init(memory, |memory, job| {
                work(memory.as_mut().map_err(|e| e.clone())?, job)
            })
        } else {
            let mut memory = memory()?;
            (0..jobs).try_for_each(|job| work(&mut memory, job))
        }
    }
}

/// The error of a plan that there is no memory for.
#[cold]
fn no_room(n: usize, bytes: usize) -> Error {
    Error::OutOfMemory(
        format!(
            "out of memory: a transform of length {n} may take {bytes} bytes to prepare; use a length without \
             large prime factors (continue the lines with zeros), which takes a fraction, or a narrower dtype"
        )
        .into(),
    )
}

/// The address of the result, written by several threads in places of their own.
struct Target(*mut u8);

// SAFETY: whoever takes the address writes places that nobody else does.
unsafe impl Sync for Target {}

impl Target {
    fn get(&self) -> *mut u8 {
        self.0
    }
}

/// Memory of one thread, from the pool: fresh pages would cost more than the transform of a long line.
struct Memory<T, I, O> {
    input: Option<Scratch<I>>,
    output: Option<Scratch<O>>,
    work: Scratch<Complex<T>>,
}

impl<T: Precision, I, O> Memory<T, I, O> {
    fn new(work: usize) -> Result<Self> {
        Ok(Memory { input: None, output: None, work: Scratch::new(work)? })
    }
}

/// The first `len` elements of memory that is made as large when it is first used: no block of lines is
/// larger than the first.
fn sized<T: Plain>(memory: &mut Option<Scratch<T>>, len: usize) -> Result<&mut [T]> {
    if memory.as_ref().is_none_or(|memory| memory.len() < len) {
        *memory = Some(Scratch::new(len)?);
    }
    Ok(memory.as_mut().map_or(&mut [], |memory| &mut memory[..len]))
}

/// `f32` and `f64`.
trait Precision: Real + Plain {}
impl<T: Real + Plain> Precision for T {}

/// A real or a complex number of that precision.
trait Item<T>: Plain + num_traits::Zero {
    fn times(self, scale: T) -> Self;
}

impl<T: Precision> Item<T> for T {
    fn times(self, scale: T) -> T {
        self * scale
    }
}

impl<T: Precision> Item<T> for Complex<T> {
    fn times(self, scale: T) -> Complex<T> {
        Complex::new(self.re * scale, self.im * scale)
    }
}

#[cfg(test)]
mod tests {
    use arrayspace_core::{Backend, Device, Element};
    use num_complex::Complex64;

    use super::*;

    fn noise(len: usize) -> Vec<Complex64> {
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        (0..len).map(|_| Complex64::new(next(), next())).collect()
    }

    /// The definition, with the index modulo n so that large products lose nothing.
    fn naive(line: &[Complex64], n: usize, sign: f64) -> Vec<Complex64> {
        let at = |t: usize| line.get(t).copied().unwrap_or_default();
        let turn = |k: usize| {
            Complex64::from_polar(1.0, sign * 2.0 * std::f64::consts::PI * k as f64 / n as f64)
        };
        (0..n).map(|k| (0..n).map(|t| at(t) * turn(k * t % n)).sum()).collect()
    }

    fn run<I: Element, O: Element>(
        op: FourierOp,
        data: &[I],
        layout: &Layout,
        axis: usize,
        n: usize,
        scale: f64,
    ) -> Vec<O> {
        let buffer = Cpu::upload(&Cpu, I::as_bytes(data), I::DTYPE, Device::CPU).unwrap();
        let view = View { buffer: &buffer, dtype: I::DTYPE, layout };
        let out = Cpu::fourier(&Cpu, op, view, axis, n, scale).unwrap().unwrap();
        let mut values = vec![O::default(); Cpu::buffer_len(&Cpu, &out, O::DTYPE)];
        let len = size_of_val(&values[..]);
        O::fill_bytes::<()>(&mut values, |bytes| {
            bytes.copy_from_slice(&out.bytes()[..len]);
            Ok(())
        })
        .unwrap();
        values
    }

    /// Every line of a `[p, m, q]` array, in every memory order, against the definition.
    fn lines(p: usize, m: usize, q: usize, n: usize) {
        let data = noise(p * m * q);
        let plain = Layout::contiguous(&[p, m, q]).unwrap();
        let turned = Layout::contiguous(&[q, p, m]).unwrap().permute(&[1, 2, 0]);
        let back = if m > 0 { plain.slice(1, m - 1, -1, m) } else { plain.clone() };
        for layout in [plain, turned, back] {
            let s = layout.strides();
            let place = |a: usize, t: usize, b: usize| {
                layout.offset() as isize + a as isize * s[0] + t as isize * s[1] + b as isize * s[2]
            };
            let line = |a, b| (0..m).map(move |t| place(a, t, b) as usize).collect::<Vec<_>>();
            for op in [FourierOp::Forward, FourierOp::Inverse] {
                let out: Vec<Complex64> = run(op, &data, &layout, 1, n, 0.5);
                let sign = if op == FourierOp::Forward { -1.0 } else { 1.0 };
                for (a, b) in (0..p).flat_map(|a| (0..q).map(move |b| (a, b))) {
                    let x: Vec<Complex64> = line(a, b).iter().map(|&i| data[i]).collect();
                    for (k, want) in naive(&x, n, sign).into_iter().enumerate() {
                        let got = out[(a * n + k) * q + b];
                        assert!(
                            (got - want * 0.5).norm() < 1e-12 * n as f64,
                            "{op:?} {got} {want}"
                        );
                    }
                }
            }
            let reals: Vec<f64> = data.iter().map(|x| x.re).collect();
            let half = n / 2 + 1;
            let out: Vec<Complex64> = run(FourierOp::RealForward, &reals, &layout, 1, n, 1.0);
            let again: Vec<f64> = run(FourierOp::RealInverse, &data, &layout, 1, n, 1.0);
            for (a, b) in (0..p).flat_map(|a| (0..q).map(move |b| (a, b))) {
                let x: Vec<Complex64> = line(a, b).iter().map(|&i| reals[i].into()).collect();
                let want = naive(&x, n, -1.0);
                for k in 0..half {
                    assert!((out[(a * half + k) * q + b] - want[k]).norm() < 1e-12 * n as f64);
                }
                // the Hermitian spectrum whose first half is the line
                let mut spectrum = vec![Complex64::default(); n];
                for (k, &i) in line(a, b).iter().take(half).enumerate() {
                    let own = k == 0 || 2 * k == n;
                    spectrum[k] = if own { data[i].re.into() } else { data[i] };
                    spectrum[(n - k) % n] = spectrum[k].conj();
                }
                let want = naive(&spectrum, n, 1.0);
                for k in 0..n {
                    assert!((again[(a * n + k) * q + b] - want[k].re).abs() < 1e-12 * n as f64);
                }
            }
        }
    }

    #[test]
    fn lines_are_the_definition() {
        for (p, m, q) in [(1, 1, 1), (2, 5, 3), (3, 8, 1), (1, 16, 20), (2, 0, 2), (0, 4, 2)] {
            for n in [1, 2, 3, 4, 7, 8, 16, 30] {
                lines(p, m, q, n);
            }
        }
        lines(2, 97, 40, 97);
        lines(300, 12, 9, 12);
    }

    #[test]
    fn single_precision() {
        let data: Vec<Complex<f32>> =
            noise(1024).iter().map(|x| Complex::new(x.re as f32, x.im as f32)).collect();
        let wide: Vec<Complex64> =
            data.iter().map(|x| Complex64::new(x.re.into(), x.im.into())).collect();
        let layout = Layout::contiguous(&[1024]).unwrap();
        let got: Vec<Complex<f32>> = run(FourierOp::Forward, &data, &layout, 0, 1024, 1.0);
        for (got, want) in got.iter().zip(naive(&wide, 1024, -1.0)) {
            let got = Complex64::new(got.re.into(), got.im.into());
            assert!((got - want).norm() < 1e-5 * 32.0, "{got} {want}");
        }
    }

    #[test]
    fn wrong_dtypes_and_lengths() {
        let buffer = Cpu::upload(&Cpu, &[0; 16], DType::Int64, Device::CPU).unwrap();
        let layout = Layout::contiguous(&[2]).unwrap();
        let view = View { buffer: &buffer, dtype: DType::Int64, layout: &layout };
        assert!(matches!(fourier(FourierOp::Forward, view, 0, 2, 1.0), Err(Error::DType(_))));
        let view = View { dtype: DType::Float64, ..view };
        assert!(matches!(fourier(FourierOp::RealForward, view, 0, 0, 1.0), Err(Error::Value(_))));
        assert!(matches!(fourier(FourierOp::RealForward, view, 1, 2, 1.0), Err(Error::Axis(_))));
        let huge = fourier(FourierOp::RealForward, view, 0, usize::MAX / 2, 1.0);
        assert!(matches!(huge, Err(Error::OutOfMemory(_))));
    }
}
