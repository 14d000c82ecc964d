//! The tables: that they are complete, and that each kernel does what its name says.

use arrayspace_core::{BinaryOp, DType, Element, UnaryOp};
use half::{bf16, f16};
use num_complex::Complex;

use super::{binary, cast, select, unary};

mod quotients;
use crate::simd::Level;

/// The results of a kernel for pairs of values.
fn run2<T: Element, O: Element>(level: Level, op: BinaryOp, a: &[T], b: &[T]) -> Vec<O> {
    assert_eq!(op.output(T::DTYPE), Some(O::DTYPE));
    let f = binary(op, T::DTYPE, level).unwrap();
    let mut out = vec![O::default(); a.len()];
    // SAFETY: vectors of the dtypes, of one length; a kernel writes 0 or 1 to a bool.
    unsafe { f(a.as_ptr().cast(), b.as_ptr().cast(), out.as_mut_ptr().cast(), a.len()) };
    out
}

/// The results of a kernel.
fn run1<T: Element, O: Element>(level: Level, op: UnaryOp, x: &[T]) -> Vec<O> {
    assert_eq!(op.output(T::DTYPE), Some(O::DTYPE));
    let f = unary(op, T::DTYPE, level).unwrap();
    let mut out = vec![O::default(); x.len()];
    // SAFETY: vectors of the dtypes, of one length; a kernel writes 0 or 1 to a bool.
    unsafe { f(x.as_ptr().cast(), out.as_mut_ptr().cast(), x.len()) };
    out
}

/// The results of a conversion.
fn convert<T: Element, O: Element>(level: Level, x: &[T]) -> Vec<O> {
    let f = cast(T::DTYPE, O::DTYPE, level).unwrap();
    let mut out = vec![O::default(); x.len()];
    // SAFETY: vectors of the dtypes, of one length; a kernel writes 0 or 1 to a bool.
    unsafe { f(x.as_ptr().cast(), out.as_mut_ptr().cast(), x.len()) };
    out
}

#[test]
fn there_is_a_kernel_for_everything_that_the_contract_allows() {
    for &level in Level::available() {
        for dtype in DType::ALL {
            let computed = if dtype.is_half() { DType::Float32 } else { dtype };
            for op in UnaryOp::ALL {
                let found = unary(op, computed, level).is_some();
                assert_eq!(found, op.output(dtype).is_some(), "{op:?} {dtype}");
            }
            for op in BinaryOp::ALL {
                let found = binary(op, computed, level).is_some();
                assert_eq!(found, op.output(dtype).is_some(), "{op:?} {dtype}");
            }
            for to in DType::ALL {
                let legal = !dtype.is_complex() || to.is_complex() || to == DType::Bool;
                assert_eq!(cast(dtype, to, level).is_some(), legal, "{dtype} {to}");
            }
        }
    }
}

/// Every pair of two values of eight bits.
fn pairs<T: Element + TryFrom<i128>>() -> (Vec<T>, Vec<T>) {
    let step = if cfg!(miri) { 17 } else { 1 };
    let all: Vec<T> = (-128..256).step_by(step).filter_map(|v| T::try_from(v).ok()).collect();
    let a = all.iter().flat_map(|&a| all.iter().map(move |_| a)).collect();
    let b = all.iter().flat_map(|_| all.iter().copied()).collect();
    (a, b)
}

/// The integer operations by arithmetic that cannot overflow, as far as `i128` goes.
fn integer(op: BinaryOp, a: i128, b: i128, bits: u32) -> i128 {
    let floor = |a: i128, b: i128| a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0);
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::BitwiseAnd => a & b,
        BinaryOp::BitwiseOr => a | b,
        BinaryOp::BitwiseXor => a ^ b,
        BinaryOp::BitwiseLeftShift => {
            if (0..i128::from(bits)).contains(&b) {
                a << b
            } else {
                0
            }
        }
        BinaryOp::BitwiseRightShift => {
            a >> if (0..i128::from(bits)).contains(&b) { b } else { 127 }
        }
        BinaryOp::FloorDivide => {
            if b == 0 {
                0
            } else {
                floor(a, b)
            }
        }
        BinaryOp::Remainder => {
            if b == 0 {
                0
            } else {
                a - b * floor(a, b)
            }
        }
        BinaryOp::Maximum => a.max(b),
        BinaryOp::Minimum => a.min(b),
        BinaryOp::Pow if b < 0 => match a {
            1 => 1,
            -1 => {
                if b % 2 == 0 {
                    1
                } else {
                    -1
                }
            }
            _ => 0,
        },
        BinaryOp::Pow => (0..b).fold(1, |p, _| (p * a) % (1 << 64)),
        _ => unreachable!("{op:?}"),
    }
}

fn compared(op: BinaryOp, order: Option<std::cmp::Ordering>) -> bool {
    match op {
        BinaryOp::Equal => order.is_some_and(|o| o.is_eq()),
        BinaryOp::NotEqual => order.is_none_or(|o| o.is_ne()),
        BinaryOp::Less => order.is_some_and(|o| o.is_lt()),
        BinaryOp::LessEqual => order.is_some_and(|o| o.is_le()),
        BinaryOp::Greater => order.is_some_and(|o| o.is_gt()),
        BinaryOp::GreaterEqual => order.is_some_and(|o| o.is_ge()),
        _ => unreachable!("{op:?}"),
    }
}

fn all_integers<T>(wrap: fn(i128) -> T)
where
    T: Element + TryFrom<i128> + Into<i128>,
{
    let bits = 8 * size_of::<T>() as u32;
    let (a, b) = pairs::<T>();
    for &level in Level::available() {
        for op in BinaryOp::ALL {
            match op.output(T::DTYPE) {
                Some(DType::Bool) => {
                    let got = run2::<T, bool>(level, op, &a, &b);
                    for i in 0..a.len() {
                        let order = a[i].into().partial_cmp(&b[i].into());
                        assert_eq!(got[i], compared(op, order), "{op:?} {:?} {:?}", a[i], b[i]);
                    }
                }
                Some(_) => {
                    let got = run2::<T, T>(level, op, &a, &b);
                    for i in 0..a.len() {
                        let expected = wrap(integer(op, a[i].into(), b[i].into(), bits));
                        assert_eq!(got[i], expected, "{op:?} {:?} {:?}", a[i], b[i]);
                    }
                }
                None => {}
            }
        }
        let each = |op| run1::<T, T>(level, op, &a);
        let expect = |op, f: fn(i128) -> i128| {
            let expected: Vec<T> = a.iter().map(|&x| wrap(f(x.into()))).collect();
            assert_eq!(each(op), expected, "{op:?} {}", T::DTYPE);
        };
        expect(UnaryOp::Abs, i128::abs);
        expect(UnaryOp::Negative, |x| -x);
        expect(UnaryOp::Sign, i128::signum);
        expect(UnaryOp::Square, |x| x * x);
        expect(UnaryOp::BitwiseInvert, |x| !x);
    }
}

#[test]
fn integers_of_eight_bits_in_every_pair() {
    all_integers::<i8>(|x| x as i8);
    all_integers::<u8>(|x| x as u8);
}

#[test]
fn wider_integers() {
    all_integers::<i16>(|x| x as i16);
    all_integers::<u16>(|x| x as u16);
    if cfg!(miri) {
        return;
    }
    all_integers::<i32>(|x| x as i32);
    all_integers::<u32>(|x| x as u32);
    all_integers::<i64>(|x| x as i64);
    all_integers::<u64>(|x| x as u64);
}

#[test]
fn bools_of_any_byte() {
    let bytes = [0u8, 1, 2, 255];
    let a: Vec<u8> = bytes.iter().flat_map(|&a| [a; 4]).collect();
    let b: Vec<u8> = bytes.repeat(4);
    for &level in Level::available() {
        for (op, f) in [
            (BinaryOp::BitwiseAnd, (|a, b| a & b) as fn(bool, bool) -> bool),
            (BinaryOp::BitwiseOr, |a, b| a | b),
            (BinaryOp::BitwiseXor, |a, b| a ^ b),
            (BinaryOp::Equal, |a, b| a == b),
            (BinaryOp::NotEqual, |a, b| a != b),
            (BinaryOp::Less, |a, b| !a & b),
            (BinaryOp::LessEqual, |a, b| a <= b),
            (BinaryOp::Greater, |a, b| a & !b),
            (BinaryOp::GreaterEqual, |a, b| a >= b),
        ] {
            let mut out = [7u8; 16];
            let kernel = binary(op, DType::Bool, level).unwrap();
            // SAFETY: sixteen bytes each.
            unsafe { kernel(a.as_ptr(), b.as_ptr(), out.as_mut_ptr(), 16) };
            let expected: Vec<u8> =
                a.iter().zip(&b).map(|(&a, &b)| f(a != 0, b != 0).into()).collect();
            assert_eq!(out.to_vec(), expected, "{op:?}");
        }
        let mut out = [7u8; 4];
        let kernel = unary(UnaryOp::BitwiseInvert, DType::Bool, level).unwrap();
        // SAFETY: four bytes each.
        unsafe { kernel(bytes.as_ptr(), out.as_mut_ptr(), 4) };
        assert_eq!(out, [1, 0, 0, 0]);
        let mut out = [0u16; 4];
        let (a, b) = ([1u16, 2, 3, 4], [5u16, 6, 7, 8]);
        // SAFETY: four elements each.
        unsafe {
            select(2, level)(
                bytes.as_ptr(),
                a.as_ptr().cast(),
                b.as_ptr().cast(),
                out.as_mut_ptr().cast(),
                4,
            )
        };
        assert_eq!(out, [5, 2, 3, 4]);
    }
}

/// Ordinary and special numbers.
const NUMBERS: [f64; 17] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.75,
    1e30,
    -1e-30,
    1e-44,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    7.0,
];

fn float_pairs() -> (Vec<f64>, Vec<f64>) {
    let a = NUMBERS.iter().flat_map(|&a| [a; NUMBERS.len()]).collect();
    (a, NUMBERS.repeat(NUMBERS.len()))
}

#[test]
fn operations_of_floats() {
    type F<T> = fn(T, T) -> T;
    type U<T> = fn(T) -> T;
    macro_rules! check {
        ($t:ident) => {
            let (a, b) = float_pairs();
            let a: Vec<$t> = a.into_iter().map(|x| x as $t).collect();
            let b: Vec<$t> = b.into_iter().map(|x| x as $t).collect();
            let same = |x: $t, y: $t| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
            for &level in Level::available() {
                for (op, f) in [
                    (BinaryOp::Add, (|a, b| a + b) as F<$t>),
                    (BinaryOp::Subtract, |a, b| a - b),
                    (BinaryOp::Multiply, |a, b| a * b),
                    (BinaryOp::Divide, |a, b| a / b),
                    (BinaryOp::Copysign, $t::copysign),
                ] {
                    let got = run2::<$t, $t>(level, op, &a, &b);
                    for i in 0..a.len() {
                        assert!(same(got[i], f(a[i], b[i])), "{op:?} {} {}", a[i], b[i]);
                    }
                }
                for (op, f) in [
                    (BinaryOp::Maximum, $t::max as F<$t>),
                    (BinaryOp::Minimum, $t::min),
                    (BinaryOp::Hypot, $t::hypot),
                    (BinaryOp::Atan2, $t::atan2),
                    (BinaryOp::Pow, $t::powf),
                    (BinaryOp::Remainder, |a, b| a - b * (a / b).floor()),
                    (BinaryOp::FloorDivide, |a, b| (a / b).floor()),
                    (BinaryOp::Logaddexp, |a, b| (a.exp() + b.exp()).ln()),
                ] {
                    let got = run2::<$t, $t>(level, op, &a, &b);
                    for i in 0..a.len() {
                        let (x, y, expected) = (a[i], b[i], f(a[i], b[i]));
                        // what is special is tested where it is computed
                        if x.abs() < 10.0 && y.abs() < 10.0 && y.abs() > 0.1 {
                            let near = (got[i] - expected).abs() <= 1e-6 * expected.abs().max(1.0);
                            let near = near || got[i] == expected || expected.is_nan();
                            assert!(near, "{op:?} {x} {y} {}", got[i]);
                        }
                    }
                }
                let next = run2::<$t, $t>(level, BinaryOp::Nextafter, &a, &b);
                let (up, down) = ((1.0 as $t).next_up(), (1.0 as $t).next_down());
                for i in 0..a.len() {
                    if a[i] == 1.0 && b[i] != 1.0 && !b[i].is_nan() {
                        assert_eq!(next[i], if b[i] > 1.0 { up } else { down });
                    }
                }
                for op in [
                    BinaryOp::Equal,
                    BinaryOp::NotEqual,
                    BinaryOp::Less,
                    BinaryOp::LessEqual,
                    BinaryOp::Greater,
                    BinaryOp::GreaterEqual,
                ] {
                    let got = run2::<$t, bool>(level, op, &a, &b);
                    for i in 0..a.len() {
                        let expected = compared(op, a[i].partial_cmp(&b[i]));
                        assert_eq!(got[i], expected, "{op:?} {} {}", a[i], b[i]);
                    }
                }
                for (op, f) in [
                    (UnaryOp::Abs, $t::abs as U<$t>),
                    (UnaryOp::Ceil, $t::ceil),
                    (UnaryOp::Floor, $t::floor),
                    (UnaryOp::Negative, |x| -x),
                    (UnaryOp::Reciprocal, |x| 1.0 / x),
                    (UnaryOp::Round, $t::round_ties_even),
                    (UnaryOp::Sqrt, $t::sqrt),
                    (UnaryOp::Square, |x| x * x),
                    (UnaryOp::Trunc, $t::trunc),
                    (UnaryOp::Sign, |x| if x == 0.0 { 0.0 } else { x.signum() }),
                ] {
                    let got = run1::<$t, $t>(level, op, &a);
                    for i in 0..a.len() {
                        assert!(same(got[i], f(a[i])), "{op:?} {} {}", a[i], got[i]);
                    }
                }
                for (op, f) in [
                    (UnaryOp::Acos, $t::acos as U<$t>),
                    (UnaryOp::Acosh, $t::acosh),
                    (UnaryOp::Asin, $t::asin),
                    (UnaryOp::Asinh, $t::asinh),
                    (UnaryOp::Atan, $t::atan),
                    (UnaryOp::Atanh, $t::atanh),
                    (UnaryOp::Cos, $t::cos),
                    (UnaryOp::Cosh, $t::cosh),
                    (UnaryOp::Exp, $t::exp),
                    (UnaryOp::Expm1, $t::exp_m1),
                    (UnaryOp::Log, $t::ln),
                    (UnaryOp::Log1p, $t::ln_1p),
                    (UnaryOp::Log2, $t::log2),
                    (UnaryOp::Log10, $t::log10),
                    (UnaryOp::Sin, $t::sin),
                    (UnaryOp::Sinh, $t::sinh),
                    (UnaryOp::Tan, $t::tan),
                    (UnaryOp::Tanh, $t::tanh),
                ] {
                    let got = run1::<$t, $t>(level, op, &a);
                    for i in 0..a.len() {
                        let expected = f(a[i]);
                        let near = (got[i] - expected).abs() <= 1e-5 * expected.abs();
                        let ordinary = a[i].abs() < 10.0 && expected.is_finite();
                        assert!(near || !ordinary, "{op:?} {} {} {expected}", a[i], got[i]);
                    }
                }
                for (op, f) in [
                    (UnaryOp::IsFinite, $t::is_finite as fn($t) -> bool),
                    (UnaryOp::IsInf, $t::is_infinite),
                    (UnaryOp::IsNan, $t::is_nan),
                    (UnaryOp::Signbit, $t::is_sign_negative),
                ] {
                    let expected: Vec<bool> = a.iter().map(|&x| f(x)).collect();
                    assert_eq!(run1::<$t, bool>(level, op, &a), expected, "{op:?}");
                }
            }
        };
    }
    check!(f32);
    check!(f64);
}

#[test]
fn operations_of_complex_numbers() {
    type C = Complex<f64>;
    let (a, b) = float_pairs();
    let finite: Vec<C> =
        a.iter().zip(&b).map(|(&re, &im)| C::new(re, im)).filter(|z| z.norm() < 100.0).collect();
    let other: Vec<C> = finite.iter().rev().map(|z| z + C::new(0.25, -0.75)).collect();
    let near = |x: C, y: C| (x - y).norm() <= 1e-12 * y.norm().max(1.0) || !y.norm().is_finite();
    for &level in Level::available() {
        for (op, f) in [
            (BinaryOp::Add, (|a, b| a + b) as fn(C, C) -> C),
            (BinaryOp::Subtract, |a, b| a - b),
            (BinaryOp::Multiply, |a, b| a * b),
            (BinaryOp::Divide, |a, b| a / b),
            (BinaryOp::Pow, |a, b| (a.ln() * b).exp()),
        ] {
            let got = run2::<C, C>(level, op, &finite, &other);
            for i in 0..finite.len() {
                let expected = f(finite[i], other[i]);
                assert!(near(got[i], expected), "{op:?} {} {} {}", finite[i], other[i], got[i]);
            }
        }
        for (op, f) in [
            (UnaryOp::Negative, (|z| -z) as fn(C) -> C),
            (UnaryOp::Conj, |z| z.conj()),
            (UnaryOp::Square, |z| z * z),
            (UnaryOp::Reciprocal, |z| z.inv()),
            (UnaryOp::Exp, |z| z.exp()),
            (UnaryOp::Expm1, |z| z.exp() - 1.0),
            (UnaryOp::Log, |z| z.ln()),
            (UnaryOp::Log1p, |z| (z + 1.0).ln()),
            (UnaryOp::Log2, |z| z.ln() / std::f64::consts::LN_2),
            (UnaryOp::Log10, |z| z.ln() / std::f64::consts::LN_10),
            (UnaryOp::Sqrt, |z| z.sqrt()),
            (UnaryOp::Sin, |z| z.sin()),
            (UnaryOp::Cos, |z| z.cos()),
            (UnaryOp::Tan, |z| z.tan()),
            (UnaryOp::Sinh, |z| z.sinh()),
            (UnaryOp::Cosh, |z| z.cosh()),
            (UnaryOp::Tanh, |z| z.tanh()),
            (UnaryOp::Asin, |z| z.asin()),
            (UnaryOp::Acos, |z| z.acos()),
            (UnaryOp::Atan, |z| z.atan()),
            (UnaryOp::Asinh, |z| z.asinh()),
            (UnaryOp::Acosh, |z| z.acosh()),
            (UnaryOp::Atanh, |z| z.atanh()),
            (UnaryOp::Sign, |z| if z.norm() == 0.0 { z } else { z / z.norm() }),
        ] {
            // away from branch points and cuts, where the crate `num` is imprecise
            let points =
                [C::new(0.5, 0.25), C::new(-1.5, 2.0), C::new(0.3, -3.0), C::new(2.0, 1.0)];
            for (z, got) in points.iter().zip(run1::<C, C>(level, op, &points)) {
                assert!(near(got, f(*z)), "{op:?} {z} {got} {}", f(*z));
            }
        }
        let abs = run1::<C, f64>(level, UnaryOp::Abs, &finite);
        let real = run1::<C, f64>(level, UnaryOp::Real, &finite);
        let imag = run1::<C, f64>(level, UnaryOp::Imag, &finite);
        let equal = run2::<C, bool>(level, BinaryOp::Equal, &finite, &finite);
        let unequal = run2::<C, bool>(level, BinaryOp::NotEqual, &finite, &other);
        for (i, z) in finite.iter().enumerate() {
            assert!((abs[i] - z.norm()).abs() < 1e-12);
            assert_eq!((real[i], imag[i], equal[i]), (z.re, z.im, true));
            assert_eq!(unequal[i], *z != other[i]);
        }
        let special = [C::new(1.0, f64::NAN), C::new(f64::INFINITY, 0.0), C::new(2.5, -0.5)];
        let flags = |op| run1::<C, bool>(level, op, &special);
        assert_eq!(flags(UnaryOp::IsNan), [true, false, false]);
        assert_eq!(flags(UnaryOp::IsInf), [false, true, false]);
        assert_eq!(flags(UnaryOp::IsFinite), [false, false, true]);
        let rounded = run1::<C, C>(level, UnaryOp::Round, &special);
        assert_eq!(rounded[2], C::new(2.0, 0.0));
    }
}

/// A value of some dtype, exactly.
#[derive(Clone, Copy, Debug)]
enum Exact {
    Int(i128),
    Float(f64),
}

/// Values around everything where a conversion may go wrong.
fn edges() -> Vec<Exact> {
    let mut ints: Vec<i128> = vec![0, 3];
    for bits in [7, 8, 15, 16, 24, 31, 32, 53, 54, 62, 63, 64] {
        let power = 1i128 << bits;
        // and just around a tie of bfloat16
        let tie = power + (power >> 8);
        for near in [power, tie, power + (power >> 11), power + (power >> 24)] {
            ints.extend([near - 1, near, near + 1]);
        }
    }
    let mut floats = vec![f64::NAN, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324];
    floats.extend([0.0, 0.4, 0.5, 0.6, 1.5, 2.5, 65504.0, 65519.9, 65520.0, 6e-8, 2.9e-8, 6.1e-5]);
    floats.extend([f32::MAX.into(), f32::MIN_POSITIVE.into(), 1.4e-45, 7e-46, 3.4e38, 3.39e38]);
    for i in &ints {
        let x = *i as f64;
        floats.extend([x, x + 0.5, x - 0.5, x.next_up(), x.next_down()]);
    }
    let mut all: Vec<Exact> = ints.iter().flat_map(|&i| [Exact::Int(i), Exact::Int(-i)]).collect();
    all.extend(floats.iter().flat_map(|&x| [Exact::Float(x), Exact::Float(-x)]));
    all
}

/// What the test asks of a real element type.
trait Edge: Element {
    fn edge(x: Exact) -> Option<Self>;
    fn exact(self) -> Exact;
    /// The conversion by the contract's words.
    fn expected(x: Exact) -> Self;
}

macro_rules! integer_edge {
    ($($t:ty)*) => { $(
        impl Edge for $t {
            fn edge(x: Exact) -> Option<Self> {
                match x { Exact::Int(i) => i.try_into().ok(), Exact::Float(_) => None }
            }
            fn exact(self) -> Exact { Exact::Int(self.into()) }
            fn expected(x: Exact) -> Self {
                match x {
                    Exact::Int(i) => i as $t,
                    Exact::Float(x) if x.is_nan() => 0,
                    Exact::Float(x) => {
                        (x.trunc() as i128).clamp(<$t>::MIN.into(), <$t>::MAX.into()) as $t
                    }
                }
            }
        }
    )* };
}
integer_edge!(i8 i16 i32 i64 u8 u16 u32 u64);

impl Edge for bool {
    fn edge(x: Exact) -> Option<Self> {
        match x {
            Exact::Int(i) => (0..2).contains(&i).then_some(i == 1),
            Exact::Float(_) => None,
        }
    }
    fn exact(self) -> Exact {
        Exact::Int(self.into())
    }
    fn expected(x: Exact) -> Self {
        match x {
            Exact::Int(i) => i != 0,
            Exact::Float(x) => x != 0.0,
        }
    }
}

macro_rules! float_edge {
    ($t:ty, $widen:expr, $narrow:expr, $from_int:expr) => {
        impl Edge for $t {
            fn edge(x: Exact) -> Option<Self> {
                match x {
                    Exact::Float(x) => Some($narrow(x)),
                    Exact::Int(_) => None,
                }
            }
            fn exact(self) -> Exact {
                Exact::Float($widen(self))
            }
            fn expected(x: Exact) -> Self {
                match x {
                    Exact::Float(x) => $narrow(x),
                    Exact::Int(i) => $from_int(i),
                }
            }
        }
    };
}
float_edge!(f64, |x| x, |x| x, |i| i as f64);
float_edge!(f32, f64::from, |x| x as f32, |i| i as f32);
float_edge!(f16, f16::to_f64, |x| f16::from_bits(nearest::<f16>(x)), |i| f16::from_bits(
    nearest_int::<f16>(i)
));
float_edge!(bf16, bf16::to_f64, |x| bf16::from_bits(nearest::<bf16>(x)), |i| bf16::from_bits(
    nearest_int::<bf16>(i)
));

/// A half-precision format: its values by their bits, and the bits of infinity.
trait Format {
    const INFINITE: u16;
    fn value(bits: u16) -> f64;
}

impl Format for f16 {
    const INFINITE: u16 = 0x7c00;
    fn value(bits: u16) -> f64 {
        // beyond the largest number comes what would be the next one
        if bits == Self::INFINITE { 65536.0 } else { f16::from_bits(bits).to_f64() }
    }
}

impl Format for bf16 {
    const INFINITE: u16 = 0x7f80;
    fn value(bits: u16) -> f64 {
        if bits == Self::INFINITE { 2f64.powi(128) } else { bf16::from_bits(bits).to_f64() }
    }
}

/// The bits of the nearest number, ties to even; `middle` says on which side of a number a value is.
fn search<F: Format>(above: impl Fn(f64) -> Option<std::cmp::Ordering>) -> u16 {
    let (mut low, mut high) = (0, F::INFINITE);
    while high - low > 1 {
        let mid = low + (high - low) / 2;
        if above(F::value(mid)).unwrap().is_ge() { low = mid } else { high = mid }
    }
    match above((F::value(low) + F::value(high)) / 2.0).unwrap() {
        std::cmp::Ordering::Less => low,
        std::cmp::Ordering::Greater => high,
        std::cmp::Ordering::Equal => low + low % 2,
    }
}

fn nearest<F: Format>(x: f64) -> u16 {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    if x.is_nan() {
        return F::INFINITE | 0x40 | 0x200;
    }
    sign | search::<F>(|y| x.abs().partial_cmp(&y))
}

fn nearest_int<F: Format>(i: i128) -> u16 {
    // exactly, in units of 2^-32, which is less than half a unit of any number above 1
    if i == 0 {
        return 0;
    }
    let sign = if i < 0 { 0x8000 } else { 0 };
    sign | search::<F>(|y| {
        let y = (y.min(2f64.powi(90)) * 2f64.powi(32)).floor() as i128;
        Some((i.abs() << 32).cmp(&y))
    })
}

fn equal<T: Edge>(a: T, b: T) -> bool {
    match (a.exact(), b.exact()) {
        (Exact::Int(a), Exact::Int(b)) => a == b,
        (Exact::Float(a), Exact::Float(b)) => {
            a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
        }
        _ => false,
    }
}

fn check_cast<S: Edge, T: Edge>(edges: &[Exact]) {
    let values: Vec<S> = edges.iter().filter_map(|&x| S::edge(x)).collect();
    let expected: Vec<T> = values.iter().map(|x| T::expected(x.exact())).collect();
    for &level in Level::available() {
        for ((x, got), expected) in
            values.iter().zip(convert::<S, T>(level, &values)).zip(&expected)
        {
            let pair = (S::DTYPE, T::DTYPE);
            assert!(equal(got, *expected), "{pair:?} {x:?}: {got:?}, not {expected:?}");
        }
    }
}

macro_rules! for_each_real {
    ($f:ident::<$s:ty>($x:expr)) => {
        for_each_real!(@ $f $s, $x, bool i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64)
    };
    (@ $f:ident $s:ty, $x:expr, $($t:ty)*) => { $($f::<$s, $t>($x);)* };
}

#[test]
fn conversions_of_real_numbers() {
    let edges = edges();
    for_each_real!(check_cast::<bool>(&edges));
    for_each_real!(check_cast::<i8>(&edges));
    for_each_real!(check_cast::<i16>(&edges));
    for_each_real!(check_cast::<i32>(&edges));
    for_each_real!(check_cast::<i64>(&edges));
    for_each_real!(check_cast::<u8>(&edges));
    for_each_real!(check_cast::<u16>(&edges));
    for_each_real!(check_cast::<u32>(&edges));
    for_each_real!(check_cast::<u64>(&edges));
    for_each_real!(check_cast::<f16>(&edges));
    for_each_real!(check_cast::<bf16>(&edges));
    for_each_real!(check_cast::<f32>(&edges));
    for_each_real!(check_cast::<f64>(&edges));
}

fn check_complex<S: Edge>(edges: &[Exact]) {
    let values: Vec<S> = edges.iter().filter_map(|&x| S::edge(x)).collect();
    for &level in Level::available() {
        let single = convert::<S, Complex<f32>>(level, &values);
        let double = convert::<S, Complex<f64>>(level, &values);
        for (x, (s, d)) in values.iter().zip(single.iter().zip(&double)) {
            assert!(equal(s.re, f32::expected(x.exact())) && s.im.to_bits() == 0, "{x:?} {s}");
            assert!(equal(d.re, f64::expected(x.exact())) && d.im.to_bits() == 0, "{x:?} {d}");
        }
    }
}

#[test]
fn conversions_to_and_of_complex_numbers() {
    let edges = edges();
    check_complex::<bool>(&edges);
    check_complex::<i8>(&edges);
    check_complex::<i64>(&edges);
    check_complex::<u32>(&edges);
    check_complex::<u64>(&edges);
    check_complex::<f16>(&edges);
    check_complex::<bf16>(&edges);
    check_complex::<f32>(&edges);
    check_complex::<f64>(&edges);
    let z = [Complex::new(0.0, -0.0), Complex::new(0.0, 1e-320), Complex::new(f64::NAN, 0.1)];
    for &level in Level::available() {
        assert_eq!(convert::<_, bool>(level, &z), [false, true, true]);
        let single = convert::<_, Complex<f32>>(level, &z);
        assert_eq!(single[0].im.to_bits(), (-0f32).to_bits());
        assert!(single[1].im == 0.0 && single[2].re.is_nan() && single[2].im == 0.1);
        let double = convert::<_, Complex<f64>>(level, &single);
        assert_eq!(double[2].im, f64::from(0.1f32));
        assert_eq!(convert::<_, bool>(level, &single), [false, false, true]);
        assert_eq!(convert::<_, Complex<f32>>(level, &single)[2].im, 0.1);
    }
}
