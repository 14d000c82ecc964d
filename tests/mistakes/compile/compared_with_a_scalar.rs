// A mask is made with `>`.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.linspace(0, 1, 10, ())?;
    println!("{}", xp.where_(x > 0.5, 1.0, &x)?);
    Ok(())
}
