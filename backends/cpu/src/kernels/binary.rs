//! Operations on two values: the table.

use arrayspace_core::{BinaryOp, DType};
use half::{bf16, f16};

use super::loops::{self, Map2};
use super::{BinaryFn, Bool, half::next_after, stored};
use crate::simd::Level;

/// Makes types of operations: what each does to values of each type.
macro_rules! operations {
    (@out same $t:ty) => { $t };
    (@out bool $t:ty) => { Bool };
    ($($name:ident [$($t:ty)*] $out:ident, |$a:ident, $b:ident| $value:expr;)*) => { $($(
        impl Map2<$t> for $name {
            type Out = operations!(@out $out $t);
            #[inline(always)]
            fn apply($a: $t, $b: $t) -> Self::Out {
                $value
            }
        }
    )*)* };
}

macro_rules! types {
    ($($name:ident)*) => { $(struct $name;)* };
}
types! {
    Add BitwiseAnd BitwiseOr BitwiseXor Divide Equal Greater GreaterEqual Less LessEqual Multiply
    Nextafter NotEqual Subtract
}

operations! {
    Add [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a.wrapping_add(b);
    Add [f32 f64] same, |a, b| a + b;
    Subtract [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a.wrapping_sub(b);
    Subtract [f32 f64] same, |a, b| a - b;
    Multiply [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a.wrapping_mul(b);
    Multiply [f32 f64] same, |a, b| a * b;
    Divide [f32 f64] same, |a, b| a / b;

    BitwiseAnd [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a & b;
    BitwiseAnd [Bool] same, |a, b| Bool(a.bit() & b.bit());
    BitwiseOr [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a | b;
    BitwiseOr [Bool] same, |a, b| Bool(a.bit() | b.bit());
    BitwiseXor [i8 i16 i32 i64 u8 u16 u32 u64] same, |a, b| a ^ b;
    BitwiseXor [Bool] same, |a, b| Bool(a.bit() ^ b.bit());

    Equal [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a == b);
    Equal [Bool] bool, |a, b| Bool::from(a.bit() == b.bit());
    Equal [stored!(Complex64) stored!(Complex128)] bool,
        |a, b| Bool::from((a.re == b.re) & (a.im == b.im));
    NotEqual [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a != b);
    NotEqual [Bool] bool, |a, b| Bool::from(a.bit() != b.bit());
    NotEqual [stored!(Complex64) stored!(Complex128)] bool,
        |a, b| Bool::from((a.re != b.re) | (a.im != b.im));
    Less [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a < b);
    Less [Bool] bool, |a, b| Bool::from(a.bit() < b.bit());
    LessEqual [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a <= b);
    LessEqual [Bool] bool, |a, b| Bool::from(a.bit() <= b.bit());
    Greater [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a > b);
    Greater [Bool] bool, |a, b| Bool::from(a.bit() > b.bit());
    GreaterEqual [i8 i16 i32 i64 u8 u16 u32 u64 f32 f64] bool, |a, b| Bool::from(a >= b);
    GreaterEqual [Bool] bool, |a, b| Bool::from(a.bit() >= b.bit());

    Nextafter [f16] same, |a, b| f16::from_bits(next_after::<0x7c00>(a.to_bits(), b.to_bits()));
    Nextafter [bf16] same, |a, b| bf16::from_bits(next_after::<0x7f80>(a.to_bits(), b.to_bits()));
}

/// An operation that acts on the parts of a complex number each for itself.
struct Parts<F>(F);

impl<T: Copy, F: Map2<T>> Map2<T> for Parts<F> {
    type Out = F::Out;
    const WIDTH: usize = 2;
    #[inline(always)]
    fn apply(a: T, b: T) -> F::Out {
        F::apply(a, b)
    }
}

/// The kernel of an operation, if there is one for values of the dtype in memory: half precision is
/// computed as float32 instead, but for `Nextafter`.
pub(crate) fn binary(op: BinaryOp, dtype: DType, level: Level) -> Option<BinaryFn> {
    macro_rules! row {
        ($op:ident: integer $($d:ident)*) => {
            row!($op: Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 $($d)*)
        };
        ($op:ident: real $($d:ident)*) => { row!($op: integer Float32 Float64 $($d)*) };
        ($op:ident: float) => { row!($op: Float32 Float64) };
        ($op:ident: parts $($set:ident)*) => {
            match dtype {
                DType::Complex64 => loops::binary::<f32, Parts<$op>>(level),
                DType::Complex128 => loops::binary::<f64, Parts<$op>>(level),
                _ => row!($op: $($set)*),
            }
        };
        ($op:ident: $($d:ident)*) => {
            match dtype {
                $(DType::$d => loops::binary::<stored!($d), $op>(level),)*
                _ => return None,
            }
        };
    }
    Some(match op {
        BinaryOp::Add => row!(Add: parts real),
        BinaryOp::BitwiseAnd => row!(BitwiseAnd: integer Bool),
        BinaryOp::BitwiseOr => row!(BitwiseOr: integer Bool),
        BinaryOp::BitwiseXor => row!(BitwiseXor: integer Bool),
        BinaryOp::Divide => row!(Divide: float),
        BinaryOp::Equal => row!(Equal: real Bool Complex64 Complex128),
        BinaryOp::Greater => row!(Greater: real Bool),
        BinaryOp::GreaterEqual => row!(GreaterEqual: real Bool),
        BinaryOp::Less => row!(Less: real Bool),
        BinaryOp::LessEqual => row!(LessEqual: real Bool),
        BinaryOp::Multiply => row!(Multiply: real),
        BinaryOp::Nextafter => row!(Nextafter: Float16 BFloat16),
        BinaryOp::NotEqual => row!(NotEqual: real Bool Complex64 Complex128),
        BinaryOp::Subtract => row!(Subtract: parts real),
        _ => return None,
    })
}
