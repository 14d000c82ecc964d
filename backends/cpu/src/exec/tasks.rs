//! Work shared among threads.

use std::ops::Range;

/// Below this time, in ns, an ordinary thread does the work itself: rayon takes 14 to 50 µs to begin.
const OUTSIDE: f32 = 60_000.0;

/// The same for a thread of rayon's, which only has to offer the work.
const INSIDE: f32 = 10_000.0;

/// The least time of a task, in ns.
const TASK: f32 = 5_000.0;

/// Does `work` on ranges that make up `0..len`, whose bounds are multiples of `grain`: on several threads
/// if the whole is estimated to take long enough, at `ns` per element.
pub(crate) fn split(len: usize, ns: f32, grain: usize, work: impl Fn(Range<usize>) + Sync) {
    let time = len as f32 * ns;
    let threshold = if rayon::current_thread_index().is_some() { INSIDE } else { OUTSIDE };
    if time < threshold || len <= grain {
        return work(0..len);
    }
    let threads = rayon::current_num_threads();
    if threads == 1 {
        return work(0..len);
    }
    let tasks = (threads * 4).min((time / TASK) as usize).max(1);
    let size = len.div_ceil(tasks).next_multiple_of(grain);
    // a recursion of joins would do as well; a scope enters the pool once, too
    rayon::scope(|scope| {
        for start in (0..len).step_by(size) {
            let work = &work;
            scope.spawn(move |_| work(start..len.min(start + size)));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::split;

    #[test]
    fn ranges_make_up_the_whole() {
        for len in [0, 1, 4096, 4097, 100_003] {
            // the interpreter does not follow rayon's threads
            let times: &[f32] = if cfg!(miri) { &[0.0] } else { &[0.0, 1.0, 1000.0] };
            for &ns in times {
                let (sum, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
                split(len, ns, 4096, |range| {
                    assert!(range.start.is_multiple_of(4096) && range.end <= len);
                    assert!(range.end.is_multiple_of(4096) || range.end == len);
                    sum.fetch_add(range.clone().sum(), Ordering::Relaxed);
                    count.fetch_add(range.len(), Ordering::Relaxed);
                });
                assert_eq!(count.into_inner(), len);
                assert_eq!(sum.into_inner(), (0..len).sum());
            }
        }
    }
}
