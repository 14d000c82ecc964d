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
    /// The same kind of number in double precision.
    type Double: Number<Double = Self::Double>;
    const ZERO: Self;
    const ONE: Self;
    const EPSILON: f64;
    /// Whether this is single precision, so that double precision has room for all products.
    const IS_SINGLE: bool = size_of::<Self::Part>() == size_of::<f32>();
    /// Elements between these keep products of three, and sums of many, in range.
    const MODERATE: (Self::Part, Self::Part);
    /// A sum that is smaller may have lost digits below the range.
    const TINY: Self::Part;
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
    ($t:ident, $double:ident, $low:expr, $high:expr) => {
        impl Number for $t {
            type Part = $t;
            type Whole = Complex<$t>;
            type Double = $double;
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const EPSILON: f64 = $t::EPSILON as f64;
            const MODERATE: ($t, $t) = ($low, $high);
            const TINY: $t = $t::MIN_POSITIVE / $t::EPSILON;
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
            type Double = Complex<$double>;
            const ZERO: Self = Complex::new(0.0, 0.0);
            const ONE: Self = Complex::new(1.0, 0.0);
            const EPSILON: f64 = $t::EPSILON as f64;
            const MODERATE: ($t, $t) = ($low, $high);
            const TINY: $t = $t::MIN_POSITIVE / $t::EPSILON;
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
number!(f32, f64, 1e-12, 1e12);
number!(f64, f64, 1e-99, 1e99);

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
///
/// For what is right up to rounding of the largest element: the smallest ones may be lost beside it.
pub(crate) struct Scaled<'a, T: Number> {
    view: MatRef<'a, T>,
    own: Option<Mat<T>>,
    pub(crate) exponent: i32,
}

impl<'a, T: Number> Scaled<'a, T> {
    /// The matrix itself where squares of its elements stay in range, else a scaled copy.
    pub(crate) fn new(a: MatRef<'a, T>) -> Scaled<'a, T> {
        let largest = over_all(a, largest_part, <T::Part as Number>::ZERO, greater);
        Scaled::by_largest(a, largest, false)
    }

    /// The same for a matrix of which the lower triangle is read.
    pub(crate) fn lower(a: MatRef<'a, T>) -> Scaled<'a, T> {
        let by_row = a.row_stride().unsigned_abs() > a.col_stride().unsigned_abs();
        let n = a.nrows();
        let largest = (0..n).fold(<T::Part as Number>::ZERO, |largest, k| {
            let line = if by_row {
                a.row(k).subcols(0, k + 1).transpose()
            } else {
                a.col(k).subrows(k, n - k)
            };
            greater(largest, largest_part(line.as_mat()))
        });
        Scaled::by_largest(a, largest, true)
    }

    fn by_largest(a: MatRef<'a, T>, largest: T::Part, lower: bool) -> Scaled<'a, T> {
        let exponent = excess::<T>(largest);
        let element = |i, j| match lower && i < j {
            true => T::ZERO,
            false => a[(i, j)].scaled(-exponent),
        };
        let own = (exponent != 0).then(|| Mat::from_fn(a.nrows(), a.ncols(), element));
        Scaled { view: a, own, exponent }
    }

    pub(crate) fn get(&self) -> MatRef<'_, T> {
        self.own.as_ref().map_or(self.view, |own| own.as_ref())
    }
}

/// What `each` finds in the columns of a matrix or, where it lies by rows, in its rows, combined.
fn over_all<T: Number, R: Copy + Send + Sync>(
    a: MatRef<'_, T>,
    each: impl Fn(MatRef<'_, T>) -> R + Send + Sync,
    none: R,
    both: impl Fn(R, R) -> R + Send + Sync,
) -> R {
    // along the shorter stride: the matrix is read once, in the order of memory
    let by_column = if a.row_stride().unsigned_abs() <= a.col_stride().unsigned_abs() {
        a
    } else {
        a.transpose()
    };
    // (who has many matrices works on each of them outside of a pool)
    let is_shared = rayon::current_thread_index().is_some();
    if is_shared && a.nrows() * a.ncols() > 1 << 18 {
        let pieces = by_column.par_col_chunks(by_column.ncols().div_ceil(64));
        pieces.map(each).reduce(|| none, both)
    } else {
        each(by_column)
    }
}

/// Whether a size is zero or moderate.
pub(crate) fn is_moderate<T: Number>(size: T::Part) -> bool {
    let (low, high) = T::MODERATE;
    size == <T::Part as Number>::ZERO || (size > low && size < high)
}

/// Whether all elements are zero or of moderate size.
pub(crate) fn are_moderate<T: Number>(a: MatRef<'_, T>) -> bool {
    over_all(a, are_moderate_here, true, |a, b| a && b)
}

fn are_moderate_here<T: Number>(a: MatRef<'_, T>) -> bool {
    a.col_iter().all(|column| match column.try_as_col_major() {
        // without a way out within a piece, so that the pieces are vectorised
        Some(column) => column
            .as_slice()
            .chunks(64)
            .all(|piece| piece.iter().fold(true, |all, x| all & is_moderate::<T>(x.modulus()))),
        None => column.iter().all(|x| is_moderate::<T>(x.modulus())),
    })
}

/// The largest modulus of each column, as [`Number::modulus`] has it.
pub(crate) fn column_sizes<T: Number>(a: MatRef<'_, T>) -> Vec<T::Part> {
    let mut sizes = vec![<T::Part as Number>::ZERO; a.ncols()];
    if a.row_stride().unsigned_abs() <= a.col_stride().unsigned_abs() {
        for (size, column) in sizes.iter_mut().zip(a.col_iter()) {
            *size = largest_part(column.as_mat());
        }
    } else {
        for row in a.row_iter() {
            for (size, x) in sizes.iter_mut().zip(row.iter()) {
                *size = greater(*size, x.modulus());
            }
        }
    }
    sizes
}

/// The exponent of two that numbers up to a size are divided by to be moderate; 0 if they are.
fn excess<T: Number>(size: T::Part) -> i32 {
    let (low, high) = T::MODERATE;
    if size >= high {
        // no further down than must be, so that as little as may be is lost below the range
        exponent_of(size) - exponent_of(high) + 1
    } else if size <= low {
        exponent_of(size)
    } else {
        0
    }
}

/// The exponents of two by which columns are divided to have a moderate size; `None` if all have one.
pub(crate) fn column_exponents<T: Number>(a: MatRef<'_, T>) -> Option<Vec<i32>> {
    if are_moderate(a) {
        return None;
    }
    let exponents: Vec<i32> = column_sizes(a).into_iter().map(excess::<T>).collect();
    exponents.iter().any(|&e| e != 0).then_some(exponents)
}

/// Columns divided by these powers of two.
pub(crate) fn divided<T: Number>(a: MatRef<'_, T>, exponents: &[i32]) -> Mat<T> {
    Mat::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)].scaled(-exponents[j]))
}

/// The least normal number of the precision.
pub(crate) fn least_normal<T: Number>() -> f64 {
    if T::IS_SINGLE { f32::MIN_POSITIVE.into() } else { f64::MIN_POSITIVE }
}

/// Whether no element was lost, or lost places, when a matrix was scaled.
pub(crate) fn is_exact<T: Number>(scaled: MatRef<'_, T>, of: MatRef<'_, T>) -> bool {
    let least = least_normal::<T>();
    let exact = |(i, j)| {
        let x: T = scaled[(i, j)];
        x == of[(i, j)] || x.modulus().into() >= least
    };
    (0..of.ncols()).all(|j| (0..of.nrows()).all(|i| exact((i, j))))
}

/// Multiplies columns by these powers of two.
pub(crate) fn multiply<T: Number>(mut x: MatMut<'_, T>, exponents: &[i32]) {
    for (j, &exponent) in exponents.iter().enumerate() {
        for i in 0..x.nrows() {
            x[(i, j)] = x[(i, j)].scaled(exponent);
        }
    }
}

/// The matrix in double precision.
pub(crate) fn doubled<T: Number>(a: MatRef<'_, T>) -> Mat<T::Double> {
    Mat::from_fn(a.nrows(), a.ncols(), |i, j| T::Double::narrow(a[(i, j)].wide()))
}

/// Writes a matrix in double precision to one of the other precision.
pub(crate) fn narrowed<T: Number, W: Number>(from: MatRef<'_, W>, mut to: MatMut<'_, T>) {
    for j in 0..to.ncols() {
        for i in 0..to.nrows() {
            to[(i, j)] = T::narrow(from[(i, j)].wide());
        }
    }
}

/// How many tasks `faer` splits its work into. A constant, for its bits depend on it: with the number of
/// threads in its place, results would differ from machine to machine.
const TASKS: usize = 8;

pub(crate) fn parallelism(parallel: bool) -> Par {
    if parallel { Par::rayon(TASKS) } else { Par::Seq }
}
