//! Large products of floating-point matrices, by the crate `matrixmultiply`.
//!
//! It packs its operands, so strides (negative and zero ones too) do not change what is computed, and it
//! adds the products of an element in an order that depends on `k` alone, so rows and columns may be
//! split among threads. It never skips a zero factor (`0·inf` is NaN), and with `beta = 0` it does not
//! read the result.
//!
//! A complex product is four real ones over the parts. That is faster than the crate's complex kernels,
//! which besides multiply the result by `1 + 0i`, so that an infinite part makes the other one NaN.

use num_complex::Complex;

use super::{Matrix, Product, Tile};
use crate::arith::Ring;

/// Numbers, and whether `matrixmultiply` multiplies them.
pub(crate) trait Gemm: Ring {
    /// Whether [`gemm`](Gemm::gemm) does anything.
    const HAS_GEMM: bool;
    /// Nanoseconds of one multiplication, for the choice between one thread and several.
    const NANOS: f64;

    /// `C = A·B` for `m × k` and `k × n` matrices, given as address, row and column stride.
    ///
    /// # Safety
    /// The elements of A and B are readable, those of C writable and not aliased.
    unsafe fn gemm(size: Size, a: Address<Self>, b: Address<Self>, c: (*mut Self, isize)) {
        let _ = (size, a, b, c);
    }
}

type Size = (usize, usize, usize);
type Address<T> = (*const T, isize, isize);

macro_rules! no_gemm {
    ($($t:ty)*) => { $(
        impl Gemm for $t {
            const HAS_GEMM: bool = false;
            const NANOS: f64 = 0.03;
        }
    )* };
}
no_gemm!(u16 u32 u64);

macro_rules! gemm {
    ($($t:ty: $nanos:expr, $function:ident;)*) => { $(
        impl Gemm for $t {
            const HAS_GEMM: bool = true;
            const NANOS: f64 = $nanos;
            unsafe fn gemm(
                (m, k, n): Size,
                (a, rsa, csa): Address<Self>,
                (b, rsb, csb): Address<Self>,
                (c, rsc): (*mut Self, isize),
            ) {
                // SAFETY: the caller's promise.
                unsafe {
                    matrixmultiply::$function(m, k, n, 1.0, a, rsa, csa, b, rsb, csb, 0.0, c, rsc, 1);
                }
            }
        }

        impl Gemm for Complex<$t> {
            const HAS_GEMM: bool = true;
            const NANOS: f64 = 4.0 * $nanos;
            unsafe fn gemm(
                (m, k, n): Size,
                (a, rsa, csa): Address<Self>,
                (b, rsb, csb): Address<Self>,
                (c, rsc): (*mut Self, isize),
            ) {
                let (a, b, c) = (a.cast::<$t>(), b.cast::<$t>(), c.cast::<$t>());
                // which part of C, A and B; the sign; whether it is added to what is there
                let products: [(usize, usize, usize, $t, $t); 4] =
                    [(0, 0, 0, 1.0, 0.0), (0, 1, 1, -1.0, 1.0), (1, 0, 1, 1.0, 0.0), (1, 1, 0, 1.0, 1.0)];
                for (part, of_a, of_b, sign, beta) in products {
                    // SAFETY: the caller's promise; a complex number is an array of its two parts, so
                    // the parts are at twice the strides.
                    unsafe {
                        matrixmultiply::$function(
                            m, k, n, sign, a.add(of_a), 2 * rsa, 2 * csa, b.add(of_b), 2 * rsb,
                            2 * csb, beta, c.add(part), 2 * rsc, 2,
                        );
                    }
                }
            }
        }
    )* };
}
gemm! {
    f32: 0.02, sgemm;
    f64: 0.04, dgemm;
}

/// Multiplies the rows of `a` by the columns of `b` for a tile of the product; `k` is not 0.
pub(super) fn multiply<T: Gemm>(
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    k: usize,
    tile: Tile,
    product: &Product<'_, T>,
) {
    a.check(tile.rows, k);
    b.check(k, tile.cols);
    // SAFETY: the tile is this task's, so its rows are; they are `columns` apart.
    let c = unsafe { product.tile(tile) };
    let columns = product.columns as isize;
    // SAFETY: the corners of both operands are within their memory (checked above), hence all elements
    // are; those of the tile are nobody else's.
    unsafe {
        T::gemm(
            (tile.rows, k, tile.cols),
            (a.memory.as_ptr().offset(a.offset), a.rows, a.cols),
            (b.memory.as_ptr().offset(b.offset), b.rows, b.cols),
            (c, columns),
        );
    }
}
