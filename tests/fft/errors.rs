//! What is no transform: an error that says why, found before work starts.

use arrayspace::options::{FftFreq, FftShift, Transform, TransformN};
use arrayspace::prelude::*;

use crate::on_each_backend;

/// The variant of the error and parts of its text.
macro_rules! fails {
    ($result:expr, $variant:ident, $($part:expr),+) => {{
        let error = $result.map(|x| x.shape().to_vec()).unwrap_err();
        assert!(matches!(error, Error::$variant(_)), "{error:?}");
        $(assert!(error.to_string().contains($part), "{error} lacks {:?}", $part);)+
    }};
}

fn lengths<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let (z, x) =
        (xp.ones([2, 3], DType::Complex128).unwrap(), xp.ones([2, 3], DType::Float64).unwrap());
    for n in [0, -1, i64::MIN] {
        let given = format!("length {n} ");
        let n = Transform::new().n(n);
        fails!(fft.fft(&z, n.clone()), Value, "fft: ", &given, "at least 1");
        fails!(fft.ifft(&z, n.clone()), Value, "ifft: ", &given, "at least 1");
        fails!(fft.rfft(&x, n.clone()), Value, "rfft: ", &given, "at least 1");
        fails!(fft.irfft(&z, n.clone()), Value, "irfft: ", &given, "at least 1");
        fails!(fft.hfft(&z, n.clone()), Value, "hfft: ", &given, "at least 1");
        fails!(fft.ihfft(&x, n), Value, "ihfft: ", &given, "at least 1");
    }
    for n in [0, -2] {
        let s = TransformN::new().s([2, n]).axes([0, 1]);
        fails!(fft.fftn(&z, s.clone()), Value, "fftn: ", "at least 1");
        fails!(fft.ifftn(&z, s.clone()), Value, "ifftn: ", "at least 1");
        fails!(fft.rfftn(&x, s.clone()), Value, "rfftn: ", "at least 1");
        fails!(fft.irfftn(&z, s), Value, "irfftn: ", "at least 1");
        fails!(fft.fftfreq(n, ()), Value, "fftfreq: ", "at least 1");
        fails!(fft.rfftfreq(n, ()), Value, "rfftfreq: ", "at least 1");
    }
    // a default length of 0: no elements, or a spectrum of one value
    let none = xp.ones([2, 0], DType::Complex128).unwrap();
    let one = xp.ones([2, 1], DType::Complex128).unwrap();
    fails!(fft.fft(&none, ()), Value, "fft: ", "axis 1", "length 0", "give a length");
    fails!(fft.rfft(xp.real(&none).unwrap(), ()), Value, "rfft: ", "axis 1", "length 0");
    fails!(fft.irfft(&one, ()), Value, "irfft: ", "axis 1", "length 1", "give a length");
    fails!(fft.hfft(&one, ()), Value, "hfft: ", "axis 1", "length 1");
    fails!(fft.fftn(&none, ()), Value, "fftn: ", "axis 1");
    fails!(fft.irfftn(&one, ()), Value, "irfftn: ", "axis 1");
}

fn absurd_lengths<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let (z, x) = (xp.ones(3, DType::Complex64).unwrap(), xp.ones(3, DType::Float32).unwrap());
    let pair = xp.ones([3, 3], DType::Complex128).unwrap();
    for n in [1 << 60, 1 << 55, i64::MAX] {
        let one = Transform::new().n(n);
        fails!(fft.fft(&z, one.clone()), OutOfMemory, "fft: ", "out of memory");
        fails!(fft.ifft(&z, one.clone()), OutOfMemory, "ifft: ");
        fails!(fft.rfft(&x, one.clone()), OutOfMemory, "rfft: ");
        fails!(fft.irfft(&z, one.clone()), OutOfMemory, "irfft: ");
        fails!(fft.hfft(&z, one.clone()), OutOfMemory, "hfft: ");
        fails!(fft.ihfft(&x, one), OutOfMemory, "ihfft: ");
        let several = TransformN::new().s([n, n]).axes([0, 1]);
        fails!(fft.fftn(&pair, several.clone()), OutOfMemory, "fftn: ");
        fails!(fft.irfftn(&pair, several), OutOfMemory, "irfftn: ");
        fails!(fft.fftfreq(n, ()), OutOfMemory, "fftfreq: ");
        fails!(fft.rfftfreq(n, ()), OutOfMemory, "rfftfreq: ");
        // nothing to transform, and nothing to run out of
        let none = xp.ones([0, 3], DType::Complex64).unwrap();
        let spectrum = fft.fft(&none, Transform::new().n(n)).unwrap();
        assert_eq!(spectrum.shape(), [0, n as usize]);
    }
}

fn dtypes<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    for dtype in DType::ALL {
        let x = xp.ones([2, 3], dtype).unwrap();
        let given = format!("dtype {dtype}");
        if !dtype.is_complex() {
            fails!(fft.fft(&x, ()), DType, "fft: ", &given, "a complex", "astype");
            fails!(fft.ifft(&x, ()), DType, "ifft: ", &given, "a complex");
            fails!(fft.irfft(&x, ()), DType, "irfft: ", &given, "a complex");
            fails!(fft.hfft(&x, ()), DType, "hfft: ", &given, "a complex");
            fails!(fft.fftn(&x, ()), DType, "fftn: ", &given, "a complex");
            fails!(fft.ifftn(&x, ()), DType, "ifftn: ", &given, "a complex");
            fails!(fft.irfftn(&x, ()), DType, "irfftn: ", &given, "a complex");
        }
        if !dtype.is_real_floating() {
            fails!(fft.rfft(&x, ()), DType, "rfft: ", &given, "a real floating");
            fails!(fft.ihfft(&x, ()), DType, "ihfft: ", &given, "a real floating");
            fails!(fft.rfftn(&x, ()), DType, "rfftn: ", &given, "a real floating");
            fails!(fft.fftfreq(3, FftFreq::new().dtype(dtype)), DType, "fftfreq: ", &given);
            fails!(fft.rfftfreq(3, FftFreq::new().dtype(dtype)), DType, "rfftfreq: ", &given);
        } else if dtype.is_half() {
            fails!(fft.rfft(&x, ()), DType, "rfft: ", dtype.name(), "DType::Float32");
            fails!(fft.ihfft(&x, ()), DType, "ihfft: ", dtype.name(), "DType::Float32");
        }
        if !dtype.is_floating() {
            fails!(fft.fftshift(&x, ()), DType, "fftshift: ", &given, "a floating-point");
            fails!(fft.ifftshift(&x, ()), DType, "ifftshift: ", &given, "a floating-point");
        }
    }
}

fn axes<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let (z, x) =
        (xp.ones([2, 3], DType::Complex64).unwrap(), xp.ones([2, 3], DType::Float32).unwrap());
    for axis in [2, -3, i64::MAX, i64::MIN] {
        let given = format!("axis {axis} is out of range for 2 dimensions");
        let one = Transform::new().axis(axis);
        fails!(fft.fft(&z, one.clone()), Axis, "fft: ", &given);
        fails!(fft.ifft(&z, one.clone()), Axis, "ifft: ", &given);
        fails!(fft.rfft(&x, one.clone()), Axis, "rfft: ", &given);
        fails!(fft.irfft(&z, one.clone()), Axis, "irfft: ", &given);
        fails!(fft.hfft(&z, one.clone()), Axis, "hfft: ", &given);
        fails!(fft.ihfft(&x, one), Axis, "ihfft: ", &given);
        let several = TransformN::new().axes([0, axis]);
        fails!(fft.fftn(&z, several.clone()), Axis, "fftn: ", &given);
        fails!(fft.ifftn(&z, several.clone()), Axis, "ifftn: ", &given);
        fails!(fft.rfftn(&x, several.clone()), Axis, "rfftn: ", &given);
        fails!(fft.irfftn(&z, several), Axis, "irfftn: ", &given);
        fails!(fft.fftshift(&z, axis), Axis, "fftshift: ", &given);
        fails!(fft.ifftshift(&z, FftShift::new().axes([axis])), Axis, "ifftshift: ", &given);
    }
    let repeated = TransformN::new().axes([0, 1, -1]);
    fails!(fft.fftn(&z, repeated.clone()), Axis, "fftn: ", "axis -1 is repeated in [0, 1, -1]");
    fails!(fft.ifftn(&z, repeated.clone()), Axis, "ifftn: ", "repeated");
    fails!(fft.rfftn(&x, repeated.clone()), Axis, "rfftn: ", "repeated");
    fails!(fft.irfftn(&z, repeated), Axis, "irfftn: ", "repeated");
    let twice = FftShift::new().axes([1, 1]);
    fails!(fft.fftshift(&z, twice.clone()), Axis, "fftshift: ", "repeated");
    fails!(fft.ifftshift(&z, twice), Axis, "ifftshift: ", "repeated");

    // no dimensions
    let (z, x) = (xp.ones((), DType::Complex64).unwrap(), xp.ones((), DType::Float32).unwrap());
    fails!(fft.fft(&z, ()), Axis, "fft: ", "axis -1", "0-d");
    fails!(fft.ifft(&z, ()), Axis, "ifft: ", "0-d");
    fails!(fft.rfft(&x, ()), Axis, "rfft: ", "0-d");
    fails!(fft.irfft(&z, ()), Axis, "irfft: ", "0-d");
    fails!(fft.hfft(&z, ()), Axis, "hfft: ", "0-d");
    fails!(fft.ihfft(&x, ()), Axis, "ihfft: ", "0-d");
    fails!(fft.rfftn(&x, ()), Axis, "rfftn: ", "at least one");
    fails!(fft.irfftn(&z, ()), Axis, "irfftn: ", "at least one");
}

fn lengths_and_axes<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let (z, x) =
        (xp.ones([2, 3], DType::Complex64).unwrap(), xp.ones([2, 3], DType::Float32).unwrap());
    let alone = TransformN::new().s([2, 3]);
    fails!(fft.fftn(&z, alone.clone()), Value, "fftn: ", "without axes");
    fails!(fft.ifftn(&z, alone.clone()), Value, "ifftn: ", "without axes");
    fails!(fft.rfftn(&x, alone.clone()), Value, "rfftn: ", "without axes");
    fails!(fft.irfftn(&z, alone), Value, "irfftn: ", "without axes");
    for s in [&[2][..], &[2, 3, 4], &[]] {
        let other = TransformN::new().s(s).axes([0, 1]);
        let text = format!("{} lengths s were given for 2 axes", s.len());
        fails!(fft.fftn(&z, other.clone()), Value, "fftn: ", &text);
        fails!(fft.rfftn(&x, other), Value, "rfftn: ", &text);
    }
    // a length that is no length is found before the other axis is transformed
    let huge = TransformN::new().s([2, 1_i64 << 60]).axes([0, 1]);
    fails!(fft.fftn(&z, huge), OutOfMemory, "fftn: ");
}

on_each_backend! {
    lengths
    absurd_lengths
    dtypes
    axes
    lengths_and_axes
}
