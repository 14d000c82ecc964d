//! Fourier transforms: the namespace `fft` of the standard.
//!
//! Every transform over several axes is a chain of transforms along one, which is what a backend does
//! ([`Backend::fourier`]). A backend that leaves them out gets them through host memory.

use arrayspace_core::{
    Backend, BinaryOp, DType, Error, FourierOp, Layout, OpClass, Result, UnaryOp,
};

use crate::arg::Arg;
use crate::array::Array;
use crate::category::Category;
use crate::compute::{self, Computation};
use crate::integers::Integer;
use crate::limits::{Extension, check_extension};
use crate::named::Named;
use crate::namespace::Namespace;
use crate::options::{FftFreq, FftShift, Norm, Transform, TransformN};

/// The functions of the extension `fft`, as [`Namespace::fft`] gives them.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let x = xp.asarray([1.0, 0.0, 0.0, 0.0], ())?;
/// let spectrum = xp.fft().rfft(&x, ())?;
/// assert_eq!(spectrum.dtype(), DType::Complex128);
/// assert_eq!(xp.fft().irfft(&spectrum, ())?.to_vec::<f64>()?, [1.0, 0.0, 0.0, 0.0]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fft<B: Backend>(pub(crate) B);

/// Which way the norm of a transform is meant: `backward` puts `1/n` into the inverse one.
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Forward,
    Inverse,
}

impl Norm {
    fn scale(self, direction: Direction, n: f64) -> f64 {
        match (self, direction) {
            (Norm::Ortho, _) => 1.0 / n.sqrt(),
            (Norm::Backward, Direction::Inverse) | (Norm::Forward, Direction::Forward) => 1.0 / n,
            _ => 1.0,
        }
    }
}

/// A length as an argument: at least 1.
fn length(n: i64) -> Result<usize> {
    usize::try_from(n).ok().filter(|&n| n > 0).ok_or_else(|| {
        Error::value(format_args!(
            "a transform of length {n} was asked for; lengths are at least 1"
        ))
    })
}

/// One transform along one axis.
fn along<B: Backend>(
    op: FourierOp,
    x: &Array<B>,
    axis: usize,
    n: usize,
    scale: f64,
) -> Result<Array<B>> {
    let dtype = op.output(x.dtype()).ok_or_else(|| {
        Error::dtype(format_args!(
            "there are no transforms of {} arrays; convert with astype(x, DType::Float32)",
            x.dtype()
        ))
    })?;
    let mut shape = x.shape().to_vec();
    shape[axis] = op.lengths(n).1;
    // an absurd length is found before anything is made for it
    Layout::contiguous(&shape)?;
    if let Some(buffer) = B::fourier(&x.backend, op, x.view(), axis, n, scale) {
        return Array::from_buffer(&x.backend, buffer?, &shape, dtype, x.device());
    }
    #[cfg(feature = "cpu")]
    return super::from_host(x, &along(op, &super::to_host(x)?, axis, n, scale)?);
    #[cfg(not(feature = "cpu"))]
    Err(super::without_host(x, "Fourier transforms"))
}

/// What transforms real values, beside a function that takes complex ones; empty for others.
fn of_reals(function: &str) -> &'static str {
    match function {
        "fft" => "transform real values with rfft",
        "fftn" => "transform real values with rfftn",
        _ => "",
    }
}

impl<B: Backend> Fft<B> {
    /// An error unless the backend has the extension.
    fn there(&self) -> Result<()> {
        check_extension(&self.0, B::primary_device(&self.0), Extension::Fft)
    }

    /// A transform along one axis, with the standard's checks.
    #[track_caller]
    fn one<'a>(
        &self,
        name: &'static str,
        op: FourierOp,
        direction: Direction,
        category: Category,
        x: Arg<'a, B>,
        options: Transform,
    ) -> Result<Array<B>> {
        let run = || {
            self.there()?;
            category.check_or("x", x.dtype(), |_| of_reals(name))?;
            let axis = options.axis.one_of(x.ndim(), -1)?;
            let n = match options.n {
                Some(n) => length(n)?,
                None => default_length(op, &x, axis)?,
            };
            along(op, &x, axis, n, options.norm.scale(direction, n as f64))
        };
        run().named(name)
    }

    /// A transform along several axes: `last` along the last of them, `others` along the rest.
    #[track_caller]
    fn many<'a>(
        &self,
        name: &'static str,
        (others, last): (FourierOp, FourierOp),
        direction: Direction,
        category: Category,
        x: Arg<'a, B>,
        options: TransformN,
    ) -> Result<Array<B>> {
        let run = || {
            self.there()?;
            category.check_or("x", x.dtype(), |_| of_reals(name))?;
            let axes = match (&options.s, &options.axes) {
                (Some(_), None) => {
                    return Err(Error::value(format_args!(
                        "lengths s were given without axes; say which axes they are of"
                    )));
                }
                (_, Some(axes)) => axes.in_order(x.ndim())?,
                (None, None) => (0..x.ndim()).collect(),
            };
            let mut lengths = Vec::with_capacity(axes.len());
            for (k, &axis) in axes.iter().enumerate() {
                let op = if k + 1 == axes.len() { last } else { others };
                let given = options.s.as_ref().map(|s| s.0.get(k).copied());
                lengths.push(match given {
                    Some(Some(-1)) | None => default_length(op, &x, axis)?,
                    Some(Some(n)) => length(n)?,
                    Some(None) => 0,
                });
            }
            if let Some(s) = &options.s
                && s.0.len() != axes.len()
            {
                return Err(Error::value(format_args!(
                    "{} lengths s were given for {} axes; give one for each",
                    s.0.len(),
                    axes.len()
                )));
            }
            let Some((&last_axis, rest)) = axes.split_last() else {
                return if last == others {
                    Ok(x.into_array())
                } else {
                    Err(Error::axis(format_args!(
                        "no axes were given; a transform to or from real values needs at least one"
                    )))
                };
            };
            let steps = rest.iter().map(|&a| (others, a)).zip(&lengths);
            let final_step = ((last, last_axis), &lengths[rest.len()]);
            let scale = |n: usize| options.norm.scale(direction, n as f64);
            // real values come first or last: then their half spectrum is all that the others see
            let ordered: Vec<_> = if last == FourierOp::RealForward {
                std::iter::once(final_step).chain(steps).collect()
            } else {
                steps.chain(std::iter::once(final_step)).collect()
            };
            let mut shape = x.shape().to_vec();
            for &((op, axis), &n) in &ordered {
                shape[axis] = op.lengths(n).1;
            }
            Layout::contiguous(&shape)?;
            let mut out = x.into_array();
            for ((op, axis), &n) in ordered {
                out = along(op, &out, axis, n, scale(n))?;
            }
            Ok(out)
        };
        run().named(name)
    }

    /// The discrete Fourier transform along an axis: `X[k] = Σ x[t] exp(-2πi·k·t/n)`.
    ///
    /// `x`: complex64 or complex128, at least one dimension; it is cut, or continued with zeros, to `n`
    /// along the axis. The result has `x`'s dtype, and length `n` along the axis.
    ///
    /// # Errors
    /// [`Error::DType`] (a real array: use [`rfft`](Fft::rfft), or convert it), [`Error::Axis`],
    /// [`Error::Value`] for `n` below 1, [`Error::OutOfMemory`]: a length with a large prime factor takes several
    /// times the memory of the line.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones(4, DType::Complex128)?;
    /// let spectrum = xp.fft().fft(&x, ())?;
    /// assert_eq!(xp.real(&spectrum)?.to_vec::<f64>()?, [4.0, 0.0, 0.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn fft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let op = (FourierOp::Forward, Direction::Forward);
        self.one("fft", op.0, op.1, Category::ComplexFloating, x.into(), options.into())
    }

    /// The inverse of [`fft`](Fft::fft): `x[t] = 1/n Σ X[k] exp(2πi·k·t/n)`.
    ///
    /// Arguments and errors are those of `fft`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.astype(&xp.asarray([1.0, 2.0, 3.0], ())?, DType::Complex128, ())?;
    /// let back = xp.fft().ifft(xp.fft().fft(&x, ())?, ())?;
    /// assert!(xp.max(&xp.abs(back - &x)?, ())?.item::<f64>()? < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn ifft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let op = (FourierOp::Inverse, Direction::Inverse);
        self.one("ifft", op.0, op.1, Category::ComplexFloating, x.into(), options.into())
    }

    /// [`fft`](Fft::fft) along several axes, all by default.
    ///
    /// Lengths `s` are given together with `axes`; -1 stands for the length of the array.
    ///
    /// # Errors
    /// As for `fft`, and [`Error::Value`] for `s` without `axes` or of another number,
    /// [`Error::Axis`] for repeated axes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones([2, 2], DType::Complex128)?;
    /// let spectrum = xp.fft().fftn(&x, ())?;
    /// assert_eq!(xp.real(&spectrum)?.to_vec::<f64>()?, [4.0, 0.0, 0.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn fftn<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<TransformN>,
    ) -> Result<Array<B>> {
        let ops = (FourierOp::Forward, FourierOp::Forward);
        let category = Category::ComplexFloating;
        self.many("fftn", ops, Direction::Forward, category, x.into(), options.into())
    }

    /// The inverse of [`fftn`](Fft::fftn).
    ///
    /// Arguments and errors are those of `fftn`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::options::TransformN;
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones([2, 3], DType::Complex128)?;
    /// let padded = xp.fft().ifftn(&x, TransformN::new().s([4]).axes(0))?;
    /// assert_eq!(padded.shape(), [4, 3]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn ifftn<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<TransformN>,
    ) -> Result<Array<B>> {
        let ops = (FourierOp::Inverse, FourierOp::Inverse);
        let category = Category::ComplexFloating;
        self.many("ifftn", ops, Direction::Inverse, category, x.into(), options.into())
    }

    /// The Fourier transform of real values along an axis: the first `n/2 + 1` values of it, since the
    /// others are their conjugates.
    ///
    /// `x`: float32 or float64; the result is complex of the same precision.
    ///
    /// # Errors
    /// [`Error::DType`], [`Error::Axis`], [`Error::Value`] for `n` below 1.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones([2, 6], DType::Float32)?;
    /// let spectrum = xp.fft().rfft(&x, ())?;
    /// assert_eq!((spectrum.shape(), spectrum.dtype()), (&[2, 4][..], DType::Complex64));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn rfft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let op = (FourierOp::RealForward, Direction::Forward);
        self.one("rfft", op.0, op.1, Category::RealFloating, x.into(), options.into())
    }

    /// The inverse of [`rfft`](Fft::rfft): `n` real values from the first `n/2 + 1` of a spectrum.
    ///
    /// `x`: complex; `n` is `2(m - 1)` where not given, for a length `m`: say so for an odd one.
    ///
    /// # Errors
    /// [`Error::DType`], [`Error::Axis`], [`Error::Value`] for `n` below 1 (also a default one).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::options::Transform;
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([1.0, 2.0, 3.0], ())?;
    /// let back = xp.fft().irfft(xp.fft().rfft(&x, ())?, Transform::new().n(3))?;
    /// assert!(xp.max(&xp.abs(back - &x)?, ())?.item::<f64>()? < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn irfft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let op = (FourierOp::RealInverse, Direction::Inverse);
        self.one("irfft", op.0, op.1, Category::ComplexFloating, x.into(), options.into())
    }

    /// [`rfft`](Fft::rfft) along the last of several axes and [`fft`](Fft::fft) along the others.
    ///
    /// # Errors
    /// As for `rfft` and [`fftn`](Fft::fftn); [`Error::Axis`] for no axes.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.fft().rfftn(&xp.ones([4, 6], ())?, ())?.shape(), [4, 4]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn rfftn<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<TransformN>,
    ) -> Result<Array<B>> {
        let ops = (FourierOp::Forward, FourierOp::RealForward);
        let category = Category::RealFloating;
        self.many("rfftn", ops, Direction::Forward, category, x.into(), options.into())
    }

    /// The inverse of [`rfftn`](Fft::rfftn).
    ///
    /// # Errors
    /// As for `rfftn`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones([4, 6], ())?;
    /// let back = xp.fft().irfftn(xp.fft().rfftn(&x, ())?, ())?;
    /// assert!(xp.max(&xp.abs(back - &x)?, ())?.item::<f64>()? < 1e-15);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn irfftn<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<TransformN>,
    ) -> Result<Array<B>> {
        let ops = (FourierOp::Inverse, FourierOp::RealInverse);
        let category = Category::ComplexFloating;
        self.many("irfftn", ops, Direction::Inverse, category, x.into(), options.into())
    }

    /// The Fourier transform of a signal with Hermitian symmetry, which is real: `x` is the first half
    /// of the signal.
    ///
    /// `x`: complex; `n` is `2(m - 1)` where not given.
    ///
    /// # Errors
    /// As for [`irfft`](Fft::irfft).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.ones(3, DType::Complex128)?;
    /// assert_eq!(xp.fft().hfft(&x, ())?.to_vec::<f64>()?, [4.0, 0.0, 0.0, 0.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn hfft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let x = x.into();
        Category::ComplexFloating.check("x", x.dtype()).named("hfft")?;
        let conjugate = compute::unary("hfft", UnaryOp::Conj, Category::ComplexFloating, x)?;
        let op = (FourierOp::RealInverse, Direction::Forward);
        self.one("hfft", op.0, op.1, Category::ComplexFloating, conjugate.into(), options.into())
    }

    /// The inverse of [`hfft`](Fft::hfft): the first half of a signal with Hermitian symmetry from its
    /// real transform.
    ///
    /// # Errors
    /// As for [`rfft`](Fft::rfft).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([4.0, 0.0, 0.0, 0.0], ())?;
    /// assert_eq!(xp.real(xp.fft().ihfft(&x, ())?)?.to_vec::<f64>()?, [1.0, 1.0, 1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn ihfft<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<Transform>,
    ) -> Result<Array<B>> {
        let op = (FourierOp::RealForward, Direction::Inverse);
        let half =
            self.one("ihfft", op.0, op.1, Category::RealFloating, x.into(), options.into())?;
        compute::unary("ihfft", UnaryOp::Conj, Category::ComplexFloating, half.into())
    }

    /// The frequencies that the values of an [`fft`](Fft::fft) of length `n` stand for:
    /// `[0, 1, ..., -2, -1] / (d·n)`, for samples `d` apart.
    ///
    /// The dtype is a real floating-point one.
    ///
    /// # Errors
    /// [`Error::Value`] for `n` below 1, [`Error::DType`].
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// assert_eq!(xp.fft().fftfreq(4, ())?.to_vec::<f64>()?, [0.0, 0.25, -0.5, -0.25]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn fftfreq(&self, n: impl Into<Integer>, options: impl Into<FftFreq>) -> Result<Array<B>> {
        self.frequencies(n.into().0, options.into(), false).named("fftfreq")
    }

    /// The frequencies that the values of an [`rfft`](Fft::rfft) of length `n` stand for:
    /// `[0, 1, ..., n/2] / (d·n)`, for samples `d` apart.
    ///
    /// # Errors
    /// As for [`fftfreq`](Fft::fftfreq).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::options::FftFreq;
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let hertz = xp.fft().rfftfreq(4, FftFreq::new().d(0.001))?;
    /// assert_eq!(hertz.to_vec::<f64>()?, [0.0, 250.0, 500.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn rfftfreq(&self, n: impl Into<Integer>, options: impl Into<FftFreq>) -> Result<Array<B>> {
        self.frequencies(n.into().0, options.into(), true).named("rfftfreq")
    }

    fn frequencies(&self, n: i64, options: FftFreq, half: bool) -> Result<Array<B>> {
        self.there()?;
        let length = length(n)?;
        let device = options.device.unwrap_or_else(|| B::primary_device(&self.0));
        let capabilities = compute::capabilities(&self.0, device)?;
        let dtype = options.dtype.unwrap_or(capabilities.defaults.real_floating);
        Category::RealFloating.check("dtype", dtype)?;
        // rounded to a narrower dtype once, at the end, where the device can
        let wide = capabilities.dtypes(OpClass::Map).contains(DType::Float64);
        let wide = if wide { DType::Float64 } else { dtype };
        let mut c = Computation::<B>::new();
        let p = &mut c.program;
        let k = p.coordinate(0)?;
        // those beyond the middle are negative
        let k = if half {
            k
        } else {
            let middle = p.constant(length / 2 + length % 2, DType::Int64)?;
            let turn = p.constant(n, DType::Int64)?;
            let negative = p.binary(BinaryOp::Subtract, k, turn)?;
            let low = p.binary(BinaryOp::Less, k, middle)?;
            p.select(low, k, negative)?
        };
        let k = p.cast(k, wide)?;
        let span = p.constant(options.d * n as f64, wide)?;
        let f = p.binary(BinaryOp::Divide, k, span)?;
        p.cast(f, dtype)?;
        let len = if half { length / 2 + 1 } else { length };
        c.run_over(&self.0, &[len], device)
    }

    /// Moves the frequency 0 to the centre along the axes, all by default.
    ///
    /// # Errors
    /// [`Error::DType`] unless `x` is floating-point, [`Error::Axis`].
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let f = xp.fft().fftfreq(4, ())?;
    /// assert_eq!(xp.fft().fftshift(&f, ())?.to_vec::<f64>()?, [-0.5, -0.25, 0.0, 0.25]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn fftshift<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<FftShift>,
    ) -> Result<Array<B>> {
        self.shift("fftshift", x.into(), options.into(), 1)
    }

    /// The inverse of [`fftshift`](Fft::fftshift).
    ///
    /// # Errors
    /// As for `fftshift`.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// # let xp = Cpu::new();
    /// let x = xp.asarray([-1.0, 0.0, 1.0], ())?;
    /// assert_eq!(xp.fft().ifftshift(&x, ())?.to_vec::<f64>()?, [0.0, 1.0, -1.0]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn ifftshift<'a>(
        &self,
        x: impl Into<Arg<'a, B>>,
        options: impl Into<FftShift>,
    ) -> Result<Array<B>> {
        self.shift("ifftshift", x.into(), options.into(), -1)
    }

    #[track_caller]
    fn shift(
        &self,
        name: &'static str,
        x: Arg<'_, B>,
        options: FftShift,
        sign: i64,
    ) -> Result<Array<B>> {
        let run = || {
            self.there()?;
            Category::Floating.check("x", x.dtype())?;
            let axes = options.axes.in_order(x.ndim())?;
            let shifts: Vec<i64> = axes.iter().map(|&a| sign * (x.shape()[a] / 2) as i64).collect();
            let axes: Vec<i64> = axes.iter().map(|&a| a as i64).collect();
            self.0.roll(x, shifts, axes)
        };
        run().named(name)
    }
}

/// The length of a transform where none is given.
fn default_length<B: Backend>(op: FourierOp, x: &Array<B>, axis: usize) -> Result<usize> {
    let m = x.shape()[axis];
    let n = match op {
        FourierOp::RealInverse => 2 * m.saturating_sub(1),
        _ => m,
    };
    if n == 0 {
        return Err(Error::value(format_args!(
            "axis {axis} has length {m}, which makes a transform of length 0; give a length of at \
             least 1"
        )));
    }
    Ok(n)
}
