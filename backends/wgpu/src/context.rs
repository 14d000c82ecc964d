//! The handle of the backend: the adapters of the system, and the devices that have been opened.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use arrayspace_core::{Device, DeviceKind, Error, Result};

use crate::fourier::Plans;
use crate::gpu::{Gpu, Transfers, locked};

/// Devices reached through wgpu: graphics processors, by Vulkan, Metal or DX12.
///
/// Each adapter of the system is a [`Device`] of the backend. The first one is the default, and the
/// driver of each starts when it is first used. Values are cheap handles, and all values that
/// [`Wgpu::new`] returns share the same devices. The documentation of [the crate](crate) lists the
/// functions that are computed on the device and those that the host computes.
///
/// ```
/// use arrayspace_core::Backend;
/// use arrayspace_wgpu::Wgpu;
/// match Wgpu::new() {
///     Ok(gpu) => println!("{}", gpu.adapters()[Wgpu::primary_device(&gpu).index() as usize].name),
///     Err(e) => println!("{e}"), // no driver: the text says how to get one
/// }
/// ```
#[derive(Clone)]
pub struct Wgpu {
    context: Arc<Context>,
}

struct Context {
    adapters: Vec<Opening>,
    /// The tables of Fourier transforms.
    plans: Plans,
}

/// An adapter, and its device once it is opened. A device that was lost is opened anew.
struct Opening {
    adapter: wgpu::Adapter,
    info: Adapter,
    gpu: Mutex<Option<Arc<Gpu>>>,
}

/// Information about an adapter, which is known without opening it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Adapter {
    /// The device of the backend.
    pub device: Device,
    /// The name according to the driver.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// The interface: `"vulkan"`, `"metal"` or `"dx12"`.
    pub interface: String,
    /// Whether the driver computes on the processor of the host.
    pub is_software: bool,
}

/// The context that every [`Wgpu::new`] shares, until a device of it is lost.
static SHARED: Mutex<Option<Arc<Context>>> = Mutex::new(None);

impl Wgpu {
    /// The backend, with the fastest adapter of the system as the default device. The environment
    /// variable `WGPU_ADAPTER_NAME` (part of a name, in lower case) chooses another one.
    ///
    /// The environment variable `ARRAYSPACE_WGPU_WITHOUT` disables features of shaders, to test how
    /// the backend works on a device without them. Its value is `int64`, `float64`, or both with a
    /// comma between them. float64 needs int64.
    ///
    /// # Errors
    /// [`Error::Device`] if no adapter is found (the text says how to get a driver), if none has the
    /// name in the environment, or if the adapter cannot be opened. [`Error::Value`] if the
    /// environment names an unknown feature.
    pub fn new() -> Result<Wgpu> {
        let wanted = std::env::var("WGPU_ADAPTER_NAME").ok();
        Wgpu::shared(|_, info| {
            wanted.as_ref().is_none_or(|w| info.name.to_lowercase().contains(&w.to_lowercase()))
        })
    }

    /// The backend, with the first adapter whose [`Adapter::name`] contains `name` as the default
    /// device. Case is ignored.
    ///
    /// # Errors
    /// [`Error::Device`] if there is no such adapter. The text names the adapters of the system.
    pub fn with_adapter(name: &str) -> Result<Wgpu> {
        let name = name.to_lowercase();
        Wgpu::made(|_, info| info.name.to_lowercase().contains(&name))
    }

    fn shared(first: impl Fn(usize, &Adapter) -> bool) -> Result<Wgpu> {
        let mut shared = locked(&SHARED);
        if let Some(context) = &*shared
            && !context.adapters.iter().any(Opening::is_lost)
        {
            return Ok(Wgpu { context: Arc::clone(context) });
        }
        let wgpu = Wgpu::made(first)?;
        *shared = Some(Arc::clone(&wgpu.context));
        Ok(wgpu)
    }

    fn made(first: impl Fn(usize, &Adapter) -> bool) -> Result<Wgpu> {
        let mut adapters = found();
        if adapters.is_empty() {
            return Err(Error::device(format_args!(
                "no graphics adapter was found; install a Vulkan driver for your hardware, or the software \
                 driver of Mesa (Debian and Ubuntu: apt install mesa-vulkan-drivers), or use the CPU backend"
            )));
        }
        let names: Vec<&str> = adapters.iter().map(|(_, info)| &*info.name).collect();
        let Some(at) = adapters.iter().enumerate().position(|(k, (_, info))| first(k, info)) else {
            return Err(Error::device(format_args!(
                "no adapter of the name that was asked for was found; there are: {}",
                names.join(", ")
            )));
        };
        adapters.swap(0, at);
        let adapters = (adapters.into_iter().enumerate())
            .map(|(k, (adapter, mut info))| {
                info.device = Device::new(DeviceKind::Gpu, k as u32);
                Opening { adapter, info, gpu: Mutex::new(None) }
            })
            .collect();
        let wgpu = Wgpu { context: Arc::new(Context { adapters, plans: Plans::default() }) };
        wgpu.gpu(Device::new(DeviceKind::Gpu, 0))?;
        Ok(wgpu)
    }

    /// The adapters, in the order of their devices.
    pub fn adapters(&self) -> Vec<Adapter> {
        self.context.adapters.iter().map(|a| a.info.clone()).collect()
    }

    /// The transfers between the host and a device so far. All are zero for an unknown device.
    pub fn transfers(&self, device: Device) -> Transfers {
        self.gpu(device).map(|gpu| gpu.transfers()).unwrap_or_default()
    }

    /// Sets how many bytes of unused memory are kept for later arrays, on every device that has been
    /// opened. The default is 1 GiB.
    pub fn set_pool_limit(&self, bytes: u64) {
        self.opened().for_each(|gpu| gpu.set_pool_limit(bytes));
    }

    /// Returns unused memory to the drivers, and drops the tables of Fourier transforms.
    pub fn trim(&self) {
        self.context.plans.clear();
        self.opened().for_each(|gpu| gpu.trim(0));
    }

    /// The bytes of unused memory that are kept for later arrays.
    pub fn pooled_bytes(&self) -> u64 {
        self.opened().map(|gpu| gpu.pooled()).sum()
    }

    /// The number of compiled kernels that are kept: the most recently used ones, about two thousand
    /// for each device.
    pub fn compiled_kernels(&self) -> usize {
        self.opened().map(|gpu| gpu.kernels()).sum()
    }

    /// Loses a device, as a failing driver would: later calls on it return [`Error::DeviceLost`].
    /// This is for tests of how a program behaves then.
    pub fn lose(&self, device: Device) {
        if let Ok(gpu) = self.gpu(device) {
            gpu.lose();
        }
    }

    fn opened(&self) -> impl Iterator<Item = Arc<Gpu>> + '_ {
        self.context.adapters.iter().filter_map(|a| locked(&a.gpu).clone())
    }

    /// The tables of Fourier transforms.
    pub(crate) fn plans(&self) -> &Plans {
        &self.context.plans
    }

    /// The number of devices.
    pub(crate) fn count(&self) -> u32 {
        self.context.adapters.len() as u32
    }

    /// An opened device.
    pub(crate) fn gpu(&self, device: Device) -> Result<Arc<Gpu>> {
        let opening = (device.kind() == DeviceKind::Gpu)
            .then(|| self.context.adapters.get(device.index() as usize))
            .flatten()
            .ok_or_else(|| arrayspace_core::check::no_device(self, device))?;
        let mut gpu = locked(&opening.gpu);
        if let Some(gpu) = &*gpu {
            return Ok(Arc::clone(gpu));
        }
        let opened = Gpu::open(&opening.adapter, device, unused_features()?)?;
        *gpu = Some(Arc::clone(&opened));
        Ok(opened)
    }
}

/// The features of shaders that the environment disables.
fn unused_features() -> Result<wgpu::Features> {
    let names = std::env::var("ARRAYSPACE_WGPU_WITHOUT").unwrap_or_default();
    let mut unused = wgpu::Features::empty();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        unused |= match name {
            "int64" => wgpu::Features::SHADER_INT64,
            "float64" => wgpu::Features::SHADER_F64,
            _ => {
                return Err(Error::value(format_args!(
                    "ARRAYSPACE_WGPU_WITHOUT names {name:?}; it may name int64 and float64, with a comma between"
                )));
            }
        };
    }
    Ok(unused)
}

impl Opening {
    fn is_lost(&self) -> bool {
        locked(&self.gpu).as_ref().is_some_and(|gpu| gpu.is_lost())
    }
}

impl fmt::Debug for Wgpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wgpu").field("adapters", &self.adapters()).finish()
    }
}

/// The adapters of the system, the fastest kind first.
fn found() -> Vec<(wgpu::Adapter, Adapter)> {
    /// Starting the drivers takes some ten milliseconds, and their state is global to the process.
    static INSTANCE: OnceLock<wgpu::Instance> = OnceLock::new();
    let instance = INSTANCE.get_or_init(|| {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle_from_env();
        descriptor.flags = wgpu::InstanceFlags::empty();
        wgpu::Instance::new(descriptor)
    });
    let mut adapters: Vec<_> =
        pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()))
            .into_iter()
            .map(|adapter| {
                let info = adapter.get_info();
                let known = Adapter {
                    device: Device::new(DeviceKind::Gpu, 0),
                    name: info.name,
                    driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
                    interface: format!("{:?}", info.backend).to_lowercase(),
                    is_software: info.device_type == wgpu::DeviceType::Cpu,
                };
                (adapter, known, info.device_type)
            })
            .collect();
    adapters.sort_by_key(|(_, _, kind)| match kind {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    });
    adapters.into_iter().map(|(adapter, known, _)| (adapter, known)).collect()
}
