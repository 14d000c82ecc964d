//! Errors that say which function failed, and from which line of the program it was called.

use arrayspace_core::{Error, Result};

/// What a public function does to its result: an error is given the function's name and the place of the
/// call.
///
/// The place is that of the caller of the function that says so, which is `#[track_caller]`, as are
/// the functions between it and the public one. Where no error is nothing is done.
pub(crate) trait Named {
    /// The result, with this name before the text of an error; the name of an inner function stays.
    #[track_caller]
    fn named(self, function: &'static str) -> Self;
}

impl<T> Named for Result<T, Error> {
    #[inline(always)]
    #[track_caller]
    fn named(mut self, function: &'static str) -> Self {
        // in place: a value that is moved here and there is waited for
        if let Err(error) = &mut self {
            error.set_function(function);
        }
        self
    }
}
