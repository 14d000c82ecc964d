//! Sorting.
use crate::{Buffer, Cpu};
use arrayspace_core::{Result, View};
pub(crate) fn order(_source: View<'_, Cpu>, _axis: usize, _descending: bool) -> Result<Buffer> {
    unimplemented!()
}
pub(crate) fn order_indices(
    _source: View<'_, Cpu>,
    _axis: usize,
    _descending: bool,
) -> Result<Buffer> {
    unimplemented!()
}
