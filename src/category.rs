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
        if self.contains(dtype) { Ok(()) } else { Err(self.refused(parameter, dtype, "")) }
    }

    /// [`check`](Category::check), with another remedy for the dtype, or an empty text for none.
    #[inline]
    pub(crate) fn check_or(
        self,
        parameter: &str,
        dtype: DType,
        instead: impl FnOnce(DType) -> &'static str,
    ) -> Result<()> {
        if self.contains(dtype) {
            return Ok(());
        }
        Err(self.refused(parameter, dtype, instead(dtype)))
    }

    /// What is expected, in words.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Category::Any => "any dtype",
            Category::Bool => "bool",
            Category::Integer => "an integer dtype",
            Category::IntegerOrBool => "an integer dtype or bool",
            Category::Numeric => "a numeric dtype",
            Category::Real => "a real-valued dtype",
            Category::Floating => "a floating-point dtype",
            Category::RealFloating => "a real floating-point dtype",
            Category::ComplexFloating => "a complex floating-point dtype",
        }
    }

    /// The error of a dtype that does not belong; `instead` is another remedy, or empty.
    #[cold]
    pub(crate) fn refused(self, parameter: &str, dtype: DType, instead: &str) -> Error {
        let expected = self.expected();
        let remedy = match self {
            Category::Any => "",
            Category::Bool => "compare first, as in not_equal(x, 0)",
            Category::Real | Category::RealFloating if dtype.is_complex() => {
                "take real(x), imag(x) or abs(x) first"
            }
            Category::Integer | Category::IntegerOrBool | Category::Numeric | Category::Real => {
                "convert with astype(x, DType::Int64)"
            }
            Category::Floating | Category::RealFloating => "convert with astype(x, DType::Float64)",
            Category::ComplexFloating if dtype == DType::Float32 => {
                "convert with astype(x, DType::Complex64)"
            }
            Category::ComplexFloating => "convert with astype(x, DType::Complex128)",
        };
        let or = if instead.is_empty() { "" } else { ", or " };
        Error::dtype(format_args!(
            "{parameter} has dtype {dtype}, but {expected} is expected; {remedy}{or}{instead}"
        ))
    }
}
