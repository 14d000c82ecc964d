// Conversions between floating-point types, with rounding to nearest even. A number of half
// precision is its bits in a word.

fn f32_from_f32(x: f32) -> f32 {
    return x;
}

fn f64_from_f64(x: f64) -> f64 {
    return x;
}

fn f64_from_f32(x: f32) -> f64 {
    return f64(x);
}

// Opaque, since a compiler would remove a conversion and its inverse.
fn f32_from_f64(x: f64) -> f32 {
    return opaque_f32(f32(x));
}

fn f32_from_f16(bits: u32) -> f32 {
    let sign = (bits & 0x8000u) << 16u;
    let magnitude = bits & 0x7fffu;
    if magnitude < 0x400u {
        return copysign_f32(f32(magnitude) * power_of_two_f32(-24), bitcast<f32>(sign ^ ZERO));
    }
    // the exponent of infinity and NaN is the largest of either type
    let bias = select(112u, 224u, magnitude >= 0x7c00u) << 23u;
    return bitcast<f32>(sign | ((magnitude << 13u) + bias));
}

fn f16_from_f32(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    let sign = (bits >> 16u) & 0x8000u;
    let magnitude = bits & 0x7fffffffu;
    if magnitude > 0x7f800000u {
        return sign | 0x7e00u;
    }
    if magnitude >= 0x47800000u {
        return sign | 0x7c00u;
    }
    if magnitude >= 0x38800000u {
        let rebiased = magnitude - 0x38000000u;
        return sign | ((rebiased + 0xfffu + ((rebiased >> 13u) & 1u)) >> 13u);
    }
    // a multiple of 2^-24
    let significand = (magnitude & 0x7fffffu) | 0x800000u;
    let shift = min(126u - (magnitude >> 23u), 25u);
    let multiple = significand >> shift;
    let rest = significand & ((1u << shift) - 1u);
    let half = 1u << (shift - 1u);
    let up = rest > half || (rest == half && (multiple & 1u) == 1u);
    return sign | (multiple + select(0u, 1u, up));
}

fn f32_from_bf16(bits: u32) -> f32 {
    return bitcast<f32>(bits << 16u);
}

fn bf16_from_f32(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    if (bits & 0x7fffffffu) > 0x7f800000u {
        return (bits >> 16u) | 0x40u;
    }
    return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}

// The greatest integer of half precision that is not above the integer `x`, or infinity if `x`
// rounds to it.

fn f16_not_above(x: f32) -> f32 {
    let nearest = f16_from_f32(x);
    let below = f32_from_f16(half_below(nearest));
    return select(f32_from_f16(nearest), below, is_above(f32_from_f16(nearest), x));
}

fn bf16_not_above(x: f32) -> f32 {
    let nearest = bf16_from_f32(x);
    let below = f32_from_bf16(half_below(nearest));
    return select(f32_from_bf16(nearest), below, is_above(f32_from_bf16(nearest), x));
}

fn is_above(x: f32, y: f32) -> bool {
    return isfinite_f32(x) && x > y;
}

// The bits of the next number below one that is not 0.
fn half_below(bits: u32) -> u32 {
    return select(bits - 1u, bits + 1u, (bits & 0x8000u) != 0u);
}

fn f16_from_f64(x: f64) -> u32 {
    return f16_from_f32(odd_f32_from_f64(x));
}

fn bf16_from_f64(x: f64) -> u32 {
    return bf16_from_f32(odd_f32_from_f64(x));
}

// Truncated, with the last bit set if that is inexact, so that it can be rounded to fewer bits.
fn odd_f32_from_f64(x: f64) -> f32 {
    let bits = bitcast<u64>(x);
    let sign = u32(bits >> 63u) << 31u;
    let mantissa = bits & 0xffffffffffffflu;
    let exponent = i32(u32(bits >> 52u) & 0x7ffu) - 1023;
    var magnitude: u32;
    if exponent == 1024 {
        magnitude = select(0x7fc00000u, 0x7f800000u, mantissa == 0lu);
    } else if exponent > 127 {
        magnitude = 0x7f7fffffu;
    } else {
        let shift = u32(min(29 + max(-126 - exponent, 0), 63));
        let whole = mantissa | 0x10000000000000lu;
        let kept = u32((whole >> shift) & 0xfffffffflu);
        let inexact = (whole & ((1lu << shift) - 1lu)) != 0lu;
        // the implicit bit adds one to the exponent
        let above = u32(max(exponent + 126, 0)) << 23u;
        magnitude = (above + kept) | select(0u, 1u, inexact);
        if (bits & MAGNITUDE_f64) == 0lu {
            magnitude = 0u;
        }
    }
    return bitcast<f32>(sign | magnitude);
}

// A word and the exponent of the power of two that it is multiplied by. Of a longer number it holds
// the leading bits, with the last one set if a bit after them is set.

fn leading_word_u32(n: u32) -> vec2<u32> {
    return vec2(n, 0u);
}

fn leading_word_u64(n: u64) -> vec2<u32> {
    let high = u32(n >> 32u);
    let shift = 32u - countLeadingZeros(high);
    let rest = n & ((1lu << shift) - 1lu);
    return vec2(u32((n >> shift) & 0xfffffffflu) | select(0u, 1u, rest != 0lu), shift);
}

// The number that such a word and exponent stand for.

fn f32_of_word(word: vec2<u32>, negative: bool) -> f32 {
    let magnitude = real_of_f32(word.x) * power_of_two_f32(i32(word.y));
    return select(magnitude, -magnitude, negative);
}

fn bf16_of_word(word: vec2<u32>, negative: bool) -> u32 {
    // truncated to 24 bits, with the last one set if that is inexact, which rounds correctly to 8
    let excess = 8u - min(countLeadingZeros(word.x), 8u);
    let cut = (word.x >> excess) | select(0u, 1u, (word.x & ((1u << excess) - 1u)) != 0u);
    let magnitude = f32(cut) * power_of_two_f32(i32(word.y + excess));
    return bf16_from_f32(magnitude) | select(0u, 0x8000u, negative);
}
