//! Special cases of the conversions of an array to a value: `__bool__`, `__complex__`, `__float__` and
//! `__int__`, which are `TryFrom` in Rust.

use arrayspace::{Array, DType, Error, Namespace, Result};
use half::{bf16, f16};
use num_complex::Complex;

use crate::check::array;
use crate::notation::{Case, Rule, also, case, same};
use crate::report::{Report, show};
use crate::values::{Item, Real, Size, pool};

/// The dtypes that a case is about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Of {
    /// bool; the conditions are on 0 and 1.
    Bool,
    /// A real floating-point dtype.
    Real,
    /// A complex dtype; the conditions are on the parts.
    Complex,
}

/// The table: a conversion, the dtypes, a case. The result `error` is an error, `whole` the number
/// without its fraction.
pub(crate) const CONVERSIONS: &[(&str, Of, Case)] = &[
    ("__bool__", Of::Real, case("NaN", "true")),
    ("__bool__", Of::Real, case("±inf", "true")),
    ("__bool__", Of::Real, case("±0", "false")),
    ("__bool__", Of::Real, also("≠ 0", "true")),
    // the disjunction of the parts' truth
    ("__bool__", Of::Complex, also("±0, ±0", "false")),
    ("__bool__", Of::Complex, also("≠ 0, any", "true")),
    ("__bool__", Of::Complex, also("any, ≠ 0", "true")),
    ("__complex__", Of::Bool, case("= 1", "1, +0")),
    ("__complex__", Of::Bool, case("= 0", "+0, +0")),
    ("__complex__", Of::Real, case("NaN", "NaN, NaN")),
    ("__complex__", Of::Real, case("+inf", "+inf, +0")),
    ("__complex__", Of::Real, case("-inf", "-inf, +0")),
    ("__complex__", Of::Real, case("finite", "x1, +0")),
    ("__complex__", Of::Complex, also("any, any", "a, b")),
    ("__float__", Of::Bool, case("= 1", "1")),
    ("__float__", Of::Bool, case("= 0", "+0")),
    ("__float__", Of::Real, also("any", "x1")),
    ("__int__", Of::Bool, case("= 1", "1")),
    ("__int__", Of::Bool, case("= 0", "+0")),
    ("__int__", Of::Real, case("finite", "whole")),
    ("__int__", Of::Real, case("-0", "+0")),
    ("__int__", Of::Real, case("±inf", "error")),
    ("__int__", Of::Real, case("NaN", "error")),
];

/// The conversion, as components.
fn convert<B: Namespace>(name: &str, x: &Array<B>) -> Result<Vec<f64>> {
    Ok(match name {
        "__bool__" => vec![f64::from(u8::from(bool::try_from(x)?))],
        "__complex__" => {
            let v = Complex::<f64>::try_from(x)?;
            vec![v.re, v.im]
        }
        "__float__" => vec![f64::try_from(x)?],
        "__int__" => {
            let v = i128::try_from(x)?;
            // exact: what came from a floating-point number goes back to it
            assert_eq!(v as f64 as i128, v);
            vec![v as f64]
        }
        _ => return Err(Error::value(format_args!("no conversion {name}"))),
    })
}

fn check_values<B: Namespace, T: Item>(
    xp: &B,
    name: &str,
    of: Of,
    case: Case,
    report: &mut Report,
) {
    let outcome = matches!(case.gives, "error" | "whole");
    let rule = Rule::new(if outcome { Case { gives: "any", ..case } } else { case });
    let parts = pool::<T::Part>(Size::Full);
    let values: Vec<[f64; 2]> = match of {
        Of::Complex => parts.iter().flat_map(|&a| parts.iter().map(move |&b| [a, b])).collect(),
        _ => parts.iter().map(|&a| [a, 0.0]).collect(),
    };
    for value in values.into_iter().filter(|v| rule.applies(&v[..T::PARTS])) {
        let x = array::<B, T>(xp, &[value]).and_then(|x| x.get(0));
        check_value(xp, name, &rule, case, &value[..T::PARTS], T::Part::FORMAT, x, report);
    }
}

#[allow(clippy::too_many_arguments)] // what one check is made of
fn check_value<B: Namespace>(
    _xp: &B,
    name: &str,
    rule: &Rule,
    case: Case,
    value: &[f64],
    format: crate::values::Format,
    x: Result<Array<B>>,
    report: &mut Report,
) {
    let got = x.and_then(|x| convert(name, &x));
    let good = match (&got, case.gives) {
        (got, "error") => got.is_err(),
        // beyond the range of the widest integer of Rust
        (got, "whole") if value[0] >= 2f64.powi(127) || value[0] < -2f64.powi(127) => got.is_err(),
        (Ok(got), "whole") => same(got[0], value[0].trunc() + 0.0),
        (Ok(got), _) => rule.met(got, value, format, &[]),
        (Err(_), _) => false,
    };
    report.check(
        good,
        || format!("{name}, {} gives {}", case.when, case.gives),
        || match &got {
            Ok(got) => format!("{} gave {}", show(value), show(got)),
            Err(e) => format!("{} gave the error {e}", show(value)),
        },
    );
}

/// Checks one conversion for the dtypes.
pub(crate) fn run<B: Namespace>(xp: &B, name: &str, dtypes: &[DType]) {
    let mut report = Report::default();
    let mut bullets = 0;
    let entries = CONVERSIONS.iter().filter(|(n, _, _)| *n == name);
    for &(_, of, case) in entries.clone() {
        bullets += case.bullets;
        if of == Of::Bool {
            let rule = Rule::new(case);
            for v in [0.0, 1.0] {
                if rule.applies(&[v]) {
                    let x = xp.asarray(v == 1.0, ());
                    let format = <f64 as Real>::FORMAT;
                    check_value(xp, name, &rule, case, &[v], format, x, &mut report);
                }
            }
            continue;
        }
        for dtype in dtypes.iter().filter(|d| d.is_complex() == (of == Of::Complex)) {
            match dtype {
                DType::Float16 => check_values::<B, f16>(xp, name, of, case, &mut report),
                DType::BFloat16 => check_values::<B, bf16>(xp, name, of, case, &mut report),
                DType::Float32 => check_values::<B, f32>(xp, name, of, case, &mut report),
                DType::Float64 => check_values::<B, f64>(xp, name, of, case, &mut report),
                DType::Complex64 => {
                    check_values::<B, Complex<f32>>(xp, name, of, case, &mut report)
                }
                _ => check_values::<B, Complex<f64>>(xp, name, of, case, &mut report),
            }
        }
    }
    report.finish(name, entries.count(), bullets);
}
