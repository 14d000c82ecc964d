//! How arrays are printed.

use std::fmt;

use arrayspace_core::Backend;

use crate::Array;

impl<B: Backend> fmt::Debug for Array<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Array({}, {:?}, {})", self.dtype, self.shape(), self.device)
    }
}
