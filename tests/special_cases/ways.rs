//! The forms in which the same operands can come. Every one must give the same bits.

use arrayspace::{Array, Namespace, Result, Slice};

use crate::call::{In, call, has_operator, operate, operate_in_place};
use crate::check::{Computed, array, compare, scalar};
use crate::report::Report;
use crate::table::Function;
use crate::values::{Item, ORDINARY, components};

/// Lengths around those of vectors of 8 to 64 elements.
const LENGTHS: [usize; 13] = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65];

/// How many ordinary operands follow each special one, in turn.
const GAPS: [usize; 5] = [2, 1, 3, 0, 2];

/// How the operands lie in memory.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    /// Part of a longer array, so at any alignment.
    Part,
    /// Every second element of an array.
    Spread,
    /// An array backwards.
    Back,
}

/// The values of some places, in all forms, for one operand.
struct Stream<B: Namespace> {
    len: usize,
    part: Array<B>,
    spread: Array<B>,
    back: Array<B>,
}

impl<B: Namespace> Stream<B> {
    fn new<T: Item>(xp: &B, values: &[[f64; 2]]) -> Result<Self> {
        let spread: Vec<[f64; 2]> = values.iter().flat_map(|&v| [v, [f64::NAN; 2]]).collect();
        let back: Vec<[f64; 2]> = values.iter().rev().copied().collect();
        Ok(Stream {
            len: values.len(),
            part: array::<B, T>(xp, values)?,
            spread: array::<B, T>(xp, &spread)?,
            back: array::<B, T>(xp, &back)?,
        })
    }

    /// The values of a range.
    fn view(&self, form: Form, start: usize, end: usize) -> Result<Array<B>> {
        let slice = |start: usize, stop: Option<usize>, step: i64| {
            Slice::new(Some(start as i64), stop.map(|v| v as i64), Some(step))
        };
        match form {
            Form::Part => self.part.get(slice(start, Some(end), 1)),
            Form::Spread => self.spread.get(slice(2 * start, Some(2 * end), 2)),
            Form::Back => {
                self.back.get(slice(self.len - 1 - start, (self.len - 1).checked_sub(end), -1))
            }
        }
    }
}

/// The values of operand `k` at some places.
fn column<T: Item>(all: &Computed, places: &[usize], k: usize) -> Vec<[f64; 2]> {
    let parts = |tuple: &[f64; 6]| std::array::from_fn(|p| tuple[(k * T::PARTS + p).min(5)]);
    places.iter().map(|&i| parts(&all.tuples[i])).collect()
}

/// Adds ordinary operands and their results, computed among themselves, and gives their places.
fn add_ordinary<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    all: &mut Computed,
) -> Result<Vec<usize>> {
    let first = all.tuples.len();
    for i in 0..ORDINARY.len() {
        let value =
            |k: usize| if k < all.width { ORDINARY[(i + 2 * k) % ORDINARY.len()] } else { 0.0 };
        all.tuples.push(std::array::from_fn(value));
    }
    let places: Vec<usize> = (first..all.tuples.len()).collect();
    let operands: Vec<Array<B>> = (0..f.operands)
        .map(|k| array::<B, T>(xp, &column::<T>(all, &places, k)))
        .collect::<Result<_>>()?;
    let out = call(xp, f.name, operands.iter().map(In::Array).collect())?;
    all.results.extend(components(&out)?);
    Ok(places)
}

/// Tries every form: of all operands in pairs with scalars, and of those at `picks` the rest.
pub(crate) fn check<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    mut all: Computed,
    picks: &[usize],
    report: &mut Report,
) -> Result<()> {
    let ordinary = add_ordinary::<B, T>(xp, f, &mut all)?;
    let mut between = ordinary.iter().cycle();
    let mut places = vec![];
    for (&pick, &gap) in picks.iter().zip(GAPS.iter().cycle()) {
        places.push(pick);
        places.extend(between.by_ref().take(gap));
    }
    arrays::<B, T>(xp, f, &all, &places, report)?;
    if f.operands > 1 {
        scalars::<B, T>(xp, f, &all, report)?;
        outer::<B, T>(xp, f, &all, report)?;
    }
    Ok(())
}

/// Arrays of all lengths, in all forms, and of no dimensions.
fn arrays<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    all: &Computed,
    places: &[usize],
    report: &mut Report,
) -> Result<()> {
    let streams: Vec<Stream<B>> = (0..f.operands)
        .map(|k| Stream::new::<T>(xp, &column::<T>(all, places, k)))
        .collect::<Result<_>>()?;
    for length in LENGTHS {
        // single elements are many; every third will do
        let step = if length == 1 { 3 } else { length };
        for start in (0..places.len()).step_by(step) {
            let end = (start + length).min(places.len());
            let here = || places[start..end].iter().copied();
            let views = |form: &dyn Fn(usize) -> Form| -> Result<Vec<Array<B>>> {
                streams.iter().enumerate().map(|(k, s)| s.view(form(k), start, end)).collect()
            };
            let forms = [Form::Part, Form::Spread, Form::Back];
            for form in forms {
                let x = views(&|_| form)?;
                let out = call(xp, f.name, x.iter().map(In::Array).collect())?;
                compare(f, all, here(), &format!("length {length}, {form:?}"), &out, report)?;
            }
            let fresh = || -> Result<Vec<Array<B>>> {
                (0..f.operands)
                    .map(|k| array::<B, T>(xp, &column::<T>(all, &places[start..end], k)))
                    .collect()
            };
            let out = call(xp, f.name, fresh()?.into_iter().map(In::Own).collect())?;
            compare(f, all, here(), &format!("length {length}, given away"), &out, report)?;

            let mut x = views(&|k| forms[(start + k) % 3])?;
            x[0] = xp.broadcast_to(&x[0], [2, end - start])?;
            let out = call(xp, f.name, x.iter().map(In::Array).collect())?;
            let twice = here().chain(here());
            compare(f, all, twice, &format!("length {length}, broadcast"), &out, report)?;

            if has_operator(f.name) {
                let x = views(&|k| forms[(start + k) % 3])?;
                let out = operate(f.name, In::Array(&x[0]), In::Array(&x[1]))?;
                compare(f, all, here(), &format!("length {length}, operator"), &out, report)?;

                let y = views(&|_| Form::Spread)?.swap_remove(1);
                let mut x = fresh()?.swap_remove(0);
                operate_in_place(f.name, &mut x, In::Array(&y))?;
                compare(f, all, here(), &format!("length {length}, in place"), &x, report)?;
            }
        }
    }
    for (i, &place) in places.iter().enumerate() {
        let x: Vec<Array<B>> =
            streams.iter().map(|s| s.part.get(i as i64)).collect::<Result<_>>()?;
        let out = call(xp, f.name, x.iter().map(In::Array).collect())?;
        report.check(out.ndim() == 0, || "0-d".into(), || format!("shape {:?}", out.shape()));
        compare(f, all, std::iter::once(place), "0-d", &out, report)?;
        if let [x1, x2] = &x[..]
            && has_operator(f.name)
        {
            let out = operate(f.name, In::Own(x1.clone()), In::Own(x2.clone()))?;
            compare(f, all, std::iter::once(place), "0-d, operator", &out, report)?;
        }
    }
    // the columns of a matrix as the rows of another
    let rows = places.len() / 3;
    let x: Vec<Array<B>> = (0..f.operands)
        .map(|k| {
            let column = array::<B, T>(xp, &column::<T>(all, &places[..3 * rows], k))?;
            xp.reshape(&column, [3, rows], ())?.T()
        })
        .collect::<Result<_>>()?;
    let out = call(xp, f.name, x.iter().map(In::Array).collect())?;
    let transposed = (0..rows).flat_map(|i| (0..3).map(move |j| places[j * rows + i]));
    compare(f, all, transposed, "transposed", &out, report)
}

/// A scalar for each operand in turn, beside arrays of all values of the first of the others.
fn scalars<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    all: &Computed,
    report: &mut Report,
) -> Result<()> {
    let firsts = array::<B, T>(xp, &all.lists[0])?;
    let others: usize = all.lists[1..].iter().map(Vec::len).product();
    for j in 0..others {
        let places = || (0..all.lists[0].len()).map(|i| i * others + j);
        // the values of the operands after the first
        let values: Vec<[f64; 2]> = (1..f.operands).map(|k| column::<T>(all, &[j], k)[0]).collect();
        let mut operands = vec![In::Array(&firsts)];
        operands.extend(values.iter().map(|&v| In::Scalar(scalar::<T>(v))));
        let out = call(xp, f.name, operands)?;
        compare(f, all, places(), "scalar on the right", &out, report)?;
        if f.operands == 2 {
            let second = array::<B, T>(xp, &values)?;
            let operands = vec![In::Array(&firsts), In::Array(&second)];
            let out = call(xp, f.name, operands)?;
            compare(f, all, places(), "one element on the right", &out, report)?;
        }
        if has_operator(f.name) {
            let value = scalar::<T>(values[0]);
            let out = operate(f.name, In::Array(&firsts), In::Scalar(value))?;
            compare(f, all, places(), "operator, scalar on the right", &out, report)?;
            let mut x = array::<B, T>(xp, &all.lists[0])?;
            operate_in_place(f.name, &mut x, In::Scalar(value))?;
            compare(f, all, places(), "in place, scalar on the right", &x, report)?;
        }
    }
    if f.operands != 2 {
        return Ok(());
    }
    let seconds = array::<B, T>(xp, &all.lists[1])?;
    for (i, &value) in all.lists[0].iter().enumerate() {
        let places = || (0..others).map(|j| i * others + j);
        let value = scalar::<T>(value);
        let out = call(xp, f.name, vec![In::Scalar(value), In::Array(&seconds)])?;
        compare(f, all, places(), "scalar on the left", &out, report)?;
        if has_operator(f.name) {
            let out = operate(f.name, In::Scalar(value), In::Array(&seconds))?;
            compare(f, all, places(), "operator, scalar on the left", &out, report)?;
        }
    }
    Ok(())
}

/// The values of each operand along an axis of its own, both in order and transposed.
fn outer<B: Namespace, T: Item>(
    xp: &B,
    f: &Function,
    all: &Computed,
    report: &mut Report,
) -> Result<()> {
    let axes = f.operands;
    let count: usize = all.lists.iter().map(Vec::len).product();
    let operands: Vec<Array<B>> = (all.lists.iter().enumerate())
        .map(|(k, list)| {
            let mut shape = vec![1; axes];
            shape[k] = list.len();
            xp.reshape(array::<B, T>(xp, list)?, shape, ())
        })
        .collect::<Result<_>>()?;
    let out = call(xp, f.name, operands.iter().map(In::Array).collect())?;
    compare(f, all, 0..count, "outer", &out, report)?;
    let reversed: Vec<usize> = (0..axes).rev().collect();
    let operands: Vec<Array<B>> =
        operands.iter().map(|x| xp.permute_dims(x, &reversed[..])).collect::<Result<_>>()?;
    let out = call(xp, f.name, operands.iter().map(In::Array).collect())?;
    let back = xp.permute_dims(&out, &reversed[..])?;
    compare(f, all, 0..count, "outer, transposed", &back, report)
}
