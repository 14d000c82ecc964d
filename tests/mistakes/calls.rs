//! Wrong calls, and what they answer.

use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Mutex;

use arrayspace::options::*;
use arrayspace::prelude::*;
use arrayspace::{Complex, DeviceKind, Slice, f16};

/// A call as it is written, the text of its error or panic, and whether it is a panic.
struct Wrong {
    call: &'static str,
    text: String,
    panics: bool,
}

/// What panicked last, and where.
static PANIC: Mutex<Option<(String, String)>> = Mutex::new(None);

fn error<T>(call: &'static str, result: Result<T>) -> Wrong {
    let Err(error) = result else { panic!("{call} is no mistake") };
    let text = error.to_string();
    // every error names the line of this file where the call is
    let place = error.location().unwrap_or_else(|| panic!("{call} has no place: {error}"));
    assert_eq!(place.file(), file!(), "{call}: {error:?}");
    assert_eq!(format!("{error:?}"), format!("{text}\n  at {place}"));
    Wrong { call, text, panics: false }
}

fn panic<T>(call: &'static str, run: impl FnOnce() -> T) -> Wrong {
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err(), "{call} does not panic");
    let (text, file) = PANIC.lock().unwrap().take().expect("a panic");
    assert_eq!(file, file!(), "{call}: {text}");
    Wrong { call, text, panics: true }
}

/// The calls of a list: `errors` return theirs, `panics` are operators.
macro_rules! wrong {
    (errors { $($call:expr;)* } panics { $($operator:expr;)* }) => {{
        #[allow(unused_mut)]
        let mut all = Vec::new();
        $(all.push(error(stringify!($call), $call));)*
        $(all.push(panic(stringify!($operator), || $operator));)*
        all
    }};
}

fn wrong_calls() -> Result<Vec<Wrong>> {
    let xp = &Cpu::new();
    let ints = &xp.asarray([1, 2, 3], ())?;
    let longs = &xp.arange(3, None, None, ())?;
    let unsigned = &xp.asarray([1_u8, 2, 3], ())?;
    let widest = &xp.asarray([1_u64, 2, 3], ())?;
    let floats = &xp.asarray([1.0, 2.0, 3.0], ())?;
    let singles = &xp.asarray([1.0_f32, 2.0, 3.0], ())?;
    let halves = &xp.asarray([f16::ONE; 3], ())?;
    let complex = &xp.asarray([Complex::new(1.0, 2.0); 3], ())?;
    let bools = &xp.asarray([true, false, true], ())?;
    let matrix = &xp.reshape(xp.arange(6, None, None, ())?, (2, 3), ())?;
    let pair = &xp.asarray([1_i64, 2], ())?;
    let none = &xp.zeros(0, ())?;
    let one = &xp.asarray(2.5, ())?;
    let (mut target, mut counts) = (xp.zeros((2, 3), ())?, ints.clone());
    let elsewhere = Device::new(DeviceKind::Cpu, 3);
    let skew = &xp.asarray([[1.0, 2.0], [0.0, 1.0]], ())?;
    let linalg = xp.linalg();
    Ok(wrong! {
        errors {
            // dtypes
            xp.add(ints, floats);
            xp.add(ints, singles);
            xp.add(longs, floats);
            xp.add(unsigned, halves);
            xp.add(ints, halves);
            xp.add(ints, complex);
            xp.add(widest, longs);
            xp.add(widest, ints);
            xp.add(halves, xp.astype(halves, DType::BFloat16, ())?);
            xp.add(bools, floats);
            xp.add(complex, ints);
            xp.add(bools, bools);
            xp.multiply(bools, bools);
            xp.subtract(bools, bools);
            xp.negative(bools);
            xp.divide(ints, ints);
            xp.divide(ints, 2);
            xp.add(ints, 0.5);
            xp.add(unsigned, 300);
            xp.add(bools, 1);
            xp.add(floats, true);
            xp.add(ints, Complex::new(0.0, 1.0));
            xp.add(1, 2);
            xp.sqrt(ints);
            xp.floor(complex);
            xp.less(complex, complex);
            xp.bitwise_invert(floats);
            xp.bitwise_and(floats, floats);
            xp.bitwise_left_shift(bools, 1);
            xp.logical_and(ints, ints);
            xp.nextafter(floats, singles);
            xp.sum(bools, ());
            xp.prod(bools, ());
            xp.mean(bools, ());
            xp.mean(ints, ());
            xp.max(bools, ());
            xp.min(complex, ());
            xp.var(bools, ());
            xp.std(complex, ());
            xp.cumulative_sum(bools, ());
            xp.sum(floats, axis(0).dtype(DType::Bool));
            xp.where_(ints, 1, ints);
            xp.where_(bools, 1, 0);
            xp.where_(bools, floats, ints);
            xp.clip(ints, 0.5, 2);
            xp.clip(singles, floats, None);
            xp.take(floats, floats, ());
            xp.finfo(DType::Int8);
            xp.iinfo(DType::Float32);
            xp.result_type((floats, ints));
            xp.result_type(Vec::<DType>::new());
            xp.astype(complex, DType::Float64, ());
            xp.full(3, 256, DType::UInt8);
            xp.full(3, 0.5, DType::Int32);
            xp.arange(0.5, 3, 1, DType::Int32);
            xp.linspace(0, 1, 5, DType::Int32);
            xp.asarray(vec![usize::MAX], ());
            xp.concat([matrix, &target], 0);
            // shapes
            xp.add(matrix, pair);
            xp.add(matrix, floats.get(..2)?);
            xp.add(longs, pair);
            xp.add(xp.zeros((4, 5, 6), ())?, xp.zeros((4, 6), ())?);
            xp.add(xp.zeros((4, 5, 6), ())?, xp.zeros((7, 6), ())?);
            matrix.matmul(matrix);
            matrix.matmul(one);
            xp.vecdot(longs, pair, ());
            xp.tensordot(matrix, matrix, 1);
            xp.reshape(matrix, (4, 2), ());
            xp.reshape(matrix, (-1, -1), ());
            xp.reshape(matrix, (-1, 4), ());
            xp.broadcast_to(pair, (2, 3));
            xp.zeros((2, -1), ());
            xp.zeros((1_usize << 40, 1_usize << 20), ());
            xp.ones([1; 65], ());
            xp.asarray(vec![vec![1, 2], vec![3]], ());
            xp.concat([matrix, &xp.ones((2, 2, 1), DType::Int64)?], 0);
            xp.concat([matrix, &xp.ones((2, 2), DType::Int64)?], 0);
            xp.stack([floats, &xp.ones(2, ())?], 0);
            xp.unstack(one, ());
            xp.zeros((2, 3, 4), ())?.T();
            floats.mT();
            xp.matrix_transpose(floats);
            xp.tril(floats, ());
            xp.squeeze(matrix, 0);
            xp.searchsorted(matrix, 2, ());
            xp.max(none, ());
            xp.argmax(none, ());
            xp.nonzero(one);
            // axes
            xp.sum(matrix, 2);
            xp.sum(matrix, [0, -2]);
            xp.sum(one, 0);
            xp.sort(matrix, 5);
            xp.argmax(matrix, [0, 1]);
            xp.cumulative_sum(matrix, ());
            xp.cumulative_sum(one, ());
            xp.take(matrix, pair, ());
            xp.flip(matrix, 2);
            xp.permute_dims(matrix, (0, 0));
            xp.permute_dims(matrix, (0, 1, 2));
            xp.moveaxis(matrix, 0, 5);
            xp.roll(matrix, (1, 2), 0);
            xp.expand_dims(matrix, 4);
            // options
            xp.mean(floats, axis(0).dtype(DType::Float32));
            xp.sum(floats, axis(0).correction(1.0));
            xp.var(floats, axis(0).correction(f64::NAN));
            xp.arange(0, 5, 0, ());
            xp.arange(0.0, f64::INFINITY, 1.0, ());
            xp.linspace(0, 1, -1, ());
            xp.eye(-2, None, ());
            xp.tile(pair, (-1, 2));
            xp.repeat(pair, -1, ());
            xp.diff(floats, Diff::new().n(-1));
            xp.asarray(vec![1.5], AsArray::new().copy(false).dtype(DType::Int8));
            xp.reshape(matrix.T()?, 6, false);
            // indices
            matrix.get((0, 3));
            matrix.get((0, 0, 0));
            matrix.get((Ellipsis, Ellipsis));
            floats.get(-4);
            floats.get(floats);
            floats.get(&xp.asarray([0, 7], ())?);
            matrix.get(bools);
            floats.get(s![..; 0]);
            floats.get(Slice::new(None, None, Some(0)));
            one.get(0);
            target.set(0, longs.get(..2)?);
            target.set((), xp.ones((3, 2), ())?);
            target.set((0, 9), 1.0);
            target.set(0, matrix.get(0)?);
            counts.set(0, 0.5);
            counts.set(0, 1_i64 << 40);
            xp.take(floats, &xp.asarray([3], ())?, 0);
            // in place
            counts.add_assign(floats);
            counts.add_assign(&xp.asarray([[1_i64], [2]], ())?);
            counts.divide_assign(2);
            target.multiply_assign(&xp.ones((4, 2, 3), ())?);
            target.matmul_assign(&xp.ones((3, 2), ())?);
            // out of arrays
            matrix.to_vec::<f64>();
            matrix.item::<i64>();
            one.item::<i64>();
            f64::try_from(floats);
            f64::try_from(&xp.asarray([[1.5]], ())?);
            f64::try_from(complex.get(0)?);
            bool::try_from(xp.equal(floats, floats)?);
            usize::try_from(one);
            u8::try_from(&xp.asarray(300, ())?);
            i32::try_from(&xp.asarray(f64::NAN, ())?);
            // devices
            xp.zeros(3, Creation::new().device(elsewhere));
            floats.to_device(elsewhere);
            // extensions
            xp.fft().fft(floats, ());
            xp.fft().fftn(floats, ());
            xp.fft().ifft(floats, ());
            xp.fft().rfft(ints, ());
            xp.fft().rfft(complex, ());
            xp.fft().irfft(floats, ());
            xp.fft().fft(complex, arrayspace::options::length(0));
            xp.fft().fftfreq(0, ());
            linalg.solve(&xp.ones((2, 2), ())?, &xp.ones(2, ())?);
            linalg.solve(&xp.ones((3, 2), ())?, &xp.ones(3, ())?);
            linalg.solve(skew, floats);
            linalg.inv(&xp.eye(2, None, DType::Int64)?);
            linalg.inv(floats);
            linalg.inv(matrix);
            linalg.cholesky(-xp.eye(2, None, ())?, ());
            linalg.svd(xp.full((2, 2), f64::NAN, ())?, ());
            linalg.qr(matrix, ());
            linalg.cross(pair, pair, ());
            linalg.cross(longs, longs, 0);
            linalg.matrix_norm(floats, ());
            linalg.vector_norm(ints, ());
            linalg.matrix_power(skew.get(0)?, 2);
            linalg.trace(floats, ());
        }
        panics {
            ints + floats;
            ints * 0.5;
            1.5 - ints;
            ints / 2;
            bools + bools;
            matrix + pair;
            !floats;
            -bools;
            unsigned - 300;
            { let mut x = floats.clone(); x += ints };
            { let mut x = ints.clone(); x += floats };
            { let mut x = singles.clone(); x += skew };
            { let mut x = ints.clone(); x += skew };
        }
    })
}

#[test]
fn wrong_calls_say_what_was_given_what_was_expected_and_what_mends_it() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/messages.txt");
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or("?").to_owned();
        let file = info.location().map_or("", Location::file).to_owned();
        *PANIC.lock().unwrap() = Some((text, file));
    }));
    let calls = wrong_calls();
    let _ = std::panic::take_hook();
    let mut is = String::new();
    for Wrong { call, text, panics } in calls.unwrap() {
        is += &format!("{call}\n    {}{text}\n\n", if panics { "panics: " } else { "" });
    }
    if super::bless() {
        std::fs::write(file, is).unwrap();
        return;
    }
    let was = std::fs::read_to_string(file).unwrap();
    assert!(was == is, "texts have changed:\n{}", super::difference(&was, &is));
}

#[test]
fn an_error_has_the_line_of_the_call_and_not_of_the_library_or_the_standard_library() {
    let xp = Cpu::new();
    let line = |e: Error| e.location().map(Location::line);
    let x = xp.ones(3, ()).unwrap();
    let (of_sum, here) = (xp.sum(&x, 7).unwrap_err(), line!());
    assert_eq!(line(of_sum), Some(here));
    // a function made of others, a closure, a `?` on the way out
    let inner = || -> Result<usize> {
        let inverse = xp.linalg().pinv(&x, ())?;
        Ok(inverse.size())
    };
    let here = line!() - 3;
    assert_eq!(line(inner().unwrap_err()), Some(here));
    let (e, here) = (f64::try_from(&x).unwrap_err(), line!());
    assert_eq!(line(e), Some(here));
    // what the standard library calls does not know who called that
    let e = TryInto::<f64>::try_into(&x).unwrap_err();
    assert_eq!(line(e.clone()), None, "{e:?}");
    // two errors are equal wherever they arose
    let again = f64::try_from(&x).unwrap_err();
    assert!(again == e && again.location() != e.location());
}
