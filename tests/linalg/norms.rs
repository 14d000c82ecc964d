//! Norms over the whole range of a dtype: they are in range where sums of powers are not.

use arrayspace::options::{MatrixNorm, MatrixOrd, VectorNorm};
use arrayspace::prelude::*;

use crate::{C, number, of, on_each_backend, values};

/// A dtype, its epsilon, and the exponents of two of its smallest normal and of its largest number.
const KINDS: [(DType, f64, i32, i32); 5] = [
    (DType::BFloat16, 1.0 / 128.0, -126, 128),
    (DType::Float32, f32::EPSILON as f64, -126, 128),
    (DType::Float64, f64::EPSILON, -1022, 1024),
    (DType::Complex64, f32::EPSILON as f64, -126, 128),
    (DType::Complex128, f64::EPSILON, -1022, 1024),
];

const ORDS: [f64; 15] = [
    2.0,
    1.0,
    3.0,
    1.5,
    0.5,
    0.1,
    10.0,
    200.0,
    -0.5,
    -1.0,
    -2.0,
    -2.5,
    -150.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

fn ldexp(x: f64, exponent: i32) -> f64 {
    x * f64::powi(2.0, exponent / 2) * f64::powi(2.0, exponent - exponent / 2)
}

/// A few numbers of a few bits, and in complex dtypes as many imaginary parts.
fn sample(dtype: DType, count: usize, exponent: i32) -> Vec<C> {
    let part = |k: usize| ldexp(((k * 5 + 3) % 7 + 1) as f64 / 2.0, exponent);
    let imaginary = |k| if dtype.is_complex() { -part(k + 2) } else { 0.0 };
    (0..count).map(|k| C::new(if k % 3 == 1 { -part(k) } else { part(k) }, imaginary(k))).collect()
}

/// The norm by its definition, of numbers around 1.
fn model(list: &[C], ord: f64) -> f64 {
    let sizes = list.iter().map(|x| x.norm());
    let largest = sizes.clone().fold(0.0, f64::max);
    let smallest = sizes.clone().fold(f64::INFINITY, f64::min);
    match ord {
        f64::INFINITY => largest,
        f64::NEG_INFINITY => smallest,
        _ => {
            let unit = if ord > 0.0 { largest } else { smallest };
            unit * sizes.map(|x| (x / unit).powf(ord)).sum::<f64>().powf(1.0 / ord)
        }
    }
}

fn orders<N: Namespace>(xp: &N) {
    for (dtype, eps, low, high) in KINDS {
        for count in [1, 2, 7, 100] {
            for ord in ORDS {
                let exact = model(&sample(dtype, count, 0), ord);
                let own = exact.log2().floor() as i32;
                let grid =
                    [low + 1, low / 2 - 5, low / 3, -7, 0, 7, high / 3, high / 2 + 3, high - 4];
                for k in grid {
                    if own + k >= high - 1 || own + k < low {
                        continue; // beyond the range
                    }
                    let x = of(xp, dtype, &[count], &sample(dtype, count, k));
                    let norm = xp.linalg().vector_norm(&x, VectorNorm::new().ord(ord)).unwrap();
                    assert_eq!(norm.dtype(), dtype.real_component());
                    let found = ldexp(number(&norm), -k);
                    let bound = eps * (8.0 + 4.0 / ord.abs());
                    assert!(
                        (found / exact - 1.0).abs() <= bound,
                        "{dtype} {count} ord {ord} 2^{k}: {found} is not {exact}"
                    );
                }
            }
            // a scale by a power of two is exact
            if count < 100 {
                let norm = |k: i32| {
                    let x = of(xp, dtype, &[count], &sample(dtype, count, k));
                    number(&xp.linalg().vector_norm(&x, ()).unwrap())
                };
                for k in [low + 3, low / 2, high / 2, high - 8] {
                    assert_eq!(ldexp(norm(k), -k), norm(0), "{dtype} {count} 2^{k}");
                }
            }
        }
    }
}

/// Rows of any size beside each other have the norms that they have alone.
fn rows<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for (dtype, eps, low, high) in KINDS {
        let n = 6;
        let mut list = vec![];
        for k in [0, high - 6, low + 2, high / 2 + 10, low / 2 - 10, 5] {
            list.extend(sample(dtype, n, k));
        }
        let mut special = sample(dtype, 4 * n, 0);
        special[..n].fill(C::new(0.0, 0.0));
        special[n + 2].re = f64::INFINITY;
        special[2 * n + 1].re = f64::NAN;
        special[3 * n + 3] = C::new(0.0, 0.0);
        list.extend(special);
        let x = of(xp, dtype, &[10, n], &list);
        for ord in ORDS {
            let options = |axis: i64| VectorNorm::new().ord(ord).axis(axis);
            let all = linalg.vector_norm(&x, options(1)).unwrap();
            let kept = linalg.vector_norm(&x, options(-1).keepdims(true)).unwrap();
            let turned = linalg.vector_norm(x.mT().unwrap(), options(0)).unwrap();
            assert_eq!((all.shape(), kept.shape()), (&[10][..], &[10, 1][..]));
            let bits =
                |x: &Array<N>| -> Vec<u64> { values(x).iter().map(|x| x.re.to_bits()).collect() };
            assert_eq!(bits(&all), bits(&kept));
            for (i, (found, across)) in values(&all).iter().zip(values(&turned)).enumerate() {
                let row = of(xp, dtype, &[n], &list[i * n..][..n]);
                let alone = number(&linalg.vector_norm(&row, VectorNorm::new().ord(ord)).unwrap());
                for x in [found.re, across.re] {
                    let same = x == alone || (x.is_nan() && alone.is_nan());
                    let near = (x / alone - 1.0).abs() <= eps * (8.0 + 8.0 / ord.abs());
                    assert!(same || near, "{dtype} ord {ord} row {i}: {x} is not {alone}");
                }
                let has_zero = i == 6 || i == 9;
                match i {
                    6 => assert_eq!(found.re, 0.0),
                    7 if ord > 0.0 => assert_eq!(found.re, f64::INFINITY),
                    8 => assert!(found.re.is_nan()),
                    _ if has_zero && ord < 0.0 => assert_eq!(found.re, 0.0),
                    _ => assert!(
                        found.re > 0.0 && (i == 7 || ord.abs() < 1.0 || found.re.is_finite())
                    ),
                }
            }
        }
        // infinities alone
        let x = of(xp, dtype, &[2], &[C::new(f64::INFINITY, 0.0), C::new(f64::NEG_INFINITY, 0.0)]);
        for ord in ORDS {
            let norm = linalg.vector_norm(&x, VectorNorm::new().ord(ord)).unwrap();
            assert_eq!(number(&norm), f64::INFINITY, "{dtype} ord {ord}");
        }
    }
}

fn figures<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let norm = |x: &Array<N>| number(&linalg.vector_norm(x, ()).unwrap());
    let near = |x: f64, y: f64, eps: f64| assert!((x / y - 1.0).abs() <= eps, "{x:e} is not {y:e}");
    near(norm(&xp.asarray([1e200; 4], ()).unwrap()), 2e200, 1e-15);
    near(norm(&xp.asarray([1e-200; 4], ()).unwrap()), 2e-200, 1e-15);
    near(norm(&xp.asarray([1e-320; 4], ()).unwrap()), 2.0 * 1e-320, 1e-15);
    near(norm(&xp.asarray([3e20_f32, 4e20], ()).unwrap()), 5e20, 1e-7);
    near(norm(&xp.asarray([3e-30_f32, 4e-30], ()).unwrap()), 5e-30, 1e-7);
    near(norm(&xp.asarray([C::new(3e200, 4e200)], ()).unwrap()), 5e200, 1e-15);
    near(norm(&xp.asarray(3e300, ()).unwrap()), 3e300, 1e-15);
    // as many as several blocks and threads take
    for count in [100_003, 1_000_003] {
        let x = xp.full([count], 1e300, DType::Float64).unwrap();
        near(norm(&x), 1e300 * (count as f64).sqrt(), 1e-14);
        near(norm(&(x / 1e300 / 1e300)), 1e-300 * (count as f64).sqrt(), 1e-14);
    }
    // the matrix norms
    for scale in [1e-300, 1e-200, 1.0, 1e200, 1e300] {
        let x = xp.asarray([[[1.0, -2.0], [2.0, 4.0]], [[0.0; 2]; 2]], ()).unwrap() * scale;
        for (ord, exact) in [
            (MatrixOrd::Fro, 5.0),
            (MatrixOrd::Nuc, 41f64.sqrt()),
            (MatrixOrd::Number(1.0), 6.0),
            (MatrixOrd::Number(-1.0), 3.0),
            (MatrixOrd::Number(f64::INFINITY), 6.0),
            (MatrixOrd::Number(2.0), (25.0 + 369f64.sqrt()).sqrt() / 2f64.sqrt()),
        ] {
            for keepdims in [false, true] {
                let options = MatrixNorm::new().ord(ord).keepdims(keepdims);
                let found = linalg.matrix_norm(&x, options).unwrap();
                let list = values(&found);
                near(list[0].re / scale, exact, 1e-13);
                assert_eq!(list[1].re, 0.0);
            }
        }
    }
    // no elements, none that are reduced, and none that are left
    let none = xp.zeros([0, 3], ()).unwrap();
    for ord in ORDS.into_iter().filter(|&ord| ord > 0.0) {
        let options = VectorNorm::new().ord(ord);
        assert_eq!(number(&linalg.vector_norm(&none, options.clone()).unwrap()), 0.0);
        assert_eq!(values(&linalg.vector_norm(&none, options.clone().axis(0)).unwrap()).len(), 3);
        assert_eq!(linalg.vector_norm(&none, options.axis(1)).unwrap().shape(), [0]);
    }
}

/// Orders at the ends of the range, of which the root of all but 1 is out of it or nearly the largest modulus.
fn far_orders<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for (dtype, ..) in KINDS {
        let two = of(xp, dtype, &[2], &[C::new(1.0, 0.0), C::new(1.0, 0.0)]);
        let three = of(xp, dtype, &[2], &[C::new(3.0, 0.0), C::new(2.0, 0.0)]);
        for (ord, of_two, of_three) in [
            (1e-17, f64::INFINITY, f64::INFINITY),
            (3e-9, f64::INFINITY, f64::INFINITY),
            (1e-50, f64::INFINITY, f64::INFINITY),
            (1e-310, f64::INFINITY, f64::INFINITY),
            (-1e-9, 0.0, 0.0),
            (-1e-310, 0.0, 0.0),
            (1e39, 1.0, 3.0),
            (1e300, 1.0, 3.0),
            (-1e39, 1.0, 2.0),
            (-1e300, 1.0, 2.0),
        ] {
            let options = VectorNorm::new().ord(ord);
            let norm = |x: &Array<N>| number(&linalg.vector_norm(x, options.clone()).unwrap());
            assert_eq!(norm(&two), of_two, "{dtype} ord {ord} of ones");
            assert_eq!(norm(&three), of_three, "{dtype} ord {ord} of 3 and 2");
        }
    }
}

on_each_backend!(orders rows figures far_orders);
