//! Operations on one value: the table.

use arrayspace_core::{DType, UnaryOp};

use super::loops::{self, Map1};
use super::{Bool, UnaryFn, stored};
use crate::simd::Level;

/// Makes types of operations: what each does to values of each type.
macro_rules! operations {
    (@out same $t:ty) => { $t };
    (@out bool $t:ty) => { Bool };
    ($($name:ident [$($t:ty)*] $out:ident, |$x:ident| $value:expr;)*) => { $($(
        impl Map1<$t> for $name {
            type Out = operations!(@out $out $t);
            #[inline(always)]
            fn apply($x: $t) -> Self::Out {
                $value
            }
        }
    )*)* };
}

macro_rules! types {
    ($($name:ident)*) => { $(struct $name;)* };
}
types! { Abs BitwiseInvert Ceil Floor Negative Round Sqrt Square Trunc }

operations! {
    Abs [i8 i16 i32 i64] same, |x| x.wrapping_abs();
    Abs [u8 u16 u32 u64] same, |x| x;
    Abs [f32 f64] same, |x| x.abs();
    BitwiseInvert [i8 i16 i32 i64 u8 u16 u32 u64] same, |x| !x;
    BitwiseInvert [Bool] same, |x| Bool(x.bit() ^ 1);
    Ceil [f32 f64] same, |x| x.ceil();
    Floor [f32 f64] same, |x| x.floor();
    Negative [i8 i16 i32 i64 u8 u16 u32 u64] same, |x| x.wrapping_neg();
    Negative [f32 f64] same, |x| -x;
    Round [f32 f64] same, |x| x.round_ties_even();
    Sqrt [f32 f64] same, |x| x.sqrt();
    Square [i8 i16 i32 i64 u8 u16 u32 u64] same, |x| x.wrapping_mul(x);
    Square [f32 f64] same, |x| x * x;
    Trunc [f32 f64] same, |x| x.trunc();
}

/// The kernel of an operation, if there is one for values of the dtype in memory: half precision is
/// computed as float32 instead.
pub(crate) fn unary(op: UnaryOp, dtype: DType, level: Level) -> Option<UnaryFn> {
    macro_rules! row {
        ($op:ident: integer $($d:ident)*) => {
            row!($op: Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 $($d)*)
        };
        ($op:ident: real $($d:ident)*) => { row!($op: integer Float32 Float64 $($d)*) };
        ($op:ident: float) => { row!($op: Float32 Float64) };
        ($op:ident: $($d:ident)*) => {
            match dtype {
                $(DType::$d => loops::unary::<stored!($d), $op>(level),)*
                _ => return None,
            }
        };
    }
    Some(match op {
        UnaryOp::Abs => row!(Abs: real),
        UnaryOp::BitwiseInvert => row!(BitwiseInvert: integer Bool),
        UnaryOp::Ceil => row!(Ceil: float),
        UnaryOp::Floor => row!(Floor: float),
        UnaryOp::Negative => row!(Negative: real),
        UnaryOp::Round => row!(Round: float),
        UnaryOp::Sqrt => row!(Sqrt: float),
        UnaryOp::Square => row!(Square: real),
        UnaryOp::Trunc => row!(Trunc: float),
        _ => return None,
    })
}
