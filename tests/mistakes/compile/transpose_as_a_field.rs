// The transpose and the extension are methods.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.ones((2, 2), ())?;
    println!("{}", x.T.matmul(&x)?);
    println!("{}", xp.linalg.inv(&x)?);
    Ok(())
}
