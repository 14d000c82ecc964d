//! Compaction.
use crate::{Buffer, Cpu};
use arrayspace_core::{Program, Result, View};
pub(crate) fn compact(
    _program: &Program,
    _inputs: &[View<'_, Cpu>],
    _mask: View<'_, Cpu>,
) -> Result<(Buffer, usize)> {
    unimplemented!()
}
