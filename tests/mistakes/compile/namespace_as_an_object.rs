// A backend chosen at run time.
use arrayspace::prelude::*;

struct Model {
    xp: Box<dyn Namespace>,
}

fn main() {}
