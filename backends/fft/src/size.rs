//! How much memory a plan takes.
//!
//! `rustfft` allocates what it needs without asking, and a process whose allocator has nothing left is ended. So
//! whoever makes a plan asks first whether there is room. The figures are upper bounds, a small multiple of
//! the truth, for all of its algorithms on every processor; a test counts what is allocated.

use num_complex::Complex;

/// Bytes of a plan.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Size {
    /// What it takes while it lives.
    pub(crate) kept: usize,
    /// The most that is allocated while it is made.
    pub(crate) making: usize,
}

/// Bytes of what every plan has, whatever its length.
const OBJECTS: usize = 4096;

/// Up to this, lengths without a factor below 13 (which are primes) are transformed by formulas of their own.
const SMALL: usize = 31;

/// The plan of `n` complex numbers.
///
/// Steps of a few points each have their factors in tables, all of which together have fewer elements than
/// lines. What is left of the length when these are divided out is transformed by the algorithms of Rader or
/// Bluestein: by a convolution that is up to three times as long, with factors of its own.
pub(crate) fn complex<T>(n: usize) -> Size {
    let mut rest = n;
    for factor in [2, 3, 5, 7, 11] {
        while rest > 0 && rest.is_multiple_of(factor) {
            rest /= factor;
        }
    }
    let awkward = if rest > SMALL { rest } else { 0 };
    let bytes = |plain: usize, convolved: usize| {
        let items = n.saturating_mul(plain).saturating_add(awkward.saturating_mul(convolved));
        items.saturating_mul(size_of::<Complex<T>>()).saturating_add(OBJECTS)
    };
    Size { kept: bytes(2, 6), making: bytes(2, 14) }
}

/// The plan of `n` real numbers: of half as many complex ones and a table, if they can be halved.
pub(crate) fn real<T>(n: usize) -> Size {
    if !n.is_multiple_of(2) {
        return complex::<T>(n);
    }
    let Size { kept, making } = complex::<T>(n / 2);
    let table = (n / 4 + 1).saturating_mul(size_of::<Complex<T>>());
    Size { kept: kept.saturating_add(table), making: making.saturating_add(table) }
}
