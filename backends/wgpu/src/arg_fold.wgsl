var<workgroup> best_keys: array<Key, GROUP>;
var<workgroup> best_at: array<u32, GROUP>;

// Whether a value wins over another. The one that is last in the order of the keys wins, and the
// first of equal ones.
fn beats(a: Key, i: u32, b: Key, j: u32) -> bool {
    return comes_before(b, a) || !comes_before(a, b) && i < j;
}

// The workgroup finds the best of a part of the candidates of a result, and writes its index.
fn arg_fold(group: u32, lane: u32) {
    let there = group < p.results * p.parts;
    let result = group / p.parts;
    let first = (group % p.parts) * PART;
    let end = select(0u, min(p.left, first + PART), there);
    if first + lane < end {
        var at = candidate(result, first + lane);
        var best = key_of(value(result * p.each + at));
        for (var k = first + lane + GROUP; k < end; k += GROUP) {
            let other_at = candidate(result, k);
            let other = key_of(value(result * p.each + other_at));
            if beats(other, other_at, best, at) {
                best = other;
                at = other_at;
            }
        }
        best_keys[lane] = best;
        best_at[lane] = at;
    }
    for (var half = GROUP / 2u; half > 0u; half >>= 1u) {
        workgroupBarrier();
        if lane < half && first + lane + half < end {
            let other = lane + half;
            if beats(best_keys[other], best_at[other], best_keys[lane], best_at[lane]) {
                best_keys[lane] = best_keys[other];
                best_at[lane] = best_at[other];
            }
        }
    }
    if lane == 0u && there {
        out_set(group, best_at[0]);
    }
}
