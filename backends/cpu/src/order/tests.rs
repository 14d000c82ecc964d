use std::cmp::Ordering;

use arrayspace_core::{Backend, DType, Element, Error, Layout};
use half::{bf16, f16};
use num_complex::Complex;

use crate::Cpu;
use crate::testing::{Rng, buffer_of, cases, positions, values, view};

/// The order by definition, for a naive stable sort.
trait Ordered: Element {
    fn compare(a: Self, b: Self, descending: bool) -> Ordering;
    fn random(rng: &mut Rng) -> Self;
    fn same(a: Self, b: Self) -> bool {
        Self::as_bytes(&[a]) == Self::as_bytes(&[b])
    }
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl Ordered for $t {
            fn compare(a: Self, b: Self, descending: bool) -> Ordering {
                directed(a.cmp(&b), descending)
            }
            fn random(rng: &mut Rng) -> Self {
                match rng.below(8) {
                    0 => <$t>::MIN,
                    1 => <$t>::MAX,
                    2 => rng.next() as $t,
                    _ => rng.below(5) as $t,
                }
            }
        }
    )* };
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

impl Ordered for bool {
    fn compare(a: Self, b: Self, descending: bool) -> Ordering {
        directed(a.cmp(&b), descending)
    }
    fn random(rng: &mut Rng) -> Self {
        rng.below(2) == 0
    }
}

macro_rules! floats {
    ($($t:ty)*) => { $(
        impl Ordered for $t {
            fn compare(a: Self, b: Self, descending: bool) -> Ordering {
                match (a.is_nan(), b.is_nan()) {
                    (false, false) => directed(a.partial_cmp(&b).unwrap(), descending),
                    (a, b) => a.cmp(&b),
                }
            }
            fn random(rng: &mut Rng) -> Self {
                let v: f64 = match rng.below(8) {
                    0 => f64::NAN,
                    1 => -f64::NAN,
                    2 => 0.0,
                    3 => -0.0,
                    4 => [f64::INFINITY, f64::NEG_INFINITY, 1e-7, -1e-7][rng.below(4)],
                    _ => rng.below(7) as f64 - 3.0,
                };
                <$t as Element>::from_scalar(v.into())
            }
        }
    )* };
}
floats!(f16 bf16 f32 f64);

macro_rules! complexes {
    ($($t:ty)*) => { $(
        impl Ordered for Complex<$t> {
            fn compare(a: Self, b: Self, descending: bool) -> Ordering {
                match (a.is_nan(), b.is_nan()) {
                    (false, false) => <$t>::compare(a.re, b.re, descending)
                        .then(<$t>::compare(a.im, b.im, descending)),
                    (a, b) => a.cmp(&b),
                }
            }
            fn random(rng: &mut Rng) -> Self {
                let part = |rng: &mut Rng| match rng.below(6) {
                    0 => <$t>::random(rng),
                    _ => rng.below(3) as $t,
                };
                Complex::new(part(rng), part(rng))
            }
        }
    )* };
}
complexes!(f32 f64);

fn check<T: Ordered>(rng: &mut Rng, shape: &[usize], axis: usize, descending: bool) {
    let (layout, len) = rng.layout(shape, true);
    let elements: Vec<T> = (0..len).map(|_| T::random(rng)).collect();
    let buffer = buffer_of(&elements);
    let source = view(&buffer, T::DTYPE, &layout);
    let sorted: Vec<T> = values(&Cpu::order(&Cpu, source, axis, descending).unwrap());
    let indices: Vec<i64> = values(&Cpu::order_indices(&Cpu, source, axis, descending).unwrap());
    let input: Vec<T> = positions(&layout).iter().map(|&p| elements[p]).collect();
    let places = positions(
        &Layout::contiguous(shape)
            .unwrap()
            .permute(&(0..shape.len()).filter(|&k| k != axis).chain([axis]).collect::<Vec<_>>()),
    );
    for line in places.chunks(shape[axis].max(1)) {
        let mut expected: Vec<usize> = (0..line.len()).collect();
        expected.sort_by(|&a, &b| T::compare(input[line[a]], input[line[b]], descending));
        for (k, &index) in expected.iter().enumerate() {
            assert_eq!(
                indices[line[k]],
                index as i64,
                "{} {layout:?} {axis} {descending}",
                T::DTYPE
            );
            assert!(T::same(sorted[line[k]], input[line[index]]), "{} {layout:?}", T::DTYPE);
        }
    }
}

fn check_dtype(rng: &mut Rng, dtype: DType, shape: &[usize], axis: usize, descending: bool) {
    let f = match dtype {
        DType::Bool => check::<bool>,
        DType::Int8 => check::<i8>,
        DType::Int16 => check::<i16>,
        DType::Int32 => check::<i32>,
        DType::Int64 => check::<i64>,
        DType::UInt8 => check::<u8>,
        DType::UInt16 => check::<u16>,
        DType::UInt32 => check::<u32>,
        DType::UInt64 => check::<u64>,
        DType::Float16 => check::<f16>,
        DType::BFloat16 => check::<bf16>,
        DType::Float32 => check::<f32>,
        DType::Float64 => check::<f64>,
        DType::Complex64 => check::<Complex<f32>>,
        DType::Complex128 => check::<Complex<f64>>,
    };
    f(rng, shape, axis, descending);
}

#[test]
fn any_axis_of_any_layout() {
    for seed in 0..cases(900) {
        let mut rng = Rng::new(seed);
        let mut shape = rng.shape(3, 9);
        shape.push(rng.below(30));
        let axis = rng.below(shape.len());
        check_dtype(&mut rng, DType::ALL[seed % 15], &shape, axis, seed % 2 == 0);
    }
}

#[test]
#[cfg(not(miri))] // large
fn long_lines_and_many_lines() {
    for (seed, &dtype) in DType::ALL.iter().enumerate() {
        let mut rng = Rng::new(seed);
        for descending in [false, true] {
            check_dtype(&mut rng, dtype, &[140_000], 0, descending);
            check_dtype(&mut rng, dtype, &[500, 120], 0, descending);
            check_dtype(&mut rng, dtype, &[500, 120], 1, descending);
            check_dtype(&mut rng, dtype, &[3, 9000, 2], 1, descending);
        }
    }
}

/// Small integers of either sign, all equal ones, and what is near an end of the range.
#[test]
fn integers_that_are_near_each_other() {
    fn check(numbers: Vec<i64>) {
        let layout = Layout::contiguous(&[numbers.len()]).unwrap();
        let buffer = buffer_of(&numbers);
        let source = view(&buffer, DType::Int64, &layout);
        let mut expected: Vec<usize> = (0..numbers.len()).collect();
        for descending in [false, true] {
            let sorted: Vec<i64> = values(&Cpu::order(&Cpu, source, 0, descending).unwrap());
            let indices: Vec<i64> =
                values(&Cpu::order_indices(&Cpu, source, 0, descending).unwrap());
            expected.sort();
            expected.sort_by(|&a, &b| directed(numbers[a].cmp(&numbers[b]), descending));
            for (k, &index) in expected.iter().enumerate() {
                assert_eq!((indices[k], sorted[k]), (index as i64, numbers[index]), "{descending}");
            }
        }
    }
    for n in [1, 3, cases(500), cases(10_000), cases(150_000)] {
        let mut rng = Rng::new(n);
        check((0..n).map(|_| rng.below(199) as i64 - 99).collect());
        check((0..n).map(|_| rng.below(5000) as i64 - 4990).collect());
        check((0..n).map(|_| i64::MIN + rng.below(7) as i64).collect());
        check((0..n).map(|_| i64::MAX - rng.below(7) as i64).collect());
        check(vec![-3; n]);
    }
}

#[test]
fn an_axis_that_is_not_there() {
    let b = buffer_of(&[1i8]);
    let l = Layout::contiguous(&[]).unwrap();
    let source = view(&b, DType::Int8, &l);
    assert!(matches!(Cpu::order(&Cpu, source, 0, false), Err(Error::Axis(_))));
    assert!(matches!(Cpu::order_indices(&Cpu, source, 0, false), Err(Error::Axis(_))));
}
