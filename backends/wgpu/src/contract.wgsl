// Products of matrices. The workgroup computes a tile of a result from tiles of both factors, each
// invocation four by four elements, 16 rows and columns apart.

var<workgroup> tile_a: array<Cell, TILE * DEPTH>;
var<workgroup> tile_b: array<Cell, TILE * DEPTH>;

// The elements of an invocation in one row.
struct Row {
    c0: Cell,
    c1: Cell,
    c2: Cell,
    c3: Cell,
}

// A row of sums, plus the products of a number with a row.
fn increased(sums: Row, a: Cell, b: Row) -> Row {
    return Row(
        add(sums.c0, multiply(a, b.c0)),
        add(sums.c1, multiply(a, b.c1)),
        add(sums.c2, multiply(a, b.c2)),
        add(sums.c3, multiply(a, b.c3)),
    );
}

fn put_row(batch: u32, row: u32, column: u32, sums: Row) {
    if row >= p.rows {
        return;
    }
    if column < p.columns {
        put(batch, row, column, sums.c0);
    }
    if column + 16u < p.columns {
        put(batch, row, column + 16u, sums.c1);
    }
    if column + 32u < p.columns {
        put(batch, row, column + 32u, sums.c2);
    }
    if column + 48u < p.columns {
        put(batch, row, column + 48u, sums.c3);
    }
}

fn contract(group: u32, lane: u32) {
    let batch = group / (p.down * p.across);
    let tile = group % (p.down * p.across);
    let pos = positions(batch);
    let first_row = (tile / p.across) * TILE;
    let first_column = (tile % p.across) * TILE;
    let there = batch < p.batches && wanted(first_row, first_column);
    let inner = select(0u, p.inner, there);
    let x = lane % 16u;
    let y = lane / 16u;
    var sums0 = Row();
    var sums1 = Row();
    var sums2 = Row();
    var sums3 = Row();
    for (var done = 0u; done < inner; done += DEPTH) {
        for (var e = lane; e < TILE * DEPTH; e += GROUP) {
            var a = Cell();
            var b = Cell();
            let ka = e % DEPTH;
            let ra = e / DEPTH;
            if first_row + ra < p.rows && done + ka < p.inner {
                a = a_at(pos[0] + (first_row + ra) * p.a_row + (done + ka) * p.a_column);
            }
            let cb = e % TILE;
            let kb = e / TILE;
            if first_column + cb < p.columns && done + kb < p.inner {
                b = b_at(pos[1] + (done + kb) * p.b_row + (first_column + cb) * p.b_column);
            }
            tile_a[ka * TILE + ra] = a;
            tile_b[kb * TILE + cb] = b;
        }
        workgroupBarrier();
        let end = min(DEPTH, p.inner - done);
        for (var k = 0u; k < end; k++) {
            let at_a = k * TILE + y;
            let at_b = k * TILE + x;
            let b = Row(tile_b[at_b], tile_b[at_b + 16u], tile_b[at_b + 32u], tile_b[at_b + 48u]);
            sums0 = increased(sums0, tile_a[at_a], b);
            sums1 = increased(sums1, tile_a[at_a + 16u], b);
            sums2 = increased(sums2, tile_a[at_a + 32u], b);
            sums3 = increased(sums3, tile_a[at_a + 48u], b);
        }
        workgroupBarrier();
    }
    if there {
        let row = first_row + y;
        let column = first_column + x;
        put_row(batch, row, column, sums0);
        put_row(batch, row + 16u, column, sums1);
        put_row(batch, row + 32u, column, sums2);
        put_row(batch, row + 48u, column, sums3);
    }
}
