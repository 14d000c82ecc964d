// Householder's reflectors `I - τ v vᴴ`: v is a column below the diagonal, with a 1 on it.

var<workgroup> parts: array<Number, 256>;

// Applies reflector number `k` of a matrix, with `tau` in the place of its τ, by a team of invocations to
// one column for each `across` of them; the rows are shared among those that have the same.
fn reflect(base: u32, k: u32, tau: Number, team: u32, across: u32, column: u32, there: bool, lane: u32) {
    let rows = m[2];
    let width = m[3];
    let member = lane % team;
    let down = team / across;
    let from_row = k + 1u + member / across;
    var sum = of_real(Real(0.0));
    if there {
        if member < across {
            sum = work_get(base + k * width + column);
        }
        for (var i = from_row; i < rows; i += down) {
            let at = base + i * width;
            sum += times(adjoint(work_get(at + k)), work_get(at + column));
        }
    }
    parts[lane] = sum;
    workgroupBarrier();
    let own = lane - member + member % across;
    var whole = parts[own];
    for (var r = 1u; r < down; r++) {
        whole += parts[own + r * across];
    }
    whole = times(tau, whole);
    if there {
        if member < across {
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
    let team = m[11];
    let across = m[12];
    let number = group * (256u / team) + lane / team;
    let b = number / m[9];
    let column = m[6] + (number % m[9]) * across + lane % across;
    let there = b < m[1] && column < m[7];
    // a reflector does nothing to the columns of the identity before its own
    var skipped = 0u;
    if back && team == 256u {
        let most = max((group % m[9]) * 32u + 32u, first);
        skipped = select(0u, last - most, last > most);
    }
    for (var s = skipped; s < last - first; s++) {
        let k = select(first + s, last - 1u - s, back);
        var tau = of_real(Real(0.0));
        if there {
            tau = taus_get(b * m[10] + k);
        }
        let factor = select(adjoint(tau), tau, back);
        reflect(b * m[2] * m[3], k, factor, team, across, column, there, lane);
    }
}
