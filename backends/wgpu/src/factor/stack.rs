//! A stack of matrices while it is eliminated, and the kernels that work on it.
//!
//! The matrices lie row by row, each beside its right sides. A block of columns is eliminated by one
//! workgroup (`panel.wgsl`), the rows beside it follow (`triangle.wgsl`), and what is below them both is
//! reduced by the product of the two, in tiles (Golub and Van Loan, "Matrix Computations", 3.2.11).

use std::ops::Range;
use std::sync::Arc;

use arrayspace_core::{DType, Layout, Result, View};
use smallvec::smallvec;

use crate::Wgpu;
use crate::contract::{TILE, tiled};
use crate::gpu::{Buffer, Gpu, Key, Meta, Submission};
use crate::kernel::Kernel;
use crate::math;
use crate::reg::Reg;
use crate::source::{GROUP, Source};
use crate::values::size_of;
use crate::walk::{Operand, Walk};

/// Columns that are eliminated before those beside them.
const PANEL: usize = 32;
/// Up to so many columns are reduced with the panel.
const WIDE: usize = 128;
/// Turns of loops that an invocation makes for one command, at most: some drivers stop a command that takes
/// too long, and Mesa's software one ends all loops, without a word, after 65535 turns.
const TURNS: usize = 60_000;
/// Rows up to which reflectors are found by one workgroup within that bound.
pub(super) const MOST_ROWS: usize = 1 << 17;
/// Elements that one workgroup looks at for the largest.
const LOOK: usize = GROUP * 16;
/// Elements of a matrix that one invocation looks at.
const SMALL: usize = 64;

/// How many invocations work on each of so many matrices, of which so many rows and columns are to be done,
/// and on how many columns beside each other: a workgroup does several small ones.
fn team(count: usize, rows: usize, columns: usize) -> (usize, usize) {
    let across = columns.next_power_of_two().clamp(8, PANEL);
    match (rows, columns) {
        (0..=16, 0..=8) => (8, 8),
        (0..=64, 0..=PANEL) if count > GROUP / PANEL => (PANEL, across),
        _ => (GROUP, across),
    }
}

/// What becomes of the elements that are copied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    /// All of them.
    Whole,
    /// Those on and above the diagonal, with zeros below.
    Upper,
    /// Those on and below the diagonal, with zeros above; the diagonal's imaginary parts are left out.
    Lower,
    /// Not they, but ones on the diagonal and zeros elsewhere.
    Identity,
}

/// Which matrices are left as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    /// Those with elements that have squares in range.
    One,
    /// All but those at the ends of the range: scaling flushes small elements beside huge ones, and elimination
    /// squares nothing that is larger than the elements.
    Limits,
}

/// How matrices are eliminated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Elimination {
    /// With partial pivoting, to L (with ones on the diagonal) and U.
    Lu,
    /// To L with `L Lᴴ`, from the lower triangle.
    Cholesky,
}

/// A stack of matrices of `m` rows and `n` columns, and others beside them.
pub(super) struct Stack<'a> {
    gpu: &'a Arc<Gpu>,
    dtype: DType,
    reg: Reg,
    pub(super) count: usize,
    /// Rows.
    m: usize,
    /// Columns that are eliminated.
    n: usize,
    /// All columns.
    width: usize,
    work: Buffer,
    /// Up to this exponent the largest element is of moderate size.
    moderate: usize,
    /// Upper words of the magnitudes of the largest elements.
    largest: Buffer,
    /// With which row each row was exchanged.
    pivots: Buffer,
    /// The first pivot of each matrix that failed, from 1; then how many matrices are left from the first
    /// one that failed.
    state: Buffer,
}

impl<'a> Stack<'a> {
    /// Matrices copied from `a`, scaled into a moderate range, with room for `sides` columns beside each.
    pub(super) fn new(
        gpu: &'a Arc<Gpu>,
        a: View<'_, Wgpu>,
        sides: usize,
        copied: Copied,
        near: Near,
    ) -> Result<Stack<'a>> {
        let reg = Reg::of(a.dtype, gpu);
        let shape = a.layout.shape();
        let lead = &shape[..shape.len() - 2];
        let (m, n) = (shape[lead.len()], shape[lead.len() + 1]);
        let count = size_of(lead)?;
        let width = n + sides;
        let words = |len| gpu.allocate(DType::UInt32, len);
        let moderate = match (near, reg.part()) {
            (Near::One, Reg::F32) => 40,
            (Near::One, _) => 432,
            (Near::Limits, Reg::F32) => 116,
            (Near::Limits, _) => 1000,
        };
        let stack = Stack {
            gpu,
            moderate,
            dtype: a.dtype,
            reg,
            count,
            m,
            n,
            width,
            work: gpu.allocate(a.dtype, size_of(&[count, m, width])?)?,
            largest: words(count)?,
            pivots: words(size_of(&[count, n])?)?,
            state: words(count + 1)?,
        };
        gpu.clear(&stack.largest);
        gpu.clear(&stack.state);
        stack.look(a)?;
        stack.fill(a, 0, copied, -1)?;
        Ok(stack)
    }

    fn key(&self, kernel: Kernel) -> Key {
        let mut key: Key = kernel.into();
        key.push(self.reg as u32);
        key
    }

    /// Finds the largest elements.
    fn look(&self, a: View<'_, Wgpu>) -> Result<()> {
        let each = self.m * self.n;
        // of small matrices each is looked at by one invocation
        let small = each <= SMALL;
        let parts = each.div_ceil(LOOK);
        let walk = Walk::general(a.layout.shape(), [Operand::of(a.layout)]);
        let mut key = self.key(Kernel::FactorLargest);
        walk.key(&mut key);
        let mut meta: Meta =
            smallvec![0, self.count as u32, each as u32, parts as u32, small.into()];
        walk.meta(&mut meta);
        let groups =
            if small { self.count.div_ceil(GROUP) } else { size_of(&[self.count, parts])? };
        let buffers = smallvec![&self.largest, a.buffer];
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            text.atomics("largest", &self.largest);
            text.elements("in", a.dtype, a.buffer);
            let real = self.reg.part();
            text.add(match real {
                Reg::F32 => "fn word(x: f32) -> u32 { return bitcast<u32>(x) & 0x7fffffffu; }",
                _ => {
                    "fn word(x: f64) -> u32 {\n  \
                     let bits = bitcast<u64>(x) & 0x7ffffffffffffffflu;\n  \
                     return max(u32(bits >> 32u), select(0u, 1u, bits != 0lu));\n}"
                }
            });
            let of = if self.reg.is_complex() { "max(word(v.x), word(v.y))" } else { "word(v)" };
            let places = walk.text(5);
            text.add(&format!("fn place(i: u32) -> u32 {{\n{places}  return p0;\n}}"));
            text.add(&format!("var<workgroup> most: array<u32, {GROUP}>;"));
            text.main(&format!(
                "  if (m[4] == 1u) {{\n    if (id < m[1]) {{\n      var all = 0u;\n      \
                 for (var e = 0u; e < m[2]; e++) {{\n        \
                 let v = in_at(place(id * m[2] + e));\n        all = max(all, {of});\n      }}\n      \
                 largest_max(id, all);\n    }}\n    return;\n  }}\n  \
                 let b = group / m[3];\n  let first = (group % m[3]) * {LOOK}u;\n  \
                 let end = select(0u, min(m[2], first + {LOOK}u), b < m[1]);\n  var found = 0u;\n  \
                 for (var e = first + lane; e < end; e += {GROUP}u) {{\n    \
                 let v = in_at(place(b * m[2] + e));\n    found = max(found, {of});\n  }}\n  \
                 most[lane] = found;\n  \
                 for (var half = {}u; half > 0u; half >>= 1u) {{\n    workgroupBarrier();\n    \
                 if (lane < half) {{ most[lane] = max(most[lane], most[lane + half]); }}\n  }}\n  \
                 if (lane == 0u && b < m[1]) {{ largest_max(b, most[0]); }}\n",
                GROUP / 2
            ))
        })
    }

    /// Copies matrices into the columns from `column` on, multiplied by the power of two that is `scale`
    /// times what brings these matrices into range, `scale` being 0 or -1.
    pub(super) fn fill(
        &self,
        from: View<'_, Wgpu>,
        column: usize,
        copied: Copied,
        scale: i32,
    ) -> Result<()> {
        let to = [self.m * self.width, self.width, column];
        self.copy(from, &self.work, to, copied, 2 * scale)
    }

    /// A new buffer with the first `rows` of `columns` of the matrices, multiplied by that power of two
    /// to the `halves`/2.
    pub(super) fn taken(
        &self,
        rows: usize,
        columns: Range<usize>,
        copied: Copied,
        halves: i32,
    ) -> Result<Buffer> {
        let shape = [self.count, rows, columns.len()];
        let strides = [self.m * self.width, self.width, 1].map(|s| s as isize);
        let layout = Layout::new(&shape, &strides, columns.start)?;
        let out = self.gpu.allocate(self.dtype, size_of(&shape)?)?;
        let from = View { buffer: &self.work, dtype: self.dtype, layout: &layout };
        self.copy(from, &out, [rows * columns.len(), columns.len(), 0], copied, halves)?;
        Ok(out)
    }

    /// Copies matrices to `to`: from matrix to matrix, from row to row, and where the first one begins.
    fn copy(
        &self,
        from: View<'_, Wgpu>,
        out: &Buffer,
        to: [usize; 3],
        copied: Copied,
        halves: i32,
    ) -> Result<()> {
        let shape = from.layout.shape();
        let (rows, columns) = (shape[shape.len() - 2], shape[shape.len() - 1]);
        let items = size_of(&[self.count, rows, columns])?;
        let walk = Walk::general(shape, [Operand::of(from.layout)]);
        let mut key = self.key(Kernel::FactorCopy);
        walk.key(&mut key);
        let mut meta: Meta = smallvec![0, items as u32, (rows * columns) as u32, columns as u32];
        meta.extend(to.map(|word| word as u32));
        meta.extend([copied as u32, halves as u32, self.moderate as u32]);
        walk.meta(&mut meta);
        let buffers = smallvec![out, from.buffer, &self.largest];
        let groups = items.div_ceil(GROUP);
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            text.cells("out", self.reg.wgsl(), self.reg.cell_size(), out);
            text.elements("in", self.dtype, from.buffer);
            text.cells("largest", "u32", 4, &self.largest);
            self.numbers(&mut text);
            let places = walk.text(10);
            text.add(&format!("fn place(i: u32) -> u32 {{\n{places}  return p0;\n}}"));
            let number = self.reg.wgsl();
            text.main(&format!(
                "  if (id >= m[1]) {{ return; }}\n  let b = id / m[2];\n  let rest = id % m[2];\n  \
                 let row = rest / m[3];\n  let column = rest % m[3];\n  var v = {number}();\n  \
                 let lower = m[7] == {}u;\n  let upper = m[7] == {}u;\n  \
                 if (m[7] == {}u) {{\n    \
                 if (row == column) {{ v = of_real({}(1.0)); }}\n  \
                 }} else if ((!lower || column <= row) && (!upper || column >= row)) {{\n    \
                 v = scaled(in_at(place(id)), matrix_exponent(largest_get(b), m[9]) * bitcast<i32>(m[8]) / 2);\n    \
                 if (lower && column == row) {{ v = of_real(real_of(v)); }}\n  }}\n  \
                 out_set(b * m[4] + row * m[5] + m[6] + column, v);\n",
                Copied::Lower as u32,
                Copied::Upper as u32,
                Copied::Identity as u32,
                self.reg.part().wgsl(),
            ))
        })
    }

    /// Declares the arithmetic.
    fn numbers(&self, text: &mut Source<'_>) {
        text.add(&math::instance(include_str!("number.wgsl"), self.reg));
        let own = if self.reg.is_complex() {
            include_str!("complex.wgsl")
        } else {
            include_str!("real.wgsl")
        };
        text.add(&math::instance(own, self.reg));
    }

    /// A template, written out for the numbers.
    fn written(&self, template: &str) -> String {
        math::instance(template, self.reg).replace("Number", self.reg.wgsl())
    }

    /// Declares the matrices.
    fn declare(&self, text: &mut Source<'_>) {
        text.cells("work", self.reg.wgsl(), self.reg.cell_size(), &self.work);
    }

    /// Eliminates all matrices.
    pub(super) fn eliminate(&self, how: Elimination) -> Result<()> {
        let (n, width) = (self.n, self.width);
        if n <= PANEL && width <= WIDE {
            return self.panel(how, 0..n, width);
        }
        // what each column of a panel takes; to end a loop is a turn as well
        let turns = n * 3 / 8 + n / 128 + 32;
        let block = (TURNS / turns).clamp(1, PANEL);
        for first in (0..n).step_by(block) {
            let last = (first + block).min(n);
            self.panel(how, first..last, last)?;
            let rest = [last..n, last..width];
            match how {
                Elimination::Lu => {
                    self.triangular(first..last, last, false)?;
                    self.update(rest, first..last, Right::Above)?;
                }
                Elimination::Cholesky => self.update(rest, first..last, Right::Adjoint)?,
            }
        }
        Ok(())
    }

    /// Solves the systems with U for the right sides, which have been eliminated.
    pub(super) fn substitute(&self) -> Result<()> {
        let (n, width) = (self.n, self.width);
        for first in (0..n).step_by(PANEL).rev() {
            let last = (first + PANEL).min(n);
            self.triangular(first..last, n, true)?;
            self.update([0..first, n..width], first..last, Right::Above)?;
        }
        Ok(())
    }

    /// Brings the matrices to triangular form by reflectors, and the `columns` of the identity that lie
    /// beside them to those of Q.
    pub(super) fn triangularize(&self, columns: usize) -> Result<()> {
        let size = self.m.min(self.n);
        let taus = self.gpu.allocate(self.dtype, size_of(&[self.count, size])?)?;
        let block = (TURNS / (self.m / 4 + self.m / 64 + 64)).clamp(1, PANEL);
        for first in (0..size).step_by(block) {
            let last = (first + block).min(size);
            self.reflectors(&taus, first..last)?;
            self.reflect(&taus, first..last, last..self.n, false)?;
        }
        for first in (0..size).step_by(block).rev() {
            let last = (first + block).min(size);
            self.reflect(&taus, first..last, self.n..self.n + columns, true)?;
        }
        Ok(())
    }

    /// Finds the reflectors of some columns.
    fn reflectors(&self, taus: &Buffer, columns: Range<usize>) -> Result<()> {
        let (team, across) = team(self.count, self.m, columns.len());
        let size = self.m.min(self.n);
        let key = self.key(Kernel::FactorReflectors);
        let meta =
            [0, self.count, self.m, self.width, columns.start, columns.end, across, size, team];
        let meta = meta.into_iter().map(|word| word as u32).collect();
        let buffers = smallvec![&self.work, taus];
        let groups = self.count.div_ceil(GROUP / team);
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = self.reflecting(taus);
            text.add(&self.written(include_str!("reflectors.wgsl")));
            text.main("  reflectors(group, lane);\n")
        })
    }

    /// Applies reflectors to columns: the adjoints in order, or they themselves from the last one back.
    fn reflect(
        &self,
        taus: &Buffer,
        which: Range<usize>,
        columns: Range<usize>,
        back: bool,
    ) -> Result<()> {
        let (team, across) = match team(self.count, self.m, columns.len()) {
            (GROUP, _) => (GROUP, PANEL),
            small => small,
        };
        let parts = columns.len().div_ceil(across);
        let size = self.m.min(self.n);
        let key = self.key(Kernel::FactorReflect);
        let meta = [
            0,
            self.count,
            self.m,
            self.width,
            which.start,
            which.end,
            columns.start,
            columns.end,
            usize::from(back),
            parts,
            size,
            team,
            across,
        ];
        let meta = meta.into_iter().map(|word| word as u32).collect();
        let groups = size_of(&[self.count, parts])?.div_ceil(GROUP / team);
        let buffers = smallvec![&self.work, taus];
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            self.reflecting(taus).main("  reflect_columns(group, lane);\n")
        })
    }

    /// A text with what applies reflectors.
    fn reflecting(&self, taus: &Buffer) -> Source<'_> {
        let mut text = Source::new(self.gpu);
        self.declare(&mut text);
        text.cells("taus", self.reg.wgsl(), self.reg.cell_size(), taus);
        self.numbers(&mut text);
        text.add(&self.written(include_str!("reflector.wgsl")));
        text
    }

    /// Eliminates columns, from themselves and those up to `end`.
    fn panel(&self, how: Elimination, columns: Range<usize>, end: usize) -> Result<()> {
        let key = self.key(Kernel::FactorPanel);
        let (team, _) = team(self.count, self.n, end - columns.start);
        let how = how as usize;
        let meta = [0, self.count, self.n, self.width, columns.start, columns.end, end, how, team];
        let meta = meta.into_iter().map(|word| word as u32).collect();
        let buffers = smallvec![&self.work, &self.pivots, &self.state];
        let groups = self.count.div_ceil(GROUP / team);
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            self.declare(&mut text);
            text.cells("pivots", "u32", 4, &self.pivots);
            text.atomics("state", &self.state);
            self.numbers(&mut text);
            text.add(&self.written(include_str!("panel.wgsl")));
            text.main("  panel(group, lane);\n")
        })
    }

    /// Solves systems with the triangle on the diagonal of `rows`, for the columns from `from` on.
    fn triangular(&self, rows: Range<usize>, from: usize, upper: bool) -> Result<()> {
        let sides = self.width - from;
        let parts = sides.div_ceil(GROUP);
        let key = self.key(Kernel::FactorTriangle);
        let upper = usize::from(upper);
        let many = rows.len() <= 8 && sides <= PANEL;
        let meta = [
            0,
            self.count,
            self.n,
            self.width,
            rows.start,
            rows.end,
            from,
            upper,
            parts,
            usize::from(many),
        ];
        let meta = meta.into_iter().map(|word| word as u32).collect();
        let each = size_of(&[self.count, if many { sides } else { parts }])?;
        let groups = if many { each.div_ceil(GROUP) } else { each };
        let buffers = smallvec![&self.work, &self.pivots];
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            self.declare(&mut text);
            text.cells("pivots", "u32", 4, &self.pivots);
            self.numbers(&mut text);
            text.add(&self.written(include_str!("triangle.wgsl")));
            text.main("  triangular(group, lane);\n")
        })
    }

    /// Subtracts a product from the elements in some rows and columns: of the columns `inner` in those
    /// rows with the rows `inner` in those columns, or with the adjoint of themselves.
    fn update(
        &self,
        [rows, columns]: [Range<usize>; 2],
        inner: Range<usize>,
        right: Right,
    ) -> Result<()> {
        if rows.is_empty() || columns.is_empty() {
            return Ok(());
        }
        let width = self.width as isize;
        let place = |row: usize, column: usize| row * self.width + column;
        let (at, strides) = match right {
            Right::Above => (place(inner.start, columns.start), [width, 1]),
            Right::Adjoint => (place(columns.start, inner.start), [1, width]),
        };
        let each = self.n * self.width;
        let starts = |at| Layout::new(&[self.count], &[each as isize], at);
        let left = starts(place(rows.start, inner.start))?;
        let operands = [Operand::of(&left), Operand::of(&starts(at)?)];
        let walk = Walk::general(&[self.count], operands);
        let mut key = self.key(Kernel::FactorUpdate);
        walk.key(&mut key);
        let (down, across) = (rows.len().div_ceil(TILE), columns.len().div_ceil(TILE));
        let mut meta: Meta = smallvec![0];
        let sizes = [self.count, rows.len(), columns.len(), inner.len(), down, across];
        meta.extend(sizes.map(|word| word as u32));
        meta.extend([width, 1, strides[0], strides[1]].map(|word| word as u32));
        let first = place(rows.start, columns.start);
        meta.extend([right as usize, each, first, self.width].map(|word| word as u32));
        walk.meta(&mut meta);
        let groups = size_of(&[self.count, down, across])?;
        let buffers = smallvec![&self.work];
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            self.declare(&mut text);
            self.numbers(&mut text);
            text.add(&self.written(
                "fn a_at(i: u32) -> Number { return work_get(i); }\n\
                 fn b_at(i: u32) -> Number {\n  let v = work_get(i);\n  \
                 return select(v, adjoint(v), m[11] == 1u);\n}\n\
                 fn put(batch: u32, row: u32, column: u32, v: Number) {\n  \
                 let at = batch * m[12] + m[13] + row * m[14] + column;\n  \
                 work_set(at, work_get(at) - v);\n}",
            ));
            // of a product with its adjoint the lower half is enough
            let wanted = format!("(m[11] != 1u || first_column < first_row + {TILE}u)");
            tiled(text, self.reg, &walk.text(15), &wanted)
        })
    }

    /// Determinants, their signs, and the logarithms of their moduli.
    pub(super) fn determinants(&self) -> Result<[Buffer; 3]> {
        let real = self.reg.part();
        let det = self.gpu.allocate(self.dtype, self.count)?;
        let sign = self.gpu.allocate(self.dtype, self.count)?;
        let log = self.gpu.allocate(real.dtype(), self.count)?;
        let key = self.key(Kernel::FactorDeterminant);
        let meta = [0, self.count, self.n, self.width, self.moderate].map(|word| word as u32);
        let meta = meta.into_iter().collect();
        let groups = self.count.div_ceil(GROUP);
        let buffers = smallvec![&det, &sign, &log, &self.work, &self.pivots, &self.largest];
        self.gpu.run(Submission { key, buffers, meta, groups }, || {
            let mut text = Source::new(self.gpu);
            text.cells("det", self.reg.wgsl(), self.reg.cell_size(), &det);
            text.cells("sign", self.reg.wgsl(), self.reg.cell_size(), &sign);
            text.cells("log", real.wgsl(), real.cell_size(), &log);
            self.declare(&mut text);
            text.cells("pivots", "u32", 4, &self.pivots);
            text.cells("largest", "u32", 4, &self.largest);
            self.numbers(&mut text);
            text.add(&self.written(include_str!("determinant.wgsl")));
            text.main("  if (id < m[1]) { determinant(id); }\n")
        })?;
        Ok([det, sign, log])
    }

    /// Waits for the verdict: the first matrix that failed and its first pivot that did.
    pub(super) fn failure(&self) -> Result<Option<(usize, usize)>> {
        let word = |at: usize| {
            let mut word = [0; 4];
            self.gpu.download(&self.state, 4 * at, &mut word)?;
            Ok(u32::from_ne_bytes(word) as usize)
        };
        match word(self.count)? {
            0 => Ok(None),
            left => {
                let matrix = self.count - left.min(self.count);
                Ok(Some((matrix, word(matrix)?.saturating_sub(1))))
            }
        }
    }
}

/// The right factor of an update.
#[derive(Clone, Copy)]
enum Right {
    Above,
    Adjoint,
}
