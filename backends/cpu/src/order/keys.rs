//! The order of elements as the order of unsigned integers.
//!
//! An element's key compares, as an integer, as the element does: the sign bit of a signed integer is
//! flipped; a float's bits are flipped as a whole if it is negative, else at the sign (the mapping of
//! Terdiman and Herf, "Radix Tricks", 2001). Both zeros have one key, every NaN has the largest there
//! is, a complex number has the keys of its parts one after the other. Keys for a descending order are
//! inverted, but for NaN, which comes last in both.

use crate::memory::Plain;

/// An unsigned integer that serves as a key.
pub(crate) trait Key: Word + From<bool> {
    const BITS: u32;
    /// The key of NaN, and of nothing else among the floats.
    const MAX: Self;
    /// The key beside its index in one word, for at most 2³² indices, and for more.
    type Packed: Packed<Self>;
    type Long: Packed<Self>;
    /// How far the key is above another.
    fn above(self, base: Self) -> Self;
    /// The key that is so far above another.
    fn back(self, base: Self) -> Self;
    /// The bits up to the highest that is set.
    fn used_bits(self) -> u32;
}

/// A word that orders by a key, then by an index.
pub(crate) trait Packed<K>: Word {
    /// Bits below the key.
    const LOW: u32;
    fn pack(key: K, index: usize) -> Self;
    fn index(self) -> usize;
}

/// What [`super::words::sort`] sorts.
pub(crate) trait Word: Plain + Ord {
    /// Whether it has digits: sorted by comparison if not.
    const DIGITS: bool;
    /// The bits from `shift` under `mask`.
    fn digit(self, shift: u32, mask: usize) -> usize;
}

/// A key of 128 bits and an index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C)]
pub(crate) struct Wide {
    key: u128,
    index: u128,
}

// SAFETY: two integers without padding.
unsafe impl Plain for Wide {}

macro_rules! words {
    ($($t:ty)*) => { $(
        impl Word for $t {
            const DIGITS: bool = true;
            #[inline(always)]
            fn digit(self, shift: u32, mask: usize) -> usize {
                (self >> shift) as usize & mask
            }
        }
    )* };
}
words!(u8 u16 u32 u64 u128);

impl Word for Wide {
    const DIGITS: bool = false;
    fn digit(self, _shift: u32, _mask: usize) -> usize {
        0
    }
}

macro_rules! keys {
    ($($t:ty, $packed:ty, $long:ty;)*) => { $(
        impl Key for $t {
            const BITS: u32 = <$t>::BITS;
            const MAX: Self = <$t>::MAX;
            type Packed = $packed;
            type Long = $long;
            #[inline(always)]
            fn above(self, base: Self) -> Self {
                self.wrapping_sub(base)
            }
            #[inline(always)]
            fn back(self, base: Self) -> Self {
                self.wrapping_add(base)
            }
            #[inline(always)]
            fn used_bits(self) -> u32 {
                Self::BITS - self.leading_zeros()
            }
        }
    )* };
}
keys! {
    u8, u64, u128;
    u16, u64, u128;
    u32, u64, u128;
    u64, u128, u128;
    u128, Wide, Wide;
}

macro_rules! packed {
    ($($key:ty => $word:ty, $low:literal;)*) => { $(
        impl Packed<$key> for $word {
            const LOW: u32 = $low;
            #[inline(always)]
            fn pack(key: $key, index: usize) -> Self {
                <$word>::from(key) << $low | index as $word
            }
            #[inline(always)]
            fn index(self) -> usize {
                (self & ((1 << $low) - 1)) as usize
            }
        }
    )* };
}
packed! {
    u8 => u64, 32;
    u16 => u64, 32;
    u32 => u64, 32;
    u8 => u128, 64;
    u16 => u128, 64;
    u32 => u128, 64;
    u64 => u128, 64;
}

impl Packed<u128> for Wide {
    const LOW: u32 = 0;
    fn pack(key: u128, index: usize) -> Self {
        Wide { key, index: index as u128 }
    }
    fn index(self) -> usize {
        self.index as usize
    }
}

/// How elements of a dtype compare.
pub(crate) trait Kind: 'static {
    /// Whether the keys of ordinary elements are near each other, as those of small integers.
    const NEAR: bool;
    /// An element as it lies in memory.
    type Bits: Plain;
    type Key: Key;
    /// The key for an ascending (`DOWN = false`) or descending order.
    fn key<const DOWN: bool>(bits: Self::Bits) -> Self::Key;
}

/// A kind whose elements can be had back from their keys, all but some.
pub(crate) trait Invertible: Kind {
    /// The element of a key.
    fn bits<const DOWN: bool>(key: Self::Key) -> Self::Bits;
    /// Whether the element is another than its key's: a negative zero or a NaN.
    fn is_lost(bits: Self::Bits) -> bool;
    /// The key of zero.
    fn zero<const DOWN: bool>() -> Self::Key;
}

/// bool and unsigned integers.
pub(crate) struct Unsigned<U>(U);
/// Signed integers, given by their bits.
pub(crate) struct Signed<U>(U);
/// Floats, given by their bits; infinity's are `INFINITY`.
pub(crate) struct Float<U, const INFINITY: u64>(U);
/// Complex numbers of such floats.
pub(crate) struct Complex<U, const INFINITY: u64>(U);

pub(crate) const F16: u64 = 0x7c00;
pub(crate) const BF16: u64 = 0x7f80;
pub(crate) const F32: u64 = 0x7f80_0000;
pub(crate) const F64: u64 = 0x7ff0_0000_0000_0000;

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl Kind for Unsigned<$t> {
            const NEAR: bool = true;
            type Bits = $t;
            type Key = $t;
            #[inline(always)]
            fn key<const DOWN: bool>(bits: $t) -> $t {
                if DOWN { !bits } else { bits }
            }
        }
        impl Invertible for Unsigned<$t> {
            #[inline(always)]
            fn bits<const DOWN: bool>(key: $t) -> $t {
                if DOWN { !key } else { key }
            }
            #[inline(always)]
            fn is_lost(_bits: $t) -> bool {
                false
            }
            fn zero<const DOWN: bool>() -> $t {
                Self::key::<DOWN>(0)
            }
        }
        impl Kind for Signed<$t> {
            const NEAR: bool = true;
            type Bits = $t;
            type Key = $t;
            #[inline(always)]
            fn key<const DOWN: bool>(bits: $t) -> $t {
                Unsigned::<$t>::key::<DOWN>(bits ^ (1 << (<$t>::BITS - 1)))
            }
        }
        impl Invertible for Signed<$t> {
            #[inline(always)]
            fn bits<const DOWN: bool>(key: $t) -> $t {
                Unsigned::<$t>::bits::<DOWN>(key) ^ (1 << (<$t>::BITS - 1))
            }
            #[inline(always)]
            fn is_lost(_bits: $t) -> bool {
                false
            }
            fn zero<const DOWN: bool>() -> $t {
                Self::key::<DOWN>(0)
            }
        }
    )* };
}
integers!(u8 u16 u32 u64);

macro_rules! floats {
    ($($t:ty)*) => { $(
        impl<const INFINITY: u64> Kind for Float<$t, INFINITY> {
            const NEAR: bool = false;
            type Bits = $t;
            type Key = $t;
            #[inline(always)]
            fn key<const DOWN: bool>(bits: $t) -> $t {
                const SIGN: $t = 1 << (<$t>::BITS - 1);
                let magnitude = bits & !SIGN;
                // the zeros are one; then flip all bits of a negative, the sign of a positive
                let bits = if magnitude == 0 { 0 } else { bits };
                let key = if bits & SIGN != 0 { !bits } else { bits | SIGN };
                let key = if DOWN { !key } else { key };
                if magnitude > INFINITY as $t { <$t>::MAX } else { key }
            }
        }
        impl<const INFINITY: u64> Invertible for Float<$t, INFINITY> {
            #[inline(always)]
            fn bits<const DOWN: bool>(key: $t) -> $t {
                const SIGN: $t = 1 << (<$t>::BITS - 1);
                let key = if DOWN { !key } else { key };
                if key & SIGN != 0 { key & !SIGN } else { !key }
            }
            #[inline(always)]
            fn is_lost(bits: $t) -> bool {
                const SIGN: $t = 1 << (<$t>::BITS - 1);
                bits == SIGN || bits & !SIGN > INFINITY as $t
            }
            fn zero<const DOWN: bool>() -> $t {
                Self::key::<DOWN>(0)
            }
        }
    )* };
}
floats!(u16 u32 u64);

macro_rules! complexes {
    ($($t:ty, $key:ty;)*) => { $(
        impl<const INFINITY: u64> Kind for Complex<$t, INFINITY> {
            const NEAR: bool = false;
            type Bits = [$t; 2];
            type Key = $key;
            #[inline(always)]
            fn key<const DOWN: bool>([re, im]: [$t; 2]) -> $key {
                let re = Float::<$t, INFINITY>::key::<DOWN>(re);
                let im = Float::<$t, INFINITY>::key::<DOWN>(im);
                if re == <$t>::MAX || im == <$t>::MAX {
                    return <$key>::MAX;
                }
                <$key>::from(re) << <$t>::BITS | <$key>::from(im)
            }
        }
    )* };
}
complexes! {
    u32, u64;
    u64, u128;
}

/// Evaluates an expression with the kind `$k` of a dtype; with another expression for complex ones, if
/// it is given.
macro_rules! with_kind {
    ($dtype:expr, $k:ident => $any:expr) => {
        $crate::order::keys::with_kind!($dtype, $k => $any, $any)
    };
    ($dtype:expr, $k:ident => $real:expr, $complex:expr) => {{
        use arrayspace_core::DType;
        use $crate::order::keys::{BF16, Complex, F16, F32, F64, Float, Signed, Unsigned};
        macro_rules! with {
            ($t:ty, $e:expr) => {{
                type $k = $t;
                $e
            }};
        }
        match $dtype {
            DType::Bool | DType::UInt8 => with!(Unsigned<u8>, $real),
            DType::UInt16 => with!(Unsigned<u16>, $real),
            DType::UInt32 => with!(Unsigned<u32>, $real),
            DType::UInt64 => with!(Unsigned<u64>, $real),
            DType::Int8 => with!(Signed<u8>, $real),
            DType::Int16 => with!(Signed<u16>, $real),
            DType::Int32 => with!(Signed<u32>, $real),
            DType::Int64 => with!(Signed<u64>, $real),
            DType::Float16 => with!(Float<u16, F16>, $real),
            DType::BFloat16 => with!(Float<u16, BF16>, $real),
            DType::Float32 => with!(Float<u32, F32>, $real),
            DType::Float64 => with!(Float<u64, F64>, $real),
            DType::Complex64 => with!(Complex<u32, F32>, $complex),
            DType::Complex128 => with!(Complex<u64, F64>, $complex),
        }
    }};
}
pub(crate) use with_kind;
