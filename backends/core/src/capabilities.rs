//! What a device can do, as data.

use crate::DType;

/// A set of dtypes.
///
/// ```
/// use arrayspace_core::{DType, DTypeSet};
/// let set = DTypeSet::ALL.without(DType::Float64);
/// assert!(set.contains(DType::Float32) && !set.contains(DType::Float64));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DTypeSet(u16);

impl DTypeSet {
    /// No dtype.
    pub const EMPTY: DTypeSet = DTypeSet(0);
    /// Every dtype.
    pub const ALL: DTypeSet = DTypeSet((1 << DType::ALL.len()) - 1);

    /// Whether `dtype` is in the set.
    pub const fn contains(self, dtype: DType) -> bool {
        self.0 >> dtype as u8 & 1 == 1
    }

    /// The set with `dtype`.
    pub const fn with(self, dtype: DType) -> DTypeSet {
        DTypeSet(self.0 | 1 << dtype as u8)
    }

    /// The set without `dtype`.
    pub const fn without(self, dtype: DType) -> DTypeSet {
        DTypeSet(self.0 & !(1 << dtype as u8))
    }

    /// The dtypes of the set, in the order of declaration.
    pub fn iter(self) -> impl Iterator<Item = DType> {
        DType::ALL.into_iter().filter(move |&d| self.contains(d))
    }
}

/// A class of operations, as far as dtypes are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum OpClass {
    /// Storing, copying, moving, indexing.
    Storage,
    /// Elementwise programs.
    Map,
    /// Folds, arg-folds and scans.
    Fold,
    /// Matrix products.
    Contract,
    /// Sorting and searching.
    Order,
}

/// The dtypes that a function chooses where none is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DefaultDTypes {
    /// For real floating-point values.
    pub real_floating: DType,
    /// For complex values.
    pub complex_floating: DType,
    /// For integers.
    pub integral: DType,
    /// For indices.
    pub indexing: DType,
}

/// What a device can do: from this one table come `__array_namespace_info__`, the
/// [`Unsupported`](crate::Error::Unsupported) errors and which tests run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capabilities {
    classes: [DTypeSet; 5],
    /// The default dtypes.
    pub defaults: DefaultDTypes,
    /// The most dimensions that an array may have.
    pub max_dimensions: usize,
}

impl Capabilities {
    /// A device that does everything with every dtype of `dtypes`, with the widest default dtypes
    /// among them.
    pub const fn uniform(dtypes: DTypeSet) -> Capabilities {
        let wide = dtypes.contains(DType::Float64);
        let wide_complex = dtypes.contains(DType::Complex128);
        let integral = if dtypes.contains(DType::Int64) { DType::Int64 } else { DType::Int32 };
        Capabilities {
            classes: [dtypes; 5],
            defaults: DefaultDTypes {
                real_floating: if wide { DType::Float64 } else { DType::Float32 },
                complex_floating: if wide_complex { DType::Complex128 } else { DType::Complex64 },
                integral,
                indexing: integral,
            },
            max_dimensions: crate::MAX_NDIM,
        }
    }

    /// The same, but with `dtypes` alone for the operations of `class`.
    pub const fn restrict(mut self, class: OpClass, dtypes: DTypeSet) -> Capabilities {
        self.classes[class as usize] = dtypes;
        self
    }

    /// The dtypes for the operations of `class`.
    pub const fn dtypes(&self, class: OpClass) -> DTypeSet {
        self.classes[class as usize]
    }
}
