//! Choices from the bytes of a fuzzer: when they are used up, all are 0.

/// What is left of the bytes.
pub(crate) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// Of `n` (up to 256) possibilities.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub(crate) fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    /// Mostly a small integer, sometimes one near an end of its type or a power of two.
    pub(crate) fn integer(&mut self) -> i64 {
        match self.byte() {
            0..200 => i64::from(self.byte() as i8) % 10,
            200..220 => i64::from(self.byte() as i8),
            220..235 => (1i64 << self.below(63)).wrapping_sub(i64::from(self.byte() as i8 % 2)),
            235..245 => i64::MIN.wrapping_add(i64::from(self.byte() % 3)),
            245..253 => i64::MAX.wrapping_sub(i64::from(self.byte() % 3)),
            _ => self.word() as i64,
        }
    }

    /// A shape of up to `ndim` axes of up to `len`.
    pub(crate) fn shape(&mut self, ndim: usize, len: usize) -> Vec<usize> {
        (0..self.below(ndim + 1)).map(|_| self.below(len + 1)).collect()
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}
