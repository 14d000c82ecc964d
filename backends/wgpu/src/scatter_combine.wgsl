// Combines all elements of the slice for one position, if number `id` of them is the first.
fn scatter_combine(id: u32) {
    if id >= p.len {
        return;
    }
    let first = p.first + id;
    let at = found_get(order_get(first));
    if id > 0u && found_get(order_get(first - 1u)) == at {
        return;
    }
    var own = out_at(at);
    for (var k = first; k < p.first + p.len; k++) {
        let i = order_get(k);
        if found_get(i) != at {
            break;
        }
        own = combined(own, in_at(positions(i)[0]));
    }
    out_put(at, own);
}
