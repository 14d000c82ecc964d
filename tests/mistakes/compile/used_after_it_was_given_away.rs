// An array is given away and used again.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.zeros(3, ())?;
    let y = xp.exp(x)? + x;
    println!("{y}");
    Ok(())
}
