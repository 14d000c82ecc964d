// The `?` is forgotten before an operator.
use arrayspace::prelude::*;

fn main() {
    let x = Cpu::new().zeros(3, ());
    println!("{}", x + 1);
}
