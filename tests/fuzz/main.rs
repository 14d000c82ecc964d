//! The fuzz targets on bytes from a generator, so that they run with every compiler, the same ones each
//! time. `cargo fuzz` looks for more (see `README.md` beside this file).
#![cfg(feature = "cpu")]

use std::panic::{AssertUnwindSafe, catch_unwind};

#[path = "lib.rs"]
#[allow(unreachable_pub)] // a crate of its own for `cargo fuzz`
mod targets;

/// Runs a target on so many inputs.
fn run(target: fn(&[u8]), count: u64) {
    // xorshift64*
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    };
    for _ in 0..count {
        let len = next() % 200;
        let data: Vec<u8> = (0..len).map(|_| next() as u8).collect();
        if catch_unwind(AssertUnwindSafe(|| target(&data))).is_err() {
            panic!("failed with the input {data:?}");
        }
    }
}

#[test]
fn index() {
    run(targets::index, 20_000);
}

#[test]
fn dlpack() {
    run(targets::dlpack, 20_000);
}

#[test]
fn programs() {
    run(targets::programs, 3_000);
}
