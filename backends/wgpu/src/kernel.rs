//! The kernels there are, and how one is run.

use arrayspace_core::Result;
use smallvec::SmallVec;

use crate::gpu::{Buffer, Gpu, Key, Submission};
use crate::parameters::{Parameters, words};
use crate::source::Source;

/// A kernel: the first word of the keys of its texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

/// A kernel with its operands, ready to run.
pub(crate) struct Launch<'a> {
    /// Everything that the text depends on.
    pub(crate) key: Key,
    /// The buffers, in the order in which the text declares them.
    pub(crate) buffers: SmallVec<[&'a Buffer; 8]>,
    /// The parameters, which the text has under their names.
    pub(crate) parameters: &'a [&'a dyn Parameters],
    /// The number of workgroups.
    pub(crate) groups: usize,
}

impl Launch<'_> {
    /// Records the command. `text` completes the text of the kernel, and is called only if no
    /// kernel of this key is kept.
    pub(crate) fn run(self, gpu: &Gpu, text: impl FnOnce(Source<'_>) -> String) -> Result<()> {
        let Launch { key, buffers, parameters, groups } = self;
        let submission = Submission { key, buffers, meta: words(parameters), groups };
        gpu.run(submission, || text(Source::new(gpu, parameters)))
    }
}
