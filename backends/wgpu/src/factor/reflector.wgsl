// Householder's reflectors `I - τ v vᴴ`: v is a column below the diagonal, with a 1 on the
// diagonal.

var<workgroup> parts: array<Number, GROUP>;

// Applies reflector `k` of a matrix, with `tau` for its τ. A team of invocations shares `across`
// columns, and the invocations with the same column share its rows.
fn reflect(base: u32, k: u32, tau: Number, team: u32, across: u32, column: u32, there: bool, lane: u32) {
    let rows = p.rows;
    let width = p.width;
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
