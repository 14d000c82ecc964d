//! A producer that is not this crate: tensors with any descriptor, whose deleter tells that it was called.

use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use arrayspace::Result;
use arrayspace::dlpack::{
    DLDataType, DLDataTypeCode, DLDevice, DLManagedTensor, DLManagedTensorVersioned, DLPackVersion,
    DLTensor, ManagedTensor, RawTensor,
};

/// The threads on which a tensor was freed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Freed(Arc<Mutex<Vec<ThreadId>>>);

impl Freed {
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    pub(crate) fn thread(&self) -> Option<ThreadId> {
        self.0.lock().unwrap().last().copied()
    }
}

/// What a tensor is made of. Everything may be changed before it is.
#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    /// The memory, as bytes in aligned words.
    pub(crate) words: Vec<u64>,
    pub(crate) no_data: bool,
    pub(crate) device: DLDevice,
    pub(crate) ndim: Option<i32>,
    pub(crate) dtype: DLDataType,
    pub(crate) shape: Option<Vec<i64>>,
    pub(crate) strides: Option<Vec<i64>>,
    pub(crate) byte_offset: u64,
    pub(crate) version: Option<(u32, u32)>,
    pub(crate) flags: u64,
    pub(crate) no_deleter: bool,
}

pub(crate) const INT32: DLDataType = DLDataType { code: DLDataTypeCode::INT, bits: 32, lanes: 1 };

impl Foreign {
    /// int32 elements in row-major order.
    pub(crate) fn new(elements: &[i32], shape: &[i64]) -> Foreign {
        let mut words = vec![0; elements.len().div_ceil(2)];
        for (k, &v) in elements.iter().enumerate() {
            words[k / 2] |= u64::from(v as u32) << (32 * (k % 2));
        }
        Foreign {
            words,
            no_data: false,
            device: DLDevice::CPU,
            ndim: None,
            dtype: INT32,
            shape: Some(shape.to_vec()),
            strides: None,
            byte_offset: 0,
            version: Some((1, 0)),
            flags: 0,
            no_deleter: false,
        }
    }

    pub(crate) fn strides(mut self, strides: &[i64]) -> Foreign {
        self.strides = Some(strides.to_vec());
        self
    }

    pub(crate) fn byte_offset(mut self, bytes: u64) -> Foreign {
        self.byte_offset = bytes;
        self
    }

    pub(crate) fn flags(mut self, flags: u64) -> Foreign {
        self.flags = flags;
        self
    }

    /// The tensor, with what tells when it is freed, and the address of its memory.
    pub(crate) fn produce(self) -> Produced {
        let freed = Freed::default();
        let (version, flags, no_deleter) = (self.version, self.flags, self.no_deleter);
        let mut held = Box::new(Held { producer: self, freed: freed.clone(), head: Head::None });
        let producer = &mut held.producer;
        let shape = producer.shape.as_mut().map_or(ptr::null_mut(), |v| v.as_mut_ptr());
        let dl_tensor = DLTensor {
            data: if producer.no_data {
                ptr::null_mut()
            } else {
                producer.words.as_mut_ptr().cast::<c_void>()
            },
            device: producer.device,
            ndim: producer
                .ndim
                .unwrap_or_else(|| producer.shape.as_ref().map_or(0, |s| s.len() as i32)),
            dtype: producer.dtype,
            shape,
            strides: producer.strides.as_mut().map_or(ptr::null_mut(), |v| v.as_mut_ptr()),
            byte_offset: producer.byte_offset,
        };
        let memory = producer.words.as_ptr().cast::<i32>();
        let held = Box::into_raw(held);
        let manager_ctx = held.cast::<c_void>();
        // SAFETY: just made of a box, and nobody else has it.
        let head = unsafe { &mut (*held).head };
        let raw = match version {
            Some((major, minor)) => {
                *head = Head::Versioned(DLManagedTensorVersioned {
                    version: DLPackVersion { major, minor },
                    manager_ctx,
                    deleter: if no_deleter { None } else { Some(free_versioned) },
                    flags,
                    dl_tensor,
                });
                let Head::Versioned(head) = head else { unreachable!() };
                RawTensor::Versioned(NonNull::from(head))
            }
            None => {
                *head = Head::Unversioned(DLManagedTensor {
                    dl_tensor,
                    manager_ctx,
                    deleter: if no_deleter { None } else { Some(free_unversioned) },
                });
                let Head::Unversioned(head) = head else { unreachable!() };
                RawTensor::Unversioned(NonNull::from(head))
            }
        };
        // SAFETY: the descriptor lives until the deleter is called, and describes the memory of the
        // words, or is one that is refused before memory is read.
        let tensor = unsafe { ManagedTensor::from_raw(raw) };
        let leaked = no_deleter.then(|| Leaked(held));
        Produced { tensor, freed, memory, leaked }
    }
}

pub(crate) struct Produced {
    pub(crate) tensor: Result<ManagedTensor>,
    pub(crate) freed: Freed,
    pub(crate) memory: *const i32,
    /// What nobody else frees, for want of a deleter; to be dropped last.
    pub(crate) leaked: Option<Leaked>,
}

/// A tensor without a deleter.
pub(crate) struct Leaked(*mut Held);

impl Drop for Leaked {
    fn drop(&mut self) {
        // SAFETY: made of a box, and without a deleter nobody else frees it.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

struct Held {
    producer: Foreign,
    freed: Freed,
    head: Head,
}

enum Head {
    None,
    Versioned(DLManagedTensorVersioned),
    Unversioned(DLManagedTensor),
}

impl Drop for Held {
    fn drop(&mut self) {
        // what is freed must not be read any more
        self.producer.words.fill(0xdead_beef_dead_beef);
        self.freed.0.lock().unwrap().push(std::thread::current().id());
    }
}

unsafe extern "C" fn free_versioned(tensor: *mut DLManagedTensorVersioned) {
    // SAFETY: called with the tensor that was produced, whose context is a box.
    drop(unsafe { Box::from_raw((*tensor).manager_ctx.cast::<Held>()) });
}

unsafe extern "C" fn free_unversioned(tensor: *mut DLManagedTensor) {
    // SAFETY: as above.
    drop(unsafe { Box::from_raw((*tensor).manager_ctx.cast::<Held>()) });
}
