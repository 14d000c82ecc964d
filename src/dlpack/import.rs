//! Arrays in.

use std::any::Any;
use std::borrow::Cow;

use arrayspace_core::{
    Backend, DType, Device, DeviceKind, Dims, Error, HostMemory, Layout, OpClass, Result, Strides,
    element_count,
};

use super::abi::{DLDevice, DLDeviceType};
use super::dtype_of;
use super::tensor::ManagedTensor;
use crate::array::Array;
use crate::array_like::vec_for;
use crate::compute::{capabilities, check_supported};
use crate::options::{FromDLPack, ToDLPack};

/// What [`from_dlpack`](crate::Namespace::from_dlpack) makes an array of backend `B` from: a
/// [`ManagedTensor`], or an array of any backend, borrowed or owned.
///
/// Implement it for a container of your own: export it as a [`ManagedTensor`], and pass that on.
#[diagnostic::on_unimplemented(
    message = "`from_dlpack` makes no array of a `{Self}`",
    label = "neither a `ManagedTensor` nor an array",
    note = "a pointer from another library becomes a tensor with `ManagedTensor::from_raw`; `asarray` takes \
            Rust's own data"
)]
pub trait DLPackSource<B: Backend> {
    /// The array.
    ///
    /// # Errors
    /// Those of [`from_dlpack`](crate::Namespace::from_dlpack).
    fn into_array(self, xp: &B, options: FromDLPack) -> Result<Array<B>>;
}

impl<B: Backend> DLPackSource<B> for ManagedTensor {
    fn into_array(self, xp: &B, options: FromDLPack) -> Result<Array<B>> {
        import(self, xp, &options)
    }
}

impl<B: Backend, C: Backend> DLPackSource<B> for &Array<C> {
    fn into_array(self, xp: &B, options: FromDLPack) -> Result<Array<B>> {
        match (self as &dyn Any).downcast_ref::<Array<B>>() {
            Some(x) => {
                let device = options.device.unwrap_or(x.device);
                if device != x.device {
                    never_without_copy(&options, format_args!("it is on the device {}", x.device))?;
                }
                x.converted(x.dtype, device, options.copy == Some(true))
            }
            None => exchanged(self.clone(), xp, options),
        }
    }
}

impl<B: Backend, C: Backend> DLPackSource<B> for Array<C> {
    fn into_array(self, xp: &B, options: FromDLPack) -> Result<Array<B>> {
        if (&self as &dyn Any).is::<Array<B>>() {
            return (&self).into_array(xp, options);
        }
        exchanged(self, xp, options)
    }
}

/// An array of another backend: what it exports.
fn exchanged<B: Backend, C: Backend>(x: Array<C>, xp: &B, options: FromDLPack) -> Result<Array<B>> {
    let export = ToDLPack::new().dl_device(DLDevice::CPU).copy(options.copy);
    import(x.into_dlpack(export)?, xp, &options)
}

/// An error if the caller forbids the copy that is needed.
fn never_without_copy(options: &FromDLPack, why: std::fmt::Arguments<'_>) -> Result<()> {
    if options.copy == Some(false) {
        return Err(Error::dlpack(format_args!(
            "copy is false, but the array has to be copied, because {why}; leave copy out, or pass true"
        )));
    }
    Ok(())
}

/// The elements of a tensor: a block of memory, and where in it they are.
struct Elements {
    dtype: DType,
    /// In the block.
    layout: Layout,
    /// The first byte of the block, and how many there are.
    first: *mut u8,
    len: usize,
}

impl Elements {
    /// # Errors
    /// [`Error::DLPack`] for a device whose memory the host cannot read, an unknown type, and for memory
    /// that cannot be where it is said to be; [`Error::Unsupported`] for a type that arrays do not have.
    fn of(tensor: &ManagedTensor) -> Result<Elements> {
        const HOST: [DLDeviceType; 3] =
            [DLDeviceType::CPU, DLDeviceType::CUDA_HOST, DLDeviceType::ROCM_HOST];
        let device = tensor.device().device_type;
        if !HOST.contains(&device) {
            return Err(Error::dlpack(format_args!(
                "the tensor is on a device of {device:?}, whose memory the host cannot read; ask the \
                 producer to export it to the host (kDLCPU)"
            )));
        }
        let dtype = dtype_of(tensor.dtype())?;
        let beyond = || {
            Error::dlpack(format_args!(
                "a tensor of shape {:?}, strides {:?} and byte offset {} does not fit in memory",
                tensor.shape(),
                tensor.strides(),
                tensor.byte_offset()
            ))
        };
        let shape: Option<Dims> = tensor.shape().iter().map(|&n| usize::try_from(n).ok()).collect();
        let shape = shape.filter(|shape| element_count(shape).is_some()).ok_or_else(beyond)?;
        let row_major = Layout::contiguous(&shape)?;
        if row_major.size() == 0 {
            return Ok(Elements { dtype, layout: row_major, first: std::ptr::null_mut(), len: 0 });
        }
        if tensor.data().is_null() {
            return Err(Error::dlpack(format_args!(
                "the tensor has {} elements (its shape is {shape:?}), but no memory",
                row_major.size()
            )));
        }
        let strides: Option<Strides> = match tensor.strides() {
            // the stride of an axis of one element is never used, and may be anything
            Some(strides) => (strides.iter().zip(&shape))
                .map(|(&n, &len)| if len == 1 { Some(0) } else { isize::try_from(n).ok() })
                .collect(),
            None => Some(row_major.strides().into()),
        };
        let strides = strides.ok_or_else(beyond)?;
        // how far the elements reach to both sides of the first one
        let (mut low, mut high) = (0i128, 0i128);
        for (&len, &stride) in shape.iter().zip(&strides) {
            let reach = (len as i128 - 1).checked_mul(stride as i128).ok_or_else(beyond)?;
            if reach < 0 { low += reach } else { high += reach }
        }
        if high - low >= isize::MAX as i128 {
            return Err(beyond());
        }
        let width = dtype.item_size() as i128;
        // no block of memory is larger than `isize::MAX`, nor is the way from one place in it to another
        let to_first = isize::try_from(tensor.byte_offset()).map_err(|_| beyond())?;
        let address = tensor.data().addr() as i128 + to_first as i128;
        let (begin, end) = (address + low * width, address + (high + 1) * width);
        let len = end - begin;
        if begin <= 0 || end > usize::MAX as i128 || len > isize::MAX as i128 {
            return Err(beyond());
        }
        let offset = usize::try_from(-low).map_err(|_| beyond())?;
        let layout = Layout::new(&shape, &strides, offset).map_err(|_| beyond())?;
        let moved = isize::try_from(begin - tensor.data().addr() as i128).map_err(|_| beyond())?;
        let first = tensor.data().cast::<u8>().wrapping_offset(moved);
        Ok(Elements { dtype, layout, first, len: len as usize })
    }
}

fn import<B: Backend>(tensor: ManagedTensor, xp: &B, options: &FromDLPack) -> Result<Array<B>> {
    let Elements { dtype, layout, first, len } = Elements::of(&tensor)?;
    // where it is, if this backend has such a device
    let device = options.device.unwrap_or_else(|| {
        if B::capabilities(xp, Device::CPU).is_some() { Device::CPU } else { B::primary_device(xp) }
    });
    capabilities(xp, device)?;
    check_supported(xp, device, OpClass::Storage, dtype)?;
    let shape = layout.shape();
    if layout.size() == 0 {
        let buffer = B::allocate(xp, dtype, 0, device)?;
        return Array::from_buffer(xp, buffer, shape, dtype, device);
    }
    if device.kind() != DeviceKind::Cpu {
        never_without_copy(options, format_args!("the device {device} is not the host"))?;
    }
    let aligned = first.addr().is_multiple_of(dtype.alignment());
    if !aligned {
        never_without_copy(
            options,
            format_args!("its memory is not aligned to the {} bytes of {dtype}", dtype.alignment()),
        )?;
    }
    // a copy that the producer made is nobody else's
    let owned = tensor.is_copied();
    let writable = owned && !tensor.is_read_only();
    let copy = options.copy == Some(true) && !owned;
    // SAFETY: the contract of `ManagedTensor::from_raw`: from the first to the last element in memory,
    // the bytes can be read, and are not written by others, while the tensor lives; they may be written
    // if it says so.
    let memory = unsafe { HostMemory::new(first, len, writable, Box::new(tensor)) };
    // elements that repeat are fewer in memory than in the array
    let repeats = layout.size().checked_mul(dtype.item_size()).is_none_or(|bytes| bytes > len);
    if device.kind() != DeviceKind::Cpu || copy && repeats {
        if repeats {
            let buffer = B::upload(xp, memory.bytes(), dtype, device)?;
            return Ok(Array { backend: xp.clone(), buffer, layout, dtype, device });
        }
        let buffer = B::upload(xp, &dense(memory.bytes(), &layout, dtype)?, dtype, device)?;
        return Array::from_buffer(xp, buffer, layout.shape(), dtype, device);
    }
    let buffer = B::adopt(xp, memory, dtype, device)?;
    let adopted = B::host_bytes(xp, &buffer).is_some_and(|b| b.as_ptr() == first.cast_const());
    if !adopted {
        never_without_copy(
            options,
            format_args!("the backend {} cannot use its memory as it is", B::backend_name(xp)),
        )?;
    }
    let x = Array { backend: xp.clone(), buffer, layout, dtype, device };
    if copy && adopted { x.contiguous_copy() } else { Ok(x) }
}

/// The bytes of the elements in row-major order.
fn dense<'a>(bytes: &'a [u8], layout: &Layout, dtype: DType) -> Result<Cow<'a, [u8]>> {
    let width = dtype.item_size();
    let first = layout.offset() * width;
    let len = layout.size() * width;
    if layout.is_contiguous() {
        return Ok(Cow::Borrowed(&bytes[first..first + len]));
    }
    let mut out = vec_for(len)?;
    append(&mut out, bytes, layout.offset() as isize, layout.shape(), layout.strides(), width);
    Ok(Cow::Owned(out))
}

/// Appends the elements of these axes, the first of which is at `place`.
fn append(
    out: &mut Vec<u8>,
    bytes: &[u8],
    place: isize,
    shape: &[usize],
    strides: &[isize],
    width: usize,
) {
    let (Some((&len, shape)), Some((&stride, strides))) =
        (shape.split_first(), strides.split_first())
    else {
        let first = place as usize * width;
        return out.extend_from_slice(&bytes[first..first + width]);
    };
    for k in 0..len as isize {
        append(out, bytes, place + k * stride, shape, strides, width);
    }
}
