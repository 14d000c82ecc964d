//! Producers that break the rules, and types that arrays do not have: an error that says what is wrong,
//! and the tensor is freed once.

use arrayspace::dlpack::{DLDataType, DLDataTypeCode, DLDevice, DLDeviceType};
use arrayspace::prelude::*;

use crate::foreign::{Foreign, INT32, Produced};

fn good() -> Foreign {
    Foreign::new(&[1, 2, 3, 4], &[2, 2])
}

fn of_type(code: DLDataTypeCode, bits: u8, lanes: u16) -> Foreign {
    Foreign { dtype: DLDataType { code, bits, lanes }, ..good() }
}

fn on(device_type: i32) -> Foreign {
    Foreign { device: DLDevice::new(DLDeviceType(device_type), 0), ..good() }
}

/// The error of taking a tensor, which must be freed by then.
#[track_caller]
fn error(foreign: &Foreign) -> Error {
    let Produced { tensor, freed, leaked, .. } = foreign.clone().produce();
    let result = tensor.and_then(|tensor| {
        assert_eq!(freed.count(), 0);
        Cpu::new().from_dlpack(tensor, ())
    });
    assert_eq!(freed.count(), usize::from(!foreign.no_deleter), "{foreign:?}");
    drop(leaked);
    result.map(|x| format!("{foreign:?} gives {x:?}")).expect_err("an error is expected")
}

#[test]
fn wrong_tensors() {
    let cases = [
        (Foreign { no_data: true, ..good() }, "no memory"),
        (Foreign { ndim: Some(-1), ..good() }, "-1 dimensions"),
        (Foreign { ndim: Some(i32::MIN), ..good() }, "dimensions"),
        (Foreign { shape: None, ndim: Some(2), ..good() }, "no lengths"),
        (Foreign { shape: Some(vec![2, -2]), ..good() }, "negative length: [2, -2]"),
        (Foreign { shape: Some(vec![0, -1]), ..good() }, "negative length"),
        (Foreign { version: Some((2, 0)), ..good() }, "DLPack 2.0"),
        (Foreign { version: Some((0, 9)), ..good() }, "DLPack 0.9"),
        (Foreign { version: Some((u32::MAX, 0)), ndim: Some(-7), ..good() }, "max_version"),
        (of_type(DLDataTypeCode(18), 8, 1), "unknown code 18"),
        (of_type(DLDataTypeCode(255), 0, 0), "unknown code 255"),
        (of_type(DLDataTypeCode::FLOAT, 32, 2), "vectors of 2"),
        (of_type(DLDataTypeCode::INT, 32, 0), "vectors of 0"),
        (on(2), "kDLCUDA (2)"),
        (on(13), "kDLCUDAManaged"),
        (on(0), "unknown code 0"),
        (on(-5), "unknown code -5"),
        // lengths, strides and offsets beyond what can be addressed
        (Foreign { shape: Some(vec![i64::MAX, 3]), ..good() }, "does not fit in memory"),
        (Foreign { shape: Some(vec![i64::MAX]), ..good() }, "does not fit in memory"),
        (Foreign { shape: Some(vec![1 << 61]), ..good() }, "does not fit in memory"),
        (good().strides(&[i64::MAX, 1]), "does not fit in memory"),
        (good().strides(&[i64::MIN, 1]), "does not fit in memory"),
        (good().strides(&[i64::MAX / 2, i64::MIN / 2]), "does not fit in memory"),
        (good().strides(&[-(1 << 61), 1]), "does not fit in memory"),
        (good().byte_offset(u64::MAX), "does not fit in memory"),
        (good().byte_offset(1 << 63), "does not fit in memory"),
        (good().byte_offset((1 << 63) + 4), "does not fit in memory"),
        (good().strides(&[-2, 1]).byte_offset(u64::MAX - 7), "does not fit in memory"),
        (good().strides(&[-(1 << 61), 1]).byte_offset((1 << 63) + 8), "does not fit in memory"),
        (good().strides(&[1 << 60, -(1 << 60)]).byte_offset(1 << 62), "does not fit in memory"),
        (
            Foreign { shape: Some(vec![1 << 31, 1 << 31]), ..good() }
                .strides(&[i64::MAX, i64::MAX]),
            "memory",
        ),
        (
            Foreign { shape: Some(vec![1 << 31; 2]), ..of_type(DLDataTypeCode::COMPLEX, 128, 1) }
                .strides(&[i64::MIN, i64::MAX]),
            "does not fit in memory",
        ),
    ];
    for (foreign, part) in cases {
        for version in [foreign.version, None] {
            if version.is_none() && foreign.version != Some((1, 0)) {
                continue; // the version is what is wrong
            }
            for no_deleter in [false, true] {
                let foreign = Foreign { version, no_deleter, ..foreign.clone() };
                let e = error(&foreign);
                assert!(matches!(e, Error::DLPack(_)), "{e:?}");
                assert!(e.to_string().contains(part), "{part:?} is missing in {e}");
            }
        }
    }
}

#[test]
fn types_that_arrays_do_not_have() {
    let cases = [
        (DLDataTypeCode::INT, 4, "kDLInt (0) with 4 bits"),
        (DLDataTypeCode::UINT, 128, "128 bits"),
        (DLDataTypeCode::FLOAT, 8, "8 bits"),
        (DLDataTypeCode::FLOAT, 128, "128 bits"),
        (DLDataTypeCode::BFLOAT, 32, "32 bits"),
        (DLDataTypeCode::COMPLEX, 32, "32 bits"),
        (DLDataTypeCode::BOOL, 1, "1 bits"),
        (DLDataTypeCode::OPAQUE_HANDLE, 64, "kDLOpaqueHandle"),
        (DLDataTypeCode::FLOAT8_E4M3FN, 8, "kDLFloat8_e4m3fn"),
        (DLDataTypeCode::FLOAT4_E2M1FN, 4, "kDLFloat4_e2m1fn"),
    ];
    for (code, bits, part) in cases {
        let e = error(&of_type(code, bits, 1));
        assert!(matches!(&e, Error::Unsupported(_)) && e.text().contains(part), "{e:?}");
    }
    let e = error(&Foreign::new(&[1], &[1; 65]));
    assert!(matches!(&e, Error::Unsupported(_)) && e.text().contains("65 dimensions"), "{e:?}");
    let e = error(&Foreign { ndim: Some(i32::MAX), ..good() });
    assert!(matches!(&e, Error::Unsupported(_)), "{e:?}");
    // the most there can be
    let Produced { tensor, .. } = Foreign::new(&[1], &[1; 64]).produce();
    assert_eq!(Cpu::new().from_dlpack(tensor.unwrap(), ()).unwrap().ndim(), 64);
}

#[test]
fn the_good_one_is_good() {
    assert_eq!(INT32, good().dtype);
    let Produced { tensor, .. } = good().produce();
    let x = Cpu::new().from_dlpack(tensor.unwrap(), ()).unwrap();
    assert_eq!(x.to_vec::<i32>().unwrap(), [1, 2, 3, 4]);
}
