// Exponential, logarithm, square root and power of complex numbers.
//
// Squared magnitudes are pairs, for the cancellation of ln|z| near |z| = 1 (Hull, Fairgrieve, Tang
// 1994) and for the accuracy of the square root.

// `exp(x) (cos + j sin) 2^power`, also where the exponential overflows and the result does not.
fn exp_scaled_C(x: Pair, angle: Circular_R, power: i32) -> Complex {
    // beyond these all results are 0 or infinite
    let limited = select(x, single_R(copysign_R(EXP_MOST_R, x.x)), abs_R(x.x) > EXP_MOST_R);
    let e = exp_pair_R(limited);
    let magnitude = rounded_R(e.value);
    let z = Complex(magnitude * rounded_R(angle.cos), magnitude * rounded_R(angle.sin));
    return scale_C(z, e.power + power);
}

// The exponential for an angle that is not finite, or a real part that is NaN.
fn exp_special_C(z: Complex) -> Complex {
    if isnan_R(z.x) {
        return Complex(z.x, select(nan_R(), z.y, is_zero_R(z.y)));
    }
    if z.x < 0.0 && isinf_R(z.x) {
        return Complex(Real(0.0), copysign_R(Real(0.0), z.y));
    }
    return Complex(select(nan_R(), z.x, isinf_R(z.x)), nan_R());
}

fn exp_C(z: Complex) -> Complex {
    if !isfinite_R(z.y) || isnan_R(z.x) {
        return exp_special_C(z);
    }
    return exp_scaled_C(single_R(z.x), sin_cos_pair_R(z.y), 0);
}

fn expm1_C(z: Complex) -> Complex {
    if !isfinite_R(z.y) || isnan_R(z.x) {
        let e = exp_special_C(z);
        return Complex(e.x - 1.0, e.y);
    }
    let angle = sin_cos_pair_R(z.y);
    if abs_R(z.x) > EXP_SAFE_R {
        let e = exp_scaled_C(single_R(z.x), angle, 0);
        return Complex(e.x - 1.0, e.y);
    }
    // exp(a) cos(b) - 1 = m - (1 + m) v, where m = exp(a) - 1 and v = 1 - cos(b)
    let m = expm1_pair_R(single_R(z.x));
    let e = sum_with_R(m, Real(1.0));
    let re = rounded_R(sum_R(m, -product_R(e, versine_R(z.y, angle.cos))));
    // +0 for both zeros
    return Complex(select(re, Real(0.0), is_zero_R(re)), rounded_R(e) * rounded_R(angle.sin));
}

// `ln|z|`. For finite numbers but 0.
fn log_magnitude_C(z: Complex) -> Pair {
    let most = max(abs_R(z.x), abs_R(z.y));
    let least = min(abs_R(z.x), abs_R(z.y));
    let near = select(0, SQUARE_POWER_R, most < SQUARE_LEAST_R);
    let power = select(near, -SQUARE_POWER_R, most > SQUARE_MOST_R);
    let a = scale_R(most, power);
    let b = scale_R(least, power);
    let square = two_product_R(a, a);
    let other = two_product_R(b, b);
    // near 1 the larger square less one is exact
    let less_one = sum_R(sum_with_R(square, Real(-1.0)), other);
    let log = scaled_R(log_near_one_R(sum_R(square, other), less_one), Real(0.5));
    return sum_R(log, product_with_R(LN_2_R, Real(-power)));
}

// `ln|z|`. For any numbers.
fn log_magnitude_of_any_C(z: Complex) -> Pair {
    if isinf_C(z) {
        return single_R(infinity_R());
    }
    if isnan_C(z) {
        return single_R(nan_R());
    }
    if is_zero_C(z) {
        return single_R(negative_R(infinity_R()));
    }
    return log_magnitude_C(z);
}

// The natural logarithm times `factor`.
fn log_times_C(z: Complex, factor: Pair) -> Complex {
    let angle = atan2_R(z.y, z.x) * factor.x;
    let log = log_magnitude_of_any_C(z);
    if !isfinite_R(log.x) {
        return Complex(log.x, angle);
    }
    return Complex(rounded_R(product_R(log, factor)), angle);
}

fn log_C(z: Complex) -> Complex {
    return log_times_C(z, single_R(Real(1.0)));
}

fn log2_C(z: Complex) -> Complex {
    return log_times_C(z, LOG2_E_R);
}

fn log10_C(z: Complex) -> Complex {
    return log_times_C(z, LOG10_E_R);
}

fn log1p_C(z: Complex) -> Complex {
    if is_zero_C(z) {
        return z;
    }
    let moved = Complex(opaque_R(1.0 + z.x), z.y);
    if isfinite_C(z) && abs_R(z.x) < HUGE_R && abs_R(z.y) < HUGE_R {
        // |1 + z|² - 1 = 2a + a² + b²
        let squares = sum_R(two_product_R(z.x, z.x), two_product_R(z.y, z.y));
        let u = sum_with_R(squares, z.x + z.x);
        // elsewhere 1 + a is exact
        if u.x > -0.75 {
            return Complex(rounded_R(scaled_R(log1p_pair_R(u), Real(0.5))), atan2_R(z.y, moved.x));
        }
    }
    return log_C(moved);
}

fn sqrt_C(z: Complex) -> Complex {
    let a = z.x;
    let b = z.y;
    if is_zero_C(z) {
        return Complex(Real(0.0), b);
    }
    if isinf_R(b) {
        return Complex(infinity_R(), b);
    }
    if isinf_R(a) {
        // the other part is 0 with the sign of b, or NaN if b is
        let zero = select(Real(0.0), b, isnan_R(b));
        if signbit_R(a) {
            return Complex(abs_R(zero), copysign_R(infinity_R(), b));
        }
        return Complex(a, copysign_R(zero, b));
    }
    if isnan_C(z) {
        return both_nan_C();
    }
    let most = max(abs_R(a), abs_R(b));
    let near = select(0, SQUARE_POWER_R / 2, most < SQUARE_LEAST_R);
    let power = select(near, -SQUARE_POWER_R / 2, most > SQUARE_MOST_R);
    let x = scale_R(abs_R(a), 2 * power);
    let y = scale_R(abs_R(b), 2 * power);
    // t = √((|z| + |a|) / 2), and the other part is |b| / 2t
    let magnitude = root_R(sum_R(two_product_R(x, x), two_product_R(y, y)));
    let t = root_R(scaled_R(sum_with_R(magnitude, x), Real(0.5)));
    // no digits of a small |b| may be lost
    let numerator = select(y, abs_R(b), power < 0);
    let quotient = rounded_R(quotient_R(single_R(numerator), scaled_R(t, Real(2.0))));
    let other = scale_R(quotient, -abs(power));
    let larger = scale_R(rounded_R(t), -power);
    if signbit_R(a) && !is_zero_R(a) {
        return Complex(other, copysign_R(larger, b));
    }
    return Complex(larger, copysign_R(other, b));
}

// `z` to the power `w`, which is `exp(w log(z))` but for these: `z ** 0` is always 1, 0 to a power
// with a positive real part is 0, and small integer powers are products, which may be exact.
fn pow_C(z: Complex, w: Complex) -> Complex {
    if is_zero_C(w) {
        return Complex(Real(1.0), Real(0.0));
    }
    if is_zero_C(z) {
        if isnan_C(w) || is_zero_R(w.x) {
            return both_nan_C();
        }
        if signbit_R(w.x) {
            return Complex(infinity_R(), nan_R());
        }
        return Complex(Real(0.0), Real(0.0));
    }
    let finite = isfinite_C(z) && isfinite_C(w);
    if finite && is_zero_R(w.y) && abs_R(w.x) <= 32.0 && floor(w.x) == w.x {
        let power = product_of_equals_C(z, u32(abs_R(w.x)));
        // unless an intermediate result was out of range
        let size = abs_R(power.x) + abs_R(power.y);
        if isfinite_C(power) && size > SQUARE_LEAST_R * SQUARE_LEAST_R {
            if signbit_R(w.x) {
                return reciprocal_C(power);
            }
            return power;
        }
    }
    let log = log_magnitude_of_any_C(z);
    let angle = select(single_R(nan_R()), atan2_pair_R(z.y, z.x), !isnan_C(z));
    var x: Pair;
    var y: Pair;
    if finite && abs_R(w.x) < SQUARE_MOST_R && abs_R(w.y) < SQUARE_MOST_R {
        x = sum_R(product_with_R(log, w.x), -product_with_R(angle, w.y));
        y = sum_R(product_with_R(angle, w.x), product_with_R(log, w.y));
    } else {
        let product = multiply_C(w, Complex(rounded_R(log), rounded_R(angle)));
        x = single_R(product.x);
        y = single_R(product.y);
    }
    if !isfinite_R(y.x) || isnan_R(x.x) {
        return exp_special_C(Complex(x.x, y.x));
    }
    // the sum rule, for the low part of the angle
    let c = sin_cos_pair_R(y.x);
    let sin = Pair(c.sin.x, c.sin.y + y.y * c.cos.x);
    let cos = Pair(c.cos.x, c.cos.y - y.y * c.sin.x);
    return exp_scaled_C(x, Circular_R(sin, cos), 0);
}

// A complex number in twice the precision.
struct Wide_R {
    re: Pair,
    im: Pair,
}

fn wide_product_R(x: Wide_R, y: Wide_R) -> Wide_R {
    let re = sum_R(product_R(x.re, y.re), -product_R(x.im, y.im));
    return Wide_R(re, sum_R(product_R(x.re, y.im), product_R(x.im, y.re)));
}

// `z` to the power `n`, which is not 0.
fn product_of_equals_C(z: Complex, n: u32) -> Complex {
    let base = Wide_R(single_R(z.x), single_R(z.y));
    var power = base;
    // the textbook formula, for the signs of zeros
    var plain = z;
    // from the second bit of the power down
    for (var left = 31u - countLeadingZeros(n); left > 0u; left -= 1u) {
        power = wide_product_R(power, power);
        plain = multiply_C(plain, plain);
        if ((n >> (left - 1u)) & 1u) == 1u {
            power = wide_product_R(power, base);
            plain = multiply_C(plain, z);
        }
    }
    let re = rounded_R(power.re);
    let im = rounded_R(power.im);
    return Complex(select(re, plain.x, is_zero_R(re)), select(im, plain.y, is_zero_R(im)));
}
