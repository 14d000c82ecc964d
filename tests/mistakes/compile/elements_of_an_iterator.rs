// The items of `iter` are taken for numbers.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let x = Cpu::new().zeros(3, ())?;
    let doubled: Vec<f64> = x.iter().map(|x| x * 2.0).collect();
    println!("{doubled:?}");
    Ok(())
}
