//! The tables of powers.

use std::mem::MaybeUninit;

use super::super::logarithm::Logarithm;
#[cfg(target_arch = "x86_64")]
use super::super::numbers::{Doubles, ShortSingles, Singles};
use super::super::numbers::{Numbers, Table, polynomial_by_pairs};
use super::super::scale::{ROUND_F32, ROUND_F64};
#[cfg(target_arch = "x86_64")]
use super::in_registers;
#[cfg(target_arch = "x86_64")]
use crate::simd::Level;

/// What powers need of a type.
pub(super) trait Power: Logarithm + Numbers<Self> {
    /// The least m of a number 2^k m: 1 lies in the tenth of the sixteen cells from here to twice that.
    const LEAST_FACTOR: Self;
    /// For each cell a c near 1 / m in few enough bits that c m - 1 is a number.
    const INVERSE: Table<Self>;
    /// -ln c, so short that multiples of ln 2 can be added without an error.
    const LOG: Table<Self>;
    /// What [`Power::LOG`] lacks.
    const LOG_REST: Table<Self>;
    /// ln 2, as short, and the rest.
    const LN_2_SHORT: (Self, Self);
    /// 2^(i/16).
    const ROOT: Table<Self>;
    /// What [`Power::ROOT`] lacks, beside it.
    const ROOT_REST: Table<Self>;
    /// Added to a small number, it rounds that to a multiple of 1/16, whose bits are the last ones of the sum.
    const ROUND_16: Self;
    /// exp(x) is infinite from here on, and 0 from the negative on.
    const RANGE: Self;
    /// From here on all numbers are integers.
    const INTEGERS: Self;
    /// Exponents beyond this give the same results as this.
    const EASY_EXPONENT: Self;
    /// -1/2, -1.
    const MINUS: (Self, Self);

    /// `lo + ln(1 + r) - r + r²/2`, where -r²/2 is the sum of two.
    fn plus_cube<const FMA: bool, X: Numbers<Self>>(lo: X, r: X, square: X, square_lo: X) -> X;

    /// (exp(r) - 1 - r) / r², within ln 2 / 32.
    fn exp_series<const FMA: bool, X: Numbers<Self>>(r: X) -> X;

    /// As [`Lanes2::written_out`](super::super::Lanes2::written_out).
    ///
    /// # Safety
    /// The processor has the level.
    unsafe fn written_out<const LEVEL: u8, const N: usize>(
        x: &[Self; N],
        y: &[Self; N],
        to: &mut [MaybeUninit<Self>; N],
    ) -> bool;

    /// Whether an integer below twice [`Power::INTEGERS`], or the sum of that and a number, is odd.
    fn odd(self) -> bool;
}

impl Power for f64 {
    const LEAST_FACTOR: f64 = f64::from_bits(0x3fe6_3500_0000_0000);
    const INVERSE: Table<f64> = [
        1.40625, 1.34375, 1.28125, 1.25, 1.1875, 1.15625, 1.125, 1.0625, 1.03125, 1.0, 0.96875,
        0.90625, 0.84375, 0.8125, 0.78125, 0.75,
    ];
    const LOG: Table<f64> = [
        -0.34092658697068146,
        -0.2954642128938758,
        -0.2478361639045943,
        -0.22314355131425145,
        -0.17185025692674571,
        -0.14518200984457508,
        -0.11778303565643,
        -0.06062462181648698,
        -0.03077165866670839,
        0.0,
        0.03174869831468641,
        0.09844007281321865,
        0.16989903679541385,
        0.20763936477828793,
        0.2468600779316148,
        0.28768207245184385,
    ];
    const LOG_REST: Table<f64> = [
        8.82452633212564e-14,
        3.993416384387844e-14,
        1.3029797173308663e-14,
        4.169796584527195e-14,
        8.649239607212071e-14,
        7.718001336828099e-14,
        4.654729747598445e-14,
        5.213620639136504e-14,
        -4.529814257790929e-14,
        0.0,
        -1.0610652735224087e-13,
        3.3871241029241416e-14,
        -1.6376276414097503e-14,
        -4.3425422595242564e-14,
        -8.899851356560444e-14,
        -6.292357389008195e-14,
    ];
    // multiples of 2^-42
    const LN_2_SHORT: (f64, f64) = (0.6931471805598903, 5.497923018708371e-14);
    const ROOT: Table<f64> = [
        1.0,
        1.0442737824274138,
        1.0905077326652577,
        1.1387886347566916,
        1.189207115002721,
        1.241857812073484,
        1.2968395546510096,
        1.3542555469368927,
        std::f64::consts::SQRT_2,
        1.4768261459394993,
        1.5422108254079407,
        1.6104903319492543,
        1.681792830507429,
        1.7562521603732995,
        1.8340080864093424,
        1.9152065613971474,
    ];
    const ROOT_REST: Table<f64> = [
        0.0,
        8.189317638195514e-17,
        -2.7939114859515733e-17,
        7.826573258636075e-17,
        3.3484623336251524e-17,
        3.7508542013031266e-17,
        1.9572585293112036e-17,
        5.68648095791174e-17,
        -6.835808657661923e-17,
        -2.3591094770850053e-17,
        5.1548301170786783e-17,
        1.5341410053603723e-17,
        4.875160526227061e-17,
        1.685487290628973e-17,
        1.790126907604513e-17,
        -5.5450656186394274e-17,
    ];
    const ROUND_16: f64 = ROUND_F64 / 16.0;
    const RANGE: f64 = 800.0;
    const INTEGERS: f64 = 4_503_599_627_370_496.0;
    const EASY_EXPONENT: f64 = 1e21;
    const MINUS: (f64, f64) = (-0.5, -1.0);

    #[inline(always)]
    fn plus_cube<const FMA: bool, X: Numbers<f64>>(lo: X, r: X, square: X, square_lo: X) -> X {
        // -2 (ln(1 + r) - r + r²/2) / r³ less the first term, within 2^-70 of the logarithm
        const SERIES: [f64; 10] = [
            0.16574492420293493,
            -0.18256148727673566,
            0.20000512405745643,
            -0.2222208897025792,
            0.24999999221255503,
            -0.2857142867948626,
            0.3333333333379154,
            -0.39999999999962077,
            0.4999999999999991,
            -7.922128466872418e-17,
        ];
        let first = r.constant(-2.0 / 3.0);
        // the cube in two parts as well
        let cube = r * square;
        let cube_lo = r.fused::<FMA>(square_lo, r.fused::<FMA>(square, r.constant(0.0) - cube));
        let lo = cube_lo.fused::<FMA>(first, lo);
        let lo = cube.fused::<FMA>(polynomial_by_pairs::<FMA, _, _, _>(r, &SERIES), lo);
        cube.fused::<FMA>(first, lo)
    }

    #[inline(always)]
    fn exp_series<const FMA: bool, X: Numbers<f64>>(r: X) -> X {
        // within 2^-56 of exp(r)
        const SERIES: [f64; 5] = [
            0.0013889129209039223,
            0.008333471978568568,
            0.04166666665964441,
            0.1666666666441608,
            0.5000000000000006,
        ];
        polynomial_by_pairs::<FMA, _, _, _>(r, &SERIES)
    }

    #[inline(always)]
    #[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables))]
    unsafe fn written_out<const LEVEL: u8, const N: usize>(
        x: &[f64; N],
        y: &[f64; N],
        to: &mut [MaybeUninit<f64>; N],
    ) -> bool {
        #[cfg(target_arch = "x86_64")]
        if LEVEL == Level::Avx512 as u8 {
            // SAFETY: the caller's promise.
            unsafe { in_registers::<_, Doubles, N>(x, y, to) };
            return true;
        }
        false
    }

    #[inline(always)]
    fn odd(self) -> bool {
        self.to_bits() & 1 == 1
    }
}

impl Power for f32 {
    const LEAST_FACTOR: f32 = f32::from_bits(0x3f31_a800);
    const INVERSE: Table<f32> = [
        1.40625, 1.34375, 1.28125, 1.25, 1.1875, 1.15625, 1.125, 1.0625, 1.03125, 1.0, 0.96875,
        0.90625, 0.84375, 0.8125, 0.78125, 0.75,
    ];
    const LOG: Table<f32> = [
        -0.340_927_12,
        -0.295_463_56,
        -0.247_833_25,
        -0.223_144_53,
        -0.171_852_11,
        -0.145_179_75,
        -0.117_782_59,
        -0.060_623_17,
        -0.030_769_348,
        0.0,
        0.031_745_91,
        0.098_442_08,
        0.169_898_99,
        0.207_641_6,
        0.246_856_69,
        0.287_681_58,
    ];
    const LOG_REST: Table<f32> = [
        5.370_528_7e-7,
        -6.508_821e-7,
        -2.911_951_5e-6,
        9.799_357e-7,
        1.854_889_8e-6,
        -2.261_309_4e-6,
        -4.428_829_4e-7,
        -1.452_871_2e-6,
        -2.310_522_2e-6,
        0.0,
        2.787_670_2e-6,
        -2.004_823_5e-6,
        4.997_899e-8,
        -2.236_784_2e-6,
        3.388_478_5e-6,
        4.928_619_4e-7,
    ];
    // multiples of 2^-17
    const LN_2_SHORT: (f32, f32) = (0.693_145_75, 1.428_606_8e-6);
    const ROOT: Table<f32> = [
        1.0,
        1.044_273_7,
        1.090_507_7,
        1.138_788_6,
        1.189_207_1,
        1.241_857_8,
        1.296_839_6,
        1.354_255_6,
        std::f32::consts::SQRT_2,
        1.476_826_2,
        1.542_210_8,
        1.610_490_3,
        1.681_792_9,
        1.756_252_2,
        1.834_008_1,
        1.915_206_6,
    ];
    const ROOT_REST: Table<f32> = [
        0.0,
        4.628_546_8e-8,
        -1.199_215_75e-8,
        4.729_782e-8,
        3.193_418e-8,
        3.621_057_2e-8,
        -3.099_072_3e-8,
        -7.475_213e-9,
        1.711_427_1e-8,
        -3.047_683_4e-8,
        5.233_334e-9,
        6.107_591_8e-9,
        -1.471_960_6e-8,
        -5.258_795e-9,
        -6.128_259_7e-9,
        5.140_609_3e-9,
    ];
    const ROUND_16: f32 = ROUND_F32 / 16.0;
    const RANGE: f32 = 110.0;
    const INTEGERS: f32 = 8388608.0;
    const EASY_EXPONENT: f32 = 1e12;
    const MINUS: (f32, f32) = (-0.5, -1.0);

    #[inline(always)]
    fn plus_cube<const FMA: bool, X: Numbers<f32>>(lo: X, r: X, square: X, _: X) -> X {
        // -2 (ln(1 + r) - r + r²/2) / r³ within 2^-35 of the logarithm
        const SERIES: [f32; 4] = [0.332_688_84, -0.400_653_72, 0.500_001_13, -0.666_666_3];
        (r * square).fused::<FMA>(polynomial_by_pairs::<FMA, _, _, _>(r, &SERIES), lo)
    }

    #[inline(always)]
    fn exp_series<const FMA: bool, X: Numbers<f32>>(r: X) -> X {
        // within 2^-37 of exp(r)
        const SERIES: [f32; 3] = [0.041_667_66, 0.166_670_07, 0.5];
        polynomial_by_pairs::<FMA, _, _, _>(r, &SERIES)
    }

    #[inline(always)]
    #[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables))]
    unsafe fn written_out<const LEVEL: u8, const N: usize>(
        x: &[f32; N],
        y: &[f32; N],
        to: &mut [MaybeUninit<f32>; N],
    ) -> bool {
        #[cfg(target_arch = "x86_64")]
        if LEVEL == Level::Avx512 as u8 {
            // SAFETY: the caller's promise.
            unsafe { in_registers::<_, Singles, N>(x, y, to) };
            return true;
        }
        #[cfg(target_arch = "x86_64")]
        if LEVEL == Level::Avx2 as u8 {
            // SAFETY: the caller's promise.
            unsafe { in_registers::<_, ShortSingles, N>(x, y, to) };
            return true;
        }
        false
    }

    #[inline(always)]
    fn odd(self) -> bool {
        self.to_bits() & 1 == 1
    }
}
