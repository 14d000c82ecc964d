//! arrayspace beside other libraries: the same work by each in turn, in one run, as a table.
//!
//! ```text
//! benches/peers/run [NAME...]     only workloads whose name contains one of these
//! ```
//!
//! Every library gets as many threads as it takes by itself, with its default settings; results are newly
//! made by each call, as users have it. A time is the median of some rounds, in each of which all sides take
//! their turn. A turn begins with calls that are not timed, unless they are long: whoever's turn it was before has
//! left the caches full of other things, and threads asleep, which the system may wake on one processor first.

mod limits;
mod ours;
mod python;
mod rust;
mod workloads;

use std::time::{Duration, Instant};

use limits::Limits;
use workloads::Workload;

/// One library's way of doing a piece of work: the seconds that so many calls take.
pub struct Side {
    pub name: String,
    pub time: Box<dyn FnMut(usize) -> f64>,
    /// How long the library's threads may watch for more work before they sleep. Whoever comes next would
    /// share its processors with them.
    pub watch: Duration,
}

impl Side {
    /// A side that is called in this process.
    pub fn new(name: &str, mut call: Box<dyn FnMut()>) -> Side {
        let time = move |calls: usize| {
            let begin = Instant::now();
            (0..calls).for_each(|_| call());
            begin.elapsed().as_secs_f64()
        };
        Side { name: name.into(), time: Box::new(time), watch: Duration::ZERO }
    }

    /// A turn of so many calls, after `warm_up` others: the seconds of a call.
    fn turn(&mut self, warm_up: usize, calls: usize) -> f64 {
        if warm_up > 0 {
            (self.time)(warm_up);
        }
        let time = (self.time)(calls);
        std::thread::sleep(self.watch);
        time / calls as f64
    }
}

/// Seconds that all sides of one workload together are timed for, and rounds at least.
const SECONDS: f64 = 1.0;
const ROUNDS: usize = 5;

/// Seconds of calls before those that are timed. Calls of twice as long need nothing before them.
const WARM_UP: f64 = 10e-3;

/// The median times of a call.
fn medians(sides: &mut [Side]) -> Vec<f64> {
    // as many calls in a round as take two milliseconds
    let calls: Vec<(usize, usize)> = (sides.iter_mut())
        .map(|side| {
            let once = side.turn(1, 1).max(1e-9);
            let warm_up = match once < 2.0 * WARM_UP {
                true => ((WARM_UP / once) as usize).clamp(1, 50_000),
                false => 0,
            };
            (warm_up, ((2e-3 / once) as usize).clamp(1, 50_000))
        })
        .collect();
    let mut times: Vec<Vec<f64>> = vec![vec![]; sides.len()];
    let begin = Instant::now();
    while times[0].len() < ROUNDS || begin.elapsed().as_secs_f64() < SECONDS {
        for ((side, &(warm_up, calls)), times) in sides.iter_mut().zip(&calls).zip(&mut times) {
            times.push(side.turn(warm_up, calls));
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// A time in a unit that fits.
fn text(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

/// Bytes of memory that one call takes beyond what was there.
fn memory(side: &mut Side) -> Option<f64> {
    let peak = |what: &str| -> Option<f64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with(what))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    ours::trim();
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = peak("VmRSS")?;
    (side.time)(1);
    Some((peak("VmHWM")? - before) * 1024.0)
}

fn row(w: &Workload, limits: &Limits, python: &mut python::Workers) {
    let Some(ours) = ours::prepare(w) else {
        println!("| {} | no such work |", w.id());
        return;
    };
    let mut sides = vec![Side::new("arrayspace", ours)];
    sides.extend(rust::prepare(w));
    sides.extend(python.prepare(w));
    let memory = (w.size >= 10_000_000).then(|| memory(&mut sides[0])).flatten();
    let times = medians(&mut sides);
    let peers = || sides[1..].iter().zip(&times[1..]);
    let Some((best, &time)) = peers().min_by(|a, b| a.1.total_cmp(b.1)) else { return };
    let numpy = peers().find(|(side, _)| side.name == "numpy").map_or(f64::NAN, |(_, &t)| t);
    // calls of small arrays are compared with NumPy, which has what a call needs: dtypes and shapes at run
    // time
    let ratio = times[0] / if w.size == 8 && w.class.starts_with("calls") { numpy } else { time };
    let limit = limits.seconds(w);
    println!(
        "| {} | {} | {} | {} | {} {} | {:.2} | {:.2}{} | {} | {} |",
        w.class,
        w.id(),
        text(times[0]),
        text(numpy),
        text(time),
        best.name,
        ratio,
        w.target,
        if ratio <= w.target { "" } else { " missed" },
        if limit > 0.0 { format!("{:.1}", times[0] / limit) } else { String::new() },
        memory.map_or(String::new(), |m| format!("{:.0} MB", m / 1e6)),
    );
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let limits = Limits::measure();
    let mut python = python::Workers::start();
    println!("{limits}");
    println!(
        "Peers: {}.\n",
        rust::NAMES
            .iter()
            .map(|n| n.to_string())
            .chain(python.names())
            .collect::<Vec<_>>()
            .join(", ")
    );
    println!(
        "| class | work | arrayspace | NumPy | best peer | ratio | to reach | to the limit | memory |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    for w in workloads::all() {
        if wanted.is_empty() || wanted.iter().any(|name| w.id().contains(name.as_str())) {
            row(&w, &limits, &mut python);
        }
    }
}
