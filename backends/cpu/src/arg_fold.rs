//! Arg-folds.
use crate::{Buffer, Cpu};
use arrayspace_core::{ArgFoldOp, Result, View};
pub(crate) fn arg_fold(
    _op: ArgFoldOp,
    _source: View<'_, Cpu>,
    _axis: Option<usize>,
) -> Result<Buffer> {
    unimplemented!()
}
