// 64-bit integers where shaders have none: two words, the lower one first, as in memory.

// The position for an index that is out of bounds.
const NOWHERE: u32 = 0xffffffffu;

fn is_zero_words(x: vec2<u32>) -> bool {
    return (x.x | x.y) == 0u;
}

fn is_less_words(x: vec2<u32>, y: vec2<u32>) -> bool {
    return x.y < y.y || (x.y == y.y && x.x < y.x);
}

fn add_words(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    let low = x.x + y.x;
    return vec2(low, x.y + y.y + select(0u, 1u, low < x.x));
}

fn subtract_words(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return vec2(x.x - y.x, x.y - y.y - select(0u, 1u, x.x < y.x));
}

fn negative_words(x: vec2<u32>) -> vec2<u32> {
    return subtract_words(vec2(0u, 0u), x);
}

// The 64-bit product of two words, from their halves.
fn product_words(x: u32, y: u32) -> vec2<u32> {
    let low = (x & 0xffffu) * (y & 0xffffu);
    let first = (x >> 16u) * (y & 0xffffu) + (low >> 16u);
    let second = (x & 0xffffu) * (y >> 16u) + (first & 0xffffu);
    let high = (x >> 16u) * (y >> 16u) + (first >> 16u) + (second >> 16u);
    return vec2((second << 16u) | (low & 0xffffu), high);
}

fn multiply_words(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    let low = product_words(x.x, y.x);
    return vec2(low.x, low.y + x.x * y.y + x.y * y.x);
}

// Shifts by less than 64 bits. WGSL shifts a word by the count modulo 32, so that 32 is a special
// case.

fn shift_left_words(x: vec2<u32>, count: u32) -> vec2<u32> {
    if count >= 32u {
        return vec2(0u, x.x << (count - 32u));
    }
    return vec2(x.x << count, (x.y << count) | ((x.x >> 1u) >> (31u - count)));
}

// The bits that are shifted in are those of `fill`.
fn shift_right_words(x: vec2<u32>, count: u32, fill: u32) -> vec2<u32> {
    if count >= 32u {
        let more = count - 32u;
        return vec2((x.y >> more) | ((fill << 1u) << (31u - more)), fill);
    }
    let high = (x.y >> count) | ((fill << 1u) << (31u - count));
    return vec2((x.x >> count) | ((x.y << 1u) << (31u - count)), high);
}

fn leading_zeros_words(x: vec2<u32>) -> u32 {
    return select(countLeadingZeros(x.y), 32u + countLeadingZeros(x.x), x.y == 0u);
}

// The quotient and the remainder of unsigned numbers, bit by bit. The divisor is not 0.
fn divide_words(x: vec2<u32>, y: vec2<u32>) -> vec4<u32> {
    if (x.y | y.y) == 0u {
        let quotient = x.x / y.x;
        return vec4(quotient, 0u, x.x - quotient * y.x, 0u);
    }
    let unused = leading_zeros_words(x);
    var digits = shift_left_words(x, min(unused, 63u));
    var quotient = vec2(0u, 0u);
    var rest = vec2(0u, 0u);
    for (var k = unused; k < 64u; k++) {
        // twice the remainder may have 65 bits
        let beyond = rest.y >> 31u;
        rest = vec2((rest.x << 1u) | (digits.y >> 31u), (rest.y << 1u) | (rest.x >> 31u));
        digits = shift_left_words(digits, 1u);
        quotient = shift_left_words(quotient, 1u);
        if beyond == 1u || !is_less_words(rest, y) {
            rest = subtract_words(rest, y);
            quotient.x |= 1u;
        }
    }
    return vec4(quotient, rest);
}

fn is_negative_u64w(x: vec2<u32>) -> bool {
    return false;
}

fn is_negative_i64w(x: vec2<u32>) -> bool {
    return x.y > 0x7fffffffu;
}

// The same as `leading_word_u64`.
fn leading_word_words(x: vec2<u32>) -> vec2<u32> {
    let shift = 32u - countLeadingZeros(x.y);
    let kept = shift_right_words(x, shift, 0u);
    let rest = subtract_words(x, shift_left_words(kept, shift));
    return vec2(kept.x | select(1u, 0u, is_zero_words(rest)), shift);
}

fn i64w_from_i32(x: i32) -> vec2<u32> {
    return vec2(bitcast<u32>(x), select(0u, 0xffffffffu, x < 0));
}

fn u64w_from_i32(x: i32) -> vec2<u32> {
    return i64w_from_i32(x);
}

fn i64w_from_u32(x: u32) -> vec2<u32> {
    return vec2(x, 0u);
}

fn u64w_from_u32(x: u32) -> vec2<u32> {
    return vec2(x, 0u);
}

// The integer part of the magnitude of a number less than 2^64.
fn magnitude_words(x: f32) -> vec2<u32> {
    let bits = bitcast<u32>(x);
    let exponent = (bits >> 23u) & 0xffu;
    let significand = (bits & 0x7fffffu) | 0x800000u;
    if exponent < 150u {
        return vec2(select(significand >> min(150u - exponent, 31u), 0u, exponent < 127u), 0u);
    }
    return shift_left_words(vec2(significand, 0u), min(exponent - 150u, 40u));
}

fn i64w_from_f32(x: f32) -> vec2<u32> {
    if isnan_f32(x) {
        return vec2(0u, 0u);
    }
    if x >= 9223372036854775808.0 {
        return vec2(0xffffffffu, 0x7fffffffu);
    }
    if x <= -9223372036854775808.0 {
        return vec2(0u, 0x80000000u);
    }
    let magnitude = magnitude_words(x);
    return select(magnitude, negative_words(magnitude), signbit_f32(x));
}

fn u64w_from_f32(x: f32) -> vec2<u32> {
    if isnan_f32(x) || signbit_f32(x) {
        return vec2(0u, 0u);
    }
    if x >= 18446744073709551616.0 {
        return vec2(0xffffffffu, 0xffffffffu);
    }
    return magnitude_words(x);
}
