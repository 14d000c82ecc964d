//! The operations that programs, folds and scans are made of, and the dtypes they take.

use crate::{DType, Error, Result, Scalar};

/// Declares an enum of operations once: its variants, `ALL`, and `name()`.
macro_rules! operations {
    (
        $(#[$meta:meta])*
        pub enum $Op:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum $Op { $($(#[$doc])* #[doc = concat!("\n\n`", $name, "`.")] $variant,)* }

        impl $Op {
            /// Every operation, in the order of declaration.
            pub const ALL: [$Op; [$($name),*].len()] = [$($Op::$variant),*];

            /// The name of the operation, in lower case with underscores. It is that of the standard's
            /// function where there is one.
            pub const fn name(self) -> &'static str {
                match self {
                    $($Op::$variant => $name,)*
                }
            }
        }
    };
}
pub(crate) use operations;

operations! {
    /// An operation on one value.
    ///
    /// Special cases (NaN, infinities, signed zeros) are those of the standard's function of the same
    /// name. [`UnaryOp::output`] gives the dtype of the result for each dtype that an operation takes.
    pub enum UnaryOp {
        Abs = "abs",
        Acos = "acos",
        Acosh = "acosh",
        Asin = "asin",
        Asinh = "asinh",
        Atan = "atan",
        Atanh = "atanh",
        /// Every bit inverted; the logical not of a bool.
        BitwiseInvert = "bitwise_invert",
        Ceil = "ceil",
        Conj = "conj",
        Cos = "cos",
        Cosh = "cosh",
        Exp = "exp",
        Expm1 = "expm1",
        Floor = "floor",
        Imag = "imag",
        IsFinite = "isfinite",
        IsInf = "isinf",
        IsNan = "isnan",
        Log = "log",
        Log1p = "log1p",
        Log2 = "log2",
        Log10 = "log10",
        Negative = "negative",
        Real = "real",
        Reciprocal = "reciprocal",
        /// The nearest integer, ties to even.
        Round = "round",
        Sign = "sign",
        Signbit = "signbit",
        Sin = "sin",
        Sinh = "sinh",
        Square = "square",
        Sqrt = "sqrt",
        Tan = "tan",
        Tanh = "tanh",
        Trunc = "trunc",
    }
}

operations! {
    /// An operation on two values of one dtype.
    ///
    /// Special cases are those of the standard's function of the same name. Integers wrap. Cases that
    /// the standard leaves open for integers are fixed here: a division by zero gives 0 (quotient) and 0
    /// (remainder), `MIN // -1` wraps, a shift by the width or more gives 0 (or the sign), a negative
    /// shift as well, and a negative exponent gives the truncated power (0, or ±1 for the bases ±1; 0 for
    /// base 0).
    pub enum BinaryOp {
        Add = "add",
        Atan2 = "atan2",
        /// The logical and of two bools.
        BitwiseAnd = "bitwise_and",
        BitwiseLeftShift = "bitwise_left_shift",
        /// The logical or of two bools.
        BitwiseOr = "bitwise_or",
        BitwiseRightShift = "bitwise_right_shift",
        /// The logical exclusive or of two bools.
        BitwiseXor = "bitwise_xor",
        Copysign = "copysign",
        Divide = "divide",
        Equal = "equal",
        FloorDivide = "floor_divide",
        Greater = "greater",
        GreaterEqual = "greater_equal",
        Hypot = "hypot",
        Less = "less",
        LessEqual = "less_equal",
        Logaddexp = "logaddexp",
        Maximum = "maximum",
        Minimum = "minimum",
        Multiply = "multiply",
        Nextafter = "nextafter",
        NotEqual = "not_equal",
        Pow = "pow",
        Remainder = "remainder",
        Subtract = "subtract",
    }
}

impl UnaryOp {
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

operations! {
    /// How a fold combines values. The accumulator has the dtype of the program's result.
    pub enum FoldOp {
        /// The sum; 0 for no elements. Integers wrap. Numeric dtypes. The error of a floating-point sum
        /// of `n` values grows at most as that of pairwise summation over blocks.
        Sum = "sum",
        /// The product; 1 for no elements. Integers wrap. Numeric dtypes.
        Product = "prod",
        /// The largest value; NaN if one is NaN. Real dtypes and bool, at least one element.
        Maximum = "max",
        /// The smallest value; NaN if one is NaN. Real dtypes and bool, at least one element.
        Minimum = "min",
        /// Whether all are true; true for no elements. Bool.
        All = "all",
        /// Whether any is true; false for no elements. Bool.
        Any = "any",
        /// The sum of squared deviations from the mean; NaN for no elements. Real floating-point
        /// dtypes. With this operation `var` reads its operand once.
        SquaredDeviations = "squared_deviations",
    }
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

    /// The result for no elements.
    ///
    /// # Errors
    /// [`Error::Value`] for a maximum or minimum, which has none.
    pub fn identity(self) -> Result<Scalar> {
        Ok(match self {
            FoldOp::Sum => Scalar::Int(0),
            FoldOp::Product => Scalar::Int(1),
            FoldOp::All => Scalar::Bool(true),
            FoldOp::Any => Scalar::Bool(false),
            FoldOp::SquaredDeviations => Scalar::Float(f64::NAN),
            FoldOp::Maximum | FoldOp::Minimum => {
                return Err(Error::value(format_args!(
                    "the {} of no values does not exist; at least one element along the axes was \
                     expected",
                    self.name()
                )));
            }
        })
    }
}

operations! {
    /// The position that an arg-fold finds. The first of equal values wins; the first NaN beats all.
    pub enum ArgFoldOp {
        /// That of the largest value.
        Maximum = "argmax",
        /// That of the smallest value.
        Minimum = "argmin",
    }
}

operations! {
    /// How a scan combines values. Integers wrap.
    pub enum ScanOp {
        /// Running sums.
        Sum = "cumulative_sum",
        /// Running products.
        Product = "cumulative_prod",
    }
}

operations! {
    /// How a scatter combines an element of the target with an element that is written to it.
    ///
    /// Elements are combined one by one in row-major order of the source, so that results have the same
    /// bits on every run, for any number of threads.
    #[derive(Default)]
    pub enum ScatterOp {
        /// The written element replaces the target's: the last one wins. Every dtype.
        #[default]
        Replace = "replace",
        /// The sum of both. Integers wrap. Numeric dtypes.
        Sum = "sum",
        /// The smaller one; NaN if one is NaN. Real dtypes and bool.
        Minimum = "min",
        /// The larger one; NaN if one is NaN. Real dtypes and bool.
        Maximum = "max",
    }
}

impl ScatterOp {
    /// The operation on an element of the target and a written one; `None` for [`ScatterOp::Replace`],
    /// and for a dtype that the operation does not take.
    ///
    /// The minimum of bools is their logical and, the maximum their logical or.
    pub fn combine(self, dtype: DType) -> Option<BinaryOp> {
        let op = match (self, dtype) {
            (ScatterOp::Replace, _) => return None,
            (ScatterOp::Sum, _) => BinaryOp::Add,
            (ScatterOp::Minimum, DType::Bool) => BinaryOp::BitwiseAnd,
            (ScatterOp::Maximum, DType::Bool) => BinaryOp::BitwiseOr,
            (ScatterOp::Minimum, _) => BinaryOp::Minimum,
            (ScatterOp::Maximum, _) => BinaryOp::Maximum,
        };
        op.output(dtype).map(|_| op)
    }

    /// Whether elements of `dtype` can be combined.
    pub fn takes(self, dtype: DType) -> bool {
        self == ScatterOp::Replace || self.combine(dtype).is_some()
    }
}

/// The side of equal values on which `searchsorted` finds a position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Side {
    /// Before them: `a[i-1] < v <= a[i]`.
    #[default]
    Left,
    /// After them: `a[i-1] <= v < a[i]`.
    Right,
}
