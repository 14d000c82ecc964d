//! Memory goes back: what arrays took is freed with them. (Blocks of a mebibyte and more come from a pool,
//! which has tests of its own.)
#![cfg(feature = "cpu")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};

use arrayspace::prelude::*;

/// The system's allocator, counting.
struct Counting;

/// The bytes that are allocated now.
static LIVE: AtomicIsize = AtomicIsize::new(0);

// SAFETY: the system's allocator does everything.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Some of everything with arrays of 100 kB.
fn work(xp: &Cpu) -> Result<()> {
    let x = xp.asarray((0..12_500).map(f64::from).collect::<Vec<_>>(), ())?;
    let x = xp.reshape(&x, (125, 100), ())?;
    let mut y = xp.add(&x, xp.sqrt(&x)?)?;
    y.set((.., 0), 1.0)?;
    let sums = xp.sum(xp.matmul(x.T()?, &y)?, ())?;
    let sorted = xp.sort(&y, ())?;
    let found = xp.nonzero(xp.greater(&sorted, &sums)?)?;
    drop(xp.unique_values(xp.concat([&x, &y], ())?)?.to_vec::<f64>()?);
    drop(found);
    assert!(xp.reshape(&x, (3, 3), ()).is_err());
    Ok(())
}

#[test]
fn nothing_is_kept() -> Result<()> {
    let xp = Cpu::new();
    for _ in 0..20 {
        work(&xp)?; // what is made once, such as threads
    }
    let before = LIVE.load(Ordering::Relaxed);
    for _ in 0..100 {
        work(&xp)?;
    }
    let more = LIVE.load(Ordering::Relaxed) - before;
    // one array kept by each round would be twice as much
    assert!(more < 5_000_000, "{more} bytes more");
    Ok(())
}
