//! Helpers of the tests: the device, operands on both backends, and the comparison of results with
//! those of the CPU backend, bit for bit.
#![allow(dead_code)] // each test uses a part of it

use std::sync::OnceLock;

use arrayspace_core::{
    Access, Backend, DType, Device, Input, Layout, OpClass, Program, Result, View,
};
use arrayspace_cpu::Cpu;
use arrayspace_wgpu::Wgpu;

pub(crate) const CPU: Cpu = Cpu::new();

/// The backend, or `None` if there is no driver, after a line that says so. With
/// `ARRAYSPACE_REQUIRE_WGPU=1` a missing driver is a failure.
pub(crate) fn gpu() -> Option<Wgpu> {
    static GPU: OnceLock<Option<Wgpu>> = OnceLock::new();
    GPU.get_or_init(|| match Wgpu::new() {
        Ok(gpu) => Some(gpu),
        Err(e) if std::env::var("ARRAYSPACE_REQUIRE_WGPU").is_ok_and(|v| v == "1") => {
            panic!("ARRAYSPACE_REQUIRE_WGPU=1, but {e}")
        }
        Err(e) => {
            eprintln!("skipped: {e}");
            None
        }
    })
    .clone()
}

/// The dtypes of the device.
pub(crate) fn dtypes(gpu: &Wgpu) -> Vec<DType> {
    Wgpu::capabilities(gpu, Wgpu::primary_device(gpu))
        .unwrap()
        .dtypes(OpClass::Map)
        .iter()
        .collect()
}

/// A small generator of random numbers (Marsaglia's xorshift64*), the same numbers in every run.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 3
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn shape(&mut self, ndim: usize, len: usize) -> Vec<usize> {
        (0..self.below(ndim + 1)).map(|_| self.below(len)).collect()
    }

    /// A layout of this shape, with axes in any order, steps and reversed axes, and with `repeats`
    /// axes of stride 0. The second value is the length of a buffer that has room for it.
    pub(crate) fn layout(&mut self, shape: &[usize], repeats: bool) -> (Layout, usize) {
        if self.below(3) == 0 {
            let straight = Layout::contiguous(shape).unwrap();
            let len = straight.size();
            return (straight, len);
        }
        let mut order: Vec<usize> = (0..shape.len()).collect();
        for k in (1..order.len()).rev() {
            order.swap(k, self.below(k + 1));
        }
        let mut strides = vec![0isize; shape.len()];
        let mut offset = self.below(3);
        let mut extent = 1usize;
        for axis in order {
            if repeats && self.below(5) == 0 {
                continue;
            }
            let stride = (extent * [1, 1, 1, 2, 3][self.below(5)]) as isize;
            let len = shape[axis].max(1);
            extent = stride as usize * len;
            strides[axis] = stride;
            if self.below(3) == 0 {
                strides[axis] = -stride;
                offset += stride as usize * (len - 1);
            }
        }
        let layout = Layout::new(shape, &strides, offset).unwrap();
        let len = layout.span().unwrap().end + self.below(3);
        (layout, len)
    }

    /// `len` elements of a kind.
    pub(crate) fn elements(&mut self, dtype: DType, len: usize, kind: Values) -> Vec<u8> {
        let parts = if dtype.is_complex() { 2 } else { 1 };
        let part = dtype.real_component();
        let mut out = Vec::with_capacity(len * dtype.item_size());
        for _ in 0..len * parts {
            let special = kind == Values::Special && self.below(4) == 0;
            if kind == Values::Bits && dtype != DType::Bool || special && !dtype.is_floating() {
                let bits = match self.below(4) {
                    0 => 0u64.wrapping_sub(self.below(3) as u64),
                    1 => 1u64 << (8 * part.item_size() - 1),
                    2 => (1u64 << (8 * part.item_size() - 1)) - 1,
                    _ => self.next() << 3 ^ self.next(),
                };
                let bits = if dtype == DType::Bool { bits & 1 } else { bits };
                out.extend_from_slice(&bits.to_le_bytes()[..part.item_size()]);
                continue;
            }
            let v = if special {
                [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0, -1.0, 0.5]
                    [self.below(8)]
            } else {
                self.below(9) as f64 - if part.is_unsigned_integer() { 0.0 } else { 4.0 }
            };
            match part {
                DType::Bool => out.push((v > 0.0).into()),
                DType::Int8 => out.extend((v as i8).to_le_bytes()),
                DType::Int16 => out.extend((v as i16).to_le_bytes()),
                DType::Int32 => out.extend((v as i32).to_le_bytes()),
                DType::Int64 => out.extend((v as i64).to_le_bytes()),
                DType::UInt8 => out.extend((v as u8).to_le_bytes()),
                DType::UInt16 => out.extend((v as u16).to_le_bytes()),
                DType::UInt32 => out.extend((v as u32).to_le_bytes()),
                DType::UInt64 => out.extend((v as u64).to_le_bytes()),
                DType::Float16 => out.extend(half::f16::from_f64(v).to_le_bytes()),
                DType::BFloat16 => out.extend(half::bf16::from_f64(v).to_le_bytes()),
                DType::Float32 => out.extend((v as f32).to_le_bytes()),
                _ => out.extend(v.to_le_bytes()),
            }
        }
        out
    }

    /// An operand of this dtype and shape, with any layout.
    pub(crate) fn operand(
        &mut self,
        gpu: &Wgpu,
        dtype: DType,
        shape: &[usize],
        kind: Values,
    ) -> Operand {
        let (layout, len) = self.layout(shape, true);
        self.operand_at(gpu, dtype, layout, len, kind)
    }

    /// An operand with this layout.
    pub(crate) fn operand_at(
        &mut self,
        gpu: &Wgpu,
        dtype: DType,
        layout: Layout,
        len: usize,
        kind: Values,
    ) -> Operand {
        let bytes = self.elements(dtype, len, kind);
        Operand::new(gpu, dtype, layout, &bytes)
    }
}

/// The kind of the elements of an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Values {
    /// Whole numbers from -4 to 4 (0 to 8 without a sign).
    Small,
    /// The same, and zeros of both signs, infinities and NaN.
    Special,
    /// Any bits.
    Bits,
}

/// Elements on both backends.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub(crate) cpu: <Cpu as Backend>::Buffer,
    pub(crate) gpu: <Wgpu as Backend>::Buffer,
    pub(crate) dtype: DType,
    pub(crate) layout: Layout,
}

impl Operand {
    pub(crate) fn new(gpu: &Wgpu, dtype: DType, layout: Layout, bytes: &[u8]) -> Operand {
        Operand {
            cpu: Backend::upload(&CPU, bytes, dtype, Device::CPU).unwrap(),
            gpu: Wgpu::upload(gpu, bytes, dtype, Wgpu::primary_device(gpu)).unwrap(),
            dtype,
            layout,
        }
    }

    pub(crate) fn on_cpu(&self) -> View<'_, Cpu> {
        View { buffer: &self.cpu, dtype: self.dtype, layout: &self.layout }
    }

    pub(crate) fn on_gpu(&self) -> View<'_, Wgpu> {
        View { buffer: &self.gpu, dtype: self.dtype, layout: &self.layout }
    }

    /// The bytes of the elements on the CPU, in order.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0; self.layout.size() * self.dtype.item_size()];
        Backend::download(&CPU, self.on_cpu(), &mut out).unwrap();
        out
    }
}

/// All elements of a buffer.
pub(crate) fn bytes<B: Backend>(backend: &B, buffer: &B::Buffer, dtype: DType) -> Vec<u8> {
    let len = B::buffer_len(backend, buffer, dtype);
    let layout = Layout::contiguous(&[len]).unwrap();
    let mut out = vec![0; len * dtype.item_size()];
    B::download(backend, View { buffer, dtype, layout: &layout }, &mut out).unwrap();
    out
}

/// The bytes, with all NaNs replaced by one.
pub(crate) fn plain(bytes: &[u8], dtype: DType) -> Vec<u8> {
    let part = dtype.real_component();
    if !part.is_floating() {
        return bytes.to_vec();
    }
    let size = part.item_size();
    let mut out = bytes.to_vec();
    for v in out.chunks_mut(size) {
        let nan = match part {
            DType::Float16 => half::f16::from_le_bytes([v[0], v[1]]).is_nan(),
            DType::BFloat16 => half::bf16::from_le_bytes([v[0], v[1]]).is_nan(),
            DType::Float32 => f32::from_le_bytes(v.try_into().unwrap()).is_nan(),
            _ => f64::from_le_bytes(v.try_into().unwrap()).is_nan(),
        };
        if nan {
            v.fill(0xff);
        }
    }
    out
}

/// The values as numbers, each complex one as its two parts.
pub(crate) fn floats(bytes: &[u8], dtype: DType) -> Vec<f64> {
    let part = dtype.real_component();
    bytes
        .chunks(part.item_size())
        .map(|v| match part {
            DType::Bool | DType::UInt8 => v[0].into(),
            DType::Int8 => (v[0] as i8).into(),
            DType::Int16 => i16::from_le_bytes(v.try_into().unwrap()).into(),
            DType::UInt16 => u16::from_le_bytes(v.try_into().unwrap()).into(),
            DType::Int32 => i32::from_le_bytes(v.try_into().unwrap()).into(),
            DType::UInt32 => u32::from_le_bytes(v.try_into().unwrap()).into(),
            DType::Int64 => i64::from_le_bytes(v.try_into().unwrap()) as f64,
            DType::UInt64 => u64::from_le_bytes(v.try_into().unwrap()) as f64,
            DType::Float16 => half::f16::from_le_bytes([v[0], v[1]]).into(),
            DType::BFloat16 => half::bf16::from_le_bytes([v[0], v[1]]).into(),
            DType::Float32 => f32::from_le_bytes(v.try_into().unwrap()).into(),
            _ => f64::from_le_bytes(v.try_into().unwrap()),
        })
        .collect()
}

/// Asserts that both buffers hold equal elements, bit for bit but for NaNs.
#[track_caller]
pub(crate) fn assert_same(
    gpu: &Wgpu,
    ours: &<Wgpu as Backend>::Buffer,
    theirs: &<Cpu as Backend>::Buffer,
    dtype: DType,
    what: &dyn std::fmt::Debug,
) {
    let (ours, theirs) = (bytes(gpu, ours, dtype), bytes(&CPU, theirs, dtype));
    if plain(&ours, dtype) != plain(&theirs, dtype) {
        let (a, b) = (floats(&ours, dtype), floats(&theirs, dtype));
        let first = a
            .iter()
            .zip(&b)
            .position(|(a, b)| a.to_bits() != b.to_bits() && !(a.is_nan() && b.is_nan()));
        let pair = first.map(|k| (a[k], b[k]));
        let few = |x: &[f64]| x[..x.len().min(500)].to_vec();
        panic!(
            "{what:?}\n{dtype}, {} and {} elements, first at {first:?}: {pair:?}\n gpu {:?}\n cpu {:?}",
            a.len(),
            b.len(),
            few(&a),
            few(&b)
        );
    }
}

/// Asserts that a program gives equal results on both backends.
#[track_caller]
pub(crate) fn assert_map(gpu: &Wgpu, program: &Program, operands: &[Operand], shape: &[usize]) {
    let mut ours: Vec<Input<'_, Wgpu>> = operands
        .iter()
        .map(|x| Input { buffer: Access::Shared(&x.gpu), dtype: x.dtype, layout: &x.layout })
        .collect();
    let mut theirs: Vec<Input<'_, Cpu>> = operands
        .iter()
        .map(|x| Input { buffer: Access::Shared(&x.cpu), dtype: x.dtype, layout: &x.layout })
        .collect();
    let ours = Wgpu::map(gpu, program, &mut ours, shape, Wgpu::primary_device(gpu));
    let theirs = Backend::map(&CPU, program, &mut theirs, shape, Device::CPU).unwrap();
    assert_same(gpu, &ours.unwrap(), &theirs, program.output(), &(program, shape));
}

/// Both results, or `None` if both are errors, which must be equal.
pub(crate) fn both<A, B>(ours: Result<A>, theirs: Result<B>) -> Option<(A, B)> {
    match (ours, theirs) {
        (Ok(a), Ok(b)) => Some((a, b)),
        (Err(a), Err(b)) => {
            assert_eq!(a, b);
            None
        }
        (a, b) => panic!("only one is an error: {:?} and {:?}", a.err(), b.err()),
    }
}
