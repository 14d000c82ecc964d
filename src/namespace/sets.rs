//! The chapter "set functions".
//!
//! All by sorting: equal elements become neighbours, so what is unique begins where an element differs
//! from the one before it (NaN differs from everything). The order is stable, which makes the first of
//! equal elements the first of the array. O(n log n).

use arrayspace_core::{
    Backend, BinaryOp, DType, Error, IndexTerm, Layout, OpClass, Program, Result, ScanOp,
    ScatterOp, Side, UnaryOp,
};

use super::common::{common_device, compact, flat, gather, in_shape, index_dtype, one_index};
use super::searching::{ascending, positions, scalar_beside};
use super::{manipulation, sorting, utility};
use crate::arg::{Arg, Operand};
use crate::array::Array;
use crate::axes::Axis;
use crate::compute::{self, Computation, cast, check_supported};
use crate::limits::check_data_dependent;
use crate::options::{Diff, Sort};

/// What [`unique_all`](crate::Namespace::unique_all) returns.
#[derive(Clone, Debug)]
pub struct UniqueAllResult<B: Backend> {
    /// The unique elements, in ascending order, NaNs last.
    pub values: Array<B>,
    /// For each of them, the index of its first occurrence in the flattened array.
    pub indices: Array<B>,
    /// For each element of the array, in its shape, the index of its value in `values`.
    pub inverse_indices: Array<B>,
    /// How often each occurs.
    pub counts: Array<B>,
}

impl<B: Backend> From<UniqueAllResult<B>> for (Array<B>, Array<B>, Array<B>, Array<B>) {
    fn from(result: UniqueAllResult<B>) -> Self {
        (result.values, result.indices, result.inverse_indices, result.counts)
    }
}

/// What [`unique_counts`](crate::Namespace::unique_counts) returns.
#[derive(Clone, Debug)]
pub struct UniqueCountsResult<B: Backend> {
    /// The unique elements, in ascending order, NaNs last.
    pub values: Array<B>,
    /// How often each occurs.
    pub counts: Array<B>,
}

impl<B: Backend> From<UniqueCountsResult<B>> for (Array<B>, Array<B>) {
    fn from(result: UniqueCountsResult<B>) -> Self {
        (result.values, result.counts)
    }
}

/// What [`unique_inverse`](crate::Namespace::unique_inverse) returns.
#[derive(Clone, Debug)]
pub struct UniqueInverseResult<B: Backend> {
    /// The unique elements, in ascending order, NaNs last.
    pub values: Array<B>,
    /// For each element of the array, in its shape, the index of its value in `values`.
    pub inverse_indices: Array<B>,
}

impl<B: Backend> From<UniqueInverseResult<B>> for (Array<B>, Array<B>) {
    fn from(result: UniqueInverseResult<B>) -> Self {
        (result.values, result.inverse_indices)
    }
}

/// An array's elements in order, and where in them runs of equal ones begin.
struct Runs<B: Backend> {
    /// The elements, ascending.
    sorted: Array<B>,
    /// For each, whether it differs from the one before it; the first does.
    begins: Array<B>,
}

impl<B: Backend> Runs<B> {
    fn of(sorted: Array<B>) -> Result<Runs<B>> {
        let n = sorted.size();
        let from =
            |start| sorted.with_layout(sorted.layout.slice(0, start, 1, n.saturating_sub(1)));
        let mut c = Computation::new();
        let later = c.array(from(1))?;
        let earlier = c.array(from(0))?;
        c.program.binary(BinaryOp::NotEqual, later, earlier)?;
        let changes = c.run()?;
        let (xp, device) = (&sorted.backend, sorted.device);
        let first = compute::filled(xp, true.into(), &[n.min(1)], DType::Bool, device)?;
        Ok(Runs { begins: join(&first, &changes)?, sorted })
    }

    /// The first element of each run.
    fn values(&self) -> Result<Array<B>> {
        let mut program = Program::new();
        program.input(self.sorted.dtype)?;
        compact(&program, &[&self.sorted], &self.begins)
    }

    /// Where runs begin.
    fn starts(&self) -> Result<Array<B>> {
        let mut program = Program::new();
        let place = program.coordinate(0)?;
        program.cast(place, index_dtype(&self.sorted)?)?;
        compact(&program, &[], &self.begins)
    }

    /// The length of each run; they begin at `starts`.
    fn counts(&self, starts: &Array<B>) -> Result<Array<B>> {
        let end = one_index(&self.sorted, self.sorted.size())?;
        utility::diff(Arg::from(starts), &Diff::new().append(&end))
    }

    /// For each element of `x`, which was sorted by `order`, the number of its run.
    fn inverse(&self, x: &Array<B>, order: &Array<B>) -> Result<Array<B>> {
        let n = self.sorted.size();
        let dtype = index_dtype(x)?;
        let (backend, device) = (&x.backend, x.device);
        let mut places = B::allocate(backend, dtype, n, device)?;
        if n > 0 {
            let changes = self.begins.with_layout(self.begins.layout.slice(0, 1, 1, n - 1));
            let steps = cast(&changes, dtype)?;
            let runs = B::scan(backend, ScanOp::Sum, steps.view(), 0, true)?;
            let runs = Array::from_buffer(backend, runs, &[n], dtype, device)?;
            let target = Layout::new(&[n], &[0], 0)?;
            let term = IndexTerm { indices: order.view(), extent: n, stride: 1, axis: 0 };
            B::scatter(backend, ScatterOp::Replace, &mut places, &target, &[term], runs.view())?;
        }
        Array::from_buffer(backend, places, x.shape(), dtype, device)
    }
}

/// Two 1-d arrays, one after the other.
fn join<B: Backend>(a: &Array<B>, b: &Array<B>) -> Result<Array<B>> {
    manipulation::concat([Arg::from(a), Arg::from(b)].into_iter().collect(), Axis::At(0))
}

/// The runs of an array, and the indices that sort it.
fn ordered_runs<B: Backend>(x: &Array<B>) -> Result<(Runs<B>, Array<B>)> {
    let flat = flat(x)?;
    let order = sorting::argsort(&flat, &Sort::new())?;
    let sorted = gather(&flat, &order, 0, flat.shape())?;
    Ok((Runs::of(sorted)?, order))
}

/// `unique_all`.
pub(crate) fn unique_all<B: Backend>(x: &Array<B>) -> Result<UniqueAllResult<B>> {
    check_data_dependent(&x.backend, x.device)?;
    let (runs, order) = ordered_runs(x)?;
    let starts = runs.starts()?;
    Ok(UniqueAllResult {
        values: runs.values()?,
        indices: gather(&order, &starts, 0, starts.shape())?,
        inverse_indices: runs.inverse(x, &order)?,
        counts: runs.counts(&starts)?,
    })
}

/// `unique_counts`.
pub(crate) fn unique_counts<B: Backend>(x: &Array<B>) -> Result<UniqueCountsResult<B>> {
    check_data_dependent(&x.backend, x.device)?;
    let runs = Runs::of(ascending(x)?)?;
    Ok(UniqueCountsResult { values: runs.values()?, counts: runs.counts(&runs.starts()?)? })
}

/// `unique_inverse`.
pub(crate) fn unique_inverse<B: Backend>(x: &Array<B>) -> Result<UniqueInverseResult<B>> {
    check_data_dependent(&x.backend, x.device)?;
    let (runs, order) = ordered_runs(x)?;
    Ok(UniqueInverseResult { values: runs.values()?, inverse_indices: runs.inverse(x, &order)? })
}

/// `unique_values`.
pub(crate) fn unique_values<B: Backend>(x: &Array<B>) -> Result<Array<B>> {
    check_data_dependent(&x.backend, x.device)?;
    Runs::of(ascending(x)?)?.values()
}

/// `isin`: each element is looked up in the sorted second array.
pub(crate) fn isin<'a, B: Backend>(
    x1: Operand<'a, B>,
    x2: Operand<'a, B>,
    invert: bool,
) -> Result<Array<B>> {
    let dtype = compute::common_dtype(&x1, &x2)?;
    let (x1, x2) = match (x1, x2) {
        (Operand::Array(x1), Operand::Array(x2)) => {
            common_device(&x1, &x2)?;
            (cast(x1, dtype)?, cast(x2, dtype)?)
        }
        (Operand::Array(x1), Operand::Scalar(x2)) => {
            let x1 = cast(x1, dtype)?;
            let x2 = scalar_beside(&x1, x2)?;
            (x1, x2)
        }
        (Operand::Scalar(x1), Operand::Array(x2)) => {
            let x2 = cast(x2, dtype)?;
            (scalar_beside(&x2, x1)?, x2)
        }
        (Operand::Scalar(_), Operand::Scalar(_)) => {
            return Err(Error::value(format_args!("at least one operand must be an array")));
        }
    };
    check_supported(&x1.backend, x1.device, OpClass::Order, dtype)?;
    if x2.size() == 0 {
        return compute::filled(&x1.backend, invert.into(), x1.shape(), DType::Bool, x1.device);
    }
    let sorted = ascending(&x2)?;
    let places = flat(&positions(&sorted, &x1, Side::Left)?)?;
    // what is greater than all belongs behind the last, which it is compared with instead
    let mut c = Computation::new();
    let index = places.dtype;
    let slot = c.array(places)?;
    let last = c.program.constant(sorted.size() - 1, index)?;
    c.program.binary(BinaryOp::Minimum, slot, last)?;
    let found = gather(&sorted, &c.run()?, 0, &[x1.size()])?;
    let found = in_shape(&found, x1.shape())?;
    let mut c = Computation::new();
    let (a, b) = (c.array(x1)?, c.array(found)?);
    let equal = c.program.binary(BinaryOp::Equal, a, b)?;
    if invert {
        c.program.unary(UnaryOp::BitwiseInvert, equal)?;
    }
    c.run()
}
