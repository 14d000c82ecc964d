//! The order of values, by keys of one or more words (`math/keys.wgsl`).
//!
//! NaN comes last, whether the order is ascending or descending, and zeros are equal. Complex
//! numbers are ordered by the real, then by the imaginary part; those with a NaN part are equal,
//! and last. Keys are integers, so that the order is the same on a device that flushes subnormals
//! or assumes no NaN.

use arrayspace_core::DType;

use crate::reg::Reg;

/// The type of keys for values of a type: one, two or four words, the most significant one first.
pub(crate) fn key_type(reg: Reg) -> &'static str {
    match reg {
        Reg::Bool | Reg::I32 | Reg::U32 | Reg::F32 => "u32",
        Reg::I64 | Reg::U64 | Reg::I64Words | Reg::U64Words | Reg::F64 | Reg::C64 => "vec2<u32>",
        Reg::C128 => "vec4<u32>",
    }
}

/// A dtype of the size of a key, to allocate buffers of keys.
pub(crate) fn key_dtype(reg: Reg) -> DType {
    match key_type(reg) {
        "u32" => DType::UInt32,
        "vec2<u32>" => DType::Complex64,
        _ => DType::Complex128,
    }
}

/// The functions `key_of(x)` and `comes_before(a, b)`, which compares two keys.
pub(crate) fn functions(reg: Reg, descending: bool) -> String {
    let flip = if descending { "0xffffffffu" } else { "0u" };
    let key = key_type(reg);
    let words = key_dtype(reg).item_size() / 4;
    format!(
        "fn key_of(x: {}) -> {key} {{ return key_{}(x, {flip}); }}\n\
         fn comes_before(a: {key}, b: {key}) -> bool {{ return precedes_{words}(a, b); }}",
        reg.wgsl(),
        reg.suffix()
    )
}
