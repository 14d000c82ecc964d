// NumPy's name of an option.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    println!("{}", xp.std(&xp.ones(3, ())?, axis(0).ddof(1))?);
    Ok(())
}
