//! Takes the documentation of the standard's functions from the sources of the library: the first paragraph of
//! each, for the functions of Python.

use std::path::Path;
use std::{env, fs};

/// The chapters whose functions are methods of their own types, and where the others are.
const SOURCES: [(&str, &str); 4] = [
    ("", "namespace/mod.rs"),
    ("inspection.info", "namespace/inspection.rs"),
    ("linalg", "extensions/linalg/mod.rs"),
    ("fft", "extensions/fft.rs"),
];

/// The name of the function that a line begins to declare.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("fn ")?;
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&line[..end])
}

/// The first paragraph of documentation, without the targets of its links: `` [`sum`](Namespace::sum) ``
/// becomes `` `sum` ``.
fn summary(documentation: &[&str]) -> String {
    let paragraph =
        documentation.iter().map(|line| line.trim()).take_while(|line| !line.is_empty());
    let text = paragraph.collect::<Vec<_>>().join(" ");
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        out += before;
        out += &format!("`{name}`");
        rest = after;
        if let Some((_, after)) = after.strip_prefix('(').and_then(|a| a.split_once(')')) {
            rest = after;
        }
    }
    out + rest
}

fn main() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
    let mut out = "static DOCUMENTATION: &[(&str, &str, &str)] = &[\n".to_owned();
    for (chapter, source) in SOURCES {
        let path = library.join(source);
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path).expect("the source is read");
        let mut documentation = vec![];
        for line in text.lines().map(str::trim_start) {
            if let Some(line) = line.strip_prefix("///") {
                documentation.push(line);
            } else if let Some(name) = declared(line) {
                if !documentation.is_empty() {
                    // Rust reserves `where`
                    let name = if name == "where_" { "where" } else { name };
                    out +=
                        &format!("    ({chapter:?}, {name:?}, {:?}),\n", summary(&documentation));
                }
                documentation.clear();
            } else if !line.starts_with("#[") {
                documentation.clear();
            }
        }
    }
    out += "];\n";
    let to = Path::new(&env::var_os("OUT_DIR").expect("cargo sets it")).join("documentation.rs");
    fs::write(to, out).expect("the documentation is written");
}
