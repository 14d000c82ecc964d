//! The categories of dtypes in which the standard states what a function takes.

use arrayspace_core::{DType, Error, Result};

/// What a parameter's dtype may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Category {
    Any,
    Bool,
    Integer,
    IntegerOrBool,
    Numeric,
    Real,
    Floating,
    RealFloating,
    ComplexFloating,
}

impl Category {
    #[inline]
    pub(crate) fn contains(self, dtype: DType) -> bool {
        match self {
            Category::Any => true,
            Category::Bool => dtype == DType::Bool,
            Category::Integer => dtype.is_integer(),
            Category::IntegerOrBool => !dtype.is_floating(),
            Category::Numeric => dtype.is_numeric(),
            Category::Real => dtype.is_real(),
            Category::Floating => dtype.is_floating(),
            Category::RealFloating => dtype.is_real_floating(),
            Category::ComplexFloating => dtype.is_complex(),
        }
    }

    /// An error that names the dtype, what is expected, and the remedy, unless the dtype belongs.
    #[inline]
    pub(crate) fn check(self, parameter: &str, dtype: DType) -> Result<()> {
        if self.contains(dtype) { Ok(()) } else { Err(self.refused(parameter, dtype)) }
    }

    #[cold]
    fn refused(self, parameter: &str, dtype: DType) -> Error {
        let (expected, remedy) = match self {
            Category::Any => ("any dtype", ""),
            Category::Bool => ("bool", "compare first, as in not_equal(x, 0)"),
            Category::Integer => ("an integer dtype", "convert with astype(x, DType::Int64)"),
            Category::IntegerOrBool => {
                ("an integer dtype or bool", "convert with astype(x, DType::Int64)")
            }
            Category::Numeric => ("a numeric dtype", "convert with astype(x, DType::Int64)"),
            Category::Real => (
                "a real-valued dtype",
                if dtype.is_complex() {
                    "take real(x), imag(x) or abs(x) first"
                } else {
                    "convert with astype(x, DType::Int64)"
                },
            ),
            Category::Floating => {
                ("a floating-point dtype", "convert with astype(x, DType::Float64)")
            }
            Category::RealFloating => (
                "a real floating-point dtype",
                if dtype.is_complex() {
                    "take real(x), imag(x) or abs(x) first"
                } else {
                    "convert with astype(x, DType::Float64)"
                },
            ),
            Category::ComplexFloating => (
                "a complex floating-point dtype",
                if dtype == DType::Float32 {
                    "convert with astype(x, DType::Complex64)"
                } else {
                    "convert with astype(x, DType::Complex128)"
                },
            ),
        };
        Error::dtype(format_args!(
            "{parameter} has dtype {dtype}, but {expected} is expected; {remedy}"
        ))
    }
}
