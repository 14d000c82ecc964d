//! What plans take is what they are said to take: their allocations are counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrayspace_fft::{Memory, NoRoom, Real, kept_bytes, shrink};

/// The system's allocator, counting.
struct Counting;

/// The bytes that are allocated now, and the most since this was set.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator does everything.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(live, Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Room for anything, or nothing; what was asked for is noted.
#[derive(Default)]
struct Noted {
    asked: Cell<usize>,
    none: bool,
}

impl Memory for Noted {
    fn room(&self, bytes: usize) -> bool {
        self.asked.set(bytes);
        !self.none
    }

    fn limit(&self) -> usize {
        usize::MAX
    }
}

/// Makes a plan for a length, which is kept.
type Make = fn(usize, &Noted) -> Result<(), NoRoom>;

/// The kinds of plans.
fn kinds<T: Real>() -> [(&'static str, Make); 4] {
    [
        ("forward", |n, noted| T::complex(n, false, noted).map(drop)),
        ("inverse", |n, noted| T::complex(n, true, noted).map(drop)),
        ("real forward", |n, noted| T::real_forward(n, noted).map(drop)),
        ("real inverse", |n, noted| T::real_inverse(n, noted).map(drop)),
    ]
}

/// Makes each kind of plan, and compares; notes what is wrong, and the largest of the quotients of what is
/// allocated and what was said.
fn check<T: Real>(n: usize, wrong: &mut Vec<String>, most: &mut [f64; 2]) {
    for (kind, make) in kinds::<T>() {
        shrink(0);
        let noted = Noted::default();
        let before = LIVE.load(Ordering::Relaxed);
        MOST.store(before, Ordering::Relaxed);
        make(n, &noted).unwrap();
        let kept = LIVE.load(Ordering::Relaxed) - before;
        let making = MOST.load(Ordering::Relaxed) - before;
        let (said, asked) = (kept_bytes(), noted.asked.get());
        // not much more, or transforms would be refused, and plans dropped, for nothing
        let close = |truth: usize, said: usize| truth <= said && said <= 4 * truth + 8192;
        if !close(kept, said) || !close(making, asked) {
            wrong.push(format!(
                "{kind} {n} of {} bytes: {kept} kept, {said} said; {making} allocated while it was made, \
                 {asked} said",
                size_of::<T>()
            ));
        }
        *most = [most[0].max(kept as f64 / said as f64), most[1].max(making as f64 / asked as f64)];
        shrink(0);
        assert_eq!(kept_bytes(), 0);
        let left = LIVE.load(Ordering::Relaxed).saturating_sub(before);
        assert!(left < 4096, "{kind} {n}: {left} bytes left");
    }
}

/// One test, since all share one count and one store.
#[test]
fn plans_take_what_they_are_said_to_take() {
    kinds::<f32>().iter().for_each(|(_, make)| make(5, &Noted::default()).unwrap());
    let (mut wrong, mut most) = (Vec::new(), [0.0; 2]);
    let lengths = (1..300)
        .chain([1021, 1024, 1031, 1729, 2039, 4093, 4095, 4096, 4099, 5040, 6561, 7 * 1009])
        // primes beside powers, twice a prime, a multiple and a square of one, powers, a product of many
        .chain([10_007, 17_389, 31 * 257, 37 * 1021, 65_535, 65_536, 65_537, 65_539])
        .chain([2 * 49_157, 257 * 257, 59_049, 3 * 11 * 13 * 17 * 19]);
    for n in lengths {
        check::<f32>(n, &mut wrong, &mut most);
        check::<f64>(n, &mut wrong, &mut most);
    }
    assert!(wrong.is_empty(), "{} lengths: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    println!("at most {:.2} of what was said is kept, {:.2} while it is made", most[0], most[1]);

    // where there is no room nothing is made, and nothing kept
    let (before, none) = (LIVE.load(Ordering::Relaxed), Noted { none: true, ..Noted::default() });
    for (kind, make) in kinds::<f64>() {
        MOST.store(before, Ordering::Relaxed);
        for n in [1, 8, 6_700_417, 1 << 32, usize::MAX] {
            assert_eq!(make(n, &none), Err(NoRoom(none.asked.get())), "{kind} {n}");
        }
        assert!(none.asked.get() >= usize::MAX / 2, "{kind}");
        assert!(MOST.load(Ordering::Relaxed) < before + 4096, "{kind}");
    }
    assert_eq!(kept_bytes(), 0);

    // what is kept is given without being asked for
    f64::complex(1000, false, &Noted::default()).map(drop).unwrap();
    assert!(f64::complex(1000, false, &none).is_ok());
    assert!(f64::complex(1000, true, &none).is_err());
    assert!(f32::complex(1000, false, &none).is_err());
    shrink(0);
    assert!(f64::complex(1000, false, &none).is_err());
}
