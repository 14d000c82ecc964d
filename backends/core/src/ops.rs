//! The operations that programs, folds and scans are made of, and the dtypes they take.

use crate::DType;

/// An operation on one value.
///
/// Special cases (NaN, infinities, signed zeros) are the standard's of the function of the same name.
/// [`UnaryOp::output`] says which dtypes an operation takes and what it gives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)] // each is the standard's function of the name
pub enum UnaryOp {
    Abs,
    Acos,
    Acosh,
    Asin,
    Asinh,
    Atan,
    Atanh,
    /// Every bit inverted; for bool the logical not.
    BitwiseInvert,
    Ceil,
    Conj,
    Cos,
    Cosh,
    Exp,
    Expm1,
    Floor,
    Imag,
    IsFinite,
    IsInf,
    IsNan,
    Log,
    Log1p,
    Log2,
    Log10,
    Negative,
    Real,
    Reciprocal,
    /// To the nearest integer, ties to even.
    Round,
    Sign,
    Signbit,
    Sin,
    Sinh,
    Square,
    Sqrt,
    Tan,
    Tanh,
    Trunc,
}

/// An operation on two values of one dtype.
///
/// Special cases are the standard's of the function of the same name. Integers wrap. What the standard
/// leaves open for integers is fixed here: a division by zero gives 0 (quotient) and 0 (remainder),
/// `MIN // -1` wraps, a shift by the width or more gives 0 (or the sign), a negative shift as well, and
/// a negative exponent gives the truncated power (0, or ±1 for the bases ±1; 0 for base 0).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)] // each is the standard's function of the name
pub enum BinaryOp {
    Add,
    Atan2,
    /// For bool the logical and.
    BitwiseAnd,
    BitwiseLeftShift,
    /// For bool the logical or.
    BitwiseOr,
    BitwiseRightShift,
    /// For bool the logical exclusive or.
    BitwiseXor,
    Copysign,
    Divide,
    Equal,
    FloorDivide,
    Greater,
    GreaterEqual,
    Hypot,
    Less,
    LessEqual,
    Logaddexp,
    Maximum,
    Minimum,
    Multiply,
    Nextafter,
    NotEqual,
    Pow,
    Remainder,
    Subtract,
}

impl UnaryOp {
    /// Every operation.
    pub const ALL: [UnaryOp; 36] = {
        use UnaryOp::*;
        [
            Abs,
            Acos,
            Acosh,
            Asin,
            Asinh,
            Atan,
            Atanh,
            BitwiseInvert,
            Ceil,
            Conj,
            Cos,
            Cosh,
            Exp,
            Expm1,
            Floor,
            Imag,
            IsFinite,
            IsInf,
            IsNan,
            Log,
            Log1p,
            Log2,
            Log10,
            Negative,
            Real,
            Reciprocal,
            Round,
            Sign,
            Signbit,
            Sin,
            Sinh,
            Square,
            Sqrt,
            Tan,
            Tanh,
            Trunc,
        ]
    };

    /// The dtype of the result for an operand of `dtype`, or `None` if the operation does not take it.
    ///
    /// Operations that change nothing for some dtype (`Ceil` of an integer, `Conj` of a real) are left
    /// out for it: the layer above passes the operand on.
    #[inline]
    pub fn output(self, dtype: DType) -> Option<DType> {
        use UnaryOp::*;
        let same = |ok: bool| ok.then_some(dtype);
        match self {
            Abs => dtype.is_numeric().then(|| dtype.real_component()),
            Acos | Acosh | Asin | Asinh | Atan | Atanh | Cos | Cosh | Exp | Expm1 | Log | Log1p
            | Log2 | Log10 | Reciprocal | Sin | Sinh | Sqrt | Tan | Tanh => {
                same(dtype.is_floating())
            }
            BitwiseInvert => same(!dtype.is_floating()),
            Ceil | Floor | Trunc => same(dtype.is_real_floating()),
            Round => same(dtype.is_floating()),
            Conj => same(dtype.is_complex()),
            Real | Imag => dtype.is_complex().then(|| dtype.real_component()),
            IsFinite | IsInf | IsNan => dtype.is_floating().then_some(DType::Bool),
            Negative | Sign | Square => same(dtype.is_numeric()),
            Signbit => dtype.is_real_floating().then_some(DType::Bool),
        }
    }
}

impl BinaryOp {
    /// Every operation.
    pub const ALL: [BinaryOp; 25] = {
        use BinaryOp::*;
        [
            Add,
            Atan2,
            BitwiseAnd,
            BitwiseLeftShift,
            BitwiseOr,
            BitwiseRightShift,
            BitwiseXor,
            Copysign,
            Divide,
            Equal,
            FloorDivide,
            Greater,
            GreaterEqual,
            Hypot,
            Less,
            LessEqual,
            Logaddexp,
            Maximum,
            Minimum,
            Multiply,
            Nextafter,
            NotEqual,
            Pow,
            Remainder,
            Subtract,
        ]
    };

    /// The dtype of the result for two operands of `dtype`, or `None` if the operation does not take
    /// it.
    #[inline]
    pub fn output(self, dtype: DType) -> Option<DType> {
        use BinaryOp::*;
        let same = |ok: bool| ok.then_some(dtype);
        match self {
            Add | Subtract | Multiply | Pow => same(dtype.is_numeric()),
            Divide => same(dtype.is_floating()),
            Atan2 | Copysign | Hypot | Logaddexp | Nextafter => same(dtype.is_real_floating()),
            BitwiseAnd | BitwiseOr | BitwiseXor => same(!dtype.is_floating()),
            BitwiseLeftShift | BitwiseRightShift => same(dtype.is_integer()),
            Equal | NotEqual => Some(DType::Bool),
            Greater | GreaterEqual | Less | LessEqual => {
                (!dtype.is_complex()).then_some(DType::Bool)
            }
            FloorDivide | Remainder | Maximum | Minimum => same(dtype.is_real()),
        }
    }
}

/// How a fold combines values. The accumulator has the dtype of the program's result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum FoldOp {
    /// The sum; 0 for no elements. Integers wrap. Numeric dtypes. The error of a floating-point sum of
    /// `n` values grows at most as that of pairwise summation over blocks.
    Sum,
    /// The product; 1 for no elements. Integers wrap. Numeric dtypes.
    Product,
    /// The largest value; NaN if one is NaN. Real dtypes and bool, at least one element.
    Maximum,
    /// The smallest value; NaN if one is NaN. Real dtypes and bool, at least one element.
    Minimum,
    /// Whether all are true; true for no elements. Bool.
    All,
    /// Whether any is true; false for no elements. Bool.
    Any,
    /// The sum of squared deviations from the mean; NaN for no elements. Floating-point dtypes
    /// (real). This one operation lets `var` read its operand once.
    SquaredDeviations,
}

impl FoldOp {
    /// Whether the fold takes values of `dtype`.
    pub fn takes(self, dtype: DType) -> bool {
        match self {
            FoldOp::Sum | FoldOp::Product => dtype.is_numeric(),
            FoldOp::Maximum | FoldOp::Minimum => !dtype.is_complex(),
            FoldOp::All | FoldOp::Any => dtype == DType::Bool,
            FoldOp::SquaredDeviations => dtype.is_real_floating(),
        }
    }
}

/// Which position an arg-fold looks for. The first of equal values wins; the first NaN beats all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArgFoldOp {
    /// That of the largest value.
    Maximum,
    /// That of the smallest value.
    Minimum,
}

/// How a scan combines values. Integers wrap.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScanOp {
    /// Running sums.
    Sum,
    /// Running products.
    Product,
}

/// On which side of equal values `searchsorted` finds a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Side {
    /// Before them: `a[i-1] < v <= a[i]`.
    #[default]
    Left,
    /// After them: `a[i-1] <= v < a[i]`.
    Right,
}
