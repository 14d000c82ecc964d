//! Binary search for values among sorted ones, one search in each invocation.

use std::sync::Arc;

use arrayspace_core::{Program, Result, Side, View};
use smallvec::{SmallVec, smallvec};

use crate::Wgpu;
use crate::gpu::{Buffer, Gpu, Key};
use crate::kernel::{Kernel, Launch};
use crate::keys;
use crate::parameters::parameters;
use crate::reg::Reg;
use crate::source::GROUP;
use crate::values::{Values, checked};

parameters! {
    /// The parameters of [`search`].
    struct Search {
        /// The number of queries.
        count: usize,
        /// The number of sorted values.
        len: usize,
        /// Offset and stride of the sorted values.
        offset: usize,
        stride: isize,
    }
}

/// The index in the ascending `sorted` at which each of `queries` would keep the order.
pub(crate) fn search(
    gpu: &Arc<Gpu>,
    sorted: View<'_, Wgpu>,
    queries: View<'_, Wgpu>,
    side: Side,
) -> Result<Buffer> {
    let sorted = checked(sorted)?;
    let mut program = Program::new();
    program.input(queries.dtype)?;
    let values = Values::new(gpu, &program, &[queries], queries.layout.shape(), None)?;
    let index = gpu.capabilities().defaults.indexing;
    let out = gpu.allocate(index, values.count)?;
    let mut key: Key = Kernel::Search.into();
    key.push(side as u32);
    values.key(&mut key);
    let mut buffers: SmallVec<[&Buffer; 8]> = smallvec![&out, sorted.buffer];
    buffers.extend(values.buffers());
    let parameters = Search {
        count: values.count,
        len: sorted.layout.size(),
        offset: sorted.layout.offset(),
        stride: sorted.layout.strides()[0],
    };
    let launch = Launch {
        key,
        buffers,
        parameters: &[&parameters, &values],
        groups: values.count.div_ceil(GROUP),
    };
    launch.run(gpu, |mut text| {
        let cell = Reg::of(index, gpu);
        text.values("out", cell, &out);
        text.elements("sorted", sorted.dtype, sorted.buffer);
        values.source(&mut text);
        text.add(&keys::functions(values.reg(), false));
        let precedes = match side {
            Side::Left => "comes_before(a, b)",
            Side::Right => "!comes_before(b, a)",
        };
        let key = keys::key_type(values.reg());
        text.add(&format!(
            "fn precedes(a: {key}, b: {key}) -> bool {{ return {precedes}; }}\n\
             fn index(i: u32) -> {} {{ return {}; }}",
            cell.wgsl(),
            cell.of_word("i")
        ));
        text.template(include_str!("search.wgsl"), &[]);
        text.main("search(id);")
    })?;
    Ok(out)
}
