//! The functions that make arrays, and the way of values into arrays and out of them.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::core::OpClass;
use arrayspace::options::{AsArray, Eye, Indexing, Linspace, Triangle};
use arrayspace::prelude::*;
use arrayspace::{ArrayLike, Complex, DeviceKind, Element, bf16, f16, with_element};
use common::assert_text;
use common::values::*;
use proptest::prelude::*;

fn asarray_takes_scalars<B: Namespace>(xp: &B) -> Result<()> {
    macro_rules! check {
        ($($value:expr => $dtype:ident, $t:ty;)*) => { $(
            let x = xp.asarray($value, ())?;
            assert_eq!((x.dtype(), x.ndim(), x.size()), (DType::$dtype, 0, 1));
            assert_eq!(x.item::<$t>()?, $value as $t);
            assert_eq!(x.to_vec::<$t>()?, [$value as $t]);
        )* };
    }
    check! {
        true => Bool, bool;
        -8_i8 => Int8, i8;
        i16::MIN => Int16, i16;
        7 => Int32, i32;
        i64::MIN => Int64, i64;
        -5_isize => Int64, i64;
        255_u8 => UInt8, u8;
        9_u16 => UInt16, u16;
        u32::MAX => UInt32, u32;
        u64::MAX => UInt64, u64;
        3_usize => Int64, i64;
        f16::from_f32(1.5) => Float16, f16;
        bf16::from_f32(1.5) => BFloat16, bf16;
        0.1_f32 => Float32, f32;
        0.1 => Float64, f64;
        Complex::new(1.0_f32, -2.0) => Complex64, Complex<f32>;
        Complex::new(1.0, -2.0) => Complex128, Complex<f64>;
    }
    Ok(())
}

/// A length or an index becomes what `arange` makes, so that they combine; and none wraps around.
fn usize_becomes_int64<B: Namespace>(xp: &B) -> Result<()> {
    let most = i64::MAX as usize;
    let rows = [[0, 1], [most, 2]];
    let vectors = rows.map(Vec::from).to_vec();
    for x in [
        xp.asarray(rows, ())?,
        xp.asarray(&rows[..], ())?,
        xp.asarray(rows.to_vec(), ())?,
        xp.asarray(vectors.clone(), ())?,
        xp.asarray(&vectors, ())?,
        xp.asarray([&rows[0][..], &rows[1]], ())?,
    ] {
        assert_eq!((x.dtype(), x.shape()), (DType::Int64, &[2, 2][..]));
        assert_eq!(x.to_vec::<i64>()?, [0, 1, i64::MAX, 2]);
    }
    let sum = xp.asarray(vec![1_usize, 3], ())? + xp.arange(2, None, None, ())?;
    assert_eq!(sum.to_vec::<i64>()?, [1, 4]);
    // beyond it, wherever it is
    for beyond in [most + 1, usize::MAX] {
        for at in [0, 1, 7, 64, 99] {
            let mut v = vec![5; 100];
            v[at] = beyond;
            let nested = vec![vec![1], vec![beyond]];
            let text = beyond.to_string();
            assert_text(xp.asarray(&v[..], ()), &["usize", &text, "int64", "u64"]);
            assert!(matches!(xp.asarray(v, DType::Float64), Err(Error::Value(_))));
            assert_text(xp.asarray(nested, ()), &["usize", &text]);
        }
        assert_text(xp.asarray(beyond, ()), &["usize", "int64"]);
    }
    // a vector is taken over as it is
    let v = vec![1_usize, 2, 3];
    let block = v.as_ptr().addr();
    let x = xp.asarray(v, ())?;
    if let Some(elements) = x.as_slice::<i64>() {
        assert_eq!((elements.as_ptr().addr(), elements), (block, &[1, 2, 3][..]));
    }
    Ok(())
}

fn asarray_takes_nested_data<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    assert_eq!((x.shape(), x.dtype()), (&[2, 3][..], DType::Int32));
    assert_eq!(x.to_vec::<i32>()?, [1, 2, 3, 4, 5, 6]);
    let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]];
    let grid = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    for x in [
        xp.asarray(rows.clone(), ())?,
        xp.asarray(&rows, ())?,
        xp.asarray(&rows[..], ())?,
        xp.asarray([&rows[0][..], &rows[1], &rows[2]], ())?,
        xp.asarray(vec![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], ())?,
        xp.asarray([&grid[0], &grid[1], &grid[2]], ())?,
        xp.asarray(grid, ())?,
        xp.asarray([vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]], ())?,
    ] {
        assert_eq!(x.shape(), [3, 2]);
        assert_eq!(x.to_vec::<f64>()?, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
    let deep = xp.asarray([[[[true; 2]; 1]; 3]; 4], ())?;
    assert_eq!((deep.shape(), deep.size()), (&[4, 3, 1, 2][..], 24));
    assert_eq!(deep.to_vec::<bool>()?, [true; 24]);
    assert_eq!(xp.asarray(vec![vec![[1, 2]; 3]; 4], ())?.shape(), [4, 3, 2]);
    Ok(())
}

fn asarray_takes_empty_data<B: Namespace>(xp: &B) -> Result<()> {
    assert_eq!(xp.asarray([0.0; 0], ())?.shape(), [0]);
    assert_eq!(xp.asarray(Vec::<u8>::new(), ())?.shape(), [0]);
    assert_eq!(xp.asarray([[0; 3]; 0], ())?.shape(), [0, 3]);
    assert_eq!(xp.asarray([[0; 0]; 3], ())?.shape(), [3, 0]);
    // lengths that an isize counts, with elements or without
    let most = isize::MAX as usize;
    assert_eq!(xp.asarray(vec![[0.0; 0]; most], ())?.shape(), [most, 0]);
    assert_eq!(xp.asarray(vec![[[0.0; 0]; 5]; most], ())?.shape(), [most, 5, 0]);
    assert_text(xp.asarray(vec![[0.0; 0]; most + 1], ()), &["asarray: ", "smaller shape"]);
    assert_text(xp.asarray(vec![[0.0; 0]; usize::MAX], ()), &["asarray: ", "smaller shape"]);
    assert_eq!(xp.asarray(Vec::<Vec<i64>>::new(), ())?.shape(), [0, 0]);
    assert_eq!(xp.asarray(vec![Vec::<[i64; 2]>::new(); 4], ())?.shape(), [4, 0, 2]);
    assert_eq!(xp.asarray(Vec::<u8>::new(), ())?.to_vec::<u8>()?, []);
    Ok(())
}

fn asarray_names_the_ragged_row<B: Namespace>(xp: &B) {
    assert_text(
        xp.asarray(vec![vec![1, 2], vec![3]], ()),
        &["asarray: ", "ragged", "row [1] has 1 element,", "2 are expected"],
    );
    let cube = vec![vec![vec![0.0; 2]; 3], vec![vec![0.0; 2], vec![0.0; 2], vec![0.0; 7]]];
    assert_text(xp.asarray(cube, ()), &["row [1, 2] has 7 elements", "2 are expected"]);
    assert_text(
        xp.asarray(vec![vec![[0; 2]; 3], vec![[0; 2]; 4]], ()),
        &["row [1] has 4 elements", "3 are expected"],
    );
    assert!(matches!(xp.asarray([vec![1], vec![]], ()), Err(Error::Shape(_))));
}

fn asarray_shares_or_copies<B: Namespace>(xp: &B) -> Result<()> {
    if xp.asarray([1.0], ())?.as_slice::<f64>().is_none() {
        return Ok(()); // addresses are of memory that the host sees
    }
    let address = |x: &Array<B>| x.as_slice::<f64>().map(<[f64]>::as_ptr);
    let data = vec![1.0, 2.0, 3.0];
    let ptr = data.as_ptr();
    let x = xp.asarray(data, AsArray::new().copy(false))?;
    assert_eq!(address(&x), Some(ptr));
    assert_ne!(address(&xp.asarray(vec![1.0], true)?), None);
    let grid = vec![[1.0, 2.0]; 5];
    let ptr = grid.as_ptr().cast();
    assert_eq!(address(&xp.asarray(grid, ())?), Some(ptr));

    assert_eq!(address(&xp.asarray(&x, ())?), address(&x));
    assert_eq!(address(&xp.asarray(&x, false)?), address(&x));
    assert_eq!(address(&xp.asarray(x.clone(), ())?), address(&x));

    let never = AsArray::new().copy(false);
    assert_text(
        xp.asarray([1.0, 2.0], never.clone()),
        &["asarray: ", "copy is false", "leave copy"],
    );
    assert_text(xp.asarray(&x, never.clone().dtype(DType::Float32)), &["copy is false"]);
    assert_text(xp.asarray(vec![1.0], never.clone().dtype(DType::Float32)), &["copy is false"]);
    assert_text(xp.asarray(vec![vec![1.0]], never.clone()), &["copy is false"]);
    assert_text(xp.asarray(Scalar::Int(1), never), &["copy is false"]);
    Ok(())
}

fn values_come_out<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([1.5_f32, 2.5], ())?;
    assert_eq!(x.to_vec::<f32>()?, [1.5, 2.5]);
    assert_text(x.to_vec::<f64>(), &["to_vec: ", "float32", "f64 (float64)", "astype", "Float64"]);
    assert_text(x.item::<f32>(), &["item: ", "[2]", "has 2"]);
    assert_text(x.item_scalar(), &["one element"]);
    assert_text(xp.asarray([0; 0], ())?.item::<i32>(), &["has 0"]);
    assert_eq!(xp.asarray([[[3_u16]]], ())?.item::<u16>()?, 3);
    assert_text(xp.asarray(3_u16, ())?.item::<i16>(), &["uint16", "i16"]);
    assert_eq!(xp.asarray(u64::MAX, ())?.item_scalar()?, Scalar::Int(u64::MAX.into()));
    assert_eq!(xp.asarray(true, ())?.item_scalar()?, Scalar::Bool(true));
    assert_eq!(xp.asarray([0.5_f32], ())?.item_scalar()?, Scalar::Float(0.5));

    if x.as_slice::<f32>().is_none() {
        return Ok(()); // the host does not see the memory
    }
    assert_eq!(x.as_slice::<f32>(), Some(&[1.5, 2.5][..]));
    assert_eq!(x.as_slice::<u32>(), None);
    assert_eq!(xp.asarray([true, false], ())?.as_slice(), Some(&[true, false][..]));
    assert_eq!(xp.asarray([[0_i8; 0]; 3], ())?.as_slice::<i8>(), Some(&[][..]));
    let square = xp.asarray([[1, 2], [3, 4]], ())?;
    assert_eq!(square.T()?.as_slice::<i32>(), None);
    Ok(())
}

fn arrays_convert_as_in_python<B: Namespace>(xp: &B) -> Result<()> {
    assert_eq!(Vec::<i32>::try_from(&xp.asarray([[1, 2], [3, 4]], ())?)?, [1, 2, 3, 4]);
    assert_eq!(Vec::<f64>::try_from(xp.asarray([0.5], ())?)?, [0.5]);

    for (x, truth) in [
        (xp.asarray(f64::NAN, ())?, true),
        (xp.asarray(f64::INFINITY, ())?, true),
        (xp.asarray(-0.0, ())?, false),
        (xp.asarray(Complex::new(0.0, 1.0), ())?, true),
        (xp.asarray(Complex::new(0.0_f32, -0.0), ())?, false),
        (xp.asarray(0_u8, ())?, false),
        (xp.asarray(-3, ())?, true),
        (xp.asarray(true, ())?, true),
    ] {
        assert_eq!(bool::try_from(&x)?, truth, "{x:?}");
    }

    assert_eq!(i64::try_from(&xp.asarray(-2.9, ())?)?, -2);
    assert_eq!(i64::try_from(&xp.asarray(-0.0, ())?)?, 0);
    assert_eq!(i64::try_from(&xp.asarray(true, ())?)?, 1);
    assert_eq!(u64::try_from(&xp.asarray(u64::MAX, ())?)?, u64::MAX);
    assert_eq!(i128::try_from(xp.asarray(2_f64.powi(100), ())?)?, 1 << 100);
    assert_text(i64::try_from(&xp.asarray(u64::MAX, ())?), &["18446744073709551615", "i64"]);
    assert_text(i8::try_from(&xp.asarray(128, ())?), &["128", "i8 (-128 to 127)"]);
    assert_text(u8::try_from(&xp.asarray(-1, ())?), &["-1", "u8 (0 to 255)"]);
    assert_text(i64::try_from(&xp.asarray(f32::NAN, ())?), &["float32", "NaN"]);
    assert_text(i64::try_from(&xp.asarray(f64::INFINITY, ())?), &["float64", "inf"]);
    assert_text(
        i64::try_from(&xp.asarray(Complex::new(1.0, 0.0), ())?),
        &["complex128", "real(x)"],
    );

    assert_eq!(usize::try_from(&xp.asarray(5_u8, ())?)?, 5);
    assert_text(usize::try_from(&xp.asarray(5.0, ())?), &["float64", "integer dtype"]);
    assert_text(isize::try_from(&xp.asarray(true, ())?), &["bool", "integer dtype"]);
    assert_text(usize::try_from(&xp.asarray(-5, ())?), &["-5", "usize"]);

    assert_eq!(f64::try_from(&xp.asarray(0.5_f32, ())?)?, 0.5);
    assert_eq!(f64::try_from(&xp.asarray(7_u8, ())?)?, 7.0);
    assert_eq!(f64::try_from(&xp.asarray(true, ())?)?, 1.0);
    assert_text(
        f64::try_from(&xp.asarray(Complex::new(1.0, 0.0), ())?),
        &["complex128", "real(x)"],
    );

    assert_eq!(Complex::try_from(&xp.asarray(true, ())?)?, Complex::new(1.0, 0.0));
    let nan = Complex::<f64>::try_from(&xp.asarray(f64::NAN, ())?)?;
    assert!(nan.re.is_nan() && nan.im.is_nan());
    let infinite = Complex::<f64>::try_from(&xp.asarray(f64::NEG_INFINITY, ())?)?;
    assert_eq!(infinite, Complex::new(f64::NEG_INFINITY, 0.0));

    assert_eq!(f32::try_from(xp.asarray(0.5_f32, ())?)?, 0.5);
    assert_eq!(f32::try_from(&xp.asarray(f16::from_f32(0.5), ())?)?, 0.5);
    assert_eq!(f32::try_from(&xp.asarray(-7_i16, ())?)?, -7.0);
    assert_text(f32::try_from(&xp.asarray(0.5, ())?), &["float64", "f32"]);

    let one = xp.asarray([1], ())?;
    assert_text(f32::try_from(&one), &["f32", "[1]", "0 dimensions"]);
    assert_text(bool::try_from(&one), &["bool", "[1]", "0 dimensions"]);
    assert_text(i64::try_from(&one), &["i64", "[1]"]);
    assert_text(f64::try_from(&one), &["f64", "[1]"]);
    assert_text(Complex::<f64>::try_from(one), &["Complex", "[1]"]);
    Ok(())
}

/// Values of a dtype that show whether another one holds all: the ends of its range, its last digit, its kind.
fn telling<T: Element>() -> Vec<Scalar> {
    let dtype = T::DTYPE;
    if dtype == DType::Bool {
        return vec![Scalar::Bool(false), Scalar::Bool(true)];
    }
    if dtype.is_integer() {
        let (min, max) = Scalar::int_range(dtype);
        return [min, min + 1, 0, 2, max - 1, max].map(Scalar::Int).to_vec();
    }
    let (max, tiny, fraction) = match dtype.real_component() {
        DType::Float16 => (65504.0, 2f64.powi(-24), 1.0 + 2f64.powi(-10)),
        DType::BFloat16 => (f32::MAX.into(), 2f64.powi(-133), 1.0 + 2f64.powi(-7)),
        DType::Float32 => (f32::MAX.into(), 2f64.powi(-149), 1.0 + 2f64.powi(-23)),
        _ => (f64::MAX, f64::from_bits(1), 1.0 + f64::EPSILON),
    };
    let max = T::from_scalar(Scalar::Float(max)).to_scalar().to_float();
    let parts = [0.5, -max, max, tiny, fraction, f64::INFINITY];
    if dtype.is_complex() {
        return parts.map(|re| Scalar::Complex(Complex::new(re, -fraction))).to_vec();
    }
    parts.map(Scalar::Float).to_vec()
}

/// Whether two values are the same number.
fn same_number(a: Scalar, b: Scalar) -> bool {
    match (a, b) {
        (Scalar::Complex(v), other) | (other, Scalar::Complex(v)) => match other {
            Scalar::Complex(w) => v == w,
            _ => v.im == 0.0 && same_number(Scalar::Float(v.re), other),
        },
        (Scalar::Float(v), other) | (other, Scalar::Float(v)) => match other {
            Scalar::Float(w) => v == w,
            // within i128 all floats without a fraction are integers of it
            _ => v.fract() == 0.0 && v.abs() < 2f64.powi(100) && v as i128 == other.to_int(),
        },
        _ => a.to_int() == b.to_int(),
    }
}

fn items_widen_and_never_narrow<B: Namespace>(xp: &B) -> Result<()> {
    fn check<B: Namespace, T: Element + ArrayLike<B>, U: Element>(xp: &B) -> Result<()> {
        let values = telling::<T>();
        let holds = values.iter().all(|&v| same_number(U::from_scalar(v).to_scalar(), v));
        for value in values {
            for x in [xp.asarray(T::from_scalar(value), ())?, xp.full((1, 1), value, T::DTYPE)?] {
                match x.item::<U>() {
                    Ok(got) => {
                        assert!(holds, "{} as {}", T::DTYPE, U::DTYPE);
                        assert!(same_number(got.to_scalar(), value), "{got:?} {value}");
                    }
                    Err(e) => {
                        assert!(!holds && matches!(e, Error::DType(_)), "{e}");
                        assert_text(Err::<(), _>(e), &["item: ", T::DTYPE.name(), U::DTYPE.name()]);
                    }
                }
            }
        }
        Ok(())
    }
    let stored = B::capabilities(xp, B::primary_device(xp)).unwrap().dtypes(OpClass::Storage);
    for from in stored.iter() {
        for to in DType::ALL {
            with_element!(from, T => with_element!(to, U => check::<B, T, U>(xp)))?;
        }
    }
    assert_text(xp.asarray([1, 2], ())?.item::<f64>(), &["item: ", "[2]", "get"]);
    assert_text(xp.zeros((0, 2), ())?.item::<f64>(), &["item: ", "[0, 2]"]);
    // of a view, wherever its element is
    let x = xp.asarray([[1_i16, 2], [3, 4]], ())?;
    assert_eq!(x.get((1, 0))?.item::<f64>()?, 3.0);
    assert_eq!(xp.broadcast_to(x.get((1..2, 1..2))?, (1, 1, 1))?.item::<i64>()?, 4);
    Ok(())
}

fn elements_convert_by_name<B: Namespace>(xp: &B) -> Result<()> {
    let one = |v: Scalar, dtype| xp.full((1, 1), v, dtype);
    assert_eq!(one(0.5.into(), DType::Float32)?.to_f64()?, 0.5);
    assert_eq!(one(i64::MAX.into(), DType::Int64)?.to_f64()?, 2f64.powi(63));
    assert_eq!(one(true.into(), DType::Bool)?.to_f64()?, 1.0);
    assert_eq!(one((-2.9_f32).into(), DType::Float32)?.to_i64()?, -2);
    assert_eq!(one(200.into(), DType::UInt8)?.to_i64()?, 200);
    assert_eq!(one(true.into(), DType::Bool)?.to_i64()?, 1);
    assert_eq!(one(200.into(), DType::UInt8)?.to_usize()?, 200);
    for (value, truth) in [(0.0, false), (-0.0, false), (f64::NAN, true), (0.25, true)] {
        assert_eq!(one(value.into(), DType::Float32)?.to_bool()?, truth);
    }
    assert!(one(Complex::new(0.0, 1.0).into(), DType::Complex64)?.to_bool()?);
    let complex = one(Complex::new(1.0, 0.0).into(), DType::Complex64)?;
    assert_text(complex.to_f64(), &["to_f64: ", "complex64", "real(x)"]);
    assert_text(complex.to_i64(), &["to_i64: ", "complex64", "real(x)"]);
    assert_text(complex.to_usize(), &["to_usize: ", "complex64", "integer"]);
    assert_text(one(f64::NAN.into(), DType::Float32)?.to_i64(), &["to_i64: ", "NaN"]);
    assert_text(one(1e30.into(), DType::Float32)?.to_i64(), &["to_i64: ", "i64", "range"]);
    let large = one(u64::MAX.into(), DType::UInt64)?;
    assert_text(large.to_i64(), &["to_i64: ", "18446744073709551615", "i64"]);
    assert_text(one((-1).into(), DType::Int8)?.to_usize(), &["to_usize: ", "-1", "usize"]);
    assert_text(one(1.0.into(), DType::Float32)?.to_usize(), &["to_usize: ", "float32"]);
    assert_text(one(true.into(), DType::Bool)?.to_usize(), &["to_usize: ", "bool"]);
    let two = xp.asarray([1, 2], ())?;
    assert_text(two.to_f64(), &["to_f64: ", "[2]"]);
    assert_text(two.to_i64(), &["to_i64: ", "[2]"]);
    assert_text(two.to_usize(), &["to_usize: ", "[2]"]);
    assert_text(two.to_bool(), &["to_bool: ", "[2]"]);
    Ok(())
}

fn devices_are_checked<B: Namespace>(xp: &B) -> Result<()> {
    assert_text(xp.asarray(1, NOWHERE), &["asarray: ", "gpu:77"]);
    let x = xp.asarray([1, 2], ())?;
    assert_text(x.to_device(NOWHERE), &["to_device: ", "gpu:77", &x.device().to_string()]);
    assert_text(xp.asarray(&x, NOWHERE), &["gpu:77"]);
    assert_eq!(x.to_device(x.device())?.as_slice::<i32>(), x.as_slice());
    Ok(())
}

const NOWHERE: Device = Device::new(DeviceKind::Gpu, 77);

fn filled_arrays<B: Namespace>(xp: &B) -> Result<()> {
    for dtype in DType::ALL {
        let of = |v: i64, n| integers(xp, dtype, &[n], &vec![v; n]);
        let x = xp.empty([2, 0, 3], dtype)?;
        assert_eq!((x.shape(), x.dtype(), x.size()), (&[2, 0, 3][..], dtype, 0));
        assert_eq!(xp.empty(5, dtype)?.shape(), [5]);
        assert_same(&xp.zeros(5, dtype)?, &of(0, 5));
        assert_same(&xp.ones(5, dtype)?, &of(1, 5));
        assert_same(&xp.full(5, true, dtype)?, &of(1, 5));
        let x = xp.ones([2, 3], dtype)?;
        for (like, value) in
            [(xp.zeros_like(&x, ())?, 0), (xp.ones_like(&x, ())?, 1), (xp.full_like(&x, 1, ())?, 1)]
        {
            assert_eq!((like.shape(), like.dtype()), (&[2, 3][..], dtype));
            assert_same(&xp.reshape(&like, 6, ())?, &of(value, 6));
        }
        assert_eq!(xp.empty_like(&x, ())?.dtype(), dtype);
        assert_eq!(xp.empty_like(&x, DType::UInt16)?.dtype(), DType::UInt16);
        assert_eq!(xp.zeros_like(&x, DType::Bool)?.to_vec::<bool>()?, [false; 6]);
        for value in samples(dtype) {
            let value = rounded(value, dtype);
            let x = xp.full([2, 2], value, dtype)?;
            assert!(scalars(&x).into_iter().all(|v| same(v, value)), "{value} {dtype}");
        }
    }
    let large = xp.ones([300, 1000], DType::UInt8)?;
    assert!(large.as_slice::<u8>().is_none_or(|x| x.iter().all(|&v| v == 1)));
    assert_eq!(xp.zeros((), ())?.item::<f64>()?, 0.0);
    assert_eq!(xp.ones((2, 1_usize), ())?.dtype(), DType::Float64);
    assert_eq!(xp.full(1, 2, ())?.item::<i64>()?, 2);
    assert_eq!(xp.full(1, 2.0_f32, ())?.item::<f64>()?, 2.0);
    assert!(xp.full(1, true, ())?.item::<bool>()?);
    let i = Complex::new(0.0, 1.0);
    assert_eq!(xp.full(1, i, ())?.item::<Complex<f64>>()?, i);
    assert_eq!(xp.full(1, 3, DType::Float16)?.item::<f16>()?, f16::from_f32(3.0));
    Ok(())
}

fn filled_arrays_of_impossible_sizes<B: Namespace>(xp: &B) -> Result<()> {
    assert_text(xp.zeros([1_i64 << 40, 1 << 20], ()), &["zeros: out of memory"]);
    assert_text(xp.ones([1_i64 << 40, 1 << 40], ()), &["ones: out of memory", "smaller shape"]);
    assert_text(xp.empty([usize::MAX, 2], DType::Int8), &["empty: out of memory"]);
    assert_text(xp.full([1_i64 << 58, 1 << 4], 1, DType::Int8), &["full: out of memory"]);
    assert_text(xp.zeros([2, -3], ()), &["zeros: ", "[2, -3]", "negative length -3"]);
    assert_text(xp.empty(vec![1_usize; 65], ()), &["empty: ", "65 dimensions", "64"]);
    assert_text(xp.full(-1, 0, ()), &["full: ", "-1"]);
    assert_text(xp.full(2, 300, DType::Int8), &["full: ", "300", "int8 (-128 to 127)"]);
    assert_text(xp.full(2, u64::MAX, ()), &["full: ", "18446744073709551615", "int64"]);
    assert_text(xp.full(2, 0.5, DType::Int8), &["full: ", "float 0.5", "int8"]);
    assert_text(xp.full(2, Complex::new(0.0, 1.0), DType::Float32), &["full: ", "complex"]);
    assert_text(xp.full_like(&xp.ones(2, DType::Bool)?, 0.5, ()), &["full_like: ", "0.5", "bool"]);
    assert_text(xp.zeros(2, NOWHERE), &["zeros: ", "gpu:77"]);
    assert_text(xp.empty(2, NOWHERE), &["empty: ", "gpu:77"]);
    assert_text(xp.arange(2, None, None, NOWHERE), &["arange: ", "gpu:77"]);
    assert_text(xp.linspace(0, 1, 2, Linspace::new().device(NOWHERE)), &["linspace: ", "gpu:77"]);
    assert_text(xp.eye(2, None, Eye::new().device(NOWHERE)), &["eye: ", "gpu:77"]);
    assert_text(xp.zeros_like(&xp.ones(2, ())?, NOWHERE), &["zeros_like: ", "gpu:77"]);
    Ok(())
}

fn identity_matrices<B: Namespace>(xp: &B) -> Result<()> {
    for (rows, columns) in [(0, 0), (0, 3), (3, 0), (1, 1), (3, 5), (5, 3), (4, 4)] {
        for k in [i64::MIN, -4, -3, -1, 0, 1, 2, 5, i64::MAX] {
            let expected: Vec<i64> = (0..rows * columns)
                .map(|n| i64::from((n % columns - n / columns) as i128 == i128::from(k)))
                .collect();
            for dtype in DType::ALL {
                let x = xp.eye(rows, columns, Eye::new().k(k).dtype(dtype))?;
                let shape = [rows as usize, columns as usize];
                assert_same(&x, &integers(xp, dtype, &shape, &expected));
            }
        }
    }
    assert_eq!(xp.eye(2_usize, None, ())?.to_vec::<f64>()?, [1.0, 0.0, 0.0, 1.0]);
    assert_text(xp.eye(-1, None, ()), &["eye: n_rows is -1", "0 or more"]);
    assert_text(xp.eye(1, -2, ()), &["eye: n_cols is -2", "0 or more"]);
    assert_text(xp.eye(1_i64 << 40, 1_i64 << 40, ()), &["eye: out of memory"]);
    Ok(())
}

fn triangles<B: Namespace>(xp: &B) -> Result<()> {
    for shape in [&[2, 3][..], &[3, 2], &[2, 4, 4], &[0, 3], &[2, 3, 0], &[1, 1]] {
        let size: usize = shape.iter().product();
        let values: Vec<i64> = (1..=size as i64).collect();
        let (rows, columns) = (shape[shape.len() - 2] as i64, shape[shape.len() - 1] as i64);
        for k in [i64::MIN, -2, -1, 0, 1, 3, i64::MAX] {
            let keep = |n: usize, lower: bool| {
                let (row, column) = (n as i64 / columns % rows, n as i64 % columns);
                let below = i128::from(column - row) - i128::from(k);
                if lower { below <= 0 } else { below >= 0 }
            };
            for dtype in [DType::Bool, DType::Int8, DType::Float32, DType::Complex128] {
                let x = integers(xp, dtype, shape, &values);
                for lower in [true, false] {
                    let expected: Vec<i64> =
                        (0..size).map(|n| if keep(n, lower) { values[n] } else { 0 }).collect();
                    let k = Triangle::new().k(k);
                    let y = if lower { xp.tril(&x, k)? } else { xp.triu(&x, k)? };
                    assert_same(&y, &integers(xp, dtype, shape, &expected));
                }
            }
        }
    }
    let nan = xp.full([2, 2], f64::NAN, ())?;
    assert_eq!(xp.tril(&nan, ())?.to_vec::<f64>()?[1], 0.0);
    assert_eq!(xp.triu(nan, ())?.to_vec::<f64>()?[2], 0.0);
    let transposed = xp.asarray([[1, 2], [3, 4]], ())?.T()?;
    assert_eq!(xp.tril(&transposed, ())?.to_vec::<i32>()?, [1, 0, 2, 4]);
    assert_text(xp.tril(&xp.ones(3, ())?, ()), &["tril: ", "2 dimensions", "[3]"]);
    assert_text(xp.triu(&xp.ones((), ())?, ()), &["triu: ", "2 dimensions", "[]"]);
    Ok(())
}

fn ranges<B: Namespace>(xp: &B) -> Result<()> {
    let ints = |x: Array<B>| x.to_vec::<i64>().unwrap();
    assert_eq!(ints(xp.arange(0, 10, 3, ())?), [0, 3, 6, 9]);
    assert_eq!(ints(xp.arange(5, None, 2, ())?), [0, 2, 4]);
    assert_eq!(ints(xp.arange(-3, None, None, ())?), []);
    assert_eq!(ints(xp.arange(3, -4, -3, ())?), [3, 0, -3]);
    assert_eq!(ints(xp.arange(3, 3, -1, ())?), []);
    let (min, max) = (i64::MIN, i64::MAX);
    assert_eq!(ints(xp.arange(max - 2, max, 1, ())?), [max - 2, max - 1]);
    assert_eq!(ints(xp.arange(min, max, max, ())?), [min, -1, max - 1]);
    assert_eq!(ints(xp.arange(max, min, min, ())?), [max, -1]);
    let wide = xp.arange(u64::MAX - 3, u64::MAX, 2, DType::UInt64)?;
    assert_eq!(wide.to_vec::<u64>()?, [u64::MAX - 3, u64::MAX - 1]);
    let down = xp.arange(u64::MAX, 0, -(1_i128 << 63), DType::UInt64)?;
    assert_eq!(down.to_vec::<u64>()?, [u64::MAX, (1 << 63) - 1]);
    assert_eq!(xp.arange(-128, 128, 1, DType::Int8)?.size(), 256);
    assert_eq!(xp.arange(-128, 128, 1, DType::Int8)?.to_vec::<i8>()?[255], 127);
    assert_eq!(xp.arange(3, 1_i128 << 100, 1_i128 << 100, DType::UInt8)?.to_vec::<u8>()?, [3]);
    assert_eq!(xp.arange(i128::MIN, i128::MAX, 1_i128 << 126, DType::Float64)?.size(), 4);

    let floats = |x: Array<B>| x.to_vec::<f64>().unwrap();
    assert_eq!(floats(xp.arange(0.5, 3, None, ())?), [0.5, 1.5, 2.5]);
    assert_eq!(floats(xp.arange(2.0, None, 0.5, ())?), [0.0, 0.5, 1.0, 1.5]);
    assert_eq!(floats(xp.arange(1, -1, -0.75, ())?), [1.0, 0.25, -0.5]);
    assert_eq!(floats(xp.arange(1.0, 5, -1, ())?), []);
    assert_eq!(floats(xp.arange(0, 3, 1, DType::Float64)?), [0.0, 1.0, 2.0]);
    let halves = xp.arange(0, 3, 1.5, DType::Float16)?.to_vec::<f16>()?;
    assert_eq!(halves, [f16::ZERO, f16::from_f32(1.5)]);
    let z = xp.arange(1, 3, 1, DType::Complex64)?.to_vec::<Complex<f32>>()?;
    assert_eq!(z, [Complex::new(1.0, 0.0), Complex::new(2.0, 0.0)]);
    // one rounding alone, from the integer itself
    let odd = (1_i64 << 54) + (1 << 30) + 1;
    assert_eq!(xp.arange(odd, odd + 1, 1, DType::Float32)?.item::<f32>()?, odd as f32);

    assert_text(xp.arange(0, 5, 0, ()), &["arange: step is 0"]);
    assert_text(xp.arange(0, 5, 0.0, ()), &["arange: step is 0"]);
    assert_text(xp.arange(f64::NAN, 5, 1, ()), &["arange: start is NaN", "finite"]);
    assert_text(xp.arange(0, f64::INFINITY, 1, ()), &["arange: stop is inf", "finite"]);
    assert_text(xp.arange(0, 5, f64::NEG_INFINITY, ()), &["arange: step is -inf"]);
    assert_text(xp.arange(-1e308, 1e308, 1e307, ()), &["arange: ", "-1e308 to 1e308", "closer"]);
    assert_text(xp.arange(0, 1, 1e-300, ()), &["arange: out of memory"]);
    assert_text(xp.arange(i128::MIN, i128::MAX, 1, ()), &["arange: out of memory"]);
    assert_text(xp.arange(0, i64::MAX, 1, ()), &["arange: out of memory"]);
    assert_text(xp.arange(0, 300, 100, DType::Int8), &["arange: ", "0 to 200", "int8"]);
    assert_text(xp.arange(0, u64::MAX, 1_i64 << 40, DType::Int64), &["arange: ", "int64"]);
    assert_text(xp.arange(-1, 2, 1, DType::UInt8), &["arange: ", "-1 to 1", "uint8"]);
    assert_text(xp.arange(0.0, 3, 1, DType::Int32), &["arange: ", "0.0, 3", "int32", "integers"]);
    assert_text(xp.arange(0, 3, 1, DType::Bool), &["arange: ", "bool", "numeric"]);
    assert_text(xp.arange(true, 3, 1, ()), &["arange: start is the bool true"]);
    assert_text(xp.arange(0, Complex::new(1.0, 0.0), 1, ()), &["arange: stop is the complex"]);
    assert_text(xp.arange(0, 70000, 1, DType::Float16), &["arange: ", "69999.0", "float16"]);
    assert_text(xp.arange(0.0, 1e300, 1e299, DType::Float32), &["arange: ", "float32"]);
    Ok(())
}

/// Integer ranges against a loop.
fn ranges_of_integers<B: Namespace>(xp: &B) {
    let strategy = (any::<i128>(), any::<i128>(), any::<i128>(), 0..128_u32, any::<usize>());
    run(&strategy, |(start, stop, step, shift, dtype)| {
        let dtype = DType::ALL[1 + dtype % 8];
        let (start, stop, step) = (start >> shift, stop >> shift, step >> shift >> 5);
        prop_assume!(step != 0 && start.abs_diff(stop) / step.unsigned_abs() < 200);
        let mut expected = vec![];
        let mut next = Some(start);
        while let Some(v) = next.filter(|&v| if step > 0 { v < stop } else { v > stop }) {
            expected.push(v);
            next = v.checked_add(step);
        }
        let (min, max) = Scalar::int_range(dtype);
        let result = xp.arange(start, stop, step, dtype);
        if expected.iter().all(|v| (min..=max).contains(v)) {
            let expected: Vec<Scalar> = expected.into_iter().map(Scalar::Int).collect();
            prop_assert_eq!(scalars(&result.unwrap()), expected);
        } else {
            assert_text(result, &["arange: ", "out of the range", dtype.name()]);
        }
        Ok(())
    });
}

fn spaced_numbers<B: Namespace>(xp: &B) -> Result<()> {
    let floats = |x: Array<B>| x.to_vec::<f64>().unwrap();
    assert_eq!(
        floats(xp.linspace(0, 10, 11, ())?),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(f64::from)
    );
    assert_eq!(floats(xp.linspace(1, -1, 3, ())?), [1.0, 0.0, -1.0]);
    assert_eq!(floats(xp.linspace(3, 7, 0, ())?), []);
    assert_eq!(floats(xp.linspace(3, 7, 1, ())?), [3.0]);
    assert_eq!(floats(xp.linspace(3, 3, 3, ())?), [3.0; 3]);
    let open = Linspace::new().endpoint(false);
    assert_eq!(floats(xp.linspace(3, 7, 1, open.clone())?), [3.0]);
    assert_eq!(floats(xp.linspace(3, 7, 2, open.clone())?), [3.0, 5.0]);
    assert_eq!(floats(xp.linspace(3, 7, 0, open)?), []);
    let max = f64::MAX;
    assert_eq!(floats(xp.linspace(-max, max, 3, ())?), [-max, 0.0, max]);
    assert!(floats(xp.linspace(-max, max, 1001, ())?).windows(2).all(|w| w[0] < w[1]));
    let z = xp.linspace(Complex::new(1.0, 2.0), 3, 3, ())?.to_vec::<Complex<f64>>()?;
    assert_eq!(z, [Complex::new(1.0, 2.0), Complex::new(2.0, 1.0), Complex::new(3.0, 0.0)]);
    let z = xp.linspace(0, 1, 2, DType::Complex64)?.to_vec::<Complex<f32>>()?;
    assert_eq!(z, [Complex::new(0.0, 0.0), Complex::new(1.0, 0.0)]);

    assert_text(xp.linspace(0, 1, -1, ()), &["linspace: num is -1"]);
    assert_text(xp.linspace(f64::NAN, 1, 2, ()), &["linspace: start is NaN"]);
    assert_text(
        xp.linspace(0, Complex::new(0.0, f64::INFINITY), 2, ()),
        &["linspace: stop is inf"],
    );
    assert_text(xp.linspace(0, true, 2, ()), &["linspace: stop is the bool true"]);
    assert_text(xp.linspace(0, 1, 2, DType::Int32), &["linspace: dtype is int32", "arange"]);
    assert_text(xp.linspace(0, 1, 2, DType::Bool), &["linspace: dtype is bool"]);
    assert_text(xp.linspace(0, 1e39, 2, DType::Float32), &["linspace: stop is 1e39", "float32"]);
    let z = Complex::new(0.0, 1.0);
    assert_text(xp.linspace(z, 1, 2, DType::Float32), &["linspace: ", "complex", "float32"]);
    assert_text(xp.linspace(0, 1, i64::MAX, ()), &["linspace: out of memory"]);
    Ok(())
}

/// Both ends exact, the rest near, and the half-open form a prefix of the closed one.
fn spaced_numbers_between_any_bounds<B: Namespace>(xp: &B) {
    let bound = || prop_oneof![-1e3..1e3, -1e-3..1e-3, (-1e6..1e6).prop_map(f64::round)];
    let strategy = (bound(), bound(), 2..300_usize, 9..15_usize);
    run(&strategy, |(a, b, num, dtype): (f64, f64, usize, usize)| {
        let dtype = DType::ALL[dtype];
        let (a, b) = if dtype == DType::Float16 { (a / 100.0, b / 100.0) } else { (a, b) };
        let closed = xp.linspace(a, b, num, dtype).unwrap();
        let values = scalars(&closed);
        prop_assert_eq!(values.len(), num);
        prop_assert_eq!(values[0], rounded(a.into(), dtype));
        prop_assert_eq!(values[num - 1], rounded(b.into(), dtype));
        let scale = a.abs().max(b.abs());
        // the least values of float16 are 6e-8 apart
        let least = if dtype == DType::Float16 { 6e-8 } else { 0.0 };
        for (i, v) in values.iter().enumerate() {
            let t = i as f64 / (num - 1) as f64;
            let expected = a * (1.0 - t) + b * t;
            let error = (v.to_float() - expected).abs();
            prop_assert!(error <= 2.0 * epsilon(dtype) * scale + least, "{i}: {v}, not {expected}");
            prop_assert!(v.to_complex().im == 0.0);
        }
        let open = Linspace::new().endpoint(false).dtype(dtype);
        let prefix = scalars(&xp.linspace(a, b, num - 1, open).unwrap());
        prop_assert!(prefix.iter().zip(&values).all(|(x, y)| same(*x, *y)));
        prop_assert_eq!(prefix.len(), num - 1);
        Ok(())
    });
}

fn grids<B: Namespace>(xp: &B) -> Result<()> {
    let vectors = [xp.asarray([1, 2], ())?, xp.asarray([10, 20, 30], ())?, xp.asarray([7; 4], ())?];
    let address = |x: &Array<B>| x.get((0, 0, 0)).unwrap().as_slice::<i32>().map(<[i32]>::as_ptr);
    for (indexing, shape) in [(Indexing::IJ, [2, 3, 4]), (Indexing::XY, [3, 2, 4])] {
        let grid = xp.meshgrid(&vectors, indexing)?;
        assert_eq!(grid.len(), 3);
        for (k, x) in grid.iter().enumerate() {
            assert_eq!((x.shape(), x.dtype()), (&shape[..], DType::Int32));
            assert_eq!(address(x), vectors[k].as_slice::<i32>().map(<[i32]>::as_ptr), "a view");
            let axis = if indexing == Indexing::XY { [1, 0, 2][k] } else { k };
            let values = vectors[k].to_vec::<i32>()?;
            for (n, v) in x.to_vec::<i32>()?.into_iter().enumerate() {
                let index = [n / shape[2] / shape[1], n / shape[2] % shape[1], n % shape[2]];
                assert_eq!(v, values[index[axis]]);
            }
        }
    }
    assert_eq!(xp.meshgrid(&vectors[..2], ())?[0].shape(), [3, 2]);
    assert_eq!(xp.meshgrid([&vectors[1]], Indexing::XY)?[0].shape(), [3]);
    assert_eq!(xp.meshgrid(Vec::<Array<B>>::new(), ())?.len(), 0);
    let (one, none) = (xp.ones(1, ())?, xp.ones(0, ())?);
    assert_eq!(xp.meshgrid([one.clone(), none.clone()], ())?[1].shape(), [0, 1]);
    assert_eq!(xp.meshgrid([none, one], Indexing::IJ)?[1].shape(), [0, 1]);

    let matrix = xp.ones([2, 2], ())?;
    assert_text(xp.meshgrid([&vectors[0], &matrix], ()), &["meshgrid: array 1", "[2, 2]", "1 dim"]);
    let float = xp.ones(2, ())?;
    assert_text(
        xp.meshgrid([&vectors[0], &float], ()),
        &["meshgrid: ", "int32", "float64", "astype"],
    );
    assert_text(xp.meshgrid(vec![&float; 65], ()), &["meshgrid: ", "65 dimensions"]);
    assert_text(xp.meshgrid(vec![&float; 64], ()), &["meshgrid: out of memory"]);
    Ok(())
}

fn check_conversions<B: Namespace>(xp: &B) -> Result<()> {
    asarray_takes_scalars(xp)?;
    usize_becomes_int64(xp)?;
    asarray_takes_nested_data(xp)?;
    asarray_takes_empty_data(xp)?;
    asarray_names_the_ragged_row(xp);
    asarray_shares_or_copies(xp)?;
    values_come_out(xp)?;
    arrays_convert_as_in_python(xp)?;
    items_widen_and_never_narrow(xp)?;
    elements_convert_by_name(xp)?;
    devices_are_checked(xp)
}

fn check_creation<B: Namespace>(xp: &B) -> Result<()> {
    filled_arrays(xp)?;
    filled_arrays_of_impossible_sizes(xp)?;
    identity_matrices(xp)?;
    triangles(xp)?;
    ranges(xp)?;
    ranges_of_integers(xp);
    spaced_numbers(xp)?;
    spaced_numbers_between_any_bounds(xp);
    grids(xp)
}

#[test]
fn conversions() -> Result<()> {
    on_each_backend!(xp => check_conversions(xp)?);
    Ok(())
}

#[test]
fn creation() -> Result<()> {
    on_each_backend!(xp => check_creation(xp)?);
    Ok(())
}
