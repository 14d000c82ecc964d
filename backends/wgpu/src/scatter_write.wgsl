// Writes element `i` if its claim is the last one for its position.
fn scatter_write(i: u32) {
    if i >= p.count {
        return;
    }
    let pos = positions(i);
    let at = indexed(pos);
    if at == NOWHERE || claims_get(at) != i + 1u {
        return;
    }
    out_store(at, in_bits(pos[1]));
}
