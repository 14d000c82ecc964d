// Copies an element of the matrices, scaled by the power of two of its matrix. Elements that are
// left out become zeros, or those of the identity.
fn copy(id: u32) {
    if id >= p.items {
        return;
    }
    let b = id / p.each;
    let row = id % p.each / p.columns;
    let column = id % p.each % p.columns;
    var v = Number();
    if p.copied == IDENTITY {
        if row == column {
            v = of_real(Real(1.0));
        }
    } else if (p.copied != LOWER || column <= row) && (p.copied != UPPER || column >= row) {
        let exponent = matrix_exponent(largest_get(b), p.moderate);
        v = scaled(in_at(positions(id)[0]), exponent * bitcast<i32>(p.halves) / 2);
        if p.copied == LOWER && column == row {
            v = of_real(real_of(v));
        }
    }
    out_set(b * p.to_matrix + row * p.to_row + p.to_first + column, v);
}
