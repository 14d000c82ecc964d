// The magnitudes of the largest elements, as upper words. A workgroup compares a part of a matrix,
// or each invocation all elements of a small one.

var<workgroup> most: array<u32, GROUP>;

// The largest magnitude of the elements from `first + begin` up to `first + end`, `step` apart.
fn largest_of(first: u32, begin: u32, end: u32, step: u32) -> u32 {
    var found = 0u;
    for (var e = begin; e < end; e += step) {
        found = max(found, magnitude(in_at(positions(first + e)[0])));
    }
    return found;
}

fn largest(group: u32, lane: u32) {
    if p.small == 1u {
        let id = group * GROUP + lane;
        if id < p.count {
            largest_max(id, largest_of(id * p.each, 0u, p.each, 1u));
        }
        return;
    }
    let b = group / p.parts;
    let first = (group % p.parts) * PART;
    let there = b < p.count;
    let end = select(0u, min(p.each, first + PART), there);
    most[lane] = largest_of(b * p.each, first + lane, end, GROUP);
    for (var half = GROUP / 2u; half > 0u; half >>= 1u) {
        workgroupBarrier();
        if lane < half {
            most[lane] = max(most[lane], most[lane + half]);
        }
    }
    if lane == 0u && there {
        largest_max(b, most[0]);
    }
}
