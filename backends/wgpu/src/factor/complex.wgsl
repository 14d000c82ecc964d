fn times(a: Complex, b: Complex) -> Complex {
    return Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// The quotient, without forming squares (Smith, "Algorithm 116: Complex division", 1962).
fn over(a: Complex, b: Complex) -> Complex {
    if abs_R(b.x) >= abs_R(b.y) {
        let ratio = b.y / b.x;
        let d = b.x + b.y * ratio;
        return Complex((a.x + a.y * ratio) / d, (a.y - a.x * ratio) / d);
    }
    let ratio = b.x / b.y;
    let d = b.x * ratio + b.y;
    return Complex((a.x * ratio + a.y) / d, (a.y * ratio - a.x) / d);
}

// The larger of the absolute values of the parts, by which pivots are chosen.
fn modulus(a: Complex) -> Real {
    return max(abs_R(a.x), abs_R(a.y));
}

fn adjoint(a: Complex) -> Complex {
    return Complex(a.x, -a.y);
}

fn real_of(a: Complex) -> Real {
    return a.x;
}

fn of_real(a: Real) -> Complex {
    return Complex(a, Real(0.0));
}

fn scaled(a: Complex, power: i32) -> Complex {
    return Complex(scaled_real(a.x, power), scaled_real(a.y, power));
}

fn exponent_of(a: Complex) -> i32 {
    return exponent_C(a);
}

fn direction(a: Complex) -> Complex {
    return sign_C(a);
}

fn length_of(a: Complex) -> Real {
    return abs_C(a);
}

fn is_real(a: Complex) -> bool {
    return is_zero_R(a.y);
}

fn square_of(a: Complex) -> Real {
    return a.x * a.x + a.y * a.y;
}

// The τ of the reflector that maps a vector with first element `head` to one with `beta` as the
// only element other than zero.
fn tau_of(head: Complex, beta: Real) -> Complex {
    return Complex((beta - head.x) / beta, -head.y / beta);
}
