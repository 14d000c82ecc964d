//! Work shared among threads.

use std::ops::Range;

use crate::process::is_forked;
use crate::team::Team;

/// From this time on, in ns, sharing work with helpers who are awake pays.
const AWAKE: f32 = 2_500.0;

/// The same for helpers who must be woken first.
const ASLEEP: f32 = 60_000.0;

/// The same on a thread of rayon's, which only has to offer the work.
const INSIDE: f32 = 10_000.0;

/// The least time of a task, in ns.
const TASK: f32 = 1_250.0;

/// Does `work` on ranges that make up `0..len`, whose bounds are multiples of `grain`: on several threads
/// if the whole is estimated to take long enough, at `ns` per element.
///
/// An ordinary thread works with the process's [`Team`], one of rayon's with others of its pool; in a child of a
/// fork, which has neither, each works alone.
#[inline]
pub(crate) fn split(len: usize, ns: f32, grain: usize, work: impl Fn(Range<usize>) + Sync) {
    let time = len as f32 * ns;
    #[cfg(test)]
    let time = time * crate::testing::Ways::taken().slowness;
    if time < AWAKE || len <= grain { work(0..len) } else { share(len, time, grain, &work) }
}

/// [`split`] for work of a time that may pay.
fn share(len: usize, time: f32, grain: usize, work: &(dyn Fn(Range<usize>) + Sync)) {
    let tasks = |threads: usize| {
        let most = (threads * 4).min((time / TASK) as usize).max(1);
        // rather more tasks than too large ones
        let size = (len / most).max(1).next_multiple_of(grain);
        (len.div_ceil(size), size)
    };
    if is_forked() {
        return work(0..len);
    }
    if rayon::current_thread_index().is_some() {
        let threads = rayon::current_num_threads();
        if time < INSIDE || threads == 1 {
            return work(0..len);
        }
        let size = tasks(threads).1;
        return rayon::scope(|scope| {
            for start in (0..len).step_by(size) {
                scope.spawn(move |_| work(start..len.min(start + size)));
            }
        });
    }
    let Some(team) = Team::get() else { return work(0..len) };
    if time < ASLEEP && !team.is_awake() {
        team.nudge();
        return work(0..len);
    }
    let (count, size) = tasks(team.members());
    team.run(count, &|k| work(k * size..len.min((k + 1) * size)));
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
