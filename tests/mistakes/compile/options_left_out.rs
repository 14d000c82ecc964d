// The options of a creation are left out.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().zeros((2, 3))?;
    println!("{x}");
    Ok(())
}
