//! The threads that share the work of one call.
//!
//! Most operations on a hundred thousand elements take some ten microseconds, and rayon takes as long to
//! begin when it is called by an ordinary thread: it wakes a sleeping worker and sleeps itself. Here the
//! caller works, too, and the helpers watch for work for a moment before they sleep, so that in a series
//! of operations they begin within a fraction of a microsecond. A call never waits for a helper that has not
//! begun: it closes the work when none is left, and waits for those who are at it.
//!
//! Tasks are dealt out in sections, one for each member: in the next operation on the same arrays, a
//! member finds its part in its own caches. Who is done with a section helps with the next.

pub(crate) mod place;

use std::any::Any;
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use place::Place;

/// How long a helper watches for work before it sleeps.
const WATCH: Duration = Duration::from_micros(50);

/// Calls follow each other closely if they are less apart than this, in ns.
const CLOSE: u64 = 100_000;

/// After so many calls that follow each other closely, helpers are woken though one alone is not worth it.
const SERIES: u64 = 3;

/// How many helpers are woken then: waking takes microseconds for each.
const FEW: usize = 4;

/// A bit of the state: there is work.
const OPEN: u64 = 1;

/// What the state grows by for each helper at work, and the bits of their number.
const INSIDE: u64 = 2;
const ALL_INSIDE: u64 = 0xFFFE;

/// The bits of the state above these number the calls.
const CALL: u32 = 16;

/// The work of a call.
type Work<'a> = &'a (dyn Fn(usize) + Sync);

/// Members who share the work of one call at a time: a caller, and helpers.
pub(crate) struct Team {
    /// Whether there is work, how many helpers are at it, and the number of the call.
    state: AtomicU64,
    /// Whether somebody is calling.
    busy: AtomicBool,
    /// What is done. Written while nobody is at work, read by who is.
    job: UnsafeCell<Option<(Work<'static>, usize)>>,
    /// For each member, how many tasks of its section have been taken.
    taken: Vec<Padded<AtomicUsize>>,
    /// Of a helper's panic, what it was thrown with.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    helpers: Vec<Helper>,
    /// When the last call came that was too short to wake helpers for, in ns, and how many came in series.
    last: AtomicU64,
    series: AtomicU64,
    stopped: AtomicBool,
}

/// Alone on its cache lines.
#[repr(align(128))]
#[derive(Default)]
struct Padded<T>(T);

#[derive(Default)]
struct Helper {
    asleep: Padded<AtomicBool>,
    /// The processor that it ran on when it last said so.
    processor: AtomicUsize,
    thread: OnceLock<(Thread, Option<Place>)>,
}

// SAFETY: `job` is written by the caller that has made the team busy, while the state is closed and nobody is
// inside; it is read by that caller and by helpers that are inside. What it refers to may be shared.
unsafe impl Sync for Team {}
// SAFETY: as above.
unsafe impl Send for Team {}

impl Team {
    /// A team of `members`, one of them the caller. The helpers are those who [`serve`](Team::serve).
    fn new(members: usize) -> Team {
        Team {
            state: AtomicU64::new(0),
            busy: AtomicBool::new(false),
            job: UnsafeCell::new(None),
            taken: (0..members).map(|_| Padded::default()).collect(),
            panic: Mutex::new(None),
            helpers: (1..members).map(|_| Helper::default()).collect(),
            last: AtomicU64::new(0),
            series: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// The process's team, of as many threads as rayon's; `None` where there is but one.
    pub(crate) fn get() -> Option<&'static Team> {
        static TEAM: OnceLock<&'static Team> = OnceLock::new();
        if let Some(team) = TEAM.get() {
            return Some(team);
        }
        let members = crate::threads();
        if members < 2 {
            return None;
        }
        Some(TEAM.get_or_init(|| {
            let team: &'static Team = Box::leak(Box::new(Team::new(members)));
            place::with_all_processors(|| {
                for k in 1..members {
                    // with fewer helpers, or none, the caller does more
                    let builder = thread::Builder::new().name(format!("arrayspace-{k}"));
                    let _ = builder.spawn(move || team.serve(k));
                }
            });
            team
        }))
    }

    /// How many members there are.
    pub(crate) fn members(&self) -> usize {
        self.taken.len()
    }

    /// Whether a helper would begin at once.
    pub(crate) fn is_awake(&self) -> bool {
        self.helpers.iter().any(|h| h.thread.get().is_some() && !h.asleep.0.load(Ordering::Relaxed))
    }

    /// Notes a call that would be worth helpers if they were awake. If such calls come in a series, wakes
    /// them for the next.
    pub(crate) fn nudge(&self) {
        static START: OnceLock<Instant> = OnceLock::new();
        let now = START.get_or_init(Instant::now).elapsed().as_nanos() as u64;
        let before = self.last.swap(now, Ordering::Relaxed);
        if now.saturating_sub(before) > CLOSE {
            self.series.store(0, Ordering::Relaxed);
        } else if self.series.fetch_add(1, Ordering::Relaxed) >= SERIES {
            self.series.store(0, Ordering::Relaxed);
            self.wake(FEW);
        }
    }

    /// Wakes those that sleep among the first helpers, as many as there are tasks for, and moves those away that
    /// share the caller's processor.
    fn wake(&self, tasks: usize) {
        let here = place::processor();
        for helper in self.helpers.iter().take(tasks) {
            let Some((thread, place)) = helper.thread.get() else { continue };
            let is_asleep = helper.asleep.0.load(Ordering::SeqCst);
            if let Some(place) = place
                && (is_asleep || helper.processor.load(Ordering::Relaxed) == here)
            {
                place.avoid(here);
            }
            if is_asleep {
                thread.unpark();
            }
        }
    }

    /// Calls `work` for each number below `tasks`, on all members that are free. If the team is busy, or it
    /// is a member that calls, the caller does it alone.
    ///
    /// # Panics
    /// If a call of `work` does. Other tasks may then not have been done.
    pub(crate) fn run(&self, tasks: usize, work: Work<'_>) {
        if self.busy.swap(true, Ordering::Acquire) {
            return (0..tasks).for_each(work);
        }
        for taken in &self.taken {
            taken.0.store(0, Ordering::Relaxed);
        }
        // SAFETY: of the lifetime alone: helpers use the work while they are inside, and `Closing` waits
        // until none is, before this function ends in any way.
        let work: Work<'static> = unsafe { std::mem::transmute::<Work<'_>, Work<'static>>(work) };
        // SAFETY: the team was not busy, so that the state is closed and nobody inside.
        unsafe { *self.job.get() = Some((work, tasks)) };
        let closing = Closing(self);
        let call = (self.state.load(Ordering::Relaxed) >> CALL).wrapping_add(1);
        self.state.store(call << CALL | OPEN, Ordering::SeqCst);
        self.wake(tasks.saturating_sub(1));
        self.work(0);
        drop(closing);
    }

    /// Does tasks of the job, those of section `member` first. The state is open, or the helper inside.
    fn work(&self, member: usize) {
        // SAFETY: it is written while nobody is inside, and by the caller itself.
        let Some((work, tasks)) = (unsafe { *self.job.get() }) else { return };
        let members = self.members();
        for section in (member..members).chain(0..member) {
            let (first, end) = (section * tasks / members, (section + 1) * tasks / members);
            loop {
                let task = first + self.taken[section].0.fetch_add(1, Ordering::Relaxed);
                if task >= end {
                    break;
                }
                work(task);
            }
        }
    }

    /// Helps, as member `member`, until the team is stopped.
    fn serve(&self, member: usize) {
        let helper = &self.helpers[member - 1];
        let _ = helper.thread.set((thread::current(), Place::of_this_thread()));
        let mut seen = 0;
        while !self.stopped.load(Ordering::Acquire) {
            let state = self.await_work(helper, seen);
            let entered = state & OPEN != 0
                && (self.state)
                    .compare_exchange(state, state + INSIDE, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok();
            if !entered {
                continue;
            }
            seen = state >> CALL;
            helper.processor.store(place::processor(), Ordering::Relaxed);
            if let Err(cause) = catch_unwind(AssertUnwindSafe(|| self.work(member))) {
                *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
            }
            self.state.fetch_sub(INSIDE, Ordering::Release);
        }
    }

    /// Waits for another call than `seen`: watches for a while, then sleeps. The state then, which is any if
    /// the team was stopped.
    fn await_work(&self, helper: &Helper, seen: u64) -> u64 {
        let is_new = |state: u64| {
            state & OPEN != 0 && state >> CALL != seen || self.stopped.load(Ordering::Acquire)
        };
        loop {
            let begin = Instant::now();
            loop {
                for _ in 0..64 {
                    let state = self.state.load(Ordering::Acquire);
                    if is_new(state) {
                        return state;
                    }
                    std::hint::spin_loop();
                }
                helper.processor.store(place::processor(), Ordering::Relaxed);
                if begin.elapsed() >= WATCH {
                    break;
                }
            }
            helper.asleep.0.store(true, Ordering::SeqCst);
            // a call after this has seen that the helper sleeps
            if !is_new(self.state.load(Ordering::SeqCst)) {
                thread::park();
            }
            helper.asleep.0.store(false, Ordering::SeqCst);
        }
    }
}

/// Closes the work of a call, at its end, and waits for helpers who are at it.
struct Closing<'a>(&'a Team);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let team = self.0;
        team.state.fetch_and(!OPEN, Ordering::AcqRel);
        let mut turns = 0u32;
        while team.state.load(Ordering::Acquire) & ALL_INSIDE != 0 {
            turns += 1;
            // a helper that lost its processor in the middle of a task needs one
            if turns < 10_000 { std::hint::spin_loop() } else { thread::yield_now() }
        }
        let cause = team.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
        team.busy.store(false, Ordering::Release);
        if let Some(cause) = cause
            && !thread::panicking()
        {
            resume_unwind(cause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::cases;

    /// Calls `test` with a team whose helpers serve.
    fn with_team(members: usize, test: impl FnOnce(&Team)) {
        let team = Team::new(members);
        thread::scope(|scope| {
            for k in 1..members {
                let team = &team;
                scope.spawn(move || team.serve(k));
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| test(&team)));
            team.stopped.store(true, Ordering::Release);
            while team.helpers.iter().any(|h| h.thread.get().is_none()) {
                thread::yield_now();
            }
            for helper in &team.helpers {
                helper.thread.get().unwrap().0.unpark();
            }
            outcome.unwrap();
        });
    }

    #[test]
    fn every_task_is_done_once() {
        for members in [1, 2, 3, 5] {
            with_team(members, |team| {
                for round in 0..cases(200) {
                    let tasks = round % 17;
                    let done: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
                    team.run(tasks, &|k| {
                        done[k].fetch_add(1, Ordering::Relaxed);
                    });
                    assert!(
                        done.iter().all(|d| d.load(Ordering::Relaxed) == 1),
                        "{members} {tasks}"
                    );
                    if round % 50 == 49 {
                        thread::sleep(2 * WATCH); // so that helpers fall asleep
                        team.nudge();
                    }
                }
            });
        }
    }

    #[test]
    fn calls_within_a_call_and_of_other_threads_are_done() {
        with_team(3, |team| {
            let count = AtomicUsize::new(0);
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        for _ in 0..cases(50) {
                            team.run(4, &|_| {
                                team.run(5, &|_| {
                                    count.fetch_add(1, Ordering::Relaxed);
                                });
                            });
                        }
                    });
                }
            });
            assert_eq!(count.into_inner(), 3 * 20 * cases(50));
        });
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_team_goes_on() {
        with_team(2, |team| {
            for bad in 0..8 {
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    team.run(8, &|k| {
                        if k == bad {
                            // as a panic, without a message and its backtrace
                            resume_unwind(Box::new(k));
                        }
                    });
                }));
                assert!(outcome.is_err());
            }
            let sum = AtomicUsize::new(0);
            team.run(8, &|k| {
                sum.fetch_add(k, Ordering::Relaxed);
            });
            assert_eq!(sum.into_inner(), 28);
        });
    }
}
