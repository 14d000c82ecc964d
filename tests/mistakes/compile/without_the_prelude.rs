// The trait is not imported.
use arrayspace::Cpu;

fn main() {
    println!("{}", Cpu::new().zeros(3, ()).unwrap());
}
