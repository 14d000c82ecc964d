//! Memory straight from the operating system, and how much of it there is.

use std::ptr::NonNull;
use std::sync::OnceLock;

use crate::process::watch_forks;

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
    *AVAILABLE.get_or_init(|| {
        watch_forks(); // the pool asks before it is locked
        physical().unwrap_or(isize::MAX as usize)
    })
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
    let (main, swap) = (info.totalram as u64, info.totalswap as u64);
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let limits = limits("", &read("/proc/self/cgroup"), &read("/proc/self/mountinfo"));
    let main = main.saturating_mul(unit).min(limits.main);
    let swap = swap.saturating_mul(unit).min(limits.swap);
    usize::try_from(main.saturating_add(swap).min(limits.both)).ok()
}

/// The bytes that a process may use for all its control groups.
#[cfg(all(target_os = "linux", not(miri)))]
#[derive(Debug, PartialEq)]
struct Limits {
    main: u64,
    swap: u64,
    /// Main memory and swap together.
    both: u64,
}

/// The limits of the control groups that a process is in, by what `/proc` tells of its groups and its mounts: of
/// both versions, the least of a group and of all above it that can be seen. Before all paths comes `root`.
#[cfg(all(target_os = "linux", not(miri)))]
fn limits(root: &str, groups: &str, mounts: &str) -> Limits {
    let mut limits = Limits { main: u64::MAX, swap: u64::MAX, both: u64::MAX };
    for mount in mounts.lines() {
        // numbers, the group that is mounted, where to - the file system, its source, its options
        let Some((place, kind)) = mount.split_once(" - ") else { continue };
        let (place, mut kind) = (place.split(' ').skip(3), kind.split(' '));
        let [top, point] = place.take(2).collect::<Vec<_>>()[..] else { continue };
        let (version, options) = (kind.next(), kind.nth(1).unwrap_or_default());
        let controller = match version {
            Some("cgroup2") => "",
            Some("cgroup") if options.split(',').any(|option| option == "memory") => "memory",
            _ => continue,
        };
        let group = groups.lines().find_map(|line| {
            let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
            controllers.split(',').any(|name| name == controller).then_some(path)
        });
        let Some(group) = group else { continue };
        // a group that is not below the one that is mounted cannot be seen
        let below = group.strip_prefix(top).filter(|path| !path.contains("..")).unwrap_or_default();
        let mut directory = format!("{root}{point}");
        for name in [""].into_iter().chain(below.split('/').filter(|name| !name.is_empty())) {
            directory = format!("{directory}/{name}");
            let least = |limit: &mut u64, file| {
                let text = std::fs::read_to_string(format!("{directory}/{file}"));
                // "max" is none
                if let Some(bytes) = text.ok().and_then(|text| text.trim().parse::<u64>().ok()) {
                    *limit = bytes.min(*limit);
                }
            };
            least(&mut limits.main, "memory.max");
            least(&mut limits.swap, "memory.swap.max");
            least(&mut limits.main, "memory.limit_in_bytes");
            least(&mut limits.both, "memory.memsw.limit_in_bytes");
        }
    }
    limits
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

#[cfg(all(test, target_os = "linux", not(miri)))]
mod tests {
    use super::*;

    /// Files of control groups, which are gone with it.
    struct Groups(std::path::PathBuf);

    impl Groups {
        fn new(name: &str, files: &[(&str, &str)]) -> Groups {
            let root =
                std::env::temp_dir().join(format!("arrayspace-{name}-{}", std::process::id()));
            for (path, text) in files {
                let path = root.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Groups(root)
        }

        fn limits(&self, groups: &str, mounts: &str) -> [Option<u64>; 3] {
            let Limits { main, swap, both } = limits(self.0.to_str().unwrap(), groups, mounts);
            [main, swap, both].map(|limit| Some(limit).filter(|&bytes| bytes < u64::MAX))
        }
    }

    impl Drop for Groups {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_least_limit_of_all_groups_above() {
        let mounts = "25 1 0:23 / / rw - ext4 /dev/vda rw\n\
            30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
        let files = Groups::new(
            "unified",
            &[
                ("sys/fs/cgroup/a/memory.max", "3000\n"),
                ("sys/fs/cgroup/a/memory.swap.max", "max\n"),
                ("sys/fs/cgroup/a/b/memory.max", "1000\n"),
                ("sys/fs/cgroup/a/b/memory.swap.max", "0\n"),
                ("sys/fs/cgroup/a/b/c/memory.max", "max\n"),
                ("sys/fs/cgroup/a/b/d/memory.max", "2000\n"),
                ("sys/fs/cgroup/a/b/e/memory.max", "500\n"),
            ],
        );
        for (group, main, swap) in [
            ("/", None, None),
            ("/a", Some(3000), None),
            ("/a/b", Some(1000), Some(0)),
            ("/a/b/c", Some(1000), Some(0)),
            ("/a/b/d", Some(1000), Some(0)),
            ("/a/b/e", Some(500), Some(0)),
            ("/a/gone", Some(3000), None),
            ("/../../a", None, None),
        ] {
            let found = files.limits(&format!("1:name=systemd:/x\n0::{group}\n"), mounts);
            assert_eq!(found, [main, swap, None], "{group}");
        }
        assert_eq!(files.limits("0::/a\n", ""), [None; 3]);
        assert_eq!(files.limits("", mounts), [None; 3]);
    }

    #[test]
    fn groups_of_the_first_version_in_a_container() {
        // the container sees its own group as the root of the mount, and its name from outside
        let mounts = "31 30 0:27 /docker/1f /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n\
            32 30 0:28 /docker/1f /sys/fs/cgroup/memory ro master:9 - cgroup cgroup rw,memory\n";
        let files = Groups::new(
            "first",
            &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", "7000\n"),
                ("sys/fs/cgroup/memory/memory.memsw.limit_in_bytes", "9000\n"),
                ("sys/fs/cgroup/memory/own/memory.limit_in_bytes", "9223372036854771712\n"),
                ("sys/fs/cgroup/memory/own/memory.memsw.limit_in_bytes", "8000\n"),
                ("sys/fs/cgroup/cpu/memory.limit_in_bytes", "1\n"),
            ],
        );
        for (group, both) in [("/docker/1f", 9000), ("/docker/1f/own", 8000), ("/docker/2e", 9000)]
        {
            let found =
                files.limits(&format!("3:cpu,cpuacct:/docker/1f\n4:memory:{group}\n"), mounts);
            assert_eq!(found, [Some(7000), None, Some(both)], "{group}");
        }
    }

    #[test]
    fn there_is_memory() {
        assert!(available() > 1 << 20);
    }
}
