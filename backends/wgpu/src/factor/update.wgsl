// The factors of a product that is subtracted from elements of the same matrices, and where it
// goes.

fn a_at(i: u32) -> Number {
    return work_get(i);
}

fn b_at(i: u32) -> Number {
    let v = work_get(i);
    return select(v, adjoint(v), p.hermitian == 1u);
}

fn put(batch: u32, row: u32, column: u32, v: Number) {
    let at = batch * p.each + p.first + row * p.width + column;
    work_set(at, work_get(at) - v);
}

// The lower half of a product with the adjoint is enough.
fn wanted(first_row: u32, first_column: u32) -> bool {
    return p.hermitian != 1u || first_column < first_row + TILE;
}
