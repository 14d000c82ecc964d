// A number where an array is expected.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    println!("{}", Cpu::new().exp(1.0)?);
    Ok(())
}
