// Systems with a small triangular matrix on the diagonal, each column of the right side by an invocation:
// with ones on the diagonal from the first row on, after exchanges of rows, or from the last row back. Of
// many small systems a workgroup solves several, without a copy of the matrix.

var<workgroup> triangle: array<Number, 1024>;

fn corner(base: u32, i: u32, j: u32) -> Number {
    if m[9] == 1u {
        return work_get(base + (m[4] + i) * m[3] + m[4] + j);
    }
    return triangle[i * 32u + j];
}

fn triangular(group: u32, lane: u32) {
    let n = m[2];
    let width = m[3];
    let first = m[4];
    let size = m[5] - first;
    let upper = m[7] == 1u;
    let many = m[9] == 1u;
    let sides = width - m[6];
    let id = group * 256u + lane;
    let b = select(group / m[8], id / sides, many);
    let column = m[6] + select((group % m[8]) * 256u + lane, id % sides, many);
    let base = b * n * width;
    let there = b < m[1];
    if there && !many {
        for (var e = lane; e < size * size; e += 256u) {
            let i = e / size;
            let j = e % size;
            triangle[i * 32u + j] = work_get(base + (first + i) * width + first + j);
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
