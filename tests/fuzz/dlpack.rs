//! DLPack: tensors with any descriptor, against one that is read byte by byte.

use arrayspace::dlpack::{DLDataType, DLDataTypeCode, DLDevice, DLDeviceType};
use arrayspace::options::{FromDLPack, ToDLPack};
use arrayspace::prelude::*;

use super::bytes::Bytes;
use super::elsewhere::Elsewhere;
use super::foreign::{Foreign, Produced};
use super::values::bytes;

/// Codes, bits and the dtype that they are.
const TYPES: [(u8, u8, DType); 15] = [
    (6, 8, DType::Bool),
    (0, 8, DType::Int8),
    (0, 16, DType::Int16),
    (0, 32, DType::Int32),
    (0, 64, DType::Int64),
    (1, 8, DType::UInt8),
    (1, 16, DType::UInt16),
    (1, 32, DType::UInt32),
    (1, 64, DType::UInt64),
    (2, 16, DType::Float16),
    (4, 16, DType::BFloat16),
    (2, 32, DType::Float32),
    (2, 64, DType::Float64),
    (5, 64, DType::Complex64),
    (5, 128, DType::Complex128),
];

/// More elements are not looked at one by one.
const MANY: i128 = 1 << 12;

/// Imports a tensor that the bytes describe, writes to it, and exports it again.
///
/// # Panics
/// If it is not what the descriptor says, if a wrong descriptor is no error, or if the tensor is not freed
/// once.
pub fn dlpack(data: &[u8]) {
    let mut b = Bytes::new(data);
    let foreign = foreign(&mut b);
    let copy = *b.pick(&[None, Some(false), Some(true)]);
    let export = ToDLPack::new()
        .copy(*b.pick(&[None, Some(false), Some(true)]))
        .max_version(*b.pick(&[None, Some((0, 8)), Some((1, 0)), Some((1, 1)), Some((7, 7))]));
    let expected = expected(&foreign);
    if let Expected::Elsewhere = expected {
        return;
    }
    // written by its only owner alone
    let owned = foreign.version.is_some() && foreign.flags & 3 == 2;
    let freed_once = usize::from(!foreign.no_deleter);

    let Produced { tensor, freed, leaked, .. } = foreign.clone().produce();
    let options = FromDLPack::new().copy(copy);
    let imported = tensor.and_then(|tensor| Cpu::new().from_dlpack(tensor, options));
    match (expected, imported) {
        (Expected::Wrong, Err(e)) => {
            assert!(matches!(e, Error::DLPack(_) | Error::Unsupported(_)), "{e}");
        }
        (Expected::Elements(e), Ok(mut x)) => {
            let shape: Vec<i64> = x.shape().iter().map(|&n| n as i64).collect();
            assert_eq!((&shape, x.dtype()), (&e.shape, e.dtype));
            if copy == Some(false) && x.size() > 0 {
                assert!(!e.must_copy && freed.count() == 0);
            }
            if let Some(bytes_of) = &e.bytes {
                assert_eq!(&bytes(&x), bytes_of, "{foreign:?}");
            }
            again(&x, export);
            if x.size() > 0 {
                let first = vec![0i64; x.ndim()];
                let index = arrayspace::Index::from_items(first.into_iter().map(Into::into));
                let kept = x.clone();
                if e.bytes.is_some() {
                    x.set(&index, one(e.dtype)).unwrap();
                    assert_eq!(Some(bytes(&kept)), e.bytes);
                    drop(kept);
                    let freed_before = freed.count();
                    x.set(&index, one(e.dtype)).unwrap();
                    assert!(freed.count() == freed_before);
                }
            }
        }
        (Expected::Elements(e), Err(error)) => {
            assert!(
                copy == Some(false) && e.must_copy && matches!(error, Error::DLPack(_)),
                "{error}"
            );
        }
        (Expected::Wrong, Ok(x)) => panic!("{foreign:?} gives {x:?}"),
        (Expected::Elsewhere, _) => unreachable!(),
    }
    assert_eq!(freed.count(), freed_once, "{foreign:?}");
    drop(leaked);

    // in place, if nobody else has it
    let Produced { tensor, freed, leaked, .. } = foreign.clone().produce();
    if let Ok(Ok(mut x)) = tensor.map(|tensor| Cpu::new().from_dlpack(tensor, ()))
        && (1..=MANY as usize).contains(&x.size())
    {
        let index = arrayspace::Index::from_items((0..x.ndim()).map(|_| (-1i64).into()));
        x.set(&index, one(x.dtype())).unwrap();
        assert!(owned || foreign.no_deleter || freed.count() == 1, "{foreign:?}");
        let last = x.get(&index).unwrap();
        assert!(bytes(&last).iter().any(|&byte| byte != 0));
    }
    assert_eq!(freed.count(), freed_once);
    drop(leaked);

    // into memory that is not the host's
    let Produced { tensor, freed, leaked, .. } = foreign.clone().produce();
    if let Ok(Ok(x)) = tensor.map(|tensor| Elsewhere.from_dlpack(tensor, ()))
        && let Expected::Elements(e) = self::expected(&foreign)
        && let Some(bytes_of) = e.bytes
    {
        assert_eq!(freed.count(), freed_once);
        assert_eq!(bytes(&x), bytes_of, "{foreign:?}");
        again(&x, ToDLPack::new().dl_device(DLDevice::CPU));
    }
    assert_eq!(freed.count(), freed_once);
    drop(leaked);
}

/// A value that is not 0, in any dtype.
fn one(dtype: DType) -> Scalar {
    if dtype == DType::Bool { Scalar::Bool(true) } else { Scalar::Int(1) }
}

/// An array that goes out comes in as it was.
fn again<N: Namespace>(x: &Array<N>, export: ToDLPack) {
    if x.size() as i128 > MANY {
        return;
    }
    let tensor = x.to_dlpack(export).unwrap();
    let y = Cpu::new().from_dlpack(tensor, ()).unwrap();
    assert_eq!((y.dtype(), y.shape(), bytes(&y)), (x.dtype(), x.shape(), bytes(x)));
}

/// A tensor, mostly a good one.
fn foreign(b: &mut Bytes<'_>) -> Foreign {
    let (code, bits, _) = *b.pick(&TYPES);
    let mut f = Foreign::new(&[], &[]);
    f.dtype = DLDataType { code: DLDataTypeCode(code), bits, lanes: 1 };
    let (seed, mask) = (b.word() | 1, *b.pick(&[u64::MAX, 0x0101_0101_0101_0101]));
    f.words =
        (1..=b.below(40) as u64).map(|k| k.wrapping_mul(seed).rotate_left(23) & mask).collect();
    let small = |b: &mut Bytes<'_>| i64::from(b.byte() as i8) % 7;
    let mut shape: Vec<i64> = b.shape(4, 4).iter().map(|&n| n as i64).collect();
    let mut strides: Option<Vec<i64>> = b.flag().then(|| shape.iter().map(|_| small(b)).collect());
    f.byte_offset = u64::from(b.byte() % 128);
    f.version = *b.pick(&[None, Some((1, 0)), Some((1, 1)), Some((1, u32::MAX))]);
    f.flags = u64::from(b.byte() % 8);
    f.no_deleter = b.below(16) == 15;
    // now and then something is odd
    for _ in 0..b.below(4) {
        match b.below(24) {
            0 => f.dtype.code = DLDataTypeCode(b.byte()),
            1 => f.dtype.bits = b.byte(),
            2 => f.dtype.lanes = u16::from(b.byte()),
            3 => f.device = DLDevice::new(DLDeviceType(b.integer() as i32), b.integer() as i32),
            4 => {
                f.device = DLDevice::new(*b.pick(&[DLDeviceType::CUDA_HOST, DLDeviceType::CPU]), 1)
            }
            5 => f.byte_offset = b.integer() as u64,
            6 | 7 if !shape.is_empty() => {
                let k = b.below(shape.len());
                shape[k] = b.integer();
            }
            8..=10 => {
                let strides = strides.get_or_insert_with(|| vec![1; shape.len()]);
                if !strides.is_empty() {
                    let k = b.below(strides.len());
                    strides[k] = b.integer();
                }
            }
            11 => f.no_data = true,
            12 => f.version = Some((b.byte().into(), 0)),
            // (never more than there are lengths)
            13 => f.ndim = Some(*b.pick(&[-1, i32::MIN, 65, i32::MAX, 0])),
            14 => {
                shape = vec![1; 63 + b.below(4)];
                strides = None;
            }
            _ => {}
        }
    }
    f.shape = Some(shape);
    f.strides = strides;
    if b.below(64) == 63 {
        (f.ndim, f.shape) = (Some(f.shape.map_or(0, |s| s.len() as i32)), None);
    }
    f
}

/// What has to become of a tensor.
enum Expected {
    Wrong,
    Elements(Elements),
    /// It claims memory that is not its own, and nobody can tell.
    Elsewhere,
}

struct Elements {
    dtype: DType,
    shape: Vec<i64>,
    /// If they are not too many.
    bytes: Option<Vec<u8>>,
    /// Not aligned, or bytes of bool that are none.
    must_copy: bool,
}

fn expected(f: &Foreign) -> Expected {
    let wrong_version = f.version.is_some_and(|(major, _)| major != 1);
    let len = f.shape.as_ref().map_or(0, Vec::len);
    let ndim = f.ndim.map_or(len as i64, i64::from);
    if wrong_version || !(0..=64).contains(&ndim) || (f.shape.is_none() && ndim > 0) {
        return Expected::Wrong;
    }
    let shape = f.shape.as_deref().unwrap_or(&[])[..ndim as usize].to_vec();
    let found =
        TYPES.iter().find(|t| (t.0, t.1, 1) == (f.dtype.code.0, f.dtype.bits, f.dtype.lanes));
    let host = [1, 3, 11].contains(&f.device.device_type.0);
    let (Some(&(_, bits, dtype)), true, true) = (found, host, shape.iter().all(|&n| n >= 0)) else {
        return Expected::Wrong;
    };
    let width = i128::from(bits) / 8;
    let zero = shape.contains(&0);
    let count = shape.iter().try_fold(1i128, |n, &len| {
        n.checked_mul(len.into()).filter(|&n| n <= i128::from(i64::MAX))
    });
    let Some(count) = (if zero { Some(0) } else { count }) else { return Expected::Wrong };
    if count == 0 {
        return Expected::Elements(Elements {
            dtype,
            shape,
            bytes: Some(vec![]),
            must_copy: false,
        });
    }
    if f.no_data {
        return Expected::Wrong;
    }
    let strides: Vec<i128> = match &f.strides {
        Some(strides) => strides[..ndim as usize].iter().map(|&n| n.into()).collect(),
        None => (0..shape.len())
            .map(|k| shape[k + 1..].iter().map(|&n| i128::from(n)).product())
            .collect(),
    };
    // half of i128 is more than the sum of these can be
    let reach = |negative: bool| -> i128 {
        let along = |(&n, &s): (&i64, &i128)| (i128::from(n) - 1) * s;
        shape.iter().zip(&strides).map(along).filter(|r| (*r < 0) == negative).sum()
    };
    let (low, high) = (reach(true), reach(false) + 1);
    let offset = i128::from(f.byte_offset);
    let (Some(low), Some(high)) = (low.checked_mul(width), high.checked_mul(width)) else {
        return Expected::Wrong;
    };
    let block: Vec<u8> = f.words.iter().flat_map(|w| w.to_ne_bytes()).collect();
    if offset + low < 0 || offset + high > block.len() as i128 {
        // beyond the end of what can be addressed, wherever the memory is
        let far = high - low > i128::from(i64::MAX) || offset + high > i128::from(u64::MAX);
        return if far || offset + low < -i128::from(i64::MAX) {
            Expected::Wrong
        } else {
            Expected::Elsewhere
        };
    }
    let of_bool = |bytes: &[u8]| dtype == DType::Bool && bytes.iter().any(|&b| b > 1);
    let must_copy = offset % dtype.alignment() as i128 != 0
        || of_bool(&block[(offset + low) as usize..(offset + high) as usize]);
    let mut bytes = (count <= MANY).then(Vec::new);
    if let Some(bytes) = &mut bytes {
        for k in 0..count {
            let (mut rest, mut place) = (k, 0);
            for (&n, stride) in shape.iter().zip(&strides).rev() {
                place += rest % i128::from(n) * stride;
                rest /= i128::from(n);
            }
            let first = (offset + place * width) as usize;
            let element = &block[first..first + width as usize];
            if dtype == DType::Bool {
                bytes.push(u8::from(element[0] != 0));
            } else {
                bytes.extend_from_slice(element);
            }
        }
    }
    Expected::Elements(Elements { dtype, shape, bytes, must_copy })
}
