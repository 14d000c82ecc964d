//! On which processors a helper may begin.
//!
//! The system may put a thread that wakes on the processor of the thread that woke it, though others are idle: a
//! virtual machine's idle processors count as taken where the host has given them to others, and some
//! systems keep few of them awake. The helper then begins when its caller is done, or when the system has
//! balanced its load, milliseconds later; and a caller may be moved to the processor of a helper. A helper is
//! therefore kept off the processor that its caller runs on when it is woken, or found there; it may use all others that it
//! was started with.

#[cfg(all(target_os = "linux", not(miri)))]
pub(super) use linux::{Place, processor};
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(super) use other::{Place, processor};

#[cfg(all(target_os = "linux", not(miri)))]
mod linux {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use libc::cpu_set_t;

    /// The processors of a thread.
    pub(in super::super) struct Place {
        thread: libc::pid_t,
        /// The processor it is kept off.
        avoided: AtomicUsize,
        /// Those that it was given, and those that we have left it.
        given: Mutex<(cpu_set_t, cpu_set_t)>,
    }

    /// The processor that the calling thread runs on.
    pub(in super::super) fn processor() -> usize {
        // SAFETY: a query.
        usize::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(usize::MAX)
    }

    fn processors(thread: libc::pid_t) -> Option<cpu_set_t> {
        // SAFETY: the set consists of integers, for which 0 is a value, and the call fills it.
        unsafe {
            let mut set: cpu_set_t = std::mem::zeroed();
            let done = libc::sched_getaffinity(thread, size_of::<cpu_set_t>(), &mut set);
            (done == 0).then_some(set)
        }
    }

    impl Place {
        /// That of the calling thread; `None` if the system does not tell.
        pub(in super::super) fn of_this_thread() -> Option<Place> {
            // SAFETY: a query.
            let thread = unsafe { libc::gettid() };
            let set = processors(thread)?;
            Some(Place {
                thread,
                avoided: AtomicUsize::new(usize::MAX),
                given: Mutex::new((set, set)),
            })
        }

        /// Keeps the thread off a processor, and off that one alone, unless it has no other. What somebody else
        /// has set for it since is what it may use from now on.
        ///
        /// The thread has not ended.
        pub(in super::super) fn avoid(&self, processor: usize) {
            if self.avoided.load(Ordering::Relaxed) == processor
                || processor >= libc::CPU_SETSIZE as usize
            {
                return;
            }
            // who finds it locked leaves it to the other
            let Ok(mut given) = self.given.try_lock() else { return };
            self.avoided.store(processor, Ordering::Relaxed);
            let Some(now) = processors(self.thread) else { return };
            let (all, left) = &mut *given;
            // SAFETY: the processor's number is one of the set's.
            unsafe {
                if !libc::CPU_EQUAL(&now, left) {
                    // somebody else has changed it since
                    *all = now;
                }
                let mut set = *all;
                libc::CPU_CLR(processor, &mut set);
                if libc::CPU_COUNT(&set) == 0 {
                    set = *all;
                }
                if libc::sched_setaffinity(self.thread, size_of::<cpu_set_t>(), &set) == 0 {
                    *left = set;
                }
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
            })
            .join()
            .unwrap();
        }
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
mod other {
    /// Where the system places threads by itself.
    pub(in super::super) struct Place;

    pub(in super::super) fn processor() -> usize {
        usize::MAX
    }

    impl Place {
        pub(in super::super) fn of_this_thread() -> Option<Place> {
            None
        }

        pub(in super::super) fn avoid(&self, _: usize) {}
    }
}
