var<workgroup> sums: array<Cell, GROUP>;

// The workgroup scans a part of a line. Each invocation scans a run of values, the workgroup scans
// the sums of the runs, and everything before the part is added.
fn scan(group: u32, lane: u32) {
    let there = group < p.lines * p.parts;
    let line = group / p.parts;
    let part = group % p.parts;
    let width = p.len + p.initial;
    if p.initial == 1u && there && lane == 0u && part == 0u {
        out_set(line * width, IDENTITY);
    }
    let first = part * PART + lane * RUN;
    let end = select(0u, min(p.len, first + RUN), there);
    let mine = first < end;
    var run: array<Cell, RUN>;
    if mine {
        run[0] = value(line * p.len + first);
        for (var k = 1u; k < RUN; k++) {
            if first + k < end {
                run[k] = combine(run[k - 1u], value(line * p.len + first + k));
            } else {
                run[k] = run[k - 1u];
            }
        }
        sums[lane] = run[RUN - 1u];
    }
    for (var step = 1u; step < GROUP; step *= 2u) {
        workgroupBarrier();
        var sum: Cell;
        if mine && lane >= step {
            sum = combine(sums[lane - step], sums[lane]);
        }
        workgroupBarrier();
        if mine && lane >= step {
            sums[lane] = sum;
        }
    }
    workgroupBarrier();
    if mine {
        for (var k = 0u; first + k < end; k++) {
            var sum = run[k];
            if lane > 0u {
                sum = combine(sums[lane - 1u], sum);
            }
            if part > 0u {
                sum = combine(before_get(line * p.parts + part - 1u), sum);
            }
            out_set(line * width + first + k + p.initial, sum);
        }
    }
}
