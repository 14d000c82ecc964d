//! Elementwise functions: which dtypes they take and give, broadcasting, scalars, values against a naive
//! oracle, and the texts of errors. (Special values and accuracy are the backends' tests.)
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::Complex;
use arrayspace::prelude::*;
use common::assert_text;
use common::values::*;
use proptest::prelude::*;

type Z = Complex<f64>;

/// A function of one array: how it is called, what it takes and gives, and what it computes from an
/// integer, a real and a complex number.
struct Unary<B: Namespace> {
    name: &'static str,
    call: fn(&B, Array<B>) -> Result<Array<B>>,
    takes: fn(DType) -> bool,
    gives: fn(DType) -> DType,
    integer: fn(i128) -> i128,
    real: fn(f64) -> f64,
    complex: fn(Z) -> Z,
}

fn anything(_: DType) -> bool {
    true
}
fn bool(d: DType) -> bool {
    d == DType::Bool
}
fn integer(d: DType) -> bool {
    d.is_integer()
}
fn integer_or_bool(d: DType) -> bool {
    d.is_integer() || d == DType::Bool
}
fn numeric(d: DType) -> bool {
    d.is_numeric()
}
fn real(d: DType) -> bool {
    d.is_real()
}
fn floating(d: DType) -> bool {
    d.is_floating()
}
fn real_floating(d: DType) -> bool {
    d.is_real_floating()
}
fn complex(d: DType) -> bool {
    d.is_complex()
}

fn same_dtype(d: DType) -> DType {
    d
}
fn component(d: DType) -> DType {
    d.real_component()
}
fn to_bool(_: DType) -> DType {
    DType::Bool
}

/// For dtypes that a function does not take.
fn no_int(_: i128) -> i128 {
    unreachable!()
}
fn no_float(_: f64) -> f64 {
    unreachable!()
}
fn no_complex(_: Z) -> Z {
    unreachable!()
}
fn of(re: f64) -> Z {
    Z::new(re, 0.0)
}

fn unary_functions<B: Namespace>() -> Vec<Unary<B>> {
    macro_rules! table {
        ($($name:ident $takes:ident $gives:ident $integer:expr, $real:expr, $complex:expr;)*) => {
            vec![$(Unary {
                name: stringify!($name),
                call: |xp, x| xp.$name(x),
                takes: $takes,
                gives: $gives,
                integer: $integer,
                real: $real,
                complex: $complex,
            }),*]
        };
    }
    table! {
        abs numeric component i128::abs, f64::abs, |z| of(z.norm());
        acos floating same_dtype no_int, f64::acos, |z| z.acos();
        acosh floating same_dtype no_int, f64::acosh, |z| z.acosh();
        asin floating same_dtype no_int, f64::asin, |z| z.asin();
        asinh floating same_dtype no_int, f64::asinh, |z| z.asinh();
        atan floating same_dtype no_int, f64::atan, |z| z.atan();
        atanh floating same_dtype no_int, f64::atanh, |z| z.atanh();
        bitwise_invert integer_or_bool same_dtype |v| !v, no_float, no_complex;
        ceil real same_dtype |v| v, f64::ceil, no_complex;
        conj numeric same_dtype |v| v, |x| x, |z| z.conj();
        cos floating same_dtype no_int, f64::cos, |z| z.cos();
        cosh floating same_dtype no_int, f64::cosh, |z| z.cosh();
        exp floating same_dtype no_int, f64::exp, |z| z.exp();
        expm1 floating same_dtype no_int, f64::exp_m1, |z| z.exp() - 1.0;
        floor real same_dtype |v| v, f64::floor, no_complex;
        imag complex component no_int, no_float, |z| of(z.im);
        isfinite numeric to_bool |_| 1, |_| 1.0, |_| of(1.0);
        isinf numeric to_bool |_| 0, |_| 0.0, |_| of(0.0);
        isnan numeric to_bool |_| 0, |_| 0.0, |_| of(0.0);
        log floating same_dtype no_int, f64::ln, |z| z.ln();
        log1p floating same_dtype no_int, f64::ln_1p, |z| (z + 1.0).ln();
        log2 floating same_dtype no_int, f64::log2, |z| z.ln() / 2f64.ln();
        log10 floating same_dtype no_int, f64::log10, |z| z.ln() / 10f64.ln();
        logical_not bool same_dtype |v| 1 - v, no_float, no_complex;
        negative numeric same_dtype |v| -v, |x| -x, |z| -z;
        positive numeric same_dtype |v| v, |x| x, |z| z;
        real numeric component |v| v, |x| x, |z| of(z.re);
        reciprocal floating same_dtype no_int, |x| 1.0 / x, |z| z.inv();
        round numeric same_dtype |v| v, f64::round_ties_even,
            |z| Z::new(z.re.round_ties_even(), z.im.round_ties_even());
        sign numeric same_dtype i128::signum, f64::signum, |z| z / z.norm();
        signbit real_floating to_bool no_int, |x| f64::from(u8::from(x < 0.0)), no_complex;
        sin floating same_dtype no_int, f64::sin, |z| z.sin();
        sinh floating same_dtype no_int, f64::sinh, |z| z.sinh();
        square numeric same_dtype |v| v.wrapping_mul(v), |x| x * x, |z| z * z;
        sqrt floating same_dtype no_int, f64::sqrt, |z| z.sqrt();
        tan floating same_dtype no_int, f64::tan, |z| z.tan();
        tanh floating same_dtype no_int, f64::tanh, |z| z.tanh();
        trunc real same_dtype |v| v, f64::trunc, no_complex;
    }
}

type Call<B> = fn(&B, Array<B>, Array<B>) -> Result<Array<B>>;

/// A function of two operands, as [`Unary`]. Integers come with the bits of their dtype.
struct Binary<B: Namespace> {
    name: &'static str,
    call: Call<B>,
    left: fn(&B, Scalar, &Array<B>) -> Result<Array<B>>,
    right: fn(&B, &Array<B>, Scalar) -> Result<Array<B>>,
    takes: fn(DType) -> bool,
    gives: fn(DType) -> DType,
    integer: fn(i128, i128, u32) -> i128,
    real: fn(f64, f64) -> f64,
    complex: fn(Z, Z) -> Z,
}

fn no_ints(_: i128, _: i128, _: u32) -> i128 {
    unreachable!()
}
fn no_floats(_: f64, _: f64) -> f64 {
    unreachable!()
}
fn no_complexes(_: Z, _: Z) -> Z {
    unreachable!()
}
fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}

fn floor_divide(a: i128, b: i128) -> i128 {
    if b == 0 { 0 } else { (a - (a % b + b) % b) / b }
}

fn remainder(a: i128, b: i128) -> i128 {
    if b == 0 { 0 } else { (a % b + b) % b }
}

fn real_remainder(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r != 0.0 && (r < 0.0) != (b < 0.0) { r + b } else { r }
}

/// By squaring, wrapping; a negative exponent gives the truncated power.
fn power(mut base: i128, mut exponent: i128) -> i128 {
    if exponent < 0 {
        return match base {
            1 => 1,
            -1 if exponent % 2 == 0 => 1,
            -1 => -1,
            _ => 0,
        };
    }
    let mut result = 1i128;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    result
}

fn left_shift(a: i128, b: i128, bits: u32) -> i128 {
    if (0..bits.into()).contains(&b) { a << b } else { 0 }
}

fn right_shift(a: i128, b: i128, bits: u32) -> i128 {
    if (0..bits.into()).contains(&b) { a >> b } else { -i128::from(a < 0) }
}

fn binary_functions<B: Namespace>() -> Vec<Binary<B>> {
    macro_rules! table {
        ($($name:ident $takes:ident $gives:ident $integer:expr, $real:expr, $complex:expr;)*) => {
            vec![$(Binary {
                name: stringify!($name),
                call: |xp, a, b| xp.$name(a, b),
                left: |xp, a, b| xp.$name(a, b),
                right: |xp, a, b| xp.$name(a, b),
                takes: $takes,
                gives: $gives,
                integer: $integer,
                real: $real,
                complex: $complex,
            }),*]
        };
    }
    table! {
        add numeric same_dtype |a, b, _| a.wrapping_add(b), |a, b| a + b, |a, b| a + b;
        atan2 real_floating same_dtype no_ints, f64::atan2, no_complexes;
        bitwise_and integer_or_bool same_dtype |a, b, _| a & b, no_floats, no_complexes;
        bitwise_left_shift integer same_dtype left_shift, no_floats, no_complexes;
        bitwise_or integer_or_bool same_dtype |a, b, _| a | b, no_floats, no_complexes;
        bitwise_right_shift integer same_dtype right_shift, no_floats, no_complexes;
        bitwise_xor integer_or_bool same_dtype |a, b, _| a ^ b, no_floats, no_complexes;
        copysign real_floating same_dtype no_ints, f64::copysign, no_complexes;
        divide floating same_dtype no_ints, |a, b| a / b, |a, b| a / b;
        equal anything to_bool |a, b, _| (a == b).into(), |a, b| truth(a == b), |a, b| of(truth(a == b));
        floor_divide real same_dtype |a, b, _| floor_divide(a, b), |a, b| (a / b).floor(), no_complexes;
        greater real to_bool |a, b, _| (a > b).into(), |a, b| truth(a > b), no_complexes;
        greater_equal real to_bool |a, b, _| (a >= b).into(), |a, b| truth(a >= b), no_complexes;
        hypot real_floating same_dtype no_ints, f64::hypot, no_complexes;
        less real to_bool |a, b, _| (a < b).into(), |a, b| truth(a < b), no_complexes;
        less_equal real to_bool |a, b, _| (a <= b).into(), |a, b| truth(a <= b), no_complexes;
        logaddexp real_floating same_dtype no_ints,
            |a, b| a.max(b) + (-(a - b).abs()).exp().ln_1p(), no_complexes;
        logical_and bool to_bool |a, b, _| a & b, no_floats, no_complexes;
        logical_or bool to_bool |a, b, _| a | b, no_floats, no_complexes;
        logical_xor bool to_bool |a, b, _| a ^ b, no_floats, no_complexes;
        maximum real same_dtype |a, b, _| a.max(b), f64::max, no_complexes;
        minimum real same_dtype |a, b, _| a.min(b), f64::min, no_complexes;
        multiply numeric same_dtype |a, b, _| a.wrapping_mul(b), |a, b| a * b, |a, b| a * b;
        not_equal anything to_bool |a, b, _| (a != b).into(), |a, b| truth(a != b), |a, b| of(truth(a != b));
        pow numeric same_dtype |a, b, _| power(a, b), f64::powf, |a, b| a.powc(b);
        remainder real same_dtype |a, b, _| remainder(a, b), real_remainder, no_complexes;
        subtract numeric same_dtype |a, b, _| a.wrapping_sub(b), |a, b| a - b, |a, b| a - b;
    }
}

/// Whether a result is as near to the exact one as its dtype allows; `inputs` is their dtype.
fn near(got: Scalar, expected: Scalar, inputs: DType) -> bool {
    let tolerance = if inputs.is_complex() { 200.0 } else { 4.0 } * epsilon(inputs);
    match (got, expected) {
        (Scalar::Bool(a), b) => a == b.is_nonzero(),
        (Scalar::Float(a), b) => {
            let b = b.to_float();
            // the least values of float16 are 6e-8 apart
            a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * b.abs() + 6e-8
        }
        (Scalar::Complex(a), b) => {
            let b = b.to_complex();
            a == b || (a - b).norm() <= tolerance * b.norm().max(1.0) || a.is_nan() && b.is_nan()
        }
        (a, b) => a == b,
    }
}

fn expected_unary<B: Namespace>(f: &Unary<B>, x: Scalar, dtype: DType) -> Scalar {
    let gives = (f.gives)(dtype);
    match x {
        Scalar::Bool(v) if f.name == "bitwise_invert" => Scalar::Bool(!v),
        Scalar::Bool(v) => cast(Scalar::Int((f.integer)(v.into())), gives),
        Scalar::Int(v) => cast(Scalar::Int((f.integer)(v)), gives),
        Scalar::Float(v) => cast(Scalar::Float((f.real)(v)), gives),
        Scalar::Complex(z) if gives.is_complex() => cast(Scalar::Complex((f.complex)(z)), gives),
        Scalar::Complex(z) => cast(Scalar::Float((f.complex)(z).re), gives),
    }
}

fn expected_binary<B: Namespace>(f: &Binary<B>, a: Scalar, b: Scalar, dtype: DType) -> Scalar {
    let gives = (f.gives)(dtype);
    let bits = 8 * dtype.item_size() as u32;
    match (cast(a, dtype), cast(b, dtype)) {
        (Scalar::Bool(a), Scalar::Bool(b)) => {
            cast(Scalar::Int((f.integer)(a.into(), b.into(), bits)), gives)
        }
        (Scalar::Int(a), Scalar::Int(b)) => cast(Scalar::Int((f.integer)(a, b, bits)), gives),
        (Scalar::Float(a), Scalar::Float(b)) => cast(Scalar::Float((f.real)(a, b)), gives),
        (Scalar::Complex(a), Scalar::Complex(b)) if gives.is_complex() => {
            cast(Scalar::Complex((f.complex)(a, b)), gives)
        }
        (Scalar::Complex(a), Scalar::Complex(b)) => {
            cast(Scalar::Float((f.complex)(a, b).re), gives)
        }
        other => unreachable!("{other:?} of dtype {dtype}"),
    }
}

/// Each function takes the standard's dtypes and no others, and computes what it is called.
fn unary_functions_of_every_dtype<B: Namespace>(xp: &B) -> Result<()> {
    for f in unary_functions::<B>() {
        for dtype in DType::ALL {
            // rows and columns for a layout that is not contiguous
            let x = ordinary_array(xp, dtype, &[5, 7], 1 + dtype as u64);
            let result = (f.call)(xp, x.clone());
            if !(f.takes)(dtype) {
                assert!(matches!(result, Err(Error::DType(_))), "{} {dtype}", f.name);
                assert_text(result, &[&format!("{}: ", f.name), "x has dtype", dtype.name()]);
                continue;
            }
            let y = result?;
            assert_eq!((y.shape(), y.dtype()), (x.shape(), (f.gives)(dtype)), "{}", f.name);
            for (v, got) in scalars(&x).into_iter().zip(scalars(&y)) {
                let expected = expected_unary(&f, v, dtype);
                let ok = near(got, expected, dtype);
                assert!(ok, "{}({v}) of {dtype} is {got}, not {expected}", f.name);
            }
            let t = x.T()?;
            assert_same(&(f.call)(xp, t)?, &y.T()?);
            let (empty, one) = (xp.zeros([0, 3], dtype)?, xp.ones((), dtype)?);
            assert_eq!((f.call)(xp, empty)?.shape(), [0, 3]);
            assert_eq!((f.call)(xp, one)?.shape(), []);
        }
    }
    Ok(())
}

/// Each function takes the standard's dtypes, meets in the promoted one, and broadcasts.
fn binary_functions_of_every_pair_of_dtypes<B: Namespace>(xp: &B) -> Result<()> {
    for f in binary_functions::<B>() {
        for a in DType::ALL {
            for b in DType::ALL {
                let x1 = ordinary_array(xp, a, &[3, 1, 7], 3 + a as u64);
                let x2 = ordinary_array(xp, b, &[5, 1], 5 + b as u64);
                let result = (f.call)(xp, x1.clone(), x2.clone());
                let name = format!("{}: ", f.name);
                if let Some((x, d)) =
                    [("x1", a), ("x2", b)].into_iter().find(|&(_, d)| !(f.takes)(d))
                {
                    assert!(matches!(result, Err(Error::DType(_))), "{name}{a} {b}");
                    assert_text(result, &[&name, &format!("{x} has dtype {d}")]);
                    continue;
                }
                let Some(dtype) = promoted(a, b) else {
                    assert!(matches!(result, Err(Error::Promotion(_))), "{name}{a} {b}");
                    assert_text(result, &[&name, a.name(), b.name(), "astype"]);
                    continue;
                };
                let y = result?;
                assert_eq!((y.dtype(), y.shape()), ((f.gives)(dtype), &[3, 5, 7][..]), "{name}");
                let out = [3, 5, 7];
                let left = repeated(&scalars(&x1), &[3, 1, 7], &out);
                let right = repeated(&scalars(&x2), &[5, 1], &out);
                for ((v, w), got) in left.into_iter().zip(right).zip(scalars(&y)) {
                    let expected = expected_binary(&f, v, w, dtype);
                    assert!(
                        near(got, expected, dtype),
                        "{}({v}, {w}) of {a} and {b} is {got}, not {expected}",
                        f.name
                    );
                }
            }
        }
    }
    Ok(())
}

/// A scalar beside an array: the standard's rules, then the same as an array of the dtype.
fn scalars_take_the_dtype_of_the_array<B: Namespace>(xp: &B) -> Result<()> {
    let values = [
        Scalar::Bool(true),
        Scalar::Int(1),
        Scalar::Int(-1),
        Scalar::Int(200),
        Scalar::Int(1 << 40),
        Scalar::Int(1 << 70),
        Scalar::Float(1.5),
        Scalar::Float(2.0),
        Scalar::Complex(Z::new(1.5, -2.0)),
    ];
    for f in binary_functions::<B>() {
        for dtype in DType::ALL {
            let x = ordinary_array(xp, dtype, &[3], 7);
            for s in values {
                let (left, right) = ((f.left)(xp, s, &x), (f.right)(xp, &x, s));
                let what = format!("{} of {dtype} and {s}", f.name);
                assert_eq!(left.is_ok(), right.is_ok(), "{what}");
                let meet = match s {
                    Scalar::Bool(_) => (dtype == DType::Bool).then_some(dtype),
                    Scalar::Int(_) => dtype.is_numeric().then_some(dtype),
                    Scalar::Float(_) => dtype.is_floating().then_some(dtype),
                    Scalar::Complex(_) => dtype.complex_of(),
                };
                if !(f.takes)(dtype) {
                    assert!(matches!(left, Err(Error::DType(_))), "{what}");
                    continue;
                }
                let Some(meet) = meet else {
                    assert!(matches!(left, Err(Error::Promotion(_))), "{what}");
                    assert_text(right, &[s.kind_name(), &s.to_string(), dtype.name()]);
                    continue;
                };
                if !(f.takes)(meet) {
                    assert!(matches!(left, Err(Error::DType(_))), "{what}");
                    continue;
                }
                let (min, max) = Scalar::int_range(dtype);
                if let Scalar::Int(v) = s
                    && dtype.is_integer()
                    && !(min..=max).contains(&v)
                {
                    assert!(matches!(left, Err(Error::Value(_))), "{what}");
                    assert_text(right, &["out of the range of", dtype.name(), &v.to_string()]);
                    continue;
                }
                let as_array = array(xp, meet, &[], &[s]);
                let wide = xp.astype(&x, meet, ())?;
                assert_same(&left?, &(f.call)(xp, as_array.clone(), wide.clone())?);
                assert_same(&right?, &(f.call)(xp, wide, as_array)?);
            }
        }
    }
    assert_text(xp.add(1, 2.5), &["add: ", "two scalars (1 and 2.5)", "asarray"]);
    Ok(())
}

fn shapes_broadcast_or_are_named<B: Namespace>(xp: &B) {
    run(&(broadcastable(2), any::<u64>()), |((shapes, out), seed)| {
        let x = ordinary_array(xp, DType::Int32, &shapes[0], seed);
        let y = ordinary_array(xp, DType::Int32, &shapes[1], seed ^ 5);
        let sum = xp.add(&x, &y).unwrap();
        prop_assert_eq!(sum.shape(), &out[..]);
        let left = repeated(&scalars(&x), &shapes[0], &out);
        let right = repeated(&scalars(&y), &shapes[1], &out);
        let expected: Vec<Scalar> = (left.iter().zip(&right))
            .map(|(a, b)| cast(Scalar::Int(a.to_int() + b.to_int()), DType::Int32))
            .collect();
        prop_assert_eq!(scalars(&sum), expected);
        Ok(())
    });
    let any_shape = || proptest::collection::vec(0..4_usize, 0..4);
    run(&(any_shape(), any_shape()), |(a, b)| {
        let x = xp.ones(&a[..], ()).unwrap();
        let y = xp.ones(&b[..], ()).unwrap();
        let result = xp.multiply(&x, &y);
        match broadcast(&[a.clone(), b.clone()]) {
            Some(out) => prop_assert_eq!(result.unwrap().shape().to_vec(), out),
            None => {
                prop_assert!(matches!(result, Err(Error::Broadcast(_))));
                assert_text(result, &["multiply: ", &format!("{a:?}"), &format!("{b:?}"), "axis"]);
            }
        }
        Ok(())
    });
}

fn tests_of_special_values<B: Namespace>(xp: &B) -> Result<()> {
    for dtype in DType::ALL.into_iter().filter(|d| d.is_numeric()) {
        let values: Vec<Scalar> = samples(dtype).into_iter().map(|v| rounded(v, dtype)).collect();
        let x = array(xp, dtype, &[values.len()], &values);
        let parts = |v: &Scalar| [v.to_complex().re, v.to_complex().im];
        let check = |y: Array<B>, of: &dyn Fn(&Scalar) -> bool| {
            assert_eq!(y.to_vec::<bool>().unwrap(), values.iter().map(of).collect::<Vec<_>>());
        };
        check(xp.isnan(&x)?, &|v| parts(v).iter().any(|p| p.is_nan()));
        check(xp.isinf(&x)?, &|v| parts(v).iter().any(|p| p.is_infinite()));
        check(xp.isfinite(&x)?, &|v| parts(v).iter().all(|p| p.is_finite()));
        if dtype.is_real_floating() {
            check(xp.signbit(&x)?, &|v| v.to_float().is_sign_negative());
        }
    }
    Ok(())
}

fn clip_keeps_to_the_bounds<B: Namespace>(xp: &B) -> Result<()> {
    for dtype in DType::ALL {
        let x = integers(xp, dtype, &[5], &[1, 2, 3, 4, 5]);
        let result = xp.clip(&x, 2, 4);
        if !dtype.is_real() {
            assert_text(result, &["clip: x has dtype", dtype.name(), "real-valued"]);
            continue;
        }
        let expect = |values: [i64; 5]| integers(xp, dtype, &[5], &values);
        assert_same(&result?, &expect([2, 2, 3, 4, 4]));
        assert_same(&xp.clip(&x, None, 4)?, &expect([1, 2, 3, 4, 4]));
        assert_same(&xp.clip(x.clone(), 2, None)?, &expect([2, 2, 3, 4, 5]));
        assert_same(&xp.clip(&x, None, None)?, &x);
        let bounds = (expect([3, 3, 3, 3, 3]), expect([9, 3, 3, 9, 4]));
        assert_same(&xp.clip(&x, &bounds.0, bounds.1)?, &expect([3, 3, 3, 4, 4]));
        assert_same(&xp.clip(&x, 4, 2)?, &expect([4; 5]));
    }
    let x = xp.asarray([1.0, f64::NAN, 3.0], ())?;
    let nan = |x: Array<B>| xp.isnan(&x).unwrap().to_vec::<bool>().unwrap();
    assert_eq!(nan(xp.clip(&x, 0, 5)?), [false, true, false]);
    assert_eq!(nan(xp.clip(&x, f64::NAN, 5)?), [true; 3]);
    let bound = xp.asarray([[f64::NAN], [2.0]], ())?;
    let y = xp.clip(&x, None, &bound)?;
    assert_eq!(y.shape(), [2, 3]);
    assert_eq!(nan(y.clone()), [true, true, true, false, true, false]);
    assert_eq!(y.to_vec::<f64>()?[3], 1.0);
    assert_eq!(y.to_vec::<f64>()?[5], 2.0);

    let single = xp.ones(3, DType::Float32)?;
    let narrow = xp.asarray([0.5, 0.5, 0.5], DType::Float16)?;
    assert_eq!(xp.clip(&single, &narrow, None)?.dtype(), DType::Float32);
    assert_text(xp.clip(&single, &x, None), &["clip: min would widen", "float32, to float64"]);
    assert_text(xp.clip(&single, None, Z::new(0.0, 1.0)), &["clip: max would widen", "complex64"]);
    assert_text(xp.clip(&xp.ones(3, DType::Int8)?, 0.5, None), &["clip: ", "float scalar", "int8"]);
    assert_text(xp.clip(&xp.ones(3, DType::Int8)?, 0, 300), &["clip: ", "300", "int8"]);
    assert_text(xp.clip(&single, true, None), &["clip: ", "bool scalar", "float32"]);
    assert_text(
        xp.clip(&single, &xp.ones([2, 2], DType::Float32)?, 1),
        &["clip: ", "[3]", "[2, 2]"],
    );
    Ok(())
}

fn nextafter_stays_in_one_dtype<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([1.0_f32, -1.0, 0.0], ())?;
    let up = [1.0 + f32::EPSILON, -1.0 + f32::EPSILON / 2.0, f32::from_bits(1)];
    assert_eq!(xp.nextafter(&x, 10)?.to_vec::<f32>()?, up);
    assert_eq!(xp.nextafter(1, &x)?.to_vec::<f32>()?[0], 1.0);
    for a in DType::ALL {
        let x = xp.ones(2, a)?;
        let result = xp.nextafter(&x, &x);
        assert_eq!(result.is_ok(), a.is_real_floating());
        if result.is_err() {
            assert_text(result, &["nextafter: x1 has dtype", a.name(), "real floating-point"]);
        }
    }
    let wide = xp.ones(3, ())?;
    assert_text(xp.nextafter(&x, &wide), &["nextafter: ", "float32", "float64", "one dtype"]);
    Ok(())
}

fn memory_is_shared_only_where_nothing_changes<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.asarray([1, 2, 3], ())?;
    let address = |x: &Array<B>| x.as_slice::<i32>().map(<[i32]>::as_ptr);
    for y in [xp.positive(&x)?, xp.conj(&x)?, xp.real(&x)?, xp.floor(&x)?, xp.clip(&x, None, None)?]
    {
        assert_eq!(address(&y), address(&x));
    }
    // an owned argument may lend its memory, one that is shared may not
    let kept = x.clone();
    assert_eq!(xp.add(x, 1)?.to_vec::<i32>()?, [2, 3, 4]);
    assert_eq!(kept.to_vec::<i32>()?, [1, 2, 3]);
    let view = kept.clone();
    assert_eq!(xp.multiply(view, kept.clone())?.to_vec::<i32>()?, [1, 4, 9]);
    assert_eq!(kept.to_vec::<i32>()?, [1, 2, 3]);
    Ok(())
}

fn check<B: Namespace>(xp: &B) -> Result<()> {
    shapes_broadcast_or_are_named(xp);
    tests_of_special_values(xp)?;
    clip_keeps_to_the_bounds(xp)?;
    nextafter_stays_in_one_dtype(xp)?;
    memory_is_shared_only_where_nothing_changes(xp)?;
    unary_functions_of_every_dtype(xp)?;
    binary_functions_of_every_pair_of_dtypes(xp)?;
    scalars_take_the_dtype_of_the_array(xp)
}

#[test]
fn elementwise() -> Result<()> {
    on_each_backend!(xp => check(xp)?);
    Ok(())
}

#[test]
fn elementwise_where_the_host_sees_no_memory() -> Result<()> {
    check(&common::elsewhere::Elsewhere)
}
