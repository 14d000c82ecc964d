//! Every second element, by shuffles in registers: the compiler reads them one at a time.

use std::arch::x86_64::*;

use super::CopyFn;

/// The copy of elements of 4 bytes, which is faster where they are every second of a row.
pub(super) fn four_bytes() -> CopyFn {
    four
}

/// The same for elements of 8 bytes.
pub(super) fn eight_bytes() -> CopyFn {
    eight
}

/// Writes a function that copies `$lanes` elements at a time where they are every second one.
macro_rules! every_second {
    ($name:ident, $t:ty, $lanes:literal, |$a:ident, $b:ident| $shuffle:expr) => {
        /// # Safety
        /// That of [`CopyFn`]; the processor has AVX2.
        #[target_feature(enable = "avx2")]
        unsafe fn $name(x: *const u8, step: isize, y: *mut u8, out_step: usize, n: usize) {
            const SIZE: usize = size_of::<$t>();
            let mut done = 0;
            // SAFETY: the caller's promise. The last vector is left to the other loop: what follows the
            // last element may not be there.
            unsafe {
                if step == 2 * SIZE as isize && out_step == 1 {
                    while done + $lanes < n {
                        let from = x.add(2 * done * SIZE);
                        let $a = _mm256_loadu_si256(from.cast());
                        let $b = _mm256_loadu_si256(from.add(32).cast());
                        _mm256_storeu_si256(y.add(done * SIZE).cast(), $shuffle);
                        done += $lanes;
                    }
                }
                let rest = x.offset(done as isize * step);
                super::copy::generic::<$t>(rest, step, y.add(done * SIZE), out_step, n - done);
            }
        }
    };
}

every_second!(four, u32, 8, |a, b| {
    let (a, b) = (_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
    // of each half of `a` and `b` the first and the third, then the halves in order
    let pairs = _mm256_castps_si256(_mm256_shuffle_ps::<0b10_00_10_00>(a, b));
    _mm256_permute4x64_epi64::<0b11_01_10_00>(pairs)
});
every_second!(eight, u64, 4, |a, b| {
    _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_unpacklo_epi64(a, b))
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Level;

    #[test]
    fn all_steps_and_lengths() {
        if Level::best() < Level::Avx2 {
            return;
        }
        for (copy, size) in [(four_bytes(), 4), (eight_bytes(), 8)] {
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
