// Each invocation combines a part of the values of a result, one after the other.
fn fold_runs(id: u32) {
    if id >= p.results * p.parts {
        return;
    }
    let result = id % p.results;
    let part = id / p.results;
    let first = part * PART;
    let end = min(p.each, first + PART);
    var sum = load(result * p.each + first);
    for (var k = first + 1u; k < end; k++) {
        sum = combine(sum, load(result * p.each + k));
    }
    out_set(result * p.parts + part, sum);
}
