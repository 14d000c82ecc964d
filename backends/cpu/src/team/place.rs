//! On which processors a helper may begin.
//!
//! The system may put a thread that wakes on the processor of the thread that woke it, though others are idle: a
//! virtual machine's idle processors count as taken where the host has given them to others, and some
//! systems keep few of them awake. The helper then begins when its caller is done, or when the system has
//! balanced its load, milliseconds later; and a caller may be moved to the processor of a helper. A helper is
//! therefore kept off the processor that its caller runs on when it is woken, or found there; it may use all others that it
//! was started with.

#[cfg(all(target_os = "linux", not(miri)))]
pub(crate) use linux::{Place, is_single, processor, with_all_processors};
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(crate) use other::{Place, is_single, processor, with_all_processors};

#[cfg(all(target_os = "linux", not(miri)))]
mod linux {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use libc::cpu_set_t;

    /// The processors of a thread.
    pub(crate) struct Place {
        thread: libc::pid_t,
        /// The processor it is kept off.
        avoided: AtomicUsize,
        sets: Mutex<Sets>,
    }

    struct Sets {
        /// The processors that it may use: all that there may ever be, if nobody has given it fewer.
        given: cpu_set_t,
        /// Those that we have left it, of those that there were.
        left: cpu_set_t,
    }

    /// The processor that the calling thread runs on.
    pub(crate) fn processor() -> usize {
        // SAFETY: a query.
        usize::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(usize::MAX)
    }

    /// A set without processors.
    fn none() -> cpu_set_t {
        // SAFETY: the set consists of integers, for which 0 is a value.
        unsafe { std::mem::zeroed() }
    }

    /// The set of all processors that there may be.
    fn every() -> cpu_set_t {
        let mut set = none();
        for processor in 0..libc::CPU_SETSIZE as usize {
            // SAFETY: the processor's number is one of the set's.
            unsafe { libc::CPU_SET(processor, &mut set) };
        }
        set
    }

    /// A set but for one processor.
    fn without(set: &cpu_set_t, processor: usize) -> cpu_set_t {
        let mut set = *set;
        if processor < libc::CPU_SETSIZE as usize {
            // SAFETY: the processor's number is one of the set's.
            unsafe { libc::CPU_CLR(processor, &mut set) };
        }
        set
    }

    fn equal(a: &cpu_set_t, b: &cpu_set_t) -> bool {
        // SAFETY: a query.
        unsafe { libc::CPU_EQUAL(a, b) }
    }

    fn count(set: &cpu_set_t) -> usize {
        // SAFETY: a query.
        unsafe { libc::CPU_COUNT(set) as usize }
    }

    /// The processors that a thread may use now (0 is the calling one). `None` if the system does not tell.
    fn processors(thread: libc::pid_t) -> Option<cpu_set_t> {
        let mut set = none();
        // SAFETY: the call fills the set.
        let done =
            unsafe { libc::sched_getaffinity(thread, size_of::<cpu_set_t>(), &mut set) == 0 };
        done.then_some(set)
    }

    /// Lets a thread use these processors, as far as they are the process's. Whether the system does.
    fn set_processors(thread: libc::pid_t, set: &cpu_set_t) -> bool {
        // SAFETY: the set is read alone.
        unsafe { libc::sched_setaffinity(thread, size_of::<cpu_set_t>(), set) == 0 }
    }

    /// The processors that are given to a thread, which may use `now`: every one if it could use no other ones were
    /// it allowed to, but for the processor `avoided`, else `now`. A set that names processors that there are not
    /// yet is one that they belong to when they are added (to the process's `cpuset`).
    fn given(thread: libc::pid_t, now: cpu_set_t, avoided: usize) -> cpu_set_t {
        let every = every();
        if set_processors(thread, &every)
            && let Some(most) = processors(thread)
        {
            if equal(&without(&most, avoided), &without(&now, avoided)) {
                return every;
            }
            set_processors(thread, &now);
        }
        now
    }

    /// The processors that any thread of the process may use.
    fn of_the_process() -> Option<cpu_set_t> {
        let mut all = processors(0)?;
        for entry in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let thread = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let Some(set) = thread.and_then(processors) else { continue };
            for k in 0..libc::CPU_SETSIZE as usize {
                // SAFETY: the processor's number is one of the sets'.
                unsafe {
                    if libc::CPU_ISSET(k, &set) {
                        libc::CPU_SET(k, &mut all);
                    }
                }
            }
        }
        Some(all)
    }

    /// Whether the process has one processor alone, as far as it can be seen.
    pub(crate) fn is_single() -> bool {
        processors(0).is_some_and(|mine| count(&mine) == 1)
            && of_the_process().is_some_and(|all| count(&all) == 1)
    }

    /// Calls `work` on a thread that may use all processors of the process, as the threads may then that it starts:
    /// on the calling one, unless that is bound to some of them, which is its own affair.
    pub(crate) fn with_all_processors<R: Send>(work: impl Fn() -> R + Sync) -> R {
        let (Some(mine), Some(all)) = (processors(0), of_the_process()) else { return work() };
        if equal(&mine, &all) {
            return work();
        }
        let free = thread::scope(|scope| {
            let started = thread::Builder::new().spawn_scoped(scope, || {
                if set_processors(0, &all) {
                    given(0, all, usize::MAX);
                }
                work()
            });
            started.ok().map(thread::ScopedJoinHandle::join)
        });
        match free {
            Some(Ok(result)) => result,
            _ => work(),
        }
    }

    impl Place {
        /// That of the calling thread; `None` if the system does not tell.
        pub(crate) fn of_this_thread() -> Option<Place> {
            // SAFETY: a query.
            let thread = unsafe { libc::gettid() };
            let left = processors(thread)?;
            let given = given(thread, left, usize::MAX);
            let avoided = AtomicUsize::new(usize::MAX);
            Some(Place { thread, avoided, sets: Mutex::new(Sets { given, left }) })
        }

        /// Keeps the thread off a processor, and off that one alone, unless it has no other. What somebody else
        /// has set for it since is what it may use from now on.
        ///
        /// The thread has not ended.
        pub(crate) fn avoid(&self, processor: usize) {
            if self.avoided.load(Ordering::Relaxed) == processor
                || processor >= libc::CPU_SETSIZE as usize
            {
                return;
            }
            // who finds it locked leaves it to the other
            let Ok(mut sets) = self.sets.try_lock() else { return };
            let before = self.avoided.swap(processor, Ordering::Relaxed);
            let Some(now) = processors(self.thread) else { return };
            if !equal(&now, &sets.left) {
                // somebody else has changed it since, or the process has other processors
                sets.given = given(self.thread, now, before);
            }
            // with no other there is none to avoid
            if set_processors(self.thread, &without(&sets.given, processor))
                || set_processors(self.thread, &sets.given)
            {
                sets.left = processors(self.thread).unwrap_or(now);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn one_processor_is_avoided_and_a_change_from_outside_respected() {
            std::thread::spawn(|| {
                let place = Place::of_this_thread().unwrap();
                let all = processors(place.thread).unwrap();
                // SAFETY: the number is one of a set's.
                let in_set = |k, set: &cpu_set_t| unsafe { libc::CPU_ISSET(k, set) };
                let mine: Vec<usize> =
                    (0..libc::CPU_SETSIZE as usize).filter(|&k| in_set(k, &all)).collect();
                for &k in mine.iter().take(4) {
                    place.avoid(k);
                    let left = processors(place.thread).unwrap();
                    assert_eq!(in_set(k, &left), mine.len() == 1, "{k}");
                    assert!(mine.iter().all(|&m| m == k || in_set(m, &left)), "{k}");
                    place.avoid(usize::MAX); // no processor: nothing changes
                    assert_eq!(in_set(k, &processors(place.thread).unwrap()), mine.len() == 1);
                }
                // where nobody has given it fewer, processors that are added are its own
                let given = place.sets.lock().unwrap().given;
                assert!(set_processors(place.thread, &every()));
                let most = processors(place.thread).unwrap();
                assert!(equal(&given, &if equal(&most, &all) { every() } else { all }));
                // one alone, which somebody else has left it, is not taken away
                let last = mine[mine.len().min(4) - 1];
                // SAFETY: integers, of which 0 is a value, and a processor that the set has room for.
                unsafe {
                    let mut one: cpu_set_t = std::mem::zeroed();
                    libc::CPU_SET(last, &mut one);
                    let done = libc::sched_setaffinity(place.thread, size_of::<cpu_set_t>(), &one);
                    assert_eq!(done, 0);
                }
                place.avoid(mine[0]);
                place.avoid(last);
                let left = processors(place.thread).unwrap();
                // SAFETY: a query.
                assert_eq!(unsafe { libc::CPU_COUNT(&left) }, 1);
                assert!(in_set(last, &left) && processor() == last);
                assert!(mine.len() == 1 || count(&place.sets.lock().unwrap().given) == 1);
            })
            .join()
            .unwrap();
        }
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
mod other {
    /// Where the system places threads by itself.
    pub(crate) struct Place;

    pub(crate) fn processor() -> usize {
        usize::MAX
    }

    pub(crate) fn is_single() -> bool {
        std::thread::available_parallelism().is_ok_and(|n| n.get() == 1)
    }

    pub(crate) fn with_all_processors<R: Send>(work: impl Fn() -> R + Sync) -> R {
        work()
    }

    impl Place {
        pub(crate) fn of_this_thread() -> Option<Place> {
            None
        }

        pub(crate) fn avoid(&self, _: usize) {}
    }
}
