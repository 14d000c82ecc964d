// The circular and hyperbolic functions of complex numbers, and their inverses.
//
// The hyperbolic functions are computed, and the circular ones follow by exchanging the parts. The
// formulas are those of Kahan, "Branch cuts for complex elementary functions" (1987). They combine
// square roots of `1 - z` and `1 + z` so that no sum cancels, and the signs of zeros choose the
// side of a cut.

fn sinh_C(z: Complex) -> Complex {
    let a = z.x;
    let b = z.y;
    if isnan_R(a) || !isfinite_R(b) {
        let re = select(nan_R(), a, isinf_R(a) || is_zero_R(a));
        return Complex(re, select(nan_R(), b, is_zero_R(b)));
    }
    let c = sin_cos_pair_R(b);
    if abs_R(a) < EXP_SAFE_R {
        let h = sinh_cosh_R(a);
        let re = select(rounded_product_R(h.sinh, c.cos), a, is_zero_R(a));
        return Complex(re, select(rounded_product_R(h.cosh, c.sin), b, is_zero_R(b)));
    }
    let e = exp_scaled_C(single_R(abs_R(a)), c, -1);
    return Complex(select(e.x, negative_R(e.x), signbit_R(a)), e.y);
}

fn sin_C(z: Complex) -> Complex {
    return exchanged_C(sinh_C(exchanged_C(z)));
}

fn cosh_C(z: Complex) -> Complex {
    let a = z.x;
    let b = z.y;
    // if a part is zero, the imaginary part is 0 with the product of the signs
    let sign = bitcast<Real>((bitcast<Bits>(a) ^ bitcast<Bits>(b)) & SIGN_R);
    let real = is_zero_R(a) || is_zero_R(b);
    if isnan_R(a) || !isfinite_R(b) {
        return Complex(select(nan_R(), infinity_R(), isinf_R(a)), select(nan_R(), sign, real));
    }
    let c = sin_cos_pair_R(b);
    if abs_R(a) < EXP_SAFE_R {
        let h = sinh_cosh_R(a);
        let im = select(rounded_product_R(h.sinh, c.sin), sign, real);
        return Complex(rounded_product_R(h.cosh, c.cos), im);
    }
    let e = exp_scaled_C(single_R(abs_R(a)), c, -1);
    return Complex(e.x, select(e.y, negative_R(e.y), signbit_R(a)));
}

fn cos_C(z: Complex) -> Complex {
    return cosh_C(Complex(negative_R(z.y), z.x));
}

fn tanh_C(z: Complex) -> Complex {
    let a = z.x;
    let b = z.y;
    if isinf_R(a) {
        return Complex(copysign_R(Real(1.0), a), copysign_R(Real(0.0), b));
    }
    if !isfinite_C(z) {
        return Complex(select(nan_R(), a, is_zero_R(a)), select(nan_R(), b, is_zero_R(b)));
    }
    let c = sin_cos_pair_R(b);
    let numerator = product_R(c.sin, c.cos);
    if abs_R(a) > ALONE_R {
        // sin(b) cos(b) / cosh²(a)
        let im = 4.0 * rounded_R(numerator) * exp_R(-2.0 * abs_R(a));
        return Complex(copysign_R(Real(1.0), a), select(im, copysign_R(im, b), is_zero_R(b)));
    }
    // (sinh(a) cosh(a) + j sin(b) cos(b)) / (sinh²(a) + cos²(b))
    let h = sinh_cosh_R(a);
    let denominator = sum_R(product_R(h.sinh, h.sinh), product_R(c.cos, c.cos));
    let re = rounded_R(quotient_R(product_R(h.sinh, h.cosh), denominator));
    let im = rounded_R(quotient_R(numerator, denominator));
    return Complex(select(re, a, is_zero_R(a)), select(im, b, is_zero_R(b)));
}

fn tan_C(z: Complex) -> Complex {
    return exchanged_C(tanh_C(exchanged_C(z)));
}

// `ln(2 |z|)`. For numbers from HUGE on.
fn log_twice_C(z: Complex) -> Real {
    if isinf_C(z) {
        return infinity_R();
    }
    return rounded_R(sum_R(log_magnitude_C(z), LN_2_R));
}

fn asin_C(z: Complex) -> Complex {
    let x = z.x;
    let y = z.y;
    if isnan_C(z) {
        // one part may be known without the other
        if is_zero_R(x) {
            return Complex(x, nan_R());
        }
        if isinf_C(z) {
            return Complex(nan_R(), copysign_R(infinity_R(), select(y, Real(1.0), isnan_R(y))));
        }
        return both_nan_C();
    }
    if abs_R(x) > HUGE_R || abs_R(y) > HUGE_R {
        return Complex(atan2_R(x, abs_R(y)), copysign_R(log_twice_C(z), y));
    }
    let s1 = sqrt_C(Complex(1.0 - x, negative_R(y)));
    let s2 = sqrt_C(Complex(1.0 + x, y));
    let re = atan2_R(x, sum_of_products_R(s1.x, s2.x, negative_R(s1.y), s2.y));
    return Complex(re, asinh_R(sum_of_products_R(s1.x, s2.y, negative_R(s1.y), s2.x)));
}

fn asinh_C(z: Complex) -> Complex {
    return exchanged_C(asin_C(exchanged_C(z)));
}

fn acos_C(z: Complex) -> Complex {
    let x = z.x;
    let y = z.y;
    if isnan_C(z) {
        if is_zero_R(x) {
            return Complex(HALF_PI_R.x, nan_R());
        }
        if isinf_C(z) {
            return Complex(nan_R(), copysign_R(infinity_R(), negative_R(y)));
        }
        return both_nan_C();
    }
    if abs_R(x) > HUGE_R || abs_R(y) > HUGE_R {
        return Complex(atan2_R(abs_R(y), x), negative_R(copysign_R(log_twice_C(z), y)));
    }
    let s1 = sqrt_C(Complex(1.0 - x, negative_R(y)));
    let s2 = sqrt_C(Complex(1.0 + x, y));
    let re = 2.0 * atan2_R(s1.x, s2.x);
    return Complex(re, asinh_R(sum_of_products_R(s2.x, s1.y, negative_R(s2.y), s1.x)));
}

fn acosh_C(z: Complex) -> Complex {
    // acos(z) rotated by a right angle, into the right half-plane
    let turned = acos_C(z);
    return Complex(abs_R(turned.y), select(copysign_R(turned.x, z.y), turned.x, isnan_R(z.y)));
}

fn atanh_C(z: Complex) -> Complex {
    let quarter = copysign_R(HALF_PI_R.x, z.y);
    let zero = copysign_R(Real(0.0), z.x);
    if isnan_C(z) {
        if isinf_R(z.y) {
            return Complex(zero, quarter);
        }
        if is_zero_R(z.x) || isinf_R(z.x) {
            return Complex(zero, nan_R());
        }
        return both_nan_C();
    }
    if isinf_C(z) {
        return Complex(zero, quarter);
    }
    let x = abs_R(z.x);
    let y = abs_R(z.y);
    if x > HUGE_R || y > HUGE_R {
        // re(1 / z) = (x / |z|) / |z|, where |z| may overflow
        let magnitude = hypot_R(0.5 * x, 0.5 * y);
        return Complex(copysign_R(0.25 * x / magnitude / magnitude, z.x), quarter);
    }
    var im = z.y;
    if y > 0.0 || x > 1.0 {
        // 1 - x² - y², which may cancel
        let most = max(x, y);
        let least = min(x, y);
        let square = sum_with_R(two_product_R(most, most), Real(-1.0));
        let norm = rounded_R(sum_R(square, two_product_R(least, least)));
        im = 0.5 * atan2_R(2.0 * z.y, negative_R(norm));
    }
    var re: Real;
    if x == 1.0 && y < MINUTE_R {
        // ln(2 / y) / 2, or infinite
        re = 0.5 * (LN_2_R.x - log_R(y));
    } else {
        let rest = 1.0 - x;
        re = 0.25 * log1p_R(4.0 * x / sum_of_products_R(rest, rest, y, y));
    }
    return Complex(copysign_R(re, z.x), im);
}

fn atan_C(z: Complex) -> Complex {
    return exchanged_C(atanh_C(exchanged_C(z)));
}
