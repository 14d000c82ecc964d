//! The order of values, as words: for any two, what comes first has the smaller key.
//!
//! NaN comes last, ascending and descending; zeros are equal. Complex numbers are ordered by the real, then
//! the imaginary part; those with a NaN part are equal, and last. Keys are integers, so that a device that
//! takes subnormals for zero, or knows no NaN, orders them all the same.

use arrayspace_core::DType;

use crate::reg::Reg;

/// The type of keys for values of a type: one word, two or four, the most significant first.
pub(crate) fn key_type(reg: Reg) -> &'static str {
    match reg {
        Reg::Bool | Reg::I32 | Reg::U32 | Reg::F32 => "u32",
        Reg::I64 | Reg::U64 | Reg::I64Words | Reg::U64Words | Reg::F64 | Reg::C64 => "vec2<u32>",
        Reg::C128 => "vec4<u32>",
    }
}

/// The dtype of a buffer of keys, as far as room is concerned.
pub(crate) fn key_dtype(reg: Reg) -> DType {
    match key_type(reg) {
        "u32" => DType::UInt32,
        "vec2<u32>" => DType::Complex64,
        _ => DType::Complex128,
    }
}

/// `fn key_of(x) -> K`, and `fn comes_before(a: K, b: K) -> bool`.
pub(crate) fn functions(reg: Reg, descending: bool) -> String {
    let flip = if descending { "~" } else { "" };
    let key = key_type(reg);
    let f32_key = "\
fn word_of_f32(x: f32) -> u32 {
  let b = bitcast<u32>(x);
  if ((b & 0x7fffffffu) == 0u) { return 0x80000000u; }
  return select(b | 0x80000000u, ~b, b > 0x7fffffffu);
}
fn is_number_f32(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) <= 0x7f800000u; }
";
    let f64_key = "\
fn words_of_u64(b: u64) -> vec2<u32> { return vec2<u32>(u32(b >> 32u), u32(b)); }
fn words_of_f64(x: f64) -> vec2<u32> {
  let w = words_of_u64(bitcast<u64>(x));
  if (((w.x & 0x7fffffffu) | w.y) == 0u) { return vec2<u32>(0x80000000u, 0u); }
  if (w.x > 0x7fffffffu) { return ~w; }
  return vec2<u32>(w.x | 0x80000000u, w.y);
}
fn is_number_f64(x: f64) -> bool {
  return (bitcast<u64>(x) & 0x7ffffffffffffffflu) <= 0x7ff0000000000000lu;
}
";
    let last = format!("{key}(0xffffffffu)");
    let (helpers, body) = match reg {
        Reg::Bool => ("", format!("return {flip}select(0u, 1u, x);")),
        Reg::U32 => ("", format!("return {flip}x;")),
        Reg::I32 => ("", format!("return {flip}(bitcast<u32>(x) ^ 0x80000000u);")),
        Reg::U64 => (f64_key, format!("return {flip}words_of_u64(x);")),
        Reg::I64 => (
            f64_key,
            format!("return {flip}(words_of_u64(bitcast<u64>(x)) ^ vec2<u32>(0x80000000u, 0u));"),
        ),
        Reg::U64Words => ("", format!("return {flip}x.yx;")),
        Reg::I64Words => ("", format!("return {flip}(x.yx ^ vec2<u32>(0x80000000u, 0u));")),
        Reg::F32 => (
            f32_key,
            format!("if (!is_number_f32(x)) {{ return {last}; }}\n  return {flip}word_of_f32(x);"),
        ),
        Reg::F64 => (
            f64_key,
            format!("if (!is_number_f64(x)) {{ return {last}; }}\n  return {flip}words_of_f64(x);"),
        ),
        Reg::C64 => (
            f32_key,
            format!(
                "if (!is_number_f32(x.x) || !is_number_f32(x.y)) {{ return {last}; }}\n  \
                 return {flip}vec2<u32>(word_of_f32(x.x), word_of_f32(x.y));"
            ),
        ),
        Reg::C128 => (
            f64_key,
            format!(
                "if (!is_number_f64(x.x) || !is_number_f64(x.y)) {{ return {last}; }}\n  \
                 return {flip}vec4<u32>(words_of_f64(x.x), words_of_f64(x.y));"
            ),
        ),
    };
    // integers have no helper of f64 where there is none: its text is not even parsed there
    let helpers = match reg {
        Reg::U64 | Reg::I64 => helpers.lines().next().unwrap_or(""),
        _ => helpers,
    };
    let before = match key {
        "u32" => "return a < b;",
        "vec2<u32>" => "return a.x < b.x || a.x == b.x && a.y < b.y;",
        _ => {
            "if (a.x != b.x) { return a.x < b.x; }\n  if (a.y != b.y) { return a.y < b.y; }\n  \
             return a.z < b.z || a.z == b.z && a.w < b.w;"
        }
    };
    format!(
        "{helpers}\nfn key_of(x: {}) -> {key} {{\n  {body}\n}}\n\
         fn comes_before(a: {key}, b: {key}) -> bool {{\n  {before}\n}}",
        reg.wgsl()
    )
}
