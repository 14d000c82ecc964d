// The element at computed position `i`. The flag is raised where an index is out of bounds.
fn element(i: u32) -> Cell {
    let at = indexed(positions(i));
    if at == NOWHERE {
        flag_max(0u, p.count - i);
        return Cell();
    }
    return in_bits(at);
}
