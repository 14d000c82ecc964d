//! The errors of the elementary functions on a sample, in units in the last place, and what counts them:
//! the tool of `cargo bench --bench accuracy`, which tries all values.
#![cfg(feature = "cpu")]

use std::collections::BTreeSet;

#[allow(dead_code, unreachable_pub)] // what runs on all cores beside Python
#[path = "../benches/accuracy/mod.rs"]
mod accuracy;
use Off::{By, Wrong};
use accuracy::double::{Double, scale};
use accuracy::functions::FUNCTIONS;
use accuracy::measure::{Measured, Plan, measure};
use accuracy::reference::{Exact, Is, Near};
use accuracy::ulp::{Off, double, single};

/// What no function reaches.
const LIMIT: f64 = 1.0;

/// How many values of each function and dtype are tried: the first have the special ones.
const VALUES: u64 = 20_000;

fn below_limit<T: Measured>() {
    for f in FUNCTIONS {
        let row = measure::<T>(f, Plan::Sample(VALUES), None).unwrap();
        let name = format!("{} of {}: {}", f.name, T::NAME, row.ours.cell(f.arity));
        assert_eq!(row.ours.tried, VALUES);
        assert!(row.ours.wrong.is_none(), "{name}");
        // where the logarithm cancels the larger argument not all digits are left
        let cancels = f.name == "logaddexp" && T::NAME == "float64";
        assert!(row.ours.off < LIMIT || cancels, "{name}");
        assert!(row.ours.off > 0.4, "{name}: too good to be true");
    }
}

#[test]
fn errors_are_below_a_unit_in_float32() {
    below_limit::<f32>();
}

#[test]
fn errors_are_below_a_unit_in_float64() {
    below_limit::<f64>();
}

/// The reference is that of `tests/data/make_accuracy.py` to a hundred bits, but for what powers magnify and
/// sums cancel.
#[test]
fn the_reference_has_a_hundred_bits() {
    let bits = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).unwrap());
    let mut seen = BTreeSet::new();
    for line in include_str!("data/accuracy.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let f = FUNCTIONS.iter().find(|f| f.name == words[0]).unwrap();
        let (arguments, result) = words[1..].split_at(f.arity);
        let [x, y] = [bits(arguments[0]), bits(arguments[f.arity - 1])];
        let want = Double { hi: bits(result[0]), lo: bits(result[1]) };
        let power: i32 = result[2].parse().unwrap();
        let got = match (f.exact)(x, y) {
            Near(got, k) => {
                let k = k - power;
                Double { hi: scale(got.hi, k), lo: scale(got.lo, k) }
            }
            Is(got) => panic!("{line}: exactly {got:e}"),
        };
        let off = got.sub(want).hi.abs();
        let bits = if matches!(f.name, "pow" | "logaddexp") { -86.0 } else { -100.0 };
        assert!(off < f64::exp2(bits), "{line}: {got:?}, 2^{:.1}", off.log2());
        seen.insert(f.name);
    }
    assert_eq!(seen.len(), FUNCTIONS.len());
}

/// What errors of a part stay below, in its own units; or, where terms may cancel, in those of the larger part.
fn limit_of_complex(name: &str) -> (f64, bool) {
    match name {
        "multiply" => (2.0, true),
        "expm1" | "log1p" => (3.0, true),
        "pow" => (20.0, true),
        _ => (5.0, false),
    }
}

#[test]
fn errors_of_complex_functions_are_a_few_units() {
    let all = accuracy::complex::measure(include_str!("data/complex.txt"));
    assert_eq!(all.len(), 2 * 25);
    for (name, dtype, errors) in all {
        let (limit, whole) = limit_of_complex(&name);
        let off = if whole { errors.of_whole } else { errors.of_part };
        assert!(errors.tried >= 20 && off < limit, "{name} of {dtype}: {errors:?}");
    }
}

#[test]
fn errors_of_variances_are_a_few_units() {
    for (dtype, offset, errors) in accuracy::statistics::measure().unwrap() {
        let most = errors[0].max(errors[1]);
        let limit = if dtype == "float32" { 1.6 } else { 4.0 };
        assert!(most < limit && most > 0.1, "{dtype} beside {offset}: {errors:?}");
    }
}

#[test]
fn errors_of_norms_are_a_few_units_at_all_magnitudes() {
    for (dtype, power, errors) in accuracy::statistics::norms().unwrap() {
        let most = errors.into_iter().fold(0.0, f64::max);
        assert!(most < 1.6 && most > 0.1, "{dtype} times 2^{power}: {errors:?}");
    }
}

const THIRD: Exact = Near(Double { hi: 1.0 / 3.0, lo: 1.850371707708594e-17 }, 0);

#[test]
fn halves_and_wholes_are_counted() {
    assert_eq!(single(1.0, 1.0 + f64::from(f32::EPSILON) / 2.0), By(0.5));
    assert_eq!(single(1.0f32.next_up(), 1.0), By(1.0));
    let third = 1.0f64 / 3.0;
    assert!(matches!(double(third, THIRD), By(e) if (e - 1.0 / 3.0).abs() < 1e-9));
    assert!(matches!(double(third.next_up(), THIRD), By(e) if (e - 2.0 / 3.0).abs() < 1e-9));
    // across a power of two the unit is that of the exact result
    assert_eq!(double(1.0f64.next_down(), Near(Double::ONE, 0)), By(0.5));
}

#[test]
fn subnormal_numbers_have_one_unit() {
    assert_eq!(single(f32::from_bits(3), f64::from(f32::from_bits(1)) * 1.5), By(1.5));
    assert_eq!(single(0.0, f64::from(f32::from_bits(1)) * 0.25), By(0.25));
    assert_eq!(double(f64::from_bits(3), Near(Double::new(1.5), -1074)), By(1.5));
    assert_eq!(double(0.0, Near(Double::ONE, -1076)), By(0.25));
}

#[test]
fn overflow_counts_from_the_last_binade() {
    assert_eq!(single(f32::INFINITY, 1e39), By(0.0));
    assert_eq!(single(f32::MAX, 2f64.powi(128)), By(1.0));
    assert_eq!(single(f32::INFINITY, f64::from(f32::MAX)), By(1.0));
    assert_eq!(double(f64::INFINITY, Near(Double::ONE, 1024)), By(0.0));
    assert_eq!(double(f64::MAX, Near(Double::ONE, 1024)), By(1.0));
    assert_eq!(double(f64::NEG_INFINITY, Near(Double::new(-f64::MAX), 0)), By(1.0));
}

#[test]
fn special_values_are_the_same_or_wrong() {
    assert_eq!(single(f32::NAN, f64::NAN), By(0.0));
    assert_eq!(single(-0.0, 0.0), Wrong);
    assert_eq!(single(1.0, f64::INFINITY), Wrong);
    assert_eq!(single(-0.0, 1e-60), Wrong);
    assert_eq!(double(-0.0, Is(-0.0)), By(0.0));
    assert_eq!(double(f64::MAX, Is(f64::INFINITY)), Wrong);
    assert_eq!(double(f64::NAN, THIRD), Wrong);
}
