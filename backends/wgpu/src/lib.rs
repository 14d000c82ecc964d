//! The GPU backend of `arrayspace`: compute shaders on Vulkan, Metal and DX12, by `wgpu`.
//!
//! Arrays stay on the device. The host waits for it only in [`Backend::download`], in a transfer
//! between devices, and in functions that depend on values of an array: the number of elements that a
//! mask keeps, an index that is out of bounds, a singular matrix (at most 16 bytes each).
//! [`Wgpu::transfers`] counts the transfers.
//!
//! `context` finds adapters and opens them. `gpu` is one opened device, with its memory, commands and
//! compiled kernels. `source`, `parameters`, `template`, `reg`, `walk` and `values` write the text of
//! kernels, `kernel` runs them, and `math` is their arithmetic. Each of the other modules implements
//! the methods of [`Backend`] that it is named after.
//!
//! # Supported dtypes and functions
//!
//! Every device has all integers, float16, bfloat16, float32 and complex64. float64 and complex128
//! need 64-bit floats and integers in shaders, which most devices have with Vulkan. Elements of 8 and
//! 16 bits are packed in words, and 64-bit integers are two words where shaders have none.
//!
//! Everything is computed on the device but iterative decompositions, for which the operands are
//! copied to the host and the results back. The functions of the extensions are computed as follows.
//!
//! | functions | computed |
//! |---|---|
//! | all of `fft` | on the device; the first transform of a length uploads a table |
//! | `cholesky`, `det`, `inv`, `qr` (of up to 131072 rows), `slogdet`, `solve` | on the device |
//! | `cross`, `diagonal`, `matmul`, `matrix_power`, `matrix_transpose`, `outer`, `tensordot`, `trace`, `vecdot`, `vector_norm` | on the device |
//! | `matrix_norm` | on the device; of the orders `2`, `-2` and `"nuc"` the singular values by the host |
//! | `matrix_rank`, `pinv` | singular values (and vectors) by the host, the rest on the device |
//! | `eig`, `eigh`, `eigvals`, `eigvalsh`, `svd`, `svd_right`, `svdvals` | by the host |

mod arg_fold;
mod compact;
mod context;
mod contract;
mod copy;
#[cfg(test)]
mod every_kernel;
mod factor;
mod fold;
mod fourier;
mod gather;
mod gpu;
mod kernel;
mod keys;
mod map;
mod math;
mod order;
mod parameters;
mod reg;
mod scan;
mod search;
mod source;
mod template;
mod values;
mod walk;

use std::sync::Arc;

use arrayspace_core::{
    ArgFoldOp, Backend, Capabilities, DType, Device, DeviceKind, Error, FactorOp, FoldOp,
    FourierOp, HostMemory, IndexTerm, Input, Layout, Part, Program, Result, ScanOp, Side, View,
};

pub use context::{Adapter, Wgpu};
pub use gpu::{Buffer, Transfers};

impl Backend for Wgpu {
    type Buffer = Buffer;

    fn backend_name(_: &Self) -> &'static str {
        "wgpu"
    }

    fn all_devices(this: &Self) -> Vec<Device> {
        (0..this.count()).map(|k| Device::new(DeviceKind::Gpu, k)).collect()
    }

    fn primary_device(_: &Self) -> Device {
        Device::new(DeviceKind::Gpu, 0)
    }

    fn capabilities(this: &Self, device: Device) -> Option<Capabilities> {
        this.gpu(device).ok().map(|gpu| gpu.capabilities())
    }

    fn allocate(this: &Self, dtype: DType, len: usize, device: Device) -> Result<Buffer> {
        let buffer = this.gpu(device)?.allocate(dtype, len)?;
        buffer.gpu().clear(&buffer);
        Ok(buffer)
    }

    fn upload(this: &Self, bytes: &[u8], _dtype: DType, device: Device) -> Result<Buffer> {
        this.gpu(device)?.upload(bytes)
    }

    fn adopt(this: &Self, memory: HostMemory, dtype: DType, device: Device) -> Result<Buffer> {
        Self::upload(this, memory.bytes(), dtype, device)
    }

    fn download(_: &Self, source: View<'_, Self>, out: &mut [u8]) -> Result<()> {
        copy::download(source, out)
    }

    fn transfer(this: &Self, source: View<'_, Self>, device: Device) -> Result<Buffer> {
        let gpu = this.gpu(device)?;
        if Arc::ptr_eq(source.buffer.gpu(), &gpu) {
            return copy::contiguous(&gpu, source);
        }
        let len = source.layout.size().checked_mul(source.dtype.item_size());
        let mut bytes = Vec::<u8>::new();
        len.and_then(|len| bytes.try_reserve_exact(len).ok())
            .ok_or_else(|| Error::out_of_memory(len))?;
        bytes.resize(len.unwrap_or(0), 0);
        copy::download(source, &mut bytes)?;
        gpu.upload(&bytes)
    }

    fn exclusive(_: &Self, buffer: &mut Buffer) -> bool {
        buffer.is_exclusive()
    }

    fn buffer_len(_: &Self, buffer: &Buffer, dtype: DType) -> usize {
        buffer.len_bytes() / dtype.item_size()
    }

    fn synchronize(this: &Self, device: Device) -> Result<()> {
        this.gpu(device)?.wait()
    }

    fn assemble(
        this: &Self,
        parts: &[Part<'_, Self>],
        dtype: DType,
        len: usize,
        device: Device,
    ) -> Result<Buffer> {
        copy::assemble(&this.gpu(device)?, parts, dtype, len)
    }

    fn write(_: &Self, target: &mut Buffer, layout: &Layout, source: View<'_, Self>) -> Result<()> {
        copy::write(target, layout, source)
    }

    fn gather(_: &Self, source: View<'_, Self>, terms: &[IndexTerm<'_, Self>]) -> Result<Buffer> {
        gather::gather(source, terms)
    }

    fn scatter(
        _: &Self,
        target: &mut Buffer,
        layout: &Layout,
        terms: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()> {
        gather::scatter(target, layout, terms, source)
    }

    fn compact(
        _: &Self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Buffer, usize)> {
        compact::compact(mask.buffer.gpu(), program, inputs, mask)
    }

    fn map(
        this: &Self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        map::map(&this.gpu(device)?, program, inputs, shape)
    }

    fn fold(
        this: &Self,
        op: FoldOp,
        program: &Program,
        inputs: &[View<'_, Self>],
        shape: &[usize],
        axes: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        fold::fold(&this.gpu(device)?, op, program, inputs, shape, axes)
    }

    fn arg_fold(
        _: &Self,
        op: ArgFoldOp,
        source: View<'_, Self>,
        axis: Option<usize>,
    ) -> Result<Buffer> {
        arg_fold::arg_fold(source.buffer.gpu(), op, source, axis)
    }

    fn scan(
        _: &Self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Buffer> {
        scan::scan(source.buffer.gpu(), op, source, axis, initial)
    }

    fn contract(_: &Self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Buffer> {
        contract::contract(left.buffer.gpu(), left, right)
    }

    fn order(_: &Self, source: View<'_, Self>, axis: usize, descending: bool) -> Result<Buffer> {
        order::order(source.buffer.gpu(), source, axis, descending)
    }

    fn order_indices(
        _: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Buffer> {
        order::order_indices(source.buffer.gpu(), source, axis, descending)
    }

    fn search(
        _: &Self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Buffer> {
        search::search(queries.buffer.gpu(), sorted, queries, side)
    }

    fn factor(_: &Self, op: FactorOp, operands: &[View<'_, Self>]) -> Option<Result<Vec<Buffer>>> {
        factor::factor(op, operands)
    }

    fn fourier(
        this: &Self,
        op: FourierOp,
        source: View<'_, Self>,
        axis: usize,
        n: usize,
        scale: f64,
    ) -> Option<Result<Buffer>> {
        let gpu = source.buffer.gpu();
        Some(fourier::fourier(this.plans(), gpu, op, source, axis, n, scale))
    }
}
