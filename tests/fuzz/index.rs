//! Index expressions: of any items, on any layout, against a model without strides.

use arrayspace::prelude::*;

use super::bytes::Bytes;
use super::check::{Raw, get_as_the_model, set_as_the_model};
use super::elsewhere::Elsewhere;

/// Reads and writes the elements that an index made of the bytes selects.
///
/// # Panics
/// If it is not what the model says.
pub fn index(data: &[u8]) {
    let mut b = Bytes::new(data);
    let shape = b.shape(4, 4);
    let raws: Vec<Raw> = (0..b.below(6))
        .map(|_| (b.byte() % 20, b.integer(), b.integer(), b.integer(), b.word()))
        .collect();
    let (how, shared) = (b.byte() % 3, b.flag());
    let value = (b.byte() % 4, b.byte(), b.byte() % 16);
    get_as_the_model(&Cpu::new(), &shape, &raws, how);
    set_as_the_model(&Cpu::new(), &shape, &raws, how, shared, value);
    get_as_the_model(&Elsewhere, &shape, &raws, how);
    set_as_the_model(&Elsewhere, &shape, &raws, how, shared, value);
}
