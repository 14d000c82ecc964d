// The `Ok` is forgotten around an expression of operators.
use arrayspace::prelude::*;

fn twice<N: Namespace>(x: &Array<N>) -> Result<Array<N>> {
    x.namespace().exp(x)? * 2.0
}

fn main() -> Result<()> {
    println!("{}", twice(&Cpu::new().zeros(3, ())?)?);
    Ok(())
}
