//! The kernels there are, which begin the keys of their texts.

use crate::gpu::Key;

/// A kernel.
#[derive(Clone, Copy)]
#[repr(u32)]
pub(crate) enum Kernel {
    Map,
    Write,
    Gather,
    ScatterClaim,
    ScatterWrite,
    ScatterPositions,
    ScatterCombine,
    FoldGroups,
    FoldRuns,
    ArgFold,
    ScanApply,
    Contract,
    SortBlocks,
    SortMerge,
    Search,
    Compact,
    Fourier,
    FactorLargest,
    FactorCopy,
    FactorPanel,
    FactorTriangle,
    FactorUpdate,
    FactorDeterminant,
    FactorReflectors,
    FactorReflect,
}

impl From<Kernel> for Key {
    fn from(kernel: Kernel) -> Key {
        [kernel as u32].into_iter().collect()
    }
}
