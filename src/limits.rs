//! What a device leaves out: functions whose result it cannot have, and programs that are too long for it.

use arrayspace_core::{
    Backend, Capabilities, DType, Device, Error, Input, Layout, Program, Result, View,
};

use crate::compute::capabilities;

/// Whether a program has more operands or steps than a device takes.
#[inline]
pub(crate) fn exceeds(program: &Program, device: &Capabilities) -> bool {
    program.inputs() > device.max_program_inputs || program.steps().len() > device.max_program_steps
}

/// Runs the first parts of a program that is too long for the device, and hands the last one on with its
/// operands; of any other program, the whole.
///
/// # Errors
/// Those of [`Backend::map`] and of `run`.
#[inline]
pub(crate) fn in_parts<B: Backend, R>(
    backend: &B,
    program: &Program,
    views: &[View<'_, B>],
    shape: &[usize],
    device: Device,
    run: impl FnOnce(&Program, &[View<'_, B>]) -> Result<R>,
) -> Result<R> {
    let there = capabilities(backend, device)?;
    if !exceeds(program, &there) {
        return run(program, views);
    }
    let (rest, buffers, operands) = first_parts(backend, program, views, shape, device, &there)?;
    let straight = Layout::contiguous(shape)?;
    let view = |operand: &Operand| operand.view(views, &buffers, &straight);
    run(&rest, &operands.iter().map(view).collect::<Vec<_>>())
}

/// An operand of a part of a program.
#[derive(Clone, Copy)]
enum Operand {
    /// One of the whole program.
    Given(usize),
    /// The value of an earlier part.
    Made(usize),
}

impl Operand {
    fn view<'a, B: Backend>(
        self,
        given: &[View<'a, B>],
        made: &'a [(B::Buffer, DType)],
        straight: &'a Layout,
    ) -> View<'a, B> {
        match self {
            Operand::Given(k) => given[k],
            Operand::Made(k) => View { buffer: &made[k].0, dtype: made[k].1, layout: straight },
        }
    }
}

/// The last part of a program, the values of the other parts, and its operands.
type Rest<B> = (Program, Vec<(<B as Backend>::Buffer, DType)>, Vec<Operand>);

#[cold]
fn first_parts<B: Backend>(
    backend: &B,
    program: &Program,
    views: &[View<'_, B>],
    shape: &[usize],
    device: Device,
    there: &Capabilities,
) -> Result<Rest<B>> {
    let straight = Layout::contiguous(shape)?;
    let mut rest = program.clone();
    let mut operands: Vec<Operand> = (0..views.len()).map(Operand::Given).collect();
    let mut made = Vec::new();
    while let Some(cut) = rest.cut(there.max_program_inputs, there.max_program_steps)? {
        let buffer = {
            let input = |&k: &usize| Input::from(operands[k].view(views, &made, &straight));
            let mut inputs: Vec<Input<'_, B>> = cut.first_operands.iter().map(input).collect();
            B::map(backend, &cut.first, &mut inputs, shape, device)?
        };
        made.push((buffer, cut.first.output()));
        let value = Operand::Made(made.len() - 1);
        operands = cut.rest_operands.iter().map(|k| k.map_or(value, |k| operands[k])).collect();
        rest = cut.rest;
    }
    Ok((rest, made, operands))
}

/// An error for a function whose result has a shape that depends on values, where the device has none.
pub(crate) fn check_data_dependent<B: Backend>(backend: &B, device: Device) -> Result<()> {
    if capabilities(backend, device)?.data_dependent_shapes {
        return Ok(());
    }
    Err(missing(
        backend,
        device,
        "results whose shapes depend on values",
        "use where with a condition",
    ))
}

/// An error for a boolean index, where the device takes none.
pub(crate) fn check_boolean_indexing<B: Backend>(backend: &B, device: Device) -> Result<()> {
    if capabilities(backend, device)?.boolean_indexing {
        return Ok(());
    }
    Err(missing(
        backend,
        device,
        "indexing by boolean arrays",
        "use where with the mask as condition",
    ))
}

/// An error where the device lacks an extension of the standard.
pub(crate) fn check_extension<B: Backend>(
    backend: &B,
    device: Device,
    extension: Extension,
) -> Result<()> {
    let there = capabilities(backend, device)?.extensions;
    let (there, name) = match extension {
        Extension::Fft => (there.fft, "the extension fft"),
        Extension::Linalg => (there.linalg, "the extension linalg"),
    };
    if there {
        return Ok(());
    }
    Err(missing(
        backend,
        device,
        name,
        "copy the array to another backend by the asarray of that one",
    ))
}

/// An extension of the standard.
#[derive(Clone, Copy)]
pub(crate) enum Extension {
    Fft,
    Linalg,
}

#[cold]
fn missing<B: Backend>(backend: &B, device: Device, what: &str, instead: &str) -> Error {
    Error::unsupported(format_args!(
        "the device {device} of the backend {} does not support {what}; {instead}",
        B::backend_name(backend)
    ))
}
