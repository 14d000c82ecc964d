//! Arrays without elements, beside lengths that no memory could hold: no call takes long over nothing. Nor does one
//! over matrices that are repeated more often than there is memory for results.
#![cfg(feature = "cpu")]

use std::sync::mpsc;
use std::time::Duration;

#[path = "common/calls.rs"]
#[allow(dead_code)] // each test uses a part of it
mod calls;

use arrayspace::options::{Cumulative, Diff, MatrixNorm, MatrixOrd, QrMode, Transform};
use arrayspace::prelude::*;
use calls::every_call;

/// How long a call may take: each is done at once, or never.
const TIME: Duration = Duration::from_secs(20);

/// Runs `work`, which tells the name of what it does next.
fn timed(work: impl FnOnce(&dyn Fn(String)) + Send + 'static) {
    let (tell, told) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        work(&|name| drop(tell.send(name)));
    });
    let mut current = String::new();
    loop {
        match told.recv_timeout(TIME) {
            Ok(name) => current = name,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("{current} takes too long"),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(worker.join().is_ok(), "{current} panicked");
}

/// Shapes without elements, the other lengths of which are long.
const SHAPES: [&[i64]; 9] = [
    &[0, 1 << 60],
    &[1 << 60, 0],
    &[i64::MAX, 0],
    &[7 << 60, 0, 0],
    &[1 << 40, 0, 3],
    &[0, 1 << 40, 1 << 40],
    &[1 << 40, 1 << 40, 0],
    &[1 << 40, 1 << 40, 0, 0],
    &[3, 1 << 40, 0, 1 << 40, 2],
];

#[test]
fn no_call_takes_long_over_nothing() {
    timed(|tell| {
        let xp = Cpu::new();
        let mut arrays = Vec::new();
        for dtype in [DType::Float64, DType::Complex64, DType::Int8, DType::Bool] {
            for shape in SHAPES {
                arrays.push(xp.zeros(shape, dtype).expect("no elements"));
            }
            // what the others may be joined with
            arrays.push(xp.ones(3, dtype).expect("a few"));
            arrays.push(xp.zeros(0, dtype).expect("none"));
        }
        let ends = [0, 1, -1, -2, 2, 9, 1 << 40, 1 << 60, i64::MAX, i64::MIN];
        for call in every_call::<Cpu>() {
            for (i, x) in arrays.iter().enumerate() {
                for (j, y) in arrays.iter().enumerate() {
                    // every pair of shapes, a thinned choice of pairs of dtypes and integers
                    if i / 11 != j / 11 && (i + j) % 5 != 0 {
                        continue;
                    }
                    for k in [ends[(i + j) % 10], ends[(i + 3 * j + 4) % 10]] {
                        let about = (x.dtype(), x.shape(), y.dtype(), y.shape());
                        tell(format!("{} of {about:?} with k = {k}", call.name));
                        drop((call.run)(&xp, x, y, k));
                    }
                }
            }
        }
    });
}

#[test]
fn counts_that_are_given() {
    timed(|tell| {
        let xp = Cpu::new();
        let (wide, long) =
            (xp.zeros([0, 1i64 << 60], ()).unwrap(), xp.zeros([1i64 << 60, 0], ()).unwrap());
        tell("diff".into());
        for (x, n, len) in [(&wide, 1 << 40, (1 << 60) - (1 << 40)), (&wide, i64::MAX, 0)] {
            assert_eq!(xp.diff(x, Diff::new().n(n)).unwrap().shape(), [0, len]);
            let of_long = xp.diff(&long, Diff::new().n(n).axis(0)).unwrap();
            assert_eq!(of_long.shape(), [len, 0]);
        }
        assert_eq!(xp.diff(&long, Diff::new().n(i64::MAX)).unwrap().shape(), [1 << 60, 0]);
        assert_eq!(xp.diff(xp.ones(5, ()).unwrap(), Diff::new().n(i64::MAX)).unwrap().shape(), [0]);
        tell("repeat".into());
        assert_eq!(xp.repeat(&long, 4, 0).unwrap().shape(), [1 << 62, 0]);
        assert!(matches!(xp.repeat(&long, 8, 0), Err(Error::OutOfMemory(_))));
        let two = xp.zeros([2, 0], ()).unwrap();
        let counts = xp.asarray([1i64 << 59, 3], ()).unwrap();
        assert_eq!(xp.repeat(&two, &counts, 0).unwrap().shape(), [(1 << 59) + 3, 0]);
        let same = xp.broadcast_to(xp.ones(1, DType::Int8).unwrap(), 1i64 << 60).unwrap();
        assert!(matches!(xp.repeat(&long, &same, 0), Err(Error::OutOfMemory(_))));
        tell("tile".into());
        assert_eq!(xp.tile(&two, [1i64 << 60; 2]).unwrap().shape(), [1 << 61, 0]);
        tell("unstack".into());
        assert!(matches!(xp.unstack(&long, 0), Err(Error::OutOfMemory(_))));
        tell("take".into());
        let places = xp.broadcast_to(xp.ones(1, DType::Int64).unwrap(), 1i64 << 60).unwrap();
        assert_eq!(xp.take(&two, &places, 0).unwrap().shape(), [1 << 60, 0]);
        let beyond = xp.broadcast_to(xp.full(1, 2, DType::Int64).unwrap(), 1i64 << 60).unwrap();
        assert!(matches!(xp.take(&two, &beyond, 0), Err(Error::Index(_))));
        tell("roll".into());
        assert_eq!(xp.roll(&long, i64::MIN, 0).unwrap().shape(), [1 << 60, 0]);
        tell("sliding_windows".into());
        assert_eq!(long.sliding_windows(3, 1, 0).unwrap().shape(), [(1 << 60) - 2, 0, 3]);
        assert_eq!(wide.sliding_windows(1i64 << 59, 1, 1).unwrap().shape()[0], 0);
        tell("cumulative_sum".into());
        let sums = xp.cumulative_sum(&long, Cumulative::new().axis(0).include_initial(true));
        assert_eq!(sums.unwrap().shape(), [(1 << 60) + 1, 0]);
        let sums = xp.cumulative_sum(&long, Cumulative::new().axis(1).include_initial(true));
        assert!(matches!(sums, Err(Error::OutOfMemory(_))));
        tell("sum".into());
        assert_eq!(xp.sum(&long, 0).unwrap().shape(), [0]);
        assert!(matches!(xp.sum(&long, 1), Err(Error::OutOfMemory(_))));
        tell("fft".into());
        let z = xp.astype(&long, DType::Complex128, ()).unwrap();
        assert_eq!(xp.fft().fft(&z, Transform::new().axis(0)).unwrap().shape(), [1 << 60, 0]);
        assert!(matches!(xp.fft().fft(&z, Transform::new().n(3)), Err(Error::OutOfMemory(_))));
        assert_eq!(xp.fft().fftshift(&z, ()).unwrap().shape(), [1 << 60, 0]);
        tell("meshgrid".into());
        let none = xp.zeros(0, ()).unwrap();
        let endless = xp.broadcast_to(xp.zeros(1, ()).unwrap(), 1i64 << 60).unwrap();
        let grid = xp.meshgrid([&none, &endless, &endless, &endless], ()).unwrap();
        assert_eq!(grid[3].shape(), [1 << 60, 0, 1 << 60, 1 << 60]);
        tell("printing".into());
        for x in [&wide, &long, &grid[3]] {
            assert!(format!("{x}{x:?}{x:#?}").len() < 400);
        }
        tell("indexing".into());
        let mut x = long.clone();
        x.set(.., 1.0).unwrap();
        assert_eq!(x.get(1i64 << 59).unwrap().shape(), [0]);
        assert_eq!(x.iter().len(), 1 << 60);
        assert_eq!(xp.nonzero(&x).unwrap()[0].shape(), [0]);
    });
}

#[test]
fn stacks_of_matrices_beyond_all_memory() {
    timed(|tell| {
        let xp = Cpu::new();
        let linalg = xp.linalg();
        let one = xp.asarray([[2.0, 1.0], [1.0, 3.0]], ()).unwrap();
        let bad = xp.asarray([[2.0, f64::NAN], [1.0, 3.0]], ()).unwrap();
        for (x, is_bad) in [(&one, false), (&bad, true)] {
            let x = xp.broadcast_to(x, [1i64 << 50, 2, 2]).unwrap();
            let check = |name: &str, result: Result<()>| match result {
                Err(Error::OutOfMemory(_)) => assert!(!is_bad, "{name}"),
                Err(Error::Value(_)) => assert!(is_bad, "{name}"),
                other => panic!("{name}: {other:?}"),
            };
            macro_rules! check {
                ($($name:ident: $result:expr,)*) => { $(
                    tell(stringify!($name).into());
                    check(stringify!($name), $result.map(drop));
                )* };
            }
            check! {
                det: linalg.det(&x),
                slogdet: linalg.slogdet(&x),
                inv: linalg.inv(&x),
                solve: linalg.solve(&x, &one),
                cholesky: linalg.cholesky(&x, ()),
                eig: linalg.eig(&x),
                eigh: linalg.eigh(&x),
                eigvals: linalg.eigvals(&x),
                eigvalsh: linalg.eigvalsh(&x),
                qr: linalg.qr(&x, ()),
                qr_complete: linalg.qr(&x, QrMode::Complete),
                svd: linalg.svd(&x, ()),
                svdvals: linalg.svdvals(&x),
                pinv: linalg.pinv(&x, ()),
                matrix_rank: linalg.matrix_rank(&x, ()),
                matrix_norm: linalg.matrix_norm(&x, MatrixNorm::new().ord(MatrixOrd::Nuc)),
                matrix_power: linalg.matrix_power(&x, -3),
            }
        }
        tell("matrices without elements".into());
        let x = xp.zeros([7i64 << 60, 0, 0], ()).unwrap();
        assert!(matches!(linalg.det(&x), Err(Error::OutOfMemory(_))));
        assert_eq!(linalg.inv(&x).unwrap().shape(), x.shape());
        assert_eq!(linalg.svdvals(&x).unwrap().shape(), [7 << 60, 0]);
        let right = xp.zeros([2, 0], ()).unwrap();
        let stack = xp.broadcast_to(&one, [1i64 << 60, 2, 2]).unwrap();
        assert_eq!(linalg.solve(&stack, &right).unwrap().shape(), [1 << 60, 2, 0]);
    });
}

/// A backend, which may be given more than the functions above it pass on.
#[test]
fn the_backend_itself() {
    use arrayspace::Backend;
    use arrayspace::core::{
        Access, ArgFoldOp, FactorOp, FoldOp, FourierOp, IndexTerm, Input, Layout, Part, Program,
        ScanOp, Side, View,
    };
    timed(|tell| {
        let xp = Cpu::new();
        let mut buffer = Cpu::allocate(&xp, DType::Float64, 0, Device::CPU).unwrap();
        let places = Cpu::allocate(&xp, DType::Int64, 0, Device::CPU).unwrap();
        let mut program = Program::new();
        let slot = program.input(DType::Float64).unwrap();
        program.binary(arrayspace::core::BinaryOp::Add, slot, slot).unwrap();
        let flags = Cpu::allocate(&xp, DType::Bool, 0, Device::CPU).unwrap();
        for shape in SHAPES {
            let shape: Vec<usize> = shape.iter().map(|&n| n as usize).collect();
            for turned in [false, true] {
                let layout = Layout::contiguous(&shape).unwrap();
                let order: Vec<usize> = (0..shape.len()).rev().collect();
                let layout = if turned { layout.permute(&order) } else { layout };
                let shape = layout.shape();
                let next = |name: &str| tell(format!("{name} of {layout:?}"));
                let x = View { buffer: &buffer, dtype: DType::Float64, layout: &layout };
                let index = View { buffer: &places, dtype: DType::Int64, layout: &layout };
                let mask = View { buffer: &flags, dtype: DType::Bool, layout: &layout };
                let term = || IndexTerm { indices: index, extent: 3, stride: 1, axis: 0 };
                next("map");
                let mut input = Input {
                    buffer: Access::Shared(&buffer),
                    dtype: DType::Float64,
                    layout: &layout,
                };
                assert!(
                    Cpu::map(&xp, &program, std::slice::from_mut(&mut input), shape, Device::CPU)
                        .is_ok()
                );
                next("download, transfer, assemble");
                assert!(
                    Cpu::download(&xp, x, &mut []).is_ok()
                        && Cpu::transfer(&xp, x, Device::CPU).is_ok()
                );
                let part = Part { source: x, target: Layout::contiguous(shape).unwrap() };
                assert!(Cpu::assemble(&xp, &[part], DType::Float64, 0, Device::CPU).is_ok());
                next("gather, compact");
                assert!(Cpu::gather(&xp, x, &[term()]).is_ok());
                assert!(Cpu::compact(&xp, &program, &[x], mask).is_ok_and(|(_, count)| count == 0));
                for axis in 0..shape.len() {
                    next(&format!("work along axis {axis}"));
                    for op in [FoldOp::Sum, FoldOp::Maximum, FoldOp::All] {
                        drop(Cpu::fold(&xp, op, &program, &[x], shape, &[axis], Device::CPU));
                        let others: Vec<usize> = (0..shape.len()).filter(|&k| k != axis).collect();
                        drop(Cpu::fold(&xp, op, &program, &[x], shape, &others, Device::CPU));
                    }
                    drop(Cpu::arg_fold(&xp, ArgFoldOp::Maximum, x, Some(axis)));
                    drop(Cpu::scan(&xp, ScanOp::Sum, x, axis, true));
                    assert!(Cpu::scan(&xp, ScanOp::Product, x, axis, false).is_ok());
                    assert!(
                        Cpu::order(&xp, x, axis, false).is_ok()
                            && Cpu::order_indices(&xp, x, axis, true).is_ok()
                    );
                    for n in [1, 8, 1 << 40] {
                        drop(Cpu::fourier(&xp, FourierOp::RealForward, x, axis, n, 1.0));
                        drop(Cpu::fourier(&xp, FourierOp::RealInverse, index, axis, n, 1.0));
                    }
                }
                next("products");
                drop(Cpu::contract(&xp, x, x));
                next("search");
                let line = Layout::contiguous(&[0]).unwrap();
                assert!(Cpu::search(&xp, View { layout: &line, ..x }, x, Side::Left).is_ok());
                {
                    use FactorOp::*;
                    for op in [
                        Cholesky, Eig, Eigvals, Eigh, Eigvalsh, Qr, QrComplete, Svd, SvdFull,
                        SvdRight, Svdvals, Inv, Det, Slogdet,
                    ] {
                        next(&format!("{op:?}"));
                        drop(Cpu::factor(&xp, op, &[x]));
                    }
                    drop(Cpu::factor(&xp, Solve, &[x, x]));
                }
            }
        }
        for shape in SHAPES {
            let shape: Vec<usize> = shape.iter().map(|&n| n as usize).collect();
            let layout = Layout::contiguous(&shape).unwrap();
            tell(format!("write, scatter to {layout:?}"));
            let other = Cpu::allocate(&xp, DType::Float64, 0, Device::CPU).unwrap();
            let x = View { buffer: &other, dtype: DType::Float64, layout: &layout };
            let index = View { buffer: &places, dtype: DType::Int64, layout: &layout };
            assert!(Cpu::write(&xp, &mut buffer, &layout, x).is_ok());
            let term = IndexTerm { indices: index, extent: 3, stride: 1, axis: 0 };
            assert!(
                Cpu::scatter(
                    &xp,
                    arrayspace::core::ScatterOp::Replace,
                    &mut buffer,
                    &layout,
                    &[term],
                    x
                )
                .is_ok()
            );
        }
    });
}
