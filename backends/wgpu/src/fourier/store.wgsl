// Writes value `at` of a transformed line into the result.
fn store(line: u32, at: u32, v: Complex) {
    if at >= p.gives {
        return;
    }
    var w = v;
    if p.out_convolved == 1u {
        w = times(w.yx, table_get(p.chirp + at));
    }
    w = select(w, w.yx, p.out_exchanged == 1u);
    if p.first_real == 1u && at == 0u || p.last_real == 1u && at == p.gives - 1u {
        w.y = Real(0.0);
    }
    let own = line + p.out_first;
    let position = (own / p.out_stride * p.gives + at) * p.out_stride + own % p.out_stride;
    out_set(position, RESULT * SCALE);
}
