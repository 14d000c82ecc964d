//! Blocks of device memory: reference-counted handles, and a pool by classes of size.
//!
//! Commands run in the order in which they are recorded. So a block may be reused as soon as its last
//! handle is dropped, although commands that read it have not run yet.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arrayspace_core::{DType, Error, Result};

use super::{Gpu, MAX_ELEMENTS, locked, too_large};

/// The default bound on the bytes of unused blocks that are kept.
const DEFAULT_LIMIT: u64 = 1 << 30;

/// A reference-counted handle to a block of memory of a device.
#[derive(Clone)]
pub struct Buffer {
    block: Arc<Block>,
}

struct Block {
    gpu: Arc<Gpu>,
    /// `None` once the block has gone back to the pool.
    raw: Option<wgpu::Buffer>,
    /// The requested size in bytes.
    len: usize,
}

/// Blocks without a handle, by size.
pub(super) struct Pool {
    free: BTreeMap<u64, Vec<Unused>>,
    bytes: u64,
    limit: u64,
}

/// A block of the pool, and the number of the batch of commands that was open when it was dropped.
struct Unused {
    raw: wgpu::Buffer,
    batch: u64,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { free: BTreeMap::new(), bytes: 0, limit: DEFAULT_LIMIT }
    }
}

impl Pool {
    /// Frees blocks, the largest first, until at most `limit` bytes are kept.
    fn shrink(&mut self, limit: u64) {
        while self.bytes > limit {
            let Some(mut entry) = self.free.last_entry() else { break };
            self.bytes -= entry.key();
            entry.get_mut().pop();
            if entry.get().is_empty() {
                entry.remove();
            }
        }
    }
}

/// The size of the block for `bytes`. At most an eighth of a block is wasted, but for the smallest
/// blocks.
fn class(bytes: usize) -> u64 {
    let bytes = (bytes as u64).max(256);
    let step = (bytes.next_power_of_two() / 16).max(256);
    bytes.next_multiple_of(step)
}

const USAGE: wgpu::BufferUsages = wgpu::BufferUsages::STORAGE
    .union(wgpu::BufferUsages::COPY_SRC)
    .union(wgpu::BufferUsages::COPY_DST);

impl Gpu {
    /// A block for `len` elements of a dtype, with unspecified contents.
    pub(crate) fn allocate(self: &Arc<Gpu>, dtype: DType, len: usize) -> Result<Buffer> {
        let bytes = len.checked_mul(dtype.item_size()).ok_or_else(|| Error::out_of_memory(None))?;
        if len > MAX_ELEMENTS {
            return Err(too_large(len));
        }
        Ok(self.block(bytes)?.0)
    }

    /// A block of `len` bytes, and the number of the batch whose commands may still read it.
    pub(super) fn block(self: &Arc<Gpu>, len: usize) -> Result<(Buffer, u64)> {
        self.check()?;
        let size = class(len);
        if size > self.limits.max_buffer_size {
            return Err(Error::out_of_memory(Some(len)));
        }
        let unused = {
            let mut pool = locked(&self.pool);
            let found = pool.free.get_mut(&size).and_then(Vec::pop);
            if found.is_some() {
                pool.bytes -= size;
            }
            found
        };
        let (raw, batch) = match unused {
            Some(unused) => (unused.raw, unused.batch),
            None => (self.create(size, len)?, 0),
        };
        let block = Block { gpu: Arc::clone(self), raw: Some(raw), len };
        Ok((Buffer { block: Arc::new(block) }, batch))
    }

    fn create(&self, size: u64, len: usize) -> Result<wgpu::Buffer> {
        let descriptor =
            wgpu::BufferDescriptor { label: None, size, usage: USAGE, mapped_at_creation: false };
        let create = || self.scoped(Some(len), || self.device.create_buffer(&descriptor));
        match create() {
            Err(Error::OutOfMemory(_)) => {
                // memory becomes free when the pool is emptied and pending commands have ended
                self.trim(0);
                self.wait()?;
                create()
            }
            other => other,
        }
    }

    /// Frees unused blocks until at most `limit` bytes are kept.
    pub(crate) fn trim(&self, limit: u64) {
        locked(&self.pool).shrink(limit);
    }

    /// Sets the bound on the bytes of unused blocks that are kept.
    pub(crate) fn set_pool_limit(&self, limit: u64) {
        let mut pool = locked(&self.pool);
        pool.limit = limit;
        pool.shrink(limit);
    }

    /// The bytes of unused blocks that are kept.
    pub(crate) fn pooled(&self) -> u64 {
        locked(&self.pool).bytes
    }
}

impl Buffer {
    /// The device that the memory belongs to.
    pub(crate) fn gpu(&self) -> &Arc<Gpu> {
        &self.block.gpu
    }

    /// The requested size in bytes.
    pub(crate) fn len_bytes(&self) -> usize {
        self.block.len
    }

    /// Whether this is the only handle.
    pub(crate) fn is_exclusive(&mut self) -> bool {
        Arc::get_mut(&mut self.block).is_some()
    }

    /// Whether both are handles to one block.
    pub(crate) fn is_same(&self, other: &Buffer) -> bool {
        Arc::ptr_eq(&self.block, &other.block)
    }

    /// The buffer of wgpu.
    pub(super) fn raw(&self) -> &wgpu::Buffer {
        match &self.block.raw {
            Some(raw) => raw,
            // only `drop` takes it
            None => unreachable!("a block in use has its memory"),
        }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer")
            .field("device", &self.block.gpu.name())
            .field("bytes", &self.block.len)
            .finish_non_exhaustive()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let Some(raw) = self.raw.take() else { return };
        if self.gpu.is_lost() {
            return;
        }
        let batch = self.gpu.batch();
        let mut pool = locked(&self.gpu.pool);
        let size = raw.size();
        if pool.bytes + size <= pool.limit {
            pool.bytes += size;
            pool.free.entry(size).or_default().push(Unused { raw, batch });
        }
    }
}
