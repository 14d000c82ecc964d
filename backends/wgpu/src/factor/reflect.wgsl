// Applies the reflectors from `first` to `last` to the columns from `from_column` to `end`: the
// adjoints in order, or to the columns of Q, which begin as those of the identity, the reflectors
// in reverse order.
fn reflect_columns(group: u32, lane: u32) {
    let first = p.first;
    let last = p.last;
    let back = p.back == 1u;
    let team = p.team;
    let number = group * (GROUP / team) + lane / team;
    let b = number / p.parts;
    let column = p.from_column + (number % p.parts) * p.across + lane % p.across;
    let there = b < p.count && column < p.end;
    // a reflector leaves the columns of the identity before its own as they are
    var skipped = 0u;
    if back && team == GROUP {
        let most = max((group % p.parts) * PANEL + PANEL, first);
        skipped = select(0u, last - most, last > most);
    }
    for (var s = skipped; s < last - first; s++) {
        let k = select(first + s, last - 1u - s, back);
        var tau = of_real(Real(0.0));
        if there {
            tau = taus_get(b * p.size + k);
        }
        let factor = select(adjoint(tau), tau, back);
        reflect(b * p.rows * p.width, k, factor, team, p.across, column, there, lane);
    }
}
