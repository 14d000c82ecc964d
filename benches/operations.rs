//! Our own operations, as criterion measures and remembers them: for work on one of them.
//!
//! `cargo bench --bench operations [-- FILTER]`; `--save-baseline NAME` and `--baseline NAME` compare before
//! and after. Beside other libraries, `benches/peers` measures the same and more.

use std::hint::black_box;
use std::time::Duration;

use arrayspace::prelude::*;
use criterion::{BenchmarkId, Criterion, Throughput};

const XP: Cpu = Cpu::new();

/// `n` numbers between 0.1 and 1, in no order.
fn numbers(n: usize, dtype: DType) -> Result<Array<Cpu>> {
    let x = XP.arange(0, n as i64, 1, DType::Float64)?;
    let scattered = XP.remainder(XP.multiply(x, 0.618_033_988_749_895)?, 1.0)?;
    XP.astype(XP.add(XP.multiply(scattered, 0.9)?, 0.1)?, dtype, ())
}

/// A piece of work on two arrays of one size.
type Work = (&'static str, fn(&Array<Cpu>, &Array<Cpu>) -> Result<Array<Cpu>>);

/// Benches each work on arrays of these sizes, in float32 and float64.
fn each(c: &mut Criterion, group: &str, sizes: &[usize], works: &[Work]) {
    let mut group = c.benchmark_group(group);
    group.sample_size(20).measurement_time(Duration::from_secs(1));
    group.warm_up_time(Duration::from_millis(300));
    for &(name, work) in works {
        for dtype in [DType::Float32, DType::Float64] {
            for &n in sizes {
                let x = numbers(n, dtype).expect("a small array");
                let y = XP.flip(&x, ()).and_then(|y| XP.add(y, 0)).expect("the same, backwards");
                group.throughput(Throughput::Elements(n as u64));
                let id = BenchmarkId::new(format!("{name} {dtype}"), n);
                group
                    .bench_function(id, |b| b.iter(|| work(black_box(&x), black_box(&y)).unwrap()));
            }
        }
    }
    group.finish();
}

/// The square matrix of the elements.
fn square(x: &Array<Cpu>) -> Result<Array<Cpu>> {
    let side = x.size().isqrt();
    XP.reshape(x, [side, side], ())
}

fn calls(c: &mut Criterion) {
    let works: &[Work] = &[
        ("add", |x, y| XP.add(x, y)),
        ("sum", |x, _| XP.sum(x, ())),
        ("get", |x, _| x.get(3)),
        ("reshape", |x, _| XP.reshape(x, [2, 4], ())),
    ];
    each(c, "calls", &[8], works);
}

fn elementwise(c: &mut Criterion) {
    let works: &[Work] = &[
        ("add", |x, y| XP.add(x, y)),
        ("multiply by a scalar", |x, _| XP.multiply(x, 2.5)),
        ("less", |x, y| XP.less(x, y)),
        ("where", |x, y| XP.where_(XP.less(x, y)?, x, y)),
        ("x * y + x", |x, y| XP.add(XP.multiply(x, y)?, x)),
    ];
    each(c, "elementwise", &[1_000, 100_000, 10_000_000], works);
}

fn layouts(c: &mut Criterion) {
    let works: &[Work] = &[
        ("a row and a column", |x, _| {
            let row = square(x)?.get(0)?;
            XP.add(&row, XP.expand_dims(&row, 1)?)
        }),
        ("transposed", |x, y| XP.add(square(x)?, square(y)?.T()?)),
        ("every second", |x, y| XP.add(x.get(s![..; 2])?, y.get(s![..; 2])?)),
    ];
    each(c, "layouts", &[316 * 316, 3_162 * 3_162], works);
}

fn functions(c: &mut Criterion) {
    let works: &[Work] = &[
        ("exp", |x, _| XP.exp(x)),
        ("log", |x, _| XP.log(x)),
        ("sin", |x, _| XP.sin(x)),
        ("cos", |x, _| XP.cos(x)),
        ("tanh", |x, _| XP.tanh(x)),
        ("pow", |x, y| XP.pow(x, y)),
    ];
    each(c, "functions", &[1_000, 100_000, 10_000_000], works);
}

fn reductions(c: &mut Criterion) {
    let works: &[Work] = &[
        ("sum", |x, _| XP.sum(x, ())),
        ("max", |x, _| XP.max(x, ())),
        ("argmax", |x, _| XP.argmax(x, ())),
        ("std", |x, _| XP.std(x, ())),
        ("cumulative_sum", |x, _| XP.cumulative_sum(x, ())),
    ];
    each(c, "reductions", &[100_000, 10_000_000], works);
}

fn products(c: &mut Criterion) {
    let works: &[Work] = &[("matmul", |x, y| XP.matmul(square(x)?, square(y)?))];
    each(c, "products", &[8 * 8, 64 * 64, 512 * 512], works);
}

fn order(c: &mut Criterion) {
    let works: &[Work] = &[
        ("sort", |x, _| XP.sort(x, ())),
        ("argsort", |x, _| XP.argsort(x, ())),
        ("unique_values", |x, _| XP.unique_values(x)),
    ];
    each(c, "order", &[1_000_000], works);
}

fn main() {
    let mut c = Criterion::default().configure_from_args();
    for group in [calls, elementwise, layouts, functions, reductions, products, order] {
        group(&mut c);
    }
    c.final_summary();
}
