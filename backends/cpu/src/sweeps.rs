//! Sweeps: every family of kernels over sizes around its blocks and tasks, for every dtype, on one thread and
//! several, with results past the caches and not, against the definition.
//!
//! What a task does is tested beside it; here it is what comes between tasks: the last one, which is shorter than
//! the others, and ends where its arrays do.

use arrayspace_core::{
    Access, ArgFoldOp, Backend, BinaryOp, DType, Element, FoldOp, IndexTerm, Input, Layout,
    Program, ScanOp, ScatterOp, Side, View,
};
use half::{bf16, f16};
use num_complex::Complex;

use crate::testing::{Rng, on_all_ways, stored, values, view};
use crate::{Buffer, Cpu};

/// Runs `$f::<T>($arguments)` for every numeric dtype.
macro_rules! for_numeric {
    ($f:ident($($argument:expr),*)) => {
        for_numeric!(@ $f ($($argument),*) i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64 (Complex<f32>) (Complex<f64>));
    };
    (@ $f:ident $arguments:tt $($t:tt)*) => { $(for_numeric!(# $f $arguments $t);)* };
    (# $f:ident ($($argument:expr),*) ($t:ty)) => { $f::<$t>($($argument),*); };
    (# $f:ident ($($argument:expr),*) $t:ty) => { $f::<$t>($($argument),*); };
}

/// Sizes up to about `most` that are multiples of a unit, less one and one more, and some in between.
fn sizes(units: &[usize], most: usize) -> Vec<usize> {
    let mut rng = Rng::new(most);
    let mut sizes = vec![1];
    for &unit in units {
        for k in [1, 2, most / unit].into_iter().filter(|k| k * unit <= most) {
            sizes.extend([k * unit - 1, k * unit, k * unit + 1]);
            sizes.push(k * unit - rng.below(unit));
        }
    }
    sizes.sort_unstable();
    sizes.dedup();
    if cfg!(miri) {
        sizes.retain(|&n| n < 1000);
    }
    sizes
}

/// Small integers whose sums stay small: none is negative where the dtype has no sign.
fn integers<T: Element>(n: usize, seed: usize) -> Vec<i64> {
    let mut rng = Rng::new(seed);
    let low = if T::DTYPE.is_unsigned_integer() { 0 } else { -2 };
    (0..n).map(|_| rng.below(5) as i64 + low).collect()
}

/// An element for an integer, modulo the range of the dtype.
fn made<T: Element>(x: i64) -> T {
    if T::DTYPE.is_integer() {
        T::from_scalar(i128::from(x).into())
    } else {
        T::from_scalar((x as f64).into())
    }
}

fn all_made<T: Element>(x: &[i64]) -> Vec<T> {
    x.iter().map(|&x| made(x)).collect()
}

fn identity(dtype: DType) -> Program {
    let mut program = Program::new();
    program.input(dtype).unwrap();
    program
}

fn shared<'a>(view: View<'a, Cpu>) -> Input<'a, Cpu> {
    Input { buffer: Access::Shared(view.buffer), dtype: view.dtype, layout: view.layout }
}

#[test]
fn maps() {
    fn check<T: Element>(sizes: &[usize]) {
        let (x, y, z) = {
            let mut programs = [Program::new(), Program::new(), Program::new()];
            let [x, y, z] = &mut programs;
            // one step; one with a constant; several, the last one on what the first gave
            let (a, b) = (x.input(T::DTYPE).unwrap(), x.input(T::DTYPE).unwrap());
            x.binary(BinaryOp::Add, a, b).unwrap();
            let a = y.input(T::DTYPE).unwrap();
            let one = y.constant(1, T::DTYPE).unwrap();
            y.binary(BinaryOp::Multiply, a, one).unwrap();
            let (a, b) = (z.input(T::DTYPE).unwrap(), z.input(T::DTYPE).unwrap());
            let sum = z.binary(BinaryOp::Add, a, b).unwrap();
            z.binary(BinaryOp::Add, sum, a).unwrap();
            let [x, y, z] = programs;
            (x, y, z)
        };
        for &n in sizes {
            let (a, b) = (integers::<T>(n, n), integers::<T>(n, n + 1));
            let sum = |f: &dyn Fn(i64, i64) -> i64| -> Vec<T> {
                a.iter().zip(&b).map(|(&a, &b)| made(f(a, b))).collect()
            };
            let expected = [sum(&|a, b| a + b), sum(&|a, _| a), sum(&|a, b| a + b + a)];
            let (a, b) = (all_made::<T>(&a), all_made::<T>(&b));
            // in order, backwards with gaps, with gaps, transposed
            for (shape, kind) in [(&[n][..], 0), (&[n], 2), (&[n], 3), (&[n / 4, 4], 1)] {
                let n: usize = shape.iter().product();
                let (left, right) = (stored(&a[..n], shape, kind), stored(&b[..n], shape, 0));
                on_all_ways(|ways| {
                    let run = |program, views: &[View<'_, Cpu>]| {
                        let mut inputs: Vec<_> = views.iter().map(|&v| shared(v)).collect();
                        values::<T>(&crate::exec::map(program, &mut inputs, shape).unwrap())
                    };
                    let what = || format!("{} {shape:?} {kind} {ways:?}", T::DTYPE);
                    let views = [left.view(), right.view()];
                    assert!(run(&x, &views) == expected[0][..n], "{}", what());
                    assert!(run(&y, &views[..1]) == expected[1][..n], "{}", what());
                    assert!(run(&z, &views) == expected[2][..n], "{}", what());
                    // into the memory of an operand
                    let mut dying = stored(&b[..n], shape, 0);
                    let dying_input = Input {
                        buffer: Access::Dying(&mut dying.buffer),
                        dtype: T::DTYPE,
                        layout: &dying.layout,
                    };
                    let mut inputs = [shared(left.view()), dying_input];
                    let got = crate::exec::map(&z, &mut inputs, shape).unwrap();
                    assert!(values::<T>(&got) == expected[2][..n], "{}", what());
                });
            }
        }
    }
    for_numeric!(check(&sizes(&[1024, 4096, 8192], 17_000)));
}

/// For each way to lay out lines of `n` values, the shape, the axis and where value `i` of line `l` is.
fn lines(n: usize) -> [(Vec<usize>, usize, usize); 3] {
    [(vec![n], 0, 1), (vec![2, n], 1, 2), (vec![n, 3], 0, 3)]
}

/// Lines as elements in row-major order.
fn placed(lines: &[Vec<i64>], axis: usize) -> Vec<i64> {
    let n = lines[0].len();
    if axis == 0 && lines.len() > 1 {
        (0..n).flat_map(|i| lines.iter().map(move |line| line[i])).collect()
    } else {
        lines.concat()
    }
}

#[test]
fn folds() {
    fn check<T: Element>(sizes: &[usize]) {
        for &n in sizes {
            for (shape, axis, count) in lines(n) {
                let lines: Vec<_> = (0..count).map(|l| integers::<T>(n, n + l)).collect();
                let x = all_made::<T>(&placed(&lines, axis));
                let of = |f: &dyn Fn(&[i64]) -> i64| -> Vec<T> {
                    lines.iter().map(|line| made(f(line))).collect()
                };
                let sum = of(&|line| line.iter().sum());
                let extremes = (!T::DTYPE.is_complex()).then(|| {
                    let most = of(&|line| line.iter().copied().max().unwrap());
                    [most, of(&|line| line.iter().copied().min().unwrap())]
                });
                {
                    let kind = [0, 3][n % 2]; // in order, or with gaps
                    let source = stored(&x, &shape, kind);
                    let fold = |op| {
                        let program = identity(T::DTYPE);
                        let got =
                            crate::fold::fold(op, &program, &[source.view()], &shape, &[axis]);
                        values::<T>(&got.unwrap())
                    };
                    on_all_ways(|ways| {
                        let what = || format!("{} {shape:?} {kind} {ways:?}", T::DTYPE);
                        assert!(fold(FoldOp::Sum) == sum, "{}", what());
                        if let Some([most, least]) = &extremes {
                            assert!(fold(FoldOp::Maximum) == *most, "{}", what());
                            assert!(fold(FoldOp::Minimum) == *least, "{}", what());
                        }
                    });
                }
            }
        }
    }
    for_numeric!(check(&sizes(&[4096, 8192], 25_000)));
}

#[test]
fn arg_folds_and_bools() {
    fn check<T: Element>(sizes: &[usize]) {
        for &n in sizes {
            for (shape, axis, count) in lines(n) {
                let mut rng = Rng::new(n);
                // one value that is greater than the others, and one that is less
                let places: Vec<_> = (0..count).map(|_| [rng.below(n), rng.below(n)]).collect();
                let line = |&[most, least]: &[usize; 2]| -> Vec<i64> {
                    let value = |i| if i == most { 9 } else { i64::from(i != least) };
                    (0..n).map(value).collect()
                };
                let lines: Vec<_> = places.iter().map(line).collect();
                let x = placed(&lines, axis);
                let at = |k: usize| -> Vec<i64> {
                    let least = |p: &[usize; 2]| if p[0] == p[1] { 0 } else { p[1] };
                    let place = |p: &[usize; 2]| if k == 0 { p[0] } else { least(p) };
                    // where both are one there is no least but those that equal it
                    let found = |p| if n > 1 && k == 1 && place(p) == p[0] { 1 } else { place(p) };
                    places.iter().map(|p| found(p) as i64).collect()
                };
                let bits: Vec<bool> = x.iter().map(|&x| x != 0).collect();
                let any = lines.iter().map(|l| l.contains(&9)).collect::<Vec<_>>();
                let all = lines.iter().map(|l| !l.contains(&0)).collect::<Vec<_>>();
                {
                    let kind = [0, 3][n % 2]; // in order, or with gaps
                    let source = stored(&all_made::<T>(&x), &shape, kind);
                    let bools = stored(&bits, &shape, kind);
                    on_all_ways(|ways| {
                        let what = || format!("{} {shape:?} {kind} {ways:?}", T::DTYPE);
                        for (k, op) in
                            [ArgFoldOp::Maximum, ArgFoldOp::Minimum].into_iter().enumerate()
                        {
                            let got = Cpu::arg_fold(&Cpu, op, source.view(), Some(axis)).unwrap();
                            assert!(values::<i64>(&got) == at(k), "{op:?} {}", what());
                        }
                        for (op, expected) in [(FoldOp::Any, &any), (FoldOp::All, &all)] {
                            let program = identity(DType::Bool);
                            let views = [bools.view()];
                            let got = crate::fold::fold(op, &program, &views, &shape, &[axis]);
                            assert!(values::<bool>(&got.unwrap()) == *expected, "{}", what());
                        }
                    });
                }
            }
        }
    }
    let sizes = sizes(&[512, 4096, 8192], 25_000);
    check::<i8>(&sizes);
    check::<u16>(&sizes);
    check::<f16>(&sizes);
    check::<bf16>(&sizes);
    check::<f32>(&sizes);
    check::<f64>(&sizes);
    check::<i64>(&sizes);
}

#[test]
fn scans() {
    /// Running results of one line.
    fn running(line: &[i64], op: ScanOp) -> Vec<i64> {
        let mut before = i64::from(op == ScanOp::Product);
        let step = |&x: &i64| {
            before = if op == ScanOp::Sum { before + x } else { before * x };
            before
        };
        line.iter().map(step).collect()
    }
    fn check<T: Element>(sizes: &[usize]) {
        for &n in sizes {
            for (shape, axis, count) in lines(n) {
                for op in [ScanOp::Sum, ScanOp::Product] {
                    let line = |l: usize| -> Vec<i64> {
                        let numbers = integers::<T>(n, n + l);
                        match op {
                            ScanOp::Sum => numbers,
                            // products of 1 and -1, which for integers without a sign is the greatest one
                            _ => numbers.iter().map(|x| 1 - 2 * (x & 1)).collect(),
                        }
                    };
                    let lines: Vec<_> = (0..count).map(line).collect();
                    let results: Vec<_> = lines.iter().map(|line| running(line, op)).collect();
                    let expected = all_made::<T>(&placed(&results, axis));
                    let x = all_made::<T>(&placed(&lines, axis));
                    {
                        let kind = [0, 3][n % 2]; // in order, or with gaps
                        let source = stored(&x, &shape, kind);
                        on_all_ways(|ways| {
                            let got = Cpu::scan(&Cpu, op, source.view(), axis, false).unwrap();
                            let what = || format!("{} {shape:?} {kind} {ways:?}", T::DTYPE);
                            assert!(values::<T>(&got) == expected, "{op:?} {}", what());
                        });
                    }
                }
            }
        }
    }
    // tasks of sixteen pieces of 1024, of which some are done together
    for_numeric!(check(&sizes(&[1024], 4000)));
    // of each way to load and to store values
    let tasks = sizes(&[16_384], 33_000);
    check::<i8>(&tasks);
    check::<f16>(&tasks);
    check::<bf16>(&tasks);
    check::<f64>(&tasks);
    check::<Complex<f32>>(&tasks);
}

#[test]
fn compactions() {
    for (k, n) in sizes(&[1024, 16_384], 66_000).into_iter().enumerate() {
        let mut rng = Rng::new(n);
        let rare = [1, 2, 50, 3000][k % 4];
        let mask: Vec<bool> = (0..n).map(|_| rng.below(rare) == 0).collect();
        let found: Vec<usize> = (0..n).filter(|&i| mask[i]).collect();
        for kind in [0, 3] {
            let of = stored(&mask, &[n], kind);
            for dtype in DType::ALL {
                let item = dtype.item_size();
                let source = rng.buffer(dtype, n);
                let layout = Layout::contiguous(&[n]).unwrap();
                let from = source.bytes();
                let expected: Vec<u8> =
                    found.iter().flat_map(|&i| from[i * item..][..item].to_vec()).collect();
                on_all_ways(|ways| {
                    let program = identity(dtype);
                    let picked = [view(&source, dtype, &layout)];
                    let (got, count) = Cpu::compact(&Cpu, &program, &picked, of.view()).unwrap();
                    assert!(got.bytes() == expected, "{dtype} {n} {kind} {ways:?}");
                    assert_eq!(count, found.len());
                });
            }
            on_all_ways(|ways| {
                let mut program = Program::new();
                program.coordinate(0).unwrap();
                let got = values::<i64>(&Cpu::compact(&Cpu, &program, &[], of.view()).unwrap().0);
                assert!(got.iter().map(|&i| i as usize).eq(found.clone()), "{n} {kind} {ways:?}");
            });
        }
    }
}

/// One dtype for each size of elements.
const ITEMS: [DType; 5] =
    [DType::UInt8, DType::Int16, DType::Float32, DType::Complex64, DType::Complex128];

#[test]
fn gathers_and_scatters() {
    for n in sizes(&[1024, 4096], 17_000) {
        let mut rng = Rng::new(n);
        // places that differ, so that scattering has one result
        let mut places: Vec<i64> = (0..n as i64).collect();
        for k in (1..n).rev() {
            places.swap(k, rng.below(k + 1));
        }
        let index = stored(&places, &[n], 0);
        let (line, none) = (Layout::contiguous(&[n]).unwrap(), Layout::new(&[n], &[0], 0).unwrap());
        let term = || IndexTerm { indices: index.view(), extent: n, stride: 1, axis: 0 };
        for dtype in ITEMS {
            let item = dtype.item_size();
            let source = rng.buffer(dtype, n);
            let element = |i: i64| source.bytes()[i as usize * item..][..item].to_vec();
            let gathered: Vec<u8> = places.iter().flat_map(|&p| element(p)).collect();
            let mut scattered = vec![0; n * item];
            for (i, &p) in places.iter().enumerate() {
                scattered[p as usize * item..][..item].copy_from_slice(&element(i as i64));
            }
            on_all_ways(|ways| {
                let got = Cpu::gather(&Cpu, view(&source, dtype, &none), &[term()]).unwrap();
                assert!(got.bytes() == gathered, "{dtype} {n} {ways:?}");
                let mut target = Buffer::initialised(dtype, n).unwrap();
                let from = view(&source, dtype, &line);
                Cpu::scatter(&Cpu, ScatterOp::Replace, &mut target, &none, &[term()], from)
                    .unwrap();
                assert!(target.bytes() == scattered, "{dtype} {n} {ways:?}");
            });
        }
    }
}

#[test]
fn copies_and_transposes() {
    let mut rng = Rng::new(1);
    // rows and columns around lines of tiles, tiles and halves of pieces
    for n in sizes(&[16, 64, 256], 1100) {
        let m = [1, 3, 8, 63, 64, 65][rng.below(6)];
        for shape in [[n, m], [m, n]] {
            for dtype in ITEMS {
                let item = dtype.item_size();
                let layout = Layout::contiguous(&shape).unwrap().permute(&[1, 0]);
                let backwards = layout.slice(0, shape[1] - 1, -1, shape[1]);
                let source = rng.buffer(dtype, n * m);
                for (layout, turned) in [(layout, false), (backwards, true)] {
                    let mut expected = Vec::new();
                    for j in 0..shape[1] {
                        let j = if turned { shape[1] - 1 - j } else { j };
                        for i in 0..shape[0] {
                            let at = i * shape[1] + j;
                            expected.extend_from_slice(&source.bytes()[at * item..][..item]);
                        }
                    }
                    on_all_ways(|ways| {
                        let from = view(&source, dtype, &layout);
                        let mut out = vec![0; n * m * item];
                        Cpu::download(&Cpu, from, &mut out).unwrap();
                        assert!(out == expected, "{dtype} {shape:?} {ways:?}");
                        let program = identity(dtype);
                        let inputs = &mut [shared(from)];
                        let got = crate::exec::map(&program, inputs, layout.shape()).unwrap();
                        assert!(got.bytes() == expected, "{dtype} {shape:?} {ways:?}");
                    });
                }
            }
        }
    }
}

#[test]
fn products() {
    fn check<T: Element>(sizes: &[[usize; 3]]) {
        for &[m, k, n] in sizes {
            let (a, b) = (integers::<T>(m * k, m), integers::<T>(k * n, n));
            let mut expected = vec![0; m * n];
            for (row, a) in expected.chunks_exact_mut(n).zip(a.chunks_exact(k)) {
                for (&a, b) in a.iter().zip(b.chunks_exact(n)) {
                    row.iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
                }
            }
            let expected = all_made::<T>(&expected);
            for kind in [0, 1] {
                let left = stored(&all_made::<T>(&a), &[m, k], kind);
                let right = stored(&all_made::<T>(&b), &[k, n], 1 - kind);
                on_all_ways(|ways| {
                    let got = values::<T>(&Cpu::contract(&Cpu, left.view(), right.view()).unwrap());
                    assert!(got == expected, "{} {m} {k} {n} {kind} {ways:?}", T::DTYPE);
                });
            }
        }
    }
    let around = |unit: usize| [unit - 1, unit, unit + 1];
    let mut sizes: Vec<[usize; 3]> = Vec::new();
    for s in [16, 64].into_iter().flat_map(around) {
        sizes.extend([[s, 20, 17], [17, s, 20], [20, 17, s], [s, s, s], [1, s, 50], [50, s, 1]]);
    }
    for k in [256, 512].into_iter().flat_map(around) {
        sizes.extend([[9, k, 33], [1, k, 40], [40, k, 1]]);
    }
    for s in [1024, 4096].into_iter().flat_map(around) {
        sizes.extend([[1, s, 3], [3, s, 1], [s, 3, 2], [1, 3, s], [s, 3, 1]]);
    }
    if cfg!(miri) {
        sizes.truncate(2);
    }
    for_numeric!(check(&sizes));
}

#[test]
fn orders_and_searches() {
    fn check<T: Element>(sizes: &[usize]) {
        for &n in sizes {
            let numbers: Vec<i64> = {
                let mut rng = Rng::new(n);
                (0..n).map(|_| rng.below(100) as i64).collect()
            };
            for (shape, axis, count) in [(vec![n], 0, 1), (vec![n / 3, 3], 0, 3)] {
                let size = shape.iter().product();
                let line = |l: usize| -> Vec<i64> {
                    (0..size).filter(|i| i % count == l).map(|i| numbers[i]).collect()
                };
                let lines: Vec<_> = (0..count).map(line).collect();
                if size == 0 {
                    continue;
                }
                let places = |line: &Vec<i64>| -> Vec<i64> {
                    let mut places: Vec<i64> = (0..line.len() as i64).collect();
                    places.sort_by_key(|&p| line[p as usize]);
                    places
                };
                let indices = placed(&lines.iter().map(places).collect::<Vec<_>>(), axis);
                let sorted: Vec<Vec<i64>> = lines
                    .iter()
                    .map(|line| {
                        let mut line = line.clone();
                        line.sort_unstable();
                        line
                    })
                    .collect();
                let expected = all_made::<T>(&placed(&sorted, axis));
                let source = stored(&all_made::<T>(&numbers[..size]), &shape, 0);
                let ascending = stored(&all_made::<T>(&sorted[0]), &[sorted[0].len()], 0);
                let queries = stored(&all_made::<T>(&lines[0]), &[lines[0].len()], 0);
                let found: Vec<i64> =
                    lines[0].iter().map(|q| sorted[0].partition_point(|x| x < q) as i64).collect();
                on_all_ways(|ways| {
                    let what = || format!("{} {shape:?} {ways:?}", T::DTYPE);
                    let got = Cpu::order(&Cpu, source.view(), axis, false).unwrap();
                    assert!(values::<T>(&got) == expected, "{}", what());
                    let got = Cpu::order_indices(&Cpu, source.view(), axis, false).unwrap();
                    assert!(values::<i64>(&got) == indices, "{}", what());
                    let got =
                        Cpu::search(&Cpu, ascending.view(), queries.view(), Side::Left).unwrap();
                    assert!(values::<i64>(&got) == found, "{}", what());
                });
            }
        }
    }
    for_numeric!(check(&sizes(&[16, 400, 1024, 8192], 8500)));
}

#[test]
fn long_scans() {
    // many tasks, of which some are done together
    for n in sizes(&[16_384], 200_000) {
        let ones = stored(&vec![1i64; n], &[n], 0);
        on_all_ways(|ways| {
            let got = values::<i64>(&Cpu::scan(&Cpu, ScanOp::Sum, ones.view(), 0, false).unwrap());
            assert!(got.into_iter().eq(1..=n as i64), "{n} {ways:?}");
        });
    }
}
