// Numbers in twice the precision, as unevaluated sums of two numbers, the second of which is at
// most half a unit in the last place of the first.
//
// These are the error-free transformations of Dekker (1971) and Knuth (TAOCP 2, 4.2.2), with each
// step opaque. The operations on sums are the "sloppy" ones, which err by a few of the last bits.

// `a + b`, exactly.
fn two_sum_R(a: Real, b: Real) -> Pair {
    let hi = opaque_R(a + b);
    let from_b = opaque_R(hi - a);
    let from_a = opaque_R(hi - from_b);
    return Pair(hi, opaque_R(a - from_a) + opaque_R(b - from_b));
}

// `a + b`, exactly, if `a` is 0 or at least as large in magnitude as `b`.
fn quick_two_sum_R(a: Real, b: Real) -> Pair {
    let hi = opaque_R(a + b);
    return Pair(hi, opaque_R(b - opaque_R(hi - a)));
}

// The number rounded to the upper half of its bits. The difference has as many bits, and a sign.
// For all numbers but the very largest.
fn upper_half_R(a: Real) -> Real {
    return bitcast<Real>((bitcast<Bits>(a) + HALF_UNIT_R) & ~(HALF_UNIT_R + HALF_UNIT_R - Bits(1u)));
}

// `a * b`, exactly, unless the error is subnormal.
fn two_product_R(a: Real, b: Real) -> Pair {
    let hi = opaque_R(a * b);
    let a_hi = upper_half_R(a);
    let b_hi = upper_half_R(b);
    let a_lo = opaque_R(a - a_hi);
    let b_lo = opaque_R(b - b_hi);
    return Pair(hi, opaque_R(a_hi * b_hi - hi) + a_hi * b_lo + a_lo * b_hi + a_lo * b_lo);
}

fn sum_R(a: Pair, b: Pair) -> Pair {
    let s = two_sum_R(a.x, b.x);
    return quick_two_sum_R(s.x, s.y + (a.y + b.y));
}

fn sum_with_R(a: Pair, b: Real) -> Pair {
    let s = two_sum_R(a.x, b);
    return quick_two_sum_R(s.x, s.y + a.y);
}

fn product_R(a: Pair, b: Pair) -> Pair {
    let p = two_product_R(a.x, b.x);
    return quick_two_sum_R(p.x, p.y + (a.x * b.y + a.y * b.x));
}

fn product_with_R(a: Pair, b: Real) -> Pair {
    let p = two_product_R(a.x, b);
    return quick_two_sum_R(p.x, p.y + a.y * b);
}

fn quotient_R(a: Pair, b: Pair) -> Pair {
    let q = opaque_R(a.x / b.x);
    let p = two_product_R(q, b.x);
    let rest = opaque_R(opaque_R(a.x - p.x) - p.y) + (a.y - q * b.y);
    return quick_two_sum_R(q, rest / b.x);
}

// The square root. For positive numbers.
fn root_R(a: Pair) -> Pair {
    let root = opaque_R(sqrt(a.x));
    let p = two_product_R(root, root);
    let rest = opaque_R(opaque_R(a.x - p.x) - p.y) + a.y;
    return quick_two_sum_R(root, rest / (root + root));
}

// The product with a power of two, neither overflowing nor underflowing.
fn scaled_R(a: Pair, power: Real) -> Pair {
    return Pair(a.x * power, a.y * power);
}

fn single_R(a: Real) -> Pair {
    return Pair(a, Real(0.0));
}

fn rounded_R(a: Pair) -> Real {
    return a.x + a.y;
}

// The product, rounded, with its sign if it is 0.
fn rounded_product_R(a: Pair, b: Pair) -> Real {
    let product = rounded_R(product_R(a, b));
    return select(product, a.x * b.x, is_zero_R(product));
}
