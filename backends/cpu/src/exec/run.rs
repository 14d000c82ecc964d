//! Running a program, block by block.

use std::mem::MaybeUninit;

use smallvec::{SmallVec, smallvec};

use super::code::Code;
use super::operand::{COLUMNS, Operand, Tile, Tiles};
use crate::kernels::{self, TransposeFn};

/// The scratch of a program stays below this number of bytes, so that it fits the first-level cache.
const SCRATCH: usize = 32 << 10;

/// A row of at least this many elements is worth a block of its own.
const LONG_ROW: usize = 256;

/// What one thread needs to run a program: memory for blocks, and what they hold.
pub(crate) struct Scratch {
    _memory: Vec<Line>,
    /// Where operands, blocks and result of the current block are.
    places: SmallVec<[*mut u8; 8]>,
    /// For each operand, its block of scratch; null if it needs none.
    blocks: SmallVec<[*mut u8; 8]>,
    /// For each operand, the address of the value that its block is filled with, and how often.
    filled: SmallVec<[(usize, usize); 8]>,
    /// For each operand that is transposed by tiles, the rows of the current tile; else null. Empty where
    /// there is no such walk.
    panels: SmallVec<[(*mut u8, Option<TransposeFn>); 8]>,
    _panels: Vec<Line>,
    /// The row of the tile that is computed.
    row: usize,
    /// Memory for a block of a result that is streamed.
    result: *mut u8,
}

// SAFETY: the pointers are to the scratch's own memory, or written before they are read.
unsafe impl Send for Scratch {}

/// A cache line.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line {
    _bytes: MaybeUninit<[u8; 64]>,
}

/// How a program over a shape is cut into blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    /// The most elements of a block.
    most: usize,
    /// The length of a row, if blocks end with rows.
    row: Option<usize>,
}

impl Blocks {
    pub(super) fn of(code: &Code, elements: usize) -> Blocks {
        let blocks = code.blocks + code.operands.iter().filter(|o| o.whole().is_none()).count();
        let most = (8192 / code.widest).min(SCRATCH / (code.widest * blocks.max(1)));
        let most = most.max(256).min(elements).next_multiple_of(64);
        match code.operands.iter().filter_map(|o| o.run()).min() {
            Some(row) if row >= LONG_ROW => {
                // blocks of about one length
                let most = row.div_ceil(row.div_ceil(most)).next_multiple_of(16).min(most);
                Blocks { most, row: Some(row) }
            }
            _ => Blocks { most, row: None },
        }
    }

    /// The length of the block that begins at `start`, with `left` elements to go.
    #[inline]
    fn next(&self, start: usize, left: usize) -> usize {
        let most = self.most.min(left);
        match self.row {
            Some(row) => most.min(row - start % row),
            None => most,
        }
    }
}

impl Scratch {
    pub(super) fn new(code: &Code, blocks: Blocks) -> Scratch {
        let lines = (blocks.most * code.widest).div_ceil(64);
        // blocks whose addresses differ by a multiple of 4096 bytes get into each other's way
        let pitch = if lines > 32 { lines + 3 } else { lines };
        let gathered = code.operands.iter().filter(|o| o.whole().is_none()).count();
        let count = gathered + code.blocks + usize::from(code.streams);
        let mut memory: Vec<Line> = Vec::with_capacity(pitch * count);
        let mut next = memory.as_mut_ptr();
        let mut take = || {
            let block = next.cast::<u8>();
            next = next.wrapping_add(pitch);
            block
        };
        let operands = code.operands.iter();
        let blocks: SmallVec<[*mut u8; 8]> = operands
            .map(|o| if o.whole().is_none() { take() } else { std::ptr::null_mut() })
            .collect();
        let mut places = blocks.clone();
        places.extend((0..code.blocks).map(|_| take()));
        places.push(std::ptr::null_mut());
        let result = if code.streams { take() } else { std::ptr::null_mut() };
        let filled = smallvec![(0, 0); blocks.len()];
        Scratch {
            _memory: memory,
            places,
            blocks,
            filled,
            panels: SmallVec::new(),
            _panels: Vec::new(),
            row: 0,
            result,
        }
    }

    /// The same for a walk by tiles over `n` elements.
    pub(super) fn for_tiles(code: &Code, blocks: Blocks, tiles: Tiles, n: usize) -> Scratch {
        let blocks = Blocks { most: blocks.most.max(COLUMNS.next_multiple_of(64)), row: None };
        let mut scratch = Scratch::new(code, blocks);
        let transposed = |o: &Operand| o.transposes(n, tiles);
        let lines = |o: &Operand| (tiles.rows_at_once() * COLUMNS * o.size()).div_ceil(64);
        let all = code.operands.iter().filter(|o| transposed(o)).map(lines).sum();
        scratch._panels = Vec::with_capacity(all);
        let mut next = scratch._panels.as_mut_ptr();
        for operand in &code.operands {
            scratch.panels.push(if transposed(operand) {
                let panel = next.cast::<u8>();
                next = next.wrapping_add(lines(operand));
                (panel, Some(kernels::transpose(operand.size(), code.level)))
            } else {
                (std::ptr::null_mut(), None)
            });
        }
        scratch
    }
}

impl Code {
    /// Computes elements `start..start + len`.
    ///
    /// # Safety
    /// The operands' memory is alive, and nobody writes to it, except to what is `out` here; the elements
    /// are elements of the shape. There is room for them at `out`, which is aligned and overlaps no
    /// operand but those that are gathered, or read before the last instruction, and whose element `i`
    /// is there at the place of the result's. The scratch was made for this code and these blocks.
    pub(super) unsafe fn run(
        &self,
        scratch: &mut Scratch,
        blocks: Blocks,
        start: usize,
        len: usize,
        out: *mut u8,
        size: usize,
    ) {
        if self.instructions.is_empty() {
            // SAFETY: the caller's promise; the only operand is the result.
            return unsafe { self.operands[0].gather(start, len, out) };
        }
        let mut done = 0;
        while done < len {
            let n = blocks.next(start + done, len - done);
            // SAFETY: a part of the caller's elements.
            unsafe { self.block(scratch, start + done, n, out.add(done * size), size) };
            done += n;
        }
        if self.streams {
            kernels::streamed();
        }
    }

    /// Computes the elements of a tile; `out` is the address of the first element of the result.
    ///
    /// # Safety
    /// That of [`run`](Code::run); the scratch was made for the walk that the tile is of.
    pub(super) unsafe fn tile(&self, scratch: &mut Scratch, tile: Tile, out: *mut u8, size: usize) {
        for (operand, &(panel, kernel)) in self.operands.iter().zip(&scratch.panels) {
            if let Some(kernel) = kernel {
                // SAFETY: the caller's promise; a panel has room for a tile.
                unsafe { operand.transpose(tile, kernel, panel) };
            }
        }
        for row in 0..tile.rows {
            let start = tile.start + row * tile.pitch;
            scratch.row = row;
            // SAFETY: a part of the caller's elements, no more than a block has.
            unsafe { self.block(scratch, start, tile.columns, out.add(start * size), size) };
        }
        if self.streams {
            kernels::streamed();
        }
    }

    /// Computes one block.
    ///
    /// # Safety
    /// That of [`run`](Code::run), for at most as many elements as a block has.
    #[inline]
    unsafe fn block(
        &self,
        scratch: &mut Scratch,
        start: usize,
        n: usize,
        out: *mut u8,
        size: usize,
    ) {
        for (k, operand) in self.operands.iter().enumerate() {
            if let Some(&(panel, Some(_))) = scratch.panels.get(k) {
                scratch.places[k] = panel.wrapping_add(scratch.row * COLUMNS * operand.size());
                continue;
            }
            scratch.places[k] = match operand.direct(start, n) {
                Some(at) => at.cast_mut(), // read only: an instruction writes to blocks or the result
                None => {
                    let block = scratch.blocks[k];
                    let filled = &mut scratch.filled[k];
                    match operand.repeated(start, n) {
                        Some(at) if filled.0 == at.addr() && filled.1 >= n => {}
                        repeated => {
                            *filled = repeated.map_or((0, 0), |at| (at.addr(), n));
                            // SAFETY: the caller's promise; a block of scratch has room for `n` values.
                            unsafe { operand.gather(start, n, block) };
                        }
                    }
                    block
                }
            };
        }
        if let Some(last) = scratch.places.last_mut() {
            *last = if self.streams { scratch.result } else { out };
        }
        let place = |k: u16| scratch.places[usize::from(k)];
        for instruction in &self.instructions {
            let (reads, to) =
                (instruction.reads.map(|k| place(k).cast_const()), place(instruction.writes));
            // SAFETY: each place has `n` values of the dtype that its instruction wrote, or the operand
            // has; what is written is no place that is read, or the caller's promise; the level of the
            // kernels is one of this processor.
            unsafe { instruction.kernel.call(reads, to, n) };
        }
        if self.streams {
            // SAFETY: `n` values of the result, and room for them.
            unsafe { kernels::stream(scratch.result, out, n * size) };
        }
    }
}
