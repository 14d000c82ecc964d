//! What there is: `__array_namespace_info__`.

use arrayspace_core::{
    Backend, Capabilities, DType, DTypeSet, DefaultDTypes, Device, Extensions, OpClass, Result,
};

use crate::compute::capabilities;
use crate::dtype_arg::Kinds;
use crate::named::Named;

/// The inspection functions of a namespace, as
/// [`__array_namespace_info__`](crate::Namespace::__array_namespace_info__) gives them.
#[derive(Clone, Debug)]
pub struct Info<B: Backend>(pub(crate) B);

/// What the namespace can do, of what the standard leaves open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct NamespaceCapabilities {
    /// Whether arrays can be indexed by boolean arrays.
    pub boolean_indexing: bool,
    /// Whether there are functions whose output shapes depend on values.
    pub data_dependent_shapes: bool,
    /// The most dimensions of an array on the default device.
    pub max_dimensions: usize,
    /// The extensions of the standard.
    pub extensions: Extensions,
}

impl<B: Backend> Info<B> {
    /// What the namespace can do.
    pub fn capabilities(&self) -> NamespaceCapabilities {
        let device = B::capabilities(&self.0, B::primary_device(&self.0))
            .unwrap_or(Capabilities::uniform(DTypeSet::EMPTY));
        NamespaceCapabilities {
            boolean_indexing: device.boolean_indexing,
            data_dependent_shapes: device.data_dependent_shapes,
            max_dimensions: device.max_dimensions,
            extensions: device.extensions,
        }
    }

    /// The device that is used where none is named.
    pub fn default_device(&self) -> Device {
        B::primary_device(&self.0)
    }

    /// The dtypes that are chosen where none is named, on a device; `None` for the default one.
    ///
    /// # Errors
    /// [`Error::Device`](crate::Error::Device) if there is no such device.
    #[track_caller]
    pub fn default_dtypes(&self, device: impl Into<Option<Device>>) -> Result<DefaultDTypes> {
        let device = device.into().unwrap_or_else(|| B::primary_device(&self.0));
        Ok(capabilities(&self.0, device).named("default_dtypes")?.defaults)
    }

    /// The devices that there are.
    pub fn devices(&self) -> Vec<Device> {
        B::all_devices(&self.0)
    }

    /// The standard's dtypes (so without float16 and bfloat16) that a device has, all or those of some
    /// kinds; `None` for the default device, and for all kinds.
    ///
    /// # Errors
    /// [`Error::Device`](crate::Error::Device) if there is no such device.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::DTypeKind;
    /// use arrayspace::prelude::*;
    /// let info = Cpu::new().__array_namespace_info__();
    /// assert_eq!(info.dtypes(None, None)?.len(), 13);
    /// let floats = info.dtypes(Device::CPU, DTypeKind::RealFloating)?;
    /// assert_eq!(floats, [DType::Float32, DType::Float64]);
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn dtypes(
        &self,
        device: impl Into<Option<Device>>,
        kind: impl Into<Kinds>,
    ) -> Result<Vec<DType>> {
        let device = device.into().unwrap_or_else(|| B::primary_device(&self.0));
        let kind = kind.into();
        let there = capabilities(&self.0, device).named("dtypes")?;
        Ok(there
            .dtypes(OpClass::Map)
            .iter()
            .filter(|&d| !d.is_half() && kind.contains(d))
            .collect())
    }
}
