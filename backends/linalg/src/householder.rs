//! QR in Householder form.
//!
//! Columns are factored recursively (Elmroth and Gustavson, "Applying recursion to serial and parallel QR
//! factorization leads to better performance", 2000), so that nearly all the work is matrix products.
//! Every column gets its reflector, however small it is: `faer`'s own QR leaves out columns that it
//! takes for dependent on the others, and loses up to 16·m·ε of the norm with them.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::householder;
use faer::linalg::matmul::dot::inner_prod;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::traits::math_utils::from_real;
use faer::{Accum, Conj, Mat, MatMut, MatRef, Par};

use crate::number::Number;

/// Up to so many columns are factored one after the other.
const NARROW: usize = 4;

/// A factorisation in Householder form: R on and above the diagonal of `basis`, reflectors below.
///
/// Reflectors `V` are applied a block at a time, as `I - V H⁻¹ Vᴴ`, where H is the upper triangle of
/// `VᴴV` with half of its diagonal; the H of all blocks lie side by side in `coefficients`.
pub(crate) struct Reflectors<T> {
    basis: Mat<T>,
    coefficients: Mat<T>,
}

impl<T: Number> Reflectors<T> {
    /// Factors a matrix.
    pub(crate) fn new(a: MatRef<'_, T>, par: Par) -> Reflectors<T> {
        let (m, n) = a.shape();
        let size = m.min(n);
        let block = block_columns(m, n).min(size).max(1);
        let mut basis = a.to_owned();
        let mut coefficients = Mat::zeros(block, size);
        let scratch =
            householder::apply_block_householder_on_the_left_in_place_scratch::<T>(m, block, n);
        let mut memory = MemBuffer::new(scratch);
        let stack = MemStack::new(&mut memory);
        for start in (0..size).step_by(block) {
            let width = block.min(size - start);
            let (columns, rest) =
                basis.as_mut().subrows_mut(start, m - start).split_at_col_mut(start + width);
            let mut columns = columns.subcols_mut(start, width);
            let mut h = coefficients.as_mut().submatrix_mut(0, start, width, width);
            factor(columns.as_mut(), h.as_mut(), par, stack);
            reflect(columns.as_ref(), h.as_ref(), rest, par, stack);
        }
        Reflectors { basis, coefficients }
    }

    /// The first `r.nrows()` rows of R, zeros below the diagonal.
    pub(crate) fn write_r(&self, mut r: MatMut<'_, T>) {
        for j in 0..r.ncols() {
            for i in 0..r.nrows() {
                r[(i, j)] = if i <= j { self.basis[(i, j)] } else { T::ZERO };
            }
        }
    }

    /// Q times `x`.
    pub(crate) fn apply(&self, x: MatMut<'_, T>, par: Par) {
        let size = self.coefficients.ncols();
        let scratch = householder::apply_block_householder_sequence_on_the_left_in_place_scratch::<T>(
            self.basis.nrows(),
            self.coefficients.nrows(),
            x.ncols(),
        );
        householder::apply_block_householder_sequence_on_the_left_in_place_with_conj(
            self.basis.as_ref().subcols(0, size),
            self.coefficients.as_ref(),
            Conj::No,
            x,
            par,
            MemStack::new(&mut MemBuffer::new(scratch)),
        );
    }
}

/// Columns of a block.
fn block_columns(m: usize, n: usize) -> usize {
    match m * n {
        0..1024 => NARROW,
        1024..16_384 => 8,
        16_384..4_194_304 => 32,
        _ => 64,
    }
}

/// Applies the adjoint of a block of reflectors.
fn reflect<T: Number>(
    basis: MatRef<'_, T>,
    h: MatRef<'_, T>,
    x: MatMut<'_, T>,
    par: Par,
    stack: &mut MemStack,
) {
    if x.ncols() > 0 {
        householder::apply_block_householder_transpose_on_the_left_in_place_with_conj(
            basis,
            h,
            Conj::Yes,
            x,
            par,
            stack,
        );
    }
}

/// Factors columns, no more of them than rows, and finds their H.
fn factor<T: Number>(a: MatMut<'_, T>, h: MatMut<'_, T>, par: Par, stack: &mut MemStack) {
    let (mut a, mut h) = (a, h);
    let (m, width) = a.shape();
    if width <= NARROW {
        return factor_narrow(a, h);
    }
    let half = width / 2;
    let (mut left, mut right) = a.as_mut().split_at_col_mut(half);
    let (mut h_left, mut h_both, _, h_right) = h.as_mut().split_at_mut(half, half);
    factor(left.as_mut(), h_left.as_mut(), par, stack);
    reflect(left.as_ref(), h_left.as_ref(), right.as_mut(), par, stack);
    let mut below = right.subrows_mut(half, m - half);
    factor(below.as_mut(), h_right, par, stack);
    let (left, below) = (left.as_ref().subrows(half, below.nrows()), below.as_ref());
    let (left_top, left_rest) = left.split_at_row(width - half);
    let (top, rest) = below.split_at_row(width - half);
    triangular::matmul(
        h_both.as_mut(),
        BlockStructure::Rectangular,
        Accum::Replace,
        left_top.adjoint(),
        BlockStructure::Rectangular,
        top,
        BlockStructure::UnitTriangularLower,
        T::ONE,
        par,
    );
    faer::linalg::matmul::matmul(h_both, Accum::Add, left_rest.adjoint(), rest, T::ONE, par);
}

/// The same, one column after the other.
fn factor_narrow<T: Number>(mut a: MatMut<'_, T>, mut h: MatMut<'_, T>) {
    for k in 0..a.ncols() {
        let (before, columns) = a.as_mut().split_at_col_mut(k);
        let (column, after) = columns.split_at_col_mut(1);
        let (mut head, mut v) = column.col_mut(0).split_at_row_mut(k).1.split_at_row_mut(1);
        let mut pivot = head[0];
        let found = householder::make_householder_in_place(&mut pivot, v.as_mut());
        head[0] = pivot;
        let tau: T = from_real(&found.tau);
        h[(k, k)] = tau;
        let tau: f64 = tau.part().into();
        let v = v.as_ref();
        for i in 0..k {
            let other = before.as_ref().col(i);
            let product =
                inner_prod(other.subrows(k + 1, v.nrows()).transpose(), Conj::Yes, v, Conj::No);
            h[(i, k)] = other[k].conjugate() + product;
        }
        if tau.is_infinite() {
            continue; // nothing to reflect
        }
        for column in after.col_iter_mut() {
            let (mut head, tail) = column.split_at_row_mut(k).1.split_at_row_mut(1);
            let product = head[0] + inner_prod(v.transpose(), Conj::Yes, tail.as_ref(), Conj::No);
            let factor = -product.times(1.0 / tau);
            head[0] += factor;
            for (x, &v) in tail.iter_mut().zip(v.iter()) {
                *x += factor * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    /// The largest element of `A - Q R` and of `QᴴQ - I`, in units of the precision, for a matrix whose
    /// largest elements are about 1.
    fn errors<T: Number>(a: &Mat<T>) -> (f64, f64) {
        let (m, n) = a.shape();
        let size = m.min(n);
        let found = Reflectors::new(a.as_ref(), Par::Seq);
        let mut r = Mat::zeros(size, n);
        found.write_r(r.as_mut());
        let mut q = Mat::identity(m, size);
        found.apply(q.as_mut(), Par::Seq);
        let largest = |x: Mat<T>| {
            let mut largest = 0.0f64;
            for j in 0..x.ncols() {
                for i in 0..x.nrows() {
                    largest = largest.max(x[(i, j)].wide().norm());
                }
            }
            largest / T::EPSILON
        };
        let mut product = Mat::zeros(m, n);
        let mut gram = Mat::<T>::identity(size, size);
        faer::linalg::matmul::matmul(&mut product, Accum::Replace, &q, &r, T::ONE, Par::Seq);
        faer::linalg::matmul::matmul(&mut gram, Accum::Add, q.adjoint(), &q, -T::ONE, Par::Seq);
        (largest(Mat::from_fn(m, n, |i, j| a[(i, j)] - product[(i, j)])), largest(gram))
    }

    /// Columns that depend on others up to a rest of some size keep that rest.
    fn nearly_dependent<T: Number>() {
        for (m, n) in [
            (1, 1),
            (5, 1),
            (1, 5),
            (7, 4),
            (4, 7),
            (40, 40),
            (200, 5),
            (9000, 5),
            (700, 90),
            (90, 700),
        ] {
            for rest in [1.0, 1e-3, 1e-6, 1e-11, 1e-14, 0.0] {
                let a = Mat::from_fn(m, n, |i, j| {
                    let wave = (0.37 * i as f64 * (1 + j % 2) as f64).sin();
                    let noise = (12.9898 * (i * n + j) as f64).sin() * 43758.5453;
                    T::narrow(Complex::new(wave + rest * noise.fract(), 0.5 * rest * noise.sin()))
                });
                let (residual, rest_of_unit) = errors(&a);
                let bound = 2.0 * ((m * n) as f64).sqrt() + 10.0;
                assert!(
                    residual < bound && rest_of_unit < bound,
                    "{m} by {n}, {rest}: {residual} {rest_of_unit} {bound}"
                );
            }
        }
    }

    #[test]
    fn nearly_dependent_columns() {
        nearly_dependent::<f64>();
        nearly_dependent::<f32>();
        nearly_dependent::<Complex<f64>>();
        nearly_dependent::<Complex<f32>>();
    }
}
