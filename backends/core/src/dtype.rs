//! Data types, and how they combine.

use std::fmt;

/// The type of an array's elements.
///
/// The standard's thirteen and the two half-precision types, which Rust code needs as storage types.
///
/// ```
/// use arrayspace_core::DType;
/// assert_eq!(DType::Int8.promote(DType::UInt8), Some(DType::Int16));
/// assert_eq!(DType::Int64.promote(DType::Float32), None); // the standard leaves this undefined
/// assert_eq!(DType::Complex64.item_size(), 8);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum DType {
    /// `true` or `false`, one byte (1 or 0).
    Bool,
    /// Signed integer, 8 bits.
    Int8,
    /// Signed integer, 16 bits.
    Int16,
    /// Signed integer, 32 bits.
    Int32,
    /// Signed integer, 64 bits.
    Int64,
    /// Unsigned integer, 8 bits.
    UInt8,
    /// Unsigned integer, 16 bits.
    UInt16,
    /// Unsigned integer, 32 bits.
    UInt32,
    /// Unsigned integer, 64 bits.
    UInt64,
    /// IEEE 754 binary16 (not in the standard).
    Float16,
    /// The upper half of a binary32 (not in the standard).
    BFloat16,
    /// IEEE 754 binary32.
    Float32,
    /// IEEE 754 binary64.
    Float64,
    /// Two float32: real, imaginary.
    Complex64,
    /// Two float64: real, imaginary.
    Complex128,
}

/// A kind of dtypes, as `isdtype` and `dtypes` take it.
///
/// The standard writes them as strings; [`DTypeKind::name`] gives those.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DTypeKind {
    /// `"bool"`.
    Bool,
    /// `"signed integer"`: int8 to int64.
    SignedInteger,
    /// `"unsigned integer"`: uint8 to uint64.
    UnsignedInteger,
    /// `"integral"`: signed and unsigned integers.
    Integral,
    /// `"real floating"`: float16 to float64.
    RealFloating,
    /// `"complex floating"`: complex64 and complex128.
    ComplexFloating,
    /// `"numeric"`: all but bool.
    Numeric,
}

impl DTypeKind {
    /// The standard's name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            DTypeKind::Bool => "bool",
            DTypeKind::SignedInteger => "signed integer",
            DTypeKind::UnsignedInteger => "unsigned integer",
            DTypeKind::Integral => "integral",
            DTypeKind::RealFloating => "real floating",
            DTypeKind::ComplexFloating => "complex floating",
            DTypeKind::Numeric => "numeric",
        }
    }

    /// Whether `dtype` is of this kind.
    pub fn contains(self, dtype: DType) -> bool {
        match self {
            DTypeKind::Bool => dtype == DType::Bool,
            DTypeKind::SignedInteger => dtype.is_signed_integer(),
            DTypeKind::UnsignedInteger => dtype.is_unsigned_integer(),
            DTypeKind::Integral => dtype.is_integer(),
            DTypeKind::RealFloating => dtype.is_real_floating(),
            DTypeKind::ComplexFloating => dtype.is_complex(),
            DTypeKind::Numeric => dtype != DType::Bool,
        }
    }
}

impl fmt::Display for DTypeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

use DType::*;

impl DType {
    /// Every dtype, in the order of declaration.
    pub const ALL: [DType; 15] = [
        Bool, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float16, BFloat16, Float32,
        Float64, Complex64, Complex128,
    ];

    /// The standard's name: `"float32"`, `"bool"`, ...
    pub fn name(self) -> &'static str {
        match self {
            Bool => "bool",
            Int8 => "int8",
            Int16 => "int16",
            Int32 => "int32",
            Int64 => "int64",
            UInt8 => "uint8",
            UInt16 => "uint16",
            UInt32 => "uint32",
            UInt64 => "uint64",
            Float16 => "float16",
            BFloat16 => "bfloat16",
            Float32 => "float32",
            Float64 => "float64",
            Complex64 => "complex64",
            Complex128 => "complex128",
        }
    }

    /// The dtype with this [`name`](DType::name).
    pub fn from_name(name: &str) -> Option<DType> {
        DType::ALL.into_iter().find(|d| d.name() == name)
    }

    /// Bytes of one element.
    pub const fn item_size(self) -> usize {
        match self {
            Bool | Int8 | UInt8 => 1,
            Int16 | UInt16 | Float16 | BFloat16 => 2,
            Int32 | UInt32 | Float32 => 4,
            Int64 | UInt64 | Float64 | Complex64 => 8,
            Complex128 => 16,
        }
    }

    /// Bytes to which an element must be aligned.
    pub const fn alignment(self) -> usize {
        match self {
            Complex64 => 4,
            Complex128 => 8,
            other => other.item_size(),
        }
    }

    /// int8 to int64.
    pub const fn is_signed_integer(self) -> bool {
        matches!(self, Int8 | Int16 | Int32 | Int64)
    }

    /// uint8 to uint64.
    pub const fn is_unsigned_integer(self) -> bool {
        matches!(self, UInt8 | UInt16 | UInt32 | UInt64)
    }

    /// A signed or unsigned integer.
    pub const fn is_integer(self) -> bool {
        self.is_signed_integer() || self.is_unsigned_integer()
    }

    /// float16, bfloat16, float32, float64.
    pub const fn is_real_floating(self) -> bool {
        matches!(self, Float16 | BFloat16 | Float32 | Float64)
    }

    /// complex64, complex128.
    pub const fn is_complex(self) -> bool {
        matches!(self, Complex64 | Complex128)
    }

    /// Real or complex floating-point.
    pub const fn is_floating(self) -> bool {
        self.is_real_floating() || self.is_complex()
    }

    /// An integer or a real floating-point type.
    pub const fn is_real(self) -> bool {
        self.is_integer() || self.is_real_floating()
    }

    /// Anything but bool.
    pub const fn is_numeric(self) -> bool {
        !matches!(self, Bool)
    }

    /// float16 or bfloat16.
    pub const fn is_half(self) -> bool {
        matches!(self, Float16 | BFloat16)
    }

    /// The dtype of the real component: float32 for complex64, and the dtype itself if it is real.
    pub const fn real_component(self) -> DType {
        match self {
            Complex64 => Float32,
            Complex128 => Float64,
            other => other,
        }
    }

    /// The complex dtype of the same precision, for floating-point dtypes.
    pub const fn complex_of(self) -> Option<DType> {
        match self {
            Float16 | BFloat16 | Float32 | Complex64 => Some(Complex64),
            Float64 | Complex128 => Some(Complex128),
            _ => None,
        }
    }

    /// The standard's type promotion: the dtype that results from combining two arrays, or `None`
    /// where the standard leaves it undefined (an integer with a float, bool with a number, uint64
    /// with a signed integer, float16 with bfloat16).
    pub fn promote(self, other: DType) -> Option<DType> {
        if self == other {
            return Some(self);
        }
        let (a, b) = if self <= other { (self, other) } else { (other, self) };
        if a.is_signed_integer() && b.is_signed_integer()
            || a.is_unsigned_integer() && b.is_unsigned_integer()
        {
            return Some(b);
        }
        if a.is_signed_integer() && b.is_unsigned_integer() {
            // the smallest signed type that holds both
            let wide = match b {
                UInt8 => Int16,
                UInt16 => Int32,
                UInt32 => Int64,
                _ => return None,
            };
            return Some(a.max(wide));
        }
        if a.is_floating() && b.is_floating() {
            return match (a, b) {
                (Float16, BFloat16) => None,
                (Float64, Complex64) => Some(Complex128),
                _ => Some(b),
            };
        }
        None
    }

    /// Whether every conversion from `self` to `to` is a promotion: `promote(self, to) == Some(to)`.
    pub fn can_cast(self, to: DType) -> bool {
        self.promote(to) == Some(to)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promotion_is_a_partial_join() {
        for a in DType::ALL {
            for b in DType::ALL {
                assert_eq!(a.promote(b), b.promote(a), "{a} {b}");
                for c in DType::ALL {
                    let left = a.promote(b).and_then(|ab| ab.promote(c));
                    let right = b.promote(c).and_then(|bc| a.promote(bc));
                    if let (Some(l), Some(r)) = (left, right) {
                        assert_eq!(l, r, "{a} {b} {c}");
                    }
                }
            }
        }
    }

    #[test]
    fn mixed_signs() {
        assert_eq!(Int8.promote(UInt32), Some(Int64));
        assert_eq!(Int64.promote(UInt8), Some(Int64));
        assert_eq!(Int32.promote(UInt16), Some(Int32));
        assert_eq!(UInt64.promote(Int8), None);
        assert_eq!(Bool.promote(Int8), None);
    }
}
