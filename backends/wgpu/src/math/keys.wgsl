// Keys for sorting and searching: words whose order is that of the values. `flip` is 0, or a word
// of ones for the reverse order. NaN has the last key in either order.

const LAST_KEY: u32 = 0xffffffffu;

fn key_bool(x: bool, flip: u32) -> u32 {
    return select(0u, 1u, x) ^ flip;
}

fn key_u32(x: u32, flip: u32) -> u32 {
    return x ^ flip;
}

fn key_i32(x: i32, flip: u32) -> u32 {
    return bitcast<u32>(x) ^ 0x80000000u ^ flip;
}

fn key_u64(x: u64, flip: u32) -> vec2<u32> {
    return vec2<u32>(u32(x >> 32u), u32(x)) ^ vec2<u32>(flip);
}

fn key_i64(x: i64, flip: u32) -> vec2<u32> {
    return key_u64(bitcast<u64>(x), flip) ^ vec2<u32>(0x80000000u, 0u);
}

fn key_u64w(x: vec2<u32>, flip: u32) -> vec2<u32> {
    return x.yx ^ vec2<u32>(flip);
}

fn key_i64w(x: vec2<u32>, flip: u32) -> vec2<u32> {
    return key_u64w(x, flip) ^ vec2<u32>(0x80000000u, 0u);
}

// The key of a float32 that is not NaN. Both zeros have the same key.
fn key_of_number_f32(x: f32) -> u32 {
    let b = bitcast<u32>(x);
    if (b & 0x7fffffffu) == 0u {
        return 0x80000000u;
    }
    return select(b | 0x80000000u, ~b, b > 0x7fffffffu);
}

fn is_number_f32(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) <= 0x7f800000u;
}

fn key_f32(x: f32, flip: u32) -> u32 {
    if !is_number_f32(x) {
        return LAST_KEY;
    }
    return key_of_number_f32(x) ^ flip;
}

fn key_c64(x: vec2<f32>, flip: u32) -> vec2<u32> {
    if !is_number_f32(x.x) || !is_number_f32(x.y) {
        return vec2<u32>(LAST_KEY);
    }
    return vec2<u32>(key_of_number_f32(x.x), key_of_number_f32(x.y)) ^ vec2<u32>(flip);
}

// The key of a float64 that is not NaN. Both zeros have the same key.
fn key_of_number_f64(x: f64) -> vec2<u32> {
    let w = key_u64(bitcast<u64>(x), 0u);
    if ((w.x & 0x7fffffffu) | w.y) == 0u {
        return vec2<u32>(0x80000000u, 0u);
    }
    if w.x > 0x7fffffffu {
        return ~w;
    }
    return vec2<u32>(w.x | 0x80000000u, w.y);
}

fn is_number_f64(x: f64) -> bool {
    return (bitcast<u64>(x) & 0x7ffffffffffffffflu) <= 0x7ff0000000000000lu;
}

fn key_f64(x: f64, flip: u32) -> vec2<u32> {
    if !is_number_f64(x) {
        return vec2<u32>(LAST_KEY);
    }
    return key_of_number_f64(x) ^ vec2<u32>(flip);
}

fn key_c128(x: vec2<f64>, flip: u32) -> vec4<u32> {
    if !is_number_f64(x.x) || !is_number_f64(x.y) {
        return vec4<u32>(LAST_KEY);
    }
    return vec4<u32>(key_of_number_f64(x.x), key_of_number_f64(x.y)) ^ vec4<u32>(flip);
}

fn precedes_1(a: u32, b: u32) -> bool {
    return a < b;
}

fn precedes_2(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || a.x == b.x && a.y < b.y;
}

fn precedes_4(a: vec4<u32>, b: vec4<u32>) -> bool {
    if a.x != b.x {
        return a.x < b.x;
    }
    if a.y != b.y {
        return a.y < b.y;
    }
    return precedes_2(a.zw, b.zw);
}
