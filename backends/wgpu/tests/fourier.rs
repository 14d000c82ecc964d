//! Fourier transforms: those of the CPU backend, within the rounding of either.

mod common;

use arrayspace_core::{Backend, DType, Error, FourierOp, Layout, View};
use common::*;

const OPS: [FourierOp; 4] =
    [FourierOp::Forward, FourierOp::Inverse, FourierOp::RealForward, FourierOp::RealInverse];

/// The dtypes that an operation takes, in single and in double precision.
fn operands(gpu: &arrayspace_wgpu::Wgpu, op: FourierOp) -> Vec<DType> {
    let real = op == FourierOp::RealForward;
    let all =
        if real { [DType::Float32, DType::Float64] } else { [DType::Complex64, DType::Complex128] };
    all.into_iter().filter(|&d| dtypes(gpu).contains(&d)).collect()
}

fn epsilon(dtype: DType) -> f64 {
    match dtype.real_component() {
        DType::Float32 => f32::EPSILON.into(),
        _ => f64::EPSILON,
    }
}

/// Numbers from -1 to 1.
fn noise(rng: &mut Rng, dtype: DType, len: usize) -> Vec<u8> {
    let parts = if dtype.is_complex() { 2 * len } else { len };
    let mut out = Vec::new();
    for _ in 0..parts {
        let v = (rng.next() >> 8) as f64 / (1u64 << 52) as f64 - 1.0;
        match dtype.real_component() {
            DType::Float32 => out.extend((v as f32).to_ne_bytes()),
            _ => out.extend(v.to_ne_bytes()),
        }
    }
    out
}

/// The number of lines that begin next to each other.
fn shape_after(x: &Operand, axis: usize) -> usize {
    x.layout.shape()[axis + 1..].iter().product()
}

/// The largest difference of values, in units of the precision times the norm of a line, times the
/// logarithm of its length.
fn compare(gpu: &arrayspace_wgpu::Wgpu, op: FourierOp, x: &Operand, axis: usize, n: usize) -> f64 {
    let to = op.output(x.dtype).unwrap();
    let scale = 0.75;
    let ours = Backend::fourier(gpu, op, x.on_gpu(), axis, n, scale).unwrap().unwrap();
    let theirs = Backend::fourier(&CPU, op, x.on_cpu(), axis, n, scale).unwrap().unwrap();
    let (ours, theirs) = (bytes(gpu, &ours, to), bytes(&CPU, &theirs, to));
    assert_eq!(ours.len(), theirs.len(), "{op:?} {:?} {axis} {n}", x.layout);
    let length = x.layout.shape()[axis].min(n).max(1) as f64;
    // parts are at most 1
    let unit = epsilon(to) * (2.0 * length).sqrt() * (2.0 * n as f64).log2().max(1.0);
    let (ours, theirs) = (floats(&ours, to), floats(&theirs, to));
    if op == FourierOp::RealForward && shape_after(x, axis) == 1 && !ours.is_empty() {
        // there is nothing imaginary in the first value, nor in the middle one
        assert!(ours[1] == 0.0 && (n % 2 == 1 || ours[n + 1] == 0.0), "{n}");
    }
    let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= 4.0 * unit, "{op:?} {} {:?} {axis} {n}: {}", x.dtype, x.layout, worst / unit);
    worst / unit
}

#[test]
fn short_lines_of_every_length() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(5);
    for n in (1..=70).chain([96, 97, 120, 121, 127, 128, 210, 243, 256]) {
        for op in OPS {
            for dtype in operands(&gpu, op) {
                let mut shape = rng.shape(3, 5);
                let axis = rng.below(shape.len() + 1);
                // as long as wanted, shorter, or longer
                let length = [op.lengths(n).0, n / 2, n + 3][rng.below(3)];
                shape.insert(axis, length);
                let (layout, len) = rng.layout(&shape, true);
                let data = noise(&mut rng, dtype, len);
                compare(&gpu, op, &Operand::new(&gpu, dtype, layout, &data), axis, n);
            }
        }
    }
}

#[test]
fn long_lines() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(6);
    let powers = (9..=16).map(|k| 1usize << k);
    for n in powers.chain([509, 521, 1009, 1021, 1025, 2187, 4099, 46_189, 65_537, 3 << 15]) {
        for op in OPS {
            for dtype in operands(&gpu, op) {
                let shape = if n < 5000 { [2, n, 2] } else { [1, n, 1] };
                let axis = 1;
                let (layout, len) = rng.layout(&shape, false);
                let data = noise(&mut rng, dtype, len);
                compare(&gpu, op, &Operand::new(&gpu, dtype, layout, &data), axis, n);
            }
        }
    }
}

/// Many lines beside each other, more than one workgroup takes.
#[test]
fn many_lines() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(7);
    for (shape, axis) in [([3000, 12], 1), ([12, 3000], 0), ([40, 130], 1), ([1300, 20], 0)] {
        for op in OPS {
            for dtype in operands(&gpu, op) {
                let layout = Layout::contiguous(&shape).unwrap();
                let data = noise(&mut rng, dtype, layout.size());
                let n = shape[axis];
                let x = Operand::new(&gpu, dtype, layout, &data);
                compare(&gpu, op, &x, axis, n);
                // and the same bits again
                let view = x.on_gpu();
                let run = || {
                    let y = Backend::fourier(&gpu, op, view, axis, n, 1.0).unwrap().unwrap();
                    bytes(&gpu, &y, op.output(dtype).unwrap())
                };
                assert_eq!(run(), run());
            }
        }
    }
}

/// The error against double precision, as a root mean square, beside that of the CPU backend.
#[test]
fn single_precision_is_accurate() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(8);
    for n in [64, 1000, 4096, 1009, 65_536] {
        let layout = Layout::contiguous(&[n]).unwrap();
        let data = noise(&mut rng, DType::Complex64, n);
        let x = Operand::new(&gpu, DType::Complex64, layout.clone(), &data);
        let wide: Vec<u8> =
            floats(&data, DType::Complex64).iter().flat_map(|v| v.to_ne_bytes()).collect();
        let exact = Operand::new(&gpu, DType::Complex64, layout.clone(), &data);
        let exact = Operand {
            cpu: Backend::upload(&CPU, &wide, DType::Complex128, arrayspace_core::Device::CPU)
                .unwrap(),
            dtype: DType::Complex128,
            ..exact
        };
        let want =
            Backend::fourier(&CPU, FourierOp::Forward, exact.on_cpu(), 0, n, 1.0).unwrap().unwrap();
        let want = floats(&bytes(&CPU, &want, DType::Complex128), DType::Complex128);
        let norm = want.iter().map(|v| v * v).sum::<f64>().sqrt();
        let error = |got: &[f64]| {
            let squares = got.iter().zip(&want).map(|(a, b)| (a - b).powi(2));
            squares.sum::<f64>().sqrt() / norm / f64::from(f32::EPSILON)
        };
        let ours =
            Backend::fourier(&gpu, FourierOp::Forward, x.on_gpu(), 0, n, 1.0).unwrap().unwrap();
        let ours = error(&floats(&bytes(&gpu, &ours, DType::Complex64), DType::Complex64));
        let theirs =
            Backend::fourier(&CPU, FourierOp::Forward, x.on_cpu(), 0, n, 1.0).unwrap().unwrap();
        let theirs = error(&floats(&bytes(&CPU, &theirs, DType::Complex64), DType::Complex64));
        println!("{n}: {ours:.3} {theirs:.3} units");
        assert!(ours <= 2.0 * theirs + 0.2, "{n}: {ours} units, {theirs} on the CPU");
    }
}

#[test]
fn special_values_stay_in_their_lines() {
    let Some(gpu) = gpu() else { return };
    for n in [8, 97, 2048] {
        let mut data = vec![1.0f32; 3 * n];
        data[n + 1] = f32::NAN;
        data[2 * n + 1] = f32::INFINITY;
        let raw: Vec<u8> = data.iter().flat_map(|v| v.to_ne_bytes()).collect();
        let layout = Layout::contiguous(&[3, n]).unwrap();
        let x = Operand::new(&gpu, DType::Float32, layout, &raw);
        let y =
            Backend::fourier(&gpu, FourierOp::RealForward, x.on_gpu(), 1, n, 1.0).unwrap().unwrap();
        let y = floats(&bytes(&gpu, &y, DType::Complex64), DType::Complex64);
        let width = 2 * (n / 2 + 1);
        assert!(y[..width].iter().all(|v| v.is_finite()) && (y[0] - n as f64).abs() < 1e-3);
        let parts =
            |from: usize| y[from..from + width].chunks(2).map(|v| v[0].is_nan() || v[1].is_nan());
        assert!(parts(width).all(|nan| nan));
        assert!(y[2 * width..].chunks(2).all(|v| !(v[0].is_finite() && v[1].is_finite())));
    }
    // the imaginary parts that a spectrum of real numbers does not have are ignored, NaN as well
    let raw: Vec<u8> =
        [4.0f32, f32::NAN, 1.0, 0.0, 2.0, f32::NAN].iter().flat_map(|v| v.to_ne_bytes()).collect();
    let x = Operand::new(&gpu, DType::Complex64, Layout::contiguous(&[3]).unwrap(), &raw);
    let y =
        Backend::fourier(&gpu, FourierOp::RealInverse, x.on_gpu(), 0, 4, 0.25).unwrap().unwrap();
    assert_eq!(floats(&bytes(&gpu, &y, DType::Float32), DType::Float32), [2.0, 0.5, 1.0, 0.5]);
}

#[test]
fn errors_and_nothing() {
    let Some(gpu) = gpu() else { return };
    let data = vec![0u8; 64];
    let layout = Layout::contiguous(&[2, 2]).unwrap();
    let x = Operand::new(&gpu, DType::Complex64, layout, &data);
    let run = |op, axis, n| Backend::fourier(&gpu, op, x.on_gpu(), axis, n, 1.0).unwrap();
    assert!(matches!(run(FourierOp::RealForward, 0, 2), Err(Error::DType(_))));
    assert!(matches!(run(FourierOp::Forward, 2, 2), Err(Error::Axis(_))));
    assert!(matches!(run(FourierOp::Forward, 0, 0), Err(Error::Value(_))));
    for n in [usize::MAX / 4, 1 << 34, (1 << 31) - 1] {
        assert!(matches!(run(FourierOp::Forward, 0, n), Err(Error::OutOfMemory(_))), "{n}");
    }
    let view = View { dtype: DType::Float16, ..x.on_gpu() };
    assert!(matches!(
        Backend::fourier(&gpu, FourierOp::Forward, view, 0, 2, 1.0),
        Some(Err(Error::DType(_)))
    ));
    let beyond = Layout::contiguous(&[9]).unwrap();
    let view = View { layout: &beyond, ..x.on_gpu() };
    assert!(matches!(
        Backend::fourier(&gpu, FourierOp::Forward, view, 0, 2, 1.0),
        Some(Err(Error::Shape(_)))
    ));
    // no lines, and lines of nothing
    for (shape, n, len) in [([0, 3], 3, 0), ([0, 3], isize::MAX as usize, 0), ([3, 0], 2, 6)] {
        let layout = Layout::contiguous(&shape).unwrap();
        let view = View { layout: &layout, ..x.on_gpu() };
        let y = Backend::fourier(&gpu, FourierOp::Forward, view, 1, n, 1.0).unwrap().unwrap();
        assert_eq!(
            floats(&bytes(&gpu, &y, DType::Complex64), DType::Complex64),
            vec![0.0; 2 * len]
        );
    }
}
