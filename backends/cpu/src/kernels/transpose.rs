//! Transposes of blocks, in registers.
//!
//! Compilers make moves of single elements of the obvious loops; the shuffles of 4-byte and 8-byte elements
//! are therefore written out (the usual log-step interleaving: pairs, pairs of pairs, halves).

use crate::simd::Level;

/// Copies a block of some columns, as they lie in memory, to rows.
///
/// Element `c` of row `r` is at `x`, `c * column` bytes and `r` elements on, and goes to `y`, `r * pitch + c`
/// elements on.
///
/// # Safety
/// There are elements at these places for `c < columns`, `r < rows`, and room for them at `y`, apart from
/// them. Neither need be aligned. The processor has the level that the kernel was chosen for.
pub(crate) type TransposeFn =
    unsafe fn(x: *const u8, column: isize, y: *mut u8, pitch: usize, columns: usize, rows: usize);

/// The copy of columns of elements of `size` bytes (1, 2, 4, 8 or 16) to rows.
pub(crate) fn transpose(size: usize, level: Level) -> TransposeFn {
    match (size, level) {
        #[cfg(target_arch = "x86_64")]
        (4, Level::Avx2 | Level::Avx512) => avx2::four_bytes,
        #[cfg(target_arch = "x86_64")]
        (8, Level::Avx2 | Level::Avx512) => avx2::eight_bytes,
        (1, _) => one_by_one::<1>,
        (2, _) => one_by_one::<2>,
        (4, _) => one_by_one::<4>,
        (8, _) => one_by_one::<8>,
        _ => one_by_one::<16>,
    }
}

/// Element by element, a column at a time.
///
/// # Safety
/// That of [`TransposeFn`], for elements of `N` bytes.
unsafe fn one_by_one<const N: usize>(
    x: *const u8,
    column: isize,
    y: *mut u8,
    pitch: usize,
    columns: usize,
    rows: usize,
) {
    // arrays of bytes have alignment 1 and still move as one word
    let y = y.cast::<[u8; N]>();
    for c in 0..columns {
        for r in 0..rows {
            // SAFETY: the caller's promise.
            unsafe {
                let from = x.offset(c as isize * column).cast::<[u8; N]>().add(r);
                y.add(r * pitch + c).write(from.read());
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::one_by_one;

    /// Writes a function that walks blocks of `$n` by `$n` elements of `$size` bytes, and what is left over
    /// element by element.
    macro_rules! blocks {
        ($name:ident, $block:ident, $n:literal, $size:literal) => {
            /// # Safety
            /// That of [`TransposeFn`](super::TransposeFn).
            #[target_feature(enable = "avx2")]
            pub(super) unsafe fn $name(
                x: *const u8,
                column: isize,
                y: *mut u8,
                pitch: usize,
                columns: usize,
                rows: usize,
            ) {
                let (c1, r1) = (columns - columns % $n, rows - rows % $n);
                // SAFETY: the caller's promise: whole blocks, what is below them, and what is beside both.
                unsafe {
                    for c in (0..c1).step_by($n) {
                        for r in (0..r1).step_by($n) {
                            let from = x.offset(c as isize * column).add(r * $size);
                            $block(from, column, y.add((r * pitch + c) * $size), pitch * $size);
                        }
                    }
                    let below = y.add(r1 * pitch * $size);
                    one_by_one::<$size>(x.add(r1 * $size), column, below, pitch, c1, rows - r1);
                    let beside = x.offset(c1 as isize * column);
                    let to = y.add(c1 * $size);
                    one_by_one::<$size>(beside, column, to, pitch, columns - c1, rows);
                }
            }
        };
    }
    blocks!(four_bytes, eight_by_eight, 8, 4);
    blocks!(eight_bytes, four_by_four, 4, 8);

    /// # Safety
    /// There are 8 elements of 4 bytes at `x` and each `column` bytes from there, 8 times, and room for as
    /// many at `y`, `row` bytes apart.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn eight_by_eight(x: *const u8, column: isize, y: *mut u8, row: usize) {
        // SAFETY: the caller's promise.
        let a: [__m256; 8] = std::array::from_fn(|k| unsafe {
            _mm256_loadu_ps(x.offset(k as isize * column).cast())
        });
        // elements r of two columns side by side, in each half
        let pairs: [__m256; 8] = std::array::from_fn(|k| {
            let (a, b) = (a[k / 2 * 2], a[k / 2 * 2 + 1]);
            if k % 2 == 0 { _mm256_unpacklo_ps(a, b) } else { _mm256_unpackhi_ps(a, b) }
        });
        // of four columns
        let fours: [__m256; 8] = std::array::from_fn(|k| {
            let (a, b) = (pairs[k / 4 * 4 + k % 4 / 2], pairs[k / 4 * 4 + 2 + k % 4 / 2]);
            if k % 2 == 0 {
                _mm256_shuffle_ps::<0b01_00_01_00>(a, b)
            } else {
                _mm256_shuffle_ps::<0b11_10_11_10>(a, b)
            }
        });
        for k in 0..8 {
            let (a, b) = (fours[k % 4], fours[4 + k % 4]);
            let line = if k < 4 {
                _mm256_permute2f128_ps::<0x20>(a, b)
            } else {
                _mm256_permute2f128_ps::<0x31>(a, b)
            };
            // SAFETY: the caller's promise.
            unsafe { _mm256_storeu_ps(y.add(k * row).cast(), line) };
        }
    }

    /// # Safety
    /// There are 4 elements of 8 bytes at `x` and each `column` bytes from there, 4 times, and room for as
    /// many at `y`, `row` bytes apart.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn four_by_four(x: *const u8, column: isize, y: *mut u8, row: usize) {
        // SAFETY: the caller's promise.
        let a: [__m256d; 4] = std::array::from_fn(|k| unsafe {
            _mm256_loadu_pd(x.offset(k as isize * column).cast())
        });
        let pairs = [
            _mm256_unpacklo_pd(a[0], a[1]),
            _mm256_unpackhi_pd(a[0], a[1]),
            _mm256_unpacklo_pd(a[2], a[3]),
            _mm256_unpackhi_pd(a[2], a[3]),
        ];
        for k in 0..4 {
            let (a, b) = (pairs[k % 2], pairs[2 + k % 2]);
            let line = if k < 2 {
                _mm256_permute2f128_pd::<0x20>(a, b)
            } else {
                _mm256_permute2f128_pd::<0x31>(a, b)
            };
            // SAFETY: the caller's promise.
            unsafe { _mm256_storeu_pd(y.add(k * row).cast(), line) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_goes_to_its_place() {
        for &level in Level::available() {
            for size in [1, 2, 4, 8, 16] {
                for (columns, rows) in [(1, 1), (3, 5), (8, 8), (16, 16), (17, 9), (9, 20), (4, 0)]
                {
                    let (column, pitch) = ((rows + 3) * size + 1, columns + 2);
                    let x: Vec<u8> =
                        (0..columns * column).map(|i| (i * 7 + i / 256) as u8).collect();
                    let mut y = vec![0xA5u8; rows * pitch * size];
                    let kernel = transpose(size, level);
                    // SAFETY: columns of rows + 3 elements, and rows of columns + 2.
                    unsafe {
                        kernel(x.as_ptr(), column as isize, y.as_mut_ptr(), pitch, columns, rows);
                    }
                    for r in 0..rows {
                        for c in 0..pitch {
                            let got = &y[(r * pitch + c) * size..][..size];
                            if c < columns {
                                let want = &x[c * column + r * size..][..size];
                                assert_eq!(got, want, "{size} {columns}x{rows}: {c} {r} {level:?}");
                            } else {
                                assert!(got.iter().all(|&b| b == 0xA5), "beyond row {r}");
                            }
                        }
                    }
                }
            }
        }
    }
}
