//! Fourier transforms of lines that lie one after the other in host memory, by `rustfft` and `realfft`.
//!
//! [`Real`] is `f32` and `f64`; its functions return plans, which are kept and shared. A crate of its own
//! so that this much generic code is compiled once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftNum, FftPlanner};

/// Plans of one type that are kept; beyond that, all are dropped and made anew.
const PLANS: usize = 64;

/// A transform of lines, `I` to `O`.
pub trait Plan<T, I, O>: Send + Sync {
    /// Transforms lines, which are overwritten. There are as many elements of `out` as the lines give.
    fn transform(&self, lines: &mut [I], out: &mut [O], work: &mut Vec<Complex<T>>);

    /// The same without overwriting them; `false` if the plan cannot, and nothing has happened.
    fn transform_from(&self, lines: &[I], out: &mut [O], work: &mut Vec<Complex<T>>) -> bool {
        let _ = (lines, out, work);
        false
    }
}

/// A plan that is shared.
pub type Shared<T, I, O> = Arc<dyn Plan<T, I, O>>;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// The precisions: `f32` and `f64`.
pub trait Real: sealed::Sealed + FftNum + num_traits::Float {
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
                let make = || Arc::new(Forward(RealFftPlanner::new().plan_fft_forward(n))) as _;
                plan(&mut <$t>::plans().forward, n, make)
            }

            fn real_inverse(n: usize) -> Shared<$t, Complex<$t>, $t> {
                let make = || Arc::new(Inverse(RealFftPlanner::new().plan_fft_inverse(n))) as _;
                plan(&mut <$t>::plans().inverse, n, make)
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

/// The first `len` elements of a vector that grows to have them.
fn sized<T: Clone + num_traits::Zero>(vec: &mut Vec<T>, len: usize) -> &mut [T] {
    if vec.len() < len {
        vec.resize(len, T::zero());
    }
    &mut vec[..len]
}

struct Both<T>(Arc<dyn Fft<T>>);
struct Forward<T>(Arc<dyn RealToComplex<T>>);
struct Inverse<T>(Arc<dyn ComplexToReal<T>>);

impl<T: Real> Plan<T, Complex<T>, Complex<T>> for Both<T> {
    fn transform(
        &self,
        lines: &mut [Complex<T>],
        out: &mut [Complex<T>],
        work: &mut Vec<Complex<T>>,
    ) {
        let work = sized(work, self.0.get_outofplace_scratch_len());
        self.0.process_outofplace_with_scratch(lines, out, work);
    }

    fn transform_from(
        &self,
        lines: &[Complex<T>],
        out: &mut [Complex<T>],
        work: &mut Vec<Complex<T>>,
    ) -> bool {
        let work = sized(work, self.0.get_immutable_scratch_len());
        self.0.process_immutable_with_scratch(lines, out, work);
        true
    }
}

impl<T: Real> Plan<T, T, Complex<T>> for Forward<T> {
    fn transform(&self, lines: &mut [T], out: &mut [Complex<T>], work: &mut Vec<Complex<T>>) {
        let n = self.0.len();
        let work = sized(work, self.0.get_scratch_len());
        for (line, out) in lines.chunks_exact_mut(n).zip(out.chunks_exact_mut(n / 2 + 1)) {
            // the one error is a slice of the wrong length, and the lengths are the plan's
            let done = self.0.process_with_scratch(line, out, work);
            debug_assert!(done.is_ok());
        }
    }
}

impl<T: Real> Plan<T, Complex<T>, T> for Inverse<T> {
    fn transform(&self, lines: &mut [Complex<T>], out: &mut [T], work: &mut Vec<Complex<T>>) {
        let n = self.0.len();
        let work = sized(work, self.0.get_scratch_len());
        for (line, out) in lines.chunks_exact_mut(n / 2 + 1).zip(out.chunks_exact_mut(n)) {
            // parts that a Hermitian spectrum does not have, which the contract says are ignored
            line[0].im = T::zero();
            if n.is_multiple_of(2) {
                line[n / 2].im = T::zero();
            }
            let done = self.0.process_with_scratch(line, out, work);
            debug_assert!(done.is_ok());
        }
    }
}
