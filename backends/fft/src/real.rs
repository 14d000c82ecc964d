//! Transforms between real lines and the first half of their spectra.
//!
//! A line of even length is one of half as many complex numbers; its transform and the wanted one follow
//! from each other (Press and others, "Numerical Recipes", 12.3). Odd lengths are `realfft`'s.

use std::sync::Arc;

use num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};
use rustfft::Fft;

use crate::{Plan, Real};

/// What both directions of an even length `n` need.
pub(crate) struct Halves<T> {
    /// The transform of `n / 2` complex numbers.
    half: Arc<dyn Fft<T>>,
    /// `exp(-2πi·k/n)` for `k` up to `n / 4`.
    turns: Vec<Complex<T>>,
}

impl<T: Real> Halves<T> {
    pub(crate) fn new(n: usize, inverse: bool) -> Self {
        let half = crate::line(n / 2, inverse);
        let cast = |x: f64| T::from_f64(x).unwrap_or_else(T::nan);
        let turn = |k: usize| {
            let (sin, cos) = (-2.0 * std::f64::consts::PI * k as f64 / n as f64).sin_cos();
            Complex::new(cast(cos), cast(sin))
        };
        Halves { half, turns: (0..=n / 4).map(turn).collect() }
    }
}

/// Real lines of an even length.
pub(crate) struct EvenForward<T>(pub(crate) Halves<T>);

impl<T: Real> Plan<T, T, Complex<T>> for EvenForward<T> {
    fn work_len(&self) -> usize {
        self.0.half.get_immutable_scratch_len()
    }

    fn transform(&self, lines: &[T], out: &mut [Complex<T>], work: &mut [Complex<T>]) {
        let m = self.0.half.len();
        let lines: &[Complex<T>] = bytemuck::cast_slice(lines);
        let half = T::one() / (T::one() + T::one());
        for (line, out) in lines.chunks_exact(m).zip(out.chunks_exact_mut(m + 1)) {
            self.0.half.process_immutable_with_scratch(line, &mut out[..m], work);
            let first = out[0];
            out[0] = Complex::new(first.re + first.im, T::zero());
            out[m] = Complex::new(first.re - first.im, T::zero());
            // the values k and m - k, from those of the even and of the odd elements
            let (low, high) = out[1..m].split_at_mut(m / 2);
            let middle = low.last_mut().filter(|_| m.is_multiple_of(2));
            if let Some(middle) = middle {
                *middle = middle.conj();
            }
            for ((low, high), turn) in
                low.iter_mut().zip(high.iter_mut().rev()).zip(&self.0.turns[1..])
            {
                let (sum, difference) = (*low + high.conj(), *low - high.conj());
                // times -i and the turn
                let odd = Complex::new(difference.im, -difference.re) * turn;
                *low = (sum + odd) * half;
                *high = (sum - odd).conj() * half;
            }
        }
    }
}

/// Spectra of real lines of an even length.
pub(crate) struct EvenInverse<T>(pub(crate) Halves<T>);

impl<T: Real> Plan<T, Complex<T>, T> for EvenInverse<T> {
    fn work_len(&self) -> usize {
        self.0.half.get_inplace_scratch_len()
    }

    fn transform(&self, lines: &[Complex<T>], out: &mut [T], work: &mut [Complex<T>]) {
        let m = self.0.half.len();
        let out: &mut [Complex<T>] = bytemuck::cast_slice_mut(out);
        for (line, out) in lines.chunks_exact(m + 1).zip(out.chunks_exact_mut(m)) {
            // the imaginary parts of these two are ignored, as the contract says
            let (first, last) = (line[0].re, line[m].re);
            out[0] = Complex::new(first + last, first - last);
            let (low, high) = out[1..].split_at_mut(m / 2);
            if let Some(middle) = low.last_mut().filter(|_| m.is_multiple_of(2)) {
                let x = line[m / 2].conj();
                *middle = x + x;
            }
            let pairs = line[1..m].iter().zip(line[1..m].iter().rev()).zip(&self.0.turns[1..]);
            for ((low, high), ((x, y), turn)) in
                low.iter_mut().zip(high.iter_mut().rev()).zip(pairs)
            {
                let (sum, difference) = (*x + y.conj(), *x - y.conj());
                let odd = difference * turn.conj();
                let odd = Complex::new(-odd.im, odd.re);
                *low = sum + odd;
                *high = (sum - odd).conj();
            }
            self.0.half.process_with_scratch(out, work);
        }
    }
}

/// Real lines of an odd length.
pub(crate) struct OddForward<T>(pub(crate) Arc<dyn RealToComplex<T>>);

impl<T: Real> Plan<T, T, Complex<T>> for OddForward<T> {
    fn work_len(&self) -> usize {
        self.0.len().div_ceil(2) + self.0.get_scratch_len()
    }

    fn transform(&self, lines: &[T], out: &mut [Complex<T>], work: &mut [Complex<T>]) {
        let n = self.0.len();
        let (copy, work) = work.split_at_mut(n.div_ceil(2));
        let copy = &mut bytemuck::cast_slice_mut(copy)[..n];
        for (line, out) in lines.chunks_exact(n).zip(out.chunks_exact_mut(n / 2 + 1)) {
            copy.copy_from_slice(line);
            // the one error is a slice of the wrong length, and the lengths are the plan's
            let done = self.0.process_with_scratch(copy, out, work);
            debug_assert!(done.is_ok());
        }
    }
}

/// Spectra of real lines of an odd length.
pub(crate) struct OddInverse<T>(pub(crate) Arc<dyn ComplexToReal<T>>);

impl<T: Real> Plan<T, Complex<T>, T> for OddInverse<T> {
    fn work_len(&self) -> usize {
        self.0.len() / 2 + 1 + self.0.get_scratch_len()
    }

    fn transform(&self, lines: &[Complex<T>], out: &mut [T], work: &mut [Complex<T>]) {
        let n = self.0.len();
        let (copy, work) = work.split_at_mut(n / 2 + 1);
        for (line, out) in lines.chunks_exact(n / 2 + 1).zip(out.chunks_exact_mut(n)) {
            copy.copy_from_slice(line);
            copy[0].im = T::zero(); // ignored, as the contract says
            let done = self.0.process_with_scratch(copy, out, work);
            debug_assert!(done.is_ok());
        }
    }
}
