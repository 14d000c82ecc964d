// The options of a reduction for functions that take one axis.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.ones((2, 2), ())?;
    println!("{}", xp.sort(&x, axis(0))?);
    Ok(())
}
