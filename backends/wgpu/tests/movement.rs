//! Gathering, scattering, and masks.

mod common;

use arrayspace_core::{
    Backend, BinaryOp, DType, Device, Error, IndexTerm, Layout, Program, ScatterOp, View,
};
use arrayspace_cpu::Cpu;
use arrayspace_wgpu::Wgpu;
use common::*;

/// Random indices below `extent`, or from `-extent`.
fn indices(rng: &mut Rng, gpu: &Wgpu, dtype: DType, shape: &[usize], extent: usize) -> Operand {
    let (layout, len) = rng.layout(shape, true);
    let mut data = Vec::new();
    for _ in 0..len {
        let mut v = rng.below(extent) as i64;
        if dtype.is_signed_integer() && rng.below(2) == 1 {
            v -= extent as i64;
        }
        data.extend_from_slice(&v.to_le_bytes()[..dtype.item_size()]);
    }
    Operand::new(gpu, dtype, layout, &data)
}

#[test]
fn gathers_and_scatters() {
    let Some(gpu) = gpu() else { return };
    let all = dtypes(&gpu);
    let whole: Vec<DType> = all.iter().copied().filter(|d| d.is_integer()).collect();
    for &dtype in &all {
        let mut rng = Rng::new(12 + dtype as u64);
        for round in 0..6 {
            // out[i, j] = source[ix(i, j), j, iy(i, j)]
            let (rows, columns) = (1 + rng.below(20), 1 + rng.below(9));
            let (n, m) = (1 + rng.below(7), 1 + rng.below(5));
            let layout = Layout::contiguous(&[n, columns, m]).unwrap();
            let x = rng.operand_at(&gpu, dtype, layout, n * columns * m, Values::Bits);
            let kinds = [whole[rng.below(whole.len())], whole[rng.below(whole.len())]];
            let shape = [rows, columns];
            let ix = indices(&mut rng, &gpu, kinds[0], &shape, n);
            let iy = indices(&mut rng, &gpu, kinds[1], &shape, m);
            let positions = Layout::new(&shape, &[0, m as isize], 0).unwrap();
            let ours = [
                IndexTerm {
                    indices: ix.on_gpu(),
                    extent: n,
                    stride: (columns * m) as isize,
                    axis: 0,
                },
                IndexTerm { indices: iy.on_gpu(), extent: m, stride: 1, axis: 2 },
            ];
            let theirs = [
                IndexTerm {
                    indices: ix.on_cpu(),
                    extent: n,
                    stride: (columns * m) as isize,
                    axis: 0,
                },
                IndexTerm { indices: iy.on_cpu(), extent: m, stride: 1, axis: 2 },
            ];
            let what = (dtype, round, kinds);
            let a = Wgpu::gather(&gpu, View { layout: &positions, ..x.on_gpu() }, &ours).unwrap();
            let b =
                Backend::gather(&CPU, View { layout: &positions, ..x.on_cpu() }, &theirs).unwrap();
            assert_eq!(bytes(&gpu, &a, dtype), bytes(&CPU, &b, dtype), "{what:?}");
            let y = rng.operand(&gpu, dtype, &shape, Values::Bits);
            let mut target = x.clone();
            // buffers with a single handle
            target.cpu =
                Backend::upload(&CPU, &x.bytes(), dtype, arrayspace_core::Device::CPU).unwrap();
            target.gpu = Wgpu::upload(&gpu, &x.bytes(), dtype, Wgpu::primary_device(&gpu)).unwrap();
            let replace = ScatterOp::Replace;
            Wgpu::scatter(&gpu, replace, &mut target.gpu, &positions, &ours, y.on_gpu()).unwrap();
            Backend::scatter(&CPU, replace, &mut target.cpu, &positions, &theirs, y.on_cpu())
                .unwrap();
            let (a, b) = (bytes(&gpu, &target.gpu, dtype), bytes(&CPU, &target.cpu, dtype));
            assert_eq!(a, b, "{what:?}");
        }
    }
}

/// Elements of one position are combined in their order: the same bits as on the CPU. A single position
/// may have more elements than a command combines.
#[test]
fn scatters_that_combine() {
    let Some(gpu) = gpu() else { return };
    let device = Wgpu::primary_device(&gpu);
    let mut rng = Rng::new(77);
    for dtype in dtypes(&gpu) {
        let few = (1 + rng.below(40), [3 + rng.below(30), 1 + rng.below(5)]);
        for (extent, shape) in [few, (5, [400, 2]), (1, [40_000, 1])] {
            if extent == 1 && dtype.is_complex() {
                continue; // sorts of long lines take long in software
            }
            let x = rng.operand(&gpu, dtype, &[extent, shape[1]], Values::Small);
            let y = rng.operand(&gpu, dtype, &shape, Values::Small);
            let ix = indices(&mut rng, &gpu, DType::Int32, &shape, extent);
            let places = Layout::new(&shape, &[0, 1], 0).unwrap();
            let stride = shape[1] as isize;
            let ours = [IndexTerm { indices: ix.on_gpu(), extent, stride, axis: 0 }];
            let theirs = [IndexTerm { indices: ix.on_cpu(), extent, stride, axis: 0 }];
            for op in ScatterOp::ALL {
                let mut a = Wgpu::upload(&gpu, &x.bytes(), dtype, device).unwrap();
                let mut b = Backend::upload(&CPU, &x.bytes(), dtype, Device::CPU).unwrap();
                let ours = Wgpu::scatter(&gpu, op, &mut a, &places, &ours, y.on_gpu());
                let theirs = Backend::scatter(&CPU, op, &mut b, &places, &theirs, y.on_cpu());
                assert_eq!(ours, theirs);
                assert_eq!(ours.is_ok(), op.takes(dtype));
                assert_eq!(
                    bytes(&gpu, &a, dtype),
                    bytes(&CPU, &b, dtype),
                    "{op:?} {dtype} {shape:?}"
                );
            }
        }
    }
}

#[test]
fn indices_out_of_bounds() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(2);
    let layout = Layout::contiguous(&[10]).unwrap();
    let x = rng.operand_at(&gpu, DType::Float32, layout, 10, Values::Small);
    for wrong in [10i32, -11, i32::MAX, i32::MIN] {
        let mut data = [3i32, -10, 9, 0, 7];
        data[3] = wrong;
        let data: Vec<u8> = data.iter().flat_map(|v| v.to_le_bytes()).collect();
        let straight = Layout::contiguous(&[5]).unwrap();
        let ix = Operand::new(&gpu, DType::Int32, straight, &data);
        let positions = Layout::new(&[5], &[0], 0).unwrap();
        let ours = IndexTerm { indices: ix.on_gpu(), extent: 10, stride: 1, axis: 4 };
        let theirs = IndexTerm { indices: ix.on_cpu(), extent: 10, stride: 1, axis: 4 };
        let a = Wgpu::gather(&gpu, View { layout: &positions, ..x.on_gpu() }, &[ours]).unwrap_err();
        let b = Backend::gather(&CPU, View { layout: &positions, ..x.on_cpu() }, &[theirs])
            .unwrap_err();
        assert!(matches!(a, Error::Index(_)));
        assert_eq!(a, b);
        let mut target =
            Wgpu::upload(&gpu, &x.bytes(), DType::Float32, Wgpu::primary_device(&gpu)).unwrap();
        let y = rng.operand(&gpu, DType::Float32, &[5], Values::Small);
        for op in [ScatterOp::Replace, ScatterOp::Sum] {
            let ours = [IndexTerm { indices: ix.on_gpu(), extent: 10, stride: 1, axis: 4 }];
            let wrong = Wgpu::scatter(&gpu, op, &mut target, &positions, &ours, y.on_gpu());
            assert!(matches!(wrong, Err(Error::Index(_))));
        }
        assert_eq!(bytes(&gpu, &target, DType::Float32), x.bytes(), "nothing was written");
    }
}

#[test]
fn masks() {
    let Some(gpu) = gpu() else { return };
    for dtype in dtypes(&gpu) {
        let mut rng = Rng::new(13 + dtype as u64);
        let mut p = Program::new();
        let x = p.input(dtype).unwrap();
        if dtype.is_numeric() {
            p.binary(BinaryOp::Add, x, x).unwrap();
        }
        for round in 0..5 {
            let shape = if round == 0 { vec![3, 1001] } else { rng.shape(3, 8) };
            let x = rng.operand(&gpu, dtype, &shape, Values::Special);
            let mask = rng.operand(&gpu, DType::Bool, &shape, Values::Small);
            let (ours, n) = Wgpu::compact(&gpu, &p, &[x.on_gpu()], mask.on_gpu()).unwrap();
            let (theirs, m) = Backend::compact(&CPU, &p, &[x.on_cpu()], mask.on_cpu()).unwrap();
            assert_eq!(n, m);
            let _: (&<Wgpu as Backend>::Buffer, &<Cpu as Backend>::Buffer) = (&ours, &theirs);
            let size = dtype.item_size();
            let (a, b) = (bytes(&gpu, &ours, dtype), bytes(&CPU, &theirs, dtype));
            assert_eq!(
                plain(&a[..n * size], dtype),
                plain(&b[..n * size], dtype),
                "{dtype} {shape:?}"
            );
        }
    }
}
