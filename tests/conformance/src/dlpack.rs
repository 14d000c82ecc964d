//! DLPack: tensors in capsules.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

use arrayspace::Device;
use arrayspace::dlpack::{DLDevice, DLDeviceType, ManagedTensor, RawTensor, VERSION};
use arrayspace::options::{FromDLPack, ToDLPack};
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::api::Arguments;
use crate::backend::Exposed;
use crate::errors::exception;
use crate::view::View;

/// The names of a capsule: with a tensor, and when it has been taken.
const VERSIONED: (&CStr, &CStr) = (c"dltensor_versioned", c"used_dltensor_versioned");
const UNVERSIONED: (&CStr, &CStr) = (c"dltensor", c"used_dltensor");

/// A tensor in a capsule, which frees it unless a consumer takes it.
fn capsule(py: Python<'_>, tensor: ManagedTensor) -> PyResult<Bound<'_, PyCapsule>> {
    let ((name, _), pointer) = match tensor.into_raw() {
        RawTensor::Versioned(p) => (VERSIONED, p.cast::<c_void>()),
        RawTensor::Unversioned(p) => (UNVERSIONED, p.cast()),
    };
    // SAFETY: `free` is such a destructor, and the pointer is valid until it is called or a consumer has
    // taken the tensor, of which it tells by the name.
    unsafe { PyCapsule::new_with_pointer_and_destructor(py, pointer, name, Some(free)) }
}

/// Frees the tensor of a capsule that nobody took.
unsafe extern "C" fn free(capsule: *mut ffi::PyObject) {
    // SAFETY: Python calls this once, attached, with a capsule of `capsule` that is going.
    let raw = unsafe { pointer(capsule) };
    if let Some((raw, _)) = raw {
        // SAFETY: the name says that the tensor is still the capsule's.
        drop(unsafe { ManagedTensor::from_raw(raw) });
    }
}

/// The tensor in a capsule, and the name that says that it has been taken.
///
/// # Safety
/// The object is alive and this thread attached to Python.
unsafe fn pointer(capsule: *mut ffi::PyObject) -> Option<(RawTensor, &'static CStr)> {
    let find = |name: &CStr| {
        // SAFETY: the contract of this function; any object may be asked.
        let valid = unsafe { ffi::PyCapsule_IsValid(capsule, name.as_ptr()) } == 1;
        // SAFETY: it is a capsule of that name.
        let pointer = valid.then(|| unsafe { ffi::PyCapsule_GetPointer(capsule, name.as_ptr()) });
        pointer.and_then(NonNull::new)
    };
    let versioned = find(VERSIONED.0).map(|p| (RawTensor::Versioned(p.cast()), VERSIONED.1));
    versioned
        .or_else(|| find(UNVERSIONED.0).map(|p| (RawTensor::Unversioned(p.cast()), UNVERSIONED.1)))
}

/// The tensor that a producer has put into a capsule, taken out of it.
fn take(capsule: &Bound<'_, PyAny>) -> PyResult<ManagedTensor> {
    // SAFETY: a bound object is alive, and its thread attached.
    let Some((raw, taken)) = (unsafe { pointer(capsule.as_ptr()) }) else {
        let class = capsule.get_type().name()?;
        return Err(PyBufferError::new_err(format!(
            "__dlpack__ returned an object of type {class}, which is not a capsule with a tensor"
        )));
    };
    // SAFETY: it is a capsule, and the name lives for ever.
    if unsafe { ffi::PyCapsule_SetName(capsule.as_ptr(), taken.as_ptr()) } != 0 {
        return Err(PyErr::fetch(capsule.py()));
    }
    // SAFETY: by the protocol the capsule's tensor is as DLPack describes it, and ours now.
    unsafe { ManagedTensor::from_raw(raw) }.map_err(exception)
}

/// An array of an object with the method `__dlpack__`. The memory is shared, for reading and for writing,
/// unless a copy is needed or asked for.
pub(crate) fn import<B: Exposed>(
    xp: &B,
    object: &Bound<'_, PyAny>,
    device: Option<Device>,
    copy: Option<bool>,
) -> PyResult<View<B>> {
    let options = FromDLPack::new().device(device).copy(copy);
    if let Some(x) = B::view(object) {
        let out = xp.from_dlpack(x.array(), options).map_err(exception)?;
        return x.derive(out);
    }
    let py = object.py();
    let keywords = PyDict::new(py);
    keywords.set_item("max_version", (VERSION.major, VERSION.minor))?;
    keywords.set_item("copy", copy)?;
    if device.is_some() {
        // the library brings it from the host to any device
        keywords.set_item("dl_device", (DLDeviceType::CPU.0, 0))?;
    }
    let capsule = match object.call_method("__dlpack__", (), Some(&keywords)) {
        // a producer of before version 1.0 has none of these parameters
        Err(e) if e.is_instance_of::<PyTypeError>(py) => object.call_method0("__dlpack__")?,
        other => other?,
    };
    let tensor = take(&capsule)?;
    let read_only = tensor.is_read_only();
    View::adopted(xp.from_dlpack(tensor, options).map_err(exception)?, read_only)
}

/// The function `from_dlpack`.
pub(crate) fn from_dlpack<'py, B: Exposed>(
    xp: &B,
    args: &Arguments<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(object) = args.find("x") else {
        return Err(PyTypeError::new_err("x is missing"));
    };
    if !object.hasattr("__dlpack__")? {
        let class = object.get_type().name()?;
        let text = format!("an object of type {class} has no method __dlpack__");
        return Err(PyTypeError::new_err(text));
    }
    let (device, copy) = (args.optional::<B, Device>("device")?, args.optional::<B, bool>("copy")?);
    B::object(args.py, import(xp, object, device, copy)?)
}

/// A number, or a member of an enumeration that stands for one.
fn code(x: &Bound<'_, PyAny>) -> PyResult<i32> {
    match x.getattr_opt("value")? {
        Some(value) => value.extract(),
        None => x.extract(),
    }
}

/// The method `__dlpack__`.
pub(crate) fn export<'py, B: Exposed>(
    py: Python<'py>,
    x: &View<B>,
    stream: Option<i64>,
    max_version: Option<(u32, u32)>,
    dl_device: Option<(Bound<'py, PyAny>, i32)>,
    copy: Option<bool>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let device = dl_device
        .map(|(kind, index)| PyResult::Ok(DLDevice::new(DLDeviceType(code(&kind)?), index)))
        .transpose()?;
    let options =
        ToDLPack::new().stream(stream).max_version(max_version).dl_device(device).copy(copy);
    capsule(py, x.export(options, copy == Some(true))?)
}
