//! Operators: all forms give what the function gives, compound assignments work in place and are never
//! seen through another array, and failures panic with everything there is to say.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrayspace::prelude::*;
use arrayspace::{Complex, bf16, f16};
use common::assert_text;
use common::values::*;
use proptest::prelude::*;

type Call<B> = fn(&B, &Array<B>, &Array<B>) -> Result<Array<B>>;

/// An operator in its forms, and the function of the same meaning.
struct Operator<B: Namespace> {
    symbol: &'static str,
    function: Call<B>,
    borrowed: fn(&Array<B>, &Array<B>) -> Array<B>,
    owned: fn(Array<B>, Array<B>) -> Array<B>,
    mixed: fn(Array<B>, &Array<B>) -> Array<B>,
    mixed_right: fn(&Array<B>, Array<B>) -> Array<B>,
    assign: fn(&mut Array<B>, &Array<B>),
    assign_owned: fn(&mut Array<B>, Array<B>),
    assign_checked: fn(&mut Array<B>, &Array<B>) -> Result<()>,
}

fn operators<B: Namespace>() -> Vec<Operator<B>> {
    macro_rules! table {
        ($($symbol:tt $assign:tt $function:ident $checked:ident;)*) => {
            vec![$(Operator {
                symbol: stringify!($symbol),
                function: |xp, a, b| xp.$function(a, b),
                borrowed: |a, b| a $symbol b,
                owned: |a, b| a $symbol b,
                mixed: |a, b| a $symbol b,
                mixed_right: |a, b| a $symbol b,
                assign: |a, b| *a $assign b,
                assign_owned: |a, b| *a $assign b,
                assign_checked: |a, b| a.$checked(b),
            }),*]
        };
    }
    table! {
        + += add add_assign;
        - -= subtract subtract_assign;
        * *= multiply multiply_assign;
        / /= divide divide_assign;
        % %= remainder remainder_assign;
        & &= bitwise_and bitwise_and_assign;
        | |= bitwise_or bitwise_or_assign;
        ^ ^= bitwise_xor bitwise_xor_assign;
        << <<= bitwise_left_shift bitwise_left_shift_assign;
        >> >>= bitwise_right_shift bitwise_right_shift_assign;
    }
}

/// The text of the panic, which must come.
#[track_caller]
fn panic_text<T>(run: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else {
        panic!("a panic is expected");
    };
    payload.downcast_ref::<String>().expect("a text").clone()
}

fn operators_are_functions<B: Namespace>(xp: &B) -> Result<()> {
    for op in operators::<B>() {
        for a in DType::ALL {
            for b in DType::ALL {
                let x = ordinary_array(xp, a, &[4, 3], 11 + a as u64);
                let y = ordinary_array(xp, b, &[3], 13 + b as u64);
                let expected = match (op.function)(xp, &x, &y) {
                    Ok(expected) => expected,
                    Err(error) => {
                        let text = panic_text(|| (op.borrowed)(&x, &y));
                        for part in [
                            &format!("Array({a}, [4, 3], {})", x.device()),
                            op.symbol,
                            &format!("Array({b}, [3], {})", y.device()),
                            &error.to_string(),
                        ] {
                            assert!(text.contains(part), "{part:?} is missing in {text:?}");
                        }
                        continue;
                    }
                };
                assert_same(&(op.borrowed)(&x, &y), &expected);
                assert_same(&(op.owned)(x.clone(), y.clone()), &expected);
                assert_same(&(op.mixed)(x.clone(), &y), &expected);
                assert_same(&(op.mixed_right)(&x, y.clone()), &expected);
                // memory that nobody else has
                let own = |x: &Array<B>| xp.astype(x, x.dtype(), ()).unwrap();
                assert_same(&(op.owned)(own(&x), own(&y)), &expected);
                if expected.dtype() == a {
                    let (mut in_place, mut shared) = (own(&x), x.clone());
                    (op.assign)(&mut in_place, &y);
                    assert_same(&in_place, &expected);
                    (op.assign_owned)(&mut shared, y.clone());
                    assert_same(&shared, &expected);
                    let mut checked = own(&x);
                    (op.assign_checked)(&mut checked, &y)?;
                    assert_same(&checked, &expected);
                    assert_same(&x, &own(&x));
                } else {
                    let mut checked = x.clone();
                    assert!(
                        (op.assign_checked)(&mut checked, &y).is_err(),
                        "{a} {} {b}",
                        op.symbol
                    );
                    assert_same(&checked, &x);
                }
            }
        }
    }
    Ok(())
}

fn scalars_on_both_sides<B: Namespace>(xp: &B) -> Result<()> {
    macro_rules! right {
        ($x:expr; $($value:expr),*) => { $(
            assert_same(&($x - $value), &xp.subtract($x, $value)?);
            assert_same(&($x.clone() - $value), &xp.subtract($x, $value)?);
        )* };
    }
    macro_rules! left {
        ($x:expr; $($value:expr),*) => { $(
            assert_same(&($value - $x), &xp.subtract($value, $x)?);
            assert_same(&($value - $x.clone()), &xp.subtract($value, $x)?);
        )* };
    }
    for dtype in DType::ALL.into_iter().filter(|d| d.is_integer()) {
        let x = &integers(xp, dtype, &[3], &[5, 6, 7]);
        right!(x; 2_i8, 2_i16, 2_i32, 2_i64, 2_isize, 2_u8, 2_u16, 2_u32, 2_u64, 2_usize, 2_i128);
        left!(x; 2_i64, 2, Scalar::from(2_u8));
    }
    for dtype in DType::ALL.into_iter().filter(|d| d.is_floating()) {
        let x = &integers(xp, dtype, &[3], &[5, 6, 7]);
        right!(x; 2, 0.5_f32, 0.5_f64, 0.5, f16::from_f32(0.5), bf16::from_f32(0.5));
        left!(x; 2, 0.5, Scalar::from(0.5_f32));
    }
    let x = &xp.asarray([0.5_f32, 1.0], ())?;
    right!(x; Complex::new(1.0_f32, 2.0), Complex::new(1.0, 2.0));
    left!(x; Complex::new(1.0, 2.0));

    let x = xp.asarray([1, 2, 3], ())?;
    assert_eq!((10 - &x).to_vec::<i32>()?, [9, 8, 7]);
    assert_eq!((10 * x.clone()).to_vec::<i32>()?, [10, 20, 30]);
    assert_eq!((7 % &x).to_vec::<i32>()?, [0, 1, 1]);
    assert_eq!((1 << &x).to_vec::<i32>()?, [2, 4, 8]);
    assert_eq!((16 >> &x).to_vec::<i32>()?, [8, 4, 2]);
    assert_eq!((3 & &x).to_vec::<i32>()?, [1, 2, 3]);
    assert_eq!((4 | &x).to_vec::<i32>()?, [5, 6, 7]);
    assert_eq!((1 ^ &x).to_vec::<i32>()?, [0, 3, 2]);
    let y = xp.asarray([1.0, 2.0], ())?;
    assert_eq!((1 / &y).to_vec::<f64>()?, [1.0, 0.5]);
    let mask = xp.asarray([true, false], ())?;
    assert_eq!((true & &mask).to_vec::<bool>()?, [true, false]);
    assert_eq!((&mask ^ true).to_vec::<bool>()?, [false, true]);

    let mut z = y.clone();
    z += 1;
    z *= 2.5;
    z -= &y;
    z /= y.clone();
    assert_eq!(z.to_vec::<f64>()?, [4.0, 2.75]);
    let mut n = x.clone();
    n <<= 3;
    n >>= 1;
    n |= 1;
    n &= 13;
    n ^= 2;
    n %= 6;
    assert_eq!(n.to_vec::<i32>()?, [1, 5, 3]);
    Ok(())
}

fn operators_of_one_operand<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([1, -2], ())?;
    assert_eq!((-&x).to_vec::<i32>()?, [-1, 2]);
    assert_eq!((-x.clone()).to_vec::<i32>()?, [-1, 2]);
    assert_eq!((!&x).to_vec::<i32>()?, [-2, 1]);
    assert_eq!((!x.clone()).to_vec::<i32>()?, [-2, 1]);
    assert_eq!((!xp.asarray([true, false], ())?).to_vec::<bool>()?, [false, true]);
    let float = xp.ones(2, ())?;
    let text = panic_text(|| !&float);
    assert!(text.starts_with(&format!("!Array(float64, [2], {})", float.device())), "{text}");
    assert!(text.contains("bitwise_invert: x has dtype float64"), "{text}");
    let text = panic_text(|| -xp.ones(2, DType::Bool).unwrap());
    assert!(text.contains("negative: x has dtype bool"), "{text}");
    Ok(())
}

fn failures_say_everything<B: Namespace>(xp: &B) -> Result<()> {
    let (x, y) = (xp.ones([2, 3], ())?, xp.ones(2, ())?);
    let text = panic_text(|| &x + &y);
    let place = x.device();
    assert!(
        text.starts_with(&format!(
            "Array(float64, [2, 3], {place}) + Array(float64, [2], {place}): add: the shapes"
        )),
        "{text}"
    );
    let text = panic_text(|| 0.5 * xp.ones(2, DType::Int8).unwrap());
    assert!(text.starts_with(&format!("0.5 * Array(int8, [2], {place}): multiply: ")), "{text}");
    assert!(text.contains("astype"), "{text}");
    let mut z = y.clone();
    let text = panic_text(|| z += &x);
    assert!(
        text.contains(&format!("Array(float64, [2], {place}) += Array(float64, [2, 3]")),
        "{text}"
    );

    // where: the line of the operator, not one of the library
    let place = std::panic::Location::caller();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let hook = std::panic::take_hook();
    let file = std::sync::Arc::clone(&seen);
    std::panic::set_hook(Box::new(move |info| {
        *file.lock().unwrap() = info.location().map_or(String::new(), |l| l.file().to_string());
    }));
    let result = catch_unwind(AssertUnwindSafe(|| &x + &y));
    std::panic::set_hook(hook);
    assert!(result.is_err());
    assert_eq!(*seen.lock().unwrap(), place.file());
    Ok(())
}

fn failed_assignments_change_nothing<B: Namespace>(xp: &B) -> Result<()> {
    let mut x = xp.asarray([1.0, 2.0], ())?;
    let wide = xp.ones([2, 2], ())?;
    let text = panic_text(|| x += &wide);
    assert!(text.contains("add: ") && text.contains("[2, 2]"), "{text}");
    let text = panic_text(|| x *= Complex::new(0.0, 1.0));
    assert!(text.contains("complex128") && text.contains("in place"), "{text}");
    let text = panic_text(|| x -= xp.ones(2, DType::Int32).unwrap());
    assert!(text.contains("int32"), "{text}");
    assert_text(x.pow_assign(&wide), &["pow: ", "[2, 2]", "[2]"]);
    assert_text(x.floor_divide_assign(Complex::new(0.0, 1.0)), &["floor_divide: "]);
    assert_eq!(x.to_vec::<f64>()?, [1.0, 2.0]);
    let mut single = xp.ones(2, DType::Float32)?;
    let text = panic_text(|| single += &x);
    assert!(text.contains("float64") && text.contains("float32"), "{text}");
    assert_eq!(single.to_vec::<f32>()?, [1.0, 1.0]);
    Ok(())
}

fn methods_are_functions<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[7, -7], [5, 2]], ())?;
    assert_same(&x.pow(2)?, &xp.pow(&x, 2)?);
    assert_same(&x.pow(&x)?, &xp.pow(&x, &x)?);
    assert_same(&x.floor_divide(2)?, &xp.floor_divide(&x, 2)?);
    let mut y = x.clone();
    y.pow_assign(2)?;
    assert_eq!(y.to_vec::<i32>()?, [49, 49, 25, 4]);
    y.floor_divide_assign(&x)?;
    assert_eq!(y.to_vec::<i32>()?, [7, -7, 5, 2]);
    assert_text(x.pow(0.5), &["pow: ", "float scalar", "int32"]);
    Ok(())
}

fn matrix_products<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([[7, -7], [5, 2]], ())?;
    let product = xp.matmul(&x, &x)?;
    assert_same(&x.matmul(&x)?, &product);
    assert_same(&x.matmul(x.clone())?, &product);
    let mut y = x.clone();
    y.matmul_assign(&x)?;
    assert_same(&y, &product);
    let vector = xp.ones(2, DType::Int32)?;
    assert_text(y.matmul_assign(&vector), &["matmul: ", "[2]", "[2, 2]", "in place"]);
    assert_text(y.matmul_assign(xp.ones(3, DType::Int32)?), &["matmul: "]);
    assert_same(&y, &product);
    assert_same(&x, &xp.asarray([[7, -7], [5, 2]], ())?);
    Ok(())
}

fn memory_stays_where_nobody_shares_it<B: Namespace>(xp: &B) -> Result<()> {
    if xp.asarray([1.0], ())?.as_slice::<f64>().is_none() {
        return Ok(()); // addresses are of memory that the host sees
    }
    const N: usize = 5000; // fewer take less time in new memory than it takes to ask whose the old one is
    let address = |x: &Array<B>| x.as_slice::<f64>().map(<[f64]>::as_ptr);
    let mut x = xp.asarray(vec![1.0; N], ())?;
    let before = address(&x);
    x += 1;
    x *= xp.ones(N, ())?;
    assert_eq!(address(&x), before);
    let kept = x.clone();
    x += 1;
    assert_eq!(address(&kept), before);
    assert_ne!(address(&x), before);
    assert_eq!((kept.to_vec::<f64>()?[N - 1], x.to_vec::<f64>()?[N - 1]), (2.0, 3.0));
    Ok(())
}

/// No write is seen through another array: clones and views keep their values.
fn writes_are_never_seen_elsewhere<B: Namespace>(xp: &B) {
    let strategy = (1..40_usize, 1..40_usize, any::<u64>(), 0..5_usize, any::<bool>());
    run(&strategy, |(rows, columns, seed, form, twice)| {
        let x = ordinary_array(xp, DType::Int64, &[rows, columns], seed);
        let values = scalars(&x);
        let mut y = x.clone();
        let mut view = x.T().unwrap();
        let row = ordinary_array(xp, DType::Int64, &[columns], seed ^ 3);
        let expected = match form {
            0 => xp.add(&x, &row),
            1 => xp.multiply(&x, &x),
            2 => xp.subtract(&x, 3),
            3 => xp.add(&x, &x),
            _ => xp.multiply(&x, xp.ones((), DType::Int64).unwrap()),
        };
        let expected = scalars(&expected.unwrap());
        match form {
            0 => y += &row,
            1 => y *= &x,
            2 => y -= 3,
            3 => y += y.clone(),
            _ => y *= xp.ones((), DType::Int64).unwrap(),
        }
        prop_assert_eq!(scalars(&y), expected.clone());
        if twice {
            view -= &x.T().unwrap();
            prop_assert!(scalars(&view).iter().all(|v| *v == Scalar::Int(0)));
        } else {
            prop_assert_eq!(scalars(&view.T().unwrap()), values.clone());
        }
        prop_assert_eq!(scalars(&x), values);
        prop_assert_eq!(scalars(&y), expected);
        Ok(())
    });
    // the transpose of an array, added to the array in place
    run(&(1..50_usize, any::<u64>()), |(n, seed)| {
        let mut x = ordinary_array(xp, DType::Int64, &[n, n], seed);
        let expected = xp.add(&x, x.T().unwrap()).unwrap();
        let t = x.T().unwrap();
        x += t;
        assert_same(&x, &expected);
        Ok(())
    });
}

fn check<B: Namespace>(xp: &B) -> Result<()> {
    writes_are_never_seen_elsewhere(xp);
    memory_stays_where_nobody_shares_it(xp)?;
    operators_of_one_operand(xp)?;
    failures_say_everything(xp)?;
    failed_assignments_change_nothing(xp)?;
    scalars_on_both_sides(xp)?;
    methods_are_functions(xp)?;
    matrix_products(xp)?;
    operators_are_functions(xp)?;
    Ok(())
}

#[test]
fn operators_of_arrays() -> Result<()> {
    on_each_backend!(xp => check(xp)?);
    Ok(())
}
