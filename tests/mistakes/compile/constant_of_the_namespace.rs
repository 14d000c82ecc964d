// The constants are not fields of the namespace.
use arrayspace::prelude::*;

fn shifted<N: Namespace>(x: &Array<N>) -> Array<N> {
    x + x.namespace().pi
}

fn main() {}
