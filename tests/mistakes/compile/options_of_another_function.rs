// A number as the option of a reduction that has none of that type.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    println!("{}", xp.max(&xp.ones(3, ())?, 1.0)?);
    Ok(())
}
