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
//! - Elements so large or small that their squares leave the range of the type are scaled by a power of
//!   two first, which is exact, and the results scaled back.

mod eigen;
mod field;
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
pub use memory::{Task, prepare_thread};
