//! The extension `fft`: examples, errors, and properties against the definition.

#![cfg(feature = "cpu")]

#[path = "../common/each.rs"]
mod each;
mod errors;
mod examples;
mod model;
mod random;

pub(crate) use each::on_each_backend;
