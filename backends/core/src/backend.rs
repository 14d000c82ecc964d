//! The contract: what a backend is asked to do.

use std::fmt::Debug;

use crate::{
    ArgFoldOp, Capabilities, DType, Device, FactorOp, FoldOp, FourierOp, HostMemory, Layout,
    Program, Result, Scalar, ScanOp, ScatterOp, Side,
};

/// An operand: some of the elements of a buffer.
#[derive(Debug)]
pub struct View<'a, B: Backend> {
    /// The memory.
    pub buffer: &'a B::Buffer,
    /// The type of its elements.
    pub dtype: DType,
    /// Which of them.
    pub layout: &'a Layout,
}

impl<B: Backend> Clone for View<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B: Backend> Copy for View<'_, B> {}

/// How an operand's buffer may be used.
#[derive(Debug)]
pub enum Access<'a, T> {
    /// Read.
    Shared(&'a T),
    /// Read, and nobody will read it afterwards. If it is [exclusive](Backend::exclusive) and fits, the
    /// result may be written into it, and a clone of the handle returned. If the call fails, the
    /// contents are as they were.
    Dying(&'a mut T),
}

impl<T> Access<'_, T> {
    /// The buffer, for reading.
    pub fn get(&self) -> &T {
        match self {
            Access::Shared(b) => b,
            Access::Dying(b) => b,
        }
    }
}

/// An operand of a map: a [`View`] whose buffer may be dying.
#[derive(Debug)]
pub struct Input<'a, B: Backend> {
    /// The memory.
    pub buffer: Access<'a, B::Buffer>,
    /// The type of its elements.
    pub dtype: DType,
    /// Which of them, in the shape that the program runs over.
    pub layout: &'a Layout,
}

impl<B: Backend> Input<'_, B> {
    /// The operand, for reading.
    pub fn view(&self) -> View<'_, B> {
        View { buffer: self.buffer.get(), dtype: self.dtype, layout: self.layout }
    }
}

/// A view as an operand whose buffer is shared.
impl<'a, B: Backend> From<View<'a, B>> for Input<'a, B> {
    fn from(View { buffer, dtype, layout }: View<'a, B>) -> Self {
        Input { buffer: Access::Shared(buffer), dtype, layout }
    }
}

/// A part of a new array: the elements of `source`, at the positions `target`.
#[derive(Debug)]
pub struct Part<'a, B: Backend> {
    /// The elements.
    pub source: View<'a, B>,
    /// Their positions: a layout of the same shape in the new buffer.
    pub target: Layout,
}

/// The receiver of an asynchronous read: see [`Backend::download_later`].
pub type Receiver = Box<dyn FnOnce(Result<&[u8]>) + Send>;

/// Integer indices along one axis of the source of a gather (or the target of a scatter).
#[derive(Debug)]
pub struct IndexTerm<'a, B: Backend> {
    /// The indices: any integer dtype, a layout of the shape of the result. Negative ones count from
    /// the end.
    pub indices: View<'a, B>,
    /// The length of the axis: an index is valid from `-extent` to `extent - 1`.
    pub extent: usize,
    /// The stride of the axis.
    pub stride: isize,
    /// The number of the axis, for the text of an error.
    pub axis: usize,
}

/// A place where arrays live and are computed on.
///
/// A value of the type is a cheap handle; clones stand for the same memory and devices. Every function
/// takes operands that fit: dtypes promoted, shapes broadcast, axes checked. What it returns is a buffer
/// whose elements lie in row-major order from its start, in the shape that the function names.
///
/// To its users a value of the type is the namespace, with the functions of the standard as methods. Those of
/// this trait are associated functions, as those of `Rc` are: `B::map(&backend, ..)`. They are named after what
/// they do to memory, and never bear the name of a function of the standard.
///
/// A backend must be memory-safe whatever it is given: a view beyond the end of its buffer, an index out
/// of bounds, a program over too few operands is an error, never an access.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no backend",
    label = "not a backend",
    note = "arrays are generic over the backend alone: `Array<Cpu>`, or `Array<N>` where `N: Namespace`",
    note = "dtype and shape are values of run time: `DType::Float64` as an option of a function, `x.dtype()`"
)]
pub trait Backend: Clone + Debug + Send + Sync + 'static {
    /// A block of memory with elements of one dtype: a reference-counted handle, cheap to clone.
    ///
    /// A buffer of complex numbers is one of their parts as well, real and imaginary in turn, twice as
    /// many: either may be viewed as the other.
    type Buffer: Clone + Debug + Send + Sync + 'static;

    // ---- what there is ---------------------------------------------------------------------------

    /// The name of the backend: `"cpu"`, `"wgpu"`.
    fn backend_name(this: &Self) -> &'static str;

    /// The devices, at least one.
    fn all_devices(this: &Self) -> Vec<Device>;

    /// The device that is used where none is named.
    fn primary_device(this: &Self) -> Device;

    /// What a device can do; `None` if this backend has no such device.
    fn capabilities(this: &Self, device: Device) -> Option<Capabilities>;

    // ---- memory ----------------------------------------------------------------------------------

    /// A buffer of `len` elements. They are initialised, to values that are not specified.
    fn allocate(this: &Self, dtype: DType, len: usize, device: Device) -> Result<Self::Buffer>;

    /// A buffer with a copy of these bytes.
    fn upload(this: &Self, bytes: &[u8], dtype: DType, device: Device) -> Result<Self::Buffer>;

    /// A buffer with this memory, without a copy where the device is the host and the alignment is
    /// the dtype's. Memory that is not writable is never written.
    fn adopt(this: &Self, memory: HostMemory, dtype: DType, device: Device)
    -> Result<Self::Buffer>;

    /// Copies the elements, in row-major order, into `out`, which has exactly their size.
    fn download(this: &Self, source: View<'_, Self>, out: &mut [u8]) -> Result<()>;

    /// Reads the elements, in row-major order, without blocking the caller, and calls `receiver` once
    /// with their bytes: later, on any thread, or at once. Elements are those of the moment of the call.
    ///
    /// The receiver comes back if the backend has no asynchronous read, which is the default: the layer
    /// above then calls [`download`](Backend::download) on a thread of its own.
    fn download_later(
        this: &Self,
        source: View<'_, Self>,
        receiver: Receiver,
    ) -> Result<(), Receiver> {
        let _ = (this, source);
        Err(receiver)
    }

    /// All bytes of a buffer, if the host can read them where they are.
    fn host_bytes<'a>(this: &Self, buffer: &'a Self::Buffer) -> Option<&'a [u8]> {
        let _ = (this, buffer);
        None
    }

    /// The memory of a buffer, kept alive by its block: the reverse of [`adopt`](Backend::adopt). It is
    /// writable if the buffer was [exclusive](Backend::exclusive). The buffer comes back if the host
    /// cannot reach its memory where it is.
    fn expose(this: &Self, buffer: Self::Buffer) -> Result<HostMemory, Self::Buffer> {
        let _ = this;
        Err(buffer)
    }

    /// A copy of the elements on another device of this backend.
    fn transfer(this: &Self, source: View<'_, Self>, device: Device) -> Result<Self::Buffer>;

    /// Whether nobody else has a handle to this memory, and it may be written.
    fn exclusive(this: &Self, buffer: &mut Self::Buffer) -> bool;

    /// The number of elements of `dtype` that a buffer has room for.
    fn buffer_len(this: &Self, buffer: &Self::Buffer, dtype: DType) -> usize;

    /// Waits until all work that was asked for is done.
    fn synchronize(this: &Self, device: Device) -> Result<()> {
        let _ = (this, device);
        Ok(())
    }

    // ---- moving elements -------------------------------------------------------------------------

    /// A new buffer of `len` elements, put together from parts that cover it. Parts have the dtype.
    ///
    /// Serves contiguous copies, concat, stack, roll, flip, tile.
    fn assemble(
        this: &Self,
        parts: &[Part<'_, Self>],
        dtype: DType,
        len: usize,
        device: Device,
    ) -> Result<Self::Buffer>;

    /// Copies the elements of `source` to the places `layout` of `target`, which is exclusive. Both
    /// have the same dtype and shape, and do not share memory.
    fn write(
        this: &Self,
        target: &mut Self::Buffer,
        layout: &Layout,
        source: View<'_, Self>,
    ) -> Result<()>;

    /// Writes one value to the places `layout` of `target`, which is exclusive and has elements of `dtype`.
    fn fill(
        this: &Self,
        target: &mut Self::Buffer,
        layout: &Layout,
        dtype: DType,
        value: Scalar,
        device: Device,
    ) -> Result<()> {
        let mut program = Program::new();
        program.constant(value, dtype)?;
        let one = Self::map(this, &program, &mut [], &[], device)?;
        let everywhere = Layout::new(layout.shape(), &vec![0; layout.ndim()], 0)?;
        Self::write(this, target, layout, View { buffer: &one, dtype, layout: &everywhere })
    }

    /// Elements at computed places: the element of the result at `i` is the source's at
    /// `layout(i) + Σ index_t(i) · stride_t`. The source's layout has the shape of the result, with
    /// stride 0 where a term says where to go.
    ///
    /// # Errors
    /// [`Error::Index`](crate::Error::Index) with value, axis and length for an index out of bounds.
    fn gather(
        this: &Self,
        source: View<'_, Self>,
        terms: &[IndexTerm<'_, Self>],
    ) -> Result<Self::Buffer>;

    /// Combines elements of `target`, which is exclusive, at computed positions with those of `source`:
    /// the reverse of [`gather`](Backend::gather). Where indices repeat, elements are combined in
    /// row-major order of the source. All indices are checked before anything is written.
    ///
    /// # Errors
    /// [`Error::Index`](crate::Error::Index) with value, axis and length for an index out of bounds.
    fn scatter(
        this: &Self,
        op: ScatterOp,
        target: &mut Self::Buffer,
        layout: &Layout,
        terms: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()>;

    /// The values of a program where a mask is true, in row-major order, and how many they are.
    ///
    /// The inputs have the shape of the mask. Serves nonzero and boolean masks.
    fn compact(
        this: &Self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Self::Buffer, usize)>;

    // ---- computing -------------------------------------------------------------------------------

    /// Runs a program for each element of `shape`. Inputs have that shape. The result's dtype is the
    /// program's.
    fn map(
        this: &Self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        device: Device,
    ) -> Result<Self::Buffer>;

    /// Combines the values of a program over axes of `shape` (sorted, without repeats). The result has
    /// the remaining axes. Its bits do not depend on the number of threads.
    fn fold(
        this: &Self,
        op: FoldOp,
        program: &Program,
        inputs: &[View<'_, Self>],
        shape: &[usize],
        axes: &[usize],
        device: Device,
    ) -> Result<Self::Buffer>;

    /// The position (default index dtype) of an extreme value along an axis, or in the whole array in
    /// row-major order. Real dtypes; at least one element along the axis.
    fn arg_fold(
        this: &Self,
        op: ArgFoldOp,
        source: View<'_, Self>,
        axis: Option<usize>,
    ) -> Result<Self::Buffer>;

    /// Running sums or products along an axis, in the source's dtype; with `initial` preceded by the
    /// identity, so that the axis is one longer.
    fn scan(
        this: &Self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Self::Buffer>;

    /// Products of matrices: `[..., m, k]` with `[..., k, n]` gives `[..., m, n]`. Same numeric dtype,
    /// same leading axes (broadcast ones have stride 0). `k = 0` gives zeros. Integers wrap.
    fn contract(this: &Self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Self::Buffer>;

    /// The elements in order along an axis: a stable sort, ascending or descending, NaN last in both
    /// (complex: by real, then imaginary part; with a NaN part last). Every dtype.
    fn order(
        this: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Self::Buffer>;

    /// The indices (default index dtype) that put the elements in the order of
    /// [`order`](Backend::order): stable, so equal elements keep theirs in both directions.
    fn order_indices(
        this: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Self::Buffer>;

    /// For each of `queries`, where it belongs in the ascending 1-d `sorted` of the same dtype (default
    /// index dtype). NaN as in [`order`](Backend::order): after all numbers.
    fn search(
        this: &Self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Self::Buffer>;

    // ---- the extensions --------------------------------------------------------------------------
    // A backend that has nothing better returns `None`: the layer above then takes the way through
    // host memory.

    /// Decomposes each of a stack of matrices, or solves systems: see [`FactorOp`] for what goes in
    /// and what comes out. Operands hold finite values.
    ///
    /// # Errors
    /// [`Error::Singular`](crate::Error::Singular) for a matrix that is singular (or, for Cholesky,
    /// not positive definite), [`Error::NoConvergence`](crate::Error::NoConvergence).
    fn factor(
        this: &Self,
        op: FactorOp,
        operands: &[View<'_, Self>],
    ) -> Option<Result<Vec<Self::Buffer>>> {
        let _ = (this, op, operands);
        None
    }

    /// Transforms every line along an axis: it is read with as many elements as `op` wants for length
    /// `n` (cut, or continued with zeros), transformed, and multiplied by `scale`. `n` is at least 1.
    fn fourier(
        this: &Self,
        op: FourierOp,
        source: View<'_, Self>,
        axis: usize,
        n: usize,
        scale: f64,
    ) -> Option<Result<Self::Buffer>> {
        let _ = (this, op, source, axis, n, scale);
        None
    }
}
