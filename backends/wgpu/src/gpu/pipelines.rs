//! Kernels, which are compiled once for each key and kept while they are used.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arrayspace_core::Result;
use smallvec::SmallVec;

use super::{Gpu, locked};

/// Everything that the text of a kernel depends on, as words: the kernel, dtypes, steps of programs,
/// classes of layouts.
pub(crate) type Key = SmallVec<[u32; 32]>;

/// The most kernels that are kept, since a program may use new ones forever, and each takes up to a
/// megabyte.
const MAX_KERNELS: usize = 2048;

pub(super) struct Pipelines {
    kernels: Mutex<Kernels>,
    /// The layouts of bind groups, by number of buffers.
    layouts: Mutex<HashMap<usize, wgpu::BindGroupLayout>>,
}

/// Compiled kernels, each with the number of its last use.
#[derive(Default)]
struct Kernels {
    known: HashMap<Key, (Arc<wgpu::ComputePipeline>, u64)>,
    uses: u64,
}

impl Kernels {
    fn find(&mut self, key: &Key) -> Option<Arc<wgpu::ComputePipeline>> {
        let (kernel, last) = self.known.get_mut(key)?;
        self.uses += 1;
        *last = self.uses;
        Some(Arc::clone(kernel))
    }

    /// Keeps a kernel. If there are too many, the less recently used half is dropped.
    fn keep(&mut self, key: Key, kernel: Arc<wgpu::ComputePipeline>) {
        if self.known.len() >= MAX_KERNELS {
            let mut uses: Vec<u64> = self.known.values().map(|&(_, last)| last).collect();
            let (_, &mut middle, _) = uses.select_nth_unstable(MAX_KERNELS / 2);
            self.known.retain(|_, (_, last)| *last >= middle);
        }
        self.uses += 1;
        self.known.insert(key, (kernel, self.uses));
    }
}

impl Pipelines {
    pub(super) fn new() -> Pipelines {
        Pipelines { kernels: Mutex::default(), layouts: Mutex::default() }
    }
}

impl Gpu {
    /// The kernel of a key, with `buffers` bindings of buffers. `source` is called if it is not kept.
    pub(super) fn pipeline(
        &self,
        key: &Key,
        buffers: usize,
        source: impl FnOnce() -> String,
    ) -> Result<Arc<wgpu::ComputePipeline>> {
        if let Some(found) = locked(&self.pipelines.kernels).find(key) {
            return Ok(found);
        }
        let source = source();
        let pipeline = self.scoped(None, || self.compile(&source, buffers));
        #[cfg(test)]
        if pipeline.is_err() {
            eprintln!("{source}");
        }
        let pipeline = Arc::new(pipeline?);
        locked(&self.pipelines.kernels).keep(key.clone(), Arc::clone(&pipeline));
        Ok(pipeline)
    }

    /// The number of compiled kernels that are kept.
    pub(crate) fn kernels(&self) -> usize {
        locked(&self.pipelines.kernels).known.len()
    }

    /// The first words of the keys of the kernels that are kept.
    #[cfg(test)]
    pub(crate) fn kept_kernels(&self) -> Vec<u32> {
        locked(&self.pipelines.kernels).known.keys().map(|key| key[0]).collect()
    }

    fn compile(&self, source: &str, buffers: usize) -> wgpu::ComputePipeline {
        let source = wgpu::ShaderSource::Wgsl(Cow::Borrowed(source));
        let mut checks = wgpu::ShaderRuntimeChecks::checked();
        // bounding doubles the time of a loop
        checks.force_loop_bounding = false;
        // SAFETY: accesses stay checked. The only check that is left out ends infinite loops, and
        // every loop of the kernels of this crate ends.
        let module = unsafe {
            let descriptor = wgpu::ShaderModuleDescriptor { label: None, source };
            self.device.create_shader_module_trusted(descriptor, checks)
        };
        let group = self.group_layout(buffers);
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&group)],
            immediate_size: 0,
        });
        self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: Some(&layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                // no kernel relies on workgroup memory to be zero at first
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        })
    }

    /// Binding 0 is the parameters, and the others are the buffers. All of these are writable, since
    /// a command may not bind the same memory both as read-only and as writable.
    pub(super) fn group_layout(&self, buffers: usize) -> wgpu::BindGroupLayout {
        let mut layouts = locked(&self.pipelines.layouts);
        let make = || {
            let entries: Vec<_> = (0..=buffers)
                .map(|k| wgpu::BindGroupLayoutEntry {
                    binding: k as u32,
                    visibility: wgpu::ShaderStages::COMPUTE,
                    ty: wgpu::BindingType::Buffer {
                        ty: wgpu::BufferBindingType::Storage { read_only: k == 0 },
                        has_dynamic_offset: false,
                        min_binding_size: None,
                    },
                    count: None,
                })
                .collect();
            self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: None,
                entries: &entries,
            })
        };
        layouts.entry(buffers).or_insert_with(make).clone()
    }
}
