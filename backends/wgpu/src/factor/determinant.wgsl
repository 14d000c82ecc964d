// The product of the diagonal of U, as a number of moderate size and a power of two. The products
// of some of the factors may be out of range where the whole product is not.
fn determinant(b: u32) {
    let n = p.n;
    let width = p.width;
    var product = of_real(Real(1.0));
    var exponent = matrix_exponent(largest_get(b), p.moderate) * i32(n);
    var zero = false;
    for (var k = 0u; k < n; k++) {
        let pivot = work_get(b * n * width + k * width + k);
        if !(modulus(pivot) > Real(0.0)) {
            zero = true;
            break;
        }
        if pivots_get(b * n + k) != k {
            product = -product;
        }
        let own = exponent_of(pivot);
        product = times(product, scaled(pivot, -own));
        let grown = exponent_of(product);
        product = scaled(product, -grown);
        exponent += own + grown;
    }
    if zero {
        det_set(b, of_real(Real(0.0)));
        sign_set(b, of_real(Real(0.0)));
        log_set(b, negative_R(infinity_R()));
        return;
    }
    // powers beyond these give infinity or zero
    det_set(b, scaled(product, clamp(exponent, -4000, 4000)));
    sign_set(b, direction(product));
    let rest = log_pair_R(single_R(length_of(product)));
    log_set(b, rounded_R(sum_R(product_with_R(LN_2_R, Real(exponent)), rest)));
}
