//! The functions that are approximated: special cases as on the CPU, and errors in units in the
//! last place.

mod common;

use std::f64::consts::{FRAC_PI_2, PI};

use arrayspace_core::{
    Access, Backend, BinaryOp, DType, Device, Input, Layout, Program, StepOp, UnaryOp,
};
use arrayspace_wgpu::Wgpu;
use common::*;

/// The bound on the error.
const UNITS: f64 = 4.0;

const UNARY: [UnaryOp; 25] = {
    use UnaryOp::*;
    [
        Abs, Acos, Acosh, Asin, Asinh, Atan, Atanh, Cos, Cosh, Exp, Expm1, Log, Log1p, Log2, Log10,
        Reciprocal, Sign, Sin, Sinh, Square, Sqrt, Tan, Tanh, Round, Negative,
    ]
};

fn unary(op: UnaryOp, dtype: DType) -> Program {
    let mut p = Program::new();
    let a = p.input(dtype).unwrap();
    p.unary(op, a).unwrap();
    p
}

fn binary(op: BinaryOp, dtype: DType) -> Program {
    let mut p = Program::new();
    let a = p.input(dtype).unwrap();
    let b = p.input(dtype).unwrap();
    p.binary(op, a, b).unwrap();
    p
}

/// The binary functions of a dtype that are approximated.
fn binary_functions(dtype: DType) -> &'static [BinaryOp] {
    use BinaryOp::*;
    if dtype.is_complex() { &[Multiply, Divide, Pow] } else { &[Atan2, Hypot, Logaddexp, Pow] }
}

/// Numbers as elements; parts of complex ones in turn.
fn elements(values: &[f64], dtype: DType) -> Vec<u8> {
    let mut out = Vec::new();
    for &v in values {
        match dtype.real_component() {
            DType::Float32 => out.extend((v as f32).to_le_bytes()),
            _ => out.extend(v.to_le_bytes()),
        }
    }
    out
}

/// The results of a program for these operands.
fn results<B: Backend>(
    backend: &B,
    device: Device,
    program: &Program,
    data: &[Vec<u8>],
) -> Vec<f64> {
    let dtype = program.steps()[0].dtype;
    let layout = Layout::contiguous(&[data[0].len() / dtype.item_size()]).unwrap();
    let buffers: Vec<B::Buffer> =
        data.iter().map(|bytes| B::upload(backend, bytes, dtype, device).unwrap()).collect();
    let mut inputs: Vec<Input<'_, B>> = buffers
        .iter()
        .map(|buffer| Input { buffer: Access::Shared(buffer), dtype, layout: &layout })
        .collect();
    let out = B::map(backend, program, &mut inputs, layout.shape(), device).unwrap();
    floats(&bytes(backend, &out, program.output()), program.output())
}

/// The same program on values of another dtype.
fn with_dtype(program: &Program, dtype: DType) -> Program {
    match program.steps().last().map(|step| step.op) {
        Some(StepOp::Unary(op, _)) => unary(op, dtype),
        Some(StepOp::Binary(op, _, _)) => binary(op, dtype),
        other => panic!("no single operation: {other:?}"),
    }
}

/// The distance of numbers of a dtype near `x`, and the least normal number.
fn unit(x: f64, dtype: DType) -> (f64, f64) {
    let (digits, least) = match dtype.real_component() {
        DType::Float32 => (24.0, f64::from(f32::MIN_POSITIVE)),
        _ => (53.0, f64::MIN_POSITIVE),
    };
    let exponent = x.abs().max(least).min(f64::MAX).log2().floor().min(1023.0);
    ((exponent + 1.0 - digits).exp2(), least)
}

fn is_special(x: f64) -> bool {
    x == 0.0 || !x.is_finite()
}

fn same_special(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b && a.is_sign_negative() == b.is_sign_negative()
}

/// Every combination of some values.
fn combinations(values: &[f64], count: u32) -> Vec<Vec<f64>> {
    let len = values.len();
    let total = len.pow(count);
    (0..count).map(|k| (0..total).map(|i| values[i / len.pow(k) % len]).collect()).collect()
}

/// Columns of parts as operands.
fn operands(columns: &[Vec<f64>], dtype: DType) -> Vec<Vec<u8>> {
    let parts = if dtype.is_complex() { 2 } else { 1 };
    let interleave = |columns: &[Vec<f64>]| -> Vec<f64> {
        (0..columns[0].len()).flat_map(|i| columns.iter().map(move |c| c[i])).collect()
    };
    columns.chunks(parts).map(|c| elements(&interleave(c), dtype)).collect()
}

fn floating(gpu: &Wgpu) -> impl Iterator<Item = DType> {
    use DType::*;
    let all = dtypes(gpu);
    [Float32, Float64, Complex64, Complex128].into_iter().filter(move |d| all.contains(d))
}

/// NaN, infinities and zeros are where they are on the CPU, with their signs.
fn assert_specials(gpu: &Wgpu, program: &Program, columns: &[Vec<f64>]) {
    let dtype = program.steps()[0].dtype;
    let data = operands(columns, dtype);
    let ours = results(gpu, Wgpu::primary_device(gpu), program, &data);
    let theirs = results(&CPU, Device::CPU, program, &data);
    let parts = if program.output().is_complex() { 2 } else { 1 };
    for (i, (&a, &b)) in ours.iter().zip(&theirs).enumerate() {
        let at: Vec<f64> = columns.iter().map(|c| c[i / parts]).collect();
        let near = (a - b).abs() <= 2.0 * UNITS * unit(b, dtype).0;
        assert!(
            if is_special(b) { same_special(a, b) } else { near || parts == 2 && a.is_finite() },
            "{:?} of {dtype} {at:?}, part {}: {a:?}, {b:?} on the CPU",
            program.steps().last(),
            i % parts
        );
    }
}

#[test]
fn special_cases() {
    let Some(gpu) = gpu() else { return };
    let mut values = vec![0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0, f64::INFINITY, f64::NAN];
    values.extend(values.clone().iter().map(|x| -x));
    let few = [0.0, -0.0, 1.0, -2.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    for dtype in floating(&gpu) {
        let parts = if dtype.is_complex() { 2 } else { 1 };
        for op in UNARY {
            if op.output(dtype).is_some() {
                assert_specials(&gpu, &unary(op, dtype), &combinations(&values, parts));
            }
        }
        for &op in binary_functions(dtype) {
            let columns = combinations(if parts == 2 { &few } else { &values }, 2 * parts);
            assert_specials(&gpu, &binary(op, dtype), &columns);
        }
    }
}

/// Numbers of every size, and many where functions change their course.
fn numbers(rng: &mut Rng, dtype: DType, count: usize) -> Vec<f64> {
    let mut number = || {
        let uniform = rng.below(1 << 30) as f64 / f64::from(1 << 30);
        let sign = if rng.below(2) == 0 { 1.0 } else { -1.0 };
        let size = match rng.below(6) {
            0 => 4.0 * uniform,
            1 => 2f64.powf(60.0 * uniform - 30.0),
            2 => 80.0 * uniform,
            3 => 1.0 + (uniform - 0.5) / 2f64.powi(rng.below(20) as i32),
            4 => FRAC_PI_2 * rng.below(50) as f64 + uniform / 2f64.powi(rng.below(20) as i32),
            // the whole range
            _ => 2f64.powf(120.0 * (2.0 * uniform - 1.0)) * PI,
        };
        sign * size
    };
    let all = (0..count).map(|_| number());
    // as both precisions have them
    let single = dtype.real_component() == DType::Float32;
    all.map(|x| if single { f64::from(x as f32) } else { x }).collect()
}

/// The largest error in units in the last place; of complex numbers, of the larger part. Results
/// beside the range, and operands and results below the normal numbers, do not count.
fn largest_error(gpu: &Wgpu, program: &Program, columns: &[Vec<f64>]) -> f64 {
    let dtype = program.steps()[0].dtype;
    let wide = if dtype.is_complex() { DType::Complex128 } else { DType::Float64 };
    let ours = results(gpu, Wgpu::primary_device(gpu), program, &operands(columns, dtype));
    let exact = results(&CPU, Device::CPU, &with_dtype(program, wide), &operands(columns, wide));
    let parts = if program.output().is_complex() { 2 } else { 1 };
    let mut largest = 0f64;
    for (a, b) in ours.chunks(parts).zip(exact.chunks(parts)) {
        let size = b.iter().fold(0f64, |m, x| m.max(x.abs()));
        let (unit, least) = unit(size, dtype);
        let most = if dtype.item_size() == 4 * parts { f64::from(f32::MAX) } else { f64::MAX };
        if b.iter().any(|x| x.is_nan()) || size > 0.5 * most || size < 2.0 * least {
            continue;
        }
        for (a, b) in a.iter().zip(b) {
            let error = (a - b).abs() / unit;
            largest = if error.is_nan() { f64::INFINITY } else { largest.max(error) };
        }
    }
    largest
}

#[test]
fn errors() {
    let Some(gpu) = gpu() else { return };
    for dtype in floating(&gpu) {
        let parts = if dtype.is_complex() { 2 } else { 1 };
        let mut rng = Rng::new(3);
        let mut columns = |n| -> Vec<Vec<f64>> {
            (0..n * parts).map(|_| numbers(&mut rng, dtype, 20_000)).collect()
        };
        // the CPU's own error is in this as well, for the precision that it has no wider one for
        let units = if dtype.real_component() == DType::Float64 { UNITS + 2.0 } else { UNITS };
        let taken = UNARY.iter().filter(|op| op.output(dtype).is_some());
        let of_one = taken.map(|&op| unary(op, dtype));
        let of_two = binary_functions(dtype).iter().map(|&op| binary(op, dtype));
        for program in of_one.chain(of_two) {
            let mut operands = columns(program.inputs());
            let op = program.steps().last().map(|step| step.op);
            let complex_power = parts == 2 && matches!(op, Some(StepOp::Binary(BinaryOp::Pow, ..)));
            // on the CPU the angle, of which the exponent is a multiple, has 53 bits
            let units = if complex_power && units > UNITS { 32.0 } else { units };
            if complex_power {
                let exponents = operands[parts..].iter_mut().flatten();
                exponents.for_each(|x| *x %= 8.0);
            }
            let error = largest_error(&gpu, &program, &operands);
            println!("{op:?} {dtype}: {error:.2}");
            assert!(error <= units, "{op:?} {dtype}: {error} units");
        }
    }
}
