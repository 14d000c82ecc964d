//! The mathematics of the shaders: WGSL functions for every operation that has none of sufficient
//! accuracy, and for every special case that the built-in ones leave open.
//!
//! The text lies in the `.wgsl` files beside this one. Those of the list [`TEMPLATES`] are written once
//! for several types; an identifier in them that stands for a type, or ends like one (`exp_R`), is
//! replaced ([`Instance`]). A function is named after the operation and the dtype, `floor_divide_i64`,
//! a conversion after both types, `i8_from_f32`. [`needed_by`] gives the functions that a text names,
//! with all that they need.
//!
//! What makes these functions right where plain WGSL is not:
//! - NaN, infinities and signs are told by bits, since a driver may assume that there are none.
//! - Arithmetic that relies on rounding passes through `opaque_*`, an exclusive or with the word `ZERO`,
//!   which no compiler knows to be 0: nothing is reassociated, cancelled or contracted.
//! - No fused multiply-add is asked for, and no built-in function beyond `sqrt`, `floor`, `ceil`,
//!   `trunc` and `round`.
//!
//! A shader that contains such text declares `var<private> ZERO: u32;` and sets it first, from a word
//! of a buffer that holds 0.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::reg::Reg;

/// What a template becomes for one type: pairs of an identifier, or the end of one, and what replaces it.
type Instance = &'static [(&'static str, &'static str)];

const F32: Instance = &[
    ("Real", "f32"),
    ("Bits", "u32"),
    ("Signed", "i32"),
    ("Pair", "vec2<f32>"),
    ("Complex", "vec2<f32>"),
    ("_R", "_f32"),
    ("_C", "_c64"),
];

const F64: Instance = &[
    ("Real", "f64"),
    ("Bits", "u64"),
    ("Signed", "i64"),
    ("Pair", "vec2<f64>"),
    ("Complex", "vec2<f64>"),
    ("_R", "_f64"),
    ("_C", "_c128"),
];

const I32: Instance =
    &[("Int", "i32"), ("Unsigned", "u32"), ("WIDTH", "32u"), ("_I", "_i32"), ("_U", "_u32")];
const U32: Instance =
    &[("Int", "u32"), ("Unsigned", "u32"), ("WIDTH", "32u"), ("_I", "_u32"), ("_U", "_u32")];
const I64: Instance =
    &[("Int", "i64"), ("Unsigned", "u64"), ("WIDTH", "64u"), ("_I", "_i64"), ("_U", "_u64")];
const U64: Instance =
    &[("Int", "u64"), ("Unsigned", "u64"), ("WIDTH", "64u"), ("_I", "_u64"), ("_U", "_u64")];

const I64W: Instance = &[("_I", "_i64w")];
const U64W: Instance = &[("_I", "_u64w")];

/// The texts, and the types that each is written out for; none for a text that is no template.
const TEMPLATES: &[(&str, &[Instance])] = &[
    (include_str!("real.wgsl"), &[F32, F64]),
    (include_str!("pair.wgsl"), &[F32, F64]),
    (include_str!("exponential.wgsl"), &[F32, F64]),
    (include_str!("circular.wgsl"), &[F32, F64]),
    (include_str!("complex.wgsl"), &[F32, F64]),
    (include_str!("complex_exponential.wgsl"), &[F32, F64]),
    (include_str!("complex_circular.wgsl"), &[F32, F64]),
    (include_str!("single.wgsl"), &[&[]]),
    (include_str!("double.wgsl"), &[&[]]),
    (include_str!("integer.wgsl"), &[I32, U32, I64, U64]),
    (include_str!("words.wgsl"), &[&[]]),
    (include_str!("integer_words.wgsl"), &[I64W, U64W]),
    (include_str!("cast.wgsl"), &[&[]]),
];

/// A function, constant or struct.
struct Item {
    text: String,
    /// The items whose names occur in the text.
    needs: Vec<String>,
}

/// All items by name.
static ITEMS: LazyLock<BTreeMap<String, Item>> = LazyLock::new(|| {
    let mut texts = BTreeMap::new();
    for (template, instances) in TEMPLATES {
        for instance in *instances {
            for (name, text) in items(&instantiated(template, instance)) {
                let before = texts.insert(name.clone(), text);
                assert!(before.is_none(), "{name} is there twice");
            }
        }
    }
    let needs = |name: &String, text: &String| {
        let names: BTreeSet<&str> = identifiers(text).collect();
        let known = names.into_iter().filter(|&n| n != name && texts.contains_key(n));
        known.map(str::to_owned).collect()
    };
    let item = |(name, text): (&String, &String)| {
        (name.clone(), Item { text: text.clone(), needs: needs(name, text) })
    };
    texts.iter().map(item).collect()
});

/// The names of functions, without the type at the end.
static NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| ITEMS.keys().filter_map(|name| Some(name.rsplit_once('_')?.0)).collect());

/// Whether the library has an operation of this name, for some types.
pub(crate) fn knows(operation: &str) -> bool {
    NAMES.contains(operation)
}

/// Whether the library has a function of this name.
#[cfg(test)]
pub(crate) fn has(function: &str) -> bool {
    ITEMS.contains_key(function)
}

/// The WGSL text of all that a text names of the library, and of what that needs, each once; it depends
/// on the set of these names alone.
pub(crate) fn needed_by(text: &str) -> String {
    let mut missing: Vec<&str> = identifiers(text).collect();
    let mut there = BTreeMap::new();
    while let Some(name) = missing.pop() {
        if let Some((name, item)) = ITEMS.get_key_value(name)
            && there.insert(name, item.text.as_str()).is_none()
        {
            missing.extend(item.needs.iter().map(String::as_str));
        }
    }
    there.into_values().collect()
}

/// A template written out for the type of a complex number or its parts, without comments.
pub(crate) fn instance(template: &str, reg: Reg) -> String {
    let instance = if reg.part() == Reg::F32 { F32 } else { F64 };
    let code = template.lines().map(|line| line.split("//").next().unwrap_or_default().trim_end());
    let code: Vec<&str> = code.filter(|line| !line.is_empty()).collect();
    instantiated(&code.join("\n"), instance)
}

/// The identifiers and numbers in a text.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// A template with its identifiers replaced.
fn instantiated(template: &str, instance: Instance) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while !rest.is_empty() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let (identifier, after) = rest.split_at(length);
        let ends = |from: &str| from.starts_with('_') && identifier.ends_with(from);
        match instance.iter().find(|(from, _)| identifier == *from || ends(from)) {
            Some((from, to)) => {
                text.push_str(&identifier[..identifier.len() - from.len()]);
                text.push_str(to);
            }
            None => text.push_str(identifier),
        }
        let length = after.find(word).unwrap_or(after.len());
        text.push_str(&after[..length]);
        rest = &after[length..];
    }
    text
}

/// The items of a text, without its comments: each begins with its keyword at the start of a line.
fn items(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let line = line.find("//").map_or(line, |at| &line[..at]).trim_end();
        let mut words = identifiers(line);
        if line.starts_with(['f', 'c', 's'])
            && let Some("fn" | "const" | "struct") = words.next()
        {
            let name = words.next().unwrap_or_default();
            all.push((name.to_owned(), String::new()));
        }
        if let (Some((_, item)), false) = (all.last_mut(), line.is_empty()) {
            item.push_str(line);
            item.push('\n');
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_become_text() {
        let text = "fn exp_R(x: Real) -> Real { return x_R.y + exp_RR(x); } // Real";
        assert_eq!(
            instantiated(text, F64),
            "fn exp_f64(x: f64) -> f64 { return x_f64.y + exp_RR(x); } // f64"
        );
    }

    #[test]
    fn what_is_needed_is_there_once() {
        assert_eq!(needed_by("fn main() { let x = cos(y); }"), "");
        let text = needed_by("let x = log_c64(y) + log_c64(log10_f32(z));");
        let names: Vec<String> = items(&text).into_iter().map(|(name, _)| name).collect();
        let mut unique = names.clone();
        unique.dedup();
        assert_eq!(names, unique);
        for name in ["log_c64", "log10_f32", "opaque_f32", "LN_2_A_f32", "Exponent_f32"] {
            assert!(names.iter().any(|n| n == name), "{name}");
        }
        assert!(!names.iter().any(|n| n.contains("f64") || n == "sin_f32"));
        // nothing more is needed
        assert_eq!(needed_by(&text), text);
    }
}
