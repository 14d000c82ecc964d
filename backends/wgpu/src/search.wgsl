// The position of a query among the sorted values, by bisection.
fn search(id: u32) {
    if id >= p.count {
        return;
    }
    let own = key_of(value(id));
    var low = 0u;
    var high = p.len;
    while low < high {
        let middle = low + (high - low) / 2u;
        let other = key_of(sorted_at(p.offset + middle * p.stride));
        if precedes(other, own) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    out_set(id, index(low));
}
