// Text as an operand.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.ones(3, ())?;
    println!("{}", xp.add(&x, "1")?);
    println!("{}", &x + "1");
    Ok(())
}
