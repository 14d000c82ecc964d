//! Numbers as the algorithms of this crate see them, and matrices scaled into a moderate range.

use std::ops::{Add, Mul, Neg, Sub};

use faer::traits::ComplexField;
use faer::{Mat, MatMut, MatRef, Par};
use num_complex::Complex;
use rayon::prelude::*;

use crate::eigen::{self, Spectrum};

/// What the algorithms here need of a number, beyond what `faer` has.
pub(crate) trait Number:
    ComplexField
    + Copy
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
{
    /// The real number of the precision.
    type Part: Number<Part = Self::Part, Whole = Self::Whole> + PartialOrd + Into<f64>;
    /// The complex number of the precision.
    type Whole: Number<Part = Self::Part, Whole = Self::Whole>;
    const ZERO: Self;
    const ONE: Self;
    const EPSILON: f64;
    /// Elements between these keep their squares, and sums of many, in range.
    const MODERATE: (Self::Part, Self::Part);
    /// The larger of the parts' moduli: what matters for pivots and ranges.
    fn modulus(self) -> Self::Part;
    /// The quotient, without forming squares.
    fn over(self, by: Self) -> Self;
    /// The complex conjugate.
    fn conjugate(self) -> Self;
    /// The product with a real number.
    fn times(self, factor: f64) -> Self;
    /// `self · 2^exponent`, in steps, since the power itself may be out of range.
    fn scaled(self, exponent: i32) -> Self;
    fn part(self) -> Self::Part;
    /// The number without its imaginary part.
    fn real(self) -> Self;
    fn whole(self) -> Self::Whole;
    fn wide(self) -> Complex<f64>;
    fn narrow(value: Complex<f64>) -> Self;
    /// Eigenvalues, and vectors if wanted, as `faer` finds them.
    fn spectrum(a: MatRef<'_, Self>, vectors: bool, par: Par) -> Option<Spectrum<Self::Whole>>;
}

/// `x · 2^exponent`.
fn ldexp(mut x: f64, mut exponent: i32) -> f64 {
    while exponent != 0 && x != 0.0 && x.is_finite() {
        let step = exponent.clamp(-1000, 1000);
        x *= f64::from_bits(((1023 + step) as u64) << 52);
        exponent -= step;
    }
    x
}

/// The exponent of two of a number; 0 for 0.
pub(crate) fn exponent_of(x: impl Into<f64>) -> i32 {
    let x = x.into();
    let stored = |x: f64| (x.to_bits() >> 52 & 0x7ff) as i32;
    match (x == 0.0, stored(x)) {
        (true, _) => 0,
        (_, 0) => stored(x * f64::from_bits((1023 + 60) << 52)) - 1023 - 60,
        (_, e) => e - 1023,
    }
}

macro_rules! number {
    ($t:ident, $low:expr, $high:expr) => {
        impl Number for $t {
            type Part = $t;
            type Whole = Complex<$t>;
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const EPSILON: f64 = $t::EPSILON as f64;
            const MODERATE: ($t, $t) = ($low, $high);
            fn modulus(self) -> $t {
                self.abs()
            }
            fn over(self, by: $t) -> $t {
                self / by
            }
            fn conjugate(self) -> $t {
                self
            }
            fn times(self, factor: f64) -> $t {
                (f64::from(self) * factor) as $t
            }
            fn scaled(self, exponent: i32) -> $t {
                ldexp(self.into(), exponent) as $t
            }
            fn part(self) -> $t {
                self
            }
            fn real(self) -> $t {
                self
            }
            fn whole(self) -> Complex<$t> {
                self.into()
            }
            fn wide(self) -> Complex<f64> {
                f64::from(self).into()
            }
            fn narrow(value: Complex<f64>) -> $t {
                value.re as $t
            }
            fn spectrum(
                a: MatRef<'_, $t>,
                vectors: bool,
                par: Par,
            ) -> Option<Spectrum<Complex<$t>>> {
                eigen::real(a, vectors, par, Complex::new)
            }
        }
        impl Number for Complex<$t> {
            type Part = $t;
            type Whole = Complex<$t>;
            const ZERO: Self = Complex::new(0.0, 0.0);
            const ONE: Self = Complex::new(1.0, 0.0);
            const EPSILON: f64 = $t::EPSILON as f64;
            const MODERATE: ($t, $t) = ($low, $high);
            fn modulus(self) -> $t {
                let (re, im) = (self.re.abs(), self.im.abs());
                if re > im { re } else { im }
            }
            fn over(self, by: Self) -> Self {
                // Smith, "Algorithm 116: Complex division", 1962
                if by.re.abs() >= by.im.abs() {
                    let ratio = by.im / by.re;
                    let d = by.re + by.im * ratio;
                    Complex::new((self.re + self.im * ratio) / d, (self.im - self.re * ratio) / d)
                } else {
                    let ratio = by.re / by.im;
                    let d = by.re * ratio + by.im;
                    Complex::new((self.re * ratio + self.im) / d, (self.im * ratio - self.re) / d)
                }
            }
            fn conjugate(self) -> Self {
                self.conj()
            }
            fn times(self, factor: f64) -> Self {
                Complex::new(self.re.times(factor), self.im.times(factor))
            }
            fn scaled(self, exponent: i32) -> Self {
                Complex::new(self.re.scaled(exponent), self.im.scaled(exponent))
            }
            fn part(self) -> $t {
                self.re
            }
            fn real(self) -> Self {
                self.re.into()
            }
            fn whole(self) -> Self {
                self
            }
            fn wide(self) -> Complex<f64> {
                Complex::new(self.re.into(), self.im.into())
            }
            fn narrow(value: Complex<f64>) -> Self {
                Complex::new(value.re as $t, value.im as $t)
            }
            fn spectrum(a: MatRef<'_, Self>, vectors: bool, par: Par) -> Option<Spectrum<Self>> {
                eigen::complex(a, vectors, par)
            }
        }
    };
}
number!(f32, 1e-12, 1e12);
number!(f64, 1e-130, 1e130);

fn greater<T: PartialOrd>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

/// The largest modulus of an element, as [`Number::modulus`] has it.
fn largest_part<T: Number>(a: MatRef<'_, T>) -> T::Part {
    // several at a time: one after the other, each comparison would wait for the one before
    let mut lanes = [<T::Part as Number>::ZERO; 16];
    for column in a.col_iter() {
        match column.try_as_col_major() {
            Some(column) => {
                let (chunks, rest) = column.as_slice().as_chunks::<16>();
                for chunk in chunks {
                    for (lane, x) in lanes.iter_mut().zip(chunk) {
                        *lane = greater(*lane, x.modulus());
                    }
                }
                for (lane, x) in lanes.iter_mut().zip(rest) {
                    *lane = greater(*lane, x.modulus());
                }
            }
            None => {
                for (i, x) in column.iter().enumerate() {
                    lanes[i % 16] = greater(lanes[i % 16], x.modulus());
                }
            }
        }
    }
    lanes.into_iter().fold(<T::Part as Number>::ZERO, greater)
}

/// A matrix with elements of moderate size, and the exponent of two that it was divided by.
pub(crate) struct Scaled<'a, T: Number> {
    view: MatRef<'a, T>,
    own: Option<Mat<T>>,
    pub(crate) exponent: i32,
}

impl<'a, T: Number> Scaled<'a, T> {
    /// The matrix itself where squares of its elements stay in range, else a scaled copy.
    pub(crate) fn new(a: MatRef<'a, T>) -> Scaled<'a, T> {
        // along the shorter stride: the matrix is read once, in the order of memory
        let by_column = if a.row_stride().unsigned_abs() <= a.col_stride().unsigned_abs() {
            a
        } else {
            a.transpose()
        };
        // (who has many matrices works on each of them outside of a pool)
        let is_shared = rayon::current_thread_index().is_some();
        let largest = if is_shared && a.nrows() * a.ncols() > 1 << 18 {
            by_column
                .par_col_chunks(by_column.ncols().div_ceil(64))
                .map(largest_part)
                .reduce(|| <T::Part as Number>::ZERO, greater)
        } else {
            largest_part(by_column)
        };
        let (low, high) = T::MODERATE;
        // even, so that a square root of it is exact
        let exponent =
            if largest > low && largest < high { 0 } else { exponent_of(largest) / 2 * 2 };
        let own = (exponent != 0)
            .then(|| Mat::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)].scaled(-exponent)));
        Scaled { view: a, own, exponent }
    }

    pub(crate) fn get(&self) -> MatRef<'_, T> {
        self.own.as_ref().map_or(self.view, |own| own.as_ref())
    }
}

/// Multiplies a matrix by `2^exponent`.
pub(crate) fn rescale<T: Number>(mut x: MatMut<'_, T>, exponent: i32) {
    if exponent != 0 {
        for j in 0..x.ncols() {
            for i in 0..x.nrows() {
                x[(i, j)] = x[(i, j)].scaled(exponent);
            }
        }
    }
}

/// How many tasks `faer` splits its work into. A constant, for its bits depend on it: with the number of
/// threads in its place, results would differ from machine to machine.
const TASKS: usize = 8;

pub(crate) fn parallelism(parallel: bool) -> Par {
    if parallel { Par::rayon(TASKS) } else { Par::Seq }
}
