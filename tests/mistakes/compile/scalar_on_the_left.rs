// A float32 scalar on the left.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    println!("{}", 2.0_f32 * &Cpu::new().ones(3, ())?);
    Ok(())
}
