//! A second backend for the tests: the CPU's kernels behind a memory that the host does not see, with three
//! devices, one of which lacks float64 and complex128, and one all that is as wide.

use arrayspace::core::{
    Access, ArgFoldOp, Capabilities, DTypeSet, FoldOp, HostMemory, IndexTerm, Input, Layout, Part,
    Program, ScanOp, ScatterOp, Side, View,
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

/// A device that takes the shortest programs alone, and leaves out what a backend may leave out. It is
/// not among [`Backend::all_devices`].
pub(crate) const LIMITED: Device = Device::new(DeviceKind::Gpu, 3);

const CPU: Cpu = Cpu::new();

/// Fails if a program is longer than its device takes.
fn assert_short(program: &Program, device: Device) {
    let there = Elsewhere::capabilities(&Elsewhere, device).unwrap();
    assert!(program.inputs() <= there.max_program_inputs, "{program:?}");
    assert!(program.steps().len() <= there.max_program_steps, "{program:?}");
}

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

    fn backend_name(_: &Self) -> &'static str {
        "elsewhere"
    }

    fn all_devices(_: &Self) -> Vec<Device> {
        vec![WIDE, NARROW, SMALL]
    }

    fn primary_device(_: &Self) -> Device {
        WIDE
    }

    fn capabilities(_: &Self, device: Device) -> Option<Capabilities> {
        let narrow = DTypeSet::ALL.without(DType::Float64).without(DType::Complex128);
        match device {
            WIDE => Some(Capabilities::uniform(DTypeSet::ALL)),
            NARROW => Some(Capabilities::uniform(narrow)),
            SMALL => {
                let small = narrow.without(DType::Int64).without(DType::UInt64);
                Some(Capabilities::uniform(small))
            }
            LIMITED => {
                let limited = Capabilities::uniform(DTypeSet::ALL);
                let limited = limited.max_program_inputs(0).max_program_steps(0);
                Some(limited.data_dependent_shapes(false).boolean_indexing(false))
            }
            _ => None,
        }
    }

    fn allocate(_: &Self, dtype: DType, len: usize, _: Device) -> Result<Buffer> {
        Cpu::allocate(&CPU, dtype, len, Device::CPU)
    }

    fn upload(_: &Self, bytes: &[u8], dtype: DType, _: Device) -> Result<Buffer> {
        Cpu::upload(&CPU, bytes, dtype, Device::CPU)
    }

    fn adopt(this: &Self, memory: HostMemory, dtype: DType, device: Device) -> Result<Buffer> {
        Self::upload(this, memory.bytes(), dtype, device)
    }

    fn download(_: &Self, source: View<'_, Self>, out: &mut [u8]) -> Result<()> {
        Cpu::download(&CPU, view(source), out)
    }

    fn transfer(_: &Self, source: View<'_, Self>, _: Device) -> Result<Buffer> {
        Cpu::transfer(&CPU, view(source), Device::CPU)
    }

    fn exclusive(_: &Self, buffer: &mut Buffer) -> bool {
        Cpu::exclusive(&CPU, buffer)
    }

    fn buffer_len(_: &Self, buffer: &Buffer, dtype: DType) -> usize {
        Cpu::buffer_len(&CPU, buffer, dtype)
    }

    fn assemble(
        _: &Self,
        parts: &[Part<'_, Self>],
        dtype: DType,
        len: usize,
        _: Device,
    ) -> Result<Buffer> {
        let parts: Vec<Part<'_, Cpu>> = parts
            .iter()
            .map(|p| Part { source: view(p.source), target: p.target.clone() })
            .collect();
        Cpu::assemble(&CPU, &parts, dtype, len, Device::CPU)
    }

    fn write(_: &Self, target: &mut Buffer, layout: &Layout, source: View<'_, Self>) -> Result<()> {
        Cpu::write(&CPU, target, layout, view(source))
    }

    fn gather(_: &Self, source: View<'_, Self>, list: &[IndexTerm<'_, Self>]) -> Result<Buffer> {
        Cpu::gather(&CPU, view(source), &terms(list))
    }

    fn scatter(
        _: &Self,
        op: ScatterOp,
        target: &mut Buffer,
        layout: &Layout,
        list: &[IndexTerm<'_, Self>],
        source: View<'_, Self>,
    ) -> Result<()> {
        Cpu::scatter(&CPU, op, target, layout, &terms(list), view(source))
    }

    fn compact(
        _: &Self,
        program: &Program,
        inputs: &[View<'_, Self>],
        mask: View<'_, Self>,
    ) -> Result<(Buffer, usize)> {
        Cpu::compact(&CPU, program, &views(inputs), view(mask))
    }

    fn map(
        _: &Self,
        program: &Program,
        inputs: &mut [Input<'_, Self>],
        shape: &[usize],
        device: Device,
    ) -> Result<Buffer> {
        assert_short(program, device);
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
        Cpu::map(&CPU, program, &mut inputs, shape, Device::CPU)
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
        assert_short(program, device);
        Cpu::fold(&CPU, op, program, &views(inputs), shape, axes, Device::CPU)
    }

    fn arg_fold(_: &Self, op: ArgFoldOp, x: View<'_, Self>, axis: Option<usize>) -> Result<Buffer> {
        Cpu::arg_fold(&CPU, op, view(x), axis)
    }

    fn scan(
        _: &Self,
        op: ScanOp,
        source: View<'_, Self>,
        axis: usize,
        initial: bool,
    ) -> Result<Buffer> {
        Cpu::scan(&CPU, op, view(source), axis, initial)
    }

    fn contract(_: &Self, left: View<'_, Self>, right: View<'_, Self>) -> Result<Buffer> {
        Cpu::contract(&CPU, view(left), view(right))
    }

    fn order(_: &Self, source: View<'_, Self>, axis: usize, descending: bool) -> Result<Buffer> {
        Cpu::order(&CPU, view(source), axis, descending)
    }

    fn order_indices(
        _: &Self,
        source: View<'_, Self>,
        axis: usize,
        descending: bool,
    ) -> Result<Buffer> {
        Cpu::order_indices(&CPU, view(source), axis, descending)
    }

    fn search(
        _: &Self,
        sorted: View<'_, Self>,
        queries: View<'_, Self>,
        side: Side,
    ) -> Result<Buffer> {
        Cpu::search(&CPU, view(sorted), view(queries), side)
    }
}
