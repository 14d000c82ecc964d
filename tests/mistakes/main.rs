//! What a user reads who has made a mistake: the texts of wrong calls, and those of the compiler.
//!
//! `messages.txt` and `compile/*.stderr` have the texts as they are. Where a change of them is meant,
//! `ARRAYSPACE_BLESS=1 cargo test --test mistakes` writes them anew; whoever reviews the difference asks of each
//! whether it names what was given, what was expected, and what mends it.
#![cfg(feature = "cpu")]

mod calls;
mod compile;

/// Whether texts are to be written anew.
fn bless() -> bool {
    std::env::var_os("ARRAYSPACE_BLESS").is_some_and(|v| v == "1")
}

/// The lines that differ.
fn difference(was: &str, is: &str) -> String {
    let (was, is): (Vec<&str>, Vec<&str>) = (was.lines().collect(), is.lines().collect());
    let mut out = String::new();
    for line in was.iter().filter(|line| !is.contains(line)) {
        out += &format!("  - {line}\n");
    }
    for line in is.iter().filter(|line| !was.contains(line)) {
        out += &format!("  + {line}\n");
    }
    out
}
