//! Sorting and searching.

mod common;

use arrayspace_core::{Backend, DType, Layout, Side};
use arrayspace_wgpu::Wgpu;
use common::*;

#[test]
fn orders() {
    let Some(gpu) = gpu() else { return };
    let index = Wgpu::capabilities(&gpu, Wgpu::primary_device(&gpu)).unwrap().defaults.indexing;
    for dtype in dtypes(&gpu) {
        let mut rng = Rng::new(11 + dtype as u64);
        for round in 0..5 {
            let shape = match round {
                0 => vec![2, 1300],
                1 => vec![257],
                _ => rng.shape(3, 7),
            };
            let kind = if round % 2 == 0 { Values::Special } else { Values::Bits };
            for axis in 0..shape.len() {
                for descending in [false, true] {
                    let x = rng.operand(&gpu, dtype, &shape, kind);
                    let what = (dtype, &x.layout, axis, descending);
                    let ours = Wgpu::order(&gpu, x.on_gpu(), axis, descending).unwrap();
                    let theirs = Backend::order(&CPU, x.on_cpu(), axis, descending).unwrap();
                    assert_same(&gpu, &ours, &theirs, dtype, &what);
                    let ours = Wgpu::order_indices(&gpu, x.on_gpu(), axis, descending).unwrap();
                    let theirs =
                        Backend::order_indices(&CPU, x.on_cpu(), axis, descending).unwrap();
                    let (a, b) = (bytes(&gpu, &ours, index), bytes(&CPU, &theirs, DType::Int64));
                    assert_eq!(floats(&a, index), floats(&b, DType::Int64), "{what:?}");
                }
            }
        }
    }
}

#[test]
fn searches() {
    let Some(gpu) = gpu() else { return };
    let index = Wgpu::capabilities(&gpu, Wgpu::primary_device(&gpu)).unwrap().defaults.indexing;
    for dtype in dtypes(&gpu) {
        let mut rng = Rng::new(21 + dtype as u64);
        for side in [Side::Left, Side::Right] {
            let n = rng.below(40);
            let x = rng.operand(&gpu, dtype, &[n], Values::Special);
            let sorted = bytes(&CPU, &Backend::order(&CPU, x.on_cpu(), 0, false).unwrap(), dtype);
            let sorted = Operand::new(&gpu, dtype, Layout::contiguous(&[n]).unwrap(), &sorted);
            let queries = rng.operand(&gpu, dtype, &[3, 50], Values::Special);
            let ours = Wgpu::search(&gpu, sorted.on_gpu(), queries.on_gpu(), side).unwrap();
            let theirs = Backend::search(&CPU, sorted.on_cpu(), queries.on_cpu(), side).unwrap();
            let (a, b) = (bytes(&gpu, &ours, index), bytes(&CPU, &theirs, DType::Int64));
            assert_eq!(floats(&a, index), floats(&b, DType::Int64), "{dtype} {side:?}");
        }
    }
}
