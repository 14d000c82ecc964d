// A reduction is taken for a number.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let mean: f64 = xp.mean(&xp.zeros(3, ())?, ())?;
    println!("{mean}");
    Ok(())
}
