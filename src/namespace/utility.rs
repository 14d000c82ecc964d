//! The chapter "utility functions".

use arrayspace_core::{Backend, BinaryOp, DType, Dims, Error, FoldOp, Result};

use super::common::no_elements;
use super::manipulation;
use super::reduce::{Extra, Geometry, fold_array};
use crate::arg::{Arg, Args};
use crate::array::Array;
use crate::axes::Axis;
use crate::category::Category;
use crate::compute::Computation;
use crate::options::{Diff, Reduction};

/// `all` and `any`.
pub(crate) fn truth<B: Backend>(op: FoldOp, x: &Array<B>, options: &Reduction) -> Result<Array<B>> {
    let geometry = Geometry::new(x.shape(), options, Extra::Nothing)?;
    fold_array(op, x, &geometry, |c, slot| c.program.cast(slot, DType::Bool))
}

/// `diff`.
pub(crate) fn diff<B: Backend>(x: Arg<'_, B>, options: &Diff<'_, B>) -> Result<Array<B>> {
    Category::Numeric.check("x", x.dtype())?;
    let axis = options.axis.one_of(x.ndim(), -1)?;
    if options.n < 0 {
        return Err(Error::value(format_args!(
            "n is {}, but the number of times to take differences is 0 or more",
            options.n
        )));
    }
    for (parameter, extra) in [("prepend", options.prepend), ("append", options.append)] {
        let Some(extra) = extra else { continue };
        Category::Numeric.check(parameter, extra.dtype)?;
        let fits = extra.ndim() == x.ndim()
            && (0..x.ndim()).all(|k| k == axis || extra.shape()[k] == x.shape()[k]);
        if !fits {
            return Err(Error::shape(format_args!(
                "{parameter} has shape {:?}, but that of x, {:?}, is expected, except along axis {axis}",
                extra.shape(),
                x.shape()
            )));
        }
    }
    let mut out = if options.prepend.is_none() && options.append.is_none() {
        x.into_array()
    } else {
        let pieces = [options.prepend, Some(&*x), options.append];
        let pieces: Args<'_, B> = pieces.into_iter().flatten().map(Arg::from).collect();
        manipulation::concat(pieces, Axis::At(axis as i64))?
    };
    for done in 0..options.n {
        let len = out.shape()[axis];
        if out.size() == 0 {
            // `n` may be anything, but of nothing there is nothing to compute
            let left = usize::try_from(options.n - done).unwrap_or(usize::MAX);
            let mut shape = Dims::from_slice(out.shape());
            shape[axis] = len.saturating_sub(left);
            return no_elements(&out, &shape, out.dtype);
        }
        let step = |start| out.with_layout(out.layout.slice(axis, start, 1, len.saturating_sub(1)));
        let mut c = Computation::new();
        let later = c.array(step(1))?;
        let earlier = c.array(step(0))?;
        c.program.binary(BinaryOp::Subtract, later, earlier)?;
        out = c.run()?;
    }
    Ok(out)
}
