//! The elements of an array as words of one width.

use arrayspace_core::{DType, Element, Scalar};
use half::{bf16, f16};
use num_complex::Complex;

use super::digits::{ALL_DIGITS, Digits, rounded};

/// The elements of an array, and how they are written.
pub(super) enum Items {
    /// Words that are done.
    Words(Vec<String>),
    /// Words that are filled from the left to this width.
    Right(Vec<String>, usize),
    /// Real numbers.
    Real(Vec<f64>, Floats),
    /// Complex numbers.
    Complex(Vec<Complex<f64>>, Floats, Floats),
}

/// Elements from their bytes.
fn read<T: Element>(bytes: &[u8]) -> impl Iterator<Item = Scalar> {
    bytes.chunks_exact(size_of::<T>()).map(|chunk| {
        let mut value = [T::default()];
        let filled = T::fill_bytes(&mut value, |out| {
            out.copy_from_slice(chunk);
            Ok::<(), std::convert::Infallible>(())
        });
        let Ok(()) = filled;
        value[0].to_scalar()
    })
}

/// The elements as scalars.
fn scalars(bytes: &[u8], dtype: DType) -> Vec<Scalar> {
    match dtype {
        DType::Bool => read::<bool>(bytes).collect(),
        DType::Int8 => read::<i8>(bytes).collect(),
        DType::Int16 => read::<i16>(bytes).collect(),
        DType::Int32 => read::<i32>(bytes).collect(),
        DType::Int64 => read::<i64>(bytes).collect(),
        DType::UInt8 => read::<u8>(bytes).collect(),
        DType::UInt16 => read::<u16>(bytes).collect(),
        DType::UInt32 => read::<u32>(bytes).collect(),
        DType::UInt64 => read::<u64>(bytes).collect(),
        DType::Float16 => read::<f16>(bytes).collect(),
        DType::BFloat16 => read::<bf16>(bytes).collect(),
        DType::Float32 => read::<f32>(bytes).collect(),
        DType::Float64 => read::<f64>(bytes).collect(),
        DType::Complex64 => read::<Complex<f32>>(bytes).collect(),
        DType::Complex128 => read::<Complex<f64>>(bytes).collect(),
    }
}

impl Items {
    /// The elements in these bytes, floats with at most `precision` digits after the point. Those of a
    /// 0-d array are written as Python writes a scalar.
    pub(super) fn new(bytes: &[u8], dtype: DType, precision: usize, scalar: bool) -> Items {
        let values = scalars(bytes, dtype);
        let precision = precision.min(ALL_DIGITS);
        let real = dtype.real_component();
        if scalar {
            return Items::Words(values.into_iter().map(|v| scalar_text(v, real)).collect());
        }
        if dtype.is_complex() {
            let values: Vec<Complex<f64>> = values.into_iter().map(Scalar::to_complex).collect();
            let parts = |part: fn(&Complex<f64>) -> f64, plus| {
                let part: Vec<f64> = values.iter().map(part).collect();
                Floats::new(&part, real, precision, plus)
            };
            let (re, im) = (parts(|c| c.re, false), parts(|c| c.im, true));
            return Items::Complex(values, re, im);
        }
        if dtype.is_floating() {
            let values: Vec<f64> = values.into_iter().map(Scalar::to_float).collect();
            let format = Floats::new(&values, real, precision, false);
            return Items::Real(values, format);
        }
        let words: Vec<String> = values.into_iter().map(|v| scalar_text(v, real)).collect();
        // " True" beside "False" in every array of bools
        let width = if dtype == DType::Bool { "False".len() } else { 0 };
        let width = words.iter().map(String::len).max().unwrap_or(0).max(width);
        Items::Right(words, width)
    }

    /// The element number `k`.
    pub(super) fn text(&self, k: usize) -> String {
        match self {
            Items::Words(words) => words[k].clone(),
            Items::Right(words, width) => format!("{:>width$}", words[k]),
            Items::Real(values, format) => format.text(values[k]),
            Items::Complex(values, re, im) => {
                let (re, im) = (re.text(values[k].re), im.text(values[k].im));
                let digits = im.trim_end();
                format!("{re}{digits}j{}", &im[digits.len()..])
            }
        }
    }
}

/// A single value as Python writes it.
fn scalar_text(value: Scalar, real: DType) -> String {
    match value {
        Scalar::Bool(true) => "True".to_owned(),
        Scalar::Bool(false) => "False".to_owned(),
        Scalar::Int(v) => v.to_string(),
        Scalar::Float(v) => {
            let text = part_text(v, real, false);
            if v.is_finite() && !text.contains(['.', 'e']) { format!("{text}.0") } else { text }
        }
        Scalar::Complex(v) if v.re == 0.0 && v.re.is_sign_positive() => {
            format!("{}j", part_text(v.im, real, false))
        }
        Scalar::Complex(v) => {
            format!("({}{}j)", part_text(v.re, real, false), part_text(v.im, real, true))
        }
    }
}

/// A number with all its digits, without a point where there is nothing after it.
fn part_text(value: f64, dtype: DType, plus: bool) -> String {
    let sign = sign(value, plus);
    if !value.is_finite() {
        return format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" });
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..10f64.powi(exact_digits(dtype, 16))).contains(&size) {
        let text = Digits::positional(value, dtype, ALL_DIGITS);
        return format!("{sign}{}", text.trim_end_matches('.'));
    }
    let s = Digits::scientific(value, dtype, ALL_DIGITS);
    let point = if s.fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{}e{}", s.first, s.fraction, exponent(s.exponent, 2))
}

fn sign(value: f64, plus: bool) -> &'static str {
    match (value.is_sign_negative() && !value.is_nan(), plus) {
        (true, _) => "-",
        (false, true) => "+",
        (false, false) => "",
    }
}

/// An exponent with its sign and at least `width` digits.
fn exponent(value: i32, width: usize) -> String {
    format!("{}{:0width$}", if value < 0 { '-' } else { '+' }, value.unsigned_abs())
}

/// How many decimal digits a number of this type is sure to hold, but at most `most`: from that power
/// of ten on numbers are written in scientific notation.
fn exact_digits(dtype: DType, most: i32) -> i32 {
    match dtype {
        DType::Float16 | DType::BFloat16 => most.min(3),
        DType::Float32 => most.min(6),
        _ => most,
    }
}

/// How the floats of an array are written: all with the point in one column.
pub(super) struct Floats {
    dtype: DType,
    /// Whether positive numbers have a sign.
    plus: bool,
    /// The width of what is before the point, and of what is after it.
    left: usize,
    right: usize,
    notation: Notation,
}

enum Notation {
    /// With at most this many digits after the point.
    Positional(usize),
    /// With exactly this many digits after the point, and at least that many of the exponent.
    Scientific { fraction: usize, exponent: usize },
}

impl Floats {
    /// The format in which these values fit, with at most `precision` digits after the point.
    fn new(values: &[f64], dtype: DType, precision: usize, plus: bool) -> Floats {
        let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let mut format =
            Floats { dtype, plus, left: 0, right: 0, notation: Notation::Positional(0) };
        if spread(&finite, dtype) {
            let parts: Vec<_> =
                finite.iter().map(|&v| Digits::scientific(v, dtype, precision)).collect();
            let fraction = parts.iter().map(|s| s.fraction.len()).max().unwrap_or(0);
            let exponent =
                parts.iter().map(|s| exponent(s.exponent, 2).len() - 1).max().unwrap_or(0);
            format.left = finite.iter().map(|&v| 1 + sign(v, plus).len()).max().unwrap_or(0);
            format.right = fraction + exponent + 2;
            format.notation = Notation::Scientific { fraction, exponent };
        } else {
            for &v in &finite {
                let text = Digits::positional(v, dtype, precision);
                let point = text.find('.').unwrap_or(text.len());
                format.left = format.left.max(point + sign(v, plus).len());
                format.right = format.right.max(text.len() - point - 1);
            }
            format.notation = Notation::Positional(precision);
        }
        if finite.len() < values.len() {
            let minus = values.contains(&f64::NEG_INFINITY);
            let widest = "inf".len() + usize::from(plus || minus);
            format.left = format.left.max(widest.saturating_sub(format.right + 1));
        }
        format
    }

    /// A value as a word of the width that all values have.
    fn text(&self, value: f64) -> String {
        let Floats { dtype, plus, left, right, .. } = *self;
        let sign = sign(value, plus);
        if !value.is_finite() {
            let text = format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" });
            return format!("{text:>0$}", left + right + 1);
        }
        match self.notation {
            Notation::Positional(most) => {
                let text = Digits::positional(value, dtype, most);
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let whole = format!("{sign}{whole}");
                format!("{whole:>left$}.{fraction:<right$}")
            }
            Notation::Scientific { fraction, exponent: width } => {
                // all digits that the others have, be they more than this value needs
                let text = format!("{:.fraction$e}", value.abs());
                let (digits, ten) = text.split_once('e').unwrap_or((&text, "0"));
                let (first, rest) = digits.split_at(1);
                let whole = format!("{sign}{first}");
                let exponent = exponent(ten.parse().unwrap_or(0), width);
                format!("{whole:>left$}.{}e{exponent}", rest.trim_start_matches('.'))
            }
        }
    }
}

/// Whether the range of these values demands scientific notation. The bounds are compared in the type
/// of the values, as NumPy does.
fn spread(finite: &[f64], dtype: DType) -> bool {
    let sizes = || finite.iter().map(|v| v.abs()).filter(|&v| v != 0.0);
    let Some(largest) = sizes().reduce(f64::max) else { return false };
    let smallest = sizes().fold(largest, f64::min);
    let ratio = rounded(largest / smallest, dtype);
    largest >= 10f64.powi(exact_digits(dtype, 8))
        || smallest < rounded(1e-4, dtype)
        || ratio > 1000.0
}
