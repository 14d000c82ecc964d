// Merges two neighbouring runs of a line: each invocation moves one element to its position in
// both.
fn sort_merge(id: u32) {
    if id >= p.count {
        return;
    }
    let begin = (id / p.len) * p.len;
    let j = id - begin;
    let own = keys_get(id);
    // the number of elements of the other run that come before this one
    let start = (j / (2u * p.width)) * (2u * p.width);
    let later = j - start >= p.width;
    let other = select(start + p.width, start, later);
    var low = min(other, p.len);
    var high = min(other + p.width, p.len);
    let first = low;
    while low < high {
        let middle = low + (high - low) / 2u;
        let key = keys_get(begin + middle);
        if select(comes_before(key, own), !comes_before(own, key), later) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    let to = begin + select(j, j - p.width, later) + (low - first);
    out_keys_set(to, own);
    out_at_set(to, at_get(id));
}
