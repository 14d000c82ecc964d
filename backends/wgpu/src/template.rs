//! Text of kernels in `.wgsl` files, and the identifiers in it that stand for others.
//!
//! A file is written once for several types and operations. An identifier in it that stands for a
//! type, a function or a constant (`Cell`, `combine`), or the end of one (`exp_R`), is replaced
//! where the text of a kernel is made; nothing else is.

/// The identifiers that are replaced, or the ends of identifiers from an underscore on, each with
/// its replacement.
pub(crate) type Words<'a> = &'a [(&'a str, &'a str)];

/// A template with its identifiers replaced.
pub(crate) fn filled(template: &str, words: Words<'_>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (identifier, after) = rest.split_at(length);
        let ends = |from: &str| from.starts_with('_') && identifier.ends_with(from);
        match words.iter().find(|(from, _)| identifier == *from || ends(from)) {
            Some((from, to)) => {
                text.push_str(&identifier[..identifier.len() - from.len()]);
                text.push_str(to);
            }
            None => text.push_str(identifier),
        }
        let length = after.find(is_part).unwrap_or(after.len());
        text.push_str(&after[..length]);
        rest = &after[length..];
    }
    text
}

/// A text without its comments, line by line, without empty lines.
pub(crate) fn code(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default().trim_end());
    code.filter(|line| !line.is_empty())
}

/// The identifiers and numbers in a text.
pub(crate) fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_part(c)).filter(|word| !word.is_empty())
}

/// Whether an identifier or a number may contain a character.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_replaced() {
        let words = [("Real", "f64"), ("_R", "_f64"), ("combine", "add_f64")];
        let text = "fn exp_R(x: Real) -> Real { return combine(x_R.y, exp_RR(x)) * Realm; }";
        assert_eq!(
            filled(text, &words),
            "fn exp_f64(x: f64) -> f64 { return add_f64(x_f64.y, exp_RR(x)) * Realm; }"
        );
    }

    #[test]
    fn comments_are_left_out() {
        let lines: Vec<&str> = code("// about\n\nlet x = 1; // more\n  let y = 2;\n").collect();
        assert_eq!(lines, ["let x = 1;", "  let y = 2;"]);
    }
}
