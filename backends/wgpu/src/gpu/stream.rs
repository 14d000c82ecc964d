//! Commands, which are recorded in batches, submitted many at a time, and waited for when something
//! is read back.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use arrayspace_core::{Error, Result};
use smallvec::SmallVec;

use super::{Buffer, Gpu, Key, locked};

/// The words of the parameters of a kernel.
pub(crate) type Meta = SmallVec<[u32; 32]>;

/// The number of commands at which a batch is submitted.
const MAX_COMMANDS: usize = 64;
/// The number of bytes of buffers at which a batch is submitted.
const MAX_BYTES: u64 = 256 << 20;
/// The most submitted batches that have not ended.
const MAX_IN_FLIGHT: usize = 8;
/// The most bytes of parameters of a batch.
const META_BYTES: u64 = 256 << 10;
/// The most bytes that are copied to a staging buffer at a time.
pub(super) const UPLOAD: usize = 64 << 20;
/// The time to wait for a readback before the device is polled again.
pub(super) const PATIENCE: Duration = Duration::from_millis(20);
/// The most workgroups along one dimension of a dispatch.
const ROW: u32 = 32768;

/// The transfers between host and device so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Transfers {
    /// Bytes of arrays that were copied to the device.
    pub uploaded: u64,
    /// Bytes that were copied from the device: of arrays, and of the counts and flags that some
    /// functions wait for, at most 16 bytes each.
    pub downloaded: u64,
    /// The number of times that the host waited for the device.
    pub waits: u64,
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) uploaded: AtomicU64,
    pub(super) downloaded: AtomicU64,
    pub(super) waits: AtomicU64,
    pub(super) batch: AtomicU64,
}

pub(super) struct Stream {
    /// The open batch. The pass is dropped before its encoder, which must outlive it.
    pub(super) pass: Option<wgpu::ComputePass<'static>>,
    encoder: Option<wgpu::CommandEncoder>,
    commands: usize,
    bytes: u64,
    /// The parameters of the batch, which are written to the device just before it is submitted.
    meta: Vec<u32>,
    alignment: usize,
    in_flight: VecDeque<wgpu::SubmissionIndex>,
    /// A buffer that the host can read, kept for the next readback.
    pub(super) staging: Option<wgpu::Buffer>,
}

impl Stream {
    pub(super) fn new(alignment: u32) -> Stream {
        Stream {
            pass: None,
            encoder: None,
            commands: 0,
            bytes: 0,
            meta: Vec::new(),
            alignment: (alignment as usize / 4).max(1),
            in_flight: VecDeque::new(),
            staging: None,
        }
    }

    pub(super) fn encoder(&mut self, gpu: &Gpu) -> &mut wgpu::CommandEncoder {
        self.encoder.get_or_insert_with(|| gpu.device.create_command_encoder(&Default::default()))
    }

    /// Submits the batch.
    pub(super) fn submit(&mut self, gpu: &Gpu) -> wgpu::SubmissionIndex {
        self.pass = None;
        if !self.meta.is_empty() {
            let bytes: Vec<u8> = self.meta.iter().flat_map(|w| w.to_ne_bytes()).collect();
            gpu.queue.write_buffer(&gpu.meta, 0, &bytes);
        }
        let index = gpu.queue.submit(self.encoder.take().map(wgpu::CommandEncoder::finish));
        self.meta.clear();
        (self.commands, self.bytes) = (0, 0);
        gpu.counters.batch.fetch_add(1, Relaxed);
        self.in_flight.push_back(index.clone());
        if self.in_flight.len() > MAX_IN_FLIGHT
            && let Some(oldest) = self.in_flight.pop_front()
        {
            gpu.poll(Some(oldest));
        }
        index
    }
}

/// The memory for the parameters of a batch.
pub(super) fn meta_buffer(device: &wgpu::Device) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: META_BYTES,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A command: a kernel with its buffers and parameters.
pub(crate) struct Submission<'a> {
    /// Everything that the text of the kernel depends on.
    pub(crate) key: Key,
    /// The buffers, in the order of their declaration.
    pub(crate) buffers: SmallVec<[&'a Buffer; 8]>,
    /// The parameters.
    pub(crate) meta: Meta,
    /// The number of workgroups.
    pub(crate) groups: usize,
}

impl Gpu {
    /// The number of the open batch.
    pub(super) fn batch(&self) -> u64 {
        self.counters.batch.load(Relaxed) + 1
    }

    /// The transfers between host and device so far.
    pub(crate) fn transfers(&self) -> Transfers {
        let c = &self.counters;
        Transfers {
            uploaded: c.uploaded.load(Relaxed),
            downloaded: c.downloaded.load(Relaxed),
            waits: c.waits.load(Relaxed),
        }
    }

    /// Records a command. `source` is called for the text of the kernel if none of this key is kept.
    pub(crate) fn run(
        &self,
        mut command: Submission<'_>,
        source: impl FnOnce() -> String,
    ) -> Result<()> {
        if command.groups == 0 {
            return Ok(());
        }
        let mut entries: SmallVec<[wgpu::BindGroupEntry<'_>; 8]> = SmallVec::new();
        let mut bytes = 0;
        let mut binding = |buffer, offset, size| {
            let binding = entries.len() as u32 + 1;
            let resource = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer,
                offset,
                size: std::num::NonZeroU64::new(size),
            });
            entries.push(wgpu::BindGroupEntry { binding, resource });
        };
        for buffer in &command.buffers {
            if !std::ptr::eq(Arc::as_ptr(buffer.gpu()), self) {
                return Err(Error::device(format_args!(
                    "an operand on {} of another handle of the backend, or of another device, was given \
                     to {}; move it with to_device first",
                    buffer.gpu().name(),
                    self.name()
                )));
            }
            let windows = self.windows(buffer.len_bytes() as u64);
            bytes += buffer.len_bytes() as u64;
            command.key.push(windows);
            let raw = buffer.raw();
            for k in 0..u64::from(windows) {
                let offset = k * self.window();
                binding(raw, offset, (raw.size() - offset).min(self.window()));
            }
        }
        let count = entries.len();
        if count > self.max_bindings() {
            return Err(Error::unsupported(format_args!(
                "a command over {} arrays needs {count} bindings, and {} has {}; use fewer or smaller \
                 arrays",
                command.buffers.len(),
                self.name(),
                self.max_bindings()
            )));
        }
        let pipeline = self.pipeline(&command.key, count, source)?;
        let layout = self.group_layout(count);
        let mut stream = locked(&self.stream);
        let words = command.meta.len().next_multiple_of(stream.alignment);
        if stream.commands >= MAX_COMMANDS
            || stream.bytes > MAX_BYTES
            || (stream.meta.len() + words) as u64 * 4 > META_BYTES
        {
            stream.submit(self);
        }
        let offset = stream.meta.len();
        stream.meta.extend_from_slice(&command.meta);
        stream.meta.resize(offset + words, 0);
        entries.push(wgpu::BindGroupEntry {
            binding: 0,
            resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &self.meta,
                offset: offset as u64 * 4,
                size: std::num::NonZeroU64::new(words as u64 * 4),
            }),
        });
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &layout,
            entries: &entries,
        });
        if stream.pass.is_none() {
            let pass = stream.encoder(self).begin_compute_pass(&Default::default());
            stream.pass = Some(pass.forget_lifetime());
        }
        if let Some(pass) = &mut stream.pass {
            let groups = command.groups as u32;
            let rows = groups.div_ceil(ROW);
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(groups.div_ceil(rows), rows, 1);
        }
        stream.commands += 1;
        stream.bytes += bytes;
        Ok(())
    }

    /// Copies whole words from one buffer to another.
    pub(crate) fn copy(&self, from: &Buffer, at: u64, to: &Buffer, to_at: u64, bytes: u64) {
        let mut stream = locked(&self.stream);
        if stream.bytes > MAX_BYTES {
            stream.submit(self);
        }
        stream.pass = None;
        let encoder = stream.encoder(self);
        encoder.copy_buffer_to_buffer(from.raw(), at, to.raw(), to_at, bytes);
        stream.commands += 1;
        stream.bytes += 2 * bytes;
    }

    /// Fills a buffer with zeros.
    pub(crate) fn clear(&self, buffer: &Buffer) {
        let mut stream = locked(&self.stream);
        stream.pass = None;
        stream.encoder(self).clear_buffer(buffer.raw(), 0, None);
        stream.commands += 1;
        stream.bytes += buffer.len_bytes() as u64;
    }

    /// A new buffer with a copy of the bytes.
    pub(crate) fn upload(self: &Arc<Gpu>, bytes: &[u8]) -> Result<Buffer> {
        let (buffer, batch) = self.block(bytes.len())?;
        let mut stream = locked(&self.stream);
        // writes come before the commands of the open batch, some of which may still use the block
        if batch == self.batch() {
            stream.submit(self);
        }
        for (k, part) in bytes.chunks(UPLOAD).enumerate() {
            let whole = part.len() & !3;
            let at = (k * UPLOAD) as u64;
            if whole > 0 {
                self.queue.write_buffer(buffer.raw(), at, &part[..whole]);
            }
            if whole < part.len() {
                let mut word = [0; 4];
                word[..part.len() - whole].copy_from_slice(&part[whole..]);
                self.queue.write_buffer(buffer.raw(), at + whole as u64, &word);
            }
            stream.commands += 1;
            stream.bytes += part.len() as u64;
            if stream.commands >= MAX_COMMANDS || stream.bytes > MAX_BYTES {
                stream.submit(self);
            }
        }
        drop(stream);
        self.counters.uploaded.fetch_add(bytes.len() as u64, Relaxed);
        Ok(buffer)
    }

    /// Waits until all commands have run.
    pub(crate) fn wait(&self) -> Result<()> {
        let mut stream = locked(&self.stream);
        let index = stream.submit(self);
        drop(stream);
        self.poll(Some(index));
        self.check()
    }

    pub(super) fn poll(&self, submission_index: Option<wgpu::SubmissionIndex>) {
        let poll = self.device.poll(wgpu::PollType::Wait { submission_index, timeout: None });
        if let Err(e) = poll {
            self.faults
                .put(Error::device_lost(format_args!("{} does not answer: {e}", self.name())));
        }
    }
}
