//! One opened device: its queue, limits, memory, compiled kernels, and errors.

mod memory;
mod pipelines;
mod read;
mod stream;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrayspace_core::{Capabilities, DType, DTypeSet, Device, Error, Result};

pub use memory::Buffer;
pub(crate) use pipelines::Key;
pub use stream::Transfers;
pub(crate) use stream::{Meta, Submission};

/// The most elements of an array. Indices are 32-bit words, and those of the last workgroup may
/// exceed the number of elements.
pub(crate) const MAX_ELEMENTS: usize = 0xfff0_0000;

/// The error for an array of more than [`MAX_ELEMENTS`].
#[cold]
pub(crate) fn too_large(size: usize) -> Error {
    Error::OutOfMemory(
        format!(
            "out of memory: {size} elements were asked for in one array, and the wgpu backend counts them in \
             32 bits; use a smaller shape, or work in pieces of up to {MAX_ELEMENTS}"
        )
        .into(),
    )
}

/// An opened device.
pub(crate) struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    limits: wgpu::Limits,
    /// The name of the device in the backend.
    name: Device,
    features: wgpu::Features,
    dtypes: DTypeSet,
    /// The most bytes of a buffer that one binding sees, a multiple of 256.
    window: u64,
    faults: Arc<Faults>,
    pool: Mutex<memory::Pool>,
    stream: Mutex<stream::Stream>,
    /// The parameters of a batch while it runs.
    meta: wgpu::Buffer,
    counters: stream::Counters,
    reads: read::Reads,
    pipelines: pipelines::Pipelines,
}

/// Errors that no call could return when they occurred.
#[derive(Default)]
struct Faults {
    lost: AtomicBool,
    text: Mutex<Option<Error>>,
}

impl Faults {
    fn put(&self, error: Error) {
        locked(&self.text).get_or_insert(error);
    }
}

/// Locks a mutex, even one that is poisoned by a panic: all values behind the mutexes of this crate
/// are caches, or are replaced as a whole.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gpu {
    /// Opens an adapter without the features `unused`.
    ///
    /// # Errors
    /// [`Error::Device`] if the driver refuses.
    pub(crate) fn open(
        adapter: &wgpu::Adapter,
        name: Device,
        unused: wgpu::Features,
    ) -> Result<Arc<Gpu>> {
        let wanted = (wgpu::Features::SHADER_INT64 | wgpu::Features::SHADER_F64) - unused;
        let features = adapter.features() & wanted;
        let limits = adapter.limits();
        let info = adapter.get_info();
        let request = wgpu::DeviceDescriptor {
            label: None,
            required_features: features,
            required_limits: limits.clone(),
            // this crate has its own pool of buffers
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&request)).map_err(|e| {
                Error::device(format_args!("{name} ({}) cannot be opened: {e}", info.name))
            })?;
        let faults = Arc::new(Faults::default());
        let told = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |e: wgpu::Error| told.put(error_of(&e, None))));
        let told = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, text| {
            told.lost.store(true, Ordering::Release);
            *locked(&told.text) = Some(Error::device_lost(format_args!(
                "{name} was lost ({reason:?}: {text}); make the backend anew with Wgpu::new()"
            )));
        });
        let window = u64::from(u32::MAX).min(limits.max_storage_buffer_binding_size) & !255;
        let stream = stream::Stream::new(limits.min_storage_buffer_offset_alignment);
        Ok(Arc::new(Gpu {
            pipelines: pipelines::Pipelines::new(),
            meta: stream::meta_buffer(&device),
            device,
            queue,
            name,
            features,
            dtypes: dtypes(features),
            window,
            limits,
            faults,
            pool: Mutex::new(memory::Pool::default()),
            stream: Mutex::new(stream),
            counters: stream::Counters::default(),
            reads: read::Reads::default(),
        }))
    }

    /// The name of the device.
    pub(crate) fn name(&self) -> Device {
        self.name
    }

    /// Whether shaders have 64-bit integers. If not, the kernels compute with two words.
    pub(crate) fn has_int64(&self) -> bool {
        self.features.contains(wgpu::Features::SHADER_INT64)
    }

    /// The capabilities of the device.
    pub(crate) fn capabilities(&self) -> Capabilities {
        // beside its operands a kernel has two buffers at most
        Capabilities::uniform(self.dtypes).max_program_inputs(self.max_bindings() - 2)
    }

    /// Whether the device is lost.
    pub(crate) fn is_lost(&self) -> bool {
        self.faults.lost.load(Ordering::Acquire)
    }

    /// Destroys the device as a failing driver would, to test how a program behaves afterwards.
    pub(crate) fn lose(&self) {
        self.device.destroy();
        // the driver reports the loss when it is polled
        let _ = self.device.poll(wgpu::PollType::Poll);
    }

    /// Returns the error that the device has reported since the last call. The loss of the device is
    /// returned by every call.
    pub(crate) fn check(&self) -> Result<()> {
        let mut text = locked(&self.faults.text);
        match &*text {
            Some(lost @ Error::DeviceLost(_)) => return Err(lost.clone()),
            _ if self.is_lost() => {
                return Err(Error::device_lost(format_args!(
                    "{} was lost; make the backend anew with Wgpu::new()",
                    self.name
                )));
            }
            _ => {}
        }
        text.take().map_or(Ok(()), Err)
    }

    /// The number of bindings for a buffer of `bytes`.
    pub(crate) fn windows(&self, bytes: u64) -> u32 {
        bytes.div_ceil(self.window).max(1) as u32
    }

    /// The bytes that one binding sees.
    pub(crate) fn window(&self) -> u64 {
        self.window
    }

    /// The most bindings of a kernel, not counting the one of its parameters.
    fn max_bindings(&self) -> usize {
        // one is reserved for the driver
        self.limits.max_storage_buffers_per_shader_stage.saturating_sub(2) as usize
    }

    /// Runs `work` and returns the error that it raises. A panic of a shader compiler is an error too.
    fn scoped<R>(&self, bytes: Option<usize>, work: impl FnOnce() -> R) -> Result<R> {
        use wgpu::ErrorFilter::{Internal, OutOfMemory, Validation};
        let scopes = [Validation, OutOfMemory, Internal].map(|f| self.device.push_error_scope(f));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        let mut error = None;
        for scope in scopes.into_iter().rev() {
            error = pollster::block_on(scope.pop()).or(error);
        }
        if error.is_some() && self.is_lost() {
            self.check()?;
        }
        match (result, error) {
            (_, Some(error)) => Err(error_of(&error, bytes)),
            (Ok(result), None) => Ok(result),
            (Err(_), None) => {
                Err(Error::unsupported(format_args!("the compiler of shaders gave up on a kernel")))
            }
        }
    }
}

/// The dtypes that shaders with these features can compute with.
fn dtypes(features: wgpu::Features) -> DTypeSet {
    let mut set = DTypeSet::ALL;
    // the functions on float64 use its bits, which are a u64
    if !features.contains(wgpu::Features::SHADER_F64 | wgpu::Features::SHADER_INT64) {
        set = set.without(DType::Float64).without(DType::Complex128);
    }
    set
}

/// Converts an error of wgpu.
fn error_of(error: &wgpu::Error, bytes: Option<usize>) -> Error {
    match error {
        wgpu::Error::OutOfMemory { .. } => Error::out_of_memory(bytes),
        wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
            Error::unsupported(format_args!("the device refused a command: {description}"))
        }
    }
}
