//! The CPU backend of `arrayspace`.
//!
//! One file a subject: `exec` runs elementwise programs block by block, with the contiguous
//! `kernels` of the vector unit that was found at run time (`simd`); `fold`, `arg_fold` and
//! `scan` reduce; `contract` multiplies matrices; `copy`, `gather` and `compact` move
//! elements; `order` and `search` sort and search; `factor` decomposes matrices; `math` is the scalar arithmetic, special cases
//! included; `memory` is where buffers come from.

mod arg_fold;
mod arith;
mod compact;
mod contract;
mod copy;
mod elements;
mod exec;
mod factor;
mod fold;
mod fourier;
mod gather;
mod kernels;
mod math;
mod memory;
mod order;
mod process;
mod rows;
mod scan;
mod search;
mod simd;
#[cfg(test)]
mod sweeps;
mod team;
#[cfg(test)]
mod testing;

use std::ops::Range;

use arrayspace_core::{
    ArgFoldOp, Backend, Capabilities, DType, DTypeSet, Device, Error, FactorOp, FoldOp, FourierOp,
    HostMemory, IndexTerm, Input, Layout, Part, Program, Result, Scalar, ScanOp, ScatterOp, Side,
    View, check,
};

pub use memory::Buffer;
use process::threads;

/// The host's processor: SIMD kernels on all cores.
///
/// ```
/// use arrayspace_core::{Backend, Device};
/// use arrayspace_cpu::Cpu;
/// assert_eq!(Cpu::primary_device(&Cpu::new()), Device::CPU);
/// ```
///
/// # Threads
///
/// There are as many as rayon's global pool has: one for each processor that a thread of the process may use, or as
/// many as `RAYON_NUM_THREADS` says, or as a program has chosen with rayon's `build_global`. They are started by the
/// first call that is worth it, and are not bound to the processors that its caller is bound to. A call on a thread of
/// a pool of rayon's shares its work with that pool instead.
///
/// Where no threads can be had (a container may bound the number of processes), the calling thread does everything
/// itself. The results are the same bits.
///
/// # Children of a fork
///
/// A child that was made by `fork` has none of its parent's threads. In it every call may be made, and is done by the
/// calling thread alone; arrays that were made before the fork can be used, and what the child writes is not seen by
/// the parent. What other threads of the parent were doing at the moment of the fork stays undone: a lock that one of
/// them held, as the memory allocator has some, is never released in the child. So fork while no other thread is within a call, and not on a thread of a pool of rayon's.
/// A child that replaces itself by another program (`exec`, as [`std::process::Command`] does) is a process as any other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct Cpu;

impl Cpu {
    /// The backend. It has no state of its own: all values stand for the one processor.
    pub const fn new() -> Cpu {
        Cpu
    }
}

const CAPABILITIES: Capabilities = Capabilities::uniform(DTypeSet::ALL);

/// A view that has been checked: every element lies within the buffer, at an aligned address.
fn checked<'a>(view: View<'a, Cpu>) -> Result<View<'a, Cpu>> {
    span(view).map(|_| view)
}

/// The elements of its buffer that a view reaches over, after the check of [`checked`].
#[inline]
fn span(view: View<'_, Cpu>) -> Result<Range<usize>> {
    aligned(view)?;
    check::view(&Cpu, view)
}

/// An error for a view of elements at addresses that are not aligned.
#[inline]
fn aligned(view: View<'_, Cpu>) -> Result<()> {
    if !view.buffer.as_ptr().addr().is_multiple_of(view.dtype.alignment()) {
        return Err(Error::dtype(format_args!(
            "memory that was adopted at an address that is not aligned for dtype {} cannot be viewed as \
             such; copy it first",
            view.dtype
        )));
    }
    Ok(())
}

/// An error for any device but the host.
#[inline]
fn host(device: Device) -> Result<()> {
    if device == Device::CPU { Ok(()) } else { Err(check::no_device(&Cpu, device)) }
}

impl Backend for Cpu {
    type Buffer = Buffer;

    fn backend_name(_: &Self) -> &'static str {
        "cpu"
    }

    fn all_devices(_: &Self) -> Vec<Device> {
        vec![Device::CPU]
    }

    fn primary_device(_: &Self) -> Device {
        Device::CPU
    }

    fn capabilities(_: &Self, device: Device) -> Option<Capabilities> {
        (device == Device::CPU).then_some(CAPABILITIES)
    }

    fn allocate(_: &Self, dtype: DType, len: usize, device: Device) -> Result<Buffer> {
        host(device)?;
        Buffer::initialised(dtype, len)
    }

    fn upload(_: &Self, bytes: &[u8], dtype: DType, device: Device) -> Result<Buffer> {
        host(device)?;
        Buffer::copy_of(bytes, dtype)
    }

    fn adopt(_: &Self, memory: HostMemory, dtype: DType, device: Device) -> Result<Buffer> {
        host(device)?;
        check::bytes(memory.len(), dtype)?;
        Buffer::adopt(memory, dtype)
    }

    fn download(_: &Self, source: View<'_, Self>, out: &mut [u8]) -> Result<()> {
        copy::download(source, out)
    }

    fn host_bytes<'a>(_: &Self, buffer: &'a Buffer) -> Option<&'a [u8]> {
        Some(buffer.bytes())
    }

    fn expose(_: &Self, buffer: Buffer) -> Result<HostMemory, Buffer> {
        Ok(buffer.into_host_memory())
    }

    fn transfer(this: &Self, source: View<'_, Self>, device: Device) -> Result<Buffer> {
        let target = Layout::contiguous(source.layout.shape())?;
        let len = target.size();
        Self::assemble(this, &[Part { source, target }], source.dtype, len, device)
    }

    fn exclusive(_: &Self, buffer: &mut Buffer) -> bool {
        buffer.bytes_mut().is_some()
    }

    fn buffer_len(_: &Self, buffer: &Buffer, dtype: DType) -> usize {
        buffer.len_bytes() / dtype.item_size()
    }

    fn assemble(
        _: &Self,
        parts: &[Part<'_, Self>],
        dtype: DType,
        len: usize,
        device: Device,
    ) -> Result<Buffer> {
        host(device)?;
        copy::assemble(parts, dtype, len)
    }

    fn write(_: &Self, target: &mut Buffer, layout: &Layout, source: View<'_, Self>) -> Result<()> {
        copy::write(target, layout, source)
    }

    fn fill(
        _: &Self,
        target: &mut Buffer,
        layout: &Layout,
        dtype: DType,
        value: Scalar,
        device: Device,
    ) -> Result<()> {
        host(device)?;
        copy::fill(target, layout, dtype, value)
    }

    fn gather(_: &Self, source: View<'_, Self>, terms: &[IndexTerm<'_, Self>]) -> Result<Buffer> {
        gather::gather(source, terms)
    }

    fn scatter(
        _: &Self,
        op: ScatterOp,
        target: &mut Buffer,
        layout: &Layout,
        terms: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()> {
        gather::scatter(op, target, layout, terms, source)
    }

    fn compact(
        _: &Self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Buffer, usize)> {
        compact::compact(program, inputs, mask)
    }

    fn map(
        _: &Self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        host(device)?;
        exec::map(program, inputs, shape)
    }

    fn fold(
        _: &Self,
        op: FoldOp,
        program: &Program,
        inputs: &[View<'_, Self>],
        shape: &[usize],
        axes: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        host(device)?;
        fold::fold(op, program, inputs, shape, axes)
    }

    fn arg_fold(
        _: &Self,
        op: ArgFoldOp,
        source: View<'_, Self>,
        axis: Option<usize>,
    ) -> Result<Buffer> {
        arg_fold::arg_fold(op, checked(source)?, axis)
    }

    fn scan(
        _: &Self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Buffer> {
        scan::scan(op, checked(source)?, axis, initial)
    }

    fn contract(_: &Self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Buffer> {
        contract::contract(left, right)
    }

    fn order(_: &Self, source: View<'_, Self>, axis: usize, descending: bool) -> Result<Buffer> {
        order::order(checked(source)?, axis, descending)
    }

    fn order_indices(
        _: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Buffer> {
        order::order_indices(checked(source)?, axis, descending)
    }

    fn search(
        _: &Self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Buffer> {
        search::search(checked(sorted)?, checked(queries)?, side)
    }

    fn factor(_: &Self, op: FactorOp, operands: &[View<'_, Self>]) -> Option<Result<Vec<Buffer>>> {
        Some(factor::factor(op, operands))
    }

    fn fourier(
        _: &Self,
        op: FourierOp,
        source: View<'_, Self>,
        axis: usize,
        n: usize,
        scale: f64,
    ) -> Option<Result<Buffer>> {
        Some(checked(source).and_then(|source| fourier::fourier(op, source, axis, n, scale)))
    }
}
