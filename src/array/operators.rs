//! Operators: the short forms of functions, which panic where those return an error.
//!
//! One table makes all forms of an operator: arrays owned and borrowed, scalars on both sides, and the
//! compound assignment, which works in place. All of them go the way of the functions, through
//! [`compute`], and all panics come from one function.

use std::fmt;
use std::ops::{
    Add, AddAssign, BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Div, DivAssign,
    Mul, MulAssign, Neg, Not, Rem, RemAssign, Shl, ShlAssign, Shr, ShrAssign, Sub, SubAssign,
};

use arrayspace_core::{Backend, BinaryOp, DType, Device, Dims, Error, Result, Scalar, UnaryOp};
use num_complex::Complex;

use super::Array;
use crate::arg::{Arg, Operand};
use crate::category::Category;
use crate::compute;
use crate::namespace::Namespace;

/// What is said of an operand when an operator fails.
enum Given {
    Array(DType, Dims, Device),
    Scalar(Scalar),
}

impl Given {
    fn array<B: Backend>(x: &Array<B>) -> Given {
        Given::Array(x.dtype(), Dims::from_slice(x.shape()), x.device())
    }

    fn operand<B: Backend>(x: &Operand<'_, B>) -> Given {
        match x {
            Operand::Array(x) => Given::array(x),
            Operand::Scalar(s) => Given::Scalar(*s),
        }
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Given::Array(dtype, shape, device) => write!(f, "Array({dtype}, {shape:?}, {device})"),
            Given::Scalar(value) => value.fmt(f),
        }
    }
}

/// The one place where operators panic.
#[cold]
#[inline(never)]
#[track_caller]
fn fail(expression: fmt::Arguments<'_>, error: Error) -> ! {
    panic!("{expression}: {error} (the function of this name returns the error instead)")
}

/// An operator of two operands, or a panic at the caller's line.
#[track_caller]
fn binary<'a, B: Backend>(
    (symbol, name, op, category): (&str, &'static str, BinaryOp, Category),
    mut x1: Operand<'a, B>,
    mut x2: Operand<'a, B>,
) -> Array<B> {
    match compute::binary_of(op, category, &mut x1, &mut x2) {
        Ok(result) => result,
        Err(error) => {
            let (left, right) = (Given::operand(&x1), Given::operand(&x2));
            fail(format_args!("{left} {symbol} {right}"), error.in_function(name))
        }
    }
}

/// A compound assignment, or a panic at the caller's line that leaves `x1` as it was.
#[track_caller]
fn assign<'a, B: Backend>(
    (symbol, name, op, category): (&str, &'static str, BinaryOp, Category),
    x1: &'a mut Array<B>,
    x2: Operand<'a, B>,
) {
    let (left, right) = (Given::array(x1), Given::operand(&x2));
    if let Err(error) = compute::binary_assign(name, op, category, x1, x2) {
        fail(format_args!("{left} {symbol}= {right}"), error)
    }
}

/// An operator of one operand, or a panic at the caller's line.
#[track_caller]
fn unary<B: Backend>(
    (symbol, name, op, category): (&str, &'static str, UnaryOp, Category),
    x: Arg<'_, B>,
) -> Array<B> {
    let given = Given::array(&x);
    match compute::unary(name, op, category, x) {
        Ok(result) => result,
        Err(error) => fail(format_args!("{symbol}{given}"), error),
    }
}

/// All forms of the operators of two operands.
macro_rules! binary_operators {
    ($(
        $Trait:ident $method:ident $TraitAssign:ident $method_assign:ident
        $symbol:literal $name:literal $op:ident $category:ident;
    )*) => { $(
        #[doc = concat!("`", $name, "`, which says what it computes.")]
        impl<'a, B: Backend, T: Into<Operand<'a, B>>> $Trait<T> for &'a Array<B> {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self, other: T) -> Array<B> {
                let table = ($symbol, $name, BinaryOp::$op, Category::$category);
                binary(table, self.into(), other.into())
            }
        }

        #[doc = concat!("`", $name, "`, which says what it computes; memory is reused where it can be.")]
        impl<'a, B: Backend, T: Into<Operand<'a, B>>> $Trait<T> for Array<B> {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self, other: T) -> Array<B> {
                let table = ($symbol, $name, BinaryOp::$op, Category::$category);
                binary(table, self.into(), other.into())
            }
        }

        #[doc = concat!("`", $name, "` in place: shape and dtype stay, and memory does where nobody shares it (a few thousand bytes may move).")]
        impl<'a, B: Backend, T: Into<Operand<'a, B>>> $TraitAssign<T> for Array<B> {
            #[track_caller]
            fn $method_assign(&mut self, other: T) {
                let table = ($symbol, $name, BinaryOp::$op, Category::$category);
                assign(table, self, other.into());
            }
        }

        scalars_on_the_left! {
            $Trait $method ($symbol, $name, BinaryOp::$op, Category::$category);
            bool i64 f64 Complex<f64> Scalar
        }
    )* };
}

/// One type of each kind, and `Scalar` for all others: with a second integer or float type the type of
/// the literal in `2 * &x` would be open until the end of the function, and so would that of the product,
/// of which no method could be called.
macro_rules! scalars_on_the_left {
    ($Trait:ident $method:ident $table:expr; $($t:ty)*) => { $(
        impl<'a, B: Backend> $Trait<&'a Array<B>> for $t {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self, other: &'a Array<B>) -> Array<B> {
                binary($table, self.into(), other.into())
            }
        }

        impl<B: Backend> $Trait<Array<B>> for $t {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self, other: Array<B>) -> Array<B> {
                binary($table, self.into(), other.into())
            }
        }
    )* };
}

binary_operators! {
    Add add AddAssign add_assign "+" "add" Add Numeric;
    Sub sub SubAssign sub_assign "-" "subtract" Subtract Numeric;
    Mul mul MulAssign mul_assign "*" "multiply" Multiply Numeric;
    Div div DivAssign div_assign "/" "divide" Divide Floating;
    Rem rem RemAssign rem_assign "%" "remainder" Remainder Real;
    BitAnd bitand BitAndAssign bitand_assign "&" "bitwise_and" BitwiseAnd IntegerOrBool;
    BitOr bitor BitOrAssign bitor_assign "|" "bitwise_or" BitwiseOr IntegerOrBool;
    BitXor bitxor BitXorAssign bitxor_assign "^" "bitwise_xor" BitwiseXor IntegerOrBool;
    Shl shl ShlAssign shl_assign "<<" "bitwise_left_shift" BitwiseLeftShift Integer;
    Shr shr ShrAssign shr_assign ">>" "bitwise_right_shift" BitwiseRightShift Integer;
}

macro_rules! unary_operators {
    ($($Trait:ident $method:ident $symbol:literal $name:literal $op:ident $category:ident;)*) => { $(
        #[doc = concat!("`", $name, "`.")]
        impl<B: Backend> $Trait for &Array<B> {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self) -> Array<B> {
                unary(($symbol, $name, UnaryOp::$op, Category::$category), self.into())
            }
        }

        #[doc = concat!("`", $name, "`.")]
        impl<B: Backend> $Trait for Array<B> {
            type Output = Array<B>;

            #[track_caller]
            fn $method(self) -> Array<B> {
                unary(($symbol, $name, UnaryOp::$op, Category::$category), self.into())
            }
        }
    )* };
}

unary_operators! {
    Neg neg "-" "negative" Negative Numeric;
    Not not "!" "bitwise_invert" BitwiseInvert IntegerOrBool;
}

/// The compound assignment of a product, which Rust has no operator for.
impl<B: Backend> Array<B> {
    /// Python's `x @= x2`: [`matmul`](Namespace::matmul), whose result replaces the array. Shape and
    /// dtype stay.
    ///
    /// # Errors
    /// Those of [`matmul`](Namespace::matmul), and if the result has another shape or dtype; the array
    /// is then as it was.
    #[track_caller]
    pub fn matmul_assign<'a>(&mut self, x2: impl Into<Arg<'a, B>>) -> Result<()> {
        let x2: Arg<'a, B> = x2.into();
        let result = self.backend.matmul(&*self, x2)?;
        if result.shape() != self.shape() || result.dtype() != self.dtype() {
            return Err(Error::shape(format_args!(
                "the result has shape {:?} and dtype {}, which the array of shape {:?} and \
                 dtype {} cannot take in place; assign the result to a new array",
                result.shape(),
                result.dtype(),
                self.shape(),
                self.dtype()
            ))
            .in_function("matmul"));
        }
        *self = result;
        Ok(())
    }
}

/// The compound assignments as methods.
macro_rules! assignments {
    ($($method:ident $symbol:literal $function:literal $op:ident $category:ident;)*) => {
        /// The checked forms of the compound assignments, which return errors where the operators panic.
        impl<B: Backend> Array<B> { $(
            #[doc = concat!("Python's `x ", $symbol, " x2`: [`", $function, "`](Namespace::", $function, ")")]
            /// in place. Shape and dtype stay.
            ///
            /// # Errors
            #[doc = concat!("Those of [`", $function, "`](Namespace::", $function, "), and if the result has")]
            /// another shape or dtype; the array is then as it was.
            #[track_caller]
            pub fn $method<'a>(&'a mut self, x2: impl Into<Operand<'a, B>>) -> Result<()> {
                compute::binary_assign($function, BinaryOp::$op, Category::$category, self, x2.into())
            }
        )* }
    };
}

assignments! {
    add_assign "+=" "add" Add Numeric;
    subtract_assign "-=" "subtract" Subtract Numeric;
    multiply_assign "*=" "multiply" Multiply Numeric;
    divide_assign "/=" "divide" Divide Floating;
    floor_divide_assign "//=" "floor_divide" FloorDivide Real;
    remainder_assign "%=" "remainder" Remainder Real;
    pow_assign "**=" "pow" Pow Numeric;
    bitwise_and_assign "&=" "bitwise_and" BitwiseAnd IntegerOrBool;
    bitwise_or_assign "|=" "bitwise_or" BitwiseOr IntegerOrBool;
    bitwise_xor_assign "^=" "bitwise_xor" BitwiseXor IntegerOrBool;
    bitwise_left_shift_assign "<<=" "bitwise_left_shift" BitwiseLeftShift Integer;
    bitwise_right_shift_assign ">>=" "bitwise_right_shift" BitwiseRightShift Integer;
}
