// Nothing says of which type the element is.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let n = xp.sum(&xp.ones(3, ())?, ())?.item()?;
    println!("{n}");
    Ok(())
}
