//! Two sides timed in turn.

use std::time::Instant;

/// The best times of both, in seconds.
pub(crate) fn times(mut ours: impl FnMut(), mut peer: impl FnMut(), seconds: f64) -> (f64, f64) {
    let time = |f: &mut dyn FnMut()| {
        let start = Instant::now();
        f();
        start.elapsed().as_secs_f64()
    };
    let (mut best, mut best_peer) = (f64::INFINITY, f64::INFINITY);
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < 3 || start.elapsed().as_secs_f64() < seconds {
        best = best.min(time(&mut ours));
        best_peer = best_peer.min(time(&mut peer));
        rounds += 1;
    }
    (best, best_peer)
}

/// Prints a line of a table: both times and their ratio.
#[allow(dead_code)] // not every bench needs it
pub(crate) fn report(name: &str, (ours, peer): (f64, f64)) {
    println!("{name:<36}{:>10.3} ms{:>10.3} ms{:>8.2}", ours * 1e3, peer * 1e3, ours / peer);
}
