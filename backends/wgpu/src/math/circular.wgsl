// The circular functions and their inverses, as pairs.

// An angle, and the quadrant relative to which it is given.
struct Angle_R {
    rest: Pair,
    quadrant: u32,
}

struct Circular_R {
    sin: Pair,
    cos: Pair,
}

// The sine and the cosine of an angle up to π/4 that is not 0.
fn sin_cos_reduced_R(t: Pair) -> Circular_R {
    let square = two_product_R(t.x, t.x);
    let half = Pair(0.5 * square.x, 0.5 * square.y + t.x * t.y);
    let cos = sum_with_R(sum_R(single_R(Real(1.0)), -half), square.x * square.x * cos_rest_R(square.x));
    let sixth = product_R(product_R(half, t), -THIRD_R);
    let sin = sum_R(t, sum_with_R(sixth, square.x * square.x * t.x * sin_rest_R(square.x)));
    return Circular_R(sin, cos);
}

fn angle_R(x: Real) -> Angle_R {
    if abs_R(x) <= QUARTER_PI_R.x {
        return Angle_R(single_R(x), 0u);
    }
    return reduced_angle_R(x);
}

// For finite numbers.
fn sin_cos_pair_R(x: Real) -> Circular_R {
    let angle = angle_R(x);
    let c = sin_cos_reduced_R(angle.rest);
    let odd = (angle.quadrant & 1u) == 1u;
    let sin = select(c.sin, c.cos, odd);
    let cos = select(c.cos, -c.sin, odd);
    let turned = angle.quadrant > 1u;
    let signed_sin = select(sin, -sin, turned);
    return Circular_R(select(signed_sin, Pair(x, x), is_zero_R(x)), select(cos, -cos, turned));
}

// `1 - cos(x)`, to full relative accuracy, from `x` and its cosine. For finite numbers.
fn versine_R(x: Real, cos: Pair) -> Pair {
    if abs_R(x) <= QUARTER_PI_R.x {
        let square = two_product_R(x, x);
        return sum_with_R(0.5 * square, -(square.x * square.x * cos_rest_R(square.x)));
    }
    return sum_with_R(-cos, Real(1.0));
}

fn sin_R(x: Real) -> Real {
    if !isfinite_R(x) {
        return nan_R();
    }
    if abs_R(x) < SMALL_R {
        return x;
    }
    return rounded_R(sin_cos_pair_R(x).sin);
}

fn cos_R(x: Real) -> Real {
    if !isfinite_R(x) {
        return nan_R();
    }
    return rounded_R(sin_cos_pair_R(x).cos);
}

fn tan_R(x: Real) -> Real {
    if !isfinite_R(x) {
        return nan_R();
    }
    if abs_R(x) < SMALL_R {
        return x;
    }
    let c = sin_cos_pair_R(x);
    return rounded_R(quotient_R(c.sin, c.cos));
}

// The angle between 0 and π/2 whose tangent is `y / x`. For nonnegative numbers, the larger of
// which is far from overflow and underflow.
fn atan_pair_R(y: Pair, x: Pair) -> Pair {
    let steep = y.x > x.x;
    let most = select(x, y, steep);
    let least = select(y, x, steep);
    // the difference from the nearest angle whose tangent is a multiple of 1/8, from a table
    let nearest = u32(8.0 * (least.x / most.x) + 0.5);
    let tangent = Real(nearest) * 0.125;
    let difference = sum_R(least, -product_with_R(most, tangent));
    let t = quotient_R(difference, sum_R(most, product_with_R(least, tangent)));
    let square = t.x * t.x;
    let angle = sum_R(ATAN_EIGHTHS_R[nearest], sum_with_R(t, t.x * square * atan_rest_R(square)));
    if steep {
        return sum_R(HALF_PI_R, -angle);
    }
    return angle;
}

fn atan2_R(y: Real, x: Real) -> Real {
    if isnan_R(x) || isnan_R(y) {
        return nan_R();
    }
    return rounded_R(atan2_pair_R(y, x));
}

// For any numbers but NaN.
fn atan2_pair_R(y: Real, x: Real) -> Pair {
    var angle: Pair;
    if is_zero_R(y) && signbit_R(x) {
        angle = PI_R;
    } else if is_zero_R(y) {
        return Pair(y, y);
    } else if isinf_R(x) && isinf_R(y) {
        angle = select(QUARTER_PI_R, product_with_R(QUARTER_PI_R, Real(3.0)), signbit_R(x));
    } else if isinf_R(x) {
        angle = select(single_R(Real(0.0)), PI_R, signbit_R(x));
    } else if isinf_R(y) || is_zero_R(x) {
        angle = HALF_PI_R;
    } else {
        let tiny = is_subnormal_R(y) && is_subnormal_R(x);
        let a = select(abs_R(y), subnormal_multiple_R(y), tiny);
        let b = select(abs_R(x), subnormal_multiple_R(x), tiny);
        // the difference of the exponents
        let distance = exponent_R(a) - exponent_R(b);
        if distance > BIAS_R / 2 {
            angle = HALF_PI_R;
        } else if distance < -BIAS_R / 2 {
            angle = select(single_R(a / b), PI_R, signbit_R(x));
        } else {
            let power = -max(exponent_R(a), exponent_R(b));
            angle = atan_pair_R(single_R(scale_R(a, power)), single_R(scale_R(b, power)));
            if signbit_R(x) {
                angle = sum_R(PI_R, -angle);
            }
        }
    }
    return select(angle, -angle, signbit_R(y));
}

fn atan_R(x: Real) -> Real {
    let a = abs_R(x);
    if isnan_R(x) || a < SMALL_R {
        return x;
    }
    if a > HUGE_R {
        return copysign_R(HALF_PI_R.x, x);
    }
    return copysign_R(rounded_R(atan_pair_R(single_R(a), single_R(Real(1.0)))), x);
}

// `√(1 - a²)`, for 0 <= a < 1.
fn other_leg_R(a: Real) -> Pair {
    return root_R(product_R(two_sum_R(Real(1.0), -a), two_sum_R(Real(1.0), a)));
}

fn asin_R(x: Real) -> Real {
    let a = abs_R(x);
    if isnan_R(x) || a < SMALL_R {
        return x;
    }
    if a >= 1.0 {
        return select(nan_R(), copysign_R(HALF_PI_R.x, x), a == 1.0);
    }
    return copysign_R(rounded_R(atan_pair_R(single_R(a), other_leg_R(a))), x);
}

fn acos_R(x: Real) -> Real {
    let a = abs_R(x);
    if isnan_R(x) || a > 1.0 {
        return nan_R();
    }
    if a == 1.0 {
        return select(Real(0.0), PI_R.x, signbit_R(x));
    }
    let angle = atan_pair_R(other_leg_R(a), single_R(a));
    if signbit_R(x) {
        return rounded_R(sum_R(PI_R, -angle));
    }
    return rounded_R(angle);
}
