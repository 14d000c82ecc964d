//! The array type itself: its attributes, iteration over it, and what of it the host sees.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;
use common::*;

/// `0, 1, 2, ...` in a shape.
fn iota<B: Namespace>(xp: &B, shape: &[usize]) -> Array<B> {
    let size: usize = shape.iter().product();
    Nd { shape: shape.to_vec(), data: (0..size as i64).collect() }.array(xp)
}

fn attributes<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[2, 3]);
    assert_eq!((x.shape(), x.ndim(), x.size(), x.dtype()), (&[2, 3][..], 2, 6, DType::Int64));
    assert_eq!(x.strides(), [3, 1]);
    assert_eq!(x.T()?.strides(), [1, 3]);
    assert_eq!(xp.flip(&x, 1)?.strides(), [3, -1]);
    assert_eq!(xp.broadcast_to(&x, (4, 2, 3))?.strides(), [0, 3, 1]);

    let (row, column) = (x.get(1)?, x.get((.., 1))?);
    for contiguous in [&x, &row, &iota(xp, &[]), &iota(xp, &[0, 3]), &iota(xp, &[3, 1]).T()?] {
        assert!(contiguous.is_contiguous(), "{contiguous:?}");
    }
    let repeated = xp.broadcast_to(&row, (2, 3))?;
    for scattered in [&x.T()?, &column, &xp.flip(&x, ())?, &repeated] {
        assert!(!scattered.is_contiguous(), "{scattered:?}");
    }
    Ok(())
}

fn iteration<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[4, 2]);
    let rows = |iter: arrayspace::Iter<B>| -> Vec<Vec<i64>> {
        iter.map(|row| row.to_vec().unwrap()).collect()
    };
    assert_eq!(rows(x.iter()), [[0, 1], [2, 3], [4, 5], [6, 7]]);
    let mut iter = x.iter();
    assert_eq!((iter.len(), iter.size_hint()), (4, (4, Some(4))));
    assert_eq!(iter.nth(1).unwrap().to_vec::<i64>()?, [2, 3]);
    assert_eq!(iter.len(), 2);
    assert_eq!(iter.next_back().unwrap().to_vec::<i64>()?, [6, 7]);
    assert_eq!(iter.len(), 1);
    assert!(iter.nth_back(1).is_none() && iter.next().is_none());
    assert_eq!(x.iter().nth_back(2).unwrap().to_vec::<i64>()?, [2, 3]);
    assert_eq!((&x.T()?).into_iter().next().unwrap().to_vec::<i64>()?, [0, 2, 4, 6]);
    assert_eq!(iota(xp, &[0, 2]).iter().len(), 0);
    assert!(rows(iota(xp, &[2, 0]).iter()).iter().all(Vec::is_empty));
    let scalar = iota(xp, &[]);
    assert_eq!(rows(scalar.iter()), [[0]], "a 0-d array yields itself");
    Ok(())
}

fn what_does_not_fit_in_memory<B: Namespace>(xp: &B) -> Result<()> {
    let endless = xp.broadcast_to(iota(xp, &[1]), [1_i64 << 60])?;
    assert_text(endless.to_vec::<i64>(), &["out of memory"]);
    Ok(())
}

#[test]
fn array() {
    on_each_backend!(xp => {
        attributes(xp).unwrap();
        iteration(xp).unwrap();
        what_does_not_fit_in_memory(xp).unwrap();
    });
}

/// On the CPU, where an array's memory is the host's.
#[test]
fn elements_are_seen_where_they_are() -> Result<()> {
    let xp = Cpu::new();
    let x = xp.asarray(vec![[1, 2, 3], [4, 5, 6]], ())?;
    assert_eq!(x.as_slice::<i32>(), Some(&[1, 2, 3, 4, 5, 6][..]));
    assert_eq!(x.get(1)?.as_slice::<i32>(), Some(&[4, 5, 6][..]));
    assert_eq!(x.get((0..0, ..))?.as_slice::<i32>(), Some(&[][..]));
    assert_eq!(x.T()?.as_slice::<i32>(), None);
    assert_eq!(x.as_slice::<u32>(), None);
    Ok(())
}

/// What threads, panics that are caught, and pins ask of a type.
#[test]
fn arrays_and_errors_may_go_anywhere() {
    use std::panic::{RefUnwindSafe, UnwindSafe};
    fn all<T: Send + Sync + UnwindSafe + RefUnwindSafe + Unpin + 'static>() {}
    all::<Array<Cpu>>();
    all::<arrayspace::Iter<Cpu>>();
    all::<arrayspace::dlpack::ManagedTensor>();
    all::<Error>();
    // so that this compiles
    let x = Cpu::new().ones(3, ()).unwrap();
    assert!(std::panic::catch_unwind(|| x.namespace().sum(&x, ()).is_ok()).unwrap());
}
