//! Reductions, indices of extremes, scans and products of matrices.

mod common;

use arrayspace_core::{
    ArgFoldOp, Backend, BinaryOp, DType, Device, FoldOp, Layout, Program, ScanOp,
};
use common::*;

const FOLDS: [FoldOp; 7] = [
    FoldOp::Sum,
    FoldOp::Product,
    FoldOp::Maximum,
    FoldOp::Minimum,
    FoldOp::All,
    FoldOp::Any,
    FoldOp::SquaredDeviations,
];

fn identity(dtype: DType) -> Program {
    let mut p = Program::new();
    p.input(dtype).unwrap();
    p
}

/// Whether results may differ from those of the CPU by rounding.
fn rounds(op: FoldOp, dtype: DType) -> bool {
    op == FoldOp::SquaredDeviations || op == FoldOp::Product && dtype.is_floating()
}

/// Asserts that values are equal up to some units of the dtype in the last place.
#[track_caller]
fn assert_near(a: &[u8], b: &[u8], dtype: DType, what: &dyn std::fmt::Debug) {
    let (a, b) = (floats(a, dtype), floats(b, dtype));
    assert_eq!(a.len(), b.len(), "{what:?}");
    let eps = match dtype.real_component() {
        DType::Float16 => 1e-3,
        DType::BFloat16 => 8e-3,
        DType::Float32 => 1.2e-7,
        DType::Float64 => 2.3e-16,
        _ => 0.0,
    };
    for (x, y) in a.iter().zip(&b) {
        let same =
            x.is_nan() && y.is_nan() || x == y || (x - y).abs() <= 8.0 * eps * y.abs().max(1.0);
        assert!(same, "{x} and {y}: {what:?}\n{a:?}\n{b:?}");
    }
}

#[test]
fn folds() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        let mut rng = Rng::new(3 + dtype as u64);
        for op in FOLDS.into_iter().filter(|op| op.takes(dtype)) {
            for round in 0..5 {
                let mut shape = rng.shape(4, 6);
                if round == 0 {
                    shape = vec![3, 700, 2];
                }
                let special =
                    !matches!(op, FoldOp::Sum | FoldOp::Product | FoldOp::SquaredDeviations);
                let kind = if special { Values::Special } else { Values::Small };
                let x = rng.operand(&gpu, dtype, &shape, kind);
                let choice = rng.next();
                let axes: Vec<usize> = (0..shape.len()).filter(|k| choice >> k & 1 == 1).collect();
                let p = identity(dtype);
                let ours = Backend::fold(
                    &gpu,
                    op,
                    &p,
                    &[x.on_gpu()],
                    &shape,
                    &axes,
                    Backend::primary_device(&gpu),
                );
                let theirs = Backend::fold(&CPU, op, &p, &[x.on_cpu()], &shape, &axes, Device::CPU);
                if theirs.is_err() {
                    assert!(ours.is_err());
                    continue;
                }
                let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
                let what = (op, dtype, &shape, &axes, &x.layout);
                if rounds(op, dtype) {
                    let (a, b) = (bytes(&gpu, &ours, dtype), bytes(&CPU, &theirs, dtype));
                    assert_near(&a, &b, dtype, &what);
                } else {
                    assert_same(&gpu, &ours, &theirs, dtype, &what);
                }
            }
        }
    }
}

#[test]
fn long_folds_of_programs() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(8);
    // the sum of (x == y) as int32, over some axes or all
    let mut p = Program::new();
    let (a, b) = (p.input(DType::Float32).unwrap(), p.input(DType::Float32).unwrap());
    let equal = p.binary(BinaryOp::Equal, a, b).unwrap();
    p.cast(equal, DType::Int32).unwrap();
    for (shape, axes) in [
        (vec![100_003], vec![0]),
        (vec![5003, 300], vec![0]),
        (vec![300, 5003], vec![1]),
        (vec![2, 9000, 3], vec![1]),
        (vec![3, 100, 70, 5], vec![0, 2]),
    ] {
        let layout = Layout::contiguous(&shape).unwrap();
        let n = layout.size();
        let x = rng.operand_at(&gpu, DType::Float32, layout.clone(), n, Values::Special);
        let y = rng.operand_at(&gpu, DType::Float32, layout, n, Values::Special);
        let device = Backend::primary_device(&gpu);
        let ours =
            Backend::fold(&gpu, FoldOp::Sum, &p, &[x.on_gpu(), y.on_gpu()], &shape, &axes, device)
                .unwrap();
        let theirs = Backend::fold(
            &CPU,
            FoldOp::Sum,
            &p,
            &[x.on_cpu(), y.on_cpu()],
            &shape,
            &axes,
            Device::CPU,
        )
        .unwrap();
        assert_same(&gpu, &ours, &theirs, DType::Int32, &(&shape, &axes));
    }
}

#[test]
fn positions_of_extremes() {
    let Some(gpu) = gpu() else { return };
    let index =
        Backend::capabilities(&gpu, Backend::primary_device(&gpu)).unwrap().defaults.indexing;
    for dtype in dtypes(&gpu) {
        if !dtype.is_real() {
            continue;
        }
        let mut rng = Rng::new(31 + dtype as u64);
        for round in 0..6 {
            let shape = if round == 0 { vec![2, 9001] } else { rng.shape(3, 7) };
            let x = rng.operand(&gpu, dtype, &shape, Values::Special);
            if x.layout.size() == 0 {
                continue;
            }
            for op in [ArgFoldOp::Maximum, ArgFoldOp::Minimum] {
                for axis in (0..shape.len()).map(Some).chain([None]) {
                    let ours = Backend::arg_fold(&gpu, op, x.on_gpu(), axis).unwrap();
                    let theirs = Backend::arg_fold(&CPU, op, x.on_cpu(), axis).unwrap();
                    let (a, b) = (bytes(&gpu, &ours, index), bytes(&CPU, &theirs, DType::Int64));
                    assert_eq!(
                        floats(&a, index),
                        floats(&b, DType::Int64),
                        "{op:?} {dtype} {axis:?} {:?}",
                        x.layout
                    );
                }
            }
        }
    }
}

#[test]
fn scans() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        if !dtype.is_numeric() {
            continue;
        }
        let mut rng = Rng::new(41 + dtype as u64);
        for round in 0..6 {
            let shape = if round == 0 { vec![2, 2500] } else { rng.shape(3, 7) };
            for axis in 0..shape.len() {
                for op in [ScanOp::Sum, ScanOp::Product] {
                    let exact = !dtype.is_floating() || op == ScanOp::Sum && round > 0;
                    if round == 0 && dtype.is_floating() && op == ScanOp::Product
                        || dtype.is_half() && round == 0
                    {
                        continue;
                    }
                    let initial = rng.below(2) == 1;
                    let x = rng.operand(&gpu, dtype, &shape, Values::Small);
                    let ours = Backend::scan(&gpu, op, x.on_gpu(), axis, initial).unwrap();
                    let theirs = Backend::scan(&CPU, op, x.on_cpu(), axis, initial).unwrap();
                    let what = (op, dtype, &x.layout, axis, initial);
                    if exact {
                        assert_same(&gpu, &ours, &theirs, dtype, &what);
                    } else {
                        let (a, b) = (bytes(&gpu, &ours, dtype), bytes(&CPU, &theirs, dtype));
                        assert_near(&a, &b, dtype, &what);
                    }
                }
            }
        }
    }
}

#[test]
fn products_of_matrices() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        if !dtype.is_numeric() {
            continue;
        }
        let mut rng = Rng::new(51 + dtype as u64);
        for round in 0..8 {
            let lead = if round < 3 { vec![] } else { rng.shape(2, 4) };
            let mut size = || 1 + rng.below(if round == 0 { 150 } else { 9 });
            let (m, k, n) = (size(), size() - 1, size());
            let of = |rows, columns| [&lead[..], &[rows, columns]].concat();
            let x = rng.operand(&gpu, dtype, &of(m, k), Values::Small);
            let y = rng.operand(&gpu, dtype, &of(k, n), Values::Small);
            let ours = Backend::contract(&gpu, x.on_gpu(), y.on_gpu()).unwrap();
            let theirs = Backend::contract(&CPU, x.on_cpu(), y.on_cpu()).unwrap();
            // sums of small whole numbers are exact in any order, but in half precision
            let what = (dtype, &x.layout, &y.layout);
            if dtype.is_half() {
                let (a, b) = (bytes(&gpu, &ours, dtype), bytes(&CPU, &theirs, dtype));
                assert_near(&a, &b, dtype, &what);
            } else {
                assert_same(&gpu, &ours, &theirs, dtype, &what);
            }
        }
    }
}

/// Elements with more products than one command adds up.
#[test]
fn products_of_long_rows() {
    let Some(gpu) = gpu() else { return };
    for dtype in [DType::Int32, DType::Float32] {
        let mut rng = Rng::new(91);
        let long = 70_001;
        let x = rng.operand(&gpu, dtype, &[3, long], Values::Small);
        let y = rng.operand(&gpu, dtype, &[long, 2], Values::Small);
        let ours = Backend::contract(&gpu, x.on_gpu(), y.on_gpu()).unwrap();
        let theirs = Backend::contract(&CPU, x.on_cpu(), y.on_cpu()).unwrap();
        assert_same(&gpu, &ours, &theirs, dtype, &(dtype, &x.layout, &y.layout));
    }
}
