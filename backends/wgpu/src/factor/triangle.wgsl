// Systems with a small triangular matrix on the diagonal, each column of the right side by an invocation:
// with ones on the diagonal from the first row on, after exchanges of rows, or from the last row back.

var<workgroup> triangle: array<Number, 1024>;

fn triangular(group: u32, lane: u32) {
    let n = m[2];
    let width = m[3];
    let first = m[4];
    let size = m[5] - first;
    let upper = m[7] == 1u;
    let b = group / m[8];
    let column = m[6] + (group % m[8]) * 256u + lane;
    let base = b * n * width;
    let there = b < m[1];
    if there {
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
            v -= times(triangle[i * 32u + j], work_get(base + (first + j) * width + column));
        }
        if upper {
            v = over(v, triangle[i * 33u]);
        }
        work_set(at, v);
    }
}
