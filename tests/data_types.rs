//! The functions about dtypes, and what the namespace says of itself.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::core::OpClass;
use arrayspace::options::AsType;
use arrayspace::prelude::*;
use arrayspace::{Complex, DTypeKind, DeviceKind, Kind, Kinds, Promoted, PromotedList, bf16, f16};
use common::assert_text;
use common::values::*;

fn astype_converts_every_pair<B: Namespace>(xp: &B) -> Result<()> {
    for from in DType::ALL {
        let values: Vec<Scalar> = samples(from).into_iter().map(|v| rounded(v, from)).collect();
        let x = array(xp, from, &[values.len()], &values);
        for to in DType::ALL {
            let result = xp.astype(&x, to, ());
            if from.is_complex() && !to.is_complex() && to != DType::Bool {
                assert!(matches!(result, Err(Error::DType(_))));
                assert_text(result, &["astype: ", from.name(), to.name(), "real(x)"]);
                continue;
            }
            let y = result?;
            assert_eq!((y.dtype(), y.shape()), (to, x.shape()));
            for (value, got) in values.iter().zip(scalars(&y)) {
                let expected = cast(*value, to);
                assert!(same(got, expected), "{value} from {from} to {to}: {got}, not {expected}");
            }
            assert_same(&xp.astype(x.clone(), to, ())?, &y);
        }
    }
    Ok(())
}

fn astype_copies_unless_told<B: Namespace>(xp: &B) -> Result<()> {
    if xp.asarray([1.0], ())?.as_slice::<f64>().is_none() {
        return Ok(()); // addresses are of memory that the host sees
    }
    let x = xp.asarray([1.0, 2.0], ())?;
    let address = |x: &Array<B>| x.as_slice::<f64>().unwrap().as_ptr();
    assert_ne!(address(&xp.astype(&x, DType::Float64, ())?), address(&x));
    assert_eq!(address(&xp.astype(&x, DType::Float64, false)?), address(&x));
    let same = AsType::new().device(x.device()).copy(false);
    assert_eq!(address(&xp.astype(&x, DType::Float64, same)?), address(&x));
    let nowhere = Device::new(DeviceKind::Gpu, 77);
    assert_text(xp.astype(&x, DType::Float32, nowhere), &["astype: ", "gpu:77"]);
    let t = xp.asarray([[1, 2], [3, 4]], ())?.T()?;
    let copy = xp.astype(&t, DType::Int32, ())?;
    assert!(copy.is_contiguous());
    assert_eq!(copy.to_vec::<i32>()?, [1, 3, 2, 4]);
    Ok(())
}

fn promotions_are_the_standards<B: Namespace>(xp: &B) -> Result<()> {
    for a in DType::ALL {
        for b in DType::ALL {
            let expected = promoted(a, b);
            let result = xp.result_type((a, b));
            assert_eq!(result.clone().ok(), expected, "{a} {b}");
            if expected.is_none() {
                assert!(matches!(result, Err(Error::Promotion(_))));
                assert_text(result, &["result_type: ", a.name(), b.name(), "astype"]);
            }
            assert_eq!(xp.can_cast(a, b)?, expected == Some(b), "{a} {b}");
            let x = xp.zeros((), a)?;
            assert_eq!(xp.can_cast(&x, b)?, expected == Some(b), "{a} {b}");
        }
    }
    Ok(())
}

/// Every order of the items.
fn orders(items: &[Promoted]) -> Vec<Vec<Promoted>> {
    if items.is_empty() {
        return vec![vec![]];
    }
    let mut out = vec![];
    for k in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(k);
        for mut order in orders(&rest) {
            order.insert(0, first);
            out.push(order);
        }
    }
    out
}

fn result_type_does_not_depend_on_order<B: Namespace>(xp: &B) -> Result<()> {
    use DType::*;
    let x = xp.ones(2, Float32)?;
    let cases: [(PromotedList, Option<DType>); 12] = [
        ((Float16, BFloat16, Float32).into(), Some(Float32)),
        ((Float16, BFloat16, Complex64, Float64).into(), Some(Complex128)),
        ((Float16, BFloat16).into(), None),
        ((Int8, UInt8, UInt16).into(), Some(Int32)),
        ((Int8, UInt8, UInt64).into(), None),
        ((1, Int8, 300).into(), Some(Int8)),
        ((&x, 1, 2.5).into(), Some(Float32)),
        ((&x, 2.5, Complex::new(0.0, 1.0), 1).into(), Some(Complex64)),
        ((&x, Float64, Complex::new(0.0, 1.0)).into(), Some(Complex128)),
        ((Int8, 2.5).into(), None),
        ((Bool, true).into(), Some(Bool)),
        ((Bool, 1).into(), None),
    ];
    for (list, expected) in cases {
        for order in orders(list.items()) {
            assert_eq!(xp.result_type(order.clone()).ok(), expected, "{order:?}");
        }
    }
    assert_eq!(xp.result_type([Int8, UInt8])?, Int16);
    assert_eq!(xp.result_type(&[&x, &x][..])?, Float32);
    assert_eq!(xp.result_type((&x,))?, Float32);
    assert_text(xp.result_type((1, 2.0)), &["result_type: ", "one array or dtype", "2 arguments"]);
    assert_text(xp.result_type(Vec::<DType>::new()), &["result_type: ", "0 arguments"]);
    assert_text(xp.result_type((Int32, 0.5)), &["float scalar 0.5", "int32", "astype"]);
    Ok(())
}

fn limits_are_the_machines<B: Namespace>(xp: &B) -> Result<()> {
    macro_rules! floats {
        ($($d:ident $t:ty, $bits:literal, $value:expr;)*) => { $(
            let info = xp.finfo(DType::$d)?;
            let value: fn($t) -> f64 = $value;
            assert_eq!(info.bits, $bits);
            assert_eq!(info.eps, value(<$t>::EPSILON));
            assert_eq!(info.max, value(<$t>::MAX));
            assert_eq!(info.min, value(<$t>::MIN));
            assert_eq!(info.smallest_normal, value(<$t>::MIN_POSITIVE));
            assert_eq!(info.dtype, DType::$d);
            assert_eq!(xp.finfo(&xp.ones(3, DType::$d)?)?, info);
        )* };
    }
    floats! {
        Float16 f16, 16, f16::to_f64;
        BFloat16 bf16, 16, bf16::to_f64;
        Float32 f32, 32, f64::from;
        Float64 f64, 64, f64::from;
    }
    assert_eq!(xp.finfo(DType::Complex64)?, xp.finfo(DType::Float32)?);
    assert_eq!(xp.finfo(DType::Complex128)?, xp.finfo(DType::Float64)?);
    macro_rules! integers {
        ($($d:ident $t:ty;)*) => { $(
            let info = xp.iinfo(DType::$d)?;
            assert_eq!((info.min, info.max), (<$t>::MIN.into(), <$t>::MAX.into()));
            assert_eq!((info.bits, info.dtype), (<$t>::BITS, DType::$d));
            assert_eq!(xp.iinfo(&xp.ones(3, DType::$d)?)?, info);
        )* };
    }
    integers! {
        Int8 i8; Int16 i16; Int32 i32; Int64 i64; UInt8 u8; UInt16 u16; UInt32 u32; UInt64 u64;
    }
    for dtype in DType::ALL {
        assert_eq!(xp.finfo(dtype).is_ok(), dtype.is_floating(), "{dtype}");
        assert_eq!(xp.iinfo(dtype).is_ok(), dtype.is_integer(), "{dtype}");
    }
    assert_text(xp.finfo(DType::Int8), &["finfo: ", "int8", "floating-point"]);
    assert_text(xp.iinfo(DType::Bool), &["iinfo: ", "bool", "integer"]);
    Ok(())
}

fn kinds_are_unions<B: Namespace>(xp: &B) {
    use DTypeKind::*;
    let members = |kind: DTypeKind| {
        DType::ALL.into_iter().filter(|&d| xp.isdtype(d, kind)).map(DType::name).collect::<Vec<_>>()
    };
    assert_eq!(members(Bool), ["bool"]);
    assert_eq!(members(SignedInteger), ["int8", "int16", "int32", "int64"]);
    assert_eq!(members(UnsignedInteger), ["uint8", "uint16", "uint32", "uint64"]);
    assert_eq!(members(Integral).len(), 8);
    assert_eq!(members(RealFloating), ["float16", "bfloat16", "float32", "float64"]);
    assert_eq!(members(ComplexFloating), ["complex64", "complex128"]);
    assert_eq!(members(Numeric).len(), 14);
    assert!(xp.isdtype(DType::Int8, DType::Int8));
    assert!(!xp.isdtype(DType::Int8, DType::UInt8));
    assert!(xp.isdtype(DType::Int8, (DType::UInt8, SignedInteger)));
    assert!(xp.isdtype(DType::Int8, [Bool, Integral]));
    assert!(!xp.isdtype(DType::Int8, vec![Bool, RealFloating]));
    assert!(xp.isdtype(DType::Int8, &[Kind::from(Integral), Kind::from(DType::Bool)][..]));
    assert!(!xp.isdtype(DType::Int8, Vec::<DType>::new()));
}

fn the_namespace_describes_itself<B: Namespace>(xp: &B) -> Result<()> {
    let info = xp.__array_namespace_info__();
    let device = info.default_device();
    assert!(info.devices().contains(&device));
    let what = info.capabilities();
    assert!(what.boolean_indexing && what.data_dependent_shapes);
    assert_eq!(what.max_dimensions, 64);

    let defaults = info.default_dtypes(None)?;
    assert_eq!(info.default_dtypes(device)?, defaults);
    assert_eq!(xp.zeros((), ())?.dtype(), defaults.real_floating);
    assert_eq!(xp.full((), Complex::new(0.0, 1.0), ())?.dtype(), defaults.complex_floating);
    assert_eq!(xp.arange(3, None, None, ())?.dtype(), defaults.integral);

    let there = B::capabilities(xp, device).unwrap();
    let all = info.dtypes(None, None)?;
    for dtype in DType::ALL {
        let listed = there.dtypes(OpClass::Map).contains(dtype) && !dtype.is_half();
        assert_eq!(all.contains(&dtype), listed, "{dtype}");
    }
    let union = info.dtypes(device, (DTypeKind::Bool, DTypeKind::ComplexFloating))?;
    assert!(
        union.iter().all(|d| *d == DType::Bool || d.is_complex()) && union.contains(&DType::Bool)
    );
    assert_eq!(info.dtypes(None, Kinds::from(DTypeKind::Numeric))?.len(), all.len() - 1);
    let nowhere = Device::new(DeviceKind::Gpu, 77);
    assert_text(info.default_dtypes(nowhere), &["default_dtypes: ", "gpu:77"]);
    assert_text(info.dtypes(nowhere, None), &["dtypes: ", "gpu:77"]);
    Ok(())
}

fn what_has_no_common_dtype_is_told_the_remedy<B: Namespace>(xp: &B) {
    use DType::*;
    for (a, b, remedy) in [
        (Bool, Int8, "convert the bool array with astype(x, DType::Int8)"),
        (Bool, Float32, "convert the bool array with astype(x, DType::Float32)"),
        (Float16, BFloat16, "convert both with astype(x, DType::Float32)"),
        (Int16, Float32, "convert the int16 array with astype(x, DType::Float32)"),
        (
            Int32,
            Float32,
            "with astype(x, DType::Float32), exact for integers up to 2^24, or with DType::Float64",
        ),
        (Int64, Float64, "with astype(x, DType::Float64), exact for integers up to 2^53"),
        (UInt8, BFloat16, "with astype(x, DType::BFloat16)"),
        (Int16, Float16, "2^11, or with DType::Float32"),
        (Complex64, Int8, "convert the int8 array with astype(x, DType::Float32)"),
        (UInt64, Int8, "both with astype(x, DType::Float64), exact for integers up to 2^53"),
        (
            UInt64,
            Int64,
            "above 2^63 - 1 (check it with max), that array with astype(x, DType::Int64)",
        ),
    ] {
        for pair in [(a, b), (b, a)] {
            assert_text(xp.result_type(pair), &[pair.0.name(), pair.1.name(), remedy]);
        }
    }
    // every conversion that is advised leads to a common dtype, and keeps the values unless it says which
    for (a, b) in DType::ALL.into_iter().flat_map(|a| DType::ALL.map(|b| (a, b))) {
        let Err(error) = xp.result_type((a, b)) else { continue };
        let text = error.to_string();
        let remedy = text.split_once("); ").expect("a remedy").1;
        let advised: Vec<DType> = (remedy.split("DType::").skip(1))
            .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap())
            .map(|name| DType::from_name(&name.to_lowercase()).unwrap())
            .collect();
        assert!(!advised.is_empty(), "{text}");
        for &to in &advised {
            let meet = [(to, b), (a, to), (to, to)];
            assert!(meet.iter().any(|&pair| xp.result_type(pair).is_ok()), "{to}: {text}");
        }
        let integer = if a.is_integer() { a } else { b };
        if integer.is_integer() && (a.is_floating() || b.is_floating()) {
            let most = Scalar::int_range(integer).1;
            let first = xp.astype(xp.full((), most, integer).unwrap(), advised[0], ());
            let Ok(first) = first else { continue }; // of a dtype that the device lacks
            let kept = first.item_scalar().unwrap().to_float() == most as f64 && most < 1 << 53;
            assert!(kept || remedy.contains("exact for integers up to"), "{text}");
        }
    }
}

fn check<B: Namespace>(xp: &B) -> Result<()> {
    what_has_no_common_dtype_is_told_the_remedy(xp);
    astype_converts_every_pair(xp)?;
    astype_copies_unless_told(xp)?;
    promotions_are_the_standards(xp)?;
    result_type_does_not_depend_on_order(xp)?;
    limits_are_the_machines(xp)?;
    kinds_are_unions(xp);
    the_namespace_describes_itself(xp)
}

#[test]
fn data_types() -> Result<()> {
    on_each_backend!(xp => check(xp)?);
    Ok(())
}
