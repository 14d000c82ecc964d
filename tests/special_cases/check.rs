//! From the table to checks: every case with every value that it is about, and the same values in every
//! form in which operands come.
//!
//! All operands of a function and a dtype are computed in one call; the cases are checked on its
//! results. Every other way to the same values (a scalar operand, a 0-d array, arrays of lengths around
//! those of vectors with special values here and there, views with strides, operators) must then give
//! the same bits.

use std::collections::HashMap;

use arrayspace::core::DTypeKind;
use arrayspace::{Array, DType, Namespace, Result, Scalar};
use half::{bf16, f16};
use num_complex::Complex;

use crate::as_if;
use crate::call::call;
use crate::notation::{Case, Rule, Symmetry, same};
use crate::oracle::nearest;
use crate::report::{Report, show};
use crate::table::Function;
use crate::values::{Item, Real, Size, components, pool};
use crate::ways;

/// Every combination of operands that is tried, and what the function gave.
#[derive(Debug)]
pub(crate) struct Computed {
    /// The values of each operand, as components.
    pub(crate) lists: Vec<Vec<[f64; 2]>>,
    /// The components of the operands of each combination: those of the last operand vary fastest.
    pub(crate) tuples: Vec<[f64; 6]>,
    /// How many components each tuple has.
    pub(crate) width: usize,
    /// The result for each.
    pub(crate) results: Vec<[f64; 2]>,
    /// The number of components of a result.
    pub(crate) parts: usize,
}

impl Computed {
    /// The operands of combination `i`, and the result.
    pub(crate) fn at(&self, i: usize) -> (&[f64], &[f64]) {
        (&self.tuples[i][..self.width], &self.results[i][..self.parts])
    }
}

/// The values of one operand.
fn operand_values<T: Item>(size: Size) -> Vec<[f64; 2]> {
    let parts = pool::<T::Part>(size);
    if T::PARTS == 1 {
        return parts.into_iter().map(|v| [v, 0.0]).collect();
    }
    parts.iter().flat_map(|&re| parts.iter().map(move |&im| [re, im])).collect()
}

/// An array of one dimension with these elements.
pub(crate) fn array<B: Namespace, T: Item>(xp: &B, values: &[[f64; 2]]) -> Result<Array<B>> {
    let elements: Vec<T> = values.iter().map(|v| T::of(&v[..T::PARTS])).collect();
    xp.asarray(elements, ())
}

/// A scalar of this value.
pub(crate) fn scalar<T: Item>(value: [f64; 2]) -> Scalar {
    if T::PARTS == 1 {
        Scalar::Float(value[0])
    } else {
        Scalar::Complex(Complex::new(value[0], value[1]))
    }
}

/// The dtype that the function gives for operands of `dtype`.
pub(crate) fn result_dtype(name: &str, dtype: DType) -> DType {
    match name {
        "equal" | "isfinite" | "isinf" | "isnan" | "not_equal" | "signbit" => DType::Bool,
        "abs" | "imag" | "real" => dtype.real_component(),
        _ => dtype,
    }
}

/// Computes the function for all operands.
fn compute<B: Namespace, T: Item>(xp: &B, f: &Function) -> Result<Computed> {
    let width = f.operands * T::PARTS;
    let lists: Vec<Vec<[f64; 2]>> = (0..f.operands)
        .map(|k| {
            operand_values::<T>(if width > 2 && k + T::PARTS > 1 {
                Size::Small
            } else {
                Size::Full
            })
        })
        .collect();
    let mut combinations: Vec<Vec<[f64; 2]>> = vec![vec![]];
    for list in &lists {
        combinations = combinations
            .iter()
            .flat_map(|head| list.iter().map(move |&v| [&head[..], &[v]].concat()))
            .collect();
    }
    let operands: Vec<Array<B>> = (0..f.operands)
        .map(|k| array::<B, T>(xp, &combinations.iter().map(|c| c[k]).collect::<Vec<_>>()))
        .collect::<Result<_>>()?;
    let out = call(xp, f.name, operands.iter().map(crate::call::In::Array).collect())?;
    let expected = result_dtype(f.name, T::DTYPE);
    assert_eq!(out.dtype(), expected, "{} of {}", f.name, T::DTYPE);
    let tuples = combinations
        .iter()
        .map(|c| {
            let mut tuple = [0.0; 6];
            for (k, v) in c.iter().enumerate() {
                tuple[k * T::PARTS..][..T::PARTS].copy_from_slice(&v[..T::PARTS]);
            }
            tuple
        })
        .collect();
    let parts = if expected.is_complex() { 2 } else { 1 };
    Ok(Computed { lists, tuples, width, results: components(&out)?, parts })
}

/// The rules of some cases, each about as many components as there are.
fn rules(cases: &[Case], operands: usize, results: usize) -> Vec<Rule> {
    cases
        .iter()
        .map(|&c| {
            let rule = Rule::new(c);
            assert_eq!(rule.operands(), operands, "{c:?}");
            assert_eq!(rule.results(), results, "{c:?}");
            rule
        })
        .collect()
}

/// The symmetries and what they make together, with no change at all as the first.
fn closure(symmetries: &[Symmetry]) -> Vec<Symmetry> {
    let mut out = vec![Symmetry::NONE];
    for s in symmetries.iter().filter(|s| !s.swap) {
        for k in 0..out.len() {
            out.push(s.after(&out[k]));
        }
    }
    out
}

/// Checks the cases, on all combinations that they are about: directly, and where a symmetry leads to
/// one of them.
fn check_cases<T: Item>(f: &Function, all: &Computed, picks: &mut Vec<usize>, report: &mut Report) {
    let cases = if T::PARTS == 1 { f.real } else { f.complex };
    let symmetries = closure(f.symmetries);
    for rule in rules(cases, all.width, all.parts) {
        let mut about = vec![];
        for i in 0..all.tuples.len() {
            let (x, got) = all.at(i);
            for (k, symmetry) in symmetries.iter().enumerate() {
                let x = &symmetry.operands(x)[..x.len()];
                if !rule.applies(x) {
                    continue;
                }
                if k == 0 {
                    about.push(i);
                }
                let got = match *got {
                    [v] => symmetry.result([v, 0.0]),
                    [re, im] => symmetry.result([re, im]),
                    _ => unreachable!("one or two components"),
                };
                check_case::<T>(f, &rule, x, &got[..all.parts], report);
            }
        }
        report.check(
            !about.is_empty(),
            || "cases without a value".into(),
            || format!("{}: {:?}", T::DTYPE, rule.case),
        );
        // the ends and two between
        picks.extend((0..4).filter_map(|k| about.get(k * about.len().saturating_sub(1) / 3)));
    }
    if f.by_parts && T::PARTS == 2 {
        for rule in rules(f.real, f.operands, 1) {
            for i in 0..all.tuples.len() {
                let (x, got) = all.at(i);
                for part in 0..2 {
                    let x: Vec<f64> = x.iter().skip(part).step_by(2).copied().collect();
                    if rule.applies(&x) {
                        check_case::<T>(f, &rule, &x, &got[part..=part], report);
                    }
                }
            }
        }
    }
}

fn check_case<T: Item>(f: &Function, rule: &Rule, x: &[f64], got: &[f64], report: &mut Report) {
    let oracle = if rule.needs_nearest() { nearest::<T::Part>(f.name, x) } else { vec![] };
    report.check(
        rule.met(got, x, T::Part::FORMAT, &oracle),
        || format!("{}, case {:?} gives {:?}", T::DTYPE, rule.case.when, rule.case.gives),
        || {
            let expected = oracle.iter().map(|v| format!(", expected {v:?}")).collect::<String>();
            format!("{} of {} gave {}{expected}", f.name, show(x), show(got))
        },
    );
}

/// Checks the symmetries themselves, where the result is a number in all components.
///
/// Where a component is NaN, the standard leaves the sign of the other one open in many cases, so that
/// its magnitude alone is compared.
fn check_symmetries<T: Item>(f: &Function, all: &Computed, report: &mut Report) {
    let key = |x: &[f64]| x.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
    let places: HashMap<Vec<u64>, usize> =
        (0..all.tuples.len()).map(|i| (key(all.at(i).0), i)).collect();
    for symmetry in f.symmetries.iter().filter(|_| all.width <= 4) {
        for i in 0..all.tuples.len() {
            let (x, got) = all.at(i);
            let mirrored = symmetry.operands(x);
            let Some(&j) = places.get(&key(&mirrored[..x.len()])) else {
                unreachable!("the values are closed under negation")
            };
            let other = symmetry.result(all.results[j]);
            let any_nan = got.iter().any(|v| v.is_nan());
            let good = got
                .iter()
                .zip(&other)
                .all(|(a, b)| a.is_nan() && b.is_nan() || a == b || any_nan && a.abs() == b.abs());
            report.check(
                good,
                || format!("{}, symmetry {}", T::DTYPE, symmetry.name),
                || {
                    let other = show(&other[..got.len()]);
                    format!("{} of {} gave {}, mirrored {other}", f.name, show(x), show(got))
                },
            );
        }
    }
}

/// Compares what another way gave with the results for the same operands.
pub(crate) fn compare<B: Namespace>(
    f: &Function,
    all: &Computed,
    places: impl Iterator<Item = usize>,
    way: &str,
    got: &Array<B>,
    report: &mut Report,
) -> Result<()> {
    let dtype = got.dtype();
    let got = components(got)?;
    let mut count = 0;
    for (place, got) in places.zip(&got) {
        count += 1;
        let (x, expected) = all.at(place);
        let good = expected.iter().zip(got).all(|(&e, &g)| {
            same(e, g) && !(f.signed_nan && e.is_sign_negative() != g.is_sign_negative())
        });
        report.check(
            good,
            || format!("{dtype}, {way}"),
            || {
                let (got, expected) = (show(&got[..expected.len()]), show(expected));
                format!("{} of {} gave {got}, but {expected} in the long array", f.name, show(x))
            },
        );
    }
    report.check(
        count == got.len(),
        || format!("{dtype}, {way}"),
        || format!("{} elements came back, {count} were expected", got.len()),
    );
    Ok(())
}

fn check_dtype<B: Namespace, T: Item>(xp: &B, f: &Function, report: &mut Report) {
    let run = |report: &mut Report| -> Result<()> {
        let all = compute::<B, T>(xp, f)?;
        let mut picks = vec![];
        check_cases::<T>(f, &all, &mut picks, report);
        check_symmetries::<T>(f, &all, report);
        as_if::check::<B, T>(xp, f, &all, report)?;
        let count = all.tuples.len();
        picks.extend((0..24).map(|k| k * (count - 1) / 23));
        picks.sort_unstable();
        picks.dedup();
        ways::check::<B, T>(xp, f, all, &picks, report)
    };
    if let Err(e) = run(report) {
        report.check(false, || format!("{}, errors", T::DTYPE), || e.to_string());
    }
}

/// Checks a function for each of the dtypes that it takes.
pub(crate) fn run<B: Namespace>(xp: &B, f: &Function, dtypes: &[DType]) {
    let mut report = Report::default();
    let real = !f.real.is_empty();
    for &dtype in dtypes {
        if if dtype.is_complex() { !f.takes_complex } else { !real } {
            continue;
        }
        match dtype {
            DType::Float16 => check_dtype::<B, f16>(xp, f, &mut report),
            DType::BFloat16 => check_dtype::<B, bf16>(xp, f, &mut report),
            DType::Float32 => check_dtype::<B, f32>(xp, f, &mut report),
            DType::Float64 => check_dtype::<B, f64>(xp, f, &mut report),
            DType::Complex64 => check_dtype::<B, Complex<f32>>(xp, f, &mut report),
            DType::Complex128 => check_dtype::<B, Complex<f64>>(xp, f, &mut report),
            other => panic!("{other} is not floating-point"),
        }
    }
    let bullets = f.real.iter().chain(f.complex).map(|c| c.bullets).sum();
    report.finish(f.name, f.real.len() + f.complex.len(), bullets);
}

/// The floating-point dtypes on which the primary device of a backend computes.
pub(crate) fn dtypes<B: Namespace>(xp: &B) -> Vec<DType> {
    let all = B::capabilities(xp, B::primary_device(xp))
        .expect("the primary device exists")
        .dtypes(arrayspace::core::OpClass::Map);
    DType::ALL
        .into_iter()
        .filter(|&d| {
            let floating =
                DTypeKind::RealFloating.contains(d) || DTypeKind::ComplexFloating.contains(d);
            floating && all.contains(d)
        })
        .collect()
}
