// Integers of two words, where shaders have no 64-bit integers: the functions of integer.wgsl, by
// means of words.wgsl.

fn abs_I(x: vec2<u32>) -> vec2<u32> {
    return select(x, negative_words(x), is_negative_I(x));
}

fn negative_I(x: vec2<u32>) -> vec2<u32> {
    return negative_words(x);
}

fn sign_I(x: vec2<u32>) -> vec2<u32> {
    if is_negative_I(x) {
        return vec2(0xffffffffu, 0xffffffffu);
    }
    return vec2(select(1u, 0u, is_zero_words(x)), 0u);
}

fn square_I(x: vec2<u32>) -> vec2<u32> {
    return multiply_words(x, x);
}

fn bitwise_invert_I(x: vec2<u32>) -> vec2<u32> {
    return ~x;
}

fn add_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return add_words(x, y);
}

fn subtract_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return subtract_words(x, y);
}

fn multiply_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return multiply_words(x, y);
}

// The quotient, rounded down, and the remainder with the sign of the divisor, from those of the
// magnitudes.
fn floor_division_I(x: vec2<u32>, y: vec2<u32>) -> vec4<u32> {
    if is_zero_words(y) {
        return vec4(0u, 0u, 0u, 0u);
    }
    let division = divide_words(abs_I(x), abs_I(y));
    let differ = is_negative_I(x) != is_negative_I(y);
    let quotient = select(division.xy, negative_words(division.xy), differ);
    let rest = select(division.zw, negative_words(division.zw), is_negative_I(x));
    if differ && !is_zero_words(rest) {
        return vec4(subtract_words(quotient, vec2(1u, 0u)), add_words(rest, y));
    }
    return vec4(quotient, rest);
}

fn floor_divide_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return floor_division_I(x, y).xy;
}

fn remainder_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return floor_division_I(x, y).zw;
}

fn pow_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    let one = vec2(1u, 0u);
    let odd = (y.x & 1u) == 1u;
    if is_negative_I(y) {
        let minus_one = is_negative_I(x) && (x.x & x.y) == 0xffffffffu;
        if minus_one {
            return select(one, x, odd);
        }
        return select(vec2(0u, 0u), one, x.x == 1u && x.y == 0u);
    }
    var power = one;
    var base = x;
    var left = y;
    while !is_zero_words(left) {
        if (left.x & 1u) == 1u {
            power = multiply_words(power, base);
        }
        base = multiply_words(base, base);
        left = shift_right_words(left, 1u, 0u);
    }
    return power;
}

fn is_shift_I(count: vec2<u32>) -> bool {
    return count.y == 0u && count.x < 64u;
}

fn bitwise_left_shift_I(x: vec2<u32>, count: vec2<u32>) -> vec2<u32> {
    return select(vec2(0u, 0u), shift_left_words(x, count.x & 63u), is_shift_I(count));
}

fn bitwise_right_shift_I(x: vec2<u32>, count: vec2<u32>) -> vec2<u32> {
    let sign = select(0u, 0xffffffffu, is_negative_I(x));
    return select(vec2(sign, sign), shift_right_words(x, count.x & 63u, sign), is_shift_I(count));
}

fn bitwise_and_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return x & y;
}

fn bitwise_or_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return x | y;
}

fn bitwise_xor_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return x ^ y;
}

fn equal_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    return x.x == y.x && x.y == y.y;
}

fn not_equal_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    return x.x != y.x || x.y != y.y;
}

// Negative numbers come first, and numbers of one sign are in the order of their words.
fn less_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    if is_negative_I(x) != is_negative_I(y) {
        return is_negative_I(x);
    }
    return is_less_words(x, y);
}

fn less_equal_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    return !less_I(y, x);
}

fn greater_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    return less_I(y, x);
}

fn greater_equal_I(x: vec2<u32>, y: vec2<u32>) -> bool {
    return !less_I(x, y);
}

fn maximum_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return select(x, y, less_I(x, y));
}

fn minimum_I(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    return select(x, y, less_I(y, x));
}

// Conversions.

fn i8_from_I(x: vec2<u32>) -> i32 {
    return i8_from_u32(x.x);
}

fn i16_from_I(x: vec2<u32>) -> i32 {
    return i16_from_u32(x.x);
}

fn i32_from_I(x: vec2<u32>) -> i32 {
    return bitcast<i32>(x.x);
}

fn i64w_from_I(x: vec2<u32>) -> vec2<u32> {
    return x;
}

fn u8_from_I(x: vec2<u32>) -> u32 {
    return x.x & 0xffu;
}

fn u16_from_I(x: vec2<u32>) -> u32 {
    return x.x & 0xffffu;
}

fn u32_from_I(x: vec2<u32>) -> u32 {
    return x.x;
}

fn u64w_from_I(x: vec2<u32>) -> vec2<u32> {
    return x;
}

fn f32_from_I(x: vec2<u32>) -> f32 {
    return f32_of_word(leading_word_words(abs_I(x)), is_negative_I(x));
}

fn bf16_from_I(x: vec2<u32>) -> u32 {
    return bf16_of_word(leading_word_words(abs_I(x)), is_negative_I(x));
}

fn position_I(x: vec2<u32>, extent: u32) -> u32 {
    if is_negative_I(x) {
        let back = negative_words(x);
        return select(NOWHERE, extent - back.x, back.y == 0u && back.x <= extent);
    }
    return select(NOWHERE, x.x, x.y == 0u && x.x < extent);
}
