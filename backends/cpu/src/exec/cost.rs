//! How long an element takes, roughly: enough to decide about threads.
//!
//! In ns per element on one core, from measurements on a 4 GHz processor; a factor of two does not
//! matter.

use arrayspace_core::{BinaryOp, DType, StepOp, UnaryOp};

use super::operand::Operand;

/// A byte of a value that a vector loop writes.
pub(super) const CHEAP: f32 = 0.01;

/// What reading an operand costs.
pub(super) fn operand(operand: &Operand) -> f32 {
    if operand.is_single() {
        0.0
    } else if operand.whole().is_some() {
        CHEAP * operand.size() as f32
    } else {
        0.3 + 2.0 * CHEAP * operand.size() as f32
    }
}

/// What a function costs in lanes, with float32 and with float64.
type InLanes = Option<[f32; 2]>;

/// What an operation costs that has lanes for real numbers, or else costs so much for each of them.
fn of(in_lanes: InLanes, dtype: DType, alone: f32) -> f32 {
    match in_lanes {
        _ if dtype.is_complex() => 4.0 * alone,
        Some([_, double]) if dtype == DType::Float64 => double,
        Some([single, _]) => single,
        None => alone,
    }
}

/// What a step costs beyond writing its result.
pub(super) fn step(op: StepOp, dtype: DType) -> f32 {
    match op {
        StepOp::Unary(op, _) => unary(op, dtype),
        StepOp::Binary(op, ..) => binary(op, dtype),
        _ => 0.0,
    }
}

fn unary(op: UnaryOp, dtype: DType) -> f32 {
    use UnaryOp::*;
    let costs: InLanes = match op {
        Exp => Some([0.15, 0.5]),
        Expm1 => Some([0.35, 1.0]),
        Log => Some([0.25, 0.7]),
        Log1p | Log2 | Log10 => Some([0.4, 0.9]),
        Cosh | Sinh => Some([0.4, 0.9]),
        Tanh => Some([0.45, 1.4]),
        Acosh | Asinh | Atanh => Some([0.7, 1.7]),
        Cos | Sin => Some([0.5, 1.2]),
        Tan => Some([0.8, 1.7]),
        Acos | Asin => Some([0.7, 1.2]),
        Atan => Some([1.0, 1.3]),
        _ => None,
    };
    let alone = match op {
        Abs | BitwiseInvert | Ceil | Conj | Floor | Imag | IsFinite | IsInf | IsNan | Negative
        | Real | Round | Sign | Signbit | Square | Trunc => 0.0,
        Reciprocal | Sqrt => 0.3,
        Exp | Log | Log2 | Log10 | Expm1 | Log1p | Sin | Cos | Atan | Asin | Acos => 8.0,
        _ => 15.0,
    };
    of(costs, dtype, alone)
}

fn binary(op: BinaryOp, dtype: DType) -> f32 {
    use BinaryOp::*;
    let costs: InLanes = match op {
        Logaddexp => Some([3.0, 3.0]),
        Pow if dtype.is_floating() => Some([0.7, 1.7]),
        Atan2 => Some([1.2, 1.8]),
        Hypot => Some([0.6, 0.9]),
        _ => None,
    };
    let alone = match op {
        Add | BitwiseAnd | BitwiseLeftShift | BitwiseOr | BitwiseRightShift | BitwiseXor
        | Copysign | Equal | Greater | GreaterEqual | Less | LessEqual | Maximum | Minimum
        | NotEqual | Subtract => 0.0,
        Multiply => 0.05,
        Divide => 0.3,
        FloorDivide | Nextafter | Remainder => 2.0,
        _ => 15.0,
    };
    of(costs, dtype, alone)
}
