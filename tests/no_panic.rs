//! No function panics, whatever it is given: each is called with every pair of some awkward arrays
//! (all dtypes, 0-d, empty, one element, many dimensions, reversed, transposed, broadcast, extreme values)
//! and awkward integers, and must return a value or an error with a text. Results are read in full, so
//! a view beyond its memory would be found, too.
#![cfg(feature = "cpu")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrayspace::options::{
    Creation, Cumulative, Diff, Eye, FromDLPack, Indexing, IsIn, Linspace, Reduction, SearchSorted,
    Side, Sort, ToDLPack, Triangle,
};
use arrayspace::prelude::*;
use arrayspace::{NewAxis, Result, s};

/// What a call leaves: arrays to be read, or nothing.
type Arrays<N> = Vec<Array<N>>;
type Call<N> = fn(&N, &Array<N>, &Array<N>, i64) -> Result<Arrays<N>>;

macro_rules! calls {
    ($(|$xp:pat_param, $x:pat_param, $y:pat_param, $k:pat_param| $body:expr;)*) => {
        vec![$((stringify!($body), (|$xp, $x, $y, $k| $body) as Call<N>)),*]
    };
}

macro_rules! unary {
    ($($f:ident)*) => {
        vec![$((stringify!($f), (|xp, x, _, _| Ok(vec![xp.$f(x)?])) as Call<N>)),*]
    };
}

macro_rules! binary {
    ($($f:ident)*) => {
        vec![$((stringify!($f), (|xp, x, y, _| Ok(vec![xp.$f(x, y)?])) as Call<N>)),*]
    };
}

macro_rules! scalar {
    ($($f:ident)*) => {
        vec![$(
            (concat!(stringify!($f), " with an int"), (|xp, x, _, k| Ok(vec![xp.$f(x, k)?, xp.$f(k, x)?])) as Call<N>),
            (concat!(stringify!($f), " with a float"), (|xp, x, _, k| Ok(vec![xp.$f(x, k as f64 / 3.0)?])) as Call<N>),
            (concat!(stringify!($f), " with a bool"), (|xp, x, _, k| Ok(vec![xp.$f(x, k > 0)?])) as Call<N>)
        ),*]
    };
}

macro_rules! reductions {
    ($($f:ident)*) => {
        vec![$(
            (concat!(stringify!($f), " of all"), (|xp, x, _, _| Ok(vec![xp.$f(x, ())?])) as Call<N>),
            (concat!(stringify!($f), " along an axis"), (|xp, x, _, k| Ok(vec![xp.$f(x, k)?])) as Call<N>),
            (concat!(stringify!($f), " along axes"), (|xp, x, _, k| Ok(vec![xp.$f(x, axis([k, 0]).keepdims(true))?])) as Call<N>),
            (concat!(stringify!($f), " of no axes"), (|xp, x, _, _| Ok(vec![xp.$f(x, Vec::<i64>::new())?])) as Call<N>),
            (concat!(stringify!($f), " in another dtype"), (|xp, x, y, k| Ok(vec![xp.$f(x, axis(k).dtype(y.dtype()))?])) as Call<N>)
        ),*]
    };
}

/// Every function of the namespace, as calls with two arrays and an integer.
fn every_call<N: Namespace>() -> Vec<(&'static str, Call<N>)> {
    let mut all = unary! {
        abs acos acosh asin asinh atan atanh bitwise_invert ceil conj cos cosh exp expm1 floor imag
        isfinite isinf isnan log log1p log2 log10 logical_not negative positive real reciprocal round
        sign signbit sin sinh square sqrt tan tanh trunc matrix_transpose unique_values
    };
    all.extend(binary! {
        add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign
        divide equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and
        logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
        matmul
    });
    all.extend(scalar! {
        add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign
        divide equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and
        logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
    });
    all.extend(reductions! { sum prod max min mean var std all any count_nonzero argmax argmin });
    all.extend(calls! {
        // creation
        |xp, x, _, k| Ok(vec![xp.arange(k, k.wrapping_add(7), 1, x.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.arange(0, 5, k.clamp(-9, 9), x.dtype())?]);
        |xp, _, _, k| Ok(vec![xp.arange(0.0, k.clamp(-99, 99) as f64 / 7.0, 0.3, ())?]);
        |xp, _, _, k| Ok(vec![xp.arange(k, None, 1i64 << 58, ())?]);
        |xp, x, y, _| Ok(vec![xp.asarray(x, y.dtype())?]);
        |xp, x, y, _| Ok(vec![xp.empty_like(x, y.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.eye(3, k.min(9), Eye::new().k(k).dtype(x.dtype()))?]);
        |xp, x, _, k| Ok(vec![xp.eye(4, None, Eye::new().k(k.wrapping_neg()).dtype(x.dtype()))?]);
        |xp, x, y, k| {
            let options = ToDLPack::new().copy((k > 1).then_some(k > 9)).max_version((1, k as u32));
            let of_tensor = xp.from_dlpack(x.to_dlpack(options)?, FromDLPack::new().copy(k < 0))?;
            Ok(vec![of_tensor, xp.from_dlpack(y, k % 2 == 0)?])
        };
        |xp, x, _, k| Ok(vec![xp.full((2, k.min(9)), k, x.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.full_like(x, k, ())?]);
        |xp, x, _, k| Ok(vec![xp.full_like(x, k as f64, ())?]);
        |xp, x, _, k| Ok(vec![xp.linspace(-1, k, 5, Linspace::new().dtype(x.dtype()))?]);
        |xp, _, _, k| Ok(vec![xp.linspace(0.0, 1.0, k.min(99), Linspace::new().endpoint(false))?]);
        |xp, x, y, _| xp.meshgrid([x, y], ());
        |xp, x, y, _| xp.meshgrid([x, y], Indexing::IJ);
        |xp, x, _, k| Ok(vec![xp.ones((k.min(3), 2), x.dtype())?, xp.zeros(k.min(50), x.dtype())?]);
        |xp, x, y, _| Ok(vec![xp.ones_like(x, y.dtype())?, xp.zeros_like(x, ())?]);
        |xp, x, _, k| Ok(vec![xp.tril(x, Triangle::new().k(k))?, xp.triu(x, Triangle::new().k(k))?]);
        |xp, x, _, k| Ok(vec![xp.zeros([k, k, k, k], Creation::new().dtype(x.dtype()))?]);
        // dtypes
        |xp, x, y, _| Ok(vec![xp.astype(x, y.dtype(), ())?]);
        |xp, x, y, _| { xp.can_cast(x, y.dtype())?; xp.result_type((x, y))?; Ok(vec![]) };
        |xp, x, _, _| { xp.finfo(x)?; Ok(vec![]) };
        |xp, x, _, _| { xp.iinfo(x.dtype())?; Ok(vec![]) };
        // elementwise, the odd ones
        |xp, x, y, k| Ok(vec![xp.clip(x, y, None)?, xp.clip(x, k, y)?]);
        |xp, x, _, k| Ok(vec![xp.clip(x, k, k as f64)?]);
        |xp, x, y, _| Ok(vec![xp.where_(xp.isnan(x)?, x, y)?]);
        |xp, x, y, k| Ok(vec![xp.where_(x, y, k)?, xp.where_(x, k as f64, y)?]);
        // indexing
        |xp, x, y, k| Ok(vec![xp.take(x, y, k)?]);
        |xp, x, y, _| Ok(vec![xp.take(x, y, ())?]);
        |xp, x, y, k| Ok(vec![xp.take_along_axis(x, y, k)?]);
        |_, x, _, k| Ok(vec![x.get(k)?]);
        |_, x, y, _| Ok(vec![x.get(y)?]);
        |_, x, y, k| Ok(vec![x.get((k, y))?]);
        |_, x, y, k| Ok(vec![x.get((y, NewAxis, k, ..))?]);
        |_, x, _, k| Ok(vec![x.get(s![k..; 2, ..])?, x.get(s![..k; -1])?]);
        |_, x, _, k| Ok(vec![x.get(s![..; k])?]);
        |_, x, y, k| { let mut z = x.clone(); z.set(k, y)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.set(s![..; -1], y)?; Ok(vec![z]) };
        |_, x, y, k| { let mut z = x.clone(); z.set(y, k)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.set(y, x)?; Ok(vec![z]) };
        |_, x, _, _| Ok(x.iter().take(3).collect());
        |_, x, _, _| Ok(vec![x.T()?]);
        |_, x, _, _| Ok(vec![x.mT()?]);
        // linear algebra
        |xp, x, y, k| Ok(vec![xp.tensordot(x, y, k)?]);
        |xp, x, y, k| Ok(vec![xp.tensordot(x, y, ([k], [0i64]))?]);
        |xp, x, y, k| Ok(vec![xp.vecdot(x, y, k)?]);
        // manipulation
        |xp, x, y, _| xp.broadcast_arrays([x, y]);
        |xp, x, y, k| { xp.broadcast_shapes([x.shape(), y.shape(), &[k.clamp(0, 9) as usize]])?; Ok(vec![]) };
        |xp, x, y, _| Ok(vec![xp.broadcast_to(x, y.shape())?]);
        |xp, x, _, k| Ok(vec![xp.broadcast_to(x, (k, 3))?]);
        |xp, x, y, k| Ok(vec![xp.concat([x, y], k)?]);
        |xp, x, y, _| Ok(vec![xp.concat([x, y], None::<i64>)?, xp.stack([x, x], ())?]);
        |xp, x, y, k| Ok(vec![xp.stack([x, y], k)?]);
        |xp, x, _, k| Ok(vec![xp.expand_dims(x, [k, 0])?]);
        |xp, x, _, k| Ok(vec![xp.flip(x, k)?]);
        |xp, x, _, k| Ok(vec![xp.moveaxis(x, k, 0)?]);
        |xp, x, _, k| Ok(vec![xp.permute_dims(x, [1, 0, k])?]);
        |xp, x, _, k| Ok(vec![xp.repeat(x, k.min(9), ())?]);
        // counts up to 65535 alone: larger ones are as much memory as is asked for
        |xp, x, y, k| Ok(vec![xp.repeat(x, xp.astype(y, DType::UInt16, ())?, k)?]);
        |xp, x, _, k| Ok(vec![xp.reshape(x, (-1, k), ())?]);
        |xp, x, y, _| Ok(vec![xp.reshape(x, y.shape(), false)?]);
        |xp, x, _, k| Ok(vec![xp.roll(x, k, ())?]);
        |xp, x, _, k| Ok(vec![xp.roll(x, [k, i64::MIN], [0, 1])?]);
        |xp, x, _, k| Ok(vec![xp.squeeze(x, k)?]);
        |xp, x, _, k| Ok(vec![xp.tile(x, (2, k.min(4)))?]);
        |xp, x, _, k| xp.unstack(x, k);
        // searching, sets, sorting
        |xp, x, _, _| xp.nonzero(x);
        |xp, x, y, _| Ok(vec![xp.searchsorted(x, y, Side::Right)?]);
        |xp, x, y, k| Ok(vec![xp.searchsorted(x, k, SearchSorted::new().sorter(y))?]);
        |xp, x, y, k| Ok(vec![xp.isin(x, y, ())?, xp.isin(x, k, IsIn::new().invert(true))?]);
        |xp, x, _, _| {
            let u = xp.unique_all(x)?;
            Ok(vec![u.values, u.indices, u.inverse_indices, u.counts])
        };
        |xp, x, _, _| { let u = xp.unique_counts(x)?; Ok(vec![u.values, u.counts]) };
        |xp, x, _, _| { let u = xp.unique_inverse(x)?; Ok(vec![u.values, u.inverse_indices]) };
        |xp, x, _, k| Ok(vec![xp.sort(x, k)?, xp.argsort(x, Sort::new().axis(k).descending(true))?]);
        |xp, x, _, _| Ok(vec![xp.sort(x, ())?, xp.argsort(x, ())?]);
        // statistics, utilities
        |xp, x, _, k| Ok(vec![xp.var(x, Reduction::new().correction(k as f64))?]);
        |xp, x, y, k| Ok(vec![xp.cumulative_sum(x, Cumulative::new().axis(k).dtype(y.dtype()))?]);
        |xp, x, _, k| Ok(vec![xp.cumulative_prod(x, Cumulative::new().axis(k).include_initial(true))?]);
        |xp, x, _, _| Ok(vec![xp.cumulative_sum(x, ())?]);
        |xp, x, y, k| Ok(vec![xp.diff(x, Diff::new().axis(k).prepend(y))?]);
        |xp, x, _, k| Ok(vec![xp.diff(x, Diff::new().n(k))?]);
        // values, and operators that a program checks first
        |_, x, _, _| { x.item::<f64>()?; Ok(vec![]) };
        |_, x, _, _| { i64::try_from(x)?; Ok(vec![]) };
        |_, x, _, _| { let _ = (format!("{x}"), format!("{x:?}")); Ok(vec![]) };
        |_, x, y, _| { let mut z = x.clone(); z.pow_assign(y)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.floor_divide_assign(y)?; Ok(vec![z]) };
    });
    all
}

/// Awkward arrays of a dtype.
fn arrays<N: Namespace>(xp: &N, dtype: DType) -> Result<Vec<Array<N>>> {
    let mut out = Vec::new();
    let extremes = match dtype {
        DType::Bool => xp.asarray([true, false, true, true, false, false], ())?,
        _ if dtype.is_integer() => {
            let info = xp.iinfo(dtype)?;
            let ends = [info.min, info.max, 0, 1, info.max / 2, 3];
            let parts: Vec<Array<N>> =
                ends.iter().map(|&v| xp.full(1, v, dtype)).collect::<Result<_>>()?;
            xp.concat(&parts, ())?
        }
        _ => {
            let values = [f64::NAN, f64::INFINITY, -0.0, 1e300, -2.5, 3.0];
            xp.astype(&xp.asarray(values, ())?, dtype, ())?
        }
    };
    let small = xp.astype(&xp.asarray([0u8, 1, 1, 0, 1, 0], ())?, dtype, ())?;
    let matrix = xp.reshape(&extremes, (2, 3), ())?;
    out.push(xp.reshape(&small.get(1)?, (), ())?);
    out.push(xp.zeros(0, dtype)?);
    out.push(xp.zeros([2, 0, 3], dtype)?);
    out.push(small.get(..3)?);
    out.push(extremes.get(s![..; -2])?);
    out.push(matrix.mT()?);
    out.push(matrix);
    out.push(xp.broadcast_to(&small.get(..2)?, [3, 2])?);
    out.push(xp.reshape(&small, [1, 1, 2, 1, 3, 1, 1], ())?);
    Ok(out)
}

/// Reads every element.
fn read<N: Namespace>(x: &Array<N>) -> Result<()> {
    macro_rules! read {
        ($($d:ident $t:ty),*) => {
            match x.dtype() {
                $(DType::$d => x.to_vec::<$t>().map(drop),)*
                _ => Ok(()),
            }
        };
    }
    read!(
        Bool bool, Int8 i8, Int16 i16, Int32 i32, Int64 i64, UInt8 u8, UInt16 u16, UInt32 u32,
        UInt64 u64, Float32 f32, Float64 f64
    )
}

fn suite<N: Namespace>(xp: &N, dtypes: &[DType]) {
    let all: Vec<Array<N>> =
        dtypes.iter().flat_map(|&d| arrays(xp, d).expect("making the arrays")).collect();
    let integers = [0, 1, -1, 2, -3, 7, 64, -65, 1 << 33, i64::MAX, i64::MIN];
    let (mut done, mut errors, mut failures) = (0usize, 0usize, Vec::new());
    for (name, call) in every_call::<N>() {
        let uses_k = name.contains('k') || name.contains("int") || name.contains("an axis");
        for (i, x) in all.iter().enumerate() {
            for (j, y) in all.iter().enumerate() {
                // every pair of shapes, a thinned choice of pairs of dtypes
                if x.dtype() != y.dtype() && (i + 7 * j) % 23 != 0 {
                    continue;
                }
                let k = integers[(i + j) % integers.len()];
                for k in if uses_k {
                    vec![k, integers[(i + 3 * j + 1) % integers.len()]]
                } else {
                    vec![k]
                } {
                    done += 1;
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        call(xp, x, y, k).and_then(|arrays| {
                            arrays
                                .iter()
                                .take(4)
                                .try_for_each(|a| if a.size() < 1 << 16 { read(a) } else { Ok(()) })
                        })
                    }));
                    match outcome {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => {
                            errors += 1;
                            if error.to_string().len() < 20 {
                                failures.push(format!("{name}: a text of no use: {error}"));
                            }
                        }
                        Err(panic) => {
                            let text = panic
                                .downcast_ref::<String>()
                                .map(String::as_str)
                                .or_else(|| panic.downcast_ref::<&str>().copied())
                                .unwrap_or("?");
                            failures.push(format!(
                                "{name}: {text}\n    x {x:?}\n    y {y:?}\n    k {k}"
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{done} calls, {errors} of them errors");
    assert!(errors > 0 && errors < done);
    failures.truncate(20);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn integers_and_bool() {
    use DType::*;
    suite(&Cpu::new(), &[Bool, Int8, Int64, UInt8, UInt64]);
}

#[test]
fn floats() {
    use DType::*;
    suite(&Cpu::new(), &[Float16, BFloat16, Float32, Float64, Complex64, Complex128]);
}

#[test]
fn mixed_kinds() {
    use DType::*;
    suite(&Cpu::new(), &[Bool, Int32, UInt16, Float32, Complex64]);
}
