// `arange` with nothing but the stop.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    println!("{}", Cpu::new().arange(10)?);
    Ok(())
}
