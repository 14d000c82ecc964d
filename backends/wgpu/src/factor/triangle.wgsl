// Solutions of systems with a small triangular matrix on the diagonal, each column of the right
// side by an invocation: from the first row on, after exchanges of rows, with ones on the diagonal,
// or from the last row back. A workgroup solves several small systems, without a copy of their
// matrices.

var<workgroup> triangle: array<Number, PANEL * PANEL>;

fn corner(base: u32, i: u32, j: u32) -> Number {
    if p.many == 1u {
        return work_get(base + (p.first + i) * p.width + p.first + j);
    }
    return triangle[i * PANEL + j];
}

fn triangular(group: u32, lane: u32) {
    let n = p.n;
    let width = p.width;
    let first = p.first;
    let size = p.last - first;
    let upper = p.upper == 1u;
    let many = p.many == 1u;
    let sides = width - p.from_column;
    let id = group * GROUP + lane;
    let b = select(group / p.parts, id / sides, many);
    let column = p.from_column + select((group % p.parts) * GROUP + lane, id % sides, many);
    let base = b * n * width;
    let there = b < p.count;
    if there && !many {
        for (var e = lane; e < size * size; e += GROUP) {
            let i = e / size;
            let j = e % size;
            triangle[i * PANEL + j] = work_get(base + (first + i) * width + first + j);
        }
    }
    workgroupBarrier();
    if !there || column >= width {
        return;
    }
    if !upper {
        for (var k = first; k < first + size; k++) {
            let pivot = pivots_get(b * n + k);
            if pivot != k {
                let above = work_get(base + k * width + column);
                work_set(base + k * width + column, work_get(base + pivot * width + column));
                work_set(base + pivot * width + column, above);
            }
        }
    }
    for (var s = 0u; s < size; s++) {
        let i = select(s, size - 1u - s, upper);
        let at = base + (first + i) * width + column;
        var v = work_get(at);
        for (var t = 0u; t < s; t++) {
            let j = select(t, size - 1u - t, upper);
            v -= times(corner(base, i, j), work_get(base + (first + j) * width + column));
        }
        if upper {
            v = over(v, corner(base, i, i));
        }
        work_set(at, v);
    }
}
