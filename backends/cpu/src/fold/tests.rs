//! Folds against the definition.

use arrayspace_core::{BinaryOp, DType, Element, FoldOp, Program, Scalar, UnaryOp};
use half::{bf16, f16};
use num_complex::Complex;

use super::fold;
use super::lanes::{Plus, Times, tests::defined};
use crate::Buffer;
use crate::testing::{KINDS, Rng, Stored, on_threads, stored, values};

/// A program that is its operand.
fn identity(dtype: DType) -> Program {
    let mut program = Program::new();
    program.input(dtype).unwrap();
    program
}

fn folded(op: FoldOp, x: &Stored, axes: &[usize]) -> Buffer {
    fold(op, &identity(x.dtype), &[x.view()], x.layout.shape(), axes).unwrap()
}

/// For each result, the values that are folded to it, in order.
fn lines<T: Copy>(x: &[T], shape: &[usize], axes: &[usize]) -> Vec<Vec<T>> {
    let kept: Vec<usize> = (0..shape.len()).filter(|a| !axes.contains(a)).collect();
    let count = kept.iter().map(|&a| shape[a]).product();
    let mut out = vec![Vec::new(); count];
    for (i, &v) in x.iter().enumerate() {
        let mut rest = i;
        let mut index = vec![0; shape.len()];
        for a in (0..shape.len()).rev() {
            index[a] = rest % shape[a];
            rest /= shape[a];
        }
        let place = kept.iter().fold(0, |place, &a| place * shape[a] + index[a]);
        out[place].push(v);
    }
    out
}

/// Shapes, and axes to fold over.
fn cases() -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut out: Vec<(Vec<usize>, Vec<usize>)> = vec![
        (vec![], vec![]),
        (vec![5], vec![]),
        (vec![3, 4], vec![]),
        (vec![2, 3, 4, 5], vec![1, 3]),
        (vec![2, 3, 4, 5], vec![0, 2]),
        (vec![4, 1, 6, 1], vec![1, 2]),
        (vec![3, 130, 5], vec![1]),
        (vec![3, 130, 5], vec![0, 2]),
        (vec![2, 9, 1100], vec![1]),
        (vec![700, 13], vec![0]),
        (vec![700, 13], vec![1]),
        (vec![4, 4097], vec![1]),
        (vec![600, 70], vec![0]),
        (vec![9000, 2], vec![0]),
        (vec![40, 30, 7], vec![0, 1, 2]),
    ];
    out.extend((1..70).chain([127, 129, 511, 513, 4095, 4096, 4097]).map(|n| (vec![n], vec![0])));
    out
}

fn whole_numbers<T: Element>(len: usize, below: usize) -> Vec<T> {
    let mut rng = Rng::new(len);
    let mut next = || {
        let v = rng.below(below) as i128;
        if T::DTYPE.is_unsigned_integer() { v } else { v - below as i128 / 2 }
    };
    (0..len)
        .map(|_| match T::DTYPE {
            d if d.is_complex() => {
                let (re, im) = (next() as f64, next() as f64);
                T::from_scalar(Scalar::Complex(Complex::new(re, im)))
            }
            _ => T::from_scalar(Scalar::Int(next())),
        })
        .collect()
}

/// Runs over all cases, every layout; `expected` folds one line.
fn check<T: Element>(op: FoldOp, below: usize, expected: impl Fn(&[T]) -> T) {
    for (shape, axes) in cases() {
        let x = whole_numbers::<T>(shape.iter().product(), below);
        let lines = lines(&x, &shape, &axes);
        let expected: Vec<T> = lines.iter().map(|line| expected(line)).collect();
        for kind in 0..if shape.len() > 1 { KINDS } else { 3 } {
            let got = values::<T>(&folded(op, &stored(&x, &shape, kind), &axes));
            assert_eq!(got, expected, "{op:?} {} {shape:?} {axes:?} {kind}", T::DTYPE);
        }
    }
}

fn integers<T: Element>() {
    let whole =
        |line: &[T]| -> Vec<i64> { line.iter().map(|v| v.to_scalar().to_int() as i64).collect() };
    let made = |v: i64| T::from_scalar(Scalar::Int(v.into()));
    check::<T>(FoldOp::Sum, 120, |x| made(whole(x).iter().fold(0, |a, &b| a.wrapping_add(b))));
    check::<T>(FoldOp::Product, 120, |x| made(whole(x).iter().fold(1, |a, &b| a.wrapping_mul(b))));
    check::<T>(FoldOp::Maximum, 120, |x| made(whole(x).into_iter().max().unwrap()));
    check::<T>(FoldOp::Minimum, 120, |x| made(whole(x).into_iter().min().unwrap()));
}

#[test]
fn integers_wrap() {
    integers::<i8>();
    integers::<i16>();
    integers::<i32>();
    integers::<i64>();
    integers::<u8>();
    integers::<u16>();
    integers::<u32>();
    integers::<u64>();
}

fn floats<T: Element>() {
    let real = |line: &[T]| -> Vec<f64> { line.iter().map(|v| v.to_scalar().to_float()).collect() };
    let made = |v: f64| T::from_scalar(Scalar::Float(v));
    check::<T>(FoldOp::Sum, 9, |x| made(real(x).iter().sum()));
    check::<T>(FoldOp::Maximum, 300, |x| made(real(x).into_iter().fold(f64::MIN, f64::max)));
    check::<T>(FoldOp::Minimum, 300, |x| made(real(x).into_iter().fold(f64::MAX, f64::min)));
}

#[test]
fn floats_of_whole_numbers_are_exact() {
    floats::<f16>();
    floats::<bf16>();
    floats::<f32>();
    floats::<f64>();
    let sum = |x: &[Complex<f64>]| x.iter().sum();
    check::<Complex<f64>>(FoldOp::Sum, 99, sum);
    check::<Complex<f32>>(FoldOp::Sum, 99, |x| x.iter().sum());
}

#[test]
fn bools() {
    for (shape, axes) in cases() {
        for rare in [2, 5000] {
            let mut rng = Rng::new(shape.len());
            let x: Vec<bool> = (0..shape.iter().product()).map(|_| rng.below(rare) != 0).collect();
            let lines = lines(&x, &shape, &axes);
            for kind in 0..KINDS {
                let source = stored(&x, &shape, kind);
                let got = |op| values::<bool>(&folded(op, &source, &axes));
                let all: Vec<bool> = lines.iter().map(|l| l.iter().all(|&b| b)).collect();
                let any: Vec<bool> = lines.iter().map(|l| l.iter().any(|&b| b)).collect();
                assert_eq!(got(FoldOp::All), all, "{shape:?} {axes:?}");
                assert_eq!(got(FoldOp::Minimum), all);
                assert_eq!(got(FoldOp::Any), any);
                assert_eq!(got(FoldOp::Maximum), any);
            }
        }
    }
}

/// Values from -4/3 to -2/3, so that products of some hundreds stay in range.
fn fractions(len: usize) -> Vec<f32> {
    let mut rng = Rng::new(len);
    (0..len).map(|_| ((rng.next() >> 37) as f32 / 2f32.powi(24) - 2.0) / 1.5).collect()
}

#[test]
fn the_order_is_that_of_the_definition_whatever_the_layout() {
    let mut cases = cases();
    cases.extend([
        (vec![3, 40_000], vec![1]),
        (vec![200_000, 2], vec![0]),
        (vec![1_100, 600], vec![0]),
        (vec![400, 500], vec![0, 1]),
        (vec![60, 70, 50], vec![0, 2]),
    ]);
    for (shape, axes) in cases {
        let x = fractions(shape.iter().product());
        let lines = lines(&x, &shape, &axes);
        for kind in 0..KINDS {
            let source = stored(&x, &shape, kind);
            let bits = |op| -> Vec<u32> {
                values::<f32>(&folded(op, &source, &axes)).iter().map(|v| v.to_bits()).collect()
            };
            let sums: Vec<u32> = lines.iter().map(|l| defined::<f32, Plus>(l).to_bits()).collect();
            assert_eq!(bits(FoldOp::Sum), sums, "{shape:?} {axes:?} {kind}");
            let products: Vec<u32> =
                lines.iter().map(|l| defined::<f32, Times>(l).to_bits()).collect();
            assert_eq!(bits(FoldOp::Product), products, "{shape:?} {axes:?} {kind}");
        }
    }
}

#[test]
fn complex_products_are_in_the_order_of_the_definition() {
    for (shape, axes) in [(vec![700, 3], vec![0]), (vec![3, 700], vec![1]), (vec![5], vec![0])] {
        let parts = fractions(2 * shape.iter().product::<usize>());
        let x: Vec<Complex<f32>> =
            parts.as_chunks::<2>().0.iter().map(|p| Complex::new(p[0], p[1]) * 0.7).collect();
        let expected: Vec<Complex<f32>> =
            lines(&x, &shape, &axes).iter().map(|l| defined::<_, Times>(l)).collect();
        for kind in 0..KINDS {
            let got = folded(FoldOp::Product, &stored(&x, &shape, kind), &axes);
            assert_eq!(values::<Complex<f32>>(&got), expected);
            assert!(expected.iter().all(|v| v.is_finite() && v.norm() > 0.0));
        }
    }
}

#[test]
fn threads_and_layouts_do_not_change_bits() {
    let shape = [300, 1000, 3];
    let x = fractions(shape.iter().product());
    for op in [FoldOp::Sum, FoldOp::Product, FoldOp::SquaredDeviations, FoldOp::Maximum] {
        for axes in [&[0, 1, 2][..], &[0, 1], &[0], &[1], &[2], &[0, 2]] {
            let mut first: Option<Vec<u32>> = None;
            for kind in [0, 1, 2] {
                let source = stored(&x, &shape, kind);
                let bits: Vec<u32> = on_threads(|| {
                    let out = folded(op, &source, axes);
                    values::<f32>(&out).iter().map(|v| v.to_bits()).collect()
                });
                assert_eq!(first.get_or_insert(bits.clone()), &bits, "{op:?} {axes:?} {kind}");
            }
        }
    }
}

#[test]
fn every_level_has_the_same_bits() {
    use super::ops::{Deviations, Fold, Largest, Simple};
    use crate::simd::Level;

    fn check<F: Fold>(x: &[F::In], bits: impl Fn(F::State) -> u64) {
        for n in [1, 7, 64, 100, 512, 1000, 4095, 4096] {
            let of = |&level: &Level| {
                let mut out = vec![F::State::default(); x.len() / n];
                // SAFETY: the processor has the level.
                unsafe { super::blocks::<F>(level)(x, n, &mut out) };
                out.into_iter().map(&bits).collect::<Vec<_>>()
            };
            let all: Vec<Vec<u64>> = Level::available().iter().map(of).collect();
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{n}");
        }
    }
    let x = fractions(9000);
    let wide: Vec<f64> = x.iter().map(|&v| f64::from(v).sqrt()).collect();
    check::<Simple<f32, Plus>>(&x, |s| s.to_bits().into());
    check::<Simple<f64, Plus>>(&wide, f64::to_bits);
    check::<Simple<f32, Largest>>(&x, |s| s.to_bits().into());
    check::<Deviations<f64>>(&wide, |s| s.squares().to_bits());
}

#[test]
fn nan_wins_and_zeros_have_an_order() {
    for n in [2, 3, 64, 100, 600, 5000] {
        for at in [0, n / 2, n - 1] {
            let mut x = vec![1.0f64; n];
            x[at] = f64::NAN;
            let source = stored(&x, &[n], 0);
            for op in [FoldOp::Maximum, FoldOp::Minimum, FoldOp::Sum, FoldOp::SquaredDeviations] {
                assert!(values::<f64>(&folded(op, &source, &[0]))[0].is_nan(), "{op:?} {n} {at}");
            }
            let mut x = vec![0.0f64; n];
            x[at] = -0.0;
            let source = stored(&x, &[n], 2);
            let extreme = |op| values::<f64>(&folded(op, &source, &[0]))[0].is_sign_negative();
            assert!(!extreme(FoldOp::Maximum) && extreme(FoldOp::Minimum));
        }
    }
    let x = stored(&[f32::NAN, 1.0, 2.0, 3.0, f32::NEG_INFINITY, 5.0], &[3, 2], 0);
    let got = values::<f32>(&folded(FoldOp::Maximum, &x, &[0]));
    assert!(got[0].is_nan() && got[1] == 5.0);
    let negative = stored(&[-0.0f32; 3], &[3], 0);
    assert!(values::<f32>(&folded(FoldOp::Sum, &negative, &[0]))[0].is_sign_negative());
}

#[test]
fn deviations_are_accurate() {
    for (shape, axes) in cases() {
        let x: Vec<f64> =
            fractions(shape.iter().product()).iter().map(|&v| f64::from(v) + 1e6).collect();
        let exact: Vec<f64> = lines(&x, &shape, &axes)
            .iter()
            .map(|l| {
                let mean = l.iter().map(|v| v - 1e6).sum::<f64>() / l.len() as f64;
                l.iter().map(|v| (v - 1e6 - mean).powi(2)).sum()
            })
            .collect();
        for kind in 0..KINDS {
            let source = stored(&x, &shape, kind);
            let got = values::<f64>(&folded(FoldOp::SquaredDeviations, &source, &axes));
            for (g, e) in got.iter().zip(&exact) {
                assert!((g - e).abs() <= 1e-8 * e, "{g} {e} {shape:?} {axes:?}");
            }
        }
    }
    // the deviations of 0 and 1 around a large number
    let x: Vec<f64> = (0..100_000).map(|i| 1e9 + f64::from(i % 2)).collect();
    let got = folded(FoldOp::SquaredDeviations, &stored(&x, &[100_000], 0), &[0]);
    assert!((values::<f64>(&got)[0] - 25_000.0).abs() < 1e-6);
    let x: Vec<f32> = (0..4096).map(|i| 1e4 + (i % 2) as f32).collect();
    let got = folded(FoldOp::SquaredDeviations, &stored(&x, &[4096], 0), &[0]);
    assert_eq!(values::<f32>(&got)[0], 1024.0);
    let got = folded(FoldOp::SquaredDeviations, &stored(&[f16::ONE, f16::ZERO], &[2], 0), &[0]);
    assert_eq!(values::<f16>(&got)[0], f16::from_f32(0.5));
}

#[test]
fn a_sum_of_a_million_is_accurate() {
    let x: Vec<f32> = fractions(1_000_000).iter().map(|v| v + 2.5).collect();
    let exact: f64 = x.iter().map(|&v| f64::from(v)).sum();
    for (shape, axes) in [(vec![1_000_000], vec![0]), (vec![500_000, 2], vec![0])] {
        let sums = values::<f32>(&folded(FoldOp::Sum, &stored(&x, &shape, 0), &axes));
        let total: f64 = sums.iter().map(|&v| f64::from(v)).sum();
        assert!((total - exact).abs() / exact < 2e-7, "{total} {exact}");
    }
    let halves = stored(&[f16::from_f32(0.1); 5000], &[5000], 0);
    let sum = values::<f16>(&folded(FoldOp::Sum, &halves, &[0]))[0];
    assert_eq!(sum, f16::from_f32(5000.0 * f16::from_f32(0.1).to_f32()));
}

#[test]
fn programs_are_folded_without_being_stored() {
    // the sum of (x - y)² over either axis, y a broadcast row, x in any layout
    let (n, m) = (700, 40);
    let x = whole_numbers::<f64>(n * m, 20);
    let y = whole_numbers::<f64>(m, 20);
    let mut program = Program::new();
    let (a, b) = (program.input(DType::Float64).unwrap(), program.input(DType::Float64).unwrap());
    let difference = program.binary(BinaryOp::Subtract, a, b).unwrap();
    program.unary(UnaryOp::Square, difference).unwrap();
    let squares: Vec<f64> =
        x.iter().enumerate().map(|(i, v)| (v - y[i % m]) * (v - y[i % m])).collect();
    let row = stored(&y, &[m], 0);
    let row = Stored { layout: row.layout.broadcast_to(&[n, m]).unwrap(), ..row };
    for kind in 0..KINDS {
        let source = stored(&x, &[n, m], kind);
        for axes in [&[0][..], &[1], &[0, 1]] {
            let out = fold(FoldOp::Sum, &program, &[source.view(), row.view()], &[n, m], axes);
            let expected: Vec<f64> =
                lines(&squares, &[n, m], axes).iter().map(|l| l.iter().sum()).collect();
            assert_eq!(values::<f64>(&out.unwrap()), expected, "{axes:?} {kind}");
        }
    }
    // a program without operands
    let mut program = Program::new();
    program.coordinate(1).unwrap();
    let out = fold(FoldOp::Sum, &program, &[], &[3, 4], &[0]).unwrap();
    assert_eq!(values::<i64>(&out), [0, 3, 6, 9]);
    let out = fold(FoldOp::Sum, &program, &[], &[3, 4], &[1]).unwrap();
    assert_eq!(values::<i64>(&out), [6, 6, 6]);
}

#[test]
fn folds_of_nothing() {
    let x = stored::<f64>(&[], &[0, 3], 0);
    let got = |op| values::<f64>(&folded(op, &x, &[0]));
    assert_eq!(got(FoldOp::Sum), [0.0; 3]);
    assert_eq!(got(FoldOp::Product), [1.0; 3]);
    assert!(got(FoldOp::SquaredDeviations).iter().all(|v| v.is_nan()));
    assert_eq!(folded(FoldOp::Maximum, &x, &[1]).len_bytes(), 0);
    let no_extreme = fold(FoldOp::Maximum, &identity(x.dtype), &[x.view()], &[0, 3], &[0]);
    assert!(no_extreme.is_err());
    let b = stored::<bool>(&[], &[2, 0], 0);
    assert_eq!(values::<bool>(&folded(FoldOp::All, &b, &[1])), [true; 2]);
    assert_eq!(values::<bool>(&folded(FoldOp::Any, &b, &[0, 1])), [false]);
    let i = stored::<u8>(&[], &[0], 0);
    assert_eq!(values::<u8>(&folded(FoldOp::Product, &i, &[0])), [1]);
    let c = stored::<Complex<f32>>(&[], &[0], 0);
    let sum = values::<Complex<f32>>(&folded(FoldOp::Sum, &c, &[0]));
    assert_eq!(sum, [Complex::new(0.0, 0.0)]);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let x = stored(&[1.0f32; 6], &[2, 3], 0);
    let run = |op, shape: &[usize], axes: &[usize]| {
        fold(op, &identity(DType::Float32), &[x.view()], shape, axes).is_err()
    };
    assert!(run(FoldOp::All, &[2, 3], &[0]));
    assert!(run(FoldOp::Sum, &[2, 3], &[2]));
    assert!(run(FoldOp::Sum, &[2, 3], &[1, 0]));
    assert!(run(FoldOp::Sum, &[2, 3], &[1, 1]));
    assert!(run(FoldOp::Sum, &[3, 2], &[0]));
    assert!(run(FoldOp::Sum, &[2], &[0]));
    assert!(fold(FoldOp::Sum, &identity(DType::Float32), &[], &[2, 3], &[0]).is_err());
    let c = stored(&[Complex::new(1.0f32, 0.0)], &[1], 0);
    assert!(fold(FoldOp::Maximum, &identity(c.dtype), &[c.view()], &[1], &[0]).is_err());
    assert!(
        fold(FoldOp::Sum, &identity(DType::Float32), &[x.view()], &[usize::MAX, 8], &[0]).is_err()
    );
}

/// The sums of squared deviations of whole numbers times `unit`, a power of two, moved by `offset`, against exact
/// ones, for both ways to lie in memory.
fn check_deviations<T: Element>(n: usize, offset: f64, unit: f64) {
    let mut rng = Rng::new(n);
    let lines: [Vec<i128>; 2] =
        [0, 1].map(|_| (0..n).map(|_| rng.below(1 << 20) as i128).collect());
    let value = |j: i128| T::from_scalar(Scalar::Float(offset + j as f64 * unit));
    // with digits after the point, since a quotient has some
    const POINT: u32 = 48;
    let exact = lines.each_ref().map(|line| {
        let (sum, squares) = line.iter().fold((0, 0), |(s, q), j| (s + j, q + j * j));
        ((n as i128 * squares - sum * sum) << POINT) / n as i128
    });
    let one = 2f64.powi(POINT as i32);
    let by_rows: Vec<T> = lines.concat().into_iter().map(value).collect();
    let by_columns: Vec<T> = (0..n).flat_map(|i| [0, 1].map(|l| value(lines[l][i]))).collect();
    for (x, shape, axis) in [(by_rows, [2, n], 1), (by_columns, [n, 2], 0)] {
        for kind in [0, 1, 3] {
            let source = stored(&x, &shape, kind);
            let got = values::<T>(&folded(FoldOp::SquaredDeviations, &source, &[axis]));
            for (got, exact) in got.iter().zip(exact) {
                let got = got.to_scalar().to_float() / (unit * unit);
                let near = exact as f64 / one;
                let ulp = match T::DTYPE {
                    DType::Float32 => f64::from((near as f32).next_up() - near as f32),
                    _ => near.next_up() - near,
                };
                let off = ((got * one) as i128 - exact).unsigned_abs() as f64 / one / ulp;
                let most = if T::DTYPE == DType::Float32 { 0.51 } else { 4.0 };
                assert!(off <= most, "{} {n} {offset} {axis} {kind}: {off} {got}", T::DTYPE);
            }
        }
    }
}

#[test]
fn deviations_have_all_their_digits() {
    let lengths =
        (1..70).chain([127, 128, 129, 300, 511, 512, 513, 575, 576, 577, 1000, 1023, 1024, 1025]);
    let long = [4095, 4096, 4097, 4608, 8191, 8192, 8193, 12_289, 40_000, 65_537, 100_003];
    for n in lengths.chain(long).filter(|&n| !cfg!(miri) || n < 520) {
        for offset in [0.0, 1.0, 1e4, -1e8, 1e12] {
            // 20 bits beside the offset: the values are exact
            check_deviations::<f64>(n, offset, 2f64.powi(-12));
        }
        check_deviations::<f32>(n, 0.0, 2f64.powi(-12));
        check_deviations::<f32>(n, 2f64.powi(23), 1.0);
        check_deviations::<f32>(n, -2f64.powi(53), 2f64.powi(30));
    }
}

#[test]
fn deviations_of_few_orders_are_as_good() {
    // sorted values, steps in a group and between groups, what repeats with the lanes
    let n = 100_000usize;
    let orders: [fn(usize) -> u32; 6] = [
        |i| i as u32,
        |i| (i / 64 % 2) as u32 * 1000,
        |i| u32::from(i % 512 < 64) * 1000 + 7,
        |i| u32::from(i % 64 < 8),
        |i| u32::from(i == 70_000),
        |i| (i / 4096) as u32,
    ];
    for (k, order) in orders.into_iter().enumerate() {
        for offset in [0.0, 1e9] {
            let x: Vec<f64> = (0..n).map(|i| offset + f64::from(order(i))).collect();
            let (sum, squares) = (0..n).map(order).fold((0u128, 0u128), |(s, q), j| {
                (s + u128::from(j), q + u128::from(j) * u128::from(j))
            });
            let exact = (n as u128 * squares - sum * sum) as f64 / n as f64;
            let twice: Vec<f64> = x.iter().flat_map(|&x| [x, x]).collect();
            for (x, shape) in [(x, [n, 1]), (twice, [n, 2])] {
                let source = stored(&x, &shape, 0);
                for got in values::<f64>(&folded(FoldOp::SquaredDeviations, &source, &[0])) {
                    let off = (got / exact - 1.0).abs();
                    assert!(off < 4.0 * f64::EPSILON, "{k} {offset} {shape:?}: {off:e}");
                }
            }
        }
    }
}

#[test]
fn deviations_at_the_ends_of_the_range() {
    let of = |x: &[f64]| {
        values::<f64>(&folded(FoldOp::SquaredDeviations, &stored(x, &[x.len()], 0), &[0]))[0]
    };
    for n in [1, 2, 7, 100, 512, 600, 5000] {
        // equal values, whose sum may be infinite
        for value in [0.1, -3.0, 1e300, f64::MAX, 5e-324] {
            let got = of(&vec![value; n]);
            assert!(
                got >= 0.0 && got <= 1e-28 * value.abs() * value.abs().min(1e10),
                "{n} {value}: {got}"
            );
        }
        for special in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut x = vec![1.0; n];
            x[n / 2] = special;
            assert!(of(&x).is_nan(), "{n} {special}");
        }
        let far: Vec<f64> = (0..n).map(|i| [1e200, -1e200, 1.0][i % 3]).collect();
        assert!(n == 1 || of(&far) == f64::INFINITY, "{n}");
    }
    // squares of float32 that are out of its range, between which the sum is not
    let x: Vec<f32> = (0..600).map(|i| 1e25 + (i % 2) as f32 * 1e18).collect();
    let got = values::<f32>(&folded(FoldOp::SquaredDeviations, &stored(&x, &[600], 0), &[0]))[0];
    let apart = f64::from(x[1]) - f64::from(x[0]);
    assert!((f64::from(got) / (150.0 * apart * apart) - 1.0).abs() < 1e-6, "{got}");
}
