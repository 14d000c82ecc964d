//! The example `welch` gives the figures of scipy, as `tests/data/make_welch.py` wrote them.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;
use serde_json::Value;

#[allow(dead_code, unreachable_pub)] // its `main` and what only that uses
#[path = "../examples/welch.rs"]
mod welch;

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn figures<N: Namespace>(xp: &N) -> Result<()> {
    let file: Value = serde_json::from_str(include_str!("data/welch.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let integer = |name: &str| case[name].as_u64().unwrap() as usize;
        let (samples, nperseg) = (integer("samples"), integer("nperseg"));
        let (x, rate) = match case["data"].as_str() {
            Some("sunspots") => (welch::sunspots(xp)?, 1.0),
            _ => (welch::signal(xp, samples)?, welch::RATE),
        };
        assert_eq!(x.shape(), [samples]);
        let spectrum = welch::welch(&x, rate, nperseg, |done, count| assert!(done <= count))?;
        let f = welch::backend::numbers(&spectrum.frequencies)?;
        let density = welch::backend::numbers(&spectrum.density)?;
        let (unit, share, least) = match x.dtype() {
            DType::Float64 => (1e-15, 1e-10, 1e-24),
            _ => (1e-6, 1e-4, 1e-6),
        };
        let (want_f, want) = (numbers(&case["f"]), numbers(&case["density"]));
        assert_eq!((f.len(), density.len()), (want_f.len(), want.len()));
        // relative to the value; where the mean that is subtracted leaves rounding errors alone, to the
        // largest
        let largest = want.iter().copied().fold(0.0, f64::max);
        for k in 0..want.len() {
            assert!((f[k] - want_f[k]).abs() <= unit * want_f[k], "{} {}", f[k], want_f[k]);
            let tolerance = (share * want[k]).max(least * largest);
            let text = || format!("{samples} by {nperseg} at {k}: {} {}", density[k], want[k]);
            assert!((density[k] - want[k]).abs() <= tolerance, "{}", text());
        }
        // and in single precision, roughly
        let single = welch::welch(&xp.astype(&x, DType::Float32, ())?, rate, nperseg, |_, _| ())?;
        assert_eq!(single.density.dtype(), DType::Float32);
        for (got, want) in single.density.to_vec::<f32>()?.into_iter().zip(want) {
            assert!((f64::from(got) - want).abs() <= 1e-4 * want + 1e-6 * largest, "{got} {want}");
        }
    }
    Ok(())
}

#[test]
fn same_figures_as_scipy() {
    on_each_backend!(xp => figures(xp).unwrap());
}

#[test]
fn cycle_of_the_sunspots() {
    let x = welch::sunspots(&Cpu::new()).unwrap();
    assert_eq!(x.shape(), [309]);
    let (frequency, _) = welch::peak(&welch::welch(&x, 1.0, 154, |_, _| ()).unwrap()).unwrap();
    assert_eq!(frequency, 14.0 / 154.0);
}
