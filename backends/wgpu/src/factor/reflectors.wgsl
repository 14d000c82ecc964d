// Reflectors that bring some columns of matrices to triangular form, each matrix by a team of
// invocations of a workgroup. The diagonal becomes real, as with LAPACK's choice of τ.

var<workgroup> sizes: array<Real, GROUP>;

// The largest of the values of the invocations of a team, or their sum.
fn combined(value: Real, summed: bool, used: u32, lane: u32, member: u32) -> Real {
    sizes[lane] = value;
    workgroupBarrier();
    for (var half = (1u << (32u - countLeadingZeros(used - 1u))) >> 1u; half > 0u; half >>= 1u) {
        if member < half {
            let other = sizes[lane + half];
            sizes[lane] = select(max(sizes[lane], other), sizes[lane] + other, summed);
        }
        workgroupBarrier();
    }
    let whole = sizes[lane - member];
    workgroupBarrier();
    return whole;
}

fn reflectors(group: u32, lane: u32) {
    let team = p.team;
    let member = lane % team;
    let b = group * (GROUP / team) + lane / team;
    let there = b < p.count;
    let rows = select(0u, p.rows, there);
    let width = p.width;
    let first = p.first;
    let last = p.last;
    let across = p.across;
    let base = b * rows * width;
    let column = first + member % across;
    for (var k = first; k < last; k++) {
        let at = base + k * width + k;
        let used = max(min(p.rows - k - 1u, team), 1u);
        var most = Real(0.0);
        for (var i = k + 1u + member; i < rows; i += team) {
            most = max(most, modulus(work_get(base + i * width + k)));
        }
        let tail = combined(most, false, used, lane, member);
        let pivot = work_get(at);
        let nothing = is_zero_R(tail) && is_real(pivot);
        // scaled, so that the squares stay in range
        let top = max(tail, modulus(pivot));
        let power = clamp(exponent_R(top), 2 - BIAS_R, BIAS_R - 2);
        let down = power_of_two_R(-power);
        let head = pivot * down;
        var squares = Real(0.0);
        for (var i = k + 1u + member; i < rows; i += team) {
            squares += square_of(work_get(base + i * width + k) * down);
        }
        squares = combined(squares, true, used, lane, member) + square_of(head);
        let beta = -copysign_R(sqrt(squares), real_of(head));
        var tau = tau_of(head, beta);
        var diagonal = of_real(beta * power_of_two_R(power));
        if nothing {
            tau = of_real(Real(0.0));
            diagonal = pivot;
        }
        for (var i = k + 1u + member; i < rows; i += team) {
            let here = base + i * width + k;
            var v = of_real(Real(0.0));
            if !nothing {
                v = over(work_get(here) * down, head - of_real(beta));
            }
            work_set(here, v);
        }
        if member == 0u && there {
            work_set(at, diagonal);
            taus_set(b * p.size + k, tau);
        }
        storageBarrier();
        let after = there && column > k && column < last;
        reflect(base, k, adjoint(tau), team, across, column, after, lane);
        storageBarrier();
    }
}
