//! Every special case that the standard lists, in a table of our own words, each tried with many values,
//! in every floating-point dtype, in every form in which operands come.
//!
//! - `notation.rs`: how conditions and results are written.
//! - `arithmetic.rs`, `exponential.rs`, `rounding.rs`, `trigonometric.rs` (elementwise functions),
//!   `statistics.rs`, `conversions.rs`: the table.
//! - `values.rs`, `oracle.rs`: the values that are tried, and exactly rounded arithmetic.
//! - `check.rs`, `ways.rs`, `as_if.rs`: from the table to checks, on any backend.
//!
//! The number of cases is compared with `tests/data/api_2025_12.json`. That file counts the items of the
//! standard's lists that begin with "If" under a heading "Special cases" (or "Raises", for
//! `__int__`). Items that begin with "In the remaining cases", "Similarly" or "Underflow" are not
//! counted there, nor is the prose; the table has what they say as cases that stand for no item. An
//! operator has the cases of its function, which are counted once.

#[cfg(feature = "cpu")]
#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod arithmetic;
mod as_if;
mod call;
mod check;
mod conversions;
mod exponential;
mod notation;
mod oracle;
mod report;
mod rounding;
mod statistics;
mod table;
mod trigonometric;
mod values;
mod ways;

use std::collections::BTreeMap;

use serde_json::Value;

/// Special cases of extensions, which are not of the main namespace.
const OF_EXTENSIONS: [(&str, u32); 2] = [("slogdet", 2), ("trace", 1)];

/// The number of cases in the table for each function.
fn counted() -> BTreeMap<String, (usize, u32)> {
    let mut out: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    let mut add = |name: &str, bullets: u32| {
        let (entries, sum) = out.entry(name.into()).or_default();
        *entries += 1;
        *sum += bullets;
    };
    for f in table::all() {
        for case in f.real.iter().chain(f.complex) {
            add(f.name, case.bullets);
        }
    }
    for s in statistics::STATISTICS {
        for (_, case) in s.real.iter().chain(s.complex) {
            add(s.name, case.bullets);
        }
    }
    for (name, _, case) in conversions::CONVERSIONS {
        add(name, case.bullets);
    }
    out
}

#[test]
fn the_table_has_every_case_of_the_standard() {
    let api: Value = serde_json::from_str(include_str!("../data/api_2025_12.json")).unwrap();
    let mut counted = counted();
    let entries: usize = counted.values().map(|(entries, _)| entries).sum();
    let (mut total, mut wrong) = (0, vec![]);
    for f in api["functions"].as_array().unwrap() {
        let name = f["name"].as_str().unwrap();
        let expected = f["special_cases"]["total"].as_u64().unwrap() as u32;
        let extension = OF_EXTENSIONS.iter().find(|(n, _)| *n == name).map_or(0, |(_, n)| *n);
        let (_, here) = counted.remove(name).unwrap_or_default();
        total += here;
        if here + extension != expected {
            wrong.push(format!("{name}: {here} in the table, {expected} in the standard"));
        }
    }
    println!("{total} special cases of the standard in {entries} entries of the table");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(counted.is_empty(), "not functions of the standard: {:?}", counted.keys());
    let listed: u64 = (api["functions"].as_array().unwrap().iter())
        .map(|f| f["special_cases"]["total"].as_u64().unwrap())
        .sum();
    let extensions: u32 = OF_EXTENSIONS.iter().map(|(_, n)| n).sum();
    assert_eq!(u64::from(total + extensions), listed);
}

/// Runs the table's functions of these names, and checks that it has no others.
#[cfg(feature = "cpu")]
macro_rules! functions {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                let functions = table::all();
                let f = functions.iter().find(|f| f.name == stringify!($name)).unwrap();
                on_each_backend!(xp => check::run(xp, f, &check::dtypes(xp)));
            }
        )*

        #[test]
        fn every_function_of_the_table_is_tested() {
            let names: Vec<&str> = table::all().iter().map(|f| f.name).collect();
            assert_eq!(names.len(), TESTED.len());
            assert!(names.iter().all(|n| TESTED.contains(n)), "{names:?}");
            assert!(as_if::DEFINITIONS.iter().all(|(n, _)| names.contains(n)));
        }
    };
}

#[cfg(feature = "cpu")]
functions! {
    abs acos acosh add asin asinh atan atan2 atanh ceil clip conj copysign cos cosh divide equal exp expm1
    floor floor_divide hypot imag isfinite isinf isnan log log10 log1p log2 logaddexp maximum minimum
    multiply negative nextafter not_equal positive pow real reciprocal remainder round sign signbit sin
    sinh sqrt square subtract tan tanh trunc
}

/// Runs the statistics of these names.
#[cfg(feature = "cpu")]
macro_rules! statistics {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            let statistic =
                statistics::STATISTICS.iter().find(|s| s.name == stringify!($name)).unwrap();
            on_each_backend!(xp => statistics::run(xp, statistic, &check::dtypes(xp)));
        }
    )* };
}

#[cfg(feature = "cpu")]
statistics!(max mean min prod std sum var);

#[cfg(feature = "cpu")]
#[test]
fn sums_and_products_are_successive() {
    on_each_backend!(xp => statistics::successive(xp, &check::dtypes(xp)));
}

/// Runs the conversions of these names.
#[cfg(feature = "cpu")]
macro_rules! conversions {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            on_each_backend!(xp => conversions::run(xp, stringify!($name), &check::dtypes(xp)));
        }
    )* };
}

#[cfg(feature = "cpu")]
conversions!(__bool__ __complex__ __float__ __int__);
