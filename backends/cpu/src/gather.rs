//! Gather and scatter.
use crate::{Buffer, Cpu};
use arrayspace_core::{IndexTerm, Layout, Result, View};
pub(crate) fn gather(_source: View<'_, Cpu>, _terms: &[IndexTerm<'_, Cpu>]) -> Result<Buffer> {
    unimplemented!()
}
pub(crate) fn scatter(
    _target: &mut Buffer,
    _layout: &Layout,
    _terms: &[IndexTerm<'_, Cpu>],
    _source: View<'_, Cpu>,
) -> Result<()> {
    unimplemented!()
}
