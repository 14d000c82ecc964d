//! The standard's table of functions: their signatures, their documentation, their arguments.

use std::fmt::Write;
use std::sync::LazyLock;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use serde_json::Value;

// `DOCUMENTATION: &[(chapter, name, text)]`, which the build script takes from the library's sources
include!(concat!(env!("OUT_DIR"), "/documentation.rs"));

/// How a parameter is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Positional,
    Either,
    /// `*name`: all positional arguments that are left.
    Rest,
    Keyword,
}

/// A parameter of a function.
struct Parameter {
    name: String,
    kind: Kind,
    /// As Python writes it; `None` for a parameter that must be given.
    default: Option<String>,
}

/// A function of the standard.
pub(crate) struct Function {
    pub(crate) name: String,
    /// The chapter: `creation`, ..., `linalg`, `fft`, `inspection.info`.
    pub(crate) category: String,
    parameters: Vec<Parameter>,
}

/// The standard: its revision, and its functions and array methods.
pub(crate) struct Table {
    pub(crate) version: String,
    pub(crate) functions: Vec<Function>,
}

pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let table: Value = serde_json::from_str(include_str!("../../data/api_2025_12.json"))
        .expect("tests/data/api_2025_12.json is JSON");
    let functions = table["functions"].as_array().expect("functions: a list");
    Table {
        version: text(&table["version"]),
        functions: functions.iter().map(Function::read).collect(),
    }
});

/// A text of the table.
fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A literal as Python writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        number => number.to_string(),
    }
}

impl Function {
    fn read(value: &Value) -> Function {
        let parameters = value["params"].as_array().expect("params: a list");
        let parameter = |p: &Value| Parameter {
            name: text(&p["name"]),
            kind: match p["kind"].as_str() {
                Some("pos_only") => Kind::Positional,
                Some("var_pos") => Kind::Rest,
                Some("kw_only") => Kind::Keyword,
                _ => Kind::Either,
            },
            default: p.get("default").map(literal),
        };
        Function {
            name: text(&value["name"]),
            category: text(&value["category"]),
            parameters: parameters.iter().map(parameter).collect(),
        }
    }

    /// The parameters as a definition in Python writes them: `x, /, *, axis=None`.
    pub(crate) fn signature(&self) -> String {
        let (mut out, mut before) = (String::new(), None);
        let mut separate = |out: &mut String, kind| {
            if before == Some(Kind::Positional) && kind != Some(Kind::Positional) {
                out.push_str("/, ");
            }
            if kind == Some(Kind::Keyword) && !matches!(before, Some(Kind::Rest | Kind::Keyword)) {
                out.push_str("*, ");
            }
            before = kind;
        };
        for p in &self.parameters {
            separate(&mut out, Some(p.kind));
            let star = if p.kind == Kind::Rest { "*" } else { "" };
            let default = p.default.as_ref().map_or_else(String::new, |d| format!("={d}"));
            write!(out, "{star}{}{default}, ", p.name).expect("a String takes all text");
        }
        separate(&mut out, None);
        out.trim_end_matches(", ").to_owned()
    }

    /// The names of the parameters, in their order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.parameters.iter().map(|p| p.name.as_str()).collect()
    }

    /// The first paragraph of the documentation of the function in Rust.
    pub(crate) fn documentation(&self) -> &'static str {
        let chapter = match self.category.as_str() {
            chapter @ ("linalg" | "fft" | "inspection.info") => chapter,
            _ => "",
        };
        let found = DOCUMENTATION.iter().find(|&&(c, name, _)| c == chapter && name == self.name);
        found.map_or("", |&(.., text)| text)
    }
}

/// The arguments of a call.
pub(crate) struct Arguments<'py> {
    function: &'static Function,
    pub(crate) py: Python<'py>,
    values: Vec<Bound<'py, PyAny>>,
}

impl<'py> Arguments<'py> {
    /// Arguments in the order of the parameters, all of them.
    pub(crate) fn new(function: &'static Function, values: &Bound<'py, PyTuple>) -> Self {
        Arguments { function, py: values.py(), values: values.iter().collect() }
    }

    /// The argument for a parameter, or its default; `None` if the function has no such parameter.
    pub(crate) fn find(&self, name: &str) -> Option<&Bound<'py, PyAny>> {
        let place = self.function.parameters.iter().position(|p| p.name == name)?;
        self.values.get(place)
    }
}
