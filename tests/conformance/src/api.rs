//! The standard's table of functions: their signatures, and how arguments are bound to parameters.

use std::ffi::CString;
use std::fmt::Write;
use std::sync::LazyLock;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::Value;

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

    /// The docstring from which Python reads the signature: `name(x, /, *, axis=None)` and two dashes.
    pub(crate) fn docstring(&self) -> CString {
        let (mut out, mut before) = (format!("{}(", self.name), None);
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
        let out = out.trim_end_matches(", ");
        CString::new(format!("{out})\n--\n\n")).expect("no null character")
    }

    /// Arguments in the order of the parameters, as Python binds them.
    pub(crate) fn bind<'py>(
        &'static self,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Arguments<'py>> {
        let wrong = |what: String| PyTypeError::new_err(format!("{}() {what}", self.name));
        let mut values: Vec<Option<Bound<'py, PyAny>>> = vec![None; self.parameters.len()];
        let mut given = args.iter();
        for (p, value) in self.parameters.iter().zip(&mut values) {
            match p.kind {
                Kind::Rest => *value = Some(PyTuple::new(args.py(), &mut given)?.into_any()),
                Kind::Positional | Kind::Either => *value = given.next(),
                Kind::Keyword => {}
            }
        }
        if given.next().is_some() {
            return Err(wrong(format!(
                "got {} positional arguments, which are too many",
                args.len()
            )));
        }
        for (name, value) in keywords.into_iter().flatten() {
            let name: String = name.extract()?;
            let place = self
                .parameters
                .iter()
                .position(|p| p.name == name && matches!(p.kind, Kind::Either | Kind::Keyword));
            let Some(place) = place else {
                return Err(wrong(format!("got an unexpected keyword argument '{name}'")));
            };
            if values[place].replace(value).is_some() {
                return Err(wrong(format!("got multiple values for argument '{name}'")));
            }
        }
        let mut pairs = self.parameters.iter().zip(&values);
        if let Some((p, _)) = pairs.find(|(p, value)| p.default.is_none() && value.is_none()) {
            return Err(wrong(format!("missing 1 required argument: '{}'", p.name)));
        }
        Ok(Arguments { function: self, py: args.py(), values })
    }
}

/// The arguments of a call.
pub(crate) struct Arguments<'py> {
    function: &'static Function,
    pub(crate) py: Python<'py>,
    values: Vec<Option<Bound<'py, PyAny>>>,
}

impl<'py> Arguments<'py> {
    /// The argument for a parameter; `None` if it was left out, or if the function has no such
    /// parameter.
    pub(crate) fn find(&self, name: &str) -> Option<&Bound<'py, PyAny>> {
        let place = self.function.parameters.iter().position(|p| p.name == name)?;
        self.values[place].as_ref()
    }
}
