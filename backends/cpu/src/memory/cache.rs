//! Small blocks that are kept for reuse, by each thread for itself.
//!
//! Of a call on a few elements, allocating the result and freeing it would be the larger part. A block
//! whose last handle is dropped is kept with its counter instead, and the next buffer of the size takes
//! both: a few moves, without a lock, an atomic operation or a call of the allocator.

use std::cell::RefCell;
use std::sync::Arc;

use super::Block;

/// The bytes of the smallest blocks; each size is twice the one before.
const SMALLEST: usize = 64;

/// How many sizes there are: up to 16 KiB.
const SIZES: usize = 9;

/// How many blocks of a size a thread keeps: of all sizes, 256 KiB.
const KEPT: usize = 8;

thread_local! {
    static IDLE: RefCell<[Vec<Arc<Block>>; SIZES]> =
        const { RefCell::new([const { Vec::new() }; SIZES]) };
}

/// The number of the size of a block of `bytes`, if blocks as large are kept.
#[inline]
pub(super) fn class(bytes: usize) -> Option<usize> {
    let class = (usize::BITS - (bytes.max(SMALLEST) - 1).leading_zeros()) as usize;
    let class = class - SMALLEST.trailing_zeros() as usize;
    (class < SIZES).then_some(class)
}

/// The bytes of a block of a class.
pub(super) const fn size(class: usize) -> usize {
    SMALLEST << class
}

/// A block of the class, if there is one. Nobody else has a handle to it.
#[inline]
pub(super) fn take(class: usize) -> Option<Arc<Block>> {
    IDLE.try_with(|idle| idle.try_borrow_mut().ok()?.get_mut(class)?.pop()).ok().flatten()
}

/// Keeps a block of the class, to which nobody else has a handle, or frees it.
#[inline]
pub(super) fn keep(block: Arc<Block>, class: usize) {
    // where the thread is about to end, the block is dropped with the closure
    let _ = IDLE.try_with(|idle| {
        if let Ok(mut idle) = idle.try_borrow_mut()
            && let Some(blocks) = idle.get_mut(class)
            && blocks.len() < KEPT
        {
            blocks.push(block);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_two() {
        assert_eq!(class(0), Some(0));
        assert_eq!(class(64), Some(0));
        assert_eq!(class(65), Some(1));
        assert_eq!(class(16 << 10), Some(SIZES - 1));
        assert_eq!(class((16 << 10) + 1), None);
        for bytes in 1..=16 << 10 {
            let size = size(class(bytes).unwrap());
            assert!(size >= bytes && (size == SMALLEST || size < 2 * bytes));
        }
    }
}
