//! Arrays in: where the elements are, what is shared and what is copied, who may write.

use arrayspace::dlpack::{
    DLDataType, DLDataTypeCode, DLDevice, DLDeviceType, FLAG_IS_COPIED, FLAG_READ_ONLY,
};
use arrayspace::options::{FromDLPack, ToDLPack};
use arrayspace::prelude::*;

use crate::common::assert_text;
use crate::common::elsewhere::{Elsewhere, NARROW, WIDE};
use crate::foreign::{Foreign, Produced};

const XP: Cpu = Cpu::new();

/// The address of the first element, which the array must have on the host in row-major order.
fn address(x: &Array<Cpu>) -> *const i32 {
    x.as_slice::<i32>().unwrap().as_ptr()
}

#[test]
fn elements_are_where_the_tensor_says() {
    let cases: [(Foreign, &[usize], &[i32]); 9] = [
        (Foreign::new(&[1, 2, 3, 4, 5, 6], &[2, 3]), &[2, 3], &[1, 2, 3, 4, 5, 6]),
        (Foreign::new(&[1, 2, 3, 4, 5, 6], &[3, 2]).strides(&[1, 3]), &[3, 2], &[1, 4, 2, 5, 3, 6]),
        (Foreign::new(&[7, 1, 2, 3], &[3]).byte_offset(4), &[3], &[1, 2, 3]),
        (Foreign::new(&[1, 2, 3, 4], &[4]).strides(&[-1]).byte_offset(12), &[4], &[4, 3, 2, 1]),
        (
            Foreign::new(&[0, 1, 2, 3, 4, 5, 6, 7], &[2, 2]).strides(&[-4, 2]).byte_offset(20),
            &[2, 2],
            &[5, 7, 1, 3],
        ),
        (Foreign::new(&[8, 9], &[2, 3]).strides(&[1, 0]), &[2, 3], &[8, 8, 8, 9, 9, 9]),
        (Foreign::new(&[5], &[]), &[], &[5]),
        // the strides of axes of length 1 say nothing
        (Foreign::new(&[5, 6], &[1, 2, 1]).strides(&[i64::MAX, 1, i64::MIN]), &[1, 2, 1], &[5, 6]),
        (
            Foreign::new(&[], &[2, 0, i64::MAX]).strides(&[i64::MIN, 7, 1]),
            &[2, 0, i64::MAX as usize],
            &[],
        ),
    ];
    for (foreign, shape, expected) in cases {
        for version in [None, Some((1, 0)), Some((1, 7))] {
            let foreign = Foreign { version, ..foreign.clone() };
            for copy in [None, Some(false), Some(true)] {
                let Produced { tensor, freed, memory, .. } = foreign.clone().produce();
                let x = XP.from_dlpack(tensor.unwrap(), FromDLPack::new().copy(copy)).unwrap();
                assert_eq!((x.shape(), x.dtype(), x.device()), (shape, DType::Int32, Device::CPU));
                if foreign.strides.is_none() && foreign.byte_offset == 0 {
                    assert_eq!(address(&x) == memory, copy != Some(true));
                }
                // a copy needs the tensor no more, and neither do no elements
                let needed = copy != Some(true) && x.size() > 0;
                assert_eq!(freed.count(), usize::from(!needed), "{foreign:?} {copy:?}");
                assert_eq!(x.to_vec::<i32>().unwrap(), expected, "{foreign:?} {copy:?}");
                let unused = x.strides().iter().zip(shape).filter(|&(_, &len)| len == 1);
                assert!(unused.into_iter().all(|(stride, _)| (0..=2).contains(stride)));
                drop(x);
                assert_eq!(freed.count(), 1);
            }
        }
    }
}

#[test]
fn memory_lives_as_long_as_it_is_used() {
    let Produced { tensor, freed, .. } = Foreign::new(&[1, 2, 3, 4], &[4]).produce();
    let x = XP.from_dlpack(tensor.unwrap(), ()).unwrap();
    let (view, clone) = (x.get(1..3).unwrap(), x.clone());
    drop(x);
    drop(clone);
    assert_eq!((freed.count(), view.to_vec::<i32>().unwrap()), (0, vec![2, 3]));
    // it goes through this crate, too, and is freed where the last one is dropped
    let tensor = view.into_dlpack(()).unwrap();
    let thread = std::thread::spawn(move || {
        let x = XP.from_dlpack(tensor, ()).unwrap();
        assert_eq!(x.to_vec::<i32>().unwrap(), [2, 3]);
    });
    let id = thread.thread().id();
    thread.join().unwrap();
    assert_eq!((freed.count(), freed.thread()), (1, Some(id)));
}

#[test]
fn a_tensor_that_nobody_takes_is_freed() {
    for version in [None, Some((1, 1))] {
        let Produced { tensor, freed, .. } =
            Foreign { version, ..Foreign::new(&[1], &[1]) }.produce();
        assert_eq!(freed.count(), 0);
        drop(tensor.unwrap());
        assert_eq!(freed.count(), 1);
    }
}

#[test]
fn a_missing_deleter_is_not_called() {
    for version in [None, Some((1, 1))] {
        let foreign = Foreign { version, no_deleter: true, ..Foreign::new(&[1, 2], &[2]) };
        let Produced { tensor, freed, leaked, .. } = foreign.produce();
        let x = XP.from_dlpack(tensor.unwrap(), ()).unwrap();
        assert_eq!(x.to_vec::<i32>().unwrap(), [1, 2]);
        drop(x);
        assert_eq!(freed.count(), 0);
        drop(leaked);
    }
}

#[test]
fn shared_memory_is_copied_before_it_is_written() {
    // of its only owner it is written in place
    let cases = [
        (Some((1, 0)), 0, false),
        (Some((1, 0)), FLAG_READ_ONLY, false),
        (Some((1, 0)), FLAG_READ_ONLY | FLAG_IS_COPIED, false),
        (Some((1, 0)), FLAG_IS_COPIED, true),
        (None, 0, false),
    ];
    for (version, flags, in_place) in cases {
        let foreign = Foreign { version, ..Foreign::new(&[1, 2, 3], &[3]).flags(flags) };
        let Produced { tensor, freed, memory, .. } = foreign.produce();
        let mut x = XP.from_dlpack(tensor.unwrap(), ()).unwrap();
        x.set(0, 9).unwrap();
        assert_eq!(x.to_vec::<i32>().unwrap(), [9, 2, 3]);
        assert_eq!(address(&x) == memory, in_place, "{flags}");
        assert_eq!(freed.count(), usize::from(!in_place));
        let kept = x.clone();
        x += 1;
        x.set(0, 0).unwrap();
        assert_eq!(kept.to_vec::<i32>().unwrap(), [9, 2, 3]);
        assert_eq!(x.to_vec::<i32>().unwrap(), [0, 3, 4]);
    }
}

#[test]
fn the_producers_memory_is_as_it_was() {
    let Produced { tensor, memory, .. } = Foreign::new(&[1, 2, 3], &[3]).produce();
    let x = XP.from_dlpack(tensor.unwrap(), ()).unwrap();
    let mut y = x.clone();
    drop(x.get(0).unwrap());
    y *= 5;
    // SAFETY: `x` keeps the memory alive.
    assert_eq!(unsafe { std::slice::from_raw_parts(memory, 3) }, [1, 2, 3]);
    assert_eq!(y.to_vec::<i32>().unwrap(), [5, 10, 15]);
}

#[test]
fn a_copy_of_the_producers_is_not_copied_again() {
    let Produced { tensor, memory, .. } =
        Foreign::new(&[1, 2], &[2]).flags(FLAG_IS_COPIED).produce();
    let x = XP.from_dlpack(tensor.unwrap(), true).unwrap();
    assert_eq!(address(&x), memory);
}

#[test]
fn memory_that_is_not_aligned_is_copied() {
    // the bytes of 0x01020304, shifted by one
    let shifted = [0x0203_0400_u32 as i32, 0x0203_0401, 0x0000_0001];
    let foreign = || Foreign::new(&shifted, &[2]).byte_offset(1);
    let Produced { tensor, freed, .. } = foreign().produce();
    let x = XP.from_dlpack(tensor.unwrap(), ()).unwrap();
    assert_eq!(freed.count(), 1);
    assert_eq!(x.to_vec::<i32>().unwrap(), [0x0102_0304; 2]);
    let Produced { tensor, freed, .. } = foreign().produce();
    assert_text(
        XP.from_dlpack(tensor.unwrap(), false),
        &["from_dlpack: ", "copy is false", "aligned"],
    );
    assert_eq!(freed.count(), 1);
    // with strides, and with elements that repeat
    let many = Foreign { shape: Some(vec![3, 2]), ..foreign() };
    let Produced { tensor, .. } = many.strides(&[0, 1]).produce();
    assert_eq!(
        XP.from_dlpack(tensor.unwrap(), ()).unwrap().to_vec::<i32>().unwrap(),
        [0x0102_0304; 6]
    );
    let Produced { tensor, .. } = foreign().byte_offset(5).strides(&[-1]).produce();
    assert_eq!(
        XP.from_dlpack(tensor.unwrap(), ()).unwrap().to_vec::<i32>().unwrap(),
        [0x0102_0304; 2]
    );
}

#[test]
fn elements_that_repeat_stay_few() {
    // 2^60 elements, of which memory has one
    let foreign = Foreign::new(&[7], &[1 << 30, 1 << 30]).strides(&[0, 0]);
    for copy in [None, Some(true)] {
        let Produced { tensor, .. } = foreign.clone().produce();
        let x = XP.from_dlpack(tensor.unwrap(), FromDLPack::new().copy(copy)).unwrap();
        assert_eq!(x.get((-1, 12345)).unwrap().item::<i32>().unwrap(), 7);
    }
    let Produced { tensor, .. } = foreign.produce();
    let x = Elsewhere.from_dlpack(tensor.unwrap(), ()).unwrap();
    assert_eq!((x.get((-1, 12345)).unwrap().item::<i32>().unwrap(), x.device()), (7, WIDE));
}

#[test]
fn bytes_of_bool_are_0_or_1() {
    let bool = DLDataType { code: DLDataTypeCode::BOOL, bits: 8, lanes: 1 };
    let foreign = |word, shape: &[i64]| {
        let mut f = Foreign { dtype: bool, words: vec![word], ..Foreign::new(&[], shape) };
        f.flags = FLAG_READ_ONLY;
        f.produce().tensor.unwrap()
    };
    let x = XP.from_dlpack(foreign(0x0001_0100, &[4]), false).unwrap();
    assert_eq!(x.to_vec::<bool>().unwrap(), [false, true, true, false]);
    let x = XP.from_dlpack(foreign(0xff00_0201, &[4]), ()).unwrap();
    assert_eq!(x.to_vec::<bool>().unwrap(), [true, true, false, true]);
    assert_text(XP.from_dlpack(foreign(0x02, &[1]), false), &["copy is false", "as it is"]);
}

#[test]
fn memory_of_the_host_has_several_names() {
    for device_type in [DLDeviceType::CPU, DLDeviceType::CUDA_HOST, DLDeviceType::ROCM_HOST] {
        let device = DLDevice::new(device_type, 0);
        let Produced { tensor, .. } = Foreign { device, ..Foreign::new(&[1, 2], &[2]) }.produce();
        let x = XP.from_dlpack(tensor.unwrap(), false).unwrap();
        assert_eq!(x.to_vec::<i32>().unwrap(), [1, 2]);
    }
}

#[test]
fn onto_devices() {
    let tensor = || Foreign::new(&[1, 2, 3, 4], &[2]).strides(&[3]).produce();
    let Produced { tensor: t, freed, .. } = tensor();
    let x = Elsewhere.from_dlpack(t.unwrap(), NARROW).unwrap();
    assert_eq!((x.device(), freed.count()), (NARROW, 1));
    assert_eq!(x.to_vec::<i32>().unwrap(), [1, 4]);
    let x = Elsewhere.from_dlpack(tensor().tensor.unwrap(), ()).unwrap();
    assert_eq!(x.device(), WIDE);
    let x = XP.from_dlpack(tensor().tensor.unwrap(), Device::CPU).unwrap();
    assert_eq!(x.to_vec::<i32>().unwrap(), [1, 4]);
    let e = Elsewhere.from_dlpack(tensor().tensor.unwrap(), false).unwrap_err();
    assert!(matches!(&e, Error::DLPack(_)), "{e}");
    let Produced { tensor: t, freed, .. } = tensor();
    let e = XP.from_dlpack(t.unwrap(), WIDE).unwrap_err();
    assert!(matches!(&e, Error::Device(_)) && e.function() == Some("from_dlpack"), "{e}");
    assert_eq!(freed.count(), 1);
    let float64 = XP.zeros(2, ()).unwrap().to_dlpack(()).unwrap();
    let e = Elsewhere.from_dlpack(float64, NARROW).unwrap_err();
    assert!(matches!(&e, Error::Unsupported(_)) && e.text().contains("float64"), "{e}");
}

#[test]
fn arrays_of_the_same_backend_share_memory() {
    let x = XP.asarray([1, 2, 3], ()).unwrap();
    for options in [FromDLPack::new(), FromDLPack::new().copy(false).device(Device::CPU)] {
        assert_eq!(address(&XP.from_dlpack(&x, options.clone()).unwrap()), address(&x));
        assert_eq!(address(&XP.from_dlpack(x.clone(), options).unwrap()), address(&x));
    }
    let copy = XP.from_dlpack(&x, true).unwrap();
    assert!(address(&copy) != address(&x) && copy.to_vec::<i32>().unwrap() == [1, 2, 3]);
    // whatever the host sees of it
    let there = Elsewhere.asarray([1, 2, 3], ()).unwrap();
    let same = Elsewhere.from_dlpack(&there, false).unwrap();
    assert_eq!((same.device(), same.to_vec::<i32>().unwrap()), (WIDE, vec![1, 2, 3]));
    let other = Elsewhere.from_dlpack(there.clone(), NARROW).unwrap();
    assert_eq!((other.device(), other.to_vec::<i32>().unwrap()), (NARROW, vec![1, 2, 3]));
    let options = FromDLPack::new().device(NARROW).copy(false);
    assert_text(Elsewhere.from_dlpack(&there, options), &["copy is false", "gpu:0"]);
}

#[test]
fn arrays_of_other_backends() {
    let here = XP.asarray([[1, 2], [3, 4]], ()).unwrap().mT().unwrap();
    let there = Elsewhere.from_dlpack(&here, ()).unwrap();
    assert_eq!((there.device(), there.to_vec::<i32>().unwrap()), (WIDE, vec![1, 3, 2, 4]));
    let back = XP.from_dlpack(&there, ()).unwrap();
    assert_eq!((back.device(), back.to_vec::<i32>().unwrap()), (Device::CPU, vec![1, 3, 2, 4]));
    assert!(Elsewhere.from_dlpack(&here, false).is_err());
    assert_text(XP.from_dlpack(there.clone(), false), &["copy is false", "the host does not see"]);
    // the copy that was made for the way is the result's own
    let mut back = XP.from_dlpack(there, true).unwrap();
    let before = address(&back);
    back.set((0, 0), 9).unwrap();
    assert_eq!((address(&back), back.to_vec::<i32>().unwrap()), (before, vec![9, 3, 2, 4]));
}

#[test]
fn every_dtype_and_layout_comes_back() {
    // interpreted, it takes a hundred times as long
    let dtypes = if cfg!(miri) { &[DType::Bool, DType::Complex128][..] } else { &DType::ALL };
    for &dtype in dtypes {
        let x = XP.astype(XP.asarray([[0u8, 1, 2], [5, 1, 0]], ()).unwrap(), dtype, ()).unwrap();
        let layouts = [
            x.clone(),
            x.mT().unwrap(),
            x.get(s![..; -1, ..; -2]).unwrap(),
            x.get((1, 2)).unwrap(),
            x.get((.., 1..1)).unwrap(),
            XP.broadcast_to(x.get(1).unwrap(), [2, 2, 3]).unwrap(),
            x.sliding_windows(2, 1, ()).unwrap(),
            x.get((.., NewAxis, 1..)).unwrap(),
        ];
        for x in &layouts {
            for version in [None, Some((1, 0)), Some((1, 1))] {
                let tensor = x.to_dlpack(ToDLPack::new().max_version(version)).unwrap();
                let y = XP.from_dlpack(tensor, ()).unwrap();
                assert_eq!((y.dtype(), y.shape()), (dtype, x.shape()));
                if version.is_some() && x.size() > 0 && !x.is_contiguous() {
                    assert_eq!(y.strides(), x.strides());
                }
                let same = XP.all(XP.equal(x, &y).unwrap(), ()).unwrap();
                assert!(bool::try_from(&same).unwrap(), "{x:?} {y:?}");
            }
        }
    }
}
