//! Indexing: examples of every kind of index, and random ones against a naive model.

#![cfg(feature = "cpu")]

mod check;
#[path = "../common/each.rs"]
mod each;
mod examples;
mod model;
mod random;
mod short;

pub(crate) use each::on_each_backend;
