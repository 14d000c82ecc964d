//! The pool of large blocks.
//!
//! Fresh memory is dear: the system must find, zero and map every page of a block the first time that
//! it is touched, which takes longer than most computations that fill it. Blocks that are no longer
//! needed are therefore kept for the next buffer of their size, the one last used first, since its
//! pages are the likeliest to be in a cache. Sizes are rounded up to one of four in each power of two
//! (as jemalloc's size classes are). The pool has a bound, beyond which the blocks that have been idle
//! longest are given back to the system.

use std::collections::{BTreeMap, VecDeque};
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use arrayspace_core::{Error, Result};

use super::system;
use crate::Cpu;
use crate::process::is_forked;

/// Blocks of fewer bytes come from the allocator, which is good at them. (It gives larger ones back to the
/// system as soon as they are free: a half of a MiB then takes five times as long to map as to transform.)
pub(super) const SMALLEST: usize = 1 << 16;

/// The bound on the bytes of idle blocks, unless it is set: this, or the given part of all memory.
const LIMIT: usize = 256 << 20;
const LIMIT_PART: usize = 8;

/// Plans of Fourier transforms that are kept take up to this part of the bound on idle blocks, or so many
/// bytes if that is more: short ones, which every transform would make anew, always stay.
const PLANS_PART: usize = 4;
const PLANS_LEAST: usize = 1 << 20;

/// The bytes from which on it is asked whether there is [`room`]. To ask takes a microsecond or two.
const ROOM_ASKED: usize = 1 << 18;

/// The pool that buffers come from.
pub(super) static POOL: Pool = Pool::new();

/// Blocks that are idle.
pub(super) struct Pool(Mutex<Idle>);

struct Idle {
    /// By size; in each, the one last used at the back.
    blocks: BTreeMap<usize, VecDeque<Block>>,
    bytes: usize,
    /// `None` until it is set.
    limit: Option<usize>,
    /// Counts the blocks that were given to the pool.
    clock: u64,
    /// Counts those that were taken.
    taken: u64,
}

struct Block {
    ptr: NonNull<u8>,
    since: u64,
}

// SAFETY: an idle block is memory that nobody uses; whoever takes it out is its only user.
unsafe impl Send for Block {}

/// The size of the block for a buffer of so many bytes, at least [`SMALLEST`]; `None` if it would exceed
/// the address space.
pub(super) fn class(bytes: usize) -> Option<usize> {
    // 2^(bits - 1) < bytes <= 2^bits, in four steps
    let bits = usize::BITS - (bytes.max(SMALLEST) - 1).leading_zeros();
    let size = bytes.max(SMALLEST).checked_next_multiple_of(1 << (bits - 3))?;
    (size <= isize::MAX as usize).then_some(size)
}

impl Pool {
    const fn new() -> Pool {
        Pool(Mutex::new(Idle {
            blocks: BTreeMap::new(),
            bytes: 0,
            limit: None,
            clock: 0,
            taken: 0,
        }))
    }

    /// The idle blocks. `None` if another thread has them in a child of a fork: it may be one of the parent's, which
    /// does not exist here and will never give them back. There are none, then.
    fn idle(&self) -> Option<MutexGuard<'_, Idle>> {
        // the first call has forks watched, and asks the system for what is not to be asked under the lock
        system::available();
        // the lock is held for steps that do not panic
        if !is_forked() {
            return Some(self.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match self.0.try_lock() {
            Ok(idle) => Some(idle),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// A block of a size that [`class`] gave, aligned to a page at least, and whether it is fresh, all 0.
    /// Its bytes are initialised in any case.
    pub(super) fn take(&self, size: usize) -> Option<(NonNull<u8>, bool)> {
        let recycled = self.idle().and_then(|mut idle| idle.take(size));
        if let Some(ptr) = recycled {
            return Some((ptr, false));
        }
        let fresh = system::map(size).or_else(|| {
            self.release();
            system::map(size)
        });
        fresh.map(|ptr| (ptr, true))
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// The block is from [`take`](Pool::take), with this size; nobody uses it any more; its bytes are
    /// initialised.
    pub(super) unsafe fn give(&self, ptr: NonNull<u8>, size: usize) {
        let limit = if let Some(mut idle) = self.idle() {
            let limit = idle.limit();
            if size <= limit {
                let since = idle.clock;
                idle.clock += 1;
                idle.bytes += size;
                idle.blocks.entry(size).or_default().push_back(Block { ptr, since });
                if idle.bytes <= limit {
                    return;
                }
            }
            limit
        } else {
            0
        };
        if size <= limit {
            self.shrink(limit);
        } else {
            // SAFETY: the caller's; the block never was in the pool.
            unsafe { system::unmap(ptr, size) };
        }
    }

    /// Gives blocks back to the system until at most `bytes` are idle.
    fn shrink(&self, bytes: usize) {
        loop {
            let oldest = {
                let Some(mut idle) = self.idle() else { return };
                if idle.bytes <= bytes { None } else { idle.take_oldest() }
            };
            // not under the lock: it takes a while
            let Some((ptr, size)) = oldest else { return };
            // SAFETY: the block was mapped with this size, and was idle.
            unsafe { system::unmap(ptr, size) };
        }
    }

    /// Gives all blocks back to the system, and all else that is kept for reuse.
    fn release(&self) {
        self.shrink(0);
        arrayspace_fft::shrink(0);
    }

    fn bytes(&self) -> usize {
        self.idle().map_or(0, |idle| idle.bytes)
    }

    fn set_limit(&self, bytes: usize) {
        if let Some(mut idle) = self.idle() {
            idle.limit = Some(bytes);
        }
        self.shrink(bytes);
    }

    /// The bytes that kept plans may take.
    fn plans_limit(&self) -> usize {
        self.idle().map_or(PLANS_LEAST, |mut idle| (idle.limit() / PLANS_PART).max(PLANS_LEAST))
    }
}

/// Whether there is room for allocations of so many bytes in all, which others will make.
///
/// Libraries that we call allocate what they need without a way to fail: where there is nothing left, the
/// process ends. So they are called where they are known to find enough: the bytes, of which the caller has an
/// upper bound, are taken from the system, which may refuse them, and given back at once. (They cannot be
/// held meanwhile, since under a limit they would count twice. What other threads take between the
/// question and the use is not seen: the bounds are generous, and there is no better way.)
///
/// # Errors
/// [`Error::OutOfMemory`] if there is not.
pub(crate) fn room(bytes: usize) -> Result<()> {
    if bytes < ROOM_ASKED {
        return Ok(());
    }
    if bytes > system::available() {
        return Err(Error::out_of_memory(Some(bytes)));
    }
    asked(bytes, system::has)
}

/// The same for addresses, nearly all of which will not be used: they take no memory, but a process may be
/// limited in them.
///
/// # Errors
/// As of [`room`].
pub(crate) fn addresses(bytes: usize) -> Result<()> {
    asked(bytes, system::has_addresses)
}

fn asked(bytes: usize, has: impl Fn(usize) -> bool) -> Result<()> {
    let has = || bytes <= isize::MAX as usize && has(bytes);
    let found = has() || {
        POOL.release();
        has()
    };
    if found { Ok(()) } else { Err(Error::out_of_memory(Some(bytes))) }
}

/// The memory for plans of Fourier transforms.
pub(crate) struct PlanMemory;

impl arrayspace_fft::Memory for PlanMemory {
    fn room(&self, bytes: usize) -> bool {
        room(bytes).is_ok()
    }

    fn limit(&self) -> usize {
        POOL.plans_limit()
    }
}

impl Idle {
    fn limit(&mut self) -> usize {
        *self.limit.get_or_insert_with(|| match system::available() {
            all if all < isize::MAX as usize => LIMIT.max(all / LIMIT_PART),
            _ => LIMIT, // not known
        })
    }

    fn take(&mut self, size: usize) -> Option<NonNull<u8>> {
        self.taken += 1;
        let block = self.blocks.get_mut(&size)?.pop_back()?;
        self.bytes -= size;
        Some(block.ptr)
    }

    fn take_oldest(&mut self) -> Option<(NonNull<u8>, usize)> {
        let age = |blocks: &VecDeque<Block>| blocks.front().map_or(u64::MAX, |b| b.since);
        let (&size, blocks) = self.blocks.iter_mut().min_by_key(|(_, blocks)| age(blocks))?;
        let block = blocks.pop_front()?;
        if blocks.is_empty() {
            self.blocks.remove(&size);
        }
        self.bytes -= size;
        Some((block.ptr, size))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shrink(0);
    }
}

/// # The pool of memory
///
/// Buffers of 64 KiB and more come from a pool, and go back there when they are dropped. It belongs
/// to the process, and so do these settings. (Of the smallest buffers each thread keeps a few, 256 KiB in
/// all.)
///
/// What Fourier transforms of a length are prepared with, their plan, is kept as well for the next
/// transform of the length. The plans that were not used for longest are freed beyond a quarter of the
/// pool's bound (beyond 1 MiB, if that is more).
impl Cpu {
    /// Bounds the memory that the pool keeps for reuse, and gives back what exceeds the bound now.
    /// Buffers in use do not count. Plans of Fourier transforms are kept up to a quarter of the bound. The
    /// bound is an eighth of the machine's memory, or 256 MiB if that is more, until it is set; 0 turns the
    /// pool off.
    ///
    /// ```standalone_crate
    /// use arrayspace_core::{Backend, DType, Device};
    /// use arrayspace_cpu::Cpu;
    /// Cpu::set_pool_limit(16 << 20);
    /// for mebibytes in 1..=20 {
    ///     drop(Cpu::allocate(&Cpu::new(), DType::UInt8, mebibytes << 20, Device::CPU)?);
    /// }
    /// assert!(Cpu::pool_bytes() <= 16 << 20);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn set_pool_limit(bytes: usize) {
        POOL.set_limit(bytes);
        arrayspace_fft::shrink(POOL.plans_limit());
    }

    /// The memory that the pool keeps for reuse now, in bytes.
    ///
    /// ```standalone_crate
    /// use arrayspace_core::{Backend, DType, Device};
    /// use arrayspace_cpu::Cpu;
    /// let buffer = Cpu::allocate(&Cpu::new(), DType::Float64, 1 << 20, Device::CPU)?;
    /// assert_eq!(Cpu::pool_bytes(), 0); // in use
    /// drop(buffer);
    /// assert_eq!(Cpu::pool_bytes(), 8 << 20);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn pool_bytes() -> usize {
        POOL.bytes()
    }

    /// The memory that plans of Fourier transforms take which are kept for reuse, in bytes: an upper bound,
    /// for the allocations are counted by no one.
    ///
    /// ```standalone_crate
    /// use arrayspace_core::{Backend, DType, Device, FourierOp, Layout, View};
    /// use arrayspace_cpu::Cpu;
    /// let buffer = Cpu::allocate(&Cpu::new(), DType::Float64, 1000, Device::CPU)?;
    /// let layout = Layout::contiguous(&[1000])?;
    /// let line = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
    /// Cpu::fourier(&Cpu::new(), FourierOp::RealForward, line, 0, 1000, 1.0).transpose()?;
    /// assert!((8_000..80_000).contains(&Cpu::plan_bytes()));
    /// Cpu::release_pool();
    /// assert_eq!(Cpu::plan_bytes(), 0);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn plan_bytes() -> usize {
        arrayspace_fft::kept_bytes()
    }

    /// How many blocks the pool has handed out so far, fresh ones and recycled ones: how many large arrays
    /// were made in memory of their own. An operation on an array that is passed by value, and that
    /// nobody shares, takes none where the result fits into its memory.
    ///
    /// ```standalone_crate
    /// use arrayspace_core::{Backend, DType, Device};
    /// use arrayspace_cpu::Cpu;
    /// for _ in 0..3 {
    ///     drop(Cpu::allocate(&Cpu::new(), DType::Float64, 1 << 20, Device::CPU)?);
    /// }
    /// assert_eq!(Cpu::pool_taken(), 3);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn pool_taken() -> u64 {
        POOL.idle().map_or(0, |idle| idle.taken)
    }

    /// Gives all memory that the pool keeps back to the system, and frees the kept plans of Fourier
    /// transforms.
    ///
    /// ```standalone_crate
    /// use arrayspace_core::{Backend, DType, Device};
    /// use arrayspace_cpu::Cpu;
    /// drop(Cpu::allocate(&Cpu::new(), DType::Float64, 1 << 20, Device::CPU)?);
    /// Cpu::release_pool();
    /// assert_eq!(Cpu::pool_bytes(), 0);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn release_pool() {
        POOL.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, cases};

    const MIB: usize = 1 << 20;

    fn take(pool: &Pool, size: usize) -> (NonNull<u8>, bool) {
        pool.take(size).unwrap()
    }

    fn give(pool: &Pool, ptr: NonNull<u8>, size: usize) {
        // SAFETY: each test gives what it took, once, and does not use it afterwards.
        unsafe { pool.give(ptr, size) }
    }

    #[test]
    fn sizes_come_in_four_steps_of_a_power() {
        assert_eq!(class(1), Some(SMALLEST));
        assert_eq!(class(MIB), Some(MIB));
        assert_eq!(class(MIB + 1), Some(MIB + MIB / 4));
        assert_eq!(class(2 * MIB), Some(2 * MIB));
        assert_eq!(class(7 * MIB + 1), Some(8 * MIB));
        assert_eq!(class(9 * MIB), Some(10 * MIB));
        assert_eq!(class(isize::MAX as usize), None);
        for k in 16..40 {
            for bytes in [(1usize << k) - 1, 1 << k, (1 << k) + 1, 3 << (k - 1)] {
                let size = class(bytes).unwrap();
                assert!(size >= bytes && (size <= SMALLEST || size - bytes < bytes / 4));
                assert!(size.is_multiple_of(1 << 13));
            }
        }
    }

    #[test]
    fn the_block_last_used_comes_first() {
        let pool = Pool::new();
        let (a, fresh) = take(&pool, MIB);
        assert!(fresh && a.as_ptr().addr().is_multiple_of(4096));
        let b = take(&pool, MIB).0;
        assert_ne!(a, b);
        give(&pool, a, MIB);
        give(&pool, b, MIB);
        assert_eq!(pool.bytes(), 2 * MIB);
        assert_eq!(take(&pool, MIB), (b, false));
        assert_eq!(take(&pool, MIB), (a, false));
        assert_eq!(pool.bytes(), 0);
        assert!(take(&pool, 2 * MIB).1);
        give(&pool, a, MIB);
        give(&pool, b, MIB);
    }

    #[test]
    fn the_oldest_are_given_back_beyond_the_limit() {
        let pool = Pool::new();
        pool.set_limit(4 * MIB);
        let (a, b, c) = (take(&pool, MIB).0, take(&pool, 2 * MIB).0, take(&pool, 2 * MIB).0);
        give(&pool, a, MIB);
        give(&pool, b, 2 * MIB);
        assert_eq!(pool.bytes(), 3 * MIB);
        give(&pool, c, 2 * MIB); // a goes
        assert_eq!(pool.bytes(), 4 * MIB);
        assert!(take(&pool, MIB).1);
        let large = take(&pool, 5 * MIB).0;
        give(&pool, large, 5 * MIB); // never kept
        assert_eq!(pool.bytes(), 4 * MIB);
        pool.set_limit(3 * MIB);
        assert_eq!(pool.bytes(), 2 * MIB);
        assert_eq!(take(&pool, 2 * MIB), (c, false));
        pool.set_limit(0);
        give(&pool, c, 2 * MIB);
        assert_eq!(pool.bytes(), 0);
    }

    #[test]
    fn no_block_has_two_users() {
        let pool = Pool::new();
        pool.set_limit(8 * MIB);
        std::thread::scope(|scope| {
            for thread in 0..4u8 {
                let pool = &pool;
                scope.spawn(move || {
                    let mut rng = Rng::new(thread.into());
                    for _ in 0..cases(300) {
                        let size = [MIB, 2 * MIB][rng.below(2)];
                        let ptr = take(pool, size).0;
                        // SAFETY: the block is this thread's until it is given back.
                        unsafe {
                            ptr.as_ptr().write_bytes(thread, 64);
                            std::thread::yield_now();
                            assert_eq!(std::slice::from_raw_parts(ptr.as_ptr(), 64), [thread; 64]);
                        }
                        give(pool, ptr, size);
                    }
                });
            }
        });
        assert!(pool.bytes() <= 8 * MIB);
        pool.shrink(0);
        assert_eq!(pool.bytes(), 0);
    }
}
