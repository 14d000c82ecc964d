//! Searching.
use crate::{Buffer, Cpu};
use arrayspace_core::{Result, Side, View};
pub(crate) fn search(
    _sorted: View<'_, Cpu>,
    _queries: View<'_, Cpu>,
    _side: Side,
) -> Result<Buffer> {
    unimplemented!()
}
