//! Transfers between host and device. They are counted per device, so this is the only test of the
//! process.

mod common;

use arrayspace_core::{
    Access, Backend, BinaryOp, DType, FactorOp, FoldOp, FourierOp, IndexTerm, Input, Layout,
    Program, ScanOp, Side, View,
};
use common::*;

#[test]
fn arrays_stay_on_the_device() {
    let Some(gpu) = gpu() else { return };
    let device = Backend::primary_device(&gpu);
    let mut rng = Rng::new(61);
    let shape = [64, 64];
    let layout = Layout::contiguous(&shape).unwrap();
    let x = rng.operand_at(&gpu, DType::Float32, layout.clone(), 4096, Values::Small);
    let mask = rng.operand_at(&gpu, DType::Bool, layout.clone(), 4096, Values::Small);
    let view = |buffer| View { buffer, dtype: DType::Float32, layout: &layout };
    let mut same = Program::new();
    same.input(DType::Float32).unwrap();
    let mut double = Program::new();
    let v = double.input(DType::Float32).unwrap();
    double.binary(BinaryOp::Add, v, v).unwrap();

    // the tables of transforms are uploaded once
    let transform = |buffer, n| {
        Backend::fourier(&gpu, FourierOp::RealForward, view(buffer), 0, n, 1.0).unwrap().unwrap()
    };
    for n in [64, 67] {
        transform(&x.gpu, n);
    }

    let before = gpu.transfers(device);
    for n in [64, 67] {
        transform(&x.gpu, n);
    }
    let mut input =
        [Input { buffer: Access::Shared(&x.gpu), dtype: DType::Float32, layout: &layout }];
    let y = Backend::map(&gpu, &double, &mut input, &shape, device).unwrap();
    for op in [FactorOp::Qr, FactorOp::Det] {
        Backend::factor(&gpu, op, &[view(&x.gpu)]).unwrap().unwrap();
    }
    let y = Backend::contract(&gpu, view(&y), view(&y)).unwrap();
    let y = Backend::scan(&gpu, ScanOp::Sum, view(&y), 1, false).unwrap();
    let y = Backend::order(&gpu, view(&y), 0, true).unwrap();
    let order = Backend::order_indices(&gpu, view(&y), 1, false).unwrap();
    let y = Backend::transfer(&gpu, view(&y), device).unwrap();
    let line = Layout::contiguous(&[64]).unwrap();
    let sorted = View { buffer: &y, dtype: DType::Float32, layout: &line };
    Backend::search(&gpu, sorted, view(&y), Side::Left).unwrap();
    Backend::fold(&gpu, FoldOp::Sum, &same, &[view(&y)], &shape, &[0, 1], device).unwrap();
    assert_eq!(gpu.transfers(device), before);

    // a count, and the flag for indices out of bounds
    let (_, kept) = Backend::compact(&gpu, &same, &[view(&y)], mask.on_gpu()).unwrap();
    let after = gpu.transfers(device);
    assert_eq!((after.downloaded - before.downloaded, after.waits - before.waits), (4, 1));
    let index = Backend::capabilities(&gpu, device).unwrap().defaults.indexing;
    let positions = Layout::new(&shape, &[64, 0], 0).unwrap();
    let term = IndexTerm {
        indices: View { buffer: &order, dtype: index, layout: &layout },
        extent: 64,
        stride: 1,
        axis: 1,
    };
    Backend::gather(&gpu, View { layout: &positions, ..view(&y) }, &[term]).unwrap();
    let after = gpu.transfers(device);
    assert_eq!((after.downloaded - before.downloaded, after.waits - before.waits), (8, 2));
    // whether a matrix was singular
    let _ = Backend::factor(&gpu, FactorOp::Inv, &[view(&x.gpu)]).unwrap();
    let singular = gpu.transfers(device);
    assert_eq!((singular.downloaded - after.downloaded, singular.waits - after.waits), (4, 1));
    let after = singular;
    assert_eq!(after.uploaded, before.uploaded);
    let all = floats(&bytes(&gpu, &mask.gpu, DType::Bool), DType::Bool);
    assert_eq!(kept, all.iter().filter(|&&v| v != 0.0).count());
    assert_eq!(gpu.transfers(device).downloaded - after.downloaded, 4096);
}
