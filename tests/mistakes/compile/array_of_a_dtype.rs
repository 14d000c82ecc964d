// The type of an array is thought to have its dtype.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x: Array<f64> = Cpu::new().zeros(3, ())?;
    println!("{x}");
    Ok(())
}
