// A dtype by its name.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    println!("{}", Cpu::new().ones(3, "float32")?);
    Ok(())
}
