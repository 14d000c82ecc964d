use arrayspace_core::{Backend, DType, Device, Error, HostMemory, Layout, Part};

use super::*;
use crate::testing::{Rng, buffer_of, cases, positions, values, view};

const SIZES: [DType; 5] =
    [DType::UInt8, DType::Int16, DType::Float32, DType::Complex64, DType::Complex128];

/// The elements of a view, one by one.
fn naive(buffer: &Buffer, dtype: DType, layout: &Layout) -> Vec<u8> {
    let item = dtype.item_size();
    let at = positions(layout);
    at.iter().flat_map(|&p| buffer.bytes()[p * item..][..item].to_vec()).collect()
}

#[test]
fn download_of_any_layout() {
    for seed in 0..cases(600) {
        let mut rng = Rng::new(seed);
        let dtype = SIZES[seed % 5];
        let shape = if rng.below(4) == 0 {
            // long enough for more than one tile
            let len = if cfg!(miri) { 20 } else { 300 };
            vec![rng.below(len), rng.below(40), rng.below(4)]
        } else {
            rng.shape(5, 6)
        };
        let (layout, len) = rng.layout(&shape, true);
        let buffer = rng.buffer(dtype, len);
        let mut out = vec![0; layout.size() * dtype.item_size()];
        Cpu::download(&Cpu, view(&buffer, dtype, &layout), &mut out).unwrap();
        assert!(out == naive(&buffer, dtype, &layout), "{layout:?}");
    }
}

#[test]
fn write_to_any_layout() {
    for seed in 0..cases(600) {
        let mut rng = Rng::new(seed);
        let dtype = SIZES[seed % 5];
        let item = dtype.item_size();
        let shape = rng.shape(4, 9);
        let (source_layout, source_len) = rng.layout(&shape, true);
        let source = rng.buffer(dtype, source_len);
        // one time in four, places repeat: then the last one wins
        let (layout, len) = rng.layout(&shape, seed % 4 == 0);
        let mut target = rng.buffer(dtype, len);
        let mut expected = target.bytes().to_vec();
        let elements = naive(&source, dtype, &source_layout);
        for (at, element) in positions(&layout).iter().zip(elements.chunks(item)) {
            expected[at * item..][..item].copy_from_slice(element);
        }
        Cpu::write(&Cpu, &mut target, &layout, view(&source, dtype, &source_layout)).unwrap();
        assert!(target.bytes() == expected, "{source_layout:?} {layout:?}");
    }
}

#[test]
fn fill_any_layout() {
    for seed in 0..cases(600) {
        let mut rng = Rng::new(seed);
        let dtype = DType::ALL[seed % 15];
        let item = dtype.item_size();
        let shape = if seed % 3 == 0 { vec![] } else { rng.shape(4, 9) };
        let (layout, len) = rng.layout(&shape, seed % 4 == 0);
        let mut target = rng.buffer(dtype, len);
        let mut expected = target.bytes().to_vec();
        let value = if dtype == DType::Bool { Scalar::Bool(true) } else { Scalar::Int(77) };
        let one = arrayspace_core::with_element!(dtype, T => T::as_bytes(&[T::from_scalar(value)]).to_vec());
        for at in positions(&layout) {
            expected[at * item..][..item].copy_from_slice(&one);
        }
        Cpu::fill(&Cpu, &mut target, &layout, dtype, value, Device::CPU).unwrap();
        assert!(target.bytes() == expected, "{layout:?}");
    }
}

#[test]
fn a_fill_that_does_not_fit_is_an_error() {
    let mut target = buffer_of(&[1i32, 2, 3]);
    let fill = |target: &mut Buffer, layout: &Layout, dtype, value| {
        Cpu::fill(&Cpu, target, layout, dtype, value, Device::CPU)
    };
    let (int, at) = (DType::Int32, |offset| Layout::contiguous_at(&[], offset).unwrap());
    for beyond in [at(3), at(isize::MAX as usize - 1), Layout::contiguous(&[4]).unwrap()] {
        let result = fill(&mut target, &beyond, int, Scalar::Int(0));
        assert!(matches!(result, Err(Error::Shape(_))), "{result:?}");
    }
    assert!(fill(&mut target, &Layout::contiguous(&[0]).unwrap(), int, Scalar::Int(0)).is_ok());
    let result = fill(&mut target, &at(0), DType::Int8, Scalar::Int(128));
    assert!(matches!(result, Err(Error::Value(_))));
    let other = target.clone();
    assert!(matches!(fill(&mut target, &at(0), int, Scalar::Int(0)), Err(Error::Value(_))));
    drop(other);
    assert_eq!(values::<i32>(&target), [1, 2, 3]);
    fill(&mut target, &at(2), int, Scalar::Int(-1)).unwrap();
    assert_eq!(values::<i32>(&target), [1, 2, -1]);
}

#[test]
#[cfg(not(miri))] // large
fn large_copies_on_many_threads() {
    for (shape, axes) in [
        (&[1000, 700][..], &[1, 0][..]),
        (&[1 << 20], &[0]),
        (&[3, 300, 500], &[1, 2, 0]),
        (&[300, 500, 3], &[2, 0, 1]),
        (&[60, 70, 80], &[2, 1, 0]),
        (&[2, 3, 5, 7, 1100], &[3, 1, 0, 2, 4]),
    ] {
        let contiguous = Layout::contiguous(shape).unwrap();
        let layout = contiguous.permute(axes);
        let layout = layout.slice(0, layout.shape()[0] - 1, -1, layout.shape()[0]);
        for dtype in SIZES {
            let buffer = Rng::new(1).buffer(dtype, contiguous.size());
            let mut out = vec![0; layout.size() * dtype.item_size()];
            Cpu::download(&Cpu, view(&buffer, dtype, &layout), &mut out).unwrap();
            assert!(out == naive(&buffer, dtype, &layout), "{shape:?} {axes:?} {dtype}");
        }
    }
}

fn part<'a>(buffer: &'a Buffer, layout: &'a Layout, target: Layout) -> Part<'a, Cpu> {
    Part { source: view(buffer, DType::Int32, layout), target }
}

#[test]
fn assemble_interleaved_parts() {
    // concatenation along the last axis: [[0, 1, 10], [2, 3, 11]]
    let (a, b) = (buffer_of(&[0i32, 1, 2, 3]), buffer_of(&[10i32, 11]));
    let (la, lb) = (Layout::contiguous(&[2, 2]).unwrap(), Layout::contiguous(&[2, 1]).unwrap());
    let whole = Layout::contiguous(&[2, 3]).unwrap();
    let parts = [part(&a, &la, whole.slice(1, 0, 1, 2)), part(&b, &lb, whole.slice(1, 2, 1, 1))];
    let out = Cpu::assemble(&Cpu, &parts, DType::Int32, 6, Device::CPU).unwrap();
    assert_eq!(values::<i32>(&out), [0, 1, 10, 2, 3, 11]);
    // along the first: parts one after another
    let line = Layout::contiguous(&[6]).unwrap();
    let (la, lb) = (la.reshape(&[4]).unwrap(), lb.reshape(&[2]).unwrap());
    let parts = [part(&b, &lb, line.slice(0, 4, 1, 2)), part(&a, &la, line.slice(0, 3, -1, 4))];
    let out = Cpu::assemble(&Cpu, &parts, DType::Int32, 6, Device::CPU).unwrap();
    assert_eq!(values::<i32>(&out), [3, 2, 1, 0, 10, 11]);
    assert!(Cpu::assemble(&Cpu, &[], DType::Int32, 0, Device::CPU).unwrap().bytes().is_empty());
}

#[test]
fn parts_that_overlap_leave_no_uninitialised_memory() {
    let a = buffer_of(&[7i32, 8]);
    let l = Layout::contiguous(&[2]).unwrap();
    let out = Cpu::assemble(
        &Cpu,
        &[part(&a, &l, l.clone()), part(&a, &l, l.clone())],
        DType::Int32,
        4,
        Device::CPU,
    );
    assert_eq!(values::<i32>(&out.unwrap())[..2], [7, 8]);
    let same = Layout::new(&[2], &[0], 1).unwrap();
    let out = Cpu::assemble(&Cpu, &[part(&a, &l, same)], DType::Int32, 2, Device::CPU).unwrap();
    assert_eq!(values::<i32>(&out)[1], 8);
}

#[test]
fn bad_parts_are_errors() {
    let a = buffer_of(&[7i32, 8]);
    let l = Layout::contiguous(&[2]).unwrap();
    let assemble = |target: Layout, dtype, len| {
        Cpu::assemble(&Cpu, &[part(&a, &l, target)], dtype, len, Device::CPU)
    };
    assert!(matches!(assemble(l.clone(), DType::Int32, 3), Err(Error::Shape(_))));
    assert!(matches!(assemble(l.clone(), DType::Int32, 1), Err(Error::Shape(_))));
    assert!(matches!(assemble(l.clone(), DType::Float32, 2), Err(Error::DType(_))));
    let beyond = Layout::new(&[2], &[1], 1).unwrap();
    assert!(matches!(assemble(beyond, DType::Int32, 2), Err(Error::Shape(_))));
    let other = Layout::contiguous(&[1, 2]).unwrap();
    assert!(matches!(assemble(other, DType::Int32, 2), Err(Error::Shape(_))));
    let long = Layout::contiguous(&[3]).unwrap();
    let source = view(&a, DType::Int32, &long);
    let bad = [Part { source, target: long.clone() }];
    assert!(matches!(
        Cpu::assemble(&Cpu, &bad, DType::Int32, 3, Device::CPU),
        Err(Error::Shape(_))
    ));
    assert!(matches!(Cpu::download(&Cpu, source, &mut [0; 12]), Err(Error::Shape(_))));
    let fits = view(&a, DType::Int32, &l);
    assert!(matches!(Cpu::download(&Cpu, fits, &mut [0; 7]), Err(Error::Shape(_))));
    assert!(matches!(Cpu::download(&Cpu, fits, &mut [0; 9]), Err(Error::Shape(_))));
}

#[test]
fn bad_targets_are_errors() {
    let source = buffer_of(&[1i32, 2]);
    let l = Layout::contiguous(&[2]).unwrap();
    let from = view(&source, DType::Int32, &l);
    let mut target = buffer_of(&[0i32; 2]);
    let other = target.clone();
    assert!(matches!(Cpu::write(&Cpu, &mut target, &l, from), Err(Error::Value(_))));
    drop(other);
    let beyond = Layout::new(&[2], &[2], 0).unwrap();
    assert!(matches!(Cpu::write(&Cpu, &mut target, &beyond, from), Err(Error::Shape(_))));
    let longer = Layout::contiguous(&[1, 2]).unwrap();
    assert!(matches!(Cpu::write(&Cpu, &mut target, &longer, from), Err(Error::Shape(_))));
    Cpu::write(&Cpu, &mut target, &l, from).unwrap();
    assert_eq!(values::<i32>(&target), [1, 2]);
}

#[test]
fn memory_that_does_not_suit_a_dtype_is_no_view_of_it() {
    let bytes = vec![0u8; 64];
    let odd = bytes.as_ptr().addr() % 2;
    // SAFETY: within the vector, which the box keeps alive.
    let memory = unsafe {
        let at = bytes.as_ptr().add(1 - odd).cast_mut();
        HostMemory::new(at, 32, false, Box::new(bytes))
    };
    let buffer = Cpu::adopt(&Cpu, memory, DType::UInt8, Device::CPU).unwrap();
    let l = Layout::contiguous(&[4]).unwrap();
    let mut out = [0; 32];
    assert!(matches!(
        Cpu::download(&Cpu, view(&buffer, DType::Int64, &l), &mut out),
        Err(Error::DType(_))
    ));
}
