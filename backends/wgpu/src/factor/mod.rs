//! Solutions of linear systems, inverses, determinants, and the decompositions of Cholesky and QR.
//!
//! They are computed by elimination or reflectors (`stack`), after a matrix is scaled by a power of
//! two if its largest element is near an end of the range. Iterative decompositions are left to the
//! host. The layer above leaves it matrices whose rows or columns differ too much in size, as well.

mod stack;

use std::sync::Arc;

use arrayspace_core::{FactorOp, Layout, Result, View, check};

use self::stack::{Copied, Elimination, MOST_ROWS, Near, Stack};
use crate::Wgpu;
use crate::gpu::{Buffer, Gpu};
use crate::values::{checked, size_of};

/// Decomposes each matrix of a stack, or returns `None` for an operation that is left to the host.
pub(crate) fn factor(
    op: FactorOp,
    a: View<'_, Wgpu>,
    b: Option<View<'_, Wgpu>>,
) -> Option<Result<Vec<Buffer>>> {
    use FactorOp::{Cholesky, Det, Inv, Qr, QrComplete, Slogdet, Solve};
    let here = match op {
        Cholesky | Det | Inv | Slogdet | Solve => true,
        Qr | QrComplete => {
            let shape = a.layout.shape();
            shape.len() < 2 || shape[shape.len() - 2] <= MOST_ROWS
        }
        _ => false,
    };
    let checked = || Ok((checked(a)?, b.map(checked).transpose()?));
    here.then(|| checked().and_then(|(a, b)| run(a.buffer.gpu(), op, a, b)))
}

fn run(
    gpu: &Arc<Gpu>,
    op: FactorOp,
    a: View<'_, Wgpu>,
    b: Option<View<'_, Wgpu>>,
) -> Result<Vec<Buffer>> {
    let shape = a.layout.shape();
    let lead = &shape[..shape.len() - 2];
    let (rows, n) = (shape[lead.len()], shape[lead.len() + 1]);
    let columns = b.map_or(n, |b| b.layout.shape()[lead.len() + 1]);
    let count = size_of(lead)?;
    match op {
        FactorOp::Cholesky => {
            if count == 0 || n == 0 {
                return Ok(vec![gpu.allocate(a.dtype, 0)?]);
            }
            let stack = Stack::new(gpu, a, 0, Copied::Lower, Near::Limits)?;
            stack.eliminate(Elimination::Cholesky)?;
            let out = stack.taken(n, 0..n, Copied::Lower, 1)?;
            verdict(&stack, op, lead)?;
            Ok(vec![out])
        }
        FactorOp::Solve | FactorOp::Inv => {
            if count == 0 || n == 0 || columns == 0 {
                return Ok(vec![gpu.allocate(a.dtype, 0)?]);
            }
            let stack = Stack::new(gpu, a, columns, Copied::Whole, Near::Limits)?;
            match b {
                Some(b) => stack.fill(b, n, Copied::Whole, 0)?,
                None => stack.fill(a, n, Copied::Identity, 0)?,
            }
            stack.eliminate(Elimination::Lu)?;
            stack.substitute()?;
            let out = stack.taken(n, n..n + columns, Copied::Whole, -2)?;
            verdict(&stack, op, lead)?;
            Ok(vec![out])
        }
        FactorOp::Qr | FactorOp::QrComplete => {
            let inner = if op == FactorOp::Qr { rows.min(n) } else { rows };
            let stack = Stack::new(gpu, a, inner, Copied::Whole, Near::One)?;
            let nowhere = Layout::new(&[count, rows, inner], &[0; 3], a.layout.offset())?;
            stack.fill(View { layout: &nowhere, ..a }, n, Copied::Identity, 0)?;
            stack.triangularize(inner)?;
            let q = stack.taken(rows, n..n + inner, Copied::Whole, 0)?;
            Ok(vec![q, stack.taken(inner, 0..n, Copied::Upper, 2)?])
        }
        _ => {
            let stack = Stack::new(gpu, a, 0, Copied::Whole, Near::Limits)?;
            stack.eliminate(Elimination::Lu)?;
            let [det, sign, log] = stack.determinants()?;
            Ok(if op == FactorOp::Det { vec![det] } else { vec![sign, log] })
        }
    }
}

/// Waits for the state. The error names the first matrix that failed.
fn verdict(stack: &Stack<'_>, op: FactorOp, lead: &[usize]) -> Result<()> {
    let Some((number, pivot)) = stack.failure()? else { return Ok(()) };
    Err(match op {
        FactorOp::Cholesky => check::not_positive_definite(number, lead, pivot),
        _ => check::singular(number, lead),
    })
}
