// An element is read in brackets.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().zeros((2, 3), ())?;
    println!("{}", x[0]);
    Ok(())
}
