//! Devices: where an array lives.

use std::fmt;

/// What a device is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum DeviceKind {
    /// The host's processor and memory.
    Cpu,
    /// A graphics processor.
    Gpu,
}

/// Where an array lives: a kind and a number.
///
/// ```
/// use arrayspace_core::Device;
/// assert_eq!(Device::CPU.to_string(), "cpu:0");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Device {
    kind: DeviceKind,
    index: u32,
}

impl Device {
    /// The host.
    pub const CPU: Device = Device::new(DeviceKind::Cpu, 0);

    /// The device number `index` of its kind.
    pub const fn new(kind: DeviceKind, index: u32) -> Device {
        Device { kind, index }
    }

    /// What the device is.
    pub const fn kind(self) -> DeviceKind {
        self.kind
    }

    /// Its number among those of its kind.
    pub const fn index(self) -> u32 {
        self.index
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DeviceKind::Cpu => "cpu",
            DeviceKind::Gpu => "gpu",
        };
        write!(f, "{kind}:{}", self.index)
    }
}
