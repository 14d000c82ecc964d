use arrayspace_core::{Backend, DType, Device, Error, HostMemory};

use super::*;
use crate::Cpu;
use crate::testing::{buffer_of, values};

#[test]
fn every_size_is_aligned() {
    for len in [0, 1, 63, 64, 1000, 1 << 17, (1 << 17) + 1] {
        for buffer in [
            Buffer::initialised(DType::Float64, len).unwrap(),
            Buffer::for_output(DType::Float64, len).unwrap().0,
        ] {
            assert!(buffer.as_ptr().addr().is_multiple_of(ALIGNMENT), "{len}");
            assert_eq!(buffer.len_bytes(), 8 * len);
        }
    }
}

#[test]
fn what_was_written_is_read() {
    // below and above the size from which blocks are pooled
    for len in [100, if cfg!(miri) { 100 } else { 3 << 20 }] {
        let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
        let mut buffer = Buffer::copy_of(&bytes, DType::UInt8).unwrap();
        assert!(buffer.bytes() == bytes);
        buffer.bytes_mut().unwrap()[len - 1] = 7;
        assert_eq!(buffer.bytes()[len - 1], 7);
        let other = buffer.clone();
        assert!(buffer.bytes_mut().is_none());
        drop(other);
        assert!(buffer.bytes_mut().is_some());
    }
}

#[test]
#[cfg(not(miri))] // large
fn recycled_memory_holds_bools_where_bools_are_asked_for() {
    let len = pool::SMALLEST;
    for _ in 0..3 {
        drop(Buffer::copy_of(&vec![0xff; len], DType::UInt8).unwrap());
        assert!(Buffer::initialised(DType::Bool, len).unwrap().bytes().iter().all(|&b| b < 2));
    }
    let bools = Buffer::copy_of(&[0, 1, 2, 255], DType::Bool).unwrap();
    assert_eq!(bools.bytes(), [0, 1, 1, 1]);
}

#[test]
fn more_than_there_is_is_refused() {
    let allocate = |len| Cpu::allocate(&Cpu, DType::Float64, len, Device::CPU);
    assert!(matches!(allocate(usize::MAX), Err(Error::OutOfMemory(_))));
    assert!(matches!(allocate(1 << 60), Err(Error::OutOfMemory(_))));
    assert!(matches!(allocate(isize::MAX as usize / 8 - 1), Err(Error::OutOfMemory(_))));
    #[cfg(all(target_os = "linux", not(miri)))]
    assert!(matches!(allocate(1 << 40), Err(Error::OutOfMemory(_))));
    assert!(matches!(Cpu::upload(&Cpu, &[0; 7], DType::Int16, Device::CPU), Err(Error::Value(_))));
}

#[test]
fn adopted_memory_is_used_where_it_lies() {
    let vec = vec![1.0f64, 2.0, 3.0];
    let at = vec.as_ptr().cast::<u8>();
    let mut buffer =
        Cpu::adopt(&Cpu, HostMemory::from_vec(vec), DType::Float64, Device::CPU).unwrap();
    assert_eq!(buffer.as_ptr(), at);
    buffer.bytes_mut().unwrap()[..8].copy_from_slice(&5.0f64.to_ne_bytes());
    assert_eq!(values::<f64>(&buffer), [5.0, 2.0, 3.0]);
    let empty = HostMemory::from_vec(Vec::<f64>::new());
    assert_eq!(Cpu::adopt(&Cpu, empty, DType::Float64, Device::CPU).unwrap().len_bytes(), 0);
    let bytes = HostMemory::from_vec(vec![0u8, 3]);
    assert_eq!(Cpu::adopt(&Cpu, bytes, DType::Bool, Device::CPU).unwrap().bytes(), [0, 1]);
}

#[test]
fn memory_that_is_not_writable_is_not_written() {
    let owner = vec![1u8, 2];
    let ptr = owner.as_ptr().cast_mut();
    // SAFETY: the vector's memory, which the box keeps alive.
    let memory = unsafe { HostMemory::new(ptr, 2, false, Box::new(owner)) };
    let mut buffer = Cpu::adopt(&Cpu, memory, DType::UInt8, Device::CPU).unwrap();
    assert!(buffer.bytes_mut().is_none() && !Cpu::exclusive(&Cpu, &mut buffer));
    assert_eq!(buffer.bytes(), [1, 2]);
}

#[test]
fn buffers_are_shared_between_threads() {
    let buffer = buffer_of(&[1i64, 2, 3]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let buffer = buffer.clone();
            scope.spawn(move || assert_eq!(values::<i64>(&buffer), [1, 2, 3]));
        }
    });
}

#[test]
fn scratch_is_a_slice() {
    let mut scratch = Scratch::<u64>::new(5).unwrap();
    scratch.fill(3);
    assert_eq!(scratch[..], [3; 5]);
    assert!(Scratch::<u128>::new(0).unwrap().is_empty());
    assert!(matches!(Scratch::<u128>::new(usize::MAX), Err(Error::OutOfMemory(_))));
}
