var<workgroup> sums: array<Cell, GROUP>;

// The workgroup combines a part of the values of a result: each invocation some of them, then pairs
// of invocations.
fn fold_groups(group: u32, lane: u32) {
    let result = group / p.parts;
    let first = (group % p.parts) * PART;
    let there = group < p.results * p.parts;
    let end = select(0u, min(p.each, first + PART), there);
    if first + lane < end {
        var sum = load(result * p.each + first + lane);
        for (var k = first + lane + GROUP; k < end; k += GROUP) {
            sum = combine(sum, load(result * p.each + k));
        }
        sums[lane] = sum;
    }
    for (var half = GROUP / 2u; half > 0u; half >>= 1u) {
        workgroupBarrier();
        if lane < half && first + lane + half < end {
            sums[lane] = combine(sums[lane], sums[lane + half]);
        }
    }
    if lane == 0u && there {
        out_set(group, sums[0]);
    }
}
