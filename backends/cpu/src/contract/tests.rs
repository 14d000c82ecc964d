//! Products against the definition.

use arrayspace_core::{Backend, DType, Element, Layout, Scalar, View};
use half::{bf16, f16};
use num_complex::Complex;

use super::contract;
use crate::testing::{KINDS, Rng, Stored, on_threads, stored, values as elements};
use crate::{Buffer, Cpu};

/// Small whole numbers, positive and negative (for unsigned types modulo their range).
fn numbers<T: Element>(len: usize, salt: usize) -> Vec<T> {
    let mut rng = Rng::new(salt);
    (0..len)
        .map(|_| {
            let r = rng.next();
            let (re, im) = ((r % 19) as i128 - 9, (r / 32 % 7) as i128 - 3);
            match T::DTYPE {
                d if d.is_unsigned_integer() => T::from_scalar(Scalar::Int(re + 9)),
                d if d.is_complex() => {
                    T::from_scalar(Scalar::Complex(Complex::new(re as f64, im as f64)))
                }
                _ => T::from_scalar(Scalar::Int(re)),
            }
        })
        .collect()
}

/// The product of whole numbers, exactly (modulo 2⁶⁴), then in the type.
fn naive<T: Element>(a: &[T], b: &[T], batch: usize, [m, k, n]: [usize; 3]) -> Vec<T> {
    let parts = |x: &[T]| -> Vec<(i64, i64)> {
        let whole = |v: &T| match v.to_scalar() {
            Scalar::Int(i) => (i as i64, 0),
            other => (other.to_complex().re as i64, other.to_complex().im as i64),
        };
        x.iter().map(whole).collect()
    };
    let (a, b) = (parts(a), parts(b));
    let mut out = Vec::new();
    for t in 0..batch {
        for i in 0..m {
            for j in 0..n {
                let (mut re, mut im) = (0i64, 0i64);
                for p in 0..k {
                    let (x, y) = (a[(t * m + i) * k + p], b[(t * k + p) * n + j]);
                    re = re.wrapping_add(x.0.wrapping_mul(y.0)).wrapping_sub(x.1 * y.1);
                    im += x.0 * y.1 + x.1 * y.0;
                }
                out.push(T::from_scalar(match T::DTYPE {
                    d if d.is_complex() => Scalar::Complex(Complex::new(re as f64, im as f64)),
                    d if d.is_integer() => Scalar::Int(re.into()),
                    _ => Scalar::Float(re as f64),
                }));
            }
        }
    }
    out
}

const SIZES: [[usize; 3]; 24] = [
    [1, 1, 1],
    [2, 3, 4],
    [3, 3, 3],
    [1, 5, 7],
    [5, 7, 1],
    [4, 16, 16],
    [17, 5, 33],
    [1, 300, 40],
    [1, 600, 1],
    [1, 270, 1050],
    [40, 300, 1],
    [33, 520, 1],
    [20, 20, 20],
    [24, 24, 24],
    [70, 3, 70],
    [5, 257, 19],
    [6, 513, 100],
    [67, 65, 63],
    [2, 1, 900],
    [900, 1, 2],
    [0, 3, 4],
    [3, 0, 4],
    [3, 4, 0],
    [0, 0, 0],
];

fn products_are_exact<T: Element>() {
    for size in SIZES {
        let [m, k, n] = size;
        for batch in if m * k * n < 30_000 { vec![1, 3] } else { vec![1] } {
            let (a, b) = (numbers::<T>(batch * m * k, 1), numbers::<T>(batch * k * n, 2));
            let expected = naive(&a, &b, batch, size);
            for kind in (batch / 2..KINDS).step_by(2) {
                let left = stored(&a, &[batch, m, k], kind);
                let right = stored(&b, &[batch, k, n], (kind * 3 + 1) % KINDS);
                let got = elements::<T>(&contract(left.view(), right.view()).unwrap());
                assert_eq!(got, expected, "{} {size:?} batch {batch} kind {kind}", T::DTYPE);
            }
        }
    }
}

#[test]
fn integer_products_wrap() {
    products_are_exact::<i8>();
    products_are_exact::<i16>();
    products_are_exact::<i32>();
    products_are_exact::<i64>();
    products_are_exact::<u8>();
    products_are_exact::<u16>();
    products_are_exact::<u32>();
    products_are_exact::<u64>();
}

#[test]
fn whole_floating_point_products_are_exact() {
    products_are_exact::<f32>();
    products_are_exact::<f64>();
    products_are_exact::<f16>();
    products_are_exact::<bf16>();
    products_are_exact::<Complex<f32>>();
    products_are_exact::<Complex<f64>>();
}

fn fractions(len: usize, salt: usize) -> Vec<f32> {
    let mut rng = Rng::new(salt);
    (0..len).map(|_| (rng.next() >> 36) as f32 / 2f32.powi(24) - 1.0).collect()
}

#[test]
fn layout_and_threads_do_not_change_bits() {
    for [m, k, n] in
        [[128, 300, 120], [1, 7000, 400], [300, 2000, 1], [3, 9000, 1], [5, 600, 1500], [9, 20, 9]]
    {
        let batch = 2;
        let (a, b) = (fractions(batch * m * k, 3), fractions(batch * k * n, 4));
        let mut first: Option<Vec<u32>> = None;
        for kind in [0, 1, 2] {
            let left = stored(&a, &[batch, m, k], kind);
            let right = stored(&b, &[batch, k, n], (kind + 2) % KINDS);
            let bits: Vec<u32> = on_threads(|| {
                let out = contract(left.view(), right.view()).unwrap();
                elements::<f32>(&out).iter().map(|v| v.to_bits()).collect()
            });
            assert_eq!(first.get_or_insert(bits.clone()), &bits, "{m} {k} {n} kind {kind}");
        }
        let exact: f64 = (0..k).map(|p| f64::from(a[p]) * f64::from(b[p * n])).sum();
        let got = f32::from_bits(first.unwrap()[0]);
        let bound = 1e-6 * (k as f64).sqrt() + 1e-6 * exact.abs();
        assert!((f64::from(got) - exact).abs() <= bound, "{got} {exact}");
    }
}

#[test]
fn a_stack_has_the_bits_of_its_matrices() {
    // many vectors by one matrix, in cache and not, on either side; matrices
    let sizes = [
        (5, [1, 40, 30]),
        (5, [1, 700, 200]),
        (35, [1, 700, 200]),
        (5, [200, 700, 1]),
        (35, [200, 700, 1]),
        (5, [9, 20, 9]),
        (5, [30, 300, 20]),
    ];
    for (count, [m, k, n]) in sizes {
        let (a, b) = (fractions(count * m * k, 7), fractions(count * k * n, 8));
        for kind in [0, 1] {
            // a matrix that all share on the left, on the right, or none
            for shared in [None, Some(0), Some(1)] {
                let stack = |x: &[f32], shape: [usize; 2], side: usize| {
                    let one = shape[0] * shape[1];
                    if shared != Some(side) {
                        return stored(x, &[count, shape[0], shape[1]], kind);
                    }
                    let whole = stored(&x[..one], &shape, kind);
                    let layout = whole.layout.broadcast_to(&[count, shape[0], shape[1]]).unwrap();
                    Stored { layout, ..whole }
                };
                let (left, right) = (stack(&a, [m, k], 0), stack(&b, [k, n], 1));
                let all = elements::<f32>(&contract(left.view(), right.view()).unwrap());
                for t in 0..count {
                    let first = |side: usize| if shared == Some(side) { 0 } else { t };
                    // a single row as it is in a matrix, here of two such rows
                    let repeated = if m == 1 && n > 1 { 2 } else { 1 };
                    let part = a[first(0) * m * k..][..m * k].repeat(repeated);
                    let left = stored(&part, &[repeated * m, k], 0);
                    let right = stored(&b[first(1) * k * n..][..k * n], &[k, n], 0);
                    let alone = elements::<f32>(&contract(left.view(), right.view()).unwrap());
                    let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    let part = &all[t * m * n..][..m * n];
                    assert_eq!(
                        bits(part),
                        bits(&alone[..m * n]),
                        "{m} {k} {n} {kind} {shared:?} {t}"
                    );
                }
            }
        }
    }
}

#[test]
fn broadcast_axes_are_repeated() {
    let (m, k, n) = (6, 40, 50);
    let (a, b) = (numbers::<f64>(4 * m * k, 5), numbers::<f64>(k * n, 6));
    let full: Vec<f64> = (0..4).flat_map(|_| b.iter().copied()).collect();
    let left = stored(&a, &[2, 2, m, k], 0);
    let one = stored(&b, &[k, n], 1);
    let shared = Stored { layout: one.layout.broadcast_to(&[2, 2, k, n]).unwrap(), ..one };
    let got = elements::<f64>(&contract(left.view(), shared.view()).unwrap());
    assert_eq!(got, naive(&a, &full, 4, [m, k, n]));
    // a matrix of one repeated row, and one of one repeated number
    let row = stored(&numbers::<f64>(k, 7), &[1, k], 0);
    let row = Stored { layout: row.layout.broadcast_to(&[m, k]).unwrap(), ..row };
    let number = stored(&[2.0f64], &[1, 1], 0);
    let number = Stored { layout: number.layout.broadcast_to(&[k, n]).unwrap(), ..number };
    let got = elements::<f64>(&contract(row.view(), number.view()).unwrap());
    let sum: f64 = numbers::<f64>(k, 7).iter().sum();
    assert_eq!(got, vec![2.0 * sum; m * n]);
    let half = stored(&[f16::from_f32(0.5)], &[1, 1, 1], 0);
    let half = Stored { layout: half.layout.broadcast_to(&[3, 4, 4]).unwrap(), ..half };
    let got = elements::<f16>(&contract(half.view(), half.view()).unwrap());
    assert_eq!(got, vec![f16::ONE; 48]);
}

#[test]
fn zero_times_infinity_is_nan() {
    fn check<T: Element>(inf: T) {
        for [m, k, n] in [[3, 3, 3], [1, 50, 50], [50, 50, 1], [40, 40, 40]] {
            let a = vec![T::default(); m * k];
            let mut b = vec![T::default(); k * n];
            b[(k - 1) * n] = inf;
            let (a, b) = (stored(&a, &[m, k], 0), stored(&b, &[k, n], 0));
            let out = elements::<T>(&contract(a.view(), b.view()).unwrap());
            for (i, v) in out.iter().enumerate() {
                let v = v.to_scalar().to_complex();
                assert_eq!(v.re.is_nan(), i % n == 0, "{} {m} {k} {n} {i}", T::DTYPE);
            }
        }
    }
    check(f32::INFINITY);
    check(f64::INFINITY);
    check(f16::INFINITY);
    check(Complex::new(f32::INFINITY, 0.0));
    check(Complex::new(f64::INFINITY, 0.0));
}

#[test]
fn complex_overflow_stays_in_its_part() {
    for n in [2, 40] {
        let mut a = vec![Complex::new(0.0f64, 0.0); n * n];
        let mut b = a.clone();
        a[0] = Complex::new(1e200, 0.0);
        b[0] = Complex::new(1e200, 0.0);
        b[1] = Complex::new(0.0, 1.0);
        let (a, b) = (stored(&a, &[n, n], 0), stored(&b, &[n, n], 0));
        let out = elements::<Complex<f64>>(&contract(a.view(), b.view()).unwrap());
        assert_eq!(out[0], Complex::new(f64::INFINITY, 0.0), "{n}");
        assert_eq!(out[1], Complex::new(0.0, 1e200), "{n}");
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let x = stored(&[1.0f32; 6], &[2, 3], 0);
    let y = stored(&[1.0f64; 6], &[3, 2], 0);
    let z = stored(&[true; 6], &[3, 2], 0);
    let v = stored(&[1.0f32; 3], &[3], 0);
    assert!(contract(x.view(), x.view()).is_err());
    assert!(contract(x.view(), y.view()).is_err());
    assert!(contract(x.view(), v.view()).is_err());
    let zt = stored(&[true; 6], &[2, 3], 0);
    assert!(contract(z.view(), zt.view()).is_err());
    let short = Buffer::copy_of(&[0; 8], DType::Float32).unwrap();
    let layout = Layout::contiguous(&[3, 2]).unwrap();
    let beyond = View { buffer: &short, dtype: DType::Float32, layout: &layout };
    assert!(Cpu::contract(&Cpu::new(), x.view(), beyond).is_err());
}
