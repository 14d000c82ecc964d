//! Tensors with their owner: the pointers of DLPack behind a type that frees them once.

use std::ffi::c_void;
use std::fmt;
use std::ptr::{self, NonNull};

use arrayspace_core::{Error, HostMemory, Layout, MAX_NDIM, Result};

use super::abi::{
    DLDataType, DLDevice, DLManagedTensor, DLManagedTensorVersioned, DLPackVersion, DLTensor,
    FLAG_IS_COPIED, FLAG_READ_ONLY, VERSION,
};
use crate::named::Named;

/// The pointer that goes from a producer to a consumer. Python carries it in a capsule, whose name tells
/// which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RawTensor {
    /// Of DLPack 1 and later; the capsule is named `dltensor_versioned`.
    Versioned(NonNull<DLManagedTensorVersioned>),
    /// Of DLPack before 1.0; the capsule is named `dltensor`.
    Unversioned(NonNull<DLManagedTensor>),
}

impl RawTensor {
    /// What was there before DLPack 1.0.
    ///
    /// # Safety
    /// The pointer is to a tensor, of the major version 1 if it is a versioned one.
    unsafe fn tensor(self) -> *const DLTensor {
        match self {
            // SAFETY: the caller's.
            RawTensor::Versioned(p) => unsafe { &raw const (*p.as_ptr()).dl_tensor },
            // SAFETY: the caller's.
            RawTensor::Unversioned(p) => unsafe { &raw const (*p.as_ptr()).dl_tensor },
        }
    }
}

/// A tensor of DLPack: memory of somebody else, how an array lies in it, and how to free it.
///
/// Dropping it calls the producer's deleter, on whichever thread that is.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let tensor = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?.to_dlpack(())?;
/// assert_eq!((tensor.shape(), tensor.strides()), (&[2, 3][..], Some(&[3, 1][..])));
/// let y = xp.from_dlpack(tensor, ())?;
/// assert_eq!(y.to_vec::<i32>()?, [1, 2, 3, 4, 5, 6]);
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
pub struct ManagedTensor(RawTensor);

// SAFETY: the contract of `from_raw`: nobody changes the tensor, and its deleter may be called on any
// thread.
unsafe impl Send for ManagedTensor {}
// SAFETY: as above; `&self` reads alone.
unsafe impl Sync for ManagedTensor {}

impl ManagedTensor {
    /// Takes over a tensor. It is checked as far as this can be done without knowing what it is for, and
    /// freed at once if it is none: of another major version, with a negative number of dimensions or
    /// a negative length, without lengths.
    ///
    /// # Safety
    /// The pointer is to a tensor as DLPack describes it:
    ///
    /// - The structure can be read up to its end (a versioned one of a major version other than 1 as
    ///   far as `flags`), and `shape` and, unless it is null, `strides` point to `ndim` numbers each.
    /// - The deleter, if there is one, may be called with the pointer, once, from any thread. The
    ///   caller does not call it: this function owns the tensor from now on, also if it returns an error.
    /// - If the device is the host, all bytes from the first to the last element in memory (gaps between
    ///   elements included) are initialised and can be read until the deleter has been called.
    /// - Until then nobody changes the structure, and nobody writes the memory. (A producer in another
    ///   language may be unable to promise this. What it writes between two calls then shows in the
    ///   arrays that share the memory; to write during a call, or while a slice of the memory is
    ///   borrowed, is a data race.)
    /// - If it is flagged as copied and not as read-only, it may be written.
    ///
    /// # Errors
    /// [`Error::DLPack`] for what is no tensor, [`Error::Unsupported`] for one of more than 64
    /// dimensions.
    #[track_caller]
    pub unsafe fn from_raw(raw: RawTensor) -> Result<ManagedTensor> {
        ManagedTensor(raw).checked().named("from_raw")
    }

    /// The tensor, if it is one.
    fn checked(self) -> Result<ManagedTensor> {
        let wrong = |text: fmt::Arguments<'_>| Err(Error::dlpack(text));
        if let Some(version) = self.version()
            && version.major != VERSION.major
        {
            return wrong(format_args!(
                "the tensor is of DLPack {}.{}, whose layout in memory is another one; ask the producer \
                 for one of version {}.{} with max_version",
                version.major, version.minor, VERSION.major, VERSION.minor
            ));
        }
        let DLTensor { ndim, shape, .. } = *self.dl_tensor();
        match usize::try_from(ndim) {
            Err(_) => return wrong(format_args!("the tensor has {ndim} dimensions")),
            Ok(n) if n > MAX_NDIM => {
                return Err(Error::unsupported(format_args!(
                    "the tensor has {n} dimensions, but an array has at most {MAX_NDIM}"
                )));
            }
            Ok(n) if n > 0 && shape.is_null() => {
                return wrong(format_args!(
                    "the tensor has {n} dimensions, but no lengths of them"
                ));
            }
            Ok(_) => {}
        }
        if self.shape().iter().any(|&n| n < 0) {
            return wrong(format_args!("the tensor has a negative length: {:?}", self.shape()));
        }
        Ok(self)
    }

    /// The pointer, for another library: whoever has it calls the deleter when the tensor is no longer
    /// needed, and keeps to its flags.
    pub fn into_raw(self) -> RawTensor {
        let raw = self.0;
        std::mem::forget(self);
        raw
    }

    /// The version of DLPack that the producer speaks; `None` for one before 1.0.
    pub fn version(&self) -> Option<DLPackVersion> {
        match self.0 {
            // SAFETY: the contract of `from_raw`; the version is the first field in every one.
            RawTensor::Versioned(p) => Some(unsafe { (*p.as_ptr()).version }),
            RawTensor::Unversioned(_) => None,
        }
    }

    /// The flags; none for a tensor without a version.
    pub fn flags(&self) -> u64 {
        match self.0 {
            // SAFETY: the contract of `from_raw`.
            RawTensor::Versioned(p) => unsafe { (*p.as_ptr()).flags },
            RawTensor::Unversioned(_) => 0,
        }
    }

    /// Whether the memory must not be written.
    pub fn is_read_only(&self) -> bool {
        self.flags() & FLAG_READ_ONLY != 0
    }

    /// Whether the memory is a copy that the producer made for the consumer.
    pub fn is_copied(&self) -> bool {
        self.flags() & FLAG_IS_COPIED != 0
    }

    /// Where the tensor is.
    pub fn device(&self) -> DLDevice {
        self.dl_tensor().device
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DLDataType {
        self.dl_tensor().dtype
    }

    /// The length of each dimension.
    pub fn shape(&self) -> &[i64] {
        self.numbers(self.dl_tensor().shape).unwrap_or(&[])
    }

    /// For each dimension, how many elements lie between neighbours along it; `None` for row-major
    /// order without gaps.
    pub fn strides(&self) -> Option<&[i64]> {
        self.numbers(self.dl_tensor().strides)
    }

    /// The address of the memory, to which [`byte_offset`](ManagedTensor::byte_offset) is to be added.
    pub fn data(&self) -> *mut c_void {
        self.dl_tensor().data
    }

    /// Bytes from [`data`](ManagedTensor::data) to the first element.
    pub fn byte_offset(&self) -> u64 {
        self.dl_tensor().byte_offset
    }

    /// One number for each dimension; `None` if there are none.
    fn numbers(&self, first: *const i64) -> Option<&[i64]> {
        if first.is_null() {
            return None;
        }
        match usize::try_from(self.dl_tensor().ndim) {
            // SAFETY: the contract of `from_raw`; they live as long as the tensor.
            Ok(len @ 1..) => Some(unsafe { std::slice::from_raw_parts(first, len) }),
            _ => Some(&[]),
        }
    }

    fn dl_tensor(&self) -> &DLTensor {
        // SAFETY: the contract of `from_raw`, which lets no other major version through; nobody
        // changes the structure while `self` lives.
        unsafe { &*self.0.tensor() }
    }

    /// A tensor over memory of ours.
    ///
    /// # Errors
    /// [`Error::DLPack`] if the elements do not all lie in the memory.
    pub(super) fn new(
        version: Option<DLPackVersion>,
        flags: u64,
        dtype: DLDataType,
        layout: &Layout,
        memory: Option<HostMemory>,
    ) -> Result<ManagedTensor> {
        let width = usize::from(dtype.bits.div_ceil(8));
        let room = memory.as_ref().map_or(0, HostMemory::len) / width;
        if layout.size() > 0 && layout.span().is_none_or(|span| span.end > room) {
            return Err(Error::dlpack(format_args!(
                "the array has elements beyond the {room} of its memory"
            )));
        }
        let first = match &memory {
            Some(memory) if layout.size() > 0 => {
                memory.as_ptr().wrapping_add(layout.offset() * width).cast()
            }
            _ => ptr::null_mut(),
        };
        let mut numbers: Vec<i64> = layout.shape().iter().map(|&n| n as i64).collect();
        // one order in memory, one way to write it: what other libraries compare with row-major strides
        // are all strides, those of axes of length 1 as well
        let row_major = Layout::contiguous(layout.shape())?;
        let strides = if layout.is_contiguous() { row_major.strides() } else { layout.strides() };
        numbers.extend(strides.iter().map(|&n| n as i64));
        let shape = numbers.as_mut_ptr();
        let dl_tensor = DLTensor {
            data: first,
            device: DLDevice::CPU,
            ndim: layout.ndim() as i32,
            dtype,
            shape,
            strides: shape.wrapping_add(layout.ndim()),
            byte_offset: 0,
        };
        let manager_ctx = ptr::null_mut();
        Ok(ManagedTensor(match version {
            Some(version) => {
                let deleter: Option<unsafe extern "C" fn(*mut _)> = Some(delete_versioned);
                let head =
                    DLManagedTensorVersioned { version, manager_ctx, deleter, flags, dl_tensor };
                RawTensor::Versioned(Exported::leak(head, numbers, memory))
            }
            None => {
                let deleter: Option<unsafe extern "C" fn(*mut _)> = Some(delete_unversioned);
                let head = DLManagedTensor { dl_tensor, manager_ctx, deleter };
                RawTensor::Unversioned(Exported::leak(head, numbers, memory))
            }
        }))
    }
}

impl Drop for ManagedTensor {
    fn drop(&mut self) {
        match self.0 {
            RawTensor::Versioned(p) => {
                // SAFETY: the contract of `from_raw`: the deleter is called once, here.
                unsafe { (*p.as_ptr()).deleter.map_or((), |delete| delete(p.as_ptr())) }
            }
            RawTensor::Unversioned(p) => {
                // SAFETY: as above.
                unsafe { (*p.as_ptr()).deleter.map_or((), |delete| delete(p.as_ptr())) }
            }
        }
    }
}

impl fmt::Debug for ManagedTensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedTensor")
            .field("version", &self.version())
            .field("flags", &self.flags())
            .field("device", &self.device())
            .field("dtype", &self.dtype())
            .field("shape", &self.shape())
            .field("strides", &self.strides())
            .finish_non_exhaustive()
    }
}

/// A tensor of ours with what it points to. It begins with the tensor, so that a pointer to one is a
/// pointer to the other.
#[repr(C)]
struct Exported<T> {
    head: T,
    _numbers: Vec<i64>,
    _memory: Option<HostMemory>,
}

impl<T> Exported<T> {
    /// A pointer that owns the whole.
    fn leak(head: T, numbers: Vec<i64>, memory: Option<HostMemory>) -> NonNull<T> {
        let exported = Box::new(Exported { head, _numbers: numbers, _memory: memory });
        NonNull::from(Box::leak(exported)).cast()
    }

    /// Frees the whole.
    ///
    /// # Safety
    /// The pointer is from [`leak`](Exported::leak), and nobody uses it any more.
    unsafe fn free(head: *mut T) {
        // SAFETY: the caller's: it was made of such a box, of which the head is the first field.
        drop(unsafe { Box::from_raw(head.cast::<Exported<T>>()) });
    }
}

unsafe extern "C" fn delete_versioned(tensor: *mut DLManagedTensorVersioned) {
    // SAFETY: the contract of a deleter: called once, with the pointer that was exported.
    unsafe { Exported::free(tensor) }
}

unsafe extern "C" fn delete_unversioned(tensor: *mut DLManagedTensor) {
    // SAFETY: as above.
    unsafe { Exported::free(tensor) }
}
