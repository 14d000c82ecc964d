//! Matrix decompositions on host memory.
//!
//! [`Field`] has a method for each decomposition, implemented for `f32`, `f64`, `Complex<f32>` and
//! `Complex<f64>`. A method works on one matrix, read through a [`MatRef`] of any strides; results go to
//! [`MatMut`]s. `faer` does the work; what is added here:
//!
//! - `householder`: QR that keeps columns which nearly depend on others; `faer`'s own leaves them out.
//! - `tall`: matrices with many more rows than columns are factored in row blocks, in parallel, a block
//!   at a time in the cache (TSQR: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and
//!   sequential QR and LU factorizations", 2012).
//! - `small`: systems of a few equations are solved without an allocation, many side by side.
//! - `eigen`: eigenvalues and vectors of general matrices are checked, and found by a plain algorithm
//!   (`schur`) where the check fails.
//! - `memory`: an upper bound of what each takes, since its allocations cannot fail.
//! - `graded`: systems and determinants of matrices whose elements are far apart in size, down to the ends of
//!   the range, by equilibrated rows and columns, or by numbers with exponents of their own.
//! - Elements so large or small that their squares leave the range of the type are scaled by a power of
//!   two first, and the results scaled back: columns one by one for QR, rows and columns by their diagonal
//!   elements for Cholesky, all alike for singular and eigenvalues, which are right up to rounding of the largest.
//!   Single precision goes to double in place of that.

mod eigen;
mod field;
mod graded;
mod householder;
mod memory;
mod number;
mod orthogonal;
mod schur;
mod small;
mod solve;
mod tall;

pub use faer::{MatMut, MatRef};
pub use field::{Failure, Field};
pub use memory::{Task, product_bytes};
