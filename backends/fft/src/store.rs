//! Plans that are kept for the next transform of their length.
//!
//! There is one store for all types and kinds, and one policy: beyond the bound, which is in bytes, the plan
//! goes that was not used for longest. Plans are made and freed while the store is not locked: making a large
//! one takes seconds, for which nobody else should wait.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;

/// How many plans are kept at most, which bounds the time to find the one that goes. (Short ones take so
/// few bytes that the bound on bytes would let tens of thousands stay.)
const PLANS: usize = 512;

/// How often a thread asks for the lock, giving way to others meanwhile, before it does without.
const TRIES: usize = 2000;

/// What tells plans apart: the type of the plan, its length, and its direction.
type Key = (TypeId, usize, bool);

/// Plans.
#[derive(Default)]
pub(crate) struct Store(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    plans: HashMap<Key, Entry>,
    bytes: usize,
    /// Counts what was asked for.
    clock: u64,
}

struct Entry {
    /// An `Arc` of the plan.
    plan: Box<dyn Any + Send>,
    bytes: usize,
    /// When it was last asked for.
    used: u64,
}

impl Kept {
    /// The plan under a key, which has thereby been used.
    fn get<P: ?Sized + 'static>(&mut self, key: Key) -> Option<Arc<P>>
    where
        Arc<P>: Send,
    {
        self.clock += 1;
        let entry = self.plans.get_mut(&key)?;
        entry.used = self.clock;
        entry.plan.downcast_ref::<Arc<P>>().cloned()
    }

    /// Takes plans out until at most so many bytes, and so many plans, are left.
    fn shrink(&mut self, bytes: usize, plans: usize) -> Vec<Entry> {
        let mut out = Vec::new();
        while self.bytes > bytes || self.plans.len() > plans {
            let oldest = self.plans.iter().min_by_key(|(_, entry)| entry.used);
            let Some(entry) = oldest.map(|(&key, _)| key).and_then(|key| self.plans.remove(&key))
            else {
                break;
            };
            self.bytes -= entry.bytes;
            out.push(entry);
        }
        out
    }
}

impl Store {
    /// The plans. `None` if another thread has them for longer than any step takes: in a child of a fork it may be one
    /// of the parent's, which does not exist here and will never give them back.
    fn lock(&self) -> Option<MutexGuard<'_, Kept>> {
        for _ in 0..TRIES {
            match self.0.try_lock() {
                Ok(kept) => return Some(kept),
                // the lock is held for steps that do not panic
                Err(TryLockError::Poisoned(error)) => return Some(error.into_inner()),
                Err(TryLockError::WouldBlock) => thread::yield_now(),
            }
        }
        None
    }

    /// The plan of this type, length and direction: a kept one, or one that `make` makes.
    ///
    /// `bytes` is what it takes (asked when it is made), `limit` what all that are kept may take then. Threads
    /// that miss the same plan at the same time make one each, and all get the first that was done.
    pub(crate) fn plan<P: ?Sized + 'static, E>(
        &self,
        (n, inverse): (usize, bool),
        make: impl FnOnce() -> Result<Made<P>, E>,
    ) -> Result<Arc<P>, E>
    where
        Arc<P>: Send,
    {
        let key = (TypeId::of::<Arc<P>>(), n, inverse);
        if let Some(plan) = self.lock().and_then(|mut kept| kept.get(key)) {
            return Ok(plan);
        }
        let Made { plan, bytes, limit } = make()?;
        let Some(mut kept) = self.lock() else { return Ok(plan) };
        if let Some(first) = kept.get(key) {
            return Ok(first);
        }
        if bytes > limit {
            return Ok(plan); // it would go at once, after all others
        }
        let gone = kept.shrink(limit - bytes, PLANS - 1);
        let used = kept.clock;
        kept.bytes += bytes;
        kept.plans.insert(key, Entry { plan: Box::new(plan.clone()), bytes, used });
        drop(kept);
        drop(gone); // not under the lock
        Ok(plan)
    }

    /// The bytes that kept plans take.
    pub(crate) fn bytes(&self) -> usize {
        self.lock().map_or(0, |kept| kept.bytes)
    }

    /// Frees plans until those that are kept take at most so many bytes.
    pub(crate) fn shrink(&self, bytes: usize) {
        let gone = self.lock().map(|mut kept| kept.shrink(bytes, PLANS));
        drop(gone); // not under the lock
    }
}

/// A plan that was made.
pub(crate) struct Made<P: ?Sized> {
    pub(crate) plan: Arc<P>,
    /// The bytes that it takes.
    pub(crate) bytes: usize,
    /// The bytes that all kept plans may take.
    pub(crate) limit: usize,
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Asks for number `n`, of as many bytes, and tells whether it was made.
    fn ask(store: &Store, n: usize, limit: usize) -> bool {
        let mut made = false;
        let plan = store.plan((n, false), || {
            made = true;
            Ok::<_, Infallible>(Made { plan: Arc::new(n), bytes: n, limit })
        });
        assert_eq!(plan, Ok(Arc::new(n)));
        made
    }

    /// Asks for numbers in turn, several times, and tells how many were made after the first time.
    fn in_turn(store: &Store, numbers: std::ops::Range<usize>) -> usize {
        let first = numbers.clone().filter(|&n| ask(store, n, usize::MAX)).count();
        assert_eq!(first, numbers.len());
        (0..3).flat_map(|_| numbers.clone()).filter(|&n| ask(store, n, usize::MAX)).count()
    }

    #[test]
    fn what_fits_is_made_once() {
        for count in [1, 63, 64, 65, 200, PLANS] {
            assert_eq!(in_turn(&Store::default(), 1..count + 1), 0, "{count}");
        }
    }

    #[test]
    fn beyond_the_count_the_least_recently_used_goes() {
        let store = Store::default();
        (0..PLANS).for_each(|n| assert!(ask(&store, n, usize::MAX)));
        assert!(!ask(&store, 0, usize::MAX)); // 1 is the oldest now
        assert!(ask(&store, PLANS, usize::MAX));
        assert!(!ask(&store, 0, usize::MAX));
        assert!(ask(&store, 1, usize::MAX)); // and 2 has gone for it
        assert!(ask(&store, 2, usize::MAX));
        assert!(!ask(&store, PLANS, usize::MAX));
    }

    #[test]
    fn beyond_the_bytes_as_many_go_as_need_be() {
        let store = Store::default();
        (1..=4).for_each(|n| assert!(ask(&store, n, 10)));
        assert_eq!(store.bytes(), 10);
        assert!(!ask(&store, 1, 10));
        assert!(ask(&store, 5, 10)); // 2 and 3 go
        assert_eq!(store.bytes(), 10);
        assert!(!ask(&store, 4, 10));
        assert!(ask(&store, 11, 10)); // never kept, and nothing goes for it
        assert!(ask(&store, 11, 10));
        assert!(!ask(&store, 1, 10) && !ask(&store, 5, 10) && !ask(&store, 4, 10));
        assert!(ask(&store, 2, 6)); // a lower limit: 4 alone stays
        assert_eq!(store.bytes(), 6);
        store.shrink(5);
        assert_eq!(store.bytes(), 2);
        store.shrink(0);
        assert_eq!(store.bytes(), 0);
        assert!(ask(&store, 2, 6));
    }

    #[test]
    fn plans_of_different_types_and_directions_are_different() {
        let store = Store::default();
        let make = |plan: &'static str| {
            let made = Made::<str> { plan: plan.into(), bytes: 1, limit: 9 };
            move || Ok::<_, Infallible>(made)
        };
        assert_eq!(store.plan((5, false), make("forward")), Ok("forward".into()));
        assert_eq!(store.plan((5, true), make("inverse")), Ok("inverse".into()));
        assert!(ask(&store, 5, 100));
        assert_eq!(store.plan((5, false), make("again")), Ok("forward".into()));
        assert_eq!(store.plan((5, true), make("again")), Ok("inverse".into()));
    }

    #[test]
    fn what_fails_leaves_nothing() {
        let store = Store::default();
        let failed = store.plan((3, false), || Err::<Made<usize>, _>("no memory"));
        assert_eq!(failed, Err("no memory"));
        assert_eq!(store.bytes(), 0);
        assert!(ask(&store, 3, 9));
    }

    #[test]
    fn threads_that_miss_together_get_one_plan() {
        let (store, together, made) = (Store::default(), Barrier::new(4), AtomicUsize::new(0));
        let ask = || {
            store.plan((7, false), || {
                together.wait(); // which none passes before all have missed: nobody holds the lock
                let plan = Arc::new(made.fetch_add(1, Ordering::Relaxed));
                Ok::<_, Infallible>(Made { plan, bytes: 8, limit: 100 })
            })
        };
        let plans: Vec<Arc<usize>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        assert_eq!(made.load(Ordering::Relaxed), 4);
        assert!(plans.iter().all(|plan| Arc::ptr_eq(plan, &plans[0])));
        assert_eq!(store.bytes(), 8);
    }

    #[test]
    fn a_lock_that_nobody_gives_back_stops_nobody() {
        let store = Store::default();
        assert!(ask(&store, 3, 9));
        std::mem::forget(store.lock()); // as in the child of a fork
        assert!(ask(&store, 3, 9) && ask(&store, 3, 9));
        store.shrink(0);
        assert_eq!(store.bytes(), 0);
    }

    #[test]
    fn many_threads_keep_the_bound() {
        let store = Store::default();
        std::thread::scope(|scope| {
            for thread in 0..4usize {
                let store = &store;
                scope.spawn(move || {
                    for k in 0..500 {
                        ask(store, 1 + (k * (thread + 3)) % 40, 100);
                        assert!(store.bytes() <= 100);
                        if k % 100 == 99 {
                            store.shrink(0);
                        }
                    }
                });
            }
        });
        assert!(store.bytes() <= 100);
    }
}
