// Transforms of lines of a few hundred numbers in the memory of a workgroup, in Stockham's form of
// the fast Fourier transform: no stage overwrites what it reads, and no digits are reversed.
//
// `cells` holds the lines twice, before a stage and after it. All transforms are forward ones. An
// inverse transform is a forward one of numbers with their parts exchanged.

var<workgroup> cells: array<Complex, 2u * CELLS>;

const SIN_3_R: Real = 0.8660254037844386;
const COS_5_R: Real = 0.30901699437494745;
const COS_5_TWICE_R: Real = -0.8090169943749475;
const SIN_5_R: Real = 0.9510565162951535;
const SIN_5_TWICE_R: Real = 0.5877852522924731;

fn times(a: Complex, b: Complex) -> Complex {
    return Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// `-i z`.
fn turned(z: Complex) -> Complex {
    return Complex(z.y, -z.x);
}

// `exp(-2πi·k/size)` for `k` less than the length of the lines.
fn root(k: u32) -> Complex {
    return table_get(p.roots + k);
}

fn stage_2(lane: u32, rows: u32, size: u32, done: u32, before: u32, after: u32) {
    let part = size / 2u;
    let step = part / done;
    for (var i = lane; i < rows * part; i += GROUP) {
        let row = i / part;
        let j = i - row * part;
        let k = j % done;
        let at = before + row * size + j;
        let a = cells[at];
        let b = times(cells[at + part], root(k * step));
        let to = after + row * size + (j - k) * 2u + k;
        cells[to] = a + b;
        cells[to + done] = a - b;
    }
}

fn stage_3(lane: u32, rows: u32, size: u32, done: u32, before: u32, after: u32) {
    let part = size / 3u;
    let step = part / done;
    for (var i = lane; i < rows * part; i += GROUP) {
        let row = i / part;
        let j = i - row * part;
        let k = j % done;
        let at = before + row * size + j;
        let a = cells[at];
        let b = times(cells[at + part], root(k * step));
        let c = times(cells[at + 2u * part], root(2u * k * step));
        let sum = b + c;
        let middle = a - sum * Real(0.5);
        let side = turned(b - c) * SIN_3_R;
        let to = after + row * size + (j - k) * 3u + k;
        cells[to] = a + sum;
        cells[to + done] = middle + side;
        cells[to + 2u * done] = middle - side;
    }
}

fn stage_4(lane: u32, rows: u32, size: u32, done: u32, before: u32, after: u32) {
    let part = size / 4u;
    let step = part / done;
    for (var i = lane; i < rows * part; i += GROUP) {
        let row = i / part;
        let j = i - row * part;
        let k = j % done;
        let at = before + row * size + j;
        let a = cells[at];
        let b = times(cells[at + part], root(k * step));
        let c = times(cells[at + 2u * part], root(2u * k * step));
        let d = times(cells[at + 3u * part], root(3u * k * step));
        let even = a + c;
        let odd = b + d;
        let even_side = a - c;
        let odd_side = turned(b - d);
        let to = after + row * size + (j - k) * 4u + k;
        cells[to] = even + odd;
        cells[to + done] = even_side + odd_side;
        cells[to + 2u * done] = even - odd;
        cells[to + 3u * done] = even_side - odd_side;
    }
}

fn stage_5(lane: u32, rows: u32, size: u32, done: u32, before: u32, after: u32) {
    let part = size / 5u;
    let step = part / done;
    for (var i = lane; i < rows * part; i += GROUP) {
        let row = i / part;
        let j = i - row * part;
        let k = j % done;
        let at = before + row * size + j;
        let a = cells[at];
        let b = times(cells[at + part], root(k * step));
        let c = times(cells[at + 2u * part], root(2u * k * step));
        let d = times(cells[at + 3u * part], root(3u * k * step));
        let e = times(cells[at + 4u * part], root(4u * k * step));
        let outer = b + e;
        let inner = c + d;
        let outer_side = turned(b - e);
        let inner_side = turned(c - d);
        let first = a + outer * COS_5_R + inner * COS_5_TWICE_R;
        let second = a + outer * COS_5_TWICE_R + inner * COS_5_R;
        let first_side = outer_side * SIN_5_R + inner_side * SIN_5_TWICE_R;
        let second_side = outer_side * SIN_5_TWICE_R - inner_side * SIN_5_R;
        let to = after + row * size + (j - k) * 5u + k;
        cells[to] = a + outer + inner;
        cells[to + done] = first + first_side;
        cells[to + 2u * done] = second + second_side;
        cells[to + 3u * done] = second - second_side;
        cells[to + 4u * done] = first - first_side;
    }
}

// A stage of any other radix, by the definition: each invocation sums up one value at a time.
fn stage_any(lane: u32, rows: u32, size: u32, done: u32, before: u32, after: u32, radix: u32) {
    let part = size / radix;
    let step = part / done;
    for (var i = lane; i < rows * size; i += GROUP) {
        let row = i / size;
        let value = i - row * size;
        let which = value / part;
        let j = value - which * part;
        let k = j % done;
        let at = before + row * size + j;
        let turn = k * step + which * part;
        var sum = cells[at];
        var angle = turn;
        for (var r = 1u; r < radix; r++) {
            sum += times(cells[at + r * part], root(angle));
            angle += turn;
            angle -= select(0u, size, angle >= size);
        }
        cells[after + row * size + (j - k) * radix + k + which * done] = sum;
    }
}
