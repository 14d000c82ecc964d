// An iterator as the elements of an array.
use arrayspace::prelude::*;

fn main() -> Result<()> {
    let v = vec![1.0, 2.0];
    println!("{}", Cpu::new().asarray(v.iter(), ())?);
    println!("{}", Cpu::new().asarray("1, 2", ())?);
    let collected: Array<Cpu> = v.into_iter().collect();
    println!("{collected}");
    Ok(())
}
