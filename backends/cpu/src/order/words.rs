//! Sorting words: unsigned integers, some of whose bits are the key.
//!
//! A few words are sorted by comparison (the standard library's ipnsort), more by a least significant
//! digit radix sort that skips the digits which all words share (Knuth, TAOCP 5.2.5). A long line is
//! cut in parts for the threads, and those are merged by halves (the merge of Cormen et al., 27.3).
//! Since equal words are the same, the result does not depend on any of this.

use std::ops::Range;

use super::keys::Word;

/// Fewer words than this are sorted by comparison.
const RADIX: usize = 400;

/// Fewer words than this have digits of 8 bits, whose tables are small; more have 11.
const WIDE_DIGITS: usize = 1 << 13;

/// Parts of a line that a thread sorts on its own, at the least. (Few in tests.)
const PARALLEL: usize = if cfg!(test) { 1 << 11 } else { 1 << 16 };

/// Words that one thread merges at a time.
const MERGE: usize = if cfg!(test) { 1 << 10 } else { 1 << 15 };

/// Sorts `words`, of which only the bits `key` need be looked at: words that are equal there are in
/// order already. `scratch` is as long.
pub(crate) fn sort<W: Word>(words: &mut [W], scratch: &mut [W], key: Range<u32>) {
    let cuts = match words.len() < 2 * PARALLEL {
        true => 0,
        false => crate::threads().next_power_of_two().ilog2(),
    };
    halves(words, scratch, key, cuts, false);
}

/// Sorts `words` into themselves or into `scratch`, after `cuts` cuts in half.
fn halves<W: Word>(
    words: &mut [W],
    scratch: &mut [W],
    key: Range<u32>,
    cuts: u32,
    to_scratch: bool,
) {
    if cuts == 0 || words.len() < 2 * PARALLEL {
        return serial(words, scratch, key, to_scratch);
    }
    let middle = words.len() / 2;
    let (a, b) = words.split_at_mut(middle);
    let (c, d) = scratch.split_at_mut(middle);
    let other = key.clone();
    rayon::join(
        || halves(a, c, key, cuts - 1, !to_scratch),
        || halves(b, d, other, cuts - 1, !to_scratch),
    );
    if to_scratch { merge(a, b, scratch) } else { merge(c, d, words) }
}

/// Merges two sorted slices.
fn merge<W: Word>(a: &[W], b: &[W], out: &mut [W]) {
    if a.len() < b.len() {
        return merge(b, a, out);
    }
    if out.len() <= MERGE {
        let (mut i, mut j) = (0, 0);
        for o in out {
            let first = j == b.len() || (i < a.len() && a[i] <= b[j]);
            *o = if first { a[i] } else { b[j] };
            i += usize::from(first);
            j += usize::from(!first);
        }
        return;
    }
    let i = a.len() / 2;
    let j = b.partition_point(|w| *w < a[i]);
    let (low, high) = out.split_at_mut(i + j);
    rayon::join(|| merge(&a[..i], &b[..j], low), || merge(&a[i..], &b[j..], high));
}

fn serial<W: Word>(words: &mut [W], scratch: &mut [W], key: Range<u32>, to_scratch: bool) {
    let in_scratch = if words.len() < RADIX || !W::DIGITS {
        words.sort_unstable();
        false
    } else if words.len() < WIDE_DIGITS {
        radix::<W, 8>(words, scratch, key)
    } else {
        radix::<W, 11>(words, scratch, key)
    };
    match (in_scratch, to_scratch) {
        (false, true) => scratch.copy_from_slice(words),
        (true, false) => words.copy_from_slice(scratch),
        _ => {}
    }
}

/// Sorts by digits of `D` bits, from the lowest; true if the result is in `scratch`.
fn radix<W: Word, const D: u32>(words: &mut [W], scratch: &mut [W], key: Range<u32>) -> bool {
    let buckets = 1usize << D;
    let digits = (key.end - key.start).div_ceil(D) as usize;
    let place = |k: usize| {
        let shift = key.start + k as u32 * D;
        (shift, (1usize << D.min(key.end - shift)) - 1)
    };
    // all digits are counted in one pass
    let mut counts = vec![0usize; digits * buckets];
    for &word in words.iter() {
        for (k, count) in counts.chunks_exact_mut(buckets).enumerate() {
            let (shift, mask) = place(k);
            count[word.digit(shift, mask)] += 1;
        }
    }
    let (mut from, mut to, mut in_scratch) = (words, scratch, false);
    for (k, count) in counts.chunks_exact_mut(buckets).enumerate() {
        let (shift, mask) = place(k);
        if from.first().is_none_or(|w| count[w.digit(shift, mask)] == from.len()) {
            continue;
        }
        let mut sum = 0;
        for c in count.iter_mut() {
            sum += std::mem::replace(c, sum);
        }
        for &word in from.iter() {
            let at = &mut count[word.digit(shift, mask)];
            to[*at] = word;
            *at += 1;
        }
        (from, to, in_scratch) = (to, from, !in_scratch);
    }
    in_scratch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, cases};

    fn check<W: Word + std::fmt::Debug>(words: Vec<W>, bits: u32) {
        let mut expected = words.clone();
        expected.sort();
        let (mut sorted, mut scratch) = (words.clone(), words);
        sort(&mut sorted, &mut scratch, 0..bits);
        assert!(sorted == expected, "{} words of {bits} bits", expected.len());
    }

    #[test]
    fn words_of_any_width() {
        let lengths: &[usize] = if cfg!(miri) {
            &[0, 1, 2, 500]
        } else {
            &[0, 1, 2, 3, 399, 400, 1000, 8191, 8192, 20_000, 131_072, 300_001]
        };
        for &n in lengths {
            let mut rng = Rng::new(n);
            check((0..n).map(|_| rng.next() as u8).collect(), 8);
            check((0..n).map(|_| rng.next() as u16).collect(), 16);
            check((0..n).map(|_| rng.next() as u32).collect(), 32);
            check((0..n).map(|_| rng.next() << 3).collect(), 64);
            check((0..n).map(|_| (rng.next() % 5) << 40).collect(), 64);
            check((0..n).map(|_| u128::from(rng.next()) << 67 | 1).collect(), 128);
        }
    }

    #[test]
    fn equal_keys_keep_their_order() {
        for n in [100, 500, cases(200_000)] {
            let mut rng = Rng::new(n);
            let words: Vec<u64> = (0..n as u64).map(|i| (rng.next() % 7) << 32 | i).collect();
            let mut expected = words.clone();
            expected.sort_by_key(|w| w >> 32);
            let (mut sorted, mut scratch) = (words.clone(), words);
            sort(&mut sorted, &mut scratch, 32..40);
            assert!(sorted == expected, "{n}");
        }
    }
}
