//! The process: how many threads there are to work, and what is left of them after a fork.
//!
//! Whatever shares work among threads asks here first. That there are none to be had (a container's limit of
//! processes) is no error: one thread computes the same. Nor is a fork: the child has a copy of all memory, but
//! of the threads the one alone that forked. To share work there would be to wait for ever, for helpers and for
//! rayon's workers that do not exist; it works alone.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::team::place;

/// How long rayon's pool may take to answer before work goes on without it: its workers may be at tasks of others, or
/// there may be none.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether that was waited for once.
static WAITED: AtomicBool = AtomicBool::new(false);

/// Where there is one processor, every so many calls are worth the question whether there are more by now.
const RECOUNT: usize = 64;

/// Whether this process is a child that was forked from one that used the library.
static FORKED: AtomicBool = AtomicBool::new(false);

/// What has been found out about the threads.
static STATE: Mutex<State> = Mutex::new(State::Unknown);

/// How many threads there are to work; 0 until it is decided.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Whether rayon's global pool has been seen to live in this process.
static POOL: AtomicBool = AtomicBool::new(false);

#[derive(Clone, Copy)]
enum State {
    Unknown,
    /// There is a pool of somebody else's, of so many threads, that has been asked to set [`POOL`]. (A process
    /// that used rayon, and then forked, leaves its child a pool without threads.)
    Asked(usize),
    Decided,
}

/// Whether the process was forked from one that used the library.
///
/// A handler of `pthread_atfork` tells: asking costs one read of memory, where a comparison of process ids is a
/// system call, and a page that the kernel wipes in children (`MADV_WIPEONFORK`) is Linux's alone. The children
/// that it does not see are made by the bare system call, and may not use the C library either.
#[inline]
pub(crate) fn is_forked() -> bool {
    FORKED.load(Ordering::Relaxed)
}

/// Has children told that they are such, from now on.
pub(crate) fn watch_forks() {
    #[cfg(all(
        any(
            target_os = "linux",
            target_os = "android",
            target_vendor = "apple",
            target_os = "freebsd",
            target_os = "netbsd",
            target_os = "openbsd"
        ),
        not(miri)
    ))]
    {
        unsafe extern "C" fn note() {
            FORKED.store(true, Ordering::Relaxed);
        }
        static WATCHED: AtomicBool = AtomicBool::new(false);
        if !WATCHED.swap(true, Ordering::Relaxed) {
            // SAFETY: the handler stores to a static, which may be done in a child of a process of threads. That
            // there is no memory to note it is all that can fail; nothing is done about that.
            unsafe { libc::pthread_atfork(None, None, Some(note)) };
        }
    }
}

/// How many threads work can be shared among, this one included: those of the pool that a thread of rayon's
/// belongs to, else those of its global pool. One where there are no others, where work is interpreted (to be
/// checked), and in a child of a fork.
#[inline]
pub(crate) fn threads() -> usize {
    if cfg!(miri) || is_forked() {
        return 1;
    }
    if rayon::current_thread_index().is_some() {
        return rayon::current_num_threads();
    }
    match THREADS.load(Ordering::Relaxed) {
        0 => decide(false),
        known => known,
    }
}

/// Calls `work` where it can use all threads of rayon's: of a pool of this thread alone where there are no others.
pub(crate) fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if has_pool() {
        return rayon::scope(|_| work());
    }
    // the pool that does not answer may be somebody's who needs this thread in it later
    if THREADS.load(Ordering::Acquire) == 0
        && !is_forked()
        && let Ok(one) = rayon::ThreadPoolBuilder::new().num_threads(1).build()
    {
        return one.install(work);
    }
    // The thread stays in that pool until it ends. Where it would else have to do without rayon, nothing is lost;
    // that it is in another pool, to which the fork has left no other thread, is the error, and serves as well.
    if let Ok(own) = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build() {
        std::mem::forget(own);
    }
    work()
}

/// Whether rayon's functions can be called on this thread, as the pool for them has been built and lives.
fn has_pool() -> bool {
    if is_forked() {
        return false;
    }
    if rayon::current_thread_index().is_some() {
        return true;
    }
    let begin = Instant::now();
    while !POOL.load(Ordering::Acquire) {
        decide(true);
        let is_decided = THREADS.load(Ordering::Acquire) > 0;
        let is_late = begin.elapsed() > PATIENCE || WAITED.load(Ordering::Relaxed);
        if !POOL.load(Ordering::Acquire) && (is_decided || is_late) {
            WAITED.store(true, Ordering::Relaxed);
            return false;
        }
        thread::sleep(Duration::from_micros(200));
    }
    true
}

/// Finds out how many threads there are. Until that is clear it is one. If `must_build`, the pool is built whatever
/// the number of processors.
#[cold]
fn decide(must_build: bool) -> usize {
    watch_forks();
    // who finds it locked works alone meanwhile (and in a child of a fork, nobody may ever unlock it)
    let Ok(mut state) = STATE.try_lock() else { return 1 };
    if let State::Unknown = *state {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        if !must_build && !is_number_given() {
            let asks = CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(RECOUNT);
            if !asks || place::is_single() {
                // not for good: a thread that is bound to a processor may be let go, and processors be added
                return 1;
            }
        }
        *state = build();
    }
    if let State::Asked(threads) = *state
        && POOL.load(Ordering::Acquire)
    {
        THREADS.store(threads, Ordering::Release);
        *state = State::Decided;
    }
    THREADS.load(Ordering::Acquire).max(1)
}

/// Whether the number of threads was chosen by who started the process.
fn is_number_given() -> bool {
    ["RAYON_NUM_THREADS", "RAYON_RS_NUM_CPUS"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Builds rayon's global pool, if nobody has. (Left to itself it is built by the first call, which panics if there
/// are no threads to be had.)
fn build() -> State {
    if cfg!(target_family = "wasm") {
        // rayon has a way of its own where there are no threads
        return built();
    }
    let outcome = place::with_all_processors(|| rayon::ThreadPoolBuilder::new().build_global());
    match outcome {
        Ok(()) => built(),
        // the system's error
        Err(error) if std::error::Error::source(&error).is_some() => alone(),
        // there is one already, or somebody has tried in vain; to learn which is to panic then
        Err(_) => match std::panic::catch_unwind(rayon::current_num_threads) {
            Ok(threads) => {
                rayon::spawn(|| POOL.store(true, Ordering::Release));
                State::Asked(threads)
            }
            Err(_) => alone(),
        },
    }
}

fn built() -> State {
    POOL.store(true, Ordering::Release);
    THREADS.store(rayon::current_num_threads(), Ordering::Release);
    State::Decided
}

fn alone() -> State {
    THREADS.store(1, Ordering::Release);
    State::Decided
}
