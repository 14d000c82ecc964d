//! Arrays out: the descriptor, the flags, who keeps what alive.

use arrayspace::dlpack::{
    DLDataTypeCode, DLDevice, DLDeviceType, DLPackVersion, FLAG_IS_COPIED,
    FLAG_IS_SUBBYTE_TYPE_PADDED, FLAG_READ_ONLY, ManagedTensor, RawTensor,
};
use arrayspace::options::ToDLPack;
use arrayspace::prelude::*;

use crate::common::assert_text;
use crate::common::elsewhere::{Elsewhere, NARROW, WIDE};

const XP: Cpu = Cpu::new();

fn read(tensor: &ManagedTensor, k: isize) -> i32 {
    assert_eq!(tensor.byte_offset(), 0);
    // SAFETY: the tests ask for elements that there are, of an int32 tensor on the host.
    unsafe { tensor.data().cast::<i32>().offset(k).read() }
}

#[test]
fn the_descriptor() {
    let x = XP.asarray([[1, 2, 3], [4, 5, 6]], ()).unwrap();
    let tensor = x.get(s![1, ..; -1]).unwrap().to_dlpack(()).unwrap();
    assert_eq!((tensor.device(), tensor.shape()), (DLDevice::CPU, &[3][..]));
    assert_eq!(tensor.strides(), Some(&[-1][..]));
    assert_eq!([0, -1, -2].map(|k| read(&tensor, k)), [6, 5, 4]);
    // row-major order has row-major strides, whatever the axes of length 1 had
    let tensor = x.get((.., NewAxis, .., NewAxis)).unwrap().to_dlpack(()).unwrap();
    assert_eq!(tensor.shape(), [2, 1, 3, 1]);
    assert_eq!(tensor.strides(), Some(&[3, 3, 1, 1][..]));
    let tensor = x.mT().unwrap().to_dlpack(()).unwrap();
    assert_eq!((tensor.shape(), tensor.strides()), (&[3, 2][..], Some(&[1, 3][..])));
    let tensor = x.get((0, 1)).unwrap().to_dlpack(()).unwrap();
    assert_eq!((tensor.shape(), tensor.strides(), read(&tensor, 0)), (&[][..], Some(&[][..]), 2));
    // no elements, no memory
    let tensor = x.get((.., 3..)).unwrap().to_dlpack(()).unwrap();
    assert_eq!((tensor.shape(), tensor.data().is_null()), (&[2, 0][..], true));
}

#[test]
fn codes_of_the_dtypes() {
    // as the header numbers them
    let expected = [
        (DType::Bool, 6, 8),
        (DType::Int8, 0, 8),
        (DType::Int16, 0, 16),
        (DType::Int32, 0, 32),
        (DType::Int64, 0, 64),
        (DType::UInt8, 1, 8),
        (DType::UInt16, 1, 16),
        (DType::UInt32, 1, 32),
        (DType::UInt64, 1, 64),
        (DType::Float16, 2, 16),
        (DType::BFloat16, 4, 16),
        (DType::Float32, 2, 32),
        (DType::Float64, 2, 64),
        (DType::Complex64, 5, 64),
        (DType::Complex128, 5, 128),
    ];
    assert_eq!(expected.map(|(dtype, _, _)| dtype), DType::ALL);
    for (dtype, code, bits) in expected {
        let given = XP.zeros(1, dtype).unwrap().to_dlpack(()).unwrap().dtype();
        assert_eq!(
            (given.code, given.bits, given.lanes),
            (DLDataTypeCode(code), bits, 1),
            "{dtype}"
        );
    }
    assert_eq!(format!("{:?}", DLDataTypeCode::BFLOAT), "kDLBfloat (4)");
    assert_eq!(format!("{:?}", DLDeviceType(99)), "unknown code 99");
}

#[test]
fn names_of_the_codes() {
    // by number, as the header has them
    let devices: Vec<&str> = (0..20).filter_map(|k| DLDeviceType(k).name()).collect();
    assert_eq!(
        devices.join(" ").replace("kDL", ""),
        "CPU CUDA CUDAHost OpenCL Vulkan Metal VPI ROCM \
        ROCMHost ExtDev CUDAManaged OneAPI WebGPU Hexagon MAIA Trn"
    );
    let absent: Vec<i32> = (-1..20).filter(|&k| DLDeviceType(k).name().is_none()).collect();
    assert_eq!(absent, [-1, 0, 5, 6, 19]);
    let types: Vec<&str> = (0..=255).filter_map(|k| DLDataTypeCode(k).name()).collect();
    assert_eq!(
        types.join(" ").replace("kDL", ""),
        "Int UInt Float OpaqueHandle Bfloat Complex Bool \
        Float8_e3m4 Float8_e4m3 Float8_e4m3b11fnuz Float8_e4m3fn Float8_e4m3fnuz Float8_e5m2 \
        Float8_e5m2fnuz Float8_e8m0fnu Float6_e2m3fn Float6_e3m2fn Float4_e2m1fn"
    );
    assert!((0..18).all(|k| DLDataTypeCode(k).name().is_some()));
    assert_eq!((FLAG_READ_ONLY, FLAG_IS_COPIED, FLAG_IS_SUBBYTE_TYPE_PADDED), (1, 2, 4));
}

#[test]
fn versions() {
    let x = XP.zeros(1, DType::Int32).unwrap();
    let version = |max| x.to_dlpack(ToDLPack::new().max_version(max)).unwrap().version();
    let of = |major, minor| Some(DLPackVersion { major, minor });
    assert_eq!(x.to_dlpack(()).unwrap().version(), of(1, 1));
    assert_eq!(version(Some((1, 0))), of(1, 0));
    assert_eq!(version(Some((1, 9))), of(1, 1));
    assert_eq!(version(Some((2, 0))), of(1, 1));
    assert_eq!(version(Some((0, 8))), None);
    assert_eq!(version(None), None);
}

/// Read-only, copied, and whether the memory is the array's own.
fn what(x: Array<Cpu>, options: ToDLPack) -> (bool, bool, bool) {
    let address = x.as_slice::<i32>().map(|s| s.as_ptr().cast_mut());
    let tensor = x.into_dlpack(options).unwrap();
    (tensor.is_read_only(), tensor.is_copied(), Some(tensor.data().cast()) == address)
}

#[test]
fn what_is_shared_must_not_be_written() {
    let x = XP.asarray([1, 2, 3, 4], ()).unwrap();
    assert_eq!(what(x.clone(), ToDLPack::new()), (true, false, true));
    assert_eq!(what(x.clone(), ToDLPack::new().copy(false)), (true, false, true));
    assert_eq!(what(x.clone(), ToDLPack::new().copy(true)), (false, true, false));
    assert_eq!(what(x, ToDLPack::new()), (false, false, true));
    // elements that overlap are shared among themselves
    let read_only = |view: fn(Array<Cpu>) -> Result<Array<Cpu>>| {
        let x = view(XP.asarray([[1, 2, 3], [4, 5, 6]], ()).unwrap()).unwrap();
        x.into_dlpack(()).unwrap().is_read_only()
    };
    assert!(read_only(|x| XP.broadcast_to(x, [2, 2, 3])));
    assert!(read_only(|x| x.sliding_windows(2, 1, ())));
    assert!(!read_only(|x| x.sliding_windows(1, 1, ())));
    assert!(!read_only(|x| x.sliding_windows(1, 2, 0)));
    assert!(!read_only(|x| x.get(s![..; -1, ..; 2])));
    assert!(!read_only(|x| x.mT()));
    assert!(!read_only(|x| x.get((NewAxis, .., 1, NewAxis))));
}

#[test]
fn without_a_version_there_are_no_flags() {
    let old = || ToDLPack::new().max_version(None);
    let x = XP.asarray([1, 2, 3, 4], ()).unwrap();
    let address = |t: &ManagedTensor| t.data().cast::<i32>().cast_const();
    let own = x.as_slice::<i32>().unwrap().as_ptr();
    let shared = x.to_dlpack(old()).unwrap();
    assert!(address(&shared) != own && shared.flags() == 0 && read(&shared, 3) == 4);
    assert_eq!(address(&x.to_dlpack(old().copy(false)).unwrap()), own);
    assert_eq!(address(&x.into_dlpack(old()).unwrap()), own);
    // elements that overlap are many after the copy
    let x = XP.broadcast_to(XP.asarray([1, 2], ()).unwrap(), [2, 2]).unwrap();
    let copied = x.into_dlpack(old()).unwrap();
    assert_eq!(copied.strides(), Some(&[2, 1][..]));
    assert_eq!([0, 1, 2, 3].map(|k| read(&copied, k)), [1, 2, 1, 2]);
}

#[test]
fn no_elements_are_nobodys() {
    let x = XP.zeros([0, 2], DType::Int32).unwrap();
    let flags = |copy| {
        let tensor = x.to_dlpack(ToDLPack::new().copy(copy)).unwrap();
        (tensor.is_read_only(), tensor.is_copied())
    };
    assert_eq!(
        [None, Some(false), Some(true)].map(flags),
        [(false, false), (false, false), (false, true)]
    );
}

#[test]
fn memory_outlives_the_array() {
    for version in [None, Some((1, 1))] {
        let x = XP.asarray(vec![1, 2, 3], ()).unwrap();
        let tensor = x.to_dlpack(ToDLPack::new().max_version(version)).unwrap();
        drop(x);
        let sum = std::thread::spawn(move || (0..3).map(|k| read(&tensor, k)).sum::<i32>());
        assert_eq!(sum.join().unwrap(), 6);
    }
}

#[test]
fn the_array_that_stays_is_copied_before_it_is_written() {
    let mut x = XP.asarray([1, 2, 3], ()).unwrap();
    let tensor = x.to_dlpack(()).unwrap();
    let own = x.as_slice::<i32>().unwrap().as_ptr();
    x.set(2, 13).unwrap();
    assert_eq!((read(&tensor, 2), x.to_vec::<i32>().unwrap()), (3, vec![1, 2, 13]));
    // and is written in place when the tensor is gone
    drop(tensor);
    let own_now = x.as_slice::<i32>().unwrap().as_ptr();
    assert!(own_now != own);
    x.set(0, 5).unwrap();
    assert_eq!(x.as_slice::<i32>().unwrap().as_ptr(), own_now);
}

#[test]
fn a_consumer_with_pointers() {
    let x = XP.asarray([1, 2, 3], ()).unwrap();
    let RawTensor::Versioned(raw) = x.into_dlpack(()).unwrap().into_raw() else {
        panic!("it has a version")
    };
    // SAFETY: what a consumer in C does with a tensor that is not read-only.
    unsafe {
        let tensor = raw.as_ptr();
        let (t, flags) = ((*tensor).dl_tensor, (*tensor).flags);
        assert_eq!((t.ndim, t.byte_offset, flags, *t.shape, *t.strides), (1, 0, 0, 3, 1));
        t.data.cast::<i32>().add(1).write(20);
        assert_eq!(t.data.cast::<i32>().add(2).read(), 3);
        (*tensor).deleter.unwrap()(tensor);
    }
    let x = XP.asarray([1, 2, 3], ()).unwrap();
    let raw = x.to_dlpack(ToDLPack::new().max_version(None)).unwrap().into_raw();
    let RawTensor::Unversioned(pointer) = raw else { panic!("it has no version") };
    // SAFETY: as above; the second owner is the only one.
    unsafe {
        (*pointer.as_ptr()).dl_tensor.data.cast::<i32>().write(7);
        let y = XP.from_dlpack(ManagedTensor::from_raw(raw).unwrap(), ()).unwrap();
        assert_eq!(y.to_vec::<i32>().unwrap(), [7, 2, 3]);
    }
    assert_eq!(x.to_vec::<i32>().unwrap(), [1, 2, 3]);
}

#[test]
fn memory_that_the_host_does_not_see() {
    let x = Elsewhere.asarray([[1, 2], [3, 4]], ()).unwrap().mT().unwrap();
    assert_eq!(x.dlpack_device(), DLDevice::new(DLDeviceType::VULKAN, 0));
    assert_eq!(x.to_device(NARROW).unwrap().dlpack_device().device_id, 1);
    assert_eq!((x.device(), XP.zeros(1, ()).unwrap().dlpack_device()), (WIDE, DLDevice::CPU));
    let e = x.to_dlpack(()).unwrap_err();
    assert!(matches!(&e, Error::DLPack(_)) && e.text().contains("dl_device"), "{e}");
    for options in [ToDLPack::new(), ToDLPack::new().copy(true), ToDLPack::new().max_version(None)]
    {
        let tensor = x.to_dlpack(options.dl_device(DLDevice::CPU)).unwrap();
        assert_eq!(tensor.device(), DLDevice::CPU);
        assert!(!tensor.is_read_only() && tensor.is_copied() == tensor.version().is_some());
        assert_eq!((tensor.shape(), tensor.strides()), (&[2, 2][..], Some(&[2, 1][..])));
        assert_eq!([0, 1, 2, 3].map(|k| read(&tensor, k)), [1, 3, 2, 4]);
    }
    let options = ToDLPack::new().dl_device(DLDevice::CPU).copy(false);
    assert_text(x.to_dlpack(options), &["to_dlpack: copy is false", "gpu:0"]);
}

#[test]
fn what_cannot_be_asked_for() {
    let x = XP.zeros(1, ()).unwrap();
    let cuda = DLDevice::new(DLDeviceType::CUDA, 0);
    let e = x.to_dlpack(cuda).unwrap_err();
    assert!(matches!(&e, Error::DLPack(_)) && e.text().contains("kDLCUDA"), "{e}");
    let e = x.clone().into_dlpack(ToDLPack::new().stream(1)).unwrap_err();
    assert!(
        matches!(&e, Error::Value(_)) && e.to_string().starts_with("into_dlpack: stream is 1"),
        "{e}"
    );
    assert!(x.to_dlpack(ToDLPack::new().stream(None)).is_ok());
}
