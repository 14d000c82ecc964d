//! Registers of x86-64, and several of them.

use std::ops::{Add, Mul, Sub};

use super::{Numbers, Table};

/// Twice as many, so that operations need not wait for one another.
#[derive(Clone, Copy)]
pub(in super::super) struct Twice<X>(X, X);

/// Operators of both.
macro_rules! operators {
    ($($operator:ident $method:ident;)*) => { $(
        impl<X: $operator<Output = X>> $operator for Twice<X> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Twice(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    )* };
}
operators! { Add add; Sub sub; Mul mul; }

impl<T: Copy, X: Numbers<T>> Numbers<T> for Twice<X> {
    type Places = (X::Places, X::Places);

    #[inline(always)]
    fn constant(self, x: T) -> Self {
        let x = self.0.constant(x);
        Twice(x, x)
    }

    #[inline(always)]
    fn fused<const FMA: bool>(self, b: Self, c: Self) -> Self {
        Twice(self.0.fused::<FMA>(b.0, c.0), self.1.fused::<FMA>(b.1, c.1))
    }

    #[inline(always)]
    fn clamp(self, bound: T) -> Self {
        Twice(self.0.clamp(bound), self.1.clamp(bound))
    }

    #[inline(always)]
    fn reduce(self, least: T) -> (Self, Self, Self::Places) {
        let (first, second) = (self.0.reduce(least), self.1.reduce(least));
        (Twice(first.0, second.0), Twice(first.1, second.1), (first.2, second.2))
    }

    #[inline(always)]
    fn sixteenth(self) -> Self::Places {
        (self.0.sixteenth(), self.1.sixteenth())
    }

    #[inline(always)]
    fn look_up(self, table: &Table<T>, at: Self::Places) -> Self {
        Twice(self.0.look_up(table, at.0), self.1.look_up(table, at.1))
    }

    #[inline(always)]
    fn scale(self, n: Self, shifted: Self) -> Self {
        Twice(self.0.scale(n.0, shifted.0), self.1.scale(n.1, shifted.1))
    }
}

/// Registers with numbers of type `T`.
pub(in super::super) trait Registers<T>: Numbers<T> {
    /// How many they hold.
    const COUNT: usize;

    /// # Safety
    /// There are [`Registers::COUNT`] numbers; the processor has the registers.
    unsafe fn load(from: *const T) -> Self;

    /// # Safety
    /// There is room for [`Registers::COUNT`] numbers.
    unsafe fn store(self, to: *mut T);
}

impl<T: Copy, X: Registers<T>> Registers<T> for Twice<X> {
    const COUNT: usize = 2 * X::COUNT;

    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Twice(X::load(from), X::load(from.add(X::COUNT))) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: the caller's promise.
        unsafe {
            self.0.store(to);
            self.1.store(to.add(X::COUNT));
        }
    }
}

pub(in super::super) use avx2::ShortSingles;
pub(in super::super) use avx512::{Doubles, Singles};

mod avx512 {
    use std::arch::x86_64::*;
    use std::ops::{Add, Mul, Sub};

    use super::super::{Numbers, Table};
    use super::Registers;

    /// Eight numbers in a register of AVX-512.
    ///
    /// A value is made by unsafe functions alone, on a processor that has F and DQ of AVX-512; therefore what
    /// takes one may use their instructions.
    #[derive(Clone, Copy)]
    pub(crate) struct Doubles(__m512d);

    /// Sixteen numbers, as [`Doubles`].
    #[derive(Clone, Copy)]
    pub(crate) struct Singles(__m512);

    /// What the two have in common.
    macro_rules! registers {
        ($name:ident $t:ty, $count:literal, $bits:ty, $signed:ty, $places:literal, $fraction:literal;
         $load:ident $store:ident $set:ident $set_bits:ident $add:ident $sub:ident $mul:ident $fmadd:ident
         $range:ident $scalef:ident; $of_bits:ident $to_bits:ident $add_bits:ident $sub_bits:ident
         $right:ident $signed_right:ident $convert:ident;
         |$table:ident, $at:ident| $look_up:expr) => {
            impl Add for $name {
                type Output = $name;
                #[inline(always)]
                fn add(self, other: $name) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $add(self.0, other.0) })
                }
            }

            impl Sub for $name {
                type Output = $name;
                #[inline(always)]
                fn sub(self, other: $name) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $sub(self.0, other.0) })
                }
            }

            impl Mul for $name {
                type Output = $name;
                #[inline(always)]
                fn mul(self, other: $name) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $mul(self.0, other.0) })
                }
            }

            impl Registers<$t> for $name {
                const COUNT: usize = $count;

                #[inline(always)]
                unsafe fn load(from: *const $t) -> $name {
                    // SAFETY: the caller's promise.
                    $name(unsafe { $load(from) })
                }

                #[inline(always)]
                unsafe fn store(self, to: *mut $t) {
                    // SAFETY: the caller's promise.
                    unsafe { $store(to, self.0) };
                }
            }

            impl Numbers<$t> for $name {
                type Places = __m512i;

                #[inline(always)]
                fn constant(self, x: $t) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $set(x) })
                }

                #[inline(always)]
                fn fused<const FMA: bool>(self, b: $name, c: $name) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $fmadd(self.0, b.0, c.0) })
                }

                #[inline(always)]
                fn clamp(self, bound: $t) -> $name {
                    // the lesser magnitude, with the sign of the first
                    const LEAST: i32 = 0b00_10;
                    // SAFETY: there is such a value.
                    $name(unsafe { $range::<LEAST>(self.0, self.constant(bound).0) })
                }

                #[inline(always)]
                fn reduce(self, least: $t) -> ($name, $name, __m512i) {
                    const BELOW: $bits = (1 << $fraction) - 1;
                    // SAFETY: there is such a value.
                    unsafe {
                        let least = $set_bits(least.to_bits() as $signed);
                        let bits = $sub_bits($to_bits(self.0), least);
                        let k = $convert($signed_right::<$fraction>(bits));
                        let below = _mm512_and_si512(bits, $set_bits(BELOW as $signed));
                        let m = $of_bits($add_bits(below, least));
                        ($name(k), $name(m), $right::<$places>(bits))
                    }
                }

                #[inline(always)]
                fn sixteenth(self) -> __m512i {
                    // SAFETY: there is such a value.
                    unsafe { $to_bits(self.0) }
                }

                #[inline(always)]
                fn look_up(self, table: &Table<$t>, at: __m512i) -> $name {
                    let ($table, $at) = (table.as_ptr(), at);
                    // SAFETY: a table has sixteen numbers, and of places four bits are looked at; there is
                    // such a value.
                    $name(unsafe { $look_up })
                }

                #[inline(always)]
                fn scale(self, n: $name, _: $name) -> $name {
                    // SAFETY: there is such a value.
                    $name(unsafe { $scalef(self.0, n.0) })
                }
            }
        };
    }
    registers! {
        Doubles f64, 8, u64, i64, 48, 52;
        _mm512_loadu_pd _mm512_storeu_pd _mm512_set1_pd _mm512_set1_epi64 _mm512_add_pd _mm512_sub_pd
        _mm512_mul_pd _mm512_fmadd_pd _mm512_range_pd _mm512_scalef_pd;
        _mm512_castsi512_pd _mm512_castpd_si512 _mm512_add_epi64 _mm512_sub_epi64
        _mm512_srli_epi64 _mm512_srai_epi64 _mm512_cvtepi64_pd;
        |table, at| _mm512_permutex2var_pd(_mm512_loadu_pd(table), at, _mm512_loadu_pd(table.add(8)))
    }
    registers! {
        Singles f32, 16, u32, i32, 19, 23;
        _mm512_loadu_ps _mm512_storeu_ps _mm512_set1_ps _mm512_set1_epi32 _mm512_add_ps _mm512_sub_ps
        _mm512_mul_ps _mm512_fmadd_ps _mm512_range_ps _mm512_scalef_ps;
        _mm512_castsi512_ps _mm512_castps_si512 _mm512_add_epi32 _mm512_sub_epi32
        _mm512_srli_epi32 _mm512_srai_epi32 _mm512_cvtepi32_ps;
        |table, at| _mm512_permutexvar_ps(at, _mm512_loadu_ps(table))
    }
}

mod avx2 {
    use std::arch::x86_64::*;
    use std::ops::{Add, Mul, Sub};

    use super::super::super::scale::ROUND_F32;
    use super::super::{Numbers, Table};
    use super::Registers;

    /// Eight numbers in a register of AVX2. There is no such type for `f64`: there, a look-up in registers would
    /// take more than one in memory.
    ///
    /// A value is made by unsafe functions alone, on a processor that has AVX2 and FMA; therefore what takes one may
    /// use their instructions.
    #[derive(Clone, Copy)]
    pub(crate) struct ShortSingles(__m256);

    /// Operators by an intrinsic each.
    macro_rules! operators {
        ($($operator:ident $method:ident $f:ident;)*) => { $(
            impl $operator for ShortSingles {
                type Output = ShortSingles;

                #[inline(always)]
                fn $method(self, other: ShortSingles) -> ShortSingles {
                    // SAFETY: there is such a value.
                    ShortSingles(unsafe { $f(self.0, other.0) })
                }
            }
        )* };
    }
    operators! { Add add _mm256_add_ps; Sub sub _mm256_sub_ps; Mul mul _mm256_mul_ps; }

    impl Registers<f32> for ShortSingles {
        const COUNT: usize = 8;

        #[inline(always)]
        unsafe fn load(from: *const f32) -> ShortSingles {
            // SAFETY: the caller's promise.
            ShortSingles(unsafe { _mm256_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { _mm256_storeu_ps(to, self.0) };
        }
    }

    impl Numbers<f32> for ShortSingles {
        type Places = __m256i;

        #[inline(always)]
        fn constant(self, x: f32) -> ShortSingles {
            // SAFETY: there is such a value.
            ShortSingles(unsafe { _mm256_set1_ps(x) })
        }

        #[inline(always)]
        fn fused<const FMA: bool>(self, b: ShortSingles, c: ShortSingles) -> ShortSingles {
            // SAFETY: there is such a value.
            ShortSingles(unsafe { _mm256_fmadd_ps(self.0, b.0, c.0) })
        }

        #[inline(always)]
        fn clamp(self, bound: f32) -> ShortSingles {
            let (least, most) = (self.constant(-bound).0, self.constant(bound).0);
            // SAFETY: there is such a value.
            ShortSingles(unsafe { _mm256_max_ps(_mm256_min_ps(self.0, most), least) })
        }

        #[inline(always)]
        fn reduce(self, least: f32) -> (ShortSingles, ShortSingles, __m256i) {
            // SAFETY: there is such a value.
            unsafe {
                let least = _mm256_set1_epi32(least.to_bits() as i32);
                let bits = _mm256_sub_epi32(_mm256_castps_si256(self.0), least);
                let k = _mm256_cvtepi32_ps(_mm256_srai_epi32::<23>(bits));
                let below = _mm256_and_si256(bits, _mm256_set1_epi32((1 << 23) - 1));
                let m = _mm256_castsi256_ps(_mm256_add_epi32(below, least));
                (ShortSingles(k), ShortSingles(m), _mm256_srli_epi32::<19>(bits))
            }
        }

        #[inline(always)]
        fn sixteenth(self) -> __m256i {
            // SAFETY: there is such a value.
            unsafe { _mm256_castps_si256(self.0) }
        }

        #[inline(always)]
        fn look_up(self, table: &Table<f32>, at: __m256i) -> ShortSingles {
            // SAFETY: a table has sixteen numbers. Three bits of a place are looked at, and the fourth says in
            // which half; there is such a value.
            unsafe {
                let low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table.as_ptr()), at);
                let high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table.as_ptr().add(8)), at);
                let half = _mm256_castsi256_ps(_mm256_slli_epi32::<28>(at));
                ShortSingles(_mm256_blendv_ps(low, high, half))
            }
        }

        #[inline(always)]
        fn scale(self, _: ShortSingles, shifted: ShortSingles) -> ShortSingles {
            // as `scale_f32`, above zero by so much
            const BIAS: i32 = 2 * 127;
            // SAFETY: there is such a value.
            unsafe {
                let zero = (ROUND_F32 / 16.0).to_bits() as i32 - 16 * BIAS;
                let n = _mm256_sub_epi32(_mm256_castps_si256(shifted.0), _mm256_set1_epi32(zero));
                let n = _mm256_srli_epi32::<4>(n);
                let half = _mm256_srli_epi32::<1>(n);
                let rest = _mm256_sub_epi32(n, half);
                let power = |n| _mm256_castsi256_ps(_mm256_slli_epi32::<23>(n));
                let x = _mm256_mul_ps(self.0, power(half));
                ShortSingles(_mm256_mul_ps(x, power(rest)))
            }
        }
    }
}
