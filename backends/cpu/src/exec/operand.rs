//! Operands: where the elements of one come from, block by block.
//!
//! A program runs over the elements of its shape in row-major order, numbered from 0. An [`Operand`] gives
//! a range of them as contiguous memory: where it lies, if it is contiguous there, or copied to scratch.
//! Its dimensions are collapsed first, each operand's for itself, so that what is contiguous is one
//! run whatever the others are.

use arrayspace_core::{DType, Element, Layout, Scalar};
use smallvec::SmallVec;

use crate::kernels::{self, CopyFn, TransposeFn};
use crate::simd::Level;

/// Rows shorter than this are brought together column by column.
const SHORT: usize = 16;

/// The most elements that are brought together column by column.
const TILE: usize = 128;

/// Bytes of a cache line.
const LINE: usize = 64;

/// An operand of fewer bytes is not worth a walk by tiles.
const NEAR: usize = 16 << 10;

/// The columns of a tile: some hundred lines of an operand, which the second-level cache holds. No power of two, so
/// that the rows of a tile do not compete for places in the first-level cache.
pub(super) const COLUMNS: usize = 320;

/// A walk by tiles: groups of rows, and of each row a part, before the next part of all of them.
///
/// Elements are numbered as before; element `c` of row `r` is `(r · between + m) · length + c`, for each
/// `m` below `between`, and all of it again for each whole of `rows`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Tiles {
    /// The length of a row.
    length: usize,
    /// Rows of other groups that lie between two of one.
    between: usize,
    /// How many rows belong together.
    rows: usize,
    /// How many of them are walked at once.
    group: usize,
}

impl Tiles {
    /// The number of groups of rows in `n` elements.
    pub(super) fn groups(&self, n: usize) -> usize {
        let whole = self.length * self.between * self.rows;
        n / whole * self.between * self.rows.div_ceil(self.group)
    }

    /// Calls `tile` for the parts of rows of a group.
    pub(super) fn walk(&self, group: usize, mut tile: impl FnMut(Tile)) {
        let per_whole = self.rows.div_ceil(self.group);
        let (m, rest) = (group % self.between, group / self.between);
        let (first, whole) = (rest % per_whole * self.group, rest / per_whole);
        let rows = self.group.min(self.rows - first);
        for column in (0..self.length).step_by(COLUMNS) {
            tile(Tile {
                start: ((whole * self.rows + first) * self.between + m) * self.length + column,
                columns: COLUMNS.min(self.length - column),
                rows,
                pitch: self.between * self.length,
            });
        }
    }

    /// How many rows are walked at once, at most.
    pub(super) fn rows_at_once(&self) -> usize {
        self.group
    }
}

/// Parts of some rows: elements `start + r * pitch + c`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile {
    pub(super) start: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) pitch: usize,
}

/// A dimension: its length, and what lies between elements, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Dim {
    extent: usize,
    step: isize,
}

/// Where elements are.
enum Source {
    /// In memory, the first one here. For a coordinate, which is its own address, the null pointer.
    Memory(*const u8),
    /// One value for all.
    Constant([u64; 2]),
}

/// An operand of a program over a shape.
///
/// It does not say how long its memory lives: who runs a program does.
pub(super) struct Operand {
    source: Source,
    /// Bytes of an element.
    size: usize,
    copy: CopyFn,
    /// Collapsed, the innermost last; none for a single value.
    dims: SmallVec<[Dim; 3]>,
    /// Whether a contiguous run may be used where it lies.
    in_place: bool,
    /// The innermost dimensions, where they are short: where each of their elements is, in bytes from
    /// the first. Else empty.
    tile: Vec<isize>,
    /// The number of dimensions outside of the tile.
    outside: usize,
}

// SAFETY: the memory is only read, in functions whose callers vouch for it.
unsafe impl Send for Operand {}
// SAFETY: as above.
unsafe impl Sync for Operand {}

impl Operand {
    /// Elements of a buffer that begins at `ptr`. The layout lies within the buffer.
    pub(super) fn view(
        ptr: *const u8,
        dtype: DType,
        layout: &Layout,
        order: &[usize],
        level: Level,
    ) -> Operand {
        let size = dtype.item_size();
        let dims = order.iter().map(|&axis| Dim {
            extent: layout.shape()[axis],
            step: layout.strides()[axis].wrapping_mul(size as isize),
        });
        let first = ptr.wrapping_add(layout.offset().wrapping_mul(size));
        Operand::new(Source::Memory(first), size, kernels::copy(size, level), dims, true)
    }

    /// The coordinate along axis `axis` of `shape`.
    pub(super) fn coordinate(
        axis: usize,
        shape: &[usize],
        order: &[usize],
        level: Level,
    ) -> Operand {
        let dims = order.iter().map(|&a| Dim { extent: shape[a], step: isize::from(a == axis) });
        let zero = Source::Memory(std::ptr::null());
        Operand::new(zero, 8, kernels::count(level), dims, false)
    }

    /// One value for all elements.
    pub(super) fn constant(value: Scalar, dtype: DType, level: Level) -> Operand {
        let size = dtype.item_size();
        let source = Source::Constant(stored(&value, dtype));
        Operand::new(source, size, kernels::copy(size, level), [].into_iter(), false)
    }

    fn new(
        source: Source,
        size: usize,
        copy: CopyFn,
        dims: impl Iterator<Item = Dim>,
        in_place: bool,
    ) -> Operand {
        let dims = collapse(dims);
        let aligned = match source {
            Source::Memory(first) => first.addr().is_multiple_of(size.min(8)),
            Source::Constant(_) => false,
        };
        let mut operand = Operand {
            source,
            size,
            copy,
            dims,
            in_place: in_place && aligned,
            tile: Vec::new(),
            outside: 0,
        };
        operand.find_tile();
        operand
    }

    /// Whether elements would be brought together in short rows, and how not to.
    fn find_tile(&mut self) {
        let (mut count, mut outside) = (1, self.dims.len());
        while outside > 1 {
            let extent = self.dims[outside - 1].extent;
            if extent >= SHORT || count * extent > TILE {
                break;
            }
            count *= extent;
            outside -= 1;
        }
        self.outside = outside;
        if count > 1 {
            self.tile = (0..count)
                .map(|i| {
                    let mut rest = i;
                    self.dims[outside..].iter().rev().fold(0, |at, d| {
                        let index = rest % d.extent;
                        rest /= d.extent;
                        at + index as isize * d.step
                    })
                })
                .collect();
        }
    }

    /// Bytes of an element.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Reads the elements at another address, and from copies unless they may be used `in_place`.
    pub(super) fn move_to(&mut self, first: *const u8, in_place: bool) {
        self.source = Source::Memory(first);
        self.in_place &= in_place;
    }

    /// The number of elements after which the next one may lie anywhere: none for a single run.
    pub(super) fn run(&self) -> Option<usize> {
        if self.dims.len() > 1 { self.dims.last().map(|d| d.extent) } else { None }
    }

    /// Whether all elements lie in order without gaps and may be used where they are.
    pub(super) fn whole(&self) -> Option<*const u8> {
        self.direct(0, self.dims.first().map_or(1, |d| d.extent)).filter(|_| self.dims.len() <= 1)
    }

    /// Whether every element has one value.
    pub(super) fn is_single(&self) -> bool {
        self.dims.iter().all(|d| d.step == 0)
    }

    /// How to walk `n` elements so that each cache line of the operand is read once: for an operand whose
    /// rows run across its memory (a transposed one) and that the nearer caches cannot hold.
    pub(super) fn tiles(&self, n: usize) -> Option<Tiles> {
        let (inner, outer) = self.dims.split_last()?;
        let near = LINE.div_ceil(self.size);
        if inner.step.unsigned_abs() < LINE || inner.extent < near || n * self.size < NEAR {
            return None;
        }
        // the dimension along which elements are neighbours
        let axis = (0..outer.len())
            .filter(|&k| outer[k].step != 0 && outer[k].extent > 1)
            .min_by_key(|&k| outer[k].step.unsigned_abs())?;
        let steps = outer[axis].step.unsigned_abs();
        let pitch = outer[axis + 1..].iter().fold(inner.extent, |n, d| n * d.extent);
        (steps < LINE).then_some(Tiles {
            length: inner.extent,
            between: pitch / inner.extent,
            rows: outer[axis].extent,
            group: LINE / steps.max(self.size).max(2),
        })
    }

    /// Whether tiles of the operand are columns of neighbours in memory, which [`transpose`](Operand::transpose)
    /// brings to rows.
    pub(super) fn transposes(&self, n: usize, tiles: Tiles) -> bool {
        let neighbours = |d: &Dim| d.step == self.size as isize;
        self.dims.iter().rev().skip(1).any(neighbours) && self.tiles(n) == Some(tiles)
    }

    /// Copies a tile to rows, [`COLUMNS`] elements apart.
    ///
    /// # Safety
    /// The operand's memory is alive, the tile is one of a walk that it [`transposes`](Operand::transposes),
    /// and there is room for it at `to`, aligned to the size of an element (at most 8).
    pub(super) unsafe fn transpose(&self, tile: Tile, kernel: TransposeFn, to: *mut u8) {
        let Some(inner) = self.dims.last() else { return };
        let column = tile.start % inner.extent;
        let from = self.at(tile.start).wrapping_offset(column as isize * inner.step);
        // SAFETY: the caller's promise: the next row of an element is its neighbour in memory.
        unsafe { kernel(from, inner.step, to, COLUMNS, tile.columns, tile.rows) };
    }

    fn first(&self) -> *const u8 {
        match &self.source {
            Source::Memory(first) => *first,
            Source::Constant(value) => value.as_ptr().cast(),
        }
    }

    /// The address of elements `start..start + len`, if they can be used where they are.
    #[inline]
    pub(super) fn direct(&self, start: usize, len: usize) -> Option<*const u8> {
        if !self.in_place {
            return None;
        }
        match self.dims.as_slice() {
            [] => (len == 1).then(|| self.first()),
            [d] => {
                (d.step == self.size as isize).then(|| self.first().wrapping_add(start * self.size))
            }
            [.., d] => {
                let column = start % d.extent;
                (d.step == self.size as isize && column + len <= d.extent)
                    .then(|| self.at(start).wrapping_add(column * self.size))
            }
        }
    }

    /// The address of the only value of elements `start..start + len`, if it is known to be one.
    #[inline]
    pub(super) fn repeated(&self, start: usize, len: usize) -> Option<*const u8> {
        match self.dims.as_slice() {
            [] => Some(self.first()),
            [.., d] => (d.step == 0 && start % d.extent + len <= d.extent).then(|| self.at(start)),
        }
    }

    /// The address of the first element of the row of element `start`.
    fn at(&self, start: usize) -> *const u8 {
        let Some((inner, outer)) = self.dims.split_last() else { return self.first() };
        let mut rest = start / inner.extent;
        outer.iter().rev().fold(self.first(), |at, d| {
            let index = rest % d.extent;
            rest /= d.extent;
            at.wrapping_offset(index as isize * d.step)
        })
    }

    /// Copies elements `start..start + len` to `to`.
    ///
    /// # Safety
    /// The operand's memory is alive, the elements are elements of the shape, and there is room for them
    /// at `to`, aligned to the size of an element (at most 8) and apart from the operand's memory.
    pub(super) unsafe fn gather(&self, start: usize, len: usize, to: *mut u8) {
        if self.tile.is_empty() {
            // SAFETY: the caller's promise.
            return unsafe { self.gather_rows(start, len, to) };
        }
        let tile = self.tile.len();
        let head = (start.next_multiple_of(tile) - start).min(len);
        let tail = (len - head) % tile;
        // SAFETY: three ranges that make up the caller's; those of the middle are whole tiles.
        unsafe {
            if head > 0 {
                self.gather_rows(start, head, to);
            }
            self.gather_tiles((start + head) / tile, (len - head) / tile, to.add(head * self.size));
            if tail > 0 {
                let done = len - tail;
                self.gather_rows(start + done, tail, to.add(done * self.size));
            }
        }
    }

    /// Row by row.
    ///
    /// # Safety
    /// That of [`gather`](Operand::gather).
    unsafe fn gather_rows(&self, start: usize, len: usize, mut to: *mut u8) {
        let Some((inner, outer)) = self.dims.split_last() else {
            // SAFETY: a single value.
            return unsafe { (self.copy)(self.first(), 0, to, 1, len) };
        };
        let mut column = start % inner.extent;
        let mut walk = Walk::new(outer, self.first(), start / inner.extent);
        let mut left = len;
        while left > 0 {
            let n = left.min(inner.extent - column);
            let from = walk.at.wrapping_offset(column as isize * inner.step);
            // SAFETY: `n` elements of a row, and `left` is the room there is.
            unsafe { (self.copy)(from, inner.step, to, 1, n) };
            to = to.wrapping_add(n * self.size);
            left -= n;
            column = 0;
            walk.advance(1);
        }
    }

    /// Tiles `start..start + count`: for each element of the tile, those of all the tiles at once.
    ///
    /// # Safety
    /// That of [`gather`](Operand::gather), in tiles.
    unsafe fn gather_tiles(&self, start: usize, count: usize, mut to: *mut u8) {
        let Some((row, outer)) = self.dims[..self.outside].split_last() else { return };
        let tile = self.tile.len();
        let mut column = start % row.extent;
        let mut walk = Walk::new(outer, self.first(), start / row.extent);
        let mut left = count;
        while left > 0 {
            let n = left.min(row.extent - column);
            let from = walk.at.wrapping_offset(column as isize * row.step);
            for (i, &offset) in self.tile.iter().enumerate() {
                let (from, to) = (from.wrapping_offset(offset), to.wrapping_add(i * self.size));
                // SAFETY: element `i` of `n` tiles, and there is room for `left` of them.
                unsafe { (self.copy)(from, row.step, to, tile, n) };
            }
            to = to.wrapping_add(n * tile * self.size);
            left -= n;
            column = 0;
            walk.advance(1);
        }
    }
}

/// A scalar as an element of a dtype, in the first bytes.
pub(crate) fn stored(value: &Scalar, dtype: DType) -> [u64; 2] {
    // by bytes that a compiler joins: what is written as a number and read as a word is waited for
    fn words<T: Element>(value: &Scalar) -> [u64; 2] {
        let value = [T::from_scalar(*value)];
        let bytes = T::as_bytes(&value);
        let word = |at: usize| {
            u64::from_ne_bytes(std::array::from_fn(|i| bytes.get(at + i).copied().unwrap_or(0)))
        };
        [word(0), word(8)]
    }
    super::for_dtype!(dtype, T => words::<T>(value))
}

/// Writes a scalar as `n` elements of a dtype.
///
/// # Safety
/// There is room for them at `to`, aligned, and the processor has the level.
pub(super) unsafe fn fill(value: &Scalar, dtype: DType, level: Level, to: *mut u8, n: usize) {
    let value = stored(value, dtype);
    // SAFETY: one element, and the caller's promise.
    unsafe { kernels::copy(dtype.item_size(), level)(value.as_ptr().cast(), 0, to, 1, n) };
}

/// A walk over some dimensions in row-major order.
struct Walk<'a> {
    dims: &'a [Dim],
    index: SmallVec<[usize; 6]>,
    at: *const u8,
}

impl<'a> Walk<'a> {
    fn new(dims: &'a [Dim], first: *const u8, start: usize) -> Walk<'a> {
        let mut walk = Walk { dims, index: SmallVec::from_elem(0, dims.len()), at: first };
        walk.advance(start);
        walk
    }

    fn advance(&mut self, mut by: usize) {
        for (index, d) in self.index.iter_mut().zip(self.dims).rev() {
            if by == 0 {
                return;
            }
            let next = *index + by;
            let (carry, new) =
                if next < d.extent { (0, next) } else { (next / d.extent, next % d.extent) };
            let moved = (new as isize - *index as isize) * d.step;
            self.at = self.at.wrapping_offset(moved);
            *index = new;
            by = carry;
        }
    }
}

/// The fewest dimensions that say the same: without those of length 1, and neighbours made one where the
/// outer continues the inner.
fn collapse(dims: impl Iterator<Item = Dim>) -> SmallVec<[Dim; 3]> {
    let mut out: SmallVec<[Dim; 3]> = SmallVec::new();
    for inner in dims.filter(|d| d.extent != 1) {
        match out.last_mut() {
            Some(outer) if inner.step.checked_mul(inner.extent as isize) == Some(outer.step) => {
                *outer = Dim { extent: outer.extent * inner.extent, step: inner.step };
            }
            _ => out.push(inner),
        }
    }
    out
}
