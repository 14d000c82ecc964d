//! Eigenvalues and vectors by the plain QR algorithm, in double precision.
//!
//! For the matrices that the blocked algorithm fails on. Householder reduction to Hessenberg form, QR
//! steps with Wilkinson's shifts (Golub and Van Loan, "Matrix Computations", 7.4 to 7.6), and a back
//! substitution that keeps its vector in range (as LAPACK's `ztrevc`).

use faer::Mat;
use num_complex::Complex;

use crate::eigen::{Spectrum, normalise};
use crate::field::Failure;
use crate::number::{Number, exponent_of};

type C = Complex<f64>;

/// QR steps for each eigenvalue before giving up.
const STEPS: usize = 60;

/// Beyond this a vector is scaled down in the back substitution.
const LARGE: f64 = 1e100;

/// Eigenvalues, and vectors of norm 1 if wanted, of a square matrix.
pub(crate) fn spectrum<T: Number>(
    a: faer::MatRef<'_, T>,
    vectors: bool,
) -> Result<Spectrum<T::Whole>, Failure> {
    let n = a.nrows();
    let largest = (0..n)
        .flat_map(|j| (0..n).map(move |i| (i, j)))
        .fold(0f64, |largest, at| largest.max(a[at].modulus().into()));
    let exponent = exponent_of(largest);
    let mut h = Mat::from_fn(n, n, |i, j| a[(i, j)].wide().scaled(-exponent));
    let mut z = Mat::<C>::identity(n, n);
    hessenberg(&mut h, &mut z);
    triangularise(&mut h, &mut z)?;
    let values = (0..n).map(|k| T::Whole::narrow(h[(k, k)].scaled(exponent))).collect();
    let vectors = vectors.then(|| {
        let mut found = &z * back_substitution(&h);
        normalise(found.as_mut());
        Mat::from_fn(n, n, |i, j| T::Whole::narrow(found[(i, j)]))
    });
    Ok(Spectrum { values, vectors })
}

/// Makes `h` zero below the first subdiagonal by a similarity, which is multiplied into `z`.
fn hessenberg(h: &mut Mat<C>, z: &mut Mat<C>) {
    let n = h.nrows();
    for k in 0..n.saturating_sub(2) {
        let mut v: Vec<C> = (k + 1..n).map(|i| h[(i, k)]).collect();
        if v[1..].iter().all(|x| *x == C::ZERO) {
            continue;
        }
        let norm = v.iter().fold(0f64, |norm, x| norm.hypot(x.norm()));
        let modulus = v[0].norm();
        let phase = if modulus == 0.0 { C::ONE } else { v[0] / modulus };
        v[0] += phase * norm;
        let length = v.iter().fold(0f64, |norm, x| norm.hypot(x.norm()));
        v.iter_mut().for_each(|x| *x /= length);
        for j in 0..n {
            let dot: C = v.iter().enumerate().map(|(i, v)| v.conj() * h[(k + 1 + i, j)]).sum();
            for (i, v) in v.iter().enumerate() {
                h[(k + 1 + i, j)] -= v * dot * 2.0;
            }
        }
        for x in [&mut *h, &mut *z] {
            for i in 0..n {
                let dot: C = v.iter().enumerate().map(|(j, v)| x[(i, k + 1 + j)] * v).sum();
                for (j, v) in v.iter().enumerate() {
                    x[(i, k + 1 + j)] -= dot * v.conj() * 2.0;
                }
            }
        }
        for i in k + 2..n {
            h[(i, k)] = C::ZERO;
        }
    }
}

/// Makes the Hessenberg matrix `h` upper triangular by a similarity, which is multiplied into `z`.
fn triangularise(h: &mut Mat<C>, z: &mut Mat<C>) -> Result<(), Failure> {
    let n = h.nrows();
    let norm = (0..n).fold(0f64, |norm, j| (0..n).fold(norm, |norm, i| norm.max(h[(i, j)].norm())));
    let mut end = n;
    let mut step = 0;
    while end > 1 {
        // the block that has not come apart ends at `end`
        let mut start = end - 1;
        while start > 0 {
            let beside = h[(start - 1, start - 1)].norm() + h[(start, start)].norm();
            let scale = if beside == 0.0 { norm } else { beside };
            if h[(start, start - 1)].norm() <= f64::EPSILON * scale {
                h[(start, start - 1)] = C::ZERO;
                break;
            }
            start -= 1;
        }
        if start + 1 == end {
            end -= 1;
            step = 0;
            continue;
        }
        step += 1;
        if step > STEPS {
            return Err(Failure::NoConvergence);
        }
        let shift = if step % 10 == 0 {
            // off the usual way, to leave a cycle
            h[(end - 1, end - 1)] + h[(end - 1, end - 2)].norm() * 0.75
        } else {
            wilkinson(h, end)
        };
        qr_step(h, z, start, end, shift);
    }
    Ok(())
}

/// The eigenvalue of the last two rows before `end` that is closer to the last element.
fn wilkinson(h: &Mat<C>, end: usize) -> C {
    let (a, b) = (h[(end - 2, end - 2)], h[(end - 2, end - 1)]);
    let (c, d) = (h[(end - 1, end - 2)], h[(end - 1, end - 1)]);
    let half = (a - d) * 0.5;
    let root = (half * half + b * c).sqrt();
    // of the two sums the larger one does not cancel
    let sum = if (half + root).norm() > (half - root).norm() { half + root } else { half - root };
    if sum == C::ZERO { d } else { d - b * c / sum }
}

/// One step on the block `start..end`: `H - σ = Q R`, then `R Q + σ`.
fn qr_step(h: &mut Mat<C>, z: &mut Mat<C>, start: usize, end: usize, shift: C) {
    let n = h.nrows();
    for k in start..end {
        h[(k, k)] -= shift;
    }
    let mut rotations = Vec::with_capacity(end - start);
    for k in start..end - 1 {
        let (a, b) = (h[(k, k)], h[(k + 1, k)]);
        let r = a.norm().hypot(b.norm());
        let (c, s) = if r == 0.0 { (C::ONE, C::ZERO) } else { (a / r, b / r) };
        for j in k..n {
            let (x, y) = (h[(k, j)], h[(k + 1, j)]);
            h[(k, j)] = c.conj() * x + s.conj() * y;
            h[(k + 1, j)] = c * y - s * x;
        }
        h[(k + 1, k)] = C::ZERO;
        rotations.push((c, s));
    }
    for (k, (c, s)) in (start..).zip(rotations) {
        let turn = |x: &mut Mat<C>, rows: usize| {
            for i in 0..rows {
                let (u, v) = (x[(i, k)], x[(i, k + 1)]);
                x[(i, k)] = u * c + v * s;
                x[(i, k + 1)] = v * c.conj() - u * s.conj();
            }
        };
        turn(h, k + 2);
        turn(z, n);
    }
    for k in start..end {
        h[(k, k)] += shift;
    }
}

/// The eigenvectors of an upper triangular matrix, as columns of any norm but 0.
fn back_substitution(t: &Mat<C>) -> Mat<C> {
    let n = t.nrows();
    let norm =
        (0..n).fold(0f64, |norm, j| (0..=j).fold(norm, |norm, i| norm.max(t[(i, j)].norm())));
    // a pivot below this is rounding: it is taken for this
    let least = (f64::EPSILON * norm).max(f64::MIN_POSITIVE / f64::EPSILON);
    let mut x = Mat::<C>::zeros(n, n);
    for k in 0..n {
        x[(k, k)] = C::ONE;
        for i in (0..k).rev() {
            let sum: C = (i + 1..=k).map(|j| t[(i, j)] * x[(j, k)]).sum();
            let mut pivot = t[(k, k)] - t[(i, i)];
            if pivot.norm() < least {
                pivot = least.into();
            }
            let value = sum.over(pivot);
            x[(i, k)] = value;
            let size = value.norm();
            if size > LARGE {
                for j in i..=k {
                    x[(j, k)] /= size;
                }
            }
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest element of `A V - V Λ`, and of how much columns of V miss norm 1.
    fn errors(a: &Mat<C>) -> (f64, f64) {
        let found = spectrum(a.as_ref(), true).unwrap();
        let v = found.vectors.unwrap();
        let product = a * &v;
        let (mut residual, mut length) = (0f64, 0f64);
        for j in 0..a.nrows() {
            for i in 0..a.nrows() {
                residual = residual.max((product[(i, j)] - v[(i, j)] * found.values[j]).norm());
            }
            let norm: f64 = (0..a.nrows()).map(|i| v[(i, j)].norm_sqr()).sum();
            length = length.max((norm - 1.0).abs());
        }
        (residual, length)
    }

    #[test]
    fn residuals() {
        let mut state = 1u64;
        let mut noise = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as f64 / f64::from(1u32 << 30) - 1.0
        };
        for n in [2, 3, 5, 20, 60] {
            let random = Mat::from_fn(n, n, |_, _| C::new(noise(), noise()));
            let real = Mat::from_fn(n, n, |_, _| C::new(noise(), 0.0));
            let cyclic =
                Mat::from_fn(n, n, |i, j| C::new(f64::from(u8::from((i + 1) % n == j)), 0.0));
            let jordan =
                Mat::from_fn(n, n, |i, j| C::new(f64::from(u8::from(i == j || i + 1 == j)), 0.0));
            let lower = Mat::from_fn(n, n, |i, j| C::new(f64::from(u8::from(i == j + 1)), 0.0));
            for a in [random, real, cyclic, jordan, lower, Mat::zeros(n, n)] {
                let (residual, length) = errors(&a);
                let bound = 20.0 * n as f64 * f64::EPSILON;
                assert!(residual < bound && length < bound, "{n}: {residual:e} {length:e}");
            }
        }
    }
}
