//! The model: transforms by their definition, on vectors of complex numbers.

use std::f64::consts::PI;

use arrayspace::options::Norm;
use arrayspace::prelude::*;

pub(crate) type C = arrayspace::Complex<f64>;

/// Values in row-major order, and a shape.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) values: Vec<C>,
    pub(crate) shape: Vec<usize>,
}

/// The transforms along one axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    Fft,
    Ifft,
    Rfft,
    Irfft,
    Hfft,
    Ihfft,
}

pub(crate) const KINDS: [Kind; 6] =
    [Kind::Fft, Kind::Ifft, Kind::Rfft, Kind::Irfft, Kind::Hfft, Kind::Ihfft];

pub(crate) const NORMS: [Norm; 3] = [Norm::Backward, Norm::Ortho, Norm::Forward];

impl Kind {
    /// Whether the operand is real.
    pub(crate) fn takes_real(self) -> bool {
        matches!(self, Kind::Rfft | Kind::Ihfft)
    }

    /// Whether the result is real.
    pub(crate) fn gives_real(self) -> bool {
        matches!(self, Kind::Irfft | Kind::Hfft)
    }

    fn is_inverse(self) -> bool {
        matches!(self, Kind::Ifft | Kind::Irfft | Kind::Ihfft)
    }

    /// The length of a transform of `m` elements where none is given.
    pub(crate) fn default_length(self, m: usize) -> usize {
        if self.gives_real() { 2 * m.saturating_sub(1) } else { m }
    }

    /// The factor of a transform of length `n`.
    pub(crate) fn scale(self, norm: Norm, n: usize) -> f64 {
        match (norm, self.is_inverse()) {
            (Norm::Ortho, _) => 1.0 / (n as f64).sqrt(),
            (Norm::Backward, true) | (Norm::Forward, false) => 1.0 / n as f64,
            _ => 1.0,
        }
    }

    /// One line, transformed.
    fn line(self, line: &[C], n: usize, norm: Norm) -> Vec<C> {
        let at = |k: usize| line.get(k).copied().unwrap_or_default();
        let mut out = match self {
            Kind::Fft => sums(n, at, -1.0),
            Kind::Ifft | Kind::Ihfft => sums(n, at, 1.0),
            Kind::Rfft => sums(n, at, -1.0),
            // the half that is not given is the conjugate of the half that is
            Kind::Irfft => sums(n, |k| hermitian(n, k, at), 1.0),
            Kind::Hfft => sums(n, |k| hermitian(n, k, at), -1.0),
        };
        if self.takes_real() {
            out.truncate(n / 2 + 1);
        }
        let scale = self.scale(norm, n);
        out.into_iter().map(|x| x * scale).collect()
    }
}

/// The element at `k` of a Hermitian signal of length `n` whose first half is given; its first and, for an
/// even length, its middle element are real.
fn hermitian(n: usize, k: usize, half: impl Fn(usize) -> C) -> C {
    match k {
        _ if k == 0 || 2 * k == n => half(k).re.into(),
        _ if k < n / 2 + 1 => half(k),
        _ => half(n - k).conj(),
    }
}

/// `Σ x(t) exp(sign · 2πi·k·t/n)` for every `k`.
fn sums(n: usize, x: impl Fn(usize) -> C, sign: f64) -> Vec<C> {
    let turns: Vec<C> =
        (0..n).map(|k| C::from_polar(1.0, sign * 2.0 * PI * k as f64 / n as f64)).collect();
    (0..n).map(|k| (0..n).map(|t| x(t) * turns[k * t % n]).sum()).collect()
}

impl Table {
    pub(crate) fn new(values: Vec<C>, shape: &[usize]) -> Table {
        assert_eq!(values.len(), shape.iter().product::<usize>());
        Table { values, shape: shape.to_vec() }
    }

    /// What an array holds.
    pub(crate) fn of<N: Namespace>(x: &Array<N>) -> Table {
        let wide = match x.dtype() {
            DType::Float32 | DType::Float64 | DType::Complex64 => DType::Complex128,
            other => other,
        };
        let wide = x.namespace().astype(x, wide, ()).unwrap();
        Table::new(wide.to_vec::<C>().unwrap(), x.shape())
    }

    /// The array of these values; their real parts for a real dtype.
    pub(crate) fn to_array<N: Namespace>(&self, xp: &N, dtype: DType) -> Array<N> {
        let flat = if dtype.is_complex() {
            xp.asarray(self.values.clone(), ())
        } else {
            xp.asarray(self.values.iter().map(|x| x.re).collect::<Vec<f64>>(), ())
        };
        let x = xp.astype(flat.unwrap(), dtype, ()).unwrap();
        xp.reshape(x, &self.shape, ()).unwrap()
    }

    /// Each line along an axis, replaced.
    pub(crate) fn lines(&self, axis: usize, change: impl Fn(&[C]) -> Vec<C>) -> Table {
        let (m, inner) = (self.shape[axis], self.shape[axis + 1..].iter().product::<usize>());
        let outer: usize = self.shape[..axis].iter().product();
        let mut parts = vec![];
        for (a, b) in (0..outer).flat_map(|a| (0..inner).map(move |b| (a, b))) {
            let line: Vec<C> = (0..m).map(|t| self.values[(a * m + t) * inner + b]).collect();
            parts.push(((a, b), change(&line)));
        }
        let mut shape = self.shape.clone();
        let n = parts.first().map_or_else(|| change(&vec![C::default(); m]).len(), |p| p.1.len());
        shape[axis] = n;
        let mut values = vec![C::default(); outer * n * inner];
        for ((a, b), line) in parts {
            for (t, x) in line.into_iter().enumerate() {
                values[(a * n + t) * inner + b] = x;
            }
        }
        Table { values, shape }
    }

    /// A transform along an axis.
    pub(crate) fn transform(&self, kind: Kind, axis: usize, n: usize, norm: Norm) -> Table {
        self.lines(axis, |line| kind.line(line, n, norm))
    }

    /// The sum of the moduli: what no value of an unscaled transform exceeds.
    pub(crate) fn modulus(&self) -> f64 {
        self.values.iter().map(|x| x.norm()).sum()
    }

    /// An error unless the values are those of the array to within `tolerance`.
    pub(crate) fn compare<N: Namespace>(
        &self,
        array: &Array<N>,
        tolerance: f64,
    ) -> Result<(), String> {
        let got = Table::of(array);
        if got.shape != self.shape {
            return Err(format!("shape {:?}, not {:?}", got.shape, self.shape));
        }
        for (k, (got, want)) in got.values.iter().zip(&self.values).enumerate() {
            if (got - want).norm() > tolerance || got.is_nan() {
                return Err(format!("{got} is not {want} ± {tolerance:e} at {k}"));
            }
        }
        Ok(())
    }
}

/// The extension's function of a kind.
pub(crate) fn apply<N: Namespace>(
    kind: Kind,
    x: &Array<N>,
    options: arrayspace::options::Transform,
) -> Result<Array<N>> {
    let fft = x.namespace().fft();
    match kind {
        Kind::Fft => fft.fft(x, options),
        Kind::Ifft => fft.ifft(x, options),
        Kind::Rfft => fft.rfft(x, options),
        Kind::Irfft => fft.irfft(x, options),
        Kind::Hfft => fft.hfft(x, options),
        Kind::Ihfft => fft.ihfft(x, options),
    }
}
