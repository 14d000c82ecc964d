//! Strided copies.
use crate::{Buffer, Cpu};
use arrayspace_core::{DType, Layout, Part, Result, View};
pub(crate) fn download(_source: View<'_, Cpu>, _out: &mut [u8]) -> Result<()> {
    unimplemented!()
}
pub(crate) fn assemble(_parts: &[Part<'_, Cpu>], _dtype: DType, _len: usize) -> Result<Buffer> {
    unimplemented!()
}
pub(crate) fn write(_target: &mut Buffer, _layout: &Layout, _source: View<'_, Cpu>) -> Result<()> {
    unimplemented!()
}
