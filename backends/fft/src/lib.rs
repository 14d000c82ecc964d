//! Fourier transforms of lines that lie one after the other in host memory, by `rustfft` and `realfft`.
//!
//! Lines are read where they are, and never overwritten. [`Real`] is `f32` and `f64`; its functions return plans, which are kept and shared. A crate of its own
//! so that this much generic code is compiled once.

mod real;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use num_complex::Complex;
use realfft::RealFftPlanner;
use rustfft::{Fft, FftNum, FftPlanner};

use real::{EvenForward, EvenInverse, Halves, OddForward, OddInverse};

/// Plans of one type that are kept; beyond that, all are dropped and made anew.
const PLANS: usize = 64;

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
pub trait Real: sealed::Sealed + FftNum + num_traits::Float + bytemuck::Pod {
    /// The transform of `n` complex values (at least 1), or its inverse, unscaled.
    fn complex(n: usize, inverse: bool) -> Shared<Self, Complex<Self>, Complex<Self>>;

    /// The first `n / 2 + 1` values of the transform of `n` real ones (at least 1).
    fn real_forward(n: usize) -> Shared<Self, Self, Complex<Self>>;

    /// `n` real values (at least 1) from the first `n / 2 + 1` of a Hermitian spectrum, unscaled. The
    /// imaginary parts that such a spectrum does not have are ignored.
    fn real_inverse(n: usize) -> Shared<Self, Complex<Self>, Self>;
}

/// The plans made so far of one kind, by what determines them.
type Store<K, T, I, O> = HashMap<K, Shared<T, I, O>>;

/// The plans made so far.
struct Plans<T> {
    complex: Store<(usize, bool), T, Complex<T>, Complex<T>>,
    forward: Store<usize, T, T, Complex<T>>,
    inverse: Store<usize, T, Complex<T>, T>,
}

impl<T> Default for Plans<T> {
    fn default() -> Self {
        Plans { complex: HashMap::new(), forward: HashMap::new(), inverse: HashMap::new() }
    }
}

/// The plan under a key, made where it is not there.
fn plan<K: Eq + std::hash::Hash, P: ?Sized>(
    plans: &mut HashMap<K, Arc<P>>,
    key: K,
    make: impl FnOnce() -> Arc<P>,
) -> Arc<P> {
    if plans.len() >= PLANS {
        plans.clear();
    }
    plans.entry(key).or_insert_with(make).clone()
}

macro_rules! real {
    ($t:ty) => {
        impl Real for $t {
            fn complex(n: usize, inverse: bool) -> Shared<$t, Complex<$t>, Complex<$t>> {
                plan(&mut <$t>::plans().complex, (n, inverse), || {
                    let mut planner = FftPlanner::new();
                    Arc::new(Both(if inverse {
                        planner.plan_fft_inverse(n)
                    } else {
                        planner.plan_fft_forward(n)
                    }))
                })
            }

            fn real_forward(n: usize) -> Shared<$t, $t, Complex<$t>> {
                plan(&mut <$t>::plans().forward, n, || match n.is_multiple_of(2) {
                    true => Arc::new(EvenForward(Halves::new(n, false))),
                    false => Arc::new(OddForward(RealFftPlanner::new().plan_fft_forward(n))),
                })
            }

            fn real_inverse(n: usize) -> Shared<$t, Complex<$t>, $t> {
                plan(&mut <$t>::plans().inverse, n, || match n.is_multiple_of(2) {
                    true => Arc::new(EvenInverse(Halves::new(n, true))),
                    false => Arc::new(OddInverse(RealFftPlanner::new().plan_fft_inverse(n))),
                })
            }
        }

        impl Planned for $t {
            fn plans() -> MutexGuard<'static, Plans<$t>> {
                static PLANS: LazyLock<Mutex<Plans<$t>>> = LazyLock::new(Mutex::default);
                PLANS.lock().unwrap_or_else(PoisonError::into_inner)
            }
        }
    };
}
real!(f32);
real!(f64);

/// A type with a store of plans.
trait Planned: Sized {
    fn plans() -> MutexGuard<'static, Plans<Self>>;
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
