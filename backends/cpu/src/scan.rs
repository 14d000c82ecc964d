//! Scans.
use crate::{Buffer, Cpu};
use arrayspace_core::{Result, ScanOp, View};
pub(crate) fn scan(
    _op: ScanOp,
    _source: View<'_, Cpu>,
    _axis: usize,
    _initial: bool,
) -> Result<Buffer> {
    unimplemented!()
}
