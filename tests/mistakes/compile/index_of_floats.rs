// A float as an index.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().ones(3, ())?;
    println!("{}", x.get(1.0)?);
    println!("{}", x.get((0, 1.5))?);
    Ok(())
}
