//! Processes of all kinds: one that can have no threads, a child of a fork, one whose threads are bound to processors.
//! Each test does its work in a process of its own, which is ended if it hangs.
#![cfg(all(feature = "cpu", target_os = "linux"))]

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arrayspace::Complex;
use arrayspace::options::Transform;
use arrayspace::prelude::*;
use rayon::prelude::*;

/// Tells a process that it is to do the work of a test.
const MARK: &str = "ARRAYSPACE_TEST_PROCESS";

/// What a process says that has done its work: the harness says 0 of no tests at all.
const DONE: i32 = 42;

/// How long the work of a test may take.
const TIME: Duration = Duration::from_secs(120);

/// Does `work` in a process of its own, with these variables in its environment.
fn in_process(test: &str, variables: &[(&str, &str)], work: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        work();
        std::process::exit(DONE);
    }
    let mut process = Command::new(std::env::current_exe().expect("the test itself"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(MARK, "1")
        .env_remove("RAYON_NUM_THREADS")
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let begin = Instant::now();
    loop {
        if let Some(status) = process.try_wait().expect("its state") {
            assert_eq!(status.code(), Some(DONE), "{test}, with {variables:?}: {status}");
            return;
        }
        if begin.elapsed() > TIME {
            process.kill().expect("to end it");
            process.wait().expect("its end");
            panic!("{test}, with {variables:?}, hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A call of each family that shares its work among threads: its name, and a digest of the bits of its result.
fn families() -> Result<Vec<(&'static str, u64)>> {
    let xp = Cpu::new();
    let line = xp.linspace(-1.0, 1.0, 300_000, ())?;
    let x = xp.sin(xp.multiply(xp.square(&line)?, 1e5)?)?;
    let wide = xp.reshape(&x, (300, 1000), ())?;
    let matrix = xp.reshape(x.get(..90_000)?, (300, 300), ())?;
    let spd = xp.add(xp.matmul(&matrix, matrix.mT()?)?, xp.eye(300, None, ())?)?;
    let tall = xp.reshape(&x, (37_500, 8), ())?;
    let stack = xp.reshape(&x, (30, 100, 100), ())?;
    let order = xp.argsort(&x, ())?;
    let (linalg, fft) = (xp.linalg(), xp.fft());
    let results = [
        ("elementwise", xp.exp(&x)?),
        ("copy of a transpose", xp.reshape(wide.mT()?, -1, ())?),
        ("sum", xp.sum(&x, ())?),
        ("sum of columns", xp.sum(&wide, 0)?),
        ("argmax", xp.argmax(&wide, 1)?),
        ("scan", xp.cumulative_sum(&x, ())?),
        ("sort", xp.sort(&x, ())?),
        ("sort of columns", xp.sort(&wide, 0)?),
        ("take", xp.take(&x, &order, ())?),
        ("mask", x.get(&xp.greater(&x, 0.25)?)?),
        ("unique", xp.unique_values(xp.round(xp.multiply(&x, 1e4)?)?)?),
        ("search", xp.searchsorted(&line, &x, ())?),
        ("matmul", xp.matmul(&matrix, &matrix)?),
        ("solve", linalg.solve(&spd, &matrix)?),
        ("slogdet", linalg.slogdet(&matrix)?.logabsdet),
        ("cholesky", linalg.cholesky(&spd, ())?),
        ("qr of a tall matrix", linalg.qr(&tall, ())?.r),
        ("svd of a tall matrix", linalg.svdvals(&tall)?),
        ("svd", linalg.svd(&matrix, ())?.u),
        ("eigvalsh", linalg.eigvalsh(&spd)?),
        ("qr of a stack", linalg.qr(&stack, ())?.q),
        ("fft", fft.fft(xp.astype(&x, DType::Complex128, ())?, ())?),
        ("fft of columns", fft.rfft(&wide, Transform::new().axis(0))?),
    ];
    let digest = |x: &Array<Cpu>| -> Result<u64> {
        let values = xp.astype(x, DType::Complex128, ())?.to_vec::<Complex<f64>>()?;
        let words = values.iter().flat_map(|z| [z.re.to_bits(), z.im.to_bits()]);
        Ok(words.fold(1, |hash: u64, word| {
            (hash.rotate_left(7) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        }))
    };
    results.iter().map(|(name, x)| Ok((*name, digest(x)?))).collect()
}

/// The threads of this process whose name begins with `start`.
fn threads_named(start: &str) -> Vec<i32> {
    let threads = std::fs::read_dir("/proc/self/task").expect("the threads");
    let ids = threads.flatten().filter_map(|thread| thread.file_name().to_str()?.parse().ok());
    ids.filter(|id| {
        std::fs::read_to_string(format!("/proc/self/task/{id}/comm"))
            .is_ok_and(|name| name.starts_with(start))
    })
    .collect()
}

/// The processors that a thread may use; 0 is the calling one.
fn processors(thread: i32) -> Vec<usize> {
    // SAFETY: the set consists of integers, for which 0 is a value, and the call fills it.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        assert_eq!(libc::sched_getaffinity(thread, size_of_val(&set), &mut set), 0);
        (0..libc::CPU_SETSIZE as usize).filter(|&k| libc::CPU_ISSET(k, &set)).collect()
    }
}

/// How many threads the process should have, by its processors and what it may use of their time.
fn available() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

/// Binds a thread to these processors; 0 is the calling one.
fn bind(thread: i32, to: &[usize]) {
    // SAFETY: the set consists of integers, for which 0 is a value; the numbers are those of processors.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        to.iter().for_each(|&k| libc::CPU_SET(k, &mut set));
        assert_eq!(libc::sched_setaffinity(thread, size_of_val(&set), &set), 0);
    }
}

/// From now on, the calling thread can start no other.
fn deny_threads() {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, jt, k| libc::sock_filter { code, jt, jf: 0, k };
    // a limit of processes (`RLIMIT_NPROC`) is none for root: a filter of system calls gives the same error
    let mut filter = [
        step(LOAD, 0, 0), // the number of the call
        step(EQUAL, 2, libc::SYS_clone as u32),
        step(EQUAL, 1, libc::SYS_clone3 as u32),
        step(RETURN, 0, libc::SECCOMP_RET_ALLOW),
        step(RETURN, 0, libc::SECCOMP_RET_ERRNO | libc::EAGAIN as u32),
    ];
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the program is one, and lives until the call returns.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        assert_eq!(libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program), 0);
    }
    assert!(std::thread::Builder::new().spawn(|| ()).is_err(), "threads can be started yet");
}

/// Forks; the child calls `work`, and must end with success in a while.
fn in_child(work: impl FnOnce() -> bool) {
    // SAFETY: the child calls functions of the library and ends, which is what is tested.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(false);
        // SAFETY: it ends this process, without what others have registered for the end of its parent.
        unsafe { libc::_exit(i32::from(!done)) };
    }
    assert!(child > 0);
    let begin = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: the child is this process's own, and waited for once.
        match unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) } {
            0 if begin.elapsed() > TIME / 4 => {
                // SAFETY: as above.
                unsafe { libc::kill(child, libc::SIGKILL) };
                panic!("a child of a fork hangs");
            }
            0 => std::thread::sleep(Duration::from_millis(2)),
            _ => return assert_eq!(status, 0, "a child of a fork failed"),
        }
    }
}

/// What the library starts: helpers, and rayon's pool.
fn use_threads() {
    let wanted = families().expect("results");
    assert_eq!(families().expect("results"), wanted);
}

#[test]
fn without_threads_one_gives_the_same_bits() {
    let digests = || format!("{:?}", families().expect("results"));
    let wanted = std::env::var("WANTED").unwrap_or_else(|_| digests());
    for number in [None, Some(("RAYON_NUM_THREADS", "1")), Some(("RAYON_NUM_THREADS", "4"))] {
        let variables: Vec<_> = number.into_iter().chain([("WANTED", &wanted[..])]).collect();
        in_process("without_threads_one_gives_the_same_bits", &variables, || {
            deny_threads();
            assert_eq!(digests(), wanted);
            assert_eq!(threads_named("arrayspace"), []);
        });
    }
}

#[test]
fn a_child_of_a_fork_works_alone_and_leaves_its_parents_threads_where_they_are() {
    in_process(
        "a_child_of_a_fork_works_alone_and_leaves_its_parents_threads_where_they_are",
        &[("RAYON_NUM_THREADS", "3")],
        || {
            let wanted = families().expect("results");
            let helpers = threads_named("arrayspace");
            assert_eq!(helpers.len(), 2);
            let places = || helpers.iter().map(|&t| processors(t)).collect::<Vec<_>>();
            std::thread::sleep(Duration::from_millis(20)); // so that they sleep
            let before = places();
            in_child(|| {
                let mine = processors(0);
                mine.iter().take(2).all(|&k| {
                    bind(0, &[k]); // which helpers would be kept off
                    families().is_ok_and(|got| got == wanted)
                }) && threads_named("arrayspace").is_empty()
            });
            assert_eq!(places(), before);
            // the child of a child, and the parent
            in_child(|| {
                in_child(|| families().is_ok_and(|got| got == wanted));
                true
            });
            assert_eq!(families().expect("results"), wanted);
            assert_eq!(threads_named("arrayspace"), helpers);
        },
    );
}

#[test]
fn a_child_of_a_process_that_used_rayon_alone_works() {
    let digests = || format!("{:?}", families().expect("results"));
    let wanted = std::env::var("WANTED").unwrap_or_else(|_| digests());
    in_process(
        "a_child_of_a_process_that_used_rayon_alone_works",
        &[("RAYON_NUM_THREADS", "3"), ("WANTED", &wanted)],
        || {
            assert_eq!((0..100_000u64).into_par_iter().sum::<u64>(), 4_999_950_000);
            in_child(|| digests() == wanted);
            // in the parent its pool is found
            use_threads();
            assert_eq!(threads_named("arrayspace").len(), 2);
        },
    );
}

#[test]
fn a_fork_while_others_take_memory() {
    in_process("a_fork_while_others_take_memory", &[], || {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        drop(Cpu::new().empty(20_000, ()));
                    }
                });
            }
            for _ in 0..100 {
                in_child(|| {
                    let x = Cpu::new().ones(100_000, ());
                    x.and_then(|x| x.namespace().sum(&x, ())?.item::<f64>()) == Ok(1e5)
                });
            }
            stop.store(true, Ordering::Relaxed);
        });
    });
}

#[test]
fn the_first_call_of_a_bound_thread_decides_for_itself_alone() {
    let (all, threads) = (processors(0), available());
    if threads < 2 {
        return; // there is nothing to be bound to
    }
    let test = "the_first_call_of_a_bound_thread_decides_for_itself_alone";
    // other threads are free
    in_process(test, &[], || {
        let wanted = std::thread::scope(|scope| {
            let bound = scope.spawn(|| {
                bind(0, &all[..1]);
                let wanted = families().expect("results");
                assert_eq!(processors(0), all[..1]);
                wanted
            });
            bound.join().expect("results")
        });
        let helpers = threads_named("arrayspace");
        assert_eq!(helpers.len(), threads - 1);
        // but for one that they are kept off
        assert!(helpers.iter().all(|&t| processors(t).len() + 1 >= all.len()), "{all:?}");
        assert_eq!(families().expect("results"), wanted);
    });
}

#[test]
fn a_process_that_is_bound_to_one_processor_gets_threads_when_it_is_let_go() {
    let (all, threads) = (processors(0), available());
    if threads < 2 {
        return; // there is nothing to be bound to
    }
    let test = "a_process_that_is_bound_to_one_processor_gets_threads_when_it_is_let_go";
    in_process(test, &[], || {
        let xp = Cpu::new();
        // whatever the harness has started
        for thread in threads_named("") {
            bind(thread, &all[..1]);
        }
        let x = xp.ones((1000, 1000), ()).expect("an array");
        let call = || xp.exp(&x).expect("an array");
        (0..10).for_each(|_| drop(call()));
        assert_eq!(threads_named("arrayspace"), []);
        for thread in threads_named("") {
            bind(thread, &all);
        }
        (0..100).for_each(|_| drop(call()));
        assert_eq!(threads_named("arrayspace").len(), threads - 1);
    });
}
