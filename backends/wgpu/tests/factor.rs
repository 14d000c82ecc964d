//! Linear systems, inverses, determinants and Cholesky's decomposition: residuals, and the errors
//! of the CPU backend.

mod common;

use arrayspace_core::{Backend, DType, Error, FactorOp, Layout, Result, View};
use arrayspace_wgpu::Wgpu;
use common::*;
use num_complex::Complex64 as C;

fn epsilon(dtype: DType) -> f64 {
    match dtype.real_component() {
        DType::Float32 => f32::EPSILON.into(),
        _ => f64::EPSILON,
    }
}

fn kinds(gpu: &Wgpu) -> Vec<DType> {
    [DType::Float32, DType::Float64, DType::Complex64, DType::Complex128]
        .into_iter()
        .filter(|&d| dtypes(gpu).contains(&d))
        .collect()
}

/// Elements of a dtype, of complex numbers; a real one takes the real parts.
fn raw(values: &[C], dtype: DType) -> Vec<u8> {
    let mut out = Vec::new();
    for v in values {
        let parts = if dtype.is_complex() { vec![v.re, v.im] } else { vec![v.re] };
        for part in parts {
            match dtype.real_component() {
                DType::Float32 => out.extend((part as f32).to_ne_bytes()),
                _ => out.extend(part.to_ne_bytes()),
            }
        }
    }
    out
}

/// The elements as complex numbers.
fn numbers(bytes: &[u8], dtype: DType) -> Vec<C> {
    let all = floats(bytes, dtype);
    if dtype.is_complex() {
        all.chunks(2).map(|v| C::new(v[0], v[1])).collect()
    } else {
        all.into_iter().map(C::from).collect()
    }
}

fn noise(rng: &mut Rng, len: usize) -> Vec<C> {
    let mut next = || (rng.next() >> 8) as f64 / (1u64 << 52) as f64 - 1.0;
    (0..len).map(|_| C::new(next(), next())).collect()
}

/// `a` (m by k) times `b` (k by n).
fn product(a: &[C], b: &[C], [m, k, n]: [usize; 3]) -> Vec<C> {
    let mut out = vec![C::default(); m * n];
    for i in 0..m {
        for l in 0..k {
            let factor = a[i * k + l];
            for j in 0..n {
                out[i * n + j] += factor * b[l * n + j];
            }
        }
    }
    out
}

fn adjoint(a: &[C], n: usize) -> Vec<C> {
    (0..n * n).map(|k| a[k % n * n + k / n].conj()).collect()
}

fn norm(a: &[C]) -> f64 {
    a.iter().map(|v| v.norm_sqr()).sum::<f64>().sqrt()
}

fn distance(a: &[C], b: &[C]) -> f64 {
    norm(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
}

fn run(gpu: &Wgpu, op: FactorOp, operands: &[&Operand]) -> Result<Vec<Vec<C>>> {
    let views: Vec<_> = operands.iter().map(|x| x.on_gpu()).collect();
    let dtype = operands[0].dtype;
    let found = Wgpu::factor(gpu, op, &views).unwrap()?;
    let outputs = op.outputs(dtype);
    Ok(found.iter().zip(outputs).map(|(x, &d)| numbers(&bytes(gpu, x, d), d)).collect())
}

/// A stack of matrices somewhere in memory, and its elements as they are after rounding to the
/// dtype.
fn operand(
    gpu: &Wgpu,
    rng: &mut Rng,
    dtype: DType,
    shape: &[usize],
    values: &[C],
) -> (Operand, Vec<C>) {
    let (layout, len) = rng.layout(shape, false);
    let mut memory = vec![C::default(); len];
    for (k, &v) in values.iter().enumerate() {
        let (mut rest, mut at) = (k, layout.offset() as isize);
        for (&len, &stride) in shape.iter().zip(layout.strides()).rev() {
            at += (rest % len) as isize * stride;
            rest /= len;
        }
        memory[at as usize] = v;
    }
    let x = Operand::new(gpu, dtype, layout, &raw(&memory, dtype));
    let seen = numbers(&x.bytes(), dtype);
    (x, seen)
}

/// The residuals of all operations on a stack.
fn check(gpu: &Wgpu, rng: &mut Rng, dtype: DType, [count, n, columns]: [usize; 3], values: &[C]) {
    let what = format!("{dtype}, {count} of {n}, {columns}");
    let eps = (2.0 + n as f64) * epsilon(dtype);
    let (x, a) = operand(gpu, rng, dtype, &[count, n, n], values);
    let sides = noise(rng, count * n * columns);
    let (y, b) = operand(gpu, rng, dtype, &[count, n, columns], &sides);
    let solved = run(gpu, FactorOp::Solve, &[&x, &y]).unwrap().remove(0);
    let inverse = run(gpu, FactorOp::Inv, &[&x]).unwrap().remove(0);
    let det = run(gpu, FactorOp::Det, &[&x]).unwrap().remove(0);
    let [sign, log] = run(gpu, FactorOp::Slogdet, &[&x]).unwrap().try_into().unwrap();
    let theirs = Backend::factor(&CPU, FactorOp::Slogdet, &[x.on_cpu()]).unwrap().unwrap();
    let real = FactorOp::Slogdet.outputs(dtype)[1];
    let their_sign = numbers(&bytes(&CPU, &theirs[0], dtype), dtype);
    let their_log = numbers(&bytes(&CPU, &theirs[1], real), real);
    let square = n * n;
    for k in 0..count {
        let a = &a[k * square..][..square];
        let (b, s) =
            (&b[k * n * columns..][..n * columns], &solved[k * n * columns..][..n * columns]);
        let error = distance(&product(a, s, [n, n, columns]), b);
        assert!(error <= eps * norm(a) * norm(s), "{what}: solve {error}");
        let inverse = &inverse[k * square..][..square];
        let one: Vec<C> = (0..square).map(|e| f64::from(u8::from(e / n == e % n)).into()).collect();
        let error = distance(&product(a, inverse, [n, n, n]), &one);
        let condition = norm(a) * norm(inverse);
        assert!(error <= eps * condition, "{what}: inv {error}");
        // the relative error of a determinant is that of the matrix times its condition
        let bound = eps * condition;
        let (expected, seen) = (their_log[k].re, log[k].re);
        assert!((sign[k] - their_sign[k]).norm() <= bound, "{what}: {} {}", sign[k], their_sign[k]);
        assert!(
            (expected - seen).abs() <= bound + epsilon(dtype) * expected.abs(),
            "{what}: {expected} {seen}"
        );
        if seen.abs() < 80.0 {
            let from_log = sign[k] * seen.exp();
            assert!(
                (from_log - det[k]).norm() <= 200.0 * n as f64 * epsilon(dtype) * det[k].norm(),
                "{what}"
            );
        }
    }
    // a definite matrix: A Aᴴ and some more on the diagonal
    let mut definite = Vec::new();
    for k in 0..count {
        let a = &a[k * square..][..square];
        let mut d = product(a, &adjoint(a, n), [n, n, n]);
        (0..n).for_each(|i| d[i * n + i] += 0.5);
        definite.extend(d);
    }
    // what lies above the diagonal is not looked at
    let garbage: Vec<C> = (0..definite.len())
        .map(|e| if e % n > e / n % n { C::new(7.0, -3.0) } else { definite[e] })
        .collect();
    let (x, seen) = operand(gpu, rng, dtype, &[count, n, n], &garbage);
    let l = run(gpu, FactorOp::Cholesky, &[&x]).unwrap().remove(0);
    for k in 0..count {
        let l = &l[k * square..][..square];
        assert!((0..square).all(|e| e % n <= e / n || l[e] == C::default()), "{what}: zeros above");
        let d: Vec<C> = (0..square)
            .map(|e| {
                let (i, j) = (e / n, e % n);
                let at = |i: usize, j: usize| seen[k * square + i * n + j];
                if i == j {
                    at(i, i).re.into()
                } else if j < i {
                    at(i, j)
                } else {
                    at(j, i).conj()
                }
            })
            .collect();
        let error = distance(&product(l, &adjoint(l, n), [n, n, n]), &d);
        assert!(error <= eps * norm(&d), "{what}: cholesky {error} {}", norm(&d));
    }
}

#[test]
fn residuals_are_small() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(31);
    for n in [1, 2, 3, 4, 5, 8, 13, 31, 32, 33, 64, 65, 100] {
        for dtype in kinds(&gpu) {
            let count = [1, 3][rng.below(2)];
            let columns = [1, 2, 130][rng.below(3)];
            let values = noise(&mut rng, count * n * n);
            check(&gpu, &mut rng, dtype, [count, n, columns], &values);
        }
    }
    let values = noise(&mut rng, 200 * 200);
    check(&gpu, &mut rng, DType::Float32, [1, 200, 3], &values);
}

/// Many small matrices, of which the rows have to be exchanged.
#[test]
fn stacks_that_need_pivots() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(32);
    for (count, n, columns) in
        [(70, 2, 2), (20, 3, 40), (20, 5, 3), (41, 7, 9), (20, 20, 2), (9, 40, 2)]
    {
        for dtype in kinds(&gpu) {
            let mut values = noise(&mut rng, count * n * n);
            for (e, v) in values.iter_mut().enumerate() {
                let (i, j) = (e / n % n, e % n);
                // a tiny diagonal, and the large elements beside it
                if i == j {
                    *v *= 1e-9;
                } else if (i + 1) % n == j {
                    *v += 4.0;
                }
            }
            check(&gpu, &mut rng, dtype, [count, n, columns], &values);
        }
    }
}

#[test]
fn nearly_singular_systems_have_small_residuals() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(33);
    for dtype in kinds(&gpu) {
        for n in [6, 12, 40] {
            let hilbert: Vec<C> =
                (0..n * n).map(|e| (1.0 / (e / n + e % n + 1) as f64).into()).collect();
            let (x, a) = operand(&gpu, &mut rng, dtype, &[n, n], &hilbert);
            let (y, b) = operand(&gpu, &mut rng, dtype, &[n, 1], &noise(&mut Rng::new(1), n));
            let s = run(&gpu, FactorOp::Solve, &[&x, &y]).unwrap().remove(0);
            let error = distance(&product(&a, &s, [n, n, 1]), &b);
            let bound = 10.0 * n as f64 * epsilon(dtype) * norm(&a) * norm(&s);
            assert!(error <= bound, "{dtype} {n}: {error} {bound}");
        }
    }
}

/// At the ends of the range, subnormal numbers included.
#[test]
fn the_whole_range() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(34);
    for dtype in kinds(&gpu) {
        let single = epsilon(dtype) > 1e-10;
        for exponent in if single { [120, -120, -140] } else { [1000, -1000, -1060] } {
            let power = |e: i32| 2f64.powi(e / 2) * 2f64.powi(e - e / 2);
            let n = 4;
            let mut values: Vec<C> = noise(&mut rng, n * n);
            (0..n).for_each(|i| values[i * n + i] = 5.0.into());
            let far: Vec<C> = values
                .iter()
                .map(|v| v * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2))
                .collect();
            let (x, a) = operand(&gpu, &mut rng, dtype, &[n, n], &far);
            let near: Vec<C> = a
                .iter()
                .map(|v| v * power(-exponent / 2) * power(-exponent - -exponent / 2))
                .collect();
            let eps = 20.0 * epsilon(dtype);
            // the reciprocals of subnormal numbers are beyond the range
            if exponent > if single { -126 } else { -1022 } {
                let inverse = run(&gpu, FactorOp::Inv, &[&x]).unwrap().remove(0);
                let inverse: Vec<C> = inverse
                    .iter()
                    .map(|v| v * power(exponent / 2) * power(exponent - exponent / 2))
                    .collect();
                let one: Vec<C> =
                    (0..n * n).map(|e| f64::from(u8::from(e / n == e % n)).into()).collect();
                let error = distance(&product(&near, &inverse, [n, n, n]), &one);
                assert!(error <= 10.0 * eps, "{dtype} {exponent}: inv {error}");
            }
            let ours = run(&gpu, FactorOp::Slogdet, &[&x]).unwrap();
            let theirs = Backend::factor(&CPU, FactorOp::Slogdet, &[x.on_cpu()]).unwrap().unwrap();
            let real = dtype.real_component();
            let log = numbers(&bytes(&CPU, &theirs[1], real), real)[0].re;
            assert!((ours[1][0].re - log).abs() <= eps * log.abs(), "{dtype} {exponent}: {log}");
            let det = run(&gpu, FactorOp::Det, &[&x]).unwrap()[0][0].norm();
            assert!(if exponent > 0 { det.is_infinite() } else { det == 0.0 }, "{det}");
            // a diagonally dominant one, with the lower triangle of this
            let l = run(&gpu, FactorOp::Cholesky, &[&x]).unwrap().remove(0);
            let back: Vec<C> = l.iter().map(|v| v * power(-exponent / 2)).collect();
            let lower = product(&back, &adjoint(&back, n), [n, n, n]);
            for e in (0..n * n).filter(|e| e % n < e / n) {
                assert!((lower[e] - near[e]).norm() <= eps, "{dtype} {exponent}: cholesky");
            }
        }
    }
}

/// Q and R of matrices of all shapes; columns that depend on others, and far from the middle of the
/// range.
#[test]
fn orthogonal_factors() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(37);
    let shapes = [
        (1, 1),
        (3, 1),
        (1, 3),
        (4, 4),
        (7, 3),
        (3, 7),
        (31, 33),
        (40, 40),
        (70, 45),
        (120, 9),
        (30, 20),
        (9, 30),
    ];
    for (m, n) in shapes {
        for dtype in kinds(&gpu) {
            for kind in 0..4 {
                let count = if m * n > 1000 { 1 + rng.below(2) } else { 1 + rng.below(40) };
                let mut values = noise(&mut rng, count * m * n);
                // elements about 2^-1040 or 2^-130, and what brings them back
                let single = epsilon(dtype) > 1e-10;
                let (small, up) = match (kind, single) {
                    (1, true) => (2f64.powi(-130), 2f64.powi(120)),
                    (1, false) => (2f64.powi(-1000) * 2f64.powi(-40), 2f64.powi(1020)),
                    _ => (1.0, 1.0),
                };
                for e in 0..values.len() {
                    let (i, j) = (e / n % m, e % n);
                    match kind {
                        // a copy of the first column, but for a rest
                        1 if j > 0 => values[e] = values[e - j] + values[e] * 1e-7,
                        // columns of very different size
                        2 => values[e] *= 0.001f64.powi(j as i32),
                        // nothing below the diagonal, and nothing at all in some columns
                        3 if i > j || j % 3 == 1 => values[e] = C::default(),
                        _ => {}
                    }
                }
                values.iter_mut().for_each(|v| *v *= small);
                let (x, a) = operand(&gpu, &mut rng, dtype, &[count, m, n], &values);
                for (op, inner) in [(FactorOp::Qr, m.min(n)), (FactorOp::QrComplete, m)] {
                    let what = format!("{op:?} of {dtype}, {count} of {m} by {n}, kind {kind}");
                    let [q, r] = run(&gpu, op, &[&x]).unwrap().try_into().unwrap();
                    let eps = (4.0 + m.max(n) as f64) * epsilon(dtype);
                    // rounding to subnormal numbers has an error of its own
                    let least = if epsilon(dtype) > 1e-10 { 1.5e-45 } else { 5e-324 };
                    for k in 0..count {
                        let q = &q[k * m * inner..][..m * inner];
                        let r = &r[k * inner * n..][..inner * n];
                        let a = &a[k * m * n..][..m * n];
                        let near = |x: &[C]| x.iter().map(|v| v * up).collect::<Vec<_>>();
                        let error = distance(&product(q, &near(r), [m, inner, n]), &near(a));
                        let rest = least * up * ((m * n) as f64).sqrt() * inner as f64;
                        assert!(error <= eps * norm(&near(a)) + rest, "{what}: QR {error}");
                        let turned: Vec<C> =
                            (0..inner * m).map(|e| q[e % m * inner + e / m].conj()).collect();
                        let one: Vec<C> = (0..inner * inner)
                            .map(|e| f64::from(u8::from(e / inner == e % inner)).into())
                            .collect();
                        let error = distance(&product(&turned, q, [inner, m, inner]), &one);
                        assert!(error <= eps, "{what}: QᴴQ {error}");
                        assert!((0..inner * n).all(|e| e % n >= e / n || r[e] == C::default()));
                        assert!((0..inner.min(n)).all(|i| r[i * n + i].im == 0.0), "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn failures_name_the_matrix() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(35);
    for dtype in kinds(&gpu) {
        for n in [2, 3, 50] {
            let mut values = noise(&mut rng, 6 * n * n);
            for k in 0..6 {
                (0..n).for_each(|i| values[(k * n + i) * n + i] = (4.0 * n as f64).into());
            }
            let (fine, _) = operand(&gpu, &mut rng, dtype, &[2, 3, n, n], &values);
            for op in [FactorOp::Inv, FactorOp::Cholesky] {
                assert!(run(&gpu, op, &[&fine]).is_ok());
            }
            // the fourth and the sixth have a row of zeros
            for (k, row) in [(3, 1), (5, 0)] {
                values[(k * n + row) * n..][..n].fill(C::default());
            }
            let (x, _) = operand(&gpu, &mut rng, dtype, &[2, 3, n, n], &values);
            for op in [FactorOp::Inv, FactorOp::Cholesky] {
                let views = [x.on_gpu()];
                let ours = Wgpu::factor(&gpu, op, &views).unwrap().unwrap_err();
                let theirs = Backend::factor(&CPU, op, &[x.on_cpu()]).unwrap().unwrap_err();
                assert_eq!(ours, theirs);
                assert!(
                    matches!(&ours, Error::Singular(_)) && ours.text().contains("[1, 0]"),
                    "{ours}"
                );
            }
            let det = run(&gpu, FactorOp::Det, &[&x]).unwrap().remove(0);
            let [sign, log] = run(&gpu, FactorOp::Slogdet, &[&x]).unwrap().try_into().unwrap();
            for k in 0..6 {
                assert_eq!(sign[k] == C::default(), k == 3 || k == 5);
                assert_eq!(log[k].re == f64::NEG_INFINITY, k == 3 || k == 5);
                assert!(det[k] == C::default() || k != 3 && k != 5);
            }
        }
    }
}

#[test]
fn shapes_without_elements_and_wrong_ones() {
    let Some(gpu) = gpu() else { return };
    let mut rng = Rng::new(36);
    let dtype = DType::Float32;
    for shape in [[0, 3, 3], [2, 0, 0]] {
        let (x, _) = operand(&gpu, &mut rng, dtype, &shape, &[]);
        for op in [FactorOp::Cholesky, FactorOp::Inv] {
            assert!(run(&gpu, op, &[&x]).unwrap()[0].is_empty());
        }
        let ones = vec![C::new(1.0, 0.0); shape[0]];
        assert_eq!(run(&gpu, FactorOp::Det, &[&x]).unwrap()[0], ones);
        assert_eq!(run(&gpu, FactorOp::Slogdet, &[&x]).unwrap()[1], vec![C::default(); shape[0]]);
        assert!(run(&gpu, FactorOp::Solve, &[&x, &x]).unwrap()[0].is_empty());
    }
    let x = Operand::new(&gpu, dtype, Layout::contiguous(&[2, 3]).unwrap(), &[0; 24]);
    let y = Operand::new(&gpu, dtype, Layout::contiguous(&[6]).unwrap(), &[0; 24]);
    for op in [FactorOp::Inv, FactorOp::Det, FactorOp::Cholesky] {
        for view in [x.on_gpu(), y.on_gpu()] {
            assert!(matches!(Wgpu::factor(&gpu, op, &[view]), Some(Err(Error::Shape(_)))));
        }
        assert!(matches!(
            Wgpu::factor(&gpu, op, &[x.on_gpu(), x.on_gpu()]),
            Some(Err(Error::Shape(_)))
        ));
    }
    let square = Layout::contiguous(&[2, 2]).unwrap();
    let a = View { layout: &square, ..x.on_gpu() };
    for sides in [y.on_gpu(), View { layout: &Layout::contiguous(&[3, 2]).unwrap(), ..a }] {
        assert!(matches!(
            Wgpu::factor(&gpu, FactorOp::Solve, &[a, sides]),
            Some(Err(Error::Shape(_)))
        ));
    }
    let other = View { dtype: DType::Int32, ..a };
    assert!(matches!(Wgpu::factor(&gpu, FactorOp::Solve, &[a, other]), Some(Err(Error::DType(_)))));
    assert!(matches!(Wgpu::factor(&gpu, FactorOp::Inv, &[other]), Some(Err(Error::DType(_)))));
    let beyond = Layout::contiguous(&[3, 3]).unwrap();
    let far = View { layout: &beyond, ..a };
    assert!(matches!(Wgpu::factor(&gpu, FactorOp::Inv, &[far]), Some(Err(Error::Shape(_)))));
    // Q of nothing is the identity
    for (shape, rows) in [([2, 3, 0], 3), ([2, 0, 3], 0)] {
        let (x, _) = operand(&gpu, &mut rng, dtype, &shape, &[]);
        let [q, r] = run(&gpu, FactorOp::QrComplete, &[&x]).unwrap().try_into().unwrap();
        let identity =
            (0..2 * rows * rows).map(|e| f64::from(u8::from(e / rows % rows == e % rows)));
        assert_eq!(q, identity.map(C::from).collect::<Vec<_>>());
        assert!(r.is_empty());
    }
    // left to the host
    assert!(
        Wgpu::factor(&gpu, FactorOp::Svd, &[a]).is_none()
            && Wgpu::factor(&gpu, FactorOp::Eigh, &[a]).is_none()
    );
}

/// Many columns that two of them span, but for a small rest, which is kept; and more rows than a
/// workgroup has invocations.
#[test]
fn nearly_dependent_columns() {
    let Some(gpu) = gpu() else { return };
    for dtype in kinds(&gpu).into_iter().filter(|d| !d.is_complex()) {
        for (m, n) in [(1500, 200), (9000, 33), (3, 9000)] {
            let layout = |shape: [usize; 2]| Layout::contiguous(&shape).unwrap();
            let wave = |k: usize| C::from((12.9898 * k as f64).sin());
            let values = raw(&(0..m * n).map(wave).collect::<Vec<_>>(), dtype);
            let x = Operand::new(&gpu, dtype, layout([m, n]), &values);
            let found = Wgpu::factor(&gpu, FactorOp::Qr, &[x.on_gpu()]).unwrap().unwrap();
            let k = m.min(n);
            let host = |buffer, shape| {
                Operand::new(&gpu, dtype, layout(shape), &bytes(&gpu, buffer, dtype))
            };
            let (q, r) = (host(&found[0], [m, k]), host(&found[1], [k, n]));
            let numbers = |x| floats(&bytes(&CPU, &x, dtype), dtype);
            let product = numbers(Backend::contract(&CPU, q.on_cpu(), r.on_cpu()).unwrap());
            let a = floats(&values, dtype);
            let size = a.iter().map(|v| v * v).sum::<f64>().sqrt();
            let error = a.iter().zip(&product).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(error <= 4.0 * epsilon(dtype) * size, "{dtype} {m} {n}: {error} {size}");
            let turned = Layout::new(&[k, m], &[1, k as isize], 0).unwrap();
            let turned = View { layout: &turned, ..q.on_cpu() };
            let gram = numbers(Backend::contract(&CPU, turned, q.on_cpu()).unwrap());
            let one = |e: usize| f64::from(u8::from(e / k == e % k));
            let error = (0..k * k).map(|e| (gram[e] - one(e)).abs()).fold(0.0, f64::max);
            assert!(error <= 100.0 * epsilon(dtype), "{dtype} {m} {n}: {error}");
        }
    }
}
