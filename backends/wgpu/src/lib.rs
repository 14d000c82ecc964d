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
mod combine;
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
    FourierOp, HostMemory, IndexTerm, Input, Layout, OpClass, Part, Program, Receiver, Result,
    ScanOp, ScatterOp, Side, View, check,
};
use smallvec::SmallVec;

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

    fn upload(this: &Self, bytes: &[u8], dtype: DType, device: Device) -> Result<Buffer> {
        let gpu = this.gpu(device)?;
        check::bytes(bytes.len(), dtype)?;
        gpu.upload(bytes)
    }

    fn adopt(this: &Self, memory: HostMemory, dtype: DType, device: Device) -> Result<Buffer> {
        Self::upload(this, memory.bytes(), dtype, device)
    }

    fn download(this: &Self, source: View<'_, Self>, out: &mut [u8]) -> Result<()> {
        check::download(this, source, out.len())?;
        copy::download(source, out)
    }

    fn download_later(
        this: &Self,
        source: View<'_, Self>,
        receiver: Receiver,
    ) -> Result<(), Receiver> {
        let checked = check::view(this, source).and_then(|_| copy::together(source));
        match checked {
            Ok((buffer, at, len)) => source.buffer.gpu().download_later(&buffer, at, len, receiver),
            Err(error) => {
                receiver(Err(error));
                Ok(())
            }
        }
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
        let gpu = this.gpu(device)?;
        check::assemble(this, parts, dtype, len)?;
        copy::assemble(&gpu, parts, dtype, len)
    }

    fn write(
        this: &Self,
        target: &mut Buffer,
        layout: &Layout,
        source: View<'_, Self>,
    ) -> Result<()> {
        check::write(this, target, layout, source)?;
        copy::write(target, layout, source)
    }

    fn gather(
        this: &Self,
        source: View<'_, Self>,
        terms: &[IndexTerm<'_, Self>],
    ) -> Result<Buffer> {
        check::gather(this, source, terms)?;
        gather::gather(source, terms)
    }

    fn scatter(
        this: &Self,
        op: ScatterOp,
        target: &mut Buffer,
        layout: &Layout,
        terms: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()> {
        check::scatter(this, op, target, layout, terms, source)?;
        match op.combine(source.dtype) {
            None if op == ScatterOp::Replace => gather::scatter(target, layout, terms, source),
            None => Err(check::unknown("wgpu", op.name())),
            Some(combine) => combine::scatter(combine, target, layout, terms, source),
        }
    }

    fn compact(
        this: &Self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Buffer, usize)> {
        check::compact(this, program, inputs, mask)?;
        check::steps(this, mask.buffer.gpu().name(), program)?;
        compact::compact(mask.buffer.gpu(), program, inputs, mask)
    }

    fn map(
        this: &Self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        let gpu = this.gpu(device)?;
        let views: SmallVec<[View<'_, Self>; 4]> = inputs.iter().map(Input::view).collect();
        check::map(this, program, &views, shape)?;
        check::steps(this, device, program)?;
        drop(views);
        map::map(&gpu, program, inputs, shape)
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
        let gpu = this.gpu(device)?;
        check::fold(this, op, program, inputs, shape, axes)?;
        check::steps(this, device, program)?;
        fold::fold(&gpu, op, program, inputs, shape, axes)
    }

    fn arg_fold(
        this: &Self,
        op: ArgFoldOp,
        source: View<'_, Self>,
        axis: Option<usize>,
    ) -> Result<Buffer> {
        check::view(this, source)?;
        check::arg_fold(op, source.dtype, source.layout.shape(), axis)?;
        computes(this, source)?;
        arg_fold::arg_fold(source.buffer.gpu(), op, source, axis)
    }

    fn scan(
        this: &Self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Buffer> {
        check::view(this, source)?;
        check::scan(op, source.dtype, source.layout.shape(), axis)?;
        computes(this, source)?;
        scan::scan(source.buffer.gpu(), op, source, axis, initial)
    }

    fn contract(this: &Self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Buffer> {
        check::view(this, left)?;
        check::view(this, right)?;
        check::contract(left, right)?;
        computes(this, left)?;
        contract::contract(left.buffer.gpu(), left, right)
    }

    fn order(this: &Self, source: View<'_, Self>, axis: usize, descending: bool) -> Result<Buffer> {
        check::view(this, source)?;
        check::order(source.layout.shape(), axis)?;
        computes(this, source)?;
        order::order(source.buffer.gpu(), source, axis, descending)
    }

    fn order_indices(
        this: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Buffer> {
        check::view(this, source)?;
        check::order(source.layout.shape(), axis)?;
        computes(this, source)?;
        order::order_indices(source.buffer.gpu(), source, axis, descending)
    }

    fn search(
        this: &Self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Buffer> {
        check::view(this, sorted)?;
        check::view(this, queries)?;
        check::search(sorted, queries)?;
        computes(this, queries)?;
        search::search(queries.buffer.gpu(), sorted, queries, side)
    }

    fn factor(
        this: &Self,
        op: FactorOp,
        operands: &[View<'_, Self>],
    ) -> Option<Result<Vec<Buffer>>> {
        let checked = || {
            let (a, b) = check::factor(op, operands)?;
            for operand in [Some(a), b].into_iter().flatten() {
                check::view(this, operand)?;
                computes(this, operand)?;
            }
            Ok((a, b))
        };
        match checked() {
            Ok((a, b)) => factor::factor(op, a, b),
            Err(error) => Some(Err(error)),
        }
    }

    fn fourier(
        this: &Self,
        op: FourierOp,
        source: View<'_, Self>,
        axis: usize,
        n: usize,
        scale: f64,
    ) -> Option<Result<Buffer>> {
        let checked = || {
            check::view(this, source)?;
            check::fourier(op, source.dtype, source.layout.shape(), axis, n)?;
            computes(this, source)
        };
        let gpu = source.buffer.gpu();
        Some(
            checked()
                .and_then(|()| fourier::fourier(this.plans(), gpu, op, source, axis, n, scale)),
        )
    }
}

/// An error unless the device of a view computes with its dtype.
fn computes(this: &Wgpu, view: View<'_, Wgpu>) -> Result<()> {
    check::supported(this, view.buffer.gpu().name(), OpClass::Map, view.dtype)
}
