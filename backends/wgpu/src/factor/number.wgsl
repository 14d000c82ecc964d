// Operations on the numbers of a matrix. `Number` is `Real` or `Complex`.

// `x * 2^power`, rounded where the result is subnormal, which devices may flush to 0 in arithmetic.
fn scaled_real(x: Real, power: i32) -> Real {
    if power == 0 || is_zero_R(x) {
        return x;
    }
    let least = BIAS_R + i32(MANTISSA_BITS_R) - 1;
    let small = is_subnormal_R(x);
    let v = select(abs_R(x), subnormal_multiple_R(x), small);
    let up = select(power, power - least, small);
    if exponent_R(v) + up >= 1 - BIAS_R {
        return copysign_R(scale_R(v, up), x);
    }
    let multiple = round(scale_R(v, up + least));
    return copysign_R(bitcast<Real>(Bits(multiple)), x);
}

// The even exponent of the power of two by which a matrix is divided, from the upper word of its
// largest element: 0 where that is of moderate size. Larger elements are only brought down to
// moderate size, since the division may lose the smallest elements.
fn matrix_exponent(word: u32, moderate: u32) -> i32 {
    let bits = MANTISSA_BITS_R & 31u;
    var exponent = i32(word >> bits) - BIAS_R;
    if (word >> bits) == 0u {
        exponent = 32 - i32(countLeadingZeros(word)) - i32(bits) - BIAS_R;
    }
    let down = max(exponent - i32(moderate), 0);
    let up = select(0, exponent, exponent < -(BIAS_R / 3));
    return select((down + up) / 2 * 2, 0, word == 0u);
}
