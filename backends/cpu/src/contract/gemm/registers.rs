//! Vector registers of real numbers, one type for each vector unit.
//!
//! The compiler keeps an array of registers where it is told to, which it does not do for sums in arrays
//! of numbers that it has to vectorise first.

use std::ops::{Add, Neg};

/// A register of numbers of type `R`.
///
/// # Safety
/// A type is used in functions that are compiled for its vector unit alone, on a processor that has it.
pub(super) unsafe trait Register<R>: Copy {
    /// Numbers in a register.
    const LANES: usize;
    /// Which lanes are read or written.
    type Mask: Copy;

    /// The first `lanes` lanes; at most all.
    unsafe fn mask(lanes: usize) -> Self::Mask;
    /// All lanes +0.
    unsafe fn zero() -> Self;
    /// A number in all lanes.
    unsafe fn splat(x: R) -> Self;
    /// All lanes from memory.
    unsafe fn load(from: *const R) -> Self;
    /// Some lanes from memory, 0 in the others, whose memory is not touched.
    unsafe fn load_some(from: *const R, mask: Self::Mask) -> Self;
    /// Writes some lanes to memory.
    unsafe fn store_some(self, to: *mut R, mask: Self::Mask);
    /// `self + a·b`; in one rounding where the unit has such an instruction.
    unsafe fn plus_product(self, a: Self, b: Self) -> Self;
    /// The sum.
    unsafe fn plus(self, other: Self) -> Self;
    /// Pairs of lanes as complex numbers, multiplied by i: `(re, im)` becomes `(-im, re)`.
    unsafe fn times_i(self) -> Self;
    /// Of each pair the first number, twice: `(re, im)` becomes `(re, re)`.
    unsafe fn real_parts(self) -> Self;
    /// Of each pair the second number, twice: `(re, im)` becomes `(im, im)`.
    unsafe fn imaginary_parts(self) -> Self;
}

/// Registers for every processor of an architecture: the compiler finds out.
#[derive(Clone, Copy)]
pub(super) struct Portable<R, const N: usize>([R; N]);

macro_rules! portable {
    ($($r:ty, $lanes:literal;)*) => { $(
        // SAFETY: no instructions beyond those that every processor has.
        unsafe impl Register<$r> for Portable<$r, $lanes> {
            const LANES: usize = $lanes;
            type Mask = usize;

            #[inline(always)]
            unsafe fn mask(lanes: usize) -> usize {
                lanes
            }
            #[inline(always)]
            unsafe fn zero() -> Self {
                Portable([0.0; $lanes])
            }
            #[inline(always)]
            unsafe fn splat(x: $r) -> Self {
                Portable([x; $lanes])
            }
            #[inline(always)]
            unsafe fn load(from: *const $r) -> Self {
                // SAFETY: the caller's promise; an array needs no alignment beyond a number's.
                Portable(unsafe { from.cast::<[$r; $lanes]>().read() })
            }
            #[inline(always)]
            unsafe fn load_some(from: *const $r, lanes: usize) -> Self {
                if lanes == $lanes {
                    // SAFETY: the caller's promise.
                    return unsafe { Self::load(from) };
                }
                let mut all = [0.0; $lanes];
                for (lane, x) in all.iter_mut().enumerate().take(lanes) {
                    // SAFETY: the caller's promise, for these lanes.
                    *x = unsafe { from.add(lane).read() };
                }
                Portable(all)
            }
            #[inline(always)]
            unsafe fn store_some(self, to: *mut $r, lanes: usize) {
                for (lane, x) in self.0.into_iter().enumerate().take(lanes) {
                    // SAFETY: the caller's promise, for these lanes.
                    unsafe { to.add(lane).write(x) };
                }
            }
            #[inline(always)]
            unsafe fn plus_product(self, a: Self, b: Self) -> Self {
                // where there is no instruction, `mul_add` is a call
                const FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));
                Portable(std::array::from_fn(|l| {
                    if FUSED { a.0[l].mul_add(b.0[l], self.0[l]) } else { self.0[l] + a.0[l] * b.0[l] }
                }))
            }
            #[inline(always)]
            unsafe fn plus(self, other: Self) -> Self {
                Portable(std::array::from_fn(|l| self.0[l] + other.0[l]))
            }
            #[inline(always)]
            unsafe fn times_i(self) -> Self {
                Portable(std::array::from_fn(|l| if l % 2 == 0 { -self.0[l + 1] } else { self.0[l - 1] }))
            }
            #[inline(always)]
            unsafe fn real_parts(self) -> Self {
                Portable(std::array::from_fn(|l| self.0[l - l % 2]))
            }
            #[inline(always)]
            unsafe fn imaginary_parts(self) -> Self {
                Portable(std::array::from_fn(|l| self.0[l - l % 2 + 1]))
            }
        }
    )* };
}
portable! {
    f32, 4;
    f64, 2;
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::Register;

    macro_rules! avx512 {
        ($r:ty, $register:ty, $mask:ty, $lanes:literal, $all:expr, $zero:ident, $splat:ident, $load:ident,
         $load_some:ident, $store_some:ident, $fma:ident, $add:ident,
         |$x:ident| $times_i:expr, $real_parts:expr, $imaginary_parts:expr) => {
            // SAFETY: instructions of AVX-512 F and DQ.
            unsafe impl Register<$r> for $register {
                const LANES: usize = $lanes;
                type Mask = $mask;

                #[inline(always)]
                unsafe fn mask(lanes: usize) -> $mask {
                    if lanes >= $lanes { <$mask>::MAX } else { (1 << lanes) - 1 }
                }
                #[inline(always)]
                unsafe fn zero() -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $zero() }
                }
                #[inline(always)]
                unsafe fn splat(x: $r) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $splat(x) }
                }
                #[inline(always)]
                unsafe fn load(from: *const $r) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $load(from) }
                }
                #[inline(always)]
                unsafe fn load_some(from: *const $r, mask: $mask) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $load_some(mask, from) }
                }
                #[inline(always)]
                unsafe fn store_some(self, to: *mut $r, mask: $mask) {
                    // SAFETY: the caller's promise.
                    unsafe { $store_some(to, mask, self) }
                }
                #[inline(always)]
                unsafe fn plus_product(self, a: Self, b: Self) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $fma(a, b, self) }
                }
                #[inline(always)]
                unsafe fn plus(self, other: Self) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $add(self, other) }
                }
                #[inline(always)]
                unsafe fn times_i(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $times_i }
                }
                #[inline(always)]
                unsafe fn real_parts(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $real_parts }
                }
                #[inline(always)]
                unsafe fn imaginary_parts(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $imaginary_parts }
                }
            }
        };
    }
    avx512!(
        f32,
        __m512,
        __mmask16,
        16,
        !0,
        _mm512_setzero_ps,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_maskz_loadu_ps,
        _mm512_mask_storeu_ps,
        _mm512_fmadd_ps,
        _mm512_add_ps,
        |x| _mm512_xor_ps(
            _mm512_permute_ps::<0b10_11_00_01>(x),
            _mm512_castsi512_ps(_mm512_set1_epi64(0x8000_0000))
        ),
        _mm512_moveldup_ps(x),
        _mm512_movehdup_ps(x)
    );
    avx512!(
        f64,
        __m512d,
        __mmask8,
        8,
        !0,
        _mm512_setzero_pd,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_maskz_loadu_pd,
        _mm512_mask_storeu_pd,
        _mm512_fmadd_pd,
        _mm512_add_pd,
        |x| _mm512_xor_pd(
            _mm512_permute_pd::<0b0101_0101>(x),
            _mm512_castsi512_pd(_mm512_maskz_set1_epi64(0b0101_0101, i64::MIN))
        ),
        _mm512_movedup_pd(x),
        _mm512_permute_pd::<0b1111_1111>(x)
    );

    /// Lanes to be read or written have the highest bit set.
    static SOME: [u32; 16] = [!0, !0, !0, !0, !0, !0, !0, !0, 0, 0, 0, 0, 0, 0, 0, 0];

    macro_rules! avx2 {
        ($r:ty, $register:ty, $lanes:literal, $words:literal, $zero:ident, $splat:ident, $load:ident,
         $load_some:ident, $store_some:ident, $fma:ident, $add:ident,
         |$x:ident| $times_i:expr, $real_parts:expr, $imaginary_parts:expr) => {
            // SAFETY: instructions of AVX2 and FMA.
            unsafe impl Register<$r> for $register {
                const LANES: usize = $lanes;
                type Mask = __m256i;

                #[inline(always)]
                unsafe fn mask(lanes: usize) -> __m256i {
                    let lanes = lanes.min($lanes);
                    // SAFETY: 8 words of 16, from the first on or later.
                    unsafe { _mm256_loadu_si256(SOME.as_ptr().add(8 - lanes * $words).cast()) }
                }
                #[inline(always)]
                unsafe fn zero() -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $zero() }
                }
                #[inline(always)]
                unsafe fn splat(x: $r) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $splat(x) }
                }
                #[inline(always)]
                unsafe fn load(from: *const $r) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $load(from) }
                }
                #[inline(always)]
                unsafe fn load_some(from: *const $r, mask: __m256i) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $load_some(from, mask) }
                }
                #[inline(always)]
                unsafe fn store_some(self, to: *mut $r, mask: __m256i) {
                    // SAFETY: the caller's promise.
                    unsafe { $store_some(to, mask, self) }
                }
                #[inline(always)]
                unsafe fn plus_product(self, a: Self, b: Self) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $fma(a, b, self) }
                }
                #[inline(always)]
                unsafe fn plus(self, other: Self) -> Self {
                    // SAFETY: the caller's promise.
                    unsafe { $add(self, other) }
                }
                #[inline(always)]
                unsafe fn times_i(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $times_i }
                }
                #[inline(always)]
                unsafe fn real_parts(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $real_parts }
                }
                #[inline(always)]
                unsafe fn imaginary_parts(self) -> Self {
                    let $x = self;
                    // SAFETY: the caller's promise.
                    unsafe { $imaginary_parts }
                }
            }
        };
    }
    avx2!(
        f32,
        __m256,
        8,
        1,
        _mm256_setzero_ps,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_maskload_ps,
        _mm256_maskstore_ps,
        _mm256_fmadd_ps,
        _mm256_add_ps,
        |x| _mm256_xor_ps(
            _mm256_permute_ps::<0b10_11_00_01>(x),
            _mm256_castsi256_ps(_mm256_set1_epi64x(0x8000_0000))
        ),
        _mm256_moveldup_ps(x),
        _mm256_movehdup_ps(x)
    );
    avx2!(
        f64,
        __m256d,
        4,
        2,
        _mm256_setzero_pd,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_maskload_pd,
        _mm256_maskstore_pd,
        _mm256_fmadd_pd,
        _mm256_add_pd,
        |x| _mm256_xor_pd(_mm256_permute_pd::<0b0101>(x), _mm256_set_pd(0.0, -0.0, 0.0, -0.0)),
        _mm256_movedup_pd(x),
        _mm256_permute_pd::<0b1111>(x)
    );
}

/// A type of real numbers, and its registers.
pub(super) trait Real:
    Copy + Default + Add<Output = Self> + Neg<Output = Self> + Send + Sync + 'static
{
    /// Of AVX-512.
    #[cfg(target_arch = "x86_64")]
    type Avx512: Register<Self>;
    /// Of AVX2.
    #[cfg(target_arch = "x86_64")]
    type Avx2: Register<Self>;
    /// Of every processor.
    type Baseline: Register<Self>;
}

impl Real for f32 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = std::arch::x86_64::__m512;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = std::arch::x86_64::__m256;
    type Baseline = Portable<f32, 4>;
}

impl Real for f64 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = std::arch::x86_64::__m512d;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = std::arch::x86_64::__m256d;
    type Baseline = Portable<f64, 2>;
}
