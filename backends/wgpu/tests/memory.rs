//! Devices, memory, transfers, copies.

mod common;

use arrayspace_core::{Backend, DType, Device, DeviceKind, Error, Layout, Part, View};
use common::*;

#[test]
fn bytes_go_there_and_back() {
    let Some(gpu) = gpu() else { return };
    let device = Backend::primary_device(&gpu);
    let mut rng = Rng::new(1);
    for len in [0, 1, 2, 3, 4, 5, 255, 256, 257, 100_000] {
        let data = rng.elements(DType::UInt8, len, Values::Bits);
        let before = gpu.transfers(device);
        let buffer = Backend::upload(&gpu, &data, DType::UInt8, device).unwrap();
        assert_eq!(Backend::buffer_len(&gpu, &buffer, DType::UInt8), len);
        assert_eq!(bytes(&gpu, &buffer, DType::UInt8), data);
        let after = gpu.transfers(device);
        assert!(after.uploaded >= before.uploaded + len as u64);
        assert!(after.downloaded >= before.downloaded + len as u64);
    }
}

#[test]
fn memory_is_used_again() {
    let Some(gpu) = gpu() else { return };
    let device = Backend::primary_device(&gpu);
    // a block that is reused before the commands that read it have run is not written too early
    for round in 0..50u8 {
        let a = Backend::upload(&gpu, &[round; 1000], DType::UInt8, device).unwrap();
        let layout = Layout::contiguous(&[1000]).unwrap();
        let view = View { buffer: &a, dtype: DType::UInt8, layout: &layout };
        let part = Part { source: view, target: layout.clone() };
        let b = Backend::assemble(&gpu, &[part], DType::UInt8, 1000, device).unwrap();
        drop(a);
        let c = Backend::upload(&gpu, &[99; 1000], DType::UInt8, device).unwrap();
        assert_eq!(bytes(&gpu, &b, DType::UInt8), [round; 1000]);
        assert_eq!(bytes(&gpu, &c, DType::UInt8), [99; 1000]);
    }
}

#[test]
fn handles_know_whether_they_are_alone() {
    let Some(gpu) = gpu() else { return };
    let mut a = Backend::allocate(&gpu, DType::Float32, 4, Backend::primary_device(&gpu)).unwrap();
    assert!(Backend::exclusive(&gpu, &mut a));
    let b = a.clone();
    assert!(!Backend::exclusive(&gpu, &mut a));
    drop(b);
    assert!(Backend::exclusive(&gpu, &mut a));
    assert_eq!(bytes(&gpu, &a, DType::Float32), [0; 16]);
}

#[test]
fn errors_of_devices_and_sizes() {
    let Some(gpu) = gpu() else { return };
    let none = Device::new(DeviceKind::Gpu, 77);
    assert!(matches!(Backend::allocate(&gpu, DType::Int8, 1, none), Err(Error::Device(_))));
    assert!(
        Backend::capabilities(&gpu, none).is_none()
            && Backend::capabilities(&gpu, Device::CPU).is_none()
    );
    let device = Backend::primary_device(&gpu);
    assert!(Backend::allocate(&gpu, DType::Int8, usize::MAX, device).is_err());
    assert!(matches!(
        Backend::allocate(&gpu, DType::Complex64, 1 << 31, device),
        Err(Error::OutOfMemory(_))
    ));
    // the backend still works
    assert!(Backend::allocate(&gpu, DType::Complex64, 1 << 3, device).is_ok());
    let buffer = Backend::allocate(&gpu, DType::Int32, 4, device).unwrap();
    let layout = Layout::contiguous(&[5]).unwrap();
    let view = View { buffer: &buffer, dtype: DType::Int32, layout: &layout };
    assert!(matches!(Backend::download(&gpu, view, &mut [0; 20]), Err(Error::Shape(_))));
    assert!(arrayspace_wgpu::Wgpu::with_adapter("no such adapter").is_err());
}

#[test]
fn elements_move() {
    let Some(gpu) = gpu() else { return };
    let device = Backend::primary_device(&gpu);
    for dtype in DType::ALL {
        let mut rng = Rng::new(dtype as u64);
        for _ in 0..12 {
            let shape = rng.shape(4, 6);
            let x = rng.operand(&gpu, dtype, &shape, Values::Bits);
            let mut out = vec![0; x.layout.size() * dtype.item_size()];
            Backend::download(&gpu, x.on_gpu(), &mut out).unwrap();
            assert_eq!(out, x.bytes(), "{:?}", x.layout);
            // into some elements of another buffer
            let (layout, len) = rng.layout(&shape, false);
            let mut y = rng.operand_at(&gpu, dtype, layout, len, Values::Bits);
            Backend::write(&CPU, &mut y.cpu, &y.layout, x.on_cpu()).unwrap();
            Backend::write(&gpu, &mut y.gpu, &y.layout, x.on_gpu()).unwrap();
            assert_same_bytes(&gpu, &y);
            // two parts next to each other along the last axis
            if let Some(&last) = shape.last() {
                let mut wide = shape.clone();
                *wide.last_mut().unwrap() = last + 3;
                let whole = Layout::contiguous(&wide).unwrap();
                let axis = shape.len() - 1;
                let mut rest = shape.clone();
                rest[axis] = 3;
                let z = rng.operand(&gpu, dtype, &rest, Values::Bits);
                let targets = [whole.slice(axis, 0, 1, last), whole.slice(axis, last, 1, 3)];
                let ours = [
                    Part { source: x.on_gpu(), target: targets[0].clone() },
                    Part { source: z.on_gpu(), target: targets[1].clone() },
                ];
                let theirs = [
                    Part { source: x.on_cpu(), target: targets[0].clone() },
                    Part { source: z.on_cpu(), target: targets[1].clone() },
                ];
                let ours = Backend::assemble(&gpu, &ours, dtype, whole.size(), device).unwrap();
                let theirs =
                    Backend::assemble(&CPU, &theirs, dtype, whole.size(), Device::CPU).unwrap();
                assert_eq!(bytes(&gpu, &ours, dtype), bytes(&CPU, &theirs, dtype));
            }
        }
    }
}

#[track_caller]
fn assert_same_bytes(gpu: &arrayspace_wgpu::Wgpu, x: &Operand) {
    assert_eq!(bytes(gpu, &x.gpu, x.dtype), bytes(&CPU, &x.cpu, x.dtype), "{:?}", x.layout);
}
