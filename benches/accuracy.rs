//! The largest errors of the elementary functions, in units in the last place, as a table in Markdown:
//!
//! ```text
//! cargo bench --bench accuracy -- [--full] [--python PYTHON] [NAME...]
//! cargo bench --bench accuracy -- --complex TABLE
//! cargo bench --bench accuracy -- --statistics
//! ```
//!
//! Beside ours are those of Rust's standard library, that is the platform's mathematical library, and
//! NumPy's if a Python that has it is named (or `PEERS_PYTHON` names one). A NAME is that of a function or
//! of a dtype. A sample takes some seconds a function; `--full` tries all 2^32 values of float32 and 10^8 of what
//! has more. The functions of complex numbers are measured at the values of a table
//! (`tests/data/make_complex.py COUNT TABLE`). How errors are counted: docs/accuracy.md.

use std::io::Write;
use std::time::Instant;

use arrayspace::prelude::*;

#[path = "accuracy/mod.rs"]
mod accuracy;
use accuracy::complex::Errors;
use accuracy::functions::{FUNCTIONS, Function};
use accuracy::measure::{Measured, Plan, Worst, measure};

/// What is asked for.
struct Options {
    full: bool,
    python: Option<String>,
    complex: Option<String>,
    statistics: bool,
    names: Vec<String>,
}

impl Options {
    fn parse() -> Options {
        let python = std::env::var("PEERS_PYTHON").ok();
        let mut options =
            Options { full: false, python, complex: None, statistics: false, names: vec![] };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--full" => options.full = true,
                "--python" => options.python = arguments.next(),
                "--complex" => options.complex = arguments.next(),
                "--statistics" => options.statistics = true,
                "--bench" => {} // cargo says so
                name => options.names.push(name.to_owned()),
            }
        }
        options
    }

    /// Whether a row is asked for: by its dtype, its function, or not in particular.
    fn wants(&self, f: &Function, dtype: &str) -> bool {
        let any = |is_dtype: bool, name: &str| {
            let mut names =
                self.names.iter().filter(|n| n.starts_with("float") == is_dtype).peekable();
            names.peek().is_none() || names.any(|n| n == name)
        };
        any(true, dtype) && any(false, f.name)
    }
}

fn row<T: Measured>(f: &Function, options: &Options) -> Result<()> {
    if !options.wants(f, T::NAME) {
        return Ok(());
    }
    let plan = match (options.full, f.arity, T::NAME) {
        (true, 1, "float32") => Plan::All,
        (true, ..) => Plan::Sample(100_000_000),
        _ => Plan::Sample(1_000_000),
    };
    let begin = Instant::now();
    let row = measure::<T>(f, plan, options.python.as_deref())?;
    let cell = |worst: &Worst<T>| match worst.tried {
        0 => "-".to_owned(),
        _ => worst.cell(f.arity),
    };
    let Worst { tried, .. } = row.ours;
    let (ours, platform, numpy) = (cell(&row.ours), cell(&row.platform), cell(&row.numpy));
    println!("| {} | {} | {tried} | {ours} | {platform} | {numpy} |", f.name, T::NAME);
    eprintln!("{} {}: {:.1} s", f.name, T::NAME, begin.elapsed().as_secs_f64());
    std::io::stdout().flush().map_err(|e| Error::value(format_args!("standard output: {e}")))
}

/// The functions of complex numbers at the values of a table.
fn complex(path: &str) -> Result<()> {
    let table = std::fs::read_to_string(path)
        .map_err(|e| Error::value(format_args!("the table {path}: {e}")))?;
    println!("| function | dtype | values | of a part | of the larger part |");
    println!("|---|---|---|---|---|");
    for (name, dtype, errors) in accuracy::complex::measure(&table) {
        let Errors { tried, of_part, at, of_whole } = errors;
        println!("| {name} | {dtype} | {tried} | {of_part:.3} at {at} | {of_whole:.3} |");
    }
    Ok(())
}

/// Variance and standard deviation of random values beside an offset, and norms near the ends of the range.
fn statistics() -> Result<()> {
    println!("| dtype | offset | var | std |");
    println!("|---|---|---|---|");
    for (dtype, offset, [var, std]) in accuracy::statistics::measure()? {
        println!("| {dtype} | {offset:e} | {var:.3} | {std:.3} |");
    }
    println!("\n| dtype | values times | order 1 | order 2 | order 3 |");
    println!("|---|---|---|---|---|");
    for (dtype, power, [one, two, three]) in accuracy::statistics::norms()? {
        println!("| {dtype} | 2^{power} | {one:.3} | {two:.3} | {three:.3} |");
    }
    Ok(())
}

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(table) = &options.complex {
        return complex(table);
    }
    if options.statistics {
        return statistics();
    }
    // the threads are those of the measurement
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    println!("| function | dtype | values | arrayspace | platform | NumPy |");
    println!("|---|---|---|---|---|---|");
    for f in FUNCTIONS {
        row::<f32>(f, &options)?;
        row::<f64>(f, &options)?;
    }
    Ok(())
}
