//! Welch's method: the power spectral density of a signal, from the averaged spectra of short windows.
//!
//! The method is written over `Namespace`, so it runs on any backend. The figures are those of
//! `scipy.signal.welch` with its defaults: periodic Hann window, half overlapping windows, each with its
//! mean subtracted, one-sided density, mean over the windows.
//!
//! ```text
//! cargo run --release --example welch                         # the sunspots' cycle
//! cargo run --release --example welch -- --samples 50000000   # a sine in noise, timed
//! cargo run --release --features wgpu --example welch -- --backend wgpu
//! ```
//!
//! Without `--samples` it reads the bundled yearly numbers of sunspots from 1700 to 2008. With it, the
//! signal is a sine of 2 V (root mean square) at 1234 Hz in white noise of 0.001 V²/Hz, sampled at
//! 10 kHz. Both draw the spectrum.

use std::f64::consts::PI;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use arrayspace::DeviceKind;
use arrayspace::prelude::*;
use rayon::prelude::*;

#[path = "common/backend.rs"]
pub(crate) mod backend;
#[path = "common/noise.rs"]
mod noise;

/// A power spectral density.
pub struct Spectrum<N: Namespace> {
    /// Frequencies, from 0 to half the sampling rate.
    pub frequencies: Array<N>,
    /// The density at each: the square of the signal's unit, per unit of frequency.
    pub density: Array<N>,
}

/// Elements of windows that are worked on at a time, and blocks of these that are summed one after the
/// other, by one thread. On a processor what is made of a block stays in a core's cache; a device wants
/// much at a time.
fn blocks(device: Device) -> (usize, usize) {
    if device.kind() == DeviceKind::Cpu { (1 << 14, 64) } else { (1 << 24, 1) }
}

/// The spectrum of the last axis of a 1-d signal `x`, sampled at `rate`, from windows of `nperseg`
/// elements, of which the signal has at least one. `progress` is told how many windows of how many are
/// done.
pub fn welch<N: Namespace>(
    x: &Array<N>,
    rate: f64,
    nperseg: usize,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Spectrum<N>> {
    let xp = x.namespace();
    let windows = x.sliding_windows(nperseg, nperseg - nperseg / 2, ())?;
    let hann = hann(&xp, nperseg, x.dtype())?;

    // sums over runs of windows, in parallel; they are added in order, so the figures are always the same
    let count = windows.shape()[0];
    let (elements, blocks) = blocks(x.device());
    let block = (elements / nperseg).max(1);
    let run = block * blocks;
    let done = AtomicUsize::new(0);
    let sums = (0..count.div_ceil(run))
        .into_par_iter()
        .map(|k| {
            let end = count.min((k + 1) * run);
            let mut sum = xp.zeros((), x.dtype())?;
            for start in (k * run..end).step_by(block) {
                let windows = windows.get(start..end.min(start + block))?;
                sum = xp.add(sum, power(windows, &hann)?)?;
            }
            progress(done.fetch_add(end - k * run, Ordering::Relaxed) + end - k * run, count);
            Ok(sum)
        })
        .collect::<Result<Vec<_>>>()?;
    let total = xp.sum(&xp.stack(&sums, 0)?, 0)?;

    // frequencies below 0 are folded onto those above, which leaves out 0 and the highest one
    let mut sides = xp.full(total.shape(), 2.0, x.dtype())?;
    sides.set(0, 1.0)?;
    if nperseg.is_multiple_of(2) {
        sides.set(-1, 1.0)?;
    }
    let scale = xp.sum(xp.square(&hann)?, ())? * (rate * count as f64);
    let frequencies = xp.fft().rfftfreq(nperseg as i64, 1.0 / rate)?;
    Ok(Spectrum { frequencies, density: total * sides / scale })
}

/// The sum over windows (rows) of the squared moduli of their spectra.
fn power<N: Namespace>(windows: Array<N>, hann: &Array<N>) -> Result<Array<N>> {
    let xp = hann.namespace();
    let mean = xp.mean(&windows, axis(-1).keepdims(true))?;
    let spectra = xp.fft().rfft((windows - mean) * hann, ())?;
    xp.real(xp.vecdot(&spectra, &spectra, -2)?)
}

/// The periodic Hann window.
fn hann<N: Namespace>(xp: &N, n: usize, dtype: DType) -> Result<Array<N>> {
    let turn = xp.arange(0, n, 1, dtype)? * (2.0 * PI / n as f64);
    Ok(0.5 - 0.5 * xp.cos(&turn)?)
}

/// The yearly mean numbers of sunspots (of the default real dtype) from 1700 on.
pub fn sunspots<N: Namespace>(xp: &N) -> Result<Array<N>> {
    let numbers: Vec<f64> = include_str!("data/sunspots.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .map(|field| field.trim().parse().expect("the bundled file holds numbers"))
        .collect();
    xp.asarray(numbers, backend::real(xp)?)
}

/// Samples per second of the signal.
pub const RATE: f64 = 10e3;

/// A sine of 2 V (root mean square) at 1234 Hz in white noise of 0.001 V²/Hz, of the default real dtype.
/// The same samples on every call.
pub fn signal<N: Namespace>(xp: &N, samples: usize) -> Result<Array<N>> {
    let mut values: Vec<f64> = vec![];
    let reserved = values.try_reserve_exact(samples.next_multiple_of(2));
    reserved.map_err(|_| Error::out_of_memory(samples.checked_mul(size_of::<f64>())))?;
    let deviation = (0.001 * RATE / 2.0f64).sqrt();
    let sine = |t: usize| 8f64.sqrt() * (2.0 * PI * 1234.0 * t as f64 / RATE).sin();
    values.par_extend(
        (0..samples.div_ceil(2))
            .into_par_iter()
            .map(|k| {
                let [a, b] = noise::normal_pair(k).map(|x| deviation * x);
                [a + sine(2 * k), b + sine(2 * k + 1)]
            })
            .flatten_iter(),
    );
    values.truncate(samples);
    xp.asarray(values, backend::real(xp)?)
}

/// The frequency at which the density is highest, and that density.
pub fn peak<N: Namespace>(spectrum: &Spectrum<N>) -> Result<(f64, f64)> {
    let xp = spectrum.density.namespace();
    let highest = xp.argmax(&spectrum.density, ())?.item::<i64>()?;
    let at = |x: &Array<N>| f64::try_from(&x.get(highest)?);
    Ok((at(&spectrum.frequencies)?, at(&spectrum.density)?))
}

/// Draws a spectrum into an SVG file.
fn plot<N: Namespace>(
    spectrum: &Spectrum<N>,
    (title, unit): (&str, &str),
    path: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    use plotters::prelude::*;

    let f = backend::numbers(&spectrum.frequencies)?;
    let density = backend::numbers(&spectrum.density)?;
    let high = density.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    // of a smooth spectrum the mean's density at 0 is too small to show
    let low = density.iter().copied().filter(|&d| d > 1e-7 * high).fold(high, f64::min);
    let root = SVGBackend::new(path, (800, 480)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..f[f.len() - 1], (low / 2.0..high * 2.0).log_scale())?;
    chart
        .configure_mesh()
        .x_desc(format!("frequency ({unit})"))
        .y_desc("power spectral density")
        .y_label_formatter(&|y| format!("{y:.0e}"))
        .draw()?;
    let points = f.into_iter().zip(density.into_iter().map(|d| d.max(low / 2.0)));
    chart.draw_series(LineSeries::new(points, &BLUE))?;
    root.present()?;
    println!("drawn in {path}");
    Ok(())
}

/// Says on stderr, at most once a second, how far long work is.
fn reporter() -> impl Fn(usize, usize) + Sync {
    let begin = Instant::now();
    let said = AtomicUsize::new(0);
    move |done, count| {
        let seconds = begin.elapsed().as_secs() as usize;
        if said.fetch_max(seconds, Ordering::Relaxed) < seconds {
            eprintln!("{:3} % of {count} windows after {seconds} s", done * 100 / count);
        }
    }
}

/// What the command line asks for.
struct Arguments {
    samples: Option<usize>,
    nperseg: Option<usize>,
    plot: String,
}

const USAGE: &str =
    "usage: welch [--samples N] [--nperseg N] [--plot FILE.svg] [--backend cpu|wgpu]
  --samples  length of a synthetic signal (default: the numbers of sunspots)
  --nperseg  length of a window, from 2 to the number of samples (default: 256; of sunspots 154)
  --plot     where the spectrum is drawn (default: welch.svg)
  --backend  what it runs on (default: cpu)";

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut out = Arguments { samples: None, nperseg: None, plot: "welch.svg".into() };
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} lacks a value\n{USAGE}"))?;
        let number = || value.parse().map_err(|_| format!("{name} {value} is no number\n{USAGE}"));
        match name.as_str() {
            "--samples" => out.samples = Some(number()?),
            "--nperseg" => out.nperseg = Some(number()?),
            "--plot" => out.plot = value,
            _ => return Err(format!("{name} is no argument\n{USAGE}")),
        }
    }
    let samples = out.samples.unwrap_or(309);
    let nperseg = out.nperseg.unwrap_or(if out.samples.is_some() { 256 } else { 154 });
    if !(2..=samples).contains(&nperseg) {
        return Err(format!("windows of {nperseg} elements do not fit {samples} samples\n{USAGE}"));
    }
    Ok(out)
}

fn run<N: Namespace>(xp: &N, given: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let Some(samples) = given.samples else {
        let x = sunspots(xp)?;
        // half of the record: the longest windows of which there are several
        let nperseg = given.nperseg.unwrap_or(154);
        let spectrum = welch(&x, 1.0, nperseg, |_, _| ())?;
        let (frequency, density) = peak(&spectrum)?;
        println!("{} yearly numbers of sunspots, windows of {nperseg} years", x.size());
        println!("peak at {frequency:.4} per year ({density:.0} per unit of frequency)");
        println!("a cycle of {:.1} years", 1.0 / frequency);
        return plot(&spectrum, ("Sunspots, 1700 to 2008", "1/year"), &given.plot);
    };
    let nperseg = given.nperseg.unwrap_or(256);
    println!("making {samples} samples");
    let x = signal(xp, samples)?;
    let mut spectrum = welch(&x, RATE, nperseg, reporter())?;
    // once more: the first time includes memory and threads that are there afterwards
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        spectrum = welch(&x, RATE, nperseg, reporter())?;
        best = best.min(begin.elapsed());
    }
    let (frequency, _) = peak(&spectrum)?;
    println!("{samples} samples, windows of {nperseg}: {:.3} s (best of 3)", best.as_secs_f64());

    // the power of the sine lies within a few steps of the peak; what is beyond is noise
    let near = xp.less(xp.abs(&spectrum.frequencies - frequency)?, 3.5 * RATE / nperseg as f64)?;
    let inside = f64::try_from(&xp.sum(&spectrum.density.get(&near)?, ())?)?;
    let beyond = spectrum.density.get(&xp.logical_not(&near)?)?;
    let noise = f64::try_from(&xp.mean(&beyond, ())?)?;
    let steps = xp.count_nonzero(&near, ())?.item::<i64>()? as f64;
    let power = (inside - steps * noise) * RATE / nperseg as f64;
    println!("peak at {frequency:.1} Hz, {:.3} V root mean square", power.max(0.0).sqrt());
    println!("noise of {noise:.6} V²/Hz");
    plot(&spectrum, ("A sine of 2 V at 1234 Hz in noise", "Hz"), &given.plot)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given: Vec<String> = std::env::args().skip(1).collect();
    let backend = backend::chosen(&mut given)?;
    match arguments(given.into_iter()) {
        Ok(given) => backend::on!(backend, xp => run(xp, &given)),
        Err(text) => {
            eprintln!("{text}");
            std::process::exit(2);
        }
    }
}
