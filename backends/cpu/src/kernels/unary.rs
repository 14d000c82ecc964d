//! Operations on one value: what each does to which types, and the table of their kernels.

use arrayspace_core::{DType, UnaryOp};
use num_complex::Complex;

use super::loops::{self, Map1};
use super::table::operations;
use super::{Bool, UnaryFn};
use crate::math::{complex, int, real};
use crate::simd::Level;

operations! {
    /// The kernel of an operation, if there is one for values of the dtype in memory: half precision is
    /// computed as float32 instead.
    fn unary(UnaryOp) -> UnaryFn, Map1 (x), unary, scalar_unary;

    Abs {
        vector signed: int::abs => same;
        vector unsigned: |x| x => same;
        vector float: real::abs => same;
        scalar complex: complex::abs => part;
    }
    Acos { vector lanes: () => same; scalar complex: complex::acos => same; }
    Acosh { vector lanes: () => same; scalar complex: complex::acosh => same; }
    Asin { vector lanes: () => same; scalar complex: complex::asin => same; }
    Asinh { vector lanes: () => same; scalar complex: complex::asinh => same; }
    Atan { vector lanes: () => same; scalar complex: complex::atan => same; }
    Atanh { vector lanes: () => same; scalar complex: complex::atanh => same; }
    BitwiseInvert {
        vector integer: std::ops::Not::not => same;
        vector boolean: |x: Bool| Bool(x.bit() ^ 1) => same;
    }
    Ceil { vector float: real::ceil => same; }
    Conj { vector complex: complex::conj => same; }
    Cos { vector lanes: () => same; scalar complex: complex::cos => same; }
    Cosh { vector lanes: () => same; scalar complex: complex::cosh => same; }
    Exp { vector lanes: () => same; scalar complex: complex::exp => same; }
    Expm1 { vector lanes: () => same; scalar complex: complex::expm1 => same; }
    Floor { vector float: real::floor => same; }
    Imag { vector complex: complex::imag => part; }
    IsFinite { vector float: real::is_finite => bool; vector complex: complex::is_finite => bool; }
    IsInf { vector float: real::is_inf => bool; vector complex: complex::is_inf => bool; }
    IsNan { vector float: real::is_nan => bool; vector complex: complex::is_nan => bool; }
    Log { vector lanes: () => same; scalar complex: complex::log => same; }
    Log1p { vector lanes: () => same; scalar complex: complex::log1p => same; }
    Log2 { vector lanes: () => same; scalar complex: complex::log2 => same; }
    Log10 { vector lanes: () => same; scalar complex: complex::log10 => same; }
    Negative {
        vector integer: int::negative => same;
        vector float: real::negative => same;
        vector complex: complex::negative => same;
    }
    Real { vector complex: complex::real => part; }
    Reciprocal {
        vector float: real::reciprocal => same;
        scalar complex: complex::reciprocal => same;
    }
    Round { vector float: real::round => same; vector complex: complex::round => same; }
    Sign {
        vector integer: int::sign => same;
        vector float: real::sign => same;
        scalar complex: complex::sign => same;
    }
    Signbit { vector float: real::signbit => bool; }
    Sin { vector lanes: () => same; scalar complex: complex::sin => same; }
    Sinh { vector lanes: () => same; scalar complex: complex::sinh => same; }
    Square {
        vector integer: int::square => same;
        vector float: real::square => same;
        vector complex: complex::square => same;
    }
    Sqrt { vector float: real::sqrt => same; scalar complex: complex::sqrt => same; }
    Tan { vector lanes: () => same; scalar complex: complex::tan => same; }
    Tanh { vector lanes: () => same; scalar complex: complex::tanh => same; }
    Trunc { vector float: real::trunc => same; }
}
