//! Special cases of the statistical functions: what an empty array, a NaN, and too few degrees of
//! freedom give; and sums and products as repeated additions and multiplications.

use arrayspace::options::{Cumulative, Reduction};
use arrayspace::{Array, DType, Error, Namespace, Result, Slice};
use half::{bf16, f16};
use num_complex::Complex;

use crate::call::{In, call};
use crate::check::array;
use crate::notation::{Case, Rule, also, case, same};
use crate::report::{Report, show};
use crate::values::{Item, ORDINARY, Real, components};

/// What a case is about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum About {
    /// No elements.
    Empty,
    /// An element whose component of this number is NaN.
    Nan(usize),
    /// As many elements as the correction says, or fewer.
    NoFreedom,
}

/// The special cases of a statistical function: what they are about, and (for any operand) the result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statistic {
    pub(crate) name: &'static str,
    pub(crate) real: &'static [(About, Case)],
    pub(crate) complex: &'static [(About, Case)],
}

const fn statistic(name: &'static str, real: &'static [(About, Case)]) -> Statistic {
    Statistic { name, real, complex: &[] }
}

/// The table.
pub(crate) const STATISTICS: &[Statistic] = &[
    statistic("max", &[(About::Nan(0), case("any", "NaN"))]),
    Statistic {
        name: "mean",
        real: &[(About::Empty, case("any", "NaN")), (About::Nan(0), case("any", "NaN"))],
        complex: &[
            (About::Empty, case("any", "NaN, NaN")),
            (About::Nan(0), case("any", "NaN, any")),
            // begins with "Similarly"
            (About::Nan(1), also("any", "any, NaN")),
        ],
    },
    statistic("min", &[(About::Nan(0), case("any", "NaN"))]),
    Statistic {
        name: "prod",
        real: &[(About::Empty, case("any", "1")), (About::Nan(0), also("any", "NaN"))],
        complex: &[(About::Empty, also("any", "1, +0"))],
    },
    statistic(
        "std",
        &[(About::NoFreedom, case("any", "NaN")), (About::Nan(0), case("any", "NaN"))],
    ),
    Statistic {
        name: "sum",
        real: &[(About::Empty, case("any", "+0")), (About::Nan(0), also("any", "NaN"))],
        complex: &[
            (About::Empty, also("any", "+0, +0")),
            (About::Nan(0), also("any", "NaN, any")),
            (About::Nan(1), also("any", "any, NaN")),
        ],
    },
    statistic(
        "var",
        &[(About::NoFreedom, case("any", "NaN")), (About::Nan(0), case("any", "NaN"))],
    ),
];

/// The statistic of this name.
fn reduce<B: Namespace>(xp: &B, name: &str, x: &Array<B>, options: Reduction) -> Result<Array<B>> {
    match name {
        "max" => xp.max(x, options),
        "mean" => xp.mean(x, options),
        "min" => xp.min(x, options),
        "prod" => xp.prod(x, options),
        "std" => xp.std(x, options),
        "sum" => xp.sum(x, options),
        "var" => xp.var(x, options),
        _ => Err(Error::value(format_args!("no statistic {name}"))),
    }
}

const LENGTHS: [usize; 14] = [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 300];

fn ordinary(count: usize) -> Vec<[f64; 2]> {
    (0..count).map(|i| [ORDINARY[i % 5], ORDINARY[(i + 2) % 5]]).collect()
}

struct Check<'a, B: Namespace> {
    xp: &'a B,
    name: &'static str,
    report: &'a mut Report,
}

impl<B: Namespace> Check<'_, B> {
    /// Compares all elements of a result with a rule.
    fn all<T: Item>(&mut self, rule: &Rule, got: &Array<B>, what: &str) -> Result<()> {
        for got in components(got)? {
            let got = &got[..T::PARTS.min(rule.results())];
            self.report.check(
                rule.met(got, &[0.0], T::Part::FORMAT, &[]),
                || format!("{}, {what}", T::DTYPE),
                || format!("{} gave {}, not {}", self.name, show(got), rule.case.gives),
            );
        }
        Ok(())
    }

    /// Arrays without elements along the reduced axes.
    fn empty<T: Item>(&mut self, rule: &Rule) -> Result<()> {
        let all = Reduction::new();
        for (shape, options, out) in [
            (&[0][..], all.clone(), &[][..]),
            (&[0], all.clone().keepdims(true), &[1]),
            (&[3, 0], all.clone().axis(1), &[3]),
            (&[0, 70], all.clone().axis(0), &[70]),
            (&[2, 0, 3], all.clone().axis([0, 1]), &[3]),
            (&[3, 0], all.clone().axis(0), &[0]),
            (&[3, 0], all.clone(), &[]),
        ] {
            let x = self.xp.zeros(shape, T::DTYPE)?;
            let got = reduce(self.xp, self.name, &x, options)?;
            self.report.check(
                got.shape() == out && got.dtype() == T::DTYPE,
                || format!("{}, empty", T::DTYPE),
                || format!("{} of shape {shape:?} gave {got:?}", self.name),
            );
            self.all::<T>(rule, &got, "empty")?;
        }
        Ok(())
    }

    /// A NaN among ordinary elements, anywhere, in every layout and along either axis.
    fn nan<T: Item>(&mut self, rule: &Rule, part: usize) -> Result<()> {
        let (xp, name) = (self.xp, self.name);
        let poisoned = |count: usize, at: usize| {
            let mut values = ordinary(count);
            values[at][part] = f64::NAN;
            values
        };
        for length in LENGTHS {
            let clean = {
                let x = array::<B, T>(xp, &ordinary(length))?;
                components(&reduce(xp, name, &x, Reduction::new())?)?[0]
            };
            for at in [0, 1, length / 3, length / 2, length.saturating_sub(2), length - 1] {
                let at = at.min(length - 1);
                let x = array::<B, T>(xp, &poisoned(length, at))?;
                let what = "a NaN among numbers";
                let got = reduce(xp, name, &x, Reduction::new())?;
                self.all::<T>(rule, &got, what)?;
                let got = reduce(xp, name, &xp.flip(&x, ())?, Reduction::new().keepdims(true))?;
                self.all::<T>(rule, &got, "a NaN among numbers, backwards")?;
                let wide: Vec<[f64; 2]> =
                    poisoned(length, at).into_iter().flat_map(|v| [v, [2.0, 2.0]]).collect();
                let x = array::<B, T>(xp, &wide)?.get(Slice::new(None, None, Some(2)))?;
                let got = reduce(xp, name, &x, Reduction::new())?;
                self.all::<T>(rule, &got, "a NaN among numbers, every second")?;
                self.other_part::<T>(&got, clean, part)?;

                // three rows, one of them with a NaN, reduced along the rows and transposed
                let rows = [ordinary(length), poisoned(length, at), ordinary(length)].concat();
                let x = xp.reshape(array::<B, T>(xp, &rows)?, [3, length], ())?;
                for (x, axis) in [(x.clone(), 1), (x.T()?, 0)] {
                    let got = components(&reduce(xp, name, &x, Reduction::new().axis(axis))?)?;
                    let what = format!("a NaN among numbers, axis {axis}");
                    let met = rule.met(&got[1][..rule.results()], &[0.0], T::Part::FORMAT, &[]);
                    // the clean rows are equal to each other, and nearly to the clean array, which may
                    // be added up in another order
                    let close = [0, 2].iter().all(|&k| {
                        (0..T::PARTS).all(|p| {
                            let slack = 4.0 * length as f64 * T::Part::FORMAT.ulp(clean[p]);
                            same(got[0][p], got[k][p]) && {
                                clean[p].is_nan() && got[k][p].is_nan()
                                    || (got[k][p] - clean[p]).abs() <= slack
                            }
                        })
                    });
                    self.report.check(
                        met && close && got.len() == 3,
                        || format!("{}, {what}", T::DTYPE),
                        || format!("{name} of length {length} gave {got:?}; without NaN {clean:?}"),
                    );
                }
            }
        }
        Ok(())
    }

    /// A NaN in one component leaves the other alone.
    fn other_part<T: Item>(&mut self, got: &Array<B>, clean: [f64; 2], part: usize) -> Result<()> {
        if T::PARTS == 2 {
            let got = components(got)?[0][1 - part];
            let expected = clean[1 - part];
            self.report.check(
                same(got, expected),
                || format!("{}, the component without NaN", T::DTYPE),
                || format!("{} gave {got:?}, not {expected:?}", self.name),
            );
        }
        Ok(())
    }

    /// A correction that leaves no degree of freedom.
    fn no_freedom<T: Item>(&mut self, rule: &Rule) -> Result<()> {
        for length in [0, 1, 2, 9, 64] {
            let x = array::<B, T>(self.xp, &ordinary(length))?;
            let m = length as f64;
            for correction in [m, m + 0.5, m + 1.0, m + 100.0] {
                let options = Reduction::new().correction(correction);
                let got = reduce(self.xp, self.name, &x, options.clone())?;
                self.all::<T>(rule, &got, "no degree of freedom")?;
                let x = self.xp.broadcast_to(&x, [3, length])?;
                let got = reduce(self.xp, self.name, &x, options.clone().axis(1))?;
                self.all::<T>(rule, &got, "no degree of freedom")?;
                let got = reduce(self.xp, self.name, &x.T()?, options.axis(0))?;
                self.all::<T>(rule, &got, "no degree of freedom")?;
            }
        }
        Ok(())
    }

    fn run<T: Item>(&mut self, statistic: &Statistic) {
        let cases = if T::PARTS == 1 { statistic.real } else { statistic.complex };
        for (about, case) in cases {
            let rule = Rule::new(*case);
            let done = match *about {
                About::Empty => self.empty::<T>(&rule),
                About::Nan(part) => self.nan::<T>(&rule, part),
                About::NoFreedom => self.no_freedom::<T>(&rule),
            };
            if let Err(e) = done {
                self.report.check(false, || format!("{}, errors", T::DTYPE), || e.to_string());
            }
        }
    }
}

/// Checks a statistic for the dtypes.
pub(crate) fn run<B: Namespace>(xp: &B, statistic: &Statistic, dtypes: &[DType]) {
    let mut report = Report::default();
    let mut check = Check { xp, name: statistic.name, report: &mut report };
    for dtype in dtypes {
        match dtype {
            DType::Float16 => check.run::<f16>(statistic),
            DType::BFloat16 => check.run::<bf16>(statistic),
            DType::Float32 => check.run::<f32>(statistic),
            DType::Float64 => check.run::<f64>(statistic),
            DType::Complex64 => check.run::<Complex<f32>>(statistic),
            DType::Complex128 => check.run::<Complex<f64>>(statistic),
            other => panic!("{other} is not floating-point"),
        }
    }
    let all = statistic.real.iter().chain(statistic.complex);
    let bullets = all.clone().map(|(_, case)| case.bullets).sum();
    report.finish(statistic.name, all.count(), bullets);
}

/// Sums and products, total and cumulative, of special values: as if the elements were added or
/// multiplied one after another. A sum of zeros may have either sign (the standard does not say whether
/// it starts from the first element or from 0).
pub(crate) fn successive<B: Namespace>(xp: &B, dtypes: &[DType]) {
    let mut report = Report::default();
    for dtype in dtypes.iter().filter(|d| d.is_real_floating()) {
        let done = match dtype {
            DType::Float16 => successive_of::<B, f16>(xp, &mut report),
            DType::BFloat16 => successive_of::<B, bf16>(xp, &mut report),
            DType::Float32 => successive_of::<B, f32>(xp, &mut report),
            _ => successive_of::<B, f64>(xp, &mut report),
        };
        if let Err(e) = done {
            report.check(false, || format!("{dtype}, errors"), || e.to_string());
        }
    }
    report.finish("sums and products of special values", 0, 0);
}

fn successive_of<B: Namespace, T: Item>(xp: &B, report: &mut Report) -> Result<()> {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    // few enough different from 1 that sums and products are exact
    let starts: &[&[f64]] = &[
        &[inf],
        &[-inf],
        &[inf, -inf],
        &[-0.0],
        &[-0.0, 0.0],
        &[0.0, inf],
        &[1.0, -1.0, -0.0],
        &[nan],
        &[-0.0, -0.0, -1.0],
    ];
    for length in LENGTHS.into_iter().filter(|&l| l <= 65) {
        for start in starts {
            for at in [0, length / 2, length - 1] {
                let mut values = vec![[1.0, 0.0]; length];
                for (v, &s) in values[at..].iter_mut().zip(*start) {
                    v[0] = s;
                }
                let x = array::<B, T>(xp, &values)?;
                for (op, total, running) in [
                    ("add", xp.sum(&x, ())?, xp.cumulative_sum(&x, Cumulative::new())?),
                    ("multiply", xp.prod(&x, ())?, xp.cumulative_prod(&x, Cumulative::new())?),
                ] {
                    let mut expected = vec![values[0]];
                    for v in &values[1..] {
                        let before = array::<B, T>(xp, &[expected[expected.len() - 1]])?;
                        let next = array::<B, T>(xp, &[*v])?;
                        let sum = call(xp, op, vec![In::Own(before), In::Own(next)])?;
                        expected.push(components(&sum)?[0]);
                    }
                    let equal = |a: [f64; 2], b: [f64; 2]| {
                        same(a[0], b[0]) || op == "add" && a[0] == 0.0 && b[0] == 0.0
                    };
                    let total = components(&total)?[0];
                    report.check(
                        equal(total, expected[length - 1]),
                        || format!("{}, total by {op}", T::DTYPE),
                        || format!("{:?} gave {}", values, total[0]),
                    );
                    let running = components(&running)?;
                    let good = running.iter().zip(&expected).all(|(&a, &b)| equal(a, b));
                    report.check(
                        good && running.len() == length,
                        || format!("{}, running by {op}", T::DTYPE),
                        || format!("{values:?} gave {running:?}, not {expected:?}"),
                    );
                }
            }
        }
    }
    Ok(())
}
