//! The elements of an array as words of one width.

use arrayspace_core::{DType, Element, Scalar};
use half::{bf16, f16};
use num_complex::Complex;

use super::digits::{ALL_DIGITS, Digits, rounded};
use super::spec::{Spec, flushed_right};

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

/// The most digits after the point where no number of them is asked for.
const PRECISION: usize = 8;

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
    /// The elements in these bytes as `spec` asks. That of a 0-d array is written as a scalar: as Python
    /// writes one, or with a precision as `f64` is written in Rust.
    pub(super) fn new(bytes: &[u8], dtype: DType, spec: &Spec, scalar: bool) -> Items {
        let values = scalars(bytes, dtype);
        let real = dtype.real_component();
        if scalar {
            // words from the left, numbers from the right
            let flushed = |word: String| spec.padded(&word, spec.width, dtype == DType::Bool);
            return Items::Words(
                values.into_iter().map(|v| flushed(scalar_text(v, real, spec))).collect(),
            );
        }
        if dtype.is_floating() && spec.exponent.is_none() {
            return if dtype.is_complex() {
                let values: Vec<Complex<f64>> =
                    values.into_iter().map(Scalar::to_complex).collect();
                let parts = |part: fn(&Complex<f64>) -> f64, plus| {
                    let part: Vec<f64> = values.iter().map(part).collect();
                    Floats::new(&part, real, spec.precision, plus)
                };
                let (mut re, im) = (parts(|c| c.re, spec.plus), parts(|c| c.im, true));
                re.widen((spec.width).saturating_sub(im.width() + "j".len()));
                Items::Complex(values, re, im)
            } else {
                let values: Vec<f64> = values.into_iter().map(Scalar::to_float).collect();
                let mut format = Floats::new(&values, real, spec.precision, spec.plus);
                format.widen(spec.width);
                Items::Real(values, format)
            };
        }
        let words: Vec<String> = values.into_iter().map(|v| scalar_text(v, real, spec)).collect();
        // " True" beside "False" in every array of bools
        let width = if dtype == DType::Bool { "False".len() } else { 0 };
        let width = words.iter().map(String::len).max().unwrap_or(0).max(width);
        Items::Right(words, width.max(spec.width))
    }

    /// The element number `k`, with the fill and the alignment that `spec` asks for.
    pub(super) fn text(&self, k: usize, spec: &Spec) -> String {
        let word = self.aligned(k);
        match self {
            Items::Words(_) => word,
            _ if spec.fills() => spec.padded(word.trim(), word.len(), false),
            _ => word,
        }
    }

    /// The element number `k`, as wide as the others, with the point below theirs.
    fn aligned(&self, k: usize) -> String {
        match self {
            Items::Words(words) => words[k].clone(),
            Items::Right(words, width) => flushed_right(&words[k], *width),
            Items::Real(values, format) => format.text(values[k]),
            Items::Complex(values, re, im) => {
                let (re, im) = (re.text(values[k].re), im.text(values[k].im));
                let digits = im.trim_end();
                format!("{re}{digits}j{}", &im[digits.len()..])
            }
        }
    }
}

/// A single value: as Python writes it, or with the digits that are asked for.
fn scalar_text(value: Scalar, real: DType, spec: &Spec) -> String {
    let plain = spec.precision.is_none() && spec.exponent.is_none();
    match value {
        Scalar::Bool(true) => "True".to_owned(),
        Scalar::Bool(false) => "False".to_owned(),
        Scalar::Int(v) => {
            let sign = if v < 0 {
                "-"
            } else if spec.plus {
                "+"
            } else {
                ""
            };
            let size = v.unsigned_abs();
            match (spec.exponent, spec.precision) {
                (None, _) => format!("{sign}{size}"),
                (Some(e), None) => format!("{sign}{}", e.in_case(format!("{size:e}"))),
                (Some(e), Some(p)) => format!("{sign}{}", e.in_case(format!("{size:.p$e}"))),
            }
        }
        Scalar::Float(v) => {
            let text = part_text(v, real, spec.plus, spec);
            let whole = plain && v.is_finite() && !text.contains(['.', 'e']);
            if whole { format!("{text}.0") } else { text }
        }
        Scalar::Complex(v) if plain && v.re == 0.0 && v.re.is_sign_positive() => {
            format!("{}j", part_text(v.im, real, spec.plus, spec))
        }
        Scalar::Complex(v) => {
            let (re, im) =
                (part_text(v.re, real, spec.plus, spec), part_text(v.im, real, true, spec));
            if plain { format!("({re}{im}j)") } else { format!("{re}{im}j") }
        }
    }
}

/// A number: with all its digits, without a point where there is nothing after it, or with those that
/// are asked for.
fn part_text(value: f64, dtype: DType, plus: bool, spec: &Spec) -> String {
    let sign = sign(value, plus);
    if !value.is_finite() {
        return format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" });
    }
    let size = value.abs();
    match (spec.exponent, spec.precision) {
        (Some(e), p) => return format!("{sign}{}", e.in_case(with_exponent(size, dtype, p))),
        (None, Some(p)) => return format!("{sign}{size:.p$}"),
        (None, None) => {}
    }
    if size == 0.0 || (1e-4..10f64.powi(exact_digits(dtype, 16))).contains(&size) {
        let text = Digits::positional(value, dtype, ALL_DIGITS);
        return format!("{sign}{}", text.trim_end_matches('.'));
    }
    let s = Digits::scientific(value, dtype, ALL_DIGITS);
    let point = if s.fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{}e{}", s.first, s.fraction, exponent(s.exponent, 2))
}

/// A number that is not negative as `{:e}` writes it: with this many digits after the point, or as many as
/// the type needs.
fn with_exponent(size: f64, dtype: DType, precision: Option<usize>) -> String {
    match (precision, dtype) {
        (Some(p), _) => format!("{size:.p$e}"),
        (None, DType::Float32) => format!("{:e}", size as f32),
        (None, DType::Float16 | DType::BFloat16) => {
            let s = Digits::scientific(size, dtype, ALL_DIGITS);
            let point = if s.fraction.is_empty() { "" } else { "." };
            format!("{}{point}{}e{}", s.first, s.fraction, s.exponent)
        }
        (None, _) => format!("{size:e}"),
    }
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
    /// With exactly this many digits after the point, which is left out before none.
    Fixed(usize),
    /// With exactly this many digits after the point, and at least that many of the exponent.
    Scientific { fraction: usize, exponent: usize },
}

impl Floats {
    /// The format in which these values fit, with `precision` digits after the point where it is given.
    fn new(values: &[f64], dtype: DType, precision: Option<usize>, plus: bool) -> Floats {
        let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let mut format =
            Floats { dtype, plus, left: 0, right: 0, notation: Notation::Positional(PRECISION) };
        if let Some(precision) = precision {
            let widest = |v: &f64| format!("{:.precision$}", v.abs()).len() + sign(*v, plus).len();
            let width = finite.iter().map(widest).max().unwrap_or(0);
            format.right = precision;
            format.notation = Notation::Fixed(precision);
            format.left = width.saturating_sub(format.after());
        } else if spread(&finite, dtype) {
            let parts: Vec<_> =
                finite.iter().map(|&v| Digits::scientific(v, dtype, PRECISION)).collect();
            let fraction = parts.iter().map(|s| s.fraction.len()).max().unwrap_or(0);
            let exponent =
                parts.iter().map(|s| exponent(s.exponent, 2).len() - 1).max().unwrap_or(0);
            format.left = finite.iter().map(|&v| 1 + sign(v, plus).len()).max().unwrap_or(0);
            format.right = fraction + exponent + 2;
            format.notation = Notation::Scientific { fraction, exponent };
        } else {
            for &v in &finite {
                let text = Digits::positional(v, dtype, PRECISION);
                let point = text.find('.').unwrap_or(text.len());
                format.left = format.left.max(point + sign(v, plus).len());
                format.right = format.right.max(text.len() - point - 1);
            }
        }
        if finite.len() < values.len() {
            let minus = values.contains(&f64::NEG_INFINITY);
            let widest = "inf".len() + usize::from(plus || minus);
            format.left = format.left.max(widest.saturating_sub(format.after()));
        }
        format
    }

    /// The width of the point and of what is after it.
    fn after(&self) -> usize {
        if matches!(self.notation, Notation::Fixed(0)) { 0 } else { 1 + self.right }
    }

    /// The width of every word.
    fn width(&self) -> usize {
        self.left + self.after()
    }

    /// Makes the words at least this wide.
    fn widen(&mut self, width: usize) {
        self.left = self.left.max(width.saturating_sub(self.after()));
    }

    /// A value as a word of the width that all values have.
    fn text(&self, value: f64) -> String {
        let Floats { dtype, plus, left, right, .. } = *self;
        let sign = sign(value, plus);
        if !value.is_finite() {
            let text = format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" });
            return flushed_right(&text, self.width());
        }
        match self.notation {
            Notation::Positional(most) => {
                let text = Digits::positional(value, dtype, most);
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let whole = flushed_right(&format!("{sign}{whole}"), left);
                format!("{whole}.{fraction:<right$}")
            }
            Notation::Fixed(digits) => {
                flushed_right(&format!("{sign}{:.digits$}", value.abs()), self.width())
            }
            Notation::Scientific { fraction, exponent: width } => {
                // all digits that the others have, be they more than this value needs
                let text = format!("{:.fraction$e}", value.abs());
                let (digits, ten) = text.split_once('e').unwrap_or((&text, "0"));
                let (first, rest) = digits.split_at(1);
                let whole = flushed_right(&format!("{sign}{first}"), left);
                let exponent = exponent(ten.parse().unwrap_or(0), width);
                format!("{whole}.{}e{exponent}", rest.trim_start_matches('.'))
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
