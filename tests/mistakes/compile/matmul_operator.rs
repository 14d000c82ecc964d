// Python's operator of matrix products.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().ones((2, 2), ())?;
    println!("{}", x @ x.T()?);
    Ok(())
}
