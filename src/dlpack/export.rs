//! Arrays out.

use arrayspace_core::{Backend, DeviceKind, Error, Layout, Result};

use super::abi::{DLDevice, DLDeviceType, DLPackVersion, FLAG_IS_COPIED, FLAG_READ_ONLY, VERSION};
use super::data_type;
use super::tensor::ManagedTensor;
use crate::array::Array;
use crate::named::Named;
use crate::options::ToDLPack;

impl<B: Backend> Array<B> {
    /// Where the array is, in DLPack's words: `__dlpack_device__`.
    ///
    /// The host is `kDLCPU`. A graphics processor is `kDLVulkan`, the nearest of what the standard names,
    /// whatever drives it; its memory is exchanged through the host's.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::dlpack::DLDevice;
    /// use arrayspace::prelude::*;
    /// assert_eq!(Cpu::new().zeros(3, ())?.dlpack_device(), DLDevice::CPU);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    pub fn dlpack_device(&self) -> DLDevice {
        match self.device.kind() {
            DeviceKind::Cpu => DLDevice::CPU,
            _ => DLDevice::new(DLDeviceType::VULKAN, self.device.index() as i32),
        }
    }

    /// The array for another library: `__dlpack__`.
    ///
    /// The memory is shared, flagged as read-only, and stays alive as long as the tensor. It is copied,
    /// and flagged so, if `copy` is true; if the host does not see it, which needs `dl_device` to be the
    /// host; or if the consumer is of before DLPack 1.0 (`max_version` is `None` or less than that), for
    /// which there are no flags. If `copy` is false, such a consumer gets the memory itself, and must not
    /// write it.
    ///
    /// # Errors
    /// [`Error::DLPack`] if `dl_device` is not the host (or left out for an array that is elsewhere), or
    /// if `copy` is false and a copy is needed; [`Error::Value`] for a `stream`, which neither the host
    /// nor any device here has; [`Error::OutOfMemory`].
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::options::ToDLPack;
    /// use arrayspace::prelude::*;
    /// let xp = Cpu::new();
    /// let x = xp.asarray([1.0, 2.0, 3.0], ())?;
    /// let tensor = x.to_dlpack(())?;
    /// assert!(tensor.is_read_only());
    /// assert_eq!(tensor.data().cast(), x.as_slice::<f64>().unwrap().as_ptr().cast_mut());
    /// let tensor = x.to_dlpack(ToDLPack::new().copy(true))?;
    /// assert!(tensor.is_copied() && !tensor.is_read_only());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_dlpack(&self, options: impl Into<ToDLPack>) -> Result<ManagedTensor> {
        export(self.clone(), &options.into()).named("to_dlpack")
    }

    /// The array given away to another library, as [`to_dlpack`](Array::to_dlpack) does. If nobody else
    /// holds its memory, and its elements do not overlap in it, the consumer may write it.
    ///
    /// # Errors
    /// Those of [`to_dlpack`](Array::to_dlpack).
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// # use arrayspace::prelude::*;
    /// let x = Cpu::new().asarray([1.0, 2.0, 3.0], ())?;
    /// assert!(!x.into_dlpack(())?.is_read_only());
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn into_dlpack(self, options: impl Into<ToDLPack>) -> Result<ManagedTensor> {
        export(self, &options.into()).named("into_dlpack")
    }
}

fn export<B: Backend>(mut x: Array<B>, options: &ToDLPack) -> Result<ManagedTensor> {
    if let Some(stream) = options.stream {
        return Err(Error::value(format_args!(
            "stream is {stream}, but neither the host nor any device here has streams; leave it out"
        )));
    }
    let device = options.dl_device.unwrap_or_else(|| x.dlpack_device());
    if device.device_type != DLDeviceType::CPU {
        return Err(Error::dlpack(format_args!(
            "an array on the device {} cannot be exported to {:?}, but to the host alone; pass \
             DLDevice::CPU as dl_device",
            x.device, device.device_type
        )));
    }
    let version = options.max_version.and_then(|(major, minor)| {
        (major > 0).then(|| VERSION.min(DLPackVersion { major, minor }))
    });
    let flags = |read_only: bool, copied: bool| {
        (if read_only { FLAG_READ_ONLY } else { 0 }) | (if copied { FLAG_IS_COPIED } else { 0 })
    };
    if x.size() == 0 {
        let flags = flags(false, options.copy == Some(true));
        return ManagedTensor::new(version, flags, data_type(x.dtype), &x.layout, None);
    }
    // without a version it cannot be said that the memory must not be written
    let writable = B::exclusive(&x.backend, &mut x.buffer) && x.layout.is_injective();
    let copy = options.copy.unwrap_or(version.is_none() && !writable);
    let visible = B::host_bytes(&x.backend, &x.buffer).is_some();
    if copy && visible {
        x = x.contiguous_copy()?;
    }
    let Array { backend, buffer, layout, dtype, device } = x;
    let (layout, memory, copied) = match if visible {
        B::expose(&backend, buffer)
    } else {
        Err(buffer)
    } {
        Ok(memory) => (layout, memory, copy),
        Err(_) if options.copy == Some(false) => {
            return Err(Error::dlpack(format_args!(
                "copy is false, but the host does not see the memory of the device {device}, so the \
                 array has to be copied; leave copy out, or pass true"
            )));
        }
        Err(buffer) => {
            let x = Array { backend, buffer, layout, dtype, device };
            (Layout::contiguous(x.shape())?, x.host_copy()?, true)
        }
    };
    let read_only = !(memory.is_writable() && layout.is_injective());
    let flags = flags(read_only, copied);
    ManagedTensor::new(version, flags, data_type(dtype), &layout, Some(memory))
}
