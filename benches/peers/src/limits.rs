//! What the machine can do, measured: bytes moved by memory, multiplications and additions.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use crate::workloads::Workload;

/// Rates of all threads together.
pub struct Limits {
    threads: usize,
    /// Bytes read and written in a second: of copies of large blocks.
    bytes: f64,
    /// float32 and float64 operations in a second.
    operations: [f64; 2],
}

/// The best rate of some rounds: of `amount` in the time that `run` takes on each of `threads` threads.
fn rate(threads: usize, amount: f64, run: impl Fn(usize) + Sync) -> f64 {
    let mut best = 0f64;
    for _ in 0..8 {
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let run = &run;
                scope.spawn(move || run(thread));
            }
        });
        best = best.max(threads as f64 * amount / begin.elapsed().as_secs_f64());
    }
    best
}

impl Limits {
    pub fn measure() -> Limits {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // 160 MB of each: far beyond the caches
        let len = 160_000_000 / threads;
        let blocks: Vec<std::sync::Mutex<(Vec<u8>, Vec<u8>)>> =
            (0..threads).map(|_| std::sync::Mutex::new((vec![1; len], vec![2; len]))).collect();
        let bytes = rate(threads, 2.0 * len as f64, |thread| {
            let mut block = blocks[thread].lock().unwrap();
            let (from, to) = &mut *block;
            to.copy_from_slice(from);
            black_box(&to);
        });
        const STEPS: usize = 4_000_000;
        let f32s = rate(threads, STEPS as f64 * multiply_add::lanes::<f32>(), |_| {
            black_box(multiply_add::f32(STEPS));
        });
        let f64s = rate(threads, STEPS as f64 * multiply_add::lanes::<f64>(), |_| {
            black_box(multiply_add::f64(STEPS));
        });
        Limits { threads, bytes, operations: [f32s, f64s] }
    }

    /// The least time that a piece of work can take, if there is one.
    pub fn seconds(&self, w: &Workload) -> f64 {
        // what is in cache is not bound by memory
        let memory = if w.bytes > 32e6 { w.bytes / self.bytes } else { 0.0 };
        let (factor, rate) = match w.dtype {
            "float32" => (1.0, self.operations[0]),
            "float64" => (1.0, self.operations[1]),
            "complex64" => (4.0, self.operations[0]),
            _ => (0.0, 1.0),
        };
        memory.max(factor * w.operations / rate)
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} threads; copies {:.0} GB/s, float32 {:.0} and float64 {:.0} Gflop/s.",
            self.threads,
            self.bytes / 1e9,
            self.operations[0] / 1e9,
            self.operations[1] / 1e9
        )
    }
}

/// Chains of fused multiplications and additions in registers, enough of them to hide their latency.
#[cfg(target_arch = "x86_64")]
mod multiply_add {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    const CHAINS: usize = 12;

    /// Operations of one step.
    pub fn lanes<T>() -> f64 {
        let bytes = if is_x86_feature_detected!("avx512f") { 64 } else { 32 };
        (2 * CHAINS * bytes / size_of::<T>()) as f64
    }

    macro_rules! chains {
        ($name:ident, $t:ty, $wide:ident $set:ident $fma:ident $sum:ident,
         $narrow:ident $set2:ident $fma2:ident $first2:ident) => {
            pub fn $name(steps: usize) -> $t {
                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: the processor has it.
                    unsafe { $wide(steps) }
                } else {
                    // SAFETY: every processor of the last ten years has it.
                    unsafe { $narrow(steps) }
                }
            }

            #[target_feature(enable = "avx512f")]
            fn $wide(steps: usize) -> $t {
                // of which the compiler knows nothing, not even that they are alike
                let (a, b) = ($set(black_box(0.999)), $set(black_box(0.001)));
                let mut chains = [1.0; CHAINS].map(|first| $set(black_box(first)));
                for _ in 0..steps {
                    for chain in &mut chains {
                        *chain = $fma(*chain, a, b);
                    }
                }
                chains.iter().map(|&chain| $sum(chain)).sum()
            }

            #[target_feature(enable = "avx2,fma")]
            fn $narrow(steps: usize) -> $t {
                // of which the compiler knows nothing, not even that they are alike
                let (a, b) = ($set2(black_box(0.999)), $set2(black_box(0.001)));
                let mut chains = [1.0; CHAINS].map(|first| $set2(black_box(first)));
                for _ in 0..steps {
                    for chain in &mut chains {
                        *chain = $fma2(*chain, a, b);
                    }
                }
                chains.iter().map(|&chain| $first2(chain)).sum()
            }
        };
    }
    chains!(f32, f32, wide_f32 _mm512_set1_ps _mm512_fmadd_ps _mm512_reduce_add_ps,
        narrow_f32 _mm256_set1_ps _mm256_fmadd_ps _mm256_cvtss_f32);
    chains!(f64, f64, wide_f64 _mm512_set1_pd _mm512_fmadd_pd _mm512_reduce_add_pd,
        narrow_f64 _mm256_set1_pd _mm256_fmadd_pd _mm256_cvtsd_f64);
}

/// Elsewhere the rate is not measured.
#[cfg(not(target_arch = "x86_64"))]
mod multiply_add {
    pub fn lanes<T>() -> f64 {
        f64::INFINITY
    }

    pub fn f32(_: usize) {}

    pub fn f64(_: usize) {}
}
