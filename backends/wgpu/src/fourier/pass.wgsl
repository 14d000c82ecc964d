// One pass over some lines: the workgroup reads rows of numbers that lie `count` apart, transforms
// them in its memory, and writes them.

// Power `k` of the root of unity of the whole length, from two in the table.
fn far_root(k: u32) -> Complex {
    let near = table_get(p.far + (k & ((1u << p.shift) - 1u)));
    return times(near, table_get(p.far + (1u << p.shift) + (k >> p.shift)));
}

fn transform(group: u32, lane: u32) {
    let first = group * p.per_group;
    let rows = select(0u, min(p.per_group, p.rows - first), group < p.groups);
    let size = p.size;
    for (var e = lane; e < rows * size; e += GROUP) {
        let across = p.rows_first == 1u;
        let row = select(e / size, e % rows, across);
        let r = select(e % size, e / rows, across);
        let line = (first + row) / p.count;
        let j = (first + row) % p.count;
        var v = load(line, j + r * p.count);
        if p.done > 1u {
            v = times(v, far_root((j % p.done) * r * p.power));
        }
        cells[row * size + r] = v;
    }
    workgroupBarrier();
    var done = 1u;
    var before = 0u;
    var after = CELLS;
    for (var s = 0u; s < p.stages; s++) {
        let radix = p.radices[s];
        switch radix {
            case 2u: {
                stage_2(lane, rows, size, done, before, after);
            }
            case 3u: {
                stage_3(lane, rows, size, done, before, after);
            }
            case 4u: {
                stage_4(lane, rows, size, done, before, after);
            }
            case 5u: {
                stage_5(lane, rows, size, done, before, after);
            }
            default: {
                stage_any(lane, rows, size, done, before, after, radix);
            }
        }
        workgroupBarrier();
        done *= radix;
        after = before;
        before = CELLS - before;
    }
    for (var e = lane; e < rows * size; e += GROUP) {
        let across = p.out_rows_first == 1u;
        let row = select(e / size, e % rows, across);
        let r = select(e % size, e / rows, across);
        let line = (first + row) / p.count;
        let j = (first + row) % p.count;
        let at = (j / p.done) * p.done * size + j % p.done + r * p.done;
        store(line, at, cells[before + row * size + r]);
    }
}
