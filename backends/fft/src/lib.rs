//! Fourier transforms of lines that lie one after the other in host memory, by `rustfft` and `realfft`.
//!
//! Lines are read where they are, and never overwritten. [`Real`] is `f32` and `f64`; its functions return
//! plans, which are shared, and kept within a bound on their bytes. A crate of its own so that this much generic
//! code is compiled once.

mod real;
mod size;
mod store;

use std::sync::{Arc, LazyLock};

use num_complex::Complex;
use realfft::RealFftPlanner;
use rustfft::{Fft, FftNum, FftPlanner};

use real::{EvenForward, EvenInverse, Halves, OddForward, OddInverse};
use size::Size;
use store::{Made, Store};

/// The plans made so far, of all types.
static PLANS: LazyLock<Store> = LazyLock::new(Store::default);

/// The memory that there is for plans, as whoever asks for one knows it.
pub trait Memory {
    /// Whether there is room for so many bytes. It is asked before a plan is made: the allocations of that
    /// cannot fail, but would end the process.
    fn room(&self, bytes: usize) -> bool;

    /// The bytes that plans may take that are kept for later, the one being made among them.
    fn limit(&self) -> usize;
}

/// There is no room for the so many bytes that a plan may take while it is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoRoom(pub usize);

/// The bytes that the plans take which are kept for later: an upper bound.
pub fn kept_bytes() -> usize {
    PLANS.bytes()
}

/// Frees plans, those first that were not used for longest, until the kept ones take at most so many bytes.
/// Plans in use live on until their users let them go.
pub fn shrink(bytes: usize) {
    PLANS.shrink(bytes);
}

/// A transform of lines, `I` to `O`.
pub trait Plan<T, I, O>: Send + Sync {
    /// How many elements of `work` are needed.
    fn work_len(&self) -> usize;

    /// Transforms lines. There are as many elements of `out` as they give.
    fn transform(&self, lines: &[I], out: &mut [O], work: &mut [Complex<T>]);
}

/// A plan that is shared.
pub type Shared<T, I, O> = Arc<dyn Plan<T, I, O>>;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// The precisions: `f32` and `f64`.
///
/// # Errors
/// All functions fail if the plan is not kept, and there is no [`Memory`] to make it.
pub trait Real: sealed::Sealed + FftNum + num_traits::Float + bytemuck::Pod {
    /// The transform of `n` complex values (at least 1), or its inverse, unscaled.
    fn complex(
        n: usize,
        inverse: bool,
        memory: &dyn Memory,
    ) -> Result<Shared<Self, Complex<Self>, Complex<Self>>, NoRoom>;

    /// The first `n / 2 + 1` values of the transform of `n` real ones (at least 1).
    fn real_forward(
        n: usize,
        memory: &dyn Memory,
    ) -> Result<Shared<Self, Self, Complex<Self>>, NoRoom>;

    /// `n` real values (at least 1) from the first `n / 2 + 1` of a Hermitian spectrum, unscaled. The
    /// imaginary parts that such a spectrum does not have are ignored.
    fn real_inverse(
        n: usize,
        memory: &dyn Memory,
    ) -> Result<Shared<Self, Complex<Self>, Self>, NoRoom>;
}

macro_rules! real {
    ($t:ty) => {
        impl Real for $t {
            fn complex(
                n: usize,
                inverse: bool,
                memory: &dyn Memory,
            ) -> Result<Shared<$t, Complex<$t>, Complex<$t>>, NoRoom> {
                let size = size::complex::<$t>(n);
                plan(n, inverse, size, memory, || -> Shared<_, _, _> {
                    Arc::new(Both(line(n, inverse)))
                })
            }

            fn real_forward(
                n: usize,
                memory: &dyn Memory,
            ) -> Result<Shared<$t, $t, Complex<$t>>, NoRoom> {
                plan(n, false, size::real::<$t>(n), memory, || -> Shared<_, _, _> {
                    match n.is_multiple_of(2) {
                        true => Arc::new(EvenForward(Halves::new(n, false))),
                        false => Arc::new(OddForward(RealFftPlanner::new().plan_fft_forward(n))),
                    }
                })
            }

            fn real_inverse(
                n: usize,
                memory: &dyn Memory,
            ) -> Result<Shared<$t, Complex<$t>, $t>, NoRoom> {
                plan(n, true, size::real::<$t>(n), memory, || -> Shared<_, _, _> {
                    match n.is_multiple_of(2) {
                        true => Arc::new(EvenInverse(Halves::new(n, true))),
                        false => Arc::new(OddInverse(RealFftPlanner::new().plan_fft_inverse(n))),
                    }
                })
            }
        }
    };
}
real!(f32);
real!(f64);

/// A transform of `rustfft`.
fn line<T: Real>(n: usize, inverse: bool) -> Arc<dyn Fft<T>> {
    let mut planner = FftPlanner::new();
    if inverse { planner.plan_fft_inverse(n) } else { planner.plan_fft_forward(n) }
}

/// The plan that is kept, or one that is made if there is memory.
fn plan<P: ?Sized + Send + Sync + 'static>(
    n: usize,
    inverse: bool,
    size: Size,
    memory: &dyn Memory,
    make: impl FnOnce() -> Arc<P>,
) -> Result<Arc<P>, NoRoom> {
    PLANS.plan((n, inverse), || {
        if !memory.room(size.making) {
            return Err(NoRoom(size.making));
        }
        Ok(Made { plan: make(), bytes: size.kept, limit: memory.limit() })
    })
}

struct Both<T>(Arc<dyn Fft<T>>);

impl<T: Real> Plan<T, Complex<T>, Complex<T>> for Both<T> {
    fn work_len(&self) -> usize {
        self.0.get_immutable_scratch_len()
    }

    fn transform(&self, lines: &[Complex<T>], out: &mut [Complex<T>], work: &mut [Complex<T>]) {
        self.0.process_immutable_with_scratch(lines, out, work);
    }
}
