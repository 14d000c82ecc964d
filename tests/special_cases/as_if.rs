//! Functions that the standard defines by others: "special cases must be handled as if the operation is
//! implemented as ...". The other functions are the library's own, whose cases are in the table.

use arrayspace::{Array, Namespace, Result};

use crate::call::{In, call};
use crate::check::{Computed, array};
use crate::report::{Report, show};
use crate::table::Function;
use crate::values::{Item, Real, components};

/// The functions that are defined so, and how.
pub(crate) const DEFINITIONS: [(&str, &str); 10] = [
    ("asin", "-1j * asinh(1j * x)"),
    ("atan", "-1j * atanh(1j * x)"),
    ("cos", "cosh(1j * x)"),
    ("log2", "log(x) / log(2)"),
    ("log10", "log(x) / log(10)"),
    ("reciprocal", "1 / x"),
    ("sin", "-1j * sinh(1j * x)"),
    ("square", "x * x"),
    ("subtract", "x1 + (-x2)"),
    ("tan", "-1j * tanh(1j * x)"),
];

/// The definition, evaluated for all operands, if the function has one for this dtype.
fn defined<B: Namespace, T: Item>(
    xp: &B,
    name: &str,
    all: &Computed,
) -> Result<Option<Vec<[f64; 2]>>> {
    let operand = |k: usize, map: &dyn Fn([f64; 2]) -> [f64; 2]| -> Result<Array<B>> {
        let values: Vec<[f64; 2]> = (all.tuples.iter())
            .map(|t| map(std::array::from_fn(|p| t[k * T::PARTS + p.min(T::PARTS - 1)])))
            .collect();
        array::<B, T>(xp, &values)
    };
    let same: &dyn Fn([f64; 2]) -> [f64; 2] = &|v| v;
    // products with an imaginary number exchange the parts
    let times_i = |[re, im]: [f64; 2]| [-im, re];
    let times_minus_i = |[re, im]: [f64; 2]| [im, -re];
    let by_hyperbolic = |other: &str| -> Result<Vec<[f64; 2]>> {
        let out = call(xp, other, vec![In::Own(operand(0, &times_i)?)])?;
        components(&out)
    };
    let scaled = |divisor: f64| -> Result<Vec<[f64; 2]>> {
        let out = components(&call(xp, "log", vec![In::Own(operand(0, same)?)])?)?;
        Ok(out.into_iter().map(|v| v.map(|part| part / divisor)).collect())
    };
    let complex = T::PARTS == 2;
    Ok(Some(match name {
        "cos" if complex => by_hyperbolic("cosh")?,
        "asin" | "atan" | "sin" | "tan" if complex => {
            let out = by_hyperbolic(&format!("{name}h"))?;
            out.into_iter().map(times_minus_i).collect()
        }
        "log2" if complex => scaled(std::f64::consts::LN_2)?,
        "log10" if complex => scaled(std::f64::consts::LN_10)?,
        "reciprocal" => {
            let one = arrayspace::Scalar::Float(1.0);
            let x = operand(0, same)?;
            components(&call(xp, "divide", vec![In::Scalar(one), In::Own(x)])?)?
        }
        "square" => {
            let x = operand(0, same)?;
            components(&call(xp, "multiply", vec![In::Array(&x), In::Array(&x)])?)?
        }
        "subtract" => {
            let x2 = operand(1, &|v| v.map(|part| -part))?;
            components(&call(xp, "add", vec![In::Own(operand(0, same)?), In::Own(x2)])?)?
        }
        _ => return Ok(None),
    }))
}

/// Checks a function against its definition: NaN, infinities and zeros must agree, and numbers nearly.
///
/// Where one part is NaN, the sign of the other is left open in many of the cases behind the definition.
/// A zero may stand for a part that is negligible beside the other. Products and quotients of complex
/// numbers with an infinite part, or one that is NaN, depend on the implementation, unless all are NaN;
/// and a NaN that the textbook's formula makes of an intermediate overflow need not be imitated.
pub(crate) fn check<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    all: &Computed,
    report: &mut Report,
) -> Result<()> {
    let Some(definition) = defined::<B, T>(xp, f.name, all)? else { return Ok(()) };
    let format = T::Part::FORMAT;
    for (i, defined) in definition.iter().enumerate() {
        let (x, got) = all.at(i);
        let defined = &defined[..got.len()];
        let open = T::PARTS == 2 && matches!(f.name, "reciprocal" | "square");
        let numbers = x.iter().all(|v| v.is_finite()) && !defined.iter().any(|v| v.is_nan());
        if open && !numbers && !x.iter().all(|v| v.is_nan()) {
            continue;
        }
        let any_nan = got.iter().any(|v| v.is_nan());
        let size = defined.iter().filter(|v| v.is_finite()).fold(0f64, |m, v| m.max(v.abs()));
        let slack = 16.0 * format.ulp(size);
        let good = got.iter().zip(defined).all(|(&g, &d)| {
            if g.is_nan() || d.is_nan() {
                g.is_nan() && d.is_nan()
            } else if any_nan {
                g.abs() == d.abs() || (g.abs() - d.abs()).abs() <= slack
            } else if g == 0.0 && d == 0.0 {
                g.is_sign_negative() == d.is_sign_negative()
            } else {
                g == d || (g - d).abs() <= slack
            }
        });
        let text =
            DEFINITIONS.iter().find(|(name, _)| *name == f.name).map_or("", |(_, text)| text);
        report.check(
            good,
            || format!("{}, as if {text}", T::DTYPE),
            || format!("{} of {} gave {}, not {}", f.name, show(x), show(got), show(defined)),
        );
    }
    Ok(())
}
