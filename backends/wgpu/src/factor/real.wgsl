fn times(a: Real, b: Real) -> Real {
    return a * b;
}

fn over(a: Real, b: Real) -> Real {
    return a / b;
}

fn modulus(a: Real) -> Real {
    return abs_R(a);
}

fn adjoint(a: Real) -> Real {
    return a;
}

fn real_of(a: Real) -> Real {
    return a;
}

fn of_real(a: Real) -> Real {
    return a;
}

fn scaled(a: Real, power: i32) -> Real {
    return scaled_real(a, power);
}

fn exponent_of(a: Real) -> i32 {
    return clamp(exponent_R(a), 1 - BIAS_R, BIAS_R - 1);
}

fn direction(a: Real) -> Real {
    return sign_R(a);
}

fn length_of(a: Real) -> Real {
    return abs_R(a);
}

fn is_real(a: Real) -> bool {
    return true;
}

fn square_of(a: Real) -> Real {
    return a * a;
}

// The τ of the reflector that maps a vector with first element `head` to one with `beta` as the
// only element other than zero.
fn tau_of(head: Real, beta: Real) -> Real {
    return (beta - head) / beta;
}
