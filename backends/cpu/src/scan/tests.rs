use arrayspace_core::Scalar;
use half::{bf16, f16};

use super::*;
use crate::testing::{KINDS, Rng, on_threads, stored, values};

/// Values of which every running sum and product is exact or wraps; products of many would leave the
/// range of numbers.
fn numbers<T: Element>(len: usize, op: ScanOp) -> Vec<T> {
    let mut rng = Rng::new(len);
    (0..len)
        .map(|_| match (op, T::DTYPE) {
            (_, d) if d.is_integer() => T::from_scalar(Scalar::Int(rng.below(100) as i128)),
            (ScanOp::Sum, _) => T::from_scalar(Scalar::Int(rng.below(5) as i128 - 2)),
            _ => {
                let kinds = if len < 10_000 { 4 } else { 2 };
                T::from_scalar(Scalar::Float([1.0, -1.0, 2.0, 0.5][rng.below(kinds)]))
            }
        })
        .collect()
}

/// The definition; integers modulo 2⁶⁴.
fn naive<T: Element>(op: ScanOp, x: &[T], [outer, n, inner]: [usize; 3], initial: bool) -> Vec<T> {
    let m = n + usize::from(initial);
    let mut out = vec![T::default(); outer * m * inner];
    for o in 0..outer {
        for c in 0..inner {
            let one = op == ScanOp::Product;
            let (mut int, mut float) = (i64::from(one), f64::from(u8::from(one)));
            let mut put = |i: usize, int: i64, float: f64| {
                out[(o * m + i) * inner + c] = if T::DTYPE.is_integer() {
                    T::from_scalar(Scalar::Int(int.into()))
                } else {
                    T::from_scalar(Scalar::Float(float))
                }
            };
            if initial {
                put(0, int, float);
            }
            for i in 0..n {
                let v = x[(o * n + i) * inner + c].to_scalar();
                if one {
                    int = int.wrapping_mul(v.to_int() as i64);
                    float *= v.to_complex().re;
                } else {
                    int = int.wrapping_add(v.to_int() as i64);
                    float += v.to_complex().re;
                }
                put(i + m - n, int, float);
            }
        }
    }
    out
}

fn check<T: Element>() {
    let shapes = [
        [1, 7, 1],
        [3, 5, 4],
        [9, 40, 1],
        [2, 3, 1100],
        [5, 1100, 1],
        [1, 40_000, 1],
        [20, 2100, 1],
        [2, 2100, 3],
        [1, 0, 3],
        [0, 3, 3],
        [2, 0, 1],
    ];
    for shape in shapes {
        let size = shape.iter().product();
        for op in [ScanOp::Sum, ScanOp::Product] {
            let x = numbers::<T>(size, op);
            for initial in [false, true] {
                let expected = naive(op, &x, shape, initial);
                for kind in 0..KINDS {
                    let source = stored(&x, &shape, kind);
                    let got = scan(op, source.view(), 1, initial).unwrap();
                    let got = values::<T>(&got);
                    assert!(got == expected, "{} {shape:?} {op:?} {kind}", T::DTYPE);
                }
            }
        }
    }
}

#[test]
fn scans_follow_the_definition() {
    check::<i8>();
    check::<i16>();
    check::<i32>();
    check::<i64>();
    check::<u8>();
    check::<u16>();
    check::<u32>();
    check::<u64>();
    check::<f32>();
    check::<f64>();
    check::<f16>();
    check::<bf16>();
    check::<Complex<f32>>();
    check::<Complex<f64>>();
}

#[test]
fn lines_may_end_where_what_is_walked_at_a_time_ends() {
    fn check<T: Element>() {
        for threads in 1..=3 {
            let n = TOGETHER * PIECES * PIECE * threads - 1;
            let x = numbers::<T>(n, ScanOp::Sum);
            let source = stored(&x, &[n], 0);
            let got =
                on_threads(|| values::<T>(&scan(ScanOp::Sum, source.view(), 0, false).unwrap()));
            assert!(got == naive(ScanOp::Sum, &x, [1, n, 1], false), "{} {n}", T::DTYPE);
        }
    }
    check::<f16>();
    check::<f64>();
    check::<i8>();
}

#[test]
fn half_precision_is_summed_in_float32() {
    let x = stored(&[f16::ONE; 3000], &[3000], 0);
    let got = values::<f16>(&scan(ScanOp::Sum, x.view(), 0, false).unwrap());
    assert_eq!(got[2999], f16::from_f32(3000.0)); // in float16, 2048 + 1 is 2048
    assert_eq!(got[2048], f16::from_f32(2049.0));
}

#[test]
fn sums_of_pieces_neither_decrease_nor_drift() {
    let n = 1_000_000;
    let x = vec![0.1f32; n];
    for shape in [[1, n, 1], [2, n / 2, 1], [20, n / 20, 1], [1, n / 2, 2]] {
        let source = stored(&x, &shape, 0);
        let got = values::<f32>(&scan(ScanOp::Sum, source.view(), 1, false).unwrap());
        let [_, n, inner] = shape;
        for l in 0..inner {
            let line: Vec<f32> = got.iter().skip(l).step_by(inner).take(n).copied().collect();
            assert!(line.is_sorted());
            let exact = f64::from(0.1f32) * n as f64;
            // value by value, the sum of a million is off by 1 %
            assert!((f64::from(line[n - 1]) / exact - 1.0).abs() < 1e-4, "{shape:?}");
        }
    }
}

#[test]
fn products_may_leave_the_range_between_two_of_them() {
    // the second half by itself would be infinite
    let x: Vec<f32> = (0..4000).map(|i| if i < 2000 { 0.97 } else { 1.06 }).collect();
    let source = stored(&x, &[4000], 0);
    let got = values::<f32>(&scan(ScanOp::Product, source.view(), 0, false).unwrap());
    assert!(got.iter().all(|v| v.is_finite()) && got[1999] > 0.0 && got[3999] > 1e20);
}

#[test]
fn products_of_long_lines_are_those_in_order() {
    // powers of two: exact, until they leave the range of numbers
    let n = 40_000;
    let drift = |from: usize, to: usize, factor: f32| {
        (0..n).map(move |i| if (from..to).contains(&i) { factor } else { [2.0, 0.5][i % 2] })
    };
    let mut inputs: Vec<Vec<f32>> = vec![
        drift(0, 0, 1.0).collect(),
        drift(5000, 5100, 2.0).collect(),     // stays finite
        drift(5000, 5140, 0.5).collect(),     // becomes subnormal
        drift(5000, 5200, 2.0).collect(),     // infinite, from there on
        drift(20_000, 20_200, 0.5).collect(), // 0, from there on
        (0..n).map(|i| if i / 1024 % 2 == 0 { 1.0625 } else { 1.0 / 1.0625 }).collect(),
    ];
    for special in [0.0, f32::INFINITY, f32::NAN] {
        let mut x = inputs[0].clone();
        x[17_001] = special;
        x[30_000] = 0.0; // infinity times this is no number
        inputs.push(x);
    }
    for (k, x) in inputs.iter().enumerate() {
        for initial in [false, true] {
            let got = scan(ScanOp::Product, stored(x, &[n], 0).view(), 0, initial).unwrap();
            let got = values::<f32>(&got);
            let mut product = 1.0f32;
            for (i, (&x, &got)) in x.iter().zip(&got[usize::from(initial)..]).enumerate() {
                product *= x;
                let is_same = got == product || got.is_nan() && product.is_nan();
                // no power of two: rounded in another order
                let is_near = k == 5 && (got / product - 1.0).abs() < 1e-3;
                assert!(is_same || is_near, "{k} {initial} {i}: {got} {product}");
            }
        }
    }
}

#[test]
fn threads_do_not_change_bits() {
    let x: Vec<f32> = {
        let mut rng = Rng::new(5);
        (0..300_000).map(|_| rng.below(1 << 20) as f32 / 3.0 - 1e5).collect()
    };
    for shape in [[300, 1000, 1], [1, 100, 3000], [1, 300_000, 1], [3, 100_000, 1]] {
        let source = stored(&x, &shape, 0);
        on_threads(|| {
            let out = scan(ScanOp::Sum, source.view(), 1, true).unwrap();
            values::<f32>(&out).iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        });
        // near 1; the same, but subnormal for a while
        let near: Vec<f32> = x.iter().map(|x| 1.0 + x / 1e9).collect();
        let mut low = near.clone();
        (low[16_000], low[16_001], low[36_000], low[36_001]) = (1e-20, 1e-20, 1e20, 1e20);
        for x in [near, low] {
            let source = stored(&x, &shape, 0);
            on_threads(|| {
                let out = scan(ScanOp::Product, source.view(), 1, false).unwrap();
                values::<f32>(&out).iter().map(|v| v.to_bits()).collect::<Vec<_>>()
            });
        }
    }
}

#[test]
fn bool_and_a_missing_axis_are_errors() {
    let x = stored(&[true; 3], &[3], 0);
    assert!(matches!(scan(ScanOp::Sum, x.view(), 0, false), Err(Error::DType(_))));
    let x = stored(&[1.0f32; 3], &[3], 0);
    assert!(matches!(scan(ScanOp::Sum, x.view(), 1, false), Err(Error::Axis(_))));
}
