// The backend is left out of the type.
use arrayspace::prelude::*;

fn exp(x: &Array) -> Result<Array> {
    x.namespace().exp(x)
}

fn main() {}
