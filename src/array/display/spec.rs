//! What a format asks for: `{:>+12.3e}`.

use std::fmt::{Alignment, Formatter};

/// The parts of a format that concern the elements.
pub(super) struct Spec {
    /// The digits after the point.
    pub(super) precision: Option<usize>,
    /// The least width of an element.
    pub(super) width: usize,
    /// Whether numbers that are not negative have a sign.
    pub(super) plus: bool,
    /// `{:e}` or `{:E}`.
    pub(super) exponent: Option<Exponent>,
    zeros: bool,
    fill: char,
    alignment: Option<Alignment>,
}

/// The letter before the exponent.
#[derive(Clone, Copy)]
pub(super) enum Exponent {
    Lower,
    Upper,
}

impl Exponent {
    /// A number with an `e` in it, with the letter of this case.
    pub(super) fn in_case(self, text: String) -> String {
        match self {
            Exponent::Lower => text,
            Exponent::Upper => text.to_uppercase(),
        }
    }
}

impl Spec {
    pub(super) fn new(f: &Formatter<'_>, exponent: Option<Exponent>) -> Spec {
        Spec {
            precision: f.precision(),
            width: f.width().unwrap_or(0),
            plus: f.sign_plus(),
            exponent,
            zeros: f.sign_aware_zero_pad(),
            fill: f.fill(),
            alignment: f.align(),
        }
    }

    /// Whether words are filled otherwise than with spaces from the left.
    pub(super) fn fills(&self) -> bool {
        self.zeros || self.fill != ' ' || self.alignment.is_some()
    }

    /// A word filled to a width: as is asked for, else from the right for `text`, from the left for numbers.
    pub(super) fn padded(&self, word: &str, width: usize, text: bool) -> String {
        let missing = width.saturating_sub(word.chars().count());
        let fill = |n: usize| self.fill.to_string().repeat(n);
        // in numbers of one part, after the sign
        if self.zeros && word.ends_with(|c: char| c.is_ascii_digit()) {
            let (sign, digits) = word.split_at(usize::from(word.starts_with(['+', '-'])));
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        let natural = if text { Alignment::Left } else { Alignment::Right };
        let before = match self.alignment.unwrap_or(natural) {
            Alignment::Left => 0,
            Alignment::Right => missing,
            Alignment::Center => missing / 2,
        };
        format!("{}{word}{}", fill(before), fill(missing - before))
    }
}

/// A word filled with spaces from the left. (A format takes no width beyond 16 bits.)
pub(super) fn flushed_right(word: &str, width: usize) -> String {
    format!("{}{word}", " ".repeat(width.saturating_sub(word.len())))
}
