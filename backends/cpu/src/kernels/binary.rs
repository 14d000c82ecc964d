//! Operations on two values: what each does to which types, and the table of their kernels.

use ::half::{bf16, f16};
use arrayspace_core::{BinaryOp, DType};
use num_complex::Complex;
use num_traits::{WrappingAdd, WrappingMul, WrappingSub};

use super::half::{self, next_after};
use super::loops::{self, EverySecond, Map2, OfOne, WithOne};
use super::table::operations;
use super::{BinaryFn, Bool};
use crate::math::{complex, int, real};
use crate::simd::Level;

operations! {
    /// The kernel of an operation, if there is one for values of the dtype in memory: half precision is
    /// computed as float32 instead, but for the neighbours of its own numbers and what is rounded to one of them.
    fn binary(BinaryOp) -> BinaryFn, Map2 (a, b), binary, scalar_binary;

    Add {
        vector integer: |a, b| WrappingAdd::wrapping_add(&a, &b) => same;
        vector float: |a, b| a + b => same;
        vector parts: () => same;
    }
    Atan2 { vector lanes: () => same; }
    BitwiseAnd {
        vector integer: |a, b| a & b => same;
        vector boolean: |a: Bool, b: Bool| Bool(a.bit() & b.bit()) => same;
    }
    BitwiseLeftShift { vector integer: int::left_shift => same; }
    BitwiseOr {
        vector integer: |a, b| a | b => same;
        vector boolean: |a: Bool, b: Bool| Bool(a.bit() | b.bit()) => same;
    }
    BitwiseRightShift { vector integer: int::right_shift => same; }
    BitwiseXor {
        vector integer: |a, b| a ^ b => same;
        vector boolean: |a: Bool, b: Bool| Bool(a.bit() ^ b.bit()) => same;
    }
    Copysign { vector float: real::copysign => same; }
    Divide { vector float: |a, b| a / b => same; scalar complex: complex::divide => same; }
    Equal {
        vector number: |a, b| a == b => bool;
        vector complex: |a, b| a == b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() == b.bit() => bool;
    }
    FloorDivide {
        scalar float: real::floor_divide => same;
        // rounded down, too, where the float32 is to be rounded
        vector float16: half::floor_divide_f16 => same;
        vector bfloat16: half::floor_divide_bf16 => same;
    }
    Greater {
        vector number: |a, b| a > b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() > b.bit() => bool;
    }
    GreaterEqual {
        vector number: |a, b| a >= b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() >= b.bit() => bool;
    }
    Hypot { vector lanes: () => same; }
    Less {
        vector number: |a, b| a < b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() < b.bit() => bool;
    }
    LessEqual {
        vector number: |a, b| a <= b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() <= b.bit() => bool;
    }
    Logaddexp { vector lanes: () => same; }
    Maximum { vector integer: std::cmp::max => same; vector float: real::maximum => same; }
    Minimum { vector integer: std::cmp::min => same; vector float: real::minimum => same; }
    Multiply {
        vector integer: |a, b| WrappingMul::wrapping_mul(&a, &b) => same;
        vector float: |a, b| a * b => same;
        vector complex: complex::multiply => same;
    }
    Nextafter {
        scalar float: real::nextafter => same;
        vector float16: |a: f16, b: f16| {
            f16::from_bits(next_after::<0x7c00>(a.to_bits(), b.to_bits()))
        } => same;
        vector bfloat16: |a: bf16, b: bf16| {
            bf16::from_bits(next_after::<0x7f80>(a.to_bits(), b.to_bits()))
        } => same;
    }
    NotEqual {
        vector number: |a, b| a != b => bool;
        vector complex: |a, b| a != b => bool;
        vector boolean: |a: Bool, b: Bool| a.bit() != b.bit() => bool;
    }
    Pow {
        scalar integer: int::pow => same;
        vector lanes: () => same;
        scalar complex: complex::pow => same;
    }
    Remainder {
        scalar float: real::remainder => same;
    }
    Subtract {
        vector integer: |a, b| WrappingSub::wrapping_sub(&a, &b) => same;
        vector float: |a, b| a - b => same;
        vector parts: () => same;
    }
}

/// The kernel of an operation on operands whose elements are so many elements from each other (0: one value for all),
/// for the arithmetics of floats, which take less time than copies that bring elements together.
pub(crate) fn apart(
    op: BinaryOp,
    dtype: DType,
    steps: [usize; 2],
    level: Level,
) -> Option<BinaryFn> {
    macro_rules! kernel {
        ($t:ty, $op:ident) => {
            match steps {
                [2, 2] => Some(loops::apart::<$t, $op, EverySecond>(level)),
                [1, 0] => Some(loops::apart::<$t, $op, WithOne>(level)),
                [0, 1] => Some(loops::apart::<$t, $op, OfOne>(level)),
                _ => None,
            }
        };
        ($op:ident) => {
            match dtype {
                DType::Float32 => kernel!(f32, $op),
                DType::Float64 => kernel!(f64, $op),
                _ => None,
            }
        };
    }
    match op {
        BinaryOp::Add => kernel!(Add),
        BinaryOp::Subtract => kernel!(Subtract),
        BinaryOp::Multiply => kernel!(Multiply),
        BinaryOp::Divide => kernel!(Divide),
        _ => None,
    }
}
