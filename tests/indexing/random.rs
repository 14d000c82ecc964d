//! Random indices of random arrays, against the model.

use arrayspace::prelude::*;
use proptest::prelude::*;

use crate::check::{self, Raw};
use crate::on_each_backend;

fn raw() -> impl Strategy<Value = Raw> {
    (0..20u8, -9..9i64, -9..9i64, -4..5i64, any::<u64>())
}

fn shape() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(prop_oneof![1 => Just(0), 2 => Just(1), 9 => 2..5usize], 0..4)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

fn get_as_the_model<N: Namespace>(xp: &N) {
    proptest!(config(), |(
        shape in shape(),
        raws in proptest::collection::vec(raw(), 0..5),
        how in 0..3u8,
    )| check::get_as_the_model(xp, &shape, &raws, how));
}

fn set_as_the_model<N: Namespace>(xp: &N) {
    proptest!(config(), |(
        shape in shape(),
        raws in proptest::collection::vec(raw(), 0..5),
        how in 0..3u8,
        shared in any::<bool>(),
        value in (0..4u8, any::<u8>(), 0..16u8),
    )| check::set_as_the_model(xp, &shape, &raws, how, shared, value));
}

on_each_backend! {
    get_as_the_model
    set_as_the_model
}
