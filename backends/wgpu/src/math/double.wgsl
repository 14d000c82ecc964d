// The format of float64, and its constants, series, and reduction of angles.

const MANTISSA_BITS_f64: u32 = 52u;
const BIAS_f64: i32 = 1023;
const LAST_BIT_f64: i32 = 63;
const MAGNITUDE_f64: u64 = 0x7ffffffffffffffflu;
const SIGN_f64: u64 = 0x8000000000000000lu;
const INFINITY_f64: u64 = 0x7ff0000000000000lu;
const NAN_f64: u64 = 0x7ff8000000000000lu;

// The number of bits by which a remainder can be shifted without loss.
const SPARE_BITS_f64: i32 = 11;

// Half a unit of the upper half of a significand. Products of halves are exact.
const HALF_UNIT_f64: u64 = 0x4000000lu;

// ln 2 in three parts; the first two have 42 bits, so that their products with an exponent are
// exact.
const LN_2_A_f64: f64 = 0.6931471805598903;
const LN_2_B_f64: f64 = 5.49792301870721e-14;
const LN_2_C_f64: f64 = 1.1612227229362532e-26;
const LN_2_f64: vec2<f64> = vec2<f64>(0.6931471805599453, 2.3190468138462996e-17);
const LN_4_f64: vec2<f64> = vec2<f64>(1.3862943611198906, 4.638093627692599e-17);
const LOG2_E_f64: vec2<f64> = vec2<f64>(1.4426950408889634, 2.0355273740931033e-17);
const LOG10_E_f64: vec2<f64> = vec2<f64>(0.4342944819032518, 1.098319650216765e-17);
const PI_f64: vec2<f64> = vec2<f64>(3.141592653589793, 1.2246467991473532e-16);
const HALF_PI_f64: vec2<f64> = vec2<f64>(1.5707963267948966, 6.123233995736766e-17);
const QUARTER_PI_f64: vec2<f64> = vec2<f64>(0.7853981633974483, 3.061616997868383e-17);
const THIRD_f64: vec2<f64> = vec2<f64>(0.3333333333333333, 1.850371707708594e-17);

const ATAN_EIGHTHS_f64 = array<vec2<f64>, 9>(
    vec2<f64>(0.0, 0.0),
    vec2<f64>(0.12435499454676144, -3.1253241424539383e-18),
    vec2<f64>(0.24497866312686414, 1.0698755618734451e-17),
    vec2<f64>(0.35877067027057225, -2.4623815582638635e-17),
    vec2<f64>(0.4636476090008061, 2.2698777452961687e-17),
    vec2<f64>(0.5585993153435624, -5.4556305485916264e-18),
    vec2<f64>(0.6435011087932844, 1.5834785051444286e-17),
    vec2<f64>(0.7188299996216245, -2.1478388444456983e-17),
    vec2<f64>(0.7853981633974483, 3.061616997868383e-17),
);

// The argument from which exp overflows, and exp of its negative is 0.
const EXP_MOST_f64: f64 = 3000.0;

// Below this the square of an argument is negligible beside it.
const TINY_f64: f64 = 1e-24;

// Below this the cube of an argument is negligible beside it.
const SMALL_f64: f64 = 1e-9;

// The argument from which exp(-x) is negligible beside exp(x).
const ALONE_f64: f64 = 22.0;

// The argument from which 1 is negligible beside its square.
const LARGE_f64: f64 = 1e9;

// Up to this argument exp and cosh are far from overflow, and their inverses from underflow.
const EXP_SAFE_f64: f64 = 700.0;

// Between these a square neither overflows nor loses digits of its low part. Multiplication by
// 2^SQUARE_POWER brings other numbers into this range.
const SQUARE_LEAST_f64: f64 = 1e-130;
const SQUARE_MOST_f64: f64 = 1e150;
const SQUARE_POWER_f64: i32 = 600;
const SQUARE_EXPONENT_f64: i32 = 480;

// The square of this does not quite overflow, and 1 is negligible beside it.
const HUGE_f64: f64 = 1e100;

// A number whose square is not quite 0.
const MINUTE_f64: f64 = 1e-140;

// An integer as a number.
fn real_of_f64(n: u64) -> f64 {
    return f64(n);
}

// (exp(x) - 1 - x - x²/2) / x³ for |x| <= ln(2) / 2.
fn exp_rest_f64(x: f64) -> f64 {
    return 0.16666666666666666 + x * (0.041666666666666664 + x * (0.008333333333333333 + x *
        (0.001388888888888889 + x * (0.0001984126984126984 + x * (2.48015873015873e-05 + x *
        (2.7557319223985893e-06 + x * (2.755731922398589e-07 + x * (2.505210838544172e-08 + x *
        (2.08767569878681e-09 + x * (1.6059043836821613e-10 + x *
        (1.1470745597729725e-11)))))))))));
}

// (atanh(s) - s - s³/3) / s⁵ for x = s², s <= 3 - 2√2.
fn atanh_rest_f64(x: f64) -> f64 {
    return 0.2 + x * (0.14285714285714285 + x * (0.1111111111111111 + x * (0.09090909090909091 + x
        * (0.07692307692307693 + x * (0.06666666666666667 + x * (0.058823529411764705 + x *
        (0.05263157894736842 + x * (0.047619047619047616 + x * (0.043478260869565216 + x * (0.04
        + x * (0.037037037037037035)))))))))));
}

// (atan(t) - t) / t³ for x = t², t <= 1/16.
fn atan_rest_f64(x: f64) -> f64 {
    return -0.3333333333333333 + x * (0.2 + x * (-0.14285714285714285 + x * (0.1111111111111111 + x
        * (-0.09090909090909091 + x * (0.07692307692307693 + x * (-0.06666666666666667 + x *
        (0.058823529411764705 + x * (-0.05263157894736842))))))));
}

// (sin(t) - t + t³/6) / t⁵ for x = t², t <= π/4.
fn sin_rest_f64(x: f64) -> f64 {
    return 0.008333333333333333 + x * (-0.0001984126984126984 + x *
        (2.7557319223985893e-06 + x * (-2.505210838544172e-08 + x * (1.6059043836821613e-10 + x
        * (-7.647163731819816e-13 + x * (2.8114572543455206e-15))))));
}

// (cos(t) - 1 + t²/2) / t⁴ for x = t², t <= π/4.
fn cos_rest_f64(x: f64) -> f64 {
    return 0.041666666666666664 + x * (-0.001388888888888889 + x * (2.48015873015873e-05 + x *
        (-2.755731922398589e-07 + x * (2.08767569878681e-09 + x * (-1.1470745597729725e-11 + x *
        (4.779477332387385e-14 + x * (-1.5619206968586225e-16 + x *
        (4.110317623312165e-19))))))));
}

// Bits of 2/π, behind two words of zeros.
const TWO_OVER_PI_f64 = array<u32, 42>(
    0u, 0u,
    0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u,
    0xb7246e3au, 0x424dd2e0u, 0x06492eeau, 0x09d1921cu, 0xfe1deb1cu, 0xb129a73eu, 0xe88235f5u, 0x2ebb4484u,
    0xe99c7026u, 0xb45f7e41u, 0x3991d639u, 0x835339f4u, 0x9c845f8bu, 0xbdf9283bu, 0x1ff897ffu, 0xde05980fu,
    0xef2f118bu, 0x5a0a6d1fu, 0x6d367ecfu, 0x27cb09b7u, 0x4f463f66u, 0x9e5fea2du, 0x7527bac7u, 0xebe5f17bu,
    0x3d0739f7u, 0x8a5292eau, 0x6bfb5fb1u, 0x1f8d5d08u, 0x56033046u, 0xfc7b6babu, 0xf0cfbc20u, 0x9af4361du,
);

// The 32 bits of 2/π from bit `at` of the table on.
fn two_over_pi_f64(at: u32) -> u64 {
    let word = at >> 5u;
    let wide = (u64(TWO_OVER_PI_f64[word]) << 32u) | u64(TWO_OVER_PI_f64[word + 1u]);
    return (wide >> (32u - (at & 31u))) & 0xfffffffflu;
}

// The angle minus the nearest multiple of π/2, and that multiple modulo 4 (Payne, Hanek 1983): the
// product of the significand with the relevant bits of 2/π, as integers. For finite numbers from
// π/4 on.
fn reduced_angle_f64(x: f64) -> Angle_f64 {
    let bits = bitcast<u64>(x) & MAGNITUDE_f64;
    let significand = (bits & 0xffffffffffffflu) | 0x10000000000000lu;
    let high = significand >> 32u;
    let low = significand & 0xfffffffflu;
    // the first bit whose product with the last bit of the significand is below 4
    let first = u32(bits >> 52u) - 1013u;
    // the last 192 bits of the product, from the last word up
    var carry = 0lu;
    var words = array<u32, 6>();
    var before = 0lu;
    for (var i = 6u; i > 0u; i -= 1u) {
        let factor = two_over_pi_f64(first + 32u * (i - 1u));
        let below = low * factor;
        let above = high * before;
        let sum = (below & 0xfffffffflu) + (above & 0xfffffffflu) + (carry & 0xfffffffflu);
        words[i - 1u] = u32(sum & 0xfffffffflu);
        carry = (sum >> 32u) + (below >> 32u) + (above >> 32u) + (carry >> 32u);
        before = factor;
    }
    // two bits of the quadrant, then its fraction; from a half on, the next quadrant is nearer
    let quadrant = (words[0] + 0x20000000u) >> 30u;
    let top = (u64(words[0]) << 32u) | u64(words[1]);
    let middle = (u64(words[2]) << 32u) | u64(words[3]);
    let last = (u64(words[4]) << 32u) | u64(words[5]);
    var fraction = vec3((top << 2u) | (middle >> 62u), (middle << 2u) | (last >> 62u), last << 2u);
    let negative = fraction.x >= SIGN_f64;
    if negative {
        // the complement, which differs from the negative by one unit in the last place
        fraction = ~fraction;
    }
    // shifts out the leading zeros, of which there are at most 64
    var zeros = leading_zeros_u64(fraction.x);
    if zeros > 63u {
        fraction = vec3(fraction.y, fraction.z, 0lu);
        let more = leading_zeros_u64(fraction.x);
        fraction = shifted_up_f64(fraction, more);
        zeros += more;
    } else {
        fraction = shifted_up_f64(fraction, zeros);
    }
    // the first 53 bits, and the next 53
    let hi = f64(fraction.x >> 11u) * power_of_two_f64(-53 - i32(zeros));
    let lo = f64(((fraction.x & 0x7fflu) << 42u) | (fraction.y >> 22u)) * power_of_two_f64(-106 - i32(zeros));
    let angle = product_f64(quick_two_sum_f64(hi, lo), HALF_PI_f64);
    let flip = negative != signbit_f64(x);
    return Angle_f64(select(angle, -angle, flip), select(quadrant, 0u - quadrant, signbit_f64(x)) & 3u);
}

fn shifted_up_f64(words: vec3<u64>, count: u32) -> vec3<u64> {
    if count == 0u {
        return words;
    }
    let back = 64u - count;
    return vec3((words.x << count) | (words.y >> back), (words.y << count) | (words.z >> back), words.z << count);
}

fn leading_zeros_u64(x: u64) -> u32 {
    let high = u32(x >> 32u);
    return select(countLeadingZeros(high), 32u + countLeadingZeros(u32(x & 0xfffffffflu)), high == 0u);
}

// The upper word of the magnitude, but 1 for numbers that are so small that it is 0.
fn upper_word_f64(x: f64) -> u32 {
    let bits = magnitude_bits_f64(x);
    return max(u32(bits >> 32u), select(0u, 1u, bits != 0lu));
}
