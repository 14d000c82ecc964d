//! Every second element, by shuffles in registers: the compiler reads them one at a time.

use std::arch::x86_64::*;

use super::CopyFn;
use crate::simd::Level;

/// The copy of elements of `size` bytes that is faster where they are every second of a row, if there is one.
pub(super) fn copy(size: usize, level: Level) -> Option<CopyFn> {
    match (size, level) {
        (4, Level::Avx512) => Some(four_avx512),
        (8, Level::Avx512) => Some(eight_avx512),
        (4, Level::Avx2) => Some(four_avx2),
        (8, Level::Avx2) => Some(eight_avx2),
        _ => None,
    }
}

/// Writes a function that copies `$lanes` elements at a time where they are every second one: those of two vectors
/// make one.
macro_rules! every_second {
    ($name:ident, $features:literal, $t:ty, $lanes:literal, $load:ident, $store:ident,
     |$a:ident, $b:ident| $shuffle:expr) => {
        /// # Safety
        /// That of [`CopyFn`]; the processor has the level.
        #[target_feature(enable = $features)]
        unsafe fn $name(x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize) {
            const SIZE: usize = size_of::<$t>();
            let mut done = 0;
            // SAFETY: the caller's promise. The last vector is left to the other loop: what follows the
            // last element may not be there.
            unsafe {
                if step == 2 * SIZE as isize && out_step == 1 {
                    while done + $lanes < n {
                        let from = x.add(2 * done * SIZE);
                        let $a = $load(from.cast());
                        let $b = $load(from.add($lanes * SIZE).cast());
                        $store(y.add(done * SIZE).cast(), $shuffle);
                        done += $lanes;
                    }
                }
                let rest = x.offset(done as isize * step);
                super::copy::copy_loop::<$t>(rest, step, y.add(done * SIZE), out_step, n - done);
            }
        }
    };
}

every_second!(four_avx2, "avx2", u32, 8, _mm256_loadu_si256, _mm256_storeu_si256, |a, b| {
    let (a, b) = (_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
    // of each half of `a` and `b` the first and the third, then the halves in order
    let pairs = _mm256_castps_si256(_mm256_shuffle_ps::<0b10_00_10_00>(a, b));
    _mm256_permute4x64_epi64::<0b11_01_10_00>(pairs)
});
every_second!(eight_avx2, "avx2", u64, 4, _mm256_loadu_si256, _mm256_storeu_si256, |a, b| {
    _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_unpacklo_epi64(a, b))
});
every_second!(four_avx512, "avx512f", u32, 16, _mm512_loadu_si512, _mm512_storeu_si512, |a, b| {
    let even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    _mm512_permutex2var_epi32(a, even, b)
});
every_second!(eight_avx512, "avx512f", u64, 8, _mm512_loadu_si512, _mm512_storeu_si512, |a, b| {
    _mm512_permutex2var_epi64(a, _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), b)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_and_lengths() {
        let levels = [Level::Avx2, Level::Avx512].into_iter().filter(|&l| l <= Level::best());
        for (level, size) in levels.flat_map(|level| [(level, 4), (level, 8)]) {
            let copy = copy(size, level).unwrap();
            for n in 0..40 {
                for step in [-3, -1, 0, 1, 2, 3isize] {
                    let span = 1 + (n as isize - 1).max(0).unsigned_abs() * step.unsigned_abs();
                    // no byte more than the elements reach
                    let memory: Vec<u8> =
                        (0..span * size).map(|i| (i * 7 + i / 256) as u8).collect();
                    let first = if step < 0 { span - 1 } else { 0 };
                    let mut out = vec![0u64; 40];
                    // SAFETY: `n` elements within the memory, and room for 40.
                    unsafe {
                        let from = memory.as_ptr().add(first * size);
                        copy(from, step * size as isize, out.as_mut_ptr().cast(), 1, n);
                    }
                    // SAFETY: the same memory as bytes.
                    let bytes =
                        unsafe { std::slice::from_raw_parts(out.as_ptr().cast::<u8>(), 320) };
                    for i in 0..n {
                        let at = (first as isize + i as isize * step) as usize * size;
                        let got = &bytes[i * size..][..size];
                        assert_eq!(got, &memory[at..][..size], "{size} {n} {step} {i}");
                    }
                }
            }
        }
    }
}
