//! DLPack: memory goes out and comes in without a copy, lives as long as somebody uses it, is freed once,
//! and is written by nobody but its only owner. All of it runs under miri.
#![cfg(feature = "cpu")]

#[path = "../common/mod.rs"]
mod common;

mod export;
mod foreign;
mod import;
mod wrong;
