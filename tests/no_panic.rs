//! No function panics, whatever it is given: each is called with every pair of some awkward arrays
//! (all dtypes, 0-d, empty, one element, many dimensions, reversed, transposed, broadcast, extreme values)
//! and awkward integers, and must return a value or an error with a text and the place of the call. Results are read in full, so
//! a view beyond its memory would be found, too.
#![cfg(feature = "cpu")]

use std::panic::{AssertUnwindSafe, catch_unwind};

#[macro_use]
mod common;

#[path = "common/calls.rs"]
#[allow(dead_code)] // each test uses a part of it
mod calls;

use arrayspace::prelude::*;
use arrayspace::s;
use calls::{Call, every_call};

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
    // where each call may compile a kernel, every call is made with a fifth of the pairs
    let share = if N::primary_device(xp) == Device::CPU { 1 } else { 5 };
    for (number, Call { name, run, .. }) in every_call::<N>().into_iter().enumerate() {
        // as a word of its own, or in a call with a scalar
        let uses_k = name.contains(" with ")
            || name.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "k");
        for (i, x) in all.iter().enumerate() {
            for (j, y) in all.iter().enumerate() {
                // every pair of shapes, a thinned choice of pairs of dtypes
                if x.dtype() != y.dtype() && (i + 7 * j) % 23 != 0 {
                    continue;
                }
                if (number + i + 3 * j) % share != 0 {
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
                        run(xp, x, y, k).and_then(|arrays| {
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
                            // each names the line of the test from where the library was called
                            let file = error.location().map_or("", |place| place.file());
                            if !file.ends_with("calls.rs") && !file.ends_with("no_panic.rs") {
                                failures
                                    .push(format!("{name}: an error without its place: {error:?}"));
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
    on_each_backend!(xp => suite(xp, &[Bool, Int8, Int64, UInt8, UInt64]));
}

#[test]
fn floats() {
    use DType::*;
    let dtypes = [Float16, BFloat16, Float32, Float64, Complex64, Complex128];
    on_each_backend!(xp => suite(xp, &dtypes));
}

#[test]
fn mixed_kinds() {
    use DType::*;
    on_each_backend!(xp => suite(xp, &[Bool, Int32, UInt16, Float32, Complex64]));
}
