// Writes a value if the running count of the mask increases at it.
fn compact(i: u32) {
    if i >= p.count {
        return;
    }
    var before = 0u;
    if i > 0u {
        before = counts_get(i - 1u);
    }
    if counts_get(i) != before {
        out_set(before, cell(i));
    }
}
