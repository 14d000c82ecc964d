// Reflectors that bring some columns of a matrix to triangular form, by one workgroup. The diagonal becomes
// real (LAPACK's choice of τ).

var<workgroup> sizes: array<Real, 256>;

// The largest of the values of all invocations, or their sum.
fn combined(value: Real, summed: bool, used: u32, lane: u32) -> Real {
    sizes[lane] = value;
    workgroupBarrier();
    for (var half = (1u << (32u - countLeadingZeros(used - 1u))) >> 1u; half > 0u; half >>= 1u) {
        if lane < half {
            let other = sizes[lane + half];
            sizes[lane] = select(max(sizes[lane], other), sizes[lane] + other, summed);
        }
        workgroupBarrier();
    }
    let whole = sizes[0];
    workgroupBarrier();
    return whole;
}

fn reflectors(b: u32, lane: u32) {
    let rows = m[2];
    let width = m[3];
    let first = m[4];
    let last = m[5];
    let across = m[6];
    let base = b * rows * width;
    let column = first + lane % across;
    for (var k = first; k < last; k++) {
        let at = base + k * width + k;
        let used = max(min(rows - k - 1u, 256u), 1u);
        var most = Real(0.0);
        for (var i = k + 1u + lane; i < rows; i += 256u) {
            most = max(most, modulus(work_get(base + i * width + k)));
        }
        let tail = combined(most, false, used, lane);
        let pivot = work_get(at);
        let nothing = is_zero_R(tail) && is_real(pivot);
        // scaled, so that the squares stay in range
        let top = max(tail, modulus(pivot));
        let power = clamp(exponent_R(top), 2 - BIAS_R, BIAS_R - 2);
        let down = power_of_two_R(-power);
        let head = pivot * down;
        var squares = Real(0.0);
        for (var i = k + 1u + lane; i < rows; i += 256u) {
            squares += square_of(work_get(base + i * width + k) * down);
        }
        squares = combined(squares, true, used, lane) + square_of(head);
        let beta = -copysign_R(sqrt(squares), real_of(head));
        var tau = tau_of(head, beta);
        var diagonal = of_real(beta * power_of_two_R(power));
        if nothing {
            tau = of_real(Real(0.0));
            diagonal = pivot;
        }
        for (var i = k + 1u + lane; i < rows; i += 256u) {
            let place = base + i * width + k;
            var v = of_real(Real(0.0));
            if !nothing {
                v = over(work_get(place) * down, head - of_real(beta));
            }
            work_set(place, v);
        }
        if lane == 0u {
            work_set(at, diagonal);
            taus_set(b * m[7] + k, tau);
        }
        storageBarrier();
        let there = column > k && column < last;
        reflect(base, k, adjoint(tau), across, column, there, lane);
        storageBarrier();
    }
}
