//! The functions that make arrays, and the way of values into arrays and out of them.
#![cfg(feature = "cpu")]

use arrayspace::options::AsArray;
use arrayspace::prelude::*;
use half::{bf16, f16};
use num_complex::Complex;

/// The text of the error, which must be one.
#[track_caller]
fn text<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("an error is expected").to_string()
}

#[track_caller]
fn assert_text<T: std::fmt::Debug>(result: Result<T>, parts: &[&str]) {
    let text = text(result);
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in {text:?}");
    }
}

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
        3_usize => UInt64, u64;
        f16::from_f32(1.5) => Float16, f16;
        bf16::from_f32(1.5) => BFloat16, bf16;
        0.1_f32 => Float32, f32;
        0.1 => Float64, f64;
        Complex::new(1.0_f32, -2.0) => Complex64, Complex<f32>;
        Complex::new(1.0, -2.0) => Complex128, Complex<f64>;
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
        xp.asarray(&grid, ())?,
        xp.asarray([&grid[0], &grid[1], &grid[2]], ())?,
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
    assert_eq!(xp.asarray(vec![[0.0; 0]; usize::MAX], ())?.shape(), [usize::MAX, 0]);
    assert_eq!(xp.asarray(vec![[[0.0; 0]; 5]; usize::MAX], ())?.shape(), [usize::MAX, 5, 0]);
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

    let one = xp.asarray([1], ())?;
    assert_text(bool::try_from(&one), &["bool", "[1]", "0 dimensions"]);
    assert_text(i64::try_from(&one), &["i64", "[1]"]);
    assert_text(f64::try_from(&one), &["f64", "[1]"]);
    assert_text(Complex::<f64>::try_from(one), &["Complex", "[1]"]);
    Ok(())
}

fn devices_are_checked<B: Namespace>(xp: &B) -> Result<()> {
    use arrayspace::DeviceKind;
    let nowhere = Device::new(DeviceKind::Gpu, 999);
    assert_text(xp.asarray(1, nowhere), &["asarray: ", "gpu:999"]);
    let x = xp.asarray([1, 2], ())?;
    assert_text(x.to_device(nowhere), &["to_device: ", "gpu:999", &x.device().to_string()]);
    assert_text(xp.asarray(&x, nowhere), &["gpu:999"]);
    assert_eq!(x.to_device(x.device())?.as_slice::<i32>(), x.as_slice());
    Ok(())
}

#[test]
fn values_in_and_out() -> Result<()> {
    let xp = &Cpu::new();
    asarray_takes_scalars(xp)?;
    asarray_takes_nested_data(xp)?;
    asarray_takes_empty_data(xp)?;
    asarray_names_the_ragged_row(xp);
    asarray_shares_or_copies(xp)?;
    values_come_out(xp)?;
    arrays_convert_as_in_python(xp)?;
    devices_are_checked(xp)
}
