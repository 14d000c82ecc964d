// Arithmetic of complex numbers. The special cases are mostly those of C99's annex G.

// The parts exchanged, which is `j * conj(z)`. This reduces circular functions to hyperbolic ones.
fn exchanged_C(z: Complex) -> Complex {
    return Complex(z.y, z.x);
}

fn both_nan_C() -> Complex {
    return Complex(nan_R(), nan_R());
}

fn isfinite_C(z: Complex) -> bool {
    return isfinite_R(z.x) && isfinite_R(z.y);
}

fn isinf_C(z: Complex) -> bool {
    return isinf_R(z.x) || isinf_R(z.y);
}

fn isnan_C(z: Complex) -> bool {
    return isnan_R(z.x) || isnan_R(z.y);
}

fn is_zero_C(z: Complex) -> bool {
    return is_zero_R(z.x) && is_zero_R(z.y);
}

fn real_C(z: Complex) -> Real {
    return z.x;
}

fn imag_C(z: Complex) -> Real {
    return z.y;
}

fn conj_C(z: Complex) -> Complex {
    return Complex(z.x, negative_R(z.y));
}

fn negative_C(z: Complex) -> Complex {
    return Complex(negative_R(z.x), negative_R(z.y));
}

fn round_C(z: Complex) -> Complex {
    return Complex(round(z.x), round(z.y));
}

fn abs_C(z: Complex) -> Real {
    return hypot_R(z.x, z.y);
}

fn equal_C(x: Complex, y: Complex) -> bool {
    return x.x == y.x && x.y == y.y;
}

fn not_equal_C(x: Complex, y: Complex) -> bool {
    return !(x.x == y.x) || !(x.y == y.y);
}

fn add_C(x: Complex, y: Complex) -> Complex {
    return x + y;
}

fn subtract_C(x: Complex, y: Complex) -> Complex {
    return x - y;
}

// The textbook formula, with each product rounded.
fn multiply_C(x: Complex, y: Complex) -> Complex {
    let re = opaque_R(x.x * y.x) - opaque_R(x.y * y.y);
    return Complex(re, opaque_R(x.x * y.y) + opaque_R(x.y * y.x));
}

fn square_C(z: Complex) -> Complex {
    // the real part without cancellation; a zero is +0, as that of a² - b²
    let re = opaque_R(z.x - z.y) * opaque_R(z.x + z.y);
    let half = opaque_R(z.x * z.y);
    return Complex(select(re, Real(0.0), is_zero_R(re)), half + half);
}

// The exponent of the larger part, limited to those of powers of two with a normal reciprocal.
fn exponent_C(z: Complex) -> i32 {
    return clamp(max(exponent_R(z.x), exponent_R(z.y)), 1 - BIAS_R, BIAS_R - 1);
}

fn scale_C(z: Complex, power: i32) -> Complex {
    return Complex(scale_R(z.x, power), scale_R(z.y, power));
}

// `z / abs(z)`: 0 for 0, and NaN in both parts for a NaN in either.
fn sign_C(z: Complex) -> Complex {
    if is_zero_C(z) {
        return Complex(Real(0.0), Real(0.0));
    }
    if isnan_C(z) {
        return both_nan_C();
    }
    // the magnitude itself may overflow, or be subnormal
    let near = scale_C(z, -exponent_C(z));
    let magnitude = hypot_R(near.x, near.y);
    return Complex(near.x / magnitude, near.y / magnitude);
}

// `a * b + c * d`, rounded about once.
fn sum_of_products_R(a: Real, b: Real, c: Real, d: Real) -> Real {
    let sum = rounded_R(sum_R(two_product_R(a, b), two_product_R(c, d)));
    // the plain sum is right for zeros, infinities and NaN
    if isfinite_R(sum) && !is_zero_R(sum) {
        return sum;
    }
    return opaque_R(a * b) + opaque_R(c * d);
}

// The exponent if squares would overflow or lose digits, else 0.
fn far_exponent_C(z: Complex) -> i32 {
    let power = exponent_C(z);
    return select(power, 0, abs(power) < SQUARE_EXPONENT_R);
}

// The quotient, without intermediate overflow, and with about one rounding of each sum.
fn divide_C(x: Complex, y: Complex) -> Complex {
    let up = far_exponent_C(x);
    let down = far_exponent_C(y);
    let a = scale_C(x, -up);
    let b = scale_C(y, -down);
    let norm = sum_of_products_R(b.x, b.x, b.y, b.y);
    let re = sum_of_products_R(a.x, b.x, a.y, b.y) / norm;
    let im = sum_of_products_R(a.y, b.x, negative_R(a.x), b.y) / norm;
    if isnan_R(re) && isnan_R(im) {
        return recovered_quotient_C(x, y);
    }
    return scale_C(Complex(re, im), up - down);
}

// 1 for an infinite number and 0 for others, with the sign of the number.
fn boxed_C(z: Complex) -> Complex {
    let re = select(Real(0.0), Real(1.0), isinf_R(z.x));
    let im = select(Real(0.0), Real(1.0), isinf_R(z.y));
    return Complex(copysign_R(re, z.x), copysign_R(im, z.y));
}

// `factor * x * conj(y)`.
fn turned_C(x: Complex, y: Complex, factor: Real) -> Complex {
    let re = opaque_R(opaque_R(x.x * y.x) + opaque_R(x.y * y.y));
    let im = opaque_R(opaque_R(x.y * y.x) - opaque_R(x.x * y.y));
    return Complex(factor * re, factor * im);
}

// The quotient where the formula gives NaN (C99, G.5.1).
fn recovered_quotient_C(x: Complex, y: Complex) -> Complex {
    if is_zero_C(y) && !(isnan_R(x.x) && isnan_R(x.y)) {
        let infinity = copysign_R(infinity_R(), y.x);
        return Complex(infinity * x.x, infinity * x.y);
    }
    if isinf_C(x) && isfinite_C(y) {
        return turned_C(boxed_C(x), y, infinity_R());
    }
    if isinf_C(y) && isfinite_C(x) {
        return turned_C(x, boxed_C(y), opaque_R(Real(0.0)));
    }
    return both_nan_C();
}

fn reciprocal_C(z: Complex) -> Complex {
    return divide_C(Complex(Real(1.0), opaque_R(Real(0.0))), z);
}
