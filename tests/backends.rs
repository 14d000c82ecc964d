//! Arrays of two backends and on several devices: the way from one to the other, and what a device lacks.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::options::{AsArray, AsType, Creation, Eye, Linspace};
use arrayspace::prelude::*;
use arrayspace::{Complex, DTypeKind};
use common::assert_text;
use common::elsewhere::{Elsewhere, LIMITED, NARROW, SMALL, WIDE};
use common::values::*;

const XP: Elsewhere = Elsewhere;
const CPU: Cpu = Cpu::new();

#[test]
fn arrays_cross_from_backend_to_backend() -> Result<()> {
    for dtype in DType::ALL {
        let x = ordinary_array(&CPU, dtype, &[3, 4], 9);
        for x in [x.clone(), x.T()?] {
            let y = XP.asarray(&x, ())?;
            assert_eq!((y.dtype(), y.shape(), y.device()), (dtype, x.shape(), WIDE));
            assert_eq!(scalars(&y), scalars(&x));
            assert_eq!(scalars(&y.T()?), scalars(&x.T()?));
            assert_same(&CPU.asarray(y, ())?, &x);
        }
    }
    let x = CPU.asarray([1.5, -2.5], ())?;
    let y = XP.asarray(&x, AsArray::new().dtype(DType::Int8).device(NARROW))?;
    assert_eq!((y.to_vec::<i8>()?, y.device()), (vec![1, -2], NARROW));
    let y = XP.asarray(&x, AsArray::new().dtype(DType::Float32).device(NARROW))?;
    assert_eq!(y.to_vec::<f32>()?, [1.5, -2.5]);
    assert_text(XP.asarray(&x, NARROW), &["asarray: ", "gpu:1", "elsewhere", "float64"]);
    // as are numbers whose dtype the device does not have
    let on = |dtype| AsArray::new().dtype(dtype).device(NARROW);
    let values = [1.5, -2.5, 1e300, f64::NAN];
    let y = XP.asarray(values, on(DType::Float32))?;
    assert_eq!(y.get(..3)?.to_vec::<f32>()?, [1.5, -2.5, f32::INFINITY]);
    for dtype in [DType::Bool, DType::Int8, DType::UInt16, DType::Int32, DType::Float32] {
        let want = CPU.astype(CPU.asarray(values, ())?, dtype, ())?;
        let got = XP.asarray(values, on(dtype))?;
        // as text, for a NaN is not equal to itself
        assert_eq!(format!("{:?}", scalars(&got)), format!("{:?}", scalars(&want)));
    }
    assert_text(XP.asarray(values, NARROW), &["asarray: ", "gpu:1", "elsewhere", "float64"]);
    assert_text(XP.asarray(&x, false), &["asarray: copy is false", "another backend"]);
    let z = CPU.asarray(Complex::new(1.0, 2.0), ())?;
    assert_text(XP.asarray(&z, DType::Float32), &["asarray: ", "complex128", "real(x)"]);
    Ok(())
}

#[test]
fn arrays_move_from_device_to_device() -> Result<()> {
    let x = XP.asarray([[1.5, 2.5], [3.5, 4.5]], DType::Float32)?;
    let y = x.T()?.to_device(NARROW)?;
    assert_eq!((y.device(), y.to_vec::<f32>()?), (NARROW, vec![1.5, 3.5, 2.5, 4.5]));
    assert_eq!(y.to_device(WIDE)?.device(), WIDE);
    assert_eq!(XP.asarray(&x, NARROW)?.device(), NARROW);
    assert_text(XP.asarray(&x, AsArray::new().device(NARROW).copy(false)), &["copy is false"]);

    let wide = XP.asarray([1.5, 2.5], ())?;
    assert_text(wide.to_device(NARROW), &["to_device: ", "gpu:1", "float64", "float32"]);
    // converted on the way there, and on the way back
    let single = XP.astype(&wide, DType::Float32, NARROW)?;
    assert_eq!((single.device(), single.to_vec::<f32>()?), (NARROW, vec![1.5, 2.5]));
    let double = XP.astype(&single, DType::Float64, AsType::new().device(WIDE))?;
    assert_eq!((double.device(), double.to_vec::<f64>()?), (WIDE, vec![1.5, 2.5]));
    assert_text(XP.astype(&single, DType::Float64, ()), &["astype: ", "gpu:1", "float64"]);

    assert_text(XP.add(&x, &y), &["add: ", "gpu:0 and gpu:1", "to_device"]);
    assert_text(XP.clip(&x, &y, None), &["clip: ", "gpu:0 and gpu:1"]);
    assert_text(XP.result_type((&x, &y)), &["result_type: ", "gpu:0 and gpu:1"]);
    Ok(())
}

#[test]
fn host_memory_is_not_seen_where_it_is_not() -> Result<()> {
    let x = XP.asarray(vec![1, 2, 3], ())?;
    assert_eq!(x.as_slice::<i32>(), None);
    assert_eq!(x.to_vec::<i32>()?, [1, 2, 3]);
    assert_text(XP.asarray(vec![1, 2], false), &["asarray: copy is false"]);
    assert_eq!(XP.asarray(&x, false)?.to_vec::<i32>()?, [1, 2, 3]);
    assert_eq!(XP.asarray([true, false], ())?.to_vec::<bool>()?, [true, false]);
    assert_eq!(XP.asarray([2.5], ())?.item::<f64>()?, 2.5);
    assert_eq!(XP.asarray(7, ())?.item_scalar()?, Scalar::Int(7));
    Ok(())
}

/// What every backend has for a value that is written, and an element that is read.
#[test]
fn elements_are_written_and_read_where_the_host_sees_no_memory() -> Result<()> {
    let mut x = XP.zeros((2, 3), DType::Int16)?;
    x.set((1, 2), 7)?;
    x.set((0, 1..), 5)?;
    x.set((.., 0), -1)?;
    x.set((0..0, 1), 9)?;
    assert_eq!(x.to_vec::<i16>()?, [-1, 5, 5, -1, 0, 7]);
    assert_eq!(x.get((1, 2))?.item::<i64>()?, 7);
    assert_eq!(x.get((0, -1))?.to_f64()?, 5.0);
    let mut truth = XP.zeros(3, DType::Bool)?;
    truth.set(1, true)?;
    assert!(truth.get(1)?.item::<bool>()? && !truth.get(2)?.to_bool()?);
    Ok(())
}

#[test]
fn a_device_without_float64_has_other_defaults() -> Result<()> {
    let at = || Creation::new().device(NARROW);
    for (x, dtype) in [
        (XP.zeros(3, at())?, DType::Float32),
        (XP.empty(3, at())?, DType::Float32),
        (XP.full(3, 1.5, at())?, DType::Float32),
        (XP.full(3, 1, at())?, DType::Int64),
        (XP.full(3, Complex::new(0.0, 1.0), at())?, DType::Complex64),
        (XP.asarray(Scalar::Float(0.5), NARROW)?, DType::Float32),
        (XP.arange(3, None, None, at())?, DType::Int64),
        (XP.arange(0.5, 3, None, at())?, DType::Float32),
        (XP.eye(2, 3, Eye::new().device(NARROW))?, DType::Float32),
        (XP.linspace(0, 1, 5, Linspace::new().device(NARROW))?, DType::Float32),
        (
            XP.linspace(0, Complex::new(0.0, 1.0), 5, Linspace::new().device(NARROW))?,
            DType::Complex64,
        ),
        (XP.ones_like(&XP.ones(3, DType::Float32)?, NARROW)?, DType::Float32),
    ] {
        assert_eq!((x.device(), x.dtype()), (NARROW, dtype));
    }
    let x = XP.linspace(0.1, 0.7, 5, Linspace::new().device(NARROW))?.to_vec::<f32>()?;
    assert_eq!((x[0], x[4]), (0.1, 0.7));
    let x = XP.arange(0.5, 3, None, at())?;
    assert_eq!(x.to_vec::<f32>()?, [0.5, 1.5, 2.5]);
    for result in [
        XP.zeros(3, at().dtype(DType::Float64)),
        XP.empty(3, at().dtype(DType::Float64)),
        XP.asarray([0.5], NARROW),
        XP.arange(3, None, None, at().dtype(DType::Float64)),
        XP.ones_like(&XP.ones(3, ())?, NARROW),
    ] {
        assert!(matches!(result, Err(Error::Unsupported(_))), "{result:?}");
        assert_text(result, &["gpu:1", "elsewhere", "float64"]);
    }

    let info = XP.__array_namespace_info__();
    assert_eq!(info.devices(), [WIDE, NARROW, SMALL]);
    assert_eq!(info.default_device(), WIDE);
    assert_eq!(info.default_dtypes(NARROW)?.real_floating, DType::Float32);
    assert_eq!(info.default_dtypes(None)?.real_floating, DType::Float64);
    assert_eq!(info.dtypes(NARROW, DTypeKind::RealFloating)?, [DType::Float32]);

    // an array stands for its device, a dtype for itself
    let single = XP.ones(3, at())?;
    assert!(XP.can_cast(DType::Float32, DType::Float64)?);
    assert!(!XP.can_cast(&single, DType::Float64)?);
    assert_eq!(XP.result_type((DType::Float32, DType::Float64))?, DType::Float64);
    assert_text(XP.result_type((&single, DType::Float64)), &["result_type: ", "gpu:1", "float64"]);
    assert_text(XP.can_cast(&CPU.ones(3, ())?, DType::Int8), &["can_cast: ", "cpu:0"]);
    Ok(())
}

/// Runs a future on this thread, which sleeps until it is woken.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Sleeper(std::thread::Thread);
    impl std::task::Wake for Sleeper {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Sleeper(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(output) => return output,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn reading_without_blocking() -> Result<()> {
    fn check<N: Namespace>(xp: &N) -> Result<()> {
        let x = xp.reshape(xp.arange(0, 6, 1, DType::Float32)?, [2, 3], ())?.T()?;
        // two at a time, and one that nobody waits for
        let (a, b) = (x.to_vec_async::<f32>(), xp.square(&x)?.to_vec_async::<f32>());
        drop(x.to_vec_async::<f32>());
        assert_eq!(block_on(b)?, [0.0, 9.0, 1.0, 16.0, 4.0, 25.0]);
        assert_eq!(block_on(a)?, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_text(block_on(x.to_vec_async::<i32>()), &["to_vec", "float32", "astype"]);
        Ok(())
    }
    on_each_backend!(xp => check(xp)?);
    check(&XP)
}

#[test]
fn a_device_without_int64_sums_in_what_it_has() -> Result<()> {
    use DType::*;
    for (dtype, widened) in [
        (Int8, Int32),
        (Int32, Int32),
        (UInt8, UInt32),
        (UInt16, UInt32),
        (UInt32, UInt32),
        (Float16, Float16),
        (BFloat16, BFloat16),
        (Float32, Float32),
        (Complex64, Complex64),
    ] {
        let x = XP.full(3, 2, Creation::new().dtype(dtype).device(SMALL))?;
        for out in [XP.sum(&x, ())?, XP.prod(&x, ())?, XP.cumulative_sum(&x, ())?] {
            assert_eq!((out.dtype(), out.device()), (widened, SMALL), "of {dtype}");
        }
    }
    Ok(())
}

/// Programs are cut to the limits of a device: results are those of the whole.
#[test]
fn long_programs_run_in_parts() -> Result<()> {
    let run = |device: Device| -> Result<Vec<Array<Elsewhere>>> {
        let x = XP.linspace(-3.0, 3.0, 24, Linspace::new().device(device))?;
        let x = XP.reshape(x, (4, 6), ())?;
        let (low, high) = (x.get(0)?, XP.positive(x.get(3)?)?);
        let eye = XP.eye(6, None, Eye::new().k(1).dtype(DType::Float64).device(device))?;
        let whole = XP.astype(XP.round(&x)?, DType::Int32, ())?;
        Ok(vec![
            XP.clip(&x, &low, &high)?,
            XP.clip(&whole, -1, 2)?,
            XP.tril(&x, -1)?,
            XP.var(&x, 1)?,
            XP.mean(&x, ())?,
            XP.vecdot(&x, &low, ())?,
            XP.where_(XP.less(&x, 0.0)?, &x, x.get(1)?)?,
            XP.all(&x, 0)?,
            XP.matmul(&x, eye)?,
        ])
    };
    for (limited, wide) in run(LIMITED)?.iter().zip(run(WIDE)?) {
        assert_eq!(limited.device(), LIMITED);
        assert_same(&CPU.asarray(limited, ())?, &CPU.asarray(&wide, ())?);
    }
    Ok(())
}

#[test]
fn a_device_may_leave_out_what_depends_on_values() -> Result<()> {
    let x = XP.asarray([3, 0, 3], LIMITED)?;
    let mask = XP.greater(&x, 0)?;
    let shapes = ["gpu:3", "elsewhere", "shapes depend on values"];
    assert_text(XP.nonzero(&x), &shapes);
    assert_text(XP.unique_all(&x), &shapes);
    assert_text(XP.unique_counts(&x), &shapes);
    assert_text(XP.unique_inverse(&x), &shapes);
    assert_text(XP.unique_values(&x), &shapes);
    assert_text(XP.repeat(&x, &x, ()), &shapes);
    assert_text(x.get(&mask), &["gpu:3", "elsewhere", "boolean arrays", "where"]);
    assert_text(x.clone().set(&mask, 1), &["gpu:3", "elsewhere", "boolean arrays", "where"]);
    assert_eq!(XP.isin(&x, 3, ())?.to_vec::<bool>()?, [true, false, true]);
    assert_eq!(XP.count_nonzero(&x, ())?.item::<i64>()?, 2);
    Ok(())
}
