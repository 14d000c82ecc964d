//! The same work on the CPU and on a device, in one run: `cargo bench --features wgpu --bench backends`.
//!
//! Both sides are timed alternately, and the best time of each counts; the device is waited for at the end
//! of each piece of work. Beside the ratio of the times stands how much is reached of what the device can
//! do, measured in the same run: of its copy bandwidth where memory bounds the work, of its rate of
//! float32 multiplications and additions where arithmetic does.

use std::hint::black_box;

use arrayspace::core::{Access, BinaryOp, Input, Layout, Program};
use arrayspace::options::AsArray;
use arrayspace::prelude::*;

#[path = "common/timing.rs"]
mod timing;
use timing::times;

/// Elements of the arrays that are worked on.
const LEN: usize = 10_000_000;

/// What the device must at least do for a piece of work.
#[derive(Clone, Copy)]
enum Bound {
    Bytes(f64),
    Operations(f64),
    /// Neither can be said of it in general.
    Nothing,
}

/// The operands of all the work, on one backend.
struct Operands<N: Namespace> {
    xp: N,
    x: Array<N>,
    y: Array<N>,
    rows: Array<N>,
    line: Array<N>,
    square: Array<N>,
}

type Work<N> = fn(&Operands<N>) -> Result<Array<N>>;

impl<N: Namespace> Operands<N> {
    fn new(xp: &N, size: usize) -> Result<Operands<N>> {
        let noise = |n: usize| -> Result<Array<N>> {
            let line = xp.astype(xp.arange(n, None, None, DType::Int32)?, DType::Float32, ())?;
            xp.remainder(xp.sin(line * 12.9898)? * 437.585, 1.0)
        };
        let (x, y) = (noise(LEN)?, noise(LEN)? + 0.5);
        let rows = xp.reshape(&x, [LEN / 1000, 1000], ())?;
        let line = xp.astype(noise(1 << 20)?, DType::Complex64, ())?;
        let square = xp.reshape(noise(size * size)?, [size, size], ())?;
        Ok(Operands { xp: xp.clone(), x, y, rows, line, square })
    }

    /// Runs a piece of work, and waits for it.
    fn run(&self, work: Work<N>) {
        let out = work(self).unwrap_or_else(|e| panic!("{e}"));
        N::synchronize(&self.xp, out.device()).unwrap_or_else(|e| panic!("{e}"));
        drop(black_box(out));
    }
}

/// The work: what it is called, the least that must be done, and how. Generic, so that both backends do
/// the same.
fn work<N: Namespace>(size: usize) -> Vec<(String, Bound, Work<N>)> {
    let bytes = |arrays: f64| Bound::Bytes(4.0 * arrays * LEN as f64);
    let product = Bound::Operations(2.0 * (size as f64).powi(3));
    let (n, transform) = (format!("{LEN}"), 2.0 * 8.0 * (1 << 20) as f64);
    vec![
        (format!("copy {n}"), bytes(2.0), |o| o.xp.asarray(&o.x, AsArray::new().copy(true))),
        (format!("x + y {n}"), bytes(3.0), |o| o.xp.add(&o.x, &o.y)),
        (format!("(x - 0.5) * y + 2 {n}"), bytes(3.0), |o| Ok((&o.x - 0.5) * &o.y + 2)),
        (format!("exp {n}"), bytes(2.0), |o| o.xp.exp(&o.x)),
        (format!("sum {n}"), bytes(1.0), |o| o.xp.sum(&o.x, ())),
        (format!("softmax of rows {n}"), bytes(2.0), |o| {
            let shifted = &o.rows - o.xp.max(&o.rows, axis(1).keepdims(true))?;
            let e = o.xp.exp(shifted)?;
            Ok(&e / o.xp.sum(&e, axis(1).keepdims(true))?)
        }),
        (format!("cumulative_sum {n}"), bytes(2.0), |o| o.xp.cumulative_sum(&o.x, ())),
        (format!("matmul {size}"), product, |o| o.square.matmul(&o.square)),
        (format!("sort {n}"), Bound::Nothing, |o| o.xp.sort(&o.x, ())),
        ("fft 2^20 complex64".into(), Bound::Bytes(transform), |o| o.xp.fft().fft(&o.line, ())),
    ]
}

/// The best time of some runs, in seconds.
fn best(mut run: impl FnMut()) -> f64 {
    times(&mut run, || (), 1.0).0
}

/// Multiplications and additions of float32 in a second: of a chain of them in registers.
fn rate<N: Namespace>(xp: &N) -> Result<f64> {
    const STEPS: usize = 60;
    let mut p = Program::new();
    let x = p.input(DType::Float32)?;
    let mut value = x;
    for _ in 0..STEPS {
        let product = p.binary(BinaryOp::Multiply, value, x)?;
        value = p.binary(BinaryOp::Add, product, x)?;
    }
    let n = 1 << 22;
    let device = N::primary_device(xp);
    let layout = Layout::contiguous(&[n])?;
    let buffer = N::upload(xp, &vec![0; 4 * n], DType::Float32, device)?;
    let seconds = best(|| {
        let input =
            Input { buffer: Access::Shared(&buffer), dtype: DType::Float32, layout: &layout };
        let out = N::map(xp, &p, &mut [input], &[n], device);
        drop(black_box(out.unwrap_or_else(|e| panic!("{e}"))));
        N::synchronize(xp, device).unwrap_or_else(|e| panic!("{e}"));
    });
    Ok(2.0 * STEPS as f64 * n as f64 / seconds)
}

fn main() -> Result<()> {
    let gpu = match Wgpu::new() {
        Ok(gpu) => gpu,
        Err(e) => {
            println!("nothing was measured: {e}");
            return Ok(());
        }
    };
    let adapter = &gpu.adapters()[0];
    println!("{} ({}, {})", adapter.name, adapter.driver, adapter.interface);
    let sizes: &[usize] = if adapter.is_software { &[1024] } else { &[1024, 2048, 4096, 8192] };

    let first = (Operands::new(&Cpu::new(), sizes[0])?, Operands::new(&gpu, sizes[0])?);
    let copy: Work<Wgpu> = |o| o.xp.asarray(&o.x, AsArray::new().copy(true));
    let bandwidth = 8.0 * LEN as f64 / best(|| first.1.run(copy));
    let rate = rate(&gpu)?;
    println!("copies {:.1} GB/s, float32 {:.1} GFlop/s", bandwidth / 1e9, rate / 1e9);
    println!("{:<36}{:>13}{:>13}{:>8}{:>10}", "", "wgpu", "cpu", "ratio", "reached");
    let line = |(name, bound, times): (&str, Bound, (f64, f64))| {
        let reached = match bound {
            Bound::Bytes(n) => format!("{:.0} %", 100.0 * n / times.0 / bandwidth),
            Bound::Operations(n) => format!("{:.0} %", 100.0 * n / times.0 / rate),
            Bound::Nothing => String::new(),
        };
        let (ours, cpu) = (times.0 * 1e3, times.1 * 1e3);
        println!("{name:<36}{ours:>10.3} ms{cpu:>10.3} ms{:>8.2}{reached:>10}", ours / cpu);
    };
    let both = |cpu: &Operands<Cpu>, device: &Operands<Wgpu>, only: &dyn Fn(&str) -> bool| {
        let size = cpu.square.shape()[0];
        for ((name, bound, on_cpu), (_, _, on_device)) in work(size).into_iter().zip(work(size)) {
            if only(&name) {
                line((&name, bound, times(|| device.run(on_device), || cpu.run(on_cpu), 1.0)));
            }
        }
    };
    both(&first.0, &first.1, &|_| true);
    for &size in &sizes[1..] {
        let next = (Operands::new(&Cpu::new(), size)?, Operands::new(&gpu, size)?);
        both(&next.0, &next.1, &|name| name.starts_with("matmul"));
    }
    Ok(())
}
