// Arrays are compared with `==`, which is one bool in Rust.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().zeros(3, ())?;
    if x == x.clone() {
        println!("equal");
    }
    Ok(())
}
