// Element `at` of a line of the operand, or zero beyond its last element.
fn element(line: u32, at: u32) -> Complex {
    if at >= p.used {
        return Complex();
    }
    return number(in_at(positions(line + p.first)[0] + at * p.stride));
}

// Number `at` of a line that is transformed.
fn load(line: u32, at: u32) -> Complex {
    if at >= p.total {
        return Complex();
    }
    let mirrored = p.half == 1u && at > p.total / 2u;
    var v = element(line, select(at, p.total - at, mirrored));
    // the imaginary parts of the first and the middle number of a half are ignored
    if p.half == 1u && (at == 0u || at == p.total - at) {
        v.y = Real(0.0);
    }
    if mirrored {
        v.y = -v.y;
    }
    v = select(v, v.yx, p.exchanged == 1u);
    if p.convolved == 1u {
        v = times(v, table_get(p.chirp + at));
    }
    return v;
}
