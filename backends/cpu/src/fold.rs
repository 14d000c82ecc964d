//! Folds.
use crate::{Buffer, Cpu};
use arrayspace_core::{FoldOp, Program, Result, View};
pub(crate) fn fold(
    _op: FoldOp,
    _program: &Program,
    _inputs: &[View<'_, Cpu>],
    _shape: &[usize],
    _axes: &[usize],
) -> Result<Buffer> {
    unimplemented!()
}
