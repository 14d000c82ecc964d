// Elements of a type that arrays do not have.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().ones(3, ())?;
    println!("{:?}", x.to_vec::<usize>()?);
    println!("{:?}", x.to_vec::<String>()?);
    Ok(())
}
