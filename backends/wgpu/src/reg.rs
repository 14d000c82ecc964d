//! The types of values in a shader, and the conversions between values and elements in memory.
//!
//! Elements of 8 and 16 bits are packed in words, as on the host. Their values are of the types
//! `i32`, `u32`, `bool` or, for half precision, `f32` rounded after every step.

use std::fmt;

use arrayspace_core::{DType, Scalar};
use smallvec::SmallVec;

use crate::gpu::Gpu;
use crate::parameters::List;

/// The type of a value in a shader.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Reg {
    Bool,
    I32,
    U32,
    I64,
    U64,
    /// An int64 as two words, the lower one first, where shaders have no integers of 64 bits.
    I64Words,
    /// Likewise a uint64.
    U64Words,
    F32,
    F64,
    C64,
    C128,
}

impl Reg {
    /// The type for values of a dtype.
    pub(crate) fn of(dtype: DType, gpu: &Gpu) -> Reg {
        Reg::with(dtype, gpu.has_int64())
    }

    /// The type for values of a dtype, where shaders have integers of 64 bits or have not.
    pub(crate) fn with(dtype: DType, has_int64: bool) -> Reg {
        match dtype {
            DType::Bool => Reg::Bool,
            DType::Int8 | DType::Int16 | DType::Int32 => Reg::I32,
            DType::UInt8 | DType::UInt16 | DType::UInt32 => Reg::U32,
            DType::Int64 if has_int64 => Reg::I64,
            DType::UInt64 if has_int64 => Reg::U64,
            DType::Int64 => Reg::I64Words,
            DType::UInt64 => Reg::U64Words,
            DType::Float16 | DType::BFloat16 | DType::Float32 => Reg::F32,
            DType::Float64 => Reg::F64,
            DType::Complex64 => Reg::C64,
            DType::Complex128 => Reg::C128,
        }
    }

    /// The type in WGSL.
    pub(crate) fn wgsl(self) -> &'static str {
        match self {
            Reg::Bool => "bool",
            Reg::I32 => "i32",
            Reg::U32 => "u32",
            Reg::I64 => "i64",
            Reg::U64 => "u64",
            Reg::I64Words | Reg::U64Words => "vec2<u32>",
            Reg::F32 => "f32",
            Reg::F64 => "f64",
            Reg::C64 => "vec2<f32>",
            Reg::C128 => "vec2<f64>",
        }
    }

    /// The type of a cell of memory with one value: a word for a bool, else the type itself.
    pub(crate) fn cell(self) -> &'static str {
        if self == Reg::Bool { "u32" } else { self.wgsl() }
    }

    /// The suffix of the names of mathematical functions on this type.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Reg::C64 => "c64",
            Reg::C128 => "c128",
            Reg::I64Words => "i64w",
            Reg::U64Words => "u64w",
            other => other.wgsl(),
        }
    }

    /// The size in bytes of a cell with one value.
    pub(crate) fn cell_size(self) -> usize {
        match self {
            Reg::Bool | Reg::I32 | Reg::U32 | Reg::F32 => 4,
            Reg::I64 | Reg::U64 | Reg::I64Words | Reg::U64Words | Reg::F64 | Reg::C64 => 8,
            Reg::C128 => 16,
        }
    }

    /// A dtype whose elements are cells of this type.
    pub(crate) fn dtype(self) -> DType {
        match self {
            Reg::Bool | Reg::U32 => DType::UInt32,
            Reg::I32 => DType::Int32,
            Reg::I64 | Reg::I64Words => DType::Int64,
            Reg::U64 | Reg::U64Words => DType::UInt64,
            Reg::F32 => DType::Float32,
            Reg::F64 => DType::Float64,
            Reg::C64 => DType::Complex64,
            Reg::C128 => DType::Complex128,
        }
    }

    /// The expression that converts a `u32` to this type.
    pub(crate) fn of_word(self, word: &str) -> String {
        match self {
            Reg::I64Words | Reg::U64Words => format!("vec2<u32>({word}, 0u)"),
            Reg::C64 | Reg::C128 => {
                format!("{}({1}({word}), {1}(0))", self.wgsl(), self.part().wgsl())
            }
            _ => format!("{}({word})", self.wgsl()),
        }
    }

    /// The type of the parts of a complex number.
    pub(crate) fn part(self) -> Reg {
        match self {
            Reg::C64 => Reg::F32,
            Reg::C128 => Reg::F64,
            other => other,
        }
    }

    pub(crate) fn is_complex(self) -> bool {
        matches!(self, Reg::C64 | Reg::C128)
    }
}

/// The number of elements of a dtype in one word of memory: 4, 2 or 1.
pub(crate) fn per_word(dtype: DType) -> usize {
    4 / dtype.item_size().min(4)
}

/// The type of a cell with one element of a size, whatever its value.
pub(crate) fn raw_cell(item_size: usize) -> &'static str {
    match item_size {
        16 => "vec4<u32>",
        8 => "vec2<u32>",
        _ => "u32",
    }
}

/// The value of an element, from its bits in the low end of a word, for dtypes of less than 32
/// bits.
pub(crate) fn decoded(dtype: DType, bits: &str) -> String {
    match dtype {
        DType::Bool => format!("({bits} != 0u)"),
        DType::Int8 => format!("(bitcast<i32>({bits} << 24u) >> 24u)"),
        DType::Int16 => format!("(bitcast<i32>({bits} << 16u) >> 16u)"),
        DType::Float16 => format!("f32_from_f16({bits})"),
        DType::BFloat16 => format!("f32_from_bf16({bits})"),
        _ => bits.to_owned(),
    }
}

/// The bits of an element in the low end of a word, and zeros above them: the inverse of
/// [`decoded`].
pub(crate) fn encoded(dtype: DType, value: &str) -> String {
    match dtype {
        DType::Bool => format!("select(0u, 1u, {value})"),
        DType::Int8 => format!("(bitcast<u32>({value}) & 0xffu)"),
        DType::Int16 => format!("(bitcast<u32>({value}) & 0xffffu)"),
        DType::Float16 => format!("f16_from_f32({value})"),
        DType::BFloat16 => format!("bf16_from_f32({value})"),
        _ => value.to_owned(),
    }
}

/// A value of the dtype's type, rounded or wrapped to the dtype.
pub(crate) fn narrowed(dtype: DType, value: String) -> String {
    match dtype {
        DType::Int8 => format!("i8_from_i32({value})"),
        DType::Int16 => format!("i16_from_i32({value})"),
        DType::UInt8 => format!("u8_from_u32({value})"),
        DType::UInt16 => format!("u16_from_u32({value})"),
        DType::Float16 => format!("f32_from_f16(f16_from_f32({value}))"),
        DType::BFloat16 => format!("f32_from_bf16(bf16_from_f32({value}))"),
        _ => value,
    }
}

/// The value of a constant that [`list_constant`] has listed under a name.
pub(crate) fn constant(reg: Reg, name: &str) -> String {
    let word = |k: usize| format!("p.{name}_{k}");
    let wide = |k: usize| format!("(u64({}) | (u64({}) << 32u))", word(k), word(k + 1));
    match reg {
        Reg::Bool => format!("({} != 0u)", word(0)),
        Reg::U32 => word(0),
        Reg::I32 | Reg::F32 => format!("bitcast<{}>({})", reg.wgsl(), word(0)),
        Reg::U64 => wide(0),
        Reg::I64Words | Reg::U64Words => format!("vec2<u32>({}, {})", word(0), word(1)),
        Reg::I64 | Reg::F64 => format!("bitcast<{}>({})", reg.wgsl(), wide(0)),
        Reg::C64 => format!("vec2<f32>(bitcast<f32>({}), bitcast<f32>({}))", word(0), word(1)),
        Reg::C128 => format!("vec2<f64>(bitcast<f64>({}), bitcast<f64>({}))", wide(0), wide(2)),
    }
}

/// Lists the words of a constant, `NAME_0` and so on.
pub(crate) fn list_constant(
    list: &mut dyn List,
    name: fmt::Arguments<'_>,
    value: Scalar,
    dtype: DType,
    reg: Reg,
) {
    for (k, word) in constant_words(value, dtype, reg).into_iter().enumerate() {
        list.word(format_args!("{name}_{k}"), word);
    }
}

/// The words of a constant, the lower word of each 64-bit number first.
fn constant_words(value: Scalar, dtype: DType, reg: Reg) -> SmallVec<[u32; 4]> {
    let wide = |bits: u64| [bits as u32, (bits >> 32) as u32];
    match reg {
        Reg::Bool => SmallVec::from_slice(&[value.is_nonzero().into()]),
        Reg::I32 | Reg::U32 => SmallVec::from_slice(&[value.to_int() as u32]),
        Reg::I64 | Reg::U64 | Reg::I64Words | Reg::U64Words => {
            SmallVec::from_slice(&wide(value.to_int() as u64))
        }
        Reg::F64 => SmallVec::from_slice(&wide(value.to_float().to_bits())),
        Reg::C128 => {
            let c = value.to_complex();
            SmallVec::from_slice([c.re, c.im].map(|part| wide(part.to_bits())).as_flattened())
        }
        Reg::F32 => SmallVec::from_slice(&[float32(value, dtype).to_bits()]),
        Reg::C64 => {
            let c = value.to_complex();
            let re = if let Scalar::Int(v) = value { v as f32 } else { c.re as f32 };
            SmallVec::from_slice(&[re.to_bits(), (c.im as f32).to_bits()])
        }
    }
}

/// The value as a float32, rounded to a real dtype of at most 32 bits.
fn float32(value: Scalar, dtype: DType) -> f32 {
    match (dtype, value) {
        (DType::Float16, _) => half::f16::from_f64(value.to_float()).to_f32(),
        (DType::BFloat16, _) => half::bf16::from_f64(value.to_float()).to_f32(),
        (_, Scalar::Int(v)) => v as f32,
        _ => value.to_float() as f32,
    }
}
