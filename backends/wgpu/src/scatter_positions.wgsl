// Hands on the position that element `i` goes to. The flag is raised where an index is out of bounds.
fn scatter_positions(i: u32) {
    if i >= p.count {
        return;
    }
    let at = indexed(positions(i));
    if at == NOWHERE {
        flag_max(0u, p.count - i);
    } else {
        found(i, at);
    }
}
