//! A second backend for the tests: the CPU's kernels behind a memory that the host does not see, with three
//! devices, one of which lacks float64 and complex128, and one all that is as wide.

use arrayspace::core::{
    Access, ArgFoldOp, Capabilities, DTypeSet, FoldOp, HostMemory, IndexTerm, Input, Layout, Part,
    Program, ScanOp, Side, View,
};
use arrayspace::prelude::*;
use arrayspace::{Backend, DeviceKind};

/// The backend.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elsewhere;

/// The device with every dtype, which is the default.
pub(crate) const WIDE: Device = Device::new(DeviceKind::Gpu, 0);
/// The device without float64 and complex128.
pub(crate) const NARROW: Device = Device::new(DeviceKind::Gpu, 1);
/// The device without float64, complex128, int64 and uint64.
pub(crate) const SMALL: Device = Device::new(DeviceKind::Gpu, 2);

const CPU: Cpu = Cpu::new();

type Buffer = <Cpu as Backend>::Buffer;

fn view<'a>(x: View<'a, Elsewhere>) -> View<'a, Cpu> {
    View { buffer: x.buffer, dtype: x.dtype, layout: x.layout }
}

fn views<'a>(list: &[View<'a, Elsewhere>]) -> Vec<View<'a, Cpu>> {
    list.iter().map(|&x| view(x)).collect()
}

fn terms<'a>(list: &[IndexTerm<'a, Elsewhere>]) -> Vec<IndexTerm<'a, Cpu>> {
    let term = |t: &IndexTerm<'a, Elsewhere>| IndexTerm {
        indices: view(t.indices),
        extent: t.extent,
        stride: t.stride,
        axis: t.axis,
    };
    list.iter().map(term).collect()
}

impl Backend for Elsewhere {
    type Buffer = Buffer;

    fn backend_name(&self) -> &'static str {
        "elsewhere"
    }

    fn all_devices(&self) -> Vec<Device> {
        vec![WIDE, NARROW, SMALL]
    }

    fn primary_device(&self) -> Device {
        WIDE
    }

    fn capabilities(&self, device: Device) -> Option<Capabilities> {
        let narrow = DTypeSet::ALL.without(DType::Float64).without(DType::Complex128);
        match device {
            WIDE => Some(Capabilities::uniform(DTypeSet::ALL)),
            NARROW => Some(Capabilities::uniform(narrow)),
            SMALL => {
                let small = narrow.without(DType::Int64).without(DType::UInt64);
                Some(Capabilities::uniform(small))
            }
            _ => None,
        }
    }

    fn allocate(&self, dtype: DType, len: usize, _: Device) -> Result<Buffer> {
        CPU.allocate(dtype, len, Device::CPU)
    }

    fn upload(&self, bytes: &[u8], dtype: DType, _: Device) -> Result<Buffer> {
        CPU.upload(bytes, dtype, Device::CPU)
    }

    fn adopt(&self, memory: HostMemory, dtype: DType, device: Device) -> Result<Buffer> {
        self.upload(memory.bytes(), dtype, device)
    }

    fn download(&self, source: View<'_, Self>, out: &mut [u8]) -> Result<()> {
        CPU.download(view(source), out)
    }

    fn transfer(&self, source: View<'_, Self>, _: Device) -> Result<Buffer> {
        CPU.transfer(view(source), Device::CPU)
    }

    fn exclusive(&self, buffer: &mut Buffer) -> bool {
        CPU.exclusive(buffer)
    }

    fn buffer_len(&self, buffer: &Buffer, dtype: DType) -> usize {
        CPU.buffer_len(buffer, dtype)
    }

    fn assemble(
        &self,
        parts: &[Part<'_, Self>],
        dtype: DType,
        len: usize,
        _: Device,
    ) -> Result<Buffer> {
        let parts: Vec<Part<'_, Cpu>> = parts
            .iter()
            .map(|p| Part { source: view(p.source), target: p.target.clone() })
            .collect();
        CPU.assemble(&parts, dtype, len, Device::CPU)
    }

    fn write(&self, target: &mut Buffer, layout: &Layout, source: View<'_, Self>) -> Result<()> {
        CPU.write(target, layout, view(source))
    }

    fn gather(&self, source: View<'_, Self>, list: &[IndexTerm<'_, Self>]) -> Result<Buffer> {
        CPU.gather(view(source), &terms(list))
    }

    fn scatter(
        &self,
        target: &mut Buffer,
        layout: &Layout,
        list: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()> {
        CPU.scatter(target, layout, &terms(list), view(source))
    }

    fn compact(
        &self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Buffer, usize)> {
        CPU.compact(program, &views(inputs), view(mask))
    }

    fn map(
        &self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        _: Device,
    ) -> Result<Buffer> {
        let mut inputs: Vec<Input<'_, Cpu>> = inputs
            .iter_mut()
            .map(|x| Input {
                buffer: match &mut x.buffer {
                    Access::Shared(b) => Access::Shared(*b),
                    Access::Dying(b) => Access::Dying(b),
                },
                dtype: x.dtype,
                layout: x.layout,
            })
            .collect();
        CPU.map(program, &mut inputs, shape, Device::CPU)
    }

    fn fold(
        &self,
        op: FoldOp,
        program: &Program,
        inputs: &[View<'_, Self>],
        shape: &[usize],
        axes: &[usize],
        _: Device,
    ) -> Result<Buffer> {
        CPU.fold(op, program, &views(inputs), shape, axes, Device::CPU)
    }

    fn arg_fold(&self, op: ArgFoldOp, x: View<'_, Self>, axis: Option<usize>) -> Result<Buffer> {
        CPU.arg_fold(op, view(x), axis)
    }

    fn scan(
        &self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Buffer> {
        CPU.scan(op, view(source), axis, initial)
    }

    fn contract(&self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Buffer> {
        CPU.contract(view(left), view(right))
    }

    fn order(&self, source: View<'_, Self>, axis: usize, descending: bool) -> Result<Buffer> {
        CPU.order(view(source), axis, descending)
    }

    fn order_indices(
        &self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Buffer> {
        CPU.order_indices(view(source), axis, descending)
    }

    fn search(
        &self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Buffer> {
        CPU.search(view(sorted), view(queries), side)
    }
}
