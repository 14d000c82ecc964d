use arrayspace::prelude::*;

fn flipped<N: Namespace>(x: &Array<N>) -> Result<Array<N>> {
    let xp = x.namespace();
    xp.order(x, 0, true)
}

fn main() -> Result<()> {
    println!("{}", flipped(&Cpu::new().arange(3, (), (), ())?)?);
    Ok(())
}
