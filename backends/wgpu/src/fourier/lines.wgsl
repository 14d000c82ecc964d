// Transforms of lines of a few hundred numbers in the memory of a workgroup (Stockham's form of the fast
// transform: no stage overwrites what it reads, and no digits are reversed).
//
// `cells` holds some lines twice: as they are before a stage, and after it. All transforms are forward
// ones; an inverse is a forward one of numbers with their parts exchanged.

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

// `exp(-2πi·k/size)`, k less than the length of the lines.
fn root(k: u32) -> Complex {
    return table_get(TABLE + k);
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
        let place = after + row * size + (j - k) * 2u + k;
        cells[place] = a + b;
        cells[place + done] = a - b;
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
        let place = after + row * size + (j - k) * 3u + k;
        cells[place] = a + sum;
        cells[place + done] = middle + side;
        cells[place + 2u * done] = middle - side;
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
        let place = after + row * size + (j - k) * 4u + k;
        cells[place] = even + odd;
        cells[place + done] = even_side + odd_side;
        cells[place + 2u * done] = even - odd;
        cells[place + 3u * done] = even_side - odd_side;
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
        let place = after + row * size + (j - k) * 5u + k;
        cells[place] = a + outer + inner;
        cells[place + done] = first + first_side;
        cells[place + 2u * done] = second + second_side;
        cells[place + 3u * done] = second - second_side;
        cells[place + 4u * done] = first - first_side;
    }
}

// Any other radix, by the definition: each invocation sums up one value.
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
