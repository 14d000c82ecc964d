//! Elementwise programs, bit for bit as on the CPU where results are exact.

mod common;

use arrayspace_core::{Access, Backend, BinaryOp, DType, Input, Layout, Program, UnaryOp};
use common::*;

fn binary(op: BinaryOp, dtype: DType) -> Program {
    let mut p = Program::new();
    let a = p.input(dtype).unwrap();
    let b = p.input(dtype).unwrap();
    p.binary(op, a, b).unwrap();
    p
}

#[test]
fn additions_of_any_layouts() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        if !dtype.is_numeric() {
            continue;
        }
        let mut rng = Rng::new(7 + dtype as u64);
        for _ in 0..10 {
            let shape = rng.shape(4, 6);
            let a = rng.operand(&gpu, dtype, &shape, Values::Special);
            let b = rng.operand(&gpu, dtype, &shape, Values::Special);
            assert_map(&gpu, &binary(BinaryOp::Add, dtype), &[a, b], &shape);
        }
    }
}

#[test]
fn every_operation() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        let mut rng = Rng::new(70 + dtype as u64);
        let shape = [7, 45];
        for op in BinaryOp::ALL {
            use BinaryOp::*;
            let inexact = matches!(op, Atan2 | Hypot | Logaddexp | Pow) && dtype.is_floating()
                || op == Divide && dtype.is_complex();
            if op.output(dtype).is_none() || inexact {
                continue;
            }
            // products of complex numbers are rounded in another way
            let rounds = dtype.is_complex() && op == Multiply;
            for kind in [Values::Special, Values::Bits].into_iter().take(2 - usize::from(rounds)) {
                let a = rng.operand(&gpu, dtype, &shape, kind);
                let b = rng.operand(&gpu, dtype, &shape, kind);
                assert_map(&gpu, &binary(op, dtype), &[a, b], &shape);
            }
        }
        for op in UnaryOp::ALL {
            use UnaryOp::*;
            let exact = match op {
                Abs => !dtype.is_complex(),
                Sign | Reciprocal | Sqrt => !dtype.is_complex(),
                BitwiseInvert | Ceil | Conj | Floor | Imag | IsFinite | IsInf | IsNan
                | Negative | Real | Round | Signbit | Square | Trunc => true,
                _ => false,
            };
            if op.output(dtype).is_none() || !exact {
                continue;
            }
            let rounds = dtype.is_complex() && op == Square;
            for kind in [Values::Special, Values::Bits].into_iter().take(2 - usize::from(rounds)) {
                let mut p = Program::new();
                let a = p.input(dtype).unwrap();
                p.unary(op, a).unwrap();
                let a = rng.operand(&gpu, dtype, &shape, kind);
                assert_map(&gpu, &p, &[a], &shape);
            }
        }
    }
}

/// Quotients of every magnitude, from those that are 0 to those that are out of range.
#[test]
fn floors_of_quotients() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu).into_iter().filter(|dtype| dtype.is_real_floating()) {
        let mut rng = Rng::new(700 + dtype as u64);
        let shape = [64, 1024];
        for op in [BinaryOp::FloorDivide, BinaryOp::Remainder] {
            let a = rng.operand(&gpu, dtype, &shape, Values::Bits);
            let b = rng.operand(&gpu, dtype, &shape, Values::Bits);
            assert_map(&gpu, &binary(op, dtype), &[a, b], &shape);
        }
    }
}

#[test]
fn casts() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(5);
    for from in dtypes(&gpu) {
        for to in dtypes(&gpu) {
            let mut p = Program::new();
            let a = p.input(from).unwrap();
            if p.cast(a, to).is_err() || from == to {
                continue;
            }
            for kind in [Values::Special, Values::Bits] {
                let a = rng.operand(&gpu, from, &[5, 67], kind);
                assert_map(&gpu, &p, &[a], &[5, 67]);
            }
        }
    }
}

#[test]
fn constants_coordinates_and_choices() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        let mut p = Program::new();
        let a = p.input(dtype).unwrap();
        let row = p.coordinate(0).unwrap();
        let column = p.coordinate(2).unwrap();
        let c = p.binary(BinaryOp::Less, row, column).unwrap();
        let three = if dtype == DType::Bool {
            p.constant(true, dtype).unwrap()
        } else {
            p.constant(3, dtype).unwrap()
        };
        p.select(c, a, three).unwrap();
        let mut rng = Rng::new(9);
        for shape in [[4, 1, 5], [2, 3, 4], [3, 0, 2]] {
            let a = rng.operand(&gpu, dtype, &shape, Values::Special);
            assert_map(&gpu, &p, &[a], &shape);
        }
    }
}

#[test]
fn a_dying_operand_gives_its_memory() {
    let Some(gpu) = gpu() else { return };
    let layout = Layout::contiguous(&[5]).unwrap();
    let data: Vec<u8> = [1f32, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let device = Backend::primary_device(&gpu);
    let mut x = Backend::upload(&gpu, &data, DType::Float32, device).unwrap();
    let y = Backend::upload(&gpu, &data, DType::Float32, device).unwrap();
    let program = binary(BinaryOp::Add, DType::Float32);
    let out = {
        let mut inputs = [
            Input { buffer: Access::Dying(&mut x), dtype: DType::Float32, layout: &layout },
            Input { buffer: Access::Shared(&y), dtype: DType::Float32, layout: &layout },
        ];
        Backend::map(&gpu, &program, &mut inputs, &[5], device).unwrap()
    };
    assert!(!Backend::exclusive(&gpu, &mut x), "the memory is shared with the result");
    assert_eq!(
        floats(&bytes(&gpu, &out, DType::Float32), DType::Float32),
        [2.0, 4.0, 6.0, 8.0, 10.0]
    );
    assert_eq!(floats(&bytes(&gpu, &y, DType::Float32), DType::Float32), [1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn large() {
    let Some(gpu) = gpu() else { return };
    // more workgroups than one dimension of a dispatch has
    let n = 40_000_000;
    let device = Backend::primary_device(&gpu);
    let zero = Backend::allocate(&gpu, DType::Int32, 1, device).unwrap();
    let layout = Layout::new(&[n], &[0], 0).unwrap();
    let mut p = Program::new();
    let a = p.input(DType::Int32).unwrap();
    let i = p.coordinate(0).unwrap();
    let i = p.cast(i, DType::Int32).unwrap();
    p.binary(BinaryOp::Add, a, i).unwrap();
    let mut inputs =
        [Input { buffer: Access::Shared(&zero), dtype: DType::Int32, layout: &layout }];
    let out = Backend::map(&gpu, &p, &mut inputs, &[n], device).unwrap();
    for at in [0, 1, 33_554_431, 33_554_432, 33_554_433, n - 1] {
        let one = Layout::new(&[1], &[1], at).unwrap();
        let mut word = [0; 4];
        let view = arrayspace_core::View { buffer: &out, dtype: DType::Int32, layout: &one };
        Backend::download(&gpu, view, &mut word).unwrap();
        assert_eq!(u32::from_le_bytes(word), at as u32);
    }
}
