//! Kernels: compiled once for each key, and kept.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arrayspace_core::Result;
use smallvec::SmallVec;

use super::{Gpu, locked};

/// What a kernel's text depends on, as words: which kernel it is, dtypes, steps, classes of layouts.
pub(crate) type Key = SmallVec<[u32; 32]>;

pub(super) struct Pipelines {
    kernels: Mutex<HashMap<Key, Arc<wgpu::ComputePipeline>>>,
    /// The layouts of bind groups, by the number of buffers.
    layouts: Mutex<HashMap<usize, wgpu::BindGroupLayout>>,
}

impl Pipelines {
    pub(super) fn new() -> Pipelines {
        Pipelines { kernels: Mutex::new(HashMap::new()), layouts: Mutex::new(HashMap::new()) }
    }
}

impl Gpu {
    /// The kernel of a key, over `buffers` buffers; its text is asked for once.
    pub(super) fn pipeline(
        &self,
        key: &Key,
        buffers: usize,
        source: impl FnOnce() -> String,
    ) -> Result<Arc<wgpu::ComputePipeline>> {
        if let Some(found) = locked(&self.pipelines.kernels).get(key) {
            return Ok(Arc::clone(found));
        }
        let source = source();
        let pipeline = self.scoped(None, || self.compile(&source, buffers));
        #[cfg(test)]
        if pipeline.is_err() {
            eprintln!("{source}");
        }
        let pipeline = Arc::new(pipeline?);
        locked(&self.pipelines.kernels).insert(key.clone(), Arc::clone(&pipeline));
        Ok(pipeline)
    }

    /// How many kernels have been compiled.
    pub(crate) fn kernels(&self) -> usize {
        locked(&self.pipelines.kernels).len()
    }

    fn compile(&self, source: &str, buffers: usize) -> wgpu::ComputePipeline {
        let source = wgpu::ShaderSource::Wgsl(Cow::Borrowed(source));
        let mut checks = wgpu::ShaderRuntimeChecks::checked();
        // the guard doubles the time of a loop
        checks.force_loop_bounding = false;
        // SAFETY: accesses stay checked. The one check that is left out bounds loops that never end, and
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
                // no kernel relies on workgroup memory that is zero at first
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        })
    }

    /// Binding 0 holds the parameters; then come the buffers, all writable, since one memory may not be
    /// bound for reading and for writing in one command.
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
