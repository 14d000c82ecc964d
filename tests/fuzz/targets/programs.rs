//! See `targets::programs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::programs(data));
