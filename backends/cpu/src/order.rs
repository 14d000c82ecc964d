//! Sorting along an axis: the elements themselves, or the indices that would put them in order.
//!
//! Elements become integer [`keys`]; sorting those is the business of [`words`]. The elements are had
//! back from the sorted keys, and the few that are not their key's (negative zeros, NaNs) are put in
//! their places by a second look at the line; indices and complex numbers are sorted with the index
//! below the key in one word. Lines that do not lie contiguously are copied to scratch and back many at
//! a time, so that memory is walked in order whatever the axis.

pub(crate) mod keys;
mod words;

use arrayspace_core::{DType, Error, Layout, Result, View, check};
use keys::{Invertible, Key, Kind, Packed, with_kind};

use crate::memory::{Plain, Scratch, SharedPtr};
use crate::rows::Rows;
use crate::{Buffer, Cpu, copy};

/// The elements that a thread sorts before it looks for other work, at the least. (Few in tests.)
const PIECE: usize = if cfg!(test) { 1 << 10 } else { 1 << 14 };

/// The elements in order along an axis.
pub(crate) fn order(source: View<'_, Cpu>, axis: usize, descending: bool) -> Result<Buffer> {
    let len = check::order(source.layout.shape(), axis)?;
    let job = match descending {
        false => {
            with_kind!(source.dtype, K => Job::elements::<K, false>(), Job::by_index::<K, false>(len))
        }
        true => {
            with_kind!(source.dtype, K => Job::elements::<K, true>(), Job::by_index::<K, true>(len))
        }
    };
    job.run(source, axis, source.dtype)
}

/// The indices that put the elements in that order.
pub(crate) fn order_indices(
    source: View<'_, Cpu>,
    axis: usize,
    descending: bool,
) -> Result<Buffer> {
    let len = check::order(source.layout.shape(), axis)?;
    let job = match descending {
        false => with_kind!(source.dtype, K => Job::indices::<K, false>(len)),
        true => with_kind!(source.dtype, K => Job::indices::<K, true>(len)),
    };
    job.run(source, axis, DType::Int64)
}

/// What is done to each line: a function for a kind of elements, its types erased.
#[derive(Clone, Copy)]
struct Job {
    /// Sorts the line of this many elements at the first address to the second, with room for twice as
    /// many words at the third.
    line: unsafe fn(*const u8, *mut u8, usize, *mut u8),
    /// Bytes of a word.
    word: usize,
}

impl Job {
    fn elements<K: Invertible, const DOWN: bool>() -> Job {
        Job { line: elements::<K, DOWN>, word: size_of::<K::Key>() }
    }

    fn by_index<K: Kind, const DOWN: bool>(len: usize) -> Job {
        type Packed<K> = <<K as Kind>::Key as Key>::Packed;
        type Long<K> = <<K as Kind>::Key as Key>::Long;
        match u32::try_from(len) {
            Ok(_) => Job { line: by_index::<K, Packed<K>, DOWN>, word: size_of::<Packed<K>>() },
            Err(_) => Job { line: by_index::<K, Long<K>, DOWN>, word: size_of::<Long<K>>() },
        }
    }

    fn indices<K: Kind, const DOWN: bool>(len: usize) -> Job {
        type Packed<K> = <<K as Kind>::Key as Key>::Packed;
        type Long<K> = <<K as Kind>::Key as Key>::Long;
        match u32::try_from(len) {
            Ok(_) => Job { line: indices::<K, Packed<K>, DOWN>, word: size_of::<Packed<K>>() },
            Err(_) => Job { line: indices::<K, Long<K>, DOWN>, word: size_of::<Long<K>>() },
        }
    }

    fn run(self, source: View<'_, Cpu>, axis: usize, output: DType) -> Result<Buffer> {
        let target = Layout::contiguous(source.layout.shape())?;
        let (buffer, out) = Buffer::for_output(output, target.size())?;
        if target.size() != 0 {
            let last: Vec<usize> =
                (0..target.ndim()).filter(|&k| k != axis).chain([axis]).collect();
            let lines = Lines {
                job: self,
                from: SharedPtr(source.buffer.as_ptr().cast_mut()),
                to: SharedPtr(out),
                from_item: source.dtype.item_size(),
                to_item: output.item_size(),
            };
            lines.split(&source.layout.permute(&last), &target.permute(&last))?;
        }
        Ok(buffer)
    }
}

/// Lines to be sorted, from one block of memory to another.
struct Lines {
    job: Job,
    from: SharedPtr,
    to: SharedPtr,
    from_item: usize,
    to_item: usize,
}

impl Lines {
    /// Sorts the lines along the last axis, on several threads if it is worth it.
    fn split(&self, source: &Layout, target: &Layout) -> Result<()> {
        let last = source.ndim() - 1;
        let (size, len) = (source.size(), source.shape()[last]);
        let lines = size / len;
        // lines side by side share the cache lines that they lie in
        let together = match contiguous_lines(source) && contiguous_lines(target) {
            true => 1,
            false => 64 / self.from_item,
        };
        let axis = source.shape()[..last].iter().position(|&n| n > 1);
        let Some(axis) = axis.filter(|_| lines > together && size > PIECE) else {
            return self.piece(source, target, lines, len);
        };
        let n = source.shape()[axis];
        let half = |start, n| {
            move || self.split(&source.slice(axis, start, 1, n), &target.slice(axis, start, 1, n))
        };
        let (a, b) = match crate::threads() {
            1 => (half(0, n / 2)(), half(n / 2, n - n / 2)()),
            _ => rayon::join(half(0, n / 2), half(n / 2, n - n / 2)),
        };
        a.and(b)
    }

    /// Sorts the lines one after another.
    fn piece(&self, source: &Layout, target: &Layout, lines: usize, len: usize) -> Result<()> {
        let block = Layout::contiguous(source.shape())?;
        let (read, write) = (!contiguous_lines(source), !contiguous_lines(target));
        let mut copied = Scratch::<u8>::new(if read { lines * len * self.from_item } else { 0 })?;
        let mut sorted = Scratch::<u8>::new(if write { lines * len * self.to_item } else { 0 })?;
        let words = len.checked_mul(2 * self.job.word).ok_or_else(|| Error::out_of_memory(None))?;
        let mut words = Scratch::<u8>::new(words)?;
        let (mut from, mut from_layout) = (self.from.get(), source);
        let (mut to, mut to_layout) = (self.to.get(), target);
        if read {
            (from, from_layout) = (copied.as_mut_ptr(), &block);
            // SAFETY: the source's layout has been checked; the scratch has room for the block.
            unsafe { copy::strided(from, &block, self.from.get(), source, self.from_item) };
        }
        if write {
            (to, to_layout) = (sorted.as_mut_ptr(), &block);
        }
        let starts = |layout: &Layout| Rows::new(&layout.remove_axis(layout.ndim() - 1));
        let (sources, targets) = (starts(from_layout), starts(to_layout));
        for line in 0..lines {
            let (mut f, mut t) = (0, 0);
            sources.each(line, 1, |at, _, _| f = at);
            targets.each(line, 1, |at, _, _| t = at);
            // SAFETY: both lines are contiguous, and aligned: the source has been checked, scratch and
            // output are our own. No other thread has this piece of the target.
            unsafe {
                let from = from.offset(f * self.from_item as isize);
                let to = to.offset(t * self.to_item as isize);
                (self.job.line)(from, to, len, words.as_mut_ptr());
            }
        }
        if write {
            // SAFETY: as above.
            unsafe { copy::strided(self.to.get(), target, to, &block, self.to_item) };
        }
        Ok(())
    }
}

/// Whether the elements along the last axis lie side by side.
fn contiguous_lines(layout: &Layout) -> bool {
    layout
        .shape()
        .last()
        .zip(layout.strides().last())
        .is_some_and(|(&n, &step)| n == 1 || step == 1)
}

/// The words that a line is sorted as, and as many for scratch.
///
/// # Safety
/// `words` is aligned, initialised and valid for `2 * len` words, for as long as the result lives.
unsafe fn halves<'a, W: Plain>(words: *mut u8, len: usize) -> (&'a mut [W], &'a mut [W]) {
    // SAFETY: the caller's; any bits are a word.
    unsafe { std::slice::from_raw_parts_mut(words.cast::<W>(), 2 * len) }.split_at_mut(len)
}

/// A key that is subtracted from those of a line, and the bits that may be set in the differences: small integers
/// of either sign leave few, though their keys differ in all.
fn range<K: Kind, const DOWN: bool>(line: &[K::Bits]) -> (K::Key, u32) {
    let Some(&first) = line.first() else { return (K::Key::MAX, 0) };
    let first = K::key::<DOWN>(first);
    if !K::NEAR {
        return (first.above(first), K::Key::BITS);
    }
    let (mut least, mut most) = (first, first);
    for &bits in line {
        let key = K::key::<DOWN>(bits);
        least = if key < least { key } else { least };
        most = if key > most { key } else { most };
    }
    (least, most.above(least).used_bits())
}

/// Sorts a line of elements by their keys.
///
/// # Safety
/// `from` is valid for reads of `len` elements, `to` for writes, `words` for both of `2 * len` words
/// that are initialised; all are aligned, and none overlap.
unsafe fn elements<K: Invertible, const DOWN: bool>(
    from: *const u8,
    to: *mut u8,
    len: usize,
    words: *mut u8,
) {
    // SAFETY: the caller's; elements are plain bits.
    let line = unsafe { std::slice::from_raw_parts(from.cast::<K::Bits>(), len) };
    // SAFETY: the caller's.
    let (keys, scratch) = unsafe { halves::<K::Key>(words, len) };
    let (base, bits) = range::<K, DOWN>(line);
    let mut lost = false;
    for (key, &bits) in keys.iter_mut().zip(line) {
        *key = K::key::<DOWN>(bits).above(base);
        lost |= K::is_lost(bits);
    }
    words::sort(keys, scratch, 0..bits);
    let to = to.cast::<K::Bits>();
    for (i, &key) in keys.iter().enumerate() {
        // SAFETY: i < len.
        unsafe { to.add(i).write(K::bits::<DOWN>(key.back(base))) };
    }
    if !lost {
        return;
    }
    let mut zeros = keys.partition_point(|k| k.back(base) < K::zero::<DOWN>());
    let mut nans = keys.partition_point(|k| k.back(base) < K::Key::MAX);
    for &bits in line {
        let key = K::key::<DOWN>(bits);
        let at = match () {
            () if key == K::zero::<DOWN>() => &mut zeros,
            () if key == K::Key::MAX => &mut nans,
            () => continue,
        };
        // SAFETY: as many elements have the key as keys are equal to it, so that this is below len.
        unsafe { to.add(*at).write(bits) };
        *at += 1;
    }
}

/// Sorts a line of elements of which several may have one key.
///
/// # Safety
/// As for [`elements`].
unsafe fn by_index<K: Kind, P: Packed<K::Key>, const DOWN: bool>(
    from: *const u8,
    to: *mut u8,
    len: usize,
    words: *mut u8,
) {
    // SAFETY: the caller's; both i and the index are below len.
    unsafe {
        let (from, to) = (from.cast::<K::Bits>(), to.cast::<K::Bits>());
        for (i, word) in sorted::<K, P, DOWN>(from, len, words).iter().enumerate() {
            to.add(i).write(from.add(word.index()).read());
        }
    }
}

/// Writes the indices that sort a line.
///
/// # Safety
/// As for [`elements`], with `to` valid for writes of `len` int64.
unsafe fn indices<K: Kind, P: Packed<K::Key>, const DOWN: bool>(
    from: *const u8,
    to: *mut u8,
    len: usize,
    words: *mut u8,
) {
    // SAFETY: the caller's; i is below len.
    unsafe {
        let (from, to) = (from.cast::<K::Bits>(), to.cast::<i64>());
        for (i, word) in sorted::<K, P, DOWN>(from, len, words).iter().enumerate() {
            to.add(i).write(word.index() as i64);
        }
    }
}

/// The keys of a line with their indices, sorted.
///
/// # Safety
/// As for [`elements`]; the result is in `words`.
unsafe fn sorted<'a, K: Kind, P: Packed<K::Key>, const DOWN: bool>(
    from: *const K::Bits,
    len: usize,
    words: *mut u8,
) -> &'a [P] {
    // SAFETY: the caller's; elements are plain bits.
    let line = unsafe { std::slice::from_raw_parts(from, len) };
    // SAFETY: the caller's.
    let (packed, scratch) = unsafe { halves::<P>(words, len) };
    let (base, bits) = range::<K, DOWN>(line);
    for (i, (word, &bits)) in packed.iter_mut().zip(line).enumerate() {
        *word = P::pack(K::key::<DOWN>(bits).above(base), i);
    }
    words::sort(packed, scratch, P::LOW..P::LOW + bits);
    packed
}

#[cfg(test)]
mod tests;
