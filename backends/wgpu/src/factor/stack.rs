//! A stack of matrices during elimination, and the kernels that work on it.
//!
//! The matrices are stored row by row, each beside its right sides. One workgroup eliminates a
//! block of columns (`panel.wgsl`), then the rows beside it are solved for (`triangle.wgsl`), and
//! the product of the two is subtracted from the elements below and beside them, in tiles (Golub
//! and Van Loan, "Matrix Computations", 3.2.11).

use std::ops::Range;
use std::sync::Arc;

use arrayspace_core::{DType, Layout, Result, View};
use smallvec::smallvec;

use crate::Wgpu;
use crate::contract::{Product, TILE, tiled};
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::math;
use crate::parameters::{Parameters, parameters};
use crate::reg::Reg;
use crate::source::{GROUP, Source};
use crate::values::size_of;
use crate::walk::{Operand, Walk};

/// The most columns that are eliminated before the columns beside them are updated.
const PANEL: usize = 32;
/// The most columns of a matrix that is eliminated as one panel.
const WIDE: usize = 128;
/// The most turns of loops that an invocation makes for one command. Some drivers stop a command
/// that takes too long, and Mesa's software driver silently ends all loops after 65535 turns.
const TURNS: usize = 60_000;
/// The most rows for which one workgroup finds reflectors within that bound.
pub(super) const MOST_ROWS: usize = 1 << 17;
/// Elements that one workgroup compares for the largest.
const PART: usize = GROUP * 16;
/// The most elements of a matrix that one invocation compares.
const SMALL: usize = 64;

/// Invocations per matrix, and columns per step, for `count` matrices of which `rows` and `columns`
/// are computed. A workgroup works on several small matrices.
fn team(count: usize, rows: usize, columns: usize) -> (usize, usize) {
    let across = columns.next_power_of_two().clamp(8, PANEL);
    match (rows, columns) {
        (0..=16, 0..=8) => (8, 8),
        (0..=64, 0..=PANEL) if count > GROUP / PANEL => (PANEL, across),
        _ => (GROUP, across),
    }
}

/// The elements that are copied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    /// All elements.
    Whole,
    /// Those on and above the diagonal, with zeros below.
    Upper,
    /// Those on and below the diagonal, with zeros above. The imaginary parts on the diagonal are
    /// dropped.
    Lower,
    /// None: the identity is written.
    Identity,
}

/// The matrices that are not scaled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    /// Those whose elements have squares in range.
    One,
    /// All but those at the ends of the range. Scaling flushes small elements beside huge ones, and
    /// elimination squares nothing that is larger than the elements.
    Limits,
}

/// The kind of elimination.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Elimination {
    /// To L, with ones on the diagonal, and U, with partial pivoting.
    Lu,
    /// To L with `L Lᴴ`, from the lower triangle.
    Cholesky,
}

/// The right factor of an update.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Right {
    /// The rows above.
    Above,
    /// The adjoint of the left factor.
    Adjoint,
}

/// A stack of matrices of `m` rows and `n` columns, and other columns beside them.
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
    /// The largest exponent of elements of moderate size.
    moderate: usize,
    /// Upper words of the magnitudes of the largest elements.
    largest: Buffer,
    /// The row with which each row was exchanged.
    pivots: Buffer,
    /// The first pivot of each matrix that failed, counted from 1. Then the number of matrices from
    /// the first one that failed.
    state: Buffer,
}

parameters! {
    /// The parameters of [`Stack::find_largest`].
    struct Largest {
        count: usize,
        /// Elements of each matrix.
        each: usize,
        /// Parts of each matrix.
        parts: usize,
        /// Whether an invocation compares all elements of a matrix.
        small: bool,
    }
}

parameters! {
    /// The parameters of [`Stack::copy`].
    struct Copy {
        /// The number of elements.
        items: usize,
        /// Elements of each matrix.
        each: usize,
        columns: usize,
        /// Strides of the target, from matrix to matrix and from row to row, and its first
        /// position.
        to_matrix: usize,
        to_row: usize,
        to_first: usize,
        /// A [`Copied`].
        copied: u32,
        /// Twice the power to which the scale of a matrix is raised.
        halves: i32,
        moderate: usize,
    }
}

parameters! {
    /// The parameters of [`Stack::panel`].
    struct Panel {
        count: usize,
        n: usize,
        width: usize,
        /// The columns that are eliminated, and the end of those that are updated.
        first: usize,
        last: usize,
        end: usize,
        /// Whether the matrices are positive definite, and L is Cholesky's.
        definite: bool,
        team: usize,
    }
}

parameters! {
    /// The parameters of [`Stack::triangular`].
    struct Triangle {
        count: usize,
        n: usize,
        width: usize,
        /// The rows of the triangle.
        first: usize,
        last: usize,
        /// The first column of the right sides.
        from_column: usize,
        upper: bool,
        /// The workgroups of each matrix.
        parts: usize,
        /// Whether a workgroup solves several systems.
        many: bool,
    }
}

parameters! {
    /// Further parameters of [`Stack::update`].
    struct Update {
        /// Whether the right factor is the adjoint of the left one.
        hermitian: bool,
        /// Elements of each matrix with its right sides.
        each: usize,
        /// The position of the first element that is updated.
        first: usize,
        width: usize,
    }
}

parameters! {
    /// The parameters of [`Stack::reflectors`].
    struct Reflectors {
        count: usize,
        rows: usize,
        width: usize,
        /// The columns whose reflectors are found.
        first: usize,
        last: usize,
        across: usize,
        /// The number of reflectors of a matrix.
        size: usize,
        team: usize,
    }
}

parameters! {
    /// The parameters of [`Stack::reflect`].
    struct Reflect {
        count: usize,
        rows: usize,
        width: usize,
        /// The reflectors that are applied.
        first: usize,
        last: usize,
        /// The columns that they are applied to.
        from_column: usize,
        end: usize,
        /// Whether they are applied in reverse order, and not their adjoints.
        back: bool,
        /// The teams of each matrix.
        parts: usize,
        /// The number of reflectors of a matrix.
        size: usize,
        team: usize,
        across: usize,
    }
}

parameters! {
    /// The parameters of [`Stack::determinants`].
    struct Determinant {
        count: usize,
        n: usize,
        width: usize,
        moderate: usize,
    }
}

impl<'a> Stack<'a> {
    /// Copies of matrices, scaled to a moderate size, with room for `sides` columns beside each.
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
        stack.find_largest(a)?;
        stack.fill(a, 0, copied, -1)?;
        Ok(stack)
    }

    fn key(&self, kernel: Kernel) -> Key {
        let mut key: Key = kernel.into();
        key.push(self.reg as u32);
        key
    }

    /// Finds the largest elements.
    fn find_largest(&self, a: View<'_, Wgpu>) -> Result<()> {
        let (count, each) = (self.count, self.m * self.n);
        let small = each <= SMALL;
        let parts = each.div_ceil(PART);
        let walk = Walk::general(a.layout.shape(), [Operand::of(a.layout)]);
        let mut key = self.key(Kernel::FactorLargest);
        walk.key(&mut key);
        let launch = Launch {
            key,
            buffers: smallvec![&self.largest, a.buffer],
            parameters: &[&Largest { count, each, parts, small }, &walk],
            groups: if small { count.div_ceil(GROUP) } else { size_of(&[count, parts])? },
        };
        launch.run(self.gpu, |mut text| {
            text.atomics("largest", &self.largest);
            text.elements("in", a.dtype, a.buffer);
            text.add(&walk.function());
            let word = format!("upper_word_{}", self.reg.part().suffix());
            let magnitude = if self.reg.is_complex() {
                format!("max({word}(v.x), {word}(v.y))")
            } else {
                format!("{word}(v)")
            };
            let number = self.reg.wgsl();
            text.add(&format!("fn magnitude(v: {number}) -> u32 {{ return {magnitude}; }}"));
            text.add(&format!("const PART: u32 = {PART}u;"));
            text.template(include_str!("largest.wgsl"), &[]);
            text.main("largest(group, lane);")
        })
    }

    /// Copies matrices into the columns from `column` on. For a `scale` of -1 they are divided by
    /// the scale of their matrix, which brings it to a moderate size; for 0 they are not.
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

    /// A new buffer with the first `rows` of `columns` of the matrices, multiplied by the scale of
    /// their matrix to the power of `halves / 2`.
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

    /// Copies matrices to a buffer. `to` holds its strides, from matrix to matrix and from row to
    /// row, and the first position.
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
        let parameters = Copy {
            items,
            each: rows * columns,
            columns,
            to_matrix: to[0],
            to_row: to[1],
            to_first: to[2],
            copied: copied as u32,
            halves,
            moderate: self.moderate,
        };
        let launch = Launch {
            key,
            buffers: smallvec![out, from.buffer, &self.largest],
            parameters: &[&parameters, &walk],
            groups: items.div_ceil(GROUP),
        };
        launch.run(self.gpu, |mut text| {
            text.values("out", self.reg, out);
            text.elements("in", self.dtype, from.buffer);
            text.words("largest", &self.largest);
            text.add(&walk.function());
            text.add(&format!(
                "const UPPER: u32 = {}u;\nconst LOWER: u32 = {}u;\nconst IDENTITY: u32 = {}u;",
                Copied::Upper as u32,
                Copied::Lower as u32,
                Copied::Identity as u32
            ));
            self.add_numbers(&mut text);
            self.add(&mut text, include_str!("copy.wgsl"));
            text.main("copy(id);")
        })
    }

    /// Appends a template, filled in for the type of the numbers.
    fn add(&self, text: &mut Source<'_>, template: &str) {
        let words = [math::words(self.reg), &[("Number", self.reg.wgsl())]].concat();
        text.template(template, &words);
    }

    /// Declares the arithmetic.
    fn add_numbers(&self, text: &mut Source<'_>) {
        text.add(&format!("const PANEL: u32 = {PANEL}u;"));
        self.add(text, include_str!("number.wgsl"));
        let own = if self.reg.is_complex() {
            include_str!("complex.wgsl")
        } else {
            include_str!("real.wgsl")
        };
        self.add(text, own);
    }

    /// Eliminates all matrices.
    pub(super) fn eliminate(&self, how: Elimination) -> Result<()> {
        let (n, width) = (self.n, self.width);
        if n <= PANEL && width <= WIDE {
            return self.panel(how, 0..n, width);
        }
        // the turns for each column of a panel, counting one for the end of each loop
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

    /// Solves the systems with U, after the elimination of the right sides.
    pub(super) fn substitute(&self) -> Result<()> {
        let (n, width) = (self.n, self.width);
        for first in (0..n).step_by(PANEL).rev() {
            let last = (first + PANEL).min(n);
            self.triangular(first..last, n, true)?;
            self.update([0..first, n..width], first..last, Right::Above)?;
        }
        Ok(())
    }

    /// Brings the matrices to triangular form by reflectors, and the `columns` of the identity
    /// beside them to the columns of Q.
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
        let parameters: &[&dyn Parameters] = &[&Reflectors {
            count: self.count,
            rows: self.m,
            width: self.width,
            first: columns.start,
            last: columns.end,
            across,
            size: self.m.min(self.n),
            team,
        }];
        let key = self.key(Kernel::FactorReflectors);
        let buffers = smallvec![&self.work, taus];
        let groups = self.count.div_ceil(GROUP / team);
        Launch { key, buffers, parameters, groups }.run(self.gpu, |mut text| {
            self.add_reflection(&mut text, taus);
            self.add(&mut text, include_str!("reflectors.wgsl"));
            text.main("reflectors(group, lane);")
        })
    }

    /// Applies reflectors to columns: their adjoints in order, or with `back` the reflectors in
    /// reverse order.
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
        let parameters: &[&dyn Parameters] = &[&Reflect {
            count: self.count,
            rows: self.m,
            width: self.width,
            first: which.start,
            last: which.end,
            from_column: columns.start,
            end: columns.end,
            back,
            parts,
            size: self.m.min(self.n),
            team,
            across,
        }];
        let key = self.key(Kernel::FactorReflect);
        let buffers = smallvec![&self.work, taus];
        let groups = size_of(&[self.count, parts])?.div_ceil(GROUP / team);
        Launch { key, buffers, parameters, groups }.run(self.gpu, |mut text| {
            self.add_reflection(&mut text, taus);
            self.add(&mut text, include_str!("reflect.wgsl"));
            text.main("reflect_columns(group, lane);")
        })
    }

    /// Declares the matrices, and the application of a reflector to them.
    fn add_reflection(&self, text: &mut Source<'_>, taus: &Buffer) {
        text.values("work", self.reg, &self.work);
        text.values("taus", self.reg, taus);
        self.add_numbers(text);
        self.add(text, include_str!("reflector.wgsl"));
    }

    /// Eliminates columns, from themselves and from the columns after them up to `end`.
    fn panel(&self, how: Elimination, columns: Range<usize>, end: usize) -> Result<()> {
        let (team, _) = team(self.count, self.n, end - columns.start);
        let parameters: &[&dyn Parameters] = &[&Panel {
            count: self.count,
            n: self.n,
            width: self.width,
            first: columns.start,
            last: columns.end,
            end,
            definite: how == Elimination::Cholesky,
            team,
        }];
        let key = self.key(Kernel::FactorPanel);
        let buffers = smallvec![&self.work, &self.pivots, &self.state];
        let groups = self.count.div_ceil(GROUP / team);
        Launch { key, buffers, parameters, groups }.run(self.gpu, |mut text| {
            text.values("work", self.reg, &self.work);
            text.words("pivots", &self.pivots);
            text.atomics("state", &self.state);
            self.add_numbers(&mut text);
            self.add(&mut text, include_str!("panel.wgsl"));
            text.main("panel(group, lane);")
        })
    }

    /// Solves systems with the triangle on the diagonal of `rows`, for the columns from `from` on.
    fn triangular(&self, rows: Range<usize>, from: usize, upper: bool) -> Result<()> {
        let sides = self.width - from;
        let parts = sides.div_ceil(GROUP);
        let many = rows.len() <= 8 && sides <= PANEL;
        let parameters: &[&dyn Parameters] = &[&Triangle {
            count: self.count,
            n: self.n,
            width: self.width,
            first: rows.start,
            last: rows.end,
            from_column: from,
            upper,
            parts,
            many,
        }];
        let key = self.key(Kernel::FactorTriangle);
        let buffers = smallvec![&self.work, &self.pivots];
        let each = size_of(&[self.count, if many { sides } else { parts }])?;
        let groups = if many { each.div_ceil(GROUP) } else { each };
        Launch { key, buffers, parameters, groups }.run(self.gpu, |mut text| {
            text.values("work", self.reg, &self.work);
            text.words("pivots", &self.pivots);
            self.add_numbers(&mut text);
            self.add(&mut text, include_str!("triangle.wgsl"));
            text.main("triangular(group, lane);")
        })
    }

    /// Subtracts a product from the elements in some rows and columns. The left factor is the
    /// columns `inner` of these rows; the right factor is the rows `inner` of these columns, or the
    /// adjoint of the left one.
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
        let position = |row: usize, column: usize| row * self.width + column;
        let (at, [b_row, b_column]) = match right {
            Right::Above => (position(inner.start, columns.start), [width, 1]),
            Right::Adjoint => (position(columns.start, inner.start), [1, width]),
        };
        let each = self.n * self.width;
        let starts = |at| Layout::new(&[self.count], &[each as isize], at);
        let left = starts(position(rows.start, inner.start))?;
        let operands = [Operand::of(&left), Operand::of(&starts(at)?)];
        let walk = Walk::general(&[self.count], operands);
        let mut key = self.key(Kernel::FactorUpdate);
        walk.key(&mut key);
        let (down, across) = (rows.len().div_ceil(TILE), columns.len().div_ceil(TILE));
        let product = Product {
            batches: self.count,
            rows: rows.len(),
            columns: columns.len(),
            inner: inner.len(),
            down,
            across,
            a_row: width,
            a_column: 1,
            b_row,
            b_column,
        };
        let update = Update {
            hermitian: right == Right::Adjoint,
            each,
            first: position(rows.start, columns.start),
            width: self.width,
        };
        let launch = Launch {
            key,
            buffers: smallvec![&self.work],
            parameters: &[&product, &update, &walk],
            groups: size_of(&[self.count, down, across])?,
        };
        launch.run(self.gpu, |mut text| {
            text.values("work", self.reg, &self.work);
            self.add_numbers(&mut text);
            self.add(&mut text, include_str!("update.wgsl"));
            tiled(text, self.reg, &walk)
        })
    }

    /// Determinants, their signs, and the logarithms of their moduli.
    pub(super) fn determinants(&self) -> Result<[Buffer; 3]> {
        let real = self.reg.part();
        let det = self.gpu.allocate(self.dtype, self.count)?;
        let sign = self.gpu.allocate(self.dtype, self.count)?;
        let log = self.gpu.allocate(real.dtype(), self.count)?;
        let parameters: &[&dyn Parameters] = &[&Determinant {
            count: self.count,
            n: self.n,
            width: self.width,
            moderate: self.moderate,
        }];
        let key = self.key(Kernel::FactorDeterminant);
        let buffers = smallvec![&det, &sign, &log, &self.work, &self.pivots, &self.largest];
        let groups = self.count.div_ceil(GROUP);
        Launch { key, buffers, parameters, groups }.run(self.gpu, |mut text| {
            text.values("det", self.reg, &det);
            text.values("sign", self.reg, &sign);
            text.values("log", real, &log);
            text.values("work", self.reg, &self.work);
            text.words("pivots", &self.pivots);
            text.words("largest", &self.largest);
            self.add_numbers(&mut text);
            self.add(&mut text, include_str!("determinant.wgsl"));
            text.main("if (id < p.count) { determinant(id); }")
        })?;
        Ok([det, sign, log])
    }

    /// Waits for the state: the first matrix that failed, and its first pivot that did.
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
