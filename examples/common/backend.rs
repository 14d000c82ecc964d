//! The argument `--backend` of the examples, and what depends on the backend.

use arrayspace::prelude::*;

/// A backend that was asked for.
pub(crate) enum Backend {
    Cpu(Cpu),
    #[cfg(feature = "wgpu")]
    Wgpu(Wgpu),
}

/// Runs an expression with a name for the backend that was asked for.
macro_rules! on {
    ($backend:expr, $xp:ident => $run:expr) => {
        match &$backend {
            backend::Backend::Cpu($xp) => $run,
            #[cfg(feature = "wgpu")]
            backend::Backend::Wgpu($xp) => $run,
        }
    };
}
pub(crate) use on;

/// Takes `--backend NAME` out of the arguments; without it, the backend is the CPU's.
pub(crate) fn chosen(arguments: &mut Vec<String>) -> Result<Backend, String> {
    let Some(at) = arguments.iter().position(|a| a == "--backend") else {
        return Ok(Backend::Cpu(Cpu::new()));
    };
    let given: Vec<String> = arguments.drain(at..arguments.len().min(at + 2)).collect();
    match given.get(1).map(String::as_str) {
        Some("cpu") => Ok(Backend::Cpu(Cpu::new())),
        #[cfg(feature = "wgpu")]
        Some("wgpu") => Wgpu::new().map(Backend::Wgpu).map_err(|e| e.to_string()),
        #[cfg(not(feature = "wgpu"))]
        Some("wgpu") => Err("the example was built without wgpu; add --features wgpu \
                             before --example"
            .into()),
        Some(other) => Err(format!("--backend {other} is none of cpu, wgpu")),
        None => Err("--backend lacks a value: cpu or wgpu".into()),
    }
}

/// The dtype for real numbers: float64, or float32 on a device that has no float64.
#[allow(dead_code)] // not every example needs it
pub(crate) fn real<N: Namespace>(xp: &N) -> Result<DType> {
    Ok(xp.__array_namespace_info__().default_dtypes(None)?.real_floating)
}

/// The elements of an array of real numbers, in either precision.
#[allow(dead_code)] // likewise
pub(crate) fn numbers<N: Namespace>(x: &Array<N>) -> Result<Vec<f64>> {
    match x.dtype() {
        DType::Float32 => Ok(x.to_vec::<f32>()?.into_iter().map(f64::from).collect()),
        _ => x.to_vec(),
    }
}
