//! The vector units, chosen at run time.
//!
//! A plain build targets the oldest processor of an architecture. [`dispatch!`] compiles a loop once for
//! each [`Level`] that the architecture has, as a generic function with `#[target_feature]` around an
//! `#[inline(always)]` body, and makes a function that returns the address for a level: the compiler
//! vectorises the body for the unit, and the caller decides once, not per call. (The technique is that
//! of `memchr` and `pulp`.)
//!
//! The bodies are the same for every level, and the compiler contracts nothing (`a * b + c` stays two
//! roundings), so results do not depend on the level. A body that wants fused operations is told whether
//! the level has them (`with FMA`), and computes the same without.

use std::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(crate) enum Level {
    /// What every processor of the architecture has (SSE2 on x86-64).
    Baseline,
    /// AVX2, FMA and BMI: x86-64-v3.
    Avx2,
    /// AVX-512 F, BW, CD, DQ, VL: x86-64-v4.
    Avx512,
}

impl Level {
    /// Whether every processor of the architecture rounds `a * b + c` once in one instruction.
    pub(crate) const BASELINE_FMA: bool =
        cfg!(any(target_arch = "aarch64", all(target_arch = "x86_64", target_feature = "fma")));

    const ALL: [Level; 3] = [Level::Baseline, Level::Avx2, Level::Avx512];

    /// The best level of this processor.
    #[inline]
    pub(crate) fn best() -> Level {
        const UNKNOWN: u8 = u8::MAX;
        static BEST: AtomicU8 = AtomicU8::new(UNKNOWN);
        match BEST.load(Ordering::Relaxed) {
            UNKNOWN => {
                let best = *Level::available().last().unwrap_or(&Level::Baseline);
                BEST.store(best as u8, Ordering::Relaxed);
                best
            }
            known => Level::ALL[usize::from(known)],
        }
    }

    /// The levels of this processor, in ascending order.
    pub(crate) fn available() -> &'static [Level] {
        &Level::ALL[..1 + Level::beyond_baseline()]
    }

    #[cfg(all(target_arch = "x86_64", not(miri)))]
    #[cold]
    fn beyond_baseline() -> usize {
        use std::arch::is_x86_feature_detected as has;
        let v3 = has!("avx2")
            && has!("fma")
            && has!("bmi1")
            && has!("bmi2")
            && has!("lzcnt")
            && has!("popcnt");
        let v4 = v3
            && has!("avx512f")
            && has!("avx512bw")
            && has!("avx512cd")
            && has!("avx512dq")
            && has!("avx512vl");
        usize::from(v3) + usize::from(v4)
    }

    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    fn beyond_baseline() -> usize {
        0
    }
}

/// Asks for the memory at an address, which will be needed soon.
#[inline(always)]
pub(crate) fn prefetch<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Makes a function that returns the instance of a loop for a level.
///
/// `fn name<T, ..>[bounds](arguments) = body;` gives `fn name<T, ..>(level) -> unsafe fn(arguments)`,
/// where `body` is an `#[inline(always)]` unsafe function of the same generics and arguments. The
/// function that is returned has the safety conditions of the body, and must only be called on a
/// processor that has the level.
///
/// With `= body with FMA` the last generics of the body are `const FMA: bool, const LEVEL: u8`: whether the level
/// has fused multiply-add, and which [`Level`] it is.
macro_rules! dispatch {
    ($($(#[$doc:meta])* fn $name:ident<$($g:ident),*>[$($bound:tt)*]($($arg:ident: $ty:ty),*) = $body:ident $(with $fma:ident)?;)*) => { $(
        $(#[$doc])*
        #[inline]
        pub(crate) fn $name<$($g),*>(level: $crate::simd::Level) -> unsafe fn($($ty),*)
        where
            $($bound)*
        {
            unsafe fn baseline<$($g),*>($($arg: $ty),*)
            where
                $($bound)*
            {
                // SAFETY: the caller keeps the conditions of the body.
                unsafe { $crate::simd::instance!($crate::simd::Level::BASELINE_FMA, Baseline, $($fma)?; $body, $($g),*)($($arg),*) }
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            unsafe fn avx2<$($g),*>($($arg: $ty),*)
            where
                $($bound)*
            {
                // SAFETY: the caller keeps the conditions of the body.
                unsafe { $crate::simd::instance!(true, Avx2, $($fma)?; $body, $($g),*)($($arg),*) }
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(
                enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt"
            )]
            unsafe fn avx512<$($g),*>($($arg: $ty),*)
            where
                $($bound)*
            {
                // SAFETY: the caller keeps the conditions of the body.
                unsafe { $crate::simd::instance!(true, Avx512, $($fma)?; $body, $($g),*)($($arg),*) }
            }

            match level {
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx512 => avx512::<$($g),*>,
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx2 => avx2::<$($g),*>,
                _ => baseline::<$($g),*>,
            }
        }
    )* };
}
pub(crate) use dispatch;

/// The body of a loop for a level, for [`dispatch!`].
macro_rules! instance {
    ($fma:expr, $level:ident,; $body:ident, $($g:ident),*) => { $body::<$($g),*> };
    ($fma:expr, $level:ident, FMA; $body:ident, $($g:ident),*) => {
        $body::<$($g),*, { $fma }, { $crate::simd::Level::$level as u8 }>
    };
}
pub(crate) use instance;

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    unsafe fn add_one<T: Copy + std::ops::Add<Output = T> + From<u8>>(x: *mut T, n: usize) {
        for i in 0..n {
            // SAFETY: the caller has `n` values at `x`.
            unsafe { *x.add(i) = *x.add(i) + T::from(1) };
        }
    }

    dispatch! {
        fn increment<T>[T: Copy + std::ops::Add<Output = T> + From<u8>,](x: *mut T, n: usize) = add_one;
    }

    #[test]
    fn every_available_level_runs() {
        assert!(Level::available().is_sorted());
        assert_eq!(Level::available().last(), Some(&Level::best()));
        for &level in Level::available() {
            let mut x = [1.5f32; 37];
            // SAFETY: 37 values, and the processor has the level.
            unsafe { increment::<f32>(level)(x.as_mut_ptr(), x.len()) };
            assert_eq!(x, [2.5; 37]);
        }
    }
}
