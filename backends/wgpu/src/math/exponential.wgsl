// Exponential and logarithm as pairs, and the real functions that are computed from them.
//
// The leading terms of both series are exact, so the error before the final rounding is a few
// hundredths of a unit in the last place. The reductions are those of fdlibm (Tang 1989, 1990).

struct Exponent_R {
    value: Pair,
    power: i32,
}

// `exp(r) - 1` and k such that `x = k ln 2 + r`, `|r| <= ln(2) / 2`. For |x| up to EXP_MOST.
fn exp_reduced_R(x: Pair) -> Exponent_R {
    let k = opaque_R(round(x.x * LOG2_E_R.x));
    let first = two_sum_R(opaque_R(x.x - k * LN_2_A_R), -(k * LN_2_B_R));
    let r = quick_two_sum_R(first.x, first.y + (x.y - k * LN_2_C_R));
    // r + r²/2 as a pair, and the other terms, a hundredth of it, as one number
    let square = two_product_R(r.x, r.x);
    let half_square = Pair(0.5 * square.x, 0.5 * square.y + r.x * r.y);
    let rest = square.x * r.x * exp_rest_R(r.x);
    return Exponent_R(sum_with_R(sum_R(r, half_square), rest), i32(k));
}

// `exp(x)` as a number near 1 and a power of two. For |x| up to EXP_MOST.
fn exp_pair_R(x: Pair) -> Exponent_R {
    let less_one = exp_reduced_R(x);
    return Exponent_R(sum_with_R(less_one.value, Real(1.0)), less_one.power);
}

// `exp(x) - 1`, to full relative accuracy. For |x| up to EXP_SAFE.
fn expm1_pair_R(x: Pair) -> Pair {
    let less_one = exp_reduced_R(x);
    // 2^k (1 + m) - 1 = (2^k - 1) + 2^k m, which is m itself for k = 0
    let power = power_of_two_R(less_one.power);
    return sum_R(scaled_R(less_one.value, power), two_sum_R(power, Real(-1.0)));
}

// The inverse hyperbolic tangent, for arguments up to 3 - 2√2 = 0.17.
fn atanh_series_R(s: Pair) -> Pair {
    let square = product_R(s, s);
    let third = product_R(product_R(square, s), THIRD_R);
    return sum_R(s, sum_with_R(third, s.x * square.x * square.x * atanh_rest_R(square.x)));
}

// `ln(m) + k ln 2`, where `less_one` is `m - 1` and m is between 1/√2 and √2.
fn log_reduced_R(less_one: Pair, power: i32) -> Pair {
    // ln(m) = 2 atanh((m - 1) / (m + 1))
    let s = quotient_R(less_one, sum_with_R(less_one, Real(2.0)));
    let log = scaled_R(atanh_series_R(s), Real(2.0));
    let k = Real(power);
    let multiple = two_sum_R(k * LN_2_A_R, k * LN_2_B_R);
    return sum_R(Pair(multiple.x, multiple.y + k * LN_2_C_R), log);
}

// `ln(x)`, to full relative accuracy. For finite positive numbers, without a second part for
// subnormal ones.
fn log_pair_R(x: Pair) -> Pair {
    let reduced = log_argument_R(x);
    return log_reduced_R(reduced.value, reduced.power);
}

// The argument of `log_reduced` for `ln(x)`.
fn log_argument_R(x: Pair) -> Exponent_R {
    let m = normal_R(x.x);
    return Exponent_R(two_sum_R(opaque_R(m.value - 1.0), scale_R(x.y, -m.power)), m.power);
}

// `ln(x)`, to full relative accuracy near 1 as well, from `x` and `x - 1`.
fn log_near_one_R(x: Pair, less_one: Pair) -> Pair {
    var reduced = log_argument_R(x);
    if x.x > 0.71 && x.x < 1.41 {
        reduced = Exponent_R(less_one, 0);
    }
    return log_reduced_R(reduced.value, reduced.power);
}

// `ln(1 + x)`, to full relative accuracy. For finite x above -1.
fn log1p_pair_R(x: Pair) -> Pair {
    return log_near_one_R(sum_with_R(x, Real(1.0)), x);
}

// `value * 2^power`, rounded.
fn exponent_value_R(e: Exponent_R) -> Real {
    return scale_R(rounded_R(e.value), e.power);
}

fn exp_R(x: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    return exponent_value_R(exp_pair_R(single_R(clamp(x, -EXP_MOST_R, EXP_MOST_R))));
}

fn expm1_R(x: Real) -> Real {
    if isnan_R(x) || abs_R(x) < TINY_R {
        return x;
    }
    if x > EXP_SAFE_R {
        return exp_R(x);
    }
    return rounded_R(expm1_pair_R(single_R(max(x, -EXP_SAFE_R))));
}

// The logarithm of a number that is not positive and finite, and 0 for other numbers.
fn log_special_R(x: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    if is_zero_R(x) {
        return negative_R(infinity_R());
    }
    if signbit_R(x) {
        return nan_R();
    }
    return select(Real(0.0), x, isinf_R(x));
}

fn has_log_R(x: Real) -> bool {
    return isfinite_R(x) && !is_zero_R(x) && !signbit_R(x);
}

fn log_R(x: Real) -> Real {
    if !has_log_R(x) {
        return log_special_R(x);
    }
    return rounded_R(log_pair_R(single_R(x)));
}

fn log2_R(x: Real) -> Real {
    if !has_log_R(x) {
        return log_special_R(x);
    }
    return rounded_R(product_R(log_pair_R(single_R(x)), LOG2_E_R));
}

fn log10_R(x: Real) -> Real {
    if !has_log_R(x) {
        return log_special_R(x);
    }
    return rounded_R(product_R(log_pair_R(single_R(x)), LOG10_E_R));
}

fn log1p_R(x: Real) -> Real {
    if isnan_R(x) || abs_R(x) < TINY_R {
        return x;
    }
    if x <= -1.0 {
        return select(nan_R(), negative_R(infinity_R()), x == -1.0);
    }
    if x > HUGE_R {
        return log_R(x);
    }
    return rounded_R(log1p_pair_R(single_R(x)));
}

// 1 for an odd integer, 0 for an even one, and 2 for a number that is not an integer.
fn parity_R(x: Real) -> u32 {
    let half = 0.5 * x;
    return select(select(1u, 0u, floor(half) == half), 2u, !(floor(x) == x));
}

fn pow_R(x: Real, y: Real) -> Real {
    if is_zero_R(y) || bitcast<Bits>(x) == bitcast<Bits>(Real(1.0)) {
        return Real(1.0);
    }
    if isnan_R(x) || isnan_R(y) {
        return nan_R();
    }
    let base = abs_R(x);
    if isinf_R(y) {
        if base == 1.0 {
            return Real(1.0);
        }
        return select(Real(0.0), infinity_R(), (base > 1.0) != signbit_R(y));
    }
    let parity = parity_R(y);
    let negative = signbit_R(x) && parity == 1u;
    var power: Real;
    if is_zero_R(x) || isinf_R(x) {
        power = select(Real(0.0), infinity_R(), isinf_R(x) != signbit_R(y));
    } else if signbit_R(x) && parity == 2u {
        return nan_R();
    } else {
        let log = log_pair_R(single_R(base));
        let estimate = log.x * y;
        if abs_R(estimate) < 0.9 * EXP_MOST_R {
            power = exponent_value_R(exp_pair_R(product_with_R(log, clamp(y, -HUGE_R, HUGE_R))));
        } else {
            power = select(infinity_R(), Real(0.0), signbit_R(estimate));
        }
    }
    return select(power, negative_R(power), negative);
}

// `exp(x) / 2`, which may be finite where `exp(x)` is not. For positive numbers.
fn half_exp_R(x: Real) -> Real {
    let e = exp_pair_R(single_R(min(x, EXP_MOST_R)));
    return scale_R(rounded_R(e.value), e.power - 1);
}

struct Hyperbolic_R {
    sinh: Pair,
    cosh: Pair,
}

// For magnitudes up to EXP_SAFE.
fn sinh_cosh_R(x: Real) -> Hyperbolic_R {
    let m = expm1_pair_R(single_R(abs_R(x)));
    let e = sum_with_R(m, Real(1.0));
    let inverse = quotient_R(single_R(Real(1.0)), e);
    let cosh = scaled_R(sum_R(e, inverse), Real(0.5));
    let positive = scaled_R(sum_R(m, product_R(m, inverse)), Real(0.5));
    let sinh = select(positive, -positive, signbit_R(x));
    return Hyperbolic_R(select(sinh, single_R(x), abs_R(x) < SMALL_R), cosh);
}

fn sinh_R(x: Real) -> Real {
    if isnan_R(x) || abs_R(x) < SMALL_R {
        return x;
    }
    if abs_R(x) < EXP_SAFE_R {
        return rounded_R(sinh_cosh_R(x).sinh);
    }
    return copysign_R(half_exp_R(abs_R(x)), x);
}

fn cosh_R(x: Real) -> Real {
    if isnan_R(x) {
        return x;
    }
    if abs_R(x) < EXP_SAFE_R {
        return rounded_R(sinh_cosh_R(x).cosh);
    }
    return half_exp_R(abs_R(x));
}

fn tanh_R(x: Real) -> Real {
    let a = abs_R(x);
    if isnan_R(x) || a < SMALL_R {
        return x;
    }
    if a > ALONE_R {
        return copysign_R(Real(1.0), x);
    }
    let m = expm1_pair_R(single_R(a + a));
    return copysign_R(rounded_R(quotient_R(m, sum_with_R(m, Real(2.0)))), x);
}

fn asinh_R(x: Real) -> Real {
    let a = abs_R(x);
    // x³/6 is negligible
    if !isfinite_R(x) || a < SMALL_R {
        return x;
    }
    // ln(a + √(a² + 1)) = ln(1 + a + a² / (1 + √(a² + 1)))
    let square = two_product_R(a, a);
    let root = root_R(sum_with_R(square, Real(1.0)));
    var u = sum_with_R(quotient_R(square, sum_with_R(root, Real(1.0))), a);
    var more = single_R(Real(0.0));
    if a > LARGE_R {
        // ln(2a + 1/2a), whose second term is negligible
        u = two_sum_R(0.5 * a, Real(-1.0));
        more = LN_4_R;
    }
    return copysign_R(rounded_R(sum_R(log1p_pair_R(u), more)), x);
}

fn acosh_R(x: Real) -> Real {
    if isnan_R(x) || x < 1.0 {
        return nan_R();
    }
    if isinf_R(x) {
        return x;
    }
    // with v = x - 1: ln(1 + v + √(v (v + 2)))
    let v = opaque_R(x - 1.0);
    if is_zero_R(v) {
        return Real(0.0);
    }
    var u = two_sum_R(0.5 * x, Real(-1.0));
    var more = LN_4_R;
    if x < LARGE_R {
        u = sum_with_R(root_R(product_R(single_R(v), two_sum_R(v, Real(2.0)))), v);
        more = single_R(Real(0.0));
    }
    return rounded_R(sum_R(log1p_pair_R(u), more));
}

fn atanh_R(x: Real) -> Real {
    let a = abs_R(x);
    if isnan_R(x) || a < SMALL_R {
        return x;
    }
    if a >= 1.0 {
        return select(nan_R(), copysign_R(infinity_R(), x), a == 1.0);
    }
    // 2a / (1 - a) is (1 + a) / (1 - a) - 1
    let u = quotient_R(single_R(a + a), two_sum_R(Real(1.0), -a));
    return copysign_R(rounded_R(scaled_R(log1p_pair_R(u), Real(0.5))), x);
}

// `√(x² + y²)`, as a pair that is multiplied by 2^power.
fn hypot_pair_R(x: Real, y: Real) -> Exponent_R {
    let most = max(abs_R(x), abs_R(y));
    let power = select(select(0, SQUARE_POWER_R, most < SQUARE_LEAST_R), -SQUARE_POWER_R, most > SQUARE_MOST_R);
    let a = scale_R(x, power);
    let b = scale_R(y, power);
    if is_zero_R(a) && is_zero_R(b) {
        return Exponent_R(single_R(Real(0.0)), 0);
    }
    return Exponent_R(root_R(sum_R(two_product_R(a, a), two_product_R(b, b))), -power);
}

fn hypot_R(x: Real, y: Real) -> Real {
    if isinf_R(x) || isinf_R(y) {
        return infinity_R();
    }
    if isnan_R(x) || isnan_R(y) {
        return nan_R();
    }
    return exponent_value_R(hypot_pair_R(x, y));
}

// `ln(exp(x) + exp(y))`, without intermediate overflow.
fn logaddexp_R(x: Real, y: Real) -> Real {
    if isnan_R(x) || isnan_R(y) {
        return nan_R();
    }
    let most = max(x, y);
    let least = min(x, y);
    if isinf_R(x) || isinf_R(y) || most - least > EXP_SAFE_R {
        // this term is negligible unless the other one is tiny as well
        if isinf_R(x) || isinf_R(y) || !(abs_R(most) < TINY_R) {
            return most;
        }
        return most + exp_R(least - most);
    }
    let t = exp_pair_R(two_sum_R(least, -most));
    let u = log1p_pair_R(scaled_R(t.value, power_of_two_R(t.power)));
    return rounded_R(sum_with_R(u, most));
}
