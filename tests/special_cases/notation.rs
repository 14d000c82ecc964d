//! The notation of the tables: what a condition on an operand and an expected result look like, and
//! what they mean.
//!
//! A case is a pair of texts, each a comma-separated list with one item for each component. Components
//! of a condition are the operands (`x1`, `x2`, `x3`); for complex operands the real and imaginary
//! parts, in turn, `a`, `b` of the first and `c`, `d` of the second. Components of a result are the
//! value, or its real and imaginary part.
//!
//! A condition is one of
//!
//! | text | true for |
//! |---|---|
//! | `any` | every value |
//! | `NaN`, `+NaN`, `-NaN` | NaN, of this sign bit |
//! | `+0`, `-0`, `±0`, `+inf`, `-inf`, `±inf` | these |
//! | `finite`, `integer`, `odd`, `halfway` | finite numbers; those without a fraction; odd integers; those midway between two integers |
//! | `> 1`, `< 0`, `= 1`, `≠ 0` | comparison with a number (NaN is unequal to all) |
//! | `\|x\| > 1`, `\|x\| < 1`, `\|x\| = 1` | the same of the magnitude |
//! | `= x1`, `= -x1`, `≠ x1` | comparison with an earlier component |
//! | `sign of x1`, `sign against x1` | the sign bit is that of an earlier component, or is not |
//!
//! with `not`, `and`, `or` (in this order of binding). A result is one of
//!
//! | text | meaning |
//! |---|---|
//! | `any` | unspecified |
//! | `NaN`, `+NaN`, `-NaN`, `+0`, `-0`, `±0`, `+inf`, `-inf`, `±inf` | these; `±`: sign unspecified; bare `NaN`: any NaN |
//! | `1`, `-1` | exactly this number |
//! | `π`, `-3π/4`, `±π/2` | within two units in the last place of the number |
//! | `x1`, `-x1`, `\|x1\|`, `-\|x1\|` | a component of the operands, bit for bit (a NaN for a NaN) |
//! | `positive`, `negative` | any number or infinity with this sign bit |
//! | `inf·cos b`, `0·sin b` | an infinity, a zero with the sign of the cosine, the sine of a component |
//! | `inf·x1·x2` | an infinity with the product of the signs |
//! | `nearest` | the correctly rounded result of the arithmetic operation (see `oracle.rs`) |
//! | `true`, `false` | a bool |
//!
//! with `or` between several that are allowed.

use crate::values::Format;

/// One special case: a condition, a result, and for how many of the standard's bullets it stands (0 for
/// what follows from its prose).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) when: &'static str,
    pub(crate) gives: &'static str,
    pub(crate) bullets: u32,
}

/// A case that is one bullet of the standard's list.
pub(crate) const fn case(when: &'static str, gives: &'static str) -> Case {
    Case { when, gives, bullets: 1 }
}

/// A case that the standard states outside its list of bullets that begin with "If".
pub(crate) const fn also(when: &'static str, gives: &'static str) -> Case {
    Case { when, gives, bullets: 0 }
}

/// A symmetry of a function: with the signs of these components of the operands flipped (and the two
/// operands exchanged), the result has these signs flipped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symmetry {
    pub(crate) name: &'static str,
    pub(crate) operands: [bool; 4],
    pub(crate) result: [bool; 2],
    pub(crate) swap: bool,
}

impl Symmetry {
    /// The components of the operands under the symmetry.
    pub(crate) fn operands(&self, x: &[f64]) -> [f64; 4] {
        let mut out = [0.0; 4];
        for (k, &v) in x.iter().enumerate() {
            out[k] = if self.operands[k] { -v } else { v };
        }
        if self.swap {
            out.swap(0, 1);
        }
        out
    }

    /// The result under the symmetry.
    pub(crate) fn result(&self, r: [f64; 2]) -> [f64; 2] {
        std::array::from_fn(|k| if self.result[k] { -r[k] } else { r[k] })
    }

    /// This symmetry after another one; neither exchanges operands.
    pub(crate) fn after(&self, other: &Symmetry) -> Symmetry {
        Symmetry {
            name: self.name,
            operands: std::array::from_fn(|k| self.operands[k] != other.operands[k]),
            result: std::array::from_fn(|k| self.result[k] != other.result[k]),
            swap: false,
        }
    }

    /// No change.
    pub(crate) const NONE: Symmetry =
        Symmetry { name: "identity", operands: [false; 4], result: [false; 2], swap: false };
}

/// A condition on one component.
#[derive(Clone, Debug)]
enum Condition {
    Any,
    Nan(Option<bool>),
    Zero(Option<bool>),
    Inf(Option<bool>),
    Finite,
    Integer,
    Odd,
    Halfway,
    Compare { magnitude: bool, how: char, with: Number },
    Sign { of: usize, against: bool },
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

/// What a component is compared with.
#[derive(Clone, Debug)]
enum Number {
    Literal(f64),
    Component { index: usize, negated: bool },
}

/// The index of the component with this name.
fn component(name: &str) -> Option<usize> {
    Some(match name {
        "x1" | "a" => 0,
        "x2" | "b" => 1,
        "x3" | "c" => 2,
        "d" => 3,
        _ => return None,
    })
}

/// `+`, `-` or `±` before a word: `Some(sign bit)` or `None` for both.
fn sign(text: &str) -> Option<(Option<bool>, &str)> {
    let mut rest = text.chars();
    let sign = match rest.next()? {
        '+' => Some(false),
        '-' => Some(true),
        '±' => None,
        _ => return None,
    };
    Some((sign, rest.as_str()))
}

fn parse_condition(text: &str) -> Condition {
    let text = text.trim();
    if text.contains(" or ") {
        return Condition::Or(text.split(" or ").map(parse_condition).collect());
    }
    if text.contains(" and ") {
        return Condition::And(text.split(" and ").map(parse_condition).collect());
    }
    if let Some(rest) = text.strip_prefix("not ") {
        return Condition::Not(Box::new(parse_condition(rest)));
    }
    match text {
        "any" => return Condition::Any,
        "NaN" => return Condition::Nan(None),
        "finite" => return Condition::Finite,
        "integer" => return Condition::Integer,
        "odd" => return Condition::Odd,
        "halfway" => return Condition::Halfway,
        _ => {}
    }
    if let Some((sign, word)) = sign(text) {
        match word {
            "NaN" => return Condition::Nan(sign),
            "0" => return Condition::Zero(sign),
            "inf" => return Condition::Inf(sign),
            _ => {}
        }
    }
    for (prefix, against) in [("sign of ", false), ("sign against ", true)] {
        if let Some(name) = text.strip_prefix(prefix) {
            let of = component(name).unwrap_or_else(|| panic!("no component {name:?}"));
            return Condition::Sign { of, against };
        }
    }
    let (magnitude, rest) = match text.strip_prefix("|x| ") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut words = rest.split(' ');
    let (Some(how @ ("<" | ">" | "=" | "≠")), Some(with), None) =
        (words.next(), words.next(), words.next())
    else {
        panic!("no condition: {text:?}")
    };
    let (negated, name) = match with.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, with),
    };
    let with = match component(name) {
        Some(index) => Number::Component { index, negated },
        None => Number::Literal(with.parse().unwrap_or_else(|_| panic!("no number: {text:?}"))),
    };
    Condition::Compare { magnitude, how: how.chars().next().unwrap_or(' '), with }
}

impl Condition {
    /// Whether the condition holds for component `k` of `x`.
    fn holds(&self, x: &[f64], k: usize) -> bool {
        let v = x[k];
        let signed = |sign: &Option<bool>| sign.is_none_or(|s| v.is_sign_negative() == s);
        match self {
            Condition::Any => true,
            Condition::Nan(sign) => v.is_nan() && signed(sign),
            Condition::Zero(sign) => v == 0.0 && signed(sign),
            Condition::Inf(sign) => v.is_infinite() && signed(sign),
            Condition::Finite => v.is_finite(),
            Condition::Integer => v.is_finite() && v.trunc() == v,
            Condition::Odd => v.is_finite() && v.trunc() == v && v % 2.0 != 0.0,
            Condition::Halfway => v.is_finite() && v.fract().abs() == 0.5,
            Condition::Compare { magnitude, how, with } => {
                let v = if *magnitude { v.abs() } else { v };
                let with = match *with {
                    Number::Literal(with) => with,
                    Number::Component { index, negated: false } => x[index],
                    Number::Component { index, negated: true } => -x[index],
                };
                match how {
                    '<' => v < with,
                    '>' => v > with,
                    '=' => v == with,
                    _ => v != with,
                }
            }
            Condition::Sign { of, against } => {
                (v.is_sign_negative() != x[*of].is_sign_negative()) == *against
            }
            Condition::Not(inner) => !inner.holds(x, k),
            Condition::And(all) => all.iter().all(|c| c.holds(x, k)),
            Condition::Or(any) => any.iter().any(|c| c.holds(x, k)),
        }
    }
}

/// What one component of a result must be.
#[derive(Clone, Copy, Debug)]
enum Want {
    Any,
    Nan(Option<bool>),
    Zero(Option<bool>),
    Inf(Option<bool>),
    Exactly(f64),
    About {
        value: f64,
        either_sign: bool,
    },
    Component {
        index: usize,
        magnitude: bool,
        negated: bool,
    },
    Signed(bool),
    /// An infinity or a zero with the sign of a sine or a cosine.
    Direction {
        infinite: bool,
        cosine: bool,
        index: usize,
    },
    InfinityOfProduct,
    Nearest,
}

/// `π`, `3π/4`: the number.
fn multiple_of_pi(text: &str) -> Option<f64> {
    let (factor, divisor) = text.split_once('π')?;
    let factor: f64 = if factor.is_empty() { 1.0 } else { factor.parse().ok()? };
    let divisor: f64 =
        if divisor.is_empty() { 1.0 } else { divisor.strip_prefix('/')?.parse().ok()? };
    Some(factor * std::f64::consts::PI / divisor)
}

fn parse_want(text: &str) -> Want {
    let text = text.trim();
    match text {
        "any" => return Want::Any,
        "NaN" => return Want::Nan(None),
        "positive" => return Want::Signed(false),
        "negative" => return Want::Signed(true),
        "nearest" => return Want::Nearest,
        "true" => return Want::Exactly(1.0),
        "false" => return Want::Zero(Some(false)),
        "inf·x1·x2" => return Want::InfinityOfProduct,
        _ => {}
    }
    for (prefix, infinite, cosine) in [
        ("inf·cos ", true, true),
        ("inf·sin ", true, false),
        ("0·cos ", false, true),
        ("0·sin ", false, false),
    ] {
        if let Some(name) = text.strip_prefix(prefix) {
            let index = component(name).unwrap_or_else(|| panic!("no component {name:?}"));
            return Want::Direction { infinite, cosine, index };
        }
    }
    let (signs, word) = sign(text).unwrap_or((Some(false), text));
    let bare = word.len() == text.len();
    match word {
        "NaN" => return Want::Nan(signs),
        "0" if !bare => return Want::Zero(signs),
        "inf" if !bare => return Want::Inf(signs),
        _ => {}
    }
    if let Some(value) = multiple_of_pi(word) {
        let value = if signs == Some(true) { -value } else { value };
        return Want::About { value, either_sign: signs.is_none() };
    }
    let (magnitude, name) = match word.strip_prefix('|').and_then(|w| w.strip_suffix('|')) {
        Some(name) => (true, name),
        None => (false, word),
    };
    if let Some(index) = component(name) {
        return Want::Component { index, magnitude, negated: signs == Some(true) };
    }
    let value: f64 = text.parse().unwrap_or_else(|_| panic!("no result: {text:?}"));
    assert!(value != 0.0, "a zero needs a sign: {text:?}");
    Want::Exactly(value)
}

impl Want {
    fn met(self, got: f64, x: &[f64], format: Format, nearest: &[f64]) -> bool {
        let signed = |sign: Option<bool>| sign.is_none_or(|s| got.is_sign_negative() == s);
        match self {
            Want::Any => true,
            Want::Nan(sign) => got.is_nan() && signed(sign),
            Want::Zero(sign) => got == 0.0 && signed(sign),
            Want::Inf(sign) => got.is_infinite() && signed(sign),
            Want::Exactly(value) => got == value,
            Want::About { value, either_sign } => {
                let got = if either_sign { got.abs() } else { got };
                (got - value).abs() <= 2.0 * format.ulp(value)
            }
            Want::Component { index, magnitude, negated } => {
                let v = if magnitude { x[index].abs() } else { x[index] };
                same(got, if negated { -v } else { v })
            }
            Want::Signed(negative) => !got.is_nan() && got.is_sign_negative() == negative,
            Want::Direction { infinite, cosine, index } => {
                let (sin, cos) = x[index].sin_cos();
                let negative = if cosine { cos } else { sin }.is_sign_negative();
                let class = if infinite { got.is_infinite() } else { got == 0.0 };
                class && got.is_sign_negative() == negative
            }
            Want::InfinityOfProduct => {
                let negative = x[0].is_sign_negative() != x[1].is_sign_negative();
                got.is_infinite() && got.is_sign_negative() == negative
            }
            Want::Nearest => nearest.iter().any(|&v| same(got, v)),
        }
    }
}

/// Whether two values are the same: bit for bit, but any NaN for any NaN.
pub(crate) fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a.to_bits() == b.to_bits()
}

/// A case, understood.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) case: Case,
    conditions: Vec<Condition>,
    wants: Vec<Vec<Want>>,
}

impl Rule {
    pub(crate) fn new(case: Case) -> Rule {
        Rule {
            case,
            conditions: case.when.split(',').map(parse_condition).collect(),
            wants: (case.gives.split(','))
                .map(|component| component.split(" or ").map(parse_want).collect())
                .collect(),
        }
    }

    /// The number of components that the condition speaks of.
    pub(crate) fn operands(&self) -> usize {
        self.conditions.len()
    }

    /// The number of components that the result has.
    pub(crate) fn results(&self) -> usize {
        self.wants.len()
    }

    /// Whether the case is about these operands.
    pub(crate) fn applies(&self, x: &[f64]) -> bool {
        self.conditions.iter().enumerate().all(|(k, c)| c.holds(x, k))
    }

    /// Whether the result is one of those allowed. `nearest` are the results of the operation
    /// when it is computed exactly and rounded once.
    pub(crate) fn met(&self, got: &[f64], x: &[f64], format: Format, nearest: &[f64]) -> bool {
        self.wants.iter().zip(got).all(|(any, &g)| any.iter().any(|w| w.met(g, x, format, nearest)))
    }

    /// Whether the result depends on the oracle.
    pub(crate) fn needs_nearest(&self) -> bool {
        self.wants.iter().flatten().any(|w| matches!(w, Want::Nearest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::F64;
    use std::f64::consts::PI;

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    fn applies(when: &'static str, x: &[f64]) -> bool {
        let gives = "any";
        Rule::new(Case { when, gives, bullets: 0 }).applies(x)
    }

    fn met(gives: &'static str, got: f64, x: &[f64]) -> bool {
        Rule::new(Case { when: "any", gives, bullets: 0 }).met(&[got], x, F64, &[3.0])
    }

    #[test]
    fn conditions() {
        assert!(applies("±0", &[-0.0]) && applies("+0", &[0.0]) && !applies("+0", &[-0.0]));
        assert!(applies("NaN", &[-NAN]) && !applies("+NaN", &[-NAN]) && applies("-NaN", &[-NAN]));
        assert!(applies("> 0 and finite", &[5e-324]) && !applies("> 0 and finite", &[INF]));
        assert!(applies("≠ 0", &[NAN]) && !applies("≠ 0", &[-0.0]) && !applies("> 0", &[NAN]));
        assert!(applies("|x| > 1", &[-INF]) && !applies("|x| > 1", &[-1.0]));
        assert!(applies("odd", &[-3.0]) && !applies("odd", &[INF]) && !applies("odd", &[2.0]));
        assert!(applies("not odd and > 0", &[INF]) && !applies("integer", &[0.5]));
        assert!(applies("halfway", &[-2.5]) && !applies("halfway", &[2.25]));
        assert!(applies("any, = -x1", &[2.0, -2.0]) && !applies("any, = -x1", &[2.0, 2.0]));
        assert!(applies("any, sign of x1", &[-0.0, -2.0]));
        assert!(applies("any, sign against x1", &[0.0, -2.0]));
        assert!(applies("NaN or +inf", &[INF]) && !applies("NaN or +inf", &[-INF]));
        assert!(!applies("any, NaN", &[NAN, 0.0]));
    }

    #[test]
    fn results() {
        assert!(met("+0", 0.0, &[]) && !met("+0", -0.0, &[]) && met("±0", -0.0, &[]));
        assert!(met("NaN", -NAN, &[]) && !met("+NaN", -NAN, &[]) && !met("NaN", INF, &[]));
        assert!(met("-inf", -INF, &[]) && !met("+inf", -INF, &[]) && met("±inf", -INF, &[]));
        assert!(met("-3π/4", -0.75 * PI, &[]) && !met("3π/4", -0.75 * PI, &[]));
        assert!(met("±π/2", -PI / 2.0, &[]) && !met("π/2", PI / 2.0 * (1.0 + 1e-14), &[]));
        assert!(met("1", 1.0, &[]) && !met("-1", 1.0, &[]));
        assert!(met("-|x2|", -2.0, &[0.0, -2.0]) && met("x1", NAN, &[NAN]));
        assert!(!met("x1", 0.0, &[-0.0]) && met("-x1", 0.0, &[-0.0]));
        assert!(met("NaN or 2", 2.0, &[]) && !met("NaN or 2", 3.0, &[]));
        assert!(met("positive", INF, &[]) && !met("negative", 0.0, &[]));
        assert!(met("inf·cos b", -INF, &[0.0, 3.0]) && met("0·sin b", -0.0, &[0.0, -0.0]));
        assert!(met("inf·x1·x2", -INF, &[2.0, -INF]) && met("nearest", 3.0, &[]));
        assert!(met("true", 1.0, &[]) && met("false", 0.0, &[]) && !met("false", 1.0, &[]));
    }
}
