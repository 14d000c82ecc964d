//! Compaction: the values where a mask is true, one after another.
//!
//! The true elements of each piece of the mask are counted first, so that every piece knows its place in
//! the result and the pieces can be worked on by several threads. Within a block, values are stored one
//! after another at a place that moves on by the mask's byte: no branch depends on the data (Ross,
//! "Selection Conditions in Main Memory", 2004). Blocks of only one kind are skipped or copied. Positions
//! along a line are looked up for eight bytes of the mask at once (as in Lemire and others, "Roaring
//! bitmaps", 2018), or brought together by an instruction.

use std::mem::MaybeUninit;

use arrayspace_core::{DType, Input, Layout, Program, Result, StepOp, View, check};

use crate::elements::{self, Disjoint};
use crate::memory::SharedPtr;
use crate::rows::Rows;
use crate::simd::{Level, dispatch};
use crate::{Buffer, Cpu, aligned, checked, exec};

/// Elements that are compacted at a time: they stay in the first cache, scratch included.
const BLOCK: usize = 1024;

/// Elements whose place in the result is computed, and that one thread works on, at a time.
const PIECE: usize = 16 * BLOCK;

/// Nanoseconds for a piece: to count its true elements, and to write their values.
const COUNT_NANOS: f32 = 500.0;
const WRITE_NANOS: f32 = 8_000.0;

/// How many positions a look-up writes at a time.
const WIDTH: usize = 8;

/// The most bytes of an item.
const ITEM: usize = 16;

/// The values of a program where the mask is true, and how many they are.
pub(crate) fn compact(
    program: &Program,
    inputs: &[View<'_, Cpu>],
    mask: View<'_, Cpu>,
) -> Result<(Buffer, usize)> {
    let shape = mask.layout.shape();
    check::compact(&Cpu, program, inputs, mask)?;
    inputs.iter().chain([&mask]).try_for_each(|&view| aligned(view))?;
    let (computed, layout);
    let values = match program.steps() {
        [step] if let StepOp::Coordinate(axis) = step.op => {
            let axis = usize::from(axis);
            let len = shape[axis];
            Values::Coordinate { len, inner: Layout::contiguous(&shape[axis + 1..])?.size() }
        }
        [step] if let StepOp::Input(k) = step.op => Values::memory(inputs[usize::from(k)]),
        _ => {
            let mut operands: Vec<_> = inputs.iter().copied().map(Input::from).collect();
            computed = exec::map(program, &mut operands, shape)?;
            layout = Layout::contiguous(shape)?;
            let (buffer, dtype) = (&computed, program.output());
            Values::memory(checked(View { buffer, dtype, layout: &layout })?)
        }
    };
    let mask = Mask {
        from: SharedPtr(mask.buffer.as_ptr().cast_mut()),
        rows: Rows::new(mask.layout),
        size: mask.layout.size(),
    };
    mask.pick(&values, program.output())
}

/// A mask that has been checked.
struct Mask {
    from: SharedPtr,
    rows: Rows,
    size: usize,
}

/// What is picked from.
enum Values {
    /// Elements of a view that has been checked.
    Memory { from: SharedPtr, rows: Rows, item: usize },
    /// Coordinates along an axis of this length; an element of it has `inner` elements.
    Coordinate { len: usize, inner: usize },
}

impl Mask {
    fn pick(&self, values: &Values, dtype: DType) -> Result<(Buffer, usize)> {
        let pieces = self.size.div_ceil(PIECE);
        if pieces == 1 {
            let total = self.count(0);
            let (buffer, out) = Buffer::for_output(dtype, total)?;
            // SAFETY: the true elements have been counted.
            unsafe { self.write(0, values, dtype.item_size(), out, total) };
            return Ok((buffer, total));
        }
        let mut starts = elements::scratch::<usize>(pieces)?;
        let counts = Disjoint::new(&mut starts);
        exec::split(pieces, COUNT_NANOS, 1, |range| {
            // SAFETY: the ranges that work is split into are apart.
            let counts = unsafe { counts.part(range.clone()) };
            for (count, piece) in counts.iter_mut().zip(range) {
                *count = self.count(piece);
            }
        });
        let mut total = 0;
        for start in &mut starts {
            total += std::mem::replace(start, total);
        }
        let (buffer, out) = Buffer::for_output(dtype, total)?;
        let item = dtype.item_size();
        let out = SharedPtr(out);
        exec::split(pieces, WRITE_NANOS, 1, |range| {
            for p in range {
                let end = starts.get(p + 1).map_or(total, |&end| end);
                // SAFETY: the piece's true elements have been counted, and this is where they belong.
                unsafe {
                    let out = out.get().add(starts[p] * item);
                    self.write(p, values, item, out, end - starts[p]);
                }
            }
        });
        Ok((buffer, total))
    }

    /// Writes the values of a piece, of `item` bytes each.
    ///
    /// # Safety
    /// `out` has room for `room` of them, which are as many as there are true elements.
    unsafe fn write(&self, piece: usize, values: &Values, item: usize, out: *mut u8, room: usize) {
        // SAFETY: the caller's.
        unsafe {
            match (item, values) {
                (8, Values::Coordinate { len, inner: 1 }) if *len == self.size => {
                    self.positions(piece, out.cast(), room);
                }
                (1, _) => self.piece::<1>(piece, values, out),
                (2, _) => self.piece::<2>(piece, values, out),
                (4, _) => self.piece::<4>(piece, values, out),
                (8, _) => self.piece::<8>(piece, values, out),
                _ => self.piece::<16>(piece, values, out),
            }
        }
    }

    /// Writes the positions of a piece's true elements, along the one axis.
    ///
    /// Not past the caches, though the result may be large: stores that wait for memory would hold up those of
    /// the search.
    ///
    /// # Safety
    /// `out` has room for `room` of int64, which are as many as there are true elements.
    unsafe fn positions(&self, piece: usize, out: *mut i64, room: usize) {
        let find = find(Level::best());
        let mut mask_scratch = MaskScratch::uninit();
        let mut scratch = MaybeUninit::<[i64; BLOCK + WIDTH]>::uninit();
        let mut done = 0;
        for (start, len) in self.blocks(piece) {
            let mask = self.block(start, len, &mut mask_scratch);
            let mut count = 0;
            // SAFETY: there is room for a block and eight more, in the result or in scratch. As many as are
            // counted belong to the result.
            unsafe {
                let to = out.add(done);
                let fits = room - done >= len + WIDTH;
                let found = if fits { to } else { scratch.as_mut_ptr().cast() };
                find(mask.as_ptr(), len, start as i64, found, &mut count);
                if !fits {
                    std::ptr::copy_nonoverlapping(found, to, count);
                }
            }
            done += count;
        }
    }

    /// The blocks of a piece, as start and length.
    fn blocks(&self, piece: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (start, size) = (piece * PIECE, self.size);
        let end = size.min(start + PIECE);
        (start..end).step_by(BLOCK).map(move |at| (at, BLOCK.min(end - at)))
    }

    /// The bytes of a block.
    fn block<'a>(&'a self, start: usize, len: usize, scratch: &'a mut MaskScratch) -> &'a [u8] {
        // SAFETY: the mask has been checked; a block has room in scratch.
        unsafe {
            let to = scratch.as_mut_ptr().cast();
            let from = items::<1>(&self.rows, self.from.get(), start, len, to);
            std::slice::from_raw_parts(from, len)
        }
    }

    /// How many elements of a piece are true.
    fn count(&self, piece: usize) -> usize {
        let mut scratch = MaskScratch::uninit();
        self.blocks(piece).map(|(start, len)| count(self.block(start, len, &mut scratch))).sum()
    }

    /// Writes the values of a piece.
    ///
    /// # Safety
    /// `out` has room for them; values have `N` bytes.
    unsafe fn piece<const N: usize>(&self, piece: usize, values: &Values, mut out: *mut u8) {
        let mut mask_scratch = MaskScratch::uninit();
        let mut scratch = Aligned(MaybeUninit::uninit());
        let mut packed = MaybeUninit::<[[u8; N]; BLOCK]>::uninit();
        let packed = packed.as_mut_ptr().cast::<[u8; N]>();
        for (start, len) in self.blocks(piece) {
            let mask = self.block(start, len, &mut mask_scratch);
            let count = count(mask);
            if count == 0 {
                continue;
            }
            let from = values.block::<N>(start, len, &mut scratch).cast::<[u8; N]>();
            // SAFETY: `from` has `len` values; at most as many are packed as elements have been seen;
            // `count` of them are true.
            unsafe {
                if count == len {
                    std::ptr::copy_nonoverlapping(from.cast(), out, count * N);
                } else {
                    let mut k = 0;
                    for (i, &m) in mask.iter().enumerate() {
                        packed.add(k).write(from.add(i).read());
                        k += usize::from(m != 0);
                    }
                    std::ptr::copy_nonoverlapping(packed.cast(), out, count * N);
                }
                out = out.add(count * N);
            }
        }
    }
}

/// For each set of eight, its members in order.
static MEMBERS: [[u8; 8]; 256] = {
    let mut members = [[0; 8]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut bit, mut k) = (0, 0);
        while bit < 8 {
            if set >> bit & 1 == 1 {
                members[set][k] = bit;
                k += 1;
            }
            bit += 1;
        }
        set += 1;
    }
    members
};

/// Writes `first` and the position of each byte that is not 0 to `out`, and how many they are.
///
/// # Safety
/// There are `len` bytes, and room for `len` positions and eight more.
#[inline(always)]
unsafe fn find_loop(mask: *const u8, len: usize, first: i64, out: *mut i64, count: *mut usize) {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let (mut k, mut i) = (0, 0);
    // SAFETY: the caller's promise: bytes below `len`, and no more positions than bytes so far, and eight.
    unsafe {
        while i + 8 <= len {
            let bytes = u64::from_le_bytes(mask.add(i).cast::<[u8; 8]>().read());
            // the highest bit of each byte that is not 0; then these, side by side
            let high = (((bytes & LOW) + LOW) | bytes) & !LOW;
            let set = (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            let to = out.add(k).cast::<[i64; 8]>();
            let base = first + i as i64;
            to.write(MEMBERS[set as usize].map(|member| base + i64::from(member)));
            k += set.count_ones() as usize;
            i += 8;
        }
        for i in i..len {
            out.add(k).write(first + i as i64);
            k += usize::from(mask.add(i).read() != 0);
        }
        count.write(k);
    }
}

dispatch! {
    /// [`find_loop`].
    fn find_by_table<>[](mask: *const u8, len: usize, first: i64, out: *mut i64, count: *mut usize)
        = find_loop;
}

/// The conditions are those of [`find_loop`]; the processor has the level that the function was chosen for.
type FindFn = unsafe fn(*const u8, usize, i64, *mut i64, *mut usize);

/// How positions are found.
fn find(level: Level) -> FindFn {
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512 {
        return find_avx512;
    }
    find_by_table(level)
}

/// The same by an instruction that puts the members of a set of eight side by side.
///
/// # Safety
/// That of [`find_loop`], on a processor with AVX-512.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,popcnt")]
unsafe fn find_avx512(mask: *const u8, len: usize, first: i64, out: *mut i64, count: *mut usize) {
    use std::arch::x86_64::*;
    let (mut k, whole) = (0, len / 64 * 64);
    let eight = _mm512_set1_epi64(8);
    let steps = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    let mut at = _mm512_add_epi64(_mm512_set1_epi64(first), steps);
    // SAFETY: the caller's promise: bytes below `len`, and no more positions than bytes so far, and eight.
    unsafe {
        for i in (0..whole).step_by(64) {
            let bytes = _mm512_loadu_si512(mask.add(i).cast());
            let mut set = _mm512_test_epi8_mask(bytes, bytes);
            for _ in 0..8 {
                let found = _mm512_maskz_compress_epi64(set as u8, at);
                _mm512_storeu_si512(out.add(k).cast(), found);
                k += (set as u8).count_ones() as usize;
                at = _mm512_add_epi64(at, eight);
                set >>= 8;
            }
        }
        let mut more = 0;
        find_loop(mask.add(whole), len - whole, first + whole as i64, out.add(k), &mut more);
        count.write(k + more);
    }
}

/// Scratch for the mask of a block. (None is cleared: for a few elements, that would take longer than the rest.)
type MaskScratch = MaybeUninit<[u8; BLOCK]>;

/// Scratch for items of any size.
#[repr(align(64))]
struct Aligned(MaybeUninit<[u8; BLOCK * ITEM]>);

impl Values {
    fn memory(view: View<'_, Cpu>) -> Values {
        Values::Memory {
            from: SharedPtr(view.buffer.as_ptr().cast_mut()),
            rows: Rows::new(view.layout),
            item: view.dtype.item_size(),
        }
    }

    /// Where the values of a block lie one after another, in memory or in `scratch`.
    fn block<const N: usize>(&self, start: usize, len: usize, scratch: &mut Aligned) -> *const u8 {
        let to = scratch.0.as_mut_ptr().cast::<u8>();
        match self {
            Values::Memory { from, rows, item } => {
                debug_assert_eq!(*item, N);
                // SAFETY: the view has been checked; a block has room in scratch for items of any size.
                unsafe { items::<N>(rows, from.get(), start, len, to) }
            }
            Values::Coordinate { len: axis, inner } => {
                // runs of one coordinate, the first of which may have begun before the block
                let (mut coordinate, mut left) = (start / inner % axis, inner - start % inner);
                let mut k = 0;
                while k < len {
                    let run = left.min(len - k);
                    for i in k..k + run {
                        // SAFETY: i < BLOCK, and scratch is aligned for it.
                        unsafe { to.cast::<i64>().add(i).write(coordinate as i64) };
                    }
                    k += run;
                    left = *inner;
                    coordinate += 1;
                    if coordinate == *axis {
                        coordinate = 0;
                    }
                }
                to
            }
        }
    }
}

/// How many bytes of a block are not 0.
fn count(mask: &[u8]) -> usize {
    // in bytes first, which a vector holds many of
    let part = |part: &[u8]| part.iter().map(|&m| u8::from(m != 0)).sum::<u8>();
    mask.chunks(128).map(|c| usize::from(part(c))).sum()
}

/// Where `len` items of `N` bytes lie one after another: at `from`, or copied `to` scratch.
///
/// # Safety
/// The positions of the rows are valid for reads from `from`, `to` has room for the items.
unsafe fn items<const N: usize>(
    rows: &Rows,
    from: *const u8,
    start: usize,
    len: usize,
    to: *mut u8,
) -> *const u8 {
    let mut found = to.cast_const();
    let (from, to) = (from.cast::<[u8; N]>(), to.cast::<[u8; N]>());
    let mut k = 0;
    rows.each(start, len, |first, step, count| {
        // SAFETY: the caller's; the pieces make up `len` items.
        unsafe {
            if count == len && step == 1 {
                found = from.offset(first).cast();
                return;
            }
            for i in 0..count {
                to.add(k + i).write(from.offset(first + i as isize * step).read());
            }
        }
        k += count;
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Rng, buffer_of, cases, positions, values, view};
    use arrayspace_core::{Backend, Error, UnaryOp};

    fn identity(dtype: DType) -> Program {
        let mut program = Program::new();
        program.input(dtype).unwrap();
        program
    }

    fn coordinate(axis: usize) -> Program {
        let mut program = Program::new();
        program.coordinate(axis).unwrap();
        program
    }

    /// A mask of random runs and single elements.
    fn mask(rng: &mut Rng, len: usize) -> Vec<bool> {
        let mut out = Vec::new();
        while out.len() < len {
            let value = rng.below(2) == 0;
            let run = match rng.below(10) {
                0 => rng.below(2500),
                _ => rng.below(3),
            };
            out.extend((0..run).map(|_| value));
        }
        out.truncate(len);
        out
    }

    fn check(seed: usize, shape: &[usize]) {
        let mut rng = Rng::new(seed);
        let dtype = DType::ALL[seed % 15];
        let item = dtype.item_size();
        let (layout, len) = rng.layout(shape, true);
        let source = rng.buffer(dtype, len);
        let (mask_layout, mask_len) = rng.layout(shape, seed.is_multiple_of(3));
        let bits = mask(&mut rng, mask_len);
        let mask = buffer_of(&bits);
        let truth: Vec<usize> = positions(&mask_layout)
            .iter()
            .enumerate()
            .filter(|(_, p)| bits[**p])
            .map(|(i, _)| i)
            .collect();
        let expected: Vec<u8> = {
            let at = positions(&layout);
            truth.iter().flat_map(|&i| source.bytes()[at[i] * item..][..item].to_vec()).collect()
        };
        let of = view(&mask, DType::Bool, &mask_layout);
        let from = view(&source, dtype, &layout);
        let (out, count) = Cpu::compact(&Cpu, &identity(dtype), &[from], of).unwrap();
        assert_eq!(count, truth.len());
        assert!(out.bytes() == expected, "{layout:?} {mask_layout:?}");
        for axis in 0..shape.len() {
            let (out, count) = Cpu::compact(&Cpu, &coordinate(axis), &[], of).unwrap();
            assert_eq!(count, truth.len());
            let inner: usize = shape[axis + 1..].iter().product();
            let expected: Vec<i64> =
                truth.iter().map(|i| (i / inner % shape[axis]) as i64).collect();
            assert!(values::<i64>(&out) == expected, "{axis} {mask_layout:?}");
        }
    }

    #[test]
    fn as_by_hand() {
        for seed in 0..cases(400) {
            let shape = Rng::new(seed + 1000).shape(4, 7);
            check(seed, &shape);
        }
    }

    #[test]
    fn positions_at_every_level() {
        let mut rng = Rng::new(3);
        for len in [0, 1, 7, 8, 63, 64, 65, 130, 1000, 1024] {
            // whatever is not 0 is true
            let bits = mask(&mut rng, len).into_iter();
            let bytes: Vec<u8> =
                bits.map(|bit| u8::from(bit) * (1 + rng.below(255) as u8)).collect();
            let expected: Vec<i64> =
                (0..len).filter(|&i| bytes[i] != 0).map(|i| 1000 + i as i64).collect();
            for &level in Level::available() {
                let (mut out, mut count) = (vec![0i64; len + WIDTH], 0);
                // SAFETY: room for all positions and eight more; the processor has the level.
                unsafe {
                    find(level)(bytes.as_ptr(), len, 1000, out.as_mut_ptr(), &mut count);
                }
                assert_eq!(out[..count], expected, "{level:?}");
            }
        }
    }

    #[test]
    #[cfg(not(miri))] // large
    fn on_many_threads() {
        for seed in 0..15 {
            check(seed, &[300_000]);
            check(seed, &[700, 300]);
            check(seed, &[5, 9000, 4]);
        }
    }

    #[test]
    fn values_of_a_program() {
        let (x, m) = (buffer_of(&[1i32, 2, 3, 4]), buffer_of(&[true, false, true, true]));
        let (line, reversed) =
            (Layout::contiguous(&[4]).unwrap(), Layout::new(&[4], &[-1], 3).unwrap());
        let mut program = Program::new();
        let input = program.input(DType::Int32).unwrap();
        program.unary(UnaryOp::Square, input).unwrap();
        let from = view(&x, DType::Int32, &reversed);
        let (out, n) = Cpu::compact(&Cpu, &program, &[from], view(&m, DType::Bool, &line)).unwrap();
        assert_eq!((values::<i32>(&out), n), (vec![16, 4, 1], 3));
        let of = view(&m, DType::Bool, &line);
        assert!(Cpu::compact(&Cpu, &program, &[], of).is_err());
        assert!(Cpu::compact(&Cpu, &identity(DType::Int64), &[from], of).is_err());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, m) = (buffer_of(&[1i32, 2]), buffer_of(&[true, false]));
        let (two, one) = (Layout::contiguous(&[2]).unwrap(), Layout::contiguous(&[1]).unwrap());
        let of = view(&m, DType::Bool, &two);
        let program = identity(DType::Int32);
        let short = view(&x, DType::Int32, &one);
        assert!(matches!(Cpu::compact(&Cpu, &program, &[short], of), Err(Error::Shape(_))));
        let from = view(&x, DType::Int32, &two);
        assert!(matches!(Cpu::compact(&Cpu, &program, &[from], from), Err(Error::DType(_))));
        assert!(matches!(Cpu::compact(&Cpu, &coordinate(1), &[], of), Err(Error::Axis(_))));
        let long = Layout::contiguous(&[3]).unwrap();
        let beyond = view(&x, DType::Int32, &long);
        let mask = buffer_of(&[true; 3]);
        let of = view(&mask, DType::Bool, &long);
        assert!(matches!(Cpu::compact(&Cpu, &program, &[beyond], of), Err(Error::Shape(_))));
    }
}
