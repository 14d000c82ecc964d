//! Scalar arithmetic.
