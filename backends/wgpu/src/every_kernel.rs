//! Every kernel is validated without a device.
//!
//! wgpu has a device that runs no kernel, but validates the text of each and the sizes of its
//! bindings. A kernel that reads a parameter that it is not given is an error there, as is one that
//! is given fewer words than it declares. The functions of the backend are called for every dtype,
//! operation and class of layouts, with and without 64-bit numbers in shaders, and with buffers of
//! one window and of several.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrayspace_core::{
    ArgFoldOp, BinaryOp, DType, Device, DeviceKind, FactorOp, FoldOp, FourierOp, IndexTerm, Layout,
    OpClass, Part, Program, ScanOp, ScatterOp, Side, UnaryOp, View,
};
use smallvec::smallvec;

use crate::compact::kept_values;
use crate::factor::factor;
use crate::fold::fold;
use crate::fourier::{Plans, fourier};
use crate::gpu::{Buffer, Gpu};
use crate::kernel::{Kernel, Launch};
use crate::parameters::parameters;
use crate::values::Values;
use crate::{Wgpu, arg_fold, combine, contract, copy, gather, order, scan, search};

/// Bytes of a window, where buffers have several.
const NARROW: u64 = 16 << 10;

/// A device that runs no kernel.
fn device(unused: wgpu::Features, window: Option<u64>) -> Arc<Gpu> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::NOOP;
    descriptor.backend_options.noop = wgpu::NoopBackendOptions {
        limits: window.map(|window| wgpu::Limits {
            max_storage_buffer_binding_size: window,
            ..wgpu::Limits::unlimited()
        }),
        ..wgpu::NoopBackendOptions::enabled()
    };
    let instance = wgpu::Instance::new(descriptor);
    let adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::NOOP));
    Gpu::open(&adapters[0], Device::new(DeviceKind::Gpu, 0), unused).unwrap()
}

/// The devices that differ in the text of kernels.
fn devices() -> Vec<Arc<Gpu>> {
    let sixty_four = wgpu::Features::SHADER_INT64 | wgpu::Features::SHADER_F64;
    vec![
        device(wgpu::Features::empty(), None),
        device(sixty_four, None),
        device(wgpu::Features::empty(), Some(NARROW)),
    ]
}

fn dtypes(gpu: &Gpu) -> Vec<DType> {
    gpu.capabilities().dtypes(OpClass::Map).iter().collect()
}

/// Elements in some layout.
struct Operand {
    buffer: Buffer,
    dtype: DType,
    layout: Layout,
}

impl Operand {
    fn new(gpu: &Arc<Gpu>, dtype: DType, layout: &Layout) -> Operand {
        let len = layout.span().unwrap().end;
        Operand { buffer: gpu.allocate(dtype, len).unwrap(), dtype, layout: layout.clone() }
    }

    fn contiguous(gpu: &Arc<Gpu>, dtype: DType, shape: &[usize]) -> Operand {
        Operand::new(gpu, dtype, &Layout::contiguous(shape).unwrap())
    }

    fn view(&self) -> View<'_, Wgpu> {
        View { buffer: &self.buffer, dtype: self.dtype, layout: &self.layout }
    }
}

/// Layouts of the shape `[6, 5, 4]`: contiguous ones, one that repeats an element, and strided ones
/// of two dimensions and of three.
fn layouts() -> [Layout; 5] {
    let layout = |strides, offset| Layout::new(&[6, 5, 4], strides, offset).unwrap();
    [
        layout(&[20, 4, 1], 0),
        layout(&[20, 4, 1], 3),
        layout(&[0, 0, 0], 2),
        layout(&[4, 24, 1], 0),
        layout(&[1, 24, 6], 5),
    ]
}

/// The program that returns its operand.
fn identity(dtype: DType) -> Program {
    let mut p = Program::new();
    p.input(dtype).unwrap();
    p
}

fn run_map(gpu: &Arc<Gpu>, program: &Program, operands: &[View<'_, Wgpu>], shape: &[usize]) {
    let values = Values::new(gpu, program, operands, shape, None).unwrap();
    let out = gpu.allocate(program.output(), values.count).unwrap();
    crate::map::store(gpu, &values, &out).unwrap();
}

fn check_maps(gpu: &Arc<Gpu>, dtype: DType) {
    let shape = [6, 5, 4];
    for layout in layouts() {
        let x = Operand::new(gpu, dtype, &layout);
        run_map(gpu, &identity(dtype), &[x.view()], &shape);
    }
    let x = Operand::contiguous(gpu, dtype, &shape);
    for to in dtypes(gpu) {
        // a complex number converts to no real one
        if let Ok(program) = Program::of_cast(dtype, to) {
            run_map(gpu, &program, &[x.view()], &shape);
        }
    }
    for op in UnaryOp::ALL.into_iter().filter(|op| op.output(dtype).is_some()) {
        run_map(gpu, &Program::of_unary(op, dtype).unwrap(), &[x.view()], &shape);
    }
    for op in BinaryOp::ALL.into_iter().filter(|op| op.output(dtype).is_some()) {
        run_map(gpu, &Program::of_binary(op, dtype).unwrap(), &[x.view(), x.view()], &shape);
    }
    // constants, coordinates and a selection
    let mut p = Program::new();
    let x_slot = p.input(dtype).unwrap();
    let (row, column) = (p.coordinate(0).unwrap(), p.coordinate(2).unwrap());
    let condition = p.binary(BinaryOp::Equal, row, column).unwrap();
    let constant = p.constant(1, dtype).unwrap();
    p.select(condition, x_slot, constant).unwrap();
    run_map(gpu, &p, &[x.view()], &shape);
}

fn check_reductions(gpu: &Arc<Gpu>, dtype: DType) {
    use FoldOp::*;
    let program = identity(dtype);
    for op in [Sum, Product, Maximum, Minimum, All, Any, SquaredDeviations] {
        if op.takes(dtype) {
            for (shape, axes) in [([400, 30], vec![1]), ([400, 70], vec![0]), ([3, 9000], vec![1])]
            {
                let x = Operand::contiguous(gpu, dtype, &shape);
                fold(gpu, op, &program, &[x.view()], &shape, &axes).unwrap();
            }
        }
    }
    let x = Operand::contiguous(gpu, dtype, &[2, 5000]);
    if dtype.is_real() {
        for op in [ArgFoldOp::Maximum, ArgFoldOp::Minimum] {
            arg_fold::arg_fold(gpu, op, x.view(), Some(1)).unwrap();
        }
    }
    if dtype.is_numeric() {
        for (op, initial) in [(ScanOp::Sum, false), (ScanOp::Product, true)] {
            scan::scan(gpu, op, x.view(), 1, initial).unwrap();
        }
    }
}

fn check_products(gpu: &Arc<Gpu>, dtype: DType) {
    if dtype.is_numeric() {
        for lead in [&[][..], &[3]] {
            let shape = |rows, columns| [lead, &[rows, columns]].concat();
            let a = Operand::contiguous(gpu, dtype, &shape(70, 5));
            let b = Operand::contiguous(gpu, dtype, &shape(5, 80));
            contract::contract(gpu, a.view(), b.view()).unwrap();
        }
    }
}

fn check_ordering(gpu: &Arc<Gpu>, dtype: DType) {
    let x = Operand::contiguous(gpu, dtype, &[2, 600]);
    order::order(gpu, x.view(), 1, false).unwrap();
    order::order_indices(gpu, x.view(), 0, true).unwrap();
    let sorted = Operand::contiguous(gpu, dtype, &[40]);
    for side in [Side::Left, Side::Right] {
        search::search(gpu, sorted.view(), x.view(), side).unwrap();
    }
}

fn check_movement(gpu: &Arc<Gpu>, dtype: DType) {
    let shape = [6, 5, 4];
    for target in layouts() {
        for source in layouts() {
            let source = Operand::new(gpu, dtype, &source);
            let out = Operand::new(gpu, dtype, &target);
            let part = Part { source: source.view(), target: target.clone() };
            copy::assemble(gpu, &[part], dtype, target.span().unwrap().end).unwrap();
            copy::write(&out.buffer, &target, source.view()).unwrap();
        }
        let x = Operand::new(gpu, dtype, &Layout::contiguous(&[720]).unwrap());
        let y = Operand::new(gpu, dtype, &target);
        for index in dtypes(gpu).into_iter().filter(|d| d.is_integer()) {
            let indices = Operand::contiguous(gpu, index, &shape);
            let term = |axis| IndexTerm { indices: indices.view(), extent: 3, stride: 120, axis };
            for terms in [&[][..], &[term(0)], &[term(0), term(1)]] {
                gather::gather(View { layout: &target, ..x.view() }, terms).unwrap();
                gather::scatter(&x.buffer, &target, terms, y.view()).unwrap();
                for op in ScatterOp::ALL.into_iter().filter_map(|op| op.combine(dtype)) {
                    combine::scatter(op, &x.buffer, &target, terms, y.view()).unwrap();
                }
            }
        }
        let program = identity(dtype);
        let values = Values::new(gpu, &program, &[y.view()], &shape, None).unwrap();
        let counts = gpu.allocate(DType::UInt32, 120).unwrap();
        kept_values(gpu, &values, &counts, 50).unwrap();
    }
}

fn check_fourier(gpu: &Arc<Gpu>, dtype: DType) {
    use FourierOp::*;
    let plans = Plans::default();
    for op in [Forward, Inverse, RealForward, RealInverse] {
        if op.output(dtype).is_some() {
            // of one pass, of two, and a convolution
            for n in [60, 2048, 67] {
                for shape in [[2, n], [n, 2]] {
                    let x = Operand::contiguous(gpu, dtype, &shape);
                    let axis = usize::from(shape[1] == n);
                    fourier(&plans, gpu, op, x.view(), axis, n, 0.5).unwrap();
                }
            }
        }
    }
}

fn check_factors(gpu: &Arc<Gpu>, dtype: DType) {
    use FactorOp::*;
    if !dtype.is_floating() || dtype.is_half() {
        return;
    }
    for op in [Cholesky, Det, Inv, Qr, QrComplete, Slogdet, Solve] {
        // small matrices, and some with several panels
        for shape in [[40, 5, 5], [2, 140, 140]] {
            let x = Operand::contiguous(gpu, dtype, &shape);
            let operands = [x.view(), x.view()];
            let count = if op == Solve { 2 } else { 1 };
            let sides = operands[..count].get(1).copied();
            factor(op, operands[0], sides).unwrap().unwrap();
        }
    }
}

#[test]
fn every_kernel_is_valid() {
    let mut seen = BTreeSet::new();
    for gpu in devices() {
        for dtype in dtypes(&gpu) {
            for check in [
                check_maps,
                check_reductions,
                check_products,
                check_ordering,
                check_movement,
                check_fourier,
                check_factors,
            ] {
                check(&gpu, dtype);
                gpu.check().unwrap();
                seen.extend(gpu.kept_kernels());
            }
        }
        gpu.wait().unwrap();
    }
    let last = Kernel::FactorReflect as u32;
    let missing: Vec<u32> = (0..=last).filter(|kernel| !seen.contains(kernel)).collect();
    assert!(missing.is_empty(), "kernels of these numbers were not run: {missing:?}");
}

parameters! {
    struct Named {
        count: usize,
    }
}

/// Runs a kernel that writes an expression.
fn run_kernel(expression: &str) -> arrayspace_core::Result<()> {
    let gpu = device(wgpu::Features::empty(), None);
    let out = gpu.allocate(DType::UInt32, 1).unwrap();
    let launch = Launch {
        key: Kernel::Map.into(),
        buffers: smallvec![&out],
        parameters: &[&Named { count: 1 }],
        groups: 1,
    };
    launch.run(&gpu, |mut text| {
        text.words("out", &out);
        text.main(&format!("out_set(0u, {expression});"))
    })
}

#[test]
fn a_parameter_that_is_not_given_is_an_error() {
    run_kernel("p.count").unwrap();
    assert!(run_kernel("p.amount").is_err());
}
