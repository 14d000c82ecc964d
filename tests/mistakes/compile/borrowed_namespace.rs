// The array is given away while its namespace is borrowed.
use arrayspace::prelude::*;

fn norm<N: Namespace>(x: Array<N>) -> Result<f64> {
    let xp = x.namespace();
    f64::try_from(xp.sqrt(xp.sum(xp.square(x)?, ())?)?)
}

fn main() {}
