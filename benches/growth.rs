//! How cost grows: with the size, and with the number of threads.
//!
//! `cargo bench --bench growth` prints, for float32, nanoseconds per element from 10^5 to 10^8 elements
//! (a constant where time is linear; below some 10^7 bytes the caches help), and what two
//! threads gain over one, where arithmetic bounds and where memory does; last, what a result costs in memory that
//! is fresh and in memory from the pool.

use std::time::Instant;

use arrayspace::prelude::*;

const XP: Cpu = Cpu::new();

/// A piece of work on an array.
type Work = (&'static str, fn(&Array<Cpu>) -> Result<Array<Cpu>>);

const WORKS: [Work; 8] = [
    ("add", |x| XP.add(x, x)),
    ("exp", |x| XP.exp(x)),
    ("sin", |x| XP.sin(x)),
    ("pow", |x| XP.pow(x, x)),
    ("sum", |x| XP.sum(x, ())),
    ("std", |x| XP.std(x, ())),
    ("cumulative_sum", |x| XP.cumulative_sum(x, ())),
    ("sort", |x| XP.sort(x, ())),
];

/// `n` numbers between 0.1 and 1, in no order.
fn numbers(n: usize) -> Result<Array<Cpu>> {
    let x = XP.arange(0, n as i64, 1, DType::Float64)?;
    let scattered = XP.remainder(XP.multiply(x, 0.618_033_988_749_895)?, 1.0)?;
    XP.astype(XP.add(XP.multiply(scattered, 0.9)?, 0.1)?, DType::Float32, ())
}

/// The median time of a call in ns: of as many as fit into a third of a second, three at least.
fn time(mut work: impl FnMut()) -> f64 {
    work();
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < 3 || begin.elapsed().as_secs_f64() < 0.3 && times.len() < 1000 {
        let start = Instant::now();
        work();
        times.push(start.elapsed().as_nanos() as f64);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The time of a call on one thread.
fn time_alone(work: impl FnMut() + Send) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    pool.install(|| time(work))
}

fn main() -> Result<()> {
    // before the first call: as many threads as are spoken of
    rayon::ThreadPoolBuilder::new().num_threads(2).build_global().expect("no threads yet");
    println!("| float32, ns per element | 10^5 | 10^6 | 10^7 | 10^8 |\n|---|---|---|---|---|");
    let arrays = [5, 6, 7, 8].map(|k| numbers(10usize.pow(k)));
    for (name, work) in WORKS {
        print!("| {name} |");
        for x in &arrays {
            let x = x.as_ref().map_err(Clone::clone)?;
            let ns = time(|| drop(std::hint::black_box(work(x).expect(name))));
            print!(" {:.3} |", ns / x.size() as f64);
        }
        println!();
    }
    drop(arrays);

    println!("\n| float32, 4 · 10^6 | one thread | two | gain |\n|---|---|---|---|");
    let x = numbers(4_000_000)?;
    let matrix = XP.reshape(x.get(..1 << 20)?, [1024, 1024], ())?;
    let product: Work = ("matmul 1024", |x| XP.matmul(x, x));
    for (name, work, x) in
        WORKS.map(|(n, w)| (n, w, &x)).into_iter().chain([(product.0, product.1, &matrix)])
    {
        let run = || drop(std::hint::black_box(work(x).expect(name)));
        let (one, two) = (time_alone(run), time(run));
        println!("| {name} | {:.3} ms | {:.3} ms | {:.2} |", one / 1e6, two / 1e6, one / two);
    }

    println!("\n| add of 10^7 float32 | ms |\n|---|---|");
    let x = numbers(10_000_000)?;
    let add = || drop(std::hint::black_box(XP.add(&x, &x).expect("add")));
    println!("| the result in memory from the pool | {:.2} |", time(add) / 1e6);
    Cpu::set_pool_limit(0);
    println!("| in fresh memory each time | {:.2} |", time(add) / 1e6);
    Ok(())
}
