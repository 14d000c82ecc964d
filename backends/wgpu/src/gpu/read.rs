//! Reading memory back: now, or later.
//!
//! A read copies the bytes to a staging buffer, which is mapped when the commands before it have run.
//! [`Gpu::download`] waits for that. [`Gpu::download_later`] leaves the waiting to one thread for each
//! device, which ends when nothing is left to wait for.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver as Answers, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};

use arrayspace_core::{Error, Receiver, Result};

use super::stream::{PATIENCE, UPLOAD};
use super::{Buffer, Gpu, locked};

/// A read that has begun: bytes on their way to a staging buffer.
struct Read {
    staging: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
    mapped: Answers<std::result::Result<(), wgpu::BufferAsyncError>>,
    /// Bytes that are mapped, and those of them that were asked for.
    size: u64,
    range: std::ops::Range<usize>,
}

/// The reads that a thread waits for; `None` while there is no such thread.
#[derive(Default)]
pub(super) struct Reads(Mutex<Option<VecDeque<(Read, Receiver)>>>);

impl Gpu {
    /// Waits for the bytes of a buffer from `at` on.
    pub(crate) fn download(&self, buffer: &Buffer, at: usize, out: &mut [u8]) -> Result<()> {
        self.check()?;
        for (k, part) in out.chunks_mut(UPLOAD).enumerate() {
            let read = self.begin(buffer, at + k * UPLOAD, part.len())?;
            self.finish(read, |bytes| part.copy_from_slice(bytes))?;
        }
        Ok(())
    }

    /// Reads `len` bytes of a buffer from `at` on without waiting. The receiver comes back if they are
    /// too many for one read, or no thread can be started.
    pub(crate) fn download_later(
        self: &Arc<Gpu>,
        buffer: &Buffer,
        at: usize,
        len: usize,
        receiver: Receiver,
    ) -> Result<(), Receiver> {
        if len > UPLOAD {
            return Err(receiver);
        }
        let read = match self.check().and_then(|()| self.begin(buffer, at, len)) {
            Ok(read) => read,
            Err(error) => {
                receiver(Err(error));
                return Ok(());
            }
        };
        let mut reads = locked(&self.reads.0);
        if let Some(reads) = &mut *reads {
            reads.push_back((read, receiver));
            return Ok(());
        }
        let gpu = Arc::clone(self);
        let thread = std::thread::Builder::new().name("arrayspace-wgpu-read".into());
        if thread.spawn(move || gpu.finish_all()).is_err() {
            return Err(receiver);
        }
        // the thread waits for the lock
        *reads = Some(VecDeque::from([(read, receiver)]));
        Ok(())
    }

    /// Finishes one read after the other, until none is left.
    fn finish_all(&self) {
        loop {
            let (read, receiver) = {
                let mut reads = locked(&self.reads.0);
                match reads.as_mut().and_then(VecDeque::pop_front) {
                    Some(next) => next,
                    None => {
                        *reads = None;
                        return;
                    }
                }
            };
            let mut receiver = Some(receiver);
            // a receiver that panics is not to take the reads of others with it
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let told = self.finish(read, |bytes| {
                    if let Some(receiver) = receiver.take() {
                        receiver(Ok(bytes));
                    }
                });
                if let (Err(error), Some(receiver)) = (told, receiver.take()) {
                    receiver(Err(error));
                }
            }));
        }
    }

    /// Begins to read bytes, at most [`UPLOAD`] of them.
    fn begin(&self, buffer: &Buffer, at: usize, len: usize) -> Result<Read> {
        let start = at & !3;
        let size = ((at + len).next_multiple_of(4) - start) as u64;
        let mut stream = locked(&self.stream);
        let staging = match stream.staging.take().filter(|s| s.size() >= size) {
            Some(staging) => staging,
            None => {
                let descriptor = wgpu::BufferDescriptor {
                    label: None,
                    size: size.next_power_of_two().max(4096),
                    usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                };
                let create = || self.device.create_buffer(&descriptor);
                self.scoped(Some(size as usize), create)?
            }
        };
        stream.pass = None;
        let encoder = stream.encoder(self);
        encoder.copy_buffer_to_buffer(buffer.raw(), start as u64, &staging, 0, size);
        let submission = stream.submit(self);
        drop(stream);
        let (send, mapped) = channel();
        staging.slice(..size).map_async(wgpu::MapMode::Read, move |result| {
            // the receiver is there until the answer is, or nobody wants it any more
            let _ = send.send(result);
        });
        Ok(Read { staging, submission, mapped, size, range: at - start..at - start + len })
    }

    /// Waits for the bytes of a read, and hands them on.
    fn finish(&self, read: Read, take: impl FnOnce(&[u8])) -> Result<()> {
        let Read { staging, submission, mapped, size, range } = read;
        self.poll(Some(submission));
        self.counters.waits.fetch_add(1, Relaxed);
        let lost = || {
            Error::device_lost(format_args!(
                "{} gave no answer; make the backend anew with Wgpu::new()",
                self.name()
            ))
        };
        // another thread may have seen the commands end, and be about to say so
        let answer = loop {
            match mapped.recv_timeout(PATIENCE) {
                Err(RecvTimeoutError::Timeout) if !self.is_lost() => self.poll(None),
                other => break other,
            }
        };
        self.check()?;
        answer.map_err(|_| lost())?.map_err(|_| lost())?;
        let view = staging.slice(..size).get_mapped_range().map_err(|_| lost())?;
        let bytes = range.len();
        take(&view[range]);
        drop(view);
        staging.unmap();
        self.counters.downloaded.fetch_add(bytes as u64, Relaxed);
        locked(&self.stream).staging = Some(staging);
        Ok(())
    }
}
