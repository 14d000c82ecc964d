//! The errors of functions of complex numbers, against values that `tests/data/make_complex.py` wrote.
//!
//! The error of a part is counted in units in the last place of that part of the exact result, and in units of the
//! larger part: where terms cancel, the smaller one cannot have all its digits.

use std::collections::BTreeMap;

use arrayspace::prelude::*;
use arrayspace::{Element, Nested};
use num_complex::Complex;

/// The largest errors of one function and dtype.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    /// How many values were tried.
    pub(crate) tried: usize,
    /// Of a part, in its own units.
    pub(crate) of_part: f64,
    /// Where that is.
    pub(crate) at: String,
    /// Of a part, in units of the larger one.
    pub(crate) of_whole: f64,
}

/// A part of an exact result: the nearest number, and the rest in its units.
#[derive(Clone, Copy)]
struct Part {
    near: f64,
    rest: f64,
}

/// A type that parts of complex numbers have.
trait Format: Copy + Into<f64> {
    /// Digits of its bits.
    const HEX_DIGITS: usize;
    /// The number with these bits.
    fn of_bits(bits: u64) -> Self;
    /// The unit in the last place.
    fn unit(x: f64) -> f64;
}

impl Format for f32 {
    const HEX_DIGITS: usize = 8;
    fn of_bits(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn unit(x: f64) -> f64 {
        let x = (x as f32).abs();
        if x == f32::MAX { f64::from(x - x.next_down()) } else { f64::from(x.next_up() - x) }
    }
}

impl Format for f64 {
    const HEX_DIGITS: usize = 16;
    fn of_bits(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    fn unit(x: f64) -> f64 {
        let x = x.abs();
        if x == f64::MAX { x - x.next_down() } else { x.next_up() - x }
    }
}

/// A row of the table: arguments and the exact result.
struct Row<T> {
    arguments: Vec<Complex<T>>,
    exact: [Part; 2],
    text: String,
}

fn row<T: Format>(words: &[&str]) -> Row<T> {
    let bits = |word: &str| T::of_bits(u64::from_str_radix(word, 16).unwrap());
    let (arguments, result) = words.split_at(words.len() - 4);
    let part = |near: &str, rest: &str| Part {
        near: bits(near).into(),
        rest: rest.parse::<f64>().unwrap() / 1000.0,
    };
    let numbers: Vec<T> = arguments.iter().map(|word| bits(word)).collect();
    let text = numbers
        .chunks_exact(2)
        .map(|z| format!("{:e}{:+e}j", z[0].into(), z[1].into()))
        .collect::<Vec<_>>();
    Row {
        arguments: numbers.chunks_exact(2).map(|z| Complex::new(z[0], z[1])).collect(),
        exact: [part(result[0], result[1]), part(result[2], result[3])],
        text: text.join(", "),
    }
}

/// The function of the name, of one argument or two.
fn call(name: &str, x: &Array<Cpu>, y: &Array<Cpu>) -> Result<Array<Cpu>> {
    let xp = Cpu::new();
    macro_rules! functions {
        ($($f:ident)*; $($g:ident)*) => {
            match name {
                "abs" => xp.astype(&xp.abs(x)?, x.dtype(), ()),
                $(stringify!($f) => xp.$f(x),)*
                $(stringify!($g) => xp.$g(x, y),)*
                _ => panic!("there is no function {name}"),
            }
        };
    }
    functions!(
        sqrt exp expm1 log log1p log2 log10 sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh square
        reciprocal; multiply divide pow
    )
}

fn errors<T: Format>(name: &str, rows: &[Row<T>]) -> Errors
where
    Complex<T>: Element + Nested,
{
    let argument = |k: usize| {
        let x: Vec<Complex<T>> =
            rows.iter().map(|row| row.arguments[k.min(row.arguments.len() - 1)]).collect();
        Cpu::new().asarray(x, ()).unwrap()
    };
    let got = call(name, &argument(0), &argument(1)).unwrap().to_vec::<Complex<T>>().unwrap();
    let mut errors = Errors { tried: rows.len(), ..Errors::default() };
    for (row, got) in rows.iter().zip(got) {
        let units = row.exact.map(|part| T::unit(part.near));
        let larger = units[0].max(units[1]);
        for ((got, part), unit) in [got.re, got.im].into_iter().zip(row.exact).zip(units) {
            // numbers next to each other: the difference is exact
            let off = ((got.into() - part.near) / unit - part.rest).abs();
            // an infinity or a NaN is off by any number
            let off = if off.is_nan() { f64::INFINITY } else { off };
            if off > errors.of_part {
                (errors.of_part, errors.at) = (off, row.text.clone());
            }
            errors.of_whole = errors.of_whole.max(off * (unit / larger));
        }
    }
    errors
}

/// The largest errors for each function and dtype of a table.
pub(crate) fn measure(table: &str) -> Vec<(String, &'static str, Errors)> {
    let mut names: Vec<&str> = Vec::new();
    let mut single: BTreeMap<&str, Vec<Row<f32>>> = BTreeMap::new();
    let mut double: BTreeMap<&str, Vec<Row<f64>>> = BTreeMap::new();
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let name = words[0];
        if names.last() != Some(&name) {
            names.push(name);
        }
        match words[1].len() {
            f32::HEX_DIGITS => single.entry(name).or_default().push(row(&words[1..])),
            f64::HEX_DIGITS => double.entry(name).or_default().push(row(&words[1..])),
            digits => panic!("{digits} digits in {line}"),
        }
    }
    let mut out = Vec::new();
    for name in names {
        out.push((name.to_owned(), "complex64", errors(name, &single[name])));
        out.push((name.to_owned(), "complex128", errors(name, &double[name])));
    }
    out
}
