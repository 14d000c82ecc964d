// Elements are written in brackets.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let mut x = Cpu::new().linspace(0, 1, 10, ())?;
    x[0..3] = 1.0;
    Ok(())
}
