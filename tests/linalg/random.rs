//! Properties of random matrices, in any memory order, in stacks.

use arrayspace::options::QrMode;
use arrayspace::prelude::*;
use proptest::prelude::*;

use crate::common::values::run;
use crate::common::views;
use crate::{
    C, DTYPES, adjoint, close, epsilon, identity, largest, norm, of, on_each_backend, product,
    values, wide,
};

/// A dtype, a stack, sizes, a kind, and elements.
#[derive(Clone, Debug)]
struct Sample {
    dtype: DType,
    stack: Vec<usize>,
    m: usize,
    n: usize,
    kind: u8,
    data: Vec<(i8, i8)>,
    /// Which of the views of the same values.
    view: usize,
}

fn samples(square: bool) -> impl Strategy<Value = Sample> {
    let sizes = (
        prop::sample::select(&DTYPES[..]),
        prop::collection::vec(1..=2usize, 0..=2),
        1..=7usize,
        1..=7usize,
        0..6u8,
        0..16usize,
    );
    sizes.prop_flat_map(move |(dtype, stack, m, n, kind, view)| {
        let m = if square { n } else { m };
        let size = stack.iter().product::<usize>() * m * n;
        let stack = stack.clone();
        prop::collection::vec(any::<(i8, i8)>(), size).prop_map(move |data| Sample {
            dtype,
            stack: stack.clone(),
            m,
            n,
            kind,
            data,
            view,
        })
    })
}

impl Sample {
    fn array<N: Namespace>(&self, xp: &N) -> Array<N> {
        let element = |k: usize| {
            let (re, im) = self.data[k];
            let value = C::new(f64::from(re), f64::from(im)) / 64.0;
            let (i, j) = (k / self.n % self.m, k % self.n);
            match self.kind {
                // triangular, few different values, steep, a repeated row
                1 if i > j => C::new(0.0, 0.0),
                2 => C::new(f64::from(re.signum()), f64::from(im.signum())),
                3 => value * 0.01f64.powi((i + j) as i32),
                4 if i > 0 => {
                    let (re, im) = self.data[k - i * self.n];
                    C::new(f64::from(re), f64::from(im)) / 64.0
                }
                _ => value,
            }
        };
        let shape = [&self.stack[..], &[self.m, self.n]].concat();
        let list: Vec<C> = (0..self.data.len()).map(element).collect();
        let x = of(xp, self.dtype, &shape, &list);
        let mut all = views(xp, &x).unwrap();
        let mut spread = shape.clone();
        spread.insert(0, 2);
        all.push(xp.broadcast_to(&x, spread).unwrap());
        all.swap_remove(self.view % all.len())
    }

    fn eps(&self) -> f64 {
        20.0 * self.m.max(self.n) as f64 * epsilon(self.dtype)
    }
}

/// The identity in every place of a stack.
fn ones_like<N: Namespace>(x: &Array<N>) -> Array<N> {
    let xp = x.namespace();
    xp.broadcast_to(identity(&xp, x.shape()[x.ndim() - 1]), x.shape()).unwrap()
}

fn unitary<N: Namespace>(q: &Array<N>, eps: f64, what: &str) {
    let found = product(&[&adjoint(q), q]);
    close(&found, &ones_like(&found), eps, what);
}

/// Values as a row beside each matrix.
fn row<N: Namespace>(values: &Array<N>) -> Array<N> {
    wide(&values.namespace().expand_dims(values, -2).unwrap())
}

fn factors<N: Namespace>(xp: &N) {
    run(&samples(false), |sample| {
        let (linalg, x, eps) = (xp.linalg(), sample.array(xp), sample.eps());
        let bound = eps * norm(&x);
        for mode in [QrMode::Reduced, QrMode::Complete] {
            let (q, r) = linalg.qr(&x, mode).unwrap().into();
            close(&product(&[&q, &r]), &x, bound, "QR");
            unitary(&q, eps, "QᴴQ");
            let below = xp.tril(&r, -1).unwrap();
            prop_assert_eq!(largest(&below), 0.0);
            let diagonal = linalg.diagonal(&r, ()).unwrap();
            prop_assert!(values(&diagonal).iter().all(|x| x.im == 0.0), "a real diagonal");
        }
        let k = sample.m.min(sample.n);
        for full in [false, true] {
            let (u, s, vh) = linalg.svd(&x, full).unwrap().into();
            unitary(&u, eps, "UᴴU");
            unitary(&adjoint(&vh), eps, "Vh V");
            for line in values(&s).chunks(k) {
                prop_assert!(line.windows(2).all(|w| w[0].re >= w[1].re) && line[k - 1].re >= 0.0);
            }
            let columns = |x: &Array<N>, axis: i64| {
                let list: Vec<i64> = (0..k as i64).collect();
                xp.take(x, xp.asarray(list, ()).unwrap(), axis).unwrap()
            };
            let left = wide(&columns(&u, -1)) * row(&s);
            close(&product(&[&left, &columns(&vh, -2)]), &x, bound, "U S Vh");
            close(&linalg.svdvals(&x).unwrap(), &s, bound, "svdvals");
            let right = linalg.svd_right(&x).unwrap();
            close(&right.s, &s, bound, "S alone");
            unitary(&adjoint(&right.vh), eps, "Vh alone");
            // x V has orthogonal columns, as long as the singular values
            let turned = product(&[&x, &adjoint(&right.vh)]);
            let gram = product(&[&adjoint(&turned), &turned]);
            let squares = row(&xp.square(&right.s).unwrap()) * xp.eye(k, None, ()).unwrap();
            close(&gram, &squares, 4.0 * bound * norm(&x), "V alone");
        }
        // the four conditions of Penrose, for a rank that leaves no doubt
        let s = linalg.svdvals(&x).unwrap();
        let some = |s: &C| s.re > 1e-3 * norm(&x);
        let none = |s: &C| s.re < eps * norm(&x) / 20.0;
        let y = linalg.pinv(&x, 1e-4).unwrap();
        if values(&s).iter().all(|s| some(s) || none(s)) {
            let bound = 1e4 * eps;
            let (xy, yx) = (product(&[&x, &y]), product(&[&y, &x]));
            close(&product(&[&xy, &x]), &x, bound * norm(&x), "X X⁺ X");
            close(&product(&[&yx, &y]), &y, bound * norm(&y), "X⁺ X X⁺");
            close(&adjoint(&xy), &xy, bound, "X X⁺ Hermitian");
            close(&adjoint(&yx), &yx, bound, "X⁺ X Hermitian");
            let rank = values(&linalg.matrix_rank(&x, 1e-4).unwrap());
            for (line, rank) in values(&s).chunks(k).zip(rank) {
                let relative = |s: &&C| s.re > 1e-4 * line[0].re;
                prop_assert_eq!(rank.re, line.iter().filter(relative).count() as f64);
            }
        }
        Ok(())
    });
}

fn squares<N: Namespace>(xp: &N) {
    run(&samples(true), |sample| {
        let (linalg, x, eps) = (xp.linalg(), sample.array(xp), sample.eps());
        let (n, bound) = (sample.n, eps * norm(&x));
        let (w, v) = linalg.eig(&x).unwrap().into();
        close(&product(&[&x, &v]), &(wide(&v) * row(&w)), 4.0 * bound, "eig");
        let sum = xp.sum(linalg.eigvals(&x).unwrap(), axis(-1)).unwrap();
        close(&sum, &linalg.trace(&x, ()).unwrap(), n as f64 * bound, "the sum of eigenvalues");

        let h = xp.add(&x, adjoint_of(&x)).unwrap();
        let (w, v) = linalg.eigh(&h).unwrap().into();
        close(&product(&[&h, &v]), &(wide(&v) * row(&w)), 4.0 * bound, "eigh");
        unitary(&v, eps, "VᴴV");
        for line in values(&w).chunks(n) {
            prop_assert!(line.windows(2).all(|w| w[0].re <= w[1].re));
        }
        close(&linalg.eigvalsh(&h).unwrap(), &w, 2.0 * bound, "eigvalsh");

        let square = xp.matmul(&x, adjoint_of(&x)).unwrap();
        let definite = square + xp.eye(n, None, sample.dtype).unwrap();
        let size = norm(&definite);
        let l = linalg.cholesky(&definite, ()).unwrap();
        close(&product(&[&l, &adjoint(&l)]), &definite, eps * size, "L Lᴴ");
        let u = linalg.cholesky(&definite, true).unwrap();
        close(&product(&[&adjoint(&u), &u]), &definite, eps * size, "Uᴴ U");
        prop_assert_eq!(largest(&xp.tril(&u, -1).unwrap()), 0.0);

        // what is solved has a residual small beside the solution
        let b = xp.take(&definite, xp.asarray([0], ()).unwrap(), -1).unwrap();
        for a in [&definite, &x] {
            let Ok(found) = linalg.solve(a, &b) else { continue };
            let bound = eps * (norm(a) * norm(&found) + norm(&b));
            close(&product(&[a, &found]), &b, bound, "A X = B");
            let inverse = linalg.inv(a).unwrap();
            let product = product(&[a, &inverse]);
            let bound = eps * (norm(a) * norm(&inverse) + 1.0);
            close(&product, &ones_like(&product), bound, "A A⁻¹");
        }
        let det = values(&linalg.det(&definite).unwrap());
        let (sign, log) = linalg.slogdet(&definite).unwrap().into();
        for ((det, sign), log) in det.iter().zip(values(&sign)).zip(values(&log)) {
            let error = (det - sign * log.re.exp()).norm();
            prop_assert!(error <= 10.0 * eps * det.norm(), "{} {} {}", det, sign, log);
        }
        // of a triangular matrix the product of the diagonal
        let triangle = xp.triu(&x, ()).unwrap();
        let by_hand = xp.prod(wide(&linalg.diagonal(&triangle, ()).unwrap()), axis(-1)).unwrap();
        let scale = f64::powi(largest(&x).max(1.0), n as i32);
        close(&linalg.det(&triangle).unwrap(), &by_hand, eps * scale, "det");
        let cube = product(&[&x, &x, &x]);
        let bound = eps * norm(&x).powi(3);
        close(&linalg.matrix_power(&x, 3).unwrap(), &cube, bound, "X³");
        Ok(())
    });
}

/// The conjugate transpose in the dtype of the array.
fn adjoint_of<N: Namespace>(x: &Array<N>) -> Array<N> {
    let turned = x.mT().unwrap();
    if x.dtype().is_complex() { x.namespace().conj(turned).unwrap() } else { turned }
}

fn vectors<N: Namespace>(xp: &N) {
    let strategy = (
        prop::sample::select(&DTYPES[..]),
        prop::collection::vec(any::<(i8, i8)>(), 12),
        prop::collection::vec(any::<(i8, i8)>(), 3),
    );
    run(&strategy, |(dtype, x, y)| {
        let linalg = xp.linalg();
        let numbers = |list: &[(i8, i8)]| -> Vec<C> {
            list.iter().map(|&(re, im)| C::new(re.into(), im.into())).collect()
        };
        let x = of(xp, dtype, &[4, 3], &numbers(&x));
        let y = of(xp, dtype, &[3], &numbers(&y));
        let z = linalg.cross(&x, &y, ()).unwrap();
        // at right angles to both (without a conjugate), and of the length that Lagrange says
        for other in [&x, &y] {
            let dot = xp.sum(wide(&z) * wide(other), axis(-1)).unwrap();
            prop_assert!(largest(&dot) <= 1e7 * 50.0 * epsilon(dtype));
        }
        let back = linalg.cross(&y, &x, ()).unwrap();
        close(&back, &xp.negative(&z).unwrap(), 0.0, "y × x");
        let flat = xp.reshape(&x, -1, ()).unwrap();
        let outer = linalg.outer(&flat, &y).unwrap();
        let by_hand = xp.matmul(xp.expand_dims(&flat, -1).unwrap(), xp.expand_dims(&y, 0).unwrap());
        close(&outer, &by_hand.unwrap(), 50.0 * 3e4 * epsilon(dtype), "outer");
        Ok(())
    });
}

on_each_backend!(factors squares vectors);
