//! A device that is lost, and a new backend after it. The device is lost for the whole process, so
//! this is its only test.

mod common;

use arrayspace_core::{Backend, DType, Error};
use arrayspace_wgpu::Wgpu;
use common::*;

#[test]
fn a_lost_device_is_an_error_and_can_be_replaced() {
    let Some(gpu) = gpu() else { return };
    let device = Wgpu::primary_device(&gpu);
    let kept = Wgpu::upload(&gpu, &[1, 2, 3, 4], DType::UInt8, device).unwrap();
    gpu.lose(device);
    let layout = arrayspace_core::Layout::contiguous(&[4]).unwrap();
    let view = arrayspace_core::View { buffer: &kept, dtype: DType::UInt8, layout: &layout };
    assert!(matches!(Wgpu::download(&gpu, view, &mut [0; 4]), Err(Error::DeviceLost(_))));
    assert!(matches!(Wgpu::allocate(&gpu, DType::UInt8, 4, device), Err(Error::DeviceLost(_))));
    let anew = Wgpu::new().unwrap();
    let buffer = Wgpu::upload(&anew, &[5, 6, 7, 8], DType::UInt8, device).unwrap();
    assert_eq!(bytes(&anew, &buffer, DType::UInt8), [5, 6, 7, 8]);
}
