// The format of float32, and its constants, series, and reduction of angles.

const MANTISSA_BITS_f32: u32 = 23u;
const BIAS_f32: i32 = 127;
const LAST_BIT_f32: i32 = 31;
const MAGNITUDE_f32: u32 = 0x7fffffffu;
const SIGN_f32: u32 = 0x80000000u;
const INFINITY_f32: u32 = 0x7f800000u;
const NAN_f32: u32 = 0x7fc00000u;

// The number of bits by which a remainder can be shifted without loss.
const SPARE_BITS_f32: i32 = 8;

// Half a unit of the upper half of a significand. Products of halves are exact.
const HALF_UNIT_f32: u32 = 0x800u;

// ln 2 in three parts; the first two have 14 bits, so that their products with an exponent are
// exact.
const LN_2_A_f32: f32 = 6.9311523e-1;
const LN_2_B_f32: f32 = 3.1944364e-5;
const LN_2_C_f32: f32 = 1.820636e-9;
const LN_2_f32: vec2<f32> = vec2<f32>(6.931472e-1, -1.9046542e-9);
const LN_4_f32: vec2<f32> = vec2<f32>(1.3862944, -3.8093084e-9);
const LOG2_E_f32: vec2<f32> = vec2<f32>(1.442695, 1.925963e-8);
const LOG10_E_f32: vec2<f32> = vec2<f32>(4.342945e-1, -1.010305e-8);
const PI_f32: vec2<f32> = vec2<f32>(3.1415927, -8.742278e-8);
const HALF_PI_f32: vec2<f32> = vec2<f32>(1.5707964, -4.371139e-8);
const QUARTER_PI_f32: vec2<f32> = vec2<f32>(7.853982e-1, -2.1855694e-8);
const THIRD_f32: vec2<f32> = vec2<f32>(3.3333334e-1, -9.934108e-9);

const ATAN_EIGHTHS_f32 = array<vec2<f32>, 9>(
    vec2<f32>(0.0, 0.0),
    vec2<f32>(1.24354996e-1, -1.2403822e-9),
    vec2<f32>(2.4497867e-1, -3.1786778e-9),
    vec2<f32>(3.5877067e-1, 1.7639499e-9),
    vec2<f32>(4.636476e-1, 5.0121587e-9),
    vec2<f32>(5.585993e-1, 2.2111598e-8),
    vec2<f32>(6.435011e-1, 5.8689373e-9),
    vec2<f32>(7.1883e-1, 1.01883355e-8),
    vec2<f32>(7.853982e-1, -2.1855694e-8),
);

// The argument from which exp overflows, and exp of its negative is 0.
const EXP_MOST_f32: f32 = 300.0;

// Below this the square of an argument is negligible beside it.
const TINY_f32: f32 = 1e-12;

// Below this the cube of an argument is negligible beside it.
const SMALL_f32: f32 = 1e-4;

// The argument from which exp(-x) is negligible beside exp(x).
const ALONE_f32: f32 = 11.0;

// The argument from which 1 is negligible beside its square.
const LARGE_f32: f32 = 1e5;

// Up to this argument exp and cosh are far from overflow, and their inverses from underflow.
const EXP_SAFE_f32: f32 = 80.0;

// Between these a square neither overflows nor loses digits of its low part. Multiplication by
// 2^SQUARE_POWER brings other numbers into this range.
const SQUARE_LEAST_f32: f32 = 1e-14;
const SQUARE_MOST_f32: f32 = 1e18;
const SQUARE_POWER_f32: i32 = 90;
const SQUARE_EXPONENT_f32: i32 = 40;

// The square of this does not quite overflow, and 1 is negligible beside it.
const HUGE_f32: f32 = 1e15;

// A number whose square is not quite 0.
const MINUTE_f32: f32 = 1e-16;

// An integer as a number, from its halves, so that only their sum rounds: some drivers do not
// convert to the nearest number.
fn real_of_f32(n: u32) -> f32 {
    return f32(n >> 16u) * 65536.0 + f32(n & 0xffffu);
}

// (exp(x) - 1 - x - x²/2) / x³ for |x| <= ln(2) / 2.
fn exp_rest_f32(x: f32) -> f32 {
    return 1.6666667e-1 + x * (4.1666668e-2 + x * (8.333334e-3 + x * (1.3888889e-3 + x *
        (1.984127e-4 + x * (2.4801588e-5 + x * (2.7557319e-6))))));
}

// (atanh(s) - s - s³/3) / s⁵ for x = s², s <= 3 - 2√2.
fn atanh_rest_f32(x: f32) -> f32 {
    return 2.0e-1 + x * (1.4285715e-1 + x * (1.1111111e-1 + x * (9.090909e-2)));
}

// (atan(t) - t) / t³ for x = t², t <= 1/16.
fn atan_rest_f32(x: f32) -> f32 {
    return -3.3333334e-1 + x * (2.0e-1 + x * (-1.4285715e-1 + x * (1.1111111e-1)));
}

// (sin(t) - t + t³/6) / t⁵ for x = t², t <= π/4.
fn sin_rest_f32(x: f32) -> f32 {
    return 8.333334e-3 + x * (-1.984127e-4 + x * (2.7557319e-6 + x *
        (-2.5052108e-8)));
}

// (cos(t) - 1 + t²/2) / t⁴ for x = t², t <= π/4.
fn cos_rest_f32(x: f32) -> f32 {
    return 4.1666668e-2 + x * (-1.3888889e-3 + x * (2.4801588e-5 + x * (-2.755732e-7)));
}

// Bits of 2/π, behind one word of zeros.
const TWO_OVER_PI_f32 = array<u32, 9>(
    0u,
    0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u,
);

// The product of two words, high and low.
fn wide_product(a: u32, b: u32) -> vec2<u32> {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let left = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let right = (a & 0xffffu) * (b >> 16u) + (left & 0xffffu);
    return vec2((a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u), (right << 16u) | (low & 0xffffu));
}

// The 32 bits of 2/π from bit `at` of the table on.
fn two_over_pi_f32(at: u32) -> u32 {
    let word = at >> 5u;
    let high = TWO_OVER_PI_f32[word];
    let low = TWO_OVER_PI_f32[word + 1u];
    return select((high << (at & 31u)) | (low >> (32u - (at & 31u))), high, (at & 31u) == 0u);
}

// The angle minus the nearest multiple of π/2, and that multiple modulo 4 (Payne, Hanek 1983): the
// product of the significand with the relevant bits of 2/π, as integers. For finite numbers from
// π/4 on.
fn reduced_angle_f32(x: f32) -> Angle_f32 {
    let bits = bitcast<u32>(x) & MAGNITUDE_f32;
    let significand = (bits & 0x7fffffu) | 0x800000u;
    // the first bit whose product with the last bit of the significand is below 4
    let first = (bits >> 23u) - 120u;
    let high = wide_product(significand, two_over_pi_f32(first)).y;
    let middle = wide_product(significand, two_over_pi_f32(first + 32u));
    let low = wide_product(significand, two_over_pi_f32(first + 64u));
    var turn = vec3(high + middle.x, middle.y + low.x, low.y);
    turn.x += select(0u, 1u, turn.y < low.x);
    // two bits of the quadrant, then its fraction; from a half on, the next quadrant is nearer
    let quadrant = (turn.x + 0x20000000u) >> 30u;
    var fraction = vec2((turn.x << 2u) | (turn.y >> 30u), (turn.y << 2u) | (turn.z >> 30u));
    let third = turn.z << 2u;
    let negative = fraction.x >= 0x80000000u;
    if negative {
        // the complement, which differs from the negative by one unit in the last place
        fraction = ~fraction;
    }
    let last = select(third, ~third, negative);
    let zeros = countLeadingZeros(fraction.x);
    if zeros > 0u {
        if zeros > 31u {
            fraction = vec2(fraction.y, last);
        } else {
            fraction = vec2((fraction.x << zeros) | (fraction.y >> (32u - zeros)),
                (fraction.y << zeros) | (last >> (32u - zeros)));
        }
    }
    // the first 24 bits, and the next 24, as multiples of 2^-24 and 2^-48
    let hi = f32(fraction.x >> 8u) * power_of_two_f32(-24 - i32(zeros));
    let lo = f32(((fraction.x & 0xffu) << 16u) | (fraction.y >> 16u)) * power_of_two_f32(-48 - i32(zeros));
    let angle = product_f32(quick_two_sum_f32(hi, lo), HALF_PI_f32);
    let flip = negative != signbit_f32(x);
    return Angle_f32(select(angle, -angle, flip), select(quadrant, 0u - quadrant, signbit_f32(x)) & 3u);
}

// The word of the magnitude. Its order is that of the magnitudes, and it is 0 for zero alone.
fn upper_word_f32(x: f32) -> u32 {
    return magnitude_bits_f32(x);
}
