//! Programs against their evaluation element by element.

use arrayspace_core::{
    Access, BinaryOp, DType, Element, Error, Input, Layout, Program, Scalar, Slot, Step, StepOp,
    UnaryOp, View,
};
use half::{bf16, f16};

use super::{BLOCK, Evaluator, for_dtype, map_at};
use crate::simd::Level;
use crate::testing::{Rng, buffer_of, cases, positions, values, view};
use crate::{Buffer, Cpu, kernels};

/// An element in memory.
type Bytes = [u8; 16];

fn bytes_of(bytes: &[u8]) -> Bytes {
    let mut out = [0; 16];
    out[..bytes.len()].copy_from_slice(bytes);
    out
}

/// An aligned element.
#[repr(align(16))]
struct Aligned(Bytes);

fn cast(x: Bytes, from: DType, to: DType) -> Bytes {
    let (x, mut y) = (Aligned(x), Aligned([0; 16]));
    let f = kernels::cast(from, to, Level::Baseline).unwrap();
    // SAFETY: one element, aligned.
    unsafe { f(x.0.as_ptr(), y.0.as_mut_ptr(), 1) };
    y.0
}

/// A step by the kernel of the baseline, for one element; half precision by the crate `half`.
fn step(step: &Step, dtype: DType, x: &[Bytes]) -> Bytes {
    let find = |dtype: DType, x: &[Bytes]| -> Option<Bytes> {
        let x: Vec<Aligned> = x.iter().map(|&x| Aligned(x)).collect();
        let mut y = Aligned([0; 16]);
        let to = y.0.as_mut_ptr();
        let at = |k: usize| x[k].0.as_ptr();
        // SAFETY: one element each, aligned.
        unsafe {
            match step.op {
                StepOp::Unary(op, _) => kernels::unary(op, dtype, Level::Baseline)?(at(0), to, 1),
                StepOp::Binary(op, ..) => {
                    kernels::binary(op, dtype, Level::Baseline)?(at(0), at(1), to, 1)
                }
                _ => unreachable!(),
            }
        }
        Some(y.0)
    };
    match step.op {
        StepOp::Cast(_) => cast(x[0], dtype, step.dtype),
        StepOp::Select(..) => x[if x[0][0] != 0 { 1 } else { 2 }],
        _ => find(dtype, x).unwrap_or_else(|| {
            let pair = |b: &Bytes| [b[0], b[1]];
            let wide = |b: &Bytes| match dtype {
                DType::Float16 => f16::from_ne_bytes(pair(b)).to_f32(),
                _ => bf16::from_ne_bytes(pair(b)).to_f32(),
            };
            let x: Vec<Bytes> = x.iter().map(|b| bytes_of(&wide(b).to_ne_bytes())).collect();
            let y = find(DType::Float32, &x).unwrap();
            let y32 = f32::from_ne_bytes(y[..4].try_into().unwrap());
            match step.dtype {
                DType::Float16 => bytes_of(&f16::from_f32(y32).to_ne_bytes()),
                DType::BFloat16 => bytes_of(&bf16::from_f32(y32).to_ne_bytes()),
                _ => y,
            }
        }),
    }
}

/// The program by its definition.
fn naive(program: &Program, inputs: &[View<'_, Cpu>], shape: &[usize]) -> Vec<Bytes> {
    let places: Vec<Vec<usize>> = inputs.iter().map(|v| positions(v.layout)).collect();
    let n: usize = shape.iter().product();
    let element = |i: usize| {
        let mut slots: Vec<Bytes> = Vec::new();
        for s in program.steps() {
            let at = |slot: Slot| slots[slot.index()];
            let value = match s.op {
                StepOp::Input(k) => {
                    let (v, size) = (inputs[usize::from(k)], s.dtype.item_size());
                    bytes_of(&v.buffer.bytes()[places[usize::from(k)][i] * size..][..size])
                }
                StepOp::Constant(k) => {
                    let scalar = program.constants()[usize::from(k)];
                    for_dtype!(s.dtype, T => bytes_of(T::as_bytes(&[T::from_scalar(scalar)])))
                }
                StepOp::Coordinate(axis) => {
                    let inner: usize = shape[usize::from(axis) + 1..].iter().product();
                    let index = i / inner % shape[usize::from(axis)];
                    bytes_of(&(index as i64).to_ne_bytes())
                }
                StepOp::Unary(_, x) | StepOp::Cast(x) => {
                    step(s, program.dtype(x).unwrap(), &[at(x)])
                }
                StepOp::Binary(_, a, b) => step(s, program.dtype(a).unwrap(), &[at(a), at(b)]),
                StepOp::Select(c, a, b) => step(s, s.dtype, &[at(c), at(a), at(b)]),
                other => panic!("{other:?} is not tested"),
            };
            slots.push(value);
        }
        *slots.last().unwrap()
    };
    (0..n).map(element).collect()
}

/// Whether two elements are the same, or both NaN: in which bits is not specified.
fn same(a: &[u8], b: &[u8], dtype: DType) -> bool {
    fn parts(x: &[u8], dtype: DType) -> Vec<f64> {
        let f32_at = |x: &[u8]| f64::from(f32::from_ne_bytes(x[..4].try_into().unwrap()));
        let f64_at = |x: &[u8]| f64::from_ne_bytes(x[..8].try_into().unwrap());
        match dtype {
            DType::Float16 => vec![f16::from_ne_bytes([x[0], x[1]]).to_f64()],
            DType::BFloat16 => vec![bf16::from_ne_bytes([x[0], x[1]]).to_f64()],
            DType::Float32 => vec![f32_at(x)],
            DType::Float64 => vec![f64_at(x)],
            DType::Complex64 => vec![f32_at(x), f32_at(&x[4..])],
            _ => vec![f64_at(x), f64_at(&x[8..])],
        }
    }
    if a == b || !dtype.is_floating() {
        return a == b;
    }
    let (a, b) = (parts(a, dtype), parts(b, dtype));
    a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

fn assert_same(program: &Program, got: &[u8], expected: &[Bytes], context: &dyn std::fmt::Debug) {
    let (dtype, size) = (program.output(), program.output().item_size());
    assert_eq!(got.len(), expected.len() * size, "{program:?} {context:?}");
    for (i, (got, expected)) in got.chunks(size).zip(expected).enumerate() {
        assert!(
            same(got, &expected[..size], dtype),
            "element {i}: {got:?}, not {:?}: {program:?} {context:?}",
            &expected[..size]
        );
    }
}

/// A buffer of ordinary and special values.
fn interesting(rng: &mut Rng, dtype: DType, len: usize) -> Buffer {
    fn fill<T: Element>(rng: &mut Rng, len: usize) -> Buffer {
        let special = [
            Scalar::Float(f64::INFINITY),
            Scalar::Float(f64::NEG_INFINITY),
            Scalar::Float(f64::NAN),
            Scalar::Float(-0.0),
            Scalar::Float(1e-310),
            Scalar::Int(i64::MAX.into()),
            Scalar::Int(i64::MIN.into()),
        ];
        let element = |rng: &mut Rng| match rng.below(12) {
            0 => special[rng.below(special.len())],
            1..4 => Scalar::Int(rng.below(7) as i128 - 3),
            _ => Scalar::Float((rng.below(4001) as f64 - 2000.0) / 64.0),
        };
        let values: Vec<T> = (0..len).map(|_| T::from_scalar(element(rng))).collect();
        buffer_of(&values)
    }
    for_dtype!(dtype, T => fill::<T>(rng, len))
}

/// A program of some operands and steps.
fn random_program(rng: &mut Rng, ndim: usize, steps: usize) -> Program {
    let mut p = Program::new();
    let mut slots: Vec<Slot> = Vec::new();
    let common = DType::ALL[rng.below(15)];
    for _ in 0..1 + rng.below(3) {
        let dtype = if rng.below(3) > 0 { common } else { DType::ALL[rng.below(15)] };
        slots.push(p.input(dtype).unwrap());
    }
    while p.steps().len() < steps {
        // mostly recent values, so that programs are deep
        let recent = slots.len().saturating_sub(3);
        let pick = |rng: &mut Rng| match rng.below(3) {
            0 => slots[rng.below(slots.len())],
            _ => slots[recent + rng.below(slots.len() - recent)],
        };
        let x = pick(rng);
        let dtype = p.dtype(x).unwrap();
        let y = (0..8).map(|_| pick(rng)).find(|&y| p.dtype(y).unwrap() == dtype).unwrap_or(x);
        let slot = match rng.below(12) {
            0 => Ok(p.input(common).unwrap()),
            1 => {
                let value = if dtype == DType::Bool { 1 } else { 3 };
                p.constant(value, dtype)
            }
            2 if ndim > 0 => Ok(p.coordinate(rng.below(ndim)).unwrap()),
            3 => p.cast(x, DType::ALL[rng.below(15)]),
            4 => match slots.iter().find(|&&c| p.dtype(c).unwrap() == DType::Bool) {
                Some(&c) => p.select(c, x, y),
                None => continue,
            },
            5..8 => {
                let op = UnaryOp::ALL[rng.below(36)];
                // which bits a NaN has is not specified, so its sign is not either
                if op == UnaryOp::Signbit {
                    continue;
                }
                p.unary(op, x)
            }
            _ => {
                let op = BinaryOp::ALL[rng.below(25)];
                if op == BinaryOp::Copysign {
                    continue;
                }
                p.binary(op, x, y)
            }
        };
        slots.extend(slot);
    }
    p
}

struct Case {
    program: Program,
    shape: Vec<usize>,
    operands: Vec<(Buffer, DType, Layout)>,
}

impl Case {
    fn new(rng: &mut Rng, program: Program, shape: Vec<usize>) -> Case {
        let mut operands = Vec::new();
        for s in program.steps() {
            if let StepOp::Input(_) = s.op {
                let (layout, len) = match rng.below(3) {
                    0 => {
                        let layout = Layout::contiguous(&shape).unwrap();
                        let size = layout.size();
                        (layout, size)
                    }
                    _ => rng.layout(&shape, true),
                };
                operands.push((interesting(rng, s.dtype, len), s.dtype, layout));
            }
        }
        Case { program, shape, operands }
    }

    /// With operands that all have one layout of the shape.
    fn at(rng: &mut Rng, program: Program, shape: &[usize], layout: &Layout) -> Case {
        let mut case = Case::new(rng, program, shape.to_vec());
        for (buffer, dtype, of) in &mut case.operands {
            *of = layout.clone();
            *buffer = interesting(rng, *dtype, layout.offset() + layout.size());
        }
        case
    }

    fn views(&self) -> Vec<View<'_, Cpu>> {
        self.operands.iter().map(|(buffer, dtype, layout)| view(buffer, *dtype, layout)).collect()
    }

    fn expected(&self) -> Vec<Bytes> {
        naive(&self.program, &self.views(), &self.shape)
    }

    fn shared(&self, level: Level) -> Buffer {
        let mut inputs: Vec<Input<'_, Cpu>> = self
            .operands
            .iter()
            .map(|(b, dtype, layout)| Input { buffer: Access::Shared(b), dtype: *dtype, layout })
            .collect();
        map_at(level, &self.program, &mut inputs, &self.shape).unwrap()
    }

    /// With copies of all operands given away; the result and the copies.
    fn dying(&self, level: Level) -> (Buffer, Vec<Buffer>) {
        let mut copies: Vec<Buffer> = self
            .operands
            .iter()
            .map(|(b, dtype, _)| Buffer::copy_of(b.bytes(), *dtype).unwrap())
            .collect();
        let mut inputs: Vec<Input<'_, Cpu>> = copies
            .iter_mut()
            .zip(&self.operands)
            .map(|(b, (_, dtype, layout))| Input {
                buffer: Access::Dying(b),
                dtype: *dtype,
                layout,
            })
            .collect();
        let result = map_at(level, &self.program, &mut inputs, &self.shape).unwrap();
        (result, copies)
    }

    fn check(&self) {
        let expected = self.expected();
        let context = (&self.shape, self.operands.iter().map(|o| &o.2).collect::<Vec<_>>());
        for &level in Level::available() {
            let result = self.shared(level);
            assert_same(&self.program, result.bytes(), &expected, &(level, &context));
            let (result, _) = self.dying(level);
            assert_same(&self.program, result.bytes(), &expected, &(level, "dying", &context));
        }
    }
}

#[test]
fn random_programs_over_random_layouts() {
    let mut rng = Rng::new(1);
    for _ in 0..cases(600) {
        let shape = rng.shape(4, 7);
        let steps = 1 + rng.below(8);
        let program = random_program(&mut rng, shape.len(), steps);
        Case::new(&mut rng, program, shape).check();
    }
}

#[test]
fn long_programs() {
    let mut rng = Rng::new(2);
    for round in 0..cases(60) {
        let steps = if round % 3 > 0 { 100 } else { Program::MAX_STEPS };
        let program = random_program(&mut rng, 2, steps);
        Case::new(&mut rng, program, vec![3, 11]).check();
    }
}

#[test]
fn lengths_around_the_vector_width() {
    let mut rng = Rng::new(3);
    for n in (1..71).step_by(if cfg!(miri) { 13 } else { 1 }) {
        for _ in 0..cases(8) {
            let program = random_program(&mut rng, 1, 4);
            Case::new(&mut rng, program, vec![n]).check();
        }
    }
}

#[test]
fn every_second_element_of_both_operands() {
    fn check<T: Element>(op: BinaryOp, shape: &[usize]) {
        let n: usize = shape.iter().product();
        // not an element of memory more than the last one needs
        let data: Vec<T> =
            (0..6 * n).map(|i| T::from_scalar(Scalar::Int(i as i128 % 89 + 1))).collect();
        let row = shape[shape.len() - 1] as isize;
        let strides = [4 * row, 2];
        let strides = &strides[2 - shape.len()..];
        let reach: usize = shape.iter().zip(strides).map(|(n, s)| (n - 1) * *s as usize).sum();
        let (a, b) = (buffer_of(&data[..reach + 1]), buffer_of(&data[n - 1..n + reach]));
        let layout = Layout::new(shape, strides, 0).unwrap();
        let mut p = Program::new();
        let (x, y) = (p.input(T::DTYPE).unwrap(), p.input(T::DTYPE).unwrap());
        p.binary(op, x, y).unwrap();
        let operands = [a, b].map(|buffer| (buffer, T::DTYPE, layout.clone())).into();
        Case { program: p, shape: shape.into(), operands }.check();
    }
    let most = if cfg!(miri) { 9 } else { 70 };
    for op in [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply, BinaryOp::Divide] {
        for n in (1..most).chain([if cfg!(miri) { 20 } else { 30_000 }]) {
            check::<f32>(op, &[n]);
            check::<f64>(op, &[n]);
        }
        check::<f64>(op, &[5, 300]);
        check::<f32>(op, &[3, 40]);
    }
    check::<i32>(BinaryOp::Multiply, &[50]);
}

#[test]
#[cfg_attr(miri, ignore = "too slow there; small shapes walk the same code")]
fn several_blocks_and_threads() {
    let mut rng = Rng::new(4);
    let shapes: [&[usize]; 8] = [
        &[20_000],
        &[7000, 3],
        &[3, 7000],
        &[150, 151],
        &[600, 5, 7],
        &[5, 1100, 3],
        &[2, 300, 33],
        &[1000, 2, 2, 3],
    ];
    for round in 0..40 {
        let shape = shapes[round % shapes.len()].to_vec();
        let program = random_program(&mut rng, shape.len(), 1 + round % 6);
        Case::new(&mut rng, program, shape).check();
    }
}

#[test]
#[cfg_attr(miri, ignore = "too slow there; small shapes walk the same code")]
fn above_the_threshold_of_threads() {
    // float32 a * b + c over a shape that takes some milliseconds, transposed and broadcast
    let (m, n) = (1500, 1400);
    let shape = [m, n];
    let mut p = Program::new();
    let (a, b, c) = (
        p.input(DType::Float32).unwrap(),
        p.input(DType::Float32).unwrap(),
        p.input(DType::Float32).unwrap(),
    );
    let product = p.binary(BinaryOp::Multiply, a, b).unwrap();
    p.binary(BinaryOp::Add, product, c).unwrap();
    let number = |i: usize| (i % 1009) as f32 - 500.0;
    let data: Vec<f32> = (0..m * n).map(number).collect();
    let buffer = buffer_of(&data);
    let plain = Layout::contiguous(&shape).unwrap();
    let transposed = Layout::new(&shape, &[1, m as isize], 0).unwrap();
    let column = Layout::new(&shape, &[2, 0], 5).unwrap();
    let mut inputs = [&plain, &transposed, &column].map(|layout| Input {
        buffer: Access::Shared(&buffer),
        dtype: DType::Float32,
        layout,
    });
    let result = values::<f32>(&super::map(&p, &mut inputs, &shape).unwrap());
    for i in 0..m {
        for j in 0..n {
            let expected = number(i * n + j) * number(j * m + i) + number(5 + 2 * i);
            assert_eq!(result[i * n + j], expected, "{i} {j}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "too slow there; the places it writes are those of rows")]
fn transposed_operands_by_tiles() {
    let orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for dtype in [DType::UInt8, DType::Int16, DType::Int32, DType::Int64] {
        let mut p = Program::new();
        let (x, y) = (p.input(dtype).unwrap(), p.input(dtype).unwrap());
        p.binary(BinaryOp::Subtract, x, y).unwrap();
        let size = dtype.item_size();
        let n = (300 << 10) / size;
        let mut rng = Rng::new(8);
        for order in orders {
            // axes of the operand; the program's are these, permuted
            let axes = [70, n / 70 / 90 + 1, 90 + rng.below(9)];
            let len: usize = axes.iter().product();
            let buffer = rng.buffer(dtype, len);
            let permuted = Layout::contiguous(&axes).unwrap().permute(&order);
            let shape = permuted.shape().to_vec();
            let plain = Layout::contiguous(&shape).unwrap();
            let mut inputs = [&permuted, &plain].map(|layout| Input {
                buffer: Access::Shared(&buffer),
                dtype,
                layout,
            });
            let result = super::map(&p, &mut inputs, &shape).unwrap();
            let number = |bytes: &[u8], i: usize| {
                let b = &bytes[i * size..][..size];
                match *b {
                    [b] => b.into(),
                    [a, b] => u16::from_ne_bytes([a, b]).into(),
                    [a, b, c, d] => u32::from_ne_bytes([a, b, c, d]).into(),
                    _ => u64::from_ne_bytes(std::array::from_fn(|k| b[k])),
                }
            };
            let mask = u64::MAX >> (64 - 8 * size);
            for (i, at) in positions(&permuted).into_iter().enumerate() {
                let (x, y) = (number(buffer.bytes(), at), number(buffer.bytes(), i));
                let got = number(result.bytes(), i);
                assert_eq!(got, x.wrapping_sub(y) & mask, "{i} {dtype} {order:?}");
            }
        }
    }
}

/// So many values at a time that blocks are shorter than the columns of a tile would be.
#[test]
fn many_values_beside_a_transposed_operand() {
    const VALUES: i64 = 20;
    let dtype = DType::Int64;
    for side in [257, 401, 513] {
        let mut p = Program::new();
        let x = p.input(dtype).unwrap();
        let values: Vec<Slot> = (0..VALUES)
            .map(|i| {
                let i = p.constant(i, dtype).unwrap();
                p.binary(BinaryOp::Add, x, i).unwrap()
            })
            .collect();
        let sum = values.into_iter().reduce(|a, b| p.binary(BinaryOp::Add, a, b).unwrap());
        assert!(sum.is_some());
        let buffer = buffer_of(&(0..(side * side) as i64).collect::<Vec<_>>());
        let layout = Layout::contiguous(&[side, side]).unwrap().permute(&[1, 0]);
        let mut inputs = [Input { buffer: Access::Shared(&buffer), dtype, layout: &layout }];
        let result = super::map(&p, &mut inputs, &[side, side]).unwrap();
        let expected = |x: usize| VALUES * x as i64 + VALUES * (VALUES - 1) / 2;
        let expected: Vec<i64> = positions(&layout).into_iter().map(expected).collect();
        assert_eq!(crate::testing::values::<i64>(&result), expected, "{side}");
    }
}

#[test]
fn a_dying_operand_receives_the_result() {
    for (dtype, reused) in [(DType::Float32, true), (DType::Int32, true), (DType::Float64, false)] {
        let mut p = Program::new();
        let x = p.input(dtype).unwrap();
        let x = p.cast(x, DType::Float32).unwrap();
        let one = p.constant(1, DType::Float32).unwrap();
        p.binary(BinaryOp::Add, x, one).unwrap();
        let shape = vec![if cfg!(miri) { 1100 } else { 5000 }];
        let case = Case::new(&mut Rng::new(0), p, shape.clone());
        let plain = Layout::contiguous(&shape).unwrap();
        let buffer = interesting(&mut Rng::new(5), dtype, shape[0]);
        let case = Case { operands: vec![(buffer, dtype, plain)], ..case };
        let (result, copies) = case.dying(Level::best());
        assert_eq!(result.as_ptr() == copies[0].as_ptr(), reused, "{dtype}");
        assert_same(&case.program, result.bytes(), &case.expected(), &dtype);
    }
}

#[test]
fn what_does_not_fit_is_not_reused() {
    let mut p = Program::new();
    let x = p.input(DType::Int16).unwrap();
    p.unary(UnaryOp::Negative, x).unwrap();
    let data: Vec<i16> = (0..12).collect();
    let layouts = [
        Layout::new(&[10], &[1], 0).unwrap(),   // a part of the buffer
        Layout::new(&[12], &[-1], 11).unwrap(), // another order
        Layout::new(&[3, 4], &[1, 3], 0).unwrap(),
        Layout::new(&[12], &[0], 3).unwrap(),
    ];
    for layout in layouts {
        let mut buffer = buffer_of(&data);
        let shape = layout.shape().to_vec();
        let input =
            Input { buffer: Access::Dying(&mut buffer), dtype: DType::Int16, layout: &layout };
        let result = super::map(&p, &mut [input], &shape).unwrap();
        assert_eq!(values::<i16>(&buffer), data);
        let expected: Vec<i16> = positions(&layout).iter().map(|&i| -data[i]).collect();
        assert_eq!(values::<i16>(&result), expected);
    }
    // another handle
    let layout = Layout::contiguous(&[12]).unwrap();
    let mut buffer = buffer_of(&data);
    let other = buffer.clone();
    let input = Input { buffer: Access::Dying(&mut buffer), dtype: DType::Int16, layout: &layout };
    super::map(&p, &mut [input], &[12]).unwrap();
    assert_eq!(values::<i16>(&other), data);
}

#[test]
fn a_program_that_is_its_operand() {
    let mut p = Program::new();
    p.input(DType::Int32).unwrap();
    let data: Vec<i32> = (0..12).collect();
    let layout = Layout::new(&[3, 4], &[1, 3], 0).unwrap();
    let mut buffer = buffer_of(&data);
    let input = Input { buffer: Access::Dying(&mut buffer), dtype: DType::Int32, layout: &layout };
    let result = super::map(&p, &mut [input], &[3, 4]).unwrap();
    assert_eq!(values::<i32>(&result), [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    let plain = Layout::contiguous(&[3, 4]).unwrap();
    let at = buffer.as_ptr();
    let input = Input { buffer: Access::Dying(&mut buffer), dtype: DType::Int32, layout: &plain };
    assert_eq!(super::map(&p, &mut [input], &[3, 4]).unwrap().as_ptr(), at);
}

#[test]
fn constants_and_coordinates_alone() {
    let mut p = Program::new();
    p.coordinate(1).unwrap();
    let result = super::map(&p, &mut [], &[2, 3]).unwrap();
    assert_eq!(values::<i64>(&result), [0, 1, 2, 0, 1, 2]);
    let mut p = Program::new();
    p.coordinate(0).unwrap();
    let result = super::map(&p, &mut [], &[3, 2]).unwrap();
    assert_eq!(values::<i64>(&result), [0, 0, 1, 1, 2, 2]);
    let mut p = Program::new();
    p.constant(-3, DType::Complex128).unwrap();
    let result = super::map(&p, &mut [], &[3]).unwrap();
    assert_eq!(values::<num_complex::Complex<f64>>(&result), [(-3.0).into(); 3]);
    assert_eq!(super::map(&p, &mut [], &[]).unwrap().len_bytes(), 16);
    assert_eq!(super::map(&p, &mut [], &[4, 0]).unwrap().len_bytes(), 0);
}

#[test]
fn two_constants_are_two_values() {
    for n in [1, 8, 128, 129, 2000] {
        let mut p = Program::new();
        let (a, b) = (p.constant(7, DType::Int32).unwrap(), p.constant(2, DType::Int32).unwrap());
        p.binary(BinaryOp::Subtract, a, b).unwrap();
        let buffer = super::map(&p, &mut [], &[n]).unwrap();
        assert_eq!(buffer.bytes(), 5i32.to_ne_bytes().repeat(n));
    }
}

#[test]
fn steps_that_are_not_needed_cost_nothing() {
    let mut p = Program::new();
    let x = p.input(DType::Float64).unwrap();
    let y = p.input(DType::Float64).unwrap();
    p.unary(UnaryOp::Sqrt, x).unwrap();
    p.unary(UnaryOp::Negative, y).unwrap();
    let (buffer, layout) = (buffer_of(&[2.0f64]), Layout::contiguous(&[1]).unwrap());
    let v = view(&buffer, DType::Float64, &layout);
    let code = super::Code::new(&p, &[v, v], &[1], &[0], Level::Baseline).unwrap();
    assert_eq!((code.operands.len(), code.instructions.len(), code.blocks), (1, 1, 0));
    assert_eq!((code.operand_of(0), code.operand_of(1)), (None, Some(0)));
}

#[test]
fn places_are_used_again() {
    let mut p = Program::new();
    let mut x = p.input(DType::Float16).unwrap();
    for _ in 0..20 {
        x = p.binary(BinaryOp::Add, x, x).unwrap();
    }
    let (buffer, layout) = (buffer_of(&[f16::ONE]), Layout::contiguous(&[1]).unwrap());
    let v = view(&buffer, DType::Float16, &layout);
    let code = super::Code::new(&p, &[v], &[1], &[0], Level::Baseline).unwrap();
    assert_eq!(code.instructions.len(), 60);
    assert!(code.blocks <= 2, "{}", code.blocks);
}

#[test]
fn evaluators_give_any_part_in_any_order_of_axes() {
    let mut rng = Rng::new(6);
    for round in 0..cases(200) {
        let shape = if round % 4 == 0 && !cfg!(miri) {
            vec![3 + rng.below(40), 2 + rng.below(30), 1 + rng.below(10)]
        } else {
            rng.shape(4, 7)
        };
        let steps = 1 + rng.below(5);
        let program = random_program(&mut rng, shape.len(), steps);
        let case = Case::new(&mut rng, program, shape.clone());
        let mut order: Vec<usize> = (0..shape.len()).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, rng.below(k + 1));
        }
        let evaluator = Evaluator::new(&case.program, &case.views(), &shape, &order).unwrap();
        let expected = case.expected();
        // element i of the permuted shape is element permuted[i] of the shape
        let permuted = positions(&Layout::contiguous(&shape).unwrap().permute(&order));
        let expected: Vec<Bytes> = permuted.iter().map(|&i| expected[i]).collect();
        if let Some(whole) = evaluator.whole() {
            assert_same(&case.program, whole, &expected, &"whole");
        }
        let mut reader = evaluator.reader();
        for _ in 0..6 {
            let start = rng.below(expected.len() + 1);
            let len = rng.below((expected.len() - start).min(BLOCK) + 1);
            let got = reader.values(start, len);
            assert_same(&case.program, got, &expected[start..start + len], &(start, len, &order));
        }
    }
}

#[test]
fn readers_give_whole_blocks() {
    if cfg!(miri) {
        return;
    }
    let mut rng = Rng::new(7);
    let program = random_program(&mut rng, 2, 5);
    let case = Case::new(&mut rng, program, vec![101, 97]);
    let expected = case.expected();
    let evaluator = Evaluator::new(&case.program, &case.views(), &case.shape, &[0, 1]).unwrap();
    let mut reader = evaluator.reader();
    for start in [0, 4096, 1, 101 * 97 - BLOCK] {
        let got = reader.values(start, BLOCK);
        assert_same(&case.program, got, &expected[start..start + BLOCK], &start);
    }
}

#[test]
fn errors_are_found_before_work_starts() {
    let (buffer, layout) = (buffer_of(&[1.0f32; 6]), Layout::contiguous(&[2, 3]).unwrap());
    let v = view(&buffer, DType::Float32, &layout);
    let run = |p: &Program, inputs: &[View<'_, Cpu>], shape: &[usize]| {
        let mut inputs: Vec<Input<'_, Cpu>> = inputs
            .iter()
            .map(|v| Input { buffer: Access::Shared(v.buffer), dtype: v.dtype, layout: v.layout })
            .collect();
        super::map(p, &mut inputs, shape).map(|b| b.len_bytes())
    };
    let mut p = Program::new();
    assert!(matches!(run(&p, &[], &[2]), Err(Error::Value(_))));
    p.input(DType::Float32).unwrap();
    assert_eq!(run(&p, &[v], &[2, 3]), Ok(24));
    assert!(matches!(run(&p, &[], &[2, 3]), Err(Error::Value(_))));
    assert!(matches!(run(&p, &[v, v], &[2, 3]), Err(Error::Value(_))));
    assert!(matches!(run(&p, &[v], &[3, 2]), Err(Error::Shape(_))));
    assert!(matches!(run(&p, &[v], &[6]), Err(Error::Shape(_))));
    let other = View { dtype: DType::Int32, ..v };
    assert!(matches!(run(&p, &[other], &[2, 3]), Err(Error::DType(_))));
    let beyond = Layout::new(&[2, 3], &[3, 1], 1).unwrap();
    let beyond = View { layout: &beyond, ..v };
    assert!(matches!(run(&p, &[beyond], &[2, 3]), Err(Error::Shape(_))));
    let mut p = Program::new();
    p.coordinate(2).unwrap();
    assert!(matches!(run(&p, &[], &[2, 3]), Err(Error::Axis(_))));
    assert!(matches!(run(&p, &[], &[1 << 40, 1 << 40, 2]), Err(Error::OutOfMemory(_))));
    let repeated = Evaluator::new(&p, &[], &[2, 3, 4], &[0, 1, 1]);
    assert!(matches!(repeated.map(|_| ()), Err(Error::Axis(_))));
}

/// One operation of each kind on operands of a dtype, and with a constant on either side.
fn one_operation(dtype: DType) -> Vec<Program> {
    let three = Scalar::Int(3);
    let mut select = Program::new();
    let c = select.input(DType::Bool).unwrap();
    let (a, b) = (select.input(dtype).unwrap(), select.input(dtype).unwrap());
    select.select(c, a, b).unwrap();
    vec![
        Program::of_unary(UnaryOp::Negative, dtype).unwrap(),
        Program::of_cast(dtype, DType::Bool).unwrap(),
        Program::of_binary(BinaryOp::Add, dtype).unwrap(),
        Program::of_binary_with(BinaryOp::Subtract, dtype, three, false).unwrap(),
        Program::of_binary_with(BinaryOp::Subtract, dtype, three, true).unwrap(),
        Program::of_binary_with(BinaryOp::NotEqual, dtype, three, true).unwrap(),
        select,
    ]
}

/// Whether [`small`](super::small) takes a program of operands with this layout.
fn is_small(case: &Case, layout: &Layout, shape: &[usize]) -> bool {
    let input = |(b, dtype, _): &'_ (Buffer, DType, Layout)| (b.clone(), *dtype);
    let operands: Vec<(Buffer, DType)> = case.operands.iter().map(input).collect();
    let inputs: Vec<Input<'_, Cpu>> = operands
        .iter()
        .map(|(b, dtype)| Input { buffer: Access::Shared(b), dtype: *dtype, layout })
        .collect();
    super::small::map(Level::Baseline, &case.program, &inputs, shape).is_some()
}

#[test]
fn few_elements_by_every_kind_of_operation() {
    use DType::{Complex64, Complex128, Float32, Float64, Int8, Int32};
    let mut rng = Rng::new(10);
    let shapes: [&[usize]; 6] = [&[], &[7], &[1], &[2, 3, 5], &[130], &[1024]];
    let shapes = &shapes[..if cfg!(miri) { 2 } else { 6 }];
    for program in
        [Int8, Int32, Float32, Float64, Complex64, Complex128].map(one_operation).concat()
    {
        for &shape in shapes {
            let layout = Layout::contiguous_at(shape, 2).unwrap();
            let mut case = Case::at(&mut rng, program.clone(), shape, &layout);
            case.check();
            assert!(is_small(&case, &layout, shape), "{program:?} {shape:?}");
            let beyond = Layout::contiguous_at(shape, 3).unwrap();
            assert!(!is_small(&case, &beyond, shape), "beyond the buffer");
            let reshaped = [shape, &[1]].concat();
            assert!(!is_small(&case, &layout, &reshaped), "another shape");
            for (_, dtype, _) in &mut case.operands {
                *dtype = DType::UInt16;
            }
            assert!(!is_small(&case, &layout, shape), "another dtype");
        }
    }
}

#[test]
fn few_steps_on_few_elements() {
    let mut rng = Rng::new(11);
    let shapes: [&[usize]; 5] = [&[], &[7], &[2, 3, 5], &[130], &[1024]];
    let mut small = 0;
    for round in 0..cases(400) {
        let shape = shapes[round % if cfg!(miri) { 3 } else { 5 }];
        let steps = 2 + rng.below(14);
        let program = random_program(&mut rng, shape.len(), steps);
        let layout = Layout::contiguous_at(shape, 2).unwrap();
        let case = Case::at(&mut rng, program, shape, &layout);
        case.check();
        let steps = case.program.steps();
        let half = steps.iter().any(|step| step.dtype.is_half());
        let last = steps.last().unwrap().op;
        let copies = matches!(last, StepOp::Input(_) | StepOp::Constant(_));
        let is_small = is_small(&case, &layout, shape);
        assert!(is_small || half || copies || steps.len() > 16, "{:?}", case.program);
        small += usize::from(is_small);
    }
    assert!(small > cases(400) / 4, "{small}");
}

#[test]
fn what_is_not_small_goes_another_way() {
    let once = Program::of_unary(UnaryOp::Negative, DType::Int32).unwrap();
    let buffer = buffer_of(&[1i32; 3000]);
    let operands = vec![(buffer, DType::Int32, Layout::contiguous(&[]).unwrap())];
    let mut case = Case { program: once, shape: vec![], operands };
    let layout = |shape: &[usize]| Layout::contiguous(shape).unwrap();
    assert!(is_small(&case, &layout(&[1024]), &[1024]));
    assert!(!is_small(&case, &layout(&[1025]), &[1025]));
    assert!(!is_small(&case, &layout(&[0]), &[0]));
    assert!(!is_small(&case, &layout(&[8]).slice(0, 0, 2, 4), &[4]));
    assert!(!is_small(&case, &layout(&[8]).slice(0, 7, -1, 8), &[8]));
    let mut twice = Program::new();
    let x = twice.input(DType::Int32).unwrap();
    let y = twice.unary(UnaryOp::Negative, x).unwrap();
    twice.unary(UnaryOp::Negative, y).unwrap();
    case.program = twice;
    assert!(is_small(&case, &layout(&[1024]), &[1024]));
    assert!(!is_small(&case, &layout(&[1025]), &[1025]));
    assert!(!is_small(&case, &layout(&[8]).slice(0, 0, 2, 4), &[4]));
    case.program = Program::new();
    case.program.input(DType::Int32).unwrap();
    assert!(!is_small(&case, &layout(&[4]), &[4]));
    case.program = Program::new();
    assert!(!is_small(&case, &layout(&[4]), &[4]));
}
