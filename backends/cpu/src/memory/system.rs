//! Memory straight from the operating system, and how much of it there is.

use std::ptr::NonNull;
use std::sync::OnceLock;

/// The size of a huge page: blocks as large begin at a multiple, so that they can be made of huge pages.
const HUGE_PAGE: usize = 2 << 20;

/// A fresh block of `size` bytes (a multiple of the page size), all of them 0; `None` if there is none.
///
/// On Linux it is a mapping of its own, and huge pages are asked for: with pages of 4 KiB, touching a
/// fresh block takes several times as long as writing it.
#[cfg(all(unix, not(miri)))]
pub(super) fn map(size: usize) -> Option<NonNull<u8>> {
    let slack = if size < HUGE_PAGE { 0 } else { HUGE_PAGE };
    let room = size.checked_add(slack)?;
    // SAFETY: a new private mapping at an address that the system chooses touches no memory of ours;
    // what is unmapped again are the ends of that mapping, which nobody uses.
    unsafe {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
        let base = libc::mmap(std::ptr::null_mut(), room, protection, flags, -1, 0);
        if base == libc::MAP_FAILED {
            return None;
        }
        if slack == 0 {
            return NonNull::new(base.cast());
        }
        let before = base.align_offset(HUGE_PAGE);
        let start = base.wrapping_byte_add(before);
        if before > 0 {
            libc::munmap(base, before);
        }
        libc::munmap(start.wrapping_byte_add(size), HUGE_PAGE - before);
        // advice alone: a system without huge pages ignores it
        #[cfg(target_os = "linux")]
        libc::madvise(start, size, libc::MADV_HUGEPAGE);
        NonNull::new(start.cast())
    }
}

/// Gives a block back.
///
/// # Safety
/// The block is from [`map`], with this size, and nobody uses it any more.
#[cfg(all(unix, not(miri)))]
pub(super) unsafe fn unmap(block: NonNull<u8>, size: usize) {
    // SAFETY: the caller's.
    unsafe { libc::munmap(block.as_ptr().cast(), size) };
}

/// Whether so many bytes could be allocated now.
#[cfg(all(unix, not(miri)))]
pub(super) fn has(size: usize) -> bool {
    can_map(size, libc::PROT_READ | libc::PROT_WRITE)
}

/// Whether so many addresses could be taken now, which a process may be limited in.
#[cfg(all(target_os = "linux", not(miri)))]
pub(super) fn has_addresses(size: usize) -> bool {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the call writes the struct.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut limit) } == 0;
    // without access, addresses are counted, but no memory is
    known && limit.rlim_cur == libc::RLIM_INFINITY || can_map(size, libc::PROT_NONE)
}

#[cfg(all(unix, not(miri)))]
fn can_map(size: usize, protection: libc::c_int) -> bool {
    // SAFETY: as of `map`; the mapping is taken back at once, and nobody has used it.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
        let base = libc::mmap(std::ptr::null_mut(), size, protection, flags, -1, 0);
        base != libc::MAP_FAILED && libc::munmap(base, size) == 0
    }
}

/// A fresh block of `size` bytes, all of them 0; `None` if there is none.
#[cfg(not(all(unix, not(miri))))]
pub(super) fn map(size: usize) -> Option<NonNull<u8>> {
    let layout = std::alloc::Layout::from_size_align(size.max(1), HUGE_PAGE).ok()?;
    // SAFETY: the size is not 0.
    NonNull::new(unsafe { std::alloc::alloc_zeroed(layout) })
}

/// Gives a block back.
///
/// # Safety
/// The block is from [`map`], with this size, and nobody uses it any more.
#[cfg(not(all(unix, not(miri))))]
pub(super) unsafe fn unmap(block: NonNull<u8>, size: usize) {
    // SAFETY: as it was allocated.
    unsafe {
        let layout = std::alloc::Layout::from_size_align_unchecked(size.max(1), HUGE_PAGE);
        std::alloc::dealloc(block.as_ptr(), layout);
    }
}

/// Whether so many bytes could be allocated now.
#[cfg(not(all(unix, not(miri))))]
pub(super) fn has(size: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(size).is_ok()
}

/// Whether so many addresses could be taken now: hardly anybody is limited in them.
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(super) fn has_addresses(_: usize) -> bool {
    true
}

/// How much memory there is for us: main memory and swap, or what the process may use of it. A larger
/// block is refused at once, since a system that grants it would end the process when it is written.
pub(super) fn available() -> usize {
    static AVAILABLE: OnceLock<usize> = OnceLock::new();
    *AVAILABLE.get_or_init(|| physical().unwrap_or(isize::MAX as usize))
}

#[cfg(all(target_os = "linux", not(miri)))]
fn physical() -> Option<usize> {
    // SAFETY: the struct consists of integers, for which 0 is a value, and the call fills it.
    let info = unsafe {
        let mut info: libc::sysinfo = std::mem::zeroed();
        if libc::sysinfo(&mut info) != 0 {
            return None;
        }
        info
    };
    let unit = info.mem_unit.max(1) as u64;
    let swap = (info.totalswap as u64).saturating_mul(unit);
    // a container's limit, if it has one
    let limit = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok());
    let main = (info.totalram as u64).saturating_mul(unit).min(limit.unwrap_or(u64::MAX));
    usize::try_from(main.saturating_add(swap)).ok()
}

#[cfg(all(target_vendor = "apple", not(miri)))]
fn physical() -> Option<usize> {
    // SAFETY: a query.
    let (pages, size) =
        unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    usize::try_from(pages).ok()?.checked_mul(usize::try_from(size).ok()?)
}

#[cfg(any(miri, not(any(target_os = "linux", target_vendor = "apple"))))]
fn physical() -> Option<usize> {
    None
}
