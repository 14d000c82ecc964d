// Real numbers: classification by bits, and operations of one instruction.

// `x`, in a form that the compiler does not recognise.
fn opaque_R(x: Real) -> Real {
    return bitcast<Real>(bitcast<Bits>(x) ^ Bits(ZERO));
}

fn magnitude_bits_R(x: Real) -> Bits {
    return bitcast<Bits>(x) & MAGNITUDE_R;
}

fn infinity_R() -> Real {
    return bitcast<Real>(INFINITY_R ^ Bits(ZERO));
}

fn nan_R() -> Real {
    return bitcast<Real>(NAN_R ^ Bits(ZERO));
}

fn isnan_R(x: Real) -> bool {
    return magnitude_bits_R(x) > INFINITY_R;
}

fn isinf_R(x: Real) -> bool {
    return magnitude_bits_R(x) == INFINITY_R;
}

fn isfinite_R(x: Real) -> bool {
    return magnitude_bits_R(x) < INFINITY_R;
}

fn is_zero_R(x: Real) -> bool {
    return magnitude_bits_R(x) == Bits(0u);
}

fn signbit_R(x: Real) -> bool {
    return bitcast<Bits>(x) > MAGNITUDE_R;
}

fn abs_R(x: Real) -> Real {
    return bitcast<Real>(magnitude_bits_R(x));
}

fn negative_R(x: Real) -> Real {
    return bitcast<Real>(bitcast<Bits>(x) ^ SIGN_R);
}

// This is a selection instead of `(x & m) | (y & s)`, which LLVM 15, which software drivers use,
// turns into a wrong AVX-512 instruction if it is the result of a branch.
fn copysign_R(x: Real, y: Real) -> Real {
    let magnitude = magnitude_bits_R(x);
    return bitcast<Real>(select(magnitude, magnitude | SIGN_R, signbit_R(y)));
}

fn is_subnormal_R(x: Real) -> bool {
    return magnitude_bits_R(x) < (Bits(1u) << MANTISSA_BITS_R);
}

// The multiple of the least subnormal number that a subnormal number is. Devices may flush the
// number itself to 0 in arithmetic.
fn subnormal_multiple_R(x: Real) -> Real {
    return real_of_R(magnitude_bits_R(x));
}

// An integer whose order is that of the numbers, with -0 before +0.
fn order_R(x: Real) -> Signed {
    let bits = bitcast<Signed>(x);
    return select(bits, bits ^ bitcast<Signed>(MAGNITUDE_R), signbit_R(x));
}

fn sign_R(x: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    return select(copysign_R(Real(1.0), x), Real(0.0), is_zero_R(x));
}

fn maximum_R(x: Real, y: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    return select(x, y, isnan_R(y) || order_R(y) > order_R(x));
}

fn minimum_R(x: Real, y: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    return select(x, y, isnan_R(y) || order_R(y) < order_R(x));
}

fn nextafter_R(x: Real, y: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    if isnan_R(y) || order_R(x) == order_R(y) {
        return y;
    }
    if is_zero_R(x) {
        let least = bitcast<Real>((bitcast<Bits>(y) & SIGN_R) | Bits(1u));
        return select(least, y, is_zero_R(y));
    }
    let away = (order_R(x) < order_R(y)) != signbit_R(x);
    return bitcast<Real>(select(bitcast<Bits>(x) - Bits(1u), bitcast<Bits>(x) + Bits(1u), away));
}

fn floor_R(x: Real) -> Real {
    return floor(x);
}

fn ceil_R(x: Real) -> Real {
    return ceil(x);
}

fn trunc_R(x: Real) -> Real {
    return trunc(x);
}

fn round_R(x: Real) -> Real {
    return round(x);
}

fn sqrt_R(x: Real) -> Real {
    return sqrt(x);
}

fn square_R(x: Real) -> Real {
    return x * x;
}

fn reciprocal_R(x: Real) -> Real {
    return Real(1.0) / x;
}

fn add_R(x: Real, y: Real) -> Real {
    return x + y;
}

fn subtract_R(x: Real, y: Real) -> Real {
    return x - y;
}

fn multiply_R(x: Real, y: Real) -> Real {
    return x * y;
}

fn divide_R(x: Real, y: Real) -> Real {
    return x / y;
}

fn equal_R(x: Real, y: Real) -> bool {
    return x == y;
}

// `!=` would be false for NaN, since naga emits an ordered comparison.
fn not_equal_R(x: Real, y: Real) -> bool {
    return !(x == y);
}

fn less_R(x: Real, y: Real) -> bool {
    return x < y;
}

fn less_equal_R(x: Real, y: Real) -> bool {
    return x <= y;
}

fn greater_R(x: Real, y: Real) -> bool {
    return x > y;
}

fn greater_equal_R(x: Real, y: Real) -> bool {
    return x >= y;
}

// The exponent of a normal number, and less than all of these for 0 and subnormal numbers.
fn exponent_R(x: Real) -> i32 {
    return i32(magnitude_bits_R(x) >> MANTISSA_BITS_R) - BIAS_R;
}

// 2^k, for a k for which it is a normal number.
fn power_of_two_R(k: i32) -> Real {
    return bitcast<Real>(Bits(u32(k + BIAS_R)) << MANTISSA_BITS_R);
}

// `x * 2^k`, exact unless the result is subnormal or overflows.
fn scale_R(x: Real, k: i32) -> Real {
    let kept = clamp(k, -3 * BIAS_R + 3, 3 * BIAS_R);
    let third = kept / 3;
    let step = power_of_two_R(third);
    return opaque_R(opaque_R(x * step) * step) * power_of_two_R(kept - 2 * third);
}

// The integer quotient, rounded towards 0, and the remainder of the magnitudes, as a multiple of
// 2^exponent.
struct Division_R {
    quotient: Bits,
    rest: Bits,
    exponent: i32,
}

// Long division of the magnitudes, some bits at a time, with the quotient modulo 2^32 or 2^64. For
// finite numbers, where `y` is not 0.
fn long_division_R(x: Real, y: Real) -> Division_R {
    let a = magnitude_bits_R(x);
    let b = magnitude_bits_R(y);
    let hidden = Bits(1u) << MANTISSA_BITS_R;
    // subnormal numbers have the exponent 1, but no implicit bit
    let a_exponent = i32(max(a >> MANTISSA_BITS_R, Bits(1u)));
    let b_exponent = i32(max(b >> MANTISSA_BITS_R, Bits(1u)));
    let dividend = select(a & (hidden - Bits(1u)), (a & (hidden - Bits(1u))) | hidden, a >= hidden);
    let divisor = select(b & (hidden - Bits(1u)), (b & (hidden - Bits(1u))) | hidden, b >= hidden);
    var left = a_exponent - b_exponent;
    if left < 0 {
        return Division_R(Bits(0u), dividend, a_exponent);
    }
    var quotient = dividend / divisor;
    var rest = dividend - quotient * divisor;
    while left > 0 && rest > Bits(0u) {
        let step = u32(min(left, SPARE_BITS_R));
        let wide = rest << step;
        let digit = wide / divisor;
        quotient = (quotient << step) + digit;
        rest = wide - digit * divisor;
        left -= i32(step);
    }
    // the remainder is 0, so that zeros follow
    quotient = select(quotient << u32(min(left, LAST_BIT_R)), Bits(0u), left > LAST_BIT_R);
    return Division_R(quotient, rest, b_exponent);
}

// The remainder of a floor division, with the sign of the divisor, as Python's `%`.
fn remainder_R(x: Real, y: Real) -> Real {
    if !isfinite_R(x) || isnan_R(y) || is_zero_R(y) {
        return nan_R();
    }
    var rest = x;
    if isfinite_R(y) {
        let division = long_division_R(x, y);
        let power = division.exponent - BIAS_R - i32(MANTISSA_BITS_R);
        rest = copysign_R(scale_R(real_of_R(division.rest), power), x);
    }
    if is_zero_R(rest) {
        return copysign_R(rest, y);
    }
    return select(rest, rest + y, signbit_R(rest) != signbit_R(y));
}

struct Normal_R {
    value: Real,
    power: i32,
}

// m and k such that `x = m * 2^k`, `1/√2 <= m < √2`. For normal positive numbers.
fn normalised_R(x: Real) -> Normal_R {
    let one = bitcast<Bits>(Real(1.0));
    let least = bitcast<Bits>(Real(0.70710678118654752));
    let bits = bitcast<Bits>(x) + (one - least);
    let power = i32(bits >> MANTISSA_BITS_R) - BIAS_R;
    let mantissa = bits & ((Bits(1u) << MANTISSA_BITS_R) - Bits(1u));
    return Normal_R(bitcast<Real>(mantissa + least), power);
}

// The same as `normalised` for the magnitude of any finite number but 0.
fn normal_R(x: Real) -> Normal_R {
    let subnormal = is_subnormal_R(x);
    let m = normalised_R(select(abs_R(x), subnormal_multiple_R(x), subnormal));
    let up = select(0, BIAS_R + i32(MANTISSA_BITS_R) - 1, subnormal);
    return Normal_R(m.value, m.power - up);
}

// The greatest integer that is not above the quotient, rounded down to a number, or infinity if it
// is out of range. Infinite and zero operands give the quotient itself.
fn floor_divide_R(x: Real, y: Real) -> Real {
    if !isfinite_R(x) || !isfinite_R(y) || is_zero_R(x) || is_zero_R(y) {
        return floor(x / y);
    }
    let below = signbit_R(x) != signbit_R(y);
    let a = normal_R(x);
    let b = normal_R(y);
    let distance = a.power - b.power;
    var magnitude: Real;
    if distance <= i32(MANTISSA_BITS_R) {
        // the integer has no more bits than a significand
        let division = long_division_R(x, y);
        let more = select(Bits(0u), Bits(1u), below && division.rest > Bits(0u));
        magnitude = real_of_R(division.quotient + more);
    } else {
        magnitude = long_quotient_R(a.value, b.value, distance, below);
    }
    return select(magnitude, negative_R(magnitude), below);
}

// `x / y * 2^power`, rounded towards 0 or away from it, or infinity if the nearest number is. For
// numbers between 1/√2 and √2.
fn long_quotient_R(x: Real, y: Real, power: i32, away: bool) -> Real {
    // one or two bits more than those of a significand
    let more = i32(MANTISSA_BITS_R) + 2;
    let division = long_division_R(scale_R(x, more), y);
    let dropped = select(1u, 2u, division.quotient >> (MANTISSA_BITS_R + 2u) > Bits(0u));
    let kept = division.quotient >> dropped;
    let inexact = division.rest > Bits(0u) || division.quotient != kept << dropped;
    let up = power - more + i32(dropped);
    let nearest = kept + ((division.quotient >> (dropped - 1u)) & Bits(1u));
    let rounded = select(kept, kept + Bits(1u), away && inexact);
    let largest = scale_R(real_of_R(nearest), up);
    return select(scale_R(real_of_R(rounded), up), infinity_R(), isinf_R(largest));
}

// Conversions to integers, towards 0, saturating, with 0 for NaN. A conversion to 8 or 16 bits
// gives the 32-bit integer of the same value.

fn i8_from_R(x: Real) -> i32 {
    return clamp(i32_from_R(x), -128, 127);
}

fn i16_from_R(x: Real) -> i32 {
    return clamp(i32_from_R(x), -32768, 32767);
}

fn i32_from_R(x: Real) -> i32 {
    if isnan_R(x) {
        return 0;
    }
    if x >= 2147483648.0 {
        return 0x7fffffff;
    }
    return select(i32(x), ~0x7fffffff, x <= -2147483648.0);
}

fn i64_from_R(x: Real) -> i64 {
    if isnan_R(x) {
        return 0li;
    }
    if x >= 9223372036854775808.0 {
        return 0x7fffffffffffffffli;
    }
    return select(i64(x), ~0x7fffffffffffffffli, x <= -9223372036854775808.0);
}

fn u8_from_R(x: Real) -> u32 {
    return min(u32_from_R(x), 255u);
}

fn u16_from_R(x: Real) -> u32 {
    return min(u32_from_R(x), 65535u);
}

fn u32_from_R(x: Real) -> u32 {
    if isnan_R(x) || signbit_R(x) {
        return 0u;
    }
    return select(u32(x), 0xffffffffu, x >= 4294967296.0);
}

fn u64_from_R(x: Real) -> u64 {
    if isnan_R(x) || signbit_R(x) {
        return 0lu;
    }
    return select(u64(x), 0xfffffffffffffffflu, x >= 18446744073709551616.0);
}
