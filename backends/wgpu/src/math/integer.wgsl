// Integers, which wrap. The results for a zero divisor, for a shift by too many bits and for a
// negative exponent are those of the contract. Narrower integers are computed in these types and
// narrowed afterwards.

fn is_negative_I(x: Int) -> bool {
    return x < Int(0);
}

fn abs_I(x: Int) -> Int {
    return select(x, Int(0) - x, is_negative_I(x));
}

fn negative_I(x: Int) -> Int {
    return Int(0) - x;
}

fn sign_I(x: Int) -> Int {
    return select(select(Int(0), Int(1), x > Int(0)), ~Int(0), is_negative_I(x));
}

fn square_I(x: Int) -> Int {
    return x * x;
}

fn bitwise_invert_I(x: Int) -> Int {
    return ~x;
}

fn add_I(x: Int, y: Int) -> Int {
    return x + y;
}

fn subtract_I(x: Int, y: Int) -> Int {
    return x - y;
}

fn multiply_I(x: Int, y: Int) -> Int {
    return x * y;
}

// Whether a signed integer is -1. Division by it is a special case, since the quotient of the
// smallest integer overflows.
fn is_minus_one_I(x: Int) -> bool {
    return is_negative_I(x) && x == ~Int(0);
}

fn floor_divide_I(x: Int, y: Int) -> Int {
    if y == Int(0) {
        return Int(0);
    }
    if is_minus_one_I(y) {
        return Int(0) - x;
    }
    let quotient = x / y;
    let rest = x - quotient * y;
    let below = rest != Int(0) && is_negative_I(rest) != is_negative_I(y);
    return select(quotient, quotient - Int(1), below);
}

fn remainder_I(x: Int, y: Int) -> Int {
    if y == Int(0) || is_minus_one_I(y) {
        return Int(0);
    }
    let rest = x - x / y * y;
    return select(rest, rest + y, rest != Int(0) && is_negative_I(rest) != is_negative_I(y));
}

fn pow_I(x: Int, y: Int) -> Int {
    let odd = (y & Int(1)) == Int(1);
    if is_negative_I(y) {
        return select(select(Int(0), x, x == Int(1)), select(Int(1), x, odd), is_minus_one_I(x));
    }
    var power = Int(1);
    var base = x;
    var left = y;
    while left != Int(0) {
        if (left & Int(1)) == Int(1) {
            power *= base;
        }
        base *= base;
        left = left >> 1u;
    }
    return power;
}

fn is_shift_I(count: Int) -> bool {
    return !is_negative_I(count) && count < Int(WIDTH);
}

fn bitwise_left_shift_I(x: Int, count: Int) -> Int {
    return select(Int(0), x << (u32(count) & (WIDTH - 1u)), is_shift_I(count));
}

// The sign is shifted in, and a shift by too many bits leaves only the sign.
fn bitwise_right_shift_I(x: Int, count: Int) -> Int {
    let sign = select(Int(0), ~Int(0), is_negative_I(x));
    return select(sign, x >> (u32(count) & (WIDTH - 1u)), is_shift_I(count));
}

fn bitwise_and_I(x: Int, y: Int) -> Int {
    return x & y;
}

fn bitwise_or_I(x: Int, y: Int) -> Int {
    return x | y;
}

fn bitwise_xor_I(x: Int, y: Int) -> Int {
    return x ^ y;
}

fn maximum_I(x: Int, y: Int) -> Int {
    return max(x, y);
}

fn minimum_I(x: Int, y: Int) -> Int {
    return min(x, y);
}

fn equal_I(x: Int, y: Int) -> bool {
    return x == y;
}

fn not_equal_I(x: Int, y: Int) -> bool {
    return x != y;
}

fn less_I(x: Int, y: Int) -> bool {
    return x < y;
}

fn less_equal_I(x: Int, y: Int) -> bool {
    return x <= y;
}

fn greater_I(x: Int, y: Int) -> bool {
    return x > y;
}

fn greater_equal_I(x: Int, y: Int) -> bool {
    return x >= y;
}

// Conversions. A conversion to 8 or 16 bits gives the 32-bit integer of the same value.

fn i8_from_I(x: Int) -> i32 {
    return (i32_from_I(x) << 24u) >> 24u;
}

fn i16_from_I(x: Int) -> i32 {
    return (i32_from_I(x) << 16u) >> 16u;
}

fn i32_from_I(x: Int) -> i32 {
    return bitcast<i32>(u32_from_I(x));
}

fn i64_from_I(x: Int) -> i64 {
    return bitcast<i64>(u64_from_I(x));
}

fn u8_from_I(x: Int) -> u32 {
    return u32_from_I(x) & 0xffu;
}

fn u16_from_I(x: Int) -> u32 {
    return u32_from_I(x) & 0xffffu;
}

fn u32_from_I(x: Int) -> u32 {
    return u32(x);
}

fn u64_from_I(x: Int) -> u64 {
    // through the magnitude, since naga extends by the signedness of the target, not of the source
    let magnitude = u64(Unsigned(abs_I(x)));
    return select(magnitude, 0lu - magnitude, is_negative_I(x));
}

fn f32_from_I(x: Int) -> f32 {
    return f32_of_word(leading_word_U(Unsigned(abs_I(x))), is_negative_I(x));
}

fn f64_from_I(x: Int) -> f64 {
    return f64(x);
}

// The bits of the bfloat16, in a word.
fn bf16_from_I(x: Int) -> u32 {
    return bf16_of_word(leading_word_U(Unsigned(abs_I(x))), is_negative_I(x));
}

// The position of an index among `extent` elements, where a negative index counts from the end, or
// NOWHERE if it is out of bounds.
fn position_I(x: Int, extent: u32) -> u32 {
    if is_negative_I(x) {
        let back = Unsigned(Int(0) - x);
        return select(NOWHERE, extent - u32(back), back <= Unsigned(extent));
    }
    return select(NOWHERE, u32(x), Unsigned(x) < Unsigned(extent));
}
