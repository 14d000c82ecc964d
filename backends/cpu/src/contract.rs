//! Matrix products.
use crate::{Buffer, Cpu};
use arrayspace_core::{Result, View};
pub(crate) fn contract(_left: View<'_, Cpu>, _right: View<'_, Cpu>) -> Result<Buffer> {
    unimplemented!()
}
