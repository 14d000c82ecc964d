// Householder's reflectors `I - τ v vᴴ`: v is a column below the diagonal, with a 1 on it.

var<workgroup> parts: array<Number, 256>;

// Applies reflector number `k` of a matrix, with `tau` in the place of its τ, to one column for each of
// `across` invocations; the rows are shared among those that have the same.
fn reflect(base: u32, k: u32, tau: Number, across: u32, column: u32, there: bool, lane: u32) {
    let rows = m[2];
    let width = m[3];
    let down = 256u / across;
    let from_row = k + 1u + lane / across;
    var sum = of_real(Real(0.0));
    if there {
        if lane < across {
            sum = work_get(base + k * width + column);
        }
        for (var i = from_row; i < rows; i += down) {
            let at = base + i * width;
            sum += times(adjoint(work_get(at + k)), work_get(at + column));
        }
    }
    parts[lane] = sum;
    workgroupBarrier();
    var whole = parts[lane % across];
    for (var r = 1u; r < down; r++) {
        whole += parts[r * across + lane % across];
    }
    whole = times(tau, whole);
    if there {
        if lane < across {
            let at = base + k * width + column;
            work_set(at, work_get(at) - whole);
        }
        for (var i = from_row; i < rows; i += down) {
            let at = base + i * width;
            work_set(at + column, work_get(at + column) - times(work_get(at + k), whole));
        }
    }
    workgroupBarrier();
}

// Applies reflectors `first` to `last` to the columns from `m[6]` to `m[7]`: the adjoints in order, or
// (to the columns of Q, which begin as those of the identity) they themselves from the last one on.
fn reflect_columns(group: u32, lane: u32) {
    let first = m[4];
    let last = m[5];
    let back = m[8] == 1u;
    let b = group / m[9];
    let column = m[6] + (group % m[9]) * 32u + lane % 32u;
    let there = b < m[1] && column < m[7];
    // a reflector does nothing to the columns of the identity before its own
    var skipped = 0u;
    if back {
        let most = max((group % m[9]) * 32u + 32u, first);
        skipped = select(0u, last - most, last > most);
    }
    for (var s = skipped; s < last - first; s++) {
        let k = select(first + s, last - 1u - s, back);
        var tau = of_real(Real(0.0));
        if there {
            tau = taus_get(b * m[10] + k);
        }
        reflect(b * m[2] * m[3], k, select(adjoint(tau), tau, back), 32u, column, there, lane);
    }
}
