// Integers among floats.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    println!("{}", Cpu::new().asarray([1, 2.5, 3], ())?);
    Ok(())
}
