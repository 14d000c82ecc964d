//! Examples of every function and parameter.

use arrayspace::options::length;
use arrayspace::options::{FftFreq, FftShift, Norm, Transform, TransformN};
use arrayspace::prelude::*;

use crate::model::{C, Table};
use crate::on_each_backend;

fn c(re: f64, im: f64) -> C {
    C::new(re, im)
}

/// Whether an array has these values, to the precision of its dtype, and this shape.
#[track_caller]
fn assert_values<N: Namespace>(x: &Array<N>, shape: &[usize], values: &[C]) {
    let eps = if x.dtype().item_size() / (1 + usize::from(x.dtype().is_complex())) == 4 {
        1e-6
    } else {
        1e-14
    };
    Table::new(values.to_vec(), shape).compare(x, eps).unwrap();
}

fn real(values: &[f64]) -> Vec<C> {
    values.iter().map(|&x| x.into()).collect()
}

fn complex_transforms<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    for dtype in [DType::Complex128, DType::Complex64] {
        let x = xp.astype(xp.asarray([1.0, 2.0, 3.0, 4.0], ()).unwrap(), dtype, ()).unwrap();
        let spectrum = [c(10.0, 0.0), c(-2.0, 2.0), c(-2.0, 0.0), c(-2.0, -2.0)];
        let y = fft.fft(&x, ()).unwrap();
        assert_eq!(y.dtype(), dtype);
        assert_values(&y, &[4], &spectrum);
        assert_values(&fft.ifft(&y, ()).unwrap(), &[4], &real(&[1.0, 2.0, 3.0, 4.0]));

        let scaled = |by: f64| spectrum.map(|x| x * by);
        assert_values(&fft.fft(&x, Norm::Backward).unwrap(), &[4], &spectrum);
        assert_values(&fft.fft(&x, Norm::Ortho).unwrap(), &[4], &scaled(0.5));
        assert_values(&fft.fft(&x, Norm::Forward).unwrap(), &[4], &scaled(0.25));
        let reversed = [spectrum[0], spectrum[3], spectrum[2], spectrum[1]];
        let reversed = |by: f64| reversed.map(|x| x * by);
        assert_values(&fft.ifft(&x, Norm::Backward).unwrap(), &[4], &reversed(0.25));
        assert_values(&fft.ifft(&x, Norm::Ortho).unwrap(), &[4], &reversed(0.5));
        assert_values(&fft.ifft(&x, Norm::Forward).unwrap(), &[4], &reversed(1.0));

        // cut, and continued with zeros
        let n = |n: i64| fft.fft(&x, length(n)).unwrap();
        assert_values(&n(1), &[1], &real(&[1.0]));
        assert_values(&n(2), &[2], &real(&[3.0, -1.0]));
        let padded = n(8);
        let even: Vec<C> = Table::of(&padded).values.into_iter().step_by(2).collect();
        assert_values(&padded.get(s![..; 2]).unwrap(), &[4], &even);
        assert_values(&padded.get(s![..; 2]).unwrap(), &[4], &spectrum);

        // along another axis
        let rows = xp.reshape(&x, [2, 2], ()).unwrap();
        let columns = fft.fft(&rows, Transform::new().axis(0)).unwrap();
        assert_values(&columns, &[2, 2], &real(&[4.0, 6.0, -2.0, -2.0]));
        let same = fft.fft(&rows, Transform::new().axis(-2)).unwrap();
        assert_values(&same, &[2, 2], &real(&[4.0, 6.0, -2.0, -2.0]));
        let last = fft.fft(&rows, Transform::new().axis(1).n(3)).unwrap();
        assert_eq!(last.shape(), [2, 3]);
    }
}

fn real_transforms<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    for (dtype, complex) in
        [(DType::Float64, DType::Complex128), (DType::Float32, DType::Complex64)]
    {
        let x = xp.asarray([1.0, 2.0, 3.0, 4.0, 5.0], dtype).unwrap();
        let four = x.get(..4).unwrap();
        let half = [c(10.0, 0.0), c(-2.0, 2.0), c(-2.0, 0.0)];
        let y = fft.rfft(&four, ()).unwrap();
        assert_eq!(y.dtype(), complex);
        assert_values(&y, &[3], &half);
        let back = fft.irfft(&y, ()).unwrap();
        assert_eq!(back.dtype(), dtype);
        assert_values(&back, &[4], &real(&[1.0, 2.0, 3.0, 4.0]));
        assert_values(&fft.rfft(&four, Norm::Forward).unwrap(), &[3], &half.map(|x| x * 0.25));
        assert_values(&fft.rfft(&four, Norm::Ortho).unwrap(), &[3], &half.map(|x| x * 0.5));
        let unscaled = fft.irfft(&y, Norm::Forward).unwrap();
        assert_values(&unscaled, &[4], &real(&[4.0, 8.0, 12.0, 16.0]));
        let ortho = fft.irfft(&y, Norm::Ortho).unwrap();
        assert_values(&ortho, &[4], &real(&[2.0, 4.0, 6.0, 8.0]));

        // an odd length has to be said
        let odd = fft.rfft(&x, ()).unwrap();
        assert_eq!((odd.shape(), fft.irfft(&odd, ()).unwrap().shape()), (&[3][..], &[4][..]));
        let values = real(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_values(&fft.irfft(&odd, length(5)).unwrap(), &[5], &values);

        // imaginary parts that a Hermitian spectrum does not have are ignored
        let z = xp.asarray(vec![c(1.0, 7.0), c(2.0, 1.0), c(3.0, 9.0)], ()).unwrap();
        let z = xp.astype(&z, complex, ()).unwrap();
        assert_values(&fft.irfft(&z, ()).unwrap(), &[4], &real(&[2.0, -1.0, 0.0, 0.0]));
        assert_values(&fft.irfft(&z, length(1)).unwrap(), &[1], &real(&[1.0]));
        assert_values(&fft.irfft(&z, length(2)).unwrap(), &[2], &real(&[1.5, -0.5]));

        // the Hermitian pair
        let signal = xp.asarray(vec![c(1.0, 0.0), c(0.0, 1.0), c(2.0, 0.0)], ()).unwrap();
        let signal = xp.astype(&signal, complex, ()).unwrap();
        let spectrum = fft.hfft(&signal, ()).unwrap();
        assert_eq!(spectrum.dtype(), dtype);
        assert_values(&spectrum, &[4], &real(&[3.0, 1.0, 3.0, -3.0]));
        let again = fft.ihfft(&spectrum, ()).unwrap();
        assert_eq!(again.dtype(), complex);
        assert_values(&again, &[3], &[c(1.0, 0.0), c(0.0, 1.0), c(2.0, 0.0)]);
        let ortho = fft.hfft(&signal, Norm::Ortho).unwrap();
        assert_values(&ortho, &[4], &real(&[1.5, 0.5, 1.5, -1.5]));
        let forward = fft.hfft(&signal, Norm::Forward).unwrap();
        assert_values(&forward, &[4], &real(&[0.75, 0.25, 0.75, -0.75]));
        assert_eq!(fft.hfft(&signal, length(5)).unwrap().shape(), [5]);
        let unscaled = fft.ihfft(&spectrum, Norm::Forward).unwrap();
        assert_values(&unscaled, &[3], &[c(4.0, 0.0), c(0.0, 4.0), c(8.0, 0.0)]);
    }
}

fn several_axes<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let x = xp.reshape(xp.arange(0.0, 6.0, 1.0, ()).unwrap(), [2, 3], ()).unwrap();
    let z = xp.astype(&x, DType::Complex128, ()).unwrap();
    let root = 3f64.sqrt() / 2.0;
    let full = [
        c(15.0, 0.0),
        c(-3.0, 2.0 * root),
        c(-3.0, -2.0 * root),
        c(-9.0, 0.0),
        c(0.0, 0.0),
        c(0.0, 0.0),
    ];
    let y = fft.fftn(&z, ()).unwrap();
    assert_values(&y, &[2, 3], &full);
    assert_values(&fft.ifftn(&y, ()).unwrap(), &[2, 3], &Table::of(&x).values);
    // n is the product of the lengths
    assert_values(&fft.fftn(&z, Norm::Forward).unwrap(), &[2, 3], &full.map(|x| x / 6.0));
    let ortho = fft.fftn(&z, Norm::Ortho).unwrap();
    assert_values(&ortho, &[2, 3], &full.map(|x| x / 6f64.sqrt()));
    let unscaled = fft.ifftn(&y, Norm::Forward).unwrap();
    assert_values(&unscaled, &[2, 3], &Table::of(&(&x * 6.0)).values);

    let half = [full[0], full[1], full[3], full[4]];
    let y = fft.rfftn(&x, ()).unwrap();
    assert_values(&y, &[2, 2], &half);
    assert_eq!(fft.irfftn(&y, ()).unwrap().shape(), [2, 2]);
    let lengths = TransformN::new().s([2, 3]).axes([0, 1]);
    let back = fft.irfftn(&y, lengths.clone()).unwrap();
    assert_eq!(back.dtype(), DType::Float64);
    assert_values(&back, &[2, 3], &Table::of(&x).values);
    let lengths = lengths.norm(Norm::Forward);
    let back = fft.irfftn(&y, lengths).unwrap();
    assert_values(&back, &[2, 3], &Table::of(&(&x * 6.0)).values);

    // -1 is the length of the array; the order of the axes says which one is halved
    let options = |s: [i64; 2], axes: [i64; 2]| TransformN::new().s(s).axes(axes);
    assert_values(&fft.fftn(&z, options([-1, -1], [0, 1])).unwrap(), &[2, 3], &full);
    assert_eq!(fft.fftn(&z, options([-1, 4], [0, 1])).unwrap().shape(), [2, 4]);
    assert_eq!(fft.fftn(&z, options([-1, 4], [1, 0])).unwrap().shape(), [4, 3]);
    assert_eq!(fft.rfftn(&x, options([-1, -1], [0, 1])).unwrap().shape(), [2, 2]);
    assert_eq!(fft.rfftn(&x, options([-1, 5], [1, 0])).unwrap().shape(), [3, 3]);
    assert_eq!(fft.irfftn(&z, options([4, -1], [0, 1])).unwrap().shape(), [4, 4]);
    let one = TransformN::new().axes(0);
    assert_values(
        &fft.fftn(&z, one.clone()).unwrap(),
        &[2, 3],
        &real(&[3.0, 5.0, 7.0, -3.0, -3.0, -3.0]),
    );
    assert_eq!(fft.rfftn(&x, one).unwrap().shape(), [2, 3]);

    // no axes: nothing is transformed
    let none = TransformN::new().axes([0i64; 0]);
    assert_values(&fft.fftn(&z, none.clone()).unwrap(), &[2, 3], &Table::of(&x).values);
    assert_values(&fft.ifftn(&z, none).unwrap(), &[2, 3], &Table::of(&x).values);
    let scalar = xp.asarray(2.0, DType::Complex64).unwrap();
    assert_values(&fft.fftn(&scalar, ()).unwrap(), &[], &real(&[2.0]));
}

fn frequencies<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let full = |n: i64| fft.fftfreq(n, ()).unwrap().to_vec::<f64>().unwrap();
    let half = |n: i64| fft.rfftfreq(n, ()).unwrap().to_vec::<f64>().unwrap();
    assert_eq!(full(1), [0.0]);
    assert_eq!(full(2), [0.0, -0.5]);
    assert_eq!(full(5), [0.0, 0.2, 0.4, -0.4, -0.2]);
    assert_eq!(full(8), [0.0, 0.125, 0.25, 0.375, -0.5, -0.375, -0.25, -0.125]);
    assert_eq!(half(1), [0.0]);
    assert_eq!(half(2), [0.0, 0.5]);
    assert_eq!(half(5), [0.0, 0.2, 0.4]);
    assert_eq!(half(8), [0.0, 0.125, 0.25, 0.375, 0.5]);
    let wide = fft.fftfreq(4, 0.5).unwrap();
    assert_eq!(wide.to_vec::<f64>().unwrap(), [0.0, 0.5, -1.0, -0.5]);
    assert_eq!(wide.dtype(), DType::Float64);
    let single = FftFreq::new().d(0.001).dtype(DType::Float32).device(N::primary_device(xp));
    let single = fft.rfftfreq(4, single).unwrap();
    assert_eq!(single.dtype(), DType::Float32);
    assert_eq!(single.to_vec::<f32>().unwrap(), [0.0, 250.0, 500.0]);
    // no distance: a division by 0, as its rules are
    let none = fft.fftfreq(3, 0.0).unwrap().to_vec::<f64>().unwrap();
    assert!(none[0].is_nan() && none[1] == f64::INFINITY && none[2] == f64::NEG_INFINITY);
}

fn shifts<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let of = |values: &[f64]| xp.asarray(values.to_vec(), ()).unwrap();
    let shifted = |values: &[f64]| fft.fftshift(of(values), ()).unwrap().to_vec::<f64>().unwrap();
    let back = |values: &[f64]| fft.ifftshift(of(values), ()).unwrap().to_vec::<f64>().unwrap();
    assert_eq!(shifted(&[0.0, 1.0, -2.0, -1.0]), [-2.0, -1.0, 0.0, 1.0]);
    assert_eq!(shifted(&[0.0, 1.0, 2.0, -2.0, -1.0]), [-2.0, -1.0, 0.0, 1.0, 2.0]);
    assert_eq!(back(&[-2.0, -1.0, 0.0, 1.0, 2.0]), [0.0, 1.0, 2.0, -2.0, -1.0]);
    assert_eq!(shifted(&[3.0]), [3.0]);
    let x = xp.reshape(of(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]), [2, 3], ()).unwrap();
    let all = fft.fftshift(&x, ()).unwrap();
    assert_eq!(all.to_vec::<f64>().unwrap(), [5.0, 3.0, 4.0, 2.0, 0.0, 1.0]);
    let rows = fft.fftshift(&x, 0).unwrap();
    assert_eq!(rows.to_vec::<f64>().unwrap(), [3.0, 4.0, 5.0, 0.0, 1.0, 2.0]);
    let columns = fft.ifftshift(&x, FftShift::new().axes([-1])).unwrap();
    assert_eq!(columns.to_vec::<f64>().unwrap(), [1.0, 2.0, 0.0, 4.0, 5.0, 3.0]);
    let none = fft.fftshift(&x, FftShift::new().axes([0i64; 0])).unwrap();
    assert_eq!(none.to_vec::<f64>().unwrap(), x.to_vec::<f64>().unwrap());
    for dtype in DType::ALL.into_iter().filter(|d| d.is_floating()) {
        let y = xp.astype(&x, dtype, ()).unwrap();
        let y = fft.ifftshift(fft.fftshift(&y, ()).unwrap(), ()).unwrap();
        assert_eq!(y.dtype(), dtype);
        assert!(
            xp.equal(&y, xp.astype(&x, dtype, ()).unwrap())
                .unwrap()
                .to_vec::<bool>()
                .unwrap()
                .iter()
                .all(|&b| b)
        );
    }
    assert_eq!(fft.fftshift(xp.ones((), ()).unwrap(), ()).unwrap().shape(), []);
    assert_eq!(fft.fftshift(xp.ones([0, 2], ()).unwrap(), ()).unwrap().shape(), [0, 2]);
}

/// A single 1 has a known spectrum, of every length: small, prime, large.
fn impulses<N: Namespace>(xp: &N) {
    for (n, at) in
        [(1, 0), (2, 1), (3, 2), (97, 5), (1000, 999), (4099, 1), (1 << 17, 3), (99991, 7)]
    {
        let mut values = vec![C::default(); n];
        values[at] = c(1.0, 0.0);
        let turn = |k: usize| {
            C::from_polar(1.0, -2.0 * std::f64::consts::PI * (k * at % n) as f64 / n as f64)
        };
        let want = Table::new((0..n).map(turn).collect(), &[n]);
        let x = xp.asarray(values, ()).unwrap();
        want.compare(&xp.fft().fft(&x, ()).unwrap(), 1e-13).unwrap();
        let half = want.lines(0, |line| line[..n / 2 + 1].to_vec());
        half.compare(&xp.fft().rfft(xp.real(&x).unwrap(), ()).unwrap(), 1e-13).unwrap();
    }
}

fn no_elements<N: Namespace>(xp: &N) {
    let fft = xp.fft();
    let (z, x) = (xp.ones([0, 4], DType::Complex64).unwrap(), xp.ones([0, 4], ()).unwrap());
    assert_eq!(fft.fft(&z, ()).unwrap().shape(), [0, 4]);
    assert_eq!(fft.ifft(&z, length(7)).unwrap().shape(), [0, 7]);
    assert_eq!(fft.rfft(&x, ()).unwrap().shape(), [0, 3]);
    assert_eq!(fft.irfft(&z, ()).unwrap().shape(), [0, 6]);
    assert_eq!(fft.hfft(&z, length(3)).unwrap().shape(), [0, 3]);
    assert_eq!(fft.ihfft(&x, ()).unwrap().shape(), [0, 3]);
    // nothing along the axis: zeros
    let along = fft.fft(&z, Transform::new().axis(0).n(2)).unwrap();
    assert_values(&along, &[2, 4], &[c(0.0, 0.0); 8]);
    let along = fft.irfft(&z, Transform::new().axis(0).n(3)).unwrap();
    assert_values(&along, &[3, 4], &[c(0.0, 0.0); 12]);
    // other axes so long that their product overflows
    let long = xp.ones([1usize << 40, 1 << 40, 0, 4], DType::Complex64).unwrap();
    assert_eq!(fft.fft(&long, ()).unwrap().shape(), [1 << 40, 1 << 40, 0, 4]);
    let options = Transform::new().axis(1);
    assert_eq!(fft.fft(&long, options).unwrap().shape(), [1 << 40, 1 << 40, 0, 4]);
}

on_each_backend! {
    complex_transforms
    real_transforms
    several_axes
    frequencies
    shifts
    impulses
    no_elements
}
