//! Fourier transforms here and by `rustfft` and `realfft` called directly, in one run:
//! `cargo bench --bench fft`.
//!
//! Both sides are timed alternately, and the best time of each counts. Ours makes a new array; the peer
//! writes into memory of its own that is there already, with one thread, its plan made beforehand.

use std::hint::black_box;

use arrayspace::options::Transform;
use arrayspace::prelude::*;
use num_complex::Complex;
use realfft::RealFftPlanner;
use rustfft::FftPlanner;

#[path = "common/timing.rs"]
mod timing;
use timing::{report, times};

fn main() -> Result<()> {
    let xp = Cpu::new();
    let fft = xp.fft();
    println!("{:<36}{:>13}{:>13}{:>8}", "", "arrayspace", "rustfft", "ratio");
    let shapes: [(usize, usize); 9] = [
        (1, 1 << 10),
        (1, 1 << 16),
        (1, 1 << 20),
        (1, 1 << 22),
        (1, 1_000_003),
        (1024, 256),
        (1024, 1024),
        (1024, 1000),
        (100_000, 16),
    ];
    for (lines, n) in shapes {
        let values: Vec<Complex<f64>> = (0..lines * n)
            .map(|k| Complex::new((k as f64 * 0.7).sin(), (k as f64 * 1.3).cos()))
            .collect();
        let x = xp.reshape(xp.asarray(values.clone(), ())?, [lines, n], ())?;
        let plan = FftPlanner::new().plan_fft_forward(n);
        let mut out = values.clone();
        let mut work = vec![Complex::default(); plan.get_immutable_scratch_len()];
        let ours = || drop(black_box(fft.fft(&x, ()).unwrap_or_else(|e| panic!("{e}"))));
        let peer = || plan.process_immutable_with_scratch(&values, black_box(&mut out), &mut work);
        report(&format!("fft of {lines} x {n}, complex128"), times(ours, peer, 1.5));

        let x = xp.real(&x)?;
        let mut reals: Vec<f64> = values.iter().map(|x| x.re).collect();
        let plan = RealFftPlanner::<f64>::new().plan_fft_forward(n);
        let mut work = plan.make_scratch_vec();
        let ours = || drop(black_box(fft.rfft(&x, ()).unwrap_or_else(|e| panic!("{e}"))));
        let peer = || {
            for (line, out) in reals.chunks_mut(n).zip(out.chunks_mut(n)) {
                let done = plan.process_with_scratch(line, &mut out[..n / 2 + 1], &mut work);
                done.unwrap_or_else(|e| panic!("{e}"));
            }
            black_box(&mut out);
        };
        report(&format!("rfft of {lines} x {n}, float64"), times(ours, peer, 1.5));
    }
    // along the first axis
    let x = xp.ones([1024, 1024], DType::Complex128)?;
    let values = vec![Complex::new(1.0, 0.0); 1024 * 1024];
    let plan = FftPlanner::new().plan_fft_forward(1024);
    let mut out = values.clone();
    let mut turned = values.clone();
    let mut work = vec![Complex::default(); plan.get_immutable_scratch_len()];
    let ours = || {
        drop(black_box(fft.fft(&x, Transform::new().axis(0)).unwrap_or_else(|e| panic!("{e}"))));
    };
    let peer = || {
        for (i, line) in turned.chunks_mut(1024).enumerate() {
            for (j, x) in line.iter_mut().enumerate() {
                *x = values[j * 1024 + i];
            }
        }
        plan.process_immutable_with_scratch(&turned, black_box(&mut out), &mut work);
    };
    report("fft along axis 0 of 1024 x 1024", times(ours, peer, 1.5));
    Ok(())
}
