//! What a device can do, as data.

use crate::{DType, Program};

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

/// The standard's extensions that a device has. Where a backend does not implement one itself, the
/// layer above computes it through host memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Extensions {
    /// Fourier transforms.
    pub fft: bool,
    /// Linear algebra.
    pub linalg: bool,
}

/// What a device can do. `__array_namespace_info__`, the [`Unsupported`](crate::Error::Unsupported)
/// errors and the choice of tests all come from this one table.
///
/// ```
/// use arrayspace_core::{Capabilities, DType, DTypeSet};
/// let device = Capabilities::uniform(DTypeSet::ALL.without(DType::Float64)).max_program_inputs(6);
/// assert_eq!(device.defaults.real_floating, DType::Float32);
/// assert!(device.max_program_inputs == 6 && device.boolean_indexing);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Capabilities {
    classes: [DTypeSet; 5],
    /// The default dtypes.
    pub defaults: DefaultDTypes,
    /// The most dimensions that an array may have.
    pub max_dimensions: usize,
    /// The most operands that a program may read: at least 3. The layer above cuts longer programs up.
    pub max_program_inputs: usize,
    /// The most steps that a program may have: at least 4. The layer above cuts longer programs up.
    pub max_program_steps: usize,
    /// Whether results may have shapes that depend on values, as those of `nonzero` have.
    pub data_dependent_shapes: bool,
    /// Whether arrays may be indexed by boolean arrays.
    pub boolean_indexing: bool,
    /// The extensions of the standard.
    pub extensions: Extensions,
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
            max_program_inputs: Program::MAX_STEPS,
            max_program_steps: Program::MAX_STEPS,
            data_dependent_shapes: true,
            boolean_indexing: true,
            extensions: Extensions { fft: true, linalg: true },
        }
    }

    /// With `dtypes` alone for the operations of `class`.
    pub const fn restrict(mut self, class: OpClass, dtypes: DTypeSet) -> Capabilities {
        self.classes[class as usize] = dtypes;
        self
    }

    /// With programs of at most `most` operands; fewer than 3 are taken as 3.
    pub const fn max_program_inputs(mut self, most: usize) -> Capabilities {
        self.max_program_inputs = if most < 3 { 3 } else { most };
        self
    }

    /// With programs of at most `most` steps; fewer than 4 are taken as 4.
    pub const fn max_program_steps(mut self, most: usize) -> Capabilities {
        self.max_program_steps = if most < 4 { 4 } else { most };
        self
    }

    /// With shapes that depend on values, or without.
    pub const fn data_dependent_shapes(mut self, there: bool) -> Capabilities {
        self.data_dependent_shapes = there;
        self
    }

    /// With indexing by boolean arrays, or without.
    pub const fn boolean_indexing(mut self, there: bool) -> Capabilities {
        self.boolean_indexing = there;
        self
    }

    /// With these extensions.
    pub const fn extensions(mut self, fft: bool, linalg: bool) -> Capabilities {
        self.extensions = Extensions { fft, linalg };
        self
    }

    /// The dtypes for the operations of `class`.
    pub const fn dtypes(&self, class: OpClass) -> DTypeSet {
        self.classes[class as usize]
    }
}
