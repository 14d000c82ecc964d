// A named result is taken apart as a tuple.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let (q, r) = xp.linalg().qr(&xp.ones((2, 2), ())?, ())?;
    println!("{q} {r}");
    Ok(())
}
