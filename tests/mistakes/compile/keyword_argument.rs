// A keyword argument as in Python.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    println!("{}", xp.sum(&xp.zeros((2, 3), ())?, axis = 0)?);
    Ok(())
}
