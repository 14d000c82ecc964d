// Two options of a reduction in a tuple.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    println!("{}", xp.sum(&xp.ones(3, ())?, (axis(0), DType::Float64))?);
    Ok(())
}
