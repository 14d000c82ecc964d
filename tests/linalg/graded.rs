//! Matrices whose rows and columns are far apart in size, up to the ends of the range, against exact results.
//!
//! A matrix of small integers has an exact determinant, adjugate and Cholesky factor. Its rows and columns are
//! multiplied by powers of two, as are the results, so that they are exact as well.

use arrayspace::prelude::*;

use crate::{
    C, DTYPES, adjoint, close, epsilon, identity, number, of, on_each_backend, product, values,
};

/// A square matrix of integers, row by row.
#[derive(Clone, Debug)]
struct Integers {
    n: usize,
    all: Vec<i128>,
}

impl Integers {
    fn new(n: usize, element: impl Fn(usize, usize) -> i128) -> Integers {
        Integers { n, all: (0..n * n).map(|k| element(k / n, k % n)).collect() }
    }

    fn at(&self, i: usize, j: usize) -> i128 {
        self.all[i * self.n + j]
    }

    /// The determinant, without a fraction (Bareiss, "Sylvester's identity and multistep integer-preserving
    /// Gaussian elimination", 1968).
    fn det(&self) -> i128 {
        let n = self.n;
        let mut a = self.clone();
        let (mut sign, mut before) = (1, 1);
        for k in 0..n {
            let Some(pivot) = (k..n).find(|&i| a.at(i, k) != 0) else { return 0 };
            if pivot != k {
                (0..n).for_each(|j| a.all.swap(pivot * n + j, k * n + j));
                sign = -sign;
            }
            for i in k + 1..n {
                for j in k + 1..n {
                    let cross = a.at(i, j) * a.at(k, k) - a.at(i, k) * a.at(k, j);
                    a.all[i * n + j] = cross / before;
                }
            }
            before = a.at(k, k);
        }
        sign * before
    }

    /// Element (i, j) of the adjugate: the inverse times the determinant.
    fn adjugate(&self, i: usize, j: usize) -> i128 {
        let rest = |skip: usize, k: usize| if k < skip { k } else { k + 1 };
        let minor = Integers::new(self.n - 1, |r, c| self.at(rest(j, r), rest(i, c)));
        let det = if self.n == 1 { 1 } else { minor.det() };
        if (i + j).is_multiple_of(2) { det } else { -det }
    }
}

/// Regular matrices without a special form, of a few and of many rows: those of many are products of
/// bidiagonal ones, with elements and inverses that stay small.
fn regular(n: usize) -> Vec<Integers> {
    let noise = |i: usize, j: usize| ((i * 7 + j * 5 + i * j * 3 + 3) % 11) as i128 - 5;
    let one = |c: bool| i128::from(c);
    let mut all = vec![
        Integers::new(n, |i, j| one(i == j) * (1 + i as i128 % 3)),
        Integers::new(n, |i, j| one((i + 1) % n == j)),
        Integers::new(n, |i, j| one(i == j) + one(i + 1 == j)),
        Integers::new(n, |i, j| one(i == j) - one(i == j + 1)),
        // diagonally dominant
        Integers::new(n, |i, j| if i == j { 3 } else { one(i.abs_diff(j) == 1) }),
    ];
    if n <= 6 {
        let dense = Integers::new(n, |i, j| noise(i, j) + 11 * one(i == j));
        assert_ne!(dense.det(), 0);
        all.push(dense);
    }
    all
}

/// Exponents of two for rows and columns, such that elements of the matrix and of the inverse, small integers
/// and fractions, are in a range of `most`.
fn grades(n: usize, most: i32) -> Vec<(Vec<i32>, Vec<i32>)> {
    let of = |f: &dyn Fn(i32) -> i32| (0..n as i32).map(f).collect::<Vec<i32>>();
    let last = (n as i32 - 1).max(1);
    let alternate = |k: i32| if k % 2 == 0 { most } else { -most };
    vec![
        (of(&|_| 0), of(&|_| 0)),
        (of(&|_| most), of(&|_| 0)),
        (of(&|_| -most), of(&|_| 0)),
        (of(&alternate), of(&|_| 0)),
        (of(&|_| 0), of(&alternate)),
        (of(&|k| alternate(k) / 2), of(&|k| alternate(k) / 2)),
        (of(&|k| alternate(k) / 2), of(&|k| -alternate(k) / 2)),
        (of(&|k| -most + 2 * most * k / last), of(&|_| 0)),
        (of(&|k| (most - 2 * most * k / last) / 2), of(&|k| (-most + 2 * most * k / last) / 2)),
        (of(&|k| most / 2 - most * (k * 7 % (last + 1)) / last), of(&|k| alternate(k) / 3)),
    ]
}

/// Down to which exponent graded elements go in a dtype.
fn most(dtype: DType) -> i32 {
    if epsilon(dtype) > 1e-10 { 110 } else { 980 }
}

/// `x · 2^exponent`, rounded once.
fn ldexp(x: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    x * f64::powi(2.0, half) * f64::powi(2.0, exponent - half)
}

/// A matrix with rows and columns times powers of two. Complex dtypes have it times `1 + i`, whose modulus is
/// taken out again by the caller.
fn graded<N: Namespace>(
    xp: &N,
    dtype: DType,
    m: &Integers,
    rows: &[i32],
    columns: &[i32],
) -> Array<N> {
    let element = |k: usize| {
        let (i, j) = (k / m.n, k % m.n);
        let x = ldexp(m.all[k] as f64, rows[i] + columns[j]);
        C::new(x, if dtype.is_complex() { x } else { 0.0 })
    };
    let data: Vec<C> = (0..m.n * m.n).map(element).collect();
    of(xp, dtype, &[m.n, m.n], &data)
}

/// What [`graded`] multiplies by.
fn unit(dtype: DType) -> C {
    C::new(1.0, if dtype.is_complex() { 1.0 } else { 0.0 })
}

/// Each element times a power of two.
fn back(found: &[C], exponent: impl Fn(usize) -> i32) -> Vec<C> {
    let scaled = |(k, x): (usize, &C)| C::new(ldexp(x.re, exponent(k)), ldexp(x.im, exponent(k)));
    found.iter().enumerate().map(scaled).collect()
}

#[track_caller]
fn agree(found: &[C], exact: &[C], bound: f64, what: &dyn std::fmt::Debug) {
    for (x, y) in found.iter().zip(exact) {
        assert!((x - y).norm() <= bound, "{what:?}: {x} is not {y}\n{found:?}\n{exact:?}");
    }
}

fn each_graded<N: Namespace>(
    xp: &N,
    sizes: &[usize],
    check: impl Fn(DType, &Integers, &[i32], &[i32], &Array<N>),
) {
    for dtype in DTYPES {
        for &n in sizes {
            for m in regular(n) {
                for (rows, columns) in grades(n, most(dtype)) {
                    check(dtype, &m, &rows, &columns, &graded(xp, dtype, &m, &rows, &columns));
                }
            }
        }
    }
}

fn inverses<N: Namespace>(xp: &N) {
    each_graded(xp, &[1, 2, 3, 4, 5, 6], |dtype, m, rows, columns, x| {
        let n = m.n;
        let found =
            xp.linalg().inv(x).unwrap_or_else(|e| panic!("{e}: {m:?} {rows:?} {columns:?}"));
        let found = back(&values(&found), |k| columns[k / n] + rows[k % n]);
        let det = m.det() as f64;
        let exact: Vec<C> =
            (0..n * n).map(|k| m.adjugate(k / n, k % n) as f64 / det / unit(dtype)).collect();
        agree(&found, &exact, 200.0 * epsilon(dtype), &("inv", dtype, m, rows, columns));
    });
}

/// Right sides that make the solution one of small integers, times powers of two.
fn solutions<N: Namespace>(xp: &N) {
    each_graded(xp, &[1, 2, 3, 4, 5, 16, 17, 40], |dtype, m, rows, columns, x| {
        let n = m.n;
        let solution = |j: usize, side: usize| ((j * 3 + side) % 7) as i128 - 3;
        let side = |k: usize| {
            let (i, side) = (k / 2, k % 2);
            let sum: i128 = (0..n).map(|j| m.at(i, j) * solution(j, side)).sum();
            unit(dtype) * ldexp(sum as f64, rows[i])
        };
        let b = of(xp, dtype, &[n, 2], &(0..2 * n).map(side).collect::<Vec<C>>());
        let found =
            xp.linalg().solve(x, &b).unwrap_or_else(|e| panic!("{e}: {m:?} {rows:?} {columns:?}"));
        let found = back(&values(&found), |k| columns[k / 2]);
        let exact: Vec<C> =
            (0..2 * n).map(|k| C::new(solution(k / 2, k % 2) as f64, 0.0)).collect();
        let bound = 40.0 * (n * n) as f64 * epsilon(dtype);
        agree(&found, &exact, bound, &("solve", dtype, m, rows, columns));
    });
}

fn determinants<N: Namespace>(xp: &N) {
    each_graded(xp, &[1, 2, 3, 4, 5, 6, 17, 33], |dtype, m, rows, columns, x| {
        let what = ("det", dtype, m, rows, columns);
        let det = m.det();
        let total: i32 = rows.iter().chain(columns).sum();
        let whole = unit(dtype).powu(m.n as u32) * det as f64;
        let (sign, log) = xp.linalg().slogdet(x).unwrap().into();
        let eps = 20.0 * m.n as f64 * epsilon(dtype);
        let exact = whole.norm().ln() + f64::from(total) * std::f64::consts::LN_2;
        agree(&values(&sign), &[whole / whole.norm()], eps, &what);
        let error = (number(&log) - exact).abs();
        assert!(error <= eps * (1.0 + exact.abs()), "{what:?}: {log} is not {exact}");
        let found = values(&xp.linalg().det(x).unwrap())[0];
        let (low, high) = if epsilon(dtype) > 1e-10 { (-120.0, 120.0) } else { (-1015.0, 1015.0) };
        let exponent = exact / std::f64::consts::LN_2;
        if exponent > low && exponent < high {
            let found = back(&[found], |_| -total);
            agree(&found, &[whole], eps * whole.norm(), &what);
        } else if exponent < low - 100.0 {
            assert_eq!(found, C::new(0.0, 0.0), "{what:?}");
        } else if exponent > high + 20.0 {
            assert!(!found.re.is_finite() || !found.im.is_finite(), "{what:?}");
        }
    });
}

/// `M Mᵀ` of a triangular matrix of integers, with rows and columns times powers of two; above the diagonal
/// there is something else.
fn cholesky<N: Namespace>(xp: &N) {
    for dtype in DTYPES {
        for n in [1, 2, 3, 5, 17, 40] {
            let below = |i: usize, j: usize| match i.cmp(&j) {
                std::cmp::Ordering::Less => 0,
                // a power of two, so that all is exact
                std::cmp::Ordering::Equal => 1 << (i % 2),
                _ => ((i * 5 + j * 3) % 4) as i128 - 1,
            };
            let square = Integers::new(n, |i, j| (0..n).map(|k| below(i, k) * below(j, k)).sum());
            for (mut rows, columns) in grades(n, most(dtype) - 20) {
                rows.iter_mut().zip(&columns).for_each(|(r, c)| *r = (*r + c) / 2);
                let element = |k: usize| {
                    let (i, j) = (k / n, k % n);
                    let x = ldexp(square.all[k] as f64, rows[i] + rows[j]);
                    C::new(if i < j { f64::from(f32::MAX) } else { x }, 0.0)
                };
                let data: Vec<C> = (0..n * n).map(element).collect();
                let x = of(xp, dtype, &[n, n], &data);
                let l = xp.linalg().cholesky(&x, ()).unwrap();
                let found = back(&values(&l), |k| -rows[k / n]);
                let exact: Vec<C> =
                    (0..n * n).map(|k| C::new(below(k / n, k % n) as f64, 0.0)).collect();
                let bound = 100.0 * (n * n) as f64 * epsilon(dtype);
                agree(&found, &exact, bound, &("cholesky", dtype, n, &rows));
            }
        }
    }
}

/// Q does not depend on how long columns are, and each column of R is as long as that of the matrix.
fn reflected<N: Namespace>(xp: &N) {
    for dtype in DTYPES {
        for n in [1, 2, 3, 5, 17] {
            for m in regular(n) {
                for (rows, columns) in grades(n, most(dtype)) {
                    if rows.iter().any(|&r| r != rows[0]) {
                        continue;
                    }
                    let x = graded(xp, dtype, &m, &rows, &columns);
                    let (q, r) = xp.linalg().qr(&x, ()).unwrap().into();
                    let r = back(&values(&r), |k| -rows[0] - columns[k % n]);
                    let r = of(xp, DType::Complex128, &[n, n], &r);
                    let even = graded(xp, dtype, &m, &vec![0; n], &vec![0; n]);
                    let bound = 100.0 * n as f64 * epsilon(dtype);
                    close(&product(&[&q, &r]), &even, bound, "QR");
                    close(&product(&[&adjoint(&q), &q]), &identity(xp, n), bound, "QᴴQ");
                }
            }
        }
    }
}

/// An inverse with elements that take more than the sizes of rows and columns.
fn beside_each_other<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    let matrix = |list: [[f64; 2]; 2]| xp.asarray(list, ()).unwrap();
    for (x, inverse) in [
        ([[1e-200, 0.0], [0.0, 1e200]], [[1e200, 0.0], [0.0, 1e-200]]),
        ([[1e-160, 0.0], [0.0, 1e160]], [[1e160, 0.0], [0.0, 1e-160]]),
        ([[1e-300, 0.0], [0.0, 1e300]], [[1e300, 0.0], [0.0, 1e-300]]),
        ([[0.0, 1e-300], [1e300, 0.0]], [[0.0, 1e-300], [1e300, 0.0]]),
        ([[1e200, 1e-200], [0.0, 1e-200]], [[1e-200, -1e-200], [0.0, 1e200]]),
        ([[1e-200, 0.0], [1e-200, 1e200]], [[1e200, 0.0], [-1e-200, 1e-200]]),
        // the determinant is -1
        ([[1e200, 1e200], [1e-200, 0.0]], [[0.0, 1e200], [1e-200, -1e200]]),
        ([[1e120, 2e120], [1e-250, 1e-250]], [[-1e-120, 2e250], [1e-120, -1e250]]),
    ] {
        let found = linalg.inv(matrix(x)).unwrap();
        for (x, y) in values(&found).iter().zip(inverse.as_flattened()) {
            assert!((x.re - y).abs() <= 1e-15 * y.abs(), "{found} is not {inverse:?}");
        }
        let again = linalg.matrix_power(matrix(x), -1).unwrap();
        assert_eq!(values(&again), values(&found));
    }
    let small = xp.asarray([[1e-25_f32, 0.0], [0.0, 1e25]], ()).unwrap();
    let found = values(&linalg.inv(&small).unwrap());
    assert!((found[0].re / 1e25 - 1.0).abs() < 1e-6 && (found[3].re / 1e-25 - 1.0).abs() < 1e-6);
    let s = values(&linalg.svdvals(&small).unwrap());
    assert!((s[0].re / 1e25 - 1.0).abs() < 1e-6 && (s[1].re / 1e-25 - 1.0).abs() < 1e-6);

    // sides at the ends of the range, where sums of them are not
    let x = matrix([[2.0, 1.0], [1.0, 2.0]]);
    for side in [1.5e308, 1e-320, 3e-310] {
        let found = linalg.solve(&x, xp.asarray([side, side], ()).unwrap()).unwrap();
        assert!(
            values(&found).iter().all(|y| (y.re - side / 3.0).abs() <= 1e-15 * side.max(1e-308))
        );
    }

    // singular in earnest
    for x in [[[1e-200, 1e200], [1e-200, 1e200]], [[0.0, 1e300], [0.0, 1e-300]]] {
        assert!(matches!(linalg.inv(matrix(x)), Err(Error::Singular(_))));
        assert_eq!(number(&linalg.det(matrix(x)).unwrap()), 0.0);
    }
    // one matrix of a stack does not matter to another
    let stack = xp.asarray([[[1e-200, 0.0], [0.0, 1e200]], [[3.0, 1.0], [1.0, 7.0]]], ()).unwrap();
    let one = xp.asarray([[3.0, 1.0], [1.0, 7.0]], ()).unwrap();
    let (all, one) = (values(&linalg.inv(&stack).unwrap()), values(&linalg.inv(&one).unwrap()));
    agree(&all[4..], &one, 1e-15, &"beside another");
}

/// Eigenvalues and singular values are right up to rounding of the largest; what is not read has no part in it.
fn spectra<N: Namespace>(xp: &N) {
    let linalg = xp.linalg();
    for (small, large) in [(1e-200, 1e200), (1e-150, 1e160), (1e-250, 1e-180), (1e-25, 1e25)] {
        for dtype in DTYPES {
            if epsilon(dtype) > 1e-10 && large != 1e25 {
                continue;
            }
            let list = [small, 0.0, 0.0, large].map(|x| C::new(x, 0.0));
            let x = of(xp, dtype, &[2, 2], &list);
            let near = |x: &Array<N>, values_of: [f64; 2]| {
                for (x, y) in values(x).iter().zip(values_of) {
                    assert!((x.re - y).abs() <= 4.0 * epsilon(dtype) * large, "{x} is not {y}");
                }
            };
            near(&linalg.svdvals(&x).unwrap(), [large, small]);
            near(&linalg.eigvalsh(&x).unwrap(), [small, large]);
            near(&linalg.svd(&x, ()).unwrap().s, [large, small]);
            near(&linalg.eigh(&x).unwrap().eigenvalues, [small, large]);
            let mut w: Vec<f64> =
                values(&linalg.eigvals(&x).unwrap()).iter().map(|x| x.re).collect();
            w.sort_by(f64::total_cmp);
            assert!((w[0] - small).abs() <= 4.0 * epsilon(dtype) * large, "{w:?}");
            assert!((w[1] - large).abs() <= 4.0 * epsilon(dtype) * large, "{w:?}");
        }
    }
    for beside in [1e300, 1.0, 1e-300] {
        for size in [1e-200, 1e-290, 1.0, 1e200] {
            let x = xp.asarray([[2.0 * size, beside], [size, 2.0 * size]], ()).unwrap();
            let w = values(&linalg.eigvalsh(&x).unwrap());
            let right = |x: C, y: f64| (x.re / size - y).abs() < 1e-14;
            assert!(right(w[0], 1.0) && right(w[1], 3.0), "{w:?} {size} {beside}");
        }
    }
    // the largest singular value is beyond the range, the inverse within
    for n in [1, 2, 3] {
        for (dtype, most) in [(DType::Float32, f32::MAX.into()), (DType::Float64, f64::MAX)] {
            let x = xp.full([n, n], most, dtype).unwrap();
            assert_eq!(number(&linalg.matrix_rank(&x, ()).unwrap()), 1.0);
            let found = values(&linalg.pinv(&x, ()).unwrap());
            let exact = 1.0 / most / (n * n) as f64;
            let least = if dtype == DType::Float32 { 3e-45 } else { 1e-323 };
            assert!(found.iter().all(|x| (x.re - exact).abs() <= least), "{found:?} {exact:e}");
        }
    }
}

/// Pivots that are products of several elements of moderate size, and leave the range. (Elimination on a GPU does
/// not look for them.)
fn lost_pivots<N: Namespace>(xp: &N) {
    if N::backend_name(xp) == "wgpu" {
        return;
    }
    let linalg = xp.linalg();
    for (dtype, tiny, large) in [
        (DType::Float64, [2e-99, 1e-160, 1e-170], 1e90),
        (DType::Complex128, [2e-99, 1e-160, 1e-170], 1e90),
        (DType::Float32, [2e-12, 1e-21, 1e-22], 1e12),
    ] {
        let off = |found: f64, wanted: f64| (found / wanted - 1.0).abs();
        let bound = 8.0 * epsilon(dtype);
        let stored = |x: f64| values(&of(xp, dtype, &[], &[C::new(x, 0.0)]))[0].re;
        let [e, small @ ..] = tiny.map(stored);
        let big = stored(large);
        let matrix = |n: usize, rows: &[f64]| {
            let all: Vec<C> = rows.iter().map(|&x| C::new(x, 0.0)).collect();
            of(xp, dtype, &[n, n], &all)
        };
        // the last pivot of the first four rows is -e⁴
        let four = [1., e, 0., 0., 0., 1., e, 0., 0., 0., 1., e, e, 0., 0., 0.];
        let mut five = vec![0.0; 25];
        (0..16).for_each(|k| five[k / 4 * 5 + k % 4] = four[k]);
        five[24] = big;
        let five = matrix(5, &five);
        let log = 4.0 * e.ln() + big.ln();
        let found = number(&linalg.slogdet(&five).unwrap().logabsdet);
        assert!(off(found, log) < bound, "{dtype}: {found} is not {log}");
        // x = (1, -1/e, 1/e², -1/e³)
        let side = of(xp, dtype, &[4], &[0., 0., 0., e].map(|x| C::new(x, 0.0)));
        let x = values(&linalg.solve(matrix(4, &four), &side).unwrap());
        for (k, x) in x.iter().enumerate() {
            let wanted = (-1.0 / e).powi(k as i32);
            let out = dtype == DType::Float32 && wanted.abs() > f32::MAX.into();
            assert!(out || off(x.re, wanted) < bound, "{dtype}: {x} is not {wanted}");
        }
        // the last pivot is e²/large, subnormal or 0
        for e in small {
            let a = matrix(4, &[1., e, 0., 0., e, 0., 1., 0., 0., 0., big, 0., 0., 1., 0., 1.]);
            let side = of(xp, dtype, &[4], &[0., 0., 1., 0.].map(|x| C::new(x, 0.0)));
            let x = values(&linalg.solve(&a, &side).unwrap())[1].re;
            let wanted = 1.0 / (e * e) / big;
            let out = wanted > f64::MAX || dtype == DType::Float32 && wanted > f32::MAX.into();
            assert!(out || off(x, wanted) < bound, "{dtype}: {x:e} is not {wanted:e}");
            let log = number(&linalg.slogdet(&a).unwrap().logabsdet);
            let wanted = 2.0 * e.ln() + big.ln();
            assert!(off(log, wanted) < bound, "{dtype}: {log} is not {wanted}");
        }
    }
}

/// Matrices of a stack do not spoil each other's pseudoinverse.
fn pseudoinverses<N: Namespace>(xp: &N) {
    for (dtype, most, small) in [
        (DType::Float64, f64::MAX, 1e-300),
        (DType::Float32, f64::from(f32::MAX), f64::from(1e-30_f32)),
    ] {
        let all = [most, most, most, most, small, 0.0, 0.0, small].map(|x| C::new(x, 0.0));
        let x = of(xp, dtype, &[2, 2, 2], &all);
        let found = values(&xp.linalg().pinv(&x, ()).unwrap());
        let off = |found: f64, wanted: f64| (found / wanted - 1.0).abs();
        let bound = 16.0 * epsilon(dtype);
        let (first, second) = found.split_at(4);
        if dtype == DType::Float64 {
            // a quarter of 1 / most is subnormal
            assert!(first.iter().all(|x| off(x.re, 0.25 / most) < 1e-10), "{first:?}");
        }
        assert!(off(second[0].re, 1.0 / small) < bound && off(second[3].re, 1.0 / small) < bound);
        assert!(second[1].re == 0.0 && second[2].re == 0.0, "{second:?}");
    }
}

on_each_backend!(lost_pivots pseudoinverses inverses solutions determinants cholesky reflected beside_each_other spectra);
