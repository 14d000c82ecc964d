//! Indexing: examples of every kind of index, and random ones against a naive model.

#![cfg(feature = "cpu")]

mod check;
mod examples;
mod model;
mod random;

/// Runs tests, functions generic over the backend, on each backend.
macro_rules! on_each_backend {
    ($($test:ident)*) => {
        mod cpu {
            $(
                #[test]
                fn $test() {
                    super::$test(&arrayspace::Cpu::new())
                }
            )*
        }
    };
}
pub(crate) use on_each_backend;
