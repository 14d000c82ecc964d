//! Where memory is short a call returns an error: it never ends the process. Each test runs in a process of its
//! own, whose memory the system limits once what it needs in any case is there (threads, and what they keep).
#![cfg(all(feature = "cpu", target_os = "linux"))]

use std::process::Command;

#[path = "common/calls.rs"]
#[allow(dead_code)] // each test uses a part of it
mod calls;

use arrayspace::options::Transform;
use arrayspace::prelude::*;
use arrayspace::{Element, Error};
use calls::{Call, every_call};

const MIB: usize = 1 << 20;

/// Runs a test in a process of its own: the same program, which is told so.
fn alone(name: &str, test: impl FnOnce() -> Result<()>) {
    const TOLD: &str = "ARRAYSPACE_SHORT_OF_MEMORY";
    if std::env::var_os(TOLD).is_some() {
        prepare().expect("what is needed in any case");
        return test().unwrap_or_else(|e| panic!("{e}"));
    }
    let program = std::env::current_exe().expect("the path of the test");
    let output = Command::new(program)
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        // the allocator would give each thread addresses of its own, as many as the limits here
        .envs([(TOLD, "1"), ("RAYON_NUM_THREADS", "2"), ("MALLOC_ARENA_MAX", "1")])
        .output()
        .expect("the test starts");
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    assert!(
        text.contains("1 passed") && output.status.success(),
        "{}: {}\n{text}\n{}",
        name,
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Makes what threads keep: stacks, the allocator's memory, room to multiply matrices in.
fn prepare() -> Result<()> {
    let xp = Cpu::new();
    let product = || {
        let x = xp.reshape(&xp.arange(1.0, 40_001.0, 1.0, ())?, (200, 200), ())?;
        xp.linalg().qr(xp.tril(&x, ())?, ()).map(drop)
    };
    product()?;
    rayon::broadcast(|_| product()).into_iter().collect::<Result<()>>()?;
    let large = xp.ones((1000, 1000), ())?;
    xp.sum(xp.matmul(&large, &large)?, ())?;
    Ok(())
}

/// A limit on the memory of this process, until it is dropped.
struct Limit;

impl Limit {
    /// So many bytes beyond those that it has now.
    fn beyond(bytes: usize) -> Limit {
        let status = std::fs::read_to_string("/proc/self/status").expect("what the process has");
        let line = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("its size");
        let kib: usize = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        set((kib * 1024 + bytes) as u64);
        Limit
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        set(libc::RLIM_INFINITY);
    }
}

fn set(bytes: u64) {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the struct is whole, and the call reads it.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
}

/// An error for want of memory, and nothing else.
#[track_caller]
fn assert_short<T>(result: Result<T>) {
    match result {
        Err(e @ Error::OutOfMemory(_)) => assert!(e.text().contains("out of memory"), "{e}"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a result"),
    }
}

/// One element in a shape.
fn spread<N: Namespace>(xp: &N, shape: &[usize], dtype: DType) -> Result<Array<N>> {
    xp.broadcast_to(&xp.ones((), dtype)?, shape)
}

#[test]
fn what_is_kept_on_the_host() {
    alone("what_is_kept_on_the_host", || {
        let xp = &Cpu::new();
        Cpu::release_pool();
        let limit = Limit::beyond(64 * MIB);
        // a view for each of so many rows
        assert_short(xp.unstack(&spread(xp, &[1 << 34], DType::Int8)?, ()));
        assert_short(xp.unstack(&xp.zeros([1usize << 60, 0], ())?, ()));
        assert_short(xp.unstack(&spread(xp, &[2, 1 << 20], DType::Int8)?, 1));
        assert_eq!(xp.unstack(&spread(xp, &[2, 1 << 10], DType::Int8)?, 1)?.len(), 1 << 10);
        // a place for each of so many elements
        let counts = xp.asarray([1i64 << 34, 1], ())?;
        let pair = xp.asarray([7u8, 8], ())?;
        assert_short(xp.repeat(&pair, &counts, ()));
        assert_short(xp.repeat(&pair, xp.asarray([20 << 20, 1], ())?, ()));
        let none = xp.repeat(&xp.zeros((2, 0), DType::UInt8)?, &counts, 0)?;
        assert_eq!(none.shape(), [(1 << 34) + 1, 0]);
        let many = spread(xp, &[1 << 34], DType::Int8)?;
        assert_short(xp.repeat(&many, &many, ()));
        assert_short(xp.repeat(&pair, 1i64 << 40, ()));
        let few = xp.repeat(&pair, xp.asarray([2, 1], ())?, ())?;
        assert_eq!(few.to_vec::<u8>()?, [7, 7, 8]);
        // vectors: one that fits once does not need to fit twice
        macro_rules! vectors {
            ($($d:ident $t:ty),*) => { $(
                assert_short(spread(xp, &[1 << 40], DType::$d)?.to_vec::<$t>());
                let fits = 40 * MIB / size_of::<$t>();
                {
                    let vector = spread(xp, &[2, fits / 2], DType::$d)?.to_vec::<$t>()?;
                    assert!(vector.iter().all(|x| x.to_scalar().is_nonzero()));
                }
            )* };
        }
        vectors!(Bool bool, Int8 i8, UInt16 u16, Int32 i32, Float64 f64);
        // what is printed is never more than a page
        assert!(format!("{many} {:?}", xp.zeros([1usize << 60, 0], ())?).len() < 10_000);
        drop(limit);
        Ok(())
    });
}

#[test]
fn plans_of_fourier_transforms() {
    alone("plans_of_fourier_transforms", || {
        let xp = &Cpu::new();
        Cpu::set_pool_limit(1 << 30);
        let at = |n: usize| Transform::new().n(n as i64);
        // a prime before which there is no smooth number: Bluestein's algorithm, in several times the memory
        let n = 1_000_003;
        let impulse =
            xp.concat([&xp.zeros(1, DType::Complex128)?, &xp.ones(1, DType::Complex128)?], ())?;
        let right = |spectrum: &Array<Cpu>| -> Result<()> {
            for k in [0, 1, 2, 77, n / 2, n - 1] {
                let turn = -2.0 * std::f64::consts::PI * k as f64 / n as f64;
                let found = spectrum.get(k as i64)?;
                let (re, im) = (xp.real(&found)?.item::<f64>()?, xp.imag(&found)?.item::<f64>()?);
                assert!((re - turn.cos()).abs() < 1e-10 && (im - turn.sin()).abs() < 1e-10, "{k}");
            }
            Ok(())
        };
        {
            let _limit = Limit::beyond(100 * MIB);
            for _ in 0..2 {
                assert_short(xp.fft().fft(&impulse, at(n)));
                assert_short(xp.fft().ifft(&impulse, at(n)));
                assert_short(xp.fft().rfft(xp.real(&impulse)?, at(2 * n)));
                assert_short(xp.fft().rfft(xp.real(&impulse)?, at(n)));
                assert_short(xp.fft().irfft(&impulse, at(2 * n)));
                assert_short(xp.fft().irfft(&impulse, at(n)));
            }
            assert_eq!(Cpu::plan_bytes(), 0);
            // as many elements, in lines that can be transformed
            let lines = xp.fft().fft(&xp.ones((1000, 1024), DType::Complex128)?, ())?;
            assert_eq!(xp.real(lines.get((999, 0))?)?.item::<f64>()?, 1024.0);
        }
        {
            // what is asked for is what it takes, more or less
            let _limit = Limit::beyond(400 * MIB);
            right(&xp.fft().fft(&impulse, at(n))?)?;
            Cpu::release_pool();
            assert_eq!(Cpu::plan_bytes(), 0);
        }
        {
            // plans that are kept go where there is no other memory
            right(&xp.fft().fft(&impulse, at(n))?)?;
            let kept = Cpu::plan_bytes();
            assert!(kept > 50 * MIB, "{kept}");
            let _limit = Limit::beyond(MIB);
            right(&xp.fft().fft(&impulse, at(n))?)?;
            drop(xp.zeros(10 * MIB, DType::UInt8)?);
            assert!(Cpu::plan_bytes() < kept);
        }
        {
            Cpu::release_pool();
            let _limit = Limit::beyond(1200 * MIB);
            assert_short(xp.fft().fft(&xp.ones(6_700_417, DType::Complex128)?, ()));
            for n in [1usize << 32, (1 << 32) - 5, (1 << 33) - 9, 1 << 40, i64::MAX as usize] {
                assert_short(xp.fft().fft(&impulse, at(n)));
                assert_short(xp.fft().rfft(xp.real(&impulse)?, at(n)));
                assert_short(xp.fft().irfft(&impulse, at(n)));
            }
        }
        Ok(())
    });
}

#[test]
fn decompositions() {
    alone("decompositions", || {
        let xp = &Cpu::new();
        let la = xp.linalg();
        // one matrix, few large ones, and many, of which each thread has some
        for shape in [&[300, 300][..], &[3, 200, 200], &[150, 60, 60]] {
            let n = shape[shape.len() - 1];
            let eye = xp.eye(n, None, ())?;
            let x = &xp.add(xp.multiply(&eye, n as f64)?, xp.ones(shape, ())?)?;
            // more and more room, until there is enough for each
            let (mut short, mut room) = (0, MIB);
            loop {
                Cpu::release_pool();
                // how much products of matrices work in depends on the machine
                let limit = if room < 4096 * MIB { Some(Limit::beyond(room)) } else { None };
                let each: [(&str, Result<()>); 11] = [
                    ("cholesky", la.cholesky(x, ()).map(drop)),
                    ("eig", la.eig(x).map(drop)),
                    ("eigvals", la.eigvals(x).map(drop)),
                    ("eigh", la.eigh(x).map(drop)),
                    ("eigvalsh", la.eigvalsh(x).map(drop)),
                    ("qr", la.qr(x, ()).map(drop)),
                    ("svd", la.svd(x, ()).map(drop)),
                    ("svdvals", la.svdvals(x).map(drop)),
                    ("solve", la.solve(x, x).map(drop)),
                    ("inv", la.inv(x).map(drop)),
                    ("slogdet", la.slogdet(x).map(drop)),
                ];
                drop(limit);
                for (name, result) in &each {
                    assert!(
                        matches!(result, Ok(()) | Err(Error::OutOfMemory(_))),
                        "{name} {shape:?} {room}: {result:?}"
                    );
                }
                let failed = each.iter().filter(|(_, result)| result.is_err()).count();
                short += failed;
                if failed == 0 {
                    break;
                }
                assert!(room < 4096 * MIB, "{shape:?}: {each:?}");
                room *= 2;
            }
            println!("{shape:?}: {short} times short of memory, none with {} MiB", room / MIB);
            assert!(short >= 11, "{shape:?}");
        }
        Ok(())
    });
}

#[test]
fn every_function() {
    alone("every_function", || {
        let xp = &Cpu::new();
        let mut counts = [0usize; 3];
        // results do not fit, and then results fit but little else
        for (room, shapes) in [
            (100 * MIB, [&[4000, 4000][..], &[16_000_000][..], &[16_000_000][..]]),
            (40 * MIB, [&[1200, 1200][..], &[1_440_000][..], &[1_440_000][..]]),
        ] {
            for (number, shape) in shapes.into_iter().enumerate() {
                let dtypes = [DType::Float64, DType::Complex128, DType::Int64];
                let x = spread(xp, shape, dtypes[number])?;
                let small = if room < 64 * MIB { xp.add(&x, &x)? } else { x.clone() };
                Cpu::release_pool();
                let _limit = Limit::beyond(room);
                for Call { run, .. } in every_call::<Cpu>() {
                    for (x, y, k) in [(&small, &x, 1), (&x, &small, -1), (&x, &x, 0)] {
                        match run(xp, x, y, k) {
                            Ok(_) => counts[0] += 1,
                            Err(Error::OutOfMemory(_)) => counts[1] += 1,
                            Err(_) => counts[2] += 1,
                        }
                    }
                }
            }
        }
        println!(
            "{} results, {} times short of memory, {} other errors",
            counts[0], counts[1], counts[2]
        );
        assert!(counts[0] > 200 && counts[1] > 200, "{counts:?}");
        Ok(())
    });
}
